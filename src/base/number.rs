//! How numbers are written for people: the same digits, thousands separator and minus sign in text, pages and charts.

/// Of what kind a number is, which decides how it is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// A share of one: 0.25 as 25%.
    Percent,
    /// Anything else: 12,000 as 12,000, and ten million or more in millions.
    #[default]
    Count,
}

impl Format {
    /// A value as text, with as many digits as can be read at a glance.
    pub fn write(self, value: f64) -> String {
        match self {
            Self::Percent => percent(value),
            Self::Count => count(value),
        }
    }

    /// A value with its sign, where it has one: "+3%", "−1,200"; of shares in percentage points, without the unit.
    pub fn signed(self, value: f64) -> String {
        match self {
            Self::Percent => points(value),
            Self::Count => sign(value, &count(value.abs())),
        }
    }

    /// A value rounded to what an interval around it supports.
    pub fn rounded(self, value: f64, low: f64, high: f64) -> String {
        self.step([value, low, high]).write(value)
    }

    /// An interval, rounded to what it supports: "10 to 14%", "330,000 to 350,000"; one number where both ends read the
    /// same.
    pub fn interval(self, low: f64, high: f64) -> String {
        self.step([low, low, high]).interval(low, high)
    }

    /// An amount of runs, rounded to what the range of runs supports; what is small beside the range keeps a digit of its own.
    pub fn of_runs(self, value: f64, low: f64, high: f64) -> String {
        self.step([value, low, high]).keeping(value).write(value)
    }

    /// The middle of a range of runs, and the range, in which what is small beside it keeps a digit of its own: "2,000" and
    /// "300 to 8,000".
    pub fn range(self, middle: f64, low: f64, high: f64) -> (String, String) {
        let [low_end, high_end] = [low, high].map(|end| self.of_runs(end, low, high));
        (self.of_runs(middle, low, high), from_to(low_end, high_end))
    }

    /// A value with an interval, both rounded to what the interval supports: "12% (10 to 14%)".
    pub fn estimate(self, value: f64, low: f64, high: f64) -> String {
        let step = self.step([value, low, high]);
        format!("{} ({})", step.write(value), step.interval(low, high))
    }

    fn step(self, [value, low, high]: [f64; 3]) -> Rounding {
        let half = (high - low) / 2.0;
        match self {
            Self::Percent if half < 0.01 => Rounding::Tenths,
            Self::Percent => Rounding::Percent,
            Self::Count if half.is_finite() && half > 0.0 => {
                let step = supported(half);
                // Of hundreds, no decimals make sense.
                let large = [value, low, high].iter().any(|number| number.abs() >= 99.5);
                let whole = [value, low, high].iter().all(|number| (number - number.round()).abs() < 1e-9) || large;
                Rounding::Of(if whole { step.max(1.0) } else { step })
            }
            Self::Count => Rounding::Free,
        }
    }
}

/// To what a number is rounded.
#[derive(Clone, Copy)]
enum Rounding {
    /// Shares, to whole percents, and to tenths near the ends.
    Percent,
    /// Shares, to tenths of a percent.
    Tenths,
    /// To multiples of a power of ten.
    Of(f64),
    /// As [`count`].
    Free,
}

impl Rounding {
    /// The same, but so fine that a value keeps a digit.
    fn keeping(self, value: f64) -> Self {
        match self {
            Self::Of(step) if value.is_finite() && value.abs() > 0.0 => {
                let (mut step, whole) = (step, (value - value.round()).abs() < 1e-9);
                while step > value.abs() && step > 1e-9 && !(whole && step <= 1.0) {
                    step /= 10.0;
                }
                Self::Of(step)
            }
            other => other,
        }
    }

    fn write(self, value: f64) -> String {
        match self {
            Self::Percent => percent(value),
            Self::Tenths => tenths(value),
            Self::Of(step) => {
                let value = (value / step).round() * step;
                if step >= 1.0 || !value.is_finite() {
                    return count(value);
                }
                grouped(value, (1..9).find(|decimals| step * power(*decimals) > 0.999).unwrap_or(9))
            }
            Self::Free => count(value),
        }
    }

    fn interval(self, low: f64, high: f64) -> String {
        from_to(self.write(low), self.write(high))
    }
}

/// Two written ends as an interval: "10 to 14%"; one number where both read the same.
fn from_to(low: String, high: String) -> String {
    if low == high {
        return low;
    }
    let low = if high.ends_with('%') { low.trim_end_matches('%') } else { &low };
    format!("{low} to {high}")
}

