//! The piece of a body around a cursor, in text that is half-typed.

use crate::base::text::{TextSize, range, slice};
use crate::catalog::Catalog;
use crate::sql::Dialect;
use crate::sql::hir::{Ddl, Statement, StatementKind};
use crate::sql::plpgsql::program::{Piece, program, sql_of};
use crate::sql::split::{PieceKind, split};

use super::{Env, literal, plpgsql, routine};

/// A text that the cursor stands in.
#[derive(Debug, Clone)]
pub struct Here {
    pub text: String,
    pub offset: TextSize,
    pub env: Env,
}

/// The piece of the body of `statement` that holds (or ends before) `offset` of its text; `None` outside of bodies.
pub fn at(catalog: &Catalog, statement: &Statement, text: &str, offset: TextSize) -> Option<Here> {
    let StatementKind::Ddl(ddl) = &statement.kind else { return None };
    let (body, at, create) = match &**ddl {
        Ddl::CreateFunction(it) => {
            let (body, at) = it.body.as_ref()?;
            (body, *at, Some(it))
        }
        Ddl::Do { body, body_range, .. } => (body, *body_range, None),
        _ => return None,
    };
    if !at.contains_inclusive(offset) {
        return None;
    }
    let map = literal::map(text, body, at)?;
    let mut shift = 0;
    for escape in map.escapes.iter().take_while(|it| it.host_end <= u32::from(offset)) {
        shift += (escape.host_end - escape.host_start) - (escape.end - escape.start);
    }
    let offset = (offset - at.start()).checked_sub(TextSize::from(shift))?;
    let is_sql = create.and_then(|it| it.language.as_ref()).is_some_and(|it| it.ident.as_str() == "sql");
    match create {
        Some(create) if is_sql => {
            let env = routine::sql_env(catalog, statement, create);
            let pieces = split(body, Dialect::Postgres);
            let found =
                pieces.iter().rev().find(|it| it.range.start() <= offset && it.kind == PieceKind::Sql)?;
            let between = slice(body, range(found.range.end().min(offset).into(), offset.into()));
            if between.contains(';') {
                return None;
            }
            let text = slice(body, range(found.range.start().into(), found.range.end().max(offset).into()));
            Some(Here { text: text.to_owned(), offset: offset - found.range.start(), env })
        }
        _ => {
            let program = program(body);
            let found = program.pieces.iter().rev().find(|it| it.range.start() <= offset)?;
            let end = found.range.end().max(offset);
            let between = slice(body, range(found.range.end().min(offset).into(), offset.into()));
            if !between.trim().is_empty() {
                return None;
            }
            let whole = Piece { range: range(found.range.start().into(), end.into()), ..found.clone() };
            let (text, wrapper) = sql_of(body, &whole)?;
            let outer = create.map(|it| plpgsql::outer(catalog, statement, it)).unwrap_or_default();
            let seen = outer.catalog(catalog);
            let envs = plpgsql::environments(&seen, &outer, &program, body);
            let env = Env::clone(envs.get(found.scope)?);
            Some(Here { text, offset: offset - found.range.start() + wrapper, env })
        }
    }
}
