//! What only Kysely's builders have: comparisons of three arguments, and words that are no SQL by themselves.

use super::Role;

/// What the argument `index` of so many is; `None`: the method says nothing that other builders do not say, too.
pub fn role(method: &str, index: u32, n_args: usize) -> Option<Role> {
    Some(match method {
        // `where(lhs, op, rhs)`; one argument is the predicate itself.
        "where" | "having" | "on" | "when" | "filterWhere" if n_args > 1 => match index {
            1 => Role::Part,
            _ => Role::Expression,
        },
        "where" | "on" | "filterWhere" => Role::Predicate,
        // `orderBy(column, sql`desc nulls last`)`.
        "orderBy" if index > 0 => Role::Part,
        "distinctOn" | "doUpdateSet" => Role::Expression,
        // Types, and the words at either end of a query or a column.
        "addColumn" | "setDataType" | "modifyFront" | "modifyEnd" => Role::Part,
        "defaultTo" | "setDefault" => Role::Default,
        "addCheckConstraint" => Role::Predicate,
        _ => return None,
    })
}
