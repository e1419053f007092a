//! The event log of all runs, one event after the other.

use super::{RecordError, Results};

/// A line of the event log, as it stands in the table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EventView<'a> {
    /// The design point.
    pub point: i32,
    /// The variant's id.
    pub variant: &'a str,
    /// The replicate.
    pub replicate: u64,
    /// Weeks since the start.
    pub week: f64,
    /// What happened.
    pub kind: &'a str,
    /// Who: the id of a faction, an accord, a zone or an event.
    pub who: &'a str,
    /// The other one.
    pub other: Option<&'a str>,
    /// The state before.
    pub from: Option<&'a str>,
    /// The state after.
    pub to: Option<&'a str>,
}

impl Results {
    /// Hands on what happened in all runs, by point, variant, replicate and time. One row group is in memory at a time.
    ///
    /// # Errors
    /// If `events.parquet` cannot be read.
    pub fn each_event(&self, mut take: impl FnMut(EventView<'_>)) -> Result<(), RecordError> {
        let columns = ["point", "variant", "replicate", "week", "kind", "who", "other", "from", "to"];
        self.table("events.parquet")?.each_group(&columns, None, |rows, values| {
            for row in 0..rows {
                take(EventView {
                    point: values[0].int(row).unwrap_or(0) as i32,
                    variant: values[1].text(row).unwrap_or_default(),
                    replicate: values[2].int(row).unwrap_or(0) as u64,
                    week: values[3].number(row).unwrap_or(0.0),
                    kind: values[4].text(row).unwrap_or_default(),
                    who: values[5].text(row).unwrap_or_default(),
                    other: values[6].text(row),
                    from: values[7].text(row),
                    to: values[8].text(row),
                });
            }
            Ok(())
        })
    }
}
