//! What a command prints of its results: the answers that come first, in no more lines than a terminal shows.

use super::document::{Document, Table};
use super::effects::{Effects, VariantEffect, effect, effects, least, least_words, pairs};
use super::figures::{Actors, NONE_TWICE, frequent, names};
use super::fill::{moment_words, moments};
use super::shown::fit;
pub use super::shown::{LINES, Shown, WIDTH};
use super::sweep::answers_of_points;
use super::variance;
use super::words::{interval, of_a_run, several, written};
use crate::analysis::Estimate;
use crate::analysis::interval::sorted_quantile;
use crate::base::number::{Format, count, grouped, percent};
use crate::estimate::DifferenceRow;
use crate::measure::{Measures, answer_column};
use crate::record::{QuestionRow, RecordError, Results, RunKey};
use crate::scenario::{AnswerAt, GroupedQuestion, Scenario};
use serde::Serialize;
use std::collections::BTreeSet;

/// How many coalition structures are printed where all is.
const STRUCTURES: usize = 5;
/// How many variants are named with a question that they change.
const NAMED: usize = 3;

/// A question with what is printed of it at each moment: one line, or for an amount its median and the ends of the range
/// of futures.
struct SummaryEntry<'a> {
    group: Option<&'a str>,
    question: &'a GroupedQuestion,
    answers: Vec<&'a AnswerAt>,
    lines: Vec<(String, Vec<String>)>,
}

/// Adds the answers of a run to a document: headline questions by group, moments as columns.
///
/// # Errors
/// If the results cannot be read.
pub fn answers(
    document: &mut Document,
    results: &Results,
    scenario: &Scenario,
    shown: Shown<'_>,
) -> Result<(), RecordError> {
    let manifest = results.manifest();
    let Some(variant) = manifest.variants.first() else { return Ok(()) };
    let mut widest: f64 = 0.0;
    let rows = results.questions()?;
    let rows = QuestionRow::of_variant(&rows, variant);
    let runs = rows.values().map(|row| row.n).max().unwrap_or(0);
    let keys = results.run_keys()?;
    let entries = entries(scenario, shown, |question, answers| {
        let row = |answer: &AnswerAt| rows.get(answer.id.as_str()).copied();
        if question.yes_no() {
            let known = answers.iter().filter_map(|answer| row(answer)?.estimate());
            widest = known.map(furthest).fold(widest, f64::max);
            let cells = |write: &dyn Fn(Estimate) -> String| {
                let cell =
                    |answer: &&AnswerAt| row(answer).and_then(QuestionRow::estimate).map_or_else(String::new, write);
                answers.iter().map(cell).collect()
            };
            let mut lines = vec![(named(question, answers), cells(&|share| percent(share.value)))];
            // Below the share, so that four moments have room beside each other.
            if shown.all {
                lines.push(("… 95% interval".to_owned(), cells(&|share| interval(share.low, share.high))));
            }
            return Ok(lines);
        }
        let mut lines = vec![
            (named(question, answers), Vec::new()),
            ("… a tenth of the runs stay below".to_owned(), Vec::new()),
            ("… a tenth of the runs go above".to_owned(), Vec::new()),
        ];
        for answer in answers {
            let cells = match range(results, &keys, answer)? {
                Some([low, middle, high]) => {
                    let format = written(question.unit).0;
                    let [low, middle, high] = [low, middle, high].map(|value| of_a_run(question.unit, value));
                    [middle, low, high].map(|value| format.of_runs(value, low, high))
                }
                None => [const { String::new() }; 3],
            };
            lines.iter_mut().zip(cells).for_each(|((_, line), cell)| line.push(cell));
        }
        // Fewer runs have no tenth.
        lines.truncate(if runs < 10 { 1 } else { lines.len() });
        Ok(lines)
    })?;
    let drawn = if manifest.inputs.is_some() {
        "Chance and the draws of inputs move"
    } else {
        "Chance in the simulation moves"
    };
    let futures = several(runs as usize, "simulated future");
    let note = match widest > 0.0 {
        _ if runs == 1 => "What came to be in a single simulated future, of many that could be.".to_owned(),
        true => format!(
            "Shares of {futures} and medians over them. {drawn} a share by up to ±{} points (95%).",
            grouped(100.0 * widest, usize::from(widest < 0.02))
        ),
        false => format!("Medians over {futures}."),
    };
    let shown_answers = entries.iter().flat_map(|entry| &entry.answers).map(|answer| answer.id.as_str());
    let shown_answers: BTreeSet<&str> = shown_answers.collect();
    let varies = variance::together(shown_answers.iter().filter_map(|answer| rows.get(answer).copied()));
    let varies = varies.map(|shares| variance::line(&shares));
    let varies = varies.or_else(|| variance::too_few(runs, manifest.inputs.is_some()));
    let note = varies.map_or(note.clone(), |varies| format!("{note} {varies}"));
    lay_out(document, scenario, entries, shown, &note);
    if shown.all {
        let mut table = Table::new(["Allied at the horizon, most often"], ["Share of runs (95% interval)"]);
        let measures = Measures::new(&scenario.setting, scenario.questions.clone());
        let actors = Actors::new(scenario, measures.layout());
        for FrequentStructure { coalitions, share } in frequent_structures(results)? {
            table.row([names(&actors, &coalitions), Format::Percent.estimate(share.value, share.low, share.high)]);
        }
        if table.rows.is_empty() && runs > 1 {
            document.words(format!("Allied at the horizon: {}", NONE_TWICE.to_lowercase()));
        }
        document.table(table);
    }
    Ok(())
}

