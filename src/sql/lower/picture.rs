//! A statement's tree as an s-expression, for tests: what PostgreSQL's tree does not keep is not drawn.
//! `tests/tree_shape.rs` compares it with libpg_query's.

// The paths are said for `tests/tree_shape.rs`, which takes this file as a module of its own.
#[path = "picture/query.rs"]
mod query;
#[path = "picture/statement.rs"]
mod statement;

use crate::sql::hir::{
    Alias, BoolOp, Call, ColumnDefinition, Expr, ExprId, ExprKind, Literal, Name, OpName, OrderItem, Over,
    QName, Statement, Subscript, TypeName, Window,
};

pub struct Picture<'a>(pub &'a Statement);

fn dotted(name: &QName) -> String {
    name.parts.iter().map(|it| it.ident.as_str()).collect::<Vec<_>>().join(".")
}

fn op_name(op: &OpName) -> String {
    op.schema.iter().map(|it| it.ident.as_str()).chain([op.op.as_str()]).collect::<Vec<_>>().join(".")
}

fn names(names: &[Name]) -> String {
    names.iter().map(|it| it.ident.as_str()).collect::<Vec<_>>().join(",")
}

fn alias(alias: &Option<Alias>) -> String {
    match alias {
        Some(it) if it.columns.is_empty() => format!(" as {}", it.name.ident),
        Some(it) => format!(" as {}({})", it.name.ident, names(&it.columns)),
        None => String::new(),
    }
}

fn relation(name: &QName, only: bool) -> String {
    format!("{}{}", if only { "only " } else { "" }, dotted(name))
}

