//! Zones' outlines from a GeoJSON file (RFC 7946), in the forms in which offices publish them.

use super::file::Zone;
use super::read::place::Place;
use super::read::problem::Problem;
use super::read::texts::{Texts, read_text};
use crate::base::name::{first_few, folded, without_mark};
use geojson::feature::Id;
use geojson::{Feature, GeoJson, GeometryValue, Position};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// A closed line of (longitude, latitude) in degrees; its first point is not said again at its end.
pub type Ring = Vec<(f64, f64)>;
/// A piece of land: the line around it, then those around its holes.
pub type Area = Vec<Ring>;

/// The largest file of outlines that is read, in bytes.
pub const LARGEST: u64 = 64 * 1024 * 1024;
/// The property that says whose outline a feature is.
const ID: &str = "id";
/// How many names are listed in a message.
const LISTED: usize = 8;

/// The outlines of a file, with the text that they were read from. A copy shares both.
#[derive(Clone, Debug)]
pub struct Outlines {
    /// The file's text.
    pub text: Arc<str>,
    features: Arc<[Outlined]>,
}

/// A feature of a file.
#[derive(Debug)]
struct Outlined {
    /// What it is called, by property; under the empty name, its own id.
    names: BTreeMap<String, String>,
    /// Its land; none of a point or a line.
    areas: Vec<Arc<Area>>,
}

/// Which outline is whose.
#[derive(Clone, Debug, Default)]
pub struct ZoneOutlines {
    /// The land of each zone that has an outline, by the zone's id.
    pub areas: BTreeMap<String, Vec<Arc<Area>>>,
    /// The ids of zones without an outline.
    pub missing: Vec<String>,
    /// The names of features that are no zone.
    pub unknown: Vec<String>,
}

impl ZoneOutlines {
    /// What is said of zones without an outline and of features that are no zone; nothing if there are neither.
    pub fn left_over(&self) -> Option<String> {
        let missing = (!self.missing.is_empty()).then(|| format!("no outline for {}", listed(&self.missing)));
        let unknown =
            (!self.unknown.is_empty()).then(|| format!("no zone for the outlines of {}", listed(&self.unknown)));
        let parts: Vec<String> = missing.into_iter().chain(unknown).collect();
        (!parts.is_empty()).then(|| parts.join("; "))
    }
}

impl Outlines {
    /// Reads a file of outlines.
    ///
    /// # Errors
    /// If it is not there, too large, or not what [`Outlines::parse`] takes.
    pub fn read(texts: &dyn Texts, path: &Path, named_at: Option<&Place>) -> Result<Self, Problem> {
        let text = read_text(texts, path, ("a file of outlines", "json", LARGEST), named_at)?;
        Self::parse(&text).map_err(|reason| Problem {
            message: format!("{} {reason}", path.display()),
            expected: None,
            help: None,
            place: named_at.cloned(),
        })
    }

    /// The polygons of every feature, those in collections of geometries too, with all by which a feature may be told.
    ///
    /// # Errors
    /// Why it cannot be used, as the rest of a sentence that begins with its name: it is no GeoJSON with features, a ring is
    /// none, or its coordinates are no degrees.
    pub fn parse(text: &str) -> Result<Self, String> {
        let read: Result<GeoJson, geojson::Error> = without_mark(text).parse();
        let (features, foreign) = match read.map_err(|error| not_geojson(text, &error))? {
            GeoJson::FeatureCollection(all) => (all.features, all.foreign_members),
            GeoJson::Feature(feature) => {
                let foreign = feature.foreign_members.clone();
                (vec![feature], foreign)
            }
            GeoJson::Geometry(_) => return Err(format!("is a geometry without a name; {EXPECTED}")),
        };
        let system = foreign.as_ref().and_then(|members| members.get("crs")?.pointer("/properties/name")?.as_str());
        if let Some(system) = system.filter(|system| !in_degrees(system)) {
            return Err(format!("has coordinates in {system}, {DEGREES}"));
        }
        let outlined = features.into_iter().enumerate();
        let features: Vec<Outlined> =
            outlined.map(|(number, feature)| outlined_by(number, feature)).collect::<Result<_, _>>()?;
        Ok(Self { text: text.into(), features: features.into() })
    }

