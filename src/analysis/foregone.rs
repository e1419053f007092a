//! What a few quick runs show of a scenario before it is run for good: answers that are foregone, and what makes them so.

use crate::base::{FactionId, Id, PairId, ZoneId};
use crate::engine::{Model, Runner};
use crate::estimate::nested::{kinds, sharing};
use crate::experiment::{ExperimentError, Study};
use crate::measure::{EventKind, Keep, RunRecord};
use crate::mechanism::Silent;
use crate::scenario::Scenario;
use crate::world::Setting;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// How many quick runs there are at most.
pub const QUICK_RUNS: u64 = 64;
/// Fewer runs than these say nothing of what is foregone.
pub const LEAST_RUNS: u64 = 16;
/// In what share of the runs a zone changes hands for it to be told.
const NEARLY_ALL: f64 = 0.9;
/// Within how many weeks.
pub const QUARTER_WEEKS: f64 = 13.0;

/// What quick runs show; empty of all but their number with fewer than [`LEAST_RUNS`].
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Foregone {
    /// How many runs were done and did not fail.
    pub runs: u64,
    /// So many of them after each other share inputs that are drawn.
    pub sharing: u64,
    /// How many failed.
    pub failed: u64,
    /// The first that failed, with the reason.
    pub failure: Option<(u64, String)>,
    /// Questions of yes or no, by id, that no run answers with yes at any of their moments.
    pub never: Vec<String>,
    /// Those that every run answers with yes at all of their moments.
    pub always: Vec<String>,
    /// Questions of an amount, by id, whose answers are the same in all runs, at all of their moments.
    pub same: Vec<String>,
    /// Zones, by id, that change hands within [`QUARTER_WEEKS`] in nine of ten runs, with the number of runs.
    pub early: Vec<(String, u64)>,
}

/// Does the first replicates of a scenario as a study of it would, at most so many, in order, with its own seed and its
/// inputs drawn; `enough` is asked before each step and ends it, which leaves a run out that is not done.
///
/// # Errors
/// If inputs cannot be drawn.
pub fn foregone(scenario: &Scenario, most: u64, enough: &dyn Fn() -> bool) -> Result<Foregone, ExperimentError> {
    let source = Study::new(scenario.clone()).prepare()?.source;
    let mut models = source.models(0);
    let mut runner =
        Runner::new(&Model::measuring(scenario, source.measures().clone()), Keep { events: true, series: false });
    let drawn = source.draws().map(|draws| kinds(draws.drawn()));
    let mut found = Foregone { sharing: sharing(drawn), ..Foregone::default() };
    let mut yes = vec![0; scenario.questions.len()];
    let mut first: Option<Vec<u64>> = None;
    let mut same = vec![true; scenario.questions.len()];
    let mut early: BTreeMap<u32, u64> = BTreeMap::new();
    for replicate in 0..most {
        let outcome = match models.of_replicate(replicate) {
            Ok(model) => {
                runner.turn_to(&model);
                finished(&mut runner, scenario.file.run.seed, replicate, enough)
            }
            Err(_) if enough() => None,
            Err(reason) => Some(Err(reason)),
        };
        let record = match outcome {
            Some(Ok(record)) => record,
            Some(Err(reason)) => {
                found.failed += 1;
                found.failure.get_or_insert((replicate, reason));
                continue;
            }
            None => break,
        };
        found.runs += 1;
        yes.iter_mut().zip(&record.answers).for_each(|(count, answer)| *count += u64::from(answer.value > 0.5));
        let bits = || record.answers.iter().map(|answer| answer.value.to_bits());
        let known = first.get_or_insert_with(|| bits().collect());
        same.iter_mut().zip(bits().zip(known)).for_each(|(same, (now, before))| *same &= now == *before);
        let soon = |step: u32| scenario.setting.calendar.week_of(step) < QUARTER_WEEKS;
        let changes = record.events.iter().filter(|row| row.kind == EventKind::ControlChanged && soon(row.step));
        for zone in changes.map(|row| row.who).collect::<BTreeSet<u32>>() {
            *early.entry(zone).or_default() += 1;
        }
    }
    if found.runs < LEAST_RUNS {
        return Ok(found);
    }
    for question in scenario.question_groups().iter().flat_map(|group| &group.questions) {
        let all = |count: u64| question.answers.iter().all(|answer| yes.get(answer.index) == Some(&count));
        match question.yes_no() {
            true if all(0) => found.never.push(question.id.clone()),
            true if all(found.runs) => found.always.push(question.id.clone()),
            false if question.answers.iter().all(|answer| same.get(answer.index) == Some(&true)) => {
                found.same.push(question.id.clone());
            }
            _ => {}
        }
    }
    let often = early.into_iter().filter(|(_, count)| *count as f64 >= NEARLY_ALL * found.runs as f64);
    let named = |(zone, count): (u32, u64)| Some((source.measures().names().0.get(zone as usize)?.clone(), count));
    found.early = often.filter_map(named).collect();
    Ok(found)
}

