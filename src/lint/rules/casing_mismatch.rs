//! `casing` in one place of two: drizzle-orm 0.x.

use crate::base::text::{TextRange, TextSize};
use crate::catalog::Entity;
use crate::catalog::drizzle::chain::{Head, unwind};
use crate::lint::rule::{Acc, Lint};
use crate::lint::script::{Script, is_test};
use crate::project::config::KitCasing;
use crate::project::eval::{Value, ValueKind};
use crate::sema::code::Severity::Warning;
use crate::ts::hir::ExprKind;

pub const RULE: Lint = Lint::query("casing-mismatch", Warning, include_str!("casing-mismatch.md"), run);

fn run(script: &Script<'_>, acc: &mut Acc<'_>) {
    let Some(database) = script.database else { return };
    let Some(config) = &database.config else { return };
    if script.is_v1() {
        return;
    }
    let said = match config.casing {
        Some(KitCasing::Snake) => Some("snake_case"),
        Some(KitCasing::Camel) => Some("camelCase"),
        None => None,
    };
    for id in script.ids() {
        let Some((callee, args)) = script.call(id) else { continue };
        if script.drizzle_call_name(callee) != Some("drizzle")
            || script.drizzle(callee).as_deref() != Some("drizzle")
        {
            continue;
        }
        // Without a schema the handle knows its tables all the same; the configuration is the last argument.
        let Some(last) = args.last().copied() else { continue };
        let value = script.value(last);
        let handle = match casing(&value) {
            Casing::Unknown => continue,
            Casing::None => None,
            Casing::Said(it) => Some(it),
        };
        if handle.as_deref() == said || has_own_tables(script, &value) || !derives_names(script) {
            continue;
        }
        let config_file = crate::project::Workspace::path(script.look.snap, config.file);
        let config_name = crate::base::path::file_name(&config_file).to_owned();
        let message = match (&handle, said) {
            (None, Some(said)) => {
                format!("{config_name} says casing '{said}', this handle none: the columns have other names")
            }
            (Some(handle), None) => {
                format!(
                    "this handle says casing '{handle}', {config_name} none: the columns have other names"
                )
            }
            (Some(handle), Some(said)) => {
                format!(
                    "this handle says casing '{handle}', {config_name} '{said}': the columns have other names"
                )
            }
            (None, None) => continue,
        };
        let report = acc.report(script.range(callee), message);
        if let (None, Some(said), ExprKind::Object(props)) = (&handle, said, script.expr(last))
            && !props.is_empty()
        {
            let at = TextRange::empty(script.range(last).start() + TextSize::from(1));
            report.fix(format!("Say casing '{said}' here too"), vec![(at, format!(" casing: '{said}',"))]);
        }
    }
}

/// A test's handle for tables that the test declares itself, as an older schema had them.
fn has_own_tables(script: &Script<'_>, config: &Value) -> bool {
    if !is_test(&crate::project::Workspace::path(script.look.snap, script.file)) {
        return false;
    }
    let entries = config.as_object().unwrap_or_default();
    let schema = entries.iter().find(|it| it.key == "schema").and_then(|it| it.value.as_object());
    schema.is_some_and(|tables| {
        let own = |it: &Value| it.decl.as_ref().is_some_and(|it| it.file == script.file);
        !tables.is_empty() && tables.iter().all(|it| own(&it.value))
    })
}

enum Casing {
    Unknown,
    None,
    Said(String),
}

fn casing(value: &Value) -> Casing {
    match &*value.kind {
        ValueKind::Object { entries, open } => match entries.iter().find(|it| it.key == "casing") {
            Some(entry) => match entry.value.as_str() {
                Some(it) => Casing::Said(it.to_string()),
                None => Casing::Unknown,
            },
            None if *open => Casing::Unknown,
            None => Casing::None,
        },
        ValueKind::String(_) => Casing::None,
        _ => Casing::Unknown,
    }
}

/// Whether some column's name comes from its key, and would be another in another casing.
fn derives_names(script: &Script<'_>) -> bool {
    script.look.note_all();
    let eval = script.look.eval;
    let tables = script.catalog().decls.iter().filter(|(_, it)| matches!(it, Entity::Relation(_)));
    tables.map(|(decl, _)| eval.decl(decl)).any(|table| {
        let chain = unwind(&table);
        let lists = std::iter::once(chain.head.args()).chain(chain.methods.iter().map(|it| it.args));
        let Some(columns) = lists.filter(|it| it.len() > 1).find_map(|it| it.get(1)) else { return false };
        let columns = match &*columns.kind {
            ValueKind::Closure(closure) => eval.call_with(closure, vec![Value::unknown()]),
            _ => columns.clone(),
        };
        let entries = columns.as_object().unwrap_or_default();
        entries.iter().any(|it| it.key.chars().any(|it| it.is_ascii_uppercase()) && !is_named(&it.value))
    })
}

/// The column builder is called with a name, or how it is called is not known.
fn is_named(value: &Value) -> bool {
    let chain = unwind(value);
    let first = match chain.head {
        Head::Call { args, .. } | Head::Applied { args, .. } => args.first(),
        // `t.text('name')`.
        Head::Value(_) => match chain.methods.first() {
            Some(method) => method.args.first(),
            None => return true,
        },
    };
    first.is_some_and(|it| !matches!(*it.kind, ValueKind::Object { .. }))
}
