//! The one thread that changes the world. It takes events in the order of the wire, applies edits, hands snapshots
//! to the pools and what they find to the client; it computes nothing of SQL and reads no file.

mod documents;
mod files;
mod report;
mod requests;

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value;
use tower_lsp::ls_types::Uri;

use super::client::{ClientInfo, Outbox};
use super::diagnostics::Published;
use super::event::{Event, WorkspacePull};
use super::job::Request;
use super::pool::Pool;
use super::semantic::TokenStore;
use super::settings::Settings;
use super::snapshot::{OpenFile, ServerSnapshot};
use super::sweep::Sweep;
use super::watchdog::Turns;
use crate::base::file::FileId;
use crate::db::{FileKind, Snapshot, World};
use crate::load::RealDisk;
use crate::project::Workspace;

/// This long after the last change the rest of the workspace is looked at.
const SETTLE: Duration = Duration::from_millis(400);
/// At most this often progress and status are told.
const TICK: Duration = Duration::from_millis(100);

pub struct Pools {
    pub latency: Pool,
    pub io: Pool,
    pub sweep: Sweep,
}

pub struct MainLoop {
    sender: Sender<Event>,
    out: Outbox,
    pools: Pools,
    client: Arc<ClientInfo>,
    settings: Arc<Settings>,
    world: World,
    roots: Vec<String>,
    /// Files that the last walks have found.
    on_disk: FxHashSet<FileId>,
    docs: FxHashMap<Uri, documents::Doc>,
    open: Arc<FxHashMap<FileId, OpenFile>>,
    /// Documents whose text the world does not have yet.
    dirty: Vec<Uri>,
    /// Files that have changed since the last look at what follows from it.
    changed: FxHashSet<FileId>,
    /// Something else than documents has changed: configuration, files on disk, settings.
    all_changed: bool,
    latest: Option<ServerSnapshot>,
    tokens: Arc<TokenStore>,
    bulk: Option<Arc<OnceLock<()>>>,
    initialized: bool,
    /// Every workspace folder was walked.
    ready: bool,
    walking: bool,
    walk_again: bool,
    parked: Vec<Request>,
    pulls: Vec<WorkspacePull>,
    /// Files that went with their problems, which a client that asks must hear of: it may have asked as long as they
    /// were open, and then knows no `resultId` to ask with.
    gone: FxHashSet<Uri>,
    published: Published,
    n_tables: usize,
    /// The world whose consequences for files that are not open were last looked at.
    settled: Option<Snapshot>,
    /// What has changed since then, and whether that may concern every file.
    unsettled: FxHashSet<FileId>,
    unsettled_all: bool,
    settle_at: Option<Instant>,
    tick_at: Option<Instant>,
    progress: report::Progress,
    status: Value,
    coverage: Option<(Uri, Value)>,
    focus: Option<Uri>,
}

impl MainLoop {
    pub fn new(sender: Sender<Event>, out: Outbox, pools: Pools, client: ClientInfo) -> MainLoop {
        MainLoop {
            sender,
            out,
            pools,
            client: Arc::new(client),
            settings: Arc::default(),
            world: World::new(Arc::new(RealDisk), Vec::new()),
            roots: Vec::new(),
            on_disk: FxHashSet::default(),
            docs: FxHashMap::default(),
            open: Arc::default(),
            dirty: Vec::new(),
            changed: FxHashSet::default(),
            all_changed: false,
            latest: None,
            tokens: Arc::default(),
            bulk: None,
            initialized: false,
            ready: false,
            walking: false,
            walk_again: false,
            parked: Vec::new(),
            pulls: Vec::new(),
            gone: FxHashSet::default(),
            published: Published::default(),
            n_tables: 0,
            settled: None,
            unsettled: FxHashSet::default(),
            unsettled_all: false,
            settle_at: None,
            tick_at: None,
            progress: report::Progress::Wanted,
            status: Value::Null,
            coverage: None,
            focus: None,
        }
    }

