//! Points in a plane, with names or joined by a line: Morris' μ* against σ, coverage against density, energies.

use super::axis::{Format, Scale};
use super::canvas::{Canvas, Text};
use super::frame::{About, Area, Chart, Heading, MARGIN};
use super::palette::{ACCENT, GREY, INK, PALE, WHITE};
use super::text;

/// A point with a name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlanePoint {
    /// Its name, written beside it where there is room; may be empty.
    pub label: String,
    /// Where it stands; not negative.
    pub at: (f64, f64),
    /// Whether it is drawn full, as one of the points that matter.
    pub strong: bool,
}

/// Points in a plane that begins at zero.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plane {
    /// The name of its files.
    pub name: String,
    /// What is shown.
    pub heading: Heading,
    /// What runs along x and along y.
    pub axes: (String, String),
    /// The points.
    pub points: Vec<PlanePoint>,
    /// Whether a line joins them in order.
    pub joined: bool,
    /// Whether both axes are of shares of one.
    pub in_shares: bool,
}

const WIDTH: f64 = 640.0;
const MOST: usize = 2000;

impl Chart for Plane {
    fn about(&self) -> About<'_> {
        About {
            name: &self.name,
            heading: &self.heading,
            caption: if self.joined {
                "Each dot is a box on the way from everything (right) to the purest (left): how much of the outcome it \
                 holds against how frequent the outcome is within it. The full dot is the box that is told."
            } else {
                "The further right, the more an input matters; the higher, the more its effect depends on the others or \
                 is not straight. Inputs at the lower left may be left at their best estimates."
            }
            .into(),
        }
    }

    fn draw(&self) -> Canvas {
        let finite = |point: &&PlanePoint| point.at.0.is_finite() && point.at.1.is_finite();
        let points: Vec<&PlanePoint> = self.points.iter().filter(finite).take(MOST).collect();
        if points.is_empty() {
            return self.heading.nothing("There are no points to show.");
        }
        let (mut canvas, top) = self.heading.start(WIDTH);
        let format = if self.in_shares { Format::Percent } else { Format::Count };
        let scale = |pick: fn(&PlanePoint) -> f64| {
            let values = points.iter().map(|point| pick(point));
            match self.in_shares {
                true => Scale::from_zero(values, 5, format),
                // Small effects need not be whole.
                false if values.clone().fold(0.0, f64::max) < 10.0 => {
                    Scale { format, ..Scale::from_zero_up_to(values, 5, Format::Percent, f64::INFINITY) }
                }
                false => Scale::from_zero(values, 5, format),
            }
        };
        let (across, up) = (scale(|point| point.at.0), scale(|point| point.at.1));
        let area = Area { left: MARGIN + 52.0, top: top + 16.0, right: WIDTH - MARGIN - 20.0, bottom: top + 416.0 };
        up.draw_left(&mut canvas, &area, 8.5);
        for &tick in &across.ticks {
            let x = across.x(tick, &area);
            canvas.line((x, area.top), (x, area.bottom), PALE, 0.6);
            canvas.write(x, area.bottom + 13.0, Text::new(&across.format.write(tick), 8.5).colour(GREY).middle());
        }
        let below = Text::new(&self.axes.0, 9.5).bold().middle().fit(area.width());
        canvas.write((area.left + area.right) / 2.0, area.bottom + 30.0, below);
        canvas.write(MARGIN, area.top - 8.0, Text::new(&self.axes.1, 9.5).bold().fit(area.width()));
        let place = |point: &PlanePoint| (across.x(point.at.0, &area), up.y(point.at.1, &area));
        if self.joined {
            canvas.path(points.iter().map(|point| place(point)), ACCENT.mixed(WHITE, 0.5), 1.2);
        }
        for point in &points {
            if point.strong {
                canvas.disc(place(point), 4.0, ACCENT);
            } else {
                canvas.ring(place(point), 3.2, 1.2, ACCENT.mixed(WHITE, 0.3));
            }
        }
        let named: Vec<PlanePoint> = match self.joined {
            true => points.iter().map(|point| (*point).clone()).collect(),
            false => together(&points, (across.high, up.high)),
        };
        let unnamed = self.name_points(&mut canvas, &named, &area, &place);
        let mut bottom = area.bottom + 44.0;
        if !unnamed.is_empty() {
            let words = format!("Not named, for want of room: {}.", unnamed.join(", "));
            for line in text::wrap(&words, 8.5, false, WIDTH - 2.0 * MARGIN, 3) {
                canvas.write(MARGIN, bottom, Text::new(&line, 8.5).colour(GREY));
                bottom += 12.0;
            }
        }
        canvas.set_height(bottom);
        canvas
    }
}

