//! `columnist check`.

use std::time::Instant;

use anyhow::Context;

use super::args::{CheckArgs, ColorChoice, Format};
use super::baseline::{self, Baseline};
use super::coverage::{Coverage, SkippedPlace};
use super::outcome::{Outcome, Source, counted};
use super::progress::Progress;
use super::workspace::{self, Opened};
use super::{CLEAN, FOUND, changed, color, fix, github, json, paths, pretty, sarif};
use crate::base::file::{FileId, InFile};
use crate::base::path;
use crate::db::Snapshot;
use crate::lint;
use crate::project::Workspace;

pub fn run(args: &CheckArgs, choice: ColorChoice) -> anyhow::Result<u8> {
    let started = Instant::now();
    let mut opened = workspace::open(&args.paths, args.config.as_deref())?;
    let baseline = match &args.baseline {
        Some(file) => Some(baseline::read(&path::join(&opened.start, file))?),
        None => None,
    };
    let changed = match &args.changed_since {
        Some(revision) => {
            let changed = changed::since(revision, &opened.roots)?;
            opened.world.set_new_files(changed::of_branch(revision, &opened.roots)?);
            Some(changed)
        }
        None => None,
    };
    let filter = Filter { baseline, changed, quiet: args.quiet };
    let mut outcome = gather(&mut opened, &filter)?;
    if args.fix {
        outcome = fix::run(&mut opened, outcome, |opened| gather(opened, &filter))?;
    }
    outcome.milliseconds = started.elapsed().as_millis() as u64;
    if let Some(file) = &args.write_baseline {
        let n = outcome.diagnostics.len();
        baseline::write(&path::join(&opened.start, file), &outcome)
            .with_context(|| format!("cannot write the baseline {file}"))?;
        if !args.quiet {
            eprintln!("wrote {} to {file}", counted(n, "problem"));
        }
        return Ok(CLEAN);
    }
    let text = match args.format {
        Format::Pretty => {
            let config = pretty::Config {
                color: color::on_stdout(choice),
                width: color::width(),
                explain_skipped: args.explain_skipped,
                quiet: args.quiet,
            };
            pretty::render(&outcome, config)
        }
        Format::Json => json::render(&outcome, args.explain_skipped),
        Format::Github => github::render(&outcome),
        Format::Sarif => sarif::render(&outcome),
    };
    super::print(&text)?;
    if args.format == Format::Github && !args.quiet {
        // Standard output is for the workflow; people read the counts in the log.
        eprintln!("{}", outcome.coverage.line());
    }
    let code = if outcome.fails(args.fail_on.severity()) { FOUND } else { CLEAN };
    // The process ends now; freeing a workspace piece by piece would only make people wait.
    std::mem::forget((opened, outcome));
    Ok(code)
}

/// What is left out of a report.
pub struct Filter {
    pub baseline: Option<Baseline>,
    pub changed: Option<changed::Changed>,
    pub quiet: bool,
}

/// Checks what is asked about in the world as it is now.
fn gather(opened: &mut Opened, filter: &Filter) -> anyhow::Result<Outcome> {
    let snap = opened.world.snapshot();
    let mut files = opened.files(&snap);
    if let Some(changed) = &filter.changed {
        files = changed.affected(&snap, files);
    }
    let progress = Progress::new(files.len(), filter.quiet);
    let reports = lint::check::files(&snap, &files, &|| progress.step());
    drop(progress);
    // Nobody cancels work of the command line.
    let reports = reports.map_err(|_| anyhow::anyhow!("the check was interrupted"))?;
    let mut outcome =
        Outcome { start: opened.start.clone(), n_files: files.len() as u32, ..Outcome::default() };
    let mut coverage = Coverage::default();
    for (file, report) in reports {
        coverage.n_checked += report.n_checked;
        coverage.skipped.extend(report.skipped.into_iter().map(|it| SkippedPlace {
            at: InFile::new(file, it.host),
            reason: it.reason,
            detail: it.detail.to_string(),
        }));
        outcome.diagnostics.extend(report.diagnostics);
    }
    outcome.coverage = coverage;
    add_sources(&snap, &mut outcome);
    let order = |it: &lint::Diagnostic| {
        (outcome.path(it.at.file).to_owned(), it.at.value.start(), it.at.value.end(), it.code)
    };
    let mut diagnostics = outcome.diagnostics.clone();
    diagnostics.sort_by_cached_key(order);
    outcome.diagnostics = diagnostics;
    if let Some(baseline) = &filter.baseline {
        baseline.hide(&mut outcome);
    }
    Ok(outcome)
}

fn add_sources(snap: &Snapshot, outcome: &mut Outcome) {
    let mut files: Vec<FileId> = Vec::new();
    for it in &outcome.diagnostics {
        files.push(it.at.file);
        files.extend(it.related.iter().map(|it| it.at.file));
        files.extend(it.fixes.iter().flat_map(|it| &it.edits).map(|it| it.at.file));
    }
    files.extend(outcome.coverage.skipped.iter().map(|it| it.at.file));
    files.sort_unstable();
    files.dedup();
    for file in files {
        if let Some(state) = snap.state(file) {
            let source = Source {
                path: paths::display(&snap.path(file), &outcome.start),
                text: std::sync::Arc::clone(&state.text),
                lines: state.line_index(),
            };
            outcome.sources.insert(file, source);
        }
    }
}
