//! Lanchester's laws of attrition, from clashes and nothing else.

use super::{Chapter, Check, Plot, PlotPoints, scenario, watch};
use crate::scenario::Scenario;
use crate::world::World;

/// Two armies in one field, and nothing but clashes between them.
fn two_armies(blue: f64, red: f64, quality: f64, law: &str) -> Result<Scenario, String> {
    scenario(&format!(
        r#"
        scenario = {{ id = "lanchester", title = "Two armies", start = 2024-01-01, horizon = "1 year", axes = ["a"] }}
        zone = [{{ id = "field", name = "Field", country = "Nowhere", position = [0, 0], population = 1000 }}]
        faction = [
          {{ id = "blue", name = "Blue", kind = "armed_group", fighters = {blue}, presence = {{ field = 1 }}, aggression = 1, cohesion = 1 }},
          {{ id = "red", name = "Red", kind = "armed_group", fighters = {red}, presence = {{ field = 1 }}, aggression = 1, cohesion = 1, quality = {quality} }},
        ]
        relation = [{{ between = ["blue", "red"], stance = "war", hostility = 1 }}]
        [behaviour]
        clashes = {{ rate = 1, typical = 100, deaths = 1, tail = 10, most = 1 }}
        negotiation = {{ contact = 0 }}
        economy = {{ recruitment = 0, growth = 0, desertion = 0, attrition = 0 }}
        shocks = {{ common = 0, own = 0 }}
        offensives = {{ readiness = 0 }}
        choice = {{ looks = 0 }}
        cohesion = {{ losses = 0, poverty = 0 }}
        contest = {{ clash = "{law}" }}
        "#
    ))
}

/// How far the invariant of the square law, `m_blue² − q m_red²`, strays as a share of `m_blue²` at the start; and what is
/// left of blue.
fn square_law(quality: f64) -> Result<(f64, f64), String> {
    let (blue, red) = (900_000.0, 600_000.0);
    let scenario = two_armies(blue, red, quality, "linear")?;
    let invariant = |world: &World| {
        let m = world.strength.values();
        m[0] * m[0] - quality * m[1] * m[1]
    };
    let start = invariant(&scenario.setting.initial);
    let mut widest: f64 = 0.0;
    let end = watch(&scenario, 1, |world| widest = widest.max((invariant(world) - start).abs() / (blue * blue)));
    Ok((widest, end.strength.values()[0] / blue))
}

/// Strengths of both by week under the square contest law: by the equation `dm_i/dt = −c √(m_i m_j) p_j`, integrated by the
/// fourth-order rule of Runge and Kutta, and in the simulation.
fn mixed_law() -> Result<[[PlotPoints; 2]; 2], String> {
    let (blue, red) = (900_000.0, 700_000.0);
    let scenario = two_armies(blue, red, 1.0, "square")?;
    let flow = |m: [f64; 2]| {
        let rate = (m[0] * m[1]).sqrt() / 100.0;
        let share = m[0] * m[0] / (m[0] * m[0] + m[1] * m[1]);
        [-rate * (1.0 - share), -rate * share]
    };
    let along = |m: [f64; 2], by: [f64; 2], h: f64| [m[0] + h * by[0], m[1] + h * by[1]];
    let mut m = [blue, red];
    let line = |label: &str, start: f64| PlotPoints { label: label.into(), at: vec![(0.0, start)] };
    let mut theory = [line("blue", blue), line("red", red)];
    let mut code = theory.clone();
    watch(&scenario, 2, |world| {
        // A week of clashes is drawn from where it began, so the step of the comparison is that of the simulation.
        let k1 = flow(m);
        let k2 = flow(along(m, k1, 0.5));
        let k3 = flow(along(m, k2, 0.5));
        let k4 = flow(along(m, k3, 1.0));
        for side in 0..2 {
            m[side] += (k1[side] + 2.0 * k2[side] + 2.0 * k3[side] + k4[side]) / 6.0;
            theory[side].at.push((f64::from(world.step), m[side]));
            code[side].at.push((f64::from(world.step), world.strength.values()[side]));
        }
    });
    Ok([theory, code])
}

/// Clashes alone, in the limit of many fighters.
pub fn chapter() -> Result<Chapter, String> {
    let mut checks = Vec::new();
    for quality in [1.0, 2.0] {
        let (widest, left) = square_law(quality)?;
        let of = format!("m² − {quality} n², enemies of quality {quality}");
        checks.push(Check::new(format!("invariant {of}: widest drift as a share of m²"), 0.0, widest, 0.01));
        if left > 0.9 {
            return Err(format!(
                "only {:.0}% of a force was lost: too little to tell the square law by",
                100.0 * (1.0 - left)
            ));
        }
    }
    let [theory, code] = mixed_law()?;
    for (line, dots) in theory.iter().zip(&code) {
        let gaps = line.at.iter().zip(&dots.at).map(|((_, theory), (_, found))| (found / theory - 1.0).abs());
        let what = format!("strength of {} under the mixed law: widest share off the equation in a year", line.label);
        checks.push(Check::new(what, 0.0, gaps.fold(0.0, f64::max), 0.02));
    }
    let rare = |points: &PlotPoints| PlotPoints {
        label: points.label.clone(),
        at: points.at.iter().step_by(3).copied().collect(),
    };
    Ok(Chapter {
        name: "lanchester",
        title: "Lanchester's laws: clashes alone",
        source: "Lanchester (1916)",
        about: "Two armies in one field, with clashes and nothing else. If losses are shared out in inverse ratio to effective strength \
                (the linear contest law), Lanchester's square law holds: m² − q n² stays what it was, q being the enemy's quality. \
                Under the square contest law losses follow the mixed equation dm/dt = −c √(mn) p, where p is the enemy's chance to \
                prevail, which is integrated here beside the simulation. Both are limits for many fighters, so the armies are large.",
        checks,
        plot: Some(Plot {
            title: "Two armies and nothing but clashes: the mixed law".into(),
            axes: ("weeks".into(), "fighters".into()),
            intervals: Vec::new(),
            code: code.iter().map(rare).collect(),
            theory: theory.into(),
        }),
    })
}
