//! What answers vary by, in words: luck, inputs of the scenario, weights of behaviour.

use super::document::{Table, TableCell};
use super::words::written;
use crate::analysis::nested::VarianceShares;
use crate::base::number::{Format, percent};
use crate::estimate::AnswerKind;
use crate::measure::Unit;
use crate::record::QuestionRow;
use crate::scenario::Scenario;

/// With fewer runs, what answers vary by is luck itself: eight runs share weights.
const FEWEST_RUNS: u64 = 500;

impl QuestionRow {
    /// What the answer varies by; none if inputs were not drawn, nothing varies, or the runs are too few to tell.
    pub fn variance(&self) -> Option<VarianceShares> {
        (self.n >= FEWEST_RUNS).then_some(())?;
        Some(VarianceShares { luck: self.luck?, scenario: self.scenario?, weights: self.weights? })
    }
}

/// Why it is not told what answers vary by where inputs are drawn, if it is for want of runs.
pub fn too_few(runs: u64, drawn: bool) -> Option<String> {
    let is_it = drawn && (2..FEWEST_RUNS).contains(&runs);
    is_it.then(|| format!("What they vary by is told from {FEWEST_RUNS} runs on."))
}

/// What answers vary by together: each counts by how open it is, p(1 − p) of yes and no, and 1/4 for an amount.
pub fn together<'a>(rows: impl IntoIterator<Item = &'a QuestionRow>) -> Option<VarianceShares> {
    let (mut sums, mut all) = ([0.0; 3], 0.0);
    for row in rows {
        let Some(shares) = row.variance() else { continue };
        let open = match (row.kind, row.probability) {
            (AnswerKind::YesNo, Some(share)) => share * (1.0 - share),
            _ => 0.25,
        };
        for (sum, share) in sums.iter_mut().zip([shares.luck, shares.scenario, shares.weights]) {
            *sum += open * share;
        }
        all += open;
    }
    let [luck, scenario, weights] = sums.map(|sum| sum / all);
    (all > 0.0).then_some(VarianceShares { luck, scenario, weights })
}

/// The shares in a short line.
pub fn line(shares: &VarianceShares) -> String {
    let [luck, scenario, weights] = in_percent(shares);
    format!("What they vary by: luck {luck}, inputs of the scenario {scenario}, weights {weights}.")
}

/// What answers vary by together, how far they move, and which of the three a reader should work on.
pub fn sentence<'a>(rows: impl IntoIterator<Item = &'a QuestionRow>) -> Option<String> {
    /// Where no share of runs moves by more, knowing inputs and weights changes little.
    const LITTLE: f64 = 0.02;
    /// So little of the variance, where only amounts are asked for.
    const LITTLE_OF_ALL: f64 = 0.1;
    let rows: Vec<&QuestionRow> = rows.into_iter().collect();
    let shares = together(rows.iter().copied())?;
    let moved = rows.iter().filter(|row| row.kind == AnswerKind::YesNo && row.variance().is_some());
    let furthest = moved.filter_map(|row| row.moves).reduce(f64::max);
    let [luck, scenario, weights] = in_percent(&shares);
    let how_far = furthest.filter(|far| *far > 0.0).map_or_else(String::new, |far| {
        format!(
            " Over inputs and weights, the answer that moves most has a standard deviation of {} points.",
            points(far)
        )
    });
    let little = furthest.map_or(shares.scenario + shares.weights < LITTLE_OF_ALL, |far| far < LITTLE);
    let advice = if little {
        "neither better inputs nor better weights would change them much: what is left is how futures differ, and more \
         replicates only narrow the intervals"
    } else if shares.scenario >= shares.weights {
        "most is to be gained by knowing the scenario's inputs better"
    } else {
        "most is to be gained by knowing the weights of behaviour better, by calibrating them on other conflicts"
    };
    Some(format!(
        "Of the variance of these answers {luck} is luck, {scenario} comes from inputs of the scenario and {weights} from weights of \
         behaviour: {advice}.{how_far}"
    ))
}

/// A share in percentage points, without a unit; "less than 0.1" rather than none.
fn points(share: f64) -> String {
    let percent = percent(share);
    let points = percent.trim_end_matches('%');
    points.strip_prefix('<').map_or_else(|| points.to_owned(), |least| format!("less than {least}"))
}

/// How far an answer moves over what is not known, in its own unit, one standard deviation: "±8"; none if it does not.
pub fn moves(row: &QuestionRow, unit: Unit) -> Option<String> {
    let moves = row.moves.filter(|moves| row.n >= FEWEST_RUNS && *moves > 0.0)?;
    let format = if row.kind == AnswerKind::YesNo { Format::Percent } else { written(unit).0 };
    Some(match format {
        Format::Percent => match points(moves).strip_prefix("less than ") {
            Some(least) => format!("less than ±{least}"),
            None => format!("±{}", points(moves)),
        },
        Format::Count => format!("±{}", format.rounded(moves, 0.6 * moves, 1.4 * moves)),
    })
}

