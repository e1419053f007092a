//! The cells of a column of some table: numbers, or names throughout.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

/// The largest number that is taken, either side of 0: sums of the squares of as many as fit into memory stay finite.
pub const LARGEST_NUMBER: f64 = 1e150;
/// The most names that a column may hold: more are identifiers, which tell nothing of other rows.
pub const MOST_NAMES: usize = 1000;

/// Texts that stand for no value.
const MISSING: [&str; 5] = ["", "na", "nan", "null", "none"];
/// How many wrong cells are told.
const TOLD: usize = 20;

/// A column that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// Its name.
    pub name: &'a str,
    /// Whether a missing value is an error rather than NaN.
    pub required: bool,
    /// Whether it may hold names, such as a policy or a stance, rather than numbers.
    pub names: bool,
}

/// A column as read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TableColumn {
    /// A number per row: of a column of names their places in `names`, and NaN where nothing stands.
    pub numbers: Vec<f64>,
    /// The names that occur, in the order of the alphabet; none if it holds numbers.
    pub names: Vec<String>,
    /// Whether all its numbers are whole, and written so.
    pub whole: bool,
}

/// A cell that does not hold what its column does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongCell {
    /// The line, from 1.
    pub line: u64,
    /// The column's name.
    pub column: String,
    /// What stands there; empty for nothing.
    pub found: String,
    /// What was expected, in words.
    pub expected: String,
}

/// Cells that do not hold what their columns do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WrongCells {
    /// The first ones.
    pub told: Vec<WrongCell>,
    /// How many there are.
    pub count: usize,
}

impl WrongCells {
    /// One more.
    pub fn add(&mut self, cell: WrongCell) {
        self.count += 1;
        if self.told.len() < TOLD {
            self.told.push(cell);
        }
    }

    /// A line for each, with the file they are in.
    pub(super) fn lines(&self, path: &Path) -> String {
        let line = |cell: &WrongCell| format!("{}, {cell}", path.display());
        let mut lines: Vec<String> = self.told.iter().map(line).collect();
        if self.count > self.told.len() {
            lines.push(format!("and {} more cells", self.count - self.told.len()));
        }
        lines.join("\n")
    }
}

impl fmt::Display for WrongCell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { line, column, found, expected } = self;
        let found = if found.is_empty() { "nothing".to_owned() } else { format!("`{found}`") };
        write!(f, "line {line}, column `{column}`: found {found}, expected {expected}")
    }
}

/// Takes the cells of a column one after the other. A column of which no cell holds a number and some cell a word is one
/// of names: it is read again as such.
pub(super) struct CellReader<'w> {
    wanted: Wanted<'w>,
    numbers: Vec<f64>,
    of_names: bool,
    known: BTreeMap<String, u32>,
    whole: bool,
    /// Whether a cell holds a number in digits.
    digits: bool,
    /// The first cell that holds a word that is no number.
    word: Option<(u64, String)>,
    /// Required cells that hold nothing, as numbers go.
    gaps: WrongCells,
}

impl<'w> CellReader<'w> {
    pub fn new(wanted: Wanted<'w>) -> Self {
        Self {
            wanted,
            numbers: Vec::new(),
            of_names: false,
            known: BTreeMap::new(),
            whole: true,
            digits: false,
            word: None,
            gaps: WrongCells::default(),
        }
    }

    /// Whether it has to be read again, as a column of names.
    pub fn holds_names(&mut self) -> bool {
        let again = self.word.is_some() && !self.of_names;
        if again {
            *self = Self { of_names: true, ..Self::new(self.wanted) };
        }
        again
    }

