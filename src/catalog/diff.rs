//! What differs between two catalogs: what a migration from one to the other would have to say. Spellings that
//! mean the same (`'x'::text` and `'x'`, `varchar` and `character varying`, `NO ACTION` and nothing) are no
//! difference.

mod meaning;
mod normal;
mod relation;
mod rename;

use std::collections::BTreeMap;

use super::{Catalog, Origin, QualifiedName, Relation, RelationKind, TypeKind};
use crate::sql::{Dialect, Ident};

pub use meaning::is_same as is_same_expression;
pub use normal::{default as normal_default, type_text as normal_type};
pub use rename::renames;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ChangeKind {
    Add,
    Drop,
    Alter,
    Rename,
}

impl ChangeKind {
    pub fn as_str(self) -> &'static str {
        match self {
            ChangeKind::Add => "add",
            ChangeKind::Drop => "drop",
            ChangeKind::Alter => "alter",
            ChangeKind::Rename => "rename",
        }
    }
}

/// One difference. `name` is the object's whole name (`public.users.email`), `before` and `after` are short texts
/// of what differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub kind: ChangeKind,
    /// `table`, `column`, `primary key`, `unique`, `foreign key`, `check`, `index`, `enum`, `view`, `policy`,
    /// `sequence`, `schema`, `role`.
    pub object: &'static str,
    pub name: String,
    pub before: Option<String>,
    pub after: Option<String>,
    /// Where the object is declared: in the second catalog, else in the first.
    pub origin: Origin,
}

impl Change {
    /// One line: `add column public.users.bio: text`.
    pub fn describe(&self) -> String {
        let (kind, object, name) = (self.kind.as_str(), self.object, &self.name);
        match (&self.before, &self.after) {
            (Some(before), after) if self.kind == ChangeKind::Rename => {
                format!("rename {object} {before} -> {}", after.as_deref().unwrap_or(name))
            }
            (Some(before), Some(after)) => format!("{kind} {object} {name}: {before} -> {after}"),
            (Some(text), None) | (None, Some(text)) if !text.is_empty() => {
                format!("{kind} {object} {name}: {text}")
            }
            _ => format!("{kind} {object} {name}"),
        }
    }
}

/// The changes that lead from `from` to `to`, sorted by object name.
pub fn diff(from: &Catalog, to: &Catalog) -> Vec<Change> {
    let mut acc = Vec::new();
    schemas(from, to, &mut acc);
    enums(from, to, &mut acc);
    relations(from, to, &mut acc);
    acc.sort_by(|a, b| (&a.name, a.object, a.kind).cmp(&(&b.name, b.object, b.kind)));
    acc
}

/// Whether two descriptions of one relation say the same.
pub(crate) fn is_same(dialect: Dialect, a: &Relation, b: &Relation) -> bool {
    let mut acc = Vec::new();
    relation::diff(dialect, "", a, b, &mut acc);
    acc.is_empty()
}

pub(crate) fn display(name: &QualifiedName) -> String {
    format!("{}.{}", name.schema, name.name)
}

fn schemas(from: &Catalog, to: &Catalog, acc: &mut Vec<Change>) {
    let public = super::drizzle::default_schema();
    let has = |catalog: &Catalog, name: &Ident| {
        catalog.schemas.contains_key(name) && !catalog.unexported_schemas.contains(name)
    };
    for schema in from.schemas.values().chain(to.schemas.values()).filter(|it| it.name != public) {
        let kind = match (has(from, &schema.name), has(to, &schema.name)) {
            (true, false) => ChangeKind::Drop,
            (false, true) => ChangeKind::Add,
            _ => continue,
        };
        let name = schema.name.to_string();
        let change =
            Change { kind, object: "schema", name, before: None, after: None, origin: schema.origin };
        if !acc.contains(&change) {
            acc.push(change);
        }
    }
}

fn enums(from: &Catalog, to: &Catalog, acc: &mut Vec<Change>) {
    let list = |catalog: &Catalog| -> BTreeMap<String, (Vec<String>, Origin)> {
        catalog
            .types
            .iter()
            .filter_map(|it| match &it.kind {
                TypeKind::Enum { labels } => {
                    let name = QualifiedName { schema: it.schema.clone(), name: it.name.clone() };
                    let labels = labels.iter().map(|it| it.label.to_string()).collect();
                    (!catalog.unexported_types.contains(&name)).then(|| (display(&name), (labels, it.origin)))
                }
                _ => None,
            })
            .collect()
    };
    let (before, after) = (list(from), list(to));
    for (name, (labels, origin)) in &before {
        let change = |kind, after: Option<String>, origin| Change {
            kind,
            object: "enum",
            name: name.clone(),
            before: Some(labels.join(", ")),
            after,
            origin,
        };
        match after.get(name) {
            None => acc.push(change(ChangeKind::Drop, None, *origin)),
            Some((other, origin)) if other != labels => {
                acc.push(change(ChangeKind::Alter, Some(other.join(", ")), *origin));
            }
            Some(_) => {}
        }
    }
    for (name, (labels, origin)) in after.iter().filter(|(name, _)| !before.contains_key(*name)) {
        acc.push(Change {
            kind: ChangeKind::Add,
            object: "enum",
            name: name.clone(),
            before: None,
            after: Some(labels.join(", ")),
            origin: *origin,
        });
    }
}

fn object(relation: &Relation) -> &'static str {
    match relation.kind {
        RelationKind::Table | RelationKind::PartitionedTable | RelationKind::Foreign => "table",
        RelationKind::View | RelationKind::MaterializedView => "view",
        RelationKind::Sequence => "sequence",
    }
}

/// A view of which only the name is known is somebody else's; a sequence that a column owns is part of the column; what is
/// temporary is gone with the session.
fn is_no_object(relation: &Relation) -> bool {
    match object(relation) {
        _ if relation.schema.as_str().starts_with("pg_temp") => true,
        "view" => relation.definition.is_none(),
        "sequence" => !relation.parents.is_empty(),
        _ => false,
    }
}

fn relations(from: &Catalog, to: &Catalog, acc: &mut Vec<Change>) {
    let whole = |kind, name: &QualifiedName, relation: &Relation| Change {
        kind,
        object: object(relation),
        name: display(name),
        before: None,
        after: None,
        origin: relation.origin,
    };
    for (name, before) in from.relations.iter().filter(|(it, _)| !from.unexported.contains(it)) {
        match to.relations.get(name).filter(|_| !to.unexported.contains(name)) {
            Some(after) => relation::diff(to.dialect, &display(name), before, after, acc),
            None if is_no_object(before) => {}
            None => acc.push(whole(ChangeKind::Drop, name, before)),
        }
    }
    for (name, after) in to.relations.iter().filter(|(it, _)| !to.unexported.contains(it)) {
        let known = from.relations.contains_key(name) && !from.unexported.contains(name);
        if !known && !is_no_object(after) {
            acc.push(whole(ChangeKind::Add, name, after));
        }
    }
}

#[cfg(test)]
mod tests;
