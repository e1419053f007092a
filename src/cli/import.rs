//! `entente import`: a scenario from a record of events.

use super::beginning::{not_there, scenario_id, write_new};
use super::failure::Failure;
use super::input::{self, Input};
use super::output::width;
use crate::base::date::DurationUnit;
use crate::base::{Date, Duration};
use crate::import::{Account, Import, ImportError, Imported, LEAST_EVENTS, YearlyDeaths};
use crate::record::lines;
use crate::report::Document;
use crate::scenario::{Overrides, Scenario, Texts, Unread, nearest};
use clap::Args;
use std::fs::File;
use std::io::Write;
use std::path::{Component, Path, PathBuf};

/// Options of `import`.
#[derive(Clone, Debug, Args)]
pub struct ImportArgs {
    /// Events: a table of UCDP GED (final or candidate) or of ACLED as downloaded, told by its columns, or - for standard input
    #[arg(value_name = "FILE")]
    pub events: PathBuf,
    /// Outlines of the zones (GeoJSON), such as districts of geoBoundaries, OCHA, GADM or Natural Earth
    #[arg(long, value_name = "FILE")]
    pub zones: PathBuf,
    /// The day on which the simulation starts; later events make nothing but `observed`
    #[arg(long, value_name = "DATE", value_parser = Date::parse)]
    pub start: Date,
    #[command(flatten)]
    pub more: MoreArgs,
    /// Write deaths by year, type and dyad before the start to this table (CSV)
    #[arg(long, value_name = "FILE")]
    pub targets: Option<PathBuf>,
    /// The scenario to write; its id is the name without `.toml`
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// What else events are made a scenario with.
#[derive(Clone, Debug, Args)]
pub struct MoreArgs {
    /// How long before the start events count
    #[arg(long, value_name = "DURATION", value_parser = Duration::parse, default_value_t = MoreArgs::default().window)]
    pub window: Duration,
    /// In what time an event comes to count for half
    #[arg(long, value_name = "DURATION", value_parser = Duration::parse, default_value_t = MoreArgs::default().half_life)]
    pub half_life: Duration,
    /// The last day up to which the record is whole [default: the day of its last event]
    #[arg(long, value_name = "DATE", value_parser = Date::parse)]
    pub until: Option<Date>,
    /// In how many events of the window an actor is to be a faction
    #[arg(long, value_name = "N", default_value_t = LEAST_EVENTS)]
    pub least: usize,
    /// People by zone (CSV: zone,people, or with HXL tags)
    #[arg(long, value_name = "FILE")]
    pub people: Option<PathBuf>,
    /// Displaced people by the zone where they are (CSV: zone,displaced, or of IOM's DTM)
    #[arg(long, value_name = "FILE")]
    pub displaced: Option<PathBuf>,
    /// Fighters by faction (CSV: faction,value,low,high,source)
    #[arg(long, value_name = "FILE")]
    pub strength: Option<PathBuf>,
    /// Which recorded names are which faction (CSV: name,id)
    #[arg(long, value_name = "FILE")]
    pub aliases: Option<PathBuf>,
    /// What the events are said to come from, such as "UCDP GED 26.1" [default: UCDP GED, or ACLED]
    #[arg(long, value_name = "TEXT")]
    pub source: Option<String>,
}

impl Default for MoreArgs {
    fn default() -> Self {
        let of = |count, unit| Duration { count, unit };
        let (window, half_life) = (of(24, DurationUnit::Month), of(26, DurationUnit::Week));
        let (people, displaced, strength, aliases) = (None, None, None, None);
        let (until, least, source) = (None, LEAST_EVENTS, None);
        Self { window, half_life, until, least, people, displaced, strength, aliases, source }
    }
}

/// Makes it.
///
/// # Errors
/// Everything that is wrong with what is given; nothing is written then.
pub fn import(args: &ImportArgs, out: &mut dyn Write) -> Result<(), Failure> {
    if args.out.extension().is_none_or(|ending| ending != "toml") {
        let shown = args.out.display();
        return Err(Failure::input(format!("{shown} is no name of a scenario; expected one that ends in `.toml`")));
    }
    let name = args.out.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let id = scenario_id(name)?;
    not_there(&args.out)?;
    args.targets.as_deref().map(not_there).transpose()?;
    if args.targets.as_ref() == Some(&args.out) {
        return Err(Failure::input("--targets and --out name the same file; expected two"));
    }
    let none = |duration: Duration| duration.count == 0;
    if none(args.more.window) || none(args.more.half_life) {
        return Err(Failure::input("a --window or --half-life of no time leaves no events; expected a longer one"));
    }
    if let Some(until) = args.more.until.filter(|until| *until < args.start) {
        let message = format!("--until, {until}, lies before the start, {}; expected a day from then on", args.start);
        return Err(Failure::input(message));
    }
    let made = scenario(&args.events, &args.zones, args.start, &args.more, (&id, &args.out))?;
    // What is asked for beside the scenario comes first: if it cannot be written, no scenario stands in the way of another try.
    if let Some(path) = &args.targets {
        write_new(path, &targets(&made.yearly)?)?;
    }
    write_new(&args.out, &made.scenario)?;
    tell(&made.account, &args.out, out)
}

/// A scenario of events, checked, that would stand at a path.
///
/// # Errors
/// Everything that is wrong with what is given.
pub fn scenario(
    events: &Path,
    zones: &Path,
    start: Date,
    more: &MoreArgs,
    (id, out): (&str, &Path),
) -> Result<Imported, Failure> {
    if input::is_standard(zones) {
        return Err(Failure::input(
            "the outlines of zones cannot come from standard input: the scenario names their file",
        ));
    }
    let options = Import {
        id: id.to_owned(),
        zones: zones.to_owned(),
        boundaries: as_seen_from(out, zones),
        start,
        window: more.window,
        half_life: more.half_life,
        until: more.until,
        least: more.least,
        people: more.people.clone(),
        displaced: more.displaced.clone(),
        strength: more.strength.clone(),
        aliases: more.aliases.clone(),
        source: more.source.clone(),
    };
    let source = input::file(events)?;
    if source.is_dir() {
        return Err(Failure::input(format!("{} is a folder, not a table of events", source.display())));
    }
    let mut file = File::open(&source).map_err(|error| unopened(&source, &input::shown(events), &error))?;
    let made = crate::import::import(&Input, (Path::new(&input::shown(events)), &mut file), &options)?;
    let written = Written { path: out, text: &made.scenario };
    Scenario::read(&written, out, &Overrides::default()).map_err(super::problems)?;
    Ok(made)
}

/// Why a table of events cannot be opened, with the nearest name of a file where there is none of that name.
fn unopened(source: &Path, shown: &str, error: &std::io::Error) -> Failure {
    if error.kind() != std::io::ErrorKind::NotFound {
        return Failure::input(format!("cannot open {shown}: {error}"));
    }
    let names = Input.names(source.parent().unwrap_or(Path::new("")));
    let own = source.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let near = nearest(own, names.iter().map(String::as_str));
    Failure::input(format!("there is no file {shown}{}", near.map_or_else(String::new, |near| format!("; {near}"))))
}

/// Says what was read, not placed, left out, assumed and is missing.
///
/// # Errors
/// If it cannot be written.
pub fn tell(account: &Account, path: &Path, out: &mut dyn Write) -> Result<(), Failure> {
    let mut said = |text: &str| out.write_all(text.as_bytes()).map_err(Failure::failed);
    for section in &account.sections {
        let mut document = Document::new(section.heading.clone(), "");
        document.list(section.points.iter().map(String::as_str));
        said(&document.text(width()))?;
        // Lines to copy are not broken.
        section.lines.iter().try_for_each(|line| said(&format!("    {line}\n")))?;
        said("\n")?;
    }
    let shown = path.display();
    said(&format!("wrote {shown}: read it, change it, then `entente check {shown}` and `entente run {shown}`\n"))
}

/// Deaths by year, type and dyad as a table.
fn targets(yearly: &[YearlyDeaths]) -> Result<String, Failure> {
    let heads = ["year", "type", "first", "second", "events", "low", "best", "high"];
    let row = |row: &YearlyDeaths| {
        let ([first, second], [low, best, high]) = (row.sides.clone(), row.deaths);
        (row.year, row.kind, first, second, row.events, low, best, high)
    };
    let rows: Vec<_> = yearly.iter().map(row).collect();
    let cells = lines(&heads, &rows)?;
    let quoted = |cell: &String| match cell.contains([',', '"', '\n']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell.clone(),
    };
    Ok(cells.iter().map(|line| line.iter().map(quoted).collect::<Vec<_>>().join(",") + "\n").collect())
}

/// The name of a file as seen from the folder of another, by which both can be moved together. Whole, where no way leads from
/// one to the other.
fn as_seen_from(scenario: &Path, file: &Path) -> String {
    // Links are followed: the folder above a link is not the one above its folder.
    let folder = |path: &Path| match path.parent().unwrap_or(Path::new("")) {
        here if here == Path::new("") => Path::new(".").canonicalize(),
        folder => folder.canonicalize(),
    };
    let way = || -> Option<PathBuf> {
        let (from, to) = (folder(scenario).ok()?, folder(file).ok()?);
        let shared = from.components().zip(to.components()).take_while(|(one, other)| one == other).count();
        let up = from.components().skip(shared).map(|_| Component::ParentDir);
        let name = Component::Normal(file.file_name()?);
        (shared > 0).then(|| up.chain(to.components().skip(shared)).chain([name]).collect())
    };
    way()
        .or_else(|| std::path::absolute(file).ok())
        .unwrap_or_else(|| file.to_owned())
        .to_string_lossy()
        .replace('\\', "/")
}

/// The files that there are, and one that is yet to be written.
struct Written<'a> {
    path: &'a Path,
    text: &'a str,
}

