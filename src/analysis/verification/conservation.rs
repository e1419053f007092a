//! Conservation: nobody comes from nowhere, nobody is lost.

use super::{Chapter, Check, scenario, watch};

/// A scenario in which three movements fight, recruit, flee and split.
const STANDOFF: &str = include_str!("../../../configs/three-way-standoff.toml");

/// Fighters and people at every step of twenty runs.
pub fn chapter() -> Result<Chapter, String> {
    let scenario = scenario(STANDOFF)?;
    let setting = &scenario.setting;
    let start: f64 = setting.initial.strength.values().iter().sum();
    let everybody: f64 =
        setting.cells.values().iter().map(|cell| cell.share * setting.zones[cell.zone].population).sum();
    let (mut fighters, mut people, mut broken, mut steps) = (0.0f64, 0.0f64, 0.0, 0.0);
    let (mut killed, mut fled) = (0.0, 0.0f64);
    for replicate in 0..20 {
        let end = watch(&scenario, replicate, |world| {
            let tally = &world.tally;
            let lost: f64 = tally.fighters_lost.values().iter().sum();
            let expected = start - lost + tally.recruited - tally.deserted + tally.moved_by_events;
            let found: f64 = world.strength.values().iter().sum();
            fighters = fighters.max((found - expected).abs() / (start + tally.recruited));
            let displaced: f64 = world.displaced.values().iter().sum();
            let home: f64 = world.at_home.values().iter().sum();
            let dead: f64 = world.killed.values().iter().sum();
            people = people.max((home + displaced + dead - everybody).abs() / everybody);
            broken += f64::from(u8::from(world.check(setting).is_err()));
            steps += 1.0;
            fled = fled.max(displaced);
        });
        killed += end.tally.deaths.iter().sum::<f64>();
    }
    if killed <= 0.0 || fled <= 0.0 {
        return Err("nobody was killed or fled in the runs that test conservation".into());
    }
    Ok(Chapter {
        name: "conservation",
        title: "Conservation: books that balance",
        source: "by definition",
        about: "Fighters die, desert, are recruited, or are moved by scheduled events, and never come from nowhere; people are at home, \
                displaced or dead. Debug builds check this and the range of every state at every step of every run; here it is measured \
                over twenty runs of a small scenario. A property test does the same in scenarios that nobody thought of.",
        checks: vec![
            Check::new(
                "fighters: widest gap between those there are and those accounted for, share",
                0.0,
                fighters,
                1e-9,
            ),
            Check::new("people: widest gap between at home, displaced and dead, and all, share", 0.0, people, 1e-9),
            Check::new(
                format!("steps of {steps:.0} at which a state left its range, or shares summed to more than one"),
                0.0,
                broken,
                0.0,
            ),
        ],
        plot: None,
    })
}
