//! Happenings in words: in the past tense, in which one verb serves names in the singular and the plural.

use super::Names;
use crate::base::FactionId;
use crate::world::{Happening, HappeningKind, PartyStatus, Stance};

/// A deal on a stance, in words that follow "talk about" or "agree on".
pub fn deal(goal: Stance) -> &'static str {
    match goal {
        Stance::War => "war",
        Stance::Rivalry => "an end to open war",
        Stance::Neutral => "leaving each other alone",
        Stance::Pact => "a pact of non-aggression",
        Stance::Alliance => "an alliance",
    }
}

/// A happening as a sentence without its full stop; whether it was secret is not said.
pub fn sentence(names: Names<'_>, happening: &Happening) -> String {
    let two = |(a, b): (FactionId, FactionId)| (names.faction(a), names.faction(b));
    match happening.kind {
        HappeningKind::Event { event, held: true } => names.event(event).to_owned(),
        HappeningKind::Event { event, held: false } => format!("It did not come about: {}", names.event(event)),
        HappeningKind::TalksOpened { between, goal } => {
            let (a, b) = two(between);
            format!("{a} and {b} took up talks about {}", deal(goal))
        }
        HappeningKind::TalksEnded { between, goal } => {
            let (a, b) = two(between);
            format!("{a} and {b} ended their talks about {} without a deal", deal(goal))
        }
        HappeningKind::Leaked { between, about } => {
            let (a, b) = two(between);
            format!("It became known that {a} and {b} dealt with each other over {}", deal(about))
        }
        HappeningKind::StanceChanged { between, from, to } if to > from => {
            let (a, b) = two(between);
            format!("{a} and {b} agreed on {}", deal(to))
        }
        HappeningKind::StanceChanged { between, from, to } => {
            let (a, b) = two(between);
            match (from, to) {
                (_, Stance::War) => format!("{a} went to war with {b}"),
                (Stance::Alliance, _) => format!("{a} left the alliance with {b}"),
                (Stance::Pact, _) => format!("{a} left the pact with {b}"),
                _ => format!("{a} turned against {b}: rivals from then on"),
            }
        }
        HappeningKind::Merged { absorbed, into, umbrella } => {
            let (absorbed, into) = two((absorbed, into));
            match umbrella {
                Some(umbrella) => {
                    format!("{absorbed} became one with {into}, within {}", names.umbrella(umbrella))
                }
                None => format!("{absorbed} became one with {into}"),
            }
        }
        HappeningKind::LeftUmbrella { faction, umbrella } => {
            format!("{} left {}", names.faction(faction), names.umbrella(umbrella))
        }
        HappeningKind::Split { from, splinter } => {
            format!("{} split: {} broke away", names.faction(from), names.faction(splinter))
        }
        HappeningKind::AccordStatus { accord, party, to, .. } => {
            let (party, accord) = (names.faction(party), names.accord(accord));
            match to {
                PartyStatus::Active => format!("{party} took part in the accord again: {accord}"),
                PartyStatus::Suspended => format!("{party} stopped taking part in the accord: {accord}"),
                PartyStatus::Withdrawn => format!("{party} left the accord for good: {accord}"),
            }
        }
        HappeningKind::ControlChanged { zone, from, to } => {
            let zone = names.zone(zone);
            match (from, to) {
                (Some(from), Some(to)) => {
                    format!("{zone} passed from {} to {}", names.faction(from), names.faction(to))
                }
                (None, Some(to)) => format!("{} took {zone}, which nobody held", names.faction(to)),
                (Some(from), None) => format!("{} lost {zone}, which nobody held from then on", names.faction(from)),
                (None, None) => format!("{zone} changed hands"),
            }
        }
        HappeningKind::Gone { faction } => format!("{} had no fighters left here", names.faction(faction)),
    }
}
