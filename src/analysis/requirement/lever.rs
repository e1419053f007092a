//! Levers: uncertainties of a scenario, the ways to move each, and what moving one sets.

use super::search::{Move, STEPS, Way};
use crate::experiment::ExperimentError;
use crate::scenario::{InputValue, Overrides, Scenario, Unsure, nearest};
use serde::{Deserialize, Serialize};

/// Parts of a range of which levers move whole ones, at least.
const PARTS: f64 = 500.0;

/// A lever and how far it can be moved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lever {
    /// The path of the input.
    pub path: String,
    /// Lowest value; of names none.
    pub low: Option<f64>,
    /// Where it is held if it is not moved; of names none.
    pub best: Option<f64>,
    /// Highest value; of names none.
    pub high: Option<f64>,
    /// What it costs to move it over its whole range.
    pub cost: f64,
}

/// A way to move a lever, to a value at its end.
#[derive(Clone, Debug, PartialEq)]
pub struct LeverWay {
    /// The lever, by its number.
    pub lever: usize,
    /// Where it begins; of names none.
    from: Option<f64>,
    /// Where it ends.
    end: InputValue,
    /// How the search sees it.
    pub way: Way,
}

/// A lever moved, in its own unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The path of the input.
    pub path: String,
    /// Where it is held if it is not moved; none of names.
    pub from: Option<f64>,
    /// Where it is held: a number, or a name.
    pub to: String,
    /// How far that is, as a share of the range.
    pub moved: f64,
}

/// The levers of a scenario and the ways to move them: those whose paths match a pattern (with `*` for anything), or all but
/// weights of behaviour.
///
/// # Errors
/// If a pattern matches no lever, or there is none.
pub fn levers(scenario: &Scenario, patterns: &[String]) -> Result<(Vec<Lever>, Vec<LeverWay>), ExperimentError> {
    let all = scenario.uncertainties();
    let wanted = |unsure: &&Unsure| match patterns {
        [] => !unsure.path.starts_with("behaviour."),
        patterns => patterns.iter().any(|pattern| matches(pattern, &unsure.path)),
    };
    let unknown: Vec<String> = (patterns.iter())
        .filter(|pattern| !all.iter().any(|unsure| matches(pattern, &unsure.path)))
        .map(|pattern| no_lever(scenario, &all, pattern))
        .collect();
    if !unknown.is_empty() {
        return Err(ExperimentError::Input(unknown.join("\n")));
    }
    let (mut levers, mut ways) = (Vec::new(), Vec::new());
    for unsure in all.iter().filter(wanted) {
        let lever = Lever {
            path: unsure.path.clone(),
            low: unsure.low.or_else(|| unsure.choices.iter().copied().reduce(f64::min)),
            best: unsure.best,
            high: unsure.high.or_else(|| unsure.choices.iter().copied().reduce(f64::max)),
            cost: unsure.cost,
        };
        let lever = if unsure.names.is_empty() { lever } else { Lever { low: None, best: None, high: None, ..lever } };
        let of = ways_of(scenario, unsure, &lever, levers.len());
        if !of.is_empty() {
            ways.extend(of);
            levers.push(lever);
        }
    }
    if ways.is_empty() {
        return Err(ExperimentError::Input(
            "the scenario has no lever that can be moved: a lever is an input with a range, an [[uncertainty]] with its path, \
             low and high"
                .into(),
        ));
    }
    Ok((levers, ways))
}

/// Whether a path is as a pattern says, in which `*` stands for anything.
fn matches(pattern: &str, path: &str) -> bool {
    let Some((before, after)) = pattern.split_once('*') else { return pattern == path };
    path.strip_prefix(before).is_some_and(|rest| {
        rest.char_indices().map(|(at, _)| at).chain([rest.len()]).any(|at| matches(after, &rest[at..]))
    })
}

/// Why nothing can be moved of a name.
fn no_lever(scenario: &Scenario, all: &[Unsure], pattern: &str) -> String {
    let shares = scenario.compositions();
    if shares.iter().any(|composed| composed.paths.iter().any(|path| path == pattern)) {
        return format!("`{pattern}` is a share that sums up with others, so it is no lever by itself");
    }
    let known = all.iter().map(|unsure| unsure.path.as_str());
    match (scenario.range_of(pattern), nearest(pattern, known)) {
        (Ok(_), _) => format!(
            "`{pattern}` has no range in which it could be moved: give it an [[uncertainty]] with this path, low and high"
        ),
        (Err(_), Some(help)) => format!("the scenario has no [[uncertainty]] with path `{pattern}`; {help}"),
        (Err(unknown), None) if !pattern.contains('*') => unknown,
        (Err(_), None) => format!("no [[uncertainty]] of the scenario has a path like `{pattern}`"),
    }
}

