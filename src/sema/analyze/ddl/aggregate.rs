//! CREATE AGGREGATE (`DefineAggregate`, `AggregateCreate`), and the arguments that name an aggregate.

use crate::catalog::{FunctionKind, Type, TypeId, lookup, pg};
use crate::sema::resolve::{self, ArgTy, CallShape, FuncOutcome};
use crate::sema::{Code, Ty, code, literal};
use crate::sql::Ident;
use crate::sql::hir::ddl::{CreateAggregate, ParamMode, Setting};
use crate::sql::hir::{QName, TypeName};
use crate::sql::token::{TokenKind, significant};

use super::super::binder::Binder;
use super::define::path;
use super::name::{at, declared_here, new_name, spelled};

/// A function that does an aggregate's work.
struct Part {
    strict: bool,
    returns: Ty,
}

/// What can be said of a function that an aggregate names.
enum Found {
    Part(Part),
    Refused(Code, String),
    Unknown,
}

/// The option of any of these names, the later notation first.
fn option<'s>(create: &'s CreateAggregate, names: &[&str]) -> Option<&'s Setting> {
    // Of those that are there twice the last one counts.
    let is = |option: &Setting, name: &str| option.name.last().is_some_and(|it| it.ident.as_str() == name);
    names.iter().find_map(|name| create.settings.iter().rev().find(|it| is(it, name)))
}

impl<'a> Binder<'a> {
    pub fn create_aggregate(&mut self, create: &'a CreateAggregate) {
        if self.unlike_variadic() || self.missing_schema(&create.name, false) {
            return;
        }
        if let Some((code, message)) = misused_options(create) {
            self.report(code, at(&create.name), message);
            return;
        }
        let n_problems = self.problems.len();
        let inputs: Vec<Ty> = create.params.iter().map(|it| self.type_name(&it.ty)).collect();
        let state = create.state.as_ref().map_or(Ty::Unknown, |it| self.type_name(it));
        if self.problems.len() > n_problems || !self.is_exact() {
            return;
        }
        let known = |it: &Ty| match it {
            Ty::Known(ty) => Some(ty.id),
            Ty::Unknown => None,
        };
        let (Some(state), Some(inputs)) =
            (known(&state), inputs.iter().map(known).collect::<Option<Vec<_>>>())
        else {
            return;
        };
        match self.aggregate_result(create, state, &inputs) {
            Ok(result) => self.aggregate_taken(create, &inputs, result),
            Err((code, message)) => {
                self.report(code, at(&create.name), message);
            }
        }
    }

