//! The weights that a calibration may move, with what is known of each before.

use super::file::{CalibrationFile, Prior};
use crate::base::number::brief;
use crate::mechanism::Behaviour;
use crate::mechanism::parameters::Parameter;
use crate::scenario::Unsure;
use crate::scenario::file::Distribution;
use crate::scenario::read::problem::nearest;
use crate::scenario::read::report::Report;
use crate::scenario::read::tree::{Step, key_path};

/// The most weights that may move at once: a Sobol' sequence has no more dimensions.
const MOST: usize = 160;

/// A weight that may move.
#[derive(Clone, Debug)]
pub struct Weight {
    /// What is known of it before, under its path.
    pub prior: Unsure,
    /// The model's parameter.
    pub parameter: Parameter,
}

impl Weight {
    /// Its path, such as `behaviour.choice.looks`.
    pub fn path(&self) -> &str {
        &self.prior.path
    }
}

/// The parameters of the model by path.
fn parameters() -> Vec<(String, Parameter)> {
    let sections = Behaviour::default().sections();
    let of = |(section, table, _): &(&str, &'static [Parameter], Vec<f64>)| {
        let section = (*section).to_owned();
        table.iter().map(move |parameter| (format!("behaviour.{section}.{}", parameter.name), *parameter))
    };
    sections.iter().flat_map(of).collect()
}

/// Whether a path is the one that is meant, or within `behaviour.choice.*`.
fn suits(pattern: &str, path: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(stem) => stem.ends_with('.') && path.starts_with(stem),
        None => path == pattern,
    }
}

/// Resolves the weights of a file and says what is wrong with them and their priors.
pub fn weights(report: &mut Report, file: &CalibrationFile) -> Vec<Weight> {
    let all = parameters();
    let header = &file.calibration;
    let groups = || all.iter().map(|(path, _)| format!("{}.*", path.rsplit_once('.').map_or("", |(stem, _)| stem)));
    for (field, patterns) in [("weights", &header.weights), ("except", &header.except)] {
        for (index, pattern) in patterns.iter().enumerate() {
            if !all.iter().any(|(path, _)| suits(pattern, path)) {
                let names: Vec<String> = all.iter().map(|(path, _)| path.clone()).chain(groups()).collect();
                report
                    .on(key_path!["calibration", field, index], format!("there is no weight `{pattern}`"))
                    .expected("expected the path of a weight such as `behaviour.choice.looks`, or `behaviour.choice.*`")
                    .help(nearest(pattern, names.iter().map(String::as_str)));
            }
        }
    }
    let within = |patterns: &[String], path: &str| patterns.iter().any(|pattern| suits(pattern, path));
    // A definition has no range: of a group it stays where it is, and by its own path it is told.
    let moves = |(path, parameter): &(String, Parameter)| {
        let named = header.weights.contains(path) || file.prior.iter().any(|prior| prior.path == *path);
        named || parameter.plausible.0 < parameter.plausible.1
    };
    let meant = |path: &str| within(&header.weights, path) && !within(&header.except, path);
    let free: Vec<&(String, Parameter)> = all.iter().filter(|one| meant(&one.0) && moves(one)).collect();
    let at = key_path!["calibration", "weights"];
    if free.is_empty() {
        report.on(at, "no weight may move".into()).expected("expected at least one");
    } else if free.len() > MOST {
        report.on(at, format!("{} weights may move", free.len())).expected(&format!("expected at most {MOST}"));
    }
    for (index, prior) in file.prior.iter().enumerate() {
        let at = key_path!["prior", index, "path"];
        if !free.iter().any(|(path, _)| *path == prior.path) {
            report
                .on(at, format!("`{}` is none of the weights that may move", prior.path))
                .expected("expected the path of one of them")
                .help(nearest(&prior.path, free.iter().map(|(path, _)| path.as_str())));
        } else if file.prior[..index].iter().any(|other| other.path == prior.path) {
            report.on(at, format!("`{}` has two priors", prior.path)).expected("expected one");
        }
    }
    let weight = |(path, parameter): &(String, Parameter)| {
        let known = file.prior.iter().position(|prior| prior.path == *path);
        prior(report, path, parameter, known.map(|index| (index, &file.prior[index])), header.distribution)
    };
    free.into_iter().map(weight).collect()
}

/// What is known of a weight: what the file says, and else its plausible range.
fn prior(
    report: &mut Report,
    path: &str,
    parameter: &Parameter,
    known: Option<(usize, &Prior)>,
    usual: Distribution,
) -> Weight {
    let given = known.map(|(_, prior)| prior);
    let low = given.and_then(|prior| prior.low).unwrap_or(parameter.plausible.0);
    let high = given.and_then(|prior| prior.high).unwrap_or(parameter.plausible.1);
    let best = given.and_then(|prior| prior.best).unwrap_or(parameter.default.clamp(low.min(high), high.max(low)));
    let asked = given.and_then(|prior| prior.distribution).unwrap_or(usual);
    let at: &[Step] = match known {
        Some((index, _)) => key_path!["prior", index, "path"],
        None => key_path!["calibration", "weights"],
    };
    let mut wrong = |message: String, expected: &str| {
        report.on(at, message).expected(expected);
    };
    let [low_is, best_is, high_is] = [low, best, high].map(brief);
    if low >= high {
        let help = if known.is_some() { "expected low < high" } else { "expected a `[[prior]]` of it with low < high" };
        wrong(format!("the ends of the prior of `{path}` are {low_is} and {high_is}"), help);
    } else if !(low..=high).contains(&best) {
        wrong(
            format!("the best value of `{path}`, {best_is}, lies outside {low_is} to {high_is}"),
            "expected low ≤ best ≤ high",
        );
    }
    if low < parameter.low || high > parameter.high {
        let allowed = format!("expected it within what is allowed, {} to {}", parameter.low, parameter.high);
        wrong(format!("the prior of `{path}` is {low_is} to {high_is}"), &allowed);
    }
    // What all weights have need not suit each: a logarithm is taken of what is above 0 only.
    let distribution = match asked {
        Distribution::LogUniform if low <= 0.0 && given.and_then(|prior| prior.distribution).is_none() => {
            Distribution::Uniform
        }
        other => other,
    };
    if distribution == Distribution::LogUniform && low <= 0.0 {
        wrong(format!("the lowest value of `{path}` is {low_is}"), "expected more than 0 for `log_uniform`");
    }
    if distribution == Distribution::Choice {
        wrong(format!("the prior of `{path}` is a choice"), "expected a distribution between two ends");
    }
    let (low, best, high) = (Some(low), Some(best), Some(high));
    let (choices, names, weights) = (Vec::new(), Vec::new(), Vec::new());
    let prior = Unsure { path: path.to_owned(), low, best, high, distribution, choices, names, weights, cost: 1.0 };
    Weight { prior, parameter: *parameter }
}
