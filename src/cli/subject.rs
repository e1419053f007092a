//! What `sensitivity`, `discover` and `assumptions` share: what is analysed, and where what was found goes.

use super::failure::Failure;
use super::options::TellArgs;
use super::results;
use super::tell;
use crate::analysis::cases::{Cases, CasesError};
use crate::experiment::PlannedCell;
use crate::measure::{Question, answer_column};
use crate::record::{DrawnInputs, NumberTable, Results, make_folder, write_rows, write_whole};
use crate::report::drawing;
use crate::report::insight::{Insight, Topic};
use crate::report::{naming, provenance, quoted};
use crate::scenario::{AnswerAt, GroupedQuestion, Scenario, nearest};
use clap::Args;
use std::io::Write;
use std::path::{Path, PathBuf};

/// What to analyse.
#[derive(Clone, Debug, Args)]
pub struct SubjectArgs {
    /// Results folder of a sweep, or of drawn inputs, `latest` or `latest:SCENARIO`; or any table: CSV or Parquet
    pub results: PathBuf,
    /// Question of the sweep's scenario [default: its only one]
    #[arg(long, value_name = "ID", conflicts_with = "output")]
    pub question: Option<String>,
    /// Column of the table, or of the sweep's runs.parquet, instead of a question
    #[arg(long, value_name = "COLUMN")]
    pub output: Option<String>,
    /// Inputs, separated by commas: columns of the table, or paths of the design [default: all of the design]
    #[arg(long, value_name = "A,B,…", value_delimiter = ',')]
    pub inputs: Vec<String>,
    /// Folder for report, charts and numbers [default: within the sweep's results; for a table, none]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub tell: TellArgs,
}

/// Where runs come from.
pub enum DataSource {
    /// A results folder, with the scenario that was run.
    Sweep(Box<(Results, Scenario)>),
    /// A table.
    Table(NumberTable),
}

/// What is analysed.
pub struct Analysed {
    /// Where runs come from.
    pub source: DataSource,
    /// In words; without the number of points until [`Analysed::cases`] has counted them.
    pub about: Topic,
    /// The column of the output.
    pub column: String,
    /// The variant that is looked at.
    pub variant: String,
    /// The question's id; empty for a column.
    id: String,
}

/// From so many bytes on, people are told what it takes.
const LARGE: u64 = 1 << 30;

impl Analysed {
    /// Finds what is to be analysed, without reading it.
    ///
    /// # Errors
    /// If there is nothing to analyse at the path, or no such question, column or variant.
    pub fn open(args: &SubjectArgs, variant: Option<&str>) -> Result<Self, Failure> {
        let path = results::resolve(&args.results)?;
        if path.is_dir() { Self::of_sweep(args, &path, variant) } else { Self::of_table(args, variant) }
    }

    fn of_table(args: &SubjectArgs, variant: Option<&str>) -> Result<Self, Failure> {
        let table = NumberTable::open(&args.results)?;
        let missing = |what: &str| {
            let columns = table.columns().join(", ");
            Failure::input(format!("a table needs {what}: {} has the columns {columns}", args.results.display()))
        };
        if args.question.is_some() {
            return Err(missing("the column of its output, with --output, and no --question"));
        }
        if variant.is_some() {
            return Err(missing("no --variant: its rows are what they are"));
        }
        let column = args.output.clone().ok_or_else(|| missing("the column of its output, with --output"))?;
        if args.inputs.is_empty() {
            return Err(missing("the columns of its inputs, with --inputs a,b,…"));
        }
        let mut places = Vec::new();
        for name in &args.inputs {
            if *name == column {
                return Err(Failure::input(format!("`{name}` cannot be both an input and the output")));
            }
            places.push(table.place(name)?);
        }
        table.place(&column)?;
        // In the table's own order, by which designs are recognised; no column twice.
        places.sort_unstable();
        places.dedup();
        let inputs: Vec<String> = places.into_iter().map(|place| table.columns()[place].clone()).collect();
        let about = Topic { question: column.clone(), labels: inputs.clone(), inputs, ..Topic::default() };
        Ok(Self { source: DataSource::Table(table), about, column, variant: String::new(), id: String::new() })
    }

