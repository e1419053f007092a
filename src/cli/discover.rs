//! `entente discover`: where among the inputs an outcome comes about.

use super::failure::Failure;
use super::subject::{Analysed, SubjectArgs};
use crate::analysis::cases::Cases;
use crate::analysis::discovery::{
    Patience, Peeling, Runs, best, grow, peel, prune, quasi_p_values, stability, written,
};
use crate::report::insight::{self, Boxed};
use clap::Args;
use std::io::Write;

/// Options of `discover`.
#[derive(Clone, Debug, Args)]
pub struct DiscoverArgs {
    #[command(flatten)]
    pub subject: SubjectArgs,
    /// Variant of the sweep [default: baseline]
    #[arg(long, value_name = "ID")]
    pub variant: Option<String>,
    /// Of a quantity: look for runs in which it is above this
    #[arg(long, value_name = "X", conflicts_with = "below", allow_negative_numbers = true)]
    pub above: Option<f64>,
    /// Of a quantity: look for runs in which it is below this; of a yes or no, --below 0.5 looks for no
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    pub below: Option<f64>,
    /// The most inputs that the box may limit
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=20))]
    pub limits: u8,
    /// How often the search is repeated on resampled points
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(10..=10_000))]
    pub resamples: u32,
}

/// The fewest points in which to search.
const LEAST: usize = 20;

/// The quasi-p-value above which a limit is dropped.
const DOUBTFUL: f64 = 0.05;

/// Searches and prints.
///
/// # Errors
/// If there is nothing to analyse, too few points, or the outcome never or always comes about.
pub fn discover(args: &DiscoverArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let mut subject = Analysed::open(&args.subject, args.variant.as_deref())?;
    let cases = subject.cases(None)?;
    let cases = subject.group(&cases).answered();
    let (outcome, hit) = outcome(args, &subject, &cases)?;
    if cases.count() < LEAST {
        let found = cases.count();
        return Err(Failure::input(format!("{found} points are too few to search in: it takes at least {LEAST}")));
    }
    let hits = cases.shares(|output| f64::from(u8::from(hit(output))));
    let all: Vec<usize> = (0..cases.count()).collect();
    let overall = cases.share_in(&all, &hit).ok_or_else(|| Failure::input("no run succeeded"))?;
    for (never, words) in [(overall.value <= 0.0, "in none"), (overall.value >= 1.0, "in all")] {
        if never {
            return Err(Failure::input(format!(
                "there is nothing to tell apart: {outcome} {words} of the {} runs",
                cases.runs() - cases.failed()
            )));
        }
    }
    let runs = Runs::new(cases.points(), cases.inputs().len(), &hits)
        .ok_or_else(|| Failure::failed("inputs and outcomes do not fit together"))?;
    let settings = Patience::default();
    let limits = usize::from(args.limits);
    let mut peeling = peel(&runs, &settings);
    let choose = |runs: &Runs, peeling: &Peeling| best(peeling, limits).map(|step| prune(runs, step, DOUBTFUL));
    let chosen = choose(&runs, &peeling).ok_or_else(|| Failure::failed("the search found no box"))?;
    let again = stability(&runs, &chosen, &settings, choose, args.resamples, 1);
    if !peeling.steps.contains(&chosen) {
        let wider = peeling.steps.iter().position(|step| step.coverage < chosen.coverage);
        peeling.steps.insert(wider.unwrap_or(peeling.steps.len()), chosen.clone());
    }
    let tree = grow(&runs, 3, (cases.count() / 20).max(5));
    let found = Boxed {
        cases: &cases,
        outcome: &outcome,
        peeling: &peeling,
        chosen: &chosen,
        density: cases.share_in(&chosen.limits.select(&runs), &hit).unwrap_or(overall).less(again.optimism),
        overall,
        quasi_p: &quasi_p_values(&runs, &chosen.limits),
        stability: &again,
        tree: &tree,
        hits: &hits,
    };
    subject.deliver("discover", insight::discovery(&subject.about, &found), &args.subject, out)
}

/// The outcome as a clause, and whether an output has it.
fn outcome(
    args: &DiscoverArgs,
    subject: &Analysed,
    cases: &Cases,
) -> Result<(String, impl Fn(f64) -> bool + use<>), Failure> {
    let (above, level) = match (args.above, args.below) {
        (Some(level), _) => (true, level),
        (None, Some(level)) => (false, level),
        (None, None) if subject.about.yes_no => (true, 0.5),
        (None, None) => {
            let mut means = cases.means();
            means.sort_by(f64::total_cmp);
            let middle = means.get(means.len() / 2).copied().unwrap_or(0.0);
            return Err(Failure::input(format!(
                "`{}` is an amount, not a yes or no: give the level that matters with --above or --below (half of the points \
                 are above {})",
                subject.column,
                written(middle)
            )));
        }
    };
    let words = if subject.about.yes_no && above {
        subject.clause()
    } else if subject.about.yes_no {
        format!("it is not so that {}", subject.clause())
    } else {
        let side = if above { "above" } else { "below" };
        format!("the answer to “{}” is {side} {}", subject.about.question, written(level))
    };
    Ok((words, move |output: f64| if above { output > level } else { output < level }))
}
