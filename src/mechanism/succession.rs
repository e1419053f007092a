//! Succession: leaders fall, and somebody else leads.
//!
//! A leader dies, or is overthrown, with hazard `fall · (1 + losses · L)`, `L` the share of the force lately lost: in a
//! state by a coup, in a movement at the hands of enemies or rivals. A successor draws anew what the faction, and whoever it
//! speaks for, is to all others, but for the share that is kept, differs in outreach and aggression, may be ready to
//! meet those to whom the door was closed, and no longer wait for those to whom it was open, and may not feel bound by
//! what was signed. Within an umbrella a member that has
//! come to outweigh the leader by `m` takes over the lead with hazard `takeover · (m − 1)`, as after unequal losses
//! (Christia 2012).

use super::ladder::Choice;
use super::parameters::parameters;
use super::scratch::Scratch;
use super::trace::{Decision, DecisionKind, Trace};
use super::{accord, disposition};
use crate::base::maths::chance;
use crate::base::{FactionId, PairId, WEEKS_IN_A_YEAR};
use crate::random::{DrawKey, Purpose};
use crate::world::{Door, Happening, HappeningKind, PartyStatus, Setting, World};

parameters! {
    /// How leaders fall and umbrellas change hands.
    Succession {
        /// Falls of a leader, by death or a coup. Higher values make all ties of a faction change at once more often.
        fall = 0.03 in 0.0 to 10.0, "per year", "Goemans, Gleditsch and Chiozza 2009: a few in a hundred leaders a year leave by force; assumption for others than states";
        /// How much the loss of its whole force to all enemies within a few months adds, in times.
        losses = 4.0 in 0.0 to 100.0, "times", "Christia 2012 for the direction; assumption for the value";
        /// How much of what a faction has been to others a successor keeps, and the chance that it keeps a door closed or
        /// open, and an accord. At 0 all is drawn anew.
        kept = 0.7 in 0.0 to 1.0, "share", "assumption", plausible 0.5 to 0.9;
        /// By how much a successor's outreach and aggression may differ.
        spread = 0.25 in 0.0 to 1.0, "share", "assumption";
        /// Weekly hazard that a member twice as strong as its umbrella's leader takes over the lead.
        takeover = 0.01 in 0.0 to 1.0, "per week", "Christia 2012 for the direction; assumption for the value";
    }
}

impl Succession {
    /// How many upheavals per pair and year the falls of leaders come to, for a pair's disposition.
    pub(super) fn upheavals(&self) -> f64 {
        2.0 * self.fall * (1.0 - self.kept)
    }
}

/// Leaders may fall, and umbrellas be taken over. Done at reviews, over the weeks to the next one.
pub fn pass_on(
    setting: &Setting,
    (params, choice): (&Succession, &Choice),
    world: &mut World,
    scratch: &mut Scratch,
    trace: &mut impl Trace,
    weeks: f64,
) {
    for faction in world.alive.ids() {
        if !world.alive[faction] || world.strength[faction] <= 0.0 || world.stand_aside(faction, faction) {
            continue;
        }
        let hazard = params.fall / WEEKS_IN_A_YEAR * (1.0 + params.losses * world.lately_lost(faction));
        if decides(world, scratch, trace, Purpose::Fall, (faction, faction), chance(hazard, weeks)) {
            succeed(setting, (params, choice), world, scratch, trace, faction);
        }
        let Some(leader) = world.leader_of(faction).filter(|leader| *leader != faction) else { continue };
        let outweighs = world.strength[faction] / world.strength[leader].max(1.0) - 1.0;
        let hazard = params.takeover * outweighs.clamp(0.0, 1.0);
        if outweighs > 0.0
            && decides(world, scratch, trace, Purpose::Takeover, (faction, leader), chance(hazard, weeks))
            && let Some(umbrella) = world.umbrella[faction]
        {
            world.leader[umbrella] = faction;
            trace.happened(Happening { kind: HappeningKind::Takeover { faction, umbrella }, public: true });
        }
    }
}

fn decides(
    world: &World,
    scratch: &mut Scratch,
    trace: &mut impl Trace,
    purpose: Purpose,
    (actor, other): (FactionId, FactionId),
    probability: f64,
) -> bool {
    let draw = scratch.draws.of_faction(purpose, world, actor, world.step);
    trace.decided(&Decision::unweighed(DecisionKind::Succession, world.step, (actor, other), probability, draw))
}

/// Somebody else leads a faction.
pub(super) fn succeed(
    setting: &Setting,
    (params, choice): (&Succession, &Choice),
    world: &mut World,
    scratch: &mut Scratch,
    trace: &mut impl Trace,
    faction: FactionId,
) {
    world.leaders_fallen[faction] += 1;
    trace.happened(Happening { kind: HappeningKind::Succession { faction }, public: true });
    let mut traits = scratch.draws.sequence(Purpose::Leader, world.key[faction], world.step);
    let character = &mut world.character[faction];
    for value in [&mut character.outreach, &mut character.aggression] {
        *value = (*value + params.spread * (2.0 * traits.uniform() - 1.0)).clamp(0.0, 1.0);
    }
    for accord in setting.accords.ids() {
        let signed = accord::status_of(setting, world, accord, faction) == Some(PartyStatus::Active);
        if traits.uniform() >= params.kept && signed {
            accord::set_status(setting, world, trace, accord, faction, PartyStatus::Suspended);
        }
    }
    for (pair, low, high) in PairId::all(world.slots()) {
        let (one, two) = disposition::speakers(world, (low, high));
        if (one != faction && two != faction) || !world.alive[low] || !world.alive[high] {
            continue;
        }
        disposition::acquaint(setting, choice, world, scratch, (low, high));
        if !world.founded[pair] {
            continue;
        }
        let key = DrawKey::pair(world.key[one], world.key[two]);
        let mut draws = scratch.draws.sequence(Purpose::Leader, key, world.step);
        disposition::upheave(choice, world, (low, high), draws.uniform(), params.kept);
        if draws.uniform() >= params.kept {
            let (own, other) = if one == faction { (low, high) } else { (high, low) };
            world.door[(own, other)] = Door::Ajar;
        }
    }
}
