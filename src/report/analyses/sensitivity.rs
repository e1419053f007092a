//! Which inputs drive an answer.

use super::AnalysisError;
use super::subject::{DataSource, Subject};
use crate::analysis::cases::Cases;
use crate::analysis::discovery::written;
use crate::analysis::interval::Interval;
use crate::analysis::scale::Scale;
use crate::analysis::sensitivity::every::find;
use crate::analysis::sensitivity::structure::{SampleStructure, morris, recognise, saltelli};
use crate::analysis::sensitivity::{SensitivityError, Settings};
use crate::random::Spread;
use crate::record::Method;
use crate::report::insight::{self, Insight};

/// Which measures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SensitivityMeasures {
    /// What the design allows.
    #[default]
    Auto,
    /// Sobol' indices, from a Saltelli sample.
    Sobol,
    /// Elementary effects, from Morris trajectories.
    Morris,
    /// First-order indices and PAWN, from any sample.
    Given,
}

/// Estimates them.
///
/// # Errors
/// If the runs cannot be read, or do not allow the measures.
pub fn sensitivity(subject: &mut Subject, measures: SensitivityMeasures) -> Result<Insight, AnalysisError> {
    let mut cases = subject.cases(None)?;
    let structure = structure(subject, &cases, measures)?;
    if structure == SampleStructure::Other {
        // Runs with the same inputs are replicates of one point.
        cases = subject.grouped(cases);
    }
    let mut means = cases.means();
    constant(subject, &cases)?;
    if let Some((value, _)) = cases.constant() {
        // Of what never changes not even rounding is left to explain.
        means.iter_mut().for_each(|mean| *mean -= value);
    }
    let yes_no = subject.about.yes_no;
    let mut left_out = cases.left_out();
    if let Some((value, _)) = cases.constant() {
        left_out.iter_mut().flatten().for_each(|mean| *mean -= value);
    }
    let settings = Settings {
        scales: cases.scales(),
        output_range: yes_no.then_some(Interval { low: 0.0, high: 1.0 }),
        left_out: &left_out,
        rows_are: subject.about.points(),
        families: cases.families(),
        ..Settings::default()
    };
    let shares;
    let points = match structure {
        SampleStructure::Morris => {
            shares = in_shares(subject, &cases);
            &shares
        }
        _ => cases.points(),
    };
    let found = find(points, cases.inputs().len(), &means, structure, &settings).map_err(AnalysisError::input)?;
    Ok(insight::sensitivity(&subject.about, &found, &cases))
}

/// Refuses the column of a table that is the same everywhere: nothing can drive it. The page of a sweep says so of an answer.
fn constant(subject: &Subject, cases: &Cases) -> Result<(), AnalysisError> {
    let Some((value, known)) = cases.constant().filter(|_| !subject.about.simulated) else { return Ok(()) };
    let those = if known < cases.count() { " that have an output" } else { "" };
    Err(AnalysisError::input(format!(
        "`{}` is the same in all {known} rows{those}, {}: it never changes, so there is nothing to explain",
        subject.column,
        written(value)
    )))
}

/// What the rows are to be used for.
fn structure(
    subject: &Subject,
    cases: &Cases,
    measures: SensitivityMeasures,
) -> Result<SampleStructure, AnalysisError> {
    let (points, columns) = (cases.points(), cases.inputs().len());
    let refused = |what: &str, error: SensitivityError| {
        AnalysisError::input(format!(
            "the rows are no {what}: {error}; expected all inputs of the design, with its rows in their order, or --method given"
        ))
    };
    let designed = match &subject.source {
        DataSource::Sweep(sweep) => sweep.0.manifest().design.as_ref().map(|design| design.method),
        DataSource::Table(_) => None,
    };
    Ok(match (measures, designed) {
        (SensitivityMeasures::Sobol, _) => SampleStructure::Saltelli {
            second_order: saltelli(points, columns).map_err(|e| refused("Saltelli sample", e))?,
        },
        (SensitivityMeasures::Morris, _) if cases.scales().iter().any(Scale::is_nominal) => {
            return Err(AnalysisError::input(
                "elementary effects are of inputs that are numbers, and some are names: expected --method given",
            ));
        }
        (SensitivityMeasures::Morris, _) => {
            morris(points, columns).map_err(|e| refused("Morris trajectories", e))?;
            SampleStructure::Morris
        }
        (SensitivityMeasures::Given, _) => SampleStructure::Other,
        // With some of the inputs only, or some of the points, a design's rows are an ordinary sample.
        (SensitivityMeasures::Auto, Some(Method::Saltelli)) => saltelli(points, columns)
            .map_or(SampleStructure::Other, |second_order| SampleStructure::Saltelli { second_order }),
        (SensitivityMeasures::Auto, Some(Method::Morris)) => {
            morris(points, columns).map_or(SampleStructure::Other, |()| SampleStructure::Morris)
        }
        (SensitivityMeasures::Auto, Some(_)) => SampleStructure::Other,
        (SensitivityMeasures::Auto, None) => match recognise(points, columns) {
            SampleStructure::Morris if cases.scales().iter().any(Scale::is_nominal) => SampleStructure::Other,
            structure => structure,
        },
    })
}

/// Inputs as shares of their ranges, 0–1: of a sweep by the distributions that its points were drawn from, of a table
/// between the lowest and the highest value.
fn in_shares(subject: &Subject, cases: &Cases) -> Vec<f64> {
    let columns = cases.inputs().len();
    let spreads: Vec<_> = match &subject.source {
        DataSource::Sweep(sweep) => {
            let unsure = sweep.1.uncertainties();
            // A choice has no coordinates to go back to.
            let spread = |path: &String| {
                let found = unsure.iter().find(|unsure| unsure.path == *path)?.spread().ok();
                found.filter(|spread| !matches!(spread, Spread::Choice { .. }))
            };
            cases.inputs().iter().map(spread).collect()
        }
        DataSource::Table(_) => vec![None; columns],
    };
    let ends: Vec<(f64, f64)> = (0..columns)
        .map(|input| {
            let values = cases.points().iter().skip(input).step_by(columns);
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(*value), high.max(*value)))
        })
        .collect();
    let share = |(at, value): (usize, &f64)| {
        let (low, high) = ends[at % columns];
        match &spreads[at % columns] {
            Some(spread) => spread.share(*value),
            None if high > low => (value - low) / (high - low),
            None => 0.0,
        }
    };
    cases.points().iter().enumerate().map(share).collect()
}
