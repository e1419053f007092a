//! Happenings in words.

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
        HappeningKind::Event { event, held: false } => format!("It does not come about: {}", names.event(event)),
        HappeningKind::TalksOpened { between, goal } => {
            let (a, b) = two(between);
            format!("{a} and {b} take up talks about {}", deal(goal))
        }
        HappeningKind::TalksEnded { between, goal } => {
            let (a, b) = two(between);
            format!("{a} and {b} end their talks about {} without a deal", deal(goal))
        }
        HappeningKind::Leaked { between, about } => {
            let (a, b) = two(between);
            format!("It becomes known that {a} and {b} deal with each other over {}", deal(about))
        }
        HappeningKind::StanceChanged { between, from, to } if to > from => {
            let (a, b) = two(between);
            format!("{a} and {b} agree on {}", deal(to))
        }
        HappeningKind::StanceChanged { between, from, to } => {
            let (a, b) = two(between);
            match (from, to) {
                (_, Stance::War) => format!("{a} goes to war with {b}"),
                (Stance::Alliance, _) => format!("{a} leaves its alliance with {b}"),
                (Stance::Pact, _) => format!("{a} leaves its pact with {b}"),
                _ => format!("{a} turns against {b}: they are rivals now"),
            }
        }
        HappeningKind::Merged { absorbed, into, umbrella } => {
            let (absorbed, into) = two((absorbed, into));
            match umbrella {
                Some(umbrella) => {
                    format!("{absorbed} becomes one with {into}, within {}", names.umbrella(umbrella))
                }
                None => format!("{absorbed} becomes one with {into}"),
            }
        }
        HappeningKind::LeftUmbrella { faction, umbrella } => {
            format!("{} leaves {}", names.faction(faction), names.umbrella(umbrella))
        }
        HappeningKind::Split { from, splinter } => {
            format!("{} splits: {} goes its own way", names.faction(from), names.faction(splinter))
        }
        HappeningKind::AccordStatus { accord, party, to, .. } => {
            let (party, accord) = (names.faction(party), names.accord(accord));
            match to {
                PartyStatus::Active => format!("{party} takes up its part in the accord: {accord}"),
                PartyStatus::Suspended => format!("{party} suspends its part in the accord: {accord}"),
                PartyStatus::Withdrawn => format!("{party} leaves the accord for good: {accord}"),
            }
        }
        HappeningKind::ControlChanged { zone, from, to } => {
            let zone = names.zone(zone);
            match (from, to) {
                (Some(from), Some(to)) => {
                    format!("{zone} passes from {} to {}", names.faction(from), names.faction(to))
                }
                (None, Some(to)) => format!("{} takes {zone}, which nobody held", names.faction(to)),
                (Some(from), None) => format!("{} loses {zone}, which nobody holds now", names.faction(from)),
                (None, None) => format!("{zone} changes hands"),
            }
        }
        HappeningKind::Gone { faction } => format!("{} has no fighters left here", names.faction(faction)),
    }
}
