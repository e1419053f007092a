//! Defection: a commander goes over to another faction, with the fighters and the ground of one place.
//!
//! Weekly hazard `rate · (1 − cohesion)² · (1 + losses · L) · a`, `a` the strongest attraction of another faction,
//! `a_ij = r_ij (1 − D_ij) (1 − O_ij) [ω S_j/(S_i + S_j) + (1 − ω) W_j/(W_i + W_j)]`: that it is met, near in alignment, bearable to one's base, likely to win
//! (`S` the strength of blocs; Christia 2012 on joining the winning side) and pays (`W` upkeep in hand per fighter). Who is
//! attracted by several goes to each in proportion.

use super::appraisal::bases_objection;
use super::parameters::parameters;
use super::scratch::Scratch;
use super::trace::{Decision, DecisionKind, Trace};
use crate::base::maths::chance;
use crate::base::{FactionId, ZoneId};
use crate::random::{Purpose, Sequence};
use crate::world::{Happening, HappeningKind, Setting, Taken, World};

parameters! {
    /// How commanders change sides.
    Defection {
        /// Weekly hazard that a commander of a faction without cohesion goes over to one that attracts wholly.
        rate = 0.05 in 0.0 to 1.0, "per week", "Christia 2012 for the kind; assumption for the value";
        /// How much the loss of its whole force to all enemies within a few months adds, in times.
        losses = 4.0 in 0.0 to 100.0, "times", "Christia 2012 for the direction; assumption for the value";
        /// How much the odds of winning count beside pay.
        winning = 0.5 in 0.0 to 1.0, "share", "assumption";
        /// The most of a force that goes at once.
        most = 0.15 in 0.0 to 1.0, "share", "assumption";
    }
}

/// The least fighters who are worth telling of.
const LEAST: f64 = 10.0;

/// Commanders may change sides. Done at reviews, over the weeks to the next one.
pub fn change_sides(
    setting: &Setting,
    params: &Defection,
    world: &mut World,
    scratch: &mut Scratch,
    trace: &mut impl Trace,
    weeks: f64,
) {
    let mut attractions = std::mem::take(&mut scratch.attractions);
    for own in world.alive.ids() {
        if !world.on_its_own_account(own) || world.strength[own] * params.most < LEAST {
            continue;
        }
        let loose = (1.0 - world.cohesion[own]) * (1.0 - world.cohesion[own]);
        let most = params.rate * loose * (1.0 + params.losses * world.lately_lost(own));
        let draw = scratch.draws.of_faction(Purpose::Defection, world, own, world.step);
        // Nobody attracts more than wholly, and most draws are too high even for that.
        if draw >= chance(most, weeks) {
            continue;
        }
        attractions.clear();
        attractions.extend(
            world
                .alive
                .ids()
                .filter(|other| world.on_its_own_account(*other) && !world.same_party(own, *other))
                .map(|other| (other, attraction(params, world, scratch, own, other)))
                .filter(|(_, attraction)| *attraction > 0.0),
        );
        let Some(top) = attractions.iter().copied().reduce(|best, next| if next.1 > best.1 { next } else { best })
        else {
            continue;
        };
        let probability = chance(most * top.1, weeks);
        let decision = Decision::unweighed(DecisionKind::Defect, world.step, (own, top.0), probability, draw);
        if trace.decided(&decision) {
            let mut draws = scratch.draws.sequence(Purpose::Defector, world.key[own], world.step);
            let picked = draws.pick(&attractions, |(_, attraction)| *attraction);
            let to = picked.map_or(top.0, |picked| attractions[picked].0);
            if let Some(zone) = place(setting, world, own, to, (&mut draws, &mut scratch.places)) {
                let fighters = (params.most * draws.uniform() * world.strength[own]).max(LEAST);
                go_over(world, own, to, zone, fighters);
                trace.happened(Happening { kind: HappeningKind::Defection { from: own, to, zone }, public: true });
            }
        }
    }
    scratch.attractions = attractions;
}

/// How strongly a commander of one faction is drawn to another, 0 to 1.
fn attraction(params: &Defection, world: &World, scratch: &Scratch, own: FactionId, other: FactionId) -> f64 {
    let reach = world.reach[(own, other)];
    if reach <= 0.0 {
        return 0.0;
    }
    let strength = |faction: FactionId| scratch.bloc_strength[scratch.bloc[faction]];
    let per_fighter = |faction: FactionId| world.treasury[faction] / world.strength[faction].max(1.0);
    let part = |theirs: f64, ours: f64| if theirs + ours > 0.0 { theirs / (theirs + ours) } else { 0.0 };
    let winning = part(strength(other), strength(own));
    let pay = part(per_fighter(other), per_fighter(own));
    reach
        * (1.0 - world.distance(own, other))
        * (1.0 - bases_objection(world, scratch, own, other))
        * (params.winning * winning + (1.0 - params.winning) * pay)
}

/// Where a commander is who goes over: a place of the faction's in or next to which the other is, drawn by fighters.
fn place(
    setting: &Setting,
    world: &World,
    own: FactionId,
    to: FactionId,
    (draws, places): (&mut Sequence, &mut Vec<ZoneId>),
) -> Option<ZoneId> {
    let near = |zone: ZoneId| {
        let here = |zone: ZoneId| world.presence[(zone, to)] > 1.0;
        here(zone) || setting.neighbours.of(zone).iter().any(|(next, _)| here(*next))
    };
    let there = |zone: ZoneId| world.presence[(zone, own)];
    places.clear();
    places.extend(setting.zones.ids().filter(|zone| there(*zone) >= LEAST && near(*zone)));
    draws.pick(places, |zone| there(*zone)).map(|picked| places[picked])
}

/// Fighters of a place go over, with their part of what keeps them and of the ground that they hold.
fn go_over(world: &mut World, own: FactionId, to: FactionId, zone: ZoneId, fighters: f64) {
    let there = world.presence[(zone, own)];
    let fighters = fighters.min(there);
    world.hand_over(zone, (own, to), fighters);
    let ground = world.control[(zone, own)] * fighters / there;
    world.control[(zone, own)] -= ground;
    world.control[(zone, to)] += ground;
    world.anchor.taken[zone] = Taken::NOW;
}
