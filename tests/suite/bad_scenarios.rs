//! What is wrong with a scenario is told in one go, each problem with the line and column where it stands.

use entente::scenario::{Overrides, Problems, Scenario};

/// A sound scenario; each test puts one thing wrong.
const SOUND: &str = r#"[scenario]
id = "small"
title = "Small"
start = 2023-01-23
horizon = "2 years"
axes = ["order"]
country = "Mali"

[[zone]]
id = "kidal"
name = "Kidal"
country = "Mali"
position = [1.4, 18.4]
population = 1000
neighbours = ["gao"]
control = { rebels = 0.6 }

[[zone]]
id = "gao"
name = "Gao"
country = "Mali"
position = [0.0, 16.3]
population = 2000
displaced = { kidal = 10 }

[[community]]
id = "herders"
name = "Herders"
share = { kidal = 0.5 }
support = { jnim = 0.4 }

[[faction]]
id = "jnim"
name = "JNIM"
kind = "armed_group"
fighters = { value = 2000, low = 1500, high = 2500, source = "a report" }
presence = { kidal = 0.5, gao = 0.5 }
alignment = { order = 0.5 }

[[faction]]
id = "mnla"
name = "MNLA"
kind = "movement"
fighters = 500
presence = { kidal = 1 }

[[faction]]
id = "hcua"
name = "HCUA"
kind = "movement"
fighters = 300
presence = { kidal = 1 }

[[umbrella]]
id = "rebels"
name = "Rebels"
members = ["mnla", "hcua"]
leader = "mnla"

[[relation]]
between = ["jnim", "rebels"]
stance = "rivalry"
hostility = 0.4

[[accord]]
id = "peace"
name = "Peace"
parties = { rebels = "suspended", jnim = "active" }
health = 0.3

[[event]]
id = "congress"
name = "Congress"
date = 2023-02-08
chance = 0.5
effect = { merge = { umbrella = "rebels" } }

[[question]]
id = "pact"
text = "A pact?"
within = "12 months"
when = { stance = { between = ["jnim", "rebels"], at_least = "pact" } }

[[variant]]
id = "no-congress"
title = "No congress"
changes = { "event.congress.chance" = 0 }

[[uncertainty]]
path = "faction.jnim.fighters"

[behaviour.leak]
rate = 0.05

[run]
replicates = 10
seed = 1
"#;

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

