//! Signposts: of all that can be seen in the first weeks, what tells most about how a question will end.
//!
//! Runs are compared at a landmark, the end of those weeks (Anderson, Cain and Gelber 1983): those in which the question is still
//! open then, by what was seen in them up to then. What settles the question before is no signpost of it.

mod evidence;
mod hypotheses;
mod telling;

pub use evidence::Evidence;
pub use hypotheses::{Consistency, Hypotheses, MatrixRow, Way};
pub use telling::{Counts, Telling, false_discovery};

use crate::analysis::interval::sorted_quantile;
use crate::analysis::nested;
use crate::analysis::{moments_of, runs_of};
use crate::base::number::several;
use crate::base::{Calendar, Date};
use crate::experiment::{ExperimentError, Target};
use crate::measure::{Ask, Quantity, Question, answer_column};
use crate::record::RecordError;
use evidence::{Candidate, candidates};
use telling::within_strata;

/// Share of false discoveries that is put up with among the signposts that are told.
pub const FALSE_DISCOVERIES: f64 = 0.05;
/// What was seen, or not seen, in fewer runs tells nothing that could be trusted.
const FEWEST: usize = 5;
/// The fewest runs that are open, with the outcome and without.
const FEWEST_OF_EACH: usize = 20;
/// The most runs that are looked at: more tell nothing more that a reader could use.
const MOST_RUNS: usize = 20_000;
/// How many signposts a short list has at most.
const SHORT: usize = 5;
/// Something is idle if it is seen in at least this share of the runs and not seen in as many,
const OFTEN: f64 = 0.15;
/// and its likelihood ratio surely lies between this and its inverse.
const LITTLE: f64 = 1.5;
/// How many idle things are told.
const IDLE: usize = 6;
/// How many weeks are the first ones, unless more than half of the time up to the question's moment.
const WEEKS: f64 = 12.0;

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct SignpostsAsked {
    /// The question.
    pub question: Question,
    /// The later moments of the same question, and the question itself, in the order of time: ids and moments.
    pub answers: Vec<(String, u32)>,
    /// The end of the first weeks; 12 weeks after the start, or half of the time up to the question's moment, unless given.
    pub until: Option<u32>,
    /// Of an amount: the outcome is more than this; the median unless given.
    pub above: Option<f64>,
    /// Whether what only those who take part in it know counts too.
    pub all: bool,
}

/// Why there are no signposts to tell.
#[derive(Debug, thiserror::Error)]
pub enum SignpostError {
    /// The runs cannot be read or made again.
    #[error(transparent)]
    Experiment(#[from] ExperimentError),
    /// The question is settled before these weeks are over.
    #[error("the first weeks end on {0}, and the question is about {1}: give fewer, with --within")]
    Settled(Date, Date),
    /// All runs end alike, or nearly so.
    #[error(
        "after the first weeks the question is open in {}, of which {yes} end with the outcome: it takes at least \
         {FEWEST_OF_EACH} that do and as many that do not. More replicates may have them; of an amount, --above may be a better \
         line",
        several(*runs, "run")
    )]
    Foregone {
        /// Runs that are open.
        runs: usize,
        /// Those that end with the outcome.
        yes: usize,
    },
}

impl From<RecordError> for SignpostError {
    fn from(error: RecordError) -> Self {
        Self::Experiment(error.into())
    }
}

/// Something to watch for.
#[derive(Clone, Debug, PartialEq)]
pub struct Signpost {
    /// What can be seen.
    pub evidence: Evidence,
    /// What it tells.
    pub telling: Telling,
    /// Its chance adjusted for all that was looked at.
    pub adjusted: f64,
    /// Median weeks from when it was seen to the outcome, over the runs with both; none where there are none.
    pub lead: Option<f64>,
}

/// What to watch for.
#[derive(Clone, Debug, PartialEq)]
pub struct Signposts {
    /// The end of the first weeks.
    pub until: u32,
    /// The runs that are compared.
    pub runs: u64,
    /// How many of them end with the outcome.
    pub yes: u64,
    /// How many others had the question settled before, and are left out.
    pub settled: u64,
    /// Of an amount: the outcome is more than this.
    pub above: Option<f64>,
    /// How many different things were looked at.
    pub looked_at: usize,
    /// Those that tell something, what tells most first.
    pub found: Vec<Signpost>,
    /// Places in that list: of the first what tells most, of each other what tells most beside those before it.
    pub short: Vec<usize>,
    /// What is often seen and tells nothing, what is seen most often first.
    pub idle: Vec<Evidence>,
    /// How well those that tell something, and then the idle ones, go with each way in which the question may end.
    pub hypotheses: Hypotheses,
}

/// The runs in which the question is open at the landmark, and how they end.
struct OpenRuns {
    replicates: Vec<u64>,
    /// Of all runs that were looked at: the place among those that are open.
    place: Vec<Option<usize>>,
    yes: Vec<bool>,
    /// The moment at which each ended: when it became yes, or the question's own.
    ended: Vec<u32>,
    /// The way in which each ended, by the hypotheses' places.
    ways: Vec<usize>,
    names: Vec<hypotheses::Way>,
    above: Option<f64>,
}

