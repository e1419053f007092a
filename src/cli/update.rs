//! `entente update`: what news says of the answers of a finished ensemble.

use super::failure::Failure;
use super::finding::Finding;
use super::input;
use super::options::{TellArgs, ThreadArgs};
use super::progress::Bar;
use super::question::meant;
use super::target::{CellArgs, warn_of_other_program};
use crate::experiment::Progress;
use crate::report::analyses::{self, UpdateAsked};
use crate::scenario::facts::Facts;
use clap::Args;
use std::io::Write;
use std::path::PathBuf;

/// Options of `update`.
#[derive(Clone, Debug, Args)]
pub struct UpdateArgs {
    #[command(flatten)]
    pub cell: CellArgs,
    /// File of what was reported since the start (TOML), or - for standard input
    #[arg(long, value_name = "FILE")]
    pub observed: PathBuf,
    /// Go on from the runs that are like the facts, under fresh random numbers, instead of weighing those that there are
    #[arg(long = "continue")]
    pub go_on: bool,
    /// How many runs go on [default: as many as the results hold]
    #[arg(long, value_name = "N", requires = "go_on", value_parser = super::options::whole::<u64>(10..=1_000_000))]
    pub particles: Option<u64>,
    /// Questions that come first [default: the headlines at their last moments]
    #[arg(long = "question", value_name = "ID,…", value_delimiter = ',')]
    pub questions: Vec<String>,
    #[command(flatten)]
    pub threads: ThreadArgs,
    #[command(flatten)]
    pub tell: TellArgs,
}

/// Updates and prints.
///
/// # Errors
/// If there are no such results or questions, the facts cannot be read or are impossible, or files cannot be written.
pub fn update(args: &UpdateArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let target = args.cell.open()?;
    for id in &args.questions {
        meant(&target.scenario, id)?;
    }
    let facts = Facts::load(&input::file(&args.observed)?, &target.scenario).map_err(super::problems)?;
    warn_of_other_program(&target);
    let window = target.results.manifest().window();
    let particles = args.go_on.then(|| args.particles.unwrap_or(window.end - window.start));
    let name = blake3::hash(facts.text.as_bytes()).to_hex()[..8].to_owned();
    let continued = particles.map(|particles| ("continue", particles.to_string()));
    let apart = continued.into_iter().chain(args.questions.iter().map(|id| ("question", id.clone())));
    let place = target.finding("update", &name, apart);
    let mut moments: Vec<u32> = facts.list.iter().map(|fact| fact.question.moment).collect();
    moments.dedup();
    let runs = particles.filter(|_| !args.tell.print.quiet).map(|particles| particles * (moments.len() as u64 + 1));
    let bar = runs.map(Bar::of);
    let done = || {
        if let Some(bar) = &bar {
            bar.on_progress(Progress::Runs(1));
        }
    };
    let asked = UpdateAsked { questions: args.questions.clone(), go_on: particles, threads: args.threads.count() };
    let insight = analyses::update(&target, &facts, &asked, &done)?;
    if let Some(bar) = bar {
        bar.finish();
    }
    let finding = Finding::create(place)?;
    finding.keep("observed.toml", &facts.text)?;
    finding.deliver(&target.results, insight, args.tell, out)
}
