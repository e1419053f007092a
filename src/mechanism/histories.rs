//! Histories: where pairs come from that stand where they stand.
//!
//! A file says that two are at war, or have a pact; it does not say what they have always been to each other, nor their
//! mood. A pair of the start is one of many simulated pairs that live by the ladder alone ([`super::ladder`]) and stand
//! on the same rung, for as long, after the same past. So with nothing else at work stances go on changing at the
//! rates to which the ladder was fitted.

use super::ladder::{Choice, rungs};
use super::parameters::Parameters;
use crate::base::maths::exp;
use crate::random::{DrawKey, Purpose, Source, sample};
use crate::world::{Disposition, Past, Stance};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Pairs of which half come from all that there are, and half from those most given to war, which are few.
const PAIRS: usize = 1600;
/// The share of all pairs that are most given to war.
const WARLIKE: f64 = 0.3;
/// Years that pairs live, and before they are looked at.
const YEARS: usize = 25;
const SETTLING: usize = 8;
/// Times a year that moods change, and every how many of them pairs are looked at.
const TIMES: usize = 13;
const EVERY: usize = 7;
/// How likely two who both gain come to an agreement at a look, for contacts are rare.
const CONTACT: f64 = 0.3;
/// By how much the mean of dispositions is shifted, in classes.
const SHIFT: f64 = 0.2;
const SHIFTS: usize = 21;
/// Years after which a stance has stood long.
const AGES: [f64; 3] = [1.0, 3.0, 8.0];

/// Simulated pairs by rung, age of the stance and past.
#[derive(Debug)]
pub struct Histories {
    rows: Vec<Row>,
    cells: Vec<Cell>,
    /// Of dispositions.
    mean: f64,
    variance: f64,
}

#[derive(Clone, Copy, Debug)]
struct Row {
    lasting: f64,
    mood: [f64; 2],
    /// Years since the last war; none if there was none.
    peace: Option<f64>,
    /// Years on the rung.
    age: f64,
    weight: f64,
}

/// The rows of a kind, with the sums of their weights under each shift of the mean that has been asked for.
#[derive(Clone, Debug, Default)]
struct Cell {
    rows: Vec<u32>,
    sums: [OnceLock<Vec<f64>>; SHIFTS],
}

/// Which past a cell is of.
const PASTS: usize = 3;
const CLASSES: usize = AGES.len() + 2;

fn cell(rung: Stance, class: usize, past: usize) -> usize {
    (rung as usize * CLASSES + class) * PASTS + past
}

/// Those of sets of weights, each made by the first who wants it.
static KNOWN: Mutex<BTreeMap<Vec<u64>, Arc<Place>>> = Mutex::new(BTreeMap::new());

/// Where the histories of a set of weights are, once they are made.
type Place = OnceLock<Arc<Histories>>;

impl Histories {
    /// The weights of choice on which histories depend; upheavals come from the falls of leaders too.
    pub const WEIGHTS: [&str; 17] = [
        "looks",
        "truce",
        "peace",
        "pact",
        "alliance",
        "hysteresis",
        "hysteresis_of_rivalry",
        "hysteresis_of_commitment",
        "bond",
        "bond_time",
        "hardening",
        "hardening_time",
        "disposition",
        "variety",
        "memory",
        "shared",
        "upheaval",
    ];

    /// The histories under some weights. They depend on nothing else and are kept, for inputs are often drawn anew.
    pub fn of(params: &Choice) -> Arc<Self> {
        /// Sets of weights that are kept.
        const KEPT: usize = 16;
        let weights = Choice::TABLE.iter().zip(params.values());
        let weights = weights.filter(|(weight, _)| Self::WEIGHTS.contains(&weight.name)).map(|(_, value)| value);
        let name: Vec<u64> = weights.map(f64::to_bits).collect();
        let place = {
            let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
            if known.len() >= KEPT && !known.contains_key(&name) {
                known.clear();
            }
            Arc::clone(known.entry(name).or_default())
        };
        // Threads that want others do not wait for these.
        Arc::clone(place.get_or_init(|| Arc::new(Self::simulate(params))))
    }

