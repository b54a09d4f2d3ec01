//! Expressions inside definitions: CHECK, DEFAULT, GENERATED, index expressions, policies and so on
//! (`cookDefault`, `cookConstraint`, `transformIndexStmt`, …).

use std::sync::Arc;

use crate::catalog::{Relation, Type, TypeId};
use crate::sema::resolve::CoercionContext;
use crate::sema::{ExprInfo, Ty, code};
use crate::sql::Ident;
use crate::sql::hir::{ExprId, ExprKind, Literal};

use super::super::binder::Binder;
use super::super::place::Place;
use super::super::relation::qualified;
use super::super::scope::{NsItem, Resolved, Rte, RteColumn, RteId, RteKind, Var};
use super::super::walk;

impl<'a> Binder<'a> {
    /// Whether an expression may not stand at all where it does; reports it.
    pub fn is_forbidden(&mut self, id: ExprId) -> bool {
        if !self.typed || self.levels.is_empty() {
            return false;
        }
        let place = self.level().place;
        let at = match &self.expr_node(id).kind {
            ExprKind::Subquery(_) | ExprKind::Exists(_) | ExprKind::ArraySubquery(_) => {
                self.expr_node(id).range
            }
            ExprKind::InQuery { op_range, .. } => *op_range,
            ExprKind::QuantifiedQuery { op, .. } => op.range,
            ExprKind::Column(name)
                if matches!(place, Place::Default | Place::PartitionBound) && !name.is_dynamic() =>
            {
                let at = self.expr_node(id).range;
                let message = match place {
                    Place::Default => "cannot use column reference in DEFAULT expression",
                    _ => "cannot use column reference in partition bound expression",
                };
                self.report(code::FEATURE_NOT_SUPPORTED, at, message);
                return true;
            }
            // In a body they are the function's: it gives them to `CREATE TABLE … AS`.
            ExprKind::Param(number)
                if self.is_definition()
                    && self.is_exact()
                    && self.ctx.params.is_empty()
                    && self.ctx.variables.is_empty() =>
            {
                let at = self.expr_node(id).range;
                self.report(code::UNDEFINED_PARAMETER, at, format!("there is no parameter ${number}"));
                return true;
            }
            _ => return false,
        };
        let Some(words) = place.refuses_subqueries() else { return false };
        self.report(code::FEATURE_NOT_SUPPORTED, at, format!("cannot use subquery in {words}"));
        true
    }

    /// A definition has no parameters.
    fn is_definition(&self) -> bool {
        let crate::sql::hir::StatementKind::Ddl(ddl) = &self.stmt.kind else { return false };
        // The body of a function has its parameters.
        !matches!(**ddl, crate::sql::hir::Ddl::CreateFunction(_))
    }

    /// Runs `inner` in a level of its own where the columns of `relation` can be named.
    pub fn beside<T>(
        &mut self,
        relation: &Arc<Relation>,
        place: Place,
        inner: impl FnOnce(&mut Self, RteId) -> T,
    ) -> T {
        self.push_level();
        let rte = self.row_of(relation, relation.name.clone(), false);
        self.level().namespace = vec![NsItem::new(rte)];
        let res = self.in_place(place, |it| inner(it, rte));
        self.pop_level();
        res
    }

    /// A relation's row under a name.
    pub fn row_of(&mut self, relation: &Arc<Relation>, name: Ident, aliased: bool) -> RteId {
        let columns = self.relation_columns(relation);
        self.add_rte(Rte {
            aliased,
            open: relation.open,
            relation: Some(Arc::clone(relation)),
            qualified: (!aliased).then(|| qualified(relation)),
            ..Rte::new(RteKind::Relation, name, columns)
        })
    }

    /// A level of its own with no relation in sight.
    pub fn alone<T>(&mut self, place: Place, inner: impl FnOnce(&mut Self) -> T) -> T {
        self.push_level();
        let res = self.in_place(place, inner);
        self.pop_level();
        res
    }

    /// `DEFAULT expr` of a column, domain or parameter of type `ty`.
    pub fn default_of(&mut self, column: &Ident, ty: Ty, expr: ExprId) {
        self.alone(Place::Default, |it| {
            it.expr(expr);
            it.must_assign(column, ty, expr);
        });
    }

