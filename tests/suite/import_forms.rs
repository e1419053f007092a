//! Records of events in the forms in which they come, what is told of those that cannot be read, and any bytes at all.

use crate::import::{BEGIN, SQUARES, Texts, checked, full, head, made, options, sample, samples, squares};
use entente::import::Import;

#[test]
fn tables_are_read_in_the_forms_in_which_they_come() {
    let texts = samples();
    let expected = made(&texts, sample("ged.csv").as_bytes(), &full(BEGIN)).unwrap().scenario;
    let text = sample("ged.csv");
    let with = |separator: u8| {
        let mut table = csv::WriterBuilder::new().delimiter(separator).from_writer(Vec::new());
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        reader.records().for_each(|row| table.write_record(&row.unwrap()).unwrap());
        table.into_inner().unwrap()
    };
    let (first, rest) = text.split_once('\n').unwrap();
    for (what, bytes) in [
        ("mark", ["\u{feff}".as_bytes(), text.as_bytes()].concat()),
        ("capitals", format!("{}\n{rest}", first.to_uppercase()).into_bytes()),
        ("semicolons", with(b';')),
        ("tabs", with(b'\t')),
        ("without heads", rest.as_bytes().to_vec()),
        ("without heads, with a mark", ["\u{feff}".as_bytes(), rest.as_bytes()].concat()),
        ("lines of Windows", text.replace('\n', "\r\n").into_bytes()),
    ] {
        let found = made(&texts, &bytes, &full(BEGIN)).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(found.scenario, expected, "{what}");
    }
    let expected = made(&texts, sample("acled.csv").as_bytes(), &full(BEGIN)).unwrap().scenario;
    let codes = [
        ("State forces", "1"),
        ("Rebel group", "2"),
        ("Identity militia", "4"),
        ("Civilians,", "7,"),
        ("Protesters,", "6,"),
    ];
    let coded = codes.iter().fold(sample("acled.csv"), |text, (word, code)| text.replace(word, code));
    assert_eq!(made(&texts, coded.as_bytes(), &full(BEGIN)).unwrap().scenario, expected);
    // Candidate rows that are not cleared are passed over.
    let unclear = text.replacen("Clear", "Check", 1);
    let told = made(&texts, unclear.as_bytes(), &full(BEGIN)).unwrap().account;
    assert!(
        told.sections[0].points.iter().any(|point| point.contains("not cleared by UCDP yet (`code_status`): 1 row")),
        "{told:?}"
    );
}