/// Adds how far the answers of a sweep move over its points.
///
/// # Errors
/// If the results cannot be read.
pub fn spreads(
    document: &mut Document,
    results: &Results,
    scenario: &Scenario,
    shown: Shown<'_>,
) -> Result<(), RecordError> {
    let keys = results.run_keys()?;
    let entries = entries(scenario, shown, |question, answers| {
        let mut cells = Vec::new();
        for answer in answers {
            let values = results.run_numbers(&answer_column(&answer.id))?;
            let points = answers_of_points(&keys, &values, question.yes_no(), 0);
            let [low, high] = [0.05, 0.95].map(|share| sorted_quantile(&points, share).unwrap_or(f64::NAN));
            let format = written(question.unit).0;
            let one = (high - low).abs() < 1e-12;
            cells.push(if one { format.write(low) } else { format.range(low, low, high).1 });
        }
        Ok(vec![(named(question, answers), cells)])
    })?;
    let counted: BTreeSet<i32> =
        keys.iter().filter(|key| key.variant == 0 && !key.failed).map(|key| key.point).collect();
    let points = several(counted.len(), "point");
    let note = format!(
        "What nine in ten of {points} lie between: the share of a point's runs that say yes, or their median, with what luck adds at \
         {} a point.",
        several(results.manifest().replicates as usize, "replicate")
    );
    lay_out(document, scenario, entries, shown, &note);
    Ok(())
}

/// Adds what the variants of a comparison change.
///
/// # Errors
/// If the results cannot be read.
pub fn differences(
    document: &mut Document,
    results: &Results,
    scenario: &Scenario,
    shown: Shown<'_>,
) -> Result<(), RecordError> {
    let rows = results.differences()?.unwrap_or_default();
    let told = effects(scenario, &rows);
    let (pairs, lines) = (several(pairs(&rows) as usize, "pair"), count(rows.len() as f64));
    if shown.all || !shown.questions.is_empty() {
        told.iter().for_each(|variant| every_answer(document, scenario, variant, &rows, shown));
        document.words(format!(
            "Differences to the baseline over {pairs} of runs, each with its 95% interval. * stands out when all {lines} are looked at \
             together."
        ));
        return Ok(());
    }
    let most = told.iter().map(|variant| variant.effects.len()).max().unwrap_or(0);
    // A row takes a line at least.
    let asked = scenario.question_groups().iter().map(|group| group.questions.len()).sum::<usize>().min(LINES);
    fit(document, asked + most.min(LINES), false, |document, number| {
        match number.checked_sub(asked).filter(|number| *number > 0 || most == 0) {
            Some(most) => {
                told.iter().for_each(|variant| effects_of(document, scenario, variant, &rows, most, shown));
            }
            None => by_question(document, scenario, &told, &rows, number, shown),
        }
        document.words(format!(
            "Over {pairs} of runs. A row has what stands out when all {lines} differences are looked at together, and is at least {}; \
             its interval is the 95% one of that difference by itself. --all shows every answer.",
            least_words()
        ));
    });
    Ok(())
}

