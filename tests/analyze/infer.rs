//! The columns of views as analysis finds them, for folding.

use std::collections::BTreeSet;

use columnist::catalog::depend::Used;
use columnist::catalog::{Catalog, Collation, Type, TypeId, fold};
use columnist::sema;
use columnist::sql::{Ident, hir};

pub struct Analysis;

impl fold::Infer for Analysis {
    fn query_columns(
        &self,
        catalog: &Catalog,
        query: &hir::Statement,
        text: &str,
    ) -> Option<Vec<(Ident, Option<Type>, Collation)>> {
        let analysis = sema::analyze(sema::Context { catalog, params: &[], variables: &[] }, query, text);
        let ty = |it: sema::Ty| match it {
            sema::Ty::Known(ty) if ty.id == TypeId::UNKNOWN => Some(Type::plain(TypeId::TEXT)),
            sema::Ty::Known(ty) => Some(ty),
            sema::Ty::Unknown => None,
        };
        let columns = analysis.columns.into_iter();
        let columns = columns.map(|it| (it.name, ty(it.ty), it.collation)).collect::<Vec<_>>();
        (!analysis.columns_open && !columns.is_empty()).then_some(columns)
    }

    fn uses(&self, catalog: &Catalog, statement: &hir::Statement, text: &str) -> Option<BTreeSet<Used>> {
        sema::uses(sema::Context { catalog, params: &[], variables: &[] }, statement, text)
    }
}
