//! Axes: round ticks for numbers, months and years for dates, and how numbers are written.

use super::canvas::{Canvas, Text};
use super::frame::Area;
use super::palette::{GREY, INK, PALE};
use super::text;
use crate::base::Date;
pub use crate::base::number::{Format, count, percent};
use crate::base::number::{grouped, sign};

/// A difference at a tick, without decimals that say nothing: "+30", "−2.5", of shares in percentage points.
pub(super) fn difference(format: Format, value: f64) -> String {
    let points = 100.0 * value.abs();
    match format {
        Format::Percent => sign(value, &grouped(points, usize::from((points - points.round()).abs() > 1e-9))),
        Format::Count => format.signed(value),
    }
}

/// A scale of numbers with its ticks.
#[derive(Clone, Debug)]
pub(super) struct Scale {
    pub low: f64,
    pub high: f64,
    pub ticks: Vec<f64>,
    pub format: Format,
}

impl Scale {
    /// From zero to a round number at or above the largest of `values`, with about `parts` steps; percentages end at
    /// one at the latest, and neither is empty.
    pub fn from_zero(values: impl IntoIterator<Item = f64>, parts: usize, format: Format) -> Self {
        Self::from_zero_up_to(values, parts, format, if format == Format::Percent { 1.0 } else { f64::INFINITY })
    }

    /// The same with another end, such as of percentages of something that may more than double.
    pub fn from_zero_up_to(values: impl IntoIterator<Item = f64>, parts: usize, format: Format, end: f64) -> Self {
        let most = values.into_iter().filter(|v| v.is_finite()).fold(0.0, f64::max);
        let least = if format == Format::Percent { 0.04 } else { 1.0 };
        let most = most.max(least).min(end);
        let step = round_step(most / parts.max(1) as f64, format);
        let steps = ((most / step) - 1e-9).ceil().max(1.0);
        let ticks = (0..=steps as usize).map(|i| i as f64 * step).collect();
        Self { low: 0.0, high: steps * step, ticks, format }
    }

    /// From a round number at or below the least of `values` to one at or above the largest, with about `parts` steps.
    pub fn spanning(values: impl IntoIterator<Item = f64>, parts: usize) -> Self {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.into_iter().filter(|value| value.is_finite()) {
            (low, high) = (low.min(value), high.max(value));
        }
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        let width = (high - low).max(1e-9 * high.abs()).max(1e-9);
        // Steps need not be whole here, so they are rounded as those of shares are.
        let step = round_step(width / parts.max(1) as f64, Format::Percent);
        let (first, last) = ((low / step + 1e-9).floor(), (high / step - 1e-9).ceil());
        let steps = ((last - first) as usize).clamp(1, 50);
        let ticks = (0..=steps).map(|i| (first + i as f64) * step).collect();
        Self { low: first * step, high: (first + steps as f64) * step, ticks, format: Format::Count }
    }

    /// Where a value stands between 0 (low) and 1 (high); held within.
    pub fn share(&self, value: f64) -> f64 {
        ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }

    /// The height of a value in an area.
    pub fn y(&self, value: f64, area: &Area) -> f64 {
        area.bottom - self.share(value) * area.height()
    }

    /// The position along x of a value in an area.
    pub fn x(&self, value: f64, area: &Area) -> f64 {
        area.left + self.share(value) * area.width()
    }

    /// Room that the tick labels need at the left.
    pub fn label_width(&self, size: f64) -> f64 {
        self.ticks.iter().map(|t| text::width(&self.tick(*t), size, false)).fold(0.0, f64::max) + 5.0
    }

    fn tick(&self, value: f64) -> String {
        match self.format {
            Format::Percent => {
                let hundredth = value * 100.0;
                if (hundredth - hundredth.round()).abs() < 1e-6 {
                    format!("{hundredth:.0}%")
                } else {
                    format!("{hundredth:.1}%")
                }
            }
            Format::Count => count(value),
        }
    }

    /// Horizontal gridlines with labels at the left.
    pub fn draw_left(&self, canvas: &mut Canvas, area: &Area, size: f64) {
        for &tick in &self.ticks {
            let y = self.y(tick, area);
            let base = (tick - self.low).abs() < 1e-12;
            canvas.line((area.left, y), (area.right, y), if base { GREY } else { PALE }, if base { 0.8 } else { 0.6 });
            let label = Text::new(&self.tick(tick), size).colour(GREY).end();
            canvas.write_centred(area.left - 4.0, y, label);
        }
    }
}

fn round_step(rough: f64, format: Format) -> f64 {
    let mut magnitude = 1.0;
    while magnitude > rough {
        magnitude /= 10.0;
    }
    while magnitude * 10.0 <= rough {
        magnitude *= 10.0;
    }
    let found = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().find(|m| m * magnitude >= rough * (1.0 - 1e-9)).unwrap_or(10.0);
    let step = found * magnitude;
    match format {
        // People and deaths come whole.
        Format::Count => step.max(1.0).ceil(),
        Format::Percent => step,
    }
}

/// Dates along x.
#[derive(Clone, Debug)]
pub(super) struct TimeAxis {
    start: Date,
    days: f64,
    ticks: Vec<(Date, String, bool)>,
}

impl TimeAxis {
    /// From the first of `dates` to the last; `width` points wide, which decides how many ticks there are.
    pub fn over(dates: impl IntoIterator<Item = Date>, width: f64) -> Option<Self> {
        let (mut first, mut last) = (None, None);
        for date in dates {
            first = Some(first.map_or(date, |f: Date| f.min(date)));
            last = Some(last.map_or(date, |l: Date| l.max(date)));
        }
        let (start, end) = (first?, last?);
        let days = (end.days_since(start) as f64).max(1.0);
        Some(Self { start, days, ticks: date_ticks(start, end, (width / 34.0).max(2.0)) })
    }

