//! The client: what it can do, and the way messages go to it.

use serde_json::Value;
use tokio::sync::mpsc;
use tower_lsp::Client;
use tower_lsp::ls_types::*;

use crate::base::line_index::Encoding;

/// What of the protocol the client takes (LSP 3.17 §clientCapabilities).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientInfo {
    pub encoding: Encoding,
    /// `neovim 0.11.4`, for the log.
    pub name: String,
    /// It asks for diagnostics itself: nothing is published then.
    pub pull_diagnostics: bool,
    pub diagnostics_refresh: bool,
    pub tokens_refresh: bool,
    pub lens_refresh: bool,
    pub related_information: bool,
    pub code_description: bool,
    pub diagnostic_data: bool,
    pub definition_links: bool,
    pub declaration_links: bool,
    pub implementation_links: bool,
    pub type_definition_links: bool,
    pub snippets: bool,
    pub label_details: bool,
    pub label_offsets: bool,
    pub action_literals: bool,
    pub nested_symbols: bool,
    pub multiline_tokens: bool,
    pub line_folding_only: bool,
    pub document_changes: bool,
    pub progress: bool,
    pub configuration: bool,
    pub dynamic_configuration: bool,
    pub dynamic_watchers: bool,
    pub markdown_hover: bool,
    pub markdown_documentation: bool,
    pub markdown_signature: bool,
}

impl ClientInfo {
    pub fn new(params: &InitializeParams) -> ClientInfo {
        let all = serde_json::to_value(&params.capabilities).unwrap_or_default();
        let has = |pointer: &str| all.pointer(pointer).and_then(Value::as_bool).unwrap_or(false);
        let lists = |pointer: &str, what: &str| {
            all.pointer(pointer).and_then(Value::as_array).is_some_and(|it| it.iter().any(|it| it == what))
        };
        let given = |pointer: &str| all.pointer(pointer).is_some_and(|it| !it.is_null());
        let utf8 = lists("/general/positionEncodings", "utf-8");
        let name = params.client_info.as_ref();
        let diagnostics_refresh =
            has("/workspace/diagnostics/refreshSupport") || has("/workspace/diagnostic/refreshSupport");
        ClientInfo {
            encoding: if utf8 { Encoding::Utf8 } else { Encoding::Utf16 },
            name: name.map_or_else(String::new, |it| {
                format!("{} {}", it.name, it.version.as_deref().unwrap_or("")).trim().to_owned()
            }),
            // A client that asks but cannot be told to ask again (Neovim 0.11) would keep what an edit of the schema
            // has made wrong in other files: it is told instead.
            pull_diagnostics: given("/textDocument/diagnostic") && diagnostics_refresh,
            diagnostics_refresh,
            tokens_refresh: has("/workspace/semanticTokens/refreshSupport"),
            lens_refresh: has("/workspace/codeLens/refreshSupport"),
            related_information: has("/textDocument/publishDiagnostics/relatedInformation")
                || has("/textDocument/diagnostic/relatedInformation"),
            code_description: has("/textDocument/publishDiagnostics/codeDescriptionSupport")
                || has("/textDocument/diagnostic/codeDescriptionSupport"),
            diagnostic_data: has("/textDocument/publishDiagnostics/dataSupport")
                || has("/textDocument/diagnostic/dataSupport"),
            definition_links: has("/textDocument/definition/linkSupport"),
            declaration_links: has("/textDocument/declaration/linkSupport"),
            implementation_links: has("/textDocument/implementation/linkSupport"),
            type_definition_links: has("/textDocument/typeDefinition/linkSupport"),
            snippets: has("/textDocument/completion/completionItem/snippetSupport"),
            label_details: has("/textDocument/completion/completionItem/labelDetailsSupport"),
            label_offsets: has(
                "/textDocument/signatureHelp/signatureInformation/parameterInformation/labelOffsetSupport",
            ),
            action_literals: given("/textDocument/codeAction/codeActionLiteralSupport"),
            nested_symbols: has("/textDocument/documentSymbol/hierarchicalDocumentSymbolSupport"),
            multiline_tokens: has("/textDocument/semanticTokens/multilineTokenSupport"),
            line_folding_only: has("/textDocument/foldingRange/lineFoldingOnly"),
            document_changes: has("/workspace/workspaceEdit/documentChanges"),
            progress: has("/window/workDoneProgress"),
            configuration: has("/workspace/configuration"),
            dynamic_configuration: has("/workspace/didChangeConfiguration/dynamicRegistration"),
            dynamic_watchers: has("/workspace/didChangeWatchedFiles/dynamicRegistration"),
            markdown_hover: lists("/textDocument/hover/contentFormat", "markdown"),
            markdown_documentation: lists(
                "/textDocument/completion/completionItem/documentationFormat",
                "markdown",
            ),
            markdown_signature: lists(
                "/textDocument/signatureHelp/signatureInformation/documentationFormat",
                "markdown",
            ),
        }
    }
}

