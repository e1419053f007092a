//! What to watch for in the first weeks, and what it says of how a question will end.

use super::{AnalysisError, pool};
use crate::analysis::signposts::{SignpostError, SignpostsAsked, signposts as find};
use crate::base::Duration;
use crate::experiment::Target;
use crate::measure::Ask;
use crate::report::insight::{self, Insight};

/// What is asked of a search for signposts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WatchAsked {
    /// The id of the question's answer.
    pub question: String,
    /// How long the first weeks are; usually 12, or half of the time up to the question's moment, unless given.
    pub within: Option<Duration>,
    /// Of an amount: the outcome is more than this; the median unless given.
    pub above: Option<f64>,
    /// Whether what only those who take part in it know counts too.
    pub all: bool,
    /// How many threads; as many as there are cores unless given.
    pub threads: Option<usize>,
}

/// Searches for them.
///
/// # Errors
/// If there is no such question, it is settled too early, too few runs end in one of two ways, or the results cannot be read.
pub fn signposts(target: &Target, asked: &WatchAsked) -> Result<Insight, AnalysisError> {
    let question = target.question(&asked.question)?.clone();
    if asked.above.is_some() && question.yes_no() {
        let message = format!("`{}` is answered by yes or no: --above is for amounts", question.id);
        return Err(AnalysisError::input(message));
    }
    if let Some(line) = asked.above.filter(|line| !line.is_finite()) {
        return Err(AnalysisError::input(format!("--above is {line}, expected a number")));
    }
    let calendar = target.calendar();
    let until = match asked.within {
        None => None,
        Some(within) => Some(calendar.moment_after(within).filter(|moment| *moment > 0).ok_or_else(|| {
            AnalysisError::input(format!(
                "{within} from the start is not within the scenario, which lasts from {} to {}: expected a time that ends in \
                 between",
                calendar.start(),
                calendar.end()
            ))
        })?),
    };
    let asked_by_time = |id: &str| {
        let asked = target.questions.iter().find(|question| question.id == id)?;
        matches!(asked.ask, Ask::Within(_)).then(|| (asked.id.clone(), asked.moment))
    };
    let group = target.scenario.answer(&question.id).map(|(group, _)| group);
    let answers = group.iter().flat_map(|group| &group.answers);
    let mut answers: Vec<(String, u32)> = answers.filter_map(|answer| asked_by_time(&answer.id)).collect();
    answers.retain(|(_, moment)| *moment <= question.moment);
    let text = target.question_text(&question.id);
    let told = SignpostsAsked { question, answers, until, above: asked.above, all: asked.all };
    let found = pool(asked.threads)?.install(|| find(target, &told)).map_err(|error| match error {
        SignpostError::Experiment(error) => AnalysisError::Experiment(error),
        other => AnalysisError::input(other),
    })?;
    Ok(insight::watch(target, (&told, &text), &found))
}
