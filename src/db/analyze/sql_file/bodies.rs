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
use crate::sql::ParsedStatement;
use crate::sql::hir::StatementKind;
use crate::ts::hir::{Escape, LiteralMap};

/// A body, and the index of its statement's unit.
pub(super) struct Found {
    pub body: Arc<Body>,
    pub statement: usize,
    pub loc: Loc,
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
    for found in checks.found {
        let Some(statement) = res.units.get(found.statement) else { continue };
        let mut body = found.body;
        // Triggers are made behind their functions.
        if !body.has_problems() && body::is_called_by_triggers(after, &statement.parsed.hir) {
            body = body::read(after, &statement.parsed.hir, &statement.text).map_or(body, Arc::new);
        }
        if body.has_problems() && !body.at_once {
            body = settled(input, known, after, statement, body, starts);
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
    after: &Catalog,
    statement: &SqlUnit,
    body: Arc<Body>,
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
    // What the rest of the file makes by statements that are not understood.
    let mut after = after.clone();
    let created = input.snap.state(input.file).map(|it| it.created_names().to_vec()).unwrap_or_default();
    after.gaps.relations |= created.iter().any(crate::sql::Ident::is_dynamic);
    Arc::make_mut(&mut after.gaps.named).extend(created);
    res.agree(body::read(&after, hir, &statement.text).as_ref());
    if history && res.has_problems() {
        let version = Start::Version(known.version());
        if !starts.iter().any(|it| matches!(it.1, Start::Version(_))) {
            starts.push((statement.database, version));
        }
        res.agree(body::read(&known.built.catalog, hir, &statement.text).as_ref());
        let files = &known.built.replay.files;
        let later = files.iter().skip_while(|it| it.file != input.file).skip(1);
        for step in later {
            if !res.has_problems() {
                break;
            }
            res.agree(body::read(&step.before, hir, &statement.text).as_ref());
        }
    }
    Arc::new(res)
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