impl Texts for Written<'_> {
    fn bytes(&self, path: &Path, most: u64) -> Result<Vec<u8>, Unread> {
        if path == self.path { Ok(self.text.as_bytes().to_vec()) } else { Input.bytes(path, most) }
    }

    fn identity(&self, path: &Path) -> PathBuf {
        Input.identity(path)
    }

    fn names(&self, folder: &Path) -> Vec<String> {
        Input.names(folder)
    }
}

impl From<ImportError> for Failure {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Table(error) => error.into(),
            ImportError::Input(message) => Self::input(message),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_named_as_seen_from_the_folder_of_the_scenario() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(root.path().join("data/zones")).unwrap();
        std::fs::create_dir(root.path().join("configs")).unwrap();
        let seen = |scenario: &str, file: &str| as_seen_from(&root.path().join(scenario), &root.path().join(file));
        assert_eq!(seen("war.toml", "zones.geojson"), "zones.geojson");
        assert_eq!(seen("war.toml", "data/zones/mali.geojson"), "data/zones/mali.geojson");
        assert_eq!(seen("configs/war.toml", "data/zones/mali.geojson"), "../data/zones/mali.geojson");
        assert_eq!(seen("configs/../war.toml", "data/zones.geojson"), "data/zones.geojson");
    }
}
