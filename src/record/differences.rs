//! `differences.csv`: what each variant changes, one line per question and variant.

use super::rows::{read_rows, write_rows};
use super::{AnswerKind, Fingerprint, RecordError};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// What a variant changes about a question, from runs paired by replicate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DifferenceRow {
    /// The question's id.
    pub question: String,
    /// The variant's id.
    pub variant: String,
    /// What the question asks for.
    pub kind: AnswerKind,
    /// The baseline's probability, 0 to 1, or mean amount.
    pub baseline: Option<f64>,
    /// The variant's probability or mean amount.
    pub value: Option<f64>,
    /// Variant minus baseline: of the probabilities, or of the mean amounts.
    pub difference: Option<f64>,
    /// Lower end of its 95% interval.
    pub low: Option<f64>,
    /// Upper end of its 95% interval.
    pub high: Option<f64>,
    /// Share of pairs in which the answer went from no to yes, or the amount rose.
    pub gained: Option<f64>,
    /// Share of pairs in which the answer went from yes to no, or the amount fell.
    pub lost: Option<f64>,
    /// Median of the differences of a quantity.
    pub median_difference: Option<f64>,
    /// Lower end of its 95% interval, whatever the distribution.
    pub median_low: Option<f64>,
    /// Upper end of its 95% interval.
    pub median_high: Option<f64>,
    /// How many times more runs independent ensembles would need for the same precision; none if no pair differs.
    pub variance_reduction: Option<f64>,
    /// Whether the difference would still be told from none at 95% for all lines of the file at once (Bonferroni).
    pub stands_out: bool,
    /// How many pairs it rests on: those of which neither run failed.
    pub n: u64,
}

/// Writes `differences.csv`; gives the number of rows and the fingerprint.
///
/// # Errors
/// If it cannot be written.
pub fn write_differences(path: &Path, rows: &[DifferenceRow]) -> Result<(u64, Fingerprint), RecordError> {
    let heads = [
        "question",
        "variant",
        "kind",
        "baseline",
        "value",
        "difference",
        "low",
        "high",
        "gained",
        "lost",
        "median_difference",
        "median_low",
        "median_high",
        "variance_reduction",
        "stands_out",
        "n",
    ];
    write_rows(path, &heads, rows)
}

/// Reads `differences.csv`.
///
/// # Errors
/// If it cannot be read.
pub fn read_differences(path: &Path) -> Result<Vec<DifferenceRow>, RecordError> {
    read_rows(path)
}
