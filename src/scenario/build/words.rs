//! Conditions in words, for people who read why an event came.

use super::town::{town_id, town_name};
use crate::measure::{Account, Held, SPLINTERS_OF};
use crate::scenario::file::{Condition, Quantity, ScenarioFile};
use crate::world::{DeathType, Stance};

/// The names that a file gives to what its conditions name by id.
pub struct Words<'a>(pub &'a ScenarioFile);

impl Words<'_> {
    /// What held when a condition held, as a clause in the past tense, in which one verb serves names in the singular and
    /// the plural: "JNIM held Kidal".
    pub fn condition(&self, condition: &Condition) -> String {
        match condition {
            Condition::Stance { between, at_least, at_most, public, zone } => {
                let known = match public {
                    Some(true) => "in public ",
                    Some(false) => "in secret ",
                    None => "",
                };
                let place = self.place(zone, &None);
                format!("{} stood {known}{}{place}", self.two(between), rungs(*at_least, *at_most))
            }
            Condition::SameBloc { of } => format!("{} were in one bloc", self.all(of)),
            Condition::LeadsLargestBloc { group } => format!("{} led the largest bloc", self.party(group)),
            Condition::Merged { umbrella } => format!("the members of {} were one", self.party(umbrella)),
            Condition::Split { of } => format!("{} had split", self.party(of)),
            Condition::Controls { group, zone, share } => {
                let more = if *share > 1.0 / 3.0 { format!(" with more than {share} of it") } else { String::new() };
                format!("{} held {}{more}", self.party(group), self.zone(zone))
            }
            Condition::Accord { accord, status, party: None } => {
                format!("the accord was {}: {}", status.word(), self.accord(accord))
            }
            Condition::Accord { accord, status, party: Some(party) } => {
                format!(
                    "the part of {} was {} in the accord: {}",
                    self.party(party),
                    status.word(),
                    self.accord(accord)
                )
            }
            Condition::Leaked { between } => format!("a secret of {} was known", self.two(between)),
            Condition::Talks { between } => format!("{} were in talks", self.two(between)),
            Condition::ForcePresent { group, zone: None } => format!("{} had fighters", self.party(group)),
            Condition::ForcePresent { group, zone: Some(zone) } => {
                format!("{} had fighters in {}", self.party(group), self.zone(zone))
            }
            Condition::LeaderFell { group } => format!("the leader of {} had fallen", self.party(group)),
            Condition::Disarmed { group, .. } => format!("{} had disarmed", self.party(group)),
            Condition::ActiveDyad { between, deaths } => {
                format!("{} had killed at least {deaths} of each other within a year", self.two(between))
            }
            Condition::Event { event } => format!("this had come: {}", self.event(event)),
            Condition::Quantity { of, at_least, at_most } => {
                let bound = |word: &str, bound: &Option<f64>| bound.map(|bound| format!("at {word} {bound}"));
                let bounds: Vec<String> =
                    [bound("least", at_least), bound("most", at_most)].into_iter().flatten().collect();
                format!("{} was {}", self.quantity(of), bounds.join(" and "))
            }
            Condition::All(parts) => self.joined(parts, " and "),
            Condition::Any(parts) => self.joined(parts, " or "),
            Condition::Not(part) => format!("it was not so that {}", self.part(part)),
        }
    }

    fn quantity(&self, quantity: &Quantity) -> String {
        match quantity {
            Quantity::Deaths { kind, between, zone, country } => {
                let kind = match kind {
                    None => "",
                    Some(DeathType::StateBased) => " of state-based violence",
                    Some(DeathType::NonState) => " of non-state violence",
                    Some(DeathType::OneSided) => " of one-sided violence",
                };
                let between = between.as_ref().map(|pair| format!(" between {}", self.two(pair)));
                format!("the number of deaths{kind}{}{}", between.unwrap_or_default(), self.place(zone, country))
            }
            Quantity::Displaced { country, zone } => {
                format!("the number of displaced people{}", self.place(zone, country))
            }
            Quantity::CivilianDeaths { group, account } => {
                let account = match account {
                    Account::Fact => "",
                    Account::Admitted => ", as admitted,",
                    Account::Observed => ", as observed,",
                };
                format!("the number of civilians killed by {}{account}", self.party(group))
            }
            Quantity::TerritoryShare { group, bloc_of, country, change } => {
                self.territory("the share of territory", (group, bloc_of), country, *change)
            }
            Quantity::Territory { count, group, bloc_of, country, change } => {
                let what = match count {
                    Held::Zones => "the number of zones",
                    Held::People => "the number of people in the zones",
                };
                self.territory(what, (group, bloc_of), country, *change)
            }
            Quantity::BlocShare { group: None } => "the share of the largest bloc".into(),
            Quantity::BlocShare { group: Some(group) } => format!("the share of the bloc of {}", self.party(group)),
            Quantity::Hegemony { group } => format!("the hegemony of {}", self.party(group)),
            Quantity::Support { group, community } => {
                let among = community.as_ref().map(|id| format!(" among {}", self.community(id)));
                format!("the support of {}{}", self.party(group), among.unwrap_or_default())
            }
            Quantity::Strength { group, zone } => {
                format!("the number of fighters of {}{}", self.party(group), self.place(zone, &None))
            }
            Quantity::AccordHealth { accord } => format!("the health of the accord ({})", self.accord(accord)),
        }
    }

    fn territory(
        &self,
        what: &str,
        (group, bloc_of): (&Option<String>, &Option<String>),
        country: &Option<String>,
        change: bool,
    ) -> String {
        let of = match (group, bloc_of) {
            (Some(group), _) => format!(" of {}", self.party(group)),
            (None, Some(member)) => format!(" of the bloc of {}", self.party(member)),
            (None, None) => String::new(),
        };
        let change = if change { "the change since the start of " } else { "" };
        format!("{change}{what}{of}{}", self.place(&None, country))
    }

    fn joined(&self, parts: &[Condition], by: &str) -> String {
        parts.iter().map(|part| self.part(part)).collect::<Vec<_>>().join(by)
    }

    fn part(&self, part: &Condition) -> String {
        match part {
            Condition::All(_) | Condition::Any(_) => format!("({})", self.condition(part)),
            _ => self.condition(part),
        }
    }

    fn place(&self, zone: &Option<String>, country: &Option<String>) -> String {
        zone.as_ref()
            .map(|zone| self.zone(zone))
            .or_else(|| country.clone())
            .map_or_else(String::new, |place| format!(" in {place}"))
    }

    fn two(&self, [a, b]: &[String; 2]) -> String {
        format!("{} and {}", self.party(a), self.party(b))
    }

    fn all(&self, of: &[String]) -> String {
        of.iter().map(|id| self.party(id)).collect::<Vec<_>>().join(" and ")
    }

    fn party(&self, id: &str) -> String {
        let faction = self.0.faction.iter().find(|entry| entry.id == id);
        let umbrella = self.0.umbrella.iter().find(|entry| entry.id == id);
        let label = faction
            .map(|entry| entry.label.as_ref().unwrap_or(&entry.name))
            .or_else(|| umbrella.map(|entry| entry.label.as_ref().unwrap_or(&entry.name)));
        match (label, id.strip_prefix(SPLINTERS_OF)) {
            (None, Some(parent)) => format!("a splinter of {}", self.party(parent)),
            (label, _) => label.map_or(id, String::as_str).to_owned(),
        }
    }

    fn zone(&self, id: &str) -> String {
        let town = self.0.zone.iter().find(|entry| entry.town.is_some() && town_id(&entry.id) == id);
        match town {
            Some(entry) => town_name(&entry.name),
            None => named(self.0.zone.iter().map(|entry| (&entry.id, &entry.name)), id),
        }
    }

    fn community(&self, id: &str) -> String {
        named(self.0.community.iter().map(|entry| (&entry.id, &entry.name)), id)
    }

    fn event(&self, id: &str) -> String {
        named(self.0.event.iter().map(|entry| (&entry.id, &entry.name)), id)
    }

    fn accord(&self, id: &str) -> String {
        named(self.0.accord.iter().map(|entry| (&entry.id, &entry.name)), id)
    }
}

fn named<'a>(mut entries: impl Iterator<Item = (&'a String, &'a String)>, id: &str) -> String {
    entries.find(|(known, _)| *known == id).map_or(id, |(_, name)| name.as_str()).to_owned()
}

/// The rungs between two, in words.
fn rungs(low: Stance, high: Stance) -> String {
    match (low, high) {
        (low, high) if low == high => format!("at {}", low.word()),
        (low, Stance::Alliance) => format!("at {} or more", low.word()),
        (Stance::War, high) => format!("at {} or less", high.word()),
        (low, high) => format!("between {} and {}", low.word(), high.word()),
    }
}
