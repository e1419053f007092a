//! A lever pulled in the middle of a run: what a changed scenario changes from that moment on.
//!
//! What a scenario fixes (weights and rates, scheduled events, the zones) is as the changed one has it from then on. What
//! it says of the start has become state by then: traits, attitudes and incomes are moved by as much as the lever moves
//! them at the start, forces are scaled by as much, stances and statuses are set where the lever sets them. Events that
//! fell due before have happened or not, and no lever changes that.

use crate::base::{AccordId, EventId, FactionId, Id, Matrix, PairId, Table};
use crate::world::{Character, Door, Scheduled, Setting, World};

/// What a lever changes at a moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pulled {
    /// What is moved in the world of the moment, in words.
    pub moved: Vec<String>,
    /// Events that are otherwise from now on.
    pub events: Vec<EventId>,
    /// Events that are otherwise, and fell due before: without effect.
    pub past: Vec<EventId>,
    /// What differs at the start and cannot be moved later, in words: without effect.
    pub without_effect: Vec<String>,
}

/// Pulls a lever at the moment of a world: `before` is the setting that the run began in, `after` the changed one, which
/// keeps the start that the run had.
pub fn pull(before: &Setting, after: &mut Setting, world: &mut World) -> Pulled {
    let mut pulled = Pulled::default();
    events(before, after, world.step, &mut pulled);
    traits(before, after, world, &mut pulled);
    attitudes(before, after, world, &mut pulled);
    forces(before, after, world, &mut pulled);
    ties(before, after, world, &mut pulled);
    accords(before, after, world, &mut pulled);
    borders(before, after, world, &mut pulled);
    let (a, b) = (&before.initial, &after.initial);
    let fixed = [
        ("control of zones at the start", a.control != b.control),
        ("where people live or are displaced at the start", a.at_home != b.at_home || a.displaced != b.displaced),
        ("support at the start", a.support != b.support),
        ("grievance at the start", a.grievance != b.grievance),
        ("treasuries at the start", a.treasury != b.treasury && a.strength == b.strength),
        ("membership of umbrellas at the start", a.umbrella != b.umbrella),
    ];
    pulled.without_effect.extend(fixed.iter().filter(|(_, differs)| *differs).map(|(what, _)| (*what).to_owned()));
    // What is accounted for since the start, such as fighters, is accounted for since the start that was.
    after.initial = before.initial.clone();
    pulled
}

/// What an event does, as far as two schedules may differ in it.
fn same(a: &Scheduled, b: &Scheduled) -> bool {
    let told =
        |event: &Scheduled| format!("{:?}", (event.step, event.last, event.chance, &event.condition, &event.effect));
    told(a) == told(b)
}

fn events(before: &Setting, after: &Setting, now: u32, pulled: &mut Pulled) {
    for (event, was) in before.events.iter() {
        let Some(is) = after.events.values().iter().find(|is| is.id == was.id) else { continue };
        if !same(was, is) {
            let due = was.last.max(is.last);
            if due < now { pulled.past.push(event) } else { pulled.events.push(event) }
        }
    }
}

