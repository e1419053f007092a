//! What is calibrated, without the model: points of the unit cube, what a simulator finds at them, and what came to be.

use crate::analysis::interval::wilson_share;
use crate::analysis::linear::square;
use crate::base::maths::ln;
use crate::random::sample::normal;
use crate::random::{DrawKey, Purpose, Source};
use serde::Serialize;

/// What the runs at a point say of one target.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Outcome {
    /// The share of runs that say yes, (yes + ½) / (n + 1); the mean of an amount on the scale of its target; a frequency.
    pub mean: f64,
    /// Variance from one run to another.
    pub luck: f64,
    /// How many runs.
    pub runs: f64,
}

/// What a target is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A yes or no, of which the distance is the score: the squared error of the probability.
    YesNo,
    /// An amount, that came to be once.
    Amount,
    /// A frequency over many cases.
    Frequency,
}

/// What came to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Aim {
    /// The conflict, by its number; conflicts count the same.
    pub conflict: usize,
    /// How much it counts within its conflict.
    pub share: f64,
    /// What it is.
    pub kind: Kind,
    /// What came to be, on the scale on which outcomes are.
    pub observed: f64,
    /// Variance of what is not known of it and of how far off the model may be at its best.
    pub error: f64,
}

impl Aim {
    /// Variance of what came to be about what the model says on average: what is not known of it, the model's discrepancy, and
    /// the luck of the one world that there is.
    pub fn variance(&self, outcome: &Outcome) -> f64 {
        match self.kind {
            Kind::Frequency => self.error,
            _ => self.error + self.luck(outcome),
        }
    }

    /// How far what is shown is at least from what came to be, whatever more replicates may say: of shares by Wilson's interval, of
    /// all else by three standard errors, their squares `drawn` times as large.
    fn off_at_least(&self, outcome: &Outcome, shown: f64, drawn: f64) -> f64 {
        let runs = outcome.runs.max(1.0);
        let (low, high) = if self.kind == Kind::YesNo {
            let share = (shown * (runs + 1.0) - 0.5) / runs;
            let ends = wilson_share(share.clamp(0.0, 1.0), runs, BEYOND_DOUBT);
            (ends.low, ends.high)
        } else {
            let reach = DOUBT * (drawn * outcome.luck / runs).sqrt();
            (shown - reach, shown + reach)
        };
        (low - self.observed).max(self.observed - high).max(0.0)
    }

    /// Variance from one run to another.
    fn luck(&self, outcome: &Outcome) -> f64 {
        match self.kind {
            Kind::YesNo => {
                // A few runs that all say the same do not show that something is impossible.
                let end = 0.5 / (outcome.runs + 1.0);
                let mean = outcome.mean.clamp(end, 1.0 - end);
                mean * (1.0 - mean)
            }
            _ => outcome.luck,
        }
    }
}

/// A point that was tried.
#[derive(Clone, Debug, PartialEq)]
pub struct Tried {
    /// Where it is: each weight as a share of its prior, 0 to 1.
    pub at: Vec<f64>,
    /// What its runs say of each target; none if they failed.
    pub outcomes: Option<Vec<Outcome>>,
    /// Whether it was given up after a few replicates.
    pub stopped: bool,
}

/// How much work a calibration may cost, and its rules.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Budget {
    /// Points of a wave or generation.
    pub points: usize,
    /// Waves of history matching.
    pub waves: u32,
    /// Generations at most.
    pub generations: u32,
    /// Implausibility above which a point is ruled out.
    pub cutoff: f64,
    /// The master seed.
    pub seed: u64,
}

/// Whether a point needs no more replicates, by its number and what a few of them say.
pub type Hopeless<'a> = &'a dyn Fn(usize, &[Outcome]) -> bool;

/// Runs points. `batch` names what they are for: points of the same batch, place and coordinates give the same.
pub trait Simulator {
    /// Why it cannot.
    type Error;

    /// Gives what the runs at points say of each target. A point of which `hopeless` says so by its number and what a few
    /// replicates say needs no more of them.
    ///
    /// # Errors
    /// If they cannot be run, or the work is told to stop.
    fn run(
        &mut self,
        batch: &str,
        points: &[Vec<f64>],
        hopeless: Option<Hopeless<'_>>,
    ) -> Result<Vec<Tried>, Self::Error>;
}

/// So many standard errors of few replicates are beyond doubt, and the confidence of an interval that reaches as far.
const DOUBT: f64 = 3.0;
const BEYOND_DOUBT: f64 = 0.9973;

/// How far outcomes are from what came to be, for the tolerance.
#[derive(Clone, Debug, PartialEq)]
pub struct Distances<'a> {
    aims: &'a [Aim],
    /// What a distance of one is, by target.
    scales: Vec<f64>,
    /// How much each target counts; they sum to 1.
    shares: Vec<f64>,
}

impl<'a> Distances<'a> {
    /// With amounts on the scale of their spread over points of the prior.
    pub fn over(aims: &'a [Aim], prior: &[Tried]) -> Self {
        let scale = |(place, aim): (usize, &Aim)| match aim.kind {
            Kind::YesNo => 1.0,
            Kind::Frequency => aim.error.sqrt().max(1e-6),
            Kind::Amount => {
                let known: Vec<&Outcome> =
                    prior.iter().filter_map(|point| point.outcomes.as_ref().map(|outcomes| &outcomes[place])).collect();
                let n = known.len().max(1) as f64;
                let mean = known.iter().map(|outcome| outcome.mean).sum::<f64>() / n;
                let about = |outcome: &&Outcome| (outcome.mean - mean) * (outcome.mean - mean) + outcome.luck;
                (known.iter().map(about).sum::<f64>() / n + aim.error).sqrt().max(1e-6)
            }
        };
        let conflicts: std::collections::BTreeSet<usize> = aims.iter().map(|aim| aim.conflict).collect();
        let share = |aim: &Aim| {
            let all: f64 = aims.iter().filter(|other| other.conflict == aim.conflict).map(|other| other.share).sum();
            aim.share / all / conflicts.len() as f64
        };
        Self { aims, scales: aims.iter().enumerate().map(scale).collect(), shares: aims.iter().map(share).collect() }
    }

