//! What the model does, held against what is known of such wars: the tables of `docs/validity.md`. A number says how many
//! replicates.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    missing_docs,
    reason = "it prints, and fails by panicking"
)]

use entente::base::maths::ln;
use entente::base::{FactionId, Id, PairId, ZoneId};
use entente::engine::{Model, Runner};
use entente::measure::Keep;
use entente::mechanism::Trace;
use entente::scenario::{Overrides, Scenario};
use entente::world::{Happening, HappeningKind, PartyStatus, Setting, Stance};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::Path;

const FLAGSHIP: &str = "northern-mali-2023.toml";
const STANDOFF: &str = "three-way-standoff.toml";

/// No reasons, offensives or scheduled events: what is left are tastes, peace that hardens, upheavals and times.
const UNREASONED: [&str; 6] = [
    "behaviour.choice.scale=0",
    "behaviour.choice.losses=0",
    "behaviour.offensives.spoils=0",
    "behaviour.offensives.readiness=0",
    "behaviour.defection.rate=0",
    "behaviour.dissolution.rate=0",
];
/// Nothing is decided, and times are as usual.
const STILL: [&str; 8] = [
    "behaviour.shocks.common=0",
    "behaviour.shocks.own=0",
    "behaviour.choice.looks=0",
    "behaviour.choice.upheaval=0",
    "behaviour.negotiation.contact=0",
    "behaviour.merger.rate=0",
    "behaviour.split.splinter=0",
    "behaviour.succession.fall=0",
];

fn shipped(name: &str, set: &[String]) -> Scenario {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("configs").join(name);
    // Whatever is asked for on the command line holds throughout: `cargo bench --bench validity -- behaviour.choice.upheaval=0.05`.
    let asked = std::env::args().skip(1).filter(|argument| argument.contains('='));
    let set = set.iter().cloned().chain(asked).collect();
    let overrides = Overrides { set, variant: None };
    Scenario::load(&path, &overrides).unwrap_or_else(|problems| panic!("{problems}"))
}

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(|text| (*text).to_owned()).collect()
}

/// The scenario's events with no chance at all.
fn without_events(name: &str) -> Vec<String> {
    let events = shipped(name, &[]).file.event;
    let set = |(id, per_year): (&str, bool)| format!("event.{id}.{}=0", if per_year { "per_year" } else { "chance" });
    events.iter().map(|event| set((&event.id, event.per_year.is_some()))).collect()
}

/// What is kept of a run.
#[derive(Default)]
struct Kept {
    /// Deaths by type in each year of 52 weeks.
    deaths: Vec<[f64; 3]>,
    /// Of each pair, whether fighting between the two cost 25 lives in each year, and how they stood at its end.
    active: Vec<Vec<bool>>,
    war: Vec<Vec<bool>>,
    /// People displaced, by whether they are abroad, at each year's end and the start.
    displaced: Vec<[f64; 2]>,
    control: Vec<Vec<f64>>,
    strength: Vec<Vec<f64>>,
    answers: Vec<f64>,
    changes: Vec<(u32, usize, Option<FactionId>)>,
    seen: BTreeMap<&'static str, usize>,
    step: u32,
    /// Who lost each zone last, for what is retaken.
    lost: BTreeMap<usize, Vec<FactionId>>,
    fought: Vec<(FactionId, FactionId)>,
}

impl Kept {
    fn count(&mut self, what: &'static str) {
        *self.seen.entry(what).or_default() += 1;
    }
}

impl Trace for Kept {
    fn begins(&mut self, step: u32) {
        self.step = step;
    }

