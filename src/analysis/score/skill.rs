//! Mean scores, and skill against a baseline, with bootstrap intervals over what is independent: questions of one
//! conflict, or conflicts.

use super::answer::{Baseline, Kind, Rule, ScoredAnswer};
use crate::analysis::Estimate;
use crate::analysis::interval::{Interval, sorted_quantile};
use crate::analysis::resample::{one_of, resamples};
use crate::estimate::CONFIDENCE;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The fewest conflicts, or questions of one, from which an interval is drawn.
pub const FEWEST: usize = 6;
/// How many resamples an interval rests on.
const RESAMPLES: u32 = 2000;

/// What is pooled.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "of", content = "name", rename_all = "snake_case")]
pub enum Slice {
    /// All answers.
    All,
    /// Those of a conflict.
    Conflict(String),
    /// Those of a group of questions.
    Group(String),
    /// Those of a moment so far from the start.
    Horizon(String),
}

/// The mean of a score over a slice.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MeanScore {
    /// Of what.
    pub slice: Slice,
    /// Of which kind of answers.
    pub kind: Kind,
    /// By which rule.
    pub rule: Rule,
    /// How many questions, conflicts.
    pub questions: usize,
    /// How many conflicts.
    pub conflicts: usize,
    /// The mean: of answers, or of conflicts' means where there are several. Its interval is without ends where there are
    /// fewer than [`FEWEST`] conflicts or, of one conflict, questions.
    pub score: Estimate,
    /// Against each baseline that has a score.
    pub against: Vec<Against>,
}

/// How a mean score compares with that of a baseline on the same answers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Against {
    /// Which baseline.
    pub baseline: Baseline,
    /// The forecasts' mean score on the answers of which the baseline has one.
    pub score: f64,
    /// The baseline's.
    pub baseline_score: f64,
    /// 1 − score / baseline: 1 of a perfect forecast, 0 of one that is as good as the baseline. None where the baseline's
    /// score is 0 (or infinite).
    pub skill: Option<Estimate>,
    /// How many answers have both.
    pub answers: usize,
}

/// All mean scores: of all answers, by conflict where there are several, by group and by horizon.
pub fn mean_scores(answers: &[ScoredAnswer], seed: u64) -> Vec<MeanScore> {
    let conflicts: BTreeSet<&str> = answers.iter().map(|answer| answer.conflict.as_str()).collect();
    let mut slices = vec![Slice::All];
    let mut add = |slice: Slice| {
        if !slices.contains(&slice) {
            slices.push(slice);
        }
    };
    if conflicts.len() > 1 {
        answers.iter().for_each(|answer| add(Slice::Conflict(answer.conflict.clone())));
    }
    answers.iter().for_each(|answer| answer.group.iter().for_each(|group| add(Slice::Group(group.clone()))));
    let mut by_length: Vec<&ScoredAnswer> = answers.iter().collect();
    by_length.sort_by(|a, b| a.days.total_cmp(&b.days));
    by_length.iter().for_each(|answer| add(Slice::Horizon(answer.horizon().to_owned())));
    let kinds: BTreeSet<Kind> = answers.iter().map(|answer| answer.kind).collect();
    let mut found = Vec::new();
    for slice in slices {
        for kind in &kinds {
            let chosen: Vec<&ScoredAnswer> =
                answers.iter().filter(|answer| answer.kind == *kind && slice.holds(answer)).collect();
            let rules = kind.rules().iter().filter(|_| !chosen.is_empty());
            found.extend(rules.map(|rule| mean_score(slice.clone(), (*kind, *rule), &chosen, seed)));
        }
    }
    found
}

impl Slice {
    fn holds(&self, answer: &ScoredAnswer) -> bool {
        match self {
            Self::All => true,
            Self::Conflict(name) => answer.conflict == *name,
            Self::Group(name) => answer.group.as_ref() == Some(name),
            Self::Horizon(name) => answer.horizon() == name,
        }
    }
}

