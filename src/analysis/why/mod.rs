//! Why an outcome came about in a run: the chain of decisions and chances that led there, each cause tested by taking it
//! away in a replay under the same random numbers.
//!
//! A [`Witness`] notes a run ([`RunAccount`]) and may make one [`Intervention`] to it. [`fn@chain`] walks from an [`Outcome`] back
//! through the account; [`causes`] lists what may have caused it, with an estimate from the record alone; an ablation
//! replays the run without a cause and sees whether the outcome flips. Of a question of how much, [`AmountAsked`] sees by how
//! much the amount changes.

mod ablation;
mod account;
mod again;
mod amount;
mod cause;
mod chain;
mod change;
mod contrast;
mod explanation;
mod fidelity;
mod hindrance;
mod last_step;
mod mover;
mod observed;
mod of_accord;
mod outcome;
mod reconsider;

pub use ablation::{Ablation, delete, ranked};
pub use account::{Note, RunAccount, Witness, pair_of};
pub use again::{Again, Rerun, model};
pub use amount::{AmountAsked, AmountExplanation, Moved, TypicalAmount};
pub use cause::{Cause, CauseKind, Grounds, causes, reversed, top};
pub use chain::{Chain, Link, chain, of_interest};
pub use change::{DecisionKey, Intervention};
pub use contrast::{
    AmountContrast, Contrast, FEWEST, MeasureContrast, Measured, Occurrences, amount_contrasts, attributable,
    contrasts, spreads,
};
pub use explanation::{Explanation, explain, is_rising};
pub use fidelity::{Case, Fidelity, cases, fidelity};
pub use hindrance::{Hindrances, hindrances};
pub use mover::{Circumstances, Mover, can_be_taken_away};
pub use observed::{AmountRuns, ObservedRuns, Sought, happenings, is_alike, observed};
pub use of_accord::accord_of;
pub use outcome::{Outcome, OutcomeError};
pub use reconsider::{probability_at, probability_without, turns};
