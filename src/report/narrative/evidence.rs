//! What can be seen of a conflict, in words.

use super::{Names, happening};
use crate::analysis::signposts::Evidence;
use crate::measure::{Quantity, Unit};
use crate::report::words::{quantity, violence};

const AT_MOST: &str = "at most";

/// Something that can be seen, as a sentence without its full stop.
pub fn sentence(names: Names<'_>, evidence: &Evidence) -> String {
    match evidence {
        Evidence::Happened(happened) => happening::sentence(names, happened),
        Evidence::LostGround(faction) => format!("{} lost a zone", names.faction(*faction)),
        Evidence::TookGround(faction) => format!("{} took a zone", names.faction(*faction)),
        Evidence::AtLeast(of, level) => amount(names, of, "at least", *level),
        Evidence::AtMost(of, level) => amount(names, of, AT_MOST, *level),
    }
}

/// That there is so much of a quantity.
fn amount(names: Names<'_>, of: &Quantity, bound: &str, level: f64) -> String {
    let much = match (of, of.unit()) {
        (Quantity::Deaths { .. } | Quantity::Displaced { .. }, _) if bound == AT_MOST && level <= 0.0 => {
            "nobody".into()
        }
        (_, Unit::People | Unit::Fighters | Unit::Count) if bound == AT_MOST && level <= 0.0 => "no".into(),
        (_, unit) => format!("{bound} {}", quantity(unit, level)),
    };
    let number = |one: &'static str, many: &'static str| if (level - 1.0).abs() < 1e-9 { one } else { many };
    let whose = |group: &_| names.group(*group);
    let place = |zone: &Option<_>, country: &Option<usize>| match (zone, country) {
        (Some(zone), _) => format!(" in {}", names.zone(*zone)),
        (None, Some(country)) => format!(" in {}", names.country(*country)),
        (None, None) => String::new(),
    };
    let words = match of {
        Quantity::Deaths { between: Some([a, b]), .. } => {
            format!("{much} killed in fighting between {} and {}", whose(a), whose(b))
        }
        Quantity::Deaths { kind, zone, country, .. } => {
            let how = kind.map_or_else(|| "killed".to_owned(), |kind| format!("killed in {}", violence(kind)));
            format!("{much} {how}{}", place(zone, country))
        }
        Quantity::Displaced { zone, country } => format!("{much} displaced{}", place(zone, country)),
        Quantity::CivilianDeaths { group, .. } => {
            format!("{much} {} reported killed by {}", number("civilian", "civilians"), whose(group))
        }
        Quantity::TerritoryShare { group, bloc_of, .. } => {
            let who = group.as_ref().or(bloc_of.as_ref()).map_or("anybody", |group| names.group(*group));
            format!("{much} of the territory held by {who}")
        }
        Quantity::Territory { group, bloc_of, count, .. } => {
            let who = group.as_ref().or(bloc_of.as_ref()).map_or("anybody", |group| names.group(*group));
            let what = match count_of(*count) {
                Unit::Count => number("zone", "zones"),
                _ => number("person", "people"),
            };
            format!("{much} {what} held by {who}")
        }
        Quantity::BlocShare { group } => {
            let whose = group
                .as_ref()
                .map_or_else(|| "the largest bloc".into(), |group| format!("the bloc of {}", names.group(*group)));
            format!("{much} of all fighters in {whose}")
        }
        Quantity::Hegemony { group } => {
            format!("{much} of strength, territory and support in the bloc of {}", whose(group))
        }
        Quantity::Support { group, .. } => format!("{much} support for {}", whose(group)),
        Quantity::Strength { group, zone } => {
            format!("{much} {} of {}{}", number("fighter", "fighters"), whose(group), place(zone, &None))
        }
        Quantity::AccordHealth { accord } => format!("{much} of full health in the accord: {}", names.accord(*accord)),
    };
    crate::report::naming::capital(&words)
}

fn count_of(count: crate::measure::Held) -> Unit {
    match count {
        crate::measure::Held::Zones => Unit::Count,
        crate::measure::Held::People => Unit::People,
    }
}
