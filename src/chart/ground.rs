//! Maps of ground that changes hands: in which share of the runs each place does, and the offensives of one run.

use super::axis;
use super::canvas::{Canvas, Point, Text};
use super::frame::{About, Area, Chart, Heading, Party, grid};
use super::land::{CLOSED, Ground, Look, MapZone};
use super::palette::{self, Colour, GREY, INK, PALE, WHITE};
use super::text;

/// An offensive of one run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Thrust {
    /// Position of the attacker in `GroundMap::parties`; none for one that has no colour of its own.
    pub party: Option<usize>,
    /// The zone from which it comes, as a position in `GroundMap::zones`; none if the attacker holds nothing.
    pub from: Option<usize>,
    /// The zone against which it goes.
    pub to: usize,
    /// Whether it took the place.
    pub taken: bool,
}

/// The ground of one run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GroundRun {
    /// "Replicate 17: its offensives".
    pub title: String,
    /// Who holds each zone at the end, as a position in `GroundMap::parties`; none for nobody.
    pub holders: Vec<Option<usize>>,
    /// Whether each zone changed hands.
    pub changed: Vec<bool>,
    /// The offensives, in order.
    pub thrusts: Vec<Thrust>,
}

/// Ground that changes hands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GroundMap {
    /// What is shown.
    pub heading: Heading,
    /// The zones.
    pub zones: Vec<MapZone>,
    /// The factions.
    pub parties: Vec<Party>,
    /// In which share of the runs each zone changes hands at least once; empty if only one run is shown.
    pub shares: Vec<f64>,
    /// One run.
    pub run: Option<GroundRun>,
    /// Pairs of neighbouring zones between whose countries the border is closed at the start.
    pub closed: Vec<(usize, usize)>,
}

const WIDTH: f64 = 1000.0;
/// A place that changes hands for sure.
const OFTEN: Colour = Colour::new(0x54, 0x27, 0x88);
/// From these shares on they are written beside the names of zones: of those that matter, and of all others.
const WRITTEN: (f64, f64) = (0.005, 0.15);
/// How many zones are told of below the map.
const TOLD: usize = 8;

impl Chart for GroundMap {
    fn about(&self) -> About<'_> {
        About { name: "ground", heading: &self.heading, caption: self.caption().into() }
    }

    fn draw(&self) -> Canvas {
        let panels = usize::from(!self.shares.is_empty()) + usize::from(self.run.is_some());
        let wide = grid(0, panels, WIDTH, 0.0, 1.0, (20.0, 0.0)).width();
        let Some(ground) = Ground::of(&self.zones, wide).filter(|_| panels > 0) else {
            return self.heading.nothing("There are no zones with a position on the map.");
        };
        let ground = ground.with_closed(&self.closed);
        let height = ground.height(wide) + 18.0;
        let (mut canvas, start) = self.heading.start(WIDTH);
        let mut bottom = start + height;
        let area = |number: usize| grid(number, panels, WIDTH, start, height, (20.0, 0.0));
        if !self.shares.is_empty() {
            let area = area(0);
            canvas.write(area.left, area.top + 9.0, Text::new("Changes hands at least once", 10.5).bold());
            let placed = ground.placed(&Area { top: area.top + 18.0, ..area });
            ground.draw(&mut canvas, &placed, &ShareLook(self), |_| Vec::new());
            bottom = bottom.max(self.draw_shares(&mut canvas, Area { top: start + height + 12.0, ..area }));
        }
        if let Some(run) = &self.run {
            let area = area(panels - 1);
            canvas.write(area.left, area.top + 9.0, Text::new(&run.title, 10.5).bold().fit(area.width()));
            let placed = ground.placed(&Area { top: area.top + 18.0, ..area });
            ground.draw(&mut canvas, &placed, &RunLook { map: self, run }, |canvas| {
                let mut taken = Vec::new();
                for (zone, changed) in run.changed.iter().enumerate() {
                    if let (true, Some((x, y))) = (*changed, ground.centre(&placed, zone)) {
                        canvas.disc((x, y), 6.6, INK);
                        canvas.disc((x, y), 5.4, RunLook { map: self, run }.colour(zone));
                        taken.push([x - 6.6, y - 6.6, x + 6.6, y + 6.6]);
                    }
                }
                for thrust in &run.thrusts {
                    let Some(to) = ground.centre(&placed, thrust.to) else { continue };
                    let from = thrust.from.and_then(|from| ground.centre(&placed, from));
                    // Where it begins on its own ground, or nobody knows where, it comes from above.
                    let from = from.filter(|from| (from.0 - to.0).abs() + (from.1 - to.1).abs() > 12.0);
                    let from = from.unwrap_or((to.0 - 14.0, to.1 - 18.0));
                    taken.push(arrow(canvas, (from, to), self.colour(thrust.party), thrust.taken));
                }
                taken
            });
            bottom = bottom.max(self.draw_run(&mut canvas, Area { top: start + height + 12.0, ..area }, run));
        }
        canvas.set_height(bottom + 8.0);
        canvas
    }
}

