//! A run as a chronicle: what mattered, grouped by month, with what weighed most in the decisions that led there.

use super::{Names, decision, happening};
use crate::analysis::why::{Note, RunAccount, pair_of};
use crate::base::{Date, FactionId, PairId, ZoneId};
use crate::mechanism::{Decision, DecisionKind};
use crate::world::{Happening, HappeningKind, Setting};

/// How many terms are named per side.
const TERMS: usize = 3;
/// From this strategic value on, a zone's changes of hands are told even if no question asks about it.
const MATTERS: f64 = 0.5;

/// A chronicle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chronicle {
    /// What is told, in order.
    pub entries: Vec<ChronicleEntry>,
    /// How many talks came to nothing, between parties that no question asks about, and are not told.
    pub talks_left_out: usize,
    /// How many changes of hands are not told.
    pub zones_left_out: usize,
}

/// Something told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChronicleEntry {
    /// The first day of its step.
    pub date: Date,
    /// What happened.
    pub text: String,
    /// Whether it was known to all.
    pub public: bool,
    /// Per side that decided: what weighed most.
    pub weighed: Vec<String>,
}

/// Who and what a scenario's questions ask about.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Pairs of factions of the start.
    pub pairs: Vec<PairId>,
    /// Zones.
    pub zones: Vec<ZoneId>,
}

/// The chronicle of a run.
pub fn chronicle(setting: &Setting, asked: &Asked, account: &RunAccount) -> Chronicle {
    let names = Names(setting);
    let mut told = Chronicle::default();
    let mut teller = happening::Teller::default();
    // Places whose fate is open to whoever reads: an offensive against them has been told.
    let mut fought_for: Vec<ZoneId> = Vec::new();
    for (place, (step, note)) in account.notes.iter().enumerate() {
        let Note::Happened(happening) = note else { continue };
        match happening.kind {
            HappeningKind::TalksOpened { between: (a, b), .. } | HappeningKind::TalksEnded { between: (a, b), .. }
                if !asked.pairs.contains(&PairId::of(a, b)) && !leads_somewhere(account, place, happening) =>
            {
                told.talks_left_out += usize::from(matches!(happening.kind, HappeningKind::TalksOpened { .. }));
                continue;
            }
            HappeningKind::Offensive { zone, .. } | HappeningKind::Siege { zone, .. } => fought_for.push(zone),
            HappeningKind::ControlChanged { zone, .. } => {
                let is_open = fought_for.contains(&zone);
                fought_for.retain(|open| *open != zone);
                if !is_open && !asked.zones.contains(&zone) && setting.zones[zone].strategic_value < MATTERS {
                    told.zones_left_out += 1;
                    continue;
                }
            }
            _ => {}
        }
        told.entries.push(ChronicleEntry {
            date: setting.calendar.date_of(*step),
            text: teller.sentence(names, happening),
            public: happening.public,
            weighed: weighed(names, &account.notes[..place], *step, happening),
        });
    }
    told
}

/// Whether the talks that a happening is of ended in a deal.
fn leads_somewhere(account: &RunAccount, place: usize, happening: &Happening) -> bool {
    if !matches!(happening.kind, HappeningKind::TalksOpened { .. }) {
        return false;
    }
    let pair = pair_of(happening);
    let later = account.notes[place + 1..].iter().filter_map(|(_, note)| match note {
        Note::Happened(later) if pair_of(later) == pair => Some(later.kind),
        _ => None,
    });
    for kind in later {
        match kind {
            HappeningKind::StanceChanged { from, to, .. } if to > from => return true,
            HappeningKind::TalksEnded { .. } | HappeningKind::TalksOpened { .. } => return false,
            _ => {}
        }
    }
    false
}

/// What weighed most with each side in the decisions of the same step that a happening came of.
fn weighed(names: Names<'_>, before: &[(u32, Note)], step: u32, happening: &Happening) -> Vec<String> {
    let kinds: &[DecisionKind] = match happening.kind {
        HappeningKind::TalksOpened { .. } => &[DecisionKind::OpenTalks],
        HappeningKind::TalksEnded { .. } => &[DecisionKind::GoOn, DecisionKind::Conclude],
        HappeningKind::StanceChanged { from, to, .. } if to > from => &[DecisionKind::Conclude, DecisionKind::Cease],
        HappeningKind::StanceChanged { .. } => &[DecisionKind::StepDown],
        HappeningKind::AccordStatus { .. } => &[DecisionKind::Accord, DecisionKind::Sign],
        _ => return Vec::new(),
    };
    let concerns = |decision: &Decision| match happening.kind {
        HappeningKind::AccordStatus { party, .. } => decision.actor == party,
        _ => decision.actor != decision.other && Some(PairId::of(decision.actor, decision.other)) == pair_of(happening),
    };
    let mut list: Vec<String> = Vec::new();
    let same_step = before.iter().rev().take_while(|(other, _)| *other == step);
    let mut sides: Vec<FactionId> = Vec::new();
    for (_, note) in same_step {
        if let Note::Decided(found, _) = note
            && kinds.contains(&found.kind)
            && concerns(found)
            && !sides.contains(&found.actor)
        {
            sides.push(found.actor);
            list.push(side(names, found));
        }
    }
    list.reverse();
    list
}

fn side(names: Names<'_>, found: &Decision) -> String {
    format!("{}: {} ({})", names.faction(found.actor), decision::weights(found, TERMS), decision::odds(found))
}
