//! The ground that maps draw on: zones with their land, borders and towns, and their names where there is room.

mod names;

use super::canvas::{Canvas, Point};
use super::frame::Area;
use super::palette::{Colour, GREY, INK, WHITE};
use super::thin::thinned;
use super::voronoi;
use crate::base::{maths, meridian};
use crate::scenario::Area as Outline;
use std::sync::Arc;

/// A zone on the map.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MapZone {
    /// Its name.
    pub name: String,
    /// Longitude and latitude in degrees.
    pub position: (f64, f64),
    /// Whether its name comes first and has a ground of its own where it has no room, as that of a place that matters.
    pub named: bool,
    /// For a town, which is a circle within the land of the zone around it: the position of that zone in the list of zones.
    pub town_of: Option<usize>,
    /// Its country; a darker line is drawn between countries.
    pub country: String,
    /// Its outlines; without any, it takes the land that is nearer to it than to other zones.
    pub outlines: Vec<Arc<Outline>>,
}

/// Radius of a town.
const TOWN: f64 = 4.5;
/// The most that a map is high.
const HIGHEST: f64 = 620.0;
/// How far outlines are from where they were at most, in points: half a pixel of the image.
const FINE: f64 = 0.25;

/// A zone's land in map coordinates (degrees at the middle latitude, downwards).
struct Land {
    zone: usize,
    /// Whether it is drawn from outlines.
    outlined: bool,
    /// Its pieces, each as the line around it and those around its holes; the largest first.
    pieces: Vec<Vec<Vec<Point>>>,
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
    /// How much a zone matters to what is told: the names of those that do come first, the greatest before all.
    fn matters(&self, _zone: usize) -> f64 {
        0.0
    }
}

/// The ground of a map.
pub(super) struct Ground<'a> {
    zones: &'a [MapZone],
    lands: Vec<Land>,
    corner: Point,
    size: (f64, f64),
    closed: &'a [(usize, usize)],
    /// The 180th meridian, where it runs through the map: published outlines are cut there.
    seam: Option<f64>,
}

/// The least size of the names of zones.
const LEAST_LETTERS: f64 = 7.2;

/// Where a ground is drawn.
#[derive(Clone, Copy)]
pub(super) struct Placed {
    corner: Point,
    origin: Point,
    scale: f64,
    left: f64,
    wide: f64,
}

impl Placed {
    fn at(&self, p: Point) -> Point {
        (self.origin.0 + (p.0 - self.corner.0) * self.scale, self.origin.1 + (p.1 - self.corner.1) * self.scale)
    }
}

impl<'a> Ground<'a> {
    /// The ground of zones, as fine as it shows where it may be so wide; none if no zone has a position.
    pub fn of(zones: &'a [MapZone], wide: f64) -> Option<Self> {
        let (mut lands, seam, _) = lands(zones);
        let corners: Vec<Point> =
            lands.iter().flat_map(|land| land.pieces.iter().flatten().flatten().copied()).collect();
        let bound = |pick: fn(&Point) -> f64, start: f64, choose: fn(f64, f64) -> f64| {
            corners.iter().map(pick).fold(start, choose)
        };
        let (left, right) = (bound(|p| p.0, f64::INFINITY, f64::min), bound(|p| p.0, f64::NEG_INFINITY, f64::max));
        let (top, bottom) = (bound(|p| p.1, f64::INFINITY, f64::min), bound(|p| p.1, f64::NEG_INFINITY, f64::max));
        let size = ((right - left).max(1e-9), (bottom - top).max(1e-9));
        if corners.is_empty() {
            return None;
        }
        thin(&mut lands, FINE / scale(size, wide));
        Some(Self { zones, lands, corner: (left, top), size, closed: &[], seam })
    }

    /// With pairs of neighbouring zones between whose countries the border is closed.
    pub fn with_closed(mut self, closed: &'a [(usize, usize)]) -> Self {
        self.closed = closed;
        self
    }

    /// How high it is where it may be so wide.
    pub fn height(&self, wide: f64) -> f64 {
        self.size.1 * scale(self.size, wide)
    }

