use super::{Level, json_schema, nearest, parse};
use crate::base::text::slice;
use crate::testing::TestWorkspace;

#[test]
fn a_whole_configuration_is_read() {
    let text = r#"{
  // comments are allowed
  "databases": [
    { "config": "apps/web/drizzle.config.ts" },
    { "schema": ["db/*.sql"], "migrations": "db/migrate", "dialect": "postgresql", "version": 18, "searchPath": ["app", "public"], "extensions": ["citext"], },
  ],
  "exclude": ["legacy"],
  "rules": { "unknown-column": "off", "style": "hint" },
  "overrides": [{ "files": ["scripts/**"], "rules": { "style": "error" } }],
}"#;
    let parsed = parse(text);
    assert_eq!(parsed.problems, []);
    let settings = &parsed.settings;
    assert_eq!(settings.databases.len(), 2);
    assert_eq!(settings.databases[1].search_path, ["app", "public"]);
    assert_eq!(settings.level(&["unknown-column", "names"], "src/a.ts"), Some(Level::Off));
    assert_eq!(settings.level(&["quotes", "style"], "src/a.ts"), Some(Level::Hint));
    assert_eq!(settings.level(&["quotes", "style"], "scripts/deep/a.ts"), Some(Level::Error));
    assert_eq!(settings.level(&["other"], "src/a.ts"), None);
    // What serde reads is the same.
    let serde: super::Settings = serde_json::from_value(
        jsonc_parser::parse_to_serde_value(text, &Default::default()).unwrap_or_default().unwrap_or_default(),
    )
    .unwrap_or_default();
    assert_eq!(serde, *settings);
}

#[test]
fn mistakes_are_reported_at_their_place() {
    let text = r#"{ "rulez": {}, "rules": { "a": "loud" }, "databases": [{ "dialect": "oracle" }, 5], "include": "src", "overrides": [{ "file": [] }] }"#;
    let parsed = parse(text);
    let drawn: Vec<String> =
        parsed.problems.iter().map(|it| format!("{} | {}", slice(text, it.range), it.message)).collect();
    expect_test::expect![[r#"
        [
            "\"rulez\" | unknown key `rulez`; known are databases, include, exclude, newMigrations, rules, overrides",
            "\"loud\" | expected one of off, hint, information, warning, error",
            "\"oracle\" | expected one of postgresql, sqlite, mysql",
            "{ \"dialect\": \"oracle\" } | a database needs `config`, `schema` or `migrations`",
            "5 | expected an object",
            "\"src\" | expected a list of strings",
            "\"file\" | unknown key `file`; known are files, rules",
        ]
    "#]]
    .assert_debug_eq(&drawn);
    assert_eq!(parse("{ \"rules\": ").problems.len(), 1);
    assert_eq!(parse("[]").problems.len(), 1);
    assert_eq!(parse("").problems, []);
}

#[test]
fn the_nearest_file_wins() {
    let ws = TestWorkspace::new(
        "//- /columnist.json\n{ \"exclude\": [\"a\"] }\n//- /pkg/columnist.jsonc\n{ \"exclude\": [\"b\"] }\n//- /pkg/src/x.ts\n",
    );
    let dir = |at: &str| nearest(&ws, at).map(|it| it.dir);
    assert_eq!(dir("/pkg/src/x.ts").as_deref(), Some("/pkg"));
    assert_eq!(dir("/other").as_deref(), Some("/"));
}

#[test]
fn globs_mean_files_and_directories() {
    let ws = TestWorkspace::new(
        "//- /columnist.json\n{ \"include\": [\"src\"], \"exclude\": [\"./src/legacy/\", \"**/*.gen.ts\"] }\n",
    );
    let located = nearest(&ws, "/").unwrap();
    assert!(located.includes("src/a.ts") && located.includes("src/deep/a.ts"));
    assert!(!located.includes("src/legacy/deep/a.ts") && !located.includes("src/x/a.gen.ts"));
    assert!(!located.includes("other/a.ts"));
}

#[test]
fn the_schema_knows_the_same_keys() {
    let schema = json_schema();
    let mut keys: Vec<&String> =
        schema["properties"].as_object().map(|it| it.keys().collect()).unwrap_or_default();
    keys.sort();
    assert_eq!(keys, ["$schema", "databases", "exclude", "include", "newMigrations", "overrides", "rules"]);
    for key in keys {
        let parsed = parse(&format!("{{ {key:?}: null }}"));
        assert!(parsed.problems.iter().all(|it| !it.message.starts_with("unknown key")), "{key}");
    }
}
