//! What weights are to bring about: answers that are known, amounts and frequencies, each of one scenario.

use super::file::{CalibrationFile, Frequency, Summary};
use crate::measure::{Measure, Measures, Unit};
use crate::scenario::file::Observed;
use crate::scenario::read::problem::nearest;
use crate::scenario::read::report::Report;
use crate::scenario::read::tree::{Step, key_path};
use crate::scenario::{AnswerAt, GroupedQuestion, Scenario};
use std::collections::{BTreeMap, BTreeSet};

/// How many standard deviations lie between the 2.5% and the 97.5% point of a normal distribution.
pub const ENDS: f64 = 3.92;

/// Something that came to be in one scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// The scenario, by its place.
    pub scenario: usize,
    /// The conflict.
    pub conflict: String,
    /// A short name, unlike any other: `bosnia-1993/pact-6m`.
    pub id: String,
    /// In words.
    pub text: String,
    /// How much it counts among those of its conflict: the moments of one question count as much as one.
    pub share: f64,
    /// What it is.
    pub what: What,
}

/// What came to be, and where runs say the same.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// A yes or no: the answer of a place, and whether it was a yes.
    Answer(usize, bool),
    /// An amount.
    Amount {
        /// Where runs have it.
        of: Amount,
        /// What it counts.
        unit: Unit,
        /// What it was.
        observed: f64,
        /// Standard deviation of what is not known of it, on the scale of [`Unit::scaled`].
        error: f64,
    },
    /// How often dyads change.
    Frequency {
        /// How.
        kind: Frequency,
        /// What it was.
        observed: f64,
        /// Standard deviation of what is not known of it.
        error: f64,
    },
}

/// Where runs have an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// The answer of a place.
    Answer(usize),
    /// A measure of the horizon.
    Final(Measure),
}

/// Resolves the summaries of a file and says what is wrong with them.
pub fn targets(report: &mut Report, file: &CalibrationFile, scenarios: &[Scenario]) -> Vec<Target> {
    let mut found: Vec<Target> = Vec::new();
    let before = report.problems.len();
    for (index, summary) in file.summary.iter().enumerate() {
        let at = key_path!["summary", index];
        let given = [!summary.questions.is_empty(), summary.measure.is_some(), summary.frequency.is_some()];
        if given.iter().filter(|given| **given).count() != 1 {
            report
                .on_key(at, "this summary names more or less than one thing".into())
                .expected("expected exactly one of `questions`, `measure` and `frequency`");
            continue;
        }
        let chosen = chosen(report, index, summary, scenarios);
        if chosen.is_empty() {
            continue;
        }
        if given[0] {
            questions(report, index, summary, &chosen, scenarios, &mut found);
        } else if let Some(name) = &summary.measure {
            measure(report, (index, name), summary, &chosen, scenarios, &mut found);
        } else if let Some(kind) = summary.frequency {
            frequency(report, (index, kind), summary, &chosen, scenarios, &mut found);
        }
    }
    if found.is_empty() && report.problems.len() == before {
        report
            .on_key(key_path!["summary"], "there is nothing to learn from".into())
            .expected("expected a summary of which it is known what came to be")
            .help(Some("questions of the scenarios need `observed`".into()));
    }
    let mut seen = BTreeSet::new();
    found.retain(|target| seen.insert(target.id.clone()));
    share_moments(&mut found, scenarios);
    found
}

/// Lets the moments of a question count as much as one together, however they are named.
fn share_moments(targets: &mut [Target], scenarios: &[Scenario]) {
    let question = |target: &Target| {
        let place = match target.what {
            What::Answer(place, _) | What::Amount { of: Amount::Answer(place), .. } => place,
            What::Amount { of: Amount::Final(_), .. } | What::Frequency { .. } => return None,
        };
        let mut all = scenarios[target.scenario].question_groups().iter().flat_map(|group| &group.questions);
        let found = all.position(|question| question.answers.iter().any(|answer| answer.index == place))?;
        Some((target.scenario, found))
    };
    let mut moments: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    targets.iter().filter_map(question).for_each(|question| *moments.entry(question).or_default() += 1.0);
    for target in targets {
        if let Some(moments) = question(target).and_then(|question| moments.get(&question)) {
            target.share = 1.0 / moments;
        }
    }
}

