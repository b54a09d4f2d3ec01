//! A function of the same name and input types: refused, or replaced by one that is called alike (`ProcedureCreate`).

use std::sync::Arc;

use crate::catalog::{Function, FunctionKind, Type, TypeId};
use crate::sema::{Ty, code};
use crate::sql::Ident;
use crate::sql::hir::ddl::{CreateFunction, ParamMode};

use super::super::binder::Binder;
use super::name::{at, declared_here, new_name};

/// What a call of the new function yields.
struct Signature {
    returns: Option<TypeId>,
    set: bool,
    /// The columns of its rows, where they are parameters.
    outs: Vec<(Ident, Option<Type>)>,
}

impl Signature {
    fn of(create: &CreateFunction, types: &[Ty], returns: Option<Ty>) -> Signature {
        let known = |it: &Ty| match it {
            Ty::Known(ty) => Some(*ty),
            Ty::Unknown => None,
        };
        let mut outs: Vec<(Ident, Option<Type>)> = Vec::new();
        for (param, ty) in create.params.iter().zip(types) {
            if matches!(param.mode, ParamMode::Out | ParamMode::InOut | ParamMode::Table) {
                let name = param.name.as_ref().map(|it| it.ident.clone());
                let name = name.unwrap_or_else(|| Ident::new(format!("column{}", outs.len() + 1)));
                outs.push((name, known(ty)));
            }
        }
        let returns = match outs.as_slice() {
            [] if create.procedure => Some(TypeId::VOID),
            [] => returns.as_ref().and_then(known).map(|it| it.id),
            [(_, ty)] if !create.procedure => ty.map(|it| it.id),
            _ => Some(TypeId::RECORD),
        };
        let set = create.returns_table || create.returns.as_ref().is_some_and(|it| it.setof);
        Signature { returns, set, outs }
    }

    /// Whether a function certainly yields something else.
    fn differs(&self, old: &Function) -> bool {
        let (Some(new), Some(before)) = (self.returns, old.returns) else { return false };
        if new != before || self.set != old.returns_set {
            return true;
        }
        // `RETURNS record` has no columns.
        let known = self.outs.iter().chain(&old.out_columns).all(|it| it.1.is_some());
        let row = |it: &[(Ident, Option<Type>)]| -> Vec<(Ident, Option<TypeId>)> {
            it.iter().map(|(name, ty)| (name.clone(), ty.map(|it| it.id))).collect()
        };
        new == TypeId::RECORD && known && row(&self.outs) != row(&old.out_columns)
    }
}

impl<'a> Binder<'a> {
    pub(super) fn same_signature(&mut self, create: &CreateFunction, types: &[Ty], returns: Option<Ty>) {
        let Some(full) = new_name(self.catalog, &create.name, false) else { return };
        let Some(overloads) = self.catalog.functions.get(&full) else { return };
        let mut inputs: Vec<TypeId> = Vec::new();
        let mut names: Vec<Option<&Ident>> = Vec::new();
        let mut n_defaults = 0;
        for (param, ty) in create.params.iter().zip(types) {
            if matches!(param.mode, ParamMode::Out | ParamMode::Table) {
                continue;
            }
            let Ty::Known(ty) = ty else { return };
            inputs.push(ty.id);
            names.push(param.name.as_ref().map(|it| &it.ident));
            n_defaults += u32::from(param.default.is_some());
        }
        let same =
            |it: &&Arc<Function>| it.params.iter().map(|it| it.ty).eq(inputs.iter().map(|it| Some(*it)));
        let Some(old) = overloads.iter().find(same).map(Arc::clone) else { return };
        if !self.is_certain(old.origin) {
            return;
        }
        let place = at(&create.name);
        let name = &full.name;
        let related = declared_here(name, old.origin);
        if !create.or_replace {
            let message = format!("function \"{name}\" already exists with same argument types");
            self.report(code::DUPLICATE_FUNCTION, place, message).related.extend(related);
            return;
        }
        let was_procedure = old.kind == FunctionKind::Procedure;
        let other =
            old.kind == FunctionKind::Aggregate || (old.kind == FunctionKind::Window) != create.window;
        if was_procedure != create.procedure || other {
            self.report(code::WRONG_OBJECT_TYPE, place, "cannot change routine kind").related.extend(related);
            return;
        }
        let changed = || {
            old.params.iter().zip(&names).find_map(|(old, new)| {
                let before = old.name.as_ref().filter(|it| !it.as_str().is_empty())?;
                new.is_none_or(|it| it != before).then_some(before)
            })
        };
        let message = if Signature::of(create, types, returns).differs(&old) {
            "cannot change return type of existing function".to_owned()
        } else if let Some(before) = changed() {
            format!("cannot change name of input parameter \"{before}\"")
        } else if n_defaults < old.n_defaults {
            "cannot remove parameter defaults from existing function".to_owned()
        } else {
            return;
        };
        let list = inputs.iter().map(|it| self.format_id(*it)).collect::<Vec<_>>().join(", ");
        let words = if create.procedure { "PROCEDURE" } else { "FUNCTION" };
        let problem = self.report(code::INVALID_FUNCTION_DEFINITION, place, message);
        problem.hint(format!("Use DROP {words} {name}({list}) first."));
        problem.related.extend(related);
    }
}
