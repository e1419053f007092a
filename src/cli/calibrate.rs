//! `entente calibrate`: which weights go with what came to be.

use super::failure::Failure;
use super::input::Input;
use super::long::LongArgs;
use crate::analysis::calibration::calibrate_into;
use crate::record::Folder;
use crate::report::insight;
use crate::scenario::calibration::Calibration;
use clap::Args;
use std::io::Write;
use std::path::PathBuf;

/// Options of `calibrate`.
#[derive(Clone, Debug, Args)]
pub struct CalibrateArgs {
    /// Calibration file (TOML), or - for standard input: scenarios, what is known of them, weights, priors, budget
    pub file: PathBuf,
    #[command(flatten)]
    pub long: LongArgs,
}

/// Calibrates, or goes on with it, and prints.
///
/// # Errors
/// If the file or a scenario is wrong, something cannot be run or written, or it is interrupted.
pub fn calibrate(args: &CalibrateArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let calibration = Calibration::read(&Input, &args.file).map_err(super::problems)?;
    let done = args.long.perform(|request| calibrate_into(&calibration, request))?;
    let behaviour = done.folder.file(Folder::BEHAVIOUR);
    let weights = [("Weights", &*behaviour)];
    args.long.deliver(insight::calibration(&done.findings), (&done.folder, &done.manifest), &weights, None, out)
}
