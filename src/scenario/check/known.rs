//! The names that a file makes, and checks of names against them.

use super::limit::LONGEST_ID;
use crate::measure::SPLINTERS_OF;
use crate::scenario::build::{OTHERS, town_id};
use crate::scenario::read::problem::{nearest, there_are};
use crate::scenario::read::report::Report;
use crate::scenario::read::tree::{Spanned, Step, Value, key_path};
use std::collections::{BTreeMap, BTreeSet};

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A faction.
    Faction,
    /// An umbrella.
    Umbrella,
    /// A faction or an umbrella.
    Party,
    /// A zone.
    Zone,
    /// A community.
    Community,
    /// An accord.
    Accord,
    /// An event.
    Event,
    /// A question.
    Question,
    /// A variant.
    Variant,
    /// An alignment axis.
    Axis,
    /// A country of a zone.
    Country,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Faction => "faction",
            Self::Umbrella => "umbrella",
            Self::Party => "faction or umbrella",
            Self::Zone => "zone",
            Self::Community => "community",
            Self::Accord => "accord",
            Self::Event => "event",
            Self::Question => "question",
            Self::Variant => "variant",
            Self::Axis => "axis",
            Self::Country => "country",
        }
    }
}

/// What has a section of its own, of that name, whose entries have ids.
const ENTRIES: [Kind; 8] = [
    Kind::Faction,
    Kind::Umbrella,
    Kind::Zone,
    Kind::Community,
    Kind::Accord,
    Kind::Event,
    Kind::Question,
    Kind::Variant,
];

/// How many names a suggestion is looked for among.
const MOST_COMPARED: usize = 3000;

/// The names of a file, those of entries that could not be read included.
#[derive(Default)]
pub struct Known {
    names: BTreeMap<Kind, BTreeMap<String, usize>>,
    /// Zones that are places of refuge alone.
    refuges: BTreeSet<String>,
    /// Members with their umbrella.
    members: BTreeSet<(String, String)>,
}

impl Known {
    /// Collects the names and reports those that are malformed, reserved or taken.
    pub fn collect(report: &mut Report) -> Self {
        let mut known = Self::default();
        let tree = report.tree;
        for kind in ENTRIES {
            let section = kind.word();
            let mut keys: BTreeMap<&str, usize> = BTreeMap::new();
            for (index, entry) in tree.get(section).map_or(&[][..], Spanned::elements).iter().enumerate() {
                let Some(id) = entry.get("id").and_then(Spanned::text) else { continue };
                let key_path = key_path![section, index, "id"];
                check_form(report, key_path, kind, id);
                if known.has(kind, id) {
                    report
                        .on(key_path, format!("the {} `{id}` stands twice", kind.word()))
                        .expected("expected an id of its own");
                    continue;
                }
                known.names.entry(kind).or_default().insert(id.to_owned(), index);
                let (key, field) = match entry.get("draw_key").and_then(Spanned::text) {
                    Some(key) => (key, "draw_key"),
                    None => (id, "id"),
                };
                if keys.insert(key, index).is_some() {
                    report
                        .on(key_path![section, index, field], format!("the draw key `{key}` stands twice"))
                        .expected("expected a draw key, or id, that no other entry draws by");
                }
            }
        }
        known.add_parties(report);
        known.add(Kind::Axis, report, &["scenario", "axes"]);
        for entry in tree.get("umbrella").map_or(&[][..], Spanned::elements) {
            let Some(umbrella) = entry.get("id").and_then(Spanned::text) else { continue };
            let members = entry.get("members").map_or(&[][..], Spanned::elements).iter().filter_map(Spanned::text);
            known.members.extend(members.map(|member| (member.to_owned(), umbrella.to_owned())));
        }
        for entry in tree.get("zone").map_or(&[][..], Spanned::elements) {
            let refuge = entry.get("refuge").is_some_and(|node| matches!(node.plain().value, Value::Boolean(true)));
            if let Some(id) = entry.get("id").and_then(Spanned::text).filter(|_| refuge) {
                known.refuges.insert(id.to_owned());
            }
        }
        for (index, entry) in tree.get("zone").map_or(&[][..], Spanned::elements).iter().enumerate() {
            let id = entry.get("id").and_then(Spanned::text).filter(|_| entry.get("town").is_some());
            let Some(town) = id.map(town_id) else { continue };
            if known.names.entry(Kind::Zone).or_default().insert(town.clone(), index).is_some() {
                report
                    .on_key(key_path!["zone", index, "town"], format!("there is a zone `{town}` already"))
                    .expected("expected that no zone has the id of this town");
            }
        }
        for entry in tree.get("zone").map_or(&[][..], Spanned::elements) {
            if let Some(country) = entry.get("country").and_then(Spanned::text) {
                if matches!(country, "abroad" | "internal") {
                    let node = entry.get("country").unwrap_or(entry);
                    report
                        .at(node, format!("the country `{country}` is reserved: results have a column of that name"))
                        .expected("expected another name");
                }
                known.names.entry(Kind::Country).or_default().insert(country.to_owned(), 0);
            }
        }
        known
    }

    fn add_parties(&mut self, report: &mut Report) {
        let mut parties = self.names.get(&Kind::Faction).cloned().unwrap_or_default();
        for (name, index) in self.names.get(&Kind::Umbrella).cloned().unwrap_or_default() {
            if parties.insert(name.clone(), index).is_some() {
                report
                    .on(key_path!["umbrella", index, "id"], format!("`{name}` is the id of a faction already"))
                    .expected("expected an id that no faction has");
            }
        }
        self.names.insert(Kind::Party, parties);
    }

