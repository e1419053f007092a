//! From a scenario and a line to the least change that takes an answer past it, checked by fresh replicates.

use super::findings::{Checked, Findings, Side, Swing, Verdict};
use super::lever::{Lever, LeverWay, assignments, levers};
use super::search::{Move, STEPS, Searched, Settings, Simulator, Tried, Way, search};
use crate::analysis::Estimate;
use crate::analysis::answer_runs::{AnswerRuns, Cells};
use crate::analysis::kept::{Finished, Found, Request, Subject, Work, find_into};
use crate::analysis::nested::{effective, kinds};
use crate::estimate::CONFIDENCE;
use crate::experiment::{ExperimentError, Inputs, meant};
use crate::measure::{Question, Unit};
use crate::record::Manifest;
use crate::scenario::{Overrides, Scenario};
use std::collections::BTreeMap;
use std::ops::Range;

/// Standard errors by which the search wants a share past the line, so that fresh replicates mostly find it there too.
const MARGIN: f64 = 1.0;
/// Changes that are checked, at most.
const CHECKED: usize = 8;
/// Points that are looked at closely, about, of which the replicates of each follow.
const POINTS: u64 = 100;

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct RequireAsked {
    /// The id of an answer.
    pub question: String,
    /// On which side of the line it is to be.
    pub side: Side,
    /// The line: a probability of yes, or an amount that the median is to pass.
    pub line: f64,
    /// Paths or patterns of levers; all but weights of behaviour if there are none.
    pub levers: Vec<String>,
    /// What is done about inputs that are not moved.
    pub inputs: Inputs,
    /// Runs of the search at most.
    pub runs: u64,
    /// Fresh replicates that check what was found.
    pub fresh: u64,
}

impl RequireAsked {
    /// Runs of a search unless told otherwise.
    pub const RUNS: u64 = 30_000;
    /// Fresh replicates unless told otherwise.
    pub const FRESH: u64 = 1000;
    /// The fewest runs of a search.
    pub const LEAST: u64 = 2000;
}

/// Searches and checks in a folder, goes on with what a kill left there, or reads what is done.
///
/// # Errors
/// If what is asked makes no sense, something is in the way, cannot be run or written, or the work is told to stop.
pub fn require_into(
    scenario: &Scenario,
    asked: &RequireAsked,
    request: &Request<'_>,
) -> Result<Finished<Findings>, ExperimentError> {
    let (grouped, answer) = meant(scenario, &asked.question)?;
    let question = scenario.questions.iter().find(|question| question.id == answer.id);
    let question = question
        .ok_or_else(|| ExperimentError::Input(format!("`{}` is asked of a moment after the horizon", answer.id)))?;
    check_line(question, asked)?;
    let (levers, ways) = levers(scenario, &asked.levers)?;
    let header = &scenario.file.scenario;
    let seed = scenario.file.run.seed;
    // Without the path of a table, which says nothing of what it holds.
    let RequireAsked { question: _, side, line, levers: wanted, inputs, runs, fresh } = asked;
    let mark = inputs.mark(scenario)?;
    let subject = Subject {
        kind: "require",
        id: &header.id,
        digest: scenario.digest(),
        plan: format!(
            "require {} {} {} {side:?} {line} {wanted:?} {runs} {fresh} {levers:?} {mark} {seed} {}",
            env!("CARGO_PKG_VERSION"),
            Manifest::this_commit(),
            scenario.digest(),
            answer.id
        ),
        seed,
        replicates: asked.fresh,
    };
    let find = |work: Work<'_>| {
        let course = Course { scenario, asked, question, levers: &levers, ways: &ways, mark: &mark };
        let mut findings = course.find(work, (seed, &answer.text))?;
        findings.title.clone_from(&header.title);
        if grouped.text != findings.text && findings.text.is_empty() {
            findings.text.clone_from(&grouped.text);
        }
        let points = (1 + findings.options.len() + findings.front.len()) as u64;
        let runs = findings.searched_runs;
        Ok((Found { title: header.title.clone(), findings, points, runs }, ()))
    };
    find_into(&subject, request, find, |findings, (), files| files.tables(&findings.tables()))
}

