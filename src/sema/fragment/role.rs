//! The enclosing calls → what a fragment is.

use smol_str::SmolStr;

use super::chain::Chain;
use super::{Env, Place, Role, Scope, ScopeRelation, awaited, kysely};
use crate::embed::chain::{is_join, is_logical, is_operator};
use crate::embed::{Fragment, Frame, Source};
use crate::facts::sym::{Sym, queries};
use crate::project::eval::ValueKind;
use crate::sema::render::{self, Library};
use crate::ts::hir::{BindingKind, Export, ExprId, ExprKind};

/// What `fragment` is, decided by its frames from the inside out.
pub fn place(env: &Env<'_>, fragment: &Fragment) -> Place {
    if let Source::Execute { .. } = fragment.source {
        return Place { role: Role::Statement, scope: Scope::default() };
    }
    let library = render::library_of(env, fragment);
    if awaited::is_run(env, library, fragment.expr) {
        return Place { role: Role::Statement, scope: Scope::default() };
    }
    let is_kysely = library == Library::Kysely;
    let mut walk = Walk { env, keys: Vec::new(), role: None, returned: false, is_kysely };
    walk.run(fragment.expr, &fragment.context)
}

/// The method that runs `fragment`, where databases of SQLite alone have it (`BaseSQLiteDatabase`).
pub fn method_of_sqlite(env: &Env<'_>, fragment: &Fragment) -> Option<SmolStr> {
    let Some(Frame::Arg { call, method, index: 0 }) = fragment.context.first() else { return None };
    let runs = matches!(method.as_str(), "run" | "all" | "get" | "values");
    let walk = Walk { env, keys: Vec::new(), role: None, returned: false, is_kysely: false };
    (runs && walk.receiver(*call).is_some() && Chain::around(env, *call).is_bare()).then(|| method.clone())
}

struct Walk<'a, 'e> {
    env: &'a Env<'e>,
    /// Object keys passed on the way out, innermost first.
    keys: Vec<SmolStr>,
    /// Decided by an operator further in.
    role: Option<Role>,
    returned: bool,
    /// The template is Kysely's.
    is_kysely: bool,
}

impl Walk<'_, '_> {
    fn run(&mut self, fragment: ExprId, frames: &[Frame]) -> Place {
        // A fragment anywhere inside another one is that one's business.
        if frames.iter().any(|it| matches!(it, Frame::Hole { .. })) {
            return Place { role: Role::Nested, scope: Scope::default() };
        }
        for frame in frames {
            match frame {
                Frame::Receiver { method, .. } => match method.as_str() {
                    "as" | "mapWith" | "inlineParams" | "getSQL" | "if" | "asc" | "desc" | "nullsFirst"
                    | "nullsLast" | "op" => {}
                    "$castTo" | "$notNull" if self.is_kysely => {}
                    // `sql`…`.execute(db)`.
                    "execute" if self.is_kysely && self.role.is_none() && self.keys.is_empty() => {
                        return Place { role: Role::Statement, scope: Scope::default() };
                    }
                    _ => return self.unknown(),
                },
                Frame::Alternative { .. } | Frame::Element { .. } => {}
                Frame::Key { key, .. } => self.keys.push(key.clone()),
                Frame::Hole { .. } => {}
                Frame::Returned { .. } => self.returned = true,
                Frame::Variable { name } => {
                    return if self.is_executed(fragment, name) {
                        Place { role: Role::Statement, scope: Scope::default() }
                    } else {
                        self.unknown()
                    };
                }
                Frame::Arg { call, method, index } => {
                    if let Some(place) = self.argument(*call, method, *index) {
                        return place;
                    }
                }
            }
        }
        self.unknown()
    }

    fn unknown(&self) -> Place {
        let role = match &self.role {
            Some(role) => role.clone(),
            None => Role::Unknown,
        };
        Place { role, scope: Scope { open: true, grouped: true, ..Scope::default() } }
    }

