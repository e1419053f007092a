//! Blocs: connected groups of factions under alliance, or a lower rung.

use super::{Stance, World};
use crate::base::{FactionId, Id, PairId, Table};

/// The pairs that stand on a rung or above, by what is so and not by what is claimed, in order.
pub fn pairs_from(world: &World, rung: Stance) -> impl Iterator<Item = PairId> {
    let ties = world.tie.iter();
    ties.filter(move |(_, tie)| tie.stance >= rung).map(|(pair, _)| pair)
}

/// Groups factions into blocs: who is linked by being a pair of `linked`. Two at
/// war are of no one bloc, even when both are linked to a third. Each faction gets the lowest member of its bloc, one that
/// does not `stand` itself. `memory` is for a list of factions.
pub fn find_blocs(
    world: &World,
    linked: impl Iterator<Item = PairId>,
    stands: impl Fn(FactionId) -> bool,
    bloc: &mut Table<FactionId, FactionId>,
    memory: &mut Vec<FactionId>,
) {
    for (faction, bloc) in bloc.iter_mut() {
        *bloc = faction;
    }
    for pair in linked {
        let (low, high) = pair.members();
        if !stands(low) || !stands(high) {
            continue;
        }
        let (a, b) = (bloc[low], bloc[high]);
        if a != b && !at_war(world, &stands, bloc, memory, (a, b)) {
            let (keep, give) = if a.index() < b.index() { (a, b) } else { (b, a) };
            for bloc in bloc.values_mut() {
                if *bloc == give {
                    *bloc = keep;
                }
            }
        }
    }
}

fn at_war(
    world: &World,
    stands: &impl Fn(FactionId) -> bool,
    bloc: &Table<FactionId, FactionId>,
    memory: &mut Vec<FactionId>,
    (a, b): (FactionId, FactionId),
) -> bool {
    let members = |of: FactionId| bloc.iter().filter(move |(faction, bloc)| **bloc == of && stands(*faction));
    memory.clear();
    memory.extend(members(b).map(|(faction, _)| faction));
    members(a).any(|(one, _)| memory.iter().any(|other| world.stance(one, *other) == Stance::War))
}
