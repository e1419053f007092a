//! What an ensemble recorded that may tell the runs with an outcome from those without.

use super::contrast::{FEWEST, Measured, Occurrences, attributable};
use crate::analysis::{moments_of, runs_of};
use crate::base::date::DurationUnit;
use crate::base::{Duration, Id, PairId, ZoneId};
use crate::estimate::CONFIDENCE;
use crate::measure::{Condition, Layout, Measure, Question, answer_column};
use crate::record::{EventEntry, RecordError, Results};
use crate::world::{Directory, Happening, HappeningKind, PartyStatus, Setting, Stance};
use std::collections::BTreeMap;

/// Something that happened in fewer runs than this share, or in fewer than [`FEWEST`], is too rare to compare.
const RAREST: f64 = 0.01;

/// The runs of a point and variant that did not fail.
#[derive(Clone, Debug, Default)]
pub struct ObservedRuns {
    /// Their replicates.
    pub replicates: Vec<u64>,
    /// The moment at which the answer became yes, per run.
    pub outcomes: Vec<Option<u32>>,
    /// What happened in some of them, with the first step in which it did.
    pub happenings: Vec<(Happening, Occurrences)>,
    /// Measures known before the horizon.
    pub measures: Vec<Measured>,
    /// Attributable fraction of each scheduled event, in the setting's order; none of one that too few runs are without.
    pub events: Vec<Option<f64>>,
}

/// Reads what the runs of a point and variant recorded about a question of yes or no.
///
/// # Errors
/// If the results cannot be read.
pub fn observed(
    results: &Results,
    layout: &Layout,
    (point, variant): (i32, &str),
    setting: &Setting,
    question: &Question,
) -> Result<ObservedRuns, RecordError> {
    let (wanted, replicates): (Vec<usize>, Vec<u64>) = runs_of(results, point, variant)?.into_iter().unzip();
    let answers = results.run_numbers(&answer_column(&question.id))?;
    let moments = moments_of(results, question, setting.calendar)?;
    let outcome = |row: usize| (answers[row] > 0.5).then_some(moments[row]);
    let mut found = ObservedRuns {
        outcomes: wanted.iter().map(|row| outcome(*row)).collect(),
        replicates,
        ..ObservedRuns::default()
    };
    let asked = |zone| matches!(question.condition(), Some(Condition::Controls { zone: known, .. }) if *known == zone);
    let sought = Sought { until: setting.calendar.steps(), asked: &asked, seen: &|_| true };
    let all = happenings(results, (point, variant), setting, &found.replicates, &sought)?;
    let least = FEWEST.max((RAREST * found.replicates.len() as f64).ceil() as usize);
    found.happenings = all.into_iter().filter(|(_, list)| list.len() >= least).collect();
    found.measures = measures(results, layout, setting, question, &wanted)?;
    found.events = setting.events.ids().map(|event| fraction(&found, event.index())).collect();
    Ok(found)
}

/// The attributable fraction of an event. Every run in which it fell due says whether it held; where too few are without it, none can
/// be told.
fn fraction(found: &ObservedRuns, event: usize) -> Option<f64> {
    let with = found.happenings.iter().find(|(happening, _)| match happening.kind {
        HappeningKind::Event { event: known, held } => held && known.index() == event,
        _ => false,
    });
    let Some((_, occurrences)) = with else { return Some(0.0) };
    let yes = |run: &usize| found.outcomes[*run].is_some();
    let all = found.outcomes.iter().flatten().count() as u64;
    let held = occurrences.iter().filter(|(run, _)| yes(run)).count() as u64;
    let (runs, without) = (occurrences.len() as u64, (found.outcomes.len() - occurrences.len()) as u64);
    (without >= FEWEST as u64).then(|| attributable((held, runs), (all - held, without), CONFIDENCE))
}

/// The runs of a point and variant that did not fail, with what they answer to a question of an amount.
#[derive(Clone, Debug, Default)]
pub struct AmountRuns {
    /// Their replicates.
    pub replicates: Vec<u64>,
    /// The amount, per run.
    pub amounts: Vec<f64>,
    /// What happened before the question's moment, with the first step in which it did.
    pub happenings: Vec<(Happening, Occurrences)>,
}

