//! Inputs and outputs of many runs, by point: what the analyses of a sweep, or of any table, begin with.

pub use super::cases_error::CasesError;
use super::clustered::ClusteredMean;
use super::scale::Scale;
use crate::record::{Design, Folder, NumberTable, RecordError, Results, TableColumn, Wanted};
use crate::scenario::InputKind;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Points with their inputs, in the inputs' own units, and the outputs of the runs made at each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cases {
    inputs: Vec<String>,
    /// What the numbers of each input stand for.
    scales: Vec<Scale>,
    points: Vec<f64>,
    /// Where the runs of each point begin in `outputs`, and where those of the last end.
    starts: Vec<usize>,
    outputs: Vec<f64>,
    missing: Missing,
    /// Where inputs were drawn, the family of each point: those after each other that share some of their inputs. Empty if none do.
    families: Vec<u32>,
    /// Whether replicates of one number have their luck in common at all points.
    shares_luck: bool,
}

/// Outputs that are not there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Missing {
    /// How many runs, or rows of a table, there are.
    pub runs: usize,
    /// How many of them have no output.
    pub without: usize,
    /// How many of those failed.
    pub failed: usize,
}

/// What luck does to an output, where points were run several times.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Luck {
    /// Variance of a run's output about what its point and the luck that all points share make of it.
    pub per_run: f64,
    /// Share of the variance of the points' means that is luck, 0–1.
    pub share: f64,
}

impl Missing {
    /// Of outputs, which are not finite where there is none.
    fn of(outputs: &[f64], failed: usize) -> Self {
        let without = outputs.iter().filter(|output| !output.is_finite()).count();
        Self { runs: outputs.len(), without, failed: failed.min(without) }
    }
}

/// The table of runs in a folder.
fn runs_table(folder: &Folder) -> PathBuf {
    folder.file("runs.parquet")
}

impl Cases {
    /// Points, row-major, with so many runs each, point after point, of which those of one number share their luck. None if the
    /// numbers do not fit.
    pub fn new(inputs: Vec<String>, points: Vec<f64>, replicates: usize, outputs: Vec<f64>) -> Option<Self> {
        let count = points.len().checked_div(inputs.len())?;
        let fits = count * inputs.len() == points.len() && count * replicates == outputs.len();
        let starts = (0..=count).map(|point| point * replicates).collect();
        let scales = vec![Scale::Real; inputs.len()];
        let missing = Missing::of(&outputs, 0);
        let families = Vec::new();
        fits.then_some(Self { inputs, scales, points, starts, outputs, missing, families, shares_luck: true })
    }

    /// Every row of a table as a point with one run, which has luck of its own.
    ///
    /// # Errors
    /// If a column is missing or a cell is wrong; an input must be there, an output need not.
    pub fn of_table(table: &NumberTable, inputs: &[String], output: &str) -> Result<Self, RecordError> {
        let wanted: Vec<Wanted<'_>> = inputs
            .iter()
            .map(|name| Wanted { name, required: true, names: true })
            .chain([Wanted { name: output, required: false, names: false }])
            .collect();
        let mut columns = table.read(&wanted)?;
        let outputs = columns.pop().unwrap_or_default().numbers;
        let rows = outputs.len();
        let mut points = Vec::with_capacity(rows * inputs.len());
        for row in 0..rows {
            points.extend(columns.iter().map(|column| column.numbers[row]));
        }
        let scale = |column: TableColumn| match (column.names.is_empty(), column.whole) {
            (false, _) => Scale::Nominal(column.names),
            (true, true) => Scale::Whole,
            (true, false) => Scale::Real,
        };
        let (scales, missing) = (columns.into_iter().map(scale).collect(), Missing::of(&outputs, 0));
        let starts = (0..=rows).collect();
        let (inputs, families) = (inputs.to_vec(), Vec::new());
        Ok(Self { inputs, scales, points, starts, outputs, missing, families, shares_luck: false })
    }

