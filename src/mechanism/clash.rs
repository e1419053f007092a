//! Clashes: fighting between armed factions, by pair and zone.
//!
//! `N ~ Poisson(dt · λ · posture(stance) · aggression · hostility · √(m_i m_j) / m₀ · (1 − peacekeeping))`. The deaths of
//! a clash are a Poisson number whose mean is drawn from a Lomax law: a gamma-Poisson mixture whose gamma rate is
//! itself gamma, with the power-law tail of battle and attack severities (Richardson 1948; Clauset, Young and
//! Gleditsch 2007). They are split by the contest law over effective strengths; with the linear law, losses follow
//! Lanchester's square law, for the ratio of losses is the inverse ratio of strengths (Lanchester 1916).

use super::contest::Law;
use super::draws::clash_key;
use super::parameters::parameters;
use super::scratch::Scratch;
use crate::base::maths::{exp_m1, ln, pow};
use crate::base::row;
use crate::base::{FactionId, Id, Matrix, PairId, Table, ZoneId};
use crate::random::{Purpose, sample};
use crate::world::{Setting, Stance, World};

parameters! {
    /// How often armed factions clash, and how deadly.
    Clashes {
        /// Clashes per week between two forces of `typical` size in one zone, at war, with full aggression and hostility.
        /// Higher values make war bloodier.
        rate = 0.11 in 0.0 to 100.0, "per week", "fitted to UCDP's deaths in Mali 2018 to 2022";
        /// The size of a force that `rate` is meant for.
        typical = 100.0 in 0.001 to 1000000.0, "fighters", "definition", plausible 100.0 to 100.0;
        /// What is left of the rate of clashes under rivalry instead of war.
        rivalry = 0.05 in 0.0 to 1.0, "share", "assumption";
        /// What is left of the rate of clashes between neutrals.
        neutral = 0.005 in 0.0 to 1.0, "share", "assumption";
        /// Mean deaths in a clash.
        deaths = 5.0 in 0.0 to 1000.0, "deaths", "UCDP GED events in Mali have a mean of about five deaths";
        /// Tail exponent of deaths per clash: the chance of more than x falls as x to the minus this. Lower values make
        /// massacres more of the total.
        tail = 2.0 in 1.05 to 10.0, "exponent", "Clauset, Young and Gleditsch 2007 find 1.4 for attacks worldwide; less heavy for one country", plausible 1.4 to 2.5;
        /// The most that one clash can kill, as a share of both forces in the zone.
        most = 0.4 in 0.0 to 1.0, "share", "assumption";
        /// How much full local support adds to effective strength.
        support = 1.0 in 0.0 to 10.0, "share", "Kalyvas 2006 for the direction; assumption for the value";
        /// How much the most rugged ground adds to the effective strength of those who hold it.
        ruggedness = 0.5 in 0.0 to 10.0, "share", "Fearon and Laitin 2003 for the direction; assumption for the value";
        /// Peacekeepers in a zone that halve the fighting there.
        peacekeepers = 1500.0 in 1.0 to 1000000.0, "fighters", "Hultman, Kathman and Shannon 2013 for the direction; assumption for the value";
    }
}

impl Clashes {
    /// What a fighter of some quality is worth with local support, on ground that is held and as rugged as this.
    #[inline]
    fn worth(&self, quality: f64, support: f64, ground: f64) -> f64 {
        quality * (1.0 + self.support * support) * (1.0 + self.ruggedness * ground)
    }

    /// Makes strengths, by faction, of qualities and of fighters within reach of a zone, those in it included: of those who
    /// are there, and of those elsewhere.
    pub(super) fn strengths(
        &self,
        quality_to_there: &mut [f64],
        massed_to_elsewhere: &mut [f64],
        ruggedness: f64,
        [presence, support, control]: [&[f64]; 3],
    ) {
        let ground = presence.iter().zip(support).zip(control);
        let forces = quality_to_there.iter_mut().zip(massed_to_elsewhere);
        for ((there, elsewhere), ((fighters, support), control)) in forces.zip(ground) {
            let worth = self.worth(*there, *support, ruggedness * control);
            *there = fighters * worth;
            *elsewhere = (*elsewhere - fighters).max(0.0) * worth;
        }
    }

    /// What is left of the fighting of war between two who stand so, 0 to 1.
    pub(super) fn posture(&self, stance: Stance) -> f64 {
        match stance {
            Stance::War => 1.0,
            Stance::Rivalry => self.rivalry,
            Stance::Neutral => self.neutral,
            Stance::Pact | Stance::Alliance => 0.0,
        }
    }
}

