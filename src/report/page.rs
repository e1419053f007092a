//! What a report page says, without how it looks or where it comes from.

use crate::chart::{Band, Picture};

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

/// A chart on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Its name, used as the anchor.
    pub name: String,
    /// What is shown.
    pub title: String,
    /// A sentence on how to read it.
    pub caption: String,
    /// The SVG document.
    pub svg: String,
}

impl Figure {
    /// A picture with how to read it.
    pub fn of(picture: &Picture) -> Self {
        Self {
            name: picture.name.clone(),
            title: picture.title.clone(),
            caption: how_to_read(&picture.name).to_owned(),
            svg: picture.svg.clone(),
        }
    }
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

/// A sentence on how to read the chart of a name; empty for a name that is not known.
pub fn how_to_read(name: &str) -> &'static str {
    match name {
        "probabilities" => {
            "Each dot is the share of simulated futures in which the answer is yes, the darker the later the horizon; the \
             line through it is the 95% interval, which shrinks with more replicates. Numbers are the shares by horizon."
        }
        "over-the-points" => {
            "Each dot is the share of all runs in which the answer is yes, each line what the shares of nine points in ten lie \
             between: how far the answer moves with what is not known, and with luck where a point has few replicates."
        }
        "differences" => {
            "Each dot is what a variant adds to, or takes from, the probability of a yes; the line is its 95% interval. Variants \
             that could as well do nothing are left out."
        }
        "differences-amounts" => {
            "Each dot is how much a variant raises or lowers the mean, in percent of the baseline's; the line is its 95% \
             interval. Variants that could as well do nothing are left out."
        }
        "variants-over-time" => {
            "Each curve is the share of simulated futures that have answered yes by a date, the band its 95% interval; each panel \
             shows the baseline and the variants that change it most."
        }
        "who-with-whom" => {
            "Find one faction at the left and the other below: the darker the cell, the more of the simulated futures end \
             that way. Numbers are percentages; empty cells are below half a percent."
        }
        "pairs-over-time" => {
            "For each pair, the share of simulated futures in which the two hold a pact or more, and an alliance, on each \
             date; bands are 95% intervals."
        }
        "territory" => {
            "Lines are each faction's share of control over all zones, weighted by strategic value; bands hold 95% of \
             the simulated futures."
        }
        "map" => {
            "Each zone has the colour of the faction that most often holds it on that date; the paler, the less sure. \
             A map shows the likeliest holder zone by zone, which is not the likeliest map."
        }
        "deaths" => {
            "Lines are medians over the simulated futures, bands hold 95% of them. Any one future is more jagged than \
             the median. Types as in UCDP's data."
        }
        "displacement" => {
            "Areas are the mean number of displaced people by where they are; the dashed lines hold 95% of the totals."
        }
        "coalitions" => {
            "Each row is one way in which all factions are allied at the horizon, with how often it was found. Long tails \
             are normal: many structures differ by one small faction."
        }
        "pact-survival" => {
            "How many of the commitments still stand after so many months. Those that stand at the horizon, or whose side \
             merged or is gone, were not seen to end; the estimate (Kaplan and Meier 1958) allows for that. Bands are 95% \
             intervals that take commitments as independent, so they are somewhat too narrow."
        }
        "stance-transitions" => {
            "Read along a row: of all pairs that stand so, the share that stands otherwise, or as before, half a year later."
        }
        "coalitions-over-time" => {
            "Each column is a date; blocks are coalition structures, as high as the share of simulated futures that have them, \
             and bands show what turns into what. Grey holds the many rare ones."
        }
        "hegemony" => {
            "Left: the share of all fighters that belong to the largest bloc. Right: how likely each faction is to be the \
             strongest member of that bloc."
        }
        "landscape" => {
            "Energy is low where those who want to be together are, and those who do not are not. The band holds all \
             configurations of two blocs by how many stand on another side than in the lowest; numbered discs are the stable \
             ones, drawn below with their energy and the share of all configurations that leads there."
        }
        "timeline" => {
            "One simulated future out of many, chosen as an example and not as the likeliest: bars show how two stand, \
             symbols what happened."
        }
        _ => "",
    }
}
