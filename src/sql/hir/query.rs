//! Queries: WITH, SELECT, set operations, FROM.

use super::*;

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

impl Query {
    /// A body with nothing around it.
    pub fn of(range: TextRange, body: QueryBody) -> Query {
        Query {
            range,
            with: None,
            body,
            order_by: Vec::new(),
            limit: None,
            offset: None,
            locking: Vec::new(),
        }
    }
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
    /// EXECUTE, by itself, behind EXPLAIN or in CREATE TABLE AS: the rows of a prepared statement.
    Execute(Box<Execute>),
    Missing,
}

/// `EXECUTE name (args)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Execute {
    pub name: Name,
    pub args: Vec<ExprId>,
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
    pub breadth: bool,
    pub by: Vec<Name>,
    pub set: Name,
}

/// `CYCLE a, b SET c [TO x DEFAULT y] USING d`.
#[derive(Debug, Clone, PartialEq)]
pub struct CteCycle {
    pub range: TextRange,
    pub columns: Vec<Name>,
    pub mark: Name,
    /// The constants behind TO and DEFAULT.
    pub values: Option<(ExprId, ExprId)>,
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

impl Select {
    /// `SELECT targets`.
    pub fn of(range: TextRange, targets: Vec<Target>) -> Select {
        Select {
            range,
            distinct: Distinct::No,
            targets,
            into: None,
            from: Vec::new(),
            where_: None,
            group_by: Vec::new(),
            having: None,
            windows: Vec::new(),
        }
    }
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
    /// JSON_TABLE: the names of its paths and columns, as they follow each other.
    pub names: Vec<Name>,
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
