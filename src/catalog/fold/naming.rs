//! The names PostgreSQL chooses (`ChooseRelationName`, `ChooseConstraintName`, `FigureColname`).

use rustc_hash::FxHashSet;

use super::Fold;
use crate::catalog::QualifiedName;
use crate::sql::Ident;
use crate::sql::hir::{self, ExprId, ExprKind, Query, QueryBody};
use crate::sql::ident::MAX_BYTES;
use crate::sql::token::{TokenKind, significant};

/// `name1_name2_label`, the longer name cut first so that it fits (`makeObjectName`).
pub(super) fn object_name(name1: &str, name2: Option<&str>, label: &str) -> String {
    let overhead = 1 + label.len() + usize::from(name2.is_some());
    let room = MAX_BYTES.saturating_sub(overhead);
    let (mut len1, mut len2) = (name1.len(), name2.map_or(0, str::len));
    while len1 + len2 > room {
        if len1 > len2 { len1 -= 1 } else { len2 -= 1 }
    }
    let mut res = clip(name1, len1).to_owned();
    if let Some(name2) = name2 {
        res.push('_');
        res.push_str(clip(name2, len2));
    }
    res.push('_');
    res.push_str(label);
    res
}

fn clip(name: &str, len: usize) -> &str {
    let mut end = len.min(name.len());
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    &name[..end]
}

/// The part of an index's name that its columns give (`ChooseIndexNameAddition`).
pub(super) fn columns_part(columns: &[String]) -> String {
    let mut res = String::new();
    for column in columns {
        if !res.is_empty() {
            res.push('_');
        }
        res.push_str(column);
        if res.len() > MAX_BYTES {
            break;
        }
    }
    res
}

impl Fold<'_> {
    /// A name in `schema` that no relation, index or constraint has.
    pub(super) fn choose_relation_name(
        &self,
        schema: &Ident,
        name1: &Ident,
        name2: Option<&str>,
        label: &str,
    ) -> Ident {
        self.choose(schema, name1, name2, label, true, &FxHashSet::default())
    }

    /// A name in `schema` that no constraint has, nor one of `others`.
    pub(super) fn choose_constraint_name(
        &self,
        schema: &Ident,
        name1: &Ident,
        name2: Option<&str>,
        label: &str,
        others: &FxHashSet<Ident>,
    ) -> Ident {
        self.choose(schema, name1, name2, label, false, others)
    }

    fn choose(
        &self,
        schema: &Ident,
        name1: &Ident,
        name2: Option<&str>,
        label: &str,
        relations: bool,
        others: &FxHashSet<Ident>,
    ) -> Ident {
        let mut pass = 0;
        loop {
            let numbered = if pass == 0 { label.to_owned() } else { format!("{label}{pass}") };
            let name = Ident::new(object_name(name1.as_str(), name2, &numbered));
            if !others.contains(&name) && !self.is_taken(schema, &name, relations) {
                return name;
            }
            pass += 1;
        }
    }

    fn is_taken(&self, schema: &Ident, name: &Ident, relations: bool) -> bool {
        let key = QualifiedName { schema: schema.clone(), name: name.clone() };
        if relations && self.catalog.relations.contains_key(&key) {
            return true;
        }
        // Relations are sorted by schema.
        let first = QualifiedName { schema: schema.clone(), name: Ident::new("") };
        let all = self.catalog.relations.range(first..).take_while(|(it, _)| it.schema == *schema);
        all.into_iter().any(|(_, it)| {
            let keys = it.primary_key.iter().chain(&it.uniques).any(|it| it.name.as_ref() == Some(name));
            let checks = || it.checks.iter().any(|it| it.name.as_ref() == Some(name));
            let foreign = || it.foreign_keys.iter().any(|it| it.name.as_ref() == Some(name));
            let indexes = || relations && it.indexes.iter().any(|it| it.name.as_ref() == Some(name));
            keys || checks() || foreign() || indexes()
        })
    }

    /// The names that an index's columns get, numbered where they would clash (`ChooseIndexColumnNames`).
    pub(super) fn index_columns(&self, index: &hir::ddl::CreateIndex) -> Vec<String> {
        let items =
            index.items.iter().map(|it| figure_column(self.exprs, it.expr).unwrap_or_else(|| "expr".into()));
        let all: Vec<String> = items.chain(index.include.iter().map(|it| it.ident.to_string())).collect();
        let mut res: Vec<String> = Vec::new();
        for name in all {
            let mut chosen = name.clone();
            let mut pass = 1;
            while res.contains(&chosen) {
                let number = pass.to_string();
                chosen = format!("{}{number}", clip(&name, MAX_BYTES - number.len()));
                pass += 1;
            }
            res.push(chosen);
        }
        res
    }
}

