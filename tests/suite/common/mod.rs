//! A small scenario in which everything can happen, for tests.

use entente::base::FactionId;
use entente::scenario::{Overrides, Scenario};

/// Two movements under one umbrella, a state, raiders and a peace force in six zones; an accord, a congress, a mission
/// and a withdrawal.
pub const VALLEYS: &str = r#"
[scenario]
id = "valleys"
title = "Valleys"
start = 2024-01-01
horizon = "1 year"
axes = ["autonomy", "faith"]
splinters = 2
country = "Home"

[[zone]]
id = "capital"
name = "Capital"
country = "Home"
position = [0, 0]
population = 200000
revenue = 900
neighbours = ["plain", "river"]
control = { state = 0.9 }

[[zone]]
id = "plain"
name = "Plain"
country = "Home"
position = [1, 0]
population = 80000
revenue = 300
neighbours = ["hills", "river"]
control = { state = 0.5, raiders = 0.2 }

[[zone]]
id = "river"
name = "River"
country = "Home"
position = [0, 1]
population = 60000
revenue = 200
neighbours = ["hills", "border"]
control = { state = 0.3, raiders = 0.3 }

[[zone]]
id = "hills"
name = "Hills"
country = "Home"
position = [1, 1]
population = 40000
revenue = 200
ruggedness = 0.6
neighbours = ["border", "abroad"]
control = { front = 0.8 }

[[zone]]
id = "border"
name = "Border"
country = "Home"
position = [1, 2]
population = 30000
revenue = 100
neighbours = ["abroad"]
control = { raiders = 0.6 }

[[zone]]
id = "abroad"
name = "Abroad"
country = "Elsewhere"
position = [2, 2]
population = 30000

[[community]]
id = "farmers"
name = "Farmers"
share = { capital = 0.8, plain = 0.7, river = 0.5, hills = 0.2 }
alignment = { autonomy = -0.5 }
support = { state = 0.4 }
grievance = 0.2

[[community]]
id = "herders"
name = "Herders"
share = { plain = 0.2, river = 0.4, hills = 0.7, border = 0.9, abroad = 0.9 }
alignment = { autonomy = 0.6, faith = 0.3 }
support = { front = 0.4, raiders = 0.1 }
grievance = 0.5

[[faction]]
id = "state"
name = "State"
kind = "state"
fighters = 3000
presence = { capital = 0.5, plain = 0.3, river = 0.2 }
alignment = { autonomy = -0.8 }
base = { farmers = 0.7 }
civilian_harm = 0.2

[[faction]]
id = "red"
name = "Red movement"
kind = "movement"
fighters = 900
presence = { hills = 0.8, border = 0.2 }
alignment = { autonomy = 0.8 }
base = { herders = 0.6 }
outreach = 0.8
cohesion = 0.5

[[faction]]
id = "blue"
name = "Blue movement"
kind = "movement"
fighters = 600
presence = { hills = 0.7, river = 0.3 }
alignment = { autonomy = 0.5, faith = 0.4 }
base = { herders = 0.5 }
outreach = 0.8
cohesion = 0.4

[[faction]]
id = "raiders"
name = "Raiders"
kind = "armed_group"
fighters = 800
presence = { border = 0.6, river = 0.2, plain = 0.2 }
alignment = { faith = 0.9 }
base = { herders = 0.4 }
outreach = 0.6
aggression = 0.9
civilian_harm = 0.6

[[faction]]
id = "peacekeepers"
name = "Peacekeepers"
kind = "external_force"
fighters = 500
presence = { plain = 0.5, hills = 0.5 }
peacekeeping = 0.6
leverage = 0.5
aggression = 0.1
recruits = false

[[umbrella]]
id = "front"
name = "Front"
members = ["red", "blue"]
leader = "red"

[[relation]]
between = ["state", "front"]
hostility = 0.3

[[relation]]
between = ["red", "blue"]
stance = "alliance"
hostility = 0.05
trust = 0.7

[[relation]]
between = ["raiders", "state"]
stance = "war"
hostility = 0.8
trust = 0.1

[[relation]]
between = ["raiders", "front"]
stance = "rivalry"
hostility = 0.4
trust = 0.4

[[relation]]
between = ["raiders", "blue"]
stance = "neutral"
hostility = 0.2
trust = 0.6
talks = true

[[accord]]
id = "peace"
name = "Peace"
parties = { state = "active", front = "active" }
health = 0.5
guarantor = "peacekeepers"
mediator = "peacekeepers"

[[event]]
id = "congress"
name = "Congress of the Front"
date = 2024-05-01
chance = 0.5
effect = { merge = { umbrella = "front" } }

[[event]]
id = "mission"
name = "Mission"
date = 2024-02-01
effect = { mission = { accord = "peace", lasting = "2 months", health = 0.1 } }

[[event]]
id = "withdrawal"
name = "The peacekeepers leave"
date = 2024-08-01
effect = { leave = { faction = "peacekeepers", over = "8 weeks" } }

[[question]]
id = "pact"
text = "Do the raiders and the Front agree a pact?"
when = { stance = { between = ["raiders", "front"], at_least = "pact" } }

[[question]]
id = "war"
text = "Are the state and the Front at war?"
at = "6 months"
when = { stance = { between = ["state", "front"], at_most = "war" } }

[[question]]
id = "deaths"
text = "How many people are killed?"
measure = { deaths = {} }

[run]
replicates = 40
seed = 3
"#;

/// Reads a scenario from a text.
pub fn scenario(text: &str) -> Scenario {
    match Scenario::from_text("test.toml", text, &Overrides::default()) {
        Ok(scenario) => scenario,
        Err(problems) => panic!("{problems}"),
    }
}

/// The faction of an id.
pub fn faction(scenario: &Scenario, id: &str) -> FactionId {
    scenario.setting.factions.iter().find(|(_, traits)| traits.id == id).unwrap().0
}

/// The mean of paired differences in standard errors of it; 0 with none.
pub fn standard_errors(differences: &[f64]) -> f64 {
    let n = differences.len() as f64;
    let mean = differences.iter().sum::<f64>() / n;
    let variance = differences.iter().map(|one| (one - mean) * (one - mean)).sum::<f64>() / (n - 1.0);
    mean / (variance / n).sqrt().max(1e-12)
}
