//! Blocs: connected groups of factions under alliance, or a lower rung.

use super::{Stance, World};
use crate::base::{FactionId, Id, PairId, Table};

/// Groups factions into blocs: who is linked by stances of `rung` or more, by what is so and not by what is claimed. Two at
/// war are of no one bloc, even when both are linked to a third. Each faction gets the lowest member of its bloc, one that
/// does not `stand` itself.
pub fn find_blocs(
    world: &World,
    rung: Stance,
    stands: impl Fn(FactionId) -> bool,
    bloc: &mut Table<FactionId, FactionId>,
) {
    for (faction, bloc) in bloc.iter_mut() {
        *bloc = faction;
    }
    for (pair, low, high) in PairId::all(world.factions()) {
        if world.tie[pair].stance < rung || !stands(low) || !stands(high) {
            continue;
        }
        let (a, b) = (bloc[low], bloc[high]);
        if a != b && !at_war(world, &stands, bloc, (a, b)) {
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
    (a, b): (FactionId, FactionId),
) -> bool {
    let members = |of: FactionId| {
        let members = bloc.iter().filter(move |(_, bloc)| **bloc == of).map(|(faction, _)| faction);
        members.filter(|faction| stands(*faction))
    };
    members(a).any(|one| members(b).any(|other| world.stance(one, other) == Stance::War))
}