    /// What the aggregate yields, or the first refusal in PostgreSQL's order.
    fn aggregate_result(
        &mut self,
        create: &CreateAggregate,
        state: TypeId,
        inputs: &[TypeId],
    ) -> Result<Ty, (Code, String)> {
        let invalid = |it: &str| Err((code::INVALID_FUNCTION_DEFINITION, it.to_owned()));
        let pseudo = self.is_pseudo(state) && !Self::is_polymorphic(state);
        if pseudo && state != TypeId::INTERNAL {
            let message = format!("aggregate transition data type cannot be {}", self.format_id(state));
            return Err((code::INVALID_FUNCTION_DEFINITION, message));
        }
        let initial = option(create, &["initcond", "initcond1"]);
        if let Some(text) = initial.and_then(|it| it.value.as_deref())
            && !self.is_pseudo(state)
            && !text.contains(crate::sql::ident::DYNAMIC_MARK)
            && let Err(error) = literal::check(self.catalog, Type::plain(state), text)
        {
            return Err((error.code, error.message));
        }
        if !may_result(state, inputs) {
            return invalid("cannot determine transition data type");
        }
        let direct = create.direct.map(|it| it as usize);
        // One VARIADIC on both sides is an input once.
        let aggregated = match direct {
            Some(direct) if direct >= inputs.len() => inputs.last().copied().into_iter().collect(),
            Some(direct) => inputs.iter().skip(direct).copied().collect(),
            None => inputs.to_vec(),
        };
        let any = create.params.last().is_some_and(|it| it.mode == ParamMode::Variadic)
            && inputs.last() == Some(&TypeId::ANY);
        let with =
            |rest: &[TypeId]| -> Vec<TypeId> { std::iter::once(state).chain(rest.iter().copied()).collect() };
        let Some(step) = &create.step else { return Ok(Ty::Unknown) };
        let shown = self.format_id(state);
        match self.aggregate_part(step, &with(&aggregated), any) {
            Found::Refused(code, message) => return Err((code, message)),
            Found::Unknown => return Ok(Ty::Unknown),
            Found::Part(part) => {
                if let Ty::Known(returns) = part.returns
                    && returns.id != state
                {
                    let message =
                        format!("return type of transition function {} is not {shown}", spelled(step));
                    return Err((code::DATATYPE_MISMATCH, message));
                }
                let starts = inputs.first().map_or(Some(false), |it| self.coercible(*it, state));
                if part.strict && initial.is_none() && starts == Some(false) {
                    return invalid(
                        "must not omit initial value when transition function is strict and transition type is not compatible with input type",
                    );
                }
            }
        }
        let mut result = Ty::Known(Type::plain(state));
        if let Some(finish) = &create.finish {
            let extra = option(create, &["finalfunc_extra"])
                .is_some_and(|it| it.value.as_deref().is_none_or(|it| boolean(it) == Some(true)));
            let rest = match (extra, direct) {
                (true, _) => inputs,
                (false, Some(direct)) => inputs.get(..direct).unwrap_or(inputs),
                (false, None) => &[],
            };
            match self.aggregate_part(finish, &with(rest), any && extra) {
                Found::Refused(code, message) => return Err((code, message)),
                Found::Unknown => return Ok(Ty::Unknown),
                Found::Part(part) if part.strict && extra => {
                    return invalid("final function with extra arguments must not be declared STRICT");
                }
                Found::Part(part) => result = part.returns,
            }
        }
        if let Some(combine) = option(create, &["combinefunc"]).and_then(path) {
            match self.aggregate_part(&combine, &[state, state], false) {
                Found::Refused(code, message) => return Err((code, message)),
                Found::Part(Part { returns: Ty::Known(returns), .. }) if returns.id != state => {
                    let message =
                        format!("return type of combine function {} is not {shown}", spelled(&combine));
                    return Err((code::DATATYPE_MISMATCH, message));
                }
                _ => {}
            }
        }
        let Ty::Known(result) = result else { return Ok(Ty::Unknown) };
        if !may_result(result.id, inputs) {
            return invalid("cannot determine result data type");
        }
        if result.id == TypeId::INTERNAL && !inputs.contains(&TypeId::INTERNAL) {
            return invalid("unsafe use of pseudo-type \"internal\"");
        }
        if option(create, &["sortop"]).is_some() && inputs.len() != 1 {
            return invalid("sort operator can only be specified for single-argument aggregates");
        }
        Ok(Ty::Known(result))
    }

