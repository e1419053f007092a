//! Accords and scheduled events.

use super::words::Words;
use crate::base::{AccordId, Calendar, Date, EventId, FactionId, Table, UmbrellaId, WEEKS_IN_A_YEAR};
use crate::random::DrawKey;
use crate::scenario::file::{Accord, Effect, Event, ScenarioFile};
use crate::world::{AccordState, AccordTraits, Directory, Likelihood, PartyStatus, Scheduled, ScheduledEffect};
use std::collections::BTreeMap;

pub fn accords(accords: &[&Accord], names: &Directory) -> Table<AccordId, AccordTraits> {
    accords
        .iter()
        .map(|entry| AccordTraits {
            id: entry.id.clone(),
            name: entry.name.clone(),
            key: DrawKey::named("accord", entry.draw_key.as_deref().unwrap_or(&entry.id)),
            parties: parties(entry, names),
            guarantor: entry.guarantor.as_deref().and_then(|name| names.faction(name)),
            mediator: entry.mediator.as_deref().and_then(|name| names.faction(name)),
        })
        .collect()
}

/// The parties by faction; a party named itself goes before one that its umbrella stands for.
fn parties(entry: &Accord, names: &Directory) -> Vec<(FactionId, PartyStatus)> {
    let mut parties = BTreeMap::new();
    for by_umbrella in [true, false] {
        for (name, status) in &entry.parties {
            if names.faction(name).is_none() == by_umbrella {
                parties.extend(names.party(name).iter().map(|faction| (*faction, *status)));
            }
        }
    }
    parties.into_iter().collect()
}

pub fn states(accords: &[&Accord], traits: &Table<AccordId, AccordTraits>) -> Table<AccordId, AccordState> {
    accords
        .iter()
        .zip(traits.values())
        .map(|(entry, traits)| AccordState {
            status: traits.parties.iter().map(|(_, status)| Some(*status)).collect(),
            health: entry.health,
            mission_until: 0,
        })
        .collect()
}

/// What an event's names mean.
pub struct Meaning<'a> {
    pub file: &'a ScenarioFile,
    pub names: &'a Directory,
    pub accords: &'a Table<AccordId, AccordTraits>,
    pub countries: &'a [String],
    pub calendar: Calendar,
}

/// Events by step, then by draw key. An event whose names mean nothing is left out; the checks refuse it before.
pub fn events(events: &[Event], meaning: &Meaning) -> Table<EventId, Scheduled> {
    let mut scheduled: Vec<(u32, &str, Scheduled)> = events
        .iter()
        .filter_map(|entry| {
            let key = entry.draw_key.as_deref().unwrap_or(&entry.id);
            // Past the horizon, no step comes to it; days that are as likely there as others stay so.
            let calendar = meaning.calendar;
            let number = |day: Date| day.days_since(calendar.start()).max(0) as u32;
            let named = entry.between.or(entry.date.map(|day| [day; 2]));
            let [first, last] = named.unwrap_or([calendar.start(), calendar.end()]).map(number);
            let days = if named.is_some() { last.saturating_sub(first) + 1 } else { 0 };
            let (step, end) = (calendar.step_of_day(first), calendar.step_of_day(last.max(first)));
            // Without days of its own, the horizon's day is not one of the run any more.
            let window = f64::from(if days > 0 { days } else { last - first }) / f64::from(calendar.step_days());
            let chance = match entry.per_year {
                Some(rate) => Likelihood::Rate(rate * calendar.step_weeks() / WEEKS_IN_A_YEAR),
                // Without a day, or days among which chance draws one, what waits for a condition comes when it first holds.
                None if entry.condition.is_some()
                    && entry.date.is_none()
                    && !(entry.between.is_some() && entry.chance.is_some()) =>
                {
                    Likelihood::First(entry.chance.unwrap_or(1.0))
                }
                None => Likelihood::Once(entry.chance.unwrap_or(1.0)),
            };
            let effect = effect(&entry.effect, meaning)?;
            let scheduled = Scheduled {
                id: entry.id.clone(),
                name: entry.name.clone(),
                key: DrawKey::named("event", key),
                step,
                last: end,
                days: (first, days),
                window,
                chance,
                condition: entry.condition.as_ref().map(|condition| Words(meaning.file).condition(condition)),
                effect,
                changed: None,
            };
            Some((step, key, scheduled))
        })
        .collect();
    scheduled.sort_by_key(|(step, key, _)| (*step, *key));
    scheduled.into_iter().map(|(_, _, scheduled)| scheduled).collect()
}

