//! What a change of the start moves in the world of a later moment.

use super::pulled::Pulled;
use crate::base::{AccordId, FactionId, Id, Matrix, PairId, Table, UmbrellaId, ZoneId};
use crate::world::{Character, Door, Setting, Stance, World};

const GONE: &str = "gone by then";
const AT_BOUND: &str = "at its bound by then";

/// Moves what two settings state otherwise of the start, but for incomes.
pub fn all(was: &Setting, is: &Setting, world: &mut World, pulled: &mut Pulled) {
    traits(was, is, world, pulled);
    attitudes(was, is, world, pulled);
    outlooks(was, is, world, pulled);
    claims(was, is, world, pulled);
    forces(was, is, world, pulled);
    ties(was, is, world, pulled);
    truces(was, is, world, pulled);
    leaders(was, is, world, pulled);
    accords(was, is, world, pulled);
    borders(was, is, world, pulled);
}

/// Moves the incomes that two settings state otherwise.
pub fn incomes(was: &Setting, is: &Setting, world: &mut World, pulled: &mut Pulled) {
    let (a, b) = (&was.initial.income, &is.initial.income);
    let alive = world.alive.clone();
    let at = |place| FactionId::from_index(place);
    // Of several that have become one each still brings what it brings.
    let stands = |place| counts(1.0, obstacle(alive[at(place)]));
    shift(world.income.values_mut(), a.values(), b.values(), (0.0, f64::INFINITY), stands, |place, by, obstacle| {
        pulled.tell(format!("income of {}{by}", was.factions[at(place)].label), obstacle);
    });
}

fn obstacle(stands: bool) -> Option<&'static str> {
    (!stands).then_some(GONE)
}

