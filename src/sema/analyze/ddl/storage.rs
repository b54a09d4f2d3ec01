//! STORAGE and COMPRESSION of columns (`GetAttributeStorage`, `GetAttributeCompression`).

use crate::catalog::{TypeId, TypeKind};
use crate::sema::code;
use crate::sql::hir::Name;

use super::super::binder::Binder;

impl Binder<'_> {
    pub fn column_storage(&mut self, ty: Option<TypeId>, storage: &Name) {
        let word = storage.ident.as_str().to_ascii_lowercase();
        match word.as_str() {
            "plain" | "default" => {}
            "external" | "extended" | "main" => {
                if let Some(ty) = ty.filter(|it| self.is_fixed(*it)) {
                    let message =
                        format!("column data type {} can only have storage PLAIN", self.format_id(ty));
                    self.report(code::FEATURE_NOT_SUPPORTED, storage.range, message);
                }
            }
            "" => {}
            _ => {
                let message = format!("invalid storage type \"{}\"", storage.ident);
                self.report(code::INVALID_PARAMETER_VALUE, storage.range, message);
            }
        }
    }

    pub fn column_compression(&mut self, ty: Option<TypeId>, method: &Name) {
        let word = method.ident.as_str();
        if word == "default" || word.is_empty() {
            return;
        }
        if let Some(ty) = ty.filter(|it| self.is_fixed(*it)) {
            let message = format!("column data type {} does not support compression", self.format_id(ty));
            self.report(code::FEATURE_NOT_SUPPORTED, method.range, message);
        } else if !matches!(word, "pglz" | "lz4") {
            let message = format!("invalid compression method \"{word}\"");
            self.report(code::INVALID_PARAMETER_VALUE, method.range, message);
        }
    }

    /// Values of the type are certainly never stored out of line.
    fn is_fixed(&self, id: TypeId) -> bool {
        let base = self.base(id);
        let fixed = [
            16, 18, 19, 20, 21, 23, 24, 26, 27, 28, 29, 600, 601, 603, 628, 700, 701, 718, 774, 790, 829,
            1082, 1083, 1114, 1184, 1186, 1266, 2205, 2206, 2950, 3220,
        ];
        fixed.contains(&base.0)
            || self.type_info(base).is_some_and(|it| matches!(it.kind, TypeKind::Enum { .. }))
    }
}
