//! Engines of results, which are kept for a while: the same as those of pages, on the threads of this machine.

use super::refusal::Refusal;
use super::results;
use super::root::Root;
use crate::live::{Change, Engine, Request, Runs};
use crate::report::drawing;
use rayon::prelude::*;
use serde::Serialize;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, PoisonError};

/// Of how many results engines are kept.
const KEPT: usize = 4;
/// How many runs a thread is worth.
const WORTH: u64 = 8;

/// The engines of one results folder: as many as were at work at once. Each holds changes ready, and is used by one at a time.
#[derive(Debug)]
struct Pool {
    name: String,
    /// What the results were: a folder may be made anew.
    digest: String,
    idle: Mutex<Vec<Engine>>,
    first: Engine,
}

impl Pool {
    fn take(&self) -> Engine {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.unwrap_or_else(|| self.first.clone())
    }

    fn give_back(&self, engine: Engine, most: usize) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < most {
            idle.push(engine);
        }
    }
}

/// The engines of the results that were asked last.
#[derive(Debug)]
pub struct Engines {
    pools: Mutex<Vec<Arc<Pool>>>,
    threads: rayon::ThreadPool,
}

impl Engines {
    /// No engines yet, and as many threads for them; as many as there are cores unless given.
    ///
    /// # Errors
    /// If the system gives none.
    pub fn new(threads: Option<usize>) -> Result<Self, rayon::ThreadPoolBuildError> {
        let threads = rayon::ThreadPoolBuilder::new().num_threads(threads.unwrap_or(0)).build()?;
        Ok(Self { pools: Mutex::default(), threads })
    }

    /// Answers a request to the engine of some results.
    ///
    /// # Errors
    /// If there are no such results, or they are of a kind that cannot be played with.
    pub fn reply(&self, root: &Root, name: &str, request: &[u8]) -> Result<Value, Refusal> {
        let pool = self.pool(root, name)?;
        let request = match serde_json::from_slice(request) {
            Ok(request) => request,
            Err(error) => return Ok(json!({ "error": format!("the request cannot be read: {error}") })),
        };
        let answer = match request {
            Request::Run { change, first, count } => self.run(&pool, &change, first, count).and_then(in_json),
            other => {
                let mut engine = pool.take();
                let answer = engine.answer(other);
                pool.give_back(engine, self.threads.current_num_threads());
                answer
            }
        };
        Ok(match answer {
            Ok(answer) => json!({ "ok": answer }),
            Err(reason) => json!({ "error": reason }),
        })
    }

    /// Runs replicates, some on each thread. They know nothing of each other, so that it is all the same who runs which.
    fn run(&self, pool: &Pool, change: &Change, first: u64, count: u64) -> Result<Runs, String> {
        let most = self.threads.current_num_threads();
        let parts = (count / WORTH).clamp(1, most as u64);
        // What is too much as a whole is too much for a single engine as well, which says so.
        let parts = if count > crate::live::MOST_RUNS { 1 } else { parts };
        let end = |part: u64| first.saturating_add(count * part / parts);
        let done: Result<Vec<Runs>, String> = self.threads.install(|| {
            (0..parts)
                .into_par_iter()
                .map(|part| {
                    let mut engine = pool.take();
                    let runs = engine.run(change, end(part), end(part + 1) - end(part));
                    pool.give_back(engine, most);
                    runs
                })
                .collect()
        });
        let mut all = Runs { values: Vec::new(), failures: Vec::new() };
        for runs in done? {
            all.values.extend(runs.values);
            all.failures.extend(runs.failures);
        }
        Ok(all)
    }

    /// The engines of some results: those that are kept, or new ones in the place of those that were asked least lately.
    fn pool(&self, root: &Root, name: &str) -> Result<Arc<Pool>, Refusal> {
        let digest = results::find(root, name)?.1.result_digest;
        let kept = |pools: &mut Vec<Arc<Pool>>| {
            let place = pools.iter().position(|pool| pool.name == name && pool.digest == digest)?;
            let pool = pools.remove(place);
            pools.push(pool.clone());
            Some(pool)
        };
        if let Some(pool) = kept(&mut self.pools.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(pool);
        }
        let opened = drawing::page_data(&results::open(root, name)?)?.into_engine();
        let engine = Engine::open(opened).map_err(Refusal::wrong)?;
        let pool =
            Arc::new(Pool { name: name.to_owned(), digest: digest.clone(), idle: Mutex::default(), first: engine });
        let mut pools = self.pools.lock().unwrap_or_else(PoisonError::into_inner);
        // Somebody else may have opened them meanwhile.
        if let Some(pool) = kept(&mut pools) {
            return Ok(pool);
        }
        if pools.len() == KEPT {
            pools.remove(0);
        }
        pools.push(pool.clone());
        Ok(pool)
    }
}

fn in_json(value: impl Serialize) -> Result<Value, String> {
    serde_json::to_value(value).map_err(|error| error.to_string())
}
