//! Whether two expressions are one to PostgreSQL: what its parser makes of them is compared (`transformExprRecurse`, what
//! `pg_get_expr` prints), not how they were written. `n BETWEEN 0 AND 1` is two comparisons, `a IN ('x', 'y')` is
//! `a = ANY (ARRAY['x', 'y'])`, `!=` is `<>`, and a constant is its value and its type.

mod value;

use smol_str::SmolStr;

use super::normal;
use crate::base::text::{TextRange, slice};
use crate::sql::hir::{
    BoolOp, Call, ExprId, ExprKind, IsTest, LikeKind, Literal, QName, QueryBody, Select, Statement,
    StatementKind, Subscript, TypeName,
};
use crate::sql::{self, Dialect};

/// Whether two expressions are one: in their letters but for blanks and the like, or in what PostgreSQL makes of them.
pub fn is_same(a: &str, b: &str, dialect: Dialect) -> bool {
    normal::key(a, dialect) == normal::key(b, dialect)
        || dialect == Dialect::Postgres && tree(a).is_some_and(|a| tree(b).is_some_and(|b| a.is_same(&b)))
}

#[derive(Debug, Clone)]
enum Tree {
    /// A constant. `ty` is `None` for a quoted one without a type: it has the type that its place gives it.
    Value {
        text: SmolStr,
        ty: Option<SmolStr>,
    },
    Node {
        label: String,
        parts: Vec<Tree>,
    },
}

impl Tree {
    fn leaf(label: impl Into<String>) -> Tree {
        Tree::Node { label: label.into(), parts: Vec::new() }
    }

    fn node(label: impl Into<String>, parts: Vec<Tree>) -> Tree {
        Tree::Node { label: label.into(), parts }
    }

    /// AND or OR: what of its arguments is one itself is part of it.
    fn bool(label: &str, args: Vec<Tree>) -> Tree {
        let mut parts = Vec::with_capacity(args.len());
        for arg in args {
            match arg {
                Tree::Node { label: own, parts: inner } if own == label => parts.extend(inner),
                other => parts.push(other),
            }
        }
        Tree::node(label, parts)
    }

    fn is_same(&self, other: &Tree) -> bool {
        match (self, other) {
            (Tree::Value { text: a, ty: own }, Tree::Value { text: b, ty: their }) => {
                let ty = match (own, their) {
                    (Some(a), Some(b)) if a != b => return false,
                    (Some(ty), _) | (None, Some(ty)) => ty,
                    (None, None) => return a == b,
                };
                a == b || value::canonical(a, ty).is_some_and(|it| Some(it) == value::canonical(b, ty))
            }
            (Tree::Node { label: a, parts: own }, Tree::Node { label: b, parts: their }) => {
                a == b && own.len() == their.len() && own.iter().zip(their).all(|(a, b)| a.is_same(b))
            }
            _ => false,
        }
    }

    /// The constant of a type that a cast makes of a constant, of each element where an array is written out.
    fn cast(self, ty: SmolStr) -> Tree {
        match self {
            Tree::Value { text, .. } => Tree::Value { text, ty: Some(ty) },
            Tree::Node { label, .. } if label == NULL => Tree::leaf(NULL),
            Tree::Node { label, parts } => match ty.strip_suffix("[]") {
                Some(element)
                    if label == ARRAY
                        && !parts.is_empty()
                        && parts.iter().all(|it| matches!(it, Tree::Value { .. })) =>
                {
                    Tree::node(ARRAY, parts.into_iter().map(|it| it.cast(element.into())).collect())
                }
                _ => Tree::node(format!("cast {ty}"), vec![Tree::Node { label, parts }]),
            },
        }
    }
}

const NULL: &str = "null";
const ARRAY: &str = "array";

/// `None`: no expression, or one of which too little is known.
fn tree(text: &str) -> Option<Tree> {
    let statement = format!("select (\n{text}\n)");
    let parsed = sql::parse_statement(&statement, Dialect::Postgres);
    if parsed.error.is_some() {
        return None;
    }
    let StatementKind::Query(query) = &parsed.hir.kind else { return None };
    let QueryBody::Select(select) = &query.body else { return None };
    let Select { targets, from, where_: None, .. } = &**select else { return None };
    let [target] = targets.as_slice() else { return None };
    if !from.is_empty() || target.alias.is_some() {
        return None;
    }
    Reader { text: &statement, hir: &parsed.hir }.expr(target.expr)
}

