//! Queries: what they select from, and their parts in the order of the text.

use super::{Picture, alias, dotted, names, relation};
use crate::sql::hir::{Distinct, FromItem, GroupItem, JoinKind, Query, QueryBody, SetOp, Target, With};

impl Picture<'_> {
    pub(super) fn from(&self, item: &FromItem) -> String {
        let word = |lateral: bool| if lateral { "lateral " } else { "" };
        match item {
            FromItem::Relation { name, only, alias: it, sample, .. } => {
                let res = format!("{}{}", relation(name, *only), alias(it));
                if sample.is_empty() { res } else { format!("(sample {res}{})", self.exprs(sample)) }
            }
            FromItem::Query { lateral, query, alias: it, .. } => {
                format!("({}{}{})", word(*lateral), self.query(query), alias(it))
            }
            FromItem::Function(it) => {
                let calls: String = it
                    .calls
                    .iter()
                    .map(|(call, own)| format!(" {}{}", self.expr(*call), self.definitions(own)))
                    .collect();
                let ordinality = if it.ordinality { " ordinality" } else { "" };
                let tail = format!("{}{}", alias(&it.alias), self.definitions(&it.definitions));
                format!("({}from{calls}{ordinality}{tail})", word(it.lateral))
            }
            FromItem::Join(it) => {
                let kind = match it.kind {
                    JoinKind::Inner | JoinKind::Cross => "inner",
                    JoinKind::Left => "left",
                    JoinKind::Right => "right",
                    JoinKind::Full => "full",
                };
                let natural = if it.natural { "natural " } else { "" };
                let mut res = format!("({natural}{kind} {} {}", self.from(&it.left), self.from(&it.right));
                if let Some(on) = it.on {
                    res += &format!(" on {}", self.expr(on));
                }
                if !it.using.is_empty() {
                    res += &format!(" using {}", names(&it.using));
                }
                if let Some(name) = &it.using_alias {
                    res += &format!(" using-as {}", name.ident);
                }
                format!("{res}{})", alias(&it.alias))
            }
            FromItem::Table(it) => {
                let columns: String = it
                    .columns
                    .iter()
                    .map(|(name, ty)| {
                        format!(" {}:{}", name.ident, ty.as_ref().map_or("#".into(), |it| self.ty(it)))
                    })
                    .collect();
                format!("({}table{columns}{})", word(it.lateral), alias(&it.alias))
            }
            FromItem::Missing(_) => "MISSING".into(),
        }
    }

    pub(super) fn targets(&self, list: &[Target]) -> String {
        list.iter()
            .map(|it| {
                let name = it.alias.as_ref().map_or(String::new(), |it| format!(" as {}", it.ident));
                format!(" {}{name};", self.expr(it.expr))
            })
            .collect()
    }

    pub(super) fn with(&self, with: &Option<With>) -> String {
        let Some(with) = with else { return String::new() };
        let mut res = String::from(if with.recursive { "(with-recursive" } else { "(with" });
        for it in &with.ctes {
            res += &format!(" {}({}) {}", it.name.ident, names(&it.columns), self.statement(&it.body));
            for it in &it.extra_columns {
                res += &format!(" +{}", it.ident);
            }
        }
        res + ") "
    }

    pub(super) fn group(&self, item: &GroupItem) -> String {
        let many = |word: &str, list: &[GroupItem]| {
            let list: String = list.iter().map(|it| format!(" {}", self.group(it))).collect();
            format!("({word}{list})")
        };
        match item {
            GroupItem::Expr(it) => self.expr(*it),
            GroupItem::Empty => "(empty)".into(),
            GroupItem::Rollup(list) => many("rollup", list),
            GroupItem::Cube(list) => many("cube", list),
            GroupItem::Sets(list) => many("sets", list),
        }
    }

    pub fn query(&self, query: &Query) -> String {
        // Parentheses around a query leave no trace in PostgreSQL's tree: their clauses are one.
        let mut layers = vec![query];
        let mut inner = query;
        while let QueryBody::Nested(next) = &inner.body {
            layers.push(next);
            inner = next;
        }
        let with = layers.iter().find(|it| it.with.is_some()).map_or(&None, |it| &it.with);
        let mut res = self.with(with);
        res += &match &inner.body {
            QueryBody::Select(it) => {
                let mut res = String::from("(select");
                res += &match &it.distinct {
                    Distinct::No => String::new(),
                    Distinct::All => " distinct[]".into(),
                    Distinct::On(list) => format!(" distinct[{}]", self.exprs(list)),
                };
                res += &self.targets(&it.targets);
                if let Some(into) = &it.into {
                    res += &format!(" into {}", dotted(into));
                }
                for item in &it.from {
                    res += &format!(" from {}", self.from(item));
                }
                if let Some(where_) = it.where_ {
                    res += &format!(" where {}", self.expr(where_));
                }
                for item in &it.group_by {
                    res += &format!(" group {}", self.group(item));
                }
                if let Some(having) = it.having {
                    res += &format!(" having {}", self.expr(having));
                }
                for (name, window) in &it.windows {
                    res += &format!(" window {} {}", name.ident, self.window(window));
                }
                res + ")"
            }
            QueryBody::Values { rows, .. } => {
                let rows: String = rows.iter().map(|it| format!(" ({})", self.exprs(it))).collect();
                format!("(values{rows})")
            }
            QueryBody::Table(name) => format!("(select (star ); from {})", dotted(name)),
            QueryBody::SetOp { op, all, left, right, .. } => {
                let word = match op {
                    SetOp::Union => "union",
                    SetOp::Intersect => "intersect",
                    SetOp::Except => "except",
                };
                let all = if *all { "-all" } else { "" };
                format!("({word}{all} {} {})", self.query(left), self.query(right))
            }
            QueryBody::Nested(_) | QueryBody::Execute(_) | QueryBody::Missing => "MISSING".into(),
        };
        if let Some(it) = layers.iter().find(|it| !it.order_by.is_empty()) {
            res += &format!(" order{}", self.order(&it.order_by));
        }
        let limit = layers.iter().find_map(|it| it.limit).map(|it| self.expr(it)).filter(|it| it != "null");
        if let Some(limit) = limit {
            res += &format!(" limit {limit}");
        }
        let offset = layers.iter().find_map(|it| it.offset).map(|it| self.expr(it)).filter(|it| it != "null");
        if let Some(offset) = offset {
            res += &format!(" offset {offset}");
        }
        for it in layers.iter().rev().flat_map(|it| &it.locking) {
            let of: Vec<String> = it.of.iter().map(dotted).collect();
            res += &format!(" lock({})", of.join(","));
        }
        res
    }
}
