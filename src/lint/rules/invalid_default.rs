//! Defaults that the column does not take.

use crate::catalog::types::format_type_id;
use crate::catalog::{Catalog, Column, ColumnDefault, Type, TypeId};
use crate::lint::rule::{Acc, Lint};
use crate::lint::schema::Schema;
use crate::sema::code::Severity::{Error, Warning};
use crate::sema::resolve::{Coercion, CoercionContext, can_coerce};
use crate::sema::{code, literal};

pub const RULE: Lint = Lint::schema("invalid-default", Error, include_str!("invalid-default.md"), run);

/// Bytes that PostgreSQL adds to a length to make a type modifier.
const HEADER: i32 = 4;

enum Constant {
    Text(String),
    Number(String),
    Bool,
}

fn run(schema: &Schema<'_>, acc: &mut Acc<'_>) {
    if !schema.is_postgres() {
        return;
    }
    for table in &schema.tables {
        for column in &table.relation.columns {
            let (Some(ColumnDefault::Sql(text)), Some(ty)) = (&column.default, column.ty) else { continue };
            let Some(constant) = constant(text) else { continue };
            match constant {
                Constant::Text(text) => of_text(schema.catalog(), column, ty, &text, acc),
                Constant::Number(text) => of_number(schema.catalog(), column, ty, &text, acc),
                Constant::Bool => of_type(schema.catalog(), column, ty, TypeId::BOOL, acc),
            }
        }
    }
}

fn of_text(catalog: &Catalog, column: &Column, ty: Type, text: &str, acc: &mut Acc<'_>) {
    if let Err(error) = literal::check(catalog, ty, text) {
        acc.report_origin(column.origin, error.message);
        return;
    }
    let n_max = ty.typmod - HEADER;
    // What is too long by blanks is cut.
    let n_chars = text.trim_end_matches(' ').chars().count();
    if matches!(ty.id, TypeId::VARCHAR | TypeId::BPCHAR)
        && n_max > 0
        && usize::try_from(n_max).is_ok_and(|it| n_chars > it)
    {
        let message = format!("value too long for type {}", crate::catalog::types::format_type(catalog, ty));
        acc.report_origin(column.origin, message);
    }
}

fn of_number(catalog: &Catalog, column: &Column, ty: Type, text: &str, acc: &mut Acc<'_>) {
    let is_whole = !text.contains(['.', 'e', 'E']);
    let range = match ty.id {
        TypeId::INT2 => Some((f64::from(i16::MIN), f64::from(i16::MAX))),
        TypeId::INT4 => Some((f64::from(i32::MIN), f64::from(i32::MAX))),
        _ => None,
    };
    let Ok(value) = text.parse::<f64>() else { return };
    if let Some((min, max)) = range
        && (value < min - 0.5 || value > max + 0.5)
    {
        acc.report_origin(column.origin, format!("{} out of range", format_type_id(catalog, ty.id)));
        return;
    }
    if !is_whole && value.fract() != 0.0 && matches!(ty.id, TypeId::INT2 | TypeId::INT4 | TypeId::INT8) {
        let message =
            format!("the default {text} of an {} column is rounded", format_type_id(catalog, ty.id));
        if let Some(report) = acc.report_origin(column.origin, message) {
            report.severity(Warning);
        }
        return;
    }
    let own = match (is_whole, value.abs() < f64::from(i32::MAX), value.abs() < 9e18) {
        (true, true, _) => TypeId::INT4,
        (true, false, true) => TypeId::INT8,
        _ => TypeId::NUMERIC,
    };
    of_type(catalog, column, ty, own, acc);
}

fn of_type(catalog: &Catalog, column: &Column, ty: Type, own: TypeId, acc: &mut Acc<'_>) {
    if can_coerce(catalog, own, ty.id, CoercionContext::Assignment) != Coercion::No {
        return;
    }
    let message = format!(
        "column \"{}\" is of type {} but default expression is of type {}",
        column.name,
        format_type_id(catalog, ty.id),
        format_type_id(catalog, own)
    );
    if let Some(report) = acc.report_origin(column.origin, message) {
        report.hint(format!(
            "PostgreSQL answers with {}.",
            code::DATATYPE_MISMATCH.sqlstate.unwrap_or("42804")
        ));
    }
}

/// A default that is nothing but a constant, as drizzle-kit writes it.
fn constant(text: &str) -> Option<Constant> {
    if let Some(body) = text.strip_prefix('\'').and_then(|it| it.strip_suffix('\'')) {
        let inner = body.replace("''", "\u{0}");
        return (!inner.contains('\'')).then(|| Constant::Text(inner.replace('\u{0}', "'")));
    }
    if matches!(text, "true" | "false") {
        return Some(Constant::Bool);
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_number = digits.starts_with(|it: char| it.is_ascii_digit())
        && digits.chars().all(|it| it.is_ascii_digit() || matches!(it, '.' | 'e' | 'E' | '+' | '-'));
    is_number.then(|| Constant::Number(text.to_owned()))
}
