//! How organisations rise and fall: leaders, commanders who change sides, umbrellas taken over, forces that give up, and
//! sponsors who stop paying.

use crate::common::{VALLEYS, faction, scenario};
use crate::mechanisms::{still, zone};
use entente::base::PairId;
use entente::base::maths::exp;
use entente::engine::{Model, Runner};
use entente::measure::Keep;
use entente::mechanism::Trace;
use entente::scenario::Scenario;
use entente::world::{Happening, HappeningKind, World};

/// What happened in a run, and the world after its first and its last step.
pub struct Told {
    pub happenings: Vec<HappeningKind>,
    pub first: World,
    pub last: World,
}

/// Hears what happens.
#[derive(Default)]
struct Ears(Vec<HappeningKind>);

impl Trace for Ears {
    fn happened(&mut self, happening: Happening) {
        self.0.push(happening.kind);
    }
}

pub fn told(scenario: &Scenario, replicates: u64) -> Vec<Told> {
    let model = Model::of(scenario);
    let mut runner = Runner::new(&model, Keep::ANSWERS);
    let mut one = |replicate| {
        let mut ears = Ears::default();
        runner.begin(11, replicate);
        runner.step(&mut ears).unwrap();
        let first = runner.world().clone();
        while !runner.at_horizon() {
            runner.step(&mut ears).unwrap();
            runner.world().check(&scenario.setting).unwrap();
        }
        Told { happenings: ears.0, first, last: runner.world().clone() }
    };
    (0..replicates).map(&mut one).collect()
}

/// In what share of runs something happened.
pub fn share(runs: &[Told], what: impl Fn(&HappeningKind) -> bool) -> f64 {
    runs.iter().filter(|told| told.happenings.iter().any(&what)).count() as f64 / runs.len() as f64
}

#[test]
fn leaders_fall_at_their_rate_and_successors_keep_a_share_of_what_their_faction_was() {
    let scenario = still(&[], "succession = { fall = 0.8, losses = 0 }\n");
    let runs = told(&scenario, 600);
    for id in ["north", "south"] {
        let own = faction(&scenario, id);
        let fell = share(&runs, |kind| matches!(kind, HappeningKind::Succession { faction } if *faction == own));
        let expected = 1.0 - exp(-0.8);
        assert!((fell - expected).abs() < 0.06, "the leader of {id} falls in {fell} of years, not {expected}");
    }
    let watch = faction(&scenario, "watch");
    let of_watch = |kind: &HappeningKind| matches!(kind, HappeningKind::Succession { faction } if *faction == watch);
    assert!(share(&runs, of_watch) <= 0.0, "a peace force has no politics of its own");
    let pair = PairId::of(faction(&scenario, "north"), faction(&scenario, "south"));
    let changed = |kept: f64| {
        let rates = format!("succession = {{ fall = 5, kept = {kept} }}\nchoice = {{ upheaval = 0, looks = 0 }}\n");
        let of_run = |told: &Told| (told.last.disposition[pair].lasting - told.first.disposition[pair].lasting).abs();
        let runs = told(&still(&[], &rates), 100);
        runs.iter().map(of_run).sum::<f64>() / 100.0
    };
    let (all, half, nothing) = (changed(1.0), changed(0.9), changed(0.0));
    assert!(all < 1e-9 && half > 0.1 && nothing > 1.2 * half, "changes by {all}, {half} and {nothing}");
}

#[test]
fn commanders_go_over_where_cohesion_is_low_to_those_who_are_near_in_mind_and_take_their_place_with_them() {
    let runs = |cohesion: &str, position: &str| {
        let south = format!("id = \"south\"\ncohesion = {cohesion}");
        let words =
            [("id = \"south\"", south.as_str()), ("alignment = { a = 0.5 }\n\n[[faction]]\nid = \"watch\"", position)];
        let scenario = still(&words, "defection = { rate = 0.2 }\nchoice = { looks = 0 }\n");
        let south = faction(&scenario, "south");
        let runs = told(&scenario, 150);
        let gone = share(&runs, |kind| matches!(kind, HappeningKind::Defection { from, .. } if *from == south));
        (gone, runs, scenario)
    };
    let near = "alignment = { a = 0.5 }\n\n[[faction]]\nid = \"watch\"";
    let far = "alignment = { a = -1 }\n\n[[faction]]\nid = \"watch\"";
    let (loose, runs_of_loose, scenario) = runs("0.2", near);
    let (tight, ..) = runs("0.9", near);
    let (apart, ..) = runs("0.2", far);
    assert!(loose > 0.5 && tight < 0.2 && apart < 0.75 * loose, "in {loose}, {tight} and {apart} of years");
    // The town is the north's: commanders of the north who go over give ground to the south.
    let (town, north, south) = (zone(&scenario, "town"), faction(&scenario, "north"), faction(&scenario, "south"));
    let to_south = |told: &&Told| {
        told.happenings.iter().any(|kind| matches!(kind, HappeningKind::Defection { to, .. } if *to == south))
    };
    for told in runs_of_loose.iter().filter(to_south) {
        assert!(told.last.control[(town, south)] > 0.0 && told.last.control[(town, north)] < 0.8);
    }
}

