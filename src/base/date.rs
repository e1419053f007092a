//! Dates and durations as people write them: `2023-01-23`, `"2 years"`, `"6 months"`.

use jiff::{Span, ToSpan};
use std::fmt;

/// Days in a year.
pub const DAYS_IN_A_YEAR: f64 = 365.25;

/// A calendar day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(jiff::civil::Date);

impl Date {
    /// A day from its year, month and day of the month.
    ///
    /// # Errors
    /// If there is no such day.
    pub fn new(year: i16, month: i8, day: i8) -> Result<Self, String> {
        jiff::civil::Date::new(year, month, day)
            .map(Self)
            .map_err(|_| format!("there is no day {year:04}-{month:02}-{day:02}"))
    }

    /// Reads `2023-01-23`.
    ///
    /// # Errors
    /// If the text is not a day of the calendar.
    pub fn parse(text: &str) -> Result<Self, String> {
        text.trim().parse().map(Self).map_err(|_| format!("`{text}` is not a date such as 2023-01-23"))
    }

    /// The day that lies a duration later, by the calendar: a month after 31 January is the last day of February.
    ///
    /// # Errors
    /// If that is past the end of the calendar (year 9999).
    pub fn plus(self, duration: Duration) -> Result<Self, String> {
        self.0.checked_add(duration.span()).map(Self).map_err(|_| format!("{self} plus {duration} is past year 9999"))
    }

    /// The day that lies a duration earlier, by the calendar.
    ///
    /// # Errors
    /// If that is before the beginning of the calendar (year -9999).
    pub fn minus(self, duration: Duration) -> Result<Self, String> {
        let before = self.0.checked_sub(duration.span()).map(Self);
        before.map_err(|_| format!("{self} minus {duration} is before year -9999"))
    }

    /// Days from 1 January 1970, from which Parquet counts, to this day.
    pub fn days_since_1970(self) -> i32 {
        Self::new(1970, 1, 1).map_or(0, |first| self.days_since(first) as i32)
    }

    /// The day so many days after 1 January 1970.
    pub fn from_days_since_1970(days: i32) -> Option<Self> {
        Self::new(1970, 1, 1).ok().map(|first| first.plus_days(i64::from(days)))
    }

    /// The day that lies a number of days later (or earlier, when negative), held within the calendar.
    pub fn plus_days(self, days: i64) -> Self {
        Self(self.0.saturating_add(days.days()))
    }

    /// Days from `earlier` to this day.
    pub fn days_since(self, earlier: Self) -> i64 {
        i64::from((self.0 - earlier.0).get_days())
    }

    /// Year, month (1 to 12) and day of the month.
    pub fn parts(self) -> (i16, i8, i8) {
        (self.0.year(), self.0.month(), self.0.day())
    }
}

impl fmt::Display for Date {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

/// A length of time in a unit that people use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duration {
    /// How many of the unit.
    pub count: u32,
    /// The unit.
    pub unit: DurationUnit,
}

/// The unit of a [`Duration`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DurationUnit {
    /// 24 hours.
    Day,
    /// Seven days.
    Week,
    /// A calendar month when added to a date; 30.4375 days as a length.
    Month,
    /// Twelve months.
    Year,
}

impl Duration {
    /// Reads `"2 years"`, `"1 week"`, `"18 months"`, `"90 days"`.
    ///
    /// # Errors
    /// If the text is not a whole number and one of those units.
    pub fn parse(text: &str) -> Result<Self, String> {
        let expected =
            || format!("`{text}` is not a duration such as \"2 years\", \"6 months\", \"1 week\" or \"10 days\"");
        let trimmed = text.trim();
        let split = trimmed.find(|c: char| !c.is_ascii_digit()).ok_or_else(expected)?;
        let count = trimmed[..split].parse().map_err(|_| expected())?;
        let unit = match trimmed[split..].trim() {
            "day" | "days" => DurationUnit::Day,
            "week" | "weeks" => DurationUnit::Week,
            "month" | "months" => DurationUnit::Month,
            "year" | "years" => DurationUnit::Year,
            _ => return Err(expected()),
        };
        Ok(Self { count, unit })
    }

    /// The length in days; months and years by their mean (a year is 365.25 days).
    pub fn days(self) -> f64 {
        f64::from(self.count)
            * match self.unit {
                DurationUnit::Day => 1.0,
                DurationUnit::Week => 7.0,
                DurationUnit::Month => 30.4375,
                DurationUnit::Year => DAYS_IN_A_YEAR,
            }
    }

    /// The length in weeks.
    pub fn weeks(self) -> f64 {
        self.days() / 7.0
    }

    fn span(self) -> Span {
        let count = i64::from(self.count);
        let span = match self.unit {
            DurationUnit::Day => Span::new().try_days(count),
            DurationUnit::Week => Span::new().try_weeks(count),
            DurationUnit::Month => Span::new().try_months(count),
            DurationUnit::Year => Span::new().try_years(count),
        };
        // Past what the calendar can hold; adding it to a date then says so.
        span.unwrap_or_else(|_| Span::new().years(19_998))
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            DurationUnit::Day => "day",
            DurationUnit::Week => "week",
            DurationUnit::Month => "month",
            DurationUnit::Year => "year",
        };
        write!(out, "{} {unit}{}", self.count, if self.count == 1 { "" } else { "s" })
    }
}

macro_rules! written_as_text {
    ($name:ident, $pattern:literal, $about:literal) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "pattern": $pattern, "description": $about })
            }
        }
    };
}

pub(crate) use written_as_text;

written_as_text!(Date, r"^\d{4}-\d{2}-\d{2}$", "A date such as 2023-01-23.");
written_as_text!(Duration, r"^\d+ *(day|week|month|year)s?$", "A duration such as \"2 years\" or \"6 months\".");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_survive_being_counted() {
        let day = Date::parse("2000-03-01").unwrap();
        assert_eq!(day.days_since_1970(), 11_017);
        assert_eq!(Date::from_days_since_1970(11_017), Some(day));
    }

    #[test]
    fn durations_read_and_print() {
        for text in ["1 week", "2 years", "18 months", "90 days"] {
            assert_eq!(Duration::parse(text).unwrap().to_string(), text);
        }
        for text in ["", "weeks", "-1 week", "1.5 years", "3 fortnights", "99999999999 days"] {
            assert!(Duration::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_month_after_the_end_of_january_is_the_end_of_february() {
        let day = Date::parse("2023-01-31").unwrap();
        assert_eq!(day.plus(Duration::parse("1 month").unwrap()).unwrap().to_string(), "2023-02-28");
        assert!(day.plus(Duration::parse("4000000000 years").unwrap()).is_err());
    }
}
