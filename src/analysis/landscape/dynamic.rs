//! Whether the coalitions that simulated runs end in sit in the static minima.

use super::Landscape;
use crate::analysis::alliances::{Course, Watcher, follow};
use crate::analysis::{Estimate, nested};
use crate::base::FactionId;
use crate::estimate::CONFIDENCE;
use crate::random::{DrawKey, Purpose, Sequence, Source};
use crate::record::{EventView, RecordError, Results};
use crate::scenario::InputKind;
use crate::world::{Setting, Stance};
use serde::Serialize;
use std::ops::Range;

/// How many random structures each run's is held against.
const SHUFFLES: usize = 20;

/// What is asked of a structure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Criterion {
    /// No faction would lower the energy by moving: the structure is itself a minimum, of any number of blocs.
    Stable,
    /// No bloc has members on both sides of some minimum of two blocs.
    WithinMinimum,
    /// Of two in one bloc, both are on one side of the lowest minimum of two blocs; a share of pairs.
    PairsOnOneSide,
    /// The energy is lower than that of a random structure with blocs of the same sizes; equal ones count half.
    LowerThanRandom,
}

impl Criterion {
    const ALL: [Self; 4] = [Self::Stable, Self::WithinMinimum, Self::PairsOnOneSide, Self::LowerThanRandom];

    /// In words for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Stable => "the structure is itself a minimum: nobody would gain by moving",
            Self::WithinMinimum => "no bloc crosses the sides of some two-bloc minimum",
            Self::PairsOnOneSide => "pairs in one bloc that are on one side of the lowest minimum",
            Self::LowerThanRandom => "energy lower than that of a random structure",
        }
    }
}

/// How often simulated structures meet a criterion, and random ones with blocs of the same sizes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fit {
    /// From which stance on two are in one bloc.
    pub rung: Stance,
    /// What is asked.
    pub criterion: Criterion,
    /// Share of the runs with a bloc of two or more, or mean share of their pairs, 0 to 1.
    pub simulated: Estimate,
    /// The same for random structures.
    pub random: Estimate,
}

/// Holds the structures at the horizon of a variant's runs against the static landscape of its start. `factions` are the
/// landscape's actors, `minima` its stable configurations of two blocs, lowest first. Blocs are groups linked by alliances,
/// and camps groups linked by pacts or more. Factions that are gone by then are left out; one that merged is with what it
/// became part of. Runs in which nobody is with anybody do not count.
///
/// # Errors
/// If the results cannot be read.
pub fn compare(
    results: &Results,
    variant: &str,
    setting: &Setting,
    factions: &[FactionId],
    (landscape, minima): (&Landscape, &[Vec<u32>]),
) -> Result<Vec<Fit>, RecordError> {
    let ends = Ends {
        course: Course::new(setting),
        factions,
        landscape,
        minima,
        seed: results.manifest().seed,
        replicate: 0,
        sums: [Stance::Alliance, Stance::Pact].map(|rung| (rung, Default::default(), Default::default())),
    };
    let mut watchers = [(variant, ends)];
    follow(results, &mut watchers)?;
    let [(_, ends)] = watchers;
    let manifest = results.manifest();
    let runs = (manifest.window(), manifest.drawn_kinds());
    let mut fits = Vec::new();
    for (rung, simulated, random) in ends.sums {
        for criterion in Criterion::ALL {
            let yes_no = matches!(criterion, Criterion::Stable | Criterion::WithinMinimum);
            let [simulated, random] =
                [&simulated, &random].map(|sums| sums[criterion as usize].estimate(yes_no, runs.clone()));
            fits.push(Fit { rung, criterion, simulated, random });
        }
    }
    Ok(fits)
}

/// Values between 0 and 1, by replicate in order, of which several may be of one and others have none.
#[derive(Clone, Debug, Default)]
struct Scores {
    n: f64,
    sum: f64,
    squares: f64,
    /// Of each replicate that has any: how many values, and their sum.
    by_replicate: Vec<(u64, f64, f64)>,
}

impl Scores {
    fn add(&mut self, replicate: u64, value: f64) {
        self.n += 1.0;
        self.sum += value;
        self.squares += value * value;
        match self.by_replicate.last_mut().filter(|(last, ..)| *last == replicate) {
            Some((_, n, sum)) => (*n, *sum) = (*n + 1.0, *sum + value),
            None => self.by_replicate.push((replicate, 1.0, value)),
        }
    }

    /// With Wilson's interval for a share of yes, the normal one for a mean, by how many independent replicates tell as much: those
    /// of a window share inputs where any are drawn.
    fn estimate(&self, yes_no: bool, (window, drawn): (Range<u64>, Option<[bool; InputKind::ALL.len()]>)) -> Estimate {
        let (n, mean) = (self.n as u64, self.sum / self.n);
        if n == 0 {
            return Estimate::share(0, 0, CONFIDENCE);
        }
        // The mean of those that have values scatters as the sum over all of how far each is off it.
        let mut known = self.by_replicate.iter().peekable();
        let off = window.clone().map(|replicate| {
            let own = known.next_if(|(number, ..)| *number == replicate);
            (replicate, own.map_or(0.0, |(_, n, sum)| sum - n * mean))
        });
        let effective = (nested::worth(off, window.end - window.start, drawn) * self.n).max(1.0);
        if yes_no || n < 2 {
            return Estimate::share_of(mean, effective, n, CONFIDENCE);
        }
        let variance = (self.squares / self.n - mean * mean).max(0.0) * self.n / (self.n - 1.0);
        let found = Estimate::normal(mean, (variance / effective).sqrt(), n, CONFIDENCE);
        Estimate { low: found.low.max(0.0), high: found.high.min(1.0), ..found }
    }
}

