//! Which answer `--question` means.

use super::failure::Failure;
use super::tell;
use crate::experiment;
use crate::scenario::{AnswerAt, GroupedQuestion, Scenario};

/// The answer of an id with its question. The id of a question that is asked of several moments means its last, which is
/// said.
///
/// # Errors
/// If there is neither.
pub fn meant<'a>(scenario: &'a Scenario, id: &str) -> Result<(&'a GroupedQuestion, &'a AnswerAt), Failure> {
    let (question, answer) = experiment::meant(scenario, id)?;
    if answer.id != id {
        let others = question.answers.iter().map(|other| other.id.as_str()).filter(|other| *other != answer.id);
        tell(&format!(
            "`{id}` is asked of {} moments: this is of the last, `{}`; the others are {}",
            question.answers.len(),
            answer.id,
            others.collect::<Vec<_>>().join(", ")
        ));
    }
    Ok((question, answer))
}