#[test]
fn what_cannot_be_read_is_told_with_its_line_and_what_was_expected() {
    let ged = sample("ged.csv");
    let first = ged.lines().nth(1).unwrap();
    let cell = |column: &str, value: &str| {
        let head = head("ged.csv");
        let mut rows: Vec<Vec<String>> = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(ged.as_bytes())
            .records()
            .map(|row| row.unwrap().iter().map(str::to_owned).collect())
            .collect();
        let place = head.iter().position(|name| name == column).unwrap();
        rows[3][place] = value.to_owned();
        let mut table = csv::Writer::from_writer(Vec::new());
        rows.iter().for_each(|row| table.write_record(row).unwrap());
        table.into_inner().unwrap()
    };
    let utf_16: Vec<u8> = [0xff, 0xfe].into_iter().chain(ged.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let latin = |text: &str| text.chars().map(|letter| letter as u8).collect::<Vec<u8>>();
    for (bytes, expected) in [
        (Vec::new(), "empty"),
        (b" \n \n".to_vec(), "empty"),
        (ged.lines().next().unwrap().as_bytes().to_vec(), "no event that can be used"),
        (utf_16, "UTF-16"),
        (
            latin(&ged.replacen(",River Union,", ",R\u{ef}ver Union,", 1)),
            "column `side_b`: found `R\u{fffd}ver Union`, expected text in UTF-8: the file may be in Latin-1",
        ),
        (b"PK\x03\x04xxxx".to_vec(), "ZIP"),
        (b"{\"a\": 1}".to_vec(), "JSON"),
        (b"a,b\n1,2\n".to_vec(), "columns `a`, `b` … are neither those of UCDP GED (`type_of_violence`"),
        (
            ged.replacen("type_of_violence", "type_of_violense", 1).into_bytes(),
            "has no column `type_of_violence`: did you mean `type_of_violense`?",
        ),
        (
            ged.replacen("where_prec", "where_precision", 1).into_bytes(),
            "has no column `where_prec`: did you mean `where_precision`?",
        ),
        (ged.replacen("adm_1", "latitude", 1).into_bytes(), "has no column `adm_1`"),
        (
            cell("date_end", "31/12/2023"),
            "events.csv, line 4, column `date_end`: found `31/12/2023`, expected a day such as 2023-05-16",
        ),
        (cell("date_end", "1999-01-01"), "expected a day from `date_start`"),
        (
            cell("latitude", "140.5"),
            "line 4, column `latitude`: found `140.5`, expected degrees of latitude, -90 to 90",
        ),
        (cell("longitude", "east"), "line 4, column `longitude`: found `east`, expected degrees of longitude"),
        (cell("side_b", "River\nUnion"), "line 4, column `side_b`: found `River\nUnion`, expected text on one line"),
        (cell("best", "many"), "line 4, column `best`: found `many`, expected a number of deaths"),
        (cell("best", "-1"), "line 4, column `best`: found `-1`"),
        (cell("type_of_violence", "4"), "line 4, column `type_of_violence`: found `4`, expected 1 (state-based)"),
        (cell("where_prec", ""), "line 4, column `where_prec`: found nothing, expected 1 to 7"),
        (cell("event_clarity", "0"), "line 4, column `event_clarity`: found `0`"),
        (cell("side_a", ""), "line 4, column `side_a`: found nothing, expected the name of an actor"),
        (format!("{ged}{first}\n").into_bytes(), "the event `500001` stands in line 2 too, expected each event once"),
        (format!("{ged}1,2,3\n").into_bytes(), "found 3 cells, expected 49"),
    ] {
        let Err(refused) = made(&samples(), &bytes, &full(BEGIN)) else { panic!("taken, expected {expected}") };
        assert!(refused.is_input() && refused.to_string().contains(expected), "expected {expected}:\n{refused}");
    }
    let exchanged = ged.replacen("latitude,longitude", "longitude,latitude", 1);
    let refused = made(&samples(), exchanged.as_bytes(), &full(BEGIN)).unwrap_err().to_string();
    assert!(refused.contains("if the two are exchanged") && refused.contains("events.csv, line "), "{refused}");
}

#[test]
fn what_does_not_go_together_is_told() {
    let ged = sample("ged.csv");
    let refused = |texts: &Texts, options: &Import| made(texts, ged.as_bytes(), options).unwrap_err().to_string();
    assert!(refused(&samples(), &full("2020-01-01")).contains("its first event is of 2021"));
    assert!(
        refused(&samples(), &full("2031-01-01"))
            .contains("its last event before the start, 2031-01-01, is of 2024-12-2")
    );
    assert!(
        refused(&squares(), &options(BEGIN)).contains("lies in a zone, expected some within longitudes 0.0 to 2.0")
    );
    assert!(refused(&samples(), &Import { least: 500, ..full(BEGIN) }).contains("0 actors are in 500 events or more"));
    let with = |name: &str, text: &str| {
        let mut texts = samples();
        texts.insert(name.to_owned(), text.to_owned());
        refused(&texts, &full(BEGIN))
    };
    for (name, text, expected) in [
        ("zones.geojson", "{}", "zones.geojson is not GeoJSON"),
        (
            "zones.geojson",
            &SQUARES.replace("\"id\"", "\"area\"").replace("\"name\"", "\"km\""),
            "features without a name: number 1, 2",
        ),
        ("zones.geojson", &SQUARES.replace("east", "west"), "features 1 and 2 are both called `west`"),
        (
            "aliases.csv",
            "name,id\nRiver Union,River Union\n",
            "aliases.csv, line 2, column `id`: found `River Union`, expected an id",
        ),
        ("aliases.csv", "name,id\nA,x\na,y\n", "line 3, column `id`: found `y`, expected `x`"),
        ("aliases.csv", "nam,id\nA,x\n", "no column `name`: did you mean `nam`?"),
        (
            "strength.csv",
            "faction,value,low\nstate,5,9\n",
            "strength.csv, line 2, column `low`: found `9`, expected at most `value`, 5",
        ),
        (
            "strength.csv",
            "faction,value\nstate,5\nstate,6\n",
            "line 3, column `faction`: found `state`, expected each faction once",
        ),
        ("strength.csv", "faction,value\nstatte,5\n", "there is no faction `statte`; did you mean `state`?"),
        ("people.csv", "zone,people\nNowhere,5\n", "none of its places, such as `Nowhere`, is a zone"),
        ("people.csv", "zone,people\nOrsa,-5\n", "line 2, column `people`: found `-5`, expected a number of people"),
        ("people.csv", "zone,persons\nOrsa,5\n", "no column `people`"),
    ] {
        let said = with(name, text);
        assert!(said.contains(expected), "expected {expected}:\n{said}");
    }
}

#[test]
fn names_in_other_scripts_have_ids_that_aliases_can_give() {
    let texts = samples();
    let text = sample("ged.csv").replace("River Union", "اتحاد النهر").replace("Highland League", "Лига горцев");
    let aliases = Import { aliases: None, strength: None, ..full(BEGIN) };
    let made = made(&texts, text.as_bytes(), &aliases).unwrap();
    let scenario = checked(&texts, &made.scenario);
    let ids: Vec<&str> = scenario.file.faction.iter().map(|faction| faction.id.as_str()).collect();
    assert_eq!(ids, ["government-of-velmar", "actor-2", "actor-3", "harbour-guard"]);
    assert!(format!("{:?}", made.account).contains("names in other scripts have numbers for ids"));
}

// ---- Any bytes at all

/// Numbers that look like chance, the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % most.max(1)
    }
}

