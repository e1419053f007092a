//! Checks of every value of a tree.

use crate::base::number::brief;
use crate::scenario::read::problem::nearest;
use crate::scenario::read::report::Report;
use crate::scenario::read::tree::{SOURCED, Spanned, Step, Value};

/// How far shares that should sum to one may be off, for rounding.
pub const ROUNDING: f64 = 0.005;

const SHOWABLE: &str = "expected text that can be shown as it is";

/// What is wrong with a text that would steer a terminal. Lines may end, and tabs stand, anywhere.
fn control_character(node: &Spanned) -> Option<String> {
    let text = node.text()?.replace("\r\n", "\n");
    let found = text.chars().find(|letter| letter.is_control() && !matches!(letter, '\n' | '\t'))?;
    Some(format!("this text holds the control character U+{:04X}", found as u32))
}

/// Whether a value and one of its bounds are written together: a change may take a value past bounds that stood before it.
fn are_written_together(node: &Spanned, value: &Spanned, bound: &Spanned) -> bool {
    // A value that was changed is where the whole is.
    let changed = value.place == node.place;
    let inline = value.place.is_within(&node.place);
    let beside = if inline { bound.place.is_within(&node.place) } else { bound.place.file == value.place.file };
    !changed && beside
}

/// Reports numbers that are not finite and texts with control characters anywhere in a tree, and values with sources
/// that are malformed.
pub fn whole_tree(report: &mut Report) {
    let tree = report.tree;
    let mut findings: Vec<(&Spanned, String, Option<String>, Option<String>)> = Vec::new();
    tree.walk(&mut Vec::new(), &mut |key_path, node| {
        if let Value::Float(number) = node.plain().value
            && !number.is_finite()
        {
            let what = match key_path.last() {
                Some(Step::Key(key)) => format!("`{key}` is {number}"),
                _ => format!("found {number}"),
            };
            findings.push((node.plain(), what, Some("expected a finite number".into()), None));
        }
        if let Some(message) = control_character(node) {
            findings.push((node.plain(), message, Some(SHOWABLE.into()), None));
        }
        let Value::Table(entries) = &node.value else { return };
        if !node.is_sourced() {
            return;
        }
        for (key, part) in entries {
            let expected = match key.as_str() {
                "value" => continue,
                "low" | "best" | "high" if part.number().is_some_and(f64::is_finite) => continue,
                "source" | "note" if part.text().is_some() => {
                    // They are printed as other texts are.
                    if let Some(message) = control_character(part) {
                        findings.push((part, message, Some(SHOWABLE.into()), None));
                    }
                    continue;
                }
                "low" | "best" | "high" => "expected a finite number",
                "source" | "note" => "expected text in quotes",
                other => {
                    let expected = "expected value, low, best, high, source or note".to_owned();
                    let message = format!("unknown field `{other}` in a value with its source");
                    findings.push((part, message, Some(expected), nearest(other, SOURCED)));
                    continue;
                }
            };
            findings.push((part, format!("`{key}` is {}", part.kind()), Some(expected.into()), None));
        }
        let bound = |key: &str| entries.get(key).and_then(Spanned::number);
        let bounds: Vec<f64> = ["low", "best", "high"].into_iter().filter_map(bound).collect();
        if bounds.windows(2).any(|pair| pair[0] > pair[1]) {
            let expected = Some("expected low ≤ best ≤ high".into());
            findings.push((node, "the bounds of this value are not in order".into(), expected, None));
            return;
        }
        let Some(value) = entries.get("value") else { return };
        let beyond = |key: &str, beyond: fn(&f64, &f64) -> bool| {
            let bound = entries.get(key).filter(|bound| are_written_together(node, value, bound))?.number()?;
            Some((value.number()?, bound)).filter(|(value, bound)| beyond(value, bound))
        };
        let (low, high) = (beyond("low", f64::lt), beyond("high", f64::gt));
        for ((number, bound), word) in
            low.map(|found| (found, "low")).into_iter().chain(high.map(|found| (found, "high")))
        {
            let (number, bound) = (brief(number), brief(bound));
            let message = format!("this value, {number}, lies outside its own bounds: its `{word}` is {bound}");
            findings.push((value, message, Some("expected low ≤ value ≤ high".into()), None));
        }
    });
    for (node, message, expected, help) in findings {
        let place = if node.is_sourced() { node.place.clone() } else { node.plain().place.clone() };
        report.add_at(place, message, expected, help);
    }
}
