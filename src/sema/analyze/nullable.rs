//! Nullability. Cautious: `None` wherever PostgreSQL's behaviour is not plain.

use crate::catalog::TypeId;
use crate::sema::Ty;
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

    /// A cast: to a domain that is never NULL it refuses NULL; jsonb's `null` becomes NULL (PostgreSQL 18).
    pub fn cast_nullable(&self, from: Ty, to: Ty, nullable: Option<bool>) -> Option<bool> {
        let (Ty::Known(from), Ty::Known(to)) = (from, to) else { return nullable.filter(|it| *it) };
        let bases = [self.base(from.id), self.base(to.id)];
        // A value of the domain is not looked at again.
        if bases[0] == from.id && self.refuses_null(to.id) {
            return Some(false);
        }
        let texts = [TypeId::JSONB, TypeId::JSON, TypeId::TEXT, TypeId::VARCHAR, TypeId::BPCHAR];
        let json_null = bases[0] == TypeId::JSONB && !texts.contains(&bases[1]);
        // A cast of the user's own may do anything.
        let own = (self.catalog.gaps.functions || !self.catalog.casts.is_empty())
            && bases.iter().any(|it| it.0 >= TypeId::FIRST_USER.0);
        if nullable == Some(false) && (json_null || own) { None } else { nullable }
    }

    /// A domain with NOT NULL, itself or below.
    fn refuses_null(&self, id: TypeId) -> bool {
        let mut id = id;
        for _ in 0..32 {
            match self.type_info(id).map(|it| &it.kind) {
                Some(crate::catalog::TypeKind::Domain { not_null: true, .. }) => return true,
                Some(crate::catalog::TypeKind::Domain { base, .. }) => id = base.id,
                _ => break,
            }
        }
        false
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

/// What an operator yields for operands that may be NULL or not; a prefix operator has no left one.
pub fn of_operator(
    found: &crate::sema::resolve::ResolvedOperator<'_>,
    left: Option<bool>,
    right: Option<bool>,
) -> Option<bool> {
    let decl = found.decl;
    // The project's own may do anything.
    if !decl.is_core() && decl.extension.is_none() {
        return None;
    }
    let of_arrays = |it: TypeId| matches!(it, TypeId::ANYCOMPATIBLEARRAY | TypeId::ANYARRAY);
    if decl.name == "||" && (decl.left.is_some_and(of_arrays) || of_arrays(decl.right)) {
        // A NULL array is none; a NULL element is an element.
        let both = decl.left.is_some_and(of_arrays) && of_arrays(decl.right);
        return match (both, left, right) {
            (false, ..) | (_, Some(false), _) | (_, _, Some(false)) => Some(false),
            (_, Some(true), Some(true)) => Some(true),
            _ => None,
        };
    }
    let res = any(decl.left.map(|_| left).into_iter().chain([right]));
    if res == Some(false) && operator_may_be_null(decl) { None } else { res }
}

/// Operators that may yield NULL for operands that are not: missing keys and elements, lines that do not meet.
fn operator_may_be_null(decl: &crate::catalog::pg::Operator) -> bool {
    let bits =
        |it: TypeId| matches!(it, TypeId::INT2 | TypeId::INT4 | TypeId::INT8 | TypeId::BIT | TypeId::VARBIT);
    match decl.name.as_str() {
        "->" | "->>" | "#>" | "#>>" | "@?" | "@@" | "?" | "<->" | "##" => true,
        "#" => !bits(decl.right),
        name => decl.extension.is_some() && !super::operator::is_comparison(name),
    }
}

/// Functions that are called with NULLs too.
pub fn of_lax_function(name: &str, inputs: &[Option<bool>], variadic: bool) -> Option<bool> {
    let first = || inputs.first().copied().flatten();
    match name {
        // VARIADIC with no array at all is NULL.
        "concat" | "jsonb_build_object" | "json_build_object" | "jsonb_build_array" | "json_build_array"
        | "num_nulls" | "num_nonnulls"
            if !variadic =>
        {
            Some(false)
        }
        "concat_ws" if !variadic => first(),
        "format" | "array_remove" | "array_replace" | "string_to_array" => first(),
        "array_append" | "array_prepend" | "quote_nullable" => Some(false),
        "int4range" | "int8range" | "numrange" | "daterange" | "tsrange" | "tstzrange"
            if inputs.len() == 2 =>
        {
            Some(false)
        }
        "array_to_string" if inputs.len() == 3 => any(inputs.iter().take(2).copied()),
        _ => None,
    }
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
            | "jsonb_set"
            | "jsonb_insert"
            | "jsonb_strip_nulls"
            | "json_strip_nulls"
            | "jsonb_pretty"
            | "jsonb_typeof"
            | "json_typeof"
            | "array_to_json"
            | "jsonb_object"
            | "json_object"
            | "array_to_string"
            | "regexp_replace"
            | "regexp_split_to_array"
            | "regexp_count"
            | "regexp_instr"
            | "regexp_like"
            | "quote_ident"
            | "quote_literal"
            | "chr"
            | "to_hex"
            | "bit_length"
            | "bit_count"
            | "get_bit"
            | "get_byte"
            | "set_bit"
            | "set_byte"
            | "sha224"
            | "sha256"
            | "sha384"
            | "sha512"
            | "convert_to"
            | "convert_from"
            | "unistr"
            | "normalize"
            | "overlay"
            | "pi"
            | "degrees"
            | "radians"
            | "log"
            | "cbrt"
            | "pow"
            | "div"
            | "gcd"
            | "lcm"
            | "width_bucket"
            | "isfinite"
            | "age"
            | "date_bin"
            | "justify_days"
            | "justify_hours"
            | "justify_interval"
            | "make_date"
            | "make_time"
            | "make_timestamp"
            | "make_timestamptz"
            | "make_interval"
            | "to_timestamp"
            | "to_date"
            | "isempty"
            | "lower_inc"
            | "upper_inc"
            | "lower_inf"
            | "upper_inf"
            | "range_merge"
            | "multirange"
            | "strip"
            | "setweight"
            | "numnode"
            | "phraseto_tsquery"
            | "ts_rank_cd"
            | "ts_headline"
            | "host"
            | "network"
            | "masklen"
            | "family"
            | "broadcast"
            | "netmask"
            | "version"
            | "pg_backend_pid"
            | "txid_current"
            | "setval"
            | "currval"
            | "lastval"
            | "ends_with"
            | "array_sort"
            | "array_reverse"
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
