//! Questions as written become questions with every name and moment resolved.

use super::file;
use crate::base::{AccordId, CommunityId, UmbrellaId, ZoneId};
use crate::measure::{Account, Ask, Condition, Group, Quantity, Question, moment_of};
use crate::world::{Directory, Setting, Stance};

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
                .map(|ask| Question { id: question.id.clone(), ask })
                .map_err(|what| Unresolved { question: question.id.clone(), what })
        })
        .collect()
}

fn resolve(setting: &Setting, names: &Directory, question: &file::Question) -> Result<Ask, String> {
    let resolver = Resolver { names };
    let moment = |moment: Option<file::Moment>| match moment {
        Some(file::Moment::After(duration)) => Ok(moment_of(setting, setting.start.plus(duration)?)),
        Some(file::Moment::On(date)) => Ok(moment_of(setting, date)),
        None => Ok::<u32, String>(setting.steps),
    };
    match (&question.when, &question.measure) {
        (Some(when), None) => {
            let condition = resolver.condition(when)?;
            match question.at {
                Some(_) => Ok(Ask::At { condition, moment: moment(question.at)? }),
                None => Ok(Ask::Within { condition, last: moment(question.within)? }),
            }
        }
        (None, Some(measure)) => {
            let quantity = resolver.quantity(measure)?;
            Ok(Ask::Amount { quantity, moment: moment(question.at.or(question.within))? })
        }
        _ => Err("expected exactly one of `when` and `measure`".into()),
    }
}

struct Resolver<'a> {
    names: &'a Directory,
}

impl Resolver<'_> {
    fn condition(&self, written: &file::Condition) -> Result<Condition, String> {
        use file::Condition as Written;
        Ok(match written {
            Written::Stance { between, at_least, at_most, public } => Condition::Stance {
                between: self.pair(between)?,
                at_least: at_least.unwrap_or(Stance::War),
                at_most: at_most.unwrap_or(Stance::Alliance),
                public: *public,
            },
            Written::SameBloc { of } => {
                Condition::SameBloc { of: of.iter().map(|name| self.group(name)).collect::<Result<_, _>>()? }
            }
            Written::LeadsLargestBloc { faction } => Condition::LeadsLargestBloc { group: self.group(faction)? },
            Written::Merged { umbrella } => Condition::Merged { umbrella: self.umbrella(umbrella)? },
            Written::Split { of } => Condition::Split { of: self.group(of)? },
            Written::Controls { faction, zone, share } => {
                Condition::Controls { group: self.group(faction)?, zone: self.zone(zone)?, share: *share }
            }
            Written::Accord { id, status, party: None } => {
                Condition::Accord { accord: self.accord(id)?, status: *status }
            }
            Written::Accord { id, status, party: Some(party) } => {
                Condition::Party { accord: self.accord(id)?, party: self.group(party)?, status: *status }
            }
            Written::Leaked { between } => Condition::Leaked { between: self.pair(between)? },
            Written::Talks { between } => Condition::Talks { between: self.pair(between)? },
            Written::ForcePresent { faction, zone } => Condition::ForcePresent {
                group: self.group(faction)?,
                zone: zone.as_deref().map(|zone| self.zone(zone)).transpose()?,
            },
            Written::ActiveDyad { between, deaths } => {
                Condition::ActiveDyad { between: self.pair(between)?, deaths: *deaths }
            }
            Written::Quantity { of, at_least, at_most } => Condition::Quantity {
                of: self.quantity(of)?,
                at_least: at_least.unwrap_or(f64::NEG_INFINITY),
                at_most: at_most.unwrap_or(f64::INFINITY),
            },
            Written::All(parts) => Condition::All(self.conditions(parts)?),
            Written::Any(parts) => Condition::Any(self.conditions(parts)?),
            Written::Not(part) => Condition::Not(Box::new(self.condition(part)?)),
        })
    }

    fn conditions(&self, parts: &[file::Condition]) -> Result<Vec<Condition>, String> {
        parts.iter().map(|part| self.condition(part)).collect()
    }

    fn quantity(&self, written: &file::Quantity) -> Result<Quantity, String> {
        use file::Quantity as Written;
        let zone = |zone: &Option<String>| zone.as_deref().map(|zone| self.zone(zone)).transpose();
        Ok(match written {
            Written::Deaths { between: Some(between), .. } => Quantity::DyadDeaths { between: self.pair(between)? },
            Written::Deaths { kind, zone: place, country, between: None } => Quantity::Deaths {
                kind: *kind,
                zone: zone(place)?,
                country: country.as_deref().map(|country| self.country(country)).transpose()?,
            },
            Written::Displaced { country, zone: place } => Quantity::Displaced {
                country: country.as_deref().map(|country| self.country(country)).transpose()?,
                zone: zone(place)?,
            },
            Written::CivilianDeaths { faction, account } => Quantity::CivilianDeaths {
                group: self.group(faction)?,
                account: match account {
                    file::Account::Fact => Account::Fact,
                    file::Account::Admitted => Account::Admitted,
                    file::Account::Observed => Account::Observed,
                },
            },
            Written::TerritoryShare { faction } => Quantity::TerritoryShare { group: self.group(faction)? },
            Written::BlocShare { faction } => {
                Quantity::BlocShare { group: faction.as_deref().map(|name| self.group(name)).transpose()? }
            }
            Written::Hegemony { faction } => Quantity::Hegemony { group: self.group(faction)? },
            Written::Support { faction, community } => Quantity::Support {
                group: self.group(faction)?,
                community: community.as_deref().map(|name| self.community(name)).transpose()?,
            },
            Written::Strength { faction } => Quantity::Strength { group: self.group(faction)? },
            Written::AccordHealth { id } => Quantity::AccordHealth { accord: self.accord(id)? },
        })
    }

    fn group(&self, name: &str) -> Result<Group, String> {
        (self.names.faction(name).map(Group::Faction))
            .or_else(|| self.names.umbrella(name).map(Group::Umbrella))
            .ok_or_else(|| format!("`{name}` is neither a faction nor an umbrella"))
    }

    fn pair(&self, [a, b]: &[String; 2]) -> Result<[Group; 2], String> {
        Ok([self.group(a)?, self.group(b)?])
    }

    fn umbrella(&self, name: &str) -> Result<UmbrellaId, String> {
        self.names.umbrella(name).ok_or_else(|| unknown(name, "an umbrella"))
    }

    fn zone(&self, name: &str) -> Result<ZoneId, String> {
        self.names.zone(name).ok_or_else(|| unknown(name, "a zone"))
    }

    fn accord(&self, name: &str) -> Result<AccordId, String> {
        self.names.accord(name).ok_or_else(|| unknown(name, "an accord"))
    }

    fn community(&self, name: &str) -> Result<CommunityId, String> {
        self.names.community(name).ok_or_else(|| unknown(name, "a community"))
    }

    fn country(&self, name: &str) -> Result<usize, String> {
        self.names.country(name).ok_or_else(|| unknown(name, "a country of a zone"))
    }
}

fn unknown(name: &str, kind: &str) -> String {
    format!("`{name}` is not {kind}")
}
