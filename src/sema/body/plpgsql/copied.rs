//! Declarations that copy something: `ALIAS FOR x`, `x%TYPE`, `t.c%TYPE`, `t%ROWTYPE` (`plpgsql_parse_cwordtype`,
//! `plpgsql_parse_cwordrowtype`).

use std::sync::Arc;

use crate::base::text::slice;
use crate::catalog::Catalog;
use crate::sema::{Problem, code};
use crate::sql::plpgsql::program::{DeclaredType, Scope};
use crate::sql::{Dialect, Ident, parse_statement};

use super::super::{Env, sql};
use super::Made;
use super::grammar::problem;

/// The first declaration of a block that copies what is not there.
pub(super) fn refused(
    catalog: &Catalog,
    env: Option<&Arc<Env>>,
    body: &str,
    scope: &Scope,
    made: &Made<'_>,
) -> Option<Problem> {
    let env = env?;
    scope.variables.iter().find_map(|declared| match declared.ty {
        DeclaredType::Alias(at) => {
            let written = slice(body, at).trim();
            // `$0` is what a function with polymorphic types returns.
            let known = match written.strip_prefix('$') {
                Some(number) => number.parse().is_ok_and(|it: usize| it <= env.params.len()),
                None => {
                    let name = Ident::from_source(written);
                    written.contains('.') || env.variables.iter().any(|it| it.name == name)
                }
            };
            let message = format!("variable \"{written}\" does not exist");
            (!known).then(|| problem(code::UNDEFINED_OBJECT, at, message))
        }
        // What is read when a function is made may be there when it is called, if nothing looks before.
        DeclaredType::Written(at) if matches!(made, Made::Block) => {
            let (code, message) = missing(catalog, env, slice(body, at))?;
            Some(problem(code, at, message))
        }
        _ => None,
    })
}

fn missing(catalog: &Catalog, env: &Env, text: &str) -> Option<(code::Code, String)> {
    let (name, kind) = text.trim().split_once('%')?;
    let plain = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '.' | '"');
    if !name.chars().all(plain) {
        return None;
    }
    let parts: Vec<&str> = name.split('.').collect();
    // Behind the word may stand brackets.
    let kind = kind.trim_end_matches([']', '[']).trim().to_ascii_lowercase();
    let has = |it: &str| {
        let name = Ident::from_source(it);
        env.variables.iter().any(|it| it.name == name)
    };
    let query = match (kind.as_str(), parts.as_slice()) {
        ("type", [name]) => {
            let message = format!("variable \"{}\" does not exist", Ident::from_source(name));
            return (!has(name)).then_some((code::UNDEFINED_OBJECT, message));
        }
        ("type", [owner, name])
            if has(name) && {
                let owner = Ident::from_source(owner);
                env.variables.iter().any(|it| it.owner.as_ref() == Some(&owner))
            } =>
        {
            return None;
        }
        ("type", [table @ .., column]) => format!("SELECT {column} FROM {}", table.join(".")),
        ("rowtype", table) => format!("SELECT FROM {}", table.join(".")),
        _ => return None,
    };
    let parsed = parse_statement(&query, Dialect::Postgres);
    if parsed.error.is_some() {
        return None;
    }
    let own = Env { search_path: env.search_path.clone(), ..Env::default() };
    let found = sql::check(&own, catalog, &parsed.hir, &query).problems.into_iter().next()?;
    let table = match parts.as_slice() {
        [.., table, _] if kind == "type" => Ident::from_source(table),
        [.., table] => Ident::from_source(table),
        [] => return None,
    };
    match found.code {
        code::UNDEFINED_TABLE | code::UNDEFINED_SCHEMA => Some((found.code, found.message)),
        code::UNDEFINED_COLUMN => {
            let column = Ident::from_source(parts.last()?);
            let message = format!("column \"{column}\" of relation \"{table}\" does not exist");
            Some((found.code, message))
        }
        _ => None,
    }
}
