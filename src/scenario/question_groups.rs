//! What a scenario asks, as people read it: groups of questions, the moments of each, and the answer of each moment.

use super::file::{Header, Moment, Observed, Question};
use crate::base::day;
use crate::measure::Unit;

/// Questions that stand together.
#[derive(Clone, Debug, PartialEq)]
pub struct QuestionGroup {
    /// What they belong to; none for those without a group.
    pub name: Option<String>,
    /// The questions, headlines first, otherwise in the file's order.
    pub questions: Vec<GroupedQuestion>,
}

/// A question of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupedQuestion {
    /// The id of its entry.
    pub id: String,
    /// The question; without the moment, if it has a list of them.
    pub text: String,
    /// The question with a gap for its moments, if it has a list of them: "Do A and B ally within …?"
    pub with_gap: String,
    /// Whether it is one of those that come first.
    pub headline: bool,
    /// What its answers are measured in.
    pub unit: Unit,
    /// Its answers, the earliest moment first; at least one.
    pub answers: Vec<AnswerAt>,
}

/// What is asked of one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct AnswerAt {
    /// The id that columns and rows have.
    pub id: String,
    /// Its place among all answers of a run.
    pub index: usize,
    /// The moment as a file writes it: "6 months", or a date such as 2023-01-23.
    pub label: String,
    /// The moment, and whether it ends the time that is asked about or is what is asked about: "within 6 months", "after 6 months".
    pub when: String,
    /// Days from the start.
    pub days: f64,
    /// The question with its moment.
    pub text: String,
    /// What came to be, if it is known; a date is not after the moment.
    pub observed: Option<Observed>,
    /// How often a yes is right of cases like this one, if the file says so.
    pub base_rate: Option<f64>,
}

impl GroupedQuestion {
    /// Whether the answer is yes or no, rather than an amount.
    pub fn yes_no(&self) -> bool {
        self.unit == Unit::Chance
    }
}

/// The ids of a question's answers with their moments, in the order in which they are written.
pub fn answers(question: &Question, header: &Header) -> Vec<(String, Moment)> {
    match question.moments() {
        ([], false) => vec![(question.id.clone(), Moment::After(header.horizon))],
        (list, true) => list.iter().map(|moment| (question.id.clone() + &moment.suffix(), *moment)).collect(),
        (one, false) => one.iter().map(|moment| (question.id.clone(), *moment)).collect(),
    }
}

/// Whether a moment lies past the horizon, so that nothing can be said of it.
pub fn is_past(moment: Moment, header: &Header) -> bool {
    let end = header.start.plus(header.horizon);
    end.is_ok_and(|end| moment.day(header.start).is_ok_and(|day| day > end))
}

/// What is said of answers that are left out because the scenario ends before their moment; nothing if there are none.
pub fn left_out(header: &Header, questions: &[Question]) -> Option<String> {
    let moments = questions.iter().flat_map(|question| answers(question, header));
    let end = header.start.plus(header.horizon).ok()?;
    match moments.filter(|(_, moment)| is_past(*moment, header)).count() {
        0 => None,
        1 => Some(format!("1 answer is left out: its moment lies past the horizon, {end}")),
        many => Some(format!("{many} answers are left out: their moments lie past the horizon, {end}")),
    }
}

/// The questions in groups, of the moments up to the horizon.
pub fn groups(header: &Header, questions: &[Question]) -> Vec<QuestionGroup> {
    let mut groups: Vec<QuestionGroup> = Vec::new();
    let mut index = 0;
    for question in questions {
        let grouped = grouped(header, question, &mut index);
        if grouped.answers.is_empty() {
            continue;
        }
        match groups.iter_mut().find(|group| group.name == question.group) {
            Some(group) => group.questions.push(grouped),
            None => groups.push(QuestionGroup { name: question.group.clone(), questions: vec![grouped] }),
        }
    }
    for group in &mut groups {
        group.questions.sort_by_key(|question| !question.headline);
    }
    groups
}

