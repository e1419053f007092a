//! Coalitions over time, from the event logs of many runs: how long pacts and alliances last, where pairs go from where
//! they stand, which coalition structures there are when, and which outcomes are commonest.
//!
//! [`study`] reads `events.parquet` once, row group by row group. What it keeps grows by a few numbers a run, and with the number
//! of coalition structures, of which 20,000 are told apart at the most. Commitments and pairs of one run, and of runs that share
//! inputs, are taken together where intervals are made.

mod course;
mod follow;
mod structure;

pub use course::{CommitmentChange, Course, fighting};
pub use follow::{Watcher, follow};
pub use structure::{CommonOutcome, Commonest, MOST_CLUSTERED, MOST_STRUCTURES, Partition, StructuresOverTime};

use super::coalitions::Transitions;
use super::survival::{LogRank, Spell, Spells, Survival, kaplan_meier, log_rank};
use crate::base::{FactionId, PairId};
use crate::estimate::CONFIDENCE;
use crate::estimate::nested::sharing;
use crate::record::{EventView, RecordError, Results};
use crate::world::{Setting, Stance};
use serde::Serialize;
use structure::StructureTally;

/// How many coalition structures are told by name.
const NAMED: usize = 7;
/// After how many weeks it is looked where a pair stands now.
const LATER: f64 = 26.0;

/// A kind of commitment whose duration is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Commitment {
    /// A pact or more, made in the run.
    PactMade,
    /// An alliance, made in the run.
    AllianceMade,
    /// A pact or more that stood at the start, from the start on.
    PactHeld,
    /// An alliance that stood at the start, from the start on.
    AllianceHeld,
}

impl Commitment {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::PactMade, Self::AllianceMade, Self::PactHeld, Self::AllianceHeld];

    /// In words for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::PactMade => "pacts or more made",
            Self::AllianceMade => "alliances made",
            Self::PactHeld => "pacts or more at the start",
            Self::AllianceHeld => "alliances at the start",
        }
    }

    fn of(alliance: bool, from_start: bool) -> Self {
        match (alliance, from_start) {
            (false, false) => Self::PactMade,
            (true, false) => Self::AllianceMade,
            (false, true) => Self::PactHeld,
            (true, true) => Self::AllianceHeld,
        }
    }
}

/// Coalitions over time in the runs of a variant.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Alliances {
    /// The variant's id.
    pub variant: String,
    /// How many runs.
    pub runs: u64,
    /// How long commitments last, in weeks, in the order of [`Commitment::ALL`].
    pub durations: Vec<Survival>,
    #[serde(skip)]
    spells: [Spells; 4],
    /// Where pairs stand half a year later, from (row) and to in the order of [`Stance::ALL`]; pairs of factions that stand
    /// and have fighters at both ends, windows that do not overlap.
    pub transitions: Transitions,
    /// Weeks between the two ends of a transition.
    pub lag: f64,
    /// Coalition structures at a few dates.
    pub over_time: StructuresOverTime,
    /// The commonest outcomes at the horizon.
    pub commonest: Commonest,
    /// All structures found, to be grouped in other ways.
    #[serde(skip)]
    pub structures: StructureTally,
}

impl Alliances {
    /// How long commitments of a kind last.
    pub fn duration(&self, commitment: Commitment) -> &Survival {
        &self.durations[commitment as usize]
    }

    /// Whether commitments of a kind last as long in another variant; none if nothing ended.
    pub fn compared(&self, other: &Self, commitment: Commitment) -> Option<LogRank> {
        log_rank(&self.spells[commitment as usize], &other.spells[commitment as usize])
    }
}

/// Studies the first point's runs of some variants, each given with its setting. `moments` are the steps at which coalition
/// structures are taken, ascending, the horizon last. Failed runs do not count.
///
/// A commitment ends when a side steps down; one that stands at the horizon, or whose side merges or is gone, was not seen
/// to end (right-censored). Pacts that become alliances go on as pacts.
///
/// # Errors
/// If the results cannot be read.
pub fn study(results: &Results, variants: &[(&str, &Setting)], moments: &[u32]) -> Result<Vec<Alliances>, RecordError> {
    let drawn = results.manifest().drawn_kinds();
    let mut watchers: Vec<(&str, AllianceWatch<'_>)> =
        variants.iter().map(|(variant, setting)| (*variant, AllianceWatch::new(setting, moments, drawn))).collect();
    follow(results, &mut watchers)?;
    Ok(watchers.into_iter().map(|(variant, watch)| watch.result(variant)).collect())
}

/// Gathers what a study tells.
struct AllianceWatch<'s> {
    setting: &'s Setting,
    course: Course<'s>,
    factions: Vec<FactionId>,
    moments: Vec<u32>,
    next_moment: usize,
    /// Steps between looks at where pairs stand.
    lag: u32,
    looks: u32,
    stances: Vec<Option<Stance>>,
    before: Vec<Option<Stance>>,
    /// Per pair: since which week it has had a pact or more, and an alliance, and whether that is the start.
    since: Vec<[Option<(f64, bool)>; 2]>,
    spells: [Spells; 4],
    transitions: Transitions,
    tally: StructureTally,
    /// So many replicates after each other may share inputs.
    sharing: u64,
    replicate: u64,
    /// The runs that the present one has something in common with.
    cluster: u64,
}