    /// Every feature in the order of the file: what it is called, by property (under the empty name its own id), and its land.
    pub fn features(&self) -> impl ExactSizeIterator<Item = (&BTreeMap<String, String>, &[Arc<Area>])> {
        self.features.iter().map(|feature| (&feature.names, feature.areas.as_slice()))
    }

    /// Which outline is whose: a feature is a zone's that is called by the zone's id or name, but for case, accents and signs. What
    /// it is called is taken from the property by which most zones are found: `id` or else the feature's own id before others, and
    /// of those the one with fewest features for them.
    ///
    /// # Errors
    /// Why no zone has an outline, as the rest of a sentence that begins with the file's name.
    pub fn of_zones(&self, zones: &[Zone]) -> Result<ZoneOutlines, String> {
        let mut zone_of: BTreeMap<String, usize> = BTreeMap::new();
        for (index, zone) in zones.iter().enumerate() {
            zone_of.insert(folded(&zone.id), index);
        }
        for (index, zone) in zones.iter().enumerate() {
            zone_of.entry(folded(&zone.name)).or_insert(index);
        }
        let of = |feature: &Outlined, key: &str| {
            let name = feature.names.get(key)?;
            let same = zones.iter().position(|zone| zone.id == *name);
            same.or_else(|| zone_of.get(&folded(name)).copied())
        };
        let keys: BTreeSet<&str> =
            self.features.iter().flat_map(|feature| feature.names.keys().map(String::as_str)).collect();
        let found = keys.into_iter().map(|key| {
            let all: Vec<usize> = self.features.iter().filter_map(|feature| of(feature, key)).collect();
            let zones = all.iter().collect::<BTreeSet<_>>().len();
            ((zones, key == ID, key.is_empty(), usize::MAX - all.len()), key)
        });
        // The first of equals, in the order of their names.
        let best = found.fold(None, |best, (rank, key)| match best {
            Some((before, _)) if before >= rank => best,
            _ => Some((rank, key)),
        });
        let Some((_, key)) = best.filter(|((zones, ..), _)| *zones > 0) else {
            return Err(self.nobodys(zones));
        };
        let mut areas: BTreeMap<usize, Vec<Arc<Area>>> = BTreeMap::new();
        let mut unknown = Vec::new();
        for feature in self.features.iter().filter(|feature| !feature.areas.is_empty()) {
            match of(feature, key) {
                Some(zone) => areas.entry(zone).or_default().extend(feature.areas.iter().cloned()),
                None => unknown.push(feature.names.get(key).cloned().unwrap_or_else(|| "one without a name".into())),
            }
        }
        if areas.is_empty() {
            return Err(format!(
                "has no polygon of a zone: of {}, points, lines or nothing are given",
                listed(&ids(zones))
            ));
        }
        let missing = (0..zones.len()).filter(|zone| !areas.contains_key(zone)).map(|zone| zones[zone].id.clone());
        let missing = missing.collect();
        let areas = areas.into_iter().map(|(zone, areas)| (zones[zone].id.clone(), areas)).collect();
        Ok(ZoneOutlines { areas, missing, unknown })
    }

    /// That no feature is a zone, with what they are called.
    fn nobodys(&self, zones: &[Zone]) -> String {
        let called =
            self.features.iter().filter_map(|feature| feature.names.get(ID).or_else(|| feature.names.values().next()));
        let called: Vec<String> = called.cloned().collect();
        let found = match called.is_empty() {
            true => format!("{} features without a name", self.features.len()),
            false => format!("features called {}", listed(&called)),
        };
        format!(
            "has no outline of a zone: it has {found}; expected a property `{ID}` with the id of a zone, such as {}",
            listed(&ids(zones))
        )
    }
}

fn ids(zones: &[Zone]) -> Vec<String> {
    zones.iter().map(|zone| zone.id.clone()).collect()
}

fn listed(names: &[String]) -> String {
    first_few(&names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>(), LISTED)
}

const EXPECTED: &str =
    "expected a GeoJSON FeatureCollection: a list `features`, each with a geometry and a property `id`";
const DEGREES: &str = "expected longitudes and latitudes in degrees (WGS 84): `ogr2ogr -t_srs EPSG:4326 -lco RFC7946=YES out.geojson FILE` rewrites it";