    /// The position along x of a day.
    pub fn x(&self, date: Date, area: &Area) -> f64 {
        area.left + (date.days_since(self.start) as f64 / self.days).clamp(0.0, 1.0) * area.width()
    }

    /// Ticks and labels under an area; labels that would touch are left out.
    pub fn draw_below(&self, canvas: &mut Canvas, area: &Area, size: f64) {
        let mut free = area.left - 20.0;
        for (date, label, year) in &self.ticks {
            let x = self.x(*date, area);
            canvas.line((x, area.bottom), (x, area.bottom + if *year { 4.0 } else { 2.5 }), GREY, 0.8);
            let half = text::width(label, size, *year) / 2.0;
            if x - half > free && x + half < area.right + 14.0 {
                let text = Text::new(label, size).colour(if *year { INK } else { GREY }).middle();
                canvas.write(x, area.bottom + 5.0 + size, if *year { text.bold() } else { text });
                free = x + half + 3.0;
            }
        }
    }

    /// Pale vertical lines at the turns of years, for charts without horizontal ones.
    pub fn draw_years(&self, canvas: &mut Canvas, area: &Area) {
        for (date, _, year) in &self.ticks {
            let x = self.x(*date, area);
            if *year && x > area.left + 1.0 {
                canvas.line((x, area.top), (x, area.bottom), PALE, 0.8);
            }
        }
    }
}

fn date_ticks(start: Date, end: Date, most: f64) -> Vec<(Date, String, bool)> {
    const NAMES: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (from_year, from_month, _) = start.parts();
    let (to_year, to_month, _) = end.parts();
    let months = (i32::from(to_year) - i32::from(from_year)) * 12 + i32::from(to_month) - i32::from(from_month);
    if months < 2 {
        let days = end.days_since(start).max(1);
        let step = [1, 2, 7, 14].into_iter().find(|s| (days / s) as f64 <= most).unwrap_or(28);
        return (0..=days / step)
            .map(|i| {
                let date = start.plus_days(i * step);
                let (_, month, day) = date.parts();
                (date, format!("{day} {}", NAMES[usize::from(month.unsigned_abs()).clamp(1, 12) - 1]), false)
            })
            .collect();
    }
    let step = [1, 2, 3, 6].into_iter().find(|s| f64::from(months / s) <= most);
    let mut ticks = Vec::new();
    let step = step.unwrap_or_else(|| {
        let years = (f64::from(months) / 12.0 / most).ceil() as i32;
        12 * [1, 2, 5, 10, 20, 50].into_iter().find(|y| *y >= years).unwrap_or(100)
    });
    let first = i32::from(from_year) * 12;
    for month in (first..=i32::from(to_year) * 12 + 11).step_by(step.unsigned_abs() as usize) {
        let (year, month) = (month / 12, month % 12);
        let Ok(date) = Date::new(year as i16, month as i8 + 1, 1) else {
            continue;
        };
        if date >= start && date <= end {
            let turn = month == 0;
            ticks.push((date, if turn { year.to_string() } else { NAMES[month as usize].to_owned() }, turn));
        }
    }
    ticks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_end_at_one_and_what_may_more_than_double_does_not() {
        let last = |scale: Scale| scale.ticks.last().copied().unwrap_or_default();
        assert!((last(Scale::from_zero([1.5], 3, Format::Percent)) - 1.0).abs() < 1e-9);
        let wide = Scale::from_zero_up_to([1.5], 3, Format::Percent, f64::INFINITY);
        assert!(wide.high >= 1.5 && last(wide) < 3.0);
    }

    #[test]
    fn scales_are_round_and_hold_their_values() {
        for most in [0.0, 0.003, 0.07, 0.31, 0.5, 0.99, 1.0, 7.0] {
            let scale = Scale::from_zero([most, f64::NAN], 4, Format::Percent);
            assert!(scale.high >= most.min(1.0) && scale.high <= 1.0 + 1e-9, "{most}: {scale:?}");
            assert!(scale.ticks.len() <= 7);
        }
        for most in [0.0, 3.0, 17.0, 380_000.0, 1e12] {
            let scale = Scale::from_zero([most], 4, Format::Count);
            assert!(scale.high >= most && scale.ticks.len() <= 7, "{most}: {scale:?}");
        }
    }

    #[test]
    fn scales_span_what_lies_below_zero() {
        for (low, high) in [(-83_200.0, 61_000.0), (-0.4, -0.1), (0.2, 0.2), (-1e9, 3e8), (5.0, 1.0)] {
            let scale = Scale::spanning([low, high, f64::NAN], 5);
            assert!(scale.low <= low.min(high) + 1e-6 && scale.high >= high.max(low) - 1e-6, "{low} {high}: {scale:?}");
            assert!((2..=9).contains(&scale.ticks.len()), "{scale:?}");
        }
        assert!(Scale::spanning([], 5).ticks.len() > 1);
    }

    #[test]
    fn any_span_has_a_few_date_ticks() {
        let start = Date::new(2023, 1, 23).unwrap();
        for days in [1, 10, 45, 200, 730, 1218, 5000, 18_000] {
            let axis = TimeAxis::over([start, start.plus_days(days)], 400.0).unwrap();
            assert!((1..=14).contains(&axis.ticks.len()), "{days} days: {}", axis.ticks.len());
        }
        assert!(TimeAxis::over([], 100.0).is_none());
        assert!(TimeAxis::over([start], 100.0).is_some());
    }
}
