//! Structural balance: what the balance term does when it acts alone.

use super::{Chapter, Check, Plot, PlotPoints, ring, watch};
use crate::base::FactionId;
use crate::mechanism::balance;
use crate::world::Stance;

/// How many actors the continuous form has.
const ACTORS: usize = 8;

/// A symmetric start: two camps under noise that turns several signs around.
fn start() -> Vec<Vec<f64>> {
    let camp = [1.0, 1.0, -1.0, 1.0, -1.0, -1.0, 1.0, -1.0];
    let noise = |i: usize, j: usize| f64::from(((i * j * 7 + i + j) % 11) as u32) / 11.0 - 0.45;
    (0..ACTORS)
        .map(|i| {
            let tie = |j: usize| if i == j { 0.0 } else { 0.3 * camp[i] * camp[j] + 0.9 * noise(i, j) };
            (0..ACTORS).map(tie).collect()
        })
        .collect()
}

/// Integrates dX/dt = X² with the model's balance term as the right-hand side until an entry is large. Gives, along the
/// way, the time and every pair's tie as a share of the largest of the moment.
fn blow_up(mut x: Vec<Vec<f64>>) -> Vec<(f64, Vec<f64>)> {
    let weights = vec![1.0 / ACTORS as f64; ACTORS];
    let (mut course, mut time) = (Vec::new(), 0.0);
    for _ in 0..100_000 {
        let largest = x.iter().flatten().fold(0.0, |most: f64, value| most.max(value.abs()));
        course.push((time, pairs().map(|(i, j)| x[i][j] / largest).collect()));
        if largest > 1e6 {
            break;
        }
        let pull = |i: usize, j: usize| balance(&x[i], &x[j], &weights, (i, j)) * (ACTORS - 2) as f64;
        let step = 0.01 / (1.0 + largest);
        time += step;
        let next = |i: usize, j: usize| if i == j { 0.0 } else { x[i][j] + step * pull(i, j) };
        x = (0..ACTORS).map(|i| (0..ACTORS).map(|j| next(i, j)).collect()).collect();
    }
    course
}

fn pairs() -> impl Iterator<Item = (usize, usize)> {
    (0..ACTORS).flat_map(|j| (0..j).map(move |i| (i, j)))
}

/// The eigenvector of the largest eigenvalue, by iteration from a start that is not orthogonal to it.
fn leading_eigenvector(matrix: &[Vec<f64>]) -> Vec<f64> {
    let mut vector: Vec<f64> = (0..ACTORS).map(|i| 1.0 + i as f64).collect();
    for _ in 0..2000 {
        // The shift makes the largest eigenvalue also the largest in size.
        let row = |i: usize| (0..ACTORS).map(|j| matrix[i][j] * vector[j]).sum::<f64>() + 4.0 * vector[i];
        let product: Vec<f64> = (0..ACTORS).map(row).collect();
        let size = product.iter().map(|value| value * value).sum::<f64>().sqrt();
        vector = product.iter().map(|value| value / size).collect();
    }
    vector
}

