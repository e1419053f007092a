//! When an outcome was decided: the probability of yes from each moment of a replicate on, as a tree of futures.

use super::axis::{Format, Scale, TimeAxis};
use super::canvas::{Anchor, Canvas, Text};
use super::frame::{About, Area, Band, Chart, Heading, MARGIN, WIDTH, spread};
use super::palette::{ACCENT, Colour, GREY, INK, PALE, WHITE};
use super::text;
use crate::base::{Date, day};

/// A question, and how it stood at each moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TreePanel {
    /// The question.
    pub question: String,
    /// Per moment: the probability of yes from there on, with its interval.
    pub moments: Vec<(Date, Band)>,
    /// What came of it in the run itself.
    pub actual: bool,
    /// The day on which a yes came about.
    pub came_about: Option<Date>,
}

/// Trees of futures, one per question, over the same time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FutureTree {
    /// What is shown.
    pub heading: Heading,
    /// The last day of the run.
    pub end: Option<Date>,
    /// The questions.
    pub panels: Vec<TreePanel>,
    /// What happened in the run, in order: day and words.
    pub events: Vec<(Date, String)>,
}

const MOST: usize = 6;
const MOST_EVENTS: usize = 14;
const HEIGHT: f64 = 190.0;
const NO: Colour = Colour::new(0x77, 0x77, 0x77);

impl Chart for FutureTree {
    fn about(&self) -> About<'_> {
        About {
            name: "tree",
            heading: &self.heading,
            caption: "At each dot the simulated future was run on many times anew, with the inputs that it drew: its height is the share that \
                      ends in yes, with its 95% interval. The strands from a dot are its futures: in colour those that end in yes, in grey those \
                      that end in no, the thicker the more there are. Where the line jumps, something happened that bears on the outcome; where \
                      it sinks bit by bit, time runs out for it. Numbered lines are what happened in the run, by the list below."
                .into(),
        }
    }

    fn draw(&self) -> Canvas {
        let width = WIDTH + 60.0;
        let panels = &self.panels[..self.panels.len().min(MOST)];
        let dates = panels.iter().flat_map(|panel| panel.moments.iter().map(|(date, _)| *date)).chain(self.end);
        let time = TimeAxis::over(dates, width - 160.0);
        let (Some(time), false) = (time, panels.is_empty()) else {
            return self.heading.nothing("There are no futures to show.");
        };
        let (mut canvas, top) = self.heading.start(width);
        let scale = Scale::from_zero([1.0], 4, Format::Percent);
        let mut y = top + 6.0;
        let events = self.events_that_tell(panels);
        for panel in panels {
            let lines = text::wrap(&panel.question, 10.5, true, width - 2.0 * MARGIN, 2);
            for line in &lines {
                canvas.write(MARGIN, y + 9.0, Text::new(line, 10.5).bold());
                y += 13.0;
            }
            let area =
                Area { left: MARGIN + 36.0, top: y + 24.0, right: width - MARGIN - 92.0, bottom: y + 24.0 + HEIGHT };
            scale.draw_left(&mut canvas, &area, 8.0);
            let lines: Vec<f64> = events.iter().map(|(date, _)| time.x(*date, &area)).collect();
            for (number, (x, at)) in lines.iter().zip(spread(&lines, 13.0, area.left, area.right)).enumerate() {
                canvas.path([(at, area.top - 9.0), (*x, area.top), (*x, area.bottom)], PALE, 0.8);
                let number = (number + 1).to_string();
                canvas.write_centred(at, area.top - 13.0, Text::new(&number, 7.5).colour(GREY).middle());
            }
            draw_panel(&mut canvas, panel, &area, &time, &scale);
            time.draw_below(&mut canvas, &area, 8.0);
            y = area.bottom + 34.0;
        }
        y = draw_events(&mut canvas, &events, y, width);
        if self.events.len() > events.len() {
            let words = format!(
                "{} of {} happenings: those between dates from one of which to the next the probabilities move most.",
                events.len(),
                self.events.len()
            );
            canvas.write(MARGIN, y + 4.0, Text::new(&words, 9.0).colour(GREY));
            y += 14.0;
        }
        canvas.set_height(y + 8.0);
        canvas
    }
}

impl FutureTree {
    /// What there is room for, in order: what happened where the probabilities move most, of equals the earliest.
    fn events_that_tell(&self, panels: &[TreePanel]) -> Vec<&(Date, String)> {
        let moves = |date: Date| -> f64 {
            let of_panel = |panel: &TreePanel| {
                let stretches = panel.moments.iter().zip(panel.moments.iter().skip(1));
                let mut around = stretches.filter(|((from, _), (to, _))| *from <= date && date < *to);
                around.next().map_or(0.0, |((_, before), (_, after))| (after.middle - before.middle).abs())
            };
            panels.iter().map(of_panel).filter(|moved| moved.is_finite()).fold(0.0, f64::max)
        };
        let mut events: Vec<(usize, f64)> = self.events.iter().map(|(date, _)| moves(*date)).enumerate().collect();
        events.sort_by(|a, b| b.1.total_cmp(&a.1));
        events.truncate(MOST_EVENTS);
        events.sort_by_key(|(place, _)| *place);
        events.into_iter().map(|(place, _)| &self.events[place]).collect()
    }
}

