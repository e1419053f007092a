//! Factions and splinter slots, and how pairs of them stand.

use super::society::by_axis;
use crate::base::{AxisId, Calendar, DAYS_IN_A_YEAR, Date, FactionId, Id, Matrix, PairId, Table, UmbrellaId, ZoneId};
use crate::random::DrawKey;
use crate::scenario::file::{Attitudes, Faction, Fought, Relation, ScenarioFile, Umbrella, Zone};
use crate::world::{
    Character, Directory, Door, FactionKind, FactionTraits, HOSTILITY_OF_WAR, Past, Stance, Talks, Tie, UmbrellaTraits,
    weighted_distance,
};
use std::collections::BTreeMap;

/// Hostility and trust between those who are indifferent to each other.
pub const INDIFFERENT: (f64, f64) = (0.0, 0.5);
/// Derived hostility and trust by stance, from war to alliance, of two of one mind.
const BY_STANCE: [(f64, f64); 5] = [(0.7, 0.15), (0.5, 0.15), (0.2, 0.4), (0.1, 0.55), (0.05, 0.7)];
/// How much more hostile, and how much less trusting, the utmost distance of alignments makes.
const BY_DISTANCE: f64 = 0.2;

/// Hostility and trust where no relation gives them, of one towards another from whom its alignment is so distant.
fn attitude(attitudes: Attitudes, stance: Stance, distance: f64) -> (f64, f64) {
    match attitudes {
        Attitudes::Indifferent if stance == Stance::War => (HOSTILITY_OF_WAR, INDIFFERENT.1),
        Attitudes::Indifferent => INDIFFERENT,
        Attitudes::Derived => {
            let (hostility, trust) = BY_STANCE[stance as usize];
            (hostility + BY_DISTANCE * distance, (trust - BY_DISTANCE * distance).max(0.0))
        }
    }
}

/// The faction in a slot kept free for splinters takes its character from the faction it breaks from; until then it is
/// nobody in particular.
const NOBODY: Character = Character {
    kind: FactionKind::ArmedGroup,
    quality: 1.0,
    outreach: 0.5,
    aggression: 0.5,
    civilian_harm: 0.0,
    discipline: 0.5,
    candour: 0.5,
    boast: 0.0,
    peacekeeping: 0.0,
    leverage: 0.0,
    recruits: true,
};

/// The id of a slot kept free for a splinter; `ordinal` counts from 1.
pub fn splinter_id(ordinal: usize) -> String {
    format!("splinter-{ordinal}")
}

pub fn key(entry: &Faction) -> &str {
    entry.draw_key.as_deref().unwrap_or(&entry.id)
}

pub fn traits(factions: &[&Faction], splinters: usize) -> Table<FactionId, FactionTraits> {
    let founding = factions.iter().map(|entry| FactionTraits {
        id: entry.id.clone(),
        name: entry.name.clone(),
        label: entry.label.clone().unwrap_or_else(|| entry.name.clone()),
        colour: entry.colour.clone(),
        key: DrawKey::named("faction", key(entry)),
    });
    let slots = (1..=splinters).map(|ordinal| FactionTraits {
        id: splinter_id(ordinal),
        name: format!("Splinter {ordinal}"),
        label: format!("Splinter {ordinal}"),
        colour: None,
        key: DrawKey::named("faction", &splinter_id(ordinal)),
    });
    founding.chain(slots).collect()
}

pub fn umbrellas(umbrellas: &[&Umbrella], names: &Directory) -> Table<UmbrellaId, UmbrellaTraits> {
    umbrellas
        .iter()
        .map(|entry| UmbrellaTraits {
            id: entry.id.clone(),
            name: entry.name.clone(),
            label: entry.label.clone().unwrap_or_else(|| entry.name.clone()),
            key: DrawKey::named("umbrella", &entry.id),
            members: names.party(&entry.id).to_vec(),
            leader: names.faction(&entry.leader).unwrap_or(FactionId(0)),
        })
        .collect()
}

pub fn characters(factions: &[&Faction], all: usize) -> Table<FactionId, Character> {
    let mut characters = Table::filled(all, NOBODY);
    for (entry, character) in factions.iter().zip(characters.values_mut()) {
        *character = Character {
            kind: entry.kind,
            quality: entry.quality,
            outreach: entry.outreach,
            aggression: entry.aggression,
            civilian_harm: entry.civilian_harm,
            discipline: entry.discipline,
            candour: entry.candour,
            boast: entry.boast,
            peacekeeping: entry.peacekeeping,
            leverage: entry.leverage,
            recruits: entry.recruits,
        };
    }
    characters
}

