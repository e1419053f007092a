//! What commands do not do, and what they say to do instead.

use crate::common::VALLEYS;
use assert_cmd::Command;
use entente::chart::{Colour, Heading, Ids, PairTable, Party, RelationMatrix, render};
use entente::scenario::{Overrides, Scenario};
use std::path::Path;

/// What a command says, in one line, and its exit code.
fn said(folder: &Path, arguments: &[&str]) -> (String, i32) {
    let output = Command::cargo_bin("entente").unwrap().current_dir(folder).args(arguments).output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    (told.split_whitespace().collect::<Vec<_>>().join(" "), output.status.code().unwrap())
}

#[test]
fn a_new_scenario_is_written_here_and_nowhere_else() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("here");
    std::fs::create_dir(&folder).unwrap();
    for name in ["../x", "a/b", "/tmp/x.toml", "..", "X", ""] {
        let (told, code) = said(&folder, &["new", name]);
        assert_eq!(code, 2, "{name}: {told}");
        assert!(told.contains("lower-case letters") && (!name.contains('/') || told.contains("folder")), "{told}");
    }
    assert_eq!(std::fs::read_dir(root.path()).unwrap().count(), 1);
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
    assert_eq!(said(&folder, &["new", "x.toml"]).1, 0);
    assert!(folder.join("x.toml").is_file());
}

#[test]
fn a_file_is_written_to_a_folder_that_is_there_or_nothing_is_done() {
    let root = tempfile::tempdir().unwrap();
    std::fs::write(root.path().join("valleys.toml"), VALLEYS).unwrap();
    let run = ["run", "valleys.toml", "--replicates", "4", "--no-charts", "--out", "out"];
    assert_eq!(said(root.path(), &run).1, 0);
    let commands: [&[&str]; 2] = [
        &["replay", "out", "--replicate", "0", "--trace"],
        &["branch", "out", "--at", "2024-03-01", "--replicate", "0", "--set", "x=1", "--save"],
    ];
    for command in commands {
        for (path, expected) in [("out", "out is a folder"), ("none/x", "there is no folder none to write none/x in")] {
            let (told, code) = said(root.path(), &[command, &[path]].concat());
            assert!(code == 2 && told.contains(expected), "{told}");
        }
    }
    let import = ["import", "events.csv", "--zones", "zones.json", "--start", "2024-01-01", "--out", "none/a.toml"];
    let (told, code) = said(root.path(), &import);
    assert!(code == 2 && told.contains("there is no folder none to write none/a.toml in"), "{told}");
    assert!(!root.path().join("none").exists());
}

#[test]
fn nothing_is_written_over_but_a_file_of_the_same_kind() {
    let root = tempfile::tempdir().unwrap();
    let here = root.path();
    std::fs::write(here.join("valleys.toml"), VALLEYS).unwrap();
    let run = ["run", "valleys.toml", "--replicates", "4", "--no-charts", "--out", "out"];
    assert_eq!(said(here, &run).1, 0);
    let branch = ["branch", "out", "--at", "2024-03-01", "--replicate", "0", "--fresh", "2", "--no-charts", "--save"];
    let replay = ["replay", "out", "--replicate", "0", "--trace"];
    let kinds: [(&[&str], &str, &str); 2] =
        [(&branch, "moment.bin", "checkpoint"), (&replay, "trace.parquet", "trace")];
    for (command, own, kind) in kinds {
        for path in ["valleys.toml", "out/runs.parquet", "out/events.parquet", "out/manifest.json"] {
            let before = std::fs::read(here.join(path)).unwrap();
            let (told, code) = said(here, &[command, &[path]].concat());
            assert!(code == 2 && told.contains(&format!("{path} is there already and is no {kind}")), "{told}");
            assert!(std::fs::read(here.join(path)).unwrap() == before, "{path}");
        }
        for _ in 0..2 {
            let (told, code) = said(here, &[command, &[own]].concat());
            assert_eq!(code, 0, "{told}");
        }
    }
    let (told, code) = said(here, &[&replay[..], &["moment.bin"]].concat());
    assert!(code == 2 && told.contains("is no trace"), "{told}");
    let misspelt = ["left.bin", "--set", "faction.raiders.agression=1"];
    let (told, code) = said(here, &[&branch[..], &misspelt].concat());
    assert!(code == 2 && told.contains("aggression") && !here.join("left.bin").exists(), "{told}");
    for lever in [["--set", "faction.raiders.aggression=1"], ["--variant", "none"]] {
        let (told, code) = said(here, &[&["branch", "out", "--replicate", "0", "--dates", "3"][..], &lever].concat());
        assert!(code == 2 && told.contains("cannot be used with"), "{told}");
    }
}

