//! Keys, foreign keys and checks (`transformIndexConstraint`, `ATAddForeignKeyConstraint`, `AddRelationNewConstraints`).

mod deferred;
mod foreign;
mod key;
mod names;

pub use foreign::fits;
pub use names::Keys;

use crate::base::text::TextRange;
use crate::catalog::{RelationKind, TypeId};
use crate::sema::code;
use crate::sql::Ident;
use crate::sql::hir::ddl::{ColumnConstraintKind, ColumnDef, TableConstraint, TableConstraintKind};

use super::super::binder::Binder;
use super::super::scope::system_column;
use super::sequence::Of;
use super::table::Own;

impl<'a> Binder<'a> {
    pub fn column_constraints(&mut self, own: &Own<'_>, column: &'a ColumnDef, keys: &mut Keys) {
        let name = &column.name;
        let ty = Self::column_ty(own.relation, &name.ident);
        for constraint in &column.constraints {
            let range = constraint.range;
            let given = constraint.name.as_ref();
            let words = match &constraint.kind {
                ColumnConstraintKind::PrimaryKey => Some("primary key"),
                ColumnConstraintKind::Unique { .. } => Some("unique"),
                ColumnConstraintKind::References(_) => Some("foreign key"),
                _ => None,
            };
            if words.is_some_and(|it| self.not_on_foreign(own, it, range)) {
                return;
            }
            match &constraint.kind {
                ColumnConstraintKind::NotNull { no_inherit: true } if self.of_partitioned(own) => {
                    self.no_inherit_of_partitioned(range);
                }
                ColumnConstraintKind::NotNull { .. } => self.not_null_name(own, given, name, keys),
                ColumnConstraintKind::Null => {}
                ColumnConstraintKind::Identity { options, .. } => {
                    self.sequence_name_taken(own, options);
                    let id = match ty {
                        crate::sema::Ty::Known(it) => Some(it.id),
                        crate::sema::Ty::Unknown => None,
                    };
                    if let Some(id @ (TypeId::INT2 | TypeId::INT4 | TypeId::INT8)) = id {
                        self.sequence_options(options, Of::New(id));
                    }
                }
                ColumnConstraintKind::Default(expr) => self.default_of(&name.ident, ty, *expr),
                ColumnConstraintKind::Generated { expr, stored } => {
                    let n_problems = self.problems.len();
                    self.generated(own.relation, &name.ident, ty, *expr);
                    if !stored && self.problems.len() == n_problems {
                        self.virtual_expression(*expr);
                    }
                }
                ColumnConstraintKind::Check(_) if constraint.no_inherit && self.of_partitioned(own) => {
                    let message = format!(
                        "cannot add NO INHERIT constraint to partitioned table \"{}\"",
                        own.relation.name
                    );
                    self.report(code::INVALID_TABLE_DEFINITION, range, message);
                }
                ColumnConstraintKind::Check(expr) => {
                    self.check_name(own, given, keys);
                    self.check_expr(own.relation, *expr);
                }
                ColumnConstraintKind::PrimaryKey => {
                    self.key(own, std::slice::from_ref(name), given, (true, false), range, keys);
                }
                ColumnConstraintKind::Unique { .. } => {
                    self.key(own, std::slice::from_ref(name), given, (false, false), range, keys);
                }
                ColumnConstraintKind::References(references) => {
                    self.constraint_name(own, given, keys);
                    let chosen = self.chosen(own, std::slice::from_ref(&name.ident), given);
                    self.foreign_key(own, std::slice::from_ref(name), (references, false), &chosen, range);
                }
            }
        }
    }

    fn of_partitioned(&self, own: &Own<'_>) -> bool {
        own.relation.kind == crate::catalog::RelationKind::PartitionedTable
            && self.is_certain(own.relation.origin)
    }

    fn no_inherit_of_partitioned(&mut self, at: TextRange) {
        let message = "not-null constraints on partitioned tables cannot be NO INHERIT";
        self.report(code::FEATURE_NOT_SUPPORTED, at, message);
    }

    /// Foreign tables have checks and NOT NULL alone.
    fn not_on_foreign(&mut self, own: &Own<'_>, words: &str, at: TextRange) -> bool {
        let foreign = own.relation.kind == crate::catalog::RelationKind::Foreign
            && self.is_certain(own.relation.origin);
        if foreign {
            let message = format!("{words} constraints are not supported on foreign tables");
            self.report(code::FEATURE_NOT_SUPPORTED, at, message);
        }
        foreign
    }