/// Positions and saliences by faction and axis; splinter slots stand in the middle and weigh all axes alike.
pub fn outlooks(
    factions: &[&Faction],
    axes: &[String],
    all: usize,
) -> (Matrix<FactionId, AxisId, f64>, Matrix<FactionId, AxisId, f64>) {
    let mut alignment = Matrix::filled(all, axes.len(), 0.0);
    let mut salience = Matrix::filled(all, axes.len(), 1.0);
    for (index, entry) in factions.iter().enumerate() {
        let id = FactionId::from_index(index);
        alignment.row_mut(id).copy_from_slice(&by_axis(axes, &entry.alignment, 0.0));
        salience.row_mut(id).copy_from_slice(&by_axis(axes, &entry.salience, 1.0));
    }
    (alignment, salience)
}

/// Fighters per zone and faction.
pub fn presence(factions: &[&Faction], zones: usize, all: usize, names: &Directory) -> Matrix<ZoneId, FactionId, f64> {
    let mut presence = Matrix::filled(zones, all, 0.0);
    for (index, entry) in factions.iter().enumerate() {
        let total: f64 = entry.presence.values().sum();
        for (zone, share) in entry.presence.iter().filter_map(|(name, share)| Some((names.zone(name)?, share))) {
            if total > 0.0 {
                presence[(zone, FactionId::from_index(index))] = entry.fighters * share / total;
            }
        }
    }
    presence
}

/// What each faction claims beyond what ground is worth, per zone.
pub fn claims(factions: &[&Faction], zones: usize, all: usize, names: &Directory) -> Matrix<ZoneId, FactionId, f64> {
    let mut claims = Matrix::filled(zones, all, 0.0);
    for (index, entry) in factions.iter().enumerate() {
        for (zone, claim) in entry.claims.iter().filter_map(|(name, claim)| Some((names.zone(name)?, claim))) {
            claims[(zone, FactionId::from_index(index))] = *claim;
        }
    }
    claims
}

/// Control per zone and faction. What an umbrella controls is divided by its members' fighters there, or equally where
/// it has none.
pub fn control(
    zones: &[&Zone],
    presence: &Matrix<ZoneId, FactionId, f64>,
    names: &Directory,
) -> Matrix<ZoneId, FactionId, f64> {
    let mut control = Matrix::filled(zones.len(), presence.columns(), 0.0);
    for (index, entry) in zones.iter().enumerate() {
        let zone = ZoneId::from_index(index);
        for (party, share) in &entry.control {
            let members = names.party(party);
            let total: f64 = members.iter().map(|member| presence[(zone, *member)]).sum();
            for member in members {
                let part = if total > 0.0 { presence[(zone, *member)] / total } else { 1.0 / members.len() as f64 };
                control[(zone, *member)] += share * part;
            }
        }
    }
    control
}

/// Share of each faction's home ground per zone: where its fighters are at the start.
pub fn home_ground(presence: &Matrix<ZoneId, FactionId, f64>, strength: &[f64]) -> Matrix<ZoneId, FactionId, f64> {
    let mut home = presence.clone();
    for row in home.values_mut().chunks_exact_mut(strength.len().max(1)) {
        for (share, strength) in row.iter_mut().zip(strength) {
            *share = if *strength > 0.0 { *share / strength } else { 0.0 };
        }
    }
    home
}

/// How pairs stand at the start.
pub struct Relations {
    pub tie: Table<PairId, Tie>,
    pub hostility: Matrix<FactionId, FactionId, f64>,
    pub trust: Matrix<FactionId, FactionId, f64>,
    /// Until which step a truce binds each pair.
    pub truce: Table<PairId, u32>,
}

/// How many of a relation's two names are umbrellas: relations that name factions go before those that do not.
pub fn rank(relation: &Relation, names: &Directory) -> usize {
    relation.between.iter().filter(|name| names.faction(name).is_none()).count()
}

/// The ordered pairs of factions that a relation speaks of, each unordered pair once.
pub fn pairs(relation: &Relation, names: &Directory) -> Vec<(FactionId, FactionId)> {
    pairs_between(&relation.between, names)
}

/// The ordered pairs of factions between two parties, each unordered pair once.
pub fn pairs_between([first, second]: &[String; 2], names: &Directory) -> Vec<(FactionId, FactionId)> {
    let mut pairs = Vec::new();
    for a in names.party(first) {
        for b in names.party(second) {
            // Within one umbrella, each pair of members comes up twice.
            if a != b && (first != second || a < b) {
                pairs.push((*a, *b));
            }
        }
    }
    pairs
}