impl AmountRuns {
    /// Reads what the runs of a point and variant recorded about a question of an amount. Runs without an amount are left
    /// out.
    ///
    /// # Errors
    /// If the results cannot be read.
    pub fn read(
        results: &Results,
        (point, variant): (i32, &str),
        setting: &Setting,
        question: &Question,
    ) -> Result<Self, RecordError> {
        let answers = results.run_numbers(&answer_column(&question.id))?;
        let runs = runs_of(results, point, variant)?.into_iter().filter(|(row, _)| answers[*row].is_finite());
        let (rows, replicates): (Vec<usize>, Vec<u64>) = runs.unzip();
        let until = question.moment.min(setting.calendar.steps());
        let sought = Sought { until, asked: &|_| true, seen: &|_| true };
        let mut happenings = happenings(results, (point, variant), setting, &replicates, &sought)?;
        happenings.retain(|(happening, _)| {
            // Talks lead to what is told of by itself, and so do upheavals and how offensives go on.
            !matches!(
                happening.kind,
                HappeningKind::TalksOpened { .. }
                    | HappeningKind::Upheaval { .. }
                    | HappeningKind::Siege { .. }
                    | HappeningKind::Repelled { .. }
            )
        });
        Ok(Self { amounts: rows.iter().map(|row| answers[*row]).collect(), replicates, happenings })
    }

    /// In which share of the runs something happened, likenesses counted as one.
    pub fn share(&self, happening: &Happening) -> f64 {
        self.first_steps(happening).len() as f64 / self.replicates.len().max(1) as f64
    }

    /// By when something has happened in half of all runs; none if it does in fewer.
    pub fn usual_step(&self, happening: &Happening) -> Option<u32> {
        let mut steps = self.first_steps(happening);
        steps.sort_unstable();
        steps.get(self.replicates.len() / 2).copied()
    }

    /// The first step in which something happened, of each run in which it did.
    fn first_steps(&self, happening: &Happening) -> Vec<u32> {
        let alike = self.happenings.iter().filter(|(known, _)| is_alike(known, happening));
        let mut first: BTreeMap<usize, u32> = BTreeMap::new();
        for (run, step) in alike.flat_map(|(_, list)| list) {
            let known = first.entry(*run).or_insert(*step);
            *known = (*known).min(*step);
        }
        first.into_values().collect()
    }
}

/// Whether two happenings are the same thing in two runs: a step down to a stance is, from wherever and by whichever of two
/// it is taken, and so is the end of a war, however much of a peace it is.
pub fn is_alike(known: &Happening, happening: &Happening) -> bool {
    let kind = |happening: &Happening| feature(*happening, &|_| true).map(|compared| compared.kind);
    match (kind(known), kind(happening)) {
        (
            Some(HappeningKind::StanceChanged { between: (a, b), from, to }),
            Some(HappeningKind::StanceChanged { between: (c, d), from: before, to: after }),
        ) => {
            let down = to < from && after < before && to == after;
            let end = |from, to| from == Stance::War && matches!(to, Stance::Rivalry | Stance::Neutral);
            let same = down || (end(from, to) && end(before, after)) || ((from, to) == (before, after) && to > from);
            same && PairId::of(a, b) == PairId::of(c, d)
        }
        (Some(one), Some(other)) => one == other,
        _ => false,
    }
}

/// Which happenings are sought in the logs of runs.
pub struct Sought<'a> {
    /// Those of the steps before this moment.
    pub until: u32,
    /// Of places, those that this asks of.
    pub asked: &'a dyn Fn(ZoneId) -> bool,
    /// Those that this lets pass.
    pub seen: &'a dyn Fn(&Happening) -> bool,
}

/// What happened in some runs, with the first step in which it did, by run.
///
/// # Errors
/// If the results cannot be read.
pub fn happenings(
    results: &Results,
    (point, variant): (i32, &str),
    setting: &Setting,
    replicates: &[u64],
    sought: &Sought<'_>,
) -> Result<Vec<(Happening, Occurrences)>, RecordError> {
    let directory = Directory::of(setting);
    let place: BTreeMap<u64, usize> = replicates.iter().enumerate().map(|(run, replicate)| (*replicate, run)).collect();
    let mut found: BTreeMap<String, (Happening, Occurrences)> = BTreeMap::new();
    results.events(point, variant, None, |replicate, entry| {
        let Some(run) = place.get(&replicate) else { return };
        let read = reading(&directory, &entry).filter(|read| (sought.seen)(read));
        let Some(happening) = read.and_then(|read| feature(read, sought.asked)) else { return };
        let step = setting.calendar.moment_of(entry.date);
        let (_, list) = found.entry(format!("{:?}", happening.kind)).or_insert_with(|| (happening, Vec::new()));
        if step < sought.until && list.last().is_none_or(|(known, _)| known != run) {
            list.push((*run, step));
        }
    })?;
    Ok(found.into_values().collect())
}

