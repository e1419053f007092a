//! Scenarios as the source of an experiment's runs.

use super::{Runner, Source};
use crate::engine::{self, Model};
use crate::measure::{Keep, Layout, Measures, Names};
use crate::record::Calendar;
use crate::scenario::Scenario;

/// The scenarios of an experiment's cells.
#[derive(Clone, Debug)]
pub struct Scenarios<'s> {
    models: Vec<Model<'s>>,
    measures: Measures,
    seed: u64,
    calendar: Calendar,
}

impl<'s> Scenarios<'s> {
    /// The scenarios of the cells, in the plan's order, run from a master seed. What is measured is what the first one
    /// asks, so that all fill the same columns.
    ///
    /// # Errors
    /// If there is none, or two of them differ in more than numbers.
    pub fn new(scenarios: &'s [Scenario], seed: u64) -> Result<Self, String> {
        let first = scenarios.first().ok_or("there is no scenario to run")?;
        let measures = Measures::new(&first.setting, first.questions.clone());
        let mut models = Vec::with_capacity(scenarios.len());
        for scenario in scenarios {
            check_alike(first, scenario)?;
            let (setting, behaviour) = (&scenario.setting, &scenario.behaviour);
            models.push(Model { setting, behaviour, measures: measures.clone() });
        }
        let calendar = Calendar { start: first.setting.start, step_days: first.setting.step_days };
        Ok(Self { models, measures, seed, calendar })
    }
}

/// Runs can be set side by side only if they tell of the same actors, places and dates.
fn check_alike(first: &Scenario, other: &Scenario) -> Result<(), String> {
    let (a, b) = (&first.setting, &other.setting);
    let factions = a.factions.iter().map(|(_, traits)| &traits.id).eq(b.factions.iter().map(|(_, traits)| &traits.id));
    let zones = a.zones.iter().map(|(_, traits)| &traits.id).eq(b.zones.iter().map(|(_, traits)| &traits.id));
    let umbrellas =
        a.umbrellas.iter().map(|(_, traits)| &traits.id).eq(b.umbrellas.iter().map(|(_, traits)| &traits.id));
    let accords = a.accords.iter().map(|(_, traits)| &traits.id).eq(b.accords.iter().map(|(_, traits)| &traits.id));
    let events = a.events.iter().map(|(_, event)| &event.id).eq(b.events.iter().map(|(_, event)| &event.id));
    let time = a.start == b.start && a.steps == b.steps && a.step_days.to_bits() == b.step_days.to_bits();
    for (alike, what) in [
        (factions, "factions"),
        (zones, "zones"),
        (umbrellas, "umbrellas"),
        (accords, "accords"),
        (events, "the dates of events"),
        (time, "start, step or horizon"),
    ] {
        if !alike {
            return Err(format!("it differs from the first scenario in its {what}, so their runs cannot be compared"));
        }
    }
    Ok(())
}

impl Source for Scenarios<'_> {
    fn layout(&self) -> &Layout {
        self.measures.layout()
    }

    fn names(&self) -> &Names {
        self.measures.names()
    }

    fn calendar(&self) -> Calendar {
        self.calendar
    }

    fn runner(&self, cell: usize) -> Result<Runner<'_>, String> {
        let model = self.models.get(cell).ok_or_else(|| format!("there is no cell {cell}"))?;
        let mut runner = engine::Runner::new(model, Keep { events: true, series: true });
        let seed = self.seed;
        Ok(Box::new(move |replicate| runner.run(seed, replicate)))
    }
}
