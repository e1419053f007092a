//! Which places are next to each other where nothing else says so: Delaunay's triangulation.

use delaunator::{EMPTY, Point as Site, next_halfedge, triangulate};

/// The sites next to each site, and the corners of the hull in order, the first one again at the end.
pub fn neighbours(sites: &[(f64, f64)]) -> (Vec<Vec<usize>>, Vec<usize>) {
    let points: Vec<Site> = sites.iter().map(|&(x, y)| Site { x, y }).collect();
    let triangulation = triangulate(&points);
    let mut found = vec![Vec::new(); sites.len()];
    if triangulation.triangles.is_empty() {
        // Fewer than three places, or all on a line.
        for (i, near) in found.iter_mut().enumerate() {
            near.extend((0..sites.len().min(200)).filter(|&j| j != i));
        }
        return (found, Vec::new());
    }
    for (edge, &from) in triangulation.triangles.iter().enumerate() {
        let to = triangulation.triangles[next_halfedge(edge)];
        found[from].push(to);
        if triangulation.halfedges[edge] == EMPTY {
            found[to].push(from);
        }
    }
    let rim = triangulation.hull.iter().chain(triangulation.hull.first()).copied().collect();
    (found, rim)
}
