//! Chart 10: one replicate's story. A lane per pair or actor, coloured by stance, with what happened when.

use super::axis::TimeAxis;
use super::canvas::{Canvas, Point, Text};
use super::frame::{About, Area, Chart, Heading, MARGIN, WIDTH};
use super::palette::{self, Colour, GREY, INK, PALE, WHITE};
use super::text;
use crate::base::Date;

/// What happened, as a symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Symbol {
    /// Talks were opened.
    TalksOpened,
    /// Talks ended without a deal.
    TalksEnded,
    /// A secret became known.
    Leaked,
    /// Two moved closer by a rung.
    Closer,
    /// Two moved apart by a rung.
    Apart,
    /// Factions became one.
    Merged,
    /// A faction or umbrella broke.
    Split,
    /// An accord's status changed.
    Accord,
    /// An offensive begins.
    Offensive,
    /// A place is besieged.
    Siege,
    /// An offensive failed.
    Repelled,
    /// An offensive was called off.
    CalledOff,
    /// A zone changed hands.
    Control,
    /// A scheduled event took place.
    Scheduled,
    /// A scheduled event did not come about.
    Failed,
}

impl Symbol {
    /// Whether it is drawn hollow where only the two know.
    fn shows_secrecy(self) -> bool {
        matches!(
            self,
            Self::Leaked | Self::Closer | Self::Apart | Self::Merged | Self::Split | Self::Accord | Self::Offensive
        )
    }
}

const SYMBOLS: [(Symbol, &str); 15] = [
    (Symbol::TalksOpened, "talks opened"),
    (Symbol::TalksEnded, "talks ended"),
    (Symbol::Leaked, "leaked"),
    (Symbol::Closer, "closer"),
    (Symbol::Apart, "apart"),
    (Symbol::Merged, "merged"),
    (Symbol::Split, "split"),
    (Symbol::Accord, "accord"),
    (Symbol::Offensive, "offensive begins"),
    (Symbol::Siege, "besieged"),
    (Symbol::Repelled, "repelled"),
    (Symbol::CalledOff, "called off"),
    (Symbol::Control, "place changes hands"),
    (Symbol::Scheduled, "event"),
    (Symbol::Failed, "event that does not come about"),
];

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct TimelineMoment {
    /// When.
    pub date: Date,
    /// What kind of thing.
    pub symbol: Symbol,
    /// Whether only the two know of it.
    pub secret: bool,
    /// A few words, written where there is room; may be empty.
    pub note: String,
}

/// A stretch of time on one rung of the stance ladder.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StanceSpan {
    /// Its first day.
    pub from: Date,
    /// Its last day.
    pub to: Date,
    /// 0 war, 1 rivalry, 2 neutral, 3 pact, 4 alliance.
    pub rung: usize,
}

/// The time of an offensive.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OffensiveSpan {
    /// Its first day.
    pub from: Date,
    /// Its last day.
    pub to: Date,
    /// The attacker's colour.
    pub colour: Colour,
}

/// A pair or an actor over time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lane {
    /// Its name.
    pub label: String,
    /// How the two stood, in order; empty for an actor.
    pub spans: Vec<StanceSpan>,
    /// The offensives of an actor.
    pub offensives: Vec<OffensiveSpan>,
    /// What happened.
    pub moments: Vec<TimelineMoment>,
}

/// The story of one replicate.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timeline {
    /// What is shown.
    pub heading: Heading,
    /// First and last day.
    pub span: Option<(Date, Date)>,
    /// The lanes, the most important first.
    pub lanes: Vec<Lane>,
}

const NAMES: f64 = 190.0;
/// The size of names of lanes, and how far two lines of one are apart.
const NAME: f64 = 9.0;
const NAME_LINE: f64 = 10.5;

