//! What is remembered of a run, and how measures are read from it.

use super::evaluate::Evaluator;
use super::reported_actors::Leader;
use super::{Measure, Quantity, ReportedActors, Slot, Snapshot};
use crate::base::Id;
use crate::world::{DeathType, Setting, World};

/// Deaths in a year from which a dyad counts as active (UCDP).
const ACTIVE: f64 = 25.0;

/// What is remembered of a run so that measures can be read: reused from run to run.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct RunMemory {
    /// Deaths by type at every moment so far.
    pub deaths: Vec<[f64; 3]>,
    /// Deaths by type in the home country at the end of each year so far.
    pub year_deaths: Vec<[f64; 3]>,
    /// Year by year so far, for each pair of actors: whether it was an active dyad.
    pub year_active: Vec<bool>,
    /// How often each of [`Counted`](super::key::Counted) has happened.
    pub times: [u32; 5],
    /// Which questions have been answered with yes.
    pub answered: Vec<bool>,
    /// Which watched conditions have not come true, of those whose time is not over.
    pub open: Vec<usize>,
    /// How many of the questions of one moment have been asked.
    pub due: usize,
    /// Share of territory, by slot.
    pub territory: Vec<f64>,
    /// Fighters, by slot.
    pub strength: Vec<f64>,
    /// Who leads the largest bloc.
    pub leader: Option<Leader>,
    /// Who holds each zone; filled at milestones.
    pub holders: Vec<Slot>,
    sums: Vec<f64>,
}

impl RunMemory {
    /// Forgets the last run.
    pub fn clear(&mut self, actors: &ReportedActors, questions: usize, watched: usize) {
        self.deaths.clear();
        self.year_deaths.clear();
        self.year_active.clear();
        self.holders.clear();
        self.leader = None;
        self.times = [0; 5];
        self.answered.clear();
        self.answered.resize(questions, false);
        self.open.clear();
        self.open.extend(0..watched);
        self.due = 0;
        for sums in [&mut self.territory, &mut self.strength, &mut self.sums] {
            sums.resize(actors.other() + 1, 0.0);
        }
    }

    /// Takes note of a moment.
    pub fn note(&mut self, actors: &ReportedActors, world: &World, snapshot: &Snapshot) {
        self.deaths.push(world.tally.deaths);
        actors.sum(world, &snapshot.territory, &mut self.territory);
        actors.sum(world, world.strength.values(), &mut self.strength);
        self.leader = actors.leader(world, snapshot, &mut self.sums);
    }

    /// Takes note of the end of a year.
    pub fn note_year(&mut self, actors: &ReportedActors, evaluator: &Evaluator<'_>) {
        self.year_deaths.push(evaluator.deaths_in(evaluator.setting.home_country));
        self.year_active.extend(actors.pairs().map(|pair| evaluator.deaths_last_year(pair) >= ACTIVE));
    }

    /// Takes note of who holds which zone.
    pub fn note_holders(&mut self, actors: &ReportedActors, setting: &Setting, world: &World) {
        self.holders.clear();
        for zone in setting.zones.ids() {
            let holder = actors.holder(world, zone);
            self.holders.push(holder.map_or(Slot::Nobody, |place| actors.slot(place)));
        }
    }
}

/// Of deaths by type, those of one type, or all.
fn of_kind(deaths: &[f64; 3], kind: Option<DeathType>) -> f64 {
    kind.map_or_else(|| deaths.iter().sum(), |kind| deaths[kind as usize])
}

impl RunMemory {
    /// Reads a measure. `lately` is how many steps make four weeks.
    #[inline]
    pub fn read(&self, measure: Measure, evaluator: &Evaluator<'_>, lately: f64) -> f64 {
        let so = |truth: bool| f64::from(u8::from(truth));
        let (setting, world, snapshot) = (evaluator.setting, evaluator.world, evaluator.snapshot);
        let displaced = || snapshot.displaced.iter().sum::<f64>();
        let at_home = || setting.home_country.map_or(0.0, |home| snapshot.displaced[home]);
        let of_slot = |list: &[f64], slot: Slot| match slot {
            Slot::Actor(place) => list[place],
            Slot::Other => list[list.len() - 1],
            Slot::Nobody => (1.0 - snapshot.territory.iter().sum::<f64>()).max(0.0),
        };
        match measure {
            Measure::Deaths(kind) => of_kind(&world.tally.deaths, kind),
            Measure::DeathsLately(kind) => {
                let until = |moments: usize| {
                    let moment = self.deaths.len().checked_sub(1 + moments);
                    moment.map_or(0.0, |moment| self.deaths[moment][kind as usize])
                };
                // The four weeks may begin within a step, after a short last one as well.
                let calendar = evaluator.setting.calendar;
                let back = lately + 1.0 - calendar.weeks_in(world.step.saturating_sub(1)) / calendar.step_weeks();
                let whole = back.floor();
                let (after, before) = (until(whole as usize), until(whole as usize + 1));
                let before = after - (back - whole) * (after - before);
                world.tally.deaths[kind as usize] - before
            }
            Measure::DeathsInYear(year, kind) => {
                let until = |year: usize| self.year_deaths.get(year).map_or(0.0, |deaths| of_kind(deaths, kind));
                let before = year.checked_sub(1).map_or(0.0, until);
                if year < self.year_deaths.len() { until(year) - before } else { 0.0 }
            }
            Measure::Displaced => displaced(),
            Measure::DisplacedInternally => at_home(),
            Measure::DisplacedAbroad => displaced() - at_home(),
            Measure::DisplacedIn(country) => snapshot.displaced[country],
            Measure::Territory(slot) => of_slot(&self.territory, slot),
            Measure::Strength(slot) => of_slot(&self.strength, slot),
            Measure::Support(group) => snapshot.support(setting, world, |_| true, snapshot.members(group)),
            Measure::BlocShare => snapshot.blocs.largest().map_or(0.0, |bloc| snapshot.blocs.share(bloc)),
            Measure::BlocCount => snapshot.blocs.of_several() as f64,
            Measure::Leads(slot) => {
                so(matches!((self.leader, slot), (Some(Leader::Actor(a)), Slot::Actor(b)) if a == b))
            }
            Measure::Stance(pair, relation) => so(evaluator.related(pair, relation)),
            Measure::Answered(question) => so(self.answered[question]),
            Measure::AccordHealth(accord) => world.accord[accord].health,
            Measure::Civilians(group, account) => evaluator.amount(&Quantity::CivilianDeaths { group, account }),
            Measure::Times(what) => f64::from(self.times[what as usize]),
            Measure::DyadDeaths(pair) => evaluator.deaths_between(pair),
            Measure::ActiveInYear(pair, year) => {
                let pairs = self.year_active.len() / self.year_deaths.len().max(1);
                so(year < self.year_deaths.len() && self.year_active[year * pairs + pair])
            }
            Measure::Holds(zone, slot) => so(self.holders[zone.index()] == slot),
        }
    }
}
