//! A script as rules see it: its tree, what its expressions mean, the database it talks to.

use std::cell::OnceCell;
use std::sync::Arc;

use smol_str::SmolStr;

use crate::base::file::FileId;
use crate::base::text::{TextRange, slice};
use crate::catalog::{Catalog, Column, QualifiedName, Relation};
use crate::db::{Look, SqlUnit};
use crate::embed::Fragment;
use crate::project::database::Database;
use crate::project::eval::{Value, ValueKind};
use crate::sema::fragment::{Env, ScopeRelation, chain};
use crate::sema::render::kind::{self, Kind};
use crate::sema::render::values::Values;
use crate::sema::render::{self, Library};
use crate::sql::Dialect;
use crate::ts::hir::{Binding, BindingKind, ExprId, ExprKind, Function, ImportName, Module, ScopeId};

use super::builder::{self, Query};

/// Longer templates and chains of names than these are not followed.
const MAX_STEPS: usize = 32;

pub struct Script<'a> {
    pub look: &'a Look<'a>,
    pub file: FileId,
    pub text: &'a str,
    pub module: &'a Module,
    /// The database that the file belongs to.
    pub database: Option<&'a Database>,
    /// That database's; empty where there is none.
    catalog: &'a Catalog,
    values: Values<'a>,
    queries: OnceCell<Vec<Query>>,
    fragments: Arc<Vec<Fragment>>,
}

