//! A digest of what an experiment found, whatever the files look like.

use crate::measure::{Layout, LogNames};

/// BLAKE3 over the content of the results: the columns and names, then for every point and variant in order every run
/// (answers, measures, leader, coalitions, events) and every line of the series. It does not depend on threads, chunks,
/// file formats, the machine, or on how a variant is called; nor on whether single series were kept.
#[derive(Debug)]
pub struct ResultDigest(blake3::Hasher);

impl ResultDigest {
    /// Begins with the columns and names.
    pub fn new(layout: &Layout, names: &LogNames) -> Self {
        let mut digest = Self(blake3::Hasher::new());
        // A layout is plain data, which always has a form in bytes.
        digest.part(&postcard::to_allocvec(&(layout, names)).unwrap_or_default());
        digest
    }

    /// Begins the runs of the next point and variant.
    pub fn cell(&mut self, number: u64) {
        self.part(&number.to_le_bytes());
    }

    /// Adds a run in canonical form.
    pub fn run(&mut self, canonical: &[u8]) {
        self.part(canonical);
    }

    /// Adds a line of the series: how many values, and their mean and quantiles.
    pub fn series(&mut self, count: u64, numbers: &[Option<f64>]) {
        self.0.update(&count.to_le_bytes());
        for number in numbers {
            // No measured number is this NaN, so a missing one is told from all others.
            self.0.update(&number.unwrap_or(f64::NAN).to_bits().to_le_bytes());
        }
    }

    /// The digest, in hexadecimal.
    pub fn finish(self) -> String {
        self.0.finalize().to_hex().to_string()
    }

    fn part(&mut self, bytes: &[u8]) {
        self.0.update(&(bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }
}
