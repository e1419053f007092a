//! What each variant changes: its effects, the greatest first, in words.

use super::words::{several, written};
use crate::base::number::{Format, count, grouped, percent, sign, supported};
use crate::estimate::difference::least_that_stands_out;
use crate::estimate::{AnswerKind, DifferenceRow};
use crate::measure::Unit;
use crate::scenario::Scenario;
use std::collections::BTreeSet;

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

/// Changes of a share, of runs or of an amount's whole, below this are not told of.
const LEAST_POINTS: f64 = 0.01;
/// Changes of any other amount below this share of it are not either.
const LEAST_SHARE: f64 = 0.02;

/// How large a change has to be to be told of: "1 point, or 2% of the baseline where it is no share".
pub fn least_words() -> String {
    format!(
        "{} point, or {} of the baseline where it is no share",
        grouped(100.0 * LEAST_POINTS, 0),
        percent(LEAST_SHARE)
    )
}

impl Effects<'_> {
    /// The effects that are large enough to be told of, the greatest first.
    pub fn large(&self) -> impl Iterator<Item = &VariantEffect<'_>> {
        self.effects.iter().filter(|effect| effect.is_large())
    }

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
    /// Whether it is of a share, of runs or of an amount's whole.
    is_share: bool,
    /// The numbers.
    pub row: &'a DifferenceRow,
}

