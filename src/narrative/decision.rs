//! Decisions and their terms in words: in the past tense, in which one verb serves names in the singular and the plural.

use super::Names;
use super::happening::{cease, deal, step_down};
use crate::base::AccordId;
use crate::base::number::{grouped, percent, sign};
use crate::mechanism::{Decision, DecisionKind, TERM_NAMES, heaviest};

/// Terms smaller than this are not worth a word.
const LEAST: f64 = 0.005;

/// What was decided, and what came of it, as a sentence without its full stop; with the accord that it is about, if that is known.
pub fn sentence(names: Names<'_>, (decision, accord): (&Decision, Option<AccordId>), yes: bool) -> String {
    let (actor, other) = (names.faction(decision.actor), names.faction(decision.other));
    let (one, which) = which_accord(names, accord);
    let goal = deal(decision.goal);
    match (decision.kind, yes) {
        (DecisionKind::OpenTalks, true) => format!("{actor} agreed to talk to {other} about {goal}"),
        (DecisionKind::OpenTalks, false) => format!("{actor} refused to talk to {other} about {goal}"),
        (DecisionKind::GoOn, true) => format!("{actor} went on talking to {other} about {goal}"),
        (DecisionKind::GoOn, false) => format!("{actor} broke off the talks with {other} about {goal}"),
        (DecisionKind::Conclude, true) => format!("{actor} said yes to {other}: {goal}"),
        (DecisionKind::Conclude, false) => format!("{actor} said no to {other}: {goal}"),
        (DecisionKind::GoPublic, true) => format!("{actor} and {other} made their deal known"),
        (DecisionKind::GoPublic, false) => format!("{actor} and {other} kept their deal secret"),
        (DecisionKind::StepDown, true) => step_down(decision.from, decision.goal, actor, other),
        (DecisionKind::StepDown, false) => format!("{actor} did not step away from {other}"),
        (DecisionKind::Cease, true) => {
            format!("{actor} accepted {} with {other}", cease(decision.from, decision.goal))
        }
        (DecisionKind::Cease, false) => {
            format!("{actor} refused {} with {other}", cease(decision.from, decision.goal))
        }
        (DecisionKind::Attack, true) => format!("{actor} chose to attack {other}"),
        (DecisionKind::Attack, false) => format!("{actor} held back from attacking {other}"),
        (DecisionKind::Accord, true) => format!("{actor} kept to {one}{which}"),
        (DecisionKind::Accord, false) => format!("{actor} did not keep to {one}{which}"),
        (DecisionKind::Sign, true) => format!("{actor} signed {one}{which}"),
        (DecisionKind::Sign, false) => format!("{actor} did not sign {one}{which}"),
        (DecisionKind::Propose, true) => format!("{actor} put {one} to its parties{which}"),
        (DecisionKind::Propose, false) => format!("{actor} put no accord to its parties"),
        (DecisionKind::Break, true) => format!("{actor} came apart"),
        (DecisionKind::Break, false) => format!("{actor} held together"),
        (DecisionKind::Succession, true) if decision.actor == decision.other => format!("The leader of {actor} fell"),
        (DecisionKind::Succession, false) if decision.actor == decision.other => {
            format!("The leader of {actor} stayed")
        }
        (DecisionKind::Succession, true) => format!("{actor} took over the lead from {other}"),
        (DecisionKind::Succession, false) => format!("{actor} left the lead to {other}"),
        (DecisionKind::Defect, true) => format!("A commander of {actor} changed sides"),
        (DecisionKind::Defect, false) => format!("The commanders of {actor} stayed"),
        (DecisionKind::GiveUp, true) => format!("{actor} gave up"),
        (DecisionKind::GiveUp, false) => format!("{actor} did not give up"),
        (DecisionKind::Merge, true) => format!("{actor} and {other} became one"),
        (DecisionKind::Merge, false) => format!("{actor} and {other} stayed two"),
    }
}

/// "the accord", and behind a colon which; or "an accord", where the record does not tell.
pub fn which_accord(names: Names<'_>, accord: Option<AccordId>) -> (&'static str, String) {
    match accord {
        Some(accord) => ("the accord", format!(": {}", names.accord(accord))),
        None => ("an accord", String::new()),
    }
}

