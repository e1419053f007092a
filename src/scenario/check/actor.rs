//! Checks of factions, umbrellas and relations.

use super::amount::{ROUNDING, not_negative, range, share};
use super::known::{Kind, Known};
use super::place::{outlook, rounded, sum_at_most_one};
use crate::scenario::build;
use crate::scenario::file::{Faction, Relation, ScenarioFile, Stance, Umbrella};
use crate::scenario::read::report::Report;
use crate::scenario::read::tree::way;
use std::collections::BTreeMap;

/// More fighters than any force on Earth: a slip of the pen.
const MOST_FIGHTERS: f64 = 1e8;

pub fn faction(report: &mut Report, known: &Known, index: usize, faction: &Faction) {
    let at = |field: &'static str| [("faction").into(), index.into(), field.into()];
    range(report, &at("fighters"), "`fighters`", faction.fighters, 0.0, MOST_FIGHTERS);
    for (zone, value) in &faction.presence {
        let way = way!["faction", index, "presence", zone];
        known.expect_key(report, way, Kind::Zone, zone);
        share(report, way, "this share of its fighters", *value);
    }
    let sum: f64 = faction.presence.values().sum();
    let each_sound = faction.presence.values().all(|value| (0.0..=1.0).contains(value));
    if faction.fighters > 0.0 && each_sound && (sum - 1.0).abs() > ROUNDING {
        let message = if faction.presence.is_empty() {
            format!("`{}` has {} fighters and is nowhere", faction.id, faction.fighters)
        } else {
            format!("the shares of `{}`'s fighters sum to {}", faction.id, rounded(sum))
        };
        report.on_key(&at("presence"), message).expected("expected `presence` shares by zone that sum to 1");
    }
    not_negative(report, &at("quality"), "`quality`", faction.quality);
    not_negative(report, &at("treasury"), "`treasury`", faction.treasury);
    if let Some(income) = faction.income {
        not_negative(report, &at("income"), "`income`", income);
    }
    for (field, value) in [
        ("cohesion", faction.cohesion),
        ("outreach", faction.outreach),
        ("aggression", faction.aggression),
        ("civilian_harm", faction.civilian_harm),
        ("discipline", faction.discipline),
        ("candour", faction.candour),
        ("peacekeeping", faction.peacekeeping),
        ("leverage", faction.leverage),
    ] {
        share(report, &at(field), &format!("`{field}`"), value);
    }
    range(report, &at("boast"), "`boast`", faction.boast, -0.9, f64::INFINITY);
    outlook(report, known, ("faction", index), &faction.alignment, &faction.salience);
    for (sponsor, dependence) in &faction.sponsors {
        let way = way!["faction", index, "sponsors", sponsor];
        if known.expect_key(report, way, Kind::Faction, sponsor) && *sponsor == faction.id {
            report.on_key(way, format!("`{sponsor}` is its own sponsor")).expected("expected another faction");
        }
        share(report, way, "this dependence", *dependence);
    }
    for (community, value) in &faction.base {
        let way = way!["faction", index, "base", community];
        known.expect_key(report, way, Kind::Community, community);
        share(report, way, "this share of its base", *value);
    }
    sum_at_most_one(report, &at("base"), "shares of the base", &faction.base);
    for (position, party) in faction.closed_to.iter().enumerate() {
        let way = way!["faction", index, "closed_to", position];
        if known.expect(report, way, Kind::Party, party) && *party == faction.id {
            report
                .on(way, format!("`{party}` is closed to itself"))
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
            .on(way!["umbrella", index, "members"], format!("the umbrella `{}` has no members", umbrella.id))
            .expected("expected the ids of factions");
    }
    for (position, member) in umbrella.members.iter().enumerate() {
        let way = way!["umbrella", index, "members", position];
        if !known.expect(report, way, Kind::Faction, member) {
            continue;
        }
        if let Some(other) = member_of.insert(member.clone(), umbrella.id.clone()) {
            let message = if other == umbrella.id {
                format!("`{member}` stands twice among the members")
            } else {
                format!("`{member}` is a member of `{other}` already")
            };
            report.on(way, message).expected("expected a faction that is in no other umbrella");
        }
    }
    let leader = way!["umbrella", index, "leader"];
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

pub fn relation(report: &mut Report, known: &Known, index: usize, relation: &Relation) {
    let at = |field: &'static str| [("relation").into(), index.into(), field.into()];
    for (position, party) in relation.between.iter().enumerate() {
        known.expect(report, way!["relation", index, "between", position], Kind::Party, party);
    }
    if relation.between[0] == relation.between[1] && known.has(Kind::Faction, &relation.between[0]) {
        report
            .on(way!["relation", index, "between", 1], format!("`{}` has no relation to itself", relation.between[0]))
            .expected("expected another faction, or an umbrella");
    }
    share(report, &at("hostility"), "`hostility`", relation.hostility);
    share(report, &at("trust"), "`trust`", relation.trust);
    if let Some(hostility) = relation.hostility_back {
        share(report, &at("hostility_back"), "`hostility_back`", hostility);
    }
    if let Some(trust) = relation.trust_back {
        share(report, &at("trust_back"), "`trust_back`", trust);
    }
    if relation.talks && relation.stance == Stance::Alliance {
        report
            .on(&at("talks"), "allies have nothing left to talk about".into())
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
                        way!["relation", *index, "between"],
                        format!("another relation, between `{one}` and `{two}`, speaks of the same pair"),
                    )
                    .expected("expected each pair once among relations of the same kind");
                break;
            }
        }
    }
}
