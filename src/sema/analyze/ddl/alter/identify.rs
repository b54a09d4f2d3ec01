//! What a unique index needs to be the replica identity (`ATExecReplicaIdentity`).

use crate::catalog::Relation;
use crate::sema::code;
use crate::sql::hir::Name;

use super::super::super::binder::Binder;

impl Binder<'_> {
    /// Whether a unique index tells rows apart (`ATExecReplicaIdentity`).
    pub(super) fn identifies(&mut self, relation: &Relation, index: &crate::catalog::Index, name: &Name) {
        let nullable = index.items.iter().find_map(|it| {
            let column = relation.columns.iter().find(|own| Some(&own.name) == it.column.as_ref())?;
            (!column.not_null).then_some(&column.name)
        });
        let own = &name.ident;
        let message = if index.items.iter().any(|it| it.column.is_none()) {
            format!("cannot use expression index \"{own}\" as replica identity")
        } else if index.predicate.is_some() {
            format!("cannot use partial index \"{own}\" as replica identity")
        } else if let Some(column) = nullable {
            format!(
                "index \"{own}\" cannot be used as replica identity because column \"{column}\" is nullable"
            )
        } else {
            return;
        };
        let code = match index.items.iter().any(|it| it.column.is_none()) || index.predicate.is_some() {
            true => code::FEATURE_NOT_SUPPORTED,
            false => code::WRONG_OBJECT_TYPE,
        };
        self.report(code, name.range, message);
    }
}
