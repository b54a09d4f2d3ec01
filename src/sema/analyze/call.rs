//! Function calls (`ParseFuncOrColumn`).

use crate::base::text::TextRange;
use crate::catalog::{Catalog, FunctionKind, Origin, QualifiedName, TypeId, lookup, pg};
use crate::sema::resolve::{self, ArgTy, CallShape, FuncOutcome, ResolvedFunction};
use crate::sema::{ExprInfo, Target, Ty, code};
use crate::sql::hir::{Call, ExprId, ExprKind};

use super::binder::{Binder, UNKNOWN_INFO, known};
use super::nullable;
use super::place::Place;
use super::scope::Resolved;

impl<'a> Binder<'a> {
    pub fn call(&mut self, id: ExprId, call: &'a Call) -> ExprInfo {
        self.set_resolved(id, Resolved::Unknown);
        self.see_value(id, &call.name);
        for arg in &call.args {
            self.expr(arg.value);
        }
        for item in &call.within_group {
            self.expr(item.expr);
        }
        if let Some(filter) = call.filter {
            self.in_place(Place::Filter, |it| it.condition(filter, "FILTER"));
        }
        if call.syntax_form && call.name.last().is_some_and(|it| it.ident.as_str() == "overlaps") {
            let row = call.args.iter().position(|it| matches!(self.bare(it.value), ExprKind::Row { .. }));
            if let Some(idx) = row {
                let side = if idx == 0 { "left" } else { "right" };
                let at = call.args.get(idx).map_or(self.expr_node(id).range, |it| self.place(it.value));
                let message = format!("wrong number of parameters on {side} side of OVERLAPS expression");
                self.refuse(code::SYNTAX_ERROR, at, message);
                return self.unknown_call(call);
            }
        }
        if self.too_many_dots(&call.name, 3) {
            return self.unknown_call(call);
        }
        if !self.typed || call.name.is_dynamic() || call.name.parts.is_empty() || call.name.parts.len() > 2 {
            return self.unknown_call(call);
        }
        let Some(last) = call.name.last() else { return self.unknown_call(call) };
        let schema = call.name.schema().map(|it| &it.ident);
        let args: smallvec::SmallVec<[ArgTy<'_>; 6]> = call
            .args
            .iter()
            .map(|it| ArgTy { name: it.name.as_ref().map(|it| &it.ident), ty: self.ty(it.value) })
            .chain(call.within_group.iter().map(|it| ArgTy { name: None, ty: self.ty(it.expr) }))
            .collect();
        let shape = CallShape {
            procedure: self.calling == Some(id),
            param: matches!(call.args.as_slice(), [it] if matches!(self.bare(it.value), ExprKind::Param(_))),
            ..CallShape::of(call)
        };
        let whole = self.expr_node(id).range;
        // `treat(x as t)` is named by its type, which stands behind.
        let treat =
            call.syntax_form && self.slice(whole).get(..5).is_some_and(|it| it.eq_ignore_ascii_case("treat"));
        let at = call.name.range().filter(|it| !it.is_empty() && !treat).unwrap_or(whole);
        match resolve::function(self.catalog, schema, &last.ident, &args, shape) {
            FuncOutcome::Resolved(found) => self.resolved_call(id, call, &found, at),
            FuncOutcome::Cast(target) => {
                for arg in &call.args {
                    if self.is_undecided(arg.value) {
                        self.decide(arg.value, known(target));
                    }
                }
                self.set_resolved(id, Resolved::Function);
                let nullable = call.args.first().and_then(|it| self.info(it.value).nullable);
                let from = call.args.first().map_or(Ty::Unknown, |it| self.ty(it.value));
                ExprInfo { ty: known(target), nullable: self.cast_nullable(from, known(target), nullable) }
            }
            FuncOutcome::Column(ty) => {
                // `name(t)` is the column itself.
                if let [arg] = call.args.as_slice()
                    && let Resolved::WholeRow(rte) = self.resolved(arg.value)
                    && let Some(column) = self.rte(rte).find(&last.ident)
                {
                    self.set_resolved(id, Resolved::Var(self.flatten(super::scope::Var { rte, column })));
                }
                let columns = || self.row_columns(call.args.first()?.value);
                if ty == Ty::Unknown
                    && self.knows_functions(&last.ident)
                    && matches!(args.first(), Some(ArgTy { ty: Ty::Known(it), .. }) if it.id == TypeId::RECORD)
                    && columns().is_some_and(|it| it.iter().all(|it| it.0 != last.ident))
                {
                    let message = format!("function {}(record) does not exist", last.ident);
                    self.refuse(code::UNDEFINED_FUNCTION, at, message);
                    return self.unknown_call(call);
                }
                let ty = match ty {
                    Ty::Known(_) => ty,
                    Ty::Unknown => columns()
                        .and_then(|it| it.into_iter().find(|it| it.0 == last.ident))
                        .map_or(ty, |it| it.1),
                };
                ExprInfo { ty, nullable: None }
            }
            FuncOutcome::Refused(refusal) if self.is_system_column(call, &refusal) => {
                if let [arg] = call.args.as_slice()
                    && let Some(rte) = self.row_itself(self.unparen(arg.value))
                    && let super::column::Scan::One(column) = self.scan(rte, &last.ident)
                {
                    self.set_resolved(id, Resolved::Var(self.flatten(super::scope::Var { rte, column })));
                }
                let ty =
                    super::scope::system_column(last.ident.as_str()).map_or(Ty::Unknown, |it| known(it.1));
                ExprInfo { ty, nullable: None }
            }
            FuncOutcome::Refused(refusal) => {
                let similar = self.similar_function(call, &refusal);
                let at = match refusal.message.as_str() {
                    "VARIADIC argument must be an array" => {
                        call.args.last().map_or(at, |it| self.place(it.value))
                    }
                    it if it.ends_with("used more than once") => {
                        let mut seen = Vec::new();
                        let twice = call.args.iter().filter_map(|it| it.name.as_ref()).find(|it| {
                            let again = seen.contains(&&it.ident);
                            seen.push(&it.ident);
                            again
                        });
                        twice.map_or(at, |it| it.range)
                    }
                    "positional argument cannot follow named argument" => {
                        let named = call.args.iter().position(|it| it.name.is_some()).unwrap_or(0);
                        let found = call.args.iter().skip(named).find(|it| it.name.is_none());
                        found.map_or(at, |it| self.place(it.value))
                    }
                    _ => at,
                };
                let problem = self.report(refusal.code, at, refusal.message);
                problem.hint = refusal.hint;
                if let Some((name, safe)) = similar {
                    problem.hint = Some(format!("Perhaps you meant the function \"{name}\"."));
                    let fix = super::suggest::rename(last.range, &crate::sql::Ident::new(name));
                    problem.fixes.push(crate::sema::Fix { safe, ..fix });
                }
                self.unknown_call(call)
            }
            FuncOutcome::Unknown(ty) => {
                let info = self.unknown_call(call);
                ExprInfo { ty, ..info }
            }
        }
    }

    /// All functions that a name may mean are known.
    pub fn knows_functions(&self, name: &crate::sql::Ident) -> bool {
        let gaps = &self.catalog.gaps;
        !gaps.functions
            && !gaps.named.contains(name)
            && self.catalog.extensions.values().all(|it| it.known)
            && pg::ext::with_function(name.as_str()).next().is_none()
    }

    /// `ctid(t)` is `t.ctid`.
    fn is_system_column(&self, call: &Call, refusal: &resolve::Refusal) -> bool {
        let ([arg], [name]) = (call.args.as_slice(), call.name.parts.as_slice()) else { return false };
        let row = self.row_itself(self.unparen(arg.value));
        refusal.code == code::UNDEFINED_FUNCTION
            && arg.name.is_none()
            && super::scope::system_column(name.ident.as_str()).is_some()
            && row.is_some_and(|it| !matches!(self.scan(it, &name.ident), super::column::Scan::None))
    }

    fn unknown_call(&mut self, call: &'a Call) -> ExprInfo {
        for arg in &call.args {
            self.forget_params(Some(arg.value));
        }
        self.aggregate_order(call, false);
        if let Some(over) = &call.over {
            self.over(over);
        }
        // It may be an aggregate: what GROUP BY demands is not known.
        let depth = self.depth_now();
        if let Some(level) = self.levels.get_mut((depth as usize).wrapping_sub(1)) {
            level.unknown_calls = true;
        }
        UNKNOWN_INFO
    }

    fn resolved_call(
        &mut self,
        id: ExprId,
        call: &'a Call,
        found: &ResolvedFunction<'_>,
        at: TextRange,
    ) -> ExprInfo {
        self.set_resolved(id, Resolved::Function);
        self.note_function(found.decl, at);
        self.use_function(found.decl);
        if let (Some(arg), Some(ty)) = (call.args.first(), found.args.first()) {
            self.use_named(arg.value, *ty);
        }
        let values = call.args.iter().map(|it| it.value).chain(call.within_group.iter().map(|it| it.expr));
        for (value, target) in values.zip(&found.args) {
            self.coerce_argument(value, *target);
        }
        if found.decl.origin != Origin::Builtin {
            let key = QualifiedName { schema: found.decl.schema.clone(), name: found.decl.name.clone() };
            let at = call.name.last().map_or(at, |it| it.range);
            self.reference(at, Target::Function(key));
        }
        match found.out_columns.as_slice() {
            [] => {}
            // The only OUT parameter gives the value a name, not a row around it.
            [(name, _)] if !matches!(found.result, Ty::Known(ty) if ty.id == TypeId::RECORD) => {
                self.single_out.insert(id, name.clone());
            }
            columns => {
                self.call_rows.insert(id, columns.to_vec());
            }
        }
        let name = found.decl.name.as_str();
        let hypothetical = matches!(name, "rank" | "dense_rank" | "percent_rank" | "cume_dist");
        if hypothetical && found.decl.origin == Origin::Builtin {
            // Each value and what it is ranked among have one type.
            for (arg, item) in call.args.iter().zip(&call.within_group) {
                self.unify(&[Some(item.expr), Some(arg.value)], "WITHIN GROUP");
            }
        }
        let values: Vec<ExprId> = call.args.iter().map(|it| it.value).collect();
        let mut nullable = if found.decl.strict { self.strict_nullable(&values) } else { None };
        let builtin = found.decl.origin == Origin::Builtin;
        match (found.kind, &call.over) {
            (FunctionKind::Aggregate, None) => {
                self.aggregate_order(call, true);
                self.note_aggregate(id, &values, call.filter, Some(call));
                nullable = self.aggregate_nullable(id, call, name, builtin);
            }
            (FunctionKind::Aggregate | FunctionKind::Window, Some(over)) => {
                self.aggregate_order(call, true);
                self.note_window(id, call, at);
                self.over(over);
                nullable = if builtin { self.window_nullable(call, over, name) } else { None };
            }
            _ => {
                if nullable == Some(false) && !(builtin && nullable::never_null(name, &found.args)) {
                    nullable = None;
                }
                if builtin && !found.decl.strict {
                    let inputs: smallvec::SmallVec<[Option<bool>; 6]> =
                        values.iter().map(|it| self.info(*it).nullable).collect();
                    nullable = nullable::of_lax_function(name, &inputs, call.variadic);
                }
            }
        }
        if found.returns_set {
            self.note_set(id);
            nullable = None;
        }
        ExprInfo { ty: found.result, nullable }
    }

    fn aggregate_nullable(&mut self, id: ExprId, call: &Call, name: &str, builtin: bool) -> Option<bool> {
        if !builtin {
            return None;
        }
        if nullable::never_null_aggregate(name) {
            return Some(false);
        }
        let argument = call.args.first().and_then(|it| self.info(it.value).nullable);
        // An aggregate may belong to a query around this one.
        let level = match self.resolved(id) {
            Resolved::Aggregate { depth } => self.levels.get((depth as usize).wrapping_sub(1)),
            _ => None,
        };
        let grouped = level.is_some_and(|it| it.grouped) && call.filter.is_none();
        let array = matches!(name, "array_agg" | "json_agg" | "jsonb_agg");
        if grouped && nullable::never_null_in_group(name) && (array || argument == Some(false)) {
            return Some(false);
        }
        (grouped || nullable::never_null_in_group(name)).then_some(true)
    }

    /// Over a frame that always holds the row itself, aggregates see at least one value.
    fn window_nullable(&self, call: &Call, over: &crate::sql::hir::Over, name: &str) -> Option<bool> {
        if nullable::never_null_aggregate(name) {
            return Some(false);
        }
        let inputs = || call.args.iter().map(|it| self.info(it.value).nullable);
        if matches!(name, "lag" | "lead") && call.args.len() == 3 {
            return nullable::any(inputs());
        }
        let crate::sql::hir::Over::Window(window) = over else { return None };
        let text = self.slice(window.range).to_ascii_lowercase();
        let framed = ["rows", "range", "groups", "exclude"].iter().any(|it| text.contains(it));
        let certain = nullable::never_null_in_group(name) || matches!(name, "first_value" | "last_value");
        if framed || window.base.is_some() || call.filter.is_some() || !certain {
            return None;
        }
        inputs().next().flatten().filter(|it| !it)
    }

    /// The function that was probably meant, and whether that is sure.
    fn similar_function(&self, call: &Call, refusal: &resolve::Refusal) -> Option<(String, bool)> {
        let catalog: &Catalog = self.catalog;
        let last = call.name.last()?;
        let schema = call.name.schema().map(|it| &it.ident);
        if refusal.code != code::UNDEFINED_FUNCTION
            || !lookup::functions(self.catalog, schema, &last.ident).is_empty()
        {
            return None;
        }
        let mut names: Vec<&str> = catalog.functions.keys().map(|it| it.name.as_str()).collect();
        for it in pg::function_names() {
            names.push(it);
        }
        let written = last.ident.as_str();
        let found = super::suggest::nearest(written, names.iter().copied())?;
        Some((found.to_owned(), super::suggest::is_slip(written, found, names.iter().copied())))
    }

    /// The columns that a call in FROM yields; `None` where they are not known.
    pub fn call_columns(&self, id: ExprId) -> Option<Vec<(crate::sql::Ident, Ty)>> {
        if let Some(columns) = self.call_rows.get(&self.unparen(id)) {
            return Some(columns.clone());
        }
        let Ty::Known(ty) = self.ty(id) else { return None };
        self.composite_columns(ty.id)
    }

    pub fn is_record(&self, id: ExprId) -> bool {
        self.ty(id) == known(TypeId::RECORD)
    }
}
