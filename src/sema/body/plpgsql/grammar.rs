//! What PL/pgSQL itself refuses when a function is made (`pl_gram.y`, `pl_comp.c`): its grammar, names that are no
//! variables, RETURN in the wrong kind of function.

use std::sync::Arc;

use crate::base::text::{TextRange, TextSize, slice};
use crate::catalog::{Catalog, pg};
use crate::sema::{Analysis, Problem, code};
use crate::sql::hir::ddl::ParamMode;
use crate::sql::plpgsql::program::{self, Program, Return, Returned, Walker};
use crate::sql::{Dialect, Ident, parse_statement};

use super::super::{Env, Piece};
use super::{Made, copied, cursors, target};

/// The first refusal of a body, with its place in the body.
pub(super) fn refused(
    catalog: &Catalog,
    program: &Program,
    envs: &[Arc<Env>],
    body: &str,
    made: &Made<'_>,
) -> Option<Problem> {
    let mut all: Vec<Problem> = Vec::new();
    for (at, message) in &program.errors {
        all.push(problem(code::SYNTAX_ERROR, *at, message.clone()));
    }
    // The reader has lost its way behind a first error.
    let sure =
        |at: TextRange| program.whole || program.errors.first().is_some_and(|it| at.end() <= it.0.start());
    for scope in &program.scopes {
        for (idx, declared) in scope.variables.iter().enumerate() {
            let twice = scope.variables.iter().take(idx).any(|it| it.name == declared.name);
            if twice && sure(declared.range) {
                let message = format!("duplicate declaration at or near \"{}\"", slice(body, declared.range));
                all.push(problem(code::SYNTAX_ERROR, declared.range, message));
            }
        }
    }
    for target in program.targets.iter().filter(|it| sure(it.name)) {
        let at = target.name;
        let name = Ident::from_source(slice(body, at));
        let Some(env) = envs.get(target.scope) else { continue };
        let known = env.variables.iter().any(|it| it.name == name || it.owner.as_ref() == Some(&name))
            || labels(program, target.scope).any(|it| *it == name);
        if !known {
            let message = format!("\"{}\" is not a known variable", slice(body, at));
            all.push(problem(code::SYNTAX_ERROR, at, message));
        } else if target::is_unknown(catalog, env, body, target) {
            let message = format!("\"{}\" is not a known variable", slice(body, target.path));
            all.push(problem(code::SYNTAX_ERROR, target.path, message));
        } else if declared(program, target.scope, &name)
            .is_some_and(|it| program.constants.contains(&it.range))
        {
            // `check_assignable`.
            let message = format!("variable \"{name}\" is declared CONSTANT");
            all.push(problem(code::ERROR_IN_ASSIGNMENT, at, message));
        }
    }
    for it in &program.returns {
        if let Some((code, at, message)) = misreturned(made, it, body).filter(|_| sure(it.behind)) {
            all.push(problem(code, at, message));
        }
    }
    let owner = match made {
        Made::Function(_, create) => create.name.last().map(|it| it.ident.clone()),
        Made::Block => Some(Ident::new("inline_code_block")),
    };
    for at in program.lost.iter().filter(|it| sure(**it)) {
        let label = Ident::from_source(slice(body, *at));
        // The whole body has the function's name for a label.
        if owner.as_ref() != Some(&label) {
            let message = format!(
                "there is no label \"{label}\" attached to any block or loop enclosing this statement"
            );
            all.push(problem(code::SYNTAX_ERROR, *at, message));
        }
    }
    for (at, scope, walker) in program.walkers.iter().filter(|it| sure(it.0)) {
        let name = Ident::from_source(slice(body, *at));
        let Some(env) = envs.get(*scope) else { continue };
        if !env.variables.iter().any(|it| it.name == name) {
            const ROWS: &str =
                "loop variable of loop over rows must be a record variable or list of scalar variables";
            const ELEMENTS: &str = "loop variable of FOREACH must be a known variable or list of variables";
            let (code, message) = match walker {
                Walker::Rows => (code::SYNTAX_ERROR, ROWS),
                Walker::Dynamic => (code::DATATYPE_MISMATCH, ROWS),
                Walker::Elements => (code::SYNTAX_ERROR, ELEMENTS),
            };
            all.push(problem(code, *at, message.into()));
        }
    }
    for scope in program.scopes.iter().enumerate() {
        all.extend(
            copied::refused(catalog, envs.get(scope.0), body, scope.1, made).filter(|it| sure(it.range)),
        );
    }
    for it in program.uses.iter().filter(|it| sure(it.behind)) {
        all.extend(cursors::refused(program, envs, body, it));
    }
    for at in &program.conditions {
        let name = slice(body, *at).to_ascii_lowercase();
        if sure(*at) && !pg::is_condition(&name) {
            let message = format!("unrecognized exception condition \"{name}\"");
            all.push(problem(code::UNDEFINED_OBJECT, *at, message));
        }
    }
    all.into_iter().min_by_key(|it| it.range.start())
}

pub(super) fn problem(code: code::Code, range: TextRange, message: String) -> Problem {
    Problem { code, range, message, hint: None, related: Vec::new(), fixes: Vec::new() }
}

