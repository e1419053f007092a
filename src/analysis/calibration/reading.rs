//! What is read of each run for the targets of a scenario, and what many runs come to.

use super::problem::{Aim, Kind, Outcome};
use crate::measure::{Answer, Measure, Measures, RunRecord};
use crate::scenario::Scenario;
use crate::scenario::calibration::{Amount, Frequency, Target, What};
use std::sync::Arc;

/// How the targets of a scenario are read of its runs.
pub struct Reader {
    /// What is measured in the runs.
    pub measures: Arc<Measures>,
    readings: Vec<Reading>,
}

/// How one target is read.
#[derive(Clone, Debug, PartialEq)]
enum Reading {
    /// A yes or no, by the answer's place.
    Answer(usize),
    /// An amount: an answer, or a measure at the horizon by its place.
    Amount(What, Option<usize>),
    /// How often dyads change: of each pair of actors, the places of its years.
    Frequency(Frequency, Vec<Vec<usize>>),
}

impl Reader {
    /// A reader of a scenario's targets, in their order.
    pub fn of(scenario: &Scenario, targets: &[&Target]) -> Self {
        let measures = Arc::new(Measures::new(&scenario.setting, scenario.questions.clone()));
        let finals = &measures.layout().finals;
        let place = |measure: Measure| finals.iter().position(|column| column.measure == measure);
        let mut years: Vec<Vec<usize>> = Vec::new();
        for (place, column) in finals.iter().enumerate() {
            let Measure::ActiveInYear(pair, _) = column.measure else { continue };
            years.resize(years.len().max(pair + 1), Vec::new());
            years[pair].push(place);
        }
        let reading = |target: &&Target| match &target.what {
            What::Answer(answer, _) => Reading::Answer(*answer),
            What::Frequency { kind, .. } => Reading::Frequency(*kind, years.clone()),
            amount @ What::Amount { of, .. } => {
                let at = if let Amount::Final(measure) = of { place(*measure) } else { None };
                Reading::Amount(amount.clone(), at)
            }
        };
        let readings = targets.iter().map(reading).collect();
        Self { measures, readings }
    }

    /// A run with nothing in it but two numbers per target.
    pub fn read(&self, run: &RunRecord) -> RunRecord {
        let mut read = RunRecord { failure: run.failure.clone(), ..RunRecord::empty(run.replicate) };
        if read.failure.is_some() {
            return read;
        }
        for reading in &self.readings {
            let answer = |place: usize| run.answers.get(place).map_or(f64::NAN, |answer| answer.value);
            let pair = match reading {
                Reading::Answer(place) => [answer(*place), 1.0],
                Reading::Amount(What::Amount { of, unit, .. }, at) => {
                    let amount = match (of, at) {
                        (Amount::Answer(place), _) => answer(*place),
                        (_, Some(at)) => run.finals.get(*at).copied().unwrap_or(f64::NAN),
                        _ => f64::NAN,
                    };
                    [unit.scaled(amount), 1.0]
                }
                Reading::Amount(..) => [f64::NAN, 0.0],
                Reading::Frequency(kind, pairs) => changes(*kind, pairs, &run.finals),
            };
            read.answers.extend(pair.map(|value| Answer { value, step: None }));
        }
        read
    }

    /// Sums of no run.
    pub fn sums(&self) -> Vec<Sums> {
        vec![Sums::default(); self.readings.len()]
    }
}

/// Of all pairs and years: how many dyads changed, of how many that could.
fn changes(kind: Frequency, pairs: &[Vec<usize>], finals: &[f64]) -> [f64; 2] {
    let (mut so, mut of) = (0.0, 0.0);
    for years in pairs {
        let active =
            |year: usize| years.get(year).and_then(|place| finals.get(*place)).is_some_and(|value| *value > 0.5);
        let mut ever = false;
        for year in 1..years.len() {
            let (before, now) = (active(year - 1), active(year));
            let stopped = ever && !before;
            ever |= before;
            let counts = match kind {
                Frequency::StaysActive => before,
                Frequency::Returns => stopped,
                Frequency::Begins => !ever,
            };
            of += f64::from(u8::from(counts));
            so += f64::from(u8::from(counts && now));
        }
    }
    [so, of]
}

/// What runs come to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sums {
    runs: f64,
    first: f64,
    squares: f64,
    second: f64,
    second_squares: f64,
    products: f64,
}

impl Sums {
    /// Adds a run that was [read](Reader::read).
    pub fn add(sums: &mut [Self], run: &RunRecord) {
        for (sum, pair) in sums.iter_mut().zip(run.answers.as_chunks::<2>().0) {
            let [first, second] = pair.map(|answer| answer.value);
            sum.runs += 1.0;
            sum.first += first;
            sum.squares += first * first;
            sum.second += second;
            sum.second_squares += second * second;
            sum.products += first * second;
        }
    }

