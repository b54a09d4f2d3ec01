//! Snapshots that drizzle-kit cannot go on from.

use jsonc_parser::ast::Value;
use jsonc_parser::common::Ranged;

use crate::base::file::InFile;
use crate::base::path;
use crate::base::text::{TextRange, range};
use crate::catalog::kit::shape::{Fault, Line, Step, What, Wrong, fault};
use crate::db::Look;
use crate::lint::folder::Folder;
use crate::lint::history::{History, kit};
use crate::lint::journal::Journal;
use crate::lint::rule::{Acc, Lint};
use crate::project::Workspace;
use crate::project::database::Database;
use crate::sema::code::Severity::{Error, Warning};

pub const RULE: Lint =
    Lint::history("unreadable-snapshot", Error, include_str!("unreadable-snapshot.md"), run);

fn run(history: &History<'_>, acc: &mut Acc<'_>) {
    match history {
        History::Journal(it) => of_journal(it, acc),
        History::Folder(it) => of_folder(it, acc),
        History::Kept(it) if it.look.state.snapshot_head().is_none() => {}
        History::Kept(it) => of_shape(it.look, it.database, Line::Journal, acc),
    }
}

fn of_journal(journal: &Journal<'_>, acc: &mut Acc<'_>) {
    let snap = journal.look.snap;
    for it in journal.snapshots().iter().filter(|it| it.head.is_none()) {
        let name = path::file_name(&snap.path(it.file)).to_owned();
        let own = |tag: &str| name.starts_with(tag.split('_').next().unwrap_or("?"));
        let at = journal.entries.iter().find(|it| own(&it.tag)).map_or(journal.list, |it| it.at);
        acc.report(at, format!("{name} is no snapshot of drizzle-kit: it refuses to go on"))
            .related(InFile::new(it.file, TextRange::default()), "no JSON, or without version and id")
            .hint("Restore it, or drop the migration with its snapshot and generate it anew.");
    }
}

fn of_folder(folder: &Folder<'_>, acc: &mut Acc<'_>) {
    if folder.node().is_some_and(|it| it.head.is_none()) {
        acc.report(TextRange::default(), "this is no snapshot of drizzle-kit: it refuses to go on").hint(
            "It is no JSON, or without version, id and prevIds. Restore it, or take the migration back and generate it anew.",
        );
        return;
    }
    of_shape(folder.look, folder.database, Line::Folders, acc);
}

/// The shapes are those of 0.31, whose versions of 0.22 and later take nothing more, and those of 1.0.0-rc.5; what a later
/// one takes is not known.
fn is_known(look: &Look<'_>, database: &Database, line: Line) -> bool {
    let installed = kit(look, database);
    match (line, installed) {
        (Line::Journal, None) => true,
        (Line::Journal, Some(it)) => it.major == 0 && (22..=31).contains(&it.minor),
        (Line::Folders, None) => false,
        (Line::Folders, Some(it)) => {
            (it.major, it.minor, it.patch) == (1, 0, 0)
                && it.pre.is_some_and(|it| it == "rc.5" || it.starts_with("rc.5-"))
        }
    }
}

fn of_shape(look: &Look<'_>, database: &Database, line: Line, acc: &mut Acc<'_>) {
    if !is_known(look, database, line) {
        return;
    }
    let text = &look.state.text;
    match fault(text, database.dialect, line) {
        Some(Fault::Malformed(wrong)) => {
            acc.report(place(text, &wrong.path), message(&wrong)).hint(hint(&wrong));
        }
        Some(Fault::Old) if kit(look, database).is_some() => {
            let at = place(text, &[Step::Member("version".into())]);
            acc.report(at, "this snapshot is not of the latest version: drizzle-kit refuses to go on")
                .severity(Warning)
                .hint("drizzle-kit up writes all snapshots of the folder anew.");
        }
        Some(Fault::New) if kit(look, database).is_some() => {
            let at = place(text, &[Step::Member("version".into())]);
            acc.report(at, "this snapshot is of a version that the installed drizzle-kit does not know")
                .hint("A later drizzle-kit has written it: update drizzle-kit.");
        }
        _ => {}
    }
}

fn message(wrong: &Wrong) -> String {
    let why = match &wrong.what {
        What::Unknown(_) => match wrong.path.last() {
            Some(Step::Member(name)) => format!("it knows no \"{name}\" here"),
            _ => "it knows no such member here".to_owned(),
        },
        What::Missing(name) => format!("\"{name}\" is missing"),
        What::Not(due) => format!("this must be {due}"),
    };
    format!("drizzle-kit calls this snapshot malformed and refuses to go on: {why}")
}

fn hint(wrong: &Wrong) -> String {
    match &wrong.what {
        What::Unknown(known) => format!("Members here are {}.", known.join(", ")),
        _ => "Restore it, or drop the migration with its snapshot and generate it anew.".to_owned(),
    }
}

/// Where a path leads: the name of the last member on it, or where the item begins; as far as it exists.
fn place(text: &str, path: &[Step]) -> TextRange {
    let Ok(parsed) = jsonc_parser::parse_to_ast(text, &Default::default(), &Default::default()) else {
        return TextRange::default();
    };
    let Some(mut value) = parsed.value.as_ref() else { return TextRange::default() };
    let mut at = range(value.start(), value.start() + 1);
    for step in path {
        let found = match (step, value) {
            // Of several with one name, the last counts.
            (Step::Member(name), Value::Object(it)) => {
                let found = it.properties.iter().rfind(|it| it.name.as_str() == name);
                found.map(|it| (&it.value, range(it.name.start(), it.name.end())))
            }
            (Step::Item(idx), Value::Array(it)) => {
                it.elements.get(*idx).map(|it| (it, range(it.start(), it.start() + 1)))
            }
            _ => None,
        };
        let Some((next, range)) = found else { break };
        (value, at) = (next, range);
    }
    at
}
