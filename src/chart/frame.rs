//! What all charts share: who is drawn, the heading, a rectangle to draw in, a value with its interval, the trait.

use super::canvas::{Canvas, Text};
use super::palette::{self, Colour, GREY};
use super::text;
use crate::estimate::Estimate;
use std::borrow::Cow;

/// Width of a chart in points.
pub const WIDTH: f64 = 900.0;
/// White space around a chart.
pub const MARGIN: f64 = 20.0;

/// Why a share of a day is not that of a question of the same.
pub(super) const ON_THE_DAY: &str = "Shares are of how two stand on the day; a question that asks “within” counts all who stood so at any time \
                                     before, so its share is as high or higher.";

/// Something that can be drawn.
pub trait Chart: Send + Sync {
    /// What it is.
    fn about(&self) -> About<'_>;
    /// Draws it.
    fn draw(&self) -> Canvas;
}

/// What a chart is.
#[derive(Clone, Debug)]
pub struct About<'a> {
    /// The name of its files, without extension.
    pub name: &'a str,
    /// What it shows.
    pub heading: &'a Heading,
    /// How to read it, in a sentence or two.
    pub caption: Cow<'a, str>,
}

/// What a chart shows, and of how many runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heading {
    /// What is shown, in a few words.
    pub title: String,
    /// Number of replicates, what the interval is, the seed.
    pub subtitle: String,
}

impl Heading {
    /// A heading from its two lines.
    pub fn new(title: impl Into<String>, subtitle: impl Into<String>) -> Self {
        Self { title: title.into(), subtitle: subtitle.into() }
    }

    /// Starts a drawing with this heading; also gives where what follows may begin.
    pub(super) fn start(&self, width: f64) -> (Canvas, f64) {
        let mut canvas = Canvas::new(width, 100.0);
        canvas.description = text::clean(&self.title).chars().take(300).collect();
        let most = width - 2.0 * MARGIN;
        let mut y = MARGIN - 2.0;
        for line in text::wrap(&self.title, 15.0, true, most, 2) {
            y += 17.0;
            canvas.write(MARGIN, y, Text::new(&line, 15.0).bold());
        }
        for line in text::wrap(&self.subtitle, 10.0, false, most, 2) {
            y += 15.0;
            canvas.write(MARGIN, y, Text::new(&line, 10.0).colour(GREY));
        }
        (canvas, y + 14.0)
    }

    /// A drawing that says why there is nothing to show.
    pub(super) fn nothing(&self, reason: &str) -> Canvas {
        let (mut canvas, top) = self.start(WIDTH);
        canvas.write(MARGIN, top + 20.0, Text::new(reason, 11.0).colour(GREY).fit(WIDTH - 2.0 * MARGIN));
        canvas.set_height(top + 50.0);
        canvas.is_nothing = true;
        canvas
    }
}

/// A faction as it is drawn: everywhere by the same name and colour.
#[derive(Clone, Debug, PartialEq)]
pub struct Party {
    /// Short name.
    pub name: String,
    /// Its colour.
    pub colour: Colour,
}

impl Party {
    /// The faction at a position in the scenario's order.
    pub fn new(name: impl Into<String>, index: usize) -> Self {
        Self { name: name.into(), colour: palette::faction(index) }
    }

    /// Nobody, under a name such as "ungoverned".
    pub fn nobody(name: impl Into<String>) -> Self {
        Self { name: name.into(), colour: palette::NOBODY }
    }
}

/// A value with the interval around it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Band {
    /// Median, mean or probability.
    pub middle: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl From<Estimate> for Band {
    fn from(estimate: Estimate) -> Self {
        Self::new(estimate.value, estimate.low, estimate.high)
    }
}

impl Band {
    /// A value with the ends of its interval.
    pub fn new(middle: f64, low: f64, high: f64) -> Self {
        Self { middle, low, high }
    }

    /// Whether all three are numbers.
    pub(super) fn is_finite(&self) -> bool {
        self.middle.is_finite() && self.low.is_finite() && self.high.is_finite()
    }
}

/// A rectangle to draw in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Area {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Area {
    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }
}

/// Cuts an area of `canvas` width into a grid: the area of panel `index` of panels `height` high in `columns` columns
/// from `top` on, with gaps across and down between them.
pub(super) fn grid(index: usize, columns: usize, width: f64, top: f64, height: f64, gap: (f64, f64)) -> Area {
    let columns = columns.max(1);
    let (column, row) = ((index % columns) as f64, (index / columns) as f64);
    let wide = (width - 2.0 * MARGIN - gap.0 * (columns as f64 - 1.0)) / columns as f64;
    let left = MARGIN + column * (wide + gap.0);
    let top = top + row * (height + gap.1);
    Area { left, top, right: left + wide, bottom: top + height }
}

/// Middles for labels that would like to stand at `wanted` heights, `gap` apart at least, within `low..high`, each as
/// near to its wish as that allows (pool adjacent violators). When there is no room, they stand evenly.
pub(super) fn spread(wanted: &[f64], gap: f64, low: f64, high: f64) -> Vec<f64> {
    let count = wanted.len();
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|&a, &b| wanted[a].total_cmp(&wanted[b]).then(a.cmp(&b)));
    let room = high - low;
    let gap = if gap * (count.saturating_sub(1)) as f64 > room { room / (count.max(2) - 1) as f64 } else { gap };
    // Subtracting each rank's share of the gaps turns "at least a gap apart" into "not decreasing".
    let mut pools: Vec<(f64, usize)> = Vec::new();
    for (rank, &index) in order.iter().enumerate() {
        let wish = if wanted[index].is_finite() { wanted[index].clamp(low, high) } else { low };
        let mut pool = (wish - gap * rank as f64, 1);
        while let Some(&(mean, size)) = pools.last() {
            if mean <= pool.0 {
                break;
            }
            pool = ((mean * size as f64 + pool.0 * pool.1 as f64) / (size + pool.1) as f64, size + pool.1);
            pools.pop();
        }
        pools.push(pool);
    }
    let mut placed = vec![0.0; count];
    let mut rank = 0;
    let ceiling = high - gap * count.saturating_sub(1) as f64;
    for (mean, size) in pools {
        for _ in 0..size {
            placed[order[rank]] = mean.clamp(low, ceiling.max(low)) + gap * rank as f64;
            rank += 1;
        }
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_spread_keep_their_order_gap_and_bounds() {
        let wanted = [10.0, 11.0, 12.0, 50.0, 99.0, 99.5, f64::NAN];
        let placed = spread(&wanted, 10.0, 0.0, 100.0);
        let mut sorted = placed.clone();
        sorted.sort_by(f64::total_cmp);
        assert!(sorted.windows(2).all(|pair| pair[1] - pair[0] > 10.0 - 1e-9), "{placed:?}");
        assert!(sorted[0] >= -1e-9 && sorted[6] <= 100.0 + 1e-9);
        assert!(placed[3] > placed[2] && placed[4] > placed[3]);
        assert_eq!(spread(&[50.0], 10.0, 0.0, 100.0), [50.0]);
        assert!(spread(&[], 10.0, 0.0, 100.0).is_empty());
        let crowded = spread(&[5.0; 30], 10.0, 0.0, 100.0);
        assert!(crowded.iter().all(|y| (-1e-9..=100.0 + 1e-9).contains(y)));
    }
}
