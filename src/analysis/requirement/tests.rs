//! Planted models, of which the least change is known.

use super::search::{Move, STEPS, Searched, Settings, Simulator, Way, search};
use crate::random::{DrawKey, Purpose, Source};
use std::convert::Infallible;
use std::ops::Range;

/// A chance of passing as a function of how far each way is gone, 0 to 1.
struct Planted<F: Fn(&[f64]) -> f64> {
    ways: usize,
    chance: F,
    /// Whether luck is of the replicate, or of the point too.
    common: bool,
    seed: u64,
    runs: u64,
}

impl<F: Fn(&[f64]) -> f64> Simulator for Planted<F> {
    type Error = Infallible;

    fn run(&mut self, _: &str, points: &[Vec<Move>], window: Range<u64>) -> Result<Vec<Vec<f64>>, Infallible> {
        self.runs += points.len() as u64 * (window.end - window.start);
        let values = |point: &Vec<Move>| {
            let mut at = vec![0.0; self.ways];
            point.iter().for_each(|one| at[one.way] = f64::from(one.steps) / f64::from(STEPS));
            let who = if self.common { String::new() } else { format!("{point:?}") };
            let chance = (self.chance)(&at);
            let luck = |replicate| {
                let source = Source::new(self.seed, replicate);
                source.sequence(Purpose::Resampling, DrawKey::named("planted", &who), 0).uniform()
            };
            window.clone().map(|replicate| f64::from(u8::from(luck(replicate) < chance))).collect()
        };
        Ok(points.iter().map(values).collect())
    }
}

fn planted<F: Fn(&[f64]) -> f64>(ways: usize, chance: F) -> Planted<F> {
    Planted { ways, chance, common: true, seed: 3, runs: 0 }
}

fn even(ways: usize) -> Vec<Way> {
    (0..ways).map(|lever| Way { lever, cost: 1.0, whole: false }).collect()
}

fn found<F: Fn(&[f64]) -> f64>(mut model: Planted<F>, ways: &[Way], settings: &Settings) -> (Searched, Planted<F>) {
    let Ok(searched) = search(&mut model, ways, settings);
    (searched, model)
}

const CLOSE: Settings = Settings { line: 0.5, replicates: 4000, runs: 1_000_000, margin: 0.0 };

#[test]
fn the_least_change_of_one_lever_is_found_within_a_budget() {
    // Of 40 ways the one with the number 7 needs least: 0.2 + 0.6 t passes a half at t = 0.5. The others need two thirds or more.
    let slope = |way: usize| if way == 7 { 0.6 } else { 0.45 * way as f64 / 40.0 };
    let model = planted(40, |at: &[f64]| 0.2 + at.iter().enumerate().map(|(way, t)| slope(way) * t).sum::<f64>());
    let (searched, model) = found(model, &even(40), &Settings { runs: 400_000, ..CLOSE });
    let best = &searched.options[0];
    assert_eq!((best.moves.len(), best.moves[0].way), (1, 7));
    assert!((best.cost - 0.5).abs() < 0.04, "{best:?}");
    assert!(model.runs == searched.runs && searched.runs <= 400_000 && !searched.exhausted, "{}", searched.runs);
    let costs: Vec<f64> = searched.options.iter().map(|option| option.cost).collect();
    assert!(costs.is_sorted());
    let front: Vec<(f64, f64)> = searched.front.iter().map(|tried| (tried.cost, tried.share)).collect();
    assert!(front.windows(2).all(|two| two[0].0 < two[1].0 && two[0].1 < two[1].1), "{front:?}");
}

#[test]
fn costs_decide_and_a_whole_way_is_gone_as_a_whole() {
    let model = || planted(3, |at: &[f64]| 0.3 + 0.4 * at[0] + 0.4 * at[1] + if at[2] > 0.99 { 0.25 } else { 0.0 });
    let mut ways = even(3);
    ways[1].cost = 0.6;
    ways[2] = Way { lever: 2, cost: 0.5, whole: true };
    let (searched, _) = found(model(), &ways, &CLOSE);
    // By the first 0.5, by the second 0.3, by the third 0.5.
    assert_eq!(searched.options[0].moves[0].way, 1);
    assert!((searched.options[0].cost - 0.3).abs() < 0.03);
    let whole = searched.options.iter().find(|option| option.moves == [Move { way: 2, steps: STEPS }]);
    assert!(whole.is_some_and(|whole| (whole.cost - 0.5).abs() < 1e-12));
    ways[2].cost = 0.1;
    assert_eq!(found(model(), &ways, &CLOSE).0.options[0].moves[0].way, 2);
}

