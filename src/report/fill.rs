//! The page of a run: the answers first, then the charts, coalitions, assumptions, and how it was made.

use super::document::{Block, Document, Figure, Table, TableCell};
use super::figures::{self, FigureData};
use super::insight::score_section;
use super::naming;
use super::variance;
use super::words::{self, several};
use crate::analysis::Estimate;
use crate::analysis::alliances::Commitment;
use crate::analysis::interval::sorted_quantile;
use crate::analysis::score::{SEED, Scores, scored};
use crate::base::number::{Format, count};
use crate::base::{Date, WEEKS_IN_A_YEAR, day};
use crate::chart::Picture;
use crate::estimate::AnswerKind;
use crate::measure::answer_column;
use crate::record::{Manifest, QuestionRow, RecordError};
use crate::scenario::{AnswerAt, GroupedQuestion};
use std::collections::{BTreeMap, BTreeSet};

/// Below so many replicates a reader is warned.
const FEW: u64 = 200;
/// How many coalition structures stand on the page.
const STRUCTURES: usize = 10;
/// About how many questions are answered before the rest is folded, where none is a headline.
const FIRST: usize = 12;
/// With more moments than columns have room for, every answer has a row of its own.
const MOMENTS: usize = 4;

/// The page of a variant's results, with its charts.
///
/// # Errors
/// If the results cannot be read.
pub fn page(subject: &FigureData<'_>, pictures: &[Picture]) -> Result<Document, RecordError> {
    let (manifest, file) = (subject.runs.results.manifest(), &subject.runs.scenario.file);
    let variant = file.variant.iter().find(|variant| variant.id == subject.runs.variant);
    let what = variant.map_or_else(|| "Baseline".to_owned(), |variant| format!("What if: {}", variant.title));
    let replicates = several(manifest.replicates as usize, "replicate");
    let subtitle = format!("{what} · {replicates}, seed {}", manifest.seed);
    let mut page = Document::new(file.scenario.title.clone(), subtitle);
    if !file.scenario.summary.is_empty() {
        page.words(file.scenario.summary.clone());
    }
    if let Some(changed) = words::changed(subject.runs.scenario) {
        page.words(changed);
    }
    let lead = "A model, not a forecast.".to_owned();
    let words = match manifest.inputs.is_some() {
        true => {
            "These are shares of simulated futures under the scenario's assumptions, with inputs and weights drawn from what is \
             plausible. Intervals cover the chance in the simulation and in those draws, not the doubt about the model itself."
        }
        false => {
            "These are shares of simulated futures under the scenario's inputs and assumptions. Intervals cover the chance \
             in the simulation, not the doubt about inputs and about the model itself."
        }
    };
    page.push(Block::Caution { lead, words: words.into() });
    for warning in warnings(manifest.replicates, manifest.replicates.saturating_sub(subject.alliances.runs)) {
        page.caution(warning);
    }
    page.push(Block::Contents);
    answers(&mut page, subject)?;
    page.push(Block::Play);
    scores(&mut page, subject)?;
    if !pictures.is_empty() {
        page.heading("Charts");
        pictures.iter().for_each(|picture| {
            page.figure(Figure::of(picture));
        });
    }
    coalitions(&mut page, subject)?;
    assumptions(&mut page, subject);
    page.heading("How it was made").words(
        "An agent-based simulation steps the factions, zones and communities of the scenario week by week, many times over, each \
         time with other luck. The same command gives the same numbers on any machine:",
    );
    page.command(command(manifest)).facts(provenance(manifest)).use_with_care();
    Ok(page)
}

fn warnings(runs: u64, failures: u64) -> Vec<String> {
    let mut warnings = Vec::new();
    if failures > 0 {
        let (failures, runs) = (count(failures as f64), count(runs as f64));
        warnings.push(format!("{failures} of {runs} replicates failed and are left out of every number here."));
    }
    if runs - failures < FEW {
        let left = several((runs - failures) as usize, "replicate");
        warnings.push(format!("Only {left}: intervals are wide, and rare outcomes may not show at all."));
    }
    warnings
}