fn effect(effect: &Effect, meaning: &Meaning) -> Option<ScheduledEffect> {
    let Meaning { names, accords, countries, calendar, .. } = *meaning;
    let accord_named =
        |id: &str| -> Option<AccordId> { accords.iter().find(|(_, traits)| traits.id == id).map(|(accord, _)| accord) };
    Some(match effect {
        Effect::Leave { faction, over, zones } => ScheduledEffect::Leave {
            faction: names.faction(faction)?,
            steps: over.map_or(1, |over| calendar.steps_in(over)),
            zones: zones.iter().filter_map(|zone| names.zone(zone)).collect(),
        },
        Effect::Arrive { faction, fighters, presence } => ScheduledEffect::Arrive {
            faction: names.faction(faction)?,
            fighters: presence.iter().filter_map(|(zone, share)| Some((names.zone(zone)?, fighters * share))).collect(),
        },
        Effect::Stance { between, to } => {
            ScheduledEffect::Stance { pairs: super::actors::pairs_between(between, names), to: *to }
        }
        Effect::Truce { between, lasting } => ScheduledEffect::Truce {
            pairs: super::actors::pairs_between(between, names),
            steps: calendar.steps_in(*lasting),
        },
        Effect::Leader { faction } => ScheduledEffect::Leader { faction: names.faction(faction)? },
        Effect::Sponsor { faction, sponsor, dependence } => ScheduledEffect::Sponsor {
            faction: names.faction(faction)?,
            sponsor: names.faction(sponsor)?,
            dependence: *dependence,
        },
        Effect::Arms { faction, factor } => ScheduledEffect::Arms { faction: names.faction(faction)?, factor: *factor },
        Effect::Scale { faction, factor } => {
            ScheduledEffect::Scale { faction: names.faction(faction)?, factor: *factor }
        }
        Effect::Income { faction, amount } => {
            ScheduledEffect::Income { faction: names.faction(faction)?, amount: *amount }
        }
        Effect::Merge { umbrella } => {
            let umbrella: UmbrellaId = names.umbrella(umbrella)?;
            ScheduledEffect::Merge { umbrella }
        }
        Effect::Mission { accord, lasting, health } => ScheduledEffect::Mission {
            accord: accord_named(accord)?,
            steps: calendar.steps_in(*lasting),
            health: *health,
        },
        Effect::AccordStatus { accord, party, status } => ScheduledEffect::AccordStatus {
            accord: accord_named(accord)?,
            parties: names.party(party).to_vec(),
            status: *status,
        },
        Effect::Propose { accord } => ScheduledEffect::Propose { accord: accord_named(accord)? },
        Effect::OpenDialogue { faction, with } => {
            let from = names.faction(faction)?;
            let pairs = names.party(with).iter().filter(|to| **to != from).map(|to| (from, *to)).collect();
            ScheduledEffect::OpenDialogue { pairs }
        }
        Effect::Border { between: [a, b], open } => {
            let country = |name: &String| countries.binary_search(name).ok();
            ScheduledEffect::Border { between: [country(a)?, country(b)?], open: *open }
        }
        Effect::Hostility { of, towards, change } => {
            let pairs = names
                .party(of)
                .iter()
                .flat_map(|from| names.party(towards).iter().map(|to| (*from, *to)))
                .filter(|(from, to)| from != to)
                .collect();
            ScheduledEffect::Hostility { pairs, change: *change }
        }
    })
}
