//! Ground that changes hands: the offensives of a run as its event log tells of them, and in which share of the runs a
//! place changes hands.

use super::{Actors, FigureData, zones};
use crate::base::{Calendar, Date, FactionId, Id, ZoneId};
use crate::chart::{GroundMap, GroundRun, Heading, Lane, OffensiveSpan, Symbol, Thrust, TimelineMoment};
use crate::measure::Question;
use crate::record::{EventEntry, RecordError};
use crate::scenario::{Outlines, Scenario};
use crate::world::{Directory, Setting};
use std::collections::{BTreeMap, BTreeSet};

/// How many factions have a lane of what they take.
const TAKERS: usize = 7;

/// How an offensive ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The attacker holds the place.
    Taken,
    /// The place holds.
    Repelled,
    /// The two make peace, one of them is gone, or a third takes the place.
    CalledOff,
    /// It goes on at the horizon.
    GoesOn,
}

/// An offensive of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offensive<'a> {
    /// Id of the attacker.
    pub attacker: &'a str,
    /// Id of the defender.
    pub defender: &'a str,
    /// Id of the place.
    pub zone: &'a str,
    /// When it begins.
    pub begins: Date,
    /// When the place is besieged, if it is.
    pub sieges: Vec<Date>,
    /// When and how it ends.
    pub end: (Date, Ending),
    /// Position in the log of the change of hands that it led to.
    pub change: Option<usize>,
}

/// The offensives that a run's events tell of, in the order in which they begin. An end that is not told of itself is read
/// off what ends an offensive: a peace between the two, the end of one of them, another holder of the place.
pub fn offensives<'a>(events: &'a [EventEntry], horizon: Date) -> Vec<Offensive<'a>> {
    let mut list: Vec<Offensive<'a>> = Vec::new();
    // Who an attacker or defender has become part of.
    let mut successor: BTreeMap<&str, &str> = BTreeMap::new();
    for (place, event) in events.iter().enumerate() {
        let (who, other) = (event.who.as_str(), event.other.as_deref());
        let (from, to) = (event.from.as_deref(), event.to.as_deref());
        let now = |id: &'a str, successor: &BTreeMap<&'a str, &'a str>| {
            let mut id = id;
            while let Some(next) = successor.get(id) {
                id = next;
            }
            id
        };
        let mut end = |ends: &dyn Fn(&Offensive<'_>, &str, &str) -> Option<Ending>, change: Option<usize>| {
            for offensive in list.iter_mut().filter(|offensive| offensive.end.1 == Ending::GoesOn) {
                let two = (now(offensive.attacker, &successor), now(offensive.defender, &successor));
                if let Some(ending) = ends(offensive, two.0, two.1) {
                    offensive.end = (event.date, ending);
                    offensive.change = change.filter(|_| ending == Ending::Taken);
                }
            }
        };
        match event.kind.as_str() {
            "offensive" => {
                // A faction has one offensive at a time.
                end(&|_, attacker, _| (attacker == who).then_some(Ending::CalledOff), None);
                if let (Some(defender), Some(zone)) = (other, to) {
                    list.push(Offensive {
                        attacker: who,
                        defender,
                        zone,
                        begins: event.date,
                        sieges: Vec::new(),
                        end: (horizon, Ending::GoesOn),
                        change: None,
                    });
                }
            }
            "siege" => {
                let besieged = list.iter_mut().filter(|offensive| {
                    offensive.end.1 == Ending::GoesOn && Some(offensive.zone) == to && offensive.begins < event.date
                });
                besieged
                    .filter(|offensive| now(offensive.attacker, &successor) == who)
                    .for_each(|offensive| offensive.sieges.push(event.date));
            }
            "repelled" => {
                let ends = |offensive: &Offensive<'_>, attacker: &str, _: &str| {
                    (attacker == who && Some(offensive.zone) == to).then_some(Ending::Repelled)
                };
                end(&ends, None);
            }
            "control_changed" => {
                let ends = |offensive: &Offensive<'_>, attacker: &str, _: &str| match offensive.zone == who {
                    true if to == Some(attacker) => Some(Ending::Taken),
                    true => Some(Ending::CalledOff),
                    false => None,
                };
                end(&ends, Some(place));
            }
            "stance_changed" if from == Some("war") => {
                let ends = |_: &Offensive<'_>, attacker: &str, defender: &str| {
                    let two = (Some(attacker), Some(defender));
                    (two == (Some(who), other) || two == (other, Some(who))).then_some(Ending::CalledOff)
                };
                end(&ends, None);
            }
            "merged" => {
                if let Some(other) = other.filter(|other| now(other, &successor) != who) {
                    successor.insert(who, other);
                }
            }
            "gone" => {
                let ends = |_: &Offensive<'_>, attacker: &str, defender: &str| {
                    (attacker == who || defender == who).then_some(Ending::CalledOff)
                };
                end(&ends, None);
            }
            _ => {}
        }
    }
    list
}

