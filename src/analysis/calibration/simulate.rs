//! Points of a calibration run in its scenarios: in chunks, so that whatever kills the work, doing the same again goes on.

use super::problem::{Aim, Hopeless, Outcome, Simulator, Tried};
use super::reading::{Reader, Sums};
use crate::analysis::kept::Work;
use crate::base::Calendar;
use crate::engine::{Model, Runner};
use crate::experiment::{Bench, ExperimentError, Keeps, Plan, PlannedDesign, PlannedVariant, Replicates, RunSource};
use crate::measure::{Keep, Layout, LogNames, RunRecord};
use crate::random::Spread;
use crate::random::{DrawKey, Purpose, Source};
use crate::record::{DesignEntry, Folder, Held, Method, make_folder};
use crate::scenario::calibration::{Calibration, Target};
use crate::scenario::{InputNames, Scenario};

/// Replicates after which a point may be given up: a fifth, and so many at least.
const FEW: u64 = 8;

/// Runs points in those scenarios of a calibration that some targets are of.
pub struct ScenarioRuns<'a> {
    calibration: &'a Calibration,
    spreads: &'a [Spread],
    work: Work<'a>,
    /// Of each scenario that is used: its place, what is read of it, and which of the aims that is.
    used: Vec<(usize, Reader, Vec<usize>)>,
    aims: &'a [Aim],
    done: u64,
}

impl<'a> ScenarioRuns<'a> {
    /// Runs for targets, of which `aims` are the aims, in their order.
    pub fn new(
        calibration: &'a Calibration,
        spreads: &'a [Spread],
        (targets, aims): (&[&Target], &'a [Aim]),
        work: Work<'a>,
    ) -> Self {
        let of = |(place, scenario): (usize, &Scenario)| {
            let own: Vec<usize> = (0..targets.len()).filter(|target| targets[*target].scenario == place).collect();
            let read: Vec<&Target> = own.iter().map(|target| targets[*target]).collect();
            (!own.is_empty()).then(|| (place, Reader::of(scenario, &read), own))
        };
        let used = calibration.scenarios.iter().enumerate().filter_map(of).collect();
        Self { calibration, spreads, work, used, aims, done: 0 }
    }

    /// How many runs that took, whoever did them.
    pub fn done(&self) -> u64 {
        self.done
    }

    /// Runs of points of which each is in its place a number within a batch, replicates from `first` on, added to sums.
    fn run_more(
        &self,
        batch: &str,
        (points, numbers): (&[Vec<f64>], &[usize]),
        (first, replicates): (u64, u64),
        sums: &mut [Vec<Vec<Sums>>],
    ) -> Result<(), ExperimentError> {
        if numbers.is_empty() || replicates == 0 {
            return Ok(());
        }
        for ((place, reader, _), sums) in self.used.iter().zip(sums) {
            let scenario = &self.calibration.scenarios[*place];
            let id = &scenario.file.scenario.id;
            let name = format!("{batch}-{id}-{first}");
            let values = |number: &usize| points[*number].iter().zip(self.spreads).map(|(share, s)| s.value(*share));
            let seed = |number: &usize| {
                let who = DrawKey::named("luck", &format!("{batch} {id}")).child(*number as u64);
                let seed = self.calibration.file.calibration.seed;
                Source::new(seed, 0).sequence(Purpose::Calibration, who, 0).uniform().to_bits()
            };
            let source = PointSource {
                scenario,
                reader,
                paths: self.calibration.weights.iter().map(|weight| weight.path().to_owned()).collect(),
                values: numbers.iter().map(|number| values(number).collect()).collect(),
                seeds: numbers.iter().map(seed).collect(),
                first,
                replicates,
            };
            let plan = source.plan();
            let folder = Folder::new(self.work.folder.path().join("chunks").join(name));
            make_folder(&folder.path().join("chunks"))?;
            let Work { threads, chunk_size, control, .. } = self.work;
            let bench = Bench { plan: &plan, source: &source, store: &folder, threads, chunk: chunk_size, control };
            let window = 0..replicates;
            let mut held = bench.held(&window)?;
            bench.fill(&window, &mut held)?;
            held.sort_by_key(Held::block);
            let cells = plan.cells();
            for held in &held {
                for point in held.block().cells(cells) {
                    let sums = &mut sums[numbers[point as usize]];
                    held.leaves().each_run(point, None, |run| {
                        Sums::add(sums, &run);
                        Ok(())
                    })?;
                }
            }
        }
        Ok(())
    }

    /// What sums of all scenarios say of each aim; none if all runs of one failed.
    fn outcomes(&self, sums: &[Vec<Vec<Sums>>], number: usize) -> Option<Vec<Outcome>> {
        let mut found = vec![None; self.aims.len()];
        for ((_, _, own), sums) in self.used.iter().zip(sums) {
            for (aim, sum) in own.iter().zip(&sums[number]) {
                found[*aim] = sum.outcome(self.aims[*aim].kind);
            }
        }
        found.into_iter().collect()
    }
}

impl Simulator for ScenarioRuns<'_> {
    type Error = ExperimentError;

