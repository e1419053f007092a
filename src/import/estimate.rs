//! What events before the start say of factions, pairs and zones.

use super::actor::Actors;
use super::event::{Deed, Event, Events, Sign};
use super::evidence::Evidence;
use super::formula::{self, BASE, TAKEN, WAR, YEAR};
use super::given::Strength;
use super::land::Land;
use super::place::{Places, Site};
use crate::base::{Date, Duration};
use std::collections::BTreeMap;

/// The time before the start that numbers rest on.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// Its first day.
    pub from: Date,
    /// The start of the scenario, the first day after it.
    pub start: Date,
    /// The first day of the year before the start.
    pub year: Date,
    /// In what time an event comes to count for half.
    pub half_life: Duration,
}

impl Window {
    /// What an event counts for.
    pub fn weight(&self, event: &Event) -> f64 {
        formula::weight(self.start.days_since(event.day), self.half_life.days(), event.clear)
    }

    /// Whether it was in the year before the start.
    pub fn within_a_year(&self, event: &Event) -> bool {
        event.day >= self.year
    }
}

/// What is said of a faction.
#[derive(Debug)]
pub struct FactionSays {
    /// The share of its fighters in each zone.
    pub presence: Vec<f64>,
    /// How many of its events are placed.
    pub placed: usize,
    /// Fighters: the low, best and high estimate.
    pub fighters: [f64; 3],
    /// Who says so; none if it is assumed.
    pub strength: Option<String>,
    /// How readily it harms civilians.
    pub harm: f64,
    /// Its events.
    pub evidence: Evidence,
    /// Civilians whom it killed in the year before: low, best, high.
    pub killed: [u32; 3],
    /// The events in which it did.
    pub attacks: Evidence,
}

/// What is said of a pair that has fought.
#[derive(Debug)]
pub struct PairSays {
    /// The two.
    pub pair: (usize, usize),
    /// Where they stand.
    pub stance: &'static str,
    /// Since when they have been at war, and whether it may have been so before the record begins.
    pub since: Option<(Date, bool)>,
    /// The last day on which they fought.
    pub fought: Date,
    /// How hostile they are.
    pub hostility: f64,
    /// Their clashes in the window and the year before.
    pub evidence: Evidence,
    /// Deaths in the year before: low, best, high.
    pub deaths: [u32; 3],
    /// Deaths in the window and the year before.
    pub in_all: u32,
    /// Their clashes of the year before.
    pub year: Evidence,
}

/// What is said of who holds a zone.
#[derive(Debug, Default)]
pub struct ZoneSays {
    /// The share of each faction.
    pub control: Vec<f64>,
    /// The event by which somebody has taken it, and what it is said to be.
    pub sign: Option<(String, Date, usize, f64)>,
    /// Events in it.
    pub evidence: Evidence,
}

/// All that is said.
#[derive(Debug)]
pub struct Says {
    /// Of each faction.
    pub factions: Vec<FactionSays>,
    /// Of each pair that has clashed in the window or the year before, in order.
    pub pairs: Vec<PairSays>,
    /// Of each zone.
    pub zones: Vec<ZoneSays>,
    /// Agreements: who, and the id and day of the event.
    pub agreements: Vec<((usize, usize), String, Date)>,
}

/// Whether two fight each other in an event.
pub fn is_clash(event: &Event) -> bool {
    matches!(event.deed, Deed::StateBased | Deed::NonState)
}

