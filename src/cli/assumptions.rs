//! `entente assumptions`: which unproven inputs a conclusion rests on.

use super::failure::Failure;
use super::subject::{SubjectArgs, named};
use crate::report::analyses::{self, AssumptionsAsked};
use clap::Args;
use std::io::Write;

/// Options of `assumptions`.
#[derive(Clone, Debug, Args)]
pub struct AssumptionsArgs {
    #[command(flatten)]
    pub subject: SubjectArgs,
    /// Variant of the sweep; without --above or --below the conclusion is the sign of its effect against the baseline
    #[arg(long, value_name = "ID")]
    pub variant: Option<String>,
    /// The conclusion: the probability (or, of a quantity, the mean) is above this
    #[arg(long, value_name = "X", conflicts_with = "below", allow_negative_numbers = true)]
    pub above: Option<f64>,
    /// The conclusion: the probability (or, of a quantity, the mean) is below this
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    pub below: Option<f64>,
    /// Best estimates of a table's inputs [default: the middle of their ranges]
    #[arg(long, value_name = "A=X,B=Y")]
    pub best: Vec<String>,
}

/// Checks and prints.
///
/// # Errors
/// If there is nothing to analyse, the conclusion is not clear, every input that was varied has a source, or there are
/// too few points.
pub fn assumptions(args: &AssumptionsArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let mut subject = args.subject.open(args.variant.as_deref())?;
    let best = named(&args.best)?.iter().map(|given| best(given)).collect::<Result<_, _>>()?;
    let asked = AssumptionsAsked { above: args.above, below: args.below, best };
    let insight = analyses::assumptions(&mut subject, &asked)?;
    let lines = [("above", args.above), ("below", args.below)];
    let lines = lines.into_iter().filter_map(|(key, line)| Some((key, line?.to_string())));
    let best = asked.best.iter().map(|(name, value)| ("best", format!("{name}={value}")));
    args.subject.deliver("assumptions", &subject, (insight, lines.chain(best).collect()), out)
}

fn best(given: &str) -> Result<(String, f64), Failure> {
    let parts = given.rsplit_once('=');
    let number = parts.and_then(|(name, value)| Some((name.trim().to_owned(), value.trim().parse().ok()?)));
    number.ok_or_else(|| Failure::input(format!("`{given}` is no best estimate: expected INPUT=NUMBER")))
}
