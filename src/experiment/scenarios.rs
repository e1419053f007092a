//! Scenarios as the source of an experiment's runs.

use super::{ExperimentError, Keeps, Plan, PlannedDesign, PlannedVariant, Replicates, RunSource};
use crate::base::Calendar;
use crate::engine::{Model, Models, ReplicateRunner, Runner, SPLINTERS, check_alike, measures};
use crate::measure::{EventKind, Keep, Layout, LogNames, Measures, Question, RunRecord};
use crate::record::{Design, DesignEntry, Folder, RecordError, Results};
use crate::scenario::{DrawnInputs, InputDraws, InputValue, JointTable, Problems, Scenario};
use crate::world::Setting;
use std::sync::Arc;

/// What a cell runs: a variant's scenario, at a point of a design.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recipe {
    /// The scenario, by its place in the list of variants.
    pub variant: usize,
    /// The point, by its place in the design; none if nothing is varied.
    pub point: Option<usize>,
}

/// The scenarios of an experiment's cells. A design's points are made of their variant's scenario when they are run, so
/// that a large design takes little memory.
#[derive(Debug)]
pub struct Scenarios {
    variants: Vec<(String, Scenario)>,
    design: Design,
    entry: Option<DesignEntry>,
    drawing: Option<Drawing>,
    measures: Arc<Measures>,
    /// The most splinters that a run may see.
    splinters: f64,
    keep: Keep,
    seed: u64,
    calendar: Calendar,
}

/// Inputs that are drawn, and the models of each variant under them.
#[derive(Debug)]
struct Drawing {
    draws: Arc<InputDraws>,
    models: Vec<Models>,
}

impl Scenarios {
    /// Scenarios by the variants' ids, the baseline first if it is among them; every one is run at every point of the
    /// design, or as it is if there is none. What is measured is what the first one asks, so that all fill the same
    /// columns.
    ///
    /// # Errors
    /// If there is none, or two of them differ in more than numbers.
    pub fn new(
        mut variants: Vec<(String, Scenario)>,
        design: Option<(Design, DesignEntry)>,
        seed: u64,
    ) -> Result<Self, String> {
        let outlines = variants.first().and_then(|(_, first)| first.outlines.clone());
        // The text of the scenarios names the copy, wherever the file lies.
        variants.iter_mut().for_each(|(_, scenario)| {
            scenario.set_boundaries(outlines.is_some().then_some(Folder::OUTLINES));
        });
        let (_, first) = variants.first().ok_or("there is no scenario to run")?;
        for (id, other) in &variants {
            check_alike(first, other).map_err(|what| {
                format!(
                    "variant `{id}` differs from the first scenario in its {what}, so their runs cannot be compared"
                )
            })?;
        }
        let own = variants.iter().map(|(_, other)| f64::from(other.file.scenario.splinters));
        let splinters = own.chain(design.iter().flat_map(|(design, _)| design.column(SPLINTERS))).fold(0.0, f64::max);
        let asked = first.questions.clone();
        let measures = measures(first, splinters, asked).map_err(|problems| problems.in_a_line())?;
        let calendar = first.setting.calendar;
        let (design, entry) = design.unzip();
        let design = design.unwrap_or_default();
        let keep = Keep { events: true, series: true };
        Ok(Self { variants, design, entry, drawing: None, measures, splinters, keep, seed, calendar })
    }

    /// The same scenarios, whose inputs are drawn. The first names the copy of a table of joint draws, if there is one.
    ///
    /// # Errors
    /// If a variant has no such inputs.
    pub fn drawing(mut self, draws: InputDraws) -> Result<Self, Problems> {
        let joint = draws.joint().map(|_| JointTable::NAME);
        let drawn = draws.most(SPLINTERS).unwrap_or(0.0);
        if drawn > self.splinters {
            self.measures = measures(self.first(), drawn, self.first().questions.clone())?;
            self.splinters = drawn;
        }
        let draws = Arc::new(draws);
        let mut models = Vec::with_capacity(self.variants.len());
        for (_, scenario) in &mut self.variants {
            scenario.set_joint_inputs(joint);
            models.push(Models::of(scenario, self.measures.clone(), Some(draws.clone()))?);
        }
        self.drawing = Some(Drawing { draws, models });
        Ok(self)
    }

    /// What a cell runs: point by point, and at each point variant by variant.
    fn recipe(&self, cell: usize) -> Recipe {
        let point = (self.design.count() > 0).then(|| cell / self.variants.len());
        Recipe { variant: cell % self.variants.len(), point }
    }

    /// The scenarios that finished results are of.
    ///
    /// # Errors
    /// If their files cannot be read, or make no scenarios that go together.
    pub fn of(results: &Results) -> Result<Self, ExperimentError> {
        let manifest = results.manifest();
        let drawn = manifest.inputs.clone().map(|drawn| Ok::<_, RecordError>((drawn, results.joint()?))).transpose()?;
        let design = results.design()?.zip(manifest.design.clone());
        Self::kept((results.scenario()?, &manifest.variants), design, drawn, manifest.seed)
    }

