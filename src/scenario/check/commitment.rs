//! Checks of accords and events.

use super::amount::ROUNDING;
use super::known::{Kind, Known};
use super::place::{self, rounded};
use crate::base::{Date, FactionId};
use crate::scenario::file::{Accord, Effect, Event, Header, PartyStatus};
use crate::scenario::read::problem::Problem;
use crate::scenario::read::report::Report;
use crate::scenario::read::tree::{Spanned, Step, key_path};
use crate::world::{Setting, Stance};
use std::collections::{BTreeMap, BTreeSet};

pub fn accord(report: &mut Report, known: &Known, events: &[Event], index: usize, accord: &Accord) {
    let mut sound = true;
    for party in accord.parties.keys() {
        sound &= known.expect_key(report, key_path!["accord", index, "parties", party], Kind::Party, party);
    }
    let one_party = accord.parties.len() == 1 && !accord.parties.keys().all(|name| known.has(Kind::Umbrella, name));
    if sound && (accord.parties.is_empty() || one_party) {
        report
            .on_key(
                key_path!["accord", index, "parties"],
                format!("the accord `{}` has fewer than two parties", accord.id),
            )
            .expected("expected at least two");
    }
    let proposes = |event: &Event| matches!(&event.effect, Effect::Propose { accord: id } if *id == accord.id);
    let drafted = accord.parties.values().any(|status| *status == PartyStatus::Drafted);
    if drafted && accord.mediator.is_none() && !events.iter().any(proposes) {
        let message = format!("no mediator and no event proposes the accord `{}`, so nobody can sign it", accord.id);
        report.warn(key_path!["accord", index, "parties"], message);
    }
    if let Some(guarantor) = &accord.guarantor {
        known.expect(report, key_path!["accord", index, "guarantor"], Kind::Faction, guarantor);
    }
    if let Some(mediator) = &accord.mediator {
        known.expect(report, key_path!["accord", index, "mediator"], Kind::Faction, mediator);
    }
}

/// Warnings of accords that two keep whose relation says less than a pact, which the first step then makes it.
pub fn kept_apart(setting: &Setting, tree: &Spanned) -> Vec<Problem> {
    let entries = || tree.get("accord").map_or(&[][..], Spanned::elements).iter();
    let mut warnings = Vec::new();
    for accord in setting.accords.values() {
        let entry = entries().find(|entry| entry.get("id").and_then(Spanned::text) == Some(accord.id.as_str()));
        let place = entry.and_then(|entry| entry.get("parties")).map(|parties| parties.plain().place.clone());
        let kept = accord.parties.iter().filter(|(_, status)| *status == PartyStatus::Active);
        let kept: Vec<FactionId> = kept.map(|(party, _)| *party).collect();
        for (number, one) in kept.iter().enumerate() {
            for other in &kept[number + 1..] {
                let stance = setting.initial.stance(*one, *other);
                if stance < Stance::Pact {
                    let [one, other] = [one, other].map(|party| &setting.factions[*party].id);
                    let message =
                        format!("{one} and {other} keep `{}` and so hold a pact, not `{}`", accord.id, stance.word());
                    warnings.push(Problem { message, expected: None, help: None, place: place.clone() });
                }
            }
        }
    }
    warnings
}

/// All events: each by itself, then what they wait for.
pub fn events(report: &mut Report, known: &Known, header: Option<&Header>, events: &[Event], at: &[usize]) {
    let awaited: Vec<Awaited> =
        events.iter().zip(at).map(|(entry, index)| event(report, known, header, *index, entry)).collect();
    warn_of_the_gone(report, events, at);
    let place: BTreeMap<&str, usize> =
        events.iter().enumerate().map(|(place, entry)| (entry.id.as_str(), place)).collect();
    // What an event waits for, and what that waits for, as far as it leads.
    for (entry, own) in events.iter().zip(&awaited) {
        for (key_path, name) in own {
            let (mut open, mut seen) = (vec![name.as_str()], BTreeSet::new());
            while let Some(name) = open.pop() {
                if let Some(next) = place.get(name).filter(|_| seen.insert(name)) {
                    open.extend(awaited[*next].iter().map(|(_, name)| name.as_str()));
                }
            }
            if seen.contains(entry.id.as_str()) {
                let message = if *name == entry.id {
                    format!("the event `{name}` waits for itself")
                } else {
                    format!("the event `{}` waits for `{name}`, which waits for it in turn", entry.id)
                };
                report.on(key_path, message).expected("expected events that do not wait for each other in a circle");
            }
        }
    }
}

