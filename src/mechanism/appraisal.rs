//! Appraisal: what speaks for one faction's closeness to another, as things stand.
//!
//! Each reason is a term of about -1 to 1 with its weight. Only their change since the start moves a wish
//! ([`super::choice`]): what a file says of the present counts for more than what the weights make of it.

use super::contest::Law;
use super::parameters::parameters;
use super::scratch::Scratch;
use crate::base::row::{dot, dot_of_three, sum};
use crate::base::{FactionId, Id};
use crate::world::{REASONS, Stance, World};

parameters! {
    /// What speaks for closeness and against it.
    Diplomacy {
        /// Weight of having the same enemies, `C = Σ_k ω_ik h_jk` (balance of threat, Walt 1987).
        common_enemy = 1.4 in 0.0 to 10.0, "weight", "assumption";
        /// Weight of the gain in a coalition: own share of its prospects against one's enemies with the other and its bloc, less
        /// that without, times the enemies' share of all that is at stake (minimum winning coalitions, Riker 1962; Christia
        /// 2012).
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
        /// Weight of a sponsor's will, `Σ_k dep_ik (v_kj − h_kj)`: a client is to side with whom its sponsor sides with, and
        /// against whom it fights.
        sponsor = 1.0 in 0.0 to 10.0, "weight", "assumption";
        /// Weight of the base's objection, `−Σ_c base_ic · distance of that community to j` (audience cost, Fearon 1994).
        base = 0.8 in 0.0 to 10.0, "weight", "assumption";
        /// Weight of mediation: the leverage of a mediator at work on the pair.
        mediation = 0.5 in 0.0 to 10.0, "weight", "assumption";
        /// Weight of ground lost, `Σ_{k≠j} L_ik − L_ij`: what a third party has taken makes peace with j and help from it worth
        /// more, what j has taken does the reverse, ally or not (fear of losing the rest, and quarrels between allies over
        /// ground: Christia 2012).
        ground = 2.0 in 0.0 to 20.0, "weight", "Christia 2012 for the direction; assumption for the value";
        /// How much of a change of the objections counts while a deal can hope to stay secret.
        secrecy = 0.5 in 0.0 to 1.0, "share", "assumption";
        /// How far a guarantor's protection stands in for trust.
        guarantee = 0.5 in 0.0 to 1.0, "share", "Walter 1997 for the direction; assumption for the value";
    }
}

/// Under what circumstances closeness is weighed.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances {
    /// Whether others know, or will.
    pub public: bool,
    /// Leverage of the mediators at work on the pair, 0 to 1.
    pub mediation: f64,
    /// Protection by guarantors of what the pair agrees, 0 to 1.
    pub protection: f64,
}

impl Circumstances {
    /// How much objections count, 0 to 1: all if others know, less while a deal can hope to stay secret.
    pub fn exposure(&self, params: &Diplomacy) -> f64 {
        if self.public { 1.0 } else { params.secrecy }
    }
}

/// What speaks for `own`'s closeness to `other`: the first terms of [`super::Terms`], before they are compared with the
/// start. `balance` is what [`balance_between`] gives for the two.
pub fn appraise(
    params: &Diplomacy,
    law: Law,
    world: &World,
    scratch: &Scratch,
    (own, other): (FactionId, FactionId),
    circumstances: Circumstances,
    balance: f64,
) -> [f64; REASONS] {
    let exposure = circumstances.exposure(params);
    let trust = world.trust[(own, other)];
    let trust = trust + (1.0 - trust) * params.guarantee * circumstances.protection;
    [
        params.common_enemy * common_enemy(world, scratch, own, other),
        params.coalition_gain * coalition_gain(law, world, scratch, own, other),
        params.alignment * (1.0 - 2.0 * world.distance(own, other)),
        params.trust * (2.0 * trust - 1.0),
        -params.hostility * world.hostility[(own, other)],
        params.balance * balance,
        params.sponsor * exposure * sponsors_will(world, scratch, own, other),
        -params.base * exposure * bases_objection(world, scratch, own, other),
        params.mediation * circumstances.mediation,
        params.ground * (scratch.lost[own.index()] - 2.0 * world.lost[(own, other)]),
    ]
}

