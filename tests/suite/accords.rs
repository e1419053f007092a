//! Accords that are on the table: who signs, when, and what helps.

use crate::common::VALLEYS;
use crate::common::{faction, scenario};
use crate::mechanisms::end;
use entente::analysis::why::{
    Again, CauseKind, Grounds, Note, Outcome, Witness, accord_of, causes, chain, hindrances, model,
};
use entente::base::AccordId;
use entente::engine::{Model, Runner};
use entente::measure::{Group, Keep};
use entente::mechanism::DecisionKind;
use entente::scenario::{Overrides, Scenario};
use entente::world::{HappeningKind, PartyStatus, Stance};

const TABLE: &str = r#"
[scenario]
id = "table"
title = "Table"
start = 2024-01-01
horizon = "3 years"
axes = ["a"]

[[zone]]
id = "plain"
name = "Plain"
country = "Home"
position = [0, 0]
population = 100000
neighbours = ["hills"]
control = { north = 0.8 }

[[zone]]
id = "hills"
name = "Hills"
country = "Home"
position = [1, 0]
population = 50000
control = { south = 0.8 }

[[faction]]
id = "north"
name = "North"
kind = "movement"
fighters = 1000
presence = { plain = 1 }
CLOSED

[[faction]]
id = "south"
name = "South"
kind = "movement"
fighters = 800
presence = { hills = 1 }

[[faction]]
id = "broker"
name = "Broker"
kind = "mediator"
leverage = 0.8

[[faction]]
id = "watch"
name = "Watch"
kind = "external_force"
fighters = 500
presence = { plain = 0.5, hills = 0.5 }
peacekeeping = 0.6

[[relation]]
between = ["north", "south"]
RELATION

[[accord]]
id = "peace"
name = "Peace"
parties = { north = "STATUS", south = "STATUS" }
health = 0.7
mediator = "broker"
GUARANTOR

[[question]]
id = "signed"
text = "Is the accord signed?"
when = { accord = { id = "peace", status = "active" } }

[[question]]
id = "north-signs"
text = "Does North sign?"
when = { accord = { id = "peace", party = "north", status = "active" } }

[[question]]
id = "open"
text = "Is it still unsigned at the end?"
at = "3 years"
when = { accord = { id = "peace", status = "proposed" } }
"#;

const NEUTRAL: &str = "stance = \"neutral\"\nhostility = 0.1\ntrust = 0.7";
const WAR: &str = "stance = \"war\"\nhostility = 0.9\ntrust = 0.1";
const MISSION: &str = "\n[[event]]\nid = \"mission\"\nname = \"Mission\"\ndate = 2024-01-01\n\
                       effect = { mission = { accord = \"peace\", lasting = \"3 years\" } }\n";
const GUARANTOR: &str = "guarantor = \"watch\"";
const RUNS: u64 = 200;
/// How many runs tell of what comes about in one in a hundred.
const MANY: u64 = 1000;

fn table(words: &[(&str, &str)], more: &str) -> Scenario {
    let mut text = TABLE.to_owned() + more + "\n[behaviour.accords]\nproposal = PROPOSAL\n";
    let usual = [("CLOSED", ""), ("GUARANTOR", ""), ("STATUS", "proposed"), ("RELATION", NEUTRAL), ("PROPOSAL", "0.0")];
    for (word, value) in words.iter().chain(&usual) {
        text = text.replace(word, value);
    }
    scenario(&text)
}

/// In what share of the runs each question is answered with yes.
fn shares(scenario: &Scenario) -> Vec<f64> {
    shares_of(scenario, RUNS)
}

fn shares_of(scenario: &Scenario, runs: u64) -> Vec<f64> {
    let model = Model::of(scenario);
    let mut runner = Runner::new(&model, Keep::ANSWERS);
    let mut sums = vec![0.0; scenario.questions.len()];
    for replicate in 0..runs {
        let record = runner.run(4, replicate);
        assert_eq!(record.failure, None);
        sums.iter_mut().zip(&record.answers).for_each(|(sum, answer)| *sum += answer.value / runs as f64);
    }
    sums
}