    /// Where it is drawn in an area, below its upper edge.
    pub fn placed(&self, area: &Area) -> Placed {
        let scale = scale(self.size, area.width());
        let shift = (area.width() - self.size.0 * scale) / 2.0;
        let origin = (area.left + shift, area.top);
        Placed { corner: self.corner, origin, scale, left: area.left, wide: area.width() }
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
        let place = |p: Point| placed.at(p);
        for land in &self.lands {
            let colour = look.colour(land.zone);
            for piece in &land.pieces {
                canvas.polygon(in_one_line(piece).into_iter().map(place), colour);
                for ring in piece {
                    let around = ring.iter().chain(ring.first());
                    let at_seam = |p: &Point| self.seam.is_some_and(|seam| (p.0 - seam).abs() < 1e-9);
                    let mut line: Vec<Point> = Vec::new();
                    for (from, to) in around.clone().zip(around.skip(1)) {
                        if at_seam(from) && at_seam(to) {
                            canvas.path(std::mem::take(&mut line), WHITE, 0.8);
                            canvas.line(place(*from), place(*to), colour, 0.8);
                        } else {
                            line.extend(line.is_empty().then(|| place(*from)));
                            line.push(place(*to));
                        }
                    }
                    canvas.path(line, WHITE, 0.8);
                }
            }
        }
        self.draw_borders(canvas, placed);
        // Names are as large as fourteen of their lines would fill a zone.
        let across = (self.size.0 * self.size.1 / self.lands.len().max(1) as f64).sqrt() * placed.scale;
        let usual = (across / 14.0).clamp(LEAST_LETTERS, 10.0);
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
        self.draw_names(canvas, placed, look, usual, taken);
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

/// What is said of land that is drawn without an outline: of all, or of which.
pub(super) fn without_outline(zones: &[MapZone]) -> Option<String> {
    let land = zones.iter().filter(|zone| zone.town_of.is_none());
    let bare: Vec<&str> = land.clone().filter(|zone| zone.outlines.is_empty()).map(|zone| zone.name.as_str()).collect();
    let nearest = "given to the nearest zone centre";
    match bare.len() {
        0 => None,
        all if all == land.count() => {
            Some(format!("Land is {nearest}; lines part countries. These are no real boundaries."))
        }
        _ => Some(format!("Zones without an outline, whose land is {nearest}: {}.", bare.join(", "))),
    }
}

/// Points to a degree of a map that may be so wide.
fn scale(size: (f64, f64), wide: f64) -> f64 {
    (wide / size.0).min(HIGHEST / size.1)
}

/// A zone's land as it is drawn, in degrees of longitude, which may go on past 180, and latitude.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ZoneLand {
    /// Its pieces, each as the line around it, which runs clockwise, and those around its holes; none of a town.
    pub areas: Vec<Outline>,
    /// Its centre; of a town that of the zone around it.
    pub centre: (f64, f64),
}

/// The land of each zone, as fine as it shows on a map of usual width.
pub fn zone_lands(zones: &[MapZone]) -> Vec<ZoneLand> {
    /// How wide a map is on a page.
    const WIDE: f64 = 900.0;
    let (mut lands, _, narrow) = lands(zones);
    let corners = || lands.iter().flat_map(|land| land.pieces.iter().flatten().flatten());
    let stretch = |pick: fn(&Point) -> f64| {
        let (low, high) =
            corners().map(pick).fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
        (high - low).max(1e-9)
    };
    let size = (stretch(|p| p.0), stretch(|p| p.1));
    thin(&mut lands, FINE / scale(size, WIDE));
    let degrees = |p: &Point| (p.0 / narrow, -p.1);
    let turned = |(place, ring): (usize, &Vec<Point>)| {
        let mut ring: Vec<(f64, f64)> = ring.iter().map(degrees).collect();
        let next = |i: usize| ring[(i + 1) % ring.len()];
        let twice: f64 = (0..ring.len()).map(|i| ring[i].0 * next(i).1 - next(i).0 * ring[i].1).sum();
        if (twice > 0.0) == (place == 0) {
            ring.reverse();
        }
        ring
    };
    let land_of = |zone: usize| lands.iter().find(|land| land.zone == zone);
    let told = zones.iter().enumerate().map(|(place, zone)| match land_of(zone.town_of.unwrap_or(place)) {
        None => ZoneLand { areas: Vec::new(), centre: zone.position },
        Some(land) => ZoneLand {
            areas: match zone.town_of {
                Some(_) => Vec::new(),
                None => land.pieces.iter().map(|piece| piece.iter().enumerate().map(turned).collect()).collect(),
            },
            centre: degrees(&land.centre),
        },
    });
    told.collect()
}

/// The land of all zones with a position, towns excepted, that with outlines last; the 180th meridian, where it runs through;
/// and how wide a degree of longitude is drawn, in degrees of latitude.
fn lands(zones: &[MapZone]) -> (Vec<Land>, Option<f64>, f64) {
    let known: Vec<usize> = (0..zones.len())
        .filter(|&z| {
            let (lon, lat) = zones[z].position;
            zones[z].town_of.is_none() && lon.abs() <= 360.0 && lat.abs() <= 90.0
        })
        .collect();
    let mut outlines: Vec<Vec<Outline>> =
        known.iter().map(|&z| zones[z].outlines.iter().map(|area| area.to_vec()).collect()).collect();
    let mut positions: Vec<(f64, f64)> = known.iter().map(|&z| zones[z].position).collect();
    outlines.iter_mut().flatten().flatten().for_each(|ring| meridian::unrolled(ring));
    let stretch = |ring: &Vec<(f64, f64)>| {
        ring.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(west, east), p| (west.min(p.0), east.max(p.0)))
    };
    let mut stretches: Vec<(f64, f64)> = outlines.iter().flatten().flatten().map(stretch).collect();
    let bare = positions.iter().zip(&outlines).filter(|(_, outlines)| outlines.is_empty()).map(|(at, _)| (at.0, at.0));
    stretches.extend(bare);
    let all_outlined = outlines.iter().all(|outlines| !outlines.is_empty());
    let beginning = meridian::beginning(&stretches);
    if let Some(beginning) = beginning {
        for ring in outlines.iter_mut().flatten().flatten() {
            let shift = meridian::shift(stretch(ring).0, beginning);
            ring.iter_mut().for_each(|point| point.0 += shift);
        }
        positions.iter_mut().for_each(|at| at.0 += meridian::shift(at.0, beginning));
    }
    let latitudes = outlines.iter().flatten().flatten().flatten().map(|p| p.1);
    let (south, north) = latitudes.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), y| (low.min(y), high.max(y)));
    let mean = positions.iter().map(|at| at.1).sum::<f64>() / positions.len().max(1) as f64;
    let middle = if south < north && all_outlined { (south + north) / 2.0 } else { mean };
    let narrow = maths::cos(middle.to_radians()).max(0.05);
    let flat = |(lon, lat): (f64, f64)| (lon * narrow, -lat);
    let pieces: Vec<Vec<Vec<Vec<Point>>>> = outlines
        .into_iter()
        .map(|areas| {
            let ring = |ring: Vec<(f64, f64)>| ring.into_iter().map(flat).collect::<Vec<Point>>();
            let mut pieces: Vec<Vec<Vec<Point>>> =
                areas.into_iter().map(|area| area.into_iter().map(ring).collect()).collect();
            pieces.sort_by(|a, b| extent(b).total_cmp(&extent(a)));
            pieces
        })
        .collect();
    let centres = positions.into_iter().map(flat).zip(&pieces);
    let centres = centres.map(|(at, pieces)| {
        let held = pieces.is_empty() || pieces.iter().any(|piece| inside(at, piece));
        if held { at } else { pieces.first().and_then(|piece| within(piece)).unwrap_or(at) }
    });
    let sites: Vec<Point> = centres.collect();
    let cells = voronoi::cells(&sites);
    let mut lands: Vec<Land> = (cells.into_iter().zip(&known).zip(pieces).zip(&sites))
        .map(|(((cell, &zone), pieces), &centre)| {
            if !pieces.is_empty() {
                return Land { zone, outlined: true, pieces, edges: Vec::new(), centre };
            }
            let edges = (0..cell.len())
                .filter_map(|i| Some((cell[i].0, cell[(i + 1) % cell.len()].0, known[cell[i].1?])))
                .collect();
            Land { zone, outlined: false, pieces: vec![vec![cell.iter().map(|c| c.0).collect()]], edges, centre }
        })
        .collect();
    lands.sort_by_key(|land| land.outlined);
    let seam = beginning.map(|beginning| if beginning < 180.0 { 180.0 } else { 540.0 } * narrow);
    (lands, seam, narrow)
}

