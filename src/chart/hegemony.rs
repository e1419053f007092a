//! Chart 9: how large the largest bloc is, and who leads it.

use super::axis::{Format, Scale, TimeAxis};
use super::canvas::{Canvas, Text};
use super::frame::{Area, Band, Chart, Heading, MARGIN, Party, WIDTH};
use super::palette::{ACCENT, INK};
use super::panel::{Line, Panel};
use super::stack::{self, Layer};
use crate::base::Date;

/// A faction (or nobody) with the probability per date that it leads the largest bloc.
#[derive(Clone, Debug, PartialEq)]
pub struct Leader {
    /// Who.
    pub party: Party,
    /// The probability per date, 0 to 1.
    pub probability: Vec<f64>,
}

/// The largest bloc over time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hegemony {
    /// What is shown.
    pub heading: Heading,
    /// The dates that the series run over.
    pub dates: Vec<Date>,
    /// The largest bloc's share of all fighters, per date, 0 to 1.
    pub share: Vec<Band>,
    /// Who leads it; the probabilities of a date sum to one.
    pub leaders: Vec<Leader>,
}

impl Chart for Hegemony {
    fn name(&self) -> &str {
        "hegemony"
    }

    fn heading(&self) -> &Heading {
        &self.heading
    }

    fn caption(&self) -> &str {
        "Left: the share of all fighters that belong to the largest bloc. Right: how likely each faction is to be the \
         strongest member of that bloc."
    }

    fn draw(&self) -> Canvas {
        let Some(time) = TimeAxis::over(self.dates.iter().copied(), 280.0) else {
            return self.heading.nothing("No blocs were recorded over time.");
        };
        let (mut canvas, top) = self.heading.start(WIDTH);
        let middle = WIDTH * 0.46;
        let scale = Scale { low: 0.0, high: 1.0, ticks: vec![0.0, 0.25, 0.5, 0.75, 1.0], format: Format::Percent };
        let bottom = top + 290.0;
        let lines = vec![Line { label: "", colour: ACCENT, bands: &self.share, dashed: false }];
        let title = "Largest bloc's share of all fighters";
        Panel { title, colour: INK, dates: &self.dates, lines, values: true }.draw(
            &mut canvas,
            Area { left: MARGIN, top, right: middle - 12.0, bottom },
            &time,
            &scale,
        );
        canvas.write(middle + 12.0, top + 9.0, Text::new("Probability that it is led by", 10.5).bold());
        let mut leaders: Vec<(&Leader, f64)> = self.leaders.iter().map(|l| (l, weight(l))).collect();
        leaders.sort_by(|a, b| b.1.total_cmp(&a.1));
        let layers: Vec<Layer<'_>> = leaders
            .iter()
            .filter(|l| l.1 >= 0.002)
            .take(20)
            .map(|(l, _)| Layer { name: &l.party.name, colour: l.party.colour, heights: &l.probability })
            .collect();
        let area = Area { left: middle + 12.0, top: top + 15.0, right: WIDTH - MARGIN, bottom };
        stack::draw(&mut canvas, area, &self.dates, &layers, (&time, &scale), 138.0);
        canvas.set_height(bottom + 12.0);
        canvas
    }
}

fn weight(leader: &Leader) -> f64 {
    let values = leader.probability.iter().filter(|v| v.is_finite());
    values.clone().sum::<f64>() / values.count().max(1) as f64
}
