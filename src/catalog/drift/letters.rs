//! What drizzle-kit compares letter by letter although it means the same: the texts of index predicates, checks, policies,
//! views and generated columns. `x is not null` instead of `"t"."x" IS NOT NULL` makes it write the index anew
//! (0.x: `PgSquasher.squashIdx` and its like; 1.0: `diff` of `where`, `value`, `using`, `withCheck`, `definition`).

use super::super::diff::{self, Change, ChangeKind};
use super::super::{Catalog, Check, Column, Index, Origin, Policy, Relation, RelationKind};
use crate::sql::Ident;

/// What only the letters of texts make different, and [`diff::diff`] therefore does not tell.
pub fn rewritten(from: &Catalog, to: &Catalog) -> Vec<Change> {
    let mut acc = Vec::new();
    for (name, before) in from.relations.iter() {
        let Some(after) = to.relations.get(name).filter(|_| !to.unexported.contains(name)) else { continue };
        let mut cx = Cx { to, table: diff::display(name), acc: &mut acc };
        match (before.kind, after.kind) {
            (RelationKind::Table, RelationKind::Table) => cx.table(before, after),
            (RelationKind::View, RelationKind::View)
            | (RelationKind::MaterializedView, RelationKind::MaterializedView) => {
                let texts = |it: &Relation| Some(vec![Some(it.definition.as_deref()?.to_owned())]);
                cx.compare("view", None, texts(before), texts(after), after.origin);
            }
            _ => {}
        }
    }
    acc
}

/// What was written, piece by piece; `None` where nobody knows.
type Texts = Option<Vec<Option<String>>>;

struct Cx<'a> {
    to: &'a Catalog,
    table: String,
    acc: &'a mut Vec<Change>,
}

impl Cx<'_> {
    fn table(&mut self, before: &Relation, after: &Relation) {
        let named = |it: &Option<Ident>, other: &Option<Ident>| it.is_some() && it == other;
        for new in &after.indexes {
            if let Some(old) = before.indexes.iter().find(|it| named(&it.name, &new.name)) {
                self.compare("index", new.name.as_ref(), index(old), index(new), new.origin);
            }
        }
        for new in &after.checks {
            if let Some(old) = before.checks.iter().find(|it| named(&it.name, &new.name)) {
                self.compare("check", new.name.as_ref(), check(old), check(new), new.origin);
            }
        }
        for new in &after.policies {
            if let Some(old) = before.policies.iter().find(|it| it.name == new.name) {
                self.compare("policy", Some(&new.name), policy(old), policy(new), new.origin);
            }
        }
        for new in &after.columns {
            if let Some(old) = before.columns.iter().find(|it| it.name == new.name) {
                self.compare("column", Some(&new.name), generated(old), generated(new), new.origin);
            }
        }
    }

    /// Tells texts that mean the same and are not the same. What means another thing is told elsewhere.
    fn compare(
        &mut self,
        object: &'static str,
        part: Option<&Ident>,
        before: Texts,
        after: Texts,
        origin: Origin,
    ) {
        let (Some(before), Some(after)) = (before, after) else { return };
        let mean_the_same = before.len() == after.len()
            && before.iter().zip(&after).all(|it| match it {
                (Some(a), Some(b)) => diff::is_same_expression(a, b, self.to.dialect),
                (a, b) => a.is_none() && b.is_none(),
            });
        if before == after || !mean_the_same {
            return;
        }
        let differing = |of: &[Option<String>], other: &[Option<String>]| {
            let pairs = of.iter().zip(other).filter(|(a, b)| a != b);
            pairs.filter_map(|it| it.0.clone()).collect::<Vec<_>>().join("; ")
        };
        self.acc.push(Change {
            kind: ChangeKind::Alter,
            object,
            name: part.map_or_else(|| self.table.clone(), |it| format!("{}.{it}", self.table)),
            before: Some(differing(&before, &after)),
            after: Some(differing(&after, &before)),
            origin,
        });
    }
}

/// An empty text is one that could not be rendered.
fn known(text: Option<&str>) -> Option<Option<String>> {
    match text {
        Some("") => None,
        text => Some(text.map(str::to_owned)),
    }
}

fn index(it: &Index) -> Texts {
    let items = it.items.iter().map(|it| match (&it.column, &it.expression) {
        (Some(_), _) => Some(None),
        (None, Some(text)) => known(Some(text)),
        (None, None) => None,
    });
    items.chain([known(it.predicate.as_deref())]).collect()
}

fn check(it: &Check) -> Texts {
    Some(vec![known(Some(it.expression.as_deref()?))?])
}

fn policy(it: &Policy) -> Texts {
    [&it.using, &it.with_check].into_iter().map(|it| known(it.as_deref())).collect()
}

fn generated(it: &Column) -> Texts {
    Some(vec![known(Some(it.generated.as_ref()?.expression.as_deref()?))?])
}
