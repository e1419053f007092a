//! Inputs that are not known: drawn for each replicate or few, or held at the best guess.

use super::ExperimentError;
use crate::base::number::several;
use crate::record::Design;
use crate::scenario::{InputDraws, InputKind, JointTable, Scenario};
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

impl Inputs {
    /// The draws of a scenario's inputs; none if they are at their best guess.
    ///
    /// # Errors
    /// Those of a table of joint draws, or of an uncertainty that makes no sense.
    pub fn draws(&self, scenario: &Scenario, seed: u64) -> Result<Option<InputDraws>, ExperimentError> {
        match self {
            Self::Best => Ok(None),
            Self::Drawn => input_draws(scenario, None, seed).map(Some),
            Self::Joint(table) => input_draws(scenario, Some(table), seed).map(Some),
        }
    }

    /// From what a scenario's inputs are drawn, in words that are the same if and only if that is: a table of joint draws by what it
    /// holds, for its path says nothing of that. A plan that has them is another when the table is.
    ///
    /// # Errors
    /// Those of [`Self::draws`].
    pub fn mark(&self, scenario: &Scenario) -> Result<String, ExperimentError> {
        Ok(format!("{:?}", self.draws(scenario, 0)?.as_ref().map(InputDraws::drawn)))
    }
}

/// The draws of all that is not known of a scenario: of its table of joint draws (or `table` instead), its uncertainties, and
/// the weights of behaviour.
///
/// # Errors
/// If the table cannot be read, or holds what is no input or lies outside its range; if an uncertainty makes no sense.
fn input_draws(scenario: &Scenario, table: Option<&Path>, seed: u64) -> Result<InputDraws, ExperimentError> {
    let table = table.or(scenario.file.scenario.joint_inputs.as_deref().map(Path::new));
    let joint = table.map(|path| joint(scenario, path)).transpose()?;
    InputDraws::of(scenario, joint, seed).map_err(ExperimentError::Input)
}

/// The rows that hold the least and the most of each input of the scenario.
fn telling_rows(table: &JointTable) -> Vec<usize> {
    let mut rows = Vec::new();
    for (column, path) in table.inputs.iter().enumerate() {
        if InputKind::of(path) == InputKind::Scenario {
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
        problems.push(format!("and {}", several(more, "more problem")));
    }
    ExperimentError::Input(problems.join("\n"))
}
