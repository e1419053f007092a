//! What changes under each variant: the words, tables and charts of a comparison.

use super::document::{Block, Document, Table};
use super::figures::chance;
use super::fill::{command, provenance};
use super::variance;
use super::words::{several, written};
use crate::analysis::theories;
use crate::base::number::{Format, count, grouped, percent, sign};
use crate::chart::{self, Band, Chart, DifferenceDots, Differences, Heading, OverTime};
use crate::estimate::difference::least_that_stands_out;
use crate::estimate::{AnswerKind, DifferenceRow};
use crate::measure::{Ask, answer_column};
use crate::record::{RecordError, Results, SeriesKey, SeriesPoint};
use crate::scenario::Scenario;
use std::collections::{BTreeMap, BTreeSet};

/// How many effects of a variant are told in words.
const TOLD: usize = 4;
/// How many rows a variant's table has.
const MOST_ROWS: usize = 40;
/// How many questions are drawn.
const DRAWN: usize = 14;
/// How many panels of curves are drawn.
const PANELS: usize = 6;
/// How many variants a panel shows besides the baseline.
const LINES: usize = 4;

/// What one variant changes.
#[derive(Clone, Debug)]
pub struct Effects<'a> {
    /// The variant's id.
    pub variant: &'a str,
    /// What it supposes.
    pub title: &'a str,
    /// Whether it left every run as it was, to the bit.
    pub inert: bool,
    /// The effects that stand out, the greatest first: probabilities, then amounts; of a question asked for several
    /// horizons, the one with the greatest effect.
    pub effects: Vec<VariantEffect<'a>>,
    /// How many times fewer runs pairing took than independent runs would: least, median and most over the yes/no
    /// questions whose answer flipped in some run. None if none did.
    pub saving: Option<[f64; 3]>,
    /// How many answers stand out in all.
    pub count: usize,
    /// How many would if each were looked at by itself.
    pub alone: usize,
}

impl Effects<'_> {
    /// What is said of a variant of which no answer stands out among all differences.
    pub fn nothing(&self, rows: &[DifferenceRow]) -> String {
        if self.inert {
            return "It changes nothing: every run is as it was, to the bit.".into();
        }
        let all = count(rows.len() as f64);
        let found = match self.alone {
            0 => "No answer changes by more than luck can explain".to_owned(),
            alone => format!(
                "No answer stands out when all {all} differences are looked at together, though {} by itself",
                if alone == 1 { "1 would".to_owned() } else { format!("{alone} would each") }
            ),
        };
        format!("{found}: {}.", least(rows))
    }
}

/// What can be told with so many pairs of runs: how far a share has to change at least.
pub fn least(rows: &[DifferenceRow]) -> String {
    let pairs = pairs(rows);
    let of = format!("with {} of runs", several(pairs as usize, "pair"));
    match least_that_stands_out(pairs, rows.len()) {
        Some(least) => {
            format!(
                "{of} a share has to change by {} points at least to stand out",
                percent(least).trim_end_matches('%')
            )
        }
        None => format!("{of} no change of a share could stand out"),
    }
}

/// Over how many pairs of runs differences are: those of which none failed.
pub fn pairs(rows: &[DifferenceRow]) -> u64 {
    rows.iter().map(|row| row.n).max().unwrap_or(0)
}

/// An effect in words.
#[derive(Clone, Debug)]
pub struct VariantEffect<'a> {
    /// The question, with its moment.
    pub question: &'a str,
    /// The id of the question, which others of its moments share.
    pub asked: &'a str,
    /// "11.8% → 2.3%".
    pub change: String,
    /// "−9.5 points".
    pub difference: String,
    /// "−9.5 points (−11.0 to −8.1)".
    pub with_interval: String,
    /// The numbers.
    pub row: &'a DifferenceRow,
}

