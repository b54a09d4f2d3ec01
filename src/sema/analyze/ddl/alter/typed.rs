//! OF: the table's columns are the type's (`ATExecAddOf`).

use crate::catalog::{Relation, TypeKind};
use crate::sema::code;
use crate::sql::hir::QName;

use super::super::super::binder::Binder;
use super::super::name::at;

impl Binder<'_> {
    /// `OF type`: the table's columns are the type's (`ATExecAddOf`).
    pub(super) fn has_columns_of(&mut self, relation: &Relation, of: &QName) {
        if relation.open || !self.is_certain(relation.origin) {
            return;
        }
        let schema = of.schema().map(|it| &it.ident);
        let id = of.last().and_then(|it| crate::catalog::lookup::named_type(self.catalog, schema, &it.ident));
        let Some(TypeKind::Composite { relation: None, columns }) =
            id.and_then(|it| self.type_info(it)).map(|it| &it.kind)
        else {
            return;
        };
        let mut own = relation.columns.iter();
        for (name, ty) in columns {
            let message = match own.next() {
                None => format!("table is missing column \"{name}\""),
                Some(column) if column.name != *name => {
                    format!("table has column \"{}\" where type requires \"{name}\"", column.name)
                }
                Some(column) => match (column.ty, ty) {
                    (Some(a), Some(b)) if a != *b => {
                        format!("table \"{}\" has different type for column \"{name}\"", relation.name)
                    }
                    _ => continue,
                },
            };
            self.report(code::DATATYPE_MISMATCH, at(of), message);
            return;
        }
        if let Some(column) = own.next() {
            let message = format!("table has extra column \"{}\"", column.name);
            self.report(code::DATATYPE_MISMATCH, at(of), message);
        }
    }
}