    fn happened(&mut self, happening: Happening) {
        match happening.kind {
            HappeningKind::StanceChanged { between, from, to } => {
                let pair = if between.0 < between.1 { between } else { (between.1, between.0) };
                if to == Stance::War {
                    self.count(if self.fought.contains(&pair) { "a war resumes" } else { "a war begins" });
                    self.fought.push(pair);
                }
                if from == Stance::War {
                    self.count("a war ends");
                    self.fought.push(pair);
                }
                match (from, to) {
                    (Stance::Alliance, Stance::War) => self.count("allies go to war"),
                    (Stance::Pact, Stance::War) => self.count("a pact turns to war"),
                    _ => {}
                }
                if to == Stance::Pact && from < to {
                    self.count("a pact is made");
                }
                if to == Stance::Alliance {
                    self.count("an alliance is made");
                }
                if from >= Stance::Pact && to < from {
                    self.count("a commitment is left");
                }
            }
            HappeningKind::Merged { .. } => self.count("factions merge"),
            HappeningKind::Split { .. } => self.count("a faction splits"),
            HappeningKind::LeftUmbrella { .. } => self.count("a member leaves its umbrella"),
            HappeningKind::Offensive { .. } => self.count("an offensive begins"),
            HappeningKind::Siege { .. } => self.count("a place is besieged"),
            HappeningKind::Repelled { .. } => self.count("an offensive is repelled"),
            HappeningKind::ControlChanged { zone, from, to } => {
                self.changes.push((self.step, zone.index(), to));
                self.count("a place changes hands");
                let losers = self.lost.entry(zone.index()).or_default();
                let back = to.is_some_and(|to| losers.contains(&to));
                losers.extend(from);
                if back {
                    self.count("a place is retaken");
                }
            }
            HappeningKind::AccordStatus { from, to, .. } => match (from, to) {
                (PartyStatus::Active, PartyStatus::Suspended) => self.count("a party suspends its part in an accord"),
                (PartyStatus::Suspended, PartyStatus::Active) => self.count("a party takes it up again"),
                (_, PartyStatus::Withdrawn) => self.count("a party leaves an accord"),
                (_, PartyStatus::Proposed) => self.count("a party is asked to sign an accord"),
                (PartyStatus::Proposed, PartyStatus::Active) => self.count("a party signs an accord"),
                _ => {}
            },
            HappeningKind::Upheaval { .. } => self.count("an upheaval between two"),
            HappeningKind::Succession { .. } => self.count("a leader falls"),
            HappeningKind::Takeover { .. } => self.count("a member takes over its umbrella"),
            HappeningKind::Defection { .. } => self.count("a commander changes sides"),
            HappeningKind::CutOff { .. } => self.count("a sponsor cuts a client off"),
            HappeningKind::Gone { .. } => self.count("a faction is no more"),
            _ => {}
        }
    }
}

fn one(setting: &Setting, runner: &mut Runner, replicate: u64) -> Kept {
    let mut kept = Kept::default();
    runner.begin(20_230_123, replicate);
    let pairs = PairId::count(setting.factions.len());
    kept.fought = PairId::all(setting.factions.len())
        .filter(|(pair, ..)| runner.world().tie[*pair].stance == Stance::War)
        .map(|(_, low, high)| (low, high))
        .collect();
    let (mut before, mut by_type) = (vec![0.0; pairs], [0.0; 3]);
    loop {
        let world = runner.world();
        if world.step.is_multiple_of(52) {
            if world.step > 0 {
                let year = std::array::from_fn(|kind| world.tally.deaths[kind] - by_type[kind]);
                by_type = world.tally.deaths;
                kept.deaths.push(year);
                let dyads = world.tally.dyad.values();
                kept.active.push(dyads.iter().zip(&before).map(|(now, before)| now - before >= 25.0).collect());
                before.copy_from_slice(dyads);
                kept.war.push(world.tie.values().iter().map(|tie| tie.stance == Stance::War).collect());
            }
            let mut displaced = [0.0; 2];
            for (cell, traits) in setting.cells.iter() {
                for ((zone, _), people) in traits.refuges.iter().zip(world.displaced.row(cell)) {
                    displaced[usize::from(Some(setting.zones[*zone].country) != setting.home_country)] += people;
                }
            }
            kept.displaced.push(displaced);
            kept.control.push(world.control.values().to_vec());
            kept.strength.push(world.strength.values().to_vec());
        }
        if runner.at_horizon() {
            break;
        }
        runner.step(&mut kept).unwrap();
    }
    kept.answers = runner.answers().iter().map(|answer| answer.value).collect();
    kept
}

