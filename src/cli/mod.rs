//! The command line: one thin file per command, which parses, calls and prints.

mod assumptions;
mod beginning;
mod branch;
mod branch_fresh;
mod branch_lever;
mod branch_tree;
mod calibrate;
mod check;
mod chunk;
mod coalitions;
mod compare;
mod completions;
mod contrast;
mod discover;
mod experiment;
mod explain;
mod failure;
mod finding;
mod gather;
mod import;
mod input;
mod landscape;
mod long;
mod merge;
mod new;
mod options;
mod output;
mod plan;
mod progress;
mod question;
mod replay;
mod report;
mod require;
mod results;
mod run;
mod schema;
mod score;
mod sensitivity;
mod serve;
mod signposts;
mod subject;
mod summary;
mod sweep;
mod target;
mod trunk;
mod update;
mod verify;

use crate::record::panic_becomes_error;
use crate::scenario::Problems;
use clap::{ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand};
use failure::Failure;
use output::{Output, tell};
use std::io::{BufWriter, Write};
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
    /// Set variants against the baseline under common random numbers: what changes
    Compare(compare::CompareArgs),
    /// Run a scenario at many points of its uncertain inputs
    Sweep(sweep::SweepArgs),
    /// Prepare an experiment for other processes or machines, which do its chunks
    Plan(plan::PlanArgs),
    /// Do chunks of a planned experiment
    Chunk(chunk::ChunkArgs),
    /// Put the chunks of a planned experiment together to results
    Gather(gather::GatherArgs),
    /// Merge results of one experiment with different replicates
    Merge(merge::MergeArgs),
    /// Which inputs drive an answer: from a sweep, or from any table
    Sensitivity(sensitivity::SensitivityArgs),
    /// Where among the inputs an outcome comes about: from a sweep, or from any table
    Discover(discover::DiscoverArgs),
    /// Which unproven inputs a conclusion rests on: from a sweep, or from any table
    Assumptions(assumptions::AssumptionsArgs),
    /// The least change of the levers that takes an answer past a line
    Require(require::RequireArgs),
    /// Which differences of two scenario files make the difference of their answers
    Contrast(contrast::ContrastArgs),
    /// Run one replicate of an experiment again: its answers, its story, every decision
    Replay(replay::ReplayArgs),
    /// Say why something came about, or did not, in one run or over an ensemble
    Explain(explain::ExplainArgs),
    /// Go on from a moment of a run: with a lever pulled, or under fresh random numbers
    Branch(trunk::BranchArgs),
    /// What to watch for in the first weeks, and what it says of how a question will end
    Signposts(signposts::SignpostsArgs),
    /// What news since the start says of the answers of results
    Update(update::UpdateArgs),
    /// Draw charts and report anew from stored results
    Report(report::ReportArgs),
    /// How long pacts last, who turns to whom, and the commonest outcomes, from stored results
    Coalitions(coalitions::CoalitionsArgs),
    /// Score results against what came to be, beside persistence, base rates, an even chance and histories
    Score(score::ScoreArgs),
    /// Find the weights that go with what came to be, and whether they help on a conflict left out
    Calibrate(calibrate::CalibrateArgs),
    /// Static alliance landscape of the start: every stable coalition structure, its energy and basin
    Landscape(landscape::LandscapeArgs),
    /// Hold the code against what theory predicts of parts of the model
    Verify(verify::VerifyArgs),
    /// Check a scenario and list its sources and assumptions
    Check(check::CheckArgs),
    /// Write a commented scenario to start from
    New(new::NewArgs),
    /// Make a scenario of a record of events: UCDP GED or ACLED
    Import(import::ImportArgs),
    /// Serve a folder as a page in the browser: scenarios, experiments, results, levers
    Serve(serve::ServeArgs),
    /// Print the JSON Schema of scenario files, for editors
    Schema,
    /// Print completions for a shell
    Completions(completions::CompletionsArgs),
}

/// Reads the command line and does what it says. Exit codes: 0 done, 1 failed, 2 wrong input, 75 try again,
/// 130 interrupted.
pub fn main() -> ExitCode {
    let cli = Cli::from_arg_matches(&parsed()).unwrap_or_else(|error| error.exit());
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !panic_becomes_error() {
            hook(panic);
        }
    }));
    let mut out = BufWriter::new(Output::stdout());
    let done = dispatch(&cli.command, &mut out).and_then(|()| out.flush().map_err(Failure::failed));
    let told = done.map_err(|failure| (input::told(failure.told()), failure.code));
    input::forget();
    match told {
        Ok(()) => ExitCode::SUCCESS,
        Err((words, code)) => {
            let _ = out.flush();
            tell(&words);
            ExitCode::from(code)
        }
    }
}

/// The command line, taken apart. What stands after an option is its value, numbers below 0 too: whether it may be one is for the
/// option to say.
fn parsed() -> ArgMatches {
    let options = |command: clap::Command| {
        command.mut_args(|arg| if arg.get_action().takes_values() { arg.allow_negative_numbers(true) } else { arg })
    };
    let names: Vec<String> = Cli::command().get_subcommands().map(|command| command.get_name().to_owned()).collect();
    names.into_iter().fold(Cli::command(), |cli, name| cli.mut_subcommand(name, options)).get_matches()
}

fn dispatch(command: &Command, out: &mut dyn Write) -> Result<(), Failure> {
    match command {
        Command::Run(args) => run::run(args, out),
        Command::Compare(args) => compare::compare(args, out),
        Command::Sweep(args) => sweep::sweep(args, out),
        Command::Plan(args) => plan::plan(args, out),
        Command::Chunk(args) => chunk::chunk(args),
        Command::Gather(args) => gather::gather(args, out),
        Command::Merge(args) => merge::merge(args, out),
        Command::Sensitivity(args) => sensitivity::sensitivity(args, out),
        Command::Discover(args) => discover::discover(args, out),
        Command::Assumptions(args) => assumptions::assumptions(args, out),
        Command::Require(args) => require::require(args, out),
        Command::Contrast(args) => contrast::contrast(args, out),
        Command::Replay(args) => replay::replay(args, out),
        Command::Explain(args) => explain::explain(args, out),
        Command::Branch(args) => branch::branch(args, out),
        Command::Signposts(args) => signposts::signposts(args, out),
        Command::Update(args) => update::update(args, out),
        Command::Report(args) => report::report(args, out),
        Command::Coalitions(args) => coalitions::coalitions(args, out),
        Command::Score(args) => score::score(args, out),
        Command::Calibrate(args) => calibrate::calibrate(args, out),
        Command::Landscape(args) => landscape::landscape(args, out),
        Command::Verify(args) => verify::verify(args, out),
        Command::Check(args) => check::check(args, out),
        Command::New(args) => new::new(args, out),
        Command::Import(args) => import::import(args, out),
        Command::Serve(args) => serve::serve(args, out),
        Command::Schema => schema::schema(out),
        Command::Completions(args) => completions::completions(*args, out),
    }
}

/// The command line, as far as it can be told in text.
fn words() -> Vec<String> {
    std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect()
}

/// What is wrong with a scenario file, as a failure.
fn problems(problems: Problems) -> Failure {
    Failure::input(problems.render(output::tells_in_colour()))
}
