//! What can be seen of a conflict in its first weeks, and in which runs it was.

use super::SignpostError;
use crate::analysis::interval::sorted_quantile;
use crate::analysis::reask::Reasked;
use crate::analysis::why::{Occurrences, Sought, happenings, is_alike};
use crate::base::FactionId;
use crate::experiment::Target;
use crate::measure::{Account, Ask, Group, Quantity, Question, Unit};
use crate::world::{DeathType, Happening, HappeningKind, Setting, Stance};
use std::collections::BTreeMap;

/// How many pairs at war are asked for the deaths between them.
const MOST_PAIRS: usize = 15;
/// Shares of runs that lie below the levels from which on amounts are a signpost.
const LEVELS: [f64; 3] = [0.5, 0.75, 0.9];
/// The share of runs that lie below the level up to which they are one.
const LOW: f64 = 0.25;

/// Something that can be seen within the first weeks.
#[derive(Clone, Debug, PartialEq)]
pub enum Evidence {
    /// Something happened.
    Happened(Happening),
    /// A faction lost a zone, any.
    LostGround(FactionId),
    /// A faction took a zone, any.
    TookGround(FactionId),
    /// There is at least so much of a quantity at the end of these weeks.
    AtLeast(Quantity, f64),
    /// There is at most so much of it.
    AtMost(Quantity, f64),
}

/// Something that can be seen, with the moment by which it was, by run.
pub struct Candidate {
    /// What.
    pub evidence: Evidence,
    /// By which moment it was first seen, by run; none where it was not.
    pub seen: Vec<Option<u32>>,
}

/// Everything that can be seen in runs up to a moment; what only those who take part in it know is among it if `all` is asked for.
pub fn candidates(
    target: &Target,
    replicates: &[u64],
    (until, all): (u32, bool),
) -> Result<Vec<Candidate>, SignpostError> {
    let setting = &target.scenario.setting;
    // What two have always been to each other nobody sees, nor that it changes.
    let shows = |happening: &Happening| happening.public && !matches!(happening.kind, HappeningKind::Upheaval { .. });
    let seen = |happening: &Happening| all || shows(happening);
    let sought = Sought { until, asked: &|_| true, seen: &seen };
    let cell = (target.point, target.variant.as_str());
    let found = happenings(&target.results, cell, setting, replicates, &sought)?;
    let mut list = ground(&found, replicates.len());
    list.extend(happened(found, replicates.len()));
    list.extend(levels(target, replicates, (until, all))?);
    Ok(list)
}

/// Happenings that are the same thing put together.
fn happened(found: Vec<(Happening, Occurrences)>, runs: usize) -> Vec<Candidate> {
    let mut groups: Vec<(Happening, Vec<Occurrences>)> = Vec::new();
    for (happening, list) in found {
        match groups.iter_mut().find(|(known, _)| is_alike(known, &happening)) {
            Some((_, lists)) => lists.push(list),
            None => groups.push((happening, vec![list])),
        }
    }
    let candidate = |(happening, lists): (Happening, Vec<Occurrences>)| Candidate {
        evidence: Evidence::Happened(happening),
        seen: first(lists.iter().flatten(), runs),
    };
    groups.into_iter().map(candidate).collect()
}

/// The moment by which something had first happened, by run.
fn first<'a>(occurrences: impl Iterator<Item = &'a (usize, u32)>, runs: usize) -> Vec<Option<u32>> {
    let mut seen: Vec<Option<u32>> = vec![None; runs];
    for (run, step) in occurrences {
        let known = &mut seen[*run];
        *known = Some(known.map_or(step + 1, |known| known.min(step + 1)));
    }
    seen
}

/// Who lost and who took ground, wherever it was.
fn ground(found: &[(Happening, Occurrences)], runs: usize) -> Vec<Candidate> {
    let mut by_whom: BTreeMap<(bool, FactionId), Vec<&Occurrences>> = BTreeMap::new();
    for (happening, list) in found {
        if let HappeningKind::ControlChanged { from, to, .. } = happening.kind {
            for (taken, whose) in [(false, from), (true, to)] {
                if let Some(faction) = whose {
                    by_whom.entry((taken, faction)).or_default().push(list);
                }
            }
        }
    }
    let candidate = |((taken, faction), lists): ((bool, FactionId), Vec<&Occurrences>)| Candidate {
        evidence: if taken { Evidence::TookGround(faction) } else { Evidence::LostGround(faction) },
        seen: first(lists.into_iter().flatten(), runs),
    };
    by_whom.into_iter().map(candidate).collect()
}

