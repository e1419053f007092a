//! `entente new`: a commented scenario to start from.

use super::beginning::{scenario_id, write_new};
use super::failure::Failure;
use super::import::{ImportArgs, MoreArgs};
use crate::base::Date;
use clap::Args;
use std::io::Write;
use std::path::PathBuf;

const STARTER: &str = include_str!("starter.toml");

/// Options of `new`.
#[derive(Clone, Debug, Args)]
pub struct NewArgs {
    /// Name of the scenario: lower-case letters, digits and hyphens; writes NAME.toml in this folder
    pub name: String,
    /// Start from events: a table of UCDP GED or ACLED, as `entente import` reads it, which has more options
    #[arg(long, value_name = "FILE", requires = "zones", requires = "start")]
    pub events: Option<PathBuf>,
    /// Outlines of the zones of those events (GeoJSON)
    #[arg(long, value_name = "FILE", requires = "events")]
    pub zones: Option<PathBuf>,
    /// The day on which the simulation of those events starts
    #[arg(long, value_name = "DATE", requires = "events", value_parser = Date::parse)]
    pub start: Option<Date>,
}

/// Writes it.
///
/// # Errors
/// If the name cannot be an id, the file is there already, or it cannot be written.
pub fn new(args: &NewArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let id = scenario_id(args.name.strip_suffix(".toml").unwrap_or(&args.name))?;
    let path = PathBuf::from(format!("{id}.toml"));
    if let (Some(events), Some(zones), Some(start)) = (&args.events, &args.zones, args.start) {
        let import = ImportArgs {
            events: events.clone(),
            zones: zones.clone(),
            start,
            more: MoreArgs::default(),
            targets: None,
            out: path,
        };
        return super::import::import(&import, out);
    }
    let text = STARTER.replace("my-scenario", &id).replace("My scenario", &title(&id));
    write_new(&path, &text)?;
    let shown = path.display();
    writeln!(out, "wrote {shown}: read it, change it, then `entente run {shown}`").map_err(Failure::failed)
}

/// The words of an id, with a capital at the beginning of each: `central-sahel` is “Central Sahel”.
fn title(id: &str) -> String {
    let words = id.split('-').filter(|word| !word.is_empty());
    let capital = |word: &str| format!("{}{}", word[..1].to_ascii_uppercase(), &word[1..]);
    words.map(capital).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_new_scenario_is_titled_as_it_is_named() {
        assert_eq!(super::title("sudan"), "Sudan");
        assert_eq!(super::title("central--sahel-2024"), "Central Sahel 2024");
    }
}