impl Lane {
    /// Where notes stand, from the middle of the lane on: those of what has a bar for itself or none may be many.
    fn note_lines(&self) -> &'static [f64] {
        match (self.spans.is_empty(), self.offensives.is_empty()) {
            (false, _) => &[-8.0, 11.0],
            (true, false) => &[-8.0, 12.0],
            (true, true) => &[-8.0, 12.0, 20.0],
        }
    }

    fn height(&self) -> f64 {
        let below = self.note_lines().iter().copied().fold(0.0, f64::max);
        // Room for its middle, and apart from the notes of the next.
        if self.spans.is_empty() { below + 21.0 } else { 27.0 }
    }
}

impl Chart for Timeline {
    fn about(&self) -> About<'_> {
        About { name: "timeline", heading: &self.heading, caption: self.caption().into() }
    }

    fn draw(&self) -> Canvas {
        let width = WIDTH + 100.0;
        let lanes = &self.lanes[..self.lanes.len().min(Self::MOST)];
        let ends = self.span.iter().flat_map(|(from, to)| [*from, *to]);
        let time = TimeAxis::over(ends, width - NAMES - 60.0);
        let (Some(time), false) = (time, lanes.is_empty()) else {
            return self.heading.nothing("Nothing happened between the factions in this replicate.");
        };
        let (mut canvas, top) = self.heading.start(width);
        let names =
            lanes.iter().map(|lane| text::width(&text::clean(&lane.label), NAME, false)).fold(40.0, f64::max) + 12.0;
        let top = draw_key(&mut canvas, lanes, true, (top, width - MARGIN)) + 8.0;
        let area = Area {
            left: MARGIN + names.min(NAMES),
            top,
            right: width - MARGIN - 10.0,
            bottom: top + lanes.iter().map(Lane::height).sum::<f64>() + 4.0,
        };
        time.draw_years(&mut canvas, &area);
        let mut y = area.top;
        for lane in lanes {
            draw_lane(&mut canvas, lane, &area, &time, y);
            y += lane.height();
        }
        canvas.line((area.left, area.bottom), (area.right, area.bottom), GREY, 0.8);
        time.draw_below(&mut canvas, &area, 8.5);
        let mut bottom = area.bottom + 18.0;
        if self.lanes.len() > lanes.len() {
            let note = format!("The first {} of {} lanes.", lanes.len(), self.lanes.len());
            canvas.write(MARGIN, bottom + 8.0, Text::new(&note, 9.0).colour(GREY));
            bottom += 12.0;
        }
        canvas.set_height(bottom + 8.0);
        canvas
    }
}

impl Timeline {
    /// So many lanes are drawn.
    pub const MOST: usize = 28;

    fn caption(&self) -> String {
        let offensives = self.lanes.iter().any(|lane| !lane.offensives.is_empty());
        let called_off =
            self.lanes.iter().flat_map(|lane| &lane.moments).any(|moment| moment.symbol == Symbol::CalledOff);
        let bars = if offensives { ", bars in a faction's colour how long its offensives last" } else { "" };
        let ends = match called_off {
            true => {
                " An offensive is called off when the two make peace, one of them is gone, or somebody else takes the place."
            }
            false => "",
        };
        format!(
            "One simulated future out of many; no single future is likely as such. Bars in red to blue show how two stand{bars}, symbols \
             what happened.{ends}"
        )
    }
}

