//! The unit and range of a number that a file gives. They stand with the field, in the schema of its type, from which
//! checks, documents and editors have them.

use schemars::Schema;
use serde_json::{Value as Json, json};

/// Gives a number, or each number of a list or table, its unit and range, ends included; an end that is infinite is none:
/// `#[schemars(transform = number("people", 0.0, f64::INFINITY))]`.
pub fn number(unit: &'static str, low: f64, high: f64) -> impl FnMut(&mut Schema) {
    let ends = [("minimum", low), ("maximum", high)].into_iter().filter(|(_, end)| end.is_finite());
    with_unit(unit, ends.collect())
}

/// [`number`] of those above a bound, which is not one of them.
pub fn above(unit: &'static str, low: f64) -> impl FnMut(&mut Schema) {
    with_unit(unit, vec![("exclusiveMinimum", low)])
}

fn with_unit(unit: &'static str, ends: Vec<(&'static str, f64)>) -> impl FnMut(&mut Schema) {
    // Whole bounds are written as such, for those of whole numbers.
    let written = |bound: f64| if bound.fract() == 0.0 { json!(bound as i64) } else { json!(bound) };
    let mut words = Vec::new();
    words.extend((!unit.is_empty()).then(|| ("unit", json!(unit))));
    words.extend(ends.into_iter().map(|(word, end)| (word, written(end))));
    move |schema| add(schema, &words)
}

/// Gives a number that need not be given, or each number of a table, what it is where it is not.
pub fn otherwise(value: f64, mut number: impl FnMut(&mut Schema)) -> impl FnMut(&mut Schema) {
    move |schema| {
        number(schema);
        add(schema, &[("default", json!(value))]);
    }
}

/// Adds words to the schema of a number, or of each number of a list or table.
fn add(schema: &mut Schema, words: &[(&'static str, Json)]) {
    let inner =
        ["items", "additionalProperties"].into_iter().find(|word| schema.get(*word).is_some_and(Json::is_object));
    let fields = match inner {
        Some(word) => schema.get_mut(word).and_then(Json::as_object_mut),
        None => schema.as_object_mut(),
    };
    if let Some(fields) = fields {
        fields.extend(words.iter().map(|(word, value)| ((*word).to_owned(), value.clone())));
    }
}

/// Gives a number the range of a degree, which has no unit: 0 (not at all) to 1 (wholly).
pub fn degree(schema: &mut Schema) {
    number("", 0.0, 1.0)(schema);
}

/// Whether a number lies outside the range that its schema gives.
pub fn is_outside(schema: &Json, number: f64) -> bool {
    let beyond =
        |word: &str, beyond: fn(&f64, &f64) -> bool| schema[word].as_f64().is_some_and(|end| beyond(&number, &end));
    beyond("minimum", f64::lt)
        || beyond("exclusiveMinimum", f64::le)
        || beyond("maximum", f64::gt)
        || beyond("exclusiveMaximum", f64::ge)
}

/// The range and unit that a schema gives a number, in words; nothing where it gives none.
pub fn range_in_words(schema: &Json) -> String {
    let end = |word: &str| schema[word].as_f64();
    let range = match (end("minimum"), end("maximum")) {
        (Some(low), Some(high)) => format!("{low} to {high}"),
        (low, high) => [
            low.map(|low| format!("{low} or more")),
            end("exclusiveMinimum").map(|low| format!("above {low}")),
            high.map(|high| format!("at most {high}")),
            end("exclusiveMaximum").map(|high| format!("below {high}")),
        ]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" and "),
    };
    match schema["unit"].as_str() {
        Some(unit) if range.is_empty() => unit.to_owned(),
        Some(unit) => format!("{range} ({unit})"),
        None => range,
    }
}
