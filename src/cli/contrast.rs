//! `entente contrast`: which differences of two scenario files make the difference of their answers.

use super::failure::Failure;
use super::input::{self, shown};
use super::long::LongArgs;
use super::options::InputArgs;
use crate::analysis::attribution::{ContrastAsked, contrast_into};
use crate::report::insight;
use crate::scenario::Overrides;
use clap::{Args, ValueEnum};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Options of `contrast`.
#[derive(Clone, Debug, Args)]
pub struct ContrastArgs {
    /// The first scenario file (TOML)
    pub first: PathBuf,
    /// The second scenario file (TOML), of the same conflict and time
    pub second: PathBuf,
    /// The question, or its answer at a moment, which both files ask
    #[arg(long, value_name = "ID")]
    pub question: String,
    /// What is one difference
    #[arg(long, value_enum, default_value_t, value_name = "WHAT")]
    pub by: GroupBy,
    /// Replicates of each mixture of the files
    #[arg(long, value_name = "N", default_value_t = ContrastAsked::REPLICATES, value_parser = super::options::whole::<u64>(8..=1_000_000))]
    pub replicates: u64,
    /// Draw so many orders in which differences are made, instead of looking at all mixtures [default: all for up to twelve
    /// differences, 32 orders for more]
    #[arg(long, value_name = "N", value_parser = super::options::whole::<u32>(4..=100_000))]
    pub orders: Option<u32>,
    #[command(flatten)]
    pub inputs: InputArgs,
    /// Master seed: the same seed gives the same results [default: as the first file says]
    #[arg(long, value_name = "S", value_parser = super::options::seed)]
    pub seed: Option<u64>,
    #[command(flatten)]
    pub long: LongArgs,
}

/// What is one difference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum GroupBy {
    /// An entry: a faction, a relation, a zone, an accord, the weights of a mechanism
    #[default]
    Entry,
    /// A section: all factions, all relations, all zones
    Section,
}

/// Takes the difference apart, or goes on with it, and prints.
///
/// # Errors
/// If a file is wrong, they do not go together or do not differ, something cannot be run or written, or it is interrupted.
pub fn contrast(args: &ContrastArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let load = |path: &Path| input::scenario(path, &Overrides::default()).map_err(super::problems);
    let (first, second) = (load(&args.first)?, load(&args.second)?);
    let asked = ContrastAsked {
        question: args.question.clone(),
        by_section: args.by == GroupBy::Section,
        orders: args.orders,
        replicates: args.replicates,
        first: 0,
        inputs: args.inputs.inputs.clone().unwrap_or_default(),
        seed: args.seed.unwrap_or(first.file.run.seed),
    };
    let done = args.long.perform(|request| contrast_into((&first, &second), &asked, request))?;
    let names = [&args.first, &args.second]
        .map(|path| path.file_name().map_or_else(|| shown(path), |name| name.to_string_lossy().into_owned()));
    let names = match names[0] == names[1] {
        true => [&args.first, &args.second].map(|path| shown(path)),
        false => names,
    };
    let found = insight::attribution(&done.findings, [&first, &second], [&names[0], &names[1]]);
    args.long.deliver(found, (&done.folder, &done.manifest), &[], Some(&first), out)
}
