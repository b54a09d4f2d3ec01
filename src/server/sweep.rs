//! The analysis pool: requests that look at many files, and, when there are none, the files of the workspace one
//! after the other. A file that is being swept when the world changes is done again.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use rustc_hash::FxHashSet;

use super::diagnostics::{self, Checked};
use super::job;
use super::pool::{STACK, Task, run};
use super::snapshot::ServerSnapshot;
use crate::base::cancel::Cancelled;
use crate::base::file::FileId;
use crate::project::Workspace;

#[derive(Clone)]
pub struct Sweep(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    wake: Condvar,
    done: Box<dyn Fn(Swept) + Send + Sync>,
}

/// What the sweep tells the main loop.
pub enum Swept {
    Checked(Box<Checked>),
    /// No file is left to look at.
    Finished,
}

#[derive(Default)]
struct State {
    tasks: VecDeque<Task>,
    /// `None`: wait for the next.
    snap: Option<ServerSnapshot>,
    files: VecDeque<FileId>,
    waiting: FxHashSet<FileId>,
    n_running: usize,
    n_done: usize,
}

/// How far the sweep is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    pub n_done: usize,
    pub n_left: usize,
}

impl Sweep {
    pub fn new(n_threads: usize, done: impl Fn(Swept) + Send + Sync + 'static) -> std::io::Result<Sweep> {
        let shared = Shared { state: Mutex::default(), wake: Condvar::new(), done: Box::new(done) };
        let sweep = Sweep(Arc::new(shared));
        for idx in 0..n_threads {
            let shared = Arc::clone(&sweep.0);
            let thread = std::thread::Builder::new().name(format!("analysis-{idx}")).stack_size(STACK);
            thread.spawn(move || {
                loop {
                    shared.turn();
                }
            })?;
        }
        Ok(sweep)
    }

    /// A request; comes before files.
    pub fn push(&self, task: Task) {
        self.state().tasks.push_back(task);
        self.0.wake.notify_one();
    }

    /// The world as it is now: what is left is looked at in it.
    pub fn advance(&self, snap: &ServerSnapshot) {
        let mut state = self.state();
        if !state.files.is_empty() || state.n_running > 0 {
            state.snap = Some(snap.clone());
            self.0.wake.notify_all();
        }
    }

    /// Looks at these files, the first ones first; those that wait already are not looked at twice.
    pub fn add(&self, snap: &ServerSnapshot, files: impl IntoIterator<Item = FileId>) {
        let mut state = self.state();
        if state.files.is_empty() && state.n_running == 0 {
            state.n_done = 0;
        }
        for file in files {
            if state.waiting.insert(file) {
                state.files.push_back(file);
            }
        }
        state.snap = Some(snap.clone());
        self.0.wake.notify_all();
    }

    pub fn extent(&self) -> Extent {
        let state = self.state();
        Extent { n_done: state.n_done, n_left: state.files.len() + state.n_running }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

enum Turn {
    Task(Task),
    File(FileId, ServerSnapshot),
}

impl Shared {
    fn turn(&self) {
        match self.take() {
            Turn::Task(task) => run(task),
            Turn::File(file, snap) => self.sweep(file, snap),
        }
    }

    fn take(&self) -> Turn {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(task) = state.tasks.pop_front() {
                return Turn::Task(task);
            }
            if let Some(snap) = state.snap.clone()
                && let Some(file) = state.files.pop_front()
            {
                state.waiting.remove(&file);
                state.n_running += 1;
                return Turn::File(file, snap);
            }
            state = self.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn sweep(&self, file: FileId, snap: ServerSnapshot) {
        let path = || snap.db.path(file).to_string();
        let found = job::isolated("checking a file", path, || {
            let found = diagnostics::check(&snap, file);
            if !snap.open.contains_key(&file) {
                snap.db.release(file);
            }
            found
        });
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.n_running -= 1;
        if let Some(Err(Cancelled)) = found {
            if state.waiting.insert(file) {
                state.files.push_front(file);
            }
            // Whoever takes it next needs a world that is not past.
            if state.snap.as_ref().is_some_and(|it| it.db.check().is_err()) {
                state.snap = None;
            }
        } else {
            state.n_done += 1;
        }
        let finished = state.files.is_empty() && state.n_running == 0;
        if finished {
            state.snap = None;
        }
        drop(state);
        if let Some(Ok(checked)) = found {
            (self.done)(Swept::Checked(Box::new(checked)));
        }
        if finished {
            (self.done)(Swept::Finished);
        }
    }
}
