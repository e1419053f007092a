//! Checks of factions, umbrellas and relations.

use super::amount::ROUNDING;
use super::known::{Kind, Known};
use super::place::{rounded, sum_at_most_one};
use crate::base::number::brief;
use crate::scenario::build;
use crate::scenario::file::{Faction, Fought, Header, Relation, ScenarioFile, Stance, Umbrella};
use crate::scenario::read::report::Report;
use crate::scenario::read::tree::key_path;
use std::collections::BTreeMap;

pub fn faction(report: &mut Report, known: &Known, index: usize, faction: &Faction) {
    let at = |field: &'static str| [("faction").into(), index.into(), field.into()];
    known.expect_ground(report, &at("presence"), &faction.presence);
    let sum: f64 = faction.presence.values().sum();
    let each_sound = faction.presence.values().all(|value| (0.0..=1.0).contains(value));
    if faction.fighters > 0.0 && each_sound && (sum - 1.0).abs() > ROUNDING {
        let message = if faction.presence.is_empty() {
            format!("`{}` has {} fighters and is nowhere", faction.id, brief(faction.fighters))
        } else {
            format!("the shares of `{}`'s fighters sum to {}", faction.id, rounded(sum))
        };
        report.on_key(&at("presence"), message).expected("expected `presence` shares by zone that sum to 1");
    }
    known.expect_ground(report, &at("claims"), &faction.claims);
    known.expect_keys(report, &at("alignment"), Kind::Axis, &faction.alignment);
    known.expect_keys(report, &at("salience"), Kind::Axis, &faction.salience);
    for sponsor in faction.sponsors.keys() {
        let key_path = key_path!["faction", index, "sponsors", sponsor];
        if known.expect_key(report, key_path, Kind::Faction, sponsor) && *sponsor == faction.id {
            report.on_key(key_path, format!("`{sponsor}` is its own sponsor")).expected("expected another faction");
        }
    }
    known.expect_keys(report, &at("base"), Kind::Community, &faction.base);
    sum_at_most_one(report, &at("base"), "shares of the base", &faction.base);
    for (position, party) in faction.closed_to.iter().enumerate() {
        let key_path = key_path!["faction", index, "closed_to", position];
        if known.expect(report, key_path, Kind::Party, party) && *party == faction.id {
            report
                .on(key_path, format!("`{party}` is closed to itself"))
                .expected("expected another faction or an umbrella");
        }
    }
    if let Some(colour) = &faction.colour {
        let digits = colour.strip_prefix('#').unwrap_or_default();
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            report.on(&at("colour"), format!("`{colour}` is not a colour")).expected("expected one such as `#1f77b4`");
        }
    }
}

pub fn umbrella(
    report: &mut Report,
    known: &Known,
    index: usize,
    umbrella: &Umbrella,
    member_of: &mut BTreeMap<String, String>,
) {
    if umbrella.members.is_empty() {
        report
            .on(key_path!["umbrella", index, "members"], format!("the umbrella `{}` has no members", umbrella.id))
            .expected("expected the ids of factions");
    }
    for (position, member) in umbrella.members.iter().enumerate() {
        let key_path = key_path!["umbrella", index, "members", position];
        if !known.expect(report, key_path, Kind::Faction, member) {
            continue;
        }
        if let Some(other) = member_of.insert(member.clone(), umbrella.id.clone()) {
            let message = if other == umbrella.id {
                format!("`{member}` stands twice among the members")
            } else {
                format!("`{member}` is a member of `{other}` already")
            };
            report.on(key_path, message).expected("expected a faction that is in no other umbrella");
        }
    }
    let leader = key_path!["umbrella", index, "leader"];
    if known.expect(report, leader, Kind::Faction, &umbrella.leader) && !umbrella.members.contains(&umbrella.leader) {
        report
            .on(leader, format!("the leader `{}` is no member of `{}`", umbrella.leader, umbrella.id))
            .expected("expected one of the members")
            .help(crate::scenario::read::problem::nearest(
                &umbrella.leader,
                umbrella.members.iter().map(String::as_str),
            ));
    }
}

pub fn relation(report: &mut Report, known: &Known, header: Option<&Header>, index: usize, relation: &Relation) {
    for (position, party) in relation.between.iter().enumerate() {
        known.expect(report, key_path!["relation", index, "between", position], Kind::Party, party);
    }
    if relation.between[0] == relation.between[1] && known.has(Kind::Faction, &relation.between[0]) {
        report
            .on(
                key_path!["relation", index, "between", 1],
                format!("`{}` has no relation to itself", relation.between[0]),
            )
            .expected("expected another faction, or an umbrella");
    }
    if let Some(start) = header.map(|header| header.start) {
        let fought = match relation.fought {
            Some(Fought::Until(day)) => Some(day),
            _ => None,
        };
        for (field, day) in [("since", relation.since), ("fought", fought)] {
            if let Some(day) = day.filter(|day| *day > start) {
                report
                    .on(key_path!["relation", index, field], format!("{day} lies after the start of the scenario"))
                    .expected(&format!("expected a day up to {start}"));
            }
        }
        if let Some(until) = relation.truce_until.filter(|until| *until <= start) {
            report
                .on(
                    key_path!["relation", index, "truce_until"],
                    format!("a truce that ends on {until} is over at the start"),
                )
                .expected(&format!("expected a day after {start}"));
        }
    }
    if relation.fought.is_some() && relation.stance == Stance::War {
        report
            .on(key_path!["relation", index, "fought"], "two at war fight each other now".into())
            .expected("expected `since`, the day on which the war began");
    }
    if let Some(until) = relation.truce_until
        && (relation.stance == Stance::War || relation.stance >= Stance::Pact)
    {
        let message = format!("a truce until {until} between two who stand at `{}`", relation.stance.word());
        report
            .on(key_path!["relation", index, "truce_until"], message)
            .expected("expected a truce between rivals, or two who leave each other alone");
    }
    if relation.talks && relation.stance == Stance::Alliance {
        report
            .on(key_path!["relation", index, "talks"], "allies have nothing left to talk about".into())
            .expected("expected talks only below alliance");
    }
}

/// Relations that speak of the same pair with the same rank.
pub fn overlaps(report: &mut Report, file: &ScenarioFile, at: &[usize]) {
    let names = build::directory(file);
    let mut spoken_for: BTreeMap<(usize, usize, usize), usize> = BTreeMap::new();
    for (relation, index) in file.relation.iter().zip(at) {
        let rank = build::rank(relation, &names);
        for (a, b) in build::pairs(relation, &names) {
            let (low, high) = (a.0.min(b.0) as usize, a.0.max(b.0) as usize);
            if let Some(first) = spoken_for.insert((rank, low, high), *index) {
                let [one, two] = &file.relation[at.iter().position(|at| *at == first).unwrap_or(0)].between;
                report
                    .on(
                        key_path!["relation", *index, "between"],
                        format!("another relation, between `{one}` and `{two}`, speaks of the same pair"),
                    )
                    .expected("expected each pair once among relations of the same kind");
                break;
            }
        }
    }
}
