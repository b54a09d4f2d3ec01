//! Room 10: the language server, the only room that speaks the protocol. Transport handlers put events on one queue
//! (`transport`), the main loop changes the world (`main_loop`), pools answer (`pool`, `sweep`), handlers convert
//! (`handlers`). What runs where: `schedule`.

pub mod capabilities;
pub mod client;
pub mod diagnostics;
pub mod event;
pub mod handlers;
pub mod job;
pub mod log;
pub mod main_loop;
pub mod params;
pub mod pool;
pub mod schedule;
pub mod semantic;
pub mod settings;
pub mod snapshot;
mod stdio;
pub mod sweep;
pub mod to_proto;
pub mod transport;
pub mod uri;
pub mod watch;
pub mod watchdog;

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use anyhow::Context;
use tower_lsp::ls_types::{InitializeParams, MessageType};
use tower_lsp::{LspService, Server};

use client::{ClientInfo, Out, Outbox};
use event::Event;
use main_loop::{MainLoop, Pools};
use pool::Pool;
use sweep::{Sweep, Swept};
use transport::Frontend;
use watchdog::Turns;

const MAIN_LOOP: &str = "main-loop";
const TRANSPORT: &str = "transport";

/// So many requests may wait at once before the next message is looked at: behind them even `$/cancelRequest`
/// would not be seen.
const MAX_WAITING: usize = 256;

/// How long answers that are on their way may take when standard input has ended.
const GRACE: Duration = Duration::from_millis(200);

#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Where to write a log.
    pub log: Option<String>,
}

/// Serves one client over standard input and output, until it leaves.
pub fn main(options: &Options) -> ExitCode {
    match run(options) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("columnist: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(options: &Options) -> anyhow::Result<ExitCode> {
    if let Some(path) = &options.log {
        log::to_file(path)?;
    }
    log::catch_panics();
    let n_cores = std::thread::available_parallelism().map_or(2, usize::from);
    let _ = rayon::ThreadPoolBuilder::new().stack_size(pool::STACK).build_global();
    let (queue, events) = mpsc::channel();
    let (out, outbox) = Outbox::new();
    let forwarded = out.clone();
    log::forward(move |message| forwarded.send(Out::Log(MessageType::ERROR, message)));
    let swept = queue.clone();
    let done = move |it: Swept| {
        let _ = swept.send(match it {
            Swept::Checked(checked) => Event::Checked(checked),
            Swept::Finished => Event::Swept,
        });
    };
    let pools = Pools {
        latency: Pool::new("latency", n_cores.clamp(2, 4)).context("cannot start a thread")?,
        io: Pool::new("io", 1).context("cannot start a thread")?,
        sweep: Sweep::new((n_cores - 1).clamp(1, 4), done).context("cannot start a thread")?,
    };
    let client = ClientInfo::new(&InitializeParams::default());
    let main_loop = MainLoop::new(queue.clone(), out.clone(), pools, client);
    let turns = Turns::default();
    watchdog::watch_turns(turns.clone()).context("cannot start a thread")?;
    let thread = std::thread::Builder::new().name(MAIN_LOOP.to_owned());
    thread
        .spawn(move || {
            main_loop.run(&events, &turns);
            // Nobody would be answered any more; a new process is better than a dead one.
            std::process::exit(101);
        })
        .context("cannot start a thread")?;
    let shut_down = Arc::new(AtomicBool::new(false));
    serve(Frontend { queue, out, shut_down: Arc::clone(&shut_down), trace: Default::default() }, outbox)?;
    let code = if shut_down.load(Ordering::SeqCst) { 0 } else { 1 };
    log::info(&format!("ends with {code}"));
    // Threads may be in the middle of something that nobody waits for.
    std::process::exit(code);
}

/// Until `exit`, or until standard input ends.
fn serve(frontend: Frontend, outbox: tokio::sync::mpsc::UnboundedReceiver<Out>) -> anyhow::Result<()> {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(2).thread_name(TRANSPORT).enable_all().build();
    let runtime = runtime.context("cannot start the transport")?;
    runtime.block_on(async {
        let service = LspService::build(|client| {
            tokio::spawn(client::forward(client, outbox));
            frontend
        })
        .custom_method("$/setTrace", Frontend::set_trace)
        .custom_method("columnist/coverage", Frontend::coverage)
        .custom_method("columnist/schema", Frontend::schema)
        .custom_method("workspace/textDocumentContent", Frontend::content);
        #[cfg(debug_assertions)]
        let service = service
            .custom_method("columnist/debug/text", Frontend::debug_text)
            .custom_method("columnist/debug/panic", Frontend::debug_panic)
            .custom_method("columnist/debug/stall", Frontend::debug_stall);
        let (service, socket) = service.finish();
        let (input, ended) = stdio::input();
        let server = Server::new(input, tokio::io::stdout(), socket).concurrency_level(MAX_WAITING);
        tokio::select! {
            () = server.serve(service) => {}
            () = async {
                let _ = ended.await;
                tokio::time::sleep(GRACE).await;
            } => {}
        }
    });
    runtime.shutdown_background();
    Ok(())
}
