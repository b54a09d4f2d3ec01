//! What differs between two descriptions of one relation.

use super::meaning::is_same;
use super::normal::{default, expression, key, type_text};
use super::{Change, ChangeKind, object};
use crate::catalog::{
    Check, Column, ColumnDefault, ForeignKey, Index, IndexItem, Key, Origin, Policy, Relation, RelationKind,
};
use crate::sql::{Dialect, Ident};

pub fn diff(dialect: Dialect, name: &str, before: &Relation, after: &Relation, acc: &mut Vec<Change>) {
    let mut cx = Cx { dialect, table: name, acc };
    let kinds_differ = object(before) != object(after)
        || (before.kind == RelationKind::MaterializedView) != (after.kind == RelationKind::MaterializedView);
    if kinds_differ {
        cx.alter(
            object(after),
            None,
            before.kind.words().to_owned(),
            after.kind.words().to_owned(),
            after.origin,
        );
        return;
    }
    if object(after) != "table" {
        if let (Some(a), Some(b)) = (&before.definition, &after.definition) {
            let (a, b) = (expression(a, dialect), expression(b, dialect));
            if key(&a, dialect) != key(&b, dialect) {
                cx.alter(object(after), None, a, b, after.origin);
            }
        }
        return;
    }
    let n_before = cx.acc.len();
    cx.columns(before, after);
    cx.objects("primary key", &primary(before, dialect), &primary(after, dialect));
    let (mut before_uniques, mut before_indexes) = (before.uniques.clone(), before.indexes.clone());
    let (mut after_uniques, mut after_indexes) = (after.uniques.clone(), after.indexes.clone());
    if dialect != Dialect::Postgres {
        // There a unique constraint is a unique index.
        indexes_to_uniques(&mut before_indexes, &mut before_uniques);
        indexes_to_uniques(&mut after_indexes, &mut after_uniques);
    }
    cx.objects("unique", &before_uniques, &after_uniques);
    let (before_keys, after_keys) = (&before.foreign_keys, &after.foreign_keys);
    cx.objects("foreign key", &known(before_keys, after_keys), &known(after_keys, before_keys));
    cx.objects("check", &before.checks, &after.checks);
    cx.objects("index", &before_indexes, &after_indexes);
    cx.objects("policy", &before.policies, &after.policies);
    if before.row_security != after.row_security {
        let text = |on: bool| format!("row security {}", if on { "on" } else { "off" });
        cx.alter("table", None, text(before.row_security), text(after.row_security), after.origin);
    }
    // Columns that are not known may have keys of their own.
    let is_there = |kind: ChangeKind| match kind {
        ChangeKind::Add => !before.open,
        ChangeKind::Drop => !after.open,
        _ => true,
    };
    let mut at = 0;
    acc.retain(|it| {
        at += 1;
        at <= n_before
            || match it.object {
                "primary key" => !before.open && !after.open,
                "unique" | "foreign key" => is_there(it.kind),
                _ => true,
            }
    });
}

/// The primary key; in SQLite neither its name nor the order of its columns is anything to drizzle-kit.
fn primary(relation: &Relation, dialect: Dialect) -> Vec<Key> {
    let mut res: Vec<Key> = relation.primary_key.iter().cloned().collect();
    if dialect == Dialect::Sqlite {
        for key in &mut res {
            key.name = None;
            key.columns.sort();
        }
    }
    res
}

fn indexes_to_uniques(indexes: &mut Vec<Index>, uniques: &mut Vec<Key>) {
    indexes.retain(|it| {
        let columns: Option<Vec<Ident>> = it.items.iter().map(|it| it.column.clone()).collect();
        match columns {
            Some(columns) if it.unique && it.predicate.is_none() => {
                let nulls_not_distinct = it.nulls_not_distinct;
                uniques.push(Key {
                    name: it.name.clone(),
                    columns,
                    nulls_not_distinct,
                    without_overlaps: false,
                    deferrable: false,
                    origin: it.origin,
                });
                false
            }
            _ => true,
        }
    });
}

