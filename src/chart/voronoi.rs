//! The part of a map that is nearer to a place than to any other, for scenarios that bring no boundaries.

use crate::base::maths;
use crate::base::triangulation::neighbours;

/// A cell: its corners in order, each with the site on the other side of the edge that starts there (none at the
/// outer rim).
pub(super) type VoronoiCell = Vec<((f64, f64), Option<usize>)>;

/// One cell per site. Cells end a little outside the convex hull of all sites, so that the land beyond stays
/// blank.
pub(super) fn cells(sites: &[(f64, f64)]) -> Vec<VoronoiCell> {
    let (neighbours, rim) = neighbours(sites);
    let distance = |a: usize, b: usize| {
        let (dx, dy) = (sites[a].0 - sites[b].0, sites[a].1 - sites[b].1);
        (dx * dx + dy * dy).sqrt()
    };
    let mut nearest: Vec<f64> = (0..sites.len())
        .filter_map(|i| neighbours[i].iter().map(|&j| distance(i, j)).min_by(f64::total_cmp))
        .filter(|d| *d > 0.0)
        .collect();
    nearest.sort_by(f64::total_cmp);
    let typical = nearest.get(nearest.len() / 2).copied().unwrap_or(1.0);
    let margin = 1.6 * typical;
    let corners: Vec<_> = sharp_corners(sites, &rim).collect();
    (0..sites.len())
        .map(|i| {
            let farthest = neighbours[i].iter().map(|&j| distance(i, j)).fold(0.0, f64::max);
            let mut cell = circle(sites[i], (3.0 * farthest).max(typical));
            for &j in &neighbours[i] {
                cell = nearer(&cell, sites[i], sites[j], Some(j));
            }
            for edge in rim.windows(2) {
                cell = inward(&cell, sites[edge[0]], sites[edge[1]], margin);
            }
            for &((x, y), out) in &corners {
                cell = behind(&cell, (x + out.0 * margin, y + out.1 * margin), out, None);
            }
            cell
        })
        .collect()
}

/// The hull's corners of less than a right angle, each with the direction outwards: there the margins of two edges meet far
/// away.
fn sharp_corners(sites: &[(f64, f64)], rim: &[usize]) -> impl Iterator<Item = ((f64, f64), (f64, f64))> {
    let count = rim.len().saturating_sub(1);
    let towards = |(fx, fy): (f64, f64), (tx, ty): (f64, f64)| {
        let length = ((tx - fx) * (tx - fx) + (ty - fy) * (ty - fy)).sqrt();
        (length > 0.0).then(|| ((tx - fx) / length, (ty - fy) / length))
    };
    (0..count).filter_map(move |place| {
        let [before, here, after] = [place + count - 1, place, place + 1].map(|at| sites[rim[at % count]]);
        let (a, b) = (towards(here, before)?, towards(here, after)?);
        let sharp = a.0 * b.0 + a.1 * b.1 > 0.0;
        let inwards = towards((0.0, 0.0), (a.0 + b.0, a.1 + b.1))?;
        sharp.then_some((here, (-inwards.0, -inwards.1)))
    })
}

fn circle((x, y): (f64, f64), radius: f64) -> VoronoiCell {
    const CORNERS: u32 = 40;
    (0..CORNERS)
        .map(|corner| {
            let angle = std::f64::consts::TAU * f64::from(corner) / f64::from(CORNERS);
            ((x + radius * maths::cos(angle), y + radius * maths::sin(angle)), None)
        })
        .collect()
}

/// The part of a cell that is nearer to `here` than to `there`.
fn nearer(cell: &VoronoiCell, here: (f64, f64), there: (f64, f64), other: Option<usize>) -> VoronoiCell {
    let middle = ((here.0 + there.0) / 2.0, (here.1 + there.1) / 2.0);
    behind(cell, middle, (there.0 - here.0, there.1 - here.1), other)
}

/// The part of a cell that lies no further than `margin` outside the hull's edge between two of its corners.
fn inward(cell: &VoronoiCell, from: (f64, f64), to: (f64, f64), margin: f64) -> VoronoiCell {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = (dx * dx + dy * dy).sqrt();
    if length <= 0.0 {
        return cell.clone();
    }
    // The hull's corners run so that its outside lies to the left when y points up.
    let normal = (-dy / length, dx / length);
    behind(cell, (from.0 + normal.0 * margin, from.1 + normal.1 * margin), normal, None)
}

/// The part of a cell on the side of a point that a direction points away from.
fn behind(cell: &VoronoiCell, point: (f64, f64), normal: (f64, f64), other: Option<usize>) -> VoronoiCell {
    let side = |p: (f64, f64)| (p.0 - point.0) * normal.0 + (p.1 - point.1) * normal.1;
    let mut kept = Vec::with_capacity(cell.len() + 2);
    for (index, &(from, across)) in cell.iter().enumerate() {
        let to = cell[(index + 1) % cell.len()].0;
        let (a, b) = (side(from), side(to));
        let crossing = || {
            let share = a / (a - b);
            (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share)
        };
        if a <= 0.0 {
            kept.push((from, across));
            if b > 0.0 {
                kept.push((crossing(), other));
            }
        } else if b <= 0.0 {
            kept.push((crossing(), across));
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(cell: &VoronoiCell) -> f64 {
        let twice: f64 = (0..cell.len())
            .map(|i| {
                let (a, b) = (cell[i].0, cell[(i + 1) % cell.len()].0);
                a.0 * b.1 - b.0 * a.1
            })
            .sum();
        (twice / 2.0).abs()
    }

    #[test]
    fn cells_of_a_lattice_are_unit_squares_inside() {
        let sites: Vec<(f64, f64)> = (0..25).map(|i| (f64::from(i % 5), f64::from(i / 5))).collect();
        let cells = cells(&sites);
        assert!((area(&cells[12]) - 1.0).abs() < 0.02, "{}", area(&cells[12]));
        assert!(cells.iter().all(|cell| cell.len() >= 3 && area(cell) > 0.5));
    }

    #[test]
    fn nearly_aligned_sites_make_no_spike() {
        let sites = [(0.0, 0.0), (1.0, 0.05), (2.0, -0.05), (3.0, 0.0)];
        let rightmost = cells(&sites).iter().flatten().map(|((x, _), _)| *x).fold(0.0, f64::max);
        assert!((3.5..4.8).contains(&rightmost), "{rightmost}");
    }

    #[test]
    fn few_equal_or_aligned_sites_are_no_problem() {
        assert!(cells(&[]).is_empty());
        for sites in [
            vec![(1.0, 1.0)],
            vec![(0.0, 0.0), (1.0, 0.0)],
            vec![(0.0, 0.0); 4],
            vec![(0.0, 0.0), (1.0, 0.0), (2.0, 0.0)],
        ] {
            let cells = cells(&sites);
            assert_eq!(cells.len(), sites.len());
            assert!(cells.iter().all(|cell| cell.len() >= 3));
        }
    }
}