struct Reader<'a> {
    text: &'a str,
    hir: &'a Statement,
}

impl Reader<'_> {
    fn all(&self, ids: &[ExprId]) -> Option<Vec<Tree>> {
        ids.iter().map(|it| self.expr(*it)).collect()
    }

    /// As it is written.
    fn written(&self, range: TextRange) -> Tree {
        Tree::leaf(format!("text {}", normal::key(slice(self.text, range), Dialect::Postgres)))
    }

    fn expr(&self, id: ExprId) -> Option<Tree> {
        let expr = self.hir.expr(id);
        let range = expr.range;
        Some(match &expr.kind {
            ExprKind::Missing | ExprKind::Default | ExprKind::CurrentOf(_) | ExprKind::Param(_) => {
                return None;
            }
            ExprKind::Paren(inner) => return self.expr(*inner),
            // Which table it is of is clear.
            ExprKind::Column(name) => Tree::leaf(format!("column {}", last(name)?)),
            ExprKind::Literal(literal) => constant(literal),
            ExprKind::Cast { expr, ty, .. } => {
                let inner = self.expr(*expr)?;
                match self.type_name(ty) {
                    Some(ty) => inner.cast(ty),
                    None => self.written(range),
                }
            }
            ExprKind::Operator { op, lhs, rhs } => {
                let mut parts: Vec<Tree> = Vec::new();
                if let Some(lhs) = lhs {
                    parts.push(self.expr(*lhs)?);
                }
                parts.push(self.expr(*rhs)?);
                Tree::node(format!("operator {}", op.op), parts)
            }
            ExprKind::Bool { op, args } => {
                Tree::bool(if *op == BoolOp::And { "and" } else { "or" }, self.all(args)?)
            }
            ExprKind::Not(inner) => Tree::node("not", vec![self.expr(*inner)?]),
            ExprKind::Is { test: IsTest::Document | IsTest::Normalized | IsTest::Json, .. } => {
                self.written(range)
            }
            ExprKind::Is { expr, test, negated } => {
                Tree::node(format!("is {negated} {test:?}"), vec![self.expr(*expr)?])
            }
            ExprKind::IsDistinct { lhs, rhs, negated } => {
                Tree::node(format!("is distinct {negated}"), self.all(&[*lhs, *rhs])?)
            }
            ExprKind::Like { kind: LikeKind::SimilarTo, .. } => self.written(range),
            ExprKind::Like { kind, negated, expr, pattern, escape, .. } => {
                let mut pattern = self.expr(*pattern)?;
                if let Some(escape) = escape {
                    pattern = Tree::node("call like_escape", vec![pattern, self.expr(*escape)?]);
                }
                let op = kind.operator(*negated);
                Tree::node(format!("operator {op}"), vec![self.expr(*expr)?, pattern])
            }
            ExprKind::Between { symmetric: true, .. } => self.written(range),
            ExprKind::Between { expr, low, high, negated, .. } => {
                let (expr, low, high) = (self.expr(*expr)?, self.expr(*low)?, self.expr(*high)?);
                let (label, below, above) = if *negated { ("or", "<", ">") } else { ("and", ">=", "<=") };
                let compare =
                    |op: &str, bound| Tree::node(format!("operator {op}"), vec![expr.clone(), bound]);
                Tree::bool(label, vec![compare(below, low), compare(above, high)])
            }
            ExprKind::InList { expr, list, negated, .. } => {
                let mut parts = vec![self.expr(*expr)?];
                parts.extend(self.all(list)?);
                let op = if *negated { "<>" } else { "=" };
                match list.len() {
                    1 => Tree::node(format!("operator {op}"), parts),
                    _ => Tree::node(elements(op, *negated), parts),
                }
            }
            ExprKind::QuantifiedArray { lhs, op, all, array } => {
                let lhs = self.expr(*lhs)?;
                match self.expr(*array)? {
                    Tree::Node { label, parts } if label == ARRAY => {
                        Tree::node(elements(&op.op, *all), [vec![lhs], parts].concat())
                    }
                    array => Tree::node(format!("{} quantified {all}", op.op), vec![lhs, array]),
                }
            }
            ExprKind::Array(items) => Tree::node(ARRAY, self.all(items)?),
            ExprKind::Row { items, .. } => Tree::node("row", self.all(items)?),
            ExprKind::Call(call) => match self.call(call)? {
                Some(res) => res,
                None => self.written(range),
            },
            ExprKind::Coalesce(args) => Tree::node("coalesce", self.all(args)?),
            ExprKind::NullIf(a, b) => Tree::node("nullif", self.all(&[*a, *b])?),
            ExprKind::MinMax { greatest, args } => {
                Tree::node(if *greatest { "greatest" } else { "least" }, self.all(args)?)
            }
            ExprKind::Case { operand, whens, else_ } => {
                let mut parts = self.all(operand.as_slice())?;
                for (when, then) in whens {
                    parts.extend(self.all(&[*when, *then])?);
                }
                parts.push(else_.map_or(Some(Tree::leaf(NULL)), |it| self.expr(it))?);
                Tree::node(format!("case {}", operand.is_some()), parts)
            }
            ExprKind::Field { expr, name } => {
                Tree::node(format!("field {}", name.ident), vec![self.expr(*expr)?])
            }
            ExprKind::Subscript { expr, subscripts } => {
                let mut parts = vec![self.expr(*expr)?];
                for it in subscripts {
                    let Subscript::Index(index) = it else { return Some(self.written(range)) };
                    parts.push(self.expr(*index)?);
                }
                Tree::node("subscript", parts)
            }
            ExprKind::Collate { expr, collation } => {
                Tree::node(format!("collate {}", last(collation)?), vec![self.expr(*expr)?])
            }
            ExprKind::Star { .. }
            | ExprKind::InQuery { .. }
            | ExprKind::QuantifiedQuery { .. }
            | ExprKind::Exists(_)
            | ExprKind::Subquery(_)
            | ExprKind::ArraySubquery(_)
            | ExprKind::SqlValue { .. }
            | ExprKind::Grouping(_)
            | ExprKind::FieldStar(_)
            | ExprKind::SqlFunction { .. } => self.written(range),
        })
    }

    /// The outer `None`: an argument is not known; the inner one: more than a function of arguments.
    fn call(&self, call: &Call) -> Option<Option<Tree>> {
        let is_plain = !call.star
            && !call.distinct
            && !call.variadic
            && call.order_by.is_empty()
            && call.within_group.is_empty()
            && call.filter.is_none()
            && call.over.is_none()
            && call.args.iter().all(|it| it.name.is_none());
        if !is_plain {
            return Some(None);
        }
        let args: Vec<ExprId> = call.args.iter().map(|it| it.value).collect();
        Some(Some(Tree::node(format!("call {}", last(&call.name)?), self.all(&args)?)))
    }

    /// `numeric(10,2)[]` by the catalog's names.
    fn type_name(&self, ty: &TypeName) -> Option<SmolStr> {
        if ty.setof || ty.of_column {
            return None;
        }
        let mut res = last(&ty.name)?.to_owned();
        if !ty.modifiers.is_empty() {
            let modifier = |id: &ExprId| match &self.hir.expr(*id).kind {
                ExprKind::Literal(Literal::Integer(it)) => Some(it.to_string()),
                _ => None,
            };
            let modifiers: Option<Vec<String>> = ty.modifiers.iter().map(modifier).collect();
            res.push_str(&format!("({})", modifiers?.join(",")));
        }
        if ty.array_dims > 0 {
            res.push_str("[]");
        }
        Some(res.into())
    }
}

/// `a op ANY (ARRAY[…])` and `ALL`, the elements written out.
fn elements(op: &str, all: bool) -> String {
    format!("{op} elements {all}")
}

fn last(name: &QName) -> Option<&str> {
    (!name.is_dynamic()).then_some(name.last()?.ident.as_str())
}

/// A number is of the smallest type from `int4` on that holds it (`make_const`).
fn constant(literal: &Literal) -> Tree {
    let typed = |text: SmolStr, ty: &'static str| Tree::Value { text, ty: Some(SmolStr::new_static(ty)) };
    match literal {
        Literal::Null => Tree::leaf(NULL),
        Literal::Bool(it) => typed(it.to_string().into(), "bool"),
        Literal::Integer(it) => {
            let ty = if i32::try_from(*it).is_ok() { "int4" } else { "int8" };
            typed(it.to_string().into(), ty)
        }
        Literal::Numeric(it) => typed(it.clone(), "numeric"),
        Literal::String(it) => Tree::Value { text: it.clone(), ty: None },
        Literal::Bit(it) => typed(it.clone(), "bit"),
    }
}
