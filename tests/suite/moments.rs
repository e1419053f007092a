//! The horizon, a span of time and a day are one moment, and all that falls within the horizon happens.

use super::common::{VALLEYS, scenario};
use entente::engine::{Model, Runner};
use entente::measure::Keep;
use entente::mechanism::Silent;
use entente::world::HappeningKind;

/// One year from 2024-01-01 is 366 days: 52 weeks and a step of two days.
fn with_questions_and_event() -> String {
    let mut text = VALLEYS.to_owned();
    for (id, when) in [("horizon", ""), ("span", "within = \"1 year\"\n"), ("day", "within = 2025-01-01\n")] {
        text.push_str(&format!(
            "\n[[question]]\nid = \"{id}\"\ntext = \"Do the raiders hold the border?\"\n{when}\
             when = {{ controls = {{ faction = \"raiders\", zone = \"border\" }} }}\n"
        ));
        let when = when.replace("within", "at");
        text.push_str(&format!(
            "\n[[question]]\nid = \"deaths-{id}\"\ntext = \"How many deaths?\"\n{when}measure = {{ deaths = {{}} }}\n"
        ));
    }
    text.push_str(
        "\n[[event]]\nid = \"late\"\nname = \"A late surge\"\ndate = 2024-12-31\n\
         effect = { scale = { faction = \"raiders\", factor = 2 } }\n",
    );
    text
}

#[test]
fn three_ways_to_name_the_horizon_have_one_answer_and_the_year_holds_all_deaths() {
    let scenario = scenario(&with_questions_and_event());
    let model = Model::of(&scenario);
    let layout = model.measures.layout().clone();
    let place = |id: &str| layout.questions.iter().position(|question| question.id == id).unwrap();
    let column = |name: &str| layout.finals.iter().position(|column| column.name == name).unwrap();
    for replicate in 0..10 {
        let record = Runner::new(&model, Keep::ALL).run(3, replicate);
        for [first, others @ ..] in [["horizon", "span", "day"], ["deaths-horizon", "deaths-span", "deaths-day"]] {
            for other in others {
                assert_eq!(record.answers[place(first)], record.answers[place(other)], "{first}, {other}");
            }
        }
        let deaths: f64 = ["state_based", "non_state", "one_sided"]
            .map(|kind| record.finals[column(&format!("deaths.{kind}.year_1"))])
            .iter()
            .sum();
        let home = record.finals[column("deaths.year_1")];
        assert!((deaths - home).abs() < 1e-9 * home.max(1.0));
    }
}

#[test]
fn an_event_after_the_last_whole_step_takes_place() {
    let scenario = scenario(&with_questions_and_event());
    let late = scenario.setting.events.iter().find(|(_, event)| event.id == "late").unwrap();
    assert_eq!(late.1.step, 52);
    let model = Model::of(&scenario);
    let mut runner = Runner::new(&model, Keep::ALL);
    runner.begin(3, 0);
    while runner.world().step < 52 {
        runner.step(&mut Silent).unwrap();
    }
    let before = runner.world().tally.moved_by_events;
    let mut heard = Heard(false);
    runner.step(&mut heard).unwrap();
    assert!(heard.0 && runner.at_horizon());
    assert!(runner.world().tally.moved_by_events > before);
}

struct Heard(bool);

impl entente::mechanism::Trace for Heard {
    fn happened(&mut self, happening: entente::world::Happening) {
        self.0 |= matches!(happening.kind, HappeningKind::Event { held: true, .. });
    }
}
