//! A calibration file, read and resolved: which weights may move, within what, and what they are to bring about.

pub mod file;
mod target;
mod weight;

pub use file::{CalibrationFile, Frequency};
pub(super) use target::ENDS;
pub use target::{Amount, Target, What};
pub use weight::Weight;

use super::check::{known, whole_tree};
use super::read::parse;
use super::read::place::Files;
use super::read::problem::Problems;
use super::read::report::Report;
use super::read::texts::{Disk, Texts, read_text};
use super::read::tree::key_path;
use super::read::typed::read_as;
use super::{Overrides, Scenario};
use serde_json::Value as Json;
use std::path::Path;
use std::sync::LazyLock;

/// A calibration, ready to be done.
#[derive(Clone, Debug)]
pub struct Calibration {
    /// What the file says.
    pub file: CalibrationFile,
    /// The file as it is.
    pub text: String,
    /// The weights that may move, in the order of the model's parameters; at least one.
    pub weights: Vec<Weight>,
    /// The scenarios, in the file's order; at least one.
    pub scenarios: Vec<Scenario>,
    /// What the weights are to bring about; at least one.
    pub targets: Vec<Target>,
}

/// The form of calibration files as a JSON Schema.
pub fn schema() -> &'static Json {
    static SCHEMA: LazyLock<Json> = LazyLock::new(|| schemars::schema_for!(CalibrationFile).to_value());
    &SCHEMA
}

impl Calibration {
    /// Reads and checks a calibration file and the scenarios that it names.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn load(path: &Path) -> Result<Self, Problems> {
        Self::read(&Disk, path)
    }

    /// [`Calibration::load`] of any texts.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn read(texts: &dyn Texts, path: &Path) -> Result<Self, Problems> {
        let mut files = Files::default();
        let what = ("a calibration file", ".toml", parse::LARGEST);
        let text = read_text(texts, path, what, None)?;
        let number = files.add(&path.display().to_string(), &text);
        let tree = match parse::document(&files, number) {
            Ok(tree) => tree,
            Err(list) => return Err(Problems { files, list }.in_order()),
        };
        let mut report = Report::new(&tree);
        if let (None, Some(faction)) = (tree.get("calibration"), tree.get("faction")) {
            report
                .at_key(faction, "this is a scenario, no calibration".into())
                .expected("expected a file with `[calibration]`, which names scenarios")
                .help(Some("`entente run` and `entente check` take scenarios".into()));
            return Err(Problems { list: report.problems, files });
        }
        whole_tree(&mut report);
        let file: Option<CalibrationFile> = read_as(&mut report, schema());
        let (mut others, mut scenarios) = (Problems::default(), Vec::new());
        let mut found = (Vec::new(), Vec::new());
        if let Some(file) = &file {
            known::id_is_sound(&mut report, key_path!["calibration", "id"], &file.calibration.id);
            for (index, used) in file.scenario.iter().enumerate() {
                let at = key_path!["scenario", index, "file"];
                let named_at = tree.reach(at).0.plain().place.clone();
                let folder = path.parent().unwrap_or(Path::new(""));
                match Scenario::read(texts, &folder.join(&used.file), &Overrides::default()) {
                    Ok(scenario) => scenarios.push(scenario),
                    // Of a file that is not there, the place is where it is named.
                    Err(mut problems) => {
                        if let [problem] = &mut problems.list[..]
                            && problem.place.is_none()
                        {
                            report.add_at(named_at, problem.message.clone(), None, problem.help.take());
                        } else {
                            others.append(problems);
                        }
                    }
                }
            }
            twice(&mut report, &scenarios);
            found.0 = weight::weights(&mut report, file);
            if scenarios.len() == file.scenario.len() {
                found.1 = target::targets(&mut report, file, &scenarios);
            }
        }
        let mut problems = Problems { files, list: report.problems }.in_order();
        problems.append(others);
        match file {
            Some(file) if problems.list.is_empty() => {
                Ok(Self { file, text, weights: found.0, scenarios, targets: found.1 })
            }
            _ => Err(problems),
        }
    }

    /// The conflicts, in the order in which they come, each once.
    pub fn conflicts(&self) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for target in &self.targets {
            if !found.contains(&target.conflict) {
                found.push(target.conflict.clone());
            }
        }
        found
    }
}

fn twice(report: &mut Report, scenarios: &[Scenario]) {
    for (index, scenario) in scenarios.iter().enumerate() {
        let id = &scenario.file.scenario.id;
        if scenarios[..index].iter().any(|other| other.file.scenario.id == *id) {
            report
                .on(key_path!["scenario", index, "file"], format!("the scenario `{id}` stands twice"))
                .expected("expected each scenario once");
        }
    }
}
