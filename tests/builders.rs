//! Every column builder of drizzle-orm, of all its dialects and both lines, has the type here that drizzle-orm gives it
//! (`tests/oracle/builders.mjs`). Needs node.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use columnist::load;
use serde_json::Value;

/// drizzle-kit's name of a module's dialect.
fn dialect(module: &str) -> &str {
    match module.trim_end_matches("-core") {
        "pg" => "postgresql",
        other => other,
    }
}

/// Blanks and doubled quotes mean nothing; drizzle-kit has its own.
fn normal(text: &str) -> String {
    text.replace(" (", "(").replace(", ", ",").replace("''", "'")
}

#[test]
fn every_builder_has_the_type_that_drizzle_orm_gives_it() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/builders.mjs");
    let output = Command::new("node").arg(script).output().expect("node runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("text");
    let mut modules: BTreeMap<(u64, String, String), Vec<(String, String)>> = BTreeMap::new();
    for line in text.lines() {
        let value: Value = serde_json::from_str(line).expect("JSON");
        let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
        let key = (value["line"].as_u64().unwrap_or_default(), text("module"), text("maker"));
        modules.entry(key).or_default().push((text("call"), text("type")));
    }
    assert!(modules.len() > 10, "all dialects");
    let mut report = String::new();
    for ((line, module, maker), builders) in modules {
        let home = tempfile::tempdir().expect("a folder");
        let write = |path: &str, text: &str| std::fs::write(home.path().join(path), text).expect("a file");
        let version = if line == 0 { "0.45.4" } else { "1.0.0-rc.5" };
        write(
            "package.json",
            &format!(r#"{{ "name": "a", "dependencies": {{ "drizzle-orm": "{version}" }} }}"#),
        );
        let config = format!("export default {{ dialect: '{}', schema: './schema.ts' }};", dialect(&module));
        write("drizzle.config.ts", &config);
        let mut schema =
            format!("import * as d from 'drizzle-orm/{module}';\nexport const t = d.{maker}('t', {{\n");
        for (idx, (call, _)) in builders.iter().enumerate() {
            schema.push_str(&format!("  c{idx}: d.{call},\n"));
        }
        schema.push_str("});\n");
        write("schema.ts", &schema);
        let snap = load::world(vec![home.path().to_string_lossy().replace('\\', "/")]).snapshot();
        let built = snap.model().built(&snap, 0).expect("a database");
        let table = built.catalog.relations.values().next().expect("a table");
        assert_eq!(table.name.as_str(), "t");
        for (idx, (call, expected)) in builders.iter().enumerate() {
            let name = format!("c{idx}");
            let found =
                table.columns.iter().find(|it| it.name.as_str() == name).map(|it| it.type_text.as_str());
            if found.map(normal) != Some(normal(expected)) {
                report.push_str(&format!("{module} {line}: {call}: {expected} -> {found:?}\n"));
            }
        }
        println!("{module} {line}: {} builders", builders.len());
    }
    assert!(report.is_empty(), "types differ (drizzle-orm's -> ours):\n{report}");
}
