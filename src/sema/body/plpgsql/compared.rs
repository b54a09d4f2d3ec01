//! `CASE operand WHEN value`: PL/pgSQL keeps the operand in a variable and asks `variable IN (value)`
//! (`make_case` of pl_gram.y).

use crate::base::text::{TextRange, TextSize, slice};
use crate::catalog::Catalog;
use crate::sema::{Analysis, Problem};
use crate::sql::plpgsql::program::{Piece, PieceKind, Program};
use crate::sql::{Dialect, parse_statement};

use super::super::{Env, sql};

/// What is found only in both together.
pub(super) fn check(
    catalog: &Catalog,
    env: &Env,
    program: &Program,
    body: &str,
    piece: &Piece,
    analysis: &mut Analysis,
) {
    if piece.kind != PieceKind::Expression || !analysis.problems.is_empty() {
        return;
    }
    let Some((operand, value)) = program.cases.iter().find(|it| it.1 == piece.range) else { return };
    let head = format!("SELECT ({}) IN (", slice(body, *operand));
    let text = format!("{head}{})", slice(body, *value));
    let parsed = parse_statement(&text, Dialect::Postgres);
    if parsed.error.is_some() {
        return;
    }
    let from = TextSize::of(head.as_str());
    let inside = TextRange::at(from, value.len());
    let wrapper = TextSize::of("SELECT ");
    let behind = TextSize::of("SELECT (") + operand.len();
    let found = sql::check(env, catalog, &parsed.hir, &text).problems;
    analysis.problems.extend(found.into_iter().filter_map(|it| {
        let range = match inside.contains_range(it.range) {
            true => it.range - from + wrapper,
            // The two do not fit: the place is between them.
            false if it.range.start() >= behind => TextRange::at(wrapper, value.len()),
            // Told of the operand itself.
            false => return None,
        };
        Some(Problem { range, related: Vec::new(), fixes: Vec::new(), ..it })
    }));
}
