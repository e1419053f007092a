//! A calibration from its file to its findings: on all conflicts, on all but each, and scored.

use super::adjust::Draw;
use super::algorithm::{Posterior, calibrate};
use super::findings::{Findings, ScoreRow, StageOf, checks, weights};
use super::problem::{Aim, Budget};
use super::simulate::ScenarioRuns;
use crate::analysis::kept::Work;
use crate::analysis::score::skill::Slice;
use crate::analysis::score::{ScoredAnswer, Scores, scored};
use crate::analysis::weighted::effective;
use crate::experiment::{ExperimentError, PlannedVariant, Progress, ResultsFolder, Study};
use crate::random::Spread;
use crate::random::{DrawKey, Purpose, Source};
use crate::record::Design;
use crate::scenario::calibration::{Calibration, Target};
use std::cell::Cell;

/// Draws of a posterior that are scored, and replicates of each, at most: no more than there are points, and replicates of a point.
const SCORED_DRAWS: usize = 64;
const SCORED_REPLICATES: u64 = 16;

/// What came of a calibration.
#[derive(Clone, Debug)]
pub struct Calibrated {
    /// What was found.
    pub findings: Findings,
    /// Paths of the weights.
    pub paths: Vec<String>,
    /// Draws of the posterior: the weights in their own units, and how much each draw counts; that sums to 1.
    pub draws: Vec<(Vec<f64>, f64)>,
    /// Runs of points in scenarios; those of scores come on top.
    pub runs: u64,
}

/// How weights are spread before.
///
/// # Errors
/// If a prior makes no sense; the reader of the file refuses such.
pub fn spreads(calibration: &Calibration) -> Result<Vec<Spread>, ExperimentError> {
    let spread = |weight: &crate::scenario::calibration::Weight| weight.prior.spread();
    let all: Result<Vec<Spread>, _> = calibration.weights.iter().map(spread).collect();
    all.map_err(|error| ExperimentError::Input(error.to_string()))
}

/// Calibrates as a file says.
///
/// # Errors
/// If something cannot be run or kept, or the work is told to stop: what is done is then kept.
pub fn calibrated(calibration: &Calibration, work: Work<'_>) -> Result<Calibrated, ExperimentError> {
    let spreads = spreads(calibration)?;
    let conflicts = calibration.conflicts();
    let course = Course { calibration, spreads: &spreads, work, conflicts, runs: Cell::new(0) };
    let (posterior, targets, aims) = course.without(None)?;
    let mut stages: Vec<StageOf> =
        posterior.stages.iter().map(|stage| StageOf { without: None, stage: stage.clone() }).collect();
    let mut scores = Vec::new();
    let leaves_out = calibration.file.calibration.leave_one_out && course.conflicts.len() > 1;
    for conflict in &course.conflicts {
        let uncalibrated = course.scored(conflict, "as-it-is", None)?;
        if uncalibrated.is_empty() {
            continue;
        }
        let all = course.scored(conflict, "all", Some(&posterior.draws))?;
        let others = match leaves_out {
            true => {
                let (without, ..) = course.without(Some(conflict))?;
                let left_out = |stage: &super::Stage| StageOf { without: Some(conflict.clone()), stage: stage.clone() };
                stages.extend(without.stages.iter().map(left_out));
                Some(course.scored(conflict, "without", Some(&without.draws))?)
            }
            false => None,
        };
        scores.extend(rows(conflict, &uncalibrated, all, others));
    }
    let header = &calibration.file.calibration;
    let title = if header.title.is_empty() { &header.id } else { &header.title };
    let findings = Findings {
        id: header.id.clone(),
        title: title.clone(),
        conflicts: course.conflicts.clone(),
        scenarios: calibration.scenarios.len(),
        targets: targets.len(),
        replicates: header.replicates,
        contradicted: posterior.contradicted,
        draws: posterior.draws.len(),
        effective: effective(posterior.draws.iter().map(|draw| draw.weight)),
        weights: weights(&posterior, &calibration.weights, &spreads),
        checks: checks(&posterior, (&targets, &aims), header.seed),
        scores,
        stages,
    };
    let draws = posterior.draws.iter().map(|draw| (course.values(&draw.at), draw.weight)).collect();
    let paths = calibration.weights.iter().map(|weight| weight.path().to_owned()).collect();
    Ok(Calibrated { findings, paths, draws, runs: course.runs.into_inner() })
}

struct Course<'a> {
    calibration: &'a Calibration,
    spreads: &'a [Spread],
    work: Work<'a>,
    conflicts: Vec<String>,
    /// Runs of points so far.
    runs: Cell<u64>,
}

