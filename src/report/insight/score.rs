//! Scores of forecasts for people: whether the model beats each baseline, by what, and how reliable it is.

use super::super::document::{Block, Document, Table};
use super::super::naming::list;
use super::super::words::several;
use super::score_tables::tables;
use super::score_words::{
    against_words, conflict_words, kind_of_answer, kind_words, number, rule_words, score_words, skill_words,
};
use super::{Insight, rivals, sheet};
use crate::analysis::Estimate;
use crate::analysis::score::answer::{Baseline, Forecast, Kind, Rule, ScoredAnswer};
use crate::analysis::score::skill::{self, Against, MeanScore, Slice};
use crate::analysis::score::{Rivals, Scores, reliability};
use crate::base::number::{Format, grouped, percent};
use crate::chart::{Band, Chart, Heading, ReliabilityCurve, Sharpness};
use serde_json::json;

/// How many rows of a table a terminal shows, and where theories are told too.
const PRINTED: usize = 7;
const PRINTED_WITH_THEORIES: usize = 5;

/// What is found of some results, whose runs `subtitle` tells of, and of rival theories where they were run.
pub fn score(scores: &Scores, theories: Option<&Rivals>, subtitle: &str) -> Insight {
    let printed = if theories.is_some() { PRINTED_WITH_THEORIES } else { PRINTED };
    let conflicts = scores.conflicts();
    let title = match conflicts[..] {
        [only] => format!("Scores: {}", conflict_words(only)),
        _ => format!("Scores: {}", several(conflicts.len(), "conflict")),
    };
    let mut page = Document::new(title, subtitle);
    verdicts(&mut page, scores);
    page.push(Block::Contents);
    let of = |slice: &Slice| scores.means.iter().filter(|mean| mean.slice == *slice).collect::<Vec<_>>();
    let all = of(&Slice::All);
    if theories.is_none() {
        let first: Vec<&MeanScore> =
            all.iter().filter(|mean| is_foremost(mean) || mean.rule == Rule::Logarithmic).copied().collect();
        page.table(means_table("Scores: lower is better", &first).printing(printed));
    }
    if conflicts.len() > 1 {
        page.table(conflicts_table(scores).printing(printed));
    } else if theories.is_none() {
        let foremost = all.iter().filter(|mean| is_foremost(mean)).copied();
        page.table(
            skill_table("Skill: 1 − score / baseline; 1 is perfect, below 0 is worse than the baseline", foremost)
                .printing(printed),
        );
    }
    theories.iter().for_each(|found| rivals::add(&mut page, found));
    cautions(&mut page, scores);
    page.rest().push(Block::Caution {
        lead: "A model, not a forecast.".into(),
        words: "Scores say how the model did where it is known what came to be; they promise nothing of what is not known yet."
            .into(),
    });
    let charts = charts(scores);
    page.heading("Charts");
    charts.iter().for_each(|chart| {
        page.chart(&**chart);
    });
    reliability_facts(&mut page, scores);
    page.heading("Every score").table(means_table("", &all));
    page.heading("Against every baseline").table(skill_table("", all.iter().copied()));
    // By the foremost score of each kind of answer; scores.csv has the others.
    let by = |of: &dyn Fn(&Slice) -> Option<String>| {
        let foremost = scores.means.iter().filter(|mean| is_foremost(mean));
        sliced_table(&baselines(scores), foremost.filter_map(|mean| Some((of(&mean.slice)?, mean))).collect())
    };
    for (heading, table) in [
        ("By conflict", by(&|slice| if let Slice::Conflict(name) = slice { Some(conflict_words(name)) } else { None })),
        ("By group", by(&|slice| if let Slice::Group(name) = slice { Some(name.clone()) } else { None })),
        ("By horizon", by(&|slice| if let Slice::Horizon(name) = slice { Some(name.clone()) } else { None })),
    ] {
        if !table.rows.is_empty() {
            page.heading(heading).table(table);
        }
    }
    theories.iter().for_each(|found| rivals::add_rest(&mut page, found));
    page.heading("Every answer");
    for name in &conflicts {
        let answers: Vec<&ScoredAnswer> = scores.answers.iter().filter(|answer| answer.conflict == *name).collect();
        // Scenarios of a conflict ask the same from different starts on.
        let mut scenarios: Vec<&str> = answers.iter().map(|answer| answer.scenario.as_str()).collect();
        scenarios.dedup();
        for scenario in &scenarios {
            let title = match (conflicts.len() > 1, scenarios.len() > 1) {
                (_, true) => format!("{}, from the start of {scenario} on", conflict_words(name)),
                (true, false) => conflict_words(name),
                (false, false) => String::new(),
            };
            let own = answers.iter().copied().filter(|answer| answer.scenario == *scenario);
            page.table(answers_table(own).titled(title));
        }
    }
    let sources = sources(&scores.answers);
    if !sources.is_empty() {
        let mut list = Document::default();
        list.list(sources);
        page.push(Block::Folded { summary: "Where base rates and histories come from".into(), blocks: list.blocks });
    }
    page.heading("What the numbers mean");
    page.list(MEANING);
    let (mut tables, mut json) = (tables(scores), json!(scores));
    if let Some(found) = theories {
        tables.extend(rivals::tables(found));
        json["theories"] = json!(found);
    }
    Insight { document: page, charts, tables, json }
}

