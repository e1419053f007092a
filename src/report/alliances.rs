//! Coalitions over time, for people: how long commitments last, where pairs go, which outcomes are commonest.

use super::document::{Block, Document, ListPoint, Table, TableCell};
use super::figures::{Actors, names};
use super::fill::quoted;
use super::words::{self, several};
use crate::analysis::Estimate;
use crate::analysis::alliances::{Alliances, Commitment};
use crate::base::WEEKS_IN_A_YEAR;
use crate::base::number::{Format, count, grouped, percent};
use crate::estimate::CONFIDENCE;
use crate::record::Results;
use crate::world::Stance;
use std::path::Path;

/// How many runs of each variant count: those that did not fail.
pub fn runs(studied: &[Alliances]) -> String {
    let numbers = || studied.iter().map(|one| one.runs);
    let (least, most) = (numbers().min().unwrap_or(0), numbers().max().unwrap_or(0));
    let most = words::several(most as usize, "run");
    if numbers().all(|runs| runs == least) { most } else { format!("{} to {most}", count(least as f64)) }
}

/// What was found of each variant. `folder` is where the results are, as it was given.
pub fn alliances_document(results: &Results, studied: &[Alliances], actors: &Actors, folder: &Path) -> Document {
    let manifest = results.manifest();
    let mut page = Document::new(
        format!("Coalitions over time: {}", manifest.scenario.title),
        format!("{} of each variant, seed {}", runs(studied), manifest.seed),
    );
    for one in studied {
        if studied.len() > 1 {
            page.heading(one.variant.clone());
        }
        page.table(durations(one)).table(transitions(one));
        let commonest = &one.commonest;
        page.subheading("Commonest outcomes at the horizon: share of the runs in the group (95% interval)");
        page.list(commonest.outcomes.iter().map(|outcome| {
            let blocs =
                if outcome.structure.is_empty() { "no alliances".into() } else { names(actors, &outcome.structure) };
            let share = Format::Percent.estimate(outcome.share.value, outcome.share.low, outcome.share.high);
            let blocs = match commonest.told_apart {
                several if several > 1 && commonest.outcomes.len() == 1 => {
                    format!("no groups; the outcome in the middle: {blocs}")
                }
                _ => blocs,
            };
            let folder = quoted(&folder.display().to_string());
            let command = format!("entente replay {folder} --replicate {}", outcome.replicate);
            ListPoint::new(format!("{share}: {blocs}"), [command])
        }));
        page.words(format!(
            "{}; groups by variation of information, silhouette {} (Rousseeuw 1987: below 0.25 there are \
             no groups to speak of, and all is one).",
            several(commonest.told_apart as usize, "different outcome"),
            grouped(commonest.silhouette, 2)
        ));
    }
    let mut tests = Vec::new();
    for other in studied.iter().skip(1) {
        for kind in Commitment::ALL {
            if let Some(test) = studied[0].compared(other, kind) {
                tests.push(format!(
                    "{} under {} against {}: log-rank χ² = {}, p = {}",
                    kind.words(),
                    other.variant,
                    studied[0].variant,
                    grouped(test.chi_squared, 2),
                    grouped(test.p, 4)
                ));
            }
        }
    }
    page.list(tests);
    page.push(Block::Words {
        words: "A commitment that stands at the horizon, or whose side merges or is gone, was not seen to end (Kaplan and Meier \
                1958); where more than half last, there is no median. Intervals and tests take commitments and pairs of one run, and \
                of runs that share inputs, together."
            .into(),
    });
    page
}

fn durations(one: &Alliances) -> Table {
    let heads = ["Number", "Ended", "Median", "95% interval", "Last a year", "95% interval"];
    let mut table = Table::new(["Commitments"], heads).titled("How long commitments last, in weeks");
    for kind in Commitment::ALL {
        let found = one.duration(kind);
        let ended: u64 = found.steps.iter().map(|step| step.ended).sum();
        let weeks = |weeks: f64| if weeks.is_finite() { grouped(weeks, 0) } else { "–".into() };
        let Estimate { value, low, high, .. } = found.median;
        let median = [
            kind.words().to_owned(),
            count(found.n as f64),
            count(ended as f64),
            weeks(value),
            if low.is_finite() { format!("{} to {}", weeks(low), weeks(high)) } else { "–".into() },
        ];
        table.row(median.map(TableCell::from).into_iter().chain(words::share(found.at(WEEKS_IN_A_YEAR))));
    }
    table
}

fn transitions(one: &Alliances) -> Table {
    let heads = Stance::ALL.iter().map(|stance| stance.word()).chain(["pairs"]);
    let mut table = Table::new([""], heads)
        .titled(format!("Where two that stand so (left) stand {} weeks later", grouped(one.lag, 0)));
    for from in Stance::ALL {
        let share = |to: Stance| one.transitions.share(from as usize, to as usize, CONFIDENCE);
        let cells = Stance::ALL.map(|to| share(to).map_or_else(|| "–".into(), |share| percent(share.value)));
        let pairs: u64 = one.transitions.counts[from as usize].iter().sum();
        table.row([from.word().to_owned()].into_iter().chain(cells).chain([count(pairs as f64)]));
    }
    table
}
