//! Forces that come, go and are scaled, with the means to keep them.

use super::World;
use crate::base::{FactionId, Id, ZoneId};

impl World {
    /// Multiplies a faction's fighters everywhere, and what keeps them: whoever sends or takes them pays.
    pub fn scale_force(&mut self, faction: FactionId, factor: f64) {
        let factions = self.factions();
        for row in self.presence.values_mut().chunks_exact_mut(factions) {
            row[faction.index()] *= factor;
        }
        let change = self.strength[faction] * (factor - 1.0);
        self.tally.moved_by_events += change;
        self.strength[faction] += change;
        self.keep_means(faction, factor);
    }

    /// Takes a share of a faction's fighters out of a zone.
    pub fn withdraw_from(&mut self, faction: FactionId, zone: ZoneId, share: f64) {
        let leaving = self.presence[(zone, faction)] * share;
        self.presence[(zone, faction)] -= leaving;
        self.tally.moved_by_events -= leaving;
        let kept = if self.strength[faction] > 0.0 { 1.0 - leaving / self.strength[faction] } else { 1.0 };
        self.strength[faction] -= leaving;
        self.keep_means(faction, kept);
    }

    /// Brings fighters into a zone, who are at home there and have the means to stay.
    pub fn bring(&mut self, faction: FactionId, zone: ZoneId, fighters: f64) {
        let before = self.strength[faction];
        self.presence[(zone, faction)] += fighters;
        self.tally.moved_by_events += fighters;
        self.strength[faction] += fighters;
        if before > 0.0 {
            self.keep_means(faction, 1.0 + fighters / before);
        } else {
            self.anchor.establishment[faction] = fighters;
            self.income[faction] = self.income[faction].max(fighters);
        }
        let (old, new) = (before / self.strength[faction].max(1e-9), fighters / self.strength[faction].max(1e-9));
        let factions = self.factions();
        for (place, row) in self.home_ground.values_mut().chunks_exact_mut(factions).enumerate() {
            let home = &mut row[faction.index()];
            *home = *home * old + if place == zone.index() { new } else { 0.0 };
        }
    }

    /// Multiplies what a faction can pay for, in fighters.
    fn keep_means(&mut self, faction: FactionId, factor: f64) {
        self.treasury[faction] *= factor;
        for kept in [&mut self.anchor.establishment, &mut self.anchor.reserve, &mut self.anchor.recruits] {
            kept[faction] *= factor;
        }
    }
}
