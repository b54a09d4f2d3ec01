//! Types as `format_type()` spells them (format_type.c).

use super::{Type, TypeId, TypeInfo};
use crate::catalog::{Catalog, lookup};
use crate::sql::interval::{DAY, FULL_PRECISION, FULL_RANGE, HOUR, MINUTE, MONTH, SECOND, YEAR};

/// `format_type(oid, typmod)`: `character varying(20)`, `integer[]`, `timestamp(3) with time zone`, `app.mood`.
/// A type that does not exist is `???`, as in PostgreSQL.
pub fn format_type(catalog: &Catalog, ty: Type) -> String {
    format(catalog, ty, true)
}

/// `format_type_be`: without a modifier, as error messages name types.
pub fn format_type_id(catalog: &Catalog, id: TypeId) -> String {
    format(catalog, Type::plain(id), false)
}

/// `modifier_given`: the modifier is known, so that its absence says something (`bpchar` is not `character`, which is
/// `character(1)`).
fn format(catalog: &Catalog, ty: Type, modifier_given: bool) -> String {
    let Some(info) = catalog.type_info(ty.id) else { return String::from("???") };
    // int2vector and oidvector are arrays by their handler only.
    let plain_array = matches!(ty.id, TypeId(22) | TypeId(30));
    if ty.id == TypeId::RECORD_ARRAY {
        return String::from("record[]");
    }
    if info.kind == super::TypeKind::Array && !info.elem.is_none() && !plain_array {
        let elem = Type { id: info.elem, typmod: ty.typmod };
        return format!("{}[]", format(catalog, elem, modifier_given));
    }
    match ty.id {
        TypeId::BIT if !modifier_given => return String::from("bit"),
        TypeId::BPCHAR if !modifier_given => return String::from("character"),
        _ => {}
    }
    if let Some(name) = sql_name(ty.id, ty.typmod) {
        return name;
    }
    let mut res = String::new();
    if !lookup::type_is_visible(catalog, info) {
        res.push_str(&lookup::type_schema(catalog, info).quoted());
        res.push('.');
    }
    res.push_str(&info.name.quoted());
    if ty.typmod >= 0 {
        res.push_str(&modifier_text(info, ty.typmod));
    }
    res
}

/// The types that SQL has names of its own for.
fn sql_name(id: TypeId, typmod: i32) -> Option<String> {
    let parens = |it: i32| if typmod >= 0 { format!("({it})") } else { String::new() };
    let res = match id {
        TypeId::BIT if typmod >= 0 => format!("bit({typmod})"),
        // bit without a length means bit(1); the type itself is "bit".
        TypeId::BIT => String::from("\"bit\""),
        TypeId::BOOL => String::from("boolean"),
        TypeId::BPCHAR if typmod >= 0 => format!("character{}", parens(typmod - 4)),
        TypeId::BPCHAR => String::from("bpchar"),
        TypeId::CHAR => String::from("\"char\""),
        TypeId::FLOAT4 => String::from("real"),
        TypeId::FLOAT8 => String::from("double precision"),
        TypeId::INT2 => String::from("smallint"),
        TypeId::INT4 => String::from("integer"),
        TypeId::INT8 => String::from("bigint"),
        TypeId::NUMERIC if typmod >= 4 => {
            let packed = typmod - 4;
            // The scale is a signed number of 11 bits.
            let scale = ((packed & 0x7ff) ^ 1024) - 1024;
            format!("numeric({},{scale})", (packed >> 16) & 0xffff)
        }
        TypeId::NUMERIC => String::from("numeric"),
        TypeId::INTERVAL => format!("interval{}", interval_modifier(typmod)),
        TypeId::TIME => format!("time{} without time zone", parens(typmod)),
        TypeId::TIMETZ => format!("time{} with time zone", parens(typmod)),
        TypeId::TIMESTAMP => format!("timestamp{} without time zone", parens(typmod)),
        TypeId::TIMESTAMPTZ => format!("timestamp{} with time zone", parens(typmod)),
        TypeId::JSON => String::from("json"),
        TypeId::VARBIT => format!("bit varying{}", parens(typmod)),
        TypeId::VARCHAR => format!("character varying{}", parens(typmod - 4)),
        _ => return None,
    };
    Some(res)
}

/// The fields of an interval's modifier and its precision (`intervaltypmodout`).
fn interval_modifier(typmod: i32) -> String {
    if typmod < 0 {
        return String::new();
    }
    let fields = (typmod >> 16) & FULL_RANGE;
    let precision = typmod & FULL_PRECISION;
    let words = [
        (YEAR, " year"),
        (MONTH, " month"),
        (DAY, " day"),
        (HOUR, " hour"),
        (MINUTE, " minute"),
        (SECOND, " second"),
        (YEAR | MONTH, " year to month"),
        (DAY | HOUR, " day to hour"),
        (DAY | HOUR | MINUTE, " day to minute"),
        (DAY | HOUR | MINUTE | SECOND, " day to second"),
        (HOUR | MINUTE, " hour to minute"),
        (HOUR | MINUTE | SECOND, " hour to second"),
        (MINUTE | SECOND, " minute to second"),
    ];
    let mut res = words.iter().find(|it| it.0 == fields).map_or("", |it| it.1).to_owned();
    if precision != FULL_PRECISION {
        res.push_str(&format!("({precision})"));
    }
    res
}

/// What the types of extensions print for a modifier. Unknown shapes print nothing.
fn modifier_text(info: &TypeInfo, typmod: i32) -> String {
    match info.name.as_str() {
        "vector" | "halfvec" | "sparsevec" => format!("({typmod})"),
        _ => String::new(),
    }
}