    /// `column "a" is of type integer but default expression is of type text`.
    pub fn must_assign(&mut self, column: &Ident, ty: Ty, expr: ExprId) {
        let from = self.ty(expr);
        if self.coerce(expr, ty, CoercionContext::Assignment).is_no()
            && let (Ty::Known(from), Ty::Known(to)) = (from, ty)
        {
            let message = format!(
                "column \"{column}\" is of type {} but default expression is of type {}",
                self.format_id(to.id),
                self.format_id(from.id)
            );
            let at = self.place(expr);
            self.report(code::DATATYPE_MISMATCH, at, message)
                .hint("You will need to rewrite or cast the expression.");
        }
    }

    /// A constraint of a table.
    pub fn check_expr(&mut self, relation: &Arc<Relation>, expr: ExprId) {
        self.beside(relation, Place::Check, |it, rte| {
            it.condition(expr, "CHECK");
            it.system_columns(rte, expr, "system column \"{}\" reference in check constraint is invalid");
        });
    }

    /// System columns other than `tableoid`; `message` has their name's place.
    fn system_columns(&mut self, rte: RteId, expr: ExprId, message: &str) {
        for (id, var) in self.vars(rte, expr) {
            if let Some(name) = self.system_column_of(var) {
                let at = self.expr_node(id).range;
                self.report(code::INVALID_COLUMN_REFERENCE, at, message.replace("{}", name));
            }
        }
    }

    /// Of an index: `tableoid` neither.
    pub fn no_system_columns(&mut self, rte: RteId, expr: ExprId) {
        let first = self.vars(rte, expr).into_iter().find(|it| self.system_column_of(it.1).is_some());
        if let Some((id, _)) = first {
            let at = self.expr_node(id).range;
            let message = "index creation on system columns is not supported";
            self.report(code::FEATURE_NOT_SUPPORTED, at, message);
        }
    }

    /// Of an index: columns that are not stored.
    pub fn no_virtual_columns(&mut self, relation: &Relation, rte: RteId, expr: ExprId) {
        let found = self.vars(rte, expr).into_iter().find(|(_, var)| {
            relation.columns.get(var.column as usize).is_some_and(|it| {
                it.generated.as_ref().is_some_and(|it| !it.stored) && self.is_certain(it.origin)
            })
        });
        if let Some((id, _)) = found {
            let at = self.expr_node(id).range;
            let message = "indexes on virtual generated columns are not supported";
            self.report(code::FEATURE_NOT_SUPPORTED, at, message);
        }
    }

