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

/// The shares, and which of the three a reader should work on.
pub fn sentence(shares: &VarianceShares) -> String {
    /// Below this share of the variance, knowing inputs and weights changes little.
    const LITTLE: f64 = 0.1;
    let [luck, scenario, weights] = in_percent(shares);
    let advice = if shares.scenario + shares.weights < LITTLE {
        "neither better inputs nor better weights would change them much: what is left is how futures differ, and more \
         replicates only narrow the intervals"
    } else if shares.scenario >= shares.weights {
        "most is to be gained by knowing the scenario's inputs better, its [[uncertainty]] entries"
    } else {
        "most is to be gained by knowing the weights of behaviour better, by calibrating them on other conflicts"
    };
    format!(
        "Of the variance of these answers {luck} is luck, {scenario} comes from inputs of the scenario and {weights} from weights of \
         behaviour: {advice}."
    )
}

/// How far an answer moves over what is not known, in its own unit: "±8 points".
pub fn moves(row: &QuestionRow, unit: Unit) -> Option<String> {
    let moves = row.moves.filter(|_| row.n >= FEWEST_RUNS)?;
    let format = if row.kind == AnswerKind::YesNo { Format::Percent } else { written(unit).0 };
    Some(match format {
        // As shares are written, so that what has a share is never told as 0.
        Format::Percent => match percent(moves).trim_end_matches('%').strip_prefix('<') {
            Some(least) => format!("less than ±{least}"),
            None => format!("±{}", percent(moves).trim_end_matches('%')),
        },
        Format::Count => format!("±{}", format.rounded(moves, 0.6 * moves, 1.4 * moves)),
    })
}

/// What each answer varies by, of which `row` gives what was found; none if inputs were not drawn.
pub fn table<'a>(scenario: &Scenario, row: impl Fn(&str) -> Option<&'a QuestionRow>) -> Option<Table> {
    let mut table = Table::new(["Question"], ["Luck", "Inputs of the scenario", "Weights", "Moves over both"]).noted(
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
        let said = |shares| sentence(&together([&row(0.5, shares)]).unwrap());
        assert!(said([0.95, 0.03, 0.02]).contains("neither better inputs"));
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
        for (share, words) in [(0.0, "±0"), (0.0003, "less than ±0.1"), (0.004, "±0.4"), (0.12, "±12"), (1.0, "±100")]
        {
            assert_eq!(told(share, Unit::Chance), words);
            assert_eq!(told(share, Unit::Share), words);
        }
        assert_eq!(told(0.0, Unit::People), "±0");
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
