//! Functions by name and arguments (parse_func.c, manual §10.3).

use super::{ArgTy, CallShape, FuncOutcome};
use crate::catalog::Catalog;
use crate::sema::Ty;
use crate::sql::Ident;

/// The function, aggregate, window function or procedure that a call means. `args` as written, positional ones first;
/// for `WITHIN GROUP` the sort expressions follow the direct arguments.
pub fn function<'a>(
    catalog: &'a Catalog,
    schema: Option<&Ident>,
    name: &Ident,
    args: &[ArgTy<'_>],
    shape: CallShape,
) -> FuncOutcome<'a> {
    let _ = (catalog, schema, name, args, shape);
    FuncOutcome::Unknown(Ty::Unknown)
}
