//! `entente assumptions`: which unproven inputs a conclusion rests on.

use super::failure::Failure;
use super::subject::{Analysed, DataSource, SubjectArgs};
use crate::analysis::assumptions::{AssumptionsError, MarginSample, check};
use crate::analysis::cases::Cases;
use crate::analysis::discovery::written;
use crate::record::RecordError;
use crate::report::insight::{self, Conclusion, Ranges};
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
    #[arg(long, value_name = "A=X,B=Y", value_delimiter = ',')]
    pub best: Vec<String>,
}

/// The confidence of intervals.
const CONFIDENCE: f64 = 0.95;

/// Checks and prints.
///
/// # Errors
/// If there is nothing to analyse, the conclusion is not clear, every input that was varied has a source, or there are
/// too few points.
pub fn assumptions(args: &AssumptionsArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let mut subject = Analysed::open(&args.subject, args.variant.as_deref())?;
    let effect =
        args.above.is_none() && args.below.is_none() && args.variant.as_deref().is_some_and(|id| id != "baseline");
    let cases = subject.cases(effect.then_some("baseline"))?;
    let cases = subject.group(&cases);
    let ranges = ranges(args, &subject, &cases)?;
    let (level, above, words) = conclusion(args, &subject, &cases, effect)?;
    let sign = if above { 1.0 } else { -1.0 };
    let columns = cases.inputs().len();
    let points: Vec<f64> =
        cases.points().iter().enumerate().map(|(at, value)| ranges.share(at % columns, *value)).collect();
    let best: Vec<f64> = (0..columns).map(|input| ranges.share(input, ranges.best[input])).collect();
    let margins: Vec<f64> = cases.means().into_iter().map(|mean| sign * (mean - level)).collect();
    let noise = noise(&subject, &cases, effect);
    let whole = cases.replicates() > 1 && cases.runs() == cases.count() * cases.replicates();
    let replicates: Vec<f64> = (0..if whole { cases.count() } else { 0 })
        .flat_map(|point| cases.outputs_of(point).iter().map(|output| sign * (output - level)))
        .collect();
    let sample = MarginSample {
        points: &points,
        columns,
        margins: &margins,
        best: &best,
        held: &ranges.held,
        noise: &noise,
        replicates: &replicates,
    };
    let found = check(&sample, CONFIDENCE).map_err(|error| match error {
        AssumptionsError::TooFew { .. } => Failure::input(error),
        AssumptionsError::Shape { .. } => Failure::failed(error),
    })?;
    let conclusion = Conclusion { words, luck: luck(&subject, &cases) };
    let insight = insight::assumptions(&subject.about, &conclusion, &ranges, &cases, &found);
    subject.deliver("assumptions", insight, &args.subject, out)
}

/// Ranges and best estimates, and which inputs a source vouches for.
fn ranges(args: &AssumptionsArgs, subject: &Analysed, cases: &Cases) -> Result<Ranges, Failure> {
    let columns = cases.inputs().len();
    let mut ranges = Ranges { held: vec![false; columns], ..Ranges::default() };
    for input in 0..columns {
        let values = cases.points().iter().skip(input).step_by(columns);
        let (low, high) =
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(*value), high.max(*value)));
        ranges.low.push(low);
        ranges.high.push(high);
        ranges.best.push(0.5 * (low + high));
    }
    if let DataSource::Sweep(sweep) = &subject.source {
        let (known, unsure) = (sweep.1.inputs(), sweep.1.uncertainties());
        for (place, path) in cases.inputs().iter().enumerate() {
            let input = known.iter().find(|input| input.path == *path);
            ranges.held[place] = input.is_some_and(|input| !input.is_assumption());
            if let Some(range) = unsure.iter().find(|range| range.path == *path) {
                ranges.low[place] = range.low.unwrap_or(ranges.low[place]).min(ranges.low[place]);
                ranges.high[place] = range.high.unwrap_or(ranges.high[place]).max(ranges.high[place]);
            }
            // The scenario's own value is what its results rest on.
            let own = input.and_then(|input| input.value.as_f64());
            let best = own.or_else(|| unsure.iter().find(|range| range.path == *path)?.best);
            ranges.best[place] = best.unwrap_or(ranges.best[place]);
        }
    }
    for given in &args.best {
        let (name, value) = given
            .split_once('=')
            .and_then(|(name, value)| Some((name.trim(), value.trim().parse::<f64>().ok()?)))
            .ok_or_else(|| Failure::input(format!("`{given}` is no best estimate: expected INPUT=NUMBER")))?;
        let names = || cases.inputs().iter().map(String::as_str);
        let place = names().position(|known| known == name);
        let place = place.ok_or_else(|| RecordError::no_column(&args.subject.results, name, names()))?;
        // A round number just beside the outermost row is meant to be the end of the range.
        let slack = 0.05 * (ranges.high[place] - ranges.low[place]);
        if !value.is_finite() || value < ranges.low[place] - slack || value > ranges.high[place] + slack {
            return Err(Failure::input(format!(
                "the best estimate {value} of `{name}` is outside what was sampled, {} to {}",
                ranges.low[place], ranges.high[place]
            )));
        }
        ranges.best[place] = value;
        ranges.low[place] = ranges.low[place].min(value);
        ranges.high[place] = ranges.high[place].max(value);
    }
    if ranges.held.iter().all(|held| *held) {
        return Err(Failure::input(format!(
            "every input that was varied names a source, so there is no assumption to check: {}",
            cases.inputs().join(", ")
        )));
    }
    Ok(ranges)
}

