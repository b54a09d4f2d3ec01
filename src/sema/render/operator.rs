//! Functions of drizzle-orm and methods of its SQL objects (`sql/expressions`, `sql/functions`, `sql/sql.js`).

use super::hole::Elements;
use super::value::Arg;
use super::{Renderer, kind};
use crate::project::eval::ValueKind;
use crate::ts::hir::ExprKind;

impl Renderer<'_, '_> {
    /// Writes the call of a function of drizzle-orm; false: not one that is known here.
    pub(super) fn drizzle_call(&mut self, name: &str, args: &[Arg]) -> bool {
        let undefined = || Arg::Value(crate::project::eval::Value::undefined());
        let first = args.first().cloned().unwrap_or_else(undefined);
        let second = args.get(1).cloned().unwrap_or_else(undefined);
        if let Some(operator) = binary_operator(name) {
            self.arg(&first);
            self.push(operator);
            self.operand(&first, &second, !matches!(name, "like" | "notLike" | "ilike" | "notIlike"));
            return true;
        }
        match name {
            "and" => self.connect(args, " and "),
            "or" => self.connect(args, " or "),
            "not" => self.around("not ", &first, ""),
            "isNull" => self.around("", &first, " is null"),
            "isNotNull" => self.around("", &first, " is not null"),
            "exists" => self.around("exists ", &first, ""),
            "notExists" => self.around("not exists ", &first, ""),
            "between" | "notBetween" => {
                self.arg(&first);
                self.push(if name == "between" { " between " } else { " not between " });
                self.operand(&first, &second, true);
                self.push(" and ");
                let third = args.get(2).cloned().unwrap_or_else(undefined);
                self.operand(&first, &third, true);
            }
            "inArray" => self.in_array(&first, &second, " in ", "false"),
            "notInArray" => self.in_array(&first, &second, " not in ", "true"),
            "asc" => self.around("", &first, " asc"),
            "desc" => self.around("", &first, " desc"),
            "count" => match args.is_empty() {
                true => self.push("count(*)"),
                false => self.around("count(", &first, ")"),
            },
            "countDistinct" => self.around("count(distinct ", &first, ")"),
            "avg" | "sum" | "max" | "min" => self.around(&format!("{name}("), &first, ")"),
            "avgDistinct" => self.around("avg(distinct ", &first, ")"),
            "sumDistinct" => self.around("sum(distinct ", &first, ")"),
            "l2Distance" => self.distance(&first, " <-> ", &second),
            "l1Distance" => self.distance(&first, " <+> ", &second),
            "innerProduct" => self.distance(&first, " <#> ", &second),
            "cosineDistance" => self.distance(&first, " <=> ", &second),
            "hammingDistance" => self.distance(&first, " <~> ", &second),
            "jaccardDistance" => self.distance(&first, " <%> ", &second),
            "sql.raw" => self.text(&first),
            "sql.identifier" | "name" => self.identifier_arg(&first),
            "sql.empty" => {}
            "sql.param" | "sql.placeholder" | "placeholder" | "param" => {
                let expr = match first {
                    Arg::Expr(id) => Some(id),
                    Arg::Value(_) => None,
                };
                self.param(expr);
            }
            "sql.join" => self.join(&first, args.get(1)),
            "sql.fromList" => self.join(&first, None),
            "getTableName" | "getViewName" => self.param(None),
            "alias" | "aliasedTable" => match args {
                [_, name] => self.identifier_arg(name),
                _ => return false,
            },
            _ => return false,
        }
        true
    }

    fn around(&mut self, before: &str, arg: &Arg, after: &str) {
        self.push(before);
        self.arg(arg);
        self.push(after);
    }

    /// The right side of a comparison; beside a column, a value is bound as one parameter, arrays included.
    fn operand(&mut self, left: &Arg, right: &Arg, bind: bool) {
        let Some(right) = self.settle(right.clone()) else { return };
        if bind && self.is_column(left) && self.is_array(&right) {
            let expr = match right {
                Arg::Expr(id) => Some(id),
                Arg::Value(_) => None,
            };
            return self.param(expr);
        }
        self.arg(&right);
    }

    fn is_column(&self, arg: &Arg) -> bool {
        match &*self.value_of(arg).kind {
            ValueKind::Member { object, .. } => self.table_of(object).is_some(),
            _ => false,
        }
    }

