//! Diagnostics: what is pushed, what is pulled, and when.

use serde_json::{Value, json};

use crate::editor::{Editor, Setup, codes, pull, push, with_encoding};
use crate::project::{APP, Project, SCHEMA, WRONG};

#[test]
fn problems_of_the_whole_workspace_are_published() {
    let project = Project::new();
    let mut editor = Editor::new(&project);
    let wrong = project.uri("src/wrong.ts");
    editor.until_codes(&wrong, &["undefined-column"]);
    let published = &editor.published[&wrong];
    assert!(published.get("version").is_none_or(Value::is_null), "nobody has it open");
    let problem = &published["diagnostics"][0];
    assert_eq!(problem["source"], "columnist");
    assert_eq!(problem["severity"], 1);
    assert_eq!(problem["codeDescription"]["href"], "columnist://rules/undefined-column.md");
    assert_eq!(problem["data"]["sqlstate"], "42703");
    let range = json!({ "start": { "line": 3, "character": 45 }, "end": { "line": 3, "character": 53 } });
    assert_eq!(problem["range"], range);
    // The document behind the code.
    let page = json!({ "uri": problem["codeDescription"]["href"] });
    let page = editor.request("workspace/textDocumentContent", page).unwrap();
    assert!(page["text"].as_str().unwrap().starts_with("# "), "{page}");
    editor.until("the sweep", |it| {
        it.said("$/progress").iter().any(|it| it["params"]["value"]["kind"] == "end")
    });
    // Files without problems are not worth a message.
    assert_eq!(editor.published.len(), 1, "{:?}", editor.published.keys());
}

#[test]
fn an_unsaved_schema_counts_everywhere_at_once() {
    let project = Project::new();
    let mut editor = Editor::new(&project);
    let (app, schema, queries) =
        (project.uri("src/app.ts"), project.uri("src/schema.ts"), project.uri("src/queries.sql"));
    editor.open(&app, APP);
    editor.open(&queries, &project.read("src/queries.sql"));
    editor.open(&schema, SCHEMA);
    editor.until_ready();
    editor.settle(&app);
    editor.set(&schema, &SCHEMA.replace("'email'", "'mail'"));
    editor.until_codes(&app, &["undefined-column"]);
    editor.until_codes(&queries, &["undefined-column"]);
    assert_eq!(editor.published[&app]["version"], 1);
    // Taken back, and wrong again.
    editor.set(&schema, SCHEMA);
    editor.until_codes(&app, &[]);
    editor.until_codes(&queries, &[]);
    editor.set(&schema, &SCHEMA.replace("'posts'", "'articles'"));
    editor.until_codes(&app, &["undefined-table", "undefined-table"]);
    // Closed without saving: the disk counts again.
    editor.close(&schema);
    editor.until_codes(&app, &[]);
}

#[test]
fn files_that_are_not_open_follow_a_schema_edit() {
    let project = Project::new();
    let mut editor = Editor::new(&project);
    let (schema, queries) = (project.uri("src/schema.ts"), project.uri("src/queries.sql"));
    editor.open(&schema, SCHEMA);
    editor.until_codes(&project.uri("src/wrong.ts"), &["undefined-column"]);
    editor.set(&schema, &SCHEMA.replace("'email'", "'mail'"));
    editor.until_codes(&queries, &["undefined-column"]);
    editor.set(&schema, SCHEMA);
    editor.until_codes(&queries, &[]);
}

#[test]
fn diagnostics_carry_the_version_and_come_only_when_they_differ() {
    let project = Project::new();
    let mut editor = Editor::new(&project);
    let wrong = project.uri("src/wrong.ts");
    editor.open(&wrong, WRONG);
    editor.until("diagnostics of the open document", |it| {
        it.published.get(&wrong).is_some_and(|it| it["version"] == 1) || it.codes(&wrong).len() == 1
    });
    let version = editor.replace(&wrong, [3, 0, 3, 0], "\n");
    editor.until("the new place", |it| it.published[&wrong]["version"] == version);
    let n = editor.n_published[&wrong];
    // Behind the problem nothing of it changes.
    for _ in 0..5 {
        editor.replace(&wrong, [5, 0, 5, 0], "// x\n");
    }
    editor.settle(&wrong);
    let version = editor.replace(&wrong, [3, 0, 3, 0], "\n");
    editor.until("the new place", |it| it.published[&wrong]["version"] == version);
    assert_eq!(editor.n_published[&wrong], n + 1);
}

#[test]
fn a_statement_that_is_being_typed_leaves_the_others_alone() {
    let project = Project::new();
    let mut editor = Editor::new(&project);
    let uri = project.uri("src/queries.sql");
    editor.open(&uri, "select nope from users;\n\nselect id from users;\n");
    editor.until_codes(&uri, &["undefined-column"]);
    let first = editor.published[&uri]["diagnostics"][0].clone();
    editor.replace(&uri, [2, 7, 2, 9], "");
    editor.replace(&uri, [2, 7, 2, 7], "u.");
    editor.until("an error in the second statement", |it| it.codes(&uri).len() > 1);
    assert_eq!(editor.published[&uri]["diagnostics"][0], first);
}

