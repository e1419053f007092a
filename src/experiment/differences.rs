//! What each variant of a comparison changes, from the runs of a results folder.

use crate::estimate::difference::{DifferenceRow, How, Pair, proportions, quantities};
use crate::measure::QuestionColumn;
use crate::record::{Manifest, RecordError, Results, RunKey};

/// The paired difference of every variant against the baseline, the first variant of the manifest, for every question.
/// Pairs of which a run failed do not count. A variant that changed no run gives intervals of exactly zero: nothing was
/// left to chance. Reads one column at a time.
///
/// If the experiment stopped when it was precise enough, intervals are those of a confidence sequence; if inputs were
/// drawn, they allow for what pairs that share some have in common.
///
/// # Errors
/// If `runs.parquet` cannot be read.
pub fn differences(results: &Results, questions: &[QuestionColumn]) -> Result<Vec<DifferenceRow>, RecordError> {
    let pairs = Pairs::of(&results.run_keys()?, results.manifest());
    let columns = results.run_columns()?;
    let inert = pairs.inert(results, &columns)?;
    let precision = results.manifest().stopping.as_ref().and_then(|stopping| stopping.precision);
    let lines = questions.len() * pairs.variants.len();
    let drawn = results.manifest().drawn_kinds();
    let how = How { precision, lines, drawn };
    let mut rows = Vec::with_capacity(lines);
    for question in questions {
        let yes_no = question.yes_no;
        let values = results.run_numbers(&question.name())?;
        for (number, variant) in pairs.variants.iter().enumerate() {
            let row = match yes_no {
                true => proportions(pairs.values(number, &values), &how),
                false => quantities(pairs.values(number, &values), &how),
            };
            let inert = inert[number] && row.n > 0;
            let mut row = DifferenceRow { question: question.id.clone(), variant: variant.clone(), inert, ..row };
            if inert {
                (row.low, row.high) = (Some(0.0), Some(0.0));
                if !yes_no {
                    (row.median_low, row.median_high) = (Some(0.0), Some(0.0));
                }
            }
            rows.push(row);
        }
    }
    rows.sort_by_key(|row| pairs.variants.iter().position(|variant| *variant == row.variant));
    Ok(rows)
}

/// Which rows of `runs.parquet` belong together.
struct Pairs {
    variants: Vec<String>,
    /// Per variant: rows of the baseline and of the variant, and the replicate.
    rows: Vec<Vec<(usize, usize, u64)>>,
}

impl Pairs {
    fn of(keys: &[RunKey], manifest: &Manifest) -> Self {
        let variants: Vec<String> = manifest.variants.iter().skip(1).cloned().collect();
        let mut rows = vec![Vec::new(); variants.len()];
        // Rows are in the order of the cells, each with all replicates: within a point, the baseline comes first.
        let mut baseline: &[RunKey] = &[];
        let mut start = 0;
        let mut at = 0;
        while at < keys.len() {
            let cell = (keys[at].point, keys[at].variant);
            let length = keys[at..].iter().take_while(|key| (key.point, key.variant) == cell).count();
            let runs = &keys[at..at + length];
            if cell.1 == 0 {
                (baseline, start) = (runs, at);
            } else if let Some(rows) = rows.get_mut(cell.1 as usize - 1) {
                let both = baseline.iter().zip(runs).enumerate();
                let good = both
                    .filter(|(_, (a, b))| (a.point, a.replicate) == (b.point, b.replicate) && !a.failed && !b.failed);
                rows.extend(good.map(|(place, (run, _))| (start + place, at + place, run.replicate)));
            }
            at += length;
        }
        Self { variants, rows }
    }

    /// Pairs of values of a column.
    fn values<'v>(&'v self, variant: usize, values: &'v [f64]) -> impl Iterator<Item = Pair> + 'v {
        let pair = |(a, b, replicate): &(usize, usize, u64)| Pair {
            replicate: *replicate,
            before: values[*a],
            after: values[*b],
        };
        self.rows[variant].iter().map(pair).filter(|pair| !pair.before.is_nan() && !pair.after.is_nan())
    }

    /// Whether each variant left every answer and every measure of every run as it was, to the bit.
    fn inert(&self, results: &Results, columns: &[String]) -> Result<Vec<bool>, RecordError> {
        let mut inert: Vec<bool> = self.rows.iter().map(|rows| !rows.is_empty()).collect();
        const NO_MEASURES: [&str; 7] =
            ["point", "variant", "replicate", "status", "failure", "bloc.leader", "coalitions"];
        for column in columns.iter().filter(|column| !NO_MEASURES.contains(&column.as_str())) {
            if !inert.contains(&true) {
                break;
            }
            let values = results.run_numbers(column)?;
            for (inert, rows) in inert.iter_mut().zip(&self.rows) {
                *inert &= rows.iter().all(|(a, b, ..)| values[*a].to_bits() == values[*b].to_bits());
            }
        }
        Ok(inert)
    }
}
