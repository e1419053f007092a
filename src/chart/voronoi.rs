//! The part of a map that is nearer to a place than to any other, for scenarios that bring no boundaries.

use crate::base::maths;
use delaunator::{EMPTY, Point as Site, next_halfedge, triangulate};

/// A cell: its corners in order, each with the site on the other side of the edge that starts there (none at the
/// outer rim).
pub(super) type Cell = Vec<((f64, f64), Option<usize>)>;

/// One cell per site. Cells end at a distance from their site that suits its neighbours' distances, so that the land
/// beyond the outermost places stays blank.
pub(super) fn cells(sites: &[(f64, f64)]) -> Vec<Cell> {
    let neighbours = neighbours(sites);
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
    (0..sites.len())
        .map(|i| {
            let mut around: Vec<f64> = neighbours[i].iter().map(|&j| distance(i, j)).collect();
            around.sort_by(f64::total_cmp);
            let middling = around.get(around.len() / 2).copied().unwrap_or(typical);
            let reach = (0.72 * middling).clamp(0.8 * typical, 2.4 * typical);
            let mut cell = circle(sites[i], reach);
            for &j in &neighbours[i] {
                cell = nearer(&cell, sites[i], sites[j], j);
            }
            cell
        })
        .collect()
}

fn circle((x, y): (f64, f64), radius: f64) -> Cell {
    const CORNERS: u32 = 40;
    (0..CORNERS)
        .map(|corner| {
            let angle = std::f64::consts::TAU * f64::from(corner) / f64::from(CORNERS);
            ((x + radius * maths::cos(angle), y + radius * maths::sin(angle)), None)
        })
        .collect()
}

/// The part of a cell that is nearer to `here` than to `there`.
fn nearer(cell: &Cell, here: (f64, f64), there: (f64, f64), other: usize) -> Cell {
    let normal = (there.0 - here.0, there.1 - here.1);
    let middle = ((here.0 + there.0) / 2.0, (here.1 + there.1) / 2.0);
    if normal == (0.0, 0.0) {
        return cell.clone();
    }
    let side = |p: (f64, f64)| (p.0 - middle.0) * normal.0 + (p.1 - middle.1) * normal.1;
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
                kept.push((crossing(), Some(other)));
            }
        } else if b <= 0.0 {
            kept.push((crossing(), across));
        }
    }
    kept
}

fn neighbours(sites: &[(f64, f64)]) -> Vec<Vec<usize>> {
    let points: Vec<Site> = sites.iter().map(|&(x, y)| Site { x, y }).collect();
    let triangulation = triangulate(&points);
    let mut found = vec![Vec::new(); sites.len()];
    if triangulation.triangles.is_empty() {
        // Fewer than three places, or all on a line.
        for (i, near) in found.iter_mut().enumerate() {
            near.extend((0..sites.len().min(200)).filter(|&j| j != i));
        }
        return found;
    }
    for (edge, &from) in triangulation.triangles.iter().enumerate() {
        let to = triangulation.triangles[next_halfedge(edge)];
        found[from].push(to);
        if triangulation.halfedges[edge] == EMPTY {
            found[to].push(from);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(cell: &Cell) -> f64 {
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