#[test]
fn positions_are_right_in_every_encoding_and_with_every_line_end() {
    let project = Project::new();
    for (encoding, column) in [("utf-16", 19), ("utf-8", 23)] {
        for end in ["\n", "\r\n", "\r"] {
            let capabilities = with_encoding(push(), &[encoding]);
            let mut editor = Editor::with(&project, Setup { capabilities, ..Setup::default() });
            let uri = project.uri("src/queries.sql");
            editor.open(&uri, &format!("-- é{end}select 1;{end}"));
            // A pair of surrogates, an accent, and the wrong name behind them.
            editor.replace(&uri, [2, 0, 2, 0], &format!("select '𐐀é', '', a{end}  , nope"));
            editor.replace(&uri, [2, 15, 9, 0], "");
            let from = if encoding == "utf-16" { 13 } else { 16 };
            editor.replace(&uri, [2, from - 1, 9, 9], "'ü', nope from users");
            editor.settle(&uri);
            editor.until_codes(&uri, &["undefined-column"]);
            let text = editor.settle(&uri);
            let line = text.split(end).nth(2).unwrap().to_owned();
            let at = &editor.published[&uri]["diagnostics"][0]["range"]["start"];
            let before = &line[..line.find("nope").unwrap()];
            let expected = if encoding == "utf-8" { before.len() } else { before.encode_utf16().count() };
            assert_eq!(at["line"], 2, "{text:?}");
            assert_eq!(at["character"], expected, "{text:?} in {encoding} ({column})");
        }
    }
}

#[test]
fn diagnostics_are_pulled_by_result_id() {
    let project = Project::new();
    let mut editor = Editor::with(&project, Setup { capabilities: pull(), ..Setup::default() });
    assert_eq!(editor.server["capabilities"]["diagnosticProvider"]["workspaceDiagnostics"], true);
    let wrong = project.uri("src/wrong.ts");
    let params = |previous: &Value| json!({ "textDocument": { "uri": wrong }, "identifier": "columnist", "previousResultId": previous });
    // Asked before the workspace was read: held, not answered with nothing.
    let first = editor.request("textDocument/diagnostic", params(&Value::Null)).unwrap();
    assert_eq!(first["kind"], "full");
    assert_eq!(codes(&first["items"]), ["undefined-column"]);
    let again = editor.request("textDocument/diagnostic", params(&first["resultId"])).unwrap();
    assert_eq!(again, json!({ "kind": "unchanged", "resultId": first["resultId"] }));
    editor.open(&wrong, &WRONG.replace("headline", "title"));
    let mended = editor.request("textDocument/diagnostic", params(&first["resultId"])).unwrap();
    assert_eq!(mended["items"], json!([]));
    // Not a file, or none of ours.
    for uri in ["untitled:Untitled-1", "git:/x/y.sql", "file:///nowhere/x.sql"] {
        let params = json!({ "textDocument": { "uri": uri } });
        let answer = editor.request("textDocument/diagnostic", params).unwrap();
        assert_eq!(answer["items"], json!([]), "{uri}");
    }
    assert!(editor.published.is_empty(), "nothing is pushed to who pulls");
}

#[test]
fn workspace_diagnostics_are_pulled_and_wait_for_news() {
    let project = Project::new();
    let mut editor = Editor::with(&project, Setup { capabilities: pull(), ..Setup::default() });
    let ask = |known: Value| json!({ "identifier": "columnist", "previousResultIds": known });
    let first = editor.request("workspace/diagnostic", ask(json!([]))).unwrap();
    let items = first["items"].as_array().unwrap().clone();
    assert_eq!(items.len(), 1, "{first}");
    assert_eq!(items[0]["uri"], project.uri("src/wrong.ts"));
    assert_eq!(codes(&items[0]["items"]), ["undefined-column"]);
    let known = json!([{ "uri": items[0]["uri"], "value": items[0]["resultId"] }]);
    let held = editor.ask("workspace/diagnostic", ask(known));
    editor.settle(&project.uri("src/app.ts"));
    assert!(!editor.is_answered(held));
    // The schema changes under a file that is not open.
    let schema = project.uri("src/schema.ts");
    editor.open(&schema, &SCHEMA.replace("'email'", "'mail'"));
    let news = editor.answer(held).unwrap();
    let uris: Vec<&str> = news["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|it| it["kind"] == "full")
        .map(|it| it["uri"].as_str().unwrap())
        .collect();
    assert!(uris.iter().any(|it| it.ends_with("queries.sql")), "{news}");
    // The client is asked to pull what it shows again.
    editor.until("a refresh", |it| !it.said("workspace/diagnostic/refresh").is_empty());
}

#[test]
fn status_and_coverage_are_told() {
    let project = Project::new();
    let mut editor = Editor::new(&project);
    editor.until("tables and problems in the status", |it| {
        it.said("columnist/status").last().is_some_and(|it| {
            let it = &it["params"];
            it["state"] == "ready" && it["tables"] == 2 && it["problems"] == 1
        })
    });
    let uri = project.uri("src/app.ts");
    let coverage = editor.request("columnist/coverage", json!({ "uri": uri })).unwrap();
    assert_eq!(coverage["uri"], uri);
    assert!(coverage["skipped"].is_array());
    let schema = editor.request("columnist/schema", json!({ "uri": uri })).unwrap();
    assert!(schema["text"].as_str().unwrap().to_lowercase().contains("create table"), "{schema}");
    let page = editor.request("workspace/textDocumentContent", json!({ "uri": schema["uri"] })).unwrap();
    assert_eq!(page["text"], schema["text"]);
    let nothing = editor.request("workspace/textDocumentContent", json!({ "uri": "columnist://rules/x.md" }));
    assert_eq!(nothing, Ok(Value::Null));
}