impl VariantEffect<'_> {
    /// Whether it is so large: a change of a share of runs by so much, or of an amount by that share of the baseline.
    pub fn is_at_least(&self, points: f64, share: f64) -> bool {
        let least = if self.row.kind == AnswerKind::YesNo { points } else { share };
        self.size() >= least
    }

    /// How large it is: in probability, or relative to the baseline's mean.
    pub fn size(&self) -> f64 {
        size(self.row)
    }
}

/// The effects of each variant, in the order of the results.
pub fn effects<'a>(scenario: &'a Scenario, rows: &'a [DifferenceRow]) -> Vec<Effects<'a>> {
    let mut variants: Vec<&str> = rows.iter().map(|row| row.variant.as_str()).collect();
    variants.dedup();
    let titled = |id: &str| scenario.file.variant.iter().find(|variant| variant.id == id);
    variants
        .into_iter()
        .map(|variant| {
            let of_variant = || rows.iter().filter(|row| row.variant == variant);
            let mut saved: Vec<f64> = of_variant()
                .filter(|row| row.kind == AnswerKind::YesNo)
                .filter_map(|row| row.variance_reduction)
                .collect();
            saved.sort_by(f64::total_cmp);
            let saving = (!saved.is_empty()).then(|| [saved[0], saved[saved.len() / 2], saved[saved.len() - 1]]);
            Effects {
                variant,
                title: titled(variant).map_or("", |found| found.title.as_str()),
                inert: of_variant().all(|row| row.low == Some(0.0) && row.high == Some(0.0)),
                effects: greatest(scenario, of_variant()),
                saving,
                count: of_variant().filter(|row| row.stands_out).count(),
                alone: of_variant().filter(|row| has_sign(row)).count(),
            }
        })
        .collect()
}

fn greatest<'a>(scenario: &'a Scenario, rows: impl Iterator<Item = &'a DifferenceRow>) -> Vec<VariantEffect<'a>> {
    let mut found: Vec<VariantEffect<'a>> =
        rows.filter(|row| row.stands_out).filter_map(|row| effect(scenario, row)).collect();
    found.sort_by(|a, b| {
        let key = |effect: &VariantEffect<'_>| (effect.row.kind == AnswerKind::Quantity, -size(effect.row));
        let ((a_kind, a_size), (b_kind, b_size)) = (key(a), key(b));
        a_kind.cmp(&b_kind).then(a_size.total_cmp(&b_size))
    });
    let mut asked = BTreeSet::new();
    found.retain(|effect| asked.insert(effect.asked));
    found
}

/// Whether the interval of a difference by itself leaves out 0.
fn has_sign(row: &DifferenceRow) -> bool {
    row.low.is_some_and(|low| low > 0.0) || row.high.is_some_and(|high| high < 0.0)
}

/// How large an effect is: in probability, or relative to the baseline's mean.
fn size(row: &DifferenceRow) -> f64 {
    let difference = row.difference.unwrap_or(0.0).abs();
    match row.kind {
        AnswerKind::YesNo => difference,
        AnswerKind::Quantity => difference / row.baseline.unwrap_or(0.0).abs().max(1e-9),
    }
}

/// A difference in words; none of an answer that no run gave.
pub fn effect<'a>(scenario: &'a Scenario, row: &'a DifferenceRow) -> Option<VariantEffect<'a>> {
    let (question, answer) = scenario.answer(&row.question)?;
    let (before, after, difference) = (row.baseline?, row.value?, row.difference?);
    let share = written(question.unit).0 == Format::Percent;
    // Small changes of shares need a digit more.
    let digits = if share && difference.abs() < 0.002 { 2 } else { 1 };
    let write = |value: f64| if share { format!("{}%", grouped(100.0 * value, digits)) } else { count(value) };
    let signed = |value: f64| match share {
        true => sign(value, &format!("{:.digits$}", 100.0 * value.abs())),
        false => sign(value, &count(value.abs())),
    };
    let of = if share { " points" } else { "" };
    let interval = match (row.low, row.high) {
        (Some(low), Some(high)) => format!(" ({} to {})", signed(low), signed(high)),
        _ => String::new(),
    };
    let words = format!("{}{of}", signed(difference));
    let mean = if row.kind == AnswerKind::Quantity { "mean " } else { "" };
    Some(VariantEffect {
        question: &answer.text,
        asked: &question.id,
        change: format!("{mean}{} → {}", write(before), write(after)),
        with_interval: format!("{words}{interval}"),
        difference: words,
        row,
    })
}

