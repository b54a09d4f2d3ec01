//! `textDocument/signatureHelp`.

use tower_lsp::ls_types::{
    Documentation, ParameterInformation, ParameterLabel, SignatureHelp, SignatureHelpParams,
    SignatureInformation,
};

use crate::base::text::{TextRange, slice};
use crate::ide;
use crate::ide::signature::Signature;
use crate::server::job::Answer;
use crate::server::snapshot::ServerSnapshot;
use crate::server::to_proto;

pub fn signature_help(snap: &ServerSnapshot, params: &SignatureHelpParams) -> Answer<Option<SignatureHelp>> {
    let at = &params.text_document_position_params;
    let Some((pos, _)) = snap.position(&at.text_document.uri, at.position) else { return Ok(None) };
    let Some(found) = ide::signature::signature_help(&snap.db, pos)? else { return Ok(None) };
    snap.still_wanted()?;
    let active = found.active.min(found.signatures.len().saturating_sub(1));
    let active_parameter = found.signatures.get(active).and_then(|it| it.active_param).map(|it| it as u32);
    let signatures = found.signatures.into_iter().map(|it| signature(snap, it)).collect();
    Ok(Some(SignatureHelp { signatures, active_signature: Some(active as u32), active_parameter }))
}

fn signature(snap: &ServerSnapshot, it: Signature) -> SignatureInformation {
    let label = |range: &TextRange| match snap.client.label_offsets {
        true => ParameterLabel::LabelOffsets(offsets(&it.label, *range)),
        false => ParameterLabel::Simple(slice(&it.label, *range).to_owned()),
    };
    let parameters: Vec<ParameterInformation> =
        it.params.iter().map(|it| ParameterInformation { label: label(it), documentation: None }).collect();
    let documentation = it
        .documentation
        .map(|it| Documentation::MarkupContent(to_proto::markup(it, snap.client.markdown_signature)));
    SignatureInformation {
        label: it.label,
        documentation,
        parameters: Some(parameters),
        active_parameter: it.active_param.map(|it| it as u32),
    }
}

/// Of labels always in UTF-16 (LSP 3.17, `ParameterInformation`).
fn offsets(label: &str, range: TextRange) -> [u32; 2] {
    [range.start(), range.end()].map(|end| {
        let before = slice(label, TextRange::up_to(end));
        before.chars().map(|it| it.len_utf16() as u32).sum()
    })
}
