//! Series over an ensemble in constant memory: exact means, and quantiles to within 1.6%.
//!
//! Everything kept is a whole number, so the result depends neither on the order in which runs are added nor on how they
//! are grouped into chunks that are merged later.

use super::{Column, RunRecord, Unit};
#[cfg(feature = "parallel")]
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Parts of an octave: bins are at most 1/64 of their value wide.
const PARTS: i32 = 64;
/// How far the bits of a float are shifted to leave its exponent and the part of the octave.
const SHIFT: u32 = 23 - 6;
/// Sums count in units of 2^-32.
const UNITS: f64 = 4_294_967_296.0;
/// How many cells a thread takes at a time: one cache line of a run's series.
const BLOCK: usize = 16;

/// A summary of every value of a series (moment by moment, column by column) over many runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeriesSketch {
    columns: usize,
    cells: Vec<Summary>,
}

/// Two sketches, or a sketch and a run, that are not of one layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected} values, found {found}")]
pub struct Mismatch {
    /// How many values there should have been.
    pub expected: usize,
    /// How many there were.
    pub found: usize,
}

impl SeriesSketch {
    /// An empty sketch of `moments` moments of the given columns.
    pub fn new(columns: &[Column], moments: usize) -> Self {
        let row: Vec<Summary> = columns.iter().map(Summary::new).collect();
        Self { columns: columns.len(), cells: std::iter::repeat_n(row, moments).flatten().collect() }
    }

    /// Forgets all values. Keeps the memory.
    pub fn clear(&mut self) {
        self.cells.iter_mut().for_each(Summary::clear);
    }

    /// How many moments there are.
    pub fn moments(&self) -> usize {
        self.cells.len().checked_div(self.columns).unwrap_or(0)
    }

    /// The summary of one column at one moment.
    pub fn at(&self, moment: usize, column: usize) -> &Summary {
        &self.cells[moment * self.columns + column]
    }

    /// Adds the series of runs, those that failed left out. Shares the work among the threads of the current pool.
    ///
    /// # Errors
    /// If a run's series has another length than the sketch; nothing is added then.
    pub fn add_series(&mut self, runs: &[RunRecord]) -> Result<(), Mismatch> {
        let rows: Vec<&[f32]> =
            runs.iter().filter(|run| run.failure.is_none()).map(|run| run.series.as_slice()).collect();
        self.add(&rows)
    }

    /// Adds the milestones of runs, those that failed left out.
    ///
    /// # Errors
    /// If a run's milestones have another length than the sketch; nothing is added then.
    pub fn add_milestones(&mut self, runs: &[RunRecord]) -> Result<(), Mismatch> {
        let rows: Vec<&[f32]> =
            runs.iter().filter(|run| run.failure.is_none()).map(|run| run.milestones.as_slice()).collect();
        self.add(&rows)
    }

    /// Adds rows, each with one value per cell, moment after moment.
    ///
    /// # Errors
    /// If a row has another length than the sketch; nothing is added then.
    pub fn add(&mut self, rows: &[&[f32]]) -> Result<(), Mismatch> {
        let expected = self.cells.len();
        if let Some(row) = rows.iter().find(|row| row.len() != expected) {
            return Err(Mismatch { expected, found: row.len() });
        }
        // Each thread owns a block of cells and takes it through all rows, so a histogram stays in the cache.
        #[cfg(feature = "parallel")]
        let blocks = self.cells.par_chunks_mut(BLOCK).enumerate().with_min_len(8);
        #[cfg(not(feature = "parallel"))]
        let blocks = self.cells.chunks_mut(BLOCK).enumerate();
        blocks.for_each(|(block, cells)| {
            for (place, cell) in cells.iter_mut().enumerate() {
                cell.add(rows.iter().map(|row| row[block * BLOCK + place]));
            }
        });
        Ok(())
    }

    /// Adds what another sketch holds.
    ///
    /// # Errors
    /// If it is of another layout; nothing is added then.
    pub fn merge(&mut self, other: &Self) -> Result<(), Mismatch> {
        if self.cells.len() != other.cells.len() {
            return Err(Mismatch { expected: self.cells.len(), found: other.cells.len() });
        }
        for (mine, theirs) in self.cells.iter_mut().zip(&other.cells) {
            mine.merge(theirs);
        }
        Ok(())
    }
}

