//! What pairs are to each other beyond all reasons: where it comes from, and how it changes.
//!
//! A pair is drawn from simulated histories ([`super::histories`]) and its moods change as theirs do. Most pairs of a large world
//! have nothing to do with each other, so they are left alone until somebody asks: a pair in touch
//! ([`super::scratch::Scratch::touching`]) changes from review to review, a pair of strangers by one draw for all the time that
//! has passed, which comes to the same, for what changes are Ornstein–Uhlenbeck and Poisson processes.

use super::appraisal::{appraise, balance_between};
use super::histories::shift;
use super::ladder::Choice;
use super::life::Moods;
use super::outlook::{Weights, circumstances};
use super::scratch::Scratch;
use super::threat::LEAST_REACH;
use super::trace::Trace;
use crate::base::maths::{chance, ln};
use crate::base::{FactionId, Id, PairId};
use crate::random::{DrawKey, Purpose, sample};
use crate::world::{Happening, HappeningKind, Past, Setting, Stance, World};

/// Founds pairs in touch that have not been founded, and those of a splinter with everybody: where they come from, and what
/// reasons a splinter's began with.
pub fn found_pairs(setting: &Setting, weights: Weights<'_>, world: &mut World, scratch: &mut Scratch) {
    let version = scratch.find_touching(world);
    if std::mem::replace(&mut scratch.founded_at, version) != version {
        for (pair, low, high) in scratch.touching.iter().copied() {
            if !world.founded[pair] {
                found(setting, weights.choice, world, scratch, (low, high));
            }
        }
    }
    for newcomer in (setting.founding..world.slots()).map(FactionId::from_index) {
        if !world.alive[newcomer] {
            continue;
        }
        for other in world.alive.ids().filter(|other| *other != newcomer) {
            let pair = (newcomer.min(other), newcomer.max(other));
            if !world.alive[other] || world.founded[PairId::of(newcomer, other)] {
                continue;
            }
            world.founded[PairId::of(newcomer, other)] = true;
            note_reasons(setting, weights, world, scratch, pair);
            let past = Past { age: Some(0.0), peace: None };
            draw(weights.choice, world, scratch, pair, (past, 0.0), world.step);
        }
    }
}

fn are_newcomers(world: &World, (a, b): (FactionId, FactionId)) -> bool {
    world.splinter_of[a].is_some() || world.splinter_of[b].is_some()
}

/// Founds a pair of the start, unless it has been founded.
fn found(
    setting: &Setting,
    params: &Choice,
    world: &mut World,
    scratch: &Scratch,
    (low, high): (FactionId, FactionId),
) {
    let pair = PairId::of(low, high);
    if world.founded[pair] || !world.alive[low] || !world.alive[high] || are_newcomers(world, (low, high)) {
        return;
    }
    world.founded[pair] = true;
    let talking = if world.tie[pair].talks.is_some() { params.talking } else { 0.0 };
    let more = talking - params.intensity * fierceness(setting, world, pair);
    draw(params, world, scratch, (low, high), (setting.past[pair], more), 0);
    world.disposition[pair].reviews = 0;
}

/// Draws what a pair has always been to each other, given where they stand and their past. `more` shifts the mean further
/// than reasons do; `step` numbers the draw.
fn draw(
    params: &Choice,
    world: &mut World,
    scratch: &Scratch,
    (low, high): (FactionId, FactionId),
    (past, more): (Past, f64),
    step: u32,
) {
    let pair = PairId::of(low, high);
    let (one, two) = speakers(world, (low, high));
    let who = DrawKey::pair(world.key[one], world.key[two]);
    let uniform = scratch.draws.sequence(Purpose::Disposition, who, step).uniform();
    let shift = shift(params, reasons_at_start(world, (low, high))) + more;
    let picked = scratch.histories.pick(world.tie[pair].stance, past, shift, uniform);
    world.disposition[pair] = picked;
    world.disposition[pair].reviews = scratch.reviews;
}

/// Who speaks for two: the leader of an umbrella for all its members, towards those outside it. What they have always been to
/// others, their moods and their upheavals are those of the umbrella; their reasons are their own.
pub(super) fn speakers(world: &World, (a, b): (FactionId, FactionId)) -> (FactionId, FactionId) {
    if world.same_party(a, b) {
        return (a, b);
    }
    (world.leader_of(a).unwrap_or(a), world.leader_of(b).unwrap_or(b))
}

/// What the reasons of the start come to for a pair: the mean of its two sides.
fn reasons_at_start(world: &World, (a, b): (FactionId, FactionId)) -> f64 {
    let sum = |own, other| -> f64 { world.anchor.reasons[(own, other)].iter().sum() };
    0.5 * (sum(a, b) + sum(b, a))
}