/// What a comparison says, and its charts, still to be drawn.
///
/// # Errors
/// If the results cannot be read.
pub fn comparison(
    results: &Results,
    scenario: &Scenario,
    rows: &[DifferenceRow],
) -> Result<(Document, Vec<Box<dyn Chart>>), RecordError> {
    let manifest = results.manifest();
    let effects = effects(scenario, rows);
    let mut page = Document::new(
        format!("What changes: {}", scenario.file.scenario.title),
        format!(
            "Baseline against {} · {} replicates of each, seed {}, under common random numbers",
            several(effects.len(), "variant"),
            count(manifest.replicates as f64),
            manifest.seed
        ),
    );
    page.push(Block::Contents);
    let theories = theories::study(results, scenario)?;
    let by_theory = theories.map(|found| super::theories::section(&mut page, &found, scenario, manifest));
    page.heading("In words");
    for variant in &effects {
        let heading = if variant.title.is_empty() { variant.variant } else { variant.title };
        page.subheading(heading).list(in_words(variant, rows));
    }
    let baseline = manifest.variants.first();
    let answers = results.questions()?;
    if let Some(shares) = variance::together(answers.iter().filter(|row| Some(&row.variant) == baseline)) {
        page.words(variance::sentence(&shares));
    }
    if manifest.failures > 0 {
        page.caution(format!(
            "{} of {} runs failed; pairs with a failed run are left out.",
            manifest.failures, manifest.runs
        ));
    }
    page.push(Block::Caution {
        lead: "A model, not a forecast.".into(),
        words: "This says what a change does in the model under the scenario's assumptions, not what it would do in the world."
            .into(),
    });
    page.push(Block::Play);
    let mut charts = charts(results, scenario, rows, &effects)?;
    page.heading("Charts");
    charts.iter().for_each(|chart| {
        page.chart(&**chart);
    });
    charts.extend(by_theory);
    page.heading("Numbers");
    effects.iter().map(table).chain([savings(&effects)]).for_each(|table| {
        page.table(table);
    });
    page.heading("How it was made");
    method(results, rows.len()).into_iter().for_each(|sentence| {
        page.words(sentence);
    });
    page.command(command(manifest)).facts(provenance(manifest)).use_with_care();
    Ok((page, charts))
}

/// The greatest effects of a variant as points.
fn in_words(variant: &Effects<'_>, rows: &[DifferenceRow]) -> Vec<String> {
    if variant.inert || variant.effects.is_empty() {
        return vec![variant.nothing(rows)];
    }
    let told = variant.effects.iter().take(TOLD);
    let mut points: Vec<String> =
        told.map(|effect| format!("{} {}: {}.", effect.question, effect.change, effect.with_interval)).collect();
    let rest = variant.effects.len().saturating_sub(points.len());
    if rest > 0 {
        let change = if rest == 1 { "question changes" } else { "questions change" };
        points.push(format!(
            "{rest} more {change}, see below, where each stands at the moment of its greatest change; with all moments {} \
             answers change.",
            variant.count
        ));
    }
    points
}

fn table(variant: &Effects<'_>) -> Table {
    let heads = ["Baseline → variant", "Difference (95%)", "To yes, or up", "To no, or down", "Fewer runs"];
    let title = match variant.title {
        "" => variant.variant.to_owned(),
        title => format!("{title} ({})", variant.variant),
    };
    let mut table = Table::new(["Question"], heads).titled(title);
    let share = |value: Option<f64>| value.map_or_else(String::new, percent);
    for effect in variant.effects.iter().take(MOST_ROWS) {
        table.row([
            effect.question.to_owned(),
            effect.change.clone(),
            effect.with_interval.clone(),
            share(effect.row.gained),
            share(effect.row.lost),
            effect.row.variance_reduction.map_or_else(String::new, times),
        ]);
    }
    table
}

