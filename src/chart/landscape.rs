//! A static alliance landscape: energy by distance from the lowest configuration, and the stable ones drawn as blocs.

use super::axis::{Format, Scale, count, percent};
use super::canvas::{Canvas, Text};
use super::coalitions::{CoalitionStructure, Coalitions};
use super::frame::{About, Area, Band, Chart, Heading, MARGIN, Party, WIDTH};
use super::palette::{ACCENT, GREY, PALE, WHITE};

/// The energies of all configurations at a distance.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct EnergyBand {
    /// How many stand on another side than in the lowest.
    pub distance: u32,
    /// Mean, lowest and highest energy.
    pub energy: Band,
}

/// A stable configuration.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StableBlocs {
    /// How many stand on another side than in the lowest; none where there may be more than two blocs.
    pub distance: Option<u32>,
    /// Its energy.
    pub energy: f64,
    /// Its blocs, as positions in `EnergyLandscape::parties`.
    pub blocs: Vec<Vec<usize>>,
    /// The share of all configurations from which descent leads here, with its interval; 0 to 1.
    pub basin: Band,
}

/// A landscape.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EnergyLandscape {
    /// What is shown.
    pub heading: Heading,
    /// The actors.
    pub parties: Vec<Party>,
    /// Energies of two blocs by distance; may be empty.
    pub bands: Vec<EnergyBand>,
    /// Stable configurations, with a title over each list.
    pub minima: Vec<(String, Vec<StableBlocs>)>,
}

const PLOT: f64 = 260.0;
/// What energies are measured in: there is no other unit than that of sizes.
const UNIT: &str = "Energy: sum of size × size × propensity to be together, over pairs in different blocs";
/// How many stable configurations of a list are drawn.
const MOST: usize = 6;
/// How many lists.
const MOST_LISTS: usize = 2;

impl Chart for EnergyLandscape {
    fn about(&self) -> About<'_> {
        About {
            name: "landscape",
            heading: &self.heading,
            caption: "Energy is low where those who want to be together are, and those who do not are not. The \
                      band holds all configurations of two blocs by how many stand on another side than in the \
                      lowest; numbered discs are the stable ones, drawn below with their energy and the share of \
                      all configurations that leads there."
                .into(),
        }
    }

    fn draw(&self) -> Canvas {
        if self.lists().next().is_none() {
            return self.heading.nothing("There is no stable configuration to show.");
        }
        let (mut canvas, top) = self.heading.start(WIDTH);
        let mut y = top;
        let known: Vec<&EnergyBand> = self.bands.iter().filter(|band| band.energy.is_finite()).take(64).collect();
        if known.len() > 1 {
            self.draw_energies(&mut canvas, &known, y);
            y += PLOT + 54.0;
        }
        let drawn = Coalitions { parties: self.parties.clone(), ..Coalitions::default() };
        for (title, list) in self.lists() {
            canvas.write(MARGIN, y + 8.0, Text::new(title, 11.0).bold().fit(WIDTH - 2.0 * MARGIN));
            y += 18.0;
            let left = MARGIN + 176.0;
            for (number, stable) in list.iter().take(MOST).enumerate() {
                let structure = CoalitionStructure { blocs: stable.blocs.clone(), frequency: stable.basin };
                let height = drawn.draw_blocs(&mut canvas, &structure, (left, y), WIDTH - MARGIN - left);
                let middle = y + 13.5;
                let figure = Text::new(&(number + 1).to_string(), 9.0).bold().middle();
                if stable.distance.is_some() {
                    canvas.disc((MARGIN + 8.0, middle), 7.5, ACCENT);
                    canvas.write_centred(MARGIN + 8.0, middle, figure.colour(WHITE));
                } else {
                    canvas.write_centred(MARGIN + 8.0, middle, figure);
                }
                canvas.write_centred(MARGIN + 110.0, middle, Text::new(&count(stable.energy), 9.5).end().fit(84.0));
                let basin = Text::new(&percent(stable.basin.middle), 9.5).bold().end();
                canvas.write_centred(MARGIN + 156.0, middle, basin);
                y += height;
                canvas.line((MARGIN, y - 1.0), (WIDTH - MARGIN, y - 1.0), PALE, 0.6);
            }
            if list.len() > MOST {
                let words = format!("{} more: see minima.csv", count((list.len() - MOST) as f64));
                canvas.write(left, y + 11.0, Text::new(&words, 9.0).colour(GREY));
                y += 16.0;
            }
            y += 12.0;
        }
        let words = "Energy, then the share of all configurations from which single switches lead there. Framed: one bloc. Dots: on \
                     their own.";
        canvas.write(MARGIN, y + 6.0, Text::new(words, 9.0).colour(GREY).fit(WIDTH - 2.0 * MARGIN));
        canvas.set_height(y + 20.0);
        canvas
    }
}