#[test]
fn the_willing_sign_in_most_runs_with_mediation_and_enemies_with_closed_doors_do_not() {
    let helped = shares(&table(&[("GUARANTOR", GUARANTOR)], MISSION))[0];
    let mediated = shares(&table(&[], MISSION))[0];
    let guaranteed = shares(&table(&[("GUARANTOR", GUARANTOR)], ""))[0];
    let alone = shares(&table(&[], ""))[0];
    println!("{helped} {mediated} {guaranteed} {alone}");
    assert!(helped > 0.5, "signed in {helped} of runs");
    assert!(mediated > alone + 0.1 && guaranteed > alone + 0.05 && helped > mediated);
    let enemies = shares(&table(&[("RELATION", WAR)], ""))[0];
    let mediated = shares(&table(&[("RELATION", WAR), ("GUARANTOR", GUARANTOR)], MISSION))[0];
    println!("at war: {mediated} {enemies}");
    assert!(enemies < 0.15 && enemies < alone && mediated > enemies, "{enemies} and {mediated} at war");
    let closed = [("RELATION", WAR), ("GUARANTOR", GUARANTOR), ("CLOSED", "closed_to = [\"south\"]")];
    // One or two in a hundred sign, once who closed its doors is gone.
    let shut = shares_of(&table(&closed, MISSION), MANY)[0];
    assert!(shut < 0.03, "who does not talk does not sign, but {shut} did");
}

#[test]
fn questions_see_who_has_signed() {
    let found = shares(&table(&[("GUARANTOR", GUARANTOR)], MISSION));
    assert!(found[1] > found[0] && found[0] > 0.0, "{found:?}");
    assert!((found[0] + found[2] - 1.0).abs() < 0.05, "what is not signed is still on the table: {found:?}");
}

#[test]
fn what_all_have_signed_binds_them_to_a_pact_at_once() {
    let scenario = table(&[("GUARANTOR", GUARANTOR), ("RELATION", WAR)], MISSION);
    let (north, south) = (faction(&scenario, "north"), faction(&scenario, "south"));
    let model = Model::of(&scenario);
    let mut runner = Runner::new(&model, Keep::ANSWERS);
    let (mut signed, mut refused) = (0, 0);
    for replicate in 0..100 {
        let mut witness = Witness::new(None);
        runner.begin(4, replicate);
        while !runner.at_horizon() && runner.world().accord[AccordId(0)].overall() == PartyStatus::Proposed {
            runner.step(&mut witness).unwrap();
        }
        if runner.world().accord[AccordId(0)].overall() == PartyStatus::Active {
            signed += 1;
            assert!(runner.world().stance(north, south) >= Stance::Pact);
            let signs = |name| {
                witness.account.decisions().any(|(it, yes)| it.kind == DecisionKind::Sign && it.actor == name && yes)
            };
            assert!(signs(north) && signs(south), "each signs by itself");
        }
        refused += witness.account.decisions().filter(|(it, yes)| it.kind == DecisionKind::Sign && !yes).count();
    }
    assert!(signed > 3 && refused > 100, "signed in {signed} of 100 runs, refused {refused} times");
}

