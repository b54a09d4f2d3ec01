//! Views, materialized views, and tables made of queries.

use super::index::with_options;
use super::naming::figure_column;
use super::{Fold, empty_column, empty_relation};
use crate::base::text::{TextRange, slice};
use crate::catalog::{Collation, Column, QualifiedName, RelationKind, Type, lookup, types};
use crate::sql::Ident;
use crate::sql::hir::ddl::{CreateView, ViewKind};
use crate::sql::hir::{
    self, Call, ExprKind, FromItem, Literal, QName, Query, QueryBody, Select, Statement, StatementKind,
};

impl<'a> Fold<'a> {
    pub(super) fn create_view(&mut self, view: &CreateView) {
        let Some(name) = self.new_name(&view.name, self.is_temporary(view)) else {
            self.catalog.gaps.relations |= view.name.is_dynamic();
            return;
        };
        let kind = match view.kind {
            ViewKind::View => RelationKind::View,
            ViewKind::Materialized => RelationKind::MaterializedView,
            ViewKind::Table => RelationKind::Table,
        };
        let range = view.name.last().map_or_else(Default::default, |it| it.range);
        let origin = self.origin(range);
        let aliases: Vec<Ident> = view.columns.iter().map(|it| it.ident.clone()).collect();
        let text = (kind != RelationKind::Table).then_some(view.query_range);
        if view.temporary && kind == RelationKind::Table && !view.if_not_exists {
            // An earlier one was made ON COMMIT DROP.
            self.drop_relation(&name, true);
        }
        self.relation_of_query(name.clone(), kind, &view.query, &aliases, text, range, view.or_replace);
        let options = with_options(&view.options);
        let check = view.check_option.map(|it| slice(self.text, it).into());
        let Some(made) = self.relation_mut(&name).filter(|it| it.origin == origin) else { return };
        if made.kind != RelationKind::Table && (!aliases.is_empty() || options.is_some() || check.is_some()) {
            let details = std::sync::Arc::make_mut(&mut made.details);
            details.named_columns = !aliases.is_empty();
            (details.view_options, details.check_option) = (options, check);
        }
    }

    /// A view of temporary tables is temporary by itself (`isQueryUsingTempRelation`).
    pub(super) fn is_temporary(&self, view: &CreateView) -> bool {
        let reads_temporary = || {
            let text = slice(self.text, view.query_range);
            let temporary = |it: &&QualifiedName| it.schema.as_str() == crate::catalog::lookup::TEMP_SCHEMA;
            let mut all = self.catalog.relations.keys().filter(temporary);
            all.any(|it| super::drop::reads(text, it))
        };
        view.temporary || view.kind == ViewKind::View && view.name.schema().is_none() && reads_temporary()
    }

    /// `SELECT … INTO`, and the few functions that change the session.
    pub(super) fn query(&mut self, query: &'a Query) {
        self.catalog.gaps.relations |= self.calls_maker();
        let Some(select) = leftmost(query, 0) else { return };
        if let Some(into) = &select.into {
            if let Some(name) = self.new_name(into, false) {
                let range = into.last().map_or_else(Default::default, |it| it.range);
                self.relation_of_query(name, RelationKind::Table, query, &[], None, range, false);
            }
            return;
        }
        for target in &select.targets {
            if let Some(ExprKind::Call(call)) = self.exprs.get(target.expr.0 as usize).map(|it| &it.kind) {
                self.call(call);
            }
        }
    }

    /// `set_config('search_path', '', false)`, the first line of every pg_dump.
    fn call(&mut self, call: &Call) {
        let is_config = call.name.last().is_some_and(|it| it.ident.as_str() == "set_config");
        let [name, value, ..] = call.args.as_slice() else { return };
        let text = |it: &hir::Arg| match self.exprs.get(it.value.0 as usize).map(|it| &it.kind) {
            Some(ExprKind::Literal(Literal::String(text))) => Some(text.clone()),
            _ => None,
        };
        if !is_config || text(name).as_deref() != Some("search_path") {
            return;
        }
        let Some(path) = text(value) else { return };
        let names = path.split(',').map(|it| Ident::from_source(it.trim()));
        self.catalog.search_path = names.filter(|it| !matches!(it.as_str(), "" | "$user")).collect();
    }

