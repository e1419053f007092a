//! When the steps of a run begin and end.
//!
//! Steps have one length; the last is cut at the horizon. A moment is a boundary between steps: moment 0 is the start,
//! moment `n` the end of step `n - 1`, the last one the horizon. What falls between two moments is read off at the later
//! one, whatever asks for it: a question, the end of a year, an event.

use super::date::{DAYS_IN_A_YEAR, Date, Duration};

const DAYS_IN_A_WEEK: f64 = 7.0;
/// Weeks in a year.
pub const WEEKS_IN_A_YEAR: f64 = DAYS_IN_A_YEAR / DAYS_IN_A_WEEK;

/// The days of a run's steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calendar {
    start: Date,
    days: u32,
    step_days: u32,
}

impl Calendar {
    /// Steps of a length from a day to another that is not earlier. A step has at least one day.
    pub fn new(start: Date, end: Date, step: Duration) -> Self {
        Self { start, days: end.days_since(start).max(0) as u32, step_days: (step.days() as u32).max(1) }
    }

    /// The first day.
    pub fn start(&self) -> Date {
        self.start
    }

    /// The day of the horizon.
    pub fn end(&self) -> Date {
        self.date_of(self.steps())
    }

    /// How many steps there are, and so the number of the last moment.
    pub fn steps(&self) -> u32 {
        self.days.div_ceil(self.step_days)
    }

    /// Days in every step but the last.
    pub fn step_days(&self) -> u32 {
        self.step_days
    }

    fn days_until(&self, moment: u32) -> u32 {
        moment.saturating_mul(self.step_days).min(self.days)
    }

    /// The day of a moment, which is the first day of the step of the same number.
    pub fn date_of(&self, moment: u32) -> Date {
        self.start.plus_days(i64::from(self.days_until(moment)))
    }

    /// How many weeks have passed at a moment.
    pub fn week_of(&self, moment: u32) -> f64 {
        f64::from(self.days_until(moment)) / DAYS_IN_A_WEEK
    }

    /// The length of every step but the last, in weeks.
    pub fn step_weeks(&self) -> f64 {
        f64::from(self.step_days) / DAYS_IN_A_WEEK
    }

    /// The length of a step in weeks; 0 past the horizon.
    pub fn weeks_in(&self, step: u32) -> f64 {
        f64::from(self.days_until(step.saturating_add(1)) - self.days_until(step)) / DAYS_IN_A_WEEK
    }

    /// The first moment that is not before a day; the horizon for a day past it, the start for one before.
    pub fn moment_of(&self, date: Date) -> u32 {
        let days = date.days_since(self.start).clamp(0, i64::from(self.days));
        (days as u32).div_ceil(self.step_days)
    }

    /// The moment of a duration after the start; none past the horizon.
    pub fn moment_after(&self, duration: Duration) -> Option<u32> {
        self.start.plus(duration).ok().filter(|date| *date <= self.end()).map(|date| self.moment_of(date))
    }

    /// The first step that does not begin before a day, or the last step: in it an event of that day takes place. None past
    /// the horizon.
    pub fn step_of(&self, date: Date) -> Option<u32> {
        (date <= self.end()).then(|| self.step_of_day(date.days_since(self.start).max(0) as u32))
    }

    /// The same of a day by its number from 0 on; for one past the horizon, the step that it would be of were there more.
    pub fn step_of_day(&self, day: u32) -> u32 {
        let step = day.div_ceil(self.step_days);
        if day <= self.days { step.min(self.steps().saturating_sub(1)) } else { step }
    }

    /// The days that are of steps before one: as many from day 0 on.
    pub fn days_before_step(&self, step: u32) -> u32 {
        if step == 0 {
            return 0;
        }
        if step >= self.steps() {
            return self.days + 1;
        }
        (step - 1).saturating_mul(self.step_days) + 1
    }

    /// How many steps so many weeks take, at least one.
    pub fn steps_for_weeks(&self, weeks: f64) -> u32 {
        ((weeks * DAYS_IN_A_WEEK / f64::from(self.step_days)).ceil() as u32).max(1)
    }

