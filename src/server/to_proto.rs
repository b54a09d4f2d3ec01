//! Columnist's answers in the protocol's types.

use std::collections::HashMap;

use tower_lsp::ls_types::*;

use super::snapshot::{Lines, ServerSnapshot};
use super::uri;
use crate::base::file::FileRange;
use crate::ide::completion::ItemKind;
use crate::ide::symbols::SymbolKind as Symbol;
use crate::ide::{Markup, NavPlace, NavTarget, builtin};
use crate::lint::{self, Severity};

pub fn severity(severity: Severity) -> DiagnosticSeverity {
    match severity {
        Severity::Error => DiagnosticSeverity::ERROR,
        Severity::Warning => DiagnosticSeverity::WARNING,
        Severity::Information => DiagnosticSeverity::INFORMATION,
        Severity::Hint => DiagnosticSeverity::HINT,
    }
}

pub fn location(snap: &ServerSnapshot, at: FileRange) -> Option<Location> {
    Some(Location { uri: snap.uri(at.file)?, range: snap.lines(at.file)?.range(at.value) })
}

/// `lines`: of the diagnostic's own file.
pub fn diagnostic(snap: &ServerSnapshot, lines: &Lines, it: &lint::Diagnostic) -> Diagnostic {
    let mut message = it.message.clone();
    if let Some(hint) = &it.hint {
        message.push('\n');
        message.push_str(hint);
    }
    let related = it.related.iter().filter_map(|related| {
        let location = location(snap, related.at)?;
        Some(DiagnosticRelatedInformation { location, message: related.message.clone() })
    });
    let related: Vec<DiagnosticRelatedInformation> =
        if snap.client.related_information { related.collect() } else { Vec::new() };
    let page = uri::page("rules", &format!("{}.md", it.code)).filter(|_| snap.client.code_description);
    let data = serde_json::json!({ "sqlstate": it.sqlstate, "fixes": it.fixes.len() });
    Diagnostic {
        range: lines.range(it.at.value),
        severity: Some(severity(it.severity)),
        code: Some(NumberOrString::String(it.code.to_owned())),
        code_description: page.map(|href| CodeDescription { href }),
        source: Some("columnist".to_owned()),
        message,
        related_information: (!related.is_empty()).then_some(related),
        tags: (it.code == "unused-suppression").then(|| vec![DiagnosticTag::UNNECESSARY]),
        data: snap.client.diagnostic_data.then_some(data),
    }
}

/// Markdown where the client takes it, else the same text as it stands.
pub fn markup(markup: Markup, markdown: bool) -> MarkupContent {
    let kind = if markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
    MarkupContent { kind, value: markup.0 }
}

/// Edits of several files; `None` where one of them cannot be said to the client.
pub fn workspace_edit(snap: &ServerSnapshot, edits: &[lint::TextEdit]) -> Option<WorkspaceEdit> {
    let mut files: Vec<(crate::base::file::FileId, Vec<TextEdit>)> = Vec::new();
    for edit in edits {
        let file = edit.at.file;
        let lines = snap.lines(file)?;
        let edit = TextEdit { range: lines.range(edit.at.value), new_text: edit.text.clone() };
        match files.iter_mut().find(|it| it.0 == file) {
            Some((_, edits)) => edits.push(edit),
            None => files.push((file, vec![edit])),
        }
    }
    if !snap.client.document_changes {
        let mut changes = HashMap::new();
        for (file, edits) in files {
            changes.insert(snap.uri(file)?, edits);
        }
        return Some(WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() });
    }
    let mut documents = Vec::new();
    for (file, edits) in files {
        let version = snap.version(file);
        let text_document = OptionalVersionedTextDocumentIdentifier { uri: snap.uri(file)?, version };
        documents
            .push(TextDocumentEdit { text_document, edits: edits.into_iter().map(OneOf::Left).collect() });
    }
    let document_changes = Some(DocumentChanges::Edits(documents));
    Some(WorkspaceEdit { document_changes, ..WorkspaceEdit::default() })
}

/// Where a target stands: URI, its whole range, its name's range.
pub fn target(snap: &ServerSnapshot, target: &NavTarget) -> Option<(Uri, Range, Range)> {
    match &target.place {
        NavPlace::File { full, focus } => {
            let lines = snap.lines(focus.file)?;
            let focus_range = lines.range(focus.value);
            let full = lines.range(full.cover(focus.value));
            Some((snap.uri(focus.file)?, full, focus_range))
        }
        NavPlace::Builtin { page, focus } => {
            let lines = Lines::new(builtin::text(page).into(), snap.client.encoding);
            let uri = uri::page("builtin", &format!("{}.sql", page.name.as_str()))?;
            let range = lines.range(*focus);
            Some((uri, range, range))
        }
    }
}

pub fn completion_kind(kind: ItemKind) -> CompletionItemKind {
    match kind {
        ItemKind::Table => CompletionItemKind::CLASS,
        ItemKind::View => CompletionItemKind::INTERFACE,
        ItemKind::Cte => CompletionItemKind::STRUCT,
        ItemKind::Column => CompletionItemKind::FIELD,
        ItemKind::Alias => CompletionItemKind::VARIABLE,
        ItemKind::Function => CompletionItemKind::FUNCTION,
        ItemKind::Type => CompletionItemKind::TYPE_PARAMETER,
        ItemKind::EnumLabel => CompletionItemKind::ENUM_MEMBER,
        ItemKind::Keyword => CompletionItemKind::KEYWORD,
        ItemKind::Schema => CompletionItemKind::MODULE,
        ItemKind::Join => CompletionItemKind::REFERENCE,
        ItemKind::Snippet => CompletionItemKind::SNIPPET,
        ItemKind::Hole => CompletionItemKind::CONSTANT,
        ItemKind::Parameter => CompletionItemKind::VALUE,
        ItemKind::Operator => CompletionItemKind::OPERATOR,
    }
}

pub fn symbol_kind(kind: Symbol) -> SymbolKind {
    match kind {
        Symbol::Schema => SymbolKind::NAMESPACE,
        Symbol::Table => SymbolKind::CLASS,
        Symbol::View => SymbolKind::INTERFACE,
        Symbol::Column => SymbolKind::FIELD,
        Symbol::Enum => SymbolKind::ENUM,
        Symbol::EnumLabel => SymbolKind::ENUM_MEMBER,
        Symbol::Type => SymbolKind::STRUCT,
        Symbol::Function => SymbolKind::FUNCTION,
        Symbol::Sequence => SymbolKind::NUMBER,
        Symbol::Index => SymbolKind::KEY,
        Symbol::Constraint => SymbolKind::CONSTANT,
        Symbol::Policy => SymbolKind::OPERATOR,
        Symbol::Trigger => SymbolKind::EVENT,
        Symbol::Statement => SymbolKind::STRING,
        Symbol::Cte => SymbolKind::OBJECT,
    }
}
