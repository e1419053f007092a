//! What must hold of cases.

use super::*;
use crate::analysis::probability::{normal_bound, student_bound};
use crate::estimate::CONFIDENCE;
use crate::random::{DrawKey, Purpose, Sequence, Source};

fn cases(points: usize, replicates: usize, output: impl Fn(usize, usize) -> f64) -> Cases {
    let outputs = (0..points * replicates).map(|run| output(run / replicates, run % replicates)).collect();
    Cases::new(vec!["a".into()], (0..points).map(|point| point as f64).collect(), replicates, outputs).unwrap()
}

#[test]
fn means_leave_failed_runs_out() {
    let cases = cases(3, 2, |point, replicate| match (point, replicate) {
        (1, 0) | (2, _) => f64::NAN,
        _ => (point + replicate) as f64,
    });
    let means = cases.means();
    assert!((means[0] - 0.5).abs() < 1e-12 && (means[1] - 2.0).abs() < 1e-12 && means[2].is_nan());
    assert_eq!((cases.missing().without, cases.missing().failed, cases.replicates()), (3, 0, 2));
    assert_eq!(cases.missing(), cases.answered().missing());
    assert_eq!(cases.answered().count(), 2);
}

#[test]
fn equal_inputs_are_one_point() {
    let mut cases = cases(4, 1, |point, _| f64::from(u8::from(point > 1)));
    cases.points = vec![1.0, 2.0, 1.0, 1.0];
    let grouped = cases.grouped();
    assert_eq!((grouped.count(), grouped.points()), (2, &[1.0, 2.0][..]));
    assert_eq!(grouped.outputs_of(0), [0.0, 1.0, 1.0]);
    assert!(grouped.is_yes_no());
}

#[test]
fn luck_is_told_from_inputs_and_shared_luck_counts_for_nothing() {
    // Points differ by a step of 1, replicates share a shift, and each run has luck of variance 1/12 of its own.
    let own = |point: usize, replicate: usize| {
        Source::new(1, replicate as u64).sequence(Purpose::Design, DrawKey::whole(), point as u32).uniform()
    };
    let found =
        cases(200, 10, |point, replicate| (point % 2) as f64 + 5.0 * (replicate % 3) as f64 + own(point, replicate))
            .chance()
            .unwrap();
    assert!((found.per_run - 1.0 / 12.0).abs() < 0.008, "{found:?}");
    // Of means of ten: 1/120 of luck beside 1/4 of the inputs.
    assert!((found.share - (1.0 / 120.0) / (0.25 + 1.0 / 120.0)).abs() < 0.005, "{found:?}");
    assert_eq!(cases(5, 1, |point, _| point as f64).chance(), None);
}

#[test]
fn runs_of_drawn_inputs_count_by_what_they_share() {
    // Families of four points of two runs each, all alike within a family: 25 of 50 families say yes.
    let mut found = cases(200, 2, |point, _| (point / 4 % 2) as f64);
    (found.families, found.shares_luck) = ((0..50).flat_map(|family| [family; 4]).collect(), false);
    let share = found.share_in(&(0..200).collect::<Vec<_>>(), |yes| yes > 0.5).unwrap();
    // As wide as Student's interval of 49 degrees of freedom.
    let wider = student_bound(CONFIDENCE, 49.0) / normal_bound(CONFIDENCE);
    let effective = 49.0 / (wider * wider);
    assert!((share.value - 0.5).abs() < 1e-12 && (share.effective - effective).abs() < 1e-9, "{share:?}");
}

#[test]
fn rows_of_a_table_have_luck_of_their_own_so_more_of_them_tell_more() {
    let folder = tempfile::tempdir().unwrap();
    for (rows, trials) in [(100, 60), (1000, 20)] {
        let (mut covered, mut width) = (0, 0.0);
        for trial in 0..trials {
            let mut draws = Source::new(31, trial).sequence(Purpose::Resampling, DrawKey::whole(), 0);
            let yes = |draws: &mut Sequence| u8::from(draws.uniform() < 0.3);
            let lines: String = (0..rows).map(|_| format!("{},{}\n", draws.uniform(), yes(&mut draws))).collect();
            let file = folder.path().join("cases.csv");
            std::fs::write(&file, format!("a,y\n{lines}")).unwrap();
            let table = NumberTable::open(&file).unwrap();
            let cases = Cases::of_table(&table, &["a".to_owned()], "y").unwrap();
            let share = cases.share_in(&(0..rows).collect::<Vec<_>>(), |yes| yes > 0.5).unwrap();
            let found = share.estimate(0.95);
            covered += u32::from(found.interval().contains(0.3));
            width += found.interval().half_width() / trials as f64;
        }
        // As wide as that of as many independent draws.
        let known = 1.96 * (0.21 / rows as f64).sqrt();
        assert!((width / known - 1.0).abs() < 0.1, "{rows}: ±{width} for ±{known}");
        assert!(f64::from(covered) >= 0.88 * trials as f64, "{rows}: {covered} of {trials}");
    }
}

#[test]
fn intervals_of_shares_cover_under_shared_inputs_and_shared_luck() {
    for (inputs_matter, luck_is_shared) in [(0.0, 0.0), (0.6, 0.0), (0.0, 0.3), (0.4, 0.3)] {
        let mut covered = 0;
        for trial in 0..80 {
            let draw = |point: usize, replicate: usize| {
                let who = DrawKey::named("test", "share").child(point as u64);
                Source::new(trial, replicate as u64).sequence(Purpose::Design, who, 0).uniform()
            };
            // The chance of yes is 0.5 on average, moved by the point and by the replicate.
            let found = cases(60, 25, |point, replicate| {
                let chance =
                    0.5 + inputs_matter * (draw(point, 1000) - 0.5) + luck_is_shared * (draw(1000, replicate) - 0.5);
                f64::from(u8::from(draw(point, replicate) < chance))
            });
            let share = found.share_in(&(0..60).collect::<Vec<_>>(), |yes| yes > 0.5).unwrap();
            covered += u32::from(share.estimate(0.95).interval().contains(0.5));
        }
        assert!(covered >= 72, "{inputs_matter} {luck_is_shared}: {covered} of 80");
    }
}
