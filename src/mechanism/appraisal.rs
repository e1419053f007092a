//! Appraisal: what one faction makes of standing on a rung of the ladder with another.
//!
//! `U_ij(s) = Σ_term β_term · term − a_s`; a side agrees with probability `logistic(λ U)`, the logit form of quantal
//! response (McKelvey and Palfrey 1995), whose limit for large `λ` is the best response. Terms lie within about
//! -1 to 1. What comes of siding together counts with the depth of the commitment (least for a truce, all of it for an
//! alliance), and objections count less while a deal can hope to stay secret.

use super::contest::Law;
use super::parameters::parameters;
use super::scratch::Scratch;
use crate::base::maths::logistic;
use crate::base::{FactionId, Id};
use crate::world::{Stance, World};

/// The terms of a utility, each with its weight applied.
pub type Terms = [f64; 11];

/// Names of the terms, in the order of [`Terms`].
pub const TERM_NAMES: [&str; 11] = [
    "common enemy",
    "coalition gain",
    "alignment",
    "trust",
    "hostility",
    "balance",
    "weariness",
    "sponsor's objection",
    "base's objection",
    "mediation",
    "rung",
];

parameters! {
    /// How factions value standing together or apart.
    Diplomacy {
        /// Precision of choice `λ`. Higher values make the better choice surer; 0 is a coin toss.
        precision = 4.0 in 0.0 to 1000.0, "1 / utility", "McKelvey and Palfrey 1995 for the form; assumption for the value";
        /// Weight of having the same enemies, `C = Σ_k ω_ik h_jk` (balance of threat, Walt 1987).
        common_enemy = 1.4 in 0.0 to 10.0, "weight", "assumption";
        /// Weight of the gain in a coalition: own share of its prospects against one's enemies with the other, less that
        /// without (minimum winning coalitions, Riker 1962; Christia 2012).
        coalition_gain = 0.8 in 0.0 to 10.0, "weight", "assumption";
        /// Weight of alignment, `1 − 2 D_ij` with the salience-weighted distance `D` (Axelrod and Bennett 1993).
        alignment = 0.5 in 0.0 to 10.0, "weight", "assumption";
        /// Weight of trust, `2 t_ij − 1` (the commitment problem: Fearon 1995; Walter 1997).
        trust = 0.6 in 0.0 to 10.0, "weight", "assumption";
        /// Weight of hostility, `−h_ij`.
        hostility = 1.0 in 0.0 to 10.0, "weight", "assumption";
        /// Weight of structural balance, the strength-weighted mean over third parties of the products of stance valences
        /// as far as they are known (Heider 1946; Antal, Krapivsky and Redner 2006).
        balance = 0.5 in 0.0 to 10.0, "weight", "assumption";
        /// Weight of weariness: losses lately taken from the other, only on the way out of war (Zartman 2001, hurting
        /// stalemate).
        weariness = 0.8 in 0.0 to 10.0, "weight", "assumption";
        /// Share of its strength whose loss to one enemy within a few months makes a faction wholly weary.
        exhaustion = 0.15 in 0.001 to 1.0, "share", "assumption";
        /// Weight of a sponsor's objection, `−Σ_k dep_ik h_kj`.
        sponsor = 1.0 in 0.0 to 10.0, "weight", "assumption";
        /// Weight of the base's objection, `−Σ_c base_ic · distance of that community to j` (audience cost, Fearon 1994).
        base = 0.8 in 0.0 to 10.0, "weight", "assumption";
        /// Weight of mediation: the leverage of a mediator at work on the pair.
        mediation = 0.5 in 0.0 to 10.0, "weight", "assumption";
        /// How much of the objections counts while a deal can hope to stay secret.
        secrecy = 0.5 in 0.0 to 1.0, "share", "assumption";
        /// How far a guarantor's protection stands in for trust.
        guarantee = 0.5 in 0.0 to 1.0, "share", "Walter 1997 for the direction; assumption for the value";
        /// How much of what comes of siding together a truce from war brings, of what an alliance brings.
        depth_rivalry = 0.4 in 0.0 to 1.0, "share", "assumption";
        /// How much of it leaving each other alone brings.
        depth_neutral = 0.6 in 0.0 to 1.0, "share", "assumption";
        /// How much of it a pact brings.
        depth_pact = 0.8 in 0.0 to 1.0, "share", "assumption";
        /// What stepping from war to rivalry asks.
        ask_rivalry = 0.0 in -5.0 to 5.0, "utility", "assumption";
        /// What leaving each other alone asks; below 0, for fighting is costly in itself (Fearon 1995).
        ask_neutral = -0.3 in -5.0 to 5.0, "utility", "assumption";
        /// What a non-aggression pact asks.
        ask_pact = 0.1 in -5.0 to 5.0, "utility", "assumption";
        /// What an alliance asks.
        ask_alliance = 0.4 in -5.0 to 5.0, "utility", "assumption";
    }
}

