//! Fills a page from a results folder.

use super::asked::{Horizon, group};
use super::document::Figure;
use super::figures::{self, Subject};
use super::page::{Answer, Assumption, Coalition, Lasting, Page, Reply, TypicalRun};
use crate::analysis::alliances::{Commitment, TypicalOutcome};
use crate::analysis::interval::sorted_quantile;
use crate::chart::{Band, Picture};
use crate::measure::{Unit, answer_column};
use crate::record::{AnswerKind, Manifest, QuestionRow, RecordError};
use crate::scenario::file::{Quantity, Question};

/// Below so many replicates a reader is warned.
const FEW: u64 = 200;
/// How many coalition structures stand on the page.
const STRUCTURES: usize = 10;

/// The page of a variant's results, with its charts.
///
/// # Errors
/// If the results cannot be read.
pub fn page(subject: &Subject<'_>, pictures: &[Picture]) -> Result<Page, RecordError> {
    let (manifest, file) = (subject.results.manifest(), &subject.scenario.file);
    let variant = file.variant.iter().find(|variant| variant.id == subject.variant);
    let subtitle = match variant {
        Some(variant) => {
            format!("What if: {} · {} replicates, seed {}", variant.title, manifest.replicates, manifest.seed)
        }
        None => format!("Baseline · {} replicates, seed {}", manifest.replicates, manifest.seed),
    };
    let coalitions = figures::frequent(subject, STRUCTURES)?;
    let inputs = subject.scenario.inputs();
    Ok(Page {
        title: file.scenario.title.clone(),
        subtitle,
        summary: file.scenario.summary.clone(),
        answers: answers(subject)?,
        coalitions: coalitions
            .into_iter()
            .map(|(words, frequency)| Coalition { blocs: figures::names(&subject.actors, &words), frequency })
            .collect(),
        lasting: lasting(subject),
        typical: typical(subject),
        figures: pictures.iter().map(Figure::of).collect(),
        sourced: inputs.iter().filter(|input| !input.is_assumption()).count(),
        assumptions: inputs
            .iter()
            .filter(|input| input.is_assumption())
            .map(|input| Assumption {
                path: input.path.clone(),
                value: input.value.as_str().map_or_else(|| input.value.to_string(), str::to_owned),
                range: match (input.low, input.high) {
                    (Some(low), Some(high)) => format!("{low} to {high}"),
                    _ => String::new(),
                },
            })
            .collect(),
        provenance: provenance(manifest),
        command: command(manifest),
        warnings: warnings(manifest.runs, manifest.failures),
    })
}

fn warnings(runs: u64, failures: u64) -> Vec<String> {
    let mut warnings = Vec::new();
    if failures > 0 {
        warnings.push(format!("{failures} of {runs} replicates failed and are left out of every number here."));
    }
    if runs - failures < FEW {
        warnings.push(format!(
            "Only {} replicates: intervals are wide, and rare outcomes may not show at all.",
            runs - failures
        ));
    }
    warnings
}

fn answers(subject: &Subject<'_>) -> Result<Vec<Answer>, RecordError> {
    let rows = subject.results.questions()?;
    let keys = subject.results.run_keys()?;
    let manifest = subject.results.manifest();
    let variant = manifest.variants.iter().position(|id| id == subject.variant).unwrap_or(0) as u32;
    let mut answers = Vec::new();
    for asked in group(&subject.scenario.file, &rows, subject.variant) {
        let mut replies = Vec::new();
        for Horizon { when, question, row, .. } in asked.answers {
            let reply = match row.kind {
                AnswerKind::YesNo => probability(row),
                AnswerKind::Quantity => {
                    let values = subject.results.run_numbers(&answer_column(&row.question))?;
                    let counted =
                        keys.iter().zip(values).filter(|(key, value)| key.variant == variant && !value.is_nan());
                    amount(row, question, counted.map(|(_, value)| value).collect())
                }
            };
            replies.push((when, reply));
        }
        answers.push(Answer { question: asked.text, replies });
    }
    Ok(answers)
}

fn probability(row: &QuestionRow) -> Reply {
    let number = |value: Option<f64>| value.unwrap_or(f64::NAN);
    Reply::Probability { yes: Band::new(number(row.probability), number(row.low), number(row.high)), replicates: row.n }
}

/// The spread over the runs, which says more to people than how sure the median is.
fn amount(row: &QuestionRow, question: &Question, mut values: Vec<f64>) -> Reply {
    values.sort_by(f64::total_cmp);
    let at = |share: f64| sorted_quantile(&values, share).unwrap_or(f64::NAN);
    let (share, unit) = unit(question);
    Reply::Amount { amount: Band::new(at(0.5), at(0.025), at(0.975)), share, unit: unit.into(), replicates: row.n }
}

/// Whether a quantity is a share, and what it counts otherwise.
pub(super) fn unit(question: &Question) -> (bool, &'static str) {
    match question.measure.as_ref().map(Quantity::unit) {
        Some(Unit::People) => (false, "people"),
        Some(Unit::Fighters) => (false, "fighters"),
        _ => (true, ""),
    }
}

/// How a folder's results were made, as label and value.
pub fn provenance(manifest: &Manifest) -> Vec<(String, String)> {
    vec![
        ("Program".into(), format!("{} {} ({})", manifest.program, manifest.version, manifest.commit)),
        ("Experiment".into(), manifest.experiment.clone()),
        ("Scenario".into(), format!("{}, digest {}", manifest.scenario.id, manifest.scenario.digest)),
        ("Runs".into(), format!("{}, of which {} failed", manifest.runs, manifest.failures)),
        ("Seed".into(), manifest.seed.to_string()),
        ("Result digest".into(), manifest.result_digest.clone()),
        ("Finished".into(), manifest.finished.clone()),
    ]
}

/// The command that made a folder's results.
pub(super) fn command(manifest: &Manifest) -> String {
    manifest.command.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
}

/// How long commitments last, those of which there were any.
fn lasting(subject: &Subject<'_>) -> Vec<Lasting> {
    let weeks = 365.25 / 7.0;
    let row = |kind: Commitment| {
        let survival = subject.alliances.duration(kind);
        let share = survival.at(weeks).map(|(share, interval)| Band::new(share, interval.low, interval.high));
        let lasting = Lasting {
            what: kind.words().to_owned(),
            number: survival.n,
            median: [survival.median, survival.median_low, survival.median_high],
            after_a_year: share,
        };
        (survival.n > 0).then_some(lasting)
    };
    Commitment::ALL.into_iter().filter_map(row).collect()
}

/// The typical outcomes, each with the run to look at.
fn typical(subject: &Subject<'_>) -> Vec<TypicalRun> {
    let row = |outcome: &TypicalOutcome| TypicalRun {
        blocs: figures::names(&subject.actors, &outcome.structure),
        frequency: Band::new(outcome.share, outcome.interval.low, outcome.interval.high),
        replicate: outcome.replicate,
    };
    subject.alliances.typical.outcomes.iter().map(row).collect()
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
    fn words_of_a_command_are_quoted_where_a_shell_needs_it() {
        assert_eq!(quoted("faction.jnim.outreach=0.8"), "faction.jnim.outreach=0.8");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted(""), "''");
    }
}
