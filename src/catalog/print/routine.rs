//! Functions and triggers of `columnist schema`: as they were made, under the names that things have now.

use std::sync::Arc;

use crate::base::text::TextRange;
use crate::catalog::{Catalog, Function, QualifiedName, Relation, TypeId, TypeInfo, TypeKind};
use crate::sql::hir::{Ddl, QName, StatementKind};
use crate::sql::{self, Dialect, Ident};

/// When a function can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// Tables may call it.
    BeforeTables,
    /// Its signature or its body names tables, which are there then.
    BehindTables,
    /// The same of views.
    BehindViews,
}

/// The statement that makes a function under the name that it has now; `None`: it is not known.
pub(super) fn function(function: &Function, name: &str) -> Option<(Stage, String)> {
    let text = function.definition.as_deref()?;
    let parsed = sql::parse_statement(text, Dialect::Postgres);
    let StatementKind::Ddl(ddl) = &parsed.hir.kind else { return None };
    let (written, is_read) = match &**ddl {
        // What is no string is read when the function is made.
        Ddl::CreateFunction(it) => (&it.name, it.inline.is_some()),
        Ddl::CreateAggregate(it) => (&it.name, true),
        _ => return None,
    };
    let is_late = is_read || text.to_ascii_lowercase().contains("%type");
    let stage = if is_late { Stage::BehindTables } else { Stage::BeforeTables };
    Some((stage, replaced(text, &[(range_of(written)?, name.to_owned())])?))
}

/// The stage that the types of a signature ask for.
pub(super) fn stage_of(catalog: &Catalog, function: &Function) -> Stage {
    function.types().map(|it| stage_of_type(catalog, it, 0)).max().unwrap_or(Stage::BeforeTables)
}

/// When a type is there: those of rows with their tables, and what is made of them behind.
fn stage_of_type(catalog: &Catalog, id: TypeId, depth: u32) -> Stage {
    match catalog.type_info(id) {
        Some(it) if it.kind == TypeKind::Array && depth < 20 => stage_of_type(catalog, it.elem, depth + 1),
        Some(it) => match &it.kind {
            TypeKind::Composite { relation: Some(relation), .. } => of_relation(catalog, relation),
            TypeKind::Composite { columns, .. } if depth < 20 => {
                let stages =
                    columns.iter().filter_map(|it| Some(stage_of_type(catalog, it.1?.id, depth + 1)));
                stages.max().unwrap_or(Stage::BeforeTables)
            }
            _ => Stage::BeforeTables,
        },
        None => Stage::BeforeTables,
    }
}

/// The composite types that are no rows of tables, each behind those that it is made of, and whether only tables can be
/// before them.
pub(super) fn composites(catalog: &Catalog) -> Vec<(&TypeInfo, bool)> {
    let is_composite = |it: &&TypeInfo| matches!(it.kind, TypeKind::Composite { relation: None, .. });
    let mut left: Vec<&TypeInfo> = catalog.types.iter().filter(is_composite).collect();
    let mut res = Vec::new();
    while !left.is_empty() {
        let waits = |it: &&TypeInfo| {
            let TypeKind::Composite { columns, .. } = &it.kind else { return false };
            let element = |id: TypeId| match catalog.type_info(id) {
                Some(it) if it.kind == TypeKind::Array => it.elem,
                _ => id,
            };
            columns.iter().filter_map(|it| it.1).any(|ty| left.iter().any(|other| other.id == element(ty.id)))
        };
        // A circle cannot be: any of them may be next.
        let next = left.remove(left.iter().position(|it| !waits(it)).unwrap_or(0));
        res.push((next, stage_of_type(catalog, next.id, 0) > Stage::BeforeTables));
    }
    res
}

fn of_relation(catalog: &Catalog, relation: &QualifiedName) -> Stage {
    match catalog.relations.get(relation) {
        Some(it) if it.definition.is_some() => Stage::BehindViews,
        _ => Stage::BehindTables,
    }
}

/// The statements that make the triggers of a relation; `name` writes names as they are now.
pub(super) fn triggers(relation: &Relation, name: &dyn Fn(&Ident, &Ident) -> String) -> Vec<String> {
    let one = |(own, text): &(Ident, Arc<str>)| {
        let parsed = sql::parse_statement(text, Dialect::Postgres);
        let StatementKind::Ddl(ddl) = &parsed.hir.kind else { return None };
        let Ddl::CreateTrigger { name: written, table, function, .. } = &**ddl else { return None };
        let mut places =
            vec![(written.range, own.quoted()), (range_of(table)?, name(&relation.schema, &relation.name))];
        let called = relation.trigger_functions.iter().find(|it| it.0 == own.as_str());
        if let Some((_, called)) = called {
            places.push((range_of(function)?, name(&called.schema, &called.name)));
        }
        replaced(text, &places)
    };
    let is_there = |it: &&(Ident, Arc<str>)| relation.triggers.iter().any(|name| name == it.0.as_str());
    relation.details.trigger_texts.iter().filter(is_there).filter_map(one).collect()
}

fn range_of(name: &QName) -> Option<TextRange> {
    Some(TextRange::new(name.parts.first()?.range.start(), name.last()?.range.end()))
}

/// A statement with other words at some places, in order, without what ends it.
fn replaced(text: &str, places: &[(TextRange, String)]) -> Option<String> {
    let mut res = String::new();
    let mut from = 0;
    for (range, new) in places {
        res.push_str(text.get(from..usize::from(range.start()))?);
        res.push_str(new);
        from = usize::from(range.end());
    }
    res.push_str(text.get(from..)?);
    Some(super::parts::closed(res.trim().trim_end_matches(';').trim_end()))
}