/// Draws an arrow that ends short of its target; gives the box of its head.
fn arrow(canvas: &mut Canvas, (from, to): (Point, Point), colour: Colour, solid: bool) -> [f64; 4] {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = (dx * dx + dy * dy).sqrt().max(1e-9);
    let (ux, uy) = (dx / length, dy / length);
    // The name of the place where it begins stands at its centre.
    let away = (length - 24.0).clamp(0.0, 10.0);
    let from = (from.0 + ux * away, from.1 + uy * away);
    let tip = (to.0 - ux * 6.0, to.1 - uy * 6.0);
    let neck = (tip.0 - ux * 7.0, tip.1 - uy * 7.0);
    // Arrows between the same two places there and back must not cover each other.
    let side = |p: Point, by: f64| (p.0 - uy * by, p.1 + ux * by);
    let (from, neck, tip) = (side(from, 2.0), side(neck, 2.0), side(tip, 2.0));
    canvas.line(from, neck, WHITE, 3.4);
    if solid {
        canvas.line(from, neck, colour, 2.0);
    } else {
        canvas.dashed(&[from, neck], colour, 1.6, (4.0, 3.0));
    }
    let head = [tip, side(neck, 3.8), side(neck, -3.8)];
    canvas.polygon(head, if solid { colour } else { WHITE });
    canvas.path(head.into_iter().chain([tip]), colour, 1.2);
    [tip.0.min(neck.0) - 4.0, tip.1.min(neck.1) - 4.0, tip.0.max(neck.0) + 4.0, tip.1.max(neck.1) + 4.0]
}