fn grouped(header: &Header, question: &Question, index: &mut usize) -> GroupedQuestion {
    let (_, listed) = question.moments();
    let mut prepositions = Vec::new();
    let mut at = |(id, moment): (String, Moment)| {
        // What is counted is counted up to the moment.
        let counted = question.when.is_none() && question.measure.as_ref().is_some_and(|measure| measure.is_counted());
        let preposition = match (moment, !counted && (question.at.is_some() || question.when.is_none())) {
            (Moment::After(_), true) => "after",
            (Moment::After(_), false) => "within",
            (Moment::On(_), true) => "on",
            (Moment::On(_), false) => "by",
        };
        let when = match moment {
            Moment::After(duration) => format!("{preposition} {duration}"),
            Moment::On(date) => format!("{preposition} {}", day(date)),
        };
        let text = if listed { with_moment(&question.text, &when) } else { question.text.clone() };
        let last = moment.day(header.start).unwrap_or(header.start);
        let days = last.days_since(header.start) as f64;
        let observed = question.observed(moment).map(|observed| match observed {
            Observed::On(date) if date > last => Observed::Answer(false),
            observed => observed,
        });
        *index += 1;
        let base_rate = question.base_rate(moment);
        prepositions.push(preposition);
        AnswerAt { id, index: *index - 1, label: moment.to_string(), when, days, text, observed, base_rate }
    };
    let kept = answers(question, header).into_iter().filter(|(_, moment)| !is_past(*moment, header));
    let mut answers: Vec<AnswerAt> = kept.map(&mut at).collect();
    answers.sort_by(|a, b| a.days.total_cmp(&b.days));
    let gap = match prepositions.as_slice() {
        [first, rest @ ..] if rest.iter().all(|other| other == first) => first,
        [first, ..] if ["within", "by"].contains(first) => "by",
        _ => "at",
    };
    GroupedQuestion {
        id: question.id.clone(),
        text: question.text.clone(),
        with_gap: if listed { with_moment(&question.text, &format!("{gap}\u{a0}…")) } else { question.text.clone() },
        headline: question.headline,
        unit: question.measure.as_ref().map_or(Unit::Chance, |quantity| quantity.unit()),
        answers,
    }
}

/// A question with its moment before the mark at its end: "Do A and B ally within 6 months?" A question in another script, or without
/// such a mark, has it in brackets.
fn with_moment(question: &str, when: &str) -> String {
    /// Where scripts other than the Latin begin.
    const OTHER_SCRIPTS: char = '\u{250}';
    let is_latin =
        |stem: &str| stem.chars().rfind(|letter| letter.is_alphabetic()).is_none_or(|last| last < OTHER_SCRIPTS);
    match question.trim_end().strip_suffix('?').filter(|stem| is_latin(stem)) {
        Some(stem) => format!("{} {when}?", stem.trim_end()),
        None => format!("{question} ({when})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_says_whether_a_question_asks_within_or_at_a_time() {
        use crate::scenario::{Overrides, Scenario};
        let file = std::path::Path::new("configs/northern-mali-2023.toml");
        let scenario = Scenario::load(file, &Overrides::default()).unwrap();
        let told = |id: &str| {
            let (question, answer) = scenario.answer(id).unwrap();
            (question.with_gap.as_str(), answer.when.as_str())
        };
        assert_eq!(told("jnim-cma-war-40m"), ("Are JNIM and the CMA at war within\u{a0}…?", "within 40 months"));
        assert_eq!(told("deaths-12m"), ("How many people are killed within\u{a0}…?", "within 12 months"));
        let groups = scenario.question_groups().iter().flat_map(|group| &group.questions);
        assert!(groups.into_iter().any(|question| question.with_gap.ends_with("after\u{a0}…?")));
    }

    #[test]
    fn the_moment_stands_before_the_mark_or_in_brackets() {
        assert_eq!(with_moment("Do A and B ally?", "within …"), "Do A and B ally within …?");
        for question in
            ["هل تتحالفان؟", "甲乙是否结盟？", "Заключат ли они союз?", "Συμμαχούν οι δύο;", "The state holds Gao"]
        {
            assert_eq!(with_moment(question, "within 1 year"), format!("{question} (within 1 year)"));
        }
    }
}
