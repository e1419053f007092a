//! Options that many commands have.

use super::failure::Failure;
use super::input::{self, DASH};
use super::output::print;
use super::summary::OutputFormat;
use crate::base::number::count;
use crate::experiment::Inputs;
use crate::report::Document;
use crate::scenario::nearest;
use clap::Args;
use clap::builder::{PathBufValueParser, StringValueParser, TypedValueParser};
use serde_json::Value;
use std::io::Write;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

/// What is printed, and how.
#[derive(Clone, Copy, Debug, Args)]
pub struct PrintArgs {
    /// Print nothing but errors
    #[arg(long)]
    pub quiet: bool,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

impl PrintArgs {
    /// Prints a document and where to find what was written; for programs, what `json` gives instead.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn print(
        self,
        document: &Document,
        places: &[(&str, &Path)],
        json: impl FnOnce() -> Value,
        out: &mut dyn Write,
    ) -> Result<(), Failure> {
        match self.format {
            OutputFormat::Json => writeln!(out, "{:#}", json()).map_err(Failure::failed),
            OutputFormat::Text if self.quiet => Ok(()),
            OutputFormat::Text => print(document, places, out),
        }
    }

    /// Whether anything is printed.
    pub fn prints(self) -> bool {
        !self.quiet || self.format == OutputFormat::Json
    }
}

/// Reads a seed.
///
/// # Errors
/// If it is none.
pub fn seed(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("expected a whole number from 0 to {}", u64::MAX))
}

/// A parser of whole numbers of a range, which may be written as people write large ones: 10,000 or 1e4.
pub fn whole<T: TryFrom<u64> + Send + Sync + Clone + 'static>(
    range: RangeInclusive<u64>,
) -> impl TypedValueParser<Value = T> {
    StringValueParser::new().try_map(move |text: String| {
        // Commas between thousands, and nowhere else: "1,5" is no fifteen.
        let mut parts = text.split([',', '_']).map(str::len);
        let grouped = parts.next().is_some_and(|first| first <= 3) && parts.all(|part| part == 3);
        let plain = if grouped { text.replace([',', '_'], "") } else { text };
        let rounded =
            || plain.parse::<f64>().ok().filter(|number| number.fract() == 0.0 && (0.0..1e15).contains(number));
        let number = plain.parse().ok().or_else(|| rounded().map(|number| number as u64));
        let found = number.filter(|number| range.contains(number)).and_then(|number| T::try_from(number).ok());
        found.ok_or_else(|| {
            let [low, high] = [range.start(), range.end()].map(|end| count(*end as f64));
            format!("expected a whole number from {low} to {high}")
        })
    })
}

/// Reads the name of a folder to write to.
///
/// # Errors
/// If it holds signs that no folder should have: they would end a line wherever the name is told.
pub fn out_folder(path: PathBuf) -> Result<PathBuf, String> {
    match path.to_string_lossy().chars().find(|sign| sign.is_control()) {
        Some(sign) => Err(format!(
            "found {sign:?} in the name of the folder, expected a name without line breaks and control signs"
        )),
        None => Ok(path),
    }
}

/// A parser of the names of folders to write to.
pub fn folders() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(out_folder)
}

/// What is drawn.
#[derive(Clone, Copy, Debug, Args)]
pub struct ChartArgs {
    /// Draw no charts and write no report
    #[arg(long)]
    pub no_charts: bool,
}

/// How a command tells what it found out about results.
#[derive(Clone, Copy, Debug, Args)]
pub struct TellArgs {
    #[command(flatten)]
    pub charts: ChartArgs,
    #[command(flatten)]
    pub print: PrintArgs,
}

/// What is done about inputs that are not known.
#[derive(Clone, Debug, Args)]
pub struct InputArgs {
    /// What is done about inputs that are not known: drawn, best (all at the best guess), or drawn where a table of joint
    /// draws (CSV or Parquet, or - for standard input) holds them from it [default: drawn]
    #[arg(long, value_name = "drawn|best|FILE", value_parser = inputs)]
    pub inputs: Option<Inputs>,
}

/// Reads the value of `--inputs`.
///
/// # Errors
/// If it is neither of the words nor the name of a table.
pub fn inputs(text: &str) -> Result<Inputs, String> {
    let ending = Path::new(text).extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    match text {
        "drawn" => Ok(Inputs::Drawn),
        "best" => Ok(Inputs::Best),
        DASH => input::file(Path::new(DASH)).map(Inputs::Joint).map_err(|failure| failure.message),
        file if ["csv", "parquet"].iter().any(|known| ending.eq_ignore_ascii_case(known)) => {
            Ok(Inputs::Joint(file.into()))
        }
        other => {
            let help = nearest(other, ["drawn", "best"]).map_or_else(String::new, |help| format!("; {help}"));
            Err(format!("expected drawn, best, or a file that ends in .csv or .parquet{help}"))
        }
    }
}

/// How many threads.
#[derive(Clone, Copy, Debug, Args)]
pub struct ThreadArgs {
    /// How many threads, at most four per core [default: one per core]
    #[arg(long, value_name = "T", value_parser = whole::<u16>(1..=4096))]
    threads: Option<u16>,
}

impl ThreadArgs {
    /// No more threads than a machine can use; none if it is left open.
    pub fn count(self) -> Option<usize> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        self.threads.map(|threads| usize::from(threads).min(4 * cores))
    }

    /// Threads for work in memory.
    ///
    /// # Errors
    /// If the system gives none.
    pub fn pool(self) -> Result<rayon::ThreadPool, rayon::ThreadPoolBuildError> {
        rayon::ThreadPoolBuilder::new().num_threads(self.count().unwrap_or(0)).build()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{Arg, Command};

    #[test]
    fn whole_numbers_are_read_as_people_write_them() {
        let read = |text: &str| {
            let number = Arg::new("n").long("n").value_parser(whole::<u32>(2..=5_000_000));
            let found = Command::new("c")
                .arg(number)
                .try_get_matches_from(["c", &format!("--n={text}")])
                .map_err(|error| error.to_string())?;
            found.get_one::<u32>("n").copied().ok_or_else(String::new)
        };
        for (text, number) in [("2", 2), ("1000", 1000), ("10,000", 10_000), ("1_000_000", 1_000_000), ("1e3", 1000)] {
            assert_eq!(read(text), Ok(number), "{text}");
        }
        for text in ["1", "-3", "1.5", "1,5", "1,00", "6,000,000", "many", "nan", "1e30"] {
            let told = read(text).unwrap_err();
            assert!(told.contains("expected a whole number from 2 to 5,000,000"), "{text}: {told}");
        }
    }
}
