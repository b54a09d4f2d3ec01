//! What the planner makes of an expression of an index or of ON CONFLICT (`eval_const_expressions`): as far as it is
//! certain, so that two that differ here differ there.

use std::collections::BTreeSet;

use smol_str::{SmolStr, format_smolstr};

use crate::catalog::{FunctionKind, Origin, Type, TypeId, TypeKind, pg};
use crate::sema::Ty;
use crate::sema::resolve::{self, ArgTy, CallShape, FuncOutcome, OpOutcome};
use crate::sql::Ident;
use crate::sql::hir::{BoolOp, Call, ExprId, ExprKind, IsTest, LikeKind, Literal};

use super::super::binder::Binder;
use super::super::scope::Resolved;

/// Functions of `pg_catalog` in SQL, or with simplifications of their own: what becomes of a call is not said.
const REPLACED: [&str; 38] = [
    "age",
    "anytextcat",
    "array_append",
    "array_prepend",
    "bit",
    "bit_length",
    "bpchar",
    "col_description",
    "date_part",
    "elem_contained_by_range",
    "int8pl_inet",
    "integer_pl_date",
    "interval",
    "interval_pl_date",
    "log",
    "log10",
    "lpad",
    "numeric",
    "obj_description",
    "overlaps",
    "path_contain_pt",
    "pg_relation_size",
    "polygon",
    "quote_literal",
    "quote_nullable",
    "range_contains_elem",
    "round",
    "rpad",
    "substring",
    "textanycat",
    "time",
    "timestamp",
    "timestamptz",
    "timetz",
    "trunc",
    "varbit",
    "varchar",
    "xpath",
];

/// The functions behind operators that are written in SQL, by oid.
const REPLACED_OPERATORS: [u32; 13] =
    [1426, 1296, 1298, 2631, 1848, 2546, 2547, 2548, 2549, 2550, 2003, 2004, 5023];

#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// A column of the table.
    Column(Ident),
    /// A constant: its type, and what it says where two texts that differ are two values.
    Const(TypeId, Option<SmolStr>),
    Null,
    /// What the planner keeps: what it is, and its parts.
    Kept(SmolStr, Vec<Node>),
    And(Vec<Node>),
    Or(Vec<Node>),
    /// Anything at all, of these columns.
    Unknown(BTreeSet<Ident>),
}

/// Operators that are the others' negations, and of which two are a comparison's.
const NEGATED: [(&str, &str); 7] =
    [("=", "<>"), ("<", ">="), (">", "<="), ("~~", "!~~"), ("~~*", "!~~*"), ("~", "!~"), ("~*", "!~*")];

pub fn negator(op: &str) -> Option<&'static str> {
    NEGATED.iter().find_map(|it| if it.0 == op { Some(it.1) } else { (it.1 == op).then_some(it.0) })
}

impl Node {
    /// Two expressions that the planner certainly keeps apart.
    pub fn differs(&self, other: &Node) -> bool {
        match (self, other) {
            (Node::Unknown(_), _) | (_, Node::Unknown(_)) => false,
            (Node::Column(a), Node::Column(b)) => a != b,
            (Node::Const(a, x), Node::Const(b, y)) => {
                a != b || matches!((x, y), (Some(x), Some(y)) if x != y)
            }
            (Node::Null, Node::Null) => false,
            (Node::Kept(a, left), Node::Kept(b, right)) => {
                a != b || left.len() != right.len() || left.iter().zip(right).any(|it| it.0.differs(it.1))
            }
            (Node::And(a), Node::And(b)) | (Node::Or(a), Node::Or(b)) => {
                // Parts that say the same may have been put together.
                a.len() == b.len() && a.iter().zip(b).any(|it| it.0.differs(it.1))
            }
            _ => true,
        }
    }

    pub fn columns(&self, acc: &mut BTreeSet<Ident>) {
        match self {
            Node::Column(it) => {
                acc.insert(it.clone());
            }
            Node::Const(..) | Node::Null => {}
            Node::Kept(_, parts) | Node::And(parts) | Node::Or(parts) => {
                parts.iter().for_each(|it| it.columns(acc));
            }
            Node::Unknown(columns) => acc.extend(columns.iter().cloned()),
        }
    }

    /// It is a value only when the statement runs.
    fn is_variable(&self) -> bool {
        matches!(self, Node::Column(_) | Node::Kept(..))
    }

