//! Communities and the cells in which they live.

use super::geography::Refuge;
use crate::base::{CellId, CommunityId, FactionId, Id, Matrix, Table, ZoneId};
use crate::scenario::file::{Community, Zone};
use crate::world::{Cell, CommunityTraits, Directory, RefugeId};

/// The id of the community of those whom no community of the file counts.
pub const OTHERS: &str = "others";
/// What communities may leave of a zone's people without making a cell of others.
const NEGLIGIBLE: f64 = 0.001;

/// Communities and cells, with the state of their people at the start.
pub struct Society {
    pub communities: Table<CommunityId, CommunityTraits>,
    pub cells: Table<CellId, Cell>,
    pub cells_of: Vec<u32>,
    pub refuges: usize,
    pub at_home: Table<CellId, f64>,
    pub displaced: Matrix<CellId, RefugeId, f64>,
    pub support: Matrix<CellId, FactionId, f64>,
    pub grievance: Table<CellId, f64>,
}

/// Position per axis from a map by name; `missing` where the map says nothing.
pub fn by_axis(axes: &[String], map: &std::collections::BTreeMap<String, f64>, missing: f64) -> Vec<f64> {
    axes.iter().map(|axis| map.get(axis).copied().unwrap_or(missing)).collect()
}

/// What is known of one community while cells are made.
struct Draft<'a> {
    entry: Option<&'a Community>,
    key: &'a str,
    support: Vec<(FactionId, f64)>,
}

pub fn society(
    zones: &[&Zone],
    communities: &[Community],
    axes: &[String],
    refuges: Vec<Vec<Refuge>>,
    names: &Directory,
    strength: &Table<FactionId, f64>,
) -> Society {
    let mut taken = vec![0.0; zones.len()];
    let mut shares: Vec<Vec<(usize, f64)>> = vec![Vec::new(); zones.len()];
    let mut drafts: Vec<Draft> = communities.iter().map(|entry| draft(entry, names, strength)).collect();
    drafts.sort_by_key(|draft| draft.key);
    for (index, entry) in drafts.iter().enumerate().filter_map(|(index, draft)| Some((index, draft.entry?))) {
        for (zone, share) in entry.share.iter().filter_map(|(name, share)| Some((names.zone(name)?, *share))) {
            if share > 0.0 {
                taken[zone.index()] += share;
                shares[zone.index()].push((index, share));
            }
        }
    }
    if taken.iter().any(|taken| 1.0 - taken > NEGLIGIBLE) {
        let place = drafts.partition_point(|draft| draft.key < OTHERS);
        drafts.insert(place, Draft { entry: None, key: OTHERS, support: Vec::new() });
        for (list, taken) in shares.iter_mut().zip(&mut taken) {
            list.iter_mut().for_each(|(index, _)| *index += usize::from(*index >= place));
            if 1.0 - *taken > NEGLIGIBLE {
                list.push((place, 1.0 - *taken));
                *taken = 1.0;
            }
        }
    }
    let columns = refuges.iter().map(Vec::len).max().unwrap_or(0);
    let mut cells = Vec::new();
    let mut cells_of = vec![0];
    for (index, list) in shares.iter_mut().enumerate() {
        list.sort_by_key(|(community, _)| *community);
        for (community, share) in list {
            cells.push(Cell {
                community: CommunityId::from_index(*community),
                zone: ZoneId::from_index(index),
                // Shares that sum to 1 but for rounding do so exactly, so that nobody is lost.
                share: *share / taken[index],
                refuges: refuges[index].clone(),
            });
        }
        cells_of.push(cells.len() as u32);
    }
    people(zones, axes, &drafts, Table::new(cells), cells_of, columns, names, strength.len())
}

fn draft<'a>(entry: &'a Community, names: &Directory, strength: &Table<FactionId, f64>) -> Draft<'a> {
    let mut support = Vec::new();
    for (party, share) in &entry.support {
        let members = names.party(party);
        let total: f64 = members.iter().map(|member| strength[*member]).sum();
        for member in members {
            let part = if total > 0.0 { strength[*member] / total } else { 1.0 / members.len() as f64 };
            support.push((*member, share * part));
        }
    }
    Draft { entry: Some(entry), key: entry.draw_key.as_deref().unwrap_or(&entry.id), support }
}

#[expect(clippy::too_many_arguments, reason = "the second half of `society`, split for length")]
fn people(
    zones: &[&Zone],
    axes: &[String],
    drafts: &[Draft],
    cells: Table<CellId, Cell>,
    cells_of: Vec<u32>,
    columns: usize,
    names: &Directory,
    factions: usize,
) -> Society {
    let mut at_home = Table::filled(cells.len(), 0.0);
    let mut displaced = Matrix::filled(cells.len(), columns, 0.0);
    let mut support = Matrix::filled(cells.len(), factions, 0.0);
    let mut grievance = Table::filled(cells.len(), 0.0);
    let mut people = vec![0.0; drafts.len()];
    for (id, cell) in cells.iter() {
        let zone = zones[cell.zone.index()];
        let draft = &drafts[cell.community.index()];
        let all = cell.share * zone.population;
        people[cell.community.index()] += all;
        let mut away = 0.0;
        for (there, number) in zone.displaced.iter().filter_map(|(name, number)| Some((names.zone(name)?, number))) {
            if let Some(column) = cell.refuges.iter().position(|(refuge, _)| *refuge == there) {
                displaced[(id, RefugeId::from_index(column))] = cell.share * number;
                away += cell.share * number;
            }
        }
        at_home[id] = (all - away).max(0.0);
        for (faction, share) in &draft.support {
            support[(id, *faction)] += share;
        }
        grievance[id] = draft.entry.map_or(0.0, |entry| entry.grievance);
    }
    let none = std::collections::BTreeMap::new();
    let communities = drafts
        .iter()
        .zip(people)
        .map(|(draft, people)| CommunityTraits {
            id: draft.entry.map_or(OTHERS, |entry| &entry.id).to_owned(),
            name: draft.entry.map_or("Others", |entry| &entry.name).to_owned(),
            alignment: by_axis(axes, draft.entry.map_or(&none, |entry| &entry.alignment), 0.0),
            salience: by_axis(axes, draft.entry.map_or(&none, |entry| &entry.salience), 1.0),
            people,
        })
        .collect();
    Society { communities, cells, cells_of, refuges: columns, at_home, displaced, support, grievance }
}
