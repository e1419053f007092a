//! Prints every answer of the flagship's first replicates, to be compared with what WebAssembly makes of them.
#![allow(clippy::print_stdout, reason = "that is what it is for")]

#[path = "../tests/wasm/src/answers.rs"]
mod answers;

fn main() {
    print!("{}", answers::text());
}
