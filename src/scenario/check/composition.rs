//! Checks of shares that sum to the same.

use super::study::own;
use crate::scenario::InputRange;
use crate::scenario::file::Composition;
use crate::scenario::read::path;
use crate::scenario::read::report::Report;
use crate::scenario::read::tree::key_path;
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// Checks one; `seen` are the paths that are varied already.
pub fn composition(
    report: &mut Report,
    schema: &Json,
    index: usize,
    composition: &Composition,
    seen: &mut BTreeSet<String>,
) {
    let paths = &composition.paths;
    if paths.len() < 2 {
        let at = key_path!["composition", index, "paths"];
        report.on(at, format!("a composition of {} share", paths.len())).expected("expected two paths or more");
    }
    if !composition.concentration.is_empty() && composition.concentration.len() != paths.len() {
        let message = format!("there are {} numbers for {} shares", composition.concentration.len(), paths.len());
        let at = key_path!["composition", index, "concentration"];
        report.on(at, message).expected("expected one for each path");
    }
    if !composition.concentration.iter().sum::<f64>().is_finite() {
        let at = key_path!["composition", index, "concentration"];
        report.on(at, "these numbers are too large to be summed up".into()).expected("expected smaller ones");
    }
    let mut written = Some(0.0);
    for (place, path) in paths.iter().enumerate() {
        let at = key_path!["composition", index, "paths", place];
        if !seen.insert(path.clone()) {
            report.on(at, format!("`{path}` is varied twice")).expected("expected it once");
        }
        let address = match path::resolve(report.tree, schema, path) {
            Ok(address) => address,
            Err(unknown) => {
                report.on(at, unknown.message).expected("expected the path of a share").help(unknown.help);
                return;
            }
        };
        let Some(field) = path::number(schema, &address).filter(|_| address.section != "behaviour") else {
            report.on(at, format!("`{path}` is no share")).expected("expected the path of a number of the scenario");
            return;
        };
        // A share that is not written is none of the total.
        written = written.map(|sum: f64| sum + own(report.tree, &address).unwrap_or(0.0));
        let range = InputRange::new(path, field);
        let total = composition.total.unwrap_or(0.0);
        if let Some(expected) = range.refuses(total).or_else(|| range.refuses(0.0)) {
            let message = format!("`{path}` cannot be all that the shares sum to, {total}, and nothing");
            report.on(at, message).expected(&expected);
        }
    }
    if composition.total.is_none() && written.is_some_and(|sum| sum <= 0.0) && !paths.is_empty() {
        let at = key_path!["composition", index, "paths"];
        report.on(at, "none of the shares is written".into()).expected("expected what they sum to, as `total`");
    }
}
