//! Landscape theory on the Syrian case.

use super::{Chapter, Check, Plot, PlotPoints};
use crate::analysis::landscape::{NamedLandscape, by_distance, study, switched};

/// The case, with its source in it.
const SYRIA: &str = include_str!("../../../configs/landscape-syria.toml");

/// All 1,024 configurations of the Syrian case: the lowest energy, the runner-up, the one minimum and its sides; and the
/// energies found by Gray code against those of the definition.
pub fn chapter() -> Result<Chapter, String> {
    let case = NamedLandscape::parse(SYRIA).map_err(|error| error.to_string())?;
    let n = case.actors.len();
    let found = study(&case.landscape, n, 1).map_err(|error| error.to_string())?;
    let lowest = found.lowest.first().ok_or("no configuration was found")?;
    let other_side = ["Turkey", "ISIS", "Nusra Front"];
    let published: Vec<u32> = case.actors.iter().map(|actor| u32::from(other_side.contains(&actor.as_str()))).collect();
    // Every configuration by the definition: the sum over ordered pairs on different sides.
    let distances = n / 2 + 1;
    let (mut lows, mut sums, mut counts) = (vec![f64::INFINITY; distances], vec![0.0; distances], vec![0.0; distances]);
    for mask in 0..1u32 << (n - 1) {
        let blocs: Vec<u32> = (0..n).map(|actor| if actor == 0 { 0 } else { mask >> (actor - 1) & 1 }).collect();
        let at = switched(&lowest.blocs, &blocs) as usize;
        let energy = case.landscape.energy(&blocs);
        lows[at] = lows[at].min(energy);
        sums[at] += energy;
        counts[at] += 1.0;
    }
    let walked = by_distance(&case.landscape, &lowest.blocs).map_err(|error| error.to_string())?;
    let gap = walked.iter().zip(&lows).map(|(band, low)| (band.lowest - low).abs()).fold(0.0, f64::max);
    let mean_gap = (walked.iter().zip(sums.iter().zip(&counts)))
        .map(|(band, (sum, count))| (band.mean - sum / count).abs())
        .fold(0.0, f64::max);
    let along = |label: &str, values: Vec<f64>| PlotPoints {
        label: label.into(),
        at: values.into_iter().enumerate().map(|(distance, energy)| (distance as f64, energy)).collect(),
    };
    let means = sums.iter().zip(&counts).map(|(sum, count)| sum / count).collect();
    Ok(Chapter {
        name: "landscape",
        title: "Landscape theory: the Syrian case",
        source: "Axelrod and Bennett (1993); ratings of Axelrod and Furnas (2016)",
        about: "Actors that differ in size like and dislike each other. A configuration puts each on one of two sides; its energy is the \
                sum, over ordered pairs on different sides, of both sizes times the propensity to be together. Actors change sides \
                one at a time while that lowers the energy, so the theory names the few configurations that last. For the eleven \
                actors of the Syrian war in 2016 all 1,024 energies can be looked at; the lowest, the runner-up, and that there is \
                one stable configuration only are known. The walk by Gray code, which makes 2^24 configurations a matter of a second, \
                is held against the definition. `entente landscape` uses this code.",
        checks: vec![
            Check::new("configurations of eleven actors in two blocs", 1024.0, found.configurations, 0.0),
            Check::new("lowest energy", -83_200.0, lowest.energy, 1e-6),
            Check::new(
                "energy of the runner-up",
                -82_400.0,
                found.lowest.get(1).map_or(f64::NAN, |at| at.energy),
                1e-6,
            ),
            Check::new("stable configurations", 1.0, found.two_blocs_count as f64, 0.0),
            Check::new(
                "actors on another side than Turkey, ISIS and Nusra Front against all others",
                0.0,
                f64::from(switched(&lowest.blocs, &published)),
                0.0,
            ),
            Check::new("share of configurations that lead to the lowest", 1.0, found.two_blocs[0].basin.value, 1e-12),
            Check::new("lowest energies by Gray code against the definition, widest gap", 0.0, gap, 1e-6),
            Check::new("mean energies by Gray code against the definition, widest gap", 0.0, mean_gap, 1e-6),
        ],
        plot: Some(Plot {
            title: "Syria: energy of all 1,024 configurations, by distance from the lowest".into(),
            axes: ("actors on another side than in the lowest configuration".into(), "energy".into()),
            intervals: Vec::new(),
            theory: vec![along("lowest", lows), along("mean", means)],
            code: vec![
                along("lowest", walked.iter().map(|band| band.lowest).collect()),
                along("mean", walked.iter().map(|band| band.mean).collect()),
            ],
        }),
    })
}
