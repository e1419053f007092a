//! `entente coalitions`: coalitions over time in stored results: how long commitments last, where pairs go, which
//! structures there are when, and which outcomes are commonest.

use super::failure::Failure;
use super::options::TellArgs;
use super::output::folder_for;
use super::results;
use crate::analysis::alliances::{Alliances, Commitment, study};
use crate::chart::Heading;
use crate::estimate::CONFIDENCE;
use crate::measure::Measures;
use crate::record::{Results, RowsTable};
use crate::report::drawing;
use crate::report::figures::{Actors, alliance_charts, asked};
use crate::report::{alliance_runs, alliances_document};
use crate::scenario::Scenario;
use crate::world::{Setting, Stance};
use clap::Args;
use serde_json::json;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Options of `coalitions`.
#[derive(Clone, Debug, Args)]
pub struct CoalitionsArgs {
    /// Results folder, or `latest`, or `latest:SCENARIO`
    pub results: PathBuf,
    /// Where tables (CSV) and charts go [default: coalitions/ in the results folder]
    #[arg(long, value_name = "DIR", value_parser = super::options::folders())]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub tell: TellArgs,
}

/// Finds and prints it.
///
/// # Errors
/// If there are no finished results, or files cannot be read or written.
pub fn coalitions(args: &CoalitionsArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let results = results::open(&args.results)?;
    let scenarios = scenarios(&results)?;
    let base = scenarios.first().ok_or_else(|| Failure::failed("the results have no variant"))?;
    let measures = Measures::new(&base.setting, base.questions.clone());
    let layout = measures.layout();
    let variants = &results.manifest().variants;
    let settings: Vec<(&str, &Setting)> =
        variants.iter().zip(&scenarios).map(|(id, scenario)| (id.as_str(), &*scenario.setting)).collect();
    let studied = study(&results, &settings, &layout.milestone_steps)?;
    let folder = args.out.clone().unwrap_or_else(|| results.folder().file("coalitions"));
    folder_for(&folder, "durations.csv")?;
    write_tables(&studied, &folder)?;
    if !args.tell.charts.no_charts {
        let manifest = results.manifest();
        let runs = alliance_runs(&studied);
        let heading = |title: &str, what: &str| Heading::new(title, format!("{runs}, seed {} · {what}", manifest.seed));
        let charts = alliance_charts(&studied, &Actors::new(base, layout), &asked(&base.setting, layout), &heading);
        drawing::picture(&charts, &folder, &drawing::notes(&results, base))?;
    }
    let document = alliances_document(&results, &studied, &Actors::new(base, layout), results.folder().path());
    let json = || json!({ "folder": folder, "variants": studied, "comparisons": comparisons(&studied) });
    args.tell.print.print(&document, &[("Tables", &folder)], json, out)
}

/// The scenario of each variant of some results.
///
/// # Errors
/// If it cannot be read.
pub fn scenarios(results: &Results) -> Result<Vec<Scenario>, Failure> {
    let base = results.scenario()?;
    match results.manifest().variants.as_slice() {
        // What was run alone is stored with its changes applied.
        [_] => Ok(vec![base]),
        variants => {
            let of = |id: &String| if id == "baseline" { Ok(base.clone()) } else { base.variant(id) };
            variants.iter().map(of).collect::<Result<_, _>>().map_err(super::problems)
        }
    }
}

/// Whether commitments last as long as in the first variant.
fn comparisons(studied: &[Alliances]) -> Vec<serde_json::Value> {
    let mut found = Vec::new();
    for other in studied.iter().skip(1) {
        for kind in Commitment::ALL {
            if let Some(test) = studied[0].compared(other, kind) {
                found.push(json!({ "variant": other.variant, "commitment": kind, "log_rank": test }));
            }
        }
    }
    found
}

/// Writes all tables into a folder.
fn write_tables(studied: &[Alliances], folder: &Path) -> Result<(), Failure> {
    let begin = |name: &str, heads: &[&str]| RowsTable::create(&folder.join(name), heads);
    let heads = ["variant", "commitments", "weeks", "at_risk", "ended", "share", "low", "high"];
    let mut durations = begin("durations.csv", &heads)?;
    let heads = ["variant", "weeks_later", "from", "to", "pairs", "share", "low", "high"];
    let mut transitions = begin("transitions.csv", &heads)?;
    let heads = ["variant", "date", "coalitions", "runs", "share", "low", "high"];
    let mut structures = begin("structures.csv", &heads)?;
    let heads = ["variant", "coalitions", "replicate", "runs", "exactly", "share", "low", "high", "distance"];
    let mut commonest = begin("commonest.csv", &heads)?;
    for one in studied {
        for kind in Commitment::ALL {
            for step in &one.duration(kind).steps {
                let row = (&one.variant, kind, step.time, step.at_risk, step.ended, step.share.value);
                durations.row((row, step.share.low, step.share.high))?;
            }
        }
        for from in Stance::ALL {
            for to in Stance::ALL {
                let count = one.transitions.counts[from as usize][to as usize];
                if let Some(share) = one.transitions.share(from as usize, to as usize, CONFIDENCE) {
                    let row = (&one.variant, one.lag, from, to, count, share.value, share.low, share.high);
                    transitions.row(row)?;
                }
            }
        }
        let found = &one.over_time;
        for ((date, counts), shares) in found.dates.iter().zip(&found.counts).zip(&found.shares) {
            let names = found.structures.iter().map(String::as_str).chain(["(others)"]);
            for ((words, count), share) in names.zip(counts).zip(shares) {
                let row = (&one.variant, date, words, count, share.value, share.low, share.high);
                structures.row(row)?;
            }
        }
        for outcome in &one.commonest.outcomes {
            let row = (&one.variant, &outcome.structure, outcome.replicate, outcome.count, outcome.exactly);
            let rest = (outcome.share.value, outcome.share.low, outcome.share.high, outcome.distance);
            commonest.row((row, rest))?;
        }
    }
    for table in [durations, transitions, structures, commonest] {
        table.finish()?;
    }
    Ok(())
}
