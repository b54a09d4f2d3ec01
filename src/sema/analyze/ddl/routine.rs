//! CREATE FUNCTION and PROCEDURE: their signatures (`interpret_function_parameter_list`, `ProcedureCreate`).

use crate::catalog::TypeId;
use crate::sema::{Ty, code};
use crate::sql::Ident;
use crate::sql::hir::ddl::{CreateFunction, FunctionParam, ParamMode};

use super::super::binder::Binder;
use super::name::at;

impl<'a> Binder<'a> {
    pub fn create_function(&mut self, create: &'a CreateFunction) {
        if self.nowhere(&create.name) {
            return;
        }
        let n_problems = self.problems.len();
        let mut types: Vec<Ty> = Vec::new();
        for param in &create.params {
            types.push(self.type_name(&param.ty));
            if param.ty.setof && param.mode != ParamMode::Table && self.problems.len() == n_problems {
                let place = self.whole_param(param);
                let words = if create.procedure { "procedures" } else { "functions" };
                self.definition_error(place, format!("{words} cannot accept set arguments"));
            }
        }
        // Functions of base types in C make the shell of what they return.
        let native = create.language.as_ref().is_some_and(|it| matches!(it.ident.as_str(), "c" | "internal"));
        let returns = match &create.returns {
            Some(ty) if native => Some(
                crate::catalog::lookup::type_name(self.catalog, ty, &self.stmt.exprs)
                    .map_or(Ty::Unknown, Ty::Known),
            ),
            returns => returns.as_ref().map(|it| self.type_name(it)),
        };
        self.param_names(create);
        self.param_defaults(create, &types);
        self.variadic(create, &types);
        let outs: Vec<&Ty> = create
            .params
            .iter()
            .zip(&types)
            .filter(|(it, _)| matches!(it.mode, ParamMode::Out | ParamMode::InOut))
            .map(|it| it.1)
            .collect();
        if !create.procedure && !create.returns_table {
            match (returns, outs.as_slice()) {
                (None, []) => {
                    self.definition_error(at(&create.name), "function result type must be specified".into());
                }
                (Some(Ty::Known(written)), [_, _, ..]) if written.id != TypeId::RECORD => {
                    let message = "function result type must be record because of OUT parameters";
                    let place = create.returns.as_ref().map_or(at(&create.name), |it| it.range);
                    self.definition_error(place, message.into());
                }
                (Some(Ty::Known(written)), [Ty::Known(only)]) if written.id != only.id => {
                    let message = format!(
                        "function result type must be {} because of OUT parameters",
                        self.format_id(only.id)
                    );
                    let place = create.returns.as_ref().map_or(at(&create.name), |it| it.range);
                    self.definition_error(place, message);
                }
                _ => {}
            }
        }
        self.polymorphic_result(create, &types, returns);
        self.trigger_arguments(create, returns);
        self.language(create);
        self.clauses(create);
        if self.problems.len() == n_problems {
            self.function_body(create);
        }
        self.returns(create, returns);
        if self.problems.len() == n_problems {
            self.accepts(create, &types);
        }
        if self.missing_schema(&create.name, false) || self.problems.len() > n_problems {
            return;
        }
        self.same_signature(create, &types, returns);
    }

    /// A body, of a form that the language has (`compute_function_attributes`, `interpret_AS_clause`).
    fn function_body(&mut self, create: &CreateFunction) {
        let said = |it: &str| create.clauses.iter().any(|own| own.name == it);
        let place = at(&create.name);
        let language = match &create.language {
            Some(it) if it.ident.is_dynamic() => return,
            Some(it) => it.ident.as_str(),
            None if create.inline.is_some() => "sql",
            None => {
                // A procedure of another kind of server.
                if said("as") && !said("language") {
                    self.definition_error(place, "no language specified".into());
                }
                return;
            }
        };
        let message = match &create.inline {
            Some(_) if said("as") => "duplicate function body specified".to_owned(),
            Some(_) if language != "sql" => "inline SQL function body only valid for language SQL".to_owned(),
            Some(_) => return,
            None if !said("as") && create.body.is_none() => "no function body specified".to_owned(),
            None if said("link") && language != "c" => {
                format!("only one AS item needed for language \"{language}\"")
            }
            None => return,
        };
        self.definition_error(place, message);
    }

