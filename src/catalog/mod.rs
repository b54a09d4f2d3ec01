//! Room 5: facts in order → one resolved schema per database. A [`Catalog`] is immutable and cheap to clone;
//! a change makes a new one that shares every untouched object. Knows nothing of the text of files: entities
//! carry the [`Origin`] where they were declared.

pub mod build;
pub mod depend;
pub mod details;
pub mod diff;
pub mod drift;
pub mod drizzle;
pub mod fold;
pub mod kit;
pub mod lookup;
pub mod object;
pub mod pg;
pub mod print;
pub mod reference;
pub mod role;
pub mod session;
pub mod touched;
pub mod types;

use std::collections::BTreeMap;
use std::sync::Arc;

use smol_str::SmolStr;

use crate::base::file::FileId;
use crate::base::text::TextRange;
use crate::facts::Loc;
use crate::project::eval::DeclRef;
use crate::sql::{Dialect, Ident};
pub use role::Role;
pub use types::{Collation, EnumLabel, Type, TypeId, TypeInfo, TypeKind};

/// Where an entity was declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// In the facts of a TypeScript file.
    Ts { file: FileId, loc: Loc },
    /// In statement `loc` of a SQL file; the range of the name is relative to the statement's text.
    Sql { file: FileId, loc: Loc, range: TextRange },
    /// PostgreSQL's own, or an extension's.
    Builtin,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct QualifiedName {
    pub schema: Ident,
    pub name: Ident,
}

/// One database's schema.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    pub dialect: Dialect,
    /// Major version of the server; `None`: the newest.
    pub server_version: Option<u32>,
    /// Schemas searched for unqualified names, `pg_catalog` not counted. `["public"]` unless said otherwise.
    pub search_path: Vec<Ident>,
    pub schemas: Arc<BTreeMap<Ident, Schema>>,
    pub relations: Arc<BTreeMap<QualifiedName, Arc<Relation>>>,
    /// User-defined types, by id (≥ [`TypeId::FIRST_USER`]).
    pub types: types::UserTypes,
    /// User-defined functions and procedures; several overloads may share a name.
    pub functions: Arc<BTreeMap<QualifiedName, Vec<Arc<Function>>>>,
    pub extensions: Arc<BTreeMap<Ident, Extension>>,
    /// Drizzle declarations → what they declare, for `${…}` holes and query builder calls.
    pub decls: Arc<rustc_hash::FxHashMap<DeclRef, Entity>>,
    /// Tables and views that schema modules declare without exporting them, and MySQL's tables of other databases: code
    /// can use them, but drizzle-kit makes no migration for them.
    pub unexported: Arc<std::collections::BTreeSet<QualifiedName>>,
    /// Enums of the same kind: a migration that uses one fails, for nothing creates it.
    pub unexported_types: Arc<std::collections::BTreeSet<QualifiedName>>,
    /// Schemas of the same kind.
    pub unexported_schemas: Arc<std::collections::BTreeSet<Ident>>,
    /// Drizzle's relations, for its query API.
    pub drizzle_relations: Arc<Vec<drizzle::DrizzleRelation>>,
    /// What schema modules export more than once under one name.
    pub twice: Arc<Vec<drizzle::Twice>>,
    /// The roles of a snapshot of drizzle-kit's.
    pub roles: Arc<BTreeMap<SmolStr, Role>>,
    /// The project's own casts, by source and target.
    pub casts: Arc<std::collections::BTreeMap<(TypeId, TypeId), pg::Cast>>,
    /// Objects of which only the names are kept: the kind (`COLLATION`, `STATISTICS`, `RULE`, …) and the name.
    pub others: Arc<std::collections::BTreeSet<(SmolStr, Ident)>>,
    /// What of them is certainly known.
    pub objects: Arc<object::Objects>,
    /// The files whose statements were applied, in that order.
    pub applied: Arc<Vec<FileId>>,
    /// What views, policies and so on were made of.
    pub depends: Arc<depend::Depends>,
    /// Of the session that runs the statements, until its file ends.
    pub session: session::Session,
    /// What this catalog does not know and what must therefore not be blamed.
    pub gaps: Gaps,
}

