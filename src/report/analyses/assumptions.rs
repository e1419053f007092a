//! Which unproven inputs a conclusion rests on.

use super::AnalysisError;
use super::subject::{DataSource, Subject};
use crate::analysis::assumptions::{AssumptionsError, MarginSample, RESAMPLES, check};
use crate::analysis::cases::Cases;
use crate::analysis::discovery::written;
use crate::base::number::several;
use crate::estimate::CONFIDENCE;
use crate::experiment::PlannedVariant;
use crate::record::RecordError;
use crate::report::insight::{self, Conclusion, Insight, Ranges};

/// The conclusion that is asked about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AssumptionsAsked {
    /// That the probability (or, of a quantity, the mean) is above this.
    pub above: Option<f64>,
    /// That it is below this.
    pub below: Option<f64>,
    /// Best estimates of inputs, by column or path; of others those of the scenario, or the middle of their range.
    pub best: Vec<(String, f64)>,
}

/// Checks them. Unless a level is asked about, the conclusion on a variant is the sign of its effect against the baseline.
///
/// # Errors
/// If the runs cannot be read, the conclusion is not clear, every input that was varied has a source, or there are too
/// few points.
pub fn assumptions(subject: &mut Subject, asked: &AssumptionsAsked) -> Result<Insight, AnalysisError> {
    let of_variant = subject.of_choice && subject.variant != PlannedVariant::BASELINE;
    let effect = asked.above.is_none() && asked.below.is_none() && of_variant;
    let against = effect.then_some("baseline");
    let mut cases = subject.cases(against)?;
    let names = names_among(subject, &cases)?;
    if !names.is_empty() {
        subject.leave_out(&names);
        cases = subject.cases(against)?;
    }
    let cases = subject.grouped(cases);
    let ranges = ranges(asked, subject, &cases)?;
    let (level, above, words) = conclusion(asked, subject, &cases, effect)?;
    let sign = if above { 1.0 } else { -1.0 };
    let columns = cases.inputs().len();
    let points: Vec<f64> =
        cases.points().iter().enumerate().map(|(at, value)| ranges.share(at % columns, *value)).collect();
    let best: Vec<f64> = (0..columns).map(|input| ranges.share(input, ranges.best[input])).collect();
    let margins: Vec<f64> = cases.means().into_iter().map(|mean| sign * (mean - level)).collect();
    let noise = noise(subject, &cases, effect);
    // Where luck is not shared, no replicate is that of another point.
    let whole = cases.shares_luck() && cases.replicates() > 1 && cases.runs() == cases.count() * cases.replicates();
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
        families: cases.families(),
    };
    subject.begin(u64::from(RESAMPLES));
    let found = check(&sample, CONFIDENCE, &|| subject.advance()).map_err(|error| match error {
        AssumptionsError::TooFew { .. } => AnalysisError::input(error),
        AssumptionsError::Shape { .. } => AnalysisError::failed(error),
    })?;
    let luck = [left_out(&names), unmoved(&cases, effect), luck(subject, &cases)]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ");
    let by_surface = noise.iter().any(|noise| noise.is_infinite());
    let conclusion = Conclusion { words, by_surface, luck };
    Ok(insight::assumptions(&subject.about, &conclusion, &ranges, &cases, &found))
}

/// The inputs that are names, of which nobody can say how far they may move: left out where nobody asked for them.
///
/// # Errors
/// If they were asked for, or nothing else was varied.
fn names_among(subject: &Subject, cases: &Cases) -> Result<Vec<String>, AnalysisError> {
    let names = cases.inputs().iter().zip(cases.scales()).filter(|(_, scale)| scale.is_nominal());
    let names: Vec<String> = names.map(|(input, _)| input.clone()).collect();
    let help = match () {
        () if names.is_empty() => return Ok(names),
        () if subject.inputs_asked => "expected --inputs without them",
        () if names.len() == cases.inputs().len() => "nothing else was varied",
        () => return Ok(names),
    };
    Err(AnalysisError::input(format!(
        "how far an assumption may move is asked of numbers, and not of {}: {help}",
        said(&names)
    )))
}

/// Inputs that are names, in words.
fn said(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let what = if quoted.len() == 1 { "which is a name" } else { "which are names" };
    format!("{}, {what}", quoted.join(", "))
}

/// Which inputs were left out for being names, in a sentence.
fn left_out(names: &[String]) -> Option<String> {
    let told = || format!("Not among the assumptions: {}; how far one may move is asked of numbers.", said(names));
    (!names.is_empty()).then(told)
}