fn mean_score(slice: Slice, (kind, rule): (Kind, Rule), answers: &[&ScoredAnswer], seed: u64) -> MeanScore {
    let own = |answer: &ScoredAnswer| answer.forecast.score(rule);
    let scored = units(answers.iter().filter_map(|answer| Some((*answer, own(answer)?, 0.0))));
    let mut against = Vec::new();
    for baseline in Baseline::ALL {
        let both = |answer: &&'_ ScoredAnswer| answer.against(baseline)?.score(rule);
        let units = units(answers.iter().filter_map(|answer| Some((*answer, own(answer)?, both(answer)?))));
        if units.is_empty() {
            continue;
        }
        let whole = Sums::of(&units);
        against.push(Against {
            baseline,
            score: whole.score / whole.weight,
            baseline_score: whole.baseline / whole.weight,
            skill: whole.skill().map(|skill| estimate(skill, &units, seed, Sums::skill)),
            answers: whole.answers,
        });
    }
    let questions: BTreeSet<_> = answers.iter().map(|answer| answer.cluster()).collect();
    let conflicts: BTreeSet<_> = answers.iter().map(|answer| &answer.conflict).collect();
    let mean = Sums::of(&scored).mean().unwrap_or(f64::NAN);
    MeanScore {
        slice,
        kind,
        rule,
        questions: questions.len(),
        conflicts: conflicts.len(),
        score: estimate(mean, &scored, seed, Sums::mean),
        against,
    }
}

/// Scores of answers that are drawn together, with how much they count.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    weight: f64,
    score: f64,
    baseline: f64,
    answers: usize,
}

impl Sums {
    fn of<'a>(units: impl IntoIterator<Item = &'a Self>) -> Self {
        units.into_iter().fold(Self::default(), |sum, unit| Self {
            weight: sum.weight + unit.weight,
            score: sum.score + unit.score,
            baseline: sum.baseline + unit.baseline,
            answers: sum.answers + unit.answers,
        })
    }

    fn mean(self) -> Option<f64> {
        (self.weight > 0.0).then_some(self.score / self.weight)
    }

    /// Skill; none against a baseline of 0, which no score can be set in proportion to.
    fn skill(self) -> Option<f64> {
        // The fair form of a few members may be just below 0, and what is left of a sum just beside it.
        let sound = self.baseline > 1e-12 * self.weight && self.baseline.is_finite() && self.score.is_finite();
        sound.then_some(1.0 - self.score / self.baseline)
    }
}

/// The units that are drawn. With several conflicts each is one and counts the same; of one conflict, answers count the same
/// and those of a question are drawn together, for they are not independent.
fn units<'a>(scored: impl Iterator<Item = (&'a ScoredAnswer, f64, f64)>) -> Vec<Sums> {
    let scored: Vec<(&ScoredAnswer, f64, f64)> = scored.collect();
    let conflicts: BTreeSet<&str> = scored.iter().map(|(answer, ..)| answer.conflict.as_str()).collect();
    let several = conflicts.len() > 1;
    let mut units: BTreeMap<(&str, &str), Sums> = BTreeMap::new();
    for (answer, score, baseline) in scored {
        let unit = if several { (answer.conflict.as_str(), "") } else { answer.cluster() };
        let sums = units.entry(unit).or_default();
        *sums = Sums::of([&*sums, &Sums { weight: 1.0, score, baseline, answers: 1 }]);
    }
    let shared = |sums: Sums| {
        let weight = if several { sums.weight } else { 1.0 };
        let [score, baseline] = [sums.score, sums.baseline].map(|sum| sum / weight);
        Sums { weight: sums.weight / weight, score, baseline, ..sums }
    };
    units.into_values().map(shared).collect()
}

/// A statistic with its percentile interval over resampled units (Efron 1979); one without ends of fewer than [`FEWEST`].
fn estimate(value: f64, units: &[Sums], seed: u64, statistic: impl Fn(Sums) -> Option<f64>) -> Estimate {
    let n = Sums::of(units).answers as u64;
    if units.len() < FEWEST || !value.is_finite() {
        return Estimate::new(value, Interval::everything(), n);
    }
    let drawn = resamples("score", seed, RESAMPLES).filter_map(|mut draws| {
        let chosen: Vec<&Sums> = units.iter().map(|_| &units[one_of(units.len(), &mut draws)]).collect();
        statistic(Sums::of(chosen))
    });
    let mut drawn: Vec<f64> = drawn.collect();
    drawn.sort_by(f64::total_cmp);
    let end = |share: f64, none: f64| sorted_quantile(&drawn, share).unwrap_or(none);
    let low = end(0.5 * (1.0 - CONFIDENCE), f64::NEG_INFINITY);
    let high = end(0.5 * (1.0 + CONFIDENCE), f64::INFINITY);
    Estimate::new(value, Interval { low, high }, n)
}