/// How much the peace forces in a zone hold down, 0 to 1 (excluded).
pub fn peacekeeping(params: &Clashes, scratch: &Scratch, zone: ZoneId) -> f64 {
    let keepers = scratch.keepers[zone];
    if keepers > 0.0 { keepers / (keepers + params.peacekeepers) } else { 0.0 }
}

/// Sets each pair's readiness to fight where it meets, for this week, and how violently it would.
pub fn make_ready(params: &Clashes, world: &World, scratch: &mut Scratch) {
    let postures = Stance::ALL.map(|stance| params.posture(stance));
    let Scratch { readiness, violence, hostile, .. } = scratch;
    for (pair, low, high) in hostile.iter().copied() {
        let posture = postures[world.tie[pair].stance as usize];
        let ready = if posture > 0.0 && world.alive[low] && world.alive[high] {
            let hostility = 0.5 * (world.hostility[(low, high)] + world.hostility[(high, low)]);
            (0.5 * (world.character[low].aggression + world.character[high].aggression)) * hostility
        } else {
            0.0
        };
        (readiness[(low, high)], readiness[(high, low)]) = (posture * ready, posture * ready);
        violence[pair] = fierceness(world, pair, posture) * ready * world.shock.fighting[pair];
    }
}

/// How fiercely a pair of a posture fights, as a share of what is usual in war: as the year before says, and where the two stand
/// worse now than then, no less than then and no less than is usual as they stand.
fn fierceness(world: &World, pair: PairId, posture: f64) -> f64 {
    let (known, before) = (posture * world.anchor.fighting[pair], world.anchor.skirmishes[pair]);
    if before > 0.0 && known > before { posture.max(before) } else { known }
}

/// One week of clashes in all zones.
pub fn fight(setting: &Setting, params: &Clashes, law: Law, world: &mut World, scratch: &mut Scratch) {
    world.tally.dyad_step.values_mut().fill(0.0);
    let scale = setting.calendar.weeks_in(world.step) * params.rate / params.typical;
    let all_present = std::mem::take(&mut scratch.present);
    let (all_roots, violence) = (std::mem::take(&mut scratch.roots), std::mem::take(&mut scratch.violence));
    for zone in setting.zones.ids() {
        let here = scratch.present_in(zone);
        if here.len() < 2 {
            continue;
        }
        let (present, roots) = (&all_present[here.clone()], &all_roots[here]);
        let calm = scale * (1.0 - peacekeeping(params, scratch, zone));
        for (upper, (high, root)) in present.iter().copied().zip(roots).enumerate() {
            let root = calm * root;
            let pairs = PairId::below(high);
            let first = pairs.start;
            let violence = &violence.values()[pairs];
            for (low, other) in present[..upper].iter().copied().zip(roots) {
                let mean = root * other * violence[low.index()];
                if mean <= 0.0 {
                    continue;
                }
                let pair = PairId::from_index(first + low.index());
                let Some(draw) = scratch.draws.clash(setting, world, (zone, pair), (low, high), mean) else {
                    continue;
                };
                let clashes = sample::poisson(draw, mean);
                if clashes > 0 {
                    lose(setting, params, law, world, scratch, zone, (low, high), clashes);
                }
            }
        }
    }
    (scratch.present, scratch.roots, scratch.violence) = (all_present, all_roots, violence);
}

/// What a week of clashes is expected to cost, with all as it stands: deaths per zone, and fighters that the row loses to
/// the column.
pub(super) fn expect(
    setting: &Setting,
    params: &Clashes,
    law: Law,
    world: &World,
    scratch: &Scratch,
) -> (Table<ZoneId, f64>, Matrix<FactionId, FactionId, f64>) {
    let mut deaths = Table::filled(setting.zones.len(), 0.0);
    let mut losses = Matrix::filled(world.factions(), world.factions(), 0.0);
    let scale = params.rate / params.typical;
    for zone in setting.zones.ids() {
        let present = scratch.present_in(zone);
        let calm = scale * (1.0 - peacekeeping(params, scratch, zone));
        for upper in present.clone() {
            let high = scratch.present[upper];
            for lower in present.start..upper {
                let low = scratch.present[lower];
                let readiness = scratch.readiness[(high, low)];
                if readiness <= 0.0 {
                    continue;
                }
                let intensity = world.anchor.fighting[PairId::of(low, high)];
                let clashes = calm * readiness * intensity * scratch.roots[lower] * scratch.roots[upper];
                let most = params.most * (world.presence[(zone, low)] + world.presence[(zone, high)]);
                let dead = clashes * mean_up_to(params.deaths, params.tail, most);
                let strength = |faction| effective(setting, params, world, zone, faction);
                let chance_low = law.prevails(strength(low), strength(high));
                deaths[zone] += dead;
                losses[(low, high)] += dead * (1.0 - chance_low);
                losses[(high, low)] += dead * chance_low;
            }
        }
    }
    (deaths, losses)
}

