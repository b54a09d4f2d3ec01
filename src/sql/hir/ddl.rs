//! Statements that change the catalog, as far as they change names, types, keys and what a query may rely on.

use smol_str::SmolStr;

use super::{ExprId, Name, QName, Query, StatementKind, TypeName};
use crate::base::text::TextRange;

#[derive(Debug, Clone, PartialEq)]
pub enum Ddl {
    CreateSchema {
        name: Option<Name>,
        if_not_exists: bool,
        elements: Vec<StatementKind>,
    },
    CreateTable(CreateTable),
    /// `CREATE TABLE … AS`, `CREATE MATERIALIZED VIEW`, `CREATE VIEW`.
    CreateView(CreateView),
    CreateIndex(CreateIndex),
    CreateSequence {
        name: QName,
        if_not_exists: bool,
        ty: Option<TypeName>,
        owned_by: Option<QName>,
    },
    CreateEnum {
        name: QName,
        labels: Vec<(SmolStr, TextRange)>,
    },
    CreateComposite {
        name: QName,
        columns: Vec<(Name, TypeName)>,
    },
    CreateRange {
        name: QName,
        subtype: Option<TypeName>,
    },
    /// `CREATE TYPE name` and base types: exist, nothing more is known.
    CreateShellType {
        name: QName,
    },
    CreateDomain {
        name: QName,
        base: TypeName,
        not_null: bool,
        default: Option<ExprId>,
        checks: Vec<ExprId>,
    },
    CreateExtension {
        name: Name,
        if_not_exists: bool,
        schema: Option<Name>,
    },
    CreateFunction(CreateFunction),
    CreateTrigger {
        name: Name,
        table: QName,
        function: QName,
        or_replace: bool,
        details: TriggerDetails,
    },
    CreatePolicy(Policy),
    AlterPolicy(Policy),
    AlterTable {
        name: QName,
        kind: RelationKind,
        if_exists: bool,
        /// `ALTER TABLE ONLY`: its children stay as they are.
        only: bool,
        actions: Vec<AlterTable>,
    },
    AlterEnum {
        name: QName,
        action: AlterEnum,
    },
    /// `ALTER TYPE composite ADD/DROP/ALTER ATTRIBUTE …`: the columns added, dropped, altered.
    AlterComposite {
        name: QName,
        actions: Vec<AlterTable>,
    },
    AlterDomain {
        name: QName,
        action: AlterDomain,
    },
    AlterSequence {
        name: QName,
        if_exists: bool,
        owned_by: Option<QName>,
    },
    /// `ALTER <object> old RENAME TO new`.
    Rename {
        object: ObjectKind,
        name: QName,
        if_exists: bool,
        new_name: Name,
    },
    /// MySQL's `RENAME TABLE a TO b, c TO d`, in order; of a single one it is a [`Ddl::Rename`].
    RenameTables(Vec<(QName, QName)>),
    SetSchema {
        object: ObjectKind,
        name: QName,
        if_exists: bool,
        schema: Name,
    },
    Drop(Drop),
    Comment {
        object: ObjectKind,
        name: QName,
        text: Option<SmolStr>,
    },
    /// `SET search_path = …` / `TO …`, session-wide or local.
    SetSearchPath {
        schemas: Vec<Name>,
        local: bool,
    },
    /// `DO $$ … $$`: the body with the range of the text inside the quotes.
    Do {
        language: Option<Name>,
        body: SmolStr,
        body_range: TextRange,
    },
    Truncate {
        tables: Vec<QName>,
    },
    /// COPY, LOCK, REFRESH, ANALYZE, GRANT: nothing changes, but relations are named.
    Command(Command),
    /// Anything that makes or changes an object which is not modelled; `kind` in upper case (`AGGREGATE`,
    /// `OPERATOR`, `CAST`, …). What depends on such objects is unknown afterwards.
    Opaque {
        kind: SmolStr,
        name: QName,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub struct CreateTable {
    pub name: QName,
    pub if_not_exists: bool,
    pub temporary: bool,
    pub columns: Vec<ColumnDef>,
    pub constraints: Vec<TableConstraint>,
    /// MySQL's `KEY name (…)`; their tables are not named.
    pub indexes: Vec<CreateIndex>,
    /// `LIKE source INCLUDING …`, with its position among the columns.
    pub likes: Vec<Like>,
    pub inherits: Vec<QName>,
    /// `PARTITION OF parent`.
    pub partition_of: Option<QName>,
    /// `PARTITION BY …` was written.
    pub partitioned: bool,
    /// What stands behind it.
    pub partition_by: Option<PartitionBy>,
    /// `OF type`.
    pub of_type: Option<QName>,
}

/// `PARTITION BY strategy (key, …)`.
#[derive(Debug, Clone, PartialEq)]
pub struct PartitionBy {
    pub strategy: Name,
    pub items: Vec<IndexItem>,
}

/// When a trigger fires.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TriggerDetails {
    /// `BEFORE`, `AFTER`, `INSTEAD OF`, in upper case.
    pub timing: SmolStr,
    /// `INSERT`, `UPDATE`, `DELETE`, `TRUNCATE`, in upper case.
    pub events: Vec<SmolStr>,
    /// `UPDATE OF a, b`.
    pub columns: Vec<Name>,
    pub for_each_row: bool,
    /// `REFERENCING …`.
    pub transitions: bool,
    pub when: Option<ExprId>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Like {
    pub source: QName,
    /// Index into `columns` before which its columns come.
    pub position: u32,
    pub including_defaults: bool,
    pub including_identity: bool,
    pub including_generated: bool,
    pub including_indexes: bool,
    pub including_constraints: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ColumnDef {
    pub range: TextRange,
    pub name: Name,
    /// Missing in `PARTITION OF` and `OF type` tables.
    pub ty: Option<TypeName>,
    pub collation: Option<QName>,
    pub constraints: Vec<ColumnConstraint>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ColumnConstraint {
    pub range: TextRange,
    pub name: Option<Name>,
    pub kind: ColumnConstraintKind,
}

#[derive(Debug, Clone, PartialEq)]
pub enum ColumnConstraintKind {
    NotNull,
    Null,
    Default(ExprId),
    Generated { expr: ExprId, stored: bool },
    Identity { always: bool },
    Unique { nulls_not_distinct: bool },
    PrimaryKey,
    References(References),
    Check(ExprId),
}

#[derive(Debug, Clone, PartialEq)]
pub struct References {
    pub table: QName,
    pub columns: Vec<Name>,
    /// `CASCADE`, `SET NULL`, … in upper case; `None` when not written.
    pub on_delete: Option<SmolStr>,
    pub on_update: Option<SmolStr>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct TableConstraint {
    pub range: TextRange,
    pub name: Option<Name>,
    pub kind: TableConstraintKind,
    pub not_valid: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub enum TableConstraintKind {
    PrimaryKey { columns: Vec<Name>, using_index: Option<Name> },
    Unique { columns: Vec<Name>, nulls_not_distinct: bool, using_index: Option<Name> },
    ForeignKey { columns: Vec<Name>, references: References },
    Check(ExprId),
    Exclude,
    NotNull(Name),
}

#[derive(Debug, Clone, PartialEq)]
pub struct CreateView {
    pub kind: ViewKind,
    pub name: QName,
    pub or_replace: bool,
    pub if_not_exists: bool,
    pub temporary: bool,
    pub columns: Vec<Name>,
    pub query: Box<Query>,
    /// The query's text range, as it stands in the statement.
    pub query_range: TextRange,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ViewKind {
    View,
    Materialized,
    /// CREATE TABLE AS.
    Table,
}

#[derive(Debug, Clone, PartialEq)]
pub struct CreateIndex {
    pub name: Option<Name>,
    pub table: QName,
    pub unique: bool,
    pub concurrently: bool,
    pub if_not_exists: bool,
    pub method: Option<Name>,
    pub items: Vec<IndexItem>,
    pub include: Vec<Name>,
    pub nulls_not_distinct: bool,
    pub where_: Option<ExprId>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct IndexItem {
    /// A bare column is [`super::ExprKind::Column`] with one part.
    pub expr: ExprId,
    pub collation: Option<QName>,
    pub opclass: Option<QName>,
    pub descending: bool,
    pub nulls_first: Option<bool>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct CreateFunction {
    pub name: QName,
    pub or_replace: bool,
    pub procedure: bool,
    pub params: Vec<FunctionParam>,
    /// `None` for procedures and where OUT parameters decide.
    pub returns: Option<TypeName>,
    /// `RETURNS TABLE (…)` columns stand in `params` with mode `Table`.
    pub returns_table: bool,
    pub language: Option<Name>,
    /// The body between the quotes, decoded, with the range of its text; `None` for `BEGIN ATOMIC` and C symbols.
    pub body: Option<(SmolStr, TextRange)>,
    pub strict: bool,
    /// `IMMUTABLE`, `STABLE`, `VOLATILE`.
    pub volatility: Option<SmolStr>,
    /// `BEGIN ATOMIC … END` and `RETURN expression`.
    pub inline: Option<InlineBody>,
    /// `SET search_path = …`; empty for the path that nothing is found on.
    pub search_path: Option<Vec<Name>>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Command {
    pub kind: CommandKind,
    /// Relations with the columns that are listed behind them.
    pub tables: Vec<(QName, Vec<Name>)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommandKind {
    CopyFrom,
    CopyTo,
    Lock,
    Refresh,
    Analyze,
    /// GRANT and REVOKE on tables.
    Grant,
}

/// A body written in SQL itself.
#[derive(Debug, Clone, PartialEq)]
pub struct InlineBody {
    /// From BEGIN or RETURN to the end.
    pub range: TextRange,
    /// `RETURN x` is `SELECT x`.
    pub statements: Vec<StatementKind>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct FunctionParam {
    pub mode: ParamMode,
    pub name: Option<Name>,
    pub ty: TypeName,
    pub default: Option<ExprId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ParamMode {
    In,
    Out,
    InOut,
    Variadic,
    Table,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    pub name: Name,
    pub table: QName,
    pub permissive: bool,
    /// `ALL`, `SELECT`, … in upper case.
    pub command: SmolStr,
    pub roles: Vec<Name>,
    pub using: Option<ExprId>,
    pub with_check: Option<ExprId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RelationKind {
    Table,
    View,
    MaterializedView,
    Index,
    Sequence,
    ForeignTable,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ObjectKind {
    Relation(RelationKind),
    Schema,
    /// A column: the name's last part is the column.
    Column,
    Constraint,
    Type,
    Domain,
    /// An attribute of a composite type.
    Attribute,
    EnumValue,
    Function,
    Procedure,
    Aggregate,
    Trigger,
    Policy,
    Extension,
    Role,
    Other,
}

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
    },
    SetIdentity {
        name: Name,
        always: bool,
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
    Inherit {
        parent: QName,
        inherit: bool,
    },
    AttachPartition(QName),
    DetachPartition(QName),
    /// What only MySQL has, and libSQL's `ALTER COLUMN a TO a …`.
    Mysql(AlterMysql),
    /// OWNER TO, SET TABLESPACE, storage parameters, …: no effect on names and types.
    Other,
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
    },
}

#[derive(Debug, Clone, PartialEq)]
pub enum AlterDomain {
    SetDefault(ExprId),
    DropDefault,
    SetNotNull,
    DropNotNull,
    AddCheck(ExprId),
    Other,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Drop {
    pub object: ObjectKind,
    pub names: Vec<DropName>,
    pub if_exists: bool,
    pub cascade: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct DropName {
    pub name: QName,
    /// Functions: the argument types, `None` when no parentheses are written.
    pub args: Option<Vec<TypeName>>,
    /// Triggers, policies and MySQL's indexes: `ON table`.
    pub on: Option<QName>,
}
