//! Chart 8: the coalition structures found most often, drawn as blocs of coloured chips.

use super::axis::percent;
use super::canvas::{Canvas, Text};
use super::frame::{About, Band, Chart, Heading, MARGIN, Party, WIDTH};
use super::palette::{ACCENT, Colour, GREY, INK, PALE};

/// A partition of the factions into blocs with how often it was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CoalitionStructure {
    /// The blocs: positions in `Coalitions::parties`. Blocs of one stand alone; whoever is in no bloc no longer exists.
    pub blocs: Vec<Vec<usize>>,
    /// Share of the replicates with its interval, 0 to 1.
    pub frequency: Band,
}

/// The most frequent coalition structures.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Coalitions {
    /// What is shown.
    pub heading: Heading,
    /// The factions.
    pub parties: Vec<Party>,
    /// The structures, the most frequent first.
    pub structures: Vec<CoalitionStructure>,
}

const CHIP: f64 = 15.0;
const LINE: f64 = 21.0;

/// A chip or bloc placed: position of its left end relative to the row, and line.
struct Chip {
    x: f64,
    line: usize,
    width: f64,
    name: Text,
    colour: Colour,
}

impl Chart for Coalitions {
    fn about(&self) -> About<'_> {
        About {
            name: "coalitions",
            heading: &self.heading,
            caption: match self.structures.len() {
                1 => "The row says how all factions are allied at the horizon, with how often that was found.",
                2..=3 => {
                    "Each row is one way in which all factions are allied at the horizon, with how often it was found."
                }
                _ => {
                    "Each row is one way in which all factions are allied at the horizon, with how often it was found. Long tails \
                     are normal: many structures differ by one small faction."
                }
            }
            .into(),
        }
    }

    fn draw(&self) -> Canvas {
        let structures: Vec<&CoalitionStructure> =
            self.structures.iter().filter(|s| s.frequency.is_finite()).take(10).collect();
        if structures.is_empty() {
            return self.heading.nothing("No coalition structures were recorded.");
        }
        let (mut canvas, top) = self.heading.start(WIDTH);
        let most = structures.iter().map(|s| s.frequency.high.max(s.frequency.middle)).fold(0.01, f64::max);
        let (bar_left, bar_width) = (MARGIN + 76.0, 104.0);
        let chips_left = bar_left + bar_width + 26.0;
        let room = WIDTH - MARGIN - chips_left;
        let mut y = top;
        for structure in structures {
            let height = self.draw_blocs(&mut canvas, structure, (chips_left, y), room);
            let middle = y + LINE / 2.0 + 3.0;
            let Band { middle: share, low, high } = structure.frequency;
            canvas.write_centred(MARGIN + 34.0, middle, Text::new(&percent(share), 11.0).bold().end());
            let range = format!("{}–{}", percent(low).trim_end_matches('%'), percent(high));
            canvas.write_centred(MARGIN + 38.0, middle, Text::new(&range, 7.5).colour(GREY).fit(36.0));
            let at = |v: f64| bar_left + bar_width * (v / most).clamp(0.0, 1.0);
            canvas.rectangle((bar_left, middle - 5.0), (at(share), middle + 5.0), ACCENT.faded(0.55));
            canvas.line((at(low), middle), (at(high), middle), INK, 1.2);
            y += height;
            canvas.line((MARGIN, y - 1.0), (WIDTH - MARGIN, y - 1.0), PALE, 0.6);
        }
        canvas.write(MARGIN, y + 14.0, Text::new("Framed: allied in one bloc. Dots: on their own.", 9.0).colour(GREY));
        canvas.set_height(y + 26.0);
        canvas
    }
}

impl Coalitions {
    /// Draws a structure's blocs from a place on, in lines `room` wide; gives the height it takes.
    pub(super) fn draw_blocs(
        &self,
        canvas: &mut Canvas,
        structure: &CoalitionStructure,
        (left, top): (f64, f64),
        room: f64,
    ) -> f64 {
        let (blocs, alone) = self.lay_out(structure, room);
        let lines = blocs.iter().flatten().chain(&alone).map(|chip| chip.line + 1).max().unwrap_or(1);
        for bloc in &blocs {
            draw_bloc(canvas, bloc, (left, top + 3.0));
        }
        for chip in &alone {
            let (x, top) = (left + chip.x, top + 3.0 + chip.line as f64 * LINE);
            canvas.disc((x + 4.0, top + LINE / 2.0), 3.0, chip.colour);
            canvas.write_centred(x + 10.0, top + LINE / 2.0, chip.name.clone().colour(GREY));
        }
        lines as f64 * LINE + 9.0
    }

