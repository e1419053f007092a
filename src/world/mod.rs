//! What is fixed and what is true at one moment.
//!
//! A [`Setting`] is what a scenario fixes for all runs: who and what there is, and where. A [`World`] is what changes
//! from week to week: plain tables by typed id. Mechanisms turn one week's world into the next; the world itself only
//! keeps its own invariants ([`World::check`]) and tells what happened as data ([`Happening`]).

mod accord;
mod anchor;
mod bloc;
mod border;
mod directory;
mod force;
mod happening;
mod invariant;
mod kind;
mod setting;
mod stance;
mod state;
mod tally;
mod tie;
mod times;

pub use accord::AccordState;
pub use anchor::{Anchors, REASONS, Taken};
pub use bloc::{find_blocs, pairs_from};
pub use border::ClosedBorders;
pub use directory::Directory;
pub use happening::{Happening, HappeningKind};
pub use invariant::Broken;
pub use kind::FactionKind;
pub use setting::{
    AccordTraits, Cell, ChangedEvent, CommunityTraits, FactionTraits, Likelihood, Neighbours, Scheduled,
    ScheduledEffect, Setting, UmbrellaTraits, ZoneTraits, worth,
};
pub use stance::{PartyStatus, Stance};
pub use state::{
    Campaign, Character, Disposition, Door, HOLDS, HOSTILITY_OF_WAR, HYSTERESIS, Past, RefugeId, Withdrawal, World,
    weighted_distance, weighted_gap,
};
pub use tally::{DeathType, LastYear, Tally};
pub use tie::{Talks, Tie, Ties};
pub use times::Shock;