fn traits(before: &Setting, after: &Setting, world: &mut World, pulled: &mut Pulled) {
    type TraitField = (&'static str, fn(&mut Character) -> &mut f64, f64, f64);
    let fields: [TraitField; 9] = [
        ("quality", |c| &mut c.quality, 0.0, f64::INFINITY),
        ("outreach", |c| &mut c.outreach, 0.0, 1.0),
        ("aggression", |c| &mut c.aggression, 0.0, 1.0),
        ("civilian harm", |c| &mut c.civilian_harm, 0.0, 1.0),
        ("discipline", |c| &mut c.discipline, 0.0, 1.0),
        ("candour", |c| &mut c.candour, 0.0, 1.0),
        ("boast", |c| &mut c.boast, -1.0, f64::INFINITY),
        ("peacekeeping", |c| &mut c.peacekeeping, 0.0, 1.0),
        ("leverage", |c| &mut c.leverage, 0.0, 1.0),
    ];
    for faction in founders(before) {
        // What a faction has become carries its traits.
        let now = world.successor(faction);
        for (name, field, low, high) in fields {
            let was = *field(&mut before.initial.character[faction].clone());
            let is = *field(&mut after.initial.character[faction].clone());
            if was.to_bits() != is.to_bits() {
                let value = field(&mut world.character[now]);
                *value = (*value + is - was).clamp(low, high);
                pulled.moved.push(format!("{name} of {} by {:+}", before.factions[faction].label, rounded(is - was)));
            }
        }
        if before.initial.character[faction].recruits != after.initial.character[faction].recruits {
            world.character[now].recruits = after.initial.character[faction].recruits;
            pulled.moved.push(format!("whether {} recruits", before.factions[faction].label));
        }
    }
}

/// Shared by all tables of one value per faction or pair: moves the present values by the difference of the starts.
fn shift(present: &mut [f64], was: &[f64], is: &[f64], (low, high): (f64, f64)) -> Vec<usize> {
    let mut moved = Vec::new();
    for (place, ((value, was), is)) in present.iter_mut().zip(was).zip(is).enumerate() {
        if was.to_bits() != is.to_bits() {
            *value = (*value + is - was).clamp(low, high);
            moved.push(place);
        }
    }
    moved
}

fn attitudes(before: &Setting, after: &Setting, world: &mut World, pulled: &mut Pulled) {
    let (a, b) = (&before.initial, &after.initial);
    let factions = world.factions();
    let id = |index: usize| before.factions[FactionId::from_index(index)].label.as_str();
    let mut matrix = |name: &str,
                      present: &mut Matrix<FactionId, FactionId, f64>,
                      was: &Matrix<FactionId, FactionId, f64>,
                      is: &Matrix<FactionId, FactionId, f64>| {
        for place in shift(present.values_mut(), was.values(), is.values(), (0.0, 1.0)) {
            let by = is.values()[place] - was.values()[place];
            pulled.moved.push(format!(
                "{name} of {} towards {} by {:+}",
                id(place / factions),
                id(place % factions),
                rounded(by)
            ));
        }
    };
    matrix("hostility", &mut world.hostility, &a.hostility, &b.hostility);
    let _ = shift(
        world.lasting_hostility.values_mut(),
        a.lasting_hostility.values(),
        b.lasting_hostility.values(),
        (0.0, 1.0),
    );
    matrix("trust", &mut world.trust, &a.trust, &b.trust);
    matrix("dependence", &mut world.dependence, &a.dependence, &b.dependence);
    let mut table = |name: &str,
                     present: &mut Table<FactionId, f64>,
                     was: &Table<FactionId, f64>,
                     is: &Table<FactionId, f64>,
                     high: f64| {
        for place in shift(present.values_mut(), was.values(), is.values(), (0.0, high)) {
            pulled.moved.push(format!(
                "{name} of {} by {:+}",
                id(place),
                rounded(is.values()[place] - was.values()[place])
            ));
        }
    };
    table("cohesion", &mut world.cohesion, &a.cohesion, &b.cohesion, 1.0);
    if a.strength == b.strength {
        table("income", &mut world.income, &a.income, &b.income, f64::INFINITY);
    }
    for (name, present, was, is) in [
        ("positions of", &mut world.alignment, &a.alignment, &b.alignment),
        ("salience of", &mut world.salience, &a.salience, &b.salience),
    ] {
        let columns = was.columns().max(1);
        let low = if name.starts_with("pos") { -1.0 } else { 0.0 };
        let high = if low < 0.0 { 1.0 } else { f64::INFINITY };
        for place in shift(present.values_mut(), was.values(), is.values(), (low, high)) {
            pulled.moved.push(format!("{name} {} on {}", id(place / columns), before.axes[place % columns]));
        }
    }
    let columns = a.base.columns().max(1);
    for place in shift(world.base.values_mut(), a.base.values(), b.base.values(), (0.0, 1.0)) {
        pulled.moved.push(format!("base of {}", id(place / columns)));
    }
    for (index, (was, is)) in a.door.values().iter().zip(b.door.values()).enumerate() {
        if was != is {
            world.door.values_mut()[index] = *is;
            let verb = match is {
                Door::Closed => "refuses to talk to",
                Door::Ajar => "may talk to",
                Door::Open => "is ready to talk to",
            };
            pulled.moved.push(format!("{} {verb} {}", id(index / factions), id(index % factions)));
        }
    }
}

/// Forces are scaled by as much as at the start, with the income that keeps them.
fn forces(before: &Setting, after: &Setting, world: &mut World, pulled: &mut Pulled) {
    for faction in founders(before) {
        let (was, is) = (before.initial.strength[faction], after.initial.strength[faction]);
        if was.to_bits() == is.to_bits() {
            continue;
        }
        let now = world.successor(faction);
        if was <= 0.0 || now != faction || !world.alive[faction] {
            pulled.without_effect.push(format!("fighters of {}", before.factions[faction].label));
            continue;
        }
        let factor = is / was;
        world.scale_force(faction, factor);
        pulled.moved.push(format!("fighters of {} times {}", before.factions[faction].label, rounded(factor)));
    }
}

fn ties(before: &Setting, after: &Setting, world: &mut World, pulled: &mut Pulled) {
    for (pair, low, high) in PairId::all(before.founding) {
        let (was, is) = (before.initial.tie[pair], after.initial.tie[pair]);
        if (was.stance, was.claimed) == (is.stance, is.claimed) {
            continue;
        }
        let names = format!("{} and {}", before.factions[low].label, before.factions[high].label);
        if !world.alive[low] || !world.alive[high] {
            pulled.without_effect.push(format!("the stance of {names}"));
            continue;
        }
        let tie = &mut world.tie[pair];
        (tie.stance, tie.claimed, tie.since) = (is.stance, is.claimed, world.step);
        pulled.moved.push(format!("stance of {names} to {}", is.stance.word()));
    }
}

fn accords(before: &Setting, after: &Setting, world: &mut World, pulled: &mut Pulled) {
    for (accord, was) in before.initial.accord.iter() {
        let is = &after.initial.accord[accord];
        let name = |accord: AccordId| before.accords[accord].name.as_str();
        if was.health.to_bits() != is.health.to_bits() {
            let health = &mut world.accord[accord].health;
            *health = (*health + is.health - was.health).clamp(0.0, 1.0);
            pulled.moved.push(format!("health of {} by {:+}", name(accord), rounded(is.health - was.health)));
        }
        for (place, (was, is)) in was.status.iter().zip(&is.status).enumerate() {
            let present = &mut world.accord[accord].status[place];
            if was != is && present.is_some() {
                *present = *is;
                let party = before.accords[accord].parties[place].0;
                pulled.moved.push(format!("status of {} in {}", before.factions[party].label, name(accord)));
            }
        }
    }
}

fn borders(before: &Setting, after: &Setting, world: &mut World, pulled: &mut Pulled) {
    let (was, is) = (before.initial.borders.list(), after.initial.borders.list());
    let closed = is.iter().filter(|border| !was.contains(border)).map(|border| (border, false));
    let opened = was.iter().filter(|border| !is.contains(border)).map(|border| (border, true));
    for (border, open) in closed.chain(opened) {
        world.borders.set(*border, open);
        let [a, b] = border.map(|country| before.countries[country].as_str());
        pulled.moved.push(format!("border between {a} and {b} {}", if open { "open" } else { "closed" }));
    }
}

fn founders(setting: &Setting) -> impl Iterator<Item = FactionId> + use<> {
    (0..setting.founding).map(FactionId::from_index)
}

/// To three decimals, for words.
fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}