pub fn relations(
    file: &ScenarioFile,
    calendar: Calendar,
    (alignment, salience): (&Matrix<FactionId, AxisId, f64>, &Matrix<FactionId, AxisId, f64>),
    names: &Directory,
) -> Relations {
    let all = file.faction.len() + file.scenario.splinters as usize;
    let unwritten = |from: FactionId, to: FactionId, stance: Stance| {
        let distance = weighted_distance(alignment.row(from), alignment.row(to), salience.row(from));
        attitude(file.scenario.attitudes, stance, distance)
    };
    let stranger = Tie { stance: Stance::Neutral, claimed: Stance::Neutral, since: 0, talks: None, leaked: false };
    let mut result = Relations {
        tie: Table::filled(PairId::count(all), stranger),
        hostility: Matrix::filled(all, all, INDIFFERENT.0),
        trust: Matrix::filled(all, all, INDIFFERENT.1),
        truce: Table::filled(PairId::count(all), 0),
    };
    for index in 0..all {
        let id = FactionId::from_index(index);
        result.trust[(id, id)] = 1.0;
        for other in (0..file.faction.len()).map(FactionId::from_index).filter(|other| *other != id) {
            if index < file.faction.len() {
                (result.hostility[(id, other)], result.trust[(id, other)]) = unwritten(id, other, stranger.stance);
            }
        }
    }
    let mut ordered: Vec<&Relation> = file.relation.iter().collect();
    ordered.sort_by_key(|relation| std::cmp::Reverse(rank(relation, names)));
    for relation in ordered {
        for (a, b) in pairs(relation, names) {
            result.tie[PairId::of(a, b)] = Tie {
                stance: relation.stance,
                claimed: relation.claimed.unwrap_or(relation.stance),
                since: 0,
                talks: relation.talks.then(|| Talks {
                    goal: relation.stance.up().unwrap_or(Stance::Alliance),
                    since: 0,
                    known: false,
                }),
                leaked: false,
            };
            result.truce[PairId::of(a, b)] = relation.truce_until.map_or(0, |until| calendar.moment_of(until));
            let (there, back) = (unwritten(a, b, relation.stance), unwritten(b, a, relation.stance));
            result.hostility[(a, b)] = relation.hostility.unwrap_or(there.0);
            result.hostility[(b, a)] = relation.hostility_back.or(relation.hostility).unwrap_or(back.0);
            result.trust[(a, b)] = relation.trust.unwrap_or(there.1);
            result.trust[(b, a)] = relation.trust_back.or(relation.trust).unwrap_or(back.1);
        }
    }
    result
}

/// What is known of pairs' pasts.
pub fn pasts(relations: &[Relation], start: Date, all: usize, names: &Directory) -> Table<PairId, Past> {
    let mut pasts = Table::filled(PairId::count(all), Past::default());
    let years = |date: Date| start.days_since(date).max(0) as f64 / DAYS_IN_A_YEAR;
    let mut ordered: Vec<&Relation> = relations.iter().collect();
    ordered.sort_by_key(|relation| std::cmp::Reverse(rank(relation, names)));
    for relation in ordered {
        let peace = match relation.fought {
            None => None,
            Some(Fought::Never) => Some(None),
            Some(Fought::Until(date)) => Some(Some(years(date))),
        };
        for (a, b) in pairs(relation, names) {
            pasts[PairId::of(a, b)] = Past { age: relation.since.map(years), peace };
        }
    }
    pasts
}

/// What fighting cost in the year before, by the pairs of each relation that says so, each pair once: of two that speak of one
/// pair, the one that names factions counts for it, and what is left of the other's deaths for the rest of its pairs.
pub fn fought(relations: &[Relation], names: &Directory) -> Vec<(Vec<PairId>, f64)> {
    let of = |relation: &Relation| {
        let pairs: Vec<PairId> = pairs(relation, names).into_iter().map(|(a, b)| PairId::of(a, b)).collect();
        relation.deaths.map(|deaths| (std::cmp::Reverse(rank(relation, names)), pairs, deaths))
    };
    let mut known: Vec<_> = relations.iter().filter_map(of).collect();
    known.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    let mut told: BTreeMap<PairId, f64> = BTreeMap::new();
    let mut each_once = Vec::new();
    for (_, pairs, deaths) in known.into_iter().rev() {
        let (before, rest): (Vec<PairId>, Vec<PairId>) = pairs.into_iter().partition(|pair| told.contains_key(pair));
        let left = (deaths - before.iter().map(|pair| told[pair]).sum::<f64>()).max(0.0);
        told.extend(rest.iter().map(|pair| (*pair, left / rest.len() as f64)));
        if !rest.is_empty() {
            each_once.push((rest, left));
        }
    }
    each_once.reverse();
    each_once
}

/// Civilians whom factions killed in the year before, where the file says so.
pub fn attacked(factions: &[&Faction]) -> Vec<(FactionId, f64)> {
    let known = factions.iter().enumerate().filter_map(|(index, entry)| Some((index, entry.civilian_deaths?)));
    known.map(|(index, deaths)| (FactionId::from_index(index), deaths)).collect()
}

/// Who refuses to talk to whom.
pub fn doors(factions: &[&Faction], all: usize, names: &Directory) -> Matrix<FactionId, FactionId, Door> {
    let mut doors = Matrix::filled(all, all, Door::Ajar);
    for (index, entry) in factions.iter().enumerate() {
        let from = FactionId::from_index(index);
        for to in entry.closed_to.iter().flat_map(|name| names.party(name)) {
            if *to != from {
                doors[(from, *to)] = Door::Closed;
            }
        }
    }
    doors
}
