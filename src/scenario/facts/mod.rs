//! A file of facts: what was reported of a conflict since the start of a scenario, in the language of its questions, each with
//! how far the report can be trusted.

pub mod file;

use super::Scenario;
use super::calibration::ENDS;
use super::check::known::Known;
use super::check::{condition, quantity, whole_tree};
use super::file::{Condition, Quantity};
use super::naming;
use super::read::parse;
use super::read::place::Files;
use super::read::problem::Problems;
use super::read::report::Report;
use super::read::texts::{Disk, Texts, read_text};
use super::read::tree::{Step, key_path};
use super::read::typed::read_as;
use crate::base::Date;
use crate::base::number::brief;
use crate::measure::{Ask, Question, Unit};
use crate::world::Directory;
use file::{Entry, FactsFile, Header};
use serde_json::Value as Json;
use std::path::Path;
use std::sync::LazyLock;

/// Something that was reported.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// What it is, for people.
    pub text: String,
    /// What a run says of it: the answer to this question;
    pub question: Question,
    /// less the answer to this one, of what is counted from a later day than the start on.
    pub since: Option<Question>,
    /// What was reported.
    pub reported: Reported,
    /// Where it is from; may be empty.
    pub source: String,
}

/// What was reported, and how far it can be trusted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reported {
    /// Whether something was so.
    So {
        /// Whether it was reported.
        yes: bool,
        /// Chance that it is not reported though it is so.
        missed: f64,
        /// Chance that it is reported though it is not so.
        invented: f64,
    },
    /// How much there was.
    Amount {
        /// So much.
        amount: f64,
        /// Standard deviation of report and model together, on the scale of [`Unit::scaled`].
        error: f64,
        /// What it is measured in.
        unit: Unit,
    },
}

/// Facts of a scenario, in the order in which they became known; of the same moment in that of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// The facts; at least one.
    pub list: Vec<Fact>,
    /// The file as it is.
    pub text: String,
}

/// The form of files of facts as a JSON Schema.
fn schema() -> &'static Json {
    static SCHEMA: LazyLock<Json> = LazyLock::new(|| schemars::schema_for!(FactsFile).to_value());
    &SCHEMA
}

impl Facts {
    /// Reads and checks a file of facts of a scenario.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn load(path: &Path, scenario: &Scenario) -> Result<Self, Problems> {
        Self::read(&Disk, path, scenario)
    }

    /// [`Facts::load`] of any texts.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn read(texts: &dyn Texts, path: &Path, scenario: &Scenario) -> Result<Self, Problems> {
        let mut files = Files::default();
        let text = read_text(texts, path, ("a file of facts", ".toml", parse::LARGEST), None)?;
        let number = files.add(&path.display().to_string(), &text);
        let tree = match parse::document(&files, number) {
            Ok(tree) => tree,
            Err(list) => return Err(Problems { files, list }.in_order()),
        };
        let mut report = Report::new(&tree);
        if let (None, Some(faction)) = (tree.get("fact"), tree.get("faction")) {
            report
                .at_key(faction, "this is a scenario, no file of facts".into())
                .expected("expected `[[fact]]`, what was reported since the start");
            return Err(Problems { list: report.problems, files });
        }
        whole_tree(&mut report);
        let file: Option<FactsFile> = read_as(&mut report, schema());
        let mut list = Vec::new();
        if let Some(file) = &file {
            let known = Known::collect(&mut Report::new(&scenario.tree));
            if file.fact.is_empty() {
                report.nowhere("the file has no facts".into()).expected("expected at least one `[[fact]]`");
            }
            for (index, entry) in file.fact.iter().enumerate() {
                let before = report.problems.len();
                let read = Reading { scenario, header: &file.facts, index, entry };
                let found = read.fact(&mut report, &known);
                list.extend(found.filter(|_| report.problems.len() == before));
            }
        }
        if !report.problems.is_empty() || file.is_none() {
            return Err(Problems { files, list: report.problems }.in_order());
        }
        list.sort_by_key(|fact: &Fact| fact.question.moment);
        Ok(Self { list, text })
    }

    /// The moment of the last fact.
    pub fn last(&self) -> u32 {
        self.list.iter().map(|fact| fact.question.moment).max().unwrap_or(0)
    }

    /// What runs are asked to tell how like the facts they are.
    pub fn questions(&self) -> Vec<Question> {
        self.list.iter().flat_map(|fact| [Some(&fact.question), fact.since.as_ref()]).flatten().cloned().collect()
    }
}

/// What a fact is about, as written.
#[derive(Clone, Copy)]
enum About<'a> {
    Condition(&'a Condition),
    Amount(&'a Quantity),
}

/// An entry that is read.
struct Reading<'a> {
    scenario: &'a Scenario,
    header: &'a Header,
    index: usize,
    entry: &'a Entry,
}

