//! Statements that change the catalog, as far as they change names, types, keys and what a query may rely on.

use smol_str::SmolStr;

use super::{ExprId, Name, QName, Query, StatementKind, TypeName};
use crate::base::text::TextRange;

mod alter;
mod function;
mod object;
mod table;

pub use alter::*;
pub use function::*;
pub use object::*;
pub use table::*;

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
        /// Of each column.
        collations: Vec<Option<QName>>,
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
        /// Of a base type: `INPUT = f` and so on.
        options: Option<Vec<Setting>>,
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
    CreateAggregate(CreateAggregate),
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
        /// `AS type`.
        ty: Option<TypeName>,
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
    CreateRule(Box<CreateRule>),
    CreateStatistics(Box<CreateStatistics>),
    CreateCast(Box<CreateCast>),
    /// `DROP CAST`, `COMMENT ON CAST`.
    NamedCast {
        source: TypeName,
        target: TypeName,
        if_exists: bool,
        drops: bool,
    },
    /// CREATE and ALTER PUBLICATION.
    CreatePublication(Box<CreatePublication>),
    CreateOperator(Box<CreateOperator>),
    /// CREATE OPERATOR CLASS, CREATE and ALTER OPERATOR FAMILY.
    OperatorClass(Box<OperatorClass>),
    CreateEventTrigger(Box<CreateEventTrigger>),
    /// `CREATE COLLATION`, `CREATE TEXT SEARCH …`.
    Define(Box<Define>),
    /// GRANT and REVOKE of privileges, ALTER DEFAULT PRIVILEGES.
    Grant(Box<Grant>),
    /// Foreign-data wrappers, servers, user mappings.
    Foreign(Box<Foreign>),
    SearchMapping(Box<SearchMapping>),
    /// A statement that changes nothing which is modelled: what it names must be there.
    Named(Vec<Mention>),
    /// Anything that makes or changes an object which is not modelled; `kind` in upper case (`AGGREGATE`,
    /// `OPERATOR`, `CAST`, …). What depends on such objects is unknown afterwards.
    Opaque {
        kind: SmolStr,
        name: QName,
    },
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
    /// A number that is no bigint, as written.
    pub odd: Option<SmolStr>,
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
    /// `SEQUENCE NAME s`, of identity columns alone.
    Name,
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
    /// What domains cannot have, in PostgreSQL's words.
    Unsupported(&'static str),
}

/// An object that a statement names.
#[derive(Debug, Clone, PartialEq)]
pub struct Mention {
    pub what: Mentioned,
    pub name: QName,
    pub if_exists: bool,
    /// DROP, which the system's own objects refuse.
    pub drops: bool,
    /// DROP … CASCADE.
    pub cascade: bool,
    /// What ALTER does to it.
    pub change: Option<MentionChange>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum MentionChange {
    /// `RENAME TO name`.
    Rename(Name),
    /// `SET SCHEMA name`.
    Schema(Name),
    /// `SET (…)` of an operator, `(…)` of a dictionary.
    Set(Vec<Setting>),
    /// What ALTER FUNCTION says, but for SET.
    Clauses(Vec<FunctionClause>),
}

impl Mentioned {
    /// The kind of those objects of which little more than the names is kept.
    pub fn kind(&self) -> Option<&'static str> {
        Some(match self {
            Mentioned::Collation => "COLLATION",
            Mentioned::AccessMethod => "ACCESS METHOD",
            Mentioned::OperatorClass(_) => "OPERATOR CLASS",
            Mentioned::OperatorFamily(_) => "OPERATOR FAMILY",
            Mentioned::Operator(_) => "OPERATOR",
            Mentioned::Conversion => "CONVERSION",
            Mentioned::Language => "LANGUAGE",
            Mentioned::Statistics => "STATISTICS",
            Mentioned::TextSearchParser => "TEXT SEARCH PARSER",
            Mentioned::TextSearchTemplate => "TEXT SEARCH TEMPLATE",
            Mentioned::TextSearchDictionary => "TEXT SEARCH DICTIONARY",
            Mentioned::TextSearchConfiguration => "TEXT SEARCH CONFIGURATION",
            Mentioned::Hosted(kind) => kind,
            _ => return None,
        })
    }
}

#[derive(Debug, Clone, PartialEq)]
pub enum Mentioned {
    /// A relation of any kind, or of one.
    Relation(Option<RelationKind>),
    /// A table or materialized view.
    Reindexed,
    /// `CLUSTER t USING index`: an index of that table.
    IndexOf(QName),
    Function {
        object: ObjectKind,
        args: Option<Vec<TypeName>>,
    },
    Type,
    /// `ALTER TYPE name OWNER TO …` and its like.
    AlteredType,
    Domain,
    Schema,
    Extension,
    Collation,
    AccessMethod,
    /// Of an access method.
    OperatorClass(Name),
    OperatorFamily(Name),
    Operator(Box<OperatorName>),
    Conversion,
    /// `TRANSFORM FOR type LANGUAGE language`.
    Transform(Box<TypeName>),
    /// A trigger of a relation, the name's parts before the last.
    Trigger,
    Language,
    Statistics,
    /// A rule of a relation.
    Rule(QName),
    TextSearchParser,
    TextSearchTemplate,
    TextSearchDictionary,
    TextSearchConfiguration,
    /// `PUBLICATION`, `EVENT TRIGGER`, `SERVER`, `ROLE` and so on: those that the project has not made may be there.
    Hosted(&'static str),
    /// A constraint of some table, in SET CONSTRAINTS.
    AnyConstraint,
    /// The statement makes it: an object of this kind, of which only the name is kept.
    New(&'static str),
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
    /// The tables of `REFERENCING …`: whether of new rows, and their names; rows are `None`.
    pub transition_tables: Vec<(bool, Option<Name>)>,
    /// `CREATE CONSTRAINT TRIGGER`.
    pub constraint: bool,
    /// `FROM table`.
    pub from: Option<QName>,
    pub when: Option<ExprId>,
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
    /// `USING method`.
    pub method: Option<Name>,
    /// `ON COMMIT …`: where.
    pub on_commit: Option<TextRange>,
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
    /// `ON ONLY`: partitions get none.
    pub only: bool,
    pub unique: bool,
    pub concurrently: bool,
    pub if_not_exists: bool,
    pub method: Option<Name>,
    pub items: Vec<IndexItem>,
    pub include: Vec<Name>,
    /// What is no plain column in INCLUDE, in PostgreSQL's words.
    pub refused_includes: Vec<(TextRange, &'static str)>,
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
