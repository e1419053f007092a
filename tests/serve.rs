//! `entente serve` over its own loopback: what it refuses, and what it does.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The longest that anything in these tests may wait.
const PATIENCE: Duration = Duration::from_secs(25);

#[allow(clippy::disallowed_methods, reason = "the tests are about time")]
fn now() -> Instant {
    Instant::now()
}

/// A server of the built program over a folder with a scenario, `small.toml`.
struct Server {
    child: Child,
    address: SocketAddr,
    /// What follows the address that it printed.
    fragment: String,
    token: String,
    folder: TempDir,
}

impl Server {
    fn start() -> Self {
        Self::with(&[])
    }

    fn with(options: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("small.toml"), small()).unwrap();
        Self::over(folder, options)
    }

    fn over(folder: TempDir, options: &[&str]) -> Self {
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

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// Sends a head and a body as they are; gives what is answered.
    fn raw(&self, head: &str, body: &[u8]) -> Answer {
        let mut stream = self.connect();
        // A server that refuses may close before it has read all.
        let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
        Answer::of(&mut stream)
    }

    /// The head of a request with its own headers.
    fn head(&self, method: &str, target: &str, headers: &str) -> String {
        format!("{method} {target} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{headers}\r\n", self.address)
    }

    /// The headers that a page of this server sends.
    fn own(&self) -> String {
        format!("X-Entente-Token: {}\r\nOrigin: http://{}\r\nSec-Fetch-Site: same-origin\r\n", self.token, self.address)
    }

    fn get(&self, target: &str) -> Answer {
        self.raw(&self.head("GET", target, &self.own()), b"")
    }

    fn send(&self, method: &str, target: &str, body: &Value) -> Answer {
        let body = body.to_string();
        let headers = format!("{}Content-Type: application/json\r\nContent-Length: {}\r\n", self.own(), body.len());
        self.raw(&self.head(method, target, &headers), body.as_bytes())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Begins an experiment.
    fn begin(&self, replicates: u64, kind: &str) -> String {
        let asked = json!({ "path": "small.toml", "replicates": replicates, "kind": kind });
        let answer = self.send("POST", "/api/experiments", &asked);
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()["experiment"].as_str().unwrap().to_owned()
    }

    /// Listens to an experiment until `enough` of what it tells, or its end.
    fn listen(&self, experiment: &str, mut enough: impl FnMut(&Value) -> bool) -> Vec<Value> {
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
    fn interrupt(mut self, signal: &str) -> (Option<i32>, Duration, String, TempDir) {
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
struct Answer {
    status: u16,
    headers: String,
    body: String,
}

impl Answer {
    fn of(stream: &mut TcpStream) -> Self {
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

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// That it is a refusal in a sentence.
    fn refuses(&self, statuses: &[u16]) -> &Self {
        assert!(statuses.contains(&self.status), "{self:?}");
        assert!(self.json()["error"].as_str().is_some_and(|error| !error.is_empty()), "{self:?}");
        self
    }
}

fn small() -> String {
    let configs = Path::new(env!("CARGO_MANIFEST_DIR")).join("configs");
    std::fs::read_to_string(configs.join("three-way-standoff.toml")).unwrap()
}

#[test]
fn other_names_and_origins_are_refused() {
    let server = Server::start();
    let port = server.address.port();
    for host in
        ["evil.example", "127.0.0.1", &format!("evil.example:{port}"), &format!("127.0.0.1.evil.example:{port}"), ""]
    {
        for target in ["/", "/page.js", "/api/shelf", "/nothing"] {
            let answer = server.raw(
                &format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{}\r\n", server.own()),
                b"",
            );
            assert_eq!(answer.status, 421, "{host} {answer:?}");
            assert!(!answer.body.contains("<html") && !answer.body.contains("small"), "{answer:?}");
        }
    }
    let absolute =
        format!("GET http://evil.example/ HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", server.address);
    assert_eq!(server.raw(&absolute, b"").status, 421);
    let twice =
        format!("GET / HTTP/1.1\r\nHost: {0}\r\nHost: evil.example\r\nConnection: close\r\n\r\n", server.address);
    assert_eq!(server.raw(&twice, b"").status, 421);

    let token = format!("X-Entente-Token: {}\r\n", server.token);
    let body = "Content-Type: application/json\r\nContent-Length: 2\r\n";
    for (method, target) in [
        ("GET", "/api/shelf"),
        ("GET", "/api/scenario?path=small.toml"),
        ("POST", "/api/check"),
        ("PUT", "/api/scenario"),
        ("POST", "/api/experiments"),
        ("OPTIONS", "/api/experiments"),
    ] {
        for origin in [
            "Origin: http://evil.example\r\n",
            "Origin: null\r\n",
            "Sec-Fetch-Site: cross-site\r\n",
            "Sec-Fetch-Site: same-site\r\n",
        ] {
            let answer = server.raw(&server.head(method, target, &format!("{token}{origin}{body}")), b"{}");
            answer.refuses(&[403]);
            assert!(!answer.headers.contains("access-control"), "{answer:?}");
        }
        for token in [
            "",
            "X-Entente-Token: \r\n",
            "X-Entente-Token: 0000000000000000000000000000000000000000000000000000000000000000\r\n",
        ] {
            let headers = format!("{token}Origin: http://{}\r\n{body}", server.address);
            server.raw(&server.head(method, target, &headers), b"{}").refuses(&[401]);
        }
        if method != "GET" {
            server.raw(&server.head(method, target, &format!("{token}{body}")), b"{}").refuses(&[403]);
        }
    }
    // What forms of other pages can send is no JSON.
    for kind in ["", "Content-Type: text/plain\r\n", "Content-Type: application/x-www-form-urlencoded\r\n"] {
        let headers = format!("{}{kind}Content-Length: 2\r\n", server.own());
        server.raw(&server.head("POST", "/api/check", &headers), b"{}").refuses(&[415]);
    }
    assert_eq!(server.get("/api/shelf").status, 200);
}

#[test]
fn answers_keep_other_pages_out() {
    let server = Server::start();
    for target in
        ["/", "/page.js", "/page.css", "/favicon.ico", "/api/shelf", "/nothing", "/api/scenario?path=../x.toml"]
    {
        let answer = server.get(target);
        for header in [
            "content-security-policy: default-src 'none'; script-src 'self' 'wasm-unsafe-eval';",
            "frame-ancestors 'none'",
            "x-content-type-options: nosniff",
            "referrer-policy: no-referrer",
            "cross-origin-opener-policy: same-origin",
            "cross-origin-resource-policy: same-origin",
            "cache-control: no-store",
        ] {
            assert!(answer.headers.contains(header), "{target}: {header} in {answer:?}");
        }
        assert!(!answer.headers.contains("access-control"), "{answer:?}");
    }
    let page = server.get("/");
    assert!(page.body.contains("<div id=\"entente-live\"></div>") && page.body.contains("src=\"/page.js\""));
    assert!(!page.body.contains("style=") && !page.body.contains("<script>"), "the policy would stop it");
    assert_eq!(server.get("/favicon.ico").status, 204);
    server.get("/nothing").refuses(&[404]);
    server.send("DELETE", "/api/shelf", &json!({})).refuses(&[405]);
}

#[test]
fn no_path_leads_out() {
    let outer = tempfile::tempdir().unwrap();
    let inner = outer.path().join("inner");
    std::fs::create_dir(&inner).unwrap();
    std::fs::write(inner.join("small.toml"), small()).unwrap();
    std::fs::write(outer.path().join("secret.toml"), small().replace("three-way", "top-secret")).unwrap();
    std::fs::create_dir(outer.path().join("results")).unwrap();
    std::fs::write(outer.path().join("results/report.html"), "top-secret").unwrap();
    #[cfg(unix)]
    for (to, name) in [("../secret.toml", "link.toml"), ("..", "up"), ("/", "all")] {
        std::os::unix::fs::symlink(to, inner.join(name)).unwrap();
    }
    let server = Server::over(outer, &["inner"]);
    // What would be read for ever is not read at all.
    #[cfg(unix)]
    {
        std::fs::create_dir(server.path("inner/pipes")).unwrap();
        for name in ["inner/pipe.toml", "inner/pipes/manifest.json"] {
            assert!(Command::new("mkfifo").arg(server.path(name)).status().unwrap().success());
        }
        server.get("/api/scenario?path=pipe.toml").refuses(&[422]);
        server.get("/api/page?results=pipes").refuses(&[404]);
        let piped = json!({ "path": "small.toml", "text": "extends = \"pipe.toml\"\n" });
        assert!(server.send("POST", "/api/check", &piped).body.contains("it is no file"));
        assert_eq!(server.get("/api/shelf").status, 200);
    }
    let whole = server.path("secret.toml").display().to_string();
    let coded = whole.replace('/', "%2F");
    let ways = [
        "../secret.toml",
        "..%2fsecret.toml",
        "%2e%2e/secret.toml",
        "%2e%2e%2fsecret.toml",
        "..%5csecret.toml",
        "%252e%252e%252fsecret.toml",
        "..%c0%afsecret.toml",
        "%c0%ae%c0%ae/secret.toml",
        "....//secret.toml",
        ".%00./secret.toml",
        "x%2f..%2f..%2fsecret.toml",
        "small.toml%00/../../secret.toml",
        "small.toml%2f..%2f..%2fsecret.toml",
        "file:%2f%2f%2fsecret.toml",
        "%uff0e%uff0e/secret.toml",
        &whole,
        &coded,
        "link.toml",
        "up/secret.toml",
        "up%2fsecret.toml",
        "all/etc/hostname",
        "/etc/passwd",
    ];
    for way in ways {
        for target in [
            format!("/api/scenario?path={way}"),
            format!("/api/report?results={}", way.replace("secret.toml", "results")),
        ] {
            let answer = server.get(&target);
            answer.refuses(&[400, 403, 404, 422]);
            assert!(!answer.body.contains("top-secret"), "{target}: {answer:?}");
        }
        let answer = server.get(&format!("/{way}"));
        assert!([400, 404].contains(&answer.status) && !answer.body.contains("top-secret"), "{way}: {answer:?}");
    }
    let asked = [
        "../secret.toml",
        "..\\secret.toml",
        "up/secret.toml",
        "link.toml",
        "./small.toml",
        &whole,
        "up/new.toml",
        "../new.toml",
    ];
    for path in asked {
        server.send("PUT", "/api/scenario", &json!({ "path": path, "text": "x", "was": null })).refuses(&[403, 404]);
        server.send("POST", "/api/check", &json!({ "path": path, "text": small() })).refuses(&[403, 404]);
        let experiment = json!({ "path": path, "replicates": 8, "kind": "run" });
        server.send("POST", "/api/experiments", &experiment).refuses(&[403, 404]);
    }
    assert!(!server.path("new.toml").exists());

    // What a text names is within the folder too.
    let named = |line: &str| {
        let text = format!("{line}\n{}", small());
        let answer = server.send("POST", "/api/check", &json!({ "path": "small.toml", "text": text }));
        assert_eq!(answer.status, 200, "{answer:?}");
        assert!(!answer.body.contains("top-secret") && !answer.body.contains("root:"), "{answer:?}");
        answer.json()["problems"].to_string()
    };
    for path in ["../secret.toml", "link.toml", "up/secret.toml", "/etc/passwd"] {
        assert!(named(&format!("extends = \"{path}\"")).contains("not within the folder"), "{path}");
    }
    let boundaries = small().replace("[scenario]", "[scenario]\nboundaries = \"/etc/passwd\"");
    let checked = server.send("POST", "/api/check", &json!({ "path": "small.toml", "text": boundaries })).json();
    assert!(checked["problems"].to_string().contains("not within the folder"), "{checked}");
    let joint = small().replace("[scenario]", &format!("[scenario]\njoint_inputs = \"{whole}.csv\""));
    std::fs::write(server.path("secret.toml.csv"), "a,b\n1,2\n").unwrap();
    std::fs::write(server.path("inner/joint.toml"), joint).unwrap();
    let asked = json!({ "path": "joint.toml", "replicates": 8, "kind": "run" });
    server.send("POST", "/api/experiments", &asked).refuses(&[403]);
}

#[test]
fn slow_clients_are_left() {
    let server = Server::start();
    let begun = now();
    let starts = ["", "G", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: localhost\r\nX-"];
    let slow: Vec<TcpStream> = (0..40)
        .map(|number| {
            let mut stream = server.connect();
            stream.write_all(starts[number % starts.len()].as_bytes()).unwrap();
            stream
        })
        .collect();
    // A body that never comes keeps its own connection and nobody else's.
    let mut silent = server.connect();
    let headers = format!("{}Content-Type: application/json\r\nContent-Length: 100\r\n", server.own());
    silent.write_all(server.head("POST", "/api/check", &headers).as_bytes()).unwrap();
    let asked = now();
    assert_eq!(server.get("/api/shelf").status, 200);
    assert!(asked.elapsed() < Duration::from_secs(3), "{:?}", asked.elapsed());
    for (number, mut stream) in slow.into_iter().enumerate() {
        // A byte now and then does not help.
        let _ = stream.write_all(b"a");
        assert_ne!(Answer::of(&mut stream).status, 200, "{number}");
    }
    assert!(begun.elapsed() < Duration::from_secs(9), "{:?}", begun.elapsed());
    // One that says nothing more after an answer.
    let (mut idle, begun) = (server.connect(), now());
    idle.write_all(format!("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", server.address).as_bytes()).unwrap();
    assert_eq!(Answer::of(&mut idle).status, 200);
    assert!(begun.elapsed() < Duration::from_secs(9), "{:?}", begun.elapsed());
    let huge = format!("GET / HTTP/1.1\r\nHost: {}\r\nX-A: {}\r\n\r\n", server.address, "a".repeat(1 << 20));
    assert!([0, 431].contains(&server.raw(&huge, b"").status));
    let many = format!("GET / HTTP/1.1\r\nHost: {}\r\n{}\r\n", server.address, "X-A: a\r\n".repeat(500));
    assert!([0, 431].contains(&server.raw(&many, b"").status));
}

#[test]
fn ten_thousand_connections_keep_nobody_out() {
    let server = Server::start();
    let mut held = std::collections::VecDeque::new();
    for number in 1..=10_000 {
        if let Ok(mut stream) = TcpStream::connect(server.address) {
            let _ = stream.write_all(b"GET / HTTP/1.1\r\n");
            held.push_back(stream);
        }
        if held.len() > 400 {
            held.pop_front();
        }
        if number % 1000 == 0 {
            let asked = now();
            assert_eq!(server.get("/api/shelf").status, 200);
            assert!(asked.elapsed() < Duration::from_secs(3), "after {number}: {:?}", asked.elapsed());
        }
    }
    #[cfg(target_os = "linux")]
    {
        let open = std::fs::read_dir(format!("/proc/{}/fd", server.child.id())).unwrap().count();
        assert!(open < 300, "{open} files are open");
    }
}

#[test]
fn a_huge_body_is_refused_early() {
    let server = Server::start();
    let begun = now();
    let own = format!("{}Content-Type: application/json\r\n", server.own());
    for (method, target) in [("POST", "/api/check"), ("PUT", "/api/scenario"), ("POST", "/api/experiments")] {
        let said = format!("{own}Content-Length: {}\r\n", 1_u64 << 30);
        server.raw(&server.head(method, target, &said), b"{").refuses(&[413]);

        // One that does not say how long it is.
        let mut stream = server.connect();
        stream
            .write_all(server.head(method, target, &format!("{own}Transfer-Encoding: chunked\r\n")).as_bytes())
            .unwrap();
        let part = format!("10000\r\n{}\r\n", "a".repeat(0x10000));
        let sent = (0..1_u64 << 14).take_while(|_| stream.write_all(part.as_bytes()).is_ok()).count();
        assert!(sent < 1 << 10, "{method} {target}: {sent} parts of 64 KiB were taken");
    }
    let said = format!("{}Content-Length: {}\r\n", server.own(), 1_u64 << 30);
    let answer = server.raw(&server.head("GET", "/api/shelf", &said), b"aaaa");
    assert!([0, 200, 400, 413].contains(&answer.status));
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    assert_eq!(server.get("/api/shelf").status, 200);
}

#[test]
fn a_scenario_that_would_take_all_memory_is_refused() {
    let server = Server::start();
    let zone = |number: usize| {
        format!("[[zone]]\nid = \"z{number}\"\nname = \"z\"\ncountry = \"c\"\nposition = [0, 0]\npopulation = 1\n")
    };
    let faction =
        |number: usize| format!("[[faction]]\nid = \"f{number}\"\nname = \"f\"\nkind = \"state\"\nfighters = 1\n");
    let all = |entry: &dyn Fn(usize) -> String| -> String { (0..9_000).map(entry).collect() };
    let texts = [
        small().replace("horizon = ", "horizon = \"9999999 years\"\n# "),
        small().replace("[scenario]", "[scenario]\nsplinters = 999999999"),
        format!("{}\n{}", small(), all(&zone)),
        format!("{}\n{}", small(), all(&faction)),
        format!("a = {}", "[".repeat(1_000_000)),
        format!("{} = 1", ["a"; 400_000].join(".")),
        "[[a]]\n".repeat(140_000),
        format!("a = \"{}\"", "x".repeat(1_000_000)),
    ];
    for (number, text) in texts.iter().enumerate() {
        let begun = now();
        let answer = server.send("POST", "/api/check", &json!({ "path": "small.toml", "text": text }));
        assert_eq!(answer.status, 200, "{number}: {}", answer.body);
        let found = answer.json();
        assert_ne!(found["problems"].as_array().unwrap().len(), 0, "{number}");
        assert_eq!(found["problems"][0]["level"], "error", "{number}");
        assert!(begun.elapsed() < Duration::from_secs(10), "{number}: {:?}", begun.elapsed());
        std::fs::write(server.path("large.toml"), text).unwrap();
        let asked = json!({ "path": "large.toml", "replicates": 8, "kind": "run" });
        server.send("POST", "/api/experiments", &asked).refuses(&[422]);
    }
    std::fs::remove_file(server.path("large.toml")).unwrap();
    let text = format!("#{}\n{}", "x".repeat(1 << 20), small());
    server.send("POST", "/api/check", &json!({ "path": "small.toml", "text": text })).refuses(&[422]);
    for replicates in [json!(0), json!(1_000_001), json!(1_u64 << 60), json!(-1), json!(1e300)] {
        let asked = json!({ "path": "small.toml", "replicates": replicates, "kind": "run" });
        server.send("POST", "/api/experiments", &asked).refuses(&[422]);
    }
    std::fs::write(
        server.path("many.toml"),
        format!("{}\n[run]\nreplicates = 90000000\n", small().replace("[run]", "[old]")),
    )
    .unwrap();
    let asked = json!({ "path": "many.toml", "kind": "run" });
    server.send("POST", "/api/experiments", &asked).refuses(&[422]);
    #[cfg(target_os = "linux")]
    {
        let status = std::fs::read_to_string(format!("/proc/{}/status", server.child.id())).unwrap();
        let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")).unwrap();
        assert!(most.parse::<u64>().unwrap() < 1 << 20, "{most} kB were in use");
    }
}

#[test]
fn the_shelf_and_the_editor() {
    let server = Server::with(&["small.toml"]);
    assert!(server.fragment.ends_with("&/scenario/small.toml"), "{}", server.fragment);
    std::fs::write(server.path("other.toml"), "[package]\nname = \"x\"\n").unwrap();
    std::fs::create_dir(server.path("more")).unwrap();
    std::fs::write(server.path("more/built.toml"), "extends = \"../small.toml\"\n").unwrap();
    let broken = small().replace("horizon", "horizn").replace("name = \"Villagers\"", "name = 3");
    std::fs::write(server.path("broken.toml"), &broken).unwrap();
    let shelf = server.get("/api/shelf").json();
    let listed = |shelf: &Value| -> Vec<(String, u64)> {
        let all = shelf["scenarios"].as_array().unwrap().iter();
        all.map(|one| (one["path"].as_str().unwrap().to_owned(), one["problems"].as_u64().unwrap())).collect()
    };
    let found = listed(&shelf);
    assert_eq!(
        found.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(),
        ["broken.toml", "more/built.toml", "small.toml"]
    );
    assert!(found[0].1 > 0 && found[1].1 == 0 && found[2].1 == 0, "{found:?}");
    assert_eq!(shelf["scenarios"][2]["title"], "Three-way standoff");
    // A file that another one extends is looked at again.
    std::fs::write(server.path("small.toml"), &broken).unwrap();
    assert!(listed(&server.get("/api/shelf").json()).iter().all(|(_, problems)| *problems > 0));
    std::fs::write(server.path("small.toml"), small()).unwrap();

    let opened = server.get("/api/scenario?path=broken.toml").json();
    assert_eq!(opened["text"], broken.as_str());
    let problems = opened["problems"].as_array().unwrap();
    let line_of = |what: &str| broken.lines().position(|line| line.contains(what)).unwrap() as u64 + 1;
    for what in ["horizn", "name = 3"] {
        let problem = problems
            .iter()
            .find(|problem| problem["line"] == line_of(what))
            .unwrap_or_else(|| panic!("{what} in {problems:?}"));
        let [start, end] = ["start", "end"].map(|end| problem[end].as_u64().unwrap() as usize);
        assert!(what.contains(&broken[start..end]) && start < end, "{problem}");
        assert!(problem["column"].as_u64().unwrap() > 0 && problem["level"] == "error", "{problem}");
    }
    let checked = server.send("POST", "/api/check", &json!({ "path": "new.toml", "text": small() })).json();
    assert!(checked["questions"].as_u64().unwrap() > 0, "{checked}");
    let elsewhere = json!({ "path": "new.toml", "text": "extends = \"broken.toml\"\n" });
    let problem = &server.send("POST", "/api/check", &elsewhere).json()["problems"][0];
    assert!(problem["line"] == 0 && problem["message"].as_str().unwrap().contains("broken.toml, line"), "{problem}");
    assert_eq!(server.get("/api/schema").json()["type"], "object");

    let write = |path: &str, text: &str, was: Value| {
        server.send("PUT", "/api/scenario", &json!({ "path": path, "text": text, "was": was }))
    };
    write("small.toml", "x", json!("what it never was")).refuses(&[409]);
    write("small.toml", "x", Value::Null).refuses(&[409]);
    assert_eq!(std::fs::read_to_string(server.path("small.toml")).unwrap(), small());
    let better = small().replace("Three-way", "Better");
    assert_eq!(write("small.toml", &better, json!(small())).status, 200);
    assert_eq!(std::fs::read_to_string(server.path("small.toml")).unwrap(), better);
    assert_eq!(write("more/new.toml", "half", Value::Null).json()["problems"][0]["level"], "error");
    assert_eq!(std::fs::read_to_string(server.path("more/new.toml")).unwrap(), "half");
    write("nowhere/new.toml", "x", Value::Null).refuses(&[404]);
    write("new.txt", "x", Value::Null).refuses(&[422]);
    write(".git/config.toml", "x", Value::Null).refuses(&[403]);
    write("gone.toml", "x", json!("it was there")).refuses(&[409]);
}

#[test]
fn an_experiment_from_its_beginning_to_its_report() {
    let server = Server::start();
    let experiment = server.begin(40, "run");
    let told = server.listen(&experiment, |_| false);
    let last = told.last().unwrap();
    assert_eq!(last["kind"], "finished", "{told:?}");
    let progress = told.iter().rfind(|told| told["kind"] == "progress").unwrap();
    assert_eq!(progress["of"], 40, "{told:?}");
    let results = last["results"].as_str().unwrap();
    assert!(results.starts_with("outputs/three-way-standoff/run-"), "{results}");
    // Who comes late hears how it ended.
    assert_eq!(server.listen(&experiment, |_| false).last(), Some(last));
    let shelf = server.get("/api/shelf").json();
    let found = &shelf["results"][0];
    assert_eq!(
        (&found["id"], &found["kind"], &found["replicates"], &found["damaged"]),
        (&json!(results), &json!("run"), &json!(40), &json!(""))
    );
    assert_eq!(shelf["scenarios"].as_array().unwrap().len(), 1, "the copy in the results is no scenario of the shelf");
    assert_eq!(shelf["experiments"], json!([]));
    let report = server.get(&format!("/api/report?results={results}"));
    assert!(report.status == 200 && report.body.contains("Three-way standoff"), "{}", report.headers);
    assert!(report.headers.contains("content-security-policy: sandbox ") && report.headers.contains("attachment"));
    assert!(!report.headers.contains("allow-same-origin"), "{}", report.headers);
    // In a tab of its own, which knows no token.
    let shown = server.send("POST", &format!("/api/report?results={results}"), &json!({})).json();
    let address = shown["address"].as_str().unwrap();
    let tab = server.raw(&server.head("GET", address, "Sec-Fetch-Site: none\r\n"), b"");
    assert!(tab.status == 200 && tab.body == report.body && tab.headers.contains("content-security-policy: sandbox "));
    assert!(!tab.headers.contains("attachment"), "{}", tab.headers);
    server.raw(&server.head("GET", &format!("{address}0"), ""), b"").refuses(&[404]);

    // The page over the engine: what is run is what the results hold.
    let page = server.get(&format!("/api/page?results={results}")).json();
    assert_eq!((&page["scenario"], &page["replicates"]), (&json!("three-way-standoff"), &json!(40)));
    let engine = |request: &Value| server.send("POST", &format!("/api/engine?results={results}"), request).json();
    let change = json!({ "variant": null, "set": [] });
    let opened = engine(&json!({ "op": "check", "change": change }));
    assert_eq!(opened["ok"]["answers"], page["answers"].as_array().unwrap().len(), "{opened}");
    let runs = engine(&json!({ "op": "run", "change": change, "first": 0, "count": 40 }));
    let values = runs["ok"]["values"].as_array().unwrap_or_else(|| panic!("{runs}"));
    for (answer, known) in page["values"].as_array().unwrap().iter().enumerate() {
        let run: Vec<&Value> = values.iter().map(|run| &run[answer]).collect();
        let known: Vec<&Value> = known.as_array().unwrap().iter().collect();
        assert_eq!(run.len(), known.len());
        assert!(
            run.iter().zip(&known).all(|(run, known)| run.as_f64() == known.as_f64()),
            "{answer}: {run:?} {known:?}"
        );
    }
    let play = engine(&json!({ "op": "play", "change": change, "replicate": 3 }));
    assert_eq!(play["ok"]["replicate"], 3, "{play}");
    assert!(engine(&json!({ "op": "run", "change": change, "first": 0, "count": 1_000_000_000 }))["error"].is_string());
    assert!(engine(&json!({ "op": "nothing" }))["error"].is_string());

    // It is what the command makes, which finds it done.
    let command = ["run", "small.toml", "--replicates", "40", "--format", "json"];
    let run =
        Command::new(env!("CARGO_BIN_EXE_entente")).args(command).current_dir(server.folder.path()).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    assert_eq!(std::fs::read_dir(server.path("outputs/three-way-standoff")).unwrap().count(), 1);

    std::fs::write(server.path(results).join("runs.parquet"), "nothing").unwrap();
    let damaged = server.get("/api/shelf").json();
    assert!(damaged["results"][0]["damaged"].as_str().unwrap().contains("runs.parquet"), "{damaged}");
    server.get("/api/report?results=outputs").refuses(&[404]);
    server.get("/api/experiments/99").refuses(&[404]);
    let asked = json!({ "path": "small.toml", "replicates": 8, "kind": "ruin" });
    server.send("POST", "/api/experiments", &asked).refuses(&[422]);
    let compared = server.begin(8, "compare");
    let told = server.listen(&compared, |_| false);
    assert!(told.last().unwrap()["results"].as_str().is_some_and(|results| results.contains("/compare-")), "{told:?}");
}

#[test]
fn what_is_stopped_goes_on() {
    let server = Server::start();
    let experiment = server.begin(700, "run");
    server.listen(&experiment, |told| told["done"].as_u64().is_some_and(|done| done >= 128));
    let again = json!({ "path": "small.toml", "replicates": 8, "kind": "run" });
    let busy = server.send("POST", "/api/experiments", &again);
    assert!(busy.refuses(&[429]).body.contains("small.toml"), "{busy:?}");
    assert_eq!(server.get("/api/shelf").json()["experiments"][0]["path"], "small.toml");
    assert_eq!(server.send("POST", &format!("/api/experiments/{experiment}/stop"), &json!({})).status, 200);
    let told = server.listen(&experiment, |_| false);
    let last = told.last().unwrap();
    assert!(last["kind"] == "failed" && last["error"].as_str().unwrap().contains("is kept"), "{told:?}");
    let folder = std::fs::read_dir(server.path("outputs/three-way-standoff")).unwrap().next().unwrap().unwrap().path();
    let chunks = std::fs::read_dir(folder.join("chunks")).unwrap().flatten();
    assert!(chunks.filter(|file| file.path().extension().is_some_and(|ending| ending == "chunk")).count() > 1);
    assert!(server.get("/api/shelf").json()["results"].as_array().unwrap().is_empty(), "it is not finished");

    let told = server.listen(&server.begin(700, "run"), |_| false);
    let goes_on = |told: &Value| told["text"].as_str().is_some_and(|text| text.contains("going on"));
    assert!(told.iter().any(goes_on), "{told:?}");
    assert_eq!(told.last().unwrap()["kind"], "finished", "{told:?}");
}

#[cfg(unix)]
#[test]
fn it_ends_soon_and_keeps_what_is_done() {
    let server = Server::start();
    let begun = now();
    let (code, took, said, _folder) = server.interrupt("-INT");
    assert!(
        code == Some(0) && took < Duration::from_secs(2),
        "{code:?} after {took:?} of {:?}: {said}",
        begun.elapsed()
    );

    let server = Server::start();
    let experiment = server.begin(100_000, "run");
    server.listen(&experiment, |told| told["done"].as_u64().is_some_and(|done| done >= 800));
    // Listeners and idle connections do not keep it.
    let _idle = server.connect();
    let (code, took, said, folder) = server.interrupt("-TERM");
    assert!(code == Some(0) && took < Duration::from_secs(2), "{code:?} after {took:?}: {said}");
    assert!(said.contains("small.toml") && said.contains("is kept"), "{said}");
    let results =
        std::fs::read_dir(folder.path().join("outputs/three-way-standoff")).unwrap().next().unwrap().unwrap().path();
    let files = std::fs::read_dir(results.join("chunks")).unwrap().flatten();
    let names: Vec<String> = files.map(|file| file.file_name().to_string_lossy().into_owned()).collect();
    assert!(names.iter().any(|name| name.ends_with(".chunk")), "{names:?}");
    assert!(!names.iter().any(|name| name.ends_with(".part")), "what is half done is removed: {names:?}");
}

#[test]
fn other_machines_are_kept_out_unless_it_is_said_twice() {
    let serve = |options: &[&str]| {
        let folder = tempfile::tempdir().unwrap();
        Command::new(env!("CARGO_BIN_EXE_entente"))
            .arg("serve")
            .args(options)
            .current_dir(folder.path())
            .output()
            .unwrap()
    };
    for host in ["0.0.0.0", "::", "192.168.7.5"] {
        let refused = serve(&["--host", host]);
        assert_eq!(refused.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&refused.stderr).contains("--i-know"), "{refused:?}");
    }
    assert_eq!(serve(&["--host", "evil.example"]).status.code(), Some(2));
    assert_eq!(serve(&["nothing.toml"]).status.code(), Some(2));
    let server = Server::with(&["--host", "0.0.0.0", "--i-know"]);
    assert_eq!(server.get("/api/shelf").status, 200);
    let named = format!("GET / HTTP/1.1\r\nHost: evil.example:{}\r\nConnection: close\r\n\r\n", server.address.port());
    assert_eq!(server.raw(&named, b"").status, 421);
}

#[test]
fn it_starts_at_once() {
    let begun = now();
    let server = Server::start();
    let ready = begun.elapsed();
    assert_eq!(server.get("/").status, 200);
    assert!(ready < Duration::from_secs(2), "{ready:?}");
}
