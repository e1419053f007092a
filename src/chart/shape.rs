//! Zones' outlines from a GeoJSON file (RFC 7946).

use serde_json::Value;
use std::collections::BTreeMap;

/// Outlines of a zone: rings of (longitude, latitude) in degrees.
pub type Rings = Vec<Vec<(f64, f64)>>;

/// Why a boundaries file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ShapeError {
    /// It is not JSON.
    #[error("the boundaries are not JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// It is JSON but no collection of features.
    #[error("the boundaries are not a GeoJSON FeatureCollection: there is no list `features`")]
    Collection,
}

/// The outer rings of the polygons of every feature that has a property `id`. Features of other kinds, without an
/// `id` or with coordinates that are not numbers are left out; holes are not cut.
///
/// # Errors
/// If the text is no GeoJSON FeatureCollection.
pub fn outlines(geojson: &str) -> Result<BTreeMap<String, Rings>, ShapeError> {
    let document: Value = serde_json::from_str(geojson)?;
    let features = document.get("features").and_then(Value::as_array).ok_or(ShapeError::Collection)?;
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
    Ok(found)
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
        let shapes = outlines(text).unwrap();
        assert_eq!((shapes["a"].len(), shapes["b"].len(), shapes["c"].len()), (1, 2, 0));
        assert!(outlines("{}").unwrap_err().to_string().contains("features"));
        assert!(outlines("nonsense").is_err());
    }
}
