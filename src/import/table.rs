//! Tables of events as they are downloaded: what separates their cells, where their columns stand, and cells one by one.

use super::error::ImportError;
use crate::base::Date;
use crate::base::name::folded;
use crate::record::{Lines, RecordError, WrongCell, WrongCells, line_of};
use csv::{ByteRecord, ReaderBuilder};
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

/// How much of a file is looked at to see what it is, in bytes.
const BEGINNING: u64 = 1 << 16;
/// What begins a text in UTF-8 that some programs write.
const MARK: &[u8] = b"\xef\xbb\xbf";
/// Years of events that are taken: others are slips of a finger.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2200;
/// The longest name that is taken, in bytes.
const LONGEST: usize = 4000;

/// A table, read row by row.
pub struct EventTable<'r> {
    path: PathBuf,
    reader: csv::Reader<Lines<Box<dyn Read + 'r>>>,
    /// Names of the columns in lower case; none of a table that begins with its first row.
    heads: Option<Vec<String>>,
    /// How many cells a row has.
    width: usize,
    /// Whether the row at hand is yet to be given.
    pending: bool,
    /// Whether numbers may be written with a decimal comma.
    commas: bool,
    record: ByteRecord,
    wrong: WrongCells,
    line: u64,
    /// What separates cells, where it is no comma.
    pub separator: Option<&'static str>,
}

/// Where a column stands, and its name for people.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    name: &'static str,
    place: usize,
}

impl<'r> EventTable<'r> {
    /// Opens a table with a line of heads, or without if its first row has `bare` cells that begin with a number.
    ///
    /// # Errors
    /// If it is empty, no text, or not in UTF-8.
    pub fn open(path: &Path, mut source: impl Read + 'r, bare: usize) -> Result<Self, ImportError> {
        let wrong = |reason: &str| ImportError::not_a_table(path, reason);
        let mut beginning = Vec::new();
        let read = source.by_ref().take(BEGINNING).read_to_end(&mut beginning);
        read.map_err(RecordError::io("read", path))?;
        let text = beginning.strip_prefix(MARK).unwrap_or(&beginning);
        if let Some(reason) = no_text(text) {
            return Err(wrong(reason));
        }
        let end = text.iter().position(|byte| *byte == b'\n' || *byte == b'\r').unwrap_or(text.len());
        if text.iter().all(u8::is_ascii_whitespace) {
            return Err(wrong("it is empty; expected a line with the names of columns and a line for each row"));
        }
        let count = |separator: u8| text[..end].iter().filter(|byte| **byte == separator).count();
        let separator = b",;\t|".iter().copied().max_by_key(|s| (count(*s), *s == b',')).unwrap_or(b',');
        let skipped = beginning.len() - text.len();
        let mut whole = Cursor::new(beginning).chain(source);
        let mut mark = [0; MARK.len()];
        whole.read_exact(&mut mark[..skipped]).map_err(RecordError::io("read", path))?;
        let mut builder = ReaderBuilder::new();
        builder.delimiter(separator).has_headers(false).flexible(true).buffer_capacity(1 << 17);
        let mut table = Self {
            path: path.to_owned(),
            reader: builder.from_reader(Lines::of(Box::new(whole))),
            heads: None,
            width: 0,
            pending: true,
            commas: separator == b';',
            record: ByteRecord::new(),
            wrong: WrongCells::default(),
            line: 0,
            separator: match separator {
                b';' => Some("semicolons"),
                b'\t' => Some("tabs"),
                b'|' => Some("bars"),
                _ => None,
            },
        };
        table.read()?;
        table.width = table.record.len();
        let first = table.record.get(0).unwrap_or_default();
        let begins = !first.is_empty() && first.iter().all(u8::is_ascii_digit);
        if !(table.width == bare && begins) {
            let heads = table.record.iter().map(|head| String::from_utf8_lossy(head).trim().to_lowercase());
            (table.heads, table.pending) = (Some(heads.collect()), false);
        }
        Ok(table)
    }