fn runs(scenario: &Scenario, replicates: u64) -> Vec<Kept> {
    let model = Model::of(scenario);
    let runner = || Runner::new(&model, Keep::ANSWERS);
    (0..replicates)
        .into_par_iter()
        .map_init(runner, |runner, replicate| one(&scenario.setting, runner, replicate))
        .collect()
}

fn quantile(values: &[f64], at: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[((sorted.len() - 1) as f64 * at).round() as usize]
}

fn share(count: usize, of: usize) -> String {
    format!("{:.3}", count as f64 / of.max(1) as f64)
}

fn row(cells: &[String]) {
    println!("| {} |", cells.join(" | "));
}

/// How far control of a zone by a party, and a party's strength, are from the start, on average over runs.
fn drift(scenario: &Scenario, kept: &[Kept], year: usize) -> (f64, f64) {
    let setting = &scenario.setting;
    let factions = setting.factions.len();
    let party = |faction: usize| match setting.initial.umbrella[FactionId::from_index(faction)] {
        Some(umbrella) => umbrella.index(),
        None => setting.umbrellas.len() + faction,
    };
    let parties = setting.umbrellas.len() + factions;
    let sum = |pick: &dyn Fn(&Kept) -> &Vec<f64>, rows: usize| {
        let mut sums = vec![0.0; rows * parties];
        for kept in kept {
            for (place, value) in pick(kept).iter().enumerate() {
                sums[place / factions * parties + party(place % factions)] += value;
            }
        }
        sums
    };
    let zones = setting.zones.len();
    let n = kept.len() as f64;
    let (start, end) = (sum(&|kept| &kept.control[0], zones), sum(&|kept| &kept.control[year], zones));
    let moved = start.iter().zip(&end).map(|(a, b)| (a - b).abs() / n).fold(0.0, f64::max);
    let (start, end) = (sum(&|kept| &kept.strength[0], 1), sum(&|kept| &kept.strength[year], 1));
    let grown = start.iter().zip(&end).filter(|(a, _)| **a > 0.0).map(|(a, b)| (b / a - 1.0).abs());
    (moved, grown.fold(0.0, f64::max))
}

/// Of pairs that were active a year ago, how many are; of those that stopped so many years ago, how many are again.
fn rates(kept: &[Kept]) -> (String, Vec<String>) {
    let (mut stay, mut all) = (0, 0);
    let mut back = [(0, 0); 11];
    for kept in kept {
        for pair in 0..kept.active[0].len() {
            let mut last: Option<usize> = None;
            for (year, active) in kept.active.iter().enumerate() {
                let now = active[pair];
                match last.map(|last| year - last) {
                    Some(1) => {
                        all += 1;
                        stay += usize::from(now);
                    }
                    Some(gap) => {
                        let place = &mut back[(gap - 1).min(10)];
                        place.0 += usize::from(now);
                        place.1 += 1;
                    }
                    None => {}
                }
                last = now.then_some(year).or(last);
            }
        }
    }
    let later = back[5..=10].iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    let returns = back[1..5].iter().chain([&later]).map(|(again, of)| share(*again, *of)).collect();
    (share(stay, all), returns)
}

