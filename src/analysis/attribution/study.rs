//! From two scenarios and a question to what each of their differences does.

use super::groups::{Groups, Joined};
use super::shapley::{Coalition, MOST, Orders, whole};
use crate::analysis::Estimate;
use crate::analysis::answer_runs::{AnswerRuns, Cells};
use crate::analysis::kept::{Finished, Found, NumberLines, Request, Subject, Work, find_into};
use crate::analysis::nested::{effective, kinds};
use crate::analysis::paired::PairedCounts;
use crate::estimate::CONFIDENCE;
use crate::experiment::{ExperimentError, Inputs, meant};
use crate::record::Manifest;
use crate::scenario::{EntryDifference, InputKind, Mixture, Scenario};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct ContrastAsked {
    /// The id of an answer that both scenarios have.
    pub question: String,
    /// Whether all differences of a section are one group, and not those of an entry.
    pub by_section: bool,
    /// Orders that are drawn, in place of all coalitions; with more than twelve groups as usual unless given.
    pub orders: Option<u32>,
    /// Replicates of each mixture.
    pub replicates: u64,
    /// The first replicate.
    pub first: u64,
    /// What is done about inputs that are not known.
    pub inputs: Inputs,
    /// The master seed.
    pub seed: u64,
}

impl ContrastAsked {
    /// Replicates of each mixture unless told otherwise.
    pub const REPLICATES: u64 = 200;
    /// Orders that are drawn unless told otherwise.
    pub const ORDERS: u32 = 32;
}

/// A group of differences and what it does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartFound {
    /// Its differences, by their places.
    pub members: Vec<usize>,
    /// What it does to the answer, on average over all orders in which groups could be changed.
    pub amount: Estimate,
    /// What it does as the first of all.
    pub first: f64,
    /// What it does as the last of all.
    pub last: f64,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Findings {
    /// The titles of the scenarios.
    pub titles: [String; 2],
    /// The answer's id.
    pub question: String,
    /// The question in words.
    pub text: String,
    /// Whether it is a yes or no.
    pub yes_no: bool,
    /// What an amount is measured in.
    pub unit: String,
    /// The answers of both: probabilities of yes, or means.
    pub answers: [Estimate; 2],
    /// The second less the first.
    pub difference: Estimate,
    /// What differs.
    pub differences: Vec<EntryDifference>,
    /// The groups, that which does most first; they sum to the difference.
    pub parts: Vec<PartFound>,
    /// Which differences had to be joined.
    pub joined: Vec<Joined>,
    /// Whether all coalitions were looked at; else how many orders were drawn.
    pub orders: Option<usize>,
    /// How many mixtures were run.
    pub mixtures: usize,
    /// Replicates of each.
    pub replicates: u64,
    /// Replicates that failed in a mixture and are left out of all.
    pub failed: u64,
    /// Why, of one.
    pub failure: Option<String>,
    /// Whether inputs that are not known are drawn.
    pub drawn: bool,
}

/// Takes the difference apart in a folder, goes on with what a kill left there, or reads what is done.
///
/// # Errors
/// If the scenarios do not go together or do not differ, one lacks the question, something cannot be run or written, or the work
/// is told to stop.
pub fn contrast_into(
    (first, second): (&Scenario, &Scenario),
    asked: &ContrastAsked,
    request: &Request<'_>,
) -> Result<Finished<Findings>, ExperimentError> {
    let refused = |words: String| ExperimentError::Input(words);
    let of = |scenario: &Scenario, which: &str| {
        let found = meant(scenario, &asked.question);
        let (grouped, answer) = found.map_err(|error| refused(format!("the {which} file: {error}")))?;
        let question = scenario.questions.iter().find(|question| question.id == answer.id).cloned();
        let late = || refused(format!("the {which} file: `{}` is asked of a moment after the horizon", answer.id));
        Ok::<_, ExperimentError>((grouped.id.clone(), question.ok_or_else(late)?, answer.text.clone()))
    };
    let (entry, question, text) = of(first, "first")?;
    let (_, other, _) = of(second, "second")?;
    if question.unit() != other.unit() || question.id != other.id {
        return Err(refused(format!("`{}` is not of the same kind in both files", asked.question)));
    }
    let drawn = asked.inputs != Inputs::Best;
    let mixture = Mixture::new(first, second, &entry, drawn).map_err(refused)?;
    if mixture.differences().is_empty() {
        return Err(refused(
            "the two files run the same: they differ in nothing but names, sources, other questions and variants"
                .into(),
        ));
    }
    // Without the path of a table, which says nothing of what it holds.
    let ContrastAsked { question: _, by_section, orders, replicates, first: from, inputs, seed } = asked;
    let marks = [inputs.mark(first)?, inputs.mark(second)?].join(" ");
    let subject = Subject {
        kind: "contrast",
        id: &first.file.scenario.id,
        digest: first.digest(),
        plan: format!(
            "contrast {} {} {} {} {by_section} {orders:?} {replicates} {from} {marks} {seed} {}",
            env!("CARGO_PKG_VERSION"),
            Manifest::this_commit(),
            first.digest(),
            second.digest(),
            question.id
        ),
        seed: asked.seed,
        replicates: asked.replicates,
    };
    let find = |work: Work<'_>| {
        let runs = AnswerRuns::new("contrast", (first, &question.id), (&asked.inputs, &marks, asked.seed), work)?;
        let mut findings = taken_apart(&mixture, asked, ([first, second], runs), question.yes_no())?;
        findings.titles = [first, second].map(|scenario| scenario.file.scenario.title.clone());
        (findings.question, findings.text) = (question.id.clone(), text.clone());
        question.unit().id().clone_into(&mut findings.unit);
        let title = findings.titles[0].clone();
        let (points, runs) = (findings.mixtures as u64, findings.mixtures as u64 * asked.replicates);
        Ok((Found { findings, title, points, runs }, ()))
    };
    find_into(&subject, request, find, |findings, (), files| files.tables(&findings.tables()))
}

