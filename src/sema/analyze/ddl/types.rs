//! Names of new types, and enums (`typecmds.c`, `pg_enum.c`).

use smol_str::SmolStr;

use crate::base::text::TextRange;
use crate::catalog::{TypeInfo, TypeKind};
use crate::sema::code;
use crate::sql::hir::QName;
use crate::sql::hir::ddl::AlterEnum;
use crate::sql::ident::MAX_BYTES;

use super::super::binder::Binder;
use super::super::suggest::nearest;
use super::name::{at, declared_here, new_name};

impl<'a> Binder<'a> {
    /// The name of a new type.
    pub(super) fn new_type(&mut self, name: &QName) {
        let Some(full) = new_name(self.catalog, name, false) else { return };
        if self.missing_schema(name, false) || self.nowhere(name) {
            return;
        }
        // A table's row type has its name.
        if let Some(relation) = self.catalog.relations.get(&full) {
            let origin = relation.origin;
            let has_type = relation.kind != crate::catalog::RelationKind::Sequence;
            if has_type && self.is_certain(origin) {
                let message = format!("type \"{}\" already exists", full.name);
                let related = declared_here(&full.name, origin);
                self.report(code::DUPLICATE_OBJECT, at(name), message).related.extend(related);
            }
            return;
        }
        self.type_taken(&full, at(name));
    }

    pub fn create_enum(&mut self, name: &QName, labels: &[(SmolStr, TextRange)]) {
        self.new_type(name);
        let mut seen: Vec<&str> = Vec::new();
        for (label, range) in labels {
            self.label_length(label, *range);
            if seen.contains(&label.as_str()) {
                let message =
                    "duplicate key value violates unique constraint \"pg_enum_typid_label_index\"".to_owned();
                self.report(code::UNIQUE_VIOLATION, *range, message)
                    .hint(format!("The label '{label}' is there twice."));
            }
            seen.push(label);
        }
    }

    fn label_length(&mut self, label: &str, range: TextRange) {
        if label.len() > MAX_BYTES {
            let message = format!("invalid enum label \"{label}\"");
            self.report(code::INVALID_NAME, range, message).hint("Labels must be 63 bytes or less.");
        }
    }

    pub fn alter_enum(&mut self, name: &QName, action: &AlterEnum) {
        let Some(id) = self.existing_type(name, false) else { return };
        let Some(info) = self.type_info(id) else { return };
        let shown = self.format_id(id);
        let labels = match &info.kind {
            TypeKind::Enum { labels } => labels,
            TypeKind::Opaque => return,
            _ => {
                self.report(code::WRONG_OBJECT_TYPE, at(name), format!("{shown} is not an enum"));
                return;
            }
        };
        let found = |text: &str| labels.iter().find(|it| it.label == text);
        match action {
            AlterEnum::AddValue { label, range, if_not_exists, before, after } => {
                self.label_length(label, *range);
                if let Some(old) = found(label) {
                    if !if_not_exists && self.is_certain(old.origin) {
                        self.label_exists(label, *range);
                    }
                    return;
                }
                for neighbour in before.iter().chain(after) {
                    if found(neighbour).is_none() && self.is_exact() {
                        self.no_label(info, neighbour, *range);
                    }
                }
            }
            AlterEnum::RenameValue { from, from_range, to, .. } => {
                if !self.is_exact() {
                    return;
                }
                if found(from).is_none() {
                    self.no_label(info, from, *from_range);
                } else if found(to).is_some() {
                    self.label_exists(to, *from_range);
                }
            }
        }
    }

    fn label_exists(&mut self, label: &str, at: TextRange) {
        self.report(code::DUPLICATE_OBJECT, at, format!("enum label \"{label}\" already exists"));
    }

    fn no_label(&mut self, info: &TypeInfo, label: &str, at: TextRange) {
        let TypeKind::Enum { labels } = &info.kind else { return };
        let similar = nearest(label, labels.iter().map(|it| it.label.as_str())).map(str::to_owned);
        let message = format!("\"{label}\" is not an existing enum label");
        let problem = self.report(code::INVALID_PARAMETER_VALUE, at, message);
        if let Some(similar) = similar {
            problem.hint(format!("Perhaps you meant '{similar}'."));
        }
    }
}
