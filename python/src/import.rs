//! Scenarios from records of events.

use crate::error;
use entente::base::{Date, Duration};
use entente::import::{Import, ImportError, import};
use entente::record::RecordError;
use entente::scenario::Disk;
use pyo3::prelude::*;
use std::fs::File;
use std::path::PathBuf;

/// A year, its type of violence, the two sides, events, and the low, best and high estimate of deaths.
type Deaths = (i16, &'static str, String, String, usize, u32, u32, u32);

/// What events are made a scenario with, in words.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Options {
    id: String,
    zones: PathBuf,
    boundaries: String,
    start: String,
    window: String,
    half_life: String,
    until: Option<String>,
    least: usize,
    people: Option<PathBuf>,
    displaced: Option<PathBuf>,
    strength: Option<PathBuf>,
    aliases: Option<PathBuf>,
    source: Option<String>,
}

/// What came of it: the text of the scenario, the sections of the account, and deaths by year.
type Made = (String, Vec<(String, Vec<String>, Vec<String>)>, Vec<Deaths>);

/// Makes a scenario of a table of events.
#[pyfunction]
pub fn import_events(py: Python<'_>, events: PathBuf, options: Options) -> PyResult<Made> {
    let wrong = |message: String| error::input(py, message);
    let duration = |text: &str| Duration::parse(text).map_err(wrong);
    let date = |text: &str| Date::parse(text).map_err(wrong);
    let options = Import {
        id: options.id,
        zones: options.zones,
        boundaries: options.boundaries,
        start: date(&options.start)?,
        window: duration(&options.window)?,
        half_life: duration(&options.half_life)?,
        until: options.until.as_deref().map(date).transpose()?,
        least: options.least,
        people: options.people,
        displaced: options.displaced,
        strength: options.strength,
        aliases: options.aliases,
        source: options.source,
    };
    let made = py.detach(|| {
        let mut file = File::open(&events).map_err(RecordError::io("open", &events))?;
        import(&Disk, (&events, &mut file), &options)
    });
    let made = made.map_err(|error| match error {
        ImportError::Table(error) => error::record(py, error),
        ImportError::Input(message) => error::input(py, message),
    })?;
    let sections = made.account.sections.into_iter().map(|section| (section.heading, section.points, section.lines));
    let deaths = made.yearly.into_iter().map(|row| {
        let ([first, second], [low, best, high]) = (row.sides, row.deaths);
        (row.year, row.kind, first, second, row.events, low, best, high)
    });
    Ok((made.scenario, sections.collect(), deaths.collect()))
}
