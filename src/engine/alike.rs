//! Scenarios whose runs can be set side by side.

use crate::measure::{Measures, Question};
use crate::scenario::{Problems, Scenario};
use crate::world::Setting;
use std::sync::Arc;

/// The path of how many splinters a run may see.
pub const SPLINTERS: &str = "scenario.splinters";

/// What is measured of a scenario in all runs, of which none sees more than so many splinters: each has a name.
///
/// # Errors
/// If the scenario cannot have as many.
pub fn measures(scenario: &Scenario, splinters: f64, questions: Vec<Question>) -> Result<Arc<Measures>, Problems> {
    let own = &scenario.setting;
    let wider = match splinters > (own.factions.len() - own.founding) as f64 {
        true => Some(scenario.with(&[(SPLINTERS.to_owned(), splinters)], "the most splinters")?.setting),
        false => None,
    };
    Ok(Arc::new(Measures::new(wider.as_ref().unwrap_or(own), questions)))
}

/// Runs can be set side by side only if they tell of the same actors, places and dates.
///
/// # Errors
/// In what they differ.
pub fn check_alike(first: &Scenario, other: &Scenario) -> Result<(), &'static str> {
    let (a, b) = (&first.setting, &other.setting);
    let sorted = |scenario: &Scenario| {
        let mut ids: Vec<String> = scenario.setting.events.values().iter().map(|event| event.id.clone()).collect();
        ids.sort();
        ids
    };
    // How many splinters there may be is one of the numbers.
    let founding = |setting: &'_ Setting| -> Vec<String> {
        setting.factions.values()[..setting.founding].iter().map(|traits| traits.id.clone()).collect()
    };
    let factions = founding(a) == founding(b);
    let zones = a.zones.iter().map(|(_, traits)| &traits.id).eq(b.zones.iter().map(|(_, traits)| &traits.id));
    let umbrellas =
        a.umbrellas.iter().map(|(_, traits)| &traits.id).eq(b.umbrellas.iter().map(|(_, traits)| &traits.id));
    let accords = a.accords.iter().map(|(_, traits)| &traits.id).eq(b.accords.iter().map(|(_, traits)| &traits.id));
    let events = sorted(first) == sorted(other);
    let time = a.calendar == b.calendar;
    for (alike, what) in [
        (factions, "factions"),
        (zones, "zones"),
        (umbrellas, "umbrellas"),
        (accords, "accords"),
        (events, "events"),
        (time, "start, step or horizon"),
    ] {
        if !alike {
            return Err(what);
        }
    }
    Ok(())
}
