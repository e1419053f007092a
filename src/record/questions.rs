//! `questions.csv`: the answers, one line per question and variant.

use super::rows::{read_rows, write_rows};
use super::{Fingerprint, RecordError};
use crate::estimate::AnswerKind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// The answer to a question over an ensemble.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuestionRow {
    /// The question's id.
    pub question: String,
    /// The variant's id, or `baseline`.
    pub variant: String,
    /// What it asks for.
    pub kind: AnswerKind,
    /// Share of runs that say yes, 0 to 1; none for a quantity, or without runs.
    pub probability: Option<f64>,
    /// Median over the runs, in the quantity's unit; none for yes or no, or without runs.
    pub median: Option<f64>,
    /// Lower end of the 95% interval; none if there are too few runs for one.
    pub low: Option<f64>,
    /// Upper end of the 95% interval.
    pub high: Option<f64>,
    /// How many runs it rests on: those that did not fail.
    pub n: u64,
    /// Share of the variance of a run's answer that is luck, 0 to 1; none if inputs were not drawn, or nothing varies.
    pub luck: Option<f64>,
    /// Share that comes from what is not known of the scenario's inputs.
    pub scenario: Option<f64>,
    /// Share that comes from the weights of behaviour.
    pub weights: Option<f64>,
    /// How far the answer moves over inputs and weights: one standard deviation of what it would be were they known, as a
    /// share of runs or in the quantity's unit.
    pub moves: Option<f64>,
}

impl QuestionRow {
    /// Those of a variant, by the ids of their questions.
    pub fn of_variant<'a>(rows: &'a [Self], variant: &str) -> BTreeMap<&'a str, &'a Self> {
        rows.iter().filter(|row| row.variant == variant).map(|row| (row.question.as_str(), row)).collect()
    }
}

/// Writes `questions.csv`; gives the number of rows and the fingerprint.
///
/// # Errors
/// If it cannot be written.
pub fn write_questions(path: &Path, rows: &[QuestionRow]) -> Result<(u64, Fingerprint), RecordError> {
    let heads = [
        "question",
        "variant",
        "kind",
        "probability",
        "median",
        "low",
        "high",
        "n",
        "luck",
        "scenario",
        "weights",
        "moves",
    ];
    write_rows(path, &heads, rows)
}

/// Reads `questions.csv`.
///
/// # Errors
/// If it cannot be read.
pub fn read_questions(path: &Path) -> Result<Vec<QuestionRow>, RecordError> {
    read_rows(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_survive_the_way_through_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("questions.csv");
        let yes_no = QuestionRow {
            question: "pact".into(),
            variant: "baseline".into(),
            kind: AnswerKind::YesNo,
            probability: Some(0.15),
            median: None,
            low: Some(0.05237),
            high: Some(0.36042),
            n: 20,
            luck: Some(0.7),
            scenario: Some(0.1),
            weights: Some(0.2),
            moves: Some(0.12),
        };
        let amount = QuestionRow {
            question: "deaths".into(),
            kind: AnswerKind::Quantity,
            probability: None,
            median: Some(1227.5),
            low: None,
            high: None,
            luck: None,
            ..yes_no.clone()
        };
        let rows = vec![yes_no, amount];
        write_questions(&path, &rows).unwrap();
        assert_eq!(read_questions(&path).unwrap(), rows);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("question,variant,kind,probability,median,low,high,n,luck,scenario,weights,moves\npact,baseline,yes_no,0.15,,"));
        write_questions(&path, &[]).unwrap();
        assert!(read_questions(&path).unwrap().is_empty());
    }
}
