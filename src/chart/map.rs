//! Chart 5: maps of who most likely holds each zone, and how sure that is.

use super::canvas::{Canvas, Point, Text};
use super::frame::{About, Area, Chart, Heading, MARGIN, Party, grid};
use super::palette::{self, Colour, GREY, INK, PALE, WHITE};
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
    /// For a town, which is a circle within the land of the zone around it: the position of that zone in `ZoneMap::zones`.
    pub town_of: Option<usize>,
    /// Its country; a darker line is drawn between countries.
    pub country: String,
    /// Its outlines; without any, it takes the land that is nearer to it than to other zones.
    pub outlines: Rings,
}

/// Who most likely holds a zone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Holder {
    /// Position in `ZoneMap::parties`; none for nobody.
    pub party: Option<usize>,
    /// How likely that is, 0 to 1.
    pub probability: f64,
}

/// The map at one date.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MapPanel {
    /// "Start, 23 January 2023", "After 6 months", …
    pub title: String,
    /// One per zone, in the order of `ZoneMap::zones`.
    pub holders: Vec<Holder>,
}

/// Maps of who holds what.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ZoneMap {
    /// What is shown.
    pub heading: Heading,
    /// The zones.
    pub zones: Vec<MapZone>,
    /// The factions.
    pub parties: Vec<Party>,
    /// One map per date.
    pub panels: Vec<MapPanel>,
}

const WIDTH: f64 = 1000.0;
const MOST: usize = 8;
/// Radius of a town.
const TOWN: f64 = 4.5;

/// A zone's land in map coordinates (degrees at the middle latitude, downwards).
struct Land {
    zone: usize,
    shapes: Vec<Vec<Point>>,
    borders: Vec<(Point, Point)>,
    centre: Point,
}

impl Chart for ZoneMap {
    fn about(&self) -> About<'_> {
        About {
            name: "map",
            heading: &self.heading,
            caption: "Each zone has the colour of the faction that most often holds it on that date; the paler, \
                      the less sure. A map shows the likeliest holder zone by zone, which is not the likeliest \
                      map. Circles are towns. Dates on which no zone has another holder, and none is surer by ten points, share a \
                      map. Bold: places that questions ask about.",
        }
    }

    fn draw(&self) -> Canvas {
        let lands = self.lands();
        let corners: Vec<Point> = lands.iter().flat_map(|land| land.shapes.iter().flatten().copied()).collect();
        if corners.is_empty() || self.panels.is_empty() {
            return self.heading.nothing("There are no zones with a position on the map.");
        }
        let bound = |pick: fn(&Point) -> f64, start: f64, choose: fn(f64, f64) -> f64| {
            corners.iter().map(pick).fold(start, choose)
        };
        let (left, right) = (bound(|p| p.0, f64::INFINITY, f64::min), bound(|p| p.0, f64::NEG_INFINITY, f64::max));
        let (top, bottom) = (bound(|p| p.1, f64::INFINITY, f64::min), bound(|p| p.1, f64::NEG_INFINITY, f64::max));
        let panels = &self.panels[..self.panels.len().min(MOST)];
        let columns = match panels.len() {
            1 => 1,
            2 | 4 => 2,
            _ => 3,
        };
        let wide = grid(0, columns, WIDTH, 0.0, 1.0, (20.0, 0.0)).width();
        let scale = (wide / (right - left).max(1e-9)).min(620.0 / (bottom - top).max(1e-9));
        let height = (bottom - top) * scale + 20.0;
        let (mut canvas, start) = self.heading.start(WIDTH);
        for (number, panel) in panels.iter().enumerate() {
            let area = grid(number, columns, WIDTH, start, height, (20.0, 16.0));
            canvas.write(area.left, area.top + 9.0, Text::new(&panel.title, 10.5).bold().fit(area.width()));
            let shift = (area.width() - (right - left) * scale) / 2.0;
            let place = |p: Point| (area.left + shift + (p.0 - left) * scale, area.top + 18.0 + (p.1 - top) * scale);
            self.draw_panel(&mut canvas, area, &lands, panel, &place);
        }
        // The key takes the free place of the last row, or a row of its own.
        let rows = panels.len().div_ceil(columns);
        let after = start + rows as f64 * (height + 16.0);
        let free = rows * columns - panels.len();
        let bottom = if free > 0 && height > 120.0 {
            let area = grid(panels.len(), columns, WIDTH, start, height, (20.0, 16.0));
            let area = Area { right: WIDTH - MARGIN, ..area };
            self.draw_key(&mut canvas, area).max(after)
        } else {
            self.draw_key(&mut canvas, Area { left: MARGIN, top: after, right: WIDTH - MARGIN, bottom: after + 60.0 })
        };
        canvas.set_height(bottom + 4.0);
        canvas
    }
}

impl ZoneMap {
    fn lands(&self) -> Vec<Land> {
        let known: Vec<usize> = (0..self.zones.len())
            .filter(|&z| {
                let (lon, lat) = self.zones[z].position;
                self.zones[z].town_of.is_none() && lon.abs() <= 360.0 && lat.abs() <= 90.0
            })
            .collect();
        let middle = known.iter().map(|&z| self.zones[z].position.1).sum::<f64>() / known.len().max(1) as f64;
        let narrow = maths::cos(middle.to_radians()).max(0.05);
        let flat = |(lon, lat): (f64, f64)| (lon * narrow, -lat);
        let sites: Vec<Point> = known.iter().map(|&z| flat(self.zones[z].position)).collect();
        voronoi::cells(&sites)
            .into_iter()
            .zip(&known)
            .enumerate()
            .map(|(site, (cell, &zone))| {
                let outlines = &self.zones[zone].outlines;
                if !outlines.is_empty() {
                    let shapes = outlines.iter().map(|ring| ring.iter().map(|&p| flat(p)).collect()).collect();
                    return Land { zone, shapes, borders: Vec::new(), centre: sites[site] };
                }
                let abroad = |other: Option<usize>| {
                    other.is_some_and(|o| self.zones[known[o]].country != self.zones[zone].country)
                };
                let borders = (0..cell.len())
                    .filter(|&i| abroad(cell[i].1))
                    .map(|i| (cell[i].0, cell[(i + 1) % cell.len()].0))
                    .collect();
                Land { zone, shapes: vec![cell.iter().map(|c| c.0).collect()], borders, centre: sites[site] }
            })
            .collect()
    }

