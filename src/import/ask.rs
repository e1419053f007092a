//! What is asked of the scenario, and what came of it where the record goes on for long enough.

use super::actor::Actors;
use super::estimate::{Says, is_clash};
use super::event::{Deed, Event};
use super::formula::WAR;
use super::land::Land;
use crate::base::{Date, Duration};
use std::collections::BTreeMap;

/// How many pairs are asked about.
const PAIRS: usize = 12;
/// How many of them are headlines.
const HEADLINES: usize = 3;
/// How long a history's steps are, in months.
const MONTH: u32 = 1;

/// When answers are asked for, from the start.
pub const MOMENTS: [&str; 2] = ["6 months", "1 year"];

/// A pair that is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AskedPair {
    /// The two.
    pub pair: (usize, usize),
    /// Whether it comes first.
    pub headline: bool,
    /// Whether they have killed 25 or more of each other within a year of the start, if that is known.
    pub fought: Option<bool>,
}

/// A count of deaths that is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct AskedDeaths {
    /// The type; none of all.
    pub kind: Option<&'static str>,
    /// What was counted from each day to the next, the last to the start.
    pub history: Vec<(Date, u32)>,
    /// What was counted from the start to each moment that the record covers.
    pub observed: Vec<(&'static str, u32)>,
}

/// All that is asked.
#[derive(Debug)]
pub struct Asked {
    /// The pairs.
    pub pairs: Vec<AskedPair>,
    /// The deaths.
    pub deaths: Vec<AskedDeaths>,
}

/// What is asked, of a record whose events within the zones are `before` the start and `after`; it is whole up to `covered`.
pub fn ask(
    start: Date,
    (before, from): (&[&Event], Date),
    (after, covered): (&[&Event], Option<Date>),
    (actors, says, land): (&Actors, &Says, &Land),
) -> Asked {
    let until = |moment: &str| Duration::parse(moment).and_then(|length| start.plus(length)).unwrap_or(start);
    // A moment is covered if the last day before it is.
    let known = |moment: &str| covered.is_some_and(|covered| covered >= until(moment).plus_days(-1));
    let year = MOMENTS[1];
    let mut killed: BTreeMap<(usize, usize), u32> = BTreeMap::new();
    for event in after.iter().filter(|event| event.day < until(year) && is_clash(event)) {
        if let Some(pair) = actors.two(event) {
            *killed.entry(pair).or_default() += event.deaths[1];
        }
    }
    let fought = |pair: (usize, usize)| known(year).then(|| killed.get(&pair).copied().unwrap_or_default() >= WAR);
    let chosen = chosen(actors, says, land).into_iter().enumerate();
    let pairs = chosen.map(|(place, pair)| AskedPair { pair, headline: place < HEADLINES, fought: fought(pair) });
    let kinds = [None, Some(Deed::StateBased), Some(Deed::NonState), Some(Deed::OneSided)];
    let deaths = kinds.map(|kind| {
        let of = |event: &&&Event| kind.is_none_or(|kind| event.deed == kind);
        let observed = MOMENTS.into_iter().filter(|moment| known(moment));
        let observed = observed.map(|moment| {
            let within = after.iter().filter(|event| event.day < until(moment)).filter(of);
            (moment, within.map(|event| event.deaths[1]).sum())
        });
        let observed = observed.collect();
        let list: Vec<(Date, u32)> = before.iter().filter(of).map(|event| (event.day, event.deaths[1])).collect();
        AskedDeaths { kind: kind.and_then(Deed::name), history: history(start, from, &list), observed }
    });
    Asked { pairs: pairs.collect(), deaths: deaths.into() }
}

/// What was counted month by month, from the first whole month of the window to the start.
fn history(start: Date, from: Date, list: &[(Date, u32)]) -> Vec<(Date, u32)> {
    let earlier =
        |months: u32| start.minus(Duration { count: months * MONTH, unit: crate::base::date::DurationUnit::Month });
    let days = (1..).map_while(|months| earlier(months).ok().filter(|day| *day >= from));
    let mut rows: Vec<(Date, u32)> = days.map(|day| (day, 0)).collect();
    rows.reverse();
    for (day, deaths) in list {
        let row = rows.partition_point(|(from, _)| from <= day);
        if let Some(row) = row.checked_sub(1) {
            rows[row].1 += deaths;
        }
    }
    rows
}

/// The pairs that are asked about: one half those with most deaths, the other those who are nearest to each other, as far as
/// there are so many.
fn chosen(actors: &Actors, says: &Says, land: &Land) -> Vec<(usize, usize)> {
    let mut deadly: Vec<((usize, usize), u32)> =
        says.pairs.iter().filter(|pair| pair.in_all > 0).map(|pair| (pair.pair, pair.in_all)).collect();
    deadly.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let deadly: Vec<(usize, usize)> = deadly.into_iter().map(|(pair, _)| pair).collect();
    let middle = |faction: usize| {
        let presence = says.factions[faction].presence.iter().zip(&land.zones);
        presence.fold((0.0, 0.0), |(x, y), (share, zone)| (x + share * zone.centre.0, y + share * zone.centre.1))
    };
    let middles: Vec<(f64, f64)> = (0..actors.list.len()).map(middle).collect();
    let mut near: Vec<((usize, usize), f64, f64)> = Vec::new();
    for a in 0..actors.list.len() {
        for b in a + 1..actors.list.len() {
            let shares = says.factions[a].presence.iter().zip(&says.factions[b].presence);
            let together: f64 = shares.map(|(one, other)| one.min(*other)).sum();
            let (dx, dy) = (middles[a].0 - middles[b].0, middles[a].1 - middles[b].1);
            near.push(((a, b), together, dx * dx + dy * dy));
        }
    }
    near.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.2.total_cmp(&b.2)).then(a.0.cmp(&b.0)));
    let near: Vec<(usize, usize)> = near.into_iter().map(|(pair, ..)| pair).collect();
    let mut chosen: Vec<(usize, usize)> = deadly.iter().take(PAIRS / 2).copied().collect();
    for pair in near.iter().filter(|pair| !deadly.contains(pair)).chain(deadly.iter().skip(PAIRS / 2)).chain(&near) {
        if chosen.len() < PAIRS && !chosen.contains(pair) {
            chosen.push(*pair);
        }
    }
    chosen
}
