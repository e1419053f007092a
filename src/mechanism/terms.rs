//! The terms of a decision: what was weighed, each with its weight.

/// How many terms there are.
pub const TERMS: usize = 16;

/// The terms of a decision, each with its weight applied; their sum is the gain of a yes.
pub type Terms = [f64; TERMS];

/// Names of the terms, in the order of [`Terms`].
pub const TERM_NAMES: [&str; TERMS] = [
    "common enemy",
    "coalition gain",
    "alignment",
    "trust",
    "hostility",
    "balance",
    "sponsor's will",
    "base's objection",
    "mediation",
    "ground lost",
    "spoils",
    "losses",
    "disposition",
    "mood",
    "habit",
    "threshold",
];

/// Trust, and what stands in for it.
pub const TRUST: usize = 3;
/// Hostility, and what was done of late.
pub const HOSTILITY: usize = 4;
/// What mediators do.
pub const MEDIATION: usize = 8;
/// What sponsors want.
pub const SPONSOR: usize = 6;
/// What the base has against it.
pub const BASE: usize = 7;
/// What could be taken by war.
pub const SPOILS: usize = 10;
/// What war has cost.
pub const LOSSES: usize = 11;
/// What a pair has always been to each other, beyond all reasons.
pub const DISPOSITION: usize = 12;
/// What a side feels like at the moment.
pub const MOOD: usize = 13;
/// What peace or a commitment has grown into.
pub const HABIT: usize = 14;
/// What the change itself asks.
pub const THRESHOLD: usize = 15;

/// The gain: the sum of terms.
#[inline]
pub fn utility(terms: &Terms) -> f64 {
    terms.iter().sum()
}

/// Positions of the terms by absolute size, largest first: which of them weighed most.
pub fn heaviest(terms: &Terms) -> [usize; TERMS] {
    let mut order = std::array::from_fn(|index| index);
    order.sort_by(|a: &usize, b: &usize| terms[*b].abs().total_cmp(&terms[*a].abs()).then(a.cmp(b)));
    order
}
