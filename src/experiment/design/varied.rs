//! A scenario's uncertainties spread out into the points of a design.

use super::sobol::{MOST_DIMENSIONS, Sobol};
use super::{Points, Scramble, grid, latin, morris, saltelli};
use crate::random::Spread;
use crate::record::{Design, DesignEntry, Method};
use crate::scenario::Unsure;
use crate::scenario::file::Distribution;

/// The levels of Morris's grid.
const LEVELS: usize = 4;
/// The most points that a design may have.
pub const MOST_POINTS: usize = 1_000_000;

/// Why a design cannot be made.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DesignError {
    /// Nothing is varied.
    #[error("there is nothing to vary: the scenario has no [[uncertainty]]")]
    Nothing,
    /// An input's range makes no sense.
    #[error("cannot vary `{path}`: {reason}")]
    Range {
        /// The input.
        path: String,
        /// What is wrong with its range.
        reason: String,
    },
    /// The design needs more points than asked for.
    #[error(
        "{what} over {inputs} inputs needs {needed} points at least, and {points} were asked for; ask for more, or \
             name fewer inputs with --inputs"
    )]
    TooFew {
        /// The design.
        what: &'static str,
        /// How many inputs.
        inputs: usize,
        /// The fewest points.
        needed: String,
        /// The points asked for.
        points: usize,
    },
    /// More inputs than a design can have.
    #[error("{what} cannot vary {inputs} inputs at once, {most} at most")]
    TooMany {
        /// The design.
        what: &'static str,
        /// How many inputs.
        inputs: usize,
        /// The most inputs.
        most: usize,
    },
}

impl Unsure {
    /// How the input is spread.
    ///
    /// # Errors
    /// If its bounds are missing or make no sense.
    pub fn spread(&self) -> Result<Spread, DesignError> {
        let wrong = |reason: String| DesignError::Range { path: self.path.clone(), reason };
        let missing = || wrong("it has no low and high".into());
        let spread = match self.distribution {
            Distribution::Choice => Spread::Choice { values: self.choices.clone(), weights: self.weights.clone() },
            other => {
                let (low, high) = self.low.zip(self.high).ok_or_else(missing)?;
                // Where nothing is most likely, the middle is.
                let best = self.best.unwrap_or(0.5 * (low + high));
                match other {
                    Distribution::Triangular => Spread::Triangular { low, best, high },
                    Distribution::Pert => Spread::Pert { low, best, high },
                    Distribution::Normal => Spread::Normal { low, best, high },
                    Distribution::LogNormal => Spread::LogNormal { low, best, high },
                    Distribution::LogUniform => Spread::LogUniform { low, high },
                    Distribution::Uniform | Distribution::Choice => Spread::Uniform { low, high },
                }
            }
        };
        spread.check().map_err(|error| wrong(error.to_string()))?;
        Ok(spread)
    }
}

/// Makes a design of at most `points` points over uncertain inputs. More points keep the old ones: with a Sobol' sequence,
/// Morris's and Saltelli's designs always, with a Latin hypercube when the number is doubled, with a grid when every step
/// is halved. A Saltelli sample has the rows for second-order indices if there is room for 64 base points with them.
///
/// # Errors
/// If a range makes no sense, or the design needs more points or fewer inputs.
pub fn vary(method: Method, inputs: &[Unsure], points: usize, seed: u64) -> Result<(Design, DesignEntry), DesignError> {
    if inputs.is_empty() {
        return Err(DesignError::Nothing);
    }
    let spreads: Vec<Spread> = inputs.iter().map(Unsure::spread).collect::<Result<_, _>>()?;
    let count = inputs.len();
    let too_few = |what, needed: String| DesignError::TooFew { what, inputs: count, needed, points };
    let (mut blocks, mut second_order) = (0, false);
    let cube = match method {
        Method::Grid => {
            let levels = grid::levels_for(points, count);
            let size = u32::try_from(count).ok().and_then(|count| levels.checked_pow(count));
            if size.is_none_or(|size| size > points) {
                return Err(too_few("a grid", format!("2^{count}")));
            }
            blocks = levels;
            grid::full(&vec![levels; count]).unwrap_or_default()
        }
        Method::LatinHypercube | Method::Table => latin::sample(&stages(points), count, seed),
        Method::Sobol => {
            let most = || DesignError::TooMany { what: "a Sobol' sequence", inputs: count, most: MOST_DIMENSIONS };
            Sobol::new(count, Scramble::Seed(seed)).ok_or_else(most)?.points(points as u32)
        }
        Method::Morris => {
            blocks = points / (count + 1);
            if blocks < 2 {
                return Err(too_few("Morris's design", (2 * (count + 1)).to_string()));
            }
            morris::trajectories(blocks, count, LEVELS, seed)
        }
        Method::Saltelli => {
            second_order = points / saltelli::block(count, true) >= 64;
            // Powers of two keep the sequence even.
            let fits = points / saltelli::block(count, second_order);
            if fits < 2 {
                return Err(too_few("Saltelli's sample", (2 * saltelli::block(count, false)).to_string()));
            }
            blocks = 1 << fits.ilog2();
            let most = || DesignError::TooMany { what: "Saltelli's sample", inputs: count, most: MOST_DIMENSIONS / 2 };
            saltelli::sample(blocks as u32, count, second_order, Scramble::Seed(seed)).ok_or_else(most)?
        }
    };
    let design =
        Design { inputs: inputs.iter().map(|input| input.path.clone()).collect(), points: place(&cube, &spreads) };
    let entry = DesignEntry {
        method,
        inputs: design.inputs.clone(),
        points: design.points.len() as u64,
        blocks: blocks as u64,
        second_order,
    };
    Ok((design, entry))
}

