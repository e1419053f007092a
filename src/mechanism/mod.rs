//! What happens in a week: one file per mechanism, each with its parameters, its rule and its tests.
//!
//! Mechanisms are plain functions over the world; the order in which they act stands in [`step`] and nowhere else. Most
//! act every step; those that deliberate organisations do in slower time (estimates, redeployment, money, attitudes)
//! act at reviews, every four weeks, for the time until the next.

mod accord;
mod appraisal;
mod behaviour;
mod choice;
mod clash;
mod cohesion;
mod contest;
mod control;
mod defection;
mod displacement;
mod disposition;
mod dissolution;
mod draws;
mod drift;
mod economy;
mod event;
mod histories;
mod hostility;
mod ladder;
mod leak;
mod life;
mod lost_ground;
mod massing;
mod merger;
mod offensive;
mod one_sided;
mod outlook;
pub mod parameters;
mod perception;
mod redeployment;
mod rest;
mod scratch;
mod shock;
mod signing;
mod split;
mod standing;
mod step;
mod succession;
mod support;
mod talks;
mod terms;
mod threat;
mod trace;
mod trust;
mod ways;

pub use appraisal::{Circumstances, Diplomacy, appraise, balance, balance_between};
pub use behaviour::Behaviour;
pub use contest::{Contest, Law};
pub use draws::Draws;
pub use rest::{anchors, begin_at_rest};
pub use scratch::Scratch;
pub use split::stance_of_splinter;
pub use step::step;
pub use terms::{TERM_NAMES, TERMS, Terms, heaviest, utility};
pub use trace::{Chance, Decision, DecisionKind, Silent, Trace};
