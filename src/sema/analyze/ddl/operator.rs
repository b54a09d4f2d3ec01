//! Operators (`operatorcmds.c`).

use crate::base::text::TextRange;
use crate::catalog::{Type, TypeId, fold, lookup, pg};
use crate::sema::{Ty, code};
use crate::sql::Ident;
use crate::sql::hir::ddl::{CreateOperator, ObjectKind, OperatorName, Setting};
use crate::sql::hir::{Name, OpName, QName, TypeName};

use super::super::binder::Binder;
use super::name::{at, spelled};

/// One of PostgreSQL's own types as a signature names it.
pub(super) fn builtin(name: &str, range: TextRange) -> TypeName {
    let part = |it: &str| Name { ident: Ident::new(it), range };
    let name = QName { parts: vec![part("pg_catalog"), part(name)] };
    TypeName::plain(range, name)
}

impl<'a> Binder<'a> {
    /// `DefineOperator`, `OperatorCreate`.
    pub fn create_operator(&mut self, create: &'a CreateOperator) {
        let Some(last) = create.name.last().filter(|_| !create.name.is_dynamic()) else { return };
        if self.missing_schema(&create.name, false) {
            return;
        }
        let place = last.range;
        let invalid = code::INVALID_FUNCTION_DEFINITION;
        if let Some(set) = create.left.iter().chain(&create.right).find(|it| it.setof) {
            self.report(invalid, set.range, "SETOF type not allowed for operator argument");
            return;
        }
        let Some(function) = &create.function else {
            if !self.says_word("function") && !self.says_word("procedure") {
                self.report(invalid, place, "operator function must be specified");
            }
            return;
        };
        let n_problems = self.problems.len();
        let sides: Vec<Option<Ty>> =
            [&create.left, &create.right].map(|it| it.as_ref().map(|it| self.type_name(it))).into();
        if self.problems.len() > n_problems {
            return;
        }
        let (left, right) = (sides.first().copied().flatten(), sides.get(1).copied().flatten());
        if right.is_none() {
            let message = match left {
                None => "operator argument types must be specified",
                Some(_) => "operator right argument type must be specified",
            };
            // What is no type's name is not read.
            if !self.says_word("rightarg") && (left.is_some() || !self.says_word("leftarg")) {
                self.report(invalid, place, message);
            }
            return;
        }
        if !self.is_exact() || (left.is_none() && self.says_word("leftarg")) {
            return;
        }
        let args: Vec<TypeName> = create.left.iter().chain(&create.right).cloned().collect();
        let Some(found) = self.named_function(ObjectKind::Function, function, Some(&args), false) else {
            return;
        };
        for (estimator, types) in [
            (&create.restrict, ["internal", "oid", "internal", "int4"].as_slice()),
            (&create.join, ["internal", "oid", "internal", "int2", "internal"].as_slice()),
        ] {
            if let Some(estimator) = estimator
                && self.no_estimator(estimator, types)
            {
                return;
            }
        }
        let boolean = found.returns.map(|it| it == TypeId::BOOL && !found.returns_set);
        let binary = left.is_some();
        let said = |it: bool, message: &'static str| it.then_some(message);
        let unary = if binary {
            None
        } else {
            said(create.commutator.is_some(), "only binary operators can have commutators")
                .or(said(create.join.is_some(), "only binary operators can have join selectivity"))
                .or(said(create.merges.is_some(), "only binary operators can merge join"))
                .or(said(create.hashes.is_some(), "only binary operators can hash"))
        };
        let other = if boolean == Some(false) {
            said(create.negator.is_some(), "only boolean operators can have negators")
                .or(said(
                    create.restrict.is_some(),
                    "only boolean operators can have restriction selectivity",
                ))
                .or(said(create.join.is_some(), "only boolean operators can have join selectivity"))
                .or(said(create.merges.is_some(), "only boolean operators can merge join"))
                .or(said(create.hashes.is_some(), "only boolean operators can hash"))
        } else {
            None
        };
        if let Some(message) = unary.or(other) {
            self.report(invalid, place, message);
            return;
        }
        let known = |it: Option<Ty>| match it {
            Some(Ty::Known(it)) => Some(Some(it)),
            Some(Ty::Unknown) => None,
            None => Some(None),
        };
        let (Some(left), Some(right)) = (known(left), known(right)) else { return };
        if self.object_taken("OPERATOR", &create.name, &fold::sides(left, right)) {
            return;
        }
        let own = create.negator.as_ref().is_some_and(|it| {
            it.parts.len() == 1
                && create.name.parts.len() == 1
                && it.last().is_some_and(|it| it.ident == last.ident)
        });
        let same = left.map(|it| it.id) == right.map(|it| it.id);
        // One that another search path finds first may be meant.
        if own && same && binary && pg::operators(last.ident.as_str()).is_empty() {
            self.report(invalid, place, "operator cannot be its own negator");
        }
    }

    /// A function that estimates selectivities (`ValidateRestrictionEstimator`).
    fn no_estimator(&mut self, name: &QName, types: &[&str]) -> bool {
        let args: Vec<TypeName> = types.iter().map(|it| builtin(it, at(name))).collect();
        let n_problems = self.problems.len();
        self.named_function(ObjectKind::Function, name, Some(&args), false);
        self.problems.len() > n_problems
    }

    fn says_word(&self, word: &str) -> bool {
        crate::sql::token::significant(self.text).iter().any(|it| it.is_word(self.text, word))
    }