impl EnergyLandscape {
    /// The lists that are drawn.
    fn lists(&self) -> impl Iterator<Item = &(String, Vec<StableBlocs>)> {
        self.minima.iter().filter(|(_, list)| !list.is_empty()).take(MOST_LISTS)
    }

    fn draw_energies(&self, canvas: &mut Canvas, bands: &[&EnergyBand], top: f64) {
        let ends = bands.iter().flat_map(|band| [band.energy.low, band.energy.high]);
        let scale = Scale { format: Format::Count, ..Scale::spanning(ends, 5) };
        let area = Area {
            left: MARGIN + scale.label_width(8.5) + 4.0,
            top: top + 14.0,
            right: WIDTH - MARGIN - 130.0,
            bottom: top + 14.0 + PLOT,
        };
        canvas.write(MARGIN, top + 2.0, Text::new(UNIT, 9.5).bold());
        scale.draw_left(canvas, &area, 8.5);
        let most = bands.iter().map(|band| band.distance).max().unwrap_or(1).max(1);
        let x = |distance: u32| area.left + 14.0 + (area.width() - 28.0) * f64::from(distance) / f64::from(most);
        let place = |band: &EnergyBand, value: f64| (x(band.distance), scale.y(value, &area));
        let upper = bands.iter().map(|band| place(band, band.energy.high));
        let lower = bands.iter().rev().map(|band| place(band, band.energy.low));
        canvas.polygon(upper.chain(lower), ACCENT.faded(0.14));
        let edge = |value: fn(&EnergyBand) -> f64| bands.iter().map(move |band| place(band, value(band)));
        canvas.path(edge(|band| band.energy.high), ACCENT.mixed(WHITE, 0.4), 1.0);
        canvas.path(edge(|band| band.energy.low), ACCENT, 1.6);
        canvas.dashed(&edge(|band| band.energy.middle).collect::<Vec<_>>(), GREY, 1.2, (4.0, 3.0));
        if let Some(last) = bands.last() {
            let ends = [
                ("highest", last.energy.high, ACCENT.mixed(WHITE, 0.2)),
                ("mean", last.energy.middle, GREY),
                ("lowest", last.energy.low, ACCENT),
            ];
            let wanted: Vec<f64> = ends.iter().map(|(_, value, _)| scale.y(*value, &area)).collect();
            for ((words, _, colour), y) in ends.iter().zip(super::frame::spread(&wanted, 12.0, area.top, area.bottom)) {
                canvas.write_centred(area.right + 6.0, y, Text::new(words, 9.0).colour(colour.for_text()));
            }
        }
        for band in bands {
            canvas.line((x(band.distance), area.bottom), (x(band.distance), area.bottom + 3.0), GREY, 0.8);
            let label = Text::new(&band.distance.to_string(), 8.5).colour(GREY).middle();
            canvas.write(x(band.distance), area.bottom + 14.0, label);
        }
        let below = "How many stand on another side than in the lowest configuration";
        canvas.write((area.left + area.right) / 2.0, area.bottom + 29.0, Text::new(below, 9.5).middle());
        let minima = self.lists().flat_map(|(_, list)| list.iter().take(MOST).enumerate());
        let mut placed: Vec<(f64, f64)> = Vec::new();
        for (number, stable) in minima.filter(|(_, stable)| stable.energy.is_finite()) {
            let Some(distance) = stable.distance else { continue };
            let at = (x(distance), scale.y(stable.energy, &area));
            // Two that lie on each other are one disc, with the number of the first.
            if placed.iter().any(|(x, y)| (x - at.0).abs() < 12.0 && (y - at.1).abs() < 12.0) {
                continue;
            }
            placed.push(at);
            canvas.disc(at, 8.5, WHITE);
            canvas.disc(at, 7.5, ACCENT);
            let figure = Text::new(&(number + 1).to_string(), 9.0).bold().colour(WHITE).middle();
            canvas.write_centred(at.0, at.1, figure);
        }
    }
}