fn taken_apart(
    mixture: &Mixture,
    asked: &ContrastAsked,
    (scenarios, mut runs): ([&Scenario; 2], AnswerRuns<'_>),
    yes_no: bool,
) -> Result<Findings, ExperimentError> {
    let differences = mixture.differences();
    let mut groups = Groups::default();
    for (place, difference) in differences.iter().enumerate() {
        let same = |group: &&mut Vec<usize>| differences[group[0]].key.section == difference.key.section;
        match groups.list.iter_mut().find(same).filter(|_| asked.by_section) {
            Some(group) => group.push(place),
            None => groups.list.push(vec![place]),
        }
    }
    groups.bind(mixture.bound(), "what stands in one file only goes with what names it there");
    if groups.list.len() > MOST {
        return Err(ExperimentError::Input(format!(
            "the files differ in {} entries that can be mixed, and at most {MOST} can be told apart: group them by section",
            groups.list.len()
        )));
    }
    let orders = |players: usize| Orders::of(players, asked.orders, ContrastAsked::ORDERS, asked.seed);
    let check = |taken: &[bool]| mixture.mixed(taken).map(drop).map_err(|problems| problems.in_a_line());
    let coalitions = groups.settle(orders, check);
    let players = groups.list.len();
    let cells = MixtureCells { mixture, groups: &groups, coalitions: &coalitions };
    let found = runs.run("mixtures", &cells, asked.first..asked.first + asked.replicates)?;
    let failure = found.iter().find_map(|cell| cell.failure.clone());
    let complete: Vec<usize> = (0..asked.replicates as usize)
        .filter(|place| found.iter().all(|cell| cell.answers.get(*place).is_some_and(|answer| answer.is_finite())))
        .collect();
    if complete.len() < 2 {
        let reason = failure.unwrap_or_default();
        return Err(ExperimentError::Input(format!("hardly a replicate can be run in all mixtures: {reason}")));
    }
    let values: BTreeMap<Coalition, Vec<f64>> = (coalitions.iter().zip(&found))
        .map(|(coalition, cell)| (*coalition, complete.iter().map(|place| cell.answers[*place]).collect()))
        .collect();
    let numbers: Vec<u64> = complete.iter().map(|place| asked.first + *place as u64).collect();
    let drawn = either_draws(scenarios, asked)?;
    let shares = orders(players).shares(players, (&values, yes_no), (&numbers, drawn), CONFIDENCE);
    let ends = [0, whole(players)].map(|end| &values[&end]);
    let mut parts: Vec<PartFound> = (groups.list.iter().zip(shares))
        .map(|(members, share)| PartFound {
            members: members.clone(),
            amount: share.amount,
            first: share.first,
            last: share.last,
        })
        .collect();
    parts.sort_by(|a, b| b.amount.value.abs().total_cmp(&a.amount.value.abs()).then(a.members.cmp(&b.members)));
    let worth =
        |values: &[f64]| effective(numbers.iter().copied().zip(values.iter().copied()), values.len() as u64, drawn);
    let answer = |values: &Vec<f64>| match yes_no {
        true => {
            let n = values.len() as u64;
            Estimate::share_of(values.iter().sum::<f64>() / n as f64, worth(values), n, CONFIDENCE)
        }
        false => Estimate::mean_of(values, worth(values), CONFIDENCE),
    };
    let changes: Vec<f64> = ends[0].iter().zip(ends[1]).map(|(before, after)| after - before).collect();
    let difference = match yes_no {
        true => {
            let pairs = ends[0].iter().zip(ends[1]).map(|(before, after)| (*before > 0.5, *after > 0.5));
            let counts = PairedCounts::of(pairs);
            Estimate::paired_shares_of(counts.gained, counts.lost, counts.total(), worth(&changes), CONFIDENCE)
        }
        false => Estimate::mean_of(&changes, worth(&changes), CONFIDENCE),
    };
    Ok(Findings {
        titles: [String::new(), String::new()],
        question: String::new(),
        text: String::new(),
        yes_no,
        unit: String::new(),
        answers: ends.map(answer),
        difference,
        differences: differences.to_vec(),
        parts,
        joined: groups.joined.clone(),
        orders: match orders(players) {
            Orders::Every => None,
            Orders::Drawn(list) => Some(list.len()),
        },
        mixtures: coalitions.len(),
        replicates: asked.replicates,
        failed: asked.replicates - complete.len() as u64,
        failure,
        drawn: asked.inputs != Inputs::Best,
    })
}

/// Of which kinds inputs are drawn in a mixture: those of either scenario, whose inputs it may have.
fn either_draws(
    scenarios: [&Scenario; 2],
    asked: &ContrastAsked,
) -> Result<Option<[bool; InputKind::ALL.len()]>, ExperimentError> {
    let mut either: Option<[bool; InputKind::ALL.len()]> = None;
    for scenario in scenarios {
        if let Some(draws) = asked.inputs.draws(scenario, asked.seed)? {
            let known = either.get_or_insert_default();
            known.iter_mut().zip(kinds(draws.drawn())).for_each(|(known, drawn)| *known |= drawn);
        }
    }
    Ok(either)
}

/// Mixtures, made when they are run.
struct MixtureCells<'a> {
    mixture: &'a Mixture,
    groups: &'a Groups,
    coalitions: &'a [Coalition],
}

