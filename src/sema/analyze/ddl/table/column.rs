//! Columns of a table that is made or altered: their names, types and clauses (`transformColumnDefinition`).

use crate::base::text::TextRange;
use crate::catalog::lookup::Lookup;
use crate::catalog::types::serial;
use crate::catalog::{TypeId, TypeKind};
use crate::sema::{Ty, code};
use crate::sql::Ident;
use crate::sql::hir::ddl::{ColumnConstraintKind, ColumnDef, CreateTable};
use crate::sql::hir::{Name, QName};

use super::super::super::binder::{Binder, known};
use super::super::super::scope::system_column;
use super::super::name::at;
use super::Own;

impl<'a> Binder<'a> {
    /// Names and types of the columns that are written.
    pub(super) fn columns_of(&mut self, table: &'a CreateTable, own: &Own<'_>) {
        let mut seen: Vec<&Ident> = Vec::new();
        for column in &table.columns {
            let name = &column.name;
            if name.ident.is_dynamic() {
                continue;
            }
            self.system_column_name(name);
            if seen.contains(&&name.ident) {
                let message = format!("column \"{}\" specified more than once", name.ident);
                self.report(code::DUPLICATE_COLUMN, name.range, message);
                continue;
            }
            seen.push(&name.ident);
            self.column_type(column);
            self.one_of_each(column, own);
            self.misplaced(column);
        }
        let own_key = table.has_primary_key();
        for (idx, like) in table.likes.iter().enumerate() {
            let Lookup::Found(source) = self.find_relation(&like.source) else { continue };
            if own_key && like.including_indexes && source.primary_key.is_some() {
                let message =
                    format!("multiple primary keys for table \"{}\" are not allowed", own.name.name);
                self.report(code::INVALID_TABLE_DEFINITION, at(&like.source), message);
            }
            let earlier =
                table.likes.iter().take(idx).filter_map(|it| match self.find_relation(&it.source) {
                    Lookup::Found(it) => Some(it),
                    _ => None,
                });
            let mut copied = earlier.flat_map(|it| &it.columns).map(|it| &it.name);
            let twice = source.columns.iter().map(|it| &it.name).find(|it| seen.contains(it));
            let twice = twice.or_else(|| copied.find(|it| source.columns.iter().any(|own| own.name == **it)));
            if let Some(twice) = twice {
                let message = format!("column \"{twice}\" specified more than once");
                self.report(code::DUPLICATE_COLUMN, at(&like.source), message);
            }
        }
    }

    pub fn misplaced(&mut self, column: &ColumnDef) {
        if let Some((at, message)) = column.misplaced.first() {
            self.report(code::SYNTAX_ERROR, *at, *message);
        }
    }

    /// `ctid` and its like cannot be columns.
    pub fn system_column_name(&mut self, name: &Name) {
        if system_column(name.ident.as_str()).is_some() {
            let message = format!("column name \"{}\" conflicts with a system column name", name.ident);
            self.report(code::DUPLICATE_COLUMN, name.range, message);
        }
    }

    /// The type that a column is declared with.
    pub fn column_type(&mut self, column: &'a ColumnDef) -> Ty {
        let Some(ty) = &column.ty else { return Ty::Unknown };
        if let Some(id) = serial(&ty.name) {
            if ty.array_dims > 0 {
                self.report(code::FEATURE_NOT_SUPPORTED, ty.range, "array of serial is not implemented");
            }
            return known(id);
        }
        let found = self.type_name(ty);
        if ty.setof {
            let message = format!("column \"{}\" cannot be declared SETOF", column.name.ident);
            self.report(code::INVALID_TABLE_DEFINITION, ty.range, message);
            return Ty::Unknown;
        }
        let id = match found {
            Ty::Known(it) => Some(it.id),
            Ty::Unknown => None,
        };
        if id.is_some_and(|it| self.only_shell(it, ty)) {
            return Ty::Unknown;
        }
        if let Some(storage) = &column.storage {
            self.column_storage(id, storage);
        }
        if let Some(method) = &column.compression {
            self.column_compression(id, method);
        }
        if let Ty::Known(found) = found {
            if self.is_pseudo(found.id) {
                let message =
                    format!("column \"{}\" has pseudo-type {}", column.name.ident, self.format_id(found.id));
                self.report(code::INVALID_TABLE_DEFINITION, ty.range, message);
                return Ty::Unknown;
            }
            self.virtual_type(column, found.id, ty.range);
            if let Some(collation) = &column.collation {
                self.collation_of(found.id, collation);
            }
        }
        found
    }

    /// What is computed when it is read has a type of PostgreSQL's own (`CheckAttributeType`).
    fn virtual_type(&mut self, column: &ColumnDef, id: TypeId, at: TextRange) {
        let is_virtual = column
            .constraints
            .iter()
            .any(|it| matches!(it.kind, ColumnConstraintKind::Generated { stored: false, .. }));
        if !is_virtual || !(id.is_user() || id.is_extension()) {
            return;
        }
        let words = match self.type_info(id).map(|it| &it.kind) {
            Some(TypeKind::Domain { .. }) => "domain",
            Some(TypeKind::Opaque) | None => return,
            _ => "user-defined",
        };
        let message =
            format!("virtual generated column \"{}\" cannot have a {words} type", column.name.ident);
        self.report(code::FEATURE_NOT_SUPPORTED, at, message);
    }

