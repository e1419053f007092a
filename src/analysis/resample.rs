//! Bootstrap resamples (Efron 1979) that are the same whatever else is drawn.

use crate::random::{DrawKey, Purpose, Sequence, Source};

/// The draws of each of so many resamples of an analysis, by a name that no other analysis has.
pub fn resamples(name: &str, seed: u64, count: u32) -> impl Iterator<Item = Sequence> {
    let (source, who) = (Source::new(seed, 0), DrawKey::named("analysis", name));
    (0..count).map(move |resample| source.sequence(Purpose::Resampling, who, resample))
}

/// The place of one of `n` units, drawn with equal chances; 0 of none.
pub fn one_of(n: usize, draws: &mut Sequence) -> usize {
    ((draws.uniform() * n as f64) as usize).min(n.saturating_sub(1))
}
