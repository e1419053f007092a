//! A calibration in a results folder: what it goes on from after a kill, and what it leaves.

use super::findings::{Findings, WeightFinding};
use super::simulate::Work;
use super::study::{Calibrated, calibrated};
use crate::experiment::{Control, ExperimentError};
use crate::record::clock::now;
use crate::record::{
    ColumnKind, Field, FileEntry, Fingerprint, Folder, Manifest, RecordError, RowValue, ScenarioEntry, TableWriter,
    write_rows, write_whole,
};
use crate::scenario::calibration::Calibration;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// How a calibration is done and where it goes.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The folder; `outputs/<id>/<experiment>` unless given.
    pub out: Option<&'a Path>,
    /// Whether what an earlier experiment left there is replaced.
    pub force: bool,
    /// How many threads; as many as there are cores unless given.
    pub threads: Option<usize>,
    /// Runs in a chunk, if not the usual number; changes no result.
    pub chunk_size: Option<u64>,
    /// Whether to stop; how it goes on.
    pub control: &'a Control<'a>,
    /// Who does it, for the record: a command line.
    pub command: &'a [String],
}

/// A calibration that is done.
#[derive(Clone, Debug)]
pub struct Finished {
    /// What was found.
    pub findings: Findings,
    /// Where it is.
    pub folder: Folder,
    /// What the folder says of it.
    pub manifest: Manifest,
    /// Whether it was there before.
    pub reused: bool,
}

/// Everything that decides what is found, as text.
fn plan(calibration: &Calibration) -> String {
    let scenarios: Vec<String> = calibration.scenarios.iter().map(crate::scenario::Scenario::digest).collect();
    let version = env!("CARGO_PKG_VERSION");
    // Outcomes and priors belong to no scenario's digest.
    let (file, priors) =
        (&calibration.file, calibration.weights.iter().map(|weight| &weight.prior).collect::<Vec<_>>());
    let (commit, targets) = (Manifest::this_commit(), &calibration.targets);
    format!("calibrate {version} {commit} {:?} {priors:?} {targets:?} {scenarios:?}", file.calibration)
}

/// Calibrates into a folder, goes on with what a kill left there, or reads what is done.
///
/// # Errors
/// If something is in the way, cannot be run or written, or the work is told to stop.
pub fn calibrate_into(calibration: &Calibration, request: &Request<'_>) -> Result<Finished, ExperimentError> {
    let header = &calibration.file.calibration;
    let text = plan(calibration);
    let digest = blake3::hash(text.as_bytes()).to_hex().to_string();
    let experiment = format!("calibrate-{}", &digest[..12]);
    let usual = || Path::new("outputs").join(&header.id).join(&experiment);
    let folder = Folder::new(request.out.map_or_else(usual, PathBuf::from));
    let mut claim = folder.clone().claim(&digest, &text, request.force)?;
    if let Some(manifest) = claim.finished() {
        let findings = read_findings(&folder, manifest)?;
        return Ok(Finished { findings, folder, manifest: manifest.clone(), reused: true });
    }
    let started = now();
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    let threads = request.threads.unwrap_or_else(cores);
    let work = Work { folder: &folder, threads, chunk_size: request.chunk_size, control: request.control };
    let found = calibrated(calibration, work)?;
    let files = write(&folder, calibration, &found)?;
    let mut result = blake3::Hasher::new();
    files.iter().for_each(|file| {
        result.update(file.fingerprint.blake3.as_bytes());
    });
    let manifest = Manifest {
        program: env!("CARGO_PKG_NAME").into(),
        version: env!("CARGO_PKG_VERSION").into(),
        commit: Manifest::this_commit().into(),
        target: Manifest::this_target(),
        experiment,
        plan_digest: digest,
        scenario: ScenarioEntry {
            id: header.id.clone(),
            title: found.findings.title.clone(),
            digest: blake3::hash(calibration.text.as_bytes()).to_hex().to_string(),
        },
        variants: Vec::new(),
        points: found.findings.points(),
        design: None,
        inputs: None,
        stopping: None,
        seed: header.seed,
        replicates: header.replicates,
        runs: found.runs,
        failures: 0,
        threads: threads as u64,
        command: request.command.to_vec(),
        started,
        finished: now(),
        files,
        result_digest: result.finalize().to_hex().to_string(),
    };
    claim.finish(manifest.clone())?;
    Ok(Finished { findings: found.findings, folder, manifest, reused: false })
}

fn read_findings(folder: &Folder, manifest: &Manifest) -> Result<Findings, RecordError> {
    let path = folder.file(Folder::FINDINGS);
    let entry = manifest.files.iter().find(|file| file.name == Folder::FINDINGS);
    entry.ok_or_else(|| RecordError::Unlisted { path: path.clone() })?.verify(&path, true)?;
    let text = std::fs::read_to_string(&path).map_err(RecordError::io("read", &path))?;
    serde_json::from_str(&text).map_err(|error| RecordError::damaged(&path, error.to_string()))
}