    /// Nothing in it is left open.
    pub fn is_known(&self) -> bool {
        match self {
            Node::Unknown(_) => false,
            Node::Kept(_, parts) | Node::And(parts) | Node::Or(parts) => parts.iter().all(Node::is_known),
            _ => true,
        }
    }

    /// Certainly no column of the table.
    pub fn is_expression(&self) -> bool {
        !matches!(self, Node::Column(_) | Node::Unknown(_))
    }

    fn is_constant(&self) -> bool {
        matches!(self, Node::Const(..) | Node::Null)
    }
}

impl Binder<'_> {
    /// An analysed expression over the columns of one table.
    pub(super) fn plan(&self, id: ExprId) -> Node {
        let columns: Vec<Node> = self.columns_in(id).into_iter().map(Node::Column).collect();
        self.plan_at(id, 0).unwrap_or_else(|| {
            let mut acc = BTreeSet::new();
            columns.iter().for_each(|it| it.columns(&mut acc));
            Node::Unknown(acc)
        })
    }

    fn columns_in(&self, id: ExprId) -> BTreeSet<Ident> {
        let mut res = BTreeSet::new();
        super::super::walk::expr(self.stmt, id, &mut |it| {
            match self.resolved(it) {
                Resolved::Var(var) => {
                    res.extend(self.rte(var.rte).column(var.column).map(|it| it.name.clone()))
                }
                // Every column is in it.
                Resolved::WholeRow(rte) => {
                    res.extend(self.rte(rte).columns.iter().map(|it| it.name.clone()));
                }
                _ => {}
            }
            true
        });
        res
    }

    /// `None`: anything.
    fn plan_at(&self, id: ExprId, depth: u32) -> Option<Node> {
        if depth > 32 || self.catalog.gaps.functions {
            return None;
        }
        let id = self.unparen(id);
        let part = |it: ExprId| self.plan_at(it, depth + 1);
        // A part that may be a constant may make one of the whole.
        let keep = |head: SmolStr, parts: Vec<Node>| {
            let certain = parts.iter().any(Node::is_variable)
                && !parts.iter().any(|it| matches!(it, Node::Null | Node::Unknown(_)));
            certain.then_some(Node::Kept(head, parts))
        };
        Some(match &self.expr_node(id).kind {
            ExprKind::Column(_) => {
                let Resolved::Var(var) = self.resolved(id) else { return None };
                let rte = self.rte(var.rte);
                let name = rte.column(var.column)?.name.clone();
                let column = rte.relation.as_ref()?.columns.iter().find(|it| it.name == name)?;
                // The expression of a virtual column is put in its place.
                if column.generated.as_ref().is_some_and(|it| !it.stored) {
                    return None;
                }
                Node::Column(name)
            }
            ExprKind::Literal(literal) => self.plan_literal(id, literal)?,
            ExprKind::Cast { expr, ty: _, .. } => self.plan_cast(part(*expr)?, *expr, id)?,
            ExprKind::Operator { op, lhs, rhs } => {
                let schema = op.schema.last().map(|it| it.ident.clone());
                if let (None, "-", Node::Const(ty, Some(text))) = (lhs, op.op.as_str(), part(*rhs)?)
                    && matches!(ty, TypeId::INT4 | TypeId::NUMERIC | TypeId::INT8)
                {
                    return Some(Node::Const(ty, Some(format_smolstr!("-{text}"))));
                }
                self.plan_operator(schema.as_ref(), &op.op, *lhs, *rhs, depth)?
            }
            ExprKind::Like { kind, negated, expr, pattern, escape: None, .. } => {
                if *kind == LikeKind::SimilarTo {
                    return None;
                }
                self.plan_operator(None, kind.operator(*negated), Some(*expr), *pattern, depth)?
            }
            ExprKind::Between { expr, low, high, negated, symmetric: false } => {
                let (first, second) = if *negated { ("<", ">") } else { (">=", "<=") };
                let sides = vec![
                    self.plan_operator(None, first, Some(*expr), *low, depth)?,
                    self.plan_operator(None, second, Some(*expr), *high, depth)?,
                ];
                if *negated { Node::Or(sides) } else { Node::And(sides) }
            }
            ExprKind::InList { expr, list, negated, .. } if list.len() > 1 => {
                let op = if *negated { "<>" } else { "=" };
                // An array of constants of one type, which implication takes one by one.
                let is_row = |it: &ExprId| matches!(self.bare(*it), ExprKind::Row { .. });
                if is_row(expr) || list.iter().any(is_row) {
                    return None;
                }
                let types: Vec<Ty> = [expr].into_iter().chain(list).map(|it| self.ty(*it)).collect();
                let (Ty::Known(common), None) = self.common(&types, "IN") else { return None };
                // The array has the common type; the operator decides what the left side becomes.
                let common = Ty::Known(Type::plain(common.id));
                let OpOutcome::Resolved(found) =
                    resolve::operator(self.catalog, None, op, Some(self.ty(*expr)), common)
                else {
                    return None;
                };
                if !found.decl.is_core() || common != Ty::Known(Type::plain(found.rhs)) {
                    return None;
                }
                let head = head_of(found.decl);
                let wanted = Ty::Known(Type::plain(found.lhs?));
                let left = self.as_type(*expr, part(*expr)?, wanted)?;
                let each = |it: &ExprId| {
                    let right = self.as_type(*it, part(*it)?, common)?;
                    Some(Node::Kept(head.clone(), vec![left.clone(), right]))
                };
                let parts: Option<Vec<Node>> = list.iter().map(each).collect();
                let parts = parts?;
                let constant = |it: &Node| matches!(it, Node::Kept(_, parts) if matches!(parts.as_slice(), [_, Node::Const(..)]));
                if !parts.iter().all(constant) {
                    return None;
                }
                if *negated { Node::And(parts) } else { Node::Or(parts) }
            }
            ExprKind::Bool { op, args } => self.plan_bool(*op, args, depth)?,
            ExprKind::Not(inner) => negation(part(*inner)?)?,
            ExprKind::Is { expr, test, negated } => {
                let inner = part(*expr)?;
                let word = match test {
                    IsTest::Null if matches!(self.bare(*expr), ExprKind::Row { .. }) => return None,
                    IsTest::Null => "null",
                    IsTest::True => "true",
                    IsTest::False => "false",
                    IsTest::Unknown => "unknown",
                    _ => return None,
                };
                let whole =
                    if *negated { format_smolstr!("is not {word}") } else { format_smolstr!("is {word}") };
                keep(whole, vec![inner])?
            }
            ExprKind::Coalesce(args) => {
                let mut parts = Vec::new();
                for arg in args {
                    match self.as_type(*arg, part(*arg)?, self.ty(id))? {
                        Node::Null => {}
                        it @ Node::Const(..) => {
                            parts.push(it);
                            break;
                        }
                        it if it.is_variable() => parts.push(it),
                        _ => return None,
                    }
                }
                match parts.as_slice() {
                    [] => Node::Null,
                    [Node::Const(..)] => parts.pop()?,
                    _ => Node::Kept("coalesce".into(), parts),
                }
            }
            ExprKind::MinMax { greatest, args } => {
                let parts: Option<Vec<Node>> =
                    args.iter().map(|it| self.as_type(*it, part(*it)?, self.ty(id))).collect();
                let head = if *greatest { "greatest" } else { "least" };
                let parts = parts?;
                let certain = parts.iter().any(Node::is_variable);
                certain.then(|| Node::Kept(head.into(), parts))?
            }
            ExprKind::NullIf(a, b) => {
                keep("nullif".into(), vec![self.plan_operator(None, "=", Some(*a), *b, depth)?])?
            }
            ExprKind::Case { operand, whens, else_ } => {
                let mut parts = Vec::new();
                let mut head = String::from(if operand.is_some() { "case of" } else { "case" });
                for (when, then) in whens {
                    let when = match operand {
                        Some(operand) => self.plan_operator(None, "=", Some(*operand), *when, depth)?,
                        None => part(*when)?,
                    };
                    if !when.is_variable() {
                        return None;
                    }
                    parts.push(when);
                    parts.push(self.as_type(*then, part(*then)?, self.ty(id))?);
                }
                if let Some(else_) = else_ {
                    head.push_str(" else");
                    parts.push(self.as_type(*else_, part(*else_)?, self.ty(id))?);
                } else {
                    head.push_str(" else");
                    parts.push(Node::Null);
                }
                Node::Kept(head.into(), parts)
            }
            ExprKind::Call(call) => self.plan_call(call, depth)?,
            ExprKind::Row { items, .. } => {
                let parts: Option<Vec<Node>> = items.iter().map(|it| part(*it)).collect();
                Node::Kept("row".into(), parts?)
            }
            ExprKind::Array(items) => {
                let Ty::Known(array) = self.ty(id) else { return None };
                let element = Ty::Known(Type::plain(self.catalog.element_type(array.id)?));
                let parts: Option<Vec<Node>> =
                    items.iter().map(|it| self.as_type(*it, part(*it)?, element)).collect();
                let parts = parts?;
                parts.iter().any(Node::is_variable).then(|| Node::Kept("array".into(), parts))?
            }
            ExprKind::Subscript { expr, subscripts } => {
                let int4 = Ty::Known(Type::plain(TypeId::INT4));
                // Those of jsonb are of several types.
                let Ty::Known(container) = self.ty(*expr) else { return None };
                self.catalog.element_type(self.base(container.id))?;
                let mut head = String::from("[");
                let mut parts = vec![part(*expr)?];
                for it in subscripts {
                    use crate::sql::hir::Subscript;
                    match it {
                        Subscript::Index(it) => {
                            head.push('i');
                            parts.push(self.as_type(*it, part(*it)?, int4)?);
                        }
                        Subscript::Slice(lower, upper) => {
                            head.push_str(match (lower, upper) {
                                (Some(_), Some(_)) => "lu",
                                (Some(_), None) => "l",
                                (None, Some(_)) => "u",
                                (None, None) => "s",
                            });
                            for it in lower.iter().chain(upper) {
                                parts.push(self.as_type(*it, part(*it)?, int4)?);
                            }
                        }
                    }
                }
                keep(head.into(), parts)?
            }
            ExprKind::SqlValue { name, .. } => Node::Kept(name.clone(), Vec::new()),
            _ => return None,
        })
    }

    fn plan_literal(&self, id: ExprId, literal: &Literal) -> Option<Node> {
        let Ty::Known(ty) = self.ty(id) else { return None };
        let value: Option<SmolStr> = match literal {
            Literal::Null => return Some(Node::Null),
            Literal::Bool(it) => Some(if *it { "true".into() } else { "false".into() }),
            Literal::Integer(it) => Some(format_smolstr!("{it}")),
            Literal::Numeric(it) => plain_number(it),
            Literal::String(it) => self.read(ty.id, it),
            Literal::Bit(_) => None,
        };
        Some(Node::Const(ty.id, value))
    }

    /// What a text says as a value of a type, where each value has one such text.
    fn read(&self, ty: TypeId, text: &str) -> Option<SmolStr> {
        match ty {
            TypeId::INT2 | TypeId::INT4 | TypeId::INT8 => {
                let value: i64 = text.trim().parse().ok()?;
                Some(format_smolstr!("{value}"))
            }
            TypeId::NUMERIC => plain_number(text),
            TypeId::TEXT | TypeId::VARCHAR => Some(text.into()),
            TypeId::BOOL => match text {
                "t" | "true" => Some("true".into()),
                "f" | "false" => Some("false".into()),
                _ => None,
            },
            _ if matches!(self.type_info(ty).map(|it| &it.kind), Some(TypeKind::Enum { .. })) => {
                Some(text.into())
            }
            _ => None,
        }
    }

    fn plan_cast(&self, inner: Node, expr: ExprId, id: ExprId) -> Option<Node> {
        let (Ty::Known(from), Ty::Known(to)) = (self.ty(expr), self.ty(id)) else { return None };
        self.convert(inner, from, to)
    }

    /// A cast of the project's own may be anything.
    fn convert(&self, node: Node, from: Type, to: Type) -> Option<Node> {
        let own = self.catalog.casts.keys().any(|it| it.0 == from.id && it.1 == to.id);
        if own { None } else { cast(node, from, to) }
    }

    /// An expression where a type is wanted, converted without being asked for.
    fn as_type(&self, id: ExprId, node: Node, to: Ty) -> Option<Node> {
        let (Ty::Known(from), Ty::Known(to)) = (self.ty(id), to) else { return None };
        if from.id == to.id || node == Node::Null {
            return Some(node);
        }
        self.convert(node, Type::plain(from.id), Type::plain(to.id))
    }

    fn plan_operator(
        &self,
        schema: Option<&Ident>,
        op: &str,
        lhs: Option<ExprId>,
        rhs: ExprId,
        depth: u32,
    ) -> Option<Node> {
        let is_row = |it: ExprId| matches!(self.bare(it), ExprKind::Row { .. });
        if is_row(rhs) || lhs.is_some_and(is_row) {
            return None;
        }
        let left = lhs.map(|it| self.ty(it));
        let OpOutcome::Resolved(found) = resolve::operator(self.catalog, schema, op, left, self.ty(rhs))
        else {
            return None;
        };
        let replaced = REPLACED_OPERATORS.contains(&found.decl.code)
            || matches!(op, "@>" | "<@" | "<<=" | ">>=" | "<<" | ">>");
        if !found.decl.is_core() || replaced {
            return None;
        }
        let arrays = [TypeId::ANYCOMPATIBLEARRAY, TypeId::ANYCOMPATIBLE];
        if op == "||" && found.decl.left.is_some_and(|it| arrays.contains(&it)) {
            return None;
        }
        let mut parts = Vec::new();
        for (id, to) in lhs.into_iter().zip(found.lhs).chain([(rhs, found.rhs)]) {
            parts.push(self.as_type(id, self.plan_at(id, depth + 1)?, Ty::Known(Type::plain(to)))?);
        }
        // `x = true` is x.
        if matches!(op, "=" | "<>") && found.rhs == TypeId::BOOL {
            if parts.contains(&Node::Const(TypeId::BOOL, None)) {
                return None;
            }
            let truth = |it: &Node| match it {
                Node::Const(_, Some(it)) => Some(it == "true"),
                _ => None,
            };
            if let [a, b] = parts.as_slice()
                && let Some((truth, other)) =
                    truth(b).map(|it| (it, a)).or_else(|| truth(a).map(|it| (it, b)))
            {
                let holds = truth == (op == "=");
                return if holds { Some(other.clone()) } else { negation(other.clone()) };
            }
        }
        if !parts.iter().any(Node::is_variable)
            || parts.iter().any(|it| !it.is_variable() && !it.is_constant())
        {
            return None;
        }
        if parts.contains(&Node::Null) {
            return None;
        }
        Some(Node::Kept(head_of(found.decl), parts))
    }

    fn plan_call(&self, call: &Call, depth: u32) -> Option<Node> {
        let last = call.name.last()?;
        let plain = !call.star
            && !call.distinct
            && !call.variadic
            && call.order_by.is_empty()
            && call.within_group.is_empty()
            && call.filter.is_none()
            && call.over.is_none();
        if !plain || call.args.iter().any(|it| it.name.is_some()) || REPLACED.contains(&last.ident.as_str()) {
            return None;
        }
        let args: Vec<ArgTy<'_>> =
            call.args.iter().map(|it| ArgTy { name: None, ty: self.ty(it.value) }).collect();
        let schema = call.name.schema().map(|it| &it.ident);
        let shape = CallShape::default();
        let FuncOutcome::Resolved(found) = resolve::function(self.catalog, schema, &last.ident, &args, shape)
        else {
            return None;
        };
        let decl = found.decl;
        let core = decl.origin == Origin::Builtin && decl.schema.as_str() == "pg_catalog";
        if !core || decl.kind != FunctionKind::Function || decl.returns_set || decl.n_defaults > 0 {
            return None;
        }
        // The function of a cast is the cast.
        if let [only] = decl.params.as_slice()
            && let (Some(from), Some(to)) = (only.ty, decl.returns)
            && pg::cast(from, to).is_some()
        {
            return None;
        }
        let mut parts = Vec::new();
        for (arg, to) in call.args.iter().zip(&found.args) {
            let node = self.plan_at(arg.value, depth + 1)?;
            let any = matches!(*to, TypeId::ANY);
            parts.push(if any { node } else { self.as_type(arg.value, node, Ty::Known(Type::plain(*to)))? });
        }
        if parts.len() != call.args.len() {
            return None;
        }
        let changing = matches!(pg::volatility(decl), Some('s' | 'v'));
        let certain = parts.iter().all(|it| it.is_variable() || matches!(it, Node::Const(..)))
            && (parts.iter().any(Node::is_variable) || parts.is_empty() && changing);
        let types: Vec<String> =
            decl.params.iter().map(|it| it.ty.unwrap_or(TypeId::NONE).0.to_string()).collect();
        certain.then(|| Node::Kept(format_smolstr!("{}({})", decl.name, types.join(",")), parts))
    }

    /// `simplify_and_arguments`, `simplify_or_arguments`.
    fn plan_bool(&self, op: BoolOp, args: &[ExprId], depth: u32) -> Option<Node> {
        let mut parts = Vec::new();
        for arg in args {
            // A part that is not known may be a constant, which is then none.
            let node = self.plan_at(*arg, depth + 1)?;
            match (op, node) {
                (BoolOp::And, Node::And(inner)) | (BoolOp::Or, Node::Or(inner)) => parts.extend(inner),
                (_, it @ (Node::Null | Node::Const(..))) => {
                    let said = match &it {
                        Node::Const(_, Some(text)) => text == "true",
                        Node::Null => false,
                        _ => return None,
                    };
                    match (op, said) {
                        (BoolOp::And, true) | (BoolOp::Or, false) => {}
                        (BoolOp::And, false) | (BoolOp::Or, true) => return Some(it),
                    }
                }
                (_, it) => parts.push(it),
            }
        }
        Some(match parts.len() {
            0 => Node::Const(
                TypeId::BOOL,
                Some(if op == BoolOp::And { "true".into() } else { "false".into() }),
            ),
            1 => parts.pop()?,
            _ if op == BoolOp::And => Node::And(parts),
            _ => Node::Or(parts),
        })
    }
}

