//! The bodies of functions and blocks of a SQL file: each piece is a unit of its own behind its statement's.

use std::sync::Arc;

use super::super::super::analysis::{FileAnalysis, SqlUnit, UnitKind};
use super::super::super::model::Known;
use super::super::{Input, Start};
use crate::base::text::TextSize;
use crate::catalog::Catalog;
use crate::facts::Loc;
use crate::project::database::{Membership, Place};
use crate::sema::body::{self, Body, Language};
use crate::sema::fragment::Placement;
use crate::sema::render::OffsetMap;
use crate::sql::hir::{Ddl, StatementKind};
use crate::sql::{Ident, ParsedStatement};
use crate::ts::hir::{Escape, LiteralMap};

/// A body, and the index of its statement's unit.
pub(super) struct Found {
    pub body: Arc<Body>,
    pub statement: usize,
    pub loc: Loc,
    /// Where the statement looks for names.
    pub search_path: Vec<Ident>,
}

/// The bodies that are checked.
pub(super) struct Checks {
    /// `check_function_bodies`.
    pub on: bool,
    pub found: Vec<Found>,
}

impl Default for Checks {
    fn default() -> Checks {
        Checks { on: true, found: Vec::new() }
    }
}

impl Checks {
    /// `SET check_function_bodies = off`, as pg_dump writes it.
    pub fn see(&mut self, parsed: &ParsedStatement, text: &str) {
        if !matches!(&parsed.hir.kind, StatementKind::Other(it) if matches!(it.as_str(), "SET" | "RESET")) {
            return;
        }
        let text = text.to_ascii_lowercase();
        let Some((_, value)) = text.split_once("check_function_bodies") else { return };
        let value = value.trim_start().trim_start_matches('=').trim_start();
        let value = value.strip_prefix("to ").unwrap_or(value).trim().trim_matches('\'');
        self.on = !matches!(value, "off" | "false" | "0" | "no" | "f" | "n" | "of");
    }
}

/// Adds the pieces of bodies as units. `after`: the schema behind the file's last statement.
pub(super) fn add(
    input: &Input<'_>,
    known: &Known,
    after: &Catalog,
    checks: Checks,
    res: &mut FileAnalysis,
    starts: &mut Vec<(usize, Start)>,
) {
    if checks.found.is_empty() {
        return;
    }
    let mut pieces: Vec<(usize, Vec<SqlUnit>)> = Vec::new();
    let others = made_otherwise(input, &res.units);
    for found in checks.found {
        let Some(statement) = res.units.get(found.statement) else { continue };
        let mut body = found.body;
        // Triggers are made behind their functions.
        if !body.has_problems() && body::is_called_by_triggers(after, &statement.parsed.hir) {
            body = body::read(after, &statement.parsed.hir, &statement.text).map_or(body, Arc::new);
        }
        if body.has_problems() && !body.at_once {
            body = settled(input, known, (after, &others), statement, (body, &found.search_path), starts);
        }
        pieces.push((found.statement, units(statement, &body, found.loc)));
    }
    let mut all = Vec::with_capacity(res.units.len() + pieces.iter().map(|it| it.1.len()).sum::<usize>());
    let mut pieces = pieces.into_iter().peekable();
    for (idx, unit) in std::mem::take(&mut res.units).into_iter().enumerate() {
        all.push(unit);
        if let Some((_, units)) = pieces.next_if(|it| it.0 == idx) {
            all.extend(units);
        }
    }
    res.units = all;
}

/// What is wrong wherever the body may run: PL/pgSQL looks into its statements when it reaches them, which may be after
/// any later change of the schema; and files that describe a schema are in no order.
fn settled(
    input: &Input<'_>,
    known: &Known,
    (after, others): (&Catalog, &[Ident]),
    statement: &SqlUnit,
    (body, search_path): (Arc<Body>, &[Ident]),
    starts: &mut Vec<(usize, Start)>,
) -> Arc<Body> {
    let late = body.language == Language::Plpgsql;
    let (history, ordered) = match input.membership {
        Membership::History { place: Place::Migration(_), .. } => (true, true),
        Membership::History { place: Place::Schema(_), .. } => (true, false),
        _ => (false, true),
    };
    if !late && ordered {
        return body;
    }
    let mut res = Body::clone(&body);
    let hir = &statement.parsed.hir;
    let mut after = after.clone();
    after.gaps.relations |= others.iter().any(Ident::is_dynamic);
    Arc::make_mut(&mut after.gaps.named).extend(others.iter().cloned());
    let agree = |res: &mut Body, state: &Catalog| {
        if state.search_path == search_path {
            return res.agree(body::read(state, hir, &statement.text).as_ref());
        }
        // Whoever calls it may look for names where the function was made, or elsewhere.
        let there = Catalog { search_path: search_path.to_vec(), ..state.clone() };
        res.agree(body::read(&there, hir, &statement.text).as_ref());
        res.agree_somehow(body::read(state, hir, &statement.text).as_ref());
    };
    agree(&mut res, &after);
    if history && res.has_problems() {
        let version = Start::Version(known.version());
        if !starts.iter().any(|it| matches!(it.1, Start::Version(_))) {
            starts.push((statement.database, version));
        }
        agree(&mut res, &known.built.catalog);
        let files = &known.built.replay.files;
        let later = files.iter().skip_while(|it| it.file != input.file).skip(1);
        for step in later {
            if !res.has_problems() {
                break;
            }
            agree(&mut res, &step.before);
        }
    }
    Arc::new(res)
}

/// The names of what the file makes by statements that are not understood, or inside of bodies.
fn made_otherwise(input: &Input<'_>, units: &[SqlUnit]) -> Vec<Ident> {
    let created = input.snap.state(input.file).map(|it| it.created_names()).unwrap_or_default();
    let mut res = Vec::clone(&created);
    for unit in units {
        let StatementKind::Ddl(ddl) = &unit.parsed.hir.kind else { continue };
        let name = match &**ddl {
            Ddl::CreateFunction(it) => it.name.last(),
            Ddl::CreateTable(it) => it.name.last(),
            Ddl::CreateView(it) => it.name.last(),
            _ => None,
        };
        let found = name.and_then(|name| res.iter().position(|it| *it == name.ident));
        if let Some(found) = found.filter(|_| unit.parsed.error.is_none()) {
            res.swap_remove(found);
        }
    }
    res
}

fn units(statement: &SqlUnit, body: &Body, loc: Loc) -> Vec<SqlUnit> {
    let start = statement.host.start();
    let shift = u32::from(start);
    let escapes = body.map.escapes.iter().map(|it| Escape {
        host_start: it.host_start + shift,
        host_end: it.host_end + shift,
        ..*it
    });
    let literal = LiteralMap { host: body.map.host + start, escapes: escapes.collect() };
    let mut map = OffsetMap::default();
    map.push_literal(TextSize::default(), body.len, &literal);
    let map = Arc::new(map);
    let units = body.pieces.iter().filter_map(|piece| {
        Some(SqlUnit {
            kind: UnitKind::Body(loc),
            host: map.to_host(piece.range)?,
            text: Arc::clone(&piece.text),
            parsed: Arc::clone(&piece.parsed),
            analysis: Arc::clone(&piece.analysis),
            placement: Placement::Fragment {
                wrapper: piece.wrapper,
                start: piece.range.start(),
                len: piece.range.len(),
                map: Arc::clone(&map),
            },
            database: statement.database,
            doubtful: false,
            env: Some(Arc::clone(&piece.env)),
        })
    });
    units.collect()
}
