//! The functions that a call's name and number of arguments allow (`FuncnameGetCandidates`, `MatchNamedCall`).

use smallvec::SmallVec;

use super::select::Args;
use super::{ArgTy, CallShape};
use crate::catalog::{Catalog, Function, FunctionParam, TypeId};

/// One function as the call would use it.
#[derive(Debug)]
pub struct Candidate<'a> {
    pub function: &'a Function,
    /// Parameter types in the order of the call's arguments, VARIADIC expanded; parameters left to their defaults follow.
    pub args: Args,
    /// Number of arguments gathered into the VARIADIC parameter.
    pub n_variadic: usize,
    n_defaults: usize,
    /// Another function of the same schema is used with the same types: the call is ambiguous if it comes to this.
    pub ambiguous: bool,
}

/// `functions` in the order of the search path. Functions with a parameter of unknown type are left out.
pub fn collect<'a>(
    catalog: &Catalog,
    functions: &[&'a Function],
    args: &[ArgTy<'_>],
    shape: CallShape,
) -> Vec<Candidate<'a>> {
    let mut res: Vec<Candidate<'a>> = Vec::new();
    for function in functions {
        let Some(new) = candidate(catalog, function, args, shape) else { continue };
        let same = |old: &Candidate<'_>| {
            let n = new.args.len() - new.n_defaults;
            old.args.len() - old.n_defaults == n && old.args.get(..n) == new.args.get(..n)
        };
        let Some(at) = res.iter().position(same) else {
            res.push(new);
            continue;
        };
        let Some(old) = res.get_mut(at) else { continue };
        // The earlier schema hides the later; then a plain function hides a variadic one; else nobody knows.
        if old.function.schema != new.function.schema {
            continue;
        }
        match (old.n_variadic > 0, new.n_variadic > 0) {
            (false, true) => {}
            (true, false) => *old = new,
            _ => old.ambiguous = true,
        }
    }
    res
}

fn candidate<'a>(
    catalog: &Catalog,
    function: &'a Function,
    args: &[ArgTy<'_>],
    shape: CallShape,
) -> Option<Candidate<'a>> {
    let n_args = args.len();
    let params = function.parameters(shape.procedure);
    let n_params = params.len();
    let types: Args = params.iter().map(|it| it.ty).collect::<Option<_>>()?;
    let expand = function.variadic && !shape.variadic;
    let n_defaults = n_params.saturating_sub(n_args);
    if n_defaults > function.n_defaults as usize {
        return None;
    }
    if args.iter().any(|it| it.name.is_some()) {
        if expand || n_params < n_args {
            return None;
        }
        let order = named_order(params, function.n_defaults as usize, args)?;
        let args = order.iter().map(|it| types.get(*it).copied()).collect::<Option<_>>()?;
        return Some(Candidate { function, args, n_variadic: 0, n_defaults, ambiguous: false });
    }
    if expand && n_params <= n_args {
        let elem = variadic_element(catalog, *types.last()?)?;
        let n_variadic = n_args - n_params + 1;
        let mut args: Args = types.iter().copied().take(n_params - 1).collect();
        args.extend(std::iter::repeat_n(elem, n_variadic));
        return Some(Candidate { function, args, n_variadic, n_defaults: 0, ambiguous: false });
    }
    if n_params < n_args {
        return None;
    }
    Some(Candidate { function, args: types, n_variadic: 0, n_defaults, ambiguous: false })
}

/// `pg_proc.provariadic`: the element of the VARIADIC parameter's array type.
fn variadic_element(catalog: &Catalog, array: TypeId) -> Option<TypeId> {
    match array {
        TypeId::ANY => Some(TypeId::ANY),
        TypeId::ANYARRAY => Some(TypeId::ANYELEMENT),
        TypeId::ANYCOMPATIBLEARRAY => Some(TypeId::ANYCOMPATIBLE),
        other => catalog.element_type(other),
    }
}

/// For each argument the parameter it goes to, then the parameters left to their defaults.
fn named_order(
    params: &[FunctionParam],
    n_with_default: usize,
    args: &[ArgTy<'_>],
) -> Option<SmallVec<[usize; 8]>> {
    let n_params = params.len();
    let mut given: SmallVec<[bool; 8]> = SmallVec::from_elem(false, n_params);
    let mut res = SmallVec::new();
    for (idx, arg) in args.iter().enumerate() {
        let place = match arg.name {
            None => idx,
            Some(name) => params.iter().position(|it| it.name.as_ref() == Some(name))?,
        };
        let slot = given.get_mut(place)?;
        if *slot {
            return None;
        }
        *slot = true;
        res.push(place);
    }
    let first_default = n_params.saturating_sub(n_with_default);
    for (place, given) in given.iter().enumerate() {
        if !given {
            if place < first_default {
                return None;
            }
            res.push(place);
        }
    }
    Some(res)
}
