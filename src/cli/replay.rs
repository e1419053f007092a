//! `entente replay`: one run of an experiment again, bit for bit.

use super::failure::Failure;
use super::finding::Finding;
use super::options::TellArgs;
use super::output::place_for_kind;
use super::question::meant;
use super::target::{CellArgs, Target, warn_of_other_program};
use crate::analysis::why::RunAccount;
use crate::base::number::count;
use crate::record::DecisionsTable;
use crate::report::Block;
use crate::report::analyses::{self, Replicate};
use clap::Args;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Options of `replay`.
#[derive(Clone, Debug, Args)]
pub struct ReplayArgs {
    #[command(flatten)]
    pub cell: CellArgs,
    /// Number of the replicate from 0, or typical, or by --question: the first that answers yes or no, or of a high or low
    /// amount
    #[arg(long, value_name = "K|typical|yes|no|high|low")]
    pub replicate: Replicate,
    /// With --replicate yes, no, high or low: the question that is answered so
    #[arg(long, value_name = "ID")]
    pub question: Option<String>,
    /// Write every decision with its terms to this file (Parquet)
    #[arg(long, value_name = "FILE")]
    pub trace: Option<PathBuf>,
    /// Tell the run as a chronicle instead of printing its answers, with a page and charts in the results folder
    #[arg(long)]
    pub story: bool,
    #[command(flatten)]
    pub tell: TellArgs,
}

/// Runs it again.
///
/// # Errors
/// If there is no such run, or files cannot be read or written.
pub fn replay(args: &ReplayArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let place = |path: &Path| place_for_kind(path, "trace of a replay", DecisionsTable::is_one);
    args.trace.as_deref().map(place).transpose()?;
    let target = args.cell.open()?;
    if let (Some(id), Replicate::Number(_) | Replicate::Typical) = (&args.question, args.replicate) {
        return Err(Failure::input(format!("--question {id} goes with --replicate yes, no, high or low only")));
    }
    let id = match &args.question {
        Some(id) => Some(meant(&target.scenario, id)?.1.id.clone()),
        None => None,
    };
    let replicate = args.replicate.number(&target, id.as_deref())?;
    warn_of_other_program(&target);
    let again = analyses::replay(target, replicate)?;
    let target = &again.target;
    let decisions = args.trace.as_ref().map(|path| write_trace(path, target, &again.account)).transpose()?;
    let story = args.story.then(|| again.story());
    let json = again.json(story.as_ref());
    let mut page = again.heading();
    let mut charts = Vec::new();
    if story.is_some() && !args.tell.charts.no_charts {
        charts = again.charts()?;
        page.push(Block::Contents).heading("Charts");
        charts.iter().for_each(|chart| {
            page.chart(&**chart);
        });
    }
    match &story {
        Some(story) => story.tell(&mut page),
        None => again.answers(&mut page),
    }
    if let (Some(path), Some(rows)) = (&args.trace, decisions) {
        page.words(format!("{} decisions in {}", count(rows as f64), path.display()));
    }
    again.made(&mut page);
    if charts.is_empty() {
        return args.tell.print.print(&page, &[], || json, out);
    }
    page.use_with_care();
    let finding = Finding::create(target.finding("replay", "story", [("replicate", replicate.to_string())]))?;
    finding.tell(&target.results, (page, charts), json, args.tell, out)
}

fn write_trace(path: &Path, target: &Target, account: &RunAccount) -> Result<u64, Failure> {
    let ids: Vec<String> = target.scenario.setting.factions.values().iter().map(|traits| traits.id.clone()).collect();
    let mut table = DecisionsTable::create(path, &ids, target.calendar())?;
    for (decision, yes) in account.decisions() {
        table.decision(decision, yes)?;
    }
    Ok(table.finish()?.0)
}
