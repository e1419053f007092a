//! `entente schema`: the scenario language as JSON Schema, for editors.

use super::Failure;
use crate::scenario;
use clap::Args;
use std::io::Write;

/// Options of `schema`.
#[derive(Clone, Copy, Debug, Args)]
pub struct SchemaArgs {
    /// Print the field reference of docs/scenario.md instead
    #[arg(long, hide = true)]
    pub markdown: bool,
}

/// Prints it.
///
/// # Errors
/// If the output cannot be written.
pub fn schema(args: SchemaArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let text = if args.markdown { scenario::reference() } else { format!("{:#}\n", scenario::schema()) };
    out.write_all(text.as_bytes()).map_err(Failure::failed)
}