    fn is_array(&self, arg: &Arg) -> bool {
        match arg {
            Arg::Expr(id) => match &self.env.module.expr(*id).kind {
                ExprKind::Array(_) => true,
                _ => {
                    matches!(*(self.env.value)(*id).kind, ValueKind::Array { .. })
                        || kind::of_expr(self.env, *id) == kind::Kind::List
                }
            },
            Arg::Value(value) => matches!(*value.kind, ValueKind::Array { .. }),
        }
    }

    /// `and(…)` and `or(…)`: what is `undefined` is left out, one condition stands alone.
    fn connect(&mut self, args: &[Arg], word: &str) {
        let mut conditions = Vec::new();
        for arg in args {
            let spread = match arg {
                Arg::Expr(id) => match &self.env.module.expr(*id).kind {
                    ExprKind::Spread(inner) => Some(*inner),
                    _ => None,
                },
                Arg::Value(_) => None,
            };
            match spread.map(|it| self.elements(&Arg::Expr(it))) {
                None => conditions.extend(self.settle(arg.clone())),
                Some(Elements::All(items)) => {
                    for item in items {
                        conditions.extend(self.settle(item));
                    }
                }
                Some(Elements::Some(items)) => {
                    let pick = self.choose(None, items.len());
                    if let Some(item) = items.into_iter().nth(pick) {
                        conditions.extend(self.settle(item));
                    }
                }
                Some(Elements::Unknown) => {
                    conditions.push(Arg::Value(crate::project::eval::Value::unknown()))
                }
            }
        }
        match conditions.as_slice() {
            [] => {}
            [one] => self.arg(one),
            many => {
                self.push("(");
                self.separated(many, word);
                self.push(")");
            }
        }
    }

    fn in_array(&mut self, column: &Arg, values: &Arg, word: &str, empty: &str) {
        match self.elements(values) {
            Elements::All(items) if items.is_empty() => self.push(empty),
            Elements::All(items) => {
                self.arg(column);
                self.push(word);
                self.push("(");
                for (i, item) in items.iter().enumerate() {
                    if i > 0 {
                        self.push(", ");
                    }
                    self.operand(column, item, true);
                }
                self.push(")");
            }
            Elements::Some(items) => {
                let pick = self.choose(None, items.len());
                self.arg(column);
                self.push(word);
                match items.into_iter().nth(pick) {
                    Some(item) => self.list(&[item.clone(), item]),
                    None => self.dynamic(false),
                }
            }
            Elements::Unknown => {
                self.arg(column);
                self.push(word);
                match values {
                    Arg::Expr(id) if kind::of_expr(self.env, *id) != kind::Kind::Dynamic => {
                        self.repeated_params(*id)
                    }
                    values => self.subquery_or_dynamic(values),
                }
            }
        }
    }

    /// A query brings its own parentheses; anything else that is unknown is put between some.
    fn subquery_or_dynamic(&mut self, arg: &Arg) {
        let n_dynamic = self.done.dynamic.len();
        let start = self.done.text.len();
        self.arg(arg);
        let text = self.done.text.get(start..).unwrap_or("");
        if self.done.dynamic.len() == n_dynamic + 1 && text.starts_with(crate::sql::ident::DYNAMIC_MARK) {
            // One element of unknown kind: `in x` alone would be no SQL.
            self.wrap_last(start);
        }
    }

    fn wrap_last(&mut self, start: usize) {
        let Some(last) = self.done.dynamic.pop() else { return };
        self.done.text.truncate(start);
        self.done.map.truncate(text_size::TextSize::from(start as u32));
        self.push("(");
        self.dynamic(last.identifier);
        self.push(")");
    }

    fn distance(&mut self, left: &Arg, operator: &str, right: &Arg) {
        self.arg(left);
        self.push(operator);
        // An array is sent as JSON text.
        match right {
            Arg::Expr(id) if self.is_array(right) => self.param(Some(*id)),
            Arg::Value(_) if self.is_array(right) => self.param(None),
            right => self.arg(right),
        }
    }

