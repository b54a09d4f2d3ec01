//! Threads that answer requests. Pools are never shared: what is slow on one delays nobody on another.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use super::log;

/// Deep SQL recurses.
pub const STACK: usize = 16 << 20;

pub type Task = Box<dyn FnOnce() + Send>;

/// Tasks in the order in which they came.
#[derive(Clone, Default)]
pub struct Pool(Arc<Shared>);

#[derive(Default)]
struct Shared {
    tasks: Mutex<VecDeque<Task>>,
    wake: Condvar,
}

impl Pool {
    /// A pool of `n_threads` threads that live as long as the process.
    pub fn new(name: &str, n_threads: usize) -> std::io::Result<Pool> {
        let pool = Pool::default();
        for idx in 0..n_threads {
            let shared = Arc::clone(&pool.0);
            let thread = std::thread::Builder::new().name(format!("{name}-{idx}")).stack_size(STACK);
            thread.spawn(move || {
                loop {
                    run(shared.take());
                }
            })?;
        }
        Ok(pool)
    }

    pub fn push(&self, task: Task) {
        self.0.tasks.lock().unwrap_or_else(PoisonError::into_inner).push_back(task);
        self.0.wake.notify_one();
    }
}

/// Runs a task; a panic that it did not catch itself is logged and costs nothing else.
pub fn run(task: Task) {
    if catch_unwind(AssertUnwindSafe(task)).is_err() {
        log::panic("a task", "");
    }
}

impl Shared {
    fn take(&self) -> Task {
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            match tasks.pop_front() {
                Some(task) => return task,
                None => tasks = self.wake.wait(tasks).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }
}