impl Cells for MixtureCells<'_> {
    fn count(&self) -> usize {
        self.coalitions.len()
    }

    fn name(&self, cell: usize) -> String {
        let taken = self.groups.taken(self.coalitions[cell]);
        taken.into_iter().map(|taken| if taken { '1' } else { '0' }).chain([';']).collect()
    }

    fn make(&self, cell: usize) -> Result<Scenario, String> {
        let taken = self.groups.taken(self.coalitions[cell]);
        self.mixture.mixed(&taken).map_err(|problems| problems.in_a_line())
    }
}

impl Findings {
    /// What was found as tables of numbers: their names, and lines from the heads on.
    pub fn tables(&self) -> Vec<NumberLines> {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<String>>();
        let name = |difference: &EntryDifference| match difference.key.name.is_empty() {
            true => difference.key.section.clone(),
            false => format!("{}.{}", difference.key.section, difference.key.name),
        };
        let mut parts = vec![words(&["group", "amount", "low", "high", "first", "last", "n"])];
        parts.extend(self.parts.iter().map(|part| {
            let Estimate { value, low, high, n } = part.amount;
            let names: Vec<String> = part.members.iter().map(|member| name(&self.differences[*member])).collect();
            let numbers = [value, low, high, part.first, part.last].map(|number| number.to_string());
            std::iter::once(names.join(" ")).chain(numbers).chain([n.to_string()]).collect()
        }));
        let mut differences = vec![words(&["entry", "stands_in", "path", "first", "second"])];
        for difference in &self.differences {
            let standing = serde_json::to_value(difference.standing).unwrap_or_default();
            let start = || vec![name(difference), standing.as_str().unwrap_or_default().to_owned()];
            if difference.values.is_empty() {
                differences.push(start().into_iter().chain([const { String::new() }; 3]).collect());
            }
            for value in &difference.values {
                let cells = [&value.path, &value.from, &value.to].map(Clone::clone);
                differences.push(start().into_iter().chain(cells).collect());
            }
        }
        vec![("parts.csv".into(), parts), ("differences.csv".into(), differences)]
    }
}
