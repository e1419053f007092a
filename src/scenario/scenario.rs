//! A scenario that has been read, checked and resolved.

use super::file::ScenarioFile;
use super::provenance::{self, Input};
use super::question_groups::{self, AnswerAt, GroupedQuestion, QuestionGroup};
use super::read::change::{self, Change};
use super::read::place::{Files, Place};
use super::read::problem::nearest_or_all;
use super::read::problem::{Problem, Problems};
use super::read::texts::{Disk, Texts};
use super::read::tree::{Spanned, Value};
use super::read::{merge, path};
use super::written::{Written, anchors, keep_open_incomes};
use super::{InputValue, Outlines, build, check, compile, history, resolved, tried};
use crate::base::EventId;
use crate::measure::{Condition, Question};
use crate::mechanism::{self, Behaviour, Scratch};
use crate::world::Setting;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// Changes to a file from outside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// `path=value` assignments, applied in order after the variant's changes.
    pub set: Vec<String>,
    /// The variant whose changes are applied.
    pub variant: Option<String>,
}

/// A scenario, ready to run.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// What the file says, resolved: `extends` merged, changes applied.
    pub file: ScenarioFile,
    /// Who and what there is, and the world at the start.
    pub setting: Arc<Setting>,
    /// The model's weights and rates.
    pub behaviour: Behaviour,
    /// What is asked, with names resolved, in the file's order: one for each moment up to the horizon.
    pub questions: Vec<Question>,
    /// What must hold for events to come, of those that wait for something.
    pub conditions: Vec<(EventId, Condition)>,
    /// The zones' outlines, if it names a file of them.
    pub outlines: Option<Outlines>,
    /// What looks wrong but can be run.
    pub warnings: Vec<Problem>,
    question_groups: Vec<QuestionGroup>,
    pub(super) files: Files,
    pub(super) tree: Spanned,
    pub(super) written: Option<Box<Written>>,
}

