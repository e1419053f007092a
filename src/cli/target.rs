//! Which run of a results folder is meant: what `replay`, `explain` and `branch` share.

use super::failure::Failure;
use super::output::tell;
use super::results::open;
use crate::base::program;
pub use crate::experiment::Target;
use clap::Args;
use std::path::PathBuf;

/// Options that name a point and variant of a results folder.
#[derive(Clone, Debug, Args)]
pub struct CellArgs {
    /// Results folder, or `latest`, or `latest:SCENARIO`
    pub results: PathBuf,
    /// Variant, where the folder holds several [default: the first, which is the baseline if there is one]
    #[arg(long, value_name = "ID")]
    pub variant: Option<String>,
    /// Design point, where the folder holds several
    #[arg(long, value_name = "P", default_value_t = 0)]
    pub point: i32,
}

impl CellArgs {
    /// Finds what is meant.
    ///
    /// # Errors
    /// If there are no finished results, or they hold no such variant or point.
    pub fn open(&self) -> Result<Target, Failure> {
        let target = Target::of(open(&self.results)?, self.variant.as_deref(), self.point)?;
        let points = target.results.manifest().points;
        if points > 1 {
            tell(&format!("of {points} points of a design, this is of point {} (--point)", self.point));
        }
        Ok(target)
    }
}

/// Warns if another program made the results.
pub fn warn_of_other_program(target: &Target) {
    let manifest = target.results.manifest();
    if manifest.version != program::VERSION || manifest.commit != program::commit() {
        tell(&format!(
            "warning: version {} (commit {}) made these results, and this is version {} (commit {})",
            manifest.version,
            manifest.commit,
            program::VERSION,
            program::commit()
        ));
    }
}
