//! REFERENCES and FOREIGN KEY (`ATAddForeignKeyConstraint`, `transformFkeyCheckAttrs`).

use std::sync::Arc;

use crate::base::text::TextRange;
use crate::catalog::reference::same_columns;
use crate::catalog::{Catalog, Relation, RelationKind, Type, TypeId, lookup};
use crate::sema::code;
use crate::sema::resolve::{self, Coercion, CoercionContext};
use crate::sql::Ident;
use crate::sql::hir::ddl::References;
use crate::sql::hir::{Name, QName};

use super::super::super::binder::Binder;
use super::super::super::relation::qualified;
use super::super::super::scope::system_column;
use super::super::name::{Object, at, declared_here, is_table};
use super::super::table::Own;

impl<'a> Binder<'a> {
    /// The name that a foreign key has, or gets.
    pub(super) fn chosen(&self, own: &Own<'_>, columns: &[Ident], given: Option<&Name>) -> Ident {
        if let Some(given) = given {
            return given.ident.clone();
        }
        let made = own.relation.foreign_keys.iter().rev().find(|it| it.columns == columns);
        made.and_then(|it| it.name.clone()).unwrap_or_else(|| Ident::new(""))
    }

    /// REFERENCES and FOREIGN KEY.
    pub(super) fn foreign_key(
        &mut self,
        own: &Own<'_>,
        columns: &'a [Name],
        (references, period): (&'a References, bool),
        chosen: &Ident,
        place: TextRange,
    ) {
        if let Some(at) = references.partial {
            self.report(code::FEATURE_NOT_SUPPORTED, at, "MATCH PARTIAL not yet implemented");
        }
        let target = self.referenced(own, &references.table);
        let Some(mine) = self.key_columns(own.relation, columns) else { return };
        let stray = references.set_columns.iter().find(|it| !columns.iter().any(|own| own.ident == it.ident));
        if let Some(stray) = stray.filter(|it| !it.ident.is_dynamic()) {
            let known = own.relation.open || own.relation.columns.iter().any(|it| it.name == stray.ident);
            if known {
                let message = format!(
                    "column \"{}\" referenced in ON DELETE SET action must be part of foreign key",
                    stray.ident
                );
                self.report(code::INVALID_COLUMN_REFERENCE, stray.range, message);
            } else if system_column(stray.ident.as_str()).is_some() {
                let message = "system columns cannot be used in foreign keys";
                self.report(code::FEATURE_NOT_SUPPORTED, stray.range, message);
            } else {
                let message =
                    format!("column \"{}\" referenced in foreign key constraint does not exist", stray.ident);
                self.missing_attribute(own.relation, stray, message);
            }
        }
        let Some(target) = target else { return };
        let temporary = |it: &Ident| it.as_str() == lookup::TEMP_SCHEMA;
        if temporary(&target.schema) != temporary(&own.name.schema) && self.is_exact() {
            let words = if temporary(&own.name.schema) { "temporary" } else { "permanent" };
            let message = format!("constraints on {words} tables may reference only {words} tables");
            self.report(code::INVALID_TABLE_DEFINITION, at(&references.table), message);
            return;
        }
        if target.unlogged
            && !own.relation.unlogged
            && !temporary(&own.name.schema)
            && self.is_exact()
            && qualified(&target) != *own.name
        {
            let message = "constraints on permanent tables may reference only permanent tables";
            self.report(code::INVALID_TABLE_DEFINITION, at(&references.table), message);
            return;
        }
        let given = !references.columns.is_empty();
        if let Some(message) = self.period_clash(&target, references, period) {
            self.report(code::INVALID_FOREIGN_KEY, place, message);
            return;
        }
        let theirs: Vec<Ident> = if given {
            let Some(found) = self.key_columns(&target, &references.columns) else { return };
            found.into_iter().map(|it| it.0).collect()
        } else {
            match &target.primary_key {
                Some(key) if key.deferrable && self.is_certain(key.origin) => {
                    let message = format!(
                        "cannot use a deferrable primary key for referenced table \"{}\"",
                        target.name
                    );
                    self.report(code::OBJECT_NOT_IN_STATE, at(&references.table), message);
                    return;
                }
                Some(key) => key.columns.clone(),
                None if target.open => return,
                None => {
                    let message = format!("there is no primary key for referenced table \"{}\"", target.name);
                    let related = declared_here(&target.name, target.origin);
                    self.report(code::UNDEFINED_OBJECT, at(&references.table), message)
                        .related
                        .extend(related);
                    return;
                }
            }
        };
        if target.open || theirs.is_empty() || target.origin == crate::catalog::Origin::Builtin {
            return;
        }
        if given {
            let last = references.columns.iter().map(|it| it.range).next_back();
            let at = last.map_or_else(|| at(&references.table), |it| at(&references.table).cover(it));
            let mut sorted = theirs.clone();
            sorted.sort();
            sorted.dedup();
            if sorted.len() < theirs.len() {
                let message = "foreign key referenced-columns list must not contain duplicates";
                self.report(code::INVALID_FOREIGN_KEY, at, message);
                return;
            }
            let gaps = &self.catalog.gaps;
            let unknown = gaps.keys || gaps.keyed.contains(&target.name);
            if !has_unique(&target, &sorted, period) && !unknown {
                let message = format!(
                    "there is no unique constraint matching given keys for referenced table \"{}\"",
                    target.name
                );
                let related = declared_here(&target.name, target.origin);
                self.report(code::INVALID_FOREIGN_KEY, at, message).related.extend(related);
                return;
            }
        }
        if given && self.all_deferrable(&target, &theirs, period) {
            let message =
                format!("cannot use a deferrable unique constraint for referenced table \"{}\"", target.name);
            self.report(code::OBJECT_NOT_IN_STATE, at(&references.table), message);
            return;
        }
        if self.generated_key(own, columns, references, place) {
            return;
        }
        let of_periods = target.primary_key.iter().chain(&target.uniques).filter(|it| it.without_overlaps);
        let mut matching = of_periods.filter(|it| same_columns(&it.columns, &theirs));
        if !period && matching.next().is_some() {
            let message = "foreign key must use PERIOD when referencing a primary key using WITHOUT OVERLAPS";
            self.report(code::INVALID_FOREIGN_KEY, place, message);
            return;
        }
        if period {
            for (action, words) in
                [(&references.on_update, "ON UPDATE"), (&references.on_delete, "ON DELETE")]
            {
                if action.as_ref().is_some_and(|it| !it.eq_ignore_ascii_case("no action")) {
                    let message =
                        format!("unsupported {words} action for foreign key constraint using PERIOD");
                    self.report(code::FEATURE_NOT_SUPPORTED, place, message);
                    return;
                }
            }
        }
        if mine.len() != theirs.len() {
            let message = "number of referencing and referenced columns for foreign key disagree";
            self.report(code::INVALID_FOREIGN_KEY, place, message);
            return;
        }
        for ((name, ty), other) in mine.iter().zip(&theirs) {
            let found = target.columns.iter().find(|it| it.name == *other).and_then(|it| it.ty);
            let (Some(fk), Some(pk)) = (*ty, found) else { continue };
            if !fits(self.catalog, fk.id, pk.id) {
                let message = format!("foreign key constraint \"{chosen}\" cannot be implemented");
                let detail = format!(
                    "Key columns \"{name}\" of the referencing table and \"{other}\" of the referenced table are of incompatible types: {} and {}.",
                    self.format_id(fk.id),
                    self.format_id(pk.id)
                );
                let related = declared_here(
                    other,
                    target.columns.iter().find(|it| it.name == *other).map_or(target.origin, |it| it.origin),
                );
                let problem = self.report(code::DATATYPE_MISMATCH, place, message);
                problem.hint(detail);
                problem.related.extend(related);
                return;
            }
        }
        let plain = target.primary_key.as_ref().is_some_and(|it| !it.without_overlaps);
        if period && !given && plain {
            let message = "could not identify an overlaps operator for foreign key";
            self.report(code::UNDEFINED_OBJECT, place, message);
        }
    }

    /// Columns that are computed (`ATAddForeignKeyConstraint`).
    fn generated_key(
        &mut self,
        own: &Own<'_>,
        columns: &[Name],
        references: &References,
        place: TextRange,
    ) -> bool {
        let found = |it: &Name| own.relation.columns.iter().find(|own| own.name == it.ident);
        let mut generated =
            columns.iter().filter_map(found).filter_map(|it| it.generated.as_ref()).peekable();
        if generated.peek().is_none() {
            return false;
        }
        if generated.any(|it| !it.stored) {
            let message = "foreign key constraints on virtual generated columns are not supported";
            self.report(code::FEATURE_NOT_SUPPORTED, place, message);
            return true;
        }
        let is = |it: &Option<smol_str::SmolStr>, words: &[&str]| {
            it.as_deref().is_some_and(|it| words.iter().any(|word| it.eq_ignore_ascii_case(word)))
        };
        let words = if is(&references.on_update, &["set null", "set default", "cascade"]) {
            "ON UPDATE"
        } else if is(&references.on_delete, &["set null", "set default"]) {
            "ON DELETE"
        } else {
            return false;
        };
        let message =
            format!("invalid {words} action for foreign key constraint containing generated column");
        self.report(code::SYNTAX_ERROR, place, message);
        true
    }

    /// All that tells the referenced rows apart is deferrable.
    fn all_deferrable(&self, target: &Relation, columns: &[Ident], period: bool) -> bool {
        let keys = target.primary_key.iter().chain(&target.uniques);
        let mut own =
            keys.filter(|it| same_columns(&it.columns, columns) && it.without_overlaps == period).peekable();
        let indexes = || {
            target.indexes.iter().filter(|it| it.unique && it.predicate.is_none()).any(|index| {
                let names: Option<Vec<Ident>> = index.items.iter().map(|it| it.column.clone()).collect();
                names.is_none_or(|it| same_columns(&it, columns))
            })
        };
        own.peek().is_some()
            && own.all(|it| it.deferrable && self.is_certain(it.origin))
            && !indexes()
            && !self.catalog.gaps.keys
    }

    /// PERIOD on one side alone.
    fn period_clash(&self, target: &Relation, references: &References, period: bool) -> Option<&'static str> {
        let not_here = "foreign key uses PERIOD on the referenced table but not the referencing table";
        if references.period && !period {
            return Some(not_here);
        }
        if references.columns.is_empty() {
            let of_period = target.primary_key.as_ref().is_some_and(|it| it.without_overlaps);
            return (of_period && !period).then_some(not_here);
        }
        (period && !references.period)
            .then_some("foreign key uses PERIOD on the referencing table but not the referenced table")
    }

