//! Intervals that the analyses print cover the truth about as often as they say, by simulation with fixed seeds. Those of
//! first-order and total indices, of boxes, of shares and of conclusions are tested beside their methods.

use entente::analysis::sensitivity::{Settings, morris, pawn, sobol};
use entente::experiment::design::morris::trajectories;
use entente::random::{DrawKey, Purpose, Source};

fn settings() -> Settings<'static> {
    Settings { resamples: 100, ..Settings::default() }
}

#[test]
fn the_mean_size_of_elementary_effects() {
    // The product of centred inputs on a grid of four levels: sizes of 1/2 and 1/6 with equal chance.
    let (mut covered, trials) = (0, 300);
    for seed in 0..trials {
        let points = trajectories(20, 3, 4, seed);
        let outputs: Vec<f64> = points.iter().map(|p| (p[0] - 0.5) * (p[1] - 0.5)).collect();
        let found = morris::effects(points.values(), 3, &outputs, &settings()).unwrap();
        covered += u32::from(found[0].mean_size.estimate.interval().contains(1.0 / 3.0));
    }
    assert!((270..=297).contains(&covered), "{covered} of {trials}");
}

#[test]
fn second_order_indices() {
    // y = a + b + c · (a − ½)(b − ½) with the variance of the product as large as that of each input.
    let (mut covered, trials, n) = (0, 200, 300);
    let model = |p: &[f64]| p[0] + p[1] + 12f64.sqrt() * (p[0] - 0.5) * (p[1] - 0.5);
    for trial in 0..trials {
        let mut draws = Source::new(4, trial).sequence(Purpose::Design, DrawKey::whole(), 0);
        let mut outputs = Vec::new();
        for _ in 0..n {
            let (a, b): (Vec<f64>, Vec<f64>) = (0..2).map(|_| (draws.uniform(), draws.uniform())).unzip();
            outputs.extend([model(&a), model(&[b[0], a[1]]), model(&[a[0], b[1]])]);
            outputs.extend([model(&[a[0], b[1]]), model(&[b[0], a[1]]), model(&b)]);
        }
        let found = sobol::indices(&outputs, 2, true, &settings()).unwrap();
        covered += u32::from(found.second[0].2.estimate.interval().contains(1.0 / 3.0));
    }
    assert!((180..=199).contains(&covered), "{covered} of {trials}");
}

#[test]
fn the_pawn_index_of_an_input_that_matters() {
    // y = x: the distances of ten parts are 0.9, 0.8, 0.7, 0.6, 0.5 and back; their median is 0.7.
    let (mut covered, trials) = (0, 200);
    for seed in 0..trials {
        let mut draws = Source::new(9, seed).sequence(Purpose::Design, DrawKey::whole(), 0);
        let points: Vec<f64> = (0..400).flat_map(|_| [draws.uniform(), draws.uniform()]).collect();
        let outputs: Vec<f64> = points.chunks(2).map(|point| point[0]).collect();
        let found = pawn::pawn(&points, 2, &outputs, 10, &settings()).unwrap();
        covered += u32::from(found.index[0].estimate.interval().contains(0.7));
    }
    assert!(covered >= 184, "{covered} of {trials}");
}

#[test]
fn the_share_of_points_in_which_an_exact_conclusion_holds() {
    use entente::analysis::assumptions::{MarginSample, check};
    let (mut covered, trials) = (0, 200);
    for seed in 0..trials {
        let mut draws = Source::new(5, seed).sequence(Purpose::Design, DrawKey::whole(), 0);
        let points: Vec<f64> = (0..100 * 2).map(|_| draws.uniform()).collect();
        let margins: Vec<f64> = points.chunks(2).map(|point| 0.8 - point[0]).collect();
        let sample =
            MarginSample { points: &points, columns: 2, margins: &margins, best: &[0.5; 2], ..MarginSample::default() };
        covered += u32::from(check(&sample, 0.95, &|| {}).unwrap().holds.interval().contains(0.8));
    }
    assert!((180..=199).contains(&covered), "{covered} of {trials}");
}