    fn add(&mut self, kind: Kind, report: &mut Report, path: &[&str]) {
        let key_path: Vec<Step> = path.iter().map(|key| Step::Key(key)).collect();
        let (node, taken) = report.tree.reach(&key_path);
        if taken < key_path.len() {
            return;
        }
        for (index, name) in node.elements().iter().enumerate() {
            let Some(text) = name.text() else { continue };
            if self.names.entry(kind).or_default().insert(text.to_owned(), index).is_some() {
                report.at(name, format!("the {} `{text}` stands twice", kind.word()));
            }
        }
    }

    /// Whether there is such a name.
    pub fn has(&self, kind: Kind, name: &str) -> bool {
        self.names.get(&kind).is_some_and(|names| names.contains_key(name))
    }

    /// Whether a faction is a member of an umbrella at the start.
    pub fn is_member(&self, faction: &str, umbrella: &str) -> bool {
        self.members.contains(&(faction.to_owned(), umbrella.to_owned()))
    }

    /// Reports a value that should be a name of a kind and is not.
    pub fn expect(&self, report: &mut Report, key_path: &[Step], kind: Kind, name: &str) -> bool {
        let found = self.has(kind, name);
        if !found {
            let help = self.suggest(report, kind, name);
            report.on(key_path, self.message(kind, name)).expected(&self.expected(kind)).help(help);
        }
        found
    }

    /// Reports a key that should be a name of a kind and is not.
    pub fn expect_key(&self, report: &mut Report, key_path: &[Step], kind: Kind, name: &str) -> bool {
        let found = self.has(kind, name);
        if !found {
            let help = self.suggest(report, kind, name);
            report.on_key(key_path, self.message(kind, name)).expected(&self.expected(kind)).help(help);
        }
        found
    }

    /// Reports the keys of a table that should be names of a kind and are not.
    pub fn expect_keys<T>(&self, report: &mut Report, key_path: &[Step], kind: Kind, table: &BTreeMap<String, T>) {
        for name in table.keys() {
            self.expect_key(report, &[key_path, key_path![name]].concat(), kind, name);
        }
    }

    /// Reports the keys of a table that should be zones in which forces can be and are not.
    pub fn expect_ground<T>(&self, report: &mut Report, key_path: &[Step], table: &BTreeMap<String, T>) {
        self.expect_keys(report, key_path, Kind::Zone, table);
        for name in table.keys().filter(|name| self.refuges.contains(*name)) {
            report
                .on_key(&[key_path, key_path![name]].concat(), format!("no force can be in `{name}`: it is a refuge"))
                .expected("expected a zone without `refuge = true`");
        }
    }

    fn message(&self, kind: Kind, name: &str) -> String {
        format!("there is no {} `{name}`", kind.word())
    }

    fn expected(&self, kind: Kind) -> String {
        match kind {
            Kind::Axis => "expected one of the axes of `[scenario]`".into(),
            Kind::Country => "expected the country of a zone".into(),
            _ => {
                let word = kind.word();
                let article = if word.starts_with(['a', 'e', 'u']) { "an" } else { "a" };
                format!("expected the id of {article} {word}")
            }
        }
    }

    fn suggest(&self, report: &Report, kind: Kind, name: &str) -> Option<String> {
        if report.is_full() {
            return None;
        }
        let names = self.names.get(&kind)?;
        let near = nearest(name, names.keys().take(MOST_COMPARED).map(String::as_str));
        let few = || (names.len() <= 12).then(|| there_are(&names.keys().map(String::as_str).collect::<Vec<_>>()));
        near.or_else(few)
    }
}

/// Whether a text can be an id; reports it if not. Ids name folders: what Windows keeps for devices is none.
pub fn id_is_sound(report: &mut Report, key_path: &[Step], id: &str) -> bool {
    let letters = id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    let shown: String = id.chars().take(LONGEST_ID).collect();
    if id.is_empty() || id.len() > LONGEST_ID || !letters || id.starts_with('-') {
        let expected = format!("expected lower-case letters, digits and hyphens, at most {LONGEST_ID}");
        report.on(key_path, format!("`{shown}` is not an id")).expected(&expected);
        return false;
    }
    let numbered = |stem: &str| id.strip_prefix(stem).is_some_and(|rest| matches!(rest.as_bytes(), [b'1'..=b'9']));
    if matches!(id, "con" | "prn" | "aux" | "nul") || numbered("com") || numbered("lpt") {
        report
            .on(key_path, format!("the id `{id}` is the name of a device on Windows"))
            .expected("expected another id");
        return false;
    }
    true
}

fn check_form(report: &mut Report, key_path: &[Step], kind: Kind, id: &str) {
    if !id_is_sound(report, key_path, id) {
        return;
    }
    let reserved = match kind {
        // Columns of the results and splinters have these names.
        Kind::Faction | Kind::Umbrella => {
            id.starts_with("splinter-") || id.starts_with(SPLINTERS_OF) || matches!(id, "nobody" | "other")
        }
        Kind::Community => id == OTHERS,
        Kind::Variant => id == "baseline",
        _ => false,
    } || id == "value";
    if reserved {
        report.on(key_path, format!("the id `{id}` is reserved")).expected("expected another id");
    }
}