    fn run(
        &mut self,
        batch: &str,
        points: &[Vec<f64>],
        hopeless: Option<Hopeless<'_>>,
    ) -> Result<Vec<Tried>, ExperimentError> {
        let all = self.calibration.file.calibration.replicates;
        let few = if hopeless.is_some() { (all / 5).max(FEW).min(all) } else { all };
        let mut sums: Vec<Vec<Vec<Sums>>> =
            self.used.iter().map(|(_, reader, _)| vec![reader.sums(); points.len()]).collect();
        let numbers: Vec<usize> = (0..points.len()).collect();
        self.run_more(batch, (points, &numbers), (0, few), &mut sums)?;
        let given_up = |number: &usize| {
            let outcomes = self.outcomes(&sums, *number);
            hopeless.is_some_and(|hopeless| outcomes.is_none_or(|outcomes| hopeless(*number, &outcomes)))
        };
        let stopped: Vec<bool> = numbers.iter().map(given_up).collect();
        let left: Vec<usize> = numbers.iter().copied().filter(|number| !stopped[*number]).collect();
        self.run_more(batch, (points, &left), (few, all - few), &mut sums)?;
        let each = numbers.len() as u64 * few + left.len() as u64 * (all - few);
        self.done += self.used.len() as u64 * each;
        let tried = |number: usize| Tried {
            at: points[number].clone(),
            outcomes: self.outcomes(&sums, number),
            stopped: stopped[number],
        };
        Ok(numbers.into_iter().map(tried).collect())
    }
}

/// Points as the source of runs, each a cell with so many replicates.
struct PointSource<'a> {
    scenario: &'a Scenario,
    reader: &'a Reader,
    paths: Vec<String>,
    /// The weights of each point.
    values: Vec<Vec<f64>>,
    /// Each point has luck of its own, or all would share that of a few runs.
    seeds: Vec<u64>,
    first: u64,
    replicates: u64,
}

impl PointSource<'_> {
    fn plan(&self) -> Plan {
        let text = self.scenario.digest();
        let mut hasher = blake3::Hasher::new();
        hasher.update(text.as_bytes());
        for (seed, values) in self.seeds.iter().zip(&self.values) {
            hasher.update(&seed.to_le_bytes());
            values.iter().for_each(|value| {
                hasher.update(&value.to_bits().to_le_bytes());
            });
        }
        self.paths.iter().for_each(|path| {
            hasher.update(path.as_bytes());
        });
        hasher.update(&[self.first, self.replicates].map(u64::to_le_bytes).concat());
        let digest = hasher.finalize().to_hex().to_string();
        let variant = PlannedVariant { id: PlannedVariant::BASELINE.into(), digest: digest.clone(), text };
        let entry = DesignEntry {
            method: Method::Table,
            inputs: self.paths.clone(),
            points: self.values.len() as u64,
            blocks: 0,
            second_order: false,
            names: InputNames::default(),
        };
        let mut plan = Plan::new("calibrate", &self.scenario.file.scenario.id, vec![variant], 0);
        plan.design = Some(PlannedDesign { entry, digest });
        plan.keeps = Keeps::NoSeries;
        plan
    }

    fn runner(&self, point: usize) -> Result<Runner, String> {
        let values: Vec<(String, f64)> = self.paths.iter().cloned().zip(self.values[point].iter().copied()).collect();
        let made = self.scenario.with(&values, "the calibration").map_err(|problems| problems.to_string())?;
        Ok(Runner::new(&Model::measuring(&made, self.reader.measures.clone()), Keep::ANSWERS))
    }
}

impl RunSource for PointSource<'_> {
    fn layout(&self) -> &Layout {
        self.reader.measures.layout()
    }

    fn names(&self) -> &LogNames {
        self.reader.measures.names()
    }

    fn calendar(&self) -> Calendar {
        self.scenario.setting.calendar
    }

    fn with_runner(&self, point: usize, body: &mut dyn FnMut(Replicates<'_>)) {
        let mut runner = self.runner(point);
        body(&mut |replicate| match &mut runner {
            Ok(runner) => {
                let run = runner.run(self.seeds[point], self.first + replicate);
                RunRecord { replicate, ..self.reader.read(&run) }
            }
            Err(reason) => RunRecord { failure: Some(reason.clone()), ..RunRecord::empty(replicate) },
        });
    }
}
