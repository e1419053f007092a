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

const MOMENTS: &str = r#"
[[question]]
id = "border"
text = "Do the raiders hold the border?"
group = "The border"
within = ["10 days", "8 weeks", 2024-03-31, "6 months", "1 year"]
observed = 2024-02-20
when = { controls = { faction = "raiders", zone = "border" } }

[[question]]
id = "killed"
text = "How many people are killed?"
group = "Losses"
at = ["1 year", "6 months"]
measure = { deaths = {} }

[[question]]
id = "first"
text = "Do the raiders hold the border at all?"
group = "The border"
headline = true
within = "6 months"
when = { controls = { faction = "raiders", zone = "border" } }
"#;

#[test]
fn a_list_of_moments_is_a_question_of_each() {
    let scenario = scenario(&format!("{VALLEYS}{MOMENTS}"));
    let ids: Vec<&str> = scenario.questions.iter().map(|question| question.id.as_str()).collect();
    let border = ["border-10d", "border-8w", "border-2024-03-31", "border-6m", "border-12m"];
    let asked = &ids[ids.len() - 8..];
    assert_eq!(asked, [&border[..], &["killed-12m", "killed-6m", "first"]].concat());
    let groups: Vec<_> = scenario.question_groups().iter().filter(|group| group.name.is_some()).collect();
    assert_eq!(groups.iter().map(|group| group.name.as_deref().unwrap()).collect::<Vec<_>>(), ["The border", "Losses"]);
    let questions: Vec<&str> = groups[0].questions.iter().map(|question| question.id.as_str()).collect();
    assert_eq!(questions, ["first", "border"], "headlines first");
    let deaths = &groups[1].questions[0];
    assert_eq!(deaths.answers.iter().map(|answer| answer.label.as_str()).collect::<Vec<_>>(), ["6 months", "1 year"]);
    for group in scenario.question_groups() {
        for answer in group.questions.iter().flat_map(|question| &question.answers) {
            assert_eq!(scenario.questions[answer.index].id, answer.id);
        }
    }
    let (question, answer) = scenario.answer("border-8w").unwrap();
    assert_eq!(
        (question.id.as_str(), answer.text.as_str()),
        ("border", "Do the raiders hold the border within 8 weeks?")
    );
    let day = entente::base::Date::parse("2024-02-20").unwrap();
    assert_eq!(answer.observed, Some(entente::scenario::file::Observed::On(day)));
    let early = scenario.answer("border-10d").unwrap().1;
    assert_eq!(early.observed, Some(entente::scenario::file::Observed::Answer(false)), "not within ten days");
    assert_eq!(
        scenario.answer("border-2024-03-31").unwrap().1.text,
        "Do the raiders hold the border by 31 March 2024?"
    );
    let model = Model::of(&scenario);
    for replicate in 0..10 {
        let record = Runner::new(&model, Keep::ALL).run(3, replicate);
        let answer = |id: &str| record.answers[scenario.answer(id).unwrap().1.index];
        assert_eq!(answer("border-6m"), answer("first"));
        assert!(
            border.windows(2).all(|pair| answer(pair[0]).value <= answer(pair[1]).value),
            "what has come true stays so"
        );
    }
}

#[test]
fn moments_past_the_horizon_are_left_out_in_one_line() {
    let text = format!("{VALLEYS}{MOMENTS}");
    let set = |horizon: &str| entente::scenario::Overrides {
        set: vec![format!("scenario.horizon={horizon}")],
        variant: None,
    };
    let whole = scenario(&text);
    assert_eq!(whole.left_out(), None);
    let cut = entente::scenario::Scenario::from_text("x.toml", &text, &set("6 months")).unwrap();
    let lost = whole.questions.len() - cut.questions.len();
    assert!(cut.answer("border-12m").is_none() && cut.answer("border-6m").is_some() && lost >= 2);
    let words = format!("{lost} answers are left out: their moments lie past the horizon, 2024-07-01");
    assert_eq!(cut.left_out().as_deref(), Some(words.as_str()));
    assert_eq!(cut.warnings.iter().filter(|warning| warning.message == words).count(), 1);
    for group in cut.question_groups() {
        for answer in group.questions.iter().flat_map(|question| &question.answers) {
            assert_eq!(cut.questions[answer.index].id, answer.id);
        }
    }
}