/// The answers, group by group: a row for each question, and a column for each moment that it is asked of. Headlines come
/// first, all others are folded; without headlines, the first of each group come first.
fn answers(page: &mut Document, subject: &FigureData<'_>) -> Result<(), RecordError> {
    let groups = subject.runs.scenario.question_groups();
    page.heading("Questions and answers");
    if groups.is_empty() {
        page.words("The scenario asks no questions.");
        return Ok(());
    }
    let kind = |yes_no: bool| groups.iter().flat_map(|group| &group.questions).any(|known| known.yes_no() == yes_no);
    let told: Vec<&str> = [
        (true, "Of questions of yes or no, the share of simulated futures in which the answer is yes, with its 95% interval."),
        (false, "Of amounts, the median over the simulated futures, and the range that holds 80% of them."),
    ]
    .into_iter()
    .filter_map(|(yes_no, words)| kind(yes_no).then_some(words))
    .collect();
    page.words(told.join(" "));
    let rows = VariantAnswers::read(subject)?;
    let drawn = subject.runs.results.manifest().inputs.is_some();
    let runs = rows.rows.values().map(|row| row.n).max().unwrap_or(0);
    let varies = variance::sentence(rows.that_come_first()).or_else(|| variance::too_few(runs, drawn));
    if let Some(words) = varies {
        page.words(words);
    }
    let headlines = groups.iter().flat_map(|group| &group.questions).any(|question| question.headline);
    let shown = FIRST.div_ceil(groups.len()).max(1);
    let mut rest = Vec::new();
    for group in groups {
        let name = group.name.as_deref().unwrap_or(if groups.len() > 1 { "Other questions" } else { "" });
        let first = |(place, question): &(usize, &GroupedQuestion)| {
            if headlines { question.headline } else { *place < shown }
        };
        let (first, more): (Vec<_>, Vec<_>) = group.questions.iter().enumerate().partition(first);
        let table = |questions: Vec<(usize, &GroupedQuestion)>| {
            let questions: Vec<&GroupedQuestion> = questions.into_iter().map(|(_, question)| question).collect();
            Ok::<_, RecordError>(rows.table(&questions)?.titled(name))
        };
        page.table(table(first)?);
        let more = table(more)?;
        rest.extend((!more.rows.is_empty()).then_some(Block::Table(more)));
    }
    if !rest.is_empty() {
        page.push(Block::Folded { summary: "All other questions".into(), blocks: rest });
    }
    if let Some(table) = variance::table(subject.runs.scenario, |answer| rows.rows.get(answer)) {
        page.push(Block::Folded { summary: "What each answer varies by".into(), blocks: vec![Block::Table(table)] });
    }
    let meaning = rows.meaning();
    if !meaning.is_empty() {
        let blocks = vec![Block::Words { words: meaning.join(" ") }];
        page.push(Block::Folded { summary: "What the numbers mean".into(), blocks });
    }
    Ok(())
}

/// How the answers score against what came to be, where the scenario says so.
fn scores(page: &mut Document, subject: &FigureData<'_>) -> Result<(), RecordError> {
    let with_changes = subject.runs.scenario.variant(subject.runs.variant).ok();
    let known =
        scored(subject.runs.results, with_changes.as_ref().unwrap_or(subject.runs.scenario), subject.runs.variant)?;
    if known.is_empty() {
        return Ok(());
    }
    page.heading("Scores").words(format!(
        "How {} score against what came to be, and against what one would say without the model; `entente score` says more, and what \
         each score is.",
        several(known.len(), "answer")
    ));
    page.blocks.extend(score_section(&Scores::new(known, SEED)));
    Ok(())
}

