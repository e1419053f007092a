//! Zones' outlines from a GeoJSON file (RFC 7946).

use super::read::place::Place;
use super::read::problem::Problem;
use super::read::texts::{Texts, read_text};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// Outlines of a zone: rings of (longitude, latitude) in degrees.
pub type Rings = Vec<Vec<(f64, f64)>>;

/// The largest file of outlines that is read, in bytes.
pub const LARGEST: u64 = 64 * 1024 * 1024;

/// The outlines of zones, with the text that they were read from. A copy shares both.
#[derive(Clone, Debug)]
pub struct Outlines {
    /// The file's text.
    pub text: Arc<str>,
    /// The rings of each zone that the file knows, by the zone's id.
    pub rings: Arc<BTreeMap<String, Rings>>,
}

impl Outlines {
    /// Reads a file of outlines.
    ///
    /// # Errors
    /// If it is not there, too large, or not what [`Outlines::parse`] takes.
    pub fn read(texts: &dyn Texts, path: &Path, named_at: Option<&Place>) -> Result<Self, Problem> {
        let text = read_text(texts, path, ("a file of outlines", "json", LARGEST), named_at)?;
        Self::parse(&text).map_err(|reason| Problem {
            message: format!("{} is {reason}", path.display()),
            expected: None,
            help: None,
            place: named_at.cloned(),
        })
    }

    /// The outer rings of the polygons of every feature that has a property `id`. Features of other kinds, without an
    /// `id` or with coordinates that are not numbers are left out; holes are not cut.
    ///
    /// # Errors
    /// What the text is not, and where, if it is no GeoJSON FeatureCollection.
    pub fn parse(text: &str) -> Result<Self, String> {
        let document: Value =
            serde_json::from_str(text).map_err(|error| format!("not JSON: {error}; expected GeoJSON"))?;
        let features = document.get("features").and_then(Value::as_array);
        let features = features.ok_or("not a GeoJSON FeatureCollection: there is no list `features`")?;
        let mut found: BTreeMap<String, Rings> = BTreeMap::new();
        for feature in features {
            let Some(id) = feature.pointer("/properties/id").and_then(Value::as_str) else {
                continue;
            };
            let kind = feature.pointer("/geometry/type").and_then(Value::as_str).unwrap_or_default();
            let Some(coordinates) = feature.pointer("/geometry/coordinates").and_then(Value::as_array) else {
                continue;
            };
            let outer: Vec<&Value> = match kind {
                "Polygon" => coordinates.first().into_iter().collect(),
                "MultiPolygon" => coordinates.iter().filter_map(|polygon| polygon.get(0)).collect(),
                _ => Vec::new(),
            };
            found.entry(id.to_owned()).or_default().extend(outer.into_iter().filter_map(ring));
        }
        Ok(Self { text: text.into(), rings: Arc::new(found) })
    }
}

fn ring(value: &Value) -> Option<Vec<(f64, f64)>> {
    let corners: Vec<(f64, f64)> = value
        .as_array()?
        .iter()
        .map(|point| Some((point.get(0)?.as_f64()?, point.get(1)?.as_f64()?)))
        .collect::<Option<_>>()?;
    (corners.len() >= 3 && corners.iter().all(|(x, y)| x.is_finite() && y.is_finite())).then_some(corners)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polygons_are_read_by_id() {
        let text = r#"{"type":"FeatureCollection","features":[
            {"properties":{"id":"a"},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}},
            {"properties":{"id":"b"},"geometry":{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]],[[[2,2],[3,2],[3,3]]]]}},
            {"properties":{"id":"c"},"geometry":{"type":"Point","coordinates":[0,0]}},
            {"properties":{},"geometry":null}]}"#;
        let shapes = Outlines::parse(text).unwrap().rings;
        assert_eq!((shapes["a"].len(), shapes["b"].len(), shapes["c"].len()), (1, 2, 0));
        assert!(Outlines::parse("{}").unwrap_err().contains("features"));
        assert!(Outlines::parse("nonsense").is_err());
    }
}
