//! Sets two results folders side by side, for a change of the program that must not change its answers:
//!
//! ```sh
//! ENTENTE_BEFORE=folder ENTENTE_AFTER=folder cargo test --release same_answers -- --ignored --nocapture
//! ```
//!
//! Values are compared per run, question or series and per column, by name; order of rows and columns and the way they are
//! encoded may differ. `ENTENTE_RENAMED="old=new,…"` tells of columns and measures that have another name now.

use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

/// The tables, and the columns that tell their rows apart.
const TABLES: [(&str, &[&str]); 3] = [
    ("runs.parquet", &["point", "variant", "replicate"]),
    ("series.parquet", &["point", "variant", "measure", "date"]),
    ("questions.csv", &["question", "variant"]),
];

type Rows = BTreeMap<Vec<String>, BTreeMap<String, String>>;

#[test]
#[ignore = "needs two results folders, in ENTENTE_BEFORE and ENTENTE_AFTER"]
fn two_folders_hold_the_same_answers() {
    let folder = |name| PathBuf::from(std::env::var(name).unwrap_or_else(|_| panic!("set {name} to a results folder")));
    let (before, after) = (folder("ENTENTE_BEFORE"), folder("ENTENTE_AFTER"));
    let renamed = std::env::var("ENTENTE_RENAMED").unwrap_or_default();
    let renamed: BTreeMap<&str, &str> = renamed.split(',').filter_map(|pair| pair.split_once('=')).collect();
    let mut differences = Vec::new();
    for (name, keys) in TABLES {
        if !before.join(name).exists() {
            continue;
        }
        let (old, new) = (read(&before.join(name), keys, &renamed), read(&after.join(name), keys, &BTreeMap::new()));
        differences.extend(differing(name, &old, &new));
    }
    differences.iter().take(40).for_each(|line| println!("{line}"));
    assert!(differences.is_empty(), "{} values differ", differences.len());
}

/// Every value of `old` that `new` lacks or tells otherwise, and every row that only `new` has.
fn differing(name: &str, old: &Rows, new: &Rows) -> Vec<String> {
    let mut found = Vec::new();
    for (key, values) in old {
        let Some(others) = new.get(key) else {
            found.push(format!("{name}: {} is gone", key.join(" ")));
            continue;
        };
        for (column, value) in values {
            match others.get(column) {
                Some(other) if other == value => {}
                other => found.push(format!("{name}: {} {column}: {value} became {other:?}", key.join(" "))),
            }
        }
    }
    found.extend(
        new.keys().filter(|key| !old.contains_key(*key)).map(|key| format!("{name}: {} is new", key.join(" "))),
    );
    found
}

fn read(path: &Path, keys: &[&str], renamed: &BTreeMap<&str, &str>) -> Rows {
    let now = |name: &str| renamed.get(name).map_or_else(|| name.to_owned(), |new| (*new).to_owned());
    let mut rows = Rows::new();
    let mut add = |cells: BTreeMap<String, String>| {
        let key = keys.iter().map(|key| now(&cells[*key])).collect();
        let repeated = rows.insert(key, cells.into_iter().map(|(name, value)| (now(&name), value)).collect());
        // A measure may be both a series and a milestone of one date, with the same values.
        drop(repeated);
    };
    if path.extension().is_some_and(|extension| extension == "csv") {
        let mut reader = csv::Reader::from_path(path).unwrap();
        let heads = reader.headers().unwrap().clone();
        for record in reader.records().map(Result::unwrap) {
            add(heads.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect());
        }
        return rows;
    }
    let reader = SerializedFileReader::new(File::open(path).unwrap()).unwrap();
    for row in reader.get_row_iter(None).unwrap().map(Result::unwrap) {
        // Debug tells doubles apart to the bit.
        let cell = |field: &Field| match field {
            Field::Str(text) => text.clone(),
            other => format!("{other:?}"),
        };
        add(row.get_column_iter().map(|(name, field)| (name.clone(), cell(field))).collect());
    }
    rows
}

#[test]
fn a_value_that_changed_is_found() {
    let row = |value: &str| {
        let cells = [("n".to_owned(), value.to_owned())];
        Rows::from([(vec!["pact".to_owned()], cells.into())])
    };
    assert!(differing("questions.csv", &row("1"), &row("1")).is_empty());
    assert_eq!(differing("questions.csv", &row("1"), &row("2")).len(), 1);
    assert_eq!(differing("questions.csv", &row("1"), &Rows::new()).len(), 1);
    assert_eq!(differing("questions.csv", &Rows::new(), &row("1")).len(), 1);
}
