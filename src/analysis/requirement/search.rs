//! The search for the least change that takes an answer past a line. It knows nothing of the model: a [`Simulator`] says of
//! replicates whether they end past it.
//!
//! All ways to move one lever are tried to the end of its range, and those that would take the least are given more and more
//! replicates (sequential halving: Karnin, Koren and Somekh 2013). Along a way the least change is found by bisection, for with
//! common random numbers the share is taken to rise along it. Two levers together are sought by branch and bound: how far one
//! goes is laid out on a grid that grows finer about the best, and the other goes no further than what is cheaper than that.

use std::collections::BTreeMap;
use std::ops::Range;

/// Parts of the way to the end of a lever's range.
pub const STEPS: u32 = 64;
/// Ways that are given all replicates.
const FINALISTS: usize = 6;
/// Pairs of ways of which the least change is sought.
const PAIRS: usize = 4;
/// Points of a frontier at most.
const FRONT: usize = 8;
/// How far the first lever of a pair goes at first, of [`STEPS`]; and how far from the best it is tried then.
const GRID: [u32; 5] = [8, 24, 40, 56, 64];
const FINER: [u32; 4] = [8, 4, 2, 1];
/// Two levers are told of only where they cost no more than this share of one of them alone: less is within luck.
const WORTH: f64 = 0.9;
/// Points of a frontier differ by more than this share.
const APART: f64 = 0.03;

/// A way to move a lever: to one end of its range, or to another of several values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Way {
    /// The lever, by its number.
    pub lever: usize,
    /// What it costs to go all the way, above 0.
    pub cost: f64,
    /// Whether it can be gone only as a whole.
    pub whole: bool,
}

/// A lever moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Move {
    /// Which way, by its number.
    pub way: usize,
    /// How far along it, of [`STEPS`]; from 1.
    pub steps: u32,
}

/// Runs with levers moved.
pub trait Simulator {
    /// Why it cannot.
    type Error;

    /// Of each point, whether each replicate of a window ends past the line: 1 or 0, not a number if it failed. Replicates of one
    /// number have the same luck at all points. `batch` is a name that no other call has.
    ///
    /// # Errors
    /// If it cannot be done.
    fn run(&mut self, batch: &str, points: &[Vec<Move>], window: Range<u64>) -> Result<Vec<Vec<f64>>, Self::Error>;
}

/// What is asked of a search.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// The share that is to be passed, from 0 to 1.
    pub line: f64,
    /// Replicates of a point that is looked at closely.
    pub replicates: u64,
    /// Runs at most.
    pub runs: u64,
    /// By how many standard errors a share is to lie past the line to count as past it.
    pub margin: f64,
}

/// A point that was tried.
#[derive(Clone, Debug, PartialEq)]
pub struct Tried {
    /// The levers moved; none of how it is.
    pub moves: Vec<Move>,
    /// What that costs.
    pub cost: f64,
    /// The share past the line.
    pub share: f64,
    /// Of how many replicates.
    pub n: u64,
}

/// What all the way along a way does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Screened {
    /// The way.
    pub way: usize,
    /// How much larger the share is than without a change, in the same replicates.
    pub gain: f64,
    /// How many those are.
    pub n: u64,
    /// Share of replicates that end otherwise, one way or the other.
    pub flips: f64,
}

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Searched {
    /// How it is without a change.
    pub baseline: Option<Tried>,
    /// Each way by itself, that which takes the least first.
    pub screened: Vec<Screened>,
    /// The least changes that pass the line, by one lever or two, the cheapest first.
    pub options: Vec<Tried>,
    /// The point with the largest share.
    pub furthest: Option<Tried>,
    /// Points of which none is as cheap with a larger share, from the cheapest on.
    pub front: Vec<Tried>,
    /// Ways along which the share rises and falls again.
    pub bumpy: Vec<usize>,
    /// How many runs it took.
    pub runs: u64,
    /// Whether it ended because it may do no more.
    pub exhausted: bool,
}

