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

/// How many lanes there are of what factions take.
const TAKERS: usize = 10;

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

/// Offensives as the log tells of them so far.
#[derive(Default)]
struct Told<'a> {
    list: Vec<Offensive<'a>>,
    /// Who an attacker or defender has become part of.
    successor: BTreeMap<&'a str, &'a str>,
}

impl<'a> Told<'a> {
    /// What a faction is by now.
    fn now(&self, id: &'a str) -> &'a str {
        let mut id = id;
        while let Some(next) = self.successor.get(id) {
            id = next;
        }
        id
    }

    /// Ends those that go on and of which something holds, by attacker and defender as they are by now.
    fn end(&mut self, event: &EventEntry, ending: Ending, ends: impl Fn(&Offensive<'a>, &str, &str) -> bool) {
        for place in 0..self.list.len() {
            let offensive = &self.list[place];
            let (attacker, defender) = (self.now(offensive.attacker), self.now(offensive.defender));
            if offensive.end.1 == Ending::GoesOn && ends(offensive, attacker, defender) {
                self.list[place].end = (event.date, ending);
            }
        }
    }

    /// The last offensive of a faction against a place that the log may still tell of: the one that goes on, or one of which
    /// only what the log told of others said that it was called off.
    fn of(&mut self, attacker: &str, zone: Option<&str>) -> Option<&mut Offensive<'a>> {
        let is_told = |one: &Offensive<'a>| matches!(one.end.1, Ending::GoesOn | Ending::CalledOff);
        let place = self
            .list
            .iter()
            .rposition(|one| Some(one.zone) == zone && self.now(one.attacker) == attacker && is_told(one))?;
        self.list.get_mut(place)
    }
}

/// The offensives that a run's events tell of, in the order in which they begin. A faction may wage several at a time. An end that
/// is not told of itself is read off what ends an offensive: a peace between the two, the end of one of them, another holder of the
/// place; what the log says of an offensive itself counts for more.
pub fn offensives<'a>(events: &'a [EventEntry], horizon: Date) -> Vec<Offensive<'a>> {
    let mut told = Told::default();
    for (place, event) in events.iter().enumerate() {
        let (who, other) = (event.who.as_str(), event.other.as_deref());
        let (from, to) = (event.from.as_deref(), event.to.as_deref());
        let of_both = |attacker: &str, defender: &str| {
            let two = (Some(attacker), Some(defender));
            two == (Some(who), other) || two == (other, Some(who))
        };
        match event.kind.as_str() {
            "offensive" => {
                // Nobody attacks a place twice at a time.
                told.end(event, Ending::CalledOff, |one, attacker, _| attacker == who && Some(one.zone) == to);
                if let (Some(defender), Some(zone)) = (other, to) {
                    told.list.push(Offensive {
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
                if let Some(one) = told.of(who, to).filter(|one| one.begins < event.date) {
                    one.sieges.push(event.date);
                    one.end = (horizon, Ending::GoesOn);
                }
            }
            "repelled" => {
                if let Some(one) = told.of(who, to) {
                    one.end = (event.date, Ending::Repelled);
                }
            }
            "control_changed" => {
                let takes = |one: &Offensive<'a>, attacker: &str| one.zone == who && to == Some(attacker);
                let open =
                    told.list.iter().rposition(|one| one.end.1 == Ending::GoesOn && takes(one, told.now(one.attacker)));
                if let Some(taken) = open {
                    told.list[taken].end = (event.date, Ending::Taken);
                    told.list[taken].change = Some(place);
                }
                told.end(event, Ending::CalledOff, |one, _, _| one.zone == who);
            }
            "stance_changed" if from == Some("war") => {
                told.end(event, Ending::CalledOff, |_, attacker, defender| of_both(attacker, defender));
            }
            "merged" => {
                if let Some(other) = other.filter(|other| told.now(other) != who) {
                    told.successor.insert(who, other);
                    told.end(event, Ending::CalledOff, |_, attacker, defender| attacker == defender);
                }
            }
            "gone" => told.end(event, Ending::CalledOff, |_, attacker, defender| attacker == who || defender == who),
            _ => {}
        }
    }
    told.list
}

/// How many offensives of a faction at a time have lanes of their own.
const AT_A_TIME: usize = 3;

/// Lanes for each faction that takes ground, those with most to tell first: its offensives, with another lane for those that it
/// wages at the same time, and what it gains otherwise. The last of them tells of all others, and of what is lost to nobody.
pub fn lanes(setting: &Setting, actors: &Actors, events: &[EventEntry]) -> Vec<Lane> {
    let horizon = setting.calendar.date_of(setting.calendar.steps());
    let offensives = offensives(events, horizon);
    let zone =
        |id: &str| setting.zones.values().iter().find(|zone| zone.id == id).map_or(id, |zone| &zone.name).to_owned();
    let moment = |date, symbol, note: String| TimelineMoment { date, symbol, secret: false, note };
    let mut of: BTreeMap<Option<&str>, Vec<Lane>> = BTreeMap::new();
    for offensive in &offensives {
        let own = of.entry(Some(offensive.attacker)).or_default();
        let is_free = |lane: &Lane| lane.offensives.iter().all(|one| one.to <= offensive.begins);
        let row = own.iter().position(is_free).unwrap_or(own.len()).min(AT_A_TIME - 1);
        own.resize(own.len().max(row + 1), Lane::default());
        let lane = &mut own[row];
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
            let own = of.entry(event.to.as_deref()).or_default();
            own.resize(own.len().max(1), Lane::default());
            own[0].moments.push(moment(event.date, Symbol::Control, zone(&event.who)));
        }
    }
    let nobody = of.remove(&None);
    let mut list: Vec<(&str, Vec<Lane>)> = of.into_iter().filter_map(|(id, own)| Some((id?, own))).collect();
    let moments = |own: &[Lane]| own.iter().map(|lane| lane.moments.len()).sum::<usize>();
    list.sort_by(|a, b| moments(&b.1).cmp(&moments(&a.1)).then_with(|| a.0.cmp(b.0)));
    let mut lanes: Vec<Lane> = Vec::new();
    let mut others = Lane { label: "others, or nobody: ground".into(), ..Lane::default() };
    for (id, own) in list {
        if lanes.len() + own.len() <= TAKERS {
            let label = |row: usize| if row == 0 { format!("{}: ground", actors.name(id)) } else { "meanwhile".into() };
            lanes.extend(own.into_iter().enumerate().map(|(row, lane)| Lane { label: label(row), ..lane }));
            continue;
        }
        for lane in own {
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
            .flatten()
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
    fn offensives_at_a_time_have_lanes_of_their_own() {
        let scenario = Scenario::load(Path::new("configs/three-way-standoff.toml"), &Overrides::default()).unwrap();
        let setting = &scenario.setting;
        let measures = Measures::new(setting, scenario.questions.clone());
        let actors = Actors::new(&scenario, measures.layout());
        let ids = scenario.file.zones_and_towns();
        let name = &setting.factions.values()[0].id;
        let (one, other) = (name.as_str(), setting.factions.values()[1].id.as_str());
        let day = |week: u32| setting.calendar.date_of(week);
        let log = [
            event(day(1), &format!("offensive {one} {other} - {}", ids[0])),
            event(day(3), &format!("offensive {one} {other} - {}", ids[1])),
            event(day(9), &format!("repelled {one} {other} - {}", ids[0])),
            event(day(10), &format!("offensive {one} {other} - {}", ids[0])),
            event(day(12), &format!("control_changed {} - {other} {one}", ids[1])),
        ];
        let lanes = lanes(setting, &actors, &log);
        assert_eq!(lanes.len(), 2);
        assert!(lanes[0].label.ends_with(": ground") && lanes[1].label == "meanwhile");
        for lane in &lanes {
            let apart = |pair: &[OffensiveSpan]| pair[0].to <= pair[1].from;
            assert!(lane.offensives.windows(2).all(apart), "{lane:?}");
        }
        let ends = |lane: &Lane| lane.moments.iter().map(|moment| moment.symbol).collect::<Vec<_>>();
        assert_eq!(ends(&lanes[1]), [Symbol::Offensive, Symbol::Control]);
        assert!(ends(&lanes[0]).contains(&Symbol::Repelled) && !ends(&lanes[0]).contains(&Symbol::CalledOff));
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
