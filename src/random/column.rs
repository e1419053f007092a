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
    /// Per slot: the first step of the block that is held, or `EMPTY`, and where the block lies.
    held: Vec<(u32, u32)>,
    blocks: Vec<[u64; SPAN as usize]>,
}

impl Columns {
    /// Columns for `slots` entities.
    pub fn new(purpose: Purpose, slots: usize) -> Self {
        Self { purpose, held: vec![(EMPTY, EMPTY); slots], blocks: Vec::new() }
    }

    /// For how many entities there is room.
    pub fn slots(&self) -> usize {
        self.held.len()
    }

    /// Forgets what is held, for another replicate. Keeps the memory.
    pub fn reset(&mut self) {
        self.held.fill((EMPTY, EMPTY));
        self.blocks.clear();
    }

    /// Forgets one slot, for another entity that takes its place.
    pub fn forget(&mut self, slot: usize) {
        self.held[slot].0 = EMPTY;
    }

    /// The uniform of the entity in a slot at a step, in the open interval 0..1. `who` must be the key that belongs to
    /// the slot since the last [`Columns::forget`].
    #[inline]
    pub fn uniform(&mut self, source: &Source, slot: usize, who: impl FnOnce() -> DrawKey, step: u32) -> f64 {
        let first = step & !(SPAN - 1);
        let (held, block) = self.held[slot];
        if held != first {
            return self.refill(source, slot, who(), step);
        }
        to_uniform(self.blocks[block as usize][(step & (SPAN - 1)) as usize])
    }

    #[cold]
    fn refill(&mut self, source: &Source, slot: usize, who: DrawKey, step: u32) -> f64 {
        let first = step & !(SPAN - 1);
        let mut block = self.held[slot].1;
        if block == EMPTY {
            block = self.blocks.len() as u32;
            self.blocks.push([0; SPAN as usize]);
        }
        source.fill(self.purpose, who, first, &mut self.blocks[block as usize]);
        self.held[slot] = (first, block);
        to_uniform(self.blocks[block as usize][(step - first) as usize])
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
}
