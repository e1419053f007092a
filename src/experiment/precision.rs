//! Whether an experiment's answers are precise enough to stop.

use super::{Asked, Judge, Plan};
use crate::estimate::interval::wilson;
use crate::estimate::nested::{Nesting, kinds};
use crate::estimate::paired::tango;
use crate::estimate::sequential::{self, Looking};
use crate::estimate::{CONFIDENCE, scaled};
use crate::measure::{Layout, RunRecord};

/// Counts answers as they come, and judges by confidence sequences, which may be looked at as often as one likes. For
/// yes/no questions it is the probability's half-width that counts, or in a comparison that of the paired difference; for
/// quantities, the share of runs between the median and the ends of its interval.
#[derive(Clone, Debug)]
pub struct Precision {
    ids: Vec<String>,
    yes_no: Vec<bool>,
    /// The places of the answers that decide.
    deciding: Vec<usize>,
    precision: Option<f64>,
    /// Per cell (in a comparison: per variant) and question.
    counts: Vec<Vec<Counts>>,
    paired: bool,
    /// Of which kinds inputs are drawn, if they are: runs that share some tell less.
    drawn: Option<[bool; 3]>,
    /// The place that last was not precise enough; it is looked at first.
    last: (usize, usize),
}

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    n: u64,
    yes: u64,
    gained: u64,
    lost: u64,
    /// Of the value that decides: the answer, or in a comparison its change.
    nesting: Nesting,
}

impl Precision {
    /// A judge of a plan's answers.
    pub fn of(plan: &Plan, asked: &Asked, layout: &Layout) -> Self {
        let questions = layout.questions.len();
        let named = asked.stopping.as_ref().map_or(&[][..], |stopping| &stopping.answers);
        let decides = |place: &usize| named.is_empty() || named.contains(&layout.questions[*place].id);
        Self {
            deciding: (0..questions).filter(decides).collect(),
            ids: layout.questions.iter().map(|question| question.id.clone()).collect(),
            yes_no: layout.questions.iter().map(|question| question.yes_no).collect(),
            precision: asked.stopping.as_ref().and_then(|stopping| stopping.precision),
            counts: vec![vec![Counts::default(); questions]; plan.cells() as usize],
            paired: plan.is_comparison(),
            drawn: plan.inputs.as_ref().map(kinds),
            last: (0, 0),
        }
    }

    /// The widest half-width and the question that has it. None before any run was seen.
    pub fn widest(&self) -> Option<(String, f64)> {
        let all = self.places().map(|(cell, question)| (question, self.half_width(cell, question)));
        let (question, half_width) = all.max_by(|a, b| a.1.total_cmp(&b.1))?;
        (self.counts[0][question].n > 0).then(|| (self.ids[question].clone(), half_width))
    }

    /// The replicates that a plan fixed beforehand would have needed for the precision, had the shares been known that
    /// were found. None if no precision was asked for or nothing was seen.
    pub fn fixed_plan(&self) -> Option<u64> {
        let precision = self.precision?;
        let needed = self.places().filter(|(cell, question)| self.counts[*cell][*question].n > 0);
        needed
            .map(|(cell, question)| sequential::fixed_plan(self.variance(cell, question), precision, CONFIDENCE))
            .max()
    }

    /// Cells and questions that are judged.
    fn places(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let first = usize::from(self.paired);
        (first..self.counts.len()).flat_map(|cell| self.deciding.iter().map(move |question| (cell, *question)))
    }

    /// How many independent runs tell as much as those that were seen.
    fn effective(&self, cell: usize, question: usize) -> f64 {
        let Counts { n, nesting, .. } = &self.counts[cell][question];
        nesting.effective(*n, self.drawn)
    }

    /// Counts of as many independent runs as tell as much.
    fn independent(&self, cell: usize, question: usize) -> Counts {
        let counts = self.counts[cell][question];
        if self.drawn.is_none() || counts.n == 0 {
            return counts;
        }
        let effective = self.effective(cell, question);
        let of = |count| scaled(count, counts.n, effective).0;
        let (yes, gained, lost) = (of(counts.yes), of(counts.gained), of(counts.lost));
        Counts { n: scaled(0, counts.n, effective).1, yes, gained, lost, ..counts }
    }

    fn half_width(&self, cell: usize, question: usize) -> f64 {
        let Counts { n, yes, gained, lost, .. } = self.independent(cell, question);
        let looking = Looking { confidence: CONFIDENCE, precision: self.precision };
        if !self.yes_no[question] {
            return sequential::quantile_ranks(n, 0.5, CONFIDENCE)
                .map_or(0.5, |(low, high)| 0.5 * (high - low) as f64 / n as f64);
        }
        match self.paired {
            true => sequential::paired_proportions(gained, lost, n, &looking).half_width(),
            false => sequential::proportion(yes, n, &looking).half_width(),
        }
    }

    /// The variance of one run's answer, or of one pair's difference.
    fn variance(&self, cell: usize, question: usize) -> f64 {
        let Counts { n, yes, gained, lost, .. } = self.counts[cell][question];
        let sharing = n as f64 / self.effective(cell, question);
        let share = |count: u64| count as f64 / n as f64;
        let difference = share(gained) - share(lost);
        let variance = match (self.yes_no[question], self.paired) {
            // The number of values below the median.
            (false, _) => 0.25,
            (true, true) => share(gained) + share(lost) - difference * difference,
            (true, false) => share(yes) * (1.0 - share(yes)),
        };
        variance * sharing
    }

