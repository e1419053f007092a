//! What a calibration found, for people: which weights the data speak of, and whether it helps on conflicts left out.

use super::super::document::{Block, Document, Table};
use super::super::naming::{capital, list, meaning, weight};
use super::super::words::several;
use super::score::baseline_words;
use super::score_words::{conflict_words, kind_words, score_words};
use super::{Insight, sheet};
use crate::analysis::calibration::{Check, Findings, ScoreRow, StageOf, WeightFinding};
use crate::analysis::score::{Baseline, Kind};
use crate::base::number::{count, grouped, percent};
use crate::chart::{Band, Chart, Heading, PriorRow, Priors, Probabilities, ProbabilityRow};
use serde_json::json;

/// How many rows of a table a terminal shows.
const PRINTED: usize = 8;
/// What came to be counts as a surprise below this probability.
const SURPRISE: f64 = 0.05;

/// What is found, of a folder with its files.
pub fn calibration(found: &Findings) -> Insight {
    let subtitle = format!(
        "{} known of {} in {}, {} replicates at each of {} points, fewer where one was given up",
        several(found.targets, "thing"),
        several(found.scenarios, "scenario"),
        several(found.conflicts.len(), "conflict"),
        count(found.replicates as f64),
        count(found.points() as f64)
    );
    let mut page = Document::new(format!("Calibration: {}", found.title), subtitle.clone());
    page.list(verdicts(found));
    page.push(Block::Contents);
    if found.contradicted {
        page.caution(
            "No weights within their priors bring about all of what came to be, so that a wave of history matching would have ruled \
             out everything and was not heeded. Either the model lacks something or the priors are too narrow.",
        );
    }
    if found.effective < 50.0 {
        page.caution(format!(
            "The posterior is worth {} equally weighted draws only: its ends are rough. More points per generation help.",
            grouped(found.effective, 0)
        ));
    }
    page.table(short_scores(found).printing(PRINTED));
    page.table(short_weights(found).printing(PRINTED));
    page.rest().push(Block::Caution {
        lead: "A model, not a forecast.".into(),
        words:
            "These are the weights under which the model fits what is known of a few conflicts; others may fit as well."
                .into(),
    });
    let charts = charts(found, &subtitle);
    page.heading("Charts");
    charts.iter().for_each(|chart| {
        page.chart(&**chart);
    });
    page.heading("Each conflict left out");
    match none_left_out(found) {
        Some(why) => page.words(why),
        None => page.table(left_out_table(found)),
    };
    page.heading("Every weight").table(weights_table(found));
    page.heading("What runs show of what is known").table(checks_table(found));
    page.heading("The steps").table(stages_table(found));
    page.heading("What the numbers mean").list(MEANING);
    Insight { document: page, charts, tables: Vec::new(), json: json!(found) }
}

const MEANING: [&str; 7] = [
    "History matching (Vernon, Goldstein and Bower 2010) rules out points at which what came to be is implausible: further from what \
     an emulator says than so many standard deviations of what the emulator does not know, of the luck of the one world that there is, \
     of what is not known of what came to be, and of the model's own error. One target in twenty may be.",
    "The emulator is a polynomial of second degree by ridge regression; what it does not know is its error at points left out.",
    "Approximate Bayesian computation (Beaumont et al. 2009; Toni et al. 2009; Lenormand, Jabot and Deffuant 2013) keeps the nearer half \
     of all points, moves them by twice their covariance and tries again. It ends when hardly a new point comes nearer, or when what \
     sets points apart is luck.",
    "The distance is the mean over conflicts of the mean squared distance of their targets: of yes or no, of the probability from what \
     came to be, which is its Brier score; of amounts, in standard deviations of the prior's worlds; of frequencies, of what is not known of \
     them. Yes and no enter as a score and not as a likelihood: how wide the posterior is depends on the tolerance too.",
    "Amounts and frequencies are compared with worlds that have the luck and the error of one (Wilkinson 2013), and what is left of the \
     tolerance in them is taken out by local-linear regression in log-odds of the priors' shares (Beaumont, Zhang and Balding 2002).",
    "A point of which a fifth of its replicates (eight at least) leaves no doubt, at three standard errors or Wilson's interval of as much, \
     that it is too far is given up. A point at the tolerance is lost so in less than one case of 700: the posterior is by so little \
     too narrow.",
    "A weight counts as learned where its posterior is further from its prior, by Kolmogorov's distance, than chance takes one of as many \
     weights in one case of twenty.",
];

