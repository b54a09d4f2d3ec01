//! What `columnist.json` makes of a report (CONTRACTS, "Configuration").

use super::check::FileReport;
use super::{Diagnostic, registry};
use crate::base::file::FileId;
use crate::base::path;
use crate::base::text::TextRange;
use crate::db::Snapshot;
use crate::project::Workspace;
use crate::project::settings::{self, Parsed};

/// Sets severities, takes out what is switched off, and reports what a configuration file itself gets wrong.
pub fn apply(snap: &Snapshot, file: FileId, report: &mut FileReport) {
    let own = snap.path(file);
    if settings::FILE_NAMES.contains(&path::file_name(&own))
        && let Some(text) = snap.text(file)
    {
        report.diagnostics.extend(problems(file, &text, &settings::parse(&text)));
    }
    let Some(located) = snap.settings(path::parent(&own).unwrap_or("/")) else {
        report.diagnostics.retain(|it| registry::is_on(it.code));
        return;
    };
    let relative = path::relative_to(&own, &located.dir);
    let settings = &located.parsed.settings;
    report
        .diagnostics
        .retain(|it| registry::is_on(it.code) || registry::is_configured(settings, &relative, it.code));
    report.diagnostics.retain_mut(|it| match registry::severity(settings, &relative, it.code, it.severity) {
        Some(severity) => {
            it.severity = severity;
            true
        }
        None => false,
    });
}

/// Whether configuration leaves the file out of every check.
pub fn is_excluded(snap: &Snapshot, file: FileId) -> bool {
    let own = snap.path(file);
    let Some(located) = snap.settings(path::parent(&own).unwrap_or("/")) else { return false };
    // A configuration cannot leave itself out: its mistakes would never be seen.
    file != located.file && !located.includes(&path::relative_to(&own, &located.dir))
}

/// Keys and values that mean nothing, at their places.
fn problems(file: FileId, text: &str, parsed: &Parsed) -> Vec<Diagnostic> {
    let mut res: Vec<Diagnostic> =
        parsed.problems.iter().map(|it| problem(file, text, it.range, it.message.clone())).collect();
    for (name, range) in &parsed.rule_keys {
        if !registry::is_known(name) {
            let message = format!("no rule or group is called \"{name}\"");
            res.push(problem(file, text, *range, message));
        }
    }
    res
}

fn problem(file: FileId, text: &str, range: TextRange, message: String) -> Diagnostic {
    Diagnostic::of_text(file, text, range, registry::UNKNOWN_CONFIGURATION, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::slice;

    #[test]
    fn unknown_names_are_reported_at_their_places() {
        let text = r#"{ "rules": { "undefined-colum": "off", "sql-names": "hint" }, "exclud": [] }"#;
        let found = problems(FileId(0), text, &settings::parse(text));
        let found: Vec<&str> = found.iter().map(|it| slice(text, it.at.value).trim_matches('"')).collect();
        assert!(found.contains(&"undefined-colum") && found.contains(&"exclud"), "{found:?}");
        assert_eq!(found.len(), 2);
    }
}