/// Of pairs that had never fought, met and do not fight, how many are at war a year later, per year.
fn onset(scenario: &Scenario, kept: &[Kept]) -> String {
    let world = &scenario.setting.initial;
    let met: Vec<usize> = PairId::all(scenario.setting.factions.len())
        .filter(|(pair, low, high)| {
            world.alive[*low]
                && world.alive[*high]
                && world.tie[*pair].stance != Stance::War
                && scenario.setting.past[*pair].peace == Some(None)
                && world.hostility[(*low, *high)] >= 0.05
        })
        .map(|(pair, ..)| pair.index())
        .collect();
    let (mut begun, mut years) = (0, 0);
    for kept in kept {
        for pair in &met {
            for war in &kept.war {
                years += 1;
                if war[*pair] {
                    begun += 1;
                    break;
                }
            }
        }
    }
    format!("{} of {} pairs", share(begun, years), met.len())
}

fn rest(replicates: u64) {
    println!("\n## The start at rest\n");
    row(&texts(&["scenario", "weeks", "most that control of a zone by a party moved", "most that a force changed"]));
    row(&texts(&["---", "---:", "---:", "---:"]));
    for name in [FLAGSHIP, STANDOFF] {
        let set = [texts(&UNREASONED), texts(&STILL), without_events(name)].concat();
        let scenario = shipped(name, &set);
        let kept = runs(&scenario, replicates);
        for year in [1, kept[0].deaths.len()] {
            let (control, strength) = drift(&scenario, &kept, year);
            row(&[
                scenario.file.scenario.id.clone(),
                (52 * year).to_string(),
                format!("{control:.3}"),
                format!("{:.1}%", 100.0 * strength),
            ]);
        }
    }
}

fn base_rates(replicates: u64) {
    println!("\n## Wars that stop and come back, over 15 years\n");
    let heads = ["conflict", "active → active", "back after 1 year", "2", "3", "4", "5 to 10", "onset a year"];
    row(&texts(&heads));
    row(&texts(&["---", "---:", "---:", "---:", "---:", "---:", "---:", "---:"]));
    row(&texts(&["UCDP, 1989 to 2022", ".777 (Mali .671)", ".257", ".147", ".138", ".076", ".033", ".032"]));
    for name in [FLAGSHIP, "history/lebanon-1987-01.toml", "history/bosnia-1993-06.toml", STANDOFF] {
        for (what, set) in
            [("as it is", Vec::new()), ("without reasons", [texts(&UNREASONED), without_events(name)].concat())]
        {
            let horizon = vec!["scenario.horizon=\"15 years\"".to_owned()];
            let scenario = shipped(name, &[horizon, set].concat());
            let kept = runs(&scenario, replicates / 4);
            let (stays, back) = rates(&kept);
            let first = format!("{}, {what}", scenario.file.scenario.id);
            row(&[vec![first, stays], back, vec![onset(&scenario, &kept)]].concat());
        }
    }
}

fn years(scenario: &Scenario, kept: &[Kept]) {
    println!("\n## Years\n");
    let heads =
        ["year", "state-based", "non-state", "one-sided", "all", "ln ratio to the year before, sd", "displaced abroad"];
    row(&texts(&heads));
    row(&texts(&["---:", "---:", "---:", "---:", "---:", "---:", "---:"]));
    for year in 0..kept[0].deaths.len() {
        let range = |pick: &dyn Fn(&[f64; 3]) -> f64| {
            let values: Vec<f64> = kept.iter().map(|kept| pick(&kept.deaths[year])).collect();
            let at = |share| quantile(&values, share).round();
            format!("{} ({} to {})", at(0.5), at(0.1), at(0.9))
        };
        let sum = |kept: &Kept, year: usize| kept.deaths[year].iter().sum::<f64>().max(1.0);
        let ratios: Vec<f64> = match year {
            0 => Vec::new(),
            _ => kept.iter().map(|kept| ln(sum(kept, year) / sum(kept, year - 1))).collect(),
        };
        let mean = ratios.iter().sum::<f64>() / ratios.len().max(1) as f64;
        let spread = ratios.iter().map(|ratio| (ratio - mean) * (ratio - mean)).sum::<f64>();
        let spread = (spread / ratios.len().max(1) as f64).sqrt();
        let abroad = kept.iter().map(|kept| kept.displaced[year + 1][1]).sum::<f64>() / kept.len() as f64;
        row(&[
            (year + 1).to_string(),
            range(&|deaths| deaths[0]),
            range(&|deaths| deaths[1]),
            range(&|deaths| deaths[2]),
            range(&|deaths| deaths.iter().sum()),
            if year > 0 { format!("{spread:.2}") } else { String::new() },
            format!("{abroad:.0}"),
        ]);
    }
    let start = kept[0].displaced[0][1];
    println!("\nDisplaced abroad at the start: {start:.0}. Horizon: {} weeks.", scenario.setting.calendar.steps());
}

