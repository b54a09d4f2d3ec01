//! Views that read themselves.

use super::super::Lower;
use crate::sql::hir::ddl::CreateView;
use crate::sql::hir::{
    Cte, ExprKind, FromItem, QName, Query, QueryBody, Select, StatementKind, Target, With,
};

/// `CREATE RECURSIVE VIEW v (a) AS q` is `CREATE VIEW v (a) AS WITH RECURSIVE v (a) AS (q) SELECT a FROM v`
/// (`makeRecursiveViewSelect`).
pub(super) fn read_itself(lower: &mut Lower<'_>, view: &mut CreateView) {
    let Some(name) = view.name.last().cloned() else { return };
    // Without them the grammar has no such view.
    lower.suspect |= view.columns.is_empty();
    let own = QName { parts: vec![name.clone()] };
    let range = view.query.range;
    let targets = view
        .columns
        .iter()
        .map(|it| {
            let path = QName { parts: vec![it.clone()] };
            let expr = lower.push(it.range, ExprKind::Column(path));
            Target { range: it.range, expr, alias: None }
        })
        .collect();
    let from = FromItem::Relation {
        range: name.range,
        name: own,
        only: false,
        alias: None,
        sample: Vec::new(),
        sample_method: None,
    };
    let select = Select { from: vec![from], ..Select::of(range, targets) };
    let outer = Query::of(range, QueryBody::Select(Box::new(select)));
    let inner = std::mem::replace(&mut *view.query, outer);
    let cte = Cte {
        range,
        name,
        columns: view.columns.clone(),
        body: StatementKind::Query(Box::new(inner)),
        extra_columns: Vec::new(),
        search: None,
        cycle: None,
    };
    view.query.with = Some(With { recursive: true, ctes: vec![cte] });
}