/// A run to its horizon; none if it was enough before.
fn finished(
    runner: &mut Runner,
    seed: u64,
    replicate: u64,
    enough: &dyn Fn() -> bool,
) -> Option<Result<RunRecord, String>> {
    runner.begin(seed, replicate);
    while !runner.at_horizon() {
        if enough() {
            return None;
        }
        if let Err(broken) = runner.step(&mut Silent) {
            return Some(Err(broken.to_string()));
        }
    }
    Some(Ok(runner.finish()))
}

/// The factions of the start that no community is the social base of, by id: nobody restrains or recruits for them.
pub fn without_base(setting: &Setting) -> Vec<String> {
    let base = &setting.initial.base;
    let factions = setting.factions.iter().take(setting.founding);
    let baseless = factions.filter(|(faction, _)| base.row(*faction).iter().all(|share| *share <= 0.0));
    baseless.map(|(_, traits)| traits.id.clone()).collect()
}

/// Pairs, by ids, of which the file says how many died the year before and that cannot fight: they are not hostile to each other,
/// or meet in no zone at the start.
pub fn deaths_without_fighting(setting: &Setting) -> Vec<String> {
    let world = &setting.initial;
    let meet = |a: FactionId, b: FactionId| {
        setting.zones.ids().any(|zone| world.presence[(zone, a)] > 0.0 && world.presence[(zone, b)] > 0.0)
    };
    let fight = |pair: &PairId| {
        let (a, b) = pair.members();
        (world.hostility[(a, b)] > 0.0 || world.hostility[(b, a)] > 0.0) && meet(a, b)
    };
    let told = setting.fought.iter().filter(|(pairs, deaths)| *deaths > 0.0 && !pairs.iter().any(fight));
    let id = |faction: FactionId| setting.factions[faction].id.as_str();
    let first = told.filter_map(|(pairs, _)| pairs.first().map(|pair| pair.members()));
    first.map(|(a, b)| format!("{} and {}", id(a), id(b))).collect()
}

/// The zones, by id, in which no faction has fighters at the start and to which no chain of neighbours leads from where
/// any has without crossing a closed border; places of refuge alone left out.
pub fn out_of_reach(setting: &Setting) -> Vec<String> {
    let has_fighters = |zone: &ZoneId| setting.initial.presence.row(*zone).iter().any(|fighters| *fighters > 0.0);
    let mut reached = vec![false; setting.zones.len()];
    let mut next: Vec<ZoneId> = setting.zones.ids().filter(has_fighters).collect();
    while let Some(zone) = next.pop() {
        if !std::mem::replace(&mut reached[zone.index()], true) {
            let neighbours = setting.neighbours.of(zone).iter().map(|(neighbour, _)| *neighbour);
            next.extend(neighbours.filter(|to| setting.is_open(&setting.initial.borders, zone, *to)));
        }
    }
    let zones = setting.zones.iter().filter(|(zone, traits)| !traits.refuge && !reached[zone.index()]);
    zones.map(|(_, traits)| traits.id.clone()).collect()
}
