//! The ground that maps draw on: zones with their land, borders and towns, and their names where there is room.

use super::canvas::{Canvas, Point, Text};
use super::frame::Area;
use super::palette::{Colour, GREY, INK, WHITE};
use super::{text, voronoi};
use crate::base::maths;
use crate::scenario::Rings;

/// A zone on the map.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MapZone {
    /// Its name.
    pub name: String,
    /// Longitude and latitude in degrees.
    pub position: (f64, f64),
    /// Whether its name is always written, as that of a place that matters.
    pub named: bool,
    /// For a town, which is a circle within the land of the zone around it: the position of that zone in the list of zones.
    pub town_of: Option<usize>,
    /// Its country; a darker line is drawn between countries.
    pub country: String,
    /// Its outlines; without any, it takes the land that is nearer to it than to other zones.
    pub outlines: Rings,
}

/// Radius of a town.
const TOWN: f64 = 4.5;
/// The most that a map is high.
const HIGHEST: f64 = 620.0;

/// A zone's land in map coordinates (degrees at the middle latitude, downwards).
struct Land {
    zone: usize,
    shapes: Vec<Vec<Point>>,
    /// Edges, with the zone beyond each; none of a zone with outlines.
    edges: Vec<(Point, Point, usize)>,
    centre: Point,
}

/// What a map shows of its zones.
pub(super) trait Look {
    /// The colour of a zone.
    fn colour(&self, zone: usize) -> Colour;
    /// What is written beside the name of a zone; may be empty.
    fn beside(&self, _zone: usize) -> String {
        String::new()
    }
}

/// The ground of a map.
pub(super) struct Ground<'a> {
    zones: &'a [MapZone],
    lands: Vec<Land>,
    corner: Point,
    size: (f64, f64),
    closed: &'a [(usize, usize)],
}

/// Where a ground is drawn.
#[derive(Clone, Copy)]
pub(super) struct Placed {
    corner: Point,
    origin: Point,
    scale: f64,
    wide: f64,
}

impl Placed {
    fn at(&self, p: Point) -> Point {
        (self.origin.0 + (p.0 - self.corner.0) * self.scale, self.origin.1 + (p.1 - self.corner.1) * self.scale)
    }
}

impl<'a> Ground<'a> {
    /// The ground of zones; none if no zone has a position.
    pub fn of(zones: &'a [MapZone]) -> Option<Self> {
        let lands = lands(zones);
        let corners: Vec<Point> = lands.iter().flat_map(|land| land.shapes.iter().flatten().copied()).collect();
        let bound = |pick: fn(&Point) -> f64, start: f64, choose: fn(f64, f64) -> f64| {
            corners.iter().map(pick).fold(start, choose)
        };
        let (left, right) = (bound(|p| p.0, f64::INFINITY, f64::min), bound(|p| p.0, f64::NEG_INFINITY, f64::max));
        let (top, bottom) = (bound(|p| p.1, f64::INFINITY, f64::min), bound(|p| p.1, f64::NEG_INFINITY, f64::max));
        let size = ((right - left).max(1e-9), (bottom - top).max(1e-9));
        (!corners.is_empty()).then_some(Self { zones, lands, corner: (left, top), size, closed: &[] })
    }

    /// With pairs of neighbouring zones between whose countries the border is closed.
    pub fn with_closed(mut self, closed: &'a [(usize, usize)]) -> Self {
        self.closed = closed;
        self
    }

    /// How high it is where it may be so wide.
    pub fn height(&self, wide: f64) -> f64 {
        self.size.1 * self.scale(wide)
    }

    fn scale(&self, wide: f64) -> f64 {
        (wide / self.size.0).min(HIGHEST / self.size.1)
    }

    /// Where it is drawn in an area, below its upper edge.
    pub fn placed(&self, area: &Area) -> Placed {
        let scale = self.scale(area.width());
        let shift = (area.width() - self.size.0 * scale) / 2.0;
        Placed { corner: self.corner, origin: (area.left + shift, area.top), scale, wide: area.width() }
    }

    /// The centre of a zone, or of that around a town; none for one without a position.
    pub fn centre(&self, placed: &Placed, zone: usize) -> Option<Point> {
        let around = self.zones.get(zone)?.town_of.unwrap_or(zone);
        self.lands.iter().find(|land| land.zone == around).map(|land| placed.at(land.centre))
    }