/// Finds what to watch for.
///
/// # Errors
/// If the runs cannot be read or made again, too few of them end in one way, or the question is settled too early.
pub fn signposts(target: &Target, asked: &SignpostsAsked) -> Result<Signposts, SignpostError> {
    let calendar = target.calendar();
    let until = asked.until.unwrap_or_else(|| usual(calendar, asked.question.moment));
    if until >= asked.question.moment || until == 0 {
        return Err(SignpostError::Settled(calendar.date_of(until), calendar.date_of(asked.question.moment)));
    }
    let runs = runs_of(&target.results, target.point, &target.variant)?;
    let runs = &runs[..runs.len().min(MOST_RUNS)];
    let open = open_runs(target, asked, runs, until)?;
    let yes = open.yes.iter().filter(|yes| **yes).count();
    if yes.min(open.yes.len() - yes) < FEWEST_OF_EACH {
        return Err(SignpostError::Foregone { runs: open.yes.len(), yes });
    }
    let mut list = candidates(target, &open.replicates, (until, asked.all))?;
    list.retain(|candidate| {
        let seen = candidate.seen.iter().flatten().count();
        seen >= FEWEST && open.yes.len() - seen >= FEWEST
    });
    let drawn = target.results.manifest().drawn_kinds();
    let weighed = |candidate: &Candidate| {
        let seen = || candidate.seen.iter().map(Option::is_some);
        let counts = Counts::of(seen().zip(open.yes.iter().copied()));
        counts.telling(independent(runs, &open, seen(), drawn))
    };
    let told: Vec<Telling> = list.iter().map(weighed).collect();
    let adjusted = false_discovery(&told.iter().map(|told| told.p).collect::<Vec<_>>());
    let looked_at = list.len();
    let (kept, rest): (Vec<_>, Vec<_>) =
        (list.into_iter().zip(told).zip(adjusted)).partition(|(_, adjusted)| *adjusted <= FALSE_DISCOVERIES);
    let idle = idle(rest);
    let mut kept: Vec<(Signpost, Candidate)> = (kept.into_iter())
        .map(|((candidate, telling), adjusted)| {
            let evidence = candidate.evidence.clone();
            (Signpost { evidence, telling, adjusted, lead: lead(&candidate, &open, calendar) }, candidate)
        })
        .collect();
    kept.sort_by(|(a, _), (b, _)| b.telling.information.total_cmp(&a.telling.information));
    // Of several levels of one quantity the one that tells most says it all.
    let mut levels: Vec<(bool, Quantity)> = Vec::new();
    kept.retain(|(signpost, _)| match &signpost.evidence {
        Evidence::AtLeast(of, _) => first_of(&mut levels, (true, of)),
        Evidence::AtMost(of, _) => first_of(&mut levels, (false, of)),
        _ => true,
    });
    let short = short_list(&kept, &open, looked_at);
    let seen = kept.iter().map(|(_, candidate)| candidate).chain(&idle).map(|candidate| &candidate.seen[..]);
    let worth = |of: &dyn Fn(usize) -> f64| worth(runs, &open.place, of, drawn);
    let hypotheses = Hypotheses::of(open.names.clone(), &open.ways, seen, worth);
    Ok(Signposts {
        until,
        runs: open.yes.len() as u64,
        yes: yes as u64,
        settled: (runs.len() - open.yes.len()) as u64,
        above: open.above,
        looked_at,
        found: kept.into_iter().map(|(signpost, _)| signpost).collect(),
        short,
        idle: idle.into_iter().map(|candidate| candidate.evidence).collect(),
        hypotheses,
    })
}

/// Whether a bound of a quantity is not in a list yet, in which it then is.
fn first_of(levels: &mut Vec<(bool, Quantity)>, (least, of): (bool, &Quantity)) -> bool {
    let known = levels.iter().any(|(known, quantity)| *known == least && quantity == of);
    if !known {
        levels.push((least, of.clone()));
    }
    !known
}

/// What is seen in many runs and not in many others, and surely tells little.
fn idle(rest: Vec<((Candidate, Telling), f64)>) -> Vec<Candidate> {
    let often = |told: &Telling| (OFTEN..=1.0 - OFTEN).contains(&told.share);
    let little = |told: &Telling| told.ratio.low > 1.0 / LITTLE && told.ratio.high < LITTLE;
    let mut list: Vec<(Candidate, Telling)> = rest.into_iter().map(|(one, _)| one).collect();
    list.retain(|(candidate, told)| {
        // Levels of amounts are many, and all alike.
        matches!(candidate.evidence, Evidence::Happened(_) | Evidence::LostGround(_) | Evidence::TookGround(_))
            && often(told)
            && little(told)
    });
    list.sort_by(|(_, a), (_, b)| b.share.total_cmp(&a.share));
    list.into_iter().take(IDLE).map(|(candidate, _)| candidate).collect()
}

/// The first weeks of a question, unless they are given.
fn usual(calendar: Calendar, moment: u32) -> u32 {
    calendar.steps_for_weeks(WEEKS).min(moment / 2).max(1)
}