impl Plane {
    /// Writes names beside their points where they lie on no other name, strong points first; gives those that have no room.
    fn name_points<'a>(
        &self,
        canvas: &mut Canvas,
        points: &'a [PlanePoint],
        area: &Area,
        place: &dyn Fn(&PlanePoint) -> (f64, f64),
    ) -> Vec<&'a str> {
        let mut unnamed = Vec::new();
        let spot = |point: &PlanePoint| {
            let (x, y) = place(point);
            [x - 4.0, y - 4.0, x + 4.0, y + 4.0]
        };
        let mut taken: Vec<[f64; 4]> = points.iter().map(spot).collect();
        let ordered = points.iter().filter(|p| p.strong).chain(points.iter().filter(|p| !p.strong));
        for point in ordered {
            let label = Text::new(&point.label, 8.5).colour(INK).fit(220.0);
            let (x, y) = place(point);
            let width = label.width();
            let near = [(x + 7.0, y), (x - 7.0 - width, y), (x - width / 2.0, y - 10.0), (x - width / 2.0, y + 10.0)];
            // Points on a line stand close: further off at a slant there may still be room.
            let far =
                [(x + 9.0, y - 12.0), (x - 9.0 - width, y + 12.0), (x - 9.0 - width, y - 12.0), (x + 9.0, y + 12.0)];
            let spot = near.into_iter().chain(far).find(|&(left, middle)| {
                let within = left >= area.left && left + width <= area.right + 20.0;
                let within = within && middle - 6.0 >= area.top && middle + 6.0 <= area.bottom;
                let bounds = [left, middle - 6.0, left + width, middle + 6.0];
                let free = |t: &[f64; 4]| bounds[0] > t[2] || bounds[2] < t[0] || bounds[1] > t[3] || bounds[3] < t[1];
                within && taken.iter().all(free)
            });
            match spot {
                _ if label.words.is_empty() => {}
                Some((left, middle)) => {
                    canvas.write_centred(left, middle, label);
                    taken.push([left, middle - 6.0, left + width, middle + 6.0]);
                }
                None => unnamed.push(point.label.as_str()),
            }
        }
        unnamed
    }
}

/// Points that are drawn on each other as one, named after the first and by how many others there are; `ends` are those of
/// the axes.
fn together(points: &[&PlanePoint], ends: (f64, f64)) -> Vec<PlanePoint> {
    /// What is nearer than this share of an axis is drawn on each other.
    const NEAR: f64 = 0.005;
    let mut found: Vec<(PlanePoint, Vec<&str>)> = Vec::new();
    let near = |(x, y): (f64, f64), point: &PlanePoint| {
        (x - point.at.0).abs() <= NEAR * ends.0 && (y - point.at.1).abs() <= NEAR * ends.1
    };
    for point in points {
        match found.iter_mut().find(|(known, _)| near(known.at, point)) {
            Some((known, others)) => {
                known.strong |= point.strong;
                others.push(&point.label);
            }
            None => found.push(((*point).clone(), Vec::new())),
        }
    }
    let named = |(mut point, others): (PlanePoint, Vec<&str>)| {
        let others: Vec<&str> = others.into_iter().filter(|label| !label.is_empty()).collect();
        match others.as_slice() {
            [] => {}
            [one] => point.label = format!("{} and {one}", point.label),
            more => point.label = format!("{} and {} more", point.label, more.len()),
        }
        point
    };
    found.into_iter().map(named).collect()
}

#[cfg(test)]
mod tests {
    use super::super::canvas::Mark;
    use super::*;

    #[test]
    fn points_on_each_other_share_a_name_and_none_is_left_out_without_a_word() {
        let point = |label: &str, x: f64, y: f64| PlanePoint { label: label.into(), at: (x, y), strong: false };
        let mut points = vec![point("far", 7.5, 8.7), point("a", 0.0, 0.0), point("b", 0.0, 0.0), point("c", 0.0, 0.0)];
        points.extend(
            (0..60)
                .map(|i| point(&format!("crowded {i}"), 4.0 + 0.05 * f64::from(i % 8), 4.0 + 0.06 * f64::from(i / 8))),
        );
        let plane = Plane { points, ..Plane::default() };
        let canvas = plane.draw();
        let text = |mark: &Mark| if let Mark::Text(text) = mark { Some(text.words.clone()) } else { None };
        let words: Vec<String> = canvas.marks().iter().filter_map(text).collect();
        assert!(words.contains(&"far".into()) && words.contains(&"a and 2 more".into()), "{words:?}");
        assert!(words.iter().any(|words| words.starts_with("Not named, for want of room: crowded")), "{words:?}");
    }
}