/// What is replaced, by what, where the problem stands (the start of a text in the new file, or nowhere), and what is
/// said about it.
const ONE_THING_WRONG: &[(&str, &str, &str, &str)] = &[
    // Names.
    (
        "leader = \"mnla\"",
        "leader = \"mnal\"",
        "\"mnal\"",
        "there is no faction `mnal` | expected the id of a faction | did you mean `mnla`?",
    ),
    (
        "leader = \"mnla\"",
        "leader = \"jnim\"",
        "\"jnim\"\n\n[[rel",
        "the leader `jnim` is no member of `rebels` | expected one of the members",
    ),
    (
        "members = [\"mnla\", \"hcua\"]",
        "members = [\"mnla\", \"mnla\"]",
        "\"mnla\"]",
        "`mnla` stands twice among the members",
    ),
    (
        "id = \"hcua\"",
        "id = \"mnla\"",
        "\"mnla\"\nname = \"HCUA\"",
        "the faction `mnla` stands twice | expected an id of its own",
    ),
    (
        "id = \"hcua\"",
        "id = \"HCUA\"",
        "\"HCUA\"\nname",
        "`HCUA` is not an id | expected lower-case letters, digits and hyphens",
    ),
    ("id = \"hcua\"", "id = \"splinter-1\"", "\"splinter-1\"", "the id `splinter-1` is reserved"),
    ("id = \"hcua\"", "id = \"other\"", "\"other\"", "the id `other` is reserved"),
    ("id = \"hcua\"", "id = \"com1\"", "\"com1\"", "the id `com1` is the name of a device on Windows"),
    ("id = \"small\"", "id = \"--force\"", "\"--force\"", "`--force` is not an id | expected lower-case letters"),
    (
        "start = 2023-01-23",
        "splinters = 70000\nstart = 2023-01-23",
        "70000",
        "`splinters` is 70000 | expected at most 64",
    ),
    (
        "title = \"Small\"",
        "title = \"Sm\\u001ball\"",
        "\"Sm\\u001ball\"",
        "this text holds the control character U+001B | expected text that can be shown as it is",
    ),
    (
        "source = \"a report\"",
        "source = \"a \\u009breport\"",
        "\"a \\u009breport\"",
        "this text holds the control character U+009B",
    ),
    ("id = \"herders\"", "id = \"others\"", "\"others\"", "the id `others` is reserved"),
    ("id = \"no-congress\"", "id = \"baseline\"", "\"baseline\"", "the id `baseline` is reserved"),
    ("id = \"rebels\"", "id = \"hcua\"", "\"hcua\"\nname = \"Rebels\"", "`hcua` is the id of a faction already"),
    (
        "between = [\"jnim\", \"rebels\"]\nstance",
        "between = [\"jnim\", \"nobody-here\"]\nstance",
        "\"nobody-here\"",
        "there is no faction or umbrella `nobody-here`",
    ),
    (
        "between = [\"jnim\", \"rebels\"]\nstance",
        "between = [\"jnim\", \"jnim\"]\nstance",
        "\"jnim\"]\nstance",
        "`jnim` has no relation to itself",
    ),
    (
        "neighbours = [\"gao\"]",
        "neighbours = [\"goa\"]",
        "\"goa\"",
        "there is no zone `goa` | expected the id of a zone | did you mean `gao`?",
    ),
    (
        "neighbours = [\"gao\"]",
        "neighbours = [\"kidal\", \"gao\"]",
        "\"kidal\", \"gao\"]",
        "`kidal` is its own neighbour",
    ),
    (
        "control = { rebels = 0.6 }",
        "control = { rebel = 0.6 }",
        "rebel = 0.6",
        "there is no faction or umbrella `rebel` | expected the id of a faction or umbrella | did you mean `rebels`?",
    ),
    (
        "alignment = { order = 0.5 }",
        "alignment = { ordre = 0.5 }",
        "ordre",
        "there is no axis `ordre` | expected one of the axes of `[scenario]` | did you mean `order`?",
    ),
    (
        "country = \"Mali\"\n\n",
        "country = \"Malo\"\n\n",
        "\"Malo\"",
        "there is no country `Malo` | expected the country of a zone | did you mean `Mali`?",
    ),
    (
        "umbrella = \"rebels\" }",
        "umbrella = \"jnim\" }",
        "\"jnim\" } }\n\n[[q",
        "there is no umbrella `jnim` | expected the id of an umbrella",
    ),
    ("at_least = \"pact\"", "at_leas = \"pact\"", "at_leas", "unknown field `at_leas` | expected"),
    (
        "within = \"12 months\"\nwhen = { stance = { between = [\"jnim\", \"rebels\"]",
        "when = { stance = { between = [\"jnmi\", \"rebels\"]",
        "\"jnmi\"",
        "there is no faction or umbrella `jnmi` | expected the id of a faction or umbrella | did you mean `jnim`?",
    ),
    // Fields, types and units.
    (
        "health = 0.3",
        "helth = 0.3\nhealth = 0.3",
        "helth",
        "unknown field `helth` | expected id, name, parties, health, guarantor, mediator, source or draw_key | did you mean `health`?",
    ),
    ("[[event]]", "[[events]]", "events]]", "unknown section `events` | expected scenario, zone"),
    (
        "kind = \"armed_group\"",
        "kind = \"armed_gruop\"",
        "\"armed_gruop\"",
        "`armed_gruop` is not one of the words that can stand here | expected state, movement, armed_group",
    ),
    ("kind = \"armed_group\"\n", "", "[[faction]]\nid = \"jnim\"", "`kind` is missing | expected a field `kind` here"),
    (
        "fighters = 500",
        "fighters = \"many\"",
        "\"many\"",
        "wrong type: `fighters` is the text \"many\" | expected a number",
    ),
    (
        "presence = { kidal = 1 }\n\n[[faction]]",
        "presence = { kidal = \"all\" }\n\n[[faction]]",
        "\"all\"",
        "wrong type: `kidal` is the text \"all\" | expected a number",
    ),
    ("position = [0.0, 16.3]", "position = [0.0]", "[0.0]", "wrong type"),
    (
        "horizon = \"2 years\"",
        "horizon = \"2 fortnights\"",
        "\"2 fortnights\"",
        "`2 fortnights` is not a duration such as \"2 years\"",
    ),
    ("horizon = \"2 years\"", "horizon = 24", "24\naxes", "wrong type: `horizon` is 24 | expected"),
    ("start = 2023-01-23", "start = \"2023-02-30\"", "\"2023-02-30\"", "`2023-02-30` is not a date such as 2023-01-23"),
    (
        "replicates = 10",
        "replicates = 1.5",
        "1.5",
        "wrong type: `replicates` is 1.5 | expected a whole number, 0 or more",
    ),
    (
        "source = \"a report\"",
        "sorce = \"a report\"",
        "\"a report\"",
        "unknown field `sorce` in a value with its source | expected value, low, best, high, source or note | did you mean `source`?",
    ),
    (
        "low = 1500, high = 2500",
        "low = 2500, high = 1500",
        "{ value = 2000",
        "the bounds of this value are not in order",
    ),
    // Numbers.
    ("hostility = 0.4", "hostility = nan", "nan", "`hostility` is NaN | expected a finite number"),
    ("fighters = 500", "fighters = inf", "inf", "`fighters` is inf | expected a finite number"),
    ("population = 1000", "population = -1000", "-1000", "`population` is -1000 | expected 0 or more"),
    ("hostility = 0.4", "hostility = 1.4", "1.4\n\n[[acc", "`hostility` is 1.4 | expected a number from 0 to 1"),
    (
        "presence = { kidal = 0.5, gao = 0.5 }",
        "presence = { kidal = 0.5, gao = 0.6 }",
        "presence = { kidal = 0.5, gao = 0.6 }",
        "the shares of `jnim`'s fighters sum to 1.1 | expected `presence` shares by zone that sum to 1",
    ),
    ("presence = { kidal = 0.5, gao = 0.5 }\n", "", "", "`jnim` has 2000 fighters and is nowhere"),
    (
        "control = { rebels = 0.6 }",
        "control = { rebels = 0.6, jnim = 0.5 }",
        "control",
        "the shares of control sum to 1.1 | expected at most 1",
    ),
    (
        "support = { jnim = 0.4 }",
        "support = { jnim = 0.4, rebels = 0.7 }",
        "support = { jnim = 0.4, rebels",
        "the shares of support sum to 1.1",
    ),
    (
        "share = { kidal = 0.5 }",
        "share = { kidal = 1.5 }",
        "1.5",
        "this share of a zone's people is 1.5 | expected a number from 0 to 1",
    ),
    (
        "displaced = { kidal = 10 }",
        "displaced = { kidal = 3000 }",
        "displaced",
        "3000 people of `gao` are displaced | expected at most its population, 2000",
    ),
    ("rate = 0.05", "rate = -5", "-5\n\n[run]", "`rate` is -5 | expected a number from 0 to "),
    ("replicates = 10", "replicates = 0", "0\nseed", "`replicates` is 0 | expected a whole number from 1 to 100000000"),
    // Time.
    ("horizon = \"2 years\"", "horizon = \"0 years\"", "\"0 years\"", "the horizon is zero"),
    (
        "horizon = \"2 years\"",
        "horizon = \"100 years\"",
        "\"100 years\"",
        "a horizon of 100 years is too long | expected at most 50 years",
    ),
    (
        "horizon = \"2 years\"",
        "horizon = \"2 years\"\nstep = \"5 weeks\"",
        "\"5 weeks\"",
        "a step of 5 weeks is not possible | expected 1 day to 4 weeks",
    ),
    (
        "within = \"12 months\"",
        "within = [\"6 months\", \"1 year\", \"12 months\"]",
        "\"12 months\"",
        "`12 months` stands twice | expected each moment once",
    ),
    ("within = \"12 months\"", "within = []", "[]", "`within` names no moment | expected durations or dates"),
    ("within = \"12 months\"", "at = [\"1 year\", 2022-01-01]", "2022-01-01", "2022-01-01 lies before the start"),
    (
        "within = \"12 months\"",
        "within = 5",
        "5\nwhen",
        "wrong type: `within` is 5 | expected a duration or date in quotes, or a",
    ),
    (
        "within = \"12 months\"",
        "within = [\"1 year\"]\nobserved = true",
        "true",
        "a single answer for a list of moments | expected a table by moment, such as `{ \"1 year\" = true }`",
    ),
    (
        "within = \"12 months\"",
        "within = [\"1 year\", 2023-05-01]\nobserved = { \"2 years\" = true }",
        "\"2 years\" = true",
        "`2 years` is not a moment of this question | expected one of 1 year, 2023-05-01",
    ),
    (
        "within = \"12 months\"",
        "within = \"12 months\"\nobserved = { \"12 months\" = true }",
        "{ \"12 months\" = true }",
        "a table by moment, where one moment is asked of | expected the answer alone",
    ),
    (
        "within = \"12 months\"",
        "within = [\"12 months\"]\nobserved = { \"12 months\" = 3 }",
        "3 }",
        "the question `pact` is answered by yes or no | expected true or false",
    ),
    (
        "id = \"pact\"",
        "id = \"deaths-6m\"\ntext = \"?\"\nwhen = { leaked = { between = [\"jnim\", \"mnla\"] } }\n[[question]]\nid = \"deaths\"\n\
         text = \"?\"\nmeasure = { deaths = {} }\nat = [\"6 months\"]\n[[question]]\nid = \"pact\"",
        "\"deaths\"",
        "the answer `deaths-6m` is one of the question `deaths-6m` too",
    ),
    ("within = \"12 months\"", "at = 2022-01-01", "2022-01-01", "2022-01-01 lies before the start"),
    ("date = 2023-02-08", "date = 2022-02-08", "2022-02-08", "2022-02-08 lies before the start of the scenario"),
    // Questions.
    (
        "when = { stance = { between = [\"jnim\", \"rebels\"], at_least = \"pact\" } }\n",
        "",
        "\"pact\"\ntext",
        "the question `pact` asks nothing | expected `when` (a condition) or `measure` (a quantity)",
    ),
    (
        "within = \"12 months\"",
        "within = \"12 months\"\nat = \"1 year\"",
        "at = \"1 year\"",
        "the question `pact` has both `within` and `at`",
    ),
    (
        "within = \"12 months\"",
        "within = \"12 months\"\nmeasure = { deaths = {} }",
        "measure",
        "the question `pact` has both `when` and `measure`",
    ),
    ("when = { stance", "when = { stnace", "stnace", "`stnace` is not one of the words"),
    (
        "within = \"12 months\"",
        "observed = 3\nwithin = \"12 months\"",
        "3\nwithin",
        "the question `pact` is answered by yes or no | expected true or false",
    ),
    // Studies.
    (
        "\"event.congress.chance\" = 0",
        "\"event.congres.chance\" = 0",
        "\"event.congres.chance\"",
        "in variant `no-congress`: `event.congres.chance` addresses nothing: there is no event `congres` | expected the path of an input | did you mean `event.congress.chance`?",
    ),
    (
        "\"event.congress.chance\" = 0",
        "\"event.congress.chance\" = 2",
        "2 }",
        "in variant `no-congress`: `chance` is 2 | expected a number from 0 to 1",
    ),
    (
        "path = \"faction.jnim.fighters\"",
        "path = \"faction.jnim.figters\"",
        "\"faction.jnim.figters\"",
        "`faction.jnim.figters` addresses nothing: there is no `figters` | expected the path of a number | did you mean `faction.jnim.fighters`?",
    ),
    (
        "path = \"faction.jnim.fighters\"",
        "path = \"faction.mnla.fighters\"",
        "\"faction.mnla.fighters\"",
        "the uncertainty of `faction.mnla.fighters` has no bounds | expected `low` and `high`, here or with the value itself",
    ),
    // Text.
    ("health = 0.3", "health = ", "\n\n[[event]]", "not TOML"),
    ("health = 0.3", "health = 0.3\nhealth = 0.4", "health = 0.4", "`health` stands here twice"),
];