/// What outsiders count.
fn counted(setting: &Setting) -> Vec<Quantity> {
    let deaths = |kind| Quantity::Deaths { kind, between: None, zone: None, country: None };
    let mut list = vec![deaths(None)];
    list.extend(DeathType::ALL.map(|kind| deaths(Some(kind))));
    list.push(Quantity::Displaced { country: None, zone: None });
    let founding = || setting.factions.ids().take(setting.founding);
    list.extend(
        founding()
            .map(|faction| Quantity::CivilianDeaths { group: Group::Faction(faction), account: Account::Observed }),
    );
    let at_war = founding().flat_map(|a| founding().filter(move |b| a < *b).map(move |b| (a, b)));
    let at_war = at_war.filter(|(a, b)| setting.initial.stance(*a, *b) == Stance::War).take(MOST_PAIRS);
    list.extend(at_war.map(|(a, b)| Quantity::Deaths {
        kind: None,
        between: Some([Group::Faction(a), Group::Faction(b)]),
        zone: None,
        country: None,
    }));
    list
}

/// What only those who are there know.
fn hidden(setting: &Setting) -> Vec<Quantity> {
    let founding = setting.factions.ids().take(setting.founding);
    let of = |faction| {
        let group = Group::Faction(faction);
        [Quantity::Strength { group, zone: None }, Quantity::Support { group, community: None }]
    };
    founding.flat_map(of).collect()
}

/// Levels of amounts at a moment.
fn levels(target: &Target, replicates: &[u64], (until, all): (u32, bool)) -> Result<Vec<Candidate>, SignpostError> {
    let setting = &target.scenario.setting;
    let mut quantities = counted(setting);
    if all {
        quantities.extend(hidden(setting));
    }
    let question = |(number, quantity): (usize, &Quantity)| Question {
        id: format!("level-{number}"),
        ask: Ask::Amount(quantity.clone()),
        moment: until,
    };
    let questions = quantities.iter().enumerate().map(question).collect();
    let answers = Reasked::new(target, questions)?.answers(replicates)?;
    let mut list = Vec::new();
    for (place, quantity) in quantities.iter().enumerate() {
        let amounts: Vec<f64> = answers.iter().map(|run| run[place].value).collect();
        list.extend(of_amounts(quantity, &amounts, until));
    }
    Ok(list)
}

/// Levels of one quantity, each once, that some runs are on one side of and some on the other.
fn of_amounts(quantity: &Quantity, amounts: &[f64], until: u32) -> Vec<Candidate> {
    let mut sorted = amounts.to_vec();
    sorted.sort_by(f64::total_cmp);
    let level = |share: f64| sorted_quantile(&sorted, share).map(|level| said(quantity.unit(), level));
    let mut above: Vec<f64> = LEVELS.iter().filter_map(|share| level(*share)).collect();
    above.dedup_by(|a, b| a.total_cmp(b).is_eq());
    let candidate = |evidence: Evidence, holds: &dyn Fn(f64) -> bool| Candidate {
        evidence,
        seen: amounts.iter().map(|amount| holds(*amount).then_some(until)).collect(),
    };
    let mut list: Vec<Candidate> = above
        .iter()
        .map(|level| candidate(Evidence::AtLeast(quantity.clone(), *level), &|amount| amount >= *level))
        .collect();
    if let Some(low) = level(LOW).filter(|low| above.first().is_some_and(|above| low < above)) {
        list.push(candidate(Evidence::AtMost(quantity.clone(), low), &|amount| amount <= low));
    }
    list
}

/// A level as people say it: with two digits that count, and of what is counted a whole number.
fn said(unit: Unit, level: f64) -> f64 {
    match unit {
        Unit::Share | Unit::Chance => two_digits(level),
        Unit::People | Unit::Fighters | Unit::Count => two_digits(level).round(),
    }
}

/// A number with two digits that count.
fn two_digits(value: f64) -> f64 {
    let mut unit = 1.0;
    let size = value.abs();
    while size >= 100.0 * unit {
        unit *= 10.0;
    }
    while size > 0.0 && size < 10.0 * unit {
        unit /= 10.0;
    }
    (value / unit).round() * unit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_numbers_that_people_say() {
        for (value, said) in
            [(1234.0, 1200.0), (99.4, 99.0), (7.26, 7.3), (0.0, 0.0), (0.0314, 0.031), (-1234.0, -1200.0)]
        {
            assert!((two_digits(value) - said).abs() < 1e-9, "{value}: {}", two_digits(value));
        }
    }

    #[test]
    fn what_is_counted_is_a_whole_number() {
        assert!((said(Unit::People, 2.87) - 3.0).abs() < 1e-9 && (said(Unit::Share, 0.287) - 0.29).abs() < 1e-9);
    }

    #[test]
    fn levels_part_the_runs() {
        let deaths = Quantity::Deaths { kind: None, between: None, zone: None, country: None };
        let amounts: Vec<f64> = (1..=100).map(f64::from).collect();
        let list = of_amounts(&deaths, &amounts, 12);
        let seen = |candidate: &Candidate| candidate.seen.iter().flatten().count();
        assert_eq!(list.iter().map(seen).collect::<Vec<_>>(), vec![50, 26, 11, 26]);
        assert!(list.iter().all(|candidate| candidate.seen.iter().flatten().all(|moment| *moment == 12)));
        // What is the same in all runs has one level, which tells nothing and is dropped as such later.
        assert_eq!(of_amounts(&deaths, &[3.0; 10], 12).len(), 1);
    }
}
