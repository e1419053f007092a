//! A point and variant of some results, with the scenario that was run there: to run it again.

use super::{ExperimentError, PlannedVariant, RunSource, Scenarios, meant};
use crate::base::Calendar;
use crate::engine::{Model, Runner};
use crate::measure::{Keep, Measures, Question, RunRecord};
use crate::record::{Likeness, RecordError, Results, RunKey, likeness};
use crate::scenario::{Scenario, nearest_or_all};
use std::path::PathBuf;
use std::sync::Arc;

/// A point and variant of some results, with its scenario.
pub struct Target {
    /// The results.
    pub results: Results,
    /// The scenario that was run there: variant and design point applied, and of [`Target::of_replicate`] the inputs that
    /// its replicate drew.
    pub scenario: Scenario,
    /// What the runs are asked, which is what the first variant asks.
    pub questions: Vec<Question>,
    /// All that was run.
    pub source: Scenarios,
    /// The variant's id.
    pub variant: String,
    /// The design point.
    pub point: i32,
}

impl Target {
    /// Finds a point and a variant, the first unless given.
    ///
    /// # Errors
    /// If the results hold no such variant or point, or their scenario cannot be read.
    pub fn of(results: Results, variant: Option<&str>, point: i32) -> Result<Self, ExperimentError> {
        let manifest = results.manifest();
        let path = results.folder().path().display();
        if manifest.variants.is_empty() {
            return Err(ExperimentError::Input(format!(
                "{path} holds no runs of a scenario that could be asked again"
            )));
        }
        let first = manifest.variants.first().map_or(PlannedVariant::BASELINE, String::as_str);
        let variant = variant.unwrap_or(first).to_owned();
        if !manifest.variants.contains(&variant) {
            let help = nearest_or_all(&variant, manifest.variants.iter().map(String::as_str));
            let message = format!("{path} holds no runs of a variant `{variant}`; {help}");
            return Err(ExperimentError::Input(message));
        }
        if point < 0 || point as u64 >= manifest.points.max(1) {
            let range = match manifest.points {
                0 | 1 => "one point only, --point 0".to_owned(),
                points => format!("the points 0 to {}", points - 1),
            };
            return Err(ExperimentError::Input(format!("there is no point {point}: {path} holds {range}")));
        }
        let source = Scenarios::of(&results)?;
        let place = source.variants().iter().position(|(id, _)| *id == variant).unwrap_or(0);
        let scenario = match source.design().count() > point as usize {
            true => source.at(place, point as usize).map_err(RecordError::Scenario)?,
            false => source.variants()[place].1.clone(),
        };
        let questions = source.first().questions.clone();
        Ok(Self { scenario, questions, source, variant, point, results })
    }

    /// The scenario that a replicate ran: with the inputs that it drew.
    ///
    /// # Errors
    /// If it cannot be made again.
    pub fn scenario_of(&self, replicate: u64) -> Result<Scenario, ExperimentError> {
        match self.source.draws() {
            Some(_) => self.source.under(self.place(), replicate).map_err(|problems| {
                let failed = self.check_success(replicate).err();
                failed.unwrap_or_else(|| RecordError::Scenario(problems).into())
            }),
            None => Ok(self.scenario.clone()),
        }
    }

    /// The same point and variant, with the scenario that a replicate ran.
    ///
    /// # Errors
    /// If it cannot be made again.
    pub fn of_replicate(mut self, replicate: u64) -> Result<Self, ExperimentError> {
        self.scenario = self.scenario_of(replicate)?;
        Ok(self)
    }

    /// The model that a replicate ran.
    ///
    /// # Errors
    /// If it cannot be made again.
    pub fn model(&self, replicate: u64) -> Result<Arc<Model>, ExperimentError> {
        Ok(Model::measuring(&self.scenario_of(replicate)?, self.source.measures().clone()))
    }