    /// What a language can return (`fmgr_sql_validator`, `plpgsql_validator`).
    fn returns(&mut self, create: &CreateFunction, returns: Option<Ty>) {
        let language = create.language.as_ref().map_or("", |it| it.ident.as_str());
        let Some(Ty::Known(returned)) = returns.filter(|_| !create.procedure) else { return };
        let place = create.returns.as_ref().map_or(at(&create.name), |it| it.range);
        if self.is_shell(returned.id) && matches!(language, "sql" | "plpgsql") {
            return self.shell_in_signature(language, "return", returned.id, place);
        }
        let shown = self.format_id(returned.id);
        let usual = matches!(returned.id, TypeId::VOID | TypeId::RECORD) || Self::is_polymorphic(returned.id);
        if self.is_pseudo(returned.id) && !usual {
            let trigger = returned.id == TypeId::TRIGGER || shown == "event_trigger";
            match language {
                "sql" => {
                    let message = format!("SQL functions cannot return type {shown}");
                    self.report(code::INVALID_FUNCTION_DEFINITION, place, message);
                }
                "plpgsql" if !trigger => {
                    let message = format!("PL/pgSQL functions cannot return type {shown}");
                    self.report(code::FEATURE_NOT_SUPPORTED, place, message);
                }
                _ => {}
            }
        }
    }

    /// What a language can be handed (`fmgr_sql_validator`, `plpgsql_validator`).
    fn accepts(&mut self, create: &CreateFunction, types: &[Ty]) {
        let language = create.language.as_ref().map_or("", |it| it.ident.as_str());
        for (param, ty) in create.params.iter().zip(types) {
            let Ty::Known(ty) = ty else { continue };
            let output = matches!(param.mode, ParamMode::Out | ParamMode::Table);
            if self.is_shell(ty.id) && matches!(language, "sql" | "plpgsql") {
                self.shell_in_signature(language, "accept", ty.id, param.ty.range);
                return;
            }
            if output || !self.is_pseudo(ty.id) || Self::is_polymorphic(ty.id) {
                continue;
            }
            let shown = self.format_id(ty.id);
            match language {
                "sql" => {
                    let message = format!("SQL functions cannot have arguments of type {shown}");
                    self.definition_error(param.ty.range, message);
                }
                "plpgsql" if ty.id != TypeId::RECORD => {
                    let message = format!("PL/pgSQL functions cannot accept type {shown}");
                    self.report(code::FEATURE_NOT_SUPPORTED, param.ty.range, message);
                }
                _ => continue,
            }
            return;
        }
    }

    /// A type that is only a shell is one for functions in C.
    fn shell_in_signature(
        &mut self,
        language: &str,
        verb: &str,
        id: TypeId,
        place: crate::base::text::TextRange,
    ) {
        let shown = self.format_id(id);
        match language {
            "sql" => self.definition_error(place, format!("SQL function cannot {verb} shell type {shown}")),
            _ => {
                let message = format!("PL/pgSQL functions cannot {verb} type {shown}");
                self.report(code::FEATURE_NOT_SUPPORTED, place, message);
            }
        }
    }

    /// `LANGUAGE x`: those that are always there, and what may be a language of an extension.
    fn language(&mut self, create: &CreateFunction) {
        let Some(language) = &create.language else { return };
        let name = language.ident.as_str();
        let known = matches!(name, "sql" | "plpgsql" | "c" | "internal") || name.starts_with("pl");
        let others = self.catalog.gaps.functions || self.catalog.extensions.values().any(|it| !it.known);
        if !known && !others && !language.ident.is_dynamic() && self.is_exact() {
            let message = format!("language \"{name}\" does not exist");
            self.report(code::UNDEFINED_OBJECT, language.range, message);
        }
    }

