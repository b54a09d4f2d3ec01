//! Each request of an editor, answered by the protocol's types and with nothing where there is nothing.

use serde_json::json;
use tower_lsp::ls_types as types;

use crate::editor::{Editor, Setup, push};
use crate::project::{APP, Project};

#[test]
fn every_request_is_answered() {
    let project = Project::new();
    let mut editor = Editor::new(&project);
    let uri = project.uri("src/app.ts");
    editor.open(&uri, APP);
    let document = json!({ "uri": uri });
    // In `users`, past the end of a line, and past the end of the text.
    for position in [(3, 66), (3, 9999), (9999, 0)] {
        let position = json!({ "line": position.0, "character": position.1 });
        let at = json!({ "textDocument": document, "position": position });
        let range = json!({ "start": position, "end": position });
        editor.expect::<Option<types::Hover>>("textDocument/hover", at.clone());
        editor.expect::<Option<types::CompletionResponse>>("textDocument/completion", at.clone());
        editor.expect::<Option<types::SignatureHelp>>("textDocument/signatureHelp", at.clone());
        for method in ["definition", "declaration", "implementation", "typeDefinition"] {
            let method = format!("textDocument/{method}");
            editor.expect::<Option<types::GotoDefinitionResponse>>(&method, at.clone());
        }
        let mut with_context = at.clone();
        with_context["context"] = json!({ "includeDeclaration": true });
        editor.expect::<Option<Vec<types::Location>>>("textDocument/references", with_context);
        editor.expect::<Option<Vec<types::DocumentHighlight>>>("textDocument/documentHighlight", at.clone());
        editor.expect::<Option<types::PrepareRenameResponse>>("textDocument/prepareRename", at.clone());
        let actions = json!({ "textDocument": document, "range": range, "context": { "diagnostics": [] } });
        editor.expect::<Option<types::CodeActionResponse>>("textDocument/codeAction", actions);
    }
    let whole = json!({ "textDocument": document });
    editor.expect::<Option<types::DocumentSymbolResponse>>("textDocument/documentSymbol", whole.clone());
    editor.expect::<Option<Vec<types::FoldingRange>>>("textDocument/foldingRange", whole.clone());
    editor.expect::<Option<types::WorkspaceSymbolResponse>>("workspace/symbol", json!({ "query": "us" }));
    let item = json!({ "label": "x", "data": { "nonsense": 1 } });
    editor.expect::<types::CompletionItem>("completionItem/resolve", item);
    // Tokens, then their difference.
    let tokens =
        editor.expect::<Option<types::SemanticTokensResult>>("textDocument/semanticTokens/full", whole);
    let Some(types::SemanticTokensResult::Tokens(tokens)) = tokens else { panic!("{tokens:?}") };
    let delta = json!({ "textDocument": document, "previousResultId": tokens.result_id });
    let delta = editor.expect::<Option<types::SemanticTokensFullDeltaResult>>(
        "textDocument/semanticTokens/full/delta",
        delta,
    );
    let Some(types::SemanticTokensFullDeltaResult::TokensDelta(delta)) = delta else { panic!("{delta:?}") };
    assert!(delta.edits.is_empty());
}

#[test]
fn documents_that_are_no_files_get_no_answers() {
    let project = Project::new();
    let mut editor = Editor::new(&project);
    for uri in ["untitled:Untitled-1", "git:/w/x.sql?%7B%7D", "columnist://rules/x.md", "file:///nowhere.sql"]
    {
        let at = json!({ "textDocument": { "uri": uri }, "position": { "line": 0, "character": 0 } });
        for method in
            ["hover", "completion", "definition", "documentHighlight", "documentSymbol", "signatureHelp"]
        {
            let answer = editor.request(&format!("textDocument/{method}"), at.clone()).unwrap();
            assert!(answer.is_null(), "{method} of {uri}: {answer}");
        }
    }
}

#[test]
fn code_actions_are_for_clients_that_take_them() {
    let project = Project::new();
    let mut capabilities = push();
    capabilities["textDocument"]["codeAction"] = json!({});
    let editor = Editor::with(&project, Setup { capabilities, ..Setup::default() });
    assert!(editor.server["capabilities"].get("codeActionProvider").is_none());
}

impl Editor {
    /// Asks, and reads the answer as the protocol's type.
    #[track_caller]
    pub fn expect<T: serde::de::DeserializeOwned>(&mut self, method: &str, params: serde_json::Value) -> T {
        let answer = self.request(method, params).unwrap_or_else(|error| panic!("{method}: {error}"));
        serde_json::from_value(answer.clone()).unwrap_or_else(|error| panic!("{method}: {error} in {answer}"))
    }
}