    /// The column, unless cells of it are wrong.
    pub fn finish(self, wrong: &mut WrongCells) -> TableColumn {
        self.gaps.told.into_iter().for_each(|gap| wrong.add(gap));
        wrong.count += self.gaps.count - self.gaps.count.min(TOLD);
        if !self.of_names {
            return TableColumn { whole: self.whole && self.digits, numbers: self.numbers, names: Vec::new() };
        }
        // Numbered as they were met; the alphabet does not depend on the order of rows.
        let mut place = vec![0.0; self.known.len()];
        self.known.values().enumerate().for_each(|(at, met)| place[*met as usize] = at as f64);
        let numbers =
            self.numbers.iter().map(|met| if met.is_nan() { f64::NAN } else { place[*met as usize] }).collect();
        TableColumn { numbers, names: self.known.into_keys().collect(), whole: false }
    }

    fn is_wrong(&self, line: u64, found: &str) -> WrongCell {
        let words = if self.wanted.names { ", or names in all rows" } else { "" };
        let expected = match self.of_names {
            true if found.is_empty() => "a name".to_owned(),
            true => format!("at most {MOST_NAMES} different names in a column"),
            false => format!("a number from -1e150 to 1e150, yes, no, true or false{words}"),
        };
        WrongCell { line, column: self.wanted.name.to_owned(), found: found.to_owned(), expected }
    }

    /// Takes a number, if there is one.
    pub fn number(&mut self, line: u64, number: Option<f64>, whole: bool, wrong: &mut WrongCells) {
        let number = number.unwrap_or(f64::NAN);
        self.digits |= !number.is_nan();
        self.whole &= whole;
        if !fits(number) {
            wrong.add(self.is_wrong(line, &number.to_string()));
        } else if number.is_nan() && self.wanted.required {
            wrong.add(self.is_wrong(line, ""));
        }
        self.numbers.push(number);
    }

    /// Takes a text.
    pub fn text(&mut self, line: u64, found: &str, wrong: &mut WrongCells) {
        if self.of_names {
            return self.name(line, found, wrong);
        }
        match number(found).filter(|(number, _)| fits(*number)) {
            Some((number, digits)) => {
                if digits && let Some((line, word)) = self.word.take() {
                    wrong.add(self.is_wrong(line, &word));
                }
                self.digits |= digits;
                self.whole &= found.parse::<i64>().is_ok();
                if number.is_nan() && self.wanted.required {
                    let gap = self.is_wrong(line, found);
                    self.gaps.add(gap);
                }
                self.numbers.push(number);
            }
            None => {
                self.numbers.push(f64::NAN);
                if !self.wanted.names || self.digits {
                    wrong.add(self.is_wrong(line, found));
                } else if self.word.is_none() {
                    self.word = Some((line, found.to_owned()));
                }
            }
        }
    }

    fn name(&mut self, line: u64, found: &str, wrong: &mut WrongCells) {
        // "none" may be the name of a policy.
        if MISSING[..4].iter().any(|word| found.eq_ignore_ascii_case(word)) {
            if self.wanted.required {
                wrong.add(self.is_wrong(line, ""));
            }
            return self.numbers.push(f64::NAN);
        }
        let code = match self.known.get(found) {
            Some(code) => *code,
            None => {
                let code = self.known.len() as u32;
                if self.known.len() == MOST_NAMES {
                    wrong.add(self.is_wrong(line, found));
                    return self.numbers.push(f64::NAN);
                }
                self.known.insert(found.to_owned(), code);
                code
            }
        };
        self.numbers.push(f64::from(code));
    }
}

fn fits(number: f64) -> bool {
    number.is_nan() || number.abs() <= LARGEST_NUMBER
}

/// What a text stands for, and whether it is written in digits.
fn number(text: &str) -> Option<(f64, bool)> {
    let is = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    match text.parse::<f64>() {
        Ok(number) => Some((number, !number.is_nan())),
        Err(_) if is(&["yes", "true"]) => Some((1.0, false)),
        Err(_) if is(&["no", "false"]) => Some((0.0, false)),
        Err(_) if is(&MISSING) => Some((f64::NAN, false)),
        Err(_) => None,
    }
}
