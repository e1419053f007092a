//! A record of events becomes a scenario: by the formulas, from what was before the start alone, and with an error for what it cannot be.

use entente::base::{Date, Duration};
use entente::import::{Import, ImportError, Imported, import, prio_grid};
use entente::scenario::{Overrides, Scenario};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/configs/import");
pub const BEGIN: &str = "2024-01-01";
/// Two squares, one degree wide, side by side.
pub const SQUARES: &str = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"id":"west","name":"West"},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]}},
{"type":"Feature","properties":{"id":"east","name":"East"},"geometry":{"type":"Polygon","coordinates":[[[1,0],[2,0],[2,1],[1,1],[1,0]]]}}]}"#;

pub type Texts = BTreeMap<String, String>;

pub fn sample(name: &str) -> String {
    std::fs::read_to_string(Path::new(FOLDER).join(name)).unwrap()
}

pub fn options(start: &str) -> Import {
    Import {
        id: "made".into(),
        zones: "zones.geojson".into(),
        boundaries: "zones.geojson".into(),
        start: Date::parse(start).unwrap(),
        window: Duration::parse("24 months").unwrap(),
        half_life: Duration::parse("26 weeks").unwrap(),
        until: None,
        least: 3,
        people: None,
        displaced: None,
        strength: None,
        aliases: None,
        source: None,
    }
}

/// The options with all that the samples have.
pub fn full(start: &str) -> Import {
    let file = |name: &str| Some(PathBuf::from(name));
    let (people, displaced) = (file("people.csv"), file("displaced.csv"));
    Import { people, displaced, strength: file("strength.csv"), aliases: file("aliases.csv"), ..options(start) }
}

pub fn samples() -> Texts {
    let names = ["zones.geojson", "people.csv", "displaced.csv", "strength.csv", "aliases.csv"];
    names.iter().map(|name| ((*name).to_owned(), sample(name))).collect()
}

pub fn squares() -> Texts {
    [("zones.geojson".to_owned(), SQUARES.to_owned())].into()
}

pub fn made(texts: &Texts, events: &[u8], options: &Import) -> Result<Imported, ImportError> {
    import(texts, (Path::new("events.csv"), &mut { events }), options)
}

/// The scenario that a text is, which must be without fault.
pub fn checked(texts: &Texts, text: &str) -> Scenario {
    let mut texts = texts.clone();
    texts.insert("made.toml".into(), text.to_owned());
    match Scenario::read(&texts, Path::new("made.toml"), &Overrides::default()) {
        Ok(scenario) => scenario,
        Err(problems) => panic!("{}\n{text}", problems.render(false)),
    }
}

fn scenario(texts: &Texts, events: &[u8], options: &Import) -> Scenario {
    checked(texts, &made(texts, events, options).unwrap().scenario)
}

#[test]
fn both_records_make_the_same_actors_and_every_number_has_a_source() {
    let texts = samples();
    let ids = ["ged.csv", "acled.csv"].map(|name| {
        let scenario = scenario(&texts, sample(name).as_bytes(), &full(BEGIN));
        let bare: Vec<_> =
            scenario.inputs().into_iter().filter(|input| !input.default && input.source.is_none()).collect();
        assert!(bare.is_empty(), "{name}: {bare:?}");
        assert!(scenario.file.uncertainty.len() > 8 && !scenario.file.composition.is_empty(), "{name}");
        let mut ids: Vec<String> = scenario.file.faction.iter().map(|faction| faction.id.clone()).collect();
        ids.sort();
        ids
    });
    assert_eq!(ids[0], ["harbour-guard", "highland-league", "river-union", "state"]);
    assert_eq!(ids[0], ids[1]);
}