/// Searches.
///
/// # Errors
/// If the simulator cannot run.
pub fn search<S: Simulator>(simulator: &mut S, ways: &[Way], settings: &Settings) -> Result<Searched, S::Error> {
    let mut search = Search { simulator, ways, settings, known: BTreeMap::new(), batch: 0, found: Searched::default() };
    search.look(&[Vec::new()], settings.replicates)?;
    search.found.baseline = search.tried(&[]);
    if search.past(&[]) || search.found.baseline.as_ref().is_none_or(|how| how.share > settings.line) {
        return Ok(search.found);
    }
    let finalists = search.screen()?;
    let singles = search.singles(&finalists)?;
    let pairs = search.pairs(&finalists, &singles)?;
    Ok(search.conclude(singles, pairs))
}

struct Search<'a, S: Simulator> {
    simulator: &'a mut S,
    ways: &'a [Way],
    settings: &'a Settings,
    /// Replicates of each point, from the first on.
    known: BTreeMap<Vec<Move>, Vec<f64>>,
    batch: u32,
    found: Searched,
}

/// A line through the levers along which the least that passes is sought.
struct Ray {
    /// What stays as it is.
    fixed: Vec<Move>,
    /// What moves, all as far.
    along: Vec<usize>,
    /// The furthest that does not pass, and the nearest that does.
    ends: (u32, u32),
}

impl Ray {
    fn at(&self, steps: u32) -> Vec<Move> {
        let mut moves = self.fixed.clone();
        moves.extend(self.along.iter().map(|way| Move { way: *way, steps }));
        moves.sort_unstable();
        moves
    }
}

/// A pair of ways with the least change that was found, and a cost that it must stay below.
struct Pair {
    ways: [usize; 2],
    best: Option<[u32; 2]>,
    below: f64,
}

