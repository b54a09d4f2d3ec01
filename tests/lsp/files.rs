//! Files on disk: the watcher's reports, branch switches, folders that come and go.

use serde_json::json;

use crate::editor::{Editor, Setup};
use crate::project::{Project, SCHEMA, WRONG};

const CREATED: u32 = 1;
const CHANGED: u32 = 2;
const DELETED: u32 = 3;

#[test]
fn the_client_is_asked_to_watch() {
    let project = Project::new();
    let mut editor = Editor::new(&project);
    editor.until("a registration", |it| !it.said("client/registerCapability").is_empty());
    let asked = editor.said("client/registerCapability")[0]["params"]["registrations"].clone();
    let methods: Vec<&str> =
        asked.as_array().unwrap().iter().map(|it| it["method"].as_str().unwrap()).collect();
    assert_eq!(methods, ["workspace/didChangeWatchedFiles", "workspace/didChangeConfiguration"]);
    assert!(asked.to_string().contains("**/*.{ts,tsx"), "{asked}");
}

#[test]
fn files_come_change_and_go() {
    let project = Project::new();
    let mut editor = Editor::new(&project);
    let wrong = project.uri("src/wrong.ts");
    editor.until_codes(&wrong, &["undefined-column"]);
    project.write("src/wrong.ts", &WRONG.replace("headline", "title"));
    editor.watched(&[(wrong.clone(), CHANGED)]);
    editor.until_codes(&wrong, &[]);
    let new = project.uri("src/deep/new.ts");
    project.write("src/deep/new.ts", &WRONG.replace("'./db'", "'../db'"));
    editor.watched(&[(new.clone(), CREATED)]);
    editor.until_codes(&new, &["undefined-column"]);
    project.remove("src/deep");
    // Some clients report the directory only.
    editor.watched(&[(project.uri("src/deep"), DELETED)]);
    editor.until_codes(&new, &[]);
}

#[test]
fn ignored_files_stay_out() {
    let project = Project::new();
    project.write(".gitignore", "dist\n");
    let mut editor = Editor::new(&project);
    editor.until_codes(&project.uri("src/wrong.ts"), &["undefined-column"]);
    project.write("dist/wrong.ts", &WRONG.replace("'./db'", "'../src/db'"));
    project.write("src/other.ts", WRONG);
    editor.watched(&[(project.uri("dist/wrong.ts"), CREATED), (project.uri("src/other.ts"), CREATED)]);
    editor.until_codes(&project.uri("src/other.ts"), &["undefined-column"]);
    assert!(!editor.published.contains_key(&project.uri("dist/wrong.ts")));
    // Until they are ignored no more.
    project.write(".gitignore", "nothing\n");
    editor.watched(&[(project.uri(".gitignore"), CHANGED)]);
    editor.until_codes(&project.uri("dist/wrong.ts"), &["undefined-column"]);
}

#[test]
fn a_branch_switch_is_one_change() {
    let project = Project::new();
    let mut editor = Editor::new(&project);
    let (app, schema) = (project.uri("src/app.ts"), project.uri("src/schema.ts"));
    editor.open(&app, &project.read("src/app.ts"));
    editor.until_codes(&project.uri("src/wrong.ts"), &["undefined-column"]);
    // Another branch: a column has another name, and a hundred files came with it.
    project.write("src/schema.ts", &SCHEMA.replace("'email'", "'mail'"));
    let mut changes = vec![(schema.clone(), CHANGED)];
    for idx in 0..100 {
        let path = format!("src/many/f{idx}.ts");
        project.write(&path, &WRONG.replace("'./db'", "'../db'"));
        changes.push((project.uri(&path), CREATED));
    }
    editor.watched(&changes);
    editor.until_codes(&app, &["undefined-column"]);
    editor.until_codes(&project.uri("src/many/f99.ts"), &["undefined-column"]);
    // And back.
    project.write("src/schema.ts", SCHEMA);
    project.remove("src/many");
    let back: Vec<(String, u32)> = changes
        .iter()
        .map(|(uri, kind)| (uri.clone(), if *kind == CREATED { DELETED } else { CHANGED }))
        .collect();
    editor.watched(&back);
    editor.until_codes(&app, &[]);
    editor.until_codes(&project.uri("src/many/f99.ts"), &[]);
}

#[test]
fn an_open_document_is_not_read_from_disk() {
    let project = Project::new();
    let mut editor = Editor::new(&project);
    let app = project.uri("src/app.ts");
    editor.open(&app, WRONG);
    editor.until_codes(&app, &["undefined-column"]);
    project.write("src/app.ts", "export const x = 1\n");
    editor.watched(&[(app.clone(), CHANGED)]);
    assert_eq!(editor.settle(&app), WRONG);
    project.remove("src/app.ts");
    editor.watched(&[(app.clone(), DELETED)]);
    assert_eq!(editor.settle(&app), WRONG);
    assert_eq!(editor.codes(&app), ["undefined-column"]);
    editor.close(&app);
    editor.until_codes(&app, &[]);
}

#[test]
fn folders_come_and_go() {
    let (first, second) = (Project::new(), Project::new());
    let mut editor = Editor::new(&first);
    editor.until_codes(&first.uri("src/wrong.ts"), &["undefined-column"]);
    assert!(!editor.published.contains_key(&second.uri("src/wrong.ts")));
    let folder = |project: &Project| json!({ "uri": project.uri("").trim_end_matches('/'), "name": "w" });
    let change = json!({ "event": { "added": [folder(&second)], "removed": [] } });
    editor.notify("workspace/didChangeWorkspaceFolders", change);
    editor.until_codes(&second.uri("src/wrong.ts"), &["undefined-column"]);
    let change = json!({ "event": { "added": [], "removed": [folder(&first)] } });
    editor.notify("workspace/didChangeWorkspaceFolders", change);
    editor.until_codes(&first.uri("src/wrong.ts"), &[]);
    assert_eq!(editor.codes(&second.uri("src/wrong.ts")), ["undefined-column"]);
}

#[test]
fn several_folders_are_read_from_the_start() {
    let (first, second) = (Project::new(), Project::new());
    let mut editor = Editor::in_folders(&[first.uri(""), second.uri("")], Setup::default());
    editor.until_codes(&first.uri("src/wrong.ts"), &["undefined-column"]);
    editor.until_codes(&second.uri("src/wrong.ts"), &["undefined-column"]);
}

#[test]
fn documents_without_a_workspace_are_followed() {
    let mut editor = Editor::in_folders(&[], Setup::default());
    editor.open("untitled:Untitled-1", "select 1");
    editor.replace("untitled:Untitled-1", [0, 7, 0, 8], "2");
    let params = json!({
        "textDocument": { "uri": "untitled:Untitled-1" }, "position": { "line": 0, "character": 99 } });
    assert_eq!(editor.request("textDocument/hover", params).unwrap(), json!(null));
    editor.open("file:///nowhere/x.sql", "selec 1");
    assert_eq!(editor.settle("file:///nowhere/x.sql"), "selec 1");
    editor.close("file:///nowhere/x.sql");
    editor.close("untitled:Untitled-1");
    editor.until_ready();
}
