//! What must hold at every moment of every run.

use super::{Setting, World};
use crate::base::{CellId, FactionId, Id, Table, ZoneId};

/// A broken invariant: a fault of the model or the program, never of a run's luck.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("step {step}: {what}")]
pub struct Broken {
    /// The step at whose end it was found.
    pub step: u32,
    /// What does not hold, with the offender.
    pub what: String,
}

const TOLERANCE: f64 = 1e-6;

impl World {
    /// Checks that every number is finite and in its range, that shares sum to at most one, and that fighters and
    /// people are conserved.
    ///
    /// # Errors
    /// The first thing that does not hold.
    pub fn check(&self, setting: &Setting) -> Result<(), Broken> {
        let broken = |what: String| Err(Broken { step: self.step, what });
        if let Err(what) = self.check_shares(setting) {
            return broken(what);
        }
        if let Err(what) = self.check_counts(setting) {
            return broken(what);
        }
        if let Err(what) = self.check_fighters(setting) {
            return broken(what);
        }
        if let Err(what) = self.check_people(setting) {
            return broken(what);
        }
        Ok(())
    }

    /// The cheap part of [`World::check`], for release builds: totals are finite and fighters are conserved.
    ///
    /// # Errors
    /// The first thing that does not hold.
    pub fn check_totals(&self, setting: &Setting) -> Result<(), Broken> {
        let all: f64 = self.strength.values().iter().sum::<f64>()
            + self.treasury.values().iter().sum::<f64>()
            + self.hostility.values().iter().sum::<f64>()
            + self.trust.values().iter().sum::<f64>();
        if !all.is_finite() {
            return Err(Broken {
                step: self.step,
                what: "a strength, treasury, hostility or trust is not finite".into(),
            });
        }
        self.check_fighters(setting).map_err(|what| Broken { step: self.step, what })
    }

    fn check_shares(&self, setting: &Setting) -> Result<(), String> {
        let shares: [(&str, &[f64]); 7] = [
            ("hostility", self.hostility.values()),
            ("trust", self.trust.values()),
            ("reach", self.reach.values()),
            ("control", self.control.values()),
            ("support", self.support.values()),
            ("cohesion", self.cohesion.values()),
            ("grievance", self.grievance.values()),
        ];
        for (name, values) in shares {
            if let Some(value) = values.iter().find(|value| !(-TOLERANCE..=1.0 + TOLERANCE).contains(*value)) {
                return Err(format!("a {name} of {value} lies outside 0 to 1"));
            }
        }
        if let Some(value) =
            self.alignment.values().iter().find(|value| !(-1.0 - TOLERANCE..=1.0 + TOLERANCE).contains(*value))
        {
            return Err(format!("an alignment of {value} lies outside -1 to 1"));
        }
        for (zone, traits) in setting.zones.iter() {
            let sum: f64 = self.control.row(zone).iter().sum();
            if sum > 1.0 + TOLERANCE {
                return Err(format!("control of {} sums to {sum}", traits.id));
            }
        }
        for (cell, _) in setting.cells.iter() {
            let sum: f64 = self.support.row(cell).iter().sum();
            if sum > 1.0 + TOLERANCE {
                return Err(format!("support in {} sums to {sum}", cell_name(setting, cell)));
            }
        }
        for (accord, state) in self.accord.iter() {
            if !(0.0..=1.0).contains(&state.health) {
                return Err(format!(
                    "the health {} of {} lies outside 0 to 1",
                    state.health, setting.accords[accord].id
                ));
            }
        }
        Ok(())
    }

    fn check_counts(&self, setting: &Setting) -> Result<(), String> {
        let counts: [(&str, &[f64]); 8] = [
            ("number of fighters", self.presence.values()),
            ("treasury", self.treasury.values()),
            ("weariness", self.weariness.values()),
            ("belief", self.belief.values()),
            ("number of people at home", self.at_home.values()),
            ("number of displaced people", self.displaced.values()),
            ("level of harm", self.harm.values()),
            ("level of violence", self.violence.values()),
        ];
        for (name, values) in counts {
            if let Some(value) = values.iter().find(|value| !(**value >= -TOLERANCE && value.is_finite())) {
                return Err(format!("a {name} is {value}"));
            }
        }
        for (zone, traits) in setting.zones.iter() {
            for (index, fighters) in self.presence.row(zone).iter().enumerate() {
                if *fighters > 0.0 && traits.refuge {
                    return Err(format!("{fighters} fighters in {}, which is a place of refuge alone", traits.id));
                }
                if *fighters > 0.0 && !self.alive[FactionId::from_index(index)] {
                    let id = &setting.factions[FactionId::from_index(index)].id;
                    return Err(format!("{fighters} fighters in {} fight for {id}, which is gone", traits.id));
                }
            }
        }
        Ok(())
    }

    fn check_fighters(&self, setting: &Setting) -> Result<(), String> {
        let sum = |table: &Table<FactionId, f64>| table.values().iter().sum::<f64>();
        let expected = sum(&setting.initial.strength) - sum(&self.tally.fighters_lost) + self.tally.recruited
            - self.tally.deserted
            + self.tally.moved_by_events;
        let found = sum(&self.strength);
        let scale = sum(&setting.initial.strength) + self.tally.recruited + 1.0;
        if (found - expected).abs() > TOLERANCE * scale || !found.is_finite() {
            return Err(format!("there are {found} fighters where {expected} are accounted for"));
        }
        Ok(())
    }

    fn check_people(&self, setting: &Setting) -> Result<(), String> {
        for (cell, traits) in setting.cells.iter() {
            let expected = traits.share * setting.zones[traits.zone].population;
            let found = self.at_home[cell] + self.displaced.row(cell).iter().sum::<f64>() + self.killed[cell];
            if (found - expected).abs() > TOLERANCE * (expected + 1.0) {
                return Err(format!("{found} people of {} where there were {expected}", cell_name(setting, cell)));
            }
        }
        let by_zone: f64 = self.tally.zone.values().iter().flatten().sum();
        let by_type: f64 = self.tally.deaths.iter().sum();
        if (by_zone - by_type).abs() > TOLERANCE * (by_type + 1.0) {
            return Err(format!("{by_zone} deaths by zone, {by_type} by type"));
        }
        Ok(())
    }
}

fn cell_name(setting: &Setting, cell: CellId) -> String {
    let traits = &setting.cells[cell];
    let zone: ZoneId = traits.zone;
    format!("{} in {}", setting.communities[traits.community].id, setting.zones[zone].id)
}