    /// `None`: this call does not decide; look further out.
    fn argument(&mut self, call: ExprId, method: &str, index: u32) -> Option<Place> {
        let is_method = self.receiver(call).is_some();
        if !is_method {
            return self.function_argument(call, method, index);
        }
        let key = self.keys.last().cloned();
        let chain = Chain::around(self.env, call);
        let scope = || chain.scope();
        if self.is_kysely
            && let Some(role) = kysely::role(method, index, self.n_args(call))
        {
            // Which relations a query of Kysely's has, only its types tell.
            let role = self.role.clone().filter(|_| role != Role::Part).unwrap_or(role);
            return Some(Place { role, scope: Scope { open: true, grouped: true, ..Scope::default() } });
        }
        let role = match method {
            "execute" | "run" | "all" | "get" | "values" if index == 0 && chain.is_bare() => {
                return Some(Place { role: Role::Statement, scope: Scope::default() });
            }
            "as" if chain.declares_statement() => {
                return Some(Place { role: Role::Statement, scope: Scope::default() });
            }
            "where" if chain.declares_index() => return Some(self.on_declaring_table(Role::Predicate)),
            // Before drizzle-orm 0.31: `.on(column).using(sql`btree`)`, which drizzle-kit leaves out; now the method's name.
            "using" if chain.declares_index() && index == 0 => {
                return Some(Place { role: Role::Part, scope: Scope::default() });
            }
            "on" | "onOnly" | "using" if chain.declares_index() => {
                return Some(self.on_declaring_table(Role::IndexItem));
            }
            // Another library's `where(a, '=', b)`.
            "where" | "having" if self.n_args(call) > 1 => Role::Expression,
            "where" => Role::Predicate,
            "having" => Role::Having,
            "groupBy" => Role::GroupBy,
            "orderBy" => Role::OrderBy,
            "limit" | "offset" => Role::Limit,
            "from" | "fromJoin" => Role::TableReference,
            join if is_join(join) => {
                if index == 0 {
                    Role::TableReference
                } else {
                    Role::Predicate
                }
            }
            "select" | "selectDistinct" | "returning" => Role::Expression,
            "selectDistinctOn" => Role::Expression,
            "set" => return Some(self.assigned(&chain, false, key)),
            "values" => return Some(self.assigned(&chain, false, key)),
            "onConflictDoUpdate" | "onDuplicateKeyUpdate" => {
                match (self.keys.last()?.as_str(), self.keys.len()) {
                    ("set", 2..) => {
                        let key = self.keys.get(self.keys.len() - 2).cloned();
                        return Some(self.assigned(&chain, method == "onConflictDoUpdate", key));
                    }
                    ("setWhere" | "where", _) => return Some(self.conflict_predicate(&chain)),
                    ("targetWhere", _) => Role::Predicate,
                    _ => Role::Expression,
                }
            }
            "onConflictDoNothing" => Role::Predicate,
            "$count" => Role::Predicate,
            "default" => return Some(Place { role: Role::Default, scope: Scope::default() }),
            "generatedAlwaysAs" => return Some(self.on_declaring_table(Role::Expression)),
            "findMany" | "findFirst" => {
                let role = match key.as_deref() {
                    Some("where" | "RAW") => Role::Predicate,
                    Some("orderBy") => Role::OrderBy,
                    Some("limit" | "offset") => Role::Limit,
                    _ => Role::Expression,
                };
                // Drizzle names the tables of relational queries itself.
                let role = self.role.clone().unwrap_or(role);
                return Some(Place { role, scope: Scope { open: true, grouped: true, ..Scope::default() } });
            }
            "map" | "flatMap" | "push" | "unshift" | "concat" | "filter" | "reduce" => {
                return Some(self.unknown());
            }
            "join" => return Some(self.unknown()),
            // `sql.join`, `sql.param`, methods of others.
            _ => return Some(self.unknown()),
        };
        let role = match (&self.role, role) {
            // An operator in between decides what the fragment itself is; the chain decides its scope.
            (Some(inner), _) => inner.clone(),
            (None, role) => role,
        };
        let mut scope = scope();
        // GROUP BY and ORDER BY see the names that the select list gives as well.
        scope.open |= matches!(method, "groupBy" | "orderBy");
        Some(Place { role, scope })
    }

    fn function_argument(&mut self, call: ExprId, name: &str, index: u32) -> Option<Place> {
        if self.is_kysely && name == "eb" && self.n_args(call) > 1 {
            let role = if index == 1 { Role::Part } else { Role::Expression };
            self.role.get_or_insert(role);
            return None;
        }
        match self.is_drizzles(call) {
            Some(true) => {}
            Some(false) if self.role.is_none() && self.keys.is_empty() && self.runs(call, index) => {
                return Some(Place { role: Role::Statement, scope: Scope::default() });
            }
            // Handed to a callback: `(table, { eq }) => …`.
            None if is_logical(name) || is_operator(name) => {}
            _ => return Some(self.unknown()),
        }
        if is_logical(name) || (name == "exists" || name == "notExists") {
            if self.role.is_none() {
                self.role = Some(if is_logical(name) { Role::Predicate } else { Role::Statement });
            }
            return None;
        }
        if is_operator(name) {
            let role = match name {
                "asc" => Role::Sorted("asc"),
                "desc" => Role::Sorted("desc"),
                _ => Role::Expression,
            };
            self.role.get_or_insert(role);
            return None;
        }
        match name {
            "check" if index == 1 => Some(self.on_declaring_table(Role::Predicate)),
            "pgPolicy" => match self.keys.last().map(SmolStr::as_str) {
                Some("using" | "withCheck") => Some(self.on_declaring_table(Role::Predicate)),
                _ => Some(self.unknown()),
            },
            "index" | "uniqueIndex" => Some(self.on_declaring_table(Role::IndexItem)),
            _ => Some(self.unknown()),
        }
    }

