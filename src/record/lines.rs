//! Texts of which it can be told in what line a row stands.

use std::io::{BufRead, BufReader, Read, Result};

/// A text whose lines all end with a line feed, the last one too: what reads rows from it is past the line of a row once it has
/// read it, and does not stand between the two characters that end lines elsewhere.
pub struct Lines<R> {
    inner: BufReader<R>,
    /// Whether a carriage return is held back until it is known what follows.
    held: bool,
    /// What was given last.
    last: u8,
}

impl<R: Read> Lines<R> {
    /// The lines of a text.
    pub fn of(text: R) -> Self {
        Self { inner: BufReader::with_capacity(1 << 16, text), held: false, last: b'\n' }
    }
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        let mut given = 0;
        while given == 0 && !into.is_empty() {
            let text = self.inner.fill_buf()?;
            if text.is_empty() {
                let end = if std::mem::take(&mut self.held) { b'\r' } else { b'\n' };
                if !matches!((self.last, end), (b'\n' | b'\r', b'\n')) {
                    (into[0], self.last, given) = (end, end, 1);
                }
                return Ok(given);
            }
            let mut taken = 0;
            while taken < text.len() && given < into.len() {
                let byte = text[taken];
                if std::mem::take(&mut self.held) && byte != b'\n' {
                    (into[given], self.last) = (b'\r', b'\r');
                    given += 1;
                    continue;
                }
                taken += 1;
                if byte == b'\r' {
                    self.held = true;
                    continue;
                }
                (into[given], self.last) = (byte, byte);
                given += 1;
            }
            self.inner.consume(taken);
        }
        Ok(given)
    }
}

/// The line in which a row begins that a reader of [`Lines`] has just read, counted from 1, by where the reader is now and all that is
/// in the row's cells.
pub fn line_of(now: &csv::Position, cells: &[u8]) -> u64 {
    let within = cells.iter().filter(|byte| **byte == b'\n').count() as u64;
    now.line().saturating_sub(1 + within).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(u64, String)> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(Lines::of(text.as_bytes()));
        let mut record = csv::StringRecord::new();
        let mut told = Vec::new();
        while reader.read_record(&mut record).unwrap() {
            told.push((line_of(reader.position(), record.as_slice().as_bytes()), record[0].to_owned()));
        }
        told
    }

    #[test]
    fn rows_are_told_by_their_lines_however_lines_end() {
        let of = |list: &[(u64, &str)]| list.iter().map(|(line, cell)| (*line, (*cell).to_owned())).collect::<Vec<_>>();
        for text in ["a,1\nb,2\nc,3\n", "a,1\nb,2\nc,3"] {
            assert_eq!(told(text), of(&[(1, "a"), (2, "b"), (3, "c")]));
            assert_eq!(told(&text.replace('\n', "\r\n")), of(&[(1, "a"), (2, "b"), (3, "c")]));
        }
        let text = "a,1\n\n\"b\nand more\",2\nc,3\n";
        let expected = of(&[(1, "a"), (3, "b\nand more"), (5, "c")]);
        assert_eq!(told(text), expected);
        assert_eq!(told(&text.replace('\n', "\r\n")), expected);
    }

    #[test]
    fn nothing_else_of_a_text_changes() {
        let mut read = String::new();
        Lines::of("a\rb\r\r\nc\r".as_bytes()).read_to_string(&mut read).unwrap();
        assert_eq!(read, "a\rb\r\nc\r");
        let mut bytes = Vec::new();
        BufReader::with_capacity(1, Lines::of("\r\n\r\nx".as_bytes())).read_to_end(&mut bytes).unwrap();
        assert_eq!(bytes, b"\n\nx\n");
    }
}
