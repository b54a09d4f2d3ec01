//! What folding asks of analysis: the columns of a view's query.

use std::collections::BTreeSet;

use crate::catalog::depend::Used;
use crate::catalog::fold::Infer;
use crate::catalog::{Catalog, Collation, Type};
use crate::sema::{self, Ty};
use crate::sql::Ident;
use crate::sql::hir::Statement;

pub struct QueryColumns;

impl Infer for QueryColumns {
    fn query_columns(
        &self,
        catalog: &Catalog,
        query: &Statement,
        text: &str,
    ) -> Option<Vec<(Ident, Option<Type>, Collation)>> {
        let ctx = sema::Context { catalog, params: &[], variables: &[] };
        let analysis = sema::analyze(ctx, query, text);
        if analysis.columns_open || analysis.columns.is_empty() {
            return None;
        }
        let column = |it: &sema::OutputColumn| {
            let ty = match it.ty {
                Ty::Known(ty) => Some(ty),
                Ty::Unknown => None,
            };
            (it.name.clone(), ty, it.collation.clone())
        };
        Some(analysis.columns.iter().map(column).collect())
    }

    fn uses(&self, catalog: &Catalog, statement: &Statement, text: &str) -> Option<BTreeSet<Used>> {
        sema::uses(sema::Context { catalog, params: &[], variables: &[] }, statement, text)
    }
}
