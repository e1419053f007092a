//! What users give beside events: who is one under which id, how strong they are, and people by zone.

use super::actor::{Alias, Aliases, LONGEST_ID};
use super::error::ImportError;
use super::land::Land;
use super::table::EventTable;
use crate::base::name::{first_few, folded, id_of};
use crate::record::RecordError;
use crate::scenario::{Texts, Unread};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::path::Path;

/// The largest table that is read beside that of events, in bytes.
const LARGEST: u64 = 64 * 1024 * 1024;
/// How many ids are listed in a message.
const LISTED: usize = 8;
/// The most people or fighters that are taken.
const MOST: f64 = 1e10;

/// How strong somebody is, and who says so.
#[derive(Clone, Debug, PartialEq)]
pub struct Strength {
    /// Fighters: the low, best and high estimate.
    pub fighters: [f64; 3],
    /// Who says so; may be empty.
    pub source: String,
}

/// Numbers by zone.
#[derive(Debug, Default)]
pub struct ByZone {
    /// The number of each zone, if the table has it.
    pub numbers: Vec<Option<f64>>,
    /// What the table calls places that are no zone.
    pub unknown: Vec<String>,
    /// Zones of several rows, which were added up.
    pub summed: BTreeSet<usize>,
}

/// What a table is called in messages, and its columns.
pub struct Form {
    /// Columns that call a zone, in the order in which they are trusted.
    zone: &'static [&'static str],
    /// Columns that hold the number.
    number: &'static [&'static str],
    /// The tag of the number.
    tag: &'static [&'static str],
    /// What a number is.
    what: &'static str,
}

/// Tags of places.
const PLACES: [&str; 8] =
    ["#adm2+code", "#adm2+name", "#adm3+code", "#adm3+name", "#adm1+code", "#adm1+name", "#adm2", "#adm"];
/// Columns that call a zone.
const ZONES: &[&str] = &[
    "zone",
    "id",
    "adm3_pcode",
    "adm2_pcode",
    "admin2pcode",
    "adm1_pcode",
    "admin1pcode",
    "shapeid",
    "gid_2",
    "gid_1",
    "shapename",
    "adm2_en",
    "adm2_name",
    "admin2name",
    "name_2",
    "adm1_en",
    "name_1",
    "name",
];

/// People at home, as counts and the tables of the Common Operational Datasets have them.
pub const PEOPLE: Form = Form {
    zone: ZONES,
    number: &["people", "population", "t_tl", "pop", "total"],
    tag: &["#population+total", "#population"],
    what: "a number of people",
};

/// People displaced in a zone, as the Displacement Tracking Matrix has them.
pub const DISPLACED: Form = Form {
    zone: ZONES,
    number: &["displaced", "numpresentidpind", "idps", "people"],
    tag: &["#affected+idps+ind", "#affected+idps", "#affected", "#reach"],
    what: "a number of people",
};

fn open(texts: &dyn Texts, path: &Path) -> Result<EventTable<'static>, ImportError> {
    let bytes = texts.bytes(path, LARGEST).map_err(|unread| match unread {
        Unread::Missing => ImportError::not_a_table(path, "there is no such file"),
        Unread::Folder => ImportError::not_a_table(path, "it is a folder"),
        Unread::Refused(reason) => ImportError::not_a_table(path, reason),
    })?;
    if bytes.len() as u64 > LARGEST {
        return Err(ImportError::not_a_table(path, format!("it has more than {LARGEST} bytes")));
    }
    EventTable::open(path, Cursor::new(bytes), usize::MAX)
}

/// Reads which names are whose: columns `name` and `id`. Names are told apart as people do, whatever their case and accents.
///
/// # Errors
/// What is wrong with the table.
pub fn aliases(texts: &dyn Texts, path: &Path) -> Result<Aliases, ImportError> {
    let mut table = open(texts, path)?;
    let [name, id] = table.columns(["name", "id"], &[])?;
    let mut found = Aliases::new();
    while table.next()? {
        let (called, meant) = (table.text(name), table.text(id));
        if folded(&called).is_empty() {
            table.refuse(name, "the name of an actor as recorded");
        }
        if id_of(&meant, LONGEST_ID).as_deref() != Some(meant.as_str()) {
            table.refuse(id, &format!("an id: at most {LONGEST_ID} lower-case letters, digits and hyphens"));
        } else if super::land::is_reserved(&meant) {
            table.refuse(id, "another id: scenarios and splinters have such for themselves");
        } else {
            let alias = Alias { name: called.clone(), id: meant.clone() };
            if let Some(other) = found.insert(folded(&called), alias).filter(|other| other.id != meant) {
                table.refuse(id, &format!("`{}`, as this name has in a line before", other.id));
            }
        }
    }
    table.finish()?;
    Ok(found)
}

