//! What theory predicts of parts of the model, and what the code gives: one file per theory, used by the tests and by
//! `entente verify` alike.
//!
//! Each chapter runs the code that the simulation runs, with everything else in the model switched off, and holds what
//! comes out against a published result.

mod balance;
mod conservation;
mod contest;
mod lanchester;
mod landscape;
mod sanity;
mod triads;

use crate::mechanism::{Scratch, Silent, step};
use crate::scenario::{Overrides, Scenario};
use crate::world::World;
use serde::Serialize;

/// One prediction held against the code.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Check {
    /// What is measured.
    pub what: String,
    /// What theory says.
    pub predicted: f64,
    /// What the code gives.
    pub measured: f64,
    /// How far the two may be apart.
    pub tolerance: f64,
}

impl Check {
    /// A prediction and what came out.
    pub fn new(what: impl Into<String>, predicted: f64, measured: f64, tolerance: f64) -> Self {
        Self { what: what.into(), predicted, measured, tolerance }
    }

    /// Measured less predicted.
    pub fn difference(&self) -> f64 {
        self.measured - self.predicted
    }

    /// Whether the two are no further apart than they may be.
    pub fn passes(&self) -> bool {
        self.difference().abs() <= self.tolerance
    }
}

/// Points under one name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlotPoints {
    /// What they are.
    pub label: String,
    /// Where they lie.
    pub at: Vec<(f64, f64)>,
}

/// A picture of theory and code.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plot {
    /// What is shown.
    pub title: String,
    /// What runs along x and along y, with units.
    pub axes: (String, String),
    /// What theory says, drawn as lines.
    pub theory: Vec<PlotPoints>,
    /// What the code gives, drawn as dots; those of a label that a line has belong to it.
    pub code: Vec<PlotPoints>,
    /// 95% intervals of what the code gives: x, lower and upper end.
    pub intervals: Vec<(f64, f64, f64)>,
}

/// A theory with what it predicts and what the code gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Chapter {
    /// Short name: lower-case letters and hyphens.
    pub name: &'static str,
    /// The theory.
    pub title: &'static str,
    /// Where it is published.
    pub source: &'static str,
    /// What theory says, and how the code is held against it, in a few sentences.
    pub about: &'static str,
    /// The predictions.
    pub checks: Vec<Check>,
    /// The picture, where one says more than the table.
    pub plot: Option<Plot>,
}

/// All chapters, in the order of the documentation.
///
/// # Errors
/// If a scenario of a chapter cannot be run, which says what is wrong with it.
pub fn chapters() -> Result<Vec<Chapter>, String> {
    Ok(vec![
        landscape::chapter()?,
        lanchester::chapter()?,
        balance::chapter()?,
        triads::chapter(),
        contest::chapter(),
        conservation::chapter()?,
        sanity::chapter()?,
    ])
}

/// Reads a scenario made for a check.
fn scenario(text: &str) -> Result<Scenario, String> {
    Scenario::from_text("verification.toml", text, &Overrides::default()).map_err(|problems| problems.to_string())
}

/// Steps one replicate and shows the world after each step.
fn watch(scenario: &Scenario, replicate: u64, mut show: impl FnMut(&World)) -> World {
    let mut world = scenario.setting.initial.clone();
    let mut scratch = Scratch::new(&scenario.setting, &scenario.behaviour);
    scratch.begin(scenario.file.run.seed, replicate);
    for _ in 0..scenario.setting.calendar.steps() {
        step(&scenario.setting, &scenario.behaviour, &mut world, &mut scratch, &mut Silent);
        show(&world);
    }
    world
}

/// Five alike factions around a ring of five zones, all pairs related alike; `reversed` lists all of it back to front.
fn ring(relation: &str, behaviour: &str, reversed: bool) -> Result<Scenario, String> {
    let names = ["a", "b", "c", "d", "e"];
    let mut parts: Vec<String> = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let next = names[(index + 1) % names.len()];
        parts.push(format!(
            "[[zone]]\nid = \"z{name}\"\nname = \"Z\"\ncountry = \"N\"\nposition = [{index}, 0]\npopulation = 10000\n\
             revenue = 100\nneighbours = [\"z{next}\"]\ntravel_cost = {{ z{next} = 1 }}\ncontrol = {{ {name} = 0.6 }}\n"
        ));
        parts.push(format!(
            "[[faction]]\nid = \"{name}\"\nname = \"F\"\nkind = \"armed_group\"\nfighters = 500\naggression = 0.7\n\
             presence = {{ z{name} = 0.6, z{next} = 0.4 }}\ncivilian_harm = 0.3\nbase = {{ people = 0.5 }}\n"
        ));
        for other in &names[index + 1..] {
            parts.push(format!("[[relation]]\nbetween = [\"{name}\", \"{other}\"]\n{relation}\n"));
        }
    }
    if reversed {
        parts.reverse();
    }
    let head =
        "scenario = { id = \"ring\", title = \"Ring\", start = 2024-01-01, horizon = \"2 years\", axes = [\"x\"] }\n";
    let people = "[[community]]\nid = \"people\"\nname = \"People\"\ngrievance = 0.3\n\
                  share = { za = 1, zb = 1, zc = 1, zd = 1, ze = 1 }\n";
    scenario(&[head, &parts.concat(), people, behaviour].concat())
}
