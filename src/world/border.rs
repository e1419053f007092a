//! Borders between countries that are closed.

use serde::{Deserialize, Serialize};

/// Which borders are closed: pairs of countries, as positions in [`super::Setting::countries`], the lower first, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosedBorders(Vec<[usize; 2]>);

impl ClosedBorders {
    /// Opens or closes the border between two countries.
    pub fn set(&mut self, [a, b]: [usize; 2], open: bool) {
        let border = [a.min(b), a.max(b)];
        match self.0.binary_search(&border) {
            Ok(place) if open => drop(self.0.remove(place)),
            Err(place) if !open => self.0.insert(place, border),
            _ => {}
        }
    }

    /// Whether one can go from one country to another directly: within a country, always.
    #[inline]
    pub fn are_open(&self, a: usize, b: usize) -> bool {
        self.0.is_empty() || self.0.binary_search(&[a.min(b), a.max(b)]).is_err()
    }

    /// The borders that are closed.
    pub fn list(&self) -> &[[usize; 2]] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_border_is_one_from_both_sides() {
        let mut borders = ClosedBorders::default();
        borders.set([3, 1], false);
        borders.set([1, 3], false);
        borders.set([0, 2], false);
        assert_eq!(borders.list(), [[0, 2], [1, 3]]);
        assert!(!borders.are_open(1, 3) && !borders.are_open(3, 1) && borders.are_open(1, 2) && borders.are_open(1, 1));
        borders.set([1, 3], true);
        borders.set([2, 3], true);
        assert_eq!(borders.list(), [[0, 2]]);
    }
}
