//! The query tree that analysis sees: PostgreSQL's raw parse tree (`parsenodes.h`) made tolerant. Every node has
//! an exact range and every child may be missing.
//!
//! Expressions live in one arena per statement, so that what analysis learns of them (types, targets) can stand
//! in vectors beside it. Everything else is an ordinary tree.

use smol_str::SmolStr;

use super::Ident;
use crate::base::text::TextRange;

pub mod ddl;

pub use ddl::Ddl;

/// One statement; the only owner of its expressions.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// From the first to the last token; relative to the statement's text like every range in the tree.
    pub range: TextRange,
    pub kind: StatementKind,
    pub exprs: Vec<Expr>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExprId(pub u32);

impl Statement {
    pub fn expr(&self, id: ExprId) -> &Expr {
        &self.exprs[id.0 as usize]
    }
}

#[derive(Debug, Clone, PartialEq)]
pub enum StatementKind {
    /// SELECT, VALUES, TABLE, with or without WITH.
    Query(Box<Query>),
    Insert(Box<Insert>),
    Update(Box<Update>),
    Delete(Box<Delete>),
    Merge(Box<Merge>),
    Ddl(Box<Ddl>),
    /// EXPLAIN, PREPARE x AS, DECLARE c CURSOR FOR, COPY (…) TO, and MySQL's UPDATE of several tables: the statement
    /// inside is what is analysed.
    Wrapped {
        kind: WrapperKind,
        name: Option<Name>,
        param_types: Vec<TypeName>,
        inner: Box<StatementKind>,
    },
    /// Recognised and without effect on names or types (BEGIN, GRANT, SET x, VACUUM, …), or so broken that not
    /// even its kind is known. Holds the leading keywords in upper case, e.g. `GRANT`.
    Other(SmolStr),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrapperKind {
    Explain,
    Prepare,
    DeclareCursor,
    Copy,
    /// CALL: the call is the only target of a query.
    Call,
    /// MySQL's UPDATE and DELETE of several tables: the query inside speaks of the same names.
    Joined,
}

/// One name with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    pub ident: Ident,
    pub range: TextRange,
}

/// A possibly qualified name, outermost part first: `db.schema.table`. Never empty in a parsed tree unless the
/// name is missing from the text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct QName {
    pub parts: Vec<Name>,
}

impl QName {
    pub fn last(&self) -> Option<&Name> {
        self.parts.last()
    }

    /// The schema part of `schema.name` or `db.schema.name`.
    pub fn schema(&self) -> Option<&Name> {
        self.parts.len().checked_sub(2).map(|idx| &self.parts[idx])
    }

    pub fn range(&self) -> Option<TextRange> {
        Some(self.parts.first()?.range.cover(self.parts.last()?.range))
    }

    pub fn is_dynamic(&self) -> bool {
        self.parts.iter().any(|it| it.ident.is_dynamic())
    }
}

/// A type as written: `double precision`, `varchar(20)[]`, `public.mood`, `setof users`, `users.id%type`.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeName {
    pub range: TextRange,
    /// Grammar spellings are replaced by catalog names: `int` → pg_catalog.int4, `double precision` →
    /// pg_catalog.float8, `timestamp with time zone` → pg_catalog.timestamptz, `char` → pg_catalog.bpchar.
    pub name: QName,
    /// The modifiers in parentheses; interval fields are folded in as PostgreSQL does.
    pub modifiers: Vec<ExprId>,
    /// Number of `[]`/`ARRAY` bounds.
    pub array_dims: u32,
    pub setof: bool,
    /// `%TYPE`: the name is that of a column.
    pub of_column: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    pub range: TextRange,
    pub kind: ExprKind,
}

