//! What happened, as data: the raw material of the event log.

use super::{PartyStatus, Stance};
use crate::base::{AccordId, EventId, FactionId, UmbrellaId, ZoneId};

/// Something that happened in a step and that people would tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Happening {
    /// What.
    pub kind: HappeningKind,
    /// Whether it is known to all.
    pub public: bool,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HappeningKind {
    /// A scheduled event came to pass, or failed to.
    Event {
        /// Which.
        event: EventId,
        /// Whether it came to pass.
        held: bool,
    },
    /// Two factions began confidential talks on a stance.
    TalksOpened {
        /// The two.
        between: (FactionId, FactionId),
        /// What they talk about.
        goal: Stance,
    },
    /// Talks ended without a deal; the first of the pair ended them.
    TalksEnded {
        /// Who ended them, and the other.
        between: (FactionId, FactionId),
        /// What they talked about.
        goal: Stance,
    },
    /// A secret became known: talks, or a deal that had been kept secret.
    Leaked {
        /// The two.
        between: (FactionId, FactionId),
        /// Where they stand or what they talk about.
        about: Stance,
    },
    /// A stance changed; the first of the pair took the step where it was one-sided.
    StanceChanged {
        /// Who took the step, and the other.
        between: (FactionId, FactionId),
        /// From which stance.
        from: Stance,
        /// To which.
        to: Stance,
    },
    /// What two factions have always been to each other changed: a leader died, a massacre, a defection.
    Upheaval {
        /// The two.
        between: (FactionId, FactionId),
    },
    /// A force went to take a place.
    Offensive {
        /// Whose.
        attacker: FactionId,
        /// Who holds it.
        defender: FactionId,
        /// The place.
        zone: ZoneId,
    },
    /// A place that did not fall is besieged.
    Siege {
        /// By whom.
        attacker: FactionId,
        /// Who holds it.
        defender: FactionId,
        /// The place.
        zone: ZoneId,
    },
    /// An attack on a place failed.
    Repelled {
        /// Whose.
        attacker: FactionId,
        /// Who holds it.
        defender: FactionId,
        /// The place.
        zone: ZoneId,
    },
    /// Somebody else leads a faction: the leader died or was overthrown.
    Succession {
        /// Whom.
        faction: FactionId,
    },
    /// A member took over the lead of its umbrella.
    Takeover {
        /// Who.
        faction: FactionId,
        /// Which umbrella.
        umbrella: UmbrellaId,
    },
    /// A commander went over to another faction with the fighters of a place.
    Defection {
        /// From whom.
        from: FactionId,
        /// To whom.
        to: FactionId,
        /// Where.
        zone: ZoneId,
    },
    /// A sponsor stopped paying a client that had left it, or that it had left.
    CutOff {
        /// The sponsor.
        sponsor: FactionId,
        /// The client.
        client: FactionId,
    },
    /// Factions became one.
    Merged {
        /// Who was absorbed.
        absorbed: FactionId,
        /// Into whom.
        into: FactionId,
        /// Under which umbrella, if any.
        umbrella: Option<UmbrellaId>,
    },
    /// A member left its umbrella.
    LeftUmbrella {
        /// Who.
        faction: FactionId,
        /// Which umbrella.
        umbrella: UmbrellaId,
    },
    /// A part of a faction became a faction of its own.
    Split {
        /// Who split.
        from: FactionId,
        /// The new faction.
        splinter: FactionId,
    },
    /// A party's status in an accord changed.
    AccordStatus {
        /// Which accord.
        accord: AccordId,
        /// Which party.
        party: FactionId,
        /// The status before.
        from: PartyStatus,
        /// The status now.
        to: PartyStatus,
    },
    /// Another faction, or nobody, now holds most of a zone.
    ControlChanged {
        /// Which zone.
        zone: ZoneId,
        /// Who held it.
        from: Option<FactionId>,
        /// Who holds it.
        to: Option<FactionId>,
    },
    /// A faction has no fighters left in the theatre.
    Gone {
        /// Who.
        faction: FactionId,
    },
}
