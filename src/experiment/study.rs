//! What is asked of a scenario: variants, a design over its inputs, how many runs, and when it is enough.

use super::design::varied::{DesignError, vary};
use super::inputs::{refused, told};
use super::{
    Asked, Control, Done, Experiment, ExperimentError, Inputs, Keeps, PlannedVariant, Scenarios, Sink, Stopping,
};
use crate::record::{Design, DesignEntry, Method, RecordError};
use crate::scenario::{Composed, Overrides, Problems, Scenario, Unsure, nearest};

/// A study of a scenario, to be run into a [`Sink`]. By default it is an ensemble of the scenario as it is, with the
/// seed and as many replicates as the scenario says.
///
/// With [`Study::variants`] it is a comparison under common random numbers; with [`Study::vary`] or [`Study::design`] a
/// sweep, at each of whose points every variant is run.
#[derive(Clone, Debug)]
pub struct Study {
    scenario: Scenario,
    name: String,
    variants: Vec<String>,
    design: Option<Varied>,
    inputs: Inputs,
    seed: Option<u64>,
    first: u64,
    replicates: Option<u64>,
    tasks: Option<u64>,
    stop: Option<Stopping>,
    keeps_series: bool,
    chunk_size: Option<u64>,
    threads: Option<usize>,
    command: Vec<String>,
}

#[derive(Clone, Debug)]
enum Varied {
    By(Method, usize, Vec<String>),
    At(Design),
}

impl Study {
    /// Stands for every variant of a scenario, among [`Study::variants`].
    pub const ALL: &'static str = "all";

    /// A study of a scenario.
    pub fn new(scenario: Scenario) -> Self {
        Self {
            scenario,
            name: PlannedVariant::BASELINE.to_owned(),
            variants: Vec::new(),
            design: None,
            inputs: Inputs::default(),
            seed: None,
            first: 0,
            replicates: None,
            tasks: None,
            stop: None,
            keeps_series: false,
            chunk_size: None,
            threads: None,
            command: Vec::new(),
        }
    }

    /// Says that the scenario is that of a variant, with its changes made; results then call it by the variant's id.
    #[must_use]
    pub fn named(mut self, variant: &str) -> Self {
        variant.clone_into(&mut self.name);
        self
    }

    /// Variants of the scenario by their ids, or [`Study::ALL`], to set against the scenario as it is.
    #[must_use]
    pub fn variants<T: Into<String>>(mut self, ids: impl IntoIterator<Item = T>) -> Self {
        self.variants = ids.into_iter().map(Into::into).collect();
        self
    }

    /// Varies the scenario's uncertain inputs, all of them if none is named by its path, over at most so many points.
    #[must_use]
    pub fn vary(mut self, method: Method, points: usize, inputs: &[String]) -> Self {
        self.design = Some(Varied::By(method, points, inputs.to_vec()));
        self
    }

    /// Runs at points of one's own, in the inputs' units.
    #[must_use]
    pub fn design(mut self, design: Design) -> Self {
        self.design = Some(Varied::At(design));
        self
    }

    /// What is done about inputs that are not known; drawn unless told otherwise. At the points of a design, inputs that it
    /// does not vary are at their best guess.
    #[must_use]
    pub fn inputs(mut self, inputs: Inputs) -> Self {
        self.inputs = inputs;
        self
    }

    /// The master seed: the same seed gives the same results.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// The first replicate; 0 unless given. With another, one experiment can be done in parts that are merged.
    #[must_use]
    pub fn first(mut self, replicate: u64) -> Self {
        self.first = replicate;
        self
    }

    /// How many tasks it is cut into for other processes; as makes sense unless given.
    #[must_use]
    pub fn tasks(mut self, tasks: Option<u64>) -> Self {
        self.tasks = tasks;
        self
    }

    /// How many replicates, from 1 to 100,000,000; at most so many if the study may stop before.
    #[must_use]
    pub fn replicates(mut self, replicates: u64) -> Self {
        self.replicates = Some(replicates);
        self
    }

    /// Stops when answers are precise enough or the time is up.
    #[must_use]
    pub fn stop(mut self, stop: Stopping) -> Self {
        self.stop = Some(stop);
        self
    }

    /// Keeps the series of every run, not only their quantiles.
    #[must_use]
    pub fn keep_series(mut self, keep: bool) -> Self {
        self.keeps_series = keep;
        self
    }

    /// Runs in a chunk, the unit of work that a kill can cost; changes no result.
    #[must_use]
    pub fn chunk_size(mut self, size: Option<u64>) -> Self {
        self.chunk_size = size;
        self
    }

    /// How many threads; as many as there are cores unless given.
    #[must_use]
    pub fn threads(mut self, threads: Option<usize>) -> Self {
        self.threads = threads;
        self
    }

    /// Who runs it, for the record: a command line.
    #[must_use]
    pub fn command(mut self, command: Vec<String>) -> Self {
        self.command = command;
        self
    }

    /// Runs it, or goes on with it, or finds it done.
    ///
    /// # Errors
    /// If what is asked cannot be run, if something cannot be written, or if it is cancelled.
    pub fn run(&self, sink: &mut dyn Sink, control: &Control<'_>) -> Result<Done, ExperimentError> {
        self.prepare()?.run(sink, self.threads, control)
    }

