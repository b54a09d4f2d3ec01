//! How tables are partitioned, and the bounds of partitions.

use smol_str::SmolStr;

use super::Fold;
use crate::catalog::{Bound, Datum, Partition};
use crate::sql::Ident;
use crate::sql::hir::ddl::{BoundKind, CreateTable, IndexItem, PartitionBound};
use crate::sql::hir::{Expr, ExprId, ExprKind, Literal, QName, TypeName};
use crate::sql::token::{Token, TokenKind, significant};

impl Fold<'_> {
    pub(super) fn partition(&self, table: &CreateTable) -> Partition {
        let by = table.partition_by.as_ref();
        let column = |id: ExprId| match self.exprs.get(id.0 as usize).map(|it| &it.kind) {
            Some(ExprKind::Column(name)) if name.parts.len() == 1 => name.last().map(|it| it.ident.clone()),
            _ => None,
        };
        Partition {
            strategy: by.map(|it| SmolStr::from(it.strategy.ident.as_str())),
            key: by.into_iter().flat_map(|it| &it.items).map(|it| column(it.expr)).collect(),
            named: by
                .into_iter()
                .flat_map(|it| &it.items)
                .filter(|it| column(it.expr).is_none())
                .filter_map(|it| self.expr_text(it.expr))
                .flat_map(|it| words(&it))
                .collect(),
            by: by.map(|it| self.partition_key(&it.items)),
            bound: table.bound.as_ref().map(|it| self.bound(it)),
        }
    }

    fn partition_key(&self, items: &[IndexItem]) -> SmolStr {
        let name = |it: &QName| it.parts.iter().map(|it| it.ident.quoted()).collect::<Vec<_>>().join(".");
        let item = |it: &IndexItem| {
            let expr = self.expr_text(it.expr).unwrap_or_default();
            // What is no name or call stands in parentheses, which may belong to the expression.
            let plain = matches!(
                self.exprs.get(it.expr.0 as usize).map(|it| &it.kind),
                Some(ExprKind::Column(_) | ExprKind::Call(_) | ExprKind::Paren(_))
            );
            let mut res = if plain { expr.to_string() } else { format!("({expr})") };
            if let Some(collation) = &it.collation {
                res.push_str(&format!(" COLLATE {}", name(collation)));
            }
            if let Some(class) = &it.opclass {
                res.push_str(&format!(" {}", name(class)));
            }
            res
        };
        items.iter().map(item).collect::<Vec<_>>().join(", ").into()
    }

    pub(super) fn bound(&self, bound: &PartitionBound) -> Bound {
        bound_of(bound, self.exprs)
    }
}

/// The names in an expression, but for those of functions.
fn words(text: &str) -> Vec<Ident> {
    let tokens = significant(text);
    let name = |idx: usize, it: &Token| {
        let is_name = matches!(it.kind, TokenKind::Word | TokenKind::QuotedIdent { .. });
        let called = tokens.get(idx + 1).is_some_and(|it| it.kind == TokenKind::OpenParen);
        (is_name && !called).then(|| Ident::from_source(it.text(text)))
    };
    tokens.iter().enumerate().filter_map(|(idx, it)| name(idx, it)).collect()
}

/// A bound as written, its constants read.
pub fn bound_of(bound: &PartitionBound, exprs: &[Expr]) -> Bound {
    let all = |ids: &[ExprId]| ids.iter().map(|it| datum(exprs, *it)).collect::<Vec<_>>();
    match &bound.kind {
        BoundKind::Default => Bound::Default,
        BoundKind::In(values) => Bound::List(all(values)),
        BoundKind::Range { from, to } => Bound::Range { from: all(from), to: all(to) },
        BoundKind::Hash(numbers) => {
            let number = |word: &str| numbers.iter().find(|it| it.0.ident.as_str() == word).map(|it| it.1);
            match (number("modulus"), number("remainder")) {
                (Some(modulus), Some(remainder)) => Bound::Hash { modulus, remainder },
                _ => Bound::Unknown,
            }
        }
    }
}

fn datum(exprs: &[Expr], id: ExprId) -> Datum {
    match exprs.get(id.0 as usize).map(|it| &it.kind) {
        Some(ExprKind::Column(name)) if name.parts.len() == 1 => {
            match name.last().map(|it| it.ident.as_str()) {
                Some("minvalue") => Datum::Min,
                Some("maxvalue") => Datum::Max,
                _ => Datum::Unknown,
            }
        }
        Some(ExprKind::Literal(Literal::Null)) => Datum::Null,
        Some(ExprKind::Literal(Literal::String(text))) => Datum::Text(text.as_str().into()),
        Some(ExprKind::Literal(Literal::Integer(text))) => Datum::Text(text.to_string().into()),
        Some(ExprKind::Literal(Literal::Bool(it))) => Datum::Text(it.to_string().into()),
        // `date '2026-01-03'`: the same in every type of time.
        Some(ExprKind::Cast { expr, ty, .. }) if is_date(ty) => match datum(exprs, *expr) {
            Datum::Text(text) if is_day(&text) => Datum::Text(text),
            _ => Datum::Unknown,
        },
        _ => Datum::Unknown,
    }
}

fn is_date(ty: &TypeName) -> bool {
    ty.array_dims == 0 && !ty.of_column && ty.name.last().is_some_and(|it| it.ident.as_str() == "date")
}

/// `YYYY-MM-DD`.
fn is_day(text: &str) -> bool {
    let shape = |(idx, it): (usize, u8)| if matches!(idx, 4 | 7) { it == b'-' } else { it.is_ascii_digit() };
    text.len() == 10 && text.bytes().enumerate().all(shape)
}