    /// Draws it: land, borders and towns, then what `over` draws, then names where they cover neither each other nor the
    /// boxes (left, top, right, bottom) that `over` gives.
    pub fn draw(
        &self,
        canvas: &mut Canvas,
        placed: &Placed,
        look: &dyn Look,
        over: impl FnOnce(&mut Canvas) -> Vec<[f64; 4]>,
    ) {
        let right = canvas.width;
        let place = |p: Point| placed.at(p);
        for land in &self.lands {
            let colour = look.colour(land.zone);
            for shape in &land.shapes {
                let outline: Vec<Point> = shape.iter().map(|p| place(*p)).collect();
                canvas.polygon(outline.iter().copied(), colour);
                canvas.path(outline.iter().chain(outline.first()).copied(), WHITE, 0.8);
            }
        }
        self.draw_borders(canvas, placed);
        let mut taken: Vec<[f64; 4]> = Vec::new();
        let around = |zone: usize| self.lands.iter().find(|land| land.zone == zone);
        let towns = (self.zones.iter().enumerate()).filter_map(|(town, zone)| Some((town, around(zone.town_of?)?)));
        for (town, land) in towns {
            let (x, y) = place(land.centre);
            canvas.disc((x, y), TOWN + 1.0, WHITE);
            canvas.disc((x, y), TOWN, look.colour(town));
            taken.push([x - TOWN, y - TOWN, x + TOWN, y + TOWN]);
        }
        taken.extend(over(canvas));
        let (first, rest): (Vec<&Land>, Vec<&Land>) = self.lands.iter().partition(|land| self.zones[land.zone].named);
        for land in first.into_iter().chain(rest) {
            let named = self.zones[land.zone].named;
            let colour = look.colour(land.zone);
            let beside = look.beside(land.zone);
            let name = text::clean(&self.zones[land.zone].name);
            let words = if beside.is_empty() { name } else { format!("{name} {beside}") };
            let label = Text::new(&words, if named { 7.0 } else { 6.2 }).fit(placed.wide / 2.0).middle();
            let label = if named { label.bold() } else { label };
            let half = label.width() / 2.0 + 0.5;
            let bounds = |(x, y): Point| [x - half, y - 4.0, x + half, y + 4.0];
            let free = |at: Point| {
                let b = bounds(at);
                taken.iter().all(|t| b[0] > t[2] || b[2] < t[0] || b[1] > t[3] || b[3] < t[1])
            };
            let (x, y) = place(land.centre);
            let town = self.zones.iter().any(|zone| zone.town_of == Some(land.zone));
            let by_the_town = [(x, y + 2.3 * TOWN), (x, y - 2.3 * TOWN)].into_iter().filter(|_| town);
            let mut inside = [land.centre, land.middle()].into_iter().map(place).chain(by_the_town);
            let spot = inside.find(|at| free(*at) && land.holds(&bounds(*at), &place));
            let beside = [(0.0, -9.0), (0.0, 9.0), (half + 5.0, 0.0), (-half - 5.0, 0.0), (0.0, -18.0), (0.0, 18.0)];
            // A place that matters has its name even where that covers its neighbours, on a ground of its own.
            let around = beside
                .into_iter()
                .map(|(across, down)| ((x + across).clamp(half + 2.0, (right - half - 2.0).max(half + 2.0)), y + down));
            let around = around.into_iter().find(|at| named && free(*at));
            match (spot, around) {
                (Some(at), _) => {
                    canvas.write_centred(at.0, at.1, label.colour(colour.contrasting()));
                    taken.push(bounds(at));
                }
                (None, Some(at)) => {
                    let [left, top, right, bottom] = bounds(at);
                    canvas.disc((x, y), 1.6, colour.contrasting());
                    canvas.rounded((left - 1.0, top - 0.5), (right + 1.0, bottom + 0.5), 2.0, WHITE.faded(0.85));
                    canvas.write_centred(at.0, at.1, label);
                    taken.push(bounds(at));
                }
                (None, None) => canvas.disc((x, y), 1.0, colour.contrasting().faded(0.7)),
            }
        }
    }

