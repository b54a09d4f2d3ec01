//! Types by their written name (parse_type.c): search path, arrays, `%TYPE`, modifiers.

use crate::catalog::lookup::{self, Lookup, Refusal, TypeNameError};
use crate::catalog::{Catalog, QualifiedName, Type, TypeId, TypeInfo, TypeKind, pg};
use crate::sql::Ident;
use crate::sql::hir::{self, ExprKind, Literal};

/// The type that is written; `exprs` is the arena of the statement it stands in (for modifiers).
pub fn type_name(
    catalog: &Catalog,
    name: &hir::TypeName,
    exprs: &[hir::Expr],
) -> Result<Type, TypeNameError> {
    if name.name.parts.is_empty() || name.name.is_dynamic() {
        return Err(TypeNameError::Unknown);
    }
    if name.of_column {
        return column_type(catalog, name);
    }
    let Some(last) = name.name.last() else { return Err(TypeNameError::Unknown) };
    let schema = name.name.schema().map(|it| &it.ident);
    let Some(id) = named_type(catalog, schema, &last.ident) else {
        return Err(missing(catalog, schema, &last.ident, name));
    };
    if id.is_none() {
        return Err(TypeNameError::Unknown);
    }
    let Some(info) = catalog.type_info(id) else { return Err(TypeNameError::Unknown) };
    let typmod = modifier(catalog, info, name, exprs)?;
    if name.array_dims == 0 {
        return Ok(Type { id, typmod });
    }
    match catalog.array_type(id) {
        Some(id) => Ok(Type { id, typmod }),
        // An array of an array's name (`_text[]`) is the array itself in no way: PostgreSQL has no such type.
        None => match info.kind {
            TypeKind::Opaque => Err(TypeNameError::Unknown),
            _ => Err(TypeNameError::Missing(refuse(
                "42704",
                format!("type \"{}\" does not exist", spelled(name)),
            ))),
        },
    }
}

/// A type by exact name: with a schema, or by the search path. [`TypeId::NONE`] when the name is that of a relation whose
/// row type is not known.
pub fn named_type(catalog: &Catalog, schema: Option<&Ident>, name: &Ident) -> Option<TypeId> {
    match schema {
        Some(schema) => type_in(catalog, schema.as_str(), name),
        None => lookup::effective_path(catalog).into_iter().find_map(|it| type_in(catalog, it, name)),
    }
}

fn type_in(catalog: &Catalog, schema: &str, name: &Ident) -> Option<TypeId> {
    if matches!(schema, lookup::PG_CATALOG | "information_schema")
        && let Some(info) = pg::type_named(schema, name.as_str())
    {
        return Some(info.id);
    }
    let key = QualifiedName { schema: Ident::new(schema), name: name.clone() };
    if let Some(id) = catalog.types.id(&key) {
        return Some(id);
    }
    for extension in lookup::known_extensions(catalog, schema) {
        if let Some(id) = extension.type_names.get(name.as_str()) {
            return Some(*id);
        }
    }
    // Every relation has a row type, every type an array type.
    if catalog.relations.get(&key).is_some_and(|it| it.kind != super::super::RelationKind::Sequence) {
        return Some(TypeId::NONE);
    }
    let elem = name.as_str().strip_prefix('_')?;
    let key = QualifiedName { schema: Ident::new(schema), name: Ident::new(elem) };
    catalog.relations.contains_key(&key).then_some(TypeId::NONE)
}

fn missing(catalog: &Catalog, schema: Option<&Ident>, last: &Ident, name: &hir::TypeName) -> TypeNameError {
    let gaps = &catalog.gaps;
    let unknown_extension = catalog.extensions.values().any(|it| !it.known);
    // A relation that is not known would have its row type.
    if gaps.types || gaps.relations || unknown_extension || last.is_dynamic() || gaps.named.contains(last) {
        return TypeNameError::Unknown;
    }
    let brought =
        || pg::ext::with_type(last.as_str()).any(|it| lookup::may_be_installed(catalog, schema, it));
    let hosted = schema.is_some_and(|it| lookup::is_hosted(it) || lookup::is_made_by_code(catalog, it));
    if hosted || pg::elsewhere::has_type(last.as_str()) || brought() {
        return TypeNameError::Unknown;
    }
    if let Some(schema) = schema
        && !lookup::schema_exists(catalog, schema)
    {
        return TypeNameError::Missing(refuse("3F000", format!("schema \"{schema}\" does not exist")));
    }
    TypeNameError::Missing(refuse("42704", format!("type \"{}\" does not exist", spelled(name))))
}

/// `TypeNameToString`: the names with dots, no quotes; arrays with `[]`.
fn spelled(name: &hir::TypeName) -> String {
    let mut res = name.name.parts.iter().map(|it| it.ident.as_str()).collect::<Vec<_>>().join(".");
    if name.of_column {
        res.push_str("%TYPE");
    }
    if name.array_dims > 0 {
        res.push_str("[]");
    }
    res
}

