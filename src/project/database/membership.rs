//! Which database a file's SQL is checked against.

use std::fmt;

use super::imports::Reach;
use super::{Databases, ddl, sniff};
use crate::base::file::FileId;
use crate::base::path;
use crate::project::eval::{Dep, Evaluator};

/// What a file belongs to; databases by their place in [`Databases::list`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Membership {
    /// Its SQL is run against the database.
    Database(usize),
    /// It makes the database: each statement is checked against the state before it.
    History { database: usize, place: Place },
    /// It is not checked.
    None(Reason),
}

/// Where a SQL file stands in a database's making.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// Step of its migrations.
    Migration(usize),
    /// One of its schema files.
    Schema(usize),
}

/// Why a file belongs to no database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    NoDatabase,
    /// Several databases are as near.
    Ambiguous,
    /// A `.sql` file beside a journal that does not list it.
    NotInJournal,
    /// A migration's undoing.
    Undoes,
    /// In a directory of tests.
    TestData,
    /// In a directory of other people's code or of generated files.
    Foreign,
    OtherDialect,
    /// It is the configuration or a generated file, not SQL that runs.
    NotSource,
    /// A program fills it in before it runs.
    Template,
    /// CREATE EXTENSION runs it.
    Extension,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reason::NoDatabase => "no database",
            Reason::Ambiguous => "several databases are equally near",
            Reason::NotInJournal => "not listed in the migrations journal",
            Reason::Undoes => "undoes a migration",
            Reason::TestData => "test data",
            Reason::Foreign => "not part of the project's sources",
            Reason::OtherDialect => "another dialect",
            Reason::NotSource => "not a source file",
            Reason::Template => "a template that a program fills in",
            Reason::Extension => "a script of an extension",
        })
    }
}

pub(super) fn of(databases: &Databases, eval: &Evaluator<'_>, file: FileId) -> Membership {
    if let Some(&(database, place)) = databases.places.get(&file) {
        return Membership::History { database, place };
    }
    if let Some(reason) = databases.left_alone.get(&file) {
        return Membership::None(*reason);
    }
    let file_path = eval.workspace().path(file);
    match path::extension(&file_path) {
        "sql" => of_sql(databases, eval, file, &file_path),
        "json" | "jsonc" | "yaml" | "yml" | "lock" | "toml" | "control" => {
            Membership::None(Reason::NotSource)
        }
        _ => of_script(databases, eval, file, &file_path),
    }
}

fn of_sql(databases: &Databases, eval: &Evaluator<'_>, file: FileId, file_path: &str) -> Membership {
    if let Some(reason) = ddl::left_alone(eval.workspace(), file_path) {
        return Membership::None(reason);
    }
    let all: Vec<usize> = (0..databases.list.len()).collect();
    let mut near = nearest(databases, &all, file_path);
    if near.is_empty() {
        // None lies above: the package's own.
        let packages = eval.resolver().packages();
        if let Some(package) = packages.nearest(file_path) {
            let is_here = |it: &usize| {
                databases
                    .list
                    .get(*it)
                    .is_some_and(|it| packages.nearest(&it.dir).is_some_and(|it| it.dir == package.dir))
            };
            near = all.iter().copied().filter(is_here).collect();
        }
    }
    if near.len() > 1
        && let Some(dialect) = eval.workspace().hints(file).dialect
    {
        near.retain(|it| {
            databases.list.get(*it).is_some_and(|it| dialect == sniff::Sniffed::Known(it.dialect))
        });
    }
    match near.as_slice() {
        [] => Membership::None(Reason::NoDatabase),
        [only] => {
            let dialect = eval.workspace().hints(file).dialect;
            let own = databases.list.get(*only).map(|it| it.dialect);
            match dialect {
                Some(dialect) if Some(dialect) != own.map(sniff::Sniffed::Known) => {
                    Membership::None(Reason::OtherDialect)
                }
                _ => databases.membership_in(*only),
            }
        }
        _ => Membership::None(Reason::Ambiguous),
    }
}

impl Databases {
    /// What is nearest to a database whose SQL is not read belongs to none.
    fn membership_in(&self, database: usize) -> Membership {
        match self.list.get(database).and_then(|it| it.foreign.as_ref()) {
            Some(_) => Membership::None(Reason::OtherDialect),
            None => Membership::Database(database),
        }
    }
}

