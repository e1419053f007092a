//! In which direction what-ifs pull: each against the same runs without it, with the same luck, beyond its interval.

use crate::common::{faction, standard_errors};
use crate::dynamics::{each, pass, shipped_as};
use entente::base::PairId;
use entente::engine::Runner;
use entente::mechanism::Silent;
use entente::scenario::Scenario;
use entente::world::{Stance, World};

const WEEKS: u32 = 104;
const REPLICATES: u64 = 800;

/// By how much a measure of two years differs between the flagship under a variant and some settings, and as it is, in
/// standard errors of the mean of paired differences.
fn pull(
    variant: Option<&str>,
    set: &[&str],
    against: &[&str],
    measure: impl Fn(&Scenario, &mut Runner) -> f64 + Sync,
) -> f64 {
    pull_in(REPLICATES, variant, (set, against), measure)
}

/// [`pull`] over so many replicates.
fn pull_in(
    replicates: u64,
    variant: Option<&str>,
    (set, against): (&[&str], &[&str]),
    measure: impl Fn(&Scenario, &mut Runner) -> f64 + Sync,
) -> f64 {
    let values = |variant: Option<&str>, set: &[&str]| {
        let scenario = shipped_as("northern-mali-2023.toml", variant, set);
        each(&scenario, replicates, |runner| measure(&scenario, runner))
    };
    let (with, without) = (values(variant, set), values(None, against));
    standard_errors(&with.iter().zip(&without).map(|(with, without)| with - without).collect::<Vec<_>>())
}

/// In what share of two years, looked at every four weeks, something is so.
fn share_of_time(runner: &mut Runner, so: impl Fn(&World) -> bool) -> f64 {
    let (mut times, mut looks) = (0, 0);
    for week in (4..=WEEKS).step_by(4) {
        pass(runner, week, &mut Silent);
        looks += 1;
        times += usize::from(so(runner.world()));
    }
    times as f64 / looks as f64
}

/// In what share of the time JNIM and a member of the CMA or what became of it side with each other.
fn jnim_sides_with_the_cma(scenario: &Scenario, runner: &mut Runner) -> f64 {
    let jnim = faction(scenario, "jnim");
    let cma = ["mnla", "hcua", "maa"].map(|id| faction(scenario, id));
    share_of_time(runner, |world| {
        cma.iter().any(|member| {
            let member = world.successor(*member);
            world.alive[member] && world.stance(world.successor(jnim), member) >= Stance::Pact
        })
    })
}

fn wars(_: &Scenario, runner: &mut Runner) -> f64 {
    pass(runner, WEEKS, &mut Silent);
    let world = runner.world();
    PairId::all(world.factions()).filter(|(pair, ..)| world.tie[*pair].stance == Stance::War).count() as f64
}

fn deaths(_: &Scenario, runner: &mut Runner) -> f64 {
    pass(runner, WEEKS, &mut Silent);
    runner.world().tally.deaths.iter().sum()
}

#[test]
fn a_common_enemys_surge_brings_its_enemies_together_and_a_sponsors_veto_keeps_apart() {
    let surge = pull(Some("is-surge"), &[], &[], jnim_sides_with_the_cma);
    let collapse = pull(Some("is-collapse"), &[], &[], jnim_sides_with_the_cma);
    let veto = pull(Some("sponsor-forbids"), &[], &[], jnim_sides_with_the_cma);
    assert!(
        surge > 2.0 && surge > collapse,
        "a surge of IS pulls by {surge} standard errors, its collapse by {collapse}"
    );
    assert!(veto < -2.0, "a sponsor's veto pulls by {veto} standard errors");
}

#[test]
fn leaks_hinder_deals() {
    // Few leaks end talks, so that it takes many runs, and many leaks, to see what comes of it.
    let often = &["behaviour.leak.rate=1"];
    let kept = pull_in(3 * REPLICATES, Some("talks-stay-secret"), (&[], often), jnim_sides_with_the_cma);
    assert!(kept > 2.0, "that nothing leaks pulls by {kept} standard errors");
}

#[test]
fn peacekeepers_in_place_keep_violence_down() {
    let gone = pull(None, &["faction.minusma.peacekeeping=0.01"], &[], deaths);
    assert!(gone > 2.0, "without peacekeepers deaths differ by {gone} standard errors");
}

#[test]
fn losses_end_wars() {
    let weary = pull(None, &["behaviour.choice.losses=4"], &["behaviour.choice.losses=0"], wars);
    assert!(weary < -2.0, "weariness of losses pulls wars by {weary} standard errors");
}

#[test]
fn an_open_door_leads_to_talks() {
    let talk = |scenario: &Scenario, runner: &mut Runner| {
        let (jnim, state) = (faction(scenario, "jnim"), faction(scenario, "state"));
        share_of_time(runner, |world| {
            world.tie_of(jnim, state).talks.is_some() || world.stance(jnim, state) >= Stance::Pact
        })
    };
    let open = pull(Some("state-opens-dialogue"), &[], &[], talk);
    assert!(open > 2.0, "an open door pulls talks by {open} standard errors");
}
