//! Which answers a command prints, and as many of them as a terminal shows.

use super::document::Document;
use crate::scenario::{AnswerAt, GroupedQuestion, Scenario};

/// How wide a terminal is taken to be, in letters.
pub const WIDTH: usize = 80;
/// How many lines are printed at most, unless all is asked for.
pub const LINES: usize = 40;

/// Which answers are shown.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shown<'a> {
    /// Ids of questions or of answers; the headlines if there are none.
    pub questions: &'a [String],
    /// Whether everything is shown, however many lines it takes.
    pub all: bool,
}

impl Shown<'_> {
    /// Whether an answer is among those that are asked for: by its id, by its question's, or as a headline.
    pub(super) fn has(&self, scenario: &Scenario, question: &GroupedQuestion, answer: &AnswerAt) -> bool {
        let named = |id: &String| *id == question.id || *id == answer.id;
        if self.questions.is_empty() {
            return self.all || question.headline || !has_headlines(scenario);
        }
        self.questions.iter().any(named)
    }
}

fn has_headlines(scenario: &Scenario) -> bool {
    scenario.question_groups().iter().flat_map(|group| &group.questions).any(|question| question.headline)
}

/// Adds as much as fits: tries fewer things until the document is no longer than a terminal shows.
pub(super) fn fit(document: &mut Document, most: usize, all: bool, add: impl Fn(&mut Document, usize)) {
    // The places that a command adds at its end.
    const END: usize = 4;
    for number in (0..=most).rev() {
        let mut tried = document.clone();
        add(&mut tried, number);
        if all || number == 0 || tried.text(WIDTH).lines().count() + END <= LINES {
            *document = tried;
            return;
        }
    }
}
