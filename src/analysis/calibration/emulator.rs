//! Emulators: what runs at a point would say, guessed from points that were tried, in no time.
//!
//! A polynomial of second degree by ridge regression, the same terms for all targets, with as much ridge as leaves each the smallest error
//! at points that are left out (PRESS, Allen 1974). What it does not know is that error: it holds what the polynomial misses,
//! what luck does to the points, and what few points leave open.

use super::problem::{Aim, Kind, Outcome, Tried};
use crate::analysis::linear::{Cholesky, dot, products, square};

/// Ridges, as shares of the number of points.
const RIDGES: [f64; 5] = [1e-6, 1e-3, 1e-2, 1e-1, 1.0];
/// Points per term, at least.
const PER_TERM: usize = 3;

/// Emulators of all targets.
#[derive(Clone, Debug, PartialEq)]
pub struct Emulators {
    /// Weights whose products with each other are terms.
    leading: Vec<usize>,
    squares: bool,
    each: Vec<Emulator>,
}

/// An emulator of one target.
#[derive(Clone, Debug, PartialEq)]
struct Emulator {
    coefficients: Vec<f64>,
    /// Mean squared error at points that are left out.
    unknown: f64,
    /// Variance from one run to another, on average.
    luck: f64,
    /// Runs of a point, on average.
    runs: f64,
    /// Whether it is of a share.
    share: bool,
}

impl Emulators {
    /// Fits emulators to points that were tried; none if too few of them have outcomes.
    pub fn fit(aims: &[Aim], tried: &[&Tried]) -> Option<Self> {
        let known: Vec<(&[f64], &[Outcome])> =
            tried.iter().filter_map(|point| Some((&point.at[..], &point.outcomes.as_ref()?[..]))).collect();
        let dimensions = known.first()?.0.len();
        if known.len() < 2 + dimensions {
            return None;
        }
        let room = known.len() / PER_TERM;
        let squares = room > 2 * dimensions;
        let mut terms = Terms { dimensions, squares, leading: Vec::new() };
        let main = Fit::new(&terms, &known);
        // Those weights whose terms of their own carry most, over all targets.
        let mut sway = vec![0.0; dimensions];
        for place in 0..aims.len() {
            let (coefficients, _) = main.of(&known, place);
            let spread = coefficients[1..].iter().map(|c| c * c).sum::<f64>().max(f64::MIN_POSITIVE);
            for (weight, sway) in sway.iter_mut().enumerate() {
                let own = square(coefficients[1 + weight])
                    + if squares { square(coefficients[1 + dimensions + weight]) } else { 0.0 };
                *sway += own / spread;
            }
        }
        let mut order: Vec<usize> = (0..dimensions).collect();
        order.sort_by(|a, b| sway[*b].total_cmp(&sway[*a]));
        let fits = |count: usize| 1 + 2 * dimensions + count * count.saturating_sub(1) / 2 <= room;
        let most = (2..=dimensions).rev().find(|count| squares && fits(*count)).unwrap_or(0);
        terms.leading = order[..most].to_vec();
        terms.leading.sort_unstable();
        let fit = if most > 0 { Fit::new(&terms, &known) } else { main };
        let n = known.len() as f64;
        let each = aims
            .iter()
            .enumerate()
            .map(|(place, aim)| {
                let (coefficients, unknown) = fit.of(&known, place);
                let mean = |of: &dyn Fn(&Outcome) -> f64| known.iter().map(|(_, o)| of(&o[place])).sum::<f64>() / n;
                let (luck, runs) = (mean(&|outcome| outcome.luck), mean(&|outcome| outcome.runs));
                Emulator { coefficients, unknown, luck, runs, share: aim.kind != Kind::Amount }
            })
            .collect();
        Some(Self { leading: terms.leading, squares, each })
    }

    /// What runs at a point would say, and the variance of what is not known of each mean.
    pub fn at(&self, point: &[f64]) -> (Vec<Outcome>, Vec<f64>) {
        let terms = Terms { dimensions: point.len(), squares: self.squares, leading: self.leading.clone() };
        let row = terms.of(point);
        let outcome = |emulator: &Emulator| {
            let mean = dot(&emulator.coefficients, &row);
            let mean = if emulator.share { mean.clamp(0.0, 1.0) } else { mean };
            Outcome { mean, luck: emulator.luck, runs: emulator.runs }
        };
        (self.each.iter().map(outcome).collect(), self.each.iter().map(|emulator| emulator.unknown).collect())
    }
}

/// The terms of the polynomial.
struct Terms {
    dimensions: usize,
    squares: bool,
    leading: Vec<usize>,
}

impl Terms {
    /// 1, each weight, its square, and the products of the leading ones, each of about the same spread.
    fn of(&self, point: &[f64]) -> Vec<f64> {
        let centred = |weight: usize| 12f64.sqrt() * (point[weight] - 0.5);
        let mut terms = vec![1.0];
        terms.extend((0..self.dimensions).map(centred));
        if self.squares {
            terms.extend((0..self.dimensions).map(|weight| centred(weight) * centred(weight) - 1.0));
        }
        for (place, one) in self.leading.iter().enumerate() {
            terms.extend(self.leading[place + 1..].iter().map(|other| centred(*one) * centred(*other)));
        }
        terms
    }
}

