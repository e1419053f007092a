//! The slices that may be peeled off a box.

use super::{Limits, Runs, between};
use crate::analysis::scale::Scale;
use rayon::prelude::*;

/// What a gain must be above to be one: less is rounding.
pub(super) const LEAST_GAIN: f64 = 1e-12;

/// Inputs in the order in which they are tried: those that are any number, whole numbers, names.
pub(super) fn by_scale(runs: &Runs) -> impl Iterator<Item = usize> {
    let of = move |rank: u8| {
        (0..runs.columns()).filter(move |input| {
            rank == match runs.scale(*input) {
                Scale::Real => 0,
                Scale::Whole => 1,
                Scale::Nominal(_) => 2,
            }
        })
    };
    (0..3).flat_map(of)
}

/// Of every input the rows with their values, in ascending order; of names in the order of the rows.
pub(super) type Orders = Vec<Vec<(f64, u32)>>;

/// Puts rows in the orders of all inputs.
pub(super) fn orders(runs: &Runs) -> Orders {
    let order = |input: usize| {
        let mut order: Vec<(f64, u32)> = (0..runs.rows()).map(|run| (runs.value(run, input), run as u32)).collect();
        if !runs.scale(input).is_nominal() {
            order.sort_by(|a, b| a.0.total_cmp(&b.0));
        }
        order
    };
    (0..runs.columns()).into_par_iter().map(order).collect()
}

/// The neighbouring values between which a share of the cases is cut off.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Cut {
    /// The last value that is cut off.
    pub outside: f64,
    /// The first one that is left; the same where there is none other.
    pub inside: f64,
}

impl Cut {
    /// The limit between the two.
    pub fn halfway(self) -> f64 {
        if (self.inside - self.outside).abs() > 0.0 { between(self.outside, self.inside) } else { self.inside }
    }
}

/// Where to cut a share off the lower end of cases with their weights in ascending order, of which all weigh `mass`: past
/// the value at the place of the quantile. None of no cases.
pub(super) fn cut_from_below(ascending: impl Iterator<Item = (f64, f64)>, mass: f64, share: f64) -> Option<Cut> {
    cut(ascending, ((mass - 1.0) * share).floor())
}

/// The same at the upper end, of cases in descending order.
pub(super) fn cut_from_above(descending: impl Iterator<Item = (f64, f64)>, mass: f64, share: f64) -> Option<Cut> {
    cut(descending, mass - 1.0 - ((mass - 1.0) * (1.0 - share)).ceil())
}

fn cut(mut cases: impl Iterator<Item = (f64, f64)>, place: f64) -> Option<Cut> {
    let mut passed = 0.0;
    let outside = cases.find_map(|(value, weight)| {
        passed += weight;
        (passed > place).then_some(value)
    })?;
    let inside = cases.find(|(value, weight)| *weight > 0.0 && (value - outside).abs() > 0.0);
    Some(Cut { outside, inside: inside.map_or(outside, |(value, _)| value) })
}

/// How a box gets smaller.
#[derive(Clone, Copy, Debug)]
enum Change {
    Low(f64),
    High(f64),
    Without(usize),
}

/// A slice that may be peeled off, and what is left then.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slice {
    input: usize,
    change: Change,
    /// How many cases are left.
    pub mass: f64,
}

impl Slice {
    /// Takes it off a box.
    pub fn cut(self, limits: &mut Limits) {
        let limit = &mut limits.0[self.input];
        match self.change {
            Change::Low(low) => limit.range.low = low,
            Change::High(high) => limit.range.high = high,
            Change::Without(place) => {
                limit.without.push(place);
                limit.without.sort_unstable();
            }
        }
    }
}

/// The cases within a box.
pub(super) struct Inside<'a> {
    runs: &'a Runs<'a>,
    /// In the orders of all inputs, with some that are out by now.
    orders: Orders,
    /// Whether each row is within.
    within: Vec<bool>,
    /// How many rows of an order are out.
    stale: usize,
    /// The rows within, ascending.
    rows: Vec<u32>,
    /// The lowest and the highest value of every input among all.
    ends: Vec<(f64, f64)>,
    /// How many they are.
    pub mass: f64,
    /// How often the outcome came about in them.
    pub hits: f64,
}

impl<'a> Inside<'a> {
    /// All that count.
    pub fn new(runs: &'a Runs<'a>, orders: &Orders) -> Self {
        let within: Vec<bool> = (0..runs.rows()).map(|run| runs.weight(run) > 0.0).collect();
        let rows = (0..runs.rows() as u32).filter(|run| within[*run as usize]).collect();
        let counted =
            |order: &Vec<(f64, u32)>| order.iter().copied().filter(|(_, run)| within[*run as usize]).collect();
        let orders: Orders = orders.iter().map(counted).collect();
        let end = |case: Option<&(f64, u32)>| case.map_or(f64::NAN, |(value, _)| *value);
        let ends = orders.iter().map(|order| (end(order.first()), end(order.last()))).collect();
        Self { ends, orders, within, stale: 0, rows, mass: runs.mass(), hits: runs.all_hits(), runs }
    }