    fn read(&mut self) -> Result<bool, ImportError> {
        let path = &self.path;
        let read = self.reader.read_byte_record(&mut self.record);
        let more = read.map_err(|error| match error.into_kind() {
            csv::ErrorKind::Io(error) => ImportError::Table(RecordError::io("read", path)(error)),
            other => ImportError::not_a_table(path, format!("{other:?}")),
        })?;
        self.line = line_of(self.record.position(), self.reader.position(), self.record.as_slice());
        Ok(more)
    }

    /// Goes on to the next row; none are left if it says no. The first row of a table without heads comes first.
    ///
    /// # Errors
    /// If the file cannot be read, or a row has more or fewer cells than the first.
    pub fn next(&mut self) -> Result<bool, ImportError> {
        if std::mem::take(&mut self.pending) {
            return Ok(true);
        }
        if !self.read()? {
            return Ok(false);
        }
        if self.record.len() == self.width {
            return Ok(true);
        }
        let (found, expected) = (self.record.len(), self.width);
        let reason = format!(
            "line {}: found {found} cells, expected {expected} as in the first line; a quotation mark may be missing, or a \
             separator too many",
            self.line
        );
        Err(ImportError::not_a_table(&self.path, reason))
    }

    /// Names of the columns in lower case; none if the table has no heads.
    pub fn heads(&self) -> Option<&[String]> {
        self.heads.as_deref()
    }

