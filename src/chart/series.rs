//! What charts over dates are made of: series of values, and panels of series.

use super::frame::Band;
use super::palette::{Colour, INK};

/// The most series that a panel draws.
pub(super) const MOST_SERIES: usize = 20;

/// A line, or a layer of a stack, over the chart's dates.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// A few words that stand at its end; may be empty.
    pub label: String,
    /// Its colour.
    pub colour: Colour,
    /// Its value per date with the interval. A layer has its middle as its height.
    pub bands: Vec<Band>,
    /// Whether the line is dashed.
    pub dashed: bool,
}

impl Series {
    /// A line, or a layer.
    pub fn new(label: impl Into<String>, colour: Colour, bands: Vec<Band>) -> Self {
        Self { label: label.into(), colour, bands, dashed: false }
    }

    /// A layer's height at a date; what is not finite or negative counts as nothing.
    pub(super) fn height(&self, date: usize) -> f64 {
        self.bands.get(date).map(|band| band.middle).filter(|v| v.is_finite() && *v > 0.0).unwrap_or(0.0)
    }

    pub(super) fn highs(&self) -> impl Iterator<Item = f64> + '_ {
        self.bands.iter().map(|band| band.high)
    }
}

/// A panel of series.
#[derive(Clone, Debug, PartialEq)]
pub struct TimePanel {
    /// What its series are of.
    pub title: String,
    /// The title's colour.
    pub colour: Colour,
    /// Its series, from below to above if they add up.
    pub series: Vec<Series>,
    /// Whether the series add up.
    pub stacked: bool,
    /// The interval of the sum of a stack per date, drawn as two dashed lines; may be empty.
    pub sum: Vec<Band>,
    /// Whether the last value is written at the end of each line.
    pub values: bool,
}

impl TimePanel {
    /// A panel of lines whose last values are written at their ends.
    pub fn lines(title: impl Into<String>, series: Vec<Series>) -> Self {
        Self { title: title.into(), colour: INK, series, stacked: false, sum: Vec::new(), values: true }
    }

    /// A panel of layers that add up.
    pub fn stack(title: impl Into<String>, series: Vec<Series>) -> Self {
        Self { stacked: true, ..Self::lines(title, series) }
    }

    pub(super) fn highest(&self) -> f64 {
        let finite = |most: f64, value: f64| if value.is_finite() { most.max(value) } else { most };
        if self.stacked {
            let dates = self.series.iter().map(|series| series.bands.len()).max().unwrap_or(0);
            let sum = |date: usize| self.series.iter().map(|series| series.height(date)).sum::<f64>();
            (0..dates).map(sum).chain(self.sum.iter().map(|band| band.high)).fold(0.0, finite)
        } else {
            self.series.iter().take(MOST_SERIES).flat_map(Series::highs).fold(0.0, finite)
        }
    }
}
