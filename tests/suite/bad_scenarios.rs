//! What is wrong with a scenario is told in one go, each problem with the line and column where it stands.

use entente::scenario::{Overrides, Problems, Scenario};
use std::collections::{BTreeMap, BTreeSet};

/// A sound scenario; each test puts one thing wrong.
const SOUND: &str = include_str!("../fixtures/sound.toml");

fn load(text: &str) -> Result<Scenario, Problems> {
    Scenario::from_text("test.toml", text, &Overrides::default())
}

/// The problems as `line:column message | expected | help`.
fn told(problems: &Problems) -> Vec<String> {
    problems
        .list
        .iter()
        .map(|problem| {
            let place = match &problem.place {
                Some(place) => {
                    let (line, column) = problems.files.line_and_column(place);
                    format!("{line}:{column} ")
                }
                None => String::new(),
            };
            let more = [&problem.expected, &problem.help].into_iter().flatten();
            more.fold(format!("{place}{}", problem.message), |line, part| format!("{line} | {part}"))
        })
        .collect()
}

/// Where `needle` stands in a text, as `line:column `.
fn place_of(text: &str, needle: &str) -> String {
    let at = text.find(needle).unwrap_or_else(|| panic!("no {needle} in the text"));
    let line = text[..at].matches('\n').count() + 1;
    let column = at - text[..at].rfind('\n').map_or(0, |newline| newline + 1) + 1;
    format!("{line}:{column} ")
}

#[test]
fn the_sound_scenario_is_sound() {
    load(SOUND).unwrap_or_else(|problems| panic!("{problems}"));
}

/// The cases of a fixture: the texts behind the marks of each, and that of a mark that does not stand empty.
fn cases(fixture: &str) -> Vec<BTreeMap<char, String>> {
    let lines = |block: &str| {
        let mut case: BTreeMap<char, String> = BTreeMap::new();
        for line in block.lines().filter(|line| !line.starts_with('#')) {
            let text = line.get(2..).unwrap_or_default();
            let mark = line.chars().next().unwrap();
            case.entry(mark).and_modify(|before| *before += &format!("\n{text}")).or_insert_with(|| text.to_owned());
        }
        case
    };
    let mut cases: Vec<_> = fixture.split("\n\n").map(lines).collect();
    cases.retain(|case| !case.is_empty());
    cases
}

