//! The zones of a file of outlines: what they are called in each publisher's form, where they are, and which are next to each other.

use super::error::ImportError;
use super::geometry::{bounds, centre, holds};
use crate::base::meridian;
use crate::base::name::{first_few, folded, id_of};
use crate::base::triangulation::neighbours;
use crate::measure::SPLINTERS_OF;
use crate::scenario::{Area, Outlines, Ring};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The longest id.
pub const LONGEST_ID: usize = 64;
/// What no id of a zone or faction begins with: splinters are called so.
const RESERVED_BEGINNINGS: [&str; 2] = ["splinter-", SPLINTERS_OF];
/// How many cells wide and high the index of zones is.
const CELLS: usize = 96;
/// How fine corners are told apart, in parts of a degree: about 0.1 m.
const FINE: f64 = 1e6;
/// How many names are listed in a message.
const LISTED: usize = 8;

/// A zone of the file.
#[derive(Debug)]
pub struct ZoneLand {
    /// Its id in the scenario.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// All by which tables may call it, folded.
    pub called: BTreeSet<String>,
    /// The first-level region that the file says it is in.
    pub region: Option<String>,
    /// The country that the file says it is in, by name.
    pub country: Option<String>,
    /// A code that the zones of one country share.
    pub group: Option<String>,
    /// Longitude and latitude of its middle.
    pub centre: (f64, f64),
    /// Zones next to it.
    pub neighbours: BTreeSet<usize>,
    /// Whether those are the nearest ones, for it shares no border.
    pub apart: bool,
    areas: Vec<Area>,
    bounds: [f64; 4],
}

/// All zones of a file.
#[derive(Debug)]
pub struct Land {
    /// The zones in the order of the file.
    pub zones: Vec<ZoneLand>,
    /// Where longitudes begin, where land lies on both sides of the 180th meridian.
    beginning: Option<f64>,
    bounds: [f64; 4],
    index: Vec<Vec<u32>>,
}

/// Properties that hold an id or a code, a name, the region above, in the order in which they are trusted. `#` is a level of the
/// administration, from the third to the first.
const DIALECTS: [(&str, &str, &str); 6] = [
    ("id", "name", "region"),
    ("shapeID", "shapeName", ""),
    ("adm#_pcode", "adm#_en", "adm^_en"),
    ("adm#_pcode", "adm#_name", "adm^_name"),
    ("gid_#", "name_#", "name_^"),
    ("adm1_code", "name", ""),
];
/// Properties that hold the name of the country.
const COUNTRIES: [&str; 7] = ["adm0_en", "adm0_name", "name_0", "country", "admin", "adm0_fr", "adm0_es"];
/// Properties that hold a code of the country.
const GROUPS: [&str; 5] = ["shapegroup", "adm0_pcode", "gid_0", "adm0_a3", "iso"];

/// What a feature is called.
struct Called {
    id: Option<String>,
    name: String,
    code: Option<String>,
    region: Option<String>,
}

impl Land {
    /// The zones of outlines.
    ///
    /// # Errors
    /// Which features have no name, or share an id; or that there are none.
    pub fn of(outlines: &Outlines, path: &Path) -> Result<Self, ImportError> {
        let wrong = |reason: String| ImportError::Input(format!("{}: {reason}", path.display()));
        let mut zones: Vec<ZoneLand> = Vec::new();
        let (mut nameless, mut seen) = (Vec::new(), BTreeMap::new());
        for (number, (properties, areas)) in outlines.features().enumerate() {
            if areas.is_empty() {
                continue;
            }
            let properties: BTreeMap<String, &str> =
                properties.iter().map(|(key, value)| (key.to_lowercase(), value.trim())).collect();
            let Some(called) = called(&properties) else {
                nameless.push((number + 1).to_string());
                continue;
            };
            if let Some(own) = called.id.as_ref().or(called.code.as_ref())
                && let Some(other) = seen.insert(own.clone(), number + 1)
            {
                return Err(wrong(format!(
                    "features {other} and {} are both called `{own}`, expected an id for each",
                    number + 1
                )));
            }
            let areas: Vec<Area> = areas.iter().map(|area| area.to_vec()).collect();
            let texts = [called.id.as_deref(), Some(called.name.as_str()), called.code.as_deref()];
            let get = |key: &str| properties.get(key).filter(|text| !text.is_empty()).map(|text| (*text).to_owned());
            let first = |keys: &[&str]| keys.iter().find_map(|key| get(key));
            zones.push(ZoneLand {
                id: called.id.as_deref().and_then(|id| id_of(id, LONGEST_ID - 5)).unwrap_or_default(),
                called: texts.into_iter().flatten().map(folded).collect(),
                name: called.name,
                region: called.region,
                country: first(&COUNTRIES),
                group: first(&GROUPS),
                centre: (0.0, 0.0),
                neighbours: BTreeSet::new(),
                apart: false,
                areas,
                bounds: [0.0; 4],
            });
        }
        if !nameless.is_empty() {
            return Err(wrong(format!(
                "features without a name: number {}; expected a property `id`, `shapeName`, `ADM2_EN`, `NAME_2` \
                 or `name` of each",
                first_few(&nameless, LISTED)
            )));
        }
        if let Some((one, other)) = of_one_outline(&zones) {
            return Err(wrong(format!(
                "{} and {} have one outline, expected an outline of its own for each",
                zones[one].name, zones[other].name
            )));
        }
        if zones.is_empty() {
            return Err(wrong("it has no polygon; expected the outline of every zone".into()));
        }
        give_ids(&mut zones);
        let mut land = Self { zones, beginning: None, bounds: [0.0; 4], index: Vec::new() };
        land.lay_out();
        land.join();
        Ok(land)
    }