/// The power of ten to which an estimate is rounded that is uncertain by `half`: one digit of the uncertainty is kept, two
/// if it begins with less than 3.55 (the rule of the Particle Data Group).
pub fn supported(half: f64) -> f64 {
    let mut step = 1.0;
    while step * 10.0 <= half && step < 1e15 {
        step *= 10.0;
    }
    while step > half && step > 1e-9 {
        step /= 10.0;
    }
    if half / step < 3.55 { step / 10.0 } else { step }
}

/// Ten to the power of a small whole number.
fn power(exponent: usize) -> f64 {
    (0..exponent).fold(1.0, |power, _| power * 10.0)
}

/// A share as a percentage: whole, with a tenth below 1% and above 99%, and never "0%" or "100%" for what is neither.
pub fn percent(share: f64) -> String {
    let near_an_end = (share > 0.0 && share < 0.0095) || (share > 0.9905 && share < 1.0);
    if near_an_end { tenths(share) } else { hundredths(share, 0) }
}

/// A share as a percentage with a tenth, for those that many runs tell apart: "12.3%", "<0.1%", "100%".
pub fn tenths(share: f64) -> String {
    if share > 0.0 && share < 0.0005 {
        "<0.1%".to_owned()
    } else if (0.9995..1.0).contains(&share) {
        ">99.9%".to_owned()
    } else {
        // A fall that is too small to be seen is none.
        let whole = (-0.0005..1e-12).contains(&share) || (share - 1.0).abs() < 1e-12;
        hundredths(share, usize::from(!whole))
    }
}

fn hundredths(share: f64, decimals: usize) -> String {
    // What is no share must still fit its place.
    if !share.is_finite() {
        "–".to_owned()
    } else if share.abs() >= 10.0 {
        format!("{}>999%", if share < 0.0 { "−" } else { "" })
    } else {
        format!("{}%", grouped(share * 100.0, decimals))
    }
}

/// A difference of shares in percentage points, with its sign: "+1.5", "−12", "0".
pub fn points(difference: f64) -> String {
    let points = difference.abs() * 100.0;
    let decimals = if points < 0.195 { 2 } else { 1 };
    sign(difference, &grouped(points, if points > 0.0 { decimals } else { 0 }))
}

/// A size with the sign of a value before it; without where it is rounded to nothing.
pub fn sign(value: f64, size: &str) -> String {
    match value {
        _ if !size.contains(|digit: char| ('1'..='9').contains(&digit)) => size.to_owned(),
        value if value > 0.0 => format!("+{size}"),
        value if value < 0.0 => format!("−{size}"),
        _ => size.to_owned(),
    }
}

/// A number with separated thousands; from ten million on in millions; below ten with decimals, if it has any.
pub fn count(value: f64) -> String {
    let size = value.abs();
    if !value.is_finite() {
        "–".to_owned()
    } else if size >= 1e15 {
        format!("{value:.1e}").replace('-', "−")
    } else if size >= 1e7 {
        let millions = grouped(value / 1e6, 2);
        format!("{} million", millions.trim_end_matches('0').trim_end_matches('.'))
    } else if size < 10.0 && (value - value.round()).abs() > 1e-9 {
        grouped(value, if size < 1.0 { 2 } else { 1 })
    } else {
        grouped(value, 0)
    }
}

/// A number with so many decimals, thousands separated by commas and a true minus sign. What lies in the middle of two is
/// rounded away from 0, as pages round it.
pub fn grouped(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let size = value.abs();
    // Only odd multiples of such a power of two can lie exactly in the middle, and formatting takes the even one of the two.
    let halves = size * (0..=decimals).fold(1.0, |power, _| power * 2.0);
    let in_the_middle = (halves % 2.0 - 1.0).abs() <= 0.0;
    let plain = format!("{:.decimals$}", if in_the_middle { size.next_up() } else { size });
    let (whole, rest) = plain.split_at(plain.find('.').unwrap_or(plain.len()));
    let mut written = String::new();
    if value < 0.0 && plain.contains(|digit: char| ('1'..='9').contains(&digit)) {
        written.push('−');
    }
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            written.push(',');
        }
        written.push(digit);
    }
    written + rest
}