/// The name of a column that is not given one; `None` stands for `?column?` (`FigureColname`).
pub(super) fn figure_column(exprs: &[hir::Expr], expr: ExprId) -> Option<String> {
    strength(exprs, expr, 0).map(|it| it.0)
}

/// With how much it is worth: a cast's type gives way to what is inside.
fn strength(exprs: &[hir::Expr], expr: ExprId, depth: u32) -> Option<(String, u8)> {
    let kind = &exprs.get(expr.0 as usize)?.kind;
    if depth > 200 {
        return None;
    }
    let inner = |expr: ExprId| strength(exprs, expr, depth + 1);
    let fixed = |name: &str| Some((name.to_owned(), 2));
    match kind {
        ExprKind::Column(name) => fixed(name.last()?.ident.as_str()),
        ExprKind::Field { name, .. } => fixed(name.ident.as_str()),
        ExprKind::Subscript { expr, .. } | ExprKind::Collate { expr, .. } | ExprKind::Paren(expr) => {
            inner(*expr)
        }
        ExprKind::Call(call) => fixed(call.name.last()?.ident.as_str()),
        ExprKind::NullIf(..) => fixed("nullif"),
        ExprKind::Cast { expr, ty, .. } => match inner(*expr) {
            Some((name, 2)) => Some((name, 2)),
            _ => Some((ty.name.last()?.ident.to_string(), 1)),
        },
        ExprKind::Grouping(_) => fixed("grouping"),
        ExprKind::Exists(_) => fixed("exists"),
        ExprKind::Array(_) | ExprKind::ArraySubquery(_) => fixed("array"),
        ExprKind::Subquery(query) => first_target(exprs, query, depth),
        ExprKind::Case { else_, .. } => match else_.and_then(inner) {
            Some((name, 2)) => Some((name, 2)),
            _ => Some(("case".into(), 1)),
        },
        ExprKind::Row { .. } => fixed("row"),
        ExprKind::Coalesce(_) => fixed("coalesce"),
        ExprKind::MinMax { greatest, .. } => fixed(if *greatest { "greatest" } else { "least" }),
        ExprKind::SqlValue { name, .. } | ExprKind::SqlFunction { name, .. } => {
            fixed(&name.to_ascii_lowercase())
        }
        _ => None,
    }
}

fn first_target(exprs: &[hir::Expr], query: &Query, depth: u32) -> Option<(String, u8)> {
    match &query.body {
        QueryBody::Select(select) => {
            let target = select.targets.first()?;
            match &target.alias {
                Some(alias) => Some((alias.ident.to_string(), 2)),
                None => strength(exprs, target.expr, depth + 1),
            }
        }
        QueryBody::SetOp { left, .. } if depth < 200 => first_target(exprs, left, depth + 1),
        QueryBody::Nested(inner) if depth < 200 => first_target(exprs, inner, depth + 1),
        QueryBody::Values { .. } => Some(("column1".into(), 2)),
        _ => None,
    }
}

/// Whether a SQL text speaks of an identifier.
pub fn mentions(text: &str, name: &Ident) -> bool {
    significant(text).iter().any(|it| is_name(it.kind) && Ident::from_source(it.text(text)) == *name)
}

/// The text with one identifier replaced; not where a function of that name is called.
pub(super) fn replace_name(text: &str, from: &Ident, to: &Ident) -> String {
    let tokens = significant(text);
    let mut res = String::new();
    let mut copied = 0;
    for (idx, token) in tokens.iter().enumerate() {
        let called = tokens.get(idx + 1).is_some_and(|it| it.kind == TokenKind::OpenParen);
        if !is_name(token.kind) || called || Ident::from_source(token.text(text)) != *from {
            continue;
        }
        res.push_str(text.get(copied..token.range.start().into()).unwrap_or(""));
        res.push_str(&to.quoted());
        copied = token.range.end().into();
    }
    res.push_str(text.get(copied..).unwrap_or(""));
    res
}

fn is_name(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Word | TokenKind::QuotedIdent { .. })
}
