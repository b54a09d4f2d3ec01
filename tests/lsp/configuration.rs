//! Settings: from the start, asked for, changed, wrong.

use serde_json::{Value, json};

use crate::editor::{Editor, Setup, push};
use crate::project::Project;

#[test]
fn severities_follow_the_settings() {
    let project = Project::new();
    let settings = json!({ "rules": { "undefined-column": "hint" } });
    let mut editor = Editor::with(&project, Setup { settings, ..Setup::default() });
    let wrong = project.uri("src/wrong.ts");
    editor.until("a hint", |it| {
        it.published.get(&wrong).is_some_and(|it| it["diagnostics"][0]["severity"] == 4)
    });
    editor.settings = json!({ "rules": { "sql-names": "off" } });
    editor.notify("workspace/didChangeConfiguration", json!({ "settings": null }));
    editor.until_codes(&wrong, &[]);
    editor.settings = json!({});
    editor.notify("workspace/didChangeConfiguration", json!({ "settings": null }));
    editor.until_codes(&wrong, &["undefined-column"]);
    assert_eq!(editor.published[&wrong]["diagnostics"][0]["severity"], 1);
}

#[test]
fn clients_that_are_not_asked_send_their_settings() {
    let project = Project::new();
    let mut capabilities = push();
    capabilities["workspace"]["configuration"] = json!(false);
    let options = json!({ "rules": { "undefined-column": "warning" } });
    let mut editor = Editor::with(&project, Setup { capabilities, options, ..Setup::default() });
    let wrong = project.uri("src/wrong.ts");
    editor.until_codes(&wrong, &["undefined-column"]);
    assert_eq!(editor.published[&wrong]["diagnostics"][0]["severity"], 2);
    let settings = json!({ "settings": { "columnist": { "rules": { "undefined-column": "off" } } } });
    editor.notify("workspace/didChangeConfiguration", settings);
    editor.until_codes(&wrong, &[]);
    assert!(editor.said("workspace/configuration").is_empty());
}

#[test]
fn only_open_documents_are_checked_where_that_is_wanted() {
    let project = Project::new();
    let options = json!({ "check": { "workspace": false } });
    let settings = options.clone();
    let mut editor = Editor::with(&project, Setup { options, settings, ..Setup::default() });
    editor.until_ready();
    let wrong = project.uri("src/wrong.ts");
    editor.open(&wrong, &project.read("src/wrong.ts"));
    editor.until_codes(&wrong, &["undefined-column"]);
    assert_eq!(editor.published.len(), 1);
    editor.close(&wrong);
    editor.until_codes(&wrong, &[]);
}

#[test]
fn wrong_settings_are_said() {
    let project = Project::new();
    let settings = json!({ "rules": { "no-such-rule": "off" } });
    let mut editor = Editor::with(&project, Setup { settings, ..Setup::default() });
    editor.until("a warning", |it| {
        it.said("window/logMessage").iter().any(|it| it.to_string().contains("columnist.rules"))
    });
    editor.until_codes(&project.uri("src/wrong.ts"), &["undefined-column"]);
}

#[test]
fn the_projects_configuration_is_followed() {
    let project = Project::new();
    let mut editor = Editor::new(&project);
    let (wrong, config) = (project.uri("src/wrong.ts"), project.uri("columnist.json"));
    editor.until_codes(&wrong, &["undefined-column"]);
    project.write("columnist.json", "{ \"rules\": { \"undefined-column\": \"off\" } }");
    editor.watched(&[(config.clone(), 1)]);
    editor.until_codes(&wrong, &[]);
    // A mistake in it is said where it stands, while it is being typed.
    editor.open(&config, "{ \"rulez\": {} }");
    editor.until_codes(&config, &["unknown-configuration"]);
    editor.until_codes(&wrong, &["undefined-column"]);
}

#[test]
fn the_settings_have_a_schema() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_columnist"))
        .args(["lsp", "--settings-schema"])
        .output()
        .unwrap();
    let schema: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(schema["columnist.check.workspace"]["default"], true);
    assert!(schema["columnist.rules"]["properties"]["undefined-column"].is_object());
    // The extension for VS Code has the same: `npm run settings` in editors/vscode takes them over.
    let manifest = include_str!("../../editors/vscode/package.json");
    let manifest: Value = serde_json::from_str(manifest).unwrap();
    let properties = &manifest["contributes"]["configuration"]["properties"];
    for (name, wanted) in schema.as_object().unwrap() {
        let mut found = properties[name].clone();
        found
            .as_object_mut()
            .unwrap_or_else(|| panic!("{name}: npm run settings in editors/vscode"))
            .remove("scope");
        assert_eq!(&found, wanted, "{name}: npm run settings in editors/vscode");
    }
}
