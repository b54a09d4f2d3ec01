//! The SQL text of Drizzle's `sql` values and filter operators, as drizzle-kit writes them into snapshots. What
//! is not understood has no text.

use smol_str::{SmolStr, format_smolstr};

use super::chain::{Head, is_drizzle, number, string, unwind};
use super::reader::Reader;
use super::{Family, Line};
use crate::project::eval::{Value, ValueKind};

/// How columns are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Columns {
    /// `"users"."email"`: checks, predicates, policies.
    Qualified,
    /// `"email"`: index expressions, and everything of one table in 1.0.
    Bare,
    /// The same in the selection of a view's query, which 0.x writes before it knows of casing.
    Raw,
    /// `"users"."email"`, written as early: SQLite's selections with joins.
    QualifiedRaw,
}

pub struct Renderer<'a, 'e> {
    pub reader: &'a Reader<'e>,
    pub family: Family,
    pub columns: Columns,
    /// Number of parameters written so far.
    n_params: u32,
    /// A literal is written into the text instead of becoming a parameter.
    inline: bool,
}

impl<'a, 'e> Renderer<'a, 'e> {
    pub fn new(reader: &'a Reader<'e>, family: Family, columns: Columns) -> Renderer<'a, 'e> {
        Renderer { reader, family, columns, n_params: 0, inline: false }
    }

    /// Literals are written into the text.
    pub fn inlined(self) -> Self {
        Renderer { inline: true, ..self }
    }

    /// The text of a value that stands where SQL is expected: a `sql` template, `sql.raw(…)`, an operator call.
    pub fn sql(&mut self, value: &Value) -> Option<SmolStr> {
        let mut res = String::new();
        self.write(value, &mut res)?;
        Some(res.into())
    }

    pub fn ident(&self, name: &str) -> String {
        match self.family {
            Family::Mysql | Family::Singlestore => format!("`{}`", name.replace('`', "``")),
            _ => format!("\"{}\"", name.replace('"', "\"\"")),
        }
    }

    fn write(&mut self, value: &Value, out: &mut String) -> Option<()> {
        match &*value.kind {
            ValueKind::Template { tag: Some(tag), quasis, holes, .. } if is_sql_tag(tag) => {
                self.template(quasis, holes, out)
            }
            ValueKind::Undefined => Some(()),
            ValueKind::Array { items, open: false } => {
                out.push('(');
                self.list(items, ", ", out)?;
                out.push(')');
                Some(())
            }
            ValueKind::String(_)
            | ValueKind::Number(_)
            | ValueKind::BigInt(_)
            | ValueKind::Bool(_)
            | ValueKind::Null => self.literal(value, out),
            ValueKind::Member { .. } => self.column(value, out),
            ValueKind::External { package, path } if package == "drizzle-orm/supabase" => {
                out.push_str(match path.last()?.as_str() {
                    "authUid" => "(select auth.uid())",
                    "realtimeTopic" => "realtime.topic()",
                    _ => return None,
                });
                Some(())
            }
            ValueKind::Call { .. } => self.call(value, out),
            _ => None,
        }
    }

    fn template(&mut self, quasis: &[SmolStr], holes: &[Value], out: &mut String) -> Option<()> {
        for (idx, quasi) in quasis.iter().enumerate() {
            out.push_str(quasi);
            if let Some(hole) = holes.get(idx) {
                self.write(hole, out)?;
            }
        }
        Some(())
    }

    fn list(&mut self, items: &[Value], separator: &str, out: &mut String) -> Option<()> {
        for (idx, item) in items.iter().enumerate() {
            if idx > 0 {
                out.push_str(separator);
            }
            self.write(item, out)?;
        }
        Some(())
    }

    fn literal(&mut self, value: &Value, out: &mut String) -> Option<()> {
        if !self.inline {
            self.n_params += 1;
            match self.family {
                Family::Pg | Family::Gel | Family::Cockroach => out.push_str(&format!("${}", self.n_params)),
                _ => out.push('?'),
            }
            return Some(());
        }
        match &*value.kind {
            ValueKind::String(it) => out.push_str(&format!("'{}'", it.replace('\'', "''"))),
            ValueKind::Bool(it) => out.push_str(if *it { "true" } else { "false" }),
            ValueKind::Null => out.push_str("null"),
            _ => out.push_str(&number(value)?),
        }
        Some(())
    }

