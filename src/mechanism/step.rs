//! The order of a step.

use super::behaviour::Behaviour;
use super::scratch::Scratch;
use super::trace::Trace;
use super::{
    accord, clash, cohesion, control, displacement, drift, economy, event, hostility, leak, merger, one_sided,
    perception, redeployment, split, step_down, support, talks, threat, trust,
};
use crate::world::{Setting, World};

/// Weeks between reviews.
const REVIEW_WEEKS: f64 = 4.0;

/// Steps between reviews: four weeks, or one step if that is longer.
fn review_every(setting: &Setting) -> u32 {
    (REVIEW_WEEKS / setting.weeks()).round().max(1.0) as u32
}

/// Lets one step pass. Every mechanism reads the world as the one before it left it; within a mechanism all factions
/// read the same world.
pub fn step(
    setting: &Setting,
    behaviour: &Behaviour,
    world: &mut World,
    scratch: &mut Scratch,
    trace: &mut impl Trace,
) {
    let every = review_every(setting);
    let review = world.step.is_multiple_of(every).then(|| world.step / every);
    let weeks = setting.weeks();
    let since_review = weeks * f64::from(every);

    event::befall(setting, world, scratch, trace);

    if let Some(review) = review {
        perception::revise(setting, &behaviour.perception, world, scratch, review, since_review);
        threat::find_reach(setting, world, scratch);
    }
    threat::weigh(&behaviour.threat, world, scratch);
    scratch.find_blocs(world);

    accord::live(setting, behaviour, world, scratch, trace);
    talks::hold(setting, behaviour, world, scratch, trace);
    leak::spread(setting, behaviour, world, scratch, trace);
    step_down::reconsider(setting, behaviour, world, scratch, trace);
    if review.is_some() {
        merger::unite(setting, &behaviour.merger, world, scratch, trace, since_review);
        split::come_apart(setting, &behaviour.split, world, scratch, trace, since_review);
    }

    scratch.find_blocs(world);
    scratch.list_present(setting, world);
    clash::make_ready(&behaviour.clashes, world, scratch);
    if review.is_some() {
        redeployment::flow(setting, &behaviour.redeployment, world, scratch, since_review);
        scratch.list_present(setting, world);
    }
    scratch.deaths.values_mut().fill(0.0);
    clash::fight(setting, behaviour, world, scratch);
    one_sided::attack(setting, behaviour, world, scratch);
    displacement::flee(setting, &behaviour.displacement, world, scratch, weeks);

    if review.is_some() {
        control::shift(setting, behaviour, world, scratch, trace, since_review);
        displacement::come_home(setting, &behaviour.displacement, world, since_review);
        support::choose(setting, &behaviour.support, world, scratch, since_review);
        economy::provide(setting, &behaviour.economy, world, scratch, since_review);
        hostility::feel(setting, &behaviour.hostility, world, scratch, since_review);
        trust::grow(setting, &behaviour.trust, world, since_review);
        cohesion::hold(setting, &behaviour.cohesion, world, since_review);
        drift::drift(setting, &behaviour.drift, world, scratch, since_review);
        for year in world.tally.dyad_year.values_mut() {
            year.advance();
        }
    }
    world.sum_strength();
    world.step += 1;
}
