//! Which inputs drive an answer, in words, charts and tables.

use super::{Insight, Said, Topic, between, cell, cells, index, sheet};
use crate::analysis::Estimate;
use crate::analysis::cases::Cases;
use crate::analysis::discovery::written;
use crate::analysis::probability::normal_bound;
use crate::analysis::sensitivity::Sensitivity;
use crate::analysis::sensitivity::every::SensitivityIndices;
use crate::analysis::sensitivity::morris::{ElementaryEffects, by_luck};
use crate::analysis::sensitivity::pawn::Pawn;
use crate::base::name::first_few;
use crate::chart::{Heading, Influence, InfluenceRow, Plane, PlanePoint};
use crate::estimate::CONFIDENCE;
use crate::estimate::difference::jointly;
use crate::report::document::TableCell;
use crate::report::naming::{capital, list};
use serde_json::json;

/// An input whose index is surely below this hardly matters.
const HARDLY: f64 = 0.05;
/// So many inputs are shown, those with most influence; all stand in `indices.csv`.
const SHOWN: usize = 15;
/// So many of those that hardly matter are named.
const NAMED: usize = 8;

/// Tells what was found of cases.
pub fn sensitivity(about: &Topic, found: &SensitivityIndices, cases: &Cases) -> Insight {
    let chance = cases.chance();
    let title = format!("What drives the answer: {}", about.question);
    let mut told = SensitivityReport { about, title: title.clone(), said: Said::default(), numbers: Vec::new() };
    let constant = cases.constant();
    let failed = match found {
        SensitivityIndices::Sobol { indices, pawn } => {
            told.sobol(indices, pawn.as_ref());
            indices.failed
        }
        SensitivityIndices::Morris { effects, failed } => {
            told.morris(effects, &by_luck(cases));
            *failed
        }
        SensitivityIndices::Given { first, pawn } => {
            told.given(&first.first, first.note.as_deref(), pawn.as_ref());
            first.failed
        }
    };
    if let Some((value, points)) = constant {
        // Numbers of nothing are kept, and not told.
        told.said = Said::default();
        told.said
            .answers
            .push(format!("The answer is the same at all {points} points, {}: no input moves it.", written(value)));
    }
    if failed > 0 {
        let missing = cases.missing();
        let which = match about.simulated {
            false => format!("{failed} rows have no output."),
            true if missing.failed == missing.without => {
                format!("{failed} points have no output because every run of theirs failed.")
            }
            true => format!("{failed} points have no output because none of their runs has one."),
        };
        told.said.cautions.push(format!(
            "{which} They are not left out: estimates take them at the mean, and “whatever is missing” is how far their \
             outputs could move an estimate."
        ));
    }
    // What inputs surely explain is not luck.
    let explained: f64 = match found {
        SensitivityIndices::Sobol { indices, .. } => surely(&indices.first),
        SensitivityIndices::Given { first, .. } => surely(&first.first),
        SensitivityIndices::Morris { .. } => 0.0,
    };
    let most = chance.map(|chance| chance.share.min((1.0 - explained).max(0.0))).filter(|_| constant.is_none());
    if constant.is_none() {
        told.luck(most);
        told.said.method.push(
            match cases.left_out().len() {
                0 | 1 => "Intervals are 95% and come from the bootstrap: they say how sure an index is given the points that were \
                          run, not whether the model is right."
                    .into(),
                replicates => format!(
                    "Intervals are 95%: by the bootstrap over points, and by the jackknife over the {replicates} replicates whose \
                     luck all points share. They say how sure an index is given the runs that were made, not whether the model is \
                     right."
                ),
            },
        );
    }
    let heads = ["measure", "input", "with", "value", "low", "high", "bound_low", "bound_high"].map(String::from);
    let tables = vec![("indices.csv".to_owned(), [vec![heads.to_vec()], told.numbers].concat())];
    let json = json!({ "question": about.question, "inputs": about.inputs, "found": found, "luck_at_most": most });
    let (document, charts) = told.said.document(title, about);
    Insight { document, charts, tables, json }
}