#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// Not in the text, or not understood.
    Missing,
    /// `a`, `t.a`, `s.t.a`, `(row).a` is [`ExprKind::Field`]. A dynamic hole is a one-part dynamic name.
    Column(QName),
    /// `*` or `t.*`; the qualifier is empty for a bare star.
    Star {
        qualifier: QName,
    },
    /// `$1`.
    Param(u32),
    Literal(Literal),
    /// `CAST(x AS t)`, `x::t`, `t 'literal'`, `t(20) 'literal'`.
    Cast {
        expr: ExprId,
        ty: TypeName,
        style: CastStyle,
    },
    /// Any operator that is looked up in pg_operator, prefix when `lhs` is `None`. `op` may be qualified
    /// (`OPERATOR(pg_catalog.+)`).
    Operator {
        op: OpName,
        lhs: Option<ExprId>,
        rhs: ExprId,
    },
    /// Flattened as PostgreSQL's `BoolExpr`: `a and b and c` has three arguments.
    Bool {
        op: BoolOp,
        args: Vec<ExprId>,
    },
    Not(ExprId),
    /// `x IS [NOT] NULL | TRUE | FALSE | UNKNOWN | DOCUMENT | NORMALIZED | JSON …`.
    Is {
        expr: ExprId,
        test: IsTest,
        negated: bool,
    },
    IsDistinct {
        lhs: ExprId,
        rhs: ExprId,
        negated: bool,
    },
    Like {
        kind: LikeKind,
        negated: bool,
        expr: ExprId,
        pattern: ExprId,
        escape: Option<ExprId>,
        op_range: TextRange,
    },
    Between {
        expr: ExprId,
        low: ExprId,
        high: ExprId,
        negated: bool,
        symmetric: bool,
    },
    InList {
        expr: ExprId,
        list: Vec<ExprId>,
        negated: bool,
        op_range: TextRange,
    },
    InQuery {
        expr: ExprId,
        query: Box<Query>,
        negated: bool,
        op_range: TextRange,
    },
    /// `x op ANY (array)` / `ALL`.
    QuantifiedArray {
        lhs: ExprId,
        op: OpName,
        all: bool,
        array: ExprId,
    },
    QuantifiedQuery {
        lhs: ExprId,
        op: OpName,
        all: bool,
        query: Box<Query>,
    },
    Exists(Box<Query>),
    /// A parenthesised query used as a value.
    Subquery(Box<Query>),
    ArraySubquery(Box<Query>),
    Array(Vec<ExprId>),
    /// `ROW(…)` or `(a, b)`.
    Row {
        items: Vec<ExprId>,
        explicit: bool,
    },
    Call(Box<Call>),
    Coalesce(Vec<ExprId>),
    NullIf(ExprId, ExprId),
    /// GREATEST and LEAST.
    MinMax {
        greatest: bool,
        args: Vec<ExprId>,
    },
    /// CURRENT_DATE, CURRENT_USER, …, upper-cased, with the optional precision.
    SqlValue {
        name: SmolStr,
        precision: Option<ExprId>,
    },
    Grouping(Vec<ExprId>),
    Case {
        operand: Option<ExprId>,
        whens: Vec<(ExprId, ExprId)>,
        else_: Option<ExprId>,
    },
    /// `(expr).name`.
    Field {
        expr: ExprId,
        name: Name,
    },
    /// `(expr).*`.
    FieldStar(ExprId),
    Subscript {
        expr: ExprId,
        subscripts: Vec<Subscript>,
    },
    Collate {
        expr: ExprId,
        collation: QName,
    },
    /// SQL/JSON and XML constructors and queries with a grammar of their own (JSON_VALUE, XMLELEMENT, …): the
    /// keyword in upper case, every expression inside, and the RETURNING type.
    SqlFunction {
        name: SmolStr,
        args: Vec<ExprId>,
        returning: Option<TypeName>,
    },
    /// `DEFAULT` in VALUES or SET.
    Default,
    /// `WHERE CURRENT OF cursor`.
    CurrentOf(Name),
    /// `( expr )`: kept, because positions and the rules for `(a).b` need it.
    Paren(ExprId),
}

