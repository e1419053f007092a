//! `entente sensitivity`: which inputs drive an answer.

use super::failure::Failure;
use super::subject::SubjectArgs;
use crate::report::analyses::{self, SensitivityMeasures};
use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};
use std::io::Write;

/// Options of `sensitivity`.
#[derive(Clone, Debug, Args)]
pub struct SensitivityArgs {
    #[command(flatten)]
    pub subject: SubjectArgs,
    /// Variant of the sweep [default: baseline]
    #[arg(long, value_name = "ID")]
    pub variant: Option<String>,
    /// Which measures [default: what the design allows]
    #[arg(long, value_enum, default_value_t)]
    pub method: SensitivityMeasures,
}

impl ValueEnum for SensitivityMeasures {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Auto, Self::Sobol, Self::Morris, Self::Given]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (name, help) = match self {
            Self::Auto => ("auto", "What the design allows"),
            Self::Sobol => ("sobol", "Sobol' indices, from a Saltelli sample"),
            Self::Morris => ("morris", "Elementary effects, from Morris trajectories"),
            Self::Given => ("given", "First-order indices and PAWN, from any sample"),
        };
        Some(PossibleValue::new(name).help(help))
    }
}

/// Estimates and prints them.
///
/// # Errors
/// If there is nothing to analyse, or the rows do not allow the measures.
pub fn sensitivity(args: &SensitivityArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let mut subject = args.subject.open(args.variant.as_deref())?;
    let insight = analyses::sensitivity(&mut subject, args.method)?;
    let method = (args.method != SensitivityMeasures::default()).then(|| args.method.to_possible_value()).flatten();
    let asked = method.iter().map(|method| ("method", method.get_name().to_owned())).collect();
    args.subject.deliver("sensitivity", &subject, (insight, asked), out)
}
