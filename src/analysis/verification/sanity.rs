//! Sanity: nothing comes of nothing, alike fare alike, order and names do not matter.

use super::{Chapter, Check, Plot, PlotPoints, ring, watch};
use crate::world::Stance;

/// How many runs the comparison of alike factions takes.
const RUNS: u64 = 400;

/// Deaths, hostility and wars in twenty runs without hostility and without harm at the start.
fn from_nothing() -> Result<[f64; 3], String> {
    let scenario = ring("hostility = 0\ntrust = 0.2", "[behaviour]\none_sided = { rate = 0 }\n", false)?;
    let mut found = [0.0; 3];
    for replicate in 0..20 {
        watch(&scenario, replicate, |world| {
            found[0] += world.tally.deaths.iter().sum::<f64>();
            found[1] += world.hostility.values().iter().sum::<f64>();
            found[2] += world.tie.values().iter().filter(|tie| tie.stance < Stance::Neutral).count() as f64;
        });
    }
    Ok(found)
}

/// Mean strength of five alike factions at the end, with its standard error.
fn alike() -> Result<[(f64, f64); 5], String> {
    let scenario = ring("hostility = 0.4\nstance = \"rivalry\"\ntrust = 0.3", "", false)?;
    let mut sums = [[0.0; 2]; 5];
    for replicate in 0..RUNS {
        let end = watch(&scenario, replicate, |_| {});
        for (sum, strength) in sums.iter_mut().zip(end.strength.values()) {
            sum[0] += strength;
            sum[1] += strength * strength;
        }
    }
    let n = RUNS as f64;
    Ok(sums.map(|[sum, squares]| (sum / n, ((squares / n - sum * sum / (n * n)) / n).sqrt())))
}

/// The widest difference in strength between runs of a file and of the same file back to front.
fn back_to_front() -> Result<f64, String> {
    let relation = "hostility = 0.4\nstance = \"rivalry\"\ntrust = 0.3";
    let (one, other) = (ring(relation, "", false)?, ring(relation, "", true)?);
    let mut widest: f64 = 0.0;
    for replicate in 0..10 {
        let (a, b) = (watch(&one, replicate, |_| {}), watch(&other, replicate, |_| {}));
        for (a, b) in a.strength.values().iter().zip(b.strength.values()) {
            widest = widest.max((a - b).abs());
        }
    }
    Ok(widest)
}

/// What any such model must show.
pub fn chapter() -> Result<Chapter, String> {
    let [deaths, hostility, wars] = from_nothing()?;
    let alike = alike()?;
    let mean = alike.iter().map(|(own, _)| own).sum::<f64>() / 5.0;
    let furthest = alike.iter().map(|(own, error)| (own - mean).abs() / error).fold(0.0, f64::max);
    Ok(Chapter {
        name: "sanity",
        title: "Sanity: nothing comes of nothing, and alike fare alike",
        source: "after Epstein (2002)",
        about: "A world without hostility and without harm must stay in peace. Five alike factions around a ring of five alike zones must \
                fare alike but for luck. And what is written first in a file must not matter: the same file back to front gives the same \
                bits. Other tests rename everything and add what has no weight.",
        checks: vec![
            Check::new("deaths in 20 runs without hostility and harm at the start", 0.0, deaths, 0.0),
            Check::new("hostility that came of none", 0.0, hostility, 0.0),
            Check::new("pairs below neutral that came of none", 0.0, wars, 0.0),
            Check::new(
                format!(
                    "five alike factions, {RUNS} runs: furthest mean strength from the others', in standard errors"
                ),
                0.0,
                furthest,
                4.0,
            ),
            Check::new(
                "widest difference in strength if the file is written back to front",
                0.0,
                back_to_front()?,
                0.0,
            ),
        ],
        plot: Some(Plot {
            title: "Five alike factions: mean strength at the end of two years".into(),
            axes: ("faction".into(), "fighters".into()),
            theory: vec![PlotPoints { label: "all alike".into(), at: vec![(1.0, mean), (5.0, mean)] }],
            code: vec![PlotPoints {
                label: "all alike".into(),
                at: (1..).zip(&alike).map(|(place, (own, _))| (f64::from(place), *own)).collect(),
            }],
            intervals: (1..)
                .zip(&alike)
                .map(|(place, (own, error))| (f64::from(place), own - 1.96 * error, own + 1.96 * error))
                .collect(),
        }),
    })
}
