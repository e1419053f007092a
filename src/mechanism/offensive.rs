//! Offensives: ground changes hands by decision, and by one draw of a contest.
//!
//! At reviews a faction that is ready looks at the places of those with whom it is at war and within reach, and at what
//! it could mass there, `S = share · Σ_z' m_z' e^{−way/D}`. A place is worth `(v + claim)(1 − q) p (1 − K) − cost · share`,
//! with its value and the claim on it, what of it one does not hold, the odds `p` of the contest against its defenders
//! as they are believed to be, and the peacekeepers `K` in it; a logit over all places and staying put decides
//! (McKelvey and Palfrey 1995). The force moves there and fights; after some weeks a draw with the odds of then decides
//! whether the place falls, is besieged, or holds. Defenders who are far weaker may give a place up without a fight. What
//! has held is stronger than it looks: places are entrenched such that at the start the likeliest attacker takes the
//! place with a stated chance a year. What could be taken is also what a war is worth.

use super::clash::{Clashes, find_local_support, peacekeeping, per_fighter};
use super::contest::Law;
use super::lost_ground;
use super::parameters::parameters;
use super::scratch::Scratch;
use super::terms::{SPOILS, TERMS, THRESHOLD};
use super::trace::{Decision, DecisionKind, Trace};
use crate::base::maths::exp;
use crate::base::{FactionId, Id, PairId, ZoneId};
use crate::random::Purpose;
use crate::world::{Campaign, Happening, HappeningKind, Setting, Stance, World};

parameters! {
    /// How factions take ground.
    Offensives {
        /// Chance per review that a faction at war looks for a target. Higher values make wars of movement.
        readiness = 0.3 in 0.0 to 1.0, "share per review", "assumption";
        /// Precision of the choice of a target. Higher values make the best target surer.
        precision = 20.0 in 0.0 to 1000.0, "1 / value", "McKelvey and Palfrey 1995 for the form; assumption for the value";
        /// What staying put is worth. Higher values make fewer offensives.
        caution = 0.25 in -5.0 to 5.0, "value", "assumption";
        /// What massing the whole force costs.
        cost = 0.15 in 0.0 to 10.0, "value", "assumption";
        /// Travel cost at which a force counts as 1/e of one on the spot, when it is massed.
        distance = 6.0 in 0.01 to 100.0, "travel cost (about 100 km)", "assumption";
        /// Travel cost beyond which nothing is massed.
        reach = 8.0 in 0.0 to 100.0, "travel cost (about 100 km)", "assumption";
        /// Weeks of fighting before a place falls, holds or is besieged.
        duration = 8.0 in 0.0 to 520.0, "weeks", "assumption: two months";
        /// Weeks before the attacker is ready again.
        rest = 26.0 in 0.0 to 520.0, "weeks", "assumption: half a year";
        /// Chance that a place that does not fall is besieged for as long again, up to twice.
        siege = 0.25 in 0.0 to 1.0, "share", "assumption";
        /// Odds from which defenders may give a place up without a fight.
        hopeless = 0.6 in 0.5 to 1.0, "share", "assumption";
        /// Chance that they do then.
        withdrawal = 0.5 in 0.0 to 1.0, "share", "assumption";
        /// Share of the defender's force within reach that comes to help; of its allies', that times `allies`.
        reinforcement = 0.1 in 0.0 to 1.0, "share", "assumption";
        /// How much allies count: of the attacker on the spot, and of the defender within reach, whom it calls in.
        allies = 0.5 in 0.0 to 1.0, "share", "assumption";
        /// Chance that an attack by the likeliest attacker takes a place at the start. Higher values make places change hands more
        /// often.
        fall = 0.35 in 0.01 to 1.0, "share", "assumption: with an attack about every other year, a threatened place falls once in six years";
        /// Share of control of a fallen place that changes hands.
        taken = 0.75 in 0.0 to 1.0, "share", "assumption";
        /// Share of the defenders of a fallen place who fall back to ground that they hold.
        fall_back = 0.8 in 0.0 to 1.0, "share", "assumption";
        /// Share of the attackers who stay in a place that fell.
        garrison = 0.6 in 0.0 to 1.0, "share", "assumption";
        /// Weight of what could be taken, in what a war is worth.
        spoils = 4.0 in 0.0 to 50.0, "standard deviations", "Fearon 1995 for the direction; assumption for the value";
        /// Share of the force within reach that counts in that.
        mass = 0.2 in 0.0 to 1.0, "share", "assumption";
    }
}

