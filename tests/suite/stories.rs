//! How one run is told: its chronicle, its timeline, and the ground that changes hands in it.

use crate::common::{VALLEYS, scenario};
use assert_cmd::Command;
use entente::analysis::why::Witness;
use entente::base::Date;
use entente::engine::{Model, Runner};
use entente::measure::Keep;
use entente::record::EventEntry;
use entente::report::figures::{Ending, offensives};
use entente::report::narrative::chronicle::{Asked, chronicle};
use entente::world::HappeningKind;

fn day(week: i64) -> Date {
    Date::new(2024, 1, 1).unwrap().plus_days(7 * week)
}

/// A line of the log, from "kind who other from to"; a dash is nothing.
fn event(week: i64, line: &str) -> EventEntry {
    let words: Vec<Option<String>> = line.split(' ').map(|word| (word != "-").then(|| word.to_owned())).collect();
    let at = |place: usize| words.get(place).cloned().flatten();
    EventEntry {
        date: day(week),
        week: week as f64,
        kind: at(0).unwrap(),
        who: at(1).unwrap(),
        other: at(2),
        from: at(3),
        to: at(4),
        public: true,
    }
}

#[test]
fn offensives_end_as_the_log_says_or_with_what_ends_them() {
    let log = [
        event(1, "offensive a b - north"),
        event(2, "offensive c b - south"),
        event(3, "offensive d b - east"),
        event(4, "offensive e b - west"),
        event(5, "offensive f b - centre"),
        event(6, "offensive h b - coast"),
        event(9, "siege c b - south"),
        event(9, "control_changed north - b a"),
        event(10, "stance_changed b d war neutral"),
        event(11, "control_changed west - b x"),
        event(12, "merged f g - -"),
        event(13, "control_changed centre - b g"),
        event(17, "repelled c b - south"),
        event(18, "offensive c b - north"),
        event(19, "control_changed south - b -"),
    ];
    let found = offensives(&log, day(60));
    let told: Vec<(&str, &str, i64, Ending)> =
        (found.iter()).map(|one| (one.attacker, one.zone, one.end.0.days_since(day(0)) / 7, one.end.1)).collect();
    assert_eq!(
        told,
        [
            ("a", "north", 9, Ending::Taken),
            ("c", "south", 17, Ending::Repelled),
            ("d", "east", 10, Ending::CalledOff),
            ("e", "west", 11, Ending::CalledOff),
            ("f", "centre", 13, Ending::Taken),
            ("h", "coast", 60, Ending::GoesOn),
            ("c", "north", 60, Ending::GoesOn),
        ]
    );
    assert_eq!(found[1].sieges, [day(9)]);
    assert_eq!((found[0].change, found[4].change, found[2].change), (Some(7), Some(11), None));
}

#[test]
fn offensives_of_one_faction_go_on_beside_each_other_and_the_log_has_the_last_word_on_their_ends() {
    let log = [
        event(1, "offensive a b - north"),
        event(5, "offensive a b - south"),
        event(9, "siege a b - north"),
        event(13, "repelled a b - south"),
        event(17, "control_changed north - b a"),
        // A peace and the end that the log tells of, on one day and a week apart.
        event(20, "offensive c b - east"),
        event(20, "offensive d b - west"),
        event(24, "stance_changed b c war neutral"),
        event(24, "repelled c b - east"),
        event(28, "siege d b - west"),
        event(30, "stance_changed b d war neutral"),
        event(31, "repelled d b - west"),
        // Attacker and defender become one.
        event(40, "offensive e f - coast"),
        event(44, "merged f e - -"),
        event(45, "offensive b e - coast"),
        event(46, "offensive b e - coast"),
    ];
    let found = offensives(&log, day(60));
    let told: Vec<(&str, i64, Ending, usize)> =
        found.iter().map(|one| (one.zone, one.end.0.days_since(day(0)) / 7, one.end.1, one.sieges.len())).collect();
    assert_eq!(
        told,
        [
            ("north", 17, Ending::Taken, 1),
            ("south", 13, Ending::Repelled, 0),
            ("east", 24, Ending::Repelled, 0),
            ("west", 31, Ending::Repelled, 1),
            ("coast", 44, Ending::CalledOff, 0),
            ("coast", 46, Ending::CalledOff, 0),
            ("coast", 60, Ending::GoesOn, 0),
        ]
    );
}