fn mutated(text: &[u8], dice: &mut Dice) -> Vec<u8> {
    const BITS: [&[u8]; 16] = [
        b",",
        b"\"",
        b"\n",
        b";",
        b"\xff",
        b"\0",
        b"9999999999999999999",
        b"-1",
        b"NaN",
        b"inf",
        b"1e308",
        b"2024-02-30",
        b"\xef\xbb\xbf",
        "é".as_bytes(),
        b"",
        b"16 May 2025",
    ];
    let mut bytes = text.to_vec();
    for _ in 0..=dice.below(4) {
        let at = dice.below(bytes.len() + 1);
        let end = (at + dice.below(12)).min(bytes.len());
        match dice.below(5) {
            0 => drop(bytes.splice(at..end, BITS[dice.below(BITS.len())].iter().copied())),
            1 => drop(bytes.drain(at..end)),
            2 => bytes.truncate(at),
            3 => {
                // A cell in the place of another.
                let cells: Vec<(usize, usize)> = text
                    .split(|byte| b",\n".contains(byte))
                    .scan(0, |from, cell| {
                        let begin = *from;
                        *from += cell.len() + 1;
                        Some((begin, begin + cell.len()))
                    })
                    .collect();
                let (from, to) = cells[dice.below(cells.len())];
                let (into, until) = cells[dice.below(cells.len())];
                if until <= bytes.len() {
                    bytes.splice(into..until, text[from..to].iter().copied());
                }
            }
            _ if at < bytes.len() => bytes[at] = dice.below(256) as u8,
            _ => {}
        }
    }
    bytes
}