/// The symbols in use, and the stances if these are bars; gives where it ends.
pub(super) fn draw_key(canvas: &mut Canvas, lanes: &[Lane], bars: bool, (top, right): (f64, f64)) -> f64 {
    let moments = || lanes.iter().flat_map(|lane| &lane.moments);
    let (mut x, mut y) = (MARGIN, top + 4.0);
    let mut room = |width: f64| {
        if x > MARGIN && x + width > right {
            x = MARGIN;
            y += 15.0;
        }
        x += width;
        (x - width, y)
    };
    for (rung, name) in ["war", "rivalry", "neutral", "pact", "alliance"].into_iter().enumerate().filter(|_| bars) {
        if lanes.iter().any(|lane| lane.spans.iter().any(|span| span.rung.min(4) == rung)) {
            let (x, y) = room(text::width(name, 8.5, false) + 32.0);
            canvas.rectangle((x, y - 4.0), (x + 16.0, y + 4.0), palette::stance(rung));
            canvas.write_centred(x + 20.0, y, Text::new(name, 8.5));
        }
    }
    for (symbol, name) in SYMBOLS {
        if moments().any(|moment| moment.symbol == symbol) {
            let (x, y) = room(text::width(name, 8.5, false) + 26.0);
            draw_symbol(canvas, symbol, (x + 5.0, y), false);
            canvas.write_centred(x + 13.0, y, Text::new(name, 8.5));
        }
    }
    // What has the same look in secret as in public needs no word.
    let secret = moments().filter(|moment| moment.secret).map(|moment| moment.symbol);
    if let Some(symbol) = secret.filter(|symbol| symbol.shows_secrecy()).min() {
        let (x, y) = room(text::width("in secret", 8.5, false) + 26.0);
        draw_symbol(canvas, symbol, (x + 5.0, y), true);
        canvas.write_centred(x + 13.0, y, Text::new("in secret", 8.5));
    }
    y + 8.0
}

fn draw_lane(canvas: &mut Canvas, lane: &Lane, area: &Area, time: &TimeAxis, y: f64) {
    let middle = y + 17.0;
    let room = area.left - MARGIN - 10.0;
    let lines = text::wrap(&lane.label, NAME, false, room, 2);
    for (number, line) in lines.iter().enumerate() {
        let off = NAME_LINE * (number as f64 - (lines.len() as f64 - 1.0) / 2.0);
        canvas.write_centred(area.left - 8.0, middle + off, Text::new(line, NAME).end().fit(room));
    }
    canvas.line((area.left, middle), (area.right, middle), PALE, 0.8);
    for span in &lane.spans {
        let (from, to) = (time.x(span.from, area), time.x(span.to, area));
        canvas.rectangle((from, middle - 4.0), (to, middle + 4.0), palette::stance(span.rung));
    }
    for offensive in &lane.offensives {
        let (from, to) = (time.x(offensive.from, area), time.x(offensive.to, area));
        canvas.rectangle((from, middle - 2.5), (to.max(from + 1.0), middle + 2.5), WHITE.mixed(offensive.colour, 0.6));
    }
    let mut moments: Vec<&TimelineMoment> = lane.moments.iter().collect();
    moments.sort_by_key(|moment| (moment.date, moment.symbol));
    // Symbols that would lie on each other move on a little; what is too crowded for that is left out.
    let mut drawn: Vec<(f64, &TimelineMoment)> = Vec::new();
    for moment in moments {
        let x = time.x(moment.date, area);
        let x = drawn.last().map_or(x, |last| x.max(last.0 + 7.5));
        if x <= area.right + 2.0 && x - time.x(moment.date, area) < 24.0 {
            drawn.push((x, moment));
        }
    }
    for (x, moment) in &drawn {
        draw_symbol(canvas, moment.symbol, (*x, middle), moment.secret);
    }
    let lines: Vec<f64> = lane.note_lines().iter().map(|off| middle + off).collect();
    draw_notes(canvas, &drawn, area, &lines);
}

/// How large notes are, and the least room in which what is cut still says something.
const NOTE: f64 = 7.0;
const LEAST_NOTE: f64 = 34.0;

