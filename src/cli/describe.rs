//! `columnist describe`: parameters and result columns of statements.

use std::fmt::Write as _;
use std::sync::Arc;

use anyhow::Context as _;
use serde_json::{Value, json};

use super::args::{DescribeArgs, DescribeFormat};
use super::databases::{self, Database};
use super::outcome::{Outcome, Source};
use super::workspace::{self, Opened};
use super::{CLEAN, FOUND, paths};
use crate::base::file::{FileId, FileRange, InFile};
use crate::base::path;
use crate::catalog::types::format_type;
use crate::catalog::{Catalog, Gaps, fold};
use crate::db::{FileKind, Snapshot, UnitKind};
use crate::facts::Loc;
use crate::lint::{self, Diagnostic, Severity};
use crate::project::Workspace;
use crate::sema::{self, Analysis, Ty};
use crate::sql::hir::StatementKind;
use crate::sql::{self, Dialect};

/// Standard input is a SQL file of this name in the start directory.
const STDIN: &str = "-.sql";

pub fn run(args: &DescribeArgs) -> anyhow::Result<u8> {
    let from_stdin = args.files.iter().any(|it| it == "-");
    let named: Vec<String> = args.files.iter().filter(|it| *it != "-").cloned().collect();
    let mut opened = workspace::open(&named, None)?;
    let stdin = path::join(&opened.start, STDIN);
    if from_stdin {
        let text = std::io::read_to_string(std::io::stdin().lock()).context("cannot read standard input")?;
        opened.world.set_overlay(&stdin, text.into());
        // Without named files only standard input is asked about.
        opened.wanted.retain(|_| !named.is_empty());
        opened.wanted.push(stdin);
    }
    let snap = opened.world.snapshot();
    let databases = databases::all(&snap);
    let chosen = match &args.database {
        Some(name) => Some(databases::named(&databases, name)?),
        None => None,
    };
    let statements = statements(&snap, &opened, &databases, chosen)?;
    let text = match args.format {
        DescribeFormat::Json => to_json(&statements)?,
        DescribeFormat::Table => to_table(&statements),
    };
    super::print(&text)?;
    let wrong = statements.0.iter().flat_map(|it| &it.diagnostics).any(|it| it.severity == Severity::Error);
    Ok(if wrong { FOUND } else { CLEAN })
}

/// One statement, described.
struct Described {
    at: FileRange,
    /// `$1`, …: type as `format_type()` spells it, `None` when it is not known.
    params: Vec<Option<String>>,
    columns: Vec<DescribedColumn>,
    diagnostics: Vec<Diagnostic>,
}

struct DescribedColumn {
    name: String,
    ty: Option<String>,
    nullable: Option<bool>,
    source: Option<(String, String)>,
}

/// The statements of what is asked about, with the texts they stand in.
fn statements(
    snap: &Snapshot,
    opened: &Opened,
    databases: &[Database],
    chosen: Option<&Database>,
) -> anyhow::Result<(Vec<Described>, Outcome)> {
    let mut res = Vec::new();
    let mut outcome = Outcome { start: opened.start.clone(), ..Outcome::default() };
    for file in opened.files(snap) {
        let interrupted = |_| anyhow::anyhow!("interrupted");
        let analysis = snap.analysis(file).map_err(interrupted)?;
        let Some(state) = snap.state(file) else { continue };
        let shown = paths::display(&snap.path(file), &opened.start);
        let source = Source {
            path: if shown == STDIN { "-".to_owned() } else { shown },
            text: Arc::clone(&state.text),
            lines: state.line_index(),
        };
        outcome.sources.insert(file, source);
        let before = res.len();
        let found = lint::check::file(snap, file).map_err(interrupted)?.diagnostics;
        let mut known = chosen.map(|it| Catalog::clone(&it.catalog));
        let statements = analysis.units.iter().filter(|it| !matches!(it.kind, UnitKind::Body(_)));
        for (idx, unit) in statements.enumerate() {
            let inside = |it: &&Diagnostic| it.at.file == file && unit.host.contains_range(it.at.value);
            let diagnostics = found.iter().filter(inside).cloned().collect();
            let at = InFile::new(file, unit.host);
            match &mut known {
                Some(catalog) => {
                    let ctx = sema::Context { catalog, params: &[], variables: &[] };
                    let analysis = sema::analyze(ctx, &unit.parsed.hir, &unit.text);
                    res.push(described(at, &analysis, catalog, diagnostics));
                    remember(catalog, file, idx, &unit.parsed, &unit.text);
                }
                None => {
                    let unknown = Arc::default();
                    let catalog = databases.get(unit.database).map_or(&unknown, |it| &it.catalog);
                    res.push(described(at, &unit.analysis, catalog, diagnostics));
                }
            }
        }
        if res.len() == before && state.kind == FileKind::Sql {
            let only = if let [only] = databases { Some(only) } else { None };
            alone(file, &state.text, chosen.or(only), &mut res);
        }
    }
    for file in res.iter().flat_map(|it: &Described| &it.diagnostics).flat_map(files_of) {
        if let (false, Some(state)) = (outcome.sources.contains_key(&file), snap.state(file)) {
            let path = paths::display(&snap.path(file), &opened.start);
            outcome.sources.insert(file, Source::new(path, Arc::clone(&state.text)));
        }
    }
    Ok((res, outcome))
}

fn files_of(it: &Diagnostic) -> Vec<FileId> {
    let edits = it.fixes.iter().flat_map(|it| &it.edits).map(|it| it.at.file);
    it.related.iter().map(|it| it.at.file).chain(edits).collect()
}

