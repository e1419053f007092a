//! Entente simulates conflicts of many parties and says how likely each alliance is, what would change it, and why.
//!
//! Data flows one way, and so do the modules: what a user wrote becomes a world, weeks become a run, runs an ensemble,
//! ensembles an experiment, an experiment an answer, an answer a picture.
//!
//! Each part can be left out, by the features `parallel`, `record`, `chart`, `report` and `cli`. Without any of them there are
//! scenarios and single runs, for any platform: WebAssembly gives the same answers to the bit.
//!
//! A scenario in a few lines:
//!
//! ```
//! use entente::engine::{Model, Runner};
//! use entente::measure::Keep;
//! use entente::scenario::{Overrides, Scenario};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let path = std::path::Path::new("configs/three-way-standoff.toml");
//! let scenario = Scenario::load(path, &Overrides::default()).map_err(|problems| problems.to_string())?;
//! let model = Model::of(&scenario);
//! let mut runner = Runner::new(&model, Keep::ANSWERS);
//! let allied = (0..20).filter(|replicate| runner.run(7, *replicate).answers[0].value > 0.0).count();
//! assert!(allied <= 20);
//! # Ok(())
//! # }
//! ```

#[cfg(feature = "record")]
pub mod analysis;
pub mod base;
#[cfg(feature = "chart")]
pub mod chart;
#[cfg(feature = "cli")]
pub mod cli;
pub mod engine;
#[cfg(feature = "record")]
pub mod experiment;
pub mod measure;
pub mod mechanism;
pub mod random;
#[cfg(feature = "record")]
pub mod record;
#[cfg(feature = "report")]
pub mod report;
pub mod scenario;
pub mod world;
