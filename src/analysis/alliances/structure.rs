//! Coalition structures at a few dates, what turns into what, and the commonest outcomes.

use crate::analysis::Estimate;
use crate::analysis::coalitions::{cluster, variation_of_information};
use crate::analysis::interval::Interval;
use crate::base::Date;
use crate::estimate::CONFIDENCE;
use rayon::prelude::*;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// How many different structures are told apart in all, so that memory does not grow with the number of runs. Those met
/// later count as others.
pub const MOST_STRUCTURES: usize = 20_000;
/// Among how many of the most frequent outcomes the commonest kinds are sought; the rest join the nearest.
pub const MOST_CLUSTERED: usize = 200;
/// How many commonest outcomes there are at the most.
const MOST_CLUSTERS: usize = 6;

/// Who is with whom: each member's bloc, numbered from 0 in the order in which they first come.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Partition(pub Vec<u32>);

impl Partition {
    /// A partition from any labels.
    pub fn of(labels: impl IntoIterator<Item = u32>) -> Self {
        Self(crate::analysis::landscape::canonical(&labels.into_iter().collect::<Vec<_>>()))
    }

    /// A partition of factions in which an umbrella by itself is one actor, as it is in the words of a coalition structure: whether its
    /// members are bound to each other, have become one or stand apart is the same, as long as none of them is with others.
    pub fn of_actors(members: &[BlocMember]) -> Self {
        let mut blocs: Vec<u32> = members.iter().map(|member| member.bloc).collect();
        for umbrella in members.iter().filter_map(|member| member.umbrella).collect::<BTreeSet<_>>() {
            let is_inside = |member: &&BlocMember| member.umbrella == Some(umbrella);
            let inside = || members.iter().filter(is_inside);
            let by_itself = inside()
                .all(|member| members.iter().filter(|other| other.bloc == member.bloc).all(|other| is_inside(&other)));
            let together = inside().all(|member| inside().all(|other| other.bloc == member.bloc));
            let apart =
                inside().all(|member| inside().all(|other| other.bloc != member.bloc || other.now == member.now));
            if let Some(first) = inside().next().filter(|_| by_itself && (together || apart)) {
                blocs
                    .iter_mut()
                    .zip(members)
                    .filter(|(_, one)| is_inside(one))
                    .for_each(|(bloc, _)| *bloc = first.bloc);
            }
        }
        Self::of(blocs)
    }

    /// How far it is from another of the same members: variation of information, all members alike.
    pub fn distance(&self, other: &Self) -> f64 {
        variation_of_information(&self.0, &other.0, None)
    }
}

/// A faction of the start in a coalition structure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlocMember {
    /// The bloc that it is in; any number that no other bloc has.
    pub bloc: u32,
    /// What it is now: itself, or what it has become part of.
    pub now: u32,
    /// The umbrella that it was under at the start.
    pub umbrella: Option<u32>,
}

/// Structures found at some dates, being counted.
#[derive(Clone, Debug, PartialEq)]
pub struct StructureTally {
    dates: Vec<Date>,
    names: BTreeMap<String, u32>,
    /// Per date, the number of each run's structure.
    found: Vec<Vec<u32>>,
    outcomes: BTreeMap<Partition, OutcomeCount>,
    /// The number of each run's outcome.
    ends: Vec<u32>,
    replicates: Vec<u64>,
    /// Of which kinds inputs are drawn, if they are.
    drawn: Option<[bool; 3]>,
}

#[derive(Clone, Debug, PartialEq)]
struct OutcomeCount {
    number: u32,
    count: u64,
    /// Runs that end so differ in splinters and mediators: how many there are of each wording, and the first of them.
    wordings: BTreeMap<String, (u64, u64)>,
}

/// How many wordings of one outcome are told apart.
const MOST_WORDINGS: usize = 50;

impl OutcomeCount {
    fn add(&mut self, replicate: u64, words: &str) {
        self.count += 1;
        let room = self.wordings.len() < MOST_WORDINGS;
        match self.wordings.get_mut(words) {
            Some((count, _)) => *count += 1,
            None if room => {
                self.wordings.insert(words.to_owned(), (1, replicate));
            }
            None => {}
        }
    }

    /// The wording found most often, with the first replicate that ended so.
    fn usual(&self) -> (&str, u64) {
        let first = self.wordings.iter().max_by(|a, b| a.1.0.cmp(&b.1.0).then(b.1.1.cmp(&a.1.1)));
        first.map_or(("", 0), |(words, (_, replicate))| (words, *replicate))
    }
}

/// The number of what is not told apart.
const OTHERS: u32 = u32::MAX;