/// What a page of results says of its scores: whether the model beats each baseline, and its mean scores.
pub fn section(scores: &Scores) -> Vec<Block> {
    let mut part = Document::default();
    verdicts(&mut part, scores);
    let all: Vec<&MeanScore> = (scores.means.iter())
        .filter(|mean| mean.slice == Slice::All && (is_foremost(mean) || mean.rule == Rule::Logarithmic))
        .collect();
    part.table(means_table("Lower is better", &all));
    cautions(&mut part, scores);
    part.blocks
}

const MEANING: [&str; 10] = [
    "Brier score (Brier 1950), of yes or no: the squared distance of the share of runs that say yes from what came to be; 0 is \
     perfect, 0.25 is what an even chance scores.",
    "Logarithmic score (Good 1952), of yes or no: −ln of the probability of what came to be, where a probability from n runs is \
     (yes + ½) / (n + 1), for no number of runs shows that something is impossible; ln 2 = 0.69 is what an even chance scores.",
    "CRPS, the continuous ranked probability score, of amounts and dates: how far the runs are from what came to be, less half of how \
     far they are from each other, in the fair form (Ferro 2014), which does not depend on the number of runs.",
    "Log CRPS, of people, fighters and counts (Bosse et al. 2023): the same of ln(1 + amount), so that being wrong by half counts alike whether it is of a hundred or of a hundred thousand.",
    "Interval score (Gneiting and Raftery 2007), of amounts and dates: the width of the interval between the runs' 10% and 90% \
     quantiles, and ten times as much as what came to be lies outside.",
    "Dates count in weeks from the start and are cut at the moment that is asked of; what never came true until then counts as that \
     moment, in runs and in what came to be.",
    "Persistence says that what stood at the start goes on: a yes or no with 95%, an amount as it was (of what is counted from the start \
     on, as much as in a time of that length before it, where there is a history), a date at once or never.",
    "The base rate is what the file says, of dates as a constant rate that leads to it; 50:50 is an even chance; the history is the \
     file's series, resampled in blocks (Politis and Romano 1992).",
    "A mean is over answers; where there are several conflicts, over the means of conflicts, each of which counts the same.",
    "Intervals are 95% percentile bootstrap intervals (Efron 1979) over conflicts, or over the questions of one, of which all \
     moments are drawn together. They take what is drawn as independent; questions of one conflict are not quite.",
];

fn is_foremost(mean: &MeanScore) -> bool {
    mean.rule == mean.kind.foremost()
}

/// A score and what is scored: "CRPS, people".
fn scored_words(mean: &MeanScore) -> String {
    format!("{}, {}", rule_words(mean.rule), kind_words(mean.kind))
}

pub(super) fn baseline_words(baseline: Baseline) -> &'static str {
    match baseline {
        Baseline::Persistence => "persistence",
        Baseline::BaseRate => "base rate",
        Baseline::Even => "50:50",
        Baseline::History => "history",
    }
}

fn between(interval: Estimate, write: impl Fn(f64) -> String) -> String {
    match interval.ends() {
        (Some(low), Some(high)) => format!("{} to {}", write(low), write(high)),
        _ => "–".into(),
    }
}

/// Whether the model beats each baseline, and how many amounts lie where it said.
fn verdicts(page: &mut Document, scores: &Scores) {
    let said: Vec<String> = Baseline::ALL.into_iter().filter_map(|baseline| verdict(scores, baseline)).collect();
    if !said.is_empty() {
        page.list(said);
    }
    if let Some(sentence) = coverage(&scores.answers) {
        page.words(sentence);
    }
}

