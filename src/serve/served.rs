//! What requests share.

use super::engines::Engines;
use super::experiments::Experiments;
use super::guard::{Guard, Lock};
use super::limits::{AT_WORK, WORK_TIME};
use super::refusal::Refusal;
use super::root::Root;
use super::shelf::Known;
use crate::record::clock::Stopwatch;
use axum::http::StatusCode;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

/// For how many seconds an address that is good once is good.
const ONCE_SECONDS: f64 = 120.0;
/// How many reports may be open in tabs of their own.
const SHOWN: usize = 32;

/// A folder that is served.
#[derive(Debug)]
pub struct Served {
    /// The folder.
    pub root: Root,
    /// Who is let in.
    pub guard: Guard,
    /// Threads of an experiment.
    pub threads: Option<usize>,
    /// Scenarios that were looked at.
    pub known: Known,
    /// Experiments since the start.
    pub experiments: Experiments,
    /// Engines of results.
    pub engines: Engines,
    /// Whoever writes a file holds it.
    pub writing: Mutex<()>,
    /// With the token, where it is opened: what follows the address.
    pub fragment: String,
    once: Mutex<Option<(Lock, Stopwatch)>>,
    /// Reports that may be opened by whoever knows their secret, by the names of their results.
    shown: Mutex<Vec<(Lock, String)>>,
    at_work: Arc<Semaphore>,
}

impl Served {
    /// A folder that nothing was asked of yet.
    ///
    /// # Errors
    /// If the system gives no threads.
    pub fn new(
        root: Root,
        guard: Guard,
        threads: Option<usize>,
        fragment: String,
    ) -> Result<Self, rayon::ThreadPoolBuildError> {
        Ok(Self {
            root,
            guard,
            threads,
            known: Known::default(),
            experiments: Experiments::default(),
            engines: Engines::new(threads)?,
            writing: Mutex::default(),
            fragment,
            once: Mutex::default(),
            shown: Mutex::default(),
            at_work: Arc::new(Semaphore::new(AT_WORK)),
        })
    }

    /// Does something that takes time on a thread of its own, a few at a time.
    ///
    /// # Errors
    /// If it fails, or does not come to its end in time; it then ends by itself, and until then counts as one of the few.
    pub async fn work<T: Send + 'static>(
        self: Arc<Self>,
        work: impl FnOnce(&Self) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let done = timeout(WORK_TIME, async move {
            let turn = self.at_work.clone().acquire_owned().await;
            spawn_blocking(move || {
                let _turn = turn;
                work(&self)
            })
            .await
        });
        match done.await {
            Ok(Ok(done)) => done,
            Ok(Err(_)) => Err(Refusal::failed("the program failed at this; its terminal says how")),
            Err(_) => Err(Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "this takes too long; try again later")),
        }
    }

    /// Lets the report of some results be opened by a secret.
    pub fn show(&self, secret: &str, results: String) {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        if shown.len() == SHOWN {
            shown.remove(0);
        }
        shown.push((Lock::of(secret), results));
    }

    /// The results whose report a secret opens.
    pub fn shown(&self, secret: &str) -> Option<String> {
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        shown.iter().find(|(lock, _)| lock.opens(secret.as_bytes())).map(|(_, results)| results.clone())
    }

    /// Makes a secret good for one visit.
    pub fn expect(&self, secret: &str) {
        let expected = (Lock::of(secret), Stopwatch::start());
        *self.once.lock().unwrap_or_else(PoisonError::into_inner) = Some(expected);
    }

    /// Whether it is the visit that was expected, which is then no longer.
    pub fn is_expected(&self, secret: &str) -> bool {
        let mut once = self.once.lock().unwrap_or_else(PoisonError::into_inner);
        let good = |(lock, since): &(Lock, Stopwatch)| since.seconds() < ONCE_SECONDS && lock.opens(secret.as_bytes());
        once.take_if(|expected| good(expected)).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_good_for_what_they_were_made_for() {
        let folder = tempfile::tempdir().unwrap();
        let root = Root::open(folder.path()).unwrap();
        let guard = Guard::new(([127, 0, 0, 1], 81).into(), "token");
        let served = Served::new(root, guard, Some(1), String::new()).unwrap();
        assert!(!served.is_expected("once"));
        served.expect("once");
        assert!(!served.is_expected("other") && served.is_expected("once") && !served.is_expected("once"));
        for number in 0..=SHOWN {
            served.show(&format!("secret {number}"), format!("results {number}"));
        }
        assert_eq!(served.shown("secret 1").as_deref(), Some("results 1"));
        assert!(served.shown("secret 0").is_none() && served.shown("once").is_none());
    }
}