#[test]
fn one_thing_wrong_is_told_with_its_place() {
    let mut missed = Vec::new();
    for (from, to, place, expected) in ONE_THING_WRONG {
        assert!(SOUND.contains(from), "{from}");
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
    for sound in [
        "faction.jnim.outreach=0.8",
        "relation.jnim.rebels.trust=0.9",
        "relation.rebels.jnim.trust = 0.9",
        "event.congress.chance=1",
        "behaviour.leak.rate=0",
        "scenario.horizon=1 year",
        "scenario.horizon=\"1 year\"",
        "run.seed=4",
        "zone.kidal.control.jnim=0.2",
        "faction.mnla.sponsors.jnim=0.5",
        "faction.mnla.presence={ gao = 1 }",
        "scenario.start=2023-01-30",
    ] {
        set(sound).unwrap_or_else(|problems| panic!("{sound}: {problems}"));
    }
    for (wrong, expected) in [
        ("faction.jnim.outrech=0.8", "did you mean `faction.jnim.outreach`?"),
        ("faction.jnmi.outreach=0.8", "did you mean `faction.jnim.outreach`?"),
        ("factoin.jnim.outreach=0.8", "did you mean `faction.jnim.outreach`?"),
        ("faction.jnim.outreach=8", "1:23 `outreach` is 8 | expected a number from 0 to 1"),
        ("faction.jnim.outreach=high", "wrong type: `outreach` is the text \"high\""),
        ("relation.mnla.hcua.trust=1", "there is no relation between `mnla` and `hcua`"),
        ("behaviour.leak.rat=1", "did you mean `behaviour.leak.rate`?"),
        ("faction.jnim=1", "addresses a whole entry"),
        ("faction.jnim.id=\"x\"", "cannot be changed"),
        ("faction.jnim.outreach", "expected `path=value`"),
        ("scenario.horizon=0 days", "the horizon is zero"),
        ("zone.kidal.control.jnmi=0.2", "there is no faction or umbrella `jnmi`"),
    ] {
        let problems = set(wrong).unwrap_err();
        assert!(problems.contains(expected), "{wrong}: expected {expected}, found {problems}");
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
    for index in 0..60_000 {
        text.push_str(&format!(
            "[[relation]]\nbetween = [\"nobody-{index}\", \"mnla\"]\nhostility = {index}\nfoo = 1\n\n"
        ));
    }
    let problems = load(&text).unwrap_err();
    assert!(problems.list.len() >= 1000);
    assert!(problems.to_string().contains("more problems"));
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
    assert_eq!((file.relation[0].hostility, file.question.len()), (0.9, 2));

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
