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
