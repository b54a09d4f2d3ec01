//! Whether two analysed expressions are the same to PostgreSQL (`equal()`): GROUP BY, DISTINCT and ORDER BY match
//! expressions by it. They are compared as parse analysis leaves them, so that `a BETWEEN 1 AND 2` is
//! `a >= 1 AND a <= 2`; where that is not certain, they count as the same.

mod form;

use smol_str::SmolStr;

use crate::catalog::TypeId;
use crate::sema::Ty;
use crate::sql::Ident;
use crate::sql::hir::{ExprId, ExprKind, Literal, Query};

use super::binder::Binder;
use super::scope::{Resolved, Var};
use super::walk::{Child, children};

impl Binder<'_> {
    pub fn same_expr(&self, a: ExprId, b: ExprId) -> bool {
        let (a, b) = (self.without_casts(a), self.without_casts(b));
        if a == b || self.same_constant(a, b) || self.is_call_of(a, b) || self.is_call_of(b, a) {
            return true;
        }
        match (self.resolved(a), self.resolved(b)) {
            (Resolved::Var(a), Resolved::Var(b)) => return self.same_var(a, b),
            (Resolved::WholeRow(a), Resolved::WholeRow(b)) => return a == b,
            (Resolved::Var(var), _) if self.is_merged_of(var, b) => return true,
            (_, Resolved::Var(var)) if self.is_merged_of(var, a) => return true,
            (Resolved::Var(_) | Resolved::WholeRow(_), _) | (_, Resolved::Var(_) | Resolved::WholeRow(_)) => {
                return false;
            }
            _ => {}
        }
        let (ka, kb) = (&self.expr_node(a).kind, &self.expr_node(b).kind);
        // What is written in two ways, of one type and over the same columns, counts as the same: nobody knows them all.
        let other_head = std::mem::discriminant(ka) != std::mem::discriminant(kb);
        if !self.strictly.get()
            && (other_head || matches!(ka, ExprKind::SqlFunction { .. }))
            && self.is_computed(ka)
            && self.is_computed(kb)
            && self.ty(a) == self.ty(b)
            && self.vars_of(a) == self.vars_of(b)
        {
            return true;
        }
        if let (Some(a), Some(b)) = (self.form(a), self.form(b)) {
            return self.same_form(&a, &b);
        }
        if let (ExprKind::Call(x), ExprKind::Call(y)) = (ka, kb)
            && x.variadic != y.variadic
        {
            // `f(a, 'b')` and `f(a, VARIADIC ARRAY['b'])`.
            let named = x.name.last().map(|it| &it.ident) == y.name.last().map(|it| &it.ident);
            let fixed = x.args.len().min(y.args.len()).saturating_sub(1);
            return named
                && x.args.iter().zip(&y.args).take(fixed).all(|it| self.same_part(it.0.value, it.1.value));
        }
        if !self.same_head(ka, kb, a, b) {
            return false;
        }
        // An order may name what it has ordered by once more.
        if let (ExprKind::Call(x), ExprKind::Call(y)) = (ka, kb)
            && x.order_by.len() != y.order_by.len()
        {
            return x.args.len() == y.args.len()
                && x.args.iter().zip(&y.args).all(|it| self.same_part(it.0.value, it.1.value));
        }
        let mut left: Vec<Part<'_>> = Vec::new();
        let mut right: Vec<Part<'_>> = Vec::new();
        children(ka, &mut |it| left.push(it.into()));
        children(kb, &mut |it| right.push(it.into()));
        // Without ELSE a CASE ends with NULL.
        let has_else = |kind: &ExprKind| matches!(kind, ExprKind::Case { else_: Some(_), .. });
        let (left_else, right_else) = (has_else(ka), has_else(kb));
        for (kind, parts) in [(ka, &mut left), (kb, &mut right)] {
            if let ExprKind::Case { else_: Some(it), .. } = kind
                && matches!(self.bare(*it), ExprKind::Literal(Literal::Null) | ExprKind::Cast { .. })
                && left_else != right_else
            {
                parts.pop();
            }
        }
        // A subscript is converted as an assignment is.
        let index = matches!(ka, ExprKind::Subscript { .. });
        let converted = |id: ExprId| match &self.expr_node(self.without_casts(id)).kind {
            ExprKind::Cast { expr, .. } if index => Some(*expr),
            _ => None,
        };
        left.len() == right.len()
            && left.iter().zip(&right).all(|it| match it {
                (Part::Expr(a), Part::Expr(b)) => {
                    self.same_part(*a, *b)
                        || converted(*a).is_some_and(|it| self.same_part(it, *b))
                        || converted(*b).is_some_and(|it| self.same_part(*a, it))
                }
                (Part::Query(a), Part::Query(b)) => self.same_query(a, b),
                _ => false,
            })
    }

    /// Two constants of one type and value, however they are written: `1` and `'1'::int`.
    fn same_constant(&self, a: ExprId, b: ExprId) -> bool {
        let (Some((ty, a)), Some((other, b))) = (self.constant(a), self.constant(b)) else { return false };
        let number = |it: &str| it.trim().parse::<i128>().ok();
        // The texts of other types have many forms for a value.
        let exact = matches!(
            ty,
            TypeId::INT2
                | TypeId::INT4
                | TypeId::INT8
                | TypeId::TEXT
                | TypeId::VARCHAR
                | TypeId::BPCHAR
                | TypeId::UNKNOWN
        );
        ty == other && (a == b || !exact || number(&a).is_some() && number(&a) == number(&b))
    }

    fn constant(&self, id: ExprId) -> Option<(TypeId, SmolStr)> {
        let id = self.unparen(id);
        let Ty::Known(ty) = self.ty(id) else { return None };
        match &self.expr_node(id).kind {
            ExprKind::Literal(Literal::Integer(it)) => Some((ty.id, smol_str::format_smolstr!("{it}"))),
            ExprKind::Operator { op, lhs: None, rhs } if op.op == "-" => match self.bare(*rhs) {
                ExprKind::Literal(Literal::Integer(it)) => Some((ty.id, smol_str::format_smolstr!("-{it}"))),
                ExprKind::Literal(Literal::Numeric(it)) => Some((ty.id, smol_str::format_smolstr!("-{it}"))),
                _ => None,
            },
            ExprKind::Literal(Literal::String(it) | Literal::Numeric(it)) => Some((ty.id, it.clone())),
            ExprKind::Literal(Literal::Bool(it)) => {
                Some((ty.id, SmolStr::new_static(if *it { "t" } else { "f" })))
            }
            // A modifier is another function's work.
            ExprKind::Cast { expr, .. } if ty.typmod == -1 => match self.bare(*expr) {
                ExprKind::Literal(Literal::String(it)) => Some((ty.id, it.clone())),
                ExprKind::Literal(_) => self.constant(*expr).filter(|it| it.0 == ty.id),
                _ => None,
            },
            _ => None,
        }
    }

    /// Without parentheses and casts that change nothing.
    pub fn without_casts(&self, id: ExprId) -> ExprId {
        let id = self.unparen(id);
        if let ExprKind::Cast { expr, .. } = &self.expr_node(id).kind
            && let (Ty::Known(outer), Ty::Known(inner)) = (self.ty(id), self.ty(self.unparen(*expr)))
            // To take a modifier away is a change too.
            && outer == inner
        {
            let bare = self.unparen(*expr);
            if !matches!(self.expr_node(bare).kind, ExprKind::Literal(_)) {
                return self.without_casts(*expr);
            }
        }
        id
    }

    /// Everything but the parts inside.
    fn same_head(&self, a: &ExprKind, b: &ExprKind, ida: ExprId, idb: ExprId) -> bool {
        match (a, b) {
            (ExprKind::Literal(x), ExprKind::Literal(y)) => x == y && self.ty(ida) == self.ty(idb),
            // One that was used before its type was decided is another node.
            (ExprKind::Param(x), ExprKind::Param(y)) => x == y && self.same_param(ida, idb),
            (ExprKind::Cast { .. }, ExprKind::Cast { .. }) => self.ty(ida) == self.ty(idb),
            (ExprKind::Operator { op: x, lhs: lx, .. }, ExprKind::Operator { op: y, lhs: ly, .. }) => {
                x.op == y.op && lx.is_some() == ly.is_some()
            }
            (ExprKind::Bool { op: x, .. }, ExprKind::Bool { op: y, .. }) => x == y,
            (ExprKind::Is { test: x, negated: nx, .. }, ExprKind::Is { test: y, negated: ny, .. }) => {
                x == y && nx == ny
            }
            (ExprKind::IsDistinct { negated: x, .. }, ExprKind::IsDistinct { negated: y, .. }) => x == y,
            (ExprKind::Like { kind: x, negated: nx, .. }, ExprKind::Like { kind: y, negated: ny, .. }) => {
                x == y && nx == ny
            }
            (
                ExprKind::Between { negated: x, symmetric: sx, .. },
                ExprKind::Between { negated: y, symmetric: sy, .. },
            ) => x == y && sx == sy,
            (ExprKind::InList { negated: x, .. }, ExprKind::InList { negated: y, .. }) => x == y,
            (ExprKind::InQuery { negated: x, .. }, ExprKind::InQuery { negated: y, .. }) => x == y,
            (
                ExprKind::QuantifiedArray { op: x, all: ax, .. },
                ExprKind::QuantifiedArray { op: y, all: ay, .. },
            )
            | (
                ExprKind::QuantifiedQuery { op: x, all: ax, .. },
                ExprKind::QuantifiedQuery { op: y, all: ay, .. },
            ) => x.op == y.op && ax == ay,
            (ExprKind::Call(x), ExprKind::Call(y)) => {
                let last = |it: &crate::sql::hir::Call| it.name.last().map(|it| it.ident.clone());
                last(x) == last(y)
                    && x.star == y.star
                    && x.distinct == y.distinct
                    && x.variadic == y.variadic
                    && x.over.is_some() == y.over.is_some()
                    && x.filter.is_some() == y.filter.is_some()
                    && x.order_by.is_empty() == y.order_by.is_empty()
            }
            (ExprKind::MinMax { greatest: x, .. }, ExprKind::MinMax { greatest: y, .. }) => x == y,
            (ExprKind::SqlValue { name: x, .. }, ExprKind::SqlValue { name: y, .. }) => x == y,
            (ExprKind::Case { whens: x, else_: ex, .. }, ExprKind::Case { whens: y, else_: ey, .. }) => {
                let null = |it: &Option<ExprId>| {
                    it.is_none_or(|it| match self.bare(it) {
                        ExprKind::Cast { expr, .. } => {
                            matches!(self.bare(*expr), ExprKind::Literal(Literal::Null))
                        }
                        kind => matches!(kind, ExprKind::Literal(Literal::Null)),
                    })
                };
                x.len() == y.len() && (ex.is_some() == ey.is_some() || null(ex) && null(ey))
            }
            (ExprKind::Field { name: x, .. }, ExprKind::Field { name: y, .. }) => x.ident == y.ident,
            (ExprKind::SqlFunction { name: x, .. }, ExprKind::SqlFunction { name: y, .. }) => {
                // What their clauses say is not compared: many of them are the default.
                x == y && self.ty(ida) == self.ty(idb)
            }
            (ExprKind::Collate { collation: x, .. }, ExprKind::Collate { collation: y, .. }) => {
                x.last().map(|it| &it.ident) == y.last().map(|it| &it.ident)
            }
            // Of a relation that is not known.
            (ExprKind::Column(x), ExprKind::Column(y)) => {
                x.parts.len() == y.parts.len()
                    && x.parts.iter().zip(&y.parts).all(|(x, y)| x.ident == y.ident)
            }
            (ExprKind::Column(_) | ExprKind::Star { .. }, _) => false,
            _ => std::mem::discriminant(a) == std::mem::discriminant(b),
        }
    }

    /// Arguments of the same function, operator or the like: what one of them says as a cast may happen to the other
    /// by itself.
    pub(super) fn same_part(&self, a: ExprId, b: ExprId) -> bool {
        let is = |a: ExprId, b: Option<ExprId>| b.is_some_and(|b| self.same_expr(a, b));
        self.same_expr(a, b) || is(a, self.without_conversion(b)) || is(b, self.without_conversion(a))
    }

    /// What a cast converts that would also happen without being asked for.
    pub fn without_conversion(&self, id: ExprId) -> Option<ExprId> {
        use crate::sema::resolve::{CoercionContext, can_coerce};
        let id = self.without_casts(id);
        let ExprKind::Cast { expr, .. } = &self.expr_node(id).kind else { return None };
        let (Ty::Known(to), Ty::Known(from)) = (self.ty(id), self.ty(self.unparen(*expr))) else {
            return None;
        };
        let possible = !can_coerce(self.catalog, from.id, to.id, CoercionContext::Implicit).is_no();
        possible.then_some(*expr)
    }

    /// Neither a leaf nor a query.
    fn is_computed(&self, kind: &ExprKind) -> bool {
        !matches!(
            kind,
            ExprKind::Column(_)
                | ExprKind::Star { .. }
                | ExprKind::Param(_)
                | ExprKind::Literal(_)
                | ExprKind::Missing
                | ExprKind::Subquery(_)
                | ExprKind::Field { .. }
        )
    }

    /// The columns that an expression reads outside of subqueries, each once, in their order.
    fn vars_of(&self, id: ExprId) -> Vec<Var> {
        let mut found = Vec::new();
        super::walk::expr(self.stmt, id, &mut |it| {
            if let Resolved::Var(var) = self.resolved(it) {
                found.push(var);
            }
            true
        });
        found.sort_unstable();
        found.dedup();
        found
    }

    /// One column, or one that a join and its `USING (…) AS j` both merge from the same two.
    pub fn same_var(&self, a: Var, b: Var) -> bool {
        let merged = |var: Var| match self.rte(var.rte).column(var.column).and_then(|it| it.merged) {
            Some((left, Some(right))) => Some((self.flatten(left), self.flatten(right))),
            _ => None,
        };
        a == b || merged(a).is_some_and(|it| merged(b) == Some(it))
    }

    /// The column that FULL JOIN … USING merges is COALESCE of both sides' (`buildMergedJoinVar`).
    pub fn is_merged_of(&self, var: Var, id: ExprId) -> bool {
        let ExprKind::Coalesce(args) = &self.expr_node(id).kind else { return false };
        let merged = self.rte(var.rte).column(var.column).and_then(|it| it.merged);
        let (Some((left, Some(right))), [a, b]) = (merged, args.as_slice()) else { return false };
        let is = |id: &ExprId, var: Var| self.resolved(self.unparen(*id)) == Resolved::Var(self.flatten(var));
        is(a, left) && is(b, right)
    }

    /// `f(t)` and `t.f`, or `text(a)` and `a::text`.
    fn is_call_of(&self, a: ExprId, b: ExprId) -> bool {
        if let (ExprKind::Field { expr: row, .. }, ExprKind::Cast { expr, .. }) =
            (&self.expr_node(a).kind, &self.expr_node(b).kind)
        {
            return self.ty(a) == self.ty(b) && self.same_part(*row, *expr);
        }
        let ExprKind::Call(call) = &self.expr_node(a).kind else { return false };
        let ([arg], Some(name)) = (call.args.as_slice(), call.name.last()) else { return false };
        match &self.expr_node(b).kind {
            ExprKind::Cast { expr, .. } => self.ty(a) == self.ty(b) && self.same_part(arg.value, *expr),
            ExprKind::Column(it) => it.parts.last().is_some_and(|it| it.ident == name.ident),
            ExprKind::Field { name: it, .. } => it.ident == name.ident,
            _ => false,
        }
    }

    /// Two subqueries in one scope. Their clauses are written in too many ways to compare them: those that read the same
    /// relations count as the same.
    fn same_query(&self, a: &Query, b: &Query) -> bool {
        self.relations_of(a) == self.relations_of(b)
    }

    /// The names behind FROM, JOIN and the commas between, each with its alias: in order, without schemas.
    fn relations_of(&self, query: &Query) -> Vec<(Ident, Option<Ident>)> {
        let mut found = Vec::new();
        super::walk::relations(self.stmt, query, &mut |name, alias| {
            if let Some(name) = name.last() {
                found.push((name.ident.clone(), alias.map(|it| it.name.ident.clone())));
            }
        });
        found
    }
}

enum Part<'q> {
    Expr(ExprId),
    Query(&'q Query),
}

impl<'q> From<Child<'q>> for Part<'q> {
    fn from(child: Child<'q>) -> Part<'q> {
        match child {
            Child::Expr(it) => Part::Expr(it),
            Child::Query(it) => Part::Query(it),
        }
    }
}