#[test]
fn what_is_asked_has_an_answer_where_the_record_goes_on_for_long_enough() {
    let texts = samples();
    let observed = |until: Option<&str>, start: &str| {
        let options = Import { until: until.map(|day| Date::parse(day).unwrap()), ..full(start) };
        let scenario = scenario(&texts, sample("ged.csv").as_bytes(), &options);
        let of = |id: &str| scenario.file.question.iter().find(|question| question.id == id).unwrap().observed.clone();
        (of("deaths").map(|known| format!("{known:?}")), of("war-state-river-union").is_some())
    };
    // The last event is of 23 December 2024.
    let (deaths, war) = observed(None, BEGIN);
    assert!(deaths.unwrap().matches("months").count() == 1 && !war, "a year is not covered, half of it is");
    let (deaths, war) = observed(Some("2024-12-31"), BEGIN);
    assert!(deaths.unwrap().contains("1 year") && war);
    assert_eq!(observed(None, "2024-12-31"), (None, false));
    let rows: Vec<csv::StringRecord> =
        csv::Reader::from_reader(sample("ged.csv").as_bytes()).records().map(Result::unwrap).collect();
    let in_zones = |row: &&csv::StringRecord| {
        row[38].starts_with("2024") && row[39].starts_with("2024-0") && row[39][..7] < *"2024-07"
    };
    let dead: f64 = rows.iter().filter(in_zones).map(|row| row[44].parse::<f64>().unwrap()).sum();
    let scenario = scenario(&texts, sample("ged.csv").as_bytes(), &full(BEGIN));
    let question = scenario.file.question.iter().find(|question| question.id == "deaths").unwrap();
    assert!(
        format!("{:?}", question.observed).contains(&format!("Amount({dead:?})")),
        "{dead} {:?}",
        question.observed
    );
}

// ---- Tables of a few rows

/// A row of GED, by its columns; what is not said is as in an ordinary one.
fn ged(columns: &[(&str, &str)]) -> BTreeMap<String, String> {
    let ordinary = [
        ("code_status", "Clear"),
        ("type_of_violence", "1"),
        ("side_a", "Government of X"),
        ("side_a_new_id", "1"),
        ("side_b", "Rebels"),
        ("where_prec", "1"),
        ("adm_1", "North"),
        ("latitude", "0.5"),
        ("longitude", "0.5"),
        ("country", "X"),
        ("country_id", "7"),
        ("event_clarity", "1"),
        ("best", "0"),
        ("gwnoa", "7"),
    ];
    let all = ordinary.iter().chain(columns);
    let mut row: BTreeMap<String, String> =
        all.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let best = row["best"].clone();
    for bound in ["low", "high"] {
        row.entry(bound.to_owned()).or_insert_with(|| best.clone());
    }
    let day = row.remove("day").unwrap();
    row.insert("date_start".into(), day.clone());
    row.insert("date_end".into(), day);
    row
}

pub fn head(name: &str) -> Vec<String> {
    sample(name).lines().next().unwrap().split(',').map(str::to_owned).collect()
}

fn table(columns: &[String], rows: &[BTreeMap<String, String>], id: &str) -> Vec<u8> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(columns).unwrap();
    for (number, row) in rows.iter().enumerate() {
        let cell = |name: &String| {
            if name == id { (number + 1).to_string() } else { row.get(name).cloned().unwrap_or_default() }
        };
        table.write_record(columns.iter().map(cell)).unwrap();
    }
    table.into_inner().unwrap()
}

fn of_ged(rows: &[BTreeMap<String, String>]) -> Scenario {
    scenario(&squares(), &table(&head("ged.csv"), rows, "id"), &options(BEGIN))
}

fn close(found: f64, expected: f64) -> bool {
    (found - expected).abs() < 6e-4
}