/// What a text is that is no GeoJSON.
fn not_geojson(text: &str, error: &geojson::Error) -> String {
    let document: serde_json::Value = match serde_json::from_str(without_mark(text)) {
        Ok(document) => document,
        Err(error) => return format!("is not JSON: {error}; expected GeoJSON"),
    };
    match document.get("type").and_then(serde_json::Value::as_str) {
        Some("Topology") => format!("is TopoJSON, {EXPECTED}; `ogr2ogr -f GeoJSON out.geojson FILE` rewrites it"),
        Some(_) if document.get("features").is_some() || document.get("geometry").is_some() => {
            format!("is not GeoJSON: {error}")
        }
        _ => format!("is not GeoJSON: there is no list `features`; {EXPECTED}"),
    }
}

/// Whether a coordinate reference system, as GeoJSON named it before 2016, has longitudes and latitudes in degrees. EPSG keeps the
/// numbers from 4000 to 4999 for those.
fn in_degrees(system: &str) -> bool {
    let code = system.rsplit(':').next().and_then(|code| code.parse::<u32>().ok());
    system.ends_with("CRS84") || code.is_some_and(|code| (4000..5000).contains(&code))
}

fn outlined_by(number: usize, feature: Feature) -> Result<Outlined, String> {
    let mut names: BTreeMap<String, String> = feature
        .properties
        .into_iter()
        .flatten()
        .filter_map(|(key, value)| match value {
            serde_json::Value::String(text) if !text.trim().is_empty() => Some((key, text)),
            serde_json::Value::Number(number) if key == ID => Some((key, number.to_string())),
            _ => None,
        })
        .collect();
    match feature.id {
        Some(Id::String(id)) => drop(names.insert(String::new(), id)),
        Some(Id::Number(id)) => drop(names.insert(String::new(), id.to_string())),
        None => {}
    }
    let called =
        names.get(ID).or_else(|| names.values().next()).map_or_else(String::new, |name| format!(" (`{name}`)"));
    let mut areas = Vec::new();
    if let Some(geometry) = feature.geometry {
        collect(geometry.value, &mut areas)
            .map_err(|reason| format!("has a feature, number {}{called}, {reason}", number + 1))?;
    }
    Ok(Outlined { names, areas })
}