    fn is_precise(&self, cell: usize, question: usize, precision: f64) -> bool {
        let Counts { n, yes, gained, lost, .. } = self.independent(cell, question);
        // A plain interval is never wider than the sequence, and is had much faster.
        let plain = match (self.yes_no[question], self.paired) {
            (false, _) => 0.0,
            (true, true) => tango(gained, lost, n, CONFIDENCE).half_width(),
            (true, false) => wilson(yes, n, CONFIDENCE).half_width(),
        };
        plain <= precision && self.half_width(cell, question) <= precision
    }
}

impl Judge for Precision {
    fn see(&mut self, runs: &[RunRecord]) {
        let Some(baseline) = runs.first() else { return };
        for (cell, run) in runs.iter().enumerate() {
            if run.failure.is_some() || (self.paired && baseline.failure.is_some()) {
                continue;
            }
            for (question, counts) in self.counts[cell].iter_mut().enumerate() {
                let Some(answer) = run.answers.get(question) else { continue };
                let known = baseline.answers.get(question).map_or(0.0, |answer| answer.value);
                let before = known > 0.5;
                let after = answer.value > 0.5;
                counts.nesting.add(run.replicate, answer.value - if self.paired { known } else { 0.0 });
                counts.n += 1;
                counts.yes += u64::from(after);
                counts.gained += u64::from(after && !before);
                counts.lost += u64::from(before && !after);
            }
        }
    }

    fn is_satisfied(&mut self) -> bool {
        let Some(precision) = self.precision else { return false };
        let last = self.last;
        if self.places().any(|place| place == last) && !self.is_precise(last.0, last.1, precision) {
            return false;
        }
        let found = self.places().find(|(cell, question)| !self.is_precise(*cell, *question, precision));
        self.last = found.unwrap_or(last);
        found.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{PlannedVariant, Stopping};
    use crate::measure::{Answer, QuestionColumn};

    fn judge(kind: &str, precision: f64) -> Precision {
        let plan = Plan::new(kind, "toy", ["baseline", "no-merger"].map(variant).to_vec(), 1);
        let stopping = Some(Stopping { precision: Some(precision), ..Stopping::default() });
        let asked = Asked { stopping, ..Asked::replicates(10_000) };
        let layout = Layout {
            questions: vec![QuestionColumn { id: "pact".into(), yes_no: true }],
            moments: 1,
            ..Layout::default()
        };
        Precision::of(&plan, &asked, &layout)
    }

    fn variant(id: &str) -> PlannedVariant {
        PlannedVariant { id: id.into(), digest: String::new(), text: String::new() }
    }

    fn run(replicate: u64, yes: bool) -> RunRecord {
        let answers = vec![Answer { value: f64::from(u8::from(yes)), step: None }];
        RunRecord { answers, ..RunRecord::empty(replicate) }
    }

    #[test]
    fn paired_runs_are_enough_far_sooner_than_independent_ones() {
        // Every other run says yes; the variant flips one in twenty.
        let needed = |kind: &str| {
            let mut judge = judge(kind, 0.04);
            (0..100_000u64)
                .find(|replicate| {
                    let before = replicate.is_multiple_of(2);
                    judge.see(&[run(*replicate, before), run(*replicate, before || replicate % 20 == 1)]);
                    replicate % 64 == 63 && judge.is_satisfied()
                })
                .unwrap()
        };
        let (paired, single) = (needed("compare"), needed("run"));
        assert!(paired * 2 < single, "{paired} against {single}");
        // z² p (1 − p) / h² for p = 0.5 and h = 0.04, and not less: looking has its price.
        assert!((601..1400).contains(&single), "{single}");
    }

    #[test]
    fn only_the_answers_that_are_named_decide() {
        let layout = Layout {
            questions: ["pact", "deaths"].map(|id| QuestionColumn { id: id.into(), yes_no: id == "pact" }).to_vec(),
            moments: 1,
            ..Layout::default()
        };
        let satisfied = |answers: &[&str]| {
            let answers = answers.iter().map(|id| (*id).to_owned()).collect();
            let plan = Plan::new("run", "toy", vec![variant("baseline")], 1);
            let stopping = Some(Stopping { precision: Some(0.04), answers, ..Stopping::default() });
            let mut judge = Precision::of(&plan, &Asked { stopping, ..Asked::replicates(10_000) }, &layout);
            for replicate in 0..500 {
                let answer = |value| Answer { value, step: None };
                judge.see(&[RunRecord { answers: vec![answer(0.0), answer(3.0)], ..RunRecord::empty(replicate) }]);
            }
            (judge.is_satisfied(), judge.widest().unwrap().0)
        };
        assert_eq!(satisfied(&["pact"]), (true, "pact".to_owned()));
        assert_eq!(satisfied(&[]), (false, "deaths".to_owned()), "all decide where none is named");
    }

    #[test]
    fn it_says_what_a_fixed_plan_would_have_taken() {
        let mut judge = judge("run", 0.05);
        assert_eq!((judge.widest(), judge.fixed_plan()), (None, None));
        for replicate in 0..1000u64 {
            judge.see(&[run(replicate, replicate.is_multiple_of(2)), run(replicate, false)]);
        }
        assert!(judge.is_satisfied());
        assert_eq!(judge.fixed_plan(), Some(385), "1.96² / 4 / 0.05²");
        let (question, half_width) = judge.widest().unwrap();
        assert!(question == "pact" && half_width > 0.03 && half_width <= 0.05);
    }
}
