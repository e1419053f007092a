//! Where among the inputs an outcome lies, in words, charts and tables.

use super::{Insight, Said, Topic, cell, share_with, sheet};
use crate::analysis::cases::Cases;
use crate::analysis::clustered::ClusteredMean;
use crate::analysis::discovery::{Limit, Limits, Peeling, PeelingStep, Stability, Tree, rounded};
use crate::analysis::scale::Scale;
use crate::base::number::grouped;
use crate::chart::{BoxPanel, Boxes, Heading, Plane, PlanePoint};
use crate::estimate::CONFIDENCE;
use crate::report::document::Table;
use crate::report::naming::{capital, list};
use serde_json::json;

/// A box that was found, with everything that speaks for and against it.
pub struct Boxed<'a> {
    /// The cases.
    pub cases: &'a Cases,
    /// The outcome as a clause: "JNIM and the CMA hold a pact".
    pub outcome: &'a str,
    /// The boxes from everything to the purest.
    pub peeling: &'a Peeling,
    /// The one that is told.
    pub chosen: &'a PeelingStep,
    /// Share of the runs within it that have the outcome, with what the search made of luck taken off.
    pub density: ClusteredMean,
    /// Share of all runs that have it.
    pub overall: ClusteredMean,
    /// Per limited input, its quasi-p-value.
    pub quasi_p: &'a [(usize, f64)],
    /// What came of repeating the search.
    pub stability: &'a Stability,
    /// A second opinion.
    pub tree: &'a Tree,
    /// Per case, the share of its runs with the outcome.
    pub hits: &'a [f64],
}

