//! `textDocument/completion`, `completionItem/resolve`.

use tower_lsp::ls_types::{
    CompletionItem, CompletionItemLabelDetails, CompletionItemTag, CompletionList, CompletionParams,
    CompletionResponse, CompletionTextEdit, Documentation, InsertTextFormat, TextEdit,
};

use crate::ide::completion::{self, Config, Item};
use crate::server::job::Answer;
use crate::server::snapshot::{Lines, ServerSnapshot};
use crate::server::to_proto;

pub fn completion(snap: &ServerSnapshot, params: &CompletionParams) -> Answer<Option<CompletionResponse>> {
    let at = &params.text_document_position;
    let Some((pos, lines)) = snap.position(&at.text_document.uri, at.position) else { return Ok(None) };
    let config = Config { snippets: snap.client.snippets, limit: snap.settings.completion_limit };
    let Some(found) = completion::completion(&snap.db, pos, config)? else { return Ok(None) };
    snap.still_wanted()?;
    let items = found.items.into_iter().enumerate();
    let items = items.map(|(idx, it)| item(snap, &lines, pos.file, idx, it)).collect();
    Ok(Some(CompletionResponse::List(CompletionList { is_incomplete: found.incomplete, items })))
}

fn item(
    snap: &ServerSnapshot,
    lines: &Lines,
    file: crate::base::file::FileId,
    idx: usize,
    it: Item,
) -> CompletionItem {
    let details = CompletionItemLabelDetails { detail: it.label_detail, description: it.origin };
    let has_details = details.detail.is_some() || details.description.is_some();
    // Edits beside the item's own can only be in the same document (LSP 3.17, `additionalTextEdits`).
    let extra = it.extra.iter().filter(|it| it.at.file == file);
    let extra: Vec<TextEdit> =
        extra.map(|it| TextEdit { range: lines.range(it.at.value), new_text: it.text.clone() }).collect();
    CompletionItem {
        label: it.label,
        label_details: (snap.client.label_details && has_details).then_some(details),
        kind: Some(to_proto::completion_kind(it.kind)),
        detail: it.detail,
        tags: it.deprecated.then(|| vec![CompletionItemTag::DEPRECATED]),
        // The order is ours: clients sort by this text.
        sort_text: Some(format!("{idx:05}")),
        filter_text: it.filter,
        insert_text_format: it.snippet.then_some(InsertTextFormat::SNIPPET),
        text_edit: Some(CompletionTextEdit::Edit(TextEdit {
            range: lines.range(it.replace),
            new_text: it.insert,
        })),
        additional_text_edits: (!extra.is_empty()).then_some(extra),
        data: it.data.and_then(|it| serde_json::to_value(it).ok()),
        ..CompletionItem::default()
    }
}

pub fn resolve(snap: &ServerSnapshot, item: &CompletionItem) -> Answer<CompletionItem> {
    let mut item = item.clone();
    let data = item.data.clone().and_then(|it| serde_json::from_value(it).ok());
    if let Some(data) = data
        && let Some(markup) = completion::resolve(&snap.db, &data)?
    {
        let markup = to_proto::markup(markup, snap.client.markdown_documentation);
        item.documentation = Some(Documentation::MarkupContent(markup));
    }
    Ok(item)
}
