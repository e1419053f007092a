//! How far answers move over the points of a design: the words, table and chart of a sweep.

use super::document::{Block, Document, Table};
use super::fill::{command, provenance};
use super::words::{of_a_run, several, written};
use crate::analysis::interval::sorted_quantile;
use crate::base::number::{count, percent};
use crate::chart::{Band, Chart, Heading, Probabilities, ProbabilityRow};
use crate::estimate::AnswerKind;
use crate::estimate::paired::mean_and_variance;
use crate::measure::{Unit, answer_column};
use crate::record::{Method, QuestionRow, RecordError, Results, RunKey};
use crate::scenario::Scenario;
use std::collections::{BTreeMap, BTreeSet};

/// How many questions are told in words.
const TOLD: usize = 5;
/// How many questions are drawn.
const DRAWN: usize = 40;
/// From so many replicates of a point on, its shares may have tenths of a percent.
const TENTHS: u64 = 200;

/// How one answer varies over the points.
struct AnswerSpread<'a> {
    question: &'a str,
    /// The id of the question, which it may share with answers of other moments.
    asked: &'a str,
    unit: Unit,
    row: &'a QuestionRow,
    /// Lowest, 5%, median, 95% and highest of the points' answers: shares of yes, or medians.
    points: [f64; 5],
    /// Standard deviation of the answer over all runs.
    deviation: f64,
    /// Whether a point has too few replicates for tenths of a percent.
    few: bool,
}

impl AnswerSpread<'_> {
    /// Whether any two points differ.
    fn moves(&self) -> bool {
        self.points[4] - self.points[0] > 1e-12
    }

    /// How far nine points in ten lie apart.
    fn width(&self) -> f64 {
        self.points[3] - self.points[1]
    }

    fn yes_no(&self) -> bool {
        self.row.kind == AnswerKind::YesNo
    }

    /// How far the answer moves, to tell by which of its kind move most: shares as they are, amounts beside how much runs differ.
    fn size(&self) -> f64 {
        if self.yes_no() { self.width() } else { self.width() / self.deviation }
    }

    /// A value of the answer in words, as exact as the range of the points makes sense of. Of few replicates shares
    /// of yes are in whole percents, all columns of a row alike.
    fn write(&self, value: f64) -> String {
        if self.yes_no() && self.few {
            return percent(value);
        }
        let [value, low, high] = [value, self.points[1], self.points[3]].map(|value| of_a_run(self.unit, value));
        written(self.unit).0.of_runs(value, low, high)
    }

    /// The answer over all runs with its interval; as exact as those of the points where it has none.
    fn over_all(&self) -> String {
        match self.row.estimate() {
            None => "–".to_owned(),
            Some(all) if self.has_interval() => written(self.unit).0.estimate(all.value, all.low, all.high),
            Some(all) => self.write(all.value),
        }
    }

    fn has_interval(&self) -> bool {
        self.row.estimate().is_some_and(|all| all.low.is_finite() && all.high.is_finite())
    }

    fn in_words(&self) -> String {
        let [lowest, low, middle, high, highest] = self.points.map(|value| self.write(value));
        let first = match written(self.unit).1 {
            _ if self.yes_no() => {
                let all = self.row.estimate().map_or_else(|| "–".into(), |all| self.write(all.value));
                format!("{all} over all points")
            }
            "" => format!("A median of {middle} at the middle point"),
            unit => format!("A median of {middle} {unit} at the middle point"),
        };
        format!(
            "{} {first}; from {low} to {high} at nine points in ten, {lowest} at the lowest and {highest} at the highest.",
            self.question
        )
    }
}