/// `relation.column%TYPE`.
fn column_type(catalog: &Catalog, name: &hir::TypeName) -> Result<Type, TypeNameError> {
    let (Some(column), Some(relation)) = (name.name.last(), name.name.schema()) else {
        return Err(TypeNameError::Unknown);
    };
    let n_parts = name.name.parts.len();
    let schema = n_parts.checked_sub(3).and_then(|idx| name.name.parts.get(idx)).map(|it| &it.ident);
    let found = match lookup::relation(catalog, schema, &relation.ident) {
        Lookup::Found(found) => found,
        Lookup::Unknown => return Err(TypeNameError::Unknown),
        Lookup::Missing => {
            let text = match schema {
                Some(schema) => format!("relation \"{schema}.{}\" does not exist", relation.ident),
                None => format!("relation \"{}\" does not exist", relation.ident),
            };
            return Err(TypeNameError::Missing(refuse("42P01", text)));
        }
    };
    match found.columns.iter().find(|it| it.name == column.ident) {
        Some(column) => {
            let ty = column.ty.ok_or(TypeNameError::Unknown)?;
            match name.array_dims {
                0 => Ok(ty),
                _ => {
                    let id = catalog.array_type(ty.id).ok_or(TypeNameError::Unknown)?;
                    Ok(Type { id, typmod: ty.typmod })
                }
            }
        }
        None if found.open => Err(TypeNameError::Unknown),
        None => {
            let text =
                format!("column \"{}\" of relation \"{}\" does not exist", column.ident, relation.ident);
            Err(TypeNameError::Missing(refuse("42703", text)))
        }
    }
}

fn refuse(sqlstate: &'static str, message: String) -> Refusal {
    Refusal { sqlstate, message }
}

fn bad(sqlstate: &'static str, message: impl Into<String>) -> TypeNameError {
    TypeNameError::BadModifier(refuse(sqlstate, message.into()))
}

/// `typenameTypeMod` and the `typmodin` functions.
fn modifier(
    catalog: &Catalog,
    info: &TypeInfo,
    name: &hir::TypeName,
    exprs: &[hir::Expr],
) -> Result<i32, TypeNameError> {
    if name.modifiers.is_empty() {
        return Ok(-1);
    }
    let modifiable =
        if info.id.is_extension() { pg::ext::is_modifiable(info.id) } else { pg::is_modifiable(info.id) };
    if !modifiable {
        if info.kind == TypeKind::Opaque {
            return Err(TypeNameError::Unknown);
        }
        let text = format!("type modifier is not allowed for type \"{}\"", spelled(name));
        return Err(bad("42601", text));
    }
    let mut values = Vec::with_capacity(name.modifiers.len());
    for id in &name.modifiers {
        let Some(expr) = exprs.get(id.0 as usize) else { return Err(TypeNameError::Unknown) };
        match &expr.kind {
            ExprKind::Literal(Literal::Integer(value)) => values.push(value.to_string()),
            ExprKind::Literal(Literal::Numeric(value) | Literal::String(value)) => {
                values.push(value.to_string());
            }
            ExprKind::Column(column) if column.parts.len() == 1 && !column.is_dynamic() => {
                values.push(column.parts.first().map(|it| it.ident.to_string()).unwrap_or_default());
            }
            ExprKind::Column(_) | ExprKind::Missing | ExprKind::Paren(_) => {
                return Err(TypeNameError::Unknown);
            }
            _ => {
                let negative = matches!(&expr.kind, ExprKind::Operator { lhs: None, rhs, .. }
                    if matches!(exprs.get(rhs.0 as usize).map(|it| &it.kind), Some(ExprKind::Literal(_))));
                match (&expr.kind, negative) {
                    (ExprKind::Operator { op, rhs, .. }, true) if op.op == "-" => {
                        match exprs.get(rhs.0 as usize).map(|it| &it.kind) {
                            Some(ExprKind::Literal(Literal::Integer(value))) => {
                                values.push(format!("-{value}"));
                            }
                            _ => return Err(TypeNameError::Unknown),
                        }
                    }
                    _ => return Err(bad("42601", "type modifiers must be simple constants or identifiers")),
                }
            }
        }
    }
    let base = if info.kind == TypeKind::Array { info.elem } else { info.id };
    if base.is_extension() {
        // How an extension packs its modifier is known for the plain dimension only.
        let dimension = match info.name.as_str() {
            "vector" | "halfvec" | "sparsevec" => values.first().and_then(|it| it.parse().ok()),
            _ => None,
        };
        return Ok(dimension.unwrap_or(-1));
    }
    let _ = catalog;
    let mut numbers = Vec::with_capacity(values.len());
    for value in &values {
        match value.trim().parse::<i32>() {
            Ok(number) => numbers.push(number),
            Err(_) => {
                let digits = value.strip_prefix('-').unwrap_or(value);
                if !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit()) {
                    let text = format!("value \"{value}\" is out of range for type integer");
                    return Err(bad("22003", text));
                }
                // pg_strtoint32 reads more than Rust does (0x10, 1_000).
                let unsigned = value.trim_start().trim_start_matches(['+', '-']);
                if !unsigned.starts_with(|it: char| it.is_ascii_digit()) || unsigned.contains('.') {
                    let text = format!("invalid input syntax for type integer: \"{value}\"");
                    return Err(bad("22P02", text));
                }
                return Err(TypeNameError::Unknown);
            }
        }
    }
    pack(base, &numbers)
}

