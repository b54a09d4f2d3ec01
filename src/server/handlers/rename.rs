//! `textDocument/prepareRename`, `textDocument/rename`.

use tower_lsp::jsonrpc;
use tower_lsp::ls_types::{PrepareRenameResponse, RenameParams, TextDocumentPositionParams, WorkspaceEdit};

use crate::ide;
use crate::server::job::{Answer, Failure};
use crate::server::snapshot::ServerSnapshot;
use crate::server::to_proto;

/// LSP 3.17 `ErrorCodes.RequestFailed`: the request was right, and it cannot be done.
const REQUEST_FAILED: i64 = -32803;

pub fn prepare(
    snap: &ServerSnapshot,
    params: &TextDocumentPositionParams,
) -> Answer<Option<PrepareRenameResponse>> {
    let Some((pos, lines)) = snap.position(&params.text_document.uri, params.position) else {
        return Ok(None);
    };
    let Some(found) = ide::rename::prepare(&snap.db, pos)? else { return Ok(None) };
    let range = lines.range(found.range);
    Ok(Some(PrepareRenameResponse::RangeWithPlaceholder { range, placeholder: found.info }))
}

pub fn rename(snap: &ServerSnapshot, params: &RenameParams) -> Answer<Option<WorkspaceEdit>> {
    let at = &params.text_document_position;
    let Some((pos, _)) = snap.position(&at.text_document.uri, at.position) else { return Ok(None) };
    let edits = ide::rename::rename(&snap.db, pos, &params.new_name)?;
    snap.still_wanted()?;
    let edit = edits.and_then(|edits| {
        to_proto::workspace_edit(snap, &edits).ok_or_else(|| "a file cannot be read any more".to_owned())
    });
    match edit {
        Ok(edit) => Ok(Some(edit)),
        Err(message) => Err(Failure::Rejected(jsonrpc::Error {
            code: jsonrpc::ErrorCode::ServerError(REQUEST_FAILED),
            message: message.into(),
            data: None,
        })),
    }
}