    /// `COLLATE` behind a type that has none.
    pub fn collation_of(&mut self, id: TypeId, collation: &QName) {
        let known = self.type_info(id).filter(|it| it.kind != TypeKind::Opaque);
        let start = at(collation).start();
        let place = self.word_before(start, "collate").unwrap_or_else(|| at(collation));
        if self.missing_collation(collation, place.cover(at(collation)), false) {
            return;
        }
        if known.is_some_and(|it| !it.collatable) {
            let message = format!("collations are not supported by type {}", self.format_id(id));
            self.report(code::DATATYPE_MISMATCH, place.cover(at(collation)), message);
        }
    }

    /// Clauses of a column that exclude each other (`transformColumnDefinition`).
    pub fn one_of_each(&mut self, column: &ColumnDef, own: &Own<'_>) {
        let (name, table) = (&column.name.ident, &own.name.name);
        let is_serial = column.ty.as_ref().is_some_and(|it| serial(&it.name).is_some());
        let (mut default, mut identity, mut generated) = (is_serial, false, false);
        let mut nullable: Option<bool> = is_serial.then_some(false);
        let mut said: Option<(TextRange, String)> = None;
        let mut say = |at: TextRange, what: String| {
            said.get_or_insert((at, what));
        };
        let of = format!("column \"{name}\" of table \"{table}\"");
        for constraint in &column.constraints {
            let range = constraint.range;
            match &constraint.kind {
                ColumnConstraintKind::Null => {
                    if nullable == Some(false) {
                        say(range, format!("conflicting NULL/NOT NULL declarations for {of}"));
                    }
                    nullable = Some(true);
                }
                ColumnConstraintKind::NotNull { .. } | ColumnConstraintKind::PrimaryKey => {
                    if nullable == Some(true) {
                        say(range, format!("conflicting NULL/NOT NULL declarations for {of}"));
                    }
                    nullable = Some(false);
                }
                ColumnConstraintKind::Default(_) => {
                    if default {
                        say(range, format!("multiple default values specified for {of}"));
                    }
                    default = true;
                }
                ColumnConstraintKind::Identity { .. } => {
                    if identity {
                        say(range, format!("multiple identity specifications for {of}"));
                    }
                    if nullable == Some(true) {
                        say(range, format!("conflicting NULL/NOT NULL declarations for {of}"));
                    }
                    identity = true;
                    nullable = Some(false);
                }
                ColumnConstraintKind::Generated { .. } => {
                    if generated {
                        say(range, format!("multiple generation clauses specified for {of}"));
                    }
                    generated = true;
                }
                _ => {}
            }
            for (a, b, words) in [
                (default, identity, "both default and identity"),
                (default, generated, "both default and generation expression"),
                (identity, generated, "both identity and generation expression"),
            ] {
                if a && b {
                    say(range, format!("{words} specified for {of}"));
                }
            }
        }
        if let Some((at, message)) = said {
            self.report(code::SYNTAX_ERROR, at, message);
        } else if let Some(at) = unlike_not_nulls(column, is_serial || identity) {
            let message =
                format!("conflicting NO INHERIT declarations for not-null constraints on column \"{name}\"");
            self.report(code::SYNTAX_ERROR, at, message);
        }
        if identity
            && let Some(ty) = &column.ty
            && let Ok(found) = crate::catalog::lookup::type_name(self.catalog, ty, &self.stmt.exprs)
        {
            self.identity_type(found.id, ty.range);
        }
    }

    /// Identity columns are integers.
    pub fn identity_type(&mut self, id: TypeId, at: TextRange) {
        let opaque = self.type_info(self.base(id)).is_none_or(|it| it.kind == TypeKind::Opaque);
        if !opaque && !matches!(id, TypeId::INT2 | TypeId::INT4 | TypeId::INT8) {
            let message = "identity column type must be smallint, integer, or bigint";
            self.report(code::INVALID_PARAMETER_VALUE, at, message);
        }
    }
}

/// Where the NOT NULL constraints of a column say different things of children; a key's and an identity's is handed
/// down.
fn unlike_not_nulls(column: &ColumnDef, implied: bool) -> Option<TextRange> {
    let key = column.constraints.iter().any(|it| matches!(it.kind, ColumnConstraintKind::PrimaryKey));
    let mut first = (implied || key).then_some(false);
    for constraint in &column.constraints {
        if let ColumnConstraintKind::NotNull { no_inherit } = constraint.kind {
            if first.is_some_and(|it| it != no_inherit) {
                return Some(constraint.range);
            }
            first = Some(no_inherit);
        }
    }
    None
}
