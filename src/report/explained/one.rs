//! The explanation of an outcome in one replicate, for people.

use super::{Told, what_is_weighed};
use crate::analysis::why::{Ablation, Explanation, Hindrances, Note, Outcome, accord_of};
use crate::base::{AccordId, FactionId, PairId};
use crate::chart::{CausalLadder, Chart, Heading, Lane, StanceSpan, Symbol, Tested, TimelineMoment};
use crate::mechanism::{Chance, Decision};
use crate::report::narrative::{Names, cause, decision, happening};
use crate::report::{Document, ListPoint, Table, day};
use crate::world::{Happening, HappeningKind, Setting};

/// How many terms are named per decision.
const TERMS: usize = 4;
/// How many tested causes a terminal shows.
const PRINTED: usize = 12;
/// How many decisions that came near are told.
const NEAREST: usize = 6;

/// All that there is to say of an outcome in one run, with its charts.
pub fn document(
    setting: &Setting,
    outcome: &Outcome,
    found: &Explanation,
    told: &Told,
) -> (Document, Vec<Box<dyn Chart>>) {
    let mut page = told.document();
    let was_yes = found.was.yes_at.is_some();
    if found.was.yes_at == Some(0) {
        page.words("It was so from the start: nothing in the run led there.");
        return (page, Vec::new());
    }
    let point = |step: ChainStep| {
        let words = format!("{}: {}", day(setting.calendar.date_of(step.step)), step.text);
        ListPoint::new(words, Some(step.weighed).filter(|weighed| !weighed.is_empty()))
    };
    match &found.hindrances {
        Some(hindrances) => {
            let near = &hindrances.nearest[..hindrances.nearest.len().min(NEAREST)];
            page.heading("What kept it from happening").words(meetings(found, hindrances));
            if !near.is_empty() {
                page.subheading("Decisions that came nearest").list(nearest(setting, near).into_iter().map(point));
            }
        }
        None => {
            let steps = steps(setting, found);
            if !steps.is_empty() {
                let heading = if outcome.is_end { "How it came to an end" } else { "How it came about" };
                page.heading(heading).list(steps.into_iter().map(point));
                if found.chain.end.is_some() {
                    page.words(
                        "What was decided and what happened has the first day of its step, and the answer the day after the step: from then on \
                         it is so.",
                    );
                }
            }
        }
    }
    let (taken, first) = if was_yes { ("cause", "flips the outcome") } else { ("hindrance", "brings it about") };
    page.heading("What it hung on");
    if found.ablations.is_empty() {
        page.words(format!("The record names no {taken} that could be taken away.")).rest();
        what_is_weighed(&mut page);
        page.use_with_care();
        return (page, Vec::new());
    }
    page.words(format!(
        "Each {taken} taken away in a replay of the run under the same random numbers: what {first} comes first.{}",
        if outcome.is_end { " The outcome is that it is not so any more." } else { "" }
    ));
    let chart = ladder(setting, outcome, found, told);
    page.chart(&chart);
    let mut table = Table::new(["", "Taken away", "Flips", "What came of it"], [""; 0]).printing(PRINTED);
    for (place, ablation) in found.ablations.iter().enumerate() {
        let (what, verdict) = tested(setting, ablation, was_yes);
        table.row([(place + 1).to_string(), what, if ablation.flips { "yes" } else { "" }.into(), verdict]);
    }
    page.table(table).rest();
    what_is_weighed(&mut page);
    page.use_with_care();
    (page, vec![Box::new(chart)])
}

/// How often those concerned met, in words.
fn meetings(found: &Explanation, hindrances: &Hindrances) -> String {
    let times = |count: usize| match count {
        0 => "never".to_owned(),
        1 => "once".to_owned(),
        count => format!("{count} times"),
    };
    let concluded = match hindrances.conclusions {
        0 => "no talks came to a conclusion".to_owned(),
        1 => "one came to its conclusion".to_owned(),
        count => format!("{count} came to their conclusion"),
    };
    let mut words = format!(
        "New talks were weighed {}, running ones broken off {}, and {concluded}.",
        times(hindrances.meetings),
        times(hindrances.broken_off),
    );
    if !found.ablations.iter().any(|ablation| ablation.flips) {
        words.push_str(" Nothing that was taken away alone brings it about.");
    }
    words
}

