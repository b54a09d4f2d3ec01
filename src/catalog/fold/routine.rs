//! Functions and procedures.

use std::sync::Arc;

use super::Fold;
use crate::base::text::slice;
use crate::catalog::depend::{self, FunctionKey};
use crate::catalog::{Function, FunctionKind, FunctionParam, QualifiedName, TypeId, lookup, pg};
use crate::sql::Ident;
use crate::sql::hir::ddl::{self, CreateAggregate, CreateFunction, DropName, ParamMode};
use crate::sql::hir::{ExprKind, QName, TypeName};
use crate::sql::plpgsql::{executed, leading_string};

/// Functions that put together the definitions they run: tables may be there when they were called.
const MAKER: &str = "MAKER OF TABLES";

/// Whether a body runs a definition of which only the beginning can be read, if that.
fn is_dynamic_maker(body: &str) -> bool {
    executed(body).into_iter().any(|it| {
        let text = slice(body, it);
        let Some((start, whole)) = leading_string(text) else { return true };
        let first = start.split_ascii_whitespace().next().unwrap_or("").to_ascii_lowercase();
        !whole && matches!(first.as_str(), "create" | "drop" | "alter" | "%s")
    })
}

/// Under which names of functions that were declared IMMUTABLE later are kept.
pub(crate) const IMMUTABLE: &str = "IMMUTABLE";

/// Whether a function certainly is not immutable, whatever its body says (`inline_function`).
fn is_mutable(create: &CreateFunction) -> bool {
    let sql = create.inline.is_some()
        || create.language.as_ref().is_none_or(|it| it.ident.as_str().eq_ignore_ascii_case("sql"));
    let immutable = create.volatility.as_ref().is_some_and(|it| it.eq_ignore_ascii_case("immutable"));
    !sql && !immutable && !create.procedure
}

impl<'a> Fold<'a> {
    /// `ALTER FUNCTION f … IMMUTABLE`: what functions of the name are from now on is not known.
    pub(super) fn forget_volatility(&mut self) {
        let tokens = crate::sql::token::significant(self.text);
        let word = |at: usize, word: &str| tokens.get(at).is_some_and(|it| it.is_word(self.text, word));
        if !word(0, "alter") || !(word(1, "function") || word(1, "routine")) {
            return;
        }
        if !(3..tokens.len()).any(|at| word(at, "immutable")) {
            return;
        }
        let named: Vec<Ident> =
            tokens.iter().skip(2).take(3).map(|it| Ident::from_source(it.text(self.text))).collect();
        // Those of extensions and PostgreSQL's own, too.
        let changed = named.iter().map(|it| (IMMUTABLE.into(), it.clone()));
        Arc::make_mut(&mut self.catalog.others).extend(changed);
        let functions = Arc::make_mut(&mut self.catalog.functions);
        for (_, overloads) in functions.iter_mut().filter(|it| named.contains(&it.0.name)) {
            overloads.iter_mut().filter(|it| it.mutable).for_each(|it| Arc::make_mut(it).mutable = false);
        }
    }

    /// Whether a statement calls a function that makes tables.
    pub(super) fn calls_maker(&self) -> bool {
        self.catalog.others.iter().any(|it| it.0 == MAKER)
            && self.exprs.iter().any(|it| match &it.kind {
                ExprKind::Call(call) => call
                    .name
                    .last()
                    .is_some_and(|it| self.catalog.others.contains(&(MAKER.into(), it.ident.clone()))),
                _ => false,
            })
    }