    fn column(&mut self, value: &Value, out: &mut String) -> Option<()> {
        let (table, idx) = self.reader.column_draft_of(value)?;
        let column = table.columns.get(idx)?;
        let early = matches!(self.columns, Columns::Raw | Columns::QualifiedRaw);
        let raw = early && self.reader.line == Line::V0;
        let column = self.ident(if raw { &column.raw_name } else { &column.name });
        if matches!(self.columns, Columns::Bare | Columns::Raw) {
            out.push_str(&column);
            return Some(());
        }
        if table.explicit_schema {
            out.push_str(&self.ident(table.name.schema.as_str()));
            out.push('.');
        }
        out.push_str(&self.ident(table.name.name.as_str()));
        out.push('.');
        out.push_str(&column);
        Some(())
    }

    fn call(&mut self, value: &Value, out: &mut String) -> Option<()> {
        let chain = unwind(value);
        if let Some((schema, name)) = self.reader.relation_text(value) {
            if let Some(schema) = schema {
                out.push_str(&self.ident(&schema));
                out.push('.');
            }
            out.push_str(&self.ident(&name));
            return Some(());
        }
        for method in &chain.methods {
            match method.name {
                "as" | "mapWith" | "$type" | "if" => {}
                "inlineParams" => {
                    let outer = std::mem::replace(&mut self.inline, true);
                    let res = self.head(&chain.head, out);
                    self.inline = outer;
                    return res;
                }
                "append" => return None,
                _ => return None,
            }
        }
        self.head(&chain.head, out)
    }

    fn head(&mut self, head: &Head<'_>, out: &mut String) -> Option<()> {
        let (package, path, args) = match head {
            Head::Call { package, path, args, .. } => (*package, *path, *args),
            Head::Value(value) => return self.write(value, out),
            Head::Applied { .. } => return None,
        };
        if !is_drizzle(package) {
            return None;
        }
        let names: Vec<&str> = path.iter().map(SmolStr::as_str).collect();
        match (names.as_slice(), args) {
            (["sql", "raw"], [text]) => out.push_str(string(text)?),
            (["sql", "identifier"], [name]) => out.push_str(&self.ident(string(name)?)),
            (["sql", "empty"], _) => {}
            (["sql", "join"], [list, rest @ ..]) => {
                let ValueKind::Array { items, open: false } = &*list.kind else { return None };
                let mut separator = String::new();
                if let Some(it) = rest.first() {
                    self.write(it, &mut separator)?;
                }
                self.list(items, &separator, out)?;
            }
            (["sql", "param"], [inner, ..]) => self.write(inner, out)?,
            ([function], args) => self.operator(function, args, out)?,
            _ => return None,
        }
        Some(())
    }

    /// A column may write its values in a way of its own: then a literal beside it is not written as it is.
    fn is_encoded(&self, column: &Value, literal: &Value) -> bool {
        let Some((table, idx)) = self.reader.column_draft_of(column) else { return false };
        let Some(draft) = table.columns.get(idx) else { return false };
        match &*literal.kind {
            ValueKind::String(_) => draft.base_type.starts_with("json") || draft.mode.is_some(),
            ValueKind::Number(_) | ValueKind::BigInt(_) => {
                matches!(draft.mode.as_deref(), Some("boolean" | "timestamp" | "timestamp_ms" | "date"))
            }
            ValueKind::Bool(_) => self.family != Family::Pg,
            _ => false,
        }
    }