/// The share of runs of the whole model, with nothing but balance in what factions weigh, that end in balance: in every
/// triad an even number of enmities.
fn settled(runs: u64) -> Result<f64, String> {
    let only_balance = "[behaviour]\n\
        diplomacy = { common_enemy = 0, coalition_gain = 0, alignment = 0, trust = 0, hostility = 0, balance = 1, \
        sponsor = 0, base = 0 }\n\
        choice = { scale = 20, looks = 52, precision = 200, disposition = 1.6, variety = 0, upheaval = 0, hysteresis = 0, \
        hysteresis_of_commitment = 0, bond = 0, hardening = 0, pause = 0, losses = 0 }\n\
        offensives = { readiness = 0, spoils = 0 }\n\
        negotiation = { contact = 10, envoys = 1, conclusion = 10, publicity = 10, discretion = 0 }\n\
        threat = { distance = 100 }\n\
        clashes = { rate = 0 }\none_sided = { rate = 0 }\n\
        hostility = { balance = 0, relaxation = 0, pact = 0, alliance = 0 }\n";
    let mut settled = 0;
    for replicate in 0..runs {
        // A start in which every pair is friend or foe by a coin toss.
        let mut scenario = ring("hostility = 1\nstance = \"neutral\"", only_balance, false)?;
        for (pair, tie) in std::sync::Arc::make_mut(&mut scenario.setting).initial.tie.iter_mut() {
            let friendly = (pair.0.wrapping_mul(2_654_435_761) >> (replicate % 16)) & 1 == 0;
            tie.stance = if friendly { Stance::Pact } else { Stance::Rivalry };
            tie.claimed = tie.stance;
        }
        let end = watch(&scenario, replicate, |_| {});
        let sign = |a: u32, b: u32| end.stance(FactionId(a), FactionId(b)).valence();
        let balanced = (0..5).all(|a| (0..a).all(|b| (0..b).all(|c| sign(a, b) * sign(b, c) * sign(a, c) > 0.0)));
        settled += u32::from(balanced);
    }
    Ok(f64::from(settled) / runs as f64)
}

/// Balance alone makes one or two camps.
pub fn chapter() -> Result<Chapter, String> {
    let start = start();
    let vector = leading_eigenvector(&start);
    let course = blow_up(start.clone());
    let end = course.last().map_or(&[][..], |(_, ties)| ties);
    let friends = |(i, j): (usize, usize)| vector[i] * vector[j] > 0.0;
    let all = pairs().count();
    let as_predicted = pairs().zip(end).filter(|(pair, tie)| (**tie > 0.0) == friends(*pair)).count();
    let turned = pairs().zip(end).filter(|((i, j), tie)| (**tie > 0.0) != (start[*i][*j] > 0.0)).count();
    if turned == 0 {
        return Err("the start of the balance check is balanced already, which would show nothing".into());
    }
    let every = (course.len() / 24).max(1);
    let of = |label: &str, wanted: bool| PlotPoints {
        label: label.into(),
        at: (course.iter().step_by(every).chain(course.last()))
            .flat_map(|(time, ties)| pairs().zip(ties).map(move |(pair, tie)| (pair, (*time, *tie))))
            .filter(|(pair, _)| friends(*pair) == wanted)
            .map(|(_, at)| at)
            .collect(),
    };
    Ok(Chapter {
        name: "balance",
        title: "Structural balance: camps by the leading eigenvector",
        source: "Marvel, Kleinberg, Kleinberg and Strogatz (2011); Antal, Krapivsky and Redner (2006)",
        about: "The friend of my friend is my friend, the enemy of my enemy too. If each tie grows by the mean over third parties of the \
                products of their ties, as the model's balance term has it, dX/dt = X², and almost every start ends in two camps, which \
                are the signs of the eigenvector of the largest eigenvalue of the start. In the whole model, with balance as the only \
                thing that factions weigh, coin-toss starts must end in one camp or in two that oppose each other.",
        checks: vec![
            Check::new(
                "dX/dt = X²: share of pairs whose sign is that of the eigenvector of the largest eigenvalue",
                1.0,
                as_predicted as f64 / all as f64,
                0.0,
            ),
            Check::new(
                "share of 20 runs of the whole model that end in balance, with balance alone",
                1.0,
                settled(20)?,
                0.1,
            ),
        ],
        plot: Some(Plot {
            title: "Balance alone: the ties of all pairs of eight actors on the way to two camps".into(),
            axes: ("time".into(), "tie, as a share of the largest".into()),
            intervals: Vec::new(),
            theory: vec![PlotPoints {
                label: "neither".into(),
                at: vec![(0.0, 0.0), (course.last().map_or(1.0, |at| at.0), 0.0)],
            }],
            code: vec![of("predicted to be friends", true), of("predicted to be enemies", false)],
        }),
    })
}
