//! What stands in the texts of defaults, checks, generated columns and indexes of a type
//! ([`texts_of`]) goes with the type under CASCADE, and follows it to its new name.

use smol_str::SmolStr;

use super::Fold;
use super::naming::replace_name;
use crate::catalog::depend::texts::{Of, texts_of};
use crate::catalog::{Column, ColumnDefault, QualifiedName, Type, TypeId};
use crate::sql::Ident;
use crate::sql::token::{TokenKind, significant};

impl Fold<'_> {
    /// Takes out what cannot be without these types.
    pub(super) fn drop_texts_of(&mut self, types: &[TypeId]) {
        self.drop_texts(texts_of(self.catalog, types));
    }

    pub(super) fn drop_texts(&mut self, all: Vec<(QualifiedName, Of)>) {
        for (table, it) in all {
            if let Some(relation) = self.relation_mut(&table) {
                let columns = relation.columns.iter_mut().filter(|own| it.defaults.contains(&own.name));
                columns.for_each(|it| it.default = None);
                relation.checks.retain(|own| !it.checks.contains(&own.name));
                relation.indexes.retain(|own| !it.indexes.contains(&own.name));
            }
            for column in &it.generated {
                self.drop_column(&table, column);
            }
        }
    }

    /// Defaults follow a type to its new name, before it has it.
    pub(super) fn rename_in_defaults(&mut self, from: &QualifiedName, to: &Ident) {
        let Some(info) = self.catalog.types.named(from) else { return };
        for (table, of) in texts_of(self.catalog, &[info.id, info.array]) {
            let Some(relation) = self.relation_mut(&table) else { continue };
            for column in relation.columns.iter_mut().filter(|it| of.defaults.contains(&it.name)) {
                if let Some(ColumnDefault::Sql(text)) = &mut column.default {
                    *text = replace_name(text, &from.name, to).into();
                }
            }
        }
    }

    /// A default is an expression of the type that its column had when it was made: `'new'` of an enum stays one of the enum
    /// when the column becomes text (`ATExecAlterColumnType`).
    pub(super) fn keep_type_of_default(&mut self, table: &QualifiedName, column: &Ident, to: Option<Type>) {
        let Some(relation) = self.relation(table) else { return };
        let own = relation.columns.iter().find(|it| it.name == *column);
        let Some(Column { ty: Some(from), default: Some(ColumnDefault::Sql(text)), .. }) = own else {
            return;
        };
        let literal =
            matches!(significant(text).as_slice(), [it] if matches!(it.kind, TokenKind::String { .. }));
        if !literal || !from.id.is_user() || to.is_some_and(|it| it.id == from.id) {
            return;
        }
        let element = self.catalog.element_type(from.id);
        let Some(info) = self.catalog.type_info(element.unwrap_or(from.id)) else { return };
        let dims = if element.is_some() { "[]" } else { "" };
        let text: SmolStr = format!("{text}::{}.{}{dims}", info.schema.quoted(), info.name.quoted()).into();
        for table in self.with_descendants(table) {
            let Some(relation) = self.relation_mut(&table) else { continue };
            for own in relation.columns.iter_mut().filter(|it| it.name == *column) {
                own.default = Some(ColumnDefault::Sql(text.clone()));
            }
        }
    }
}
