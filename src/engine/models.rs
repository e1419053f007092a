//! The models and runs of a scenario whose inputs are drawn: replicates differ in inputs as well as in luck.

use super::{Model, Runner};
use crate::measure::{Keep, Measures, RunRecord};
use crate::scenario::{InputDraws, InputKind, InputSetter, Problems, Scenario};
use std::sync::Arc;

/// Makes the models of a scenario's replicates, which are all the same where no inputs are drawn. Those that come after each
/// other and share all inputs share one.
#[derive(Clone, Debug)]
pub struct Models {
    /// The model of the scenario as it is.
    own: Arc<Model>,
    drawing: Option<Drawing>,
    known: Option<(u64, Result<Arc<Model>, String>)>,
}

/// Inputs that are drawn, what sets them, and which of them the scenario leaves open.
#[derive(Clone, Debug)]
struct Drawing {
    draws: Arc<InputDraws>,
    setter: InputSetter,
    open: Vec<bool>,
}

impl Models {
    /// Of a scenario, which takes some measures, with inputs that are drawn, if any: but for those that its own changes set.
    ///
    /// # Errors
    /// If it has no such inputs.
    pub fn of(scenario: &Scenario, measures: Arc<Measures>, draws: Option<Arc<InputDraws>>) -> Result<Self, Problems> {
        let own = Model::measuring(scenario, measures);
        let Some(draws) = draws else { return Ok(Self::same(own)) };
        let (paths, names) = (draws.drawn().paths(), draws.drawn().names());
        let open = paths.iter().map(|path| scenario.is_open(path)).collect();
        Ok(Self::drawing(own, draws, scenario.inputs_by_path(&paths, &names)?, open))
    }

    /// Of a model, with inputs that are drawn, what sets them, and which of them are open.
    pub fn drawing(own: Arc<Model>, draws: Arc<InputDraws>, setter: InputSetter, open: Vec<bool>) -> Self {
        Self { own, drawing: Some(Drawing { draws, setter, open }), known: None }
    }

    /// The model without what is drawn.
    pub fn own(&self) -> &Arc<Model> {
        &self.own
    }

    /// The same model for all replicates.
    pub fn same(model: Arc<Model>) -> Self {
        Self { own: model, drawing: None, known: None }
    }

    /// What of inputs is drawn for a replicate, in the order of their paths; none of those that the scenario sets.
    pub fn values(&self, replicate: u64) -> Vec<Option<f64>> {
        self.drawing.as_ref().map_or_else(Vec::new, |drawing| drawing.values(replicate))
    }

    /// The model of a replicate; in words why there is none.
    ///
    /// # Errors
    /// What inputs cannot be together.
    pub fn of_replicate(&mut self, replicate: u64) -> Result<Arc<Model>, String> {
        let Some(drawing) = &mut self.drawing else { return Ok(self.own.clone()) };
        let draw = InputKind::Weight.draw_of(replicate);
        if let Some((_, model)) = self.known.as_ref().filter(|(known, _)| *known == draw) {
            return model.clone();
        }
        let values = drawing.values(replicate);
        let made = drawing.setter.set(&values).map_err(|reason| drawing.setter.blamed(&values, &reason));
        let model = made.map(|made| Model::set_up(made, self.own.measures.clone()));
        self.known.insert((draw, model)).1.clone()
    }
}

impl Drawing {
    fn values(&self, replicate: u64) -> Vec<Option<f64>> {
        let values = self.draws.values(replicate);
        values.iter().zip(&self.open).map(|(value, open)| open.then_some(*value)).collect()
    }
}

/// Runs a scenario's replicates one after the other, each under its own inputs. What it holds between runs never changes a
/// result.
#[derive(Clone, Debug)]
pub struct ReplicateRunner {
    models: Models,
    runner: Option<(Arc<Model>, Runner)>,
    keep: Keep,
    seed: u64,
}

impl ReplicateRunner {
    /// A runner of replicates under a master seed.
    pub fn new(models: Models, keep: Keep, seed: u64) -> Self {
        Self { models, runner: None, keep, seed }
    }

    /// Runs a replicate to its horizon. What goes wrong is in the record.
    pub fn run(&mut self, replicate: u64) -> RunRecord {
        let seed = self.seed;
        match self.turned_to(replicate) {
            Ok(runner) => runner.run(seed, replicate),
            Err(reason) => RunRecord { failure: Some(reason), ..RunRecord::empty(replicate) },
        }
    }

    /// A runner of the model of a replicate.
    fn turned_to(&mut self, replicate: u64) -> Result<&mut Runner, String> {
        let model = self.models.of_replicate(replicate)?;
        // A runner has room for so many factions, splinters among them.
        let alike = |other: &Model| other.setting.factions.len() == model.setting.factions.len();
        if self.runner.as_ref().is_some_and(|(known, _)| !alike(known)) {
            self.runner = None;
        }
        let (known, runner) = self.runner.get_or_insert_with(|| (model.clone(), Runner::new(&model, self.keep)));
        if !Arc::ptr_eq(known, &model) {
            runner.turn_to(&model);
            *known = model;
        }
        Ok(runner)
    }
}
