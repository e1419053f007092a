//! The scenario as text: every number with where it comes from.

use super::actor::{Actor, Actors};
use super::ask::{Asked, AskedDeaths, AskedPair, MOMENTS};
use super::estimate::{FactionSays, PairSays, Says, Window};
use super::formula::{self, rounded};
use super::land::Land;
use crate::base::day;
use std::fmt::Write as _;

/// Shares of less than this are left out.
const LEAST_SHARE: f64 = 0.005;
/// The most events of a faction whose presence is drawn, and the most zones.
const THIN: (usize, usize) = (30, 64);
/// The least that a concentration is: it has two decimals, and none may be 0.
const LEAST_SURE: f64 = 0.01;
/// Deaths a year where there were events, and nobody was killed: one in two years.
const NONE_KILLED: f64 = 0.5;
/// How many people keep one fighter.
const PEOPLE_PER_FIGHTER: f64 = 1000.0;

/// What a scenario is made of.
pub struct Parts<'a> {
    /// Its id.
    pub id: &'a str,
    /// Where numbers are said to come from.
    pub source: &'a str,
    /// Whether deaths have the bounds of half and double, which their source does not give.
    pub doubled: bool,
    /// The name of the file of outlines, as seen from the scenario.
    pub boundaries: &'a str,
    /// The country in which most events were.
    pub country: &'a str,
    /// The country of each zone.
    pub countries: &'a [String],
    /// People of each zone.
    pub people: &'a [f64],
    /// Where the people of each zone are known from.
    pub counted: &'a [String],
    /// People of each zone who are displaced, by the zone where they are.
    pub displaced: &'a [Vec<(usize, f64)>],
    /// The time that numbers rest on.
    pub window: &'a Window,
    /// The zones.
    pub land: &'a Land,
    /// The factions.
    pub actors: &'a Actors,
    /// What is said of all.
    pub says: &'a Says,
    /// What is asked.
    pub asked: &'a Asked,
}

/// The text of the scenario.
pub fn write(parts: &Parts<'_>) -> String {
    let mut text = String::new();
    // Writing to a text cannot fail.
    let _ = all(parts, &mut text);
    text
}

fn all(parts: &Parts<'_>, out: &mut String) -> std::fmt::Result {
    let Parts { window, source, .. } = parts;
    writeln!(
        out,
        "# Made by `entente import` from {} events of {} to {}, each counting for half as much every {}. What is an assumption says so;",
        source,
        window.from,
        window.start.plus_days(-1),
        window.half_life
    )?;
    writeln!(
        out,
        "# docs/import.md has the formulas. Nothing dated {} or later is in this file but `observed`.\n",
        window.start
    )?;
    writeln!(out, "[scenario]\nid = {}", quoted(parts.id))?;
    writeln!(out, "title = {}", quoted(&format!("{} on {}", parts.country, day(window.start))))?;
    writeln!(out, "start = {}\nhorizon = {}\nstep = \"1 week\"", window.start, quoted(MOMENTS[1]))?;
    writeln!(
        out,
        "axes = []                 # what they disagree on: name axes here, and `alignment` of factions on them"
    )?;
    writeln!(
        out,
        "attitudes = \"derived\"   # hostility and trust of pairs that have not fought follow from stance and alignment"
    )?;
    writeln!(out, "country = {}", quoted(parts.country))?;
    if let Some(conflict) = crate::base::name::id_of(parts.country, 40) {
        writeln!(out, "conflict = {}", quoted(&conflict))?;
    }
    writeln!(out, "boundaries = {}", quoted(parts.boundaries))?;
    writeln!(out, "\n[run]\nreplicates = 500\nseed = 1\n\n# ---- Zones\n")?;
    (0..parts.land.zones.len()).try_for_each(|zone| self::zone(parts, zone, out))?;
    writeln!(out, "# ---- Factions\n")?;
    (0..parts.actors.list.len()).try_for_each(|number| faction(parts, number, out))?;
    writeln!(out, "# ---- How they stand to each other; pairs that have not fought are neutral\n")?;
    parts.says.pairs.iter().try_for_each(|pair| relation(parts, pair, out))?;
    agreements(parts, out)?;
    writeln!(out, "# ---- Questions\n")?;
    parts.asked.pairs.iter().try_for_each(|asked| pair_questions(parts, asked, out))?;
    parts.asked.deaths.iter().try_for_each(|asked| deaths_question(parts, asked, out))?;
    writeln!(out, "# ---- What is not known well\n")?;
    uncertainties(parts, out)
}