/// The mean of a [`lomax`] deviate of which no more than `most` counts.
pub(super) fn mean_up_to(mean: f64, tail: f64, most: f64) -> f64 {
    let scale = mean * (tail - 1.0);
    if scale > 0.0 { mean * (1.0 - pow(1.0 + most / scale, 1.0 - tail)) } else { 0.0 }
}

/// A pair fights a number of clashes in a zone.
#[allow(clippy::too_many_arguments, reason = "what the losses depend on, each named")]
fn lose(
    setting: &Setting,
    params: &Clashes,
    law: Law,
    world: &mut World,
    scratch: &mut Scratch,
    zone: ZoneId,
    (low, high): (FactionId, FactionId),
    clashes: u32,
) {
    let key = clash_key(setting, world, zone, low, high);
    let mut draws = scratch.draws.sequence(Purpose::ClashDeaths, key, world.step);
    let chance_low =
        law.prevails(effective(setting, params, world, zone, low), effective(setting, params, world, zone, high));
    let kinds = world.death_type(low, high);
    for _ in 0..clashes {
        let forces = [world.presence[(zone, low)], world.presence[(zone, high)]];
        let most = params.most * (forces[0] + forces[1]);
        let mean = lomax(draws.uniform(), params.deaths, params.tail).min(most);
        let deaths = f64::from(sample::poisson(draws.uniform(), mean)).min(most.floor());
        let lost = [(deaths * (1.0 - chance_low)).min(forces[0]), (deaths * chance_low).min(forces[1])];
        for ((own, other), (loss, force)) in [(low, high), (high, low)].into_iter().zip(lost.into_iter().zip(forces)) {
            world.presence[(zone, own)] = force - loss;
            world.weariness[(own, other)] += loss / world.strength[own].max(1.0);
            world.strength[own] -= loss;
            world.tally.fighters_lost[own] += loss;
        }
        let dead = lost[0] + lost[1];
        let pair = PairId::of(low, high);
        world.tally.deaths[kinds as usize] += dead;
        world.tally.zone[zone][kinds as usize] += dead;
        world.tally.dyad[pair] += dead;
        world.tally.dyad_year[pair].add(dead);
        world.tally.dyad_step[pair] += dead;
        scratch.deaths[zone] += dead;
    }
}

/// A Lomax (Pareto II) deviate with the given mean and tail exponent above 1.
pub fn lomax(uniform: f64, mean: f64, tail: f64) -> f64 {
    mean * (tail - 1.0) * exp_m1(-ln(1.0 - uniform) / tail)
}

/// Fighting strength of a faction in a zone: fighters times quality, with support and ground.
pub fn effective(setting: &Setting, params: &Clashes, world: &World, zone: ZoneId, faction: FactionId) -> f64 {
    let support = local_support(setting, world, zone, faction);
    world.presence[(zone, faction)] * per_fighter(setting, params, world, zone, faction, support)
}

/// What a fighter of a faction is worth in a zone: quality, with local support and ground.
pub(super) fn per_fighter(
    setting: &Setting,
    params: &Clashes,
    world: &World,
    zone: ZoneId,
    faction: FactionId,
    support: f64,
) -> f64 {
    let (quality, control) = (world.character[faction].quality, world.control[(zone, faction)]);
    params.worth(quality, support, setting.zones[zone].ruggedness * control)
}

/// Fills a row with the [`local_support`] of every faction in a zone.
pub(super) fn find_local_support(setting: &Setting, world: &World, zone: ZoneId, supporters: &mut [f64]) {
    supporters.fill(0.0);
    let mut people = 0.0;
    let cells = setting.cells_at(zone);
    for (at_home, support) in world.at_home.values()[cells.clone()].iter().zip(world.support.rows_in(cells)) {
        row::add_scaled(supporters, support, *at_home);
        people += at_home;
    }
    let each = if people > 0.0 { 1.0 / people } else { 0.0 };
    supporters.iter_mut().for_each(|supporters| *supporters *= each);
}

/// Share of the people at home in a zone who support a faction.
pub fn local_support(setting: &Setting, world: &World, zone: ZoneId, faction: FactionId) -> f64 {
    let (mut supporters, mut people) = (0.0, 0.0);
    for cell in setting.cells_in(zone) {
        supporters += world.at_home[cell] * world.support.row(cell)[faction.index()];
        people += world.at_home[cell];
    }
    if people > 0.0 { supporters / people } else { 0.0 }
}
