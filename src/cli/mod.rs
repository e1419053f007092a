//! The command line: one thin file per command, which parses, calls and prints.

mod drawing;
mod failure;
mod perform;
mod run;
mod summary;

use crate::scenario::Problems;
use clap::{Parser, Subcommand};
use failure::Failure;
use std::io::{BufWriter, IsTerminal, Write};
use std::process::ExitCode;

/// Agent-based conflict scenario simulator: how likely is each alliance, what would change it, and why
#[derive(Debug, Parser)]
#[command(name = "entente", version, about, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run an ensemble of a scenario: answers, charts, report
    Run(run::RunArgs),
}

/// Reads the command line and does what it says.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let mut out = BufWriter::new(std::io::stdout().lock());
    let done = dispatch(&cli.command, &mut out).and_then(|()| out.flush().map_err(Failure::failed));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let _ = out.flush();
            tell(failure.message.trim_end());
            ExitCode::from(failure.code)
        }
    }
}

fn dispatch(command: &Command, out: &mut dyn Write) -> Result<(), Failure> {
    match command {
        Command::Run(args) => run::run(args, out),
    }
}

/// Tells people something beside the results.
fn tell(text: &str) {
    // Nobody is left to be told if this fails.
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// What is wrong with a scenario file, as a failure.
fn problems(problems: Problems) -> Failure {
    Failure::input(problems.render(std::io::stderr().is_terminal()))
}