    /// The table that a foreign key references; the table of the statement counts as made.
    fn referenced(&mut self, own: &Own<'_>, name: &'a QName) -> Option<Arc<Relation>> {
        let last = name.last()?;
        let is_own = last.ident == own.name.name
            && match name.schema() {
                Some(schema) => schema.ident == own.name.schema,
                None => {
                    let schema = &own.name.schema;
                    schema.as_str() == lookup::TEMP_SCHEMA || self.catalog.search_path.contains(schema)
                }
            };
        let found = if is_own { Some(Arc::clone(own.relation)) } else { None };
        let found = match found {
            Some(it) => it,
            None => match self.object(name, false) {
                Object::Relation(it) => it,
                Object::Missing => {
                    self.missing_relation(name);
                    return None;
                }
                Object::Index { .. } => {
                    self.cannot_open(name);
                    return None;
                }
                Object::Unknown => return None,
            },
        };
        if !is_table(found.kind) || found.kind == RelationKind::Foreign {
            if !self.is_certain(found.origin) {
                return None;
            }
            let message = format!("referenced relation \"{}\" is not a table", found.name);
            let related = declared_here(&found.name, found.origin);
            self.report(code::WRONG_OBJECT_TYPE, at(name), message).related.extend(related);
            return None;
        }
        Some(found)
    }