/// Leaves out what does not show of lands with outlines.
fn thin(lands: &mut [Land], distance: f64) {
    let mut outlined: Vec<&mut Land> = lands.iter_mut().filter(|land| land.outlined).collect();
    let rings: Vec<&[Point]> =
        outlined.iter().flat_map(|land| land.pieces.iter().flatten().map(Vec::as_slice)).collect();
    let mut thin = thinned(&rings, distance).into_iter();
    for land in &mut outlined {
        for piece in &mut land.pieces {
            piece.iter_mut().for_each(|ring| *ring = thin.next().unwrap_or_default());
            // A piece too small to be seen has no holes to be seen either.
            let seen = piece.first().is_some_and(|ring| !ring.is_empty());
            piece.retain(|ring| seen && !ring.is_empty());
        }
        land.pieces.retain(|piece| !piece.is_empty());
    }
}

/// The extent of a piece: the area of the box around it.
fn extent(piece: &[Vec<Point>]) -> f64 {
    let ends = |pick: fn(&Point) -> f64| {
        let all = piece.first().into_iter().flatten().map(pick);
        let (low, high) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
        (high - low).max(0.0)
    };
    ends(|p| p.0) * ends(|p| p.1)
}

/// A point well within a piece: the middle of the widest stretch of land on some lines across it.
fn within(piece: &[Vec<Point>]) -> Option<Point> {
    let outer = piece.first()?;
    let (top, bottom) =
        outer.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), p| (low.min(p.1), high.max(p.1)));
    let lines = (1..12).map(|line| top + (bottom - top) * f64::from(line) / 12.0);
    let stretches = lines.flat_map(|y| {
        let crossings = piece.iter().flat_map(|ring| {
            let around = ring.iter().chain(ring.first());
            around.clone().zip(around.skip(1)).filter_map(|(from, to)| {
                let crosses = (from.1 > y) != (to.1 > y);
                crosses.then(|| from.0 + (to.0 - from.0) * (y - from.1) / (to.1 - from.1))
            })
        });
        let mut crossings: Vec<f64> = crossings.collect();
        crossings.sort_by(f64::total_cmp);
        // The nearer to the middle, the better.
        let slack = 1.0 - ((y - (top + bottom) / 2.0) / (bottom - top)).abs();
        let stretch = |[from, to]: &[f64; 2]| ((to - from) * slack, ((from + to) / 2.0, y));
        crossings.as_chunks().0.iter().map(stretch).collect::<Vec<_>>()
    });
    stretches.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, at)| at)
}

