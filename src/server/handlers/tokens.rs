//! `textDocument/semanticTokens/full`, `full/delta`, `range`.

use tower_lsp::ls_types::{
    SemanticToken, SemanticTokens, SemanticTokensDelta, SemanticTokensDeltaParams,
    SemanticTokensFullDeltaResult, SemanticTokensParams, SemanticTokensRangeParams,
    SemanticTokensRangeResult, SemanticTokensResult, Uri,
};

use crate::base::file::FileId;
use crate::base::text::TextRange;
use crate::ide;
use crate::server::job::Answer;
use crate::server::semantic;
use crate::server::snapshot::ServerSnapshot;

pub fn full(snap: &ServerSnapshot, params: &SemanticTokensParams) -> Answer<Option<SemanticTokensResult>> {
    let Some((file, data)) = tokens(snap, &params.text_document.uri, None)? else { return Ok(None) };
    Ok(Some(SemanticTokensResult::Tokens(keep(snap, file, data))))
}

pub fn delta(
    snap: &ServerSnapshot,
    params: &SemanticTokensDeltaParams,
) -> Answer<Option<SemanticTokensFullDeltaResult>> {
    let Some((file, data)) = tokens(snap, &params.text_document.uri, None)? else { return Ok(None) };
    let Some(before) = snap.tokens.get(file, &params.previous_result_id) else {
        return Ok(Some(SemanticTokensFullDeltaResult::Tokens(keep(snap, file, data))));
    };
    let edits = semantic::difference(&before, &data);
    let result_id = Some(snap.tokens.keep(file, data));
    Ok(Some(SemanticTokensFullDeltaResult::TokensDelta(SemanticTokensDelta { result_id, edits })))
}

pub fn range(
    snap: &ServerSnapshot,
    params: &SemanticTokensRangeParams,
) -> Answer<Option<SemanticTokensRangeResult>> {
    let uri = &params.text_document.uri;
    let Some((within, _)) = snap.range(uri, params.range) else { return Ok(None) };
    let Some((_, data)) = tokens(snap, uri, Some(within.value))? else { return Ok(None) };
    Ok(Some(SemanticTokensRangeResult::Tokens(SemanticTokens { result_id: None, data })))
}

fn tokens(
    snap: &ServerSnapshot,
    uri: &Uri,
    within: Option<TextRange>,
) -> Answer<Option<(FileId, Vec<SemanticToken>)>> {
    let Some(file) = snap.file(uri) else { return Ok(None) };
    let Some(lines) = snap.lines(file) else { return Ok(None) };
    let tokens = ide::tokens::tokens(&snap.db, file, within)?;
    snap.still_wanted()?;
    Ok(Some((file, semantic::encode(&lines, &tokens, snap.client.multiline_tokens))))
}

fn keep(snap: &ServerSnapshot, file: FileId, data: Vec<SemanticToken>) -> SemanticTokens {
    SemanticTokens { result_id: Some(snap.tokens.keep(file, data.clone())), data }
}
