//! Happenings in words: in the past tense, in which one verb serves names in the singular and the plural.

use super::Names;
use crate::base::{FactionId, ZoneId};
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

/// The end of fighting or rivalry without anything signed, in words that follow "came" or "was ready for".
pub fn cease(from: Stance, to: Stance) -> &'static str {
    match (from, to) {
        (Stance::War, Stance::Rivalry) => "an end to open war",
        (Stance::War, _) => "an end to the fighting",
        _ => "an end to their rivalry",
    }
}

/// How one side left where it stood with another.
pub fn step_down(from: Stance, to: Stance, actor: &str, other: &str) -> String {
    match (from, to) {
        (Stance::Alliance | Stance::Pact, Stance::War) => {
            format!("{actor} broke the {} with {other} and went to war", from.word())
        }
        (_, Stance::War) => format!("{actor} went to war with {other}"),
        (Stance::Alliance | Stance::Pact, _) => format!("{actor} left the {} with {other}", from.word()),
        _ => format!("{actor} turned against {other}: rivals from then on"),
    }
}

/// Tells the happenings of a run in their order, so that what goes on is not told as if it were new.
#[derive(Clone, Debug, Default)]
pub struct Teller {
    /// Who besieges what.
    sieges: Vec<(FactionId, ZoneId)>,
}

impl Teller {
    /// The next happening as a sentence without its full stop.
    pub fn sentence(&mut self, names: Names<'_>, happening: &Happening) -> String {
        match happening.kind {
            HappeningKind::Siege { attacker, zone, .. } => {
                if self.sieges.contains(&(attacker, zone)) {
                    return format!("{} went on besieging {}", names.faction(attacker), names.zone(zone));
                }
                self.sieges.push((attacker, zone));
            }
            HappeningKind::Offensive { attacker, zone, .. } | HappeningKind::Repelled { attacker, zone, .. } => {
                self.sieges.retain(|siege| *siege != (attacker, zone));
            }
            HappeningKind::ControlChanged { zone, .. } => self.sieges.retain(|(_, besieged)| *besieged != zone),
            _ => {}
        }
        sentence(names, happening)
    }
}

/// A happening as a sentence without its full stop; whether it was secret is not said.
pub fn sentence(names: Names<'_>, happening: &Happening) -> String {
    let two = |(a, b): (FactionId, FactionId)| (names.faction(a), names.faction(b));
    match happening.kind {
        HappeningKind::Event { event, held: true } => names.event_for(event),
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
        HappeningKind::StanceChanged { between, from, to } => {
            let (a, b) = two(between);
            match to {
                Stance::Pact | Stance::Alliance if to > from => format!("{a} and {b} agreed on {}", deal(to)),
                _ if to > from => format!("Between {a} and {b} came {}", cease(from, to)),
                _ => step_down(from, to, a, b),
            }
        }
        HappeningKind::Upheaval { between } => {
            let (a, b) = two(between);
            format!("An upheaval changed what {a} and {b} were to each other")
        }
        HappeningKind::Offensive { attacker, defender, zone } => {
            let (attacker, defender) = two((attacker, defender));
            format!("{attacker} moved against {} of {defender}", names.zone(zone))
        }
        HappeningKind::Siege { attacker, zone, .. } => {
            format!("{} laid siege to {}", names.faction(attacker), names.zone(zone))
        }
        HappeningKind::Repelled { attacker, defender, zone } => {
            let (attacker, defender) = two((attacker, defender));
            format!("{attacker} failed to take {} from {defender}", names.zone(zone))
        }
        HappeningKind::Succession { faction } => {
            format!("The leader of {} fell; what others were to it was open again", names.faction(faction))
        }
        HappeningKind::Takeover { faction, umbrella } => {
            format!("{} took over the lead of {}", names.faction(faction), names.umbrella(umbrella))
        }
        HappeningKind::Defection { from, to, zone } => {
            let (from, to) = two((from, to));
            format!("A commander of {from} in {} went over to {to}", names.zone(zone))
        }
        HappeningKind::CutOff { sponsor, client } => {
            let (sponsor, client) = two((sponsor, client));
            format!("{sponsor} stopped paying {client}")
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
        HappeningKind::AccordStatus { accord, party, from, to } => {
            let (party, accord) = (names.faction(party), names.accord(accord));
            match to {
                PartyStatus::Active if matches!(from, PartyStatus::Proposed | PartyStatus::Drafted) => {
                    format!("{party} signed the accord: {accord}")
                }
                PartyStatus::Proposed => format!("The accord was put to {party}: {accord}"),
                PartyStatus::Drafted => format!("The accord was taken off the table for {party}: {accord}"),
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
