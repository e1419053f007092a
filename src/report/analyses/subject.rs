//! What `sensitivity`, `discover` and `assumptions` look at.

use super::AnalysisError;
use crate::analysis::cases::{Cases, CasesError};
use crate::base::name::first_few;
use crate::experiment::{PlannedVariant, meant};
use crate::measure::{Question, answer_column};
use crate::record::{NumberTable, Results};
use crate::report::insight::Topic;
use crate::report::naming;
use crate::scenario::{AnswerAt, DrawnInputs, GroupedQuestion, Scenario};
use std::path::Path;
use std::sync::Arc;

/// What to look at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubjectAsked {
    /// The id of a question of the results' scenario; its only one unless given.
    pub question: Option<String>,
    /// A column of the table, or of the results' `runs.parquet`, instead of a question.
    pub output: Option<String>,
    /// Columns of the table, or paths of inputs; all that were varied if there are none.
    pub inputs: Vec<String>,
    /// The variant; the baseline unless given.
    pub variant: Option<String>,
}

/// Where runs come from.
pub(super) enum DataSource {
    /// A results folder, with the scenario that was run.
    Sweep(Box<(Results, Scenario)>),
    /// A table.
    Table(NumberTable),
}

/// What is analysed.
pub struct Subject {
    /// Where runs come from.
    pub(super) source: DataSource,
    /// In words; without the number of points until [`Subject::cases`] has counted them.
    pub(super) about: Topic,
    /// The column of the output.
    pub column: String,
    /// The variant that is looked at.
    pub variant: String,
    /// The question's id; empty for a column.
    pub id: String,
    /// Whether the variant was asked for.
    pub(super) of_choice: bool,
    /// Whether the inputs were asked for by name.
    pub(super) inputs_asked: bool,
    /// Who hears how far an analysis is.
    progress: Option<Arc<dyn SubjectProgress>>,
}

/// Who hears how far an analysis is.
pub trait SubjectProgress: Send + Sync {
    /// There are so many steps.
    fn begin(&self, steps: u64);
    /// A step is done.
    fn advance(&self);
}

impl Subject {
    /// The rows of a table, without reading them.
    ///
    /// # Errors
    /// If the table has no such column, or it is not said which are inputs and which is the output.
    pub fn of_table(path: &Path, asked: &SubjectAsked) -> Result<Self, AnalysisError> {
        if path.extension().is_some_and(|extension| extension == "toml") {
            return Err(AnalysisError::input(format!(
                "{0} is a scenario: expected a folder of results, which `entente sweep {0}` makes, or a table (CSV or Parquet)",
                path.display()
            )));
        }
        let table = NumberTable::open(path)?;
        let missing = |what: &str| {
            /// So many columns are named.
            const NAMED: usize = 12;
            let columns = first_few(table.columns(), NAMED);
            AnalysisError::input(format!("a table needs {what}: {} has the columns {columns}", path.display()))
        };
        if asked.question.is_some() {
            return Err(missing("the column of its output, with --output, and no --question"));
        }
        if asked.variant.is_some() {
            return Err(missing("no --variant: its rows are what they are"));
        }
        let column = asked.output.clone().ok_or_else(|| missing("the column of its output, with --output"))?;
        if asked.inputs.is_empty() {
            return Err(missing("the columns of its inputs, with --inputs a,b,…"));
        }
        let mut places = Vec::new();
        for name in &asked.inputs {
            if *name == column {
                return Err(AnalysisError::input(format!("`{name}` cannot be both an input and the output")));
            }
            places.push(table.place(name)?);
        }
        table.place(&column)?;
        // In the table's own order, by which designs are recognised; no column twice.
        places.sort_unstable();
        places.dedup();
        let inputs: Vec<String> = places.into_iter().map(|place| table.columns()[place].clone()).collect();
        let about = Topic { question: column.clone(), labels: inputs.clone(), inputs, ..Topic::default() };
        Ok(Self {
            source: DataSource::Table(table),
            about,
            column,
            variant: String::new(),
            id: String::new(),
            of_choice: false,
            inputs_asked: true,
            progress: None,
        })
    }