#[test]
fn an_accord_can_be_signed_from_the_day_on_which_it_is_proposed() {
    let propose = "\n[[event]]\nid = \"plan\"\nname = \"Plan\"\ndate = 2024-12-30\n\
                   effect = { propose = { accord = \"peace\" } }\n";
    let words = [("GUARANTOR", GUARANTOR), ("STATUS", "drafted")];
    let scenario = table(&words, &(MISSION.to_owned() + propose));
    assert!(scenario.warnings.is_empty());
    let model = Model::of(&scenario);
    let mut runner = Runner::new(&model, Keep::ANSWERS);
    let mut signed = 0;
    for replicate in 0..60 {
        let mut witness = Witness::new(None);
        let record = runner.run_traced(4, replicate, &mut witness);
        signed += u32::from(record.answers[0].value > 0.5);
        for (step, happening) in witness.account.happenings() {
            if let HappeningKind::AccordStatus { from, to, .. } = happening.kind {
                assert_eq!(
                    (from, to) == (PartyStatus::Drafted, PartyStatus::Proposed),
                    step == 52 && from == PartyStatus::Drafted
                );
                assert!(step >= 52, "{from:?} to {to:?} in step {step}");
            }
        }
    }
    assert!(signed > 20, "signed in {signed} of 60 runs");
    let never = table(&[&words[..], &[("mediator = \"broker\"", "")]].concat(), "");
    assert!(never.warnings.iter().any(|warning| warning.message.contains("nobody can sign")));
    assert_eq!(shares(&never), [0.0, 0.0, 0.0]);
}

#[test]
fn parties_that_keep_an_accord_and_hold_no_pact_are_warned_of() {
    let kept = table(&[("STATUS", "active")], "").warnings;
    let told = kept.iter().find(|warning| warning.message.contains("keep `peace`")).unwrap();
    assert!(told.message.contains("hold a pact, not `neutral`") && told.place.is_some(), "{}", told.message);
    for status in ["suspended", "proposed"] {
        assert!(table(&[("STATUS", status)], "").warnings.iter().all(|warning| !warning.message.contains("keep")));
    }
    for file in ["northern-mali-2023.toml", "three-way-standoff.toml", "history/bosnia-1994-06.toml"] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("configs").join(file);
        let warnings = Scenario::load(&path, &Overrides::default()).unwrap_or_else(|e| panic!("{e}")).warnings;
        assert!(warnings.iter().all(|warning| !warning.message.contains("so hold a pact")), "{file}");
    }
}

#[test]
fn a_mediator_proposes_a_draft_of_its_own_accord() {
    let asked = |proposal| shares(&table(&[("STATUS", "drafted"), ("PROPOSAL", proposal)], ""))[0];
    let (never, seldom, often) = (asked("0.0"), asked("0.005"), asked("0.5"));
    assert!(never <= 0.0 && often > 0.1 && often > seldom, "signed in {never}, {seldom}, {often}");
}

#[test]
fn a_plan_that_was_given_up_can_be_proposed_again() {
    let again = "\n[[event]]\nid = \"plan\"\nname = \"Plan\"\ndate = 2024-07-01\n\
                 effect = { propose = { accord = \"peace\" } }\n";
    let words = [("GUARANTOR", GUARANTOR), ("STATUS", "withdrawn")];
    assert!(shares(&table(&words, MISSION))[0] <= 0.0);
    assert!(shares(&table(&words, &(MISSION.to_owned() + again)))[0] > 0.3);
}

#[test]
fn what_nobody_has_signed_does_not_decay() {
    let world = end(&table(&[("RELATION", WAR)], ""), 1, 100);
    if !world.accord[AccordId(0)].is_in_force() {
        assert!((world.accord[AccordId(0)].health - 0.7).abs() < 1e-12);
    }
    let mended = end(&table(&[], MISSION), 1, 1).accord[AccordId(0)].health;
    assert!(mended > 0.7, "a mission makes it better: {mended}");
}

