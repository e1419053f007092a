//! What news says of answers, in words, a chart and tables.

use super::{Insight, NumberLines, cell};
use crate::analysis::Estimate;
use crate::analysis::update::{Alike, AnswerFinding, ENOUGH, FactFinding, Updated};
use crate::base::day;
use crate::base::number::{Format, count, grouped, percent, sign};
use crate::chart::{Chart, Heading, Twofold, TwofoldRow};
use crate::experiment::Target;
use crate::measure::Unit;
use crate::report::document::{Block, Document, Table, TableCell};
use crate::report::words::{self, several, written};
use crate::scenario::facts::{Fact, Facts, Reported};
use crate::scenario::{AnswerAt, GroupedQuestion};
use serde_json::json;

/// How many answers a terminal shows, and how many facts.
const SHOWN: usize = 6;
/// How many answers the table of what moved them has.
const MOVED: usize = 5;
/// With fewer runs to go back to, runs that went on say little of what else could be.
const FEW_ANCESTORS: usize = 30;
/// How many answers a chart shows.
const DRAWN: usize = 25;

/// What is told of an update.
pub struct News<'a> {
    /// The facts.
    pub facts: &'a Facts,
    /// What became of the answers.
    pub found: &'a Updated,
    /// Ids of the answers that come first; the headlines at their last moments if there are none.
    pub questions: &'a [String],
    /// Whether runs went on from those that are like the facts.
    pub went_on: bool,
}

/// An answer with its question.
struct Answered<'a> {
    question: &'a GroupedQuestion,
    answer: &'a AnswerAt,
    found: &'a AnswerFinding,
}

/// Tells it.
pub fn update(target: &Target, news: &News<'_>) -> Insight {
    let all = answered(target, news, |_, _| true);
    let wanted = |question: &GroupedQuestion, answer: &AnswerAt| match news.questions {
        [] => question.headline && question.answers.last().is_some_and(|last| last.id == answer.id),
        ids => ids.contains(&answer.id),
    };
    let first = answered(target, news, wanted);
    let first = if first.is_empty() { &all } else { &first };
    let run = format!("seed {}, {}", target.seed(), target.cell_words());
    let chart: Box<dyn Chart> = Box::new(chart(first, &all, news, &run, target));
    let document = document(target, news, (first, &all), (&*chart, &run));
    let tables = vec![answer_lines(&all), fact_lines(target, news), weight_lines(news.found)];
    Insight { document, charts: vec![chart], tables, json: json_of(target, news, &all) }
}

fn answered<'a>(
    target: &'a Target,
    news: &News<'a>,
    wanted: impl Fn(&GroupedQuestion, &AnswerAt) -> bool,
) -> Vec<Answered<'a>> {
    let mut list = Vec::new();
    for question in target.scenario.question_groups().iter().flat_map(|group| &group.questions) {
        for answer in question.answers.iter().filter(|answer| wanted(question, answer)) {
            let found = news.found.answers.iter().find(|found| found.question == answer.id);
            list.extend(found.map(|found| Answered { question, answer, found }));
        }
    }
    list
}

fn document(
    target: &Target,
    news: &News<'_>,
    (first, all): (&[Answered<'_>], &[Answered<'_>]),
    (chart, run): (&dyn Chart, &str),
) -> Document {
    let found = news.found;
    let title = &target.scenario.file.scenario.title;
    let mut page = Document::new(format!("What the news says: {title}"), run.to_owned());
    page.push(Block::Caution {
        lead: "A model, not a forecast.".into(),
        words: "Runs that are more like what was reported count for more. What no run shows, no weight can bring in."
            .into(),
    });
    page.words(worth(target, news, first));
    if found.worth < ENOUGH {
        page.caution(too_few(news));
    }
    if news.went_on && found.ancestors < FEW_ANCESTORS {
        page.caution(format!(
            "They go back to {}: what else could have led to this, and other inputs, are hardly among them. More replicates in the \
             results give them more to begin from.",
            several(found.ancestors, "run")
        ));
    }
    for sentence in outside(news) {
        page.caution(sentence);
    }
    page.table(answers_table(first).printing(SHOWN));
    page.push(Block::Contents);
    page.heading("The facts");
    page.table(facts_table(target, news).printing(SHOWN));
    page.heading("What moved what");
    page.table(moved_table(news, first).printing(SHOWN));
    page.chart(chart);
    page.rest();
    if all.len() > first.len() {
        page.heading("All answers");
        page.table(answers_table(all));
    }
    page.heading("How it was made").words(method(news)).use_with_care();
    page
}

