//! A scenario that has been read, checked and resolved.

use super::file::ScenarioFile;
use super::read::place::Files;
use super::read::problem::{Problem, Problems};
use super::read::report::Report;
use super::read::tree::Node;
use super::read::{merge, typed};
use super::{build, compile};
use crate::measure::Question;
use crate::mechanism::Behaviour;
use crate::world::Setting;
use std::path::Path;

/// Changes to a file from outside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// `path=value` assignments, applied in order after the variant's changes.
    pub set: Vec<String>,
    /// The variant whose changes are applied.
    pub variant: Option<String>,
}

/// A scenario, ready to run.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// What the file says, resolved: `extends` merged, changes applied.
    pub file: ScenarioFile,
    /// Who and what there is, and the world at the start.
    pub setting: Setting,
    /// The model's weights and rates.
    pub behaviour: Behaviour,
    /// What is asked, with names resolved, in the file's order.
    pub questions: Vec<Question>,
    /// What looks wrong but can be run.
    pub warnings: Vec<Problem>,
    files: Files,
    #[allow(dead_code)]
    tree: Node,
}

impl Scenario {
    /// Reads, checks and resolves a scenario file.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn load(path: &Path, overrides: &Overrides) -> Result<Self, Problems> {
        let mut files = Files::default();
        match merge::read(path, &mut files) {
            Ok(tree) => Self::resolve(tree, files, overrides),
            Err(list) => Err(Problems { files, list }.in_order()),
        }
    }

    /// Reads, checks and resolves a text as [`Scenario::load`] would a file of that name.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn from_text(name: &str, text: &str, overrides: &Overrides) -> Result<Self, Problems> {
        let mut files = Files::default();
        match merge::read_named(name, text, &mut files) {
            Ok(tree) => Self::resolve(tree, files, overrides),
            Err(list) => Err(Problems { files, list }.in_order()),
        }
    }

    fn resolve(tree: Node, files: Files, _overrides: &Overrides) -> Result<Self, Problems> {
        let mut report = Report::new(&tree);
        let typed = typed::typed(&mut report);
        let Report { problems, warnings, .. } = report;
        match typed {
            Some(typed) if problems.is_empty() => {
                let setting = build::setting(&typed.file);
                let questions = compile::questions(&setting, &typed.file.question)
                    .map_err(|unresolved| Problems::whole(unresolved.to_string(), None))?;
                let behaviour = typed.file.behaviour;
                Ok(Self { file: typed.file, setting, behaviour, questions, warnings, files, tree })
            }
            _ => Err(Problems { files, list: problems }.in_order()),
        }
    }

    /// The texts that the scenario was read from.
    pub fn files(&self) -> &Files {
        &self.files
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Id, PairId};
    use crate::world::{Directory, Stance};

    const SMALL: &str = r#"
[scenario]
id = "small"
title = "Small"
start = 2023-01-23
horizon = "2 years"
axes = ["order"]
splinters = 2

[[zone]]
id = "north"
name = "North"
country = "A"
position = [1.0, 18.0]
population = { value = 1000, low = 900, high = 1200, source = "census 2009" }
neighbours = ["south"]
control = { rebels = 0.6, state = 0.1 }
displaced = { south = 100 }

[[zone]]
id = "south"
name = "South"
country = "B"
position = [1.0, 17.0]
population = 2000
revenue = 10
control = { state = 0.5 }

[[community]]
id = "herders"
name = "Herders"
share = { north = 0.5 }
support = { rebels = 0.4 }

[[faction]]
id = "state"
name = "State"
kind = "state"
fighters = 300
presence = { north = 0.1, south = 0.9 }

[[faction]]
id = "red"
name = "Red"
kind = "armed_group"
fighters = 100
presence = { north = 1 }
base = { herders = 0.5 }

[[faction]]
id = "blue"
name = "Blue"
kind = "movement"
fighters = 50
presence = { north = 1.0 }

[[umbrella]]
id = "rebels"
name = "Rebels"
members = ["red", "blue"]
leader = "blue"

[[relation]]
between = ["state", "rebels"]
stance = "war"
hostility = 0.8
hostility_back = 0.6

[[relation]]
between = ["blue", "state"]
stance = "rivalry"
hostility = 0.3

[[accord]]
id = "peace"
name = "Peace"
parties = { rebels = "suspended", red = "withdrawn", state = "active" }
health = 0.3

[[event]]
id = "congress"
name = "Congress"
date = 2023-02-05
effect = { merge = { umbrella = "rebels" } }
"#;

    #[test]
    fn a_small_scenario_becomes_a_sound_world() {
        let scenario =
            Scenario::from_text("small.toml", SMALL, &Overrides::default()).unwrap_or_else(|e| panic!("{e}"));
        let setting = &scenario.setting;
        setting.initial.check(setting).unwrap();
        let names = Directory::of(setting);
        let [red, blue, state] = ["red", "blue", "state"].map(|name| names.faction(name).unwrap());
        assert_eq!(setting.steps, 105);
        assert_eq!(setting.founding, 3);
        assert_eq!(setting.factions.len(), 5);
        let north = names.zone("north").unwrap();
        assert!((setting.initial.control[(north, red)] - 0.4).abs() < 1e-12, "by fighters in the zone");
        assert_eq!(setting.initial.stance(red, state), Stance::War);
        assert_eq!(setting.initial.stance(blue, state), Stance::Rivalry, "the relation that names both goes first");
        assert_eq!(setting.initial.hostility[(red, state)], 0.6);
        assert_eq!(setting.initial.hostility[(state, red)], 0.8);
        assert_eq!(setting.initial.tie[PairId::of(blue, red)].stance, Stance::Neutral);
        let cells: Vec<_> = setting.cells_in(north).collect();
        assert_eq!(cells.len(), 2, "herders and others");
        let away: f64 = cells.iter().map(|cell| setting.initial.displaced.row(*cell).iter().sum::<f64>()).sum();
        assert!((away - 100.0).abs() < 1e-9);
        assert_eq!(setting.accords[crate::base::AccordId(0)].parties.len(), 3);
        assert_eq!(setting.initial.income[state], 295.0);
        assert_eq!(setting.neighbours.of(north).len(), 1);
        assert_eq!(setting.neighbours.of(crate::base::ZoneId::from_index(1))[0].0, north);
    }

    #[test]
    fn the_shipped_scenarios_load() {
        for name in ["northern-mali-2023", "three-way-standoff"] {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("configs").join(name).with_extension("toml");
            let scenario = Scenario::load(&path, &Overrides::default()).unwrap_or_else(|problems| panic!("{problems}"));
            scenario.setting.initial.check(&scenario.setting).unwrap();
        }
    }
}