/// Whether a line makes sense of a question.
fn check_line(question: &Question, asked: &RequireAsked) -> Result<(), ExperimentError> {
    let (line, word) = (asked.line, asked.side.word());
    let refuse = |why: &str| Err(ExperimentError::Input(format!("--{word} {line}: {why}")));
    if !line.is_finite() {
        return refuse("expected a number");
    }
    let can_pass = |low: f64, high: f64| match asked.side {
        Side::Above => (low..high).contains(&line),
        Side::Below => line > low && line <= high,
    };
    match question.unit() {
        Unit::Chance if !can_pass(0.0, 1.0) => refuse(&format!(
            "`{}` is a yes or no, whose probability is to pass the line: expected a share from 0 to 1 that it can pass, such \
             as 0.5",
            question.id
        )),
        Unit::Share if !can_pass(0.0, 1.0) => {
            refuse(&format!("`{}` is a share: expected a line from 0 to 1 that it can pass", question.id))
        }
        Unit::People | Unit::Fighters | Unit::Count if !can_pass(0.0, f64::INFINITY) => {
            refuse(&format!("`{}` counts {}, and never is below 0", question.id, question.unit().id()))
        }
        _ => Ok(()),
    }
}

struct Course<'a> {
    scenario: &'a Scenario,
    asked: &'a RequireAsked,
    question: &'a Question,
    levers: &'a [Lever],
    ways: &'a [LeverWay],
    mark: &'a str,
}