/// A lane for each faction that takes ground, those with most to tell first: its offensives, and what it gains otherwise.
/// The last of them tells of all others, and of what is lost to nobody.
pub fn lanes(setting: &Setting, actors: &Actors, events: &[EventEntry]) -> Vec<Lane> {
    let horizon = setting.calendar.date_of(setting.calendar.steps());
    let offensives = offensives(events, horizon);
    let zone =
        |id: &str| setting.zones.values().iter().find(|zone| zone.id == id).map_or(id, |zone| &zone.name).to_owned();
    let moment = |date, symbol, note: String| TimelineMoment { date, symbol, secret: false, note };
    let mut of: BTreeMap<Option<&str>, Lane> = BTreeMap::new();
    for offensive in &offensives {
        let lane = of.entry(Some(offensive.attacker)).or_default();
        let (end, ending) = offensive.end;
        let colour = actors.party(offensive.attacker).colour;
        lane.offensives.push(OffensiveSpan { from: offensive.begins, to: end, colour });
        lane.moments.push(moment(offensive.begins, Symbol::Offensive, zone(offensive.zone)));
        lane.moments.extend(offensive.sieges.iter().map(|date| moment(*date, Symbol::Siege, String::new())));
        let symbol = match ending {
            Ending::Taken => Some(Symbol::Control),
            Ending::Repelled => Some(Symbol::Repelled),
            Ending::CalledOff => Some(Symbol::CalledOff),
            Ending::GoesOn => None,
        };
        lane.moments.extend(symbol.map(|symbol| moment(end, symbol, String::new())));
    }
    let taken: BTreeSet<usize> = offensives.iter().filter_map(|offensive| offensive.change).collect();
    for (place, event) in events.iter().enumerate() {
        if event.kind == "control_changed" && !taken.contains(&place) {
            let lane = of.entry(event.to.as_deref()).or_default();
            lane.moments.push(moment(event.date, Symbol::Control, zone(&event.who)));
        }
    }
    let nobody = of.remove(&None);
    let mut list: Vec<(&str, Lane)> = of.into_iter().filter_map(|(id, lane)| Some((id?, lane))).collect();
    list.sort_by(|a, b| b.1.moments.len().cmp(&a.1.moments.len()).then_with(|| a.0.cmp(b.0)));
    let mut lanes: Vec<Lane> = Vec::new();
    let mut others = Lane { label: "others, or nobody: ground".into(), ..Lane::default() };
    for (number, (id, lane)) in list.into_iter().enumerate() {
        if number < TAKERS {
            lanes.push(Lane { label: format!("{}: ground", actors.name(id)), ..lane });
        } else {
            others.offensives.extend(lane.offensives);
            let named = |moment: TimelineMoment| match moment.note.is_empty() {
                true => moment,
                false => TimelineMoment { note: format!("{}: {}", actors.name(id), moment.note), ..moment },
            };
            others.moments.extend(lane.moments.into_iter().map(named));
        }
    }
    others.moments.extend(
        nobody
            .into_iter()
            .flat_map(|lane| lane.moments)
            .map(|moment| TimelineMoment { note: format!("nobody: {}", moment.note), ..moment }),
    );
    if !others.moments.is_empty() {
        lanes.push(others);
    }
    lanes
}

