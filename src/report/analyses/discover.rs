//! Where among the inputs an outcome comes about.

use super::{AnalysisError, Subject};
use crate::analysis::cases::Cases;
use crate::analysis::discovery::{
    Patience, Peeling, Runs, best, grow, peel, prune, quasi_p_values, stability, written,
};
use crate::report::insight::{self, Boxed, Insight};

/// What is asked of a search.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DiscoverAsked {
    /// The outcome is an answer above this; of a yes or no, a yes unless given.
    pub above: Option<f64>,
    /// The outcome is an answer below this; of a yes or no, 0.5 means no.
    pub below: Option<f64>,
    /// The most inputs that the box may limit, from 1.
    pub limits: usize,
    /// How often the search is repeated on resampled points, from 10.
    pub resamples: u32,
    /// Share of a box's cases that is peeled off at a time, above 0 and below 0.5.
    pub peel: f64,
}

impl Default for DiscoverAsked {
    fn default() -> Self {
        Self { above: None, below: None, limits: 4, resamples: 50, peel: Patience::default().peel }
    }
}

/// The fewest points in which to search.
const LEAST: usize = 20;

/// The quasi-p-value above which a limit is dropped.
const DOUBTFUL: f64 = 0.05;

/// Searches for it.
///
/// # Errors
/// If the runs cannot be read, there are too few points, or the outcome never or always comes about.
pub fn discover(subject: &mut Subject, asked: &DiscoverAsked) -> Result<Insight, AnalysisError> {
    let cases = subject.cases(None)?;
    let cases = subject.grouped(cases).answered();
    let (outcome, hit) = outcome(asked, subject, &cases)?;
    if cases.count() < LEAST {
        let found = cases.count();
        return Err(AnalysisError::input(format!(
            "{found} {} are too few to search in: it takes at least {LEAST}",
            subject.about.points()
        )));
    }
    let hits = cases.shares(|output| f64::from(u8::from(hit(output))));
    let all: Vec<usize> = (0..cases.count()).collect();
    let overall = cases.share_in(&all, &hit).ok_or_else(|| AnalysisError::input("no run has an output"))?;
    for (never, words) in [(overall.value <= 0.0, "in none"), (overall.value >= 1.0, "in all")] {
        if never {
            return Err(AnalysisError::input(format!(
                "there is nothing to tell apart: {outcome} {words} of the {} {}",
                cases.missing().runs - cases.missing().without,
                subject.about.runs()
            )));
        }
    }
    subject.begin(u64::from(asked.resamples));
    let runs = Runs::new(cases.points(), cases.inputs().len(), &hits)
        .ok_or_else(|| AnalysisError::failed("inputs and outcomes do not fit together"))?
        .scaled(cases.scales())
        .in_families(cases.families());
    let settings = Patience { peel: asked.peel, ..Patience::default() };
    let limits = asked.limits;
    let mut peeling = peel(&runs, &settings);
    let choose = |runs: &Runs, peeling: &Peeling| best(peeling, limits).map(|step| prune(runs, step, DOUBTFUL));
    let chosen = choose(&runs, &peeling).ok_or_else(|| AnalysisError::failed("the search found no box"))?;
    let again = stability(&runs, &chosen, &settings, choose, (asked.resamples, 1), &|| subject.advance());
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
    Ok(insight::discovery(&subject.about, &found))
}

/// The outcome as a clause, and whether an output has it.
fn outcome(
    asked: &DiscoverAsked,
    subject: &Subject,
    cases: &Cases,
) -> Result<(String, impl Fn(f64) -> bool + use<>), AnalysisError> {
    let (above, level) = match (asked.above, asked.below) {
        (Some(level), _) => (true, level),
        (None, Some(level)) => (false, level),
        (None, None) if subject.about.yes_no => (true, 0.5),
        (None, None) => {
            let mut means = cases.means();
            means.sort_by(f64::total_cmp);
            let middle = means.get(means.len() / 2).copied().unwrap_or(0.0);
            return Err(AnalysisError::input(format!(
                "`{}` is an amount, not a yes or no: give the level that matters with --above or --below (half of the {} \
                 are above {})",
                subject.column,
                subject.about.points(),
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