/// Shares of the force within reach that may be massed.
const MASSES: [f64; 3] = [0.1, 0.2, 0.35];
/// The least fighters that take a place.
const LEAST: f64 = 10.0;
/// The least share of control that is worth taking from somebody.
const WORTH: f64 = 0.05;
const MOST_SIEGES: u8 = 2;

/// Finds what each faction could mass in each zone, and what it could take from each other by war. Done at reviews.
pub fn survey(
    setting: &Setting,
    params: &Offensives,
    (clashes, law): (&Clashes, Law),
    world: &mut World,
    scratch: &mut Scratch,
) {
    find_massed(setting, world, scratch);
    lost_ground::find(setting, world);
    world.spoils.values_mut().fill(0.0);
    let attackers: Vec<FactionId> = world.alive.ids().filter(|own| world.on_its_own_account(*own)).collect();
    let mut party = Vec::new();
    for (zone, traits) in setting.zones.iter() {
        let Some(holder) = world.holder[zone] else { continue };
        let holder = world.successor(holder);
        let defence = defence(setting, params, clashes, world, scratch, zone, holder);
        let calm = 1.0 - peacekeeping(clashes, scratch, zone);
        party.clear();
        party.extend(world.alive.ids().filter(|other| world.same_party(*other, holder)));
        for own in attackers.iter().copied() {
            if world.same_party(own, holder) || scratch.bloc[own] == scratch.bloc[holder] {
                continue;
            }
            let force = attack(setting, clashes, world, scratch, zone, own, params.mass);
            if force < LEAST {
                continue;
            }
            let odds = law.prevails(force, defence);
            let worth = (traits.strategic_value + world.claim[(zone, own)]) * odds * calm;
            for other in party.iter().copied() {
                let share = world.control[(zone, other)];
                let spoils = &mut world.spoils[(own, other)];
                *spoils = spoils.max(worth * share);
            }
        }
    }
}

/// Finds how strongly places are entrenched, so that nobody's likeliest attacker takes one with more than the stated
/// chance: what [`crate::world::Anchors::entrenchment`] holds.
pub(super) fn find_anchor(
    setting: &Setting,
    params: &Offensives,
    (clashes, law): (&Clashes, Law),
    world: &mut World,
    scratch: &mut Scratch,
) {
    find_massed(setting, world, scratch);
    world.anchor.entrenchment.values_mut().fill(1.0);
    for zone in setting.zones.ids() {
        let Some(holder) = world.holder[zone] else { continue };
        let defence = defence(setting, params, clashes, world, scratch, zone, holder);
        let foes = world.alive.ids().filter(|own| {
            world.on_its_own_account(*own)
                && !world.same_party(*own, holder)
                && world.stance(*own, holder) <= Stance::Neutral
                && world.hostility[(*own, holder)] > 0.0
        });
        let strength = |own| attack(setting, clashes, world, scratch, zone, own, MASSES[2]);
        let strongest = foes.map(strength).fold(0.0, f64::max);
        if defence > 0.0 && law.prevails(strongest, defence) > params.fall {
            // By halving, for laws differ in their powers: the least factor at which the odds are no more than stated.
            let (mut low, mut high) = (1.0, 1.0 + strongest / defence * 1000.0);
            for _ in 0..60 {
                let middle = 0.5 * (low + high);
                if law.prevails(strongest, middle * defence) > params.fall { low = middle } else { high = middle }
            }
            world.anchor.entrenchment[zone] = high;
        }
    }
}

/// Campaigns go on, and at reviews factions look for targets. `review` counts reviews.
pub fn wage(
    setting: &Setting,
    params: &Offensives,
    laws: (&Clashes, Law),
    world: &mut World,
    scratch: &mut Scratch,
    trace: &mut impl Trace,
    review: Option<u32>,
) {
    // Between reviews few campaigns come to their end, and what could be massed is asked for by those alone.
    if review.is_none() && world.campaigns.iter().any(|campaign| campaign.until <= world.step) {
        find_massed(setting, world, scratch);
    }
    decide_campaigns(setting, params, laws, world, scratch, trace);
    let Some(review) = review else { return };
    for own in world.alive.ids() {
        let ready = world.on_its_own_account(own)
            && world.strength[own] >= LEAST
            && world.ready_at[own] <= world.step
            && !world.campaigns.iter().any(|campaign| campaign.attacker == own);
        if ready && scratch.draws.of_faction(Purpose::Readiness, world, own, review) < params.readiness {
            consider(setting, params, laws, world, scratch, trace, own);
        }
    }
}