fn times(factor: f64) -> String {
    format!("{}×", grouped(factor, usize::from(factor < 100.0)))
}

fn savings(effects: &[Effects<'_>]) -> Table {
    let mut table = Table::new(["Variant"], ["Least", "Median", "Most"]).titled("What pairing saved").noted(
        "How many times more runs independent ensembles would need for the same precision: least, median and most over the \
         yes/no questions whose answer flipped in some pair.",
    );
    for (variant, saving) in effects.iter().filter_map(|variant| Some((variant, variant.saving?))) {
        table.row(std::iter::once(variant.variant.to_owned()).chain(saving.map(times)));
    }
    table
}

fn method(results: &Results, lines: usize) -> Vec<String> {
    let sequence = results.manifest().stopping.as_ref().is_some_and(|stopping| stopping.precision.is_some());
    let intervals = if sequence {
        "Intervals are those of a confidence sequence, which may be looked at after every run (Waudby-Smith and Ramdas 2024)."
    } else {
        "Intervals of differences of probabilities are Tango's (1998) for paired shares, of mean amounts Student's."
    };
    vec![
        "The runs of a replicate share all random numbers that they both draw, so what differs between them is what the \
         variant did."
            .into(),
        intervals.into(),
        format!(
            "An answer stands out if its difference would still be told from none when all {lines} differences are looked at \
             together (Bonferroni). All of them are in differences.csv."
        ),
    ]
}

fn charts(
    results: &Results,
    scenario: &Scenario,
    rows: &[DifferenceRow],
    effects: &[Effects<'_>],
) -> Result<Vec<Box<dyn Chart>>, RecordError> {
    let manifest = results.manifest();
    let subtitle = |what: &str| format!("{} replicates, seed {} · {what}", count(pairs(rows) as f64), manifest.seed);
    let mut charts: Vec<Box<dyn Chart>> = Vec::new();
    for (kind, name, title, what, caption) in [
        (
            AnswerKind::YesNo,
            "differences",
            "What changes: probabilities",
            "paired difference to the baseline in percentage points, 95% intervals",
            "Each dot is what a variant adds to, or takes from, the probability of a yes; the line is its 95% interval. \
             Variants that could as well do nothing are left out.",
        ),
        (
            AnswerKind::Quantity,
            "differences-amounts",
            "What changes: amounts",
            "paired difference of means in percent of the baseline's mean, 95% intervals",
            "Each dot is how much a variant raises or lowers the mean, in percent of the baseline's; the line is its 95% \
             interval. Variants that could as well do nothing are left out, and so are amounts that are next to nothing in the \
             baseline.",
        ),
    ] {
        charts.push(Box::new(Differences {
            name: name.into(),
            heading: Heading::new(title, subtitle(what)),
            caption,
            variants: effects.iter().map(|variant| variant.variant.to_owned()).collect(),
            rows: drawn(rows, effects, kind),
            format: Format::Percent,
        }));
    }
    charts.push(Box::new(overlay(results, scenario, subtitle("95% intervals"))?));
    Ok(charts)
}

/// Differences of amounts are drawn up to so many times the baseline's mean.
const MOST_TIMES: f64 = 3.0;

/// The questions with the greatest effects, each under all variants.
fn drawn(rows: &[DifferenceRow], effects: &[Effects<'_>], kind: AnswerKind) -> Vec<DifferenceDots> {
    let mut chosen: Vec<&VariantEffect<'_>> =
        effects.iter().flat_map(|variant| &variant.effects).filter(|effect| effect.row.kind == kind).collect();
    chosen.sort_by(|a, b| size(b.row).total_cmp(&size(a.row)));
    let mut asked = BTreeSet::new();
    chosen.retain(|effect| asked.insert(effect.asked));
    let band = |row: &DifferenceRow| {
        let scale = match kind {
            AnswerKind::YesNo => 1.0,
            AnswerKind::Quantity => {
                // Of next to nothing there are no percentages.
                let far = row.low?.abs().max(row.high?.abs());
                row.baseline.map(f64::abs).filter(|mean| *mean > 0.0 && far <= MOST_TIMES * mean)?
            }
        };
        Some(Band::new(row.difference? / scale, row.low? / scale, row.high? / scale))
    };
    chosen
        .into_iter()
        .take(DRAWN)
        .map(|effect| DifferenceDots {
            text: effect.question.to_owned(),
            differences: effects
                .iter()
                .map(|variant| {
                    rows.iter()
                        .find(|row| row.variant == variant.variant && row.question == effect.row.question)
                        .and_then(band)
                })
                .collect(),
        })
        .collect()
}

/// The probability of yes by each date, for the questions that part most, under the variants that change them most. Of
/// questions that differ in their horizon the one with the longest is drawn; what is asked of one moment has no course.
fn overlay(results: &Results, scenario: &Scenario, subtitle: String) -> Result<OverTime, RecordError> {
    let variants = &results.manifest().variants;
    let with_course = scenario.questions.iter().filter(|question| matches!(question.ask, Ask::Within(_)));
    let asked: Vec<(&str, String)> =
        with_course.map(|question| (question.id.as_str(), answer_column(&question.id))).collect();
    let series = results.series(|measure| asked.iter().any(|(_, column)| column == measure))?;
    let of = |variant: &str, measure: &str| -> &[SeriesPoint] {
        let key = SeriesKey { point: 0, variant: variant.to_owned(), measure: measure.to_owned() };
        series.get(&key).map_or(&[], |(_, points)| points)
    };
    let mut candidates: BTreeMap<&str, (String, (String, Vec<f64>))> = BTreeMap::new();
    for (id, measure) in asked {
        let Some((question, answer)) = scenario.answer(id) else { continue };
        let away = |variant: &String| -> f64 {
            let both = of(&variants[0], &measure).iter().zip(of(variant, &measure));
            both.map(|(before, after)| (after.mean - before.mean).abs()).fold(0.0, f64::max)
        };
        let parted: Vec<f64> = variants.iter().map(away).collect();
        let furthest = |parted: &[f64]| parted.iter().copied().fold(0.0, f64::max);
        // The longest horizon parts the most, or as much as others.
        if candidates.get(question.id.as_str()).is_none_or(|(_, (_, known))| furthest(known) <= furthest(&parted)) {
            candidates.insert(&question.id, (measure, (answer.text.clone(), parted)));
        }
    }
    let candidates: BTreeMap<String, (String, Vec<f64>)> = candidates.into_values().collect();
    let most = |away: &[f64]| away.iter().copied().fold(0.0, f64::max);
    let mut chosen: Vec<(&String, &(String, Vec<f64>))> =
        candidates.iter().filter(|(_, (_, away))| most(away) > 0.0).collect();
    chosen.sort_by(|a, b| most(&b.1.1).total_cmp(&most(&a.1.1)).then_with(|| a.0.cmp(b.0)));
    chosen.truncate(PANELS);
    let questions = chosen
        .iter()
        .map(|(measure, (title, away))| {
            let mut ranked = away.clone();
            ranked.sort_by(|a, b| b.total_cmp(a));
            let least = ranked.get(LINES - 1).copied().unwrap_or(0.0).max(f64::MIN_POSITIVE);
            let shown = |place: usize| place == 0 || away[place] >= least;
            let line = |(place, variant): (usize, &String)| {
                if shown(place) { of(variant, measure).iter().map(chance).collect() } else { Vec::new() }
            };
            (title.clone(), variants.iter().enumerate().map(line).collect())
        })
        .collect();
    let dates = chosen
        .first()
        .map_or_else(Vec::new, |(measure, _)| of(&variants[0], measure).iter().map(|point| point.date).collect());
    let heading = Heading::new("Where the variants part: the probability of a yes by each date", subtitle);
    Ok(chart::overlay(heading, dates, variants, questions))
}
