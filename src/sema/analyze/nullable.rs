//! Nullability. Cautious: `None` wherever PostgreSQL's behaviour is not plain.

use crate::catalog::TypeId;
use crate::sql::hir::ExprId;

use super::binder::Binder;

/// NULL when any of them is: `Some(true)` as soon as one may be, `Some(false)` only when none can.
pub fn any(args: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut res = Some(false);
    for it in args {
        match it {
            Some(true) => return Some(true),
            None => res = None,
            Some(false) => {}
        }
    }
    res
}

impl Binder<'_> {
    pub fn strict_nullable(&self, args: &[ExprId]) -> Option<bool> {
        any(args.iter().map(|it| self.info(*it).nullable))
    }

    /// NULL only when all of them are.
    pub fn coalesce_nullable(&self, args: &[ExprId]) -> Option<bool> {
        let mut res = Some(true);
        for arg in args {
            match self.info(*arg).nullable {
                Some(false) => return Some(false),
                None => res = None,
                Some(true) => {}
            }
        }
        res
    }
}

/// Operators that may yield NULL for arguments that are not: missing keys and elements.
pub fn operator_may_be_null(op: &str) -> bool {
    matches!(op, "->" | "->>" | "#>" | "#>>" | "@?" | "@@" | "?" | "<->")
}

/// Strict functions that never return NULL for arguments that are not NULL.
pub fn never_null(name: &str, args: &[TypeId]) -> bool {
    let is_text = |at: usize| args.get(at).is_some_and(|it| *it == TypeId::TEXT);
    match name {
        // Of ranges, the bounds: an empty or unbounded one has none.
        "lower" | "upper" => is_text(0),
        // With a pattern, what matches it.
        "substring" => !is_text(1),
        _ => always_a_value(name),
    }
}

fn always_a_value(name: &str) -> bool {
    matches!(
        name,
        "initcap"
            | "length"
            | "char_length"
            | "character_length"
            | "octet_length"
            | "btrim"
            | "ltrim"
            | "rtrim"
            | "replace"
            | "substr"
            | "left"
            | "right"
            | "lpad"
            | "rpad"
            | "repeat"
            | "reverse"
            | "md5"
            | "abs"
            | "ceil"
            | "ceiling"
            | "floor"
            | "round"
            | "trunc"
            | "sqrt"
            | "power"
            | "mod"
            | "date_trunc"
            | "now"
            | "clock_timestamp"
            | "transaction_timestamp"
            | "statement_timestamp"
            | "random"
            | "gen_random_uuid"
            | "uuidv7"
            | "uuidv4"
            | "cardinality"
            | "jsonb_build_object"
            | "json_build_object"
            | "jsonb_build_array"
            | "json_build_array"
            | "to_jsonb"
            | "to_json"
            | "row_to_json"
            | "timezone"
            | "concat"
            | "md5_hash"
            | "sign"
            | "exp"
            | "ln"
            | "to_tsvector"
            | "to_tsquery"
            | "plainto_tsquery"
            | "websearch_to_tsquery"
            | "ts_rank"
            | "nextval"
            | "split_part"
            | "strpos"
            | "position"
            | "starts_with"
            | "encode"
            | "decode"
            | "translate"
            | "ascii"
            | "jsonb_array_length"
            | "json_array_length"
    )
}

/// Aggregates and window functions that yield a value also for no rows.
pub fn never_null_aggregate(name: &str) -> bool {
    matches!(
        name,
        "count" | "row_number" | "rank" | "dense_rank" | "percent_rank" | "cume_dist" | "regr_count"
    )
}

/// Aggregates that are not NULL for a group with at least one input that is not NULL.
pub fn never_null_in_group(name: &str) -> bool {
    matches!(
        name,
        "sum"
            | "avg"
            | "min"
            | "max"
            | "bool_and"
            | "bool_or"
            | "every"
            | "string_agg"
            | "array_agg"
            | "json_agg"
            | "jsonb_agg"
            | "bit_and"
            | "bit_or"
    )
}
