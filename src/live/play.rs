//! A run from its start to the horizon, moment by moment, for a map and a chronicle.

use crate::base::{FactionId, Id, PairId, ZoneId};
use crate::engine::{Model, Runner};
use crate::measure::{EventRow, Keep, LogWords};
use crate::mechanism::Trace;
use crate::narrative::{Names, happening};
use crate::world::{Happening, Setting, World};
use serde::Serialize;
use std::sync::Arc;

/// A run. Frame 0 is the start, frame `n` the end of the `n`-th step.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Play {
    /// Which replicate.
    pub replicate: u64,
    /// The day of every frame.
    pub dates: Vec<String>,
    /// Ids of the factions, with places for those that may split off.
    pub factions: Vec<String>,
    /// Their names.
    pub names: Vec<String>,
    /// Frames in which a zone has another holder than before, with the holder of each zone, in the order in
    /// which maps have them: a faction's place, or -1 for nobody.
    pub holders: Vec<(u32, Vec<i32>)>,
    /// By frame the fighters of each faction, rounded.
    pub fighters: Vec<Vec<f64>>,
    /// Frames in which a pair stands otherwise than before, with the stance of each pair by its place on the ladder, or -1
    /// if not both are there. Pairs are those of factions 0 and 1, 0 and 2, …, 1 and 2, ….
    pub stances: Vec<(u32, Vec<i32>)>,
    /// By frame all deaths since the start, rounded.
    pub deaths: Vec<f64>,
    /// By frame the displaced people, rounded.
    pub displaced: Vec<f64>,
    /// What happened, in order.
    pub happenings: Vec<ToldHappening>,
    /// The answers.
    pub answers: Vec<f64>,
    /// By answer the frame in which a yes became one.
    pub answered: Vec<Option<u32>>,
}

/// Something that happened, as in `events.parquet`, and in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ToldHappening {
    /// The step.
    pub step: u32,
    /// What happened.
    pub kind: &'static str,
    /// Who: the id of a faction, an accord, a zone or an event.
    pub who: String,
    /// The other one.
    pub other: Option<String>,
    /// The state before.
    pub from: Option<String>,
    /// The state after.
    pub to: Option<String>,
    /// Whether it was known to all.
    pub public: bool,
    /// A sentence without its full stop.
    pub text: String,
}

/// Notes what happens.
struct Listener<'a> {
    setting: &'a Setting,
    words: LogWords,
    teller: happening::Teller,
    step: u32,
    told: Vec<ToldHappening>,
}

impl Trace for Listener<'_> {
    fn begins(&mut self, step: u32) {
        self.step = step;
    }

    fn happened(&mut self, happened: Happening) {
        let EventRow { kind, who, other, from, to, .. } = self.words.row(self.step, &happened);
        let word = |number: u32| self.words.names.0.get(number as usize).cloned();
        self.told.push(ToldHappening {
            step: self.step,
            kind: kind.id(),
            who: word(who).unwrap_or_default(),
            other: other.and_then(word),
            from: from.and_then(word),
            to: to.and_then(word),
            public: happened.public,
            text: self.teller.sentence(Names(self.setting), &happened),
        });
    }
}

impl Play {
    /// Plays a replicate in its model. Holders are told of zones with these ids, in this order.
    ///
    /// # Errors
    /// What went wrong in the run.
    pub fn of(model: &Arc<Model>, zones: &[String], seed: u64, replicate: u64) -> Result<Self, String> {
        let setting = &*model.setting;
        let found = |id: &String| setting.zones.iter().find(|(_, traits)| traits.id == *id).map(|(zone, _)| zone);
        let zones: Vec<Option<ZoneId>> = zones.iter().map(found).collect();
        let mut listener =
            Listener { setting, words: LogWords::new(setting), teller: Default::default(), step: 0, told: Vec::new() };
        let calendar = setting.calendar;
        let mut play = Self {
            replicate,
            dates: (0..=calendar.steps()).map(|moment| calendar.date_of(moment).to_string()).collect(),
            factions: setting.factions.values().iter().map(|traits| traits.id.clone()).collect(),
            names: setting.factions.values().iter().map(|traits| traits.label.clone()).collect(),
            holders: Vec::new(),
            fighters: Vec::new(),
            stances: Vec::new(),
            deaths: Vec::new(),
            displaced: Vec::new(),
            happenings: Vec::new(),
            answers: Vec::new(),
            answered: Vec::new(),
        };
        let mut runner = Runner::start(model, Keep::ANSWERS, seed, replicate);
        play.look(&zones, runner.world());
        while !runner.at_horizon() {
            runner.step(&mut listener).map_err(|broken| broken.to_string())?;
            play.look(&zones, runner.world());
        }
        let record = runner.finish();
        play.happenings = listener.told;
        play.answers = record.answers.iter().map(|answer| answer.value).collect();
        play.answered = record.answers.iter().map(|answer| answer.step).collect();
        Ok(play)
    }

    /// Takes down how the world is.
    fn look(&mut self, zones: &[Option<ZoneId>], world: &World) {
        let frame = self.fighters.len() as u32;
        let holder = |zone: &Option<ZoneId>| {
            let holder = zone.and_then(|zone| world.holder[zone]);
            holder.map_or(-1, |faction| faction.index() as i32)
        };
        note(&mut self.holders, frame, zones.iter().map(holder).collect());
        let there = |place: usize| world.alive[FactionId::from_index(place)];
        let factions = self.factions.len();
        let pairs = (0..factions).flat_map(|a| (a + 1..factions).map(move |b| (a, b)));
        let stance = |(a, b): (usize, usize)| match there(a) && there(b) {
            true => world.tie[PairId::of(FactionId::from_index(a), FactionId::from_index(b))].stance as i32,
            false => -1,
        };
        note(&mut self.stances, frame, pairs.map(stance).collect());
        self.fighters.push(world.strength.values().iter().map(|fighters| fighters.round()).collect());
        self.deaths.push(world.tally.deaths.iter().sum::<f64>().round());
        self.displaced.push(world.displaced.values().iter().sum::<f64>().round());
    }
}

/// Adds what is so in a frame, unless it was so before.
fn note(list: &mut Vec<(u32, Vec<i32>)>, frame: u32, now: Vec<i32>) {
    if list.last().is_none_or(|(_, before)| *before != now) {
        list.push((frame, now));
    }
}