fn worth(target: &Target, news: &News<'_>, first: &[Answered<'_>]) -> String {
    let (found, runs) = (news.found, news.found.runs.len());
    let day = day(target.calendar().date_of(news.facts.last()));
    let facts = several(news.facts.list.len(), "fact");
    if !news.went_on {
        return format!(
            "Weighed by {facts} up to {day}, {} {} as good as {}.",
            several(runs, "run"),
            if runs == 1 { "is" } else { "are" },
            several(found.worth.round() as usize, "independent run")
        );
    }
    let failed = match found.failed {
        0 => String::new(),
        failed => format!(" {} failed and are left out.", several(failed, "other")),
    };
    // Those that are drawn from one run have what led there in common, however much they differ after it.
    let telling = first.iter().map(|one| one.found.worth).fold(f64::NAN, f64::min);
    let telling = match telling.is_finite() {
        true => format!(
            ", and tell as much of {} as about {} would",
            if first.len() == 1 { "the answer" } else { "the answer of which they tell least" },
            several(telling.round().max(1.0) as usize, "independent run")
        ),
        false => String::new(),
    };
    format!(
        "{} went on from those that are like {facts} up to {day}. They began as {}{telling}.{failed}",
        several(runs, "run"),
        several(found.ancestors, "different run"),
    )
}

fn too_few(news: &News<'_>) -> String {
    match news.went_on {
        false => format!(
            "Few runs are like the facts: answers rest on what {} would tell. The same command with --continue goes on from those \
             that are, under fresh random numbers.",
            several(news.found.worth.round() as usize, "run")
        ),
        true => "Few runs are like the facts even so: the model may not have such a world in it, or the reports may be trusted too \
                 much. Allow for larger errors, or look at the facts that few runs share."
            .into(),
    }
}

/// The facts that hardly any run shows, or none that still counts.
fn outside(news: &News<'_>) -> Vec<String> {
    let odd = |(fact, found): (&Fact, &FactFinding)| {
        let share = match fact.reported {
            Reported::So { yes: true, .. } => found.runs_say,
            Reported::So { yes: false, .. } => 1.0 - found.runs_say,
            Reported::Amount { .. } => found.runs_say.min(1.0 - found.runs_say),
        };
        (share < 0.01).then(|| match found.spread {
            None => format!("Hardly any run is like this: {} ({}).", fact.text, reported(fact)),
            Some([low, _, high]) => format!(
                "Hardly any run is like this: {} ({} reported; 80% of the runs have {} to {}).",
                fact.text,
                reported(fact),
                count(low),
                count(high)
            ),
        })
    };
    let denied = |fact: &Fact| {
        format!(
            "No run that still counts is like this: {} ({}). The answers are those of runs in which it is otherwise, and what it changes \
             about them is not known.",
            fact.text,
            reported(fact)
        )
    };
    let told = |(fact, found): (&Fact, &FactFinding)| match found.alike {
        Alike::None if !news.went_on => Some(denied(fact)),
        _ => odd((fact, found)),
    };
    news.facts.list.iter().zip(&news.found.facts).filter_map(told).collect()
}

fn reported(fact: &Fact) -> String {
    match fact.reported {
        Reported::So { yes, .. } => if yes { "yes" } else { "no" }.into(),
        Reported::Amount { amount, unit, .. } => words::quantity(unit, amount),
    }
}

/// An estimate in the form of its unit.
fn amount(unit: Unit, of: Estimate) -> String {
    match unit {
        Unit::Chance => percent(of.value),
        _ => written(unit).0.rounded(of.value, of.low, of.high),
    }
}

fn interval(unit: Unit, of: Estimate) -> String {
    match unit {
        Unit::Chance => words::interval(of.low, of.high),
        _ if !(of.low.is_finite() && of.high.is_finite()) => "–".into(),
        _ => written(unit).0.interval(of.low, of.high),
    }
}

