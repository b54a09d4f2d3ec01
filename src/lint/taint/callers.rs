//! Who calls a function that only its own script can call: what those calls give is all that its parameters can be.

use smol_str::SmolStr;

use crate::lint::builder::names_of;
use crate::lint::script::Script;
use crate::ts::hir::{BindingKind, Export, ExprId, ExprKind, ScopeId};

/// A parameter, and what is taken of it, outermost last.
pub struct Param {
    pub function: ExprId,
    pub index: u32,
    pub path: Vec<SmolStr>,
}

/// The arguments that a parameter gets, `None` where a call gives none. No list: others may call the function too, or it is
/// not seen who does.
pub fn arguments(script: &Script<'_>, param: &Param) -> Option<Vec<ExprId>> {
    let scope = script.module.expr(param.function).scope;
    let binding = script.module.scope(scope).bindings.iter().find(|it| match &it.kind {
        BindingKind::Function(function) => *function == param.function,
        BindingKind::Const { init: Some(init), path } => {
            path.is_empty() && script.bare(*init) == param.function
        }
        _ => false,
    })?;
    let is_exported = |it: &Export| match it {
        Export::Local { local, .. } => *local == binding.name,
        Export::DefaultExpr(id) => script.bare(*id) == param.function,
        _ => false,
    };
    // What `module.exports = { name }` gives away is named there, and no call.
    if scope == ScopeId::MODULE && script.module.exports.iter().any(is_exported) {
        return None;
    }
    let mut res = Vec::new();
    let mut n_calls = 0;
    for name in names_of(script, binding) {
        let parent = script.parent(name)?;
        let ExprKind::Call { callee, args, .. } = script.expr(parent) else { return None };
        if *callee != name || args.iter().any(|it| matches!(script.expr(*it), ExprKind::Spread(_))) {
            return None;
        }
        n_calls += 1;
        res.extend(args.get(param.index as usize));
    }
    // A shorthand `{ name }` is a name too; what is never called is called from where nobody looks.
    (n_calls > 0).then_some(res)
}
