//! Expressions: PostgreSQL's `a_expr` with calls, windows and subscripts.

use smol_str::SmolStr;

use super::*;

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

impl LikeKind {
    /// The operator that it is for PostgreSQL (gram.y, `a_expr LIKE a_expr`); SIMILAR TO's pattern goes through
    /// `similar_to_escape` first.
    pub fn operator(self, negated: bool) -> &'static str {
        match (self, negated) {
            (LikeKind::Like, false) => "~~",
            (LikeKind::Like, true) => "!~~",
            (LikeKind::ILike, false) => "~~*",
            (LikeKind::ILike, true) => "!~~*",
            (LikeKind::SimilarTo, false) => "~",
            (LikeKind::SimilarTo, true) => "!~",
        }
    }
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
