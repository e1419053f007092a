//! All there is to say of a landscape.

use super::partition::descents;
use super::{
    ByDistance, Configuration, Landscape, LandscapeError, MOST_ACTORS, Minimum, STARTS, by_distance, partitions,
    two_blocs,
};
use serde::Serialize;

/// What a landscape settles into.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LandscapeStudy {
    /// How many configurations of two blocs there are.
    pub configurations: f64,
    /// Whether all of them were looked at; if not (more than [`MOST_ACTORS`] actors), minima are those that 20,000 random
    /// descents found, and there may be others.
    pub exhaustive: bool,
    /// The two of the lowest energy, whether stable or not.
    pub lowest: Vec<Configuration>,
    /// The stable configurations of two blocs, lowest energy first.
    pub two_blocs: Vec<Minimum>,
    /// How many of those there are; more than are listed if there are over 1,000.
    pub two_blocs_count: u64,
    /// How many blocs there may be in `many_blocs`.
    pub most_blocs: usize,
    /// The stable configurations of at most so many blocs, lowest energy first; from every partition for up to ten actors,
    /// from 20,000 random starts beyond.
    pub many_blocs: Vec<Minimum>,
    /// Energies of two blocs by the number of actors on another side than in the lowest; empty if not all were looked at.
    pub by_distance: Vec<ByDistance>,
}

/// Studies a landscape: two blocs, and at most `most_blocs`. `seed` is for what is sampled.
///
/// # Errors
/// None for a landscape that was made by [`Landscape::new`].
pub fn study(landscape: &Landscape, most_blocs: usize, seed: u64) -> Result<LandscapeStudy, LandscapeError> {
    let n = landscape.actors();
    let many_blocs = partitions(landscape, most_blocs, STARTS, seed);
    if n > MOST_ACTORS {
        let two_blocs = descents(landscape, 2, STARTS, seed);
        return Ok(LandscapeStudy {
            configurations: crate::base::maths::exp(std::f64::consts::LN_2 * (n - 1) as f64),
            exhaustive: false,
            lowest: two_blocs.iter().take(2).map(|minimum| minimum.configuration.clone()).collect(),
            two_blocs_count: two_blocs.len() as u64,
            two_blocs,
            most_blocs,
            many_blocs,
            by_distance: Vec::new(),
        });
    }
    let found = two_blocs(landscape, 2, seed)?;
    let by_distance = match found.lowest.first() {
        Some(lowest) => by_distance(landscape, &lowest.blocs)?,
        None => Vec::new(),
    };
    Ok(LandscapeStudy {
        configurations: found.configurations as f64,
        exhaustive: true,
        lowest: found.lowest,
        two_blocs: found.minima,
        two_blocs_count: found.minima_count,
        most_blocs,
        many_blocs,
        by_distance,
    })
}

/// How many actors stand on another side in one configuration of two blocs than in another, whichever side is called the
/// first.
pub fn switched(one: &[u32], other: &[u32]) -> u32 {
    let same = |actor: usize| (one[actor] == one[0]) == (other[actor] == other[0]);
    let apart = (0..one.len()).filter(|actor| !same(*actor)).count();
    apart.min(one.len() - apart) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::landscape::NamedLandscape;

    fn syria() -> Landscape {
        NamedLandscape::parse(include_str!("../../../configs/landscape-syria.toml")).unwrap().landscape
    }

    #[test]
    fn nobody_gains_by_leaving_what_is_stable() {
        let landscape = syria();
        let n = landscape.actors();
        let everybody = vec![true; n];
        let found = study(&landscape, n, 1).unwrap();
        assert!(found.exhaustive && found.by_distance.len() == n / 2 + 1 && !found.many_blocs.is_empty());
        for minimum in &found.many_blocs {
            let blocs = &minimum.configuration.blocs;
            assert!(landscape.is_stable(blocs, &everybody));
            assert!((landscape.energy_of(blocs, &everybody) - minimum.configuration.energy).abs() < 1e-6);
        }
        // Of all alone, those who like each other would gain by joining.
        let alone: Vec<u32> = (0..n as u32).collect();
        assert!(!landscape.is_stable(&alone, &everybody));
        assert!(landscape.is_stable(&alone, &vec![false; n]), "where nobody is nobody gains");
    }

    #[test]
    fn beyond_thirty_actors_minima_are_sampled() {
        let n = 31;
        let camps: Vec<f64> = (0..n * n).map(|at| if (at / n % 2) == (at % n % 2) { 1.0 } else { -1.0 }).collect();
        let found = study(&Landscape::new(&vec![1.0; n], &camps).unwrap(), 3, 1).unwrap();
        assert!(!found.exhaustive && found.by_distance.is_empty());
        let odd: Vec<u32> = (0..n as u32).map(|actor| actor % 2).collect();
        assert_eq!(found.two_blocs[0].configuration.blocs, odd);
    }

    #[test]
    fn sides_have_no_names() {
        assert_eq!(switched(&[0, 0, 1], &[1, 1, 0]), 0);
        assert_eq!(switched(&[0, 0, 1, 1], &[0, 1, 1, 1]), 1);
        assert_eq!(switched(&[0, 0, 0, 1], &[0, 1, 1, 1]), 2);
    }
}
