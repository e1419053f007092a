//! Gauges: what a column holds, as data.

use super::cast::Leader;
use super::sight::Sight;
use super::{Account, Cast, Condition, Glance, Group};
use crate::base::{AccordId, FactionId, ZoneId};
use crate::world::{DeathType, Setting, World};

/// Deaths in a year from which a dyad counts as active (UCDP).
const ACTIVE: f64 = 25.0;

/// What one column holds.
#[derive(Clone, Debug)]
pub enum Gauge {
    /// Deaths since the start, of a type or all.
    Deaths(Option<DeathType>),
    /// Deaths within the last four weeks.
    DeathsLately(DeathType),
    /// Deaths of a type or all in a year of the run, counted from 0, in the home country if the scenario names one.
    DeathsInYear(usize, Option<DeathType>),
    /// Displaced people.
    Displaced,
    /// Displaced people in a country.
    DisplacedIn(usize),
    /// Displaced people outside a country.
    DisplacedOutside(usize),
    /// Share of territory, by slot.
    Territory(usize),
    /// Share of territory that nobody controls.
    TerritoryOfNobody,
    /// Fighters, by slot.
    Strength(usize),
    /// Share of people who support an actor.
    Support(Group),
    /// Share of fighters in the largest bloc.
    BlocShare,
    /// Number of blocs of several members.
    BlocCount,
    /// Whether the actor in a slot leads the largest bloc.
    Leads(usize),
    /// Whether a condition is true.
    So(Condition),
    /// Whether a question has been answered with yes by now.
    Answered(usize),
    /// An accord's health.
    AccordHealth(AccordId),
    /// Civilians killed by an actor, in an account.
    Civilians(Group, Account),
    /// How often something happened.
    Times(Happened),
    /// Deaths in fighting between two actors.
    DyadDeaths([Group; 2]),
    /// Whether two actors were an active dyad in a year of the run: pair by number, year counted from 0.
    ActiveInYear(usize, usize),
    /// Whether a slot holds a zone; nobody does if none.
    Holds(ZoneId, Option<usize>),
}

/// What is counted as it happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happened {
    /// A stance changed.
    StanceChanged = 0,
    /// Talks opened.
    TalksOpened = 1,
    /// A secret leaked.
    Leaked = 2,
    /// Factions merged.
    Merged = 3,
    /// A faction or umbrella split.
    Split = 4,
}

impl Happened {
    /// All, with the names of their columns.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::StanceChanged, "stance_changes"),
        (Self::TalksOpened, "talks_opened"),
        (Self::Leaked, "leaks"),
        (Self::Merged, "mergers"),
        (Self::Split, "splits"),
    ];
}

/// What is remembered of a run so that gauges can be read: reused from run to run.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Memory {
    /// Deaths by type at every moment so far.
    pub deaths: Vec<[f64; 3]>,
    /// Deaths by type in the home country at the end of each year so far.
    pub year_deaths: Vec<[f64; 3]>,
    /// Per year so far and pair of actors: whether it was an active dyad.
    pub year_active: Vec<Vec<bool>>,
    /// How often each of [`Happened`] has happened.
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
    pub holders: Vec<Option<usize>>,
    sums: Vec<f64>,
}

impl Memory {
    /// Forgets the last run.
    pub fn clear(&mut self, cast: &Cast, questions: usize, watched: usize) {
        self.deaths.clear();
        self.year_deaths.clear();
        self.times = [0; 5];
        self.answered.clear();
        self.answered.resize(questions, false);
        self.open.clear();
        self.open.extend(0..watched);
        self.due = 0;
        for sums in [&mut self.territory, &mut self.strength, &mut self.sums] {
            sums.resize(cast.other() + 1, 0.0);
        }
    }

    /// Takes note of a moment.
    pub fn note(&mut self, cast: &Cast, world: &World, glance: &Glance) {
        self.deaths.push(world.tally.deaths);
        cast.sum(world, &glance.territory, &mut self.territory);
        cast.sum(world, world.strength.values(), &mut self.strength);
        self.leader = cast.leader(world, glance, &mut self.sums);
    }