/// By how many powers of ten a war of the start costs more lives a year than 100; 0 where that is not known.
fn fierceness(setting: &Setting, world: &World, pair: PairId) -> f64 {
    /// Deaths of a year that say nothing.
    const USUAL: f64 = 100.0;
    let of_pair = setting.fought.iter().rfind(|(pairs, _)| pairs.contains(&pair));
    match of_pair {
        Some((pairs, deaths)) if world.tie[pair].stance == Stance::War => {
            ln((deaths / pairs.len() as f64 / USUAL).max(0.1)) * std::f64::consts::LOG10_E
        }
        _ => 0.0,
    }
}

/// Draws anew what a pair has always been to each other, given where they now stand: something from outside set it there.
pub(super) fn settle(params: &Choice, world: &mut World, scratch: &Scratch, (a, b): (FactionId, FactionId)) {
    let pair = PairId::of(a, b);
    let past = Past { age: Some(0.0), peace: Some(world.disposition[pair].peace) };
    // What they were before is no longer where they come from.
    world.founded[pair] = true;
    draw(params, world, scratch, (a.min(b), a.max(b)), (past, 0.0), world.step);
}

/// Notes what speaks for closeness between two as they stand, and what each could take from the other.
pub fn note_reasons(
    setting: &Setting,
    weights: Weights<'_>,
    world: &mut World,
    scratch: &Scratch,
    (low, high): (FactionId, FactionId),
) {
    let about = circumstances(setting, world, low, high, true);
    let balance = balance_between(scratch, low, high);
    for pair in [(low, high), (high, low)] {
        world.anchor.reasons[pair] = appraise(weights.diplomacy, weights.law, world, scratch, pair, about, balance);
        world.anchor.spoils[pair] = world.spoils[pair];
    }
}

/// Lets moods of pairs in touch change and time harden their peace and commitments, and brings upheavals. Done at reviews, over
/// the weeks to the next one, which is years in `years`.
pub fn live(params: &Choice, world: &mut World, scratch: &mut Scratch, trace: &mut impl Trace, years: f64) {
    let upheaval = chance(params.upheaval, years);
    let moods = Moods::over(params, years);
    let review = scratch.reviews;
    for place in 0..scratch.touching.len() {
        let (pair, low, high) = scratch.touching[place];
        if !world.founded[pair] || !world.alive[low] || !world.alive[high] || world.stand_aside(low, high) {
            continue;
        }
        catch_up(params, world, scratch, (low, high));
        let (one, two) = speakers(world, (low, high));
        let mut normal = |purpose| sample::normal(scratch.draws.of_pair(purpose, world, one, two, review));
        let normals = [normal(Purpose::MoodLow), normal(Purpose::MoodHigh)];
        let fate = scratch.draws.of_pair(Purpose::Upheaval, world, one, two, review);
        pass(world, pair, &moods, normals, (one > two, years));
        world.disposition[pair].reviews = review + 1;
        if fate < upheaval {
            upheave(params, world, (low, high), fate / upheaval, 0.0);
            // Between two who have nothing to do with each other there is nothing to tell.
            let met = world.reach[(low, high)] >= LEAST_REACH || world.stance(low, high) != Stance::Neutral;
            if met && world.strength[low] > 0.0 && world.strength[high] > 0.0 {
                trace.happened(Happening { kind: HappeningKind::Upheaval { between: (low, high) }, public: true });
            }
        }
    }
    scratch.reviews = review + 1;
}

/// Moods change, and time passes. Moods are those of the lower and of the higher of the two who speak: `crossed` if these are the
/// other way round.
fn pass(world: &mut World, pair: PairId, moods: &Moods, normals: [f64; 2], (crossed, years): (bool, f64)) {
    let disposition = &mut world.disposition[pair];
    if crossed {
        disposition.mood.swap(0, 1);
    }
    moods.change(&mut disposition.mood, normals);
    if crossed {
        disposition.mood.swap(0, 1);
    }
    disposition.age += years;
    disposition.peace = disposition.peace.map(|peace| peace + years);
}

/// Makes what two are to each other what it has become by now. For who asks about a pair that may not be in touch.
pub(super) fn acquaint(
    setting: &Setting,
    params: &Choice,
    world: &mut World,
    scratch: &Scratch,
    (a, b): (FactionId, FactionId),
) {
    if world.stand_aside(a, b) {
        return;
    }
    let sides = (a.min(b), a.max(b));
    let pair = PairId::of(a, b);
    if scratch.reviews > 0 {
        found(setting, params, world, scratch, sides);
        catch_up(params, world, scratch, sides);
    } else if let Some(peace) = setting.past[pair].peace {
        // Before the first review nobody is founded, for events may set where pairs begin.
        world.disposition[pair].peace = peace;
    }
}

