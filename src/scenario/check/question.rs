//! Checks of questions, conditions and quantities.

use super::amount::{not_negative, share};
use super::known::{Kind, Known};
use crate::scenario::build::OTHERS;
use crate::scenario::file::{Condition, Header, Moment, Observed, Quantity, Question};
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
    let mut checker = Checker { report, known };
    if let Some(when) = &question.when {
        checker.condition(&mut vec!["question".into(), index.into(), "when".into()], when, 1);
    }
    if let Some(measure) = &question.measure {
        checker.quantity(&mut vec!["question".into(), index.into(), "measure".into()], measure);
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

struct Checker<'c, 'r> {
    report: &'c mut Report<'r>,
    known: &'c Known,
}

impl Checker<'_, '_> {
    fn name<'s>(&mut self, way: &mut Vec<Step<'s>>, steps: &[Step<'s>], kind: Kind, name: &str) {
        let length = way.len();
        way.extend(steps);
        self.known.expect(self.report, way, kind, name);
        way.truncate(length);
    }

    fn pair<'s>(&mut self, way: &mut Vec<Step<'s>>, inside: &'s str, pair: &[String; 2]) {
        for (index, party) in pair.iter().enumerate() {
            self.name(way, &[inside.into(), "between".into(), index.into()], Kind::Party, party);
        }
        if pair[0] == pair[1] && self.known.has(Kind::Faction, &pair[0]) {
            let length = way.len();
            way.extend_from_slice(way![inside, "between", 1]);
            self.report.on(way, format!("`{}` stands on both sides", pair[0])).expected("expected another faction");
            way.truncate(length);
        }
    }

    fn condition<'s>(&mut self, way: &mut Vec<Step<'s>>, condition: &'s Condition, depth: usize) {
        if depth > DEEPEST {
            self.report
                .on(way, format!("conditions nest more than {DEEPEST} deep"))
                .expected("expected a shallower condition");
            return;
        }
        match condition {
            Condition::Stance { between, at_least, at_most, .. } => {
                self.pair(way, "stance", between);
                if at_least.zip(*at_most).is_some_and(|(low, high)| low > high) {
                    self.empty_range(way, "stance");
                }
            }
            Condition::SameBloc { of } => {
                for (index, party) in of.iter().enumerate() {
                    self.name(way, &["same_bloc".into(), "of".into(), index.into()], Kind::Party, party);
                }
                if of.is_empty() {
                    self.report.on(way, "`same_bloc` names nobody".into()).expected("expected the ids of factions");
                }
            }
            Condition::LeadsLargestBloc { faction } => {
                self.name(way, &["leads_largest_bloc".into(), "faction".into()], Kind::Party, faction);
            }
            Condition::Merged { umbrella } => {
                self.name(way, &["merged".into(), "umbrella".into()], Kind::Umbrella, umbrella);
            }
            Condition::Split { of } => self.name(way, &["split".into(), "of".into()], Kind::Party, of),
            Condition::Controls { faction, zone, share: least } => {
                self.name(way, &["controls".into(), "faction".into()], Kind::Party, faction);
                self.name(way, &["controls".into(), "zone".into()], Kind::Zone, zone);
                self.number(way, ["controls", "share"], "`share`", *least, share);
            }
            Condition::Accord { id, party, .. } => {
                self.name(way, &["accord".into(), "id".into()], Kind::Accord, id);
                if let Some(party) = party {
                    self.name(way, &["accord".into(), "party".into()], Kind::Party, party);
                }
            }
            Condition::Leaked { between } => self.pair(way, "leaked", between),
            Condition::Talks { between } => self.pair(way, "talks", between),
            Condition::ForcePresent { faction, zone } => {
                self.name(way, &["force_present".into(), "faction".into()], Kind::Party, faction);
                if let Some(zone) = zone {
                    self.name(way, &["force_present".into(), "zone".into()], Kind::Zone, zone);
                }
            }
            Condition::ActiveDyad { between, deaths } => {
                self.pair(way, "active_dyad", between);
                self.number(way, ["active_dyad", "deaths"], "`deaths`", *deaths, not_negative);
            }
            Condition::Quantity { of, at_least, at_most } => {
                if at_least.is_none() && at_most.is_none() {
                    way.push("quantity".into());
                    self.report
                        .on(way, "this quantity has no bounds".into())
                        .expected("expected `at_least` or `at_most`");
                    way.pop();
                }
                if at_least.zip(*at_most).is_some_and(|(low, high)| low > high) {
                    self.empty_range(way, "quantity");
                }
                way.extend_from_slice(way!["quantity", "of"]);
                self.quantity(way, of);
                way.truncate(way.len() - 2);
            }
            Condition::All(parts) => self.parts(way, "all", parts, depth),
            Condition::Any(parts) => self.parts(way, "any", parts, depth),
            Condition::Not(part) => {
                way.push("not".into());
                self.condition(way, part, depth + 1);
                way.pop();
            }
        }
    }

    fn parts<'s>(&mut self, way: &mut Vec<Step<'s>>, word: &'s str, parts: &'s [Condition], depth: usize) {
        way.push(word.into());
        if parts.is_empty() {
            self.report.on(way, format!("`{word}` combines no conditions")).expected("expected at least one condition");
        }
        for (index, part) in parts.iter().enumerate() {
            way.push(index.into());
            self.condition(way, part, depth + 1);
            way.pop();
        }
        way.pop();
    }

    fn empty_range<'s>(&mut self, way: &mut Vec<Step<'s>>, inside: &'s str) {
        way.extend_from_slice(way![inside, "at_most"]);
        self.report.on(way, "`at_most` lies below `at_least`".into()).expected("expected `at_least` ≤ `at_most`");
        way.truncate(way.len() - 2);
    }

    fn number<'s>(
        &mut self,
        way: &mut Vec<Step<'s>>,
        inside: [&'s str; 2],
        what: &str,
        value: f64,
        check: fn(&mut Report, &[Step], &str, f64),
    ) {
        way.extend(inside.map(Step::Key));
        check(self.report, way, what, value);
        way.truncate(way.len() - 2);
    }

    fn quantity<'s>(&mut self, way: &mut Vec<Step<'s>>, quantity: &'s Quantity) {
        match quantity {
            Quantity::Deaths { kind, between, zone, country } => {
                if let Some(between) = between {
                    self.pair(way, "deaths", between);
                    if kind.is_some() || zone.is_some() || country.is_some() {
                        self.report
                            .on(way, "deaths between two are not counted by type or place".into())
                            .expected("expected `between` alone");
                    }
                }
                if let Some(zone) = zone {
                    self.name(way, &["deaths".into(), "zone".into()], Kind::Zone, zone);
                }
                if let Some(country) = country {
                    self.name(way, &["deaths".into(), "country".into()], Kind::Country, country);
                }
            }
            Quantity::Displaced { country, zone } => {
                if let Some(country) = country {
                    self.name(way, &["displaced".into(), "country".into()], Kind::Country, country);
                }
                if let Some(zone) = zone {
                    self.name(way, &["displaced".into(), "zone".into()], Kind::Zone, zone);
                }
            }
            Quantity::CivilianDeaths { faction, .. } => {
                self.name(way, &["civilian_deaths".into(), "faction".into()], Kind::Party, faction);
            }
            Quantity::TerritoryShare { faction } => {
                self.name(way, &["territory_share".into(), "faction".into()], Kind::Party, faction);
            }
            Quantity::BlocShare { faction: Some(faction) } => {
                self.name(way, &["bloc_share".into(), "faction".into()], Kind::Party, faction);
            }
            Quantity::BlocShare { faction: None } => {}
            Quantity::Hegemony { faction } => {
                self.name(way, &["hegemony".into(), "faction".into()], Kind::Party, faction);
            }
            Quantity::Support { faction, community } => {
                self.name(way, &["support".into(), "faction".into()], Kind::Party, faction);
                if let Some(community) = community.as_ref().filter(|name| *name != OTHERS) {
                    self.name(way, &["support".into(), "community".into()], Kind::Community, community);
                }
            }
            Quantity::Strength { faction } => {
                self.name(way, &["strength".into(), "faction".into()], Kind::Party, faction);
            }
            Quantity::AccordHealth { id } => {
                self.name(way, &["accord_health".into(), "id".into()], Kind::Accord, id);
            }
        }
    }
}