    /// Moves land that lies across the 180th meridian together, and finds middles, bounds and the index.
    fn lay_out(&mut self) {
        let stretch = |ring: &[(f64, f64)]| {
            let ends = (f64::INFINITY, f64::NEG_INFINITY);
            ring.iter().fold(ends, |(west, east), point| (west.min(point.0), east.max(point.0)))
        };
        let rings = |zones: &mut Vec<ZoneLand>, change: &mut dyn FnMut(&mut Ring)| {
            zones.iter_mut().flat_map(|zone| &mut zone.areas).flatten().for_each(change);
        };
        rings(&mut self.zones, &mut |ring| meridian::unrolled(ring));
        let mut stretches = Vec::new();
        rings(&mut self.zones, &mut |ring| stretches.push(stretch(ring)));
        self.beginning = meridian::beginning(&stretches);
        if let Some(beginning) = self.beginning {
            rings(&mut self.zones, &mut |ring| {
                let shift = meridian::shift(stretch(ring).0, beginning);
                ring.iter_mut().for_each(|point| point.0 += shift);
            });
        }
        for zone in &mut self.zones {
            zone.bounds = bounds(zone.areas.iter().flatten().flatten());
            zone.centre = centre(&zone.areas);
        }
        let corners = self.zones.iter().map(|zone| zone.bounds);
        let corners: Vec<(f64, f64)> = corners.flat_map(|[w, s, e, n]| [(w, s), (e, n)]).collect();
        self.bounds = bounds(corners.iter());
        self.index = vec![Vec::new(); CELLS * CELLS];
        for number in 0..self.zones.len() {
            let [west, south, east, north] = self.zones[number].bounds;
            let ((left, low), (right, high)) = (self.cell((west, south)), self.cell((east, north)));
            for row in low..=high {
                for column in left..=right {
                    self.index[row * CELLS + column].push(number as u32);
                }
            }
        }
    }

    /// The cell of the index that a point lies in, the nearest of those outside.
    fn cell(&self, (x, y): (f64, f64)) -> (usize, usize) {
        let [west, south, east, north] = self.bounds;
        let of = |at: f64, from: f64, to: f64| {
            let share = (at - from) / (to - from).max(1e-9);
            ((share * CELLS as f64) as usize).min(CELLS - 1)
        };
        (of(x, west, east), of(y, south, north))
    }

    /// The zone that a point (longitude, latitude) lies in; the first of the file where several do.
    pub fn zone_at(&self, (longitude, latitude): (f64, f64)) -> Option<usize> {
        let shift = self.beginning.map_or(0.0, |beginning| meridian::shift(longitude, beginning));
        let point = (longitude + shift, latitude);
        let [west, south, east, north] = self.bounds;
        if point.0 < west || point.0 > east || point.1 < south || point.1 > north {
            return None;
        }
        let (column, row) = self.cell(point);
        let near = self.index[row * CELLS + column].iter().map(|number| *number as usize);
        near.into_iter().find(|number| {
            let [west, south, east, north] = self.zones[*number].bounds;
            let within = point.0 >= west && point.0 <= east && point.1 >= south && point.1 <= north;
            within && self.zones[*number].areas.iter().any(|area| holds(area, point))
        })
    }

