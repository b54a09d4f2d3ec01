//! Requests of all kinds at random places of the sample, in documents that are being edited: each answer is of the
//! protocol's type, none is a failure of ours, and none takes long.

use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tower_lsp::ls_types as types;

use crate::editor::{Editor, Setup, pull};
use crate::order::Numbers;
use crate::project::Project;

type Check = fn(Value) -> Result<(), serde_json::Error>;

fn is<T: DeserializeOwned>(value: Value) -> Result<(), serde_json::Error> {
    serde_json::from_value::<T>(value).map(|_| ())
}

const METHODS: &[(&str, Check)] = &[
    ("textDocument/completion", is::<Option<types::CompletionResponse>>),
    ("textDocument/hover", is::<Option<types::Hover>>),
    ("textDocument/signatureHelp", is::<Option<types::SignatureHelp>>),
    ("textDocument/definition", is::<Option<types::GotoDefinitionResponse>>),
    ("textDocument/declaration", is::<Option<types::GotoDefinitionResponse>>),
    ("textDocument/implementation", is::<Option<types::GotoDefinitionResponse>>),
    ("textDocument/typeDefinition", is::<Option<types::GotoDefinitionResponse>>),
    ("textDocument/references", is::<Option<Vec<types::Location>>>),
    ("textDocument/documentHighlight", is::<Option<Vec<types::DocumentHighlight>>>),
    ("textDocument/codeAction", is::<Option<types::CodeActionResponse>>),
    ("textDocument/codeLens", is::<Option<Vec<types::CodeLens>>>),
    ("textDocument/documentSymbol", is::<Option<types::DocumentSymbolResponse>>),
    ("textDocument/foldingRange", is::<Option<Vec<types::FoldingRange>>>),
    ("textDocument/semanticTokens/full", is::<Option<types::SemanticTokensResult>>),
    ("textDocument/semanticTokens/range", is::<Option<types::SemanticTokensRangeResult>>),
    ("textDocument/semanticTokens/full/delta", is::<Option<types::SemanticTokensFullDeltaResult>>),
    ("textDocument/prepareRename", is::<Option<types::PrepareRenameResponse>>),
    ("textDocument/rename", is::<Option<types::WorkspaceEdit>>),
    ("textDocument/diagnostic", is::<types::DocumentDiagnosticReport>),
    ("workspace/symbol", is::<Option<types::WorkspaceSymbolResponse>>),
    ("workspace/diagnostic", is::<types::WorkspaceDiagnosticReportResult>),
    ("columnist/coverage", is::<Option<Value>>),
    ("columnist/schema", is::<Option<Value>>),
    // Of the item that was completed last.
    ("completionItem/resolve", is::<types::CompletionItem>),
];

fn utf16(text: &str) -> usize {
    text.encode_utf16().count()
}

fn may_hold_sql(uri: &str, line: &str) -> bool {
    const WORDS: [&str; 10] =
        ["sql`", "select", "from ", "where", "insert", "update", "Table(", "references(", "eq(", ".as("];
    (uri.ends_with(".sql") && !line.trim().is_empty()) || WORDS.iter().any(|it| line.contains(it))
}

