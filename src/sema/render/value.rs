//! Evaluated values → SQL text.

use smol_str::SmolStr;

use super::hole::Elements;
use super::library;
use super::{Library, Renderer};
use crate::catalog::{Entity, QualifiedName};
use crate::project::eval::{GLOBAL, Site, Value, ValueKind};
use crate::sema::fragment::ScopeRelation;
use crate::sql::Ident;
use crate::ts::hir::ExprId;

/// Something to render: an expression of the file, which says more, or a value.
#[derive(Debug, Clone)]
pub(super) enum Arg {
    Expr(ExprId),
    Value(Value),
}

/// A table or view in a hole.
pub(super) struct TableRef {
    pub relation: ScopeRelation,
}

impl Renderer<'_, '_> {
    pub(super) fn arg(&mut self, arg: &Arg) {
        match arg {
            Arg::Expr(id) => self.expr(*id),
            Arg::Value(value) => self.value(value, None),
        }
    }

    /// The value of an argument.
    pub(super) fn value_of(&self, arg: &Arg) -> Value {
        match arg {
            Arg::Expr(id) => (self.env.value)(*id),
            Arg::Value(value) => value.clone(),
        }
    }

    /// A table, column, enum or schema: what a name means for certain.
    pub(super) fn is_entity(&self, value: &Value) -> bool {
        value.decl.as_ref().is_some_and(|it| self.env.catalog.decls.contains_key(it))
            || self.table_of(value).is_some()
    }

    pub(super) fn table_of(&self, value: &Value) -> Option<TableRef> {
        if let Some(name) = value.decl.as_ref().and_then(|it| self.env.relation_of(it)) {
            return Some(TableRef { relation: ScopeRelation { name: name.clone(), alias: None } });
        }
        let ValueKind::Call { callee, args, .. } = &*value.kind else { return None };
        let (package, path) = callee.as_external()?;
        if !package.starts_with("drizzle-orm") {
            return None;
        }
        let table = self.table_of(args.first()?)?;
        match path.last()?.as_str() {
            "alias" | "aliasedTable" => {
                let alias = Ident::new(args.get(1)?.as_str()?.clone());
                Some(TableRef { relation: ScopeRelation { alias: Some(alias), ..table.relation } })
            }
            "getTableColumns" | "getColumns" | "getViewSelectedFields" => Some(table),
            _ => None,
        }
    }

    /// Writes a value; what is not known becomes dynamic.
    pub(super) fn value(&mut self, value: &Value, expr: Option<ExprId>) {
        if !self.value_or_not(value, expr) {
            self.dynamic(false);
        }
    }

    /// Writes a value, if it is known what it renders to.
    pub(super) fn value_or_not(&mut self, value: &Value, expr: Option<ExprId>) -> bool {
        if self.depth >= super::MAX_DEPTH || self.steps > super::MAX_STEPS {
            return false;
        }
        self.depth += 1;
        self.steps += 1;
        let res = self.value_inner(value, expr);
        self.depth -= 1;
        res
    }

    fn value_inner(&mut self, value: &Value, expr: Option<ExprId>) -> bool {
        if let Some(entity) = value.decl.as_ref().and_then(|it| self.env.catalog.decls.get(it)) {
            match entity {
                Entity::Relation(name) | Entity::Enum(name) => self.qualified(&name.clone()),
                Entity::Schema(name) => self.identifier(name.as_str()),
                Entity::Sequence(_) => return false,
            }
            return true;
        }
        match &*value.kind {
            ValueKind::Undefined => {}
            ValueKind::String(_)
            | ValueKind::Number(_)
            | ValueKind::BigInt(_)
            | ValueKind::Bool(_)
            | ValueKind::Null => self.plain(value, expr),
            ValueKind::Regex(_) | ValueKind::Object { .. } => self.param(expr),
            ValueKind::Array { items, open: false } => {
                let items: Vec<Arg> = items.iter().cloned().map(Arg::Value).collect();
                self.list(&items);
            }
            ValueKind::Template { tag: None, .. } => self.param(expr),
            ValueKind::Template { tag: Some(tag), quasis, holes, .. } => {
                if library::of_value(tag) != Library::Drizzle && !self.is_operator_sql(tag) {
                    return false;
                }
                self.template_value(quasis, holes);
            }
            ValueKind::Member { object, name, .. } => return self.member(value, object, name, expr),
            ValueKind::Call { callee, args, .. } => return self.call_value(value, callee, args),
            ValueKind::New { callee, .. } => match callee.as_external() {
                Some((GLOBAL, path)) if path.last().is_some_and(|it| it == "Date") => self.param(expr),
                _ => return false,
            },
            ValueKind::External { package, path } => {
                // `process.env.X`.
                let data =
                    package == GLOBAL && path.first().is_some_and(|it| it == "process") && path.len() > 1;
                if !data {
                    return false;
                }
                self.param(expr);
            }
            ValueKind::OneOf(values) => {
                let pick = self.choose(None, values.len());
                match values.get(pick) {
                    Some(value) => return self.value_or_not(value, expr),
                    None => return false,
                }
            }
            _ => return false,
        }
        true
    }

