//! Requests: to the pool that their row in the schedule names, again when a change has overtaken them.

use tower_lsp::jsonrpc;

use super::MainLoop;
use crate::server::event::Event;
use crate::server::job::{Job, Ran, Request};
use crate::server::schedule::{MAX_TRIES, Method, Pool, Stale};

impl MainLoop {
    pub(super) fn ask(&mut self, job: Box<dyn Job>) {
        let version = job.uri().and_then(|it| self.version(it));
        self.dispatch(Request { job, version, n_tries: 0 });
    }

    pub(super) fn dispatch(&mut self, request: Request) {
        // Before the workspace is read there are no problems, and "none" would be a wrong answer.
        if !self.ready && matches!(request.job.method(), Method::Diagnostic | Method::Coverage) {
            self.parked.push(request);
            return;
        }
        let snap = self.snapshot();
        let sender = self.sender.clone();
        let pool = request.job.method().pool();
        let mut request = request;
        let task = Box::new(move || {
            if request.job.run(&snap) == Ran::Overtaken {
                request.n_tries += 1;
                let _ = sender.send(Event::Overtaken(request));
            }
        });
        match pool {
            Pool::Latency => self.pools.latency.push(task),
            Pool::Analysis => self.pools.sweep.push(task),
        }
    }

    pub(super) fn overtaken(&mut self, mut request: Request) {
        if !request.job.is_wanted() {
            return;
        }
        let version = request.job.uri().and_then(|it| self.version(it));
        let moved = version != request.version && request.job.method().stale() == Stale::Reject;
        if moved || request.n_tries >= MAX_TRIES {
            request.job.reject(jsonrpc::Error::content_modified());
            return;
        }
        self.dispatch(request);
    }
}
