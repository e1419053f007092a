//! Points that have some of their inputs in common.

use super::resample::one_of;
use crate::random::Sequence;
use std::ops::Range;

/// Points by family: those after each other that share values of some inputs, and with them whatever these do. What is
/// drawn anew for a resample are families, for points of one are no independent cases.
pub(super) struct Families(Vec<Range<usize>>);

impl Families {
    /// Of as many points, of each of which the family is given; each point is one of its own if there are none.
    pub fn new(points: usize, family_of: &[u32]) -> Self {
        if family_of.len() != points {
            return Self((0..points).map(|point| point..point + 1).collect());
        }
        let sizes = family_of.chunk_by(|one, next| one == next).map(<[u32]>::len);
        Self(sizes.scan(0, |end, size| Some(std::mem::replace(end, *end + size)..*end)).collect())
    }

    /// How many families there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The points of chosen families, one family after the other.
    pub fn points_of(&self, chosen: &[usize]) -> Vec<usize> {
        chosen.iter().flat_map(|family| self.0[*family].clone()).collect()
    }

    /// How often each point is in a resample of as many families.
    pub fn resampled(&self, draws: &mut Sequence) -> Vec<u32> {
        let mut weights = vec![0; self.0.last().map_or(0, |family| family.end)];
        for _ in &self.0 {
            let family = self.0[one_of(self.count(), draws)].clone();
            weights[family].iter_mut().for_each(|weight| *weight += 1);
        }
        weights
    }

    /// Whether each point is the first of those of its family after each other that have a value of an input in common: for
    /// the others none was drawn.
    pub fn firsts(&self, values: &[f64]) -> Vec<bool> {
        let mut firsts = vec![true; values.len()];
        for point in self.0.iter().flat_map(|family| family.clone().skip(1)) {
            firsts[point] = values[point].to_bits() != values[point - 1].to_bits();
        }
        firsts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::resample::resamples;

    #[test]
    fn families_stay_together() {
        let families = Families::new(6, &[0, 0, 0, 3, 4, 4]);
        assert_eq!((families.count(), families.points_of(&[2, 0])), (3, vec![4, 5, 0, 1, 2]));
        let firsts = families.firsts(&[1.0, 1.0, 2.0, 2.0, 2.0, 2.0]);
        assert_eq!(firsts, [true, false, true, true, true, false]);
        for mut draws in resamples("test", 1, 20) {
            let weights = families.resampled(&mut draws);
            assert!(weights[0] == weights[1] && weights[1] == weights[2] && weights[4] == weights[5], "{weights:?}");
            assert_eq!(weights[0] + weights[3] + weights[4], 3);
        }
        assert_eq!(Families::new(3, &[]).points_of(&[2, 0]), [2, 0]);
    }
}
