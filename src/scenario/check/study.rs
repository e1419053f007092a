//! Checks of uncertainties and variants.

use crate::base::number::brief;
use crate::scenario::InputRange;
use crate::scenario::file::{Distribution, Uncertainty};
use crate::scenario::read::change;
use crate::scenario::read::path;
use crate::scenario::read::problem::nearest;
use crate::scenario::read::report::Report;
use crate::scenario::read::tree::{Spanned, Value, key_path};
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// What is written at an address, if anything is.
fn written<'t>(tree: &'t Spanned, address: &path::Address) -> Option<&'t Spanned> {
    let mut node = tree.get(&address.section);
    if let Some(index) = address.entry {
        node = node.and_then(|list| list.elements().get(index));
    }
    for key in &address.keys {
        node = node.and_then(|node| node.get(key));
    }
    node
}

/// The number written at an address, if one is.
pub fn own(tree: &Spanned, address: &path::Address) -> Option<f64> {
    written(tree, address).and_then(|node| node.number().or_else(|| node.get("value")?.number()))
}

/// What the second of a relation feels, where that is not written: what the first feels, if that is.
fn returned(tree: &Spanned, schema: &Json, path: &str) -> Option<f64> {
    let mut address = path::resolve(tree, schema, path).ok().filter(|address| address.section == "relation")?;
    let key = address.keys.first_mut()?;
    *key = key.strip_suffix("_back")?.to_owned();
    own(tree, &address)
}

/// The bounds of an uncertainty: its own, and where it has none, those written with the value. What rests on another number rests
/// on that of the tree before any change, for what is drawn is the same whatever is changed.
pub fn bounds(
    (tree, before): (&Spanned, &Spanned),
    schema: &Json,
    address: &path::Address,
    uncertainty: &Uncertainty,
) -> [Option<f64>; 3] {
    let node = written(tree, address);
    let beside = |key: &str| match node.map(|node| &node.value) {
        Some(Value::Table(entries)) if entries.contains_key("value") => entries.get(key).and_then(Spanned::number),
        _ => None,
    };
    let low = uncertainty.low.or_else(|| beside("low"));
    let high = uncertainty.high.or_else(|| beside("high"));
    // A what-if may take the value itself past what is thought possible.
    let own = match node {
        Some(node) => node.number(),
        None => path::otherwise(schema, address).or_else(|| returned(before, schema, &uncertainty.path)),
    };
    let own = own.map(|own| own.max(low.unwrap_or(own)).min(high.unwrap_or(own)));
    [low, uncertainty.best.or_else(|| beside("best")).or(own), high]
}

/// The scenario's own value at an address that the bounds of an uncertainty leave out, where it is to be the best one: a change
/// may take a value past what is thought possible.
fn left_out(tree: &Spanned, schema: &Json, address: &path::Address, uncertainty: &Uncertainty) -> Option<f64> {
    let (number, is_changed, has_best) = match written(tree, address) {
        Some(node) => {
            let value = if node.number().is_some() { node } else { node.get("value")? };
            (value.number()?, node.number().is_none() && value.place == node.place, node.get("best").is_some())
        }
        None => (path::otherwise(schema, address)?, false, false),
    };
    let has_best = has_best || uncertainty.best.is_some();
    let is_out = uncertainty.low.is_some_and(|low| number < low) || uncertainty.high.is_some_and(|high| number > high);
    (is_out && !has_best && !is_changed).then_some(number)
}

