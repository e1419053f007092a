//! From a checked file to a [`Setting`]: names become typed ids in canonical order, umbrellas their members, and what
//! the file leaves open is filled in.
//!
//! Nothing here depends on the order in which a file lists things: entities are sorted by the text of their draw key,
//! and every sum runs in that order.

mod actors;
mod geography;
mod schedule;
mod society;
mod town;
mod words;

pub use actors::{INDIFFERENT, pairs, rank, splinter_id};
pub use society::OTHERS;
pub use town::town_id;

use crate::base::{Calendar, FactionId, Id, Matrix, PairId, Table, ZoneId};
use crate::scenario::file::{STARTING_COHESION, ScenarioFile};
use crate::world::{
    AccordState, Anchors, ClosedBorders, Directory, Disposition, Door, Setting, Shock, Tally, Ties, World, ZoneTraits,
};
use schedule::Meaning;
use society::Society;

/// Makes the setting that a file describes. The file has passed the checks; names that mean nothing are left out.
pub fn setting(file: &ScenarioFile) -> Setting {
    let file = &*town::divided(file);
    let header = &file.scenario;
    let factions = sorted(&file.faction, |entry| actors::key(entry));
    let zones = sorted(&file.zone, |entry| entry.draw_key.as_deref().unwrap_or(&entry.id));
    let umbrellas = sorted(&file.umbrella, |entry| &entry.id);
    let accords = sorted(&file.accord, |entry| entry.draw_key.as_deref().unwrap_or(&entry.id));
    let names = directory(file);
    let splinters = header.splinters as usize;
    let all = factions.len() + splinters;

    let countries = geography::countries(&zones);
    let ways = geography::neighbours(&zones, &names);
    let refuges = geography::refuges(&zones, &ways, &names);
    let presence = actors::presence(&factions, zones.len(), all, &names);
    let strength = strength_by_faction(&factions, all);
    let society = society::society(&zones, &file.community, &header.axes, refuges, &names, &strength);
    let end = header.start.plus(header.horizon).unwrap_or(header.start);
    let calendar = Calendar::new(header.start, end, header.step);
    let accord_traits = schedule::accords(&accords, &names);
    let accord_states = schedule::states(&accords, &accord_traits);
    let mut setting = Setting {
        brought: Vec::new(),
        calendar,
        axes: header.axes.clone(),
        factions: actors::traits(&factions, splinters),
        founding: factions.len(),
        zones: geography::traits(&zones, &countries),
        neighbours: geography::for_forces(&zones, &ways),
        communities: society.communities.clone(),
        cells: society.cells.clone(),
        refuges: society.refuges,
        cells_of: society.cells_of.clone(),
        umbrellas: actors::umbrellas(&umbrellas, &names),
        events: schedule::events(
            &file.event,
            &Meaning { file, names: &names, accords: &accord_traits, countries: &countries, calendar },
        ),
        accords: accord_traits,
        home_country: header.country.as_ref().and_then(|country| countries.binary_search(country).ok()),
        countries,
        past: actors::pasts(&file.relation, header.start, all, &names),
        fought: actors::fought(&file.relation, &names),
        attacked: actors::attacked(&factions),
        initial: empty_world(),
    };
    setting.initial = world(file, &setting, society, presence, accord_states, &names);
    setting
}

/// Ids by name for a file, in the canonical order; splinter slots included.
pub fn directory(file: &ScenarioFile) -> Directory {
    let slots: Vec<String> = (1..=file.scenario.splinters as usize).map(splinter_id).collect();
    let factions: Vec<&str> = sorted(&file.faction, |entry| actors::key(entry))
        .iter()
        .map(|entry| entry.id.as_str())
        .chain(slots.iter().map(String::as_str))
        .collect();
    let zones: Vec<&str> = sorted(&file.zone, |entry| entry.draw_key.as_deref().unwrap_or(&entry.id))
        .iter()
        .map(|entry| entry.id.as_str())
        .collect();
    let umbrellas: Vec<(&str, Vec<&str>)> = sorted(&file.umbrella, |entry| &entry.id)
        .iter()
        .map(|entry| (entry.id.as_str(), entry.members.iter().map(String::as_str).collect()))
        .collect();
    Directory::listed(&factions, &umbrellas, &zones, &file.scenario.axes)
}