    /// Places blocs of several, the largest first, then those on their own, from left to right, line by line.
    fn lay_out(&self, structure: &CoalitionStructure, room: f64) -> (Vec<Vec<Chip>>, Vec<Chip>) {
        let mut groups: Vec<Vec<usize>> = structure
            .blocs
            .iter()
            .map(|bloc| bloc.iter().copied().filter(|&member| member < self.parties.len()).collect::<Vec<_>>())
            .filter(|bloc| !bloc.is_empty())
            .collect();
        for group in &mut groups {
            group.sort_unstable();
        }
        groups.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        let (mut x, mut line) = (0.0, 0);
        let mut place = |width: f64, gap: f64| {
            if x > 0.0 && x + width > room {
                x = 0.0;
                line += 1;
            }
            let at = (x, line);
            x += width + gap;
            at
        };
        let mut blocs = Vec::new();
        for group in groups.iter().filter(|group| group.len() > 1) {
            let mut chips = Vec::new();
            let names: Vec<Text> = group.iter().map(|&m| self.name(m)).collect();
            let whole: f64 = names.iter().map(|n| n.width() + 14.0).sum::<f64>() + 8.0;
            // A bloc starts on a line of its own rather than being torn, unless no line could hold it.
            let start = if whole <= room { place(whole, 8.0) } else { (0.0, 0) };
            let mut inside = start.0 + 4.0;
            let gap = |member: usize| {
                if group.last() == Some(&member) { 12.0 } else { 0.0 }
            };
            for (name, &member) in names.into_iter().zip(group) {
                let width = name.width() + 11.0;
                let (x, line) = if whole <= room { (inside, start.1) } else { place(width + 5.0, gap(member)) };
                inside += width + 3.0;
                let colour = self.parties[member].colour;
                let x = if whole <= room { x } else { x + 4.0 };
                chips.push(Chip { x, line, width, name, colour });
            }
            blocs.push(chips);
        }
        let mut alone = Vec::new();
        for group in groups.iter().filter(|group| group.len() == 1) {
            let name = self.name(group[0]);
            let width = name.width() + 12.0;
            let (x, line) = place(width, 6.0);
            alone.push(Chip { x, line, width, name, colour: self.parties[group[0]].colour });
        }
        (blocs, alone)
    }

    fn name(&self, member: usize) -> Text {
        let name = &self.parties[member].name;
        Text::new(if name.trim().is_empty() { "?" } else { name }, 8.5).fit(110.0)
    }
}

fn draw_bloc(canvas: &mut Canvas, bloc: &[Chip], (left, top): (f64, f64)) {
    let mut lines: Vec<usize> = bloc.iter().map(|chip| chip.line).collect();
    lines.dedup();
    for line in lines {
        let chips: Vec<&Chip> = bloc.iter().filter(|chip| chip.line == line).collect();
        let from = chips.iter().map(|c| c.x).fold(f64::INFINITY, f64::min);
        let to = chips.iter().map(|c| c.x + c.width).fold(0.0, f64::max);
        let y = top + line as f64 * LINE;
        canvas.rounded((left + from - 4.0, y), (left + to + 4.0, y + LINE - 1.0), 6.0, INK.mixed(PALE, 0.55));
        canvas.rounded(
            (left + from - 3.0, y + 1.0),
            (left + to + 3.0, y + LINE - 2.0),
            5.0,
            Colour::new(0xf3, 0xf3, 0xf3),
        );
    }
    for chip in bloc {
        let (x, y) = (left + chip.x, top + chip.line as f64 * LINE + (LINE - 1.0 - CHIP) / 2.0);
        canvas.rounded((x, y), (x + chip.width, y + CHIP), 4.0, chip.colour);
        let name = chip.name.clone().colour(chip.colour.contrasting()).middle();
        canvas.write_centred(x + chip.width / 2.0, y + CHIP / 2.0, name);
    }
}
