//! Writes what pages of the flagship ask of their engine, a request a line, and what this program replies, to be compared with
//! what WebAssembly replies: `requests FOLDER` makes `requests.txt` and `replies.txt`.
#![allow(clippy::print_stderr, reason = "that is how an example says what went wrong")]

use entente::experiment::Inputs;
use entente::live::{Engine, OpenRequest};
use entente::scenario::{Overrides, Scenario};
use serde_json::json;
use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

/// How many runs are compared as they are, and of each variant and lever.
const RUNS: [u64; 2] = [200, 8];

fn main() -> ExitCode {
    match std::env::args_os().nth(1).ok_or("expected a folder".into()).and_then(|folder| written(folder.into())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("requests: {error}");
            ExitCode::FAILURE
        }
    }
}

fn written(folder: PathBuf) -> Result<(), Box<dyn Error>> {
    let scenario = Scenario::load("configs/northern-mali-2023.toml".as_ref(), &Overrides::default())?;
    let seed = scenario.file.run.seed;
    let drawn = Inputs::Drawn.draws(&scenario, seed)?.map(|draws| draws.drawn().clone());
    let opening = OpenRequest::of(&scenario, true, (drawn, None), seed)?;
    let mut requests = vec![json!({ "op": "open", "engine": opening })];
    let none = json!({ "variant": null, "set": [] });
    requests.push(json!({ "op": "run", "change": none, "first": 0, "count": RUNS[0] }));
    let variants = scenario.file.variant.iter().map(|variant| json!({ "variant": variant.id, "set": [] }));
    let levers = scenario.uncertainties().into_iter().filter_map(|unsure| {
        let to = unsure.low.map(|low| low.to_string()).or_else(|| unsure.names.first().cloned())?;
        Some(json!({ "variant": null, "set": [format!("{}={to}", unsure.path)] }))
    });
    for change in variants.chain(levers) {
        requests.push(json!({ "op": "run", "change": change, "first": 0, "count": RUNS[1] }));
    }
    requests.push(json!({ "op": "play", "change": none, "replicate": 3 }));
    let pairs: Vec<_> = (0..60).map(|run| (run, run % 7, run % 5)).collect();
    requests.extend([0, 40, 150].map(|answer| json!({ "op": "difference", "answer": answer, "pairs": pairs })));
    let mut engine = Engine::open(opening)?;
    let opened = json!({ "ok": engine.opened() }).to_string();
    let replies = requests.iter().skip(1).map(|request| engine.reply(&request.to_string()));
    let replies: Vec<String> = std::iter::once(opened).chain(replies).collect();
    let requests: Vec<String> = requests.iter().map(ToString::to_string).collect();
    std::fs::write(folder.join("requests.txt"), requests.join("\n"))?;
    std::fs::write(folder.join("replies.txt"), replies.join("\n"))?;
    Ok(())
}