impl StructureTally {
    /// Nothing counted yet, of runs with inputs drawn of some kinds, or of none.
    pub fn new(dates: Vec<Date>, drawn: Option<[bool; 3]>) -> Self {
        Self {
            found: vec![Vec::new(); dates.len()],
            dates,
            names: BTreeMap::new(),
            outcomes: BTreeMap::new(),
            ends: Vec::new(),
            replicates: Vec::new(),
            drawn,
        }
    }

    /// Counts the structure of the present run at a date; each run has one at every date.
    pub fn at(&mut self, date: usize, words: &str) {
        let known = self.names.len();
        let number = match self.names.get(words) {
            Some(number) => *number,
            None if known < MOST_STRUCTURES => {
                self.names.insert(words.to_owned(), known as u32);
                known as u32
            }
            None => OTHERS,
        };
        self.found[date].push(number);
    }

    /// Ends the present run with who is with whom at the horizon. Replicates come in order.
    pub fn end(&mut self, replicate: u64, outcome: Partition, words: &str) {
        let known = self.outcomes.len();
        if known < MOST_STRUCTURES || self.outcomes.contains_key(&outcome) {
            let new = || OutcomeCount { number: known as u32, count: 0, wordings: BTreeMap::new() };
            let outcome = self.outcomes.entry(outcome).or_insert_with(new);
            outcome.add(replicate, words);
            self.ends.push(outcome.number);
        } else {
            self.ends.push(OTHERS);
        }
        self.replicates.push(replicate);
    }

    /// How many runs there were.
    pub fn runs(&self) -> u64 {
        self.replicates.len() as u64
    }

    /// The share of runs of which something holds, given a number of each.
    fn share(&self, numbers: &[u32], of: impl Fn(u32) -> bool + Copy) -> Estimate {
        let runs = self.replicates.iter().zip(numbers).map(|(replicate, number)| (*replicate, of(*number)));
        let none = Estimate::new(f64::NAN, Interval { low: 0.0, high: 1.0 }, 0);
        Estimate::share_among(runs, self.drawn, CONFIDENCE).unwrap_or(none)
    }

    /// The structures over time by what `kind` makes of each (its own words, or what matters of them); the most frequent
    /// kinds by name.
    pub fn over_time(&self, most: usize, kind: impl Fn(&str) -> String) -> StructuresOverTime {
        let kinds: BTreeMap<u32, String> = self.names.iter().map(|(words, number)| (*number, kind(words))).collect();
        let mut total: BTreeMap<&str, u64> = BTreeMap::new();
        for number in self.found.iter().flatten() {
            if let Some(kind) = kinds.get(number) {
                *total.entry(kind).or_default() += 1;
            }
        }
        let distinct = total.len() as u64;
        let mut order: Vec<(&str, u64)> = total.into_iter().collect();
        order.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        order.truncate(most);
        let named: BTreeMap<&str, usize> = order.iter().enumerate().map(|(place, (kind, _))| (*kind, place)).collect();
        let places: BTreeMap<u32, usize> =
            kinds.iter().filter_map(|(number, kind)| Some((*number, *named.get(kind.as_str())?))).collect();
        let place = |number: u32| places.get(&number).copied().unwrap_or(order.len());
        let count = order.len() + 1;
        let mut counts = vec![vec![0; count]; self.dates.len()];
        for (into, found) in counts.iter_mut().zip(&self.found) {
            found.iter().for_each(|number| into[place(*number)] += 1);
        }
        let mut moves = vec![vec![vec![0; count]; count]; self.dates.len().saturating_sub(1)];
        for (into, dates) in moves.iter_mut().zip(self.found.windows(2)) {
            dates[0].iter().zip(&dates[1]).for_each(|(from, to)| into[place(*from)][place(*to)] += 1);
        }
        let share =
            |found: &Vec<u32>| (0..count).map(|kind| self.share(found, |number| place(number) == kind)).collect();
        StructuresOverTime {
            dates: self.dates.clone(),
            structures: order.iter().map(|(kind, _)| (*kind).to_owned()).collect(),
            counts,
            shares: self.found.iter().map(share).collect(),
            moves,
            distinct,
            runs: self.runs(),
        }
    }