/// The effects of a variant that have rows, those that come first at the front.
fn large<'a>(scenario: &Scenario, variant: &'a Effects<'a>, shown: Shown<'_>) -> Vec<&'a VariantEffect<'a>> {
    let wanted = |id: &str| scenario.answer(id).is_some_and(|(question, answer)| shown.has(scenario, question, answer));
    let mut large: Vec<_> = variant.large().collect();
    large.sort_by_key(|effect| !wanted(&effect.row.question));
    large
}

/// Where there are many variants: a row for each of so many questions that come first, with the variants that change it
/// most, and in one line those that change none of them.
fn by_question(
    document: &mut Document,
    scenario: &Scenario,
    told: &[Effects<'_>],
    rows: &[DifferenceRow],
    most: usize,
    shown: Shown<'_>,
) {
    let wanted = |effect: &VariantEffect<'_>| {
        scenario.answer(&effect.row.question).is_some_and(|(question, answer)| shown.has(scenario, question, answer))
    };
    let mut changes: Vec<(&str, &VariantEffect<'_>)> = Vec::new();
    for variant in told {
        let large = large(scenario, variant, shown);
        changes.extend(large.into_iter().filter(|effect| wanted(effect)).map(|effect| (variant.variant, effect)));
    }
    changes.sort_by(|(_, a), (_, b)| b.size().total_cmp(&a.size()));
    let mut table = Table::new(["Question", "Changed most by"], [""; 0]);
    let questions = scenario.question_groups().iter().flat_map(|group| &group.questions);
    let changed = questions.filter(|question| changes.iter().any(|(_, effect)| effect.asked == question.id));
    let asked: Vec<&GroupedQuestion> = changed.collect();
    for question in asked.iter().take(most) {
        let by: Vec<_> = changes.iter().filter(|(_, effect)| effect.asked == question.id).collect();
        let first = by.iter().take(NAMED).map(|(variant, effect)| format!("{variant} {}", effect.difference));
        let others = by.len().saturating_sub(NAMED);
        let others = (others > 0).then(|| format!("{others} more"));
        table.row([
            format!("{} ({})", question.with_gap, question.id),
            first.chain(others).collect::<Vec<_>>().join(", "),
        ]);
    }
    document.table(table);
    let left = asked.len().saturating_sub(most);
    if left > 0 {
        document.words(format!("{} changed by some variant (--all).", several(left, "more question")));
    }
    let idle = told.iter().map(|variant| variant.variant).filter(|id| changes.iter().all(|(variant, _)| variant != id));
    let idle: Vec<&str> = idle.collect();
    if !idle.is_empty() {
        document.words(format!("Nothing here stands out under {}: {}.", idle.join(", "), least(rows)));
    }
    if !asked.is_empty() {
        document.words("Each at the moment of its greatest change; --variants ID or --all says more.");
    }
}

/// What a variant does to every answer that is shown, in the scenario's order.
fn every_answer(
    document: &mut Document,
    scenario: &Scenario,
    variant: &Effects<'_>,
    rows: &[DifferenceRow],
    shown: Shown<'_>,
) {
    document.heading(format!("{}: {}", variant.variant, variant.title));
    if variant.effects.is_empty() {
        document.words(variant.nothing(rows));
    }
    if variant.inert {
        return;
    }
    let mut table = Table::new(["", ""], [""; 1]);
    for question in scenario.question_groups().iter().flat_map(|group| &group.questions) {
        for answer in question.answers.iter().filter(|answer| shown.has(scenario, question, answer)) {
            let of_answer = |row: &&DifferenceRow| row.variant == variant.variant && row.question == answer.id;
            let Some(effect) = rows.iter().find(of_answer).and_then(|row| effect(scenario, row)) else { continue };
            let mark = if effect.row.stands_out { " *" } else { "" };
            let named = format!("{} ({}){mark}", effect.question, answer.id);
            table.row([named, effect.change, effect.with_interval]);
        }
    }
    document.table(table);
}

fn effects_of(
    document: &mut Document,
    scenario: &Scenario,
    variant: &Effects<'_>,
    rows: &[DifferenceRow],
    most: usize,
    shown: Shown<'_>,
) {
    document.heading(format!("{}: {}", variant.variant, variant.title));
    if variant.inert {
        document.words(variant.nothing(rows));
        return;
    }
    let large = large(scenario, variant, shown);
    let mut table = Table::new(["", ""], [""; 1]);
    for effect in large.iter().take(most) {
        let question = format!("{} ({})", effect.question, effect.row.question);
        table.row([question, effect.change.clone(), effect.with_interval.clone()]);
    }
    let left = large.len().saturating_sub(most);
    match (large.is_empty(), left) {
        (true, _) if variant.count > 0 => drop(document.words("No change is as large as that.")),
        (true, _) => drop(document.words(variant.nothing(rows))),
        (false, 0) => drop(document.table(table)),
        (false, _) => {
            let asked = |effect: &&VariantEffect<'_>| {
                scenario.answer(&effect.row.question).is_some_and(|(question, _)| question.headline)
            };
            let headlines = match large[most..].iter().copied().filter(asked).count() {
                0 => String::new(),
                number => format!(", {number} of headline questions"),
            };
            document.table(table.noted(format!("and {left} more{headlines} (--all)")));
        }
    }
}

