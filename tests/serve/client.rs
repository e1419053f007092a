//! A server of the built program, and what is sent to it and comes back.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The longest that anything in these tests may wait.
pub const PATIENCE: Duration = Duration::from_secs(25);

#[allow(clippy::disallowed_methods, reason = "the tests are about time")]
pub fn now() -> Instant {
    Instant::now()
}

/// A server of the built program over a folder with a scenario, `small.toml`.
pub struct Server {
    pub child: Child,
    pub address: SocketAddr,
    /// What follows the address that it printed.
    pub fragment: String,
    pub token: String,
    pub folder: TempDir,
}

impl Server {
    pub fn start() -> Self {
        Self::with(&[])
    }

    pub fn with(options: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("small.toml"), small()).unwrap();
        Self::over(folder, options)
    }

    pub fn over(folder: TempDir, options: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_entente"));
        command.arg("serve").args(options).current_dir(folder.path()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        line.clear();
        out.read_line(&mut line).unwrap();
        let (origin, fragment) = line.trim().split_once("/#").unwrap_or_else(|| panic!("no address in {line:?}"));
        let address = origin.strip_prefix("http://").unwrap().parse().unwrap();
        let token = fragment.strip_prefix("token=").unwrap().split('&').next().unwrap().to_owned();
        Self { child, address, fragment: fragment.to_owned(), token, folder }
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// Sends a head and a body as they are; gives what is answered.
    pub fn raw(&self, head: &str, body: &[u8]) -> Answer {
        let mut stream = self.connect();
        // A server that refuses may close before it has read all.
        let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
        Answer::of(&mut stream)
    }

    /// The head of a request with its own headers.
    pub fn head(&self, method: &str, target: &str, headers: &str) -> String {
        format!("{method} {target} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{headers}\r\n", self.address)
    }

    /// The headers that a page of this server sends.
    pub fn own(&self) -> String {
        format!("X-Entente-Token: {}\r\nOrigin: http://{}\r\nSec-Fetch-Site: same-origin\r\n", self.token, self.address)
    }

    pub fn get(&self, target: &str) -> Answer {
        self.raw(&self.head("GET", target, &self.own()), b"")
    }

    pub fn send(&self, method: &str, target: &str, body: &Value) -> Answer {
        let body = body.to_string();
        let headers = format!("{}Content-Type: application/json\r\nContent-Length: {}\r\n", self.own(), body.len());
        self.raw(&self.head(method, target, &headers), body.as_bytes())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Begins an experiment.
    pub fn begin(&self, replicates: u64, kind: &str) -> String {
        let asked = json!({ "path": "small.toml", "replicates": replicates, "kind": kind });
        let answer = self.send("POST", "/api/experiments", &asked);
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()["experiment"].as_str().unwrap().to_owned()
    }

    /// Listens to an experiment until `enough` of what it tells, or its end.
    pub fn listen(&self, experiment: &str, mut enough: impl FnMut(&Value) -> bool) -> Vec<Value> {
        let mut stream = self.connect();
        let target = format!("/api/experiments/{experiment}");
        stream.write_all(self.head("GET", &target, &self.own()).as_bytes()).unwrap();
        let mut told = Vec::new();
        for line in BufReader::new(stream).lines() {
            let line = line.unwrap();
            let Some(event) = line.strip_prefix("data: ") else { continue };
            told.push(serde_json::from_str(event).unwrap());
            if enough(told.last().unwrap()) {
                break;
            }
        }
        told
    }

    /// Interrupts it; gives how it ended, after how long, and what it said.
    #[cfg(unix)]
    pub fn interrupt(mut self, signal: &str) -> (Option<i32>, Duration, String, TempDir) {
        let (begun, id) = (now(), self.child.id().to_string());
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        let status = loop {
            match self.child.try_wait().unwrap() {
                Some(status) => break status,
                None if begun.elapsed() > PATIENCE => panic!("it does not end"),
                None => std::thread::sleep(Duration::from_millis(10)),
            }
        };
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        let folder = std::mem::replace(&mut self.folder, tempfile::tempdir().unwrap());
        (status.code(), begun.elapsed(), said, folder)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What was answered; status 0 if the connection was closed without a word.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: String,
    pub body: String,
}

impl Answer {
    pub fn of(stream: &mut TcpStream) -> Self {
        let mut bytes = Vec::new();
        let mut part = [0; 1 << 14];
        loop {
            match stream.read(&mut part) {
                Ok(0) => break,
                Ok(length) => bytes.extend_from_slice(&part[..length]),
                // What was not read when the connection was closed.
                Err(error) if error.kind() == ErrorKind::ConnectionReset => break,
                Err(error) => panic!("{error}"),
            }
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (headers, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = headers.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        Self { status, headers: headers.to_lowercase(), body: body.to_owned() }
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// That it is a refusal in a sentence.
    pub fn refuses(&self, statuses: &[u16]) -> &Self {
        assert!(statuses.contains(&self.status), "{self:?}");
        assert!(self.json()["error"].as_str().is_some_and(|error| !error.is_empty()), "{self:?}");
        self
    }
}

pub fn small() -> String {
    let configs = Path::new(env!("CARGO_MANIFEST_DIR")).join("configs");
    std::fs::read_to_string(configs.join("three-way-standoff.toml")).unwrap()
}