impl Reading<'_> {
    /// The fact, if all of it is sound. What is wrong with one part of it hides nothing of the others.
    fn fact(&self, report: &mut Report<'_>, known: &Known) -> Option<Fact> {
        let (entry, index) = (self.entry, self.index);
        if entry.text.trim().is_empty() {
            report
                .on(key_path!["fact", index, "text"], "this fact has no words".into())
                .expected("expected what it is, for people");
        }
        let moment = self.dated(report);
        let about = self.about(report);
        let directory = &mut &Directory::of(&self.scenario.setting);
        let (ask, unit) = match about? {
            About::Condition(when) => {
                condition(report, known, key_path!["fact", index, "when"], when);
                let when = naming::condition(directory, when).ok();
                let ask = |when| if entry.at.is_some() { Ask::At(when) } else { Ask::Within(when) };
                (when.map(ask), Unit::Chance)
            }
            About::Amount(measure) => {
                quantity(report, known, key_path!["fact", index, "measure"], measure);
                if entry.within.is_some() {
                    report
                        .on_key(
                            key_path!["fact", index, "within"],
                            "an amount is so much at a moment, not within a time".into(),
                        )
                        .expected("expected `at`, and `since` where it is counted from a later day than the start on");
                }
                (naming::quantity(directory, measure).ok().map(Ask::Amount), measure.unit())
            }
        };
        let since = self.since(report, about?, moment);
        let reported = self.reported(report, about?, unit)?;
        let (ask, moment) = (ask?, moment?);
        let question = |id: String, moment| Question { id, ask: ask.clone(), moment };
        Some(Fact {
            text: entry.text.clone(),
            since: since.map(|moment| question(format!("fact-{}-since", index + 1), moment)),
            question: question(format!("fact-{}", index + 1), moment),
            reported,
            source: entry.source.clone().unwrap_or_default(),
        })
    }

    /// Whether one of two fields could not be read, which is told already.
    fn is_told(&self, report: &Report<'_>, fields: [&'static str; 2]) -> bool {
        fields.iter().any(|field| report.is_left_out(key_path!["fact", self.index, *field]))
    }

    /// Its moment.
    fn dated(&self, report: &mut Report<'_>) -> Option<u32> {
        match (self.entry.within, self.entry.at) {
            (Some(moment), None) => self.moment(report, "within", moment),
            (None, Some(moment)) => self.moment(report, "at", moment),
            (None, _) if self.is_told(report, ["within", "at"]) => None,
            (both, _) => {
                let message =
                    if both.is_some() { "this fact has both `within` and `at`" } else { "this fact has no date" };
                report
                    .on_key(key_path!["fact", self.index], message.into())
                    .expected("expected `within` (came true up to then) or `at` (was so then), a date or a duration from the start");
                None
            }
        }
    }

    /// What it is about.
    fn about(&self, report: &mut Report<'_>) -> Option<About<'_>> {
        match (&self.entry.when, &self.entry.measure) {
            (Some(when), None) => Some(About::Condition(when)),
            (None, Some(measure)) => Some(About::Amount(measure)),
            (None, _) if self.is_told(report, ["when", "measure"]) => None,
            (both, _) => {
                let message =
                    if both.is_some() { "this fact has both `when` and `measure`" } else { "this fact says nothing" };
                report
                    .on_key(key_path!["fact", self.index], message.into())
                    .expected("expected `when` (a condition) or `measure` (a quantity)");
                None
            }
        }
    }

    /// The moment of a date that lies after the start and up to the horizon.
    fn moment(&self, report: &mut Report<'_>, key: &'static str, moment: crate::scenario::file::Moment) -> Option<u32> {
        let calendar = self.scenario.setting.calendar;
        let at = key_path!["fact", self.index, key];
        let day: Date = match moment.day(calendar.start()) {
            Ok(day) => day,
            Err(message) => {
                report.on(at, message).expected("expected an earlier moment");
                return None;
            }
        };
        let (message, expected) = match day {
            day if day <= calendar.start() => {
                let message = format!("{day} is not after the start, {}", calendar.start());
                (message, "expected a day after it: what was so at the start belongs into the scenario".to_owned())
            }
            day if day > calendar.end() => {
                (format!("{day} lies past the horizon"), format!("expected a day up to {}", calendar.end()))
            }
            day => return Some(calendar.moment_of(day)),
        };
        report.on(at, message).expected(&expected);
        None
    }

    /// The moment from which on something is counted, if it is not the start.
    fn since(&self, report: &mut Report<'_>, about: About<'_>, until: Option<u32>) -> Option<u32> {
        let since = self.entry.since?;
        let at = key_path!["fact", self.index, "since"];
        if !matches!(about, About::Amount(quantity) if quantity.is_counted()) {
            report
                .on_key(at, "this is not counted from a day on".into())
                .expected("expected `since` only of deaths, which are counted");
            return None;
        }
        let moment = self.moment(report, "since", since)?;
        if until.is_some_and(|until| moment >= until) {
            report
                .on(at, "nothing is counted from this day on".into())
                .expected("expected a day before that of the fact");
            return None;
        }
        Some(moment)
    }

    fn reported(&self, report: &mut Report<'_>, about: About<'_>, unit: Unit) -> Option<Reported> {
        let (entry, index) = (self.entry, self.index);
        let odd = |report: &mut Report<'_>, fields: [(&'static str, bool); 3], message: &str, expected: &str| {
            for (field, _) in fields.iter().filter(|(_, given)| *given) {
                report.on_key(key_path!["fact", index, *field], message.to_owned()).expected(expected);
            }
        };
        match (about, entry.observed) {
            (About::Amount(quantity), file::Report::Amount(amount)) => {
                let fields = [("missed", entry.missed.is_some()), ("invented", entry.invented.is_some()), ("", false)];
                odd(report, fields, "this is about an amount", "expected `error`, or `low` and `high`");
                let (least, most) = quantity.range();
                if !(least..=most).contains(&amount) {
                    let expected = if most.is_finite() {
                        format!("expected {least} to {most}")
                    } else {
                        format!("expected {least} or more")
                    };
                    report
                        .on(key_path!["fact", index, "observed"], format!("`observed` is {}", brief(amount)))
                        .expected(&expected);
                }
                let own = self.error(report, unit, amount)?;
                let model = match unit {
                    Unit::Share | Unit::Chance => self.header.discrepancy * amount.abs(),
                    Unit::People | Unit::Fighters | Unit::Count => self.header.discrepancy,
                };
                let error = (own * own + model * model).sqrt();
                if error <= 0.0 {
                    report
                        .on(
                            key_path!["fact", index, "error"],
                            "nothing may be off here, so that no run is like it".into(),
                        )
                        .expected("expected an `error` above 0, or a `discrepancy`");
                    return None;
                }
                Some(Reported::Amount { amount, error, unit })
            }
            (About::Condition(_), file::Report::So(yes)) => {
                let fields =
                    [("error", entry.error.is_some()), ("low", entry.low.is_some()), ("high", entry.high.is_some())];
                odd(
                    report,
                    fields,
                    "this is so or not",
                    "expected `missed` and `invented`, the chances of a wrong report",
                );
                let missed = entry.missed.unwrap_or(self.header.missed);
                let invented = entry.invented.unwrap_or(self.header.invented);
                if missed + invented >= 1.0 {
                    let field = if entry.missed.is_some() { "missed" } else { "invented" };
                    report
                        .on(key_path!["fact", index, field], format!("a report tells nothing if {missed} of what is so is missed and {invented} of what is not so is invented"))
                        .expected("expected two chances whose sum is below 1");
                    return None;
                }
                Some(Reported::So { yes, missed, invented })
            }
            (About::Amount(_), _) => {
                report
                    .on(key_path!["fact", index, "observed"], "a quantity is a number".into())
                    .expected("expected a number");
                None
            }
            _ => {
                report
                    .on(key_path!["fact", index, "observed"], "a condition is so or not".into())
                    .expected("expected true or false");
                None
            }
        }
    }

    /// How far off the report of an amount is, on the scale of [`Unit::scaled`].
    fn error(&self, report: &mut Report<'_>, unit: Unit, amount: f64) -> Option<f64> {
        let (entry, index) = (self.entry, self.index);
        match (entry.low, entry.high, entry.error) {
            (None, None, error) => Some(error.unwrap_or(self.header.error)),
            (Some(low), Some(high), None) if low <= amount && amount <= high && low < high => {
                Some((unit.scaled(high) - unit.scaled(low)) / ENDS)
            }
            (Some(_), Some(_), None) => {
                report
                    .on(key_path!["fact", index, "low"], "the ends of this amount are not in order".into())
                    .expected("expected low ≤ observed ≤ high, and low < high");
                None
            }
            (_, _, Some(_)) => {
                report
                    .on_key(key_path!["fact", index, "error"], "this fact has both `error` and ends".into())
                    .expected("expected `error`, or `low` and `high`");
                None
            }
            (low, _, None) => {
                let field: Step<'static> = if low.is_some() { "low" } else { "high" }.into();
                report
                    .on_key(&["fact".into(), index.into(), field], "one end of this amount is missing".into())
                    .expected("expected both `low` and `high`");
                None
            }
        }
    }
}
