//! Contest laws: textbook odds, and what contestants spend.

use super::{Chapter, Check, Plot, PlotPoints};
use crate::mechanism::Law;

const LAWS: [(Law, &str, f64); 4] = [
    (Law::Linear, "linear", 1.0),
    (Law::Square, "square", 2.0),
    (Law::Quartic, "quartic", 4.0),
    (Law::Octic, "octic", 8.0),
];

/// The effort that pays best against `rivals` who spend `theirs` each for a prize of 1, by golden section.
fn best_effort(law: Law, rivals: f64, theirs: f64) -> f64 {
    let payoff = |own: f64| {
        // Against rivals who spend alike, all of them weigh as one of as many times the power.
        let (mine, others) = (law.power(own), rivals * law.power(theirs));
        if mine + others > 0.0 { mine / (mine + others) - own } else { 0.0 }
    };
    let ratio = 0.5 * (5.0f64.sqrt() - 1.0);
    let (mut low, mut high) = (0.2 * theirs, 5.0 * theirs);
    while high - low > 1e-9 {
        let (a, b) = (high - ratio * (high - low), low + ratio * (high - low));
        if payoff(a) < payoff(b) { low = a } else { high = b }
    }
    0.5 * (low + high)
}

/// The effort that is best against itself, by bisection on whether more or less would pay.
fn symmetric_effort(law: Law, contestants: f64) -> f64 {
    let (mut low, mut high) = (0.01, 1.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if best_effort(law, contestants - 1.0, middle) > middle { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

/// Odds at 2:1 and 3:1 under each law, and the symmetric effort `m (n − 1) V / n²`.
pub fn chapter() -> Chapter {
    let mut checks = Vec::new();
    for (law, name, odds) in LAWS {
        for ratio in [2.0, 3.0] {
            let won: f64 = (0..odds as u32).fold(1.0, |power, _| power * ratio);
            let what = format!("odds of {ratio:.0} to 1 under the {name} law: {won:.0}/{:.0}", won + 1.0);
            checks.push(Check::new(what, won / (won + 1.0), law.prevails(ratio, 1.0), 1e-12));
        }
    }
    // Beyond m = n/(n − 1) the symmetric effort costs more than the prize is worth, and nobody makes it.
    for (law, m, n) in
        [(Law::Linear, 1.0, 2.0), (Law::Linear, 1.0, 3.0), (Law::Linear, 1.0, 10.0), (Law::Square, 2.0, 2.0)]
    {
        let what = format!("effort of each of {n:.0} for a prize of 1, exponent {m:.0}: m(n − 1)/n²");
        checks.push(Check::new(what, m * (n - 1.0) / (n * n), symmetric_effort(law, n), 1e-3));
    }
    let ratios: Vec<f64> = (2..=48).map(|part| f64::from(part) / 8.0).collect();
    let power = |base: f64, exponent: f64| (0..exponent as u32).fold(1.0, |power, _| power * base);
    let theory = LAWS.map(|(_, name, m)| PlotPoints {
        label: name.into(),
        at: ratios.iter().map(|ratio| (*ratio, power(*ratio, m) / (1.0 + power(*ratio, m)))).collect(),
    });
    let code = LAWS.map(|(law, name, _)| PlotPoints {
        label: name.into(),
        at: (1..=12)
            .map(|half| f64::from(half) / 2.0)
            .map(|ratio| (ratio, law.prevails(ratio * 300.0, 300.0)))
            .collect(),
    });
    Chapter {
        name: "contest",
        title: "Contest laws: odds, and what contestants spend",
        source: "Tullock (1980); Wise, Lester and Efird (2015) for the family of laws",
        about: "Who prevails when two strengths meet: p = a^m/(a^m + b^m) with m of 1, 2, 4 and 8. If n contestants choose how much to spend \
                on a prize V under such a law, each spends m(n − 1)V/n² where that is worth it, m ≤ n/(n − 1). The effort is found by \
                search, with the law of the code.",
        checks,
        plot: Some(Plot {
            title: "The chance to prevail, by contest law".into(),
            axes: ("strength relative to the other's".into(), "chance to prevail".into()),
            intervals: Vec::new(),
            theory: theory.into(),
            code: code.into(),
        }),
    }
}
