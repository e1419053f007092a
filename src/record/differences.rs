//! `differences.csv`: what each variant changes, one line per question and variant.

use super::rows::{read_rows, write_rows};
use super::{Fingerprint, RecordError};
use crate::estimate::DifferenceRow;
use std::path::Path;

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
        "inert",
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