pub fn uncertainty(
    report: &mut Report,
    schema: &Json,
    index: usize,
    uncertainty: &Uncertainty,
    seen: &mut BTreeSet<String>,
) {
    let at = key_path!["uncertainty", index, "path"];
    if !seen.insert(uncertainty.path.clone()) {
        report
            .on(at, format!("`{}` stands twice among the uncertainties", uncertainty.path))
            .expected("expected it once");
    }
    let address = match path::resolve(report.tree, schema, &uncertainty.path) {
        Ok(address) => address,
        Err(unknown) => {
            report.on(at, unknown.message).expected("expected the path of a number").help(unknown.help);
            return;
        }
    };
    if !uncertainty.values.is_empty() {
        return named(report, schema, &address, index, uncertainty);
    }
    let field = path::number(schema, &address);
    let tree = report.tree;
    let stands = written(tree, &address);
    let is_number = |node: &Spanned| node.number().or_else(|| node.get("value")?.number()).is_some();
    if field.is_some() && stands.is_some_and(|node| !is_number(node)) {
        // What stands there is wrong, which is told where it stands.
        return;
    }
    if stands.is_some_and(|node| !is_number(node))
        || (stands.is_none() && field.is_none())
        || matches!(address.section.as_str(), "run" | "question")
    {
        let names = path::names(schema, &address);
        let help = (!names.is_empty()).then(|| format!("name some of {} with `values = [...]`", names.join(", ")));
        report
            .on(at, format!("no run rests on a number at `{}`", uncertainty.path))
            .expected("expected the path of a number that may vary")
            .help(help);
        return;
    }
    let range = field.map(|field| InputRange::new(&uncertainty.path, field));
    let outside = |value: f64| range.as_ref()?.refuses(value);
    weights(report, index, &uncertainty.weights, uncertainty.choices.len());
    if uncertainty.distribution == Distribution::Choice {
        if uncertainty.choices.is_empty() {
            report.on(at, "this choice has nothing to choose from".into()).expected("expected `choices = [...]`");
        }
        for (place, choice) in uncertainty.choices.iter().enumerate() {
            if let Some(expected) = outside(*choice) {
                report
                    .on(
                        key_path!["uncertainty", index, "choices", place],
                        format!("`{}` cannot be {choice}", uncertainty.path),
                    )
                    .expected(&expected);
            }
        }
        return;
    }
    if range.as_ref().is_some_and(InputRange::is_whole) {
        report
            .on(at, format!("`{}` is a whole number", uncertainty.path))
            .expected("expected those that it may be, with `distribution = \"choice\"` and `choices = [...]`");
        return;
    }
    let [low, best, high] = bounds((report.tree, report.tree), schema, &address, uncertainty);
    let (Some(low), Some(high)) = (low, high) else {
        report
            .on(at, format!("the uncertainty of `{}` has no bounds", uncertainty.path))
            .expected("expected `low` and `high`, here or with the value itself");
        return;
    };
    if low >= high {
        report
            .on(at, format!("the bounds of `{}` are {} and {}", uncertainty.path, brief(low), brief(high)))
            .expected("expected low < high");
    } else if best.is_some_and(|best| !(low..=high).contains(&best)) {
        let [best, low, high] = [best.unwrap_or_default(), low, high].map(brief);
        let message = format!("the best value of `{}`, {best}, lies outside {low} to {high}", uncertainty.path);
        report.on(at, message).expected("expected low ≤ best ≤ high");
    } else if let Some(value) = left_out(report.tree, schema, &address, uncertainty) {
        let [value, low, high] = [value, low, high].map(brief);
        let message = format!(
            "the scenario's own value of `{}`, {value}, lies outside {low} to {high}: the bound next to it is the best one where \
             inputs are drawn, and the value itself where they are not",
            uncertainty.path
        );
        report.warn(at, message);
    }
    if best.is_none() && uncertainty.distribution.has_best() {
        let message = format!(
            "nothing says which value of `{}` is the most likely, neither `best` nor the scenario: the middle of its bounds is taken",
            uncertainty.path
        );
        report.warn(key_path!["uncertainty", index, "path"], message);
    }
    for bound in [low, high] {
        if let Some(expected) = outside(bound) {
            report
                .on(
                    key_path!["uncertainty", index, "path"],
                    format!("`{}` cannot be {}", uncertainty.path, brief(bound)),
                )
                .expected(&expected);
        }
    }
    let logarithmic = match uncertainty.distribution {
        Distribution::LogUniform => Some("log_uniform"),
        Distribution::LogNormal => Some("log_normal"),
        _ => None,
    };
    if let Some(word) = logarithmic.filter(|_| low <= 0.0) {
        report
            .on(at, format!("the lowest value is {}", brief(low)))
            .expected(&format!("expected more than 0 for `{word}`"));
    }
}

/// The weights of a choice.
fn weights(report: &mut Report, index: usize, weights: &[f64], choices: usize) {
    let at = key_path!["uncertainty", index, "weights"];
    if !weights.is_empty() && weights.len() != choices {
        let message = format!("there are {} weights of {choices} choices", weights.len());
        report.on(at, message).expected("expected one for each choice");
    } else if !weights.is_empty() && weights.iter().sum::<f64>() <= 0.0 {
        report.on(at, "all weights are 0".into()).expected("expected one above 0");
    } else if !weights.iter().sum::<f64>().is_finite() {
        report
            .on(at, "these weights are too large to be summed up".into())
            .expected("expected smaller ones: they are relative to each other");
    }
}

/// An uncertainty among names.
fn named(report: &mut Report, schema: &Json, address: &path::Address, index: usize, uncertainty: &Uncertainty) {
    let names = path::names(schema, address);
    if names.is_empty() || matches!(address.section.as_str(), "run" | "question") {
        let message = format!("no run rests on one of several names at `{}`", uncertainty.path);
        let at = key_path!["uncertainty", index, "path"];
        report.on(at, message).expected("expected the path of a name that may vary, such as a stance");
        return;
    }
    for (place, value) in uncertainty.values.iter().enumerate() {
        let at = key_path!["uncertainty", index, "values", place];
        if !names.contains(&value.as_str()) {
            report
                .on(at, format!("`{}` cannot be `{value}`", uncertainty.path))
                .expected(&format!("expected one of {}", names.join(", ")))
                .help(nearest(value, names.iter().copied()));
        } else if uncertainty.values[..place].contains(value) {
            report.on(at, format!("`{value}` stands twice")).expected("expected it once");
        }
    }
    let numbers = [uncertainty.low, uncertainty.best, uncertainty.high];
    if numbers.iter().any(Option::is_some) || !uncertainty.choices.is_empty() {
        let at = key_path!["uncertainty", index, "path"];
        report
            .on(at, format!("`{}` has numbers beside its names", uncertainty.path))
            .expected("expected `values` alone");
    }
    weights(report, index, &uncertainty.weights, uncertainty.values.len());
}

/// Variants whose changes address nothing.
pub fn variants(report: &mut Report, schema: &Json) {
    for (id, changes) in change::variants(report.tree) {
        for change in changes {
            if let Err(unknown) = path::resolve(report.tree, schema, &change.path) {
                let message = format!("in variant `{id}`: {}", unknown.message);
                let expected = Some("expected the path of an input".to_owned());
                report.add_at(change.place, message, expected, unknown.help);
            }
        }
    }
}
