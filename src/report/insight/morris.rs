//! Elementary effects of inputs, in words, a chart and a table.

use super::sensitivity_told::SensitivityReport;
use super::{cell, sheet};
use crate::analysis::discovery::written;
use crate::analysis::sensitivity::Sensitivity;
use crate::analysis::sensitivity::morris::ElementaryEffects;
use crate::base::number::grouped;
use crate::chart::{Plane, PlanePoint};
use crate::report::naming::list;

impl SensitivityReport<'_> {
    /// Tells of elementary effects; `none` is the size of each if its input did nothing.
    pub fn morris(&mut self, effects: &[ElementaryEffects], none: &[f64]) {
        let unit = |value: f64| {
            if self.about.yes_no { grouped(100.0 * value, 1) } else { written(value) }
        };
        let words = if self.about.yes_no { " percentage points" } else { "" };
        let sizes: Vec<Sensitivity> = effects.iter().map(|effects| effects.mean_size).collect();
        let about = self.about;
        self.lead(&sizes, none, |label, top| {
            format!(
                "{label}: moved over its whole range, it changes the answer by {}{words} ({} to {}) on average.",
                unit(top.estimate.value),
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
                // A mean of sizes is not below 0.
                format!("{} to {}", unit(interval.low.max(0.0)), unit(interval.high)),
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
        let scale = if self.about.yes_no { 100.0 } else { 1.0 };
        let leading = order.iter().take(6).copied().collect::<Vec<_>>();
        let points = effects.iter().enumerate().map(|(input, effect)| PlanePoint {
            label: self.label(input),
            at: (scale * effect.mean_size.estimate.value, scale * effect.deviation),
            strong: leading.contains(&input),
        });
        let chart = Plane {
            name: "morris".into(),
            heading: self.heading(match self.about.yes_no {
                true => "elementary effects over the whole range of each input, in percentage points",
                false => "elementary effects over the whole range of each input",
            }),
            axes: ("μ*: mean size of the effect".into(), "σ: how much the effect differs from place to place".into()),
            points: points.collect(),
            joined: false,
            in_shares: false,
        };
        self.said.charts.push(Box::new(chart));
        self.said.method.push(
            "Elementary effects along trajectories that move one input at a time (Morris 1991), with μ* after Campolongo, \
             Cariboni and Saltelli (2007)."
                .into(),
        );
    }
}
