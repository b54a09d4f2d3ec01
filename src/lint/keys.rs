//! Keys, indexes and foreign keys of tables: what is unique, what serves what, which types fit together.

use crate::catalog::pg::{self, CastContext};
use crate::catalog::types::format_type_id;
use crate::catalog::{Catalog, Index, Relation, Type, TypeId, TypeKind};
use crate::sema::Ty;
use crate::sema::resolve::{CoercionContext, OpOutcome, can_coerce, operator};
use crate::sql::Ident;

/// The sets of columns in which no two rows are the same: primary key, unique constraints, unique indexes of columns.
pub fn unique_sets(relation: &Relation) -> Vec<Vec<&Ident>> {
    let keys = relation.primary_key.iter().chain(&relation.uniques);
    let mut res: Vec<Vec<&Ident>> = keys.map(|it| it.columns.iter().collect()).collect();
    let indexes = relation.indexes.iter().filter(|it| it.unique && it.predicate.is_none());
    res.extend(indexes.filter_map(columns));
    res
}

/// The columns of an index that has no expressions.
pub fn columns(index: &Index) -> Option<Vec<&Ident>> {
    index.items.iter().map(|it| it.column.as_ref()).collect()
}

/// Whether a foreign key can lead to these columns: exactly they are unique (manual, 5.5.5).
pub fn is_key(relation: &Relation, columns: &[Ident]) -> bool {
    unique_sets(relation)
        .iter()
        .any(|set| set.len() == columns.len() && columns.iter().all(|it| set.contains(&it)))
}

/// Whether at most one row has these values.
pub fn is_unique_by(relation: &Relation, columns: &[Ident]) -> bool {
    unique_sets(relation).iter().any(|set| set.iter().all(|it| columns.contains(it)))
}

/// Whether an index finds the rows that have these values: its first columns are they, in whatever order.
pub fn has_index_on(relation: &Relation, columns: &[Ident]) -> bool {
    let leads = |list: &[&Ident]| {
        let first = list.get(..columns.len()).unwrap_or_default();
        !first.is_empty() && columns.iter().all(|it| first.contains(&it))
    };
    let keys = relation.primary_key.iter().chain(&relation.uniques);
    let mut lists = keys.map(|it| it.columns.iter().collect::<Vec<_>>());
    lists.any(|it| leads(&it))
        || relation.indexes.iter().any(|it| {
            // An expression may be anything; behind the columns it does no harm.
            let first: Vec<&Ident> = it.items.iter().map_while(|it| it.column.as_ref()).collect();
            let unknown = it.items.iter().any(|it| it.column.is_none() && it.expression.is_none());
            unknown || leads(&first)
        })
}

/// The types of a foreign key's column and of the column it leads to, where PostgreSQL refuses to compare them
/// (`ATAddForeignKeyConstraint`: an operator of the key's index, or an implicit cast to the key's type).
pub fn foreign_key_refused(catalog: &Catalog, from: Type, to: Type) -> Option<(String, String)> {
    let (a, b) = (catalog.base_type(from).id, catalog.base_type(to).id);
    let is_plain = |id: TypeId| {
        !id.is_extension()
            && catalog
                .type_info(id)
                .is_some_and(|it| matches!(it.kind, TypeKind::Base | TypeKind::Enum { .. }))
    };
    if a == b || !is_plain(a) || !is_plain(b) || same_family(a, b) {
        return None;
    }
    if pg::cast(a, b).is_some_and(|it| it.context == CastContext::Implicit) {
        return None;
    }
    Some((format_type_id(catalog, from.id), format_type_id(catalog, to.id)))
}

/// Operator families of btree that compare different types (manual, 36.16.6).
fn same_family(a: TypeId, b: TypeId) -> bool {
    const FAMILIES: [&[TypeId]; 4] = [
        &[TypeId::INT2, TypeId::INT4, TypeId::INT8],
        &[TypeId::FLOAT4, TypeId::FLOAT8],
        &[TypeId::DATE, TypeId::TIMESTAMP, TypeId::TIMESTAMPTZ],
        &[TypeId::TEXT, TypeId::VARCHAR, TypeId::NAME, TypeId::BPCHAR],
    ];
    FAMILIES.iter().any(|it| it.contains(&a) && it.contains(&b))
}

/// PostgreSQL's words where it refuses to compare two columns.
pub fn comparison_refused(catalog: &Catalog, sign: &str, a: Type, b: Type) -> Option<String> {
    match operator(catalog, None, sign, Some(Ty::Known(a)), Ty::Known(b)) {
        OpOutcome::Refused(it) => Some(it.message),
        OpOutcome::Resolved(_) => None,
        OpOutcome::Unknown(_) => plain_refused(catalog, sign, a.id, b.id),
    }
}

/// Analysis leaves open what an extension that is installed unseen may bring. None of them compares PostgreSQL's own
/// scalar types with each other: what has no operator there has none at all.
fn plain_refused(catalog: &Catalog, sign: &str, a: TypeId, b: TypeId) -> Option<String> {
    let is_plain = |id: TypeId| {
        !id.is_user()
            && !id.is_extension()
            && catalog.type_info(id).is_some_and(|it| it.kind == TypeKind::Base)
    };
    if catalog.gaps.functions || !is_plain(a) || !is_plain(b) {
        return None;
    }
    // Polymorphic operators take arrays, enums, ranges and rows.
    let becomes = |from, to| {
        from == to || is_plain(to) && !can_coerce(catalog, from, to, CoercionContext::Implicit).is_no()
    };
    let exists = pg::operators(sign)
        .iter()
        .any(|it| it.left.is_some_and(|left| becomes(a, left)) && becomes(b, it.right));
    (!exists).then(|| {
        format!(
            "operator does not exist: {} {sign} {}",
            format_type_id(catalog, a),
            format_type_id(catalog, b)
        )
    })
}
