//! The formulas that make numbers of events. Each is a convention that a reader can check and change, not a law.

use crate::base::maths::pow;

/// Deaths between two in a year from which on they are at war, UCDP's threshold of an active conflict.
pub const WAR: u32 = 25;
/// Days of the year before the start.
pub const YEAR: i64 = 365;
/// Share of a zone that nobody holds: where no armed group was seen, and where one was.
pub const UNGOVERNED: (f64, f64) = (0.15, 0.3);
/// The share of a zone that its taker has, and that one who has set up a base has.
pub const TAKEN: f64 = 0.7;
/// See [`TAKEN`].
pub const BASE: f64 = 0.5;
/// How far hostility may be off.
pub const OFF: f64 = 0.15;
/// The least that civilian harm is.
const LEAST_HARM: f64 = 0.05;

/// What an event counts for: half as much for every half-life that has gone by, and half of it where its report is not clear.
pub fn weight(days_ago: i64, half_life_days: f64, clear: bool) -> f64 {
    let age = pow(2.0, -(days_ago as f64) / half_life_days.max(1.0));
    if clear { age } else { 0.5 * age }
}

/// How readily somebody harms civilians: the share of the deaths in its events that it caused among them.
pub fn civilian_harm(one_sided: u32, all: u32) -> f64 {
    let share = if all == 0 { 0.0 } else { f64::from(one_sided) / f64::from(all) };
    share.clamp(LEAST_HARM, 1.0)
}

/// How hostile two are whose clashes weigh `n` together; less so where they have not fought for a year.
pub fn hostility(n: f64, within_a_year: bool) -> f64 {
    let h = 0.3 + 0.65 * n / (n + 3.0);
    if within_a_year { h } else { 0.3 * h + 0.1 }
}

/// The ends between which hostility may lie.
pub fn hostility_ends(h: f64) -> (f64, f64) {
    ((h - OFF).max(0.0), (h + OFF).min(1.0))
}

/// How much one trusts another that is so hostile.
pub fn trust(hostility: f64) -> f64 {
    (1.0 - hostility) / 2.0
}

/// Where two stand who have killed so many of each other in the year before the start.
pub fn stance(deaths: u32, clashed: bool) -> &'static str {
    match (deaths, clashed) {
        (WAR.., _) => "war",
        (_, true) => "rivalry",
        (_, false) => "neutral",
    }
}

/// Shares that sum to 1 of weights; none where all weights are 0.
pub fn shares(weights: &[f64]) -> Option<Vec<f64>> {
    let sum: f64 = weights.iter().sum();
    (sum > 0.0).then(|| weights.iter().map(|weight| weight / sum).collect())
}

/// Where a state is: half where it has been in events, half where people live.
pub fn state_presence(events: Option<&[f64]>, people: &[f64]) -> Vec<f64> {
    match events {
        Some(events) => events.iter().zip(people).map(|(seen, people)| 0.5 * seen + 0.5 * people).collect(),
        None => people.to_vec(),
    }
}

/// Who holds which share of a zone: its forces there share what is governed of it; who has taken it, or has a base in it, has its
/// share before others.
pub fn control(forces: &[f64], group_seen: bool, sign: Option<(usize, f64)>) -> Vec<f64> {
    let ungoverned = if group_seen { UNGOVERNED.1 } else { UNGOVERNED.0 };
    let taken = sign.map_or(0.0, |(_, share)| share);
    let left = (1.0 - taken) * (1.0 - ungoverned);
    let taker = sign.map(|(faction, _)| faction);
    let rest: f64 =
        forces.iter().enumerate().filter(|(faction, _)| Some(*faction) != taker).map(|(_, force)| force).sum();
    let share = |(faction, force): (usize, &f64)| match (Some(faction) == taker, rest > 0.0) {
        (true, _) => taken,
        (false, true) => left * force / rest,
        (false, false) => 0.0,
    };
    forces.iter().enumerate().map(share).collect()
}

/// Numbers rounded to `decimals`, such that their sum is that of the numbers: the largest remainders are rounded up.
pub fn rounded(numbers: &[f64], decimals: i32) -> Vec<f64> {
    let unit = (0..decimals).fold(1.0, |unit, _| unit * 10.0);
    let mut whole: Vec<f64> = numbers.iter().map(|number| (number * unit).floor()).collect();
    let missing = (numbers.iter().sum::<f64>() * unit).round() - whole.iter().sum::<f64>();
    let mut order: Vec<usize> = (0..numbers.len()).collect();
    let remainder = |place: &usize| numbers[*place] * unit - whole[*place];
    order.sort_by(|a, b| remainder(b).total_cmp(&remainder(a)).then(a.cmp(b)));
    for place in order.into_iter().take(missing.max(0.0) as usize) {
        whole[place] += 1.0;
    }
    whole.iter().map(|number| number / unit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-12
    }

    #[test]
    fn events_count_for_half_after_a_half_life_and_for_half_if_not_clear() {
        assert!(close(weight(0, 182.0, true), 1.0) && close(weight(182, 182.0, true), 0.5));
        assert!(close(weight(364, 182.0, false), 0.125));
    }

    #[test]
    fn harm_is_a_share_of_deaths_within_its_ends() {
        assert!(close(civilian_harm(12, 48), 0.25) && close(civilian_harm(0, 48), 0.05));
        assert!(close(civilian_harm(7, 7), 1.0) && close(civilian_harm(0, 0), 0.05));
    }

    #[test]
    fn hostility_rises_with_clashes_and_fades() {
        // 0.3 + 0.65 · 3 / 6, and 0.3 of that and 0.1 after a year.
        assert!(close(hostility(3.0, true), 0.625) && close(hostility(3.0, false), 0.2875));
        assert!(close(hostility(0.0, true), 0.3) && close(trust(0.625), 0.1875));
        let (low, high) = hostility_ends(0.9);
        assert!(close(low, 0.75) && close(high, 1.0));
    }

    #[test]
    fn a_war_begins_at_25_deaths() {
        assert_eq!(
            [stance(24, true), stance(25, true), stance(0, true), stance(0, false)],
            ["rivalry", "war", "rivalry", "neutral"]
        );
    }

    #[test]
    fn a_state_is_half_where_it_fights_and_half_where_people_live() {
        assert_eq!(state_presence(Some(&[1.0, 0.0]), &[0.25, 0.75]), [0.625, 0.375]);
        assert_eq!(state_presence(None, &[0.25, 0.75]), [0.25, 0.75]);
        assert_eq!((shares(&[1.0, 3.0]), shares(&[0.0])), (Some(vec![0.25, 0.75]), None));
    }

    #[test]
    fn ground_is_shared_by_forces_and_goes_first_to_its_taker() {
        // 600 and 200 fighters share 0.7 of it.
        let found = control(&[600.0, 200.0], true, None);
        assert!(close(found[0], 0.525) && close(found[1], 0.175));
        assert!(close(control(&[600.0, 0.0], false, None)[0], 0.85));
        // The second has taken it; the first has 0.7 of the 0.3 that are left.
        let found = control(&[600.0, 200.0], true, Some((1, TAKEN)));
        assert!(close(found[1], 0.7) && close(found[0], 0.21));
        assert_eq!(control(&[0.0, 0.0], true, Some((1, BASE))), [0.0, 0.5]);
    }

    #[test]
    fn rounding_keeps_the_sum() {
        assert_eq!(rounded(&[1.0 / 3.0; 3], 3), [0.334, 0.333, 0.333]);
        assert_eq!(rounded(&[0.0004; 5], 3), [0.001, 0.001, 0.0, 0.0, 0.0]);
    }
}
