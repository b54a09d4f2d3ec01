//! Which request runs where, and what becomes of an answer that an edit has overtaken.

/// Every request that a worker answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    Completion,
    CompletionResolve,
    Hover,
    SignatureHelp,
    Definition,
    Declaration,
    Implementation,
    TypeDefinition,
    References,
    DocumentHighlight,
    CodeAction,
    CodeLens,
    DocumentSymbol,
    WorkspaceSymbol,
    FoldingRange,
    SemanticTokensFull,
    SemanticTokensDelta,
    SemanticTokensRange,
    PrepareRename,
    Rename,
    Diagnostic,
    Coverage,
    Schema,
    Content,
    Text,
    Crash,
    Stall,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pool {
    /// What someone who types waits for.
    Latency,
    /// What looks at many files.
    Analysis,
}

/// What a request becomes when the world has changed before it was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stale {
    /// Its position means another place now: rejected with ContentModified if its own document was edited, else
    /// asked again of the new world.
    Reject,
    /// It is about a document or the workspace as a whole: asked again of the new world.
    Retrigger,
}

/// A request that is overtaken this often is given up (ContentModified): the client asks again when it is quiet.
pub const MAX_TRIES: u32 = 50;

use Method as M;
use Pool::{Analysis, Latency};
use Stale::{Reject, Retrigger};

const TABLE: &[(Method, &str, Pool, Stale)] = &[
    (M::Completion, "textDocument/completion", Latency, Reject),
    (M::CompletionResolve, "completionItem/resolve", Latency, Retrigger),
    (M::Hover, "textDocument/hover", Latency, Reject),
    (M::SignatureHelp, "textDocument/signatureHelp", Latency, Reject),
    (M::Definition, "textDocument/definition", Latency, Reject),
    (M::Declaration, "textDocument/declaration", Latency, Reject),
    (M::Implementation, "textDocument/implementation", Latency, Reject),
    (M::TypeDefinition, "textDocument/typeDefinition", Latency, Reject),
    (M::References, "textDocument/references", Analysis, Reject),
    (M::DocumentHighlight, "textDocument/documentHighlight", Latency, Reject),
    (M::CodeAction, "textDocument/codeAction", Latency, Reject),
    (M::CodeLens, "textDocument/codeLens", Latency, Retrigger),
    (M::DocumentSymbol, "textDocument/documentSymbol", Latency, Retrigger),
    (M::WorkspaceSymbol, "workspace/symbol", Analysis, Retrigger),
    (M::FoldingRange, "textDocument/foldingRange", Latency, Retrigger),
    (M::SemanticTokensFull, "textDocument/semanticTokens/full", Latency, Retrigger),
    (M::SemanticTokensDelta, "textDocument/semanticTokens/full/delta", Latency, Retrigger),
    (M::SemanticTokensRange, "textDocument/semanticTokens/range", Latency, Reject),
    (M::PrepareRename, "textDocument/prepareRename", Latency, Reject),
    (M::Rename, "textDocument/rename", Analysis, Reject),
    (M::Diagnostic, "textDocument/diagnostic", Latency, Retrigger),
    (M::Coverage, "columnist/coverage", Latency, Retrigger),
    (M::Schema, "columnist/schema", Latency, Retrigger),
    (M::Content, "workspace/textDocumentContent", Latency, Retrigger),
    (M::Text, "columnist/debug/text", Latency, Retrigger),
    (M::Crash, "columnist/debug/panic", Latency, Retrigger),
    (M::Stall, "columnist/debug/stall", Latency, Retrigger),
];

impl Method {
    fn row(self) -> &'static (Method, &'static str, Pool, Stale) {
        TABLE.iter().find(|it| it.0 == self).unwrap_or(&TABLE[0])
    }

    pub fn name(self) -> &'static str {
        self.row().1
    }

    pub fn pool(self) -> Pool {
        self.row().2
    }

    pub fn stale(self) -> Stale {
        self.row().3
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_has_its_row() {
        for (idx, row) in TABLE.iter().enumerate() {
            assert_eq!(row.0 as usize, idx, "{} stands in the order of the enum", row.1);
        }
        assert_eq!(TABLE.len(), Method::Stall as usize + 1);
    }
}
