//! The fields of a variable of type `record`: it has those of the row that it was last given. Which of the rows that
//! was, only a run tells; a field that none of them has is missing whatever runs (`exec_eval_datum` of pl_exec.c).

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::base::text::{TextRange, slice};
use crate::catalog::{Catalog, QualifiedName};
use crate::sql::hir::ddl::CreateFunction;
use crate::sql::plpgsql::program::{DeclaredType, Piece, PieceKind, Program, sql_of};
use crate::sql::token::{TokenKind, significant};
use crate::sql::{Dialect, Ident, parse_statement};

use super::super::{Env, sql};

/// The names of the columns of all tables for which triggers call the function: NEW and OLD are rows of one of them.
/// `None`: nothing calls it, or not all that does is known.
pub fn of_triggers(catalog: &Catalog, create: &CreateFunction) -> Option<Arc<[Ident]>> {
    if catalog.gaps.policies || catalog.gaps.relations {
        return None;
    }
    let name = &create.name.last()?.ident;
    let schema = create.name.schema().map(|it| &it.ident).or_else(|| catalog.search_path.first())?;
    let mut res = BTreeSet::new();
    for relation in catalog.relations.values() {
        let calls = |it: &QualifiedName| it.name == *name && it.schema == *schema;
        if !relation.trigger_functions.iter().any(|it| calls(&it.1)) {
            continue;
        }
        if relation.open {
            return None;
        }
        res.extend(relation.columns.iter().map(|it| it.name.clone()));
    }
    (!res.is_empty()).then(|| res.into_iter().collect())
}

/// Tells each scope the fields of the records that it sees.
pub fn learn(catalog: &Catalog, program: &Program, body: &str, envs: &mut [Arc<Env>]) {
    if !program.whole {
        return;
    }
    let names: Vec<(&Ident, TextRange, bool, bool)> = program
        .scopes
        .iter()
        .flat_map(|it| &it.variables)
        .map(|it| {
            let written = match it.ty {
                DeclaredType::Written(at) => slice(body, at).trim().eq_ignore_ascii_case("record"),
                _ => false,
            };
            (&it.name, it.range, written || it.ty == DeclaredType::Unknown, written)
        })
        .collect();
    for (idx, (name, declared, record, written)) in names.iter().enumerate() {
        let alone = names.iter().enumerate().all(|(other, it)| other == idx || it.0 != *name);
        if !record || !alone {
            continue;
        }
        // One that nothing is ever assigned to has no fields at all.
        let Some(rows) = rows(program, body, name, *declared) else { continue };
        if rows.is_empty() && !written {
            continue;
        }
        let Some(fields) = fields(catalog, body, envs, &rows) else { continue };
        let fields: Arc<[Ident]> = fields.into_iter().collect();
        for env in envs.iter_mut() {
            let hidden = env.variables.iter().filter(|it| it.name == **name).count() != 1;
            if hidden {
                continue;
            }
            let found = Arc::make_mut(env).variables.iter_mut().find(|it| it.name == **name);
            if let Some(variable) = found {
                variable.fields = Some(Arc::clone(&fields));
            }
        }
    }
}

/// The queries whose rows a record takes; `None`: it may take others, too.
fn rows<'a>(program: &'a Program, body: &str, name: &Ident, declared: TextRange) -> Option<Vec<&'a Piece>> {
    let gives = |it: &&Piece| {
        let row = matches!(it.kind, PieceKind::Query | PieceKind::Statement);
        row && it.assigned.is_some_and(|at| Ident::from_source(slice(body, at)) == *name)
    };
    let named = |at: TextRange| Ident::from_source(slice(body, at));
    let mut rows: Vec<&Piece> = program.pieces.iter().filter(gives).collect();
    // Those of cursors are the rows of their queries, where one declaration has the name.
    let walks: Vec<_> = program.walks.iter().filter(|it| named(it.0) == *name).collect();
    for (_, cursor) in &walks {
        let mut declared =
            program.scopes.iter().flat_map(|it| &it.variables).filter(|it| it.name == named(*cursor));
        let (declared, other) = (declared.next()?, declared.next());
        let query = program.cursors.iter().find(|it| it.0 == declared.range).filter(|_| other.is_none())?.1;
        rows.extend(program.pieces.iter().filter(|it| it.range == query));
    }
    let reads = |at: TextRange| {
        let inside =
            |it: &Piece| it.range.contains_range(at) && !it.blank.iter().any(|it| it.contains_range(at));
        let called = |it: &Piece| {
            slice(body, it.range).trim_start().get(..4).is_some_and(|it| it.eq_ignore_ascii_case("call"))
        };
        program.pieces.iter().any(|it| inside(it) && !called(it))
    };
    let tokens = significant(body);
    for (idx, token) in tokens.iter().enumerate() {
        let word = matches!(token.kind, TokenKind::Word | TokenKind::QuotedIdent { .. });
        if !word || Ident::from_source(token.text(body)) != *name || token.range == declared {
            continue;
        }
        let counted = rows.iter().any(|it| it.assigned == Some(token.range))
            || walks.iter().any(|it| it.0 == token.range);
        let field = tokens.get(idx + 1).is_some_and(|it| it.kind == TokenKind::Dot);
        if !counted && !field && !reads(token.range) {
            return None;
        }
    }
    Some(rows)
}

fn fields(catalog: &Catalog, body: &str, envs: &[Arc<Env>], rows: &[&Piece]) -> Option<BTreeSet<Ident>> {
    let mut res = BTreeSet::new();
    for piece in rows {
        let (text, _) = sql_of(body, piece)?;
        let env = envs.get(piece.scope)?;
        let parsed = parse_statement(&text, Dialect::Postgres);
        if parsed.error.is_some() {
            return None;
        }
        let analysis = sql::check(env, catalog, &parsed.hir, &text);
        if analysis.columns_open || !analysis.problems.is_empty() || analysis.columns.is_empty() {
            return None;
        }
        res.extend(analysis.columns.into_iter().map(|it| it.name));
    }
    Some(res)
}