    /// What they say of a target of a kind; none without runs.
    pub fn outcome(&self, kind: Kind) -> Option<Outcome> {
        let runs = self.runs;
        let outcome = match kind {
            _ if runs < 1.0 => return None,
            Kind::YesNo => {
                let mean = (self.first + 0.5) / (runs + 1.0);
                Outcome { mean, luck: mean * (1.0 - mean), runs }
            }
            Kind::Amount => {
                let mean = self.first / runs;
                let luck = (self.squares - runs * mean * mean).max(0.0) / (runs - 1.0).max(1.0);
                Outcome { mean, luck, runs }
            }
            // Where nothing could change, half a case says that anything may be. Cases of one run are not independent, so the
            // variance is that of a ratio over runs, and that of single cases at least.
            Kind::Frequency => {
                let mean = (self.first + 0.5) / (self.second + 1.0);
                let of_cases = mean * (1.0 - mean) / (self.second + 1.0);
                let misses = self.squares - 2.0 * mean * self.products + mean * mean * self.second_squares;
                let of_runs =
                    misses.max(0.0) / ((self.second + 1.0) * (self.second + 1.0)) * runs / (runs - 1.0).max(1.0);
                Outcome { mean, luck: of_cases.max(of_runs) * runs, runs }
            }
        };
        outcome.mean.is_finite().then_some(outcome)
    }
}

impl Aim {
    /// What a target asks for. `discrepancy` is the standard deviation of the model's error at its best, as a share of an amount.
    pub fn of(target: &Target, conflict: usize, discrepancy: f64) -> Self {
        let (kind, observed, error) = match &target.what {
            What::Answer(_, yes) => (Kind::YesNo, f64::from(u8::from(*yes)), 0.0),
            What::Amount { unit, observed, error, .. } => {
                let scaled = unit.scaled(*observed);
                // A share of an amount is a difference of its logarithm.
                let off = unit.scaled(observed * (1.0 + discrepancy)) - scaled;
                (Kind::Amount, scaled, error * error + off * off)
            }
            What::Frequency { observed, error, .. } => (Kind::Frequency, *observed, error * error),
        };
        Self { conflict, share: target.share, kind, observed, error }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frequencies_of_runs_vary_by_runs_and_not_by_cases() {
        // Ten cases a run, which all change or all stay.
        let sums = |whole: bool| {
            let mut sums = [Sums::default()];
            for run in 0..100 {
                let changed = if whole { f64::from(run % 2) * 10.0 } else { 5.0 };
                let answers = [changed, 10.0].map(|value| Answer { value, step: None });
                Sums::add(&mut sums, &RunRecord { answers: answers.to_vec(), ..RunRecord::empty(run as u64) });
            }
            sums[0].outcome(Kind::Frequency).unwrap()
        };
        let (alike, mixed) = (sums(true), sums(false));
        assert!((alike.luck / alike.runs - 0.25 / 100.0).abs() < 1e-4, "{}", alike.luck / alike.runs);
        assert!((mixed.luck / mixed.runs - 0.25 / 1000.0).abs() < 1e-5, "{}", mixed.luck / mixed.runs);
    }

    #[test]
    fn changes_of_dyads_are_counted_as_they_are_defined() {
        // Two pairs over four years: active, active, quiet, active; and never, never, active, quiet.
        let finals = [1.0, 1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0];
        let pairs = [vec![0, 1, 2, 3], vec![4, 5, 6, 7]];
        let of = |kind| changes(kind, &pairs, &finals).map(|number| number as u32);
        assert_eq!(of(Frequency::StaysActive), [1, 3]);
        assert_eq!(of(Frequency::Returns), [1, 1]);
        assert_eq!(of(Frequency::Begins), [1, 2]);
    }

    #[test]
    fn sums_say_what_runs_do() {
        let mut sums = [Sums::default()];
        for value in [1.0, 0.0, 1.0, 1.0] {
            let answers = [value, 1.0].map(|value| Answer { value, step: None }).to_vec();
            Sums::add(&mut sums, &RunRecord { answers, ..RunRecord::empty(0) });
        }
        let share = sums[0].outcome(Kind::YesNo).unwrap_or_else(|| panic!("four runs"));
        assert!((share.mean - 0.7).abs() < 1e-12);
        let amount = sums[0].outcome(Kind::Amount).unwrap_or_else(|| panic!("four runs"));
        assert!((amount.mean - 0.75).abs() < 1e-12 && (amount.luck - 0.25).abs() < 1e-12);
        assert_eq!(Sums::default().outcome(Kind::Amount), None);
    }
}