/// Rows of terms, decomposed under each ridge, with each row's leverage.
struct Fit {
    rows: Vec<Vec<f64>>,
    under: Vec<(Cholesky, Vec<f64>)>,
}

impl Fit {
    fn new(terms: &Terms, known: &[(&[f64], &[Outcome])]) -> Self {
        let rows: Vec<Vec<f64>> = known.iter().map(|(at, _)| terms.of(at)).collect();
        let width = rows.first().map_or(0, Vec::len);
        let normal = products(rows.iter().map(|row| (&row[..], 1.0)), width);
        let under = RIDGES
            .iter()
            .map(|ridge| {
                let mut with = normal.clone();
                with.iter_mut().enumerate().skip(1).for_each(|(i, row)| row[i] += ridge * rows.len() as f64);
                let decomposed = Cholesky::of(with);
                let leverage = |row: &Vec<f64>| decomposed.forward(row).iter().map(|x| x * x).sum::<f64>().min(0.999);
                let leverages = rows.iter().map(leverage).collect();
                (decomposed, leverages)
            })
            .collect();
        Self { rows, under }
    }

    /// The coefficients for a target under the ridge that suits it best, and the mean squared error at points left out.
    fn of(&self, known: &[(&[f64], &[Outcome])], place: usize) -> (Vec<f64>, f64) {
        let width = self.rows.first().map_or(0, Vec::len);
        let mut right = vec![0.0; width];
        for (row, (_, outcomes)) in self.rows.iter().zip(known) {
            right.iter_mut().zip(row).for_each(|(sum, term)| *sum += term * outcomes[place].mean);
        }
        let mut best: Option<(Vec<f64>, f64)> = None;
        for (decomposed, leverages) in &self.under {
            let coefficients = decomposed.solve(&right);
            let left_out = self.rows.iter().zip(known).zip(leverages).map(|((row, (_, outcomes)), leverage)| {
                square((outcomes[place].mean - dot(row, &coefficients)) / (1.0 - leverage))
            });
            let error = left_out.sum::<f64>() / known.len() as f64;
            if best.as_ref().is_none_or(|(_, least)| error < *least) {
                best = Some((coefficients, error));
            }
        }
        best.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::design::latin;

    fn tried(count: usize, dimensions: usize, of: impl Fn(&[f64]) -> f64) -> Vec<Tried> {
        let points = latin::sample(&[count], dimensions, 5);
        let outcome = |at: &[f64]| vec![Outcome { mean: of(at), luck: 0.0, runs: 1.0 }];
        points.iter().map(|at| Tried { at: at.to_vec(), outcomes: Some(outcome(at)), stopped: false }).collect()
    }

    const AIM: Aim = Aim { conflict: 0, share: 1.0, kind: Kind::Amount, observed: 0.0, error: 0.0 };

    #[test]
    fn a_polynomial_is_found_again_and_what_is_left_open_is_said() {
        let smooth = |at: &[f64]| 1.0 + 2.0 * at[0] - at[1] + 3.0 * at[0] * at[2] + 0.5 * at[1] * at[1];
        let points = tried(120, 4, smooth);
        let emulators = Emulators::fit(&[AIM], &points.iter().collect::<Vec<_>>()).unwrap();
        for at in [[0.2, 0.9, 0.4, 0.5], [0.8, 0.1, 0.9, 0.0]] {
            let (found, unknown) = emulators.at(&at);
            assert!((found[0].mean - smooth(&at)).abs() < 0.01 && unknown[0] < 1e-4, "{found:?} {unknown:?}");
        }
        // Of a step the polynomial knows little, and says about how much.
        let step = |at: &[f64]| if at[0] > 0.5 { 1.0 } else { 0.0 };
        let emulators = Emulators::fit(&[AIM], &tried(200, 2, step).iter().collect::<Vec<_>>()).unwrap();
        let probes = latin::sample(&[500], 2, 9);
        let (mut missed, mut said) = (0.0, 0.0);
        for at in probes.iter() {
            let (found, unknown) = emulators.at(at);
            missed += square(found[0].mean - step(at)) / 500.0;
            said += unknown[0] / 500.0;
        }
        assert!(missed > 0.02 && (said / missed - 1.0).abs() < 0.25, "{missed} {said}");
    }

    #[test]
    fn few_points_make_a_plane_and_fewer_nothing() {
        let points = tried(12, 4, |at| at[0]);
        let emulators = Emulators::fit(&[AIM], &points.iter().collect::<Vec<_>>()).unwrap();
        assert!((emulators.at(&[0.7, 0.5, 0.5, 0.5]).0[0].mean - 0.7).abs() < 0.05);
        assert!(Emulators::fit(&[AIM], &points[..5].iter().collect::<Vec<_>>()).is_none());
    }
}