    fn of_sweep(args: &SubjectArgs, path: &Path, variant: Option<&str>) -> Result<Self, Failure> {
        let results = results::open(path)?;
        let scenario = results.scenario()?;
        let manifest = results.manifest();
        let of_design = manifest.design.as_ref().map(|design| design.inputs.clone());
        let varied = of_design.or_else(|| manifest.inputs.as_ref().map(DrawnInputs::paths)).ok_or_else(|| {
            Failure::input(CasesError::NoDesign { path: results.folder().path().display().to_string() })
        })?;
        let variant = match variant {
            Some(id) => id.to_owned(),
            None => {
                let baseline = manifest.variants.iter().find(|id| *id == PlannedCell::BASELINE);
                baseline.or(manifest.variants.first()).cloned().unwrap_or_default()
            }
        };
        let (column, id, question) = match &args.output {
            Some(column) => (column.clone(), String::new(), column.clone()),
            None => {
                let (_, answer) = answer(&scenario, args.question.as_deref())?;
                (answer_column(&answer.id), answer.id.clone(), answer.text.clone())
            }
        };
        let asked = scenario.questions.iter().find(|question| answer_column(&question.id) == column);
        let yes_no = asked.is_some_and(Question::yes_no);
        let inputs = if args.inputs.is_empty() { varied } else { args.inputs.clone() };
        let labels = inputs.iter().map(|path| naming::input(&scenario, path)).collect();
        let about = Topic { question, yes_no, inputs, labels, simulated: true, ..Topic::default() };
        Ok(Self { source: DataSource::Sweep(Box::new((results, scenario))), about, column, variant, id })
    }

    /// Reads the runs. With `against`, the output is how much larger it is than under that variant.
    ///
    /// # Errors
    /// If an input or variant is not known, a file cannot be read, or there are no runs.
    pub fn cases(&mut self, against: Option<&str>) -> Result<Cases, Failure> {
        let wide = self.about.inputs.len() as u64;
        let cases = match &self.source {
            DataSource::Table(table) => {
                // Columns first, then rows, and once more as the analysis orders them.
                warn_of_size(table.rows_about()?, 8 * 3 * (wide + 1));
                Cases::of_table(table, &self.about.inputs, &self.column)?
            }
            DataSource::Sweep(sweep) => {
                warn_of_size(sweep.0.manifest().runs, 64);
                Cases::of_sweep(&sweep.0, &self.about.inputs, &self.column, &self.variant, against)?
            }
        };
        if cases.count() == 0 {
            return Err(Failure::input(format!("there is no row to analyse in column `{}`", self.column)));
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
        Ok(cases)
    }

    /// Brings rows with the same inputs together to points.
    pub fn group(&mut self, cases: &Cases) -> Cases {
        let grouped = cases.grouped();
        if grouped.count() < cases.count() && matches!(self.source, DataSource::Table(_)) {
            let number = crate::chart::axis::count;
            let (rows, points) = (number(cases.count() as f64), number(grouped.count() as f64));
            self.about.subtitle = format!("{rows} rows at {points} points");
        }
        grouped
    }

    /// The question as something that can come true: of a table's column "y is yes", or "y is above 3".
    pub fn clause(&self) -> String {
        match &self.source {
            DataSource::Sweep(_) if self.about.yes_no => naming::clause(&self.about.question),
            _ => format!("“{}” is yes", self.column),
        }
    }

    /// The title of the variant; its id if the scenario does not know it.
    pub fn variant_title(&self) -> &str {
        let known = match &self.source {
            DataSource::Sweep(sweep) => sweep.1.file.variant.iter().find(|variant| variant.id == self.variant),
            DataSource::Table(_) => None,
        };
        known.map_or(&self.variant, |variant| &variant.title)
    }

    /// Prints what was found, and writes it if there is a place for it.
    ///
    /// # Errors
    /// If a chart cannot be drawn or a file written.
    pub fn deliver(
        &self,
        command: &str,
        mut insight: Insight,
        args: &SubjectArgs,
        out: &mut dyn Write,
    ) -> Result<(), Failure> {
        let place = match (&args.out, &self.source) {
            (Some(path), _) => Some(path.clone()),
            (None, DataSource::Sweep(sweep)) => {
                let output = args.output.iter().map(|column| ("output", column.clone()));
                let variant = (self.variant != PlannedCell::BASELINE).then(|| ("variant", self.variant.clone()));
                Some(sweep.0.folder().finding(command, &self.id, output.chain(variant)))
            }
            _ => None,
        };
        if let Some(place) = &place {
            self.write(place, &mut insight, args)?;
        }
        let mut json = insight.json;
        if let Some(place) = &place {
            json["folder"] = place.display().to_string().into();
        }
        let report = place.map(|place| place.join("report.html"));
        let places = report.as_deref().map(|path| ("Report", path));
        args.tell.print.print(&insight.document, places.as_slice(), || json, out)
    }

    fn write(&self, place: &Path, insight: &mut Insight, args: &SubjectArgs) -> Result<(), Failure> {
        let document = &mut insight.document;
        document.command(super::words().iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" "));
        document.facts(self.provenance(args)).use_with_care();
        if !args.tell.charts.no_charts {
            let experiment = match &self.source {
                DataSource::Sweep(sweep) => sweep.0.manifest().experiment.clone(),
                DataSource::Table(_) => args.results.display().to_string(),
            };
            let notes = drawing::Notes::of("Source", &experiment);
            document.draw(&drawing::picture(&insight.charts, &place.join("charts"), &notes)?);
        }
        make_folder(place)?;
        for (name, lines) in &insight.tables {
            let Some((heads, lines)) = lines.split_first() else { continue };
            let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
            write_rows(&place.join(name), &heads, lines)?;
        }
        write_whole(&place.join("report.html"), insight.document.html().as_bytes())?;
        Ok(())
    }

