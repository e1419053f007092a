//! A change that a reader makes, in the terms of the command line.

use crate::scenario::InputValue;
use serde::{Deserialize, Serialize};

/// What is changed about a scenario.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// A variant of the scenario, by its id.
    #[serde(default)]
    pub variant: Option<String>,
    /// Assignments as of `--set`: "faction.jnim.fighters=4000".
    #[serde(default)]
    pub set: Vec<String>,
}

impl Change {
    /// The assignments, as paths with their values.
    ///
    /// # Errors
    /// The first that is none.
    pub fn values(&self) -> Result<Vec<(String, InputValue)>, String> {
        let value = |text: &String| {
            let (path, value) = text.split_once('=').ok_or_else(|| format!("`{text}` is no `path=value`"))?;
            let value = value.trim();
            let number = value.parse::<f64>().ok().filter(|number| number.is_finite());
            let value = number.map_or_else(|| InputValue::Name(value.to_owned()), InputValue::Number);
            Ok((path.trim().to_owned(), value))
        };
        self.set.iter().map(value).collect()
    }
}
