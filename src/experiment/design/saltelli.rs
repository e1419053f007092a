//! Samples for the estimation of Sobol' indices.

use super::Points;
use super::sobol::{Scramble, Sobol};

/// How many points one base point yields.
pub fn block(inputs: usize, second_order: bool) -> usize {
    if second_order { 2 * inputs + 2 } else { inputs + 2 }
}

/// The sample of Saltelli (2002), Computer Physics Communications 145, 280–297, from a Sobol' sequence of twice as many
/// dimensions as inputs: the first half of point i is row i of A, the second half that of B. Each base point yields a
/// block of rows: A; A with input j from B, for every j; if `second_order`, B with input j from A, for every j; B.
/// `analysis::sensitivity` reads that order. More base points keep the old rows; powers of two are best.
///
/// None if there are more inputs than half of the sequence's dimensions, or more rows than memory should hold.
pub fn sample(base: u32, inputs: usize, second_order: bool, scramble: Scramble) -> Option<Points> {
    let sequence = Sobol::new(2 * inputs, scramble)?;
    (base as usize).checked_mul(block(inputs, second_order) * inputs).filter(|cells| *cells <= 1 << 30)?;
    let mut points = Points::new(inputs);
    for index in 0..base {
        let both: Vec<f64> = sequence.point(index).collect();
        let (a, b) = both.split_at(inputs);
        let exchanged = |from: &[f64], with: &[f64], input: usize| {
            let mut point = from.to_vec();
            point[input] = with[input];
            point
        };
        points.push(a.iter().copied());
        for input in 0..inputs {
            points.push(exchanged(a, b, input));
        }
        if second_order {
            for input in 0..inputs {
                points.push(exchanged(b, a, input));
            }
        }
        points.push(b.iter().copied());
    }
    Some(points)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_a_block_differ_from_their_ends_in_one_input() {
        let inputs = 3;
        for second_order in [false, true] {
            let points = sample(16, inputs, second_order, Scramble::Seed(4)).unwrap();
            let size = block(inputs, second_order);
            assert_eq!(points.rows(), 16 * size);
            for base in 0..16 {
                let (a, b) = (points.row(base * size), points.row(base * size + size - 1));
                for row in 1..size - 1 {
                    let (from, with) = if row <= inputs { (a, b) } else { (b, a) };
                    for (input, value) in points.row(base * size + row).iter().enumerate() {
                        let source = if input == (row - 1) % inputs { with } else { from };
                        assert_eq!(value.to_bits(), source[input].to_bits());
                    }
                }
            }
        }
    }

    #[test]
    fn growing_keeps_old_rows() {
        let sample = |base| sample(base, 4, true, Scramble::Seed(1)).unwrap();
        assert_eq!(sample(64).values()[..sample(32).values().len()], *sample(32).values());
    }
}
