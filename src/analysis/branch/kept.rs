//! What of a scenario no lever can change in the middle of a run.

use crate::scenario::FieldChange;

/// Said of what the scenario tells of the start, and the run has gone on from.
pub const OF_START: &str = "it says how things stood at the start";
/// Said of what makes no difference to the scenario.
pub const NOTHING: &str = "it changes nothing";
/// Said of what the world of a run is counted or listed by, from its start to its end.
pub const OF_RUN: &str = "it is the same for a whole run";
const LOOKS: &str = "no run depends on it";
const ASKED: &str = "a branch asks what the run was asked";
const ONE_RUN: &str = "a branch goes on with the run that it is of";

/// Why a field stays as it was, whatever a lever sets; none if it may be otherwise from now on. What else rests on such a
/// field stays too: an income that is not given rests on who controls what, and fighters are divided among the zones.
pub fn reason(change: &FieldChange) -> Option<&'static str> {
    match (change.section.as_str(), change.field.as_str()) {
        ("question", _) => Some(ASKED),
        ("run", _) => Some(ONE_RUN),
        ("uncertainty" | "composition" | "variant" | "changes" | "extends" | "remove", _) => Some(LOOKS),
        ("behaviour", _) => None,
        (_, "draw_key") => Some(OF_RUN),
        (_, "id" | "name" | "label" | "colour" | "title" | "conflict" | "summary" | "source") => Some(LOOKS),
        ("scenario", "boundaries" | "joint_inputs") => Some(LOOKS),
        ("scenario", "start" | "step" | "horizon" | "axes" | "splinters" | "country") => Some(OF_RUN),
        ("zone", "population" | "country" | "refuge" | "town") | ("community", "share") | ("umbrella", "members") => {
            Some(OF_RUN)
        }
        ("zone", "control" | "displaced") | ("faction", "presence") => Some(OF_START),
        _ => None,
    }
}
