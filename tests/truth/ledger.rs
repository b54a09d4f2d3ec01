//! The committed differences: kind, project, place, difference (theirs <> ours), reason; tab-separated, sorted.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub struct Difference {
    pub kind: String,
    pub project: String,
    /// `file:line`.
    pub place: String,
    pub what: String,
}

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/ledger/truth.tsv")
}

type Key = (String, String, String, String);

/// Compares what was found in the projects `seen` with the ledger.
pub fn check(seen: &[String], found: &[Difference]) {
    let text = std::fs::read_to_string(path()).unwrap_or_default();
    let mut known: BTreeMap<Key, String> = BTreeMap::new();
    for line in text.lines().filter(|it| !it.starts_with('#') && !it.is_empty()) {
        let mut cells = line.split('\t').map(str::to_owned);
        let mut next = || cells.next().unwrap_or_default();
        let key = (next(), next(), next(), next());
        known.insert(key, next());
    }
    let one_line = |it: &str| it.split_whitespace().collect::<Vec<_>>().join(" ");
    let now: BTreeMap<Key, ()> = found
        .iter()
        .map(|it| ((it.kind.clone(), it.project.clone(), it.place.clone(), one_line(&it.what)), ()))
        .collect();
    if std::env::var_os("UPDATE_LEDGER").is_some() {
        let mut all: BTreeMap<Key, String> =
            known.iter().filter(|it| !seen.contains(&it.0.1)).map(|(k, v)| (k.clone(), v.clone())).collect();
        for key in now.keys() {
            all.insert(key.clone(), known.get(key).cloned().unwrap_or_default());
        }
        let mut out = String::from(
            "# Where our reading of public projects differs from drizzle-orm's and PostgreSQL's: kind, project, place,\n\
             # difference (theirs <> ours), reason.\n",
        );
        for ((kind, project, place, what), reason) in &all {
            out.push_str(&format!("{kind}\t{project}\t{place}\t{what}\t{reason}\n"));
        }
        std::fs::write(path(), out).expect("the ledger is writable");
    } else {
        let new: Vec<&Key> = now.keys().filter(|it| !known.contains_key(*it)).collect();
        assert!(new.is_empty(), "not in the ledger: {new:#?}");
    }
    let alarms: Vec<_> = now.keys().filter(|it| it.0 == "false-alarm").collect();
    assert!(alarms.is_empty(), "false alarms: {alarms:#?}");
}