    /// `lookup_agg_function`.
    fn aggregate_part(&self, name: &QName, inputs: &[TypeId], any: bool) -> Found {
        let Some(last) = name.last().filter(|_| !name.is_dynamic()) else { return Found::Unknown };
        let schema = name.schema().map(|it| &it.ident);
        let gaps = &self.catalog.gaps;
        if gaps.functions
            || gaps.named.contains(&last.ident)
            || self.catalog.extensions.values().any(|it| !it.known)
            || schema.is_some_and(|it| !lookup::schema_exists(self.catalog, it))
            || pg::ext::with_function(last.ident.as_str())
                .any(|it| lookup::may_be_installed(self.catalog, schema, it))
        {
            return Found::Unknown;
        }
        let list = inputs.iter().map(|it| self.format_id(*it)).collect::<Vec<_>>().join(", ");
        let missing = || {
            let message = format!("function {}({list}) does not exist", spelled(name));
            Found::Refused(code::UNDEFINED_FUNCTION, message)
        };
        let all = lookup::functions(self.catalog, schema, &last.ident);
        let fitting: Vec<_> = all.iter().filter(|it| it.params.len() == inputs.len()).collect();
        if fitting.is_empty() {
            return missing();
        }
        if any && !fitting.iter().any(|it| it.variadic) {
            return Found::Unknown;
        }
        let same = |it: &crate::catalog::Function| {
            it.params.iter().map(|it| it.ty).eq(inputs.iter().map(|it| Some(*it)))
        };
        if let Some(exact) = fitting.iter().find(|it| same(it)) {
            if exact.kind != FunctionKind::Function {
                return missing();
            }
            if exact.returns_set {
                return Found::Refused(
                    code::DATATYPE_MISMATCH,
                    format!("function {}({list}) returns a set", spelled(name)),
                );
            }
            let returns = exact.returns.map_or(Ty::Unknown, |it| Ty::Known(Type::plain(it)));
            return Found::Part(Part { strict: exact.strict, returns });
        }
        if inputs.iter().any(|it| self.is_pseudo(*it)) {
            let may_be = fitting.iter().any(|it| {
                it.params.iter().zip(inputs).all(|(to, from)| to.ty.is_none_or(|to| self.may_take(*from, to)))
            });
            let same = |it: &crate::catalog::Function| {
                let fits = |(to, from): (&crate::catalog::FunctionParam, &TypeId)| {
                    to.ty == Some(*from) || to.ty == Some(TypeId::ANY)
                };
                it.kind == FunctionKind::Function && !it.returns_set && it.params.iter().zip(inputs).all(fits)
            };
            return match fitting.as_slice() {
                [only] if same(only) => {
                    let returns = only.returns.map_or(Ty::Unknown, |it| Ty::Known(Type::plain(it)));
                    Found::Part(Part { strict: only.strict, returns })
                }
                _ if may_be => Found::Unknown,
                _ => missing(),
            };
        }
        let args: Vec<ArgTy<'_>> =
            inputs.iter().map(|it| ArgTy { name: None, ty: Ty::Known(Type::plain(*it)) }).collect();
        match resolve::function(self.catalog, schema, &last.ident, &args, CallShape::default()) {
            FuncOutcome::Refused(it) if it.code == code::UNDEFINED_FUNCTION => missing(),
            FuncOutcome::Resolved(it) if !it.variadic_expanded && it.decl.params.len() == inputs.len() => {
                if it.kind != FunctionKind::Function {
                    return missing();
                }
                let converted =
                    inputs.iter().zip(&it.args).any(|(a, b)| self.coercible(*a, *b) == Some(false));
                if converted && it.args.len() == inputs.len() {
                    let list = it.args.iter().map(|it| self.format_id(*it)).collect::<Vec<_>>().join(", ");
                    let message =
                        format!("function {}({list}) requires run-time type coercion", spelled(name));
                    return Found::Refused(code::DATATYPE_MISMATCH, message);
                }
                Found::Part(Part { strict: it.decl.strict, returns: it.result })
            }
            _ => Found::Unknown,
        }
    }

    /// Whether a parameter of a type may take what an aggregate of pseudo-types hands to it (`can_coerce_type`).
    fn may_take(&self, from: TypeId, to: TypeId) -> bool {
        if from == to || to == TypeId::ANY {
            return true;
        }
        if Self::is_polymorphic(to) {
            let element = matches!(from, TypeId::ANYELEMENT | TypeId::ANYNONARRAY | TypeId::ANYENUM);
            return !(to == TypeId::ANYARRAY && element
                || to == TypeId::ANYCOMPATIBLEARRAY && Self::is_polymorphic(from));
        }
        !self.is_pseudo(from)
            && !resolve::can_coerce(self.catalog, from, to, resolve::CoercionContext::Implicit).is_no()
    }

    /// A function of the name with the same arguments.
    fn aggregate_taken(&mut self, create: &CreateAggregate, inputs: &[TypeId], result: Ty) {
        let Some(full) = new_name(self.catalog, &create.name, false) else { return };
        let catalog = self.catalog;
        let same = |it: &&std::sync::Arc<crate::catalog::Function>| {
            it.params.iter().map(|it| it.ty).eq(inputs.iter().map(|it| Some(*it)))
        };
        let Some(old) = catalog.functions.get(&full).and_then(|it| it.iter().find(same)) else { return };
        let (code, message) = if !create.or_replace {
            let message = format!("function \"{}\" already exists with same argument types", full.name);
            (code::DUPLICATE_FUNCTION, message)
        } else if old.kind != FunctionKind::Aggregate || old.direct_args != create.direct {
            (code::WRONG_OBJECT_TYPE, "cannot change routine kind".to_owned())
        } else if let (Ty::Known(new), Some(before)) = (result, old.returns)
            && new.id != before
        {
            let message = "cannot change return type of existing function".to_owned();
            (code::INVALID_FUNCTION_DEFINITION, message)
        } else {
            return;
        };
        let related = declared_here(&full.name, old.origin);
        self.report(code, at(&create.name), message).related.extend(related);
    }

