//! `textDocument/documentHighlight`.

use tower_lsp::ls_types::{DocumentHighlight, DocumentHighlightKind, DocumentHighlightParams};

use crate::ide;
use crate::server::job::Answer;
use crate::server::snapshot::ServerSnapshot;

pub fn highlights(
    snap: &ServerSnapshot,
    params: &DocumentHighlightParams,
) -> Answer<Option<Vec<DocumentHighlight>>> {
    let at = &params.text_document_position_params;
    let Some((pos, lines)) = snap.position(&at.text_document.uri, at.position) else { return Ok(None) };
    let found = ide::highlight::highlights(&snap.db, pos)?;
    snap.still_wanted()?;
    let highlight = |it: ide::highlight::Highlight| {
        let kind = if it.write { DocumentHighlightKind::WRITE } else { DocumentHighlightKind::READ };
        DocumentHighlight { range: lines.range(it.range), kind: Some(kind) }
    };
    Ok((!found.is_empty()).then(|| found.into_iter().map(highlight).collect()))
}