    /// Makes the models of replicates that take other measures; those that come after each other and share all inputs share one.
    /// In words why there is none.
    pub fn models(&self, measures: Arc<Measures>) -> impl FnMut(u64) -> Result<Arc<Model>, String> {
        let mut of_variant = self.source.draws().is_some().then(|| self.source.models(self.place()));
        let mut only: Option<Arc<Model>> = None;
        let mut known: Option<(Arc<Model>, Arc<Model>)> = None;
        move |replicate| {
            let Some(of_variant) = &mut of_variant else {
                let make = || Model::measuring(&self.scenario, measures.clone());
                return Ok(only.get_or_insert_with(make).clone());
            };
            let own = of_variant.of_replicate(replicate)?;
            match &known {
                Some((known, model)) if Arc::ptr_eq(known, &own) => Ok(model.clone()),
                _ => {
                    let model = Arc::new(Model { measures: measures.clone(), ..(*own).clone() });
                    Ok(known.insert((own, model)).1.clone())
                }
            }
        }
    }

    /// A run again, at its start, to go through step by step.
    ///
    /// # Errors
    /// If its scenario cannot be made again.
    pub fn start(&self, replicate: u64) -> Result<Runner, ExperimentError> {
        Ok(Runner::start(&self.model(replicate)?, Keep::ALL, self.seed(), replicate))
    }

    /// The variant's place among all.
    fn place(&self) -> usize {
        self.source.variants().iter().position(|(id, _)| *id == self.variant).unwrap_or(0)
    }

    /// A run again, as the experiment did it.
    pub fn run(&self, replicate: u64) -> RunRecord {
        let cell = self.point as usize * self.source.variants().len() + self.place();
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

    /// Where an analysis of this point and variant keeps what it found.
    pub fn finding<'a>(
        &self,
        kind: &str,
        subject: &str,
        apart: impl IntoIterator<Item = (&'a str, String)>,
    ) -> PathBuf {
        let first = self.results.manifest().variants.first() == Some(&self.variant);
        let variant = (!first).then(|| ("variant", self.variant.clone()));
        let point = (self.point != 0).then(|| ("point", self.point.to_string()));
        self.results.folder().finding(kind, subject, apart.into_iter().chain(variant).chain(point))
    }

    /// Whether the experiment has a replicate of a number.
    ///
    /// # Errors
    /// If it has not.
    pub fn check_replicate(&self, replicate: u64) -> Result<(), ExperimentError> {
        let held = self.results.manifest().window();
        if held.contains(&replicate) {
            return Ok(());
        }
        Err(ExperimentError::Input(format!(
            "there is no replicate {replicate}: {} holds {} of them, {} to {}",
            self.results.folder().path().display(),
            held.end - held.start,
            held.start,
            held.end.saturating_sub(1)
        )))
    }

    /// Checks that a replicate did not fail, so that it can be run again and told of.
    ///
    /// # Errors
    /// If it failed, with the reason, or the results cannot be read.
    pub fn check_success(&self, replicate: u64) -> Result<(), ExperimentError> {
        if self.results.manifest().failures == 0 {
            return Ok(());
        }
        let of = |(key, _): &(RunKey, String)| {
            (key.point, key.variant as usize, key.replicate) == (self.point, self.place(), replicate)
        };
        match self.results.failures(usize::MAX)?.into_iter().find(of) {
            Some((_, reason)) => Err(ExperimentError::Input(format!("replicate {replicate} failed: {reason}"))),
            None => Ok(()),
        }
    }

    /// Finds what an id asks: that of a question of several moments means its last ([`meant`]).
    ///
    /// # Errors
    /// If there is none of that id.
    pub fn question(&self, id: &str) -> Result<&Question, ExperimentError> {
        let wanted = meant(&self.scenario, id).map_or(id, |(_, answer)| &answer.id);
        self.questions.iter().find(|question| question.id == wanted).ok_or_else(|| {
            let help = nearest_or_all(id, self.questions.iter().map(|question| question.id.as_str()));
            ExperimentError::Input(format!("the scenario has no question `{id}`; {help}"))
        })
    }

    /// The text of a question, or its id if the scenario says no more.
    pub fn question_text(&self, id: &str) -> String {
        self.scenario.answer(id).map_or_else(|| id.to_owned(), |(_, answer)| answer.text.clone())
    }

    /// Compares a run with what the results hold of it.
    ///
    /// # Errors
    /// If the results cannot be read.
    pub fn compare(&self, run: &RunRecord) -> Result<Likeness, ExperimentError> {
        let (layout, names) = (self.source.layout(), self.source.names());
        Ok(likeness(&self.results, (self.point, &self.variant), run, layout, names, self.calendar())?)
    }
}
