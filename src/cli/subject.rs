//! What `sensitivity`, `discover` and `assumptions` share: what is analysed, and where what was found goes.

use super::failure::Failure;
use super::input;
use super::options::TellArgs;
use super::progress::AnalysisBar;
use super::question::meant;
use super::results;
use super::tell;
use crate::experiment::PlannedVariant;
use crate::record::{make_folder, write_whole};
use crate::report::analyses::{Subject, SubjectAsked};
use crate::report::drawing;
use crate::report::insight::Insight;
use crate::report::{provenance, quoted};
use clap::Args;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What to analyse.
#[derive(Clone, Debug, Args)]
pub struct SubjectArgs {
    /// Results folder of a sweep, or of drawn inputs, `latest` or `latest:SCENARIO`; or any table: CSV or Parquet, - for standard input
    pub results: PathBuf,
    /// Question of the sweep's scenario [default: its only one]
    #[arg(long, value_name = "ID", conflicts_with = "output")]
    pub question: Option<String>,
    /// Column of the table, or of the sweep's runs.parquet, instead of a question
    #[arg(long, value_name = "COLUMN")]
    pub output: Option<String>,
    /// Inputs, separated by commas: columns of the table, or paths of the design; one with a comma in quotes of its own,
    /// as in '"mean, weighted",b' [default: all of the design; a table needs them]
    #[arg(long, value_name = "A,B,…")]
    pub inputs: Vec<String>,
    /// Folder for report, charts and numbers [default: within the sweep's results; for a table, none]
    #[arg(long, value_name = "DIR", value_parser = super::options::folders())]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub tell: TellArgs,
}

/// From so many bytes on, people are told what it takes.
const LARGE: u64 = 1 << 30;

impl SubjectArgs {
    /// Finds what is to be analysed, without reading it.
    ///
    /// # Errors
    /// If there is nothing to analyse at the path, or no such question, column or variant.
    pub fn open(&self, variant: Option<&str>) -> Result<Subject, Failure> {
        let path = input::file(&results::resolve(&self.results)?)?;
        let asked = SubjectAsked {
            question: self.question.clone(),
            output: self.output.clone(),
            inputs: named(&self.inputs)?,
            variant: variant.map(str::to_owned),
        };
        if !path.exists() {
            return Err(Failure::input(format!(
                "there is no {}: expected a folder of results, or a table (CSV or Parquet)",
                path.display()
            )));
        }
        let mut subject = match path.is_dir() {
            true => {
                let results = results::open(&path)?;
                if let Some(id) = &asked.question {
                    meant(&results.scenario()?, id)?;
                }
                Subject::of_results(results, &asked)?
            }
            false => Subject::of_table(&path, &asked)?,
        };
        let (rows, bytes) = subject.size()?;
        if bytes > LARGE {
            let needed = bytes as f64 / f64::from(1u32 << 30);
            tell(&format!("about {rows} rows: this takes some {needed:.1} GB of memory"));
        }
        if !self.tell.print.quiet {
            subject.watch(Arc::<AnalysisBar>::default());
        }
        Ok(subject)
    }

    /// Prints what was found, and writes it if there is a place for it; `asked` is all that the command was told otherwise than
    /// usual, which sets its folder apart.
    ///
    /// # Errors
    /// If a chart cannot be drawn or a file written.
    pub fn deliver(
        &self,
        command: &str,
        subject: &Subject,
        (mut insight, asked): (Insight, Vec<(&'static str, String)>),
        out: &mut dyn Write,
    ) -> Result<(), Failure> {
        let usual = || {
            let output = self.output.iter().map(|column| ("output", column.clone()));
            let variant = (subject.variant != PlannedVariant::BASELINE).then(|| ("variant", subject.variant.clone()));
            let inputs = self.inputs.iter().map(|list| ("inputs", list.clone()));
            let apart = output.chain(variant).chain(inputs).chain(asked);
            Some(subject.results()?.folder().finding(command, &subject.id, apart))
        };
        let place = self.out.clone().or_else(usual);
        if let Some(place) = &place {
            self.write(place, subject, &mut insight)?;
        }
        let mut json = insight.json;
        if let Some(place) = &place {
            json["folder"] = place.display().to_string().into();
        }
        let report = place.map(|place| place.join("report.html"));
        let places = report.as_deref().map(|path| ("Report", path));
        self.tell.print.print(&insight.document, places.as_slice(), || json, out)
    }

    fn write(&self, place: &Path, subject: &Subject, insight: &mut Insight) -> Result<(), Failure> {
        let document = &mut insight.document;
        document.command(super::words().iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" "));
        document.facts(self.provenance(subject)).use_with_care();
        if !self.tell.charts.no_charts {
            let from = input::shown(&self.results);
            let experiment = subject.results().map_or(from, |results| results.manifest().experiment.clone());
            let mut notes = drawing::Notes::of("Source", &experiment);
            if let Some(results) = subject.results() {
                notes = notes.naming(&results.scenario()?);
            }
            document.draw(&drawing::picture(&insight.charts, &place.join("charts"), &notes)?);
        }
        make_folder(place)?;
        insight.write_tables(place)?;
        write_whole(&place.join("report.html"), insight.document.html().as_bytes())?;
        Ok(())
    }

    fn provenance(&self, subject: &Subject) -> Vec<(String, String)> {
        let program = || vec![("Program".into(), format!("entente {}", env!("CARGO_PKG_VERSION")))];
        let mut facts = subject.results().map_or_else(program, |results| provenance(results.manifest()));
        facts.push(("From".into(), input::shown(&self.results)));
        let (label, output) = subject.output();
        facts.push((label.into(), output.to_owned()));
        facts
    }
}

/// The names in lists that are separated by commas as in a line of a CSV table.
///
/// # Errors
/// If a list is no such line.
pub fn named(lists: &[String]) -> Result<Vec<String>, Failure> {
    let mut names = Vec::new();
    for list in lists {
        let wrong = |error: csv::Error| Failure::input(format!("cannot read the inputs `{list}`: {error}"));
        let mut table = csv::ReaderBuilder::new().has_headers(false).trim(csv::Trim::All).from_reader(list.as_bytes());
        for record in table.records() {
            names.extend(record.map_err(wrong)?.iter().filter(|name| !name.is_empty()).map(str::to_owned));
        }
    }
    Ok(names)
}