/// That each case of a fixture, put into a sound text, is told with its place. Line ends are written `\n` in these.
pub fn each_is_told<T>(sound: &str, fixture: &str, read: impl Fn(&str) -> Result<T, Problems>) {
    let mut missed = Vec::new();
    for case in cases(fixture) {
        let old = case[&'-'].replace("\\n", "\n");
        assert!(sound.contains(&old), "no {old} in the fixture");
        let text = sound.replacen(&old, &case[&'+'].replace("\\n", "\n"), 1);
        let expected = format!("{}{}", place_of(&text, &case[&'@'].replace("\\n", "\n")), case[&'=']);
        match read(&text) {
            Ok(_) => missed.push(format!("nothing wrong with {}", case[&'+'])),
            Err(problems) if told(&problems).contains(&expected) => {}
            Err(problems) => missed.push(format!("{expected}\n  not among\n{}", told(&problems).join("\n"))),
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn one_thing_wrong_is_told_with_its_place() {
    let mut missed = Vec::new();
    let cases = cases(include_str!("../fixtures/bad_scenarios.txt"));
    assert!(cases.len() >= 82, "{}", cases.len());
    for case in &cases {
        let [from, to, place, expected] = ['-', '+', '@', '='].map(|mark| case.get(&mark).map_or("", String::as_str));
        assert!(SOUND.contains(from) && !from.is_empty() && !expected.is_empty(), "{case:?}");
        let text = SOUND.replacen(from, to, 1);
        let place = if place.is_empty() { String::new() } else { place_of(&text, place) };
        let problems = match load(&text) {
            Ok(_) => {
                missed.push(format!("nothing said about {to}"));
                continue;
            }
            Err(problems) => told(&problems),
        };
        let told_so = problems.iter().any(|problem| {
            let said = problem.split_once(' ').map_or("", |(_, said)| said);
            problem.starts_with(&format!("{place}{expected}")) || (place.is_empty() && said.starts_with(expected))
        });
        if !told_so {
            missed.push(format!("expected {place}{expected}\n   found {}", problems.join("\n         ")));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn all_problems_are_told_at_once_in_the_order_of_the_text() {
    let text = SOUND
        .replace("population = 1000", "population = -1")
        .replace("kind = \"armed_group\"", "kind = \"army\"")
        .replace("fighters = 500", "fighters = \"many\"\nbravery = 3")
        .replace("hostility = 0.4", "hostility = 4")
        .replace("umbrella = \"rebels\"", "umbrella = \"rebel\"");
    let problems = told(&load(&text).unwrap_err());
    let messages: Vec<&str> = problems.iter().filter_map(|problem| problem.split([' ']).next()).collect();
    let lines: Vec<u32> = messages.iter().filter_map(|place| place.split(':').next()?.parse().ok()).collect();
    assert_eq!(problems.len(), 6, "{}", problems.join("\n"));
    assert!(lines.is_sorted(), "{lines:?}");
}

/// What is wrong with a text, without the places.
fn wrong_with(text: &str) -> BTreeSet<String> {
    let problems = load(text).err().map(|problems| told(&problems)).unwrap_or_default();
    let words = |problem: &String| problem.split_once(' ').map_or("", |(_, words)| words).to_owned();
    problems.iter().map(words).collect()
}

#[test]
fn one_bad_field_hides_nothing_of_its_entry_and_makes_nothing_up() {
    let sets: [&[(&str, &str)]; 3] = [
        &[
            ("horizon = \"2 years\"", "horizon = \"-3 months\""),
            ("id = \"small\"", "id = \"Bad One\""),
            ("within = \"12 months\"", "within = []"),
        ],
        &[
            ("kind = \"movement\"\nfighters = 500", "kind = \"mob\"\nfighters = 500\ncolour = \"red\""),
            ("presence = { kidal = 1 }", "presence = { kidal = 0.5 }"),
            ("position = [1.4, 18.4]", "position = [1, 2, 3]"),
            ("control = { rebels = 0.6 }", "control = { rebel = 0.6 }"),
            ("merge = { umbrella", "marge = { umbrella"),
            ("date = 2023-02-08", "date = 2020-01-01"),
            ("between = [\"jnim\", \"rebels\"]\nstance = \"rivalry\"", "between = [\"jnim\"]\nstance = \"rivlry\""),
            ("hostility = 0.4", "hostility = 4"),
        ],
        &[("axes = [\"order\"]", "axes = [\"order\", \"order\"]"), ("title = \"Small\"\nstart", "start")],
    ];
    for set in sets {
        let of_each: BTreeSet<String> = set
            .iter()
            .flat_map(|(from, to)| {
                let told = wrong_with(&SOUND.replacen(from, to, 1));
                assert!(SOUND.contains(from) && !told.is_empty(), "nothing is wrong with {to}");
                told
            })
            .collect();
        let all = set.iter().fold(SOUND.to_owned(), |text, (from, to)| text.replacen(from, to, 1));
        assert_eq!(wrong_with(&all), of_each, "{set:?}");
    }
}

#[test]
fn numbers_are_told_as_they_were_written_and_whole_ones_need_no_digits() {
    let of = |from: &str, to: &str| wrong_with(&SOUND.replacen(from, to, 1)).into_iter().collect::<String>();
    assert_eq!(of("replicates = 10", "replicates = 1e2"), "");
    assert!(of("replicates = 10", "replicates = 1.5e0").contains("wrong type: `replicates` is 1.5"));
    let told = of("fighters = 500", "fighters = -1e300");
    assert!(told.contains("`fighters` is -1e300") && told.len() < 200, "{told}");
    let told = of("position = [1.4, 18.4]", "position = [1.4]");
    assert!(told.contains("an array of 1") && told.contains("expected an array of 2"), "{told}");
}

#[test]
fn the_text_is_shown_with_a_caret() {
    let text = SOUND.replace("leader = \"mnla\"", "leader = \"mnal\"");
    let shown = load(&text).unwrap_err().to_string();
    for part in [
        "error: there is no faction `mnal`",
        "test.toml:58:10",
        "leader = \"mnal\"",
        "^^^^^^ expected the id of a faction",
        "help: did you mean `mnla`?",
    ] {
        assert!(shown.contains(part), "{part} in\n{shown}");
    }
}

#[test]
fn an_empty_scenario_says_what_it_lacks() {
    let problems = told(&load("").unwrap_err()).join("\n");
    for part in ["`[scenario]` is missing", "no zones", "no factions"] {
        assert!(problems.contains(part), "{part} in\n{problems}");
    }
}

#[test]
fn nesting_has_an_end() {
    let not = |depth: usize| {
        let condition = "{ talks = { between = [\"jnim\", \"mnla\"] } }";
        format!("{}{condition}{}", "{ not = ".repeat(depth), " }".repeat(depth))
    };
    let with = |condition: &str| {
        SOUND.replace("{ stance = { between = [\"jnim\", \"rebels\"], at_least = \"pact\" } }", condition)
    };
    assert!(load(&with(&not(30))).is_ok());
    let problems = told(&load(&with(&not(40))).unwrap_err());
    assert!(problems[0].contains("conditions nest more than 32 deep"), "{problems:?}");
    for text in [
        with(&not(100_000)),
        format!("x = {}", "[".repeat(1_000_000)),
        format!("{}x = 1", "a.".repeat(1_000_000)),
        format!("[{}x]", "a.".repeat(1_000_000)),
    ] {
        let problems = told(&load(&text).unwrap_err());
        assert!(
            problems.iter().any(|problem| problem.contains("nests too deep") || problem.contains("nests more than")),
            "{:?}",
            problems.first()
        );
    }
}

#[test]
fn assignments_are_checked_like_the_file() {
    let set = |assignment: &str| {
        let overrides = Overrides { set: vec![assignment.into()], variant: None };
        Scenario::from_text("test.toml", SOUND, &overrides).map(|_| ()).map_err(|problems| told(&problems).join("\n"))
    };
    for case in cases(include_str!("../fixtures/bad_assignments.txt")) {
        match (set(&case[&'+']), case.get(&'=')) {
            (Ok(()), None) => {}
            (Err(problems), Some(expected)) if problems.contains(expected) => {}
            (found, expected) => panic!("{case:?}: expected {expected:?}, found {found:?}"),
        }
    }
    let overrides = Overrides { set: Vec::new(), variant: Some("no-congres".into()) };
    let problems = told(&Scenario::from_text("test.toml", SOUND, &overrides).unwrap_err()).join("\n");
    assert!(problems.contains("no variant `no-congres` | did you mean `no-congress`?"), "{problems}");
}

#[test]
fn relations_that_speak_of_the_same_pair_are_refused() {
    let more = "\n[[relation]]\nbetween = [\"rebels\", \"jnim\"]\nstance = \"war\"\n";
    let problems = told(&load(&format!("{SOUND}{more}")).unwrap_err()).join("\n");
    assert!(problems.contains("another relation, between `jnim` and `rebels`, speaks of the same pair"), "{problems}");
    let closer = "\n[[relation]]\nbetween = [\"mnla\", \"jnim\"]\nstance = \"war\"\n";
    load(&format!("{SOUND}{closer}")).unwrap_or_else(|problems| panic!("{problems}"));
}

#[test]
fn files_that_cannot_be_read_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let load = |name: &str| {
        let problems = Scenario::load(&folder.path().join(name), &Overrides::default()).unwrap_err();
        told(&problems).join("\n")
    };
    std::fs::write(folder.path().join("mali.toml"), SOUND).unwrap();
    let missing = load("mail.toml");
    assert!(missing.contains("there is no file") && missing.contains("did you mean `mali.toml`?"), "{missing}");
    std::fs::write(folder.path().join("latin.toml"), b"[scenario]\ntitle = \"caf\xe9\"\n").unwrap();
    let latin = load("latin.toml");
    assert!(latin.contains("not UTF-8 text: byte 24 (line 2)"), "{latin}");
    std::fs::write(folder.path().join("big.toml"), vec![b'#'; 10 * 1024 * 1024 + 1]).unwrap();
    let big = load("big.toml");
    assert!(big.contains("10485761 bytes; a scenario file has at most 10485760"), "{big}");
    assert!(load("").contains("is a folder"));
}

#[test]
fn a_big_file_of_nonsense_is_refused_in_good_time() {
    let mut text = SOUND.to_owned();
    for index in 0..49_000 {
        text.push_str(&format!(
            "[[relation]]\nbetween = [\"nobody-{index}\", \"mnla\"]\nhostility = {index}\nfoo = 1\n\n"
        ));
    }
    let problems = load(&text).unwrap_err();
    assert!(problems.list.len() >= 1000);
    assert!(problems.to_string().contains("more problems"));
}

#[test]
fn a_large_text_is_looked_through_before_it_is_parsed() {
    let lines = |line: &str, count: usize| format!("{SOUND}{}", line.repeat(count));
    for (text, expected) in [
        (lines("x\n", 400_000), "not TOML: key with no value"),
        (lines("x = what\n", 200_000), "not TOML: string values must be quoted"),
        (lines("[\n", 400_000), "not TOML: "),
        (lines("seed = 1\n", 700_000), "the text goes on after 4000000 words and signs"),
        (lines("[[zones]]\n", 200_000), "the text goes on after 200000 tables"),
        (
            format!("{SOUND}choices = [\n{}]\n", "1,\n".repeat(1_500_000)),
            "the text goes on after 4000000 words and signs",
        ),
        (lines("title = 1\n", 50_000), "`title` stands here twice"),
    ] {
        let problems = load(&text).unwrap_err();
        let first = &problems.list[0];
        assert!(first.message.starts_with(expected), "{expected}: {first:?}");
        assert!(problems.list.len() <= 1000);
    }
    // What spans pieces is whole.
    let long =
        format!("{SOUND}choices = [\n{}]\n[[uncertainty]]\npath = \"faction.mnla.fighters\"\n", "1,\n".repeat(200_000));
    let told = load(&long).unwrap_err().to_string();
    assert!(!told.contains("TOML") && told.contains("unknown field `choices`"), "{told}");
}

#[test]
fn extends_merges_and_refuses_circles() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let load = |name: &str| Scenario::load(&folder.path().join(name), &Overrides::default());
    write("base.toml", SOUND);
    write(
        "child.toml",
        r#"extends = "base.toml"
scenario.title = "Child"
[[faction]]
id = "jnim"
outreach = 0.9
presence = { gao = 0.3, kidal = 0.7 }
[[relation]]
between = ["rebels", "jnim"]
hostility = 0.9
[[question]]
id = "deaths"
text = "How many?"
measure = { deaths = {} }
"#,
    );
    let child = load("child.toml").unwrap_or_else(|problems| panic!("{problems}"));
    let file = &child.file;
    assert_eq!((file.scenario.title.as_str(), file.scenario.id.as_str()), ("Child", "small"));
    let jnim = file.faction.iter().find(|faction| faction.id == "jnim").unwrap();
    assert_eq!((jnim.outreach, jnim.fighters, jnim.presence["kidal"]), (0.9, 2000.0, 0.7));
    assert_eq!(file.relation.len(), 1, "the pair in the other order is the same relation");
    assert_eq!((file.relation[0].hostility, file.question.len()), (Some(0.9), 2));

    write("less.toml", "extends = \"base.toml\"\nremove = [\"variant.no-congress\", \"relation.rebels.jnim\"]\n");
    let less = load("less.toml").unwrap_or_else(|problems| panic!("{problems}"));
    assert!(less.file.relation.is_empty() && less.file.variant.is_empty() && less.file.question.len() == 1);
    write("typo.toml", "extends = \"base.toml\"\nremove = [\"question.pakt\", \"places.x\"]\n");
    let shown = load("typo.toml").unwrap_err().to_string();
    for part in ["typo.toml:2:11", "no `question.pakt` to remove", "did you mean `pact`?", "no entries of `places`"] {
        assert!(shown.contains(part), "{part} is not said: {shown}");
    }
    write("alone.toml", "remove = [\"question.pact\"]\n");
    assert!(load("alone.toml").unwrap_err().to_string().contains("extends no other"));

    write("wrong.toml", "extends = \"base.toml\"\n[[faction]]\nid = \"jnim\"\noutreach = 7\n");
    let problems = load("wrong.toml").unwrap_err();
    let shown = problems.to_string();
    assert!(shown.contains("wrong.toml:4:12"), "{shown}");

    write("a.toml", "extends = \"b.toml\"\n");
    write("b.toml", "extends = \"a.toml\"\n");
    let shown = load("a.toml").unwrap_err().to_string();
    assert!(shown.contains("extend each other in a circle: a.toml → b.toml → a.toml"), "{shown}");
    write("lost.toml", "extends = \"bas.toml\"\n");
    let shown = load("lost.toml").unwrap_err().to_string();
    assert!(shown.contains("lost.toml:1:11") && shown.contains("did you mean `base.toml`?"), "{shown}");
}

#[test]
fn zones_that_cannot_be_reached_are_only_a_warning() {
    let scenario = load(&SOUND.replace("neighbours = [\"gao\"]\n", "")).unwrap_or_else(|problems| panic!("{problems}"));
    assert!(scenario.warnings.iter().any(|warning| warning.message.contains("no chain of neighbours links `gao`")));
}

#[test]
fn a_scenario_past_a_limit_is_refused_before_anything_is_made_of_it() {
    let faction = |number| {
        format!(
            "\n[[faction]]\nid = \"f{number}\"\nname = \"F\"\nkind = \"movement\"\nfighters = 1\npresence = {{ kidal = 1 }}\n"
        )
    };
    let many: String = (0..601).map(faction).collect();
    let told = load(&format!("{SOUND}{many}")).unwrap_err().to_string();
    assert!(told.contains("entries of `faction`") && told.contains("expected at most 600"), "{told}");
}

#[test]
fn an_endless_line_is_refused_before_it_is_parsed() {
    let told = load(&format!("{SOUND}title = [{}]\n", "1,".repeat(1_500_000))).unwrap_err().to_string();
    assert!(told.contains("this line has 3000011 bytes") && told.contains("expected at most"), "{told}");
}

#[test]
fn lines_may_end_as_on_windows() {
    let text = SOUND.replacen("title = \"Small\"", "title = \"Small\"\nsummary = \"\"\"\nTwo\nlines\"\"\"", 1);
    load(&text.replace('\n', "\r\n")).unwrap_or_else(|problems| panic!("{problems}"));
}

#[test]
fn a_variant_may_change_nothing() {
    let scenario = load(&format!("{SOUND}\n[[variant]]\nid = \"null\"\ntitle = \"Nothing\"\n"));
    let scenario = scenario.unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(scenario.digest(), scenario.variant("null").unwrap().digest());
}