impl<'s> AllianceWatch<'s> {
    fn new(setting: &'s Setting, moments: &[u32], drawn: Option<[bool; 3]>) -> Self {
        let pairs = PairId::count(setting.factions.len());
        Self {
            setting,
            course: Course::new(setting),
            factions: fighting(setting),
            moments: moments.to_vec(),
            next_moment: 0,
            lag: ((LATER / setting.calendar.step_weeks()).round() as u32).max(1),
            looks: 0,
            stances: Vec::with_capacity(pairs),
            before: Vec::with_capacity(pairs),
            since: vec![[None; 2]; pairs],
            spells: Default::default(),
            transitions: Transitions::new(Stance::ALL.len()),
            tally: StructureTally::new(moments.iter().map(|step| setting.calendar.date_of(*step)).collect(), drawn),
            sharing: sharing(drawn),
            replicate: 0,
            cluster: 0,
        }
    }

    fn close(&mut self, pair: PairId, place: usize, week: f64, ended: bool) {
        if let Some((since, from_start)) = self.since[pair.0 as usize][place].take() {
            let commitment = Commitment::of(place == 1, from_start);
            let duration = (week - since).max(0.0);
            self.spells[commitment as usize].add(Spell { duration, ended }, self.cluster);
        }
    }

    /// Looks at all moments up to a step, before anything happens in it.
    fn look_until(&mut self, step: u32) {
        while self.moments.get(self.next_moment).is_some_and(|moment| *moment <= step) {
            let words = self.course.coalitions();
            self.tally.at(self.next_moment, &words);
            self.next_moment += 1;
        }
        while self.looks * self.lag <= step.min(self.setting.calendar.steps()) {
            self.course.stances(&mut self.stances);
            if self.looks > 0 {
                for (from, to) in self.before.iter().zip(&self.stances) {
                    if let (Some(from), Some(to)) = (from, to) {
                        self.transitions.add((*from as usize, *to as usize), self.cluster);
                    }
                }
            }
            std::mem::swap(&mut self.before, &mut self.stances);
            self.looks += 1;
        }
    }

    fn result(self, variant: &str) -> Alliances {
        Alliances {
            variant: variant.to_owned(),
            runs: self.tally.runs(),
            durations: self.spells.iter().map(|spells| kaplan_meier(spells, CONFIDENCE)).collect(),
            transitions: self.transitions,
            lag: f64::from(self.lag) * self.setting.calendar.step_weeks(),
            over_time: self.tally.over_time(NAMED, str::to_owned),
            commonest: self.tally.commonest(),
            structures: self.tally,
            spells: self.spells,
        }
    }
}

impl Watcher for AllianceWatch<'_> {
    fn begin(&mut self, replicate: u64) {
        (self.replicate, self.cluster) = (replicate, replicate / self.sharing);
        self.course.restart();
        self.next_moment = 0;
        self.looks = 0;
        for (pair, stance) in self.course.ties() {
            let held = |rung: Stance| (stance >= rung).then_some((0.0, true));
            self.since[pair.0 as usize] = [held(Stance::Pact), held(Stance::Alliance)];
        }
    }

    fn take(&mut self, event: &EventView<'_>) {
        let step = (event.week / self.setting.calendar.step_weeks()).round() as u32;
        self.look_until(step);
        match self.course.take(event) {
            Some(CommitmentChange::Stance { pair, from, to }) => {
                for (place, rung) in [Stance::Pact, Stance::Alliance].into_iter().enumerate() {
                    if from < rung && to >= rung {
                        self.since[pair.0 as usize][place] = Some((event.week, false));
                    } else if from >= rung && to < rung {
                        self.close(pair, place, event.week, true);
                    }
                }
            }
            Some(CommitmentChange::Ended(faction)) => {
                for other in self.setting.factions.ids().filter(|other| *other != faction) {
                    for place in 0..2 {
                        self.close(PairId::of(faction, other), place, event.week, false);
                    }
                }
            }
            None => {}
        }
    }

    fn finish(&mut self) {
        self.look_until(self.setting.calendar.steps());
        let end = self.setting.calendar.week_of(self.setting.calendar.steps());
        for pair in 0..self.since.len() {
            for place in 0..2 {
                self.close(PairId(pair as u32), place, end, false);
            }
        }
        let words = self.course.coalitions();
        let outcome = self.course.outcome(&self.factions, Stance::Alliance);
        self.tally.end(self.replicate, outcome, &words);
    }
}
