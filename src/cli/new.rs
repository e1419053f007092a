//! `entente new`: a commented scenario to start from.

use super::Failure;
use clap::Args;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

const STARTER: &str = include_str!("starter.toml");

/// Options of `new`.
#[derive(Clone, Debug, Args)]
pub struct NewArgs {
    /// Name of the scenario: lower-case letters, digits and hyphens; writes NAME.toml
    pub name: PathBuf,
}

/// Writes it.
///
/// # Errors
/// If the name cannot be an id, the file is there already, or it cannot be written.
pub fn new(args: &NewArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let path = if args.name.extension().is_some_and(|extension| extension == "toml") {
        args.name.clone()
    } else {
        PathBuf::from(format!("{}.toml", args.name.display()))
    };
    let id = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let sound = !id.is_empty()
        && !id.starts_with('-')
        && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if !sound {
        let message = format!("`{id}` cannot be the id of a scenario: expected lower-case letters, digits and hyphens");
        return Err(Failure::input(message));
    }
    let text = STARTER.replace("my-scenario", id).replace("My scenario", &title(id));
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

fn write_new(path: &Path, text: &str) -> Result<(), Failure> {
    let mut file = match std::fs::OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            return Err(Failure::input(format!("{} is there already; it is left as it is", path.display())));
        }
        Err(error) => return Err(Failure::failed(format!("cannot write {}: {error}", path.display()))),
    };
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(|error| {
        // What was created here and is not whole is of no use to anybody.
        let _ = std::fs::remove_file(path);
        Failure::failed(format!("cannot write {}: {error}", path.display()))
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_new_scenario_is_titled_as_it_is_named() {
        assert_eq!(super::title("sudan"), "Sudan");
        assert_eq!(super::title("central--sahel-2024"), "Central Sahel 2024");
    }
}