impl Diplomacy {
    fn ask(&self, goal: Stance) -> f64 {
        match goal {
            Stance::War => 0.0,
            Stance::Rivalry => self.ask_rivalry,
            Stance::Neutral => self.ask_neutral,
            Stance::Pact => self.ask_pact,
            Stance::Alliance => self.ask_alliance,
        }
    }

    /// How much of what comes of siding together a rung brings.
    fn depth(&self, goal: Stance) -> f64 {
        match goal {
            Stance::War => 0.0,
            Stance::Rivalry => self.depth_rivalry,
            Stance::Neutral => self.depth_neutral,
            Stance::Pact => self.depth_pact,
            Stance::Alliance => 1.0,
        }
    }

    /// The probability of a yes to something of the given utility.
    #[inline]
    pub fn agrees(&self, utility: f64) -> f64 {
        logistic(self.precision * utility)
    }
}

/// The sum of terms.
#[inline]
pub fn utility(terms: &Terms) -> f64 {
    terms.iter().sum()
}

/// Under what circumstances a rung is weighed.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances {
    /// Whether the two still have a war to leave.
    pub leaving_war: bool,
    /// Whether others know, or will.
    pub public: bool,
    /// Leverage of the mediators at work on the pair, 0 to 1.
    pub mediation: f64,
    /// Protection by guarantors of what the pair agrees, 0 to 1.
    pub protection: f64,
}

/// What `own` makes of standing with `other` on the rung `goal`.
#[allow(clippy::too_many_arguments, reason = "what an appraisal depends on, each named")]
pub fn appraise(
    params: &Diplomacy,
    law: Law,
    world: &World,
    scratch: &Scratch,
    (own, other): (FactionId, FactionId),
    goal: Stance,
    circumstances: Circumstances,
) -> Terms {
    let deep = params.depth(goal);
    let exposure = deep * if circumstances.public { 1.0 } else { params.secrecy };
    let trust = world.trust[(own, other)];
    let trust = trust + (1.0 - trust) * params.guarantee * circumstances.protection;
    let weary =
        if circumstances.leaving_war { (world.weariness[(own, other)] / params.exhaustion).min(1.0) } else { 0.0 };
    [
        params.common_enemy * deep * common_enemy(world, scratch, own, other),
        params.coalition_gain * deep * coalition_gain(law, world, scratch, own, other),
        params.alignment * (1.0 - 2.0 * world.distance(own, other)),
        params.trust * (2.0 * trust - 1.0),
        -params.hostility * world.hostility[(own, other)],
        params.balance
            * deep
            * balance_of(
                scratch.claimed_valence.row(own),
                scratch.claimed_valence.row(other),
                (scratch.weight.values(), scratch.weight_of_all),
                (own.index(), other.index()),
            ),
        params.weariness * weary,
        -params.sponsor * exposure * sponsors_objection(world, own, other),
        -params.base * exposure * bases_objection(world, scratch, own, other),
        params.mediation * circumstances.mediation,
        -params.ask(goal),
    ]
}