struct Ends<'a> {
    course: Course<'a>,
    factions: &'a [FactionId],
    landscape: &'a Landscape,
    minima: &'a [Vec<u32>],
    seed: u64,
    replicate: u64,
    /// By rung: what simulated and random structures score by criterion.
    sums: [(Stance, [Scores; 4], [Scores; 4]); 2],
}

impl Watcher for Ends<'_> {
    fn begin(&mut self, replicate: u64) {
        self.replicate = replicate;
        self.course.restart();
    }

    fn take(&mut self, event: &EventView<'_>) {
        self.course.take(event);
    }

    fn finish(&mut self) {
        let present: Vec<bool> = self.factions.iter().map(|faction| self.course.stands(*faction)).collect();
        let who = DrawKey::named("analysis", "landscape");
        let mut draws = Source::new(self.seed, self.replicate).sequence(Purpose::Resampling, who, 0);
        for (rung, simulated, random) in &mut self.sums {
            let blocs = self.course.partition(self.factions, *rung).0;
            let held = Yardstick {
                landscape: self.landscape,
                minima: self.minima,
                present: &present,
                replicate: self.replicate,
            };
            if held.pairs(&blocs) == 0 {
                continue;
            }
            let energy = self.landscape.energy_of(&blocs, &present);
            let mut lower = 0.0;
            for _ in 0..SHUFFLES {
                let shuffled = shuffle(&blocs, &present, &mut draws);
                held.score(&shuffled, random);
                let other = self.landscape.energy_of(&shuffled, &present);
                lower += if energy < other - 1e-9 {
                    1.0
                } else if energy > other + 1e-9 {
                    0.0
                } else {
                    0.5
                };
            }
            held.score(&blocs, simulated);
            simulated[Criterion::LowerThanRandom as usize].add(self.replicate, lower / SHUFFLES as f64);
            // By symmetry one random structure is lower than another half the time.
            random[Criterion::LowerThanRandom as usize].add(self.replicate, 0.5);
        }
    }
}

/// What structures are held against.
struct Yardstick<'a> {
    landscape: &'a Landscape,
    minima: &'a [Vec<u32>],
    present: &'a [bool],
    replicate: u64,
}

impl Yardstick<'_> {
    fn score(&self, blocs: &[u32], into: &mut [Scores; 4]) {
        let yes = |so: bool| f64::from(u8::from(so));
        into[Criterion::Stable as usize].add(self.replicate, yes(self.landscape.is_stable(blocs, self.present)));
        let within = self.minima.iter().any(|minimum| self.together(blocs).all(|(a, b)| minimum[a] == minimum[b]));
        into[Criterion::WithinMinimum as usize].add(self.replicate, yes(within));
        if let Some(lowest) = self.minima.first() {
            let same = self.together(blocs).filter(|(a, b)| lowest[*a] == lowest[*b]).count();
            into[Criterion::PairsOnOneSide as usize].add(self.replicate, same as f64 / self.pairs(blocs).max(1) as f64);
        }
    }

    /// Pairs in one bloc.
    fn together<'b>(&'b self, blocs: &'b [u32]) -> impl Iterator<Item = (usize, usize)> + 'b {
        let there = |actor: &usize| self.present[*actor];
        let pairs = (0..blocs.len()).filter(there).flat_map(move |b| (0..b).filter(there).map(move |a| (a, b)));
        pairs.filter(|(a, b)| blocs[*a] == blocs[*b])
    }

    fn pairs(&self, blocs: &[u32]) -> usize {
        self.together(blocs).count()
    }
}

/// The blocs of those present dealt out anew, by Fisher and Yates.
fn shuffle(blocs: &[u32], present: &[bool], draws: &mut Sequence) -> Vec<u32> {
    let there: Vec<usize> = (0..blocs.len()).filter(|actor| present[*actor]).collect();
    let mut dealt = blocs.to_vec();
    for last in (1..there.len()).rev() {
        let chosen = ((draws.uniform() * (last + 1) as f64) as usize).min(last);
        dealt.swap(there[last], there[chosen]);
    }
    dealt
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Scores that all eight replicates of some inputs have in common tell as much as one of them, also where some have none.
    #[test]
    fn fits_count_what_runs_share() {
        for yes_no in [true, false] {
            for every in [1, 5] {
                let mut scores = Scores::default();
                for replicate in (0..800).filter(|replicate| replicate / 8 % every == 0) {
                    scores.add(replicate, f64::from(u8::from(replicate / 8 / every % 2 == 0)));
                }
                let width = |drawn| {
                    let found = scores.estimate(yes_no, (0..800, drawn));
                    assert!((found.value - 0.5).abs() < 1e-12, "{found:?}");
                    found.high - found.low
                };
                let wider = width(Some([true; InputKind::ALL.len()])) / width(None);
                assert!((2.4..=2.9).contains(&wider), "{yes_no} {every}: {wider}");
            }
        }
        assert!(Scores::default().estimate(true, (0..8, None)).value.is_nan());
    }
}
