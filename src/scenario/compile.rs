//! Questions, and conditions of events, as written become such with every name and moment resolved.

use super::file;
use super::naming::{self, Naming};
use super::question_groups;
use crate::base::{AccordId, CommunityId, EventId, UmbrellaId, ZoneId};
use crate::measure::{Ask, Condition, Group, Question, Resolved, SPLINTERS_OF};
use crate::random::DrawKey;
use crate::world::{Directory, Setting};

/// A question or a condition of an event that cannot be resolved: a name that the setting does not have, or a question
/// that asks nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{of}: {what}")]
pub struct Unresolved {
    /// Of which question or event.
    pub of: String,
    /// What is wrong.
    pub what: String,
}

/// Resolves questions against the setting made from the same file: one for each moment up to the horizon that an entry
/// asks of, in the order in which they are written.
///
/// # Errors
/// The first question that names what the setting does not have, or asks nothing.
pub fn questions(setting: &Setting, file: &file::ScenarioFile) -> Result<Vec<Question>, Unresolved> {
    let names = Directory::of(setting);
    let mut list = Vec::new();
    for question in &file.question {
        let fail = |what| Unresolved { of: format!("question `{}`", question.id), what };
        let ask = resolve(&names, question).map_err(fail)?;
        for (id, moment) in question_groups::answers(question, &file.scenario) {
            if !question_groups::is_past(moment, &file.scenario) {
                let day = moment.day(setting.calendar.start()).map_err(fail)?;
                list.push(Question { id, ask: ask.clone(), moment: setting.calendar.moment_of(day) });
            }
        }
    }
    Ok(list)
}

/// Resolves what must hold for events to come against the setting made from the same file.
///
/// # Errors
/// The first condition that names what the setting does not have.
pub fn conditions(setting: &Setting, file: &file::ScenarioFile) -> Result<Vec<(EventId, Condition)>, Unresolved> {
    let mut names = &Directory::of(setting);
    let mut list = Vec::new();
    for (event, scheduled) in setting.events.iter().filter(|(_, scheduled)| scheduled.condition.is_some()) {
        let entry = file.event.iter().find(|entry| entry.id == scheduled.id);
        if let Some(condition) = entry.and_then(|entry| entry.condition.as_ref()) {
            let fail = |what| Unresolved { of: format!("event `{}`", scheduled.id), what };
            list.push((event, naming::condition(&mut names, condition).map_err(fail)?));
        }
    }
    Ok(list)
}

fn resolve(mut names: &Directory, question: &file::Question) -> Result<Ask, String> {
    Ok(match (&question.when, &question.measure) {
        (Some(when), None) if question.at.is_some() => Ask::At(naming::condition(&mut names, when)?),
        (Some(when), None) => Ask::Within(naming::condition(&mut names, when)?),
        (None, Some(measure)) => Ask::Amount(naming::quantity(&mut names, measure)?),
        _ => return Err("expected exactly one of `when` and `measure`".into()),
    })
}

impl Naming for &Directory {
    type Names = Resolved;
    type Error = String;

    fn group(&mut self, name: &str) -> Result<Group, String> {
        if let Some(parent) = name.strip_prefix(SPLINTERS_OF) {
            return self.faction(parent).map(Group::Splinters).ok_or_else(|| unknown(parent, "a faction"));
        }
        let umbrella = || Directory::umbrella(self, name).map(Group::Umbrella);
        let found = self.faction(name).map(Group::Faction).or_else(umbrella);
        found.ok_or_else(|| format!("`{name}` is neither a faction nor an umbrella"))
    }

    fn umbrella(&mut self, name: &str) -> Result<UmbrellaId, String> {
        Directory::umbrella(self, name).ok_or_else(|| unknown(name, "an umbrella"))
    }

    fn zone(&mut self, name: &str) -> Result<ZoneId, String> {
        Directory::zone(self, name).ok_or_else(|| unknown(name, "a zone"))
    }

    fn community(&mut self, name: &str) -> Result<CommunityId, String> {
        Directory::community(self, name).ok_or_else(|| unknown(name, "a community"))
    }

    fn accord(&mut self, name: &str) -> Result<AccordId, String> {
        Directory::accord(self, name).ok_or_else(|| unknown(name, "an accord"))
    }

    fn country(&mut self, name: &str) -> Result<usize, String> {
        Directory::country(self, name).ok_or_else(|| unknown(name, "a country of a zone"))
    }

    fn event(&mut self, name: &str) -> Result<DrawKey, String> {
        Directory::event_key(self, name).ok_or_else(|| unknown(name, "an event"))
    }
}

fn unknown(name: &str, kind: &str) -> String {
    format!("`{name}` is not {kind}")
}