fn draw_panel(canvas: &mut Canvas, panel: &TreePanel, area: &Area, time: &TimeAxis, scale: &Scale) {
    let moments: Vec<(f64, Band)> = (panel.moments.iter())
        .filter(|(_, band)| band.is_finite())
        .map(|(date, band)| (time.x(*date, area), *band))
        .collect();
    // Limbs first, so that trunk and dots lie above them: as thick as the share of futures that go that way.
    for (x, band) in &moments {
        for (share, value, colour) in [(band.middle, 1.0, ACCENT), (1.0 - band.middle, 0.0, NO)] {
            if share > 0.0 {
                let from = (*x, scale.y(band.middle, area));
                let to = (area.right, scale.y(value, area));
                let bend = |t: f64| {
                    let ease = t * t * (3.0 - 2.0 * t);
                    (from.0 + (to.0 - from.0) * t, from.1 + (to.1 - from.1) * ease)
                };
                canvas.path((0..=20).map(|i| bend(f64::from(i) / 20.0)), colour.faded(0.16), 0.4 + 4.6 * share);
            }
        }
    }
    let low = moments.iter().rev().map(|(x, band)| (*x, scale.y(band.low, area)));
    canvas.polygon(moments.iter().map(|(x, band)| (*x, scale.y(band.high, area))).chain(low), ACCENT.faded(0.18));
    canvas.path(moments.iter().map(|(x, band)| (*x, scale.y(band.middle, area))), INK, 2.2);
    for (x, band) in &moments {
        let y = scale.y(band.middle, area);
        canvas.line((*x, scale.y(band.low, area)), (*x, scale.y(band.high, area)), INK, 1.1);
        canvas.disc((*x, y), 3.8, WHITE);
        canvas.disc((*x, y), 3.0, INK);
    }
    let (words, value) = if panel.actual { ("yes", 1.0) } else { ("no", 0.0) };
    let y = scale.y(value, area);
    if let Some(day) = panel.came_about {
        let x = time.x(day, area);
        canvas.dashed(&[(x, area.top - 4.0), (x, area.bottom)], ACCENT, 1.4, (4.0, 3.0));
        let label = Text::new("comes about", 8.5).colour(ACCENT.for_text());
        let label = if x + label.width() + 6.0 < area.right { label } else { label.end() };
        let side = if label.anchor == Anchor::End { -4.0 } else { 4.0 };
        canvas.write_centred(x + side, area.top + area.height() * 0.5, label);
    }
    canvas.polygon(
        [(area.right + 4.0, y), (area.right + 10.0, y - 5.0), (area.right + 16.0, y), (area.right + 10.0, y + 5.0)],
        INK,
    );
    canvas.write_centred(area.right + 20.0, y, Text::new(&format!("{words} in this run"), 9.5).bold());
    let other = if panel.actual { ("no", 0.0) } else { ("yes", 1.0) };
    canvas.write_centred(area.right + 20.0, scale.y(other.1, area), Text::new(other.0, 9.5).colour(GREY));
}

fn draw_events(canvas: &mut Canvas, events: &[&(Date, String)], top: f64, width: f64) -> f64 {
    if events.is_empty() {
        return top;
    }
    canvas.write(MARGIN, top, Text::new("What happened meanwhile", 9.5).bold());
    let mut y = top + 15.0;
    for (number, (date, words)) in events.iter().enumerate() {
        canvas.write(MARGIN + 14.0, y, Text::new(&(number + 1).to_string(), 9.0).colour(GREY).end());
        canvas.write(MARGIN + 22.0, y, Text::new(&day(*date), 9.0).colour(GREY));
        canvas.write(MARGIN + 120.0, y, Text::new(words, 9.0).fit(width - 2.0 * MARGIN - 120.0));
        y += 13.0;
    }
    y
}

#[cfg(test)]
mod tests {
    use super::super::canvas::Mark;
    use super::*;

    #[test]
    fn what_happened_where_it_was_decided_is_listed_before_what_came_first() {
        let date = |month: i64| Date::new(2023, 1, 1).unwrap().plus_days(30 * month);
        let even = |share: f64| Band::new(share, share - 0.05, share + 0.05);
        let moments = [(0, 0.2), (10, 0.25), (20, 0.1), (30, 0.9)].map(|(month, share)| (date(month), even(share)));
        let panel = TreePanel { question: "Is it so?".into(), moments: moments.to_vec(), ..TreePanel::default() };
        let tree = FutureTree {
            heading: Heading::new("When was it decided?", "so"),
            end: Some(date(36)),
            panels: vec![panel],
            events: (0..34).map(|month| (date(month), format!("Thing {month} happened"))).collect(),
        };
        let told: Vec<Date> = tree.events_that_tell(&tree.panels).into_iter().map(|(date, _)| *date).collect();
        assert_eq!(told.len(), MOST_EVENTS);
        assert!((20..30).all(|month| told.contains(&date(month))), "where it jumps all are told: {told:?}");
        assert!(told.is_sorted());
        let canvas = tree.draw();
        let words = |mark: &Mark| if let Mark::Text(text) = mark { Some(text.words.clone()) } else { None };
        let written: Vec<String> = canvas.marks().iter().filter_map(words).collect();
        assert!(
            written.contains(&day(date(25))) && written.iter().filter(|words| *words == "14").count() == 2,
            "{written:?}"
        );
    }
}
