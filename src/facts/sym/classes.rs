//! Classes of a module as object types: what is written of their fields, their constructor's and their methods' types.

use smol_str::{SmolStr, format_smolstr};

use crate::ts::hir::{BindingKind, ExprId, ExprKind, Function, Module, TypeDecl};

/// `{ pool: Pool; query(text: string): Promise<Rows> }` of each class of the module.
pub fn types(module: &Module) -> impl Iterator<Item = TypeDecl> + '_ {
    let bindings = module.scopes.first().into_iter().flat_map(|it| &it.bindings);
    bindings.filter_map(|it| match it.kind {
        BindingKind::Class(Some(class)) => {
            Some(TypeDecl { name: it.name.clone(), text: text(module, class)? })
        }
        _ => None,
    })
}

fn text(module: &Module, class: ExprId) -> Option<SmolStr> {
    let ExprKind::Other(items) = &module.expr(class).kind else { return None };
    let mut members: Vec<String> = Vec::new();
    let fields = module.fields.iter().find(|it| it.0 == class);
    for (name, ty) in fields.into_iter().flat_map(|it| &it.1) {
        members.push(format!("{name}: {ty}"));
    }
    for item in items {
        let ExprKind::Function(function) = &module.expr(*item).kind else { continue };
        match &function.name {
            Some(name) if name == "constructor" => {
                let typed =
                    |it: &crate::ts::hir::Param| Some(format!("{}: {}", it.name.as_ref()?, it.ty.as_ref()?));
                members.extend(function.params.iter().filter_map(typed));
            }
            Some(name) => {
                members.extend(function.ty.as_ref().map(|ty| format!("{name}{}: {ty}", params(function))))
            }
            None => {}
        }
    }
    (!members.is_empty()).then(|| format_smolstr!("{{ {} }}", members.join("; ")))
}

fn params(function: &Function) -> String {
    let params = function.params.iter().enumerate().map(|(index, it)| {
        let ty = it.ty.as_deref().unwrap_or("unknown");
        format!("p{index}: {ty}")
    });
    format!("({})", params.collect::<Vec<_>>().join(", "))
}
