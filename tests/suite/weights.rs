//! Weights do what is said of them: whatever "higher values make …" promises is measured over two years of the flagship,
//! against the same runs at the default, with the same luck.

use crate::common::standard_errors;
use crate::dynamics::{each, pass, shipped_as};
use entente::base::maths::ln;
use entente::base::{FactionId, Id, PairId};
use entente::engine::Runner;
use entente::mechanism::{Behaviour, Decision, DecisionKind, Trace};
use entente::scenario::Scenario;
use entente::world::{Happening, HappeningKind, PartyStatus, Stance, World};
use std::collections::BTreeMap;

const WEEKS: u32 = 104;
const REPLICATES: u64 = 100;
const MANY: u64 = 400;

/// What is measured of a run, and which way higher values of a weight move it; the weight is set to the value.
const PROMISES: [(&str, f64, Measure, f64); 40] = [
    ("perception.revision", 3.0, Measure::Revised, 1.0),
    ("perception.noise", 1.0, Measure::Misjudged, 1.0),
    ("perception.credence", 1.0, Measure::Impressed, 1.0),
    ("threat.floor", 2.0, Measure::CommonEnemy, -1.0),
    ("threat.distance", 4.0, Measure::Meeting, 1.0),
    ("negotiation.contact", 0.8, Measure::Talks, 1.0),
    ("leak.rate", 0.4, Measure::Leaks, 1.0),
    ("choice.scale", 6.0, Measure::Reasons, 1.0),
    ("choice.precision", 60.0, Measure::SureOfStances, 1.0),
    ("choice.looks", 30.0, Measure::Changes, 1.0),
    ("choice.hysteresis", 1.0, Measure::ChangesOfWar, -1.0),
    ("choice.hysteresis_of_rivalry", 3.0, Measure::ChangesBetween, -1.0),
    ("choice.bond", 8.0, Measure::Left, -1.0),
    ("choice.patronage", 0.0, Measure::CutOffs, -1.0),
    ("choice.hardening", 0.0, Measure::Resumed, -1.0),
    ("choice.disposition", 4.0, Measure::Wars, -1.0),
    ("choice.intensity", 5.0, Measure::OldWars, 1.0),
    ("choice.memory", 5.0, Measure::Changes, -1.0),
    ("choice.upheaval", 1.0, Measure::Moved, 1.0),
    ("accords.review", 0.3, Measure::Statuses, 1.0),
    ("accords.precision", 40.0, Measure::SureOfAccords, 1.0),
    ("accords.proposal", 0.5, Measure::Proposals, 1.0),
    ("succession.fall", 0.5, Measure::Moved, 1.0),
    ("dissolution.remnant", 1.0, Measure::GivenUp, 1.0),
    ("redeployment.mobility", 1.0, Measure::Marched, 1.0),
    ("redeployment.home", 0.0, Measure::Marched, -1.0),
    ("shocks.common", 1.5, Measure::Uneven, 1.0),
    ("clashes.rate", 2.0, Measure::Deaths, 1.0),
    ("offensives.readiness", 1.0, Measure::Offensives, 1.0),
    ("offensives.precision", 100.0, Measure::SureOfAttacks, 1.0),
    ("offensives.caution", 0.5, Measure::Offensives, -1.0),
    ("offensives.starvation", 1.0, Measure::Deserted, 1.0),
    ("offensives.fall", 0.9, Measure::Hands, 1.0),
    ("offensives.momentum", 1.0, Measure::Hands, 1.0),
    ("control.contested", 0.4, Measure::Fronts, 1.0),
    ("support.rate", 0.1, Measure::Support, 1.0),
    ("economy.gifts", 5.0, Measure::Popular, 1.0),
    ("hostility.losses", 1.0, Measure::Feuds, 1.0),
    ("cohesion.losses", 2.0, Measure::Cohesion, -1.0),
    ("drift.allies", 0.1, Measure::Alike, 1.0),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Measure {
    /// Mean distance of beliefs from strengths, in logarithms.
    Misjudged,
    /// How far beliefs move, four weeks by four weeks, in logarithms.
    Revised,
    /// Mean logarithm of beliefs over strengths.
    Impressed,
    /// What common enemies weigh in choices of stances.
    CommonEnemy,
    /// What all reasons weigh.
    Reasons,
    /// How far the probabilities of such choices are from an even chance.
    SureOfStances,
    SureOfAccords,
    SureOfAttacks,
    /// How much forces meet.
    Meeting,
    Talks,
    Leaks,
    /// Changes of stance; of them those from and to war, between rivalry and neutrality, and away from commitments.
    Changes,
    ChangesOfWar,
    ChangesBetween,
    Left,
    CutOffs,
    Resumed,
    /// Wars, and of those of the start that cost many lives, at the end.
    Wars,
    OldWars,
    /// Pairs that stand otherwise than at the start.
    Moved,
    /// Changes of status in accords.
    Statuses,
    Proposals,
    GivenUp,
    /// How much of each force stands elsewhere than at the start.
    Marched,
    /// How much the second year's deaths differ from the first's.
    Uneven,
    Deaths,
    Offensives,
    Deserted,
    Hands,
    /// How much shares of control move, four weeks by four weeks.
    Fronts,
    /// How much support differs from the start.
    Support,
    /// Share of people who support anybody.
    Followers,
    /// By how much stronger those have grown who have won support than those who have lost it.
    Popular,
    /// By how much hostility has grown more between those at war than between those who were and have ceased.
    Feuds,
    Cohesion,
    /// By how much nearer in alignment allies are than at the start.
    Alike,
}

/// What happens in a run.
#[derive(Default)]
struct Course {
    counts: BTreeMap<Measure, f64>,
    means: BTreeMap<Measure, (f64, f64)>,
    fought: Vec<(FactionId, FactionId)>,
}

impl Course {
    fn count(&mut self, what: Measure) {
        *self.counts.entry(what).or_default() += 1.0;
    }

    fn average(&mut self, what: Measure, value: f64) {
        let (sum, count) = self.means.entry(what).or_default();
        *sum += value;
        *count += 1.0;
    }
}

impl Trace for Course {
    fn decided(&mut self, decision: &Decision) -> bool {
        let sure = (decision.probability - 0.5).abs();
        match decision.kind {
            DecisionKind::StepDown | DecisionKind::Cease => {
                self.average(Measure::SureOfStances, sure);
                self.average(Measure::CommonEnemy, decision.terms[0].abs());
                self.average(Measure::Reasons, decision.terms[..10].iter().map(|term| term.abs()).sum());
            }
            DecisionKind::Accord => self.average(Measure::SureOfAccords, sure),
            DecisionKind::Attack => self.average(Measure::SureOfAttacks, sure),
            DecisionKind::GiveUp if decision.yes() => self.count(Measure::GivenUp),
            _ => {}
        }
        decision.yes()
    }

    fn happened(&mut self, happening: Happening) {
        match happening.kind {
            HappeningKind::StanceChanged { between: (a, b), from, to } => {
                let pair = (a.min(b), a.max(b));
                self.count(Measure::Changes);
                if from == Stance::War || to == Stance::War {
                    self.count(Measure::ChangesOfWar);
                }
                if from == Stance::War {
                    self.fought.push(pair);
                } else if to == Stance::War && self.fought.contains(&pair) {
                    self.count(Measure::Resumed);
                }
                let between = |stance| matches!(stance, Stance::Rivalry | Stance::Neutral);
                if between(from) && between(to) {
                    self.count(Measure::ChangesBetween);
                }
                if from >= Stance::Pact && to < from {
                    self.count(Measure::Left);
                }
            }
            HappeningKind::TalksOpened { .. } => self.count(Measure::Talks),
            HappeningKind::Leaked { .. } => self.count(Measure::Leaks),
            HappeningKind::CutOff { .. } => self.count(Measure::CutOffs),
            HappeningKind::Offensive { .. } => self.count(Measure::Offensives),
            HappeningKind::ControlChanged { .. } => self.count(Measure::Hands),
            HappeningKind::AccordStatus { to, .. } => {
                self.count(Measure::Statuses);
                if to == PartyStatus::Proposed {
                    self.count(Measure::Proposals);
                }
            }
            _ => {}
        }
    }
}

fn apart(now: &[f64], before: &[f64]) -> f64 {
    now.iter().zip(before).map(|(a, b)| (a - b).abs()).sum()
}

fn of_run(scenario: &Scenario, runner: &mut Runner) -> BTreeMap<Measure, f64> {
    let mut course = Course::default();
    let start = runner.world().clone();
    let (mut first, mut fronts, mut revised) = (0.0, 0.0, 0.0);
    let logs = |world: &World| world.belief.values().iter().map(|belief| ln(belief.max(1.0))).collect::<Vec<f64>>();
    for week in (4..=WEEKS).step_by(4) {
        let (before, believed) = (runner.world().control.clone(), logs(runner.world()));
        pass(runner, week, &mut course);
        revised += apart(&logs(runner.world()), &believed);
        fronts += apart(runner.world().control.values(), before.values());
        if week == WEEKS / 2 {
            first = runner.world().tally.deaths.iter().sum();
        }
    }
    course.counts.extend([(Measure::Fronts, fronts), (Measure::Revised, revised)]);
    let Course { mut counts, means, .. } = course;
    counts.extend(means.into_iter().map(|(what, (sum, count))| (what, sum / count)));
    at_the_end(scenario, &start, runner.world(), first, &mut counts);
    counts
}

fn at_the_end(scenario: &Scenario, start: &World, end: &World, first: f64, found: &mut BTreeMap<Measure, f64>) {
    let factions: Vec<FactionId> = scenario.setting.factions.ids().filter(|own| end.alive[*own]).collect();
    let pairs: Vec<(PairId, FactionId, FactionId)> =
        PairId::all(end.factions()).filter(|(_, a, b)| factions.contains(a) && factions.contains(b)).collect();
    let mut put = |what: Measure, value: f64| {
        found.insert(what, value);
    };
    let deaths: f64 = end.tally.deaths.iter().sum();
    put(Measure::Deaths, deaths);
    put(Measure::Uneven, ln((deaths - first + 1.0) / (first + 1.0)).abs());
    put(Measure::Deserted, end.tally.deserted);
    put(Measure::Support, apart(end.support.values(), start.support.values()));
    let share = |world: &World| {
        let factions = world.factions();
        let of = |place: usize, fighters: f64| fighters / world.strength.values()[place % factions].max(1.0);
        world.presence.values().iter().enumerate().map(|(place, fighters)| of(place, *fighters)).collect::<Vec<f64>>()
    };
    put(Measure::Marched, apart(&share(end), &share(start)));
    put(Measure::Cohesion, factions.iter().map(|own| end.cohesion[*own]).sum());
    let followers = |world: &World, own: Option<FactionId>| -> f64 {
        let rows = world.support.values().chunks_exact(world.factions()).zip(world.at_home.values());
        rows.map(|(row, people)| people * own.map_or(row.iter().sum::<f64>(), |own| row[own.index()])).sum()
    };
    put(Measure::Followers, followers(end, None));
    let popular = |own: &FactionId| {
        let gained = followers(end, Some(*own)) - followers(start, Some(*own));
        gained.signum() * ln(end.strength[*own].max(1.0) / start.strength[*own].max(1.0))
    };
    put(Measure::Popular, factions.iter().filter(|own| end.character[**own].recruits).map(popular).sum());
    let sum = |of: &dyn Fn(FactionId, FactionId) -> f64| -> f64 {
        pairs.iter().map(|(_, a, b)| of(*a, *b) + of(*b, *a)).sum::<f64>() / pairs.len() as f64
    };
    put(Measure::Meeting, sum(&|a, b| end.reach[(a, b)]));
    let wrong = |a: FactionId, b: FactionId| ln(end.belief[(a, b)].max(1.0) / end.strength[b].max(1.0));
    put(Measure::Misjudged, sum(&|a, b| wrong(a, b).abs()));
    put(Measure::Impressed, sum(&wrong));
    let stands = |world: &World, pair: PairId| world.tie[pair].stance;
    let counted = |so: &dyn Fn(PairId) -> bool| pairs.iter().filter(|(pair, ..)| so(*pair)).count() as f64;
    put(Measure::Wars, counted(&|pair| stands(end, pair) == Stance::War));
    put(Measure::Moved, counted(&|pair| stands(end, pair) != stands(start, pair)));
    let grown = |war: bool| {
        let of = pairs.iter().filter(|(pair, ..)| stands(start, *pair) == Stance::War);
        let of = of.filter(|(pair, ..)| (stands(end, *pair) == Stance::War) == war);
        let grown: Vec<f64> = of.map(|(_, a, b)| end.hostility[(*a, *b)] - start.hostility[(*a, *b)]).collect();
        grown.iter().sum::<f64>() / grown.len().max(1) as f64
    };
    put(Measure::Feuds, grown(true) - grown(false));
    let fierce =
        |pair: PairId| scenario.setting.fought.iter().any(|(of, deaths)| of.contains(&pair) && *deaths > 100.0);
    put(Measure::OldWars, counted(&|pair| fierce(pair) && stands(end, pair) == Stance::War));
    let allies = pairs.iter().filter(|(pair, ..)| stands(end, *pair) == Stance::Alliance);
    put(Measure::Alike, allies.map(|(_, a, b)| start.distance(*a, *b) - end.distance(*a, *b)).sum());
}

#[test]
fn higher_values_do_what_is_said_of_them() {
    let measured = |set: &[&str], replicates| {
        let scenario = shipped_as("northern-mali-2023.toml", None, set);
        each(&scenario, replicates, |runner| of_run(&scenario, runner))
    };
    let usual = measured(&[], MANY);
    let defaults: BTreeMap<String, f64> = (Behaviour::default().sections().into_iter())
        .flat_map(|(section, table, values)| {
            table.iter().zip(values).map(move |(weight, value)| (format!("{section}.{}", weight.name), value))
        })
        .collect();
    let mut broken = Vec::new();
    for (weight, value, measure, sign) in PROMISES {
        let of = |run: &BTreeMap<Measure, f64>| run.get(&measure).copied().unwrap_or(0.0);
        let pulls = |replicates| {
            let other = measured(&[&format!("behaviour.{weight}={value:?}")], replicates);
            let differences: Vec<f64> = other.iter().zip(&usual).map(|(other, usual)| of(other) - of(usual)).collect();
            standard_errors(&differences) * sign * (value - defaults[weight]).signum()
        };
        // What a few runs leave open, more of them tell.
        let pull = Some(pulls(REPLICATES)).filter(|pull| *pull >= 2.5).unwrap_or_else(|| pulls(MANY));
        if pull < 2.5 {
            broken.push(format!("{weight} at {value} pulls {measure:?} by {pull:.1} standard errors"));
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_promise_is_measured() {
    for (section, table, _) in Behaviour::default().sections() {
        for weight in table.iter().filter(|weight| weight.meaning.contains("Higher values")) {
            let name = format!("{section}.{}", weight.name);
            assert!(PROMISES.iter().any(|(promised, ..)| *promised == name), "nothing measures what `{name}` promises");
        }
    }
}