    /// Lines between countries, in dashes where the border is closed. Where there are outlines, a closed border is a bar across
    /// the way between two neighbours.
    fn draw_borders(&self, canvas: &mut Canvas, placed: &Placed) {
        let country = |zone: usize| self.zones.get(zone).map(|zone| zone.country.as_str());
        let is_closed = |a: usize, b: usize| {
            let two = (country(a), country(b));
            self.closed.iter().map(|(a, b)| (country(*a), country(*b))).any(|(a, b)| two == (a, b) || two == (b, a))
        };
        for land in &self.lands {
            for (from, to, beyond) in &land.edges {
                let (from, to) = (placed.at(*from), placed.at(*to));
                if country(*beyond) == country(land.zone) {
                    continue;
                }
                if is_closed(land.zone, *beyond) {
                    // Once, from one side, so that the dashes of two do not fill each other's gaps.
                    if land.zone < *beyond {
                        canvas.dashed(&[from, to], CLOSED, 2.6, (5.0, 3.0));
                    }
                } else {
                    canvas.line(from, to, INK.mixed(GREY, 0.5), 1.1);
                }
            }
        }
        let outlined = |zone: usize| self.zones.get(zone).is_some_and(|zone| !zone.outlines.is_empty());
        for &(a, b) in self.closed.iter().filter(|(a, b)| outlined(*a) && outlined(*b)) {
            let (Some(from), Some(to)) = (self.centre(placed, a), self.centre(placed, b)) else { continue };
            let (x, y) = ((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0);
            let (dx, dy) = (to.0 - from.0, to.1 - from.1);
            let length = (dx * dx + dy * dy).sqrt().max(1e-9);
            let (across, down) = (-dy / length * 7.0, dx / length * 7.0);
            canvas.line((x - across, y - down), (x + across, y + down), CLOSED, 2.6);
        }
    }
}

/// A closed border.
pub(super) const CLOSED: Colour = Colour::new(0xa5, 0x0f, 0x15);

/// The land of all zones with a position, towns excepted.
fn lands(zones: &[MapZone]) -> Vec<Land> {
    let known: Vec<usize> = (0..zones.len())
        .filter(|&z| {
            let (lon, lat) = zones[z].position;
            zones[z].town_of.is_none() && lon.abs() <= 360.0 && lat.abs() <= 90.0
        })
        .collect();
    let middle = known.iter().map(|&z| zones[z].position.1).sum::<f64>() / known.len().max(1) as f64;
    let narrow = maths::cos(middle.to_radians()).max(0.05);
    let flat = |(lon, lat): (f64, f64)| (lon * narrow, -lat);
    let sites: Vec<Point> = known.iter().map(|&z| flat(zones[z].position)).collect();
    voronoi::cells(&sites)
        .into_iter()
        .zip(&known)
        .enumerate()
        .map(|(site, (cell, &zone))| {
            let outlines = &zones[zone].outlines;
            if !outlines.is_empty() {
                let shapes = outlines.iter().map(|ring| ring.iter().map(|&p| flat(p)).collect()).collect();
                return Land { zone, shapes, edges: Vec::new(), centre: sites[site] };
            }
            let edges = (0..cell.len())
                .filter_map(|i| Some((cell[i].0, cell[(i + 1) % cell.len()].0, known[cell[i].1?])))
                .collect();
            Land { zone, shapes: vec![cell.iter().map(|c| c.0).collect()], edges, centre: sites[site] }
        })
        .collect()
}

impl Land {
    /// The mean of the first shape's corners.
    fn middle(&self) -> Point {
        let corners = self.shapes.first().map(Vec::as_slice).unwrap_or_default();
        let count = corners.len().max(1) as f64;
        let sum = corners.iter().fold((0.0, 0.0), |sum, corner| (sum.0 + corner.0, sum.1 + corner.1));
        (sum.0 / count, sum.1 / count)
    }

    /// Whether a box lies within the zone's land: all its corners do.
    fn holds(&self, bounds: &[f64; 4], place: &dyn Fn(Point) -> Point) -> bool {
        let corners = [(bounds[0], bounds[1]), (bounds[2], bounds[1]), (bounds[2], bounds[3]), (bounds[0], bounds[3])];
        self.shapes.iter().any(|shape| {
            let outline: Vec<Point> = shape.iter().map(|p| place(*p)).collect();
            corners.iter().all(|corner| inside(*corner, &outline))
        })
    }
}

/// Whether a point lies within an outline: a ray to the right crosses it an odd number of times.
fn inside((x, y): Point, outline: &[Point]) -> bool {
    let mut odd = false;
    for (index, from) in outline.iter().enumerate() {
        let to = outline[(index + 1) % outline.len()];
        if (from.1 > y) != (to.1 > y) && x < from.0 + (to.0 - from.0) * (y - from.1) / (to.1 - from.1) {
            odd = !odd;
        }
    }
    odd
}