fn answers_table(list: &[Answered<'_>]) -> Table {
    let mut table = Table::new(["Question"], ["Before", "After", "95% interval", "80% of futures"]);
    for Answered { question, answer, found } in list {
        let unit = question.unit;
        let range = found.range_after.map(|[low, high]| written(unit).0.interval(low, high));
        let after = amount(unit, found.after);
        table.row([
            TableCell::from(answer.text.clone()),
            amount(unit, found.before).into(),
            if unit == Unit::Chance { TableCell::bar(after, found.after) } else { after.into() },
            interval(unit, found.after).into(),
            range.unwrap_or_else(|| "–".into()).into(),
        ]);
    }
    table.noted(
        "Shares of yes and medians, of all runs alike and as they count after the facts. Of amounts the last column says between what \
         80% of the futures lie.",
    )
}

fn facts_table(target: &Target, news: &News<'_>) -> Table {
    let mut table = Table::new(["Fact"], ["Day", "Reported", "Runs say", "Worth by it alone", "Worth by others"]);
    for (fact, found) in news.facts.list.iter().zip(&news.found.facts) {
        let runs_say = match (found.spread, fact.reported) {
            (Some([low, _, high]), Reported::Amount { unit, .. }) => written(unit).0.interval(low, high),
            _ => format!("yes in {}", percent(found.runs_say)),
        };
        table.row([
            fact.text.clone(),
            day(target.calendar().date_of(fact.question.moment)),
            reported(fact),
            runs_say,
            count(found.worth_alone.round()),
            count(found.worth_without.round()),
        ]);
    }
    table.noted(
        "What runs say: in which share it is so, or between what 80% of them lie. Worth: as how many independent runs they would be \
         as good, weighed by this fact alone, and by all others.",
    )
}

/// How far each answer is from what it would be without each fact.
fn moved_table(news: &News<'_>, first: &[Answered<'_>]) -> Table {
    let shown: Vec<&Answered<'_>> = first.iter().filter(|one| !one.found.moved.is_empty()).take(MOVED).collect();
    let in_points = |one: &Answered<'_>| written(one.question.unit).0 == Format::Percent;
    let unit = |one: &Answered<'_>| if in_points(one) { " (points)" } else { "" };
    let heads: Vec<String> = match shown[..] {
        [one] => vec![if in_points(one) { "points" } else { "change" }.to_owned(), "95% interval".to_owned()],
        _ => shown.iter().enumerate().map(|(place, one)| format!("{}.{}", place + 1, unit(one))).collect(),
    };
    let title = if let [one] = shown[..] { one.answer.text.as_str() } else { "" };
    let mut table = Table::new(["Fact"], heads).titled(title);
    if shown.is_empty() {
        return table;
    }
    for (place, fact) in news.facts.list.iter().enumerate() {
        let alike = news.found.facts[place].alike;
        let cells = shown.iter().map(|one| moved(written(one.question.unit).0, one.found.moved[place], alike));
        let cells: Vec<String> = match shown.len() {
            1 => cells.flat_map(|(value, interval)| [value, interval]).collect(),
            _ => cells.map(|(value, interval)| format!("{value} ({interval})")).collect(),
        };
        table.row([fact.text.clone()].into_iter().chain(cells));
    }
    let names: Vec<String> = match shown.len() {
        1 => Vec::new(),
        _ => shown.iter().enumerate().map(|(place, one)| format!(" {}. {}", place + 1, one.answer.text)).collect(),
    };
    let as_they_were =
        if news.went_on { "It is told of the runs as they were weighed, before any went on. " } else { "" };
    table.noted(format!(
        "How far each fact moves an answer, with 95% intervals: what it is by all facts less what it is without that one, of shares \
         in percentage points. Facts say much of the same, so that these do not add up to how far the answer has moved. \
         {as_they_were}Where an interval includes 0, it is not known whether the fact moves the answer at all.{}",
        names.concat()
    ))
}

/// By how much a fact moves an answer and its interval, both with the digits that the interval supports.
fn moved(format: Format, by: Estimate, alike: Alike) -> (String, String) {
    if alike == Alike::None {
        return ("–".into(), "no run is like it".into());
    }
    if !by.value.is_finite() {
        return ("–".into(), "–".into());
    }
    let size = |value: f64| match format {
        Format::Percent => sign(value, &grouped(100.0 * value.abs(), 1)),
        Format::Count => sign(value, &format.rounded(value.abs(), by.low, by.high)),
    };
    let interval = match by.ends() {
        (Some(low), Some(high)) => format!("{} to {}", size(low), size(high)),
        _ if alike == Alike::All => "all runs are like it".into(),
        _ => "too few runs are like the facts".into(),
    };
    (size(by.value), interval)
}

