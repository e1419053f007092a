//! Shares or amounts stacked over time, with a label per layer at the right.

use super::axis::{Scale, TimeAxis};
use super::canvas::{Canvas, Text};
use super::frame::{Area, Band, spread};
use super::palette::{INK, WHITE};
use super::panel::{begin, room_before, written};
use super::series::{MOST_SERIES, Series, TimePanel};
use crate::base::Date;

/// Draws layers from below to above in an area that includes title, axes and labels.
pub(super) fn draw(
    canvas: &mut Canvas,
    area: Area,
    dates: &[Date],
    panel: &TimePanel,
    (time, scale): (&TimeAxis, &Scale),
) {
    let layers = &panel.series[..panel.series.len().min(MOST_SERIES)];
    let last = dates.len().saturating_sub(1);
    let value = |layer: &Series| written(scale.format, layer.height(last));
    let needed = layers.iter().map(|layer| Text::new(&layer.label, 9.0).followed_by(&value(layer)).width());
    let label = needed.fold(40.0, f64::max).min(area.width() * 0.3) + 18.0;
    let plot = begin(canvas, area, panel, (time, scale), (room_before(scale), label));
    let mut floor = vec![0.0; dates.len()];
    let mut labels = Vec::new();
    for layer in layers {
        let roof: Vec<f64> = floor.iter().enumerate().map(|(i, f)| f + layer.height(i)).collect();
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
        let text = Text::new(&layer.label, size).colour(layer.colour.for_text()).followed_by(&value(layer));
        canvas.write_centred(plot.right + 10.0, y, text.fit(label - 12.0));
    }
    for edge in [(|band| band.low) as fn(&Band) -> f64, |band| band.high] {
        let known = dates.iter().zip(&panel.sum).filter(|(_, band)| band.is_finite());
        let points: Vec<(f64, f64)> = known.map(|(d, b)| (time.x(*d, &plot), scale.y(edge(b), &plot))).collect();
        // Light beneath, for the layers may be dark.
        canvas.path(points.iter().copied(), WHITE.faded(0.85), 2.6);
        canvas.dashed(&points, INK, 1.0, (4.0, 3.0));
    }
}
