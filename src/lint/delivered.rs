//! What the drivers of PostgreSQL give for its types where no column decodes them: in templates, and in the rows of raw SQL.

use super::script::{Script, is_test};
use crate::catalog::{Catalog, Type, TypeId, TypeKind};
use crate::project::Workspace;
use crate::ts::hir::ExprId;

/// What a value is in JavaScript.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Js {
    Number,
    String,
    Boolean,
    Bigint,
    Date,
}

impl Js {
    pub fn label(self) -> &'static str {
        match self {
            Js::Number => "number",
            Js::String => "string",
            Js::Boolean => "boolean",
            Js::Bigint => "bigint",
            Js::Date => "Date",
        }
    }
}

/// The primitive types that a type argument says, `null` and `undefined` aside; `None` where it says others.
pub fn said(text: &str) -> Option<Vec<Js>> {
    let mut res = Vec::new();
    for part in text.split('|').map(str::trim).filter(|it| !it.is_empty()) {
        let it = match part {
            "null" | "undefined" => continue,
            "number" => Js::Number,
            "string" => Js::String,
            "boolean" | "true" | "false" => Js::Boolean,
            "bigint" => Js::Bigint,
            "Date" => Js::Date,
            _ if is_quoted(part) => Js::String,
            _ if part.parse::<f64>().is_ok() => Js::Number,
            _ => return None,
        };
        if !res.contains(&it) {
            res.push(it);
        }
    }
    (!res.is_empty()).then_some(res)
}

fn is_quoted(part: &str) -> bool {
    part.len() >= 2
        && (part.starts_with('\'') && part.ends_with('\'') || part.starts_with('"') && part.ends_with('"'))
}

/// What every driver of Drizzle's for PostgreSQL gives for a type in a template without a decoder; `None` where they
/// differ.
pub fn runtime(catalog: &Catalog, ty: Type) -> Option<Js> {
    let ty = catalog.base_type(ty);
    Some(match ty.id {
        TypeId::BOOL => Js::Boolean,
        TypeId::INT2 | TypeId::INT4 | TypeId::FLOAT4 | TypeId::FLOAT8 => Js::Number,
        TypeId::INT8 | TypeId::NUMERIC => Js::String,
        TypeId::TEXT | TypeId::VARCHAR | TypeId::BPCHAR | TypeId::UUID => Js::String,
        TypeId::TIMESTAMP | TypeId::TIMESTAMPTZ | TypeId::DATE | TypeId::TIME | TypeId::INTERVAL => {
            Js::String
        }
        id => match catalog.type_info(id)?.kind {
            TypeKind::Enum { .. } => Js::String,
            _ => return None,
        },
    })
}

/// Whether another driver than most, or the program itself, may make something else of the type. Where nothing is
/// known of the handle, every driver of the workspace may run the query.
pub fn is_up_to_the_driver(script: &Script<'_>, calls: &[ExprId], ty: Type, said: &[Js]) -> bool {
    /// They give `bigint` as a number, or what somebody else makes of it.
    const OTHER: [&str; 5] = ["pglite", "aws-data-api", "pg-proxy", "xata-http", "prisma"];
    let is_date = said.contains(&Js::Date);
    // What 1.0 makes of dates depends on the driver.
    if is_date && script.is_v1() {
        return true;
    }
    let all = script.look.model.drivers();
    if matches!(ty.id, TypeId::INT8 | TypeId::NUMERIC) && all.iter().any(|it| it.1.parses) {
        return true;
    }
    // Bun makes dates of dates.
    let is_other = |it: &str| OTHER.iter().any(|name| it.contains(name)) || is_date && it.contains("bun-sql");
    let handles: Vec<_> = calls.iter().map(|it| script.driver(*it)).collect();
    let is_known = handles.iter().all(Option::is_some);
    let snap = script.look.snap;
    handles.iter().flatten().any(|it| is_other(it))
        || script.module.imports.iter().any(|it| is_other(&it.specifier))
        || !is_known
            && all.iter().any(|(file, it)| {
                it.modules.iter().any(|it| is_other(it)) && !is_test(&Workspace::path(snap, *file))
            })
}