impl<'a> Script<'a> {
    pub fn new(
        look: &'a Look<'a>,
        module: &'a Module,
        database: Option<&'a Database>,
        catalog: &'a Catalog,
    ) -> Script<'a> {
        Script {
            look,
            file: look.file,
            text: &look.state.text,
            module,
            database,
            catalog,
            values: Values::new(look.eval, catalog, module, look.file),
            queries: OnceCell::new(),
            fragments: look.state.fragments(),
        }
    }

    pub fn expr(&self, id: ExprId) -> &'a ExprKind {
        &self.module.expr(id).kind
    }

    pub fn range(&self, id: ExprId) -> TextRange {
        self.module.expr(id).range
    }

    pub fn source(&self, id: ExprId) -> &'a str {
        slice(self.text, self.range(id))
    }

    /// What an expression's value is known to be.
    pub fn value(&self, id: ExprId) -> Value {
        self.values.value(id)
    }

    /// Every expression.
    pub fn ids(&self) -> impl Iterator<Item = ExprId> + use<> {
        (0..u32::try_from(self.module.exprs.len()).unwrap_or(u32::MAX)).map(ExprId)
    }

    /// Query builder chains, in text order.
    pub fn queries(&self) -> &[Query] {
        self.queries.get_or_init(|| builder::queries(self))
    }

    /// SQL in templates and strings.
    pub fn fragments(&self) -> &[Fragment] {
        &self.fragments
    }

    /// The analysed renderings of a fragment.
    pub fn units<'s>(&'s self, fragment: &'s Fragment) -> impl Iterator<Item = &'s SqlUnit> {
        self.look.analysis.units.iter().filter(|it| it.host == fragment.host)
    }

    fn env<R>(&self, each: impl FnOnce(&Env<'_>) -> R) -> R {
        let value = |id| self.values.value(id);
        let package = |file: FileId, ty: &str, path: &[SmolStr]| self.values.package(file, ty, path);
        each(&Env {
            module: self.module,
            file: self.file,
            catalog: self.catalog,
            value: &value,
            package: &package,
        })
    }

    /// What an expression of unknown value must be: a plain value, an array of such, or perhaps SQL.
    pub fn kind(&self, id: ExprId) -> Kind {
        self.env(|env| kind::of_expr(env, id))
    }

    /// Whose tag a fragment has.
    pub fn library(&self, fragment: &Fragment) -> Library {
        self.env(|env| render::library_of(env, fragment))
    }

    pub fn is_postgres(&self) -> bool {
        self.database.is_some_and(|it| it.dialect == Dialect::Postgres)
    }

    /// The table or view that a value is, under an alias or not.
    pub fn relation_of(&self, value: &Value) -> Option<ScopeRelation> {
        let res = self.env(|env| chain::relation(env, value))?;
        self.look.note(res.name.name.as_str());
        Some(res)
    }

    pub fn relation(&self, id: ExprId) -> Option<ScopeRelation> {
        self.relation_of(&self.value(id))
    }

    /// What a catalog knows of a relation.
    pub fn table(&self, name: &QualifiedName) -> Option<&'a Arc<Relation>> {
        self.look.note(name.name.as_str());
        self.catalog.relations.get(name)
    }

    /// The column that a value is: `users.email`.
    pub fn column_of(&self, value: &Value) -> Option<(ScopeRelation, &'a Column)> {
        let ValueKind::Member { object, name, .. } = &*value.kind else { return None };
        let relation = self.relation_of(object)?;
        let table = self.table(&relation.name)?;
        let column = table.columns.iter().find(|it| it.key.as_ref() == Some(name))?;
        Some((relation, column))
    }

    pub fn column(&self, id: ExprId) -> Option<(ScopeRelation, &'a Column)> {
        self.column_of(&self.value(id))
    }

    /// What types, casts and operators are looked up in. Names that are looked up must be noted.
    pub fn catalog(&self) -> &'a Catalog {
        self.catalog
    }

    /// The function of drizzle-orm that an expression is: `eq`, `sql`, `sql.raw`.
    pub fn drizzle(&self, callee: ExprId) -> Option<SmolStr> {
        let value = self.value(callee);
        render::drizzle_function(&value)
    }

    /// The last name of a callee, for a quick look before [`Script::drizzle`]; imported names by what they were exported as.
    pub fn drizzle_call_name(&self, callee: ExprId) -> Option<&'a str> {
        match self.expr(callee) {
            ExprKind::Ident(name) => match self.binding(callee)?.1.kind {
                BindingKind::Import(idx) => match &self.module.imports.get(idx as usize)?.name {
                    ImportName::Named(name) => Some(name),
                    _ => Some(name),
                },
                _ => Some(name),
            },
            ExprKind::Member { name, .. } => Some(name),
            _ => None,
        }
    }

    /// The package whose `drizzle(…)` made the handle that a call is made through, where that is known.
    pub fn driver(&self, call: ExprId) -> Option<SmolStr> {
        let mut current = call;
        for _ in 0..MAX_STEPS * 2 {
            match self.expr(current) {
                ExprKind::Call { callee, .. } => current = *callee,
                ExprKind::Member { object, .. } => {
                    if let Some(package) = self.driver_of(*object) {
                        return Some(package);
                    }
                    current = *object;
                }
                ExprKind::Ident(_) => current = self.transaction_of(current)?,
                _ => break,
            }
        }
        None
    }

    /// The package whose `drizzle(…)` made a handle.
    pub fn driver_of(&self, handle: ExprId) -> Option<SmolStr> {
        match &*self.value(handle).kind {
            ValueKind::Call { callee, .. } => match callee.as_external()? {
                (package, [name]) if name == "drizzle" => Some(package.into()),
                _ => None,
            },
            _ => None,
        }
    }

    /// `db.transaction`, where a name is the handle that its callback gets.
    pub fn transaction_of(&self, handle: ExprId) -> Option<ExprId> {
        let (scope, binding) = self.binding(handle)?;
        let BindingKind::Param { index: 0, path } = &binding.kind else { return None };
        let function = self.module.scope(scope).function.filter(|_| path.is_empty())?;
        let (callee, args) = self.call(self.parent(function)?)?;
        match self.expr(callee) {
            ExprKind::Member { name, .. } if name == "transaction" && args.first() == Some(&function) => {
                Some(callee)
            }
            _ => None,
        }
    }

    /// A table, column, enum or schema.
    pub fn is_entity(&self, id: ExprId) -> bool {
        let value = self.value(id);
        value.decl.as_ref().is_some_and(|it| self.catalog.decls.contains_key(it))
            || self.relation_of(&value).is_some()
            || self.column_of(&value).is_some()
    }

    /// Callee and arguments of a call.
    pub fn call(&self, id: ExprId) -> Option<(ExprId, &'a [ExprId])> {
        match self.expr(id) {
            ExprKind::Call { callee, args, .. } => Some((*callee, args)),
            _ => None,
        }
    }

    /// Receiver, name and arguments of a method call.
    pub fn method(&self, id: ExprId) -> Option<(ExprId, &'a SmolStr, &'a [ExprId])> {
        let (callee, args) = self.call(id)?;
        match self.expr(callee) {
            ExprKind::Member { object, name, .. } => Some((*object, name, args)),
            _ => None,
        }
    }

    /// The expression without assertions around it.
    pub fn bare(&self, mut id: ExprId) -> ExprId {
        for _ in 0..MAX_STEPS {
            match self.expr(id) {
                ExprKind::Assertion { expr, .. } => id = *expr,
                _ => break,
            }
        }
        id
    }

    pub fn parent(&self, id: ExprId) -> Option<ExprId> {
        self.module.expr(id).parent
    }

    /// The program asks whether an expression holds: `if (!it) return;`, `it && …`, `it === 'x'`.
    pub fn is_tested(&self, id: ExprId) -> bool {
        match self.parent(id) {
            Some(parent) => matches!(
                self.expr(parent),
                ExprKind::Unary { .. }
                    | ExprKind::Binary { .. }
                    | ExprKind::Logical { .. }
                    | ExprKind::Conditional { .. }
            ),
            // The test of an `if`.
            None => !self.module.statements.contains(&id),
        }
    }

    /// What a name in an expression is bound to.
    pub fn binding(&self, id: ExprId) -> Option<(ScopeId, &'a Binding)> {
        let expr = self.module.expr(id);
        match &expr.kind {
            ExprKind::Ident(name) => self.module.lookup(expr.scope, name),
            _ => None,
        }
    }

    /// The initialiser of the constant that a name means; the expression itself where it is no such name.
    pub fn definition(&self, id: ExprId) -> ExprId {
        let mut id = self.bare(id);
        for _ in 0..8 {
            let Some((_, binding)) = self.binding(id) else { break };
            match &binding.kind {
                BindingKind::Const { init: Some(init), path } if path.is_empty() => id = self.bare(*init),
                _ => break,
            }
        }
        id
    }

    /// The type annotation of the parameter that a name means; not of a part of it, nor of one that is assigned to.
    pub fn parameter_type(&self, id: ExprId) -> Option<&'a str> {
        let (scope, binding) = self.binding(id)?;
        let BindingKind::Param { index, path } = &binding.kind else { return None };
        let ExprKind::Function(function) = self.expr(self.module.scope(scope).function?) else { return None };
        let param = function.params.get(*index as usize).filter(|_| path.is_empty())?;
        param.ty.as_deref().filter(|_| !param.rest)
    }

    /// The function of this script that is called: a declaration, or a constant that is a function.
    pub fn called_function(&self, call: ExprId) -> Option<(ExprId, &'a Function)> {
        let (callee, _) = self.call(call)?;
        let function = match &self.binding(callee)?.1.kind {
            BindingKind::Function(it) => *it,
            BindingKind::Const { init: Some(init), path } if path.is_empty() => self.bare(*init),
            _ => return None,
        };
        match self.expr(function) {
            ExprKind::Function(it) => Some((function, it)),
            _ => None,
        }
    }

    /// The function literals around a scope, innermost first.
    pub fn functions_around(&self, scope: ScopeId) -> Vec<(ExprId, &'a Function)> {
        let around = self.module.functions_around(scope);
        let literal = |id| match self.expr(id) {
            ExprKind::Function(it) => Some((id, it)),
            _ => None,
        };
        around.into_iter().filter_map(literal).collect()
    }

    /// drizzle-orm of the 1.0 line is installed.
    pub fn is_v1(&self) -> bool {
        self.database.is_some_and(|it| it.drizzle_line == crate::project::package::DrizzleLine::One)
    }
}

/// A script that only tests run: what it opens is not what the program talks to.
pub fn is_test(path: &str) -> bool {
    let is = |part: &str| {
        let part = part.to_ascii_lowercase();
        ["test", "tests", "__tests__", "e2e", "spec", "mocks", "__mocks__", "fixtures"]
            .contains(&part.as_str())
            || [".test.", ".spec.", "test-", "-test"].iter().any(|it| part.contains(it))
    };
    path.split('/').any(is)
}
