//! Names of parameters and PL/pgSQL variables, where no column has them (`sql_fn_post_column_ref` of functions.c,
//! `plpgsql_post_column_ref` of pl_comp.c).

use crate::catalog::{TypeId, lookup};
use crate::sema::{ExprInfo, Ty, code};
use crate::sql::hir::Name;

use super::binder::{Binder, UNKNOWN_INFO};

impl Binder<'_> {
    /// A bare name that is no column's.
    pub fn variable(&self, name: &Name) -> Option<ExprInfo> {
        let found = self.ctx.variables.iter().find(|it| it.name == name.ident)?;
        Some(ExprInfo { ty: found.ty, nullable: None })
    }

    /// `owner.variable`, `variable.field`, `owner.variable.field`.
    pub fn variable_field(&self, parts: &[Name]) -> Option<ExprInfo> {
        let [first, second, rest @ ..] = parts else { return None };
        let variables = self.ctx.variables;
        let owned =
            |it: &&crate::sema::Variable| it.owner.as_ref() == Some(&first.ident) && it.name == second.ident;
        let info = |ty: Ty| Some(ExprInfo { ty, nullable: None });
        // Of a parameter of a body in SQL everything is known that its type tells.
        let known = |it: &crate::sema::Variable, field: &Name| match self.field_of(it.ty, field) {
            Ty::Unknown if !it.conflicts && self.has_no_field(it.ty, field) => None,
            ty => info(ty),
        };
        if let Some(found) = variables.iter().find(owned) {
            return match rest {
                [] => info(found.ty),
                [field, ..] => known(found, field),
            };
        }
        // PL/pgSQL finds no field in what is no row, and none of a field's (`plpgsql_ns_lookup`, `resolve_column_ref`).
        let may_be_row = |it: &&crate::sema::Variable| !it.conflicts || !self.is_scalar(it.ty);
        if let Some(found) = variables.iter().filter(may_be_row).find(|it| it.name == first.ident) {
            return if rest.is_empty() { known(found, second) } else { None };
        }
        // A label whose variables are not all known.
        let labels = |it: &crate::sema::Variable| it.conflicts && it.owner.as_ref() == Some(&first.ident);
        variables.iter().any(labels).then_some(UNKNOWN_INFO)
    }

    /// A field that a record of PL/pgSQL does not have: its row is of a known type (`plpgsql_exec_get_datum_type_info`).
    pub fn missing_field(&mut self, parts: &[Name], range: crate::base::text::TextRange) {
        let variables = self.ctx.variables;
        let (found, field) = match parts {
            [first, second] => (variables.iter().find(|it| it.name == first.ident), second),
            [first, second, third] => {
                let owned = |it: &&crate::sema::Variable| {
                    it.owner.as_ref() == Some(&first.ident) && it.name == second.ident
                };
                (variables.iter().find(owned), third)
            }
            _ => return,
        };
        let Some(found) = found.filter(|it| self.typed && (it.conflicts || it.fields.is_some())) else {
            return;
        };
        let is_system = super::scope::system_column(field.ident.as_str()).is_some();
        if let Some(fields) = &found.fields {
            if fields.is_empty() {
                // Nothing ever gives it a row.
                let message = format!("record \"{}\" is not assigned yet", found.name);
                self.report(code::OBJECT_NOT_IN_STATE, range, message);
            } else if !fields.contains(&field.ident) && !is_system {
                let message = format!("record \"{}\" has no field \"{}\"", found.name, field.ident);
                self.report(code::UNDEFINED_COLUMN, range, message);
            }
            return;
        }
        let Ty::Known(ty) = found.ty else { return };
        let columns = self.composite_columns(ty.id).filter(|_| !is_system && !self.catalog.gaps.types);
        if columns.is_some_and(|it| it.iter().all(|it| it.0 != field.ident)) {
            let message = format!("record \"{}\" has no field \"{}\"", found.name, field.ident);
            self.report(code::UNDEFINED_COLUMN, range, message);
        }
    }

    /// Certainly no row.
    fn is_scalar(&self, ty: Ty) -> bool {
        matches!(ty, Ty::Known(ty) if self.catalog.is_scalar(ty))
    }

    fn has_no_field(&self, ty: Ty, field: &Name) -> bool {
        let Ty::Known(ty) = ty else { return false };
        let known = !self.is_composite(ty.id) || self.composite_columns(ty.id).is_some();
        let gaps = &self.catalog.gaps;
        // `f(x)` written as `x.f`; a type's name is a cast (`ParseFuncOrColumn`).
        let called = !lookup::functions(self.catalog, None, &field.ident).is_empty()
            || lookup::named_type(self.catalog, None, &field.ident).is_some();
        known && ty.id != TypeId::RECORD && !called && !gaps.functions && !gaps.types
    }

    fn field_of(&self, ty: Ty, field: &Name) -> Ty {
        let Ty::Known(ty) = ty else { return Ty::Unknown };
        let columns = self.composite_columns(ty.id).unwrap_or_default();
        columns.into_iter().find(|it| it.0 == field.ident).map_or(Ty::Unknown, |it| it.1)
    }

    /// A bare name that means a column and a variable.
    pub fn variable_conflict(&mut self, name: &Name) {
        let conflicts =
            self.ctx.variables.iter().find(|it| it.name == name.ident).is_some_and(|it| it.conflicts);
        if conflicts && self.typed {
            let message = format!("column reference \"{}\" is ambiguous", name.ident);
            self.report(code::AMBIGUOUS_COLUMN, name.range, message)
                .hint("It could refer to either a PL/pgSQL variable or a table column.");
        }
    }
}