impl GroundMap {
    fn caption(&self) -> String {
        let run = self.run.as_ref();
        let shares = !self.shares.is_empty();
        let holders = match shares {
            true => "Of one run, zones have the pale colour of their holder at the end",
            false => "Zones have the pale colour of their holder at the end",
        };
        let parts = [
            (
                shares,
                "The darker a zone, the more runs in which it changes hands at least once; below stand those where it happens most \
                 often, with the share of runs. Where the map has room for a name, the share stands beside it if it is 15% or more, or \
                 if a question asks about the place.",
            ),
            (run.is_some_and(|run| run.changed.contains(&true)), "a ring marks those that changed hands"),
            (
                run.is_some_and(|run| !run.thrusts.is_empty()),
                "Arrows are offensives in the attacker's colour, from the nearest ground \
                      that the attacker holds: solid where the place was taken, in dashes where it was not.",
            ),
            (!self.closed.is_empty(), "Dashed red lines are closed borders."),
        ];
        let [shares, changed, thrusts, closed] = parts.map(|(is_drawn, words)| is_drawn.then_some(words));
        let holders = run.map(|_| match changed {
            Some(changed) => format!("{holders}; {changed}."),
            None => format!("{holders}."),
        });
        let told = [shares, holders.as_deref(), thrusts, closed];
        told.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    fn colour(&self, party: Option<usize>) -> Colour {
        party.and_then(|party| self.parties.get(party)).map_or(palette::NOBODY, |party| party.colour)
    }

    /// The scale of shares; gives where it ends.
    fn draw_shares(&self, canvas: &mut Canvas, area: Area) -> f64 {
        let y = area.top + 8.0;
        let label = Text::new("share of runs", 9.0);
        let left = area.left + label.width() + 10.0;
        canvas.write_centred(area.left, y, label);
        for (step, share) in [0.0, 0.05, 0.2, 0.5, 0.8, 1.0].into_iter().enumerate() {
            let x = left + step as f64 * 40.0;
            canvas.rectangle((x, y - 5.0), (x + 40.0, y + 5.0), shade(share));
            canvas.write(x + 20.0, y + 15.0, Text::new(&axis::percent(share), 8.0).colour(GREY).middle());
        }
        let mut bottom = y + 18.0;
        for line in text::wrap(&self.most_often(), 9.0, false, area.width(), 3) {
            bottom += 13.0;
            canvas.write(area.left, bottom, Text::new(&line, 9.0));
        }
        bottom
    }

    /// Where ground changes hands most often, for not all names have room on the map.
    fn most_often(&self) -> String {
        let land = (0..self.zones.len()).filter(|zone| self.zones[*zone].town_of.is_none());
        let mut zones: Vec<(usize, f64)> = land.map(|zone| (zone, self.share(zone))).collect();
        zones.retain(|(_, share)| *share >= WRITTEN.0);
        zones.sort_by(|a, b| b.1.total_cmp(&a.1));
        let told = |(zone, share): &(usize, f64)| format!("{} {}", self.zones[*zone].name, axis::percent(*share));
        let told: Vec<String> = zones.iter().take(TOLD).map(told).collect();
        if told.is_empty() { String::new() } else { format!("Most often: {}.", told.join(", ")) }
    }

    /// In which share of the runs a zone changes hands. A town stands for its zone: the larger of the two.
    fn share(&self, zone: usize) -> f64 {
        let of = |zone: usize| self.shares.get(zone).copied().unwrap_or(0.0);
        let towns = (0..self.zones.len()).filter(|town| self.zones[*town].town_of == Some(zone));
        towns.map(of).fold(of(zone), f64::max)
    }

    /// Whose arrows there are, and what they mean; gives where it ends.
    fn draw_run(&self, canvas: &mut Canvas, area: Area, run: &GroundRun) -> f64 {
        let (mut x, mut y) = (area.left, area.top + 8.0);
        let mut room = |width: f64| {
            if x > area.left && x + width > area.right {
                (x, y) = (area.left, y + 15.0);
            }
            x += width;
            (x - width, y)
        };
        for (number, party) in self.parties.iter().enumerate() {
            let attacks = run.thrusts.iter().any(|thrust| thrust.party == Some(number));
            if attacks || run.holders.contains(&Some(number)) {
                let name = Text::new(&party.name, 9.0).fit(120.0);
                let (x, y) = room(name.width() + 34.0);
                // As its arrows are, and as its ground is.
                canvas.rectangle((x, y - 5.0), (x + 9.0, y + 5.0), party.colour);
                canvas.rectangle((x + 9.0, y - 5.0), (x + 18.0, y + 5.0), pale(party.colour));
                canvas.write_centred(x + 22.0, y, name);
            }
        }
        if run.holders.contains(&None) {
            let name = Text::new("nobody", 9.0);
            let (x, y) = room(name.width() + 34.0);
            canvas.rectangle((x, y - 5.0), (x + 18.0, y + 5.0), pale(palette::NOBODY));
            canvas.write_centred(x + 22.0, y, name);
        }
        let mut sample = |words: &str, draw: &dyn Fn(&mut Canvas, Point)| {
            let label = Text::new(words, 9.0);
            let (x, y) = room(label.width() + 48.0);
            draw(canvas, (x, y));
            canvas.write_centred(x + 34.0, y, label);
        };
        let is_there = |solid: bool| run.thrusts.iter().any(|thrust| thrust.taken == solid);
        let failed = if is_there(true) { "that did not" } else { "offensive that did not take the place" };
        for (solid, words) in [(true, "offensive that took the place"), (false, failed)] {
            if is_there(solid) {
                sample(words, &|canvas, (x, y)| {
                    arrow(canvas, ((x, y - 2.0), (x + 34.0, y - 2.0)), INK, solid);
                });
            }
        }
        if run.changed.contains(&true) {
            sample("changed hands", &|canvas, (x, y)| canvas.ring((x + 17.0, y), 6.2, 1.2, INK));
        }
        if !self.closed.is_empty() {
            sample("closed border", &|canvas, (x, y)| canvas.dashed(&[(x, y), (x + 28.0, y)], CLOSED, 2.6, (5.0, 3.0)));
        }
        y + 10.0
    }
}

/// The colour of a share of runs.
fn shade(share: f64) -> Colour {
    let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
    // Small shares are told apart, and none is white.
    PALE.mixed(OFTEN, share.sqrt())
}

struct ShareLook<'a>(&'a GroundMap);

impl Look for ShareLook<'_> {
    fn colour(&self, zone: usize) -> Colour {
        shade(self.0.shares.get(zone).copied().unwrap_or(0.0))
    }

    fn beside(&self, zone: usize) -> String {
        let share = self.0.share(zone);
        let named = self.0.zones.get(zone).is_some_and(|zone| zone.named);
        let least = if named { WRITTEN.0 } else { WRITTEN.1 };
        if share >= least { axis::percent(share) } else { String::new() }
    }

    fn matters(&self, zone: usize) -> f64 {
        let share = self.0.share(zone);
        if share >= WRITTEN.1 { share } else { 0.0 }
    }
}

