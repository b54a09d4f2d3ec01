//! What stands in the texts of defaults, checks, generated columns and indexes of a type (`find_expr_references_walker`:
//! constants, casts): it depends on the type though its column need not be of it.

use std::sync::Arc;

use smol_str::SmolStr;

use crate::catalog::fold::naming::mentions;
use crate::catalog::object::ObjectKey;
use crate::catalog::{Catalog, Check, Column, ColumnDefault, Index, QualifiedName, Relation, TypeId, lookup};
use crate::sql::hir::ExprKind;
use crate::sql::token::significant;
use crate::sql::{Ident, parse_statement};

/// Defaults, generated columns and constraints that are of these types, though their columns need not be: the tables and
/// PostgreSQL's words for them.
pub fn made_of_types(catalog: &Catalog, types: &[TypeId]) -> Vec<(QualifiedName, String)> {
    words(texts_of(catalog, types))
}

/// PostgreSQL's words for them, each with its table.
pub fn words(all: Vec<(QualifiedName, Of)>) -> Vec<(QualifiedName, String)> {
    let mut res = Vec::new();
    for (table, of) in all {
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

pub fn texts_of(catalog: &Catalog, types: &[TypeId]) -> Vec<(QualifiedName, Of)> {
    let mut names: Vec<Ident> =
        types.iter().filter_map(|it| catalog.type_info(*it)).map(|it| it.name.clone()).collect();
    names.dedup();
    let of = |it: &str| is_of(catalog, it, types, &names);
    each(catalog, &of)
}

fn each(catalog: &Catalog, of: &dyn Fn(&str) -> bool) -> Vec<(QualifiedName, Of)> {
    let all = catalog.relations.iter().map(|(name, relation)| (name.clone(), Of::new(relation, of)));
    all.filter(|it| !it.1.is_empty()).collect()
}

/// What of a relation is of some types.
pub struct Of {
    pub defaults: Vec<Ident>,
    pub generated: Vec<Ident>,
    pub checks: Vec<Option<Ident>>,
    pub indexes: Vec<Option<Ident>>,
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

/// The configuration of the project's own that a constant of type `regconfig` means.
pub fn configuration(catalog: &Catalog, text: &str) -> Option<ObjectKey> {
    let mut parts = text.rsplitn(2, '.').map(Ident::from_source);
    let (name, schema) = (parts.next()?, parts.next());
    let schemas: Vec<Ident> = match schema {
        Some(it) => vec![it],
        None => lookup::effective_path(catalog).into_iter().map(Ident::new).collect(),
    };
    let key = |schema| ObjectKey {
        kind: "TEXT SEARCH CONFIGURATION".into(),
        schema,
        name: name.clone(),
        of: SmolStr::default(),
    };
    let mut keys = schemas.into_iter().map(key);
    keys.find(|it| catalog.objects.get(it).is_some_and(|it| !it.gone))
}

/// What calls a function of text search with a configuration, by a constant: `to_tsvector('c', …)`, `'c'::regconfig`; and
/// columns of type `regconfig` with one as their default.
pub fn texts_of_configuration(catalog: &Catalog, key: &ObjectKey) -> Vec<(QualifiedName, Of)> {
    if key.kind != "TEXT SEARCH CONFIGURATION" {
        return Vec::new();
    }
    let is_own = |written: &str| {
        let inner = written.strip_prefix('\'').and_then(|it| it.strip_suffix('\''));
        inner.and_then(|it| configuration(catalog, it)).as_ref() == Some(key)
    };
    let says = |text: &str| {
        let tokens = significant(text);
        let is = |idx: usize, wanted: &str| tokens.get(idx).is_some_and(|it| it.is_word(text, wanted));
        let shows = |idx: usize, wanted: &str| tokens.get(idx).is_some_and(|it| it.text(text) == wanted);
        tokens.iter().enumerate().any(|(idx, token)| {
            let first = idx >= 2
                && shows(idx - 1, "(")
                && shows(idx + 1, ",")
                && CONFIGURED.iter().any(|it| is(idx - 2, it));
            let cast = shows(idx + 1, "::") && is(idx + 2, "regconfig");
            (first || cast) && is_own(token.text(text))
        })
    };
    let mut res = each(catalog, &says);
    for (name, relation) in catalog.relations.iter() {
        let is_default = |it: &&Column| {
            let text = match &it.default {
                Some(ColumnDefault::Sql(text)) => text.trim(),
                _ => return false,
            };
            it.ty.is_some_and(|it| it.id == REGCONFIG) && is_own(text)
        };
        let defaults: Vec<Ident> =
            relation.columns.iter().filter(is_default).map(|it| it.name.clone()).collect();
        if defaults.is_empty() {
            continue;
        }
        match res.iter_mut().find(|it| it.0 == *name) {
            Some(it) => it.1.defaults.extend(defaults),
            None => {
                let of = Of { defaults, generated: Vec::new(), checks: Vec::new(), indexes: Vec::new() };
                res.push((name.clone(), of));
            }
        }
    }
    res
}

/// The functions whose first of two arguments is a configuration.
const CONFIGURED: [&str; 5] =
    ["to_tsvector", "to_tsquery", "plainto_tsquery", "phraseto_tsquery", "websearch_to_tsquery"];

/// `regconfig`.
const REGCONFIG: TypeId = TypeId(3734);