    fn simulate(params: &Choice) -> Self {
        let mut rows = Vec::with_capacity(PAIRS * (YEARS * TIMES).div_ceil(EVERY));
        let life = Life::under(params);
        for (pair, lot) in lots().iter().enumerate() {
            let half = PAIRS / 2;
            let place = ((pair % half) as f64 + 0.5) / half as f64;
            let quantile = if pair < half { place } else { place * WARLIKE };
            // Of those most given to war there are more than their share, and each counts for less.
            let (n, h) = (PAIRS as f64, half as f64);
            let weight = if quantile < WARLIKE { n * WARLIKE / (h * WARLIKE + h) } else { n / h };
            life.live(quantile, weight, lot, &mut rows);
        }
        let mut cells = vec![Cell::default(); Stance::ALL.len() * CLASSES * PASTS];
        for (number, (rung, row)) in rows.iter().enumerate() {
            let class = AGES.iter().filter(|age| row.age >= **age).count();
            let past = if *rung == Stance::War || row.peace.is_some() { 1 } else { 2 };
            for (class, past) in [(class + 1, past), (class + 1, 0), (0, past), (0, 0)] {
                cells[cell(*rung, class, past)].rows.push(number as u32);
            }
        }
        let variance = (params.variety * params.variety).max(1e-9);
        Self { rows: rows.into_iter().map(|(_, row)| row).collect(), cells, mean: params.disposition, variance }
    }

    /// The sums of the weights of a cell's rows under a shift of the mean.
    fn sums<'a>(&self, cell: &'a Cell, place: usize) -> &'a [f64] {
        cell.sums[place].get_or_init(|| {
            let shift = SHIFT * (place as f64 - (SHIFTS / 2) as f64);
            let factor = |lasting: f64| exp((shift * (lasting - self.mean) / self.variance).clamp(-30.0, 30.0));
            // A pair is the same over many rows.
            let mut of_pair = (0.0_f64, factor(0.0));
            let mut sum = 0.0;
            let add = |row: &u32| {
                let row = &self.rows[*row as usize];
                if of_pair.0.to_bits() != row.lasting.to_bits() {
                    of_pair = (row.lasting, factor(row.lasting));
                }
                sum += row.weight * of_pair.1;
                sum
            };
            cell.rows.iter().map(add).collect()
        })
    }

    /// A pair that stands on a rung after a past, with reasons that shift its mean by `shift` standard deviations of
    /// taste. `uniform` picks it.
    pub fn pick(&self, rung: Stance, past: Past, shift: f64, uniform: f64) -> Disposition {
        /// Fewer than this in a cell are too few to tell a kind by.
        const FEW: usize = 12;
        let class = past.age.map_or(0, |age| 1 + AGES.iter().filter(|limit| age >= **limit).count());
        let fought = match past.peace {
            None => 0,
            Some(Some(_)) => 1,
            Some(None) => 2,
        };
        let found = [(class, fought), (0, fought), (class, 0), (0, 0)]
            .into_iter()
            .map(|(class, fought)| &self.cells[cell(rung, class, fought)])
            .find(|cell| cell.rows.len() >= FEW);
        let middle = (SHIFTS / 2) as f64;
        let place = ((shift / SHIFT).round() + middle).clamp(0.0, (SHIFTS - 1) as f64) as usize;
        let row = found.and_then(|cell| {
            let sums = self.sums(cell, place);
            let all = sums.last()?;
            let number = sums.partition_point(|sum| *sum < uniform * all);
            cell.rows.get(number).map(|row| self.rows[*row as usize])
        });
        let Some(row) = row else {
            return Disposition {
                lasting: 0.0,
                mood: [0.0; 2],
                age: past.age.unwrap_or(0.0),
                peace: past.peace.flatten(),
                stirred: 0.0,
            };
        };
        Disposition {
            lasting: row.lasting,
            mood: row.mood,
            age: past.age.unwrap_or(row.age),
            peace: past.peace.unwrap_or(row.peace),
            stirred: 0.0,
        }
    }
}

