//! Puts chunks together to the tables of a results folder.

use super::{ExperimentError, Keeps, Plan, RunSource};
use crate::record::{
    EventsTable, FileEntry, Fingerprint, RecordError, ResultDigest, RunsTable, SeriesRunsTable, SeriesTable, Store,
    needed,
};

/// What was put together.
#[derive(Clone, Debug)]
pub struct Gathered {
    /// The tables.
    pub files: Vec<FileEntry>,
    /// Digest of what was found.
    pub result_digest: String,
    /// How many runs failed.
    pub failures: u64,
}

/// Reads the chunks of a plan's first `rounds`, in order and one run at a time, and writes the tables: `runs.parquet`,
/// `events.parquet` and, as the plan keeps them, `series.parquet` and `series_runs.parquet`.
///
/// # Errors
/// If a chunk is missing or damaged, or a table cannot be written.
pub fn gather(
    plan: &Plan,
    rounds: u64,
    source: &dyn RunSource,
    store: &dyn Store,
) -> Result<Gathered, ExperimentError> {
    let (layout, names, calendar) = (source.layout(), source.names(), source.calendar());
    let variants = plan.variants();
    let mut runs = RunsTable::create(store, layout, names, &variants, calendar)?;
    let mut events = EventsTable::create(store, names, &variants, calendar)?;
    let mut series = match plan.keeps {
        Keeps::NoSeries => None,
        _ => Some(SeriesTable::create(store, layout, &variants, calendar)?),
    };
    let mut series_runs = match plan.keeps {
        Keeps::EverySeries => Some(SeriesRunsTable::create(store, layout, &variants, calendar)?),
        _ => None,
    };
    let mut digest = ResultDigest::new(layout, names);
    let mut failures = 0;
    let cut = plan.cut();
    for (number, cell) in plan.cells.iter().enumerate() {
        let variant = variants.iter().position(|id| *id == cell.variant).unwrap_or(0) as u32;
        digest.cell(number as u64);
        let mut sketches = plan.sketches(layout);
        for round in 0..rounds {
            let chunk = cut.number(number, round);
            let mut reader = needed(store, &cut.chunk(chunk).1)?;
            while let Some(run) = reader.next_run()? {
                digest.run(&run.canonical);
                failures += u64::from(run.record.failure.is_some());
                runs.run(cell.point, variant, &run.record)?;
                for event in &run.record.events {
                    events.event(cell.point, variant, run.record.replicate, event)?;
                }
                if let Some(table) = &mut series_runs {
                    table.run(cell.point, variant, &run.record)?;
                }
            }
            let part = reader.sketches()?;
            sketches.series.merge(&part.series).and_then(|()| sketches.milestones.merge(&part.milestones)).map_err(
                |mismatch| RecordError::Damaged { path: store.name_of_chunk(chunk), reason: mismatch.to_string() },
            )?;
        }
        if let Some(table) = &mut series {
            table.cell(cell.point, variant, &sketches, &mut digest)?;
        }
    }
    let mut files = vec![entry("runs.parquet", runs.finish()?), entry("events.parquet", events.finish()?)];
    if let Some(table) = series {
        files.push(entry("series.parquet", table.finish()?));
    }
    if let Some(table) = series_runs {
        files.push(entry("series_runs.parquet", table.finish()?));
    }
    Ok(Gathered { files, result_digest: digest.finish(), failures })
}

fn entry(name: &str, (rows, fingerprint): (u64, Fingerprint)) -> FileEntry {
    FileEntry { name: name.into(), rows: Some(rows), fingerprint }
}
