//! What it refuses.

use crate::client::{Answer, Server, now, small};
use serde_json::json;
use std::io::Write;
use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

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