    /// The function that does what an access method or a conversion is for.
    pub fn made_with(&mut self, kind: &str) {
        let (word, n_params, signature) = match kind {
            "ACCESS METHOD" => ("handler", 1, "internal"),
            "CONVERSION" => ("from", 6, "integer, integer, cstring, internal, integer, boolean"),
            _ => return,
        };
        let text = self.text;
        let tokens = significant(text);
        let Some(idx) = tokens.iter().position(|it| it.is_word(text, word)) else { return };
        let [token] = tokens.get(idx + 1..).unwrap_or_default() else { return };
        if !matches!(token.kind, TokenKind::Word | TokenKind::QuotedIdent { .. }) || !self.is_exact() {
            return;
        }
        let name = Ident::from_source(token.text(text));
        let gaps = &self.catalog.gaps;
        let unknown = gaps.functions
            || gaps.named.contains(&name)
            || name.is_dynamic()
            || self.catalog.extensions.values().any(|it| !it.known)
            || pg::ext::with_function(name.as_str())
                .any(|it| lookup::may_be_installed(self.catalog, None, it));
        let all = lookup::functions(self.catalog, None, &name);
        if !unknown && all.iter().all(|it| it.params.len() != n_params) {
            let message = format!("function {name}({signature}) does not exist");
            self.report(code::UNDEFINED_FUNCTION, token.range, message);
        }
    }

    /// `(VARIADIC a ORDER BY VARIADIC a)`: PostgreSQL's grammar wants the same on both sides (`makeOrderedSetArgs`).
    /// `true`: reported.
    pub fn unlike_variadic(&mut self) -> bool {
        let text = self.text;
        let tokens = significant(text);
        let Some(order) = tokens.windows(2).position(|it| {
            let [a, b] = it else { return false };
            a.is_word(text, "order") && b.is_word(text, "by")
        }) else {
            return false;
        };
        let (before, behind) = tokens.split_at(order);
        let start = before.iter().rposition(|it| matches!(it.kind, TokenKind::OpenParen | TokenKind::Comma));
        let direct = start.and_then(|it| before.get(it + 1..)).unwrap_or_default();
        let behind = behind.get(2..).unwrap_or_default();
        let end = behind.iter().position(|it| it.kind == TokenKind::CloseParen).unwrap_or(0);
        let ordered = behind.get(..end).unwrap_or_default();
        let [variadic, one] = direct else { return false };
        if !variadic.is_word(text, "variadic") {
            return false;
        }
        let Some(first) = ordered.first() else { return false };
        let name = |it: &str| Ident::from_source(it);
        let refused = match ordered {
            [again, other] if again.is_word(text, "variadic") => {
                let (a, b) = (name(one.text(text)), name(other.text(text)));
                // Words of the grammar may stand for the same type.
                a != b && !(self.is_grammars_type(&a) && self.is_grammars_type(&b))
            }
            [again, ..] if again.is_word(text, "variadic") => {
                ordered.iter().any(|it| it.kind == TokenKind::Comma)
            }
            _ => true,
        };
        if refused {
            let range = first.range;
            self.report(
                code::FEATURE_NOT_SUPPORTED,
                range,
                "an ordered-set aggregate with a VARIADIC direct argument must have one VARIADIC aggregated argument of the same data type",
            );
        }
        refused
    }

    fn is_grammars_type(&self, name: &Ident) -> bool {
        matches!(
            name.as_str(),
            "int"
                | "integer"
                | "int4"
                | "smallint"
                | "int2"
                | "bigint"
                | "int8"
                | "real"
                | "float4"
                | "float"
                | "float8"
                | "decimal"
                | "dec"
                | "numeric"
                | "boolean"
                | "bool"
                | "char"
                | "character"
                | "bpchar"
                | "varchar"
                | "nchar"
                | "bit"
                | "time"
                | "timestamp"
                | "interval"
                | "json"
        )
    }

    /// Whether the arguments of DROP, ALTER and COMMENT ON AGGREGATE are refused by the grammar.
    pub fn refused_arguments(&mut self, args: Option<&[TypeName]>) -> bool {
        args.is_some_and(|it| !it.is_empty()) && self.unlike_variadic()
    }
}

/// `defGetBoolean`.
fn boolean(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "on" | "1" => Some(true),
        "false" | "off" | "0" => Some(false),
        _ => None,
    }
}

