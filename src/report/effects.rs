//! What each variant changes: its effects, the greatest first, in words.

use super::words::{several, written};
use crate::base::number::{Format, count, grouped, percent, sign};
use crate::estimate::difference::least_that_stands_out;
use crate::estimate::{AnswerKind, DifferenceRow};
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

/// Changes of a share of runs below this are not told of.
const LEAST_POINTS: f64 = 0.01;
/// Changes of an amount below this share of it are not either.
const LEAST_SHARE: f64 = 0.02;

/// How large a change has to be to be told of: "1 point or 2% of the baseline".
pub fn least_words() -> String {
    format!("{} point or {} of the baseline", grouped(100.0 * LEAST_POINTS, 0), percent(LEAST_SHARE))
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
    /// The numbers.
    pub row: &'a DifferenceRow,
}

impl VariantEffect<'_> {
    /// Whether it is large enough to be told of: a change of a share of runs by a point, or of an amount by that share of the
    /// baseline.
    pub fn is_large(&self) -> bool {
        let least = if self.row.kind == AnswerKind::YesNo { LEAST_POINTS } else { LEAST_SHARE };
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