    pub(super) fn create_function(&mut self, create: &CreateFunction) {
        if let Some((body, _)) = &create.body {
            self.made_by(body);
        }
        let makes_tables = create.body.as_ref().is_some_and(|(body, _)| is_dynamic_maker(body));
        if let Some(last) = create.name.last().filter(|_| makes_tables) {
            Arc::make_mut(&mut self.catalog.others).insert((MAKER.into(), last.ident.clone()));
        }
        let Some(name) = self.new_name(&create.name, false) else {
            self.catalog.gaps.functions |= create.name.is_dynamic();
            return;
        };
        // What a function in C is to return or take may still be a shell (`compute_return_type`).
        let native = create.language.as_ref().is_some_and(|it| matches!(it.ident.as_str(), "c" | "internal"));
        if native
            && let Some(returns) = &create.returns
            && returns.array_dims == 0
            && !returns.name.is_dynamic()
            && self.type_of(returns).is_none()
        {
            self.create_shell(&returns.name);
        }
        let is_input =
            |mode: ParamMode| matches!(mode, ParamMode::In | ParamMode::InOut | ParamMode::Variadic);
        let is_output =
            |mode: ParamMode| matches!(mode, ParamMode::Out | ParamMode::InOut | ParamMode::Table);
        let mut params = Vec::new();
        let mut call_params = Vec::new();
        let mut out_columns = Vec::new();
        let mut n_defaults = 0;
        let mut variadic = false;
        for param in &create.params {
            let ident = param.name.as_ref().map(|it| it.ident.clone());
            call_params.push(FunctionParam { name: ident.clone(), ty: self.type_id(&param.ty) });
            if is_input(param.mode) {
                params.push(FunctionParam { name: ident.clone(), ty: self.type_id(&param.ty) });
                n_defaults += u32::from(param.default.is_some());
                variadic |= param.mode == ParamMode::Variadic;
            }
            if is_output(param.mode) {
                let column = ident.unwrap_or_else(|| Ident::new(format!("column{}", out_columns.len() + 1)));
                out_columns.push((column, self.type_of(&param.ty)));
            }
        }
        let has_out = call_params.len() > params.len();
        let returns = match out_columns.as_slice() {
            _ if create.procedure && out_columns.is_empty() => Some(TypeId::VOID),
            [] => create.returns.as_ref().and_then(|it| self.type_id(it)),
            [(_, ty)] if !create.procedure => ty.map(|it| it.id),
            _ => Some(TypeId::RECORD),
        };
        let function = Function {
            schema: name.schema.clone(),
            name: name.name.clone(),
            kind: match (create.procedure, create.window) {
                (true, _) => FunctionKind::Procedure,
                (_, true) => FunctionKind::Window,
                _ => FunctionKind::Function,
            },
            params,
            call_params: if create.procedure && has_out { call_params } else { Vec::new() },
            n_defaults,
            variadic,
            returns,
            returns_set: create.returns_table || create.returns.as_ref().is_some_and(|it| it.setof),
            out_columns,
            strict: create.strict,
            direct_args: None,
            mutable: is_mutable(create),
            definition: Some(self.text.into()),
            origin: self.origin(create.name.last().map_or_else(Default::default, |it| it.range)),
        };
        self.add_function(name, function, create.or_replace);
    }

    fn add_function(&mut self, name: QualifiedName, function: Function, or_replace: bool) {
        let overloads = Arc::make_mut(&mut self.catalog.functions).entry(name).or_default();
        let inputs = |it: &Function| it.params.iter().map(|it| it.ty).collect::<Vec<_>>();
        // A type that is not known equals no other.
        let same = |it: &Function| inputs(it) == inputs(&function) && !inputs(it).contains(&None);
        match overloads.iter_mut().find(|it| same(it)) {
            Some(old) if or_replace => *old = Arc::new(function),
            Some(_) => {}
            None => overloads.push(Arc::new(function)),
        }
    }

    /// What it yields is the type of its state, or what its final function makes of that.
    pub(super) fn create_aggregate(&mut self, create: &CreateAggregate) {
        let Some(name) = self.new_name(&create.name, false) else {
            self.catalog.gaps.functions |= create.name.is_dynamic();
            return;
        };
        let param = |it: &ddl::FunctionParam| FunctionParam {
            name: it.name.as_ref().map(|it| it.ident.clone()),
            ty: self.type_id(&it.ty),
        };
        let params: Vec<FunctionParam> = create.params.iter().map(param).collect();
        let state = create.state.as_ref().and_then(|it| self.type_id(it));
        let returns = match &create.finish {
            None => state,
            Some(finish) => self.finished(finish, state),
        };
        let function = Function {
            schema: name.schema.clone(),
            name: name.name.clone(),
            kind: FunctionKind::Aggregate,
            params,
            call_params: Vec::new(),
            n_defaults: 0,
            variadic: create.params.iter().any(|it| it.mode == ParamMode::Variadic),
            returns,
            returns_set: false,
            out_columns: Vec::new(),
            strict: false,
            direct_args: create.direct,
            mutable: false,
            definition: Some(self.text.into()),
            origin: self.origin(create.name.last().map_or_else(Default::default, |it| it.range)),
        };
        self.add_function(name, function, create.or_replace);
    }

    /// What a final function makes of a state; `None`: not known.
    fn finished(&self, finish: &QName, state: Option<TypeId>) -> Option<TypeId> {
        let schema = finish.schema().map(|it| &it.ident);
        let found = lookup::functions(self.catalog, schema, &finish.last()?.ident);
        let mut fitting = found.iter().filter(|it| it.params.first().is_some_and(|it| it.ty == state));
        let only = fitting.next().filter(|_| state.is_some())?;
        fitting.next().is_none().then_some(only.returns)?
    }

    /// Tables that a body creates are there when it was called; which code is called, nobody knows.
    fn made_by(&mut self, body: &str) {
        let mut names = Vec::new();
        crate::sql::created::created_names(body, &mut names);
        names.retain(|it| !it.is_dynamic() && !self.catalog.gaps.named.contains(it));
        if !names.is_empty() {
            Arc::make_mut(&mut self.catalog.gaps.named).extend(names);
        }
    }

