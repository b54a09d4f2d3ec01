//! Operators by name and operand types (parse_oper.c, manual §10.2).

use super::OpOutcome;
use crate::catalog::Catalog;
use crate::sema::Ty;
use crate::sql::Ident;

/// The operator `name` for these operands; `lhs` is `None` for a prefix operator. `schema` when written
/// `OPERATOR(schema.op)`.
pub fn operator(
    catalog: &Catalog,
    schema: Option<&Ident>,
    name: &str,
    lhs: Option<Ty>,
    rhs: Ty,
) -> OpOutcome {
    let _ = (catalog, schema, name, lhs, rhs);
    OpOutcome::Unknown(Ty::Unknown)
}
