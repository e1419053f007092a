//! What one would say without the model: that what stood at the start goes on, how often such things come to be, what the
//! amount has been before.

use super::answer::{Baseline, Forecast};
use crate::analysis::resample::{one_of, resamples};
use crate::base::Date;
use crate::base::maths::{ln_1p, pow};

/// How likely persistence holds what was so at the start, and what was not.
const PERSISTENT: [f64; 2] = [0.95, 0.05];
/// How many members the ensembles of baselines have.
const MEMBERS: u32 = 1000;

/// What baselines say of a yes or no: whether it was so at the start, and its base rate.
pub fn of_yes_no(at_start: bool, base_rate: Option<f64>, yes: bool) -> Vec<(Baseline, Forecast)> {
    let said = [
        (Baseline::Persistence, Some(PERSISTENT[usize::from(!at_start)])),
        (Baseline::BaseRate, base_rate),
        (Baseline::Even, Some(0.5)),
    ];
    said.into_iter().filter_map(|(baseline, p)| Some((baseline, Forecast::probability(p?, p?, yes)))).collect()
}

/// What baselines say of when something comes true, in weeks cut at `last`: at once or never, as at the start; or any time
/// at a constant rate that makes the base rate its probability until then.
pub fn of_date(at_start: bool, base_rate: Option<f64>, (observed, last): (f64, f64)) -> Vec<(Baseline, Forecast)> {
    let persistence = Forecast::ensemble(vec![if at_start { 0.0 } else { last }], observed);
    let rated = base_rate.and_then(|rate| {
        // The waiting time of a uniform u: the time t at which 1 − (1 − rate)^(t / last) is u.
        let weeks = |u: f64| if rate >= 1.0 { 0.0 } else { (last * ln_1p(-u) / ln_1p(-rate)).min(last) };
        let members = resamples("waiting times", 1, MEMBERS);
        Forecast::ensemble(
            members.map(|mut draws| if rate > 0.0 { weeks(draws.uniform()) } else { last }).collect(),
            observed,
        )
    });
    [(Baseline::Persistence, persistence), (Baseline::BaseRate, rated)]
        .into_iter()
        .filter_map(|(baseline, forecast)| Some((baseline, forecast?)))
        .collect()
}

/// What was of an amount before the start.
#[derive(Clone, Debug)]
pub struct Past {
    /// The amount at the start; of what is counted from the start on, that is 0.
    pub at_start: f64,
    /// Values by date, the earliest first.
    pub history: Option<Vec<(Date, f64)>>,
    /// Whether a value is what was counted from its day to that of the next, rather than what was so on its day.
    pub counted: bool,
    /// The least and the most that the amount can be.
    pub range: (f64, f64),
}

/// What baselines say of an amount so many days after the start: as much as at the start (of what is counted: as much as
/// in a time of that length before it, if there is a history), and a resampled history.
pub fn of_amount(past: &Past, days: f64, observed: f64) -> Vec<(Baseline, Forecast)> {
    let rows = past.history.as_ref().and_then(|history| Rows::new(history, past, days));
    let goes_on = if past.counted { rows.as_ref().and_then(Rows::last) } else { Some(past.at_start) };
    let persistence = goes_on.and_then(|amount| Forecast::ensemble(vec![amount], observed));
    let resampled = rows.and_then(|rows| Forecast::ensemble(rows.resampled(), observed));
    [(Baseline::Persistence, persistence), (Baseline::History, resampled)]
        .into_iter()
        .filter_map(|(baseline, forecast)| Some((baseline, forecast?)))
        .collect()
}

/// What is added up to an amount: what was counted between rows, or how much it changed between them.
struct Rows {
    /// What the sums are added to.
    from: f64,
    steps: Vec<f64>,
    /// How many steps there are until the moment; the last may be a part of one.
    length: f64,
    /// Whether steps are counts, so that sums of the last ones are an amount.
    counted: bool,
    /// The least and the most that the amount can be.
    range: (f64, f64),
}

impl Rows {
    fn new(history: &[(Date, f64)], &Past { counted, range, .. }: &Past, days: f64) -> Option<Self> {
        let (first, last) = (history.first()?, history.last()?);
        let apart = last.0.days_since(first.0) as f64 / (history.len() as f64 - 1.0);
        let steps: Vec<f64> = match counted {
            true => history.iter().map(|(_, value)| *value).collect(),
            false => history.windows(2).map(|pair| pair[1].1 - pair[0].1).collect(),
        };
        let from = if counted { 0.0 } else { last.1 };
        (apart > 0.0 && !steps.is_empty()).then_some(Self { from, steps, length: days / apart, counted, range })
    }

    /// The sum of steps from a place on, as many as reach to the moment.
    fn sum(&self, step: impl Fn(usize) -> f64) -> f64 {
        let whole = self.length.floor();
        let rest = self.length - whole;
        let sum: f64 = (0..whole as usize).map(&step).sum();
        if rest > 1e-9 { sum + rest * step(whole as usize) } else { sum }
    }

    /// As much as was counted in a time of that length until the start; of a shorter history, in proportion.
    fn last(&self) -> Option<f64> {
        let n = self.steps.len();
        if !self.counted {
            return None;
        }
        let reach = self.length.min(n as f64);
        let shorter = Self { from: 0.0, steps: Vec::new(), length: reach, ..*self };
        Some(shorter.sum(|back| self.steps[n - 1 - back.min(n - 1)]) * self.length / reach)
    }

