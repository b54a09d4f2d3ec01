//! Bodies in SQL, between quotes.

use std::sync::Arc;

use crate::base::text::{TextRange, TextSize, slice};
use crate::catalog::Catalog;
use crate::sema::{Analysis, Problem, analyze, code};
use crate::sql::hir::ddl::{CreateFunction, ViewKind};
use crate::sql::hir::{Ddl, Expr, ExprId, ExprKind, QueryBody, Statement, StatementKind, WrapperKind};
use crate::sql::split::{PieceKind, split};
use crate::sql::{Dialect, parse_statement};
use crate::ts::hir::LiteralMap;

use super::{Body, Env, Language, Piece, result, routine};

pub fn read(
    catalog: &Catalog,
    statement: &Statement,
    create: &CreateFunction,
    body: &str,
    map: LiteralMap,
) -> Body {
    let env = Arc::new(routine::sql_env(catalog, statement, create));
    let seen = env.catalog(catalog);
    // What a parameter is of, only a call decides: such a body is only parsed.
    let polymorphic = routine::has_polymorphic(catalog, statement, create);
    let mut pieces = Vec::new();
    for found in split(body, Dialect::Postgres) {
        if found.kind != PieceKind::Sql {
            continue;
        }
        let text: Arc<str> = slice(body, found.range).into();
        let parsed = Arc::new(parse_statement(&text, Dialect::Postgres));
        let analysis = match is_analysed(&parsed.hir.kind) && !polymorphic {
            true => check(&env, &seen, &parsed.hir, &text),
            false => Analysis::default(),
        };
        pieces.push(Piece {
            text,
            wrapper: TextSize::default(),
            range: found.range,
            parsed,
            analysis: Arc::new(analysis),
            env: Arc::clone(&env),
        });
    }
    if !polymorphic {
        returns(&seen, statement, create, &mut pieces);
    }
    // A body without a statement returns nothing.
    if pieces.is_empty()
        && !polymorphic
        && let Some(declared) = routine::declared(&seen, statement, create)
        && let Some(found) = result::mismatch(&seen, &declared, None)
    {
        let at = TextRange::default();
        let analysis = Analysis { problems: vec![problem(found, at)], ..Analysis::default() };
        pieces.push(Piece {
            text: "".into(),
            wrapper: TextSize::default(),
            range: at,
            parsed: Arc::new(parse_statement("", Dialect::Postgres)),
            analysis: Arc::new(analysis),
            env: Arc::clone(&env),
        });
    }
    let len = TextSize::of(body);
    Body { language: Language::Sql, at_once: false, map, len, pieces }
}

/// Parse analysis looks into queries, and into the utility statements that hold one (`transformStmt`).
fn is_analysed(kind: &StatementKind) -> bool {
    match kind {
        StatementKind::Query(_)
        | StatementKind::Insert(_)
        | StatementKind::Update(_)
        | StatementKind::Delete(_)
        | StatementKind::Merge(_) => true,
        StatementKind::Wrapped { kind, .. } => {
            matches!(kind, WrapperKind::Explain | WrapperKind::DeclareCursor | WrapperKind::Call)
        }
        StatementKind::Ddl(ddl) => matches!(&**ddl, Ddl::CreateView(it) if it.kind != ViewKind::View),
        StatementKind::Session(_) | StatementKind::Other(_) => false,
    }
}

/// Analyses with parameters that are all there is: `$n` beyond them is refused.
pub fn check(env: &Env, catalog: &Catalog, hir: &Statement, text: &str) -> Analysis {
    let mut res = analyze(env.context(catalog), hir, text);
    bound_params(hir, env.params.len(), &mut res);
    res
}

/// `fixed_paramref_hook`: parameters that the routine does not have.
pub fn bound_params(hir: &Statement, n_params: usize, analysis: &mut Analysis) {
    analysis
        .problems
        .retain(|it| it.code != code::INDETERMINATE_DATATYPE || !it.message.contains("parameter $"));
    analysis.params.truncate(n_params);
    for expr in &hir.exprs {
        let ExprKind::Param(number) = expr.kind else { continue };
        if number as usize <= n_params || number == 0 {
            continue;
        }
        analysis.problems.push(Problem {
            code: code::UNDEFINED_PARAMETER,
            range: expr.range,
            message: format!("there is no parameter ${number}"),
            hint: None,
            related: Vec::new(),
            fixes: Vec::new(),
        });
    }
    analysis.problems.sort_by_key(|it| (it.range.start(), it.range.end()));
}

/// 42P13 for the last statement's row.
fn returns(catalog: &Catalog, statement: &Statement, create: &CreateFunction, pieces: &mut [Piece]) {
    let broken = |it: &Piece| it.parsed.error.is_some() || !it.analysis.problems.is_empty();
    if pieces.iter().any(broken) {
        return;
    }
    let Some(declared) = routine::declared(catalog, statement, create) else { return };
    let Some(last) = pieces.last_mut() else { return };
    if last.analysis.columns_open {
        return;
    }
    let found = result::mismatch(catalog, &declared, Some((&last.parsed.hir.kind, &last.analysis.columns)));
    let Some(found) = found else { return };
    let target = found.column.and_then(|idx| target_range(&last.parsed.hir, idx));
    let range = target.unwrap_or(last.parsed.hir.range);
    Arc::make_mut(&mut last.analysis).problems.push(problem(found, range));
}

pub fn problem(found: result::Mismatch, range: TextRange) -> Problem {
    Problem {
        code: code::INVALID_FUNCTION_DEFINITION,
        range,
        message: found.message,
        hint: Some(found.detail),
        related: Vec::new(),
        fixes: Vec::new(),
    }
}

/// The item of the target list that makes a column, where items and columns go together.
pub fn target_range(hir: &Statement, idx: usize) -> Option<TextRange> {
    target_of(&hir.kind, &hir.exprs, idx)
}

/// The same for a part of a statement.
pub fn target_of(kind: &StatementKind, exprs: &[Expr], idx: usize) -> Option<TextRange> {
    let targets = match kind {
        StatementKind::Query(it) => match &it.body {
            QueryBody::Select(it) => &it.targets,
            _ => return None,
        },
        StatementKind::Insert(it) => &it.returning,
        StatementKind::Update(it) => &it.returning,
        StatementKind::Delete(it) => &it.returning,
        StatementKind::Merge(it) => &it.returning,
        _ => return None,
    };
    let is_star = |id: ExprId| {
        let kind = exprs.get(id.0 as usize).map(|it| &it.kind);
        matches!(kind, Some(ExprKind::Star { .. } | ExprKind::FieldStar(_)) | None)
    };
    let known = !targets.iter().any(|it| is_star(it.expr));
    known.then(|| targets.get(idx).map(|it| it.range)).flatten()
}
