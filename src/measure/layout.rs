//! Which columns a scenario has, and when they are taken.

use super::key::{Counted, MeasureNames, answer_column, date_column};
use super::{Account, Ask, Group, Measure, Question, Relation, ReportedActors, Slot, Unit};
use crate::base::date::DurationUnit;
use crate::base::{Calendar, Duration};
use crate::world::{DeathType, Setting};
use serde::Serialize;

/// Above so many zones, who holds each is not recorded.
const MOST_ZONES: usize = 512;
/// Only so many years have columns of their own.
const MOST_YEARS: u32 = 10;

/// What is recorded of every run of one scenario, the same for all replicates and variants.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Layout {
    /// The questions, in the scenario's order.
    pub questions: Vec<QuestionColumn>,
    /// Measures taken once, at the horizon: columns of `runs.parquet`.
    pub finals: Vec<Column>,
    /// Measures taken at every step: rows of `series.parquet`.
    pub series: Vec<Column>,
    /// Measures taken at a few moments only (start, 6, 12, 24 months, horizon): further rows of `series.parquet`.
    pub milestones: Vec<Column>,
    /// The steps of those moments.
    pub milestone_steps: Vec<u32>,
    /// How many moments a series has: steps + 1, the start included.
    pub moments: u32,
    /// Who has columns of their own: ids of the umbrellas and of the factions outside umbrellas that have fighters at
    /// the start, strongest first. Columns speak of `other` for splinters and for members that left their umbrella,
    /// and of `nobody` where nobody holds anything.
    pub actors: Vec<String>,
    /// The same, as groups.
    #[serde(skip)]
    pub groups: Vec<Group>,
    /// The pairs that a question asks about, each once: they have a series per stance.
    #[serde(skip)]
    pub pairs: Vec<[Group; 2]>,
    /// The moment at the end of each year.
    #[serde(skip)]
    pub years: Vec<u32>,
    /// How many steps make four weeks.
    #[serde(skip)]
    pub lately: f64,
}

/// A question, as a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QuestionColumn {
    /// Its id.
    pub id: String,
    /// Whether its answer is yes or no, or a quantity.
    pub yes_no: bool,
}

impl QuestionColumn {
    /// The column of its answers in `runs.parquet`.
    pub fn name(&self) -> String {
        answer_column(&self.id)
    }

    /// The column of the dates on which a yes was one.
    pub fn date_name(&self) -> String {
        date_column(&self.id)
    }
}

/// A measure, as a column or a series.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Column {
    /// What it holds.
    #[serde(skip)]
    pub measure: Measure,
    /// Its name in result files, such as `territory.jnim` or `deaths.one_sided`.
    pub name: String,
    /// Its unit.
    pub unit: Unit,
}

impl Layout {
    /// The layout for a setting and its questions, which ask about some pairs.
    pub fn new(setting: &Setting, actors: &ReportedActors, questions: &[Question], pairs: Vec<[Group; 2]>) -> Self {
        let end_of = |count| setting.calendar.moment_after(Duration { count, unit: DurationUnit::Year });
        let years: Vec<u32> = (1..=MOST_YEARS).map_while(end_of).collect();
        let names = MeasureNames { setting, actors, questions };
        let columns = |measures: Vec<Measure>| -> Vec<Column> {
            let column = |measure: Measure| Column { measure, name: measure.name(&names), unit: measure.unit() };
            measures.into_iter().map(column).collect()
        };
        Self {
            questions: (questions.iter())
                .map(|question| QuestionColumn { id: question.id.clone(), yes_no: question.yes_no() })
                .collect(),
            finals: columns(finals(setting, actors, years.len())),
            series: columns(series(setting, actors, questions, &pairs)),
            milestones: columns(milestones(setting, actors)),
            milestone_steps: milestone_steps(setting.calendar),
            moments: setting.calendar.steps() + 1,
            actors: actors.ids.clone(),
            groups: actors.groups.clone(),
            pairs,
            years,
            lately: 28.0 / f64::from(setting.calendar.step_days()),
        }
    }

