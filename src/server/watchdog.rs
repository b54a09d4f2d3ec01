//! Watches what must not stop: the turns of the main loop, and the editor that has started this process.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::log;

/// No turn of the main loop may take this long: it computes nothing.
const LIMIT: Duration = Duration::from_secs(2);
const PERIOD: Duration = Duration::from_millis(250);

/// When the current turn has begun.
#[derive(Clone)]
pub struct Turns {
    epoch: Instant,
    /// Milliseconds since `epoch`, and one more; 0: no turn is on.
    started: Arc<AtomicU64>,
}

impl Default for Turns {
    fn default() -> Turns {
        Turns { epoch: Instant::now(), started: Arc::default() }
    }
}

/// A turn, until it is dropped.
pub struct Turn<'a>(&'a Turns);

impl Turns {
    pub fn start(&self) -> Turn<'_> {
        self.started.store(self.epoch.elapsed().as_millis() as u64 + 1, Ordering::Relaxed);
        Turn(self)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.started.store(0, Ordering::Relaxed);
    }
}

/// Reports every turn over [`LIMIT`]; a debug build, and so every test, ends there.
pub fn watch_turns(turns: Turns) -> std::io::Result<()> {
    std::thread::Builder::new().name("watchdog".to_owned()).spawn(move || {
        let mut reported = 0;
        loop {
            std::thread::sleep(PERIOD);
            let started = turns.started.load(Ordering::Relaxed);
            if started == 0 || started == reported {
                continue;
            }
            let took = (turns.epoch.elapsed().as_millis() as u64 + 1).saturating_sub(started);
            if took > LIMIT.as_millis() as u64 {
                reported = started;
                log::error(&format!("a turn of the main loop takes longer than {took} ms"));
                if cfg!(debug_assertions) {
                    std::process::abort();
                }
            }
        }
    })?;
    Ok(())
}

/// Ends this process when the editor's is gone (LSP 3.17, `InitializeParams.processId`). Only where the system
/// tells of other processes by `/proc`; everywhere else the end of standard input says the same.
pub fn watch_parent(process: u32) {
    let dir = format!("/proc/{process}");
    if !std::path::Path::new(&dir).exists() {
        return;
    }
    let _ = std::thread::Builder::new().name("parent".to_owned()).spawn(move || {
        loop {
            std::thread::sleep(Duration::from_secs(3));
            if !std::path::Path::new(&dir).exists() {
                log::info("the editor is gone");
                std::process::exit(1);
            }
        }
    });
}
