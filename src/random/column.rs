//! One number per step for each of many entities.

use super::DrawKey;
use super::source::{Purpose, Source, to_uniform};

const SPAN: u32 = 32;
const EMPTY: u32 = u32::MAX;

/// One uniform per step for each entity of one purpose, drawn 32 steps at a time and kept until used.
///
/// Slots are filled when first asked for: an entity that never draws costs nothing. What a slot returns depends only
/// on the source, the purpose, the key and the step, never on what was asked before.
#[derive(Clone, Debug)]
pub struct Columns {
    purpose: Purpose,
    /// The limit that `low` is meant for.
    limit: f64,
    held: Vec<Held>,
    blocks: Vec<[u64; SPAN as usize]>,
}

/// What is held of one slot.
#[derive(Clone, Copy, Debug)]
struct Held {
    /// The first step of the block that is held, or `EMPTY`.
    first: u32,
    /// Where the block lies, or `EMPTY`.
    block: u32,
    /// A bit per step of the block: whether its uniform is below the limit.
    low: u32,
}

const NOTHING: Held = Held { first: EMPTY, block: EMPTY, low: 0 };

impl Columns {
    /// Columns for `slots` entities.
    pub fn new(purpose: Purpose, slots: usize) -> Self {
        Self { purpose, limit: 0.0, held: vec![NOTHING; slots], blocks: Vec::new() }
    }

    /// For how many entities there is room.
    pub fn slots(&self) -> usize {
        self.held.len()
    }

    /// Forgets what is held, for another replicate. Keeps the memory.
    pub fn reset(&mut self) {
        self.held.fill(NOTHING);
        self.blocks.clear();
    }

    /// Forgets one slot, for another entity that takes its place.
    pub fn forget(&mut self, slot: usize) {
        self.held[slot].first = EMPTY;
    }

    /// The uniform of the entity in a slot at a step, in the open interval 0..1. `who` must be the key that belongs to
    /// the slot since the last [`Columns::forget`].
    #[inline]
    pub fn uniform(&mut self, source: &Source, slot: usize, who: impl FnOnce() -> DrawKey, step: u32) -> f64 {
        let held = self.held[slot];
        let block = if held.first == step & !(SPAN - 1) { held.block } else { self.refill(source, slot, who(), step) };
        to_uniform(self.blocks[block as usize][(step & (SPAN - 1)) as usize])
    }

    /// Sets the limit of [`Columns::is_low`]. Another one than before costs all that is held.
    #[inline]
    pub fn set_limit(&mut self, limit: f64) {
        if self.limit.to_bits() != limit.to_bits() {
            self.reset();
            self.limit = limit;
        }
    }

    /// Whether that uniform is below the limit. One bit is looked at, so this is the way to ask for what seldom happens.
    #[inline(always)]
    pub fn is_low(&mut self, source: &Source, slot: usize, who: impl FnOnce() -> DrawKey, step: u32) -> bool {
        let mut held = self.held[slot];
        if held.first != step & !(SPAN - 1) {
            self.refill(source, slot, who(), step);
            held = self.held[slot];
        }
        held.low & (1 << (step & (SPAN - 1))) != 0
    }

    /// Draws the block of a step; gives its place.
    #[cold]
    #[inline(never)]
    fn refill(&mut self, source: &Source, slot: usize, who: DrawKey, step: u32) -> u32 {
        let first = step & !(SPAN - 1);
        let mut block = self.held[slot].block;
        if block == EMPTY {
            block = self.blocks.len() as u32;
            self.blocks.push([0; SPAN as usize]);
        }
        let numbers = &mut self.blocks[block as usize];
        source.fill(self.purpose, who, first, numbers);
        let mut low = 0;
        if self.limit > 0.0 {
            for (place, number) in numbers.iter().enumerate() {
                low |= u32::from(to_uniform(*number) < self.limit) << place;
            }
        }
        self.held[slot] = Held { first, block, low };
        block
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_does_not_depend_on_what_was_asked_before() {
        let source = Source::new(7, 11);
        let keys = [DrawKey::named("faction", "a"), DrawKey::named("faction", "b")];
        let mut forwards = Columns::new(Purpose::Contact, 2);
        let asked: Vec<f64> = (0..100).map(|step| forwards.uniform(&source, 0, || keys[0], step)).collect();
        let mut backwards = Columns::new(Purpose::Contact, 2);
        for step in (0..100).rev() {
            let _ = backwards.uniform(&source, 1, || keys[1], step);
            assert!((backwards.uniform(&source, 0, || keys[0], step) - asked[step as usize]).abs() == 0.0);
        }
    }

    #[test]
    fn a_limit_tells_low_numbers_apart_and_changes_none() {
        let source = Source::new(7, 11);
        let who = DrawKey::named("faction", "a");
        let mut plain = Columns::new(Purpose::Contact, 1);
        let mut limited = Columns::new(Purpose::Contact, 1);
        for step in 0..200 {
            let uniform = plain.uniform(&source, 0, || who, step);
            for limit in [0.3, 0.7] {
                limited.set_limit(limit);
                assert_eq!(limited.is_low(&source, 0, || who, step), uniform < limit);
                assert!((limited.uniform(&source, 0, || who, step) - uniform).abs() == 0.0);
            }
        }
    }
}
