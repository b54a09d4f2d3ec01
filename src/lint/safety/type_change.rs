//! What ALTER COLUMN … TYPE does to the rows that are there (manual, ALTER TABLE, Notes).

use crate::catalog::pg::{self, CastMethod};
use crate::catalog::types::{Type, TypeKind};
use crate::catalog::{Catalog, TypeId};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypeChange {
    /// Only the catalog changes.
    Cheap,
    /// Every row is written anew.
    Rewrite,
    /// Like that, and it fails for some values, or changes them; which ones.
    Narrow(String),
    /// Not known.
    Unknown,
}

/// The change of a column's type by a cast of its values.
pub fn type_change(catalog: &Catalog, from: Type, to: Type) -> TypeChange {
    use TypeChange::{Cheap, Narrow, Rewrite, Unknown};
    let narrow = |what: String| Narrow(what);
    if from == to {
        return Cheap;
    }
    let is_text = |it: TypeId| matches!(it, TypeId::TEXT | TypeId::VARCHAR);
    let length = |it: Type| if it.typmod >= 4 { Some(it.typmod - 4) } else { None };
    if is_text(from.id) && is_text(to.id) {
        return match (length(from), length(to)) {
            (_, None) => Cheap,
            (Some(a), Some(b)) if b >= a => Cheap,
            (_, Some(b)) => narrow(format!("it fails for values of more than {b} characters")),
        };
    }
    if from.id == TypeId::BPCHAR && to.id == TypeId::BPCHAR {
        return match (length(from), length(to)) {
            (Some(a), Some(b)) if b < a => narrow(format!("it fails for values of more than {b} characters")),
            _ => Rewrite,
        };
    }
    if from.id == TypeId::NUMERIC && to.id == TypeId::NUMERIC {
        let parts = |it: Type| {
            if it.typmod >= 4 { Some(((it.typmod - 4) >> 16, (it.typmod - 4) & 0x7ff)) } else { None }
        };
        return match (parts(from), parts(to)) {
            (_, None) => Cheap,
            (Some((p, s)), Some((q, r))) if s == r && q >= p => Cheap,
            (Some((p, s)), Some((q, r))) if r >= s && q - r >= p - s => Rewrite,
            (_, Some((q, r))) => narrow(format!(
                "values are rounded to {r} decimals, and it fails for those that need more than {} digits before the point",
                q - r
            )),
        };
    }
    let same_with_precision =
        [TypeId::TIMESTAMP, TypeId::TIMESTAMPTZ, TypeId::TIME, TypeId::TIMETZ, TypeId::INTERVAL];
    if from.id == to.id && same_with_precision.contains(&from.id) {
        let wider = to.typmod < 0 || from.typmod >= 0 && to.typmod >= from.typmod;
        return if wider { Cheap } else { narrow("fractions of seconds are rounded".to_owned()) };
    }
    let times = [TypeId::TIMESTAMP, TypeId::TIMESTAMPTZ];
    if times.contains(&from.id) && times.contains(&to.id) {
        // Where the session's time zone is UTC the rows stay as they are (tablecmds.c, `ATColumnChangeRequiresRewrite`).
        return Unknown;
    }
    if let (TypeId::NUMERIC, 4.., Some(digits)) = (to.id, to.typmod, digits(from.id)) {
        let (q, r) = ((to.typmod - 4) >> 16, (to.typmod - 4) & 0x7ff);
        return match digits {
            0 => narrow(format!("values are rounded to {r} decimals")),
            _ if q - r >= digits => Rewrite,
            _ => narrow(format!("it fails for values of more than {} digits", q - r)),
        };
    }
    if let (TypeId::NUMERIC, 4..) = (from.id, from.typmod) {
        let (p, s) = ((from.typmod - 4) >> 16, (from.typmod - 4) & 0x7ff);
        // As many decimal digits come back from a float as they went in (manual, 8.1.3).
        match to.id {
            TypeId::FLOAT4 if p <= 6 => return Rewrite,
            TypeId::FLOAT8 if p <= 15 => return Rewrite,
            it if s == 0 && digits(it).is_some_and(|it| it > 0) => {
                return match digits(it) {
                    Some(digits) if p < digits => Rewrite,
                    _ => narrow("it fails for values out of its range".to_owned()),
                };
            }
            _ => {}
        }
    }
    if let Some(res) = numbers(from.id, to.id) {
        return res;
    }
    let drops_time = matches!(from.id, TypeId::TIMESTAMP | TypeId::TIMESTAMPTZ)
        && matches!(to.id, TypeId::DATE | TypeId::TIME | TypeId::TIMETZ);
    if drops_time {
        return narrow("a part of each value is lost".to_owned());
    }
    let name = || crate::catalog::types::format_type(catalog, to);
    let Some(info) = catalog.type_info(to.id) else { return Unknown };
    if !matches!(info.kind, TypeKind::Base | TypeKind::Enum { .. } | TypeKind::Array) {
        return Unknown;
    }
    if is_text(from.id) || from.id == TypeId::BPCHAR {
        return match to.id {
            TypeId::TEXT | TypeId::VARCHAR | TypeId::BPCHAR => Rewrite,
            _ => narrow(format!("it fails for values that are no {}", name())),
        };
    }
    if matches!(info.kind, TypeKind::Enum { .. }) {
        return narrow(format!("it fails for values that are no {}", name()));
    }
    let is_binary =
        to.typmod < 0 && pg::cast(from.id, to.id).is_some_and(|it| it.method == CastMethod::Binary);
    if is_binary { Cheap } else { Rewrite }
}

/// So many digits the integers of a type have; 0 for types with fractions; `None`: no number.
fn digits(ty: TypeId) -> Option<i32> {
    match ty {
        TypeId::INT2 => Some(5),
        TypeId::INT4 => Some(10),
        TypeId::INT8 => Some(19),
        TypeId::FLOAT4 | TypeId::FLOAT8 => Some(0),
        _ => None,
    }
}

/// Between types of numbers; `None`: not both are.
fn numbers(from: TypeId, to: TypeId) -> Option<TypeChange> {
    // What of the integers, and of fractions, each holds.
    let rank = |it: TypeId| {
        Some(match it {
            TypeId::INT2 => (1, 0),
            TypeId::INT4 => (3, 0),
            TypeId::INT8 => (5, 0),
            TypeId::FLOAT4 => (2, 1),
            TypeId::FLOAT8 => (4, 2),
            TypeId::NUMERIC => (6, 3),
            _ => return None,
        })
    };
    let (a, b) = (rank(from)?, rank(to)?);
    if b.0 >= a.0 && b.1 >= a.1 {
        return Some(TypeChange::Rewrite);
    }
    let what = if b.1 < a.1 && b.1 == 0 {
        "fractions are rounded, and it fails for values out of its range"
    } else if b.1 > 0 {
        "digits may be lost"
    } else {
        "it fails for values out of its range"
    };
    Some(TypeChange::Narrow(what.to_owned()))
}