    fn colour(&self, holder: Option<&Holder>) -> Colour {
        let Some(holder) = holder else { return PALE };
        let party = holder.party.and_then(|p| self.parties.get(p));
        let colour = party.map_or(palette::NOBODY, |party| party.colour);
        WHITE.mixed(colour, sureness(holder.probability))
    }

    fn draw_panel(
        &self,
        canvas: &mut Canvas,
        area: Area,
        lands: &[Land],
        panel: &MapPanel,
        place: &dyn Fn(Point) -> Point,
    ) {
        for land in lands {
            let colour = self.colour(panel.holders.get(land.zone));
            for shape in &land.shapes {
                let outline: Vec<Point> = shape.iter().map(|p| place(*p)).collect();
                canvas.polygon(outline.iter().copied(), colour);
                canvas.path(outline.iter().chain(outline.first()).copied(), WHITE, 0.8);
            }
        }
        for (from, to) in lands.iter().flat_map(|land| &land.borders) {
            canvas.line(place(*from), place(*to), INK.mixed(GREY, 0.5), 1.1);
        }
        let mut taken: Vec<[f64; 4]> = Vec::new();
        let around = |zone: usize| lands.iter().find(|land| land.zone == zone);
        let towns = (self.zones.iter().enumerate()).filter_map(|(town, zone)| Some((town, around(zone.town_of?)?)));
        for (town, land) in towns {
            let (x, y) = place(land.centre);
            canvas.disc((x, y), TOWN + 1.0, WHITE);
            canvas.disc((x, y), TOWN, self.colour(panel.holders.get(town)));
            taken.push([x - TOWN, y - TOWN, x + TOWN, y + TOWN]);
        }
        let (first, rest): (Vec<&Land>, Vec<&Land>) = lands.iter().partition(|land| self.zones[land.zone].named);
        for land in first.into_iter().chain(rest) {
            let named = self.zones[land.zone].named;
            let colour = self.colour(panel.holders.get(land.zone));
            let words = text::clean(&self.zones[land.zone].name);
            let label = Text::new(&words, if named { 7.0 } else { 6.2 }).fit(area.width() / 2.0).middle();
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
            let spot = inside.find(|at| free(*at) && land.holds(&bounds(*at), place));
            let beside = [(0.0, -9.0), (0.0, 9.0), (half + 5.0, 0.0), (-half - 5.0, 0.0), (0.0, -18.0), (0.0, 18.0)];
            // A place that matters has its name even where that covers its neighbours, on a ground of its own.
            let around = beside
                .into_iter()
                .map(|(across, down)| ((x + across).clamp(half + 2.0, (WIDTH - half - 2.0).max(half + 2.0)), y + down));
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

    /// Colours and sureness; gives where it ends.
    fn draw_key(&self, canvas: &mut Canvas, area: Area) -> f64 {
        let mut present = vec![false; self.parties.len()];
        let mut nobody = false;
        for holder in self.panels.iter().flat_map(|panel| &panel.holders) {
            match holder.party {
                Some(party) if party < present.len() => present[party] = true,
                _ => nobody = true,
            }
        }
        let none = Party::nobody("nobody");
        let shown = self.parties.iter().zip(&present).filter(|(_, shown)| **shown).map(|(party, _)| party);
        let (mut x, mut y) = (area.left, area.top + 24.0);
        canvas.write(area.left, area.top + 9.0, Text::new("Most likely holder", 9.5).bold());
        for party in shown.chain(nobody.then_some(&none)) {
            let name = Text::new(&party.name, 9.0).fit(120.0);
            let width = name.width() + 26.0;
            if x > area.left && x + width > area.right {
                x = area.left;
                y += 15.0;
            }
            canvas.rounded((x, y - 5.0), (x + 11.0, y + 5.0), 2.0, party.colour);
            canvas.write_centred(x + 15.0, y, name);
            x += width;
        }
        y += 24.0;
        let label = Text::new("How sure", 9.5).bold();
        canvas.write_centred(area.left, y, label);
        for (step, likely) in [0.3, 0.5, 0.7, 0.9, 1.0].into_iter().enumerate() {
            let x = area.left + 62.0 + step as f64 * 38.0;
            canvas.rectangle((x, y - 5.0), (x + 38.0, y + 5.0), WHITE.mixed(GREY, sureness(likely)));
            let words = super::axis::percent(likely);
            canvas.write(x + 19.0, y + 14.0, Text::new(&words, 8.0).colour(GREY).middle());
        }
        y += 32.0;
        if self.zones.iter().all(|zone| zone.outlines.is_empty()) {
            let words = "Land is given to the nearest zone centre; lines part countries. These are no real boundaries.";
            for line in text::wrap(words, 8.5, false, area.width(), 3) {
                canvas.write(area.left, y, Text::new(&line, 8.5).colour(GREY));
                y += 12.0;
            }
        }
        y
    }
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

/// How much of the holder's colour is seen: more the surer, and some even when unsure.
fn sureness(probability: f64) -> f64 {
    let p = if probability.is_finite() { probability.clamp(0.0, 1.0) } else { 0.0 };
    0.2 + 0.8 * p * p
}