fn chart(first: &[Answered<'_>], all: &[Answered<'_>], news: &News<'_>, run: &str, target: &Target) -> Twofold {
    let yes_no = |list: &[Answered<'_>]| list.iter().filter(|one| one.question.yes_no()).count();
    let list = if yes_no(first) > 0 { first } else { all };
    let rows = list.iter().filter(|one| one.question.yes_no()).take(DRAWN).map(|one| TwofoldRow {
        text: one.answer.text.clone(),
        filled: one.found.after.into(),
        hollow: one.found.before.into(),
        note: percent(one.found.after.value),
    });
    let day = day(target.calendar().date_of(news.facts.last()));
    Twofold {
        name: "update",
        heading: Heading::new(
            format!("What the news up to {day} says: {}", target.scenario.file.scenario.title),
            format!("{} · {run}", several(news.facts.list.len(), "fact")),
        ),
        caption: "Each row is a question. The filled dot is how likely a yes is as runs count by how like the facts they are, the hollow one \
                  below it in all runs alike, each with its 95% interval.",
        labels: ["after the facts", "before"],
        line: None,
        notes: "after",
        nothing: "No question of yes or no is open after the last fact.",
        rows: rows.collect(),
    }
}

fn method(news: &News<'_>) -> String {
    let mut words = "Each run of the ensemble is made again up to the last fact and asked what it says of each. Its weight is the product \
                     of the likelihoods of the reports: of a condition by the chances that it is missed or invented, of an amount \
                     by a normal error of report and model on the logarithm of what is counted. A number of runs is worth \
                     (Σw)²/Σw² (Kish 1965). Intervals are Wilson's and Woodruff's for as many independent runs as scatter alike, by \
                     families of runs that share inputs or a beginning (Chan and Lai 2013). What a fact moves is found by leaving it \
                     out, with the interval of the linearised difference, by the same families."
        .to_owned();
    if news.went_on {
        words.push_str(
            " Runs were then weighed fact by fact, and drawn anew by weight whenever they were worth less than half their number \
             (Gordon, Salmond and Smith 1993, with systematic draws); those drawn more than once go on under random numbers of \
             their own. All keep the inputs of their first ancestor. How facts moved answers is told of the runs as they were.",
        );
    }
    words
}

fn answer_lines(all: &[Answered<'_>]) -> NumberLines {
    let heads =
        ["question", "before", "before_low", "before_high", "after", "after_low", "after_high", "tenth", "ninth_tenth"];
    let mut lines = vec![heads.map(str::to_owned).to_vec()];
    for Answered { found, .. } in all {
        let three = |of: Estimate| [of.value, of.low, of.high];
        let range = found.range_after.unwrap_or([f64::NAN; 2]);
        let numbers = three(found.before).into_iter().chain(three(found.after)).chain(range);
        lines.push([found.question.clone()].into_iter().chain(numbers.map(cell)).collect());
    }
    ("answers.csv".to_owned(), lines)
}

fn fact_lines(target: &Target, news: &News<'_>) -> NumberLines {
    let heads = [
        "fact",
        "day",
        "reported",
        "runs_say",
        "tenth",
        "median",
        "ninth_tenth",
        "worth_alone",
        "worth_without",
        "source",
    ];
    let mut lines = vec![heads.map(str::to_owned).to_vec()];
    for (fact, found) in news.facts.list.iter().zip(&news.found.facts) {
        let spread = found.spread.unwrap_or([f64::NAN; 3]);
        let numbers = [found.runs_say].into_iter().chain(spread).chain([found.worth_alone, found.worth_without]);
        let names = [fact.text.clone(), target.calendar().date_of(fact.question.moment).to_string(), reported(fact)];
        lines.push(names.into_iter().chain(numbers.map(cell)).chain([fact.source.clone()]).collect());
    }
    ("facts.csv".to_owned(), lines)
}

fn weight_lines(found: &Updated) -> NumberLines {
    let mut lines = vec![["replicate", "fresh_from_steps", "weight"].map(str::to_owned).to_vec()];
    for (run, weight) in &found.runs {
        let turns: Vec<String> = run.turns.iter().map(|(step, number)| format!("{step}:{number}")).collect();
        lines.push(vec![run.replicate.to_string(), turns.join(" "), cell(*weight)]);
    }
    ("weights.csv".to_owned(), lines)
}

fn json_of(target: &Target, news: &News<'_>, all: &[Answered<'_>]) -> serde_json::Value {
    let found = news.found;
    let facts: Vec<_> = news.facts.list.iter().zip(&found.facts).map(|(fact, told)| {
        json!({
            "text": fact.text, "day": target.calendar().date_of(fact.question.moment).to_string(), "reported": reported(fact),
            "source": fact.source, "found": told,
        })
    }).collect();
    let resampled: Vec<_> = found
        .resampled
        .iter()
        .map(|(moment, worth)| json!({ "day": target.calendar().date_of(*moment).to_string(), "worth": worth }))
        .collect();
    json!({
        "variant": target.variant, "point": target.point, "runs": found.runs.len(), "worth": found.worth,
        "ancestors": found.ancestors, "failed": found.failed, "enough": found.worth >= ENOUGH, "facts": facts, "resampled": resampled,
        "answers": all.iter().map(|one| one.found).collect::<Vec<_>>(),
    })
}
