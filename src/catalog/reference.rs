//! What foreign keys hang on: one key or unique index of the table that they reference (`pg_constraint.conindid`).

use super::{ForeignKey, Origin, QualifiedName, Relation};
use crate::sql::Ident;

/// A key or index that a foreign key can reference.
pub struct Candidate<'r> {
    pub name: Option<&'r Ident>,
    pub primary: bool,
    pub origin: Origin,
}

impl Relation {
    pub fn qualified(&self) -> QualifiedName {
        QualifiedName { schema: self.schema.clone(), name: self.name.clone() }
    }

    /// The keys and unique indexes over exactly these columns, in any order, without conditions and expressions
    /// (`transformFkeyCheckAttrs`); `None`: what an index is over is not known.
    pub fn keys_over(&self, columns: &[Ident]) -> Option<Vec<Candidate<'_>>> {
        let keys = self.primary_key.iter().map(|it| (it, true));
        let keys = keys.chain(self.uniques.iter().map(|it| (it, false)));
        let mut res: Vec<Candidate<'_>> = keys
            .filter(|it| !it.0.deferrable && same_columns(&it.0.columns, columns))
            .map(|(it, primary)| Candidate { name: it.name.as_ref(), primary, origin: it.origin })
            .collect();
        for index in self.indexes.iter().filter(|it| it.unique && it.predicate.is_none()) {
            if index.items.iter().any(|it| it.column.is_none() && it.expression.is_none()) {
                return None;
            }
            let own: Option<Vec<Ident>> = index.items.iter().map(|it| it.column.clone()).collect();
            if own.is_some_and(|it| same_columns(&it, columns)) {
                let name = index.name.as_ref();
                res.push(Candidate { name, primary: false, origin: index.origin });
            }
        }
        Some(res)
    }
}

impl ForeignKey {
    /// Whether it certainly hangs on the key, or unique index, of a name.
    pub fn hangs_on(&self, target: &Relation, name: &Ident) -> bool {
        match &self.key {
            Some(own) => own == name,
            // Only one fits.
            None => target
                .keys_over(&self.target_columns)
                .is_some_and(|found| matches!(found.as_slice(), [only] if only.name == Some(name))),
        }
    }
}

/// The same columns in any order.
pub fn same_columns(a: &[Ident], b: &[Ident]) -> bool {
    a.len() == b.len() && a.iter().all(|it| b.contains(it)) && b.iter().all(|it| a.contains(it))
}
