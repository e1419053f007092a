//! Inputs that are not known: from what they are drawn, and their values for a replicate.

use super::{Composed, InputNames, Scenario};
use crate::mechanism::Behaviour;
use crate::random::{DrawKey, Purpose, Source, Spread, picked};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What an input is, which decides how many replicates share a draw of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InputKind {
    /// A weight or rate of the model's behaviour.
    Weight,
    /// An input of the scenario.
    Scenario,
    /// A weight on which the histories of pairs depend, which take long to make
    /// ([`crate::mechanism::Behaviour::shapes_histories`]).
    StanceWeight,
}

impl InputKind {
    /// All kinds, from the one that the fewest replicates share. Each is nested in the next.
    pub const ALL: [Self; 3] = [Self::Weight, Self::Scenario, Self::StanceWeight];

    /// What the input of a path is.
    pub fn of(path: &str) -> Self {
        let mut parts = path.split('.');
        match (parts.next(), parts.next(), parts.next()) {
            (Some("behaviour"), Some(mechanism), Some(parameter)) => {
                match Behaviour::shapes_histories(mechanism, parameter) {
                    true => Self::StanceWeight,
                    false => Self::Weight,
                }
            }
            _ => Self::Scenario,
        }
    }

    /// How many replicates share a draw: those from a multiple of that number on.
    pub const fn shared_by(self) -> u64 {
        match self {
            Self::Weight => 2,
            Self::Scenario => 4,
            Self::StanceWeight => 8,
        }
    }

    /// The draw of a replicate.
    pub const fn draw_of(self, replicate: u64) -> u64 {
        replicate / self.shared_by()
    }

    /// The column of `inputs.parquet` that holds the draw.
    pub const fn column(self) -> &'static str {
        match self {
            Self::Weight => "weight_draw",
            Self::Scenario => "scenario_draw",
            Self::StanceWeight => "stance_weight_draw",
        }
    }
}

/// An input that is drawn by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DrawnInput {
    /// Its path.
    pub path: String,
    /// What it is.
    pub kind: InputKind,
    /// What it is drawn from.
    pub spread: Spread,
    /// The names that numbers stand for, of an input that is a name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
}

/// A table from which inputs are drawn together, a row at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JointEntry {
    /// Paths of its inputs.
    pub inputs: Vec<String>,
    /// The kind of all of them: that which the most replicates share of the kinds that they are of.
    pub kind: InputKind,
    /// How many rows it has.
    pub rows: u64,
    /// Digest of its numbers.
    pub digest: String,
}

/// Which inputs are drawn, and from what.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DrawnInputs {
    /// A table from which some are drawn together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joint: Option<JointEntry>,
    /// Those that are drawn by themselves.
    pub inputs: Vec<DrawnInput>,
    /// Shares that are drawn together, as inputs of the scenario.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub compositions: Vec<Composed>,
}

impl DrawnInputs {
    /// The paths of all of them: those of the table first, compositions last.
    pub fn paths(&self) -> Vec<String> {
        let joint = self.joint.iter().flat_map(|joint| &joint.inputs);
        let shares = self.compositions.iter().flat_map(|composed| &composed.paths);
        joint.chain(self.inputs.iter().map(|input| &input.path)).chain(shares).cloned().collect()
    }

    /// The names that numbers stand for, of inputs that are names.
    pub fn names(&self) -> InputNames {
        self.inputs.iter().map(|input| (input.path.clone(), input.names.clone())).collect()
    }

    /// Whether any is of a kind.
    pub fn has(&self, kind: InputKind) -> bool {
        self.joint.as_ref().is_some_and(|joint| joint.kind == kind)
            || self.inputs.iter().any(|input| input.kind == kind)
            || (kind == InputKind::Scenario && !self.compositions.is_empty())
    }
}
/// A table of joint draws.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct JointTable {
    /// Paths of the inputs.
    pub inputs: Vec<String>,
    /// The inputs' values, in their own units, by draw.
    pub rows: Vec<Vec<f64>>,
    /// How likely each draw is, relative to the others.
    pub weights: Vec<f64>,
}

impl JointTable {
    /// A BLAKE3 digest of its paths and numbers.
    pub fn digest(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        for input in &self.inputs {
            hasher.update(&(input.len() as u64).to_le_bytes());
            hasher.update(input.as_bytes());
        }
        for number in self.rows.iter().flatten().chain(&self.weights) {
            hasher.update(&number.to_bits().to_le_bytes());
        }
        hasher.finalize().to_hex().to_string()
    }
}

/// Draws inputs. A draw is a pure function of the seed, the input's path and the number of the draw, so that another
/// uncertainty leaves the draws of all others as they were.
#[derive(Clone, Debug)]
pub struct InputDraws {
    drawn: DrawnInputs,
    joint: Option<JointTable>,
    keys: Vec<DrawKey>,
    seed: u64,
    /// What was drawn last, by the number of the draw: variants draw the same, and all is written down in the end.
    known: Arc<Mutex<BTreeMap<u64, Arc<[f64]>>>>,
}

/// How many values that were drawn are kept at the most, 16 MB, and what keeping a draw takes beside its own, in values.
const KEPT: usize = 1 << 21;
const BESIDE: usize = 8;