/// A sentence on each thing that matters.
fn verdicts(found: &Findings) -> Vec<String> {
    let learned: Vec<String> =
        found.weights.iter().filter(|weight| weight.is_learned()).map(|found| weight(&found.path)).collect();
    let all = found.weights.len();
    let mut said = vec![match learned.len() {
        0 => format!("The data say nothing that chance could not about any of {}.", several(all, "weight")),
        some if some <= 5 => format!("The data speak of {some} of {}: {}.", several(all, "weight"), list(&learned)),
        some => format!(
            "The data speak of {some} of {}, most of {}; nothing of {}.",
            several(all, "weight"),
            list(&learned[..3]),
            all - some
        ),
    }];
    let yes_no: Vec<&ScoreRow> = found.scores.iter().filter(|row| row.kind == Kind::YesNo).collect();
    let tested: Vec<&&ScoreRow> = yes_no.iter().filter(|row| row.left_out.is_some()).collect();
    let mean =
        |of: &dyn Fn(&ScoreRow) -> f64| tested.iter().map(|row| of(row)).sum::<f64>() / tested.len().max(1) as f64;
    if tested.is_empty() {
        said.push("No conflict was left out, so nothing shows that the calibrated weights help on any other.".into());
    } else {
        let (before, after) = (mean(&|row| row.uncalibrated), mean(&ScoreRow::fairest));
        let better = tested.iter().filter(|row| row.fairest() < row.uncalibrated).count();
        let verdict = if after < before { "helps" } else { "does not help" };
        said.push(format!(
            "On conflicts left out, calibration {verdict}: Brier score {} with it and {} without, better on {better} of {}.",
            grouped(after, 3),
            grouped(before, 3),
            several(tested.len(), "conflict")
        ));
        for baseline in Baseline::ALL {
            let of = |row: &ScoreRow| row.baselines.iter().find(|(other, ..)| *other == baseline).copied();
            let against: Vec<(f64, f64)> =
                tested.iter().filter_map(|row| of(row)).map(|(_, its, own)| (its, own)).collect();
            if against.is_empty() {
                continue;
            }
            let n = against.len() as f64;
            let (its, own) = against.iter().fold((0.0, 0.0), |(its, own), pair| (its + pair.0 / n, own + pair.1 / n));
            let beaten = against.iter().filter(|(its, own)| own < its).count();
            said.push(format!(
                "{}: beaten on {beaten} of {} left out ({} against {}).",
                capital(baseline_words(baseline)),
                several(against.len(), "conflict"),
                grouped(own, 3),
                grouped(its, 3)
            ));
        }
    }
    let surprises: Vec<&Check> = found.checks.iter().filter(|check| check.probability < SURPRISE).collect();
    if let [first, ..] = surprises[..] {
        said.push(format!(
            "{} of {} came to be that the calibrated model gives less than {}, such as: {}",
            surprises.len(),
            several(found.checks.len(), "known thing"),
            percent(SURPRISE),
            first.text
        ));
    }
    said
}

/// A value of a weight with three digits that count.
fn digits(value: f64) -> String {
    let size = value.abs();
    let decimals = if size >= 100.0 {
        0
    } else if size >= 10.0 {
        1
    } else if size >= 1.0 {
        2
    } else if size >= 0.01 {
        3
    } else {
        5
    };
    grouped(value, decimals)
}

/// The weights that the data speak of, in few columns.
fn short_weights(found: &Findings) -> Table {
    let mut table = sheet("Weights that the data speak of", ["Weight", "Default", "Calibrated", "80%"], "");
    for learned in found.weights.iter().filter(|weight| weight.is_learned()) {
        let [_, low, median, high, _] = learned.posterior.map(digits);
        table.row([weight(&learned.path), digits(learned.default), median, format!("{low} to {high}")]);
    }
    table
}

