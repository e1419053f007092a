//! Charts of answers and of who is with whom at the horizon.

use super::Subject;
use crate::analysis::answers::CONFIDENCE;
use crate::analysis::interval::wilson;
use crate::chart::{Band, Coalitions, Matrix, PairTable, Party, Probabilities, ProbabilityRow, Structure};
use crate::record::RecordError;
use crate::scenario::file::Observed;

/// How many coalition structures are drawn.
const STRUCTURES: usize = 10;

/// The probabilities of the questions of yes or no.
pub fn probabilities(subject: &Subject<'_>) -> Result<Probabilities, RecordError> {
    let rows = subject.results.questions()?;
    let questions = &subject.scenario.file.question;
    let rows = rows.iter().filter(|row| row.variant == subject.variant).filter_map(|row| {
        let question = questions.iter().find(|question| question.id == row.question)?;
        Some(ProbabilityRow {
            text: question.text.clone(),
            probability: Band::new(row.probability?, row.low?, row.high?),
            observed: match question.observed {
                Some(Observed::Answer(answer)) => Some(answer),
                _ => None,
            },
        })
    });
    Ok(Probabilities { heading: subject.heading("How likely", "95% intervals"), rows: rows.collect() })
}

/// Who with whom at the horizon.
pub fn matrix(subject: &Subject<'_>) -> Matrix {
    let actors = subject.actors.main();
    let at_horizon = |a: &str, b: &str, what: &str| {
        let one = subject.series(&format!("stance.{a}.{b}.{what}"));
        let points = if one.is_empty() { subject.series(&format!("stance.{b}.{a}.{what}")) } else { one };
        points.last().map_or(f64::NAN, |point| point.mean)
    };
    let table = |title: &str, what: &str, rung: usize| PairTable {
        title: title.into(),
        values: actors
            .iter()
            .flat_map(|(a, _)| actors.iter().map(move |(b, _)| if a == b { f64::NAN } else { at_horizon(a, b, what) }))
            .collect(),
        rung,
    };
    Matrix {
        heading: subject.heading("Who is with whom at the horizon", "probability, in percent"),
        parties: actors.iter().map(|(_, party)| party.clone()).collect(),
        tables: vec![table("in one bloc", "same_bloc", 4), table("pact or more", "pact", 3), table("at war", "war", 0)],
    }
}

/// The most frequent coalition structures at the horizon.
pub fn coalitions(subject: &Subject<'_>) -> Result<Coalitions, RecordError> {
    let mut parties: Vec<Party> = subject.actors.all().iter().map(|(_, party)| party.clone()).collect();
    let mut structures = Vec::new();
    for (words, frequency) in frequent(subject, STRUCTURES)? {
        let mut blocs = Vec::new();
        for bloc in blocs_of(&words) {
            let mut members = Vec::new();
            for id in bloc {
                members.push(subject.actors.place(id).unwrap_or_else(|| {
                    parties.push(Party::nobody(id));
                    parties.len() - 1
                }));
            }
            blocs.push(members);
        }
        structures.push(Structure { blocs, frequency });
    }
    let heading = subject.heading("Coalition structures found most often at the horizon", "95% intervals");
    Ok(Coalitions { heading, parties, structures })
}

/// The most frequent coalition structures in the words of `runs.parquet`, with their shares.
pub fn frequent(subject: &Subject<'_>, most: usize) -> Result<Vec<(String, Band)>, RecordError> {
    let counts = subject.results.count_words("coalitions", 0, subject.variant)?;
    let n: u64 = counts.values().sum();
    let mut sorted: Vec<(String, u64)> = counts.into_iter().collect();
    sorted.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    sorted.truncate(most);
    let share = |count: u64| {
        let interval = wilson(count, n, CONFIDENCE);
        Band::new(count as f64 / n as f64, interval.low, interval.high)
    };
    Ok(sorted.into_iter().map(|(words, count)| (words, share(count))).collect())
}

/// The blocs of a coalition structure in words, each with its members' ids.
pub fn blocs_of(words: &str) -> impl Iterator<Item = Vec<&str>> {
    words.split(" | ").filter(|bloc| !bloc.is_empty()).map(|bloc| bloc.split('+').collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structures_are_read_from_their_words() {
        assert_eq!(blocs_of("a+b | c+d+e").collect::<Vec<_>>(), vec![vec!["a", "b"], vec!["c", "d", "e"]]);
        assert_eq!(blocs_of("").count(), 0);
    }
}
