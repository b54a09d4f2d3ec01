//! Keeps what names are bound to (see `sema::bindings`).

use crate::catalog::QualifiedName;
use crate::sema::bindings::{Bindings, Bound, Item, StarColumn};
use crate::sql::hir::ExprId;

use super::binder::Binder;
use super::scope::{NsItem, Resolved, RteId, RteKind, Var};

/// A star with its columns; `None`: not all of them are known.
pub type Star = (ExprId, Option<Vec<StarColumn>>);

impl Binder<'_> {
    pub fn take_bindings(&mut self) -> Bindings {
        let items = self.rtes.iter().map(|it| Item {
            name: it.name.clone(),
            range: it.range,
            aliased: it.aliased,
            relation: it
                .relation
                .as_ref()
                .map(|it| QualifiedName { schema: it.schema.clone(), name: it.name.clone() }),
        });
        let exprs = self.resolved.iter().map(|it| match *it {
            Resolved::Var(Var { rte, column }) => Some(Bound::Column { item: rte.0, column }),
            Resolved::WholeRow(RteId(item)) => Some(Bound::Row { item }),
            _ => None,
        });
        Bindings {
            items: items.collect(),
            exprs: exprs.collect(),
            stars: self.stars.take().unwrap_or_default(),
        }
    }

    /// Keeps what a star stands for, if somebody wants to know.
    pub fn keep_star(&mut self, star: ExprId, items: &[NsItem], open: bool) {
        if self.stars.is_none() {
            return;
        }
        let mut columns = Vec::new();
        for item in items {
            let entry = self.rte(item.rte);
            let unnamed_join = entry.kind == RteKind::Join && !item.named;
            for (idx, column) in entry.columns.iter().enumerate() {
                let var = Var { rte: item.rte, column: idx as u32 };
                let item = if unnamed_join {
                    Some(self.flatten(var).rte.0).filter(|_| column.var.is_some())
                } else {
                    Some(var.rte.0)
                };
                columns.push(StarColumn { item, name: column.name.clone(), joined: unnamed_join });
            }
        }
        if let Some(stars) = &mut self.stars {
            stars.push((star, (!open).then_some(columns)));
        }
    }
}