impl InputDraws {
    /// Of all that is not known of a scenario: what a table of joint draws holds, its uncertainties,
    /// and the weights of behaviour over their plausible ranges, most likely at the values that stand. What a change sets
    /// is known, and a weight that stands outside its plausible range (one that is switched off, say) stays there.
    ///
    /// # Errors
    /// If an uncertainty makes no sense, in words.
    pub fn of(scenario: &Scenario, joint: Option<JointTable>, seed: u64) -> Result<Self, String> {
        let mut inputs = Vec::new();
        let open = |path: &str| !scenario.is_set(path) && joint.as_ref().is_none_or(|joint| !holds(joint, path));
        for unsure in scenario.uncertainties().into_iter().filter(|unsure| open(&unsure.path)) {
            let spread = unsure.spread().map_err(|reason| format!("cannot vary `{}`: {reason}", unsure.path))?;
            inputs.push(DrawnInput {
                kind: InputKind::of(&unsure.path),
                path: unsure.path,
                spread,
                names: unsure.names,
            });
        }
        for (mechanism, table, values) in scenario.behaviour.sections() {
            for (weight, best) in table.iter().zip(values) {
                let path = format!("behaviour.{mechanism}.{}", weight.name);
                let (low, high) = weight.plausible;
                let plausible = low < high && (low..=high).contains(&best);
                if plausible && inputs.iter().all(|input| input.path != path) && open(&path) {
                    let spread = Spread::Pert { low, best, high };
                    inputs.push(DrawnInput { kind: InputKind::of(&path), path, spread, names: Vec::new() });
                }
            }
        }
        let entry = joint.as_ref().map(|joint| JointEntry {
            inputs: joint.inputs.clone(),
            kind: joint.inputs.iter().map(|path| InputKind::of(path)).max().unwrap_or(InputKind::Scenario),
            rows: joint.rows.len() as u64,
            digest: joint.digest(),
        });
        let compositions = scenario.compositions();
        let compositions = compositions.into_iter().filter(|composed| composed.paths.iter().all(|path| open(path)));
        let drawn = DrawnInputs { compositions: compositions.collect(), joint: entry, inputs };
        Ok(Self::stored(drawn, joint, seed))
    }

    /// As they were drawn in results.
    pub fn stored(drawn: DrawnInputs, joint: Option<JointTable>, seed: u64) -> Self {
        let keys = drawn.inputs.iter().map(|input| DrawKey::named("input", &input.path)).collect();
        Self { drawn, joint, keys, seed, known: Arc::default() }
    }

    /// Which inputs are drawn, and from what.
    pub fn drawn(&self) -> &DrawnInputs {
        &self.drawn
    }

    /// The largest value of an input that may be drawn; none if it is not drawn.
    pub fn most(&self, path: &str) -> Option<f64> {
        let joint = self.joint.as_ref().and_then(|joint| {
            let column = joint.inputs.iter().position(|input| input == path)?;
            joint.rows.iter().map(|row| row[column]).reduce(f64::max)
        });
        let apart = self.drawn.inputs.iter().find(|input| input.path == path);
        joint.or(apart.map(|input| match &input.spread {
            Spread::Choice { values, .. } => values.iter().copied().fold(0.0, f64::max),
            other => other.value(1.0),
        }))
    }

    /// The table of joint draws.
    pub fn joint(&self) -> Option<&JointTable> {
        self.joint.as_ref()
    }

    /// The inputs of a replicate, in the order of [`DrawnInputs::paths`].
    pub fn values(&self, replicate: u64) -> Arc<[f64]> {
        let draw = InputKind::ALL[0].draw_of(replicate);
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(values) = known().get(&draw) {
            return Arc::clone(values);
        }
        let values: Arc<[f64]> = self.draw(replicate).into();
        let mut known = known();
        while !known.is_empty() && (known.len() + 1) * (values.len() + BESIDE) > KEPT {
            known.pop_first();
        }
        known.insert(draw, Arc::clone(&values));
        values
    }

    fn draw(&self, replicate: u64) -> Vec<f64> {
        let uniform = |kind: InputKind, key| {
            Source::new(self.seed, kind.draw_of(replicate)).sequence(Purpose::Input, key, 0).uniform()
        };
        let together = self.joint.as_ref().zip(self.drawn.joint.as_ref()).map(|(joint, entry)| {
            let share = uniform(entry.kind, DrawKey::named("joint inputs", ""));
            joint.rows[picked(&joint.weights, share)].as_slice()
        });
        let apart = self.drawn.inputs.iter().zip(&self.keys);
        let apart = apart.map(|(input, key)| input.spread.value(uniform(input.kind, *key)));
        let shares = self.drawn.compositions.iter().flat_map(|composed| {
            let key = |place: usize| DrawKey::named("composition", &composed.paths.join(" ")).child(place as u64);
            let at = (0..composed.dimensions()).map(|place| uniform(InputKind::Scenario, key(place)));
            composed.shares(&at.collect::<Vec<_>>())
        });
        together.unwrap_or_default().iter().copied().chain(apart).chain(shares).collect()
    }
}

fn holds(joint: &JointTable, path: &str) -> bool {
    joint.inputs.iter().any(|input| input == path)
}
