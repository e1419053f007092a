//! Rival theories beside the full model: what each gives alone, and which of them an answer hangs on.

use super::document::{Document, ListPoint, Table};
use super::naming::list;
use super::shown::{LINES, Shown, fit};
use super::words::several;
use super::words::written;
use crate::analysis::Estimate;
use crate::analysis::theories::{Departure, HangsOn, Theories, TheoryAnswer};
use crate::base::number::{Format, count, grouped};
use crate::chart::{Band, Chart, DifferenceDots, Differences, Heading};
use crate::record::Manifest;
use crate::scenario::{AnswerAt, GroupedQuestion, Scenario, Theory};

/// How an answer is found to hang on a theory, for people.
const HOW: &str = "The full model departs from inertia by the difference of their answers, over runs that share their draws. An answer \
     hangs on the theory that alone comes nearest to the full model's, if it makes at least half of the departure, and the departure, the \
     theory's own and its share are each more than chance: 95% intervals over replicates, of shares by the runs that flip (Tango 1998), of amounts by the bootstrap \
     (Efron 1979).";

/// An answer that is told, with its question.
type Told<'a> = (&'a GroupedQuestion, &'a AnswerAt, &'a TheoryAnswer);

/// Those answers that are shown, in the scenario's order.
fn told<'a>(found: &'a Theories, scenario: &'a Scenario, shown: Shown<'_>) -> Vec<Told<'a>> {
    let of = |answer: &'a TheoryAnswer| {
        let (question, at) = scenario.answer(&answer.answer)?;
        shown.has(scenario, question, at).then_some((question, at, answer))
    };
    found.answers.iter().filter_map(of).collect()
}

/// The titles of theories, in the order in which they were run.
pub fn titles(found: &Theories, scenario: &Scenario) -> Vec<String> {
    let title =
        |id: &String| scenario.theories().find(|theory| theory.id == *id).map_or(id, |theory| &theory.title).clone();
    found.theories.iter().map(title).collect()
}

/// A title as the head of a narrow column: of several words their first letters.
fn short(title: &str) -> String {
    let words: Vec<&str> = title.split_whitespace().collect();
    match words[..] {
        [_, _, ..] => words.iter().filter_map(|word| word.chars().next()).flat_map(char::to_uppercase).collect(),
        _ => title.to_owned(),
    }
}

/// Adds what a terminal shows: an answer of each question by the full model and each theory alone, and what they hang on.
pub fn summary(document: &mut Document, found: &Theories, scenario: &Scenario, shown: Shown<'_>) {
    let mut told = told(found, scenario, shown);
    if shown.questions.is_empty() && !shown.all {
        // Of each question the last moment.
        let last = |(question, at, _): &Told<'_>| question.answers.last().is_some_and(|last| last.id == at.id);
        told.retain(last);
    }
    let titles = titles(found, scenario);
    let heads: Vec<String> =
        std::iter::once("Full".to_owned()).chain(titles.iter().map(|title| short(title))).collect();
    let legend = heads.iter().skip(1).zip(&titles).filter(|(head, title)| head != title);
    let legend: Vec<String> = legend.map(|(head, title)| format!("{head} {}", title.to_lowercase())).collect();
    let legend = if legend.is_empty() { String::new() } else { format!(" ({})", legend.join(", ")) };
    // Each takes a line at least.
    let most = if shown.all { told.len() } else { told.len().min(LINES) };
    fit(document, most, shown.all, |document, most| {
        let mut table = Table::new([""], heads.clone());
        for (question, at, answer) in &told[..most] {
            let format = written(question.unit).0;
            let alone = answer
                .alone
                .iter()
                .enumerate()
                .map(|(place, value)| format!("{}{}", format.write(*value), mark(answer, place)));
            table.row([format!("{} ({})", at.text, at.id), format.write(answer.full)].into_iter().chain(alone));
        }
        document.table(table.noted(format!(
            "Shares of {} futures and means of amounts, by the full model and by each theory alone{legend}. * the answer hangs on it.",
            count(found.runs as f64)
        )));
        document.list(by_theory(&told[..most], &titles));
        let left = told.len() - most;
        if left > 0 {
            document.words(format!("{} not shown: --all, or --question ID,….", several(left, "more answer")));
        }
    });
}

fn hangs_on(answer: &TheoryAnswer) -> Option<&HangsOn> {
    answer.departure.as_ref().map(|departure| &departure.on)
}