/// Finds what each faction has within reach of each zone, and who supports it there.
fn find_massed(setting: &Setting, world: &World, scratch: &mut Scratch) {
    // A third of all zones and factions have fighters, and most zones are within reach of many.
    let mut forces: Vec<(usize, f64)> = Vec::with_capacity(world.presence.values().len());
    let mut first = vec![0];
    for zone in setting.zones.ids() {
        let there = world.presence.row(zone).iter().copied().enumerate();
        forces.extend(there.filter(|(_, fighters)| *fighters > 0.0));
        first.push(forces.len());
    }
    let Scratch { massed, following, near, first_near, .. } = scratch;
    for (index, zone) in setting.zones.ids().enumerate() {
        let row = massed.row_mut(zone);
        row.fill(0.0);
        for (other, weight) in &near[first_near[index] as usize..first_near[index + 1] as usize] {
            for (faction, fighters) in &forces[first[other.index()]..first[other.index() + 1]] {
                row[*faction] += weight * fighters;
            }
        }
        find_local_support(setting, world, zone, following.row_mut(zone));
    }
}

/// The strength of a faction's attack on a zone: whoever is on the spot, and a share of the rest, less the farther it is.
fn attack(
    setting: &Setting,
    clashes: &Clashes,
    world: &World,
    scratch: &Scratch,
    zone: ZoneId,
    own: FactionId,
    share: f64,
) -> f64 {
    let there = world.presence[(zone, own)];
    let fighters = there + share * (scratch.massed[(zone, own)] - there).max(0.0);
    fighters * per_fighter(setting, clashes, world, zone, own, scratch.following[(zone, own)])
}

/// The strength with which a zone's holder and its bloc defend it.
fn defence(
    setting: &Setting,
    params: &Offensives,
    clashes: &Clashes,
    world: &World,
    scratch: &Scratch,
    zone: ZoneId,
    holder: FactionId,
) -> f64 {
    let friends =
        |faction: &FactionId| scratch.bloc[*faction] == scratch.bloc[holder] || world.same_party(*faction, holder);
    let worth = |faction| per_fighter(setting, clashes, world, zone, faction, scratch.following[(zone, faction)]);
    let there: f64 = world
        .alive
        .ids()
        .filter(|faction| world.presence[(zone, *faction)] > 0.0)
        .filter(friends)
        .map(|faction| world.presence[(zone, faction)] * worth(faction))
        .sum();
    // The holder's own forces within reach come to help, and those of its allies whom it calls in.
    let within_reach = |faction: FactionId| {
        let help = (scratch.massed[(zone, faction)] - world.presence[(zone, faction)]).max(0.0);
        if help > 0.0 { help * worth(faction) } else { 0.0 }
    };
    let called_in: f64 = if scratch.bloc_size[scratch.bloc[holder]] > 1 {
        world.alive.ids().filter(|faction| *faction != holder).filter(friends).map(within_reach).sum()
    } else {
        0.0
    };
    let help = within_reach(holder) + params.allies * called_in;
    (there + params.reinforcement * help) * world.anchor.entrenchment[zone]
}