/// The values of one column at one moment over many runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    count: u64,
    sum: i128,
    low: f32,
    high: f32,
    bins: Option<Histogram>,
}

impl Summary {
    fn new(column: &Column) -> Self {
        let bins =
            (column.unit != Unit::Chance).then(|| Histogram::new(if column.unit == Unit::Share { -10 } else { 0 }));
        Self { count: 0, sum: 0, low: f32::INFINITY, high: f32::NEG_INFINITY, bins }
    }

    fn clear(&mut self) {
        (self.count, self.sum, self.low, self.high) = (0, 0, f32::INFINITY, f32::NEG_INFINITY);
        if let Some(bins) = &mut self.bins {
            bins.first = 0;
            bins.counts.clear();
        }
    }

    fn add(&mut self, values: impl Iterator<Item = f32>) {
        let Self { mut count, mut sum, mut low, mut high, .. } = *self;
        for value in values.filter(|value| value.is_finite()) {
            count += 1;
            // Past 2^31 the conversion saturates: no measure of people or fighters reaches that.
            sum += i128::from((f64::from(value) * UNITS) as i64);
            low = low.min(value);
            high = high.max(value);
            if let Some(bins) = &mut self.bins {
                bins.add(value);
            }
        }
        (self.count, self.sum, self.low, self.high) = (count, sum, low, high);
    }

    fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.sum += other.sum;
        self.low = self.low.min(other.low);
        self.high = self.high.max(other.high);
        if let (Some(mine), Some(theirs)) = (&mut self.bins, &other.bins) {
            mine.merge(theirs);
        }
    }

    /// How many values there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The mean, to within 2^-32; 0 of nothing.
    pub fn mean(&self) -> f64 {
        if self.count == 0 { 0.0 } else { self.sum as f64 / UNITS / self.count as f64 }
    }

    /// The lowest value; infinity of nothing.
    pub fn low(&self) -> f32 {
        self.low
    }

    /// The highest value; minus infinity of nothing.
    pub fn high(&self) -> f32 {
        self.high
    }

    /// The value below which a share `p` (0 to 1) of the values lies, to within 1/64 of itself (for shares below
    /// 0.001 to within 0.00002, for counts below 1 to within 0.02, and 0 for what is nearer to 0 than that); none for a column of
    /// chances, or of nothing.
    pub fn quantile(&self, p: f64) -> Option<f64> {
        let bins = self.bins.as_ref()?;
        if self.count == 0 {
            return None;
        }
        let rank = ((p * self.count as f64).ceil() as u64).clamp(1, self.count);
        if rank == 1 {
            return Some(f64::from(self.low));
        }
        if rank == self.count {
            return Some(f64::from(self.high));
        }
        Some(bins.value_of(rank).clamp(f64::from(self.low), f64::from(self.high)))
    }
}

/// Counts over bins that are linear below a floor and a fixed share of their value above it, over a window that grows.
#[derive(Clone, Debug, PartialEq)]
struct Histogram {
    /// Below 2 to this power bins are of equal width.
    floor: i32,
    /// The bin that `counts` begins with.
    first: i32,
    counts: Vec<u32>,
}

impl Histogram {
    fn new(floor: i32) -> Self {
        Self { floor, first: 0, counts: Vec::new() }
    }

    /// The bin of a value: 0 holds 0, negative values lie in negative bins.
    #[inline]
    fn bin(&self, value: f32) -> i32 {
        let bits = (value.abs().to_bits() >> SHIFT) as i32;
        let floor = (self.floor + 127) * PARTS;
        let bin = if bits >= floor {
            bits - floor + PARTS
        } else {
            (f64::from(value.abs()) * f64::from(PARTS) * two_to(-self.floor)) as i32
        };
        if value < 0.0 { -1 - bin } else { bin }
    }