    /// How many steps there are from a review of what is slow to the next: four weeks, or one step if that is longer.
    pub fn steps_between_reviews(&self) -> u32 {
        /// Weeks between reviews.
        const WEEKS: f64 = 4.0;
        (WEEKS / self.step_weeks()).round().max(1.0) as u32
    }

    /// How many times from one review to the next a number of weeks is, and how much of that has passed at a moment since the
    /// last review before it.
    pub fn in_reviews(&self, weeks: f64, moment: u32) -> (f64, f64) {
        let every = self.steps_between_reviews();
        let whole = f64::from(every) * self.step_weeks();
        let review = moment.saturating_sub(1) / every * every;
        (weeks / whole, (self.week_of(moment) - self.week_of(review)) / whole)
    }

    /// How many steps a duration takes, at least one.
    pub fn steps_in(&self, duration: Duration) -> u32 {
        ((duration.days() / f64::from(self.step_days)).ceil() as u32).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn calendar(start: &str, horizon: &str, step: &str) -> Calendar {
        let start = Date::parse(start).unwrap();
        let end = start.plus(Duration::parse(horizon).unwrap()).unwrap();
        Calendar::new(start, end, Duration::parse(step).unwrap())
    }

    #[test]
    fn whole_steps_end_with_the_horizon() {
        let calendar = calendar("2023-01-23", "52 weeks", "1 week");
        assert_eq!(calendar.steps(), 52);
        assert_eq!(calendar.end().to_string(), "2024-01-22");
        assert_eq!(calendar.weeks_in(51).to_bits(), 1f64.to_bits());
    }

    #[test]
    fn the_last_step_is_cut_at_the_horizon() {
        let calendar = calendar("2024-01-01", "1 year", "1 week");
        assert_eq!(calendar.steps(), 53);
        assert_eq!(calendar.date_of(52).to_string(), "2024-12-30");
        assert_eq!(calendar.date_of(53).to_string(), "2025-01-01");
        assert_eq!(calendar.weeks_in(52).to_bits(), (2.0f64 / 7.0).to_bits());
        assert_eq!(calendar.week_of(53).to_bits(), (366.0f64 / 7.0).to_bits());
    }

    #[test]
    fn an_event_of_the_last_days_takes_place_in_the_last_step() {
        let calendar = calendar("2024-01-01", "1 year", "1 week");
        let step = |date: &str| calendar.step_of(Date::parse(date).unwrap());
        assert_eq!([step("2024-01-01"), step("2024-01-02"), step("2024-12-30")], [Some(0), Some(1), Some(52)]);
        assert_eq!([step("2024-12-31"), step("2025-01-01"), step("2025-01-02")], [Some(52), Some(52), None]);
    }

    proptest! {
        #[test]
        fn a_day_is_read_off_at_the_first_moment_not_before_it(days in 1u32..2000, step in 1u32..=28, day in 0u32..2000) {
            let calendar = calendar("2023-01-31", &format!("{days} days"), &format!("{step} days"));
            let date = calendar.start().plus_days(i64::from(day.min(days)));
            let moment = calendar.moment_of(date);
            prop_assert!(date <= calendar.date_of(moment));
            prop_assert!(moment == 0 || calendar.date_of(moment - 1) < date);
        }

        #[test]
        fn the_horizon_its_duration_and_its_day_are_one_moment(months in 1u32..60, step in 1u32..=28) {
            let horizon = format!("{months} months");
            let calendar = calendar("2023-01-31", &horizon, &format!("{step} days"));
            prop_assert_eq!(calendar.moment_of(calendar.end()), calendar.steps());
            prop_assert_eq!(calendar.moment_after(Duration::parse(&horizon).unwrap()), Some(calendar.steps()));
        }

        #[test]
        fn steps_add_up_to_the_horizon(days in 1u32..2000, step in 1u32..=28) {
            let calendar = calendar("2023-01-31", &format!("{days} days"), &format!("{step} days"));
            let weeks: f64 = (0..calendar.steps()).map(|step| calendar.weeks_in(step)).sum();
            prop_assert!((weeks - calendar.week_of(calendar.steps())).abs() < 1e-9);
            prop_assert!((0..calendar.steps()).all(|step| calendar.weeks_in(step) > 0.0));
            prop_assert!(calendar.weeks_in(calendar.steps()).abs() == 0.0);
        }
    }
}