    /// `sql` of the operators that relational queries hand out.
    fn is_operator_sql(&self, tag: &Value) -> bool {
        matches!(tag.as_external(), Some((package, path))
            if package.starts_with("drizzle-orm") && path.last().is_some_and(|it| it == "sql"))
    }

    fn template_value(&mut self, quasis: &[SmolStr], holes: &[Value]) {
        self.templates += 1;
        for (i, quasi) in quasis.iter().enumerate() {
            self.push(quasi);
            if let Some(hole) = holes.get(i) {
                self.value(hole, None);
            }
        }
        self.templates -= 1;
    }

    fn plain(&mut self, value: &Value, expr: Option<ExprId>) {
        if !self.inline {
            return self.param(expr);
        }
        match &*value.kind {
            ValueKind::String(it) => self.push(&format!("'{}'", it.replace('\'', "''"))),
            ValueKind::Number(it) => self.push(it),
            ValueKind::Bool(it) => self.push(if *it { "true" } else { "false" }),
            ValueKind::Null => self.push("null"),
            _ => self.dynamic(false),
        }
    }

    /// A relation or type as Drizzle writes it: the schema only where one was said.
    pub(super) fn qualified(&mut self, name: &QualifiedName) {
        if name.schema.as_str() != "public" {
            self.identifier(name.schema.as_str());
            self.push(".");
        }
        self.identifier(name.name.as_str());
    }

    pub(super) fn table(&mut self, table: &TableRef) {
        match &table.relation.alias {
            Some(alias) => self.identifier(alias.as_str()),
            None => self.qualified(&table.relation.name),
        }
    }

    fn member(&mut self, value: &Value, object: &Value, name: &str, expr: Option<ExprId>) -> bool {
        if let Some(table) = self.table_of(object) {
            return self.column(&table, name);
        }
        // `users.id.name`: a string of Drizzle's.
        if let ValueKind::Member { object: table, .. } = &*object.kind
            && self.table_of(table).is_some()
        {
            match name {
                "name" | "dataType" | "columnType" => self.param(expr),
                _ => return false,
            }
            return true;
        }
        let _ = value;
        false
    }

    /// `"users"."email"`.
    fn column(&mut self, table: &TableRef, key: &str) -> bool {
        let Some(relation) = self.env.catalog.relations.get(&table.relation.name) else { return false };
        let column = relation.columns.iter().find(|it| it.key.as_deref() == Some(key));
        let Some(name) = column.map(|it| it.name.as_str().to_owned()) else { return false };
        if !self.is_bare() {
            self.table(table);
            self.push(".");
        }
        self.identifier(&name);
        self.mention(table.relation.clone());
        true
    }

    fn call_value(&mut self, value: &Value, callee: &Value, args: &[Value]) -> bool {
        if let Some(table) = self.table_of(value) {
            self.table(&table);
            return true;
        }
        let given: Vec<Arg> = args.iter().cloned().map(Arg::Value).collect();
        if let Some(function) = drizzle_function(callee) {
            return self.drizzle_call(&function, &given);
        }
        if let ValueKind::Member { object, name, .. } = &*callee.kind {
            if self.method(&Arg::Value(object.clone()), name, &given) {
                return true;
            }
            if super::kind::VALUE_METHODS.contains(&name.as_str()) {
                self.param(None);
                return true;
            }
        }
        match callee.as_external() {
            Some((package, path)) if gives_values(package, path) => {
                self.param(None);
                true
            }
            _ => match super::builder::of_value(value) {
                Some(chain) => {
                    self.builder(chain);
                    true
                }
                None => false,
            },
        }
    }

    /// Whether a value renders without anything dynamic in it, as far as can be told beforehand.
    pub(super) fn is_known(&self, value: &Value, depth: u32) -> bool {
        if depth > 24 {
            return false;
        }
        if self.is_entity(value) {
            return true;
        }
        match &*value.kind {
            ValueKind::Unknown | ValueKind::Namespace(_) | ValueKind::Closure(_) | ValueKind::Bound(_) => {
                false
            }
            ValueKind::Array { items, open } => !open && items.iter().all(|it| self.is_known(it, depth + 1)),
            ValueKind::Template { holes, .. } => holes.iter().all(|it| self.is_known(it, depth + 1)),
            ValueKind::Call { callee, args, .. } => {
                args.iter().all(|it| self.is_known(it, depth + 1))
                    && match &*callee.kind {
                        ValueKind::Member { object, .. } => self.is_known(object, depth + 1),
                        ValueKind::External { .. } => true,
                        _ => false,
                    }
            }
            ValueKind::Member { object, .. } => self.is_known(object, depth + 1),
            ValueKind::OneOf(values) => values.iter().all(|it| self.is_known(it, depth + 1)),
            _ => true,
        }
    }

    /// `value.name`, where evaluation has not gone that way.
    pub(super) fn member_of(&self, value: &Value, name: &str) -> Value {
        if let Some(entries) = value.as_object() {
            return entries
                .iter()
                .find(|it| it.key == name)
                .map_or_else(Value::unknown, |it| it.value.clone());
        }
        ValueKind::Member { object: value.clone(), name: name.into(), site: Site::NOWHERE }.into()
    }

