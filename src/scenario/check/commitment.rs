//! Checks of accords and events.

use super::known::{Kind, Known};
use crate::scenario::file::{Accord, Effect, Event, Header};
use crate::scenario::read::report::Report;
use crate::scenario::read::tree::key_path;

pub fn accord(report: &mut Report, known: &Known, index: usize, accord: &Accord) {
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
    if let Some(guarantor) = &accord.guarantor {
        known.expect(report, key_path!["accord", index, "guarantor"], Kind::Faction, guarantor);
    }
    if let Some(mediator) = &accord.mediator {
        known.expect(report, key_path!["accord", index, "mediator"], Kind::Faction, mediator);
    }
}

pub fn event(report: &mut Report, known: &Known, header: Option<&Header>, index: usize, event: &Event) {
    if let Some(header) = header {
        let key_path = key_path!["event", index, "date"];
        if event.date < header.start {
            report
                .on(key_path, format!("{} lies before the start of the scenario", event.date))
                .expected(&format!("expected a day from {} on", header.start));
        } else if header.start.plus(header.horizon).is_ok_and(|end| event.date > end) {
            report.warn(key_path, format!("the event `{}` lies past the horizon and never happens", event.id));
        }
    }
    effect(report, known, index, &event.effect);
}

fn effect(report: &mut Report, known: &Known, index: usize, effect: &Effect) {
    match effect {
        Effect::Leave { faction, .. } => {
            known.expect(report, key_path!["event", index, "effect", "leave", "faction"], Kind::Faction, faction);
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
        Effect::OpenDialogue { faction, with } => {
            known.expect(
                report,
                key_path!["event", index, "effect", "open_dialogue", "faction"],
                Kind::Faction,
                faction,
            );
            known.expect(report, key_path!["event", index, "effect", "open_dialogue", "with"], Kind::Party, with);
        }
        Effect::Hostility { of, towards, .. } => {
            known.expect(report, key_path!["event", index, "effect", "hostility", "of"], Kind::Party, of);
            known.expect(report, key_path!["event", index, "effect", "hostility", "towards"], Kind::Party, towards);
        }
    }
}
