//! Which day a step falls on.

use crate::base::Date;
use serde::{Deserialize, Serialize};

/// The days of a scenario's steps.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calendar {
    /// The first day.
    pub start: Date,
    /// Days in a step.
    pub step_days: f64,
}

impl Calendar {
    /// The first day of a step.
    pub fn date_of(&self, step: u32) -> Date {
        self.start.plus_days((f64::from(step) * self.step_days) as i64)
    }

    /// How many weeks have passed at the start of a step.
    pub fn week_of(&self, step: u32) -> f64 {
        f64::from(step) * self.step_days / 7.0
    }
}

/// Days from 1 January 1970, the day from which Parquet counts, to a day.
pub(super) fn days_since_1970(day: Date) -> i32 {
    Date::new(1970, 1, 1).map_or(0, |first| day.days_since(first) as i32)
}

/// The day that lies so many days after 1 January 1970.
pub(super) fn date_from_days(days: i32) -> Option<Date> {
    Date::new(1970, 1, 1).ok().map(|first| first.plus_days(i64::from(days)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_fall_on_their_days_and_days_survive_the_way_through_parquet() {
        let calendar = Calendar { start: Date::parse("2023-01-23").unwrap(), step_days: 7.0 };
        assert_eq!(calendar.date_of(0).to_string(), "2023-01-23");
        assert_eq!(calendar.date_of(52).to_string(), "2024-01-22");
        let day = calendar.date_of(10);
        assert_eq!(date_from_days(days_since_1970(day)), Some(day));
        assert_eq!(days_since_1970(Date::parse("2000-03-01").unwrap()), 11_017);
    }
}
