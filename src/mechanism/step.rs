//! The order of a step.

use super::behaviour::Behaviour;
use super::scratch::Scratch;
use super::trace::Trace;
use super::{
    accord, choice, clash, cohesion, control, defection, displacement, disposition, dissolution, drift, economy, event,
    hostility, leak, merger, offensive, one_sided, perception, redeployment, shock, signing, split, succession,
    support, talks, threat, trust,
};
use crate::base::WEEKS_IN_A_YEAR;
use crate::world::{LastYear, Setting, World};

/// Lets one step pass. Every mechanism reads the world as the one before it left it; within a mechanism all factions
/// read the same world.
pub fn step(
    setting: &Setting,
    behaviour: &Behaviour,
    world: &mut World,
    scratch: &mut Scratch,
    trace: &mut impl Trace,
) {
    let weights = behaviour.weights();
    let every = setting.calendar.steps_between_reviews();
    let review = world.step.is_multiple_of(every).then(|| world.step / every);
    let (whole, weeks) = (setting.calendar.step_weeks(), setting.calendar.weeks_in(world.step));
    let review_weeks = whole * f64::from(every) - (whole - weeks);

    scratch.reviews = world.step.div_ceil(every);
    scratch.review_years = whole * f64::from(every) / WEEKS_IN_A_YEAR;
    if review.is_some_and(|review| review > 0) {
        world.tally.dyad_year.values_mut().iter_mut().for_each(LastYear::advance);
    }
    trace.enters("events");
    event::fire(setting, (&behaviour.choice, &behaviour.succession), world, scratch, trace);
    scratch.refresh(setting, world);

    if let Some(review) = review {
        trace.enters("perception");
        perception::revise(&behaviour.perception, world, scratch, review, review_weeks);
        trace.enters("reach");
        threat::find_reach(setting, world, scratch);
    }
    trace.enters("threat");
    // A world may come from anywhere.
    scratch.standing.forget();
    threat::weigh(&behaviour.threat, world, scratch);
    scratch.find_blocs(world);

    if let Some(review) = review {
        trace.enters("shocks");
        shock::change(&behaviour.shocks, world, scratch, review, review_weeks);
    }
    trace.enters("choice");
    disposition::found_pairs(setting, weights, world, scratch);
    if review.is_some() {
        disposition::live(&behaviour.choice, world, scratch, trace, review_weeks / WEEKS_IN_A_YEAR);
    }
    trace.enters("accords");
    if review.is_some() {
        accord::mediate(setting, &behaviour.accords, world, scratch, trace, review_weeks);
    }
    signing::advance(setting, &behaviour.accords, weights, world, scratch, trace);
    accord::advance(setting, &behaviour.accords, world, scratch, trace);
    trace.enters("talks");
    talks::advance(setting, &behaviour.negotiation, weights, world, scratch, trace);
    trace.enters("leaks");
    leak::spread(setting, &behaviour.leak, world, scratch, trace);
    trace.enters("choice");
    choice::look(setting, weights, world, scratch, trace);
    if review.is_some() {
        trace.enters("mergers");
        merger::unite(setting, &behaviour.merger, world, scratch, trace, review_weeks);
        trace.enters("splits");
        split::come_apart(setting, &behaviour.split, world, scratch, trace, review_weeks);
        trace.enters("succession");
        let succession = (&behaviour.succession, &behaviour.choice);
        succession::pass_on(setting, succession, world, scratch, trace, review_weeks);
        trace.enters("defections");
        scratch.refresh(setting, world);
        scratch.find_blocs(world);
        defection::change_sides(setting, &behaviour.defection, world, scratch, trace, review_weeks);
        trace.enters("dissolution");
        dissolution::give_up(setting, &behaviour.dissolution, world, scratch, trace, review_weeks);
        scratch.refresh(setting, world);
    }

    trace.enters("clashes");
    scratch.find_blocs(world);
    threat::note(world, scratch);
    shock::change_feuds(&behaviour.shocks, world, scratch, whole * f64::from(every));
    clash::make_ready(&behaviour.clashes, world, scratch);
    if review.is_some() {
        trace.enters("redeployment");
        scratch.list_present(setting, world);
        redeployment::flow(setting, &behaviour.redeployment, world, scratch, review_weeks);
    }
    trace.enters("offensives");
    let assault = (&behaviour.clashes, behaviour.contest.offensive);
    if review.is_some() {
        offensive::survey(setting, &behaviour.offensives, assault, world, scratch);
    }
    offensive::wage(setting, &behaviour.offensives, assault, world, scratch, trace, review);
    scratch.list_present(setting, world);
    scratch.deaths.values_mut().fill(0.0);
    trace.enters("clashes");
    clash::fight(setting, &behaviour.clashes, behaviour.contest.clash, world, scratch);
    trace.enters("one-sided violence");
    one_sided::attack(setting, &behaviour.one_sided, &behaviour.clashes, world, scratch);
    trace.enters("flight");
    displacement::flee(setting, &behaviour.displacement, world, scratch, weeks);

    if review.is_some() {
        trace.enters("control");
        control::shift(
            setting,
            &behaviour.control,
            (&behaviour.clashes, behaviour.contest.control),
            world,
            scratch,
            trace,
            review_weeks,
        );
        trace.enters("return");
        displacement::come_home(setting, &behaviour.displacement, world, review_weeks);
        trace.enters("support");
        support::choose(setting, &behaviour.support, world, scratch, review_weeks);
        trace.enters("economy");
        economy::provide(setting, &behaviour.economy, world, scratch, review_weeks);
        trace.enters("hostility");
        hostility::update(&behaviour.hostility, world, scratch, review_weeks);
        trace.enters("trust");
        trust::grow(setting, &behaviour.trust, world, scratch, review_weeks);
        trace.enters("cohesion");
        cohesion::update(setting, &behaviour.cohesion, world, scratch, review_weeks);
        trace.enters("drift");
        drift::drift(setting, &behaviour.drift, world, scratch, review_weeks);
        scratch.refresh(setting, world);
        world.anchor.stale.values_mut().fill(false);
    }
    trace.enters("");
    world.sum_strength();
    world.step += 1;
}
