//! How large a scenario may be, besides the number of entries that each section may have. Sizes are checked before
//! anything is made of that size.

use crate::scenario::file::ScenarioFile;
use crate::scenario::read::report::Report;
use crate::scenario::read::tree::key_path;

/// The most letters of an id.
pub const LONGEST_ID: usize = 64;
/// The longest horizon, in years.
pub const LONGEST_HORIZON_YEARS: i64 = 50;
/// The most answers of all questions together.
pub const MOST_ANSWERS: usize = 20_000;

/// The most cells: parts of one community in one zone, those of no community included.
pub const MOST_CELLS: usize = 50_000;

/// Reports every size past its limit; whether there is none. A world takes memory by the square of its factions, by its zones
/// times factions, and by its communities times zones.
pub fn sizes(report: &mut Report, file: &ScenarioFile) -> bool {
    let before = report.problems.len();
    let answers: usize = file.question.iter().map(|question| question.moments().0.len().max(1)).sum();
    if answers > MOST_ANSWERS {
        report
            .on(
                key_path!["question", 0, "id"],
                format!("the questions ask for {answers} answers, one for each of their moments"),
            )
            .expected(&format!("expected at most {MOST_ANSWERS}"));
    }
    let cells = file.community.iter().map(|community| community.share.len()).sum::<usize>() + file.zone.len();
    if cells > MOST_CELLS {
        report
            .nowhere(format!("communities live in {cells} parts of zones"))
            .expected(&format!("expected at most {MOST_CELLS}"));
    }
    report.problems.len() == before
}
