//! The run that branches: what `branch` is asked, and what its forms share.

use super::failure::Failure;
use super::finding::Finding;
use super::options::{TellArgs, ThreadArgs};
use super::target::Target;
use crate::engine::{Checkpoint, Model, RandomStream, Runner};
use crate::measure::{Keep, RunRecord};
use crate::mechanism::Silent;
use crate::record::Likeness;
use crate::report::analyses::{Replicate, likeness_words};
use crate::report::{Document, provenance};
use clap::Args;
use std::path::PathBuf;
use std::sync::Arc;

/// How many fresh futures there are unless told otherwise.
pub const FUTURES: u64 = 200;

/// Options of `branch`.
#[derive(Clone, Debug, Args)]
pub struct BranchArgs {
    /// Results folder, or `latest`, or `latest:SCENARIO`
    pub results: PathBuf,
    /// Number of the replicate from 0, or typical, or by --question: the first that answers yes or no, or of a high or low
    /// amount
    #[arg(long, value_name = "K|typical|yes|no|high|low", required_unless_present = "from")]
    pub replicate: Option<Replicate>,
    /// The day from which on the run may go another way
    #[arg(long, value_name = "DATE", required_unless_present_any = ["from", "dates"])]
    pub at: Option<String>,
    /// Begin at a checkpoint that --save wrote (- for standard input), instead of a replicate and a date
    #[arg(long, value_name = "FILE", conflicts_with_all = ["replicate", "at", "dates"])]
    pub from: Option<PathBuf>,
    /// Write the moment to this file, to begin from it later
    #[arg(long, value_name = "FILE", conflicts_with = "dates")]
    pub save: Option<PathBuf>,
    /// Pull a lever at that moment: the changes of this variant of the scenario
    #[arg(long, value_name = "ID")]
    pub variant: Option<String>,
    /// Pull a lever at that moment: change a value of the scenario
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// How many futures under fresh random numbers [default: 200, or none where a lever is pulled]
    #[arg(long, value_name = "N", value_parser = super::options::whole::<u64>(1..=1_000_000))]
    pub fresh: Option<u64>,
    /// When was it decided: fresh futures from each of so many dates between the start and the horizon
    #[arg(long, value_name = "N", conflicts_with_all = ["at", "variant", "set"], value_parser = super::options::whole::<u32>(2..=200))]
    pub dates: Option<u32>,
    /// With --dates: the questions that are drawn (repeatable) [default: those that were open longest]; with --replicate
    /// yes, no, high or low: the first is answered so
    #[arg(long, value_name = "ID", conflicts_with = "from")]
    pub question: Vec<String>,
    /// Whose run, where the folder holds several variants [default: the first]
    #[arg(long, value_name = "ID")]
    pub of: Option<String>,
    /// Design point, where the folder holds several
    #[arg(long, value_name = "P", default_value_t = 0)]
    pub point: i32,
    #[command(flatten)]
    pub threads: ThreadArgs,
    #[command(flatten)]
    pub tell: TellArgs,
}

/// The run that branches.
pub struct Trunk<'a> {
    /// Where it is recorded, and its scenario.
    pub target: &'a Target,
    /// Its model, with all questions.
    pub model: &'a Arc<Model>,
    /// Its replicate.
    pub replicate: u64,
    /// The run as it was.
    pub was: RunRecord,
    /// How it compares with what was recorded.
    pub alike: Likeness,
    /// The threads for futures.
    pub pool: rayon::ThreadPool,
}

impl Trunk<'_> {
    /// A document about what comes of it, with which run it is.
    pub fn document(&self, title: String) -> Document {
        let scenario = &self.target.scenario.file.scenario.title;
        let mut document = Document::new(title, format!("{} · {scenario}", self.words()));
        document.no_forecast();
        if !matches!(self.alike, Likeness::Same) {
            document.caution(likeness_words(&self.alike));
        }
        document
    }

    /// Ends such a document: how it was made, with what is to be said of that.
    pub fn end(&self, document: &mut Document, words: Option<&str>) {
        document.heading("How it was made");
        if matches!(self.alike, Likeness::Same) {
            document.words(likeness_words(&self.alike));
        }
        if let Some(words) = words {
            document.words(words);
        }
        document.rest().facts(provenance(self.target.results.manifest())).use_with_care();
    }

    /// That all its futures have the inputs that it drew, where some were drawn: over all runs answers may be others.
    pub fn inputs_held(&self) -> &'static str {
        match self.target.source.draws() {
            Some(_) => {
                " All have the inputs and weights that this run drew, so that from its first day on, too, a probability may be another than \
                 over all runs."
            }
            None => "",
        }
    }

    /// Which run it is, for the heading of a chart.
    pub fn words(&self) -> String {
        format!("replicate {}, seed {}, {}", self.replicate, self.target.seed(), self.target.cell_words())
    }

    /// A folder for what is found of its branches; `apart` says from where on, and what is done there, and `usual` how many
    /// futures there are unless told otherwise.
    pub fn finding<'b>(
        &self,
        apart: impl IntoIterator<Item = (&'b str, String)>,
        (fresh, usual): (Option<u64>, Option<u64>),
    ) -> Result<Finding, Failure> {
        let fresh = fresh.filter(|fresh| Some(*fresh) != usual).map(|fresh| ("fresh", fresh.to_string()));
        Finding::create(self.target.finding("branch", &self.replicate.to_string(), apart.into_iter().chain(fresh)))
    }
}

/// The checkpoint of a replicate at a step.
///
/// # Errors
/// If the run fails before.
pub fn checkpoint_of(model: &Arc<Model>, seed: u64, replicate: u64, step: u32) -> Result<Checkpoint, Failure> {
    let mut runner = Runner::new(model, Keep::ALL);
    runner.begin(seed, replicate);
    while runner.world().step < step && !runner.at_horizon() {
        runner.step(&mut Silent).map_err(Failure::failed)?;
    }
    Ok(runner.checkpoint())
}

/// Whether going on from a checkpoint under the same luck gives the run itself, to the bit.
pub fn is_itself(trunk: &Trunk<'_>, checkpoint: &Checkpoint) -> bool {
    let again = Runner::new(trunk.model, Keep::ALL).run_from(checkpoint, RandomStream::Same, &mut Silent);
    let whole = Runner::new(trunk.model, Keep::ALL).run(trunk.target.seed(), trunk.replicate);
    postcard::to_allocvec(&again).ok() == postcard::to_allocvec(&whole).ok()
}