    /// Amounts by the circular block bootstrap (Politis and Romano 1992): sums of blocks of steps, each from a random place on,
    /// as long as the cube root of the number of steps, which keeps most of what binds neighbours (Hall, Horowitz and Jing
    /// 1995).
    fn resampled(&self) -> Vec<f64> {
        let n = self.steps.len();
        let block = (pow(n as f64, 1.0 / 3.0).ceil() as usize).max(1);
        resamples("history", 1, MEMBERS)
            .map(|mut draws| {
                let needed = self.length.ceil() as usize;
                let starts: Vec<usize> = (0..needed.div_ceil(block)).map(|_| one_of(n, &mut draws)).collect();
                // No amount is beyond what it can be, whatever it changed by before.
                let sum = self.sum(|place| self.steps[(starts[place / block] + place % block) % n]);
                (self.from + sum).clamp(self.range.0, self.range.1)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn monthly(values: &[f64]) -> Vec<(Date, f64)> {
        let day = |month: usize| Date::new(2022, 1, 1).unwrap().plus_days(30 * month as i64);
        values.iter().enumerate().map(|(month, value)| (day(month), *value)).collect()
    }

    fn said(list: &[(Baseline, Forecast)], baseline: Baseline) -> Option<&Forecast> {
        list.iter().find(|(known, _)| *known == baseline).map(|(_, forecast)| forecast)
    }

    #[test]
    fn persistence_says_that_what_stood_goes_on() {
        let yes = of_yes_no(true, Some(0.2), true);
        let middle = |baseline| said(&yes, baseline).map(Forecast::middle);
        assert_eq!(middle(Baseline::Persistence), Some(0.95));
        assert_eq!((middle(Baseline::BaseRate), middle(Baseline::Even)), (Some(0.2), Some(0.5)));
        assert_eq!(of_yes_no(false, None, true).len(), 2, "no base rate, no baseline of it");
        let never = of_date(false, None, (30.0, 52.0));
        assert_eq!(said(&never, Baseline::Persistence).map(Forecast::middle), Some(52.0));
    }

    #[test]
    fn a_base_rate_is_the_share_that_comes_true_in_time() {
        let said = of_date(false, Some(0.75), (20.0, 52.0));
        let Some(Forecast::Ensemble { median, high, .. }) = self::said(&said, Baseline::BaseRate) else {
            panic!("{said:?}")
        };
        // Half of them by half of the time: 1 − 0.25^½ = ½.
        assert!((median - 26.0).abs() < 2.0, "{median}");
        assert!((high - 52.0).abs() < 1e-9, "a quarter never: {high}");
        for (rate, weeks) in [(0.0, 52.0), (1.0, 0.0)] {
            let sure = of_date(false, Some(rate), (20.0, 52.0));
            assert!((self::said(&sure, Baseline::BaseRate).unwrap().middle() - weeks).abs() < 1e-9);
        }
    }

    #[test]
    fn what_is_counted_is_added_up() {
        let past = Past {
            at_start: 0.0,
            history: Some(monthly(&[1.0, 2.0, 3.0, 4.0])),
            counted: true,
            range: (0.0, f64::INFINITY),
        };
        let forecasts = of_amount(&past, 75.0, 9.0);
        // Two and a half months back: 4 + 3 + half of 2.
        assert!((said(&forecasts, Baseline::Persistence).unwrap().middle() - 8.0).abs() < 1e-9);
        let long = of_amount(&past, 240.0, 9.0);
        assert!((said(&long, Baseline::Persistence).unwrap().middle() - 20.0).abs() < 1e-9, "twice the four months");
        let Some(Forecast::Ensemble { median, low, high, .. }) = said(&long, Baseline::History) else { panic!() };
        assert!(*low >= 8.0 && *high <= 32.0 && (median - 20.0).abs() < 2.0, "{low} {median} {high}");
        assert!(of_amount(&Past { history: None, ..past }, 75.0, 9.0).is_empty(), "nothing is known of before");
    }

    #[test]
    fn what_is_so_on_a_day_changes_from_its_last_value() {
        let steady =
            Past { at_start: 0.3, history: Some(monthly(&[0.1, 0.2, 0.3])), counted: false, range: (0.0, 1.0) };
        let forecasts = of_amount(&steady, 60.0, 0.5);
        assert!((said(&forecasts, Baseline::Persistence).unwrap().middle() - 0.3).abs() < 1e-9);
        let Some(Forecast::Ensemble { median, crps, .. }) = said(&forecasts, Baseline::History) else { panic!() };
        assert!((median - 0.5).abs() < 1e-9 && crps.abs() < 1e-9, "two months of a tenth each");
        // What can fall below nothing goes on falling.
        let falls = Past {
            at_start: -30.0,
            history: Some(monthly(&[0.0, -10.0, -20.0, -30.0])),
            counted: false,
            range: (f64::NEG_INFINITY, f64::INFINITY),
        };
        let history = of_amount(&falls, 60.0, -50.0);
        assert_eq!(said(&history, Baseline::History).map(Forecast::middle), Some(-50.0));
    }
}
