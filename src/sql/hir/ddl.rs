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
        options: Vec<SequenceOption>,
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
        /// `subtype_opclass`, `collation` and so on, but for the subtype.
        options: Vec<Setting>,
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
        collation: Option<QName>,
        /// All of its constraints, in order.
        constraints: Vec<DomainConstraint>,
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
        options: Vec<SequenceOption>,
    },
    /// `ALTER <object> old RENAME TO new`.
    Rename {
        object: ObjectKind,
        name: QName,
        /// Of functions, where they are written.
        args: Option<Vec<TypeName>>,
        if_exists: bool,
        new_name: Name,
    },
    /// MySQL's `RENAME TABLE a TO b, c TO d`, in order; of a single one it is a [`Ddl::Rename`].
    RenameTables(Vec<(QName, QName)>),
    SetSchema {
        object: ObjectKind,
        name: QName,
        /// Of functions, where they are written.
        args: Option<Vec<TypeName>>,
        if_exists: bool,
        schema: Name,
    },
    Drop(Drop),
    Comment {
        object: ObjectKind,
        name: QName,
        /// Of functions, where they are written.
        args: Option<Vec<TypeName>>,
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
    /// A statement that changes nothing which is modelled: what it names must be there.
    Named(Vec<Mention>),
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
    /// Of a partition: `FOR VALUES …`, `DEFAULT`.
    pub bound: Option<PartitionBound>,
    /// `WITH (…)`.
    pub options: Vec<Setting>,
    /// `USING method`.
    pub method: Option<Name>,
    /// `ON COMMIT …`: where.
    pub on_commit: Option<TextRange>,
}

/// What of its parent's rows a partition holds.
#[derive(Debug, Clone, PartialEq)]
pub struct PartitionBound {
    pub range: TextRange,
    pub kind: BoundKind,
}

#[derive(Debug, Clone, PartialEq)]
pub enum BoundKind {
    Default,
    In(Vec<ExprId>),
    /// MINVALUE and MAXVALUE are columns of these names.
    Range {
        from: Vec<ExprId>,
        to: Vec<ExprId>,
    },
    /// `WITH (modulus 4, remainder 0)`: the words with their numbers.
    Hash(Vec<(Name, i64)>),
}

/// `name = value` in a list of options.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// `toast.x` has two parts.
    pub name: QName,
    /// As written; of a string its value.
    pub value: Option<SmolStr>,
    pub value_range: TextRange,
}

#[derive(Debug, Clone, PartialEq)]
pub struct SequenceOption {
    pub range: TextRange,
    pub kind: SequenceOptionKind,
    pub value: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SequenceOptionKind {
    As,
    Start,
    Increment,
    Min,
    /// `NO MINVALUE`.
    NoMin,
    Max,
    NoMax,
    Cache,
    Cycle,
    OwnedBy,
    Restart,
}

#[derive(Debug, Clone, PartialEq)]
pub struct DomainConstraint {
    pub range: TextRange,
    pub name: Option<Name>,
    pub kind: DomainConstraintKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DomainConstraintKind {
    NotNull,
    Null,
    Default,
    Check {
        no_inherit: bool,
    },
    /// `UNIQUE`, `PRIMARY KEY`, `REFERENCES`, `GENERATED`, in PostgreSQL's words.
    Refused(&'static str),
}

/// An object that a statement names.
#[derive(Debug, Clone, PartialEq)]
pub struct Mention {
    pub what: Mentioned,
    pub name: QName,
    pub if_exists: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Mentioned {
    /// A relation of any kind, or of one.
    Relation(Option<RelationKind>),
    /// `CLUSTER t USING index`: an index of that table.
    IndexOf(QName),
    Function {
        object: ObjectKind,
        args: Option<Vec<TypeName>>,
    },
    Type,
    Domain,
    Schema,
    Extension,
    Collation,
    AccessMethod,
    Language,
    Statistics,
    /// A rule of a relation.
    Rule(QName),
    TextSearchParser,
    TextSearchTemplate,
    TextSearchDictionary,
    TextSearchConfiguration,
    /// The statement makes it: an object of this kind, of which only the name is kept.
    New(&'static str),
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
    /// `STORAGE x`.
    pub storage: Option<Name>,
    /// `COMPRESSION x`.
    pub compression: Option<Name>,
    /// `DEFERRABLE` and its like behind what cannot have it, in PostgreSQL's words.
    pub misplaced: Vec<(TextRange, &'static str)>,
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
    /// `ON DELETE SET NULL (a)`.
    pub set_columns: Vec<Name>,
    /// `MATCH PARTIAL`: where.
    pub partial: Option<TextRange>,
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
    Exclude(Exclude),
    NotNull(Name),
}

/// `EXCLUDE USING method (item WITH operator, …) WHERE (condition)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Exclude {
    pub method: Option<Name>,
    pub items: Vec<(IndexItem, super::OpName)>,
    pub where_: Option<ExprId>,
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
    /// `WITH (…)`.
    pub options: Vec<Setting>,
    /// `WITH CHECK OPTION`: where.
    pub check_option: Option<TextRange>,
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
    /// `WITH (…)`.
    pub options: Vec<Setting>,
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
    },
    /// `SET GENERATED …`, `SET INCREMENT …`, `RESTART`; the kind where it is said.
    SetIdentity {
        name: Name,
        always: Option<bool>,
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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConstraintChange {
    /// `DEFERRABLE`, `INITIALLY DEFERRED` and their like.
    Deferrability,
    Enforceability,
    Inheritability,
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
    AddCheck { name: Option<Name>, expr: ExprId },
    DropConstraint { name: Name, if_exists: bool },
    ValidateConstraint(Name),
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