    /// Takes a slice off them, as it is off their box by now.
    pub fn take_off(&mut self, slice: Slice, limits: &Limits) {
        let limit = &limits.0[slice.input];
        let (runs, within) = (self.runs, &mut self.within);
        let before = self.rows.len();
        self.rows.retain(|run| {
            let kept = limit.contains(runs.value(*run as usize, slice.input));
            within[*run as usize] = kept;
            kept
        });
        self.stale += before - self.rows.len();
        // To go through all orders for every thin slice would take longest of all.
        if 4 * self.stale > self.rows.len() {
            self.orders.iter_mut().for_each(|order| order.retain(|(_, run)| within[*run as usize]));
            self.stale = 0;
        }
        let rows = || self.rows.iter().map(|run| *run as usize);
        self.mass = rows().map(|run| runs.weight(run)).sum();
        self.hits = rows().map(|run| runs.weight(run) * runs.hit(run)).sum();
    }

    /// The slice whose removal raises the density most per case removed, if any raises it; at least a share of the cases, `peel`.
    pub fn best_slice(&self, limits: &Limits, peel: f64) -> Option<Slice> {
        if self.hits >= self.mass - 1e-9 {
            return None;
        }
        let density = self.hits / self.mass;
        let restricted = limits.restricted().count();
        let mut best: Option<(f64, usize, Slice)> = None;
        let mut consider = |input: usize, change: Change, removed: f64, hits: f64| {
            let mass = self.mass - removed;
            if removed <= 0.0 || mass <= 0.0 {
                return;
            }
            let gain = (self.hits - hits) / mass - density;
            let free = self.runs.columns() - restricted - usize::from(limits.0[input].is_free());
            let merit = gain / removed;
            if gain > LEAST_GAIN && best.is_none_or(|(most, most_free, _)| (merit, free) > (most, most_free)) {
                best = Some((merit, free, Slice { input, change, mass }));
            }
        };
        for input in by_scale(self.runs) {
            let range = limits.0[input].range;
            match self.runs.scale(input) {
                Scale::Nominal(names) => {
                    let mut sums = vec![(0.0, 0.0); names.len()];
                    for run in self.rows.iter().map(|run| *run as usize) {
                        let sum = &mut sums[self.runs.value(run, input) as usize];
                        let weight = self.runs.weight(run);
                        *sum = (sum.0 + weight, sum.1 + weight * self.runs.hit(run));
                    }
                    for (place, (removed, hits)) in sums.into_iter().enumerate() {
                        consider(input, Change::Without(place), removed, hits);
                    }
                }
                scale => {
                    let whole = *scale == Scale::Whole;
                    let ascending = || self.cases(input);
                    let descending = || self.cases(input).rev();
                    let pairs = |(value, weight, _): (f64, f64, f64)| (value, weight);
                    if let Some(cut) = cut_from_above(descending().map(pairs), self.mass, peel) {
                        let limit = whole_end(cut, whole, range.high.min(self.ends[input].1), |limit| limit - 1.0);
                        let (removed, hits, next) = sums(descending(), |value| value > limit);
                        consider(input, Change::High(if whole { next } else { limit }), removed, hits);
                    }
                    if let Some(cut) = cut_from_below(ascending().map(pairs), self.mass, peel) {
                        let limit = whole_end(cut, whole, range.low.max(self.ends[input].0), |limit| limit + 1.0);
                        let (removed, hits, next) = sums(ascending(), |value| value < limit);
                        consider(input, Change::Low(if whole { next } else { limit }), removed, hits);
                    }
                }
            }
        }
        best.map(|(.., slice)| slice)
    }

    /// Value, weight and weighted hit of every case in ascending order of an input.
    fn cases(&self, input: usize) -> impl DoubleEndedIterator<Item = (f64, f64, f64)> {
        self.orders[input].iter().filter(|(_, run)| self.within[*run as usize]).map(|(value, run)| {
            let run = *run as usize;
            let weight = self.runs.weight(run);
            (*value, weight, weight * self.runs.hit(run))
        })
    }
}

/// The new limit: of whole numbers the whole part of what lies halfway, unless that is the end that stands, `end`, of which
/// the value itself goes then.
fn whole_end(cut: Cut, whole: bool, end: f64, past: impl Fn(f64) -> f64) -> f64 {
    let limit = cut.halfway();
    match limit.trunc() {
        _ if !whole => limit,
        part if (part - end).abs() > 0.0 => part,
        part => past(part),
    }
}

/// What the first cases weigh for which a condition holds, how often the outcome came about in them, and the value of the next.
fn sums(cases: impl Iterator<Item = (f64, f64, f64)>, out: impl Fn(f64) -> bool) -> (f64, f64, f64) {
    let (mut removed, mut hits) = (0.0, 0.0);
    for (value, weight, hit) in cases {
        if !out(value) {
            return (removed, hits, value);
        }
        removed += weight;
        hits += hit;
    }
    (removed, hits, f64::NAN)
}
