//! Reads a finished results folder, for reports, charts and analyses.

use super::read_column::{TableReader, Values};
use super::row_key::{RunKey, RunRow, SeriesKey, SeriesPoint};
use super::{ColumnKind, Design, Folder, Manifest, Memory, QuestionRow, RecordError, read_differences, read_questions};
use crate::base::Date;
use crate::estimate::DifferenceRow;
use crate::scenario::{JointTable, Overrides, Scenario};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// The results of an experiment: of a folder, open for reading, of which nothing is held in memory but what is asked for;
/// or of memory, for programs without files. Both give the same.
///
/// [`Results::open`] is the one door to what is on disk: no file is used that is not the one that the experiment wrote.
#[derive(Clone, Debug)]
pub struct Results {
    folder: Folder,
    manifest: Manifest,
    /// Files that were found to be what the manifest says.
    verified: Arc<Mutex<BTreeSet<String>>>,
    /// Of tables in parts: the rows of `runs.parquet` in order, by where they stand.
    order: Arc<OnceLock<Vec<usize>>>,
    /// `runs.parquet`, once it was opened: what stands at its end, of hundreds of columns, takes longer to read than a column.
    runs: Arc<OnceLock<TableReader>>,
    /// What is in memory and in no folder.
    memory: Option<Memory>,
}

impl Results {
    /// Files of up to so many bytes are verified by whoever shows results, whether they are used or not.
    pub const VERIFIED: u64 = 64 << 20;

    /// Opens a finished folder. Its manifest is verified, and that all files that it lists are there in their length;
    /// the content of each is verified before it is first used.
    ///
    /// # Errors
    /// If there is no manifest of this program, if it was changed, if a file is missing or has another length, or if
    /// there is a data file that it does not list.
    pub fn open(path: &Path) -> Result<Self, RecordError> {
        let none = |reason: &str| RecordError::NoResults { path: path.to_owned(), reason: reason.into() };
        if path.is_file() {
            return Err(RecordError::NotAFolder { path: path.to_owned() });
        }
        if !path.is_dir() {
            return Err(none("there is no such folder"));
        }
        let manifest = Manifest::read(path)?.ok_or_else(|| none("it has no manifest.json"))?;
        let results = Self { verified: Arc::default(), ..Self::written(Folder::new(path), manifest) };
        for entry in &results.manifest.files {
            entry.verify(&results.folder.file(&entry.name), false)?;
        }
        let single = Folder::DATA.into_iter().map(str::to_owned);
        for name in single.chain(results.folder.part_files()).filter(|name| !results.lists(name)) {
            let path = results.folder.file(&name);
            if path.exists() {
                return Err(RecordError::Unlisted { path });
            }
        }
        Ok(results)
    }

    /// A folder whose tables this process has just written, with the manifest that it will have.
    pub fn written(folder: Folder, manifest: Manifest) -> Self {
        let verified = manifest.files.iter().map(|entry| entry.name.clone()).collect();
        Self {
            folder,
            manifest,
            verified: Arc::new(Mutex::new(verified)),
            order: Arc::default(),
            runs: Arc::default(),
            memory: None,
        }
    }

    pub(super) fn in_memory(memory: Memory, manifest: Manifest) -> Self {
        Self { memory: Some(memory), ..Self::written(Folder::new("memory"), manifest) }
    }

    /// Verifies the content of every file of up to so many bytes that has not been used yet: a program that looks at a
    /// part of the results only can so refuse a folder of which another part was changed.
    ///
    /// # Errors
    /// If one was changed.
    pub fn verify(&self, largest: u64) -> Result<(), RecordError> {
        let files = self.manifest.files.iter().filter(|entry| entry.fingerprint.bytes <= largest);
        files.map(|entry| &entry.name).try_for_each(|name| self.file(name).map(drop))
    }

    /// Whether a file is one of the experiment's.
    pub fn lists(&self, name: &str) -> bool {
        self.manifest.files.iter().any(|entry| entry.name == name)
    }

    /// The path of one of the experiment's files, found to be what the manifest says.
    ///
    /// # Errors
    /// If the manifest does not list it, or it is missing or was changed.
    pub fn file(&self, name: &str) -> Result<PathBuf, RecordError> {
        let path = self.folder.file(name);
        let entry = self.manifest.files.iter().find(|entry| entry.name == name);
        let entry = entry.ok_or_else(|| RecordError::Unlisted { path: path.clone() })?;
        let mut verified = self.verified.lock().unwrap_or_else(PoisonError::into_inner);
        if !verified.contains(name) {
            entry.verify(&path, true)?;
            verified.insert(name.to_owned());
        }
        Ok(path)
    }