/// The answers of a variant's points, in order: the share of yes at each, or its median.
pub(super) fn answers_of_points(keys: &[RunKey], values: &[f64], yes_no: bool, variant: u32) -> Vec<f64> {
    let mut points: BTreeMap<i32, Vec<f64>> = BTreeMap::new();
    for (key, value) in keys.iter().zip(values).filter(|(key, value)| key.variant == variant && !value.is_nan()) {
        points.entry(key.point).or_default().push(*value);
    }
    let mut answers: Vec<f64> = (points.into_values())
        .filter_map(|mut runs| {
            runs.sort_by(f64::total_cmp);
            if yes_no { Some(runs.iter().sum::<f64>() / runs.len() as f64) } else { sorted_quantile(&runs, 0.5) }
        })
        .collect();
    answers.sort_by(f64::total_cmp);
    answers
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
    let of_kind = |yes_no: bool| -> (Vec<&AnswerSpread<'_>>, usize) {
        let (mut widest, still): (Vec<_>, Vec<_>) =
            of(first).into_iter().filter(|spread| spread.yes_no() == yes_no).partition(|spread| spread.moves());
        widest.sort_by(|a, b| b.size().total_cmp(&a.size()));
        (widest, still.len())
    };
    let inputs = manifest.design.as_ref().map_or(0, |design| design.inputs.len());
    let method = manifest.design.as_ref().map_or("points", |design| named(design.method));
    let mut page = Document::new(
        format!("How far answers move: {}", scenario.file.scenario.title),
        format!(
            "{} over {} ({method}), {} at each, {}, seed {}",
            several(manifest.points as usize, "point"),
            several(inputs, "input"),
            several(manifest.replicates as usize, "replicate"),
            variants_words(&manifest.variants),
            manifest.seed
        ),
    );
    page.push(Block::Contents);
    for (yes_no, kind) in [(true, "Yes/no answers"), (false, "Amounts")] {
        let (widest, still) = of_kind(yes_no);
        if widest.is_empty() && still == 0 {
            continue;
        }
        // Of a question that is asked of several moments the one that moves most speaks for all.
        let mut asked = BTreeSet::new();
        let told = widest.iter().filter(|spread| asked.insert(spread.asked)).take(TOLD);
        let heading = if widest.is_empty() { kind.to_owned() } else { format!("{kind} that move most") };
        page.heading(heading).list(told.map(|spread| spread.in_words()));
        match (widest.is_empty(), still) {
            (true, _) => drop(page.words("None moves: each is the same at all points.")),
            (false, 0) => {}
            (false, still) => {
                page.words(format!(
                    "{} the same at all points.",
                    if still == 1 {
                        "One more answer is".into()
                    } else {
                        format!("{} more answers are", count(still as f64))
                    }
                ));
            }
        }
    }
    if spreads.is_empty() {
        page.words("No question was answered.");
    }
    if manifest.failures > 0 {
        page.caution(format!(
            "{} of {} runs failed and are left out.",
            count(manifest.failures as f64),
            count(manifest.runs as f64)
        ));
    }
    if manifest.replicates < 30 && spreads.iter().any(AnswerSpread::moves) {
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
    if let Some(chart) = &chart {
        page.heading("Charts").chart(chart);
    }
    page.heading("Numbers");
    for variant in &manifest.variants {
        for (yes_no, title, note) in [
            (
                true,
                "Yes/no questions",
                "“All points” is the share of yes over all runs of all points, with its 95% interval. The other columns are of the shares of \
                 the points by themselves: the lowest, the one that 5% of the points stay below, the middle one, and so on.",
            ),
            (
                false,
                "Amounts",
                "“All points” is the median over all runs of all points, with its 95% interval. The other columns are of the medians of \
                 the points by themselves: the lowest, the one that 5% of the points stay below, the middle one, and so on. The middle one \
                 need not be near the median over all runs: where runs differ much, that of a few replicates does too.",
            ),
        ] {
            let heads = ["All points", "Lowest", "5%", "Median", "95%", "Highest"];
            let mut table = Table::new(["Question"], heads).titled(format!("{title}: {variant}")).noted(note);
            let (moving, still): (Vec<_>, Vec<_>) =
                of(variant).into_iter().filter(|spread| spread.yes_no() == yes_no).partition(|spread| spread.moves());
            if moving.iter().any(|spread| !spread.has_interval()) {
                table.note.push_str(" Without an interval: so few replicates, whose luck all points share, give none.");
            }
            if !still.is_empty() {
                let left_out = format!(" Left out: {} the same at all points.", several(still.len(), "answer"));
                table.note.push_str(&left_out);
            }
            for spread in moving {
                let all = spread.over_all();
                let points = spread.points.map(|value| spread.write(value));
                table.row([spread.question.to_owned(), all].into_iter().chain(points));
            }
            if !table.rows.is_empty() {
                page.table(table);
            }
        }
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
    Ok((page, chart.into_iter().map(|chart| Box::new(chart) as Box<dyn Chart>).collect()))
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
    for row in rows {
        let Some((question, answer)) = scenario.answer(&row.question) else { continue };
        let variant = variants.iter().position(|id| *id == row.variant).unwrap_or(0) as u32;
        let values = results.run_numbers(&answer_column(&row.question))?;
        let answers = answers_of_points(&keys, &values, row.kind == AnswerKind::YesNo, variant);
        let at = |share: f64| sorted_quantile(&answers, share).unwrap_or(f64::NAN);
        if !answers.is_empty() {
            let counted = keys.iter().zip(&values).filter(|(key, value)| key.variant == variant && !value.is_nan());
            let counted: Vec<f64> = counted.map(|(_, value)| *value).collect();
            let deviation = mean_and_variance(&counted).1.map_or(f64::NAN, f64::sqrt);
            let points = [0.0, 0.05, 0.5, 0.95, 1.0].map(at);
            let (asked, unit) = (&question.id, question.unit);
            let few = results.manifest().replicates < TENTHS;
            spreads.push(AnswerSpread { question: &answer.text, asked, unit, row, points, deviation, few });
        }
    }
    Ok(spreads)
}

/// Which variants there are: "1 variant", or where the baseline is among others "baseline and 2 variants".
fn variants_words(variants: &[String]) -> String {
    match variants {
        [first, rest @ ..] if first == "baseline" && !rest.is_empty() => {
            format!("baseline and {}", several(rest.len(), "variant"))
        }
        all => several(all.len(), "variant"),
    }
}

/// The chart of yes/no answers; none if none moves.
fn chart(results: &Results, spreads: &[AnswerSpread<'_>]) -> Option<Probabilities> {
    let manifest = results.manifest();
    let variants: Vec<&String> = manifest.variants.iter().take(Probabilities::MOST_HORIZONS).collect();
    let mut questions: Vec<(&str, f64)> = Vec::new();
    for spread in spreads.iter().filter(|spread| spread.yes_no() && spread.moves()) {
        let width = spread.width();
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
    (!questions.is_empty()).then(|| Probabilities {
        over_points: true,
        heading: Heading::new(
            "How far does each answer move?",
            format!(
                "{}, {} at each, seed {} · dot: over all points; line: nine points in ten",
                several(manifest.points as usize, "point"),
                several(manifest.replicates as usize, "replicate"),
                manifest.seed
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
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(kind: AnswerKind, value: f64, ends: Option<(f64, f64)>) -> QuestionRow {
        let yes_no = kind == AnswerKind::YesNo;
        QuestionRow {
            question: "q".into(),
            variant: "baseline".into(),
            kind,
            probability: yes_no.then_some(value),
            median: (!yes_no).then_some(value),
            low: ends.map(|ends| ends.0),
            high: ends.map(|ends| ends.1),
            n: 512,
            luck: None,
            scenario: None,
            weights: None,
            moves: None,
        }
    }

    fn spread(row: &QuestionRow, unit: Unit, points: [f64; 5]) -> AnswerSpread<'_> {
        AnswerSpread { question: "How many?", asked: "q", unit, row, points, deviation: 1.0, few: true }
    }

    #[test]
    fn a_median_without_an_interval_is_as_exact_as_those_of_the_points() {
        let row = row(AnswerKind::Quantity, 2_868_933.0, None);
        let points = [2_110_400.0, 2_205_611.0, 2_611_112.0, 3_055_555.0, 3_200_001.0];
        let spread = spread(&row, Unit::People, points);
        let all = spread.over_all();
        assert!(!all.contains('(') && all == spread.write(2_868_933.0), "{all}");
        assert!(all.ends_with("0,000"), "{all}");
        let known = QuestionRow { low: Some(2.7e6), high: Some(3.0e6), ..row.clone() };
        assert!(AnswerSpread { row: &known, ..spread }.over_all().contains(" to "));
    }

    #[test]
    fn shares_of_few_replicates_have_no_tenths() {
        let row = row(AnswerKind::YesNo, 0.25, Some((0.1, 0.4)));
        let spread = spread(&row, Unit::Chance, [0.0, 0.25, 0.25, 0.25, 0.5]);
        let written = spread.points.map(|value| spread.write(value));
        assert_eq!(written, ["0%", "25%", "25%", "25%", "50%"]);
    }
}