/// `check_valid_polymorphic_signature`.
pub fn may_result(result: TypeId, inputs: &[TypeId]) -> bool {
    const FIRST: [TypeId; 6] = [
        TypeId::ANYELEMENT,
        TypeId::ANYARRAY,
        TypeId::ANYNONARRAY,
        TypeId::ANYENUM,
        TypeId::ANYRANGE,
        TypeId::ANYMULTIRANGE,
    ];
    const SECOND: [TypeId; 5] = [
        TypeId::ANYCOMPATIBLE,
        TypeId::ANYCOMPATIBLEARRAY,
        TypeId::ANYCOMPATIBLENONARRAY,
        TypeId::ANYCOMPATIBLERANGE,
        TypeId::ANYCOMPATIBLEMULTIRANGE,
    ];
    let any_of = |all: &[TypeId]| inputs.iter().any(|it| all.contains(it));
    match result {
        TypeId::ANYRANGE | TypeId::ANYMULTIRANGE => any_of(&[TypeId::ANYRANGE, TypeId::ANYMULTIRANGE]),
        TypeId::ANYCOMPATIBLERANGE | TypeId::ANYCOMPATIBLEMULTIRANGE => {
            any_of(&[TypeId::ANYCOMPATIBLERANGE, TypeId::ANYCOMPATIBLEMULTIRANGE])
        }
        it if FIRST.contains(&it) => any_of(&FIRST),
        it if SECOND.contains(&it) => any_of(&SECOND),
        _ => true,
    }
}

/// What `DefineAggregate` says of the options by themselves.
fn misused_options(create: &CreateAggregate) -> Option<(Code, String)> {
    for setting in &create.settings {
        let Some(name) = setting.name.last().map(|it| it.ident.as_str()) else { continue };
        let value = setting.value.as_deref();
        let is = |it: &[&str]| value.is_some_and(|own| it.iter().any(|it| own.eq_ignore_ascii_case(it)));
        match name {
            "finalfunc_extra" | "mfinalfunc_extra" | "hypothetical"
                if value.is_some_and(|it| boolean(it).is_none()) =>
            {
                return Some((code::SYNTAX_ERROR, format!("{name} requires a Boolean value")));
            }
            "finalfunc_modify" | "mfinalfunc_modify" if !is(&["read_only", "shareable", "read_write"]) => {
                let message = format!("parameter \"{name}\" must be READ_ONLY, SHAREABLE, or READ_WRITE");
                return Some((code::SYNTAX_ERROR, message));
            }
            "hypothetical" if create.direct.is_none() && value.is_none_or(|it| boolean(it) == Some(true)) => {
                let message = "only ordered-set aggregates can be hypothetical".to_owned();
                return Some((code::INVALID_FUNCTION_DEFINITION, message));
            }
            _ => {}
        }
    }
    let has = |name: &str| option(create, &[name]).is_some();
    let invalid = |it: String| Some((code::INVALID_FUNCTION_DEFINITION, it));
    if option(create, &["stype", "stype1"]).is_none() {
        return invalid("aggregate stype must be specified".into());
    }
    if option(create, &["sfunc", "sfunc1"]).is_none() {
        return invalid("aggregate sfunc must be specified".into());
    }
    if has("mstype") {
        if let Some(name) = ["msfunc", "minvfunc"].into_iter().find(|it| !has(it)) {
            return invalid(format!("aggregate {name} must be specified when mstype is specified"));
        }
    } else if let Some(name) = ["msfunc", "minvfunc", "mfinalfunc"].into_iter().find(|it| has(it)) {
        return invalid(format!("aggregate {name} must not be specified without mstype"));
    }
    if create.old && !has("basetype") {
        return invalid("aggregate input type must be specified".into());
    }
    if !create.old && has("basetype") {
        return invalid("basetype is redundant with aggregate input type specification".into());
    }
    let parallel = option(create, &["parallel"]).and_then(|it| it.value.as_deref());
    if parallel
        .is_some_and(|it| !["safe", "restricted", "unsafe"].contains(&it.to_ascii_lowercase().as_str()))
    {
        let message = "parameter \"parallel\" must be SAFE, RESTRICTED, or UNSAFE".to_owned();
        return Some((code::SYNTAX_ERROR, message));
    }
    None
}
