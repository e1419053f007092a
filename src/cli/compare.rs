//! `entente compare`: variants against the baseline, under common random numbers.

use super::experiment::{self, Done, ExperimentArgs};
use super::failure::Failure;
use super::summary::{self, Format};
use super::text::{WIDTH, paragraph, percent};
use super::variants;
use crate::record::{DifferenceRow, QuestionRow};
use crate::report::{Effects, effects};
use crate::scenario::Scenario;
use clap::Args;
use serde::Serialize;
use std::io::Write;

/// Options of `compare`.
#[derive(Clone, Debug, Args)]
pub struct CompareArgs {
    #[command(flatten)]
    pub experiment: ExperimentArgs,
    /// Variants to set against the baseline [default: all of the scenario's]
    #[arg(long, value_name = "ID,…", value_delimiter = ',')]
    pub variants: Vec<String>,
}

/// Effects of a variant that are printed.
const PRINTED: usize = 6;

/// Runs it.
///
/// # Errors
/// If the scenario is wrong, the runs fail or are interrupted, or replicates failed (after everything is written).
pub fn compare(args: &CompareArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let experiment = &args.experiment;
    let scenario = experiment.load(&experiment.overrides())?;
    if scenario.file.variant.is_empty() {
        return Err(Failure::input(format!(
            "{} has no [[variant]] to compare with the baseline",
            experiment.scenario.display()
        )));
    }
    let all = [String::from(variants::ALL)];
    let ids = if args.variants.is_empty() { &all[..] } else { &args.variants };
    let order = experiment.order("compare", variants::with_baseline(scenario, ids)?, None)?;
    let done = experiment::perform(&order)?;
    if experiment.prints() {
        print(&done, order.source.first(), experiment.format, out)?;
    }
    experiment::heed_failures(&done)
}

#[derive(Serialize)]
struct Compared<'a> {
    experiment: &'a str,
    folder: String,
    reused: bool,
    replicates: u64,
    seed: u64,
    failures: u64,
    result_digest: &'a str,
    stopping: Option<&'a crate::record::StoppingEntry>,
    questions: &'a [QuestionRow],
    differences: &'a [DifferenceRow],
}

/// Prints what changes.
///
/// # Errors
/// If the results cannot be read.
pub fn print(done: &Done, scenario: &Scenario, format: Format, out: &mut dyn Write) -> Result<(), Failure> {
    let results = &done.results;
    let manifest = results.manifest();
    let rows = results.differences()?.unwrap_or_default();
    let text = match format {
        Format::Json => {
            let compared = Compared {
                experiment: &manifest.experiment,
                folder: results.folder().path().display().to_string(),
                reused: done.reused,
                replicates: manifest.replicates,
                seed: manifest.seed,
                failures: manifest.failures,
                result_digest: &manifest.result_digest,
                stopping: manifest.stopping.as_ref(),
                questions: &results.questions()?,
                differences: &rows,
            };
            serde_json::to_string_pretty(&compared).map_err(Failure::failed)? + "\n"
        }
        Format::Text => {
            let mut text = summary::heading(done, scenario);
            for variant in effects(scenario, &rows) {
                text.push_str(&told(&variant, manifest.replicates));
            }
            text.push_str(
                "\nDifferences are to the baseline, with 95% intervals; listed are those that stand out from all together.\n",
            );
            text.push_str(&summary::places(done)?);
            text
        }
    };
    out.write_all(text.as_bytes()).map_err(Failure::failed)
}

/// A variant's effects as lines.
fn told(variant: &Effects<'_>, replicates: u64) -> String {
    let mut text = format!("\n{}", paragraph(&format!("{}: {}", variant.variant, variant.title)));
    if variant.inert {
        return text + "  changes nothing: every run is as it was, to the bit\n";
    }
    if variant.effects.is_empty() {
        return text + &format!("  no answer changes by more than luck can explain in {replicates} pairs of runs\n");
    }
    for effect in variant.effects.iter().take(PRINTED) {
        text.push_str(&format!("  {}\n", effect.question));
        let numbers = format!("{}   {}", effect.change, effect.difference);
        let flips = match (effect.row.gained, effect.row.lost) {
            (Some(gained), Some(lost)) => format!("{} up, {} down", percent(gained), percent(lost)),
            _ => String::new(),
        };
        let gap = WIDTH.saturating_sub(4 + numbers.chars().count() + flips.chars().count()).max(2);
        text.push_str(&format!("    {numbers}{}{flips}\n", " ".repeat(gap)));
    }
    let more = variant.count.saturating_sub(variant.effects.len().min(PRINTED));
    let more = if more > 0 { format!("{more} more answers change; ") } else { String::new() };
    let saving = variant
        .saving
        .map_or_else(String::new, |[_, median, _]| format!("pairing saved {:.1} times the runs (median)", median));
    text + &format!("  {more}{saving}\n")
}
