//! The protocol's methods. A handler puts an event on the queue before its first `await`, so that the queue has the
//! order of the wire; then it waits for the answer, and does nothing else.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::mpsc::Sender;
use std::time::Instant;

use tokio::sync::oneshot;
use tower_lsp::LanguageServer;
use tower_lsp::jsonrpc::{self, Result};
use tower_lsp::ls_types::request::*;
use tower_lsp::ls_types::*;

use super::client::{ClientInfo, Out, Outbox};
use super::event::{Event, WorkspacePull};
use super::handlers;
use super::job::{Handler, Typed};
use super::params::{Params, UriParams};
use super::schedule::Method;
use super::{capabilities, log, uri, watchdog};
use crate::base::cancel::CancelToken;

pub struct Frontend {
    pub queue: Sender<Event>,
    pub out: Outbox,
    /// `shutdown` was asked for: `exit` is no failure then.
    pub shut_down: Arc<AtomicBool>,
    pub trace: Trace,
}

/// `$/setTrace`: off, messages, verbose.
#[derive(Debug, Default)]
pub struct Trace(AtomicU8);

impl Trace {
    fn set(&self, value: TraceValue) {
        let level = match value {
            TraceValue::Off => 0,
            TraceValue::Messages => 1,
            TraceValue::Verbose => 2,
        };
        self.0.store(level, Ordering::Relaxed);
    }
}

/// Ends the job when the client does not wait any more: it drops the handler's future.
struct CancelOnDrop(CancelToken);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

impl Frontend {
    fn tell(&self, event: Event) {
        // Without a main loop the process is about to end.
        let _ = self.queue.send(event);
    }

    async fn ask<P, R>(&self, method: Method, params: P, handler: Handler<P, R>) -> Result<R>
    where
        P: Params + 'static,
        R: Send + 'static,
    {
        let started = Instant::now();
        let cancel = CancelOnDrop(CancelToken::default());
        let (reply, answer) = oneshot::channel();
        let job = Typed { method, params, handler, cancel: cancel.0.clone(), reply: Some(reply) };
        self.tell(Event::Ask(Box::new(job)));
        let answer = answer.await.unwrap_or_else(|_| Err(jsonrpc::Error::internal_error()));
        let level = self.trace.0.load(Ordering::Relaxed);
        if level > 0 || log::has_file() {
            let took = started.elapsed();
            let message = format!("{} took {:.1} ms", method.name(), took.as_secs_f64() * 1e3);
            log::info(&message);
            if level > 0 {
                let verbose = answer.as_ref().err().map(|it| it.to_string()).filter(|_| level > 1);
                self.out.send(Out::Trace(LogTraceParams { message, verbose }));
            }
        }
        drop(cancel);
        answer
    }

    pub async fn set_trace(&self, params: SetTraceParams) {
        self.trace.set(params.value);
    }

    pub async fn coverage(&self, params: UriParams) -> Result<Option<serde_json::Value>> {
        self.ask(Method::Coverage, params, handlers::coverage::coverage).await
    }

    pub async fn schema(&self, params: UriParams) -> Result<Option<handlers::content::SchemaDocument>> {
        self.ask(Method::Schema, params, handlers::content::schema).await
    }

    pub async fn content(&self, params: UriParams) -> Result<Option<handlers::content::Content>> {
        self.ask(Method::Content, params, handlers::content::content).await
    }

    #[cfg(debug_assertions)]
    pub async fn debug_text(&self, params: UriParams) -> Result<Option<handlers::debug::Text>> {
        self.ask(Method::Text, params, handlers::debug::text).await
    }

    #[cfg(debug_assertions)]
    pub async fn debug_panic(&self, params: UriParams) -> Result<Option<serde_json::Value>> {
        self.ask(Method::Crash, params, handlers::debug::panic).await
    }

    #[cfg(debug_assertions)]
    pub async fn debug_stall(&self, params: UriParams) -> Result<Option<serde_json::Value>> {
        self.ask(Method::Stall, params, handlers::debug::stall).await
    }
}