/// Reads how strong factions are, by id: columns `faction` and `value`, and if there are `low`, `high` and `source`.
///
/// # Errors
/// What is wrong with the table.
pub fn strengths(texts: &dyn Texts, path: &Path) -> Result<BTreeMap<String, Strength>, ImportError> {
    const FIGHTERS: &str = "a number of fighters, 0 or more";
    let mut table = open(texts, path)?;
    let [faction, value] = table.columns(["faction", "value"], &[])?;
    let (low, high) = (table.column_of(&["low"]), table.column_of(&["high"]));
    let source = table.column_of(&["source"]);
    let mut found = BTreeMap::new();
    while table.next()? {
        let id = table.text(faction);
        let best = table.amount(value, (0.0, MOST), FIGHTERS).unwrap_or_default();
        let mut end = |column: Option<super::table::Column>| match column {
            Some(column) if !table.bytes(column).is_empty() => {
                table.amount(column, (0.0, MOST), FIGHTERS).unwrap_or(best)
            }
            _ => best,
        };
        let (least, most) = (end(low), end(high));
        if let (Some(column), true) = (low, least > best) {
            table.refuse(column, &format!("at most `value`, {best}"));
        }
        if let (Some(column), true) = (high, most < best) {
            table.refuse(column, &format!("at least `value`, {best}"));
        }
        let said = source.map_or_else(String::new, |column| table.text(column));
        if found.insert(id, Strength { fighters: [least, best, most], source: said }).is_some() {
            table.refuse(faction, "each faction once");
        }
    }
    table.finish()?;
    Ok(found)
}

/// Reads a number for each zone, by its id, name or code; the second line may hold tags of the Humanitarian Exchange Language,
/// which then say where columns stand. Rows of one zone are added up; a name of several zones is refused.
///
/// # Errors
/// What is wrong with the table, or that it holds no zone.
pub fn by_zone(texts: &dyn Texts, path: &Path, form: &Form, land: &Land) -> Result<ByZone, ImportError> {
    let mut table = open(texts, path)?;
    let mut columns = (table.column_of(form.zone), table.column_of(form.number));
    let mut zones_of: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (number, zone) in land.zones.iter().enumerate() {
        for name in zone.called.iter().cloned().chain([folded(&zone.id)]) {
            zones_of.entry(name).or_default().insert(number);
        }
    }
    let mut found = ByZone { numbers: vec![None; land.zones.len()], unknown: Vec::new(), summed: BTreeSet::new() };
    let mut first = true;
    while table.next()? {
        if std::mem::take(&mut first) && table.starts_with_tag() {
            let tagged = (table.tagged(&PLACES)?, table.tagged(form.tag)?);
            columns = (tagged.0.or(columns.0), tagged.1.or(columns.1));
            continue;
        }
        let heads = || table.heads().unwrap_or_default().iter().map(String::as_str);
        let Some(zone) = columns.0 else { return Err(RecordError::no_column(path, form.zone[0], heads()).into()) };
        let Some(value) = columns.1 else { return Err(RecordError::no_column(path, form.number[0], heads()).into()) };
        let called = table.text(zone);
        if table.bytes(value).is_empty() {
            continue;
        }
        let number = table.amount(value, (0.0, MOST), form.what).unwrap_or_default();
        // What is said to be an id is one, even where another zone has it for a name.
        let by_id = ["zone", "id"].contains(&table.name(zone));
        let own = by_id.then(|| land.zones.iter().position(|zone| zone.id == called)).flatten();
        let named = zones_of.get(&folded(&called)).map(|zones| zones.iter().copied().collect::<Vec<usize>>());
        match (own, named.as_deref()) {
            (Some(zone), _) | (None, Some(&[zone])) => {
                if found.numbers[zone].is_some() {
                    found.summed.insert(zone);
                }
                *found.numbers[zone].get_or_insert(0.0) += number;
            }
            (None, None | Some(&[])) => found.unknown.push(called),
            (None, Some(several)) => {
                let ids: Vec<String> = several.iter().map(|zone| format!("`{}`", land.zones[*zone].id)).collect();
                let ids = first_few(&ids, LISTED);
                table.refuse(zone, &format!("an id in a column `zone`, or a code: several zones are called so, {ids}"));
            }
        }
    }
    table.finish()?;
    if found.numbers.iter().all(Option::is_none) {
        let said = found.unknown.first().map_or_else(String::new, |first| format!(", such as `{first}`"));
        let example = land.zones.first().map_or("", |zone| zone.id.as_str());
        let reason =
            format!("none of its places{said}, is a zone; expected ids, names or codes of zones, such as `{example}`");
        return Err(ImportError::not_a_table(path, reason));
    }
    Ok(found)
}