/// Brings what a pair is to each other to the last review, by one draw for all reviews that it has not lived through.
fn catch_up(params: &Choice, world: &mut World, scratch: &Scratch, (low, high): (FactionId, FactionId)) {
    let pair = PairId::of(low, high);
    let behind = scratch.reviews.saturating_sub(world.disposition[pair].reviews);
    if behind == 0 || !world.founded[pair] {
        return;
    }
    let years = f64::from(behind) * scratch.review_years;
    let (one, two) = speakers(world, (low, high));
    let who = DrawKey::pair(world.key[one], world.key[two]);
    let mut draws = scratch.draws.sequence(Purpose::Acquaintance, who, scratch.reviews);
    let normals = [draws.uniform(), draws.uniform()].map(sample::normal);
    pass(world, pair, &Moods::over(params, years), normals, (one > two, years));
    let since = since_upheaval(params, scratch.review_years, draws.uniform());
    if since < f64::from(behind) {
        upheave(params, world, (low, high), draws.uniform(), 0.0);
        let peace = &mut world.disposition[pair].peace;
        *peace = peace.map(|_| since * scratch.review_years);
    }
    let disposition = &mut world.disposition[pair];
    disposition.reviews = scratch.reviews;
    // They would have looked since it happened, had they been in touch.
    disposition.stirred = 0.0;
}

/// How many reviews ago a pair's last upheaval was, were there no end to the past: geometric.
fn since_upheaval(params: &Choice, review_years: f64, uniform: f64) -> f64 {
    (ln(1.0 - uniform) / (-params.upheaval * review_years)).floor()
}

/// What a pair has always been to each other is drawn anew, about what the reasons of the start say, and peace begins to
/// harden from the start. Of what was, `kept` stays, 0 to 1.
pub(super) fn upheave(
    params: &Choice,
    world: &mut World,
    (low, high): (FactionId, FactionId),
    uniform: f64,
    kept: f64,
) {
    let shift = shift(params, reasons_at_start(world, (low, high)));
    let mean = params.disposition + shift.clamp(-params.variety, params.variety);
    let disposition = &mut world.disposition[PairId::of(low, high)];
    // The spread over all pairs stays what it is.
    let fresh = (1.0 - kept * kept).sqrt() * params.variety * sample::normal(uniform);
    disposition.lasting = mean + kept * (disposition.lasting - mean) + fresh;
    disposition.peace = disposition.peace.map(|years| kept * years);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::maths::pow;

    fn uniforms() -> impl Iterator<Item = f64> {
        (0..10_000).map(|place| (f64::from(place) + 0.5) / 10_000.0)
    }

    #[test]
    fn upheavals_among_strangers_are_as_frequent_as_among_others() {
        let (params, years) = (Choice { upheaval: 0.4, ..Choice::default() }, 0.1);
        for reviews in [1.0, 2.0, 10.0, 50.0] {
            let none = pow(1.0 - chance(params.upheaval, years), reviews);
            let since = uniforms().map(|uniform| since_upheaval(&params, years, uniform));
            let share = since.filter(|since| *since < reviews).count() as f64 / 10_000.0;
            assert!((share - (1.0 - none)).abs() < 2e-4, "{reviews}: {share}");
        }
        let never = Choice { upheaval: 0.0, ..params };
        assert!(uniforms().all(|uniform| since_upheaval(&never, years, uniform).is_infinite()));
    }

    #[test]
    fn moods_of_long_ago_change_by_one_draw_as_by_many() {
        let params = Choice::default();
        // What is left of a mood, and the spread that is added to it.
        let change = |moods: &Moods, normal| {
            let mut mood = [1.0, 1.0];
            moods.change(&mut mood, [normal, 0.0]);
            mood[0]
        };
        let [at_once, review] = [5.0, 1.0].map(|reviews| Moods::over(&params, reviews / 13.0));
        let (kept, fresh) = (change(&review, 0.0), change(&review, 1.0) - change(&review, 0.0));
        let spread =
            (0..5).map(|reviews| fresh * pow(kept, f64::from(reviews))).map(|part| part * part).sum::<f64>().sqrt();
        assert!((change(&at_once, 0.0) - pow(kept, 5.0)).abs() < 1e-12);
        assert!((change(&at_once, 1.0) - change(&at_once, 0.0) - spread).abs() < 1e-12);
    }
}