impl LanguageServer for Frontend {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        let client = ClientInfo::new(&params);
        log::info(&format!("started by {} for {:?} columns", client.name, client.encoding));
        if let Some(trace) = params.trace {
            self.trace.set(trace);
        }
        if let Some(process) = params.process_id {
            watchdog::watch_parent(process);
        }
        let result = capabilities::initialize_result(&client);
        let roots = roots(&params);
        let options = params.initialization_options;
        self.tell(Event::Initialize { client: Arc::new(client), options, roots });
        Ok(result)
    }

    async fn initialized(&self, _: InitializedParams) {
        self.tell(Event::Initialized);
    }

    async fn shutdown(&self) -> Result<()> {
        self.shut_down.store(true, Ordering::SeqCst);
        Ok(())
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        self.tell(Event::Open(params.text_document));
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        self.tell(Event::Change(params));
    }

    async fn did_save(&self, params: DidSaveTextDocumentParams) {
        self.tell(Event::Save(params.text_document));
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        self.tell(Event::Close(params.text_document));
    }

    async fn did_change_watched_files(&self, params: DidChangeWatchedFilesParams) {
        self.tell(Event::Watched(params.changes));
    }

    async fn did_change_workspace_folders(&self, params: DidChangeWorkspaceFoldersParams) {
        self.tell(Event::Folders(params.event));
    }

    async fn did_change_configuration(&self, params: DidChangeConfigurationParams) {
        self.tell(Event::ConfigurationChanged(params.settings));
    }

    async fn completion(&self, params: CompletionParams) -> Result<Option<CompletionResponse>> {
        self.ask(Method::Completion, params, handlers::completion::completion).await
    }

    async fn completion_resolve(&self, item: CompletionItem) -> Result<CompletionItem> {
        self.ask(Method::CompletionResolve, item, handlers::completion::resolve).await
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        self.ask(Method::Hover, params, handlers::hover::hover).await
    }

    async fn signature_help(&self, params: SignatureHelpParams) -> Result<Option<SignatureHelp>> {
        self.ask(Method::SignatureHelp, params, handlers::signature::signature_help).await
    }

    async fn goto_definition(&self, params: GotoDefinitionParams) -> Result<Option<GotoDefinitionResponse>> {
        self.ask(Method::Definition, params, handlers::goto::definition).await
    }

    async fn goto_declaration(
        &self,
        params: GotoDeclarationParams,
    ) -> Result<Option<GotoDeclarationResponse>> {
        self.ask(Method::Declaration, params, handlers::goto::declaration).await
    }

    async fn goto_implementation(
        &self,
        params: GotoImplementationParams,
    ) -> Result<Option<GotoImplementationResponse>> {
        self.ask(Method::Implementation, params, handlers::goto::implementation).await
    }

    async fn goto_type_definition(
        &self,
        params: GotoTypeDefinitionParams,
    ) -> Result<Option<GotoTypeDefinitionResponse>> {
        self.ask(Method::TypeDefinition, params, handlers::goto::type_definition).await
    }

    async fn references(&self, params: ReferenceParams) -> Result<Option<Vec<Location>>> {
        self.ask(Method::References, params, handlers::references::references).await
    }

    async fn document_highlight(
        &self,
        params: DocumentHighlightParams,
    ) -> Result<Option<Vec<DocumentHighlight>>> {
        self.ask(Method::DocumentHighlight, params, handlers::highlight::highlights).await
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        self.ask(Method::CodeAction, params, handlers::actions::code_actions).await
    }

    async fn code_lens(&self, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        self.ask(Method::CodeLens, params, handlers::lens::lenses).await
    }

    async fn document_symbol(&self, params: DocumentSymbolParams) -> Result<Option<DocumentSymbolResponse>> {
        self.ask(Method::DocumentSymbol, params, handlers::symbols::document).await
    }

    async fn symbol(&self, params: WorkspaceSymbolParams) -> Result<Option<WorkspaceSymbolResponse>> {
        self.ask(Method::WorkspaceSymbol, params, handlers::symbols::workspace).await
    }

    async fn folding_range(&self, params: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>> {
        self.ask(Method::FoldingRange, params, handlers::folding::folding_ranges).await
    }

    async fn semantic_tokens_full(
        &self,
        params: SemanticTokensParams,
    ) -> Result<Option<SemanticTokensResult>> {
        self.ask(Method::SemanticTokensFull, params, handlers::tokens::full).await
    }

    async fn semantic_tokens_full_delta(
        &self,
        params: SemanticTokensDeltaParams,
    ) -> Result<Option<SemanticTokensFullDeltaResult>> {
        self.ask(Method::SemanticTokensDelta, params, handlers::tokens::delta).await
    }

    async fn semantic_tokens_range(
        &self,
        params: SemanticTokensRangeParams,
    ) -> Result<Option<SemanticTokensRangeResult>> {
        self.ask(Method::SemanticTokensRange, params, handlers::tokens::range).await
    }

    async fn prepare_rename(
        &self,
        params: TextDocumentPositionParams,
    ) -> Result<Option<PrepareRenameResponse>> {
        self.ask(Method::PrepareRename, params, handlers::rename::prepare).await
    }

    async fn rename(&self, params: RenameParams) -> Result<Option<WorkspaceEdit>> {
        self.ask(Method::Rename, params, handlers::rename::rename).await
    }

    async fn diagnostic(&self, params: DocumentDiagnosticParams) -> Result<DocumentDiagnosticReportResult> {
        self.ask(Method::Diagnostic, params, handlers::diagnostic::document).await
    }

    async fn workspace_diagnostic(
        &self,
        params: WorkspaceDiagnosticParams,
    ) -> Result<WorkspaceDiagnosticReportResult> {
        let known: HashMap<Uri, String> =
            params.previous_result_ids.into_iter().map(|it| (it.uri, it.value)).collect();
        let (reply, answer) = oneshot::channel();
        self.tell(Event::Pull(WorkspacePull { known, reply }));
        answer.await.unwrap_or_else(|_| Err(jsonrpc::Error::internal_error()))
    }
}

/// The workspace folders, or what older clients say instead.
#[expect(deprecated, reason = "clients without folders give `rootUri` or `rootPath`")]
fn roots(params: &InitializeParams) -> Vec<String> {
    match (&params.workspace_folders, &params.root_uri, &params.root_path) {
        (Some(folders), ..) if !folders.is_empty() => {
            folders.iter().filter_map(|it| uri::to_path(&it.uri)).collect()
        }
        (_, Some(root), _) => uri::to_path(root).into_iter().collect(),
        (_, None, Some(root)) => vec![crate::base::path::normalize(root)],
        _ => Vec::new(),
    }
}