    /// A column of a sweep's `runs.parquet` under a variant, with some inputs of its design (all if none are named); where
    /// inputs were drawn, replicates that share all of them are the runs of a point. With
    /// `against`, the output is by how much the column is larger than under that variant in the same replicate.
    /// Points without runs are left out.
    ///
    /// # Errors
    /// If nothing was varied, there is no variant, input or column of these names, or a file cannot be read.
    pub fn of_sweep(
        results: &Results,
        inputs: &[String],
        column: &str,
        variant: &str,
        against: Option<&str>,
    ) -> Result<Self, CasesError> {
        let folder = results.folder();
        let none = || CasesError::NoDesign { path: folder.path().display().to_string() };
        let drawn = results.drawn_inputs()?;
        let sharing = drawn.as_ref().map(|_| InputKind::Weight);
        let design = drawn.map_or_else(|| results.design(), |drawn| Ok(Some(drawn)))?.ok_or_else(none)?;
        let inputs = if inputs.is_empty() { design.inputs.clone() } else { inputs.to_vec() };
        let place = |name: &String| {
            let found = design.inputs.iter().position(|input| input == name);
            found.ok_or_else(|| {
                let file = if sharing.is_some() { Folder::INPUTS } else { Design::NAME };
                RecordError::no_column(&folder.file(file), name, design.inputs.iter().map(String::as_str))
            })
        };
        let places: Vec<usize> = inputs.iter().map(place).collect::<Result<_, _>>()?;
        let variants = &results.manifest().variants;
        let number = |id: &str| {
            let found = variants.iter().position(|known| known == id);
            let missing = || CasesError::NoVariant { found: id.to_owned(), expected: variants.join(", ") };
            found.map(|number| number as u32).ok_or_else(missing)
        };
        let (wanted, against) = (number(variant)?, against.map(number).transpose()?);
        let known = results.run_columns()?;
        if !known.iter().any(|name| name == column) {
            return Err(RecordError::no_column(&runs_table(folder), column, known.iter().map(String::as_str)).into());
        }
        if let Some(example) = results.run_word(column)? {
            let path = runs_table(folder).display().to_string();
            return Err(CasesError::Words { column: column.to_owned(), path, example });
        }
        let values = results.run_numbers(column)?;
        // Per point: the runs by replicate, of the variant and of the one it is compared with.
        let mut runs = vec![[Vec::new(), Vec::new()]; design.count()];
        let (first, mut failed) = (results.manifest().first, 0);
        for (key, value) in results.run_keys()?.iter().zip(values) {
            let drawn = |kind: InputKind| (kind.draw_of(key.replicate) - kind.draw_of(first)) as i64;
            let point = sharing.map_or(i64::from(key.point), drawn);
            let Some(at_point) = usize::try_from(point).ok().and_then(|point| runs.get_mut(point)) else {
                continue;
            };
            let value = if key.failed { f64::NAN } else { value };
            failed += usize::from(key.failed && (key.variant == wanted || Some(key.variant) == against));
            if key.variant == wanted {
                at_point[0].push((key.replicate, value));
            } else if Some(key.variant) == against {
                at_point[1].push((key.replicate, value));
            }
        }
        let scale = |(input, place): (&String, &usize)| {
            let whole = || design.points().all(|point| point[*place].fract().abs() <= 0.0);
            match design.names.of(input) {
                [] if whole() => Scale::Whole,
                [] => Scale::Real,
                names => Scale::Nominal(names.to_vec()),
            }
        };
        let scales = inputs.iter().zip(&places).map(scale).collect();
        let most = InputKind::ALL.into_iter().map(InputKind::shared_by).max();
        // Families lie between multiples of as many replicates, wherever the first of all lies.
        let family = sharing.zip(most).map(|(kind, most)| {
            let (size, before) = (most / kind.shared_by(), kind.draw_of(first));
            move |number: usize| ((before % size + number as u64) / size) as u32
        });
        // Where inputs were drawn, the runs of a point are replicates that no other point has.
        let shares_luck = sharing.is_none();
        let mut cases = Self { inputs, scales, starts: vec![0], shares_luck, ..Self::default() };
        for (number, (point, [mut own, mut other])) in design.points().zip(runs).enumerate() {
            if own.is_empty() {
                continue;
            }
            cases.families.extend(family.as_ref().map(|of| of(number)));
            own.sort_by_key(|(replicate, _)| *replicate);
            if against.is_some() {
                other.sort_by_key(|(replicate, _)| *replicate);
                for (replicate, value) in &mut own {
                    let partner = other.binary_search_by_key(replicate, |(replicate, _)| *replicate);
                    *value -= partner.map_or(f64::NAN, |at| other[at].1);
                }
            }
            cases.points.extend(places.iter().map(|place| point[*place]));
            cases.outputs.extend(own.into_iter().map(|(_, value)| value));
            cases.starts.push(cases.outputs.len());
        }
        cases.missing = Missing::of(&cases.outputs, failed);
        if cases.count() == 0 { Err(CasesError::Nothing(variant.to_owned())) } else { Ok(cases) }
    }

