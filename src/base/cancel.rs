//! Revisions of the world and the cancellation of work on an older one.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Counts the changes of the world, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Revision(pub u64);

/// Work was stopped because nobody waits for its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cancelled;

pub type Cancellable<T> = Result<T, Cancelled>;

/// A flag shared by who asked and who works; once cancelled it stays so.
#[derive(Debug, Clone, Default)]
pub struct CancelToken(Arc<AtomicBool>);

impl CancelToken {
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// `Err(Cancelled)` once the token was cancelled; call it in every loop over files or statements.
    pub fn check(&self) -> Cancellable<()> {
        if self.0.load(Ordering::Relaxed) { Err(Cancelled) } else { Ok(()) }
    }
}
