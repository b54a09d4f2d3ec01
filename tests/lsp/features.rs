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

/// drizzle-orm 0.x hands `relations(…)` to `drizzle(…)`: no schema module of drizzle-kit's needs to hold them.
#[test]
fn relations_beside_the_schema_lead_to_it_and_are_checked() {
    let project = Project::empty();
    project.write("package.json", r#"{ "dependencies": { "drizzle-orm": "0.45.4" } }"#);
    project
        .write("drizzle.config.ts", "export default { dialect: 'postgresql', schema: './src/schema.ts' };");
    let schema = "import { integer, pgTable, uuid } from 'drizzle-orm/pg-core';
export const users = pgTable('users', { id: uuid().primaryKey() });
export const posts = pgTable('posts', { id: uuid().primaryKey(), no: integer() });
";
    let relations = "import { relations } from 'drizzle-orm';
import { posts, users } from './schema';
export const postsRelations = relations(posts, ({ one }) => ({
  author: one(users, { fields: [posts.no], references: [users.id] }),
}));
export const usersRelations = relations(users, ({ many }) => ({ posts: many(posts) }));
";
    project.write("src/schema.ts", schema);
    project.write("src/relations.ts", relations);
    let mut editor = Editor::new(&project);
    let (uri, declared) = (project.uri("src/relations.ts"), project.uri("src/schema.ts"));
    editor.open(&uri, relations);
    editor.until_codes(&uri, &["relation-type-mismatch"]);
    // `no` of `posts.no`.
    let at = json!({ "textDocument": { "uri": uri }, "position": { "line": 3, "character": 39 } });
    let found = editor.request("textDocument/definition", at).expect("an answer").to_string();
    let is_declared = found.contains(&declared) && found.contains(r#""line":2"#);
    assert!(is_declared, "{found}");
    // `users` where it is declared.
    let at = json!({ "textDocument": { "uri": declared }, "position": { "line": 1, "character": 15 },
        "context": { "includeDeclaration": false } });
    let found = editor.expect::<Option<Vec<types::Location>>>("textDocument/references", at);
    let lines: Vec<u32> = found.unwrap_or_default().iter().map(|it| it.range.start.line).collect();
    assert_eq!(lines, [1, 3, 3, 5]);
}

impl Editor {
    /// Asks, and reads the answer as the protocol's type.
    #[track_caller]
    pub fn expect<T: serde::de::DeserializeOwned>(&mut self, method: &str, params: serde_json::Value) -> T {
        let answer = self.request(method, params).unwrap_or_else(|error| panic!("{method}: {error}"));
        serde_json::from_value(answer.clone()).unwrap_or_else(|error| panic!("{method}: {error} in {answer}"))
    }
}
