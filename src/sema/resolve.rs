//! Operators, functions and coercions (manual chapter 10; parse_oper.c, parse_func.c, parse_coerce.c).
//!
//! Every function here answers in three ways: what PostgreSQL would do, that it refuses (with what), or *unknown*,
//! which callers must pass on in silence. [`Ty::Known`] of [`TypeId::UNKNOWN`] is a literal (or parameter) whose type
//! PostgreSQL has not decided yet.

use smol_str::SmolStr;

use super::{Code, Ty, code};
use crate::catalog::types::format_type_id;
use crate::catalog::{Catalog, Function, FunctionKind, Type, TypeId, pg};
use crate::sql::Ident;
use crate::sql::hir::Call;

mod candidates;
mod coerce;
mod common;
mod function;
mod operator;
mod poly;
mod select;

pub use coerce::can_coerce;
pub use common::common_type;
pub use function::function;
pub use operator::operator;

/// Where a conversion happens; each allows what those above it allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CoercionContext {
    Implicit,
    Assignment,
    /// PL/pgSQL's assignment: falls back to I/O.
    Plpgsql,
    Explicit,
}

/// Whether one type becomes another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Coercion {
    /// Nothing to do, or a binary-compatible relabelling, or a function, array, row or domain conversion.
    Yes,
    /// Through the text forms of both types.
    ViaIo,
    No,
    /// Not known to us.
    Unknown,
}

impl Coercion {
    pub fn is_no(self) -> bool {
        self == Coercion::No
    }
}

/// `transformTypeCast` and the assignment of an expression of type `from` to something of type `to`:
/// `42846 cannot cast type a to b` when explicit, `42804 column "x" is of type … but expression is of type …` when an
/// assignment. A literal of undecided type is always [`Coercion::Yes`] (see [`super::literal::check`] for its text).
pub fn coerce(catalog: &Catalog, from: Ty, to: Ty, context: CoercionContext) -> Coercion {
    let (Ty::Known(from), Ty::Known(to)) = (from, to) else { return Coercion::Unknown };
    can_coerce(catalog, from.id, to.id, context)
}

/// Assignment of an expression of type `from` to a column, field or parameter of type `to`.
pub fn assignment(catalog: &Catalog, from: Ty, to: Ty) -> Coercion {
    coerce(catalog, from, to, CoercionContext::Assignment)
}

/// `42846 cannot cast type integer to json`, at the cast.
pub fn cast_refusal(catalog: &Catalog, from: TypeId, to: TypeId) -> Refusal {
    let message =
        format!("cannot cast type {} to {}", format_type_id(catalog, from), format_type_id(catalog, to));
    Refusal { code: code::CANNOT_COERCE, message, hint: None }
}

/// `42804 column "x" is of type integer but expression is of type text`, at the expression.
pub fn assignment_refusal(catalog: &Catalog, column: &Ident, to: TypeId, from: TypeId) -> Refusal {
    let message = format!(
        "column \"{column}\" is of type {} but expression is of type {}",
        format_type_id(catalog, to),
        format_type_id(catalog, from)
    );
    let hint = String::from("You will need to rewrite or cast the expression.");
    Refusal { code: code::DATATYPE_MISMATCH, message, hint: Some(hint) }
}

/// What PostgreSQL refuses: message and hint are its own words; the caller knows the place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub code: Code,
    pub message: String,
    pub hint: Option<String>,
}

#[derive(Debug, Clone)]
pub enum OpOutcome<'a> {
    Resolved(ResolvedOperator<'a>),
    /// At the operator: 42883 `operator does not exist: integer = text`, 42725 `operator is not unique: unknown +
    /// unknown`, 42804 where polymorphic operands do not fit together.
    Refused(Refusal),
    /// Not known to us; the result's type, where it does not depend on what is unknown.
    Unknown(Ty),
}

#[derive(Debug, Clone, Copy)]
pub struct ResolvedOperator<'a> {
    pub decl: &'a pg::Operator,
    /// The types the operands are converted to (polymorphic ones resolved); `None`: prefix operator.
    pub lhs: Option<TypeId>,
    pub rhs: TypeId,
    pub result: TypeId,
}

