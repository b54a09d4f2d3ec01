//! The log: a file where the user asked for one, standard error for what went wrong, and panics with what was
//! being done.

use std::backtrace::Backtrace;
use std::cell::RefCell;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::panic;
use std::sync::{Mutex, OnceLock};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context;

use crate::base::assert;

static FILE: OnceLock<Mutex<File>> = OnceLock::new();

/// What the log has to tell the client (`window/logMessage`).
static FORWARD: OnceLock<Box<dyn Fn(String) + Send + Sync>> = OnceLock::new();

thread_local! {
    /// The last panic of this thread: message, place, backtrace.
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Logs to `path`, behind what stands there already.
pub fn to_file(path: &str) -> anyhow::Result<()> {
    let file = OpenOptions::new().create(true).append(true).open(path);
    let file = file.with_context(|| format!("cannot write the log {path}"))?;
    let _ = FILE.set(Mutex::new(file));
    Ok(())
}

/// Errors are told to `forward` too.
pub fn forward(forward: impl Fn(String) + Send + Sync + 'static) {
    let _ = FORWARD.set(Box::new(forward));
}

/// For the log file only.
pub fn info(message: &str) {
    write("info", message);
}

/// For the log file, standard error and the client's log.
pub fn error(message: &str) {
    write("error", message);
    eprintln!("columnist: {message}");
    if let Some(forward) = FORWARD.get() {
        forward(message.to_owned());
    }
}

pub fn has_file() -> bool {
    FILE.get().is_some()
}

fn write(level: &str, message: &str) {
    let Some(file) = FILE.get() else { return };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let seconds = now.as_secs();
    let (hours, minutes) = (seconds / 3600 % 24, seconds / 60 % 60);
    let time = format!("{hours:02}:{minutes:02}:{:02}.{:03}Z", seconds % 60, now.subsec_millis());
    if let Ok(mut file) = file.lock() {
        let _ = writeln!(file, "{time} {level}: {message}");
    }
}

/// Keeps what a panic says, for [`panic`], instead of printing it.
pub fn catch_panics() {
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(|it| format!(" at {}:{}", it.file(), it.line())).unwrap_or_default();
        let message = assert::panic_message(info);
        let text = format!("{message}{place}\n{}", Backtrace::force_capture());
        let thread = std::thread::current().name().unwrap_or("").to_owned();
        let kept = LAST.try_with(|last| *last.borrow_mut() = Some(text.clone())).is_ok();
        // Nobody catches a panic there: the process is about to hang or to end.
        if !kept || thread == super::MAIN_LOOP || thread == super::TRANSPORT {
            error(&format!("internal error in {thread}: {text}"));
        }
    }));
}

/// Reports a panic that was caught on this thread: what was asked, where, and the backtrace.
pub fn panic(what: &str, place: &str) {
    let text = LAST.with(|last| last.borrow_mut().take()).unwrap_or_default();
    let place = if place.is_empty() { String::new() } else { format!(" at {place}") };
    error(&format!("internal error: {what}{place}: {text}"));
}