    /// The runs of a sweep, or of an ensemble with drawn inputs, without reading them.
    ///
    /// # Errors
    /// If nothing was varied, or there is no such question.
    pub fn of_results(results: Results, asked: &SubjectAsked) -> Result<Self, AnalysisError> {
        let scenario = results.scenario()?;
        let manifest = results.manifest();
        let of_design = manifest.design.as_ref().map(|design| design.inputs.clone());
        let varied = of_design.or_else(|| manifest.inputs.as_ref().map(DrawnInputs::paths)).ok_or_else(|| {
            AnalysisError::input(CasesError::NoDesign { path: results.folder().path().display().to_string() })
        })?;
        let variant = match &asked.variant {
            Some(id) => id.clone(),
            None => {
                let baseline = manifest.variants.iter().find(|id| *id == PlannedVariant::BASELINE);
                baseline.or(manifest.variants.first()).cloned().unwrap_or_default()
            }
        };
        let (column, id, question) = match &asked.output {
            Some(column) => (column.clone(), String::new(), column.clone()),
            None => {
                let (_, answer) = answer(&scenario, asked.question.as_deref())?;
                (answer_column(&answer.id), answer.id.clone(), answer.text.clone())
            }
        };
        let question_asked = scenario.questions.iter().find(|question| answer_column(&question.id) == column);
        let yes_no = question_asked.is_some_and(Question::yes_no);
        let inputs = if asked.inputs.is_empty() { varied } else { asked.inputs.clone() };
        let labels = inputs.iter().map(|path| naming::input(&scenario, path)).collect();
        let about = Topic { question, yes_no, inputs, labels, simulated: true, ..Topic::default() };
        Ok(Self {
            source: DataSource::Sweep(Box::new((results, scenario))),
            about,
            column,
            variant,
            id,
            of_choice: asked.variant.is_some(),
            inputs_asked: !asked.inputs.is_empty(),
            progress: None,
        })
    }

    /// Tells how far an analysis is.
    pub fn watch(&mut self, progress: Arc<dyn SubjectProgress>) {
        self.progress = Some(progress);
    }

    /// Says how many steps there are.
    pub(super) fn begin(&self, steps: u64) {
        self.progress.iter().for_each(|progress| progress.begin(steps));
    }

    /// Says that a step is done.
    pub(super) fn advance(&self) {
        self.progress.iter().for_each(|progress| progress.advance());
    }

    /// About how many rows there are, and how many bytes of memory an analysis of them takes.
    ///
    /// # Errors
    /// If a file cannot be read.
    pub fn size(&self) -> Result<(u64, u64), AnalysisError> {
        let (rows, each) = match &self.source {
            // Columns first, then rows, and once more as the analysis orders them.
            DataSource::Table(table) => (table.rows_about()?, 8 * 3 * (self.about.inputs.len() as u64 + 1)),
            DataSource::Sweep(sweep) => (sweep.0.manifest().runs, 64),
        };
        Ok((rows, rows.saturating_mul(each)))
    }

    /// The folder or the table.
    pub(super) fn path(&self) -> &Path {
        match &self.source {
            DataSource::Sweep(sweep) => sweep.0.folder().path(),
            DataSource::Table(table) => table.path(),
        }
    }

    /// The results; none of a table.
    pub fn results(&self) -> Option<&Results> {
        match &self.source {
            DataSource::Sweep(sweep) => Some(&sweep.0),
            DataSource::Table(_) => None,
        }
    }

    /// Looks at these inputs no longer.
    pub(super) fn leave_out(&mut self, inputs: &[String]) {
        let kept: Vec<bool> = self.about.inputs.iter().map(|input| !inputs.contains(input)).collect();
        let mut of = kept.iter();
        self.about.inputs.retain(|_| *of.next().unwrap_or(&true));
        let mut of = kept.iter();
        self.about.labels.retain(|_| *of.next().unwrap_or(&true));
    }

