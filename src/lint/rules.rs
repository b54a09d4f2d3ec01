//! What analysis found → diagnostics with places in files; and every rule that is not an answer of PostgreSQL's.

mod blocking_command;
mod blocking_index;
mod blocking_index_drop;
mod blocking_key;
mod blocking_partition;
mod breaking_rename;
mod broken_journal;
mod casing_mismatch;
mod check_scans_table;
mod column_of_another_table;
mod comparison_type_mismatch;
mod concurrently_in_transaction;
mod conflict_target_not_unique;
mod conflicting_migrations;
mod constant_order;
mod date_parameter;
mod db_in_transaction;
mod declared_twice;
mod domain_constraint_scans_tables;
mod drop_cascade;
mod drop_column;
mod drop_table;
mod duplicate_migration_number;
mod empty_list;
mod empty_values;
mod execute_type_argument;
mod foreign_key_scans_table;
mod foreign_key_target_not_unique;
mod foreign_key_type_mismatch;
mod identifier_too_long;
mod invalid_default;
mod invalid_relation;
mod invalid_value;
mod journal_out_of_order;
mod json_column;
mod migration_before_parent;
mod migration_file_missing;
mod migration_not_in_journal;
mod missing_foreign_key_index;
mod missing_if_exists;
mod missing_parent_snapshot;
mod missing_primary_key;
mod missing_where;
mod mysql_table_copy;
mod narrowing_type_change;
mod new_enum_value_in_use;
mod not_null_without_default;
mod query_in_loop;
mod quoted_placeholder;
mod raw_interpolation;
mod rebuild_cascades;
mod redundant_index;
mod relation_outside_schema;
mod relation_target_not_unique;
mod relation_type_mismatch;
mod relation_without_foreign_key;
mod schema_drift;
mod second_base_snapshot;
mod self_reference_type;
mod set_not_null;
mod snapshot_collision;
mod sql_type_argument;
mod sqlite_add_column;
mod stale_snapshot;
mod table_not_in_query;
mod timestamp_without_time_zone;
mod transaction_in_migration;
mod truncate_table;
mod truncated_identifier;
mod type_change_rewrites_table;
mod unawaited_query;
mod unbounded_backfill;
mod undefined_filter;
mod unexported_type;
mod unknown_key;
mod unqualified_correlation;
mod unreadable_snapshot;
mod validate_in_same_transaction;
mod volatile_default;

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::history::History;
use super::migration::Migration;
use super::rule::{Acc, Lint, Run};
use super::schema::Schema;
use super::script::Script;
use super::{Diagnostic, Fix, Related, TextEdit};
use crate::base::cancel::Cancellable;
use crate::base::file::{FileId, InFile};
use crate::base::text::{TextRange, slice};
use crate::catalog::Origin;
use crate::db::{FileAnalysis, FileKind, Look, Snapshot, SqlUnit, UnitKind};
use crate::project::Workspace;
use crate::project::database::Membership;
use crate::sema::code::{self, Code, Severity};
use crate::sema::fragment::Placement;
use crate::sema::{Place, Problem};

/// Every rule that is not an answer of PostgreSQL's.
pub const ALL: &[Lint] = &[
    blocking_command::RULE,
    blocking_index::RULE,
    blocking_index_drop::RULE,
    blocking_key::RULE,
    blocking_partition::RULE,
    breaking_rename::RULE,
    broken_journal::RULE,
    casing_mismatch::RULE,
    check_scans_table::RULE,
    column_of_another_table::RULE,
    comparison_type_mismatch::RULE,
    concurrently_in_transaction::RULE,
    conflict_target_not_unique::RULE,
    conflicting_migrations::RULE,
    constant_order::RULE,
    date_parameter::RULE,
    db_in_transaction::RULE,
    declared_twice::RULE,
    domain_constraint_scans_tables::RULE,
    drop_cascade::RULE,
    drop_column::RULE,
    drop_table::RULE,
    duplicate_migration_number::RULE,
    empty_list::RULE,
    empty_values::RULE,
    execute_type_argument::RULE,
    foreign_key_scans_table::RULE,
    foreign_key_target_not_unique::RULE,
    foreign_key_type_mismatch::RULE,
    identifier_too_long::RULE,
    invalid_default::RULE,
    invalid_relation::RULE,
    invalid_value::RULE,
    journal_out_of_order::RULE,
    json_column::RULE,
    migration_before_parent::RULE,
    migration_file_missing::RULE,
    migration_not_in_journal::RULE,
    missing_foreign_key_index::RULE,
    missing_if_exists::RULE,
    missing_parent_snapshot::RULE,
    missing_primary_key::RULE,
    missing_where::RULE,
    mysql_table_copy::RULE,
    narrowing_type_change::RULE,
    new_enum_value_in_use::RULE,
    not_null_without_default::RULE,
    query_in_loop::RULE,
    quoted_placeholder::RULE,
    raw_interpolation::RULE,
    rebuild_cascades::RULE,
    redundant_index::RULE,
    relation_outside_schema::RULE,
    relation_target_not_unique::RULE,
    relation_type_mismatch::RULE,
    relation_without_foreign_key::RULE,
    schema_drift::RULE,
    second_base_snapshot::RULE,
    self_reference_type::RULE,
    set_not_null::RULE,
    snapshot_collision::RULE,
    sql_type_argument::RULE,
    sqlite_add_column::RULE,
    stale_snapshot::RULE,
    table_not_in_query::RULE,
    timestamp_without_time_zone::RULE,
    transaction_in_migration::RULE,
    truncate_table::RULE,
    truncated_identifier::RULE,
    type_change_rewrites_table::RULE,
    unawaited_query::RULE,
    unbounded_backfill::RULE,
    undefined_filter::RULE,
    unexported_type::RULE,
    unknown_key::RULE,
    unqualified_correlation::RULE,
    unreadable_snapshot::RULE,
    validate_in_same_transaction::RULE,
    volatile_default::RULE,
];

