//! Questions: outcomes with a name, with every name and moment resolved.

use super::{Condition, Group, Quantity};

/// An outcome with a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Its id.
    pub id: String,
    /// What it asks.
    pub ask: Ask,
}

/// What a question asks, and of which moment. Moment 0 is the start; moment `n` is the end of the `n`-th step.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// Whether a condition comes true at any moment up to `last`.
    Within {
        /// The condition.
        condition: Condition,
        /// The last moment that counts.
        last: u32,
    },
    /// Whether a condition is true at a moment.
    At {
        /// The condition.
        condition: Condition,
        /// The moment.
        moment: u32,
    },
    /// How much there is at a moment.
    Amount {
        /// The quantity.
        quantity: Quantity,
        /// The moment.
        moment: u32,
    },
}

impl Question {
    /// Whether the answer is yes or no, rather than an amount.
    pub fn yes_no(&self) -> bool {
        !matches!(self.ask, Ask::Amount { .. })
    }

    /// The pairs of groups that the question is about, each once, added to a list.
    pub fn pairs(&self, list: &mut Vec<[Group; 2]>) {
        match &self.ask {
            Ask::Within { condition, .. } | Ask::At { condition, .. } => condition.pairs(list),
            Ask::Amount { .. } => {}
        }
    }
}

/// The questions of a scenario in the order in which runs come to them: equal conditions are watched once, and what is
/// asked of one moment waits for it.
#[derive(Clone, Debug, Default)]
pub struct Watch {
    /// Conditions that are watched from the start on.
    pub open: Vec<Watched>,
    /// Questions of one moment, by moment.
    pub due: Vec<(u32, usize)>,
}

/// A condition that is watched until it comes true or its time is over.
#[derive(Clone, Debug)]
pub struct Watched {
    /// The condition.
    pub condition: Condition,
    /// The last moment of the last question.
    pub last: u32,
    /// The questions that it answers, with the last moment of each.
    pub questions: Vec<(usize, u32)>,
}

impl Watch {
    /// The order for some questions.
    pub fn new(questions: &[Question]) -> Self {
        let mut watch = Self::default();
        for (number, question) in questions.iter().enumerate() {
            match &question.ask {
                Ask::Within { condition, last } => {
                    match watch.open.iter_mut().find(|watched| watched.condition == *condition) {
                        Some(watched) => {
                            watched.last = watched.last.max(*last);
                            watched.questions.push((number, *last));
                        }
                        None => watch.open.push(Watched {
                            condition: condition.clone(),
                            last: *last,
                            questions: vec![(number, *last)],
                        }),
                    }
                }
                Ask::At { moment, .. } | Ask::Amount { moment, .. } => watch.due.push((*moment, number)),
            }
        }
        watch.due.sort_unstable();
        watch
    }
}
