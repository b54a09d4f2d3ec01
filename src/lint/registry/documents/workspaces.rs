//! Documents of rules that look at files. Blocks are `language kind [path]`:
//!
//! - `file`: part of the workspace of the examples below it; without a path, the modules that the examples import
//!   (`ts file`: `/src/base.ts` for rules of schemas, `/src/schema.ts` for others) or the first migration (`sql file`).
//! - `wrong`: exactly the problems that the caret lines mark, in any file; `right`: none, from any rule.
//! - `fixed`: the `wrong` block above it with the first fix of each problem applied; no problem is left.
//!
//! A workspace has a drizzle config, a `package.json` with drizzle-orm 0.45, `/src/db.ts` with the handle `db`, and the
//! journal of the migrations that it has.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Block, blocks};
use crate::base::text::slice;
use crate::lint::registry::{Rule, rules};
use crate::lint::rules::ALL;
use crate::lint::{Diagnostic, check};
use crate::project::Workspace;
use crate::testing::Fixture;

const CONFIG: &str = "export default { dialect: 'postgresql', schema: ['./src/schema.ts', './src/base.ts'], out: './drizzle' };\n";
const PACKAGE: &str = r#"{ "name": "example", "dependencies": { "drizzle-orm": "0.45.4", "pg": "8.16.0" } }"#;
const DB: &str = "import { drizzle } from 'drizzle-orm/node-postgres';\nimport * as schema from './schema';\n
export const db = drizzle(process.env.DATABASE_URL!, { schema });\n";

#[test]
fn the_examples_of_every_rule_are_true() {
    let mut wrong = Vec::new();
    for rule in rules().iter().filter(|it| ALL.iter().any(|lint| lint.code.name == it.code)) {
        check_rule(rule, &mut wrong);
    }
    assert!(wrong.is_empty(), "{} examples:\n{}", wrong.len(), wrong.join("\n"));
}

fn check_rule(rule: &Rule, acc: &mut Vec<String>) {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    files.insert("/drizzle.config.ts".into(), CONFIG.into());
    files.insert("/package.json".into(), PACKAGE.into());
    files.insert("/src/db.ts".into(), DB.into());
    if !rule.is_on {
        files.insert(
            "/columnist.json".into(),
            format!("{{ \"rules\": {{ \"{}\": \"warning\" }} }}", rule.code),
        );
    }
    let mut last: Option<(String, Vec<Diagnostic>)> = None;
    let (mut n_wrong, mut n_right) = (0, 0);
    for block in blocks(rule.document) {
        let mut words = block.kind.split_whitespace();
        let (Some(language), Some(kind)) = (words.next(), words.next()) else { continue };
        let path = words.next().map_or_else(|| default_path(rule, language, kind), str::to_owned);
        match kind {
            "file" => {
                files.insert(path, block.text);
            }
            "wrong" | "right" => {
                let found = found(&files, &path, &block.text);
                compare(rule, &path, &block, &found, acc);
                n_wrong += usize::from(kind == "wrong");
                n_right += usize::from(kind == "right");
                let own = found.into_iter().filter(|it| it.0 == path).map(|it| it.1).collect();
                last = Some((block.text, own));
            }
            "fixed" => {
                let Some((text, found_before)) = &last else { continue };
                let fixed = apply(text, found_before);
                if fixed != block.text {
                    acc.push(format!("{}: the fixes make\n{fixed}", rule.code));
                }
                for (path, it) in found(&files, &path, &block.text) {
                    acc.push(format!("{} (fixed): {path} {} {}", rule.code, it.code, it.message));
                }
            }
            _ => acc.push(format!("{}: what is a block {:?}?", rule.code, block.kind)),
        }
    }
    if n_wrong == 0 || n_right == 0 {
        acc.push(format!("{} has {n_wrong} wrong and {n_right} right examples", rule.code));
    }
}

