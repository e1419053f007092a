//! What numbers rest on: how many events, which if they are few, and from when to when.

use super::event::{Event, Events};
use crate::base::Date;

/// How many events are named by their ids; more are counted.
const NAMED: usize = 3;

/// Events that a number rests on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evidence {
    /// How many there are.
    pub count: usize,
    /// From the first to the last day.
    pub days: Option<(Date, Date)>,
    ids: Vec<String>,
}

impl Evidence {
    /// That of some events.
    pub fn of<'e>(events: &Events, list: impl IntoIterator<Item = &'e Event>) -> Self {
        let mut evidence = Self::default();
        list.into_iter().for_each(|event| evidence.add(events, event));
        evidence
    }

    /// One event more.
    pub fn add(&mut self, events: &Events, event: &Event) {
        self.count += 1;
        if self.count <= NAMED {
            self.ids.push(events.id(event).to_owned());
        }
        let (first, last) = self.days.unwrap_or((event.day, event.day));
        self.days = Some((first.min(event.day), last.max(event.day)));
    }

    /// In words, after the name of the source: `UCDP GED, 17 events 2022-05-02 to 2023-11-25`.
    pub fn words(&self, source: &str) -> String {
        let days = match self.days {
            Some((first, last)) if first < last => format!(" {first} to {last}"),
            Some((first, _)) => format!(" {first}"),
            None => String::new(),
        };
        match self.count {
            0 => format!("{source}, no event"),
            1 => format!("{source}, event {}{days}", self.ids.join("")),
            count if count <= NAMED => format!("{source}, events {}{days}", self.ids.join(", ")),
            count => format!("{source}, {count} events{days}"),
        }
    }
}
