//! `questions.csv`: the answers, one line per question and variant.

use super::rows::{read_rows, write_rows};
use super::{Fingerprint, RecordError};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Whether a question asks for yes or no or for an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerKind {
    /// Yes or no: the answer is a probability.
    YesNo,
    /// An amount: the answer is a median.
    Quantity,
}

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
}

/// Writes `questions.csv`; gives the number of rows and the fingerprint.
///
/// # Errors
/// If it cannot be written.
pub fn write_questions(path: &Path, rows: &[QuestionRow]) -> Result<(u64, Fingerprint), RecordError> {
    write_rows(path, &["question", "variant", "kind", "probability", "median", "low", "high", "n"], rows)
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
        };
        let amount = QuestionRow {
            question: "deaths".into(),
            kind: AnswerKind::Quantity,
            probability: None,
            median: Some(1227.5),
            low: None,
            high: None,
            ..yes_no.clone()
        };
        let rows = vec![yes_no, amount];
        write_questions(&path, &rows).unwrap();
        assert_eq!(read_questions(&path).unwrap(), rows);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("question,variant,kind,probability,median,low,high,n\npact,baseline,yes_no,0.15,,"));
        write_questions(&path, &[]).unwrap();
        assert!(read_questions(&path).unwrap().is_empty());
    }
}
