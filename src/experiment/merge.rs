//! Merges results of one experiment that differ in their replicates.

use super::perform::Ending;
use super::{Asked, Begun, Control, Done, Experiment, ExperimentError, Keeps, RunSource, Scenarios, Sink};
use crate::measure::RunRecord;
use crate::record::block::{self, Block};
use crate::record::clock;
use crate::record::digest::LeafDigest;
use crate::record::{Part, RecordError, Results, canonical};
use std::ops::Range;

/// Merges results into one: of the same experiment, whose replicates join, or of which some hold what others hold. What two of them
/// hold must be equal, to the digest.
///
/// # Errors
/// If they are of different experiments or differ where they should not, if replicates are missing between them or they overlap in
/// part, or if a file cannot be read or written. Nothing is written if they do not go together.
pub fn merge(
    all: &[Results],
    sink: &mut dyn Sink,
    command: Vec<String>,
    control: &Control<'_>,
) -> Result<Done, ExperimentError> {
    let name = |results: &Results| results.folder().path().display().to_string();
    let mut order: Vec<&Results> = all.iter().collect();
    order.sort_by_key(|results| (results.manifest().first, std::cmp::Reverse(results.manifest().replicates)));
    let Some(first) = order.first().copied() else {
        return Err(ExperimentError::Input("there is nothing to merge".into()));
    };
    for other in &order[1..] {
        if other.manifest().plan_digest != first.manifest().plan_digest {
            let what = difference(first, other);
            let message = format!("{} and {} are not of one experiment: {what}", name(first), name(other));
            return Err(ExperimentError::Input(message));
        }
    }
    let mut experiment = Experiment::of(first)?;
    experiment.command = command;
    let (mut used, mut parts): (Vec<&Results>, Vec<Part>) = (Vec::new(), Vec::new());
    let mut end = first.manifest().first;
    for results in order {
        let (window, own) = (results.manifest().window(), experiment.parts_of(results)?);
        if let Some(holder) = used.iter().position(|holder| holder.manifest().window().end >= window.end) {
            let holder = used[holder];
            experiment.check_alike((holder, &experiment.parts_of(holder)?), (results, &own), control)?;
            continue;
        }
        if window.start != end {
            let (from, to) = (window.start.min(end), window.start.max(end) - 1);
            let message = match window.start > end {
                true => format!(
                    "replicates {from} to {to} are in none of the results: `--first {from} --replicates {}` does them",
                    to + 1 - from
                ),
                false => format!(
                    "{} and {} both hold the replicates {from} to {to}, and neither holds all of the other; results are merged that \
                     hold all of others, or join on to them: `--first {end} --replicates {}` does what is new of {1}",
                    used.last().map(|last| name(last)).unwrap_or_default(),
                    name(results),
                    window.end - end
                ),
            };
            return Err(ExperimentError::Input(message));
        }
        end = window.end;
        used.push(results);
        parts.extend(own);
    }
    experiment.asked = Asked { first: first.manifest().first, ..Asked::replicates(end - first.manifest().first) };
    let (begun, asked) = experiment.begin(sink)?;
    if let Begun::Finished(results) = begun {
        return Ok(Done { results: *results, reused: true, pace: None });
    }
    let Some(folder) = sink.store().folder() else {
        return Err(ExperimentError::Input("results are merged into a folder".into()));
    };
    parts.iter().try_for_each(|part| folder.take_part(part))?;
    let started = clock::now();
    let bench = experiment.bench(folder, super::prepared::cores(), control);
    let held = bench.held(&asked.window())?;
    let ending = Ending { stopping: None, threads: bench.threads, started, tasks: None };
    let results = experiment.finish(sink, (&asked.window(), held), ending, control)?;
    Ok(Done { results, reused: false, pace: None })
}

/// In words, the first thing in which two experiments differ.
fn difference(one: &Results, other: &Results) -> String {
    let (a, b) = (one.manifest(), other.manifest());
    let differs = |what: &str, a: String, b: String| (a != b).then(|| format!("their {what} are {a} and {b}"));
    let program = |manifest: &crate::record::Manifest| format!("{} at commit {}", manifest.version, manifest.commit);
    differs("scenarios", a.scenario.id.clone(), b.scenario.id.clone())
        .or_else(|| differs("seeds", a.seed.to_string(), b.seed.to_string()))
        .or_else(|| differs("variants", a.variants.join(", "), b.variants.join(", ")))
        .or_else(|| differs("programs", program(a), program(b)))
        .or_else(|| {
            let digest = |digest: &str| digest.get(..12).unwrap_or(digest).to_owned();
            differs("scenarios", digest(&a.scenario.digest), digest(&b.scenario.digest))
        })
        .unwrap_or_else(|| "they differ in design, drawn inputs, what is kept, or words that reports show".into())
}

