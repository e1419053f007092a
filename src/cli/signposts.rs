//! `entente signposts`: what to watch for in the first weeks, and what it says of how a question will end.

use super::failure::Failure;
use super::finding::Finding;
use super::options::{ChartArgs, PrintArgs, TellArgs, ThreadArgs};
use super::question::meant;
use super::summary::OutputFormat;
use super::target::{CellArgs, warn_of_other_program};
use crate::base::Duration;
use crate::report::analyses::{self, WatchAsked};
use crate::report::insight::HYPOTHESES;
use clap::{Args, ValueEnum};
use std::io::Write;

/// How to print.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum WatchFormat {
    /// For people
    #[default]
    Text,
    /// One JSON object, for programs
    Json,
    /// The matrix of hypotheses and evidence
    Csv,
}

/// Options of `signposts`.
#[derive(Clone, Debug, Args)]
pub struct SignpostsArgs {
    #[command(flatten)]
    pub cell: CellArgs,
    /// The question
    #[arg(long, value_name = "ID")]
    pub question: String,
    /// How long the first weeks are, such as "8 weeks" [default: 12 weeks, or half of the time up to the question's moment]
    #[arg(long, value_name = "DURATION", value_parser = Duration::parse)]
    pub within: Option<Duration>,
    /// Of an amount: what goes with more than this [default: its median]
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    pub above: Option<f64>,
    /// What only those who take part in it know too: secret talks and deals, strength, support
    #[arg(long)]
    pub all: bool,
    #[command(flatten)]
    pub threads: ThreadArgs,
    #[command(flatten)]
    pub charts: ChartArgs,
    /// Print nothing but errors
    #[arg(long)]
    pub quiet: bool,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub format: WatchFormat,
}

/// Searches and prints.
///
/// # Errors
/// If there is no such question, nothing to tell, or files cannot be read or written.
pub fn signposts(args: &SignpostsArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let target = args.cell.open()?;
    let question = meant(&target.scenario, &args.question)?.1.id.clone();
    warn_of_other_program(&target);
    let within = args.within.iter().map(|within| ("within", within.to_string().replace(' ', "-")));
    let above = args.above.iter().map(|line| ("above", line.to_string()));
    let apart = within.chain(above).chain(args.all.then(|| ("seen", "all".to_owned())));
    let place = target.finding("signposts", &question, apart);
    let threads = args.threads.count();
    let asked = WatchAsked { question, within: args.within, above: args.above, all: args.all, threads };
    let insight = analyses::signposts(&target, &asked)?;
    let matrix = insight.tables.iter().find(|(name, _)| name == HYPOTHESES).map(|(_, lines)| lines.clone());
    let (quiet, format) = match args.format {
        WatchFormat::Text => (args.quiet, OutputFormat::Text),
        WatchFormat::Json => (args.quiet, OutputFormat::Json),
        WatchFormat::Csv => (true, OutputFormat::Text),
    };
    let tell = TellArgs { charts: args.charts, print: PrintArgs { quiet, format } };
    Finding::create(place)?.deliver(&target.results, insight, tell, out)?;
    if args.format == WatchFormat::Csv {
        let mut table = csv::Writer::from_writer(out);
        for line in matrix.unwrap_or_default() {
            table.write_record(line).map_err(Failure::failed)?;
        }
        table.flush().map_err(Failure::failed)?;
    }
    Ok(())
}