    /// Where a bin begins and ends.
    fn edges(&self, bin: i32) -> (f64, f64) {
        if bin < 0 {
            let (low, high) = self.edges(-1 - bin);
            return (-high, -low);
        }
        let octave = (bin / PARTS - 1).max(0);
        let width = two_to(self.floor + octave) / f64::from(PARTS);
        let low = if bin < PARTS { f64::from(bin) * width } else { f64::from(PARTS + bin % PARTS) * width };
        (low, low + width)
    }

    #[inline]
    fn add(&mut self, value: f32) {
        let bin = self.bin(value);
        let position = bin.wrapping_sub(self.first);
        if position >= 0 && (position as usize) < self.counts.len() {
            self.counts[position as usize] += 1;
        } else {
            self.cover(bin);
            self.counts[(bin - self.first) as usize] += 1;
        }
    }

    /// Widens the window to hold a bin.
    #[cold]
    fn cover(&mut self, bin: i32) {
        if self.counts.is_empty() {
            self.first = bin;
        }
        if bin < self.first {
            let more = (self.first - bin) as usize;
            self.counts.splice(0..0, std::iter::repeat_n(0, more));
            self.first = bin;
        }
        let length = (bin - self.first) as usize + 1;
        if length > self.counts.len() {
            self.counts.resize(length, 0);
        }
    }

    fn merge(&mut self, other: &Self) {
        if other.counts.is_empty() {
            return;
        }
        self.cover(other.first);
        self.cover(other.first + other.counts.len() as i32 - 1);
        let offset = (other.first - self.first) as usize;
        for (mine, theirs) in self.counts[offset..].iter_mut().zip(&other.counts) {
            *mine = mine.saturating_add(*theirs);
        }
    }

    /// The `rank`-th smallest value, counted from 1, as if the values of its bin lay evenly in it: curves over time then
    /// move smoothly through bins. Those of the bin of 0 are 0, as nearly all of them are where there is nothing.
    fn value_of(&self, rank: u64) -> f64 {
        let mut below = 0;
        for (position, count) in self.counts.iter().enumerate() {
            let count = u64::from(*count);
            if below + count >= rank {
                if self.first + position as i32 == 0 {
                    return 0.0;
                }
                let (low, high) = self.edges(self.first + position as i32);
                return low + (high - low) * ((rank - below) as f64 - 0.5) / count as f64;
            }
            below += count;
        }
        0.0
    }
}

/// A power of two within the range of normal numbers, exactly.
fn two_to(power: i32) -> f64 {
    f64::from_bits(((1023 + i64::from(power)) as u64) << 52)
}

/// Written as the first bin and then (bins skipped, count) for each bin that holds something.
impl Serialize for Histogram {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut filled = Vec::new();
        let mut skipped = 0u32;
        for count in &self.counts {
            if *count == 0 {
                skipped += 1;
            } else {
                filled.push((skipped, *count));
                skipped = 0;
            }
        }
        (self.floor, self.first, filled).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Histogram {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (floor, first, filled): (i32, i32, Vec<(u32, u32)>) = Deserialize::deserialize(deserializer)?;
        let length: u64 = filled.iter().map(|(skipped, _)| u64::from(*skipped) + 1).sum();
        // All bins of all floats there are: more can only come from a damaged file.
        if length > 2 * 256 * PARTS as u64 {
            return Err(serde::de::Error::custom(format!("a histogram of {length} bins")));
        }
        let mut counts = Vec::with_capacity(length as usize);
        for (skipped, count) in filled {
            counts.resize(counts.len() + skipped as usize, 0);
            counts.push(count);
        }
        Ok(Self { floor, first, counts })
    }
}

#[cfg(test)]
mod tests {
    use super::super::Measure;
    use super::*;
    use proptest::prelude::*;

    fn columns() -> Vec<Column> {
        let measures = [Measure::Displaced, Measure::BlocShare, Measure::Answered(0)];
        measures.map(|measure| Column { measure, name: String::new(), unit: measure.unit() }).to_vec()
    }

    fn rows() -> impl Strategy<Value = Vec<[f32; 3]>> {
        let people = prop_oneof![Just(0.0f32), 0.0f32..2e6, -50.0f32..50.0];
        let share = prop_oneof![Just(0.0f32), 0.0f32..1.0, 0.0f32..0.002];
        prop::collection::vec((people, share, 0u8..2).prop_map(|(p, s, c)| [p, s, f32::from(c)]), 1..200)
    }