    /// The bounds of all zones in words.
    pub fn extent(&self) -> String {
        let [west, south, east, north] = self.bounds;
        format!("longitudes {west:.1} to {east:.1}, latitudes {south:.1} to {north:.1}")
    }

    /// A zone's middle, with a longitude of -180 to 180.
    pub fn middle(&self, zone: usize) -> (f64, f64) {
        let (longitude, latitude) = self.zones[zone].centre;
        let turned = (longitude + 180.0).rem_euclid(360.0) - 180.0;
        (turned, latitude)
    }

    /// Finds which zones are next to each other: those that share two corners or more; of a zone that shares none, those that
    /// Delaunay's triangulation of the middles gives.
    fn join(&mut self) {
        let mut corners: Vec<((i64, i64), u32)> = Vec::new();
        for (number, zone) in self.zones.iter().enumerate() {
            let points = zone.areas.iter().flatten().flatten();
            corners
                .extend(points.map(|(x, y)| (((x * FINE).round() as i64, (y * FINE).round() as i64), number as u32)));
        }
        corners.sort_unstable();
        corners.dedup();
        let mut shared: BTreeMap<(u32, u32), usize> = BTreeMap::new();
        for at_one in corners.chunk_by(|a, b| a.0 == b.0) {
            for (place, (_, one)) in at_one.iter().enumerate() {
                for (_, other) in &at_one[place + 1..] {
                    *shared.entry((*one, *other)).or_default() += 1;
                }
            }
        }
        for ((one, other), _) in shared.into_iter().filter(|(_, corners)| *corners >= 2) {
            self.zones[one as usize].neighbours.insert(other as usize);
            self.zones[other as usize].neighbours.insert(one as usize);
        }
        let middles: Vec<(f64, f64)> = self.zones.iter().map(|zone| zone.centre).collect();
        let alone: Vec<usize> = (0..self.zones.len()).filter(|zone| self.zones[*zone].neighbours.is_empty()).collect();
        if alone.is_empty() || self.zones.len() < 2 {
            return;
        }
        let (near, _) = neighbours(&middles);
        for zone in alone {
            self.zones[zone].apart = true;
            for &other in near[zone].iter().filter(|other| **other != zone) {
                self.zones[zone].neighbours.insert(other);
                self.zones[other].neighbours.insert(zone);
            }
        }
    }
}

/// What a feature is called, in the first form that it has.
fn called(properties: &BTreeMap<String, &str>) -> Option<Called> {
    let get = |key: &str| properties.get(key).filter(|text| !text.is_empty()).map(|text| (*text).to_owned());
    for (number, (code, name, region)) in DIALECTS.into_iter().enumerate() {
        let levels: &[u8] = if code.contains('#') { &[3, 2, 1] } else { &[0] };
        for level in levels {
            let key = |form: &str| {
                let form = form.replace('#', &level.to_string()).to_lowercase();
                form.replace('^', &level.saturating_sub(1).to_string())
            };
            let (code, name) = (get(&key(code)), get(&key(name)));
            // The region above a first-level one is its country.
            let region = get(&key(region)).filter(|_| *level != 1);
            match (number, code, name) {
                (0, Some(id), name) => {
                    let name = name.or_else(|| get("shapename")).unwrap_or_else(|| id.clone());
                    return Some(Called { id: Some(id), name, code: None, region });
                }
                (0, ..) | (_, _, None) => {}
                (_, code, Some(name)) => return Some(Called { id: None, name, code, region }),
            }
        }
    }
    get("").map(|id| Called { id: Some(id.clone()), name: id, code: None, region: None })
}

/// Two zones of the very same outline, if there are such.
fn of_one_outline(zones: &[ZoneLand]) -> Option<(usize, usize)> {
    let mut seen: BTreeMap<Vec<[u64; 2]>, usize> = BTreeMap::new();
    zones.iter().enumerate().find_map(|(number, zone)| {
        let points = zone.areas.iter().flatten().flatten().map(|(x, y)| [x.to_bits(), y.to_bits()]);
        seen.insert(points.collect(), number).map(|other| (other, number))
    })
}