impl Course<'_> {
    fn find(&self, work: Work<'_>, (seed, text): (u64, &str)) -> Result<Findings, ExperimentError> {
        let asked = self.asked;
        let yes_no = self.question.yes_no();
        // An amount is past the line by its median if it is in more than half of the runs.
        let line = match (yes_no, asked.side) {
            (false, _) => 0.5,
            (true, Side::Above) => asked.line,
            (true, Side::Below) => 1.0 - asked.line,
        };
        let replicates = (asked.runs / POINTS).clamp(64, 4096).next_multiple_of(8);
        let settings = Settings { line, replicates, runs: asked.runs, margin: MARGIN };
        let ways: Vec<Way> = self.ways.iter().map(|way| way.way).collect();
        let runs =
            AnswerRuns::new("require", (self.scenario, &self.question.id), (&asked.inputs, self.mark, seed), work)?;
        let mut runs =
            LeverRuns { course: self, runs, failures: BTreeMap::new(), seen: (f64::INFINITY, f64::NEG_INFINITY) };
        let searched = search(&mut runs, &ways, &settings)?;
        let Some(baseline) = searched.baseline.clone() else {
            let reason = runs.failures.get(&Vec::new()).cloned().unwrap_or_default();
            return Err(ExperimentError::Input(format!("the scenario cannot be run: {reason}")));
        };
        self.check_found((&searched, &baseline), line, runs.seen)?;
        let checked = self.check(&mut runs, (&searched, &baseline), (line, replicates, seed))?;
        let find =
            |tried: &Tried| checked.iter().find(|(moves, _)| *moves == tried.moves).map(|(_, found)| found.clone());
        let reached = |found: &Checked| (if self.shows_yes() { found.searched } else { 1.0 - found.searched }) >= line;
        let past = checked.iter().filter(|(_, found)| found.verdict != Verdict::Short && reached(found));
        let chosen = past.filter(|(moves, _)| !moves.is_empty()).min_by(|a, b| a.1.cost.total_cmp(&b.1.cost));
        let of = |tried: &Tried| find(tried).map(|found| (tried.moves.clone(), found));
        let options = with_chosen(searched.options.iter().take(CHECKED).filter_map(of).collect(), chosen);
        let swing = |screened: &super::search::Screened| {
            let way = &self.ways[screened.way];
            let change = way.change(&self.levers[way.lever], STEPS);
            let failure = runs.failures.get(&vec![Move { way: screened.way, steps: STEPS }]).cloned();
            let gain = if yes_no && asked.side == Side::Below { -screened.gain } else { screened.gain };
            Swing { change, gain, n: screened.n, failure }
        };
        let mut bumpy: Vec<String> =
            searched.bumpy.iter().map(|way| self.levers[self.ways[*way].lever].path.clone()).collect();
        bumpy.dedup();
        Ok(Findings {
            title: String::new(),
            question: self.question.id.clone(),
            text: text.to_owned(),
            yes_no,
            unit: self.question.unit().id().to_owned(),
            side: asked.side,
            line: asked.line,
            levers: self.levers.to_vec(),
            baseline: find(&baseline).ok_or_else(|| ExperimentError::Input("the scenario cannot be run".into()))?,
            chosen: chosen.map(|(_, found)| found.clone()),
            options,
            furthest: searched.furthest.as_ref().and_then(find),
            front: searched.front.iter().filter_map(find).collect(),
            swings: searched.screened.iter().map(swing).collect(),
            bumpy,
            drawn: asked.inputs != Inputs::Best,
            replicates,
            searched_runs: searched.runs,
            exhausted: searched.exhausted,
            fresh_replicates: asked.fresh,
        })
    }

    /// Whether there was anything to search.
    fn check_found(
        &self,
        (searched, baseline): (&Searched, &Tried),
        line: f64,
        (least, most): (f64, f64),
    ) -> Result<(), ExperimentError> {
        let (word, id) = (self.asked.side.word(), &self.question.id);
        if baseline.share > line {
            let share = if self.shows_yes() { baseline.share } else { 1.0 - baseline.share };
            let how = match self.question.yes_no() {
                true => format!("its probability is {:.1}%", 100.0 * share),
                false => format!("it is so in {:.1}% of the runs", 100.0 * baseline.share),
            };
            return Err(ExperimentError::Input(format!(
                "`{id}` is {word} {} without any change: {how}, in {} runs",
                self.asked.line, baseline.n
            )));
        }
        let inert = searched.screened.iter().all(|way| way.flips <= 0.0);
        let whole = searched.screened.iter().all(|way| way.n > 0);
        if inert && whole && !self.question.yes_no() {
            return Err(ExperimentError::Input(format!(
                "--{word} {} makes no sense of `{id}`: no lever takes a single run to the other side of that line; over all runs it is \
                 {least} to {most}",
                self.asked.line
            )));
        }
        if inert && whole {
            return Err(ExperimentError::Input(
                "none of the levers matters: at the ends of their ranges not one run ends on the other side of the line".into(),
            ));
        }
        Ok(())
    }

    /// 1 if an answer lies past the line, or is yes or no as asked for; 0 if not; NaN if there is none.
    fn is_past(&self, answer: f64) -> f64 {
        let level = if self.question.yes_no() { 0.5 } else { self.asked.line };
        match self.asked.side {
            _ if answer.is_nan() => f64::NAN,
            Side::Above => f64::from(u8::from(answer > level)),
            Side::Below => f64::from(u8::from(answer < level)),
        }
    }

    /// Whether what is searched is the probability of yes itself, and not that of no.
    fn shows_yes(&self) -> bool {
        !(self.question.yes_no() && self.asked.side == Side::Below)
    }

    /// Runs what was found again with other replicates.
    fn check(
        &self,
        runs: &mut LeverRuns<'_>,
        (searched, baseline): (&Searched, &Tried),
        (line, replicates, seed): (f64, u64, u64),
    ) -> Result<Vec<(Vec<Move>, Checked)>, ExperimentError> {
        let mut points: Vec<&Tried> = vec![baseline];
        for tried in searched.options.iter().take(CHECKED).chain(&searched.front).chain(&searched.furthest) {
            if !points.iter().any(|known| known.moves == tried.moves) {
                points.push(tried);
            }
        }
        let first = replicates.next_multiple_of(8);
        let moves: Vec<Vec<Move>> = points.iter().map(|tried| tried.moves.clone()).collect();
        let found = runs.answers("fresh", &moves, first..first + self.asked.fresh)?;
        let drawn = self.asked.inputs.draws(self.scenario, seed)?.map(|draws| kinds(draws.drawn()));
        let checked = points.into_iter().zip(found).map(|(tried, answers)| {
            let answers: Vec<(u64, f64)> = (first..).zip(answers).filter(|(_, answer)| answer.is_finite()).collect();
            let past = || answers.iter().map(|(replicate, answer)| (*replicate, self.is_past(*answer)));
            let n = answers.len() as u64;
            let share = past().map(|(_, past)| past).sum::<f64>() / n.max(1) as f64;
            let worth = effective(past(), n, drawn);
            let fresh = Estimate::share_of(share, worth, n, CONFIDENCE);
            let verdict = match () {
                () if fresh.low > line => Verdict::Past,
                () if fresh.value > line => Verdict::Barely,
                () => Verdict::Short,
            };
            let (searched, fresh) = match self.shows_yes() {
                true => (tried.share, fresh),
                false => {
                    let Estimate { value, low, high, n } = fresh;
                    (1.0 - tried.share, Estimate { value: 1.0 - value, low: 1.0 - high, high: 1.0 - low, n })
                }
            };
            let change = |one: &Move| self.ways[one.way].change(&self.levers[self.ways[one.way].lever], one.steps);
            let found = Checked {
                changes: tried.moves.iter().map(change).collect(),
                cost: tried.cost,
                searched,
                searched_n: tried.n,
                fresh,
                median: Estimate::median_of(&answers, drawn, CONFIDENCE).filter(|_| !self.question.yes_no()),
                verdict,
                set: assignments(self.levers, self.ways, &tried.moves),
            };
            (tried.moves.clone(), found)
        });
        Ok(checked.collect())
    }
}

