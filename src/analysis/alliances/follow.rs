//! Takes the event log of many runs apart into runs.

use crate::record::{EventView, RecordError, Results};
use std::collections::BTreeSet;

/// Watches the runs of a variant, one after the other.
pub trait Watcher {
    /// The run of a replicate begins.
    fn begin(&mut self, replicate: u64);
    /// Something happens in it.
    fn take(&mut self, event: &EventView<'_>);
    /// It has come to the horizon.
    fn finish(&mut self);
}

/// Shows the first point's runs of some variants to a watcher each, in the order of replicates, those included of which
/// the event log has nothing to tell. Failed runs are left out. Memory grows with the number of failures only.
///
/// # Errors
/// If the results cannot be read.
pub fn follow<W: Watcher>(results: &Results, watchers: &mut [(&str, W)]) -> Result<(), RecordError> {
    let manifest = results.manifest();
    let mut failed: BTreeSet<(usize, u64)> = BTreeSet::new();
    if manifest.failures > 0 {
        for (key, _) in results.failures(usize::MAX)?.into_iter().filter(|(key, _)| key.point == 0) {
            let id = manifest.variants.get(key.variant as usize);
            let place = watchers.iter().position(|(variant, _)| id.is_some_and(|id| id == variant));
            failed.extend(place.map(|place| (place, key.replicate)));
        }
    }
    // Per watcher: the run that it is at, which has begun.
    let mut at = vec![manifest.first; watchers.len()];
    watchers.iter_mut().for_each(|(_, watcher)| watcher.begin(manifest.first));
    let come_to = |place: usize, at: &mut u64, watcher: &mut W, replicate: u64| {
        while *at < replicate {
            if !failed.contains(&(place, *at)) {
                watcher.finish();
            }
            *at += 1;
            watcher.begin(*at);
        }
    };
    results.each_event(|event| {
        let place = watchers.iter().position(|(variant, _)| *variant == event.variant);
        let Some(place) = place.filter(|_| event.point == 0) else { return };
        let watcher = &mut watchers[place].1;
        come_to(place, &mut at[place], watcher, event.replicate);
        if !failed.contains(&(place, event.replicate)) {
            watcher.take(&event);
        }
    })?;
    for (place, (_, watcher)) in watchers.iter_mut().enumerate() {
        come_to(place, &mut at[place], watcher, manifest.window().end);
    }
    Ok(())
}
