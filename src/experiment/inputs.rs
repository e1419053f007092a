//! Inputs that are not known: drawn for each replicate or few, or held at the best guess.

use super::ExperimentError;
use crate::mechanism::Behaviour;
use crate::random::{DrawKey, Purpose, Source, Spread, picked};
use crate::record::{Design, DrawnInput, DrawnInputs, InputKind, JointEntry, JointTable};
use crate::scenario::Scenario;
use std::path::{Path, PathBuf};

/// What is done about inputs that are not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Inputs {
    /// They are at their best guess in every run.
    Best,
    /// They are drawn: those of the scenario's uncertainties, and the weights of behaviour within what is plausible.
    #[default]
    Drawn,
    /// They are drawn, and those that a table of joint draws holds from it; it goes before one that the scenario names.
    Joint(PathBuf),
}

/// Draws inputs. A draw is a pure function of the seed, the input's path and the number of the draw, so that another
/// uncertainty leaves the draws of all others as they were.
#[derive(Clone, Debug)]
pub struct InputDraws {
    drawn: DrawnInputs,
    joint: Option<JointTable>,
    keys: Vec<DrawKey>,
    seed: u64,
}

impl InputDraws {
    /// Of all that is not known of a scenario: what its table of joint draws (or `table` instead) holds, its uncertainties,
    /// and the weights of behaviour over their plausible ranges, most likely at the values that stand. What a change sets
    /// is known, and a weight that stands outside its plausible range (one that is switched off, say) stays there.
    ///
    /// # Errors
    /// If the table cannot be read, or holds what is no input or lies outside its range; if an uncertainty makes no sense.
    pub fn of(scenario: &Scenario, table: Option<&Path>, seed: u64) -> Result<Self, ExperimentError> {
        let table = table.or(scenario.file.scenario.joint_inputs.as_deref().map(Path::new));
        let joint = table.map(|path| joint(scenario, path)).transpose()?;
        let mut inputs = Vec::new();
        let open = |path: &str| !scenario.is_set(path) && joint.as_ref().is_none_or(|joint| !holds(joint, path));
        for unsure in scenario.uncertainties().into_iter().filter(|unsure| open(&unsure.path)) {
            let spread = unsure.spread().map_err(|error| ExperimentError::Input(error.to_string()))?;
            inputs.push(DrawnInput { kind: kind(&unsure.path), path: unsure.path, spread, names: unsure.names });
        }
        for (mechanism, table, values) in scenario.behaviour.sections() {
            for (weight, best) in table.iter().zip(values) {
                let path = format!("behaviour.{mechanism}.{}", weight.name);
                let (low, high) = weight.plausible;
                let plausible = low < high && (low..=high).contains(&best);
                if plausible && inputs.iter().all(|input| input.path != path) && open(&path) {
                    let spread = Spread::Pert { low, best, high };
                    inputs.push(DrawnInput { kind: kind(&path), path, spread, names: Vec::new() });
                }
            }
        }
        let entry = joint.as_ref().map(|joint| JointEntry {
            inputs: joint.inputs.clone(),
            kind: joint.inputs.iter().map(|path| kind(path)).max().unwrap_or(InputKind::Scenario),
            rows: joint.rows.len() as u64,
            digest: joint.digest(),
        });
        let compositions = scenario.compositions();
        let compositions = compositions.into_iter().filter(|composed| composed.paths.iter().all(|path| open(path)));
        let drawn = DrawnInputs { compositions: compositions.collect(), joint: entry, inputs };
        Ok(Self::stored(drawn, joint, seed))
    }

    /// As they were drawn in results.
    pub fn stored(drawn: DrawnInputs, joint: Option<JointTable>, seed: u64) -> Self {
        let keys = drawn.inputs.iter().map(|input| DrawKey::named("input", &input.path)).collect();
        Self { drawn, joint, keys, seed }
    }

    /// Which inputs are drawn, and from what.
    pub fn drawn(&self) -> &DrawnInputs {
        &self.drawn
    }

    /// The largest value of an input that may be drawn; none if it is not drawn.
    pub fn most(&self, path: &str) -> Option<f64> {
        let joint = self.joint.as_ref().and_then(|joint| {
            let column = joint.inputs.iter().position(|input| input == path)?;
            joint.rows.iter().map(|row| row[column]).reduce(f64::max)
        });
        let apart = self.drawn.inputs.iter().find(|input| input.path == path);
        joint.or(apart.map(|input| match &input.spread {
            Spread::Choice { values, .. } => values.iter().copied().fold(0.0, f64::max),
            other => other.value(1.0),
        }))
    }