/// What the `typmodin` functions of the built-in types make of numbers.
fn pack(id: TypeId, numbers: &[i32]) -> Result<i32, TypeNameError> {
    const MAX_LENGTH: i32 = 10 * 1024 * 1024;
    const HEADER: i32 = 4;
    let invalid = || bad("22023", "invalid type modifier");
    match id {
        TypeId::BPCHAR | TypeId::VARCHAR => {
            let word = if id == TypeId::BPCHAR { "char" } else { "varchar" };
            let &[length] = numbers else { return Err(invalid()) };
            match length {
                ..1 => Err(bad("22023", format!("length for type {word} must be at least 1"))),
                length if length > MAX_LENGTH => {
                    Err(bad("22023", format!("length for type {word} cannot exceed {MAX_LENGTH}")))
                }
                length => Ok(length + HEADER),
            }
        }
        TypeId::BIT | TypeId::VARBIT => {
            let word = if id == TypeId::BIT { "bit" } else { "varbit" };
            let &[length] = numbers else { return Err(invalid()) };
            let most = MAX_LENGTH * 8;
            match length {
                ..1 => Err(bad("22023", format!("length for type {word} must be at least 1"))),
                length if length > most => {
                    Err(bad("22023", format!("length for type {word} cannot exceed {most}")))
                }
                length => Ok(length),
            }
        }
        TypeId::NUMERIC => {
            let (precision, scale) = match *numbers {
                [precision] => (precision, 0),
                [precision, scale] => (precision, scale),
                _ => return Err(bad("22023", "invalid NUMERIC type modifier")),
            };
            if !(1..=1000).contains(&precision) {
                return Err(bad(
                    "22023",
                    format!("NUMERIC precision {precision} must be between 1 and 1000"),
                ));
            }
            if !(-1000..=1000).contains(&scale) {
                return Err(bad("22023", format!("NUMERIC scale {scale} must be between -1000 and 1000")));
            }
            Ok(((precision << 16) | (scale & 0x7ff)) + HEADER)
        }
        TypeId::TIME | TypeId::TIMETZ | TypeId::TIMESTAMP | TypeId::TIMESTAMPTZ => {
            let &[precision] = numbers else { return Err(invalid()) };
            let (word, zone) = match id {
                TypeId::TIME => ("TIME", ""),
                TypeId::TIMETZ => ("TIME", " WITH TIME ZONE"),
                TypeId::TIMESTAMP => ("TIMESTAMP", ""),
                _ => ("TIMESTAMP", " WITH TIME ZONE"),
            };
            if precision < 0 {
                return Err(bad(
                    "22023",
                    format!("{word}({precision}){zone} precision must not be negative"),
                ));
            }
            // Beyond six digits PostgreSQL warns and takes six.
            Ok(precision.min(6))
        }
        TypeId::INTERVAL => {
            const FULL_RANGE: i32 = 0x7fff;
            const FULL_PRECISION: i32 = 0xffff;
            // YEAR, MONTH, DAY, HOUR, MINUTE, SECOND and those of them that stand together.
            const FIELDS: [i32; 14] =
                [4, 2, 8, 1024, 2048, 4096, 6, 1032, 3080, 7176, 3072, 7168, 6144, FULL_RANGE];
            match *numbers {
                [fields, ..] if !FIELDS.contains(&fields) => {
                    Err(bad("22023", "invalid INTERVAL type modifier"))
                }
                [fields] if fields == FULL_RANGE => Ok(-1),
                [fields] => Ok((FULL_PRECISION & 0xffff) | ((fields & FULL_RANGE) << 16)),
                [_, precision] if precision < 0 => {
                    Err(bad("22023", format!("INTERVAL({precision}) precision must not be negative")))
                }
                [fields, precision] => Ok(precision.min(6) | ((fields & FULL_RANGE) << 16)),
                _ => Err(bad("22023", "invalid INTERVAL type modifier")),
            }
        }
        _ => Ok(-1),
    }
}
