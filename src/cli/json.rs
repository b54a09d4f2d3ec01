//! `check --format json` (CONTRACTS, "Machine output").

use serde_json::{Value, json};

use super::outcome::{Outcome, severity_name};
use crate::base::file::FileRange;
use crate::db::SkipReason;
use crate::lint::{Diagnostic, Fix, Severity};

pub fn render(outcome: &Outcome, explain_skipped: bool) -> String {
    let diagnostics: Vec<Value> = outcome.diagnostics.iter().map(|it| diagnostic(outcome, it)).collect();
    let mut res = json!({
        "version": 1,
        "diagnostics": diagnostics,
        "coverage": coverage(outcome, explain_skipped),
        "summary": {
            "files": outcome.n_files,
            "fragments": outcome.coverage.n_fragments(),
            "errors": outcome.count(Severity::Error),
            "warnings": outcome.count(Severity::Warning),
            "milliseconds": outcome.milliseconds,
        },
    });
    if !outcome.fixed.is_empty() {
        let fixed = outcome.fixed.iter();
        let fixed =
            fixed.map(|it| json!({ "file": it.path, "line": it.line, "code": it.code, "title": it.title }));
        res["fixed"] = fixed.collect();
    }
    let mut text = serde_json::to_string_pretty(&res).unwrap_or_default();
    text.push('\n');
    text
}

pub fn diagnostic(outcome: &Outcome, it: &Diagnostic) -> Value {
    let message = match &it.hint {
        Some(hint) => format!("{}\nHint: {hint}", it.message),
        None => it.message.clone(),
    };
    let related = it.related.iter().map(|related| {
        json!({
            "file": outcome.path(related.at.file),
            "range": range(outcome, related.at),
            "message": related.message,
        })
    });
    json!({
        "file": outcome.path(it.at.file),
        "range": range(outcome, it.at),
        "severity": severity_name(it.severity),
        "code": it.code,
        "sqlstate": it.sqlstate,
        "message": message,
        "related": related.collect::<Vec<_>>(),
        "fixes": it.fixes.iter().map(|it| fix(outcome, it)).collect::<Vec<_>>(),
    })
}

fn fix(outcome: &Outcome, fix: &Fix) -> Value {
    let edits = fix.edits.iter().map(|edit| {
        json!({
            "file": outcome.path(edit.at.file),
            "range": range(outcome, edit.at),
            "text": edit.text,
        })
    });
    json!({ "title": fix.title, "safe": fix.safe, "edits": edits.collect::<Vec<_>>() })
}

pub fn range(outcome: &Outcome, at: FileRange) -> Value {
    let (start, end) = outcome.positions(at);
    json!({
        "start": { "byte": start.byte, "line": start.line, "column": start.column },
        "end": { "byte": end.byte, "line": end.line, "column": end.column },
    })
}

fn coverage(outcome: &Outcome, explain_skipped: bool) -> Value {
    let by_reason = outcome.coverage.by_reason();
    let skipped: serde_json::Map<String, Value> =
        by_reason.iter().map(|(reason, count)| (key(*reason).to_owned(), json!(count))).collect();
    let mut res = json!({
        "fragments": outcome.coverage.n_fragments(),
        "checked": outcome.coverage.n_checked,
        "skipped": skipped,
    });
    if explain_skipped {
        let places = outcome.coverage.skipped.iter().map(|it| {
            json!({
                "file": outcome.path(it.at.file),
                "range": range(outcome, it.at),
                "reason": key(it.reason),
                "detail": it.detail,
            })
        });
        res["places"] = places.collect();
    }
    res
}

/// The reason in machine output; stable.
fn key(reason: SkipReason) -> &'static str {
    match reason {
        SkipReason::Dynamic => "dynamic",
        SkipReason::NoDatabase => "noDatabase",
        SkipReason::UnreadableSchema => "unreadableSchema",
        SkipReason::UnknownContext => "unknownContext",
        SkipReason::NotSql => "notSql",
        SkipReason::ForeignFile => "foreignFile",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::testing::sample;

    #[test]
    fn positions_count_bytes_and_scalar_values() {
        let value: Value = serde_json::from_str(&render(&sample(), true)).unwrap();
        assert_eq!(value["version"], 1);
        let first = &value["diagnostics"][0];
        assert_eq!(first["file"], "src/app.ts");
        assert_eq!(first["code"], "undefined-column");
        assert_eq!(first["sqlstate"], "42703");
        // `é` and `😀` before the place: three bytes and one, and four bytes and one.
        assert_eq!(first["range"]["start"], json!({ "byte": 48, "line": 2, "column": 20 }));
        assert_eq!(first["related"][0]["file"], "src/schema.ts");
        assert_eq!(first["fixes"][0]["edits"][0]["text"], "email");
        assert_eq!(value["coverage"]["skipped"], json!({ "dynamic": 1 }));
        assert_eq!(value["coverage"]["places"][0]["detail"], "hole ${filters} is not known");
        assert_eq!(value["summary"]["errors"], 1);
        assert_eq!(value["summary"]["warnings"], 1);
    }
}
