//! What the parameters of requests have in common.

use tower_lsp::ls_types::*;

/// Parameters of a request: which document and place it is about.
pub trait Params: Send {
    fn uri(&self) -> Option<&Uri> {
        None
    }

    fn position(&self) -> Option<Position> {
        None
    }
}

macro_rules! positioned {
    ($($ty:ty => $($field:ident).+;)*) => {$(
        impl Params for $ty {
            fn uri(&self) -> Option<&Uri> {
                Some(&self.$($field).+.text_document.uri)
            }

            fn position(&self) -> Option<Position> {
                Some(self.$($field).+.position)
            }
        }
    )*};
}

macro_rules! of_document {
    ($($ty:ty;)*) => {$(
        impl Params for $ty {
            fn uri(&self) -> Option<&Uri> {
                Some(&self.text_document.uri)
            }
        }
    )*};
}

positioned! {
    CompletionParams => text_document_position;
    HoverParams => text_document_position_params;
    SignatureHelpParams => text_document_position_params;
    GotoDefinitionParams => text_document_position_params;
    ReferenceParams => text_document_position;
    DocumentHighlightParams => text_document_position_params;
    RenameParams => text_document_position;
}

of_document! {
    CodeLensParams;
    DocumentSymbolParams;
    FoldingRangeParams;
    SemanticTokensParams;
    SemanticTokensDeltaParams;
    DocumentDiagnosticParams;
}

impl Params for TextDocumentPositionParams {
    fn uri(&self) -> Option<&Uri> {
        Some(&self.text_document.uri)
    }

    fn position(&self) -> Option<Position> {
        Some(self.position)
    }
}

impl Params for CodeActionParams {
    fn uri(&self) -> Option<&Uri> {
        Some(&self.text_document.uri)
    }

    fn position(&self) -> Option<Position> {
        Some(self.range.start)
    }
}

impl Params for SemanticTokensRangeParams {
    fn uri(&self) -> Option<&Uri> {
        Some(&self.text_document.uri)
    }

    fn position(&self) -> Option<Position> {
        Some(self.range.start)
    }
}

impl Params for CompletionItem {}
impl Params for WorkspaceSymbolParams {}

/// Parameters of Columnist's own requests: a document by its URI.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UriParams {
    pub uri: Uri,
}

impl Params for UriParams {
    fn uri(&self) -> Option<&Uri> {
        Some(&self.uri)
    }
}
