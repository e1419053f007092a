//! What questions mean, on small worlds changed by hand.

use crate::common::{VALLEYS, scenario};
use entente::base::{FactionId, Id, PairId, UmbrellaId, ZoneId};
use entente::measure::{Condition, Evaluator, Group, Keep, Measures, Quantity, Recorder, Snapshot};
use entente::scenario::{Scenario, file};
use entente::world::{Directory, Happening, HappeningKind, Setting, Stance, World};

struct Case {
    scenario: Scenario,
    world: World,
}

impl Case {
    fn new() -> Self {
        let scenario = scenario(VALLEYS);
        let world = scenario.setting.initial.clone();
        Self { scenario, world }
    }

    fn setting(&self) -> &Setting {
        &self.scenario.setting
    }

    fn faction(&self, name: &str) -> FactionId {
        Directory::of(self.setting()).faction(name).unwrap()
    }

    fn zone(&self, name: &str) -> ZoneId {
        Directory::of(self.setting()).zone(name).unwrap()
    }

    fn group(&self, name: &str) -> Group {
        let names = Directory::of(self.setting());
        names.faction(name).map_or_else(|| Group::Umbrella(names.umbrella(name).unwrap()), Group::Faction)
    }

    fn set_stance(&mut self, a: &str, b: &str, stance: Stance, claimed: Stance) {
        let pair = PairId::of(self.faction(a), self.faction(b));
        let tie = &mut self.world.tie[pair];
        tie.stance = stance;
        tie.claimed = claimed;
    }

    /// What becomes of a faction that merges into another.
    fn merge(&mut self, absorbed: &str, into: &str) {
        let (absorbed, into) = (self.faction(absorbed), self.faction(into));
        for zone in self.setting().zones.ids() {
            let row = self.world.presence.row_mut(zone);
            row[into.index()] += std::mem::take(&mut row[absorbed.index()]);
            let row = self.world.control.row_mut(zone);
            row[into.index()] += std::mem::take(&mut row[absorbed.index()]);
        }
        self.world.sum_strength();
        self.world.alive[absorbed] = false;
        self.world.absorbed_into[absorbed] = Some(into);
        self.world.merged[UmbrellaId::from_index(0)] = self.world.umbrella[absorbed].take().map(|_| into);
    }

    fn snapshot(&self) -> Snapshot {
        let mut snapshot = Snapshot::new(self.setting());
        snapshot.take(self.setting(), &self.world);
        snapshot
    }

    /// Whether a condition, written as in a scenario file, is true now.
    fn is(&self, written: &str) -> bool {
        let text = format!("{VALLEYS}\n[[question]]\nid = \"asked\"\ntext = \"?\"\nwhen = {written}\n");
        let asked = scenario(&text).questions.pop().unwrap();
        let entente::measure::Ask::Within(condition) = asked.ask else { panic!("not a condition") };
        self.holds(&condition)
    }

    fn holds(&self, condition: &Condition) -> bool {
        Evaluator { setting: self.setting(), world: &self.world, snapshot: &self.snapshot() }.holds(condition)
    }

    /// How much there is of a quantity, written as in a scenario file, now.
    fn asked(&self, written: &str) -> f64 {
        let text = format!("{VALLEYS}\n[[question]]\nid = \"asked\"\ntext = \"?\"\nmeasure = {written}\n");
        let asked = scenario(&text).questions.pop().unwrap();
        let entente::measure::Ask::Amount(quantity) = asked.ask else { panic!("not a quantity") };
        self.amount(&quantity)
    }

    fn amount(&self, quantity: &Quantity) -> f64 {
        Evaluator { setting: self.setting(), world: &self.world, snapshot: &self.snapshot() }.amount(quantity)
    }
}

const PACT: &str = r#"{ stance = { between = ["raiders", "front"], at_least = "pact" } }"#;
const PUBLIC: &str = r#"{ stance = { between = ["raiders", "front"], at_least = "pact", public = true } }"#;
const SECRET: &str = r#"{ stance = { between = ["raiders", "front"], at_least = "pact", public = false } }"#;

