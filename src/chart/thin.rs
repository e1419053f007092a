//! Outlines as fine as a map can show them (Douglas and Peucker 1973, Cartographica 10, 112–122). A line that two areas share is
//! thinned as one, so that it stays shared; where three meet, the point stays.

use super::canvas::Point;

/// The rings with as few points as keep each line within a distance of where it was, in the same order; what is smaller than that
/// is empty. Rings share a line where they have the same points.
pub(super) fn thinned(rings: &[&[Point]], distance: f64) -> Vec<Vec<Point>> {
    let numbered = Numbered::of(rings);
    let joints = joints(&numbered);
    numbered.rings.iter().map(|ring| thin_ring(ring, &numbered.points, &joints, distance)).collect()
}

/// Rings as numbers of points, each point once.
struct Numbered {
    points: Vec<Point>,
    rings: Vec<Vec<usize>>,
}

impl Numbered {
    fn of(rings: &[&[Point]]) -> Self {
        let order = |a: &Point, b: &Point| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1));
        let mut points: Vec<Point> = rings.iter().flat_map(|ring| ring.iter().copied()).collect();
        points.sort_unstable_by(order);
        points.dedup_by(|a, b| order(a, b).is_eq());
        let number = |point: &Point| points.binary_search_by(|other| order(other, point)).unwrap_or_default();
        let rings = rings.iter().map(|ring| {
            let mut ring: Vec<usize> = ring.iter().map(number).collect();
            ring.dedup();
            if ring.len() > 1 && ring.first() == ring.last() {
                ring.pop();
            }
            ring
        });
        let rings = rings.collect();
        Self { points, rings }
    }
}

/// Where lines part: points with more than two neighbours.
fn joints(numbered: &Numbered) -> Vec<bool> {
    let mut beside: Vec<Option<[usize; 2]>> = vec![None; numbered.points.len()];
    let mut joints = vec![false; numbered.points.len()];
    for ring in &numbered.rings {
        for (place, point) in ring.iter().enumerate() {
            let two = [ring[(place + ring.len() - 1) % ring.len()], ring[(place + 1) % ring.len()]];
            match beside[*point] {
                None => beside[*point] = Some(two),
                Some(known) => {
                    let same = known == two || known == [two[1], two[0]];
                    joints[*point] |= !same;
                }
            }
        }
    }
    joints
}

fn thin_ring(ring: &[usize], points: &[Point], joints: &[bool], distance: f64) -> Vec<Point> {
    if ring.len() < 3 {
        return Vec::new();
    }
    // Rings without a joint that have points in common are the same, and begin at the same.
    let first = |wanted: &dyn Fn(usize) -> bool| (0..ring.len()).find(|place| wanted(ring[*place]));
    let least = ring.iter().copied().min().unwrap_or_default();
    let start = first(&|point| joints[point]).or_else(|| first(&|point| point == least)).unwrap_or(0);
    let around: Vec<usize> = ring[start..].iter().chain(&ring[..=start]).copied().collect();
    let mut kept: Vec<usize> = Vec::new();
    let mut from = 0;
    for to in 1..around.len() {
        if joints[around[to]] || to + 1 == around.len() {
            kept.extend(thin_line(&around[from..=to], points, distance).into_iter().skip(usize::from(from > 0)));
            from = to;
        }
    }
    kept.pop();
    if kept.len() < 3 { Vec::new() } else { kept.into_iter().map(|point| points[point]).collect() }
}

/// The points of a line that are kept, its ends among them. The same line the other way round keeps the same.
fn thin_line(line: &[usize], points: &[Point], distance: f64) -> Vec<usize> {
    if line.iter().lt(line.iter().rev()) {
        return keep(line, points, distance);
    }
    let turned: Vec<usize> = line.iter().rev().copied().collect();
    keep(&turned, points, distance).into_iter().rev().collect()
}