/// For each theory the answers that hang on it, and those that hang on none.
fn by_theory(told: &[Told<'_>], titles: &[String]) -> Vec<String> {
    let mut lines = Vec::new();
    let departures = || told.iter().filter_map(|(_, at, answer)| Some((at.id.as_str(), answer.departure.as_ref()?)));
    for (place, title) in titles.iter().enumerate() {
        let on = |departure: &Departure| matches!(departure.on, HangsOn::Theory { place: on, .. } if on == place);
        let words = |(id, departure): (&str, &Departure)| {
            let explained =
                departure.explained.map_or_else(String::new, |share| format!(" {}", explained_words(share)));
            format!("{id}{explained}{}", alike_words(departure, titles))
        };
        let answers: Vec<String> = departures().filter(|(_, departure)| on(departure)).map(words).collect();
        if !answers.is_empty() {
            lines.push(format!("Of the departure from inertia, {title} alone explains: {}.", answers.join(", ")));
        }
    }
    for (on, words) in [
        (HangsOn::NoneAlone, "No theory alone surely explains half of the departure of"),
        (HangsOn::Chance, "Within chance of inertia"),
    ] {
        let answers: Vec<&str> = departures().filter(|(_, departure)| departure.on == on).map(|(id, _)| id).collect();
        if !answers.is_empty() {
            lines.push(format!("{words}: {}.", answers.join(", ")));
        }
    }
    lines
}

/// "80% (72 to 88%)".
fn explained_words(share: Estimate) -> String {
    let whole = |share: f64| grouped(100.0 * share, 0);
    match share.ends() {
        (Some(low), Some(high)) => format!("{}% ({} to {}%)", whole(share.value), whole(low), whole(high)),
        _ => format!("{}%", whole(share.value)),
    }
}

fn alike_words(departure: &Departure, titles: &[String]) -> String {
    let HangsOn::Theory { alike, .. } = &departure.on else { return String::new() };
    let names: Vec<String> = alike.iter().map(|place| titles[*place].to_lowercase()).collect();
    if names.is_empty() { String::new() } else { format!(", not told apart from {}", list(&names)) }
}

/// A difference of answers with its interval: "+12 points (+10 to +14)", "−3,200 (−4,100 to −2,300)".
fn difference_words(difference: Estimate, format: Format) -> String {
    let unit = if format == Format::Percent { " points" } else { "" };
    let write = |value: f64| format.signed(value);
    match difference.ends() {
        (Some(low), Some(high)) => format!("{}{unit} ({} to {})", write(difference.value), write(low), write(high)),
        _ => format!("{}{unit}", write(difference.value)),
    }
}

/// What answers hang on, for a page: a point for each theory with its answers, and one for those that hang on none.
fn hanging(told: &[Told<'_>], titles: &[String]) -> Vec<ListPoint> {
    let departures = || told.iter().filter_map(|told| Some((told, told.2.departure.as_ref()?)));
    let mut points = Vec::new();
    for (place, title) in titles.iter().enumerate() {
        let one = |(told, departure): (&Told<'_>, &Departure)| {
            matches!(departure.on, HangsOn::Theory { place: on, .. } if on == place).then(|| {
                format!(
                    "{} It makes {} of {}{}.",
                    told.1.text,
                    departure.explained.map_or_else(String::new, explained_words),
                    difference_words(departure.full, written(told.0.unit).0),
                    alike_words(departure, titles)
                )
            })
        };
        let answers: Vec<String> = departures().filter_map(one).collect();
        if !answers.is_empty() {
            points.push(ListPoint::new(format!("On {}:", title.to_lowercase()), answers));
        }
    }
    let on_none = |on: HangsOn| departures().filter(|(_, departure)| departure.on == on).count();
    let some = |number: usize| (number > 0).then_some(number);
    points.extend(some(on_none(HangsOn::NoneAlone)).map(|number| {
        format!(
            "On none alone: {}. No theory is surely nearer to the full model than inertia is, and makes half of the difference: what they \
             have in common, terms that none of them has, or several together do it.",
            several(number, "answer")
        )
        .into()
    }));
    points.extend(some(on_none(HangsOn::Chance)).map(|number| {
        let differ = if number == 1 { "answer does" } else { "answers do" };
        format!("On none: {number} {differ} not differ from inertia's by more than chance.").into()
    }));
    points
}

/// Adds to a page what theories say of the headline answers, and draws it.
pub fn section(page: &mut Document, found: &Theories, scenario: &Scenario, manifest: &Manifest) -> Box<dyn Chart> {
    let told = told(found, scenario, Shown::default());
    let titles = titles(found, scenario);
    let against_inertia = told.iter().any(|(_, _, answer)| answer.departure.is_some());
    let mut heads: Vec<String> = std::iter::once("Full model".to_owned()).chain(titles.iter().cloned()).collect();
    if against_inertia {
        heads.extend(["Full less inertia", "Explained"].map(str::to_owned));
    }
    let note = "Shares of runs, and means of amounts: by the full model, and by each theory with the terms of the others at 0.";
    let more = match against_inertia {
        true => " * the answer hangs on it, and it explains so much of the full model's difference from inertia.",
        false => "",
    };
    let mut table = Table::new(["Answer"], heads).noted(format!("{note}{more}"));
    for (question, at, answer) in &told {
        let format = written(question.unit).0;
        let alone = answer
            .alone
            .iter()
            .enumerate()
            .map(|(place, value)| format!("{}{}", format.write(*value), mark(answer, place)));
        let values = [at.text.clone(), format.write(answer.full)].into_iter().chain(alone);
        let against = answer.departure.as_ref().map(|departure| {
            [difference_words(departure.full, format), departure.explained.map_or_else(String::new, explained_words)]
        });
        table.row(values.chain(against.into_iter().flatten()));
    }
    page.heading("Which theory the answers hang on").words(HOW);
    page.list(hanging(&told, &titles));
    let chart: Box<dyn Chart> = Box::new(chart(found, &told, &titles, manifest));
    page.chart(&*chart).table(table);
    chart
}

/// The mark of a theory on which an answer hangs.
fn mark(answer: &TheoryAnswer, place: usize) -> &'static str {
    match hangs_on(answer) {
        Some(HangsOn::Theory { place: on, .. }) if *on == place => "*",
        _ => "",
    }
}

/// How far the full model and each theory depart from inertia, of probabilities.
fn chart(found: &Theories, told: &[Told<'_>], titles: &[String], manifest: &Manifest) -> Differences {
    let shown: Vec<usize> = (0..titles.len()).filter(|place| found.theories[*place] != Theory::INERTIA).collect();
    let row = |(question, at, answer): &Told<'_>| {
        let departure = answer.departure.as_ref().filter(|_| question.yes_no())?;
        let bands = std::iter::once(departure.full).chain(shown.iter().map(|place| departure.alone[*place]));
        let band = |difference: Estimate| Some(Band::new(difference.value, difference.low, difference.high));
        Some(DifferenceDots { text: at.text.clone(), differences: bands.map(band).collect() })
    };
    Differences {
        name: "theories".into(),
        heading: Heading::new(
            "How far answers are from inertia's: the full model and each theory alone",
            format!(
                "{} replicates, seed {} · difference in percentage points, 95% intervals",
                count(found.runs as f64),
                manifest.seed
            ),
        ),
        caption: "Each dot is by how much a theory alone, or the full model, raises or lowers the probability of a yes against inertia, \
                  under which what stands changes at base rates; the line is its 95% interval. An answer hangs on the theory that comes \
                  nearest to the full model, if it makes at least half of the way and is surely nearer than inertia: the list above says \
                  which.",
        variants: std::iter::once("Full model".to_owned())
            .chain(shown.iter().map(|place| titles[*place].clone()))
            .collect(),
        // As in the other charts, where the full model is the baseline and inertia one of the variants.
        colours: std::iter::once(0).chain(shown.iter().map(|place| place + 1)).collect(),
        rows: told.iter().filter_map(row).collect(),
        format: Format::Percent,
        note: "Differences whose interval includes zero are left out. --format json gives all.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_names_the_theory_that_an_answer_hangs_on_and_sums_up_the_others() {
        let file = std::path::Path::new("configs/three-way-standoff.toml");
        let scenario = Scenario::load(file, &crate::scenario::Overrides::default()).unwrap();
        let scenario = scenario.with_theories(&Theory::shipped()).unwrap();
        let theories: Vec<String> = scenario.theories().map(|theory| theory.id.clone()).collect();
        let sure = |value: f64| Estimate { value, low: value - 0.01, high: value + 0.01, n: 100 };
        let departure = |on: HangsOn| Departure {
            full: sure(0.2),
            alone: vec![sure(0.15); theories.len()],
            nearer: vec![sure(0.1); theories.len()],
            explained: matches!(on, HangsOn::Theory { .. }).then(|| sure(0.75)),
            on,
        };
        let kinds = [HangsOn::Theory { place: 1, alike: Vec::new() }, HangsOn::NoneAlone, HangsOn::Chance];
        let headline = scenario.question_groups().iter().flat_map(|group| &group.questions).filter(|one| one.headline);
        let answers = headline.flat_map(|question| &question.answers).zip(kinds.iter().cycle());
        let answers = answers.map(|(at, on)| TheoryAnswer {
            answer: at.id.clone(),
            full: 0.3,
            alone: vec![0.25; theories.len()],
            departure: Some(departure(on.clone())),
        });
        let found = Theories { answers: answers.collect(), theories, runs: 100 };
        let told = told(&found, &scenario, Shown::default());
        let titles = titles(&found, &scenario);
        let points = hanging(&told, &titles);
        let on = |kind: &HangsOn| {
            told.iter().filter(|one| one.2.departure.as_ref().is_some_and(|found| found.on == *kind)).count()
        };
        assert!(on(&kinds[0]) > 0 && points[0].words.contains(&titles[1].to_lowercase()), "{points:?}");
        assert_eq!(points[0].lesser.len(), on(&kinds[0]));
        assert_eq!(points.len(), kinds.iter().filter(|kind| on(kind) > 0).count());
        assert_eq!([mark(&found.answers[0], 1), mark(&found.answers[0], 0)], ["*", ""]);
    }

    #[test]
    fn long_titles_are_told_by_their_letters() {
        assert_eq!([short("Balance of threat"), short("Patrons")], ["BOT".to_owned(), "Patrons".to_owned()]);
    }
}
