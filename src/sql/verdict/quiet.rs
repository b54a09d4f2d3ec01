//! Foreign code that may panic or recurse deeply, on a thread of its own, without a word on standard error.

use std::cell::Cell;
use std::sync::Once;

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Runs `f` on a thread with a stack of `stack` bytes; `None` when it panics or no thread is to be had.
pub fn run<T: Send>(stack: usize, f: impl FnOnce() -> T + Send) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let previous = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !QUIET.try_with(Cell::get).unwrap_or(false) {
                previous(info);
            }
        }));
    });
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(stack).spawn_scoped(scope, || {
            QUIET.with(|it| it.set(true));
            f()
        });
        thread.ok()?.join().ok()
    })
}
