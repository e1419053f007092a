//! Whether a run is what an experiment recorded of it.

use super::{EventsTable, Memory, RecordError, Results, RunsTable, Store};
use crate::base::Calendar;
use crate::measure::{Layout, LogNames, RunRecord};

/// How a run compares with what was recorded of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Likeness {
    /// The same, to the bit.
    Same,
    /// Different; in words, the first thing that is.
    Different(String),
    /// The folder holds no such run.
    Missing,
}

/// Compares a run with its row in `runs.parquet` and its lines in `events.parquet`, as tables in memory would hold it.
///
/// # Errors
/// If the results cannot be read.
pub fn likeness(
    results: &Results,
    (point, variant): (i32, &str),
    run: &RunRecord,
    layout: &Layout,
    names: &LogNames,
    calendar: Calendar,
) -> Result<Likeness, RecordError> {
    let Some(expected) = results.run_row(point, variant, run.replicate)? else { return Ok(Likeness::Missing) };
    let again = Memory::default();
    let variants = [variant.to_owned()];
    let mut runs = RunsTable::create(&again, "runs.parquet", layout, names, &variants, calendar)?;
    runs.run(point, 0, run)?;
    runs.finish()?;
    let mut events = EventsTable::create(&again, "events.parquet", names, &variants, calendar)?;
    for event in &run.events {
        events.event(point, 0, run.replicate, event)?;
    }
    events.finish()?;
    let again = again.results(results.manifest().clone());
    let found = again.run_row(point, variant, run.replicate)?.unwrap_or_default();
    for (number, (column, value)) in expected.iter().enumerate() {
        let other = found.get(number).filter(|(name, _)| name == column);
        let Some((_, other)) = other else {
            return Ok(Likeness::Different(format!("the recorded runs have a column `{column}`, this one has not")));
        };
        if value != other {
            let word = |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".into());
            let what = format!("`{column}` was {} and is {}", word(value), word(other));
            return Ok(Likeness::Different(what));
        }
    }
    let recorded = results.events_of(point, variant, run.replicate)?;
    let repeated = again.events_of(point, variant, run.replicate)?;
    let first = recorded.iter().zip(&repeated).find(|(a, b)| a != b);
    if let Some((event, _)) = first {
        return Ok(Likeness::Different(format!("from {} on, something else happens", event.date)));
    }
    match recorded.len() == repeated.len() {
        true => Ok(Likeness::Same),
        false => {
            Ok(Likeness::Different(format!("{} events were recorded and {} happen", recorded.len(), repeated.len())))
        }
    }
}