/// How much an answer counts in a mean: the same, or, where there are several conflicts, so that each conflict does.
pub fn weight(answer: &ScoredAnswer, among: &[&ScoredAnswer]) -> f64 {
    let alike = among.iter().filter(|other| other.conflict == answer.conflict).count();
    if alike == among.len() { 1.0 } else { 1.0 / alike.max(1) as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::score::answer::Forecast;

    /// A question of a conflict that is answered with a probability, against persistence's.
    fn answer(conflict: usize, question: usize, [said, persistent]: [f64; 2], yes: bool) -> ScoredAnswer {
        ScoredAnswer {
            conflict: format!("c{conflict}"),
            scenario: format!("c{conflict}"),
            group: None,
            question: format!("q{question}"),
            answer: format!("q{question}"),
            text: String::new(),
            days: 180.0,
            kind: Kind::YesNo,
            observed: f64::from(u8::from(yes)),
            runs: 100,
            forecast: Forecast::probability(said, said, yes),
            baselines: vec![(Baseline::Persistence, Forecast::probability(persistent, persistent, yes))],
            source: None,
        }
    }

    fn brier(answers: &[ScoredAnswer]) -> MeanScore {
        let wanted = |mean: &MeanScore| mean.slice == Slice::All && mean.rule == Rule::Brier;
        mean_scores(answers, 1).into_iter().find(wanted).unwrap()
    }

    fn skill(mean: &MeanScore) -> Option<Estimate> {
        mean.against.iter().find(|against| against.baseline == Baseline::Persistence)?.skill
    }

    #[test]
    fn skill_is_what_is_saved_of_the_baselines_score() {
        let answers: Vec<_> = (0..8).map(|question| answer(0, question, [0.8, 0.5], question % 4 > 0)).collect();
        let found = brier(&answers);
        // Six yes at 0.04, two no at 0.64, against 0.25 throughout.
        assert!((found.score.value - 0.19).abs() < 1e-12);
        let skill = skill(&found).unwrap();
        assert!((skill.value - 0.24).abs() < 1e-12);
        assert!(skill.low < 0.24 && 0.24 < skill.high && skill.high <= 0.84 + 1e-9, "{skill:?}");
        assert_eq!((found.questions, found.conflicts), (8, 1));
    }

    #[test]
    fn against_a_perfect_baseline_no_skill_is_defined() {
        let answers: Vec<_> = (0..8).map(|question| answer(0, question, [0.8, 1.0], true)).collect();
        let found = brier(&answers);
        assert_eq!(found.against[0].baseline, Baseline::Persistence);
        assert!(found.against[0].baseline_score.abs() < 1e-12);
        assert_eq!(skill(&found), None);
    }

    #[test]
    fn moments_of_a_question_are_drawn_together() {
        let once: Vec<_> = (0..8).map(|question| answer(0, question, [0.8, 0.5], question % 4 > 0)).collect();
        let thrice: Vec<_> = once.iter().flat_map(|answer| std::iter::repeat_n(answer.clone(), 3)).collect();
        let [one, three] = [once, thrice].map(|answers| brier(&answers).score);
        assert_eq!((one.n, three.n), (8, 24));
        assert!((one.low - three.low).abs() < 1e-9 && (one.high - three.high).abs() < 1e-9, "{one:?} {three:?}");
    }

    #[test]
    fn conflicts_count_the_same_and_few_have_no_interval() {
        let of = |conflicts: usize| -> Vec<ScoredAnswer> {
            (0..conflicts)
                .flat_map(|conflict| (0..=conflict).map(move |question| (conflict, question)))
                .map(|(conflict, question)| answer(conflict, question, [0.8, 0.5], conflict % 2 == 0))
                .collect()
        };
        let five = brier(&of(5));
        assert!((five.score.value - (3.0 * 0.04 + 2.0 * 0.64) / 5.0).abs() < 1e-12, "however many questions each has");
        assert_eq!(five.score.ends(), (None, None));
        let six = brier(&of(6));
        assert!(six.score.low < six.score.value && six.score.value < six.score.high, "{six:?}");
        let few = brier(&(0..5).map(|question| answer(0, question, [0.8, 0.5], true)).collect::<Vec<_>>());
        assert_eq!(few.score.ends(), (None, None), "five questions of one conflict");
    }

    #[test]
    fn the_interval_covers_the_expected_score() {
        use crate::random::{DrawKey, Purpose, Source};
        let mut covered = 0;
        for trial in 0..100 {
            let mut draws = Source::new(8, trial).sequence(Purpose::Resampling, DrawKey::whole(), 0);
            let answers: Vec<_> =
                (0..40).map(|question| answer(0, question, [0.3, 0.5], draws.uniform() < 0.3)).collect();
            covered += u32::from(brier(&answers).score.interval().contains(0.21));
        }
        // Percentile intervals of forty questions cover somewhat less than 95%.
        assert!(covered >= 86, "{covered}");
    }
}