/// How moods change within some time: a step of an Ornstein–Uhlenbeck process of unit variance (Uhlenbeck and Ornstein
/// 1930).
pub struct Moods {
    keep: f64,
    fresh: f64,
    shared: f64,
    apart: f64,
}

impl Moods {
    /// The change within so many years.
    pub fn over(params: &Choice, years: f64) -> Self {
        let keep = exp(-years / params.memory);
        let apart = (1.0 - params.shared * params.shared).sqrt();
        Self { keep, fresh: (1.0 - keep * keep).sqrt(), shared: params.shared, apart }
    }

    /// Both sides' moods from two normal deviates, where the second is what the sides do not share.
    fn of(&self, [first, second]: [f64; 2]) -> [f64; 2] {
        [first, self.shared * first + self.apart * second]
    }

    /// Lets the moods of both sides change.
    pub fn change(&self, mood: &mut [f64; 2], normals: [f64; 2]) {
        for (mood, normal) in mood.iter_mut().zip(self.of(normals)) {
            *mood = self.keep * *mood + self.fresh * normal;
        }
    }
}

/// Times that moods change within a life.
const STEPS: usize = YEARS * TIMES;

/// What is drawn for a simulated pair, whatever the weights: normal deviates for moods at the beginning and in each step,
/// and in each step the uniforms for upheavals and for looks.
struct Lot {
    first: [f64; 2],
    moods: Vec<[f64; 2]>,
    fates: Vec<[f64; 2]>,
}

impl Lot {
    fn of(pair: u64) -> Self {
        let mut draws = Source::new(0, 0).sequence(Purpose::History, DrawKey::whole().child(pair), 0);
        let mut uniforms = [0.0; 2 + 4 * STEPS];
        draws.fill(&mut uniforms);
        let (first, steps) = uniforms.split_at(2);
        let (steps, _) = steps.as_chunks::<4>();
        let mut of_moods = [0.0; 2 * STEPS];
        for (both, [low, high, ..]) in of_moods.as_chunks_mut::<2>().0.iter_mut().zip(steps) {
            *both = [*low, *high];
        }
        let mut normals = [0.0; 2 * STEPS];
        sample::normals(&of_moods, &mut normals);
        Self {
            first: [sample::normal(first[0]), sample::normal(first[1])],
            moods: normals.as_chunks::<2>().0.to_vec(),
            fates: steps.iter().map(|[.., fate, look]| [*fate, *look]).collect(),
        }
    }
}

/// The draws of all simulated pairs. They are kept, some 17 MB, because drawing them takes longer than living by them.
fn lots() -> &'static [Lot] {
    static LOTS: OnceLock<Vec<Lot>> = OnceLock::new();
    LOTS.get_or_init(|| (0..PAIRS as u64).map(Lot::of).collect())
}

/// What all simulated pairs have in common.
struct Life<'a> {
    params: &'a Choice,
    moods: Moods,
    /// What a change from a rung to another asks.
    asks: [[f64; Stance::ALL.len()]; Stance::ALL.len()],
    /// How likely a pair looks at how it stands within a step, and has an upheaval.
    looks: f64,
    ruptures: f64,
}

impl<'a> Life<'a> {
    /// Years from one change of moods to the next.
    const STEP: f64 = 1.0 / TIMES as f64;

    fn under(params: &'a Choice) -> Self {
        Self {
            params,
            moods: Moods::over(params, Self::STEP),
            asks: Stance::ALL.map(|from| Stance::ALL.map(|to| params.asks(from, to))),
            looks: 1.0 - exp(-params.looks * Self::STEP),
            ruptures: 1.0 - exp(-params.upheaval * Self::STEP),
        }
    }

