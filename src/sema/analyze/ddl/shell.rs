//! Shells of types, and the base types that fill them (`DefineType`).

use crate::catalog::object::shell_key;
use crate::catalog::{QualifiedName, TypeId, lookup};
use crate::sema::code;
use crate::sql::hir::ddl::Setting;
use crate::sql::hir::{QName, TypeName};

use super::super::binder::Binder;
use super::define::{named, path};
use super::name::{at, spelled};

impl<'a> Binder<'a> {
    /// Whether a type is declared, and not defined.
    pub(super) fn is_shell(&self, id: TypeId) -> bool {
        let Some(info) = self.type_info(id).filter(|_| id.is_user()) else { return false };
        let name = QualifiedName { schema: info.schema.clone(), name: info.name.clone() };
        self.is_exact() && self.certain_object(&shell_key(&name)).is_some()
    }

    /// Reports a shell where a type must be (`typenameType`).
    pub(super) fn only_shell(&mut self, id: TypeId, ty: &TypeName) -> bool {
        let shell = self.is_shell(id);
        if shell {
            let message = format!("type \"{}\" is only a shell", spelled(&ty.name));
            self.report(code::UNDEFINED_OBJECT, ty.range, message);
        }
        shell
    }

    /// The functions of a base type whose shell is there (`findTypeInputFunction`).
    pub(super) fn base_type(&mut self, name: &QName, own: TypeId, options: &[Setting]) {
        for word in ["input", "output"] {
            if named(options, word).is_none() && !options.is_empty() {
                let message = format!("type {word} function must be specified");
                self.report(code::INVALID_OBJECT_DEFINITION, at(name), message);
                return;
            }
        }
        let Some(input) = named(options, "input").and_then(path) else { return };
        let Some(last) = input.last() else { return };
        let schema = input.schema().map(|it| &it.ident);
        let all = lookup::functions(self.catalog, schema, &last.ident);
        let takes = |it: &crate::catalog::Function| {
            matches!(it.params.len(), 1 | 3)
                && it.params.first().is_some_and(|it| it.ty == Some(TypeId::CSTRING))
        };
        match all.iter().find(|it| takes(it)) {
            None => {
                self.no_function(&input, &["cstring"]);
            }
            Some(found) if found.returns.is_some_and(|it| it != own) => {
                let message = format!(
                    "type input function {} must return type {}",
                    spelled(&input),
                    self.format_id(own)
                );
                self.report(code::INVALID_OBJECT_DEFINITION, at(&input), message);
            }
            Some(_) => {}
        }
    }
}