fn ways_of(scenario: &Scenario, unsure: &Unsure, lever: &Lever, number: usize) -> Vec<LeverWay> {
    let to = |end: InputValue, share: f64, whole: bool| LeverWay {
        lever: number,
        from: lever.best,
        end,
        way: Way { lever: number, cost: lever.cost * share, whole },
    };
    if !unsure.names.is_empty() {
        // The name that stands makes no difference to the scenario.
        let stands = |name: &String| {
            let set = vec![format!("{}={name}", unsure.path)];
            let made = scenario.overridden(&Overrides { set, variant: None });
            made.is_ok_and(|made| made.digest() == scenario.digest())
        };
        let others = unsure.names.iter().filter(|name| !stands(name));
        return others.map(|name| to(InputValue::Name(name.clone()), 1.0, true)).collect();
    }
    let (Some(low), Some(high)) = (lever.low, lever.high) else { return Vec::new() };
    let (best, width) = (lever.best.unwrap_or(f64::midpoint(low, high)), high - low);
    let share = |end: f64| (end - best).abs() / width;
    let is_far = |end: &f64| width > 0.0 && share(*end) * PARTS >= 1.0;
    if unsure.choices.is_empty() {
        let ends = [low, high].into_iter().filter(is_far);
        return ends.map(|end| to(InputValue::Number(end), share(end), false)).collect();
    }
    let others = unsure.choices.iter().copied().filter(is_far);
    others.map(|value| to(InputValue::Number(value), share(value), true)).collect()
}

impl LeverWay {
    /// What a lever is set to, so far along.
    pub fn value(&self, lever: &Lever, steps: u32) -> InputValue {
        match (&self.end, lever.low.zip(lever.high)) {
            (InputValue::Number(end), Some((low, high))) if !self.way.whole => {
                let from = self.from.unwrap_or(f64::midpoint(low, high));
                let exact = from + (end - from) * f64::from(steps) / f64::from(STEPS);
                InputValue::Number(round(exact, (high - low) / PARTS).clamp(low, high))
            }
            (end, _) => end.clone(),
        }
    }

    /// The change in words and numbers.
    pub fn change(&self, lever: &Lever, steps: u32) -> Change {
        let to = self.value(lever, steps);
        let moved = match (&to, self.from, lever.low.zip(lever.high)) {
            (InputValue::Number(to), Some(from), Some((low, high))) if high > low => (to - from).abs() / (high - low),
            _ => 1.0,
        };
        Change { path: lever.path.clone(), from: self.from, to: to.to_string(), moved }
    }
}

/// A number with no more decimals than a step of so much needs.
fn round(value: f64, step: f64) -> f64 {
    let fine = std::iter::successors(Some(1.0), |unit: &f64| Some(unit / 10.0)).take(12).find(|unit| *unit <= step);
    let decimals = fine.map_or(12.0, |unit| (1.0 / unit).round());
    (value * decimals).round() / decimals
}

/// What moves set, as assignments.
pub fn assignments(levers: &[Lever], ways: &[LeverWay], moves: &[Move]) -> Vec<String> {
    let one = |one: &Move| {
        let way = &ways[one.way];
        let lever = &levers[way.lever];
        format!("{}={}", lever.path, way.value(lever, one.steps))
    };
    moves.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_paths() {
        for (pattern, path, yes) in [
            ("faction.*.fighters", "faction.red.fighters", true),
            ("faction.*", "faction.red.fighters", true),
            ("*.trust", "relation.a.b.trust", true),
            ("faction.red", "faction.red.fighters", false),
            ("faction.*.outreach", "faction.red.fighters", false),
            ("*", "x", true),
        ] {
            assert_eq!(matches(pattern, path), yes, "{pattern} {path}");
        }
    }

    #[test]
    fn values_have_the_decimals_that_their_range_needs() {
        assert!((round(1234.56, 2.2) - 1235.0).abs() < 1e-9);
        assert!((round(0.123_456, 0.001) - 0.123).abs() < 1e-12);
        assert!((round(0.5, 0.000_9) - 0.5).abs() < 1e-12);
    }
}