fn head_of(operator: &pg::Operator) -> SmolStr {
    let left = operator.left.map_or(0, |it| it.0);
    format_smolstr!("op {} {left} {}", operator.name, operator.right.0)
}

/// `negate_clause`.
fn negation(node: Node) -> Option<Node> {
    Some(match node {
        Node::Column(_) => Node::Kept("not".into(), vec![node]),
        Node::And(parts) => Node::Or(parts.into_iter().map(negation).collect::<Option<_>>()?),
        Node::Or(parts) => Node::And(parts.into_iter().map(negation).collect::<Option<_>>()?),
        Node::Const(ty, Some(text)) => {
            let other = if text == "true" { "false" } else { "true" };
            Node::Const(ty, Some(other.into()))
        }
        Node::Kept(head, mut parts) => {
            if let Some(test) = head.strip_prefix("is ") {
                let test = match test.strip_prefix("not ") {
                    Some(it) => format_smolstr!("is {it}"),
                    None => format_smolstr!("is not {test}"),
                };
                return Some(Node::Kept(test, parts));
            }
            if head == "not" {
                return parts.pop();
            }
            let mut words = head.split(' ');
            let (Some("op"), Some(op), Some(types)) = (words.next(), words.next(), words.next()) else {
                return None;
            };
            let rest: Vec<&str> = words.collect();
            let op = negator(op)?;
            Node::Kept(format_smolstr!("op {op} {types} {}", rest.join(" ")), parts)
        }
        _ => return None,
    })
}

