//! Which unproven inputs a conclusion rests on, in words, charts and tables.

use super::{Insight, Said, Topic, cell, share_with, sheet};
use crate::analysis::Estimate;
use crate::analysis::assumptions::{Assumptions, Flip};
use crate::analysis::cases::Cases;
use crate::analysis::discovery::{rounded, written};
use crate::base::number::grouped;
use crate::chart::{Chart, Heading, Influence, InfluenceRow};
use crate::report::document::Table;
use crate::report::naming::list;
use crate::report::words::several;
use serde_json::json;

/// Below this share of variance explained, places of turning points are rough.
const ROUGH: f64 = 0.6;
/// Below this share nothing is explained, and a swing of less of a probability moves nothing.
const NOTHING: f64 = 0.005;
const STILL: f64 = 0.001;
/// How many sets are told.
const MOST: usize = 15;

/// A conclusion in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conclusion {
    /// What is concluded, as a clause: "the probability that A and B ally is above 20%".
    pub words: String,
    /// Whether points are judged by the surface and those about them, for want of runs that tell luck from inputs.
    pub by_surface: bool,
    /// What luck does to each point: how many replicates it rests on, and what follows of it; may be empty.
    pub luck: String,
}

/// Where inputs lie, in their own units and the order of the inputs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ranges {
    /// Lowest values.
    pub low: Vec<f64>,
    /// Best estimates.
    pub best: Vec<f64>,
    /// Highest values.
    pub high: Vec<f64>,
    /// Whether a source vouches for it, so that it stays at its best estimate.
    pub held: Vec<bool>,
}

impl Ranges {
    /// A value as a share of an input's range.
    pub fn share(&self, input: usize, value: f64) -> f64 {
        let width = self.high[input] - self.low[input];
        if width > 0.0 { ((value - self.low[input]) / width).clamp(0.0, 1.0) } else { 0.5 }
    }

    /// A value as text, to a thousandth of its range at most.
    fn write(&self, input: usize, value: f64) -> String {
        self.as_text(input, value, written)
    }

    /// The same of a value that is only about right.
    fn about(&self, input: usize, share: f64) -> String {
        self.as_text(input, self.value(input, share), rounded)
    }

    fn as_text(&self, input: usize, value: f64, write: fn(f64) -> String) -> String {
        /// Below this numbers are written with powers of ten, which nobody needs beside a range of ordinary size.
        const SMALL: f64 = 0.01;
        let width = self.high[input] - self.low[input];
        match value.abs() {
            size if width > 0.0 && size < 1e-3 * width => "0".into(),
            size if width >= SMALL && size < SMALL => {
                let decimals = if width < 10.0 * SMALL { 5 } else { 4 };
                grouped(value, decimals).trim_end_matches('0').to_owned()
            }
            _ => write(value),
        }
    }

    /// A share of an input's range as a value.
    pub fn value(&self, input: usize, share: f64) -> f64 {
        self.low[input] + share * (self.high[input] - self.low[input])
    }
}