/// How far a share of yes moves over what is not known: "moves ±8", or "standard deviation 8" where that would reach
/// beyond what a share can be; none if it does not move.
pub fn spread(row: &QuestionRow) -> Option<String> {
    let (moves, share) = (moves(row, Unit::Chance)?, row.probability?);
    let far = row.moves?;
    Some(match share - far >= 0.0 && share + far <= 1.0 {
        true => format!("moves {moves}"),
        false => format!("standard deviation {}", moves.replace('±', "")),
    })
}

/// What each answer varies by, of which `row` gives what was found; none if inputs were not drawn.
pub fn table<'a>(scenario: &Scenario, row: impl Fn(&str) -> Option<&'a QuestionRow>) -> Option<Table> {
    let mut table = Table::new(["Question"], ["Luck", "Inputs of the scenario", "Weights", "Standard deviation over both"]).noted(
        "Shares of the variance of a run's answer, estimated from runs that share all inputs, the scenario's or none. An answer \
         moves by one standard deviation of what it would be were inputs and weights known: in percentage points, or in its unit.",
    );
    let answers = scenario.question_groups().iter().flat_map(|group| &group.questions);
    for (question, answer) in answers.flat_map(|question| question.answers.iter().map(move |answer| (question, answer)))
    {
        let Some(row) = row(&answer.id) else { continue };
        let Some(shares) = row.variance() else { continue };
        let cells = in_percent(&shares).into_iter().chain([moves(row, question.unit).unwrap_or_default()]);
        table.row([answer.text.clone()].into_iter().chain(cells).map(TableCell::from));
    }
    (!table.rows.is_empty()).then_some(table)
}

fn in_percent(shares: &VarianceShares) -> [String; 3] {
    [shares.luck, shares.scenario, shares.weights].map(percent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(probability: f64, [luck, scenario, weights]: [f64; 3]) -> QuestionRow {
        QuestionRow {
            question: "pact".into(),
            variant: "baseline".into(),
            kind: AnswerKind::YesNo,
            probability: Some(probability),
            median: None,
            low: None,
            high: None,
            n: 1000,
            luck: Some(luck),
            scenario: Some(scenario),
            weights: Some(weights),
            moves: Some(0.12),
        }
    }

    #[test]
    fn the_sentence_says_what_to_work_on() {
        let of = |moves, shares| sentence([&QuestionRow { moves: Some(moves), ..row(0.5, shares) }]).unwrap();
        let said = |shares| of(0.12, shares);
        assert!(of(0.01, [0.95, 0.03, 0.02]).contains("neither better inputs"));
        // A tenth of the variance may move an answer far.
        let far = of(0.19, [0.93, 0.05, 0.02]);
        assert!(
            far.contains("knowing the scenario's inputs better") && far.contains("a standard deviation of 19 points"),
            "{far}"
        );
        assert!(said([0.6, 0.3, 0.1]).contains("30% comes from inputs of the scenario"));
        assert!(said([0.6, 0.3, 0.1]).contains("knowing the scenario's inputs better"));
        assert!(said([0.6, 0.1, 0.3]).contains("calibrating them"));
        assert_eq!(moves(&row(0.5, [1.0, 0.0, 0.0]), Unit::Chance).unwrap(), "±12");
    }

    #[test]
    fn what_moves_is_never_told_as_nothing() {
        let told = |share, unit| {
            let kind = if unit == Unit::Chance { AnswerKind::YesNo } else { AnswerKind::Quantity };
            moves(&QuestionRow { moves: Some(share), kind, ..row(0.5, [0.9, 0.1, 0.0]) }, unit).unwrap()
        };
        for (share, words) in [(0.0003, "less than ±0.1"), (0.004, "±0.4"), (0.12, "±12"), (1.0, "±100")] {
            assert_eq!(told(share, Unit::Chance), words);
            assert_eq!(told(share, Unit::Share), words);
        }
        let still = QuestionRow { moves: Some(0.0), ..row(0.5, [1.0, 0.0, 0.0]) };
        assert_eq!((moves(&still, Unit::Chance), spread(&still)), (None, None));
        let of = |share| spread(&row(share, [0.9, 0.1, 0.0])).unwrap();
        assert_eq!([of(0.5), of(0.05), of(0.95)], ["moves ±12", "standard deviation 12", "standard deviation 12"]);
        assert_eq!(told(0.034, Unit::Count), "±0.034");
        assert_eq!(told(842_123.0, Unit::People), "±840,000");
    }

    #[test]
    fn an_answer_that_is_nearly_sure_counts_for_little() {
        let (open, sure) = (row(0.5, [0.2, 0.8, 0.0]), row(0.001, [1.0, 0.0, 0.0]));
        let shares = together([&open, &sure]).unwrap();
        assert!((shares.scenario - 0.8).abs() < 0.01);
        assert!(line(&shares).chars().count() <= 80);
        assert_eq!(together([&QuestionRow { luck: None, ..open }]), None);
    }
}
