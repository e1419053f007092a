//! Which columns a scenario has, and what each holds.

use super::cast::group_id;
use super::gauge::{Gauge, Happened};
use super::{Account, Cast, Column, Condition, Group, Layout, Question, QuestionColumn};
use crate::base::{Date, Duration};
use crate::world::{DeathType, Setting, Stance};

/// Above so many zones, who holds each is not recorded.
const MOST_ZONES: usize = 512;
/// Only so many years have columns of their own.
const MOST_YEARS: u32 = 10;

/// Columns with what they hold.
#[derive(Clone, Debug, Default)]
pub struct Gauges {
    /// Names and units.
    pub columns: Vec<Column>,
    /// What each holds.
    pub gauges: Vec<Gauge>,
}

impl Gauges {
    fn add(&mut self, name: impl Into<String>, unit: &str, gauge: Gauge) {
        self.columns.push(Column { name: name.into(), unit: unit.to_owned() });
        self.gauges.push(gauge);
    }
}

/// What is recorded of every run of a scenario.
#[derive(Clone, Debug)]
pub struct Plan {
    /// At the horizon.
    pub finals: Gauges,
    /// At every moment.
    pub series: Gauges,
    /// At a few moments.
    pub milestones: Gauges,
    /// Those moments.
    pub milestone_steps: Vec<u32>,
    /// The moment at the end of each year.
    pub years: Vec<u32>,
    /// How many moments make four weeks.
    pub lately: usize,
    /// Pairs that questions ask about.
    pub pairs: Vec<[Group; 2]>,
}

impl Plan {
    /// The plan for a setting and its questions.
    pub fn new(setting: &Setting, cast: &Cast, questions: &[Question]) -> Self {
        let mut pairs = Vec::new();
        questions.iter().filter_map(Question::condition).for_each(|condition| condition.pairs(&mut pairs));
        let years: Vec<u32> = (1..=MOST_YEARS)
            .map_while(|year| {
                moment_after(setting, Duration { count: year, unit: crate::base::date::DurationUnit::Year })
            })
            .collect();
        Self {
            finals: finals(setting, cast, years.len()),
            series: series(setting, cast, questions, &pairs),
            milestones: milestones(setting, cast),
            milestone_steps: milestone_steps(setting),
            years,
            lately: ((28.0 / setting.step_days).round() as usize).max(1),
            pairs,
        }
    }

    /// The plan's names and units.
    pub fn layout(&self, setting: &Setting, cast: &Cast, questions: &[Question]) -> Layout {
        let id = |group: Group| group_id(setting, group).to_owned();
        Layout {
            questions: (questions.iter())
                .map(|question| QuestionColumn { id: question.id.clone(), yes_no: question.yes_no() })
                .collect(),
            finals: self.finals.columns.clone(),
            series: self.series.columns.clone(),
            milestones: self.milestones.columns.clone(),
            milestone_steps: self.milestone_steps.clone(),
            moments: setting.steps + 1,
            actors: cast.ids.clone(),
            pairs: self.pairs.iter().map(|pair| pair.map(id)).collect(),
        }
    }
}

/// The last moment of a run that is not after a date.
pub fn moment_of(setting: &Setting, date: Date) -> u32 {
    let days = date.days_since(setting.start).max(0) as f64;
    ((days / setting.step_days) as u32).min(setting.steps)
}

/// The last moment that is not after a duration from the start; none if the duration is past the horizon.
fn moment_after(setting: &Setting, duration: Duration) -> Option<u32> {
    let date = setting.start.plus(duration).ok()?;
    let days = date.days_since(setting.start) as f64;
    // A horizon of two years may end a few days short of them, for steps are whole.
    (days < (f64::from(setting.steps) + 1.0) * setting.step_days).then(|| moment_of(setting, date))
}

fn milestone_steps(setting: &Setting) -> Vec<u32> {
    let months = |count| Duration { count, unit: crate::base::date::DurationUnit::Month };
    let mut steps = vec![0];
    steps.extend([6, 12, 24].into_iter().filter_map(|count| moment_after(setting, months(count))));
    // Steps are whole, so a horizon of 24 months may end one step after them: that is one moment, not two.
    steps.retain(|step| *step == 0 || *step + 1 < setting.steps);
    steps.push(setting.steps);
    steps
}

/// Slots with the names of their columns, all others last.
fn slots(cast: &Cast) -> impl Iterator<Item = (usize, &str)> {
    cast.ids.iter().map(String::as_str).chain(["other"]).enumerate()
}