impl Experiment {
    /// The experiment that finished results are of.
    ///
    /// # Errors
    /// If its files cannot be read, or this program would make other runs of them.
    pub fn of(results: &Results) -> Result<Self, ExperimentError> {
        let manifest = results.manifest();
        let source = Scenarios::of(results)?;
        let kind = manifest.kind();
        let mut plan = source.plan(kind);
        if results.has_table("series_runs.parquet") {
            plan.keeps = Keeps::EverySeries;
        }
        if plan.digest().to_hex().as_str() != manifest.plan_digest {
            return Err(ExperimentError::Input(format!(
                "{} was made by entente {} at commit {}, and this program would make another experiment of it",
                results.folder().path().display(),
                manifest.version,
                manifest.commit
            )));
        }
        let asked = Asked { first: manifest.first, ..Asked::replicates(manifest.replicates) };
        let source = source.keeping(plan.keeps);
        Ok(Self { plan, asked, source, chunk: None, command: Vec::new() })
    }

    /// The parts that finished results consist of.
    fn parts_of(&self, results: &Results) -> Result<Vec<Part>, ExperimentError> {
        let folder = results.folder();
        let blocks = folder.parts()?.into_iter();
        let parts = blocks.map(|block| folder.part(&self.plan.chunks()(block)));
        let parts: Vec<Part> = parts.filter_map(Result::transpose).collect::<Result<_, _>>()?;
        let held: Vec<Block> = parts.iter().map(|part| part.leaves().block()).collect();
        match block::missing(&results.manifest().window(), &held, self.plan.cells()).is_empty() {
            true => Ok(parts),
            false => Err(RecordError::damaged(folder.path(), "it lacks the digests of some of its runs").into()),
        }
    }

    /// Compares what two results hold, leaf by leaf. A leaf of which one holds a part only is done again so far.
    fn check_alike(
        &self,
        (holder, more): (&Results, &[Part]),
        (results, fewer): (&Results, &[Part]),
        control: &Control<'_>,
    ) -> Result<(), ExperimentError> {
        let cells = self.plan.cells();
        for leaf in fewer.iter().flat_map(|part| part.leaves().block().from..part.leaves().block().to) {
            let (round, cell) = (leaf / cells, leaf % cells);
            let (own, end) = best(fewer, leaf, round);
            let (other, all) = best(more, leaf, round);
            let alike = match end == all {
                true => own == other,
                false => own == Some(self.leaf_again(cell, round * block::LEAF..end)),
            };
            if !alike {
                let (point, variant) = self.plan.cell(cell);
                let variant = &self.plan.variants[variant as usize].id;
                let at = if self.plan.points() > 1 { format!(" at point {point}") } else { String::new() };
                return Err(ExperimentError::Input(format!(
                    "{} and {} hold different runs of {variant}{at} in the replicates {} to {}: one of them was not made by this program \
                     on a sound machine",
                    holder.folder().path().display(),
                    results.folder().path().display(),
                    round * block::LEAF,
                    end.min(all) - 1
                )));
            }
            if (control.cancel)() {
                return Err(ExperimentError::Interrupted { done: 0, runs: 0 });
            }
        }
        Ok(())
    }

    /// The digest of a leaf that is done again.
    fn leaf_again(&self, cell: u64, replicates: Range<u64>) -> [u8; 32] {
        let mut digest = LeafDigest::default();
        self.source.with_runner(cell as usize, &mut |runner| {
            for replicate in replicates.clone() {
                let mut run: RunRecord = runner(replicate);
                let bytes = canonical(&mut run);
                digest.run(&bytes, (self.plan.keeps != Keeps::NoSeries).then_some(&run));
            }
        });
        digest.finish()
    }
}

/// Of what holds a leaf, the digest over the most of it, and where that ends.
fn best(parts: &[Part], leaf: u64, round: u64) -> (Option<[u8; 32]>, u64) {
    let digests = parts.iter().filter_map(|part| {
        let digest = part.leaves().digest(leaf)?;
        Some((Some(digest), part.leaves().block().digested(round).end))
    });
    digests.max_by_key(|(_, end)| *end).unwrap_or((None, 0))
}
