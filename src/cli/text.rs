//! Text for people: lines as wide as a terminal, tables with their numbers in columns.

/// Width of what is printed, in letters.
pub const WIDTH: usize = 100;

/// A line of a table: words at the left, wrapped, and three columns of numbers at the right.
pub fn line(words: &str, numbers: &str) -> String {
    let room = WIDTH - 2 - numbers.chars().count() - 2;
    let wrapped = wrap(words, room);
    let mut text = String::new();
    for (place, part) in wrapped.iter().enumerate() {
        let last = place + 1 == wrapped.len();
        let indent = if place == 0 { "  " } else { "    " };
        if last {
            let gap = WIDTH.saturating_sub(indent.len() + part.chars().count() + numbers.chars().count());
            text.push_str(&format!("{indent}{part}{}{numbers}\n", " ".repeat(gap)));
        } else {
            text.push_str(&format!("{indent}{part}\n"));
        }
    }
    text
}

/// Breaks words into lines of at most `room` letters (two less after the first); a longer word has a line of its own.
pub fn wrap(words: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in words.split_whitespace() {
        let most = if lines.len() == 1 { room } else { room.saturating_sub(2) };
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.chars().count() + 1 + word.chars().count() <= most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// A value and its interval, aligned.
pub fn numbers(value: Option<f64>, low: Option<f64>, high: Option<f64>, words: fn(f64) -> String) -> String {
    let of = |number: Option<f64>| number.map_or_else(|| "-".into(), words);
    let range = format!("{} to {}", of(low).trim_end_matches('%'), of(high));
    format!("{:>7}  {range:>18}", of(value))
}

/// A share as a percentage with one decimal.
pub fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

/// Whole numbers in groups of three digits; three decimals below 10.
pub fn amount(value: f64) -> String {
    if value.abs() < 10.0 && value.fract().abs() > 1e-9 {
        return format!("{value:.3}");
    }
    let digits = format!("{:.0}", value.abs());
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    if value < 0.0 { format!("-{text}") } else { text }
}

/// Words as a paragraph of full width.
pub fn paragraph(words: &str) -> String {
    let mut text = wrap(words, WIDTH).join("\n");
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_readable() {
        assert_eq!(amount(1_234_567.4), "1 234 567");
        assert_eq!(amount(0.3214), "0.321");
        assert_eq!(amount(12.0), "12");
        assert_eq!(amount(-1500.0), "-1 500");
    }

    #[test]
    fn no_line_is_wider_than_the_table() {
        let long = "Do JNIM and the Coordination of Azawad Movements hold a non-aggression pact or more, in public or \
                    in secret, at any time within the first twenty-four months?";
        for line in line(long, &numbers(Some(0.5), Some(0.4), Some(0.6), percent)).lines() {
            assert!(line.chars().count() <= WIDTH, "{line}");
        }
        assert_eq!(line("Yes?", "1.0%").chars().count(), WIDTH + 1, "numbers stand at the right edge");
    }
}