/// A step of the way to an outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainStep {
    /// Its number; the date is that of its first day.
    pub step: u32,
    /// What was decided or happened.
    pub text: String,
    /// What weighed in it; empty for what was not weighed.
    pub weighed: String,
}

/// The way to an outcome in words, in order.
pub fn steps(setting: &Setting, explanation: &Explanation) -> Vec<ChainStep> {
    let names = Names(setting);
    let mut list = Vec::new();
    for link in &explanation.chain.links {
        let (text, weighed) = match &link.note {
            Note::Decided(found, yes) => {
                let accord = accord_of(setting, &explanation.was.account, found);
                (decision::sentence(names, (found, accord), *yes), weighed(found))
            }
            Note::Happened(found) => {
                let secret = if found.public { "" } else { " (in secret)" };
                (format!("{}{secret}", happening::sentence(names, found)), String::new())
            }
            Note::Befell(Chance::Event(event), true) => {
                (names.event(*event).to_owned(), "a chance, as scheduled".into())
            }
            Note::Befell(Chance::Leak(a, b), true) => {
                let text =
                    format!("It leaks that {} and {} deal with each other", names.faction(*a), names.faction(*b));
                (text, "a chance".into())
            }
            Note::Befell(..) => continue,
        };
        add(&mut list, ChainStep { step: link.step, text, weighed });
    }
    list
}

/// Adds a step, but for what happens as was decided right before: that is told once.
fn add(list: &mut Vec<ChainStep>, step: ChainStep) {
    match list.last_mut().filter(|last| last.step == step.step && step.text.starts_with(&last.text)) {
        Some(last) => last.text = step.text,
        None => list.push(step),
    }
}

/// What weighed in a decision, and the odds that it met.
fn weighed(found: &Decision) -> String {
    let weights = decision::weights(found, TERMS);
    let stop = if weights.is_empty() { "" } else { "; " };
    format!("{weights}{stop}{}", decision::odds(found))
}

/// The decisions that came nearest to an outcome that did not come about.
fn nearest(setting: &Setting, list: &[(Decision, Option<AccordId>)]) -> Vec<ChainStep> {
    let names = Names(setting);
    let one = |(found, accord): &(Decision, Option<AccordId>)| ChainStep {
        step: found.step,
        text: decision::sentence(names, (found, *accord), found.yes()),
        weighed: weighed(found),
    };
    list.iter().map(one).collect()
}

/// A tested cause in words: what was taken away, and what came of it.
fn tested(setting: &Setting, ablation: &Ablation, was_yes: bool) -> (String, String) {
    (cause::sentence(setting, &ablation.cause), cause::verdict(setting, ablation, was_yes))
}

/// The chart of an explanation.
fn ladder(setting: &Setting, outcome: &Outcome, explanation: &Explanation, told: &Told) -> CausalLadder {
    let was = &explanation.was;
    let until = was.yes_at.map_or(outcome.last, |moment| (moment + 4).min(outcome.last)).max(1);
    let causes = explanation.ablations.iter().map(|ablation| {
        let (label, verdict) = tested(setting, ablation, was.yes_at.is_some());
        Tested { label, date: cause::date(setting, &ablation.cause), flips: ablation.flips, verdict }
    });
    CausalLadder {
        heading: Heading::new(told.question.clone(), format!("{} · {}", told.answer, told.run)),
        span: Some((setting.calendar.date_of(0), setting.calendar.date_of(until))),
        outcome: was.yes_at.map(|moment| setting.calendar.date_of(moment)),
        lanes: lanes(setting, outcome, explanation, until),
        causes: causes.collect(),
    }
}

