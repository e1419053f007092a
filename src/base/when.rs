//! Days in words.

use super::Date;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A day as people write it: 23 January 2023.
pub fn day(date: Date) -> String {
    let (year, month, day) = date.parts();
    let month = usize::try_from(month).ok().and_then(|month| MONTHS.get(month.checked_sub(1)?)).unwrap_or(&"");
    format!("{day} {month} {year}")
}

/// The month of a day: January 2023.
pub fn month(date: Date) -> String {
    day(date).split_once(' ').map(|(_, rest)| rest.to_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_read_as_people_write_them() {
        assert_eq!(day(Date::parse("2023-01-23").unwrap()), "23 January 2023");
        assert_eq!(month(Date::parse("2023-01-23").unwrap()), "January 2023");
    }
}