/// The scenarios that a summary is of.
fn chosen(report: &mut Report, index: usize, summary: &Summary, scenarios: &[Scenario]) -> Vec<usize> {
    let Some(conflict) = &summary.conflict else { return (0..scenarios.len()).collect() };
    let is = |scenario: &Scenario| scenario.conflict() == conflict || scenario.file.scenario.id == *conflict;
    let found: Vec<usize> = (0..scenarios.len()).filter(|place| is(&scenarios[*place])).collect();
    if found.is_empty() {
        report
            .on(key_path!["summary", index, "conflict"], format!("no scenario is of the conflict `{conflict}`"))
            .expected("expected the conflict of a scenario, or its id")
            .help(nearest(conflict, scenarios.iter().map(Scenario::conflict)));
    }
    found
}

fn questions(
    report: &mut Report,
    index: usize,
    summary: &Summary,
    chosen: &[usize],
    scenarios: &[Scenario],
    found: &mut Vec<Target>,
) {
    no_values(report, index, summary);
    for (place, wanted) in summary.questions.iter().enumerate() {
        let at = key_path!["summary", index, "questions", place];
        let mut known = false;
        let before = found.len();
        for scenario in chosen {
            let groups = scenarios[*scenario].question_groups().iter().flat_map(|group| &group.questions);
            for question in groups {
                let suits = |answer: &&AnswerAt| wanted == "*" || question.id == *wanted || answer.id == *wanted;
                let answers: Vec<&AnswerAt> = question.answers.iter().filter(suits).collect();
                known |= !answers.is_empty();
                let of = |answer| answered(&scenarios[*scenario], *scenario, question, answer, answer.observed?);
                found.extend(answers.into_iter().filter_map(of));
            }
        }
        if !known {
            let ids = chosen.iter().flat_map(|scenario| scenarios[*scenario].question_groups());
            let ids = ids.flat_map(|group| group.questions.iter().map(|question| question.id.as_str()));
            report
                .on(at, format!("no scenario asks `{wanted}`"))
                .expected("expected the id of a question or answer, or `*`")
                .help(nearest(wanted, ids));
        } else if found.len() == before {
            report
                .on(at, "nothing of this is known".into())
                .expected("expected a question with `observed` at a moment up to the horizon");
        }
    }
}

fn answered(
    of: &Scenario,
    scenario: usize,
    question: &GroupedQuestion,
    answer: &AnswerAt,
    observed: Observed,
) -> Option<Target> {
    let what = match observed {
        Observed::Amount(observed) => {
            What::Amount { of: Amount::Answer(answer.index), unit: question.unit, observed, error: 0.0 }
        }
        other => What::Answer(answer.index, other.is_yes()?),
    };
    Some(Target {
        scenario,
        conflict: of.conflict().to_owned(),
        id: format!("{}/{}", of.file.scenario.id, answer.id),
        text: answer.text.clone(),
        share: 1.0,
        what,
    })
}