    fn provenance(&self, args: &SubjectArgs) -> Vec<(String, String)> {
        let mut facts = match &self.source {
            DataSource::Sweep(sweep) => provenance(sweep.0.manifest()),
            DataSource::Table(_) => vec![("Program".into(), format!("entente {}", env!("CARGO_PKG_VERSION")))],
        };
        facts.push(("From".into(), args.results.display().to_string()));
        facts.push(("Output".into(), self.column.clone()));
        facts
    }
}

/// The answer of an id with its question, or the only one.
fn answer<'a>(scenario: &'a Scenario, id: Option<&str>) -> Result<(&'a GroupedQuestion, &'a AnswerAt), Failure> {
    let ids = || scenario.questions.iter().map(|question| question.id.as_str());
    let listed = || ids().collect::<Vec<_>>().join(", ");
    let only = || Some(scenario.questions.first()?.id.as_str()).filter(|_| scenario.questions.len() == 1);
    let id = id.or_else(only).ok_or_else(|| {
        Failure::input(format!("the scenario has more than one question; give one with --question: {}", listed()))
    })?;
    scenario.answer(id).ok_or_else(|| {
        let help = nearest(id, ids()).unwrap_or_else(|| format!("expected one of {}", listed()));
        Failure::input(format!("the scenario has no question `{id}`: {help}"))
    })
}

fn warn_of_size(rows: u64, bytes_each: u64) {
    let bytes = rows.saturating_mul(bytes_each);
    if bytes > LARGE {
        let needed = bytes as f64 / f64::from(1u32 << 30);
        tell(&format!("about {rows} rows: this takes some {needed:.1} GB of memory"));
    }
}

impl From<CasesError> for Failure {
    fn from(error: CasesError) -> Self {
        match error {
            CasesError::Record(error) => error.into(),
            other => Self::input(other),
        }
    }
}
