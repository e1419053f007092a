//! How large a scenario may be. Sizes are checked before anything is made of that size.

use crate::scenario::file::{Question, ScenarioFile};
use crate::scenario::read::report::Report;
use crate::scenario::read::tree::way;

/// The most letters of an id.
pub const LONGEST_ID: usize = 64;
/// The longest horizon, in years.
pub const LONGEST_HORIZON_YEARS: i64 = 50;
/// The most replicates of an experiment.
pub const MOST_REPLICATES: u64 = 100_000_000;

/// How many entries each section may have, and how many splinters a run; a world takes memory by the square of its
/// factions, by its zones times factions, and by its communities times zones.
pub const LIMITS: [(&str, usize); 13] = [
    ("splinters", 64),
    ("faction", 600),
    ("zone", 20_000),
    ("community", 500),
    ("umbrella", 600),
    ("relation", 50_000),
    ("accord", 500),
    ("event", 10_000),
    ("question", 5000),
    ("answers", 5000),
    ("uncertainty", 5000),
    ("variant", 5000),
    ("axes", 64),
];

/// The most cells: parts of one community in one zone, those of no community included.
pub const MOST_CELLS: usize = 50_000;

/// Reports every size past its limit; whether there is none.
pub fn sizes(report: &mut Report, file: &ScenarioFile) -> bool {
    let before = report.problems.len();
    for (name, most) in LIMITS {
        let (way, found) = match name {
            "splinters" => (way!["scenario", "splinters"].to_vec(), file.scenario.splinters as usize),
            "answers" => {
                let answers = |question: &Question| question.moments().0.len().max(1);
                (way!["question", 0, "id"].to_vec(), file.question.iter().map(answers).sum())
            }
            "axes" => (way!["scenario", "axes"].to_vec(), file.scenario.axes.len()),
            section => {
                let entries = report.tree.get(section).map_or(0, |list| list.elements().len());
                (way![section, most, "id"].to_vec(), entries)
            }
        };
        if found > most {
            let message = match name {
                "splinters" => format!("`splinters` is {found}"),
                "answers" => format!("the questions ask for {found} answers, one for each of their moments"),
                _ => format!("the scenario has {found} entries of `{name}`"),
            };
            report.on(&way, message).expected(&format!("expected at most {most}"));
        }
    }
    let cells = file.community.iter().map(|community| community.share.len()).sum::<usize>() + file.zone.len();
    if cells > MOST_CELLS {
        report
            .nowhere(format!("communities live in {cells} parts of zones"))
            .expected(&format!("expected at most {MOST_CELLS}"));
    }
    report.problems.len() == before
}