    fn system_column_of(&self, var: Var) -> Option<&'static str> {
        let names = ["tableoid", "cmax", "xmax", "cmin", "xmin", "ctid"];
        let name = names.get(usize::try_from(u32::MAX - var.column).ok()?)?;
        (*name != "tableoid").then_some(name)
    }

    /// The columns of `rte` that an expression names, with where.
    pub fn vars(&self, rte: RteId, expr: ExprId) -> Vec<(ExprId, Var)> {
        let mut res = Vec::new();
        walk::expr(self.stmt, expr, &mut |id| {
            if let Resolved::Var(var) = self.resolved(id)
                && var.rte == rte
                && matches!(self.expr_node(id).kind, ExprKind::Column(_))
            {
                res.push((id, var));
            }
            true
        });
        res
    }

    /// `GENERATED ALWAYS AS (expr)`.
    pub fn generated(&mut self, relation: &Arc<Relation>, column: &Ident, ty: Ty, expr: ExprId) {
        let n_problems = self.problems.len();
        let before = self.mutable.replace(Vec::new());
        self.beside(relation, Place::Generated, |it, rte| {
            it.expr(expr);
            it.system_columns(rte, expr, "cannot use system column \"{}\" in column generation expression");
            if it.mutable.as_ref().is_some_and(Vec::is_empty) {
                it.mutable = None;
                it.must_assign(column, ty, expr);
            }
            it.no_whole_row(rte, expr);
            for (id, var) in it.vars(rte, expr) {
                let used = relation.columns.get(var.column as usize);
                if let Some(used) = used.filter(|used| used.generated.is_some()) {
                    let at = it.expr_node(id).range;
                    let message = format!(
                        "cannot use generated column \"{}\" in column generation expression",
                        used.name
                    );
                    it.report(code::INVALID_OBJECT_DEFINITION, at, message)
                        .hint("A generated column cannot reference another generated column.");
                }
            }
        });
        let places = std::mem::replace(&mut self.mutable, before).unwrap_or_default();
        if let Some(at) = places.first()
            && self.problems.len() == n_problems
            && !self.may_fold()
        {
            self.report(code::INVALID_OBJECT_DEFINITION, *at, "generation expression is not immutable");
        }
    }

    /// What is computed when it is read is made of PostgreSQL's own types and functions
    /// (`check_virtual_generated_security`).
    pub fn virtual_expression(&mut self, expr: ExprId) {
        if !self.is_exact() {
            return;
        }
        let mut found = None;
        walk::expr(self.stmt, expr, &mut |id| {
            let node = self.expr_node(id);
            let foreign = |it: TypeId| it.is_user() || it.is_extension();
            let called = match &node.kind {
                ExprKind::Call(call) => call.name.last().is_some_and(|name| {
                    let schema = call.name.schema().map(|it| &it.ident);
                    let all = crate::catalog::lookup::functions(self.catalog, schema, &name.ident);
                    !all.is_empty() && all.iter().all(|it| it.origin != crate::catalog::Origin::Builtin)
                }),
                _ => false,
            };
            let words = match self.ty(id) {
                _ if called => "function",
                Ty::Known(ty) if foreign(ty.id) => "type",
                _ => return found.is_none(),
            };
            found.get_or_insert((self.place(id), words));
            false
        });
        if let Some((at, words)) = found {
            let message = format!("generation expression uses user-defined {words}");
            self.report(code::FEATURE_NOT_SUPPORTED, at, message);
        }
    }

    /// PostgreSQL simplifies an expression before it looks for what is not immutable: a strict function of NULL is
    /// NULL, and what stands behind a constant in AND, OR or COALESCE goes (`eval_const_expressions`).
    fn may_fold(&self) -> bool {
        let is_constant = |id: &ExprId| matches!(self.expr_node(*id).kind, ExprKind::Literal(_));
        self.stmt.exprs.iter().any(|it| match &it.kind {
            ExprKind::Literal(Literal::Null | Literal::Bool(_)) => true,
            ExprKind::Coalesce(args) => args.iter().rev().skip(1).any(is_constant),
            _ => false,
        })
    }

    /// The row of the table itself depends on what is computed.
    fn no_whole_row(&mut self, rte: RteId, expr: ExprId) {
        let mut found = None;
        walk::expr(self.stmt, expr, &mut |id| {
            if self.resolved(id) == Resolved::WholeRow(rte) {
                found.get_or_insert(id);
            }
            found.is_none()
        });
        if let Some(id) = found {
            let at = self.place(id);
            let message = "cannot use whole-row variable in column generation expression";
            self.report(code::INVALID_OBJECT_DEFINITION, at, message);
        }
    }

    /// An expression that must be immutable; `words` tells of what.
    pub fn immutable(&mut self, words: &str, inner: impl FnOnce(&mut Self)) {
        let n_problems = self.problems.len();
        let before = self.mutable.replace(Vec::new());
        inner(self);
        let places = std::mem::replace(&mut self.mutable, before).unwrap_or_default();
        if let Some(at) = places.first()
            && self.problems.len() == n_problems
            && !self.may_fold()
        {
            let message = format!("functions in {words} must be marked IMMUTABLE");
            self.report(code::INVALID_OBJECT_DEFINITION, *at, message);
        }
    }

    /// The check of a domain: VALUE is of its base type.
    pub fn domain_check(&mut self, base: Ty, expr: ExprId) {
        self.push_level();
        let column = RteColumn::new(Ident::new("value"), base);
        let rte = self.add_rte(Rte::new(RteKind::Values, Ident::new(""), vec![column]));
        self.level().namespace = vec![NsItem { named: false, ..NsItem::new(rte) }];
        self.in_place(Place::Check, |it| it.condition(expr, "CHECK"));
        self.pop_level();
    }

    /// `USING expr` of ALTER COLUMN TYPE.
    pub fn transform(&mut self, relation: &Arc<Relation>, expr: ExprId) -> ExprInfo {
        self.beside(relation, Place::Transform, |it, _| it.expr(expr))
    }

    /// The type of a column as a definition leaves it.
    pub fn column_ty(relation: &Relation, name: &Ident) -> Ty {
        let column = relation.columns.iter().find(|it| it.name == *name);
        column.and_then(|it| it.ty).map_or(Ty::Unknown, Ty::Known)
    }

    /// The words of a type, for messages.
    pub fn type_words(&self, ty: Type) -> String {
        crate::catalog::types::format_type(self.catalog, ty)
    }

    pub fn is_pseudo(&self, id: TypeId) -> bool {
        self.type_info(id).is_some_and(|it| it.kind == crate::catalog::TypeKind::Pseudo)
    }
}