/// Writes all but the page and its charts.
fn write(folder: &Folder, calibration: &Calibration, found: &Calibrated) -> Result<Vec<FileEntry>, RecordError> {
    let mut files = Vec::new();
    let mut keep = |name: &str, (rows, fingerprint): (Option<u64>, Fingerprint)| {
        files.push(FileEntry { name: name.into(), rows, fingerprint });
    };
    let whole =
        |name: &str, text: &str| Ok::<_, RecordError>((None, write_whole(&folder.file(name), text.as_bytes())?));
    keep(Folder::CALIBRATION, whole(Folder::CALIBRATION, &calibration.text)?);
    let mut fields: Vec<Field> = found.paths.iter().map(|path| Field::required(path, ColumnKind::Double)).collect();
    fields.push(Field::required("weight", ColumnKind::Double));
    let mut table = TableWriter::create(&folder.file(Folder::POSTERIOR), fields)?;
    for (values, weight) in &found.draws {
        table.row(values.iter().chain([weight]).map(|value| RowValue::Real(*value)))?;
    }
    let (rows, fingerprint) = table.finish()?;
    keep(Folder::POSTERIOR, (Some(rows), fingerprint));
    let findings = &found.findings;
    keep(Folder::BEHAVIOUR, whole(Folder::BEHAVIOUR, &behaviour(findings))?);
    let mut csv = |name: &str, heads: &[&str], lines: &[Vec<String>]| {
        let (rows, fingerprint) = write_rows(&folder.file(name), heads, lines)?;
        keep(name, (Some(rows), fingerprint));
        Ok::<_, RecordError>(())
    };
    let heads = [
        "path",
        "default",
        "prior_low",
        "prior_median",
        "prior_high",
        "mean",
        "q025",
        "q10",
        "median",
        "q90",
        "q975",
        "contraction",
        "moved",
        "chance",
        "learned",
    ];
    let line = |weight: &WeightFinding| {
        let prior = [weight.default, weight.range[0], weight.prior[2], weight.range[1], weight.mean];
        let numbers = prior.iter().chain(&weight.posterior).chain([&weight.contraction, &weight.moved, &weight.chance]);
        let numbers = numbers.map(f64::to_string);
        std::iter::once(weight.path.clone()).chain(numbers).chain([weight.is_learned().to_string()]).collect()
    };
    csv("weights.csv", &heads, &findings.weights.iter().map(line).collect::<Vec<Vec<String>>>())?;
    let heads = [
        "target",
        "conflict",
        "text",
        "observed",
        "prior_q10",
        "prior_q50",
        "prior_q90",
        "q10",
        "q50",
        "q90",
        "probability",
    ];
    let line = |check: &super::Check| {
        let numbers = std::iter::once(&check.observed).chain(&check.prior).chain(&check.posterior);
        let numbers = numbers.chain([&check.probability]).map(f64::to_string);
        [check.id.clone(), check.conflict.clone(), check.text.clone()].into_iter().chain(numbers).collect()
    };
    csv("checks.csv", &heads, &findings.checks.iter().map(line).collect::<Vec<Vec<String>>>())?;
    let heads = ["conflict", "kind", "rule", "answers", "forecast", "score", "on_answers_of_a_baseline", "its_score"];
    csv("left_out.csv", &heads, &score_lines(findings))?;
    let heads = ["without", "stage", "points", "stopped", "share", "tolerance", "effective"];
    let line = |of: &super::StageOf| {
        let stage = &of.stage;
        let number = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
        vec![
            of.without.clone().unwrap_or_default(),
            stage.name.clone(),
            stage.points.to_string(),
            stage.stopped.to_string(),
            stage.share.to_string(),
            number(stage.tolerance),
            number(stage.effective),
        ]
    };
    csv("stages.csv", &heads, &findings.stages.iter().map(line).collect::<Vec<_>>())?;
    let text = serde_json::to_string_pretty(findings).map_err(|error| {
        RecordError::io("write", &folder.file(Folder::FINDINGS))(std::io::Error::other(error.to_string()))
    })?;
    keep(Folder::FINDINGS, whole(Folder::FINDINGS, &text)?);
    Ok(files)
}

/// Scores, a line for each forecast: the model as it is, calibrated on all, calibrated on the others, and each baseline.
fn score_lines(findings: &Findings) -> Vec<Vec<String>> {
    let mut lines = Vec::new();
    for row in &findings.scores {
        let mut line = |forecast: &str, score: f64, against: Option<(f64, f64)>| {
            let (own, its) =
                against.map_or((String::new(), String::new()), |(own, its)| (own.to_string(), its.to_string()));
            let about = [row.conflict.clone(), row.kind.id().into(), row.rule.id().into(), row.answers.to_string()];
            lines.push(about.into_iter().chain([forecast.to_owned(), score.to_string(), own, its]).collect());
        };
        line("uncalibrated", row.uncalibrated, None);
        line("calibrated_on_all", row.calibrated, None);
        row.left_out.iter().for_each(|score| line("calibrated_on_others", *score, None));
        for (baseline, its, own) in &row.baselines {
            line(baseline.id(), *its, Some((*own, *its)));
        }
    }
    lines
}

/// The medians of the posterior as a part of a scenario file, with their 95% intervals.
fn behaviour(findings: &Findings) -> String {
    let mut sorted: Vec<&WeightFinding> = findings.weights.iter().collect();
    sorted.sort_by(|a, b| a.path.cmp(&b.path));
    let mut text = format!(
        "# Medians of the posterior of the calibration {}, each with its 95% interval. The weights go together: to draw \
         them, use {}.\n",
        findings.id,
        Folder::POSTERIOR
    );
    let mut section = "";
    for weight in sorted {
        let Some((own, name)) = weight.path.rsplit_once('.') else { continue };
        if own != section {
            section = own;
            let _ = write!(text, "\n[{own}]\n");
        }
        let [low, _, median, _, high] = weight.posterior.map(four_digits);
        let _ = writeln!(
            text,
            "{name} = {{ value = {median}, low = {low}, high = {high}, source = \"calibration {}\" }}",
            findings.id
        );
    }
    text
}

/// A number with four digits that count.
fn four_digits(value: f64) -> f64 {
    format!("{value:.3e}").parse().unwrap_or(value)
}
