//! What stands at an offset of a statement.

use crate::base::file::FileId;
use crate::base::text::{TextRange, TextSize, slice};
use crate::catalog::build::Built;
use crate::db::SqlUnit;
use crate::sql::hir::*;

use super::names::{self, Named, Use};
use super::visit::{self, Node};

pub enum Sight {
    Name(Use),
    Expr(ExprId),
    Row,
}

/// Names first; else the operator, call, cast, literal or parameter; else the statement's keyword.
pub fn at(built: &Built, unit: &SqlUnit, file: FileId, offset: TextSize) -> Vec<(TextRange, Sight)> {
    let mut named: Vec<Use> = names::names(built, unit, file)
        .into_iter()
        .filter(|it| it.range.contains_inclusive(offset))
        .collect();
    // A cursor between two tokens means the one behind it.
    if named.iter().any(|it| it.range.contains(offset)) {
        named.retain(|it| it.range.contains(offset));
    }
    if let Some(shortest) = named.iter().map(|it| it.range.len()).min() {
        named.retain(|it| it.range.len() == shortest);
        // What the statement uses says more than that it introduces the name.
        if named.iter().any(|it| matches!(it.named, Named::Global(_))) {
            named.retain(|it| matches!(it.named, Named::Global(_)));
        }
        return named.into_iter().map(|it| (it.range, Sight::Name(it))).collect();
    }
    let stmt = &unit.parsed.hir;
    let hot = stmt.exprs.iter().enumerate().filter_map(|(idx, expr)| {
        let range = hot(stmt, &unit.text, expr)?;
        range.contains_inclusive(offset).then_some((range, ExprId(idx as u32)))
    });
    let best = hot.min_by_key(|(range, _)| (!range.contains(offset), range.len()));
    if let Some((range, id)) = best {
        return vec![(range, Sight::Expr(id))];
    }
    row(unit, offset).map(|it| (it, Sight::Row)).into_iter().collect()
}

/// The bytes of an expression that mean the expression itself, not one of its parts.
fn hot(stmt: &Statement, text: &str, expr: &Expr) -> Option<TextRange> {
    let range = |id: &ExprId| stmt.exprs.get(id.0 as usize).map(|it| it.range);
    match &expr.kind {
        ExprKind::Operator { op, .. }
        | ExprKind::QuantifiedArray { op, .. }
        | ExprKind::QuantifiedQuery { op, .. } => Some(op.range),
        ExprKind::Like { op_range, .. }
        | ExprKind::InList { op_range, .. }
        | ExprKind::InQuery { op_range, .. } => Some(*op_range),
        ExprKind::Call(call) if call.syntax_form => Some(word_at(text, expr.range.start())),
        ExprKind::Call(call) => call.name.last().map(|it| it.range),
        ExprKind::Cast { style: CastStyle::Colons, expr: inner, ty } => {
            let start = range(inner)?.end();
            (start <= ty.range.start()).then(|| TextRange::new(start, ty.range.start()))
        }
        ExprKind::Cast { style: CastStyle::Cast, .. }
        | ExprKind::Coalesce(_)
        | ExprKind::NullIf(..)
        | ExprKind::MinMax { .. }
        | ExprKind::SqlFunction { .. }
        | ExprKind::SqlValue { .. } => Some(word_at(text, expr.range.start())),
        ExprKind::Param(_) | ExprKind::Literal(_) => Some(expr.range),
        ExprKind::Star { .. } => {
            let end = expr.range.end();
            let start = end.checked_sub(TextSize::from(1))?;
            Some(TextRange::new(start.max(expr.range.start()), end))
        }
        ExprKind::Column(name) => name.last().map(|it| it.range).filter(|it| !it.is_empty()),
        _ => None,
    }
}

/// The word that begins at an offset.
pub fn word_at(text: &str, start: TextSize) -> TextRange {
    let rest = text.get(usize::from(start)..).unwrap_or("");
    let len = rest.bytes().take_while(|it| it.is_ascii_alphanumeric() || *it == b'_').count();
    TextRange::at(start, TextSize::from(len as u32))
}

/// The keyword under the offset, if the statement's rows come from it: `SELECT`, `RETURNING`, `WITH`, `VALUES`, ….
fn row(unit: &SqlUnit, offset: TextSize) -> Option<TextRange> {
    let stmt = &unit.parsed.hir;
    if unit.analysis.columns.is_empty() || !unit.is_whole() {
        return None;
    }
    let first = word_at(&unit.text, stmt.range.start());
    if first.contains_inclusive(offset) {
        return Some(first);
    }
    let mut res = None;
    let mut is_outermost = |range: TextRange| {
        if range.contains_inclusive(offset) {
            res = Some(range);
        }
    };
    if let StatementKind::Query(query) = &stmt.kind
        && let QueryBody::Select(select) = &query.body
    {
        is_outermost(word_at(&unit.text, select.range.start()));
    }
    visit::statement(stmt, &mut |node| {
        if let Node::Returning(targets) = node
            && let Some(first) = targets.first()
        {
            let before = slice(&unit.text, TextRange::up_to(first.range.start())).trim_end();
            let start = TextSize::from(before.len().saturating_sub("returning".len()) as u32);
            let word = TextRange::new(start, TextSize::of(before));
            if slice(&unit.text, word).eq_ignore_ascii_case("returning") {
                is_outermost(word);
            }
        }
    });
    res
}