fn zone(parts: &Parts<'_>, number: usize, out: &mut String) -> std::fmt::Result {
    let (zone, says) = (&parts.land.zones[number], &parts.says.zones[number]);
    let (longitude, latitude) = parts.land.middle(number);
    writeln!(out, "[[zone]]\nid = {}\nname = {}", quoted(&zone.id), quoted(&zone.name))?;
    writeln!(out, "country = {}", quoted(&parts.countries[number]))?;
    writeln!(out, "position = [{}, {}]", decimals(longitude, 3), decimals(latitude, 3))?;
    let people = parts.people[number].round();
    writeln!(out, "population = {{ value = {people}, source = {} }}", quoted(&parts.counted[number]))?;
    let revenue = decimals(people / PEOPLE_PER_FIGHTER, 1);
    let why = quoted("assumption: what keeps one fighter per 1,000 people");
    writeln!(out, "revenue = {{ value = {revenue}, source = {why} }}")?;
    let later = zone.neighbours.iter().filter(|other| **other > number);
    let later: Vec<String> = later.map(|other| quoted(&parts.land.zones[*other].id)).collect();
    if !later.is_empty() {
        let why = if zone.apart { "  # the nearest: it shares no border" } else { "" };
        writeln!(out, "neighbours = [{}]{why}", later.join(", "))?;
    }
    let shares = rounded(&says.control, 3).into_iter().enumerate().filter(|(_, share)| *share >= LEAST_SHARE);
    let shares: Vec<String> =
        shares.map(|(faction, share)| format!("{} = {}", parts.actors.list[faction].id, decimals(share, 3))).collect();
    if !shares.is_empty() {
        writeln!(out, "control = {{ {} }}", shares.join(", "))?;
    }
    let displaced = parts.displaced[number].iter();
    let displaced: Vec<String> =
        displaced.map(|(to, people)| format!("{} = {people}", parts.land.zones[*to].id)).collect();
    if !displaced.is_empty() {
        writeln!(out, "displaced = {{ {} }}", displaced.join(", "))?;
    }
    let events = says.evidence.words(parts.source);
    let source = match &says.sign {
        Some((id, day, ..)) => format!("{events}; control by {}, event {id} {day}", parts.source),
        None if says.evidence.count > 0 => format!("{events}; control by forces seen there"),
        None => format!("assumption: nobody is recorded there; control by forces ({events})"),
    };
    writeln!(out, "source = {}\n", quoted(&source))
}

fn faction(parts: &Parts<'_>, number: usize, out: &mut String) -> std::fmt::Result {
    let (actor, says) = (&parts.actors.list[number], &parts.says.factions[number]);
    writeln!(out, "[[faction]]\nid = {}\nname = {}", quoted(&actor.id), quoted(&actor.name))?;
    if actor.short() != actor.name {
        writeln!(out, "label = {}", quoted(actor.short()))?;
    }
    writeln!(out, "kind = {}", quoted(actor.kind()))?;
    let [low, best, high] = says.fighters;
    let source = match &says.strength {
        Some(source) if source.is_empty() => "assumption: given without a source".to_owned(),
        Some(source) => source.clone(),
        None => format!("assumption: order of magnitude of {}", what(actor)),
    };
    writeln!(out, "fighters = {{ value = {best}, low = {low}, high = {high}, source = {} }}", quoted(&source))?;
    let presence = presence(says).into_iter();
    let presence: Vec<String> =
        presence.map(|(zone, share)| format!("{} = {}", parts.land.zones[zone].id, decimals(share, 4))).collect();
    writeln!(out, "presence = {{ {} }}", presence.join(", "))?;
    writeln!(out, "civilian_harm = {}", decimals(says.harm, 3))?;
    let killed = bounds(says.killed);
    let words = match says.attacks.count {
        0 => format!("{}, no attack on civilians in the year before: as of one death in two years", parts.source),
        _ => says.attacks.words(parts.source),
    };
    writeln!(out, "civilian_deaths = {{ {killed}, source = {} }}", quoted(&words))?;
    if actor.kind() == "external_force" {
        writeln!(out, "recruits = false")?;
    }
    let mut source = says.evidence.words(parts.source);
    if says.placed == 0 {
        source.push_str("; none could be placed: presence by population is an assumption");
    } else if actor.kind() == "state" {
        source.push_str("; presence half by events, half by population");
    }
    writeln!(out, "source = {}\n", quoted(&source))
}

fn what(actor: &Actor) -> &'static str {
    match (actor.kind(), actor.assumed_fighters() > 500.0) {
        ("state", _) => "a government's forces",
        ("external_force", _) => "a force sent from abroad",
        (_, true) => "a rebel force",
        (_, false) => "a militia",
    }
}

