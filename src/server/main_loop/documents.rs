//! Open documents: the client's text is the truth, applied in the order of the wire.

use std::sync::Arc;

use tower_lsp::ls_types::{DidChangeTextDocumentParams, TextDocumentItem, Uri};

use super::MainLoop;
use crate::base::document::Document;
use crate::base::file::FileId;
use crate::db::FileKind;
use crate::server::snapshot::{OpenFile, line_col};
use crate::server::{log, uri};

pub struct Doc {
    text: Document,
    pub version: i32,
    /// Where it is a file; other documents are kept in step and answered with nothing.
    path: Option<String>,
    file: Option<FileId>,
}

impl MainLoop {
    pub(super) fn open(&mut self, item: TextDocumentItem) {
        // Files that Columnist does not read are followed too: the client may ask about them.
        let path = uri::to_path(&item.uri).filter(|it| FileKind::of(it).is_some());
        let doc = Doc { text: Document::new(&item.text), version: item.version, path, file: None };
        self.docs.insert(item.uri.clone(), doc);
        self.focus = Some(item.uri.clone());
        self.mark(item.uri);
    }

    pub(super) fn change(&mut self, params: DidChangeTextDocumentParams) {
        let uri = params.text_document.uri;
        let Some(doc) = self.docs.get_mut(&uri) else {
            log::info(&format!("an edit of a document that is not open: {}", uri.as_str()));
            return;
        };
        for change in params.content_changes {
            match change.range {
                Some(at) => {
                    let (start, end) = (line_col(at.start), line_col(at.end));
                    doc.text.replace(start, end, self.client.encoding, &change.text);
                }
                None => doc.text = Document::new(&change.text),
            }
        }
        doc.version = params.text_document.version;
        if self.focus.as_ref() != Some(&uri) {
            self.focus = Some(uri.clone());
        }
        self.mark(uri);
    }

    pub(super) fn save(&mut self, uri: &Uri) {
        let closed_on_disk = !self.docs.contains_key(uri);
        if closed_on_disk && let Some(path) = uri::to_path(uri) {
            self.file_changed(&path);
        }
    }

    pub(super) fn close(&mut self, uri: &Uri) {
        self.flush();
        let Some(doc) = self.docs.remove(uri) else { return };
        if self.focus.as_ref() == Some(uri) {
            (self.focus, self.coverage) = (None, None);
        }
        let (Some(file), Some(path)) = (doc.file, doc.path) else { return };
        // The same file may be open under another spelling of its name.
        if self.open.get(&file).is_some_and(|it| it.uri != *uri) {
            return;
        }
        Arc::make_mut(&mut self.open).remove(&file);
        self.tokens.forget(file);
        self.world.close(&path);
        let stays = self.on_disk.contains(&file);
        self.latest = None;
        self.changed.insert(file);
        if !stays || !self.settings.check_workspace {
            self.withdraw(file);
        } else {
            self.published.forgotten(file);
        }
    }

    fn mark(&mut self, uri: Uri) {
        self.latest = None;
        if !self.dirty.contains(&uri) {
            self.dirty.push(uri);
        }
    }

    /// Gives the world the text of what was edited: once, however many edits came together.
    pub(super) fn flush(&mut self) {
        for uri in std::mem::take(&mut self.dirty) {
            let Some(doc) = self.docs.get_mut(&uri) else { continue };
            let Some(path) = &doc.path else { continue };
            let Some(file) = self.world.set_overlay(path, doc.text.text().into()) else { continue };
            if doc.file.is_none() {
                self.published.forgotten(file);
            }
            doc.file = Some(file);
            let open = OpenFile { uri, version: doc.version };
            Arc::make_mut(&mut self.open).insert(file, open);
            self.changed.insert(file);
            self.latest = None;
        }
    }

    /// The text of an open document as edits have made it, for tests.
    pub(super) fn version(&self, uri: &Uri) -> Option<i32> {
        self.docs.get(uri).map(|it| it.version)
    }
}
