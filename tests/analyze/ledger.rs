//! The committed differences: `kind`, statement, what differs, reason; tab-separated, sorted.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/ledger/analyze.tsv")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub fn check(differences: &[(&'static str, String, String)]) {
    let text = std::fs::read_to_string(path()).unwrap_or_default();
    let mut known: BTreeMap<(String, String), (String, String)> = BTreeMap::new();
    for line in text.lines().filter(|it| !it.starts_with('#') && !it.is_empty()) {
        let mut cells = line.split('\t').map(str::to_owned);
        let mut next = || cells.next().unwrap_or_default();
        let key = (next(), next());
        known.insert(key, (next(), next()));
    }
    let mut found: BTreeMap<(String, String), String> = BTreeMap::new();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (kind, sql, what) in differences {
        *counts.entry(kind).or_default() += 1;
        found.insert(((*kind).to_owned(), one_line(sql)), one_line(what));
    }
    println!("differences by kind: {counts:?}");
    if std::env::var_os("UPDATE_LEDGER").is_some() {
        let mut out = String::from(
            "# Where the binder differs from PostgreSQL: kind, statement, difference (theirs <> ours), reason.\n",
        );
        for ((kind, sql), what) in &found {
            let reason = known.get(&(kind.clone(), sql.clone())).map_or("", |it| it.1.as_str());
            out.push_str(&format!("{kind}\t{sql}\t{what}\t{reason}\n"));
        }
        std::fs::write(path(), out).expect("the ledger is writable");
    } else {
        let mut complaints: Vec<String> = Vec::new();
        for ((kind, sql), what) in &found {
            if !known.contains_key(&(kind.clone(), sql.clone())) {
                complaints.push(format!("new {kind}: {sql}\n      {what}"));
            }
        }
        for (kind, sql) in known.keys() {
            if !found.contains_key(&(kind.clone(), sql.clone())) {
                complaints.push(format!("stale {kind}: {sql}"));
            }
        }
        complaints.truncate(200);
        assert!(complaints.is_empty(), "the ledger is not exact:\n{}", complaints.join("\n"));
    }
    let alarms: Vec<_> = found.keys().filter(|it| it.0 == "false-alarm").collect();
    assert!(alarms.is_empty(), "false alarms: {alarms:#?}");
}