/// Tells what was found.
pub fn assumptions(
    about: &Topic,
    conclusion: &Conclusion,
    ranges: &Ranges,
    cases: &Cases,
    found: &Assumptions,
) -> Insight {
    let title = format!("What the conclusion rests on: {}", about.question);
    let mut said = Said::default();
    let free = ranges.held.iter().filter(|held| !**held).count();
    let held = ranges.held.len() - free;
    said.answers.push(format!("The conclusion: {}.", conclusion.words));
    let points = about.points();
    said.answers.push(format!(
        "It holds in {} of the {points}, over the {} of {}{}. At the best estimates it {}.",
        share_with(found.holds),
        if free + held == 1 { "range" } else { "ranges" },
        several(free + held, "input"),
        match (free, held) {
            (_, 0) => " that no source vouches for".into(),
            (1, _) => ", of which no source vouches for one".into(),
            (free, _) => format!(", of which no source vouches for {free}"),
        },
        if found.holds_at_best { "holds" } else { "does not hold" }
    ));
    said.answers.extend(smallest(about, ranges, conclusion.by_surface, found));
    let moved = is_moved(about, found);
    if !moved {
        let within = if free == 1 { "its range" } else { "their ranges" };
        said.answers.push(format!("No assumption is seen to move the answer within {within}."));
    }
    if found.fit < ROUGH && moved {
        said.cautions.push(format!(
            "The surface that turning points are sought on explains {:.0}% of the differences between {points}: lean on how often \
             the conclusion is overturned, not on the exact place.",
            100.0 * found.fit
        ));
    }
    said.cautions.extend(about.without_output(cases.missing()).map(|without| {
        let (low, high) = (100.0 * found.bounds.low, 100.0 * found.bounds.high);
        format!(
            "{without}. Whatever it would have been, the conclusion holds in {low:.0} to {high:.0}% of the {points}."
        )
    }));
    said.cautions.extend((!conclusion.luck.is_empty()).then(|| conclusion.luck.clone()));
    said.tables.extend((!found.flips.is_empty()).then(|| flips_sheet(about, ranges, found)));
    said.tables.extend(moved.then(|| swings_sheet(about, ranges, found)));
    said.method = vec![format!(
        "Turning points are sought on a surface with main, squared and pairwise terms that is fitted to all {points} and put \
         right by the {points} nearby, with every other input at its best estimate: sets of up to three of the eight inputs \
         that move it most, in steps of a twentieth of the range. Each is then checked against all {points} that lie as far \
         out or further, whatever their other inputs are; it takes five to bear one out."
    )];
    said.method.push(match conclusion.by_surface {
        true => format!(
            "Of a single run or row nobody can say how much of its answer is luck. So each of the {points} counts by how likely the \
             conclusion holds there given the surface, put right by what cells of some forty {points} have in common beyond luck \
             (empirical Bayes): what varies within a cell is not seen. Intervals are 95%, widened by resampling {points}."
        ),
        false => "Where points rest on few replicates, each counts by how likely the conclusion truly holds there given its own runs \
                  and the surface (empirical Bayes); intervals are 95%, widened by resampling points and replicates."
            .into(),
    });
    said.charts = charts(about, found);
    let json = json!({
        "question": about.question, "conclusion": conclusion.words, "inputs": about.inputs, "found": found,
        "low": ranges.low, "best": ranges.best, "high": ranges.high, "sourced": ranges.held,
    });
    let (document, charts) = said.document(title, about);
    Insight { document, charts, tables: tables(about, ranges, found), json }
}

/// Whether any input moves the answer by more than nothing.
fn is_moved(about: &Topic, found: &Assumptions) -> bool {
    let widest = found.swings.first().map_or(0.0, |(_, swing)| swing.value);
    found.fit >= NOTHING && widest > if about.yes_no { STILL } else { 0.0 }
}

/// A swing in points, or in the unit of the answer, with its interval where it has one.
fn swing_words(about: &Topic, swing: Estimate) -> String {
    let write = |swing: f64| if about.yes_no { grouped(100.0 * swing, 0) } else { rounded(swing) };
    match swing.interval().half_width() > 0.0 {
        true => format!("{} ({} to {})", write(swing.value), write(swing.low), write(swing.high)),
        false => write(swing.value),
    }
}

/// Where each input of a set must go: "fighters (JNIM) from 2,000 to about 2,600".
fn moved(about: &Topic, ranges: &Ranges, flip: &Flip) -> String {
    let each = flip.inputs.iter().zip(&flip.to).map(|(input, to)| {
        let (from, to) = (ranges.write(*input, ranges.best[*input]), ranges.about(*input, *to));
        format!("{} from {from} to about {to}", about.labels[*input])
    });
    list(&each.collect::<Vec<_>>())
}