/// The notes of a lane on its lines, above it and, where they have no room there, below it; what has room nowhere is cut.
fn draw_notes(canvas: &mut Canvas, drawn: &[(f64, &TimelineMoment)], area: &Area, lines: &[f64]) {
    let mut free = vec![area.left; lines.len()];
    let noted: Vec<(f64, String)> =
        drawn.iter().map(|(x, moment)| (*x, text::clean(&moment.note))).filter(|(_, note)| !note.is_empty()).collect();
    for (place, (x, note)) in noted.iter().enumerate() {
        let wanted = text::width(note, NOTE, false);
        // Above, the next note keeps its place.
        let next = noted.get(place + 1).map_or(area.right + 8.0, |next| next.0);
        let room = |line: usize| if line == 0 { next - x - 2.0 } else { area.right + 8.0 - x };
        let begins = |line: usize| *x >= free[line];
        let right = |line: usize| begins(line) && wanted <= room(line);
        let left = |line: usize| x + 3.0 - wanted >= free[line];
        let whole = (0..lines.len()).find_map(|line| match (right(line), left(line)) {
            (true, _) => Some((line, false)),
            (false, true) => Some((line, true)),
            (false, false) => None,
        });
        if let Some((line, at_left)) = whole {
            let text = Text::new(note, NOTE).colour(GREY);
            let (at, text, end) =
                if at_left { (x + 3.0, text.end(), x + 7.0) } else { (x - 3.0, text, x + 1.0 + wanted) };
            free[line] = end;
            canvas.write(at, lines[line], text);
            continue;
        }
        let most = |line: usize| if begins(line) { room(line) } else { 0.0 };
        // Of equals the upper one.
        let line = (0..lines.len()).rev().max_by(|a, b| most(*a).total_cmp(&most(*b))).unwrap_or(0);
        if most(line) < LEAST_NOTE {
            continue;
        }
        let cut = text::fit(note, NOTE, false, room(line));
        free[line] = x + 1.0 + text::width(&cut, NOTE, false);
        canvas.write(x - 3.0, lines[line], Text::new(&cut, NOTE).colour(GREY));
    }
}

