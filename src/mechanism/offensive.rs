//! Offensives: ground changes hands by decision, and by one draw of a contest.
//!
//! At reviews a faction that is ready looks at the places of those with whom it is at war and within reach, and at what
//! it could mass there ([`super::massing`]). A place is worth `(v + claim)(1 − q) p (1 − K) − cost · share`,
//! with its value and the claim on it, what of it one does not hold, the odds `p` of the contest against its defenders
//! as they are believed to be, and the peacekeepers `K` in it; a logit over all places and staying put decides
//! (McKelvey and Palfrey 1995). The force moves there and fights; after some weeks a draw with the odds of then decides
//! whether the place falls, is besieged, which wears the defenders down, or holds. Defenders who are far weaker may give
//! a place up without a fight. What has held is stronger than it looks: places are entrenched such that at the start the
//! likeliest attacker takes the place by one attack with a stated chance, and more surely in a young war. A victory shakes
//! what the loser has nearby. What could be taken is also what a war is worth.

use super::clash::{Clashes, peacekeeping};
use super::contest::Law;
use super::lost_ground;
use super::massing::{self, Ground, Help};
use super::parameters::parameters;
use super::scratch::{Prospect, Scratch};
use super::terms::{SPOILS, TERMS, THRESHOLD};
use super::trace::{Decision, DecisionKind, Trace};
use crate::base::maths::{exp, pow};
use crate::base::{FactionId, Id, Matrix, PairId, ZoneId};
use crate::random::Purpose;
use crate::world::{Campaign, Happening, HappeningKind, Setting, Stance, Taken, World};

parameters! {
    /// How factions take ground.
    Offensives {
        /// Chance per review that a faction at war of aggression 0.5 looks for a target; that of others is in proportion. Higher
        /// values make wars of movement.
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
        /// Fighters for each offensive that a faction can wage at a time, beyond one. Lower values let great armies fight on more
        /// fronts.
        corps = 10000.0 in 100.0 to 1000000.0, "fighters", "assumption: an army corps";
        /// By how much a victory shortens the rest before the next attack, and shakes what the loser has nearby. Higher values make fronts collapse.
        momentum = 0.5 in 0.0 to 1.0, "share", "assumption";
        /// Chance that a place that does not fall is besieged for as long again, up to twice.
        siege = 0.25 in 0.0 to 1.0, "share", "assumption";
        /// Share of the defenders in a besieged place who starve, flee or desert before the next decision. Higher values make
        /// sieges deadly.
        starvation = 0.2 in 0.0 to 1.0, "share", "assumption";
        /// Odds from which defenders may give a place up without a fight.
        hopeless = 0.6 in 0.5 to 1.0, "share", "assumption";
        /// Chance that defenders against such odds give a place up without a fight.
        withdrawal = 0.5 in 0.0 to 1.0, "share", "assumption";
        /// Share of the defender's force within reach that comes to help, and of allies' on both sides.
        reinforcement = 0.1 in 0.0 to 1.0, "share", "assumption";
        /// How much allies count beside a force of one's own.
        allies = 0.5 in 0.0 to 1.0, "share", "assumption";
        /// Chance that an attack by the likeliest attacker takes a place at the start. Higher values make places change hands more
        /// often.
        fall = 0.35 in 0.01 to 1.0, "share", "assumption: with an attack about every other year, a threatened place falls once in six years";
        /// How long a war takes to settle: to make places by 1 − 1/e as hard to take as in an old one.
        settling = 0.5 in 0.01 to 100.0, "years", "assumption";
        /// Share of control of a fallen place that changes hands.
        taken = 0.75 in 0.0 to 1.0, "share", "assumption";
        /// Share of the defenders of a fallen place who fall back to ground that they hold.
        fall_back = 0.8 in 0.0 to 1.0, "share", "assumption";
        /// Share of the attackers who stay in a place that fell.
        garrison = 0.6 in 0.0 to 1.0, "share", "assumption";
        /// Weight of what could be taken, in what a war is worth.
        spoils = 4.0 in 0.0 to 50.0, "standard deviations", "Fearon 1995 for the direction; assumption for the value";
        /// Share of the force within reach that counts in what a war is worth.
        mass = 0.2 in 0.0 to 1.0, "share", "assumption";
    }
}

