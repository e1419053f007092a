//! Checks of questions, conditions and quantities.

use super::known::{Kind, Known};
use super::limit::LONGEST_ID;
use super::outcome;
use crate::measure::{Notation, SPLINTERS_OF};
use crate::scenario::build::OTHERS;
use crate::scenario::file::{Condition, Header, Quantity, Question};
use crate::scenario::naming::{self, Naming};
use crate::scenario::question_groups;
use crate::scenario::read::report::Report;
use crate::scenario::read::tree::{Step, key_path};
use std::collections::BTreeMap;

/// How deep conditions may nest.
const DEEPEST: usize = 32;
/// What a moment may be.
const MOMENT: &str = "expected durations or dates, such as [\"6 months\", \"1 year\"]";

pub fn question(report: &mut Report, known: &Known, header: Option<&Header>, index: usize, question: &Question) {
    let left_out = ["when", "measure"].iter().any(|field| report.is_left_out(key_path!["question", index, *field]));
    let name = format!("the question `{}`", question.id);
    if question.text.trim().is_empty() && !report.is_left_out(key_path!["question", index, "text"]) {
        report
            .on(key_path!["question", index, "text"], format!("{name} has no words"))
            .expected("expected the question as people ask it");
    }
    match (&question.when, &question.measure) {
        (None, None) if !left_out => {
            report
                .on(key_path!["question", index, "id"], format!("{name} asks nothing"))
                .expected("expected `when` (a condition) or `measure` (a quantity)");
        }
        (Some(_), Some(_)) => {
            report
                .on_key(key_path!["question", index, "measure"], format!("{name} has both `when` and `measure`"))
                .expected("expected one of them");
        }
        _ => {}
    }
    if question.within.is_some() && question.at.is_some() {
        report
            .on_key(key_path!["question", index, "at"], format!("{name} has both `within` and `at`"))
            .expected("expected one of them");
    }
    moments(report, header, index, question);
    outcome::outcome(report, header, index, question);
    let mut checker = Checker { report, known, key_path: Vec::from(key_path!["question", index]), events: Vec::new() };
    // Only what nests too deep ends a walk early, and it is reported.
    if let Some(when) = &question.when {
        let _ = checker.at(key_path!["when"], |checker| naming::condition(checker, when));
    }
    if let Some(measure) = &question.measure {
        let _ = checker.at(key_path!["measure"], |checker| naming::quantity(checker, measure));
    }
}

