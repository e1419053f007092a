//! What a scenario says for scores: its conflict, histories, and the sources of baselines.

use super::Scenario;
use super::file::{History, Moment};
use super::read::tree::{Spanned, Value};
use crate::base::Date;

impl Scenario {
    /// The conflict that it is about.
    pub fn conflict(&self) -> &str {
        self.file.scenario.conflict.as_ref().unwrap_or(&self.file.scenario.id)
    }

    /// What the amount of a question was before the start, by date, the earliest first; none unless the file says so.
    pub fn history(&self, question: &str) -> Option<Vec<(Date, f64)>> {
        let found = self.file.question.iter().find(|entry| entry.id == question)?;
        let Some(History::Series(values)) = &found.history else { return None };
        let mut dated: Vec<(Date, f64)> =
            values.iter().filter_map(|(day, value)| Some((Date::parse(day).ok()?, *value))).collect();
        dated.sort_by_key(|(day, _)| *day);
        Some(dated)
    }

    /// The source of a question's base rate or history at a moment as [`AnswerAt`](super::AnswerAt) labels it, if the file
    /// names one.
    pub fn source_of_baseline(&self, question: &str, label: &str) -> Option<&str> {
        let entries = self.tree.get("question")?.elements();
        let entry = entries.iter().find(|entry| entry.get("id").and_then(Spanned::text) == Some(question))?;
        let node = entry.get("base_rate").or_else(|| entry.get("history"))?;
        let by_moment = || node.entries()?.iter().find(|(key, _)| Moment::parse(key) == Moment::parse(label));
        let sourced = if node.is_sourced() { node } else { by_moment()?.1 };
        match &sourced.value {
            Value::Table(fields) if sourced.is_sourced() => fields.get("source")?.text(),
            _ => None,
        }
    }
}
