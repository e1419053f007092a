//! `entente serve`: the page over this program's own engine, for a folder.

use super::failure::Failure;
use super::options::ThreadArgs;
use super::output::{open_address, tell};
use super::progress::interrupt;
use super::results;
use crate::record::Manifest;
use crate::serve::{Options, ServeError, Server};
use clap::Args;
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

/// Options of `serve`.
#[derive(Clone, Debug, Args)]
pub struct ServeArgs {
    /// Folder to serve; or a scenario file or results folder to open, with the working folder if it lies in that, or else the
    /// folder around it [default: the working folder]
    #[arg(value_name = "FOLDER or CONFIG")]
    pub path: Option<PathBuf>,
    /// Port to listen at [default: a free one]
    #[arg(long, value_name = "P", default_value_t = 0, hide_default_value = true)]
    pub port: u16,
    /// Address to listen at: one of this machine only, unless --i-know is given too
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1", value_parser = address)]
    pub host: IpAddr,
    /// Let others on the network connect: whoever reads along on it reads the token and all else
    #[arg(long)]
    pub i_know: bool,
    /// Open the page in the browser
    #[arg(long)]
    pub open: bool,
    #[command(flatten)]
    pub threads: ThreadArgs,
}

/// Serves until interrupted, which is its usual end.
///
/// # Errors
/// If there is nothing to serve, or the address cannot be had.
pub fn serve(args: &ServeArgs, out: &mut dyn Write) -> Result<(), Failure> {
    if !args.host.is_loopback() && !args.i_know {
        return Err(Failure::input(format!(
            "{} can be reached from other machines, and what is sent is not encrypted; add --i-know if that is meant. Through \
             `ssh -L PORT:localhost:PORT` the page of this machine can be used from another one without it",
            args.host
        )));
    }
    let (folder, opens) = place(args.path.as_deref())?;
    let address = SocketAddr::new(args.host, args.port);
    let server = Server::listen(&Options { folder, opens, address, threads: args.threads.count() })?;
    let stop = interrupt();
    writeln!(out, "{} is served at\n{}\nuntil Ctrl-C", server.folder().display(), server.address())
        .and_then(|()| out.flush())
        .map_err(Failure::failed)?;
    if args.open {
        open_address(&server.address_to_open()?)?;
    }
    for path in server.run(&|| stop.load(Ordering::Relaxed)) {
        tell(&format!(
            "the experiment of {path} is not at its end; what is done is kept, and it goes on when it is begun again"
        ));
    }
    Ok(())
}

/// What is served, and what in it is opened.
fn place(path: Option<&Path>) -> Result<(PathBuf, Option<PathBuf>), Failure> {
    let here = PathBuf::from(".");
    let Some(path) = path else { return Ok((here, None)) };
    let path = results::resolve(path)?;
    let is_scenario = path.is_file() && path.extension().is_some_and(|ending| ending == "toml");
    match path.is_dir() {
        true if Manifest::read(&path).ok().flatten().is_none() => return Ok((path, None)),
        false if !is_scenario => {
            let found = if path.is_file() { "is a file of another kind" } else { "is not there" };
            return Err(Failure::input(format!(
                "{} {found}; expected a folder, a scenario file (.toml) or a results folder",
                path.display()
            )));
        }
        _ => {}
    }
    let whole = std::fs::canonicalize(&path).map_err(Failure::input)?;
    let inside = std::fs::canonicalize(&here).is_ok_and(|here| whole.starts_with(here));
    let around = whole.parent().unwrap_or(&whole).to_owned();
    Ok((if inside { here } else { around }, Some(path)))
}

/// Reads an address of a machine.
fn address(text: &str) -> Result<IpAddr, String> {
    match text {
        "localhost" => Ok(Ipv4Addr::LOCALHOST.into()),
        text => text.parse().map_err(|_| "expected an address such as 127.0.0.1".into()),
    }
}

impl From<ServeError> for Failure {
    fn from(error: ServeError) -> Self {
        match error {
            ServeError::Record(error) => error.into(),
            error @ ServeError::Address { .. } => Self::input(error),
            error => Self::failed(error),
        }
    }
}