/// Shares of presence by zone that sum to 1, the least left out.
fn presence(says: &FactionSays) -> Vec<(usize, f64)> {
    let kept: Vec<f64> =
        says.presence.iter().map(|share| if *share < LEAST_SHARE / 5.0 { 0.0 } else { *share }).collect();
    let shares = formula::shares(&kept).unwrap_or_else(|| says.presence.clone());
    rounded(&shares, 4).into_iter().enumerate().filter(|(_, share)| *share > 0.0).collect()
}

/// Deaths as a value with bounds.
fn bounds([low, best, high]: [u32; 3]) -> String {
    match (low, best, high) {
        (_, 0, 0) => format!("value = {NONE_KILLED}"),
        (_, 0, high) => format!("value = {NONE_KILLED}, low = 0, high = {high}"),
        (low, best, high) if low == best && best == high => format!("value = {best}"),
        _ => format!("value = {best}, low = {low}, high = {high}"),
    }
}

fn relation(parts: &Parts<'_>, says: &PairSays, out: &mut String) -> std::fmt::Result {
    let [a, b] = ids(parts, says.pair);
    writeln!(out, "[[relation]]\nbetween = [\"{a}\", \"{b}\"]\nstance = \"{}\"", says.stance)?;
    match says.since {
        Some((since, true)) => writeln!(out, "since = {since}        # or earlier: the record begins in that year")?,
        Some((since, false)) => writeln!(out, "since = {since}")?,
        None => writeln!(out, "fought = {}", says.fought)?,
    }
    if says.year.count > 0 {
        let but = if parts.doubled { "; bounds half and double" } else { "" };
        let source = format!("{}{but}", says.year.words(parts.source));
        writeln!(out, "deaths = {{ {}, source = {} }}", bounds(says.deaths), quoted(&source))?;
    }
    let hostility = says.hostility;
    let (low, high) = formula::hostility_ends(hostility);
    let [value, low, high] = [hostility, low, high].map(|number| decimals(number, 3));
    writeln!(out, "hostility = {{ value = {value}, low = {low}, high = {high} }}")?;
    let trust = decimals(formula::trust(hostility), 3);
    let why = quoted("assumption: half of what hostility leaves");
    writeln!(out, "trust = {{ value = {trust}, source = {why} }}")?;
    writeln!(out, "source = {}\n", quoted(&says.evidence.words(parts.source)))
}

/// Relations that agreements suggest, for the reader to accept.
fn agreements(parts: &Parts<'_>, out: &mut String) -> std::fmt::Result {
    for (pair, id, day) in &parts.says.agreements {
        let [a, b] = ids(parts, *pair);
        writeln!(
            out,
            "# {} has an agreement of these two ({id}, {day}). If it is a pact that holds, this is it:",
            parts.source
        )?;
        writeln!(out, "# [[relation]]")?;
        writeln!(out, "# between = [\"{a}\", \"{b}\"]\n# stance = \"pact\"\n# since = {day}")?;
        writeln!(
            out,
            "# hostility = 0.2\n# trust = 0.55\n# source = {}\n",
            quoted(&format!("{}, event {id} {day}", parts.source))
        )?;
    }
    Ok(())
}

fn pair_questions(parts: &Parts<'_>, asked: &AskedPair, out: &mut String) -> std::fmt::Result {
    let [a, b] = ids(parts, asked.pair);
    let (one, other) = (parts.actors.list[asked.pair.0].short(), parts.actors.list[asked.pair.1].short());
    let headline = if asked.headline { "headline = true\n" } else { "" };
    let moments: Vec<String> = MOMENTS.iter().map(|moment| quoted(moment)).collect();
    writeln!(out, "[[question]]\nid = \"pact-{a}-{b}\"")?;
    writeln!(out, "text = {}", quoted(&format!("Do {one} and {other} hold a pact or more?")))?;
    writeln!(out, "group = \"Pacts\"\n{headline}within = [{}]", moments.join(", "))?;
    writeln!(out, "when = {{ stance = {{ between = [\"{a}\", \"{b}\"], at_least = \"pact\" }} }}\n")?;
    writeln!(out, "[[question]]\nid = \"war-{a}-{b}\"")?;
    writeln!(out, "text = {}", quoted(&format!("Do {one} and {other} kill 25 or more of each other within a year?")))?;
    writeln!(out, "group = \"War\"\n{headline}at = {}", quoted(MOMENTS[1]))?;
    writeln!(out, "when = {{ active_dyad = {{ between = [\"{a}\", \"{b}\"] }} }}")?;
    if let Some(fought) = asked.fought {
        writeln!(out, "observed = {fought}")?;
    }
    writeln!(out)
}

