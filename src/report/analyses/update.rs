//! What news says of the answers of a finished ensemble.

use super::{AnalysisError, pool};
use crate::analysis::update;
use crate::experiment::{Target, meant};
use crate::report::insight::{self, Insight, News};
use crate::scenario::facts::Facts;

/// What is asked of an update.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UpdateAsked {
    /// Ids of the answers that come first, that of a question of several moments for its last; the headlines at their last moments if
    /// there are none.
    pub questions: Vec<String>,
    /// How many runs go on from those that are like the facts; none do unless given.
    pub go_on: Option<u64>,
    /// How many threads; as many as there are cores unless given.
    pub threads: Option<usize>,
}

/// Weighs runs by facts, or goes on from those that are like them; `done` hears of every run that was made to go on.
///
/// # Errors
/// If there is no such question, no question is open after the last fact, the facts are impossible, or the results cannot be read.
pub fn update(
    target: &Target,
    facts: &Facts,
    asked: &UpdateAsked,
    done: &(dyn Fn() + Sync),
) -> Result<Insight, AnalysisError> {
    let answers = asked.questions.iter().map(|id| Ok(meant(&target.scenario, id)?.1.id.clone()));
    let questions = answers.collect::<Result<Vec<String>, AnalysisError>>()?;
    if target.questions.iter().all(|question| question.moment <= facts.last()) {
        let day = target.calendar().date_of(facts.last());
        return Err(AnalysisError::input(format!(
            "no question is open after the last fact, {day}: there is nothing to update"
        )));
    }
    let found = pool(asked.threads)?.install(|| match asked.go_on {
        None => update::update(target, facts),
        Some(particles) => update::go_on(target, facts, particles, done),
    })?;
    let news = News { facts, found: &found, questions: &questions, went_on: asked.go_on.is_some() };
    Ok(insight::update(target, &news))
}