/// The answers of a variant.
struct VariantAnswers<'a> {
    subject: &'a FigureData<'a>,
    /// Its answers, by their ids.
    rows: BTreeMap<String, QuestionRow>,
    /// Of each row of `runs.parquet`, whether it is of the variant.
    counts: Vec<bool>,
}

impl<'a> VariantAnswers<'a> {
    fn read(subject: &'a FigureData<'a>) -> Result<Self, RecordError> {
        let variants = &subject.runs.results.manifest().variants;
        let variant = variants.iter().position(|id| id == subject.runs.variant).unwrap_or(0) as u32;
        let counts = subject.runs.results.run_keys()?.iter().map(|key| key.variant == variant).collect();
        let rows = subject.runs.results.questions()?.into_iter().filter(|row| row.variant == subject.runs.variant);
        Ok(Self { subject, rows: rows.map(|row| (row.question.clone(), row)).collect(), counts })
    }

    /// What stands in cells, in words: only of what does.
    fn meaning(&self) -> Vec<&'static str> {
        let yes_no = || self.rows.values().filter(|row| row.estimate().is_some());
        let spread = || yes_no().filter_map(variance::spread);
        [
            (
                yes_no().next().is_some(),
                "“12% (10 to 14%)”: of all simulated futures, 12% answer yes; had many more been run, the share would very likely \
                 lie between 10 and 14% (95% interval).",
            ),
            (
                self.rows.values().any(|row| row.kind == AnswerKind::Quantity),
                "“520 (310 to 940)”, of an amount: half of all simulated futures come to less than 520 and half to more; one \
                 in ten comes to less than 310, and one in ten to more than 940.",
            ),
            (
                spread().any(|words| words.starts_with("moves")),
                "“moves ±8”: were inputs and weights known, the share would not be 12% but commonly some 8 points above or below \
                 (one standard deviation).",
            ),
            (
                spread().any(|words| !words.starts_with("moves")),
                "“standard deviation 8”: the same, of a share that lies nearer to an end than that: it would mostly lie near the \
                 end, and sometimes far from it.",
            ),
        ]
        .into_iter()
        .filter_map(|(is_used, words)| is_used.then_some(words))
        .collect()
    }

    /// The answers that come first.
    fn that_come_first(&self) -> Vec<&QuestionRow> {
        let groups = self.subject.runs.scenario.question_groups();
        let questions = || groups.iter().flat_map(|group| &group.questions);
        let headlines = questions().any(|question| question.headline);
        let first: BTreeSet<&str> = questions()
            .filter(|question| question.headline || !headlines)
            .flat_map(|question| question.answers.iter().map(|answer| answer.id.as_str()))
            .collect();
        self.rows.values().filter(|row| first.contains(row.question.as_str())).collect()
    }

    fn table(&self, questions: &[&GroupedQuestion]) -> Result<Table, RecordError> {
        let moments = moments(questions.iter().copied());
        let columns = moments.len() <= MOMENTS;
        let heads = if columns { moments.clone() } else { vec!["Answer"] };
        let mut table = Table::new(["Question"], heads.into_iter().map(moment_words));
        for question in questions {
            if columns {
                let at = |label: &&str| question.answers.iter().find(|answer| answer.label == *label);
                let cells = moments
                    .iter()
                    .map(|label| at(label).map_or(Ok(TableCell::default()), |at| self.cell(question, at)));
                let cells: Vec<TableCell> = cells.collect::<Result<_, _>>()?;
                table.row([vec![TableCell::from(question.with_gap.as_str())], cells].concat());
            } else {
                for answer in &question.answers {
                    table.row([TableCell::from(answer.text.as_str()), self.cell(question, answer)?]);
                }
            }
        }
        Ok(table)
    }

    /// An answer: the share of yes with its interval, or the median with the range of futures.
    fn cell(&self, question: &GroupedQuestion, answer: &AnswerAt) -> Result<TableCell, RecordError> {
        let subject = self.subject;
        let Some(row) = self.rows.get(&answer.id) else { return Ok("–".into()) };
        if question.yes_no() {
            let Some(share) = row.estimate() else { return Ok("–".into()) };
            let told = Format::Percent.estimate(share.value, share.low, share.high);
            let spread = variance::spread(row).map_or_else(String::new, |spread| format!(", {spread}"));
            return Ok(TableCell::bar(format!("{told}{spread}"), share));
        }
        let values = subject.runs.results.run_numbers(&answer_column(&answer.id))?;
        let counted = self.counts.iter().zip(values).filter(|(counts, value)| **counts && !value.is_nan());
        let mut values: Vec<f64> = counted.map(|(_, value)| value).collect();
        values.sort_by(f64::total_cmp);
        let at = |share: f64| words::of_a_run(question.unit, sorted_quantile(&values, share).unwrap_or(f64::NAN));
        let (format, unit) = words::written(question.unit);
        if values.is_empty() {
            return Ok("–".into());
        }
        let of = if unit.is_empty() { String::new() } else { format!(" {unit}") };
        let (middle, range) = format.range(at(0.5), at(0.1), at(0.9));
        Ok(format!("{middle}{of} ({range})").into())
    }
}

