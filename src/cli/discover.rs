//! `entente discover`: where among the inputs an outcome comes about.

use super::failure::Failure;
use super::subject::SubjectArgs;
use crate::report::analyses::{self, DiscoverAsked};
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
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = super::options::whole::<u8>(1..=20))]
    pub limits: u8,
    /// How often the search is repeated on resampled points
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = super::options::whole::<u32>(10..=10_000))]
    pub resamples: u32,
    /// Share of a box's points that is peeled off at a time, above 0 and below 0.5: less is more patient
    #[arg(long, value_name = "SHARE", default_value_t = DiscoverAsked::default().peel, value_parser = peel)]
    pub peel: f64,
}

/// Searches and prints.
///
/// # Errors
/// If there is nothing to analyse, too few points, or the outcome never or always comes about.
pub fn discover(args: &DiscoverArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let mut subject = args.subject.open(args.variant.as_deref())?;
    let (above, below) = (args.above, args.below);
    let (limits, resamples, peel) = (usize::from(args.limits), args.resamples, args.peel);
    let asked = DiscoverAsked { above, below, limits, resamples, peel };
    let insight = analyses::discover(&mut subject, &asked)?;
    args.subject.deliver("discover", &subject, (insight, otherwise(&asked)), out)
}

/// What is asked otherwise than usual.
fn otherwise(asked: &DiscoverAsked) -> Vec<(&'static str, String)> {
    let usual = DiscoverAsked::default();
    let lines = [("above", asked.above), ("below", asked.below)];
    let lines = lines.into_iter().filter_map(|(key, line)| Some((key, line?.to_string())));
    let numbers = [
        ("limits", asked.limits.to_string(), usual.limits.to_string()),
        ("resamples", asked.resamples.to_string(), usual.resamples.to_string()),
        ("peel", asked.peel.to_string(), usual.peel.to_string()),
    ];
    let numbers = numbers.into_iter().filter(|(_, value, usual)| value != usual).map(|(key, value, _)| (key, value));
    lines.chain(numbers).collect()
}

fn peel(text: &str) -> Result<f64, String> {
    let share = text.parse::<f64>().ok().filter(|share| *share > 0.0 && *share < 0.5);
    share.ok_or_else(|| "expected a share above 0 and below 0.5, such as 0.05".to_owned())
}
