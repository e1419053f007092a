//! One number per step for each of many entities.

use super::DrawKey;
use super::source::{Purpose, SPAN, Source};

const NONE: u32 = u32::MAX;

/// One uniform per step for each entity of one purpose, drawn 32 steps at a time and kept until used.
///
/// Slots are filled when first asked for: an entity that never draws costs nothing. What a slot returns depends only
/// on the source, the purpose, the key and the step, never on what was asked before.
#[derive(Clone, Debug)]
pub struct Columns {
    purpose: Purpose,
    /// The limit that `low` is meant for.
    limit: f64,
    /// The block of steps that is held, or `NONE`.
    block: u32,
    /// A bit per slot and step of the block: whether the uniform is on that side of the limit where most are. None is set where
    /// nothing is held.
    usual: Vec<u32>,
    /// Where the uniforms of a slot lie, or `NONE`.
    place: Vec<u32>,
    /// The slots that have drawn, so that what is held is forgotten without looking at all.
    drawn: Vec<u32>,
    uniforms: Vec<[f64; SPAN as usize]>,
}

impl Columns {
    /// Columns for `slots` entities.
    pub fn new(purpose: Purpose, slots: usize) -> Self {
        Self {
            purpose,
            limit: 0.0,
            block: NONE,
            usual: vec![0; slots],
            place: vec![NONE; slots],
            drawn: Vec::new(),
            uniforms: Vec::new(),
        }
    }

    /// For how many entities there is room.
    pub fn slots(&self) -> usize {
        self.usual.len()
    }

    /// Forgets what is held, for another replicate. Keeps the memory.
    pub fn reset(&mut self) {
        self.block = NONE;
        for slot in self.drawn.drain(..) {
            (self.usual[slot as usize], self.place[slot as usize]) = (0, NONE);
        }
        self.uniforms.clear();
    }

    /// Forgets one slot, for another entity that takes its place.
    pub fn forget(&mut self, slot: usize) {
        (self.usual[slot], self.place[slot]) = (0, NONE);
    }

    /// Turns to the block of a step.
    #[inline(always)]
    fn turn_to(&mut self, step: u32) {
        if self.block != step / SPAN {
            self.reset();
            self.block = step / SPAN;
        }
    }

    /// The uniform of the entity in a slot at a step, in the open interval 0..1. `who` must be the key that belongs to
    /// the slot since the last [`Columns::forget`].
    #[inline(always)]
    pub fn uniform(&mut self, source: &Source, slot: usize, who: impl FnOnce() -> DrawKey, step: u32) -> f64 {
        self.turn_to(step);
        let mut place = self.place[slot];
        if place == NONE {
            place = self.draw(source, slot, who());
        }
        self.uniforms[place as usize][(step % SPAN) as usize]
    }

    /// The same of a step that may have passed long ago: what is held stays.
    pub fn earlier(&mut self, source: &Source, slot: usize, who: impl FnOnce() -> DrawKey, step: u32) -> f64 {
        if self.block == NONE || step / SPAN >= self.block {
            return self.uniform(source, slot, who, step);
        }
        let mut uniforms = [0.0; SPAN as usize];
        source.fill(self.purpose, who(), step / SPAN, &mut uniforms);
        uniforms[(step % SPAN) as usize]
    }

    /// Sets the limit of [`Columns::is_low`]. Another one than before costs all that is held.
    #[inline]
    pub fn set_limit(&mut self, limit: f64) {
        if self.limit.to_bits() != limit.to_bits() {
            self.reset();
            self.limit = limit;
        }
    }

    /// Whether that uniform is below the limit. One bit is looked at where it is as usual, so this is the way to ask for what
    /// seldom happens, or seldom fails to.
    #[inline(always)]
    pub fn is_low(&mut self, source: &Source, slot: usize, who: impl FnOnce() -> DrawKey, step: u32) -> bool {
        self.turn_to(step);
        if self.usual[slot] & (1 << (step % SPAN)) != 0 {
            return self.is_usually_low();
        }
        self.uniform(source, slot, who, step) < self.limit
    }

    #[inline(always)]
    fn is_usually_low(&self) -> bool {
        self.limit > 0.5
    }

    /// Draws the block of a slot; gives its place.
    #[cold]
    #[inline(never)]
    fn draw(&mut self, source: &Source, slot: usize, who: DrawKey) -> u32 {
        let place = self.uniforms.len() as u32;
        self.uniforms.push([0.0; SPAN as usize]);
        let uniforms = &mut self.uniforms[place as usize];
        source.fill(self.purpose, who, self.block, uniforms);
        let limit = self.limit;
        let low = uniforms.iter().enumerate().fold(0, |low, (step, one)| low | u32::from(*one < limit) << step);
        self.usual[slot] = if self.is_usually_low() { low } else { !low };
        self.place[slot] = place;
        self.drawn.push(slot as u32);
        place
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
    fn an_earlier_number_is_the_one_it_was() {
        let source = Source::new(7, 11);
        let who = DrawKey::named("faction", "a");
        let mut columns = Columns::new(Purpose::Feud, 1);
        let asked: Vec<f64> = (0..100).map(|step| columns.uniform(&source, 0, || who, step)).collect();
        for step in [99, 3, 31, 32, 64] {
            assert!((columns.earlier(&source, 0, || who, step) - asked[step as usize]).abs() == 0.0);
            assert!((columns.uniform(&source, 0, || who, 99) - asked[99]).abs() == 0.0);
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
