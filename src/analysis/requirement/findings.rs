//! What is found of a line and the levers that may take an answer past it.

use super::lever::{Change, Lever};
use crate::analysis::Estimate;
use crate::analysis::kept::NumberLines;
use serde::{Deserialize, Serialize};

/// On which side of a line an answer is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Above it.
    Above,
    /// Below it.
    Below,
}

impl Side {
    /// In a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Above => "above",
            Self::Below => "below",
        }
    }
}

/// A change with what the search and fresh replicates say of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Checked {
    /// The levers that are moved; none of how it is.
    pub changes: Vec<Change>,
    /// What that costs.
    pub cost: f64,
    /// What the search found: the probability of yes, or the share of runs in which the amount is past the line.
    pub searched: f64,
    /// Of how many replicates.
    pub searched_n: u64,
    /// The same of fresh replicates.
    pub fresh: Estimate,
    /// The median of an amount in fresh replicates.
    pub median: Option<Estimate>,
    /// Whether it is past the line by fresh replicates.
    pub verdict: Verdict,
    /// The changes as `--set` takes them.
    pub set: Vec<String>,
}

/// What fresh replicates say of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The whole interval lies past the line.
    Past,
    /// The estimate does, the interval does not.
    Barely,
    /// The estimate does not.
    Short,
}

/// What moving a lever to the end of its range does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Swing {
    /// The lever, at its end.
    pub change: Change,
    /// How much larger the probability or share is than without, in the same replicates.
    pub gain: f64,
    /// How many those are.
    pub n: u64,
    /// Why it could not be run, if so.
    pub failure: Option<String>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Findings {
    /// The scenario's title.
    pub title: String,
    /// The answer's id.
    pub question: String,
    /// The question in words.
    pub text: String,
    /// Whether it is a yes or no.
    pub yes_no: bool,
    /// What an amount is measured in.
    pub unit: String,
    /// On which side of the line it is to be.
    pub side: Side,
    /// The line.
    pub line: f64,
    /// The levers.
    pub levers: Vec<Lever>,
    /// How it is without a change.
    pub baseline: Checked,
    /// The least changes that the search found, the cheapest first; the one that is chosen is always among them, and stands for those
    /// that take the same levers further.
    pub options: Vec<Checked>,
    /// The cheapest of all changes that were checked, options or not, that both the search and fresh replicates find past the line.
    pub chosen: Option<Checked>,
    /// The change that gets furthest.
    pub furthest: Option<Checked>,
    /// What can be had for how much: no change is as cheap and gets as far.
    pub front: Vec<Checked>,
    /// What each way by itself does at the end of the range.
    pub swings: Vec<Swing>,
    /// Levers along which the answer rises and falls again.
    pub bumpy: Vec<String>,
    /// Whether inputs that are not moved are drawn.
    pub drawn: bool,
    /// Replicates of a point of the search.
    pub replicates: u64,
    /// Runs of the search.
    pub searched_runs: u64,
    /// Whether the search ended because it may do no more.
    pub exhausted: bool,
    /// Fresh replicates of each change that was checked.
    pub fresh_replicates: u64,
}

impl Findings {
    /// Whether what fresh replicates say of a change lies short of the line with its whole interval.
    pub fn is_surely_short(&self, fresh: Estimate) -> bool {
        // An amount is past the line by its median where more than half of the runs are.
        if self.yes_no {
            is_surely_short(self.side, self.line, fresh)
        } else {
            is_surely_short(Side::Above, 0.5, fresh)
        }
    }

    /// What was found as tables of numbers: their names, and lines from the heads on.
    pub fn tables(&self) -> Vec<NumberLines> {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<String>>();
        let heads = [
            "what",
            "number",
            "set",
            "cost",
            "searched",
            "searched_n",
            "fresh",
            "low",
            "high",
            "n",
            "verdict",
            "median",
            "median_low",
            "median_high",
        ];
        let mut changes = vec![words(&heads)];
        let mut add = |what: &str, number: usize, one: &Checked| {
            let Estimate { value, low, high, n } = one.fresh;
            let verdict = serde_json::to_value(one.verdict).unwrap_or_default();
            let mut row = vec![
                what.to_owned(),
                number.to_string(),
                one.set.join(" "),
                one.cost.to_string(),
                one.searched.to_string(),
                one.searched_n.to_string(),
                value.to_string(),
                low.to_string(),
                high.to_string(),
                n.to_string(),
                verdict.as_str().unwrap_or_default().to_owned(),
            ];
            let ends =
                one.median.map(|Estimate { value, low, high, .. }| [value, low, high].map(|end| end.to_string()));
            row.extend(ends.unwrap_or_default());
            changes.push(row);
        };
        add("as_it_is", 0, &self.baseline);
        self.chosen.iter().for_each(|one| add("told", 1, one));
        self.options.iter().enumerate().for_each(|(place, one)| add("option", place + 1, one));
        self.furthest.iter().for_each(|one| add("furthest", 1, one));
        self.front.iter().enumerate().for_each(|(place, one)| add("frontier", place + 1, one));
        let mut levers = vec![words(&["lever", "to", "moved", "gain", "n", "failure"])];
        levers.extend(self.swings.iter().map(|swing| {
            let Change { path, to, moved, .. } = &swing.change;
            let failure = swing.failure.clone().unwrap_or_default();
            vec![path.clone(), to.clone(), moved.to_string(), swing.gain.to_string(), swing.n.to_string(), failure]
        }));
        vec![("changes.csv".into(), changes), ("levers.csv".into(), levers)]
    }
}

fn is_surely_short(side: Side, line: f64, fresh: Estimate) -> bool {
    match side {
        Side::Above => fresh.high < line,
        Side::Below => fresh.low > line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_that_crosses_the_line_is_not_surely_short() {
        let fresh = Estimate { value: 0.25, low: 0.19, high: 0.32, n: 200 };
        assert!(!is_surely_short(Side::Above, 0.3, fresh) && is_surely_short(Side::Above, 0.33, fresh));
        assert!(!is_surely_short(Side::Below, 0.2, fresh) && is_surely_short(Side::Below, 0.1, fresh));
    }
}