    /// The scenario that was run: of a variant that was run alone, with its changes made.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn scenario(&self) -> Result<Scenario, RecordError> {
        if let Some(memory) = &self.memory
            && let Some(scenario) = &memory.kept().scenario
        {
            return Ok(scenario.clone());
        }
        if self.lists(Folder::OUTLINES) {
            self.file(Folder::OUTLINES)?;
        }
        Scenario::load(&self.file("scenario.toml")?, &Overrides::default()).map_err(RecordError::Scenario)
    }

    /// The design; none if nothing was varied.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn design(&self) -> Result<Option<Design>, RecordError> {
        if let Some(memory) = &self.memory {
            return Ok(memory.kept().design.clone());
        }
        self.manifest.design.as_ref().map(|entry| Design::read(&self.file(Design::NAME)?, &entry.names)).transpose()
    }

    /// Joint draws that inputs were drawn from; none if there were none.
    ///
    /// # Errors
    /// If they cannot be read.
    pub fn joint(&self) -> Result<Option<JointTable>, RecordError> {
        if let Some(memory) = &self.memory {
            return Ok(memory.kept().joint.clone());
        }
        self.lists(JointTable::NAME).then(|| JointTable::read(&self.file(JointTable::NAME)?)).transpose()
    }

    /// What each variant changes; none but of a comparison.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn differences(&self) -> Result<Option<Vec<DifferenceRow>>, RecordError> {
        if let Some(memory) = &self.memory {
            return Ok(memory.kept().differences.clone());
        }
        let name = "differences.csv";
        self.lists(name).then(|| read_differences(&self.file(name)?)).transpose()
    }

    /// Its manifest.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The folder; of results in memory, one that is not there.
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// The answers.
    ///
    /// # Errors
    /// If `questions.csv` cannot be read.
    pub fn questions(&self) -> Result<Vec<QuestionRow>, RecordError> {
        match &self.memory {
            Some(memory) => Ok(memory.kept().answers.clone()),
            None => read_questions(&self.file("questions.csv")?),
        }
    }

    /// A column of `runs.parquet` with what each row holds: numbers, days since 1 January 1970, yes or no, or words.
    ///
    /// # Errors
    /// If there is no such column or it cannot be read.
    pub fn run_column(&self, column: &str) -> Result<Values, RecordError> {
        let mut all: Option<Values> = None;
        self.runs()?.each_group(&[column], None, |_, values| {
            match &mut all {
                Some(all) => all.extend(&values[0]),
                None => all = Some(values[0].clone()),
            }
            Ok(())
        })?;
        let all = all.unwrap_or(Values::Reals(Vec::new()));
        Ok(self.order()?.map_or_else(|| all.clone(), |order| all.in_order(order)))
    }

    /// Names of the columns of `runs.parquet`.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn run_columns(&self) -> Result<Vec<String>, RecordError> {
        Ok(self.runs()?.columns())
    }

    /// Which run each row of `runs.parquet` is.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn run_keys(&self) -> Result<Vec<RunKey>, RecordError> {
        let mut keys = self.keys_as_they_stand()?;
        keys.sort();
        Ok(keys)
    }

    /// The order of the rows of `runs.parquet` by point, variant and replicate; none if they stand in it.
    fn order(&self) -> Result<Option<&[usize]>, RecordError> {
        if self.parts("runs.parquet").next().is_none() {
            return Ok(None);
        }
        if let Some(order) = self.order.get() {
            return Ok(Some(order));
        }
        let keys = self.keys_as_they_stand()?;
        let mut order: Vec<usize> = (0..keys.len()).collect();
        order.sort_by_key(|row| keys[*row]);
        Ok(Some(self.order.get_or_init(|| order)))
    }

    fn keys_as_they_stand(&self) -> Result<Vec<RunKey>, RecordError> {
        let mut keys = Vec::new();
        let columns = ["point", "variant", "replicate", "status"];
        self.runs()?.each_group(&columns, None, |rows, values| {
            keys.extend((0..rows).map(|row| RunKey {
                point: values[0].int(row).unwrap_or(0) as i32,
                variant: self.variant(values[1].text(row)),
                replicate: values[2].int(row).unwrap_or(0) as u64,
                failed: values[3].text(row) != Some("ok"),
            }));
            Ok(())
        })?;
        Ok(keys)
    }

    /// A column of `runs.parquet` as numbers, row by row: yes is 1, no is 0, missing is NaN; a date counts days since
    /// 1 January 1970.
    ///
    /// # Errors
    /// If there is no such column or it cannot be read.
    pub fn run_numbers(&self, column: &str) -> Result<Vec<f64>, RecordError> {
        let mut numbers = Vec::new();
        self.runs()?.each_group(&[column], None, |rows, values| {
            numbers.extend((0..rows).map(|row| values[0].number(row).unwrap_or(f64::NAN)));
            Ok(())
        })?;
        Ok(match self.order()? {
            Some(order) => order.iter().map(|row| numbers[*row]).collect(),
            None => numbers,
        })
    }

    /// A word that a column of words in `runs.parquet` holds; none if it holds numbers.
    ///
    /// # Errors
    /// If there is no such column or it cannot be read.
    pub fn run_word(&self, column: &str) -> Result<Option<String>, RecordError> {
        let table = self.runs()?;
        let fields = table.fields()?;
        let Some(place) = fields.iter().position(|field| field.name() == column) else { return Ok(None) };
        if fields[place].kind() != ColumnKind::Text {
            return Ok(None);
        }
        let (rows, values) = table.group(0, &[place])?;
        let first = (0..rows).find_map(|row| values.first()?.text(row).filter(|word| !word.is_empty()));
        Ok(Some(first.map_or_else(|| "none".to_owned(), |word| format!("`{word}`"))))
    }

    /// Which replicates have each value of a column of words in `runs.parquet` at a point under a variant, ascending.
    ///
    /// # Errors
    /// If there is no such column or it cannot be read.
    pub fn replicates_by_word(
        &self,
        column: &str,
        point: i32,
        variant: &str,
    ) -> Result<BTreeMap<String, Vec<u64>>, RecordError> {
        let mut found: BTreeMap<String, Vec<u64>> = BTreeMap::new();
        let range = Some(("point", i64::from(point)));
        self.runs()?.each_group(&[column, "point", "variant", "replicate"], range, |rows, values| {
            for row in 0..rows {
                let wanted = values[1].int(row) == Some(i64::from(point)) && values[2].text(row) == Some(variant);
                let Some(word) = values[0].text(row).filter(|_| wanted) else { continue };
                let replicate = values[3].int(row).unwrap_or(0) as u64;
                match found.get_mut(word) {
                    Some(replicates) => replicates.push(replicate),
                    None => {
                        found.insert(word.to_owned(), vec![replicate]);
                    }
                }
            }
            Ok(())
        })?;
        found.values_mut().for_each(|replicates| replicates.sort_unstable());
        Ok(found)
    }

    /// Failed runs and why, the first `most` of them.
    ///
    /// # Errors
    /// If `runs.parquet` cannot be read.
    pub fn failures(&self, most: usize) -> Result<Vec<(RunKey, String)>, RecordError> {
        let mut found = Vec::new();
        let columns = ["point", "variant", "replicate", "failure"];
        self.runs()?.each_group(&columns, None, |rows, values| {
            for row in 0..rows {
                if let Some(reason) = values[3].text(row)
                    && found.len() < most
                {
                    let key = RunKey {
                        point: values[0].int(row).unwrap_or(0) as i32,
                        variant: self.variant(values[1].text(row)),
                        replicate: values[2].int(row).unwrap_or(0) as u64,
                        failed: true,
                    };
                    found.push((key, reason.to_owned()));
                }
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// All series whose measure `wanted` accepts, with their units.
    ///
    /// # Errors
    /// If `series.parquet` cannot be read.
    pub fn series(
        &self,
        wanted: impl Fn(&str) -> bool,
    ) -> Result<BTreeMap<SeriesKey, (String, Vec<SeriesPoint>)>, RecordError> {
        let mut found: BTreeMap<SeriesKey, (String, Vec<SeriesPoint>)> = BTreeMap::new();
        let columns =
            ["point", "variant", "measure", "unit", "date", "week", "n", "mean", "low", "q25", "median", "q75", "high"];
        self.table("series.parquet")?.each_group(&columns, None, |rows, values| {
            for row in 0..rows {
                let (Some(variant), Some(measure)) = (values[1].text(row), values[2].text(row)) else { continue };
                let date = values[4].int(row).and_then(|days| Date::from_days_since_1970(days as i32));
                let Some(date) = date.filter(|_| wanted(measure)) else { continue };
                let point = values[0].int(row).unwrap_or(0) as i32;
                let key = SeriesKey { point, variant: variant.to_owned(), measure: measure.to_owned() };
                let unit = values[3].text(row).unwrap_or_default();
                let points = &mut found.entry(key).or_insert_with(|| (unit.to_owned(), Vec::new())).1;
                // A measure may be both a series and a milestone, with the same values.
                if points.last().is_some_and(|last| last.date >= date) {
                    continue;
                }
                points.push(SeriesPoint {
                    date,
                    week: values[5].number(row).unwrap_or(0.0),
                    n: values[6].int(row).unwrap_or(0) as u64,
                    mean: values[7].number(row).unwrap_or(f64::NAN),
                    low: values[8].number(row),
                    q25: values[9].number(row),
                    median: values[10].number(row),
                    q75: values[11].number(row),
                    high: values[12].number(row),
                });
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// The row of one run in `runs.parquet`: every column with what it holds, as text from which each number can be told
    /// to the bit; missing values are none. None if there is no such run.
    ///
    /// # Errors
    /// If `runs.parquet` cannot be read.
    pub fn run_row(&self, point: i32, variant: &str, replicate: u64) -> Result<Option<RunRow>, RecordError> {
        let table = self.runs()?;
        let columns = table.columns();
        let mut names: Vec<&str> = columns.iter().map(String::as_str).collect();
        names.extend(["point", "variant", "replicate"]);
        let mut found = None;
        table.each_group(&names, Some(("replicate", replicate as i64)), |rows, values| {
            let key = &values[columns.len()..];
            let wanted = |row: &usize| {
                key[0].int(*row) == Some(i64::from(point))
                    && key[1].text(*row) == Some(variant)
                    && key[2].int(*row) == Some(replicate as i64)
            };
            if let Some(row) = (0..rows).find(wanted) {
                let cell = |values: &Values| match values {
                    Values::Texts(_) => values.text(row).map(str::to_owned),
                    _ => values.number(row).map(|number| format!("{number:?}")),
                };
                found = Some(columns.iter().cloned().zip(values.iter().map(cell)).collect());
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// Whether the results have a table: in one file, or in parts.
    pub fn has_table(&self, name: &str) -> bool {
        self.lists(name) || self.parts(name).next().is_some()
    }

    /// The files of a table in parts.
    fn parts<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        let folder = format!("{}/", name.trim_end_matches(".parquet"));
        self.manifest.files.iter().map(|entry| entry.name.as_str()).filter(move |file| file.starts_with(&folder))
    }

    /// The files that a table consists of, in their order, each found to be what the manifest says.
    ///
    /// # Errors
    /// If there is no such table, or a file is missing or was changed.
    pub fn files_of(&self, name: &str) -> Result<Vec<PathBuf>, RecordError> {
        let mut parts = self.parts(name).peekable();
        match self.lists(name) || parts.peek().is_none() {
            true => Ok(vec![self.file(name)?]),
            false => parts.map(|part| self.file(part)).collect(),
        }
    }

    /// One of its tables, open for reading: `runs.parquet`, `events.parquet`, `series.parquet` and, where inputs were
    /// drawn, `inputs.parquet`.
    ///
    /// # Errors
    /// If there is no such table, or it is not the one that the experiment wrote.
    pub fn table(&self, name: &str) -> Result<TableReader, RecordError> {
        match &self.memory {
            Some(memory) => memory
                .kept()
                .tables
                .get(name)
                .map(|columns| TableReader::of_memory(name, columns.clone()))
                .ok_or_else(|| RecordError::Unlisted { path: self.folder.file(name) }),
            None => TableReader::of_parts(&self.folder.file(name), self.files_of(name)?),
        }
    }

    fn runs(&self) -> Result<&TableReader, RecordError> {
        if let Some(runs) = self.runs.get() {
            return Ok(runs);
        }
        let runs = self.table("runs.parquet")?;
        Ok(self.runs.get_or_init(|| runs))
    }

    fn variant(&self, id: Option<&str>) -> u32 {
        self.manifest.variants.iter().position(|variant| Some(variant.as_str()) == id).unwrap_or(0) as u32
    }
}