/// The smallest sets in sentences.
fn smallest(about: &Topic, ranges: &Ranges, by_surface: bool, found: &Assumptions) -> Vec<String> {
    let (verb, done) =
        if found.holds_at_best { ("overturn", "overturned") } else { ("make it hold", "turned to hold") };
    let points = about.points();
    let borne_out: Vec<&Flip> = found.flips.iter().filter(|flip| flip.borne_out).collect();
    let Some(first) = borne_out.first() else {
        let nowhere = found.flips.iter().all(|flip| flip.turned.n == 0);
        let guesses = match (found.flips.len(), nowhere) {
            (0, _) => String::new(),
            (1, false) => {
                format!(" The one that the fitted surface gives is not borne out by the {points} that lie as far out.")
            }
            (many, false) => {
                format!(
                    " The {many} that the fitted surface gives are not borne out by the {points} that lie as far out."
                )
            }
            (1, true) => {
                format!(" No {} lies far enough out to bear out the one that the fitted surface gives.", about.point())
            }
            (many, true) => {
                format!(" No {points} lie far enough out to bear out the {many} that the fitted surface gives.")
            }
        };
        let does = format!("seen to {verb}{}", if found.holds_at_best { " it" } else { "" });
        return vec![match ranges.held.iter().filter(|held| !**held).count() {
            1 => format!("The one unsourced input is nowhere within its range {does}.{guesses}"),
            _ => format!(
                "No set of up to three of the unsourced inputs that matter most is {does} within their ranges.{guesses}"
            ),
        }];
    };
    let of_size: Vec<&&Flip> = borne_out.iter().filter(|flip| flip.inputs.len() == first.inputs.len()).collect();
    let object = if found.holds_at_best { " it" } else { "" };
    let mut sentences = vec![match first.inputs.len() {
        1 => format!("One assumption is enough to {verb}{object}: moving {}.", moved(about, ranges, first)),
        size => format!(
            "No single assumption is enough to {verb}{object}{}; {size} together are: moving {}.",
            if size > 2 { ", nor any two" } else { "" },
            moved(about, ranges, first)
        ),
    }];
    sentences.push(format!(
        "Of the {} {points} that lie as far out or further, whatever the other inputs are, it is {done} in {}{}.",
        first.turned.n,
        share_with(first.turned),
        match by_surface {
            true => format!(", by the surface and what the {points} about them gave"),
            false => String::new(),
        }
    ));
    if of_size.len() > 1 {
        let others: Vec<String> =
            of_size[1..of_size.len().min(4)].iter().map(|flip| moved(about, ranges, flip)).collect();
        let more = of_size.len().saturating_sub(4);
        sentences.push(format!(
            "So {} moving {}{}.",
            if others.len() == 1 { "does" } else { "do" },
            others.join("; or "),
            if more > 0 { format!("; and {more} more in the table") } else { String::new() }
        ));
    }
    sentences
}

fn flips_sheet(about: &Topic, ranges: &Ranges, found: &Assumptions) -> Table {
    // What is seen in no point is the surface's guess, and is called so.
    let title = match (found.holds_at_best, found.flips.iter().any(|flip| flip.borne_out)) {
        (true, true) => "What overturns it",
        (true, false) => "What might overturn it, by the fitted surface alone",
        (false, true) => "What makes it hold",
        (false, false) => "What might make it hold, by the fitted surface alone",
    };
    let points = about.points();
    let heads = ["inputs, from best to where it turns", "moved", "turned beyond", points, "borne out"];
    let note = format!(
        "Moved: how far, as a share of the input's range, summed over the set. Turned beyond: of the {points} that are as far out \
         or further, the share in which the conclusion is turned, with its 95% interval. Borne out: whether that is surely above its \
         share of all {points}, and there are five such {points} or more; where not, the set is the fitted surface's guess."
    );
    let mut table =
        sheet(title, heads, &note).leaving_out(found.flips.len().saturating_sub(MOST), "turning-points.csv");
    for flip in found.flips.iter().take(MOST) {
        let each = flip.inputs.iter().zip(&flip.to).map(|(input, to)| {
            let (from, to) = (ranges.write(*input, ranges.best[*input]), ranges.about(*input, *to));
            format!("{} {from} → {to}", about.labels[*input])
        });
        table.row(vec![
            each.collect::<Vec<_>>().join(" + "),
            format!("{:.0}%", 100.0 * flip.distance),
            if flip.turned.n > 0 { share_with(flip.turned) } else { format!("no such {}", about.point()) },
            flip.turned.n.to_string(),
            if flip.borne_out { "yes" } else { "no" }.into(),
        ]);
    }
    table
}

/// What the fitted surface is worth, for those who read swings off it.
fn worth(about: &Topic, found: &Assumptions) -> String {
    let noisy = found.swings.iter().any(|(_, swing)| swing.interval().half_width() > 0.0);
    let intervals =
        if noisy { "Intervals are 95%, and say nothing of what the surface misses: it" } else { "The surface" };
    format!("{intervals} explains {}.", explained(about, found))
}

fn explained(about: &Topic, found: &Assumptions) -> String {
    // Luck, as far as it is known, is taken off what there is to explain.
    format!("{:.0}% of what differs between {} and is not known for luck", 100.0 * found.fit, about.points())
}

fn swings_sheet(about: &Topic, ranges: &Ranges, found: &Assumptions) -> Table {
    let note = format!(
        "How far the fitted answer swings while the input runs over its range, all others at their best.{} {}",
        if about.yes_no { " Points are percentage points." } else { "" },
        worth(about, found)
    );
    let head = if about.yes_no { "swing, points" } else { "swing" };
    let mut table = sheet("How much each assumption moves it", ["input", "lowest", "best", "highest", head], &note);
    for (input, swing) in &found.swings {
        let numbers = [ranges.low[*input], ranges.best[*input], ranges.high[*input]];
        let numbers = numbers.map(|value| ranges.write(*input, value));
        let mut row = vec![about.labels[*input].clone()];
        row.extend(numbers);
        row.push(swing_words(about, *swing));
        table.row(row);
    }
    table
}

