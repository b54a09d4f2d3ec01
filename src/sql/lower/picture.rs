//! A statement's tree as an s-expression, for tests: what PostgreSQL's tree does not keep is not drawn.
//! `tests/tree_shape.rs` compares it with libpg_query's.

use crate::sql::hir::{
    Alias, Assignment, BoolOp, Call, ColumnDefinition, ConflictTarget, Distinct, Expr, ExprId, ExprKind,
    FromItem, GroupItem, InsertSource, JoinKind, Literal, MergeAction, MergeMatch, Name, OpName, OrderItem,
    Over, Overriding, QName, Query, QueryBody, SetOp, Statement, StatementKind, Subscript, Target,
    TargetColumn, TypeName, Window, With,
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

    fn from(&self, item: &FromItem) -> String {
        let word = |lateral: bool| if lateral { "lateral " } else { "" };
        match item {
            FromItem::Relation { name, only, alias: it, sample, .. } => {
                let res = format!("{}{}", relation(name, *only), alias(it));
                if sample.is_empty() { res } else { format!("(sample {res}{})", self.exprs(sample)) }
            }
            FromItem::Query { lateral, query, alias: it, .. } => {
                format!("({}{}{})", word(*lateral), self.query(query), alias(it))
            }
            FromItem::Function(it) => {
                let calls: String = it
                    .calls
                    .iter()
                    .map(|(call, own)| format!(" {}{}", self.expr(*call), self.definitions(own)))
                    .collect();
                let ordinality = if it.ordinality { " ordinality" } else { "" };
                let tail = format!("{}{}", alias(&it.alias), self.definitions(&it.definitions));
                format!("({}from{calls}{ordinality}{tail})", word(it.lateral))
            }
            FromItem::Join(it) => {
                let kind = match it.kind {
                    JoinKind::Inner | JoinKind::Cross => "inner",
                    JoinKind::Left => "left",
                    JoinKind::Right => "right",
                    JoinKind::Full => "full",
                };
                let natural = if it.natural { "natural " } else { "" };
                let mut res = format!("({natural}{kind} {} {}", self.from(&it.left), self.from(&it.right));
                if let Some(on) = it.on {
                    res += &format!(" on {}", self.expr(on));
                }
                if !it.using.is_empty() {
                    res += &format!(" using {}", names(&it.using));
                }
                if let Some(name) = &it.using_alias {
                    res += &format!(" using-as {}", name.ident);
                }
                format!("{res}{})", alias(&it.alias))
            }
            FromItem::Table(it) => {
                let columns: String = it
                    .columns
                    .iter()
                    .map(|(name, ty)| {
                        format!(" {}:{}", name.ident, ty.as_ref().map_or("#".into(), |it| self.ty(it)))
                    })
                    .collect();
                format!("({}table{columns}{})", word(it.lateral), alias(&it.alias))
            }
            FromItem::Missing(_) => "MISSING".into(),
        }
    }

    fn targets(&self, list: &[Target]) -> String {
        list.iter()
            .map(|it| {
                let name = it.alias.as_ref().map_or(String::new(), |it| format!(" as {}", it.ident));
                format!(" {}{name};", self.expr(it.expr))
            })
            .collect()
    }

    fn with(&self, with: &Option<With>) -> String {
        let Some(with) = with else { return String::new() };
        let mut res = String::from(if with.recursive { "(with-recursive" } else { "(with" });
        for it in &with.ctes {
            res += &format!(" {}({}) {}", it.name.ident, names(&it.columns), self.statement(&it.body));
            for it in &it.extra_columns {
                res += &format!(" +{}", it.ident);
            }
        }
        res + ") "
    }

    fn group(&self, item: &GroupItem) -> String {
        let many = |word: &str, list: &[GroupItem]| {
            let list: String = list.iter().map(|it| format!(" {}", self.group(it))).collect();
            format!("({word}{list})")
        };
        match item {
            GroupItem::Expr(it) => self.expr(*it),
            GroupItem::Empty => "(empty)".into(),
            GroupItem::Rollup(list) => many("rollup", list),
            GroupItem::Cube(list) => many("cube", list),
            GroupItem::Sets(list) => many("sets", list),
        }
    }

    pub fn query(&self, query: &Query) -> String {
        // Parentheses around a query leave no trace in PostgreSQL's tree: their clauses are one.
        let mut layers = vec![query];
        let mut inner = query;
        while let QueryBody::Nested(next) = &inner.body {
            layers.push(next);
            inner = next;
        }
        let with = layers.iter().find(|it| it.with.is_some()).map_or(&None, |it| &it.with);
        let mut res = self.with(with);
        res += &match &inner.body {
            QueryBody::Select(it) => {
                let mut res = String::from("(select");
                res += &match &it.distinct {
                    Distinct::No => String::new(),
                    Distinct::All => " distinct[]".into(),
                    Distinct::On(list) => format!(" distinct[{}]", self.exprs(list)),
                };
                res += &self.targets(&it.targets);
                if let Some(into) = &it.into {
                    res += &format!(" into {}", dotted(into));
                }
                for item in &it.from {
                    res += &format!(" from {}", self.from(item));
                }
                if let Some(where_) = it.where_ {
                    res += &format!(" where {}", self.expr(where_));
                }
                for item in &it.group_by {
                    res += &format!(" group {}", self.group(item));
                }
                if let Some(having) = it.having {
                    res += &format!(" having {}", self.expr(having));
                }
                for (name, window) in &it.windows {
                    res += &format!(" window {} {}", name.ident, self.window(window));
                }
                res + ")"
            }
            QueryBody::Values { rows, .. } => {
                let rows: String = rows.iter().map(|it| format!(" ({})", self.exprs(it))).collect();
                format!("(values{rows})")
            }
            QueryBody::Table(name) => format!("(select (star ); from {})", dotted(name)),
            QueryBody::SetOp { op, all, left, right, .. } => {
                let word = match op {
                    SetOp::Union => "union",
                    SetOp::Intersect => "intersect",
                    SetOp::Except => "except",
                };
                let all = if *all { "-all" } else { "" };
                format!("({word}{all} {} {})", self.query(left), self.query(right))
            }
            QueryBody::Nested(_) | QueryBody::Missing => "MISSING".into(),
        };
        if let Some(it) = layers.iter().find(|it| !it.order_by.is_empty()) {
            res += &format!(" order{}", self.order(&it.order_by));
        }
        let limit = layers.iter().find_map(|it| it.limit).map(|it| self.expr(it)).filter(|it| it != "null");
        if let Some(limit) = limit {
            res += &format!(" limit {limit}");
        }
        let offset = layers.iter().find_map(|it| it.offset).map(|it| self.expr(it)).filter(|it| it != "null");
        if let Some(offset) = offset {
            res += &format!(" offset {offset}");
        }
        for it in layers.iter().rev().flat_map(|it| &it.locking) {
            let of: Vec<String> = it.of.iter().map(dotted).collect();
            res += &format!(" lock({})", of.join(","));
        }
        res
    }

    fn column(&self, it: &TargetColumn) -> String {
        let fields: String = it.fields.iter().map(|it| format!(" .{}", it.ident)).collect();
        format!("{}{fields}{}", it.name.ident, self.subscripts(&it.subscripts))
    }

    fn columns(&self, list: &[TargetColumn]) -> String {
        list.iter().map(|it| format!(" {}", self.column(it))).collect()
    }

    fn assignments(&self, list: &[Assignment]) -> String {
        list.iter()
            .map(|it| match it {
                Assignment::One { target, value } => {
                    format!(" (set {} {})", self.column(target), self.expr(*value))
                }
                Assignment::Many { targets, value } => {
                    let targets: Vec<String> = targets.iter().map(|it| self.column(it)).collect();
                    format!(" (set ({}) {})", targets.join(","), self.expr(*value))
                }
            })
            .collect()
    }

    fn optional(&self, it: Option<ExprId>, word: &str) -> String {
        it.map_or(String::new(), |it| format!(" {word} {}", self.expr(it)))
    }

    fn returning(&self, list: &[Target]) -> String {
        if list.is_empty() { String::new() } else { format!(" returning{}", self.targets(list)) }
    }

    pub fn statement(&self, kind: &StatementKind) -> String {
        let name = |it: &Option<Name>| it.as_ref().map_or(String::new(), |it| format!(" as {}", it.ident));
        match kind {
            StatementKind::Query(query) => self.query(query),
            StatementKind::Insert(it) => {
                let mut res = format!(
                    "{}(insert {}{}{}",
                    self.with(&it.with),
                    dotted(&it.table),
                    name(&it.alias),
                    self.columns(&it.columns)
                );
                res += match it.overriding {
                    Some(Overriding::User) => " user",
                    Some(Overriding::System) => " system",
                    None => "",
                };
                res += &match &it.source {
                    InsertSource::DefaultValues => " default".into(),
                    InsertSource::Query(query) => format!(" {}", self.query(query)),
                    InsertSource::Missing => " MISSING".into(),
                };
                if let Some(it) = &it.on_conflict {
                    res += " conflict";
                    match &it.target {
                        ConflictTarget::None => {}
                        ConflictTarget::Constraint(name) => res += &format!(" {}", name.ident),
                        ConflictTarget::Index { items, where_, .. } => {
                            for it in items {
                                res += &format!(" [{}]", self.expr(*it));
                            }
                            res += &self.optional(*where_, "where");
                        }
                    }
                    if let Some(it) = &it.update {
                        res += &format!(" do{}", self.assignments(&it.set));
                        res += &self.optional(it.where_, "where");
                    }
                }
                res + &self.returning(&it.returning) + ")"
            }
            StatementKind::Update(it) => {
                let mut res = format!(
                    "{}(update {}{}{}",
                    self.with(&it.with),
                    relation(&it.table, it.only),
                    name(&it.alias),
                    self.assignments(&it.set)
                );
                for it in &it.from {
                    res += &format!(" from {}", self.from(it));
                }
                res + &self.optional(it.where_, "where") + &self.returning(&it.returning) + ")"
            }
            StatementKind::Delete(it) => {
                let mut res = format!(
                    "{}(delete {}{}",
                    self.with(&it.with),
                    relation(&it.table, it.only),
                    name(&it.alias)
                );
                for it in &it.using {
                    res += &format!(" using {}", self.from(it));
                }
                res + &self.optional(it.where_, "where") + &self.returning(&it.returning) + ")"
            }
            StatementKind::Merge(it) => {
                let mut res = format!(
                    "{}(merge {}{} {} on {}",
                    self.with(&it.with),
                    dotted(&it.table),
                    name(&it.alias),
                    self.from(&it.source),
                    self.expr(it.on)
                );
                for it in &it.whens {
                    let matched = match it.matched {
                        MergeMatch::Matched => "MATCHED",
                        MergeMatch::NotMatchedBySource => "NOT_MATCHED_BY_SOURCE",
                        MergeMatch::NotMatchedByTarget => "NOT_MATCHED_BY_TARGET",
                    };
                    res += &format!(" (when {matched}{}", self.optional(it.condition, "and"));
                    res += &match &it.action {
                        MergeAction::Update(set) => format!(" update{}", self.assignments(set)),
                        MergeAction::Delete => " delete".into(),
                        MergeAction::Insert { columns, values, .. } => {
                            format!(" insert{} values{}", self.columns(columns), self.exprs(values))
                        }
                        MergeAction::DoNothing => " nothing".into(),
                    };
                    res += ")";
                }
                res + &self.returning(&it.returning) + ")"
            }
            StatementKind::Wrapped { kind, name, param_types, inner, .. } => {
                let name = name.as_ref().map_or(String::new(), |it| format!(" {}", it.ident));
                let types: String = param_types.iter().map(|it| format!(" {}", self.ty(it))).collect();
                format!("({kind:?}{name}{types} {})", self.statement(inner))
            }
            StatementKind::Ddl(_) | StatementKind::Other(_) => "other".into(),
        }
    }
}
