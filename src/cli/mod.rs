//! Room 10: the command line. Reads arguments, asks the rooms below, prints; the only room that writes files
//! (`check --fix`, `--write-baseline`).

pub mod args;
pub mod baseline;
pub mod changed;
pub mod check;
pub mod color;
pub mod coverage;
pub mod databases;
pub mod describe;
pub mod drift;
pub mod explain;
pub mod fix;
pub mod github;
pub mod json;
pub mod outcome;
pub mod paths;
pub mod pretty;
pub mod progress;
pub mod sarif;
pub mod schema;
pub mod workspace;

#[cfg(test)]
pub(crate) mod testing;

use std::io::Write;
use std::panic;
use std::process::ExitCode;
use std::sync::Mutex;

use clap::{CommandFactory, Parser};

use args::{Args, Command};

use crate::base::assert;

/// Nothing at the asked severity was found.
pub const CLEAN: u8 = 0;
/// Something was.
pub const FOUND: u8 = 1;
/// The command could not run.
pub const FAILED: u8 = 2;

/// Deep SQL recurses: a worker gets 16 MB, the command itself 64.
const WORKER_STACK: usize = 16 << 20;
const COMMAND_STACK: usize = 64 << 20;

/// The last panic of any thread: shown only if it ends the command, for some are caught and answered.
static LAST_PANIC: Mutex<Option<String>> = Mutex::new(None);

/// The process's arguments, or how it ends without running a command: help was asked for, or they are wrong.
pub fn arguments() -> Result<Args, ExitCode> {
    Args::try_parse().map_err(|error| {
        // Help and version are "errors" of clap's that belong on standard output.
        let _ = error.print();
        ExitCode::from(if error.use_stderr() { FAILED } else { CLEAN })
    })
}

/// Runs a command.
pub fn main(args: Args) -> ExitCode {
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(|it| format!(" ({}:{})", it.file(), it.line())).unwrap_or_default();
        let message = assert::panic_message(info);
        if let Ok(mut last) = LAST_PANIC.lock() {
            *last = Some(format!("{message}{place}"));
        }
    }));
    let _ = rayon::ThreadPoolBuilder::new().stack_size(WORKER_STACK).build_global();
    let command =
        std::thread::Builder::new().name("command".to_owned()).stack_size(COMMAND_STACK).spawn(|| run(args));
    let code = match command.map(std::thread::JoinHandle::join) {
        Ok(Ok(code)) => code,
        Ok(Err(_)) => {
            let what = LAST_PANIC.lock().ok().and_then(|mut it| it.take()).unwrap_or_default();
            eprintln!("columnist: internal error: {what}");
            eprintln!(
                "This is a mistake in Columnist {}, not in your project; nothing was changed. Please report it \
                 with the file it was reading.",
                env!("CARGO_PKG_VERSION")
            );
            FAILED
        }
        Err(error) => {
            eprintln!("columnist: cannot start a thread: {error}");
            FAILED
        }
    };
    ExitCode::from(code)
}

fn run(args: Args) -> u8 {
    let Some(command) = args.command else {
        let _ = Args::command().print_help();
        return CLEAN;
    };
    let res = match &command {
        Command::Check(it) => check::run(it, args.color),
        Command::Schema(it) => schema::run(it),
        Command::Describe(it) => describe::run(it),
        Command::Drift(it) => drift::run(it),
        Command::Explain(it) => explain::run(it, args.color),
        // `main.rs` has taken it: the server is no business of this room.
        Command::Lsp(_) => Ok(CLEAN),
    };
    res.unwrap_or_else(|error| {
        eprintln!("columnist: {error:#}");
        FAILED
    })
}

/// Writes to standard output; a reader that has left (`| head`) is no error.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(anyhow::Error::new(error).context("cannot write to standard output"))
        }
        _ => Ok(()),
    }
}
