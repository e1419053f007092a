//! The cipher, keyed and positioned.

use super::DrawKey;
use rand::{Rng, SeedableRng};
use rand_chacha::rand_core::block::Generator;
use rand_chacha::{ChaCha8Core, ChaCha8Rng};

/// Numbers this layout of keys. A change of layout changes every draw, so it changes this too.
const LAYOUT: u8 = 3;

/// In what form numbers are drawn: part of the key, so that the two never meet.
#[derive(Clone, Copy)]
#[repr(u8)]
enum Form {
    Column = 1,
    Sequence = 2,
}

/// How many numbers of a column are drawn at a time: as many as the cipher makes at a time.
pub(super) const SPAN: u32 = 32;

/// What a draw is for. Part of the key, so that two mechanisms never meet in one stream.
///
/// The numbers are part of the layout: never reuse one, never renumber.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Purpose {
    /// Whether a scheduled event comes to pass.
    Event = 1,
    /// The noise in one faction's reading of the others' strength, as observer.
    PerceptionObserver = 2,
    /// The noise in how readable one faction's strength is, as the one observed.
    PerceptionObserved = 3,
    /// Whether a pair comes into contact this week.
    Contact = 4,
    /// The lower faction's answer to a proposal, or its wish to go on talking.
    AnswerLow = 5,
    /// The higher faction's answer to a proposal, or its wish to go on talking.
    AnswerHigh = 6,
    /// Whether a secret leaks.
    Leak = 7,
    /// Whether the lower faction of a pair steps down from their stance.
    ReconsiderLow = 8,
    /// Whether the higher faction of a pair steps down from their stance.
    ReconsiderHigh = 9,
    /// Whether one to whom an accord has been put considers it, and what it decides.
    Accord = 10,
    /// Whether factions merge.
    Merger = 11,
    /// Whether a faction leaves its umbrella or splits.
    Split = 12,
    /// What a splinter takes and wants.
    Splinter = 13,
    /// How many clashes a pair has in a zone.
    Clash = 14,
    /// How deadly the clashes of a pair in a zone are.
    ClashDeaths = 15,
    /// How often a faction attacks civilians in a zone.
    OneSided = 16,
    /// How deadly attacks on civilians are.
    OneSidedDeaths = 17,
    /// Whether a deal is made public.
    Publicity = 18,
    /// Whether a pair looks at how it stands.
    Look = 19,
    /// The mood of the lower faction of a pair.
    MoodLow = 20,
    /// What the mood of the higher faction of a pair does not share with it.
    MoodHigh = 21,
    /// Whether a pair's disposition is drawn anew, and where to.
    Upheaval = 22,
    /// Where a pair of the start, or a new one, comes from.
    Disposition = 23,
    /// A simulated history of a pair.
    History = 24,
    /// Whether a faction looks for a target.
    Readiness = 25,
    /// Whether it attacks, and where.
    Target = 26,
    /// Whether a place falls.
    Assault = 27,
    /// How violent times are.
    Times = 28,
    /// How violent a pair's fighting is.
    Feud = 29,
    /// How violent a faction is to civilians.
    Fury = 30,
    /// Who succeeds a leader.
    Leader = 31,
    /// Whether a leader falls.
    Fall = 32,
    /// Whether a member takes over the lead of its umbrella.
    Takeover = 33,
    /// Whether a commander goes over to another faction.
    Defection = 34,
    /// Where that is, with how many, and to whom.
    Defector = 35,
    /// Whether a force that has lost gives up.
    GivingUp = 36,
    /// Whether a mediator puts an accord to its parties.
    Proposal = 37,
    /// What a pair that had nothing to do with each other has become meanwhile.
    Acquaintance = 38,
    /// Whether one who has signed an accord reviews its part, and what comes of that.
    Part = 39,
    /// Resampling in an analysis of results.
    Resampling = 101,
    /// The points of a design.
    Design = 102,
    /// The value of an input that is not known.
    Input = 103,
    /// What a calibration proposes, and what a world such as the model's would have shown.
    Calibration = 104,
}

/// The source of all draws of one replicate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    seed: u64,
    replicate: u64,
}

impl Source {
    /// The source of a replicate of an experiment with a master seed.
    pub fn new(seed: u64, replicate: u64) -> Self {
        Self { seed, replicate }
    }

    /// As many numbers as needed for one entity, purpose and step. The first costs about 70 ns.
    pub fn sequence(&self, purpose: Purpose, who: DrawKey, step: u32) -> Sequence {
        Sequence(ChaCha8Rng::from_seed(self.key(Form::Sequence, purpose, who, step)))
    }

    /// The uniforms of one entity and purpose for [`SPAN`] steps: those of block 0 are for the first as many, and so on.
    pub(super) fn fill(&self, purpose: Purpose, who: DrawKey, block: u32, into: &mut [f64; SPAN as usize]) {
        let mut words = [0; 2 * SPAN as usize];
        ChaCha8Core::from_seed(self.key(Form::Column, purpose, who, block)).generate(&mut words);
        for (uniform, [low, high]) in into.iter_mut().zip(words.as_chunks().0) {
            *uniform = to_uniform(u64::from(*high) << 32 | u64::from(*low));
        }
    }

