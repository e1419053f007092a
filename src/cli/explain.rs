//! `entente explain`: why an outcome came about, or did not, or why an amount is what it is, in one run or over an ensemble.

use super::failure::Failure;
use super::finding::Finding;
use super::options::{TellArgs, ThreadArgs};
use super::question::meant;
use super::target::{CellArgs, warn_of_other_program};
use crate::report::analyses::{self, ExplainAsked, Replicate, Why};
use clap::Args;
use std::io::Write;

/// How many cases are explained over an ensemble unless told otherwise.
const CASES: usize = 100;

/// Options of `explain`.
#[derive(Clone, Debug, Args)]
pub struct ExplainArgs {
    #[command(flatten)]
    pub cell: CellArgs,
    /// Explain one replicate, not the ensemble: its number, typical, the first that answers yes or no, or the one of a high or
    /// low amount
    #[arg(long, value_name = "K|typical|yes|no|high|low")]
    pub replicate: Option<Replicate>,
    /// The question whose answer is explained
    #[arg(long, value_name = "ID", required_unless_present = "pair", conflicts_with = "pair")]
    pub question: Option<String>,
    /// Two factions or umbrellas: how they came to stand where they stood (one replicate only)
    #[arg(long, value_name = "A,B", requires = "replicate")]
    pub pair: Option<String>,
    /// How many cases are explained, over an ensemble; of an amount, in how many runs something is taken away
    #[arg(long, value_name = "N", default_value_t = CASES, conflicts_with = "replicate")]
    pub cases: usize,
    #[command(flatten)]
    pub threads: ThreadArgs,
    #[command(flatten)]
    pub tell: TellArgs,
}

/// Explains it.
///
/// # Errors
/// If there is no such run, question or pair, or files cannot be read or written.
pub fn explain(args: &ExplainArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let target = args.cell.open()?;
    let id = match &args.question {
        Some(id) => Some(meant(&target.scenario, id)?.1.id.clone()),
        None => None,
    };
    let replicate = match args.replicate {
        Some(replicate) => Some(replicate.number(&target, id.as_deref())?),
        None => None,
    };
    let why = match (&id, &args.pair) {
        (_, Some(pair)) => Why::Pair(pair.clone()),
        (Some(id), None) => Why::Question(id.clone()),
        (None, None) => return Err(Failure::input("say what to explain: --question ID, or --pair A,B")),
    };
    warn_of_other_program(&target);
    let pair = args.pair.as_ref().map(|pair| ("pair", pair.split(',').map(str::trim).collect::<Vec<_>>().join("+")));
    let subject = args.question.as_deref().unwrap_or_default();
    let one = replicate.map(|replicate| ("replicate", replicate.to_string()));
    let cases = (args.cases != CASES).then(|| ("cases", args.cases.to_string()));
    let apart = pair.into_iter().chain(one).chain(cases);
    let place = target.finding("explain", subject, apart);
    let results = target.results.clone();
    let asked = ExplainAsked { why, replicate, cases: args.cases, threads: args.threads.count() };
    let insight = analyses::explain(target, &asked)?;
    Finding::create(place)?.deliver(&results, insight, args.tell, out)
}