/// The areas of a geometry.
fn collect(geometry: GeometryValue, areas: &mut Vec<Arc<Area>>) -> Result<(), String> {
    match geometry {
        GeometryValue::Polygon { coordinates } => areas.extend(area(&coordinates)?),
        GeometryValue::MultiPolygon { coordinates } => {
            for polygon in &coordinates {
                areas.extend(area(polygon)?);
            }
        }
        GeometryValue::GeometryCollection { geometries } => {
            for geometry in geometries {
                collect(geometry.value, areas)?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// The rings of a polygon; none of one without coordinates.
fn area(polygon: &[Vec<Position>]) -> Result<Option<Arc<Area>>, String> {
    let rings: Area = polygon.iter().map(|positions| ring(positions)).collect::<Result<_, _>>()?;
    Ok((!rings.is_empty()).then(|| Arc::new(rings)))
}

fn ring(positions: &[Position]) -> Result<Ring, String> {
    let mut ring = Ring::with_capacity(positions.len());
    for position in positions {
        let [longitude, latitude, ..] = *position.as_slice() else {
            return Err("with a position of fewer than two numbers".into());
        };
        if longitude.abs() > 360.0 || latitude.abs() > 90.0 {
            return Err(format!("at [{longitude}, {latitude}], {DEGREES}"));
        }
        let point = (longitude, latitude);
        if ring.last() != Some(&point) {
            ring.push(point);
        }
    }
    if ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    let corners = ring.len();
    if corners < 3 { Err(format!("with a ring of {corners} corners, expected three or more")) } else { Ok(ring) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zones(list: &[(&str, &str)]) -> Vec<Zone> {
        let zone = |(id, name): &(&str, &str)| {
            let text = format!("id = \"{id}\"\nname = \"{name}\"\ncountry = \"X\"\nposition = [0, 0]\npopulation = 1");
            toml::from_str(&text).unwrap()
        };
        list.iter().map(zone).collect()
    }

    fn collection(features: &[&str]) -> String {
        format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", features.join(","))
    }

    fn feature(properties: &str, from: i32) -> String {
        let to = from + 1;
        format!(
            "{{\"type\":\"Feature\",{properties},\"geometry\":{{\"type\":\"Polygon\",\"coordinates\":[[[{from},0],[{to},0],[{to},1],[{from},0]]]}}}}"
        )
    }

    #[test]
    fn land_is_read_from_polygons_of_any_kind() {
        let text = collection(&[
            &feature(r#""properties":{"id":"a"}"#, 0),
            r#"{"type":"Feature","properties":{"id":"b"},"geometry":{"type":"MultiPolygon","coordinates":
                [[[[0,0],[9,0],[9,9],[0,0]],[[3,1],[4,1],[4,2],[3,1]]],[[[2,2],[3,2],[3,3]]]]}}"#,
            r#"{"type":"Feature","properties":{"id":"c"},"geometry":{"type":"Point","coordinates":[0,0]}}"#,
            r#"{"type":"Feature","properties":{},"geometry":null}"#,
        ]);
        let found = Outlines::parse(&text).unwrap().of_zones(&zones(&[("a", "A"), ("b", "B"), ("c", "C")])).unwrap();
        let rings = |zone: &str| found.areas[zone].iter().map(|area| area.len()).collect::<Vec<_>>();
        assert_eq!((rings("a"), rings("b")), (vec![1], vec![2, 1]));
        assert_eq!(found.areas["a"][0][0], [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)]);
        assert_eq!(found.left_over().unwrap(), "no outline for `c`");
    }

    #[test]
    fn zones_are_found_by_the_property_that_finds_most() {
        let list = zones(&[("gao", "Gao"), ("the-heights", "Les Hauteurs")]);
        let found = |features: &[&str]| Outlines::parse(&collection(features)).unwrap().of_zones(&list);
        // By name, where another property has a zone's name for all.
        let by_name = found(&[
            &feature(r#""properties":{"group":"Gao","shapeName":"GAO"}"#, 0),
            &feature(r#""properties":{"group":"Gao","shapeName":"Les hauteurs"}"#, 2),
        ]);
        assert_eq!(by_name.unwrap().areas.len(), 2);
        let by_id = found(&[
            &feature(r#""id":"the-heights","properties":null"#, 4),
            &feature(r#""id":7,"properties":null"#, 4),
        ])
        .unwrap();
        assert_eq!(
            (by_id.areas.len(), &*by_id.missing, &*by_id.unknown),
            (1, &["gao".to_owned()][..], &["7".to_owned()][..])
        );
        let nobody = found(&[&feature(r#""properties":{"id":"elsewhere"}"#, 0)]).unwrap_err();
        assert!(nobody.contains("called `elsewhere`") && nobody.contains("such as `gao`"), "{nobody}");
    }

    #[test]
    fn what_is_no_outline_is_refused_with_the_reason() {
        let refused = |text: &str| Outlines::parse(text).unwrap_err();
        let crs = r#""crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::32630"}},"type""#;
        let projected = feature(r#""properties":{"id":"a"}"#, 423_000);
        for (text, reason) in [
            ("nonsense", "is not JSON"),
            ("{}", "no list `features`"),
            (r#"{"type":"Topology","objects":{},"arcs":[]}"#, "is TopoJSON"),
            (r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}"#, "a geometry without a name"),
            (
                &collection(&[&projected]),
                "number 1 (`a`), at [423000, 0], expected longitudes and latitudes in degrees",
            ),
            (
                &collection(&[&feature(r#""properties":null"#, 0)]).replacen("\"type\"", crs, 1),
                "coordinates in urn:ogc:def:crs:EPSG::32630",
            ),
            (
                &collection(&[
                    r#"{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[0,0]]]}}"#,
                ]),
                "a ring of 2 corners",
            ),
        ] {
            let told = refused(text);
            assert!(told.contains(reason), "{reason}: {told}");
        }
        let degrees = collection(&[&feature(r#""properties":{"id":"a"}"#, 0)]).replacen(
            "\"type\"",
            &crs.replace("32630", "4326"),
            1,
        );
        assert!(Outlines::parse(&format!("\u{feff}{degrees}")).is_ok());
    }
}
