//! Cursor variables and the arguments of cursors (`cursor_variable`, `read_cursor_args` of pl_gram.y).

use std::sync::Arc;

use crate::base::text::{TextRange, slice};
use crate::catalog::TypeId;
use crate::sema::{Problem, Ty, code};
use crate::sql::Ident;
use crate::sql::plpgsql::program::{CursorUse, DeclaredType, Given, Program, UseKind};

use super::super::Env;
use super::grammar::{declared, problem};

/// The first refusal of a statement that names a cursor.
pub(super) fn refused(
    program: &Program,
    envs: &[Arc<Env>],
    body: &str,
    found: &CursorUse,
) -> Option<Problem> {
    let syntax = |at: TextRange, message: String| Some(problem(code::SYNTAX_ERROR, at, message));
    let name = Ident::from_source(slice(body, found.name));
    let is_loop = matches!(found.kind, UseKind::Loop(_));
    let Some(variable) = envs.get(found.scope)?.variables.iter().find(|it| it.name == name) else {
        let message = format!("\"{}\" is not a known variable", slice(body, found.name));
        return match found.kind {
            // What is no cursor is a query.
            UseKind::Loop(_) => None,
            // Or how many rows.
            UseKind::Bare => syntax(found.behind, "missing \"FROM or IN\" at end of SQL expression".into()),
            _ => syntax(found.name, message),
        };
    };
    let Ty::Known(ty) = variable.ty else { return None };
    if ty.id != TypeId::REFCURSOR {
        let message = format!("variable \"{name}\" must be of type cursor or refcursor");
        return (!is_loop).then(|| problem(code::DATATYPE_MISMATCH, found.name, message));
    }
    if let UseKind::Loop(Some(first)) = found.kind {
        return syntax(first, "cursor FOR loop must have only one target variable".into());
    }
    let behind = slice(body, found.behind);
    let own = declared(program, found.scope, &name).filter(|it| it.ty == DeclaredType::Cursor);
    match (own, found.kind) {
        (_, UseKind::Other | UseKind::Bare) => None,
        (None, UseKind::Loop(_)) => {
            syntax(found.name, "cursor FOR loop must use a bound cursor variable".into())
        }
        (None, UseKind::Open) => {
            let goes_on = ["for", "no", "scroll"].iter().any(|it| behind.eq_ignore_ascii_case(it));
            let message = format!("syntax error, expected \"FOR\" at or near \"{behind}\"");
            if goes_on { None } else { syntax(found.behind, message) }
        }
        (Some(own), kind) => {
            let arguments = program.arguments.iter().find(|it| it.0 == own.range);
            let end = if kind == UseKind::Open { ";" } else { "loop" };
            match (arguments, &found.given) {
                (None, Some(_)) => syntax(found.behind, format!("cursor \"{name}\" has no arguments")),
                (None, None) if !behind.eq_ignore_ascii_case(end) => {
                    syntax(found.behind, format!("syntax error at or near \"{behind}\""))
                }
                (None, None) => None,
                (Some(_), None) => syntax(found.behind, format!("cursor \"{name}\" has arguments")),
                (Some((_, names)), Some(given)) => misgiven(body, &name, names, given),
            }
        }
    }
}

/// Each argument once, in order or by name.
fn misgiven(body: &str, cursor: &Ident, names: &[TextRange], given: &[Given]) -> Option<Problem> {
    let syntax = |at: TextRange, message: String| Some(problem(code::SYNTAX_ERROR, at, message));
    let names: Vec<Ident> = names.iter().map(|it| Ident::from_source(slice(body, *it))).collect();
    let mut taken = vec![false; names.len()];
    for (idx, it) in given.iter().enumerate() {
        let place = match it.name {
            Some(at) => {
                let name = Ident::from_source(slice(body, at));
                let Some(place) = names.iter().position(|it| *it == name) else {
                    let message = format!("cursor \"{cursor}\" has no argument named \"{name}\"");
                    return syntax(at, message);
                };
                place
            }
            None => idx,
        };
        let name = names.get(place)?;
        if std::mem::replace(taken.get_mut(place)?, true) {
            let message =
                format!("value for parameter \"{name}\" of cursor \"{cursor}\" specified more than once");
            return syntax(it.first, message);
        }
        if it.empty {
            return syntax(it.end, format!("missing expression at or near \"{}\"", slice(body, it.end)));
        }
        let (is_last, ends) = (idx + 1 == names.len(), idx + 1 == given.len());
        if ends != is_last {
            let what = if ends { "not enough" } else { "too many" };
            return syntax(it.end, format!("{what} arguments for cursor \"{cursor}\""));
        }
    }
    None
}