fn charts(about: &Topic, found: &Assumptions) -> Vec<Box<dyn Chart>> {
    let heading = |shown: &str, what: &str| {
        Heading::new(format!("{shown}: {}", about.question), format!("{} · {what}", about.subtitle))
    };
    let bare = |value: f64| crate::chart::Band::new(value, value, value);
    let mut charts: Vec<Box<dyn Chart>> = Vec::new();
    if found.flips.iter().any(|flip| flip.borne_out) {
        let rows = found.flips.iter().filter(|flip| flip.borne_out).take(12).map(|flip| InfluenceRow {
            input: flip.inputs.iter().map(|input| about.labels[*input].clone()).collect::<Vec<_>>().join(" + "),
            first: bare(flip.moves.iter().map(|by| by.abs()).fold(0.0, f64::max)),
            second: (flip.turned.n > 0).then(|| flip.turned.into()),
        });
        let chart = Influence {
            name: "turning-points".into(),
            caption: "Each row is a set of assumptions that turns the conclusion. The dark bar is how far the one that moves \
                     most has to go, the pale one how often the conclusion is turned beyond: short and long is what to worry about.",
            heading: heading(
                if found.holds_at_best { "What overturns the conclusion" } else { "What makes the conclusion hold" },
                "with 95% intervals",
            ),
            labels: (
                "furthest move, as a share of the range".into(),
                format!("share of {} beyond that are turned", about.points()),
            ),
            head: "move",
            in_shares: true,
            rows: rows.collect(),
        };
        charts.push(Box::new(chart));
    }
    if !is_moved(about, found) {
        return charts;
    }
    let scale = if about.yes_no { 100.0 } else { 1.0 };
    let rows = found.swings.iter().map(|(input, swing)| InfluenceRow {
        input: about.labels[*input].clone(),
        first: crate::chart::Band::new(scale * swing.value, scale * swing.low, scale * swing.high),
        second: None,
    });
    let chart = Influence {
        name: "swings".into(),
        caption: "How far the answer swings while one assumption runs over its range and all others stay at their best, by the \
                  fitted surface. Lines are 95% intervals, where answers are noisy: they say nothing of what the surface misses.",
        heading: heading(
            "How much each assumption moves it",
            &format!("by a surface that explains {}", explained(about, found)),
        ),
        labels: (
            if about.yes_no {
                "swing over the whole range, in percentage points"
            } else {
                "swing over the whole range"
            }
            .into(),
            String::new(),
        ),
        head: if about.yes_no { "points" } else { "swing" },
        in_shares: false,
        rows: rows.collect(),
    };
    charts.push(Box::new(chart));
    charts
}

fn tables(about: &Topic, ranges: &Ranges, found: &Assumptions) -> Vec<(String, Vec<Vec<String>>)> {
    let heads = |names: &[&str]| vec![names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()];
    let mut turning =
        heads(&["set", "input", "best", "to", "moved_share", "turned", "low", "high", "points", "borne_out"]);
    for (number, flip) in found.flips.iter().enumerate() {
        for ((input, to), by) in flip.inputs.iter().zip(&flip.to).zip(&flip.moves) {
            let mut row = vec![(number + 1).to_string(), about.inputs[*input].clone()];
            let Estimate { value: turned, low, high, n } = flip.turned;
            let numbers = [ranges.best[*input], ranges.value(*input, *to), *by, turned, low, high];
            row.extend(numbers.map(cell));
            row.extend([n.to_string(), flip.borne_out.to_string()]);
            turning.push(row);
        }
    }
    let mut swings = heads(&["input", "low", "best", "high", "swing", "swing_low", "swing_high"]);
    for (input, swing) in &found.swings {
        let mut row = vec![about.inputs[*input].clone()];
        row.extend([ranges.low[*input], ranges.best[*input], ranges.high[*input]].map(cell));
        row.extend([swing.value, swing.low, swing.high].map(cell));
        swings.push(row);
    }
    vec![("turning-points.csv".into(), turning), ("swings.csv".into(), swings)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_their_range_asks() {
        let ranges = Ranges { low: vec![0.0], best: vec![0.6], high: vec![1.0], held: vec![false] };
        assert_eq!([0.004, 0.0004, 0.6, 0.0123].map(|value| ranges.write(0, value)), ["0.004", "0", "0.6", "0.0123"]);
    }
}
