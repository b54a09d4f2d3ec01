//! Which actions can be done to which kinds of relations (`ATSimplePermissions`).

use crate::catalog::{Relation, RelationKind};
use crate::sema::code;
use crate::sql::hir::QName;
use crate::sql::hir::ddl::{AlterTable, RelationKind as Written};

use super::super::super::binder::Binder;
use super::super::name::at;

impl Binder<'_> {
    /// `ALTER VIEW t` of a table.
    pub fn is_written_kind(&mut self, relation: &Relation, written: Written, name: &QName) -> bool {
        let fits = match written {
            // ALTER TABLE is for relations of every kind.
            Written::Table => true,
            Written::View => relation.kind == RelationKind::View,
            Written::MaterializedView => relation.kind == RelationKind::MaterializedView,
            Written::Sequence => relation.kind == RelationKind::Sequence,
            Written::ForeignTable => relation.kind == RelationKind::Foreign,
            Written::Index => false,
        };
        // What is temporary may be gone.
        let lasts = relation.schema.as_str() != crate::catalog::lookup::TEMP_SCHEMA;
        if !fits && lasts && self.is_certain(relation.origin) {
            self.is_no(written, name);
        }
        fits
    }

    /// `"x" is not a view`.
    pub(super) fn is_no(&mut self, written: Written, name: &QName) {
        let words = match written {
            Written::View => "a view",
            Written::MaterializedView => "a materialized view",
            Written::Sequence => "a sequence",
            Written::Index => "an index",
            Written::ForeignTable => "a foreign table",
            Written::Table => "a table",
        };
        let Some(last) = name.last() else { return };
        let message = format!("\"{}\" is not {words}", last.ident);
        self.report(code::WRONG_OBJECT_TYPE, at(name), message);
    }

    pub(super) fn wrong_action(&mut self, name: &QName, words: &str, kinds: &str) {
        let Some(last) = name.last() else { return };
        let message = format!("ALTER action {words} cannot be performed on relation \"{}\"", last.ident);
        self.report(code::WRONG_OBJECT_TYPE, at(name), message)
            .hint(format!("This operation is not supported for {kinds}."));
    }
}

pub(super) type Kinds = &'static [RelationKind];

/// How PostgreSQL calls an action, and what it can be done to; `None`: to anything.
pub(super) fn allowed(action: &AlterTable) -> Option<(&'static str, Kinds)> {
    use RelationKind::{Foreign, MaterializedView, PartitionedTable, Table, View};
    const TABLES: Kinds = &[Table, PartitionedTable, Foreign];
    const OR_VIEWS: Kinds = &[Table, PartitionedTable, Foreign, View];
    const STORED: Kinds = &[Table, PartitionedTable, Foreign, MaterializedView];
    const OWN: Kinds = &[Table, PartitionedTable];
    Some(match action {
        AlterTable::AddColumn { .. } => ("ADD COLUMN", TABLES),
        AlterTable::Generic { column: None, .. } => ("OPTIONS", &[Foreign]),
        AlterTable::Generic { .. } => ("ALTER COLUMN ... OPTIONS", &[Foreign]),
        AlterTable::DropColumn { .. } => ("DROP COLUMN", TABLES),
        AlterTable::SetType { .. } => ("ALTER COLUMN ... SET DATA TYPE", TABLES),
        AlterTable::SetDefault { .. } | AlterTable::DropDefault { .. } => {
            ("ALTER COLUMN ... SET DEFAULT", OR_VIEWS)
        }
        AlterTable::SetNotNull { .. } => ("ALTER COLUMN ... SET NOT NULL", TABLES),
        AlterTable::DropNotNull { .. } => ("ALTER COLUMN ... DROP NOT NULL", TABLES),
        AlterTable::AddIdentity { .. } => ("ALTER COLUMN ... ADD IDENTITY", OR_VIEWS),
        AlterTable::SetIdentity { .. } => ("ALTER COLUMN ... SET", OR_VIEWS),
        AlterTable::DropIdentity { .. } => ("ALTER COLUMN ... DROP IDENTITY", OR_VIEWS),
        AlterTable::SetExpression { .. } => ("ALTER COLUMN ... SET EXPRESSION", TABLES),
        AlterTable::DropExpression { .. } => ("ALTER COLUMN ... DROP EXPRESSION", TABLES),
        AlterTable::AddConstraint(_) => ("ADD CONSTRAINT", TABLES),
        AlterTable::DropConstraint { .. } => ("DROP CONSTRAINT", TABLES),
        AlterTable::ValidateConstraint { .. } => ("VALIDATE CONSTRAINT", TABLES),
        AlterTable::RowSecurity { enabled: true } => ("ENABLE ROW SECURITY", OWN),
        AlterTable::RowSecurity { enabled: false } => ("DISABLE ROW SECURITY", OWN),
        AlterTable::Inherit { inherit: true, .. } => ("INHERIT", TABLES),
        AlterTable::Inherit { inherit: false, .. } => ("NO INHERIT", TABLES),
        AlterTable::AttachPartition { .. } => ("ATTACH PARTITION", &[PartitionedTable]),
        AlterTable::DetachPartition(_) => ("DETACH PARTITION", &[PartitionedTable]),
        AlterTable::SetStorage { .. } => ("ALTER COLUMN ... SET STORAGE", STORED),
        AlterTable::SetCompression { .. } => ("ALTER COLUMN ... SET COMPRESSION", STORED),
        AlterTable::ColumnOptions { options, .. } if options.is_empty() => {
            ("ALTER COLUMN ... SET STATISTICS", STORED)
        }
        AlterTable::ColumnOptions { .. } => ("ALTER COLUMN ... SET", STORED),
        AlterTable::AlterConstraint { .. } => ("ALTER CONSTRAINT", OWN),
        AlterTable::Trigger(_) => ("ENABLE TRIGGER", TABLES),
        AlterTable::Rule(_) => ("ENABLE RULE", OWN),
        AlterTable::Of(_) => ("OF", OWN),
        AlterTable::NotOf => ("NOT OF", OWN),
        AlterTable::Plain("REPLICA IDENTITY") | AlterTable::ReplicaIdentity(_) => {
            ("REPLICA IDENTITY", &[Table, PartitionedTable, MaterializedView])
        }
        AlterTable::Plain(words @ ("SET LOGGED" | "SET UNLOGGED")) => {
            (*words, &[Table, RelationKind::Sequence])
        }
        AlterTable::Plain(words @ ("FORCE ROW SECURITY" | "NO FORCE ROW SECURITY")) => (*words, OWN),
        AlterTable::Plain("SET WITHOUT CLUSTER") => {
            ("SET WITHOUT CLUSTER", &[Table, PartitionedTable, MaterializedView])
        }
        AlterTable::ClusterOn(_) => ("CLUSTER ON", &[Table, PartitionedTable, MaterializedView]),
        _ => return None,
    })
}