/// A number as somebody wrote it: with an exponent where it would take more than fifteen digits.
pub fn brief(value: f64) -> String {
    let size = value.abs();
    let short = size <= 0.0 || !size.is_finite() || (1e-9..1e15).contains(&size);
    if short { value.to_string() } else { format!("{value:e}") }
}

/// A number of things: "1 variant", "3 variants", "1,000 variants".
pub fn several(number: usize, thing: &str) -> String {
    format!("{} {thing}{}", count(number as f64), if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_have_the_digits_that_tell_something() {
        for (share, words) in [
            (0.0, "0%"),
            (0.0002, "<0.1%"),
            (0.004, "0.4%"),
            (0.0098, "1%"),
            (0.123, "12%"),
            (0.105, "11%"),
            (0.115, "12%"),
            (0.99, "99%"),
            (0.996, "99.6%"),
            (0.9999, ">99.9%"),
            (1.0, "100%"),
            (-0.12, "−12%"),
            (-0.0002, "0%"),
            (12.0, ">999%"),
            (f64::NAN, "–"),
        ] {
            assert_eq!(percent(share), words, "{share}");
        }
        assert_eq!(points(0.015), "+1.5");
        assert_eq!(points(-0.12), "−12.0");
        assert_eq!(points(0.0005), "+0.05");
        assert_eq!(points(0.0), "0");
        assert_eq!(sign(-0.001, &count(0.001)), "0.00");
    }

    #[test]
    fn numbers_have_separated_thousands_and_a_true_minus() {
        for (value, words) in [
            (1_234_567.4, "1,234,567"),
            (-1500.0, "−1,500"),
            (-0.2, "−0.20"),
            (-0.001, "0.00"),
            (3.25, "3.3"),
            (3.35, "3.4"),
            (3.45, "3.5"),
            (10.5, "11"),
            (-11.5, "−12"),
            (0.125, "0.13"),
            (12.0, "12"),
            (12_345_678.0, "12.35 million"),
            (30_000_000.0, "30 million"),
            (f64::INFINITY, "–"),
        ] {
            assert_eq!(count(value), words, "{value}");
        }
    }

    #[test]
    fn numbers_are_rounded_to_what_their_interval_supports() {
        assert_eq!(Format::Count.estimate(337_412.0, 331_377.0, 343_900.0), "337,000 (331,000 to 344,000)");
        assert_eq!(Format::Count.estimate(337_412.0, 120_377.0, 563_900.0), "340,000 (120,000 to 560,000)");
        assert_eq!(Format::Count.estimate(43.0, 42.0, 44.0), "43 (42 to 44)");
        assert_eq!(Format::Count.estimate(537.8, 536.9, 538.5), "538 (537 to 539)");
        assert_eq!(Format::Count.estimate(1.234, 1.1, 1.4), "1.23 (1.10 to 1.40)");
        assert_eq!(Format::Count.estimate(5.0, 5.0, 5.0), "5 (5)");
        assert_eq!(Format::Percent.estimate(0.123, 0.104, 0.144), "12% (10 to 14%)");
        assert_eq!(Format::Percent.estimate(0.123, 0.118, 0.128), "12.3% (11.8 to 12.8%)");
        assert_eq!(Format::Percent.estimate(0.005, 0.001, 0.03), "0.5% (0.1 to 3%)");
        assert_eq!(Format::Percent.interval(0.0, 0.0038), "0 to 0.4%");
        assert_eq!(Format::Percent.estimate(0.0002, -0.0001, 0.0003), "<0.1% (0 to <0.1%)");
    }

    #[test]
    fn ends_of_ranges_of_runs_keep_a_digit_of_their_own() {
        for (middle, low, high, told, range) in [
            (1_846.0, 341.0, 8_212.0, "2,000", "300 to 8,000"),
            (9.0, 4.0, 8_212.0, "9", "4 to 8,000"),
            (337_412.0, 331_377.0, 343_900.0, "337,000", "331,000 to 344,000"),
            (0.0, 0.0, 8_212.0, "0", "0 to 8,000"),
            (5.0, 5.0, 5.0, "5", "5"),
            (-20.0, -941.0, 8_212.0, "−20", "−900 to 8,000"),
        ] {
            assert_eq!(Format::Count.range(middle, low, high), (told.into(), range.into()));
        }
        assert_eq!(Format::Percent.range(0.3, 0.104, 0.5), ("30%".into(), "10 to 50%".into()));
    }
}
