//! What explanations over an ensemble come to, for people.

use super::{Told, what_is_weighed};
use crate::analysis::Estimate;
use crate::analysis::why::{Case, Contrast, FEWEST, Fidelity, MeasureContrast, fidelity};
use crate::base::EventId;
use crate::base::name::first_few;
use crate::base::number::{Format, count, grouped, percent, points, sign};
use crate::chart::{CauseBars, CauseRow, Chart, Heading};
use crate::estimate::CONFIDENCE;
use crate::report::narrative::{Names, cause, happening};
use crate::report::words::{self, several};
use crate::report::{Document, Table, TableCell};
use crate::world::{Happening, Setting};

/// How many happenings and measures a terminal shows, and a page.
const SHOWN: (usize, usize) = (12, 40);
/// How many events are named of which nothing can be told.
const EVENTS: usize = 4;

/// What was found over an ensemble.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// How many runs there are, and how many of them say yes.
    pub runs: u64,
    /// How many say yes.
    pub yes: u64,
    /// The share that says yes, with the interval of the answers of the same results.
    pub share: Option<Estimate>,
    /// Events that came in so nearly every run that none can be told from those without them.
    pub always: Vec<EventId>,
    /// What had happened more or less often before the outcome, largest difference first.
    pub contrasts: Vec<(Happening, Contrast)>,
    /// Measures that differ, largest effect first.
    pub spreads: Vec<(String, MeasureContrast)>,
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
    /// All that there is to say, with its charts.
    pub fn document(&self, setting: &Setting, told: &Told) -> (Document, Vec<Box<dyn Chart>>) {
        let mut page = told.document();
        let mut charts: Vec<Box<dyn Chart>> = Vec::new();
        if !self.cases.is_empty() {
            page.heading(format!("What it hung on, in {}", several(self.cases.len(), "case"))).words(
                "Top causes are picked from the record of each run alone, and then taken away in a replay under the same \
                 random numbers.",
            );
            let tested = self.unnamed() < self.cases.len();
            if tested {
                let chart = self.chart(setting, told);
                page.chart(&chart);
                charts.push(Box::new(chart));
                let mut table = Table::new(["Top cause"], ["Cases", "Flips"]);
                for top in self.tops(setting) {
                    table.row([top.class, top.cases.to_string(), top.flips.to_string()]);
                }
                page.table(table.printing(SHOWN.0));
            }
            if self.unnamed() > 0 {
                let always = self.always.iter().map(|event| Names(setting).event(*event)).collect::<Vec<_>>();
                let always = match always.is_empty() {
                    true => String::new(),
                    false => format!(
                        " Of what came in nearly every run, no others tell what hangs on it, but where it was itself the last step: {}. An \
                         explanation of one run (--replicate) takes each away.",
                        first_few(&always, EVENTS)
                    ),
                };
                page.words(format!(
                    "In {} of {} cases the record names no cause on which much would hang: not explained.{always}",
                    self.unnamed(),
                    self.cases.len()
                ));
            }
            let mut table = Table::new(["The outcome flips when one takes away"], ["Flips", "Share", "95% interval"])
                .titled("How far the explanations hold");
            for (name, (flips, tests)) in self.shares() {
                let what = [name.to_owned(), format!("{flips} of {tests}")].map(TableCell::from);
                table.row(what.into_iter().chain(words::share(Some(share(flips, tests)))));
            }
            if tested {
                page.table(table);
            }
        }
        if self.yes == self.runs {
            page.words("Every run comes to it: none can be told from the others but by when it does.");
        }
        page.heading("What distinguishes the runs where it came about").words(
            "Each happening just before the outcome, in the runs where it came about, against all runs where it had not by \
             then. Differences are in percentage points; intervals are 95% for all that is compared, taken together, and only what \
             differs by them is shown.",
        );
        let mut table = Table::new(["Had happened"], ["Where yes", "Else", "Difference", "Interval"]);
        for (what, contrast) in self.contrasts.iter().filter(|(_, found)| found.difference.has_sign()).take(SHOWN.1) {
            table.row([
                happening::sentence(Names(setting), what),
                percent(contrast.cases),
                percent(contrast.others),
                points(contrast.difference.value),
                format!("{} to {}", points(contrast.difference.low), points(contrast.difference.high)),
            ]);
        }
        if table.rows.is_empty() {
            page.words(match self.yes as usize {
                few if few < FEWEST => {
                    format!("It came about in {}: too few to tell what distinguishes them.", several(few, "run"))
                }
                _ => format!(
                    "Nothing that happened can be told from chance with {}.",
                    several(self.runs as usize, "run")
                ),
            });
        }
        page.table(table.printing(SHOWN.0));
        let mut table = Table::new(["Measure"], ["Where yes", "Else", "Effect", "Interval"])
            .titled("Measures of the years before, by standardised mean difference");
        let number = |value: f64| sign(value, &grouped(value.abs(), 2));
        for (measure, spread) in self.spreads.iter().filter(|(_, found)| found.effect.has_sign()).take(SHOWN.1) {
            table.row([
                measure.clone(),
                count(spread.cases),
                count(spread.others),
                number(spread.effect.value),
                format!("{} to {}", number(spread.effect.low), number(spread.effect.high)),
            ]);
        }
        page.table(table.printing(SHOWN.0)).rest();
        if !self.cases.is_empty() {
            what_is_weighed(&mut page);
        }
        page.use_with_care();
        (page, charts)
    }

    /// How often it came about, with its interval: "Yes in 251 of 1,000 replicates: 25% (22 to 28%)".
    pub fn answer(&self) -> String {
        let runs = count(self.runs as f64);
        let share = self.share.map_or_else(String::new, |share| {
            format!(": {}", Format::Percent.estimate(share.value, share.low, share.high))
        });
        format!("yes in {} of {runs} replicates{share}", count(self.yes as f64))
    }

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

    fn chart(&self, setting: &Setting, told: &Told) -> CauseBars {
        let n = self.cases.len() as u64;
        let rows = self.tops(setting).into_iter().map(|top| CauseRow {
            share: Some(share(top.cases, n).into()),
            flips: Some(share(top.flips, top.cases).into()),
            label: top.class,
        });
        let totals = self.shares().map(|(name, (flips, tests))| CauseRow {
            label: format!("Taken away: {name}"),
            share: None,
            flips: (tests > 0).then(|| share(flips, tests).into()),
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
fn share(yes: u64, n: u64) -> Estimate {
    Estimate::share(yes, n, CONFIDENCE)
}
