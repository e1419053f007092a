//! Scenarios as the source of an experiment's runs.

use super::{InputDraws, Keeps, Plan, PlannedCell, Replicates, RunSource};
use crate::base::Calendar;
use crate::engine::{self, Model};
use crate::measure::{EventKind, Keep, Layout, LogNames, Measures, RunRecord};
use crate::record::{Design, DesignEntry, Folder, InputKind, JointTable};
use crate::scenario::{InputSetter, Problems, Scenario};
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
    recipes: Vec<Recipe>,
    drawing: Option<Drawing>,
    measures: Arc<Measures>,
    keep: Keep,
    seed: u64,
    calendar: Calendar,
}

/// Inputs that are drawn, and how each variant takes them.
#[derive(Debug)]
struct Drawing {
    draws: InputDraws,
    /// By variant: what sets its inputs, and which of them it leaves open.
    setters: Vec<(InputSetter, Vec<bool>)>,
}

impl Drawing {
    /// The inputs of a replicate under a variant: those of its baseline, but for what the variant sets itself.
    fn values(&self, variant: usize, replicate: u64) -> Vec<Option<f64>> {
        let open = &self.setters[variant].1;
        self.draws.values(replicate).into_iter().zip(open).map(|(value, open)| open.then_some(value)).collect()
    }
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
        let measures = Arc::new(Measures::new(&first.setting, first.questions.clone()));
        let calendar = first.setting.calendar;
        let (design, entry) = design.unzip();
        let design = design.unwrap_or_default();
        let points: Vec<Option<usize>> =
            if design.points.is_empty() { vec![None] } else { (0..design.points.len()).map(Some).collect() };
        let recipes =
            points.iter().flat_map(|point| (0..variants.len()).map(|variant| Recipe { variant, point: *point }));
        let recipes = recipes.collect();
        let keep = Keep { events: true, series: true };
        Ok(Self { variants, design, entry, recipes, drawing: None, measures, keep, seed, calendar })
    }

    /// The same scenarios, whose inputs are drawn. The first names the copy of a table of joint draws, if there is one.
    ///
    /// # Errors
    /// If a variant has no such inputs.
    pub fn drawing(mut self, draws: InputDraws) -> Result<Self, Problems> {
        let paths = draws.drawn().paths();
        let joint = draws.joint().map(|_| JointTable::NAME);
        let mut setters = Vec::with_capacity(self.variants.len());
        for (_, scenario) in &mut self.variants {
            scenario.set_joint_inputs(joint);
            let open = paths.iter().map(|path| !scenario.is_set(path)).collect();
            setters.push((scenario.inputs_by_path(&paths)?, open));
        }
        self.drawing = Some(Drawing { draws, setters });
        Ok(self)
    }

    /// What draws inputs; none if they are not drawn.
    pub fn draws(&self) -> Option<&InputDraws> {
        self.drawing.as_ref().map(|drawing| &drawing.draws)
    }

    /// The scenario of a variant, by its place, under the inputs of a replicate.
    ///
    /// # Errors
    /// What of it cannot be run.
    pub fn under(&self, variant: usize, replicate: u64) -> Result<Scenario, Problems> {
        let scenario = &self.variants[variant].1;
        let Some(drawing) = &self.drawing else { return Ok(scenario.clone()) };
        let paths = drawing.draws.drawn().paths().into_iter();
        let set = paths.zip(drawing.values(variant, replicate)).filter_map(|(path, value)| Some((path, value?)));
        scenario.with(&set.collect::<Vec<_>>(), "the draw of inputs")
    }

    /// The scenarios of a folder in which an experiment of some variants is or was at work: from the scenario in it, which
    /// is the baseline, or the only variant with its changes made.
    ///
    /// # Errors
    /// If it has no such variant.
    pub fn stored(scenario: Scenario, variants: &[String]) -> Result<Vec<(String, Scenario)>, Problems> {
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

    /// A plan of all cells with so many replicates each: point by point, and at each point variant by variant.
    pub fn plan(&self, kind: &str, replicates: u64) -> Plan {
        let digests: Vec<(String, String)> = self
            .variants
            .iter()
            .map(|(_, scenario)| {
                let mut text = scenario.resolved_toml().into_bytes();
                text.extend(scenario.outlines.iter().flat_map(|outlines| outlines.text.bytes()));
                (scenario.digest(), blake3::hash(&text).to_hex().to_string())
            })
            .collect();
        let cell = |recipe: &Recipe| {
            let (digest, text) = digests[recipe.variant].clone();
            let digest = match recipe.point {
                None => digest,
                Some(point) => self.digest_at(&digest, recipe.variant, point),
            };
            let point = recipe.point.unwrap_or(0) as i32;
            PlannedCell { point, variant: self.variants[recipe.variant].0.clone(), digest, text }
        };
        let cells = self.recipes.iter().map(cell).collect();
        let id = &self.variants[0].1.file.scenario.id;
        let mut plan = Plan::new(kind, id, cells, self.seed, replicates);
        plan.design.clone_from(&self.entry);
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

    /// The first scenario, which says what is asked.
    pub fn first(&self) -> &Scenario {
        &self.variants[0].1
    }

    /// What is measured in all of them.
    pub fn measures(&self) -> &Arc<Measures> {
        &self.measures
    }

    /// The variants' ids and scenarios.
    pub fn variants(&self) -> &[(String, Scenario)] {
        &self.variants
    }

    /// The design; without points if nothing is varied.
    pub fn design(&self) -> &Design {
        &self.design
    }

    /// Digest of a variant's scenario at a point: of what it is made from, for making it takes longer.
    fn digest_at(&self, digest: &str, variant: usize, point: usize) -> String {
        let mut hasher = blake3::Hasher::new();
        hasher.update(digest.as_bytes());
        for (input, value) in self.values(variant, point) {
            hasher.update(&(input.len() as u64).to_le_bytes());
            hasher.update(input.as_bytes());
            hasher.update(&value.to_bits().to_le_bytes());
        }
        hasher.finalize().to_hex().to_string()
    }

    /// The inputs that a point sets under a variant: what a lever sets is no longer uncertain.
    fn values(&self, variant: usize, point: usize) -> Vec<(String, f64)> {
        let id = &self.variants[variant].0;
        let lever = self.first().file.variant.iter().find(|lever| lever.id == *id);
        let set = |input: &String| lever.is_some_and(|lever| lever.changes.contains_key(input));
        let inputs = self.design.inputs.iter().zip(&self.design.points[point]);
        inputs.filter(|(input, _)| !set(input)).map(|(input, value)| (input.clone(), *value)).collect()
    }

    /// The scenario of a variant at a point of the design, both by their places.
    ///
    /// # Errors
    /// What of it cannot be run.
    pub fn at(&self, variant: usize, point: usize) -> Result<Scenario, Problems> {
        self.variants[variant].1.with(&self.values(variant, point), "the design")
    }

    fn alike(&self, variant: usize, point: usize) -> Result<Scenario, String> {
        let made = self.at(variant, point).map_err(|problems| problems.to_string())?;
        check_alike(self.first(), &made).map_err(|what| format!("it differs from the first scenario in its {what}"))?;
        Ok(made)
    }

    fn run_scenario(&self, scenario: &Scenario, body: &mut dyn FnMut(Replicates<'_>)) {
        let model = Model::measuring(scenario, self.measures.clone());
        let mut runner = engine::Runner::new(&model, self.keep);
        let words = self.event_words(&scenario.setting);
        body(&mut |replicate| in_words(runner.run(self.seed, replicate), words.as_ref()));
    }

    /// Runs a variant whose inputs are drawn: replicates that share all inputs have one model.
    fn run_drawn(&self, drawing: &Drawing, variant: usize, body: &mut dyn FnMut(Replicates<'_>)) {
        let words = self.event_words(&self.variants[variant].1.setting);
        let mut runner: Option<(u64, engine::Runner)> = None;
        let mut setter = drawing.setters[variant].0.clone();
        body(&mut |replicate| {
            let draw = InputKind::Weight.draw_of(replicate);
            if runner.as_ref().is_none_or(|(known, _)| *known != draw) {
                let made = match setter.set(&drawing.values(variant, replicate)) {
                    Ok(made) => made,
                    Err(reason) => return failed(replicate, &format!("it cannot be run under its inputs: {reason}")),
                };
                let model = Model::set_up(made, self.measures.clone());
                match &mut runner {
                    Some((known, runner)) => {
                        *known = draw;
                        runner.turn_to(&model);
                    }
                    None => runner = Some((draw, engine::Runner::new(&model, self.keep))),
                }
            }
            match &mut runner {
                Some((_, runner)) => in_words(runner.run(self.seed, replicate), words.as_ref()),
                None => RunRecord::empty(replicate),
            }
        });
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

/// Runs can be set side by side only if they tell of the same actors, places and dates.
fn check_alike(first: &Scenario, other: &Scenario) -> Result<(), &'static str> {
    let (a, b) = (&first.setting, &other.setting);
    let sorted = |scenario: &Scenario| {
        let mut ids: Vec<String> = scenario.setting.events.values().iter().map(|event| event.id.clone()).collect();
        ids.sort();
        ids
    };
    let factions = a.factions.iter().map(|(_, traits)| &traits.id).eq(b.factions.iter().map(|(_, traits)| &traits.id));
    let zones = a.zones.iter().map(|(_, traits)| &traits.id).eq(b.zones.iter().map(|(_, traits)| &traits.id));
    let umbrellas =
        a.umbrellas.iter().map(|(_, traits)| &traits.id).eq(b.umbrellas.iter().map(|(_, traits)| &traits.id));
    let accords = a.accords.iter().map(|(_, traits)| &traits.id).eq(b.accords.iter().map(|(_, traits)| &traits.id));
    let events = sorted(first) == sorted(other);
    let time = a.calendar == b.calendar;
    for (alike, what) in [
        (factions, "factions"),
        (zones, "zones"),
        (umbrellas, "umbrellas"),
        (accords, "accords"),
        (events, "events"),
        (time, "start, step or horizon"),
    ] {
        if !alike {
            return Err(what);
        }
    }
    Ok(())
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
        let Some(recipe) = self.recipes.get(cell) else {
            return body(&mut |replicate| failed(replicate, "there is nothing to run"));
        };
        let scenario = &self.variants[recipe.variant].1;
        match (recipe.point.map(|point| self.alike(recipe.variant, point)), &self.drawing) {
            (None, Some(drawing)) => self.run_drawn(drawing, recipe.variant, body),
            (None, None) => self.run_scenario(scenario, body),
            (Some(Ok(made)), _) => self.run_scenario(&made, body),
            (Some(Err(reason)), _) => {
                let reason = format!("the scenario cannot be run at this point: {reason}");
                body(&mut |replicate| failed(replicate, &reason));
            }
        }
    }
}
