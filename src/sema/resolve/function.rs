//! Functions by name and arguments (parse_func.c, manual §10.3).

use smallvec::SmallVec;

use super::candidates::{self, Candidate};
use super::coerce::{Cx, Pathway};
use super::select::{self, Args};
use super::{ArgTy, CallShape, CoercionContext, FuncOutcome, Refusal, ResolvedFunction, poly, type_list};
use crate::catalog::types::format_type_id;
use crate::catalog::{Catalog, Function, FunctionKind, Type, TypeId, TypeKind};
use crate::catalog::{lookup, pg};
use crate::sema::{Code, Ty, code};
use crate::sql::Ident;

/// The function, aggregate, window function or procedure that a call means. `args` as written, positional ones first;
/// for `WITHIN GROUP` the sort expressions follow the direct arguments.
pub fn function<'a>(
    catalog: &'a Catalog,
    schema: Option<&Ident>,
    name: &Ident,
    args: &[ArgTy<'_>],
    shape: CallShape,
) -> FuncOutcome<'a> {
    if name.is_dynamic() || schema.is_some_and(Ident::is_dynamic) {
        return FuncOutcome::Unknown(Ty::Unknown);
    }
    let call = Call { cx: Cx::new(catalog), catalog, schema, name, args, shape };
    if let Some(refusal) = call.misnamed() {
        return FuncOutcome::Refused(refusal);
    }
    let inputs: Option<Args> = args
        .iter()
        .map(|it| match it.ty {
            Ty::Known(ty) => Some(ty.id),
            Ty::Unknown => None,
        })
        .collect();
    match inputs {
        Some(inputs) => call.resolve(&inputs),
        None => call.with_unknown_arguments(),
    }
}

struct Call<'a, 'b> {
    cx: Cx<'a>,
    catalog: &'a Catalog,
    schema: Option<&'b Ident>,
    name: &'b Ident,
    args: &'b [ArgTy<'b>],
    shape: CallShape,
}