impl<S: Simulator> Search<'_, S> {
    /// Sees to it that points have so many replicates; gives whether they have.
    fn look(&mut self, points: &[Vec<Move>], depth: u64) -> Result<bool, S::Error> {
        let mut missing: BTreeMap<u64, Vec<Vec<Move>>> = BTreeMap::new();
        for point in points {
            let there = self.known.get(point).map_or(0, |held| held.len() as u64);
            let list = missing.entry(there).or_default();
            if there < depth && !list.contains(point) {
                list.push(point.clone());
            }
        }
        let more: u64 = missing.iter().map(|(there, list)| list.len() as u64 * depth.saturating_sub(*there)).sum();
        if self.found.runs + more > self.settings.runs {
            self.found.exhausted = true;
            return Ok(false);
        }
        for (there, list) in missing.into_iter().filter(|(_, list)| !list.is_empty()) {
            let batch = format!("search-{:03}", self.batch);
            self.batch += 1;
            let runs = self.simulator.run(&batch, &list, there..depth)?;
            for (point, runs) in list.into_iter().zip(runs) {
                self.known.entry(point).or_default().extend(runs);
            }
        }
        self.found.runs += more;
        Ok(true)
    }

    fn cost(&self, moves: &[Move]) -> f64 {
        let one = |one: &Move| self.ways[one.way].cost * f64::from(one.steps) / f64::from(STEPS);
        moves.iter().map(one).fold(0.0, |sum, cost| sum + cost)
    }

    fn tried(&self, moves: &[Move]) -> Option<Tried> {
        let whole = || self.known.get(moves).into_iter().flatten().filter(|past| past.is_finite());
        let n = whole().count() as u64;
        let share = whole().sum::<f64>() / n as f64;
        (n > 0).then(|| Tried { moves: moves.to_vec(), cost: self.cost(moves), share, n })
    }

    /// Whether a point passes the line, as far as can be told.
    fn past(&self, moves: &[Move]) -> bool {
        self.tried(moves).is_some_and(|tried| {
            let n = tried.n as f64;
            let share = (tried.share * n + 0.5) / (n + 1.0);
            tried.share - self.settings.margin * (share * (1.0 - share) / n).sqrt() > self.settings.line
        })
    }

    fn end(&self, ways: &[usize]) -> Vec<Move> {
        Ray { fixed: Vec::new(), along: ways.to_vec(), ends: (0, STEPS) }.at(STEPS)
    }

    /// What a point does against how it is, in the replicates that both have.
    fn gain(&self, moves: &[Move]) -> (f64, f64, u64) {
        let (Some(before), Some(after)) = (self.known.get(&[][..]), self.known.get(moves)) else {
            return (0.0, 0.0, 0);
        };
        let both = || before.iter().zip(after).filter(|(a, b)| a.is_finite() && b.is_finite());
        let n = both().count();
        let sum: f64 = both().map(|(a, b)| b - a).sum();
        let flips: f64 = both().map(|(a, b)| (b - a).abs()).sum();
        let of = |sum: f64| if n > 0 { sum / n as f64 } else { 0.0 };
        (of(sum), of(flips), n as u64)
    }

    /// Keeps those of some sets of ways that would take the least, were the share to rise evenly, and a third of them for how
    /// much they do.
    fn best(&self, sets: &[Vec<usize>], keep: usize) -> Vec<Vec<usize>> {
        let gap = self.settings.line - self.found.baseline.as_ref().map_or(0.0, |how| how.share);
        let mut rated: Vec<(f64, f64, Vec<usize>)> = (sets.iter())
            .map(|set| {
                let end = self.end(set);
                let gain = self.gain(&end).0;
                let need = if gain > 0.0 { self.cost(&end) * gap / gain } else { f64::INFINITY };
                (need, gain, set.clone())
            })
            .collect();
        rated.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(&b.2)));
        let mut kept: Vec<Vec<usize>> = rated.iter().take(keep - keep / 3).map(|(.., set)| set.clone()).collect();
        rated.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.2.cmp(&b.2)));
        let others: Vec<_> = rated.into_iter().map(|(.., set)| set).filter(|set| !kept.contains(set)).collect();
        kept.extend(others.into_iter().take(keep.saturating_sub(kept.len())));
        kept
    }

    /// Halves sets of ways, gone to their ends, until few are left, which have all replicates.
    fn halve(&mut self, mut sets: Vec<Vec<usize>>, keep: usize) -> Result<Vec<Vec<usize>>, S::Error> {
        let all = self.settings.replicates;
        let rounds = sets.len().div_ceil(keep.max(1)).next_power_of_two().ilog2().min(4);
        for round in (0..=rounds).rev() {
            let depth = (all >> round).next_multiple_of(8).min(all);
            let ends: Vec<Vec<Move>> = sets.iter().map(|set| self.end(set)).collect();
            if !self.look(&ends, depth)? {
                break;
            }
            let left = if round == 0 { sets.len().min(keep) } else { sets.len().div_ceil(2).max(keep) };
            sets = self.best(&sets, left);
        }
        Ok(sets)
    }

    /// The ways that matter most.
    fn screen(&mut self) -> Result<Vec<usize>, S::Error> {
        let all: Vec<Vec<usize>> = (0..self.ways.len()).map(|way| vec![way]).collect();
        let kept = self.halve(all.clone(), FINALISTS)?;
        let screened = |set: &Vec<usize>| {
            let (gain, flips, n) = self.gain(&self.end(set));
            Screened { way: set[0], gain, n, flips }
        };
        let of_kept: Vec<Screened> = kept.iter().map(screened).collect();
        let mut others: Vec<Screened> = all.iter().filter(|set| !kept.contains(set)).map(screened).collect();
        others.sort_by(|a, b| b.gain.total_cmp(&a.gain).then(a.way.cmp(&b.way)));
        self.found.screened = of_kept.into_iter().chain(others).collect();
        Ok(kept.into_iter().flatten().collect())
    }

    /// Narrows rays, all at once; those of which nothing more can be told stay as they are.
    fn bisect(&mut self, rays: &mut [Ray]) -> Result<(), S::Error> {
        loop {
            let middle = |ray: &Ray| u32::midpoint(ray.ends.0, ray.ends.1);
            let open =
                |ray: &&mut Ray| ray.ends.1 - ray.ends.0 > 1 && !ray.along.iter().any(|way| self.ways[*way].whole);
            let open: Vec<usize> = (0..rays.len()).filter(|place| open(&&mut rays[*place])).collect();
            let points: Vec<Vec<Move>> = open.iter().map(|place| rays[*place].at(middle(&rays[*place]))).collect();
            if points.is_empty() || !self.look(&points, self.settings.replicates)? {
                return Ok(());
            }
            for (place, point) in open.into_iter().zip(points) {
                let middle = middle(&rays[place]);
                let past = self.past(&point);
                let ends = &mut rays[place].ends;
                *(if past { &mut ends.1 } else { &mut ends.0 }) = middle;
            }
        }
    }

    /// The least change of each of some ways by itself.
    fn singles(&mut self, finalists: &[usize]) -> Result<BTreeMap<usize, u32>, S::Error> {
        let end = |way: usize, steps| vec![Move { way, steps }];
        let short: Vec<usize> =
            finalists.iter().copied().filter(|way| !self.past(&end(*way, STEPS)) && !self.ways[*way].whole).collect();
        let halves: Vec<Vec<Move>> = short.iter().map(|way| end(*way, STEPS / 2)).collect();
        self.look(&halves, self.settings.replicates)?;
        for way in &short {
            let (half, whole) = (self.tried(&end(*way, STEPS / 2)), self.tried(&end(*way, STEPS)));
            if let (Some(half), Some(whole)) = (half, whole) {
                let error = (0.5 / half.n.max(1) as f64).sqrt();
                if half.share > whole.share + 2.0 * error {
                    self.found.bumpy.push(*way);
                }
            }
        }
        let mut rays: Vec<Ray> = finalists
            .iter()
            .filter_map(|way| {
                let far = [STEPS, STEPS / 2].into_iter().find(|steps| self.past(&end(*way, *steps)))?;
                Some(Ray { fixed: Vec::new(), along: vec![*way], ends: (0, far) })
            })
            .collect();
        self.bisect(&mut rays)?;
        Ok(rays.into_iter().map(|ray| (ray.along[0], ray.ends.1)).collect())
    }

    /// The least change of pairs of ways.
    fn pairs(&mut self, finalists: &[usize], singles: &BTreeMap<usize, u32>) -> Result<Vec<Vec<Move>>, S::Error> {
        let mut sets = Vec::new();
        for (place, first) in finalists.iter().enumerate() {
            let others = finalists[place + 1..].iter();
            let apart = others.filter(|other| self.ways[**other].lever != self.ways[*first].lever);
            sets.extend(apart.map(|other| vec![*first, *other]));
        }
        let kept = self.halve(sets, PAIRS)?;
        let alone =
            |way: usize| singles.get(&way).map_or(f64::INFINITY, |steps| self.cost(&[Move { way, steps: *steps }]));
        let mut pairs: Vec<Pair> = kept
            .iter()
            .map(|set| [set[0], set[1]])
            .filter(|ways| self.past(&self.end(ways)))
            .map(|ways| Pair { ways, best: None, below: WORTH * alone(ways[0]).min(alone(ways[1])) })
            .collect();
        self.together(&mut pairs)?;
        self.grid(&mut pairs, |_| GRID.to_vec())?;
        for by in FINER {
            let about = |pair: &Pair| {
                let at = pair.best.map(|best| best[0]);
                at.map_or(Vec::new(), |at| vec![at.saturating_sub(by), (at + by).min(STEPS)])
            };
            self.grid(&mut pairs, about)?;
        }
        let found = pairs.iter().filter_map(|pair| Some(Self::of_pair(pair.ways, pair.best?)));
        Ok(found.collect())
    }

    fn of_pair(ways: [usize; 2], steps: [u32; 2]) -> Vec<Move> {
        let mut moves: Vec<Move> = ways.into_iter().zip(steps).map(|(way, steps)| Move { way, steps }).collect();
        moves.sort_unstable();
        moves
    }

    fn take(&self, pair: &mut Pair, steps: [u32; 2]) {
        let cost = self.cost(&Self::of_pair(pair.ways, steps));
        if cost < pair.below {
            (pair.below, pair.best) = (cost, Some(steps));
        }
    }

    /// Both levers as far as each other.
    fn together(&mut self, pairs: &mut [Pair]) -> Result<(), S::Error> {
        let mut rays: Vec<Ray> =
            pairs.iter().map(|pair| Ray { fixed: Vec::new(), along: pair.ways.to_vec(), ends: (0, STEPS) }).collect();
        self.bisect(&mut rays)?;
        for (pair, ray) in pairs.iter_mut().zip(rays) {
            self.take(pair, [ray.ends.1; 2]);
        }
        Ok(())
    }

    /// The first lever as far as a grid says, the second no further than what is cheaper than the best.
    fn grid(&mut self, pairs: &mut [Pair], at: impl Fn(&Pair) -> Vec<u32>) -> Result<(), S::Error> {
        let mut rays: Vec<(usize, Ray)> = Vec::new();
        for (place, pair) in pairs.iter().enumerate() {
            let [first, second] = pair.ways.map(|way| self.ways[way]);
            let steps = if first.whole { vec![STEPS] } else { at(pair) };
            for steps in steps.into_iter().filter(|steps| *steps > 0) {
                let fixed = vec![Move { way: pair.ways[0], steps }];
                let left = (pair.below - self.cost(&fixed)) / second.cost * f64::from(STEPS);
                // Strictly cheaper, so that the best is not sought again.
                let most = (left.min(f64::from(STEPS) + 1.0) - 1e-9).ceil() - 1.0;
                let most = if second.whole && most < f64::from(STEPS) { 0.0 } else { most.min(f64::from(STEPS)) };
                if most >= 1.0 {
                    rays.push((place, Ray { fixed, along: vec![pair.ways[1]], ends: (0, most as u32) }));
                }
            }
        }
        let points: Vec<Vec<Move>> = rays.iter().map(|(_, ray)| ray.at(ray.ends.1)).collect();
        if points.is_empty() || !self.look(&points, self.settings.replicates)? {
            return Ok(());
        }
        rays.retain(|(_, ray)| self.past(&ray.at(ray.ends.1)));
        let (places, mut rays): (Vec<usize>, Vec<Ray>) = rays.into_iter().unzip();
        self.bisect(&mut rays)?;
        for (place, ray) in places.into_iter().zip(rays) {
            self.take(&mut pairs[place], [ray.fixed[0].steps, ray.ends.1]);
        }
        Ok(())
    }

    fn conclude(mut self, singles: BTreeMap<usize, u32>, pairs: Vec<Vec<Move>>) -> Searched {
        let singles = singles.into_iter().map(|(way, steps)| vec![Move { way, steps }]);
        let mut options: Vec<Tried> = singles.chain(pairs).filter_map(|moves| self.tried(&moves)).collect();
        options.sort_by(|a, b| a.cost.total_cmp(&b.cost).then(a.moves.cmp(&b.moves)));
        let all = self.known.iter().filter(|(_, held)| held.len() as u64 >= self.settings.replicates);
        let mut all: Vec<Tried> = all.filter_map(|(moves, _)| self.tried(moves)).collect();
        all.sort_by(|a, b| a.cost.total_cmp(&b.cost).then(b.share.total_cmp(&a.share)).then(a.moves.cmp(&b.moves)));
        let moved = || all.iter().filter(|tried| !tried.moves.is_empty());
        let furthest = moved().fold(None, |best: Option<&Tried>, tried| match best {
            Some(best) if best.share >= tried.share => Some(best),
            _ => Some(tried),
        });
        self.found.furthest = furthest.cloned();
        let mut front: Vec<Tried> = Vec::new();
        for tried in &all {
            if front.last().is_none_or(|last| tried.share > last.share + APART) {
                front.push(tried.clone());
            }
        }
        self.found.front = thinned(front);
        self.found.options = options;
        self.found
    }
}

/// No more than some points of a frontier, its ends among them.
fn thinned(front: Vec<Tried>) -> Vec<Tried> {
    let all = front.len();
    if all <= FRONT {
        return front;
    }
    let kept: Vec<usize> = (0..FRONT).map(|place| place * (all - 1) / (FRONT - 1)).collect();
    front.into_iter().enumerate().filter(|(place, _)| kept.contains(place)).map(|(_, tried)| tried).collect()
}