    /// Until the other end of the queue is gone.
    pub fn run(mut self, events: &Receiver<Event>, turns: &Turns) {
        loop {
            let first = match self.deadline() {
                None => events.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(at) => events.recv_timeout(at.saturating_duration_since(Instant::now())),
            };
            let turn = turns.start();
            match first {
                Ok(event) => {
                    self.handle(event);
                    // What waits already is taken in before anything is looked at again.
                    while let Ok(event) = events.try_recv() {
                        self.handle(event);
                    }
                    self.follow_up();
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            self.keep_time();
            drop(turn);
        }
    }

    fn handle(&mut self, event: Event) {
        match event {
            Event::Initialize { client, options, roots } => self.initialize(client, options, roots),
            Event::Initialized => self.initialized(),
            Event::Open(item) => self.open(item),
            Event::Change(params) => self.change(params),
            Event::Save(document) => self.save(&document.uri),
            Event::Close(document) => self.close(&document.uri),
            Event::Watched(events) => self.watched(&events),
            Event::Folders(change) => self.folders(&change),
            Event::ConfigurationChanged(value) => self.configuration_changed(value),
            Event::Configuration(value) => self.configure(&value),
            Event::Ask(job) => self.ask(job),
            Event::Overtaken(request) => self.overtaken(request),
            Event::Pull(pull) => self.pull(pull),
            Event::Walked(walked) => self.walked(walked),
            Event::Checked(checked) => self.checked(*checked),
            Event::Swept => self.swept(),
            Event::Unaffected(file, snap) => self.published.still(file, snap),
            Event::Settled(settled) => self.take_settled(settled),
            Event::Coverage(uri, value) => self.covered(uri, value),
        }
    }

    /// The world as it is now, with all edits taken in.
    fn snapshot(&mut self) -> ServerSnapshot {
        self.flush();
        if let Some(snap) = &self.latest {
            return snap.clone();
        }
        let snap = ServerSnapshot::new(
            self.world.snapshot(),
            Arc::clone(&self.client),
            Arc::clone(&self.settings),
            Arc::clone(&self.open),
            Arc::clone(&self.tokens),
            self.bulk.clone(),
            self.ready,
        );
        self.latest = Some(snap.clone());
        snap
    }

    /// Many files have changed: whoever looks at them first computes what they share in parallel.
    fn many_changed(&mut self) {
        self.bulk = Some(Arc::default());
        self.latest = None;
    }

    /// After a batch of events: looks again at what they have changed.
    fn follow_up(&mut self) {
        self.flush();
        if self.changed.is_empty() && !self.all_changed {
            return;
        }
        let snap = self.snapshot();
        self.pools.sweep.advance(&snap);
        let changed = std::mem::take(&mut self.changed);
        let all_changed = std::mem::take(&mut self.all_changed);
        if !self.ready {
            return;
        }
        // Configuration, package and snapshot files mean something for all others.
        let is_data = |it: &FileId| FileKind::of(&snap.db.path(*it)) == Some(FileKind::Data);
        self.unsettled_all |= all_changed || changed.iter().any(is_data);
        self.unsettled.extend(&changed);
        if !self.client.pull_diagnostics {
            self.recheck(&snap, &changed, all_changed);
        }
        let closed: Vec<FileId> = changed.iter().copied().filter(|it| !self.open.contains_key(it)).collect();
        if !closed.is_empty() && self.settings.check_workspace {
            self.sweep_files(&snap, closed);
        }
        self.settle_at = Some(Instant::now() + SETTLE);
    }

    fn deadline(&self) -> Option<Instant> {
        [self.settle_at, self.tick_at].into_iter().flatten().min()
    }

    fn keep_time(&mut self) {
        let now = Instant::now();
        if self.settle_at.is_some_and(|at| at <= now) {
            self.settle_at = None;
            self.settle();
        }
        if self.tick_at.is_some_and(|at| at <= now) {
            self.tick_at = None;
            self.tick();
        }
    }

    fn tick_soon(&mut self) {
        if self.tick_at.is_none() {
            self.tick_at = Some(Instant::now() + TICK);
        }
    }
}