    /// A trigger's function gets its arguments in another way.
    fn trigger_arguments(&mut self, create: &CreateFunction, returns: Option<Ty>) {
        let plpgsql = create.language.as_ref().is_some_and(|it| it.ident.as_str() == "plpgsql");
        let is = |id| matches!(returns, Some(Ty::Known(ty)) if ty.id == id);
        let event = is(TypeId::EVENT_TRIGGER);
        let trigger = is(TypeId::TRIGGER) || event;
        if let Some(first) = create.params.first().filter(|_| plpgsql && trigger) {
            let message = match event {
                true => "event trigger functions cannot have declared arguments",
                false => "trigger functions cannot have declared arguments",
            };
            self.report(code::INVALID_FUNCTION_DEFINITION, param_place(first), message)
                .hint("The arguments of the trigger can be accessed through TG_NARGS and TG_ARGV instead.");
        }
    }

    /// Where a parameter starts: at its mode, where one is written.
    pub(super) fn whole_param(&self, param: &FunctionParam) -> crate::base::text::TextRange {
        let place = param_place(param);
        let before = self.text.get(..usize::from(place.start())).unwrap_or("");
        let trimmed = before.trim_end();
        let lower = trimmed.to_ascii_lowercase();
        let mode = ["variadic", "inout", "out", "in"]
            .into_iter()
            .find(|it| lower.strip_suffix(it).is_some_and(|it| it.ends_with(['(', ',', ' ', '\n', '\t'])));
        match mode {
            Some(mode) => {
                let start =
                    text_size::TextSize::try_from(trimmed.len() - mode.len()).unwrap_or(place.start());
                crate::base::text::TextRange::new(start, place.end())
            }
            None => place,
        }
    }

    fn definition_error(&mut self, at: crate::base::text::TextRange, message: String) {
        self.report(code::INVALID_FUNCTION_DEFINITION, at, message);
    }

    fn param_names(&mut self, create: &CreateFunction) {
        // PL/pgSQL has one name for all of them.
        let plpgsql = create.language.as_ref().is_some_and(|it| it.ident.as_str() == "plpgsql");
        let mut seen: Vec<(&Ident, ParamMode)> = Vec::new();
        for param in &create.params {
            let Some(name) = param.name.as_ref().filter(|it| !it.ident.as_str().is_empty()) else { continue };
            // An input and an output may share a name.
            let input = |it: ParamMode| matches!(it, ParamMode::In | ParamMode::Variadic);
            let output = |it: ParamMode| matches!(it, ParamMode::Out | ParamMode::Table);
            let clash = seen.iter().any(|(other, mode)| {
                **other == name.ident && plpgsql
                    || **other == name.ident
                        && !(input(*mode) && output(param.mode))
                        && !(output(*mode) && input(param.mode))
            });
            if clash {
                let message = format!("parameter name \"{}\" used more than once", name.ident);
                let place = self.whole_param(param);
                self.definition_error(place, message);
            }
            seen.push((&name.ident, param.mode));
        }
    }

    fn param_defaults(&mut self, create: &'a CreateFunction, types: &[Ty]) {
        let mut has_default = false;
        for (param, ty) in create.params.iter().zip(types) {
            if let Some(default) = param.default {
                if matches!(param.mode, ParamMode::Out | ParamMode::Table) {
                    let place = self.whole_param(param);
                    self.definition_error(place, "only input parameters can have default values".into());
                    return;
                }
                has_default = true;
                let name = param.name.as_ref().map_or_else(|| Ident::new(""), |it| it.ident.clone());
                self.parameter_default(&name, *ty, default);
            } else if has_default && matches!(param.mode, ParamMode::In | ParamMode::InOut) {
                let place = param_place(param);
                let message = "input parameters after one with a default value must also have defaults";
                self.definition_error(place, message.into());
                return;
            } else if has_default && create.procedure {
                let place = self.whole_param(param);
                let message = "procedure OUT parameters cannot appear after one with a default value";
                self.definition_error(place, message.into());
                return;
            }
        }
    }

