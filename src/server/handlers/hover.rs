//! `textDocument/hover`.

use tower_lsp::ls_types::{Hover, HoverContents, HoverParams};

use crate::ide;
use crate::server::job::Answer;
use crate::server::snapshot::ServerSnapshot;
use crate::server::to_proto;

pub fn hover(snap: &ServerSnapshot, params: &HoverParams) -> Answer<Option<Hover>> {
    let at = &params.text_document_position_params;
    let Some((pos, lines)) = snap.position(&at.text_document.uri, at.position) else { return Ok(None) };
    let Some(found) = ide::hover::hover(&snap.db, pos)? else { return Ok(None) };
    snap.still_wanted()?;
    let contents = HoverContents::Markup(to_proto::markup(found.info, snap.client.markdown_hover));
    Ok(Some(Hover { contents, range: Some(lines.range(found.range)) }))
}
