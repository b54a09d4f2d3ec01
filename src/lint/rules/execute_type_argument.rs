//! `execute<Row>` against the rows that the driver gives.

use crate::base::file::{FileId, FileRange, InFile};
use crate::base::text::{TextRange, range};
use crate::catalog::types::format_type_id;
use crate::embed::{Fragment, Frame};
use crate::lint::builder::{constant_of, names_of};
use crate::lint::delivered::{is_up_to_the_driver, runtime, said};
use crate::lint::rule::{Acc, Lint};
use crate::lint::script::Script;
use crate::project::resolve::Resolved;
use crate::sema::Ty;
use crate::sema::code::Severity::Warning;
use crate::sema::render::Library;
use crate::ts::hir::{ExprId, ExprKind, ImportName};
use crate::ts::types::{Member, Part, declared, parts};

pub const RULE: Lint =
    Lint::query("execute-type-argument", Warning, include_str!("execute-type-argument.md"), run);

fn run(script: &Script<'_>, acc: &mut Acc<'_>) {
    if !script.is_postgres() || !mentions(script) {
        return;
    }
    for fragment in script.fragments() {
        if script.library(fragment) != Library::Drizzle {
            continue;
        }
        for call in executions(script, fragment) {
            let Some(row) = row(script, call) else { continue };
            check(script, fragment, call, &row, acc);
        }
    }
}

/// A cheap look: most scripts have none.
fn mentions(script: &Script<'_>) -> bool {
    memchr::memmem::find(script.look.state.text.as_bytes(), b".execute<").is_some()
}

/// The calls `x.execute<Row>(…)` that a fragment is given to, as it stands or as a constant.
fn executions(script: &Script<'_>, fragment: &Fragment) -> Vec<ExprId> {
    match fragment.context.first() {
        Some(Frame::Arg { call, method, index: 0 }) if method == "execute" => vec![*call],
        Some(Frame::Variable { .. }) => {
            let Some(binding) = constant_of(script, fragment.expr) else { return Vec::new() };
            let call = |name: ExprId| {
                let parent = script.parent(name)?;
                let (_, method, args) = script.method(parent)?;
                (method == "execute" && args == [name]).then_some(parent)
            };
            names_of(script, binding).filter_map(call).collect()
        }
        _ => Vec::new(),
    }
}

/// The members that a call says its rows have.
struct Row {
    /// The type argument, between its brackets.
    at: TextRange,
    members: Vec<(FileRange, Member)>,
}

fn row(script: &Script<'_>, call: ExprId) -> Option<Row> {
    let ExprKind::Call { callee, args, type_args, .. } = script.expr(call) else { return None };
    let ([arg], [_]) = (args.as_slice(), type_args.as_slice()) else { return None };
    let text = &*script.look.state.text;
    let (from, to) = (usize::from(script.range(*callee).end()), usize::from(script.range(*arg).start()));
    let between = text.get(from..to)?;
    let open = between.find('<')? + 1;
    let close = between.get(..between.rfind('(')?)?.rfind('>')?;
    let inner = between.get(open..close)?;
    let at = range(from + open, from + close);
    let mut members = Vec::new();
    add(script, script.file, from + open, parts(inner)?, 0, &mut members);
    (!members.is_empty()).then_some(Row { at, members })
}

/// The members of the parts of a type, whose ranges count from `offset` of a file.
fn add(
    script: &Script<'_>,
    file: FileId,
    offset: usize,
    parts: Vec<Part>,
    depth: u32,
    acc: &mut Vec<(FileRange, Member)>,
) {
    for part in parts {
        match part {
            Part::Object(members) => acc.extend(
                members
                    .into_iter()
                    .map(|it| (InFile::new(file, range(offset + it.start, offset + it.end)), it)),
            ),
            Part::Named(name) if depth < 4 => {
                let Some((file, parts)) = declaration(script, file, &name) else { continue };
                add(script, file, 0, parts, depth + 1, acc);
            }
            _ => {}
        }
    }
}

/// An interface or alias of a script, or one that it imports by name.
fn declaration(script: &Script<'_>, file: FileId, name: &str) -> Option<(FileId, Vec<Part>)> {
    let look = script.look;
    let state = look.snap.state(file)?;
    if let Some(parts) = declared(&state.text, name) {
        return Some((file, parts));
    }
    let module = state.module();
    let import = module.imports.iter().find(|it| it.local == name)?;
    let ImportName::Named(exported) = &import.name else { return None };
    let eval = look.eval;
    match eval.resolver().resolve(eval.workspace(), file, &import.specifier) {
        Resolved::File(other) => {
            look.points_at(other);
            Some((other, declared(&look.snap.state(other)?.text, exported)?))
        }
        _ => None,
    }
}

/// What is wrong with a member.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wrong {
    /// There is no such column; perhaps one that is written otherwise.
    Missing(Option<String>),
    /// The column's type, and what its values are.
    Type(String, &'static str),
}

fn check(script: &Script<'_>, fragment: &Fragment, call: ExprId, row: &Row, acc: &mut Acc<'_>) {
    let units: Vec<_> = script.units(fragment).collect();
    let is_known = |it: &&crate::db::SqlUnit| {
        it.is_whole()
            && it.parsed.error.is_none()
            && it.analysis.problems.is_empty()
            && !it.analysis.columns_open
            && !it.analysis.columns.is_empty()
    };
    if units.is_empty() || !units.iter().all(is_known) {
        return;
    }
    let renames = script.look.model.drivers().iter().any(|it| it.1.renames);
    for (at, member) in &row.members {
        let mut found = units.iter().map(|it| wrong(script, call, member, it));
        let Some(Some(first)) = found.next() else { continue };
        if !found.all(|it| it.as_ref() == Some(&first)) {
            continue;
        }
        let message = match &first {
            Wrong::Missing(_) if renames => continue,
            Wrong::Missing(_) => {
                format!("the rows have no column \"{}\": it is undefined at run time", member.name)
            }
            Wrong::Type(ty, real) => {
                format!("{}: {} is {ty}: the value is a {real} at run time", member.name, member.ty)
            }
        };
        let place = if at.file == script.file { at.value } else { row.at };
        let mut report = acc.report(place, message);
        if at.file != script.file {
            report = report.related(*at, "declared here");
        }
        if let Wrong::Missing(Some(near)) = first {
            report.hint(format!(
                "There is {near}: PostgreSQL folds a name without quotes to lower case; as \"{}\" it keeps it.",
                member.name
            ));
        }
    }
}

fn wrong(script: &Script<'_>, call: ExprId, member: &Member, unit: &crate::db::SqlUnit) -> Option<Wrong> {
    let columns = &unit.analysis.columns;
    let named: Vec<_> = columns.iter().filter(|it| it.name.as_str() == member.name).collect();
    match named.as_slice() {
        // Whoever says `rows` may speak of the answer of another `execute`.
        [] if member.optional || matches!(member.name.as_str(), "rows" | "rowCount" | "length") => None,
        [] => {
            let near = columns.iter().find(|it| it.name.as_str().eq_ignore_ascii_case(&member.name));
            Some(Wrong::Missing(near.map(|it| it.name.as_str().to_owned())))
        }
        [column] => {
            let Ty::Known(ty) = column.ty else { return None };
            let said = said(&member.ty)?;
            let real = runtime(script.catalog(), ty)?;
            if said.contains(&real) || is_up_to_the_driver(script, &[call], ty, &said) {
                return None;
            }
            Some(Wrong::Type(format_type_id(script.catalog(), ty.id).to_string(), real.label()))
        }
        _ => None,
    }
}