/// What the events of the window say; `before` are all from before the start, for the year before it, which may be longer than
/// the window, and for how long wars have gone on. `begins` is when the record does.
pub fn says(
    events: &Events,
    (window, before, begins): (&Window, &[&Event], Date),
    (list, places): (&[&Event], &Places),
    (actors, strengths): (&Actors, &BTreeMap<String, Strength>),
    (land, people): (&Land, &[f64]),
) -> Says {
    let people_shares = formula::shares(people).unwrap_or_else(|| vec![1.0 / people.len() as f64; people.len()]);
    let worth: Vec<f64> = list.iter().map(|event| window.weight(event)).collect();
    let mut factions: Vec<FactionSays> = Vec::new();
    let mut in_events: Vec<Vec<usize>> = vec![Vec::new(); actors.list.len()];
    for (at, event) in list.iter().enumerate() {
        actors.within(event).for_each(|faction| in_events[faction].push(at));
    }
    let mut attacks: Vec<Vec<&Event>> = vec![Vec::new(); actors.list.len()];
    for event in from(window.year, before).iter().filter(|event| event.deed == Deed::OneSided) {
        if let Some(faction) = actors.of(event.sides[0]) {
            attacks[faction].push(event);
        }
    }
    for (number, actor) in actors.list.iter().enumerate() {
        let own = || in_events[number].iter().map(|at| (*at, list[*at]));
        let mut weights = vec![0.0; land.zones.len()];
        let mut placed = 0;
        for (at, _) in own() {
            placed += usize::from(places.is_placed(at));
            places.shares(at).for_each(|(zone, share)| weights[zone] += share * worth[at]);
        }
        let seen = formula::shares(&weights);
        let presence = match actor.kind() {
            "state" => formula::state_presence(seen.as_deref(), &people_shares),
            _ => seen.unwrap_or_else(|| people_shares.clone()),
        };
        let attack = |event: &&Event| event.deed == Deed::OneSided && actors.of(event.sides[0]) == Some(number);
        let deaths = |event: &Event| event.deaths[1];
        let one_sided: u32 = own().map(|(_, event)| event).filter(attack).map(deaths).sum();
        let all: u32 = own().map(|(_, event)| deaths(event)).sum();
        let year = std::mem::take(&mut attacks[number]);
        let given = strengths.get(&actor.id);
        let assumed = actor.assumed_fighters();
        factions.push(FactionSays {
            presence,
            placed,
            fighters: given.map_or([(assumed / 3.0).round(), assumed, 3.0 * assumed], |given| given.fighters),
            strength: given.map(|given| given.source.clone()),
            harm: formula::civilian_harm(one_sided, all),
            evidence: Evidence::of(events, own().map(|(_, event)| event)),
            killed: events.deaths(year.iter().copied()),
            attacks: Evidence::of(events, year),
        });
    }
    let pairs = pairs(events, (window, before, begins), actors);
    let zones = zones(events, (list, &worth), places, (actors, &factions, land.zones.len()));
    let agreements = list.iter().filter(|event| event.sign == Sign::Agreement);
    let agreements = agreements.filter_map(|event| Some((actors.two(event)?, events.id(event).to_owned(), event.day)));
    let agreements = agreements.collect();
    Says { factions, pairs, zones, agreements }
}

/// Those of some events in order of time that are from a day on.
pub fn from<'l, 'e>(day: Date, list: &'l [&'e Event]) -> &'l [&'e Event] {
    &list[list.partition_point(|event| event.day < day)..]
}

fn pairs(events: &Events, (window, before, begins): (&Window, &[&Event], Date), actors: &Actors) -> Vec<PairSays> {
    let mut clashes: BTreeMap<(usize, usize), Vec<&Event>> = BTreeMap::new();
    for event in from(window.from.min(window.year), before).iter().filter(|event| is_clash(event)) {
        if let Some(pair) = actors.two(event) {
            clashes.entry(pair).or_default().push(event);
        }
    }
    // Deaths and the first day of fighting by calendar year, as far back as is recorded.
    let mut years: BTreeMap<(usize, usize), BTreeMap<i16, (u32, Date)>> = BTreeMap::new();
    for event in before.iter().filter(|event| is_clash(event)) {
        if let Some(pair) = actors.two(event) {
            let year = years.entry(pair).or_default().entry(event.day.parts().0).or_insert((0, event.day));
            *year = (year.0 + event.deaths[1], year.1.min(event.day));
        }
    }
    let says = |(pair, list): ((usize, usize), Vec<&Event>)| {
        let year: Vec<&Event> = list.iter().copied().filter(|event| window.within_a_year(event)).collect();
        let deaths = events.deaths(year.iter().copied());
        let stance = formula::stance(deaths[1], !year.is_empty());
        let first = year.iter().map(|event| event.day).min();
        let since = first.filter(|_| stance == "war").map(|first| begun(first, years.get(&pair), begins));
        let n = from(window.from, &list).iter().map(|event| window.weight(event)).sum();
        PairSays {
            pair,
            stance,
            since,
            fought: list.iter().map(|event| event.day).max().unwrap_or(window.from),
            hostility: formula::hostility(n, !year.is_empty()),
            evidence: Evidence::of(events, list.iter().copied()),
            deaths,
            in_all: events.deaths(list.iter().copied())[1],
            year: Evidence::of(events, year),
        }
    };
    clashes.into_iter().map(says).collect()
}

