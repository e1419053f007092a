//! Chart 5: maps of who most likely holds each zone, and how sure that is.

use super::canvas::{Canvas, Text};
use super::frame::{About, Area, Chart, Heading, MARGIN, Party, grid};
use super::land::{Ground, Look, MapZone, without_outline};
use super::palette::{self, Colour, GREY, PALE, WHITE};
use super::text;

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

/// How to read the colours.
macro_rules! holders {
    () => {
        "Each zone has the colour of the faction that most often holds it on that date; the paler, the less sure. A map shows the \
         likeliest holder zone by zone, which is not the likeliest map. Dates on which no zone has another holder, and none is surer \
         by ten points, share a map."
    };
}

impl Chart for ZoneMap {
    fn about(&self) -> About<'_> {
        About {
            name: "map",
            heading: &self.heading,
            caption: match (
                self.zones.iter().any(|zone| zone.town_of.is_some()),
                self.zones.iter().any(|zone| zone.named),
            ) {
                (false, false) => holders!(),
                (true, false) => concat!(holders!(), " Circles are towns."),
                (false, true) => concat!(holders!(), " Bold: places that questions ask about."),
                (true, true) => concat!(holders!(), " Circles are towns. Bold: places that questions ask about."),
            },
        }
    }

    fn draw(&self) -> Canvas {
        let panels = &self.panels[..self.panels.len().min(MOST)];
        let columns = match panels.len() {
            1 => 1,
            2 | 4 => 2,
            _ => 3,
        };
        let wide = grid(0, columns, WIDTH, 0.0, 1.0, (20.0, 0.0)).width();
        let Some(ground) = Ground::of(&self.zones, wide).filter(|_| !panels.is_empty()) else {
            return self.heading.nothing("There are no zones with a position on the map.");
        };
        let height = ground.height(wide) + 20.0;
        let (mut canvas, start) = self.heading.start(WIDTH);
        for (number, panel) in panels.iter().enumerate() {
            let area = grid(number, columns, WIDTH, start, height, (20.0, 16.0));
            canvas.write(area.left, area.top + 9.0, Text::new(&panel.title, 10.5).bold().fit(area.width()));
            let placed = ground.placed(&Area { top: area.top + 18.0, ..area });
            ground.draw(&mut canvas, &placed, &PanelLook { map: self, panel }, |_| Vec::new());
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
    fn colour(&self, holder: Option<&Holder>) -> Colour {
        let Some(holder) = holder else { return PALE };
        let party = holder.party.and_then(|p| self.parties.get(p));
        let colour = party.map_or(palette::NOBODY, |party| party.colour);
        WHITE.mixed(colour, sureness(holder.probability))
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
        if let Some(words) = without_outline(&self.zones) {
            for line in text::wrap(&words, 8.5, false, area.width(), 3) {
                canvas.write(area.left, y, Text::new(&line, 8.5).colour(GREY));
                y += 12.0;
            }
        }
        y
    }
}

/// What is seen on a date.
struct PanelLook<'a> {
    map: &'a ZoneMap,
    panel: &'a MapPanel,
}

impl Look for PanelLook<'_> {
    fn colour(&self, zone: usize) -> Colour {
        self.map.colour(self.panel.holders.get(zone))
    }
}

/// How much of the holder's colour is seen: more the surer, and some even when unsure.
fn sureness(probability: f64) -> f64 {
    let p = if probability.is_finite() { probability.clamp(0.0, 1.0) } else { 0.0 };
    0.2 + 0.8 * p * p
}
