//! throw-away measuring
use entente::base::{FactionId, Id, PairId, ZoneId};
use entente::engine::{Model, Runner};
use entente::measure::Keep;

use entente::scenario::{Overrides, Scenario};
use entente::world::{HappeningKind, Stance};
use std::collections::BTreeMap;

struct Ears {
    changes: Vec<(u32, usize, String)>,
    stance: BTreeMap<(u8, u8), usize>,
    step: u32,
}
impl entente::mechanism::Trace for Ears {
    fn begins(&mut self, step: u32) {
        self.step = step;
    }
    fn happened(&mut self, h: entente::world::Happening) {
        match h.kind {
            HappeningKind::ControlChanged { zone, from, to } => {
                self.changes.push((self.step, zone.index(), format!("{from:?}>{to:?}")))
            }
            HappeningKind::StanceChanged { from, to, .. } => {
                *self.stance.entry((from as u8, to as u8)).or_default() += 1
            }
            _ => {}
        }
    }
}
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let n: u64 = args[2].parse().unwrap();
    let set: Vec<String> = args[3..].to_vec();
    let scenario = Scenario::load(std::path::Path::new(&args[1]), &Overrides { set, variant: None })
        .unwrap_or_else(|p| panic!("{p}"));
    let model = Model::of(&scenario);
    let mut runner = Runner::new(&model, Keep { series: false, events: false });
    let s = &scenario.setting;
    let (zs, fs) = (s.zones.len(), s.factions.len());
    let years = (s.calendar.steps() / 52) as usize;
    let mut control = vec![vec![0.0; zs * fs]; years + 1];
    let mut strength = vec![vec![0.0; fs]; years + 1];
    let mut deaths = vec![vec![]; years + 1];
    let mut disp = vec![0.0; years + 1];
    let mut abroad = vec![0.0; years + 1];
    let mut ears = Ears { changes: vec![], stance: BTreeMap::new(), step: 0 };
    let mut war = vec![BTreeMap::<(usize, usize, u8), usize>::new(); years + 1];
    let mut by = BTreeMap::<(u32, usize, String), usize>::new();
    let mut zone_any = vec![0usize; zs];
    let mut failures = 0;
    // active dyads: counts
    let (mut act, mut stay) = (0.0, 0.0);
    let mut back = [[0.0f64; 2]; 12];
    let t0 = std::time::Instant::now();
    let mut stops = (0usize, 0usize);
    for rep in 0..n {
        runner.begin(7, rep);
        ears.changes.clear();
        let mut dyad_before = vec![0.0; PairId::count(fs)];
        let mut last = vec![None::<usize>; PairId::count(fs)];
        let mut total = 0.0;
        let mut was_war: Vec<bool> = runner.world().tie.values().iter().map(|t| t.stance == Stance::War).collect();
        loop {
            let w = runner.world();
            if w.step % 52 == 0 {
                let y = (w.step / 52) as usize;
                for (a, b) in control[y].iter_mut().zip(w.control.values()) {
                    *a += b;
                }
                for (a, b) in strength[y].iter_mut().zip(w.strength.values()) {
                    *a += b;
                }
                disp[y] += w.displaced.values().iter().sum::<f64>();
                let home = s.home_country;
                for (cell, t) in s.cells.iter() {
                    for ((z, _), p) in t.refuges.iter().zip(w.displaced.row(cell)) {
                        if Some(s.zones[*z].country) != home {
                            abroad[y] += p;
                        }
                    }
                }
                for (p, a, b) in PairId::all(fs) {
                    *war[y].entry((a.index(), b.index(), w.tie[p].stance as u8)).or_default() += 1;
                }
                if y > 0 {
                    let d: f64 = w.tally.deaths.iter().sum();
                    deaths[y].push(d - total);
                    total = d;
                    for p in 0..dyad_before.len() {
                        let pid = PairId::from_index(p);
                        let d = w.tally.dyad[pid] - dyad_before[p];
                        dyad_before[p] = w.tally.dyad[pid];
                        let active = d >= 25.0;
                        if let Some(l) = last[p] {
                            let gap = y - l;
                            if gap == 1 {
                                act += 1.0;
                                stay += f64::from(u8::from(active));
                            } else if gap - 1 < 12 {
                                back[gap - 1][0] += 1.0;
                                back[gap - 1][1] += f64::from(u8::from(active));
                            }
                        }
                        if active {
                            last[p] = Some(y);
                        }
                        let now = w.tie[pid].stance == Stance::War;
                        if was_war[p] {
                            stops.0 += 1;
                            stops.1 += usize::from(!now);
                        }
                        was_war[p] = now;
                    }
                }
            }
            if runner.at_horizon() {
                break;
            }
            if let Err(e) = runner.step(&mut ears) {
                println!("{e}");
                failures += 1;
                break;
            }
        }
        let mut seen = vec![false; zs];
        for c in &ears.changes {
            *by.entry(c.clone()).or_default() += 1;
            seen[c.1] = true;
        }
        for z in 0..zs {
            zone_any[z] += usize::from(seen[z]);
        }
    }
    let nf = n as f64;
    println!("{:.2} ms a run; failures {failures}", t0.elapsed().as_secs_f64() * 1000.0 / nf);
    for y in 1..=years {
        let mut d = deaths[y].clone();
        d.sort_by(f64::total_cmp);
        let q = |p: f64| d[((d.len() - 1) as f64 * p) as usize];
        let moved: Vec<f64> = (0..zs)
            .map(|z| (0..fs).map(|f| (control[y][z * fs + f] - control[0][z * fs + f]).abs() / nf).fold(0.0, f64::max))
            .collect();
        let ratio: Vec<f64> =
            if y > 1 { deaths[y].iter().zip(&deaths[y - 1]).map(|(a, b)| (a / b).ln()).collect() } else { vec![] };
        let m = ratio.iter().sum::<f64>() / ratio.len().max(1) as f64;
        let sd = (ratio.iter().map(|r| (r - m) * (r - m)).sum::<f64>() / ratio.len().max(2) as f64).sqrt();
        println!(
            "year {y}: deaths {:.0} {:.0} {:.0} sd-log-ratio {sd:.2}; zones moved >.05: {}, mean {:.3}, max {:.3}; displaced {:.0} abroad {:.0}",
            q(0.1),
            q(0.5),
            q(0.9),
            moved.iter().filter(|m| **m > 0.05).count(),
            moved.iter().sum::<f64>() / zs as f64,
            moved.iter().cloned().fold(0.0, f64::max),
            disp[y] / nf,
            abroad[y] / nf
        );
    }
    println!("start displaced {:.0} abroad {:.0}", disp[0] / nf, abroad[0] / nf);
    for f in 0..fs {
        if strength[0][f] > 0.0 {
            print!("{} {}", s.factions[FactionId::from_index(f)].id, (strength[0][f] / nf).round());
            for y in 1..=years.min(4) {
                print!(" {:+.0}%", 100.0 * (strength[y][f] / strength[0][f] - 1.0));
            }
            print!("; ");
        }
    }
    println!();
    let mut worst: Vec<_> = by.iter().collect();
    worst.sort_by_key(|(_, c)| std::cmp::Reverse(**c));
    let changes: usize = by.values().sum();
    println!(
        "changes of hands {:.1} a run; same date >20%: {}; zones in >=95%: {}; zones ever {}",
        changes as f64 / nf,
        worst.iter().filter(|(_, c)| **c as f64 > 0.2 * nf).count(),
        zone_any.iter().filter(|c| **c as f64 >= 0.95 * nf).count(),
        zone_any.iter().filter(|c| **c > 0).count()
    );
    for ((step, z, what), c) in worst.iter().take(6).map(|(k, c)| ((k.0, k.1, k.2.clone()), c)) {
        println!("  {} at {step}: {what} {:.2}", s.zones[ZoneId::from_index(z)].id, **c as f64 / nf);
    }
    if let Ok(p) = std::env::var("ZONES") {
        for z in 0..zs {
            if p == "all" || zone_any[z] as f64 > 0.5 * nf {
                println!("  zone {} {:.2}", s.zones[ZoneId::from_index(z)].id, zone_any[z] as f64 / nf);
            }
        }
    }
    println!(
        "stances {:?}",
        ears.stance.iter().map(|(k, v)| (*k, (*v as f64 / nf * 100.0).round() / 100.0)).collect::<Vec<_>>()
    );
    println!("war->not war a year later {:.3} of {}", stops.1 as f64 / stops.0.max(1) as f64, stops.0);
    println!(
        "active stays {:.3} ({act}); returns {:?}",
        stay / act,
        back[1..8].iter().map(|b| (b[1] / b[0] * 1000.0).round() / 1000.0).collect::<Vec<_>>()
    );
    for y in [0, 1, years.min(3), years] {
        let mut c = [0.0; 5];
        for ((_, _, st), v) in &war[y] {
            c[*st as usize] += *v as f64 / nf;
        }
        println!(
            "year {y}: war {:.1} rivalry {:.1} neutral {:.1} pact {:.1} alliance {:.1}",
            c[0], c[1], c[2], c[3], c[4]
        );
    }
    if let Ok(p) = std::env::var("PAIRS") {
        for pair in p.split(',') {
            let (a, b) = pair.split_once('+').unwrap();
            let id = |n: &str| s.factions.iter().find(|(_, t)| t.id == n).unwrap().0.index();
            let (a, b) = (id(a).min(id(b)), id(a).max(id(b)));
            for y in [0, 1, years.min(3), years] {
                print!("{pair} y{y}:");
                for st in 0..5 {
                    print!(" {:.2}", *war[y].get(&(a, b, st)).unwrap_or(&0) as f64 / nf);
                }
                print!("; ");
            }
            println!();
        }
    }
    let mut runs = 0;
    let mut q = vec![0.0; scenario.questions.len()];
    if std::env::var("ASK").is_ok() {
        for rep in 0..n {
            let r = runner.run(7, rep);
            runs += 1;
            for (i, a) in r.answers.iter().enumerate() {
                q[i] += a.value;
            }
        }
        let yn: Vec<usize> = (0..q.len()).filter(|i| scenario.questions[*i].yes_no()).collect();
        let share = |i: usize| q[i] / runs as f64;
        println!(
            "yes/no {}; exactly 0/1 {}; within 1..99% {}",
            yn.len(),
            yn.iter().filter(|i| share(**i) == 0.0 || share(**i) == 1.0).count(),
            yn.iter().filter(|i| share(**i) >= 0.01 && share(**i) <= 0.99).count()
        );
        if std::env::var("ASK").as_deref() == Ok("all") {
            for i in &yn {
                println!("  {} {:.3}", scenario.questions[*i].id, share(*i));
            }
        }
    }
}