impl Scenario {
    /// Reads, checks and resolves a scenario file.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn load(path: &Path, overrides: &Overrides) -> Result<Self, Problems> {
        Self::read(&Disk, path, overrides)
    }

    /// Reads, checks and resolves a text that stands by itself, as [`Scenario::load`] would a file of that name.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn from_text(name: &str, text: &str, overrides: &Overrides) -> Result<Self, Problems> {
        Self::read(&BTreeMap::from([(name.to_owned(), text.to_owned())]), Path::new(name), overrides)
    }

    /// Reads, checks and resolves a scenario, with all that it names: the scenarios that it extends, and the outlines of
    /// its zones.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn read(texts: &dyn Texts, path: &Path, overrides: &Overrides) -> Result<Self, Problems> {
        let mut files = Files::default();
        match merge::read(texts, path, &mut files) {
            Ok(tree) => Self::resolve(texts, tree, files, overrides),
            Err(list) => Err(Problems { files, list }.in_order()),
        }
    }

    /// The same scenario with changes from outside it, as if it had been read with them.
    ///
    /// # Errors
    /// Everything that is wrong with what they make of it.
    pub fn overridden(&self, overrides: &Overrides) -> Result<Self, Problems> {
        let mut plain = self.clone();
        plain.set_boundaries(None);
        let mut files = self.files.clone();
        let (changes, list) = changes_of(&plain.tree, &mut files, overrides);
        if list.is_empty() { plain.changed(files, &changes, false) } else { Err(Problems { files, list }.in_order()) }
    }

    fn resolve(
        texts: &dyn Texts,
        mut tree: Spanned,
        mut files: Files,
        overrides: &Overrides,
    ) -> Result<Self, Problems> {
        change::flatten_variants(&mut tree);
        let schema = path::schema();
        let mut list = history::read_histories(texts, &mut tree, &mut files);
        if !list.is_empty() {
            return Err(Problems { files, list }.in_order());
        }
        let mut changes = change::taken(&mut tree);
        let (more, unsound) = changes_of(&tree, &mut files, overrides);
        changes.extend(more);
        list.extend(unsound);
        let before = (!changes.is_empty()).then(|| tree.clone());
        for change in &changes {
            if let Err(problem) = change::apply(&mut tree, schema, change) {
                list.push(problem);
            }
        }
        let written = before.map(|tree| Box::new(Written::new(tree, changes)));
        let checked = check::check(&tree, schema);
        list.extend(checked.problems);
        list.extend(tried::variants(&tree, schema, &list));
        let outlines = tree.get("scenario").and_then(|header| header.get("boundaries")).and_then(|node| {
            let place = &node.plain().place;
            let outlines = Outlines::read(texts, Path::new(node.text()?), Some(place));
            Some((outlines.map_err(|problem| list.push(problem)).ok()?, place.clone()))
        });
        let mut warnings = checked.warnings;
        if let (true, Some((outlines, place)), Some(typed)) = (list.is_empty(), &outlines, &checked.typed) {
            let told = |message: String| Problem { message, expected: None, help: None, place: Some(place.clone()) };
            match outlines.of_zones(&typed.file.zone) {
                Ok(found) => warnings.extend(found.left_over().map(told)),
                Err(reason) => list.push(told(format!("the file {reason}"))),
            }
        }
        let outlines = outlines.map(|(outlines, _)| outlines);
        match checked.typed {
            Some(typed) if list.is_empty() => Self::of(typed.file, warnings, files, (tree, written), outlines),
            _ => Err(Problems { files, list }.in_order()),
        }
    }

    pub(super) fn of(
        file: ScenarioFile,
        mut warnings: Vec<Problem>,
        files: Files,
        (tree, written): (Spanned, Option<Box<Written>>),
        outlines: Option<Outlines>,
    ) -> Result<Self, Problems> {
        let mut setting = build::setting(&file);
        let unfit = |message: String| Problems::whole(message, None);
        setting.initial.check(&setting).map_err(|broken| unfit(format!("the world at the start: {}", broken.what)))?;
        let questions = compile::questions(&setting, &file).map_err(|unresolved| unfit(unresolved.to_string()))?;
        let conditions = compile::conditions(&setting, &file).map_err(|unresolved| unfit(unresolved.to_string()))?;
        let question_groups = question_groups::groups(&file.scenario, &file.question);
        warnings.extend(check::kept_apart(&setting, &tree));
        let behaviour = file.behaviour;
        let mut as_written = written.as_deref().and_then(Written::file).map(build::setting);
        keep_open_incomes(&file, as_written.as_ref(), &mut setting);
        let mut scratch = Scratch::new(&setting, &behaviour);
        let anchors = anchors(as_written.as_mut(), &setting, &behaviour, &mut scratch);
        setting.initial = mechanism::begin_at_rest(&setting, &behaviour, &anchors, &mut scratch);
        let setting = Arc::new(setting);
        Ok(Self {
            file,
            setting,
            behaviour,
            questions,
            conditions,
            outlines,
            warnings,
            question_groups,
            files,
            tree,
            written,
        })
    }

    /// The same scenario with a variant's changes.
    ///
    /// # Errors
    /// If there is no such variant, or if what it makes of the scenario cannot be run.
    pub fn variant(&self, id: &str) -> Result<Self, Problems> {
        let fail = |problem| Problems { files: self.files.clone(), list: vec![problem] };
        let changes = variant_changes(&self.tree, id).map_err(fail)?;
        self.changed(self.files.clone(), &changes, false)
    }

    /// The same scenario with other values, by path: a point of a design. `by` says who sets them, for the record of
    /// sources.
    ///
    /// # Errors
    /// If a path addresses nothing, or if what it makes of the scenario cannot be run.
    pub fn with<V: Clone + Into<InputValue>>(&self, values: &[(String, V)], by: &str) -> Result<Self, Problems> {
        let mut files = self.files.clone();
        let changes: Vec<Change> = values
            .iter()
            .map(|(path, value)| (path, value.clone().into()))
            .map(|(path, value): (&String, InputValue)| {
                // A field that takes a number takes a whole one too.
                let made = match (&value, value.json()) {
                    (InputValue::Name(name), _) => Value::Text(name.clone()),
                    (_, json) if json.is_i64() && self.range_of(path).is_ok_and(|range| range.is_whole()) => {
                        Value::Integer(i128::from(json.as_i64().unwrap_or_default()))
                    }
                    (InputValue::Number(number), _) => Value::Float(*number),
                };
                let file = files.add(by, &format!("{path}={value}"));
                let place = Place::new(file, path.len() + 1..path.len() + 1 + value.to_string().len());
                let value = Spanned::made(made, place);
                Change { path: path.clone(), place: Place::new(file, 0..path.len()), value, by: by.to_owned() }
            })
            .collect();
        self.changed(files, &changes, true)
    }

    /// With changes; `anchored` ones are as if they were written, others are seen as a change of what is written.
    fn changed(&self, files: Files, changes: &[Change], anchored: bool) -> Result<Self, Problems> {
        let schema = path::schema();
        let mut tree = self.tree.clone();
        let mut written = match (&self.written, anchored) {
            (None, true) => None,
            (None, false) if changes.is_empty() => None,
            (None, false) => Some(Box::new(Written::new(self.tree.clone(), changes.to_vec()))),
            (Some(written), _) => Some(written.clone()),
        };
        match &mut written {
            // What cannot be applied is told of the tree itself.
            Some(written) if anchored => {
                changes.iter().for_each(|change| drop(change::apply(written.tree_mut(), schema, change)));
            }
            Some(written) if self.written.is_some() => written.changes.extend_from_slice(changes),
            _ => {}
        }
        let applied = changes.iter().filter_map(|change| change::apply(&mut tree, schema, change).err());
        let mut list: Vec<Problem> = applied.collect();
        let checked = check::check(&tree, schema);
        list.extend(checked.problems);
        match checked.typed {
            Some(typed) if list.is_empty() => {
                Self::of(typed.file, checked.warnings, files, (tree, written), self.outlines.clone())
            }
            _ => Err(Problems { files, list }.in_order()),
        }
    }

    /// The inputs with where they come from: numbers of the file in the order of its sections, then the parameters of
    /// the model, then what is derived.
    pub fn inputs(&self) -> Vec<Input> {
        let mut inputs = provenance::inputs(&self.tree, &self.behaviour);
        inputs.extend(provenance::derived(&self.file, &self.setting));
        inputs
    }

    /// What is asked, in groups: the questions of each, and the answers of each question.
    pub fn question_groups(&self) -> &[QuestionGroup] {
        &self.question_groups
    }

    /// An answer by its id, with the question that it belongs to.
    pub fn answer(&self, id: &str) -> Option<(&GroupedQuestion, &AnswerAt)> {
        let mut questions = self.question_groups.iter().flat_map(|group| &group.questions);
        questions.find_map(|question| Some((question, question.answers.iter().find(|answer| answer.id == id)?)))
    }

    /// What is said of answers that are left out because the scenario ends before their moment.
    pub fn left_out(&self) -> Option<String> {
        question_groups::left_out(&self.file.scenario, &self.file.question)
    }

    /// The scenario as one TOML file that stands by itself: `extends` merged, the changes of a variant and assignments set
    /// apart, sources kept. It loads to the same setting and has the same digest.
    pub fn resolved_toml(&self) -> String {
        match &self.written {
            None => resolved::toml(&self.tree),
            Some(written) => resolved::toml_with_changes(written.tree(), &written.changes),
        }
    }

    /// All that reports show of it, and what is run, as text; how many replicates are run is not part of it.
    pub fn appearance(&self) -> String {
        let mut file = self.file.clone();
        file.run.replicates = 0;
        serde_json::to_string(&file).unwrap_or_default()
    }

    /// Takes the zones' outlines from another file, or from none.
    pub fn set_boundaries(&mut self, path: Option<&str>) {
        self.file.scenario.boundaries = path.map(str::to_owned);
        self.name_file("boundaries", path);
    }

    /// Takes joint draws of inputs from another file, or from none.
    pub fn set_joint_inputs(&mut self, path: Option<&str>) {
        self.file.scenario.joint_inputs = path.map(str::to_owned);
        self.name_file("joint_inputs", path);
    }

    fn name_file(&mut self, field: &str, path: Option<&str>) {
        let written = self.written.as_mut().map(|written| written.tree_mut());
        for tree in [Some(&mut self.tree), written].into_iter().flatten() {
            let header = tree.entries_mut().and_then(|sections| sections.get_mut("scenario"));
            let Some(fields) = header.and_then(Spanned::entries_mut) else { continue };
            match (fields.get_mut(field), path) {
                (Some(node), Some(path)) => node.value = Value::Text(path.to_owned()),
                (None, Some(path)) if field == "joint_inputs" => {
                    let place = Place::new(0, 0..0);
                    fields.insert(field.to_owned(), Spanned::made(Value::Text(path.to_owned()), place));
                }
                _ => drop(fields.remove(field)),
            }
        }
    }

    /// A BLAKE3 digest (in hexadecimal) over what matters for the results of a run: all values with defaults filled in,
    /// but neither names, labels, colours, titles, summaries, texts, sources, boundaries and observed outcomes, nor the
    /// sections `variant`, `uncertainty` and `run`. Reordering a file's entries leaves it as it is, but for questions.
    pub fn digest(&self) -> String {
        let own = resolved::digest(&self.file);
        let base = self.written.as_ref().and_then(|written| written.file());
        // The same numbers run otherwise when some of them are changes.
        match base.map(resolved::digest).filter(|base| *base != own) {
            None => own,
            Some(base) => blake3::hash(format!("{own} {base}").as_bytes()).to_hex().to_string(),
        }
    }

    /// The texts that the scenario was read from.
    pub fn files(&self) -> &Files {
        &self.files
    }
}