    #[allow(clippy::too_many_arguments)]
    fn relation_of_query(
        &mut self,
        name: QualifiedName,
        kind: RelationKind,
        query: &Query,
        aliases: &[Ident],
        definition: Option<TextRange>,
        range: TextRange,
        replace: bool,
    ) {
        let origin = self.origin(range);
        if let Some(existing) = self.relation_mut(&name)
            && !(replace && existing.kind == kind)
        {
            existing.also.push(origin);
            return;
        }
        let mut relation = empty_relation(&name, kind, origin);
        let columns = self.inferred(query).or_else(|| self.named(query));
        match columns {
            Some(columns) => {
                for (idx, mut column) in columns.into_iter().enumerate() {
                    if let Some(alias) = aliases.get(idx) {
                        column.name = alias.clone();
                    }
                    column.origin = origin;
                    relation.columns.push(column);
                }
            }
            None => {
                // At least the names that are written are columns.
                relation.open = true;
                relation.columns = aliases.iter().map(|it| empty_column(it.clone(), origin)).collect();
            }
        }
        relation.definition = definition.map(|it| slice(self.text, it).into());
        relation.unpopulated = kind == RelationKind::MaterializedView && ends_without_data(self.text);
        if let Some(old) = self.relation(&name) {
            relation.comment = old.comment.clone();
            relation.triggers = old.triggers.clone();
        }
        self.insert(relation);
    }

    /// What the higher room says.
    fn inferred(&self, query: &Query) -> Option<Vec<Column>> {
        let infer = self.infer?;
        let mut query = query.clone();
        without_into(&mut query, 0);
        let statement = Statement {
            range: query.range,
            kind: StatementKind::Query(Box::new(query)),
            exprs: self.exprs.to_vec(),
            utility: None,
        };
        let columns = infer.query_columns(self.catalog, &statement, self.text)?;
        let column = |(name, ty, collation)| {
            let collation = match collation {
                // PostgreSQL makes no such view.
                Collation::Indeterminate => Collation::Unknown,
                other => other,
            };
            Column { collation, ..self.typed(name, ty) }
        };
        Some(columns.into_iter().map(column).collect())
    }

    fn typed(&self, name: Ident, ty: Option<Type>) -> Column {
        let mut res = empty_column(name, crate::catalog::Origin::Builtin);
        res.ty = ty;
        res.collation = Collation::Unknown;
        if let Some(ty) = ty {
            res.type_text = types::format_type(self.catalog, ty).into();
        }
        res
    }

    /// The columns' names alone, where the select list tells them.
    fn named(&self, query: &Query) -> Option<Vec<Column>> {
        self.names(query, 0)
    }

    fn names(&self, query: &Query, depth: u32) -> Option<Vec<Column>> {
        if depth > 100 {
            return None;
        }
        match &query.body {
            QueryBody::Select(select) => {
                let mut res = Vec::new();
                for target in &select.targets {
                    if let (None, Some(ExprKind::Star { qualifier })) =
                        (&target.alias, self.exprs.get(target.expr.0 as usize).map(|it| &it.kind))
                    {
                        // A CTE of that name would hide the table.
                        if query.with.is_some() {
                            return None;
                        }
                        res.extend(self.star(select, qualifier)?);
                        continue;
                    }
                    let name = match &target.alias {
                        Some(alias) => alias.ident.clone(),
                        None => Ident::new(
                            figure_column(self.exprs, target.expr).unwrap_or_else(|| "?column?".into()),
                        ),
                    };
                    res.push(self.typed(name, None));
                }
                Some(res)
            }
            QueryBody::Values { rows, .. } => {
                let n_columns = rows.first()?.len();
                Some((1..=n_columns).map(|it| self.typed(Ident::new(format!("column{it}")), None)).collect())
            }
            QueryBody::Table(name) => self.columns_of(name),
            QueryBody::SetOp { left, .. } => self.names(left, depth + 1),
            QueryBody::Nested(inner) => self.names(inner, depth + 1),
            QueryBody::Execute(_) | QueryBody::Missing => None,
        }
    }