/// The moments that questions are asked of, the earliest first.
pub(super) fn moments<'a>(questions: impl Iterator<Item = &'a GroupedQuestion>) -> Vec<&'a str> {
    let mut moments: Vec<(&str, f64)> = Vec::new();
    for answer in questions.flat_map(|question| &question.answers) {
        if moments.iter().all(|(label, _)| *label != answer.label) {
            moments.push((&answer.label, answer.days));
        }
    }
    moments.sort_by(|a, b| a.1.total_cmp(&b.1));
    moments.into_iter().map(|(label, _)| label).collect()
}

/// A moment as the head of a column: "6 months", "23 January 2023".
pub(super) fn moment_words(label: &str) -> String {
    Date::parse(label).map_or_else(|_| label.to_owned(), day)
}

/// How a folder's results were made, as label and value.
pub fn provenance(manifest: &Manifest) -> Vec<(String, String)> {
    let failed = if manifest.failures == 0 { "none".to_owned() } else { count(manifest.failures as f64) };
    vec![
        ("Program".into(), format!("{} {} ({})", manifest.program, manifest.version, manifest.commit)),
        ("Experiment".into(), manifest.experiment.clone()),
        ("Scenario".into(), format!("{}, digest {}", manifest.scenario.id, manifest.scenario.digest)),
        ("Runs".into(), format!("{}, of which {failed} failed", count(manifest.runs as f64))),
        ("Seed".into(), manifest.seed.to_string()),
        ("Result digest".into(), manifest.result_digest.clone()),
        ("Finished".into(), manifest.finished.clone()),
    ]
}

/// The command that made a folder's results.
pub(super) fn command(manifest: &Manifest) -> String {
    manifest.command.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
}

