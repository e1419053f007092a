//! Texts of which it can be told in what line a row stands.

use std::io::{BufRead, BufReader, Read, Result};

/// A text whose lines all end with one line feed, the last one too, however they ended: what reads rows from it is past the line of a
/// row once it has read it.
pub struct Lines<R> {
    inner: BufReader<R>,
    /// Whether a carriage return came last, of which a line feed may be the other half.
    returned: bool,
    /// What was given last.
    last: u8,
}

impl<R: Read> Lines<R> {
    /// The lines of a text.
    pub fn of(text: R) -> Self {
        Self { inner: BufReader::with_capacity(1 << 16, text), returned: false, last: b'\n' }
    }
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        let mut given = 0;
        while given == 0 && !into.is_empty() {
            let text = self.inner.fill_buf()?;
            if text.is_empty() {
                if self.last != b'\n' {
                    (into[0], self.last, given) = (b'\n', b'\n', 1);
                }
                return Ok(given);
            }
            let mut taken = 0;
            for byte in text.iter().copied() {
                if given == into.len() {
                    break;
                }
                taken += 1;
                let other_half = std::mem::replace(&mut self.returned, byte == b'\r') && byte == b'\n';
                if !other_half {
                    self.last = if byte == b'\r' { b'\n' } else { byte };
                    into[given] = self.last;
                    given += 1;
                }
            }
            self.inner.consume(taken);
        }
        Ok(given)
    }
}

/// The line in which a row begins that a reader of [`Lines`] has just read, counted from 1: by where it began to read, where it is
/// now, and all that is in the row's cells. One that a quotation mark without another keeps open goes on to the end.
pub fn line_of(before: Option<&csv::Position>, now: &csv::Position, cells: &[u8]) -> u64 {
    let within = cells.iter().filter(|byte| **byte == b'\n').count() as u64;
    now.line().saturating_sub(1 + within).max(before.map_or(1, csv::Position::line))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(u64, String)> {
        let mut reader = csv::ReaderBuilder::new();
        let mut reader = reader.has_headers(false).flexible(true).from_reader(Lines::of(text.as_bytes()));
        let mut record = csv::StringRecord::new();
        let mut told = Vec::new();
        while reader.read_record(&mut record).unwrap() {
            let line = line_of(record.position(), reader.position(), record.as_slice().as_bytes());
            told.push((line, record[0].to_owned()));
        }
        told
    }

    #[test]
    fn rows_are_told_by_their_lines_however_lines_end() {
        let of = |list: &[(u64, &str)]| list.iter().map(|(line, cell)| (*line, (*cell).to_owned())).collect::<Vec<_>>();
        for end in ["\n", "\r\n", "\r"] {
            for text in ["a,1\nb,2\nc,3\n", "a,1\nb,2\nc,3"] {
                assert_eq!(told(&text.replace('\n', end)), of(&[(1, "a"), (2, "b"), (3, "c")]), "{end:?}");
            }
            let text = "a,1\n\n\"b\nand more\n\",2\nc,3\n".replace('\n', end);
            assert_eq!(told(&text), of(&[(1, "a"), (3, "b\nand more\n"), (6, "c")]), "{end:?}");
        }
        // A quotation mark that nothing closes.
        assert_eq!(told("a,1\n\"b,2\nc,3\n"), of(&[(1, "a"), (2, "b,2\nc,3\n")]));
    }

    #[test]
    fn lines_end_with_a_line_feed() {
        let cases =
            [("", ""), ("a", "a\n"), ("a\rb\r\r\nc\r", "a\nb\n\nc\n"), ("\r\n\r\nx", "\n\nx\n"), ("\n\r", "\n\n")];
        for (text, expected) in cases {
            for capacity in [1, 2, 64] {
                let mut read = String::new();
                BufReader::with_capacity(capacity, Lines::of(text.as_bytes())).read_to_string(&mut read).unwrap();
                assert_eq!(read, expected, "{text:?}");
            }
        }
    }
}
