//! `entente chunk`: chunks of a planned experiment.

use super::failure::{Failure, INTERRUPTED, TRY_AGAIN};
use super::options::ThreadArgs;
use super::progress::{Bar, interrupt};
use super::results;
use crate::experiment::{Control, Experiment, ExperimentError, Progress, ranges};
use crate::record::{RecordError, Results};
use clap::Args;
use std::path::PathBuf;
use std::sync::atomic::Ordering;

/// Options of `chunk`.
#[derive(Clone, Debug, Args)]
pub struct ChunkArgs {
    /// Folder of the planned experiment
    #[arg(value_name = "PLAN")]
    pub plan: PathBuf,
    /// Numbers of chunks, from 0: 5, 3-17, every second of them 3-17:2, from 40 on every tenth 40:10, or several of these with commas
    #[arg(value_name = "K,…", value_parser = Chosen::parse)]
    pub chunks: Chosen,
    #[command(flatten)]
    pub threads: ThreadArgs,
}

/// Which chunks are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen(Vec<Stride>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stride {
    first: u64,
    /// None for the last that there is.
    last: Option<u64>,
    step: u64,
}

impl Chosen {
    fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("found `{text}`, expected numbers of chunks such as 5, 3-17, 3-17:2 or 3-17,40:10");
        let number = |text: &str| text.trim().parse::<u64>().map_err(|_| wrong());
        let stride = |part: &str| {
            let (range, step) = match part.split_once(':') {
                Some((range, step)) => (range, Some(number(step)?)),
                None => (part, None),
            };
            let (first, last) = match range.split_once('-') {
                Some((first, last)) => (number(first)?, Some(number(last)?)),
                None => (number(range)?, None),
            };
            let last = if last.is_none() && step.is_none() { Some(first) } else { last };
            if step == Some(0) || last.is_some_and(|last| last < first) {
                return Err(wrong());
            }
            Ok(Stride { first, last, step: step.unwrap_or(1) })
        };
        text.split(',').map(stride).collect::<Result<_, _>>().map(Self)
    }

    /// The numbers, each once, of a plan with so many chunks.
    ///
    /// # Errors
    /// If the plan has no such chunk.
    fn of(&self, count: u64) -> Result<Vec<u64>, ExperimentError> {
        let last = count.saturating_sub(1);
        let mut numbers = Vec::new();
        for stride in &self.0 {
            let end = stride.last.unwrap_or(last);
            if let Some(number) = [stride.first, end].into_iter().find(|number| *number >= count) {
                return Err(ExperimentError::NoChunk { number, last });
            }
            numbers.extend(
                (stride.first..=end)
                    .step_by(stride.step as usize)
                    .filter(|number| !numbers.contains(number))
                    .collect::<Vec<_>>(),
            );
        }
        Ok(numbers)
    }
}

/// Does them, unless they are done already.
///
/// # Errors
/// If there is no such plan or chunk, or one cannot be done or written; if another process is at work on one.
pub fn chunk(args: &ChunkArgs) -> Result<(), Failure> {
    let folder = results::of_plan(&args.plan);
    let Some(planned) = Experiment::planned(&folder)? else {
        // All chunks are in the results; without those there is an error to tell.
        let results = Results::open(folder.path())?;
        let Some(count) = results.manifest().tasks else {
            let message = format!("{} holds finished results that were not planned in chunks", folder.path().display());
            return Err(Failure::input(message));
        };
        return args.chunks.of(count).map(drop).map_err(Failure::from);
    };
    let numbers = args.chunks.of(planned.tasks().count())?;
    let _shared = folder.share()?;
    let stop = interrupt();
    let tasks = planned.tasks();
    let runs = numbers.iter().map(|number| tasks.runs(*number)).sum();
    let bar = Bar::of(runs);
    let on_progress = |progress: Progress<'_>| bar.on_progress(progress);
    let control = Control { cancel: &|| stop.load(Ordering::Relaxed), on_progress: &on_progress };
    let threads = args.threads.count().unwrap_or(1);
    let mut taken = Vec::new();
    for (place, number) in numbers.iter().enumerate() {
        let _held = match folder.hold_task(*number) {
            Ok(held) => held,
            Err(RecordError::InUse { .. }) => {
                taken.push(*number);
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        match planned.run_task(*number, &folder, threads, &control) {
            Ok(_) => {}
            Err(ExperimentError::Interrupted { .. }) => {
                let left = ranges(&numbers[place..]);
                let message = format!("interrupted: of these chunks {left} are not done; the same command does them");
                return Err(Failure { code: INTERRUPTED, message });
            }
            Err(error) => return Err(error.into()),
        }
    }
    bar.finish();
    if taken.is_empty() {
        return Ok(());
    }
    let message = format!("another process is at work on the chunks {}; try again when it has ended", ranges(&taken));
    Err(Failure { code: TRY_AGAIN, message })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_given_as_numbers_ranges_and_strides() {
        let of = |text: &str, count| Chosen::parse(text).unwrap().of(count).unwrap();
        assert_eq!(of("5", 6), [5]);
        assert_eq!(of("3-6,1", 10), [3, 4, 5, 6, 1]);
        assert_eq!(of("3-9:2,40:20", 100), [3, 5, 7, 9, 40, 60, 80]);
        assert_eq!(of("0:1", 3), [0, 1, 2]);
        assert_eq!(of("1-3,2-4", 10), [1, 2, 3, 4]);
        for wrong in ["", "a", "3-", "5-3", "1:0", "-1", "1,,2"] {
            assert!(Chosen::parse(wrong).is_err(), "{wrong}");
        }
        for beyond in ["6", "3-6", "7:2"] {
            assert!(Chosen::parse(beyond).unwrap().of(6).is_err(), "{beyond}");
        }
    }
}