    /// Plans it: what is run is fixed from then on.
    ///
    /// # Errors
    /// If there is no such variant or input, or a variant or design makes what cannot be run.
    pub fn prepare(&self) -> Result<Experiment, ExperimentError> {
        let scenario = self.scenario()?;
        let run = scenario.file.run;
        let design = self.design.as_ref().map(|varied| designed(&scenario, varied)).transpose()?;
        let ids = self.variant_ids(&scenario)?;
        let kind = match (&design, ids.is_empty()) {
            (Some(_), _) => "sweep",
            (None, false) => "compare",
            (None, true) => "run",
        };
        let mut variants = vec![(self.name.clone(), scenario)];
        let mut wrong = Problems::default();
        for id in ids {
            match variants[0].1.variant(&id) {
                Ok(variant) => variants.push((id, variant)),
                Err(problems) => {
                    wrong.files = problems.files;
                    wrong.list.extend(problems.list);
                }
            }
        }
        if !wrong.list.is_empty() {
            return Err(RecordError::Scenario(wrong).into());
        }
        let draws = match &design {
            Some(_) => None,
            None => self.inputs.draws(&variants[0].1, run.seed)?,
        };
        let mut source = Scenarios::new(variants, design, run.seed).map_err(ExperimentError::Input)?;
        if let Some(draws) = draws {
            source = source.drawing(draws).map_err(RecordError::Scenario)?;
        }
        let mut plan = source.plan(kind);
        if self.keeps_series {
            plan.keeps = Keeps::EverySeries;
        }
        let asked = Asked {
            first: self.first,
            replicates: self.replicates.unwrap_or(run.replicates),
            stopping: self.stop.clone(),
            tasks: self.tasks,
        };
        let (source, command) = (source.keeping(plan.keeps), self.command.clone());
        Ok(Experiment { source, plan, asked, chunk: self.chunk_size, command })
    }

    /// The scenario with the study's own seed and replicates, so that it gives the same results when it is run itself.
    fn scenario(&self) -> Result<Scenario, ExperimentError> {
        let run = self.scenario.file.run;
        let replicates = self.replicates.filter(|replicates| self.stop.is_none() && *replicates != run.replicates);
        let replicates = replicates.map(|replicates| format!("run.replicates={replicates}"));
        let seed = self.seed.filter(|seed| *seed != run.seed).map(|seed| format!("run.seed={seed}"));
        let set: Vec<String> = replicates.into_iter().chain(seed).collect();
        if set.is_empty() {
            return Ok(self.scenario.clone());
        }
        let overrides = Overrides { set, variant: None };
        Ok(self.scenario.overridden(&overrides).map_err(RecordError::Scenario)?)
    }

    fn variant_ids(&self, scenario: &Scenario) -> Result<Vec<String>, ExperimentError> {
        let ids: Vec<String> = match self.variants.as_slice() {
            [all] if all == Self::ALL => scenario.file.variant.iter().map(|variant| variant.id.clone()).collect(),
            ids => ids.to_vec(),
        };
        for (place, id) in ids.iter().enumerate() {
            if *id == self.name {
                let message = format!("the {id} is always among them; variants are what is set against it");
                return Err(ExperimentError::Input(message));
            }
            if ids[..place].contains(id) {
                return Err(ExperimentError::Input(format!("variant `{id}` is named twice")));
            }
        }
        Ok(ids)
    }
}

fn designed(scenario: &Scenario, varied: &Varied) -> Result<(Design, DesignEntry), ExperimentError> {
    let (design, entry) = match varied {
        Varied::At(design) => {
            let entry = DesignEntry {
                method: Method::Table,
                inputs: design.inputs.clone(),
                points: design.count() as u64,
                blocks: 0,
                second_order: false,
                names: design.names.clone(),
            };
            let place = |row: Option<usize>| row.map_or_else(|| "the points".into(), |row| format!("point {row}"));
            let problems = refused(scenario, design, place);
            if !problems.is_empty() {
                return Err(told(problems));
            }
            (design.clone(), entry)
        }
        Varied::By(method, points, named) => {
            let wrong = |error: DesignError| ExperimentError::Input(error.to_string());
            vary(*method, &uncertain(scenario, named)?, &composed(scenario, named), *points, scenario.file.run.seed)
                .map_err(wrong)?
        }
    };
    // A path or a range that makes no runnable scenario is said at once, not in every run; single points of others may fail.
    let runs = |point: usize| scenario.with(&design.values(point).collect::<Vec<_>>(), "the design");
    if let Some(last) = design.count().checked_sub(1) {
        runs(0).or_else(|_| runs(last)).map_err(RecordError::Scenario)?;
    }
    Ok((design, entry))
}

/// The uncertainties to vary: all of the scenario, or those named.
fn uncertain(scenario: &Scenario, named: &[String]) -> Result<Vec<Unsure>, ExperimentError> {
    let all = scenario.uncertainties();
    if named.is_empty() {
        return Ok(all);
    }
    let shares = scenario.compositions();
    let is_share = |path: &&String| shares.iter().any(|composed| composed.paths.contains(path));
    let find = |path: &String| {
        all.iter().find(|unsure| unsure.path == *path).cloned().ok_or_else(|| {
            let known = all.iter().map(|unsure| unsure.path.as_str());
            let help = nearest(path, known).map_or_else(String::new, |help| format!("; {help}"));
            ExperimentError::Input(format!("the scenario has no [[uncertainty]] with path `{path}`{help}"))
        })
    };
    named.iter().filter(|path| !is_share(path)).map(find).collect()
}

/// The compositions to vary: all of the scenario, or those of which a share is named.
fn composed(scenario: &Scenario, named: &[String]) -> Vec<Composed> {
    let wanted = |composed: &Composed| named.is_empty() || composed.paths.iter().any(|path| named.contains(path));
    scenario.compositions().into_iter().filter(wanted).collect()
}
