//! What the rows of tables of results are of.

use crate::base::Date;

/// Which point and variant a run belongs to, and its replicate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RunKey {
    /// The design point.
    pub point: i32,
    /// The variant, as its place in the manifest's list.
    pub variant: u32,
    /// The replicate.
    pub replicate: u64,
    /// Whether the run failed.
    pub failed: bool,
}

/// A row of `runs.parquet`: columns by name, with what they hold.
pub type RunRow = Vec<(String, Option<String>)>;

/// Which series.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SeriesKey {
    /// The design point.
    pub point: i32,
    /// The variant's id.
    pub variant: String,
    /// The measure.
    pub measure: String,
}

/// A line of a series. Quantiles are none for measures of unit `chance`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SeriesPoint {
    /// The day.
    pub date: Date,
    /// Weeks since the start.
    pub week: f64,
    /// How many runs.
    pub n: u64,
    /// Their mean; NaN without runs.
    pub mean: f64,
    /// 2.5% quantile.
    pub low: Option<f64>,
    /// 25% quantile.
    pub q25: Option<f64>,
    /// Median.
    pub median: Option<f64>,
    /// 75% quantile.
    pub q75: Option<f64>,
    /// 97.5% quantile.
    pub high: Option<f64>,
}