/// When a war began whose first clash of the last year was on a day: on the first day of fighting in the first of the unbroken years
/// with as many deaths as a war has; and whether the record may begin later than the war did.
fn begun(first: Date, years: Option<&BTreeMap<i16, (u32, Date)>>, begins: Date) -> (Date, bool) {
    let mut since = first;
    let mut year = first.parts().0;
    while let Some((_, day)) = years.and_then(|years| years.get(&year)).filter(|(deaths, _)| *deaths >= WAR) {
        since = since.min(*day);
        year -= 1;
    }
    (since, since.parts().0 == begins.parts().0)
}

fn zones(
    events: &Events,
    (list, worth): (&[&Event], &[f64]),
    places: &Places,
    (actors, factions, count): (&Actors, &[FactionSays], usize),
) -> Vec<ZoneSays> {
    let mut zones: Vec<ZoneSays> = (0..count).map(|_| ZoneSays::default()).collect();
    let mut seen = vec![vec![0.0; actors.list.len()]; count];
    for (at, event) in list.iter().enumerate() {
        for (zone, share) in places.shares(at) {
            if actors.within(event).next().is_some() {
                zones[zone].evidence.add(events, event);
            }
            actors.within(event).for_each(|faction| seen[zone][faction] += share * worth[at]);
        }
        let (Site::In(zone), Some((side, share))) = (places.sites[at], taker(event)) else { continue };
        // The last sign counts, also that of somebody who is left out: the ground is no longer whose it was.
        let taker = actors.of(event.sides[side]);
        zones[zone].sign = taker.map(|taker| (events.id(event).to_owned(), event.day, taker, share));
    }
    for (number, zone) in zones.iter_mut().enumerate() {
        let forces: Vec<f64> = factions.iter().map(|faction| faction.fighters[1] * faction.presence[number]).collect();
        let group = |faction: usize| actors.list[faction].kind() == "armed_group" && seen[number][faction] > 0.0;
        let group_seen = (0..actors.list.len()).any(group);
        let sign = zone.sign.as_ref().map(|(_, _, taker, share)| (*taker, *share));
        zone.control = formula::control(&forces, group_seen, sign);
    }
    zones
}

/// Which side has taken ground in an event, and which share of it.
fn taker(event: &Event) -> Option<(usize, f64)> {
    match event.sign {
        Sign::Taken(side) => Some((usize::from(side), TAKEN)),
        Sign::Base => Some((0, BASE)),
        Sign::None | Sign::Agreement => None,
    }
}

/// Deaths of a year by type and dyad, for `--targets`.
#[derive(Clone, Debug, PartialEq)]
pub struct YearlyDeaths {
    /// The calendar year.
    pub year: i16,
    /// UCDP's type of violence.
    pub kind: &'static str,
    /// Ids of the two, as far as they are factions, else as recorded; the second is `civilians` in one-sided violence.
    pub sides: [String; 2],
    /// How many events.
    pub events: usize,
    /// Deaths: low, best, high.
    pub deaths: [u32; 3],
}

/// A calendar year, what was done in it, and by whom to whom.
type Dyad = (i16, Deed, [String; 2]);

/// Deaths by calendar year, type and dyad, of events before the start.
pub fn yearly(events: &Events, before: &[&Event], actors: &Actors) -> Vec<YearlyDeaths> {
    let mut found: BTreeMap<Dyad, Vec<&Event>> = BTreeMap::new();
    let name = |event: &Event, side: usize| match (actors.of(event.sides[side]), event.sides[side]) {
        (Some(faction), _) => actors.list[faction].id.clone(),
        (None, Some(actor)) => events.actors.name(actor).to_owned(),
        (None, None) => "civilians".to_owned(),
    };
    for event in before.iter().filter(|event| event.deed != Deed::Peaceful) {
        let mut sides = [name(event, 0), name(event, 1)];
        if event.deed != Deed::OneSided {
            sides.sort();
        }
        found.entry((event.day.parts().0, event.deed, sides)).or_default().push(event);
    }
    let row = |((year, deed, sides), list): (Dyad, Vec<&Event>)| {
        let deaths = events.deaths(list.iter().copied());
        Some(YearlyDeaths { year, kind: deed.name()?, sides, events: list.len(), deaths })
    };
    found.into_iter().filter_map(row).collect()
}

impl Window {
    /// The time before a start.
    ///
    /// # Errors
    /// If it leaves the calendar.
    pub fn before(start: Date, length: Duration, half_life: Duration) -> Result<Self, String> {
        Ok(Self { from: start.minus(length)?, start, year: start.plus_days(-YEAR), half_life })
    }
}