impl VariantEffect<'_> {
    /// Whether it is large enough to be told of: a change of a share by a point, or of any other amount by that share of the
    /// baseline. A share is measured in points however small its baseline is, of which any change is a large part.
    pub fn is_large(&self) -> bool {
        match self.is_share {
            true => self.row.difference.is_some_and(|difference| difference.abs() >= LEAST_POINTS),
            false => self.size() >= LEAST_SHARE,
        }
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
                inert: of_variant().all(|row| row.inert),
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
pub(super) fn size(row: &DifferenceRow) -> f64 {
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
    let is_share = written(question.unit).0 == Format::Percent;
    let interval = row.low.zip(row.high);
    let has_parts = !matches!(question.unit, Unit::People | Unit::Fighters);
    let Told { sides: [before, after], difference, ends } = match is_share {
        true => Told::of_shares([before, after], difference, interval),
        false => Told::of_amounts([before, after], difference, interval, has_parts),
    };
    let interval = ends.map_or_else(String::new, |[low, high]| format!(" ({low} to {high})"));
    let mean = if row.kind == AnswerKind::Quantity { "mean " } else { "" };
    Some(VariantEffect {
        question: &answer.text,
        asked: &question.id,
        change: format!("{mean}{before} → {after}"),
        with_interval: format!("{difference}{interval}"),
        difference,
        is_share,
        row,
    })
}

/// A difference and its two sides as they are written.
struct Told {
    sides: [String; 2],
    difference: String,
    ends: Option<[String; 2]>,
}

impl Told {
    fn of_shares(sides: [f64; 2], difference: f64, interval: Option<(f64, f64)>) -> Self {
        // Small changes of shares need a digit more.
        let digits = if difference.abs() < 0.002 { 2 } else { 1 };
        let signed = |value: f64| sign(value, &format!("{:.digits$}", 100.0 * value.abs()));
        Self {
            sides: sides.map(|side| format!("{}%", grouped(100.0 * side, digits))),
            difference: format!("{} points", signed(difference)),
            ends: interval.map(|(low, high)| [low, high].map(signed)),
        }
    }

    /// Amounts, so rounded that the difference is that of the two sides as they are written, and no finer than its interval bears
    /// out unless they would not agree then.
    fn of_amounts(sides: [f64; 2], difference: f64, interval: Option<(f64, f64)>, has_parts: bool) -> Self {
        let half = interval.map_or(0.0, |(low, high)| (high - low) / 2.0);
        let Some((low, high)) = interval.filter(|_| half.is_finite() && half > 0.0) else {
            let signed = |value: f64| sign(value, &count(value.abs()));
            let ends = interval.map(|(low, high)| [low, high].map(signed));
            return Self { sides: sides.map(count), difference: signed(difference), ends };
        };
        let size = sides[0].abs().max(sides[1].abs());
        // A mean of a few people may have a tenth, one of many has none.
        let finest = if !has_parts && size >= 10.0 { 1.0 } else { 1e-3 };
        let natural = if size >= 10.0 { 1.0 } else { 0.1 };
        let own = supported(half).max(finest);
        let parts = |value: f64, step: f64| (value / step).round();
        let sides_in = |step: f64| sides.map(|side| parts(side, step));
        let is_blunt = |step: f64| sides.iter().any(|side| side.abs() > 0.0 && parts(*side, step).abs() < 10.0);
        let has_sign = low > 0.0 || high < 0.0;
        let agrees = |step: f64| {
            let [before, after] = sides_in(step);
            (after - before - parts(difference, step)).abs() < 0.5
        };
        let tells = |step: f64| {
            let [before, after] = sides_in(step);
            !has_sign || (after - before).abs() > 0.5
        };
        // Amounts have no decimals that neither side has alone, but where the difference is too small for that.
        let mut step = if difference.abs() < 10.0 * natural { own } else { own.max(natural) };
        while step > natural && is_blunt(step) {
            step /= 10.0;
        }
        if step > own && !agrees(step) {
            step = (step / 10.0).max(finest);
        }
        while step > finest && !tells(step) {
            step = (step / 10.0).max(finest);
        }
        let [before, after] = sides_in(step);
        let end = |value: f64| {
            let mut fine = own.max(step);
            // An end that is not none must not read as none: it says whether there may be no difference.
            while has_sign && value.abs() > 0.0 && parts(value, fine).abs() < 0.5 && fine > 1e-3 {
                fine /= 10.0;
            }
            sign(value, &stepped(value.abs(), fine))
        };
        let told = (after - before) * step;
        Self {
            sides: sides.map(|side| stepped(side, step)),
            difference: sign(told, &stepped(told.abs(), step)),
            ends: Some([end(low), end(high)]),
        }
    }
}

/// An amount in whole multiples of a power of ten, with the decimals that it has.
fn stepped(value: f64, step: f64) -> String {
    let rounded = (value / step).round() * step;
    // Millions have two decimals, which is too coarse for a finer step.
    if step >= 1e4 {
        return count(rounded);
    }
    let decimals =
        (0..3).find(|decimals| step * (0..*decimals).fold(1.0, |power, _| power * 10.0) > 0.999).unwrap_or(3);
    grouped(rounded, decimals)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(words: &str) -> f64 {
        words.replace(',', "").replace('−', "-").replace('+', "").parse().unwrap()
    }

    /// That no pair differs in an amount says nothing of all else in the runs.
    #[test]
    fn a_variant_of_which_no_amount_moves_is_not_said_to_change_nothing() {
        let scenario = crate::scenario::Scenario::from_text(
            "standoff.toml",
            include_str!("../../configs/three-way-standoff.toml"),
            &crate::scenario::Overrides::default(),
        )
        .unwrap();
        let row = |inert| {
            use crate::estimate::difference::{How, Pair, quantities};
            let pairs = (0..60).map(|replicate| Pair { replicate, before: 3.0, after: 3.0 });
            let row = quantities(pairs, &How { precision: None, lines: 1, drawn: None });
            DifferenceRow { variant: "one".into(), inert, ..row }
        };
        for inert in [true, false] {
            let rows = [row(inert)];
            assert_eq!((rows[0].low, rows[0].high), (Some(0.0), Some(0.0)));
            let told = effects(&scenario, &rows)[0].nothing(&rows);
            assert_eq!(told.contains("every run is as it was"), inert, "{told}");
        }
    }

    #[test]
    fn amounts_are_rounded_to_what_the_interval_of_their_difference_bears_out() {
        let told = Told::of_amounts([2_726_101.0, 1_775_078.0], -951_023.0, Some((-1_424_641.0, -477_405.0)), false);
        assert_eq!(told.sides, ["2,700,000", "1,800,000"]);
        assert_eq!(
            (told.difference.as_str(), told.ends.unwrap()),
            ("−900,000", ["−1,400,000".into(), "−500,000".into()])
        );
        let none = Told::of_amounts([12.0, 12.0], 0.0, Some((0.0, 0.0)), false);
        assert_eq!((none.difference.as_str(), none.sides), ("0", ["12".into(), "12".into()]));
    }

    #[test]
    fn a_difference_is_that_of_its_sides_and_keeps_its_sign() {
        for size in [0.4_f64, 3.0, 27.0, 640.0, 13_543.0, 272_610.0] {
            for change in [-0.9, -0.31, -0.02, 0.004, 0.13, 2.4] {
                for unsure in [0.05, 0.4, 0.98, 3.0] {
                    for has_parts in [false, true] {
                        let difference = size * change;
                        let half = difference.abs() * unsure;
                        let sides = [size, size + difference];
                        let interval = (difference - half, difference + half);
                        let told = Told::of_amounts(sides, difference, Some(interval), has_parts);
                        let [before, after] = told.sides.each_ref().map(|side| number(side));
                        let apart = after - before - number(&told.difference);
                        assert!(apart.abs() < 1e-6, "{sides:?}: {:?} {}", told.sides, told.difference);
                        let [low, high] = told.ends.unwrap().map(|end| number(&end));
                        // What is less than a thousandth of one may read as none.
                        let is_seen = interval.0.abs().min(interval.1.abs()) > 1e-3;
                        let has_sign = interval.0 * interval.1 > 0.0;
                        assert!(!is_seen || (low * high > 0.0) == has_sign, "{interval:?}: {low} to {high}");
                    }
                }
            }
        }
    }
}