#[test]
fn what_a_lever_moves_over_fresh_futures_is_told_with_how_sure_it_is() {
    let root = tempfile::tempdir().unwrap();
    let here = root.path();
    std::fs::write(here.join("valleys.toml"), VALLEYS).unwrap();
    let run = ["run", "valleys.toml", "--replicates", "4", "--no-charts", "--out", "out"];
    let (told, code) = said(here, &run);
    assert!(code == 0 && !told.contains("a tenth of the runs"), "{told}");
    let branch = |lever: &str, at: &str, more: &[&str]| {
        let base = ["branch", "out", "--replicate", "0", "--no-charts", "--at", at, "--set", lever, "--fresh", "60"];
        let (told, code) = said(here, &[&base[..], more].concat());
        assert_eq!(code, 0, "{told}");
        told
    };
    // What changes little is within chance, and said to be.
    let little = branch("faction.state.fighters=3001", "2024-10-01", &[]);
    assert!(little.contains("stands out when all") || little.contains("by more than luck can explain"), "{little}");
    let text = branch("faction.raiders.fighters=20000", "2024-02-01", &["--format", "json"]);
    let (start, end) = (text.find('{').unwrap(), text.rfind('}').unwrap());
    let json: serde_json::Value = serde_json::from_str(&text[start..=end]).unwrap();
    for row in json["answers"].as_array().unwrap() {
        let number = |name: &str| row[name].as_f64();
        assert!(row["stands_out"].is_boolean() && row["n"] == 60, "{row}");
        for side in ["fresh_before", "fresh_after", "difference"] {
            let ends = (number(&format!("{side}_low")).unwrap(), number(&format!("{side}_high")).unwrap());
            assert!((ends.0..=ends.1).contains(&number(side).unwrap()), "{side}: {row}");
        }
        let gap = number("difference_high").unwrap() - number("difference_low").unwrap();
        assert!(row["kind"] != "yes_no" || gap > 0.05, "{row}");
    }
}

/// A question at several moments, and inputs of which some draws cannot be run.
fn results(folder: &Path) {
    let bounds = |path: &str| format!("\n[[uncertainty]]\npath = \"{path}\"\nlow = 0.1\nhigh = 0.8\n");
    let text = VALLEYS
        .replace("id = \"deaths\"\n", "id = \"deaths\"\nat = [\"2 months\", \"6 months\", \"4 months\"]\n")
        + &bounds("zone.plain.control.raiders")
        + &bounds("zone.plain.control.state");
    std::fs::write(folder.join("valleys.toml"), text).unwrap();
    let (told, code) = said(folder, &["run", "valleys.toml", "--replicates", "64", "--no-charts", "--out", "out"]);
    assert_eq!(code, 1, "{told}");
}

/// What was reported of the valleys since the start.
fn facts(folder: &Path) {
    let text = "[[fact]]\ntext = \"Killed\"\nmeasure = { deaths = {} }\nat = 2024-02-15\nobserved = 40\nerror = 2\n";
    std::fs::write(folder.join("observed.toml"), text).unwrap();
}