fn of_script(databases: &Databases, eval: &Evaluator<'_>, file: FileId, file_path: &str) -> Membership {
    match script_candidates(databases, eval, file, file_path).as_slice() {
        [] => Membership::None(Reason::NoDatabase),
        [only] => databases.membership_in(*only),
        _ => Membership::None(Reason::Ambiguous),
    }
}

/// The databases that a script's SQL may be run against, as near as can be told.
pub(super) fn script_candidates(
    databases: &Databases,
    eval: &Evaluator<'_>,
    file: FileId,
    file_path: &str,
) -> Vec<usize> {
    if databases.list.len() < 2 {
        return (0..databases.list.len()).collect();
    }
    let reach = databases.reach(eval);
    // What it is; the tables that it imports; the schema or the handle that it imports; what it imports further
    // away.
    let imported = [
        reach.within(file, 0),
        reach.by_name(eval, file),
        reach.within(file, Reach::DIRECT),
        reach.within(file, Reach::NEVER - 1),
    ];
    if let Some(candidates) = imported.into_iter().find(|it| !it.is_empty()) {
        let mut candidates = without_tests(databases, eval, candidates, file_path);
        if candidates.len() < 2 {
            return candidates;
        }
        // One directory of schemas for several dialects: a module's tables tell whose they are.
        if reach.within(file, 0).len() > 1 {
            eval.note(Dep::hints(file));
            let dialect = eval.workspace().hints(file).core;
            let same = |it: &usize| databases.list.get(*it).map(|it| it.dialect) == dialect;
            if dialect.is_some() && candidates.iter().any(same) {
                candidates.retain(same);
            }
        }
        let near = nearest(databases, &candidates, file_path);
        return if near.is_empty() { candidates } else { near };
    }
    // What its package imports; else the database that lies above the file.
    let package = eval.resolver().packages().nearest(file_path).map(|it| it.dir.clone());
    let mut candidates = package.map(|it| reach.of_package(&it).to_vec()).unwrap_or_default();
    if candidates.is_empty() {
        let all: Vec<usize> = (0..databases.list.len()).collect();
        candidates = nearest(databases, &all, file_path);
    }
    // A library that speaks several dialects: nothing says which one this file's is.
    let dialect_of = |idx: &usize| databases.list.get(*idx).map(|it| it.dialect);
    if candidates.iter().any(|it| dialect_of(it) != candidates.first().and_then(dialect_of)) {
        return candidates;
    }
    let real = without_tests(databases, eval, candidates, file_path);
    let near = nearest(databases, &real, file_path);
    if near.is_empty() { real } else { near }
}

/// A database that only tests use is no candidate for code outside its directory, if there are others.
fn without_tests(
    databases: &Databases,
    eval: &Evaluator<'_>,
    candidates: Vec<usize>,
    file_path: &str,
) -> Vec<usize> {
    let is_real = |idx: &usize| {
        let Some(database) = databases.list.get(*idx) else { return false };
        let Some(config) = database.config.as_ref().map(|it| eval.workspace().path(it.file)) else {
            return true;
        };
        let dir = path::parent(&config).unwrap_or("/");
        path::is_within(file_path, dir)
            || ddl::left_alone(eval.workspace(), &config) != Some(Reason::TestData)
    };
    let real: Vec<usize> = candidates.iter().copied().filter(is_real).collect();
    if real.is_empty() { candidates } else { real }
}

/// Of `candidates` those whose directory is the innermost around `file_path`.
fn nearest(databases: &Databases, candidates: &[usize], file_path: &str) -> Vec<usize> {
    let around = |idx: &usize| {
        let database = databases.list.get(*idx)?;
        path::is_within(file_path, &database.dir).then_some((*idx, database.dir.len()))
    };
    let around: Vec<(usize, usize)> = candidates.iter().filter_map(around).collect();
    let innermost = around.iter().map(|(_, len)| *len).max();
    around.into_iter().filter(|(_, len)| Some(*len) == innermost).map(|(idx, _)| idx).collect()
}
