//! What must hold for a scenario to be run. Every check goes on after it finds something, so that all problems of a
//! file are told at once.

mod actor;
mod amount;
mod commitment;
mod composition;
pub mod known;
mod limit;
mod name;
mod outcome;
mod place;
mod question;
mod study;

pub use amount::whole_tree;
pub use commitment::kept_apart;
pub use limit::{MOST_ANSWERS, MOST_CELLS};
pub use question::{condition, quantity};
pub use study::{bounds, own};

use super::question_groups;
use super::read::problem::Problem;
use super::read::report::Report;
use super::read::tree::{Spanned, key_path};
use super::read::typed::{Typed, typed};
use known::Known;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

/// What came of reading and checking a tree.
pub struct Checked {
    /// What could be read; nothing without a root table.
    pub typed: Option<Typed>,
    /// What is wrong.
    pub problems: Vec<Problem>,
    /// What looks wrong.
    pub warnings: Vec<Problem>,
}

/// Reads a tree as a scenario file and checks it as a whole.
pub fn check(tree: &Spanned, schema: &Json) -> Checked {
    let mut report = Report::new(tree);
    if let (Some(calibration), None) = (tree.get("calibration"), tree.get("faction")) {
        report
            .at_key(calibration, "this is a calibration, no scenario".into())
            .expected("expected a file with `[scenario]`, zones and factions")
            .help(Some("`entente calibrate` takes calibrations".into()));
        return Checked { typed: None, problems: report.problems, warnings: Vec::new() };
    }
    amount::whole_tree(&mut report);
    let known = Known::collect(&mut report);
    let typed = typed(&mut report, schema);
    if let Some(typed) = &typed {
        everything(&mut report, &known, typed, schema);
    }
    Checked { typed, problems: report.problems, warnings: report.warnings }
}

fn everything(report: &mut Report, known: &Known, typed: &Typed, schema: &Json) {
    let file = &typed.file;
    let at = |section| typed.positions(section);
    let header = typed.header.then_some(&file.scenario);
    if let Some(header) = header {
        place::header(report, known, header);
    }
    // Of a start or an end that could not be read nothing follows for other days.
    let is_dated = !["start", "horizon"].iter().any(|field| report.is_left_out(key_path!["scenario", *field]));
    let header = header.filter(|_| is_dated);
    if typed.too_large || !limit::sizes(report, file) {
        return;
    }
    for (section, plural) in [("zone", "zones"), ("faction", "factions")] {
        if report.tree.get(section).map_or(&[][..], Spanned::elements).is_empty() {
            report
                .nowhere(format!("the scenario has no {plural}"))
                .help(Some(format!("add at least one `[[{section}]]`; `entente new NAME` writes an example")));
        }
    }
    for (entry, index) in file.zone.iter().zip(at("zone")) {
        place::zone(report, known, *index, entry);
    }
    for (entry, index) in file.community.iter().zip(at("community")) {
        place::community(report, known, *index, entry);
    }
    place::together(report, &file.zone, at("zone"), &file.community, at("community"));
    for (entry, index) in file.faction.iter().zip(at("faction")) {
        actor::faction(report, known, *index, entry);
    }
    let mut member_of = BTreeMap::new();
    for (entry, index) in file.umbrella.iter().zip(at("umbrella")) {
        actor::umbrella(report, known, *index, entry, &mut member_of);
    }
    for (entry, index) in file.relation.iter().zip(at("relation")) {
        actor::relation(report, known, header, *index, entry);
    }
    actor::overlaps(report, file, at("relation"));
    name::alike(report, typed);
    for (entry, index) in file.accord.iter().zip(at("accord")) {
        commitment::accord(report, known, &file.event, *index, entry);
    }
    commitment::events(report, known, header, &file.event, at("event"));
    for (entry, index) in file.question.iter().zip(at("question")) {
        question::question(report, known, header, *index, entry);
    }
    if let Some(header) = header {
        question::answer_ids(report, header, &file.question, at("question"));
        if let Some(words) = question_groups::left_out(header, &file.question) {
            report.warn(key_path!["scenario", "horizon"], words);
        }
    }
    let mut seen = BTreeSet::new();
    for (entry, index) in file.uncertainty.iter().zip(at("uncertainty")) {
        study::uncertainty(report, schema, *index, entry, &mut seen);
    }
    for (entry, index) in file.composition.iter().zip(at("composition")) {
        composition::composition(report, schema, *index, entry, &mut seen);
    }
    study::variants(report, schema);
}