/// Such a share of a difference counts, where nothing stands against it.
fn counts(share: f64, obstacle: Option<&'static str>) -> Result<f64, &'static str> {
    obstacle.map_or(Ok(share), Err)
}

/// Which share of what it has become each faction of the start is.
fn shares(was: &Setting, world: &World) -> Table<FactionId, f64> {
    let mut shares = Table::filled(world.factions(), 1.0);
    for faction in founders(was) {
        shares[faction] = world.part_of_successor(&was.initial, faction);
    }
    shares
}

/// The name of a faction of the start, with what it has become.
fn name_now(was: &Setting, world: &World, faction: FactionId) -> String {
    let label = &was.factions[faction].label;
    let now = world.successor(faction);
    let mut others = founders(was).filter(|other| *other != faction && world.successor(*other) == now);
    match others.next() {
        None => label.clone(),
        Some(_) if now == faction => format!("{label} with those that have joined it"),
        Some(_) => format!("{label} in {}", was.factions[now].label),
    }
}

fn traits(was: &Setting, is: &Setting, world: &mut World, pulled: &mut Pulled) {
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
    let shares = shares(was, world);
    for faction in founders(was) {
        // What a faction has become carries its traits.
        let now = world.successor(faction);
        let stands = world.alive[now];
        let label = &name_now(was, world, faction);
        let (mut a, mut b) = (was.initial.character[faction], is.initial.character[faction]);
        for (name, field, low, high) in fields {
            let there = std::slice::from_mut(field(&mut world.character[now]));
            let (a, b) = ([*field(&mut a)], [*field(&mut b)]);
            shift(
                there,
                &a,
                &b,
                (low, high),
                |_| counts(shares[faction], obstacle(stands)),
                |_, by, obstacle| {
                    pulled.tell(format!("{name} of {label}{by}"), obstacle);
                },
            );
        }
        if a.recruits != b.recruits {
            world.character[now].recruits = b.recruits;
            pulled.tell(format!("whether {label} recruits"), obstacle(stands));
        }
        if a.kind != b.kind {
            world.character[now].kind = b.kind;
            pulled.tell(format!("what kind of faction {label} is"), obstacle(stands));
        }
    }
}

/// Shared by all tables of values: moves the present ones by the difference of the starts, or by a share of it, where nothing stands
/// against it. `tell` is given the place, by how much it moved, in words, and what stood against it.
fn shift(
    present: &mut [f64],
    was: &[f64],
    is: &[f64],
    (low, high): (f64, f64),
    share: impl Fn(usize) -> Result<f64, &'static str>,
    mut tell: impl FnMut(usize, String, Option<&str>),
) {
    for (place, ((value, was), is)) in present.iter_mut().zip(was).zip(is).enumerate() {
        if was.to_bits() == is.to_bits() {
            continue;
        }
        let share = match share(place) {
            Ok(share) => share,
            Err(reason) => {
                tell(place, String::new(), Some(reason));
                continue;
            }
        };
        let difference = if share < 1.0 { share * (is - was) } else { is - was };
        let before = std::mem::replace(value, (*value + difference).clamp(low, high));
        match value.to_bits() == before.to_bits() {
            true => tell(place, String::new(), Some(AT_BOUND)),
            false => tell(place, format!(" by {:+}", rounded(*value - before)), None),
        }
    }
}

/// Moves what others believe a faction to have by as much as what it shows is otherwise at the start, where a lever has changed how it
/// boasts, or who sees through that, since the characters of `then`: the start is seen as it is shown, and so is this moment.
pub fn estimates(
    [before, after]: [&Setting; 2],
    then: &Table<FactionId, Character>,
    world: &mut World,
    pulled: &mut Pulled,
) {
    let differs = |faction: FactionId, field: fn(&Character) -> f64| {
        field(&then[faction]).to_bits() != field(&world.character[faction]).to_bits()
    };
    let all: Vec<FactionId> = then.ids().collect();
    let watch = all.iter().any(|faction| differs(*faction, |character| character.peacekeeping));
    let moved: Vec<FactionId> =
        all.into_iter().filter(|faction| watch || differs(*faction, |character| character.boast)).collect();
    for faction in founders(before) {
        let now = world.successor(faction);
        // By how much more than its fighters it is seen to have at a start.
        let shows = |setting: &Setting| {
            let start = &setting.initial;
            let observer = founders(setting).find(|other| *other != faction && start.alive[*other])?;
            let (shown, has) = (start.belief[(observer, faction)], start.strength[faction]);
            (shown > 0.0 && has > 0.0).then(|| shown / has)
        };
        let (Some(was), Some(is)) = (shows(before), shows(after)) else { continue };
        if was.to_bits() == is.to_bits() || !world.alive[now] || !moved.contains(&now) {
            continue;
        }
        let factor = world.partly(&before.initial, faction, is / was);
        let observers: Vec<FactionId> =
            world.alive.ids().filter(|other| *other != now && world.alive[*other]).collect();
        for observer in observers {
            world.belief[(observer, now)] *= factor;
        }
        let name = name_now(before, world, faction);
        pulled.tell(format!("what others believe of the strength of {name} times {}", rounded(factor)), None);
    }
}

fn attitudes(was: &Setting, is: &Setting, world: &mut World, pulled: &mut Pulled) {
    let (a, b) = (&was.initial, &is.initial);
    let factions = world.factions();
    let alive = world.alive.clone();
    let id = |index: usize| was.factions[FactionId::from_index(index)].label.as_str();
    let stands = |index: usize| alive[FactionId::from_index(index)];
    let obstacle_of = |place: usize| obstacle(stands(place / factions) && stands(place % factions));
    let shares = shares(was, world);
    let share = |index: usize| shares[FactionId::from_index(index)];
    let both = |place: usize| counts(share(place / factions) * share(place % factions), obstacle_of(place));
    let mut matrix = |name: &str,
                      present: &mut Matrix<FactionId, FactionId, f64>,
                      was: &Matrix<FactionId, FactionId, f64>,
                      is: &Matrix<FactionId, FactionId, f64>| {
        shift(present.values_mut(), was.values(), is.values(), (0.0, 1.0), both, |place, by, obstacle| {
            let of = format!("{name} of {} towards {}{by}", id(place / factions), id(place % factions));
            pulled.tell(of, obstacle);
        });
    };
    matrix("hostility", &mut world.hostility, &a.hostility, &b.hostility);
    matrix("trust", &mut world.trust, &a.trust, &b.trust);
    matrix("dependence", &mut world.dependence, &a.dependence, &b.dependence);
    let lasting = world.lasting_hostility.values_mut();
    shift(lasting, a.lasting_hostility.values(), b.lasting_hostility.values(), (0.0, 1.0), both, |_, _, _| {});
    for (index, (was, is)) in a.door.values().iter().zip(b.door.values()).enumerate() {
        if was != is {
            world.door.values_mut()[index] = *is;
            let verb = match is {
                Door::Closed => "refuses to talk to",
                Door::Ajar => "may talk to",
                Door::Open => "is ready to talk to",
            };
            pulled.tell(format!("{} {verb} {}", id(index / factions), id(index % factions)), obstacle_of(index));
        }
    }
}

/// Cohesion, positions and what a faction's base is.
fn outlooks(was: &Setting, is: &Setting, world: &mut World, pulled: &mut Pulled) {
    let (a, b) = (&was.initial, &is.initial);
    let (alive, shares) = (world.alive.clone(), shares(was, world));
    let faction = |index: usize| was.factions[FactionId::from_index(index)].label.as_str();
    let stands = |columns: usize| {
        let (alive, shares) = (&alive, &shares);
        move |place: usize| {
            let faction = FactionId::from_index(place / columns);
            counts(shares[faction], obstacle(alive[faction]))
        }
    };
    let present = world.cohesion.values_mut();
    shift(present, a.cohesion.values(), b.cohesion.values(), (0.0, 1.0), stands(1), |place, by, obstacle| {
        pulled.tell(format!("cohesion of {}{by}", faction(place)), obstacle);
    });
    let columns = was.axes.len().max(1);
    for (name, bounds, present, was_there, is_there) in [
        ("position", (-1.0, 1.0), &mut world.alignment, &a.alignment, &b.alignment),
        ("salience", (0.0, f64::INFINITY), &mut world.salience, &a.salience, &b.salience),
    ] {
        let (present, was_there, is_there) = (present.values_mut(), was_there.values(), is_there.values());
        shift(present, was_there, is_there, bounds, stands(columns), |place, by, obstacle| {
            let of = format!("{name} of {} on {}{by}", faction(place / columns), was.axes[place % columns]);
            pulled.tell(of, obstacle);
        });
    }
    let columns = a.base.columns().max(1);
    let present = world.base.values_mut();
    shift(present, a.base.values(), b.base.values(), (0.0, 1.0), stands(columns), |place, by, obstacle| {
        let community = &was.communities.values()[place % columns].name;
        pulled.tell(format!("base of {} in {community}{by}", faction(place / columns)), obstacle);
    });
}

fn claims(was: &Setting, is: &Setting, world: &mut World, pulled: &mut Pulled) {
    let (a, b) = (was.initial.claim.values(), is.initial.claim.values());
    let (factions, alive) = (world.factions(), world.alive.clone());
    let claimant = |place: usize| FactionId::from_index(place % factions);
    let stands = |place| counts(1.0, obstacle(alive[claimant(place)]));
    shift(world.claim.values_mut(), a, b, (-1.0, 1.0), stands, |place, by, obstacle| {
        let zone = &was.zones[ZoneId::from_index(place / factions)].name;
        pulled.tell(format!("claim of {} on {zone}{by}", was.factions[claimant(place)].label), obstacle);
    });
}

/// Forces are scaled by as much as at the start, with the means that keep them.
fn forces(was: &Setting, is: &Setting, world: &mut World, pulled: &mut Pulled) {
    for faction in founders(was) {
        let (a, b) = (was.initial.strength[faction], is.initial.strength[faction]);
        if a.to_bits() == b.to_bits() {
            continue;
        }
        let (label, now) = (&name_now(was, world, faction), world.successor(faction));
        if !world.alive[now] {
            pulled.tell(format!("fighters of {label}"), Some(GONE));
        } else if a <= 0.0 || world.strength[now] <= 0.0 {
            pulled.tell(format!("fighters of {label}"), Some("there are none to scale"));
        } else {
            // Of several that have become one, those of one are as many as it was of them.
            let factor = world.partly(&was.initial, faction, b / a);
            world.scale_force(now, factor);
            pulled.tell(format!("fighters of {label} times {}", rounded(factor)), None);
        }
    }
}

fn ties(was: &Setting, is: &Setting, world: &mut World, pulled: &mut Pulled) {
    for (pair, low, high) in PairId::all(was.founding) {
        let (a, b) = (was.initial.tie[pair], is.initial.tie[pair]);
        if (a.stance, a.claimed) == (b.stance, b.claimed) {
            continue;
        }
        let names = names(was, low, high);
        let words = match (a.stance == b.stance, b.is_public()) {
            (false, true) => format!("stance of {names} to {}", b.stance.word()),
            (false, false) => format!("stance of {names} to {}, in public {}", b.stance.word(), b.claimed.word()),
            (true, _) => format!("stance of {names} in public to {}", b.claimed.word()),
        };
        let tie = &world.tie[pair];
        let stand = world.alive[low] && world.alive[high];
        if stand && (tie.stance, tie.claimed) == (b.stance, b.claimed) {
            pulled.tell(words, Some("so it is by then"));
            continue;
        }
        if stand {
            world.take_stance(low, high, b.stance, true);
            let tie = &mut world.tie[pair];
            (tie.claimed, tie.talks) = (b.claimed, None);
            pulled.brought.push((low, high));
        }
        pulled.tell(words, obstacle(stand));
    }
}

fn truces(was: &Setting, is: &Setting, world: &mut World, pulled: &mut Pulled) {
    for (pair, low, high) in PairId::all(was.founding) {
        let (a, b) = (was.initial.truce[pair], is.initial.truce[pair]);
        if a == b {
            continue;
        }
        let stand = world.alive[low] && world.alive[high];
        let reason = if !stand {
            Some(GONE)
        } else if b > world.step && world.tie[pair].stance == Stance::War {
            Some("they are at war by then")
        } else if b.max(world.step) == world.truce[pair].max(world.step) {
            Some("so it is by then")
        } else {
            None
        };
        if reason.is_none() {
            world.truce[pair] = b;
        }
        let until = match b {
            0 => "to none".to_owned(),
            _ => format!("until {}", was.calendar.date_of(b)),
        };
        pulled.tell(format!("truce of {} {until}", names(was, low, high)), reason);
    }
}

fn leaders(was: &Setting, is: &Setting, world: &mut World, pulled: &mut Pulled) {
    for (index, (a, b)) in was.initial.leader.values().iter().zip(is.initial.leader.values()).enumerate() {
        if a == b {
            continue;
        }
        let umbrella = UmbrellaId::from_index(index);
        let label = &was.umbrellas[umbrella].label;
        let reason = if !world.alive[*b] || world.umbrella[*b] != Some(umbrella) {
            Some("no member by then")
        } else if world.leader[umbrella] == *b {
            Some("so it is by then")
        } else {
            None
        };
        if reason.is_none() {
            world.leader[umbrella] = *b;
        }
        pulled.tell(format!("leader of {label} to {}", was.factions[*b].label), reason);
    }
}

fn accords(was: &Setting, is: &Setting, world: &mut World, pulled: &mut Pulled) {
    for (accord, a) in was.initial.accord.iter() {
        let b = &is.initial.accord[accord];
        let name = |accord: AccordId| was.accords[accord].name.as_str();
        let health = std::slice::from_mut(&mut world.accord[accord].health);
        shift(
            health,
            &[a.health],
            &[b.health],
            (0.0, 1.0),
            |_| Ok(1.0),
            |_, by, obstacle| {
                pulled.tell(format!("health of {}{by}", name(accord)), obstacle);
            },
        );
        for (place, (a, b)) in a.status.iter().zip(&b.status).enumerate() {
            if a == b {
                continue;
            }
            let present = &mut world.accord[accord].status[place];
            let reason = match present {
                None => Some(GONE),
                Some(_) if present == b => Some("so it is by then"),
                Some(_) => None,
            };
            if reason.is_none() {
                *present = *b;
            }
            let party = was.accords[accord].parties[place].0;
            pulled.tell(format!("status of {} in {}", was.factions[party].label, name(accord)), reason);
        }
    }
}

fn borders(was: &Setting, is: &Setting, world: &mut World, pulled: &mut Pulled) {
    let (a, b) = (was.initial.borders.list(), is.initial.borders.list());
    let closed = b.iter().filter(|border| !a.contains(border)).map(|border| (border, false));
    let opened = a.iter().filter(|border| !b.contains(border)).map(|border| (border, true));
    for (border, open) in closed.chain(opened) {
        let so = world.borders.list().contains(border) != open;
        world.borders.set(*border, open);
        let [one, other] = border.map(|country| was.countries[country].as_str());
        let words = format!("border between {one} and {other} {}", if open { "open" } else { "closed" });
        pulled.tell(words, so.then_some("so it is by then"));
    }
}

fn names(setting: &Setting, low: FactionId, high: FactionId) -> String {
    format!("{} and {}", setting.factions[low].label, setting.factions[high].label)
}

fn founders(setting: &Setting) -> impl Iterator<Item = FactionId> + use<> {
    (0..setting.founding).map(FactionId::from_index)
}

/// To three decimals, for words.
fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}