/// Tells what was found.
pub fn discovery(about: &Topic, found: &Boxed<'_>) -> Insight {
    let names: Vec<&str> = about.labels.iter().map(String::as_str).collect();
    let title = match about.yes_no {
        true => format!("Where it comes about: {}", about.question),
        false => format!("Where {}", found.outcome),
    };
    let outcome = capital(found.outcome);
    let (density, overall) = (found.density.estimate(CONFIDENCE), found.overall.estimate(CONFIDENCE));
    let overall_words = share_with(overall);
    let (runs, points) = (about.runs(), about.points());
    let mut said = Said::default();
    let restricted: Vec<usize> = found.chosen.limits.restricted().collect();
    if restricted.is_empty() {
        said.answers.push(format!(
            "{outcome} in {overall_words} of the {runs}, and no box of inputs was found in which it comes about clearly more \
             often."
        ));
    } else {
        said.answers.push(format!(
            "{outcome} in {} of the {runs} where {}, against {overall_words} overall.",
            share_with(density),
            found.chosen.limits.in_words(&names, &about.scales)
        ));
        let (told, as_found) = (percent_of(density.value), percent_of(found.chosen.density));
        let corrected = match told == as_found {
            true => String::new(),
            false => {
                format!(" In it as found they are {as_found}: from that, what the search owes to luck is taken off.")
            }
        };
        said.answers.push(format!(
            "That box holds {} of all {runs} and {} of those with the outcome.{corrected}",
            percent_of(found.chosen.mass),
            percent_of(found.chosen.coverage)
        ));
        let doubtful: Vec<String> = found
            .quasi_p
            .iter()
            .filter(|(input, _)| found.stability.at_coverage[*input] < 0.5)
            .map(|(input, _)| about.labels[*input].clone())
            .collect();
        if !doubtful.is_empty() {
            said.cautions.push(format!(
                "Do not lean on the limits of {}: resampled {points} often lead to a box without them.",
                list(&doubtful)
            ));
        }
    }
    said.answers.push(second_opinion(found.outcome, found.tree, &names, about));
    said.cautions.extend(about.without_output(found.cases.missing()).map(|without| match about.simulated {
        true => format!("{without}, and are left out; points without any other run are not searched."),
        false => format!("{without} and are left out."),
    }));
    let hits = found.hits.iter().sum::<f64>();
    let (had, of) = (overall.value * overall.n as f64, overall.n as f64);
    if found.density.effective < 30.0 || hits < 20.0 {
        let came = format!("the outcome came about in {} of {} {runs}", grouped(had, 0), grouped(of, 0));
        said.cautions.push(match restricted.is_empty() {
            true => format!("There is little to go by: {came}. More {points} may show a box."),
            false => format!(
                "There is little to go by: the box rests on {} {points}, and {came}. More {points} would show whether it is real.",
                found.chosen.runs,
            ),
        });
    }
    let replicates = found.cases.replicates();
    if replicates > 1 && found.cases.shares_luck() && found.overall.effective < 0.5 * found.cases.count() as f64 {
        said.cautions.push(format!(
            "All points share the luck of the same {replicates} replicates, which is why intervals are so wide: more \
             replicates, not more points, narrow them. The box and the whole share that luck too, so which is higher is surer \
             than how high either is."
        ));
    }
    said.tables = sheets(about, found, &restricted);
    said.tables.push(tree_sheet(about, found, &names));
    said.method = vec![
        "The patient rule induction method (Friedman and Fisher 1999), with the lenient criterion of Kwakkel and Jaxa-Rozen \
         (2016), as in EMA Workbench (Kwakkel 2017): from the box that holds everything, thin slices, or single names of an \
         input that is one of several, are peeled off where that raises the share of the outcome \
         most, then limits are widened as long as the share rises. Of all boxes the one with the greatest harmonic \
         mean of coverage and density is told, without limits that do nothing (a quasi-p-value above 0.05)."
            .into(),
        format!(
            "A box is sought where the outcome is frequent by luck too{}. Intervals are 95%, with {} as what was \
             drawn. Quasi-p-values as in Bryant and Lempert (2010).",
            match grouped(100.0 * found.stability.optimism, 1).as_str() {
                "0.0" => String::new(),
                too_much => format!(
                    "; repeated on resampled {points}, the search found {too_much} percentage points too much on average, and the \
                     share in the box is given without them"
                ),
            },
            if about.simulated { "points and replicates" } else { points }
        ),
    ];
    if !restricted.is_empty() {
        said.charts.push(Box::new(trade_off(about, found)));
        said.charts.push(Box::new(pairs(about, found, &restricted, &title)));
    }
    let json = json!({
        "question": about.question, "outcome": found.outcome, "inputs": about.inputs, "box": limits_json(about, &found.chosen.limits),
        "density": density, "coverage": found.chosen.coverage,
        "mass": found.chosen.mass, "points": found.chosen.runs, "overall": overall,
        "quasi_p": found.quasi_p, "stability": found.stability,
        "trade_off": found.peeling.steps.iter().map(|step| json!({ "coverage": step.coverage, "density": step.density,
            "mass": step.mass, "points": step.runs, "box": limits_json(about, &step.limits) })).collect::<Vec<_>>(),
        "tree": found.tree,
    });
    let (document, charts) = said.document(title, about);
    Insight { document, charts, tables: tables(about, found), json }
}

/// A share in whole percent.
fn percent_of(share: f64) -> String {
    format!("{}%", grouped(100.0 * share, 0))
}

/// The bounds of a box by input, null where there is none; of names those that are left.
fn limits_json(about: &Topic, limits: &Limits) -> serde_json::Value {
    let end = |value: f64| Some(value).filter(|value| value.is_finite());
    let of = |input: usize| {
        let limit = &limits.0[input];
        let told = match about.scales.get(input) {
            Some(Scale::Nominal(names)) => json!(limit.names(names)),
            _ => json!([end(limit.range.low), end(limit.range.high)]),
        };
        (about.inputs[input].clone(), told)
    };
    limits.restricted().map(of).collect::<serde_json::Map<_, _>>().into()
}