/// Who is allied at the horizon, how long commitments last, and runs to look at.
fn coalitions(page: &mut Document, subject: &FigureData<'_>) -> Result<(), RecordError> {
    let mut structures = Table::new(["Allied"], ["Share of futures", "95% interval"]);
    for (coalitions, share) in figures::frequent(subject.runs.results, subject.runs.variant, STRUCTURES)?.into_iter() {
        let names = TableCell::from(figures::names(&subject.runs.actors, &coalitions));
        structures.row([names].into_iter().chain(words::share(Some(share))));
    }
    if !structures.rows.is_empty() {
        page.heading("Who is allied at the horizon, most often").table(structures);
    } else if subject.alliances.runs > 1 {
        page.heading("Who is allied at the horizon, most often").words(figures::NONE_TWICE);
    }
    let medians = Commitment::ALL.into_iter().any(|kind| subject.alliances.duration(kind).median.value.is_finite());
    let median_heads = ["Median, weeks", "95% interval"].into_iter().filter(|_| medians);
    let heads = ["Number"].into_iter().chain(median_heads).chain(["Last over a year", "95% interval"]);
    let mut lasting = Table::new(["Commitments"], heads).noted(format!(
        "Over all runs. One that still stands at the horizon, or whose side merges or is gone, was not seen to end{}. Intervals take \
         commitments of one run, and of runs that share inputs, together.",
        if medians { "; where more than half last, there is no median" } else { "" }
    ));
    for kind in Commitment::ALL {
        let survival = subject.alliances.duration(kind);
        if survival.n == 0 {
            continue;
        }
        let Estimate { value, low, high, .. } = survival.median;
        let interval = if low.is_finite() { format!("{} to {}", count(low), count(high)) } else { "–".to_owned() };
        let median = [count(value), interval].into_iter().filter(|_| medians);
        let cells = [kind.words().to_owned(), count(survival.n as f64)].into_iter().chain(median);
        lasting.row(cells.map(TableCell::from).chain(words::share(survival.at(WEEKS_IN_A_YEAR))));
    }
    let mut commonest = Table::new(["Allied at the horizon"], ["Replicate", "Group's share", "95% interval"]).noted(
        "Runs grouped by who is allied with whom at the horizon, each group shown by the outcome in its middle, \
         with the first run that ends so; `entente replay RESULTS --replicate N` shows it.",
    );
    // One group alone says nothing that the structures above do not.
    let groups = &subject.alliances.commonest.outcomes;
    for outcome in groups.iter().filter(|_| groups.len() > 1) {
        let run = [figures::names(&subject.runs.actors, &outcome.structure), outcome.replicate.to_string()];
        commonest.row(run.map(TableCell::from).into_iter().chain(words::share(Some(outcome.share))));
    }
    if !lasting.rows.is_empty() {
        page.heading("How long pacts and alliances last").table(lasting);
    }
    if !commonest.rows.is_empty() {
        page.heading("Runs to look at").table(commonest);
    }
    Ok(())
}

fn assumptions(page: &mut Document, subject: &FigureData<'_>) {
    let inputs = subject.runs.scenario.inputs();
    let mut table = Table::new(["Input", "Its path", "Value", "Range"], [""; 0]);
    for input in inputs.iter().filter(|input| input.is_assumption()) {
        let ends = input.low.zip(input.high).map(|ends| [ends.0, ends.1].map(naming::number));
        let range = ends.map_or_else(String::new, |[low, high]| format!("{low} to {high}"));
        let path = format!("`{}`", input.path);
        table.row([naming::input(subject.runs.scenario, &input.path), path, naming::value(&input.value), range]);
    }
    if inputs.is_empty() {
        return;
    }
    let unsourced = table.rows.len();
    let [all, sourced] = [inputs.len(), inputs.len() - unsourced].map(|number| count(number as f64));
    page.heading("Assumptions").words(format!(
        "Of {all} inputs of the scenario, {sourced} name a source and {} are assumptions: judgement, not data. Everything above \
         depends on them.",
        count(unsourced as f64)
    ));
    if unsourced > 0 {
        let summary = format!("The {} assumptions", count(unsourced as f64));
        page.push(Block::Folded { summary, blocks: vec![Block::Table(table)] });
    }
}

/// A word of a command line as a shell reads it.
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,@%+".contains(c);
    let as_it_is = !word.is_empty() && word.chars().all(plain);
    if as_it_is { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_read_as_people_write_them() {
        assert_eq!(["6 months", "1993-12-31"].map(moment_words), ["6 months", "31 December 1993"]);
    }

    #[test]
    fn one_replicate_is_no_several() {
        assert!(warnings(1, 0)[0].contains("1 replicate:") && warnings(3, 1)[1].contains("2 replicates:"));
    }

    #[test]
    fn words_of_a_command_are_quoted_where_a_shell_needs_it() {
        assert_eq!(quoted("faction.jnim.outreach=0.8"), "faction.jnim.outreach=0.8");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted(""), "''");
    }
}
