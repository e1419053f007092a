//! What `explain` is asked, of one run or of many.

use super::options::{TellArgs, ThreadArgs};
use super::replicate::Replicate;
use super::target::CellArgs;
use clap::Args;

/// Options of `explain`.
#[derive(Clone, Debug, Args)]
pub struct ExplainArgs {
    #[command(flatten)]
    pub cell: CellArgs,
    /// Explain one replicate, not the ensemble: its number, typical, the first that answers yes or no, or the one of a high or
    /// low amount
    #[arg(long, value_name = "K|typical|yes|no|high|low")]
    pub replicate: Option<Replicate>,
    /// The question whose answer is explained
    #[arg(long, value_name = "ID", required_unless_present = "pair", conflicts_with = "pair")]
    pub question: Option<String>,
    /// Two factions or umbrellas: how they came to stand where they stood (one replicate only)
    #[arg(long, value_name = "A,B", requires = "replicate")]
    pub pair: Option<String>,
    /// How many cases are explained, over an ensemble; of an amount, in how many runs something is taken away
    #[arg(long, value_name = "N", default_value_t = 100, conflicts_with = "replicate")]
    pub cases: usize,
    #[command(flatten)]
    pub threads: ThreadArgs,
    #[command(flatten)]
    pub tell: TellArgs,
}