    /// A key of the cipher for what is drawn from its beginning, so that it is never positioned.
    #[inline]
    fn key(&self, form: Form, purpose: Purpose, who: DrawKey, number: u32) -> [u8; 32] {
        let what = [LAYOUT, form as u8, purpose as u8, 0];
        let mut key = [0; 32];
        key[..8].copy_from_slice(&self.seed.to_le_bytes());
        key[8..16].copy_from_slice(&self.replicate.to_le_bytes());
        key[16..24].copy_from_slice(&who.number().to_le_bytes());
        key[24..28].copy_from_slice(&what);
        key[28..].copy_from_slice(&number.to_le_bytes());
        key
    }
}

/// A stream of uniforms for one entity, purpose and step.
#[derive(Clone, Debug)]
pub struct Sequence(ChaCha8Rng);

impl Sequence {
    /// The next uniform, in the open interval 0..1.
    pub fn uniform(&mut self) -> f64 {
        to_uniform(self.0.next_u64())
    }

    /// One of several, in proportion to their weights; none if no weight is above 0.
    pub fn pick<T>(&mut self, of: &[T], weight: impl Fn(&T) -> f64) -> Option<usize> {
        let all: f64 = of.iter().map(&weight).sum();
        let mut left = self.uniform() * all;
        let found = of.iter().position(|item| {
            left -= weight(item);
            left <= 0.0
        });
        // What rounding leaves over is the last one's.
        if all > 0.0 { found.or(of.len().checked_sub(1)) } else { None }
    }

    /// Fills a slice with the next uniforms: the same as one after the other, in less time.
    pub fn fill(&mut self, into: &mut [f64]) {
        let mut bytes = [0; 256];
        for uniforms in into.chunks_mut(bytes.len() / 8) {
            let bytes = &mut bytes[..8 * uniforms.len()];
            self.0.fill_bytes(bytes);
            for (uniform, bytes) in uniforms.iter_mut().zip(bytes.as_chunks().0) {
                *uniform = to_uniform(u64::from_le_bytes(*bytes));
            }
        }
    }
}

/// Maps 64 random bits to the middle of one of 2^52 equal parts of 0..1, so that neither end is ever drawn.
#[inline]
fn to_uniform(bits: u64) -> f64 {
    // The bits make a number between 1 and 2; all that is taken off it is exact.
    const ONE: u64 = 1023 << 52;
    f64::from_bits(ONE | bits >> 12) - (1.0 - f64::EPSILON / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_layout_is_frozen() {
        // A change here means that every stored experiment can no longer be replayed: raise LAYOUT if it is meant.
        let source = Source::new(1, 2);
        let who = DrawKey::named("zone", "kidal");
        let mut key = [0; 32];
        (key[0], key[8]) = (1, 2);
        key[16..24].copy_from_slice(&who.number().to_le_bytes());
        key[24..].copy_from_slice(&[3, 1, 14, 0, 2, 0, 0, 0]);
        let mut uniforms = [0.0; SPAN as usize];
        source.fill(Purpose::Clash, who, 2, &mut uniforms);
        let mut cipher = ChaCha8Rng::from_seed(key);
        assert!(uniforms.iter().all(|uniform| uniform.to_bits() == to_uniform(cipher.next_u64()).to_bits()));
        key[25] = 2;
        let mut cipher = ChaCha8Rng::from_seed(key);
        let first = source.sequence(Purpose::Clash, who, 2).uniform();
        assert_eq!(first.to_bits(), to_uniform(cipher.next_u64()).to_bits());
    }

    #[test]
    fn a_uniform_is_the_middle_of_its_part() {
        for bits in [0, 1 << 12, 12_345_678_901_234_567, u64::MAX] {
            let middle = ((bits >> 12) as f64 + 0.5) * (1.0 / (1u64 << 52) as f64);
            assert_eq!(to_uniform(bits).to_bits(), middle.to_bits());
        }
    }

    #[test]
    fn many_uniforms_are_those_that_come_one_by_one() {
        let mut one_by_one = Source::new(1, 2).sequence(Purpose::History, DrawKey::whole(), 0);
        let mut at_once = one_by_one.clone();
        for count in [1, 70, 3] {
            let mut uniforms = vec![0.0; count];
            at_once.fill(&mut uniforms);
            assert!(uniforms.iter().all(|uniform| uniform.to_bits() == one_by_one.uniform().to_bits()));
        }
    }

    #[test]
    fn uniforms_lie_inside_the_open_interval() {
        assert!(to_uniform(0) > 0.0);
        assert!(to_uniform(u64::MAX) < 1.0);
    }

    #[test]
    fn draws_differ_by_every_part_of_the_key() {
        let who = DrawKey::named("faction", "a");
        let base = Source::new(1, 1).sequence(Purpose::Event, who, 3).uniform();
        for other in [
            Source::new(2, 1).sequence(Purpose::Event, who, 3),
            Source::new(1, 2).sequence(Purpose::Event, who, 3),
            Source::new(1, 1).sequence(Purpose::Leak, who, 3),
            Source::new(1, 1).sequence(Purpose::Event, DrawKey::named("faction", "b"), 3),
            Source::new(1, 1).sequence(Purpose::Event, who, 4),
        ] {
            let mut other = other;
            assert!((base - other.uniform()).abs() > 1e-12);
        }
    }
}