/// Happenings that are compared, in a form that does not depend on who is named first or on the step before.
fn feature(happening: Happening, asked: &dyn Fn(ZoneId) -> bool) -> Option<Happening> {
    let sorted = |(a, b): (crate::base::FactionId, crate::base::FactionId)| (a.min(b), a.max(b));
    let kind = match happening.kind {
        HappeningKind::TalksEnded { .. } => return None,
        HappeningKind::TalksOpened { between, goal } => HappeningKind::TalksOpened { between: sorted(between), goal },
        HappeningKind::Leaked { between, about } => HappeningKind::Leaked { between: sorted(between), about },
        HappeningKind::StanceChanged { between, from, to } if to > from => {
            HappeningKind::StanceChanged { between: sorted(between), from: from.min(to.down().unwrap_or(from)), to }
        }
        HappeningKind::Upheaval { between } => HappeningKind::Upheaval { between: sorted(between) },
        HappeningKind::ControlChanged { zone, .. }
        | HappeningKind::Defection { zone, .. }
        | HappeningKind::Offensive { zone, .. }
        | HappeningKind::Siege { zone, .. }
        | HappeningKind::Repelled { zone, .. } => asked(zone).then_some(happening.kind)?,
        kind => kind,
    };
    Some(Happening { kind, public: true })
}

/// A line of the event log as the happening that it was.
fn reading(directory: &Directory, entry: &EventEntry) -> Option<Happening> {
    let faction = |id: &str| directory.faction(id);
    let other = || entry.other.as_deref().and_then(faction);
    let stance = |word: &Option<String>| Stance::ALL.into_iter().find(|stance| Some(stance.word()) == word.as_deref());
    let status =
        |word: &Option<String>| PartyStatus::ALL.into_iter().find(|status| Some(status.word()) == word.as_deref());
    let two = || Some((faction(&entry.who)?, other()?));
    let kind = match entry.kind.as_str() {
        "event" => {
            HappeningKind::Event { event: directory.event(&entry.who)?, held: entry.to.as_deref() == Some("held") }
        }
        "talks_opened" => HappeningKind::TalksOpened { between: two()?, goal: stance(&entry.to)? },
        "talks_ended" => HappeningKind::TalksEnded { between: two()?, goal: stance(&entry.to)? },
        "leaked" => HappeningKind::Leaked { between: two()?, about: stance(&entry.to)? },
        "stance_changed" => {
            HappeningKind::StanceChanged { between: two()?, from: stance(&entry.from)?, to: stance(&entry.to)? }
        }
        "upheaval" => HappeningKind::Upheaval { between: two()? },
        "offensive" | "siege" | "repelled" => {
            let (attacker, defender) = two()?;
            let zone = directory.zone(entry.to.as_deref()?)?;
            match entry.kind.as_str() {
                "offensive" => HappeningKind::Offensive { attacker, defender, zone },
                "siege" => HappeningKind::Siege { attacker, defender, zone },
                _ => HappeningKind::Repelled { attacker, defender, zone },
            }
        }
        "succession" => HappeningKind::Succession { faction: faction(&entry.who)? },
        "takeover" => HappeningKind::Takeover {
            faction: faction(&entry.who)?,
            umbrella: directory.umbrella(entry.to.as_deref()?)?,
        },
        "defection" => {
            let (from, to) = two()?;
            HappeningKind::Defection { from, to, zone: directory.zone(entry.to.as_deref()?)? }
        }
        "cut_off" => {
            let (sponsor, client) = two()?;
            HappeningKind::CutOff { sponsor, client }
        }
        "merged" => HappeningKind::Merged {
            absorbed: faction(&entry.who)?,
            into: other()?,
            umbrella: entry.to.as_deref().and_then(|id| directory.umbrella(id)),
        },
        "left_umbrella" => HappeningKind::LeftUmbrella {
            faction: faction(&entry.who)?,
            umbrella: directory.umbrella(entry.from.as_deref()?)?,
        },
        "split" => HappeningKind::Split { from: faction(&entry.who)?, splinter: other()? },
        "accord_status" => HappeningKind::AccordStatus {
            accord: directory.accord(entry.other.as_deref()?)?,
            party: faction(&entry.who)?,
            from: status(&entry.from)?,
            to: status(&entry.to)?,
        },
        "control_changed" => HappeningKind::ControlChanged {
            zone: directory.zone(&entry.who)?,
            from: entry.from.as_deref().and_then(faction),
            to: entry.to.as_deref().and_then(faction),
        },
        "gone" => HappeningKind::Gone { faction: faction(&entry.who)? },
        _ => return None,
    };
    Some(Happening { kind, public: entry.public })
}

/// Measures of whole years that were over before the question's last moment.
fn measures(
    results: &Results,
    layout: &Layout,
    setting: &Setting,
    question: &Question,
    rows: &[usize],
) -> Result<Vec<Measured>, RecordError> {
    let mut list = Vec::new();
    for column in &layout.finals {
        let Measure::DeathsInYear(year, _) = column.measure else { continue };
        let known = setting.calendar.moment_after(Duration { count: year as u32 + 1, unit: DurationUnit::Year });
        if let Some(known) = known.filter(|known| *known < question.moment) {
            let values = results.run_numbers(&column.name)?;
            let values = rows.iter().map(|row| values[*row]).collect();
            list.push(Measured { name: column.name.clone(), known, values });
        }
    }
    Ok(list)
}