#[test]
fn a_failed_replicate_is_told_of_and_the_others_are_counted_and_explained() {
    let root = tempfile::tempdir().unwrap();
    results(root.path());
    let table = entente::record::Results::open(&root.path().join("out")).unwrap();
    let failed = table.failures(usize::MAX).unwrap();
    assert!((1..60).contains(&failed.len()), "{}", failed.len());
    let left = 64 - failed.len();
    let replicate = failed[0].0.replicate.to_string();
    for question in ["deaths-6m", "pact"] {
        let (told, code) = said(root.path(), &["explain", "out", "--question", question, "--replicate", &replicate]);
        assert_eq!(code, 2, "{told}");
        assert!(told.contains(&format!("replicate {replicate} failed: it cannot be run with zone.plain")), "{told}");
    }
    let (told, code) = said(root.path(), &["branch", "out", "--at", "2024-03-01", "--replicate", &replicate]);
    assert!(code != 0 && told.contains(&format!("replicate {replicate} failed")), "{told}");
    let (told, code) = said(root.path(), &["explain", "out", "--question", "deaths-6m", "--no-charts"]);
    assert!(code == 0 && told.contains(&format!("over {left} replicates")), "{told}");
    facts(root.path());
    let news = ["update", "out", "--observed", "observed.toml", "--no-charts"];
    let (told, code) = said(root.path(), &news);
    assert!(code == 0 && told.contains(&format!("{left} runs are as good as")), "{told}");
    let (told, code) = said(root.path(), &[&news[..], &["--continue"]].concat());
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(code == 0 && told.contains(&format!("{left} runs went on")), "{told}");
    assert!(told.contains(&format!("{} others failed and are left out", failed.len())), "{told}");
    let (told, _) = said(root.path(), &["run", "valleys.toml", "--replicates", "64", "--no-charts", "--out", "out"]);
    assert!(told.contains(&format!("Shares of {left} simulated futures")), "{told}");
}

#[test]
fn a_question_of_several_moments_means_its_last() {
    let root = tempfile::tempdir().unwrap();
    results(root.path());
    let (told, code) = said(root.path(), &["explain", "out", "--question", "deaths", "--no-charts"]);
    assert!(code == 0 && told.contains("`deaths` is asked of 3 moments: this is of the last, `deaths-6m`"), "{told}");
    let (told, code) = said(root.path(), &["replay", "out", "--replicate", "high", "--question", "deaths"]);
    assert!(code == 0 && told.contains("the others are deaths-2m, deaths-4m"), "{told}");
    facts(root.path());
    let news = ["update", "out", "--observed", "observed.toml", "--no-charts", "--question"];
    let (told, code) = said(root.path(), &[&news[..], &["deaths"]].concat());
    assert!(code == 0 && told.contains("this is of the last, `deaths-6m`"), "{told}");
    for command in [&["sensitivity", "out", "--question"][..], &news] {
        let (told, code) = said(root.path(), &[command, &["death"]].concat());
        assert!(code == 2 && told.contains("no question `death`; did you mean `deaths`?"), "{told}");
    }
}

#[test]
fn a_value_may_be_set_past_what_is_thought_possible() {
    let root = tempfile::tempdir().unwrap();
    let text = VALLEYS.replacen("fighters = 800\n", "fighters = { value = 800, low = 500, high = 900 }\n", 1);
    assert!(text.contains("low = 500"));
    std::fs::write(root.path().join("valleys.toml"), text).unwrap();
    let set = ["run", "valleys.toml", "--set", "faction.raiders.fighters=2000", "--replicates", "2", "--out", "out"];
    let (told, code) = said(root.path(), &[&set[..], &["--no-charts"]].concat());
    assert_eq!(code, 0, "{told}");
    let (told, code) = said(root.path(), &["check", "out/scenario.toml", "--no-runs"]);
    assert_eq!(code, 0, "{told}");
}