fn finals(setting: &Setting, cast: &Cast, years: usize) -> Gauges {
    let mut list = Gauges::default();
    for kind in DeathType::ALL {
        list.add(format!("deaths.{}", kind.id()), "people", Gauge::Deaths(Some(kind)));
    }
    list.add("deaths", "people", Gauge::Deaths(None));
    for year in 0..years {
        list.add(format!("deaths.year_{}", year + 1), "people", Gauge::DeathsInYear(year, None));
        for kind in DeathType::ALL {
            let name = format!("deaths.{}.year_{}", kind.id(), year + 1);
            list.add(name, "people", Gauge::DeathsInYear(year, Some(kind)));
        }
    }
    displaced(setting, &mut list);
    for (slot, id) in slots(cast) {
        list.add(format!("territory.{id}"), "share", Gauge::Territory(slot));
    }
    list.add("territory.nobody", "share", Gauge::TerritoryOfNobody);
    for (slot, id) in slots(cast) {
        list.add(format!("strength.{id}"), "fighters", Gauge::Strength(slot));
    }
    for (group, id) in cast.groups.iter().zip(&cast.ids) {
        list.add(format!("support.{id}"), "share", Gauge::Support(*group));
    }
    list.add("bloc.share", "share", Gauge::BlocShare);
    list.add("bloc.count", "count", Gauge::BlocCount);
    for (what, name) in Happened::ALL {
        list.add(name, "count", Gauge::Times(what));
    }
    for (accord, traits) in setting.accords.iter() {
        list.add(format!("accord.{}.health", traits.id), "share", Gauge::AccordHealth(accord));
    }
    for (group, id) in cast.groups.iter().zip(&cast.ids) {
        for (account, name) in
            [(Account::Fact, "fact"), (Account::Admitted, "admitted"), (Account::Observed, "observed")]
        {
            list.add(format!("civilian_deaths.{id}.{name}"), "people", Gauge::Civilians(*group, account));
        }
    }
    for (number, pair) in cast.pairs().enumerate() {
        let [a, b] = pair.map(|group| group_id(setting, group));
        list.add(format!("dyad.{a}.{b}.deaths"), "people", Gauge::DyadDeaths(pair));
        for year in 0..years {
            list.add(format!("dyad.{a}.{b}.active_year_{}", year + 1), "chance", Gauge::ActiveInYear(number, year));
        }
    }
    list
}

fn displaced(setting: &Setting, list: &mut Gauges) {
    list.add("displaced", "people", Gauge::Displaced);
    if let Some(home) = setting.home_country {
        list.add("displaced.internal", "people", Gauge::DisplacedIn(home));
        list.add("displaced.abroad", "people", Gauge::DisplacedOutside(home));
    }
    for (country, name) in setting.countries.iter().enumerate() {
        list.add(format!("displaced.{name}"), "people", Gauge::DisplacedIn(country));
    }
}

fn series(setting: &Setting, cast: &Cast, questions: &[Question], pairs: &[[Group; 2]]) -> Gauges {
    let mut list = Gauges::default();
    for kind in DeathType::ALL {
        list.add(format!("deaths.{}", kind.id()), "people", Gauge::Deaths(Some(kind)));
    }
    for kind in DeathType::ALL {
        list.add(format!("deaths_4_weeks.{}", kind.id()), "people", Gauge::DeathsLately(kind));
    }
    displaced(setting, &mut list);
    for (slot, id) in slots(cast) {
        list.add(format!("territory.{id}"), "share", Gauge::Territory(slot));
    }
    list.add("territory.nobody", "share", Gauge::TerritoryOfNobody);
    for (slot, id) in slots(cast) {
        list.add(format!("strength.{id}"), "fighters", Gauge::Strength(slot));
    }
    list.add("bloc.share", "share", Gauge::BlocShare);
    for (slot, id) in cast.ids.iter().enumerate() {
        list.add(format!("leads.{id}"), "chance", Gauge::Leads(slot));
    }
    for pair in pairs {
        let [a, b] = pair.map(|group| group_id(setting, group));
        for (name, condition) in [
            ("war", stance(*pair, Stance::War, Stance::War, None)),
            ("pact", stance(*pair, Stance::Pact, Stance::Alliance, None)),
            ("public_pact", stance(*pair, Stance::Pact, Stance::Alliance, Some(true))),
            ("alliance", stance(*pair, Stance::Alliance, Stance::Alliance, None)),
        ] {
            list.add(format!("stance.{a}.{b}.{name}"), "chance", Gauge::So(condition));
        }
    }
    for (number, question) in questions.iter().enumerate() {
        if matches!(question.ask, super::Ask::Within(_)) {
            list.add(format!("question.{}", question.id), "chance", Gauge::Answered(number));
        }
    }
    for (accord, traits) in setting.accords.iter() {
        list.add(format!("accord.{}.health", traits.id), "share", Gauge::AccordHealth(accord));
    }
    list
}

fn milestones(setting: &Setting, cast: &Cast) -> Gauges {
    let mut list = Gauges::default();
    if setting.zones.len() <= MOST_ZONES {
        for (zone, traits) in setting.zones.iter() {
            for (slot, id) in slots(cast) {
                list.add(format!("holder.{}.{id}", traits.id), "chance", Gauge::Holds(zone, Some(slot)));
            }
            list.add(format!("holder.{}.nobody", traits.id), "chance", Gauge::Holds(zone, None));
        }
    }
    for pair in cast.pairs() {
        let [a, b] = pair.map(|group| group_id(setting, group));
        for (name, condition) in [
            ("war", stance(pair, Stance::War, Stance::War, None)),
            ("pact", stance(pair, Stance::Pact, Stance::Alliance, None)),
            ("alliance", stance(pair, Stance::Alliance, Stance::Alliance, None)),
            ("same_bloc", Condition::SameBloc { of: pair.to_vec() }),
        ] {
            list.add(format!("stance.{a}.{b}.{name}"), "chance", Gauge::So(condition));
        }
    }
    list
}

fn stance(between: [Group; 2], at_least: Stance, at_most: Stance, public: Option<bool>) -> Condition {
    Condition::Stance { between, at_least, at_most, public }
}