fn second_opinion(outcome: &str, tree: &Tree, names: &[&str], about: &Topic) -> String {
    let leaves = tree.leaves(about.inputs.len(), &about.scales);
    match leaves.first() {
        Some((limits, cases, share)) if leaves.len() > 1 => format!(
            "A second opinion, by a shallow decision tree: {outcome} most often, in {} of the {}, where {} ({cases} {}), not \
             corrected for having been sought.",
            percent_of(*share),
            about.runs(),
            limits.in_words(names, &about.scales),
            about.points()
        ),
        _ => format!(
            "A second opinion, by a shallow decision tree: no input tells {} with the outcome from those without.",
            about.runs()
        ),
    }
}

fn sheets(about: &Topic, found: &Boxed<'_>, restricted: &[usize]) -> Vec<Table> {
    if restricted.is_empty() {
        return Vec::new();
    }
    let heads = ["input", "at least", "at most", "quasi-p", "again, same coverage", "again, same density"];
    let note = "Quasi-p: how likely the box would do as well by chance without that limit; small means that the limit does \
                something. Again: share of resamples in which the search limits that input too.";
    let mut table = sheet("The box", heads, note);
    let end = |value: f64| if value.is_finite() { rounded(value) } else { "–".into() };
    for (input, p) in found.quasi_p {
        let limit = &found.chosen.limits.0[*input];
        // Of names, those that are left stand where the least would.
        let (least, most) = match about.scales.get(*input) {
            Some(Scale::Nominal(names)) => (limit.names(names).join(", "), String::new()),
            _ => (end(limit.range.low), end(limit.range.high)),
        };
        table.row(vec![
            about.labels[*input].clone(),
            least,
            most,
            if *p < 0.001 { "<0.001".into() } else { format!("{p:.3}") },
            percent_of(found.stability.at_coverage[*input]),
            percent_of(found.stability.at_density[*input]),
        ]);
    }
    vec![table]
}

fn tree_sheet(about: &Topic, found: &Boxed<'_>, names: &[&str]) -> Table {
    let note = format!(
        "The branches of the tree, purest first: where {} are, and how often the outcome comes about there. These shares are not \
         corrected for having been sought.",
        about.runs()
    );
    let mut table = sheet("The decision tree", ["where", "outcome", about.points()], &note);
    for (limits, cases, share) in found.tree.leaves(about.inputs.len(), &about.scales) {
        table.row(vec![limits.in_words(names, &about.scales), percent_of(share), cases.to_string()]);
    }
    table
}

fn trade_off(about: &Topic, found: &Boxed<'_>) -> Plane {
    let mut points: Vec<PlanePoint> = found
        .peeling
        .steps
        .iter()
        .map(|step| PlanePoint { label: String::new(), at: (step.coverage, step.density), strong: false })
        .collect();
    if let Some(place) = found.peeling.steps.iter().position(|step| step == found.chosen) {
        points[place].strong = true;
        points[place].label = "the box that is told".into();
    }
    Plane {
        name: "trade-off".into(),
        heading: Heading::new(
            format!("Boxes from wide to pure: {}", about.question),
            format!("{} · as found, before correction", about.subtitle),
        ),
        axes: (
            format!("coverage: share of all {} with the outcome that the box holds", about.runs()),
            format!("density: share of the box's {} that have the outcome", about.runs()),
        ),
        points,
        joined: true,
        in_shares: true,
    }
}