/// How many amounts and dates, of which there may be one kind only, lie within the interval that should hold 80% of them.
fn coverage(answers: &[ScoredAnswer]) -> Option<String> {
    let within: Vec<bool> = answers.iter().filter_map(ScoredAnswer::is_within).collect();
    let inside = within.iter().filter(|inside| **inside).count();
    let dated = answers.iter().filter(|answer| answer.is_within().is_some() && answer.kind == Kind::Date).count();
    let what = match dated {
        0 => "amounts",
        dated if dated == within.len() => "dates",
        _ => "amounts and dates",
    };
    (!within.is_empty()).then(|| {
        let share = percent(inside as f64 / within.len() as f64);
        format!(
            "{inside} of {} {what} ({share}) came to lie within the interval that should hold 80% of them.",
            within.len()
        )
    })
}

/// A baseline as what the model is held against, at the beginning of a sentence.
fn against_what(baseline: Baseline) -> &'static str {
    match baseline {
        Baseline::Persistence => "Against saying that nothing changes (persistence)",
        Baseline::BaseRate => "Against base rates",
        Baseline::Even => "Against an even chance (50:50)",
        Baseline::History => "Against the history before the start",
    }
}

/// Whether the model beats a baseline, by kind of answer; nothing of a baseline that says nothing.
fn verdict(scores: &Scores, baseline: Baseline) -> Option<String> {
    let all = scores.means.iter().filter(|mean| mean.slice == Slice::All && is_foremost(mean));
    let found: Vec<(Kind, &Against)> = all
        .flat_map(|mean| mean.against.iter().map(|against| (mean.kind, against)))
        .filter(|(_, against)| against.baseline == baseline)
        .collect();
    let mut parts: Vec<(&str, Vec<String>)> = Vec::new();
    for (kind, against) in &found {
        let words = kind_of_answer(*kind);
        let (verdict, with) = match against.skill {
            None if against.baseline_score.is_infinite() => {
                ("always beats it, which was certain and wrong, on", String::new())
            }
            None => ("cannot be set against it, for it scores 0, on", String::new()),
            // What rests on answers of one conflict says nothing of others.
            Some(skill) => against_words(skill, against.answers, conflicts_with(scores, *kind, baseline) > 1),
        };
        let what = format!("{words}{with}");
        match parts.iter_mut().find(|(known, _)| *known == verdict) {
            Some((_, list)) => list.push(what),
            None => parts.push((verdict, vec![what])),
        }
    }
    let parts: Vec<String> = parts.iter().map(|(verdict, kinds)| format!("{verdict} {}", list(kinds))).collect();
    (!parts.is_empty()).then(|| format!("{}: the model {}.", against_what(baseline), parts.join("; it ")))
}

/// In how many conflicts answers of a kind are set against a baseline.
fn conflicts_with(scores: &Scores, kind: Kind, baseline: Baseline) -> usize {
    let of_one = |mean: &&MeanScore| {
        matches!(mean.slice, Slice::Conflict(_))
            && is_foremost(mean)
            && mean.kind == kind
            && mean.against.iter().any(|against| against.baseline == baseline)
    };
    scores.means.iter().filter(of_one).count()
}

/// What is too few for what.
fn cautions(page: &mut Document, scores: &Scores) {
    let conflicts = scores.conflicts().len();
    let questions = scores.means.iter().filter(|mean| mean.slice == Slice::All).map(|mean| mean.questions).min();
    let mut sentences = Vec::new();
    if conflicts > 1 && conflicts < skill::FEWEST {
        sentences.push(format!(
            "{conflicts} conflicts are too few for an interval over them, which takes {}: look at each.",
            skill::FEWEST
        ));
    } else if conflicts == 1 && questions.is_some_and(|questions| questions < skill::FEWEST) {
        sentences.push(format!("Of fewer than {} questions no interval is drawn.", skill::FEWEST));
    }
    if let Some(found) = scores.reliability.as_ref().filter(|found| found.curve.is_empty()) {
        sentences.push(format!(
            "{} of yes or no: too few for a curve of reliability, which takes {}.",
            several(found.answers, "answer"),
            reliability::FEWEST
        ));
    }
    if !sentences.is_empty() {
        page.caution(sentences.join(" "));
    }
}

fn means_table(title: &str, means: &[&MeanScore]) -> Table {
    let mut table = Table::new(["Score"], ["answers", "mean", "95% interval"]).titled(title);
    for mean in means {
        let write = |value| score_words(mean.kind, mean.rule, value);
        table.row([scored_words(mean), mean.score.n.to_string(), write(mean.score.value), between(mean.score, write)]);
    }
    table
}

fn skill_table<'a>(title: &str, means: impl Iterator<Item = &'a MeanScore>) -> Table {
    let heads = ["answers", "model", "baseline", "skill", "95% interval"];
    let mut table = Table::new(["Score, and against what"], heads).titled(title);
    for mean in means {
        for against in &mean.against {
            let first = format!("{}: {}", scored_words(mean), baseline_words(against.baseline));
            table.row([first].into_iter().chain(against_cells(mean, against)));
        }
    }
    table
}