    /// A value as text in the SQL.
    pub(super) fn value_text(&mut self, value: &Value) {
        match &*value.kind {
            ValueKind::String(text) => self.push(text),
            ValueKind::Number(text) => self.push(text),
            ValueKind::Bool(value) => self.push(if *value { "true" } else { "false" }),
            ValueKind::Template { tag: None, quasis, holes, .. } => {
                for (i, quasi) in quasis.iter().enumerate() {
                    self.push(quasi);
                    if let Some(hole) = holes.get(i) {
                        self.value_text(hole);
                    }
                }
            }
            ValueKind::OneOf(values) => {
                let pick = self.choose(None, values.len());
                match values.get(pick) {
                    Some(value) => self.value_text(value),
                    None => self.dynamic(false),
                }
            }
            // The name of a column: its key unless it was given one; the casing of the configuration is not in it.
            ValueKind::Member { object, name, .. } if name == "name" => match self.column_name(object) {
                Some(name) => self.push(&name),
                None => self.dynamic(true),
            },
            _ => self.dynamic(false),
        }
    }

    fn column_name(&self, column: &Value) -> Option<SmolStr> {
        let ValueKind::Member { object, name, .. } = &*column.kind else { return None };
        let table = self.table_of(object)?;
        let relation = self.env.catalog.relations.get(&table.relation.name)?;
        let column = relation.columns.iter().find(|it| it.key.as_deref() == Some(name))?;
        (column.name.as_str() == name).then(|| name.clone())
    }

    /// `"name"` of an argument that is a string.
    pub(super) fn identifier_arg(&mut self, arg: &Arg) {
        let Some(arg) = self.settle(arg.clone()) else { return self.dynamic(true) };
        let value = self.value_of(&arg);
        match &*value.kind {
            ValueKind::String(name) => self.identifier(name),
            ValueKind::OneOf(values) => {
                let pick = self.choose(None, values.len());
                match values.get(pick).and_then(|it| it.as_str().cloned()) {
                    Some(name) => self.identifier(&name),
                    None => self.dynamic(true),
                }
            }
            ValueKind::Member { object, name, .. } if name == "name" => match self.column_name(object) {
                Some(name) => self.identifier(&name),
                None => self.dynamic(true),
            },
            _ => self.dynamic(true),
        }
    }

    /// The elements of an argument.
    pub(super) fn items(&mut self, arg: &Arg) -> Elements {
        self.elements(arg)
    }

    /// The function of drizzle-orm that a callee is.
    pub(super) fn drizzle_function(&self, callee: ExprId) -> Option<SmolStr> {
        use crate::ts::hir::{BindingKind, ExprKind};
        let value = (self.env.value)(callee);
        if let Some(found) = drizzle_function(&value) {
            return Some(found);
        }
        if !value.is_unknown() {
            return None;
        }
        // `(t, { eq, sql }) => …`: operators that relational queries hand out.
        let module = self.env.module;
        let expr = module.expr(callee);
        let (name, prefix) = match &expr.kind {
            ExprKind::Ident(name) => (name, None),
            ExprKind::Member { object, name, .. } => match &module.expr(*object).kind {
                ExprKind::Ident(it) => (it, Some(name)),
                _ => return None,
            },
            _ => return None,
        };
        let (_, binding) = module.lookup(expr.scope, name)?;
        match (&binding.kind, prefix) {
            (BindingKind::Param { index: 1, path }, None) if path.len() == 1 => path.first().cloned(),
            (BindingKind::Param { index: 1, path }, Some(method)) => match path.as_slice() {
                [it] if it == "sql" => Some(smol_str::format_smolstr!("sql.{method}")),
                [] => Some(method.clone()),
                _ => None,
            },
            _ => None,
        }
    }
}

/// `eq`, `sql.join`: the function of drizzle-orm that a callee is.
pub fn drizzle_function(callee: &Value) -> Option<SmolStr> {
    let (package, path) = callee.as_external()?;
    if package != "drizzle-orm" && !package.starts_with("drizzle-orm/") {
        return None;
    }
    match path {
        [.., sql, name] if sql == "sql" => Some(smol_str::format_smolstr!("sql.{name}")),
        [.., name] => Some(name.clone()),
        [] => None,
    }
}

/// Packages whose functions give plain values.
fn gives_values(package: &str, path: &[SmolStr]) -> bool {
    const PACKAGES: [&str; 12] = [
        "nanoid",
        "uuid",
        "crypto",
        "node:crypto",
        "@paralleldrive/cuid2",
        "ulid",
        "ulidx",
        "date-fns",
        "dayjs",
        "bcrypt",
        "bcryptjs",
        "slugify",
    ];
    PACKAGES.contains(&package)
        || package == GLOBAL
            && matches!(
                path.iter().map(SmolStr::as_str).collect::<Vec<_>>().as_slice(),
                ["Number" | "String" | "Boolean" | "BigInt" | "parseInt" | "parseFloat"]
                    | ["Math" | "JSON" | "Date" | "crypto" | "Number", _]
            )
}
