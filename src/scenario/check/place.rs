//! Checks of the header, zones and communities.

use super::amount::ROUNDING;
use super::known::{Kind, Known, id_is_sound};
use super::limit::LONGEST_HORIZON_YEARS;
use crate::scenario::build::town_id;
use crate::scenario::file::{Community, Header, Zone};
use crate::scenario::read::report::Report;
use crate::scenario::read::tree::{Step, key_path};
use std::collections::BTreeMap;

pub fn header(report: &mut Report, known: &Known, header: &Header) {
    id_is_sound(report, key_path!["scenario", "id"], &header.id);
    let step = header.step.days();
    if !(1.0..=28.0).contains(&step) {
        report
            .on(key_path!["scenario", "step"], format!("a step of {} is not possible", header.step))
            .expected("expected 1 day to 4 weeks");
    }
    let horizon = key_path!["scenario", "horizon"];
    match header.start.plus(header.horizon) {
        Ok(end) if end.days_since(header.start) == 0 => {
            report.on(horizon, "the horizon is zero".into()).expected("expected at least one step");
        }
        Ok(end) if end.days_since(header.start) > LONGEST_HORIZON_YEARS * 366 => {
            report
                .on(horizon, format!("a horizon of {} is too long", header.horizon))
                .expected(&format!("expected at most {LONGEST_HORIZON_YEARS} years"));
        }
        Ok(end) if (end.days_since(header.start) as f64) < step => {
            report
                .on(horizon, format!("a horizon of {} is shorter than a step ({})", header.horizon, header.step))
                .expected("expected at least one step");
        }
        Ok(_) => {}
        Err(message) => {
            report.on(horizon, message).expected(&format!("expected at most {LONGEST_HORIZON_YEARS} years"));
        }
    }
    if let Some(country) = &header.country {
        known.expect(report, key_path!["scenario", "country"], Kind::Country, country);
    }
    for (position, between) in header.closed_borders.iter().enumerate() {
        border(report, known, key_path!["scenario", "closed_borders", position], between);
    }
    joint_inputs(report, header);
    if let Some(boundaries) = &header.boundaries
        && !std::path::Path::new(boundaries).is_file()
    {
        report.warn(key_path!["scenario", "boundaries"], format!("there is no file {boundaries}: maps use positions"));
    }
}

/// A table of joint draws that is not there.
fn joint_inputs(report: &mut Report, header: &Header) {
    if let Some(table) = &header.joint_inputs
        && !std::path::Path::new(table).is_file()
    {
        let words = format!("there is no file {table}: inputs cannot be drawn from it");
        report.warn(key_path!["scenario", "joint_inputs"], words);
    }
}

/// The two countries of a border.
pub fn border(report: &mut Report, known: &Known, key_path: &[Step], between: &[String; 2]) {
    let at = |position: usize| [key_path, key_path![position]].concat();
    let mut sound = true;
    for (position, country) in between.iter().enumerate() {
        sound &= known.expect(report, &at(position), Kind::Country, country);
    }
    if sound && between[0] == between[1] {
        report.on(&at(1), format!("`{}` has no border with itself", between[0])).expected("expected another country");
    }
}

pub fn zone(report: &mut Report, known: &Known, index: usize, zone: &Zone) {
    for (position, neighbour) in zone.neighbours.iter().enumerate() {
        let key_path = key_path!["zone", index, "neighbours", position];
        if known.expect(report, key_path, Kind::Zone, neighbour) && *neighbour == zone.id {
            report.on(key_path, format!("`{neighbour}` is its own neighbour")).expected("expected another zone");
        }
    }
    known.expect_keys(report, key_path!["zone", index, "travel_cost"], Kind::Zone, &zone.travel_cost);
    known.expect_keys(report, key_path!["zone", index, "control"], Kind::Party, &zone.control);
    sum_at_most_one(report, key_path!["zone", index, "control"], "shares of control", &zone.control);
    if let Some(control) = zone.town.as_ref().and_then(|town| town.control.as_ref()) {
        let key_path = key_path!["zone", index, "town", "control"];
        known.expect_keys(report, key_path, Kind::Party, control);
        sum_at_most_one(report, key_path, "shares of control", control);
    }
    if zone.refuge {
        let held =
            [("control", !zone.control.is_empty()), ("revenue", zone.revenue > 0.0), ("town", zone.town.is_some())];
        for (field, _) in held.into_iter().filter(|(_, given)| *given) {
            report
                .on_key(key_path!["zone", index, field], format!("nobody can hold `{}`: it is a refuge", zone.id))
                .expected(&format!("expected no `{field}`, or no `refuge`"));
        }
    }
    let mut away = 0.0;
    for (refuge, people) in &zone.displaced {
        let key_path = key_path!["zone", index, "displaced", refuge];
        if known.expect_key(report, key_path, Kind::Zone, refuge) && *refuge == zone.id {
            report
                .on_key(key_path, "people who are displaced are in another zone".into())
                .expected("expected another zone");
        }
        away += people.max(0.0);
    }
    if away > zone.population && zone.population >= 0.0 {
        report
            .on_key(key_path!["zone", index, "displaced"], format!("{away} people of `{}` are displaced", zone.id))
            .expected(&format!("expected at most its population, {}", zone.population));
    }
}