/// Adds the entries in groups, as many as there is room for, and says what is left out.
fn lay_out(document: &mut Document, scenario: &Scenario, entries: Vec<SummaryEntry<'_>>, shown: Shown<'_>, note: &str) {
    let of_scenario: usize = scenario.question_groups().iter().map(|group| group.questions.len()).sum();
    let heads = moments(entries.iter().map(|entry| entry.question));
    let asked = |head: &&str| entries.iter().any(|entry| entry.answers.iter().any(|answer| answer.label == **head));
    let heads: Vec<&str> = heads.into_iter().filter(asked).collect();
    let grouped = entries.iter().any(|entry| entry.group.is_some());
    let all = shown.all || !shown.questions.is_empty();
    // Each takes a line at least. Before a question is left out, the lines below those of amounts are, the last first.
    let (most, detailed) = match all {
        true => (entries.len(), entries.len()),
        false => (entries.len().min(LINES), entries.iter().filter(|entry| entry.lines.len() > 1).count()),
    };
    fit(document, most + detailed, all, |document, number| {
        let (most, mut detailed) = (number.min(most), number.saturating_sub(most));
        let mut table = Table::new([""], heads.iter().map(|head| moment_words(head)));
        let mut last = None;
        for entry in &entries[..most] {
            if grouped && last != Some(entry.group) {
                table.row([entry.group.unwrap_or("Others")]);
                last = Some(entry.group);
            }
            let lines = match detailed.checked_sub(usize::from(entry.lines.len() > 1)) {
                Some(left) => {
                    detailed = left;
                    &entry.lines[..]
                }
                None => entry.lines.get(..1).unwrap_or_default(),
            };
            for (place, (words, cells)) in lines.iter().enumerate() {
                let at = |head: &&str| entry.answers.iter().position(|answer| answer.label == **head);
                let cell = |head: &&str| at(head).and_then(|place| cells.get(place)).cloned().unwrap_or_default();
                let mark = if grouped && place == 0 { "· " } else { "" };
                table.row([vec![format!("{mark}{words}")], heads.iter().map(cell).collect()].concat());
            }
        }
        document.table(table.noted(note));
        let left = of_scenario.saturating_sub(most);
        if left > 0 {
            let cut = entries[most..].iter().filter(|entry| entry.question.headline).count();
            document.words(format!(
                "{} not shown: --all, or --question ID,… by the ids in brackets.",
                left_out(cut, left - cut)
            ));
        }
    });
}

/// So many questions that are left out, of which some are headlines.
fn left_out(headlines: usize, others: usize) -> String {
    match (headlines, others) {
        (0, others) => several(others, "more question"),
        (headlines, 0) => several(headlines, "more headline question"),
        (headlines, others) => {
            format!("{} and {}", several(headlines, "more headline question"), several(others, "other"))
        }
    }
}

/// The questions that are shown with the lines that a function makes of each.
fn entries<'a>(
    scenario: &'a Scenario,
    shown: Shown<'_>,
    mut lines: impl FnMut(&'a GroupedQuestion, &[&'a AnswerAt]) -> Result<Vec<(String, Vec<String>)>, RecordError>,
) -> Result<Vec<SummaryEntry<'a>>, RecordError> {
    let mut entries = Vec::new();
    for group in scenario.question_groups() {
        for question in &group.questions {
            let answers: Vec<&AnswerAt> =
                question.answers.iter().filter(|answer| shown.has(scenario, question, answer)).collect();
            if !answers.is_empty() {
                let lines = lines(question, &answers)?;
                entries.push(SummaryEntry { group: group.name.as_deref(), question, answers, lines });
            }
        }
    }
    Ok(entries)
}