    fn no_virtual(&mut self, what: &str, at: TextRange) {
        let message = format!("{what} on virtual generated columns are not supported");
        self.report(code::FEATURE_NOT_SUPPORTED, at, message);
    }

    pub fn table_constraint(&mut self, own: &Own<'_>, constraint: &'a TableConstraint, keys: &mut Keys) {
        let given = constraint.name.as_ref();
        let range = constraint.range;
        let words = match &constraint.kind {
            TableConstraintKind::PrimaryKey { .. } => Some("primary key"),
            TableConstraintKind::Unique { .. } => Some("unique"),
            TableConstraintKind::ForeignKey { .. } => Some("foreign key"),
            TableConstraintKind::Exclude(_) => Some("exclusion"),
            _ => None,
        };
        if words.is_some_and(|it| self.not_on_foreign(own, it, range)) {
            return;
        }
        for name in constraint.include.iter().filter(|it| !it.ident.is_dynamic()) {
            let known = own.relation.open
                || own.relation.columns.iter().any(|it| it.name == name.ident)
                || system_column(name.ident.as_str()).is_some();
            if !known {
                return self.no_key_column(own, name, range);
            }
        }
        match &constraint.kind {
            TableConstraintKind::PrimaryKey { using_index: Some(index), .. } => {
                self.using_index(own, index, range);
                self.primary_key(own, range, keys);
            }
            TableConstraintKind::Unique { using_index: Some(index), .. } => {
                self.using_index(own, index, range);
            }
            TableConstraintKind::PrimaryKey { columns, without_overlaps, .. } => {
                self.key(own, columns, given, (true, *without_overlaps), range, keys);
            }
            TableConstraintKind::Unique { columns, without_overlaps, .. } => {
                self.key(own, columns, given, (false, *without_overlaps), range, keys);
            }
            TableConstraintKind::ForeignKey { columns, references, .. } => {
                self.constraint_name(own, given, keys);
                let idents: Vec<Ident> = columns.iter().map(|it| it.ident.clone()).collect();
                let chosen = self.chosen(own, &idents, given);
                let period = matches!(constraint.kind, TableConstraintKind::ForeignKey { period: true, .. });
                self.foreign_key(own, columns, (references, period), &chosen, range);
            }
            TableConstraintKind::Check(_)
                if constraint.no_inherit
                    && own.relation.kind == RelationKind::PartitionedTable
                    && self.is_certain(own.relation.origin) =>
            {
                let message = format!(
                    "cannot add NO INHERIT constraint to partitioned table \"{}\"",
                    own.relation.name
                );
                self.report(code::INVALID_TABLE_DEFINITION, range, message);
            }
            TableConstraintKind::Check(expr) => {
                self.check_name(own, given, keys);
                self.check_expr(own.relation, *expr);
            }
            TableConstraintKind::Exclude(exclude) => {
                self.index_name(own, given, keys);
                let n_problems = self.problems.len();
                self.exclude(own, exclude, range);
                // Every column of the partition key must be compared with `=`.
                let equal = exclude.items.iter().filter(|it| it.1.op == "=");
                let columns: Option<Vec<Ident>> =
                    equal.map(|it| self.plain_column(it.0.expr).map(|it| it.ident.clone())).collect();
                if self.problems.len() == n_problems
                    && let Some(columns) = columns
                {
                    self.covers_partition_key(own.relation, &columns, "EXCLUDE", range);
                }
            }
            TableConstraintKind::NotNull(_) if constraint.no_inherit && self.of_partitioned(own) => {
                self.no_inherit_of_partitioned(range);
            }
            TableConstraintKind::NotNull(column) => {
                let known = own.relation.open
                    || column.ident.is_dynamic()
                    || own.relation.columns.iter().any(|it| it.name == column.ident);
                if known {
                    self.not_null_name(own, given, column, keys);
                } else if system_column(column.ident.as_str()).is_some() {
                    let message =
                        format!("cannot add not-null constraint on system column \"{}\"", column.ident);
                    self.report(code::FEATURE_NOT_SUPPORTED, column.range, message);
                } else {
                    self.no_column(own.relation, column, true);
                }
            }
        }
    }
}