/// Reasons for silence. Everything false and empty: the catalog is complete.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gaps {
    /// Relations may exist that are not known (a source is unreadable, a dynamic schema, `DO` with dynamic SQL).
    pub relations: bool,
    /// Functions, operators, casts may exist that are not known.
    pub functions: bool,
    pub types: bool,
    /// Names of operators that the project defines and of which not everything is known: what is not found under them
    /// may be one of its own.
    pub operators: Arc<std::collections::BTreeSet<Ident>>,
    /// Operator classes and families may exist that are not known.
    pub classes: bool,
    /// Rules may exist that take changes of views.
    pub rules: bool,
    /// Policies and triggers may be there, or be gone, that are not known (`DO` with dynamic SQL).
    pub policies: bool,
    /// So may indexes and constraints.
    pub keys: bool,
    /// Names of relations, types and functions that code of the workspace creates when it runs.
    pub named: Arc<std::collections::BTreeSet<Ident>>,
    /// Tables on which files of the workspace that are no history make unique indexes.
    pub keyed: Arc<std::collections::BTreeSet<Ident>>,
    /// Columns that files of the workspace which are no history add to tables, as [`crate::sql::created::column_of`] writes
    /// them.
    pub added: Arc<std::collections::BTreeSet<Ident>>,
    /// Schemas that files of the workspace which are no history make: what is in them this catalog does not say.
    pub schemas: Arc<std::collections::BTreeSet<Ident>>,
    /// What this file does not make itself is the schema of another day: it may not be there when the file runs, and
    /// what is missing may be. `None`: the catalog is exactly what a statement finds.
    pub loose: Option<FileId>,
    /// The history begins before what of it can be seen: its states hold objects that are not known.
    pub partial: bool,
    /// Sources that could not be read, each with why.
    pub unreadable: Vec<(FileId, String)>,
}

