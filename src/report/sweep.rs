//! How far answers move over the points of a design: the words, table and chart of a sweep.

use super::document::{Block, Document, Table};
use super::fill::{command, provenance};
use super::words::several;
use crate::analysis::interval::sorted_quantile;
use crate::base::number::{Format, percent};
use crate::chart::{Band, Chart, Heading, Probabilities, ProbabilityRow};
use crate::estimate::AnswerKind;
use crate::measure::answer_column;
use crate::record::{Method, QuestionRow, RecordError, Results};
use crate::scenario::Scenario;
use std::collections::BTreeMap;

/// How many questions are told in words.
const TOLD: usize = 5;
/// How many questions are drawn.
const DRAWN: usize = 40;

/// How one answer varies over the points.
struct AnswerSpread<'a> {
    question: &'a str,
    row: &'a QuestionRow,
    /// Lowest, 5%, median, 95% and highest of the points' probabilities.
    points: [f64; 5],
}

impl AnswerSpread<'_> {
    /// Whether any two points differ.
    fn moves(&self) -> bool {
        self.points[4] - self.points[0] > 1e-12
    }
}

/// What a sweep says, and its chart, still to be drawn.
///
/// # Errors
/// If the results cannot be read.
pub fn sweep(results: &Results, scenario: &Scenario) -> Result<(Document, Vec<Box<dyn Chart>>), RecordError> {
    let manifest = results.manifest();
    let rows = results.questions()?;
    let spreads = spreads(results, scenario, &rows)?;
    let of = |variant: &str| -> Vec<&AnswerSpread<'_>> {
        spreads.iter().filter(|spread| spread.row.variant == variant).collect()
    };
    let first = manifest.variants.first().map_or("", String::as_str);
    let (mut widest, still): (Vec<_>, Vec<_>) = of(first).into_iter().partition(|spread| spread.moves());
    widest.sort_by(|a, b| (b.points[3] - b.points[1]).total_cmp(&(a.points[3] - a.points[1])));
    let inputs = manifest.design.as_ref().map_or(0, |design| design.inputs.len());
    let method = manifest.design.as_ref().map_or("points", |design| named(design.method));
    let mut page = Document::new(
        format!("How far answers move: {}", scenario.file.scenario.title),
        format!(
            "{} over {} ({method}), {} at each, {}, seed {}",
            several(manifest.points as usize, "point"),
            several(inputs, "input"),
            several(manifest.replicates as usize, "replicate"),
            several(manifest.variants.len(), "variant"),
            manifest.seed
        ),
    );
    page.push(Block::Contents).heading("Yes/no answers that move most");
    page.list(widest.iter().take(TOLD).map(|spread| in_words(spread)));
    match (widest.is_empty(), still.len()) {
        (true, 0) => drop(page.words("No yes/no question was answered.")),
        (true, _) => drop(page.words("No yes/no answer moves: each is the same at all points.")),
        (false, 0) => {}
        (false, still) => {
            let answers = if still == 1 { "answer is" } else { "answers are" };
            page.words(format!("{still} more yes/no {answers} the same at all points."));
        }
    }
    if manifest.failures > 0 {
        page.caution(format!("{} of {} runs failed and are left out.", manifest.failures, manifest.runs));
    }
    if manifest.replicates < 30 && !widest.is_empty() {
        page.caution(format!(
            "With {} at a point, much of what the points differ in is luck; the ranges are wider than the inputs make them.",
            several(manifest.replicates as usize, "replicate")
        ));
    }
    page.push(Block::Caution {
        lead: "A model, not a forecast.".into(),
        words: "This says what drives the model within the ranges that were sampled, not what drives the world.".into(),
    });
    let chart = chart(results, &spreads);
    page.heading("Charts").chart(&chart).heading("Numbers");
    for variant in &manifest.variants {
        let heads = ["All points", "Lowest", "5%", "Median", "95%", "Highest"];
        let mut table = Table::new(["Question"], heads)
            .titled(format!("Yes/no questions: {variant}"))
            .noted("Probabilities over the points, and their share over all points with its 95% interval.");
        for spread in of(variant) {
            let row = spread.row;
            let all = row
                .estimate()
                .map_or_else(String::new, |share| Format::Percent.estimate(share.value, share.low, share.high));
            table.row([spread.question.to_owned(), all].into_iter().chain(spread.points.map(percent)));
        }
        page.table(table);
    }
    page.heading("How it was made").words(
        "The scenario was run at each point of the design with the same random numbers, so points differ by their inputs and \
         not by luck that they do not share. The interval of the share over all points takes both the points and the replicates \
         as drawn from more.",
    );
    page.words(
        "Which inputs drive an answer: entente sensitivity. Where in their ranges it comes about: entente discover. Which \
         assumptions a conclusion rests on: entente assumptions.",
    );
    page.command(command(manifest)).facts(provenance(manifest)).use_with_care();
    Ok((page, vec![Box::new(chart)]))
}

