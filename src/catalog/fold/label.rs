//! `ALTER TYPE … RENAME VALUE`: what is stored of a label is its oid (`pg_enum`), so texts that say it say it by its new
//! name from then on.

use smol_str::SmolStr;

use super::Fold;
use super::naming::mentions;
use crate::catalog::{Catalog, Column, ColumnDefault, QualifiedName, Relation, TypeId};
use crate::sql::Ident;
use crate::sql::token::{StringPrefix, TokenKind, lex};

/// A text with the constant of a label by its new name; `None`: it does not say it.
fn renamed(text: &str, from: &str, to: &str) -> Option<SmolStr> {
    let old = format!("'{}'", from.replace('\'', "''"));
    let new = format!("'{}'", to.replace('\'', "''"));
    let mut res = String::new();
    let mut found = false;
    for token in lex(text) {
        let plain = matches!(token.kind, TokenKind::String { prefix: StringPrefix::None, .. });
        let own = token.text(text);
        let is = plain && own == old;
        found |= is;
        res.push_str(if is { &new } else { own });
    }
    found.then(|| res.into())
}

/// The types that say the labels of one: itself, its arrays.
struct Of<'c> {
    catalog: &'c Catalog,
    types: Vec<TypeId>,
    name: Ident,
}

impl Of<'_> {
    fn has(&self, column: &Column) -> bool {
        column.ty.is_some_and(|it| self.types.contains(&self.catalog.base_type(it).id))
    }

    /// Whether a text over a relation's columns speaks of the type: `None` where it speaks of others, too, whose
    /// constants may be the same.
    fn speaks(&self, relation: &Relation, text: &str) -> Option<bool> {
        let named: Vec<&Column> = relation.columns.iter().filter(|it| mentions(text, &it.name)).collect();
        let own = named.iter().any(|it| self.has(it)) || mentions(text, &self.name);
        let texts = |it: &&&Column| {
            let info = it.ty.and_then(|it| self.catalog.type_info(self.catalog.base_type(it).id));
            !self.has(it) && info.is_none_or(|it| matches!(it.category, 'S' | 'E' | 'U' | 'A'))
        };
        match (own, named.iter().any(|it| texts(&it))) {
            (false, _) => Some(false),
            (true, false) => Some(true),
            (true, true) => None,
        }
    }
}

impl Fold<'_> {
    /// Before the label has its new name.
    pub(super) fn rename_label(&mut self, name: &QualifiedName, from: &str, to: &str) {
        let Some(info) = self.catalog.types.named(name) else { return };
        let of = Of { catalog: self.catalog, types: vec![info.id, info.array], name: info.name.clone() };
        let mut changed: Vec<(QualifiedName, Relation)> = Vec::new();
        for (name, relation) in self.catalog.relations.iter() {
            let mut new = None;
            // What is not known any more is kept as such.
            let text = |text: &SmolStr| -> Option<Option<SmolStr>> {
                let res = renamed(text, from, to)?;
                match of.speaks(relation, text) {
                    Some(true) => Some(Some(res)),
                    Some(false) => None,
                    None => Some(None),
                }
            };
            for (idx, column) in relation.columns.iter().enumerate() {
                if let Some(ColumnDefault::Sql(text)) = &column.default
                    && (of.has(column) || mentions(text, &of.name))
                    && let Some(text) = renamed(text, from, to)
                    && let Some(column) = copy(&mut new, relation).columns.get_mut(idx)
                {
                    column.default = Some(ColumnDefault::Sql(text));
                }
                if let Some(generated) = &column.generated
                    && let Some(text) = generated.expression.as_ref().and_then(text)
                    && let Some(column) = copy(&mut new, relation).columns.get_mut(idx)
                {
                    column.generated.iter_mut().for_each(|it| it.expression = text.clone());
                }
            }
            for (idx, check) in relation.checks.iter().enumerate() {
                if let Some(text) = check.expression.as_ref().and_then(text)
                    && let Some(check) = copy(&mut new, relation).checks.get_mut(idx)
                {
                    check.expression = text;
                }
            }
            for (idx, index) in relation.indexes.iter().enumerate() {
                if let Some(text) = index.predicate.as_ref().and_then(text)
                    && let Some(index) = copy(&mut new, relation).indexes.get_mut(idx)
                {
                    index.predicate = Some(text.unwrap_or_default());
                }
                for (at, item) in index.items.iter().enumerate() {
                    if let Some(text) = item.expression.as_ref().and_then(text)
                        && let Some(index) = copy(&mut new, relation).indexes.get_mut(idx)
                        && let Some(item) = index.items.get_mut(at)
                    {
                        item.expression = text;
                    }
                }
            }
            for (idx, policy) in relation.policies.iter().enumerate() {
                let parts = [policy.using.as_ref().and_then(text), policy.with_check.as_ref().and_then(text)];
                let [using, check] = parts;
                if using.is_none() && check.is_none() {
                    continue;
                }
                let Some(policy) = copy(&mut new, relation).policies.get_mut(idx) else { continue };
                if let Some(text) = using {
                    policy.using = Some(text.unwrap_or_default());
                }
                if let Some(text) = check {
                    policy.with_check = Some(text.unwrap_or_default());
                }
            }
            // Whose constant it is in a query is not looked into.
            if relation.definition.as_deref().is_some_and(|it| renamed(it, from, to).is_some()) {
                copy(&mut new, relation).definition = None;
            }
            changed.extend(new.map(|it| (name.clone(), it)));
        }
        for (name, relation) in changed {
            self.relation_mut(&name).into_iter().for_each(|it| *it = relation.clone());
        }
    }
}

/// The copy that changes go into, made at the first of them.
fn copy<'r>(new: &'r mut Option<Relation>, relation: &Relation) -> &'r mut Relation {
    new.get_or_insert_with(|| relation.clone())
}
