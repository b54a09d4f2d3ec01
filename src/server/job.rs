//! A request on its way: its parameters, the handler that answers it, and who waits for the answer.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tokio::sync::oneshot;
use tower_lsp::jsonrpc;
use tower_lsp::ls_types::Uri;

use super::log;
use super::params::Params;
use super::schedule::Method;
use super::snapshot::ServerSnapshot;
use crate::base::cancel::{CancelToken, Cancelled};

/// Why a handler gave no answer.
#[derive(Debug)]
pub enum Failure {
    /// The world changed, or nobody waits any more.
    Cancelled,
    /// For the client to show.
    Rejected(jsonrpc::Error),
}

impl From<Cancelled> for Failure {
    fn from(Cancelled: Cancelled) -> Failure {
        Failure::Cancelled
    }
}

pub type Answer<R> = Result<R, Failure>;

/// Converts, calls a feature, converts.
pub type Handler<P, R> = fn(&ServerSnapshot, &P) -> Answer<R>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ran {
    /// Answered, one way or another.
    Done,
    /// The world moved on before there was an answer.
    Overtaken,
}

/// A [`Handler`] with its parameters, whatever their types.
pub trait Job: Send {
    fn method(&self) -> Method;
    /// The document that it is about.
    fn uri(&self) -> Option<&Uri>;
    /// Somebody still waits.
    fn is_wanted(&self) -> bool;
    fn run(&mut self, snap: &ServerSnapshot) -> Ran;
    fn reject(&mut self, error: jsonrpc::Error);
}

/// A job as the main loop keeps it.
pub struct Request {
    pub job: Box<dyn Job>,
    /// The version of its document when it was asked.
    pub version: Option<i32>,
    /// How often it was overtaken.
    pub n_tries: u32,
}

pub struct Typed<P, R> {
    pub method: Method,
    pub params: P,
    pub handler: Handler<P, R>,
    pub cancel: CancelToken,
    pub reply: Option<oneshot::Sender<jsonrpc::Result<R>>>,
}

impl<P: Params, R: Send> Job for Typed<P, R> {
    fn method(&self) -> Method {
        self.method
    }

    fn uri(&self) -> Option<&Uri> {
        self.params.uri()
    }

    fn is_wanted(&self) -> bool {
        self.reply.as_ref().is_some_and(|it| !it.is_closed())
    }

    fn run(&mut self, snap: &ServerSnapshot) -> Ran {
        if !self.is_wanted() {
            return Ran::Done;
        }
        let snap = snap.cancelled_by(&self.cancel);
        let handle = || (self.handler)(&snap, &self.params);
        let answer = match isolated(self.method.name(), || summary(&self.params), handle) {
            Some(Ok(answer)) => Ok(answer),
            Some(Err(Failure::Cancelled)) if self.is_wanted() => return Ran::Overtaken,
            Some(Err(Failure::Cancelled)) => return Ran::Done,
            Some(Err(Failure::Rejected(error))) => Err(error),
            None => Err(internal_error(self.method)),
        };
        if let Some(reply) = self.reply.take() {
            let _ = reply.send(answer);
        }
        Ran::Done
    }

    fn reject(&mut self, error: jsonrpc::Error) {
        if let Some(reply) = self.reply.take() {
            let _ = reply.send(Err(error));
        }
    }
}

/// Does something that may panic: then it is logged with what was being done and where, and there is no result.
pub fn isolated<T>(what: &str, place: impl FnOnce() -> String, work: impl FnOnce() -> T) -> Option<T> {
    // A feature holds nothing but the snapshot, whose cells a panic leaves empty or filled, never half-filled.
    let done = catch_unwind(AssertUnwindSafe(work));
    done.map_err(|_| log::panic(what, &place())).ok()
}

fn internal_error(method: Method) -> jsonrpc::Error {
    jsonrpc::Error {
        code: jsonrpc::ErrorCode::InternalError,
        message: format!("Columnist failed at {}; see its log", method.name()).into(),
        data: None,
    }
}

/// Where something was asked; no text of the user's.
fn summary(params: &impl Params) -> String {
    let uri = params.uri().map_or("", |it| it.as_str());
    match params.position() {
        Some(at) => format!("{uri} {}:{}", at.line, at.character),
        None => uri.to_owned(),
    }
}
