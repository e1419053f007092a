//! `entente branch`: what else could have come of a moment of a run.

use super::failure::Failure;
use super::input;
use super::output::{place_for_kind, tell};
use super::question::meant;
use super::target::{CellArgs, Target, warn_of_other_program};
use super::trunk::{BranchArgs, Trunk, checkpoint_of};
use super::{branch_fresh, branch_lever, branch_tree};
use crate::base::Date;
use crate::engine::{Checkpoint, CheckpointError, Model};
use crate::record::{RecordError, write_whole};
use crate::report::analyses::Replicate;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Branches.
///
/// # Errors
/// If there is no such run or moment, a lever is wrong, or files cannot be read or written.
pub fn branch(args: &BranchArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let cell = CellArgs { results: args.results.clone(), variant: args.of.clone(), point: args.point };
    let target = cell.open()?;
    let pool = args.threads.pool().map_err(Failure::failed)?;
    args.save.as_deref().map(|path| place_for_kind(path, "checkpoint", is_checkpoint)).transpose()?;
    let of_answer = matches!(args.replicate, Some(Replicate::Answering(_) | Replicate::Amount(_)));
    if let (Some(id), None) = (args.question.get(usize::from(of_answer)), args.dates) {
        return Err(Failure::input(format!(
            "--question {id} goes with --dates, or with --replicate yes, no, high or low"
        )));
    }
    let from = args.from.as_ref().map(|path| bytes_of(path).map(|bytes| (path, bytes))).transpose()?;
    let of_bytes = |(path, bytes): &(&PathBuf, Vec<u8>)| Checkpoint::replicate_in(bytes).map_err(refused(path));
    let replicate = from.as_ref().map(of_bytes).transpose()?.map(Replicate::Number).or(args.replicate);
    let question = match args.question.first().filter(|_| of_answer) {
        Some(id) => Some(meant(&target.scenario, id)?.1.id.as_str()),
        None => None,
    };
    let replicate = replicate.unwrap_or(Replicate::Number(0)).number(&target, question)?;
    let target = target.of_replicate(replicate)?;
    let model = Model::asking(&target.scenario, target.questions.clone());
    let from = from.map(|(path, bytes)| read(path, &bytes, &target)).transpose()?;
    let checkpoint = match (from, &args.at) {
        (None, Some(date)) => Some(checkpoint_at(&target, &model, replicate, date)?),
        (from, _) => from,
    };
    warn_of_other_program(&target);
    let was = target.run(replicate);
    if let Some(failure) = &was.failure {
        return Err(Failure::failed(format!("replicate {replicate} failed: {failure}")));
    }
    let alike = target.compare(&was)?;
    let trunk = Trunk { target: &target, model: &model, replicate, was, alike, pool };
    let Some(checkpoint) = checkpoint else {
        return branch_tree::grow(args, &trunk, out);
    };
    let pulled = args.variant.is_some() || !args.set.is_empty();
    let lever = pulled.then(|| branch_lever::Lever::of(args, &trunk, &checkpoint)).transpose()?;
    if let Some(path) = &args.save {
        let bytes = checkpoint.to_bytes(&target.scenario.digest()).map_err(Failure::failed)?;
        write_whole(path, &bytes)?;
        if !args.tell.print.quiet {
            tell(&format!("the moment stands in {0}: `--from {0}` begins there", path.display()));
        }
    }
    match lever {
        Some(lever) => branch_lever::tell(args, &trunk, (&checkpoint, lever), out),
        None => branch_fresh::open(args, &trunk, &checkpoint, out),
    }
}

/// Whether a file is a checkpoint, of whatever program.
fn is_checkpoint(path: &Path) -> bool {
    let mut beginning = Vec::new();
    let read = File::open(path).and_then(|file| file.take(Checkpoint::MAGIC.len() as u64).read_to_end(&mut beginning));
    read.is_ok() && beginning == Checkpoint::MAGIC
}

fn bytes_of(path: &Path) -> Result<Vec<u8>, Failure> {
    Ok(std::fs::read(input::file(path)?).map_err(RecordError::io("read", path))?)
}

fn refused(path: &Path) -> impl Fn(CheckpointError) -> Failure {
    move |error| Failure::input(format!("{}: {error}", path.display()))
}

fn read(path: &Path, bytes: &[u8], target: &Target) -> Result<Checkpoint, Failure> {
    let found = Checkpoint::from_bytes(bytes, &target.scenario.digest()).map_err(refused(path))?;
    if found.seed != target.seed() {
        let held = target.seed();
        return Err(Failure::input(format!("{} is of seed {}, the results are of {held}", path.display(), found.seed)));
    }
    Ok(found)
}

/// The checkpoint of a replicate at the first step on or after a day.
fn checkpoint_at(target: &Target, model: &Arc<Model>, replicate: u64, date: &str) -> Result<Checkpoint, Failure> {
    let date = Date::parse(date).map_err(Failure::input)?;
    let calendar = target.scenario.setting.calendar;
    let (start, end) = (calendar.start(), calendar.end());
    let step = calendar.step_of(date).filter(|_| date >= start && date < end);
    let Some(step) = step else {
        return Err(Failure::input(format!("{date} lies outside the run, which begins on {start} and ends on {end}")));
    };
    checkpoint_of(model, target.seed(), replicate, step)
}