    fn live(&self, quantile: f64, weight: f64, lot: &Lot, rows: &mut Vec<(Stance, Row)>) {
        let Self { params, moods, looks, ruptures, .. } = self;
        let mut lasting = params.disposition + params.variety * sample::normal(quantile);
        let mut mood = moods.of(lot.first);
        let mut rung = Stance::Neutral;
        let (mut peace, mut age) = (None, 0.0);
        for (time, (normals, [fate, look])) in lot.moods.iter().zip(&lot.fates).enumerate() {
            moods.change(&mut mood, *normals);
            age += Self::STEP;
            peace = peace.map(|years: f64| years + Self::STEP);
            if fate < ruptures {
                lasting = params.disposition + params.variety * sample::normal(fate / ruptures);
                peace = peace.map(|_| 0.0);
            }
            if look < looks {
                let next = self.next(rung, mood.map(|mood| lasting + mood), peace, age, look / looks);
                if next != rung {
                    if rung == Stance::War {
                        peace = Some(0.0);
                    } else if next == Stance::War {
                        peace = None;
                    }
                    (rung, age) = (next, 0.0);
                }
            }
            if time >= SETTLING * TIMES && time % EVERY == 0 {
                rows.push((rung, Row { lasting, mood, peace, age, weight }));
            }
        }
    }

    /// Where a pair with nothing but its wishes stands after a look.
    fn next(&self, rung: Stance, wishes: [f64; 2], peace: Option<f64>, age: f64, draw: f64) -> Stance {
        // It takes one to step down and two to come closer: either way, the one who wants less decides.
        let wish = wishes[0].min(wishes[1]);
        let gain = |to: Stance| {
            let gain = rungs(rung, to) * wish - self.asks[rung as usize][to as usize];
            // What time has made of it only takes off that, and what gains nothing is not done.
            if gain <= 0.0 {
                return gain;
            }
            let war = if to == Stance::War { peace.map_or(0.0, |years| self.params.hardened(years)) } else { 0.0 };
            let bond = if to < rung && rung >= Stance::Pact { self.params.bound(age) } else { 0.0 };
            gain - war - bond
        };
        let best = |moves: &[Stance]| {
            let gains = moves.iter().map(|to| (*to, gain(*to))).filter(|(_, gain)| *gain > 0.0);
            gains.reduce(|best, other| if other.1 > best.1 { other } else { best }).map(|(to, _)| to)
        };
        let here = rung as usize;
        if let Some(down) = best(&Stance::ALL[..here]) {
            return down;
        }
        let neutral = Stance::Neutral as usize;
        if here < neutral
            && let Some(up) = best(&Stance::ALL[here + 1..=neutral])
        {
            return up;
        }
        let commitments = &Stance::ALL[(here + 1).max(neutral + 1)..];
        if draw < CONTACT { best(commitments).unwrap_or(rung) } else { rung }
    }
}

/// By how much the reasons of the start shift the mean of a pair's disposition.
pub fn shift(params: &Choice, reasons: f64) -> f64 {
    params.explained * params.scale * (reasons - params.usual)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(params: &Choice) -> String {
        let made = Histories::simulate(params);
        format!("{:?} {:?} {:?}", made.rows, made.mean.to_bits(), made.variance.to_bits())
    }

    #[test]
    fn only_the_weights_that_are_named_shape_histories() {
        let standing = told(&Choice::default());
        for weight in Choice::TABLE {
            let mut params = Choice::default();
            if let Some(value) = params.value_mut(weight.name) {
                *value = if *value + 0.5 > weight.high { 0.5 * *value } else { *value + 0.5 };
            }
            let named = Histories::WEIGHTS.contains(&weight.name);
            assert_eq!(told(&params) != standing, named, "{}", weight.name);
        }
    }

    #[test]
    fn histories_under_the_same_weights_are_made_once() {
        let params = Choice { hysteresis: 0.123, ..Choice::default() };
        let same = Choice { scale: 1.0, ..params };
        assert!(Arc::ptr_eq(&Histories::of(&params), &Histories::of(&same)));
    }
}
