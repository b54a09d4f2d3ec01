//! `--write-baseline` and `--baseline`: what was there before, by code, file and statement text, with counts. Lines
//! may move and other statements change; a statement that is edited is new.

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};

use super::outcome::Outcome;
use crate::base::path;

/// Code → file (relative to the baseline's directory, with `/`) → statement text → how often.
type Entries = BTreeMap<String, BTreeMap<String, BTreeMap<String, u32>>>;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct File {
    version: u32,
    problems: Entries,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Baseline {
    /// The directory its paths are relative to, absolute.
    dir: String,
    entries: Entries,
}

/// `file`: absolute and normalised.
pub fn read(file: &str) -> anyhow::Result<Baseline> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read the baseline {file}"))?;
    let content: File = serde_json::from_str(&text)
        .with_context(|| format!("{file} is no baseline; write one with --write-baseline"))?;
    if content.version != 1 {
        bail!("{file} has version {} of the baseline format, this Columnist knows 1", content.version);
    }
    Ok(Baseline { dir: dir_of(file), entries: content.problems })
}

pub fn write(file: &str, outcome: &Outcome) -> anyhow::Result<()> {
    let mut problems = Entries::new();
    for it in &outcome.diagnostics {
        let shown = relative(outcome, outcome.path(it.at.file), &dir_of(file));
        let files = problems.entry(it.code.to_owned()).or_default();
        *files.entry(shown).or_default().entry(it.subject.to_string()).or_default() += 1;
    }
    let mut text = serde_json::to_string_pretty(&File { version: 1, problems })?;
    text.push('\n');
    super::fix::replace_file(std::path::Path::new(file), &text, None)?;
    Ok(())
}

impl Baseline {
    /// Takes out what the baseline lists, each entry as often as it says; the first ones in a file go.
    pub fn hide(&self, outcome: &mut Outcome) {
        let mut left = self.entries.clone();
        let diagnostics = std::mem::take(&mut outcome.diagnostics);
        let n_before = diagnostics.len();
        let kept = diagnostics.into_iter().filter(|it| {
            let shown = relative(outcome, outcome.path(it.at.file), &self.dir);
            let count = left
                .get_mut(it.code)
                .and_then(|files| files.get_mut(&shown))
                .and_then(|texts| texts.get_mut(it.subject.as_str()));
            match count {
                Some(count) if *count > 0 => {
                    *count -= 1;
                    false
                }
                _ => true,
            }
        });
        let kept: Vec<_> = kept.collect();
        outcome.n_hidden = (n_before - kept.len()) as u32;
        outcome.diagnostics = kept;
    }
}

fn dir_of(file: &str) -> String {
    path::parent(file).unwrap_or(file).to_owned()
}

fn relative(outcome: &Outcome, shown: &str, dir: &str) -> String {
    path::relative_to(&path::join(&outcome.start, shown), dir)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::testing::sample;

    #[test]
    fn what_was_written_is_hidden_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let file = path::normalize(&format!("{}/sub/../baseline.json", dir.path().to_str().unwrap()));
        let mut outcome = sample();
        write(&file, &outcome).unwrap();
        let baseline = read(&file).unwrap();
        let mut twice = outcome.diagnostics[0].clone();
        twice.at = outcome.diagnostics[0].at;
        outcome.diagnostics.push(twice);
        baseline.hide(&mut outcome);
        assert_eq!((outcome.diagnostics.len(), outcome.n_hidden), (1, 2));
        let mut other = sample();
        other.diagnostics[0].subject = "select 2".into();
        baseline.hide(&mut other);
        assert_eq!((other.diagnostics.len(), other.n_hidden), (1, 1));
    }

    #[test]
    fn other_files_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("x.json");
        for text in ["", "[]", r#"{"version":2,"problems":{}}"#] {
            std::fs::write(&file, text).unwrap();
            assert!(read(&path::normalize(file.to_str().unwrap())).is_err(), "{text}");
        }
    }
}