    /// `*` and `t.*` over plain tables.
    fn star(&self, select: &Select, qualifier: &QName) -> Option<Vec<Column>> {
        let mut res = Vec::new();
        let mut found = qualifier.parts.is_empty();
        for item in &select.from {
            found |= self.star_item(item, qualifier, &mut res, 0)?;
        }
        found.then_some(res)
    }

    fn star_item(
        &self,
        item: &FromItem,
        qualifier: &QName,
        acc: &mut Vec<Column>,
        depth: u32,
    ) -> Option<bool> {
        match item {
            FromItem::Relation { name, alias, .. } => {
                let own = match alias {
                    Some(alias) => &alias.name.ident,
                    None => &name.last()?.ident,
                };
                let wanted = match qualifier.parts.as_slice() {
                    [] => true,
                    [one] => one.ident == *own,
                    // `schema.table.*`: rare, and not worth the rules.
                    _ => return None,
                };
                if wanted {
                    let renamed = alias.as_ref().map(|it| it.columns.as_slice()).unwrap_or_default();
                    for (idx, mut column) in self.columns_of(name)?.into_iter().enumerate() {
                        if let Some(name) = renamed.get(idx) {
                            column.name = name.ident.clone();
                        }
                        acc.push(column);
                    }
                }
                Some(wanted)
            }
            FromItem::Join(join)
                if !join.natural && join.using.is_empty() && join.alias.is_none() && depth < 100 =>
            {
                let left = self.star_item(&join.left, qualifier, acc, depth + 1)?;
                let right = self.star_item(&join.right, qualifier, acc, depth + 1)?;
                Some(left || right)
            }
            FromItem::Query { alias: Some(alias), .. } if !qualifier.parts.is_empty() => {
                if qualifier.last().is_some_and(|it| it.ident == alias.name.ident) {
                    None
                } else {
                    Some(false)
                }
            }
            _ => None,
        }
    }

    fn columns_of(&self, name: &QName) -> Option<Vec<Column>> {
        let schema = name.schema().map(|it| &it.ident);
        match lookup::relation(self.catalog, schema, &name.last()?.ident) {
            lookup::Lookup::Found(it) if !it.open => {
                Some(it.columns.iter().map(|it| self.typed(it.name.clone(), it.ty)).collect())
            }
            _ => None,
        }
    }
}

/// `… WITH NO DATA`.
fn ends_without_data(text: &str) -> bool {
    let tokens = crate::sql::token::significant(text);
    let mut last = tokens.iter().rev().filter(|it| it.text(text) != ";");
    ["data", "no", "with"].iter().all(|word| last.next().is_some_and(|it| it.is_word(text, word)))
}

/// The SELECT whose list names the columns of a query.
fn leftmost(query: &Query, depth: u32) -> Option<&Select> {
    match &query.body {
        QueryBody::Select(select) => Some(select),
        QueryBody::SetOp { left, .. } if depth < 100 => leftmost(left, depth + 1),
        QueryBody::Nested(inner) if depth < 100 => leftmost(inner, depth + 1),
        _ => None,
    }
}

/// The query that `SELECT … INTO` runs.
fn without_into(query: &mut Query, depth: u32) {
    match &mut query.body {
        QueryBody::Select(select) => select.into = None,
        QueryBody::SetOp { left, .. } if depth < 100 => without_into(left, depth + 1),
        QueryBody::Nested(inner) if depth < 100 => without_into(inner, depth + 1),
        _ => {}
    }
}
