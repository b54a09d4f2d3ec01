//! What a handler sees: a moment of the world, the open documents, the client and its settings.

use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;
use tower_lsp::ls_types::{Position, Range, Uri};

use super::client::ClientInfo;
use super::job::{Answer, Failure};
use super::semantic::TokenStore;
use super::settings::Settings;
use super::uri;
use crate::base::cancel::{CancelToken, Cancellable, Cancelled};
use crate::base::file::{FileId, FileRange, InFile};
use crate::base::line_index::{Encoding, LineCol, LineIndex};
use crate::base::text::{TextRange, TextSize};
use crate::db::Snapshot;
use crate::ide::FilePosition;
use crate::project::Workspace;

/// An open document as the client knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenFile {
    /// As the client spells it.
    pub uri: Uri,
    pub version: i32,
}

#[derive(Clone)]
pub struct ServerSnapshot {
    pub db: Snapshot,
    pub client: Arc<ClientInfo>,
    pub settings: Arc<Settings>,
    pub open: Arc<FxHashMap<FileId, OpenFile>>,
    /// The workspace has been read: what is not there does not exist.
    pub ready: bool,
    pub tokens: Arc<TokenStore>,
    /// Set while many files have changed at once: filled by who made the world ready for being analysed by
    /// several threads.
    pub bulk: Option<Arc<OnceLock<()>>>,
}

impl ServerSnapshot {
    pub fn new(
        db: Snapshot,
        client: Arc<ClientInfo>,
        settings: Arc<Settings>,
        open: Arc<FxHashMap<FileId, OpenFile>>,
        tokens: Arc<TokenStore>,
        bulk: Option<Arc<OnceLock<()>>>,
        ready: bool,
    ) -> ServerSnapshot {
        ServerSnapshot { db, client, settings, open, ready, tokens, bulk }
    }

    /// The same moment, for a request that may be cancelled.
    pub fn cancelled_by(&self, cancel: &CancelToken) -> ServerSnapshot {
        ServerSnapshot { db: self.db.cancelled_by(cancel), ..self.clone() }
    }

    pub fn check(&self) -> Cancellable<()> {
        self.db.check()
    }

    /// Computes in parallel what every file's analysis needs, where that is worth it. See [`Snapshot::prepare`].
    pub fn prepare(&self) {
        if let Some(bulk) = &self.bulk {
            bulk.get_or_init(|| self.db.prepare());
        }
    }

    /// The file of a URI; `None` for what is no file of the workspace.
    pub fn file(&self, uri: &Uri) -> Option<FileId> {
        self.db.file(&uri::to_path(uri)?)
    }

    /// The file's URI in the client's own spelling where it has the file open.
    pub fn uri(&self, file: FileId) -> Option<Uri> {
        match self.open.get(&file) {
            Some(open) => Some(open.uri.clone()),
            None => uri::from_path(&self.db.path(file)),
        }
    }

    /// The version that the client gave the open document.
    pub fn version(&self, file: FileId) -> Option<i32> {
        self.open.get(&file).map(|it| it.version)
    }

    pub fn lines(&self, file: FileId) -> Option<Lines> {
        let state = self.db.state(file)?;
        let encoding = self.client.encoding;
        Some(Lines { text: Arc::clone(&state.text), index: state.line_index(), encoding })
    }

    /// A cursor in a document that is known; the request is answered with nothing for others.
    pub fn position(&self, uri: &Uri, position: Position) -> Option<(FilePosition, Lines)> {
        let file = self.file(uri)?;
        let lines = self.lines(file)?;
        Some((InFile::new(file, lines.offset(position)), lines))
    }

    pub fn range(&self, uri: &Uri, range: Range) -> Option<(FileRange, Lines)> {
        let file = self.file(uri)?;
        let lines = self.lines(file)?;
        Some((InFile::new(file, lines.text_range(range)), lines))
    }

    /// Handlers end with this: whoever asked has left, or the world has moved on.
    pub fn still_wanted(&self) -> Answer<()> {
        self.check().map_err(|Cancelled| Failure::Cancelled)
    }
}

/// Positions of one text in the client's encoding.
#[derive(Debug, Clone)]
pub struct Lines {
    pub text: Arc<str>,
    pub index: Arc<LineIndex>,
    pub encoding: Encoding,
}

impl Lines {
    pub fn new(text: Arc<str>, encoding: Encoding) -> Lines {
        let index = Arc::new(LineIndex::new(&text));
        Lines { text, index, encoding }
    }

    /// Positions past the end of a line or of the text count as that end.
    pub fn offset(&self, position: Position) -> TextSize {
        self.index.offset(&self.text, line_col(position), self.encoding)
    }

    /// An inverted range counts as empty at its start.
    pub fn text_range(&self, range: Range) -> TextRange {
        let start = self.offset(range.start);
        TextRange::new(start, self.offset(range.end).max(start))
    }

    pub fn position(&self, offset: TextSize) -> Position {
        let LineCol { line, col } = self.index.line_col(&self.text, offset, self.encoding);
        Position::new(line, col)
    }

    pub fn range(&self, range: TextRange) -> Range {
        Range::new(self.position(range.start()), self.position(range.end()))
    }
}

pub fn line_col(position: Position) -> LineCol {
    LineCol { line: position.line, col: position.character }
}
