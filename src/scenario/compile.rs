//! Questions as written become questions with every name and moment resolved.

use super::file;
use super::naming::{self, Naming};
use crate::base::{AccordId, CommunityId, UmbrellaId, ZoneId};
use crate::measure::{Ask, Group, Question, Resolved};
use crate::world::{Directory, Setting};

/// A question that cannot be resolved: a name that the setting does not have, or a question that asks nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("question `{question}`: {what}")]
pub struct Unresolved {
    /// Its id.
    pub question: String,
    /// What is wrong.
    pub what: String,
}

/// Resolves questions against the setting made from the same file.
///
/// # Errors
/// The first question that names what the setting does not have, or asks nothing.
pub fn questions(setting: &Setting, list: &[file::Question]) -> Result<Vec<Question>, Unresolved> {
    let names = Directory::of(setting);
    list.iter()
        .map(|question| {
            resolve(setting, &names, question)
                .map(|(ask, moment)| Question { id: question.id.clone(), ask, moment })
                .map_err(|what| Unresolved { question: question.id.clone(), what })
        })
        .collect()
}

fn resolve(setting: &Setting, names: &Directory, question: &file::Question) -> Result<(Ask, u32), String> {
    let calendar = setting.calendar;
    let moment = |moment: Option<file::Moment>| match moment {
        Some(file::Moment::After(duration)) => calendar.start().plus(duration).map(|date| calendar.moment_of(date)),
        Some(file::Moment::On(date)) => Ok(calendar.moment_of(date)),
        None => Ok::<u32, String>(calendar.steps()),
    };
    let mut names = names;
    let ask = match (&question.when, &question.measure) {
        (Some(when), None) if question.at.is_some() => Ask::At(naming::condition(&mut names, when)?),
        (Some(when), None) => Ask::Within(naming::condition(&mut names, when)?),
        (None, Some(measure)) => Ask::Amount(naming::quantity(&mut names, measure)?),
        _ => return Err("expected exactly one of `when` and `measure`".into()),
    };
    Ok((ask, moment(question.at.or(question.within))?))
}

impl Naming for &Directory {
    type Names = Resolved;
    type Error = String;

    fn group(&mut self, name: &str) -> Result<Group, String> {
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
}

fn unknown(name: &str, kind: &str) -> String {
    format!("`{name}` is not {kind}")
}
