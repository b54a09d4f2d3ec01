//! What drizzle-kit writes down in one way and the database is made of in another: a snapshot and a replay that say the same
//! of it.

use std::sync::Arc;

use smol_str::SmolStr;

use super::diff;
use crate::catalog::{
    Catalog, Column, ColumnDefault, Generated, Index, Relation, Type, TypeId, TypeKind, pg,
};
use crate::sql::Dialect;

/// The catalog with operator classes that are the default left out, `GENERATED` taken out of the texts of types, and numbers
/// and truth values of defaults in one spelling.
pub fn as_made(catalog: &Catalog) -> Catalog {
    let mut res = catalog.clone();
    for relation in Arc::make_mut(&mut res.relations).values_mut() {
        let changed = one(catalog, relation);
        if changed != **relation {
            *relation = Arc::new(changed);
        }
    }
    res
}

fn one(catalog: &Catalog, relation: &Relation) -> Relation {
    let mut res = relation.clone();
    for column in &mut res.columns {
        split_generated(column);
        if let Some(ColumnDefault::Sql(text)) = &column.default {
            let text = default(text, &column.type_text, catalog.dialect).unwrap_or_else(|| text.clone());
            column.default = Some(ColumnDefault::Sql(text));
        }
    }
    for index in &mut res.indexes {
        let Index { items, method, .. } = index;
        for item in items {
            let column = relation.columns.iter().find(|it| Some(&it.name) == item.column.as_ref());
            let ty = column.and_then(|it| it.ty);
            item.opclass.take_if(|class| ty.is_some_and(|ty| is_default(catalog, class, method, ty)));
        }
    }
    res
}

/// A `customType` may say more than a type: `tsvector GENERATED ALWAYS AS (…) STORED`.
fn split_generated(column: &mut Column) {
    const WORDS: &str = " generated always as";
    let Some(at) = column.type_text.to_ascii_lowercase().find(WORDS) else { return };
    let (ty, rest) = column.type_text.split_at(at);
    let rest = rest.get(WORDS.len()..).unwrap_or("").trim();
    let (expression, stored) =
        match rest.len().checked_sub("stored".len()).and_then(|it| rest.split_at_checked(it)) {
            Some((before, last)) if last.eq_ignore_ascii_case("stored") => (before.trim(), true),
            _ => (rest, false),
        };
    let inner = expression.strip_prefix('(').and_then(|it| it.strip_suffix(')'));
    let generated = Generated { expression: inner.map(|it| it.trim().into()), stored };
    column.type_text = ty.trim().into();
    column.generated.get_or_insert(generated);
}

/// One spelling of numbers where it does not matter, and of truth values where those are numbers.
fn default(text: &str, type_text: &str, dialect: Dialect) -> Option<SmolStr> {
    if dialect != Dialect::Postgres {
        match text.trim() {
            it if it.eq_ignore_ascii_case("true") => return Some("1".into()),
            it if it.eq_ignore_ascii_case("false") => return Some("0".into()),
            _ => {}
        }
    }
    let ty = diff::normal_type(type_text);
    // Without a scale, `numeric` keeps that of its value.
    let rounds =
        matches!(ty.as_str(), "real" | "double precision" | "smallint" | "integer" | "bigint" | "double")
            || ty.starts_with("numeric(");
    let body = diff::normal_default(text).filter(|_| rounds)?;
    let value: f64 = body.parse().ok()?;
    (body.contains('.') && value.is_finite()).then(|| value.to_string().into())
}

/// Whether an operator class is what an index of the method on a column of the type has anyway (`GetDefaultOpClass`).
fn is_default(catalog: &Catalog, class: &str, method: &str, ty: Type) -> bool {
    let base = catalog.base_type(ty).id;
    let extensions = catalog.extensions.keys().filter_map(|it| pg::ext::extension(it.as_str()));
    let mut classes = pg::opclasses().iter().chain(extensions.flat_map(|it| &it.opclasses));
    let kind = catalog.type_info(base).map(|it| &it.kind);
    let fits = |input: TypeId| {
        let by_kind = match kind {
            Some(TypeKind::Array) => Some(2277),
            Some(TypeKind::Enum { .. }) => Some(3500),
            Some(TypeKind::Range { .. }) => Some(3831),
            _ => None,
        };
        // `varchar` is indexed as `text` is.
        input == base || base == TypeId::VARCHAR && input == TypeId::TEXT || by_kind == Some(input.0)
    };
    classes.any(|it| it.default && it.name == class && it.method == method && fits(it.input))
}
