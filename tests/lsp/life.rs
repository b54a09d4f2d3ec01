//! Beginning and end: what the server promises, how it ends, what it survives.

use serde_json::{Value, json};

use crate::editor::{Editor, Setup, push, with_encoding};
use crate::project::Project;

#[test]
fn it_says_what_it_can_do() {
    let project = Project::new();
    let editor = Editor::new(&project);
    let can = &editor.server["capabilities"];
    assert_eq!(editor.server["serverInfo"]["name"], "columnist");
    assert_eq!(can["positionEncoding"], "utf-16");
    assert_eq!(can["textDocumentSync"]["change"], 2);
    assert_eq!(can["workspace"]["workspaceFolders"]["supported"], true);
    // Diagnostics are pushed to this client.
    assert!(can.get("diagnosticProvider").is_none());
    for provider in ["hover", "completion", "signatureHelp", "definition", "declaration", "implementation"] {
        assert!(can[format!("{provider}Provider")] != Value::Null, "{provider}");
    }
}

#[test]
fn columns_are_counted_as_the_client_wishes() {
    let project = Project::new();
    let offered: [(&[&str], &str); 3] =
        [(&["utf-16", "utf-8"], "utf-8"), (&["utf-32"], "utf-16"), (&["utf-16"], "utf-16")];
    for (offers, expected) in offered {
        let capabilities = with_encoding(push(), offers);
        let editor = Editor::with(&project, Setup { capabilities, ..Setup::default() });
        assert_eq!(editor.server["capabilities"]["positionEncoding"], *expected);
    }
}

#[test]
fn it_ends_well_after_shutdown_and_badly_without() {
    let project = Project::new();
    let mut polite = Editor::new(&project);
    assert_eq!(polite.request("shutdown", Value::Null), Ok(Value::Null));
    // After `shutdown` nothing is answered any more.
    let refused = polite.request("textDocument/hover", json!({})).unwrap_err();
    assert_eq!(refused["code"], -32600);
    polite.notify("exit", Value::Null);
    assert_eq!(polite.wait().code(), Some(0));
    let mut rude = Editor::new(&project);
    rude.notify("exit", Value::Null);
    assert_eq!(rude.wait().code(), Some(1));
}

#[test]
fn it_ends_with_its_standard_input() {
    let project = Project::new();
    let mut editor = Editor::new(&project);
    let started = std::time::Instant::now();
    // Something is being answered that takes a second.
    editor.ask("columnist/debug/stall", json!({ "uri": project.uri("src/app.ts") }));
    editor.hang_up();
    assert_eq!(editor.wait().code(), Some(1));
    assert!(started.elapsed().as_millis() < 950, "{:?}", started.elapsed());
}

#[test]
fn nothing_is_answered_before_initialize() {
    let project = Project::new();
    let mut editor = Editor::spawn(&[]);
    let uri = project.uri("src/app.ts");
    let params = json!({ "textDocument": { "uri": uri }, "position": { "line": 0, "character": 0 } });
    let error = editor.request("textDocument/hover", params).unwrap_err();
    assert_eq!(error["code"], -32002);
    editor.notify("exit", Value::Null);
    assert_eq!(editor.wait().code(), Some(1));
}

#[test]
fn a_panic_costs_one_request() {
    let project = Project::new();
    let log = project.path("server.log");
    let args = vec!["--log".to_owned(), log.to_str().unwrap().to_owned()];
    let mut editor = Editor::with(&project, Setup { args, ..Setup::default() });
    let uri = project.uri("src/app.ts");
    editor.open(&uri, &project.read("src/app.ts"));
    for _ in 0..10 {
        let error = editor.request("columnist/debug/panic", json!({ "uri": uri })).unwrap_err();
        assert_eq!(error["code"], -32603);
    }
    assert!(editor.settle(&uri).contains("select u.email"));
    editor.set(&uri, &project.read("src/wrong.ts"));
    editor.until_codes(&uri, &["undefined-column"]);
    let log = std::fs::read_to_string(log).unwrap();
    assert!(log.contains("internal error: columnist/debug/panic at file://"), "{log}");
    assert!(log.contains("asked to, for"), "{log}");
    // The backtrace names the handler.
    assert!(log.contains("handlers::debug::panic"), "{log}");
    // The client's log has it too.
    editor.until("a message", |it| !it.said("window/logMessage").is_empty());
}

#[test]
fn rubbish_on_the_wire_does_no_harm() {
    let project = Project::new();
    let mut editor = Editor::new(&project);
    let uri = project.uri("src/app.ts");
    editor.open(&uri, "select 1");
    editor.notify("$/unheardOf", json!({}));
    editor.notify("textDocument/didChange", json!({ "nonsense": true }));
    editor.notify("textDocument/didSave", json!({ "textDocument": { "uri": "not a uri" } }));
    let refused = editor.request("textDocument/hover", json!({ "position": 7 })).unwrap_err();
    assert_eq!(refused["code"], -32602);
    let unknown = editor.request("textDocument/unheardOf", json!({})).unwrap_err();
    assert_eq!(unknown["code"], -32601);
    assert_eq!(editor.settle(&uri), "select 1");
}

#[test]
fn requests_can_be_cancelled() {
    let project = Project::new();
    let mut editor = Editor::new(&project);
    let uri = project.uri("src/app.ts");
    editor.until_ready();
    // More than there are threads: without an end to the first, the last would wait for minutes.
    let ids: Vec<i64> =
        (0..150).map(|_| editor.ask("columnist/debug/stall", json!({ "uri": uri }))).collect();
    for id in &ids {
        editor.cancel(*id);
    }
    let started = std::time::Instant::now();
    for id in ids {
        assert_eq!(editor.answer(id).unwrap_err()["code"], -32800);
    }
    editor.settle(&project.uri("src/app.ts"));
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

#[test]
fn requests_are_traced_when_asked_for() {
    let project = Project::new();
    let mut editor = Editor::new(&project);
    let uri = project.uri("src/app.ts");
    editor.notify("$/setTrace", json!({ "value": "verbose" }));
    editor.settle(&uri);
    editor.until("a trace", |it| !it.said("$/logTrace").is_empty());
    let message = editor.said("$/logTrace")[0]["params"]["message"].as_str().unwrap().to_owned();
    assert!(message.starts_with("columnist/debug/text took "), "{message}");
    editor.notify("$/setTrace", json!({ "value": "off" }));
    editor.settle(&uri);
    let n = editor.said("$/logTrace").len();
    editor.settle(&uri);
    assert_eq!(editor.said("$/logTrace").len(), n);
}
