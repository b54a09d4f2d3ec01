//! Functions by their names and arguments: found, dropped, renamed (`LookupFuncWithArgs`, `RemoveFunctionById`).

use crate::base::text::TextRange;
use crate::catalog::depend::FunctionKey;
use crate::catalog::lookup;
use crate::catalog::{FunctionKind, QualifiedName, Relation, TypeId, TypeKind, pg};
use crate::sema::code;
use crate::sql::Ident;
use crate::sql::hir::ddl::{Drop, DropName, ObjectKind};
use crate::sql::hir::{Name, QName};

use super::super::super::binder::Binder;
use super::super::super::suggest::{nearest, rename};
use super::super::depend::{Dependent, Subject};
use super::super::name::{at, spelled};

impl<'a> Binder<'a> {
    pub(super) fn drop_function(&mut self, drop: &Drop, name: &DropName) {
        if !self.is_exact() {
            return;
        }
        let object = drop.object;
        let found = self.named_function(object, &name.name, name.args.as_deref(), drop.if_exists);
        let Some(found) = found else { return };
        let routine = self.text.split_ascii_whitespace().take(4).any(|it| it.eq_ignore_ascii_case("routine"));
        if found.kind == FunctionKind::Aggregate && object == ObjectKind::Function && !routine {
            let message = format!("\"{}\" is an aggregate function", found.name);
            self.report(code::WRONG_OBJECT_TYPE, at(&name.name), message)
                .hint("Use DROP AGGREGATE to drop aggregate functions.");
            return;
        }
        let shown = {
            let list: Vec<String> =
                found.params.iter().filter_map(|it| it.ty).map(|it| self.format_id(it)).collect();
            format!("{}({})", found.name, list.join(","))
        };
        if let Some(info) = found.returns.and_then(|it| self.type_info(it))
            && matches!(info.kind, TypeKind::Range { .. } | TypeKind::Multirange { .. })
            && info.origin == found.origin
            && info.name == found.name
            && info.schema == found.schema
        {
            let ty = self.format_id(info.id);
            let message = format!("cannot drop function {shown} because type {ty} requires it");
            self.report(code::DEPENDENT_OBJECTS, at(&name.name), message)
                .hint(format!("You can drop type {ty} instead."));
            return;
        }
        if drop.cascade {
            return;
        }
        if found.origin == crate::catalog::Origin::Builtin {
            if self.is_extension_function(&found) {
                let all = pg::ext::with_function(found.name.as_str());
                if let Some(extension) = { all }
                    .map(|it| it.name)
                    .find(|it| self.catalog.extensions.contains_key(&Ident::new(*it)))
                {
                    let message =
                        format!("cannot drop function {shown} because extension {extension} requires it");
                    self.report(code::DEPENDENT_OBJECTS, at(&name.name), message)
                        .hint(format!("You can drop extension {extension} instead."));
                }
            } else {
                let message =
                    format!("cannot drop function {shown} because it is required by the database system");
                self.report(code::DEPENDENT_OBJECTS, at(&name.name), message);
            }
            return;
        }
        let called = QualifiedName { schema: found.schema.clone(), name: found.name.clone() };
        let overloaded = self.catalog.functions.get(&called).is_some_and(|it| it.len() > 1);
        let mut using: Vec<Dependent> = Vec::new();
        for (table, relation) in self.catalog.relations.iter() {
            for (trigger, function) in &relation.trigger_functions {
                if *function == called && found.params.is_empty() {
                    let words = format!("trigger {trigger} on table {}", relation.name);
                    using.push(Dependent { words, name: table.clone() });
                }
            }
            if !overloaded && self.calls(relation, &called) {
                let words = format!("an expression of table {}", relation.name);
                using.push(Dependent { words, name: table.clone() });
            }
        }
        if let Some(key) = FunctionKey::of(&found) {
            using.extend(self.dependents(&Subject::Function(key)));
        }
        // What goes in the same statement.
        let mut gone: Vec<String> = Vec::new();
        for it in &drop.names {
            let schema = it.name.schema().map(|it| &it.ident);
            let Some(last) = it.name.last() else { continue };
            for function in lookup::functions(self.catalog, schema, &last.ident) {
                let types: Vec<Option<TypeId>> = function.params.iter().map(|it| it.ty).collect();
                let meant = it.args.as_ref().is_none_or(|args| {
                    let written =
                        |it| lookup::type_name(self.catalog, it, &self.stmt.exprs).ok().map(|it| it.id);
                    args.iter().map(written).eq(types.iter().copied())
                });
                if meant {
                    let list: Vec<String> = types.iter().flatten().map(|it| self.format_id(*it)).collect();
                    gone.push(format!("function {}({})", function.name, list.join(",")));
                }
            }
        }
        using.retain(|it| !gone.contains(&it.words));
        self.refuse_all(&using, at(&name.name), &format!("cannot drop function {shown}"));
    }

