//! Which inputs drive an answer, in words, charts and tables.

use super::sensitivity_told::{SensitivityReport, of_variance, told_from};
use super::{Insight, Said, Topic, between, cells, index, sheet, within};
use crate::analysis::cases::Cases;
use crate::analysis::discovery::written;
use crate::analysis::sensitivity::Sensitivity;
use crate::analysis::sensitivity::every::SensitivityIndices;
use crate::analysis::sensitivity::morris::by_luck;
use crate::analysis::sensitivity::pawn::Pawn;
use crate::chart::{Influence, InfluenceRow};
use crate::report::document::TableCell;
use crate::report::naming::list;
use serde_json::json;

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
        let value = if about.yes_no { format!("{}%", written(100.0 * value)) } else { written(value) };
        // Numbers of nothing are kept, and not told.
        told.said = Said::default();
        told.said.answers.push(format!("The answer is the same at all {points} points, {value}: no input moves it."));
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
        told.luck(
            most,
            match found {
                SensitivityIndices::Sobol { .. } => "keeps first-order indices low and adds to total ones",
                SensitivityIndices::Morris { .. } => "adds to the size of every effect",
                SensitivityIndices::Given { .. } => "keeps first-order indices low",
            },
        );
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

/// The sum of the lower ends of the indices that are surely above 0, among so many.
fn surely(first: &[Sensitivity]) -> f64 {
    let sure = first.iter().filter(|measure| told_from(0.0, measure, first.len()));
    sure.map(|measure| measure.estimate.low.max(0.0)).sum()
}

impl SensitivityReport<'_> {
    fn sobol(&mut self, found: &crate::analysis::sensitivity::sobol::SobolIndices, pawn: Option<&Pawn>) {
        let (first, points) = (&found.first, self.about.points());
        self.lead(&found.total, &[], |label, total| {
            format!("{label}: it has a part in {} of the variance of the answer between {points}.", of_variance(total))
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
        let note = "First order: share of the variance that the input accounts for by itself. Total: share that it has any part in. Cut at 0 and \
                    1, as in the chart; indices.csv has them whole.";
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
            first: within(found.total[input].estimate).into(),
            second: Some(within(first[input].estimate).into()),
        });
        let chart = Influence {
            name: "influence".into(),
            caption: "The dark bar is the share of the variance that an input has a part in, the pale one what it accounts \
                     for by itself; lines are 95% intervals. Much more dark than pale: it acts together with others.",
            heading: self.heading("shares of the variance, with 95% intervals"),
            labels: ("has a part in (total)".into(), "by itself (first order)".into()),
            head: "total",
            in_shares: true,
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
        let points = self.about.points();
        self.lead(first, &[], |label, top| {
            format!(
                "{label}: by itself it accounts for {} of the variance of the answer between {points}.",
                of_variance(top)
            )
        });
        self.negligible(first, "matter by themselves (a first-order index surely below 5%)");
        self.said.cautions.extend(note.map(str::to_owned));
        let bounded = first.iter().any(|measure| measure.bounds.half_width() > 0.0);
        let mut heads = vec!["input", "first", "95% interval"];
        heads.extend(pawn.iter().flat_map(|_| ["PAWN", "95% interval"]));
        heads.extend(bounded.then_some("first, whatever is missing"));
        let note = "First order: share of the variance that the input accounts for by itself. Cut at 0 and 1, as in the chart; indices.csv has \
                    them whole.";
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
            first: within(first[input].estimate).into(),
            second: pawn.map(|pawn| within(pawn.index[input].estimate).into()),
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
            head: "first order",
            in_shares: true,
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
                 by chance ({noise}): there are too few {}, or nothing to find.",
                self.about.points()
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
}