/// The foreign keys of which both sides know what they lead to: one to a column that is not known has no name.
fn known(own: &[ForeignKey], other: &[ForeignKey]) -> Vec<ForeignKey> {
    let is_vague = |it: &&ForeignKey| it.target_columns.is_empty();
    let vague: Vec<&ForeignKey> = own.iter().chain(other).filter(is_vague).collect();
    own.iter().filter(|it| !vague.iter().any(|vague| vague.columns == it.columns)).cloned().collect()
}

struct Cx<'a> {
    dialect: Dialect,
    table: &'a str,
    acc: &'a mut Vec<Change>,
}

impl Cx<'_> {
    fn name(&self, part: Option<&str>) -> String {
        match part {
            Some(part) => format!("{}.{part}", self.table),
            None => self.table.to_owned(),
        }
    }

    fn alter(
        &mut self,
        object: &'static str,
        part: Option<&str>,
        before: String,
        after: String,
        origin: Origin,
    ) {
        let name = self.name(part);
        self.acc.push(Change {
            kind: ChangeKind::Alter,
            object,
            name,
            before: Some(before),
            after: Some(after),
            origin,
        });
    }

    fn columns(&mut self, before: &Relation, after: &Relation) {
        for column in &before.columns {
            match after.columns.iter().find(|it| it.name == column.name) {
                Some(other) => {
                    // What SQLite lets be NULL in a primary key, Drizzle does not.
                    let in_key = |it: &Relation| {
                        it.primary_key.as_ref().is_some_and(|it| it.columns.contains(&column.name))
                    };
                    self.column(column, other, in_key(before) && in_key(after));
                }
                None if after.open => {}
                None => self.whole(ChangeKind::Drop, column),
            }
        }
        for column in &after.columns {
            if !before.open && !before.columns.iter().any(|it| it.name == column.name) {
                self.whole(ChangeKind::Add, column);
            }
        }
    }

    fn whole(&mut self, kind: ChangeKind, column: &Column) {
        let text = Some(type_text(&column.type_text));
        let (before, after) = if kind == ChangeKind::Drop { (text, None) } else { (None, text) };
        let name = self.name(Some(column.name.as_str()));
        self.acc.push(Change { kind, object: "column", name, before, after, origin: column.origin });
    }

    fn column(&mut self, before: &Column, after: &Column, in_key: bool) {
        let part = Some(after.name.as_str());
        let serial = |a: &Column, b: &Column| {
            // What a migration calls `serial` may be described as an integer with a sequence behind it.
            a.type_text.ends_with("serial") && a.ty.is_some() && a.ty == b.ty && b.default.is_some()
        };
        let serials = serial(before, after) || serial(after, before);
        let (a, b) = (type_text(&before.type_text), type_text(&after.type_text));
        if a != b && !a.is_empty() && !b.is_empty() && !serials {
            self.alter("column", part, a, b, after.origin);
        }
        // These are never NULL, although Drizzle forgets to say so of some.
        let numbered = [before, after].iter().any(|it| it.type_text.ends_with("serial"));
        if before.not_null != after.not_null && !in_key && !numbered {
            let text = |it: bool| if it { "not null" } else { "null" }.to_owned();
            self.alter("column", part, text(before.not_null), text(after.not_null), after.origin);
        }
        let text = |it: &Column| match &it.default {
            None => None,
            // The default is the type's.
            _ if it.type_text.ends_with("serial") => None,
            Some(ColumnDefault::Sql(text)) => default(text),
            Some(ColumnDefault::Unknown) => Some(String::new()),
        };
        let (a, b) = (text(before), text(after));
        let unknown = [&a, &b].iter().any(|it| it.as_ref().is_some_and(String::is_empty));
        // In other dialects an unknown default may also be AUTO_INCREMENT and the like.
        let silent = serials || unknown && (self.dialect != Dialect::Postgres || a.is_some() == b.is_some());
        if a != b && !silent {
            let show = |it: Option<String>| format!("default {}", it.unwrap_or_else(|| "none".to_owned()));
            self.alter("column", part, show(a), show(b), after.origin);
        }
        let same = match (&before.generated, &after.generated) {
            (Some(a), Some(b)) => match (&a.expression, &b.expression) {
                (Some(x), Some(y)) => a.stored == b.stored && is_same(x, y, self.dialect),
                // Not known.
                _ => true,
            },
            (a, b) => a.is_none() && b.is_none(),
        };
        if !same {
            let show = |it: &Column| match &it.generated {
                Some(it) => {
                    let text = it.expression.as_ref().map(|it| expression(it, self.dialect));
                    let kind = if it.stored { "stored" } else { "virtual" };
                    format!("generated {} {kind}", text.unwrap_or_default())
                }
                None => "not generated".to_owned(),
            };
            self.alter("column", part, show(before), show(after), after.origin);
        }
        let other_options = match (&before.identity_options, &after.identity_options) {
            (Some(a), Some(b)) => a != b,
            _ => false,
        };
        if before.identity != after.identity || before.identity.is_some() && other_options {
            let show = |it: &Column| match (it.identity, &it.identity_options) {
                (Some(kind), Some(options)) if other_options => {
                    format!("identity {} ({options})", kind.label())
                }
                (Some(kind), _) => format!("identity {}", kind.label()),
                (None, _) => "no identity".to_owned(),
            };
            self.alter("column", part, show(before), show(after), after.origin);
        }
    }

    /// Objects of one kind: paired by meaning, then by name; what is left was added or dropped.
    fn objects<T: Part>(&mut self, object: &'static str, before: &[T], after: &[T]) {
        let mut left: Vec<&T> = before.iter().collect();
        let mut unpaired: Vec<&T> = Vec::new();
        // One whose name is not known may be any of those that the names leave over.
        let is_named = |it: &&T| before.iter().any(|old| old.part_name() == it.part_name());
        let mut after: Vec<&T> = after.iter().collect();
        after.sort_by_key(|it| (it.part_name().is_none() || !is_named(it), it.part_name().is_some()));
        for new in after {
            let same = |old: &&T| old.same(new, self.dialect);
            let exact = left.iter().position(|it| it.part_name() == new.part_name() && same(it));
            let Some(at) = exact.or_else(|| left.iter().position(same)) else {
                unpaired.push(new);
                continue;
            };
            let old = left.remove(at);
            if let (Some(a), Some(b)) = (old.part_name(), new.part_name())
                && a != b
            {
                let name = self.name(Some(b.as_str()));
                self.acc.push(Change {
                    kind: ChangeKind::Rename,
                    object,
                    name,
                    before: Some(a.to_string()),
                    after: Some(b.to_string()),
                    origin: new.origin(),
                });
            }
        }
        for new in unpaired {
            let is_it = |it: &&T| {
                it.part_name().is_some() && it.part_name() == new.part_name()
                    || it.stands_for(new, self.dialect)
            };
            let at = left.iter().position(is_it);
            let old = at.map(|at| left.remove(at));
            let name = self.name(Some(new.part_name().map_or("", Ident::as_str)));
            let kind = if old.is_some() { ChangeKind::Alter } else { ChangeKind::Add };
            let before = old.map(|it| it.text(self.dialect));
            let after = Some(new.text(self.dialect));
            self.acc.push(Change { kind, object, name, before, after, origin: new.origin() });
        }
        for old in left {
            let name = self.name(Some(old.part_name().map_or("", Ident::as_str)));
            let before = Some(old.text(self.dialect));
            self.acc.push(Change {
                kind: ChangeKind::Drop,
                object,
                name,
                before,
                after: None,
                origin: old.origin(),
            });
        }
    }
}