/// Warns of events that act on who has surely left by then.
fn warn_of_the_gone(report: &mut Report, events: &[Event], at: &[usize]) {
    let gone: BTreeMap<&str, (Date, &str)> = (events.iter())
        .filter(|event| event.condition.is_none() && event.chance.is_none_or(|chance| chance >= 1.0))
        .filter_map(|event| match &event.effect {
            Effect::Leave { faction, over, zones } if zones.is_empty() => {
                let begin = event.date?;
                let end = over.map_or(Some(begin), |over| begin.plus(over).ok())?;
                Some((faction.as_str(), (end, event.id.as_str())))
            }
            _ => None,
        })
        .collect();
    for (event, index) in events.iter().zip(at) {
        let Some(date) = event.date else { continue };
        let parties = event.effect.parties();
        let left = parties.into_iter().find_map(|party| Some((party, gone.get(party).filter(|(end, _)| date > *end)?)));
        if let Some((party, (_, by))) = left {
            let message = format!(
                "the event `{}` does nothing: by then `{party}` has left (`{by}`), and who has left does not come back",
                event.id
            );
            report.warn(&[("event").into(), (*index).into(), "effect".into()], message);
        }
    }
}

/// The events that an event waits for, and where they are named.
type Awaited = Vec<(Vec<Step<'static>>, String)>;

fn event(report: &mut Report, known: &Known, header: Option<&Header>, index: usize, event: &Event) -> Awaited {
    when(report, header, index, event);
    effect(report, known, index, &event.effect);
    let condition = event.condition.as_ref();
    condition.map_or_else(Vec::new, |condition| {
        super::question::condition(report, known, key_path!["event", index, "if"], condition)
    })
}

fn when(report: &mut Report, header: Option<&Header>, index: usize, event: &Event) {
    let expected = "expected `date`, or `between` and a `chance` or `per_year`, or `per_year`, or `if`";
    let at = |field: &'static str| [("event").into(), index.into(), field.into()];
    if event.date.is_some() && (event.between.is_some() || event.per_year.is_some()) {
        let message = format!("the event `{}` has a day, and others on which it may come", event.id);
        report.on(&at("date"), message).expected(expected);
    }
    if event.chance.is_some() && event.per_year.is_some() {
        let message = format!("the event `{}` has a chance and a rate", event.id);
        report.on(&at("per_year"), message).expected(expected);
    }
    let timeless = event.date.is_none() && event.between.is_none() && event.per_year.is_none();
    let waits = event.condition.is_some() || report.is_left_out(&at("if"));
    if timeless && !waits {
        let message = format!("nothing says when the event `{}` comes", event.id);
        report.on(key_path!["event", index], message).expected(expected);
    }
    if let Some([first, last]) = event.between
        && last < first
    {
        let message = format!("the time from {first} to {last} ends before it begins");
        report
            .on(key_path!["event", index, "between", 1], message)
            .expected(&format!("expected a day from {first} on"));
    }
    let Some(header) = header else { return };
    let end = header.start.plus(header.horizon).ok();
    let past = |day: Date| end.is_some_and(|end| day > end);
    if let Some(date) = event.date {
        if date < header.start {
            report
                .on(&at("date"), format!("{date} lies before the start of the scenario"))
                .expected(&format!("expected a day from {} on", header.start));
        } else if past(date) {
            report.warn(&at("date"), format!("the event `{}` lies past the horizon and never happens", event.id));
        }
    }
    if let Some([first, _]) = event.between {
        let key_path = key_path!["event", index, "between", 0];
        if first < header.start {
            report
                .on(key_path, format!("{first} lies before the start of the scenario"))
                .expected(&format!("expected a day from {} on", header.start));
        } else if past(first) {
            report.warn(key_path, format!("the event `{}` lies past the horizon and never happens", event.id));
        }
    }
}

fn parties(report: &mut Report, known: &Known, index: usize, effect: &'static str, between: &[String; 2]) {
    for (position, party) in between.iter().enumerate() {
        known.expect(report, key_path!["event", index, "effect", effect, "between", position], Kind::Party, party);
    }
    if between[0] == between[1] && known.has(Kind::Faction, &between[0]) {
        report
            .on(key_path!["event", index, "effect", effect, "between", 1], format!("`{}` stands to itself", between[0]))
            .expected("expected another faction, or an umbrella");
    }
}

fn effect(report: &mut Report, known: &Known, index: usize, effect: &Effect) {
    match effect {
        Effect::Leave { faction, zones, .. } => {
            known.expect(report, key_path!["event", index, "effect", "leave", "faction"], Kind::Faction, faction);
            for (position, zone) in zones.iter().enumerate() {
                known.expect(report, key_path!["event", index, "effect", "leave", "zones", position], Kind::Zone, zone);
            }
        }
        Effect::Arrive { faction, presence, .. } => {
            known.expect(report, key_path!["event", index, "effect", "arrive", "faction"], Kind::Faction, faction);
            known.expect_ground(report, key_path!["event", index, "effect", "arrive", "presence"], presence);
            let sum = presence.values().fold(0.0, |sum, share| sum + share);
            if (sum - 1.0).abs() > ROUNDING {
                let message = format!("the shares of those who arrive sum to {}", rounded(sum));
                report
                    .on_key(key_path!["event", index, "effect", "arrive", "presence"], message)
                    .expected("expected shares by zone that sum to 1");
            }
        }
        Effect::Stance { between, .. } => parties(report, known, index, "stance", between),
        Effect::Truce { between, .. } => parties(report, known, index, "truce", between),
        Effect::Leader { faction } => {
            known.expect(report, key_path!["event", index, "effect", "leader", "faction"], Kind::Faction, faction);
        }
        Effect::Sponsor { faction, sponsor, .. } => {
            known.expect(report, key_path!["event", index, "effect", "sponsor", "faction"], Kind::Faction, faction);
            let key_path = key_path!["event", index, "effect", "sponsor", "sponsor"];
            if known.expect(report, key_path, Kind::Faction, sponsor) && sponsor == faction {
                report.on(key_path, format!("`{sponsor}` is its own sponsor")).expected("expected another faction");
            }
        }
        Effect::Arms { faction, .. } => {
            known.expect(report, key_path!["event", index, "effect", "arms", "faction"], Kind::Faction, faction);
        }
        Effect::Scale { faction, .. } => {
            known.expect(report, key_path!["event", index, "effect", "scale", "faction"], Kind::Faction, faction);
        }
        Effect::Income { faction, .. } => {
            known.expect(report, key_path!["event", index, "effect", "income", "faction"], Kind::Faction, faction);
        }
        Effect::Merge { umbrella } => {
            known.expect(report, key_path!["event", index, "effect", "merge", "umbrella"], Kind::Umbrella, umbrella);
        }
        Effect::Mission { accord, .. } => {
            known.expect(report, key_path!["event", index, "effect", "mission", "accord"], Kind::Accord, accord);
        }
        Effect::AccordStatus { accord, party, .. } => {
            known.expect(report, key_path!["event", index, "effect", "accord_status", "accord"], Kind::Accord, accord);
            known.expect(report, key_path!["event", index, "effect", "accord_status", "party"], Kind::Party, party);
        }
        Effect::Propose { accord } => {
            known.expect(report, key_path!["event", index, "effect", "propose", "accord"], Kind::Accord, accord);
        }
        Effect::OpenDialogue { faction, with } => {
            known.expect(
                report,
                key_path!["event", index, "effect", "open_dialogue", "faction"],
                Kind::Faction,
                faction,
            );
            known.expect(report, key_path!["event", index, "effect", "open_dialogue", "with"], Kind::Party, with);
        }
        Effect::Border { between, .. } => {
            place::border(report, known, key_path!["event", index, "effect", "border", "between"], between);
        }
        Effect::Hostility { of, towards, .. } => {
            known.expect(report, key_path!["event", index, "effect", "hostility", "of"], Kind::Party, of);
            known.expect(report, key_path!["event", index, "effect", "hostility", "towards"], Kind::Party, towards);
        }
    }
}
