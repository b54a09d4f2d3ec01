//! Templates as we render them against what the real drizzle-orm renders.
//!
//! The cases are the properties of `cases` in `tests/oracle/cases/render/*.ts`. Needs node and the packages of
//! `tests/oracle` (or of `COLUMNIST_ORACLE`); without them it says so and passes.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use columnist::base::file::FileId;
use columnist::base::text::slice;
use columnist::catalog::drizzle::{Casing, Line, catalog, read};
use columnist::embed::Frame;
use columnist::load;
use columnist::project::Workspace;
use columnist::project::eval::Evaluator;
use columnist::project::resolve::Resolver;
use columnist::sema::fragment::Env;
use columnist::sema::render::values::Values;
use columnist::sema::render::{Columns, Rendering, render};
use columnist::sql::Dialect;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn oracle() -> Option<PathBuf> {
    let chosen = std::env::var_os("COLUMNIST_ORACLE").map(PathBuf::from);
    let dirs = [Some(root().join("tests/oracle")), chosen];
    dirs.into_iter().flatten().find(|it| it.join("node_modules/drizzle-orm").is_dir())
}

/// What drizzle-orm makes of the cases of each file; an error is `Err`.
fn expected(dir: &std::path::Path, files: &[PathBuf]) -> Vec<BTreeMap<String, Result<String, String>>> {
    let mut child = Command::new("node")
        .arg(dir.join("drizzle.mjs"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node starts");
    let mut input = child.stdin.take().expect("piped");
    let output = BufReader::new(child.stdout.take().expect("piped"));
    for (id, file) in files.iter().enumerate() {
        let request = serde_json::json!({ "id": id, "op": "render", "file": file });
        writeln!(input, "{request}").expect("the oracle listens");
    }
    drop(input);
    let mut res = Vec::new();
    for line in output.lines() {
        let answer: serde_json::Value = serde_json::from_str(&line.expect("a line")).expect("JSON");
        assert_eq!(answer["ok"], true, "{answer}");
        let results = answer["results"].as_object().expect("results");
        let one = |it: &serde_json::Value| match it["sql"].as_str() {
            Some(sql) => Ok(sql.to_owned()),
            None => Err(it["error"].to_string()),
        };
        res.push(results.iter().map(|(name, it)| (name.clone(), one(it))).collect());
    }
    child.wait().expect("the oracle ends");
    assert_eq!(res.len(), files.len());
    res
}

/// Our renderings of the cases of each file, by name.
fn ours(dir: &str, files: &[PathBuf]) -> Vec<BTreeMap<String, Rendering>> {
    let snap = load::world(vec![dir.to_owned()]).snapshot();
    let resolver = Resolver::new(&snap);
    let eval = Evaluator::new(&snap, &resolver);
    let schema = snap.file(&format!("{dir}/schema.ts")).expect("the cases have a schema");
    let catalog =
        catalog(&read(&eval, &[schema], Line::V0, Casing::Keep, Dialect::Postgres, None), Dialect::Postgres);
    let mut res = Vec::new();
    for path in files {
        let file = snap.file(&path.to_string_lossy()).expect("a known file");
        let state = snap.state(file).expect("a readable file");
        let module = state.module();
        let values = Values::new(&eval, &catalog, &module, file);
        let value = |id| values.value(id);
        let package = |file: FileId, ty: &str, path: &[smol_str::SmolStr]| values.package(file, ty, path);
        let env = Env { module: &module, file, catalog: &catalog, value: &value, package: &package };
        let mut cases = BTreeMap::new();
        for fragment in state.fragments().iter() {
            let rest: Vec<&Frame> =
                fragment.context.iter().skip_while(|it| matches!(it, Frame::Receiver { .. })).collect();
            let [Frame::Key { key, .. }, Frame::Variable { name }] = rest[..] else { continue };
            if name != "cases" {
                continue;
            }
            let rendering = render(&env, fragment, Columns::Qualified);
            for it in &rendering.alternatives {
                maps_back(it, &state.text, fragment.host);
            }
            // What is called on the template itself is not the fragment's business.
            if fragment.context.len() == rest.len() {
                cases.insert(key.to_string(), rendering);
            }
        }
        res.push(cases);
    }
    res
}

/// Every piece of the text leads to a place in the fragment; what is exact leads back.
fn maps_back(it: &columnist::sema::render::Rendered, text: &str, host: columnist::base::text::TextRange) {
    use columnist::base::text::{TextRange, TextSize};
    for (at, c) in it.text.char_indices() {
        let range = TextRange::at(TextSize::from(at as u32), TextSize::of(c));
        let found = it.map.to_host(range).unwrap_or_else(|| panic!("{at} of {} leads nowhere", it.text));
        assert!(host.contains_range(found), "{at} of {}", it.text);
        if let Some(exact) = it.map.to_host_exact(range)
            && slice(text, exact) == c.to_string()
        {
            // A separator of `sql.join` is written many times: the way back leads to one of them.
            let back = it.map.from_host(exact.start()).expect("exact text leads back");
            let again = it.map.to_host(TextRange::at(back, TextSize::of(c)));
            assert_eq!(again, Some(exact), "{at} of {}", it.text);
        }
    }
}

#[test]
fn templates_render_as_drizzle_renders_them() {
    let Some(oracle) = oracle() else {
        panic!("the oracles are not installed: run npm ci in tests/oracle");
    };
    let dir = root().join("tests/oracle/cases/render");
    let mut files: Vec<PathBuf> = std::fs::read_dir(&dir)
        .expect("the cases are there")
        .map(|it| it.expect("a readable entry").path())
        .filter(|it| !matches!(it.file_stem().and_then(|it| it.to_str()), Some("schema" | "lib")))
        .collect();
    files.sort();
    let expected = expected(&oracle, &files);
    let ours = ours(&dir.to_string_lossy(), &files);
    let (mut n_same, mut report, mut dynamic) = (0, String::new(), String::new());
    for (expected, ours) in expected.iter().zip(&ours) {
        for (name, expected) in expected {
            let Some(rendering) = ours.get(name) else { continue };
            let Ok(expected) = expected else { continue };
            if rendering.alternatives.iter().any(|it| it.text == *expected) {
                n_same += 1;
            } else if rendering.alternatives.iter().any(|it| !it.dynamic.is_empty()) {
                dynamic.push_str(&format!("{name} {expected}\n    {}\n", rendering.alternatives[0].text));
            } else {
                let found: Vec<&str> = rendering.alternatives.iter().map(|it| it.text.as_str()).collect();
                report.push_str(&format!(
                    "{name}\n  drizzle {expected}\n  ours    {}\n",
                    found.join("\n          ")
                ));
            }
        }
    }
    assert_eq!(report, "", "{n_same} are the same; dynamic:\n{dynamic}");
    assert!(n_same >= 300, "{n_same} are the same; dynamic:\n{dynamic}");
    println!("{n_same} templates are the same; dynamic:\n{dynamic}");
}