fn sorted<T>(entries: &[T], key: impl Fn(&T) -> &str) -> Vec<&T> {
    let mut sorted: Vec<&T> = entries.iter().collect();
    sorted.sort_by(|a, b| key(a).cmp(key(b)));
    sorted
}

fn strength_by_faction(factions: &[&crate::scenario::file::Faction], all: usize) -> Table<FactionId, f64> {
    let mut strength = Table::filled(all, 0.0);
    for (entry, strength) in factions.iter().zip(strength.values_mut()) {
        *strength = entry.fighters;
    }
    strength
}

fn world(
    file: &ScenarioFile,
    setting: &Setting,
    society: Society,
    presence: Matrix<crate::base::ZoneId, FactionId, f64>,
    accord: Table<crate::base::AccordId, AccordState>,
    names: &Directory,
) -> World {
    let factions = sorted(&file.faction, |entry| actors::key(entry));
    let zones = sorted(&file.zone, |entry| entry.draw_key.as_deref().unwrap_or(&entry.id));
    let all = setting.factions.len();
    let (alignment, salience) = actors::outlooks(&factions, &setting.axes, all);
    let relations = actors::relations(file, setting.calendar, (&alignment, &salience), names);
    let control = actors::control(&zones, &presence, names);
    let communities = Directory::of(setting);
    let cells = society.cells.len();
    let mut world = World {
        alive: (0..all).map(|index| index < setting.founding).collect(),
        key: setting.factions.values().iter().map(|traits| traits.key).collect(),
        character: actors::characters(&factions, all),
        strength: Table::filled(all, 0.0),
        peak: Table::filled(all, 0.0),
        leaders_fallen: Table::filled(all, 0),
        treasury: Table::filled(all, 0.0),
        income: Table::filled(all, 0.0),
        cohesion: Table::filled(all, STARTING_COHESION),
        alignment,
        salience,
        base: Matrix::filled(all, setting.communities.len(), 0.0),
        dependence: Matrix::filled(all, all, 0.0),
        umbrella: Table::filled(all, None),
        absorbed_into: Table::filled(all, None),
        splinter_of: Table::filled(all, None),
        leader: setting.umbrellas.iter().map(|(_, umbrella)| umbrella.leader).collect(),
        merged: Table::filled(setting.umbrellas.len(), None),
        door: actors::doors(&factions, all, names),
        control,
        holder: Table::filled(zones.len(), None),
        harm: Matrix::filled(zones.len(), all, 0.0),
        violence: Table::filled(zones.len(), 0.0),
        lasting_hostility: relations.hostility.clone(),
        hostility: relations.hostility,
        trust: relations.trust,
        weariness: Matrix::filled(all, all, 0.0),
        belief: Matrix::filled(all, all, 0.0),
        reach: Matrix::filled(all, all, 0.0),
        tie: Ties::new(relations.tie),
        shock: Shock::none(all),
        claim: actors::claims(&factions, zones.len(), all, names),
        spoils: Matrix::filled(all, all, 0.0),
        lost: Matrix::filled(all, all, 0.0),
        truce: relations.truce,
        ready_at: Table::filled(all, 0),
        disposition: Table::filled(PairId::count(all), Disposition::default()),
        founded: Table::filled(PairId::count(all), false),
        killed: Table::filled(society.cells.len(), 0.0),
        at_home: society.at_home,
        displaced: society.displaced,
        support: society.support,
        grievance: society.grievance,
        accord,
        anchor: Anchors::none(zones.len(), all, cells),
        tally: Tally::new(all, zones.len()),
        presence,
        ..empty_world()
    };
    for between in &file.scenario.closed_borders {
        let [a, b] = between.each_ref().map(|name| setting.countries.binary_search(name));
        if let (Ok(a), Ok(b)) = (a, b) {
            world.borders.set([a, b], false);
        }
    }
    world.sum_strength();
    world.home_ground = actors::home_ground(&world.presence, world.strength.values());
    for (umbrella, traits) in setting.umbrellas.iter() {
        for member in &traits.members {
            world.umbrella[*member] = Some(umbrella);
        }
    }
    for (index, entry) in factions.iter().enumerate() {
        let id = FactionId::from_index(index);
        world.treasury[id] = entry.treasury * entry.fighters;
        world.cohesion[id] = entry.cohesion;
        world.income[id] =
            entry.income.unwrap_or_else(|| income_beside(&setting.zones, &world.control, id, entry.fighters));
        for (sponsor, dependence) in &entry.sponsors {
            if let Some(sponsor) = names.faction(sponsor) {
                world.dependence[(id, sponsor)] = *dependence;
            }
        }
        for (community, share) in &entry.base {
            if let Some(community) = communities.community(community) {
                world.base[(id, community)] = *share;
            }
        }
    }
    for row in world.belief.values_mut().chunks_exact_mut(all.max(1)) {
        row.copy_from_slice(world.strength.values());
    }
    for zone in setting.zones.ids() {
        world.holder[zone] = world.find_holder(zone);
    }
    world
}