    pub(super) fn drop_function(&mut self, drop: &DropName, cascade: bool) {
        let args: Option<Vec<Option<TypeId>>> =
            drop.args.as_ref().map(|it| it.iter().map(|it| self.type_id(it)).collect());
        for name in self.candidates(&drop.name) {
            if !self.catalog.functions.contains_key(&name) {
                continue;
            }
            let functions = Arc::make_mut(&mut self.catalog.functions);
            let Some(overloads) = functions.get_mut(&name) else { continue };
            let before: Vec<FunctionKey> = overloads.iter().filter_map(|it| FunctionKey::of(it)).collect();
            let n_before = overloads.len();
            match &args {
                Some(args) => {
                    let fits = |it: &Arc<Function>| it.params.iter().map(|it| it.ty).eq(args.iter().copied());
                    // A procedure may be named by all of its arguments, OUT ones included.
                    let by_all = |it: &Arc<Function>| {
                        it.kind == FunctionKind::Procedure
                            && !it.out_columns.is_empty()
                            && it.params.len() < args.len()
                    };
                    match overloads.iter().any(fits) {
                        true => overloads.retain(|it| !fits(it)),
                        false if overloads.iter().filter(|it| by_all(it)).count() == 1 => {
                            overloads.retain(|it| !by_all(it));
                        }
                        false => {}
                    }
                }
                None => overloads.clear(),
            }
            let found = overloads.len() < n_before;
            let left: Vec<FunctionKey> = overloads.iter().filter_map(|it| FunctionKey::of(it)).collect();
            if overloads.is_empty() {
                functions.remove(&name);
            }
            for key in before.iter().filter(|it| !left.contains(it)) {
                self.function_gone(key, cascade);
            }
            if found {
                // With CASCADE a cast may go with it.
                let by_function = |it: &pg::Cast| it.method == pg::CastMethod::Function;
                self.catalog.gaps.functions |= self.catalog.casts.values().any(by_function);
                return;
            }
        }
    }

    /// ALTER FUNCTION … RENAME TO and SET SCHEMA.
    pub(super) fn move_function(
        &mut self,
        name: &QName,
        args: Option<&[TypeName]>,
        schema: Option<&Ident>,
        to: Option<&Ident>,
    ) {
        let args: Option<Vec<Option<TypeId>>> = args.map(|it| it.iter().map(|it| self.type_id(it)).collect());
        let found = self.candidates(name).into_iter().find(|it| self.catalog.functions.contains_key(it));
        let Some(from) = found else { return };
        let target = QualifiedName {
            schema: schema.unwrap_or(&from.schema).clone(),
            name: to.unwrap_or(&from.name).clone(),
        };
        let functions = Arc::make_mut(&mut self.catalog.functions);
        let overloads = functions.get(&from).cloned().unwrap_or_default();
        let is_meant = |it: &Arc<Function>| match &args {
            Some(args) => it.params.iter().map(|it| it.ty).eq(args.iter().copied()),
            None => true,
        };
        let (overloads, left): (Vec<_>, Vec<_>) = overloads.into_iter().partition(is_meant);
        if overloads.is_empty() {
            return;
        }
        // Which of several is meant is not known without arguments: both names stay.
        if overloads.len() == 1 {
            functions.remove(&from);
            if !left.is_empty() {
                functions.insert(from.clone(), left);
            }
        }
        for key in overloads.iter().filter_map(|it| FunctionKey::of(it)) {
            let moved = FunctionKey { name: target.clone(), params: key.params.clone() };
            depend::rename_made(&mut self.catalog.depends, &key, &moved);
        }
        let moved = overloads.into_iter().map(|it| {
            Arc::new(Function { schema: target.schema.clone(), name: target.name.clone(), ..(*it).clone() })
        });
        let moved: Vec<_> = moved.collect();
        let fires = moved.iter().any(|it| it.returns == Some(TypeId::TRIGGER));
        functions.entry(target.clone()).or_default().extend(moved);
        if fires {
            self.follow_trigger_function(&from, &target);
        }
    }

    /// Triggers call a function under the name that it has.
    fn follow_trigger_function(&mut self, from: &QualifiedName, to: &QualifiedName) {
        let calls = |it: &crate::catalog::Relation| it.trigger_functions.iter().any(|it| it.1 == *from);
        let tables = self.catalog.relations.iter().filter(|it| calls(it.1));
        let tables: Vec<QualifiedName> = tables.map(|it| it.0.clone()).collect();
        for table in tables {
            let Some(relation) = self.relation_mut(&table) else { continue };
            let called = relation.trigger_functions.iter_mut().filter(|it| it.1 == *from);
            called.for_each(|it| it.1 = to.clone());
        }
    }
}