#[test]
fn it_is_explained_why_an_accord_was_signed() {
    let scenario = table(&[("GUARANTOR", GUARANTOR)], MISSION);
    let outcome = Outcome::of_question(&scenario.setting, &scenario.questions[0]).unwrap();
    let model = model(&scenario, &outcome);
    let (setting, behaviour) = (&scenario.setting, &scenario.behaviour);
    let grounds = Grounds { setting, behaviour, outcome: &outcome, events: &[] };
    let mut again = Again::new(&model, &outcome, 4);
    let (mut signed, mut by_mission, mut by_term) = (0, 0, 0);
    for replicate in 0..40 {
        let was = again.run(replicate, None);
        let Some(moment) = was.yes_at else { continue };
        signed += 1;
        let chain = chain(setting, &outcome, &was.account, moment);
        assert!(chain.decisions().any(|decision| decision.kind == DecisionKind::Sign && decision.yes()));
        for cause in causes(&grounds, &was.account, &chain) {
            let mut flips = || again.run(replicate, Some(&cause.change)).yes_at.is_none();
            match cause.kind {
                CauseKind::Event(_) => by_mission += u32::from(flips()),
                CauseKind::Term { .. } => by_term += u32::from(flips()),
                _ => {}
            }
        }
    }
    assert!(signed > 10 && by_mission > 2 && by_term > 2, "{signed} signed, {by_mission} and {by_term} flips");
}

#[test]
fn a_party_reviews_each_of_its_accords_by_itself() {
    let second = "\n[[accord]]\nid = \"truce\"\nname = \"Truce\"\nparties = { state = \"active\", front = \"active\" }\nhealth = 0.5\n\
                  guarantor = \"peacekeepers\"\nmediator = \"peacekeepers\"\n";
    let text = VALLEYS.to_owned() + second + "\n[behaviour]\naccords = { review = 0.2, precision = 0 }\n";
    let scenario = scenario(&text);
    let one = |replicate| {
        let world = crate::mechanisms::end(&scenario, replicate, 20);
        let statuses: Vec<_> = world.accord.values().iter().map(|state| state.status.clone()).collect();
        statuses[0] != statuses[1]
    };
    assert!((0..20).filter(|replicate| one(*replicate)).count() > 10, "both are kept and left together");
}

#[test]
fn a_decision_on_an_accord_is_told_with_the_accord_and_of_those_whom_it_binds() {
    let ceasefire = "[[accord]]\nid = \"ceasefire\"\nname = \"Ceasefire\"\nhealth = 0.5\n\
                     parties = { state = \"suspended\", raiders = \"suspended\" }\n\n[[event]]\nid = \"congress\"";
    let scenario = scenario(&VALLEYS.replacen("[[event]]\nid = \"congress\"", ceasefire, 1));
    let setting = &scenario.setting;
    let named = |id: &str| setting.accords.iter().find(|(_, traits)| traits.id == id).unwrap().0;
    let pair = ["state", "raiders"].map(|id| Group::Faction(faction(&scenario, id)));
    let outcome = Outcome::of_pair(setting, pair, "pair", Stance::Alliance, false).unwrap();
    let model = model(&scenario, &outcome);
    let (mut all, mut known, mut near) = (0, 0, 0);
    for replicate in 0..40 {
        let account = Again::new(&model, &outcome, 3).run(replicate, None).account;
        let reviews = account.decisions().filter(|(decision, _)| decision.kind == DecisionKind::Accord);
        for (decision, _) in reviews {
            all += 1;
            let Some(accord) = accord_of(setting, &account, decision) else { continue };
            known += 1;
            assert!(setting.accords[accord].parties.iter().any(|(party, _)| *party == decision.actor));
        }
        for pair in account.notes.windows(2) {
            if let [(_, Note::Decided(decision, _)), (_, Note::Happened(what))] = pair
                && let HappeningKind::AccordStatus { accord, party, .. } = what.kind
                && (decision.kind, decision.actor) == (DecisionKind::Accord, party)
            {
                assert_eq!(accord_of(setting, &account, decision), Some(accord));
            }
        }
        let found = hindrances(setting, &scenario.behaviour, &outcome, &account, true);
        for (_, accord) in found.nearest.iter().filter(|(decision, _)| decision.kind == DecisionKind::Accord) {
            near += 1;
            assert_eq!(*accord, Some(named("ceasefire")), "the pair is bound by no other");
        }
    }
    assert!(known * 2 > all && near > 0, "{known} of {all} are known, {near} came near");
}