fn keep(line: &[usize], points: &[Point], distance: f64) -> Vec<usize> {
    let mut kept = vec![false; line.len()];
    let last = line.len() - 1;
    (kept[0], kept[last]) = (true, true);
    let mut open = vec![(0, last)];
    while let Some((from, to)) = open.pop() {
        let (a, b) = (points[line[from]], points[line[to]]);
        let off = (from + 1..to).map(|place| (place, apart(points[line[place]], a, b)));
        let farthest = off.fold((0, 0.0), |far, next| if next.1 > far.1 { next } else { far });
        if farthest.1 > distance * distance {
            kept[farthest.0] = true;
            open.extend([(from, farthest.0), (farthest.0, to)]);
        }
    }
    line.iter().zip(kept).filter(|(_, kept)| *kept).map(|(point, _)| *point).collect()
}

/// The square of the distance of a point from the line between two.
fn apart(point: Point, from: Point, to: Point) -> f64 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx * dx + dy * dy;
    let (px, py) = (point.0 - from.0, point.1 - from.1);
    let along = if length > 0.0 { ((px * dx + py * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
    let (ox, oy) = (px - along * dx, py - along * dy);
    ox * ox + oy * oy
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::maths;

    /// A wavy line from one point to another.
    fn wavy(from: Point, to: Point, steps: usize) -> Vec<Point> {
        let at = |step: usize| step as f64 / steps as f64;
        let wave = |step: usize| 0.02 * maths::sin(60.0 * at(step)) * maths::sin(std::f64::consts::PI * at(step));
        (0..steps)
            .map(|step| {
                (from.0 + (to.0 - from.0) * at(step) + wave(step), from.1 + (to.1 - from.1) * at(step) + wave(step))
            })
            .collect()
    }

    #[test]
    fn a_line_that_two_share_stays_shared() {
        let shared = wavy((1.0, 0.0), (1.0, 1.0), 5000);
        let mut left: Vec<Point> = vec![(0.0, 0.0)];
        left.extend(&shared);
        left.extend([(1.0, 1.0), (0.0, 1.0)]);
        let mut right: Vec<Point> = vec![(2.0, 1.0), (1.0, 1.0)];
        right.extend(shared.iter().rev());
        right.push((2.0, 0.0));
        // Whatever point a ring begins at.
        right.rotate_left(1234);
        let thin = thinned(&[&left, &right], 0.002);
        assert!(thin[0].len() > 20 && thin[0].len() < 300, "{}", thin[0].len());
        let inner = |ring: &[Point]| {
            let mut line: Vec<Point> = ring.iter().copied().filter(|p| (0.9..1.1).contains(&p.0)).collect();
            line.sort_by(|a, b| a.1.total_cmp(&b.1));
            line
        };
        assert_eq!(inner(&thin[0]), inner(&thin[1]));
        let far = |point: &Point| {
            let ring = &thin[0];
            (0..ring.len()).map(|at| apart(*point, ring[at], ring[(at + 1) % ring.len()])).fold(f64::INFINITY, f64::min)
        };
        assert!(shared.iter().all(|point| far(point) <= 0.002 * 0.002 + 1e-15));
    }

    #[test]
    fn an_island_is_thinned_as_the_hole_around_it_and_a_speck_is_gone() {
        let circle = |count: usize, radius: f64, from: usize| -> Vec<Point> {
            let angle = |step: usize| std::f64::consts::TAU * ((step + from) % count) as f64 / count as f64;
            (0..count).map(|step| (radius * maths::cos(angle(step)), radius * maths::sin(angle(step)))).collect()
        };
        let island = circle(3000, 1.0, 0);
        let hole: Vec<Point> = circle(3000, 1.0, 777).into_iter().rev().collect();
        let thin = thinned(&[&island, &hole, &circle(100, 0.001, 0)], 0.005);
        let sorted = |ring: &[Point]| {
            let mut ring = ring.to_vec();
            ring.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
            ring
        };
        assert_eq!(sorted(&thin[0]), sorted(&thin[1]));
        assert!(thin[0].len() < 60 && thin[2].is_empty(), "{} {}", thin[0].len(), thin[2].len());
    }
}