#[test]
fn a_sweep_lists_no_answer_that_does_not_move() {
    let root = tempfile::tempdir().unwrap();
    let never = "\n[[question]]\nid = \"never\"\ntext = \"Is the moon of cheese?\"\nmeasure_when = 1\n";
    let never = never.replace(
        "measure_when = 1",
        "when = { stance = { between = [\"red\", \"raiders\"], at_least = \"alliance\" } }\nat = \"1 week\"",
    );
    let open = "\n[[uncertainty]]\npath = \"faction.raiders.fighters\"\nlow = 100\nhigh = 3000\n";
    std::fs::write(root.path().join("valleys.toml"), VALLEYS.to_owned() + &never + open).unwrap();
    let swept = ["sweep", "valleys.toml", "--points", "24", "--replicates", "10", "--out", "out"];
    let (told, code) = said(root.path(), &swept);
    assert_eq!(code, 0, "{told}");
    let page = std::fs::read_to_string(root.path().join("out/report.html")).unwrap();
    let list = page.rsplit("answers that move most").next().unwrap().split("</ul>").next().unwrap();
    assert!(!list.contains("moon of cheese"), "{list}");
    assert!(page.contains("the same at all points."));
    let (told, code) =
        said(root.path(), &["sensitivity", "out", "--question", "never", "--method", "given", "--no-charts"]);
    assert!(code == 0 && told.contains("The answer is the same at all 24 points, 0%: no input moves it."), "{told}");
    assert!(!told.contains("matters most") && !told.contains("Luck"), "{told}");
}

#[test]
fn what_is_wrong_in_one_variant_hides_nothing_of_another() {
    let variants = r#"
[[variant]]
id = "misspelt"
title = "Misspelt"
changes = { "faction.raidrs.fighters" = 1 }

[[variant]]
id = "too-much"
title = "Too much"
changes = { "faction.raiders.outreach" = 4 }
"#;
    let text = VALLEYS.to_owned() + variants;
    let problems = Scenario::from_text("valleys.toml", &text, &Overrides::default()).unwrap_err();
    let told: Vec<&str> = problems.list.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].starts_with("in variant `misspelt`") && told[0].contains("raidrs"), "{told:?}");
    assert!(told[1].starts_with("in variant `too-much`") && told[1].contains("outreach"), "{told:?}");
}

#[test]
fn a_scenario_and_a_calibration_are_told_apart() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("configs");
    let (told, code) = said(&root, &["calibrate", "three-way-standoff.toml"]);
    assert!(code == 2 && told.contains("this is a scenario, no calibration"), "{told}");
    for command in ["run", "check"] {
        let (told, code) = said(&root, &[command, "calibration.toml"]);
        assert!(code == 2 && told.contains("this is a calibration, no scenario"), "{told}");
        assert_eq!(told.matches("error:").count(), 1, "{told}");
    }
    let folder = tempfile::tempdir().unwrap();
    assert!(said(folder.path(), &["score", "latest:none"]).0.contains("none of any other"));
}

/// What a command says to what it is given on standard input.
fn said_to(input: &str, folder: &Path, arguments: &[&str]) -> (String, i32) {
    let mut command = Command::cargo_bin("entente").unwrap();
    let output = command.current_dir(folder).args(arguments).write_stdin(input).output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    (told, output.status.code().unwrap())
}

