//! What it does.

use crate::client::{Server, now, small};
use serde_json::{Value, json};
use std::process::Command;
use std::time::Duration;

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
    assert!(last["kind"] == "stopped" && last["text"].as_str().unwrap().contains("is kept"), "{told:?}");
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
fn it_starts_at_once() {
    let begun = now();
    let server = Server::start();
    let ready = begun.elapsed();
    assert_eq!(server.get("/").status, 200);
    assert!(ready < Duration::from_secs(2), "{ready:?}");
}
