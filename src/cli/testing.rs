//! A small outcome made by hand, for the tests of the output formats.

use std::sync::Arc;

use super::coverage::{Coverage, SkippedPlace};
use super::outcome::{Outcome, Source};
use crate::base::file::{FileId, FileRange, InFile};
use crate::base::text::range;
use crate::db::SkipReason;
use crate::lint::{Diagnostic, Fix, Related, Severity, TextEdit};

/// The bytes of the first `needle` in the file's text.
pub fn place(outcome: &Outcome, file: u32, needle: &str) -> FileRange {
    let source = outcome.source(FileId(file)).expect("a file of the sample");
    let start = source.text.find(needle).expect("text of the sample");
    InFile::new(FileId(file), range(start, start + needle.len()))
}

pub fn outcome(files: &[(&str, &str)]) -> Outcome {
    let mut res = Outcome { start: "/w".to_owned(), n_files: files.len() as u32, ..Outcome::default() };
    for (idx, (path, text)) in files.iter().enumerate() {
        res.sources.insert(FileId(idx as u32), Source::new((*path).to_owned(), Arc::from(*text)));
    }
    res
}

pub fn diagnostic(at: FileRange, code: &'static str, severity: Severity, message: &str) -> Diagnostic {
    Diagnostic {
        at,
        severity,
        code,
        sqlstate: None,
        message: message.to_owned(),
        hint: None,
        related: Vec::new(),
        fixes: Vec::new(),
        subject: "select 1".into(),
    }
}

/// An error with everything and a warning with little.
pub fn sample() -> Outcome {
    let mut res = outcome(&[
        ("src/app.ts", "import { sql } from 'x';\nq(sql`select 'é😀', emial\tfrom users ${filters}`);\n"),
        ("src/schema.ts", "import {} from 'x';\n  users = pgTable('users', {});\n"),
        ("a,b:%.sql", "insert into users values (1);\n"),
    ]);
    let at = place(&res, 0, "emial");
    let mut first = diagnostic(at, "undefined-column", Severity::Error, "column \"emial\" does not exist");
    first.sqlstate = Some("42703");
    first.hint = Some("Perhaps you meant 100% \"users.email\".".to_owned());
    first
        .related
        .push(Related { at: place(&res, 1, "users"), message: "\"users\" is declared here".to_owned() });
    first.fixes.push(Fix {
        title: "Replace with email".to_owned(),
        safe: false,
        edits: vec![TextEdit { at, text: "email".to_owned() }],
    });
    let at = place(&res, 2, "users");
    let second = diagnostic(at, "missing-required-column", Severity::Warning, "\"name\" gets no value");
    let at = place(&res, 0, "${filters}");
    res.diagnostics = vec![first, second];
    res.coverage = Coverage {
        n_checked: 1,
        skipped: vec![SkippedPlace {
            at,
            reason: SkipReason::Dynamic,
            detail: "hole ${filters} is not known".to_owned(),
        }],
    };
    res
}
