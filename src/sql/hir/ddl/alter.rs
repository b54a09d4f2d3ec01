//! What `ALTER TABLE`, `ALTER TYPE` and `ALTER DOMAIN` do.

use smol_str::SmolStr;

use super::super::{ExprId, Name, QName, TypeName};
use super::*;
use crate::base::text::TextRange;

#[derive(Debug, Clone, PartialEq)]
pub enum AlterTable {
    AddColumn {
        column: ColumnDef,
        if_not_exists: bool,
    },
    DropColumn {
        name: Name,
        if_exists: bool,
        cascade: bool,
    },
    RenameColumn {
        name: Name,
        new_name: Name,
    },
    SetType {
        name: Name,
        ty: TypeName,
        using: Option<ExprId>,
        collation: Option<QName>,
    },
    SetDefault {
        name: Name,
        expr: ExprId,
    },
    DropDefault {
        name: Name,
    },
    SetNotNull {
        name: Name,
    },
    DropNotNull {
        name: Name,
    },
    AddIdentity {
        name: Name,
        always: bool,
        options: Vec<SequenceOption>,
    },
    /// `SET GENERATED …`, `SET INCREMENT …`, `RESTART`; the kind where it is said.
    SetIdentity {
        name: Name,
        always: Option<bool>,
        options: Vec<SequenceOption>,
    },
    DropIdentity {
        name: Name,
    },
    SetExpression {
        name: Name,
        expr: ExprId,
    },
    DropExpression {
        name: Name,
    },
    AddConstraint(TableConstraint),
    DropConstraint {
        name: Name,
        if_exists: bool,
        cascade: bool,
    },
    RenameConstraint {
        name: Name,
        new_name: Name,
    },
    ValidateConstraint {
        name: Name,
    },
    RowSecurity {
        enabled: bool,
    },
    /// `REPLICA IDENTITY FULL`, `SET UNLOGGED`, `OWNER TO` and other actions without names, in PostgreSQL's words.
    Plain(&'static str),
    Inherit {
        parent: QName,
        inherit: bool,
    },
    AttachPartition {
        partition: QName,
        bound: Option<PartitionBound>,
    },
    DetachPartition(QName),
    SetStorage {
        name: Name,
        storage: Name,
    },
    SetCompression {
        name: Name,
        method: Name,
    },
    /// `SET STATISTICS`, `SET (…)`, `RESET (…)` of a column.
    ColumnOptions {
        name: Name,
        options: Vec<Setting>,
        reset: bool,
    },
    AlterConstraint {
        name: Name,
        change: ConstraintChange,
    },
    /// `ENABLE TRIGGER name` and its like.
    Trigger(Name),
    /// `ENABLE RULE name` and its like.
    Rule(Name),
    /// `CLUSTER ON index`.
    ClusterOn(Name),
    /// `REPLICA IDENTITY USING INDEX index`.
    ReplicaIdentity(Name),
    SetAccessMethod(Name),
    Of(QName),
    NotOf,
    /// `SET (…)`, `RESET (…)`.
    Options {
        options: Vec<Setting>,
        reset: bool,
    },
    /// What only MySQL has, and libSQL's `ALTER COLUMN a TO a …`.
    Mysql(AlterMysql),
    /// OWNER TO, SET TABLESPACE, storage parameters, …: no effect on names and types.
    /// `OPTIONS (…)` of a foreign table, or of its column.
    Generic {
        column: Option<Name>,
        options: Vec<GenericOption>,
    },
    Other,
}

impl AlterTable {
    /// When PostgreSQL does an action of a statement that has several (`AlterTablePass`).
    pub fn pass(&self) -> u32 {
        match self {
            AlterTable::DropColumn { .. }
            | AlterTable::DropConstraint { .. }
            | AlterTable::DropDefault { .. }
            | AlterTable::DropNotNull { .. }
            | AlterTable::DropIdentity { .. }
            | AlterTable::DropExpression { .. } => 0,
            AlterTable::SetType { .. } => 1,
            AlterTable::AddColumn { .. } => 2,
            AlterTable::SetExpression { .. } => 3,
            AlterTable::SetNotNull { .. }
            | AlterTable::SetDefault { .. }
            | AlterTable::AddIdentity { .. }
            | AlterTable::SetIdentity { .. } => 4,
            AlterTable::AddConstraint(_) => 5,
            _ => 6,
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub enum AlterMysql {
    /// `MODIFY column …`, and with `from` `CHANGE from column …`: all of the column is said anew.
    Redefine {
        from: Option<Name>,
        column: ColumnDef,
    },
    /// The table is not named in it.
    AddIndex(CreateIndex),
    /// An index or a unique key.
    DropIndex {
        name: Name,
    },
    DropPrimaryKey,
    RenameIndex {
        name: Name,
        new_name: Name,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConstraintChange {
    /// None is written.
    Nothing,
    /// `DEFERRABLE`, `INITIALLY DEFERRED` and their like.
    /// `true`: it can be deferred from now on.
    Deferrability { deferrable: bool, deferred: bool },
    /// `ENFORCED`, or not.
    Enforceability(bool),
    /// `INHERIT`, or `NO INHERIT`.
    Inheritability(bool),
}

#[derive(Debug, Clone, PartialEq)]
pub enum AlterEnum {
    AddValue {
        label: SmolStr,
        range: TextRange,
        if_not_exists: bool,
        before: Option<SmolStr>,
        after: Option<SmolStr>,
    },
    RenameValue {
        from: SmolStr,
        from_range: TextRange,
        to: SmolStr,
        to_range: TextRange,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub enum AlterDomain {
    SetDefault(ExprId),
    DropDefault,
    SetNotNull,
    DropNotNull,
    AddCheck {
        name: Option<Name>,
        expr: ExprId,
    },
    DropConstraint {
        name: Name,
        if_exists: bool,
    },
    ValidateConstraint(Name),
    AddNotNull {
        name: Option<Name>,
    },
    /// ADD of what domains cannot have, in PostgreSQL's words.
    Refused(TextRange, &'static str),
    Other,
}