    /// `coerce_to_specific_type(…, "DEFAULT")`.
    fn parameter_default(&mut self, _name: &Ident, ty: Ty, default: crate::sql::hir::ExprId) {
        let polymorphic = matches!(ty, Ty::Known(ty) if Self::is_polymorphic(ty.id));
        self.alone(super::super::place::Place::ParameterDefault, |it| match ty {
            Ty::Known(ty) if !polymorphic => {
                it.expr(default);
                it.must_be(default, ty.id, "DEFAULT");
            }
            _ => {
                it.expr(default);
            }
        });
    }

    fn variadic(&mut self, create: &CreateFunction, types: &[Ty]) {
        let inputs = || {
            create
                .params
                .iter()
                .zip(types)
                .filter(|it| !matches!(it.0.mode, ParamMode::Out | ParamMode::Table))
        };
        let n_inputs = inputs().count();
        for (idx, (param, ty)) in inputs().enumerate() {
            if param.mode != ParamMode::Variadic {
                continue;
            }
            if idx + 1 < n_inputs
                && let Some((next, _)) = inputs().nth(idx + 1)
            {
                let message = "VARIADIC parameter must be the last input parameter";
                let place = self.whole_param(next);
                self.definition_error(place, message.into());
            }
            // After it, procedures have no OUT parameters either.
            let behind = create.params.iter().skip_while(|it| it.mode != ParamMode::Variadic).nth(1);
            if let Some(next) = behind.filter(|it| create.procedure && it.mode == ParamMode::Out) {
                let place = self.whole_param(next);
                self.definition_error(place, "VARIADIC parameter must be the last parameter".into());
            }
            let Ty::Known(ty) = ty else { continue };
            let array = self.catalog.element_type(ty.id).is_some()
                || matches!(ty.id, TypeId::ANYARRAY | TypeId::ANYCOMPATIBLEARRAY | TypeId::ANY);
            let opaque =
                self.type_info(ty.id).is_none_or(|it| matches!(it.kind, crate::catalog::TypeKind::Opaque));
            if !array && !opaque {
                let place = self.whole_param(param);
                self.definition_error(place, "VARIADIC parameter must be an array".into());
            }
        }
    }

    /// A polymorphic result needs a polymorphic input.
    fn polymorphic_result(&mut self, create: &CreateFunction, types: &[Ty], returns: Option<Ty>) {
        let written = returns.filter(|_| !create.procedure);
        let outs = create
            .params
            .iter()
            .zip(types)
            .filter(|it| matches!(it.0.mode, ParamMode::Out | ParamMode::Table));
        let results = outs.map(|it| *it.1).chain(written).filter_map(|it| match it {
            Ty::Known(ty) if Self::is_polymorphic(ty.id) => Some(ty.id),
            _ => None,
        });
        let results: Vec<TypeId> = results.collect();
        if results.is_empty() {
            return;
        }
        let inputs = create.params.iter().zip(types);
        let inputs = inputs.filter(|it| !matches!(it.0.mode, ParamMode::Out | ParamMode::Table));
        let inputs: Option<Vec<TypeId>> = inputs
            .map(|(_, ty)| match ty {
                Ty::Known(ty) => Some(ty.id),
                Ty::Unknown => None,
            })
            .collect();
        let refused = |it: &Vec<TypeId>| results.iter().any(|own| !super::aggregate::may_result(*own, it));
        if inputs.as_ref().is_some_and(refused) {
            let place = create.returns.as_ref().map_or(at(&create.name), |it| it.range);
            self.definition_error(place, "cannot determine result data type".into());
        }
    }
}

fn param_place(param: &FunctionParam) -> crate::base::text::TextRange {
    match &param.name {
        Some(name) => name.range.cover(param.ty.range),
        None => param.ty.range,
    }
}
