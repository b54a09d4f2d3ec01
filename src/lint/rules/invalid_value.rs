//! Constants that `values` and `set` write into columns that do not take them.

use crate::catalog::types::format_type;
use crate::catalog::{Catalog, Column, TypeId};
use crate::lint::builder::written;
use crate::lint::rule::{Acc, Lint};
use crate::lint::script::{Script, is_test};
use crate::project::Workspace;
use crate::sema::code::Severity::Error;
use crate::sema::literal;
use crate::ts::hir::{ExprId, ExprKind, Prop};

pub const RULE: Lint = Lint::query("invalid-value", Error, include_str!("invalid-value.md"), run);

/// Bytes that PostgreSQL adds to a length to make a type modifier.
const HEADER: i32 = 4;

/// Types whose strings and numbers Drizzle hands to the driver as they are.
const PLAIN: [TypeId; 13] = [
    TypeId::INT2,
    TypeId::INT4,
    TypeId::INT8,
    TypeId::NUMERIC,
    TypeId::VARCHAR,
    TypeId::BPCHAR,
    TypeId::UUID,
    TypeId::INET,
    TypeId::CIDR,
    TypeId::DATE,
    TypeId::TIME,
    TypeId::INTERVAL,
    TypeId::MACADDR,
];

fn run(script: &Script<'_>, acc: &mut Acc<'_>) {
    if !script.is_postgres() {
        return;
    }
    // What records queries takes any row.
    let may_stand_in = is_test(&Workspace::path(script.look.snap, script.file));
    let is_forced = |it: ExprId| {
        may_stand_in
            && matches!(script.expr(it), ExprKind::Assertion { ty, .. } if matches!(ty.as_str(), "never" | "any"))
    };
    for written in written(script).into_iter().filter(|it| !is_forced(it.arg)) {
        for row in written.rows(script) {
            if script.parent(row).is_some_and(is_forced) {
                continue;
            }
            let ExprKind::Object(props) = script.expr(row) else { continue };
            for prop in props {
                let Prop::Field { key, value, .. } = prop else { continue };
                let column = written.table.columns.iter().find(|it| it.key.as_ref() == Some(key));
                let Some(message) = column.and_then(|it| refused(script, it, *value)) else { continue };
                acc.report(script.range(*value), message).related_origin(written.table.origin, "the table");
            }
        }
    }
}

fn refused(script: &Script<'_>, column: &Column, value: ExprId) -> Option<String> {
    let ty = column.ty.filter(|it| PLAIN.contains(&it.id))?;
    let text = match (script.expr(script.bare(value)), column.ts_type.as_deref()?) {
        (ExprKind::String(it), "string") => it.value.clone(),
        (ExprKind::Number(it), "number") if is_decimal(it) => it.clone(),
        _ => return None,
    };
    let catalog: &Catalog = script.catalog();
    if let Err(error) = literal::check(catalog, ty, &text) {
        return Some(error.message);
    }
    let n_max = usize::try_from(ty.typmod - HEADER).ok().filter(|it| *it > 0)?;
    // What is too long by blanks is cut.
    let is_text = matches!(ty.id, TypeId::VARCHAR | TypeId::BPCHAR);
    (is_text && text.trim_end_matches(' ').chars().count() > n_max)
        .then(|| format!("value too long for type {}", format_type(catalog, ty)))
}

/// As JavaScript writes the number again: no other notation, no more digits than it keeps.
fn is_decimal(text: &str) -> bool {
    let is_plain = text.bytes().all(|it| it.is_ascii_digit() || it == b'.');
    is_plain && text.len() < 16 && !text.starts_with('.') && !text.ends_with('.') && !text.ends_with(".0")
}