#[test]
fn a_dash_stands_for_standard_input_wherever_a_file_is_read() {
    let root = tempfile::tempdir().unwrap();
    let here = root.path();
    std::fs::write(here.join("valleys.toml"), VALLEYS).unwrap();
    let run = |input: &str, scenario: &str, out: &str| {
        let (told, code) =
            said_to(input, here, &["run", scenario, "--replicates", "5", "--no-charts", "--quiet", "--out", out]);
        assert_eq!(code, 0, "{told}");
        entente::record::Results::open(&here.join(out)).unwrap().manifest().result_digest.clone()
    };
    assert_eq!(run(VALLEYS, "-", "piped"), run("", "valleys.toml", "named"));
    // What a scenario on standard input names is looked for in the working folder.
    let (told, code) =
        said_to("extends = \"valleys.toml\"\n[scenario]\nid = \"twin\"\n", here, &["check", "-", "--no-runs"]);
    assert!(code == 0 && told.contains("standard input: can be run"), "{told}");
    let (told, code) = said_to("[scenario]\nid = 3\n", here, &["check", "-"]);
    assert!(code == 2 && told.contains("-:2:"), "{told}");
    let table: String = (0..40).map(|row| format!("{},{},{}\n", row, row * 7 % 11, i32::from(row > 30))).collect();
    let table = format!("a,b,y\n{table}");
    let (told, code) = said_to(&table, here, &["discover", "-", "--output", "y", "--inputs", "a,b", "--no-charts"]);
    assert!(code == 0 && told.contains('a'), "{told}");
    let matrix = "actor,size,red,blue\nred,2,,1\nblue,2,1,\n";
    let (told, code) = said_to(matrix, here, &["landscape", "-", "--quiet", "--out", "landscape"]);
    assert_eq!(code, 0, "{told}");
    let design = "faction.raiders.fighters\n500\n900\n";
    let sweep = ["sweep", "valleys.toml", "--design", "-", "--replicates", "2", "--no-charts", "--out", "swept"];
    let (told, code) = said_to(design, here, &sweep);
    assert!(code == 0 && told.contains("2 points"), "{told}");
    let draws = ["run", "valleys.toml", "--inputs", "-", "--replicates", "2", "--no-charts", "--out", "drawn"];
    let (told, code) = said_to(design, here, &draws);
    assert_eq!(code, 0, "{told}");
    let land = r#"{"type":"Feature","id":"hills","properties":{},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}}"#;
    let (told, code) = said_to(land, here, &["report", "named", "--boundaries", "-"]);
    assert!(code == 0 && told.contains("standard input: no outline for `capital`"), "{told}");
}

#[test]
fn every_seed_of_64_bits_is_one_and_no_other_number() {
    let with = |seed: &str| {
        let text = VALLEYS.replace("seed = 3\n", &format!("seed = {seed}\n"));
        assert_ne!(text, VALLEYS);
        Scenario::from_text("v.toml", &text, &Overrides::default())
    };
    let seed = |written: &str, set: &str| {
        let overrides = Overrides { set: vec![format!("run.seed={set}")], variant: None };
        let scenario = with(written).unwrap();
        let set = scenario.overridden(&overrides).unwrap();
        let again = Scenario::from_text("v.toml", &set.resolved_toml(), &Overrides::default()).unwrap();
        assert_eq!(again.file.run.seed, set.file.run.seed);
        (scenario.file.run.seed, set.file.run.seed)
    };
    assert_eq!(seed("18446744073709551615", "0xffff_ffff_ffff_fffe"), (u64::MAX, u64::MAX - 1));
    let beyond = with("18446744073709551616");
    assert!(beyond.unwrap_err().to_string().contains("is out of range"));
    for wrong in ["-1", "1.5", "18446744073709551616"] {
        let (told, code) = said(Path::new("."), &["run", "configs/three-way-standoff.toml", "--seed", wrong]);
        assert!(code == 2 && told.contains("expected a whole number from 0 to 18446744073709551615"), "{told}");
        assert!(!told.contains("tip:"), "{told}");
    }
    let (told, _) = said(Path::new("."), &["run", "configs/three-way-standoff.toml", "--replicates", "-5"]);
    assert!(told.contains("--replicates") && !told.contains("tip:"), "{told}");
}