impl Offensives {
    fn help(&self) -> Help {
        Help { reinforcement: self.reinforcement, allies: self.allies }
    }
}

/// Shares of the force within reach that may be massed.
const MASSES: [f64; 3] = [0.1, 0.2, 0.35];
/// The least fighters that take a place.
const LEAST: f64 = 10.0;
/// The least share of control that is worth taking from somebody.
const WORTH: f64 = 0.05;
const MOST_SIEGES: u8 = 2;
/// The aggression of a faction that looks for a target as often as `readiness` says.
const ORDINARY: f64 = 0.5;

/// Finds what each faction could mass in each zone, and what it could take from each other by war. Done at reviews.
pub fn survey(
    setting: &Setting,
    params: &Offensives,
    (clashes, law): (&Clashes, Law),
    world: &mut World,
    scratch: &mut Scratch,
) {
    massing::find_within_reach(setting, world, scratch);
    lost_ground::find(setting, world, scratch);
    let mut spoils = std::mem::replace(&mut world.spoils, Matrix::filled(0, 0, 0.0));
    let (mut attackers, mut party) = (std::mem::take(&mut scratch.movers), std::mem::take(&mut scratch.party));
    spoils.values_mut().fill(0.0);
    attackers.clear();
    attackers.extend(world.alive.ids().filter(|own| world.on_its_own_account(*own)));
    for zone in setting.zones.ids() {
        let Some(holder) = world.holder[zone] else { continue };
        let holder = world.successor(holder);
        let shares = world.control.row(zone);
        party.clear();
        let of_party = |(other, share): &(FactionId, &f64)| **share > 0.0 && world.same_party(*other, holder);
        party.extend(world.alive.ids().zip(shares).filter(of_party).map(|(other, _)| other));
        let calm = 1.0 - peacekeeping(clashes, scratch, zone);
        let ground = Ground::of(setting, (params.help(), clashes), world, scratch, (zone, holder));
        let defence = ground.defence();
        for own in attackers.iter().copied() {
            let force = ground.attack(own).with(params.mass);
            if force < LEAST || ground.defends(own) {
                continue;
            }
            let worth = setting.worth(world, zone, own) * calm;
            let most = spoils.row_mut(own);
            let odds = law.prevails(force, defence);
            for other in &party {
                let most = &mut most[other.index()];
                *most = most.max(worth * odds * shares[other.index()]);
            }
        }
    }
    world.spoils = spoils;
    (scratch.movers, scratch.party) = (attackers, party);
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
    massing::find_within_reach(setting, world, scratch);
    world.anchor.entrenchment.values_mut().fill(1.0);
    for zone in setting.zones.ids() {
        let Some(holder) = world.holder[zone] else { continue };
        let ground = Ground::of(setting, (params.help(), clashes), world, scratch, (zone, holder));
        let defence = ground.defence();
        let foes = world.alive.ids().filter(|own| {
            world.on_its_own_account(*own)
                && !world.same_party(*own, holder)
                && world.stance(*own, holder) <= Stance::Neutral
                && world.hostility[(*own, holder)] > 0.0
        });
        let mut entrenchment: f64 = 1.0;
        for foe in foes {
            let pair = PairId::of(foe, holder);
            let young = match setting.past[pair].age {
                Some(years) if world.stance(foe, holder) == Stance::War => exp(-years / params.settling),
                _ => 0.0,
            };
            let odds = params.fall + (1.0 - params.fall) * young;
            let force = ground.attack(foe).with(MASSES[2]);
            if defence > 0.0 && law.prevails(force, defence) > odds {
                entrenchment = entrenchment.max(force / (defence * law.ratio(odds)));
            }
        }
        world.anchor.entrenchment[zone] = entrenchment;
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
    if review.is_none() {
        for campaign in world.campaigns.iter().filter(|campaign| campaign.until <= world.step) {
            massing::find_within_reach_of(setting, world, scratch, campaign.zone);
        }
    }
    decide_campaigns(setting, params, laws, world, scratch, trace);
    let Some(review) = review else { return };
    // All choose before any moves.
    let mut chosen = std::mem::take(&mut scratch.chosen);
    chosen.clear();
    for own in world.alive.ids() {
        let fronts = fronts(params, world, own);
        let ready = world.on_its_own_account(own)
            && world.strength[own] >= LEAST
            && world.ready_at[own] <= world.step
            && (world.campaigns.iter().filter(|campaign| campaign.attacker == own).count() as f64) < fronts;
        // The chance that at least one of its corps is ready.
        let of_one = || (params.readiness * world.character[own].aggression / ORDINARY).min(1.0);
        let readiness = || 1.0 - pow(1.0 - of_one(), fronts);
        if ready && scratch.draws.of_faction(Purpose::Readiness, world, own, review) < readiness() {
            let target = consider(setting, params, laws, world, scratch, trace, own);
            chosen.extend(target.map(|target| (own, target)));
        }
    }
    for (attacker, Prospect { zone, holder: defender, share, .. }) in chosen.iter().copied() {
        let origins = mass(world, scratch, attacker, zone, share);
        let until = world.step + setting.calendar.steps_for_weeks(params.duration);
        world.campaigns.push(Campaign { attacker, defender, zone, origins, until, sieges: 0 });
        trace.happened(Happening { kind: HappeningKind::Offensive { attacker, defender, zone }, public: true });
    }
    scratch.chosen = chosen;
}

/// On how many fronts a faction can attack at a time.
fn fronts(params: &Offensives, world: &World, own: FactionId) -> f64 {
    1.0 + (world.strength[own] / params.corps).floor()
}

/// What a faction that looks for a target decides to attack, if anything.
fn consider(
    setting: &Setting,
    params: &Offensives,
    laws: (&Clashes, Law),
    world: &World,
    scratch: &mut Scratch,
    trace: &mut impl Trace,
    own: FactionId,
) -> Option<Prospect> {
    let mut prospects = std::mem::take(&mut scratch.prospects);
    find_prospects(setting, params, laws, world, scratch, own, &mut prospects);
    let target = choose(params, world, scratch, trace, own, &prospects);
    scratch.prospects = prospects;
    target
}

/// Lists what a faction could attack, each with the share of the force that makes it worth most.
fn find_prospects(
    setting: &Setting,
    params: &Offensives,
    (clashes, law): (&Clashes, Law),
    world: &World,
    scratch: &mut Scratch,
    own: FactionId,
    prospects: &mut Vec<Prospect>,
) {
    prospects.clear();
    for zone in setting.zones.ids() {
        let Some(holder) = world.holder[zone].map(|holder| world.successor(holder)) else { continue };
        let at_war = holder != own && world.alive[holder] && world.stance(own, holder) == Stance::War;
        let attacked = || world.campaigns.iter().any(|campaign| campaign.attacker == own && campaign.zone == zone);
        if !at_war || world.control[(zone, holder)] < WORTH || attacked() {
            continue;
        }
        let calm = 1.0 - peacekeeping(clashes, scratch, zone);
        let ground = Ground::of(setting, (params.help(), clashes), world, scratch, (zone, holder));
        let force = ground.attack(own);
        if force.with(MASSES[2]) < LEAST {
            continue;
        }
        let known = world.belief[(own, holder)] / world.strength[holder].max(1.0);
        let defence = ground.defence() * known;
        let worth = setting.worth(world, zone, own) * (1.0 - world.control[(zone, own)]) * calm;
        let value = |share: f64| worth * law.prevails(force.with(share), defence) - params.cost * share;
        let all = MASSES.map(|share| Prospect { zone, holder, share, value: value(share) });
        prospects.extend(all.into_iter().reduce(Prospect::better));
    }
}

/// Decides whether to attack, and what.
fn choose(
    params: &Offensives,
    world: &World,
    scratch: &mut Scratch,
    trace: &mut impl Trace,
    own: FactionId,
    prospects: &[Prospect],
) -> Option<Prospect> {
    let top = prospects.iter().copied().reduce(Prospect::better)?;
    let weight = |target: &Prospect| exp(params.precision * (target.value - top.value));
    let all: f64 = prospects.iter().map(weight).sum();
    let mut terms = [0.0; TERMS];
    terms[SPOILS] = params.precision * top.value;
    terms[THRESHOLD] = -params.precision * params.caution;
    trace.weighed(own, top.holder, Stance::War, &mut terms);
    let launch = all / (all + exp(-(terms[SPOILS] + terms[THRESHOLD])));
    let who = world.key[own];
    let mut draws = scratch.draws.sequence(Purpose::Target, who, world.step);
    let decision = Decision {
        kind: DecisionKind::Attack,
        step: world.step,
        actor: own,
        other: top.holder,
        from: Stance::War,
        goal: Stance::War,
        terms,
        probability: launch,
        draw: draws.uniform(),
    };
    if !trace.decided(&decision) {
        return None;
    }
    Some(draws.pick(prospects, weight).map_or(top, |picked| prospects[picked]))
}

/// Moves a share of the force within reach to a zone. Gives whence they came.
fn mass(world: &mut World, scratch: &mut Scratch, own: FactionId, zone: ZoneId, share: f64) -> Vec<(ZoneId, f64)> {
    let mut origins = scratch.origins.pop().unwrap_or_default();
    origins.clear();
    origins.reserve(scratch.ways.near[zone.index()].list.len());
    for (other, counts) in scratch.ways.near[zone.index()].list.iter().copied().filter(|(other, _)| *other != zone) {
        let leaving = world.presence[(other, own)] * share * counts;
        if leaving > 0.0 {
            world.presence[(other, own)] -= leaving;
            world.presence[(zone, own)] += leaving;
            origins.push((other, leaving));
        }
    }
    origins
}

fn decide_campaigns(
    setting: &Setting,
    params: &Offensives,
    laws: (&Clashes, Law),
    world: &mut World,
    scratch: &mut Scratch,
    trace: &mut impl Trace,
) {
    let mut campaigns = std::mem::take(&mut world.campaigns);
    // Of several that are decided at once, the one with more on the spot has the first go.
    let there = |campaign: &Campaign| world.presence[(campaign.zone, world.successor(campaign.attacker))];
    campaigns.sort_by(|a, b| there(b).total_cmp(&there(a)));
    campaigns.retain_mut(|campaign| {
        let goes_on = goes_on(setting, params, laws, world, scratch, trace, campaign);
        if !goes_on {
            scratch.origins.push(std::mem::take(&mut campaign.origins));
        }
        goes_on
    });
    world.campaigns = campaigns;
}

/// Whether a campaign goes on this week: it may be over, succeed, become a siege or fail.
fn goes_on(
    setting: &Setting,
    params: &Offensives,
    (clashes, law): (&Clashes, Law),
    world: &mut World,
    scratch: &mut Scratch,
    trace: &mut impl Trace,
    campaign: &mut Campaign,
) -> bool {
    campaign.attacker = world.successor(campaign.attacker);
    campaign.defender = world.successor(campaign.defender);
    let Campaign { attacker, defender, zone, .. } = *campaign;
    let over = !world.alive[attacker]
        || !world.alive[defender]
        || attacker == defender
        || world.stance(attacker, defender) > Stance::War
        || world.holder[zone].is_none_or(|holder| !world.same_party(world.successor(holder), defender));
    if over {
        if world.alive[attacker] {
            go_home(setting, world, campaign, 1.0);
            rest(setting, params, world, attacker, 1.0);
        }
        // A siege that has been told of has an end.
        if campaign.sieges > 0 && world.holder[zone] != Some(attacker) {
            trace.happened(Happening { kind: HappeningKind::Repelled { attacker, defender, zone }, public: true });
        }
        return false;
    }
    if world.step < campaign.until {
        return true;
    }
    let ground = Ground::of(setting, (params.help(), clashes), world, scratch, (zone, defender));
    let odds = law.prevails(ground.attack(attacker).with(0.0), ground.defence());
    let who = setting.zones[zone].key.with(world.key[attacker]);
    let mut draws = scratch.draws.sequence(Purpose::Assault, who, world.step);
    let draw = draws.uniform();
    let given_up = odds > params.hopeless && draws.uniform() < params.withdrawal;
    if given_up || draw < odds {
        take(setting, params, world, trace, campaign);
        scratch.alarm[zone] = 1.0;
        rest(setting, params, world, attacker, 1.0 - params.momentum);
        return false;
    }
    if campaign.sieges < MOST_SIEGES && draws.uniform() < params.siege {
        campaign.sieges += 1;
        scratch.alarm[zone] = 0.5;
        starve(params, world, zone, defender);
        campaign.until = world.step + setting.calendar.steps_for_weeks(params.duration);
        trace.happened(Happening { kind: HappeningKind::Siege { attacker, defender, zone }, public: true });
        return true;
    }
    go_home(setting, world, campaign, 1.0);
    rest(setting, params, world, attacker, 1.0);
    trace.happened(Happening { kind: HappeningKind::Repelled { attacker, defender, zone }, public: true });
    false
}

/// Nothing gets into a besieged place: some of those who defend it are lost to it.
fn starve(params: &Offensives, world: &mut World, zone: ZoneId, defender: FactionId) {
    for faction in world.alive.ids() {
        if world.same_party(faction, defender) {
            let lost = world.presence[(zone, faction)] * params.starvation;
            world.presence[(zone, faction)] -= lost;
            world.strength[faction] -= lost;
            world.tally.deserted += lost;
        }
    }
}

/// A faction rests, the less the more fronts it fights on.
fn rest(setting: &Setting, params: &Offensives, world: &mut World, faction: FactionId, share: f64) {
    let weeks = share * params.rest / fronts(params, world, faction);
    world.ready_at[faction] = world.ready_at[faction].max(world.step + setting.calendar.steps_for_weeks(weeks));
}

/// A share of a campaign's force goes back whence it came, where no border that has been closed is between.
fn go_home(setting: &Setting, world: &mut World, campaign: &Campaign, share: f64) {
    let Campaign { attacker, zone, ref origins, .. } = *campaign;
    let came: f64 = origins.iter().map(|(_, fighters)| fighters).sum();
    let leaving = (came * share).min(world.presence[(zone, attacker)]);
    for (origin, fighters) in origins.iter().copied().filter(|(_, fighters)| *fighters > 0.0) {
        if setting.is_open(&world.borders, zone, origin) {
            world.presence[(origin, attacker)] += leaving * fighters / came;
            world.presence[(zone, attacker)] -= leaving * fighters / came;
        }
    }
}

/// A place falls.
fn take(setting: &Setting, params: &Offensives, world: &mut World, trace: &mut impl Trace, campaign: &Campaign) {
    let Campaign { attacker, defender, zone, .. } = *campaign;
    let before = world.holder[zone];
    // Who is no enemy keeps what it has of it.
    let mut spared = 0.0;
    for faction in world.alive.ids() {
        if faction == attacker || world.same_party(faction, defender) || world.stance(attacker, faction) == Stance::War
        {
            world.control[(zone, faction)] *= 1.0 - params.taken;
        } else {
            spared += world.control[(zone, faction)];
        }
    }
    world.control[(zone, attacker)] += params.taken * (1.0 - spared);
    world.anchor.entrenchment[zone] = 1.0;
    world.anchor.taken[zone] = Taken::NOW;
    for (near, _) in setting.neighbours.of(zone) {
        if world.holder[*near].is_some_and(|holder| world.same_party(world.successor(holder), defender)) {
            let entrenchment = &mut world.anchor.entrenchment[*near];
            *entrenchment = 1.0 + (*entrenchment - 1.0) * (1.0 - params.momentum);
        }
    }
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
    go_home(setting, world, campaign, 1.0 - params.garrison);
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
        let kind = HappeningKind::ControlChanged { zone, from: before, to: after };
        trace.happened(Happening { kind, public: true });
    }
}
