//! What explanations over an ensemble come to, for people.

use super::Told;
use crate::analysis::answers::CONFIDENCE;
use crate::analysis::interval::wilson;
use crate::analysis::why::{Case, Contrast, Fidelity, Spread, fidelity};
use crate::chart::{Band, CauseBars, CauseRow, Heading};
use crate::report::telling::{Names, cause};
use crate::world::{Happening, Setting};

/// What was found over an ensemble.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// How many runs there are, and how many of them say yes.
    pub runs: u64,
    /// How many say yes.
    pub yes: u64,
    /// What had happened more or less often before the outcome, largest difference first.
    pub contrasts: Vec<(Happening, Contrast)>,
    /// Measures that differ, largest effect first.
    pub spreads: Vec<(String, Spread)>,
    /// The cases.
    pub cases: Vec<Case>,
}

/// Top causes of one kind.
#[derive(Clone, Debug, PartialEq)]
pub struct TopCause {
    /// What they are.
    pub class: String,
    /// In how many cases it is the top cause.
    pub cases: u64,
    /// In how many of these its removal flips the outcome.
    pub flips: u64,
}

impl Findings {
    /// The top causes by kind, the most frequent first.
    pub fn tops(&self, setting: &Setting) -> Vec<TopCause> {
        let mut list: Vec<TopCause> = Vec::new();
        for ablation in self.cases.iter().filter_map(|case| case.top.as_ref()) {
            let class = cause::class(Names(setting), &ablation.cause);
            let flips = u64::from(ablation.flips);
            match list.iter_mut().find(|known| known.class == class) {
                Some(known) => {
                    known.cases += 1;
                    known.flips += flips;
                }
                None => list.push(TopCause { class, cases: 1, flips }),
            }
        }
        list.sort_by(|a, b| b.cases.cmp(&a.cases).then_with(|| a.class.cmp(&b.class)));
        list
    }

    /// In how many cases the record names no cause.
    pub fn unnamed(&self) -> usize {
        self.cases.iter().filter(|case| case.top.is_none()).count()
    }

    /// How often ablations flipped the outcome.
    pub fn fidelity(&self) -> Fidelity {
        fidelity(&self.cases)
    }

    /// The three shares that say how far explanations hold, with their names: flips and tests.
    pub fn shares(&self) -> [(&'static str, (u64, u64)); 3] {
        let found = self.fidelity();
        [
            ("the top cause", found.top),
            ("a random cause of the same list", found.random),
            ("a random decision of the same kinds", found.any_decision),
        ]
    }

    /// The chart.
    pub fn chart(&self, setting: &Setting, told: &Told) -> CauseBars {
        let n = self.cases.len() as u64;
        let rows = self.tops(setting).into_iter().map(|top| CauseRow {
            share: Some(band(top.cases, n)),
            flips: Some(band(top.flips, top.cases)),
            label: top.class,
        });
        let totals = self.shares().map(|(name, (flips, tests))| CauseRow {
            label: format!("Taken away: {name}"),
            share: None,
            flips: (tests > 0).then(|| band(flips, tests)),
        });
        CauseBars {
            heading: Heading::new(
                format!("What it hung on: {}", told.question),
                format!("{n} cases of {} in which the answer is yes · {}", self.yes, told.run),
            ),
            rows: rows.collect(),
            totals: totals.into(),
        }
    }
}

/// A share with its interval.
pub fn band(yes: u64, n: u64) -> Band {
    let interval = wilson(yes, n, CONFIDENCE);
    Band::new(if n > 0 { yes as f64 / n as f64 } else { f64::NAN }, interval.low, interval.high)
}