#[test]
fn random_requests_are_answered_well_and_soon() {
    let n_requests: usize =
        std::env::var("COLUMNIST_LSP_REQUESTS").ok().and_then(|it| it.parse().ok()).unwrap_or(2000);
    let project = match std::env::var("COLUMNIST_LSP_PROJECT") {
        Ok(dir) => Project::copy_of(std::path::Path::new(&dir)),
        Err(_) => Project::sample(),
    };
    let mut editor = Editor::with(&project, Setup { capabilities: pull(), ..Setup::default() });
    let sources = project.sources();
    let mut numbers = Numbers(0xc01);
    let mut took: Vec<(Duration, &str)> = Vec::new();
    let mut n_answers = std::collections::BTreeMap::<&str, usize>::new();
    let mut open: Vec<(String, Vec<String>)> = Vec::new();
    let mut item = json!({ "label": "id" });
    let mut result_id = Value::String("none".to_owned());
    editor.until_ready();
    for _ in 0..n_requests {
        if open.len() < 6 || numbers.below(100) == 0 {
            let path = &sources[numbers.below(sources.len())];
            let uri = project.uri(path);
            if !open.iter().any(|it| it.0 == uri) {
                let text = project.read(path);
                editor.open(&uri, &text);
                open.push((uri, text.split('\n').map(str::to_owned).collect()));
            }
            if open.len() > 8 {
                let (uri, _) = open.remove(numbers.below(open.len()));
                editor.close(&uri);
            }
        }
        let which = numbers.below(open.len());
        let (uri, lines) = &mut open[which];
        // Most lines hold no SQL: every other time one that may.
        let telling: Vec<usize> = (0..lines.len()).filter(|it| may_hold_sql(uri, &lines[*it])).collect();
        let line = match telling.len() {
            0 => numbers.below(lines.len()),
            _ if numbers.below(2) == 0 => numbers.below(lines.len()),
            n => telling[numbers.below(n)],
        };
        let mut typed = None;
        let width = utf16(&lines[line]);
        let column = numbers.below(width + 1);
        let position = json!({ "line": line, "character": column });
        if numbers.below(4) == 0 && lines[line].is_ascii() {
            let words = ["x", " ", "'", ".", "select ", "`", "${", "from ", "(", ",", "é"];
            let word = words[numbers.below(words.len())];
            let at = [line as u32, column as u32, line as u32, column as u32];
            let intact = lines[line].clone();
            lines[line].insert_str(column, word);
            editor.replace(uri, at, word);
            // Most are taken back after the question: a document of nothing but mistakes asks little.
            if numbers.below(20) != 0 {
                typed =
                    Some((intact, [line as u32, column as u32, line as u32, (column + utf16(word)) as u32]));
            }
        }
        let range = json!({ "start": position, "end": { "line": line + numbers.below(4), "character": 3 } });
        let (method, check) = METHODS[numbers.below(METHODS.len())];
        let mut params = json!({
            "textDocument": { "uri": uri }, "uri": uri, "position": position, "range": range,
            "query": "po", "newName": "renamed",
            "context": match method {
                "textDocument/references" => json!({ "includeDeclaration": true }),
                "textDocument/codeAction" => json!({ "diagnostics": [] }),
                _ => Value::Null,
            },
        });
        match method {
            "completionItem/resolve" => params = item.clone(),
            "workspace/diagnostic" => params = json!({ "previousResultIds": [] }),
            "textDocument/semanticTokens/full/delta" => params["previousResultId"] = result_id.clone(),
            _ => {}
        }
        let started = Instant::now();
        let answer = editor.request(method, params);
        took.push((started.elapsed(), method));
        if let Some((intact, range)) = typed {
            lines[line] = intact;
            editor.replace(uri, range, "");
        }
        match answer {
            Ok(value) => {
                let nothing = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
                let items = value.get("items").or(Some(&value)).and_then(Value::as_array);
                match method {
                    "textDocument/completion" => {
                        if let Some(items) = items.filter(|it| !it.is_empty()) {
                            item = items[numbers.below(items.len())].clone();
                        }
                    }
                    "textDocument/semanticTokens/full" if value["resultId"].is_string() => {
                        result_id = value["resultId"].clone();
                    }
                    _ => {}
                }
                *n_answers.entry(method).or_default() += usize::from(!nothing);
                if let Err(error) = check(value.clone()) {
                    panic!("{method} of {uri} at {line}:{column}: {error} in {value:#}");
                }
            }
            // Refused with words for the user.
            Err(error) if error["code"] == -32803 => {}
            Err(error) => panic!("{method} of {uri} at {line}:{column}: {error}"),
        }
    }
    took.sort();
    let percentile = |share: f64| took[((took.len() - 1) as f64 * share) as usize].0;
    println!(
        "{n_requests} requests: p50 {:?}, p99 {:?}, slowest {:?}; with something in it: {n_answers:?}",
        percentile(0.5),
        percentile(0.99),
        took.last().unwrap(),
    );
    // The bar is for release builds on an idle machine; a debug build on a busy one still must not hang.
    let limit = if std::env::var("COLUMNIST_LSP_BINARY").is_ok() { 100 } else { 3000 };
    assert!(percentile(0.99) < Duration::from_millis(limit), "{:?}", percentile(0.99));
}
