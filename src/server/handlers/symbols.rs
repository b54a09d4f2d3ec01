//! `textDocument/documentSymbol`, `workspace/symbol`.

use tower_lsp::ls_types::{
    DocumentSymbol, DocumentSymbolParams, DocumentSymbolResponse, Location, OneOf, SymbolInformation, Uri,
    WorkspaceSymbol, WorkspaceSymbolParams, WorkspaceSymbolResponse,
};

use crate::ide::symbols::{self, Symbol};
use crate::server::job::Answer;
use crate::server::snapshot::{Lines, ServerSnapshot};
use crate::server::to_proto;

/// More names than anyone reads through.
const LIMIT: usize = 500;

pub fn document(
    snap: &ServerSnapshot,
    params: &DocumentSymbolParams,
) -> Answer<Option<DocumentSymbolResponse>> {
    let uri = &params.text_document.uri;
    let Some(file) = snap.file(uri) else { return Ok(None) };
    let Some(lines) = snap.lines(file) else { return Ok(None) };
    let found = symbols::document(&snap.db, file)?;
    snap.still_wanted()?;
    if snap.client.nested_symbols {
        let nested = found.into_iter().map(|it| nested(&lines, it)).collect();
        return Ok(Some(DocumentSymbolResponse::Nested(nested)));
    }
    let mut flat = Vec::new();
    for symbol in &found {
        flatten(&lines, uri, symbol, None, &mut flat);
    }
    Ok(Some(DocumentSymbolResponse::Flat(flat)))
}

#[expect(deprecated, reason = "the field must be given")]
fn nested(lines: &Lines, it: Symbol) -> DocumentSymbol {
    let children: Vec<DocumentSymbol> = it.children.into_iter().map(|it| nested(lines, it)).collect();
    DocumentSymbol {
        name: shown(it.name),
        detail: Some(it.detail).filter(|it| !it.is_empty()),
        kind: to_proto::symbol_kind(it.kind),
        tags: None,
        deprecated: None,
        // The name must lie in the whole (LSP 3.17, `DocumentSymbol.selectionRange`).
        range: lines.range(it.range.cover(it.focus)),
        selection_range: lines.range(it.focus),
        children: (!children.is_empty()).then_some(children),
    }
}

/// A symbol's name must not be empty.
fn shown(name: String) -> String {
    if name.trim().is_empty() { "…".to_owned() } else { name }
}

#[expect(deprecated, reason = "clients without nested symbols take this form")]
fn flatten(
    lines: &Lines,
    uri: &Uri,
    it: &Symbol,
    container_name: Option<String>,
    acc: &mut Vec<SymbolInformation>,
) {
    acc.push(SymbolInformation {
        name: shown(it.name.clone()),
        kind: to_proto::symbol_kind(it.kind),
        tags: None,
        deprecated: None,
        location: Location { uri: uri.clone(), range: lines.range(it.range) },
        container_name,
    });
    for child in &it.children {
        flatten(lines, uri, child, Some(it.name.clone()), acc);
    }
}

pub fn workspace(
    snap: &ServerSnapshot,
    params: &WorkspaceSymbolParams,
) -> Answer<Option<WorkspaceSymbolResponse>> {
    let found = symbols::workspace(&snap.db, &params.query, LIMIT)?;
    snap.still_wanted()?;
    let symbols = found.into_iter().filter_map(|it| {
        Some(WorkspaceSymbol {
            name: it.name,
            kind: to_proto::symbol_kind(it.kind),
            tags: None,
            container_name: it.container,
            location: OneOf::Left(to_proto::location(snap, it.at)?),
            data: None,
        })
    });
    Ok(Some(WorkspaceSymbolResponse::Nested(symbols.collect())))
}
