//! Standard input that says when it has ended: then the editor is gone, whatever is still being answered.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, ReadBuf, Stdin};
use tokio::sync::oneshot;

pub struct Input {
    stdin: Stdin,
    ended: Option<oneshot::Sender<()>>,
}

/// Standard input, and what is resolved at its end.
pub fn input() -> (Input, oneshot::Receiver<()>) {
    let (sender, receiver) = oneshot::channel();
    (Input { stdin: tokio::io::stdin(), ended: Some(sender) }, receiver)
}

impl AsyncRead for Input {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = Pin::new(&mut self.stdin).poll_read(cx, buf);
        let is_end = match &read {
            Poll::Ready(Ok(())) => buf.filled().len() == before && buf.capacity() > before,
            Poll::Ready(Err(_)) => true,
            Poll::Pending => false,
        };
        if is_end && let Some(ended) = self.ended.take() {
            let _ = ended.send(());
        }
        read
    }
}