    /// `ALTER OPERATOR … SET (…)`.
    pub fn operator_settings(&mut self, operator: &'a OperatorName, settings: &[Setting]) {
        let own = operator.op.op.as_str();
        let says_itself = |it: &Setting| {
            it.name.last().is_some_and(|it| it.ident.as_str() == "negator")
                && it.value.as_deref() == Some(own)
        };
        let side = |it: &Option<TypeName>| {
            it.as_ref()
                .and_then(|it| lookup::type_name(self.catalog, it, &self.stmt.exprs).ok())
                .map(|it| it.id)
        };
        let same = side(&operator.left).is_some() && side(&operator.left) == side(&operator.right);
        if let Some(setting) = settings.iter().find(|it| says_itself(it)).filter(|_| same) {
            let message = "operator cannot be its own negator";
            self.report(code::INVALID_FUNCTION_DEFINITION, setting.value_range, message);
            return;
        }
        for setting in settings {
            let Some(name) = setting.name.last().filter(|it| !it.ident.is_dynamic()) else { continue };
            let own = name.ident.as_str();
            let message = match own {
                "restrict" | "join" | "commutator" | "negator" | "merges" | "hashes" => continue,
                "leftarg" | "rightarg" | "function" | "procedure" => {
                    format!("operator attribute \"{own}\" cannot be changed")
                }
                _ => format!("operator attribute \"{own}\" not recognized"),
            };
            self.report(code::SYNTAX_ERROR, name.range, message);
            return;
        }
        for (word, types) in [
            ("restrict", ["internal", "oid", "internal", "int4"].as_slice()),
            ("join", ["internal", "oid", "internal", "int2", "internal"].as_slice()),
        ] {
            let Some(setting) = super::define::named(settings, word) else { continue };
            let Some(name) = super::define::path(setting) else { continue };
            let none = name.last().is_some_and(|it| it.ident.as_str() == "none");
            if !none && self.is_exact() && self.no_estimator(&name, types) {
                return;
            }
        }
    }

    /// Whether an operator with exactly these sides is there; `None`: not known.
    pub fn has_operator(&self, op: &OpName, left: Option<TypeId>, right: Option<TypeId>) -> Option<bool> {
        let own = op.op.as_str();
        if pg::operators(own).iter().any(|it| it.left == left && Some(it.right) == right) {
            return Some(true);
        }
        let of = fold::sides(left.map(Type::plain), right.map(Type::plain));
        let made = |gone: bool| {
            let is = |it: &crate::catalog::object::ObjectKey| {
                it.kind == "OPERATOR" && it.name.as_str() == own && it.of == of
            };
            self.catalog.objects.iter().any(|it| is(it.0) && it.1.gone == gone)
        };
        if made(false) {
            return Some(true);
        }
        let shell = ("OPERATOR SHELL".into(), Ident::new(own));
        let gaps = &self.catalog.gaps;
        let unknown = gaps.functions
            || !self.is_exact()
            || self.catalog.others.contains(&shell)
            || self.catalog.extensions.values().any(|it| !it.known)
            // Those of extensions know nothing of the project's own types.
            || ![left, right].into_iter().flatten().any(|it| it.is_user())
                && pg::ext::names().filter_map(pg::ext::extension).any(|it| it.operators.contains_key(own));
        (!unknown).then_some(false)
    }

    /// An operator with exactly these sides (`LookupOperWithArgs`). `true`: it is there, or may be.
    pub fn named_operator(&mut self, operator: &'a OperatorName, if_exists: bool, drops: bool) -> bool {
        let mut types = Vec::new();
        for side in [&operator.left, &operator.right] {
            let Some(side) = side else {
                types.push(None);
                continue;
            };
            let found = match if_exists {
                true => lookup::type_name(self.catalog, side, &self.stmt.exprs).ok(),
                false => match self.type_name(side) {
                    Ty::Known(it) => Some(it),
                    Ty::Unknown => None,
                },
            };
            let Some(found) = found else { return false };
            types.push(Some(found.id));
        }
        let [left, right] = types.as_slice() else { return true };
        let op = &operator.op;
        if let Some(schema) = op.schema.last()
            && self.no_schema(schema, op.range, true)
        {
            // One that is not there has none; PostgreSQL misses the operator.
            if self.is_exact() && self.sees_relations() && !if_exists && !lookup::is_hosted(&schema.ident) {
                self.no_such_operator(op, *left, *right);
            }
            return false;
        }
        if !op.schema.is_empty() {
            return true;
        }
        let own = op.op.as_str();
        let found = pg::operators(own).iter().any(|it| it.left == *left && Some(it.right) == *right);
        let made = self.catalog.others.contains(&("OPERATOR".into(), Ident::new(own)));
        if found && drops && !made && self.is_exact() {
            let shown: Vec<String> = types.iter().flatten().map(|it| self.format_id(*it)).collect();
            let message = format!(
                "cannot drop operator {own}({}) because it is required by the database system",
                shown.join(",")
            );
            self.report(code::DEPENDENT_OBJECTS, op.range, message);
            return false;
        }
        if !if_exists && self.has_operator(op, *left, *right) == Some(false) {
            self.no_such_operator(op, *left, *right);
            return false;
        }
        true
    }

    fn no_such_operator(&mut self, op: &OpName, left: Option<TypeId>, right: Option<TypeId>) {
        let mut name = spelled(&QName { parts: op.schema.clone() });
        if !name.is_empty() {
            name.push('.');
        }
        name.push_str(op.op.as_str());
        let shown = |it: Option<TypeId>| it.map(|it| self.format_id(it));
        let message = match (shown(left), shown(right)) {
            (Some(left), Some(right)) => format!("operator does not exist: {left} {name} {right}"),
            (_, right) => format!("operator does not exist: {name} {}", right.unwrap_or_default()),
        };
        self.report(code::UNDEFINED_FUNCTION, op.range, message);
    }
}