/// The terms that weighed most, with their sign: `common enemy +0.62, hostility −0.31`. Empty for a decision that weighs
/// none.
pub fn weights(decision: &Decision, most: usize) -> String {
    let terms = heaviest(&decision.terms).into_iter().filter(|term| decision.terms[*term].abs() >= LEAST).take(most);
    terms
        .map(|term| format!("{} {}", term_name(decision.kind, term), signed(decision.terms[term])))
        .collect::<Vec<_>>()
        .join(", ")
}

/// The name of a term in decisions of a kind: with regard to an accord some things are weighed of its own.
pub fn term_name(kind: DecisionKind, term: usize) -> &'static str {
    match (kind, term) {
        (DecisionKind::Accord | DecisionKind::Sign, 3) => "trust and protection",
        (DecisionKind::Accord, 4) => "violence by other parties",
        (DecisionKind::Accord | DecisionKind::Sign, 14) => "the accord's health",
        _ => TERM_NAMES[term],
    }
}

/// A number with its sign and two decimals.
pub fn signed(value: f64) -> String {
    sign(value, &grouped(value.abs(), 2))
}

/// The chance of a yes, the draw that it met, and what that made of it: "chance of a yes 74%, drawn 41%: yes"; of what goes on or ends,
/// the chance that it goes on.
pub fn odds(decision: &Decision) -> String {
    let (of, yes, no) = match decision.kind {
        DecisionKind::GoOn => ("of going on", "goes on", "breaks off"),
        DecisionKind::Accord => ("of staying", "stays", "leaves"),
        _ => ("of a yes", "yes", "no"),
    };
    let weighs = decision.terms.iter().any(|term| term.abs() >= LEAST);
    match decision.probability {
        // What gains nothing is never done.
        share if share <= 0.0 && weighs => "in all no gain, so no chance of a yes".into(),
        share if share <= 0.0 => "no chance of a yes".into(),
        share if share >= 1.0 => format!("{yes} for sure"),
        share => {
            let came = if decision.yes() { yes } else { no };
            format!("chance {of} {}, drawn {}: {came}", chance(share), chance(decision.draw))
        }
    }
}

/// A probability, of which digits tell more than a percentage below a per cent.
fn chance(share: f64) -> String {
    match share {
        0.0 => percent(share),
        share if share < 0.000_01 => "0.001%".to_owned(),
        share if share < 0.01 => format!("{}%", grouped(share * 100.0, 3)),
        share => percent(share),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{FactionId, Id};
    use crate::mechanism::TERMS;

    #[test]
    fn odds_say_what_a_yes_is_and_why_there_is_none() {
        let nobody = FactionId::from_index(0);
        let told = |kind, probability, term| {
            let decision = Decision::unweighed(kind, 0, (nobody, nobody), probability, 0.6);
            odds(&Decision { terms: [term; TERMS], ..decision })
        };
        assert_eq!(told(DecisionKind::Conclude, 0.74, 0.1), "chance of a yes 74%, drawn 60%: yes");
        assert_eq!(told(DecisionKind::Accord, 0.05, 0.1), "chance of staying 5%, drawn 60%: leaves");
        assert_eq!(told(DecisionKind::GoOn, 0.05, 0.1), "chance of going on 5%, drawn 60%: breaks off");
        assert_eq!(told(DecisionKind::OpenTalks, 1.0, 0.1), "yes for sure");
        assert_eq!(told(DecisionKind::OpenTalks, 0.0, -0.1), "in all no gain, so no chance of a yes");
        assert_eq!(told(DecisionKind::Break, 0.0, 0.0), "no chance of a yes");
    }

    #[test]
    fn only_what_never_happens_has_no_chance() {
        let told = [0.0, 1e-9, 0.000_37, 0.0099, 0.0123, 0.74].map(chance);
        assert_eq!(told, ["0%", "0.001%", "0.037%", "0.990%", "1%", "74%"]);
    }
}
