//! Records of a few rows, of which it is known what they say.

use super::*;
use crate::scenario::{Overrides, Scenario};
use std::fmt::Write as _;

const GED: &str = "id,type_of_violence,side_a,side_b,where_prec,adm_1,latitude,longitude,country,country_id,event_clarity,\
                   date_start,date_end,best,high,low,gwnoa,gwnob";
const ACLED: &str = "event_id_cnty,event_date,event_type,sub_event_type,actor1,inter1,actor2,inter2,country,admin1,latitude,\
                     longitude,geo_precision,fatalities";
const GOVERNMENT: &str = "Government of X";

/// Squares one degree wide, side by side from 0° on, by their properties.
fn zones(properties: &[&str]) -> String {
    let square = |(x, properties): (usize, &&str)| {
        let e = x + 1;
        format!(
            r#"{{"type":"Feature","properties":{{{properties}}},"geometry":{{"type":"Polygon","coordinates":[[[{x},0],[{e},0],[{e},1],[{x},1],[{x},0]]]}}}}"#
        )
    };
    let squares: Vec<String> = properties.iter().enumerate().map(square).collect();
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, squares.join(","))
}

/// Texts beside a record: two zones, west and east, and others by name.
fn texts(others: &[(&str, &str)]) -> BTreeMap<String, String> {
    let two = zones(&[r#""id":"west","name":"West""#, r#""id":"east","name":"East""#]);
    let others = others.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    std::iter::once(("zones.geojson".to_owned(), two)).chain(others).collect()
}

fn options() -> Import {
    let duration = |text| Duration::parse(text).unwrap();
    Import {
        id: "made".into(),
        zones: "zones.geojson".into(),
        boundaries: "zones.geojson".into(),
        start: Date::parse("2024-01-01").unwrap(),
        window: duration("24 months"),
        half_life: duration("26 weeks"),
        until: None,
        least: 3,
        people: None,
        displaced: None,
        strength: None,
        aliases: None,
        source: None,
    }
}

/// An event of GED: the day, the sides, deaths, where it was, and how exactly that is known.
#[derive(Clone, Copy)]
struct Fight<'a> {
    day: &'a str,
    sides: [&'a str; 2],
    dead: u32,
    at: (f64, f64),
    exactness: u8,
    region: &'a str,
    country: &'a str,
}

const FIGHT: Fight<'_> = Fight {
    day: "2023-06-01",
    sides: [GOVERNMENT, "Rebels"],
    dead: 1,
    at: (0.5, 0.5),
    exactness: 1,
    region: "North",
    country: "X",
};

fn ged(fights: &[Fight<'_>]) -> String {
    let mut table = GED.to_owned() + "\n";
    for (number, fight) in fights.iter().enumerate() {
        let Fight { day, sides: [a, b], dead, at: (x, y), exactness, region, country } = fight;
        let kind = if *b == "Civilians" { 3 } else { 1 };
        let home = if *a == GOVERNMENT { "7" } else { "" };
        let number = number + 1000;
        writeln!(
            table,
            "{number},{kind},{a},{b},{exactness},{region},{y},{x},{country},7,1,{day},{day},{dead},{dead},{dead},{home},"
        )
        .unwrap();
    }
    table
}

/// A row of ACLED: day, type, the sides with what they are, and deaths.
fn acled(rows: &[(&str, &str, [&str; 4], u32)]) -> String {
    let mut table = ACLED.to_owned() + "\n";
    for (number, (day, sub, sides, dead)) in rows.iter().enumerate() {
        let sides = sides.join(",");
        writeln!(table, "X{},{day},Battles,{sub},{sides},X,North,0.5,0.5,1,{dead}", number + 1000).unwrap();
    }
    table
}

fn made(texts: &BTreeMap<String, String>, table: &str, options: &Import) -> Result<Imported, ImportError> {
    import(texts, (Path::new("events.csv"), &mut table.as_bytes()), options)
}

/// What is made, with its scenario, which must be without fault.
fn checked(texts: &BTreeMap<String, String>, table: &str, options: &Import) -> (Imported, Scenario) {
    let made = made(texts, table, options).unwrap();
    let mut texts = texts.clone();
    texts.insert("made.toml".into(), made.scenario.clone());
    match Scenario::read(&texts, Path::new("made.toml"), &Overrides::default()) {
        Ok(scenario) => (made, scenario),
        Err(problems) => panic!("{}\n{}", problems.render(false), made.scenario),
    }
}

fn told(made: &Imported, heading: &str) -> String {
    let section = made.account.sections.iter().find(|section| section.heading == heading);
    section.map_or_else(String::new, |section| section.points.join("\n"))
}

const MONTHS: [&str; 12] = [
    "2023-01-05",
    "2023-02-05",
    "2023-03-05",
    "2023-04-05",
    "2023-05-05",
    "2023-06-05",
    "2023-07-05",
    "2023-08-05",
    "2023-09-05",
    "2023-10-05",
    "2023-11-05",
    "2023-12-05",
];

#[test]
fn events_outside_all_zones_are_no_part_of_the_scenario() {
    let far = (20.0, -30.0);
    let mut fights: Vec<Fight<'_>> = MONTHS.map(|day| Fight { day, dead: 2, ..FIGHT }).into();
    for day in MONTHS {
        fights.push(Fight { day, dead: 10, at: far, ..FIGHT });
        fights.push(Fight { day, dead: 10, at: far, sides: ["Rebels", "Civilians"], ..FIGHT });
        fights.push(Fight { day, dead: 10, at: far, sides: ["Rebels", "Strangers"], ..FIGHT });
    }
    // Years of war, but elsewhere.
    fights.push(Fight { day: "2022-02-02", dead: 90, at: far, ..FIGHT });
    let (made, scenario) = checked(&texts(&[]), &ged(&fights), &options());
    let ids: Vec<&str> = scenario.file.faction.iter().map(|faction| faction.id.as_str()).collect();
    assert_eq!(ids, ["government-of-x", "rebels"]);
    let relation = &scenario.file.relation[0];
    assert_eq!(format!("{:?} {:?}", relation.stance, relation.deaths), "Rivalry Some(24.0)");
    assert!(scenario.file.faction.iter().all(|faction| faction.civilian_deaths == Some(0.5)));
    assert!((scenario.file.faction[1].civilian_harm - 0.05).abs() < 1e-9);
    assert_eq!(made.yearly.iter().map(|row| (row.year, row.deaths[1])).collect::<Vec<_>>(), [(2023, 24)]);
    assert!(told(&made, "Not placed").contains("37 (76%): outside all zones"), "{:?}", made.account);
    assert!(told(&made, "Read").contains("49 events before 2024-01-01, of which the scenario is made of 12"));
}

#[test]
fn the_year_before_the_start_is_a_year_whatever_the_window() {
    let mut fights: Vec<Fight<'_>> = MONTHS.map(|day| Fight { day, dead: 5, ..FIGHT }).into();
    fights.extend(MONTHS.map(|day| Fight { day, dead: 3, sides: ["Rebels", "Civilians"], at: (1.5, 0.5), ..FIGHT }));
    let displaced = texts(&[("displaced.csv", "zone,displaced\neast,900\n")]);
    let window = Duration::parse("4 months").unwrap();
    let options = Import { window, displaced: Some("displaced.csv".into()), ..options() };
    let (_, scenario) = checked(&displaced, &ged(&fights), &options);
    let relation = &scenario.file.relation[0];
    assert_eq!(format!("{:?} {:?}", relation.stance, relation.deaths), "War Some(60.0)");
    assert_eq!(relation.since.unwrap().to_string(), "2023-01-05");
    assert_eq!(scenario.file.faction[1].civilian_deaths, Some(36.0));
    assert_eq!(scenario.file.zone[0].displaced["east"].to_bits(), 900_f64.to_bits());
    // Two who fought before the window alone have fought in the year.
    let early: Vec<Fight<'_>> = MONTHS
        .map(|day| Fight {
            day,
            dead: 9,
            sides: [GOVERNMENT, if day < "2023-08" { "Rebels" } else { "Others" }],
            ..FIGHT
        })
        .into();
    let aliases = texts(&[]);
    let more = [Fight { day: "2023-12-06", sides: ["Rebels", "Civilians"], ..FIGHT }; 3];
    let (_, scenario) = checked(&aliases, &ged(&[early, more.into()].concat()), &Import { displaced: None, ..options });
    let deaths: Vec<f64> = scenario.file.relation.iter().filter_map(|relation| relation.deaths).collect();
    assert_eq!(deaths.len(), 2, "{:?}", scenario.file.relation);
    assert!(deaths.iter().any(|deaths| (deaths - 63.0).abs() < 1e-9), "{deaths:?}");
}

#[test]
fn a_record_of_less_than_a_year_is_told_and_its_history_begins_with_it() {
    let days = ["2023-05-10", "2023-06-05", "2023-07-05", "2023-07-08", "2023-10-05", "2023-12-05"];
    let fights = days.map(|day| Fight { day, dead: 4, ..FIGHT });
    let (made, _) = checked(&texts(&[]), &ged(&fights), &options());
    let history = made.scenario.lines().find(|line| line.starts_with("history = ")).unwrap();
    assert!(
        history.starts_with(
            "history = { 2023-06-01 = 4, 2023-07-01 = 8, 2023-08-01 = 0, 2023-09-01 = 0, 2023-10-01 = 4, 2023-11-01 = 0, \
             2023-12-01 = 4 }"
        ),
        "{history}"
    );
    assert!(told(&made, "Read").contains("the record begins 236 days before the start"), "{:?}", made.account);
}

#[test]
fn the_bounds_of_one_number_are_half_and_double_of_its_sum() {
    let sides = ["Military Forces of X (2019-)", "1", "R: Rebels", "2"];
    let rows: Vec<_> = [MONTHS; 4].concat().into_iter().map(|day| (day, "Armed clash", sides, 1)).collect();
    let (made, scenario) = checked(&texts(&[]), &acled(&rows), &options());
    let inputs = scenario.inputs();
    let deaths = inputs.iter().find(|input| input.path.ends_with(".deaths")).unwrap();
    assert_eq!((deaths.low, deaths.value.as_f64(), deaths.high), (Some(24.0), Some(48.0), Some(96.0)));
    assert_eq!(made.yearly[0].deaths, [24, 48, 96]);
}

#[test]
fn ground_taken_by_somebody_who_is_left_out_is_no_longer_whose_it_was() {
    let state = ["Military Forces of X (2019-)", "1"];
    let sides = |a: [&'static str; 2], b: [&'static str; 2]| [a[0], a[1], b[0], b[1]];
    let (rebels, boys) = (["R: Rebels", "2"], ["Mountain Boys", "2"]);
    let takes = "Non-state actor overtakes territory";
    let mut rows: Vec<_> = MONTHS.map(|day| (day, "Armed clash", sides(state, rebels), 1)).into();
    rows.push(("2023-03-10", takes, sides(rebels, state), 3));
    let held = |rows: &[_]| {
        let (made, scenario) = checked(&texts(&[]), &acled(rows), &options());
        (made, scenario.file.zone[0].control["r"])
    };
    let (made, share) = held(&rows);
    assert!((share - 0.7).abs() < 1e-9 && made.scenario.contains("control by ACLED, event X1012"), "{share}");
    rows.push(("2023-12-10", takes, sides(boys, rebels), 3));
    let (made, share) = held(&rows);
    assert!(share < 0.5 && made.scenario.contains("control by forces seen there"), "{share}");
    // Whoever takes it again has it.
    rows.push(("2023-12-20", takes, sides(rebels, boys), 3));
    let (_, share) = held(&rows);
    assert!((share - 0.7).abs() < 1e-9, "{share}");
}

#[test]
fn who_has_other_years_in_brackets_before_the_window_or_after_the_start_is_the_same() {
    let sides = |years: &'static str| {
        let name = ["Military Forces of X (2010-2021)", "Military Forces of X (2022-)", "Military Forces of X (2024-)"];
        let name = name.into_iter().find(|name| name.contains(years)).unwrap();
        [name, "1", "R: Rebels", "2"]
    };
    let rows = [
        ("2021-02-01", "Armed clash", sides("2010"), 40),
        ("2022-02-01", "Armed clash", sides("2022"), 40),
        ("2022-03-01", "Armed clash", sides("2022"), 40),
        ("2023-02-01", "Armed clash", sides("2022"), 40),
        ("2024-02-01", "Armed clash", sides("2024"), 40),
    ];
    let until = Some(Date::parse("2024-12-31").unwrap());
    let (made, scenario) = checked(&texts(&[]), &acled(&rows), &Import { until, ..options() });
    assert_eq!(scenario.file.relation[0].since.unwrap().to_string(), "2021-02-01");
    assert!(made.scenario.contains("observed = true"), "{}", made.scenario);
    assert!(made.yearly.iter().all(|row| row.sides == ["military-forces-of-x", "r"]), "{:?}", made.yearly);
}

#[test]
fn regions_of_one_name_are_told_apart_by_their_country() {
    let zone = |name: &str, region: &str, country: &str| {
        format!(r#""ADM2_EN":"{name}","ADM1_EN":"{region}","ADM0_EN":"{country}""#)
    };
    let land = |home: &str| {
        let all = [zone("Orsa", "Centre", home), zone("Pell", "North", home), zone("Varr", "Centre", "Y")];
        texts(&[("zones.geojson", &zones(&all.each_ref().map(String::as_str)))])
    };
    let vague = |country| MONTHS.map(|day| Fight { day, region: "Centre province", exactness: 4, country, ..FIGHT });
    let presence = |texts: &_, fights: &[Fight<'_>]| {
        let (_, scenario) = checked(texts, &ged(fights), &options());
        scenario.file.faction[1].presence.keys().cloned().collect::<Vec<String>>()
    };
    assert_eq!(presence(&land("X"), &vague("X")), ["orsa"]);
    assert_eq!(presence(&land("X"), &vague("Y")), ["varr"]);
    // Spelled differently, by where other events of the country were.
    let exact = || Fight { at: (1.5, 0.5), ..FIGHT };
    let more = |country| [vec![exact()], vague(country).into()].concat();
    assert_eq!(presence(&land("Republic of X"), &more("X")), ["orsa", "pell"]);
    // A region of a country that is elsewhere is outside, and so are events that are known to that country alone.
    let away = |exactness| {
        let mut fights: Vec<Fight<'_>> = MONTHS.map(|day| Fight { day, ..exact() }).into();
        fights.push(Fight { country: "Z", at: (50.0, 50.0), region: "South", ..FIGHT });
        fights.extend(vague("Z").map(|fight| Fight { exactness, dead: 50, ..fight }));
        fights
    };
    for exactness in [4, 6] {
        assert_eq!(presence(&land("X"), &away(exactness)), ["pell"]);
        let (made, scenario) = checked(&land("X"), &ged(&away(exactness)), &options());
        assert_eq!(scenario.file.relation[0].deaths, Some(12.0));
        assert!(told(&made, "Not placed").contains("13 (52%): outside all zones"), "{:?}", made.account);
    }
}

#[test]
fn the_country_is_called_as_its_zones_call_it() {
    let land = zones(&[
        r#""ADM2_EN":"Orsa","ADM0_EN":"Republic of X""#,
        r#""ADM2_EN":"Pell","ADM0_EN":"Republic of X""#,
        r#""ADM2_EN":"Varr","ADM0_EN":"Y""#,
    ]);
    let (_, scenario) =
        checked(&texts(&[("zones.geojson", &land)]), &ged(&MONTHS.map(|day| Fight { day, ..FIGHT })), &options());
    assert_eq!(scenario.file.scenario.country.as_deref(), Some("Republic of X"));
}

#[test]
fn displaced_people_are_from_somewhere() {
    let people = "zone,people\nwest,5000\neast,700\n";
    let with = |displaced: &str| {
        let all = texts(&[("people.csv", people), ("displaced.csv", displaced)]);
        let options =
            Import { people: Some("people.csv".into()), displaced: Some("displaced.csv".into()), ..options() };
        let (made, scenario) = checked(&all, &ged(&MONTHS.map(|day| Fight { day, ..FIGHT })), &options);
        let from = |zone: usize| scenario.file.zone[zone].displaced.values().sum::<f64>().round();
        (told(&made, "Assumed"), from(0), from(1))
    };
    // All died in the west, to where some fled all the same.
    let (told, west, east) = with("zone,displaced\nwest,300\neast,400\n");
    assert_eq!((west.to_bits(), east.to_bits()), (400_f64.to_bits(), 300_f64.to_bits()));
    assert!(told.contains("some of the displaced in west are from where people live"), "{told}");
    // No more than there are.
    let (told, _, east) = with("zone,displaced\nwest,900\n");
    assert_eq!(east.to_bits(), 700_f64.to_bits());
    assert!(told.contains("200 of the displaced are left out"), "{told}");
}

#[test]
fn tags_say_which_column_counts_all_people() {
    let with = |people: &str| {
        let options = Import { people: Some("people.csv".into()), ..options() };
        let table = ged(&MONTHS.map(|day| Fight { day, ..FIGHT }));
        made(&texts(&[("people.csv", people)]), &table, &options)
    };
    let rows = "west,23,22,45\neast,31,29,60\n";
    for tags in [
        "#adm2+name,#population+f,#population+m,#population+total",
        "#adm2+name,#population+f,#population+m,#population",
        "#adm2+name+en,#population+f+y2023,#population+age_0_4,#population+total+y2023",
        "#adm2+name,#population+f,#population+m,#population+t",
    ] {
        let made = with(&format!("ADM2_EN,F_TL,M_TL,T_TL\n{tags}\n{rows}")).unwrap();
        assert!(made.scenario.contains("population = { value = 45,"), "{tags}");
    }
    let two = "ADM2_EN,A,B,C\n#adm2+name,#population+y2022,#population+y2023,#population+f\n";
    let refused = with(&format!("{two}{rows}")).unwrap_err().to_string();
    assert!(refused.contains("tagged `#population+y2022` and `#population+y2023`, expected one"), "{refused}");
}

#[test]
fn a_name_of_two_zones_is_refused_where_an_id_is_not() {
    let orsa = |code: &str| format!(r#""ADM2_EN":"Orsa","ADM2_PCODE":"{code}""#);
    let land = zones(&[&orsa("X1"), &orsa("X2"), r#""ADM2_EN":"Quill","ADM2_PCODE":"X3""#]);
    let with = |people: &str| {
        let all = texts(&[("zones.geojson", &land), ("people.csv", people)]);
        let options = Import { people: Some("people.csv".into()), ..options() };
        made(&all, &ged(&MONTHS.map(|day| Fight { day, ..FIGHT })), &options)
    };
    let refused = with("name,people\nQuill,5\nOrsa,6\norsa,7\n").unwrap_err().to_string();
    assert!(
        refused
            .contains("people.csv, line 3, column `name`: found `Orsa`, expected an id in a column `zone`, or a code"),
        "{refused}"
    );
    assert!(
        refused.contains("several zones are called so, `orsa`, `orsa-2`") && refused.contains("line 4"),
        "{refused}"
    );
    for people in ["zone,people\norsa,6\norsa-2,7\n", "ADM2_PCODE,people\nX1,6\nX2,7\n"] {
        let made = with(people).unwrap();
        assert!(made.scenario.contains("{ value = 6,") && made.scenario.contains("{ value = 7,"), "{people}");
    }
}

#[test]
fn a_share_of_next_to_nothing_is_drawn_too() {
    let fights = [
        Fight { day: "2022-09-01", at: (1.5, 0.5), ..FIGHT },
        Fight { day: "2023-12-30", ..FIGHT },
        Fight { day: "2023-12-31", ..FIGHT },
    ];
    let options = Import { half_life: Duration::parse("8 weeks").unwrap(), ..options() };
    let (made, _) = checked(&texts(&[]), &ged(&fights), &options);
    assert!(made.scenario.contains("concentration = [3, 0.01]"), "{}", made.scenario);
}

#[test]
fn what_tables_beside_the_record_say_in_vain_or_in_two_ways_is_told() {
    let fights = ged(&MONTHS.map(|day| Fight { day, ..FIGHT }));
    let with = |aliases: &str, people: &str| {
        let all = texts(&[("aliases.csv", aliases), ("people.csv", people)]);
        let options = Import { aliases: Some("aliases.csv".into()), people: Some("people.csv".into()), ..options() };
        made(&all, &fights, &options)
    };
    let told = |aliases: &str, people: &str| told(&with(aliases, people).unwrap(), "To be looked at");
    let said = told("name,id\nRebles,crew\n", "zone,people\nwest,500\nwest,700\neast,9\n");
    assert!(said.contains("names of `--aliases` that no event has: Rebles (did you mean `Rebels`?)"), "{said}");
    assert!(said.contains("several rows of `--people` are of one zone, and were added up: west"), "{said}");
    let said = told("name,id\nRebels,x\nGovernment of X,x\n", "zone,people\nwest,500\neast,9\n");
    assert!(said.contains("events between sides that are one faction") && said.contains("x (12)"), "{said}");
    assert!(!said.contains("no event has") && !said.contains("added up"), "{said}");
    for reserved in ["nobody", "value", "splinter-1"] {
        let aliases = format!("name,id\nRebels,{reserved}\n");
        let refused = with(&aliases, "zone,people\nwest,5\neast,9\n").unwrap_err().to_string();
        assert!(refused.contains(&format!("found `{reserved}`, expected another id")), "{refused}");
    }
    let aliases = "name,id\nRebels,rebels\n";
    let refused = with(aliases, "zone;people\nwest;45.000\neast;9\n").unwrap_err().to_string();
    assert!(refused.contains("line 2") && refused.contains("without a sign between thousands"), "{refused}");
    for number in ["45000", "45,5", "45.5", "0.25"] {
        with(aliases, &format!("zone;people\nwest;{number}\neast;9\n")).unwrap_or_else(|e| panic!("{number}: {e}"));
    }
}

#[test]
fn two_zones_of_one_outline_are_refused() {
    let feature = zones(&[r#""id":"copy""#]);
    let (start, end) = (feature.find("[{").unwrap() + 1, feature.rfind(']').unwrap());
    let one = zones(&[r#""id":"west""#]);
    let at = one.rfind(']').unwrap();
    let both = format!("{},{}{}", &one[..at], &feature[start..end], &one[at..]);
    let all = texts(&[("zones.geojson", &both)]);
    let refused = made(&all, &ged(&[FIGHT]), &options()).unwrap_err().to_string();
    assert!(refused.contains("west and copy have one outline"), "{refused}");
}
