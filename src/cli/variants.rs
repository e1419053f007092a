//! The variants that a command names.

use super::failure::Failure;
use crate::experiment::Cell;
use crate::scenario::{Problems, Scenario};

/// Stands for every variant of a scenario.
pub const ALL: &str = "all";

/// A scenario as the baseline, and its variants of some ids, or [`ALL`].
///
/// # Errors
/// If there is no such variant, or one comes twice.
pub fn with_baseline(scenario: Scenario, ids: &[String]) -> Result<Vec<(String, Scenario)>, Failure> {
    let ids: Vec<String> = match ids {
        [all] if all == ALL => scenario.file.variant.iter().map(|variant| variant.id.clone()).collect(),
        ids => ids.to_vec(),
    };
    for (place, id) in ids.iter().enumerate() {
        if id == Cell::BASELINE {
            return Err(Failure::input("the baseline is always among them; `--variants` names what is set against it"));
        }
        if ids[..place].contains(id) {
            return Err(Failure::input(format!("variant `{id}` is named twice")));
        }
    }
    let mut variants = vec![(Cell::BASELINE.to_owned(), scenario)];
    let mut wrong: Vec<Problems> = Vec::new();
    for id in ids {
        match variants[0].1.variant(&id) {
            Ok(variant) => variants.push((id, variant)),
            Err(problems) => wrong.push(problems),
        }
    }
    if wrong.is_empty() {
        return Ok(variants);
    }
    let messages: Vec<String> = wrong.into_iter().map(|problems| super::problems(problems).message).collect();
    Err(Failure::input(messages.join("\n")))
}