    /// Columns by name; of a table without heads as `order` has them. All that are missing are told.
    ///
    /// # Errors
    /// If there is none of a name, with the nearest, or more than one.
    pub fn columns<const N: usize>(
        &self,
        names: [&'static str; N],
        order: &[&str],
    ) -> Result<[Column; N], ImportError> {
        let heads: Vec<&str> = match &self.heads {
            Some(heads) => heads.iter().map(String::as_str).collect(),
            None => order.to_vec(),
        };
        let mut found = names.map(|name| Column { name, place: 0 });
        for column in &mut found {
            let mut places = (0..heads.len()).filter(|place| heads[*place] == column.name);
            match (places.next(), places.next()) {
                (Some(place), None) => column.place = place,
                (Some(_), Some(_)) => {
                    let reason = format!("it has more than one column `{}`", column.name);
                    return Err(ImportError::not_a_table(&self.path, reason));
                }
                _ => return Err(RecordError::no_column(&self.path, column.name, heads.iter().copied()).into()),
            }
        }
        Ok(found)
    }

    /// The first column that has one of some names, if any has.
    pub fn column_of(&self, names: &[&'static str]) -> Option<Column> {
        let heads = self.heads.as_deref().unwrap_or_default();
        names.iter().find_map(|name| Some(Column { name, place: heads.iter().position(|head| head == name)? }))
    }

    /// A column that a table may have, of one without heads as `order` has it.
    pub fn column_or_order(&self, name: &'static str, order: &[&str]) -> Option<Column> {
        let place = match &self.heads {
            Some(heads) => heads.iter().position(|head| head == name),
            None => order.iter().position(|head| *head == name),
        };
        Some(Column { name, place: place? })
    }

    /// Whether the row at hand holds tags of the Humanitarian Exchange Language.
    pub fn starts_with_tag(&self) -> bool {
        self.record.iter().find(|cell| !cell.trim_ascii().is_empty()).is_some_and(|cell| cell.starts_with(b"#"))
    }

    /// The column of the row at hand that holds a tag of the Humanitarian Exchange Language, the first of some. A tag as it stands
    /// goes before one with attributes that do not narrow what it counts.
    ///
    /// # Errors
    /// If several columns hold such a tag and are no places, as those of several years.
    pub fn tagged(&self, tags: &[&'static str]) -> Result<Option<Column>, ImportError> {
        let cell = |place: usize| String::from_utf8_lossy(&self.record[place]).trim().to_lowercase();
        let cells: Vec<String> = (0..self.record.len()).map(cell).collect();
        for fits in [|cell: &str, tag: &str| cell.replace(' ', "") == tag, fits] {
            for tag in tags {
                let places: Vec<usize> = (0..cells.len()).filter(|place| fits(&cells[*place], tag)).collect();
                match places[..] {
                    [] => {}
                    [place] => return Ok(Some(Column { name: tag, place })),
                    // Names in several languages are names of the same places.
                    [place, ..] if tag.starts_with("#adm") => return Ok(Some(Column { name: tag, place })),
                    [one, other, ..] => {
                        let (one, other) = (&cells[one], &cells[other]);
                        let reason = format!(
                            "two of its columns are tagged `{one}` and `{other}`, expected one `{tag}`; take the tag of the \
                             other away"
                        );
                        return Err(ImportError::not_a_table(&self.path, reason));
                    }
                }
            }
        }
        Ok(None)
    }

    /// The name of a column, for which it was found.
    pub fn name(&self, column: Column) -> &'static str {
        column.name
    }

    /// The line that the row begins on.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// A cell as it stands.
    pub fn bytes(&self, column: Column) -> &[u8] {
        self.record.get(column.place).unwrap_or_default().trim_ascii()
    }

    /// Whether a cell is one of these words, but for case.
    pub fn is(&self, column: Column, words: &[&str]) -> bool {
        let cell = self.bytes(column);
        words.iter().any(|word| cell.eq_ignore_ascii_case(word.as_bytes()))
    }

    /// Notes a cell that is not what is expected.
    pub fn refuse(&mut self, column: Column, expected: &str) {
        let found: String = String::from_utf8_lossy(self.bytes(column)).chars().take(60).collect();
        let (line, column) = (self.line, column.name.to_owned());
        self.wrong.add(WrongCell { line, column, found, expected: expected.to_owned() });
    }

    /// A text; empty if it is none.
    pub fn text(&mut self, column: Column) -> String {
        let cell = self.bytes(column);
        match std::str::from_utf8(cell) {
            Ok(text) if text.chars().any(char::is_control) => {
                self.refuse(column, "text on one line");
                String::new()
            }
            Ok(text) if text.len() <= LONGEST => text.to_owned(),
            Ok(_) => {
                self.refuse(column, &format!("a name of at most {LONGEST} bytes"));
                String::new()
            }
            Err(_) => {
                self.refuse(column, "text in UTF-8: the file may be in Latin-1 or Windows-1252, save it anew as UTF-8");
                String::new()
            }
        }
    }

    /// A number within bounds.
    pub fn number(&mut self, column: Column, (low, high): (f64, f64), expected: &str) -> Option<f64> {
        let text = std::str::from_utf8(self.bytes(column)).unwrap_or_default();
        let number = match text.parse::<f64>() {
            Err(_) if self.commas => text.replace(',', ".").parse().ok(),
            read => read.ok(),
        };
        let number = number.filter(|number| (low..=high).contains(number));
        if number.is_none() {
            self.refuse(column, expected);
        }
        number
    }

    /// An amount within bounds. Where decimals may have commas, a point before three digits is as likely a sign of thousands: which
    /// of the two is not guessed.
    pub fn amount(&mut self, column: Column, bounds: (f64, f64), expected: &str) -> Option<f64> {
        let text = std::str::from_utf8(self.bytes(column)).unwrap_or_default();
        let mut parts = text.split('.');
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let first = parts.next().is_some_and(|part| (1..=3).contains(&part.len()) && digits(part));
        let rest: Vec<&str> = parts.collect();
        if self.commas && first && !rest.is_empty() && rest.iter().all(|part| part.len() == 3 && digits(part)) {
            self.refuse(column, &format!("{expected}, without a sign between thousands"));
            return None;
        }
        self.number(column, bounds, expected)
    }

    /// A whole number within bounds; 0 is noted as wrong and given where there is none.
    pub fn whole(&mut self, column: Column, (low, high): (u32, u32), expected: &str) -> u32 {
        let number = self.number(column, (f64::from(low), f64::from(high)), expected).unwrap_or(f64::from(low));
        if number.fract().abs() > 0.0 {
            self.refuse(column, expected);
        }
        number as u32
    }

    /// A day, as `2023-05-16`, with a time of day or without, or as `16 May 2023`.
    pub fn day(&mut self, column: Column) -> Option<Date> {
        let day = std::str::from_utf8(self.bytes(column)).ok().and_then(day_of);
        if day.is_none() {
            self.refuse(column, "a day such as 2023-05-16 or 16 May 2023");
        }
        day
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// Which cells are wrong.
    pub fn finish(self) -> Result<(), ImportError> {
        match self.wrong.count {
            0 => Ok(()),
            _ => Err(RecordError::Cells { path: self.path, wrong: self.wrong }.into()),
        }
    }
}

/// Why the beginning of a file is no text in UTF-8, if it is none.
fn no_text(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"PK\x03\x04") {
        Some("it is a ZIP archive or a workbook; unpack it, or save the sheet as CSV in UTF-8")
    } else if bytes.starts_with(b"\x1f\x8b") {
        Some("it is compressed; unpack it first")
    } else if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") || bytes.contains(&0) {
        Some("it is in UTF-16, or no text; save it as CSV in UTF-8")
    } else if bytes.trim_ascii_start().starts_with(b"{") || bytes.trim_ascii_start().starts_with(b"[{") {
        Some("it is JSON; expected CSV")
    } else if bytes.trim_ascii_start().starts_with(b"<") {
        Some("it is a page of the web or XML; expected CSV")
    } else {
        None
    }
}

/// Whether a tag of the Humanitarian Exchange Language has all that another has, and beyond it only attributes that do not narrow
/// what it counts: women, children or households are not all people.
fn fits(found: &str, tag: &str) -> bool {
    let parts = |text: &str| text.split('+').map(|part| part.trim().to_owned()).collect::<Vec<String>>();
    let (found, tag) = (parts(found), parts(tag));
    let year = |part: &str| part.strip_prefix('y').unwrap_or(part).parse::<u16>().is_ok();
    let same = |part: &str| {
        matches!(part, "total" | "all" | "ind" | "num" | "name" | "code" | "en" | "year" | "pop")
            || year(part)
            || ["v_", "i_"].iter().any(|stem| part.starts_with(stem))
    };
    found[0] == tag[0]
        && tag.iter().all(|part| found.contains(part))
        && found.iter().skip(1).all(|part| tag.contains(part) || same(part))
}

/// The day that a text says.
fn day_of(text: &str) -> Option<Date> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let date = match text.as_bytes() {
        [_, _, _, _, b'-', _, _, b'-', _, _, rest @ ..] => {
            let time = |byte: &u8| byte.is_ascii_digit() || b" T:.Z+-".contains(byte);
            let apart = rest.first().is_none_or(|byte| !byte.is_ascii_digit());
            let part = |from: usize, to: usize| text.get(from..to)?.parse::<u16>().ok();
            let parts = (part(0, 4)?, part(5, 7)?, part(8, 10)?);
            let date = Date::new(parts.0 as i16, parts.1 as i8, parts.2 as i8).ok();
            date.filter(|_| apart && rest.iter().all(time))
        }
        _ => {
            let mut words = text.split([' ', '-']).filter(|word| !word.is_empty());
            let (day, month, year) = (words.next()?.parse().ok()?, words.next()?, words.next()?);
            let month = folded(month.get(..3)?);
            let month = MONTHS.iter().position(|name| *name == month)? as i8 + 1;
            let year = year.parse::<i16>().ok()?;
            words.next().is_none().then(|| Date::new(year, month, day).ok())?
        }
    }?;
    YEARS.contains(&date.parts().0).then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_that_narrow_a_count_do_not_fit() {
        for tag in
            ["#population", "#population+total", "#population + ind", "#population+total+y2023", "#population+v_cod"]
        {
            assert!(fits(tag, "#population"), "{tag}");
        }
        for tag in
            ["#population+f", "#population+total+m", "#population+age_0_4", "#population+hh", "#populations", "#adm2"]
        {
            assert!(!fits(tag, "#population"), "{tag}");
        }
        assert!(fits("#adm2+v_pcode+code", "#adm2+code") && !fits("#adm2+name", "#adm2+code"));
    }

    #[test]
    fn days_are_read_in_both_forms() {
        let day = |text: &str| day_of(text).map(|day| day.to_string());
        for text in ["2025-05-16", "2025-05-16 00:00:00.000", "16 May 2025", "16-may-2025", "2025-05-16T00:00:00Z"] {
            assert_eq!(day(text).as_deref(), Some("2025-05-16"), "{text}");
        }
        for text in
            ["", "2025-02-30", "16/05/2025", "2025-05-161", "16 Mai 2025x", "0016-05-16", "45793", "2025-05-16 noon"]
        {
            assert_eq!(day(text), None, "{text}");
        }
    }
}
