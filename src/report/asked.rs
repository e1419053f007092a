//! Questions that differ only in their horizon, brought together.

use crate::record::{AnswerKind, QuestionRow};
use crate::scenario::file::{Moment, Question, ScenarioFile};

/// A question with its answers for one or more horizons.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// The question without its horizon, or as it is if it has only one.
    pub text: String,
    /// Yes or no, or how much.
    pub kind: AnswerKind,
    /// The answers, the nearest horizon first.
    pub answers: Vec<Horizon<'a>>,
}

/// The answer for a horizon.
#[derive(Clone, Debug)]
pub struct Horizon<'a> {
    /// "6 months", or a date.
    pub label: String,
    /// "within 6 months", "after 6 months"; empty if the question's text says so itself.
    pub when: String,
    /// Days from the start.
    pub days: f64,
    /// The question.
    pub question: &'a Question,
    /// The answer.
    pub row: &'a QuestionRow,
}

/// Groups the answers of a variant, in the order in which the scenario first asks.
pub fn group<'a>(file: &'a ScenarioFile, rows: &'a [QuestionRow], variant: &str) -> Vec<Asked<'a>> {
    let mut groups: Vec<(String, Asked<'a>)> = Vec::new();
    for question in &file.question {
        let Some(row) = rows.iter().find(|row| row.question == question.id && row.variant == variant) else { continue };
        let (label, days) = horizon(file, question);
        let (key, when) = without(&question.text, &label).unwrap_or_else(|| (question.text.clone(), String::new()));
        let answer = Horizon { label, when, days, question, row };
        match groups.iter_mut().find(|(known, group)| {
            *known == key && group.kind == row.kind && group.answers.iter().all(|other| other.label != answer.label)
        }) {
            Some((_, group)) => group.answers.push(answer),
            None => groups.push((key.clone(), Asked { text: key, kind: row.kind, answers: vec![answer] })),
        }
    }
    let mut asked: Vec<Asked<'a>> = groups.into_iter().map(|(_, group)| group).collect();
    for group in &mut asked {
        group.answers.sort_by(|a, b| a.days.total_cmp(&b.days));
        if let [only] = &mut group.answers[..] {
            group.text.clone_from(&only.question.text);
            only.when.clear();
        }
    }
    asked
}

fn horizon(file: &ScenarioFile, question: &Question) -> (String, f64) {
    match question.within.or(question.at) {
        Some(Moment::After(duration)) => (duration.to_string(), duration.days()),
        Some(Moment::On(date)) => (date.to_string(), date.days_since(file.scenario.start) as f64),
        None => (file.scenario.horizon.to_string(), file.scenario.horizon.days()),
    }
}

/// A question's text without its horizon, and the horizon with its preposition.
fn without(text: &str, label: &str) -> Option<(String, String)> {
    for preposition in ["within", "after", "by", "on", "at", "in"] {
        for comma in [", ", " "] {
            let phrase = format!("{comma}{preposition} {label}");
            if let Some(at) = text.find(&phrase) {
                let rest = &text[at + phrase.len()..];
                if rest.starts_with(|c: char| c.is_alphanumeric()) {
                    continue;
                }
                let kept = format!("{}{rest}", &text[..at]);
                return Some((kept.trim().to_owned(), phrase[comma.len()..].to_owned()));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_horizon_is_taken_out_of_a_question() {
        let taken = |text, label| without(text, label);
        assert_eq!(
            taken("Do A and B ally within 6 months?", "6 months"),
            Some(("Do A and B ally?".into(), "within 6 months".into()))
        );
        assert_eq!(
            taken("Have they fought in the last 52 weeks, after 12 months?", "12 months").unwrap().0,
            "Have they fought in the last 52 weeks?"
        );
        assert_eq!(taken("Do A and B ally?", "6 months"), None);
    }
}