/// Whether the largest of several measures is surely above that of an input that does nothing: their intervals are of one
/// by itself, and the largest of many is often above (Bonferroni's correction).
fn told_from(none: f64, top: &Sensitivity, of: usize) -> bool {
    let (one, all) = (normal_bound(CONFIDENCE), normal_bound(jointly(of)));
    let below = (top.estimate.value - top.estimate.low) * all / one;
    top.estimate.value - below > none
}

/// The sum of the lower ends of the indices that are surely above 0, among so many.
fn surely(first: &[Sensitivity]) -> f64 {
    let sure = first.iter().filter(|measure| told_from(0.0, measure, first.len()));
    sure.map(|measure| measure.estimate.low.max(0.0)).sum()
}

/// A share of the variance with its interval: an estimate may lie outside of what a share can be, "114%", and then is told as the
/// end that it is beyond.
fn of_variance(share: &Sensitivity) -> String {
    let [value, low, high] =
        [share.estimate.value, share.estimate.low, share.estimate.high].map(|end| 100.0 * end.clamp(0.0, 1.0));
    format!("{value:.0}% ({low:.0} to {high:.0})")
}

struct SensitivityReport<'a> {
    about: &'a Topic,
    title: String,
    said: Said,
    numbers: Vec<Vec<String>>,
}

