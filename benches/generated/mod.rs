//! Worlds of any size, made by rule: factions on a square grid of zones, each at war with a few neighbours.

use entente::scenario::{Overrides, Scenario};
use std::fmt::Write;

/// A scenario of so many factions and zones (both at least 4), two years long.
pub fn scenario(factions: usize, zones: usize) -> Scenario {
    let side = (zones as f64).sqrt().ceil() as usize;
    let mut text = String::from(
        "scenario = { id = \"generated\", title = \"Generated\", start = 2024-01-01, horizon = \"2 years\", axes = [\"x\", \"y\"] }\n",
    );
    for zone in 0..zones {
        let (x, y) = (zone % side, zone / side);
        let mut neighbours = Vec::new();
        if x + 1 < side && zone + 1 < zones {
            neighbours.push(format!("\"z{}\"", zone + 1));
        }
        if zone + side < zones {
            neighbours.push(format!("\"z{}\"", zone + side));
        }
        writeln!(
            text,
            "[[zone]]\nid = \"z{zone}\"\nname = \"Z\"\ncountry = \"N\"\nposition = [{}, {}]\npopulation = 20000\n\
             revenue = 20\nneighbours = [{}]\ncontrol = {{ f{} = 0.6 }}",
            x as f64 * 0.01,
            y as f64 * 0.005,
            neighbours.join(", "),
            zone * factions / zones,
        )
        .unwrap();
    }
    text.push_str("[[community]]\nid = \"people\"\nname = \"People\"\ngrievance = 0.3\n[community.share]\n");
    for zone in 0..zones {
        writeln!(text, "z{zone} = 1").unwrap();
    }
    for faction in 0..factions {
        let first = faction * zones / factions;
        let held = (zones / factions).clamp(1, 8);
        let presence: Vec<String> =
            (0..held).map(|offset| format!("z{} = {}", (first + offset) % zones, 1.0 / held as f64)).collect();
        writeln!(
            text,
            "[[faction]]\nid = \"f{faction}\"\nname = \"F\"\nkind = \"armed_group\"\nfighters = {}\ncivilian_harm = 0.2\n\
             base = {{ people = 0.5 }}\npresence = {{ {} }}\nalignment = {{ x = {}, y = {} }}",
            100 * held,
            presence.join(", "),
            ((faction * 7) % 11) as f64 / 5.5 - 1.0,
            ((faction * 5) % 13) as f64 / 6.5 - 1.0,
        )
        .unwrap();
    }
    for faction in 0..factions {
        for away in 1..=4 {
            let other = faction + away;
            if other < factions {
                let stance = if away % 2 == 1 { "war" } else { "rivalry" };
                writeln!(
                    text,
                    "[[relation]]\nbetween = [\"f{faction}\", \"f{other}\"]\nstance = \"{stance}\"\nhostility = 0.6\ntrust = 0.2"
                )
                .unwrap();
            }
        }
    }
    Scenario::from_text("generated.toml", &text, &Overrides::default()).unwrap_or_else(|problems| panic!("{problems}"))
}
