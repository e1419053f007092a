//! Where the runs of an experiment come from.

use crate::base::Calendar;
use crate::measure::{Layout, LogNames, RunRecord};

/// Does one replicate of a cell. What goes wrong in it is in the record; it does not panic.
pub type Replicates<'a> = &'a mut dyn FnMut(u64) -> RunRecord;

/// The scenarios of an experiment, ready to run.
pub trait RunSource: Sync {
    /// What is recorded of every run, the same for all cells.
    fn layout(&self) -> &Layout;

    /// The words of the event logs, the same for all cells.
    fn names(&self) -> &LogNames;

    /// The days of the steps, the same for all cells.
    fn calendar(&self) -> Calendar;

    /// Makes a cell of the plan ready to run on one thread and hands its runner over. The runner may keep what it needs
    /// from run to run, but what it gives depends on the replicate only.
    fn with_runner(&self, cell: usize, body: &mut dyn FnMut(Replicates<'_>));
}