fn named(method: Method) -> &'static str {
    match method {
        Method::Grid => "full grid",
        Method::LatinHypercube => "Latin hypercube",
        Method::Sobol => "Sobol' sequence",
        Method::Morris => "Morris trajectories",
        Method::Saltelli => "Saltelli sample",
        Method::Table => "own points",
    }
}

fn spreads<'a>(
    results: &Results,
    scenario: &'a Scenario,
    rows: &'a [QuestionRow],
) -> Result<Vec<AnswerSpread<'a>>, RecordError> {
    let keys = results.run_keys()?;
    let variants = &results.manifest().variants;
    let mut spreads = Vec::new();
    for row in rows.iter().filter(|row| row.kind == AnswerKind::YesNo) {
        let Some((_, answer)) = scenario.answer(&row.question) else { continue };
        let variant = variants.iter().position(|id| *id == row.variant).unwrap_or(0) as u32;
        let values = results.run_numbers(&answer_column(&row.question))?;
        let mut points: BTreeMap<i32, (f64, f64)> = BTreeMap::new();
        for (key, value) in keys.iter().zip(&values).filter(|(key, value)| key.variant == variant && !value.is_nan()) {
            let (yes, n) = points.entry(key.point).or_default();
            *yes += value;
            *n += 1.0;
        }
        let mut shares: Vec<f64> = points.values().map(|(yes, n)| yes / n).collect();
        shares.sort_by(f64::total_cmp);
        let at = |share: f64| sorted_quantile(&shares, share).unwrap_or(f64::NAN);
        if !shares.is_empty() {
            let points = [0.0, 0.05, 0.5, 0.95, 1.0].map(at);
            spreads.push(AnswerSpread { question: &answer.text, row, points });
        }
    }
    Ok(spreads)
}

fn in_words(spread: &AnswerSpread<'_>) -> String {
    let [lowest, low, _, high, highest] = spread.points.map(percent);
    format!(
        "{} {} over all points; from {low} to {high} at nine points in ten, {lowest} at the lowest and {highest} at the \
         highest.",
        spread.question,
        spread.row.probability.map_or_else(|| "-".into(), percent)
    )
}

fn chart(results: &Results, spreads: &[AnswerSpread<'_>]) -> Probabilities {
    let manifest = results.manifest();
    let variants: Vec<&String> = manifest.variants.iter().take(Probabilities::MOST_HORIZONS).collect();
    let mut questions: Vec<(&str, f64)> = Vec::new();
    for spread in spreads {
        let width = spread.points[3] - spread.points[1];
        match questions.iter_mut().find(|(question, _)| *question == spread.question) {
            Some((_, widest)) => *widest = widest.max(width),
            None => questions.push((spread.question, width)),
        }
    }
    questions.sort_by(|a, b| b.1.total_cmp(&a.1));
    let band = |question: &str, variant: &str| {
        let spread = spreads.iter().find(|spread| spread.question == question && spread.row.variant == variant)?;
        Some(Band::new(spread.row.probability?, spread.points[1], spread.points[3]))
    };
    Probabilities {
        over_points: true,
        heading: Heading::new(
            "How far does each answer move?",
            format!(
                "{} points, {} replicates at each, seed {} · dot: over all points; line: nine points in ten",
                manifest.points, manifest.replicates, manifest.seed
            ),
        ),
        horizons: variants.iter().map(|variant| (*variant).clone()).collect(),
        rows: questions
            .into_iter()
            .take(DRAWN)
            .map(|(question, _)| ProbabilityRow {
                text: question.to_owned(),
                probabilities: variants.iter().map(|variant| band(question, variant)).collect(),
                observed: None,
            })
            .collect(),
    }
}