    /// What a world such as the model's would have shown: shares as they are, for they are scored; amounts and frequencies with
    /// the luck of one world and the error of what is known of it, by deviates of this point alone (Wilkinson 2013: without them
    /// the posterior would be that of a model without error).
    pub fn shown(&self, outcomes: &[Outcome], deviates: &[f64]) -> Vec<f64> {
        let of = |((aim, outcome), deviate): ((&Aim, &Outcome), &f64)| match aim.kind {
            Kind::YesNo => outcome.mean,
            _ => outcome.mean + aim.variance(outcome).sqrt() * deviate,
        };
        self.aims.iter().zip(outcomes).zip(deviates).map(of).collect()
    }

    /// The deviates of a point of a batch.
    pub fn deviates(&self, seed: u64, batch: &str, point: usize) -> Vec<f64> {
        let who = DrawKey::named("deviates", batch).child(point as u64);
        let mut draws = Source::new(seed, 0).sequence(Purpose::Calibration, who, 0);
        self.aims.iter().map(|_| normal(draws.uniform())).collect()
    }

    /// The mean over conflicts of the mean squared distance of what is shown from what came to be.
    pub fn squared(&self, shown: &[f64]) -> f64 {
        let parts = self.aims.iter().zip(shown).zip(self.scales.iter().zip(&self.shares));
        parts.map(|((aim, shown), (scale, share))| share * square((shown - aim.observed) / scale)).sum()
    }

    /// The least that the squared distance may come to be with more replicates: each mean as near to what came to be as three of
    /// its standard errors take it.
    pub fn least(&self, outcomes: &[Outcome], deviates: &[f64]) -> f64 {
        let shown = self.shown(outcomes, deviates);
        let parts = self.aims.iter().zip(outcomes).zip(deviates.iter().zip(&shown));
        let part = |(((aim, outcome), (deviate, shown)), (scale, share)): (_, (&f64, &f64))| {
            let (aim, outcome, deviate, shown): (&Aim, &Outcome, &f64, &f64) = (aim, outcome, deviate, shown);
            // Of what is drawn, the spread is known from few replicates too.
            let drawn = if aim.kind == Kind::Amount { 1.0 + 0.5 * deviate * deviate } else { 1.0 };
            share * square(aim.off_at_least(outcome, *shown, drawn) / scale)
        };
        parts.zip(self.scales.iter().zip(&self.shares)).map(part).sum()
    }

    /// How far the squared distance may be off because replicates are few: its standard deviation.
    pub fn noise(&self, outcomes: &[Outcome]) -> f64 {
        let parts = self.aims.iter().zip(outcomes).zip(self.scales.iter().zip(&self.shares));
        let part = |((aim, outcome), (scale, share)): ((&Aim, &Outcome), (&f64, &f64))| {
            let slope = 2.0 * share * (outcome.mean - aim.observed) / (scale * scale);
            slope * slope * aim.luck(outcome) / outcome.runs.max(1.0)
        };
        parts.map(part).sum::<f64>().sqrt()
    }

    /// What the distances are from.
    pub fn aims(&self) -> &[Aim] {
        self.aims
    }

    /// Shown values less what came to be in units of their scales, of the targets that a model can hit: amounts and frequencies.
    pub fn misses(&self, shown: &[f64]) -> Vec<f64> {
        let parts = self.aims.iter().zip(shown).zip(&self.scales);
        let hit = parts.filter(|((aim, _), _)| aim.kind != Kind::YesNo);
        hit.map(|((aim, shown), scale)| (shown - aim.observed) / scale).collect()
    }
}

/// How implausible outcomes make a point: of the standardised distances of the targets, the greatest but for one in twenty, which
/// chance alone may take past a cutoff of 3 (Pukelsheim 1994). `emulator` is the variance of what an emulator does not know
/// of each mean, or `None` for runs at the point itself, whose means are taken as near as three standard errors take them.
pub fn implausibility(aims: &[Aim], outcomes: &[Outcome], emulator: Option<&[f64]>) -> f64 {
    let mut all: Vec<f64> = aims
        .iter()
        .zip(outcomes)
        .enumerate()
        .map(|(place, (aim, outcome))| {
            let variance = aim.variance(outcome);
            match emulator {
                Some(unknown) => (outcome.mean - aim.observed).abs() / (variance + unknown[place]).sqrt().max(1e-9),
                None => aim.off_at_least(outcome, outcome.mean, 1.0) / variance.sqrt().max(1e-9),
            }
        })
        .collect();
    all.sort_by(|a, b| b.total_cmp(a));
    all.get(aims.len() / 20).copied().unwrap_or(0.0)
}

/// The log-odds of a share, in which the ends of a prior are infinitely far.
pub fn log_odds(share: f64) -> f64 {
    let share = share.clamp(1e-9, 1.0 - 1e-9);
    ln(share / (1.0 - share))
}