fn weights_table(found: &Findings) -> Table {
    let heads = ["Default", "Before (80%)", "After (median)", "After (80%)", "Moved", "Learned"];
    let note = "Those first that the data say most about: those furthest from where they were. In scenario files and in weights.csv a \
                weight has the path that stands with it.";
    let mut table = Table::new(["Weight", "What it is"], heads).noted(note);
    for one in &found.weights {
        let [_, low, _, high, _] = one.prior.map(digits);
        let [_, from, median, to, _] = one.posterior.map(digits);
        let learned = if one.is_learned() { "yes" } else { "no" };
        let meaning = meaning(&one.path).map_or_else(String::new, |meaning| format!("{meaning} "));
        table.row([
            weight(&one.path),
            format!("{meaning}(`{}`)", one.path),
            digits(one.default),
            format!("{low} to {high}"),
            median,
            format!("{from} to {to}"),
            grouped(one.moved, 2),
            learned.into(),
        ]);
    }
    table
}

/// The baselines of which any conflict has a score.
fn baselines(found: &Findings) -> Vec<Baseline> {
    let known = |baseline: &Baseline| {
        let has = |row: &ScoreRow| row.baselines.iter().any(|(other, ..)| other == baseline);
        found.scores.iter().any(has)
    };
    Baseline::ALL.into_iter().filter(known).collect()
}

/// The same in few columns.
fn short_scores(found: &Findings) -> Table {
    let baselines = baselines(found);
    let heads = ["Score", "As it is", "Calibrated"].map(String::from).into_iter();
    let heads: Vec<String> = heads.chain(baselines.iter().map(|baseline| capital(baseline_words(*baseline)))).collect();
    let title = match found.scores.iter().all(|row| row.left_out.is_some()) {
        true => "Each conflict, calibrated on the others: lower is better",
        false => "Each conflict, calibrated on all of them: lower is better",
    };
    let mut table = sheet(title, heads.iter().map(String::as_str), "");
    for row in &found.scores {
        let score = |value: f64| score_words(row.kind, row.rule, value);
        let of = |baseline: &Baseline| {
            let known = row.baselines.iter().find(|(other, ..)| other == baseline);
            known.map_or("–".into(), |(_, its, _)| score(*its))
        };
        let own = [
            format!("{}, {}", conflict_words(&row.conflict), kind_words(row.kind)),
            score(row.uncalibrated),
            score(row.fairest()),
        ];
        table.row(own.into_iter().chain(baselines.iter().map(of)));
    }
    table
}

/// Why there is nothing to say of conflicts left out, if there is not.
fn none_left_out(found: &Findings) -> Option<String> {
    if found.scores.iter().any(|row| row.left_out.is_some()) {
        return None;
    }
    let why = match found.conflicts.as_slice() {
        [only] => format!("There is one conflict only, {}, so that none could be left out", conflict_words(only)),
        _ if found.scores.is_empty() => "Nothing that came to be is known that could be scored".to_owned(),
        _ => "None was left out (`leave_one_out` is false)".to_owned(),
    };
    Some(format!(
        "{why}: nothing shows whether the calibrated weights help on a conflict that they were not calibrated on."
    ))
}

/// Each conflict, calibrated on the others and scored on it.
fn left_out_table(found: &Findings) -> Table {
    let baselines = baselines(found);
    let heads = ["Conflict", "Answers", "As it is", "On all", "On the others"].map(String::from).into_iter();
    let heads: Vec<String> = heads.chain(baselines.iter().map(|baseline| capital(baseline_words(*baseline)))).collect();
    let note = "Mean scores, lower is better: the model as it is; calibrated on all conflicts, this one among them; calibrated on the others \
                and scored on this one. A baseline may say something of fewer answers: in brackets, the model's score on the same, calibrated on \
                the others.";
    let mut table = sheet("", heads.iter().map(String::as_str), note);
    for row in &found.scores {
        let score = |value: f64| score_words(row.kind, row.rule, value);
        let against = |baseline: &Baseline| {
            let known = row.baselines.iter().find(|(other, ..)| other == baseline);
            known.map_or("–".into(), |(_, its, own)| format!("{} ({})", score(*its), score(*own)))
        };
        let about = [format!("{}, {}", conflict_words(&row.conflict), kind_words(row.kind)), row.answers.to_string()];
        let own = [score(row.uncalibrated), score(row.calibrated), row.left_out.map_or("–".into(), score)];
        table.row(about.into_iter().chain(own).chain(baselines.iter().map(against)));
    }
    table
}

