//! A checkpoint goes on as the run would have, and is refused by whatever it does not belong to.

use crate::common::{VALLEYS, scenario};
use entente::engine::{Checkpoint, CheckpointError, Model, RandomStream, Runner};
use entente::measure::Keep;
use entente::mechanism::Silent;

/// The checkpoint of a replicate at a step.
fn at(runner: &mut Runner, replicate: u64, step: u32) -> Checkpoint {
    runner.begin(3, replicate);
    while runner.world().step < step {
        runner.step(&mut Silent).unwrap();
    }
    runner.checkpoint()
}

#[test]
fn a_run_that_goes_on_from_any_moment_is_the_whole_run_to_the_bit() {
    let scenario = scenario(VALLEYS);
    let model = Model::of(&scenario);
    let mut runner = Runner::new(&model, Keep::ALL);
    for replicate in 0..4 {
        let whole = runner.run(3, replicate);
        for step in (0..=scenario.setting.calendar.steps()).step_by(3) {
            let bytes = at(&mut runner, replicate, step).to_bytes("digest").unwrap();
            let checkpoint = Checkpoint::from_bytes(&bytes, "digest").unwrap();
            // What ran in between must not matter.
            let _ = runner.run(9, 9);
            let record = runner.run_from(&checkpoint, RandomStream::Same, &mut Silent);
            let bytes = |record| postcard::to_allocvec(record).unwrap();
            assert_eq!(bytes(&record), bytes(&whole), "replicate {replicate} from step {step}");
            // Nor what the runner worked out before: one that knows nothing but the world goes on alike.
            let record = Runner::new(&model, Keep::ALL).run_from(&checkpoint, RandomStream::Same, &mut Silent);
            assert_eq!(bytes(&record), bytes(&whole), "replicate {replicate} from step {step}, by a new runner");
        }
    }
}

#[test]
fn fresh_futures_share_their_past_and_nothing_else() {
    let scenario = scenario(VALLEYS);
    let model = Model::of(&scenario);
    let mut runner = Runner::new(&model, Keep::ALL);
    let moment = at(&mut runner, 1, 20);
    let width = model.measures.layout().series.len();
    let whole = runner.run(3, 1);
    let mut ends = Vec::new();
    for number in 0..10 {
        let record = runner.run_from(&moment, RandomStream::Fresh(number), &mut Silent);
        assert_eq!(record.failure, None);
        assert_eq!(record.series[..21 * width], whole.series[..21 * width]);
        assert_eq!(record, runner.run_from(&moment, RandomStream::Fresh(number), &mut Silent));
        ends.push(record.finals);
    }
    ends.push(whole.finals);
    for (place, end) in ends.iter().enumerate() {
        assert!(ends[..place].iter().all(|other| other != end), "two futures are the same");
    }
    let other = at(&mut runner, 2, 20);
    let theirs = runner.run_from(&other, RandomStream::Fresh(0), &mut Silent);
    assert!(!ends.contains(&theirs.finals));
}

#[test]
fn what_does_not_belong_is_refused_in_words() {
    let scenario = scenario(VALLEYS);
    let model = Model::of(&scenario);
    let bytes = at(&mut Runner::new(&model, Keep::ALL), 0, 10).to_bytes(&scenario.digest()).unwrap();
    assert!(Checkpoint::from_bytes(&bytes, &scenario.digest()).is_ok());

    let other = Checkpoint::from_bytes(&bytes, "another").unwrap_err();
    assert!(matches!(other, CheckpointError::Scenario { .. }));
    assert!(other.to_string().contains("another scenario"), "{other}");

    assert_eq!(Checkpoint::from_bytes(b"a poem", "x").unwrap_err(), CheckpointError::Foreign);
    for cut in [9, 12, 40, bytes.len() - 1] {
        let error = Checkpoint::from_bytes(&bytes[..cut], &scenario.digest()).unwrap_err();
        assert!(matches!(error, CheckpointError::Damaged(_)), "{cut}: {error}");
    }
    let mut altered = bytes.clone();
    altered[200] ^= 1;
    let error = Checkpoint::from_bytes(&altered, &scenario.digest()).unwrap_err();
    assert!(error.to_string().contains("damaged"), "{error}");

    let mut later = bytes.clone();
    later[8] = 9;
    let error = Checkpoint::from_bytes(&later, &scenario.digest()).unwrap_err();
    assert!(error.to_string().contains("format 9"), "{error}");

    // The version stands right behind the format, as a length and its letters.
    let end = bytes.len() - 32;
    let mut foreign = bytes[..end].to_vec();
    foreign[13] = b'9';
    foreign.extend(blake3::hash(&foreign).as_bytes());
    let error = Checkpoint::from_bytes(&foreign, &scenario.digest()).unwrap_err();
    assert!(error.to_string().contains("made by version 9"), "{error}");
}

#[test]
fn a_moment_of_a_fresh_future_goes_on_as_that_future() {
    let scenario = scenario(VALLEYS);
    let model = Model::of(&scenario);
    let mut runner = Runner::new(&model, Keep::ALL);
    let moment = at(&mut runner, 1, 20);
    let whole = runner.run_from(&moment, RandomStream::Fresh(3), &mut Silent);
    runner.resume(&moment, RandomStream::Fresh(3));
    while runner.world().step < 31 {
        runner.step(&mut Silent).unwrap();
    }
    let later = runner.checkpoint();
    let again = runner.run_from(&later, RandomStream::Same, &mut Silent);
    assert_eq!((again.finals, again.series), (whole.finals, whole.series));
}

#[test]
fn a_checkpoint_is_the_same_whatever_ran_before() {
    let scenario = scenario(&VALLEYS.replace("horizon = \"1 year\"", "horizon = \"2 years\""));
    let model = Model::of(&scenario);
    let bytes = |runner: &mut Runner| at(runner, 2, 60).to_bytes("digest").unwrap();
    let mut used = Runner::new(&model, Keep::ALL);
    let _ = used.run(3, 5);
    assert!(bytes(&mut used) == bytes(&mut Runner::new(&model, Keep::ALL)));
}