#[test]
fn numbers_follow_the_formulas() {
    // 182 days are a half-life, and 364 two.
    let half = ("day", "2023-07-03");
    let scenario = of_ged(&[
        ged(&[half, ("best", "30"), ("low", "20"), ("high", "40")]),
        ged(&[half, ("best", "10"), ("longitude", "1.5"), ("event_clarity", "2")]),
        ged(&[("day", "2023-01-02"), ("best", "5")]),
        ged(&[
            half,
            ("best", "15"),
            ("type_of_violence", "3"),
            ("side_a", "Rebels"),
            ("side_b", "Civilians"),
            ("gwnoa", ""),
        ]),
        // Before the window.
        ged(&[("day", "2021-12-31"), ("best", "900"), ("longitude", "1.5")]),
    ]);
    let (state, rebels) = (&scenario.file.faction[0], &scenario.file.faction[1]);
    assert_eq!((state.id.as_str(), rebels.id.as_str()), ("government-of-x", "rebels"));
    // Rebels: 0.5 + 0.25 + 0.5 in the west, 0.25 in the east. The state: 0.75 and 0.25 of its events, half and half of the people.
    assert!(close(rebels.presence["west"], 1.25 / 1.5) && close(rebels.presence["east"], 0.25 / 1.5));
    assert!(close(state.presence["west"], 0.625) && close(state.presence["east"], 0.375));
    // 15 of the 60 who died in the rebels' events were civilians.
    assert!(close(rebels.civilian_harm, 0.25) && close(state.civilian_harm, 0.05));
    assert_eq!((rebels.civilian_deaths, state.civilian_deaths), (Some(15.0), Some(0.5)));
    assert_eq!((state.fighters, rebels.fighters), (5000.0, 1000.0));
    let relation = &scenario.file.relation[0];
    // Their clashes weigh 0.5 + 0.25 + 0.25.
    assert!(
        close(relation.hostility.unwrap(), 0.3 + 0.65 / 4.0) && close(relation.trust.unwrap(), (1.0 - 0.4625) / 2.0)
    );
    let input = scenario.inputs().into_iter().find(|input| input.path.ends_with(".deaths")).unwrap();
    assert_eq!((input.low, input.value.as_f64(), input.high), (Some(35.0), Some(45.0), Some(55.0)));
    assert_eq!(format!("{:?} {}", relation.stance, relation.since.unwrap()), "War 2023-01-02");
    // 0.7 of the west by forces: 5000 · 0.625 and 1000 · 5/6.
    let west = &scenario.file.zone[0].control;
    assert!(close(west["government-of-x"], 0.7 * 3125.0 / (3125.0 + 2500.0 / 3.0)), "{west:?}");
    assert!(close(west["government-of-x"] + west["rebels"], 0.7));
}

#[test]
fn vague_places_count_for_less() {
    let group = |columns: &[(&str, &str)]| {
        let mut row = ged(&[
            &[("day", "2023-12-01"), ("type_of_violence", "2"), ("side_a", "A"), ("side_b", "B"), ("gwnoa", "")],
            columns,
        ]
        .concat());
        row.insert("where_prec".into(), columns[0].1.into());
        row
    };
    let scenario = of_ged(&[
        group(&[("where_prec", "1")]),
        group(&[("where_prec", "4"), ("longitude", "1.9")]),
        group(&[("where_prec", "5"), ("longitude", "1.5")]),
        group(&[("where_prec", "6"), ("longitude", "1.5")]),
    ]);
    // One in the west, one in the region whose only known zone that is, half a one in the east.
    let presence = &scenario.file.faction[0].presence;
    assert!(close(presence["west"], 0.8) && close(presence["east"], 0.2), "{presence:?}");
    // Neither fights a state: a militia; and ground without a state is theirs alone.
    assert!((scenario.file.faction[0].fighters - 400.0).abs() < 1e-9);
    assert!(close(scenario.file.zone[0].control.values().sum::<f64>(), 0.7));
}

#[test]
fn wars_begin_with_the_first_of_unbroken_years_and_old_clashes_fade() {
    let fought = |day: &str, best: &str| ged(&[("day", day), ("best", best)]);
    let relation = |rows: &[BTreeMap<String, String>]| of_ged(rows).file.relation[0].clone();
    let long =
        [fought("2020-05-01", "30"), fought("2022-03-01", "25"), fought("2022-04-01", "1"), fought("2023-06-01", "25")];
    assert_eq!(relation(&long).since.unwrap().to_string(), "2022-03-01");
    let less = [fought("2023-02-01", "8"), fought("2023-03-01", "8"), fought("2023-06-01", "8")];
    let rivals = relation(&less);
    assert_eq!(format!("{:?} {:?} {:?}", rivals.stance, rivals.since, rivals.deaths), "Rivalry None Some(24.0)");
    assert!(
        format!("{:?}", rivals.fought).contains("2023-06-01") || rivals.fought.unwrap().to_string() == "2023-06-01"
    );
    let old = [fought("2022-02-01", "80"), fought("2022-03-01", "80"), fought("2022-06-01", "80")];
    let faded = relation(&old);
    assert_eq!(format!("{:?} {:?}", faded.stance, faded.deaths), "Neutral None");
    assert!(faded.hostility.unwrap() < 0.3 * 0.95 + 0.1);
}