/// The options, with the change that is chosen instead of those that move the same levers the same ways and cost more: fresh runs
/// may find enough what the search was not sure of, a step before its own.
fn with_chosen(mut options: Vec<(Vec<Move>, Checked)>, chosen: Option<&(Vec<Move>, Checked)>) -> Vec<Checked> {
    if let Some((moves, found)) = chosen {
        let ways = |moves: &[Move]| moves.iter().map(|one| one.way).collect::<Vec<_>>();
        options.retain(|(other, option)| ways(other) != ways(moves) || option.cost < found.cost);
        let place = options.iter().take_while(|(_, option)| option.cost < found.cost).count();
        options.insert(place, (moves.clone(), found.clone()));
    }
    options.into_iter().map(|(_, found)| found).collect()
}

/// Runs a scenario with levers moved.
struct LeverRuns<'a> {
    course: &'a Course<'a>,
    runs: AnswerRuns<'a>,
    /// Why points could not be run.
    failures: BTreeMap<Vec<Move>, String>,
    /// The least and the largest answer of all runs.
    seen: (f64, f64),
}

struct LeverCells<'a> {
    course: &'a Course<'a>,
    points: &'a [Vec<Move>],
}

impl LeverCells<'_> {
    fn set(&self, cell: usize) -> Vec<String> {
        assignments(self.course.levers, self.course.ways, &self.points[cell])
    }
}

impl Cells for LeverCells<'_> {
    fn count(&self) -> usize {
        self.points.len()
    }

    fn name(&self, cell: usize) -> String {
        format!("{};", self.set(cell).join(" "))
    }

    fn make(&self, cell: usize) -> Result<Scenario, String> {
        let overrides = Overrides { set: self.set(cell), variant: None };
        self.course.scenario.overridden(&overrides).map_err(|problems| problems.in_a_line())
    }
}

impl LeverRuns<'_> {
    /// The answers of every replicate of some points, NaN where there is none.
    fn answers(
        &mut self,
        batch: &str,
        points: &[Vec<Move>],
        window: Range<u64>,
    ) -> Result<Vec<Vec<f64>>, ExperimentError> {
        let found = self.runs.run(batch, &LeverCells { course: self.course, points }, window)?;
        let each = points.iter().zip(found).map(|(point, cell)| {
            for answer in cell.answers.iter().filter(|answer| answer.is_finite()) {
                self.seen = (self.seen.0.min(*answer), self.seen.1.max(*answer));
            }
            if let Some(reason) = cell.failure {
                self.failures.entry(point.clone()).or_insert(reason);
            }
            cell.answers
        });
        Ok(each.collect())
    }
}

impl Simulator for LeverRuns<'_> {
    type Error = ExperimentError;

    fn run(&mut self, batch: &str, points: &[Vec<Move>], window: Range<u64>) -> Result<Vec<Vec<f64>>, ExperimentError> {
        let mut found = self.answers(batch, points, window)?;
        found.iter_mut().flatten().for_each(|answer| *answer = self.course.is_past(*answer));
        Ok(found)
    }
}
