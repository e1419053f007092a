//! Shapley's values (1953): what each player adds to a game, averaged over all orders in which players could join.
//!
//! They are exact over all coalitions, or over orders that are drawn, each with its reverse (Castro, Gómez and Tejada 2009;
//! Mitchell, Cooper, Frank and Holmes 2022). Either way they sum to the difference between all players and none.

use crate::analysis::nested::effective;
use crate::analysis::paired::{mean_and_variance, tango_of};
use crate::analysis::probability::student_bound;
use crate::analysis::{Estimate, Interval};
use crate::random::{DrawKey, Purpose, Source};
use std::collections::{BTreeMap, BTreeSet};

/// The most players of a game of which all coalitions are looked at.
pub const EXACT: usize = 12;
/// The most players.
pub const MOST: usize = 64;

/// Players as bits.
pub type Coalition = u64;

/// Which coalitions are looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Orders {
    /// All of them.
    Every,
    /// Those that orders of the players pass through, each order followed by its reverse.
    Drawn(Vec<Vec<usize>>),
}

/// What a player adds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// On average over orders.
    pub amount: Estimate,
    /// As the first of all.
    pub first: f64,
    /// As the last of all.
    pub last: f64,
}

impl Orders {
    /// All of few players, or where so many orders pass through as many coalitions as there are; else so many orders, in pairs.
    pub fn of(players: usize, drawn: Option<u32>, usual: u32, seed: u64) -> Self {
        let through = |orders: u32| orders as usize * players.saturating_sub(1) + 2;
        match drawn {
            None if players <= EXACT => Self::Every,
            Some(orders) if players <= EXACT && through(orders) >= 1 << players => Self::Every,
            drawn => Self::drawn(players, drawn.unwrap_or(usual), seed),
        }
    }

    fn drawn(players: usize, orders: u32, seed: u64) -> Self {
        let source = Source::new(seed, 0);
        let pair = |number: u32| {
            let mut draws = source.sequence(Purpose::Resampling, DrawKey::named("analysis", "orders"), number);
            let mut order: Vec<usize> = (0..players).collect();
            for place in (1..players).rev() {
                order.swap(place, ((draws.uniform() * (place + 1) as f64) as usize).min(place));
            }
            let reverse = order.iter().rev().copied().collect();
            [order, reverse]
        };
        // Of one pair it is not known how far others would differ.
        Self::Drawn((0..orders.div_ceil(2).max(2)).flat_map(pair).collect())
    }

    /// The coalitions, in order: none and all among them, and each player alone and all but each.
    pub fn coalitions(&self, players: usize) -> Vec<Coalition> {
        match self {
            Self::Every => (0..1 << players).collect(),
            Self::Drawn(orders) => {
                let all = whole(players);
                let ends = (0..players).flat_map(|player| [1 << player, all & !(1 << player)]);
                let mut set: BTreeSet<Coalition> = ends.chain([0, all]).collect();
                for order in orders {
                    let mut so_far = 0;
                    for player in order {
                        so_far |= 1 << player;
                        set.insert(so_far);
                    }
                }
                set.into_iter().collect()
            }
        }
    }

    /// What each player adds, of the values of coalitions by replicate; `drawn` says which inputs replicates share. Where values are
    /// answers of `yes_no`, 1 or 0, and no replicate's share differs from another's, the interval is that of a difference of which
    /// no answer flips: that none did in so many runs does not show that none ever will.
    pub fn shares(
        &self,
        players: usize,
        (values, yes_no): (&BTreeMap<Coalition, Vec<f64>>, bool),
        (replicates, drawn): (&[u64], Option<[bool; 3]>),
        confidence: f64,
    ) -> Vec<Share> {
        let none = Vec::new();
        let of = |coalition: Coalition| values.get(&coalition).unwrap_or(&none);
        let adds = |player: usize, to: Coalition| -> Vec<f64> {
            of(to | 1 << player).iter().zip(of(to)).map(|(with, without)| with - without).collect()
        };
        let mean = |values: &[f64]| mean_and_variance(values).0;
        let all = whole(players);
        let worth = |by_replicate: &[f64]| {
            let runs = replicates.iter().copied().zip(by_replicate.iter().copied());
            effective(runs, by_replicate.len() as u64, drawn)
        };
        let share = |player: usize| {
            let mut by_replicate = vec![0.0; replicates.len()];
            let amount = match self {
                Self::Every => {
                    for coalition in (0..=all).filter(|coalition| coalition & (1 << player) == 0) {
                        let weight = weight(players, coalition.count_ones() as usize);
                        let added = adds(player, coalition);
                        by_replicate.iter_mut().zip(added).for_each(|(sum, added)| *sum += weight * added);
                    }
                    Estimate::mean_of(&by_replicate, worth(&by_replicate), confidence)
                }
                Self::Drawn(orders) => {
                    let mut by_order = Vec::new();
                    for order in orders {
                        let before = order.iter().take_while(|other| **other != player);
                        let added = adds(player, before.fold(0, |so_far, other| so_far | 1 << other));
                        by_order.push(mean(&added));
                        let each = by_replicate.iter_mut().zip(added);
                        each.for_each(|(sum, added)| *sum += added / orders.len() as f64);
                    }
                    // An order and its reverse are drawn together. What orders and luck do is added up: never too little.
                    let pairs: Vec<f64> = by_order.chunks(2).map(mean).collect();
                    let of_orders = mean_and_variance(&pairs).1.unwrap_or(f64::INFINITY) / pairs.len() as f64;
                    let of_luck = mean_and_variance(&by_replicate).1.unwrap_or(f64::INFINITY) / worth(&by_replicate);
                    let reach =
                        student_bound(confidence, (pairs.len() as f64 - 1.0).max(1.0)) * (of_orders + of_luck).sqrt();
                    let value = mean(&by_replicate);
                    let interval =
                        if reach.is_finite() { Interval::about(value, reach) } else { Interval::everything() };
                    Estimate::new(value, interval, by_replicate.len() as u64)
                }
            };
            let all_alike = by_replicate.windows(2).all(|pair| (pair[1] - pair[0]).abs() <= 0.0);
            let amount = match yes_no && all_alike {
                true => no_surer_than_flips(amount, worth(&by_replicate), confidence),
                false => amount,
            };
            let others = all & !(1 << player);
            Share { amount, first: mean(&adds(player, 0)), last: mean(&adds(player, others)) }
        };
        (0..players).map(share).collect()
    }
}