fn deaths_question(parts: &Parts<'_>, asked: &AskedDeaths, out: &mut String) -> std::fmt::Result {
    let (id, text, measure) = match asked.kind {
        None => ("deaths", "How many people are killed?", "{ deaths = {} }".to_owned()),
        Some(kind) => (
            match kind {
                "state_based" => "deaths-state-based",
                "non_state" => "deaths-non-state",
                _ => "deaths-one-sided",
            },
            match kind {
                "state_based" => "How many people are killed in fighting with a state?",
                "non_state" => "How many people are killed in fighting between groups?",
                _ => "How many civilians are killed in attacks on them?",
            },
            format!("{{ deaths = {{ type = \"{kind}\" }} }}"),
        ),
    };
    let headline = if asked.kind.is_none() { "headline = true\n" } else { "" };
    let moments: Vec<String> = MOMENTS.iter().map(|moment| quoted(moment)).collect();
    writeln!(
        out,
        "[[question]]\nid = \"{id}\"\ntext = {}\ngroup = \"Deaths\"\n{headline}at = [{}]",
        quoted(text),
        moments.join(", ")
    )?;
    writeln!(out, "measure = {measure}")?;
    if asked.history.len() >= 3 {
        let rows: Vec<String> = asked.history.iter().map(|(day, deaths)| format!("{day} = {deaths}")).collect();
        writeln!(out, "history = {{ {} }}  # {}, monthly", rows.join(", "), parts.source)?;
    }
    if !asked.observed.is_empty() {
        let known: Vec<String> =
            asked.observed.iter().map(|(moment, deaths)| format!("\"{moment}\" = {deaths}")).collect();
        writeln!(out, "observed = {{ {} }}", known.join(", "))?;
    }
    writeln!(out)
}

fn uncertainties(parts: &Parts<'_>, out: &mut String) -> std::fmt::Result {
    let spread = |low: f64, high: f64| match (low < high, low > 0.0) {
        (false, _) => None,
        (true, true) => Some("\ndistribution = \"log_normal\""),
        (true, false) => Some(""),
    };
    for (actor, says) in parts.actors.list.iter().zip(&parts.says.factions) {
        if let Some(spread) = spread(says.fighters[0], says.fighters[2]) {
            writeln!(out, "[[uncertainty]]\npath = \"faction.{}.fighters\"{spread}\n", actor.id)?;
        }
        let [low, best, high] = says.killed.map(f64::from);
        if let Some(spread) = spread(low, high).filter(|_| best > 0.0) {
            writeln!(out, "[[uncertainty]]\npath = \"faction.{}.civilian_deaths\"{spread}\n", actor.id)?;
        }
    }
    for says in &parts.says.pairs {
        let [a, b] = ids(parts, says.pair);
        writeln!(out, "[[uncertainty]]\npath = \"relation.{a}.{b}.hostility\"\n")?;
        let [low, best, high] = says.deaths.map(f64::from);
        if let Some(spread) = spread(low, high).filter(|_| best > 0.0) {
            writeln!(out, "[[uncertainty]]\npath = \"relation.{a}.{b}.deaths\"{spread}\n")?;
        }
    }
    for (actor, says) in parts.actors.list.iter().zip(&parts.says.factions) {
        let shares = presence(says);
        let thin = says.placed > 0 && says.placed <= THIN.0 && (2..=THIN.1).contains(&shares.len());
        if thin && actor.kind() != "state" {
            let paths = shares
                .iter()
                .map(|(zone, _)| quoted(&format!("faction.{}.presence.{}", actor.id, parts.land.zones[*zone].id)));
            let paths: Vec<String> = paths.collect();
            // As sure as that many events are, each in the zone where it was.
            let sure = shares.iter().map(|(_, share)| decimals((share * says.placed as f64).max(LEAST_SURE), 2));
            let sure: Vec<String> = sure.collect();
            writeln!(out, "[[composition]]\npaths = [{}]\nconcentration = [{}]\n", paths.join(", "), sure.join(", "))?;
        }
    }
    Ok(())
}

fn ids(parts: &Parts<'_>, (a, b): (usize, usize)) -> [String; 2] {
    [a, b].map(|number| parts.actors.list[number].id.clone())
}

/// A number with at most so many decimals.
fn decimals(number: f64, decimals: usize) -> String {
    let text = format!("{number:.decimals$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// A text in quotes, as TOML has it.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            letter if letter.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(letter));
            }
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}