fn place(cube: &Points, spreads: &[Spread]) -> Vec<Vec<f64>> {
    cube.iter().map(|point| point.iter().zip(spreads).map(|(share, spread)| spread.value(*share)).collect()).collect()
}

/// The stages in which a Latin hypercube has grown: halves of halves while they are whole, so that a design of half as many
/// points is its beginning.
fn stages(points: usize) -> Vec<usize> {
    let mut stages = vec![points];
    let mut stage = points;
    while stage.is_multiple_of(2) && stage > 2 {
        stage /= 2;
        stages.push(stage);
    }
    stages.reverse();
    stages
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unsure(path: &str, distribution: Distribution) -> Unsure {
        Unsure {
            path: path.into(),
            low: Some(1.0),
            best: Some(2.0),
            high: Some(5.0),
            distribution,
            choices: vec![3.0, 4.0],
            weights: Vec::new(),
        }
    }

    fn inputs() -> Vec<Unsure> {
        use Distribution::{Choice, LogNormal, LogUniform, Normal, Pert, Triangular, Uniform};
        let all = [Uniform, Triangular, Normal, LogUniform, Choice, Pert, LogNormal];
        all.iter().enumerate().map(|(number, kind)| unsure(&format!("input.{number}"), *kind)).collect()
    }

    #[test]
    fn every_design_stays_in_the_ranges_and_keeps_its_points_as_it_grows() {
        use Method::{LatinHypercube, Morris, Saltelli, Sobol};
        for method in [LatinHypercube, Sobol, Morris, Saltelli] {
            let (few, entry) = vary(method, &inputs(), 64, 3).unwrap();
            let (many, _) = vary(method, &inputs(), 128, 3).unwrap();
            assert_eq!(few.points[..], many.points[..few.points.len()], "{method:?}");
            assert!(few.points.len() <= 64 && few.points.len() as u64 == entry.points);
            for point in &many.points {
                assert!(point.iter().all(|value| (1.0..=5.0).contains(value)), "{point:?}");
                assert!(point[4] > 2.9 && point[4] < 4.1, "a choice is one of its values");
            }
        }
        let (coarse, _) = vary(Method::Grid, &inputs()[..2], 9, 3).unwrap();
        let (fine, entry) = vary(Method::Grid, &inputs()[..2], 25, 3).unwrap();
        assert!(coarse.points.iter().all(|point| fine.points.contains(point)));
        assert_eq!((entry.points, entry.blocks), (25, 5));
    }

    #[test]
    fn what_cannot_be_made_is_refused_with_what_it_would_take() {
        let refused = |method, points| vary(method, &inputs(), points, 1).unwrap_err().to_string();
        assert!(refused(Method::Grid, 20).starts_with("a grid over 7 inputs needs 2^7 points at least, and 20 were"));
        assert!(refused(Method::Morris, 10).contains("needs 16 points at least"));
        assert!(refused(Method::Saltelli, 10).contains("needs 18 points at least"));
        assert_eq!(vary(Method::Sobol, &[], 8, 1).unwrap_err(), DesignError::Nothing);
        let open = Unsure { low: None, ..unsure("faction.red.fighters", Distribution::Uniform) };
        let message = vary(Method::Sobol, &[open], 8, 1).unwrap_err().to_string();
        assert_eq!(message, "cannot vary `faction.red.fighters`: it has no low and high");
    }
}