fn mutate(times: usize) {
    let texts = samples();
    let mut dice = Dice(7);
    let (mut made_some, mut refused) = (0, 0);
    let short = |name: &str| sample(name).lines().take(41).fold(String::new(), |text, line| text + line + "\n");
    let tables = [short("ged.csv"), short("acled.csv")];
    for time in 0..times {
        let bytes = mutated(tables[time % 2].as_bytes(), &mut dice);
        let start = ["2023-01-01", "2023-07-01", BEGIN][dice.below(3)];
        match made(&texts, &bytes, &full(start)) {
            Ok(made) => {
                made_some += 1;
                if time % 10 == 0 {
                    checked(&texts, &made.scenario);
                }
            }
            Err(error) => {
                assert!(error.is_input(), "{error}");
                refused += 1;
            }
        }
    }
    assert!(
        made_some > times / 20 && refused > times / 20,
        "{made_some} of {times} became scenarios, {refused} were refused"
    );
}

#[test]
fn mutated_tables_are_refused_or_become_scenarios() {
    mutate(400);
}

#[test]
#[ignore = "takes minutes"]
fn a_hundred_thousand_mutated_tables_are_refused_or_become_scenarios() {
    mutate(100_000);
}

#[test]
fn the_command_writes_what_is_not_there_and_nothing_where_it_fails() {
    let root = tempfile::tempdir().unwrap();
    for name in ["ged.csv", "zones.geojson", "people.csv", "aliases.csv"] {
        std::fs::write(root.path().join(name), sample(name)).unwrap();
    }
    let said = |arguments: &str| {
        let mut command = assert_cmd::Command::cargo_bin("entente").unwrap();
        let output = command.current_dir(root.path()).args(arguments.split(' ')).output().unwrap();
        let told = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        (told.split_whitespace().collect::<Vec<_>>().join(" "), output.status.code().unwrap())
    };
    let import = "import ged.csv --zones zones.geojson --start 2024-01-01 --aliases aliases.csv --people people.csv";
    let (told, code) = said(&format!("{import} --targets deaths.csv --out velmar.toml"));
    assert_eq!(code, 0, "{told}");
    assert!(told.contains("71 rows of UCDP GED") && told.contains("wrote velmar.toml"), "{told}");
    let deaths = std::fs::read_to_string(root.path().join("deaths.csv")).unwrap();
    assert!(deaths.starts_with("year,type,first,second,events,low,best,high\n2021,state_based,"), "{deaths}");
    assert!(!deaths.contains("\n2024,"), "{deaths}");
    assert_eq!(said("check velmar.toml --no-runs").1, 0);
    let (told, code) = said("new other --events ged.csv --zones zones.geojson --start 2024-01-01");
    assert_eq!(code, 0, "{told}");
    let files = std::fs::read_dir(root.path()).unwrap().count();
    for (arguments, expected) in [
        (format!("{import} --out velmar.toml"), "velmar.toml is there already"),
        (format!("{import} --targets deaths.csv --out more.toml"), "deaths.csv is there already"),
        (format!("{import} --out More.toml"), "lower-case letters"),
        (format!("{import} --out more.csv"), "ends in `.toml`"),
        (format!("{import} --window soon --out more.toml"), "is not a duration"),
        (format!("{import} --until 2024-13-01 --out more.toml"), "is not a date"),
        (import.replace("ged.csv", "none.csv") + " --out more.toml", "none.csv"),
        (import.replace("zones.geojson", "people.csv") + " --out more.toml", "people.csv is not JSON"),
        (import.replace("--people people.csv", "--people aliases.csv") + " --out more.toml", "no column `people`"),
        (import.replace("zones.geojson", "-") + " --out more.toml", "cannot come from standard input"),
        ("new more --events ged.csv".into(), "--zones"),
    ] {
        let (told, code) = said(&arguments);
        assert!(code == 2 && told.contains(expected), "{arguments}: {code}\n{told}");
    }
    assert_eq!(std::fs::read_dir(root.path()).unwrap().count(), files, "something was written");
}
