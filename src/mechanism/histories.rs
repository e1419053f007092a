//! Histories: where pairs come from that stand where they stand.
//!
//! A file says that two are at war, or have a pact; it does not say what they have always been to each other, nor their
//! mood. A pair of the start is one of many simulated pairs that live by the ladder alone ([`super::ladder`]) and stand
//! on the same rung, for as long, after the same past. So with nothing else at work stances go on changing at the
//! rates to which the ladder was fitted.

use super::ladder::Choice;
use super::life::{CELLS, CLASSES, LOOKS, Row, cell, class_of, lives};
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
    /// Looks at pairs, in order of cell, then of pair and time.
    rows: Vec<Row>,
    spells: Vec<Spell>,
    /// Which spells are of which cell: `spells[first[c]..first[c + 1]]`.
    first: Vec<u32>,
    /// How many rows are of each cell.
    counts: Vec<u32>,
    /// The sums of the weights of a cell's spells under each shift of the mean that has been asked for.
    sums: Vec<[OnceLock<Vec<f64>>; SHIFTS]>,
    /// Of dispositions.
    mean: f64,
    variance: f64,
}

/// The rows of a cell that are of one pair between two upheavals: they differ in mood and age alone.
#[derive(Clone, Copy, Debug)]
struct Spell {
    lasting: f32,
    /// Of each row.
    weight: f64,
    first: u32,
    rows: u32,
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
        let mut next = [0; CELLS + 1];
        for row in &seen {
            next[usize::from(row.cell) + 1] += 1;
        }
        for cell in 0..CELLS {
            next[cell + 1] += next[cell];
        }
        let mut rows = seen.clone();
        let mut of_cells: Vec<Vec<Spell>> = vec![Vec::new(); CELLS];
        for (of_pair, weight) in seen.chunks_exact(LOOKS).zip(weights) {
            for row in of_pair {
                let cell = usize::from(row.cell);
                let place = next[cell];
                rows[place as usize] = *row;
                next[cell] += 1;
                match of_cells[cell].last_mut() {
                    Some(spell) if spell.lasting.to_bits() == row.lasting.to_bits() => spell.rows += 1,
                    _ => of_cells[cell].push(Spell { lasting: row.lasting, weight, first: place, rows: 1 }),
                }
            }
        }
        let mut first = vec![0];
        for spells in &of_cells {
            first.push(first[first.len() - 1] + spells.len() as u32);
        }
        let count = |spells: &Vec<Spell>| spells.iter().map(|spell| spell.rows).sum();
        Self {
            rows,
            counts: of_cells.iter().map(count).collect(),
            spells: of_cells.concat(),
            first,
            sums: (0..CELLS).map(|_| Default::default()).collect(),
            mean: params.disposition,
            variance: (params.variety * params.variety).max(1e-9),
        }
    }

    fn spells(&self, cell: usize) -> &[Spell] {
        &self.spells[self.first[cell] as usize..self.first[cell + 1] as usize]
    }

    /// By how much a shift of the mean changes the weight of those of a disposition.
    fn factor(&self, shift: f64, lasting: f64) -> f64 {
        exp((shift * (lasting - self.mean) / self.variance).clamp(-30.0, 30.0))
    }

    /// The sums of the weights of a cell's spells under a shift of the mean.
    fn sums(&self, cell: usize, place: usize) -> &[f64] {
        self.sums[cell][place].get_or_init(|| {
            let mut sum = 0.0;
            let add = |spell: &Spell| {
                sum += f64::from(spell.rows) * spell.weight * self.factor(shift_at(place), f64::from(spell.lasting));
                sum
            };
            self.spells(cell).iter().map(add).collect()
        })
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
            .find(|cells| cells.clone().map(|cell| self.counts[cell]).sum::<u32>() >= FEW);
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
                let row = (within * f64::from(spell.rows)) as u32;
                return Some(self.rows[(spell.first + row.min(spell.rows - 1)) as usize]);
            }
            None
        });
        let Some(row) = picked else {
            return Disposition {
                lasting: 0.0,
                mood: [0.0; 2],
                age: past.age.unwrap_or(0.0),
                peace: past.peace.flatten(),
                stirred: 0.0,
                reviews: 0,
            };
        };
        let peace = Some(f64::from(row.peace)).filter(|years| !years.is_nan());
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
        format!("{:?} {:?} {:?} {:?}", made.rows, made.spells, made.mean.to_bits(), made.variance.to_bits())
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
