//! `textDocument/references`.

use tower_lsp::ls_types::{Location, ReferenceParams};

use crate::ide;
use crate::server::job::Answer;
use crate::server::snapshot::ServerSnapshot;
use crate::server::to_proto;

pub fn references(snap: &ServerSnapshot, params: &ReferenceParams) -> Answer<Option<Vec<Location>>> {
    let at = &params.text_document_position;
    let Some((pos, _)) = snap.position(&at.text_document.uri, at.position) else { return Ok(None) };
    let Some(uses) = ide::references::references(&snap.db, pos)? else { return Ok(None) };
    snap.still_wanted()?;
    let wanted = uses.iter().filter(|it| params.context.include_declaration || !it.declaration);
    Ok(Some(wanted.filter_map(|it| to_proto::location(snap, it.at)).collect()))
}
