//! Decisions and their terms in words.

use super::Names;
use super::happening::deal;
use crate::mechanism::{Decision, DecisionKind, TERM_NAMES, heaviest};
use crate::world::Stance;

/// Terms smaller than this are not worth a word.
const LEAST: f64 = 0.005;

/// What was decided, and what came of it, as a sentence without its full stop.
pub fn sentence(names: Names<'_>, decision: &Decision, yes: bool) -> String {
    let (actor, other) = (names.faction(decision.actor), names.faction(decision.other));
    let goal = deal(decision.goal);
    match (decision.kind, yes) {
        (DecisionKind::OpenTalks, true) => format!("{actor} is ready to talk to {other} about {goal}"),
        (DecisionKind::OpenTalks, false) => format!("{actor} does not want to talk to {other} about {goal}"),
        (DecisionKind::GoOn, true) => format!("{actor} goes on talking to {other} about {goal}"),
        (DecisionKind::GoOn, false) => format!("{actor} breaks off its talks with {other} about {goal}"),
        (DecisionKind::Conclude, true) => format!("{actor} says yes to {other}: {goal}"),
        (DecisionKind::Conclude, false) => format!("{actor} says no to {other}: {goal}"),
        (DecisionKind::GoPublic, true) => format!("{actor} and {other} make their deal known"),
        (DecisionKind::GoPublic, false) => format!("{actor} and {other} keep their deal secret"),
        (DecisionKind::StepDown, true) => match decision.goal {
            Stance::Alliance => format!("{actor} leaves its alliance with {other}"),
            Stance::Pact => format!("{actor} leaves its pact with {other}"),
            Stance::Neutral => format!("{actor} turns against {other}"),
            Stance::Rivalry | Stance::War => format!("{actor} goes to war with {other}"),
        },
        (DecisionKind::StepDown, false) => format!("{actor} stays where it stands with {other}"),
        (DecisionKind::Accord, true) => format!("{actor} keeps to the accord"),
        (DecisionKind::Accord, false) => format!("{actor} does not keep to the accord"),
        (DecisionKind::Break, true) => format!("{actor} breaks away"),
        (DecisionKind::Break, false) => format!("{actor} holds together"),
        (DecisionKind::Merge, true) => format!("{actor} and {other} become one"),
        (DecisionKind::Merge, false) => format!("{actor} and {other} stay two"),
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

/// The name of a term in decisions of a kind: reviews of an accord weigh some things of their own.
pub fn term_name(kind: DecisionKind, term: usize) -> &'static str {
    match (kind, term) {
        (DecisionKind::Accord, 3) => "trust and protection",
        (DecisionKind::Accord, 4) => "violence by other parties",
        (DecisionKind::Accord, 10) => "the accord's health",
        (_, 10) => "what the step itself asks",
        _ => TERM_NAMES[term],
    }
}

/// A number with its sign and two decimals.
pub fn signed(value: f64) -> String {
    if value < 0.0 { format!("−{:.2}", -value) } else { format!("+{value:.2}") }
}

/// The probability of a yes and the draw that it met: "yes below 74%, drawn 41%".
pub fn odds(decision: &Decision) -> String {
    // Below a per cent, digits tell more than a percentage.
    let probability = |share: f64| {
        if share < 0.01 {
            format!("{:.3}%", share * 100.0)
        } else if share > 0.99 && share < 1.0 {
            format!("{:.1}%", (share * 1000.0).floor() / 10.0)
        } else {
            format!("{:.0}%", share * 100.0)
        }
    };
    format!("yes below {}, drawn {}", probability(decision.probability), probability(decision.draw))
}