impl<'a> Call<'a, '_> {
    fn resolve(&self, inputs: &[TypeId]) -> FuncOutcome<'a> {
        let functions = lookup::functions(self.catalog, self.schema, self.name);
        let unknown_signature = functions.iter().any(|it| {
            it.origin != crate::catalog::Origin::Builtin
                && it.parameters(self.shape.procedure).iter().any(|it| it.ty.is_none())
        });
        let found = candidates::collect(self.catalog, &functions, self.args, self.shape);
        let n = inputs.len();
        let mut best = found.iter().find(|it| it.args.get(..n) == Some(inputs));
        let mut several = false;
        let mut pool: Vec<(Args, &Candidate<'a>)>;
        if best.is_none() {
            if unknown_signature {
                return FuncOutcome::Unknown(Ty::Unknown);
            }
            if let Some(target) = self.as_cast(inputs) {
                return FuncOutcome::Cast(target);
            }
            pool = found.iter().map(|it| (it.args.iter().copied().take(n).collect(), it)).collect();
            select::matching(&self.cx, inputs, &mut pool);
            best = match &pool[..] {
                [] => None,
                [only] => Some(only.1),
                many => {
                    let chosen = select::best(&self.cx, inputs, many).and_then(|idx| many.get(idx));
                    several = chosen.is_none();
                    chosen.map(|it| it.1)
                }
            };
        }
        if self.cx.unsure.get() {
            return FuncOutcome::Unknown(Ty::Unknown);
        }
        match best {
            Some(best) if best.ambiguous => self.not_unique(inputs),
            Some(best) => self.finish(best, inputs),
            None if several => self.not_unique(inputs),
            None => self.missing(inputs),
        }
    }

    /// `foo(int, text)`.
    fn signature(&self, inputs: &[TypeId]) -> String {
        let qualifier = self.schema.map(|it| format!("{it}.")).unwrap_or_default();
        let n_positional = inputs.len() - self.args.iter().filter(|it| it.name.is_some()).count();
        if n_positional == inputs.len() {
            return format!("{qualifier}{}({})", self.name, type_list(self.catalog, inputs.iter().copied()));
        }
        let mut list = Vec::with_capacity(inputs.len());
        for (arg, id) in self.args.iter().zip(inputs) {
            let ty = format_type_id(self.catalog, *id);
            list.push(arg.name.map(|it| format!("{it} => {ty}")).unwrap_or(ty));
        }
        format!("{qualifier}{}({})", self.name, list.join(", "))
    }

    fn gaps(&self) -> bool {
        let gaps = &self.catalog.gaps;
        let unknown_extension = self.catalog.extensions.values().any(|it| !it.known);
        let lost = || pg::since::has_lost_function(self.catalog, self.name.as_str());
        gaps.functions || unknown_extension || gaps.named.contains(self.name) || lost()
    }

    /// An extension that may be installed unseen has a function for this call; without `inputs`, one of this name.
    fn may_be_of_extension(&self, inputs: Option<&[TypeId]>) -> bool {
        let own = lookup::functions(self.catalog, self.schema, self.name).is_empty();
        if own && pg::elsewhere::has_function(self.name.as_str()) {
            return true;
        }
        pg::ext::with_function(self.name.as_str())
            .filter(|it| lookup::may_be_installed(self.catalog, self.schema, it))
            .any(|it| {
                let functions: Vec<&Function> =
                    it.functions.get(self.name.as_str()).into_iter().flatten().collect();
                let Some(inputs) = inputs.filter(|_| !own) else { return true };
                let found = candidates::collect(self.catalog, &functions, self.args, self.shape);
                found.iter().any(|it| {
                    inputs
                        .iter()
                        .zip(&it.args)
                        .all(|(from, to)| self.cx.can_coerce(&[*from], &[*to], CoercionContext::Implicit))
                })
            })
    }

    /// `text(x)`: the name of a type called with one argument that can be cast to it without a function.
    fn as_cast(&self, inputs: &[TypeId]) -> Option<TypeId> {
        let &[source] = inputs else { return None };
        if self.args.first()?.name.is_some() || self.shape.star {
            return None;
        }
        let target = lookup::named_type(self.catalog, self.schema, self.name)?;
        let info = self.catalog.type_info(target)?;
        if matches!(info.kind, TypeKind::Composite { .. }) {
            return None;
        }
        if source == TypeId::UNKNOWN && !self.shape.param {
            return Some(target);
        }
        let from_row = source == TypeId::RECORD || self.cx.is_complex(source);
        match self.cx.pathway(target, source, CoercionContext::Explicit) {
            Pathway::Relabel => Some(target),
            Pathway::Io if !(from_row && self.cx.category(target).0 == 'S') => Some(target),
            _ => None,
        }
    }

    fn not_unique(&self, inputs: &[TypeId]) -> FuncOutcome<'a> {
        if self.gaps() {
            return FuncOutcome::Unknown(Ty::Unknown);
        }
        let hint = "Could not choose a best candidate function. You might need to add explicit type casts.";
        let message = format!("function {} is not unique", self.signature(inputs));
        refuse(code::AMBIGUOUS_FUNCTION, message, Some(hint))
    }

    fn missing(&self, inputs: &[TypeId]) -> FuncOutcome<'a> {
        if let Some(column) = self.as_column(inputs) {
            return FuncOutcome::Column(column);
        }
        let elsewhere = |it: &Ident| lookup::is_hosted(it) || lookup::is_made_by_code(self.catalog, it);
        if self.gaps() || self.may_be_of_extension(Some(inputs)) || self.schema.is_some_and(elsewhere) {
            return FuncOutcome::Unknown(Ty::Unknown);
        }
        if let Some(schema) = self.schema
            && !lookup::schema_exists(self.catalog, schema)
        {
            let message = format!("schema \"{schema}\" does not exist");
            return refuse(code::UNDEFINED_SCHEMA, message, None);
        }
        let signature = self.signature(inputs);
        if self.shape.procedure {
            let hint = "No procedure matches the given name and argument types. You might need to add explicit \
                        type casts.";
            let message = format!("procedure {signature} does not exist");
            return refuse(code::UNDEFINED_FUNCTION, message, Some(hint));
        }
        let hint = if self.shape.order_by > 1 && self.shape.within_group.is_none() {
            "No aggregate function matches the given name and argument types. Perhaps you misplaced ORDER BY; \
             ORDER BY must appear after all regular arguments of the aggregate."
        } else {
            "No function matches the given name and argument types. You might need to add explicit type casts."
        };
        let message = format!("function {signature} does not exist");
        refuse(code::UNDEFINED_FUNCTION, message, Some(hint))
    }

    /// `name(row)`: the row's column `name`. `Ty::Unknown` when its columns are not known.
    fn as_column(&self, inputs: &[TypeId]) -> Option<Ty> {
        let &[source] = inputs else { return None };
        if self.schema.is_some() || self.shape.procedure || self.shape.star {
            return None;
        }
        if source == TypeId::RECORD {
            return Some(Ty::Unknown);
        }
        if !self.cx.is_complex(source) {
            return None;
        }
        let Some(columns) = self.catalog.composite_columns(source) else { return Some(Ty::Unknown) };
        let column = columns.into_iter().find(|it| it.0 == *self.name)?;
        Some(column.1.map_or(Ty::Unknown, Ty::Known))
    }

    /// The chosen function: is it called as its kind wants, and what do polymorphic types become.
    fn finish(&self, best: &Candidate<'a>, inputs: &[TypeId]) -> FuncOutcome<'a> {
        let decl = best.function;
        if let Some(refusal) = self.misuse(decl, best, inputs) {
            return FuncOutcome::Refused(refusal);
        }
        let mut declared: Args = best.args.clone();
        // Arguments that are not written have their declared types; what a polymorphic default is, is not known.
        let mut actual: Args = inputs.iter().copied().collect();
        let default = |it: &TypeId| if poly::is_polymorphic(*it) { TypeId::UNKNOWN } else { *it };
        actual.extend(declared.iter().skip(inputs.len()).map(default));
        let Some(returns) = decl.returns else {
            declared.truncate(inputs.len());
            return FuncOutcome::Resolved(self.resolved(decl, best, declared, Ty::Unknown, Vec::new()));
        };
        let mut outs: Vec<(Ident, Ty)> = Vec::with_capacity(decl.out_columns.len());
        let result = match poly::enforce(&self.cx, &actual, &mut declared, returns) {
            Ok(id) => id,
            Err(_) if self.cx.unsure.get() => return FuncOutcome::Unknown(Ty::Unknown),
            // The default may be of any type.
            Err(_) if best.args.iter().skip(inputs.len()).any(|it| poly::is_polymorphic(*it)) => {
                return FuncOutcome::Unknown(Ty::Unknown);
            }
            Err(refusal) => return FuncOutcome::Refused(refusal),
        };
        for (name, ty) in &decl.out_columns {
            let ty = match ty {
                Some(ty) if poly::is_polymorphic(ty.id) => {
                    let mut again = best.args.clone();
                    match poly::enforce(&self.cx, &actual, &mut again, ty.id) {
                        Ok(id) => Ty::Known(Type::plain(id)),
                        Err(_) => Ty::Unknown,
                    }
                }
                Some(ty) => Ty::Known(*ty),
                None => Ty::Unknown,
            };
            outs.push((name.clone(), ty));
        }
        if self.cx.unsure.get() {
            return FuncOutcome::Unknown(Ty::Unknown);
        }
        let last = inputs.last().copied();
        if self.shape.variadic && decl.variadic && best.args.last() == Some(&TypeId::ANY) {
            let is_array = last.is_some_and(|it| self.catalog.element_type(it).is_some());
            if !is_array {
                let message = String::from("VARIADIC argument must be an array");
                return refuse(code::DATATYPE_MISMATCH, message, None);
            }
        }
        declared.truncate(inputs.len());
        let result = Ty::Known(Type::plain(result));
        FuncOutcome::Resolved(self.resolved(decl, best, declared, result, outs))
    }

    fn resolved(
        &self,
        decl: &'a Function,
        best: &Candidate<'a>,
        declared: Args,
        result: Ty,
        out_columns: Vec<(Ident, Ty)>,
    ) -> ResolvedFunction<'a> {
        ResolvedFunction {
            decl,
            kind: decl.kind,
            args: declared.into_vec(),
            result,
            returns_set: decl.returns_set,
            out_columns,
            variadic_expanded: best.n_variadic > 0,
        }
    }

    /// What `ParseFuncOrColumn` refuses about the call's clauses.
    fn misuse(&self, decl: &Function, best: &Candidate<'_>, inputs: &[TypeId]) -> Option<Refusal> {
        let shape = self.shape;
        let name = match self.schema {
            Some(schema) => format!("{schema}.{}", self.name),
            None => self.name.to_string(),
        };
        let wrong = |message: String| Some(Refusal { code: code::WRONG_OBJECT_TYPE, message, hint: None });
        let unsupported =
            |message: String| Some(Refusal { code: code::FEATURE_NOT_SUPPORTED, message, hint: None });
        if decl.kind == FunctionKind::Procedure && !shape.procedure {
            return Some(Refusal {
                code: code::WRONG_OBJECT_TYPE,
                message: format!("{} is a procedure", self.signature(inputs)),
                hint: Some(String::from("To call a procedure, use CALL.")),
            });
        }
        if decl.kind != FunctionKind::Procedure && shape.procedure {
            return Some(Refusal {
                code: code::WRONG_OBJECT_TYPE,
                message: format!("{} is not a procedure", self.signature(inputs)),
                hint: Some(String::from("To call a function, use SELECT.")),
            });
        }
        let ordered_set = decl.direct_args.is_some();
        match decl.kind {
            FunctionKind::Function | FunctionKind::Procedure => {
                let no =
                    |what: &str| wrong(format!("{what} specified, but {name} is not an aggregate function"));
                if shape.star {
                    return wrong(format!("{name}(*) specified, but {name} is not an aggregate function"));
                }
                if shape.distinct {
                    return no("DISTINCT");
                }
                if shape.within_group.is_some() {
                    return no("WITHIN GROUP");
                }
                if shape.order_by > 0 {
                    return no("ORDER BY");
                }
                if shape.filter {
                    return no("FILTER");
                }
                if shape.over {
                    return wrong(format!(
                        "OVER specified, but {name} is not a window function nor an aggregate function"
                    ));
                }
                None
            }
            FunctionKind::Aggregate if ordered_set => {
                let Some(n_sorted) = shape.within_group else {
                    return wrong(format!("WITHIN GROUP is required for ordered-set aggregate {name}"));
                };
                if shape.over {
                    return unsupported(format!("OVER is not supported for ordered-set aggregate {name}"));
                }
                let n_direct = inputs.len().saturating_sub(n_sorted);
                let wanted = decl.direct_args.map_or(0, |it| it as usize);
                if !decl.variadic && n_direct != wanted {
                    return Some(Refusal {
                        code: code::UNDEFINED_FUNCTION,
                        message: format!("function {} does not exist", self.signature(inputs)),
                        hint: Some(format!(
                            "There is an ordered-set aggregate {name}, but it requires {wanted} direct {}, not \
                             {n_direct}.",
                            if wanted == 1 { "argument" } else { "arguments" }
                        )),
                    });
                }
                if decl.variadic && best.n_variadic > 0 && n_direct != n_sorted {
                    return Some(Refusal {
                        code: code::UNDEFINED_FUNCTION,
                        message: format!("function {} does not exist", self.signature(inputs)),
                        hint: Some(format!(
                            "To use the hypothetical-set aggregate {name}, the number of hypothetical direct \
                             arguments (here {n_direct}) must match the number of ordering columns (here \
                             {n_sorted})."
                        )),
                    });
                }
                None
            }
            FunctionKind::Aggregate => {
                if shape.within_group.is_some() {
                    return wrong(format!(
                        "{name} is not an ordered-set aggregate, so it cannot have WITHIN GROUP"
                    ));
                }
                if inputs.is_empty() && !shape.star {
                    return wrong(format!(
                        "{name}(*) must be used to call a parameterless aggregate function"
                    ));
                }
                if shape.over && shape.distinct {
                    return unsupported(String::from("DISTINCT is not implemented for window functions"));
                }
                if shape.over && shape.order_by > 0 {
                    return unsupported(String::from(
                        "aggregate ORDER BY is not implemented for window functions",
                    ));
                }
                if !shape.over && self.args.iter().any(|it| it.name.is_some()) {
                    return unsupported(String::from("aggregates cannot use named arguments"));
                }
                None
            }
            FunctionKind::Window => {
                if !shape.over {
                    return wrong(format!("window function {name} requires an OVER clause"));
                }
                if shape.within_group.is_some() {
                    return wrong(format!("window function {name} cannot have WITHIN GROUP"));
                }
                if shape.distinct {
                    return unsupported(String::from("DISTINCT is not implemented for window functions"));
                }
                if shape.order_by > 0 {
                    return unsupported(String::from(
                        "aggregate ORDER BY is not implemented for window functions",
                    ));
                }
                if shape.filter {
                    return unsupported(String::from(
                        "FILTER is not implemented for non-aggregate window functions",
                    ));
                }
                None
            }
        }
    }

    /// Argument names that the grammar lets through and analysis refuses.
    fn misnamed(&self) -> Option<Refusal> {
        let mut seen: SmallVec<[&Ident; 4]> = SmallVec::new();
        for arg in self.args {
            let message = match arg.name {
                Some(name) if seen.contains(&name) => format!("argument name \"{name}\" used more than once"),
                Some(name) => {
                    seen.push(name);
                    continue;
                }
                None if seen.is_empty() || self.shape.within_group.is_some() => continue,
                None => String::from("positional argument cannot follow named argument"),
            };
            return Some(Refusal { code: code::SYNTAX_ERROR, message, hint: None });
        }
        None
    }

    /// With arguments of which we know nothing: the result, where every function that may be meant has the same.
    fn with_unknown_arguments(&self) -> FuncOutcome<'a> {
        let functions = lookup::functions(self.catalog, self.schema, self.name);
        let found = candidates::collect(self.catalog, &functions, self.args, self.shape);
        let possible: Vec<&Candidate<'a>> = found
            .iter()
            .filter(|it| {
                self.args.iter().zip(&it.args).all(|(arg, declared)| match arg.ty {
                    Ty::Unknown => true,
                    Ty::Known(ty) => {
                        poly::is_polymorphic(*declared)
                            || self.cx.can_coerce(&[ty.id], &[*declared], CoercionContext::Implicit)
                    }
                })
            })
            .collect();
        let may_be_row_or_cast = self.args.len() == 1;
        let hosted = self.schema.is_some_and(lookup::is_hosted);
        let may_be_elsewhere = hosted || self.may_be_of_extension(None);
        if functions.is_empty() && !self.gaps() && !may_be_row_or_cast && !may_be_elsewhere {
            let list = vec!["?"; self.args.len()].join(", ");
            let message = format!("function {}({list}) does not exist", self.name);
            return refuse(code::UNDEFINED_FUNCTION, message, None);
        }
        let is_type =
            may_be_row_or_cast && lookup::named_type(self.catalog, self.schema, self.name).is_some();
        let Some(first) = possible.first() else { return FuncOutcome::Unknown(Ty::Unknown) };
        let result = first.function.returns;
        let same = possible.iter().all(|it| {
            it.function.returns == result
                && it.function.returns_set == first.function.returns_set
                && it.function.out_columns.is_empty()
        });
        match result {
            Some(id) if same && !is_type && !poly::is_polymorphic(id) && !self.gaps() => {
                FuncOutcome::Unknown(Ty::Known(Type::plain(id)))
            }
            _ => FuncOutcome::Unknown(Ty::Unknown),
        }
    }
}

fn refuse<'a>(code: Code, message: String, hint: Option<&str>) -> FuncOutcome<'a> {
    FuncOutcome::Refused(Refusal { code, message, hint: hint.map(str::to_owned) })
}
