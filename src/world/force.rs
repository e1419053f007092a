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

    /// Brings fighters into a zone, who are at home there and have the means to stay: as much per head as the force was set up
    /// with, however worn down it is by now.
    pub fn bring(&mut self, faction: FactionId, zone: ZoneId, fighters: f64) {
        let anchor = &mut self.anchor;
        let establishment = anchor.establishment[faction];
        if establishment > 0.0 {
            let more = fighters / establishment;
            self.treasury[faction] += more * anchor.reserve[faction];
            for kept in [&mut anchor.establishment, &mut anchor.reserve, &mut anchor.recruits] {
                kept[faction] *= 1.0 + more;
            }
        } else {
            let paid = (fighters - self.income[faction]).max(0.0);
            self.income[faction] += paid;
            anchor.income[faction] += paid;
            anchor.establishment[faction] = fighters;
        }
        self.tally.moved_by_events += fighters;
        self.settle_in(faction, zone, fighters);
    }

    /// Fighters of a zone go over to another faction, with their part of what keeps them.
    pub fn hand_over(&mut self, zone: ZoneId, (from, to): (FactionId, FactionId), fighters: f64) {
        let share = if self.strength[from] > 0.0 { (fighters / self.strength[from]).min(1.0) } else { 0.0 };
        let anchor = &mut self.anchor;
        for means in [&mut self.treasury, &mut anchor.establishment, &mut anchor.reserve, &mut anchor.recruits] {
            let part = means[from] * share;
            means[from] -= part;
            means[to] += part;
        }
        self.presence[(zone, from)] -= fighters;
        self.strength[from] -= fighters;
        self.settle_in(to, zone, fighters);
    }

    /// Puts fighters into a zone, who are at home there.
    fn settle_in(&mut self, faction: FactionId, zone: ZoneId, fighters: f64) {
        let before = self.strength[faction];
        self.presence[(zone, faction)] += fighters;
        self.strength[faction] += fighters;
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
