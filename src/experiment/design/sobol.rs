//! Sobol' sequences, plain or scrambled.

use super::Points;
use super::sobol_numbers::NUMBERS;
use crate::random::{DrawKey, Purpose, Source};

/// Binary digits of a coordinate.
const DIGITS: u32 = 52;
/// Binary digits of an index: up to 2³² points.
const COLUMNS: usize = 32;

/// The most dimensions that a sequence may have.
pub const MOST_DIMENSIONS: usize = NUMBERS.len() + 1;

/// Whether and how a sequence is randomised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scramble {
    /// As it is; the first point is the origin.
    None,
    /// By a random lower-triangular matrix and a random digital shift per dimension, drawn from a seed (Matoušek 1998).
    /// Every point is then uniform in the cube by itself, and the set keeps its evenness.
    Seed(u64),
}

/// A Sobol' sequence with the direction numbers of Joe and Kuo (2008), in the order of Gray code (Antonov and Saleev
/// 1979). Any point can be had by its index.
#[derive(Clone, Debug)]
pub struct Sobol {
    /// Per dimension: the digits that each bit of the index brings, and the shift.
    dimensions: Vec<([u64; COLUMNS], u64)>,
    /// Where in its smallest cell a point stands: 0 for plain coordinates, in the middle for scrambled ones.
    offset: f64,
}

impl Sobol {
    /// A sequence of so many dimensions. None if there are more than [`MOST_DIMENSIONS`].
    pub fn new(dimensions: usize, scramble: Scramble) -> Option<Self> {
        (dimensions <= MOST_DIMENSIONS).then(|| {
            let offset = if scramble == Scramble::None { 0.0 } else { 0.5 };
            let dimension = |index| {
                let plain = directions(index);
                match scramble {
                    Scramble::None => (plain, 0),
                    Scramble::Seed(seed) => scrambled(plain, index, seed),
                }
            };
            Self { dimensions: (0..dimensions).map(dimension).collect(), offset }
        })
    }

    /// The coordinates of one point, by its index from 0.
    pub fn point(&self, index: u32) -> impl ExactSizeIterator<Item = f64> {
        let gray = index ^ (index >> 1);
        self.dimensions.iter().map(move |(directions, shift)| {
            let mut digits = *shift;
            let mut left = gray;
            while left != 0 {
                digits ^= directions[left.trailing_zeros() as usize];
                left &= left - 1;
            }
            (digits as f64 + self.offset) / (1u64 << DIGITS) as f64
        })
    }

    /// The first `rows` points.
    pub fn points(&self, rows: u32) -> Points {
        let mut points = Points::new(self.dimensions.len());
        for index in 0..rows {
            points.push(self.point(index));
        }
        points
    }
}

/// The direction numbers of a dimension, by the recurrence of its primitive polynomial (Bratley and Fox 1988).
fn directions(dimension: usize) -> [u64; COLUMNS] {
    let mut numbers = [0; COLUMNS];
    let Some((coefficients, initial)) = dimension.checked_sub(1).and_then(|index| NUMBERS.get(index)) else {
        for (bit, number) in numbers.iter_mut().enumerate() {
            *number = 1 << (DIGITS as usize - 1 - bit);
        }
        return numbers;
    };
    let degree = initial.len();
    for bit in 0..COLUMNS {
        numbers[bit] = if bit < degree {
            u64::from(initial[bit]) << (DIGITS as usize - 1 - bit)
        } else {
            let mut number = numbers[bit - degree] ^ (numbers[bit - degree] >> degree);
            for inner in 1..degree {
                if coefficients >> (degree - 1 - inner) & 1 == 1 {
                    number ^= numbers[bit - inner];
                }
            }
            number
        };
    }
    numbers
}

/// Multiplies direction numbers by a random lower-triangular matrix over bits with ones on the diagonal, and draws a
/// shift.
fn scrambled(plain: [u64; COLUMNS], dimension: usize, seed: u64) -> ([u64; COLUMNS], u64) {
    let who = DrawKey::named("design", "sobol").child(dimension as u64);
    let mut draws = Source::new(seed, 0).sequence(Purpose::Design, who, 0);
    let mut digits = || (draws.uniform() * (1u64 << DIGITS) as f64) as u64;
    let rows: Vec<u64> = (0..DIGITS)
        .map(|row| {
            // Row `row` yields the digit of weight 2^-(row + 1); it may use that digit and the higher ones.
            let own = 1 << (DIGITS - 1 - row);
            let higher = !(2 * own - 1) & ((1 << DIGITS) - 1);
            (digits() & higher) | own
        })
        .collect();
    let matrix =
        |column: u64| rows.iter().fold(0, |result, row| result << 1 | u64::from((row & column).count_ones() & 1));
    (plain.map(matrix), digits())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_points_are_the_published_ones() {
        // Joe and Kuo's notes on generating Sobol' sequences; the order is that of Gray code.
        let points = Sobol::new(3, Scramble::None).unwrap().points(8);
        let expected = [
            [0.0, 0.0, 0.0],
            [0.5, 0.5, 0.5],
            [0.75, 0.25, 0.25],
            [0.25, 0.75, 0.75],
            [0.375, 0.375, 0.625],
            [0.875, 0.875, 0.125],
            [0.625, 0.125, 0.875],
            [0.125, 0.625, 0.375],
        ];
        assert!(points.iter().eq(expected.iter().map(|point| &point[..])));
        // Coordinates 20 and 40 of point 9 and 130 of point 700, from an independent implementation.
        let sequence = Sobol::new(MOST_DIMENSIONS, Scramble::None).unwrap();
        let at = |index, dimension: usize| sequence.point(index).nth(dimension - 1).unwrap();
        assert_eq!((at(9, 20), at(9, 40), at(700, 130)), (0.8125, 0.0625, 0.2841796875));
        assert!(Sobol::new(MOST_DIMENSIONS + 1, Scramble::None).is_none());
    }

    #[test]
    fn every_dyadic_part_of_every_dimension_holds_one_point() {
        for scramble in [Scramble::None, Scramble::Seed(1), Scramble::Seed(77)] {
            let points = Sobol::new(MOST_DIMENSIONS, scramble).unwrap().points(64);
            for dimension in 0..MOST_DIMENSIONS {
                let mut held = [false; 64];
                for coordinate in points.column(dimension) {
                    held[(coordinate * 64.0) as usize] = true;
                }
                assert!(held.iter().all(|held| *held), "dimension {dimension}");
            }
        }
    }

    #[test]
    fn scrambling_keeps_the_net_of_the_first_two_dimensions() {
        let points = Sobol::new(2, Scramble::Seed(5)).unwrap().points(64);
        for (across, up) in [(64, 1), (16, 4), (8, 8), (2, 32)] {
            let mut held = vec![0; across * up];
            for point in points.iter() {
                held[(point[0] * across as f64) as usize * up + (point[1] * up as f64) as usize] += 1;
            }
            assert!(held.iter().all(|count| *count == 64 / (across * up)), "{across} by {up}");
        }
    }

    #[test]
    fn a_longer_sequence_keeps_the_points_and_seeds_differ() {
        let points = |rows, seed| Sobol::new(5, Scramble::Seed(seed)).unwrap().points(rows);
        assert_eq!(points(40, 3).values()[..50], *points(10, 3).values());
        assert_ne!(points(10, 3), points(10, 4));
        assert!(points(1000, 3).values().iter().all(|x| *x > 0.0 && *x < 1.0));
    }
}
