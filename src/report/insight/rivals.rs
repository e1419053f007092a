//! Scores of rival theories beside the full model's, and what a mixture of them is worth.

use super::super::document::{Document, Table};
use super::super::naming::list;
use super::cell;
use super::score_words::{kind_words, rule_words, score_words};
use crate::analysis::score::stacking::{Rivals, Stacked};
use crate::analysis::score::{Kind, MeanScore, Rule};
use crate::base::number::grouped;

/// Weights below this are not told of.
const LEAST: f64 = 0.005;

/// Adds a row for each forecaster, and the mixture of all.
pub fn add(page: &mut Document, found: &Rivals) {
    page.table(
        scores_table(found, Some(Kind::YesNo))
            .titled("Theories: mean scores of yes or no (lower is better), and weight in the mixture"),
    );
    if let Some(stacked) = &found.stacked {
        page.words(mixture_words(found, stacked));
    }
}

/// Adds what a page tells beside that: every score, and the weights without each conflict.
pub fn add_rest(page: &mut Document, found: &Rivals) {
    page.heading("Theories: every score").table(scores_table(found, None));
    if let Some(stacked) = found.stacked.as_ref().filter(|stacked| !stacked.left_out.is_empty()) {
        let heads = found.forecasters.iter().map(|rival| rival.name.clone()).chain(["Score of the mixture".into()]);
        let mut table = Table::new(["Conflict left out"], heads).noted(
            "Weights of the mixture that has the best mean logarithmic score on the other conflicts (Yao et al. 2018), and its mean \
             logarithmic score on the one left out.",
        );
        for left in &stacked.left_out {
            let weights = left.weights.iter().map(|weight| grouped(*weight, 2));
            table.row([left.conflict.clone()].into_iter().chain(weights).chain([grouped(left.score, 3)]));
        }
        page.table(table);
    }
}

/// The mean scores of each forecaster, of a kind or of all kinds.
fn scores_table(found: &Rivals, kind: Option<Kind>) -> Table {
    let wanted = |mean: &&MeanScore| kind.is_none_or(|kind| mean.kind == kind);
    let mut columns: Vec<(Kind, Rule)> = Vec::new();
    for mean in found.forecasters.iter().flat_map(|rival| rival.means.iter().filter(wanted)) {
        if !columns.contains(&(mean.kind, mean.rule)) {
            columns.push((mean.kind, mean.rule));
        }
    }
    let head = |(of, rule): &(Kind, Rule)| match kind {
        Some(_) => rule_words(*rule).to_owned(),
        None => format!("{}, {}", rule_words(*rule), kind_words(*of)),
    };
    let heads = columns.iter().map(head).chain(["Weight".to_owned()]);
    let mut table = Table::new(["By"], heads);
    for (place, rival) in found.forecasters.iter().enumerate() {
        let score = |(kind, rule): &(Kind, Rule)| {
            let mean = rival.means.iter().find(|mean| (mean.kind, mean.rule) == (*kind, *rule));
            mean.map_or_else(|| "–".into(), |mean| score_words(*kind, *rule, mean.score.value))
        };
        let weight = found.stacked.as_ref().map_or_else(|| "–".into(), |stacked| grouped(stacked.weights[place], 2));
        table.row([rival.name.clone()].into_iter().chain(columns.iter().map(score)).chain([weight]));
    }
    table
}

fn mixture_words(found: &Rivals, stacked: &Stacked) -> String {
    let weighed = found.forecasters.iter().zip(&stacked.weights).filter(|(_, weight)| **weight >= LEAST);
    let names: Vec<String> =
        weighed.map(|(rival, weight)| format!("{} {}", rival.name.to_lowercase(), grouped(*weight, 2))).collect();
    let own = found.forecasters.first().and_then(|rival| {
        let mean = rival.means.iter().find(|mean| mean.rule == Rule::Logarithmic)?;
        Some(mean.score.value)
    });
    let own = own.map_or_else(String::new, |own| format!(" (the full model's: {})", grouped(own, 3)));
    let worth = match stacked.out_of_sample {
        Some(score) => format!(
            "Fitted to all conflicts but one and scored on that, its mean logarithmic score is {}{own}.",
            grouped(score, 3)
        ),
        None => format!(
            "There is but one conflict, so nothing can be left out: its mean logarithmic score, {}{own}, is of what it was fitted to \
             and too good.",
            grouped(stacked.fitted, 3)
        ),
    };
    format!("The mixture with the best mean logarithmic score (stacking) is {}. {worth}", list(&names))
}

/// Tables for programs: the forecasters' mean scores, and the weights.
pub fn tables(found: &Rivals) -> Vec<(String, Vec<Vec<String>>)> {
    let heads = |names: &[&str]| vec![names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()];
    let mut scores = heads(&["by", "kind", "rule", "questions", "conflicts", "answers", "score", "low", "high"]);
    for rival in &found.forecasters {
        scores.extend(rival.means.iter().map(|mean| {
            let mut row = vec![rival.name.clone(), mean.kind.id().into(), mean.rule.id().into()];
            row.extend([mean.questions.to_string(), mean.conflicts.to_string(), mean.score.n.to_string()]);
            row.extend([mean.score.value, mean.score.low, mean.score.high].map(cell));
            row
        }));
    }
    let mut tables = vec![("theories.csv".to_owned(), scores)];
    if let Some(stacked) = &found.stacked {
        let mut rows = heads(&["left_out", "by", "weight", "mixture_score"]);
        let fits = std::iter::once(("", &stacked.weights, stacked.fitted));
        let left = stacked.left_out.iter().map(|left| (left.conflict.as_str(), &left.weights, left.score));
        for (conflict, weights, score) in fits.chain(left) {
            let row = |(rival, weight): (&crate::analysis::score::stacking::Rival, &f64)| {
                vec![conflict.to_owned(), rival.name.clone(), cell(*weight), cell(score)]
            };
            rows.extend(found.forecasters.iter().zip(weights).map(row));
        }
        tables.push(("stacking.csv".to_owned(), rows));
    }
    tables
}
