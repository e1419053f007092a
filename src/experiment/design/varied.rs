//! A scenario's uncertainties spread out into the points of a design.

use super::sobol::{MOST_DIMENSIONS, Sobol};
use super::{Points, Scramble, grid, latin, morris, saltelli};
use crate::random::Spread;
use crate::record::{Design, DesignEntry, Method};
use crate::scenario::{Composed, Unsure};

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
    /// An input that a design cannot vary.
    #[error("{method} cannot vary `{path}`, which is {what}; expected lhs or sobol, or other inputs with --inputs")]
    Unsuited {
        /// The design.
        method: &'static str,
        /// The input.
        path: String,
        /// What it is, and why that cannot be varied so.
        what: &'static str,
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

/// Makes a design of at most `points` points over uncertain inputs, and shares that sum up. More points keep the old ones: with a Sobol' sequence,
/// Morris's and Saltelli's designs always, with a Latin hypercube when the number is doubled, with a grid when every step
/// is halved. A Saltelli sample has the rows for second-order indices if there is room for 64 base points with them.
///
/// # Errors
/// If a range makes no sense, or the design needs more points or fewer inputs.
pub fn vary(
    method: Method,
    inputs: &[Unsure],
    compositions: &[Composed],
    points: usize,
    seed: u64,
) -> Result<(Design, DesignEntry), DesignError> {
    let count = inputs.len() + compositions.iter().map(Composed::dimensions).sum::<usize>();
    if count == 0 {
        return Err(DesignError::Nothing);
    }
    let spread =
        |input: &Unsure| input.spread().map_err(|reason| DesignError::Range { path: input.path.clone(), reason });
    let spreads: Vec<Spread> = inputs.iter().map(spread).collect::<Result<_, _>>()?;
    if let (Method::Grid | Method::Morris | Method::Saltelli, Some(first)) = (method, compositions.first()) {
        let what = "shares that sum up: they are not independent";
        return Err(DesignError::Unsuited { method: word(method), path: first.paths[0].clone(), what });
    }
    if let (Method::Morris, Some(input)) = (method, inputs.iter().find(|input| !input.names.is_empty())) {
        let what = "a name: there is no way to go from one to the next";
        return Err(DesignError::Unsuited { method: word(method), path: input.path.clone(), what });
    }
    let too_few = |what, needed: String| DesignError::TooFew { what, inputs: count, needed, points };
    let (mut blocks, mut second_order) = (0, false);
    let cube = match method {
        Method::Grid => {
            // A choice has as many levels as it has values; the others share what that leaves.
            let choices: Vec<usize> = spreads.iter().filter_map(choices_of).map(|values| values.len()).collect();
            let combined = choices.iter().try_fold(1usize, |product, values| product.checked_mul(*values));
            let others = count - choices.len();
            let levels = grid::levels_for(points / combined.unwrap_or(usize::MAX), others);
            let of = |spread: &Spread| choices_of(spread).map_or(levels, |values| values.len());
            let levels_of: Vec<usize> = spreads.iter().map(of).collect();
            let size = levels_of.iter().try_fold(1usize, |product, levels| product.checked_mul(*levels));
            if size.is_none_or(|size| size > points) {
                let halves = (others > 0).then(|| format!("2^{others}"));
                let needed = choices.iter().map(usize::to_string).chain(halves).collect::<Vec<_>>().join(" × ");
                return Err(too_few("a grid", needed));
            }
            blocks = if others > 0 { levels } else { 0 };
            grid::full(&levels_of).unwrap_or_default()
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
    let shares = compositions.iter().flat_map(|composed| &composed.paths);
    let paths = inputs.iter().map(|input| &input.path).chain(shares).cloned().collect();
    let names = inputs.iter().map(|input| (input.path.clone(), input.names.clone())).collect();
    let points = match method {
        Method::Grid => place(&cube, &spreads, compositions, level),
        _ => place(&cube, &spreads, compositions, Spread::value),
    };
    let design = Design::new(paths, points).naming(names);
    let entry = DesignEntry {
        method,
        inputs: design.inputs.clone(),
        points: design.count() as u64,
        blocks: blocks as u64,
        second_order,
        names: design.names.clone(),
    };
    Ok((design, entry))
}

/// The values of inputs at points of the unit cube, and then those of compositions.
fn place(
    cube: &Points,
    spreads: &[Spread],
    compositions: &[Composed],
    value: impl Fn(&Spread, f64) -> f64,
) -> Vec<Vec<f64>> {
    let of = |point: &[f64]| {
        let (apart, mut rest) = point.split_at(spreads.len());
        let mut values: Vec<f64> = apart.iter().zip(spreads).map(|(share, spread)| value(spread, *share)).collect();
        for composed in compositions {
            let (own, others) = rest.split_at(composed.dimensions());
            values.extend(composed.shares(own));
            rest = others;
        }
        values
    };
    cube.iter().map(of).collect()
}

fn word(method: Method) -> &'static str {
    match method {
        Method::Grid => "a grid",
        Method::Morris => "Morris's design",
        Method::Saltelli => "Saltelli's sample",
        Method::LatinHypercube | Method::Sobol | Method::Table => "a sample",
    }
}

/// The values of a choice that can come up, each once; none of what is no choice.
fn choices_of(spread: &Spread) -> Option<Vec<f64>> {
    let Spread::Choice { values, weights } = spread else { return None };
    let may_be = |place: usize| weights.get(place).is_none_or(|weight| *weight > 0.0);
    let mut found: Vec<f64> = Vec::new();
    for value in (0..values.len()).filter(|place| may_be(*place)).map(|place| values[place]) {
        if !found.iter().any(|known| known.to_bits() == value.to_bits()) {
            found.push(value);
        }
    }
    Some(found)
}

/// The value at a coordinate of a grid, 0–1: of a choice that of its place among the values, however likely they are.
fn level(spread: &Spread, share: f64) -> f64 {
    let Some(values) = choices_of(spread) else { return spread.value(share) };
    values[(share * (values.len() - 1) as f64).round() as usize]
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
    use crate::scenario::file::Distribution;

    fn unsure(path: &str, distribution: Distribution) -> Unsure {
        Unsure {
            path: path.into(),
            low: Some(1.0),
            best: Some(2.0),
            high: Some(5.0),
            distribution,
            choices: vec![3.0, 4.0],
            names: Vec::new(),
            weights: Vec::new(),
            cost: 1.0,
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
            let (few, entry) = vary(method, &inputs(), &[], 64, 3).unwrap();
            let (many, _) = vary(method, &inputs(), &[], 128, 3).unwrap();
            assert!(few.points().eq(many.points().take(few.count())), "{method:?}");
            assert!(few.count() <= 64 && few.count() as u64 == entry.points);
            for point in many.points() {
                assert!(point.iter().all(|value| (1.0..=5.0).contains(value)), "{point:?}");
                assert!(point[4] > 2.9 && point[4] < 4.1, "a choice is one of its values");
            }
        }
        let (coarse, _) = vary(Method::Grid, &inputs()[..2], &[], 9, 3).unwrap();
        let (fine, entry) = vary(Method::Grid, &inputs()[..2], &[], 25, 3).unwrap();
        assert!(coarse.points().all(|point| fine.points().any(|other| other == point)));
        assert_eq!((entry.points, entry.blocks), (25, 5));
    }

    #[test]
    fn a_grid_has_every_combination_of_choices_once_however_many_points_it_may_have() {
        let choice = |path: &str, choices: &[f64], weights: &[f64]| Unsure {
            choices: choices.to_vec(),
            weights: weights.to_vec(),
            ..unsure(path, Distribution::Choice)
        };
        // Of the second, one value never comes up and another is much likelier than the rest.
        let inputs = [choice("a", &[1.0, 2.0, 4.0], &[]), choice("b", &[0.0, 7.0, 9.0], &[1.0, 0.0, 30.0])];
        for points in [6, 11, 50] {
            let (design, _) = vary(Method::Grid, &inputs, &[], points, 1).unwrap();
            let expected = [[1.0, 0.0], [1.0, 9.0], [2.0, 0.0], [2.0, 9.0], [4.0, 0.0], [4.0, 9.0]];
            assert!(design.points().eq(expected.iter().map(|point| &point[..])), "{design:?}");
        }
        let refused = vary(Method::Grid, &inputs, &[], 5, 1).unwrap_err().to_string();
        assert!(refused.contains("needs 3 × 2 points at least"), "{refused}");
        let mixed = [choice("a", &[1.0, 2.0, 4.0], &[]), unsure("c", Distribution::Uniform)];
        let (design, entry) = vary(Method::Grid, &mixed, &[], 16, 1).unwrap();
        assert_eq!((design.count(), entry.blocks), (15, 5));
    }

    #[test]
    fn shares_are_varied_together_by_samples_only() {
        let composed = Composed { paths: vec!["a.x".into(), "a.y".into()], concentration: vec![2.0, 1.0], total: 1.0 };
        for method in [Method::LatinHypercube, Method::Sobol] {
            let (design, entry) = vary(method, &inputs()[..1], std::slice::from_ref(&composed), 32, 1).unwrap();
            assert_eq!((entry.inputs.len(), design.count()), (3, 32));
            assert!(design.points().all(|point| (point[1] + point[2] - 1.0).abs() < 1e-12 && point[1] > 0.0));
        }
        for method in [Method::Grid, Method::Morris, Method::Saltelli] {
            let refused = vary(method, &inputs()[..1], std::slice::from_ref(&composed), 64, 1).unwrap_err().to_string();
            assert!(refused.contains("cannot vary `a.x`, which is shares that sum up"), "{refused}");
        }
        let name = Unsure { names: vec!["war".into(), "rivalry".into()], ..unsure("a", Distribution::Choice) };
        assert!(vary(Method::Morris, &[name], &[], 64, 1).unwrap_err().to_string().contains("`a`, which is a name"));
    }

    #[test]
    fn what_cannot_be_made_is_refused_with_what_it_would_take() {
        let refused = |method, points| vary(method, &inputs(), &[], points, 1).unwrap_err().to_string();
        assert!(
            refused(Method::Grid, 20).starts_with("a grid over 7 inputs needs 2 × 2^6 points at least, and 20 were")
        );
        assert!(refused(Method::Morris, 10).contains("needs 16 points at least"));
        assert!(refused(Method::Saltelli, 10).contains("needs 18 points at least"));
        assert_eq!(vary(Method::Sobol, &[], &[], 8, 1).unwrap_err(), DesignError::Nothing);
        let open = Unsure { low: None, ..unsure("faction.red.fighters", Distribution::Uniform) };
        let message = vary(Method::Sobol, &[open], &[], 8, 1).unwrap_err().to_string();
        assert_eq!(message, "cannot vary `faction.red.fighters`: it has no low and high");
    }
}