/// The outside income of a faction whose file leaves it open: what so many fighters cost beyond what its ground brings.
pub fn income_beside(
    zones: &Table<ZoneId, ZoneTraits>,
    control: &Matrix<ZoneId, FactionId, f64>,
    faction: FactionId,
    fighters: f64,
) -> f64 {
    let revenue: f64 = zones.iter().map(|(zone, traits)| traits.revenue * control[(zone, faction)]).sum();
    (fighters - revenue).max(0.0)
}

/// A world without anybody in it.
fn empty_world() -> World {
    World {
        step: 0,
        alive: Table::new(Vec::new()),
        key: Table::new(Vec::new()),
        character: Table::new(Vec::new()),
        strength: Table::new(Vec::new()),
        peak: Table::new(Vec::new()),
        leaders_fallen: Table::new(Vec::new()),
        treasury: Table::new(Vec::new()),
        income: Table::new(Vec::new()),
        cohesion: Table::new(Vec::new()),
        alignment: Matrix::filled(0, 0, 0.0),
        salience: Matrix::filled(0, 0, 0.0),
        base: Matrix::filled(0, 0, 0.0),
        dependence: Matrix::filled(0, 0, 0.0),
        home_ground: Matrix::filled(0, 0, 0.0),
        umbrella: Table::new(Vec::new()),
        absorbed_into: Table::new(Vec::new()),
        splinter_of: Table::new(Vec::new()),
        leader: Table::new(Vec::new()),
        merged: Table::new(Vec::new()),
        door: Matrix::filled(0, 0, Door::Ajar),
        presence: Matrix::filled(0, 0, 0.0),
        control: Matrix::filled(0, 0, 0.0),
        holder: Table::new(Vec::new()),
        harm: Matrix::filled(0, 0, 0.0),
        violence: Table::new(Vec::new()),
        hostility: Matrix::filled(0, 0, 0.0),
        lasting_hostility: Matrix::filled(0, 0, 0.0),
        trust: Matrix::filled(0, 0, 0.0),
        weariness: Matrix::filled(0, 0, 0.0),
        belief: Matrix::filled(0, 0, 0.0),
        reach: Matrix::filled(0, 0, 0.0),
        tie: Ties::new(Table::new(Vec::new())),
        disposition: Table::new(Vec::new()),
        founded: Table::new(Vec::new()),
        at_home: Table::new(Vec::new()),
        displaced: Matrix::filled(0, 0, 0.0),
        killed: Table::new(Vec::new()),
        support: Matrix::filled(0, 0, 0.0),
        grievance: Table::new(Vec::new()),
        accord: Table::new(Vec::new()),
        withdrawals: Vec::new(),
        borders: ClosedBorders::default(),
        came: Vec::new(),
        settled: Vec::new(),
        claim: Matrix::filled(0, 0, 0.0),
        spoils: Matrix::filled(0, 0, 0.0),
        lost: Matrix::filled(0, 0, 0.0),
        truce: Table::new(Vec::new()),
        shock: Shock::none(0),
        campaigns: Vec::new(),
        ready_at: Table::new(Vec::new()),
        anchor: Anchors::none(0, 0, 0),
        tally: Tally::new(0, 0),
    }
}