impl Gaps {
    /// An operator of this name may exist that is not known.
    pub fn has_operator(&self, name: &str) -> bool {
        self.functions || self.operators.iter().any(|it| it.as_str() == name)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schema {
    pub name: Ident,
    pub origin: Origin,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    pub name: Ident,
    /// Where its objects live: `CREATE EXTENSION … SCHEMA x`, else the first schema of the search path.
    pub schema: Ident,
    /// Its types, functions and operators are part of Columnist's data ([`pg::has_extension`]).
    pub known: bool,
    pub origin: Origin,
}

/// What a Drizzle declaration declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entity {
    Relation(QualifiedName),
    Enum(QualifiedName),
    Schema(Ident),
    Sequence(QualifiedName),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RelationKind {
    Table,
    PartitionedTable,
    View,
    MaterializedView,
    Sequence,
    Foreign,
}

impl RelationKind {
    /// `table`, `view`, … as PostgreSQL names it.
    pub fn words(self) -> &'static str {
        match self {
            RelationKind::Table | RelationKind::PartitionedTable => "table",
            RelationKind::View => "view",
            RelationKind::MaterializedView => "materialized view",
            RelationKind::Sequence => "sequence",
            RelationKind::Foreign => "foreign table",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    pub schema: Ident,
    pub name: Ident,
    pub kind: RelationKind,
    pub columns: Vec<Column>,
    /// Columns may exist that are not listed (an unknown spread, a view whose query is not understood).
    pub open: bool,
    /// Where it is open: the only names of columns of which it is not known whether they are there, listed ones among
    /// them. `None`: any.
    pub unlisted: Option<Arc<std::collections::BTreeSet<Ident>>>,
    pub primary_key: Option<Key>,
    pub uniques: Vec<Key>,
    pub foreign_keys: Vec<ForeignKey>,
    pub checks: Vec<Check>,
    pub indexes: Vec<Index>,
    pub policies: Vec<Policy>,
    pub triggers: Vec<SmolStr>,
    /// The function that a trigger calls, where it is known.
    pub trigger_functions: Vec<(SmolStr, QualifiedName)>,
    /// Rules, but for that of a view.
    pub rules: Vec<Rule>,
    /// UNLOGGED.
    pub unlogged: bool,
    /// A materialized view that was made, or refreshed, WITH NO DATA.
    pub unpopulated: bool,
    /// INSTEAD OF triggers: their names and events, in upper case.
    pub instead_of: Vec<(SmolStr, Vec<SmolStr>)>,
    /// NOT NULL constraints: the name and the column; of a table that Drizzle makes those that were given a name.
    pub not_nulls: Vec<(Ident, Ident)>,
    pub row_security: bool,
    /// Text of a view's query, where known.
    pub definition: Option<Arc<str>>,
    /// Parents by INHERITS or PARTITION OF.
    pub parents: Vec<QualifiedName>,
    /// The composite type of a typed table (`CREATE TABLE … OF type`).
    pub of_type: Option<TypeId>,
    pub comment: Option<SmolStr>,
    pub origin: Origin,
    /// Further places: the migration that created a table which the schema declares, and so on.
    pub also: Vec<Origin>,
    /// Known only from migrations, and the Drizzle schema has dropped it.
    pub dropped_in_schema: bool,
    /// Of partitioned tables and partitions.
    pub partition: Option<Arc<Partition>>,
    pub details: Arc<details::Details>,
}

impl Relation {
    /// One with nothing in it.
    pub fn new(name: QualifiedName, kind: RelationKind, origin: Origin) -> Relation {
        Relation {
            schema: name.schema,
            name: name.name,
            kind,
            columns: Vec::new(),
            open: false,
            unlisted: None,
            primary_key: None,
            uniques: Vec::new(),
            foreign_keys: Vec::new(),
            checks: Vec::new(),
            indexes: Vec::new(),
            policies: Vec::new(),
            triggers: Vec::new(),
            trigger_functions: Vec::new(),
            not_nulls: Vec::new(),
            rules: Vec::new(),
            unlogged: false,
            unpopulated: false,
            details: Default::default(),
            instead_of: Vec::new(),
            row_security: false,
            definition: None,
            parents: Vec::new(),
            of_type: None,
            comment: None,
            origin,
            also: Vec::new(),
            dropped_in_schema: false,
            partition: None,
        }
    }
}

impl Relation {
    /// Whether a column of this name may be there, or be gone, without being known.
    pub fn may_have(&self, name: &Ident) -> bool {
        self.open && self.unlisted.as_ref().is_none_or(|it| it.contains(name))
    }

    /// From now on it is not known whether there is a column of this name.
    pub fn doubt(&mut self, name: &Ident) {
        if self.open && self.unlisted.is_none() {
            return;
        }
        self.open = true;
        Arc::make_mut(self.unlisted.get_or_insert_default()).insert(name.clone());
    }

    /// Any columns may exist that are not listed.
    pub fn open_wide(&mut self) {
        self.open = true;
        self.unlisted = None;
    }
}

impl Column {
    /// One of which only the name is said.
    pub fn new(name: Ident, origin: Origin) -> Column {
        Column {
            name,
            key: None,
            ty: None,
            type_text: SmolStr::default(),
            collation: Collation::default(),
            not_null: false,
            default: None,
            generated: None,
            identity: None,
            identity_options: None,
            nulls_remain: false,
            runtime_default: false,
            text_enum: Vec::new(),
            ts_type: None,
            comment: None,
            origin,
            also: Vec::new(),
        }
    }
}

/// How a partitioned table is divided, and what a partition holds of its parent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Partition {
    /// `range`, `list` or `hash`.
    pub strategy: Option<SmolStr>,
    /// The key's columns; `None` for expressions.
    pub key: Vec<Option<Ident>>,
    /// What the expressions of the key name: columns among them.
    pub named: Vec<Ident>,
    /// The key as it is written, in its parentheses.
    pub by: Option<SmolStr>,
    pub bound: Option<Bound>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bound {
    Default,
    List(Vec<Datum>),
    Range {
        from: Vec<Datum>,
        to: Vec<Datum>,
    },
    Hash {
        modulus: i64,
        remainder: i64,
    },
    /// Not understood.
    Unknown,
}

/// One value of a bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Datum {
    Min,
    Max,
    Null,
    /// A constant: the text of a string, or the number as written.
    Text(SmolStr),
    /// Not understood.
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub name: Ident,
    /// The TypeScript property, for Drizzle tables.
    pub key: Option<SmolStr>,
    /// `None`: the type is not known.
    pub ty: Option<Type>,
    /// The type as declared (`varchar(255)`, `timestamp (3) with time zone`), for messages and other dialects.
    pub type_text: SmolStr,
    pub collation: Collation,
    pub not_null: bool,
    /// Rows may be NULL all the same: old ones (`NOT VALID`), or those of inheriting tables (`NO INHERIT`).
    pub nulls_remain: bool,
    pub default: Option<ColumnDefault>,
    pub generated: Option<Generated>,
    pub identity: Option<Identity>,
    /// The options of an identity's sequence, as drizzle-kit fills them in; `None`: not known. Its name alone changes
    /// nothing to drizzle-kit.
    pub identity_options: Option<SmolStr>,
    /// Drizzle gives a value at run time (`$defaultFn`, `$onUpdate`); the database has none.
    pub runtime_default: bool,
    /// Drizzle's own TypeScript enum of a text column: not checked by the database.
    pub text_enum: Vec<SmolStr>,
    /// What Drizzle hands to TypeScript (`number`, `string`, `Date`, `$type<…>` text), without `| null`.
    pub ts_type: Option<SmolStr>,
    pub comment: Option<SmolStr>,
    pub origin: Origin,
    pub also: Vec<Origin>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnDefault {
    /// SQL text of the default.
    Sql(SmolStr),
    /// A default exists, its text is not known.
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    pub expression: Option<SmolStr>,
    pub stored: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity {
    Always,
    ByDefault,
}

impl Identity {
    /// As SQL says it, in lower case.
    pub fn label(self) -> &'static str {
        match self {
            Identity::Always => "always",
            Identity::ByDefault => "by default",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// `None`: the database will choose it and it is not known how.
    pub name: Option<Ident>,
    pub columns: Vec<Ident>,
    pub nulls_not_distinct: bool,
    /// The last column is a range, and rows with the other values may not overlap in it.
    pub without_overlaps: bool,
    /// `DEFERRABLE`: nothing can rely on it while a statement runs.
    pub deferrable: bool,
    pub origin: Origin,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignKey {
    pub name: Option<Ident>,
    pub columns: Vec<Ident>,
    /// `None`: the target is not known.
    pub target: Option<QualifiedName>,
    pub target_columns: Vec<Ident>,
    /// The key or unique index of the target that it hangs on; `None`: that is not known.
    pub key: Option<Ident>,
    /// `cascade`, `set null`, … in lower case; `no action` when not said.
    pub on_delete: SmolStr,
    /// `ON DELETE SET NULL (a)`: the columns that are set; none are named for all.
    pub set_columns: Vec<Ident>,
    pub on_update: SmolStr,
    pub origin: Origin,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    pub name: Option<Ident>,
    pub expression: Option<SmolStr>,
    /// `NO INHERIT`: children do not have it from here.
    pub no_inherit: bool,
    pub origin: Origin,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    pub name: Option<Ident>,
    pub unique: bool,
    pub method: SmolStr,
    pub items: Vec<IndexItem>,
    /// SQL text of a partial index's predicate; `Some("")` when there is one whose text is not known.
    pub predicate: Option<SmolStr>,
    pub nulls_not_distinct: bool,
    /// `INCLUDE (…)`.
    pub include: Vec<Ident>,
    /// Of a partition: the index of the partitioned table that it is a part of.
    pub part_of: Option<Ident>,
    pub origin: Origin,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IndexItem {
    /// The column's name, or the expression's SQL text (`None`: not known).
    pub column: Option<Ident>,
    pub expression: Option<SmolStr>,
    /// Not the column's own.
    pub collation: Option<SmolStr>,
    pub opclass: Option<SmolStr>,
    /// The schema that is written before the operator class.
    pub opclass_schema: Option<Ident>,
    pub descending: bool,
    pub nulls: Option<SmolStr>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Empty: not known.
    pub name: Ident,
    pub command: SmolStr,
    pub permissive: bool,
    pub roles: Vec<SmolStr>,
    pub using: Option<SmolStr>,
    pub with_check: Option<SmolStr>,
    pub origin: Origin,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    pub name: Ident,
    /// `INSERT`, …, in upper case.
    pub event: SmolStr,
    pub instead: bool,
    /// It has a condition.
    pub conditional: bool,
    /// ENABLE or DISABLE was said of it.
    pub switched: bool,
    /// CREATE RULE as it was written.
    pub definition: Arc<str>,
    pub origin: Origin,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FunctionKind {
    Function,
    Procedure,
    Aggregate,
    Window,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    pub schema: Ident,
    pub name: Ident,
    pub kind: FunctionKind,
    /// Input parameters (IN, INOUT, VARIADIC), in order.
    pub params: Vec<FunctionParam>,
    /// What CALL gives a procedure: `params` and the OUT parameters, in order. Empty where there are none of those.
    pub call_params: Vec<FunctionParam>,
    /// Number of trailing parameters that have defaults.
    pub n_defaults: u32,
    pub variadic: bool,
    /// `None`: not known (an unknown type in the signature).
    pub returns: Option<TypeId>,
    pub returns_set: bool,
    /// OUT, INOUT and TABLE columns, when the result is a row of them.
    pub out_columns: Vec<(Ident, Option<Type>)>,
    pub strict: bool,
    /// Ordered-set aggregates: number of direct arguments.
    pub direct_args: Option<u32>,
    /// One of the project's own that certainly is not immutable; those in SQL may be taken for their bodies.
    pub mutable: bool,
    /// One of the project's own as it was made.
    pub definition: Option<Arc<str>>,
    pub origin: Origin,
}

impl Function {
    /// The types that its signature says: those of parameters, of its result and of the columns of that.
    pub fn types(&self) -> impl Iterator<Item = TypeId> {
        let given = self.params.iter().chain(&self.call_params).filter_map(|it| it.ty);
        let handed_out = self.out_columns.iter().filter_map(|it| Some(it.1?.id));
        given.chain(self.returns).chain(handed_out)
    }

    /// The parameters that a call's arguments go to: those of CALL include what a procedure only hands out
    /// (`FuncnameGetCandidates`, `include_out_arguments`).
    #[must_use]
    pub fn parameters(&self, procedure: bool) -> &[FunctionParam] {
        if procedure && !self.call_params.is_empty() { &self.call_params } else { &self.params }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionParam {
    pub name: Option<Ident>,
    /// `None`: not known.
    pub ty: Option<TypeId>,
}