pub fn sum_at_most_one(report: &mut Report, key_path: &[Step], what: &str, shares: &BTreeMap<String, f64>) {
    let sum: f64 = shares.values().sum();
    if sum > 1.0 + 1e-9 && shares.values().all(|share| (0.0..=1.0).contains(share)) {
        report.on_key(key_path, format!("the {what} sum to {}", rounded(sum))).expected("expected at most 1");
    }
}

/// A sum as people would write it.
pub fn rounded(sum: f64) -> f64 {
    (sum * 1e6).round() / 1e6
}

pub fn community(report: &mut Report, known: &Known, index: usize, community: &Community) {
    let at = |field: &'static str| ["community".into(), index.into(), field.into()];
    known.expect_keys(report, &at("share"), Kind::Zone, &community.share);
    known.expect_keys(report, &at("alignment"), Kind::Axis, &community.alignment);
    known.expect_keys(report, &at("salience"), Kind::Axis, &community.salience);
    known.expect_keys(report, &at("support"), Kind::Party, &community.support);
    sum_at_most_one(report, &at("support"), "shares of support", &community.support);
}

/// What only all zones and communities together show.
pub fn together(report: &mut Report, zones: &[Zone], zone_at: &[usize], communities: &[Community], at: &[usize]) {
    let mut taken: BTreeMap<&str, f64> = BTreeMap::new();
    let towns: Vec<(String, &str)> =
        zones.iter().filter(|zone| zone.town.is_some()).map(|zone| (town_id(&zone.id), zone.id.as_str())).collect();
    for (community, index) in communities.iter().zip(at) {
        // A town has the share of its zone, unless it has one of its own.
        let inherited = towns.iter().filter(|(town, _)| !community.share.contains_key(town));
        let inherited = inherited.filter_map(|(town, zone)| Some((town.as_str(), *zone, community.share.get(*zone)?)));
        let own = community.share.iter().map(|(zone, value)| (zone.as_str(), zone.as_str(), value));
        for (zone, key, value) in own.chain(inherited) {
            let sum = taken.entry(zone).or_default();
            let before = *sum;
            *sum += value.max(0.0);
            if before <= 1.0 + ROUNDING && *sum > 1.0 + ROUNDING && *value <= 1.0 {
                report
                    .on(
                        key_path!["community", *index, "share", key],
                        format!("with this, communities make up {} of the people of `{zone}`", rounded(*sum)),
                    )
                    .expected("expected at most 1 in all");
            }
        }
    }
    warn_of_islands(report, zones, zone_at);
}

/// Zones that no chain of neighbours links to the first cannot be reached: perhaps meant, so only a warning.
fn warn_of_islands(report: &mut Report, zones: &[Zone], at: &[usize]) {
    let index_of: BTreeMap<&str, usize> =
        zones.iter().enumerate().map(|(index, zone)| (zone.id.as_str(), index)).collect();
    let mut links: Vec<Vec<usize>> = vec![Vec::new(); zones.len()];
    for (index, zone) in zones.iter().enumerate() {
        for other in
            zone.neighbours.iter().chain(zone.travel_cost.keys()).filter_map(|name| index_of.get(name.as_str()))
        {
            links[index].push(*other);
            links[*other].push(index);
        }
    }
    let mut seen = vec![false; zones.len()];
    let mut stack: Vec<usize> = (0..zones.len().min(1)).collect();
    while let Some(index) = stack.pop() {
        if !std::mem::replace(&mut seen[index], true) {
            stack.extend(&links[index]);
        }
    }
    let islands: Vec<usize> = (0..zones.len()).filter(|index| !seen[*index]).collect();
    if let Some(first) = islands.first() {
        let name = &zones[*first].id;
        let rest = if islands.len() > 1 { format!(" and {} more zones", islands.len() - 1) } else { String::new() };
        let message = format!("no chain of neighbours links `{name}`{rest} to `{}`", zones[0].id);
        report.warn(key_path!["zone", at[*first], "id"], message);
    }
}
