//! Tables, views and enums that drizzle-kit finds twice.

use crate::catalog::build;
use crate::lint::rule::{Acc, Lint};
use crate::lint::schema::Schema;
use crate::sema::code::Severity::Warning;

pub const RULE: Lint = Lint::schema("declared-twice", Warning, include_str!("declared-twice.md"), run);

fn run(schema: &Schema<'_>, acc: &mut Acc<'_>) {
    // Files of several configurations are never read together.
    let files = schema.database.config.as_ref().map(|it| &it.schema_files);
    if files.is_some_and(|it| *it != schema.database.schema_files) {
        return;
    }
    let line = build::line(schema.database);
    let is_beta = schema.database.config.as_ref().is_some_and(|it| it.is_beta);
    for it in schema.catalog().twice.iter() {
        let is_refused = it.kind.is_refused(line);
        if it.is_copy && !is_refused || it.is_same() && is_beta {
            continue;
        }
        let (kind, name) = (it.kind.as_str(), it.name.name.quoted());
        if it.is_same() {
            let message =
                format!("{kind} {name} is exported by several schema files: drizzle-kit refuses to go on");
            let _ = acc.report_origin(it.lost, message);
            continue;
        }
        let effect = match is_refused {
            true => "drizzle-kit refuses to go on",
            false => "drizzle-kit takes the other, and nothing of this one",
        };
        let message = format!("{kind} {name} is exported twice: {effect}");
        if let Some(report) = acc.report_origin(it.lost, message) {
            let _ = report.related_origin(it.kept, "the other");
        }
    }
}
