//! What stands in the texts of defaults, checks, generated columns and indexes of a type: it goes with the type under
//! CASCADE (`find_expr_references_walker`: constants, casts).

use std::sync::Arc;

use smol_str::SmolStr;

use super::Fold;
use super::naming::{mentions, replace_name};
use crate::catalog::{
    Catalog, Check, Column, ColumnDefault, Index, QualifiedName, Relation, Type, TypeId, lookup,
};
use crate::sql::hir::ExprKind;
use crate::sql::token::{TokenKind, significant};
use crate::sql::{Ident, parse_statement};

impl Fold<'_> {
    /// Takes out what cannot be without these types.
    pub(super) fn drop_texts_of(&mut self, types: &[TypeId]) {
        for (table, it) in texts_of(self.catalog, types) {
            if let Some(relation) = self.relation_mut(&table) {
                let columns = relation.columns.iter_mut().filter(|own| it.defaults.contains(&own.name));
                columns.for_each(|it| it.default = None);
                relation.checks.retain(|own| !it.checks.contains(&own.name));
                relation.indexes.retain(|own| !it.indexes.contains(&own.name));
            }
            for column in &it.generated {
                self.drop_column(&table, column);
            }
        }
    }

    /// Defaults follow a type to its new name, before it has it.
    pub(super) fn rename_in_defaults(&mut self, from: &QualifiedName, to: &Ident) {
        let Some(info) = self.catalog.types.named(from) else { return };
        for (table, of) in texts_of(self.catalog, &[info.id, info.array]) {
            let Some(relation) = self.relation_mut(&table) else { continue };
            for column in relation.columns.iter_mut().filter(|it| of.defaults.contains(&it.name)) {
                if let Some(ColumnDefault::Sql(text)) = &mut column.default {
                    *text = replace_name(text, &from.name, to).into();
                }
            }
        }
    }

    /// A default is an expression of the type that its column had when it was made: `'new'` of an enum stays one of the enum
    /// when the column becomes text (`ATExecAlterColumnType`).
    pub(super) fn keep_type_of_default(&mut self, table: &QualifiedName, column: &Ident, to: Option<Type>) {
        let Some(relation) = self.relation(table) else { return };
        let own = relation.columns.iter().find(|it| it.name == *column);
        let Some(Column { ty: Some(from), default: Some(ColumnDefault::Sql(text)), .. }) = own else {
            return;
        };
        let literal =
            matches!(significant(text).as_slice(), [it] if matches!(it.kind, TokenKind::String { .. }));
        if !literal || !from.id.is_user() || to.is_some_and(|it| it.id == from.id) {
            return;
        }
        let element = self.catalog.element_type(from.id);
        let Some(info) = self.catalog.type_info(element.unwrap_or(from.id)) else { return };
        let dims = if element.is_some() { "[]" } else { "" };
        let text: SmolStr = format!("{text}::{}.{}{dims}", info.schema.quoted(), info.name.quoted()).into();
        for table in self.with_descendants(table) {
            let Some(relation) = self.relation_mut(&table) else { continue };
            for own in relation.columns.iter_mut().filter(|it| it.name == *column) {
                own.default = Some(ColumnDefault::Sql(text.clone()));
            }
        }
    }
}

/// Defaults, generated columns and constraints that are of these types, though their columns need not be: the tables and
/// PostgreSQL's words for them.
pub fn made_of_types(catalog: &Catalog, types: &[TypeId]) -> Vec<(QualifiedName, String)> {
    let mut res = Vec::new();
    for (table, of) in texts_of(catalog, types) {
        let own = &table.name;
        let defaults = of.defaults.iter().map(|it| format!("default value for column {it} of table {own}"));
        let generated = of.generated.iter().map(|it| format!("column {it} of table {own}"));
        let checks = of.checks.iter().flatten().map(|it| format!("constraint {it} on table {own}"));
        let indexes = of.indexes.iter().flatten().map(|it| format!("index {it}"));
        let words = defaults.chain(generated).chain(checks).chain(indexes);
        res.extend(words.map(|it| (table.clone(), it)));
    }
    res
}

fn texts_of(catalog: &Catalog, types: &[TypeId]) -> Vec<(QualifiedName, Of)> {
    let mut names: Vec<Ident> =
        types.iter().filter_map(|it| catalog.type_info(*it)).map(|it| it.name.clone()).collect();
    names.dedup();
    let of = |it: &str| is_of(catalog, it, types, &names);
    let all = catalog.relations.iter().map(|(name, relation)| (name.clone(), Of::new(relation, &of)));
    all.filter(|it| !it.1.is_empty()).collect()
}

/// What of a relation is of some types.
struct Of {
    defaults: Vec<Ident>,
    generated: Vec<Ident>,
    checks: Vec<Option<Ident>>,
    indexes: Vec<Option<Ident>>,
}

impl Of {
    fn new(relation: &Arc<Relation>, of: &dyn Fn(&str) -> bool) -> Of {
        let text = |it: &Option<SmolStr>| it.as_deref().is_some_and(of);
        let default = |it: &Column| match &it.default {
            Some(ColumnDefault::Sql(text)) => of(text),
            _ => false,
        };
        let generated = |it: &Column| it.generated.as_ref().is_some_and(|it| text(&it.expression));
        let index = |it: &Index| text(&it.predicate) || it.items.iter().any(|it| text(&it.expression));
        let check = |it: &Check| text(&it.expression);
        let columns = |test: &dyn Fn(&Column) -> bool| -> Vec<Ident> {
            relation.columns.iter().filter(|it| test(it)).map(|it| it.name.clone()).collect()
        };
        Of {
            defaults: columns(&default),
            generated: columns(&generated),
            checks: relation.checks.iter().filter(|it| check(it)).map(|it| it.name.clone()).collect(),
            indexes: relation.indexes.iter().filter(|it| index(it)).map(|it| it.name.clone()).collect(),
        }
    }

    fn is_empty(&self) -> bool {
        self.defaults.is_empty()
            && self.generated.is_empty()
            && self.checks.is_empty()
            && self.indexes.is_empty()
    }
}

/// Whether an expression casts something to one of these types.
fn is_of(catalog: &Catalog, text: &str, types: &[TypeId], names: &[Ident]) -> bool {
    // Array types are written by their element's name.
    let bare = |it: &Ident| Ident::new(it.as_str().trim_start_matches('_'));
    if !names.iter().any(|it| mentions(text, it) || mentions(text, &bare(it))) {
        return false;
    }
    let parsed = parse_statement(&format!("select {text}"), catalog.dialect);
    let exprs = &parsed.hir.exprs;
    let cast = |it: &ExprKind| match it {
        ExprKind::Cast { ty, .. } => {
            lookup::type_of(catalog, ty, exprs).is_some_and(|it| types.contains(&it.id))
        }
        _ => false,
    };
    parsed.error.is_none() && exprs.iter().any(|it| cast(&it.kind))
}
