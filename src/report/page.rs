//! What a report page says, without how it looks or where it comes from.

use super::document::Figure;
use crate::chart::Band;

/// A report for people: answers first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// The scenario's title.
    pub title: String,
    /// One line under the title: variant, replicates, seed.
    pub subtitle: String,
    /// The scenario's summary.
    pub summary: String,
    /// The questions and their answers, in the scenario's order.
    pub answers: Vec<Answer>,
    /// The coalition structures found most often, in words, the most frequent first.
    pub coalitions: Vec<Coalition>,
    /// How long commitments last.
    pub lasting: Vec<Lasting>,
    /// The typical outcomes, the most frequent first.
    pub typical: Vec<TypicalRun>,
    /// The charts.
    pub figures: Vec<Figure>,
    /// The inputs without a source.
    pub assumptions: Vec<Assumption>,
    /// How many inputs there are with a source.
    pub sourced: usize,
    /// How it was made, as label and value: program version, seed, digests, …
    pub provenance: Vec<(String, String)>,
    /// The command that makes the results again.
    pub command: String,
    /// What a reader must know before using it: failed replicates, few runs, …
    pub warnings: Vec<String>,
}

/// A question with its answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The question, for people; without the horizon if it is asked for several.
    pub question: String,
    /// The answer for each horizon ("within 6 months"; empty if the question says it), the nearest first.
    pub replies: Vec<(String, Reply)>,
}

/// An answer from many simulated futures.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// To a yes/no question: the probability of yes with its 95% interval, 0 to 1.
    Probability {
        /// Probability and interval.
        yes: Band,
        /// How many replicates it rests on.
        replicates: u64,
    },
    /// To a question of how much: the median over the replicates.
    Amount {
        /// The median, and the range that holds 95% of the replicates.
        amount: Band,
        /// Whether it is a share, written as a percentage.
        share: bool,
        /// What is counted: "people", "fighters"; may be empty.
        unit: String,
        /// How many replicates it rests on.
        replicates: u64,
    },
}

/// A coalition structure in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Coalition {
    /// "State + Wagner · MNLA + HCUA + MAA"; "no alliances".
    pub blocs: String,
    /// Share of the replicates with its 95% interval, 0 to 1.
    pub frequency: Band,
}

/// How long commitments of a kind last.
#[derive(Clone, Debug, PartialEq)]
pub struct Lasting {
    /// Which: "pacts made in the run".
    pub what: String,
    /// How many there were over all runs.
    pub number: u64,
    /// Weeks by which half had ended, and the ends of the interval; none where that was not seen.
    pub median: [Option<f64>; 3],
    /// Share that lasts longer than a year with its interval, 0 to 1; none if none was watched for so long.
    pub after_a_year: Option<Band>,
}

/// A group of runs that end alike, with the most typical of them.
#[derive(Clone, Debug, PartialEq)]
pub struct TypicalRun {
    /// How the most typical one ends: "State + Wagner · MNLA + HCUA + MAA".
    pub blocs: String,
    /// Share of the replicates in the group with its 95% interval, 0 to 1.
    pub frequency: Band,
    /// The number of the most typical one.
    pub replicate: u64,
}

/// An input that rests on judgement alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assumption {
    /// Where it stands in the scenario: `faction.jnim.outreach`.
    pub path: String,
    /// Its value as written.
    pub value: String,
    /// Its range, if one is given: "0.4 to 0.8".
    pub range: String,
}