/// Messages to the client, sent in this order; requests are answered to `then` without holding up what follows.
pub enum Out {
    Publish(PublishDiagnosticsParams),
    Log(MessageType, String),
    Trace(LogTraceParams),
    Status(Value),
    Progress(ProgressParams),
    /// `window/workDoneProgress/create`; reports wait for its answer, nothing else does.
    CreateProgress(ProgressToken),
    Register(Vec<Registration>),
    RefreshDiagnostics,
    RefreshTokens,
    RefreshLenses,
    /// `workspace/configuration` for the section `columnist`.
    Configuration(Box<dyn FnOnce(Value) + Send>),
}

/// The way out for every thread; never blocks.
#[derive(Clone)]
pub struct Outbox(mpsc::UnboundedSender<Out>);

impl Outbox {
    pub fn new() -> (Outbox, mpsc::UnboundedReceiver<Out>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Outbox(sender), receiver)
    }

    pub fn send(&self, out: Out) {
        // The client has left: nobody reads any more.
        let _ = self.0.send(out);
    }
}

/// `columnist/status`: see `server::status`.
pub enum StatusNotification {}

impl notification::Notification for StatusNotification {
    type Params = Value;
    const METHOD: &'static str = "columnist/status";
}

/// Sends what the other threads put out, until the process ends.
pub async fn forward(client: Client, mut outbox: mpsc::UnboundedReceiver<Out>) {
    let mut progress: Option<mpsc::UnboundedSender<ProgressParams>> = None;
    while let Some(out) = outbox.recv().await {
        match out {
            Out::Publish(it) => client.publish_diagnostics(it.uri, it.diagnostics, it.version).await,
            Out::Log(kind, message) => client.log_message(kind, message).await,
            Out::Trace(it) => client.send_notification::<notification::LogTrace>(it).await,
            Out::Status(it) => client.send_notification::<StatusNotification>(it).await,
            Out::Progress(it) => {
                if let Some(progress) = &progress {
                    let _ = progress.send(it);
                }
            }
            Out::CreateProgress(token) => {
                let (sender, mut reports) = mpsc::unbounded_channel();
                progress = Some(sender);
                let client = client.clone();
                tokio::spawn(async move {
                    // Progress that the client refuses is never reported (LSP 3.17 §workDoneProgress_create).
                    if client.create_work_done_progress(token).await.is_ok() {
                        while let Some(report) = reports.recv().await {
                            client.send_notification::<notification::Progress>(report).await;
                        }
                    }
                });
            }
            Out::Register(registrations) => {
                let client = client.clone();
                tokio::spawn(async move {
                    if let Err(error) = client.register_capability(registrations).await {
                        super::log::info(&format!("the client refused to watch files: {error}"));
                    }
                });
            }
            Out::RefreshDiagnostics => {
                let client = client.clone();
                tokio::spawn(async move { client.workspace_diagnostic_refresh().await });
            }
            Out::RefreshLenses => {
                let client = client.clone();
                tokio::spawn(async move { client.code_lens_refresh().await });
            }
            Out::RefreshTokens => {
                let client = client.clone();
                tokio::spawn(async move { client.semantic_tokens_refresh().await });
            }
            Out::Configuration(then) => {
                let client = client.clone();
                tokio::spawn(async move {
                    let section = Some("columnist".to_owned());
                    let items = vec![ConfigurationItem { scope_uri: None, section }];
                    if let Ok(mut values) = client.configuration(items).await
                        && let Some(value) = values.pop()
                    {
                        then(value);
                    }
                });
            }
        }
    }
}