fn consider(
    setting: &Setting,
    params: &Offensives,
    (clashes, law): (&Clashes, Law),
    world: &mut World,
    scratch: &mut Scratch,
    trace: &mut impl Trace,
    own: FactionId,
) {
    let mut targets: Vec<(ZoneId, FactionId, f64, f64)> = Vec::new();
    for (zone, traits) in setting.zones.iter() {
        let Some(holder) = world.holder[zone].map(|holder| world.successor(holder)) else { continue };
        let at_war = holder != own && world.alive[holder] && world.stance(own, holder) == Stance::War;
        let force = |share: f64| attack(setting, clashes, world, scratch, zone, own, share);
        if !at_war || world.control[(zone, holder)] < WORTH || force(MASSES[2]) < LEAST {
            continue;
        }
        let known = world.belief[(own, holder)] / world.strength[holder].max(1.0);
        let defence = defence(setting, params, clashes, world, scratch, zone, holder) * known;
        let worth = (traits.strategic_value + world.claim[(zone, own)])
            * (1.0 - world.control[(zone, own)])
            * (1.0 - peacekeeping(clashes, scratch, zone));
        let value = |share: f64| worth * law.prevails(force(share), defence) - params.cost * share;
        let best = MASSES.into_iter().reduce(|best, share| if value(share) > value(best) { share } else { best });
        let share = best.unwrap_or(MASSES[0]);
        targets.push((zone, holder, share, value(share)));
    }
    let Some(top) = targets.iter().copied().reduce(|best, other| if other.3 > best.3 { other } else { best }) else {
        return;
    };
    let weight = |value: f64| exp(params.precision * (value - top.3));
    let all: f64 = targets.iter().map(|target| weight(target.3)).sum();
    let mut terms = [0.0; TERMS];
    terms[SPOILS] = params.precision * top.3;
    terms[THRESHOLD] = -params.precision * params.caution;
    trace.weighed(own, top.1, Stance::War, &mut terms);
    let launch = all / (all + exp(-(terms[SPOILS] + terms[THRESHOLD])));
    let who = world.key[own];
    let mut draws = scratch.draws.sequence(Purpose::Target, who, world.step);
    let draw = draws.uniform();
    let decision = Decision {
        kind: DecisionKind::Attack,
        step: world.step,
        actor: own,
        other: top.1,
        from: Stance::War,
        goal: Stance::War,
        terms,
        probability: launch,
        draw,
    };
    if !trace.decided(&decision) {
        return;
    }
    let picked = draws.pick(&targets, |target| weight(target.3));
    let (zone, defender, share, _) = picked.map_or(top, |picked| targets[picked]);
    let origins = mass(world, scratch, own, zone, share);
    world.campaigns.push(Campaign {
        attacker: own,
        defender,
        zone,
        origins,
        until: world.step + setting.calendar.steps_for_weeks(params.duration),
        sieges: 0,
    });
    trace.happened(Happening { kind: HappeningKind::Offensive { attacker: own, defender, zone }, public: true });
}

/// Moves a share of the force within reach to a zone. Gives whence they came.
fn mass(world: &mut World, scratch: &Scratch, own: FactionId, zone: ZoneId, share: f64) -> Vec<(ZoneId, f64)> {
    let mut origins = Vec::new();
    let (first, last) = (scratch.first_near[zone.index()] as usize, scratch.first_near[zone.index() + 1] as usize);
    for (other, weight) in scratch.near[first..last].iter().filter(|(other, _)| *other != zone) {
        let leaving = world.presence[(*other, own)] * share * weight;
        if leaving > 0.0 {
            world.presence[(*other, own)] -= leaving;
            world.presence[(zone, own)] += leaving;
            origins.push((*other, leaving));
        }
    }
    origins
}

fn decide_campaigns(
    setting: &Setting,
    params: &Offensives,
    (clashes, law): (&Clashes, Law),
    world: &mut World,
    scratch: &mut Scratch,
    trace: &mut impl Trace,
) {
    let campaigns = std::mem::take(&mut world.campaigns);
    for mut campaign in campaigns {
        campaign.attacker = world.successor(campaign.attacker);
        campaign.defender = world.successor(campaign.defender);
        let Campaign { attacker, defender, zone, .. } = campaign;
        let over = !world.alive[attacker]
            || !world.alive[defender]
            || attacker == defender
            || world.stance(attacker, defender) > Stance::War
            || world.holder[zone].is_none_or(|holder| !world.same_party(world.successor(holder), defender));
        if over {
            if world.alive[attacker] {
                go_home(world, &campaign, 1.0);
                rest(setting, params, world, attacker);
            }
            // A siege that has been told of has an end.
            if campaign.sieges > 0 && world.holder[zone] != Some(attacker) {
                let kind = HappeningKind::Repelled { attacker, defender, zone };
                trace.happened(Happening { kind, public: true });
            }
            continue;
        }
        if world.step < campaign.until {
            world.campaigns.push(campaign);
            continue;
        }
        let there = |faction| {
            let support = scratch.following[(zone, faction)];
            world.presence[(zone, faction)] * per_fighter(setting, clashes, world, zone, faction, support)
        };
        let friends: f64 = world
            .alive
            .ids()
            .filter(|other| *other != attacker && scratch.bloc[*other] == scratch.bloc[attacker])
            .filter(|other| world.presence[(zone, *other)] > 0.0)
            .map(there)
            .sum();
        let odds = law.prevails(
            there(attacker) + params.allies * friends,
            defence(setting, params, clashes, world, scratch, zone, defender),
        );
        let who = setting.zones[zone].key.with(world.key[attacker]);
        let mut draws = scratch.draws.sequence(Purpose::Assault, who, world.step);
        let draw = draws.uniform();
        let given_up = odds > params.hopeless && draws.uniform() < params.withdrawal;
        if given_up || draw < odds {
            take(setting, params, world, trace, &campaign);
            scratch.alarm[zone] = 1.0;
            rest(setting, params, world, attacker);
        } else if campaign.sieges < MOST_SIEGES && draws.uniform() < params.siege {
            campaign.sieges += 1;
            scratch.alarm[zone] = 0.5;
            campaign.until = world.step + setting.calendar.steps_for_weeks(params.duration);
            trace.happened(Happening { kind: HappeningKind::Siege { attacker, defender, zone }, public: true });
            world.campaigns.push(campaign);
        } else {
            go_home(world, &campaign, 1.0);
            rest(setting, params, world, attacker);
            trace.happened(Happening { kind: HappeningKind::Repelled { attacker, defender, zone }, public: true });
        }
    }
}

