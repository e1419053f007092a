//! Histories: where pairs come from that stand where they stand.
//!
//! A file says that two are at war, or have a pact; it does not say what they have always been to each other, nor their
//! mood. A pair of the start is one of many simulated pairs that live by the ladder alone ([`super::ladder`]) and stand
//! on the same rung, for as long, after the same past. So with nothing else at work stances go on changing at the
//! rates to which the ladder was fitted.

use super::ladder::Choice;
use super::life::{CELLS, CLASSES, LOOKS, PAIRS, Row, Seen, cell, class_of, lives};
use super::parameters::Parameters;
use crate::base::maths::exp;
use crate::world::{Disposition, Past, Stance};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// By how much the mean of dispositions is shifted, in classes.
const SHIFT: f64 = 0.2;
const SHIFTS: usize = 21;
/// Simulated pairs by rung, age of the stance and past.
#[derive(Debug)]
pub struct Histories {
    seen: Seen,
    spells: Vec<Spell>,
    /// Which spells are of which cell: `spells[first[c]..first[c + 1]]`.
    first: Vec<u32>,
    /// How many looks are of each cell.
    counts: Vec<u32>,
    /// What pairs have been to each other from one upheaval to the next.
    lasting: Vec<f32>,
    /// By how much each shift of the mean that has been asked for changes the weight of those.
    factors: [OnceLock<Vec<f64>>; SHIFTS],
    /// The sums of the weights of a cell's spells under it.
    sums: Vec<[OnceLock<Vec<f64>>; SHIFTS]>,
    /// Of dispositions.
    mean: f64,
    /// A wish that is content on each rung, should no simulated pair stand there.
    middles: [f64; Stance::ALL.len()],
    variance: f64,
}