/// The changes that overrides ask for, and what is wrong with those that are none.
fn changes_of(tree: &Spanned, files: &mut Files, overrides: &Overrides) -> (Vec<Change>, Vec<Problem>) {
    let (mut changes, mut list) = (Vec::new(), Vec::new());
    if let Some(id) = &overrides.variant {
        match variant_changes(tree, id) {
            Ok(found) => changes.extend(found),
            Err(problem) => list.push(problem),
        }
    }
    for text in &overrides.set {
        match change::assignment(text, files) {
            Ok(change) => changes.push(change),
            Err(problem) => list.push(problem),
        }
    }
    (changes, list)
}

fn variant_changes(tree: &Spanned, id: &str) -> Result<Vec<Change>, Problem> {
    let mut variants = change::variants(tree);
    let ids: Vec<String> = variants.iter().map(|(id, _)| id.clone()).collect();
    match variants.iter().position(|(known, _)| known == id) {
        Some(index) => Ok(variants.swap_remove(index).1),
        None => {
            let help = Some(nearest_or_all(id, ids.iter().map(String::as_str)));
            Err(Problem { message: format!("the scenario has no variant `{id}`"), expected: None, help, place: None })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Id, PairId};
    use crate::world::{Directory, Stance};

    const SMALL: &str = r#"
[scenario]
id = "small"
title = "Small"
start = 2023-01-23
horizon = "2 years"
axes = ["order"]
splinters = 2

[[zone]]
id = "north"
name = "North"
country = "A"
position = [1.0, 18.0]
population = { value = 1000, low = 900, high = 1200, source = "census 2009" }
neighbours = ["south"]
control = { rebels = 0.6, state = 0.1 }
displaced = { south = 100 }

[[zone]]
id = "south"
name = "South"
country = "B"
position = [1.0, 17.0]
population = 2000
revenue = 10
control = { state = 0.5 }

[[community]]
id = "herders"
name = "Herders"
share = { north = 0.5 }
support = { rebels = 0.4 }

[[faction]]
id = "state"
name = "State"
kind = "state"
fighters = 300
presence = { north = 0.1, south = 0.9 }

[[faction]]
id = "red"
name = "Red"
kind = "armed_group"
fighters = 100
presence = { north = 1 }
base = { herders = 0.5 }

[[faction]]
id = "blue"
name = "Blue"
kind = "movement"
fighters = 50
presence = { north = 1.0 }

[[umbrella]]
id = "rebels"
name = "Rebels"
members = ["red", "blue"]
leader = "blue"

[[relation]]
between = ["state", "rebels"]
stance = "war"
hostility = 0.8
hostility_back = 0.6

[[relation]]
between = ["blue", "state"]
stance = "rivalry"
hostility = 0.3

[[accord]]
id = "peace"
name = "Peace"
parties = { rebels = "suspended", red = "withdrawn", state = "active" }
health = 0.3

[[event]]
id = "congress"
name = "Congress"
date = 2023-02-05
effect = { merge = { umbrella = "rebels" } }
"#;

    #[test]
    fn a_small_scenario_becomes_a_sound_world() {
        let scenario =
            Scenario::from_text("small.toml", SMALL, &Overrides::default()).unwrap_or_else(|e| panic!("{e}"));
        let setting = &scenario.setting;
        setting.initial.check(setting).unwrap();
        let names = Directory::of(setting);
        let [red, blue, state] = ["red", "blue", "state"].map(|name| names.faction(name).unwrap());
        assert_eq!(setting.calendar.steps(), 105);
        assert_eq!(setting.founding, 3);
        assert_eq!(setting.factions.len(), 5);
        let north = names.zone("north").unwrap();
        assert!((setting.initial.control[(north, red)] - 0.4).abs() < 1e-12, "by fighters in the zone");
        assert_eq!(setting.initial.stance(red, state), Stance::War);
        assert_eq!(setting.initial.stance(blue, state), Stance::Rivalry, "the relation that names both goes first");
        assert!((setting.initial.hostility[(red, state)] - 0.6).abs() < 1e-12);
        assert!((setting.initial.hostility[(state, red)] - 0.8).abs() < 1e-12);
        assert_eq!(setting.initial.tie[PairId::of(blue, red)].stance, Stance::Neutral);
        let cells: Vec<_> = setting.cells_in(north).collect();
        assert_eq!(cells.len(), 2, "herders and others");
        let away: f64 = cells.iter().map(|cell| setting.initial.displaced.row(*cell).iter().sum::<f64>()).sum();
        assert!((away - 100.0).abs() < 1e-9);
        assert_eq!(setting.accords[crate::base::AccordId(0)].parties.len(), 3);
        assert!((setting.initial.income[state] - 295.0).abs() < 1e-9, "upkeep less revenue");
        assert_eq!(setting.neighbours.of(north).len(), 1);
        assert_eq!(setting.neighbours.of(crate::base::ZoneId::from_index(1))[0].0, north);
    }

    #[test]
    fn the_shipped_scenarios_load() {
        for name in ["northern-mali-2023", "three-way-standoff"] {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("configs").join(name).with_extension("toml");
            let scenario = Scenario::load(&path, &Overrides::default()).unwrap_or_else(|problems| panic!("{problems}"));
            scenario.setting.initial.check(&scenario.setting).unwrap();
        }
    }
}