/// A lane per pair of the outcome and of the chain. Those of the outcome come first: the pairs of the decisions that came nearest to
/// it, then those of which there is something to tell. Others have a lane if there is something to tell of them.
fn lanes(setting: &Setting, outcome: &Outcome, explanation: &Explanation, until: u32) -> Vec<Lane> {
    let names = Names(setting);
    let near = explanation.hindrances.iter().flat_map(|hindrances| hindrances.nearest.iter().take(NEAREST));
    let near: Vec<PairId> = near
        .filter(|(found, _)| found.actor != found.other)
        .map(|(found, _)| PairId::of(found.actor, found.other))
        .collect();
    let in_chain = explanation.chain.decisions().filter(|found| found.actor != found.other);
    let of_outcome = outcome.member_pairs(setting);
    let asked = |(a, b): (FactionId, FactionId)| of_outcome.iter().any(|(x, y)| PairId::of(*x, *y) == PairId::of(a, b));
    let mut pairs: Vec<(FactionId, FactionId)> = Vec::new();
    for (a, b) in in_chain.map(|found| (found.actor, found.other)).chain(of_outcome.iter().copied()) {
        if !pairs.contains(&(a, b)) && !pairs.contains(&(b, a)) {
            pairs.push((a, b));
        }
    }
    let end = setting.calendar.date_of(until);
    let mut list: Vec<(usize, Lane)> = Vec::new();
    for pair in pairs {
        let lane = lane(setting, names, explanation, pair, until);
        let lasts = lane.spans.last().is_some_and(|span| span.to >= end);
        let rank = match (asked(pair), lane.moments.is_empty()) {
            (true, _) if near.contains(&PairId::of(pair.0, pair.1)) => 0,
            (true, false) => 1,
            // What did not come about could have, between them too.
            (true, true) if lasts && explanation.hindrances.is_some() => 2,
            (false, false) => 3,
            (true, true) if lasts => 4,
            (_, true) => continue,
        };
        list.push((rank, lane));
    }
    // Within a rank the order of the chain stays.
    list.sort_by_key(|(rank, _)| *rank);
    list.into_iter().map(|(_, lane)| lane).collect()
}

fn lane(
    setting: &Setting,
    names: Names<'_>,
    explanation: &Explanation,
    (a, b): (FactionId, FactionId),
    until: u32,
) -> Lane {
    let pair = PairId::of(a, b);
    let mut lane = Lane { label: format!("{} – {}", names.faction(a), names.faction(b)), ..Lane::default() };
    let mut rung = setting.initial.stance(a, b) as usize;
    let mut since = setting.calendar.date_of(0);
    let mut end = setting.calendar.date_of(until);
    for (step, note) in explanation.was.account.notes.iter().take_while(|(step, _)| *step < until) {
        let date = setting.calendar.date_of(*step);
        let mut mark = |symbol, secret: bool| {
            lane.moments.push(TimelineMoment { date, symbol, secret, note: String::new() });
        };
        let Note::Happened(Happening { kind, public }) = note else { continue };
        match *kind {
            HappeningKind::StanceChanged { between: (x, y), from, to } if PairId::of(x, y) == pair => {
                lane.spans.push(StanceSpan { from: since, to: date, rung });
                (rung, since) = (to as usize, date);
                mark(if to > from { Symbol::Closer } else { Symbol::Apart }, !public);
            }
            HappeningKind::TalksOpened { between: (x, y), .. } if PairId::of(x, y) == pair => {
                mark(Symbol::TalksOpened, !public);
            }
            HappeningKind::TalksEnded { between: (x, y), .. } if PairId::of(x, y) == pair => {
                mark(Symbol::TalksEnded, !public);
            }
            HappeningKind::Leaked { between: (x, y), .. } if PairId::of(x, y) == pair => mark(Symbol::Leaked, false),
            HappeningKind::Merged { absorbed, .. } if absorbed == a || absorbed == b => {
                mark(Symbol::Merged, false);
                end = date;
                break;
            }
            HappeningKind::Gone { faction } if faction == a || faction == b => {
                end = date;
                break;
            }
            _ => {}
        }
    }
    lane.spans.push(StanceSpan { from: since, to: end, rung });
    lane
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happens_as_was_decided_is_told_once() {
        let step = |step, text: &str, weighed: &str| ChainStep { step, text: text.into(), weighed: weighed.into() };
        let mut list = Vec::new();
        for one in [
            step(3, "A went to war with B", "mood +5"),
            step(3, "A went to war with B (in secret)", ""),
            step(4, "A went to war with B", ""),
            step(4, "C left D", ""),
        ] {
            add(&mut list, one);
        }
        let told: Vec<(&str, &str)> = list.iter().map(|step| (step.text.as_str(), step.weighed.as_str())).collect();
        let war = "A went to war with B";
        assert_eq!(told, [("A went to war with B (in secret)", "mood +5"), (war, ""), ("C left D", "")]);
    }
}