    /// The columns of a key with their types; `None`: reported, or not known.
    fn key_columns(&mut self, relation: &Relation, columns: &[Name]) -> Option<Vec<(Ident, Option<Type>)>> {
        let mut res = Vec::new();
        let mut fine = true;
        for name in columns {
            if name.ident.is_dynamic() {
                return None;
            }
            match relation.columns.iter().find(|it| it.name == name.ident) {
                Some(column) => res.push((column.name.clone(), column.ty)),
                None if relation.open => fine = false,
                None if system_column(name.ident.as_str()).is_some() => {
                    let message = "system columns cannot be used in foreign keys";
                    self.report(code::FEATURE_NOT_SUPPORTED, name.range, message);
                    fine = false;
                }
                None => {
                    let message = format!(
                        "column \"{}\" referenced in foreign key constraint does not exist",
                        name.ident
                    );
                    self.missing_attribute(relation, name, message);
                    fine = false;
                }
            }
        }
        fine.then_some(res)
    }
}

/// Whether a key or a unique index without conditions has exactly these columns, sorted (`transformFkeyCheckAttrs`).
fn has_unique(relation: &Relation, sorted: &[Ident], period: bool) -> bool {
    let same = |columns: &[Ident]| same_columns(columns, sorted);
    let keys = relation.primary_key.iter().chain(&relation.uniques);
    if keys.into_iter().any(|it| same(&it.columns) && (it.without_overlaps || !period)) {
        return true;
    }
    if period {
        // An exclusion constraint serves, too; those are kept as indexes.
        return relation.indexes.iter().any(|it| it.method == "gist");
    }
    relation.indexes.iter().filter(|it| it.unique && it.predicate.is_none()).any(|index| {
        // What an item is may not be known.
        let unknown = index.items.iter().any(|it| it.column.is_none() && it.expression.is_none());
        let columns: Option<Vec<Ident>> = index.items.iter().map(|it| it.column.clone()).collect();
        unknown || columns.is_some_and(|it| same(&it))
    })
}

/// Whether a key column of type `fk` can reference one of type `pk`.
pub fn fits(catalog: &Catalog, fk: TypeId, pk: TypeId) -> bool {
    const FAMILIES: [&[TypeId]; 4] = [
        &[TypeId::INT2, TypeId::INT4, TypeId::INT8],
        &[TypeId::FLOAT4, TypeId::FLOAT8],
        &[TypeId::DATE, TypeId::TIMESTAMP, TypeId::TIMESTAMPTZ],
        &[TypeId::TEXT, TypeId::VARCHAR, TypeId::NAME],
    ];
    let base = |id: TypeId| catalog.base_type(Type::plain(id)).id;
    let (fk, pk) = (base(fk), base(pk));
    if fk == pk || FAMILIES.iter().any(|it| it.contains(&fk) && it.contains(&pk)) {
        return true;
    }
    if fk.is_extension() || pk.is_extension() {
        return true;
    }
    let operand = if pk == TypeId::VARCHAR { TypeId::TEXT } else { pk };
    !matches!(resolve::can_coerce(catalog, fk, operand, CoercionContext::Implicit), Coercion::No)
}
