//! The keys of measures: what a column holds, its unit, and its name in result files, which is written here only.

use super::{Account, Group, Question, ReportedActors, Slot, Unit};
use crate::base::{AccordId, ZoneId};
use crate::world::{DeathType, Setting};

/// What one column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// Deaths since the start, of a type or all.
    Deaths(Option<DeathType>),
    /// Deaths within the last four weeks.
    DeathsLately(DeathType),
    /// Deaths of a type or all in a year of the run, counted from 0, in the home country if the scenario names one.
    DeathsInYear(usize, Option<DeathType>),
    /// Displaced people.
    Displaced,
    /// Displaced people in the home country.
    DisplacedInternally,
    /// Displaced people outside the home country.
    DisplacedAbroad,
    /// Displaced people in a country.
    DisplacedIn(usize),
    /// Share of territory.
    Territory(Slot),
    /// Fighters.
    Strength(Slot),
    /// Share of people who support an actor.
    Support(Group),
    /// Share of fighters in the largest bloc.
    BlocShare,
    /// Number of blocs of several members.
    BlocCount,
    /// Whether an actor leads the largest bloc.
    Leads(Slot),
    /// Whether two groups stand so with each other.
    Stance([Group; 2], Relation),
    /// Whether a question, by its number, has been answered with yes by now.
    Answered(usize),
    /// An accord's health.
    AccordHealth(AccordId),
    /// Civilians killed by an actor, in an account.
    Civilians(Group, Account),
    /// How often something happened.
    Times(Counted),
    /// Deaths in fighting between two actors.
    DyadDeaths([Group; 2]),
    /// Whether two actors were an active dyad in a year of the run: pair by number, year counted from 0.
    ActiveInYear(usize, usize),
    /// Whether somebody holds a zone.
    Holds(ZoneId, Slot),
}

/// How two groups stand with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// At war.
    War,
    /// A pact or more.
    Pact,
    /// A pact or more that both admit.
    PublicPact,
    /// Allied.
    Alliance,
    /// In one bloc.
    SameBloc,
}

impl Relation {
    fn id(self) -> &'static str {
        ["war", "pact", "public_pact", "alliance", "same_bloc"][self as usize]
    }
}

/// What is counted as it happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Counted {
    /// A stance changed.
    StanceChanges,
    /// Talks opened.
    TalksOpened,
    /// A secret leaked.
    Leaks,
    /// Factions merged.
    Mergers,
    /// A faction or umbrella split.
    Splits,
}

impl Counted {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::StanceChanges, Self::TalksOpened, Self::Leaks, Self::Mergers, Self::Splits];

    fn id(self) -> &'static str {
        ["stance_changes", "talks_opened", "leaks", "mergers", "splits"][self as usize]
    }
}

/// What the names of measures are made of.
pub struct MeasureNames<'a> {
    pub setting: &'a Setting,
    pub actors: &'a ReportedActors,
    pub questions: &'a [Question],
}

impl MeasureNames<'_> {
    fn slot(&self, slot: Slot) -> &str {
        match slot {
            Slot::Actor(place) => &self.actors.ids[place],
            Slot::Other => "other",
            Slot::Nobody => "nobody",
        }
    }

    fn pair(&self, pair: [Group; 2]) -> String {
        pair.map(|group| group.id(self.setting)).join(".")
    }
}

impl Measure {
    /// Its unit.
    pub fn unit(self) -> Unit {
        match self {
            Self::Deaths(_) | Self::DeathsLately(_) | Self::DeathsInYear(..) => Unit::People,
            Self::Displaced | Self::DisplacedInternally | Self::DisplacedAbroad | Self::DisplacedIn(_) => Unit::People,
            Self::Civilians(..) | Self::DyadDeaths(_) => Unit::People,
            Self::Strength(_) => Unit::Fighters,
            Self::Territory(_) | Self::Support(_) | Self::BlocShare | Self::AccordHealth(_) => Unit::Share,
            Self::BlocCount | Self::Times(_) => Unit::Count,
            Self::Leads(_) | Self::Stance(..) | Self::Answered(_) => Unit::Chance,
            Self::ActiveInYear(..) | Self::Holds(..) => Unit::Chance,
        }
    }

    /// Its name in result files.
    pub fn name(self, names: &MeasureNames<'_>) -> String {
        let setting = names.setting;
        match self {
            Self::Deaths(None) => "deaths".into(),
            Self::Deaths(Some(kind)) => format!("deaths.{}", kind.id()),
            Self::DeathsLately(kind) => format!("deaths_4_weeks.{}", kind.id()),
            Self::DeathsInYear(year, None) => format!("deaths.year_{}", year + 1),
            Self::DeathsInYear(year, Some(kind)) => format!("deaths.{}.year_{}", kind.id(), year + 1),
            Self::Displaced => "displaced".into(),
            Self::DisplacedInternally => "displaced.internal".into(),
            Self::DisplacedAbroad => "displaced.abroad".into(),
            Self::DisplacedIn(country) => format!("displaced.{}", setting.countries[country]),
            Self::Territory(slot) => format!("territory.{}", names.slot(slot)),
            Self::Strength(slot) => format!("strength.{}", names.slot(slot)),
            Self::Support(group) => format!("support.{}", group.id(setting)),
            Self::BlocShare => "bloc.share".into(),
            Self::BlocCount => "bloc.count".into(),
            Self::Leads(slot) => format!("leads.{}", names.slot(slot)),
            Self::Stance(pair, relation) => format!("stance.{}.{}", names.pair(pair), relation.id()),
            Self::Answered(question) => answer_column(&names.questions[question].id),
            Self::AccordHealth(accord) => format!("accord.{}.health", setting.accords[accord].id),
            Self::Civilians(group, account) => {
                let account = ["fact", "admitted", "observed"][account as usize];
                format!("civilian_deaths.{}.{account}", group.id(setting))
            }
            Self::Times(what) => what.id().into(),
            Self::DyadDeaths(pair) => format!("dyad.{}.deaths", names.pair(pair)),
            Self::ActiveInYear(number, year) => {
                let pair = names.actors.pairs().nth(number).map_or_else(String::new, |pair| names.pair(pair));
                format!("dyad.{pair}.active_year_{}", year + 1)
            }
            Self::Holds(zone, slot) => format!("holder.{}.{}", setting.zones[zone].id, names.slot(slot)),
        }
    }
}

/// The column of a question's answers in `runs.parquet`, and of the chance of a yes by now in `series.parquet`.
pub fn answer_column(question: &str) -> String {
    format!("question.{question}")
}

/// The column of the dates on which a question's yes was one, in `runs.parquet`.
pub fn date_column(question: &str) -> String {
    format!("{}.date", answer_column(question))
}
