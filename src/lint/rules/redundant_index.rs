//! Indexes that another one makes needless.

use crate::base::text::{TextRange, range};
use crate::catalog::{Index, IndexItem, Origin, Relation};
use crate::embed::chain;
use crate::lint::rule::{Acc, Lint};
use crate::lint::schema::Schema;
use crate::lint::script::Script;
use crate::sema::code::Severity::Information;
use crate::sql::{Dialect, Ident};
use crate::ts::hir::ExprId;

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
            let at = super::origin_range(schema.script.look.snap, index.origin);
            let Some(at) = at.filter(|it| it.file == schema.script.file) else { continue };
            let report = acc.report(at.value, message).related_origin(other.origin, other.label());
            let whole = whole_chain(schema.script, at.value);
            if let Some(range) = whole.and_then(|it| removal(schema.script.text, it)) {
                report.fix("Remove the index", vec![(range, String::new())]);
            }
        }
    }
}

/// `index('i').on(…)`, which begins with a call.
fn whole_chain(script: &Script<'_>, head: TextRange) -> Option<TextRange> {
    let is_it = |id: &ExprId| script.range(*id) == head && script.call(*id).is_some();
    let call = script.ids().find(is_it)?;
    let last = chain::outward(script.module, call).last().map_or(call, |it| it.call);
    Some(script.range(last))
}

/// An element of a list with its comma, and with its line where it stands alone there; `None` where a comment may belong to
/// it.
fn removal(text: &str, at: TextRange) -> Option<TextRange> {
    let (mut start, end) = (usize::from(at.start()), usize::from(at.end()));
    // `key: index(…)`.
    if let Some(head) = text.get(..start)?.trim_end().strip_suffix(':') {
        let key = head.trim_end();
        let is_key = |it: char| it.is_alphanumeric() || matches!(it, '_' | '$' | '"' | '\'');
        start = key.trim_end_matches(is_key).len();
        if start == key.len() {
            return None;
        }
    }
    let before = text.get(..start)?;
    let Some(behind) = text.get(end..)?.trim_start().strip_prefix(',') else {
        let previous = before.trim_end().strip_suffix(',')?;
        return Some(range(previous.len(), end));
    };
    let (line, _) = behind.split_once('\n').unwrap_or((behind, ""));
    if line.trim_start().starts_with('/') {
        return None;
    }
    let line_start = before.rfind('\n').map_or(0, |it| it + 1);
    let behind_at = text.len() - behind.len();
    if before.get(line_start..)?.trim().is_empty() && line.trim().is_empty() {
        return Some(range(line_start, (behind_at + line.len() + 1).min(text.len())));
    }
    Some(range(start, behind_at + line.len() - line.trim_start().len()))
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
