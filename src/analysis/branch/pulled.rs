//! What a lever that is pulled in the middle of a run changes.

use crate::base::{EventId, FactionId};

/// What a lever changes at a moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pulled {
    /// What is moved in the world of the moment, in words.
    pub moved: Vec<String>,
    /// What else is otherwise from now on, by path: weights and rates, and what is fixed of zones, communities and accords.
    pub from_now_on: Vec<String>,
    /// Pairs that are brought to another stance.
    pub brought: Vec<(FactionId, FactionId)>,
    /// Events that are otherwise from now on.
    pub events: Vec<EventId>,
    /// Events that are otherwise, and fell due before: without effect.
    pub past: Vec<EventId>,
    /// What the lever changes of the scenario and cannot change any more, in words: without effect.
    pub without_effect: Vec<String>,
}

impl Pulled {
    /// Whether it says anything.
    pub(super) fn is_told(&self) -> bool {
        self.acts() || !self.past.is_empty() || !self.without_effect.is_empty()
    }

    /// Whether anything is otherwise from now on.
    pub(super) fn acts(&self) -> bool {
        !(self.moved.is_empty() && self.from_now_on.is_empty() && self.events.is_empty())
    }

    /// Adds what another field of the same lever changes.
    pub(super) fn add(&mut self, other: Self) {
        extend(&mut self.moved, other.moved);
        extend(&mut self.from_now_on, other.from_now_on);
        extend(&mut self.brought, other.brought);
        extend(&mut self.events, other.events);
        extend(&mut self.past, other.past);
        extend(&mut self.without_effect, other.without_effect);
    }

    /// What is moved, or why it is not.
    pub(super) fn tell(&mut self, what: String, obstacle: Option<&str>) {
        match obstacle {
            None => self.moved.push(what),
            Some(reason) => self.without_effect.push(format!("{what}: {reason}")),
        }
    }
}

fn extend<T: PartialEq>(list: &mut Vec<T>, more: Vec<T>) {
    for one in more {
        if !list.contains(&one) {
            list.push(one);
        }
    }
}
