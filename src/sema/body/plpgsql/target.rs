//! What is assigned to: which variable its names mean (`plpgsql_ns_lookup`), and the part of it
//! (`transformAssignmentIndirection` of parse_target.c).

use crate::base::text::{TextRange, slice};
use crate::catalog::types::format_type_id;
use crate::catalog::{Catalog, Type};
use crate::sema::{Analysis, Problem, Ty, Variable, code};
use crate::sql::Ident;
use crate::sql::plpgsql::program::{Piece, PieceKind, Program, Target};
use crate::sql::token::{TokenKind, significant};

use super::super::Env;
use super::grammar::problem;

/// A name with dots that PL/pgSQL finds no variable for: one that is no row has no fields.
pub(super) fn is_unknown(catalog: &Catalog, env: &Env, body: &str, target: &Target) -> bool {
    if target.name == target.path {
        return false;
    }
    let steps = steps(slice(body, target.path));
    let [Step::Field(first), Step::Field(second), rest @ ..] = steps.as_slice() else { return false };
    let may_be_row = |it: &Variable| !matches!(it.ty, Ty::Known(ty) if catalog.is_scalar(ty));
    !env.variables.iter().any(|it| {
        it.name == *first && may_be_row(it)
            || it.owner.as_ref() == Some(first) && it.name == *second && (rest.is_empty() || may_be_row(it))
    })
}

enum Step {
    Field(Ident),
    /// Subscripts, and whether one of them is a slice.
    Subscripts(bool),
}

/// `a.b[1].c`; nothing where it is not understood.
fn steps(text: &str) -> Vec<Step> {
    let tokens = significant(text);
    let mut res = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match token.kind {
            TokenKind::Word | TokenKind::QuotedIdent { .. } => {
                res.push(Step::Field(Ident::from_source(token.text(text))));
                at += 1;
            }
            TokenKind::Dot => at += 1,
            TokenKind::OpenBracket => {
                let mut depth = 0usize;
                let mut slices = false;
                while let Some(token) = tokens.get(at) {
                    at += 1;
                    match token.kind {
                        TokenKind::OpenBracket | TokenKind::OpenParen => depth += 1,
                        TokenKind::CloseBracket | TokenKind::CloseParen => depth = depth.saturating_sub(1),
                        _ => slices |= depth == 1 && token.text(text) == ":",
                    }
                    if depth == 0 {
                        break;
                    }
                }
                match res.last_mut() {
                    Some(Step::Subscripts(it)) => *it |= slices,
                    _ => res.push(Step::Subscripts(slices)),
                }
            }
            _ => return Vec::new(),
        }
    }
    res
}

/// The type of a part of a variable, or why there is none; `None`: not known.
fn part(catalog: &Catalog, env: &Env, text: &str) -> Option<Result<Type, (code::Code, String)>> {
    let steps = steps(text);
    let [Step::Field(first), rest @ ..] = steps.as_slice() else { return None };
    // A row with this name goes before a label.
    let row = env.variables.iter().find(|it| it.name == *first);
    let (variable, mut rest) = match (row, rest) {
        (Some(it), _) => (it, rest),
        (None, [Step::Field(second), rest @ ..]) => {
            let owned = |it: &&Variable| it.owner.as_ref() == Some(first) && it.name == *second;
            (env.variables.iter().find(owned)?, rest)
        }
        _ => return None,
    };
    let Ty::Known(mut ty) = variable.ty else { return None };
    // Its own field PL/pgSQL looks up itself.
    if let [Step::Field(field), behind @ ..] = rest {
        let columns = catalog.composite_columns(ty.id).filter(|_| !catalog.gaps.types)?;
        let Some((_, found)) = columns.into_iter().find(|it| it.0 == *field) else {
            let message = format!("record \"{}\" has no field \"{field}\"", variable.name);
            return Some(Err((code::UNDEFINED_COLUMN, message)));
        };
        (ty, rest) = (found?, behind);
    }
    let mut column = first;
    for step in rest {
        let base = catalog.base_type(ty);
        match step {
            Step::Subscripts(true) => return None,
            Step::Subscripts(false) => ty = Type::plain(catalog.element_type(base.id)?),
            Step::Field(field) if catalog.is_scalar(base) => {
                let shown = format_type_id(catalog, ty.id);
                let message = format!(
                    "cannot assign to field \"{field}\" of column \"{column}\" because its type {shown} is not a composite type"
                );
                return Some(Err((code::DATATYPE_MISMATCH, message)));
            }
            Step::Field(field) => {
                let columns = catalog.composite_columns(base.id).filter(|_| !catalog.gaps.types)?;
                let Some((_, found)) = columns.into_iter().find(|it| it.0 == *field) else {
                    let shown = format_type_id(catalog, ty.id);
                    let message = format!(
                        "cannot assign to field \"{field}\" of column \"{column}\" because there is no such column in data type {shown}"
                    );
                    return Some(Err((code::UNDEFINED_COLUMN, message)));
                };
                (ty, column) = (found?, field);
            }
        }
    }
    Some(Ok(ty))
}

/// The type that a value takes which is assigned to a part of a variable.
pub(super) fn type_of(catalog: &Catalog, env: &Env, text: &str) -> Option<Type> {
    part(catalog, env, text)?.ok()
}

/// Of the part of a variable that an assignment names, and of the fields behind INTO.
pub(super) fn check(
    catalog: &Catalog,
    env: &Env,
    program: &Program,
    body: &str,
    piece: &Piece,
    analysis: &mut Analysis,
) {
    if piece.kind == PieceKind::Target {
        // An expression of the same words is read in another way.
        let same = ["record ", "cannot subscript"];
        analysis.problems.retain(|it| same.iter().any(|words| it.message.starts_with(words)));
        if let Some(Err((code, message))) = part(catalog, env, slice(body, piece.range))
            && analysis.problems.is_empty()
        {
            let place = TextRange::at("SELECT ".len().try_into().unwrap_or_default(), piece.range.len());
            analysis.problems.push(problem(code, place, message));
        }
        return;
    }
    if !analysis.problems.is_empty() {
        return;
    }
    for target in &program.targets {
        let inside = piece.blank.iter().any(|it| it.contains_range(target.path));
        if !inside || target.name == target.path {
            continue;
        }
        if let Some(Err((code, message))) = part(catalog, env, slice(body, target.path))
            && message.starts_with("record ")
        {
            let problem: Problem = problem(code, target.path - piece.range.start(), message);
            analysis.problems.push(problem);
        }
    }
}