    fn is_extension_function(&self, function: &crate::catalog::Function) -> bool {
        function.schema.as_str() != "pg_catalog"
    }

    /// Whether a default, a generated column, a check, an index or a policy of a relation certainly calls a function.
    fn calls(&self, relation: &Relation, function: &QualifiedName) -> bool {
        let mut all = expressions(relation);
        // A built-in function of the name may be what is called.
        let shadowed = !pg::functions(function.name.as_str()).is_empty();
        !shadowed && all.any(|text| crate::catalog::depend::calls(text, function))
    }

    /// RENAME of a function.
    pub fn rename_function(
        &mut self,
        object: ObjectKind,
        name: &QName,
        args: Option<&[crate::sql::hir::TypeName]>,
        to: &Name,
    ) {
        let Some(found) = self.named_function(object, name, args, false) else { return };
        let full = QualifiedName { schema: found.schema.clone(), name: to.ident.clone() };
        let types = |it: &crate::catalog::Function| it.params.iter().map(|it| it.ty).collect::<Vec<_>>();
        let taken =
            self.catalog.functions.get(&full).is_some_and(|all| {
                all.iter().any(|it| types(it) == types(&found) && !types(it).contains(&None))
            });
        if taken {
            let list: Vec<String> =
                found.params.iter().filter_map(|it| it.ty).map(|it| self.format_id(it)).collect();
            let message = format!(
                "function {}({}) already exists in schema \"{}\"",
                to.ident,
                list.join(", "),
                found.schema
            );
            self.report(code::DUPLICATE_FUNCTION, to.range, message);
        }
    }