    /// The commonest outcomes.
    pub fn commonest(&self) -> Commonest {
        let mut order: Vec<(&Partition, &OutcomeCount)> = self.outcomes.iter().collect();
        order.sort_by(|a, b| b.1.count.cmp(&a.1.count).then_with(|| a.0.cmp(b.0)));
        let told_apart = order.len() as u64;
        let (head, tail) = order.split_at(order.len().min(MOST_CLUSTERED));
        let n = head.len();
        let distances: Vec<f64> =
            (0..n * n).into_par_iter().map(|at| head[at / n].0.distance(head[at % n].0)).collect();
        let weights: Vec<f64> = head.iter().map(|(_, outcome)| outcome.count as f64).collect();
        let Some(found) = cluster(&distances, &weights, MOST_CLUSTERS) else { return Commonest::default() };
        let mut kinds: Vec<(u64, f64)> = vec![(0, 0.0); found.medoids.len()];
        let mut kind_of = vec![usize::MAX; order.len()];
        for (item, (_, outcome)) in head.iter().enumerate() {
            kind_of[outcome.number as usize] = found.of[item];
            let kind = &mut kinds[found.of[item]];
            kind.0 += outcome.count;
            kind.1 += outcome.count as f64 * distances[item * n + found.medoids[found.of[item]]];
        }
        for (partition, outcome) in tail {
            let distances = found.medoids.iter().map(|medoid| partition.distance(head[*medoid].0)).enumerate();
            let (nearest, distance) = distances.fold((0, f64::INFINITY), |a, b| if b.1 < a.1 { b } else { a });
            kind_of[outcome.number as usize] = nearest;
            kinds[nearest].0 += outcome.count;
            kinds[nearest].1 += outcome.count as f64 * distance;
        }
        let is_of = |number: u32, kind: usize| kind_of.get(number as usize) == Some(&kind);
        let mut outcomes: Vec<CommonOutcome> = kinds
            .into_iter()
            .zip(&found.medoids)
            .enumerate()
            .map(|(kind, ((count, distance), medoid))| CommonOutcome {
                structure: head[*medoid].1.usual().0.to_owned(),
                replicate: head[*medoid].1.usual().1,
                exactly: head[*medoid].1.count,
                count,
                share: self.share(&self.ends, |number| is_of(number, kind)),
                distance: distance / count.max(1) as f64,
            })
            .collect();
        outcomes.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.replicate.cmp(&b.replicate)));
        Commonest { outcomes, silhouette: found.silhouette, told_apart }
    }
}

/// Coalition structures at a few dates.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct StructuresOverTime {
    /// The dates; the first is the start, the last the horizon.
    pub dates: Vec<Date>,
    /// The structures that are told by name, in the words of `runs.parquet`, the most frequent over all dates first.
    pub structures: Vec<String>,
    /// Per date: how many runs had each, and at the end how many had any other.
    pub counts: Vec<Vec<u64>>,
    /// The same as shares of all runs.
    pub shares: Vec<Vec<Estimate>>,
    /// Per date but the last: how many runs went from which to which by the next date.
    pub moves: Vec<Vec<Vec<u64>>>,
    /// How many different structures were found at all dates together, 20,000 at the most.
    pub distinct: u64,
    /// How many runs there were.
    pub runs: u64,
}

/// The commonest outcomes: runs grouped by who is with whom at the horizon.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Commonest {
    /// The groups, the largest first.
    pub outcomes: Vec<CommonOutcome>,
    /// How well apart they are, −1 to 1 (Rousseeuw 1987): below a quarter there are no groups to speak of, and all is one.
    pub silhouette: f64,
    /// How many different outcomes there were, 20,000 at the most.
    pub told_apart: u64,
}

/// A group of runs with like outcomes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CommonOutcome {
    /// The coalition structure in the middle of the group, in the words of `runs.parquet`.
    pub structure: String,
    /// The first replicate that ended in exactly that.
    pub replicate: u64,
    /// How many ended in exactly that.
    pub exactly: u64,
    /// How many runs are in the group.
    pub count: u64,
    /// Their share.
    pub share: Estimate,
    /// Mean variation of information between a run of the group and its middle, in nats.
    pub distance: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_umbrella_by_itself_is_one_actor_however_its_members_stand() {
        // Members 1 and 2 of an umbrella, and two others.
        let of = |blocs: [u32; 4], now: [u32; 4]| {
            let member =
                |at: usize| BlocMember { bloc: blocs[at], now: now[at], umbrella: [None, Some(0), Some(0), None][at] };
            Partition::of_actors(&[0, 1, 2, 3].map(member))
        };
        let each = [0, 1, 2, 3];
        let alone = of(each, each);
        assert_eq!(alone, of([0, 1, 1, 3], each), "bound to each other");
        assert_eq!(alone, of([0, 1, 1, 3], [0, 1, 1, 3]), "one has become part of the other");
        // With others it matters which of them is.
        let both = of([0, 1, 1, 1], each);
        let one = of([0, 1, 2, 1], each);
        assert!(alone != both && alone != one && both != one);
        // Of three, two that are bound to each other are told by name.
        let three = |blocs: [u32; 3], now: [u32; 3]| {
            Partition::of_actors(&[0, 1, 2].map(|at: usize| BlocMember {
                bloc: blocs[at],
                now: now[at],
                umbrella: Some(4),
            }))
        };
        assert_ne!(three([0, 0, 2], [0, 1, 2]), three([0, 1, 2], [0, 1, 2]));
        assert_eq!(three([0, 0, 2], [0, 0, 2]), three([0, 1, 2], [0, 1, 2]));
    }
}
