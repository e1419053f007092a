//! Checks of questions, conditions and quantities.

use super::amount::{not_negative, share};
use super::known::{Kind, Known};
use crate::measure::Notation;
use crate::scenario::build::OTHERS;
use crate::scenario::file::{Condition, Header, Moment, Observed, Quantity, Question};
use crate::scenario::naming::{self, Naming};
use crate::scenario::read::report::Report;
use crate::scenario::read::tree::{Step, way};

/// How deep conditions may nest.
const DEEPEST: usize = 32;

pub fn question(report: &mut Report, known: &Known, header: Option<&Header>, index: usize, question: &Question) {
    let left_out = ["when", "measure"].iter().any(|field| report.is_left_out(way!["question", index, *field]));
    let name = format!("the question `{}`", question.id);
    match (&question.when, &question.measure) {
        (None, None) if !left_out => {
            report
                .on(way!["question", index, "id"], format!("{name} asks nothing"))
                .expected("expected `when` (a condition) or `measure` (a quantity)");
        }
        (Some(_), Some(_)) => {
            report
                .on_key(way!["question", index, "measure"], format!("{name} has both `when` and `measure`"))
                .expected("expected one of them");
        }
        _ => {}
    }
    if question.within.is_some() && question.at.is_some() {
        report
            .on_key(way!["question", index, "at"], format!("{name} has both `within` and `at`"))
            .expected("expected one of them");
    }
    if let Some(header) = header {
        for (field, moment) in [("within", question.within), ("at", question.at)] {
            if let Some(moment) = moment {
                check_moment(report, header, way!["question", index, field], moment);
            }
        }
    }
    match (question.observed, question.when.is_some(), question.measure.is_some()) {
        (Some(Observed::Amount(_)), true, false) => {
            report
                .on(way!["question", index, "observed"], format!("{name} is answered by yes or no"))
                .expected("expected true or false");
        }
        (Some(Observed::Answer(_)), false, true) => {
            report
                .on(way!["question", index, "observed"], format!("{name} is answered by a number"))
                .expected("expected a number");
        }
        _ => {}
    }
    let mut checker = Checker { report, known, way: Vec::from(way!["question", index]) };
    // Only what nests too deep ends a walk early, and it is reported.
    if let Some(when) = &question.when {
        let _ = checker.at(way!["when"], |checker| naming::condition(checker, when));
    }
    if let Some(measure) = &question.measure {
        let _ = checker.at(way!["measure"], |checker| naming::quantity(checker, measure));
    }
}

fn check_moment(report: &mut Report, header: &Header, way: &[Step], moment: Moment) {
    let Ok(end) = header.start.plus(header.horizon) else { return };
    let day = match moment {
        Moment::After(duration) => header.start.plus(duration),
        Moment::On(date) => Ok(date),
    };
    match day {
        Ok(day) if day > end => {
            report
                .on(way, format!("{day} lies past the horizon"))
                .expected(&format!("expected a moment up to {end} ({} from the start)", header.horizon));
        }
        Ok(day) if day < header.start => {
            report
                .on(way, format!("{day} lies before the start"))
                .expected(&format!("expected a moment from {} to {end}", header.start));
        }
        Ok(_) => {}
        Err(message) => {
            report.on(way, message).expected(&format!("expected a moment up to {end}"));
        }
    }
}

/// Reports names that do not exist, and conditions that cannot be meant.
struct Checker<'c, 'r> {
    report: &'c mut Report<'r>,
    known: &'c Known,
    /// Where the walk is.
    way: Vec<Step<'static>>,
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
}

impl Naming for Checker<'_, '_> {
    type Names = Exists;
    type Error = TooDeep;

    fn group(&mut self, name: &str) -> Result<(), TooDeep> {
        self.expect(Kind::Party, name)
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

    fn at<T>(
        &mut self,
        steps: &[Step<'static>],
        inside: impl FnOnce(&mut Self) -> Result<T, TooDeep>,
    ) -> Result<T, TooDeep> {
        self.way.extend(steps);
        let done = inside(self);
        self.way.truncate(self.way.len() - steps.len());
        done
    }

    fn see(&mut self, condition: &Condition) -> Result<(), TooDeep> {
        let depth = self.way.iter().filter(|step| matches!(step, Step::Key("all" | "any" | "not"))).count() + 1;
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
            Condition::ActiveDyad { between, deaths } => {
                self.two("active_dyad", between);
                self.number(["active_dyad", "deaths"], "`deaths`", *deaths, not_negative);
            }
            Condition::SameBloc { of } if of.is_empty() => {
                self.say(&[], "`same_bloc` names nobody".into(), "expected the ids of factions");
            }
            Condition::Controls { share: least, .. } => self.number(["controls", "share"], "`share`", *least, share),
            Condition::Quantity { at_least: None, at_most: None, .. } => {
                let message = "this quantity has no bounds".into();
                self.say(way!["quantity"], message, "expected `at_least` or `at_most`");
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
        let Quantity::Deaths { kind, between: Some(between), zone, country } = quantity else { return };
        self.two("deaths", between);
        if kind.is_some() || zone.is_some() || country.is_some() {
            let message = "deaths between two are not counted by type or place".into();
            self.say(&[], message, "expected `between` alone");
        }
    }
}

impl Checker<'_, '_> {
    fn say(&mut self, further: &[Step<'static>], message: String, expected: &str) {
        let way = [&self.way[..], further].concat();
        self.report.on(&way, message).expected(expected);
    }

    fn expect(&mut self, kind: Kind, name: &str) -> Result<(), TooDeep> {
        self.known.expect(self.report, &self.way, kind, name);
        Ok(())
    }

    fn two(&mut self, inside: &'static str, [a, b]: &[String; 2]) {
        if a == b && self.known.has(Kind::Faction, a) {
            self.say(way![inside, "between", 1], format!("`{a}` stands on both sides"), "expected another faction");
        }
    }

    fn some(&mut self, word: &'static str, parts: &[Condition]) {
        if parts.is_empty() {
            self.say(way![word], format!("`{word}` combines no conditions"), "expected at least one condition");
        }
    }

    fn in_order(&mut self, inside: &'static str, so: bool) {
        if !so {
            let message = "`at_most` lies below `at_least`".into();
            self.say(way![inside, "at_most"], message, "expected `at_least` ≤ `at_most`");
        }
    }

    fn number(&mut self, at: [&'static str; 2], what: &str, value: f64, check: fn(&mut Report, &[Step], &str, f64)) {
        check(self.report, &[&self.way[..], &at.map(Step::Key)].concat(), what, value);
    }
}
