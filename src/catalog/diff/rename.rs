//! Likely renames: what was dropped and what was added in its place, alike in everything but the name.

use super::{Change, ChangeKind, display};
use crate::catalog::{Catalog, Column, QualifiedName, Relation};

/// Replaces each pair of a dropped and an added table (column) that are alike by one rename. Where several could be
/// paired, none is: drizzle-kit would ask.
pub fn renames(from: &Catalog, to: &Catalog, changes: &mut Vec<Change>) {
    tables(from, to, changes);
    columns(from, to, changes);
    changes.sort_by(|a, b| (&a.name, a.object, a.kind).cmp(&(&b.name, b.object, b.kind)));
}

fn tables(from: &Catalog, to: &Catalog, changes: &mut Vec<Change>) {
    let relation = |catalog: &Catalog, change: &Change| {
        let found = catalog.relations.iter().find(|(name, _)| display(name) == change.name);
        found.map(|(name, it)| (name.clone(), std::sync::Arc::clone(it)))
    };
    pair(changes, "table", &|dropped, added| {
        let (Some((_, old)), Some((_, new))) = (relation(from, dropped), relation(to, added)) else {
            return false;
        };
        alike(&old, &new)
    });
}

/// Most columns of one are columns of the other.
fn alike(old: &Relation, new: &Relation) -> bool {
    let known = |it: &Column| {
        new.columns.iter().any(|other| other.name == it.name && other.type_text == it.type_text)
    };
    let n_same = old.columns.iter().filter(|it| known(it)).count();
    n_same > 1 && 2 * n_same > old.columns.len().max(new.columns.len())
}

fn columns(from: &Catalog, to: &Catalog, changes: &mut Vec<Change>) {
    let column = |catalog: &Catalog, change: &Change| -> Option<(QualifiedName, Column)> {
        let (table, column) = change.name.rsplit_once('.')?;
        let (name, relation) = catalog.relations.iter().find(|(name, _)| display(name) == table)?;
        let column = relation.columns.iter().find(|it| it.name.as_str() == column)?;
        Some((name.clone(), column.clone()))
    };
    pair(changes, "column", &|dropped, added| {
        let (Some((table, old)), Some((other, new))) = (column(from, dropped), column(to, added)) else {
            return false;
        };
        let same_type = super::normal_type(&old.type_text) == super::normal_type(&new.type_text);
        table == other && same_type && old.not_null == new.not_null && old.default == new.default
    });
}

fn pair(changes: &mut Vec<Change>, object: &str, alike: &dyn Fn(&Change, &Change) -> bool) {
    let of_kind = |kind: ChangeKind| -> Vec<usize> {
        let all = changes.iter().enumerate();
        all.filter(|(_, it)| it.kind == kind && it.object == object).map(|(idx, _)| idx).collect()
    };
    let (dropped, added) = (of_kind(ChangeKind::Drop), of_kind(ChangeKind::Add));
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for &old in &dropped {
        for &new in &added {
            if let (Some(a), Some(b)) = (changes.get(old), changes.get(new))
                && alike(a, b)
            {
                pairs.push((old, new));
            }
        }
    }
    let is_only =
        |(old, new): &(usize, usize)| pairs.iter().filter(|(a, b)| a == old || b == new).count() == 1;
    let chosen: Vec<(usize, usize)> = pairs.iter().filter(|it| is_only(it)).copied().collect();
    let mut gone: Vec<usize> = Vec::new();
    for (old, new) in chosen {
        let Some(before) = changes.get(old).map(|it| it.name.clone()) else { continue };
        if let Some(change) = changes.get_mut(new) {
            change.kind = ChangeKind::Rename;
            change.before = Some(before);
            change.after = Some(change.name.clone());
            gone.push(old);
        }
    }
    gone.sort_unstable();
    for idx in gone.into_iter().rev() {
        changes.remove(idx);
    }
}