fn turns(kept: &[Kept], scenario: &Scenario) {
    println!("\n## What happens in a run ({})\n", scenario.file.scenario.id);
    row(&texts(&["what", "times in 100 runs"]));
    row(&texts(&["---", "---:"]));
    let mut all: BTreeMap<&str, usize> = BTreeMap::new();
    for kept in kept {
        for (what, count) in &kept.seen {
            *all.entry(what).or_default() += count;
        }
    }
    for (what, count) in &all {
        row(&[(*what).to_owned(), format!("{:.1}", 100.0 * *count as f64 / kept.len() as f64)]);
    }
    let mut same: BTreeMap<(u32, usize, Option<FactionId>), usize> = BTreeMap::new();
    kept.iter().flat_map(|kept| &kept.changes).for_each(|change| *same.entry(*change).or_default() += 1);
    if let Some(((step, zone, _), count)) = same.iter().max_by_key(|(_, count)| **count) {
        let name = &scenario.setting.zones[ZoneId::from_index(*zone)].name;
        println!(
            "\nThe commonest change of hands on one date: {name}, step {step}, in {} of runs.",
            share(*count, kept.len())
        );
    }
}

fn answers(scenario: &Scenario, kept: &[Kept]) -> Vec<f64> {
    let asked = 0..scenario.questions.len();
    let mean = |index: usize| kept.iter().map(|kept| kept.answers[index]).sum::<f64>() / kept.len() as f64;
    asked.filter(|index| scenario.questions[*index].yes_no()).map(mean).collect()
}

fn validity(replicates: u64) {
    println!("{replicates} replicates, seed 20230123.");
    rest(replicates / 10);
    base_rates(replicates);
    let scenario = shipped(FLAGSHIP, &[]);
    let kept = runs(&scenario, replicates);
    years(&scenario, &kept);
    turns(&kept, &scenario);
    let answers = answers(&scenario, &kept);
    let within = |low: f64, high: f64| answers.iter().filter(|share| (low..=high).contains(*share)).count();
    println!("\n## Answers\n");
    println!(
        "Of {} yes/no answers {} are between 1 and 99%, {} are exactly 0 and {} exactly 100%.",
        answers.len(),
        within(0.01, 0.99),
        within(0.0, 0.0),
        within(1.0, 1.0)
    );
    let set = [texts(&UNREASONED), without_events(FLAGSHIP)].concat();
    let forecaster = runs(&shipped(FLAGSHIP, &set), replicates);
    let first: Vec<f64> = forecaster.iter().map(|kept| kept.deaths[0].iter().sum()).collect();
    let changes: usize = forecaster.iter().map(|kept| kept.changes.len()).sum();
    println!(
        "\nWithout reasons, offensives and events: {:.0} deaths in the first year (80% of runs {:.0} to {:.0}), {} changes of hands a run.",
        quantile(&first, 0.5),
        quantile(&first, 0.1),
        quantile(&first, 0.9),
        share(changes, forecaster.len())
    );
}

fn main() {
    let number = std::env::args().skip(1).find_map(|argument| argument.parse().ok());
    validity(number.unwrap_or(2000));
}
