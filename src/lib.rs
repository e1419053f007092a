//! Entente simulates conflicts of many parties and says how likely each alliance is, what would change it, and why.
//!
//! Data flows one way, and so do the modules: what a user wrote becomes a world, weeks become a run, runs an ensemble,
//! ensembles an experiment, an experiment an answer, an answer a picture.
//!
//! Each part can be left out, by the features `parallel`, `record`, `import`, `chart`, `report`, `serve` and `cli`. Without any of them there are
//! scenarios and single runs, for any platform: WebAssembly gives the same answers to the bit.
//!
//! A study in a few lines: a scenario (of a file, or of any [`scenario::Texts`]), what is asked of it, where it goes, and
//! what came of it. [`record::Memory`] in place of [`experiment::ResultsFolder`] keeps the same results in memory.
//!
//! ```
//! # #[cfg(feature = "record")] {
//! use entente::experiment::{Control, Study, Target};
//! use entente::record::Memory;
//! use entente::scenario::{Overrides, Scenario};
//!
//! let path = std::path::Path::new("configs/three-way-standoff.toml");
//! let scenario = Scenario::load(path, &Overrides::default())?;
//! let study = Study::new(scenario).seed(7).replicates(40);
//! let results = study.run(&mut Memory::default(), &Control::default())?.results;
//! for answer in results.questions()? {
//!     println!("{}: {:?} ({:?} to {:?})", answer.question, answer.probability, answer.low, answer.high);
//! }
//! let deaths = results.run_numbers("deaths")?;
//! assert_eq!(deaths.len(), 40);
//!
//! // One of the runs again, a step at a time.
//! let target = Target::of(results, None, 0)?;
//! let mut run = target.start(3)?;
//! run.step(&mut entente::mechanism::Silent)?;
//! assert_eq!(run.world().step, 1);
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#[cfg(all(feature = "parallel", feature = "record"))]
pub mod analysis;
pub mod base;
#[cfg(feature = "chart")]
pub mod chart;
#[cfg(feature = "cli")]
pub mod cli;
pub mod engine;
pub mod estimate;
#[cfg(feature = "record")]
pub mod experiment;
#[cfg(feature = "import")]
pub mod import;
pub mod live;
pub mod measure;
pub mod mechanism;
pub mod narrative;
pub mod random;
#[cfg(feature = "record")]
pub mod record;
#[cfg(feature = "report")]
pub mod report;
pub mod scenario;
#[cfg(feature = "serve")]
pub mod serve;
pub mod world;
