//! What the input functions of types refuse: PostgreSQL reads a constant as its type during analysis, so a text that
//! cannot be read is refused there, at the constant.
//!
//! Only what is certainly refused is reported; everything else is `Ok`. Lengths (`varchar(2)`, `numeric(4,2)`, `bit(4)`)
//! are no matter of the input functions: PostgreSQL applies them afterwards.

use super::{Code, code};
use crate::catalog::types::format_type_id;
use crate::catalog::{Catalog, Type, TypeId, TypeInfo, TypeKind};

mod access;
mod array;
mod binary;
mod datetime;
mod extension;
mod json;
mod jsonpath;
mod money;
mod named;
mod net;
mod number;
mod search;
mod shape;
mod transaction;
mod xml;

pub use number::fits_numeric;

/// A literal that cannot be read as its type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiteralError {
    pub code: Code,
    /// PostgreSQL's primary message.
    pub message: String,
}

pub type Checked = Result<(), LiteralError>;

/// Whether `text` is refused as a constant of type `ty`. A domain's constant is read as the type under it; its CHECK
/// is a matter of running.
pub fn check(catalog: &Catalog, ty: Type, text: &str) -> Checked {
    check_nested(catalog, ty, text, 0)
}

/// `depth` bounds arrays of ranges of … in types that refer to each other.
fn check_nested(catalog: &Catalog, ty: Type, text: &str, depth: u32) -> Checked {
    let base = catalog.base_type(ty);
    match base.id {
        TypeId::INT2 | TypeId::INT4 | TypeId::INT8 | TypeId::NUMERIC
            if !catalog.serves(16) && number::is_of_16(text) =>
        {
            invalid_syntax(&format_type_id(catalog, base.id), text)
        }
        TypeId::INTERVAL if !catalog.serves(17) && datetime::is_infinite(text) => {
            refuse(code::INVALID_DATETIME, format!("invalid input syntax for type interval: \"{text}\""))
        }
        id if named::is_name_of_object(id) && is_number(text) => number::unsigned(text, "oid"),
        TypeId::INT2 => number::integer(text, "smallint", i16::MIN.into(), i16::MAX.into()),
        TypeId::INT4 => number::integer(text, "integer", i32::MIN.into(), i32::MAX.into()),
        TypeId::INT8 => number::integer(text, "bigint", i64::MIN.into(), i64::MAX.into()),
        TypeId::NUMERIC => number::numeric(text),
        TypeId::FLOAT4 => number::float(text, "real", false),
        TypeId::FLOAT8 => number::float(text, "double precision", true),
        TypeId::OID => number::unsigned(text, "oid"),
        TypeId::XID => number::unsigned(text, "xid"),
        TypeId::CID => number::unsigned(text, "cid"),
        TypeId::BOOL => binary::boolean(text),
        TypeId::UUID => binary::uuid(text),
        TypeId::BYTEA => binary::bytea(text),
        TypeId::BIT | TypeId::VARBIT => binary::bits(text),
        TypeId::PG_LSN => binary::lsn(text),
        TypeId::JSON => json::check(text, false),
        TypeId::JSONB => json::check(text, true),
        TypeId::DATE => datetime::date(text, catalog.server_version),
        TypeId::TIME => datetime::time(text, "time", catalog.server_version),
        TypeId::TIMETZ => datetime::time(text, "time with time zone", catalog.server_version),
        TypeId::TIMESTAMP => datetime::timestamp(text, "timestamp", catalog.server_version),
        TypeId::TIMESTAMPTZ => datetime::timestamp(text, "timestamp with time zone", catalog.server_version),
        TypeId::INTERVAL => datetime::interval(text, base.typmod, catalog.server_version),
        TypeId::INET => net::inet(text),
        TypeId::CIDR => net::cidr(text),
        TypeId::MACADDR => net::macaddr(text),
        TypeId::JSONPATH => jsonpath::check(text),
        TypeId::MONEY => money::check(text),
        TypeId::XML => xml::check(text),
        TypeId::TSVECTOR => search::vector(text),
        TypeId::TSQUERY => search::query(text),
        named::REGCLASS => named::relation(catalog, text),
        named::REGTYPE => named::type_(catalog, text),
        named::REGPROC => named::function(catalog, text),
        named::REGPROCEDURE => named::signature(catalog, text),
        named::REGOPER => named::operator(catalog, text),
        named::REGNAMESPACE => named::schema(catalog, text),
        named::REGROLE => named::role(text),
        named::REGCONFIG => named::config(catalog, text),
        named::REGOPERATOR => named::operator_signature(catalog, text),
        named::REGCOLLATION => named::collation(catalog, text),
        // int2vector and oidvector: numbers with blanks between.
        TypeId(30) => number::oids(text),
        TypeId(22) => number::smallints(text),
        TypeId(1033) => access::check(text),
        id if is_pseudo(id) => {
            let name = format_type_id(catalog, id);
            refuse(code::FEATURE_NOT_SUPPORTED, format!("cannot accept a value of type {name}"))
        }
        TypeId::RECORD => refuse(
            code::FEATURE_NOT_SUPPORTED,
            "input of anonymous composite types is not implemented".into(),
        ),
        TypeId::MACADDR8 => net::macaddr8(text),
        // tid, xid8, txid_snapshot, pg_snapshot.
        TypeId(27) => transaction::tid(text),
        TypeId(5069) => number::unsigned_64(text, "xid8"),
        TypeId(2970 | 5038) => transaction::snapshot(text),
        _ => match catalog.type_info(base.id) {
            Some(info) if depth < 4 => of_kind(catalog, info, base.typmod, text, depth),
            _ => Ok(()),
        },
    }
}