#[test]
fn an_umbrella_stands_where_most_of_its_strength_stands() {
    let mut case = Case::new();
    assert!(!case.is(PACT));
    // Blue has 600 of the Front's 1,500 fighters, Red 900.
    case.set_stance("raiders", "blue", Stance::Pact, Stance::Pact);
    assert!(!case.is(PACT));
    case.set_stance("raiders", "blue", Stance::Rivalry, Stance::Rivalry);
    case.set_stance("raiders", "red", Stance::Alliance, Stance::Alliance);
    assert!(case.is(PACT));
    assert!(!case.is(r#"{ stance = { between = ["raiders", "front"], at_most = "rivalry" } }"#));
    assert!(case.is(r#"{ stance = { between = ["front", "raiders"], at_least = "alliance" } }"#));
    assert!(case.is(r#"{ not = { stance = { between = ["raiders", "blue"], at_least = "pact" } } }"#));
}

#[test]
fn public_and_secret_are_told_apart_by_what_is_claimed() {
    let mut case = Case::new();
    case.set_stance("raiders", "red", Stance::Pact, Stance::Rivalry);
    assert!(case.is(PACT) && case.is(SECRET) && !case.is(PUBLIC));
    case.set_stance("raiders", "red", Stance::Pact, Stance::Pact);
    assert!(case.is(PACT) && !case.is(SECRET) && case.is(PUBLIC));
    // What is claimed and not so is neither.
    case.set_stance("raiders", "red", Stance::Rivalry, Stance::Pact);
    assert!(!case.is(PACT) && !case.is(SECRET) && !case.is(PUBLIC));
}

#[test]
fn a_member_that_left_no_longer_counts() {
    let mut case = Case::new();
    case.set_stance("raiders", "blue", Stance::Pact, Stance::Pact);
    assert!(!case.is(PACT));
    let red = case.faction("red");
    assert!(!case.is(r#"{ split = { of = "front" } }"#));
    case.world.umbrella[red] = None;
    assert!(case.is(PACT));
    assert!(case.is(r#"{ split = { of = "front" } }"#));
}

#[test]
fn a_merged_umbrella_is_the_merged_faction() {
    let mut case = Case::new();
    assert!(!case.is(r#"{ merged = { umbrella = "front" } }"#));
    case.merge("blue", "red");
    assert!(case.is(r#"{ merged = { umbrella = "front" } }"#));
    assert!(!case.is(r#"{ split = { of = "front" } }"#));
    case.set_stance("raiders", "red", Stance::Pact, Stance::Pact);
    assert!(case.is(PACT));
    // The member that was absorbed speaks through what absorbed it.
    assert!(case.is(r#"{ stance = { between = ["raiders", "blue"], at_least = "pact" } }"#));
    assert!(case.is(r#"{ same_bloc = { of = ["red", "blue"] } }"#));
    assert!((case.amount(&Quantity::Strength { group: case.group("blue"), zone: None }) - 1500.0).abs() < 1e-9);
    // A splinter of what they have become is a split of the umbrella.
    let slot = FactionId::from_index(case.setting().founding);
    case.world.splinter_of[slot] = Some(case.faction("red"));
    assert!(case.is(r#"{ split = { of = "front" } }"#) && case.is(r#"{ split = { of = "red" } }"#));
    assert!(!case.is(r#"{ split = { of = "state" } }"#));
}

#[test]
fn splinters_are_those_that_broke_from_a_faction_or_from_its_splinters() {
    let mut case = Case::new();
    let exists = r#"{ force_present = { faction = "splinters-of-red" } }"#;
    let fights = r#"{ stance = { between = ["state", "splinters-of-red"], at_most = "war" } }"#;
    assert!(!case.is(exists) && !case.is(fights) && !case.is(&format!("{{ any = [{exists}, {fights}] }}")));
    let [first, second] = [0, 1].map(|slot| FactionId::from_index(case.setting().founding + slot));
    let (red, state, plain) = (case.faction("red"), case.faction("state"), case.zone("plain"));
    for (slot, parent, fighters) in [(first, red, 900.0), (second, first, 100.0)] {
        case.world.splinter_of[slot] = Some(parent);
        case.world.alive[slot] = true;
        case.world.presence[(plain, slot)] = fighters;
    }
    case.world.sum_strength();
    assert!(case.is(exists) && !case.is(fights));
    let strength = |case: &Case| case.asked(r#"{ strength = { faction = "splinters-of-red" } }"#);
    assert!((strength(&case) - 1000.0).abs() < 1e-9);
    // One that fights is enough, however small.
    case.world.tie[PairId::of(second, state)].stance = Stance::War;
    assert!(case.is(fights) && !case.is(r#"{ stance = { between = ["state", "red"], at_most = "war" } }"#));
    // The splinter is no longer Red, and has no past of Red's.
    case.world.alive[second] = false;
    assert!(!case.is(fights) && case.is(exists));
    assert!(!case.is(r#"{ force_present = { faction = "splinters-of-blue" } }"#));
}

#[test]
fn a_stance_in_a_place_is_that_of_those_who_are_there() {
    let mut case = Case::new();
    let at_war = |zone: &str| {
        format!(r#"{{ stance = {{ between = ["front", "raiders"], at_most = "war", zone = "{zone}" }} }}"#)
    };
    let (red, blue, raiders) = (case.faction("red"), case.faction("blue"), case.faction("raiders"));
    let [plain, border] = ["plain", "border"].map(|name| case.zone(name));
    for (zone, faction, fighters) in
        [(plain, red, 0.0), (plain, blue, 50.0), (plain, raiders, 80.0), (border, red, 0.0), (border, blue, 0.0)]
    {
        case.world.presence[(zone, faction)] = fighters;
    }
    case.world.sum_strength();
    case.set_stance("blue", "raiders", Stance::War, Stance::War);
    // Red is most of the Front, but not on the plain; at the border is none of the Front.
    case.set_stance("red", "raiders", Stance::Neutral, Stance::Neutral);
    assert!(case.is(&at_war("plain")) && !case.is(&at_war("border")));
    assert!(!case.is(r#"{ stance = { between = ["front", "raiders"], at_most = "war" } }"#));
    case.world.presence[(plain, red)] = 60.0;
    case.world.sum_strength();
    assert!(!case.is(&at_war("plain")));
    assert!((case.asked(r#"{ strength = { faction = "front", zone = "plain" } }"#) - 110.0).abs() < 1e-9);
}

#[test]
fn who_has_disarmed_has_few_fighters_left_and_no_war() {
    let mut case = Case::new();
    let disarmed = r#"{ disarmed = { faction = "raiders", share = 0.2 } }"#;
    let raiders = case.faction("raiders");
    for (a, b) in [("state", "raiders"), ("red", "raiders"), ("blue", "raiders"), ("peacekeepers", "raiders")] {
        case.set_stance(a, b, Stance::Neutral, Stance::Neutral);
    }
    assert!(!case.is(disarmed));
    for zone in case.setting().zones.ids() {
        case.world.presence[(zone, raiders)] *= 0.15;
    }
    case.world.sum_strength();
    assert!(case.is(disarmed) && !case.is(r#"{ disarmed = { faction = "raiders" } }"#));
    case.set_stance("state", "raiders", Stance::War, Stance::War);
    assert!(!case.is(disarmed));
}

#[test]
fn territory_is_told_by_country_bloc_and_change() {
    let mut case = Case::new();
    let zones = case.setting().zones.len() as f64;
    let share = |case: &Case, rest: &str| case.asked(&format!("{{ territory_share = {{ {rest} }} }}"));
    let held = |case: &Case, count: &str, rest: &str| {
        case.asked(&format!("{{ territory = {{ count = \"{count}\", {rest} }} }}"))
    };
    let (state, raiders) = (case.faction("state"), case.faction("raiders"));
    let all = held(&case, "zones", r#"faction = "state""#);
    assert!(all >= 1.0 && share(&case, r#"faction = "state", change = true"#).abs() < 1e-12);
    // One of the zones, all of the same value, lies in another country, where the state has nothing.
    let country = r#"faction = "state", country = "Home""#;
    let of_home = zones / (zones - 1.0) * share(&case, r#"faction = "state""#);
    assert!((share(&case, country) - of_home).abs() < 1e-12);
    assert!(share(&case, r#"faction = "state", country = "Elsewhere""#).abs() < 1e-12);
    assert!((held(&case, "zones", country) - all).abs() < 1e-12);
    // The raiders take all that the state has in one of its zones.
    let lost = case.setting().zones.ids().find(|zone| case.world.holder[*zone] == Some(state)).unwrap();
    let before = case.world.control[(lost, state)];
    let people: f64 = case.setting().cells_in(lost).map(|cell| case.world.at_home[cell]).sum();
    case.world.control[(lost, state)] = 0.0;
    case.world.control[(lost, raiders)] += before;
    case.world.holder[lost] = Some(raiders);
    assert!((held(&case, "zones", r#"faction = "state", change = true"#) + 1.0).abs() < 1e-12);
    assert!((held(&case, "people", r#"faction = "raiders", change = true"#) - people).abs() < 1e-6);
    assert!((share(&case, r#"faction = "state", change = true"#) + before / zones).abs() < 1e-12);
    // Together they have lost nothing, once they are a bloc, but what the raiders had before counts as gained.
    case.set_stance("state", "raiders", Stance::Alliance, Stance::Alliance);
    let bloc = share(&case, r#"bloc_of = "state""#);
    let alone = ["state", "raiders"].map(|name| share(&case, &format!("faction = \"{name}\"")));
    assert!((bloc - alone[0] - alone[1]).abs() < 1e-12);
    assert!(
        (held(&case, "zones", r#"bloc_of = "raiders""#) - held(&case, "zones", r#"bloc_of = "state""#)).abs() < 1e-12
    );
}

#[test]
fn nothing_is_true_of_an_umbrella_whose_members_are_gone() {
    let mut case = Case::new();
    for name in ["red", "blue"] {
        let faction = case.faction(name);
        case.world.alive[faction] = false;
        case.world.strength[faction] = 0.0;
    }
    for condition in [
        r#"{ stance = { between = ["raiders", "front"], at_least = "war" } }"#,
        r#"{ same_bloc = { of = ["front"] } }"#,
        r#"{ force_present = { faction = "front" } }"#,
        r#"{ controls = { faction = "front", zone = "hills" } }"#,
        r#"{ leads_largest_bloc = { faction = "front" } }"#,
    ] {
        assert!(!case.is(condition), "{condition}");
    }
}

#[test]
fn blocs_are_chains_of_alliances_among_those_with_fighters() {
    let mut case = Case::new();
    let same = r#"{ same_bloc = { of = ["raiders", "front"] } }"#;
    assert!(!case.is(same));
    // A secret alliance with one member links all of its allies.
    case.set_stance("raiders", "blue", Stance::Alliance, Stance::Neutral);
    assert!(case.is(same));
    let share = case.amount(&Quantity::BlocShare { group: Some(case.group("raiders")) });
    assert!((share - 2300.0 / 5800.0).abs() < 1e-12);
    assert!(case.is(r#"{ leads_largest_bloc = { faction = "state" } }"#));
    case.set_stance("raiders", "peacekeepers", Stance::Alliance, Stance::Alliance);
    case.set_stance("raiders", "red", Stance::Alliance, Stance::Alliance);
    let place = (case.zone("capital"), case.faction("state"));
    case.world.presence[place] = 0.0;
    case.world.sum_strength();
    // The Front has 1,500 fighters, the raiders 800; within the Front, Red has most.
    assert!(case.is(r#"{ leads_largest_bloc = { faction = "front" } }"#));
    assert!(!case.is(r#"{ leads_largest_bloc = { faction = "raiders" } }"#));
    assert!(case.is(r#"{ leads_largest_bloc = { faction = "red" } }"#));
}

#[test]
fn a_zone_is_controlled_by_who_holds_most_and_enough() {
    let mut case = Case::new();
    let row = case.zone("plain");
    for (name, share) in [("state", 0.36), ("red", 0.2), ("blue", 0.2), ("raiders", 0.1)] {
        let faction = case.faction(name);
        case.world.control[(row, faction)] = share;
    }
    case.world.holder[row] = None;
    case.world.holder[row] = case.world.find_holder(row);
    // The Front's members hold more together, though neither does alone.
    assert!(case.is(r#"{ controls = { faction = "front", zone = "plain" } }"#));
    assert!(!case.is(r#"{ controls = { faction = "state", zone = "plain" } }"#));
    assert!(!case.is(r#"{ controls = { faction = "red", zone = "plain" } }"#));
    assert!(!case.is(r#"{ controls = { faction = "front", zone = "plain", share = 0.5 } }"#));
    // Who holds it goes on doing so until somebody has a tenth more.
    let state = case.faction("state");
    for (share, holds) in [(0.45, false), (0.55, true)] {
        case.world.control[(row, state)] = share;
        case.world.holder[row] = case.world.find_holder(row);
        assert_eq!(case.is(r#"{ controls = { faction = "state", zone = "plain" } }"#), holds, "with {share}");
    }
}

/// Who comes first in the alphabet is no reason to hold a place.
#[test]
fn of_two_who_have_as_much_of_a_zone_who_is_there_holds_it() {
    let mut case = Case::new();
    let row = case.zone("plain");
    let [state, raiders, red] = ["state", "raiders", "red"].map(|name| case.faction(name));
    let holder = |case: &mut Case, shares: [f64; 3]| {
        for (faction, share) in [state, raiders, red].into_iter().zip(shares) {
            case.world.control[(row, faction)] = share;
        }
        case.world.holder[row] = case.world.find_holder(row);
        case.world.holder[row]
    };
    let fighters = |case: &mut Case, of: [f64; 3]| {
        for (faction, fighters) in [state, raiders, red].into_iter().zip(of) {
            case.world.presence[(row, faction)] = fighters;
        }
        case.world.holder[row] = None;
    };
    fighters(&mut case, [200.0, 200.0, 0.0]);
    assert_eq!(holder(&mut case, [0.4, 0.4, 0.1]), None);
    assert_eq!(holder(&mut case, [0.4, 0.405, 0.1]), None, "a rounding is no reason either");
    assert_eq!(holder(&mut case, [0.4, 0.42, 0.1]), Some(raiders));
    // It goes on holding it against one who has drawn level.
    assert_eq!(holder(&mut case, [0.4, 0.4, 0.1]), Some(raiders));
    fighters(&mut case, [200.0, 100.0, 900.0]);
    assert_eq!(holder(&mut case, [0.4, 0.4, 0.1]), Some(state), "who is there decides");
    fighters(&mut case, [100.0, 200.0, 900.0]);
    assert_eq!(holder(&mut case, [0.4, 0.4, 0.1]), Some(raiders), "who is there decides");
    fighters(&mut case, [100.0, 100.0, 0.0]);
    assert_eq!(holder(&mut case, [0.34, 0.34, 0.36]), Some(red));
}

#[test]
fn an_accord_is_what_its_parties_make_of_it() {
    use entente::world::PartyStatus::{Suspended, Withdrawn};
    let mut case = Case::new();
    assert!(case.is(r#"{ accord = { id = "peace", status = "active" } }"#));
    let accord = case.setting().accords.ids().next().unwrap();
    let red = case.faction("red");
    let position = case.setting().accords[accord].parties.iter().position(|(party, _)| *party == red).unwrap();
    case.world.accord[accord].status[position] = Some(Suspended);
    assert!(case.is(r#"{ accord = { id = "peace", status = "suspended" } }"#));
    assert!(case.is(r#"{ accord = { id = "peace", status = "suspended", party = "front" } }"#));
    assert!(case.is(r#"{ accord = { id = "peace", status = "active", party = "state" } }"#));
    case.world.accord[accord].status.fill(Some(Withdrawn));
    assert!(case.is(r#"{ accord = { id = "peace", status = "withdrawn" } }"#));
}

#[test]
fn deaths_between_groups_are_those_between_their_members() {
    let mut case = Case::new();
    let (raiders, red, blue) = (case.faction("raiders"), case.faction("red"), case.faction("blue"));
    for (other, deaths) in [(red, 10.0), (blue, 20.0)] {
        case.world.tally.dyad[PairId::of(raiders, other)] = deaths;
        case.world.tally.dyad_year[PairId::of(raiders, other)].add(deaths);
    }
    let active = r#"{ active_dyad = { between = ["raiders", "front"] } }"#;
    assert!(case.is(active));
    assert!(!case.is(r#"{ active_dyad = { between = ["raiders", "blue"] } }"#));
    let between = Some([case.group("front"), case.group("raiders")]);
    let deaths_between = Quantity::Deaths { kind: None, between, zone: None, country: None };
    assert!((case.amount(&deaths_between) - 30.0).abs() < 1e-12);
    // The past of a member stays with the group that it has become a part of.
    case.merge("blue", "red");
    assert!(case.is(active));
    assert!((case.amount(&deaths_between) - 30.0).abs() < 1e-12);
}

#[test]
fn shares_and_amounts_are_of_the_whole() {
    let case = Case::new();
    let all: f64 = ["state", "front", "raiders", "peacekeepers"]
        .iter()
        .map(|name| case.asked(&format!("{{ territory_share = {{ faction = \"{name}\" }} }}")))
        .sum();
    let control: f64 = case.world.control.values().iter().sum();
    // All zones have the same strategic value here.
    assert!((all - control / case.setting().zones.len() as f64).abs() < 1e-12);
    let support = case.amount(&Quantity::Support { group: case.group("front"), community: None });
    assert!(support > 0.0 && support < 0.4);
    let herders = Directory::of(case.setting()).community("herders");
    let herders = case.amount(&Quantity::Support { group: case.group("front"), community: herders });
    assert!((herders - 0.4).abs() < 1e-9);
    let hegemony = case.amount(&Quantity::Hegemony { group: case.group("state") });
    assert!(hegemony > 0.0 && hegemony < 1.0);
}

/// Answers to questions over a made-up course of events: a pact between Raiders and Front holds in steps 3 to 5.
fn answers(questions: &str) -> Vec<(f64, Option<u32>)> {
    let text = VALLEYS.split("[[question]]").next().unwrap().to_owned() + questions;
    let scenario = scenario(&text);
    let mut case = Case { world: scenario.setting.initial.clone(), scenario };
    let measures = std::sync::Arc::new(Measures::new(case.setting(), case.scenario.questions.clone()));
    let mut recorder = Recorder::new(&measures, case.setting(), Keep::ALL);
    recorder.begin(0);
    for step in 0..=case.setting().calendar.steps() {
        case.world.step = step;
        let stance = if (3..=5).contains(&step) { Stance::Pact } else { Stance::Rivalry };
        for member in ["red", "blue"] {
            case.set_stance("raiders", member, stance, stance);
        }
        if step == 3 {
            let between = (case.faction("raiders"), case.faction("red"));
            let kind = HappeningKind::StanceChanged { between, from: Stance::Rivalry, to: Stance::Pact };
            recorder.happened(step, &Happening { kind, public: true });
        }
        case.world.tally.deaths[1] = f64::from(step);
        recorder.observe(case.setting(), &case.world);
    }
    let record = recorder.finish(case.setting(), &case.world);
    let layout = measures.layout();
    assert_eq!(record.series.len(), layout.series.len() * layout.moments as usize);
    assert_eq!(record.milestones.len(), layout.milestones.len() * layout.milestone_steps.len());
    assert_eq!(record.finals.len(), layout.finals.len());
    assert_eq!(record.events.len(), 1);
    record.answers.iter().map(|answer| (answer.value, answer.step)).collect()
}

fn question(id: &str, rest: &str) -> String {
    format!("[[question]]\nid = \"{id}\"\ntext = \"?\"\n{rest}\n")
}

#[test]
fn within_is_ever_up_to_then_and_at_is_then() {
    let when = format!("when = {PACT}");
    let questions = [
        question("within-2", &format!("within = \"2 weeks\"\n{when}")),
        question("within-3", &format!("within = \"3 weeks\"\n{when}")),
        question("ever", &when),
        question("at-2", &format!("at = \"2 weeks\"\n{when}")),
        question("at-5", &format!("at = \"5 weeks\"\n{when}")),
        question("at-end", &format!("at = \"1 year\"\n{when}")),
        question("on-a-day", &format!("at = 2024-02-05\n{when}")),
        question("start", "within = \"1 week\"\nwhen = { force_present = { faction = \"state\" } }"),
        question("deaths-4", "at = \"4 weeks\"\nmeasure = { deaths = {} }"),
        question("deaths", "measure = { deaths = { type = \"non_state\" } }"),
    ]
    .concat();
    assert_eq!(
        answers(&questions),
        [
            (0.0, None),
            (1.0, Some(3)),
            (1.0, Some(3)),
            (0.0, None),
            (1.0, Some(5)),
            (0.0, None),
            (1.0, Some(5)),
            (1.0, Some(0)),
            (4.0, None),
            (f64::from(scenario(VALLEYS).setting.calendar.steps()), None),
        ]
    );
}

#[test]
fn every_kind_of_condition_in_the_language_is_resolved() {
    // One of each, in one question; that it resolves and can be asked is what is tested.
    let all = r#"{ all = [
        { stance = { between = ["raiders", "front"] } }, { same_bloc = { of = ["red", "blue"] } },
        { leads_largest_bloc = { faction = "state" } }, { not = { merged = { umbrella = "front" } } },
        { not = { split = { of = "state" } } }, { controls = { faction = "state", zone = "capital" } },
        { accord = { id = "peace", status = "active" } }, { not = { leaked = { between = ["red", "raiders"] } } },
        { talks = { between = ["blue", "raiders"] } }, { force_present = { faction = "red", zone = "hills" } },
        { not = { event = { id = "congress" } } }, { not = { disarmed = { faction = "red" } } },
        { not = { leader_fell = { faction = "peacekeepers" } } },
        { not = { active_dyad = { between = ["state", "front"] } } },
        { quantity = { of = { displaced = { country = "Home" } }, at_most = 0 } },
        { any = [{ quantity = { of = { strength = { faction = "state" } }, at_least = 3000 } }] },
    ] }"#
        .replace('\n', " ")
        .replace(", ]", "]");
    assert!(Case::new().is(&all));
    let _: fn(file::Condition) = |written| match written {
        // A new kind must be added above too.
        file::Condition::Stance { .. }
        | file::Condition::SameBloc { .. }
        | file::Condition::LeadsLargestBloc { .. }
        | file::Condition::Merged { .. }
        | file::Condition::Split { .. }
        | file::Condition::Controls { .. }
        | file::Condition::Accord { .. }
        | file::Condition::Leaked { .. }
        | file::Condition::Talks { .. }
        | file::Condition::ForcePresent { .. }
        | file::Condition::LeaderFell { .. }
        | file::Condition::Disarmed { .. }
        | file::Condition::ActiveDyad { .. }
        | file::Condition::Event { .. }
        | file::Condition::Quantity { .. }
        | file::Condition::All(_)
        | file::Condition::Any(_)
        | file::Condition::Not(_) => {}
    };
}