/// The innermost declaration of a name.
pub(super) fn declared<'a>(
    program: &'a Program,
    scope: usize,
    name: &Ident,
) -> Option<&'a program::Declared> {
    let mut next = program.scopes.get(scope);
    while let Some(scope) = next {
        if let Some(found) = scope.variables.iter().find(|it| it.name == *name) {
            return Some(found);
        }
        next = scope.parent.and_then(|it| program.scopes.get(it));
    }
    None
}

/// The labels of the blocks around.
fn labels(program: &Program, scope: usize) -> impl Iterator<Item = &Ident> {
    let mut next = program.scopes.get(scope);
    std::iter::from_fn(move || {
        let scope = next?;
        next = scope.parent.and_then(|it| program.scopes.get(it));
        Some(scope.label.as_ref())
    })
    .flatten()
}

/// `make_return_stmt`, `make_return_next_stmt`, `make_return_query_stmt`.
fn misreturned(made: &Made<'_>, found: &Return, body: &str) -> Option<(code::Code, TextRange, String)> {
    let no_parameter = |of: &str| {
        let message = format!("RETURN cannot have a parameter in {of}");
        Some((code::DATATYPE_MISMATCH, found.behind, message))
    };
    let set_only = |word: &str| {
        let message = format!("cannot use RETURN {word} in a non-SETOF function");
        Some((code::DATATYPE_MISMATCH, found.range, message))
    };
    let missing = |at: TextRange| {
        let message = format!("missing expression at or near \"{}\"", slice(body, at));
        Some((code::SYNTAX_ERROR, at, message))
    };
    let create = match made {
        Made::Block => {
            return match found.what {
                Returned::Value => no_parameter("function returning void"),
                Returned::Nothing => None,
                Returned::Next => set_only("NEXT"),
                Returned::Query => set_only("QUERY"),
            };
        }
        Made::Function(_, create) => create,
    };
    let set = create.returns_table || create.returns.as_ref().is_some_and(|it| it.setof);
    let out = create.params.iter().any(|it| !matches!(it.mode, ParamMode::In | ParamMode::Variadic));
    let void = create.returns.as_ref().is_some_and(|it| {
        // An event trigger's function returns nothing, either.
        it.name.last().is_some_and(|it| matches!(it.ident.as_str(), "void" | "event_trigger"))
            && it.array_dims == 0
    });
    match found.what {
        Returned::Next if !set => set_only("NEXT"),
        Returned::Query if !set => set_only("QUERY"),
        Returned::Next => match found.next {
            Some(next) if out => {
                let message = "RETURN NEXT cannot have a parameter in function with OUT parameters";
                Some((code::DATATYPE_MISMATCH, next, message.into()))
            }
            None if !out => missing(found.end),
            _ => None,
        },
        Returned::Query => None,
        Returned::Value if set => no_parameter("function returning set"),
        Returned::Value if create.procedure && !out => {
            let message = "RETURN cannot have a parameter in a procedure";
            Some((code::SYNTAX_ERROR, found.behind, message.into()))
        }
        Returned::Value if void => no_parameter("function returning void"),
        Returned::Value if out => no_parameter("function with OUT parameters"),
        Returned::Value => None,
        Returned::Nothing if set || create.procedure || void || out => None,
        Returned::Nothing => missing(found.behind),
    }
}

/// Leaves the problems that no handler around a piece catches.
pub(super) fn handled(program: &Program, piece: &program::Piece, problems: &mut Vec<Problem>) {
    const CONDITIONS: [(&str, &str); 9] = [
        ("duplicate_column", "42701"),
        ("duplicate_function", "42723"),
        ("duplicate_object", "42710"),
        ("duplicate_schema", "42P06"),
        ("duplicate_table", "42P07"),
        ("invalid_table_definition", "42P16"),
        ("undefined_column", "42703"),
        ("undefined_object", "42704"),
        ("undefined_table", "42P01"),
    ];
    let named: Vec<&String> =
        piece.handlers.iter().filter_map(|it| program.scopes.get(*it)).flat_map(|it| &it.handled).collect();
    let states: Option<Vec<&str>> =
        named.iter().map(|name| CONDITIONS.iter().find(|it| it.0 == name.as_str()).map(|it| it.1)).collect();
    match states {
        // Conditions that are not known, `others` among them.
        None => problems.clear(),
        Some(states) if states.is_empty() => problems.clear(),
        Some(states) => problems.retain(|it| it.code.sqlstate.is_none_or(|it| !states.contains(&it))),
    }
}

/// A refusal as a piece of its own.
pub(super) fn piece(problem: Problem, body: &str, env: &Arc<Env>) -> Piece {
    let range = problem.range;
    let inside = TextRange::new(TextSize::default(), range.len());
    let analysis = Analysis { problems: vec![Problem { range: inside, ..problem }], ..Analysis::default() };
    Piece {
        text: slice(body, range).into(),
        wrapper: TextSize::default(),
        range,
        parsed: Arc::new(parse_statement("", Dialect::Postgres)),
        analysis: Arc::new(analysis),
        env: Arc::clone(env),
    }
}