impl SensitivityReport<'_> {
    fn label(&self, input: usize) -> String {
        self.about.labels.get(input).cloned().unwrap_or_default()
    }

    fn number(&mut self, measure: &str, input: usize, with: Option<usize>, value: Sensitivity) {
        let name = |input: usize| self.about.inputs.get(input).cloned().unwrap_or_default();
        let cells =
            [value.estimate.value, value.estimate.low, value.estimate.high, value.bounds.low, value.bounds.high];
        let mut row = vec![measure.to_owned(), name(input), with.map(name).unwrap_or_default()];
        row.extend(cells.map(cell));
        self.numbers.push(row);
    }

    /// Inputs by a measure, greatest first.
    fn order(measures: &[Sensitivity]) -> Vec<usize> {
        let mut order: Vec<usize> = (0..measures.len()).collect();
        order.sort_by(|a, b| measures[*b].estimate.value.total_cmp(&measures[*a].estimate.value));
        order
    }

    /// Those of some inputs that are shown, and what is said of the others.
    fn shown(order: &[usize]) -> (&[usize], String) {
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
    fn lead(&mut self, measures: &[Sensitivity], none: &[f64], what: impl Fn(&str, &Sensitivity) -> String) {
        let order = Self::order(measures);
        let none = |input: usize| none.get(input).copied().unwrap_or(0.0);
        let Some(first) =
            order.iter().copied().find(|input| told_from(none(*input), &measures[*input], measures.len()))
        else {
            self.said.answers.push(format!(
                "No input can be told from one that does nothing{}: either none matters, or there are too few points.",
                if measures.len() > 1 { format!(", with {} looked at", measures.len()) } else { String::new() }
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
                "Which input matters most cannot be told from so few points: the intervals of {} overlap.",
                if rivals.len() > 5 { first_few(&rivals, 5) } else { list(&rivals) }
            ));
        }
    }

    fn negligible(&mut self, measures: &[Sensitivity], what: &str) {
        let small: Vec<String> = (0..measures.len())
            .filter(|input| measures[*input].estimate.high < HARDLY)
            .map(|input| self.label(input))
            .collect();
        if !small.is_empty() {
            let which = if small.len() > NAMED { String::new() } else { format!(": {}", list(&small)) };
            self.said.answers.push(format!("{} of {} inputs hardly {what}{which}.", small.len(), measures.len()));
        }
    }

    fn sobol(&mut self, found: &crate::analysis::sensitivity::sobol::SobolIndices, pawn: Option<&Pawn>) {
        let first = &found.first;
        self.lead(&found.total, &[], |label, total| {
            format!("{label}: it has a part in {} of the variance of the answer between points.", of_variance(total))
        });
        let sum: f64 = first.iter().map(|measure| measure.estimate.value).sum();
        self.said.answers.push(format!(
            "By themselves, one at a time, the inputs account for {}; what is left comes of inputs acting together{}.",
            if sum < 0.995 {
                format!("{:.0}% of the variance", 100.0 * sum.max(0.0))
            } else {
                "about all of the variance".into()
            },
            if self.about.simulated { " and of luck" } else { "" }
        ));
        if let Some((one, other, measure)) = found
            .second
            .iter()
            .filter(|pair| pair.2.estimate.low > 0.0)
            .max_by(|a, b| a.2.estimate.value.total_cmp(&b.2.estimate.value))
        {
            self.said.answers.push(format!(
                "The strongest pair is {} with {}: {} of the variance is due to the two together.",
                self.label(*one),
                self.label(*other),
                of_variance(measure)
            ));
        }
        self.negligible(&found.total, "have a part in it (a total index surely below 5%)");
        self.said.cautions.extend(found.note.clone());
        let bounded = found.failed > 0;
        let mut heads = vec!["input", "first", "95% interval", "total", "95% interval"];
        heads.extend(pawn.map(|_| "PAWN"));
        heads.extend(bounded.then_some("total, whatever is missing"));
        let note = "First order: share of the variance that the input accounts for by itself. Total: share that it has any part in.";
        let order = Self::order(&found.total);
        let (order, others) = Self::shown(&order);
        let mut table = sheet("Sobol' indices", heads, &format!("{note}{others}"));
        for &input in order {
            let (one, total) = (&first[input], &found.total[input]);
            let mut row = vec![TableCell::from(self.label(input))];
            row.extend([one, total].into_iter().flat_map(|part| cells(part.estimate)));
            row.extend(pawn.map(|pawn| index(pawn.index[input].estimate.value).into()));
            row.extend(bounded.then(|| between(total.bounds).into()));
            table.row(row);
        }
        self.said.tables.push(table);
        if !found.second.is_empty() {
            let note = "Share of the variance that is due to two inputs together, beyond each by itself. Those surely not 0, and the ten largest.";
            let mut table = sheet("Second order", ["inputs", "second", "95% interval"], note);
            let mut pairs: Vec<_> = found.second.iter().collect();
            pairs.sort_by(|a, b| b.2.estimate.value.total_cmp(&a.2.estimate.value));
            for (place, (one, other, measure)) in pairs.into_iter().enumerate() {
                if place < 10 || measure.estimate.low > 0.0 {
                    let names = TableCell::from(format!("{} × {}", self.label(*one), self.label(*other)));
                    table.row([names].into_iter().chain(cells(measure.estimate)));
                }
                self.number("second", *one, Some(*other), *measure);
            }
            self.said.tables.push(table);
        }
        for (input, (one, total)) in first.iter().zip(&found.total).enumerate() {
            self.number("first", input, None, *one);
            self.number("total", input, None, *total);
        }
        self.pawn(pawn);
        let rows = order.iter().map(|&input| InfluenceRow {
            input: self.label(input),
            first: found.total[input].estimate.into(),
            second: Some(first[input].estimate.into()),
        });
        let chart = Influence {
            name: "influence".into(),
            caption: "The dark bar is the share of the variance that an input has a part in, the pale one what it accounts \
                     for by itself; lines are 95% intervals. Much more dark than pale: it acts together with others.",
            heading: self.heading("shares of the variance, with 95% intervals"),
            labels: ("has a part in (total)".into(), "by itself (first order)".into()),
            rows: rows.collect(),
        };
        self.said.charts.push(Box::new(chart));
        self.said.method.push(
            "Sobol' indices from a Saltelli sample: first order after Saltelli et al. (2010), total after Jansen (1999), \
             second order after Saltelli (2002)."
                .into(),
        );
    }

    fn given(&mut self, first: &[Sensitivity], note: Option<&str>, pawn: Option<&Pawn>) {
        self.lead(first, &[], |label, top| {
            format!(
                "{label}: by itself it accounts for {} of the variance of the answer between points.",
                of_variance(top)
            )
        });
        self.negligible(first, "matter by themselves (a first-order index surely below 5%)");
        self.said.cautions.extend(note.map(str::to_owned));
        let bounded = first.iter().any(|measure| measure.bounds.half_width() > 0.0);
        let mut heads = vec!["input", "first", "95% interval"];
        heads.extend(pawn.iter().flat_map(|_| ["PAWN", "95% interval"]));
        heads.extend(bounded.then_some("first, whatever is missing"));
        let note = "First order: share of the variance that the input accounts for by itself; about 0, and so possibly below, for one that does nothing.";
        let order = Self::order(first);
        let (order, others) = Self::shown(&order);
        let mut table = sheet("Influence of each input", heads, &format!("{note}{others}"));
        for (input, one) in first.iter().enumerate() {
            self.number("first", input, None, *one);
        }
        for &input in order {
            let one = &first[input];
            let mut row = vec![TableCell::from(self.label(input))];
            let pawn = pawn.map(|pawn| &pawn.index[input]);
            row.extend([one].into_iter().chain(pawn).flat_map(|part| cells(part.estimate)));
            row.extend(bounded.then(|| between(one.bounds).into()));
            table.row(row);
        }
        self.said.tables.push(table);
        self.pawn(pawn);
        let rows = order.iter().map(|&input| InfluenceRow {
            input: self.label(input),
            first: Estimate { value: first[input].estimate.value.max(0.0), ..first[input].estimate }.into(),
            second: pawn.map(|pawn| pawn.index[input].estimate.into()),
        });
        let chart = Influence {
            name: "influence".into(),
            caption: match pawn {
                Some(_) => {
                    "The dark bar is the share of the variance that an input accounts for by itself, the pale one how far it \
                     moves the whole distribution (PAWN); lines are 95% intervals."
                }
                None => "Bars are the share of the variance that an input accounts for by itself, lines 95% intervals.",
            },
            heading: self.heading("with 95% intervals"),
            labels: ("share of the variance by itself (first order)".into(), "shift of the distribution (PAWN)".into()),
            rows: rows.collect(),
        };
        self.said.charts.push(Box::new(chart));
        self.said.method.push(
            "First-order indices from the sample as it is: runs sorted by an input, cut into parts, and the variance between \
             parts compared with the whole, less what chance gives (Plischke, Borgonovo and Smith 2013; Kelley 1935)."
                .into(),
        );
    }

    fn pawn(&mut self, pawn: Option<&Pawn>) {
        let Some(pawn) = pawn else { return };
        let least = pawn.noise.iter().copied().fold(f64::INFINITY, f64::min);
        let most = pawn.noise.iter().copied().fold(0.0, f64::max);
        let noise = if index(least) == index(most) {
            index(most)
        } else {
            format!("{} to {}, by how many values of an input were drawn", index(least), index(most))
        };
        let above: Vec<String> = Self::order(&pawn.index)
            .into_iter()
            .filter(|input| pawn.index[*input].estimate.value > pawn.noise[*input])
            .map(|input| self.label(input))
            .collect();
        self.said.answers.push(match above.len() {
            0 => format!(
                "By PAWN, no input moves the distribution of the answer more than the greatest of as many that do nothing may \
                 by chance ({}): there are too few points, or nothing to find.",
                noise
            ),
            count => format!(
                "By PAWN, {} moves the distribution of the answer by more than the greatest of as many inputs that do nothing \
                 would by chance ({}).",
                if count <= 5 { list(&above) } else { format!("each of {count} inputs, led by {},", above[0]) },
                noise
            )
            .replacen("moves", if count > 1 && count <= 5 { "move" } else { "moves" }, 1),
        });
        for (input, measure) in pawn.index.iter().enumerate() {
            self.number("pawn", input, None, *measure);
        }
        self.said.method.push(
            "PAWN: the median over ten parts of an input of the greatest distance between the answer's distribution within the \
             part and the whole (Pianosi and Wagener 2018). It is biased upwards, so its interval says how stable it is; an \
             index below the noise shows nothing."
                .into(),
        );
    }

    fn morris(&mut self, effects: &[ElementaryEffects], none: &[f64]) {
        let unit = |value: f64| {
            if self.about.yes_no { format!("{:.1}", 100.0 * value) } else { written(value) }
        };
        let words = if self.about.yes_no { " percentage points" } else { "" };
        let sizes: Vec<Sensitivity> = effects.iter().map(|effects| effects.mean_size).collect();
        let about = self.about;
        self.lead(&sizes, none, |label, top| {
            format!(
                "{label}: moved over its whole range, it changes the answer by {}{} ({} to {}) on average.",
                if about.yes_no { format!("{:.1}", 100.0 * top.estimate.value) } else { written(top.estimate.value) },
                words,
                unit(top.estimate.low.max(0.0)),
                unit(top.estimate.high)
            )
        });
        let bent: Vec<String> = (0..effects.len())
            .filter(|input| {
                effects[*input].deviation > effects[*input].mean_size.estimate.value && sizes[*input].estimate.low > 0.0
            })
            .map(|input| self.label(input))
            .collect();
        if !bent.is_empty() {
            self.said.answers.push(format!(
                "The effect of {} depends much on where the other inputs stand or is not straight{}: σ exceeds μ*.",
                list(&bent[..bent.len().min(5)]),
                if about.simulated { ", or is lost in luck" } else { "" }
            ));
        }
        let widest = sizes.iter().map(|size| size.estimate.interval().half_width()).fold(0.0, f64::max);
        let most = sizes.iter().map(|size| size.estimate.value).fold(0.0, f64::max);
        if widest > 0.25 * most && most > 0.0 {
            self.said.cautions.push(format!(
                "There are too few trajectories to rely on: the widest interval of μ* is ±{}, against a largest μ* of {}; \
                 four times as many would halve it.",
                unit(widest),
                unit(most)
            ));
        }
        let note = "μ*: mean size of the change when the input moves over its whole range; μ: mean change with its sign; σ: how much the change differs from place to place.";
        let heads = ["input", "μ*", "95% interval", "μ", "σ"];
        let title = if self.about.yes_no { "Elementary effects, percentage points" } else { "Elementary effects" };
        let order = Self::order(&sizes);
        let (order, others) = Self::shown(&order);
        let mut table = sheet(title, heads, &format!("{note}{others}"));
        for &input in order {
            let effect = &effects[input];
            let interval = effect.mean_size.estimate;
            table.row(vec![
                self.label(input),
                unit(effect.mean_size.estimate.value),
                format!("{} to {}", unit(interval.low), unit(interval.high)),
                unit(effect.mean),
                unit(effect.deviation),
            ]);
        }
        self.said.tables.push(table);
        for (input, effect) in effects.iter().enumerate() {
            self.number("mu_star", input, None, effect.mean_size);
            for (measure, value) in [("mu", effect.mean), ("sigma", effect.deviation)] {
                let mut row = vec![measure.to_owned(), self.about.inputs.get(input).cloned().unwrap_or_default()];
                row.extend([String::new(), cell(value)]);
                row.extend(std::iter::repeat_n(String::new(), 4));
                self.numbers.push(row);
            }
        }
        let leading = order.iter().take(6).copied().collect::<Vec<_>>();
        let points = effects.iter().enumerate().map(|(input, effect)| PlanePoint {
            label: self.label(input),
            at: (effect.mean_size.estimate.value, effect.deviation),
            strong: leading.contains(&input),
        });
        let chart = Plane {
            name: "morris".into(),
            heading: self.heading("elementary effects over the whole range of each input"),
            axes: ("μ*: mean size of the effect".into(), "σ: how much the effect differs from place to place".into()),
            points: points.collect(),
            joined: false,
        };
        self.said.charts.push(Box::new(chart));
        self.said.method.push(
            "Elementary effects along trajectories that move one input at a time (Morris 1991), with μ* after Campolongo, \
             Cariboni and Saltelli (2007)."
                .into(),
        );
    }

    /// How much of what was found is luck.
    fn luck(&mut self, most: Option<f64>) {
        if !self.about.simulated {
            return;
        }
        match most {
            Some(most) if most >= 0.1 => self.said.cautions.push(format!(
                "Up to about {:.0}% of the variance between points is luck, because each point's answer rests on few \
                 replicates. No input accounts for that part: it keeps first-order indices low and adds to total ones. More \
                 replicates per point make it smaller.",
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

    fn heading(&self, what: &str) -> Heading {
        Heading::new(self.title.clone(), format!("{} · {what}", self.about.subtitle))
    }
}
