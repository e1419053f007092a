//! The model as something to talk to: what a page of results asks of it, and its answers, as JSON.
//!
//! An [`Engine`] holds a scenario as it was run. A [`Request`] names a [`Change`]; what is run under it is, to the bit, what the
//! command line runs under the same `--variant` and `--set`, with the same luck and draws of inputs. The page runs it in WebAssembly,
//! `entente serve` as it is: `web/src/contract.ts` is the other side.

mod change;
mod engine;
mod play;
mod request;

pub use change::Change;
pub use engine::{Engine, MOST_RUNS};
pub use play::Play;
pub use request::{OpenRequest, Opened, Request, Runs};