fn rest(setting: &Setting, params: &Offensives, world: &mut World, faction: FactionId) {
    world.ready_at[faction] = world.step + setting.calendar.steps_for_weeks(params.rest);
}

/// A share of a campaign's force goes back whence it came.
fn go_home(world: &mut World, campaign: &Campaign, share: f64) {
    let Campaign { attacker, zone, ref origins, .. } = *campaign;
    let came: f64 = origins.iter().map(|(_, fighters)| fighters).sum();
    let leaving = (came * share).min(world.presence[(zone, attacker)]);
    if came <= 0.0 {
        return;
    }
    for (origin, fighters) in origins {
        world.presence[(*origin, attacker)] += leaving * fighters / came;
    }
    world.presence[(zone, attacker)] -= leaving;
}

/// A place falls.
fn take(setting: &Setting, params: &Offensives, world: &mut World, trace: &mut impl Trace, campaign: &Campaign) {
    let Campaign { attacker, defender, zone, .. } = *campaign;
    let before = world.holder[zone];
    for share in world.control.row_mut(zone) {
        *share *= 1.0 - params.taken;
    }
    world.control[(zone, attacker)] += params.taken;
    world.anchor.entrenchment[zone] = 1.0;
    world.anchor.moved[zone] = true;
    // Those who held the place fall back to neighbouring ground of theirs; without any they stay, and hide.
    for faction in world.alive.ids() {
        if !world.same_party(faction, defender) {
            continue;
        }
        let ground = |world: &World, near: ZoneId| {
            if setting.is_open(&world.borders, zone, near) { world.control[(near, faction)] } else { 0.0 }
        };
        let all: f64 = setting.neighbours.of(zone).iter().map(|(near, _)| ground(world, *near)).sum();
        let leaving = world.presence[(zone, faction)] * params.fall_back;
        if all > 0.0 && leaving > 0.0 {
            for (near, _) in setting.neighbours.of(zone) {
                world.presence[(*near, faction)] += leaving * ground(world, *near) / all;
            }
            world.presence[(zone, faction)] -= leaving;
        }
    }
    go_home(world, campaign, 1.0 - params.garrison);
    // A garrison is at home where it stands.
    let stays = world.presence[(zone, attacker)] / world.strength[attacker].max(1.0);
    let at_home = world.home_ground[(zone, attacker)];
    if stays > at_home {
        let rest = (1.0 - stays) / (1.0 - at_home).max(1e-9);
        for (place, row) in world.home_ground.values_mut().chunks_exact_mut(setting.factions.len()).enumerate() {
            let home = &mut row[attacker.index()];
            *home = if place == zone.index() { stays } else { *home * rest };
        }
    }
    let after = world.find_holder(zone);
    world.holder[zone] = after;
    world.disposition[PairId::of(attacker, defender)].stirred = 1.0;
    if before != after {
        trace.happened(Happening {
            kind: HappeningKind::ControlChanged { zone, from: before, to: after },
            public: true,
        });
    }
}