fn default_path(rule: &Rule, language: &str, kind: &str) -> String {
    let is_file = kind == "file";
    match (language, rule.group) {
        ("sql", _) if is_file => "/drizzle/0000_init.sql",
        ("sql", _) => "/drizzle/0001_example.sql",
        (_, "drizzle-schema") if is_file => "/src/base.ts",
        (_, "drizzle-schema") => "/src/schema.ts",
        _ if is_file => "/src/schema.ts",
        _ => "/src/queries.ts",
    }
    .to_owned()
}

/// All that is said of a workspace, with the paths.
fn found(files: &BTreeMap<String, String>, path: &str, text: &str) -> Vec<(String, Diagnostic)> {
    let mut files = files.clone();
    files.insert(path.to_owned(), text.to_owned());
    // A module that is named and missing would leave open what else there is.
    if !files.contains_key("/src/base.ts")
        && let Some(config) = files.get_mut("/drizzle.config.ts")
    {
        *config = config.replace(", './src/base.ts'", "");
    }
    let tag = |it: &str| Some(it.strip_prefix("/drizzle/")?.strip_suffix(".sql")?.to_owned());
    let tags: Vec<String> = files.keys().filter_map(|it| tag(it)).filter(|it| !it.contains('/')).collect();
    if !tags.is_empty() {
        let entry = |(idx, tag): (usize, &String)| {
            let when = 1_760_000_000_000_u64 + idx as u64;
            format!(
                r#"{{ "idx": {idx}, "version": "7", "when": {when}, "tag": "{tag}", "breakpoints": true }}"#
            )
        };
        let entries: Vec<String> = tags.iter().enumerate().map(entry).collect();
        let journal =
            format!(r#"{{ "version": "7", "dialect": "postgresql", "entries": [{}] }}"#, entries.join(", "));
        files.entry("/drizzle/meta/_journal.json".into()).or_insert(journal);
    }
    let mut fixture = String::new();
    for (path, text) in &files {
        let _ = write!(fixture, "//- {path}\n{text}");
        if !text.ends_with('\n') {
            fixture.push('\n');
        }
    }
    let snap = Fixture::new(&fixture).snap;
    let mut res = Vec::new();
    for path in files.keys() {
        let Some(file) = snap.file(path) else { continue };
        let report = check::file(&snap, file).expect("nobody cancels");
        res.extend(report.diagnostics.into_iter().map(|it| (path.clone(), it)));
    }
    res
}

fn compare(rule: &Rule, path: &str, block: &Block, found: &[(String, Diagnostic)], acc: &mut Vec<String>) {
    let expected: Vec<(&str, usize, &str, &str)> =
        block.marks.iter().map(|(at, message)| (path, *at, rule.code, message.as_str())).collect();
    let mut found: Vec<(&str, usize, &str, &str)> = found
        .iter()
        .map(|(path, it)| (path.as_str(), it.at.value.start().into(), it.code, it.message.as_str()))
        .collect();
    found.sort_unstable();
    if expected != found {
        let show = |it: &[(&str, usize, &str, &str)]| {
            let line = |it: &(&str, usize, &str, &str)| {
                let rest = block.text.get(it.1..).unwrap_or("").chars().take(24).collect::<String>();
                format!("\n    {} {} {:?} [{}] {}", it.0, it.1, rest, it.2, it.3)
            };
            it.iter().map(line).collect::<String>()
        };
        acc.push(format!(
            "{} ({}):\n  expected{}\n  found{}",
            rule.code,
            block.kind,
            show(&expected),
            show(&found)
        ));
    }
}

/// The text with the first fix of each problem.
fn apply(text: &str, found: &[Diagnostic]) -> String {
    let fixes = found.iter().filter_map(|it| it.fixes.first());
    let mut edits: Vec<_> =
        fixes.flat_map(|it| &it.edits).map(|it| (it.at.value, it.text.as_str())).collect();
    edits.sort_by_key(|it| (it.0.start(), it.0.end()));
    edits.dedup();
    let mut res = String::new();
    let mut at = crate::base::text::TextSize::default();
    for (range, text_) in edits {
        res.push_str(slice(text, crate::base::text::TextRange::new(at.min(range.start()), range.start())));
        res.push_str(text_);
        at = range.end();
    }
    res.push_str(text.get(usize::from(at)..).unwrap_or(""));
    res
}