fn checks_table(found: &Findings) -> Table {
    let heads = ["What", "Came to be", "Before", "80% before", "After", "80% after", "Probability"];
    let note = "Of yes or no, the probability of a yes over the points; of amounts and frequencies, what one world would show. Probability: of the \
                answer that was, or of a world as far out. These checks use what was learned from: they show what the model cannot do, not \
                what it can foresee.";
    let mut table = sheet("", heads, note);
    for check in &found.checks {
        let number = |value: f64| if check.observed > 1.5 || value > 1.5 { count(value) } else { grouped(value, 2) };
        let of = |quantiles: [f64; 3]| {
            let [low, middle, high] = quantiles.map(number);
            [middle, format!("{low} to {high}")]
        };
        let was =
            if check.yes_no { if check.observed > 0.5 { "yes" } else { "no" }.into() } else { number(check.observed) };
        let cells = [check.text.clone(), was].into_iter().chain(of(check.prior)).chain(of(check.posterior));
        table.row(cells.chain([grouped(check.probability, 2)]));
    }
    table
}

fn stages_table(found: &Findings) -> Table {
    let heads = ["Step", "Points", "Given up", "Share left or within", "Tolerance", "As good as draws"];
    let note = "Share: of a wave, what is left of the priors after it; of a generation, its points within the tolerance before. Tolerance: \
                root of the mean squared distance. As good as: how many equally weighted draws a generation is worth, before what is \
                left of the tolerance is taken out; the posterior, from which that is, is worth fewer where a warning says so.";
    let mut table = sheet("", heads, note);
    for StageOf { without, stage } in &found.stages {
        let name = capital(&stage.name.replace('-', " "));
        let name = match without {
            Some(left_out) => format!("{name}, without {}", conflict_words(left_out)),
            None => name,
        };
        let number = |value: Option<f64>, decimals| value.map_or("–".into(), |value| grouped(value, decimals));
        table.row([
            name,
            count(stage.points as f64),
            count(stage.stopped as f64),
            percent(stage.share),
            number(stage.tolerance, 3),
            number(stage.effective, 0),
        ]);
    }
    table
}

fn charts(found: &Findings, subtitle: &str) -> Vec<Box<dyn Chart>> {
    let row = |one: &WeightFinding| {
        let [low, high] = one.range;
        let share = |value: f64| (value - low) / (high - low);
        let band = |quantiles: [f64; 5]| {
            let [_, low, middle, high, _] = quantiles.map(share);
            Band { low, middle, high }
        };
        PriorRow {
            text: weight(&one.path),
            ends: one.range.map(digits),
            before: band(one.prior),
            after: band(one.posterior),
            learned: one.is_learned(),
        }
    };
    let rows = found.weights.iter().map(row).collect();
    let weights = Priors { heading: Heading::new("Weights before and after", subtitle), rows };
    let band = |[low, middle, high]: [f64; 3]| Some(Band { low, middle, high });
    let row = |check: &Check| ProbabilityRow {
        text: check.text.clone(),
        probabilities: vec![band(check.prior), band(check.posterior)],
        observed: Some(check.observed > 0.5),
    };
    let rows: Vec<ProbabilityRow> = found.checks.iter().filter(|check| check.yes_no).map(row).collect();
    let mut charts: Vec<Box<dyn Chart>> = vec![Box::new(weights)];
    if !rows.is_empty() {
        charts.push(Box::new(Probabilities {
            over_points: true,
            heading: Heading::new("What was known, before and after", subtitle),
            horizons: vec!["before".into(), "after".into()],
            rows,
        }));
    }
    charts
}
