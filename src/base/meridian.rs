//! Which longitudes a map begins at: land on both sides of the 180th meridian lies together on it.

/// Makes a ring go on where its longitudes leap from one end of the count to the other.
pub fn unrolled(ring: &mut [(f64, f64)]) {
    let mut turns = 0.0;
    let mut before = ring.first().map_or(0.0, |point| point.0);
    for (longitude, _) in ring {
        let leap = *longitude - before;
        before = *longitude;
        turns -= if leap > 180.0 {
            360.0
        } else if leap < -180.0 {
            -360.0
        } else {
            0.0
        };
        *longitude += turns;
    }
}

/// Where a map begins that shows stretches of longitudes, each from west to east: after the widest gap between them, if they would
/// take more than half of the globe as they are.
pub fn beginning(stretches: &[(f64, f64)]) -> Option<f64> {
    let west = stretches.iter().map(|stretch| stretch.0).fold(f64::INFINITY, f64::min);
    let east = stretches.iter().map(|stretch| stretch.1).fold(f64::NEG_INFINITY, f64::max);
    if east - west <= 180.0 {
        return None;
    }
    let mut around: Vec<(f64, f64)> = stretches
        .iter()
        .map(|(from, to)| {
            let start = from.rem_euclid(360.0);
            (start, start + (to - from))
        })
        .collect();
    around.sort_by(|a, b| a.0.total_cmp(&b.0));
    let first = around.first()?.0;
    let (mut covered, mut widest) = (around.first()?.1, (0.0, first));
    for (from, to) in around.iter().skip(1).copied().chain([(first + 360.0, 0.0)]) {
        if from - covered > widest.0 {
            widest = (from - covered, from);
        }
        covered = covered.max(to);
    }
    Some(widest.1.rem_euclid(360.0))
}

/// How far a stretch that begins at a longitude is moved, to lie on a map that begins at another.
pub fn shift(from: f64, beginning: f64) -> f64 {
    // A beginning that rounding has put before the map's is none.
    let within = (from - beginning + 1e-9).rem_euclid(360.0) - 1e-9;
    beginning + within - from
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_begins_after_the_widest_gap() {
        assert_eq!(beginning(&[(-5.0, 4.0), (10.0, 20.0)]), None);
        assert_eq!(beginning(&[(178.0, 180.0), (-180.0, -178.0)]), Some(178.0));
        // From Kaliningrad to the Bering Strait.
        assert_eq!(beginning(&[(20.0, 180.0), (-180.0, -169.0)]), Some(20.0));
        assert_eq!(beginning(&[(350.0, 370.0), (100.0, 120.0), (-170.0, -160.0)]), Some(350.0));
        let moved = |from: f64| from + shift(from, 178.0);
        assert!((moved(-180.0) - 180.0).abs() < 1e-9 && (moved(178.0) - 178.0).abs() < 1e-9);
    }

    #[test]
    fn a_ring_across_the_meridian_goes_on() {
        let mut ring = [(179.0, 0.0), (-179.0, 0.0), (-179.0, 1.0), (179.0, 1.0)];
        unrolled(&mut ring);
        assert_eq!(ring.map(|point| point.0 as i32), [179, 181, 181, 179]);
    }
}