/// `Σ_k ω_ik h_jk`: how much of what threatens `own` is hated by `other`.
fn common_enemy(world: &World, scratch: &Scratch, own: FactionId, other: FactionId) -> f64 {
    // The diagonals of both tables are 0, so neither of the two counts as the other's common enemy.
    let shares = scratch.threat.row(own).iter().zip(world.hostility.row(other));
    shares.map(|(share, hostility)| share * hostility).sum()
}

/// Own share of a coalition's prospects with `other`, less that without.
fn coalition_gain(law: Law, world: &World, scratch: &Scratch, own: FactionId, other: FactionId) -> f64 {
    let force = world.strength[own];
    let alone = scratch.bloc_strength[scratch.bloc[own]];
    if force <= 0.0 || alone <= 0.0 || scratch.bloc[own] == scratch.bloc[other] {
        return 0.0;
    }
    let together = alone + world.belief[(own, other)];
    // Leaving the war with the other takes it off the list of enemies in either case.
    let enemies = if world.stance(own, other) == Stance::War {
        (scratch.enemies[own] - world.belief[(own, other)] * world.reach[(own, other)]).max(0.0)
    } else {
        scratch.enemies[own]
    };
    let prospects = |strength: f64| if enemies > 0.0 { law.prevails(strength, enemies) } else { 1.0 };
    prospects(together) * force / together - prospects(alone) * force / alone
}

/// Strength-weighted mean over third parties of the products of stance valences: `Σ_k w_k v_ik v_jk / Σ_k w_k`. The
/// diagonals of valences are 0, so the pair itself adds nothing.
pub fn balance(mine: &[f64], theirs: &[f64], weights: &[f64], pair: (usize, usize)) -> f64 {
    balance_of(mine, theirs, (weights, weights.iter().fold(0.0, |sum, weight| sum + weight)), pair)
}

/// [`balance`] with the sum of all weights, which is the same for all pairs.
fn balance_of(
    mine: &[f64],
    theirs: &[f64],
    (weights, weight_of_all): (&[f64], f64),
    (own, other): (usize, usize),
) -> f64 {
    let mut sum = 0.0;
    for ((mine, theirs), share) in mine.iter().zip(theirs).zip(weights) {
        sum += share * mine * theirs;
    }
    let weight = weight_of_all - (weights[own] + weights[other]);
    if weight > 0.0 { sum / weight } else { 0.0 }
}

fn sponsors_objection(world: &World, own: FactionId, other: FactionId) -> f64 {
    let mut sum = 0.0;
    for (index, dependence) in world.dependence.row(own).iter().enumerate() {
        let sponsor = FactionId::from_index(index);
        if *dependence > 0.0 && sponsor != other && world.alive[sponsor] {
            sum += dependence * world.hostility[(sponsor, other)];
        }
    }
    sum.min(1.0)
}

/// `Σ_c base_ic · distance of community c to j`, as the community weighs the axes: 0 to 1.
pub fn bases_objection(world: &World, scratch: &Scratch, own: FactionId, other: FactionId) -> f64 {
    let factions = world.factions().max(1);
    let distances = scratch.estrangement.values().iter().skip(other.index()).step_by(factions);
    world.base.row(own).iter().zip(distances).fold(0.0, |sum, (share, distance)| sum + share * distance).min(1.0)
}

/// Positions of the terms by absolute size, largest first: which of them weighed most.
pub fn heaviest(terms: &Terms) -> [usize; 11] {
    let mut order = std::array::from_fn(|index| index);
    order.sort_by(|a: &usize, b: &usize| terms[*b].abs().total_cmp(&terms[*a].abs()).then(a.cmp(b)));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_balanced_triad_pulls_towards_itself() {
        let weights = [1.0 / 3.0; 3];
        for (mine, theirs) in [(1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0)] {
            let pull = balance(&[0.0, 0.5, mine], &[0.5, 0.0, theirs], &weights, (0, 1));
            assert!((pull - mine * theirs).abs() < 1e-12);
        }
    }
}
