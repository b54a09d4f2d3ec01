//! `check --format sarif`: SARIF 2.1.0 (OASIS standard), as code scanning services read it.

use serde_json::{Value, json};

use super::outcome::Outcome;
use super::paths;
use crate::base::file::{FileId, FileRange};
use crate::base::fingerprint::Fingerprint;
use crate::lint::registry::{self, Rule};
use crate::lint::{Diagnostic, Fix, Severity};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// Paths are relative to the directory the command was started in.
const BASE: &str = "%SRCROOT%";

pub fn render(outcome: &Outcome) -> String {
    let mut used: Vec<&str> = outcome.diagnostics.iter().map(|it| it.code).collect();
    used.sort_unstable();
    used.dedup();
    let rules: Vec<&Rule> = used.iter().filter_map(|code| registry::rule(code)).collect();
    let results: Vec<Value> =
        outcome.diagnostics.iter().enumerate().map(|(idx, it)| result(outcome, &rules, idx, it)).collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "Columnist",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(|it| rule(it)).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": { BASE: { "uri": paths::directory_uri(&outcome.start) } },
            "invocations": [{ "executionSuccessful": true }],
            "results": results,
        }],
    });
    let mut text = serde_json::to_string_pretty(&log).unwrap_or_default();
    text.push('\n');
    text
}

fn rule(rule: &Rule) -> Value {
    json!({
        "id": rule.code,
        "shortDescription": { "text": rule.title },
        "fullDescription": { "text": rule.summary },
        "help": { "text": rule.document, "markdown": rule.document },
        "defaultConfiguration": { "level": level(rule.severity) },
        "properties": { "tags": [rule.group], "sqlstate": rule.sqlstate },
    })
}

fn result(outcome: &Outcome, rules: &[&Rule], idx: usize, it: &Diagnostic) -> Value {
    let text = match &it.hint {
        Some(hint) => format!("{}\nHint: {hint}", it.message),
        None => it.message.clone(),
    };
    let mut res = json!({
        "ruleId": it.code,
        "level": level(it.severity),
        "message": { "text": text },
        "locations": [location(outcome, it.at)],
        "partialFingerprints": { "columnist/v1": fingerprint(outcome, idx, it) },
    });
    if let Some(rule_idx) = rules.iter().position(|rule| rule.code == it.code) {
        res["ruleIndex"] = json!(rule_idx);
    }
    if let Some(state) = it.sqlstate {
        res["properties"] = json!({ "sqlstate": state });
    }
    let related = it.related.iter().enumerate().map(|(id, related)| {
        let mut location = location(outcome, related.at);
        location["id"] = json!(id + 1);
        location["message"] = json!({ "text": related.message });
        location
    });
    let related: Vec<Value> = related.collect();
    if !related.is_empty() {
        res["relatedLocations"] = Value::Array(related);
    }
    if !it.fixes.is_empty() {
        res["fixes"] = it.fixes.iter().map(|it| fix(outcome, it)).collect();
    }
    res
}

/// Equal for the same problem in the same statement wherever it moves in its file; the same problem twice in one
/// statement is numbered.
fn fingerprint(outcome: &Outcome, idx: usize, it: &Diagnostic) -> String {
    let same = |other: &&Diagnostic| {
        (other.code, other.at.file, &other.subject, &other.message)
            == (it.code, it.at.file, &it.subject, &it.message)
    };
    let nth = outcome.diagnostics.iter().take(idx).filter(same).count();
    let key = format!("{}\0{}\0{}\0{}\0{nth}", it.code, outcome.path(it.at.file), it.subject, it.message);
    format!("{:016x}", Fingerprint::of_text(&key).0)
}

fn fix(outcome: &Outcome, fix: &Fix) -> Value {
    let mut files: Vec<FileId> = fix.edits.iter().map(|it| it.at.file).collect();
    files.sort_unstable();
    files.dedup();
    let changes = files.iter().map(|&file| {
        let edits = fix.edits.iter().filter(|it| it.at.file == file);
        let replacements = edits.map(|it| {
            json!({ "deletedRegion": region(outcome, it.at), "insertedContent": { "text": it.text } })
        });
        json!({ "artifactLocation": artifact(outcome, file), "replacements": replacements.collect::<Vec<_>>() })
    });
    json!({
        "description": { "text": fix.title },
        "artifactChanges": changes.collect::<Vec<_>>(),
        "properties": { "safe": fix.safe },
    })
}

fn location(outcome: &Outcome, at: FileRange) -> Value {
    json!({ "physicalLocation": {
        "artifactLocation": artifact(outcome, at.file),
        "region": region(outcome, at),
    } })
}

fn artifact(outcome: &Outcome, file: FileId) -> Value {
    let uri = paths::uri_reference(outcome.path(file));
    if uri.starts_with("file:") { json!({ "uri": uri }) } else { json!({ "uri": uri, "uriBaseId": BASE }) }
}

fn region(outcome: &Outcome, at: FileRange) -> Value {
    let (start, end) = outcome.positions(at);
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Information | Severity::Hint => "note",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::testing::sample;

    #[test]
    fn required_properties_are_there() {
        let log: Value = serde_json::from_str(&render(&sample())).unwrap();
        assert_eq!(log["version"], "2.1.0");
        let run = &log["runs"][0];
        assert_eq!(run["originalUriBaseIds"]["%SRCROOT%"]["uri"], "file:///w/");
        let results = run["results"].as_array().unwrap();
        assert_eq!(results.len(), 2);
        for result in results {
            let idx = result["ruleIndex"].as_u64().unwrap() as usize;
            assert_eq!(run["tool"]["driver"]["rules"][idx]["id"], result["ruleId"]);
            assert!(result["message"]["text"].is_string());
            assert_eq!(
                result["locations"][0]["physicalLocation"]["artifactLocation"]["uriBaseId"],
                "%SRCROOT%"
            );
            assert_eq!(result["partialFingerprints"]["columnist/v1"].as_str().unwrap().len(), 16);
        }
        let region = &results[0]["locations"][0]["physicalLocation"]["region"];
        assert_eq!(region, &json!({ "startLine": 2, "startColumn": 20, "endLine": 2, "endColumn": 25 }));
        let change = &results[0]["fixes"][0]["artifactChanges"][0];
        assert_eq!(change["replacements"][0]["insertedContent"]["text"], "email");
        let uri = &results[1]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        assert_eq!(uri, "./a%2Cb:%25.sql");
    }
}