#[test]
fn a_force_that_has_lost_gives_up_to_its_ally_or_for_good() {
    let runs = |stance: &str| {
        let rest = format!(
            "dissolution = {{ rate = 0.2 }}\nchoice = {{ looks = 0 }}\n\n[[relation]]\nbetween = [\"north\", \"south\"]\n\
             stance = \"{stance}\"\ntrust = 0.5\n\n[[event]]\nid = \"rout\"\nname = \"Rout\"\ndate = 2024-03-04\n\
             effect = {{ scale = {{ faction = \"south\", factor = 0.1 }} }}\n"
        );
        let scenario = still(&[], &rest);
        let (north, south) = (faction(&scenario, "north"), faction(&scenario, "south"));
        let ends = told(&scenario, 40);
        assert!(ends.iter().all(|told| told.first.alive[south]));
        let joined = ends.iter().filter(|told| told.last.absorbed_into[south] == Some(north)).count();
        let gone =
            ends.iter().filter(|told| !told.last.alive[south] && told.last.absorbed_into[south].is_none()).count();
        let stands = ends.iter().filter(|told| !told.last.alive[north]).count();
        assert_eq!(stands, 0, "who has lost nothing does not give up");
        (joined, gone)
    };
    let (joined, gone) = runs("alliance");
    assert!(joined > 35 && gone == 0, "{joined} of 40 join their ally, {gone} are gone");
    let (joined, gone) = runs("rivalry");
    assert!(joined == 0 && gone > 35, "{joined} of 40 join a rival, {gone} are gone");
}

/// A state that has lost its ground and its army falls; one that never held any has its home elsewhere.
#[test]
fn a_state_falls_with_its_last_place() {
    let fallen = |control: &str| {
        let rest = "dissolution = { rate = 0.2 }\nchoice = { looks = 0 }\n\n[[event]]\nid = \"rout\"\nname = \"Rout\"\ndate = 2024-03-04\n\
                    effect = { scale = { faction = \"north\", factor = 0.02 } }\n";
        let state = ("kind = \"movement\"\nfighters = 1000", "kind = \"state\"\nfighters = 1000");
        let shifts = ("control = { contested = 0, settled = 0 }", "control = { contested = 0.5, settled = 0.5 }");
        let scenario = still(&[state, shifts, ("control = { north = 0.8 }", control)], rest);
        let north = faction(&scenario, "north");
        let runs = told(&scenario, 40);
        let landless = |told: &&Told| told.last.holder.values().iter().all(|holder| *holder != Some(north));
        assert!(runs.iter().filter(landless).count() > 35);
        runs.iter().filter(|told| !told.last.alive[north]).count()
    };
    assert!(fallen("control = { north = 0.8 }") > 30);
    assert_eq!(fallen("control = { south = 0.8 }"), 0);
}

#[test]
fn a_sponsor_stops_paying_who_leaves_it_and_dependence_binds() {
    let runs = |dependence: &str| {
        let south = format!("id = \"south\"\nincome = 700\nsponsors = {{ north = {dependence} }}");
        let pact = "choice = { upheaval = 5 }\n\n[[relation]]\nbetween = [\"north\", \"south\"]\nstance = \"pact\"\nhostility = 0.4\n";
        let scenario = still(&[("id = \"south\"", &south), ("HORIZON", "3 years")], pact);
        (told(&scenario, 200), faction(&scenario, "south"))
    };
    let left = |runs: &[Told]| share(runs, |kind| matches!(kind, HappeningKind::CutOff { .. }));
    let (little, south) = runs("0.2");
    let (much, _) = runs("0.9");
    assert!(left(&little) > 1.3 * left(&much) && left(&little) > 0.1, "{} and {}", left(&little), left(&much));
    for told in &little {
        let cut = told.happenings.iter().any(|kind| matches!(kind, HappeningKind::CutOff { .. }));
        let expected = if cut { 700.0 * 0.8 } else { 700.0 };
        assert!((told.last.income[south] - expected).abs() < 1e-9);
    }
}

#[test]
fn an_umbrella_is_taken_over_by_a_member_that_outweighs_its_leader() {
    let taken = |fighters: &str| {
        let text = VALLEYS.replace("fighters = 900\n", fighters);
        let scenario = scenario(&(text + "\n[behaviour]\nsuccession = { takeover = 0.05 }\n"));
        share(&told(&scenario, 60), |kind| matches!(kind, HappeningKind::Takeover { .. }))
    };
    let (weak, strong) = (taken("fighters = 150\n"), taken("fighters = 2000\n"));
    assert!(
        weak > 0.5 && strong <= 0.2,
        "taken over in {weak} of years from a weak leader, {strong} from a strong one"
    );
}