/// Ids for all zones: their own, or of their names; where several have one, with the region, the code or a number after it.
fn give_ids(zones: &mut [ZoneLand]) {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for zone in zones.iter_mut() {
        if is_reserved(&zone.id) || !taken.insert(zone.id.clone()) {
            zone.id.clear();
        }
    }
    let named: Vec<Option<String>> = zones.iter().map(|zone| id_of(&zone.name, LONGEST_ID / 2)).collect();
    for number in 0..zones.len() {
        if !zones[number].id.is_empty() {
            continue;
        }
        let shared = named[number].is_some() && named.iter().filter(|id| **id == named[number]).count() > 1;
        let region = zones[number].region.as_deref().and_then(|region| id_of(region, LONGEST_ID / 3));
        let stem = match (&named[number], region) {
            (Some(id), Some(region)) if shared => format!("{id}-{region}"),
            (Some(id), _) => id.clone(),
            (None, _) => format!("zone-{}", number + 1),
        };
        zones[number].id = free(&stem, LONGEST_ID, &mut taken);
    }
}

/// An id of so many letters at most that is not taken yet: a stem, or that with a number after it. `the-` goes before a stem
/// that no number makes free.
pub fn free(stem: &str, longest: usize, taken: &mut BTreeSet<String>) -> String {
    let begins_reserved = RESERVED_BEGINNINGS.iter().any(|beginning| format!("{stem}-").starts_with(beginning));
    let stem = if begins_reserved { format!("the-{stem}") } else { stem.to_owned() };
    let with = |end: String| {
        let room = stem.len().min(longest.saturating_sub(end.len()));
        format!("{}{end}", stem[..room].trim_end_matches('-'))
    };
    // No more ids are taken than that, and the stem itself may be reserved.
    let numbers = (2..taken.len() + 4).map(|number| format!("-{number}"));
    let mut ids = std::iter::once(String::new()).chain(numbers).map(with);
    let id = ids.find(|id| !is_reserved(id) && !taken.contains(id)).unwrap_or_default();
    taken.insert(id.clone());
    id
}

