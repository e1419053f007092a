//! Branches act as they are told to, and no two analyses that were asked differently share a folder.

use crate::common::{VALLEYS, faction, scenario};
use assert_cmd::Command;
use entente::analysis::branch::pull;
use entente::engine::{Checkpoint, Model, Runner};
use entente::measure::Keep;
use entente::mechanism::Silent;
use entente::scenario::{Overrides, Scenario};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn moment(scenario: &Scenario, step: u32) -> Checkpoint {
    let mut runner = Runner::new(&Model::of(scenario), Keep::ALL);
    runner.begin(1, 0);
    while runner.world().step < step {
        runner.step(&mut Silent).unwrap();
    }
    runner.checkpoint()
}

#[test]
fn a_boast_is_seen_at_once_by_all_and_moves_no_other_estimate() {
    let scenario = scenario(VALLEYS);
    let before = moment(&scenario, 10).world;
    let set = vec!["faction.raiders.boast=3".to_owned()];
    let changed = scenario.overridden(&Overrides { set, variant: None }).unwrap();
    let mut world = before.clone();
    let (_, pulled) = pull(&scenario, &changed, &mut world).unwrap();
    assert!(pulled.moved.iter().any(|moved| moved.starts_with("what others believe of the strength of")), "{pulled:?}");
    let raiders = faction(&scenario, "raiders");
    // What a start under the lever is seen as, over what it is seen as without.
    let state = faction(&scenario, "state");
    let seen = |of: &Scenario| of.setting.initial.belief[(state, raiders)];
    let factor = seen(&changed) / seen(&scenario);
    assert!(factor > 1.2, "{factor}");
    let standing: Vec<_> = world.alive.ids().filter(|faction| world.alive[*faction]).collect();
    for (observer, observed) in standing.iter().flat_map(|one| standing.iter().map(move |other| (*one, *other))) {
        let expected = if observed == raiders && observer != raiders { factor } else { 1.0 };
        let (was, is) = (before.belief[(observer, observed)], world.belief[(observer, observed)]);
        assert!((is - expected * was).abs() <= 1e-9 * was, "{observer:?} of {observed:?}: {was} to {is}");
    }
}

/// Runs a command.
fn done(folder: &Path, command: &str) -> String {
    let output = Command::cargo_bin("entente").unwrap().current_dir(folder).args(command.split(' ')).output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command}: {told}");
    told
}

/// The bytes of every file in a folder and below.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().map(Result::unwrap) {
        match entry.path() {
            path if path.is_dir() => found.extend(files(&path)),
            path => drop(found.insert(path.clone(), std::fs::read(path).unwrap())),
        }
    }
    found
}

/// Runs commands whose settings differ, each of which must leave what the others wrote as it is.
fn side_by_side(folder: &Path, kind: &str, commands: &[String]) {
    let at = folder.join("out").join(kind);
    for command in commands {
        let before = files(&at);
        let told = done(folder, command);
        let after = files(&at);
        let kept = before.iter().all(|(path, bytes)| after.get(path) == Some(bytes));
        assert!(kept && after.len() > before.len(), "{command} writes over another analysis: {told}");
    }
}

#[test]
fn analyses_that_were_asked_differently_stand_side_by_side() {
    let root = tempfile::tempdir().unwrap();
    let here = root.path();
    std::fs::write(here.join("valleys.toml"), VALLEYS).unwrap();
    done(here, "run valleys.toml --replicates 12 --no-charts --out out");
    let branch = |more: &str| format!("branch out --replicate 0 --no-charts {more}");
    let lever = "--at 2024-03-04 --set faction.raiders.boast=1";
    let branches =
        ["--at 2024-03-04 --fresh 2", "--at 2024-03-04 --fresh 3", "--dates 2 --fresh 2", "--dates 2 --fresh 3"];
    let levers = [lever.to_owned(), format!("{lever} --fresh 2"), format!("{lever} --fresh 3")];
    let all: Vec<String> =
        branches.iter().map(|more| branch(more)).chain(levers.iter().map(|more| branch(more))).collect();
    side_by_side(here, "branch", &all);
    let explain =
        ["", " --cases 2", " --cases 3"].map(|more| format!("explain out --question deaths --no-charts{more}"));
    side_by_side(here, "explain", &explain);
    std::fs::write(
        here.join("news.toml"),
        "[[fact]]\ntext = \"x\"\nmeasure = { deaths = {} }\nat = 2024-03-04\nobserved = 40\n",
    )
    .unwrap();
    let update =
        ["", " --question war", " --question deaths", " --continue --particles 10", " --continue --particles 11"]
            .map(|more| format!("update out --observed news.toml --no-charts{more}"));
    side_by_side(here, "update", &update);
}

#[test]
fn analyses_of_a_sweep_that_were_asked_differently_stand_side_by_side() {
    let root = tempfile::tempdir().unwrap();
    let here = root.path();
    let unsure = "\n[[uncertainty]]\npath = \"faction.raiders.fighters\"\nlow = 100\nhigh = 6000\n\n\
                  [[uncertainty]]\npath = \"faction.state.aggression\"\nlow = 0\nhigh = 1\n";
    std::fs::write(here.join("valleys.toml"), VALLEYS.to_owned() + unsure).unwrap();
    done(here, "sweep valleys.toml --points 64 --replicates 2 --no-charts --out out");
    let of = |command: &str, list: &[&str]| -> Vec<String> {
        list.iter().map(|more| format!("{command} out --question deaths --no-charts {more}")).collect()
    };
    let one = "--inputs faction.raiders.fighters";
    side_by_side(here, "sensitivity", &of("sensitivity", &["--method auto", "--method given", one]));
    let lines = ["--above 300", "--above 330", "--below 330", "--above 330 --limits 1", "--above 330 --resamples 10"];
    side_by_side(here, "discover", &of("discover", &lines));
    side_by_side(here, "assumptions", &of("assumptions", &["--above 300", "--above 330", "--below 330"]));
}