/// A difference of shares whose interval reaches as far at least as where no answer of so many runs flips.
fn no_surer_than_flips(amount: Estimate, effective: f64, confidence: f64) -> Estimate {
    // Where every answer flips the same way, that is as sure as so many flips make it.
    let flipped = if amount.value.abs() >= 1.0 { effective } else { 0.0 };
    let interval = tango_of(flipped, 0.0, effective, confidence);
    let least = if flipped > 0.0 { 1.0 - interval.low } else { interval.half_width() };
    let Estimate { value, low, high, n } = amount;
    let interval = Interval { low: low.min(value - least).max(-1.0), high: high.max(value + least).min(1.0) };
    Estimate::new(value, interval, n)
}

/// All players.
pub fn whole(players: usize) -> Coalition {
    if players >= MOST { Coalition::MAX } else { (1 << players) - 1 }
}

/// In what share of all orders a player joins just after a coalition of some size: s! (n − s − 1)! / n!.
fn weight(players: usize, size: usize) -> f64 {
    // 1 / (n · C(n − 1, s)), of whole numbers, so that it is exact to the last digit.
    let choose = (0..size).fold(1.0, |product, taken| product * (players - 1 - taken) as f64 / (taken + 1) as f64);
    1.0 / (players as f64 * f64::round(choose))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A game without luck, and one whose value varies by replicate.
    fn played(
        players: usize,
        orders: &Orders,
        replicates: u64,
        value: impl Fn(Coalition, u64) -> f64,
    ) -> (Vec<Share>, f64, usize) {
        let numbers: Vec<u64> = (0..replicates).collect();
        let of = |coalition: Coalition| numbers.iter().map(|replicate| value(coalition, *replicate)).collect();
        let coalitions = orders.coalitions(players);
        let values: BTreeMap<Coalition, Vec<f64>> =
            coalitions.iter().map(|coalition| (*coalition, of(*coalition))).collect();
        let shares = orders.shares(players, (&values, false), (&numbers, None), 0.95);
        let mean = |coalition: Coalition| mean_and_variance(&values[&coalition]).0;
        (shares, mean(whole(players)) - mean(0), coalitions.len())
    }

    fn has(coalition: Coalition, player: usize) -> f64 {
        f64::from(u8::from(coalition & (1 << player) != 0))
    }

    fn luck(replicate: u64) -> f64 {
        Source::new(9, replicate).sequence(Purpose::Resampling, DrawKey::whole(), 0).uniform() - 0.5
    }

    #[test]
    fn an_additive_game_is_taken_apart_exactly() {
        let amounts = [0.3, -0.1, 0.0, 0.25, 0.05];
        let value = |coalition, replicate| {
            0.2 + luck(replicate)
                + amounts.iter().enumerate().map(|(player, amount)| amount * has(coalition, player)).sum::<f64>()
        };
        for orders in [Orders::Every, Orders::of(5, Some(6), 6, 1)] {
            let (shares, whole, _) = played(5, &orders, 40, value);
            for (share, amount) in shares.iter().zip(amounts) {
                for found in [share.amount.value, share.amount.low, share.amount.high, share.first, share.last] {
                    assert!((found - amount).abs() < 1e-12, "{share:?}");
                }
            }
            assert!((shares.iter().map(|share| share.amount.value).sum::<f64>() - whole).abs() < 1e-14);
        }
    }

    #[test]
    fn a_part_that_is_the_whole_is_no_surer_than_the_whole() {
        // A hundred runs of which the first player flips so many, and the second none.
        for (flips, players) in [(0, 1), (0, 2), (60, 2), (100, 2)] {
            let answer =
                |coalition: Coalition, replicate: u64| f64::from(u8::from(coalition & 1 == 1 && replicate < flips));
            let orders = Orders::Every;
            let numbers: Vec<u64> = (0..100).collect();
            let of = |coalition: Coalition| numbers.iter().map(|replicate| answer(coalition, *replicate)).collect();
            let values = orders.coalitions(players).into_iter().map(|coalition| (coalition, of(coalition))).collect();
            let shares = orders.shares(players, (&values, true), (&numbers, None), 0.95);
            let whole = Estimate::paired_shares(flips, 0, 100, 0.95);
            let amount = shares[0].amount;
            assert!((amount.value - whole.value).abs() < 1e-12 && amount.high <= 1.0);
            let width = |of: Estimate| of.high - of.low;
            assert!(width(amount) > 0.85 * width(whole), "{flips}: {amount:?} {whole:?}");
            if flips == 0 {
                assert!((amount.low - whole.low).abs() < 1e-9 && (amount.high - whole.high).abs() < 1e-9);
            }
            for none in &shares[1..] {
                let reach = none.amount.high;
                assert!(reach > 0.03 && (none.amount.low + reach).abs() < 1e-12, "{none:?}");
            }
        }
    }

    #[test]
    fn what_players_do_together_is_split_between_them() {
        // x y z + 2 x y: a third each of 1, and half each of 2. Alone each is worth nothing.
        let value = |c, _| has(c, 0) * has(c, 1) * has(c, 2) + 2.0 * has(c, 0) * has(c, 1);
        let (shares, whole, coalitions) = played(4, &Orders::of(4, None, 32, 1), 3, value);
        assert_eq!(coalitions, 16);
        for (share, known) in shares.iter().zip([4.0 / 3.0, 4.0 / 3.0, 1.0 / 3.0, 0.0]) {
            assert!((share.amount.value - known).abs() < 1e-12 && share.first.abs() < 1e-12, "{share:?}");
        }
        assert!((whole - 3.0).abs() < 1e-12 && (shares[0].last - 3.0).abs() < 1e-12);
        // Gloves: one left, two right. Known values: 2/3, 1/6, 1/6.
        let gloves = |c, _| has(c, 0) * f64::max(has(c, 1), has(c, 2));
        let (shares, ..) = played(3, &Orders::Every, 2, gloves);
        for (share, known) in shares.iter().zip([2.0 / 3.0, 1.0 / 6.0, 1.0 / 6.0]) {
            assert!((share.amount.value - known).abs() < 1e-14, "{share:?}");
        }
    }

    #[test]
    fn twelve_players_are_exact_and_more_have_intervals_that_hold() {
        // Of pairs, an order and its reverse know all; of threes they do not.
        let threes = |c: Coalition, players: usize| -> f64 {
            let three =
                |first: usize| has(c, first) * has(c, first + 1) * has(c, first + 2) * (first + 1) as f64 / 50.0;
            (0..players - 2).map(three).sum()
        };
        // A third of each amount each.
        let known = |player: usize, players: usize| -> f64 {
            let own = player.saturating_sub(2)..=player.min(players - 3);
            own.map(|first| (first + 1) as f64 / 150.0).sum()
        };
        let (shares, whole, coalitions) = played(12, &Orders::of(12, None, 32, 1), 2, |c, _| threes(c, 12));
        assert_eq!(coalitions, 4096);
        for (player, share) in shares.iter().enumerate() {
            assert!((share.amount.value - known(player, 12)).abs() < 1e-12, "{player}: {share:?}");
        }
        assert!((shares.iter().map(|share| share.amount.value).sum::<f64>() - whole).abs() < 1e-12);
        let (mut covered, mut all) = (0, 0);
        for seed in 0..12 {
            let noisy = |c, replicate: u64| threes(c, 16) + luck(replicate + 100 * seed) * has(c, 3);
            let orders = Orders::of(16, None, 32, seed);
            assert!(matches!(&orders, Orders::Drawn(drawn) if drawn.len() == 32));
            let (shares, whole, coalitions) = played(16, &orders, 40, noisy);
            assert!(coalitions < 32 * 15 + 33);
            assert!((shares.iter().map(|share| share.amount.value).sum::<f64>() - whole).abs() < 1e-12, "telescopes");
            for (player, share) in shares.iter().enumerate() {
                covered += u32::from(share.amount.interval().contains(known(player, 16)));
                all += 1;
            }
        }
        assert!(f64::from(covered) > 0.93 * f64::from(all), "{covered} of {all}");
    }
}
