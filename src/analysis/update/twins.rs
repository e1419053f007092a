//! Twins: facts are drawn from a hidden run, and what is said of it after them is held against how it ended.

use super::*;
use crate::base::maths::{exp, ln_1p};
use crate::experiment::{Control, Inputs, Study};
use crate::measure::{Ask, Quantity, Unit};
use crate::random::sample::normal;
use crate::random::{DrawKey, Purpose, Source};
use crate::record::Memory;
use crate::scenario::{Overrides, Scenario};

const STANDOFF: &str = include_str!("../../../configs/three-way-standoff.toml");
const RUNS: usize = 1200;
const TWINS: usize = 200;
const ERROR: f64 = 0.3;

fn deaths(moment: u32) -> Question {
    let quantity = Quantity::Deaths { kind: None, between: None, zone: None, country: None };
    Question { id: format!("deaths-{moment}"), ask: Ask::Amount(quantity), moment }
}

#[test]
fn four_of_five_hidden_runs_end_where_the_update_says_and_nearer_than_before() {
    let overrides = Overrides { set: vec!["scenario.horizon=\"1 year\"".into()], variant: None };
    let scenario =
        Scenario::from_text("standoff.toml", STANDOFF, &overrides).unwrap_or_else(|problems| panic!("{problems}"));
    let study = Study::new(scenario).replicates(1).seed(8).inputs(Inputs::Best);
    let results = study.run(&mut Memory::default(), &Control::default()).unwrap().results;
    let target = Target::of(results, None, 0).unwrap();
    let moments = [13, 26, 52];
    let replicates: Vec<u64> = (0..(RUNS + TWINS) as u64).collect();
    let asked = Reasked::new(&target, moments.map(deaths).into()).unwrap().answers(&replicates).unwrap();
    let runs: Vec<[f64; 3]> = asked.iter().map(|run| [0, 1, 2].map(|place| run[place].value)).collect();
    let (known, hidden) = runs.split_at(RUNS);
    let families: Vec<u64> = (0..RUNS as u64).collect();
    let ends: Vec<f64> = known.iter().map(|run| run[2]).collect();
    let before = WeightedRuns::new(&[0.0; RUNS], &families).unwrap();
    let (mut covered, mut off, mut off_before, mut width) = (0, 0.0, 0.0, 0.0);
    for (twin, truth) in hidden.iter().enumerate() {
        let mut draws = Source::new(3, twin as u64).sequence(Purpose::Resampling, DrawKey::whole(), 0);
        let reports = [0, 1].map(|place: usize| Reported::Amount {
            amount: (exp(ln_1p(truth[place]) + ERROR * normal(draws.uniform())) - 1.0).max(0.0),
            error: ERROR,
            unit: Unit::People,
        });
        let ln = |run: &[f64; 3]| reports.iter().zip(run).map(|(report, says)| ln_likelihood(report, *says)).sum();
        let after = WeightedRuns::new(&known.iter().map(ln).collect::<Vec<f64>>(), &families).unwrap();
        let [low, middle, high] = [0.1, 0.5, 0.9].map(|share| after.quantile(&ends, share));
        covered += usize::from((low..=high).contains(&truth[2]));
        let distance = |guess: f64| (ln_1p(guess) - ln_1p(truth[2])).abs();
        off += distance(middle);
        off_before += distance(before.quantile(&ends, 0.5));
        width += (high - low) / (before.quantile(&ends, 0.9) - before.quantile(&ends, 0.1));
    }
    // Three standard errors of a share of 0.8 over 200 twins.
    let share = covered as f64 / TWINS as f64;
    assert!((share - 0.8).abs() < 0.085, "{covered} of {TWINS} are covered");
    assert!(off < 0.8 * off_before, "{off} after and {off_before} before");
    assert!(width < 0.9 * TWINS as f64, "ranges are {} as wide as before", width / TWINS as f64);
}

#[test]
fn intervals_hold_what_ever_more_runs_say() {
    // An amount with a fact about its first half: what the weighted share of a large ensemble is, intervals of small ones hold.
    let draw = |replicate: u64| {
        let mut draws = Source::new(4, replicate).sequence(Purpose::Resampling, DrawKey::whole(), 0);
        let first = normal(draws.uniform());
        (first, f64::from(u8::from(first + normal(draws.uniform()) > 0.5)))
    };
    let weighed = |replicates: std::ops::Range<u64>| {
        let runs: Vec<(f64, f64)> = replicates.clone().map(draw).collect();
        let ln: Vec<f64> = runs.iter().map(|(first, _)| -0.5 * (first - 0.8) * (first - 0.8) / 0.16).collect();
        let values: Vec<f64> = runs.iter().map(|(_, yes)| *yes).collect();
        WeightedRuns::new(&ln, &replicates.collect::<Vec<_>>()).unwrap().share(&values, CONFIDENCE)
    };
    let truth = weighed(0..200_000).value;
    let covered = (0..300).filter(|set| weighed(200 * set..200 * (set + 1)).interval().contains(truth)).count();
    // 95% of 300 less three standard errors.
    assert!((274..=300).contains(&covered), "{covered} of 300 hold {truth}");
}