#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    Null,
    Bool(bool),
    /// Fits `int4`, else `int8`: the value.
    Integer(i64),
    /// Everything else numeric, as written (underscores removed).
    Numeric(SmolStr),
    /// The value with escapes decoded; its type is `unknown` until something decides.
    String(SmolStr),
    /// `B'…'` and `X'…'`, with the leading letter.
    Bit(SmolStr),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CastStyle {
    Cast,
    Colons,
    /// `date '2020-01-01'`.
    Prefix,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpName {
    /// Empty unless written `OPERATOR(schema.op)`.
    pub schema: Vec<Name>,
    /// `<>` for `!=`, as PostgreSQL's lexer has it.
    pub op: SmolStr,
    pub range: TextRange,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BoolOp {
    And,
    Or,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IsTest {
    Null,
    True,
    False,
    Unknown,
    Document,
    Normalized,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LikeKind {
    Like,
    ILike,
    SimilarTo,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Grammar forms carry the catalog name: `EXTRACT(f FROM x)` → pg_catalog.extract, `x AT TIME ZONE z` →
    /// pg_catalog.timezone(z, x), `SUBSTRING(a FROM b)` → pg_catalog.substring.
    pub name: QName,
    pub args: Vec<Arg>,
    /// `count(*)`.
    pub star: bool,
    pub distinct: bool,
    /// The last argument was written `VARIADIC x`.
    pub variadic: bool,
    pub order_by: Vec<OrderItem>,
    pub within_group: Vec<OrderItem>,
    pub filter: Option<ExprId>,
    pub over: Option<Over>,
    /// Written in a form of the grammar's own (EXTRACT, TRIM, AT TIME ZONE …), not as a plain call.
    pub syntax_form: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Arg {
    /// `name => value`.
    pub name: Option<Name>,
    pub value: ExprId,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Over {
    Named(Name),
    Window(Window),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    pub range: TextRange,
    pub base: Option<Name>,
    pub partition_by: Vec<ExprId>,
    pub order_by: Vec<OrderItem>,
    /// Offsets of the frame's ends, where they are expressions.
    pub frame_offsets: Vec<ExprId>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Subscript {
    Index(ExprId),
    Slice(Option<ExprId>, Option<ExprId>),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    pub range: TextRange,
    pub with: Option<With>,
    pub body: QueryBody,
    pub order_by: Vec<OrderItem>,
    pub limit: Option<ExprId>,
    pub offset: Option<ExprId>,
    pub locking: Vec<Locking>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum QueryBody {
    Select(Box<Select>),
    Values {
        range: TextRange,
        rows: Vec<Vec<ExprId>>,
    },
    /// `TABLE name`.
    Table(QName),
    SetOp {
        op: SetOp,
        op_range: TextRange,
        all: bool,
        left: Box<Query>,
        right: Box<Query>,
    },
    /// A parenthesised query with clauses of its own.
    Nested(Box<Query>),
    Missing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetOp {
    Union,
    Intersect,
    Except,
}

#[derive(Debug, Clone, PartialEq)]
pub struct With {
    pub recursive: bool,
    pub ctes: Vec<Cte>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Cte {
    pub range: TextRange,
    pub name: Name,
    pub columns: Vec<Name>,
    /// A query or a data-modifying statement; `Other("")` when missing.
    pub body: StatementKind,
    /// Columns that SEARCH … SET and CYCLE … SET … USING add.
    pub extra_columns: Vec<Name>,
    pub search: Option<CteSearch>,
    pub cycle: Option<CteCycle>,
}

/// `SEARCH DEPTH FIRST BY a, b SET c`.
#[derive(Debug, Clone, PartialEq)]
pub struct CteSearch {
    pub range: TextRange,
    pub by: Vec<Name>,
    pub set: Name,
}

/// `CYCLE a, b SET c [TO x DEFAULT y] USING d`.
#[derive(Debug, Clone, PartialEq)]
pub struct CteCycle {
    pub range: TextRange,
    pub columns: Vec<Name>,
    pub mark: Name,
    pub path: Name,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Select {
    pub range: TextRange,
    pub distinct: Distinct,
    pub targets: Vec<Target>,
    /// `SELECT … INTO name`.
    pub into: Option<QName>,
    pub from: Vec<FromItem>,
    pub where_: Option<ExprId>,
    pub group_by: Vec<GroupItem>,
    pub having: Option<ExprId>,
    pub windows: Vec<(Name, Window)>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Distinct {
    No,
    All,
    On(Vec<ExprId>),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    pub range: TextRange,
    pub expr: ExprId,
    pub alias: Option<Name>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum GroupItem {
    Expr(ExprId),
    /// `()`.
    Empty,
    /// ROLLUP, CUBE, GROUPING SETS: the items inside.
    Rollup(Vec<GroupItem>),
    Cube(Vec<GroupItem>),
    Sets(Vec<GroupItem>),
}

#[derive(Debug, Clone, PartialEq)]
pub struct OrderItem {
    pub expr: ExprId,
    pub using: Option<OpName>,
    pub descending: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Locking {
    pub range: TextRange,
    /// Empty: every relation.
    pub of: Vec<QName>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Alias {
    pub name: Name,
    pub columns: Vec<Name>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum FromItem {
    Relation {
        range: TextRange,
        name: QName,
        only: bool,
        alias: Option<Alias>,
        sample: Vec<ExprId>,
        /// `TABLESAMPLE method (…)`: the method, and how many of `sample` are its arguments.
        sample_method: Option<(QName, u32)>,
    },
    Query {
        range: TextRange,
        lateral: bool,
        query: Box<Query>,
        alias: Option<Alias>,
    },
    /// A function, or several in ROWS FROM.
    Function(Box<FunctionItem>),
    Join(Box<Join>),
    /// JSON_TABLE and XMLTABLE: inputs and declared columns.
    Table(Box<TableFunction>),
    Missing(TextRange),
}

#[derive(Debug, Clone, PartialEq)]
pub struct FunctionItem {
    pub range: TextRange,
    pub lateral: bool,
    /// Each call with its own column definition list (ROWS FROM), almost always one.
    pub calls: Vec<(ExprId, Vec<ColumnDefinition>)>,
    pub ordinality: bool,
    pub alias: Option<Alias>,
    /// `AS t(a int, b text)`.
    pub definitions: Vec<ColumnDefinition>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ColumnDefinition {
    pub name: Name,
    pub ty: TypeName,
}

#[derive(Debug, Clone, PartialEq)]
pub struct TableFunction {
    pub range: TextRange,
    pub lateral: bool,
    pub inputs: Vec<ExprId>,
    /// `FOR ORDINALITY` columns have no type here: they are `int4`.
    pub columns: Vec<(Name, Option<TypeName>)>,
    pub alias: Option<Alias>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Join {
    pub range: TextRange,
    pub kind: JoinKind,
    pub natural: bool,
    pub left: FromItem,
    pub right: FromItem,
    pub on: Option<ExprId>,
    pub using: Vec<Name>,
    /// `USING (…) AS alias`.
    pub using_alias: Option<Name>,
    /// Alias of a parenthesised join.
    pub alias: Option<Alias>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JoinKind {
    Inner,
    Left,
    Right,
    Full,
    Cross,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Insert {
    pub range: TextRange,
    pub with: Option<With>,
    pub table: QName,
    pub alias: Option<Name>,
    /// Empty when no column list is written; `columns_range` covers it with its parentheses.
    pub columns: Vec<TargetColumn>,
    pub columns_range: Option<TextRange>,
    pub overriding: Option<Overriding>,
    pub source: InsertSource,
    pub on_conflict: Option<OnConflict>,
    pub returning: Vec<Target>,
    /// `RETURNING WITH (OLD AS o, NEW AS n)`: `old` or `new`, and its name here.
    pub returning_names: Vec<(Name, Name)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overriding {
    User,
    System,
}

#[derive(Debug, Clone, PartialEq)]
pub enum InsertSource {
    DefaultValues,
    Query(Box<Query>),
    Missing,
}

/// A column that is assigned to, possibly one of its fields or elements.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetColumn {
    pub name: Name,
    /// `.field` and `[i]` behind the name.
    pub fields: Vec<Name>,
    pub subscripts: Vec<Subscript>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct OnConflict {
    pub range: TextRange,
    pub target: ConflictTarget,
    /// `None`: DO NOTHING.
    pub update: Option<ConflictUpdate>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum ConflictTarget {
    None,
    Index { range: TextRange, items: Vec<ExprId>, where_: Option<ExprId> },
    Constraint(Name),
}

#[derive(Debug, Clone, PartialEq)]
pub struct ConflictUpdate {
    pub set: Vec<Assignment>,
    pub where_: Option<ExprId>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Assignment {
    One {
        target: TargetColumn,
        value: ExprId,
    },
    /// `(a, b) = (1, 2)`, `= ROW(…)`, `= (SELECT …)`.
    Many {
        targets: Vec<TargetColumn>,
        value: ExprId,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub struct Update {
    pub range: TextRange,
    pub with: Option<With>,
    pub table: QName,
    pub only: bool,
    pub alias: Option<Name>,
    pub set: Vec<Assignment>,
    pub from: Vec<FromItem>,
    pub where_: Option<ExprId>,
    pub returning: Vec<Target>,
    /// `RETURNING WITH (OLD AS o, NEW AS n)`: `old` or `new`, and its name here.
    pub returning_names: Vec<(Name, Name)>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Delete {
    pub range: TextRange,
    pub with: Option<With>,
    pub table: QName,
    pub only: bool,
    pub alias: Option<Name>,
    pub using: Vec<FromItem>,
    pub where_: Option<ExprId>,
    pub returning: Vec<Target>,
    /// `RETURNING WITH (OLD AS o, NEW AS n)`: `old` or `new`, and its name here.
    pub returning_names: Vec<(Name, Name)>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Merge {
    pub range: TextRange,
    pub with: Option<With>,
    pub table: QName,
    pub alias: Option<Name>,
    pub source: FromItem,
    pub on: ExprId,
    pub whens: Vec<MergeWhen>,
    pub returning: Vec<Target>,
    /// `RETURNING WITH (OLD AS o, NEW AS n)`: `old` or `new`, and its name here.
    pub returning_names: Vec<(Name, Name)>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct MergeWhen {
    pub matched: MergeMatch,
    pub condition: Option<ExprId>,
    pub action: MergeAction,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MergeMatch {
    Matched,
    NotMatchedBySource,
    NotMatchedByTarget,
}

#[derive(Debug, Clone, PartialEq)]
pub enum MergeAction {
    DoNothing,
    Delete,
    Update(Vec<Assignment>),
    /// `DEFAULT VALUES` has no values.
    Insert {
        columns: Vec<TargetColumn>,
        overriding: Option<Overriding>,
        values: Vec<ExprId>,
    },
}
