//! The command line program.

fn main() -> std::process::ExitCode {
    entente::cli::main()
}