#[test]
fn a_pair_is_found_where_no_lever_is_enough() {
    // Each adds at most 0.2, so a half takes both: 0.2 (x + y) = 0.3, with the first half as dear.
    let model = planted(4, |at: &[f64]| 0.2 + 0.2 * (at[0] + at[1]) + 0.01 * (at[2] + at[3]));
    let mut ways = even(4);
    ways[0].cost = 0.5;
    let (searched, _) = found(model, &ways, &CLOSE);
    let best = &searched.options[0];
    assert_eq!(best.moves.iter().map(|one| one.way).collect::<Vec<_>>(), [0, 1]);
    // All of the cheap one, and half of the other: 0.5 + 0.5.
    assert!((best.cost - 1.0).abs() < 0.1, "{best:?}");
    assert!(best.moves[0].steps > 56, "{best:?}");
    assert!(searched.options.iter().all(|option| option.moves.len() == 2));
}

#[test]
fn levers_that_work_together_only_are_found_and_their_least_change_too() {
    let model = planted(2, |at: &[f64]| 0.1 + 0.8 * at[0] * at[1]);
    let (searched, _) = found(model, &even(2), &CLOSE);
    let best = &searched.options[0];
    // x y = ½ with the least x + y is at x = y = 0.707.
    assert!((best.cost - 1.414).abs() < 0.06, "{best:?}");
    assert_eq!(best.moves.len(), 2);
}

#[test]
fn it_says_so_if_nothing_is_enough_and_how_far_the_best_gets() {
    let model = planted(5, |at: &[f64]| 0.1 + 0.05 * at.iter().sum::<f64>());
    let (searched, _) = found(model, &even(5), &CLOSE);
    assert!(searched.options.is_empty() && !searched.exhausted);
    let best = searched.furthest.unwrap_or_else(|| panic!("points were tried"));
    assert!((best.share - 0.2).abs() < 0.02 && best.moves.len() == 2, "{best:?}");
    // Where nothing matters, no run ends otherwise.
    let (nothing, _) = found(planted(3, |_: &[f64]| 0.3), &even(3), &CLOSE);
    assert!(nothing.screened.iter().all(|way| way.flips <= 0.0 && way.n == 4000));
    let (already, model) = found(planted(3, |_: &[f64]| 0.6), &even(3), &CLOSE);
    assert!(already.baseline.is_some_and(|how| how.share > 0.5) && already.screened.is_empty() && model.runs == 4000);
}

#[test]
fn a_budget_is_kept_and_what_it_cuts_is_said() {
    let model = planted(20, |at: &[f64]| 0.2 + 0.03 * at.iter().sum::<f64>());
    let (searched, model) = found(model, &even(20), &Settings { runs: 20_000, ..CLOSE });
    assert!(searched.exhausted && model.runs <= 20_000 && model.runs == searched.runs);
}

#[test]
fn a_hump_along_a_way_is_told() {
    let model = planted(2, |at: &[f64]| 0.2 + if at[0] > 0.4 && at[0] < 0.6 { 0.4 } else { 0.0 } + 0.1 * at[1]);
    let (searched, _) = found(model, &even(2), &CLOSE);
    assert_eq!(searched.bumpy, [0]);
    assert!((searched.options[0].cost - 0.4).abs() < 0.03);
}

#[test]
fn fresh_replicates_know_nothing_of_the_winners_luck() {
    // Whatever is moved, the chance is 0.4, and luck is of each point by itself: some point passes 0.42 by luck.
    let (trials, n) = (120, 200);
    let settings = Settings { line: 0.42, replicates: n, runs: 60_000, margin: 0.0 };
    let (mut searched_sum, mut fresh_sum, mut winners) = (0.0, 0.0, 0.0);
    for seed in 0..trials {
        let model = Planted { ways: 8, chance: |_: &[f64]| 0.4, common: false, seed, runs: 0 };
        let (searched, mut model) = found(model, &even(8), &settings);
        let Some(winner) = searched.options.first() else { continue };
        let Ok(fresh) = model.run("fresh", std::slice::from_ref(&winner.moves), n..2 * n);
        winners += 1.0;
        searched_sum += winner.share;
        fresh_sum += fresh[0].iter().sum::<f64>() / n as f64;
    }
    let (searched, fresh) = (searched_sum / winners, fresh_sum / winners);
    assert!(winners > 50.0 && searched > 0.43, "{winners}: {searched}");
    // Three standard errors of the mean over the winners.
    assert!((fresh - 0.4).abs() < 3.0 * (0.24 / (winners * n as f64)).sqrt(), "{fresh}");
}