/// A row of ACLED, by its columns.
fn acled(columns: &[(&str, &str)]) -> BTreeMap<String, String> {
    let ordinary = [
        ("event_type", "Battles"),
        ("sub_event_type", "Armed clash"),
        ("actor1", "Military Forces of X (2019-)"),
        ("inter1", "State forces"),
        ("actor2", "R: Rebels"),
        ("inter2", "Rebel group"),
        ("country", "X"),
        ("admin1", "North"),
        ("latitude", "0.5"),
        ("longitude", "0.5"),
        ("geo_precision", "1"),
        ("fatalities", "0"),
    ];
    ordinary.iter().chain(columns).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn the_last_sign_of_who_holds_ground_goes_before_forces() {
    let sub = |kind: &'static str, day: &'static str| [("sub_event_type", kind), ("event_date", day)];
    let base = [("actor1", "R: Rebels"), ("inter1", "2"), ("actor2", ""), ("inter2", ""), ("longitude", "1.5")];
    let rows = [
        acled(&sub("Non-state actor overtakes territory", "2023-03-01")),
        acled(&sub("Government regains territory", "1 June 2023")),
        acled(&[("event_date", "2023-02-01"), ("fatalities", "12")]),
        acled(
            &[
                &sub("Headquarters or base established", "2023-05-05")[..],
                &[("event_type", "Strategic developments")],
                &base[..],
            ]
            .concat(),
        ),
        acled(&[&sub("Agreement", "2023-11-01")[..], &[("event_type", "Strategic developments")]].concat()),
        acled(&[
            ("event_date", "2023-11-01"),
            ("event_type", "Protests"),
            ("actor1", "Protesters (X)"),
            ("inter1", "Protesters"),
        ]),
    ];
    let made = made(&squares(), &table(&head("acled.csv"), &rows, "event_id_cnty"), &options(BEGIN)).unwrap();
    let scenario = checked(&squares(), &made.scenario);
    let control = |zone: usize, faction: &str| scenario.file.zone[zone].control[faction];
    assert_eq!(
        scenario.file.faction.iter().map(|faction| faction.id.as_str()).collect::<Vec<_>>(),
        ["military-forces-of-x", "r"]
    );
    assert!(close(control(0, "military-forces-of-x"), 0.7) && close(control(0, "r"), 0.3 * 0.7));
    assert!(close(control(1, "r"), 0.5));
    // One number of deaths has half and double as its bounds; a deal is put to the reader.
    let deaths =
        scenario.inputs().into_iter().find(|input| input.path == "relation.military-forces-of-x.r.deaths").unwrap();
    assert_eq!((deaths.low, deaths.value.as_f64(), deaths.high), (Some(6.0), Some(12.0), Some(24.0)));
    assert!(made.scenario.contains("# stance = \"pact\"\n# since = 2023-11-01"));
    assert_eq!(scenario.file.relation.len(), 1);
}

#[test]
fn cells_of_the_grid_are_those_of_the_record() {
    let text = sample("ged.csv");
    let mut table = csv::Reader::from_reader(text.as_bytes());
    for row in table.records().map(Result::unwrap) {
        let number = |place: usize| row[place].parse::<f64>().unwrap();
        assert_eq!(prio_grid((number(30), number(29))), row[32].parse::<i64>().unwrap());
    }
}

// ---- What comes after the start

/// A scenario without what came of it.
fn without_observed(text: &str) -> String {
    text.lines().filter(|line| !line.starts_with("observed = ")).collect::<Vec<_>>().join("\n")
}

#[test]
fn nothing_after_the_start_changes_anything_but_what_came_of_it() {
    let texts = samples();
    for (name, date, last) in [("ged.csv", 38, 39), ("acled.csv", 1, 1)] {
        let text = sample(name);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let head = reader.headers().unwrap().clone();
        let (before, after): (Vec<_>, Vec<_>) =
            reader.records().map(Result::unwrap).partition(|row| row[last] < *BEGIN);
        assert!(after.len() > 10 && before.len() > 30);
        let place = |column: &str| head.iter().position(|head| head == column).unwrap();
        let written = |first: &[csv::StringRecord], then: &[csv::StringRecord]| {
            let mut table = csv::Writer::from_writer(Vec::new());
            table.write_record(&head).unwrap();
            first.iter().chain(then).for_each(|row| table.write_record(row).unwrap());
            made(&texts, &table.into_inner().unwrap(), &full(BEGIN)).unwrap().scenario
        };
        let expected = written(&before, &after);
        assert!(expected.contains("\nobserved = "));
        let changed = |change: &dyn Fn(usize, usize, &str) -> String| -> Vec<csv::StringRecord> {
            let row = |(number, row): (usize, &csv::StringRecord)| {
                row.iter().enumerate().map(|(column, cell)| change(number, column, cell)).collect()
            };
            after.iter().enumerate().map(row).collect()
        };
        let of = |columns: &[&str]| {
            columns.iter().filter_map(|name| head.iter().position(|head| head == *name)).collect::<Vec<usize>>()
        };
        let names = of(&["side_a", "side_b", "actor1", "actor2", "country", "adm_1", "admin1"]);
        let (deaths, ids) = (of(&["best", "high", "fatalities"]), of(&["id", "event_id_cnty"]));
        let (north, east) = (place("latitude"), place("longitude"));
        let more = changed(&|number, column, cell| match column {
            column if ids.contains(&column) => format!("{}", 900_000 + number),
            column if names.contains(&column) => format!("Aaa {number}"),
            _ => cell.to_owned(),
        });
        let variants: Vec<(&str, Vec<csv::StringRecord>)> = vec![
            ("deleted", Vec::new()),
            (
                "deadlier",
                changed(&|_, column, cell| if deaths.contains(&column) { "4000".into() } else { cell.into() }),
            ),
            (
                "others",
                changed(&|number, column, cell| {
                    if names.contains(&column) { format!("Zzz {}", number % 3) } else { cell.into() }
                }),
            ),
            (
                "elsewhere",
                changed(&|number, column, cell| match column {
                    column if column == north => format!("-{}.5", 40 + number % 3),
                    column if column == east => format!("{}.5", 10 + number % 4),
                    _ => cell.to_owned(),
                }),
            ),
            (
                "later",
                changed(&|_, column, cell| {
                    if column == date || column == last { "2031-05-05".into() } else { cell.into() }
                }),
            ),
            ("more", [after.clone(), more].concat()),
        ];
        for (what, rows) in variants {
            for found in [written(&before, &rows), written(&rows, &before)] {
                assert_eq!(without_observed(&found), without_observed(&expected), "{name}: {what}");
            }
        }
        // The order of rows changes nothing either.
        let mut turned = before.clone();
        turned.reverse();
        assert_eq!(written(&turned, &after), expected);
    }
}

#[test]
fn a_side_that_names_several_counts_for_the_one_that_is_met_most() {
    let fought = |number: usize, side: &'static str| {
        ged(&[("day", ["2023-03-01", "2023-04-01", "2023-05-01"][number % 3]), ("side_b", side), ("best", "9")])
    };
    let rows: Vec<_> = ["B", "A", "B", "A, B, C", "B, A", "A", "D, E", "D, E", "D, E"]
        .into_iter()
        .enumerate()
        .map(|(number, side)| fought(number, side))
        .collect();
    let scenario = of_ged(&rows);
    let ids: Vec<&str> = scenario.file.faction.iter().map(|faction| faction.id.as_str()).collect();
    // `A` and `B` are in two events each: of equals the first that is named; of `D` and `E` neither acts by itself.
    assert_eq!(ids, ["government-of-x", "a", "b", "d-e"]);
    assert_eq!(
        scenario.file.relation.iter().map(|relation| relation.deaths.unwrap()).collect::<Vec<_>>(),
        [27.0, 27.0, 27.0]
    );
}