/// Pairs of limited inputs, those that do most first; a lone one beside the input that the tree or chance puts next.
fn pairs(about: &Topic, found: &Boxed<'_>, restricted: &[usize], title: &str) -> Boxes {
    let mut order = restricted.to_vec();
    let p = |input: usize| found.quasi_p.iter().find(|(known, _)| *known == input).map_or(1.0, |(_, p)| *p);
    order.sort_by(|a, b| p(*a).total_cmp(&p(*b)));
    order.truncate(4);
    if let [only] = order[..] {
        order.extend((0..about.inputs.len()).find(|input| *input != only));
    }
    // Colours reach up to the point that has the outcome most often, or a rare one would not show.
    let top = found.hits.iter().copied().fold(0.0, f64::max).max(f64::MIN_POSITIVE);
    let mut panels = Vec::new();
    for (place, &up) in order.iter().enumerate() {
        for &across in &order[..place] {
            let at = |case: usize, axis: &BoxAxis| axis.place(case, found.cases.point(case)[axis.input]);
            let [x, y] = [across, up].map(|input| BoxAxis::of(about, input, &found.chosen.limits.0[input]));
            panels.push(BoxPanel {
                axes: (about.labels[across].clone(), about.labels[up].clone()),
                points: (0..found.cases.count())
                    .map(|case| (at(case, &x), at(case, &y), found.hits[case] / top))
                    .collect(),
                across: x.ends,
                up: y.ends,
                names: (x.names, y.names),
            });
        }
    }
    Boxes {
        name: "box".into(),
        heading: Heading::new(title, about.subtitle.clone()),
        labels: match about.simulated {
            true => (format!("outcome in {} of a point's runs", percent_of(top)), "in none".into()),
            false => ("a row with the outcome".into(), "one without".into()),
        },
        panels,
    }
}

/// An input along an axis: names stand side by side, those within the box first.
struct BoxAxis {
    input: usize,
    /// Between which places the box lies.
    ends: (f64, f64),
    /// The names in the order of their places; none of an input that is a number.
    names: Vec<String>,
    /// The place of every name.
    places: Vec<usize>,
}

impl BoxAxis {
    fn of(about: &Topic, input: usize, limit: &Limit) -> Self {
        let all = about.scales.get(input).map_or(&[][..], Scale::names);
        let (out, left): (Vec<usize>, Vec<usize>) = (0..all.len()).partition(|name| limit.without.contains(name));
        let ends = match out.is_empty() {
            true => (limit.range.low, limit.range.high),
            false => (f64::NEG_INFINITY, left.len() as f64 - 0.5),
        };
        let order = [left, out].concat();
        let mut places = vec![0; all.len()];
        order.iter().enumerate().for_each(|(place, name)| places[*name] = place);
        Self { input, ends, names: order.into_iter().map(|name| all[name].clone()).collect(), places }
    }

    /// Where a case stands; those of one name beside each other, or they would hide each other.
    fn place(&self, case: usize, value: f64) -> f64 {
        let aside = |case: usize| 0.6 * ((case as f64 * 0.618_034).fract() - 0.5);
        self.places.get(value as usize).map_or(value, |place| *place as f64 + aside(case))
    }
}

fn tables(about: &Topic, found: &Boxed<'_>) -> Vec<(String, Vec<Vec<String>>)> {
    let heads = |names: &[&str]| vec![names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()];
    let mut limits = heads(&["input", "low", "high", "names", "quasi_p", "again_at_coverage", "again_at_density"]);
    for (input, p) in found.quasi_p {
        let limit = &found.chosen.limits.0[*input];
        let again = [found.stability.at_coverage[*input], found.stability.at_density[*input]];
        let names = about.scales.get(*input).map(|scale| limit.names(scale.names()).join("; ")).unwrap_or_default();
        let mut row =
            vec![about.inputs[*input].clone(), cell(limit.range.low), cell(limit.range.high), names, cell(*p)];
        row.extend(again.map(cell));
        limits.push(row);
    }
    let mut boxes = heads(&["step", "coverage", "density", "mass", "points", "limited_inputs", "told"]);
    for (number, step) in found.peeling.steps.iter().enumerate() {
        boxes.push(vec![
            number.to_string(),
            cell(step.coverage),
            cell(step.density),
            cell(step.mass),
            step.runs.to_string(),
            step.restricted.to_string(),
            u8::from(step == found.chosen).to_string(),
        ]);
    }
    vec![("box.csv".into(), limits), ("trade-off.csv".into(), boxes)]
}
