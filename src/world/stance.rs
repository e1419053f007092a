//! The ladder of stances, and the status of a party in an accord.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where two factions stand to each other: a rung of the ladder from war to alliance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Stance {
    /// They fight wherever they meet.
    War = 0,
    /// They clash now and then, and contest ground.
    Rivalry = 1,
    /// They leave each other alone unless one gets in the way.
    #[default]
    Neutral = 2,
    /// They have agreed not to fight.
    Pact = 3,
    /// They side together.
    Alliance = 4,
}

impl Stance {
    /// All rungs, lowest first.
    pub const ALL: [Self; 5] = [Self::War, Self::Rivalry, Self::Neutral, Self::Pact, Self::Alliance];

    /// The next rung up, if there is one.
    pub fn up(self) -> Option<Self> {
        Self::ALL.get(self as usize + 1).copied()
    }

    /// The next rung down, if there is one.
    pub fn down(self) -> Option<Self> {
        (self as usize).checked_sub(1).map(|rung| Self::ALL[rung])
    }

    /// How friendly it is: -1 (war), -0.5, 0, 0.5, 1 (alliance).
    #[inline]
    pub fn valence(self) -> f64 {
        (f64::from(self as u8) - 2.0) / 2.0
    }

    /// The word for it.
    pub fn word(self) -> &'static str {
        ["war", "rivalry", "neutral", "pact", "alliance"][self as usize]
    }
}

/// What part a party plays in an accord; also the state of an accord as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartyStatus {
    /// It keeps to the accord.
    Active,
    /// It has suspended its part, and may return.
    Suspended,
    /// It has left for good.
    Withdrawn,
    /// It may sign, and has not done so.
    Proposed,
    /// The accord is not on the table: nobody can sign it until its mediator or an event proposes it.
    Drafted,
}

impl PartyStatus {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Active, Self::Suspended, Self::Withdrawn, Self::Proposed, Self::Drafted];

    /// Whether it has signed and has not left.
    pub fn is_signed(self) -> bool {
        matches!(self, Self::Active | Self::Suspended)
    }

    /// Whether it has signed, or may.
    pub fn is_at_table(self) -> bool {
        self.is_signed() || self == Self::Proposed
    }

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Withdrawn => "withdrawn",
            Self::Proposed => "proposed",
            Self::Drafted => "drafted",
        }
    }
}