/// A condition that stands elsewhere than in a question. Gives the events that it names, and where it does.
pub fn condition(
    report: &mut Report,
    known: &Known,
    key_path: &[Step<'static>],
    condition: &Condition,
) -> Vec<(Vec<Step<'static>>, String)> {
    let mut checker = Checker { report, known, key_path: key_path.to_vec(), events: Vec::new() };
    // Only what nests too deep ends a walk early, and it is reported.
    let _ = naming::condition(&mut checker, condition);
    checker.events
}

/// A quantity that stands elsewhere than in a question.
pub fn quantity(report: &mut Report, known: &Known, key_path: &[Step<'static>], quantity: &Quantity) {
    let mut checker = Checker { report, known, key_path: key_path.to_vec(), events: Vec::new() };
    // Nothing nests in a quantity.
    let _ = naming::quantity(&mut checker, quantity);
}

/// The moments of a question: none before the start, none twice. Those past the horizon are left out of the answers.
fn moments(report: &mut Report, header: Option<&Header>, index: usize, question: &Question) {
    let field = if question.at.is_some() { "at" } else { "within" };
    let (list, listed) = question.moments();
    if listed && list.is_empty() {
        report.on(key_path!["question", index, field], format!("`{field}` names no moment")).expected(MOMENT);
    }
    for (place, moment) in list.iter().enumerate() {
        let mut key_path = key_path!["question", index, field].to_vec();
        key_path.extend(listed.then_some(Step::Index(place)));
        match header.map(|header| (header.start, moment.day(header.start))) {
            Some((start, Ok(day))) if day < start => {
                report
                    .on(&key_path, format!("{day} lies before the start"))
                    .expected(&format!("expected a moment from {start} on"));
            }
            None | Some((_, Ok(_))) => {}
            Some((_, Err(message))) => drop(report.on(&key_path, message).expected("expected an earlier moment")),
        }
        if list[..place].iter().any(|earlier| earlier.suffix() == moment.suffix()) {
            report.on(&key_path, format!("`{moment}` stands twice")).expected("expected each moment once");
        }
    }
}

/// That every answer has an id of its own, whatever moments end it.
pub fn answer_ids(report: &mut Report, header: &Header, questions: &[Question], at: &[usize]) {
    let mut taken: BTreeMap<String, &str> = BTreeMap::new();
    for (question, index) in questions.iter().zip(at) {
        for (id, _) in question_groups::answers(question, header) {
            let key_path = key_path!["question", *index, "id"];
            if id.len() > LONGEST_ID && question.id.len() <= LONGEST_ID {
                report
                    .on(key_path, format!("the id `{id}` of an answer is too long"))
                    .expected(&format!("expected at most {LONGEST_ID} letters"));
            }
            if let Some(other) = taken.get(&id).filter(|other| **other != question.id) {
                let message = format!("the answer `{id}` is one of the question `{other}` too");
                report.on(key_path, message).expected("expected ids that differ with their moments");
            }
            taken.insert(id, &question.id);
        }
    }
}

/// Reports names that do not exist, and conditions that cannot be meant.
struct Checker<'c, 'r> {
    report: &'c mut Report<'r>,
    known: &'c Known,
    /// Where the walk is.
    key_path: Vec<Step<'static>>,
    /// The events that were named, and where.
    events: Vec<(Vec<Step<'static>>, String)>,
}

/// A condition nests too deep to be walked any further.
struct TooDeep;

/// Names of which only that they exist is known.
enum Exists {}

impl Notation for Exists {
    type Group = ();
    type Umbrella = ();
    type Zone = ();
    type Community = ();
    type Accord = ();
    type Country = ();
    type Event = ();
}

impl Naming for Checker<'_, '_> {
    type Names = Exists;
    type Error = TooDeep;

    fn group(&mut self, name: &str) -> Result<(), TooDeep> {
        match name.strip_prefix(SPLINTERS_OF) {
            Some(parent) => self.expect(Kind::Faction, parent),
            None => self.expect(Kind::Party, name),
        }
    }

    fn umbrella(&mut self, name: &str) -> Result<(), TooDeep> {
        self.expect(Kind::Umbrella, name)
    }

    fn zone(&mut self, name: &str) -> Result<(), TooDeep> {
        self.expect(Kind::Zone, name)
    }

    fn community(&mut self, name: &str) -> Result<(), TooDeep> {
        if name == OTHERS { Ok(()) } else { self.expect(Kind::Community, name) }
    }

    fn accord(&mut self, name: &str) -> Result<(), TooDeep> {
        self.expect(Kind::Accord, name)
    }

    fn country(&mut self, name: &str) -> Result<(), TooDeep> {
        self.expect(Kind::Country, name)
    }

    fn event(&mut self, name: &str) -> Result<(), TooDeep> {
        self.events.push((self.key_path.clone(), name.to_owned()));
        self.expect(Kind::Event, name)
    }

    fn at<T>(
        &mut self,
        steps: &[Step<'static>],
        inside: impl FnOnce(&mut Self) -> Result<T, TooDeep>,
    ) -> Result<T, TooDeep> {
        self.key_path.extend(steps);
        let done = inside(self);
        self.key_path.truncate(self.key_path.len() - steps.len());
        done
    }

    fn see(&mut self, condition: &Condition) -> Result<(), TooDeep> {
        let depth = self.key_path.iter().filter(|step| matches!(step, Step::Key("all" | "any" | "not"))).count() + 1;
        if depth > DEEPEST {
            self.say(&[], format!("conditions nest more than {DEEPEST} deep"), "expected a shallower condition");
            return Err(TooDeep);
        }
        match condition {
            Condition::Stance { between, at_least, at_most, .. } => {
                self.two("stance", between);
                self.in_order("stance", at_least <= at_most);
            }
            Condition::Leaked { between } => self.two("leaked", between),
            Condition::Talks { between } => self.two("talks", between),
            Condition::ActiveDyad { between, .. } => self.two("active_dyad", between),
            Condition::SameBloc { of } if of.is_empty() => {
                self.say(&[], "`same_bloc` names nobody".into(), "expected the ids of factions");
            }
            Condition::Quantity { at_least: None, at_most: None, .. } => {
                let message = "this quantity has no bounds".into();
                self.say(key_path!["quantity"], message, "expected `at_least` or `at_most`");
            }
            Condition::Quantity { at_least: Some(low), at_most: Some(high), .. } => {
                self.in_order("quantity", low <= high);
            }
            Condition::All(parts) => self.some("all", parts),
            Condition::Any(parts) => self.some("any", parts),
            _ => {}
        }
        Ok(())
    }

    fn see_quantity(&mut self, quantity: &Quantity) {
        match quantity {
            Quantity::Deaths { kind, between: Some(between), zone, country } => {
                self.two("deaths", between);
                if kind.is_some() || zone.is_some() || country.is_some() {
                    let message = "deaths between two are not counted by type or place".into();
                    self.say(&[], message, "expected `between` alone");
                }
            }
            Quantity::TerritoryShare { group, bloc_of, .. } => self.whose("territory_share", group, bloc_of),
            Quantity::Territory { group, bloc_of, .. } => self.whose("territory", group, bloc_of),
            _ => {}
        }
    }
}

impl Checker<'_, '_> {
    fn say(&mut self, further: &[Step<'static>], message: String, expected: &str) {
        let key_path = [&self.key_path[..], further].concat();
        self.report.on(&key_path, message).expected(expected);
    }

    fn expect(&mut self, kind: Kind, name: &str) -> Result<(), TooDeep> {
        self.known.expect(self.report, &self.key_path, kind, name);
        Ok(())
    }

    fn two(&mut self, inside: &'static str, [a, b]: &[String; 2]) {
        if a == b && self.known.has(Kind::Faction, a) {
            self.say(
                key_path![inside, "between", 1],
                format!("`{a}` stands on both sides"),
                "expected another faction",
            );
        }
        // How it stands with itself is no question, and how with the others is one of each.
        for (place, member, umbrella) in [(0, a, b), (1, b, a)] {
            if self.known.is_member(member, umbrella) {
                self.say(
                    key_path![inside, "between", place],
                    format!("`{member}` is a member of `{umbrella}`"),
                    "expected two that have nobody in common",
                );
            }
        }
    }

    fn whose(&mut self, inside: &'static str, group: &Option<String>, bloc_of: &Option<String>) {
        match (group, bloc_of) {
            (None, None) => {
                let message = format!("`{inside}` names nobody");
                self.say(key_path![inside], message, "expected `faction` or `bloc_of`");
            }
            (Some(_), Some(_)) => {
                let message = format!("`{inside}` has both `faction` and `bloc_of`");
                self.say(key_path![inside], message, "expected one of them");
            }
            _ => {}
        }
    }

    fn some(&mut self, word: &'static str, parts: &[Condition]) {
        if parts.is_empty() {
            self.say(key_path![word], format!("`{word}` combines no conditions"), "expected at least one condition");
        }
    }

    fn in_order(&mut self, inside: &'static str, so: bool) {
        if !so {
            let message = "`at_most` lies below `at_least`".into();
            self.say(key_path![inside, "at_most"], message, "expected `at_least` ≤ `at_most`");
        }
    }
}