pub(super) fn draw_symbol(canvas: &mut Canvas, symbol: Symbol, (x, y): Point, secret: bool) {
    let shape = |points: &[Point]| -> Vec<Point> { points.iter().map(|p| (x + p.0, y + p.1)).collect() };
    let outlined = |canvas: &mut Canvas, points: &[Point], colour: Colour| {
        let points = shape(points);
        canvas.polygon(points.clone(), if secret { WHITE } else { colour });
        canvas.path(
            points.iter().chain(points.first()).copied(),
            if secret { colour } else { WHITE },
            if secret { 1.2 } else { 0.9 },
        );
    };
    match symbol {
        Symbol::TalksOpened => canvas.ring((x, y), 3.6, 1.2, INK),
        Symbol::TalksEnded => {
            canvas.disc((x, y), 3.8, WHITE);
            for (from, to) in [((-2.6, -2.6), (2.6, 2.6)), ((-2.6, 2.6), (2.6, -2.6))] {
                canvas.path(shape(&[from, to]), INK, 1.3);
            }
        }
        Symbol::Leaked => {
            let bolt = [(1.0, -5.0), (-3.4, 1.0), (-0.4, 1.0), (-1.4, 5.0), (3.4, -1.2), (0.4, -1.2)];
            outlined(canvas, &bolt, Colour::new(0xe6, 0x9f, 0x00));
        }
        Symbol::Closer => outlined(canvas, &[(0.0, -4.6), (4.2, 3.2), (-4.2, 3.2)], palette::stance(4)),
        Symbol::Apart => outlined(canvas, &[(0.0, 4.6), (4.2, -3.2), (-4.2, -3.2)], palette::stance(0)),
        Symbol::Merged => {
            outlined(canvas, &[(0.0, -4.8), (4.8, 0.0), (0.0, 4.8), (-4.8, 0.0)], Colour::new(0x11, 0x77, 0x33))
        }
        Symbol::Split => {
            outlined(canvas, &[(-4.8, -3.4), (-0.8, -3.4), (-2.8, 3.8)], Colour::new(0x88, 0x22, 0x55));
            outlined(canvas, &[(0.8, -3.4), (4.8, -3.4), (2.8, 3.8)], Colour::new(0x88, 0x22, 0x55));
        }
        Symbol::Accord => {
            outlined(canvas, &[(-3.4, -4.4), (3.4, -4.4), (3.4, 4.4), (-3.4, 4.4)], Colour::new(0x44, 0xaa, 0x99))
        }
        Symbol::Offensive => outlined(canvas, &[(-3.6, -4.6), (4.8, 0.0), (-3.6, 4.6)], Colour::new(0xd5, 0x5e, 0x00)),
        Symbol::Siege => {
            canvas.ring((x, y), 4.4, 1.4, INK);
            canvas.disc((x, y), 1.5, INK);
        }
        Symbol::Repelled => {
            canvas.rectangle((x + 0.2, y - 5.8), (x + 4.2, y + 5.8), WHITE);
            canvas.rectangle((x + 1.0, y - 5.0), (x + 3.4, y + 5.0), INK);
            canvas.path(shape(&[(-4.0, 0.0), (1.0, 0.0)]), INK, 1.3);
        }
        Symbol::CalledOff => {
            let back = shape(&[(3.6, -4.2), (-4.4, 0.0), (3.6, 4.2)]);
            canvas.polygon(back.clone(), WHITE);
            canvas.path(back.iter().chain(back.first()).copied(), INK, 1.1);
        }
        Symbol::Control => {
            canvas.line((x - 2.0, y - 5.0), (x - 2.0, y + 5.0), INK, 1.2);
            canvas.polygon(shape(&[(-2.0, -5.0), (4.2, -2.6), (-2.0, -0.4)]), INK);
        }
        Symbol::Scheduled => {
            canvas.disc((x, y), 4.2, WHITE);
            canvas.disc((x, y), 3.4, INK);
        }
        Symbol::Failed => {
            canvas.rectangle((x - 3.8, y - 3.8), (x + 3.8, y + 3.8), WHITE);
            canvas.path(shape(&[(-3.0, -3.0), (3.0, -3.0), (3.0, 3.0), (-3.0, 3.0), (-3.0, -3.0)]), INK, 1.2);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::canvas::Mark;
    use super::*;

    #[test]
    fn notes_that_have_no_room_above_a_lane_stand_whole_below_it() {
        let date = |month: i8| Date::new(2023, month, 1).unwrap();
        let moment = |month: i8, note: &str| TimelineMoment {
            date: date(month),
            symbol: Symbol::Scheduled,
            secret: false,
            note: note.into(),
        };
        let notes = ["Accord for peace and reconciliation in the north", "The mission of the United Nations ends"];
        let lane =
            Lane { label: "events".into(), moments: vec![moment(3, notes[0]), moment(4, notes[1])], ..Lane::default() };
        let timeline =
            Timeline { heading: Heading::new("One", "run"), span: Some((date(1), date(12))), lanes: vec![lane] };
        let canvas = timeline.draw();
        let text = |mark: &Mark| if let Mark::Text(text) = mark { Some(text.clone()) } else { None };
        let written: Vec<Text> = canvas.marks().iter().filter_map(text).collect();
        let of = |note: &str| written.iter().find(|text| text.words == note).unwrap_or_else(|| panic!("{note} is cut"));
        let [one, other] = notes.map(|note| of(note).bounds());
        assert!(one[3] < other[1] || other[3] < one[1], "they do not cover each other: {one:?} {other:?}");
    }

    #[test]
    fn what_is_secret_has_a_key_only_where_it_shows_and_names_of_lanes_stand_whole() {
        let date = |month: i8| Date::new(2023, month, 1).unwrap();
        let moment = |symbol| TimelineMoment { date: date(5), symbol, secret: true, note: String::new() };
        let label = "Accord for peace and reconciliation (Algiers process of 2015)";
        let told = |symbol| {
            let lane = Lane { label: label.into(), moments: vec![moment(symbol)], ..Lane::default() };
            let heading = Heading::new("One", "run");
            let canvas = Timeline { heading, span: Some((date(1), date(12))), lanes: vec![lane] }.draw();
            let words = |mark: &Mark| if let Mark::Text(text) = mark { Some(text.words.clone()) } else { None };
            canvas.marks().iter().filter_map(words).collect::<Vec<String>>()
        };
        assert!(!told(Symbol::TalksOpened).contains(&"in secret".to_owned()));
        let written = told(Symbol::Closer);
        assert!(written.contains(&"in secret".to_owned()));
        assert!(written.join(" ").contains(label), "{written:?}");
    }
}