/// The name of a measure in words: `deaths.state_based.year_1` is "Deaths state based in year 1".
fn in_words(name: &str) -> String {
    let words = name.replace("year_", "in year ").replace(['.', '_'], " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Reports what came to be where a scenario says it already.
fn no_values(report: &mut Report, index: usize, summary: &Summary) {
    let given = [("observed", summary.observed), ("low", summary.low), ("high", summary.high)];
    for (field, _) in given.iter().filter(|(_, value)| value.is_some()) {
        report
            .on_key(key_path!["summary", index, *field], format!("`{field}` stands beside `questions`"))
            .expected("expected what came to be in the scenarios, as `observed` of their questions");
    }
}

/// What came to be, with the ends of what is not known of it; ends that are not given are none.
fn values(report: &mut Report, index: usize, summary: &Summary, most: f64) -> Option<(f64, Option<(f64, f64)>)> {
    let Some(observed) = summary.observed else {
        report.on_key(key_path!["summary", index], "`observed` is missing".into()).expected("expected what came to be");
        return None;
    };
    let mut wrong = |field: &str, message: String, expected: &str| {
        report.on(key_path!["summary", index, field], message).expected(expected);
    };
    if !(0.0..=most).contains(&observed) {
        let expected = if most.is_finite() { "expected a share, 0 to 1" } else { "expected 0 or more" };
        wrong("observed", format!("`observed` is {observed}"), expected);
        return None;
    }
    let ends = match (summary.low, summary.high) {
        (None, None) => None,
        (Some(low), Some(high)) if low < high && (low..=high).contains(&observed) && low >= 0.0 && high <= most => {
            Some((low, high))
        }
        (low, high) => {
            let ends = [low, high].map(|end| end.map_or("nothing".to_owned(), |end| end.to_string()));
            let message = format!("`low` and `high` are {} and {}", ends[0], ends[1]);
            wrong(
                if low.is_some() { "low" } else { "high" },
                message,
                "expected low < high about `observed`, or neither",
            );
            return None;
        }
    };
    Some((observed, ends))
}

fn measure(
    report: &mut Report,
    (index, name): (usize, &str),
    summary: &Summary,
    chosen: &[usize],
    scenarios: &[Scenario],
    found: &mut Vec<Target>,
) {
    let at: &[Step] = key_path!["summary", index, "measure"];
    let [place] = chosen else {
        report
            .on(at, format!("`{name}` is measured in {} scenarios", chosen.len()))
            .expected("expected `conflict`, with the id of the one that it is of");
        return;
    };
    let scenario = &scenarios[*place];
    let measures = Measures::new(&scenario.setting, scenario.questions.clone());
    let columns = &measures.layout().finals;
    let Some(column) = columns.iter().find(|column| column.name == *name) else {
        report
            .on(at, format!("there is no measure `{name}`"))
            .expected("expected a column of `runs.parquet`, such as `deaths.year_1`")
            .help(nearest(name, columns.iter().map(|column| column.name.as_str())));
        return;
    };
    let most = if matches!(column.unit, Unit::Share | Unit::Chance) { 1.0 } else { f64::INFINITY };
    let Some((observed, ends)) = values(report, index, summary, most) else { return };
    let scaled = |amount| column.unit.scaled(amount);
    let error = ends.map_or(0.0, |(low, high)| (scaled(high) - scaled(low)) / ENDS);
    found.push(Target {
        scenario: *place,
        conflict: scenario.conflict().to_owned(),
        id: format!("{}/{name}", scenario.file.scenario.id),
        text: format!("{} ({})", in_words(name), scenario.file.scenario.title),
        share: 1.0,
        what: What::Amount { of: Amount::Final(column.measure), unit: column.unit, observed, error },
    });
}

fn frequency(
    report: &mut Report,
    (index, kind): (usize, Frequency),
    summary: &Summary,
    chosen: &[usize],
    scenarios: &[Scenario],
    found: &mut Vec<Target>,
) {
    let Some((observed, ends)) = values(report, index, summary, 1.0) else { return };
    let Some((low, high)) = ends else {
        report
            .on_key(key_path!["summary", index], "nothing says how well this frequency is known".into())
            .expected("expected `low` and `high`");
        return;
    };
    let words = match kind {
        Frequency::StaysActive => ("stays-active", "an active dyad is active in the next year"),
        Frequency::Returns => ("returns", "a dyad that stopped is active in the next year"),
        Frequency::Begins => ("begins", "a dyad that was never active is so in the next year"),
    };
    for place in chosen {
        let scenario = &scenarios[*place];
        let of_conflict = chosen.iter().filter(|other| scenarios[**other].conflict() == scenario.conflict()).count();
        let years = Measures::new(&scenario.setting, scenario.questions.clone());
        let counted = |column: &&crate::measure::Column| matches!(column.measure, Measure::ActiveInYear(_, 1..));
        if years.layout().finals.iter().find(counted).is_none() {
            report
                .on(key_path!["summary", index, "frequency"], {
                    format!("`{}` has less than two years in which dyads are counted", scenario.file.scenario.id)
                })
                .expected("expected `conflict`, of scenarios of two years and more");
            continue;
        }
        found.push(Target {
            scenario: *place,
            conflict: scenario.conflict().to_owned(),
            id: format!("{}/{}", scenario.file.scenario.id, words.0),
            text: format!("How often {} ({})", words.1, scenario.file.scenario.title),
            share: 1.0 / of_conflict.max(1) as f64,
            what: What::Frequency { kind, observed, error: (high - low) / ENDS },
        });
    }
}