    fn sketch(rows: &[[f32; 3]]) -> SeriesSketch {
        let mut sketch = SeriesSketch::new(&columns(), 1);
        let slices: Vec<&[f32]> = rows.iter().map(|row| row.as_slice()).collect();
        sketch.add(&slices).unwrap();
        sketch
    }

    proptest! {
        #[test]
        fn grouping_and_order_do_not_matter(rows in rows(), cut in 0usize..200) {
            let whole = sketch(&rows);
            let (left, right) = rows.split_at(cut.min(rows.len()));
            let mut back_to_front = sketch(right);
            back_to_front.merge(&sketch(left)).unwrap();
            prop_assert_eq!(&whole, &back_to_front);
            let bytes = postcard::to_allocvec(&back_to_front).unwrap();
            prop_assert_eq!(whole, postcard::from_bytes(&bytes).unwrap());
        }

        #[test]
        fn one_that_forgets_is_as_new(before in rows(), rows in rows()) {
            let mut used = sketch(&before);
            used.clear();
            let slices: Vec<&[f32]> = rows.iter().map(|row| row.as_slice()).collect();
            used.add(&slices).unwrap();
            prop_assert_eq!(postcard::to_allocvec(&used).unwrap(), postcard::to_allocvec(&sketch(&rows)).unwrap());
        }

        #[test]
        fn quantiles_are_within_their_bound(rows in rows(), p in 0.0f64..1.0) {
            let sketch = sketch(&rows);
            for (column, floor) in [(0, 1.0), (1, 1.0 / 1024.0)] {
                let mut values: Vec<f64> = rows.iter().map(|row| f64::from(row[column])).collect();
                values.sort_by(f64::total_cmp);
                let rank = ((p * values.len() as f64).ceil() as usize).clamp(1, values.len());
                let exact = values[rank - 1];
                let found = sketch.at(0, column).quantile(p).unwrap();
                prop_assert!((found - exact).abs() <= exact.abs().max(floor) / 64.0 + 1e-12, "{} for {}", found, exact);
            }
            prop_assert!(sketch.at(0, 2).quantile(p).is_none());
        }

        #[test]
        fn means_are_exact(rows in rows()) {
            let sketch = sketch(&rows);
            for column in 0..3 {
                let mean = rows.iter().map(|row| f64::from(row[column])).sum::<f64>() / rows.len() as f64;
                prop_assert!((sketch.at(0, column).mean() - mean).abs() < 1e-6 * (1.0 + mean.abs()));
            }
        }
    }

    #[test]
    fn a_value_lies_in_its_bin() {
        for floor in [0, -10] {
            let bins = Histogram::new(floor);
            for value in [0.0f32, 1e-5, 0.001, 0.2, 0.999, 1.0, 1.5, 63.9, 64.0, 1e6, 3e9, -0.3, -70.0] {
                let (low, high) = bins.edges(bins.bin(value));
                let value = f64::from(value);
                assert!(low <= value && value <= high, "{value} not in {low} to {high}");
            }
        }
    }

    #[test]
    fn what_is_nothing_in_nearly_all_runs_is_nothing() {
        let mut rows = vec![[0.0f32, 0.0, 0.0]; 99];
        rows.push([300.0, 0.5, 1.0]);
        let found = sketch(&rows);
        for p in [0.1, 0.5, 0.9] {
            assert_eq!([0, 1].map(|column| found.at(0, column).quantile(p)), [Some(0.0); 2], "{p}");
        }
        let few = sketch(&[[0.001, 1e-6, 0.0]; 9]);
        assert!(few.at(0, 0).quantile(0.5).unwrap() > 0.0, "where none is nothing, it is not nothing");
    }

    #[test]
    fn another_layout_is_refused() {
        let mut sketch = SeriesSketch::new(&columns(), 1);
        assert_eq!(sketch.add(&[&[1.0]]), Err(Mismatch { expected: 3, found: 1 }));
        let other = SeriesSketch::new(&columns(), 2);
        assert_eq!(sketch.merge(&other), Err(Mismatch { expected: 3, found: 6 }));
    }
}
