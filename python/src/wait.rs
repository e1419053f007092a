//! Work that Python waits for: without its lock, and so that Ctrl-C ends the wait within a tenth of a second.

use crate::error;
use entente::record::panic_becomes_error;
use pyo3::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

/// How often signals are looked at.
const LOOK: Duration = Duration::from_millis(25);
/// How long work that is told to stop is waited for.
const GRACE: Duration = Duration::from_millis(50);
/// The name of threads that work; what panics in them becomes an exception.
const WORKER: &str = "entente";

/// Work that was told to stop and was not done in time.
static LEFT: Mutex<Vec<JoinHandle<()>>> = Mutex::new(Vec::new());

/// Tells nobody of panics that become exceptions.
pub fn silence_caught_panics() {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !panic_becomes_error() && std::thread::current().name() != Some(WORKER) {
            hook(panic);
        }
    }));
}

/// Does work on a thread of its own while Python's other threads go on, with as many threads for what it does in parallel;
/// as many as there are cores unless given. `look` is called from this thread all the while. If the user interrupts, or
/// `look` raises, the work is told to stop by `cancel`, and what was raised is raised without waiting for it to end.
///
/// # Errors
/// What is raised meanwhile; a panic of the work as `EntenteError`.
pub fn wait<T: Send + 'static>(
    py: Python<'_>,
    threads: Option<usize>,
    cancel: &Arc<AtomicBool>,
    mut look: impl FnMut(Python<'_>) -> PyResult<()>,
    work: impl FnOnce() -> T + Send + 'static,
) -> PyResult<T> {
    wait_for_what_is_left(py)?;
    // A pool of its own: one that all share does not outlive a fork of the process.
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads.unwrap_or(0))
        .thread_name(|_| WORKER.into())
        .build()
        .map_err(|error| error::internal(py, format!("cannot start threads: {error}")))?;
    let (send, receive) = mpsc::channel();
    let doing = move || {
        // Nobody is left to take it if the wait has ended.
        let _ = send.send(catch_unwind(AssertUnwindSafe(|| pool.install(work))));
    };
    let thread = Builder::new().name(WORKER.into()).spawn(doing);
    let thread = thread.map_err(|error| error::internal(py, format!("cannot start a thread: {error}")))?;
    let receive = Mutex::new(receive);
    let await_for = |py: Python<'_>, time| py.detach(|| locked(&receive).recv_timeout(time));
    loop {
        match await_for(py, LOOK) {
            Ok(Ok(done)) => {
                look(py)?;
                return Ok(done);
            }
            Ok(Err(panic)) => {
                let said = panic.downcast_ref::<&str>().map(|said| (*said).to_owned());
                let said = said.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
                return Err(error::internal(py, format!("a fault in entente itself, please report it: {said}")));
            }
            Err(RecvTimeoutError::Disconnected) => return Err(error::internal(py, "a thread ended early".into())),
            Err(RecvTimeoutError::Timeout) => {}
        }
        if let Err(raised) = py.check_signals().and_then(|()| look(py)) {
            cancel.store(true, Ordering::Relaxed);
            drop(await_for(py, GRACE));
            left().push(thread);
            return Err(raised);
        }
    }
}

/// Waits for work that was told to stop, so that it is out of the way of what comes next.
fn wait_for_what_is_left(py: Python<'_>) -> PyResult<()> {
    loop {
        left().retain(|thread| !thread.is_finished());
        if left().is_empty() {
            return Ok(());
        }
        py.check_signals()?;
        py.detach(|| std::thread::sleep(LOOK));
    }
}

fn left() -> MutexGuard<'static, Vec<JoinHandle<()>>> {
    locked(&LEFT)
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