/// In which share of the runs each zone changes hands, and the ground of the typical run.
///
/// # Errors
/// If the results cannot be read.
pub fn map(subject: &FigureData<'_>, run: Option<(u64, &[EventEntry])>) -> Result<GroundMap, RecordError> {
    let mut changed: BTreeMap<String, BTreeSet<u64>> = BTreeMap::new();
    subject.runs.results.events(0, subject.runs.variant, None, |replicate, event| {
        if event.kind == "control_changed" {
            changed.entry(event.who).or_default().insert(replicate);
        }
    })?;
    // A run of which the log tells nothing has kept all its ground.
    let all = subject.alliances.runs.max(1);
    let what = "in which share of the runs a place changes hands, and the offensives of one run";
    let heading = subject.heading("Ground that changes hands", what);
    let mut map = of_run(subject.runs.scenario, &subject.runs.actors, subject.runs.outlines.as_ref(), heading, run);
    let share = |id: &String| changed.get(id).map_or(0.0, |runs| runs.len() as f64 / all as f64);
    map.shares = subject.runs.scenario.file.zones_and_towns().iter().map(share).collect();
    Ok(map)
}

/// The ground of one run.
pub fn of_run(
    scenario: &Scenario,
    actors: &Actors,
    outlines: Option<&Outlines>,
    heading: Heading,
    run: Option<(u64, &[EventEntry])>,
) -> GroundMap {
    let setting = &scenario.setting;
    let ids = scenario.file.zones_and_towns();
    let named: Vec<ZoneId> = scenario.questions.iter().flat_map(Question::zones).collect();
    GroundMap {
        heading,
        zones: zones::drawn(scenario, outlines, &named),
        parties: actors.all().iter().map(|(_, party)| party.clone()).collect(),
        shares: Vec::new(),
        run: run.map(|(replicate, events)| ground_of(scenario, actors, &ids, replicate, events)),
        closed: closed(setting, &ids),
    }
}

/// The offensives of a run as arrows, each from the nearest ground that the attacker holds when it begins.
fn ground_of(scenario: &Scenario, actors: &Actors, ids: &[String], replicate: u64, events: &[EventEntry]) -> GroundRun {
    let setting = &scenario.setting;
    let directory = Directory::of(setting);
    let calendar: Calendar = setting.calendar;
    let place = |id: &str| ids.iter().position(|known| known == id);
    let at_start = |id: &String| {
        let holder = directory.zone(id).and_then(|zone| setting.initial.holder[zone]);
        holder.map(|holder: FactionId| setting.factions[holder].id.as_str())
    };
    let mut holders: Vec<Option<&str>> = ids.iter().map(at_start).collect();
    let mut changed = vec![false; ids.len()];
    let mut thrusts = Vec::new();
    let offensives = offensives(events, calendar.date_of(calendar.steps()));
    let mut begun = offensives.iter();
    let mut thrust = |offensive: &Offensive<'_>, holders: &[Option<&str>]| {
        let Some(to) = place(offensive.zone) else { return };
        let here = position(setting, ids, to);
        let held = (0..ids.len()).filter(|zone| *zone != to && holders[*zone] == Some(offensive.attacker));
        let way = |zone: &usize| {
            let there = position(setting, ids, *zone);
            (there.0 - here.0) * (there.0 - here.0) + (there.1 - here.1) * (there.1 - here.1)
        };
        thrusts.push(Thrust {
            party: actors.place(offensive.attacker),
            from: held.min_by(|a, b| way(a).total_cmp(&way(b))),
            to,
            taken: offensive.end.1 == Ending::Taken,
        });
    };
    for event in events {
        let who = Some(event.who.as_str());
        match event.kind.as_str() {
            "offensive" if event.other.is_some() && event.to.is_some() => {
                begun.next().into_iter().for_each(|offensive| thrust(offensive, &holders));
            }
            "control_changed" => {
                if let Some(zone) = place(&event.who) {
                    (holders[zone], changed[zone]) = (event.to.as_deref(), true);
                }
            }
            // What was held is held by what they have become, or by nobody.
            "merged" => held_by(&mut holders, who, event.other.as_deref()),
            "gone" => held_by(&mut holders, who, None),
            _ => {}
        }
    }
    GroundRun {
        title: match thrusts.is_empty() {
            true => format!("Replicate {replicate}: who holds what at the end"),
            false => format!("Replicate {replicate}: its offensives, and who holds what at the end"),
        },
        holders: holders.iter().map(|holder| holder.and_then(|id| actors.place(id))).collect(),
        changed,
        thrusts,
    }
}

