//! Days as Parquet counts them.

use crate::base::Date;

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
    fn days_survive_the_way_through_parquet() {
        let day = Date::parse("2000-03-01").unwrap();
        assert_eq!(days_since_1970(day), 11_017);
        assert_eq!(date_from_days(11_017), Some(day));
    }
}
