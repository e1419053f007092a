//! What changes under each variant: the words, tables and charts of a comparison.

use super::document::{Block, Document, Table};
use super::effects::{Effects, VariantEffect, effects, least_words, pairs, size};
use super::figures::{chance, worth_of};
use super::fill::{command, provenance};
use super::variance;
use super::words::{several, written};
use crate::analysis::theories;
use crate::base::number::{Format, count, grouped, percent};
use crate::chart::{self, Band, Chart, DifferenceDots, Differences, Heading, OverTime};
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
const LINES: usize = 5;
/// Headlines that part by so much come before other questions.
const APART: f64 = 0.05;
/// Longer titles are cut beside curves, and stand whole below.
const LONG: usize = 30;

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
    let theories = theories::study(results, scenario)?;
    let (about, against) = match (&theories, effects.len()) {
        (Some(_), 1) => ("Rival theories", "The full model against 1 theory alone".to_owned()),
        (Some(_), many) => ("Rival theories", format!("The full model against {many} theories, each alone")),
        (None, many) => ("What changes", format!("Baseline against {}", several(many, "variant"))),
    };
    let mut page = Document::new(
        format!("{about}: {}", scenario.file.scenario.title),
        format!(
            "{against} · {} of each, seed {}, under common random numbers",
            several(manifest.replicates as usize, "replicate"),
            manifest.seed
        ),
    );
    page.push(Block::Contents);
    let by_theory = theories.map(|found| super::theories::section(&mut page, &found, scenario, manifest));
    page.heading("In words");
    for variant in &effects {
        let heading = if variant.title.is_empty() { variant.variant } else { variant.title };
        page.subheading(heading).list(in_words(variant, rows));
    }
    let baseline = manifest.variants.first();
    let answers = results.questions()?;
    if let Some(words) = variance::sentence(answers.iter().filter(|row| Some(&row.variant) == baseline)) {
        page.words(words);
    }
    if manifest.failures > 0 {
        page.caution(format!(
            "{} of {} runs failed; pairs with a failed run are left out.",
            count(manifest.failures as f64),
            count(manifest.runs as f64)
        ));
    }
    page.push(Block::Caution {
        lead: "A model, not a forecast.".into(),
        words: "This says what a change does in the model under the scenario's assumptions, not what it would do in the world."
            .into(),
    });
    page.push(Block::Play);
    let mut charts = charts(results, scenario, rows, &effects, by_theory.is_some())?;
    page.heading("Charts");
    charts.iter().for_each(|chart| {
        page.chart(&**chart);
    });
    charts.extend(by_theory);
    page.heading("Numbers").words(
        "“To yes, or up” is the share of pairs of runs in which the variant turns the answer to yes, or raises the amount; “to no, or \
         down” that in which it does the opposite. “Pairing saved” is how many times more runs independent ensembles would need \
         for the same precision.",
    );
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
    let told = variant.large().take(TOLD);
    let mut points: Vec<String> =
        told.map(|effect| format!("{} {}: {}.", effect.question, effect.change, effect.with_interval)).collect();
    if points.is_empty() {
        return vec![format!("No change that stands out is as large as {}.", least_words())];
    }
    match variant.large().count().saturating_sub(points.len()) {
        0 => {}
        1 => points.push("1 more question changes (table below).".into()),
        rest => points
            .push(format!("{rest} more questions change (table below, each at the moment of its greatest change).")),
    }
    points
}

