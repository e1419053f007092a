//! Which differences go together, so that whatever is mixed can be run.

use super::shapley::{Coalition, Orders, whole};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Two groups that became one, because a mixture of one without the other cannot be run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joined {
    /// The differences of the one, by their places.
    pub one: Vec<usize>,
    /// Those of the other.
    pub other: Vec<usize>,
    /// Why.
    pub reason: String,
}

/// Groups of differences, by their places, which together are all of them; with those that were joined.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Groups {
    /// The groups.
    pub list: Vec<Vec<usize>>,
    /// What was joined, in order.
    pub joined: Vec<Joined>,
}

impl Groups {
    /// Which differences are taken in a coalition of groups.
    pub fn taken(&self, coalition: Coalition) -> Vec<bool> {
        let all = self.list.iter().flatten().max().map_or(0, |last| last + 1);
        let mut taken = vec![false; all];
        for (_, members) in self.list.iter().enumerate().filter(|(group, _)| coalition & (1 << group) != 0) {
            members.iter().for_each(|member| taken[*member] = true);
        }
        taken
    }

    /// Joins two groups, by their places.
    fn join(&mut self, one: usize, other: usize, reason: String) {
        let (one, other) = (one.min(other), one.max(other));
        let more = self.list.remove(other);
        self.joined.push(Joined { one: self.list[one].clone(), other: more.clone(), reason });
        self.list[one].extend(more);
        self.list[one].sort_unstable();
    }

    /// Joins those that are bound to each other.
    pub fn bind(&mut self, bound: &[BTreeSet<usize>], reason: &str) {
        let group = |groups: &Self, member: usize| groups.list.iter().position(|list| list.contains(&member));
        for (member, others) in bound.iter().enumerate() {
            for other in others {
                if let (Some(one), Some(other)) = (group(self, member), group(self, *other))
                    && one != other
                {
                    self.join(one, other, reason.to_owned());
                }
            }
        }
    }

    /// Joins groups until all coalitions that `orders` looks at can be run, as `check` says of the differences that are taken.
    pub fn settle(
        &mut self,
        orders: impl Fn(usize) -> Orders,
        check: impl Fn(&[bool]) -> Result<(), String> + Sync,
    ) -> Vec<Coalition> {
        loop {
            let players = self.list.len();
            let mut coalitions = orders(players).coalitions(players);
            let all = whole(players);
            let found = coalitions.clone();
            // Few from either end first: what they show is easy to tell.
            coalitions.sort_by_key(|one| (one.count_ones().min((all & !one).count_ones()), *one));
            let wrong = |coalition: &Coalition| {
                let is_end = *coalition == 0 || *coalition == all;
                if is_end { None } else { check(&self.taken(*coalition)).err().map(|reason| (*coalition, reason)) }
            };
            let Some((coalition, reason)) = coalitions.par_iter().find_map_first(wrong) else { return found };
            let (inside, outside): (Vec<usize>, Vec<usize>) =
                (0..players).partition(|group| coalition & (1 << group) != 0);
            let heals = |other: Coalition| check(&self.taken(other)).is_ok();
            // What lacks, and what lacks it: either alone makes the mixture whole.
            let lacking = outside.iter().copied().find(|group| heals(coalition | 1 << group));
            let needing = inside.iter().copied().find(|group| heals(coalition & !(1 << group)));
            let pair = (needing.or(inside.first().copied()), lacking.or(outside.first().copied()));
            let (Some(one), Some(other)) = pair else { return found };
            self.join(one, other, reason);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_run_apart_is_joined_and_said() {
        // 2 needs 4; 0 and 1 exclude each other's lack; 3 is free.
        let check = |taken: &[bool]| match () {
            () if taken[2] && !taken[4] => Err("2 names 4".to_owned()),
            () if taken[0] != taken[1] => Err("0 goes with 1".to_owned()),
            () => Ok(()),
        };
        let mut groups = Groups { list: (0..5).map(|place| vec![place]).collect(), joined: Vec::new() };
        let coalitions = groups.settle(|players| Orders::of(players, None, 32, 1), check);
        assert_eq!(groups.list, [vec![0, 1], vec![2, 4], vec![3]]);
        assert_eq!(coalitions.len(), 8);
        let reasons: Vec<&str> = groups.joined.iter().map(|joined| joined.reason.as_str()).collect();
        assert_eq!(reasons, ["0 goes with 1", "2 names 4"]);
        assert!(coalitions.iter().all(|coalition| check(&groups.taken(*coalition)).is_ok()));
    }

    #[test]
    fn if_nothing_can_be_mixed_one_group_is_left() {
        let mut groups = Groups { list: (0..4).map(|place| vec![place]).collect(), joined: Vec::new() };
        let ends = |taken: &[bool]| match taken.iter().all(|one| *one == taken[0]) {
            true => Ok(()),
            false => Err("no".to_owned()),
        };
        assert_eq!(groups.settle(|players| Orders::of(players, None, 32, 1), ends), [0, 1]);
        assert_eq!(groups.list, [vec![0, 1, 2, 3]]);
    }

    #[test]
    fn those_that_are_bound_are_joined_through_others_too() {
        let mut groups = Groups { list: (0..4).map(|place| vec![place]).collect(), joined: Vec::new() };
        let bound = [BTreeSet::from([3]), BTreeSet::new(), BTreeSet::from([3]), BTreeSet::from([0, 2])];
        groups.bind(&bound, "names it");
        assert_eq!(groups.list, [vec![0, 2, 3], vec![1]]);
        assert_eq!(groups.taken(0b10), [false, true, false, false]);
    }
}
