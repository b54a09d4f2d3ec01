//! CALL (`transformCallStmt`).

use crate::catalog::{Function, FunctionKind, lookup};
use crate::sema::{OutputColumn, Ty, code};
use crate::sql::hir::{ExprKind, QueryBody, StatementKind};

use super::binder::Binder;
use super::place::Place;

impl<'a> Binder<'a> {
    /// `inner`: a query whose only target is the call.
    pub fn procedure_call(&mut self, inner: &'a StatementKind) {
        let StatementKind::Query(query) = inner else { return };
        let QueryBody::Select(select) = &query.body else { return };
        let [target] = select.targets.as_slice() else { return };
        let ExprKind::Call(call) = &self.expr_node(target.expr).kind else { return };
        let schema = call.name.schema().map(|it| &it.ident);
        let found = call.name.last().map(|it| lookup::functions(self.catalog, schema, &it.ident));
        let found = found.unwrap_or_default();
        if let [only] = found.as_slice() {
            self.call_result(only);
        }
        self.push_level();
        if call.syntax_form {
            for arg in &call.args {
                self.in_place(Place::CallArgument, |it| it.expr(arg.value));
                self.forget_params(Some(arg.value));
            }
        } else {
            self.calling = Some(target.expr);
            self.in_place(Place::CallArgument, |it| it.expr(target.expr));
            self.calling = None;
        }
        let mut subquery = None;
        super::walk::expr(self.stmt, target.expr, &mut |id| {
            let is_query = matches!(
                self.expr_node(id).kind,
                ExprKind::Subquery(_)
                    | ExprKind::Exists(_)
                    | ExprKind::ArraySubquery(_)
                    | ExprKind::InQuery { .. }
                    | ExprKind::QuantifiedQuery { .. }
            );
            if is_query && subquery.is_none() {
                subquery = Some(id);
            }
            subquery.is_none()
        });
        if let Some(id) = subquery {
            let at = self.expr_node(id).range;
            self.refuse(code::FEATURE_NOT_SUPPORTED, at, "cannot use subquery in CALL argument");
        }
        self.pop_level();
    }

    /// The row of output parameters (`CallStmtResultDesc`).
    fn call_result(&mut self, procedure: &Function) {
        if procedure.kind != FunctionKind::Procedure {
            return;
        }
        self.columns = procedure
            .out_columns
            .iter()
            .map(|(name, ty)| OutputColumn {
                name: name.clone(),
                ty: ty.map_or(Ty::Unknown, Ty::Known),
                nullable: None,
                source: None,
                collation: crate::catalog::Collation::Unknown,
            })
            .collect();
    }
}