/// The level, whether the conclusion is that the answer is above it, and the conclusion in words.
fn conclusion(
    args: &AssumptionsArgs,
    subject: &Analysed,
    cases: &Cases,
    effect: bool,
) -> Result<(f64, bool, String), Failure> {
    let about = &subject.about;
    let middle = mean(cases);
    if effect {
        if cases.means().iter().all(|mean| mean.abs() < 1e-12 || !mean.is_finite()) {
            return Err(Failure::input(format!(
                "the variant `{}` changes nothing about `{}` at any point: the sweep may vary the very input that it changes",
                subject.variant, subject.column
            )));
        }
        let above = middle > 0.0;
        let title = subject.variant_title();
        let more = match (about.yes_no, above) {
            (true, true) => "more likely",
            (true, false) => "less likely",
            (false, true) => "larger",
            (false, false) => "smaller",
        };
        let what = if about.yes_no { subject.clause() } else { format!("the answer to “{}”", about.question) };
        let words = match about.yes_no {
            true => format!("“{title}” makes it {more} that {what}"),
            false => format!("“{title}” makes {what} {more} on average"),
        };
        return Ok((0.0, above, words));
    }
    let (level, above) = match (args.above, args.below) {
        (Some(level), _) => (level, true),
        (None, Some(level)) => (level, false),
        (None, None) if about.yes_no => (0.5, middle > 0.5),
        (None, None) => {
            return Err(Failure::input(format!(
                "`{}` is an amount, not a yes or no: give the level that matters with --above or --below (its mean over all \
                 points is {})",
                subject.column,
                written(middle)
            )));
        }
    };
    if about.yes_no && !(0.0..=1.0).contains(&level) {
        return Err(Failure::input(format!("{level} is no probability: expected a level from 0 to 1, such as 0.2")));
    }
    let side = if above { "above" } else { "below" };
    let words = if about.yes_no {
        format!("the probability that {} is {side} {}%", subject.clause(), written(100.0 * level))
    } else {
        format!("the mean of “{}” is {side} {}", about.question, written(level))
    };
    Ok((level, above, words))
}

fn mean(cases: &Cases) -> f64 {
    let means: Vec<f64> = cases.means().into_iter().filter(|mean| mean.is_finite()).collect();
    means.iter().sum::<f64>() / means.len().max(1) as f64
}

/// The variance that luck gives to each point's mean: none in a table with one row per point, unless its output is a yes
/// or no, which no model gives for sure.
fn noise(subject: &Analysed, cases: &Cases, effect: bool) -> Vec<f64> {
    let stochastic = subject.about.simulated || cases.replicates() > 1 || subject.about.yes_no;
    if !stochastic {
        return Vec::new();
    }
    let overall = mean(cases);
    let pooled = cases.chance().map_or(f64::INFINITY, |chance| chance.per_run);
    (0..cases.count())
        .map(|point| {
            let n = cases.succeeded(point) as f64;
            if n < 1.0 || cases.replicates() < 2 {
                return f64::INFINITY;
            }
            if subject.about.yes_no && !effect {
                // A point's own share, drawn to the overall one by one run, so that none is free of luck.
                let yes: f64 = cases.outputs_of(point).iter().filter(|output| output.is_finite()).sum();
                let share = (yes + overall) / (n + 1.0);
                share * (1.0 - share) / n
            } else {
                pooled / n
            }
        })
        .collect()
}

/// What luck does to the points, in a sentence.
fn luck(subject: &Analysed, cases: &Cases) -> String {
    let replicates = cases.replicates();
    match cases.chance() {
        None if subject.about.simulated || subject.about.yes_no => {
            "Every point was run once, so luck cannot be told from inputs: what is said of single points rests on the fitted \
             surface alone."
                .into()
        }
        Some(chance) if chance.share > 0.3 => format!(
            "Luck makes up to about {:.0}% of the differences between points, each of which rests on the same {replicates} \
             replicates. More of them would make this sharper.",
            100.0 * chance.share
        ),
        _ => String::new(),
    }
}