fn table(variant: &Effects<'_>) -> Table {
    let heads = ["Baseline → variant", "Difference (95%)", "To yes, or up", "To no, or down", "Pairing saved"];
    let title = match variant.title {
        "" => variant.variant.to_owned(),
        title => format!("{title} ({})", variant.variant),
    };
    let mut table = Table::new(["Question"], heads).titled(title);
    let share = |value: Option<f64>| value.map_or_else(String::new, percent);
    let small = variant.effects.len() - variant.large().count();
    if small > 0 {
        table.note = format!("{} by less than {} in differences.csv.", several(small, "more change"), least_words());
    }
    let beyond = variant.large().count().saturating_sub(MOST_ROWS);
    table = table.leaving_out(beyond, "differences.csv");
    for effect in variant.large().take(MOST_ROWS) {
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
    /// What lies beyond is only known to be much.
    const MOST: f64 = 1000.0;
    match factor > MOST {
        true => format!("more than {}×", count(MOST)),
        false => format!("{}×", grouped(factor, usize::from(factor < 100.0))),
    }
}

fn savings(effects: &[Effects<'_>]) -> Table {
    let mut table = Table::new(["Variant"], ["Least", "Median", "Most"])
        .titled("What pairing saved")
        .noted("Least, median and most over the yes/no questions whose answer flipped in some pair.");
    for (variant, saving) in effects.iter().filter_map(|variant| Some((variant, variant.saving?))) {
        let name = if variant.title.is_empty() { variant.variant } else { variant.title };
        table.row(std::iter::once(name.to_owned()).chain(saving.map(times)));
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
            "An answer stands out if its difference would still be told from none when all {} differences are looked at \
             together (Bonferroni). All of them are in differences.csv.",
            count(lines as f64)
        ),
    ]
}

fn charts(
    results: &Results,
    scenario: &Scenario,
    rows: &[DifferenceRow],
    effects: &[Effects<'_>],
    theories: bool,
) -> Result<Vec<Box<dyn Chart>>, RecordError> {
    let manifest = results.manifest();
    let replicates = several(pairs(rows) as usize, "replicate");
    let subtitle = |what: &str| format!("{replicates}, seed {} · {what}", manifest.seed);
    let named = |variant: &Effects<'_>| match variant.title {
        "" => variant.variant.to_owned(),
        title => title.to_owned(),
    };
    let mut charts: Vec<Box<dyn Chart>> = Vec::new();
    for (kind, name, title, what, caption) in [
        (
            AnswerKind::YesNo,
            "differences",
            "What changes: probabilities",
            "paired difference to the baseline in percentage points, 95% intervals",
            "Each dot is what a variant adds to, or takes from, the probability of a yes; the line is its 95% interval. \
             Drawn are the questions that change most, at the moments of the greatest changes, with what stands out when all \
             differences are looked at together.",
        ),
        (
            AnswerKind::Quantity,
            "differences-amounts",
            "What changes: amounts",
            "paired difference of means in percent of the baseline's mean, 95% intervals",
            "Each dot is how much a variant raises or lowers the mean, in percent of the baseline's; the line is its 95% \
             interval. An arrow at the edge stands for what lies beyond the scale, with its number. Drawn are the questions that \
             change most, at the moments of the greatest changes, with what stands out when all differences are looked at \
             together, but for amounts of which the baseline's mean is next to nothing: those \
             have no percentages.",
        ),
    ] {
        let (drawn, left_out) = drawn(scenario, rows, effects, kind);
        if drawn.is_empty() {
            continue;
        }
        let left_out = match left_out {
            0 => String::new(),
            number => format!("; not drawn: {} of next to nothing", several(number, "amount")),
        };
        charts.push(Box::new(Differences {
            name: name.into(),
            heading: Heading::new(title, subtitle(what) + &left_out),
            caption,
            variants: effects.iter().map(named).collect(),
            colours: Vec::new(),
            rows: drawn,
            format: Format::Percent,
            note: "Where a variant has no dot in a row, its difference at that moment does not stand out, which does not say that it \
                   changes nothing. All are in differences.csv.",
        }));
    }
    charts.push(Box::new(overlay(results, scenario, subtitle("95% intervals"), theories)?));
    Ok(charts)
}

/// Whether an amount's mean in the baseline is next to nothing, so that differences have no percentages: less than one
/// thing or half a percent, or, of what may lie below 0 too, less than a third of what a variant makes of it.
fn is_next_to_nothing(scenario: &Scenario, row: &DifferenceRow) -> bool {
    let Some((mean, difference)) = row.baseline.map(f64::abs).zip(row.difference) else { return true };
    let Some((question, _)) = scenario.answer(&row.question) else { return true };
    let least = if written(question.unit).0 == Format::Percent { 0.005 } else { 1.0 };
    let asked = scenario.questions.iter().find(|asked| asked.id == row.question);
    let signed = asked.is_some_and(|asked| match &asked.ask {
        Ask::Amount(amount) => amount.range().0 < 0.0,
        _ => false,
    });
    mean < least || (signed && difference.abs() > 3.0 * mean)
}

/// The questions with the greatest effects, each under all variants, at the moment of its greatest change and at those that other
/// variants need; and how many are left out, for their baseline is next to nothing.
fn drawn(
    scenario: &Scenario,
    rows: &[DifferenceRow],
    effects: &[Effects<'_>],
    kind: AnswerKind,
) -> (Vec<DifferenceDots>, usize) {
    let mut chosen: Vec<&VariantEffect<'_>> =
        effects.iter().flat_map(Effects::large).filter(|effect| effect.row.kind == kind).collect();
    chosen.sort_by(|a, b| size(b.row).total_cmp(&size(a.row)));
    let mut asked = BTreeSet::new();
    chosen.retain(|effect| asked.insert(effect.asked));
    let all = chosen.len();
    chosen.retain(|effect| kind == AnswerKind::YesNo || !is_next_to_nothing(scenario, effect.row));
    let left_out = all - chosen.len();
    // By the same measure as what is told in words.
    let band = |row: &DifferenceRow| {
        row.stands_out.then_some(())?;
        let scale = match kind {
            AnswerKind::YesNo => 1.0,
            AnswerKind::Quantity => row.baseline.map(f64::abs).filter(|mean| *mean > 0.0)?,
        };
        Some(Band::new(row.difference? / scale, row.low? / scale, row.high? / scale))
    };
    let is_drawn = |variant: &Effects<'_>, id: &str| {
        rows.iter().find(|row| row.variant == variant.variant && row.question == id).and_then(band)
    };
    // A variant whose change of a question stands out at another moment has a row of that moment.
    let mut moments: Vec<(&str, &str)> = Vec::new();
    for effect in chosen.into_iter().take(DRAWN) {
        let first = moments.len();
        moments.push((effect.question, &effect.row.question));
        for variant in effects {
            let has_dot = |(_, id): &(&str, &str)| is_drawn(variant, id).is_some();
            let own = variant.large().find(|own| own.asked == effect.asked);
            let own = own.filter(|own| band(own.row).is_some() && !moments[first..].iter().any(has_dot));
            moments.extend(own.map(|own| (own.question, own.row.question.as_str())));
        }
    }
    let dots = moments
        .into_iter()
        .map(|(text, id)| DifferenceDots {
            text: text.to_owned(),
            differences: effects.iter().map(|variant| is_drawn(variant, id)).collect(),
        })
        .collect();
    (dots, left_out)
}

/// The probability of yes by each date, for the questions that part most, under the variants that change them most. Of
/// questions that differ in their horizon the one with the longest is drawn, and headlines that part come first; what is asked of one moment
/// has no course.
fn overlay(results: &Results, scenario: &Scenario, subtitle: String, theories: bool) -> Result<OverTime, RecordError> {
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
    let headlines: BTreeSet<String> = scenario
        .question_groups()
        .iter()
        .flat_map(|group| &group.questions)
        .filter(|question| question.headline)
        .flat_map(|question| question.answers.iter().map(|answer| answer_column(&answer.id)))
        .collect();
    let comes_first = |measure: &String, away: &[f64]| headlines.contains(measure) && most(away) >= APART;
    chosen.sort_by(|a, b| {
        let by_size = || most(&b.1.1).total_cmp(&most(&a.1.1));
        comes_first(b.0, &b.1.1).cmp(&comes_first(a.0, &a.1.1)).then_with(by_size).then_with(|| a.0.cmp(b.0))
    });
    chosen.truncate(PANELS);
    let mut questions = Vec::new();
    for (measure, (title, away)) in &chosen {
        let mut ranked = away.clone();
        ranked.sort_by(|a, b| b.total_cmp(a));
        let least = ranked.get(LINES - 1).copied().unwrap_or(0.0).max(f64::MIN_POSITIVE);
        let shown = |place: usize| place == 0 || away[place] >= least;
        let line = |(place, variant): (usize, &String)| -> Result<Vec<Band>, RecordError> {
            if !shown(place) {
                return Ok(Vec::new());
            }
            let worth = worth_of(results, variant, measure)?;
            Ok(of(variant, measure).iter().map(|point| chance(point, worth)).collect())
        };
        questions.push((title.clone(), variants.iter().enumerate().map(line).collect::<Result<Vec<_>, _>>()?));
    }
    let dates = chosen
        .first()
        .map_or_else(Vec::new, |(measure, _)| of(&variants[0], measure).iter().map(|point| point.date).collect());
    let (who, first) = if theories { ("theories", "Full model") } else { ("variants", "baseline") };
    let heading = Heading::new(format!("Where the {who} part: the probability of a yes by each date"), subtitle);
    let title = |(place, id): (usize, &String)| {
        if place == 0 && id == "baseline" {
            return first.to_owned();
        }
        let known = scenario.file.variant.iter().find(|variant| variant.id == *id && !variant.title.is_empty());
        known.map_or_else(|| id.clone(), |variant| variant.title.clone())
    };
    let titles: Vec<String> = variants.iter().enumerate().map(title).collect();
    let mut chart = chart::overlay(heading, dates, &titles, questions);
    let others = variants.len().saturating_sub(1);
    chart.notes.extend(
        (others > LINES).then(|| format!("Each panel has those {LINES} of {others} {who} that change it most.")),
    );
    chart.notes.extend(titles.into_iter().filter(|title| title.chars().count() > LONG));
    Ok(chart)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Overrides;
    use std::path::Path;

    fn row(variant: &str, baseline: f64, difference: f64) -> DifferenceRow {
        DifferenceRow {
            question: "deaths".into(),
            variant: variant.into(),
            kind: AnswerKind::Quantity,
            baseline: Some(baseline),
            value: Some(baseline + difference),
            difference: Some(difference),
            low: Some(0.9 * difference),
            high: Some(1.1 * difference),
            gained: None,
            lost: None,
            median_difference: None,
            median_low: None,
            median_high: None,
            variance_reduction: None,
            stands_out: true,
            inert: false,
            n: 100,
        }
    }

    #[test]
    fn the_greatest_effects_are_drawn_and_percentages_of_nothing_are_not() {
        let scenario = Scenario::load(Path::new("configs/three-way-standoff.toml"), &Overrides::default()).unwrap();
        let of = |rows: &[DifferenceRow]| drawn(&scenario, rows, &effects(&scenario, rows), AnswerKind::Quantity);
        let (dots, left_out) = of(&[row("great", 100.0, 500.0), row("small", 100.0, 5.0)]);
        assert_eq!((dots.len(), left_out), (1, 0));
        let shown: Vec<f64> = dots[0].differences.iter().flatten().map(|band| band.middle).collect();
        assert_eq!(shown, [5.0, 0.05]);
        let unsure = DifferenceRow { stands_out: false, ..row("small", 100.0, 50.0) };
        let (dots, _) = of(&[row("great", 100.0, 500.0), unsure]);
        assert_eq!(dots[0].differences.iter().flatten().count(), 1, "what does not stand out is not drawn");
        let small = row("small", 100.0, 1.5);
        assert!(of(std::slice::from_ref(&small)).0.is_empty(), "as in words, less than 2% is not told of");
        let (dots, left_out) = of(&[row("great", 0.3, 500.0)]);
        assert_eq!((dots.len(), left_out), (0, 1));
        assert_eq!([times(508_055.0), times(538.0), times(2.25)], ["more than 1,000×", "538×", "2.3×"]);
    }

    #[test]
    fn an_amount_that_is_a_share_is_told_of_where_it_changes_by_a_point() {
        let scenario = Scenario::load(Path::new("configs/northern-mali-2023.toml"), &Overrides::default()).unwrap();
        let is_told = |baseline: f64, difference: f64| {
            let of =
                DifferenceRow { question: "territory-state-change-12m".into(), ..row("some", baseline, difference) };
            effects(&scenario, std::slice::from_ref(&of))[0].large().next().is_some()
        };
        assert!(!is_told(-0.0003, 0.0011), "of next to nothing any change is a large part");
        assert!(is_told(-0.0003, 0.02) && is_told(0.3, -0.011));
    }
}