fn against_cells(mean: &MeanScore, against: &Against) -> [String; 5] {
    let skill = against.skill;
    let write = |value| score_words(mean.kind, mean.rule, value);
    [
        against.answers.to_string(),
        write(against.score),
        write(against.baseline_score),
        skill.map_or_else(|| "undefined".into(), |skill| skill_words(skill.value)),
        skill.map_or_else(|| "–".into(), |skill| between(skill, skill_words)),
    ]
}

/// The baselines that say something of some answer.
fn baselines(scores: &Scores) -> Vec<Baseline> {
    let says = |baseline: &Baseline| {
        scores.means.iter().flat_map(|mean| &mean.against).any(|against| against.baseline == *baseline)
    };
    Baseline::ALL.into_iter().filter(says).collect()
}

/// A row for each conflict: its foremost scores, and skill against each baseline.
fn conflicts_table(scores: &Scores) -> Table {
    let baselines = baselines(scores);
    let skills = baselines.iter().map(|baseline| baseline_words(*baseline));
    let mut table = Table::new(["Conflict"], ["score"].into_iter().chain(skills))
        .titled("Each conflict: mean score, and skill against each baseline");
    for mean in scores.means.iter().filter(|mean| is_foremost(mean)) {
        let Slice::Conflict(name) = &mean.slice else { continue };
        let skill = |baseline: Baseline| {
            let against = mean.against.iter().find(|against| against.baseline == baseline);
            against.map_or_else(
                || "–".to_owned(),
                |against| against.skill.map_or_else(|| "undefined".into(), |skill| skill_words(skill.value)),
            )
        };
        let score = score_words(mean.kind, mean.rule, mean.score.value);
        let first = [format!("{}, {}", conflict_words(name), kind_words(mean.kind)), score];
        table.row(first.into_iter().chain(baselines.iter().map(|baseline| skill(*baseline))));
    }
    table
}

/// Rows of slices, each with its name, its mean scores, and skill against each baseline.
fn sliced_table(baselines: &[Baseline], rows: Vec<(String, &MeanScore)>) -> Table {
    let skills = baselines.iter().map(|baseline| format!("skill against {}", baseline_words(*baseline)));
    let heads = ["answers", "mean", "95% interval"].map(str::to_owned).into_iter().chain(skills);
    let mut table = Table::new(["Of what, and score"], heads);
    for (name, mean) in rows {
        let write = |value| score_words(mean.kind, mean.rule, value);
        let first = [
            format!("{name}: {}", scored_words(mean)),
            mean.score.n.to_string(),
            write(mean.score.value),
            between(mean.score, write),
        ];
        let skills = baselines.iter().map(|baseline| {
            let against = mean.against.iter().find(|against| against.baseline == *baseline);
            against.map_or_else(
                || "–".to_owned(),
                |against| {
                    let [.., skill, interval] = against_cells(mean, against);
                    if interval == "–" { skill } else { format!("{skill} ({interval})") }
                },
            )
        });
        table.row(first.into_iter().chain(skills));
    }
    table
}

fn answers_table<'a>(answers: impl Iterator<Item = &'a ScoredAnswer>) -> Table {
    let heads = ["model", "80% interval", "came to be", "score", "persistence", "base rate", "50:50", "history"];
    let note = "Probabilities, amounts and weeks from the start as said; never: not within the time that is asked of. The score is Brier's \
                of yes or no, the CRPS of dates (in weeks) and shares, otherwise the log CRPS; of each baseline what it scores.";
    let mut table = sheet("", ["answer"].into_iter().chain(heads), note);
    for answer in answers {
        let write = |value| said(answer, value);
        let rule = answer.kind.foremost();
        let scored = |forecast: Option<&Forecast>| {
            forecast
                .and_then(|forecast| forecast.score(rule))
                .map_or_else(|| "–".into(), |score| score_words(answer.kind, rule, score))
        };
        let is_counted = matches!(answer.kind, Kind::People | Kind::Fighters | Kind::Count);
        let middle = answer.forecast.middle();
        let (middle, interval) = match answer.forecast {
            // As exact as their range makes sense of.
            Forecast::Ensemble { low, high, .. } if is_counted => Format::Count.range(middle, low, high),
            Forecast::Ensemble { low, high, .. } => match [low, high].map(write) {
                [low, high] if low == high => (write(middle), low),
                [low, high] => (write(middle), format!("{} to {high}", low.trim_end_matches(" weeks"))),
            },
            Forecast::Probability { .. } => (write(middle), String::new()),
        };
        let came = match answer.kind {
            Kind::YesNo => if answer.observed > 0.5 { "yes" } else { "no" }.into(),
            _ => write(answer.observed),
        };
        // A question of one moment does not say which.
        let after = format!("{} months", grouped(answer.days / 30.4375, 0));
        let text = match (answer.kind, answer.answer == answer.question) {
            (Kind::Date, _) => format!("{} (when)", answer.text),
            (_, true) => format!("{} ({after})", answer.text),
            (_, false) => answer.text.clone(),
        };
        let first = [text, middle, interval, came, scored(Some(&answer.forecast))];
        table.row(first.into_iter().chain(Baseline::ALL.map(|baseline| scored(answer.against(baseline)))));
    }
    table
}

