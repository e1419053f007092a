//! Causes, and what came of taking them away, in words.

use super::{Names, decision, happening};
use crate::analysis::why::{Ablation, Cause, CauseKind, Intervention};
use crate::base::number::percent;
use crate::base::{Date, FactionId};
use crate::mechanism::{Chance, DecisionKind};
use crate::report::day;
use crate::world::{Happening, HappeningKind, Setting};

/// What a cause is, in a few words that are the same in every run: what cases are grouped by.
pub fn class(names: Names<'_>, cause: &Cause) -> String {
    let two = |a: FactionId, b: FactionId| format!("{} and {}", names.faction(a), names.faction(b));
    match cause.kind {
        CauseKind::Term { of, towards, both, term } => {
            let own = if of == towards { DecisionKind::Accord } else { DecisionKind::Conclude };
            let name = decision::term_name(own, term);
            let (of, towards) = (names.group(of), names.group(towards));
            match (both, of == towards) {
                (_, true) => format!("{name}, as weighed by {of} with regard to the accord"),
                (true, _) => format!("{name}, between {of} and {towards}"),
                (false, _) => format!("{name}, as weighed by {of} in a deal with {towards}"),
            }
        }
        CauseKind::Talks { between: (a, b), .. } => format!("{} took up talks", two(a, b)),
        CauseKind::Decision(found, accord) => {
            let (one, which) = decision::which_accord(names, accord);
            let (actor, other) = (names.faction(found.actor), names.faction(found.other));
            match found.kind {
                DecisionKind::Accord => format!("the review by {actor} of {one}{which}"),
                DecisionKind::Sign => format!("whether {actor} signed {one}{which}"),
                DecisionKind::Propose => format!("whether {actor} put {one} to its parties{which}"),
                DecisionKind::Break => format!("whether {actor} held together"),
                DecisionKind::Succession if found.actor == found.other => format!("the fall of the leader of {actor}"),
                DecisionKind::Succession => format!("whether {actor} took over the lead from {other}"),
                DecisionKind::Defect => format!("whether commanders of {actor} changed sides"),
                DecisionKind::GiveUp => format!("whether {actor} gave up"),
                DecisionKind::Merge => format!("whether {actor} and {other} became one"),
                DecisionKind::StepDown => format!("the step of {actor} away from {other}"),
                DecisionKind::Cease => format!("the readiness of {actor} to let be with {other}"),
                DecisionKind::Attack => format!("the decision of {actor} to attack {other}"),
                DecisionKind::GoPublic => format!("whether {actor} and {other} made a deal known"),
                DecisionKind::GoOn => format!("{actor} went on talking to {other}"),
                DecisionKind::OpenTalks => format!("the readiness of {actor} to talk to {other}"),
                DecisionKind::Conclude => format!("an earlier deal of {actor} with {other}"),
            }
        }
        CauseKind::Event(event) => names.event(event).to_owned(),
        CauseKind::Leak { between: (a, b), .. } => format!("the leak about {}", two(a, b)),
    }
}

/// What was taken away, in the run at hand: with its date where it has one.
pub fn sentence(setting: &Setting, cause: &Cause) -> String {
    let names = Names(setting);
    let dated = |words: String, step: u32| format!("{words} ({})", day(setting.calendar.date_of(step)));
    match (&cause.kind, &cause.change) {
        (CauseKind::Decision(found, accord), Intervention::Decisions { list, .. }) => {
            // The same decision of the other one towards this one is taken away too.
            let both = if list.len() > 1 { ", on both sides" } else { "" };
            dated(format!("{}{both}", decision::sentence(names, (found, *accord), found.yes())), found.step)
        }
        (CauseKind::Talks { step, .. } | CauseKind::Leak { step, .. }, _) => dated(class(names, cause), *step),
        (CauseKind::Event(_), Intervention::Chance { step, chance: Chance::Event(event), to }) => {
            let kind = HappeningKind::Event { event: *event, held: !to };
            dated(happening::sentence(names, &Happening { kind, public: true }), *step)
        }
        _ => class(names, cause),
    }
}

/// The step of a cause; none for a term, which counts throughout.
pub fn step(cause: &Cause) -> Option<u32> {
    match &cause.change {
        Intervention::Term { .. } | Intervention::Together(_) => None,
        Intervention::Decisions { list, .. } => list.first().map(|key| key.step),
        Intervention::Held { from, .. } => Some(*from),
        Intervention::Chance { step, .. } => Some(*step),
    }
}

/// What came of taking a cause away.
pub fn verdict(setting: &Setting, ablation: &Ablation, was_yes: bool) -> String {
    let names = Names(setting);
    if let Some(failure) = &ablation.failure {
        return format!("the replay failed: {failure}");
    }
    let date = |step: u32| day(setting.calendar.date_of(step));
    let mut words = match (ablation.flips, was_yes, ablation.yes_at) {
        (true, true, _) => "it does not come about".to_owned(),
        (true, false, Some(moment)) => format!("it comes about, {}", date(moment)),
        (false, true, Some(moment)) => format!("it comes about all the same, {}", date(moment)),
        _ => "it does not come about either".to_owned(),
    };
    if let Some((then, was)) = ablation.last_step
        && !ablation.flips
        && was_yes
        && percent(then) != percent(was)
    {
        words.push_str(&format!("; the last step at {} instead of {}", percent(then), percent(was)));
    }
    if let Some((step, instead)) = ablation.instead.first() {
        words.push_str(&format!("; instead: {} ({})", happening::sentence(names, instead), date(*step)));
    }
    words
}

/// The date of a cause; none for a term.
pub fn date(setting: &Setting, cause: &Cause) -> Option<Date> {
    step(cause).map(|step| setting.calendar.date_of(step))
}
