//! Local triad dynamics: what the balance term makes of triads that are put right one at a time.

use super::{Chapter, Check, Plot, PlotPoints};
use crate::mechanism::balance;
use crate::random::{DrawKey, Purpose, Source};

/// How many actors.
const ACTORS: usize = 96;
/// Sweeps (as many triads as there are ties) before the density is taken, and over how many it is averaged.
const SWEEPS: (u32, u32) = (60, 140);

/// The stationary share of friendly ties that theory predicts for many actors: `1/(1 + √(3(1 − 2p)))` up to p = 1/2, and 1
/// beyond.
fn predicted(p: f64) -> f64 {
    if p >= 0.5 { 1.0 } else { 1.0 / (1.0 + (3.0 * (1.0 - 2.0 * p)).sqrt()) }
}

/// The share of friendly ties in local triad dynamics (Antal, Krapivsky and Redner 2005): a triad is picked at random; if
/// the model's balance term finds it out of balance, one of its ties turns: with one enmity in it the enmity with
/// probability `p`, else one of its two friendships; with three enmities any of them.
fn density(p: f64) -> f64 {
    let n = ACTORS;
    // Every second tie is friendly at the start.
    let mut ties = vec![vec![0.0; n]; n];
    let who = DrawKey::named("analysis", "triads");
    let source = Source::new(1, 0);
    let mut draws = source.sequence(Purpose::Resampling, who, 0);
    for (i, j) in (0..n).flat_map(|i| (0..i).map(move |j| (i, j))) {
        let tie = if draws.uniform() < 0.5 { 1.0 } else { -1.0 };
        (ties[i][j], ties[j][i]) = (tie, tie);
    }
    // A third party that alone has weight.
    let alone: Vec<Vec<f64>> = (0..n).map(|k| (0..n).map(|other| f64::from(u8::from(k == other))).collect()).collect();
    let mut friendly = 0.0;
    for sweep in 0..SWEEPS.0 + SWEEPS.1 {
        let mut draws = source.sequence(Purpose::Resampling, who, sweep + 1);
        for _ in 0..n * (n - 1) / 2 {
            // One number gives the triad and, by what remains of it, the choice among its ties.
            let place = draws.uniform() * (n * n * n) as f64;
            let (triad, rest) = (place as usize, place.fract());
            let (i, j, k) = (triad / (n * n), triad / n % n, triad % n);
            if i == j || j == k || i == k {
                continue;
            }
            let pull = balance(&ties[i], &ties[j], &alone[k], (i, j));
            if pull * ties[i][j] > 0.0 {
                continue;
            }
            let sides = [(i, j), (j, k), (i, k)];
            let enmities = sides.iter().filter(|(a, b)| ties[*a][*b] < 0.0).count();
            let choose = |among: f64, wanted: bool, share: f64| {
                let of_kind = sides.iter().filter(|(a, b)| (ties[*a][*b] < 0.0) == wanted);
                of_kind.copied().nth((share * among) as usize).unwrap_or((i, j))
            };
            let (a, b) = if enmities == 3 {
                choose(3.0, true, rest)
            } else if rest < p {
                choose(1.0, true, 0.0)
            } else {
                choose(2.0, false, (rest - p) / (1.0 - p))
            };
            let tie = -ties[a][b];
            (ties[a][b], ties[b][a]) = (tie, tie);
        }
        if sweep >= SWEEPS.0 {
            friendly += ties.iter().flatten().filter(|tie| **tie > 0.0).count() as f64 / (n * (n - 1)) as f64;
        }
    }
    friendly / f64::from(SWEEPS.1)
}

/// The density below the transition at p = 1/2, and paradise beyond.
pub fn chapter() -> Chapter {
    let at: [f64; 9] = [0.0, 0.1, 0.2, 0.25, 1.0 / 3.0, 0.4, 0.45, 0.6, 0.8];
    let found: Vec<(f64, f64)> = at.iter().map(|p| (*p, density(*p))).collect();
    let of = |p: f64| found.iter().find(|(at, _)| (at - p).abs() < 1e-9).map_or(f64::NAN, |(_, density)| *density);
    let name = |p: f64| format!("share of friendly ties at p = {p:.3}");
    let line = (0..=120).map(|part| f64::from(part) / 120.0).map(|p| (p, predicted(p))).collect();
    Chapter {
        name: "triads",
        title: "Local triad dynamics: the share of friendships and its transition",
        source: "Antal, Krapivsky and Redner (2005)",
        about: "Ties are friendly or not, and triads with an odd number of enmities are put right by turning one tie: with one enmity in \
                the triad, that enmity with probability p, else one of its friendships. Below p = 1/2 the share of friendly ties settles \
                at 1/(1 + √(3(1 − 2p))), above it everybody becomes a friend. Which triads are out of balance is decided by the model's \
                own balance term. Near 1/2 settling takes long and the number of actors shows, so more tolerance is given there.",
        checks: [0.0, 0.25, 1.0 / 3.0, 0.45, 0.6, 0.8]
            .into_iter()
            .map(|p| Check::new(name(p), predicted(p), of(p), if p > 0.4 && p < 0.5 { 0.03 } else { 0.01 }))
            .collect(),
        plot: Some(Plot {
            title: format!("Local triad dynamics among {ACTORS} actors"),
            axes: ("p: how often it is the enmity that turns".into(), "share of friendly ties".into()),
            intervals: Vec::new(),
            theory: vec![PlotPoints { label: "stationary".into(), at: line }],
            code: vec![PlotPoints { label: "stationary".into(), at: found }],
        }),
    }
}