/// Ranges and best estimates, and which inputs a source vouches for.
fn ranges(asked: &AssumptionsAsked, subject: &Subject, cases: &Cases) -> Result<Ranges, AnalysisError> {
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
    for (name, value) in &asked.best {
        let value = *value;
        let names = || cases.inputs().iter().map(String::as_str);
        let place = names().position(|known| known == name.as_str());
        let place = place.ok_or_else(|| RecordError::no_column(subject.path(), name, names()))?;
        // A round number just beside the outermost row is meant to be the end of the range.
        let slack = 0.05 * (ranges.high[place] - ranges.low[place]);
        if !value.is_finite() || value < ranges.low[place] - slack || value > ranges.high[place] + slack {
            return Err(AnalysisError::input(format!(
                "the best estimate {value} of `{name}` is outside what was sampled, {} to {}",
                ranges.low[place], ranges.high[place]
            )));
        }
        ranges.best[place] = value;
        ranges.low[place] = ranges.low[place].min(value);
        ranges.high[place] = ranges.high[place].max(value);
    }
    if ranges.held.iter().all(|held| *held) {
        return Err(AnalysisError::input(format!(
            "every input that was varied names a source, so there is no assumption to check: {}",
            cases.inputs().join(", ")
        )));
    }
    Ok(ranges)
}

/// Why a variant may change nothing, in words: what a design sets, it sets after the variant.
fn why_unmoved(subject: &Subject, cases: &Cases) -> String {
    let DataSource::Sweep(sweep) = &subject.source else { return "there are too few".to_owned() };
    let variant = sweep.1.file.variant.iter().find(|variant| variant.id == subject.variant);
    let holds = |path: &str| variant.is_some_and(|variant| variant.changes.contains_key(path));
    let both: Vec<String> = cases.inputs().iter().filter(|path| holds(path)).map(|path| format!("`{path}`")).collect();
    match both.is_empty() {
        true => format!(
            "what it does may be too rare to show in {} of each point: expected more (--replicates), or another question",
            several(cases.replicates(), "replicate")
        ),
        false => format!("the design sets {} at each point, whatever the variant makes of it", both.join(", ")),
    }
}

/// The level, whether the conclusion is that the answer is above it, and the conclusion in words.
fn conclusion(
    asked: &AssumptionsAsked,
    subject: &Subject,
    cases: &Cases,
    effect: bool,
) -> Result<(f64, bool, String), AnalysisError> {
    let about = &subject.about;
    let middle = mean(cases);
    if effect {
        if cases.means().iter().all(|mean| mean.abs() < 1e-12 || !mean.is_finite()) {
            return Err(AnalysisError::input(format!(
                "the variant `{}` changes nothing about `{}` in any of {}: {}",
                subject.variant,
                subject.column,
                several(cases.runs(), "run"),
                why_unmoved(subject, cases)
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
    let (level, above) = match (asked.above, asked.below) {
        (Some(level), _) => (level, true),
        (None, Some(level)) => (level, false),
        (None, None) if about.yes_no => (0.5, middle > 0.5),
        (None, None) => {
            return Err(AnalysisError::input(format!(
                "`{}` is an amount, not a yes or no: give the level that matters with --above or --below (its mean over all \
                 {} is {})",
                subject.column,
                about.points(),
                written(middle)
            )));
        }
    };
    if about.yes_no && !(0.0..=1.0).contains(&level) {
        return Err(AnalysisError::input(format!(
            "{level} is no probability: expected a level from 0 to 1, such as 0.2"
        )));
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
fn noise(subject: &Subject, cases: &Cases, effect: bool) -> Vec<f64> {
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
fn luck(subject: &Subject, cases: &Cases) -> Option<String> {
    let replicates = cases.replicates();
    let words = match cases.chance() {
        None if subject.about.simulated || subject.about.yes_no => {
            format!(
                "{} once, so luck cannot be told from inputs: what is said of single {} rests on the fitted surface, and on what \
                 those about them gave.",
                if subject.about.simulated { "Every point was run" } else { "Every row is a case that came" },
                subject.about.points()
            )
        }
        Some(chance) if chance.share > 0.3 => format!(
            "Luck makes up to about {:.0}% of the differences between points, each of which rests on {}.",
            100.0 * chance.share,
            match cases.shares_luck() {
                true => format!("the same {replicates} replicates. More of them would make this sharper"),
                false => format!("{replicates} runs of its own. More points would make this sharper"),
            }
        ),
        _ => return None,
    };
    Some(words)
}

/// In how many points a change made no difference to any run, in a sentence: there the conclusion holds neither way.
fn unmoved(cases: &Cases, effect: bool) -> Option<String> {
    let is_unmoved = |point: usize| {
        let mut outputs = cases.outputs_of(point).iter().filter(|output| output.is_finite()).peekable();
        outputs.peek().is_some() && outputs.all(|output| output.abs() <= 0.0)
    };
    let unmoved = (0..cases.count()).filter(|point| is_unmoved(*point)).count();
    (effect && unmoved > 0).then(|| {
        format!(
            "In {unmoved} of {} points the change made no difference in any of {}: there the conclusion counts by how likely the \
             fitted surface makes it, not by what was seen.",
            cases.count(),
            several(cases.replicates(), "replicate")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_of_which_no_run_changed_are_counted() {
        let outputs = vec![0.0, 0.0, 0.0, 1.0, f64::NAN, 0.0, f64::NAN, f64::NAN];
        let cases = Cases::new(vec!["a".into()], vec![1.0, 2.0, 3.0, 4.0], 2, outputs).unwrap();
        let told = unmoved(&cases, true).unwrap();
        assert!(told.starts_with("In 2 of 4 points the change made no difference in any of 2 replicates"), "{told}");
        assert_eq!(unmoved(&cases, false), None);
    }
}
