//! Checks of every value of a tree.

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
        }
    });
    for (node, message, expected, help) in findings {
        let place = if node.is_sourced() { node.place.clone() } else { node.plain().place.clone() };
        report.add_at(place, message, expected, help);
    }
}