    /// The columns of `series.parquet`, those taken at every step first.
    pub fn over_time(&self) -> impl Iterator<Item = &Column> {
        self.series.iter().chain(&self.milestones)
    }
}

/// The pairs that questions ask about, each once.
pub(super) fn asked_pairs(questions: &[Question]) -> Vec<[Group; 2]> {
    let mut pairs = Vec::new();
    questions.iter().filter_map(Question::condition).for_each(|condition| condition.pairs(&mut pairs));
    pairs
}

fn milestone_steps(calendar: Calendar) -> Vec<u32> {
    let after = |count| calendar.moment_after(Duration { count, unit: DurationUnit::Month });
    let mut steps = vec![0];
    steps.extend([6, 12, 24].into_iter().filter_map(after).filter(|step| *step < calendar.steps()));
    steps.push(calendar.steps());
    steps
}

/// Displaced people, territory and fighters.
fn state(setting: &Setting, actors: &ReportedActors) -> Vec<Measure> {
    let mut list = vec![Measure::Displaced];
    if setting.home_country.is_some() {
        list.extend([Measure::DisplacedInternally, Measure::DisplacedAbroad]);
    }
    list.extend((0..setting.countries.len()).map(Measure::DisplacedIn));
    list.extend(actors.slots().chain([Slot::Nobody]).map(Measure::Territory));
    list.extend(actors.slots().map(Measure::Strength));
    list
}

fn finals(setting: &Setting, actors: &ReportedActors, years: usize) -> Vec<Measure> {
    let kinds = DeathType::ALL.map(Some);
    let mut list: Vec<Measure> = kinds.into_iter().chain([None]).map(Measure::Deaths).collect();
    for year in 0..years {
        list.extend([None].into_iter().chain(kinds).map(|kind| Measure::DeathsInYear(year, kind)));
    }
    list.extend(state(setting, actors));
    list.extend(actors.groups.iter().copied().map(Measure::Support));
    list.extend([Measure::BlocShare, Measure::BlocCount]);
    list.extend(Counted::ALL.map(Measure::Times));
    list.extend(setting.accords.ids().map(Measure::AccordHealth));
    for group in &actors.groups {
        let accounts = [Account::Fact, Account::Admitted, Account::Observed];
        list.extend(accounts.map(|account| Measure::Civilians(*group, account)));
    }
    for (number, pair) in actors.pairs().enumerate() {
        list.push(Measure::DyadDeaths(pair));
        list.extend((0..years).map(|year| Measure::ActiveInYear(number, year)));
    }
    list
}

fn series(setting: &Setting, actors: &ReportedActors, questions: &[Question], pairs: &[[Group; 2]]) -> Vec<Measure> {
    let mut list: Vec<Measure> = DeathType::ALL.map(|kind| Measure::Deaths(Some(kind))).into();
    list.extend(DeathType::ALL.map(Measure::DeathsLately));
    list.extend(state(setting, actors));
    list.push(Measure::BlocShare);
    list.extend((0..actors.other()).map(|place| Measure::Leads(Slot::Actor(place))));
    for pair in pairs {
        let relations = [Relation::War, Relation::Pact, Relation::PublicPact, Relation::Alliance];
        list.extend(relations.map(|relation| Measure::Stance(*pair, relation)));
    }
    let within = |(_, question): &(usize, &Question)| matches!(question.ask, Ask::Within(_));
    list.extend(questions.iter().enumerate().filter(within).map(|(number, _)| Measure::Answered(number)));
    list.extend(setting.accords.ids().map(Measure::AccordHealth));
    list
}

fn milestones(setting: &Setting, actors: &ReportedActors) -> Vec<Measure> {
    let mut list = Vec::new();
    if setting.zones.len() <= MOST_ZONES {
        for zone in setting.zones.ids() {
            list.extend(actors.slots().chain([Slot::Nobody]).map(|slot| Measure::Holds(zone, slot)));
        }
    }
    for pair in actors.pairs() {
        let relations = [Relation::War, Relation::Pact, Relation::Alliance, Relation::SameBloc];
        list.extend(relations.map(|relation| Measure::Stance(pair, relation)));
    }
    list
}
