//! The local web server: the page over the engine of this program, for one folder and one user.
//!
//! A request is asked for its host, its origin and the token (`guard`) before anything else; what it names is within the folder
//! (`root`); what it may cost is bounded (`limits`). What it asks for, the rooms before this one do.

mod connections;
mod editor;
mod engines;
mod events;
mod experiments;
mod guard;
mod limits;
mod page;
mod refusal;
mod results;
mod root;
mod routes;
mod served;
mod shelf;

use crate::record::RecordError;
use crate::record::clock::Stopwatch;
use guard::{Guard, ONCE, secret};
use root::Root;
use served::Served;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};

/// How long experiments have to keep what is done of them when the server ends, in seconds.
const ENDING: f64 = 1.5;

/// What is served, and where.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder.
    pub folder: PathBuf,
    /// A scenario file or results folder within it that the page opens on.
    pub opens: Option<PathBuf>,
    /// The address to listen at; port 0 is a free one.
    pub address: SocketAddr,
    /// How many threads; as many as there are cores unless given.
    pub threads: Option<usize>,
}

/// Why nothing can be served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The folder cannot be opened.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The address cannot be listened at.
    #[error("cannot listen at {address}: {reason}")]
    Address {
        /// The address.
        address: SocketAddr,
        /// Why not.
        reason: std::io::Error,
    },
    /// The system does not give what a server needs.
    #[error("cannot start the server: {0}")]
    System(String),
}

/// A server that listens.
#[derive(Debug)]
pub struct Server {
    runtime: Runtime,
    listener: TcpListener,
    address: SocketAddr,
    served: Arc<Served>,
}

impl Server {
    /// Listens, with a token of its own.
    ///
    /// # Errors
    /// If the folder or the address cannot be had.
    pub fn listen(options: &Options) -> Result<Self, ServeError> {
        let root = Root::open(&options.folder)?;
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| ServeError::System(error.to_string()))?;
        let refused = |reason| ServeError::Address { address: options.address, reason };
        let listener = runtime.block_on(TcpListener::bind(options.address)).map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let token = secret().map_err(|error| ServeError::System(error.to_string()))?;
        let mut fragment = format!("#token={token}");
        if let Some(path) = &options.opens {
            let kind = if path.is_dir() { "results" } else { "scenario" };
            let whole = std::fs::canonicalize(path).map_err(RecordError::io("open", path))?;
            fragment.push_str(&format!("&/{kind}/{}", encoded(&root.name(&whole))));
        }
        let served = Served::new(root, Guard::new(address, &token), options.threads, fragment);
        let served = Arc::new(served.map_err(|error| ServeError::System(error.to_string()))?);
        Ok(Self { runtime, listener, address, served })
    }

    /// The folder that is served.
    pub fn folder(&self) -> &std::path::Path {
        self.served.root.path()
    }

    /// The address of the page, with the token.
    pub fn address(&self) -> String {
        format!("{}/{}", self.origin(), self.served.fragment)
    }

    /// An address that leads to that of the page, once and within two minutes: for the command line of a browser, which other users
    /// of the machine can see.
    ///
    /// # Errors
    /// If the system has no randomness.
    pub fn address_to_open(&self) -> Result<String, ServeError> {
        let secret = secret().map_err(|error| ServeError::System(error.to_string()))?;
        self.served.expect(&secret);
        Ok(format!("{}{ONCE}{secret}", self.origin()))
    }

    fn origin(&self) -> String {
        let mut shown = self.address;
        if shown.ip().is_unspecified() {
            shown.set_ip(if shown.is_ipv4() { [127, 0, 0, 1].into() } else { std::net::Ipv6Addr::LOCALHOST.into() });
        }
        format!("http://{shown}")
    }

    /// Serves until `ends` says so, and has experiments keep what is done; gives the scenarios of those that were at work.
    pub fn run(self, ends: &dyn Fn() -> bool) -> Vec<String> {
        let routes = routes::routes(self.served.clone());
        self.runtime.block_on(connections::accept(self.listener, self.served.clone(), routes, ends));
        let at_work = self.served.experiments.at_work();
        at_work.iter().for_each(|work| work.stop());
        let watch = Stopwatch::start();
        while !self.served.experiments.at_work().is_empty() && watch.seconds() < ENDING {
            std::thread::sleep(Duration::from_millis(20));
        }
        // What is still answered takes no part in anything that is kept.
        self.runtime.shutdown_background();
        at_work.iter().map(|work| work.path.clone()).collect()
    }
}

/// A name as it stands in a fragment: all but plain signs by their bytes.
fn encoded(name: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    name.bytes().map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
