//! `check --format github`: workflow commands that GitHub shows beside the lines of a change
//! (docs.github.com, "Workflow commands for GitHub Actions").

use super::outcome::Outcome;
use crate::lint::Severity;

pub fn render(outcome: &Outcome) -> String {
    let mut res = String::new();
    for it in &outcome.diagnostics {
        let (start, end) = outcome.positions(it.at);
        let command = match it.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Information | Severity::Hint => "notice",
        };
        let file = property(outcome.path(it.at.file));
        res.push_str(&format!("::{command} file={file},line={},endLine={}", start.line, end.line));
        // Columns are allowed only within one line.
        if start.line == end.line {
            res.push_str(&format!(",col={},endColumn={}", start.column, end.column.max(start.column)));
        } else {
            res.push_str(&format!(",col={}", start.column));
        }
        let title = match it.sqlstate {
            Some(state) => format!("{} ({state})", it.code),
            None => it.code.to_owned(),
        };
        let mut message = it.message.clone();
        if let Some(hint) = &it.hint {
            message.push_str(&format!("\nHint: {hint}"));
        }
        for related in &it.related {
            let (at, _) = outcome.positions(related.at);
            let path = outcome.path(related.at.file);
            message.push_str(&format!("\n{path}:{}:{}: {}", at.line, at.column, related.message));
        }
        res.push_str(&format!(",title={}::{}\n", property(&title), data(&message)));
    }
    res
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::testing::sample;

    #[test]
    fn one_line_a_problem_with_everything_escaped() {
        let text = render(&sample());
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 2);
        assert_eq!(
            lines[0],
            "::error file=src/app.ts,line=2,endLine=2,col=20,endColumn=25,title=undefined-column (42703)::\
             column \"emial\" does not exist%0AHint: Perhaps you meant 100%25 \"users.email\".%0A\
             src/schema.ts:2:3: \"users\" is declared here"
        );
        assert!(lines[1].starts_with("::warning file=a%2Cb%3A%25.sql,line=1,endLine=1,"), "{}", lines[1]);
    }
}