impl<'a> Course<'a> {
    /// Calibrates on all conflicts but one.
    fn without(&self, left_out: Option<&str>) -> Result<(Posterior, Vec<&'a Target>, Vec<Aim>), ExperimentError> {
        let header = &self.calibration.file.calibration;
        let kept = |target: &&Target| left_out.is_none_or(|left_out| target.conflict != left_out);
        let targets: Vec<&Target> = self.calibration.targets.iter().filter(kept).collect();
        let aim = |target: &&Target| {
            let conflict = self.conflicts.iter().position(|conflict| *conflict == target.conflict).unwrap_or(0);
            Aim::of(target, conflict, header.discrepancy)
        };
        let aims: Vec<Aim> = targets.iter().map(aim).collect();
        let budget = Budget {
            points: header.points as usize,
            waves: header.waves,
            generations: header.generations,
            cutoff: header.cutoff,
            seed: header.seed,
        };
        let place = left_out.and_then(|left_out| self.conflicts.iter().position(|conflict| conflict == left_out));
        let name = place.map_or("all".to_owned(), |place| format!("without-{}", place + 1));
        let words =
            left_out.map_or("calibrating on all conflicts".to_owned(), |left_out| format!("leaving out {left_out}"));
        (self.work.control.on_progress)(Progress::Notice(&words));
        let mut runs = ScenarioRuns::new(self.calibration, self.spreads, (&targets, &aims), self.work);
        let posterior = calibrate(&aims, self.calibration.weights.len(), &budget, &name, &mut runs)?;
        self.runs.set(self.runs.get() + runs.done());
        if posterior.draws.is_empty() {
            let words = "no point could be run to its end: the scenarios fail under these weights";
            return Err(ExperimentError::Input(words.into()));
        }
        Ok((posterior, targets, aims))
    }

    fn values(&self, at: &[f64]) -> Vec<f64> {
        at.iter().zip(self.spreads).map(|(share, spread)| spread.value(*share)).collect()
    }

    /// The answers of a conflict that are known, as the model gives them under draws of a posterior, or as it is.
    fn scored(&self, conflict: &str, name: &str, draws: Option<&[Draw]>) -> Result<Vec<ScoredAnswer>, ExperimentError> {
        let header = &self.calibration.file.calibration;
        let (seed, each) = (header.seed, header.replicates.min(SCORED_REPLICATES));
        let count = SCORED_DRAWS.min(header.points as usize);
        let mut found = Vec::new();
        for scenario in self.calibration.scenarios.iter().filter(|scenario| scenario.conflict() == conflict) {
            let mut answers = scenario.question_groups().iter().flat_map(|group| &group.questions);
            if answers.all(|question| question.answers.iter().all(|answer| answer.observed.is_none())) {
                continue;
            }
            let study = Study::new(scenario.clone()).seed(seed).chunk_size(self.work.chunk_size);
            let study = study.threads(Some(self.work.threads));
            let study = match draws {
                None => study.replicates(count as u64 * each),
                Some(draws) => {
                    let inputs = self.calibration.weights.iter().map(|weight| weight.path().to_owned()).collect();
                    let points = even(draws, count, seed).into_iter().map(|at| self.values(at));
                    study.replicates(each).design(Design::new(inputs, points))
                }
            };
            let folder = format!("scored-{name}-{}", scenario.file.scenario.id);
            let mut sink = ResultsFolder::new(Some(&self.work.folder.path().join("chunks").join(folder)));
            let done = study.run(&mut sink, self.work.control)?;
            found.extend(scored(&done.results, scenario, PlannedVariant::BASELINE)?);
        }
        Ok(found)
    }
}

/// Draws that count the same, of draws that do not: systematic resampling (Kitagawa 1996).
fn even(draws: &[Draw], count: usize, seed: u64) -> Vec<&[f64]> {
    let who = DrawKey::named("calibration", "scored draws");
    let offset = Source::new(seed, 0).sequence(Purpose::Calibration, who, 0).uniform();
    let total: f64 = draws.iter().map(|draw| draw.weight).sum();
    let (mut place, mut below) = (0, draws.first().map_or(0.0, |draw| draw.weight));
    let mut chosen = Vec::new();
    for number in 0..count {
        let wanted = (number as f64 + offset) / count as f64 * total;
        while below < wanted && place + 1 < draws.len() {
            place += 1;
            below += draws[place].weight;
        }
        chosen.extend(draws.get(place).map(|draw| &draw.at[..]));
    }
    chosen
}

/// Mean scores by kind of answer, by the foremost rule of each.
fn rows(
    conflict: &str,
    uncalibrated: &[ScoredAnswer],
    all: Vec<ScoredAnswer>,
    others: Option<Vec<ScoredAnswer>>,
) -> Vec<ScoreRow> {
    let means = |answers: Vec<ScoredAnswer>| Scores::new(answers, 1).means;
    let (before, after) = (means(uncalibrated.to_vec()), means(all));
    let left_out = others.map(means);
    let rows = before.iter().filter(|mean| mean.slice == Slice::All && mean.rule == mean.kind.foremost());
    let row = |mean: &crate::analysis::score::MeanScore| {
        let same = |other: &&crate::analysis::score::MeanScore| {
            other.slice == Slice::All && (other.kind, other.rule) == (mean.kind, mean.rule)
        };
        let calibrated = after.iter().find(same)?;
        let without = left_out.as_ref().and_then(|means| means.iter().find(same));
        let against = without.unwrap_or(calibrated).against.iter();
        Some(ScoreRow {
            conflict: conflict.to_owned(),
            kind: mean.kind,
            rule: mean.rule,
            answers: uncalibrated.iter().filter(|answer| answer.kind == mean.kind).count(),
            uncalibrated: mean.score.value,
            calibrated: calibrated.score.value,
            left_out: without.map(|mean| mean.score.value),
            baselines: against.map(|against| (against.baseline, against.baseline_score, against.score)).collect(),
        })
    };
    rows.filter_map(row).collect()
}