/// Runs every rule on a file.
pub fn run(
    snap: &Snapshot,
    file: FileId,
    analysis: &FileAnalysis,
    acc: &mut Vec<Diagnostic>,
) -> Cancellable<()> {
    let mut seen = FxHashSet::default();
    for unit in &analysis.units {
        let mut found = Vec::new();
        syntax(file, unit, &mut found);
        for problem in unit.analysis.problems.iter().filter(|it| !is_beside_error(unit, it)) {
            found.extend(problem_diagnostic(snap, file, unit, problem));
        }
        // Alternatives of a fragment share most of their text, and so most of what is wrong with it.
        acc.extend(found.into_iter().filter(|it| seen.insert((it.at.value, it.code, it.message.clone()))));
    }
    if let Some(found) = snap.found(file, lints)? {
        acc.extend(found.iter().cloned());
    }
    Ok(())
}

/// What the rules find in a file.
fn lints(look: &Look<'_>) -> Vec<Diagnostic> {
    let mut acc = Acc::new(look.snap, look.file, &look.state.text);
    match look.state.kind {
        FileKind::Data => History::with(look, |history| {
            for lint in ALL {
                acc.begin(lint.code);
                if let Run::History(run) = lint.run {
                    run(history, &mut acc);
                }
            }
        }),
        FileKind::Script(_) => script_lints(look, &mut acc),
        FileKind::Sql => {
            if let Membership::History { database, .. } = look.membership {
                Migration::with(look, database, |migration| {
                    for lint in ALL {
                        acc.begin(lint.code);
                        if let Run::Migration(run) = lint.run {
                            run(migration, &mut acc);
                        }
                    }
                });
            }
        }
    }
    let found = acc.finish();
    for it in &found {
        it.related.iter().for_each(|it| look.points_at(it.at.file));
        it.fixes.iter().flat_map(|it| &it.edits).for_each(|it| look.points_at(it.at.file));
    }
    found
}

fn script_lints(look: &Look<'_>, acc: &mut Acc<'_>) {
    if !speaks_of_drizzle(&look.state.text) {
        return;
    }
    let database = match look.membership {
        Membership::Database(it) | Membership::History { database: it, .. } => Some(it),
        Membership::None(_) => None,
    };
    let catalog = database.and_then(|it| look.catalog(it)).unwrap_or_default();
    let source = database.and_then(|it| look.database(it));
    let module = look.state.module();
    let script = Script::new(look, &module, source, &catalog);
    let schema = source.and_then(|it| Schema::new(&script, it));
    for lint in ALL {
        acc.begin(lint.code);
        match (lint.run, &schema) {
            (Run::Schema(run), Some(schema)) => run(schema, acc),
            (Run::Query(run), _) => run(&script, acc),
            _ => {}
        }
    }
}

/// A cheap look at the bytes: `false` where no rule has anything to say.
fn speaks_of_drizzle(text: &str) -> bool {
    const WORDS: [&str; 9] = [
        "drizzle",
        ".select(",
        ".select({",
        ".insert(",
        ".update(",
        ".delete(",
        ".transaction(",
        ".query.",
        ".execute(",
    ];
    WORDS.iter().any(|it| memchr::memmem::find(text.as_bytes(), it.as_bytes()).is_some())
}

fn syntax(file: FileId, unit: &SqlUnit, acc: &mut Vec<Diagnostic>) {
    let Some(error) = &unit.parsed.error else { return };
    // A tag that nobody knows may write a name there.
    if unit.doubtful && is_parameter(unit, &error.message) {
        return;
    }
    // A wrapper's own end is the fragment's end.
    let Some(range) = unit.placement.to_host(error.range).or_else(|| end_of(unit)) else { return };
    let severity = if error.certain { Severity::Error } else { Severity::Hint };
    acc.push(Diagnostic {
        at: InFile::new(file, range),
        severity: unit.cap(severity),
        code: code::of_grammar(error.sqlstate).name,
        sqlstate: Some(error.sqlstate),
        message: error.message.clone(),
        hint: match error.since {
            Some(since) => Some(crate::sql::older::hint(since)),
            None => is_parameter(unit, &error.message).then(|| PARAMETER_HINT.to_owned()),
        },
        related: Vec::new(),
        fixes: Vec::new(),
        subject: subject(unit),
    });
}