    /// The scenarios of what a folder keeps: from the scenario in it its variants, at the points of a design or with inputs
    /// that are drawn.
    ///
    /// # Errors
    /// If they do not go together.
    pub fn kept(
        (scenario, variants): (Scenario, &[String]),
        design: Option<(Design, DesignEntry)>,
        drawn: Option<(DrawnInputs, Option<JointTable>)>,
        seed: u64,
    ) -> Result<Self, ExperimentError> {
        let variants = Self::stored(scenario, variants).map_err(RecordError::Scenario)?;
        let source = Self::new(variants, design, seed).map_err(ExperimentError::Input)?;
        Ok(match drawn {
            Some((drawn, joint)) => {
                source.drawing(InputDraws::stored(drawn, joint, seed)).map_err(RecordError::Scenario)?
            }
            None => source,
        })
    }

    /// What draws inputs; none if they are not drawn.
    pub fn draws(&self) -> Option<&InputDraws> {
        self.drawing.as_ref().map(|drawing| &*drawing.draws)
    }

    /// The scenario of a variant, by its place, under the inputs of a replicate.
    ///
    /// # Errors
    /// What of it cannot be run.
    pub fn under(&self, variant: usize, replicate: u64) -> Result<Scenario, Problems> {
        let scenario = &self.variants[variant].1;
        let Some(drawing) = &self.drawing else { return Ok(scenario.clone()) };
        let (paths, names) = (drawing.draws.drawn().paths().into_iter(), drawing.draws.drawn().names());
        let set = paths.zip(drawing.models[variant].values(replicate)).filter_map(|(path, value)| {
            let value = names.value(&path, value?);
            Some((path, value))
        });
        scenario.with(&set.collect::<Vec<_>>(), "the draw of inputs")
    }

    /// The scenarios of a folder in which an experiment of some variants is or was at work: from the scenario in it, which
    /// is the baseline, or the only variant with its changes made.
    ///
    /// # Errors
    /// If it has no such variant.
    fn stored(scenario: Scenario, variants: &[String]) -> Result<Vec<(String, Scenario)>, Problems> {
        match variants {
            [only] => Ok(vec![(only.clone(), scenario)]),
            [baseline, others @ ..] => {
                let others = others.iter().map(|id| Ok((id.clone(), scenario.variant(id)?)));
                let others: Vec<_> = others.collect::<Result<_, Problems>>()?;
                Ok(std::iter::once((baseline.clone(), scenario)).chain(others).collect())
            }
            [] => Ok(Vec::new()),
        }
    }

    /// A plan of all cells: point by point, and at each point variant by variant.
    pub fn plan(&self, kind: &str) -> Plan {
        let planned = |(id, scenario): &(String, Scenario)| {
            let mut text = scenario.appearance().into_bytes();
            text.extend(scenario.outlines.iter().flat_map(|outlines| outlines.text.bytes()));
            let text = blake3::hash(&text).to_hex().to_string();
            PlannedVariant { id: id.clone(), digest: scenario.digest(), text }
        };
        let variants = self.variants.iter().map(planned).collect();
        let id = &self.variants[0].1.file.scenario.id;
        let mut plan = Plan::new(kind, id, variants, self.seed);
        plan.design = self.entry.clone().map(|entry| PlannedDesign { entry, digest: self.design.digest() });
        plan.inputs = self.draws().map(|draws| draws.drawn().clone());
        if self.entry.is_some() {
            plan.keeps = Keeps::NoSeries;
        }
        plan
    }

    /// The same scenarios, of whose runs a plan's part is kept.
    #[must_use]
    pub fn keeping(mut self, keeps: Keeps) -> Self {
        self.keep.series = keeps != Keeps::NoSeries;
        self
    }

    /// The same scenarios, of whose runs the answers alone are kept.
    #[must_use]
    pub fn answering(mut self) -> Self {
        self.keep = Keep::ANSWERS;
        self
    }

    /// The first scenario, which says what is asked.
    pub fn first(&self) -> &Scenario {
        &self.variants[0].1
    }

    /// What is measured in all of them.
    pub fn measures(&self) -> &Arc<Measures> {
        &self.measures
    }

    /// What is measured in all of them where other questions are asked.
    ///
    /// # Errors
    /// If the first scenario cannot have as many splinters as its runs may see.
    pub fn asking(&self, questions: Vec<Question>) -> Result<Arc<Measures>, Problems> {
        measures(self.first(), self.splinters, questions)
    }

    /// The variants' ids and scenarios.
    pub fn variants(&self) -> &[(String, Scenario)] {
        &self.variants
    }

    /// The design; without points if nothing is varied.
    pub fn design(&self) -> &Design {
        &self.design
    }

