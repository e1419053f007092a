//! A resolved scenario stands by itself; the order of a file is nobody's business; inputs tell their sources.

use entente::scenario::{Overrides, Scenario};
use std::path::{Path, PathBuf};

fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("configs").join(name)
}

fn load(path: &Path, overrides: &Overrides) -> Scenario {
    Scenario::load(path, overrides).unwrap_or_else(|problems| panic!("{problems}"))
}

fn same(one: &Scenario, other: &Scenario) {
    // The derived text form shows every field, and numbers so that they differ when their bits do.
    assert_eq!(format!("{:?}", one.setting), format!("{:?}", other.setting));
    assert_eq!(one.setting.initial, other.setting.initial);
    assert_eq!(one.behaviour, other.behaviour);
    assert_eq!(one.digest(), other.digest());
}

#[test]
fn the_resolved_text_gives_the_same_setting() {
    let cases = [
        ("northern-mali-2023.toml", Overrides::default()),
        (
            "northern-mali-2023.toml",
            Overrides {
                variant: Some("sponsor-forbids".into()),
                set: vec!["faction.jnim.outreach=0.3".into(), "relation.state.jnim.trust=0.25".into()],
            },
        ),
        ("three-way-standoff.toml", Overrides { set: vec!["run.seed=9".into()], variant: Some("old-feud".into()) }),
    ];
    for (name, overrides) in cases {
        let scenario = load(&shipped(name), &overrides);
        let text = scenario.resolved_toml();
        let again = Scenario::from_text("resolved.toml", &text, &Overrides::default())
            .unwrap_or_else(|problems| panic!("{problems}"));
        same(&scenario, &again);
        assert_eq!(scenario.file.run, again.file.run);
        assert_eq!(scenario.inputs(), again.inputs(), "sources are kept");
        assert_eq!(scenario.uncertainties(), again.uncertainties());
        assert_eq!(text, again.resolved_toml());
    }
}

#[test]
fn a_variant_of_a_scenario_is_the_scenario_read_with_it() {
    let path = shipped("northern-mali-2023.toml");
    let baseline = load(&path, &Overrides::default());
    for variant in &baseline.file.variant {
        let read = load(&path, &Overrides { variant: Some(variant.id.clone()), set: Vec::new() });
        let made = baseline.variant(&variant.id).unwrap_or_else(|problems| panic!("{problems}"));
        same(&read, &made);
        assert_ne!(read.digest(), baseline.digest(), "{} changes nothing", variant.id);
    }
    let point = baseline.with(&[("faction.jnim.fighters".into(), 2345.0)], "sweep").unwrap();
    assert_ne!(point.digest(), baseline.digest());
}

#[test]
fn the_order_of_a_file_is_nobodys_business() {
    let scenario = load(&shipped("northern-mali-2023.toml"), &Overrides::default());
    let text = scenario.resolved_toml();
    let mut entries: Vec<&str> = text.split("\n\n").collect();
    let (questions, mut rest): (Vec<&str>, Vec<&str>) =
        entries.drain(..).partition(|entry| entry.contains("[[question]]"));
    rest.reverse();
    rest.extend(questions);
    let reordered = Scenario::from_text("reordered.toml", &rest.join("\n\n"), &Overrides::default())
        .unwrap_or_else(|problems| panic!("{problems}"));
    same(&scenario, &reordered);
}

#[test]
fn names_and_sources_are_not_part_of_the_digest_and_values_are() {
    let scenario = load(&shipped("three-way-standoff.toml"), &Overrides::default());
    let digest = |set: &str| {
        let overrides = Overrides { set: vec![set.into()], variant: None };
        load(&shipped("three-way-standoff.toml"), &overrides).digest()
    };
    for appearance in ["faction.traders.name=Merchants", "scenario.title=Other", "run.seed=2", "zone.delta.source=x"] {
        assert_eq!(scenario.digest(), digest(appearance), "{appearance}");
    }
    for value in ["faction.traders.outreach=0.81", "behaviour.leak.rate=0.061", "scenario.horizon=1 year"] {
        assert_ne!(scenario.digest(), digest(value), "{value}");
    }
}

#[test]
fn inputs_tell_their_sources() {
    let scenario = load(&shipped("three-way-standoff.toml"), &Overrides::default());
    let inputs = scenario.inputs();
    let input = |path: &str| inputs.iter().find(|input| input.path == path).unwrap_or_else(|| panic!("no {path}"));
    let fighters = input("faction.highlanders.fighters");
    assert_eq!((fighters.low, fighters.high), (Some(700.0), Some(1400.0)));
    assert!(fighters.is_assumption());
    assert!(input("relation.highlanders.rivermen.hostility").is_assumption());
    assert!(input("behaviour.leak.rate").default);
    let mali = load(&shipped("northern-mali-2023.toml"), &Overrides::default()).inputs();
    assert!(mali.iter().any(|input| !input.is_assumption() && !input.default));
    let mut paths: Vec<&str> = mali.iter().map(|input| input.path.as_str()).collect();
    paths.sort_unstable();
    assert!(paths.windows(2).all(|pair| pair[0] != pair[1]), "a path names one input");
}