    /// The table of joint draws.
    pub fn joint(&self) -> Option<&JointTable> {
        self.joint.as_ref()
    }

    /// The inputs of a replicate, in the order of [`DrawnInputs::paths`].
    pub fn values(&self, replicate: u64) -> Vec<f64> {
        let uniform = |kind: InputKind, key| {
            Source::new(self.seed, kind.draw_of(replicate)).sequence(Purpose::Input, key, 0).uniform()
        };
        let together = self.joint.as_ref().zip(self.drawn.joint.as_ref()).map(|(joint, entry)| {
            let share = uniform(entry.kind, DrawKey::named("joint inputs", ""));
            joint.rows[picked(&joint.weights, share)].as_slice()
        });
        let apart = self.drawn.inputs.iter().zip(&self.keys);
        let apart = apart.map(|(input, key)| input.spread.value(uniform(input.kind, *key)));
        let shares = self.drawn.compositions.iter().flat_map(|composed| {
            let key = |place: usize| DrawKey::named("composition", &composed.paths.join(" ")).child(place as u64);
            let at = (0..composed.dimensions()).map(|place| uniform(InputKind::Scenario, key(place)));
            composed.shares(&at.collect::<Vec<_>>())
        });
        together.unwrap_or_default().iter().copied().chain(apart).chain(shares).collect()
    }
}

fn holds(joint: &JointTable, path: &str) -> bool {
    joint.inputs.iter().any(|input| input == path)
}

/// What the input of a path is.
fn kind(path: &str) -> InputKind {
    let mut parts = path.split('.');
    match (parts.next(), parts.next(), parts.next()) {
        (Some("behaviour"), Some(mechanism), Some(parameter)) => {
            match Behaviour::shapes_histories(mechanism, parameter) {
                true => InputKind::StanceWeight,
                false => InputKind::Weight,
            }
        }
        _ => InputKind::Scenario,
    }
}

/// The rows that hold the least and the most of each input of the scenario.
fn telling_rows(table: &JointTable) -> Vec<usize> {
    let mut rows = Vec::new();
    for (column, path) in table.inputs.iter().enumerate() {
        if kind(path) == InputKind::Scenario {
            let of = |row: &usize| table.rows[*row][column];
            rows.extend((0..table.rows.len()).min_by(|a, b| of(a).total_cmp(&of(b))));
            rows.extend((0..table.rows.len()).max_by(|a, b| of(a).total_cmp(&of(b))));
        }
    }
    rows.sort_unstable();
    rows.dedup();
    rows
}

/// Reads a table of joint draws whose every number a scenario may have.
fn joint(scenario: &Scenario, path: &Path) -> Result<JointTable, ExperimentError> {
    let table = JointTable::read(path)?;
    let design = Design::new(table.inputs.clone(), table.rows.iter().cloned());
    // Rows are counted as lines, after that of the names.
    let line = |row: Option<usize>| format!("{}:{}", path.display(), row.map_or(1, |row| row + 2));
    let mut problems = refused(scenario, &design, line);
    if problems.is_empty() {
        // What a number makes of the rest is looked at where it is least and where it is most.
        for row in telling_rows(&table) {
            let values: Vec<_> = design.values(row).collect();
            if let Err(problem) = scenario.with(&values, "a draw") {
                let first = problem.list.first().map_or_else(String::new, |problem| problem.message.clone());
                problems.push(format!("{}:{}: {first}", path.display(), row + 2));
            }
        }
    }
    if problems.is_empty() {
        return Ok(table);
    }
    Err(told(problems))
}

/// What of a table's values inputs cannot be, each with where it stands: in a row, or among the heads.
pub(super) fn refused(scenario: &Scenario, design: &Design, place: impl Fn(Option<usize>) -> String) -> Vec<String> {
    let mut problems = Vec::new();
    for (column, input) in design.inputs.iter().enumerate() {
        match scenario.range_of(input) {
            Err(unknown) => problems.push(format!("{}: {unknown}", place(None))),
            Ok(range) => {
                let value = |row: usize| design.names.value(input, design.point(row)[column]);
                let wrong = |row: usize| Some(format!("{}: {}", place(Some(row)), range.check(&value(row)).err()?));
                problems.extend((0..design.count()).filter_map(wrong));
            }
        }
    }
    problems
}

/// The first of some problems with input, a line for each.
pub(super) fn told(mut problems: Vec<String>) -> ExperimentError {
    /// How many are told.
    const TOLD: usize = 20;
    let more = problems.len().saturating_sub(TOLD);
    problems.truncate(TOLD);
    if more > 0 {
        problems.push(format!("and {more} more problems"));
    }
    ExperimentError::Input(problems.join("\n"))
}