trait Part {
    fn part_name(&self) -> Option<&Ident>;
    fn origin(&self) -> Origin;
    /// What it says, in one spelling; the name is no part of it.
    fn text(&self, dialect: Dialect) -> String;

    fn same(&self, other: &Self, dialect: Dialect) -> bool {
        self.text(dialect) == other.text(dialect)
    }

    /// It is the other one with something else in it, whatever their names.
    fn stands_for(&self, _other: &Self, _dialect: Dialect) -> bool {
        false
    }
}

fn list(columns: &[Ident]) -> String {
    columns.iter().map(Ident::as_str).collect::<Vec<_>>().join(", ")
}

impl Part for Key {
    fn part_name(&self) -> Option<&Ident> {
        self.name.as_ref()
    }

    fn origin(&self) -> Origin {
        self.origin
    }

    fn text(&self, _dialect: Dialect) -> String {
        format!(
            "({}){}",
            list(&self.columns),
            if self.nulls_not_distinct { " nulls not distinct" } else { "" }
        )
    }
}

impl Part for ForeignKey {
    fn part_name(&self) -> Option<&Ident> {
        self.name.as_ref()
    }

    fn origin(&self) -> Origin {
        self.origin
    }

    fn text(&self, _dialect: Dialect) -> String {
        let target = self.target.as_ref().map_or_else(|| "?".to_owned(), super::display);
        format!(
            "({}) references {target} ({}) on delete {} on update {}",
            list(&self.columns),
            list(&self.target_columns),
            self.on_delete,
            self.on_update
        )
    }