    /// Whether the fragment is the value of a constant of which the module does nothing but execute it.
    fn is_executed(&self, fragment: ExprId, name: &SmolStr) -> bool {
        let module = self.env.module;
        let Some((_, binding)) = module.lookup(module.expr(fragment).scope, name) else { return false };
        let exported = |it: &Export| match it {
            Export::Local { local, .. } => local == name,
            Export::DefaultExpr(_) | Export::From { .. } | Export::All { .. } => false,
        };
        if !matches!(&binding.kind, BindingKind::Const { init: Some(init), path } if *init == fragment && path.is_empty())
            || module.exports.iter().any(exported)
        {
            return false;
        }
        let mut uses = queries::uses(module, binding).peekable();
        uses.peek().is_some()
            && uses.all(|it| {
                queries::is_executed(module, it)
                    || module.expr(it).parent.is_some_and(|call| match &module.expr(call).kind {
                        ExprKind::Call { args, .. } => args
                            .iter()
                            .position(|arg| *arg == it)
                            .is_some_and(|index| self.runs(call, index as u32)),
                        _ => false,
                    })
            })
    }

    /// Whether a function of the workspace gives this argument to `execute(…)`, and does no more with it.
    fn runs(&self, call: ExprId, index: u32) -> bool {
        let ExprKind::Call { callee, .. } = &self.env.module.expr(call).kind else { return false };
        match &*(self.env.value)(*callee).kind {
            ValueKind::Closure(it) => {
                matches!(&*it.function, Sym::Function { runs, .. } if runs.contains(&index))
            }
            _ => false,
        }
    }

    /// Whether the function that is called is one of drizzle-orm's; `None` when it is not known which it is.
    fn is_drizzles(&self, call: ExprId) -> Option<bool> {
        let ExprKind::Call { callee, .. } = &self.env.module.expr(call).kind else { return Some(false) };
        match &*(self.env.value)(*callee).kind {
            ValueKind::External { package, .. } => Some(package.starts_with("drizzle-orm")),
            ValueKind::Closure(_) => Some(false),
            _ => None,
        }
    }

    fn n_args(&self, call: ExprId) -> usize {
        match &self.env.module.expr(call).kind {
            ExprKind::Call { args, .. } => args.len(),
            _ => 0,
        }
    }

    /// The object of a method call's callee.
    fn receiver(&self, call: ExprId) -> Option<ExprId> {
        let ExprKind::Call { callee, .. } = &self.env.module.expr(call).kind else { return None };
        match &self.env.module.expr(*callee).kind {
            ExprKind::Member { object, .. } => Some(*object),
            _ => None,
        }
    }

    /// Constraints and indexes of a table declaration. Which table it is, the holes' columns say; the scope is
    /// open so that unqualified names are left alone. An operator in between decides what the fragment itself is:
    /// `where(eq(t.state, sql`…`))`.
    fn on_declaring_table(&self, role: Role) -> Place {
        let role = match &self.role {
            Some(inner) if role != Role::IndexItem => inner.clone(),
            _ => role,
        };
        Place { role, scope: Scope { open: true, grouped: true, ..Scope::default() } }
    }

    fn assigned(&self, chain: &Chain, conflict: bool, key: Option<SmolStr>) -> Place {
        let mut scope = chain.scope();
        if self.role.is_some() {
            return Place { role: Role::Expression, scope };
        }
        match (chain.target(), key) {
            (Some(table), Some(key)) if !self.returned => {
                if conflict {
                    scope.relations = vec![ScopeRelation { name: table.clone(), alias: None }];
                }
                Place { role: Role::Assigned { table, key, conflict }, scope }
            }
            _ => Place { role: Role::Expression, scope: Scope { open: true, grouped: true, ..scope } },
        }
    }

    fn conflict_predicate(&self, chain: &Chain) -> Place {
        // `excluded` is in scope beside the table.
        let role = self.role.clone().unwrap_or(Role::Predicate);
        Place { role, scope: Scope { open: true, ..chain.scope() } }
    }
}