    /// The inputs that a point sets under a variant: what a lever sets is no longer uncertain.
    fn values(&self, variant: usize, point: usize) -> Vec<(String, InputValue)> {
        let id = &self.variants[variant].0;
        let lever = self.first().file.variant.iter().find(|lever| lever.id == *id);
        let set = |input: &String| {
            // A change may be of the whole table in which an input stands.
            let within = |path: &str, change: &str| {
                path.strip_prefix(change).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            };
            let mut together = self.first().together(input).into_iter();
            lever.is_some_and(|lever| together.any(|path| lever.changes.keys().any(|change| within(path, change))))
        };
        self.design.values(point).filter(|(input, _)| !set(input)).collect()
    }

    /// The scenario of a variant at a point of the design, both by their places.
    ///
    /// # Errors
    /// What of it cannot be run.
    pub fn at(&self, variant: usize, point: usize) -> Result<Scenario, Problems> {
        self.variants[variant].1.with(&self.values(variant, point), "the design")
    }

    fn alike(&self, variant: usize, point: usize) -> Result<Scenario, String> {
        let made = self.at(variant, point).map_err(|problems| {
            let set = self.values(variant, point);
            let number = |path: &String| self.design.inputs.iter().position(|input| input == path);
            let paths: Vec<String> = set.into_iter().map(|(path, _)| path).collect();
            let values: Vec<Option<f64>> =
                paths.iter().map(|path| Some(self.design.point(point)[number(path)?])).collect();
            let setter = self.variants[variant].1.inputs_by_path(&paths, &self.design.names);
            setter
                .map_or_else(|unknown| unknown.in_a_line(), |mut setter| setter.blamed(&values, &problems.in_a_line()))
        })?;
        check_alike(self.first(), &made).map_err(|what| format!("it differs from the first scenario in its {what}"))?;
        Ok(made)
    }

    fn run_scenario(&self, scenario: &Scenario, body: &mut dyn FnMut(Replicates<'_>)) {
        let model = Model::measuring(scenario, self.measures.clone());
        let mut runner = Runner::new(&model, self.keep);
        let words = self.event_words(&scenario.setting);
        body(&mut |replicate| in_words(runner.run(self.seed, replicate), words.as_ref()));
    }

    /// Makes the models of a variant's replicates.
    pub fn models(&self, variant: usize) -> Models {
        match &self.drawing {
            Some(drawing) => drawing.models[variant].clone(),
            None => Models::same(Model::measuring(&self.variants[variant].1, self.measures.clone())),
        }
    }

    /// Runs a variant as it is, or under the inputs that are drawn.
    fn run_variant(&self, variant: usize, body: &mut dyn FnMut(Replicates<'_>)) {
        let words = self.event_words(&self.variants[variant].1.setting);
        let mut runner = ReplicateRunner::new(self.models(variant), self.keep, self.seed);
        body(&mut |replicate| in_words(runner.run(replicate), words.as_ref()));
    }

    /// Scheduled events are numbered by date, and a variant may move one: the word of each of a scenario's events, from
    /// the first word on; none if they are numbered as in the first scenario.
    fn event_words(&self, setting: &Setting) -> Option<(u32, Vec<u32>)> {
        let events = &self.first().setting.events;
        let word = |id: &str| events.iter().find(|(_, event)| event.id == id).map(|(event, _)| event);
        let own = setting.events.iter();
        let words: Option<Vec<u32>> = own.map(|(_, event)| Some(self.measures.event_word(word(&event.id)?))).collect();
        let (first, _) = events.iter().next()?;
        let first = self.measures.event_word(first);
        words.filter(|words| !words.iter().copied().eq(first..first + words.len() as u32)).map(|words| (first, words))
    }
}

/// A run whose scheduled events are called by the words of the first scenario.
fn in_words(mut record: RunRecord, words: Option<&(u32, Vec<u32>)>) -> RunRecord {
    if let Some((first, words)) = words {
        let events = record.events.iter_mut().filter(|row| row.kind == EventKind::Event);
        events.for_each(|row| row.who = words[(row.who - first) as usize]);
    }
    record
}

fn failed(replicate: u64, reason: &str) -> RunRecord {
    RunRecord { failure: Some(reason.to_owned()), ..RunRecord::empty(replicate) }
}

impl RunSource for Scenarios {
    fn layout(&self) -> &Layout {
        self.measures.layout()
    }

    fn names(&self) -> &LogNames {
        self.measures.names()
    }

    fn calendar(&self) -> Calendar {
        self.calendar
    }

    fn with_runner(&self, cell: usize, body: &mut dyn FnMut(Replicates<'_>)) {
        let recipe = self.recipe(cell);
        match recipe.point.map(|point| self.alike(recipe.variant, point)) {
            None => self.run_variant(recipe.variant, body),
            Some(Ok(made)) => self.run_scenario(&made, body),
            Some(Err(reason)) => body(&mut |replicate| failed(replicate, &reason)),
        }
    }
}
