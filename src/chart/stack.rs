//! Shares or amounts stacked over time, with a label per layer at the right.

use super::axis::{Format, Scale, TimeAxis, count, percent};
use super::canvas::{Canvas, Text};
use super::frame::{Area, spread};
use super::palette::{Colour, WHITE};
use super::panel::TICK;
use crate::base::Date;

/// A layer of a stack.
pub(super) struct Layer<'a> {
    pub name: &'a str,
    pub colour: Colour,
    /// Height per date; what is not finite or negative counts as nothing.
    pub heights: &'a [f64],
}

/// Draws layers from below to above in an area that includes axes and labels (at most `label` points wide).
pub(super) fn draw(
    canvas: &mut Canvas,
    area: Area,
    dates: &[Date],
    layers: &[Layer<'_>],
    (time, scale): (&TimeAxis, &Scale),
    label: f64,
) -> Area {
    let last = dates.len().saturating_sub(1);
    let written = |layer: &Layer<'_>| {
        let amount = height(layer, last);
        if scale.format == Format::Count { count(rounded(amount)) } else { percent(amount) }
    };
    let needed = layers
        .iter()
        .map(|layer| super::text::width(layer.name, 9.0, false) + super::text::width(&written(layer), 9.0, false));
    let label = needed.fold(40.0, f64::max).min(label - 18.0) + 18.0;
    let plot = Area {
        left: area.left + scale.label_width(TICK),
        top: area.top + 4.0,
        right: area.right - label,
        bottom: area.bottom - 16.0,
    };
    scale.draw_left(canvas, &plot, TICK);
    time.draw_below(canvas, &plot, TICK);
    let mut floor = vec![0.0; dates.len()];
    let mut labels = Vec::new();
    for layer in layers {
        let roof: Vec<f64> = floor.iter().enumerate().map(|(i, f)| f + height(layer, i)).collect();
        let edge = |levels: &[f64]| -> Vec<(f64, f64)> {
            dates.iter().zip(levels).map(|(d, v)| (time.x(*d, &plot), scale.y(*v, &plot))).collect()
        };
        let (upper, lower) = (edge(&roof), edge(&floor));
        canvas.polygon(upper.iter().copied().chain(lower.iter().rev().copied()), layer.colour);
        canvas.path(upper, WHITE, 0.7);
        if let (Some(above), Some(below)) = (roof.last(), floor.last()) {
            labels.push((layer, scale.y((above + below) / 2.0, &plot)));
        }
        floor = roof;
    }
    let placed = spread(&labels.iter().map(|l| l.1).collect::<Vec<_>>(), 11.5, plot.top + 2.0, plot.bottom - 2.0);
    let crowded = labels.len() as f64 * 11.0 > plot.height();
    let size = if crowded { (plot.height() / labels.len() as f64 * 0.85).clamp(4.0, 9.0) } else { 9.0 };
    for ((layer, wish), y) in labels.into_iter().zip(placed) {
        canvas.line((plot.right + 1.0, wish), (plot.right + 8.0, y), layer.colour, 0.9);
        let value = written(layer);
        let room = label - 16.0 - super::text::width(&value, size, false);
        let name = super::text::fit(layer.name, size, false, room);
        let words = format!("{name} {value}");
        canvas.write_centred(plot.right + 10.0, y, Text::new(words.trim(), size).colour(layer.colour.for_text()));
    }
    plot
}

fn height(layer: &Layer<'_>, index: usize) -> f64 {
    layer.heights.get(index).copied().filter(|v| v.is_finite() && *v > 0.0).unwrap_or(0.0)
}

/// An amount to three significant digits: more would pretend to be known.
fn rounded(amount: f64) -> f64 {
    let mut unit = 1.0;
    while amount / unit >= 1000.0 && unit < 1e15 {
        unit *= 10.0;
    }
    (amount / unit).round() * unit
}