    /// The same runs, with those whose inputs are all equal brought together to one point.
    pub fn grouped(&self) -> Self {
        let mut groups: BTreeMap<Vec<u64>, usize> = BTreeMap::new();
        let mut members: Vec<Vec<usize>> = Vec::new();
        for point in 0..self.count() {
            let bits = self.point(point).iter().map(|value| value.to_bits()).collect();
            let group = *groups.entry(bits).or_insert(members.len());
            if group == members.len() {
                members.push(Vec::new());
            }
            members[group].push(point);
        }
        let mut grouped = self.none();
        for group in members {
            grouped.families.extend(self.families.get(group[0]));
            grouped.points.extend_from_slice(self.point(group[0]));
            grouped.outputs.extend(group.iter().flat_map(|point| self.outputs_of(*point)));
            grouped.starts.push(grouped.outputs.len());
        }
        grouped
    }

    /// The same inputs without any point.
    fn none(&self) -> Self {
        let (inputs, scales) = (self.inputs.clone(), self.scales.clone());
        let (missing, shares_luck) = (self.missing, self.shares_luck);
        Self { inputs, scales, starts: vec![0], missing, shares_luck, ..Self::default() }
    }

    /// The same points without those of which no run has an output. What is missing is still counted.
    pub fn answered(&self) -> Self {
        let mut kept = self.none();
        for point in (0..self.count()).filter(|point| self.ok(*point).next().is_some()) {
            kept.families.extend(self.families.get(point));
            kept.points.extend_from_slice(self.point(point));
            kept.outputs.extend_from_slice(self.outputs_of(point));
            kept.starts.push(kept.outputs.len());
        }
        kept
    }

    /// What the numbers of the inputs stand for.
    pub fn scales(&self) -> &[Scale] {
        &self.scales
    }

    /// The outputs that are not there.
    pub fn missing(&self) -> Missing {
        self.missing
    }

    /// The names of the inputs.
    pub fn inputs(&self) -> &[String] {
        &self.inputs
    }

