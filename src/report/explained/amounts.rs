//! What goes with more or less of an amount over many runs, for people.

use super::Told;
use super::amount::added;
use crate::analysis::Estimate;
use crate::analysis::why::{AmountContrast, TypicalAmount};
use crate::base::number::percent;
use crate::chart::{Chart, DifferenceDots, Differences, Heading};
use crate::measure::Unit;
use crate::report::narrative::{Names, happening};
use crate::report::words::written;
use crate::report::{Document, Table, words};
use crate::world::{Happening, Setting};

/// How many happenings a terminal shows, and a page.
const SHOWN: (usize, usize) = (12, 40);

/// What goes with more or less of an amount.
#[derive(Clone, Debug)]
pub struct AmountFindings {
    /// What happened in some runs and not in others, the surest difference first.
    pub contrasts: Vec<(Happening, AmountContrast)>,
    /// What those of them added that were taken away, found by taking each away in runs in which it happened: the mean over these.
    pub added: Vec<Option<Estimate>>,
    /// The amount in all runs.
    pub all: TypicalAmount,
    /// The amount in runs in which times are as violent as is usual.
    pub usual: Option<TypicalAmount>,
}

impl AmountFindings {
    /// All that there is to say, with its chart.
    pub fn document(&self, setting: &Setting, unit: Unit, told: &Told) -> (Document, Vec<Box<dyn Chart>>) {
        let mut page = told.document();
        if let Some(usual) = &self.usual {
            let [now, then] = [&self.all, usual].map(|typical| typical.high - typical.low);
            let narrower = if then < now {
                format!(": the range is {} narrower", percent(1.0 - then / now))
            } else {
                String::new()
            };
            page.heading("How much is due to violent times").words(format!(
                "With times as violent as is usual, under the same random numbers, 80% of the runs lie between {}{narrower}.",
                written(unit).0.interval(usual.low, usual.high).replace(" to ", " and ")
            ));
        }
        page.heading("What goes with more, and what with less");
        if self.contrasts.is_empty() {
            page.words(
                "With so few runs nothing that happened can be shown to go with more or with less: means of the runs in which something \
                 happened and of all others differ by no more than chance could make, with all happenings looked at together.",
            );
            page.rest().use_with_care();
            return (page, Vec::new());
        }
        page.words(
            "Mean amounts of the runs in which something happened against all others; intervals are 95% for all happenings together, \
             and only what differs by them is shown. What goes with an amount need not make it: under “made”, what it added in \
             runs in which it happened, found by taking it away in a replay under the same random numbers.",
        );
        let mut table = Table::new(["Happened"], ["Runs", "With it", "Else", "Difference", "Made"]);
        let interval = |found: &Estimate| format!("{} to {}", added(unit, found.low), added(unit, found.high));
        let mut whole = Table::new(["Happened"], ["Difference", "Interval", "Made", "95% interval", "Tests"]);
        for (place, (what, contrast)) in self.contrasts.iter().take(SHOWN.1).enumerate() {
            let AmountContrast { share, with, without, difference } = contrast;
            let made = self.added.get(place).copied().flatten();
            let made_words = made.map_or_else(String::new, |made| added(unit, made.value));
            let words = happening::sentence(Names(setting), what);
            let amount = |value| words::quantity(unit, value);
            table.row([
                words.clone(),
                percent(*share),
                amount(*with),
                amount(*without),
                added(unit, difference.value),
                made_words.clone(),
            ]);
            let tests = made.map_or_else(String::new, |made| made.n.to_string());
            let ends = made.as_ref().map_or_else(String::new, interval);
            whole.row([words, added(unit, difference.value), interval(difference), made_words, ends, tests]);
        }
        let chart = self.chart(setting, unit, told);
        page.chart(&chart).table(table.printing(SHOWN.0)).rest();
        page.subheading("With their intervals").table(whole).use_with_care();
        (page, vec![Box::new(chart)])
    }

    fn chart(&self, setting: &Setting, unit: Unit, told: &Told) -> Differences {
        let shown = self.contrasts.iter().take(2 * SHOWN.0).enumerate();
        let row = |(place, (what, contrast)): (usize, &(Happening, AmountContrast))| DifferenceDots {
            text: happening::sentence(Names(setting), what),
            differences: vec![
                Some(contrast.difference.into()),
                self.added.get(place).copied().flatten().map(Into::into),
            ],
        };
        Differences {
            name: "differences".into(),
            heading: Heading::new(told.question.clone(), format!("{} · {}", told.answer, told.run)),
            caption: "Differences of means between the runs in which something happened and all others, with intervals that are 95% for \
                      all together; and what it added in runs in which it happened, found by taking it away in a replay, with \
                      95% intervals.",
            variants: vec!["runs with it, less all others".into(), "added where it happened".into()],
            colours: Vec::new(),
            rows: shown.map(row).collect(),
            format: written(unit).0,
            note: "Differences whose interval includes zero are left out. All are in differences.csv.",
        }
    }
}