#[test]
fn names_that_people_take_for_each_other_are_warned_of() {
    let told = |changes: &[(&str, &str)]| -> Vec<String> {
        let text = changes.iter().fold(VALLEYS.to_owned(), |text, (from, to)| {
            assert!(text.contains(from), "{from}");
            text.replacen(from, to, 1)
        });
        let scenario =
            Scenario::from_text("v.toml", &text, &Overrides::default()).unwrap_or_else(|wrong| panic!("{wrong}"));
        scenario.warnings.into_iter().map(|warning| warning.message).collect()
    };
    let factions: Vec<String> = VALLEYS
        .split("[[faction]]")
        .skip(1)
        .map(|part| part.lines().find(|line| line.starts_with("name = ")).unwrap().to_owned())
        .collect();
    let usual = told(&[]).len();
    let with = |one: &str, other: &str| told(&[(&factions[0], one), (&factions[1], other)]);
    assert!(
        with("name = \"Les Rouges\"", "name = \"les rouges\"")
            .iter()
            .any(|words| words.contains("but for case, accents or signs"))
    );
    assert!(with("name = \"Rouges\"", "name = \"Rouges\"").iter().any(|words| words.contains("has the name of")));
    assert!(
        with("name = \"A\"\nlabel = \"X\"", "name = \"B\"\nlabel = \"X\"")
            .iter()
            .any(|words| words.contains("has the label of"))
    );
    let alike = with("name = \"Movement of the North\"", "name = \"Movement of the South\"");
    assert!(alike.iter().any(|words| words.contains("begin alike")), "{alike:?}");
    let labelled = with(
        "name = \"Movement of the North\"\nlabel = \"North\"",
        "name = \"Movement of the South\"\nlabel = \"South\"",
    );
    assert_eq!(labelled.len(), usual, "{labelled:?}");
    let countries = told(&[("country = \"Home\"\nposition = [1, 1]", "country = \"home\"\nposition = [1, 1]")]);
    assert!(
        countries
            .iter()
            .any(|words| words == "`home` and `Home` differ in case, accents or signs alone: they are two countries")
    );
    // Composed and decomposed letters are the same from the start, as keys too.
    let text = VALLEYS.replace("\"Home\"", "\"Côte\"").replacen("\"Côte\"", "\"Co\u{302}te\"", 1);
    let text = text.replace("\"autonomy\"", "\"autonomie\u{301}\"").replace("autonomy =", "\"autonomi\u{e9}\" =");
    let scenario = Scenario::from_text("v.toml", &text, &Overrides::default());
    let scenario = scenario.unwrap_or_else(|wrong| panic!("{wrong}"));
    assert!(
        scenario.file.zone.iter().filter(|zone| zone.country != "Elsewhere").all(|zone| zone.country == "C\u{f4}te")
    );
}

/// Who with whom, of two.
fn two(names: [&str; 2]) -> RelationMatrix {
    let party = |name: &str| Party { name: name.into(), colour: Colour::new(0, 0, 0) };
    RelationMatrix {
        heading: Heading::new("Who with whom", ""),
        parties: names.map(party).to_vec(),
        tables: vec![PairTable { title: "At war".into(), values: vec![0.0, 0.0, 0.5, 0.0], rung: 0 }],
        sponsors: Vec::new(),
        umbrellas: false,
    }
}

#[test]
fn names_in_other_scripts_stay_in_drawings_and_are_ids_in_images() {
    let ids = Ids::of([("قوات النهر", "rivermen"), ("Traders", "traders")]);
    let drawn = render(&two(["قوات النهر", "Traders"]), &[], &ids).unwrap();
    assert!(drawn.svg.contains("قوات النهر") && drawn.svg.contains("sans-serif"));
    assert_eq!(drawn.png, render(&two(["rivermen", "Traders"]), &[], &ids).unwrap().png);
    let root = tempfile::tempdir().unwrap();
    let text = VALLEYS.replacen("name = \"Hills\"", "name = \"ኮረብቶች\"", 1);
    std::fs::write(root.path().join("v.toml"), text).unwrap();
    let (told, _) = said(root.path(), &["check", "v.toml", "--no-runs"]);
    assert!(told.contains("show ids: hills."), "{told}");
}

#[test]
fn names_that_begin_alike_are_told_apart_where_they_are_cut() {
    let of = |side: &str| format!("Movement for the Liberation of all the Peoples of the {side}");
    let names = [of("North"), of("South")];
    let drawn = render(&two(names.each_ref().map(String::as_str)), &[], &Ids::default()).unwrap().svg;
    assert!(drawn.contains("…North<") && drawn.contains("…South<"), "{drawn}");
}
