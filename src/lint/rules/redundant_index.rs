//! Indexes that another one makes needless.

use crate::catalog::{Index, IndexItem, Origin, Relation};
use crate::lint::rule::{Acc, Lint};
use crate::lint::schema::Schema;
use crate::sema::code::Severity::Information;
use crate::sql::{Dialect, Ident};

pub const RULE: Lint = Lint::schema("redundant-index", Information, include_str!("redundant-index.md"), run);

/// Something that a table keeps sorted.
struct Sorted<'a> {
    what: &'static str,
    name: Option<&'a Ident>,
    columns: Vec<&'a Ident>,
    /// Sort order of each column: only indexes say one.
    descending: Vec<bool>,
    unique: bool,
    origin: Origin,
    /// Its place among the table's indexes.
    idx: Option<usize>,
}

fn run(schema: &Schema<'_>, acc: &mut Acc<'_>) {
    if schema.database.dialect == Dialect::Mysql {
        return;
    }
    for table in &schema.tables {
        let all = sorted(table.relation);
        for (idx, index) in table.relation.indexes.iter().enumerate() {
            let Some(own) = all.iter().find(|it| it.idx == Some(idx)) else { continue };
            let Some(other) = all.iter().find(|it| serves(it, own)) else { continue };
            let same = other.columns.len() == own.columns.len();
            let columns: Vec<String> = own.columns.iter().map(|it| it.quoted()).collect();
            let message = format!(
                "{} {} ({})",
                other.label(),
                if same { "has the same columns" } else { "begins with the same columns" },
                columns.join(", ")
            );
            if let Some(report) = acc.report_origin(index.origin, message) {
                report.related_origin(other.origin, other.label());
            }
        }
    }
}

fn sorted(relation: &Relation) -> Vec<Sorted<'_>> {
    let key = |what, it: &'_ crate::catalog::Key| (what, it.origin);
    let mut res = Vec::new();
    let keys = relation.primary_key.iter().map(|it| ("the primary key", it));
    for (what, it) in keys.chain(relation.uniques.iter().map(|it| ("unique constraint", it))) {
        let (what, origin) = key(what, it);
        res.push(Sorted {
            what,
            name: it.name.as_ref().filter(|_| what == "unique constraint"),
            columns: it.columns.iter().collect(),
            descending: vec![false; it.columns.len()],
            unique: true,
            origin,
            idx: None,
        });
    }
    for (idx, it) in relation.indexes.iter().enumerate() {
        let Some(columns) = plain_columns(it) else { continue };
        res.push(Sorted {
            what: "index",
            name: it.name.as_ref(),
            columns,
            descending: it.items.iter().map(|it| it.descending).collect(),
            unique: it.unique,
            origin: it.origin,
            idx: Some(idx),
        });
    }
    res
}

/// The columns of a btree of all rows in the usual order.
fn plain_columns(index: &Index) -> Option<Vec<&Ident>> {
    let is_plain = |it: &IndexItem| {
        it.collation.is_none()
            && it.opclass.is_none()
            && it.nulls.as_deref().is_none_or(|n| usual(n, it.descending))
    };
    let btree = index.method.eq_ignore_ascii_case("btree") && index.predicate.is_none();
    (btree && !index.items.is_empty() && index.items.iter().all(is_plain))
        .then(|| crate::lint::keys::columns(index))
        .flatten()
}

fn usual(nulls: &str, descending: bool) -> bool {
    nulls.eq_ignore_ascii_case("last") != descending
}

impl Sorted<'_> {
    fn label(&self) -> String {
        match self.name {
            Some(name) => format!("{} {}", self.what, name.quoted()),
            None => self.what.to_owned(),
        }
    }
}

/// Whether `other` does all that `own` does.
fn serves(other: &Sorted<'_>, own: &Sorted<'_>) -> bool {
    if other.idx == own.idx {
        return false;
    }
    let n = own.columns.len();
    let same = other.columns.len() == n;
    let begins = other.columns.get(..n).is_some_and(|it| it == own.columns.as_slice());
    // One column is read in either direction.
    let order = n == 1 || other.descending.get(..n).is_some_and(|it| it == own.descending.as_slice());
    if !begins || !order || (own.unique && !(same && other.unique)) {
        return false;
    }
    // Of two that are the same, the later one is needless.
    !same || (other.unique && !own.unique) || other.idx < own.idx
}
