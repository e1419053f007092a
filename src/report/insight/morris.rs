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
        // An effect is that of a step, taken to go on so over the whole range: of a probability it may come out above what there is.
        let told = |value: f64| if self.about.yes_no { value.clamp(-1.0, 1.0) } else { value };
        let unit = |value: f64| {
            if self.about.yes_no { grouped(100.0 * value, 1) } else { written(value) }
        };
        let words = if self.about.yes_no { " percentage points" } else { "" };
        let sizes: Vec<Sensitivity> = effects.iter().map(|effects| effects.mean_size).collect();
        let about = self.about;
        self.lead(&sizes, none, |label, top| {
            format!(
                "{label}: moved over its whole range, it changes the answer by {}{words} ({} to {}) on average.",
                unit(told(top.estimate.value)),
                unit(told(top.estimate.low.max(0.0))),
                unit(told(top.estimate.high))
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
        let half_width = |size: &Sensitivity| size.estimate.interval().half_width();
        let widest = sizes.iter().max_by(|a, b| half_width(a).total_cmp(&half_width(b)));
        let most = sizes.iter().map(|size| size.estimate.value).fold(0.0, f64::max);
        if let Some(widest) = widest.filter(|widest| half_width(widest) > 0.25 * most && most > 0.0) {
            let few = |what: &str| {
                format!(
                    "There are too few {what} to rely on: the widest interval of μ* is ±{}, against a largest μ* of {}",
                    unit(half_width(widest)),
                    unit(told(most))
                )
            };
            self.said.cautions.push(match widest.by_luck {
                luck if luck > 0.5 => {
                    format!(
                        "{}, most of it by the luck that all points share: more trajectories do not narrow that.",
                        few("replicates")
                    )
                }
                luck if luck > 0.05 => {
                    format!("{}. More of them narrow it, and more replicates per point too.", few("trajectories"))
                }
                _ => format!("{}; four times as many would halve it.", few("trajectories")),
            });
        }
        let cut = match self.about.yes_no {
            true => {
                " μ* and μ are cut at 100 points, which is all that a probability can change; indices.csv has them whole."
            }
            false => "",
        };
        let note = format!(
            "μ*: mean size of the change when the input moves over its whole range; μ: mean change with its sign; σ: how much the change \
             differs from place to place.{cut}"
        );
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
                unit(told(effect.mean_size.estimate.value)),
                // A mean of sizes is not below 0.
                format!("{} to {}", unit(told(interval.low.max(0.0))), unit(told(interval.high))),
                unit(told(effect.mean)),
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
            at: (scale * told(effect.mean_size.estimate.value), scale * effect.deviation),
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