/// In text with a syntax error names alone are blamed, and not what stands right before it, which is likely no name: of
/// `interval $1` PostgreSQL blames the parameter alone.
fn is_beside_error(unit: &SqlUnit, problem: &Problem) -> bool {
    let Some(error) = unit.parsed.error.as_ref().filter(|it| it.certain) else { return false };
    if !is_of_name(problem.code) {
        return true;
    }
    let (end, start) = (usize::from(problem.range.end()), usize::from(error.range.start()));
    unit.text.get(end..start).is_some_and(|it| it.chars().all(char::is_whitespace))
}

fn is_of_name(code: Code) -> bool {
    code.name.starts_with("undefined-") || code.name.starts_with("ambiguous-")
}

const PARAMETER_HINT: &str = "A parameter is a value and stands for nothing else. A name is ${sql.identifier(name)}; a \
                              keyword, which the program must have chosen itself, ${sql.raw(word)}.";

/// The error stands at a hole of a template that became a parameter.
fn is_parameter(unit: &SqlUnit, message: &str) -> bool {
    let near = message.rsplit_once("at or near \"$").and_then(|it| it.1.strip_suffix('"'));
    matches!(unit.placement, Placement::Fragment { .. })
        && near.is_some_and(|it| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit()))
}

fn end_of(unit: &SqlUnit) -> Option<TextRange> {
    match unit.placement {
        Placement::Fragment { .. } => Some(TextRange::empty(unit.host.end())),
        Placement::Plain(_) => None,
    }
}

fn problem_diagnostic(
    snap: &Snapshot,
    file: FileId,
    unit: &SqlUnit,
    problem: &Problem,
) -> Option<Diagnostic> {
    let range = unit.placement.to_host(problem.range)?;
    let related = problem.related.iter().filter_map(|it| {
        let at = match it.place {
            Place::Here(range) => InFile::new(file, unit.placement.to_host(range)?),
            Place::Origin(origin) => origin_range(snap, origin)?,
        };
        Some(Related { at, message: it.message.clone() })
    });
    // What a fragment is a part of may write, and a tag of unknown origin may not be SQL.
    let certain = unit.is_whole() && !unit.doubtful && !matches!(unit.kind, UnitKind::Body(_));
    let fixes = problem.fixes.iter().filter_map(|it| {
        let edit = |(range, text): &(TextRange, String)| {
            let at = InFile::new(file, unit.placement.to_host_exact(*range)?);
            may_write(snap, file, unit, text).then(|| TextEdit { at, text: text.clone() })
        };
        let edits = it.edits.iter().map(edit).collect::<Option<Vec<_>>>()?;
        Some(Fix { title: it.title.clone(), safe: it.safe && certain, edits })
    });
    Some(Diagnostic {
        at: InFile::new(file, range),
        severity: unit.cap(problem.code.severity),
        code: problem.code.name,
        sqlstate: problem.code.sqlstate,
        message: problem.message.clone(),
        hint: problem.hint.clone(),
        related: related.collect(),
        fixes: fixes.collect(),
        subject: subject(unit),
    })
}

/// Whether SQL text means itself between the delimiters of a unit's fragment.
pub fn may_write(snap: &Snapshot, file: FileId, unit: &SqlUnit, text: &str) -> bool {
    if matches!(unit.kind, UnitKind::Statement(_)) {
        return true;
    }
    if matches!(unit.kind, UnitKind::Body(_)) {
        // Between quotes of either kind.
        return !text.contains(['\'', '$', '\\']);
    }
    let host = snap.text(file).unwrap_or_default();
    match slice(&host, unit.host).chars().next() {
        Some('`') => !text.contains(['`', '\\']) && !text.contains("${"),
        Some(quote) => !text.contains([quote, '\\', '\n', '\r']),
        None => false,
    }
}

/// The key of a baseline: the analysed text with white space folded.
fn subject(unit: &SqlUnit) -> SmolStr {
    let text = match &unit.placement {
        Placement::Plain(_) => &*unit.text,
        Placement::Fragment { wrapper, len, .. } => slice(&unit.text, TextRange::at(*wrapper, *len)),
    };
    text.split_whitespace().collect::<Vec<_>>().join(" ").into()
}

/// Where a catalog entity was declared, as bytes of its file; `None` for built-ins.
pub fn origin_range(snap: &Snapshot, origin: Origin) -> Option<InFile<TextRange>> {
    match origin {
        Origin::Builtin => None,
        Origin::Ts { file, loc } => Some(InFile::new(file, snap.ts_facts(file).1.range(loc))),
        Origin::Sql { file, loc, range } => {
            let statement = snap.statements(file).1.range(loc);
            Some(InFile::new(file, range + statement.start()))
        }
    }
}

#[cfg(test)]
mod tests;