    /// A function, procedure or aggregate by its name and arguments (`LookupFuncWithArgs`); `None` for arguments that
    /// are not written.
    pub fn named_function(
        &mut self,
        object: ObjectKind,
        name: &QName,
        args: Option<&[crate::sql::hir::TypeName]>,
        if_exists: bool,
    ) -> Option<crate::catalog::Function> {
        let last = name.last().filter(|it| !it.ident.is_dynamic())?;
        if object == ObjectKind::Aggregate && self.refused_arguments(args) {
            return None;
        }
        // Of any kind.
        let routine = self.text.split_ascii_whitespace().take(4).any(|it| it.eq_ignore_ascii_case("routine"));
        let gaps = &self.catalog.gaps;
        let schema = name.schema().map(|it| &it.ident);
        let unknown = gaps.functions
            || gaps.types
            || gaps.named.contains(&last.ident)
            || self.catalog.extensions.values().any(|it| !it.known)
            || pg::ext::with_function(last.ident.as_str())
                .any(|it| lookup::may_be_installed(self.catalog, schema, it));
        if unknown || self.missing_schema(name, if_exists) {
            return None;
        }
        let mut types = Vec::new();
        for arg in args.unwrap_or_default() {
            match lookup::type_name(self.catalog, arg, &self.stmt.exprs) {
                Ok(it) => types.push(it.id),
                Err(lookup::TypeNameError::Missing(refusal)) if !if_exists => {
                    let code = super::super::super::types::code_of(refusal.sqlstate);
                    self.report(code, arg.range, refusal.message);
                    return None;
                }
                Err(_) => return None,
            }
        }
        let list = types.iter().map(|it| self.format_id(*it)).collect::<Vec<_>>().join(",");
        let list = list.replace(',', ", ");
        let mut all = lookup::functions(self.catalog, schema, &last.ident);
        // Without arguments only those of the kind are looked for.
        if args.is_none() && !routine {
            all.retain(|it| match object {
                ObjectKind::Procedure => it.kind == FunctionKind::Procedure,
                ObjectKind::Function | ObjectKind::Aggregate => it.kind != FunctionKind::Procedure,
                _ => true,
            });
        }
        if all.iter().any(|it| it.params.iter().any(|it| it.ty.is_none())) {
            return None;
        }
        let words = match object {
            _ if routine => "routine",
            ObjectKind::Procedure => "procedure",
            ObjectKind::Aggregate => "aggregate",
            _ => "function",
        };
        let fits = |it: &crate::catalog::Function| match args {
            Some(_) => it.params.iter().map(|it| it.ty).eq(types.iter().map(|it| Some(*it))),
            None => true,
        };
        let found: Vec<_> = all.iter().filter(|it| fits(it)).collect();
        let range: TextRange = at(name);
        let shown = spelled(name);
        match found.as_slice() {
            [] if if_exists => {}
            // Procedures may be named by all of their arguments, OUT ones included.
            [] if all.iter().any(|it| it.kind == FunctionKind::Procedure && may_name_all(it, &types)) => {}
            [] => {
                let message = match args {
                    Some([]) if object == ObjectKind::Aggregate && !routine => {
                        format!("aggregate {shown}(*) does not exist")
                    }
                    Some(_) => format!("{words} {shown}({list}) does not exist"),
                    None => format!("could not find a {words} named \"{shown}\""),
                };
                let names = self.catalog.functions.keys().map(|it| it.name.as_str());
                let similar = nearest(last.ident.as_str(), names).map(Ident::new);
                let problem = self.report(code::UNDEFINED_FUNCTION, range, message);
                if let Some(similar) = similar {
                    problem.hint(format!("Perhaps you meant the function \"{similar}\"."));
                    problem.fixes.push(rename(last.range, &similar));
                }
            }
            [only] => {
                let kind = only.kind;
                let right = match object {
                    _ if routine => true,
                    // GRANT and REVOKE, which name the kind and are read without it.
                    ObjectKind::Other => true,
                    ObjectKind::Procedure => kind == FunctionKind::Procedure,
                    ObjectKind::Aggregate => kind == FunctionKind::Aggregate,
                    _ => kind != FunctionKind::Procedure,
                };
                if !right && if_exists && args.is_none() {
                    // What is not of the kind is not found.
                    return None;
                }
                if !right {
                    let list: Vec<String> =
                        only.params.iter().filter_map(|it| it.ty).map(|it| self.format_id(it)).collect();
                    let message = match object {
                        ObjectKind::Aggregate => {
                            format!("function {shown}({}) is not an aggregate", list.join(", "))
                        }
                        _ => format!("{shown}({}) is not a {words}", list.join(", ")),
                    };
                    self.report(code::WRONG_OBJECT_TYPE, range, message);
                    return None;
                }
                return Some(crate::catalog::Function::clone(only));
            }
            _ if args.is_none() => {
                let message = format!("{words} name \"{shown}\" is not unique");
                self.report(code::AMBIGUOUS_FUNCTION, range, message)
                    .hint("Specify the argument list to select the function unambiguously.");
            }
            _ => {}
        }
        None
    }
}

/// Whether these may be all arguments of a procedure, those it only hands out included.
fn may_name_all(procedure: &crate::catalog::Function, types: &[TypeId]) -> bool {
    let mut rest: Vec<TypeId> = types.to_vec();
    let mut take = |ty: Option<TypeId>| match ty.and_then(|ty| rest.iter().position(|it| *it == ty)) {
        Some(idx) => {
            rest.remove(idx);
            true
        }
        None => ty.is_none(),
    };
    if !procedure.params.iter().all(|it| take(it.ty)) {
        return false;
    }
    let mut outs: Vec<Option<TypeId>> = procedure.out_columns.iter().map(|it| it.1.map(|it| it.id)).collect();
    rest.iter().all(|ty| match outs.iter().position(|it| it.is_none_or(|it| it == *ty)) {
        Some(idx) => {
            outs.remove(idx);
            true
        }
        None => false,
    })
}

/// The texts of defaults, generated columns, checks, indexes and policies.
pub fn expressions(relation: &Relation) -> impl Iterator<Item = &str> {
    let defaults = relation.columns.iter().filter_map(|it| match &it.default {
        Some(crate::catalog::ColumnDefault::Sql(text)) => Some(text.as_str()),
        _ => None,
    });
    let generated = relation.columns.iter().filter_map(|it| it.generated.as_ref()?.expression.as_deref());
    let checks = relation.checks.iter().filter_map(|it| it.expression.as_deref());
    let indexes = relation.indexes.iter().flat_map(|it| {
        it.items.iter().filter_map(|it| it.expression.as_deref()).chain(it.predicate.as_deref())
    });
    let policies = relation
        .policies
        .iter()
        .flat_map(|it| it.using.as_deref().into_iter().chain(it.with_check.as_deref()));
    defaults.chain(generated).chain(checks).chain(indexes).chain(policies)
}