/// One argument of a call, in the order written.
#[derive(Debug, Clone, Copy)]
pub struct ArgTy<'a> {
    /// `name => value`.
    pub name: Option<&'a Ident>,
    pub ty: Ty,
}

/// How a function is called, besides its arguments.
#[derive(Debug, Clone, Copy, Default)]
pub struct CallShape {
    /// The last argument is written `VARIADIC x`.
    pub variadic: bool,
    /// `f(*)`.
    pub star: bool,
    pub distinct: bool,
    /// Number of `ORDER BY` items inside the parentheses.
    pub order_by: usize,
    pub filter: bool,
    /// `OVER …` is written.
    pub over: bool,
    /// `CALL p(…)`.
    pub procedure: bool,
    /// The only argument is a parameter: `date($1)` is a function where `date('…')` is a cast.
    pub param: bool,
    /// The number of `WITHIN GROUP (ORDER BY …)` items; they stand at the end of the arguments.
    pub within_group: Option<usize>,
}

impl CallShape {
    /// How a call in a query is written.
    pub fn of(call: &Call) -> CallShape {
        CallShape {
            variadic: call.variadic,
            star: call.star,
            distinct: call.distinct,
            order_by: call.order_by.len(),
            filter: call.filter.is_some(),
            over: call.over.is_some(),
            procedure: false,
            param: false,
            within_group: (!call.within_group.is_empty()).then_some(call.within_group.len()),
        }
    }
}

#[derive(Debug, Clone)]
pub enum FuncOutcome<'a> {
    Resolved(ResolvedFunction<'a>),
    /// The call is a cast in disguise, `text(x)`: to this type.
    Cast(TypeId),
    /// The call is a column of a row in disguise, `name(row)`.
    Column(Ty),
    /// At the function's name: 42883 does not exist, 42725 not unique, 42809 misuse (`OVER specified, but lower is not a
    /// window function nor an aggregate function`), 42804 where polymorphic arguments do not fit together.
    Refused(Refusal),
    /// Not known to us; the result's type, where it does not depend on what is unknown.
    Unknown(Ty),
}

#[derive(Debug, Clone)]
pub struct ResolvedFunction<'a> {
    pub decl: &'a Function,
    pub kind: FunctionKind,
    /// For each argument in the order written, the type it is converted to.
    pub args: Vec<TypeId>,
    /// The type of the call's value, or of each row's value when `returns_set`. A `record` with `out_columns` is the
    /// row of them.
    pub result: Ty,
    pub returns_set: bool,
    /// Columns of the row, with polymorphic types resolved.
    pub out_columns: Vec<(Ident, Ty)>,
    /// The written arguments were gathered into the VARIADIC parameter.
    pub variadic_expanded: bool,
}

/// What several expressions become together (`select_common_type`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommonOutcome {
    Common(Type),
    /// 42804 at expression `index`: `CASE types integer and text cannot be matched`.
    Mismatch {
        index: usize,
        refusal: Refusal,
    },
    /// 42846 at expression `index`: `CASE could not convert type jsonb to text`.
    CannotConvert {
        index: usize,
        refusal: Refusal,
    },
    Unknown,
}

/// The words PostgreSQL uses for a construct in `select_common_type` messages (`UNION`, `CASE`, `VALUES`, `ARRAY`,
/// `COALESCE`, `GREATEST`, `LEAST`, `JOIN/USING`, `IN`).
pub type Construct = &'static str;

/// `integer, unknown`: argument types as messages write them.
pub(crate) fn type_list(catalog: &Catalog, types: impl Iterator<Item = TypeId>) -> SmolStr {
    let mut res = String::new();
    for (idx, id) in types.enumerate() {
        if idx > 0 {
            res.push_str(", ");
        }
        res.push_str(&format_type_id(catalog, id));
    }
    res.into()
}

#[cfg(test)]
mod tests;