impl Picture<'_> {
    fn node(&self, id: ExprId) -> &Expr {
        self.0.expr(id)
    }

    fn attributes(&self, id: ExprId) -> Option<&[ExprId]> {
        match &self.node(id).kind {
            ExprKind::SqlFunction { name, args, .. } if name == "XMLATTRIBUTES" => Some(args),
            _ => None,
        }
    }

    fn exprs(&self, list: &[ExprId]) -> String {
        list.iter().map(|it| format!(" {}", self.expr(*it))).collect()
    }

    fn ty(&self, ty: &TypeName) -> String {
        let mut res = dotted(&ty.name);
        if !ty.modifiers.is_empty() {
            res += &format!("[mods{}]", self.exprs(&ty.modifiers));
        }
        res += &"[]".repeat(ty.array_dims as usize);
        if ty.setof {
            res = format!("setof {res}");
        }
        if ty.of_column {
            res += "%type";
        }
        res
    }

    fn without_parens(&self, mut id: ExprId) -> ExprId {
        while let ExprKind::Paren(inner) = self.node(id).kind {
            id = inner;
        }
        id
    }

    pub fn expr(&self, id: ExprId) -> String {
        let not = |negated: bool| if negated { "not-" } else { "" };
        let nots = |negated: bool, it: String| if negated { format!("(not {it})") } else { it };
        match &self.node(id).kind {
            ExprKind::Missing => "MISSING".into(),
            ExprKind::Column(name) => format!("(col {})", dotted(name)),
            ExprKind::Star { qualifier } => format!("(star {})", dotted(qualifier)),
            ExprKind::Param(n) => format!("${n}"),
            ExprKind::Literal(literal) => match literal {
                Literal::Null => "null".into(),
                Literal::Bool(it) => it.to_string(),
                Literal::Integer(it) => it.to_string(),
                Literal::Numeric(it) => format!("n:{it}"),
                Literal::String(it) => format!("{:?}", it.as_str()),
                Literal::Bit(it) => format!("b:{it}"),
            },
            ExprKind::Cast { expr, ty, .. } => format!("(cast {} {})", self.expr(*expr), self.ty(ty)),
            ExprKind::Operator { op, lhs: None, rhs } => format!("({} {})", op_name(op), self.expr(*rhs)),
            ExprKind::Operator { op, lhs: Some(lhs), rhs } => {
                format!("({} {} {})", op_name(op), self.expr(*lhs), self.expr(*rhs))
            }
            ExprKind::Bool { op, args } => {
                let word = if *op == BoolOp::And { "and" } else { "or" };
                format!("({word}{})", self.bool_args(*op, args))
            }
            ExprKind::Not(arg) => format!("(not {})", self.expr(*arg)),
            ExprKind::Is { expr, test, negated } => {
                let test = format!("{test:?}");
                // PostgreSQL has no negated form of these.
                if matches!(test.as_str(), "Document" | "Normalized" | "Json") {
                    return nots(*negated, format!("(is {test} {})", self.expr(*expr)));
                }
                format!("(is {}{test} {})", not(*negated), self.expr(*expr))
            }
            ExprKind::IsDistinct { lhs, rhs, negated } => {
                format!("({}distinct {} {})", not(*negated), self.expr(*lhs), self.expr(*rhs))
            }
            ExprKind::Like { kind, negated, expr, pattern, escape, .. } => {
                let escape = escape.map_or(String::new(), |it| format!(" {}", self.expr(it)));
                let (expr, pattern) = (self.expr(*expr), self.expr(*pattern));
                format!("({}{kind:?} {expr} {pattern}{escape})", not(*negated))
            }
            ExprKind::Between { expr, low, high, negated, symmetric } => {
                let symmetric = if *symmetric { "-symmetric" } else { "" };
                let (expr, bounds) = (self.expr(*expr), self.exprs(&[*low, *high]));
                format!("({}between{symmetric} {expr}{bounds})", not(*negated))
            }
            ExprKind::InList { expr, list, negated, .. } => {
                format!("({}in {}{})", not(*negated), self.expr(*expr), self.exprs(list))
            }
            ExprKind::InQuery { expr, query, negated, .. } => {
                nots(*negated, format!("(in-query {} {})", self.expr(*expr), self.query(query)))
            }
            ExprKind::QuantifiedArray { lhs, op, all, array } => {
                let word = if *all { "all" } else { "any" };
                format!("({word} {} {} {})", op_name(op), self.expr(*lhs), self.expr(*array))
            }
            ExprKind::QuantifiedQuery { lhs, op, all, query } => {
                let word = if *all { "all" } else { "any" };
                format!("({word} {} {} {})", op_name(op), self.expr(*lhs), self.query(query))
            }
            ExprKind::Exists(query) => format!("(exists {})", self.query(query)),
            ExprKind::Subquery(query) => format!("(sub {})", self.query(query)),
            ExprKind::ArraySubquery(query) => format!("(array-sub {})", self.query(query)),
            ExprKind::Array(items) => format!("(array{})", self.exprs(items)),
            ExprKind::Row { items, explicit } => {
                format!("(row{}{})", if *explicit { "ROW" } else { "" }, self.exprs(items))
            }
            ExprKind::Call(call) => self.call(call),
            ExprKind::Coalesce(args) => format!("(coalesce{})", self.exprs(args)),
            ExprKind::NullIf(a, b) => format!("(nullif {} {})", self.expr(*a), self.expr(*b)),
            ExprKind::MinMax { greatest, args } => {
                format!("({}{})", if *greatest { "greatest" } else { "least" }, self.exprs(args))
            }
            ExprKind::SqlValue { name, .. } if name == "SYSTEM_USER" => {
                "(call pg_catalog.system_user)".into()
            }
            ExprKind::SqlValue { name, precision } => {
                let precision = precision.map_or(String::new(), |it| format!(" {}", self.expr(it)));
                format!("(value {name}{precision})")
            }
            ExprKind::Grouping(args) => format!("(grouping{})", self.exprs(args)),
            ExprKind::Case { operand, whens, else_ } => {
                let operand = operand.map_or(String::new(), |it| format!(" {}", self.expr(it)));
                let whens: String = whens
                    .iter()
                    .map(|(a, b)| format!(" (when {} {})", self.expr(*a), self.expr(*b)))
                    .collect();
                let else_ = else_.map_or(String::new(), |it| format!(" (else {})", self.expr(it)));
                format!("(case{operand}{whens}{else_})")
            }
            ExprKind::Field { .. } | ExprKind::FieldStar(_) | ExprKind::Subscript { .. } => {
                let mut path = String::new();
                let base = self.path(id, &mut path);
                format!("(at {}{path})", self.expr(base))
            }
            ExprKind::Collate { expr, collation } => {
                format!("(collate {} {})", self.expr(*expr), dotted(collation))
            }
            ExprKind::SqlFunction { name, args, returning } => {
                // The attributes of an element are of no node of their own there.
                let flat = args.iter().flat_map(|it| match self.attributes(*it) {
                    Some(inner) => inner.to_vec(),
                    None => vec![*it],
                });
                let mut args: Vec<String> = flat.map(|it| self.expr(it)).collect();
                args.sort();
                let args: String = args.iter().map(|it| format!(" {it}")).collect();
                let returning =
                    returning.as_ref().map_or(String::new(), |it| format!(" returning {}", self.ty(it)));
                format!("(fn {name}{args}{returning})")
            }
            ExprKind::Default => "default".into(),
            ExprKind::CurrentOf(name) => format!("(current-of {})", name.ident),
            ExprKind::Paren(inner) => self.expr(*inner),
        }
    }

    /// PostgreSQL forgets parentheses: a run of the same connective on the left is one node.
    fn bool_args(&self, op: BoolOp, args: &[ExprId]) -> String {
        let Some((first, rest)) = args.split_first() else { return String::new() };
        let first = match &self.node(self.without_parens(*first)).kind {
            ExprKind::Bool { op: inner, args } if *inner == op => self.bool_args(op, args),
            _ => format!(" {}", self.expr(*first)),
        };
        first + &self.exprs(rest)
    }

    fn path(&self, id: ExprId, acc: &mut String) -> ExprId {
        match &self.node(id).kind {
            ExprKind::Field { expr, name } => {
                let base = self.path(*expr, acc);
                *acc += &format!(" .{}", name.ident);
                base
            }
            ExprKind::FieldStar(expr) => {
                let base = self.path(*expr, acc);
                *acc += " .*";
                base
            }
            ExprKind::Subscript { expr, subscripts } => {
                let base = self.path(*expr, acc);
                *acc += &self.subscripts(subscripts);
                base
            }
            _ => id,
        }
    }

    fn subscripts(&self, list: &[Subscript]) -> String {
        let side = |it: &Option<ExprId>| it.map_or(String::new(), |it| self.expr(it));
        list.iter()
            .map(|it| match it {
                Subscript::Index(it) => format!(" [{}]", self.expr(*it)),
                Subscript::Slice(low, high) => format!(" [{}:{}]", side(low), side(high)),
            })
            .collect()
    }

    fn call(&self, call: &Call) -> String {
        let mut res = format!("(call {}", dotted(&call.name));
        for arg in &call.args {
            let value = self.expr(arg.value);
            res += &match &arg.name {
                Some(name) => format!(" (named {} {value})", name.ident),
                None => format!(" {value}"),
            };
        }
        for (is_set, word) in [(call.star, " *"), (call.distinct, " distinct"), (call.variadic, " variadic")]
        {
            if is_set {
                res += word;
            }
        }
        if !call.order_by.is_empty() {
            res += &format!(" (order{})", self.order(&call.order_by));
        }
        if !call.within_group.is_empty() {
            res += &format!(" (within{})", self.order(&call.within_group));
        }
        if let Some(filter) = call.filter {
            res += &format!(" (filter {})", self.expr(filter));
        }
        match &call.over {
            Some(Over::Named(name)) => res += &format!(" (over {})", name.ident),
            Some(Over::Window(window)) => res += &format!(" (over {})", self.window(window)),
            None => {}
        }
        res + ")"
    }

    fn order(&self, list: &[OrderItem]) -> String {
        list.iter()
            .map(|it| {
                let direction = match &it.using {
                    Some(op) => format!(" using {}", op_name(op)),
                    None if it.descending => " desc".into(),
                    None => String::new(),
                };
                format!(" ({}{direction})", self.expr(it.expr))
            })
            .collect()
    }

    fn window(&self, it: &Window) -> String {
        let base = it.base.as_ref().map_or("", |it| it.ident.as_str());
        let (by, order) = (self.exprs(&it.partition_by), self.order(&it.order_by));
        format!("[{base} by{by} order{order}{}]", self.exprs(&it.frame_offsets))
    }

    fn definitions(&self, list: &[ColumnDefinition]) -> String {
        list.iter().map(|it| format!(" {}:{}", it.name.ident, self.ty(&it.ty))).collect()
    }
}