/// SQL that belongs to no database is described against the only one there is, else by what PostgreSQL itself has.
fn alone(file: FileId, text: &str, chosen: Option<&Database>, acc: &mut Vec<Described>) {
    let unknown = Catalog {
        gaps: Gaps { relations: true, functions: true, types: true, ..Gaps::default() },
        ..Catalog::default()
    };
    let mut catalog = chosen.map_or(unknown, |it| Catalog::clone(&it.catalog));
    for (idx, (range, parsed)) in sql::parse(text, Dialect::Postgres).statements.into_iter().enumerate() {
        let own = crate::base::text::slice(text, range);
        let ctx = sema::Context { catalog: &catalog, params: &[], variables: &[] };
        let analysis = sema::analyze(ctx, &parsed.hir, own);
        acc.push(described(InFile::new(file, range), &analysis, &catalog, Vec::new()));
        remember(&mut catalog, file, idx, &parsed, own);
    }
}

/// What a statement prepares or declares is there for those behind it.
fn remember(catalog: &mut Catalog, file: FileId, idx: usize, parsed: &sql::ParsedStatement, text: &str) {
    if matches!(parsed.hir.kind, StatementKind::Wrapped { .. } | StatementKind::Session(_)) {
        let loc = Loc(u32::try_from(idx).unwrap_or(u32::MAX));
        fold::apply(catalog, file, loc, parsed, text);
    }
}

fn described(
    at: FileRange,
    analysis: &Analysis,
    catalog: &Catalog,
    diagnostics: Vec<Diagnostic>,
) -> Described {
    let name = |ty: &Ty| match ty {
        Ty::Known(ty) => Some(format_type(catalog, *ty)),
        Ty::Unknown => None,
    };
    let columns = analysis.columns.iter().map(|it| DescribedColumn {
        name: it.name.to_string(),
        ty: name(&it.ty),
        nullable: it.nullable,
        source: it.source.as_ref().map(|(table, column)| {
            let path = catalog.search_path.contains(&table.schema);
            let schema = if path { String::new() } else { format!("{}.", table.schema) };
            (format!("{schema}{}", table.name), column.to_string())
        }),
    });
    Described {
        at,
        params: analysis.params.iter().map(name).collect(),
        columns: columns.collect(),
        diagnostics,
    }
}

fn to_json((statements, outcome): &(Vec<Described>, Outcome)) -> anyhow::Result<String> {
    let statement = |it: &Described| {
        let parameters = it.params.iter().enumerate();
        let parameters = parameters.map(|(idx, ty)| json!({ "name": format!("${}", idx + 1), "type": ty }));
        let columns = it.columns.iter().map(|it| {
            let source = it.source.as_ref();
            json!({
                "name": it.name,
                "type": it.ty,
                "nullable": it.nullable,
                "source": source.map(|(table, column)| json!({ "table": table, "column": column })),
            })
        });
        let diagnostics = it.diagnostics.iter().map(|it| super::json::diagnostic(outcome, it));
        json!({
            "file": outcome.path(it.at.file),
            "range": super::json::range(outcome, it.at),
            "parameters": parameters.collect::<Vec<Value>>(),
            "columns": columns.collect::<Vec<Value>>(),
            "diagnostics": diagnostics.collect::<Vec<Value>>(),
        })
    };
    let statements: Vec<Value> = statements.iter().map(statement).collect();
    let mut text = serde_json::to_string_pretty(&json!({ "version": 1, "statements": statements }))?;
    text.push('\n');
    Ok(text)
}

fn to_table((statements, outcome): &(Vec<Described>, Outcome)) -> String {
    let mut res = String::new();
    for it in statements {
        let (start, _) = outcome.positions(it.at);
        let _ = writeln!(res, "{}:{}:{}", outcome.path(it.at.file), start.line, start.column);
        let ty = |ty: &Option<String>| ty.clone().unwrap_or_else(|| "?".to_owned());
        let params = it.params.iter().enumerate();
        let params = params.map(|(idx, param)| vec![format!("${}", idx + 1), ty(param)]).collect();
        table("parameters", params, &mut res);
        let columns = it.columns.iter().map(|it| {
            let nullable = match it.nullable {
                Some(true) => "nullable",
                Some(false) => "not null",
                None => "?",
            };
            let source = it.source.as_ref().map(|(table, column)| format!("{table}.{column}"));
            vec![it.name.clone(), ty(&it.ty), nullable.to_owned(), source.unwrap_or_default()]
        });
        table("columns", columns.collect(), &mut res);
        for it in &it.diagnostics {
            let (at, _) = outcome.positions(it.at);
            let severity = super::outcome::severity_name(it.severity);
            let _ = writeln!(res, "  {severity} {}:{}: {} [{}]", at.line, at.column, it.message, it.code);
        }
        res.push('\n');
    }
    res
}

/// Rows under a heading, columns aligned; nothing when there are no rows.
fn table(heading: &str, rows: Vec<Vec<String>>, acc: &mut String) {
    if rows.is_empty() {
        return;
    }
    let _ = writeln!(acc, "  {heading}");
    let n_columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let cell_width =
        |idx: usize| rows.iter().filter_map(|row| row.get(idx)).map(|it| it.chars().count()).max();
    let widths: Vec<usize> = (0..n_columns).map(|idx| cell_width(idx).unwrap_or(0)).collect();
    for row in &rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        let line = cells.collect::<Vec<_>>().join("  ");
        let _ = writeln!(acc, "    {}", line.trim_end());
    }
}