    /// SQLite's have no names that count.
    fn stands_for(&self, other: &Self, dialect: Dialect) -> bool {
        let ends = |it: &Self| (it.columns.clone(), it.target.clone(), it.target_columns.clone());
        dialect == Dialect::Sqlite && self.target.is_some() && ends(self) == ends(other)
    }
}

/// A name that is not known may be the other.
fn may_be_one_name(a: Option<&Ident>, b: Option<&Ident>) -> bool {
    a.is_none() || b.is_none() || a == b
}

/// Expressions that are not known are one with every other.
fn unknown_or_same(a: Option<&str>, b: Option<&str>, dialect: Dialect) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a.is_empty() || b.is_empty() || is_same(a, b, dialect),
        (a, b) => a.is_none() && b.is_none(),
    }
}

impl Part for Check {
    fn part_name(&self) -> Option<&Ident> {
        self.name.as_ref()
    }

    fn origin(&self) -> Origin {
        self.origin
    }

    fn text(&self, dialect: Dialect) -> String {
        self.expression.as_ref().map(|it| expression(it, dialect)).unwrap_or_default()
    }

    fn same(&self, other: &Self, dialect: Dialect) -> bool {
        let (a, b) = (self.expression.as_deref(), other.expression.as_deref());
        if key(a.unwrap_or(""), dialect) == key(b.unwrap_or(""), dialect) {
            return true;
        }
        // Of other names they are told by their letters.
        may_be_one_name(self.part_name(), other.part_name())
            && unknown_or_same(Some(a.unwrap_or("")), Some(b.unwrap_or("")), dialect)
    }
}

impl Part for Index {
    fn part_name(&self) -> Option<&Ident> {
        self.name.as_ref()
    }

    fn origin(&self) -> Origin {
        self.origin
    }

    fn text(&self, dialect: Dialect) -> String {
        let items: Vec<String> = self.items.iter().map(|it| item(it, dialect)).collect();
        let predicate = match &self.predicate {
            Some(it) => format!(" where {}", expression(it, dialect)),
            None => String::new(),
        };
        let unique = if self.unique { "unique " } else { "" };
        format!("{unique}{} ({}){predicate}", self.method, items.join(", "))
    }

    fn same(&self, other: &Self, dialect: Dialect) -> bool {
        if key(&self.text(dialect), dialect) == key(&other.text(dialect), dialect)
            || key(&unqualified(self).text(dialect), dialect)
                == key(&unqualified(other).text(dialect), dialect)
        {
            return true;
        }
        if !may_be_one_name(self.part_name(), other.part_name()) {
            return false;
        }
        let same_items = self.items.len() == other.items.len()
            && self.items.iter().zip(&other.items).all(|(a, b)| is_same_item(a, b, dialect));
        let (own, their) = (self.predicate.as_deref(), other.predicate.as_deref());
        let same_kind = self.unique == other.unique && self.method == other.method;
        if same_kind && same_items && unknown_or_same(own, their, dialect) {
            return true;
        }
        // An element that cannot be read may be several of them, as `...keys(t)`.
        let vague = |it: &Index| it.items.iter().any(|it| it.column.is_none() && it.expression.is_none());
        let blank = |it: &Index| it.predicate.as_ref().is_some_and(|it| it.is_empty());
        let is_vague = vague(self) || vague(other);
        let shape = |it: &Index| {
            let n_items = if is_vague { 0 } else { it.items.len() };
            (it.unique, it.method.clone(), n_items, it.predicate.is_some())
        };
        (is_vague || blank(self) || blank(other)) && shape(self) == shape(other)
    }
}