/// What one holds is held by another from now on.
fn held_by<'a>(holders: &mut [Option<&'a str>], from: Option<&str>, to: Option<&'a str>) {
    holders.iter_mut().filter(|holder| **holder == from).for_each(|holder| *holder = to);
}

/// Where a zone or town lies; far away if it is not known.
fn position(setting: &Setting, ids: &[String], zone: usize) -> (f64, f64) {
    let known = setting.zones.values().iter().find(|known| known.id == ids[zone]);
    known.map_or((f64::MAX, f64::MAX), |known| (known.position[0], known.position[1]))
}

/// Neighbouring zones between which the border is closed at the start, as positions in a list of ids.
pub fn closed(setting: &Setting, ids: &[String]) -> Vec<(usize, usize)> {
    let place = |zone: ZoneId| ids.iter().position(|id| *id == setting.zones[zone].id);
    let mut list = Vec::new();
    for zone in setting.zones.ids() {
        for (near, _) in setting.neighbours.of(zone) {
            if near.index() > zone.index() && !setting.is_open(&setting.initial.borders, zone, *near) {
                list.extend(place(zone).zip(place(*near)));
            }
        }
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Measures;
    use crate::scenario::Overrides;
    use std::path::Path;

    fn event(date: Date, line: &str) -> EventEntry {
        let words: Vec<Option<String>> = line.split(' ').map(|word| (word != "-").then(|| word.to_owned())).collect();
        let at = |place: usize| words.get(place).cloned().flatten();
        let (kind, who) = (at(0).unwrap(), at(1).unwrap());
        EventEntry { date, week: 0.0, kind, who, other: at(2), from: at(3), to: at(4), public: true }
    }

    #[test]
    fn ground_of_those_who_merge_is_held_by_what_they_become() {
        let scenario = Scenario::load(Path::new("configs/three-way-standoff.toml"), &Overrides::default()).unwrap();
        let setting = &scenario.setting;
        let measures = Measures::new(setting, scenario.questions.clone());
        let actors = Actors::new(&scenario, measures.layout());
        let ids = scenario.file.zones_and_towns();
        let ground = |log: &[String]| {
            let day = setting.calendar.date_of(1);
            let events: Vec<EventEntry> = log.iter().map(|line| event(day, line)).collect();
            ground_of(&scenario, &actors, &ids, 0, &events)
        };
        let start = ground(&[]);
        let holds = |holders: &[Option<usize>], id: &str| {
            holders.iter().filter(|holder| holder.is_some() && **holder == actors.place(id)).count()
        };
        let mut held: Vec<&str> = setting.factions.values().iter().map(|faction| faction.id.as_str()).collect();
        held.retain(|id| holds(&start.holders, id) > 0);
        let [one, other, ..] = held[..] else { panic!("two hold ground at the start") };
        let all = holds(&start.holders, one) + holds(&start.holders, other);
        let merged = format!("merged {one} {other} - -");
        let after = ground(std::slice::from_ref(&merged));
        assert_eq!((holds(&after.holders, one), holds(&after.holders, other)), (0, all));
        assert!(after.changed.iter().all(|changed| !changed), "nothing was taken");
        let target = ids.iter().position(|id| {
            !start.holders[place(&ids, id)]
                .is_none_or(|holder| [one, other].iter().any(|id| actors.place(id) == Some(holder)))
        });
        let gone = ground(&[format!("gone {one} - - -")]);
        assert_eq!(holds(&gone.holders, one), 0);
        // Whoever they have become goes out from their ground too, on the day itself.
        let Some(target) = target else { panic!("a third holds ground at the start") };
        let third = actors.all()[start.holders[target].unwrap()].0.clone();
        let attack = |id: &str| format!("offensive {id} {third} - {}", ids[target]);
        let lost = ids.iter().enumerate().filter(|(zone, _)| start.holders[*zone] == actors.place(other));
        let mut log: Vec<String> = lost.map(|(_, id)| format!("control_changed {id} - {other} {third}")).collect();
        log.extend([merged, attack(other)]);
        let thrusts = ground(&log).thrusts;
        let from = thrusts[0].from.map(|zone| start.holders[zone]);
        assert_eq!(from, Some(actors.place(one)));
    }

    fn place(ids: &[String], id: &str) -> usize {
        ids.iter().position(|known| known == id).unwrap()
    }
}