/// The looks of a cell that are at one pair between two upheavals: they differ in mood and age alone.
#[derive(Clone, Copy, Debug)]
struct Spell {
    /// The place of what it has always been to each other.
    lasting: u32,
    pair: u32,
    /// Of each look.
    weight: f64,
    looks: u32,
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
        let (seen, weights) = lives(params);
        let mut of_cells: Vec<Vec<Spell>> = vec![Vec::new(); CELLS];
        let mut lasting = Vec::with_capacity(2 * PAIRS);
        for (pair, weight) in weights.into_iter().enumerate() {
            let of_pair = lasting.len();
            for look in 0..LOOKS {
                let now = seen.lasting(pair, look);
                if lasting[of_pair..].last().is_none_or(|last: &f32| last.to_bits() != now.to_bits()) {
                    lasting.push(now);
                }
                let number = lasting.len() as u32 - 1;
                let spells = &mut of_cells[seen.cell(pair, look)];
                match spells.last_mut() {
                    Some(spell) if spell.lasting == number => spell.looks += 1,
                    _ => spells.push(Spell { lasting: number, pair: pair as u32, weight, looks: 1 }),
                }
            }
        }
        let mut first = vec![0];
        for spells in &of_cells {
            first.push(first[first.len() - 1] + spells.len() as u32);
        }
        let count = |spells: &Vec<Spell>| spells.iter().map(|spell| spell.looks).sum();
        Self {
            seen,
            counts: of_cells.iter().map(count).collect(),
            spells: of_cells.concat(),
            first,
            lasting,
            factors: Default::default(),
            sums: (0..CELLS).map(|_| Default::default()).collect(),
            mean: params.disposition,
            middles: middles(params),
            variance: (params.variety * params.variety).max(1e-9),
        }
    }

    fn spells(&self, cell: usize) -> &[Spell] {
        &self.spells[self.first[cell] as usize..self.first[cell + 1] as usize]
    }

    /// By how much a shift of the mean changes the weight of those of each disposition.
    fn factors(&self, place: usize) -> &[f64] {
        self.factors[place].get_or_init(|| {
            let shift = shift_at(place);
            let factor =
                |lasting: &f32| exp((shift * (f64::from(*lasting) - self.mean) / self.variance).clamp(-30.0, 30.0));
            self.lasting.iter().map(factor).collect()
        })
    }

    /// The sums of the weights of a cell's spells under a shift of the mean.
    fn sums(&self, cell: usize, place: usize) -> &[f64] {
        self.sums[cell][place].get_or_init(|| {
            let (mut sum, factors) = (0.0, self.factors(place));
            let add = |spell: &Spell| {
                sum += f64::from(spell.looks) * spell.weight * factors[spell.lasting as usize];
                sum
            };
            self.spells(cell).iter().map(add).collect()
        })
    }

    /// One of a spell's looks at its pair, by its number among them.
    fn row(&self, cell: usize, spell: Spell, number: u32) -> Row {
        let pair = spell.pair as usize;
        let lasting = self.lasting[spell.lasting as usize].to_bits();
        let of_spell =
            |look: &usize| self.seen.cell(pair, *look) == cell && self.seen.lasting(pair, *look).to_bits() == lasting;
        let look = (0..LOOKS).filter(of_spell).nth(number as usize).unwrap_or(LOOKS - 1);
        self.seen.row(pair, look)
    }

    /// A pair that stands on a rung after a past, with reasons that shift its mean by `shift` standard deviations of
    /// taste. `uniform` picks it.
    pub fn pick(&self, rung: Stance, past: Past, shift: f64, uniform: f64) -> Disposition {
        /// Fewer than this of a kind are too few to tell a kind by.
        const FEW: u32 = 12;
        let class = past.age.map(class_of);
        // Who is at war has fought.
        let fought = past.peace.map(|peace| peace.is_some() || rung == Stance::War);
        let kinds = [(class, fought), (None, fought), (class, None), (None, None)];
        let found = kinds
            .into_iter()
            .map(|(class, fought)| cells_of(rung, class, fought))
            .find(|cells| cells.clone().map(|cell| self.counts[cell]).sum::<u32>() >= FEW)
            .or_else(|| Some(cells_of(rung, None, None)));
        let place = place_of(shift);
        let picked = found.and_then(|cells| {
            let all: f64 = cells.clone().map(|cell| self.sums(cell, place).last().copied().unwrap_or(0.0)).sum();
            let mut left = uniform * all;
            for cell in cells {
                let sums = self.sums(cell, place);
                let of_cell = sums.last().copied().unwrap_or(0.0);
                if left > of_cell {
                    left -= of_cell;
                    continue;
                }
                let number = sums.partition_point(|sum| *sum < left).min(sums.len().checked_sub(1)?);
                let spell = self.spells(cell)[number];
                let before = if number > 0 { sums[number - 1] } else { 0.0 };
                let within = (left - before) / (sums[number] - before).max(f64::MIN_POSITIVE);
                let look = (within * f64::from(spell.looks)) as u32;
                return Some(self.row(cell, spell, look.min(spell.looks - 1)));
            }
            None
        });
        let Some(row) = picked else {
            return Disposition {
                lasting: self.middles[rung as usize],
                mood: [0.0; 2],
                age: past.age.unwrap_or(0.0),
                peace: past.peace.flatten(),
                stirred: 0.0,
                reviews: 0,
            };
        };
        let peace = row.peace.map(f64::from);
        Disposition {
            lasting: f64::from(row.lasting),
            mood: row.mood.map(f64::from),
            age: past.age.unwrap_or(f64::from(row.age)),
            peace: past.peace.unwrap_or(peace),
            stirred: 0.0,
            reviews: 0,
        }
    }
}

/// The wish of a pair that is content on each rung: midway between the thresholds about it, and a rung's width beyond the outermost.
fn middles(params: &Choice) -> [f64; Stance::ALL.len()] {
    let between = |low: f64, high: f64| 0.5 * (low + high);
    [
        params.truce - 1.0,
        between(params.truce, params.peace),
        between(params.peace, params.pact),
        between(params.pact, params.alliance),
        params.alliance + 1.0,
    ]
}

/// The cells of a kind: of a class of age and a past, or of any.
fn cells_of(rung: Stance, class: Option<usize>, fought: Option<bool>) -> impl Iterator<Item = usize> + Clone {
    let classes = class.map_or(0..CLASSES, |class| class..class + 1);
    classes
        .flat_map(|class| [(class, false), (class, true)])
        .filter(move |(_, war)| fought.is_none_or(|fought| fought == *war))
        .map(move |(class, war)| cell(rung, class, war))
}

fn place_of(shift: f64) -> usize {
    let middle = (SHIFTS / 2) as f64;
    ((shift / SHIFT).round() + middle).clamp(0.0, (SHIFTS - 1) as f64) as usize
}

fn shift_at(place: usize) -> f64 {
    SHIFT * (place as f64 - (SHIFTS / 2) as f64)
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
        format!("{:?} {:?} {:?} {:?}", made.seen, made.spells, made.mean.to_bits(), made.variance.to_bits())
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