    /// Reads the runs. With `against`, the output is how much larger it is than under that variant.
    ///
    /// # Errors
    /// If an input or variant is not known, a file cannot be read, or there are no runs.
    pub(super) fn cases(&mut self, against: Option<&str>) -> Result<Cases, AnalysisError> {
        let cases = match &self.source {
            DataSource::Table(table) => Cases::of_table(table, &self.about.inputs, &self.column)?,
            DataSource::Sweep(sweep) => {
                Cases::of_sweep(&sweep.0, &self.about.inputs, &self.column, &self.variant, against)?
            }
        };
        if cases.count() == 0 {
            return Err(AnalysisError::input(format!(
                "there is no row to analyse in column `{}` of {}",
                self.column,
                self.path().display()
            )));
        }
        let number = crate::chart::axis::count;
        self.about.subtitle = match &self.source {
            DataSource::Table(_) => format!("{} rows", number(cases.count() as f64)),
            DataSource::Sweep(sweep) => {
                let file = &sweep.1.file;
                let title = file.variant.iter().find(|variant| variant.id == self.variant);
                let under = match (title, against) {
                    (Some(title), Some(_)) => format!("“{}” against the baseline", title.title),
                    (Some(title), None) => title.title.clone(),
                    _ => self.variant.clone(),
                };
                format!(
                    "{} · {under} · {} points × {} replicates",
                    file.scenario.title,
                    number(cases.count() as f64),
                    number(cases.replicates() as f64)
                )
            }
        };
        if matches!(self.source, DataSource::Table(_)) {
            self.about.yes_no = cases.is_yes_no();
        }
        cases.scales().clone_into(&mut self.about.scales);
        Ok(cases)
    }

    /// Brings runs of a sweep with the same inputs together to points. Rows of a table are cases, for nobody says that they are
    /// replicates.
    pub(super) fn grouped(&self, cases: Cases) -> Cases {
        match self.source {
            DataSource::Sweep(_) => cases.grouped(),
            DataSource::Table(_) => cases,
        }
    }

    /// What is looked at, with what it is: a question in words, or the name of a column.
    pub fn output(&self) -> (&'static str, &str) {
        (if self.id.is_empty() { "Output" } else { "Question" }, &self.about.question)
    }

    /// The question as something that can come true: of a table's column "y is yes", or "y is above 3".
    pub(super) fn clause(&self) -> String {
        match &self.source {
            DataSource::Sweep(_) if self.about.yes_no => naming::clause(&self.about.question),
            _ => format!("“{}” is yes", self.column),
        }
    }

    /// The title of the variant; its id if the scenario does not know it.
    pub(super) fn variant_title(&self) -> &str {
        let known = match &self.source {
            DataSource::Sweep(sweep) => sweep.1.file.variant.iter().find(|variant| variant.id == self.variant),
            DataSource::Table(_) => None,
        };
        known.map_or(&self.variant, |variant| &variant.title)
    }
}

/// The answer of an id with its question, or the only one.
fn answer<'a>(scenario: &'a Scenario, id: Option<&str>) -> Result<(&'a GroupedQuestion, &'a AnswerAt), AnalysisError> {
    let questions = || scenario.question_groups().iter().flat_map(|group| &group.questions);
    let only = || questions().map(|question| question.id.as_str()).next().filter(|_| questions().count() == 1);
    let id = id.or_else(only).ok_or_else(|| {
        let all: Vec<&str> = questions().map(|question| question.id.as_str()).collect();
        AnalysisError::input(match all.is_empty() {
            true => {
                "the scenario asks no question: expected one in its file, or a column of runs.parquet with --output"
                    .to_owned()
            }
            false => format!("the scenario has more than one question; give one with --question: {}", all.join(", ")),
        })
    })?;
    Ok(meant(scenario, id)?)
}

impl From<CasesError> for AnalysisError {
    fn from(error: CasesError) -> Self {
        match error {
            CasesError::Record(error) => error.into(),
            other => Self::input(other),
        }
    }
}