    /// How many points there are.
    pub fn count(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// How many runs there are.
    pub fn runs(&self) -> usize {
        self.outputs.len()
    }

    /// The inputs of all points, row-major.
    pub fn points(&self) -> &[f64] {
        &self.points
    }

    /// The inputs of a point.
    pub fn point(&self, point: usize) -> &[f64] {
        &self.points[point * self.inputs.len()..][..self.inputs.len()]
    }

    /// The outputs of a point's runs; not finite where there is none.
    pub fn outputs_of(&self, point: usize) -> &[f64] {
        &self.outputs[self.starts[point]..self.starts[point + 1]]
    }

    fn ok(&self, point: usize) -> impl Iterator<Item = f64> {
        self.outputs_of(point).iter().copied().filter(|output| output.is_finite())
    }

    /// How many runs of a point have an output.
    pub fn succeeded(&self, point: usize) -> usize {
        self.ok(point).count()
    }

    /// The most runs that a point has.
    pub fn replicates(&self) -> usize {
        self.starts.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or(0)
    }

    /// Whether every output that is there is 0 or 1.
    pub fn is_yes_no(&self) -> bool {
        let mut known = self.outputs.iter().filter(|output| output.is_finite()).peekable();
        known.peek().is_some() && known.all(|output| output.abs() < 1e-12 || (output - 1.0).abs() < 1e-12)
    }

    /// The output of all cases that have one, if it is the same in all of them, with how many these are.
    pub fn constant(&self) -> Option<(f64, usize)> {
        let known: Vec<f64> = self.means().into_iter().filter(|mean| mean.is_finite()).collect();
        let first = *known.first()?;
        known.iter().all(|mean| (mean - first).abs() <= 0.0).then_some((first, known.len()))
    }

    /// Per point the mean over its runs that did not fail; NaN if all did.
    pub fn means(&self) -> Vec<f64> {
        self.shares(|output| output)
    }

    /// Per point the mean of a function of its runs' outputs, such as whether they are above a level.
    pub fn shares(&self, of: impl Fn(f64) -> f64) -> Vec<f64> {
        (0..self.count())
            .map(|point| {
                let (sum, n) = self.ok(point).fold((0.0, 0.0), |(sum, n), output| (sum + of(output), n + 1.0));
                sum / n
            })
            .collect()
    }

    /// The means of all points without each of the replicates that all points have in common. None if their luck is not shared, or
    /// there is but one.
    pub fn left_out(&self) -> Vec<Vec<f64>> {
        let replicates = self.replicates();
        let whole = self.runs() == self.count() * replicates;
        if !(self.shares_luck() && whole && replicates > 1) {
            return Vec::new();
        }
        let mean = |point: usize, left_out: usize| {
            let others = self.outputs_of(point).iter().enumerate().filter(|(place, _)| *place != left_out);
            let known: Vec<f64> = others.map(|(_, output)| *output).filter(|output| output.is_finite()).collect();
            known.iter().sum::<f64>() / known.len() as f64
        };
        (0..replicates).map(|left_out| (0..self.count()).map(|point| mean(point, left_out)).collect()).collect()
    }

    /// Whether replicates of one number have their luck in common at all points.
    pub fn shares_luck(&self) -> bool {
        self.shares_luck
    }

    /// The family of each point: those after each other that share some of their inputs. Empty if none do.
    pub fn families(&self) -> &[u32] {
        &self.families
    }

    /// The share of the runs of some points for which `of` holds. None if none of them succeeded.
    pub fn share_in(&self, points: &[usize], of: impl Fn(f64) -> bool) -> Option<ClusteredMean> {
        let of = &of;
        let runs = points.iter().flat_map(|point| {
            let outputs = self.outputs_of(*point).iter().enumerate().filter(|(_, output)| output.is_finite());
            let cluster = self.families.get(*point).map_or(*point, |family| *family as usize);
            outputs.map(move |(replicate, output)| {
                (cluster, self.shares_luck.then_some(replicate as u64), f64::from(u8::from(of(*output))))
            })
        });
        ClusteredMean::of(runs)
    }

    /// What luck does to the output; none if no point was run more than once. Luck that replicates of the same number
    /// share over all points (common random numbers) moves all points alike and is no reason for them to differ, so it
    /// is taken off first where every point has the same replicates: the interaction mean square of a two-way table.
    pub fn chance(&self) -> Option<Luck> {
        let means = self.means();
        let counted: Vec<usize> = (0..self.count()).filter(|point| means[*point].is_finite()).collect();
        let without = Missing::of(&self.outputs, 0).without;
        let (points, runs) = (counted.len() as f64, (self.runs() - without) as f64);
        if runs <= points || points < 2.0 {
            return None;
        }
        let replicates = self.replicates();
        let whole = without == 0 && self.runs() == self.count() * replicates;
        let grand = counted.iter().map(|point| means[*point]).sum::<f64>() / points;
        let shared: Vec<f64> = (0..replicates)
            .map(|replicate| {
                let sum: f64 = (0..self.count()).map(|point| self.outputs_of(point)[replicate]).sum();
                sum / points - grand
            })
            .take(if whole { replicates } else { 0 })
            .collect();
        let squares: f64 = counted
            .iter()
            .flat_map(|point| self.outputs_of(*point).iter().enumerate().map(|(at, y)| (at, y - means[*point])))
            .map(|(at, rest)| rest - shared.get(at).copied().unwrap_or(0.0))
            .filter(|rest| rest.is_finite())
            .map(|rest| rest * rest)
            .sum();
        let degrees = if whole { (points - 1.0) * (replicates as f64 - 1.0) } else { runs - points };
        let per_run = squares / degrees.max(1.0);
        let spread: f64 = counted.iter().map(|point| (means[*point] - grand) * (means[*point] - grand)).sum();
        let of_means = counted.iter().map(|point| per_run / self.succeeded(*point) as f64).sum::<f64>() / points;
        let share = if spread > 0.0 { (of_means / (spread / (points - 1.0))).min(1.0) } else { 0.0 };
        Some(Luck { per_run, share })
    }
}

#[cfg(test)]
mod tests;