struct RunLook<'a> {
    map: &'a GroundMap,
    run: &'a GroundRun,
}

impl Look for RunLook<'_> {
    fn colour(&self, zone: usize) -> Colour {
        let holder = self.run.holders.get(zone).copied().flatten();
        pale(self.map.colour(holder))
    }

    /// As often as it is fought for, and once more if it changed hands.
    fn matters(&self, zone: usize) -> f64 {
        let own =
            |other: usize| other == zone || self.map.zones.get(other).is_some_and(|town| town.town_of == Some(zone));
        let thrusts = self.run.thrusts.iter().filter(|thrust| own(thrust.to)).count();
        let changed = self.run.changed.iter().enumerate().any(|(other, changed)| *changed && own(other));
        (thrusts + usize::from(changed)) as f64
    }
}

/// The colour of ground that is held.
fn pale(colour: Colour) -> Colour {
    WHITE.mixed(colour, 0.35)
}

#[cfg(test)]
mod tests {
    use super::super::canvas::Mark;
    use super::*;

    #[test]
    fn whose_ground_it_is_and_where_it_changes_hands_most_are_told() {
        let zone = |name: &str, x: f64, town_of| MapZone {
            name: name.into(),
            position: (x, 0.5 * x),
            town_of,
            ..MapZone::default()
        };
        let map = GroundMap {
            zones: vec![
                zone("Far", 0.0, None),
                zone("Near", 1.0, None),
                zone("Near", 1.0, Some(1)),
                zone("Off", 2.0, None),
            ],
            parties: vec![Party::new("Some", 0)],
            shares: vec![0.2, 0.1, 0.55, 0.0],
            run: Some(GroundRun { holders: vec![Some(0), None, None, None], ..GroundRun::default() }),
            ..GroundMap::default()
        };
        assert_eq!(map.most_often(), "Most often: Near 55%, Far 20%.", "a town stands for its zone");
        let canvas = map.draw();
        let written =
            |words: &str| canvas.marks().iter().any(|mark| matches!(mark, Mark::Text(text) if text.words == words));
        assert!(written("nobody") && written("Some") && written(&map.most_often()));
        let run = GroundRun { holders: vec![Some(0); 4], ..GroundRun::default() };
        let canvas = GroundMap { run: Some(run), ..map }.draw();
        assert!(!canvas.marks().iter().any(|mark| matches!(mark, Mark::Text(text) if text.words == "nobody")));
    }

    #[test]
    fn names_go_first_to_the_places_that_change_hands_most() {
        // On a map this crowded not all names have room.
        let zone = |i: usize| MapZone {
            name: format!("A long name of place {i}"),
            position: ((i % 8) as f64, (i / 8) as f64),
            ..MapZone::default()
        };
        let run = GroundRun { thrusts: vec![Thrust { to: 35, ..Thrust::default() }], ..GroundRun::default() };
        let mut shares = vec![0.0; 64];
        (shares[27], shares[28], shares[44]) = (0.9, 0.2, 0.5);
        let map = GroundMap { zones: (0..64).map(zone).collect(), shares, run: Some(run), ..GroundMap::default() };
        let canvas = map.draw();
        let words = |mark: &Mark| if let Mark::Text(text) = mark { Some(text.words.clone()) } else { None };
        let written: Vec<String> = canvas.marks().iter().filter_map(words).collect();
        for name in ["place 27 90%", "place 28 20%", "place 44 50%"] {
            assert!(written.iter().any(|words| words.ends_with(name)), "{name} of {written:?}");
        }
        assert!(written.iter().any(|words| words.ends_with("place 35")), "what is fought for: {written:?}");
        assert!(written.iter().any(|words| words == "offensive that did not take the place"), "{written:?}");
    }

    #[test]
    fn the_caption_tells_of_what_is_drawn() {
        let run = GroundRun { changed: vec![false], thrusts: Vec::new(), ..GroundRun::default() };
        let quiet = GroundMap { run: Some(run), ..GroundMap::default() };
        assert_eq!(quiet.caption(), "Zones have the pale colour of their holder at the end.");
        let run = GroundRun { changed: vec![true], thrusts: vec![Thrust::default()], ..GroundRun::default() };
        let told =
            GroundMap { shares: vec![0.5], run: Some(run), closed: vec![(0, 1)], ..GroundMap::default() }.caption();
        assert!(
            ["The darker", "a ring", "Arrows", "closed borders"].iter().all(|words| told.contains(words)),
            "{told}"
        );
    }
}