#[test]
fn a_fall_is_told_without_the_upheavals_that_it_brings() {
    let text = format!("{VALLEYS}\n[behaviour.succession]\nfall = 2.0\n[behaviour.choice]\nupheaval = 0.0\n");
    let scenario = scenario(&text);
    let model = Model::of(&scenario);
    let mut witness = Witness::new(None);
    Runner::new(&model, Keep::ALL).run_traced(3, 1, &mut witness);
    let falls = witness.account.happenings().filter(|(_, one)| matches!(one.kind, HappeningKind::Succession { .. }));
    let falls = falls.count();
    let told = chronicle(&scenario.setting, &Asked::default(), &witness.account);
    let with = |word: &str| told.entries.iter().filter(|entry| entry.text.contains(word)).count();
    assert!(falls > 2 && with("fell") == falls && with("upheaval") == 0, "{falls} falls");
}

#[test]
fn a_place_that_is_fought_for_is_told_to_fall_and_one_siege_is_told_once_as_new() {
    let text = format!("{VALLEYS}\n[behaviour.offensives]\nsiege = 0.9\ncaution = -2.0\nreadiness = 1.0\nfall = 0.9\n");
    let scenario = scenario(&text);
    let model = Model::of(&scenario);
    let (mut falls, mut long) = (0, 0);
    for replicate in 0..12 {
        let mut witness = Witness::new(None);
        Runner::new(&model, Keep::ALL).run_traced(3, replicate, &mut witness);
        let told = chronicle(&scenario.setting, &Asked::default(), &witness.account);
        let mut fought = Vec::new();
        for (step, happened) in witness.account.happenings() {
            let date = scenario.setting.calendar.date_of(step);
            match happened.kind {
                HappeningKind::Offensive { zone, .. } => fought.push(zone),
                HappeningKind::ControlChanged { zone, .. } if fought.contains(&zone) => {
                    fought.retain(|other| *other != zone);
                    let name = &scenario.setting.zones[zone].name;
                    let is_told =
                        told.entries.iter().any(|entry| entry.date == date && entry.text.contains(name.as_str()));
                    assert!(is_told, "{name} on {date} of {told:?}");
                    falls += 1;
                }
                _ => {}
            }
        }
        let mut besieged: Vec<&str> = Vec::new();
        for entry in &told.entries {
            if let Some((_, place)) = entry.text.split_once(" laid siege to ") {
                assert!(!besieged.contains(&place), "{place} is besieged twice at a time: {told:?}");
                besieged.push(place);
            } else if let Some((_, place)) = entry.text.split_once(" went on besieging ") {
                assert!(besieged.contains(&place), "{place}");
                long += 1;
            } else {
                besieged.retain(|place| !entry.text.contains(place));
            }
        }
    }
    assert!(falls > 3 && long > 0, "{falls} falls, {long} sieges that went on");
}

#[test]
fn a_story_has_a_page_with_its_charts() {
    let root = tempfile::tempdir().unwrap();
    let (file, out) = (root.path().join("valleys.toml"), root.path().join("out"));
    std::fs::write(&file, VALLEYS).unwrap();
    let command = |arguments: &[&std::ffi::OsStr]| {
        let output = Command::cargo_bin("entente").unwrap().args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let run = ["run", file.to_str().unwrap(), "--replicates", "20", "--no-charts", "--out", out.to_str().unwrap()];
    command(&run.map(std::ffi::OsStr::new));
    let replay = |more: &[&str]| {
        let arguments = [&["replay", out.to_str().unwrap(), "--replicate", "typical"], more].concat();
        command(&arguments.into_iter().map(std::ffi::OsStr::new).collect::<Vec<_>>())
    };
    replay(&["--story", "--no-charts"]);
    replay(&[]);
    assert!(!out.join("replay").exists(), "nothing is drawn unless it is asked for");
    let told = replay(&["--story"]);
    let page = told.split("Page").nth(1).unwrap().trim();
    let folder = std::path::Path::new(page).parent().unwrap();
    for name in ["timeline.svg", "timeline.png", "ground.svg", "report.html"] {
        assert!(folder.join(name).is_file(), "{name}");
    }
    let html = std::fs::read_to_string(page).unwrap();
    for figure in html.split("<figure").skip(1) {
        let least = figure.split("--least:").nth(1).and_then(|rest| rest.split("px").next()).unwrap();
        let least: f64 = least.parse().unwrap();
        assert!((500.0..2000.0).contains(&least), "a chart is as wide as its letters need: {least}");
    }
    assert!(html.contains("One future: replicate") && html.contains("Ground that changes hands"));
}
