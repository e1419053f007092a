//! Questions: outcomes with a name, with every name and moment resolved.

use super::{Condition, Quantity, Unit};
use crate::base::ZoneId;

/// An outcome with a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Its id.
    pub id: String,
    /// What it asks.
    pub ask: Ask,
    /// Of which moment: 0 is the start, `n` the end of the `n`-th step.
    pub moment: u32,
}

/// What a question asks of its moment.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// Whether a condition comes true at any moment up to then.
    Within(Condition),
    /// Whether a condition is true then.
    At(Condition),
    /// How much there is then.
    Amount(Quantity),
}

impl Question {
    /// The condition that a question of yes or no asks about.
    pub fn condition(&self) -> Option<&Condition> {
        match &self.ask {
            Ask::Within(condition) | Ask::At(condition) => Some(condition),
            Ask::Amount(_) => None,
        }
    }

    /// The zones that it names.
    pub fn zones(&self) -> Vec<ZoneId> {
        let mut zones = Vec::new();
        match &self.ask {
            Ask::Within(condition) | Ask::At(condition) => condition.zones(&mut zones),
            Ask::Amount(quantity) => zones.extend(quantity.zone()),
        }
        zones
    }

    /// What its answer is measured in.
    pub fn unit(&self) -> Unit {
        match &self.ask {
            Ask::Within(_) | Ask::At(_) => Unit::Chance,
            Ask::Amount(quantity) => quantity.unit(),
        }
    }

    /// Whether the answer is yes or no, rather than an amount.
    pub fn yes_no(&self) -> bool {
        self.unit() == Unit::Chance
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
                Ask::Within(condition) => match watch.open.iter_mut().find(|watched| watched.condition == *condition) {
                    Some(watched) => {
                        watched.last = watched.last.max(question.moment);
                        watched.questions.push((number, question.moment));
                    }
                    None => watch.open.push(Watched {
                        condition: condition.clone(),
                        last: question.moment,
                        questions: vec![(number, question.moment)],
                    }),
                },
                Ask::At(_) | Ask::Amount(_) => watch.due.push((question.moment, number)),
            }
        }
        watch.due.sort_unstable();
        watch
    }
}
