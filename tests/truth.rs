//! The SQL of public projects as we read it against drizzle-orm, which renders their templates, and PostgreSQL,
//! which judges every statement and wrapped fragment with the project's schema.
//!
//! Needs node, the packages of `tests/oracle`, and `COLUMNIST_PROJECTS=DIR` with projects below DIR (`COLUMNIST_PROJECT`
//! chooses one); without it nothing is done. `tests/oracle/truth.mjs` is the other side. Every difference stands in
//! `tests/oracle/ledger/truth.tsv`, with its reason; `UPDATE_LEDGER=1` writes it anew and keeps the reasons.

#[path = "truth/dump.rs"]
mod dump;
#[path = "truth/ledger.rs"]
mod ledger;

use std::path::{Path, PathBuf};
use std::process::Command;

/// Projects whose database is PostgreSQL, with the version of drizzle-orm that their lock files name.
/// latitude-llm's own (1.0.0-beta.15-859cf75) is not in the registry any more.
const PROJECTS: [(&str, &str); 11] = [
    ("tanstack-start-starter", "0.44.6"),
    ("tanstack-start-starter-0ee86b8", "0.44.4"),
    ("tanstack.com", "0.45.2"),
    ("dokploy", "0.45.2"),
    ("kan", "0.42.0"),
    ("homarr", "0.45.2"),
    ("midday", "0.45.1"),
    ("sim", "0.45.2"),
    ("ai-chatbot", "0.34.1"),
    ("autumn", "0.43.1"),
    ("latitude-llm", "1.0.0-rc.5"),
];

fn oracle() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle");
    let chosen = std::env::var_os("COLUMNIST_ORACLE").map(PathBuf::from);
    let found = [Some(own), chosen].into_iter().flatten().find(|it| it.join("node_modules").is_dir());
    found.expect("the oracles are not installed: run npm ci in tests/oracle")
}

#[test]
fn public_projects_agree_with_drizzle_orm_and_postgresql() {
    let Ok(dir) = std::env::var("COLUMNIST_PROJECTS") else { return };
    let only = std::env::var("COLUMNIST_PROJECT").ok();
    let scratch = std::env::temp_dir().join("columnist-truth");
    std::fs::create_dir_all(&scratch).expect("a scratch directory");
    let mut found = Vec::new();
    let mut seen = Vec::new();
    for (name, version) in PROJECTS.iter().filter(|it| only.as_ref().is_none_or(|only| it.0 == only)) {
        let home = format!("{dir}/{name}");
        if !Path::new(&home).exists() {
            println!("{name}: not here");
            continue;
        }
        let path = scratch.join(format!("{name}.json"));
        std::fs::write(&path, dump::project(&home).to_string()).expect("the scratch directory is writable");
        let output = Command::new("node")
            .arg(oracle().join("truth.mjs"))
            .args([path.to_str().expect("UTF-8"), version])
            .output()
            .expect("node starts");
        eprint!("{}", String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{name}: truth.mjs failed");
        let answer: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        println!("{}", answer["summary"].as_str().expect("a summary"));
        for it in answer["differences"].as_array().expect("a list") {
            let text = |key: &str| it[key].as_str().unwrap_or_default().to_owned();
            found.push(ledger::Difference {
                kind: text("kind"),
                project: (*name).to_owned(),
                place: text("place"),
                what: text("what"),
            });
        }
        seen.push((*name).to_owned());
    }
    ledger::check(&seen, &found);
}
