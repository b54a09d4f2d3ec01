//! CLUSTER (`cluster`, `mark_index_clustered`).

use crate::catalog::RelationKind;
use crate::sema::code;
use crate::sql::hir::QName;

use super::super::binder::Binder;
use super::name::{Object, at};

impl<'a> Binder<'a> {
    /// `CLUSTER t`: rows were put in order by an index before.
    pub fn clustered_before(&mut self, name: &'a QName) {
        let word = |at: usize, word: &str| {
            crate::sql::token::significant(self.text).get(at).is_some_and(|it| it.is_word(self.text, word))
        };
        if !word(0, "cluster") || self.says("using") || self.says("on") || !self.is_exact() {
            return;
        }
        let Object::Relation(relation) = self.object(name, true) else { return };
        if matches!(relation.kind, RelationKind::View | RelationKind::Sequence | RelationKind::Foreign) {
            let message = format!("\"{}\" is not a table or materialized view", relation.name);
            self.report(code::WRONG_OBJECT_TYPE, at(name), message);
            return;
        }
        let written = matches!(relation.origin, crate::catalog::Origin::Sql { .. });
        if relation.details.clustered.is_none() && written && !self.catalog.gaps.keys {
            let message = format!("there is no previously clustered index for table \"{}\"", relation.name);
            self.report(code::UNDEFINED_OBJECT, at(name), message);
        }
    }
}
