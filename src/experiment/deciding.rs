//! Which answers are meant: by an id, and by those who ask for a precision.

use super::ExperimentError;
use crate::scenario::{AnswerAt, GroupedQuestion, Scenario, nearest, there_are};

/// The ids of the answers that decide when an experiment is precise enough: those of the questions or answers that are
/// named; else those of headline questions of yes or no, of all questions of yes or no, or of all.
///
/// # Errors
/// If the scenario has no question or answer of a name.
pub fn deciding(scenario: &Scenario, named: &[String]) -> Result<Vec<String>, ExperimentError> {
    let all = || scenario.question_groups().iter().flat_map(|group| &group.questions);
    let known = |id: &&String| scenario.answer(id).is_some() || all().any(|question| question.id == **id);
    if let Some(id) = named.iter().find(|id| !known(id)) {
        return Err(unknown(scenario, id));
    }
    let ids = |wanted: &dyn Fn(&GroupedQuestion, &AnswerAt) -> bool| -> Vec<String> {
        let answers = all().flat_map(|question| question.answers.iter().map(move |answer| (question, answer)));
        answers.filter(|(question, answer)| wanted(question, answer)).map(|(_, answer)| answer.id.clone()).collect()
    };
    if !named.is_empty() {
        return Ok(ids(&|question, answer| named.contains(&question.id) || named.contains(&answer.id)));
    }
    let headlines = ids(&|question, _| question.headline && question.yes_no());
    let yes_no = if headlines.is_empty() { ids(&|question, _| question.yes_no()) } else { headlines };
    Ok(if yes_no.is_empty() { ids(&|_, _| true) } else { yes_no })
}

/// The answer of an id with its question. The id of a question that is asked of several moments means its last.
///
/// # Errors
/// If there is neither.
pub fn meant<'a>(scenario: &'a Scenario, id: &str) -> Result<(&'a GroupedQuestion, &'a AnswerAt), ExperimentError> {
    if let Some(found) = scenario.answer(id) {
        return Ok(found);
    }
    let mut questions = scenario.question_groups().iter().flat_map(|group| &group.questions);
    let question = questions.find(|question| question.id == id);
    question.and_then(|question| Some((question, question.answers.last()?))).ok_or_else(|| unknown(scenario, id))
}

/// That neither a question nor an answer has an id.
fn unknown(scenario: &Scenario, id: &str) -> ExperimentError {
    let questions = || scenario.question_groups().iter().flat_map(|group| &group.questions);
    let ids = questions()
        .flat_map(|question| std::iter::once(&question.id).chain(question.answers.iter().map(|answer| &answer.id)));
    let all = || questions().map(|question| question.id.as_str()).collect::<Vec<_>>();
    let help = nearest(id, ids.map(String::as_str)).unwrap_or_else(|| there_are(&all()));
    ExperimentError::Input(format!("the scenario has no question `{id}`; {help}"))
}