fn of_kind(catalog: &Catalog, info: &TypeInfo, typmod: i32, text: &str, depth: u32) -> Checked {
    match &info.kind {
        TypeKind::Enum { labels } => {
            if labels.iter().any(|it| it.label == text) {
                return Ok(());
            }
            let name = format_type_id(catalog, info.id);
            invalid_text(format!("invalid input value for enum {name}: \"{text}\""))
        }
        // int2vector and oidvector are lists without braces.
        TypeKind::Array if !matches!(info.id, TypeId(22) | TypeId(30)) => {
            // Only box is separated by semicolons.
            let delimiter = if info.elem == TypeId(603) { ';' } else { ',' };
            let elem = Type { id: info.elem, typmod };
            let strict = catalog.server_version.is_none_or(|it| it >= 17);
            array::array(text, delimiter, strict, &mut |it| check_nested(catalog, elem, it, depth + 1))
        }
        TypeKind::Range { subtype } => {
            let bound = Type::plain(*subtype);
            let above = |low: &str, high: &str| number::above(catalog.base_type(bound).id, low, high);
            let canonical = |low: Option<&str>, high: Option<&str>, open: bool, closed: bool| {
                number::canonical(info.id, low, high, open, closed)
            };
            array::range(text, &mut |it| check_nested(catalog, bound, it, depth + 1), &above, &canonical)
        }
        TypeKind::Multirange { range } => {
            let range = Type::plain(*range);
            array::multirange(text, &mut |it| check_nested(catalog, range, it, depth + 1))
        }
        TypeKind::Composite { .. } => {
            let Some(columns) = catalog.composite_columns(info.id) else {
                // Only the parenthesis is certain.
                return if array::opens_record(text) { Ok(()) } else { array::malformed_record(text) };
            };
            array::record(text, columns.len(), &mut |idx, it| match columns.get(idx).and_then(|it| it.1) {
                Some(ty) => check_nested(catalog, ty, it, depth + 1),
                None => Ok(()),
            })
        }
        _ => match crate::catalog::pg::ext::owner(info.id) {
            Some(extension) => extension::check(extension, info.name.as_str(), text),
            None => shape::check(info.id, text).unwrap_or(Ok(())),
        },
    }
}

/// Pseudo-types whose input functions take nothing.
fn is_pseudo(id: TypeId) -> bool {
    const PG_DDL_COMMAND: TypeId = TypeId(32);
    // What the server alone writes: pg_node_tree, statistics, summaries of BRIN, keys of GiST.
    let internal = matches!(id.0, 194 | 3361 | 3402 | 5017 | 4600 | 4601 | 3642);
    internal
        || refuses_null(id)
        || matches!(
            id,
            TypeId::ANY
                | TypeId::ANYARRAY
                | TypeId::ANYELEMENT
                | TypeId::ANYNONARRAY
                | TypeId::ANYRANGE
                | TypeId::ANYMULTIRANGE
                | TypeId::ANYCOMPATIBLE
                | TypeId::ANYCOMPATIBLEARRAY
                | TypeId::ANYCOMPATIBLENONARRAY
                | TypeId::ANYCOMPATIBLERANGE
                | TypeId::ANYCOMPATIBLEMULTIRANGE
                | PG_DDL_COMMAND
        )
}

/// Pseudo-types whose input functions run for NULL too, and refuse it: `trigger`, `event_trigger`, `language_handler`,
/// `fdw_handler`, `index_am_handler`, `table_am_handler`, `tsm_handler`.
pub fn refuses_null(id: TypeId) -> bool {
    id == TypeId::TRIGGER || matches!(id.0, 3838 | 2280 | 3115 | 325 | 269 | 3310)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit())
}

fn refuse(code: Code, message: String) -> Checked {
    Err(LiteralError { code, message })
}

/// 22P02.
fn invalid_text(message: String) -> Checked {
    refuse(code::INVALID_TEXT_REPRESENTATION, message)
}

/// 42602.
fn invalid_name() -> Checked {
    refuse(code::INVALID_NAME, "invalid name syntax".into())
}

/// 22P02 in its usual words.
fn invalid_syntax(ty: &str, text: &str) -> Checked {
    invalid_text(format!("invalid input syntax for type {ty}: \"{text}\""))
}

/// `isspace` of C's locale.
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

/// Without the white space around.
fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| u8::try_from(c).is_ok_and(is_space))
}

#[cfg(test)]
mod tests;