    fn join(&mut self, list: &Arg, separator: Option<&Arg>) {
        match self.items(list) {
            Elements::All(items) => {
                for (i, item) in items.iter().enumerate() {
                    if let (1.., Some(separator)) = (i, separator) {
                        self.arg(separator);
                    }
                    self.arg(item);
                }
            }
            Elements::Some(items) => {
                let pick = self.choose(None, items.len());
                match items.into_iter().nth(pick) {
                    Some(item) => self.arg(&item),
                    None => self.dynamic(false),
                }
            }
            Elements::Unknown => self.dynamic(false),
        }
    }

    /// Writes a method call on a SQL object; false: not one that is known here.
    pub(super) fn method(&mut self, object: &Arg, name: &str, args: &[Arg]) -> bool {
        match name {
            "mapWith" | "getSQL" | "$type" if self.is_sql(object) => self.arg(object),
            "inlineParams" => {
                let outer = std::mem::replace(&mut self.inline, true);
                self.arg(object);
                self.inline = outer;
            }
            "append" if self.is_sql(object) => {
                self.arg(object);
                if let Some(arg) = args.first() {
                    self.arg(arg);
                }
            }
            "if" if self.is_sql(object) => {
                let known = args.first().and_then(|it| self.value_of(it).truthy());
                let condition = match args.first() {
                    Some(Arg::Expr(id)) => super::condition_key(self.env, *id),
                    _ => None,
                };
                let holds = known.unwrap_or_else(|| self.choose(condition, 2) == 0);
                if holds {
                    self.arg(object);
                }
            }
            // In SQL, what has an alias is written by it.
            "as" if self.is_sql(object) => match args.first() {
                Some(name) => self.identifier_arg(name),
                None => self.arg(object),
            },
            _ => return false,
        }
        true
    }

    /// Whether something is a SQL object for certain: a template, an operator's call.
    fn is_sql(&self, arg: &Arg) -> bool {
        match arg {
            Arg::Expr(id) => match &self.env.module.expr(*id).kind {
                ExprKind::Template(it) => it.tag.is_some(),
                ExprKind::Assertion { expr, .. } => self.is_sql(&Arg::Expr(*expr)),
                ExprKind::Call { callee, .. } => {
                    self.drizzle_function(*callee).is_some_and(|it| gives_sql(&it))
                        || match &self.env.module.expr(*callee).kind {
                            ExprKind::Member { object, .. } => self.is_sql(&Arg::Expr(*object)),
                            _ => false,
                        }
                }
                ExprKind::Ident(_) => self.is_sql(&Arg::Value((self.env.value)(*id))),
                _ => false,
            },
            Arg::Value(value) => match &*value.kind {
                ValueKind::Template { tag: Some(_), .. } => true,
                ValueKind::Call { callee, .. } => match &*callee.kind {
                    ValueKind::External { package, path } => {
                        package.starts_with("drizzle-orm")
                            && match path.as_slice() {
                                [.., sql, name] if sql == "sql" => {
                                    gives_sql(&smol_str::format_smolstr!("sql.{name}"))
                                }
                                [.., name] => gives_sql(name),
                                [] => false,
                            }
                    }
                    ValueKind::Member { object, .. } => self.is_sql(&Arg::Value(object.clone())),
                    _ => false,
                },
                _ => false,
            },
        }
    }
}

/// Functions of drizzle-orm that give a SQL object.
fn gives_sql(name: &str) -> bool {
    binary_operator(name).is_some()
        || matches!(
            name,
            "and"
                | "or"
                | "not"
                | "isNull"
                | "isNotNull"
                | "exists"
                | "notExists"
                | "between"
                | "notBetween"
                | "inArray"
                | "notInArray"
                | "asc"
                | "desc"
                | "count"
                | "countDistinct"
                | "avg"
                | "avgDistinct"
                | "sum"
                | "sumDistinct"
                | "max"
                | "min"
                | "sql.raw"
                | "sql.join"
                | "sql.empty"
                | "sql.fromList"
        )
        || name.ends_with("Distance")
        || name == "innerProduct"
}

fn binary_operator(name: &str) -> Option<&'static str> {
    Some(match name {
        "eq" => " = ",
        "ne" => " <> ",
        "gt" => " > ",
        "gte" => " >= ",
        "lt" => " < ",
        "lte" => " <= ",
        "like" => " like ",
        "notLike" => " not like ",
        "ilike" => " ilike ",
        "notIlike" => " not ilike ",
        "arrayContains" => " @> ",
        "arrayContained" => " <@ ",
        "arrayOverlaps" => " && ",
        _ => return None,
    })
}
