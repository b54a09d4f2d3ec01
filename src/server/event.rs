//! What the main loop hears of: everything that comes over the wire, in its order, and what workers have found.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;
use tokio::sync::oneshot;
use tower_lsp::jsonrpc;
use tower_lsp::ls_types::*;

use super::client::ClientInfo;
use super::diagnostics::Checked;
use super::job::{Job, Request};
use crate::base::file::FileId;
use crate::db::Snapshot;

pub enum Event {
    /// `initialize`: the client, its settings if it gave any, and the workspace folders.
    Initialize {
        client: Arc<ClientInfo>,
        options: Option<Value>,
        roots: Vec<String>,
    },
    Initialized,
    Open(TextDocumentItem),
    Change(DidChangeTextDocumentParams),
    Save(TextDocumentIdentifier),
    Close(TextDocumentIdentifier),
    Watched(Vec<FileEvent>),
    Folders(WorkspaceFoldersChangeEvent),
    /// The client says that settings have changed, and perhaps what they are.
    ConfigurationChanged(Value),
    /// The section `columnist`.
    Configuration(Value),
    Ask(Box<dyn Job>),
    /// A request that was overtaken by a change.
    Overtaken(Request),
    Pull(WorkspacePull),
    /// The files below the workspace folders.
    Walked(Walked),
    Checked(Box<Checked>),
    /// An open document that a change did not affect.
    Unaffected(FileId, Snapshot),
    /// The sweep has no file left.
    Swept,
    Settled(Settled),
    /// What is known of the file that was last edited or opened.
    Coverage(Uri, Value),
}

/// A `workspace/diagnostic` request: held until there is something new to say.
pub struct WorkspacePull {
    pub known: HashMap<Uri, String>,
    pub reply: oneshot::Sender<jsonrpc::Result<WorkspaceDiagnosticReportResult>>,
}

pub struct Walked {
    pub roots: Vec<String>,
    /// Sorted.
    pub paths: Vec<String>,
    pub milliseconds: u64,
}

/// What the changes since the last time mean for files that are not open.
pub struct Settled {
    pub snap: Snapshot,
    /// Tables and views of all databases.
    pub n_tables: usize,
    pub stale: StaleFiles,
}

pub enum StaleFiles {
    /// A catalog is another, or something that any file may rest on.
    All,
    /// Those that import what has changed.
    Some(Vec<FileId>),
}
