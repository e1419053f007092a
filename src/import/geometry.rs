//! Plane geometry of polygons in degrees.

use crate::scenario::Area;

/// West, south, east and north of points.
pub fn bounds<'p>(points: impl Iterator<Item = &'p (f64, f64)>) -> [f64; 4] {
    let none = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    points.fold(none, |[west, south, east, north], (x, y)| [west.min(*x), south.min(*y), east.max(*x), north.max(*y)])
}

/// Whether a polygon holds a point: a ray from it crosses its rings an odd number of times. Of two polygons with a common edge one holds
/// the points on it.
pub fn holds(area: &Area, (x, y): (f64, f64)) -> bool {
    let crossed = |ring: &Vec<(f64, f64)>| {
        let ends = ring.iter().zip(ring.iter().cycle().skip(1));
        let over = |((ax, ay), (bx, by)): &(&(f64, f64), &(f64, f64))| {
            (ay > &y) != (by > &y) && x < (bx - ax) * (y - ay) / (by - ay) + ax
        };
        ends.filter(over).count()
    };
    area.iter().map(crossed).sum::<usize>() % 2 == 1
}

/// The centre of gravity of polygons, their holes taken out; the middle of the corners of those without extent.
pub fn centre(areas: &[Area]) -> (f64, f64) {
    let all = || areas.iter().flatten().flatten();
    let [west, south, east, north] = bounds(all());
    let middle = ((west + east) / 2.0, (south + north) / 2.0);
    let (mut weight, mut x, mut y) = (0.0, 0.0, 0.0);
    for area in areas {
        for (number, ring) in area.iter().enumerate() {
            let (mut twice, mut rx, mut ry) = (0.0, 0.0, 0.0);
            for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
                // From the middle, so that small shapes far from the origin keep their digits.
                let (a, b) = ((a.0 - middle.0, a.1 - middle.1), (b.0 - middle.0, b.1 - middle.1));
                let cross = a.0 * b.1 - b.0 * a.1;
                twice += cross;
                rx += (a.0 + b.0) * cross;
                ry += (a.1 + b.1) * cross;
            }
            // Rings may turn either way; the first is land, the others are holes.
            let sign = if (twice > 0.0) == (number == 0) { 1.0 } else { -1.0 };
            weight += sign * twice;
            x += sign * rx;
            y += sign * ry;
        }
    }
    if weight.abs() < 1e-12 {
        return middle;
    }
    let found = (middle.0 + x / (3.0 * weight), middle.1 + y / (3.0 * weight));
    // Rings that cross themselves have no such centre.
    let inside = (west..=east).contains(&found.0) && (south..=north).contains(&found.1);
    if inside { found } else { middle }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(x: f64, y: f64, side: f64) -> Vec<(f64, f64)> {
        vec![(x, y), (x + side, y), (x + side, y + side), (x, y + side)]
    }

    #[test]
    fn holes_are_no_land() {
        let area = vec![square(0.0, 0.0, 4.0), square(2.0, 2.0, 1.0)];
        assert!(holds(&area, (1.0, 1.0)) && !holds(&area, (2.5, 2.5)) && !holds(&area, (5.0, 1.0)));
        // 16 with its middle at 2, less 1 with its middle at 2.5: (32 - 2.5) / 15.
        let (x, y) = centre(&[area]);
        assert!((x - 29.5 / 15.0).abs() < 1e-12 && (y - x).abs() < 1e-12, "{x} {y}");
    }

    #[test]
    fn a_point_on_a_common_edge_is_in_one_of_two() {
        let (left, right) = (vec![square(0.0, 0.0, 1.0)], vec![square(1.0, 0.0, 1.0)]);
        assert_eq!(usize::from(holds(&left, (1.0, 0.5))) + usize::from(holds(&right, (1.0, 0.5))), 1);
        assert_eq!(centre(&[vec![vec![(1.0, 1.0), (1.0, 1.0), (1.0, 1.0)]]]), (1.0, 1.0));
    }
}