    fn operator(&mut self, function: &str, args: &[Value], out: &mut String) -> Option<()> {
        let next = self.reader.line == Line::V1;
        let infix = match function {
            "eq" => "=",
            "ne" => "<>",
            "gt" => ">",
            "gte" => ">=",
            "lt" => "<",
            "lte" => "<=",
            "like" => "like",
            "notLike" => "not like",
            "ilike" => "ilike",
            "notIlike" => "not ilike",
            _ => "",
        };
        match (function, args) {
            (_, [left, right]) if !infix.is_empty() => {
                self.write(left, out)?;
                out.push_str(&format!(" {infix} "));
                if self.inline && self.is_encoded(left, right) {
                    return None;
                }
                self.write(right, out)?;
            }
            ("isNull" | "isNotNull", [operand]) => {
                let (open, close) = if next { ("(", ")") } else { ("", "") };
                out.push_str(open);
                self.write(operand, out)?;
                out.push_str(if function == "isNull" { " is null" } else { " is not null" });
                out.push_str(close);
            }
            ("not", [operand]) => {
                let (open, close) = if next && is_condition(operand) { ("(", ")") } else { ("", "") };
                out.push_str("not ");
                out.push_str(open);
                self.write(operand, out)?;
                out.push_str(close);
            }
            ("and" | "or", args) => {
                let parts: Vec<&Value> =
                    args.iter().filter(|it| !matches!(*it.kind, ValueKind::Undefined)).collect();
                match parts.as_slice() {
                    [] => {}
                    [one] => self.write(one, out)?,
                    parts => {
                        let (open, close) = if next { ("((", "))") } else { ("(", ")") };
                        out.push_str(open);
                        for (idx, part) in parts.iter().enumerate() {
                            if idx > 0 {
                                let joint =
                                    if next { format!(") {function} (") } else { format!(" {function} ") };
                                out.push_str(&joint);
                            }
                            self.write(part, out)?;
                        }
                        out.push_str(close);
                    }
                }
            }
            ("inArray" | "notInArray", [operand, list]) => {
                let ValueKind::Array { items, open: false } = &*list.kind else { return None };
                if items.is_empty() {
                    out.push_str(match (function, next) {
                        ("inArray", false) => "false",
                        ("inArray", true) => "1 = 0",
                        (_, false) => "true",
                        (_, true) => "1 = 1",
                    });
                    return Some(());
                }
                self.write(operand, out)?;
                out.push_str(if function == "inArray" { " in (" } else { " not in (" });
                self.list(items, ", ", out)?;
                out.push(')');
            }
            ("between" | "notBetween", [operand, low, high]) => {
                self.write(operand, out)?;
                out.push_str(if function == "between" { " between " } else { " not between " });
                self.write(low, out)?;
                out.push_str(" and ");
                self.write(high, out)?;
            }
            ("asc" | "desc", [operand]) => {
                self.write(operand, out)?;
                out.push_str(&format!(" {function}"));
            }
            // Of `drizzle-orm/neon`.
            ("authUid", [user]) => {
                out.push_str("(select auth.user_id() = ");
                self.write(user, out)?;
                out.push(')');
            }
            ("count", []) => out.push_str("count(*)"),
            ("count" | "avg" | "sum" | "max" | "min", [operand]) => {
                out.push_str(&format_smolstr!("{function}("));
                self.write(operand, out)?;
                out.push(')');
            }
            _ => return None,
        }
        Some(())
    }
}

/// The tag of a `sql` template: drizzle-orm's, whatever it is called in the file.
pub fn is_sql_tag(tag: &Value) -> bool {
    matches!(&*tag.kind, ValueKind::External { package, path }
        if is_drizzle(package) && path.last().is_some_and(|it| it == "sql"))
}

/// SQL, or a call of one of Drizzle's operators.
fn is_condition(value: &Value) -> bool {
    is_sql(value) || matches!(unwind(value).head, Head::Call { package, .. } if is_drizzle(package))
}

/// The value is SQL text of some kind, not a plain value.
pub fn is_sql(value: &Value) -> bool {
    let chain = unwind(value);
    match &chain.head {
        Head::Value(it) => matches!(&*it.kind, ValueKind::Template { tag: Some(tag), .. } if is_sql_tag(tag)),
        Head::Call { package, path, .. } => is_drizzle(package) && path.first().is_some_and(|it| it == "sql"),
        Head::Applied { .. } => false,
    }
}