/// Reads how runs end, and which of them are open at a moment.
fn open_runs(
    target: &Target,
    asked: &SignpostsAsked,
    runs: &[(usize, u64)],
    until: u32,
) -> Result<OpenRuns, SignpostError> {
    let (results, calendar, question) = (&target.results, target.calendar(), &asked.question);
    let answers = results.run_numbers(&answer_column(&question.id))?;
    let within = matches!(question.ask, Ask::Within(_));
    let moments = moments_of(results, question, calendar)?;
    let known = |row: &usize| answers[*row].is_finite() && moments[*row] > until;
    let mut place = vec![None; runs.len()];
    let mut rows = Vec::new();
    for (number, (row, _)) in runs.iter().enumerate().filter(|(_, (row, _))| known(row)) {
        place[number] = Some(rows.len());
        rows.push((number, *row));
    }
    let amounts: Vec<f64> = rows.iter().map(|(_, row)| answers[*row]).collect();
    let mut sorted = amounts.clone();
    sorted.sort_by(f64::total_cmp);
    let yes_no = question.yes_no();
    let above = (!yes_no).then(|| asked.above.or_else(|| sorted_quantile(&sorted, 0.5)).unwrap_or(0.0));
    let line = above.unwrap_or(0.5);
    let ended: Vec<u32> = rows.iter().map(|(_, row)| moments[*row]).collect();
    let (names, ways) = match (yes_no, within) {
        (true, true) => hypotheses::by_time(&asked.answers, until, amounts.iter().zip(&ended)),
        (true, false) => hypotheses::yes_or_no(&amounts),
        (false, _) => hypotheses::by_amount(&amounts, &sorted),
    };
    Ok(OpenRuns {
        replicates: rows.iter().map(|(number, _)| runs[*number].1).collect(),
        place,
        yes: amounts.iter().map(|amount| *amount > line).collect(),
        ended,
        ways,
        names,
        above,
    })
}

/// Which share of the runs tells as much as all of them, whose inputs some have in common, about whether something goes with the
/// outcome: by what the products of the deviations of both scatter within groups and between.
fn independent(
    runs: &[(usize, u64)],
    open: &OpenRuns,
    seen: impl Iterator<Item = bool>,
    drawn: Option<[bool; 3]>,
) -> f64 {
    let number = |so: bool| f64::from(u8::from(so));
    let seen: Vec<f64> = seen.map(number).collect();
    let n = seen.len() as f64;
    let mean = |sum: f64| sum / n;
    let (share, yes) = (mean(seen.iter().sum()), mean(open.yes.iter().map(|yes| number(*yes)).sum()));
    worth(runs, &open.place, &|place| (seen[place] - share) * (number(open.yes[place]) - yes), drawn)
}

/// Which share of the runs, were they independent, would tell as much of the mean of a number of each that has a place. Runs that are
/// left out are part of their groups, and say nothing.
fn worth(
    runs: &[(usize, u64)],
    place_of: &[Option<usize>],
    of: &dyn Fn(usize) -> f64,
    drawn: Option<[bool; 3]>,
) -> f64 {
    let numbers = runs.iter().zip(place_of).map(|((_, replicate), place)| (*replicate, place.map_or(0.0, of)));
    nested::worth(numbers, runs.len() as u64, drawn).min(1.0)
}

/// Median weeks from when something was seen to the outcome.
fn lead(candidate: &Candidate, open: &OpenRuns, calendar: Calendar) -> Option<f64> {
    let both = candidate.seen.iter().zip(&open.yes).zip(&open.ended).filter(|((_, yes), _)| **yes);
    let weeks = both.filter_map(|((seen, _), ended)| Some(calendar.week_of(*ended) - calendar.week_of((*seen)?)));
    let mut weeks: Vec<f64> = weeks.collect();
    weeks.sort_by(f64::total_cmp);
    sorted_quantile(&weeks, 0.5)
}

/// What tells most, and then what tells most beside that, until nothing surely does for all that was looked at.
fn short_list(kept: &[(Signpost, Candidate)], open: &OpenRuns, looked_at: usize) -> Vec<usize> {
    let mut short: Vec<usize> = Vec::new();
    let mut strata = vec![0; open.yes.len()];
    while short.len() < SHORT {
        let chance = |place: usize| {
            let (signpost, candidate) = &kept[place];
            let runs = strata.iter().zip(&candidate.seen).zip(&open.yes);
            let independent = signpost.telling.independent;
            within_strata(runs.map(|((stratum, seen), yes)| (*stratum, seen.is_some(), *yes)), independent)
        };
        let left = (0..kept.len()).filter(|place| !short.contains(place));
        let best = match short.is_empty() {
            true => left.map(|place| (place, 0.0)).next(),
            false => left.map(|place| (place, chance(place))).min_by(|a, b| a.1.total_cmp(&b.1)),
        };
        let Some((best, _)) = best.filter(|(_, chance)| chance * looked_at as f64 <= FALSE_DISCOVERIES) else { break };
        for (stratum, seen) in strata.iter_mut().zip(&kept[best].1.seen) {
            *stratum |= usize::from(seen.is_some()) << short.len();
        }
        short.push(best);
    }
    short
}