/// A conversion, one upon another left open: the planner may put them together.
fn cast(inner: Node, from: Type, to: Type) -> Option<Node> {
    let nested = |it: &Node| matches!(it, Node::Kept(head, _) if head.starts_with("cast"));
    match inner {
        Node::Null => Some(Node::Null),
        // Field by field.
        _ if from.id == TypeId::RECORD => None,
        Node::Const(ty, text) => {
            if to.typmod != -1 {
                return None;
            }
            if ty == to.id {
                return Some(Node::Const(ty, text));
            }
            let whole = [TypeId::INT2, TypeId::INT4, TypeId::INT8, TypeId::NUMERIC];
            let exact = ty == TypeId::INT4 && whole.contains(&to.id)
                || matches!(ty, TypeId::TEXT | TypeId::VARCHAR)
                    && matches!(to.id, TypeId::TEXT | TypeId::VARCHAR);
            Some(Node::Const(to.id, text.filter(|_| exact)))
        }
        _ if from == to => Some(inner),
        // A modifier that we may see otherwise.
        _ if from.id == to.id && !matches!(inner, Node::Column(_)) => None,
        // Their parts may vanish together.
        _ if nested(&inner) => None,
        _ if inner.is_variable() => {
            Some(Node::Kept(format_smolstr!("cast {} {}", to.id.0, to.typmod), vec![inner]))
        }
        _ => None,
    }
}

/// A number as digits with the scale that it has; other ways to write one are left open.
fn plain_number(text: &str) -> Option<SmolStr> {
    let digits = text.bytes().all(|it| it.is_ascii_digit() || it == b'.');
    let led = text.starts_with(|it: char| it.is_ascii_digit())
        && (text == "0" || !text.starts_with('0') || text.starts_with("0."));
    (digits && led && !text.ends_with('.')).then(|| text.into())
}