/// A piece as one line, which goes from the line around it to each hole and back the same way.
fn in_one_line(piece: &[Vec<Point>]) -> Vec<Point> {
    let Some((outer, holes)) = piece.split_first() else { return Vec::new() };
    let mut line = outer.clone();
    for hole in holes.iter().filter(|hole| !hole.is_empty()) {
        let apart = |a: &Point, b: &Point| (a.0 - b.0) * (a.0 - b.0) + (a.1 - b.1) * (a.1 - b.1);
        let pairs =
            line.iter().enumerate().flat_map(|(i, a)| hole.iter().enumerate().map(move |(k, b)| (apart(a, b), i, k)));
        let Some((_, from, to)) = pairs.min_by(|a, b| a.0.total_cmp(&b.0)) else { continue };
        let around = hole[to..].iter().chain(&hole[..=to]).copied();
        let back = line[from];
        line.splice(from + 1..from + 1, around.chain([back]).collect::<Vec<_>>());
    }
    line
}

impl Land {
    /// The mean of the largest piece's corners.
    fn middle(&self) -> Point {
        let corners = self.pieces.first().and_then(|piece| piece.first()).map(Vec::as_slice).unwrap_or_default();
        let count = corners.len().max(1) as f64;
        let sum = corners.iter().fold((0.0, 0.0), |sum, corner| (sum.0 + corner.0, sum.1 + corner.1));
        (sum.0 / count, sum.1 / count)
    }

    /// Whether a box lies within the zone's land: all its corners do.
    fn holds(&self, bounds: &[f64; 4], place: &dyn Fn(Point) -> Point) -> bool {
        let corners = [(bounds[0], bounds[1]), (bounds[2], bounds[1]), (bounds[2], bounds[3]), (bounds[0], bounds[3])];
        self.pieces.iter().any(|piece| {
            let placed: Vec<Vec<Point>> = piece.iter().map(|ring| ring.iter().map(|p| place(*p)).collect()).collect();
            corners.iter().all(|corner| inside(*corner, &placed))
        })
    }
}

/// Whether a point lies within a piece and in none of its holes: a ray to the right crosses its lines an odd number of times.
fn inside((x, y): Point, piece: &[Vec<Point>]) -> bool {
    let mut odd = false;
    for ring in piece {
        for (index, from) in ring.iter().enumerate() {
            let to = ring[(index + 1) % ring.len()];
            if (from.1 > y) != (to.1 > y) && x < from.0 + (to.0 - from.0) * (y - from.1) / (to.1 - from.1) {
                odd = !odd;
            }
        }
    }
    odd
}