/// What is said of an answer; of a date weeks, or that it is not within the time.
fn said(answer: &ScoredAnswer, value: f64) -> String {
    let weeks = answer.days / 7.0;
    match answer.kind {
        Kind::YesNo => percent(value),
        Kind::Date if value >= weeks - 1e-6 => format!("never in {} weeks", grouped(weeks, 0)),
        Kind::Date => format!("{} weeks", number(Kind::Date, value)),
        kind => number(kind, value),
    }
}

/// Where base rates and histories come from.
fn sources(answers: &[ScoredAnswer]) -> Vec<String> {
    let (mut lines, mut told): (Vec<String>, Vec<(&String, &String)>) = (Vec::new(), Vec::new());
    for answer in answers {
        if let Some(source) = &answer.source {
            let known = told.iter().any(|(question, known)| *question == &answer.question && *known == source);
            if !known {
                told.push((&answer.question, source));
                lines.push(format!("{} {source}", answer.text));
            }
        }
    }
    lines
}

fn parts(found: &reliability::Reliability) -> [(&'static str, f64); 4] {
    [
        ("Brier score", found.brier),
        ("Miscalibration", found.miscalibration),
        ("Discrimination", found.discrimination),
        ("Uncertainty", found.uncertainty),
    ]
}

fn reliability_facts(page: &mut Document, scores: &Scores) {
    let Some(found) = &scores.reliability else { return };
    page.heading("Reliability").words(
        "Brier score = miscalibration − discrimination + uncertainty: what recalibrating would save, what telling questions apart \
         earns, and what always saying how often it came to be would score.",
    );
    page.facts(parts(found).map(|(name, value)| (name, grouped(value, 3))));
}

fn charts(scores: &Scores) -> Vec<Box<dyn Chart>> {
    let Some(found) = &scores.reliability else { return Vec::new() };
    let heading = |title: &str| Heading::new(title, format!("{} of yes or no", several(found.answers, "answer")));
    let mut charts: Vec<Box<dyn Chart>> = Vec::new();
    if !found.curve.is_empty() {
        let point = |point: &reliability::ReliabilityPoint| {
            (point.said, Band::new(point.came, point.consistent.low, point.consistent.high))
        };
        charts.push(Box::new(ReliabilityCurve {
            heading: heading("Do things come to be as often as the model says?"),
            points: found.curve.iter().map(point).collect(),
            parts: parts(found).map(|(name, value)| format!("{name} {}", grouped(value, 3))).to_vec(),
        }));
    }
    let heading = heading("How often each probability is said");
    charts.push(Box::new(Sharpness { heading, counts: found.histogram.to_vec() }));
    charts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_at_the_end_of_the_time_is_told_as_never() {
        let answer = ScoredAnswer {
            conflict: "c".into(),
            scenario: "s".into(),
            group: None,
            question: "q".into(),
            answer: "q".into(),
            text: "Is it overrun?".into(),
            days: 183.0,
            kind: Kind::Date,
            observed: 81.0 / 7.0,
            runs: 9,
            forecast: Forecast::ensemble(vec![183.0 / 7.0; 9], 81.0 / 7.0).unwrap(),
            baselines: Vec::new(),
            source: None,
        };
        assert_eq!(said(&answer, answer.forecast.middle()), "never in 26 weeks");
        assert_eq!(said(&answer, answer.observed), "11.6 weeks");
        let table = answers_table(std::iter::once(&answer));
        let cells: Vec<&str> = table.rows[0].iter().map(|cell| cell.words.as_str()).collect();
        assert_eq!(cells[1..4], ["never in 26 weeks", "never in 26 weeks", "11.6 weeks"]);
        assert_eq!(coverage(&[answer]).unwrap().split(' ').next(), Some("0"));
    }
}