/// Whether a scenario may not use an id for a zone or faction.
pub fn is_reserved(id: &str) -> bool {
    let numbered = |stem: &str| id.strip_prefix(stem).is_some_and(|rest| matches!(rest.as_bytes(), [b'1'..=b'9']));
    matches!(id, "" | "value" | "nobody" | "other" | "con" | "prn" | "aux" | "nul")
        || numbered("com")
        || numbered("lpt")
        || RESERVED_BEGINNINGS.iter().any(|beginning| id.starts_with(beginning))
        || id.ends_with("-town")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(properties: &str, (x, y): (i32, i32)) -> String {
        let (e, n) = (x + 1, y + 1);
        format!(
            r#"{{"type":"Feature","properties":{{{properties}}},"geometry":{{"type":"Polygon","coordinates":[[[{x},{y}],[{e},{y}],[{e},{n}],[{x},{n}],[{x},{y}]]]}}}}"#
        )
    }

    fn land(features: &[String]) -> Result<Land, ImportError> {
        let text = format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","));
        Land::of(&Outlines::parse(&text).unwrap(), Path::new("z.geojson"))
    }

    #[test]
    fn zones_are_called_as_each_publisher_calls_them() {
        for (properties, id, name, region, also) in [
            (r#""id":"gao","name":"Gao","shapeName":"X""#, "gao", "Gao", None, "gao"),
            (r#""shapeName":"Ménaka","shapeID":"77B1","shapeGroup":"MLI""#, "menaka", "Ménaka", None, "77b1"),
            (r#""ADM2_EN":"Gao","ADM2_PCODE":"ML0702","ADM1_EN":"Gaoland""#, "gao", "Gao", Some("Gaoland"), "ml0702"),
            (r#""adm2_name":"Gao","adm2_pcode":"ML0702","adm1_name":"R""#, "gao", "Gao", Some("R"), "ml0702"),
            (r#""NAME_2":"Gao","GID_2":"MLI.2.1_1","NAME_1":"R","NAME_0":"Mali""#, "gao", "Gao", Some("R"), "mli211"),
            (r#""NAME_1":"Gao","GID_1":"MLI.2_1","NAME_0":"Mali""#, "gao", "Gao", None, "mli21"),
            (r#""name":"Gao","adm1_code":"MLI-1","admin":"Mali""#, "gao", "Gao", None, "mli1"),
            (r#""shapeName":"الخرطوم","shapeID":"9""#, "zone-1", "الخرطوم", None, "9"),
        ] {
            let land = land(&[square(properties, (0, 0))]).unwrap();
            let zone = &land.zones[0];
            assert_eq!(
                (zone.id.as_str(), zone.name.as_str(), zone.region.as_deref()),
                (id, name, region),
                "{properties}"
            );
            assert!(zone.called.contains(also), "{:?}", zone.called);
        }
    }

    #[test]
    fn zones_of_one_name_are_told_apart() {
        let named = |region: &str, x| square(&format!(r#""NAME_2":"Bay","GID_2":"{x}","NAME_1":"{region}""#), (x, 0));
        let land = land(&[named("North", 0), named("South", 1), named("South", 2)]).unwrap();
        let ids: Vec<&str> = land.zones.iter().map(|zone| zone.id.as_str()).collect();
        assert_eq!(ids, ["bay-north", "bay-south", "bay-south-2"]);
    }

    #[test]
    fn every_name_comes_to_an_id_of_its_own_that_a_scenario_may_use() {
        let words = ["splinter", "splinters-of", "com1", "lpt9", "con", "value", "other", "nobody", "bay", "the", ""];
        let ends = ["", "-town", "-2", "-group-of-the-league", "-1-town"];
        let mut taken = BTreeSet::new();
        let names = words.iter().flat_map(|word| ends.iter().map(move |end| format!("{word}{end}")));
        let stems = names.filter_map(|name| id_of(&name, LONGEST_ID)).collect::<Vec<_>>();
        for stem in stems.iter().cycle().take(5 * stems.len()) {
            let known = taken.clone();
            let id = free(stem, 16, &mut taken);
            assert!(!is_reserved(&id) && !known.contains(&id), "{stem} came to `{id}`");
            assert_eq!(id_of(&id, 16).as_deref(), Some(id.as_str()));
        }
        let twice = [0, 1, 2].map(|x| square(r#""name":"Splinter","GID_2":"1""#, (x, 0)));
        let named = square(r#""id":"splinter-1""#, (4, 0));
        let land = land(&[&twice[..], &[named]].concat()).unwrap();
        let ids: Vec<&str> = land.zones.iter().map(|zone| zone.id.as_str()).collect();
        assert_eq!(ids, ["the-splinter", "the-splinter-2", "the-splinter-3", "the-splinter-1"]);
    }

    #[test]
    fn features_without_names_and_twice_the_same_are_refused() {
        let refused = |features: &[String]| land(features).unwrap_err().to_string();
        let nameless = refused(&[square(r#""name":"a""#, (0, 0)), square(r#""area":"3""#, (1, 0))]);
        assert!(nameless.contains("features without a name: number 2"), "{nameless}");
        let twice = refused(&[square(r#""id":"a""#, (0, 0)), square(r#""id":"a""#, (1, 0))]);
        assert!(twice.contains("features 1 and 2 are both called `a`"), "{twice}");
        assert!(refused(&[]).contains("no polygon"));
    }

    #[test]
    fn zones_that_share_a_border_are_neighbours_and_islands_have_the_nearest() {
        let at = |name: &str, place| square(&format!(r#""id":"{name}""#), place);
        let land = land(&[at("a", (0, 0)), at("b", (1, 0)), at("c", (1, 1)), at("island", (5, 5))]).unwrap();
        let near = |zone: usize| land.zones[zone].neighbours.iter().copied().collect::<Vec<_>>();
        // One corner is no border: `a` and `c` touch in a point.
        assert_eq!(near(0)[..1], [1]);
        assert!(!land.zones[0].neighbours.contains(&2) && near(1).contains(&2));
        assert!(land.zones[3].apart && !near(3).is_empty());
        assert_eq!(
            (land.zone_at((1.5, 1.5)), land.zone_at((3.0, 3.0)), land.zone_at((5.5, 5.2))),
            (Some(2), None, Some(3))
        );
        assert_eq!(land.middle(0), (0.5, 0.5));
    }

    #[test]
    fn land_across_the_180th_meridian_lies_together() {
        let land = land(&[square(r#""id":"west""#, (179, 0)), square(r#""id":"east""#, (-180, 0))]).unwrap();
        assert_eq!((land.zone_at((179.5, 0.5)), land.zone_at((-179.5, 0.5))), (Some(0), Some(1)));
        assert!(land.zones[0].neighbours.contains(&1) && !land.zones[0].apart);
        assert_eq!(land.middle(1), (-179.5, 0.5));
    }
}