/// `Σ_k ω_ik h_jk`: how much of what threatens `own` is hated by `other`.
fn common_enemy(world: &World, scratch: &Scratch, own: FactionId, other: FactionId) -> f64 {
    // Nobody threatens or hates itself, so neither of the two counts as the other's common enemy.
    let hated = world.hostility.row(other);
    scratch.threats[own.index()].iter().fold(0.0, |sum, (third, share)| sum + share * hated[third.index()])
}

/// Own share of a coalition's prospects with `other`, less that without, `V(C) = p(C) m_i / M_C`, the more the stronger one's
/// enemies are. Who is in another bloc comes with it, and one may join it with one's own bloc or leave that for it,
/// whichever is worth more; of who is in one's own bloc it is asked what would be lost with it.
fn coalition_gain(law: Law, world: &World, scratch: &Scratch, own: FactionId, other: FactionId) -> f64 {
    let force = world.strength[own];
    // Who has nobody to prevail against gains and loses nothing by company.
    if force <= 0.0 || scratch.enemies[own] <= 0.0 {
        return 0.0;
    }
    let (ours, theirs) = (scratch.bloc[own], scratch.bloc[other]);
    let believed = world.belief[(own, other)];
    let (without, joining) = if ours == theirs {
        ((scratch.bloc_strength[ours] - world.strength[other]).max(force), believed)
    } else {
        // What is believed of one is believed of those who are with it.
        let trusted = believed / world.strength[other].max(1.0);
        (scratch.bloc_strength[ours], trusted * scratch.bloc_strength[theirs])
    };
    // Leaving the war with the other takes it off the list of enemies in either case.
    let enemies = if world.stance(own, other) == Stance::War {
        (scratch.enemies[own] - believed * world.reach[(own, other)]).max(0.0)
    } else {
        scratch.enemies[own]
    };
    if enemies <= 0.0 {
        return 0.0;
    }
    let stake = enemies / (enemies + without);
    let worth = |strength: f64| law.prevails(strength, enemies) * force / strength;
    let with =
        if ours == theirs { worth(without + joining) } else { worth(without + joining).max(worth(force + joining)) };
    stake * (with - worth(without))
}

/// Strength-weighted mean over third parties of the products of stance valences: `Σ_k w_k v_ik v_jk / Σ_k w_k`. The
/// diagonals of valences are 0, so the pair itself adds nothing.
pub fn balance(mine: &[f64], theirs: &[f64], weights: &[f64], (own, other): (usize, usize)) -> f64 {
    let weight = sum(weights) - (weights[own] + weights[other]);
    if weight > 0.0 { dot_of_three(weights, mine, theirs) / weight } else { 0.0 }
}

/// [`balance`] of two as things are claimed to be.
pub fn balance_between(scratch: &Scratch, own: FactionId, other: FactionId) -> f64 {
    let (mine, theirs) = (&scratch.sides[own.index()], &scratch.sides[other.index()]);
    let weight = scratch.weight_of_all - (scratch.weight[own] + scratch.weight[other]);
    if weight <= 0.0 {
        return 0.0;
    }
    // Both lists are in order: those who are in both are found in one pass.
    let (mut sum, mut rest) = (0.0, theirs.iter().peekable());
    for (third, valence) in mine {
        while rest.next_if(|(other, _)| other < third).is_some() {}
        if let Some((_, theirs)) = rest.next_if(|(other, _)| other == third) {
            sum += scratch.weight[*third] * valence * theirs;
        }
    }
    sum / weight
}

/// `Σ_k dep_ik (v_kj − h_kj)`, -2 to 1.
fn sponsors_will(world: &World, scratch: &Scratch, own: FactionId, other: FactionId) -> f64 {
    let mut will = 0.0;
    for sponsor in scratch.sponsors[own.index()].iter().copied() {
        if sponsor != other && world.alive[sponsor] {
            let wish = scratch.valence(sponsor, other) - world.hostility[(sponsor, other)];
            will += world.dependence[(own, sponsor)] * wish;
        }
    }
    will.clamp(-2.0, 1.0)
}

/// `Σ_c base_ic · distance of community c to j`, as the community weighs the axes: 0 to 1.
pub fn bases_objection(world: &World, scratch: &Scratch, own: FactionId, other: FactionId) -> f64 {
    dot(world.base.row(own), scratch.estrangement.row(other)).min(1.0)
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