    /// Takes note of the end of a year.
    pub fn note_year(&mut self, cast: &Cast, sight: &Sight<'_>) {
        let year = self.year_deaths.len();
        self.year_deaths.push(sight.deaths_in(sight.setting.home_country));
        if self.year_active.len() == year {
            self.year_active.push(Vec::new());
        }
        self.year_active[year].clear();
        self.year_active[year].extend(cast.pairs().map(|pair| sight.deaths_last_year(pair) >= ACTIVE));
    }

    /// Takes note of who holds which zone.
    pub fn note_holders(&mut self, cast: &Cast, setting: &Setting, world: &World) {
        self.holders.clear();
        for zone in setting.zones.ids() {
            self.holders.push(cast.holder(world, zone, &mut self.sums));
        }
    }
}

/// Of deaths by type, those of one type, or all.
fn of_kind(deaths: &[f64; 3], kind: Option<DeathType>) -> f64 {
    kind.map_or_else(|| deaths.iter().sum(), |kind| deaths[kind as usize])
}

impl Gauge {
    /// Reads the gauge. `lately` is how many moments make four weeks.
    #[inline]
    pub fn read(&self, memory: &Memory, sight: &Sight<'_>, lately: usize) -> f64 {
        let so = |truth: bool| f64::from(u8::from(truth));
        let (world, glance) = (sight.world, sight.glance);
        match self {
            Self::Deaths(None) => world.tally.deaths.iter().sum(),
            Self::Deaths(Some(kind)) => world.tally.deaths[*kind as usize],
            Self::DeathsLately(kind) => {
                let before = memory
                    .deaths
                    .len()
                    .checked_sub(1 + lately)
                    .map_or(0.0, |moment| memory.deaths[moment][*kind as usize]);
                world.tally.deaths[*kind as usize] - before
            }
            Self::DeathsInYear(year, kind) => {
                let until = |year: usize| memory.year_deaths.get(year).map_or(0.0, |deaths| of_kind(deaths, *kind));
                let before = year.checked_sub(1).map_or(0.0, until);
                if *year < memory.year_deaths.len() { until(*year) - before } else { 0.0 }
            }
            Self::Displaced => glance.displaced.iter().sum(),
            Self::DisplacedIn(country) => glance.displaced[*country],
            Self::DisplacedOutside(country) => glance.displaced.iter().sum::<f64>() - glance.displaced[*country],
            Self::Territory(slot) => memory.territory[*slot],
            Self::TerritoryOfNobody => (1.0 - glance.territory.iter().sum::<f64>()).max(0.0),
            Self::Strength(slot) => memory.strength[*slot],
            Self::Support(group) => {
                let backed = |faction: FactionId| glance.members(*group).contains(&faction);
                glance.support(sight.setting, world, |_| true, backed)
            }
            Self::BlocShare => glance.blocs.largest().map_or(0.0, |bloc| glance.blocs.share(bloc)),
            Self::BlocCount => glance.blocs.of_several() as f64,
            Self::Leads(slot) => so(memory.leader == Some(Leader::Actor(*slot))),
            Self::So(condition) => so(sight.holds(condition)),
            Self::Answered(question) => so(memory.answered[*question]),
            Self::AccordHealth(accord) => world.accord[*accord].health,
            Self::Civilians(group, account) => {
                sight.amount(&super::Quantity::CivilianDeaths { group: *group, account: *account })
            }
            Self::Times(what) => f64::from(memory.times[*what as usize]),
            Self::DyadDeaths(pair) => sight.deaths_between(*pair),
            Self::ActiveInYear(pair, year) => {
                so(*year < memory.year_deaths.len() && memory.year_active[*year].get(*pair) == Some(&true))
            }
            Self::Holds(zone, slot) => so(memory.holders[crate::base::Id::index(*zone)] == *slot),
        }
    }
}