/// How far the ends of a share's interval lie from it at most.
fn furthest(share: Estimate) -> f64 {
    (share.high - share.value).max(share.value - share.low)
}

/// A question with the id by which it is asked for.
fn named(question: &GroupedQuestion, answers: &[&AnswerAt]) -> String {
    match answers {
        [only] if question.answers.len() == 1 => format!("{} ({})", only.text, only.id),
        _ => format!("{} ({})", question.with_gap, question.id),
    }
}

/// What a tenth of the runs stay below, the median, and what a tenth go above, in the first variant.
fn range(results: &Results, keys: &[RunKey], answer: &AnswerAt) -> Result<Option<[f64; 3]>, RecordError> {
    let values = results.run_numbers(&answer_column(&answer.id))?;
    let counted = keys.iter().zip(values).filter(|(key, value)| key.variant == 0 && !value.is_nan());
    let mut values: Vec<f64> = counted.map(|(_, value)| value).collect();
    values.sort_by(f64::total_cmp);
    let at = |share: f64| sorted_quantile(&values, share);
    Ok(at(0.1).zip(at(0.5)).zip(at(0.9)).map(|((low, middle), high)| [low, middle, high]))
}

/// A set of coalitions with the share of runs that end in it, and its interval.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FrequentStructure {
    /// The coalitions; "no alliances" if there are none.
    pub coalitions: String,
    /// The share of runs, 0 to 1.
    pub share: Estimate,
}

/// The coalition structures that a variant's runs end in most often; none of a sweep.
///
/// # Errors
/// If the results cannot be read.
pub fn frequent_structures(results: &Results) -> Result<Vec<FrequentStructure>, RecordError> {
    let manifest = results.manifest();
    let Some(variant) = manifest.variants.first().filter(|_| manifest.points == 1) else { return Ok(Vec::new()) };
    let named = |words: String| if words.is_empty() { "no alliances".into() } else { words };
    let structure = |(words, share)| FrequentStructure { coalitions: named(words), share };
    Ok(frequent(results, variant, STRUCTURES)?.into_iter().map(structure).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_lose_their_further_lines_before_a_headline_is_left_out_and_one_that_is_left_out_is_called_so() {
        let file = std::path::Path::new("configs/northern-mali-2023.toml");
        let scenario = Scenario::load(file, &crate::scenario::Overrides::default()).unwrap();
        let printed = |words: &str| {
            let of = |question: &GroupedQuestion, answers: &[&AnswerAt]| {
                let lines = if question.yes_no() { 1 } else { 3 };
                let line = |place: usize| match place {
                    0 => (format!("{words} {}", named(question, answers)), Vec::new()),
                    _ => ("… a further line".to_owned(), Vec::new()),
                };
                Ok((0..lines).map(line).collect())
            };
            let entries = entries(&scenario, Shown::default(), |question, answers| of(question, answers)).unwrap();
            let ids: Vec<String> = entries.iter().map(|entry| entry.question.id.clone()).collect();
            let mut document = Document::new("Runs", "some");
            lay_out(&mut document, &scenario, entries, Shown::default(), "A note.");
            (document.text(WIDTH), ids)
        };
        let (text, ids) = printed("");
        let has = |text: &str, id: &str| text.split_whitespace().collect::<String>().contains(&format!("({id})"));
        assert!(ids.iter().all(|id| has(&text, id)) && !text.contains("headline"), "{text}");
        let (text, ids) = printed(&"long ".repeat(40));
        let cut = ids.iter().filter(|id| !has(&text, id)).count();
        assert!(cut > 0 && text.contains(&several(cut, "more headline question")), "{text}");
        assert!(!text.contains("further line"), "{text}");
    }

    #[test]
    fn an_interval_that_lies_on_one_side_is_told_whole() {
        let none = Estimate { value: 0.0, low: 0.0, high: 0.019, n: 200 };
        assert!((furthest(none) - 0.019).abs() < 1e-12);
        assert!((furthest(Estimate { value: 0.5, low: 0.4, high: 0.55, n: 200 }) - 0.1).abs() < 1e-12);
    }
}
