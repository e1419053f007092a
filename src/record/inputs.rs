//! Inputs that are drawn: from what, for which replicates, and `inputs.parquet`, which keeps what was drawn.

use super::{ColumnKind, Field, FileEntry, RecordError, RowValue, Store};
use crate::random::Spread;
use serde::{Deserialize, Serialize};

/// The name of the table of what was drawn.
pub const INPUTS_TABLE: &str = "inputs.parquet";

/// What an input is, which decides how many replicates share a draw of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InputKind {
    /// A weight or rate of the model's behaviour.
    Weight,
    /// An input of the scenario.
    Scenario,
    /// A weight on which the histories of pairs depend, which take long to make
    /// ([`crate::mechanism::Behaviour::shapes_histories`]).
    StanceWeight,
}

impl InputKind {
    /// All kinds, from the one that the fewest replicates share. Each is nested in the next.
    pub const ALL: [Self; 3] = [Self::Weight, Self::Scenario, Self::StanceWeight];

    /// How many replicates share a draw: those from a multiple of that number on.
    pub const fn shared_by(self) -> u64 {
        match self {
            Self::Weight => 2,
            Self::Scenario => 4,
            Self::StanceWeight => 8,
        }
    }

    /// The draw of a replicate.
    pub const fn draw_of(self, replicate: u64) -> u64 {
        replicate / self.shared_by()
    }

    /// The column of `inputs.parquet` that holds the draw.
    const fn column(self) -> &'static str {
        match self {
            Self::Weight => "weight_draw",
            Self::Scenario => "scenario_draw",
            Self::StanceWeight => "stance_weight_draw",
        }
    }
}

/// An input that is drawn by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DrawnInput {
    /// Its path.
    pub path: String,
    /// What it is.
    pub kind: InputKind,
    /// What it is drawn from.
    pub spread: Spread,
}

/// A table from which inputs are drawn together, a row at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JointEntry {
    /// Paths of its inputs.
    pub inputs: Vec<String>,
    /// The kind of all of them: that which the most replicates share of the kinds that they are of.
    pub kind: InputKind,
    /// How many rows it has.
    pub rows: u64,
    /// Digest of its numbers.
    pub digest: String,
}

/// Which inputs are drawn, and from what.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DrawnInputs {
    /// A table from which some are drawn together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joint: Option<JointEntry>,
    /// Those that are drawn by themselves.
    pub inputs: Vec<DrawnInput>,
}

impl DrawnInputs {
    /// The paths of all of them: those of the table first.
    pub fn paths(&self) -> Vec<String> {
        let joint = self.joint.iter().flat_map(|joint| &joint.inputs);
        joint.chain(self.inputs.iter().map(|input| &input.path)).cloned().collect()
    }

    /// Whether any is of a kind.
    pub fn has(&self, kind: InputKind) -> bool {
        self.joint.as_ref().is_some_and(|joint| joint.kind == kind) || self.inputs.iter().any(|input| input.kind == kind)
    }
}

/// Writes `inputs.parquet`: a row for every two replicates, the first of which it names, with the numbers of the draws and
/// the value of every input.
///
/// # Errors
/// If it cannot be written.
pub fn write_inputs(
    store: &dyn Store,
    drawn: &DrawnInputs,
    replicates: u64,
    values: impl Fn(u64) -> Vec<f64>,
) -> Result<FileEntry, RecordError> {
    let heads = std::iter::once("replicate").chain(InputKind::ALL.map(InputKind::column));
    let heads = heads.map(|name| Field::required(name, ColumnKind::Int64));
    let inputs = drawn.paths().into_iter().map(|path| Field::required(path, ColumnKind::Double));
    let mut table = store.table(INPUTS_TABLE, heads.chain(inputs).collect())?;
    for replicate in (0..replicates).step_by(InputKind::Weight.shared_by() as usize) {
        let draws = InputKind::ALL.map(|kind| kind.draw_of(replicate));
        let numbers = std::iter::once(replicate).chain(draws).map(|number| RowValue::Int(number as i64));
        table.row(numbers.chain(values(replicate).into_iter().map(RowValue::Real)))?;
    }
    let (rows, fingerprint) = table.finish()?;
    Ok(FileEntry { name: INPUTS_TABLE.into(), rows: Some(rows), fingerprint })
}
