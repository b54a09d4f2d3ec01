//! What parse analysis makes of the forms that are other forms in short (`transformAExprBetween`, `transformAExprIn`,
//! `transformAExprDistinct`, `make_row_comparison_op`, and the grammar's LIKE).

use smol_str::SmolStr;

use crate::sql::hir::{BoolOp, ExprId, ExprKind, IsTest, LikeKind, Literal, Query};

use super::super::binder::Binder;

/// An expression whose head is written in several ways.
pub enum Form<'a> {
    Expr(ExprId),
    Operator(SmolStr, Vec<Form<'a>>),
    /// LIKE's pattern with its ESCAPE.
    Escaped(ExprId, ExprId),
    Bool(BoolOp, Vec<Form<'a>>),
    Not(Box<Form<'a>>),
    /// `lhs op ANY (ARRAY[items])`, with ALL if `all`.
    AnyOf {
        op: SmolStr,
        all: bool,
        lhs: ExprId,
        items: Vec<ExprId>,
    },
    /// The same over a subquery.
    AnyQuery {
        op: SmolStr,
        all: bool,
        lhs: ExprId,
        query: &'a Query,
    },
    IsNull {
        expr: ExprId,
        negated: bool,
    },
    Distinct(ExprId, ExprId),
    Is(ExprId, &'a IsTest),
}

impl<'a> Binder<'a> {
    /// `None` for expressions that are written in one way only.
    pub(super) fn form(&self, id: ExprId) -> Option<Form<'a>> {
        let form = match &self.stmt.exprs.get(id.0 as usize)?.kind {
            ExprKind::Operator { op, lhs: Some(lhs), rhs } => match (self.row(*lhs), self.row(*rhs)) {
                (Some(left), Some(right))
                    if matches!(op.op.as_str(), "=" | "<>") && left.len() == right.len() =>
                {
                    let pairs = left.iter().zip(right).map(|it| operator(&op.op, &[*it.0, *it.1])).collect();
                    one_or(if op.op == "=" { BoolOp::And } else { BoolOp::Or }, pairs)?
                }
                _ => operator(&op.op, &[*lhs, *rhs]),
            },
            ExprKind::Operator { op, lhs: None, rhs } => operator(&op.op, &[*rhs]),
            ExprKind::Like { kind, negated, expr, pattern, escape, .. } => {
                if *kind == LikeKind::SimilarTo {
                    return None;
                }
                let pattern = match escape {
                    Some(it) => Form::Escaped(*pattern, *it),
                    None => Form::Expr(*pattern),
                };
                Form::Operator(kind.operator(*negated).into(), vec![Form::Expr(*expr), pattern])
            }
            ExprKind::Between { expr, low, high, negated, symmetric: false } => {
                let [first, second] = if *negated { ["<", ">"] } else { [">=", "<="] };
                let parts = vec![operator(first, &[*expr, *low]), operator(second, &[*expr, *high])];
                Form::Bool(if *negated { BoolOp::Or } else { BoolOp::And }, parts)
            }
            ExprKind::InList { expr, list, negated, .. } => self.list_form(*expr, list, *negated)?,
            ExprKind::QuantifiedArray { lhs, op, all, array } => match self.bare_of(*array) {
                ExprKind::Array(items) => {
                    Form::AnyOf { op: op.op.clone(), all: *all, lhs: *lhs, items: items.clone() }
                }
                _ => return None,
            },
            ExprKind::InQuery { expr, query, negated, .. } => {
                let form = Form::AnyQuery { op: "=".into(), all: false, lhs: *expr, query };
                if *negated { Form::Not(Box::new(form)) } else { form }
            }
            ExprKind::QuantifiedQuery { lhs, op, all, query } => {
                Form::AnyQuery { op: op.op.clone(), all: *all, lhs: *lhs, query }
            }
            ExprKind::Is { expr, test: IsTest::Null, negated } => {
                Form::IsNull { expr: *expr, negated: *negated }
            }
            ExprKind::IsDistinct { lhs, rhs, negated } => {
                let null = |id: ExprId| matches!(self.bare_of(id), ExprKind::Literal(Literal::Null));
                match (null(*lhs), null(*rhs)) {
                    (_, true) => Form::IsNull { expr: *lhs, negated: !negated },
                    (true, _) => Form::IsNull { expr: *rhs, negated: !negated },
                    _ => {
                        let form = Form::Distinct(*lhs, *rhs);
                        if *negated { Form::Not(Box::new(form)) } else { form }
                    }
                }
            }
            ExprKind::Is {
                expr,
                test: test @ (IsTest::Json | IsTest::Document | IsTest::Normalized),
                negated,
            } => {
                let form = Form::Is(*expr, test);
                if *negated { Form::Not(Box::new(form)) } else { form }
            }
            ExprKind::Bool { op, args } => Form::Bool(*op, self.flat(*op, args)),
            ExprKind::Not(it) => Form::Not(Box::new(Form::Expr(*it))),
            _ => return None,
        };
        Some(form)
    }

    /// `x IN (…)`: what has no columns is one array, each of the others a comparison.
    fn list_form(&self, expr: ExprId, list: &[ExprId], negated: bool) -> Option<Form<'a>> {
        // A row is compared field by field.
        if self.row(expr).is_some() {
            return None;
        }
        let op = if negated { "<>" } else { "=" };
        let (vars, plain): (Vec<ExprId>, Vec<ExprId>) =
            list.iter().copied().partition(|it| self.contains_vars(*it));
        let mut parts = Vec::new();
        let mut single = vars;
        match plain.len() {
            0 => {}
            1 => single = list.to_vec(),
            _ => parts.push(Form::AnyOf { op: op.into(), all: negated, lhs: expr, items: plain }),
        }
        parts.extend(single.iter().map(|it| operator(op, &[expr, *it])));
        one_or(if negated { BoolOp::And } else { BoolOp::Or }, parts)
    }

    /// `(a AND b) AND c` is one with three parts (`makeAndExpr`).
    fn flat(&self, op: BoolOp, args: &'a [ExprId]) -> Vec<Form<'a>> {
        let mut parts: Vec<Form<'a>> = args.iter().map(|it| Form::Expr(*it)).collect();
        if let Some(first) = args.first()
            && let Some(Form::Bool(inner, head)) = self.form(self.unparen(*first))
            && inner == op
        {
            parts.splice(..1, head);
        }
        parts
    }

    fn bare_of(&self, id: ExprId) -> &'a ExprKind {
        &self.stmt.expr(self.unparen(id)).kind
    }

    fn row(&self, id: ExprId) -> Option<&'a [ExprId]> {
        match self.bare_of(id) {
            ExprKind::Row { items, .. } => Some(items),
            _ => None,
        }
    }

    pub(super) fn same_form(&self, a: &Form<'a>, b: &Form<'a>) -> bool {
        match (a, b) {
            (Form::Expr(a), Form::Expr(b)) => self.same_part(*a, *b),
            (Form::Expr(it), Form::Escaped(pattern, escape))
            | (Form::Escaped(pattern, escape), Form::Expr(it)) => match self.bare_of(*it) {
                ExprKind::Call(call)
                    if call.name.last().is_some_and(|it| it.ident.as_str() == "like_escape") =>
                {
                    let args: Vec<ExprId> = call.args.iter().map(|it| it.value).collect();
                    matches!(*args, [a, b] if self.same_part(a, *pattern) && self.same_part(b, *escape))
                }
                _ => false,
            },
            (Form::Expr(it), other) | (other, Form::Expr(it)) => {
                self.form(self.without_casts(*it)).is_some_and(|it| self.same_form(&it, other))
            }
            (Form::Operator(x, left), Form::Operator(y, right)) => x == y && self.same_forms(left, right),
            (Form::Bool(x, left), Form::Bool(y, right)) => x == y && self.same_forms(left, right),
            (Form::Not(a), Form::Not(b)) => self.same_form(a, b),
            (Form::Is(a, x), Form::Is(b, y)) => x == y && self.same_part(*a, *b),
            (Form::Distinct(a, x), Form::Distinct(b, y)) | (Form::Escaped(a, x), Form::Escaped(b, y)) => {
                self.same_part(*a, *b) && self.same_part(*x, *y)
            }
            (
                Form::AnyOf { op: x, all: ax, lhs: lx, items: ix },
                Form::AnyOf { op: y, all: ay, lhs: ly, items: iy },
            ) => {
                let items = ix.len() == iy.len() && ix.iter().zip(iy).all(|it| self.same_part(*it.0, *it.1));
                x == y && ax == ay && self.same_part(*lx, *ly) && items
            }
            (
                Form::AnyQuery { op: x, all: ax, lhs: lx, query: qx },
                Form::AnyQuery { op: y, all: ay, lhs: ly, query: qy },
            ) => x == y && ax == ay && self.same_part(*lx, *ly) && self.same_query(qx, qy),
            (Form::IsNull { expr: a, negated: x }, Form::IsNull { expr: b, negated: y }) => {
                x == y && self.same_expr(*a, *b)
            }
            _ => false,
        }
    }

    /// `x NOT IN (…)` and the like: what they negate is the same as `id`.
    pub fn negates(&self, negation: ExprId, id: ExprId) -> bool {
        match (self.form(negation), self.form(self.without_casts(id))) {
            (Some(Form::Not(inner)), Some(form)) => self.same_form(&inner, &form),
            _ => false,
        }
    }

    fn same_forms(&self, a: &[Form<'a>], b: &[Form<'a>]) -> bool {
        a.len() == b.len() && a.iter().zip(b).all(|it| self.same_form(it.0, it.1))
    }
}

fn operator<'a>(op: &str, args: &[ExprId]) -> Form<'a> {
    Form::Operator(op.into(), args.iter().map(|it| Form::Expr(*it)).collect())
}

/// The parts joined, or the only one.
fn one_or(op: BoolOp, mut parts: Vec<Form<'_>>) -> Option<Form<'_>> {
    match parts.len() {
        0 | 1 => parts.pop(),
        _ => Some(Form::Bool(op, parts)),
    }
}
