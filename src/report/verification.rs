//! The chapter on verification, as a document and as charts.

use crate::analysis::verification::{Chapter, Check, Plot, PlotPoints};
use crate::base::number::grouped;
use crate::chart::{Heading, TheoryLine, TheoryPlot};

/// The folder, beside the document, in which it looks for its pictures.
pub const IMAGES: &str = "images";

/// The document in Markdown: each theory, what it predicts and what the code gives.
pub fn verification_document(chapters: &[Chapter]) -> String {
    let mut text = String::from(
        "# Verification: what theory predicts, and what the code gives\n\n\
         Each part of the model that a theory speaks of is run alone, everything else switched off, and held against a published \
         result. This page, its table and its pictures are made by `entente verify --out docs`; `cargo test --test theory` fails \
         if a prediction does not hold. The code is in `src/analysis/verification`, one file per theory.\n",
    );
    let checks = || chapters.iter().flat_map(|chapter| &chapter.checks);
    let held = checks().filter(|check| check.passes()).count();
    text.push_str(&format!("\n{held} of {} predictions hold.\n", checks().count()));
    for chapter in chapters {
        text.push_str(&format!("\n## {}\n\n{}\n\n*{}.*\n", chapter.title, chapter.about, chapter.source));
        text.push_str("\n| what | theory | code | difference | may differ by | holds |\n|---|---|---|---|---|---|\n");
        for check in &chapter.checks {
            let [predicted, measured, difference, tolerance] = figures(check);
            let holds = if check.passes() { "yes" } else { "**no**" };
            let what = &check.what;
            text.push_str(&format!("| {what} | {predicted} | {measured} | {difference} | {tolerance} | {holds} |\n"));
        }
        if let Some(plot) = &chapter.plot {
            text.push_str(&format!("\n![{}]({IMAGES}/verification-{}.png)\n", plot.title, chapter.name));
        }
    }
    text
}

/// What theory says, what the code gives, the difference, and what it may be.
pub fn figures(check: &Check) -> [String; 4] {
    [check.predicted, check.measured, check.difference(), check.tolerance].map(number)
}

/// A number with as many digits as tell something.
fn number(value: f64) -> String {
    let size = value.abs();
    if size < 1e-15 {
        "0".into()
    } else if size < 1e-4 {
        format!("{value:.1e}").replace('-', "−")
    } else {
        grouped(value, if (value - value.round()).abs() < 1e-9 { 0 } else { 4 })
    }
}

/// The picture of a chapter, where there is one.
pub fn verification_chart(chapter: &Chapter) -> Option<TheoryPlot> {
    let Plot { title, axes, theory, code, intervals } = chapter.plot.as_ref()?;
    let mut lines: Vec<TheoryLine> = theory
        .iter()
        .map(|PlotPoints { label, at }| TheoryLine { label: label.clone(), theory: at.clone(), code: Vec::new() })
        .collect();
    for PlotPoints { label, at } in code {
        match lines.iter_mut().find(|line| line.label == *label) {
            Some(line) => line.code.clone_from(at),
            None => lines.push(TheoryLine { label: label.clone(), theory: Vec::new(), code: at.clone() }),
        }
    }
    Some(TheoryPlot {
        name: format!("verification-{}", chapter.name),
        heading: Heading::new(title.clone(), chapter.source),
        axes: axes.clone(),
        lines,
        intervals: intervals.clone(),
    })
}
