//! What pages of sensitivity share: which input leads, which hardly matter, and what of it is luck.

use super::{Said, Topic, cell};
use crate::analysis::probability::normal_bound;
use crate::analysis::sensitivity::Sensitivity;
use crate::base::name::first_few;
use crate::chart::Heading;
use crate::estimate::CONFIDENCE;
use crate::estimate::difference::jointly;
use crate::report::naming::{capital, list};

/// An input whose index is surely below this hardly matters.
const HARDLY: f64 = 0.05;
/// So many inputs are shown, those with most influence; all stand in `indices.csv`.
const SHOWN: usize = 15;
/// So many of those that hardly matter are named.
const NAMED: usize = 8;

/// Whether the largest of several measures is surely above that of an input that does nothing: their intervals are of one
/// by itself, and the largest of many is often above (Bonferroni's correction).
pub(super) fn told_from(none: f64, top: &Sensitivity, of: usize) -> bool {
    let (one, all) = (normal_bound(CONFIDENCE), normal_bound(jointly(of)));
    let below = (top.estimate.value - top.estimate.low) * all / one;
    top.estimate.value - below > none
}

/// A share of the variance with its interval: an estimate may lie outside of what a share can be, "114%", and then is told as the
/// end that it is beyond.
pub(super) fn of_variance(share: &Sensitivity) -> String {
    let [value, low, high] =
        [share.estimate.value, share.estimate.low, share.estimate.high].map(|end| 100.0 * end.clamp(0.0, 1.0));
    format!("{value:.0}% ({low:.0} to {high:.0}%)")
}

/// What is said of the inputs, as it is found.
pub(super) struct SensitivityReport<'a> {
    pub about: &'a Topic,
    pub title: String,
    pub said: Said,
    pub numbers: Vec<Vec<String>>,
}

impl SensitivityReport<'_> {
    pub fn label(&self, input: usize) -> String {
        self.about.labels.get(input).cloned().unwrap_or_default()
    }

    pub fn number(&mut self, measure: &str, input: usize, with: Option<usize>, value: Sensitivity) {
        let name = |input: usize| self.about.inputs.get(input).cloned().unwrap_or_default();
        let cells =
            [value.estimate.value, value.estimate.low, value.estimate.high, value.bounds.low, value.bounds.high];
        let mut row = vec![measure.to_owned(), name(input), with.map(name).unwrap_or_default()];
        row.extend(cells.map(cell));
        self.numbers.push(row);
    }

    /// Inputs by a measure, greatest first.
    pub fn order(measures: &[Sensitivity]) -> Vec<usize> {
        let mut order: Vec<usize> = (0..measures.len()).collect();
        order.sort_by(|a, b| measures[*b].estimate.value.total_cmp(&measures[*a].estimate.value));
        order
    }

    /// Those of some inputs that are shown, and what is said of the others.
    pub fn shown(order: &[usize]) -> (&[usize], String) {
        match order.len().checked_sub(SHOWN) {
            Some(more @ 1..) => {
                let shown = format!(
                    " The {SHOWN} with most influence of {}; the other {more} stand in indices.csv.",
                    order.len()
                );
                (&order[..SHOWN], shown)
            }
            _ => (order, String::new()),
        }
    }

    /// Says which input leads, and whether that can be told. `none` is the measure of each input if it did nothing.
    pub fn lead(&mut self, measures: &[Sensitivity], none: &[f64], what: impl Fn(&str, &Sensitivity) -> String) {
        let order = Self::order(measures);
        let none = |input: usize| none.get(input).copied().unwrap_or(0.0);
        let Some(first) =
            order.iter().copied().find(|input| told_from(none(*input), &measures[*input], measures.len()))
        else {
            self.said.answers.push(format!(
                "No input can be told from one that does nothing{}: either none matters, or there are too few {}.",
                if measures.len() > 1 { format!(", with {} looked at", measures.len()) } else { String::new() },
                self.about.points()
            ));
            return;
        };
        let top = &measures[first];
        let rivals: Vec<String> = order
            .iter()
            .filter(|input| {
                measures[**input].estimate.high >= top.estimate.low && measures[**input].estimate.value > 0.0
            })
            .map(|input| self.label(*input))
            .collect();
        // A column's name stays as it is written.
        let label = if self.about.simulated { capital(&self.label(first)) } else { self.label(first) };
        let verb = if rivals.len() > 1 { "comes first" } else { "matters most" };
        self.said.answers.push(what(&format!("{label} {verb}"), top));
        if rivals.len() > 1 {
            self.said.answers.push(format!(
                "Which input matters most cannot be told from so few {}: the intervals of {} overlap.",
                self.about.points(),
                if rivals.len() > 5 { first_few(&rivals, 5) } else { list(&rivals) }
            ));
        }
    }

    pub fn negligible(&mut self, measures: &[Sensitivity], what: &str) {
        let small: Vec<String> = (0..measures.len())
            .filter(|input| measures[*input].estimate.high < HARDLY)
            .map(|input| self.label(input))
            .collect();
        if !small.is_empty() {
            let which = if small.len() > NAMED { String::new() } else { format!(": {}", list(&small)) };
            let (of, one) = (measures.len(), small.len() == 1);
            let plural = [("have", "has"), ("matter", "matters"), ("by themselves", "by itself")];
            let singular = || plural.iter().fold(what.to_owned(), |what, (of, one)| what.replacen(of, one, 1));
            let what = if one { singular() } else { what.to_owned() };
            self.said.answers.push(format!("{} of {of} inputs hardly {what}{which}.", small.len()));
        }
    }

    /// How much of what was found is luck.
    /// `part` is what luck does to the measures.
    pub fn luck(&mut self, most: Option<f64>, part: &str) {
        if !self.about.simulated {
            return;
        }
        match most {
            Some(most) if most >= 0.1 => self.said.cautions.push(format!(
                "Up to about {:.0}% of the variance between points is luck, because each point's answer rests on few \
                 replicates. No input accounts for that part: it {part}. More replicates per point make it smaller.",
                100.0 * most
            )),
            Some(most) => self.said.answers.push(format!(
                "Luck is no more than about {:.0}% of the variance between points.",
                (100.0 * most).max(1.0).ceil()
            )),
            None => self.said.cautions.push(
                "Every point was run once, so luck cannot be told from inputs: part of what no input accounts for is luck."
                    .into(),
            ),
        }
    }

    pub fn heading(&self, what: &str) -> Heading {
        Heading::new(self.title.clone(), format!("{} · {what}", self.about.subtitle))
    }
}
