//! `textDocument/codeAction`.

use tower_lsp::ls_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, CodeActionResponse, Diagnostic,
    NumberOrString,
};

use crate::base::file::FileRange;
use crate::ide::actions::{self, Action, ActionKind};
use crate::server::job::Answer;
use crate::server::snapshot::{Lines, ServerSnapshot};
use crate::server::to_proto;

pub fn code_actions(snap: &ServerSnapshot, params: &CodeActionParams) -> Answer<Option<CodeActionResponse>> {
    let Some((at, lines)) = snap.range(&params.text_document.uri, params.range) else { return Ok(None) };
    let found = actions::actions(&snap.db, at)?;
    snap.still_wanted()?;
    let only = params.context.only.as_deref();
    let mut res = Vec::new();
    for action in found {
        let kind = kind(action.kind);
        if only.is_some_and(|it| !it.iter().any(|wanted| is_part(&kind, wanted))) {
            continue;
        }
        // An edit that cannot be said in full is not offered.
        let Some(edit) = to_proto::workspace_edit(snap, &action.edits) else { continue };
        let mends = mended(&lines, at, &action, &params.context.diagnostics);
        res.push(CodeActionOrCommand::CodeAction(CodeAction {
            title: action.title,
            kind: Some(kind),
            diagnostics: (!mends.is_empty()).then_some(mends),
            edit: Some(edit),
            is_preferred: action.preferred.then_some(true),
            ..CodeAction::default()
        }));
    }
    Ok(Some(res))
}

fn kind(kind: ActionKind) -> CodeActionKind {
    match kind {
        ActionKind::QuickFix => CodeActionKind::QUICKFIX,
        ActionKind::Rewrite => CodeActionKind::REFACTOR_REWRITE,
        ActionKind::FixAll => CodeActionKind::SOURCE_FIX_ALL,
    }
}

/// Kinds are dotted names, and a name stands for all below it (LSP 3.17 §codeActionKind).
fn is_part(kind: &CodeActionKind, of: &CodeActionKind) -> bool {
    let (kind, of) = (kind.as_str(), of.as_str());
    of.is_empty() || kind.strip_prefix(of).is_some_and(|it| it.is_empty() || it.starts_with('.'))
}

/// Those of the client's diagnostics that the action mends.
fn mended(lines: &Lines, at: FileRange, action: &Action, known: &[Diagnostic]) -> Vec<Diagnostic> {
    let mends = |it: &&Diagnostic| {
        action.mends.iter().any(|(code, place)| {
            place.file == at.file
                && lines.range(place.value) == it.range
                && matches!(&it.code, Some(NumberOrString::String(it)) if it == code)
        })
    };
    known.iter().filter(mends).cloned().collect()
}
