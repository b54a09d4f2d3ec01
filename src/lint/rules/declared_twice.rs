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
    for it in schema.catalog().twice.iter() {
        let is_refused = it.kind.is_refused(line);
        if it.is_copy && !is_refused {
            continue;
        }
        let effect = match is_refused {
            true => "drizzle-kit refuses to go on",
            false => "drizzle-kit takes the other, and nothing of this one",
        };
        let message = format!("{} {} is exported twice: {effect}", it.kind.as_str(), it.name.name.quoted());
        if let Some(report) = acc.report_origin(it.lost, message) {
            let _ = report.related_origin(it.kept, "the other");
        }
    }
}