/// The schema of an operator class may be written or not.
fn unqualified(index: &Index) -> Index {
    let mut res = index.clone();
    for item in &mut res.items {
        item.opclass_schema = None;
        let Some(text) = &item.expression else { continue };
        let last =
            text.rsplit_once(' ').and_then(|(before, class)| Some((before, class.rsplit_once('.')?.1)));
        item.expression =
            last.map(|(before, class)| format!("{before} {class}").into()).or(item.expression.take());
    }
    res
}

/// drizzle-kit keeps what an element's template says as one expression: `(a || b) text_ops`, with the parentheses that the
/// grammar wants.
pub(super) fn bare_item(text: String) -> String {
    let Some(inner) = text.strip_prefix('(') else { return text };
    let mut depth = 1i32;
    let close = inner.char_indices().find_map(|(at, c)| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        (depth == 0).then_some(at)
    });
    let parts = close.and_then(|at| Some((inner.get(..at)?, inner.get(at + 1..)?)));
    let is_word =
        |it: &str| !it.is_empty() && it.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'));
    match parts {
        Some((inner, rest)) if rest.strip_prefix(' ').is_some_and(is_word) => format!("{inner}{rest}"),
        _ => text,
    }
}

fn is_same_item(a: &IndexItem, b: &IndexItem, dialect: Dialect) -> bool {
    let rest = |it: &IndexItem| item(&IndexItem { expression: None, ..it.clone() }, dialect);
    let same = match (&a.expression, &b.expression) {
        (Some(x), Some(y)) => is_same(x, y, dialect),
        (x, y) => x.is_none() && y.is_none(),
    };
    same && rest(a) == rest(b) || item(a, dialect) == item(b, dialect)
}

fn item(it: &IndexItem, dialect: Dialect) -> String {
    let mut res = match (&it.column, &it.expression) {
        (Some(column), _) => column.to_string(),
        (None, Some(text)) => bare_item(expression(text, dialect)),
        (None, None) => String::new(),
    };
    if let Some(collation) = &it.collation {
        res.push_str(&format!(" collate {collation}"));
    }
    if let Some(opclass) = &it.opclass {
        let schema = it.opclass_schema.as_ref().map(|it| format!("{it}.")).unwrap_or_default();
        res.push_str(&format!(" {schema}{opclass}"));
    }
    if it.descending {
        res.push_str(" desc");
    }
    let usual = if it.descending { "first" } else { "last" };
    if let Some(nulls) = it.nulls.as_ref().filter(|nulls| *nulls != usual && it.column.is_some()) {
        res.push_str(&format!(" nulls {nulls}"));
    }
    res
}

impl Part for Policy {
    fn part_name(&self) -> Option<&Ident> {
        Some(&self.name).filter(|it| !it.as_str().is_empty())
    }

    fn origin(&self) -> Origin {
        self.origin
    }

    fn text(&self, dialect: Dialect) -> String {
        let clause = |words: &str, text: &Option<smol_str::SmolStr>| match text {
            Some(it) => format!(" {words} ({})", expression(it, dialect)),
            None => String::new(),
        };
        format!(
            "{} for {} to {}{}{}",
            if self.permissive { "permissive" } else { "restrictive" },
            self.command,
            self.roles.join(", "),
            clause("using", &self.using),
            clause("with check", &self.with_check)
        )
    }

    fn same(&self, other: &Self, dialect: Dialect) -> bool {
        may_be_one_name(self.part_name(), other.part_name())
            && self.permissive == other.permissive
            && self.command.eq_ignore_ascii_case(&other.command)
            && self.roles == other.roles
            && unknown_or_same(self.using.as_deref(), other.using.as_deref(), dialect)
            && unknown_or_same(self.with_check.as_deref(), other.with_check.as_deref(), dialect)
    }
}
