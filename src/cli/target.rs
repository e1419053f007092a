//! Which run of a results folder is meant, and the scenario that it ran: what `replay`, `explain` and `branch` share.

use super::failure::Failure;
use super::output::tell;
use crate::base::program;
use crate::experiment::{Cell, Scenarios, Source};
use crate::measure::{Question, RunRecord};
use crate::record::{Calendar, Likeness, Results, likeness};
use crate::scenario::{Scenario, nearest};
use clap::Args;
use std::path::{Path, PathBuf};

/// Options that name a point and variant of a results folder.
#[derive(Clone, Debug, Args)]
pub struct CellArgs {
    /// Results folder
    pub results: PathBuf,
    /// Variant, where the folder holds several [default: the first, which is the baseline if there is one]
    #[arg(long, value_name = "ID")]
    pub variant: Option<String>,
    /// Design point, where the folder holds several
    #[arg(long, value_name = "P", default_value_t = 0)]
    pub point: i32,
}

/// A point and variant of a results folder, with its scenario.
pub struct Target {
    /// The results.
    pub results: Results,
    /// The scenario that was run there: variant and design point applied.
    pub scenario: Scenario,
    /// What the folder's runs are asked, which is what the first variant asks.
    pub questions: Vec<Question>,
    /// All that was run.
    pub source: Scenarios,
    /// The variant's id.
    pub variant: String,
    /// The design point.
    pub point: i32,
}

impl Target {
    /// Finds what is meant.
    ///
    /// # Errors
    /// If there are no finished results, or they hold no such variant or point.
    pub fn open(args: &CellArgs) -> Result<Self, Failure> {
        let results = Results::open(&args.results)?;
        let manifest = results.manifest();
        let variant = match &args.variant {
            Some(id) => id.clone(),
            None => manifest.variants.first().cloned().unwrap_or_else(|| Cell::BASELINE.into()),
        };
        if !manifest.variants.contains(&variant) {
            return Err(unknown_variant(&variant, &manifest.variants, results.folder().path()));
        }
        if args.point < 0 || args.point as u64 >= manifest.points.max(1) {
            let range = match manifest.points {
                0 | 1 => "one point only, --point 0".to_owned(),
                points => format!("the points 0 to {}", points - 1),
            };
            let path = results.folder().path().display();
            return Err(Failure::input(format!("there is no point {}: {path} holds {range}", args.point)));
        }
        let variants = Scenarios::stored(results.scenario()?, &manifest.variants).map_err(super::problems)?;
        let design = results.design()?.zip(manifest.design.clone());
        let source = Scenarios::new(variants, design, manifest.seed).map_err(Failure::failed)?;
        let found = source.variants().iter().position(|(id, _)| *id == variant);
        let place = found.ok_or_else(|| Failure::failed(format!("there is no scenario of `{variant}`")))?;
        let scenario = match source.design().points.len() > args.point as usize {
            true => source.at(place, args.point as usize).map_err(super::problems)?,
            false => source.variants()[place].1.clone(),
        };
        let questions = source.first().questions.clone();
        Ok(Self { scenario, questions, source, variant, point: args.point, results })
    }

    /// A run again, as the experiment did it.
    pub fn run(&self, replicate: u64) -> RunRecord {
        let variants = self.source.variants();
        let place = variants.iter().position(|(id, _)| *id == self.variant).unwrap_or(0);
        let cell = self.point as usize * variants.len() + place;
        let mut record = RunRecord::empty(replicate);
        self.source.with_runner(cell, &mut |runner| record = runner(replicate));
        record
    }

    /// The master seed.
    pub fn seed(&self) -> u64 {
        self.results.manifest().seed
    }

    /// The days of the steps.
    pub fn calendar(&self) -> Calendar {
        self.scenario.setting.calendar
    }

    /// The variant and point in words, for headings: `baseline`, `no-merger`, `baseline, point 3`.
    pub fn cell_words(&self) -> String {
        match self.results.manifest().points {
            0 | 1 => self.variant.clone(),
            _ => format!("{}, point {}", self.variant, self.point),
        }
    }

    /// Whether the experiment has a replicate of a number.
    ///
    /// # Errors
    /// If it has not.
    pub fn check_replicate(&self, replicate: u64) -> Result<(), Failure> {
        let held = self.results.manifest().replicates;
        if replicate < held {
            return Ok(());
        }
        Err(Failure::input(format!(
            "there is no replicate {replicate}: {} holds {held} of them, 0 to {}",
            self.results.folder().path().display(),
            held.saturating_sub(1)
        )))
    }

    /// Finds a question by its id.
    ///
    /// # Errors
    /// If there is none of that id.
    pub fn question(&self, id: &str) -> Result<&Question, Failure> {
        self.questions.iter().find(|question| question.id == id).ok_or_else(|| {
            let ids = || self.questions.iter().map(|question| question.id.as_str());
            let help =
                nearest(id, ids()).unwrap_or_else(|| format!("there are {}", ids().collect::<Vec<_>>().join(", ")));
            Failure::input(format!("the scenario has no question `{id}`; {help}"))
        })
    }

    /// The text of a question, or its id if the scenario says no more.
    pub fn question_text(&self, id: &str) -> String {
        self.scenario.answer(id).map_or_else(|| id.to_owned(), |(_, answer)| answer.text.clone())
    }

    /// Compares a run with what the folder holds of it, and says so where people should know.
    ///
    /// # Errors
    /// If the results cannot be read.
    pub fn compare(&self, run: &RunRecord) -> Result<Likeness, Failure> {
        let (layout, names) = (self.source.layout(), self.source.names());
        Ok(likeness(&self.results, (self.point, &self.variant), run, layout, names, self.calendar())?)
    }

    /// Warns if another program made the results.
    pub fn warn_of_other_program(&self) {
        let manifest = self.results.manifest();
        if manifest.version != program::VERSION || manifest.commit != program::commit() {
            tell(&format!(
                "warning: version {} (commit {}) made these results, and this is version {} (commit {})",
                manifest.version,
                manifest.commit,
                program::VERSION,
                program::commit()
            ));
        }
    }
}

/// What is said when a replay is compared with what was recorded.
pub fn likeness_words(likeness: &Likeness) -> String {
    match likeness {
        Likeness::Same => "Identical to the recorded run, to the bit.".into(),
        Likeness::Different(what) => format!("NOT the recorded run: {what}."),
        Likeness::Missing => "The folder has no record of this run to compare it with.".into(),
    }
}

fn unknown_variant(id: &str, held: &[String], folder: &Path) -> Failure {
    let ids = || held.iter().map(String::as_str);
    let help = nearest(id, ids()).unwrap_or_else(|| format!("it holds {}", ids().collect::<Vec<_>>().join(", ")));
    Failure::input(format!("{} holds no runs of a variant `{id}`; {help}", folder.display()))
}
