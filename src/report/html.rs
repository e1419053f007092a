//! A page as one HTML file that needs nothing else: styles and charts are in it, and it fetches nothing.

use super::document::Figure;
use super::page::{Answer, Assumption, Coalition, Lasting, Page, Reply, TypicalRun};
use super::words;
use crate::chart::axis::{count, percent};
use maud::{DOCTYPE, Markup, PreEscaped, html};

const STYLE: &str = include_str!("document/style.css");

/// A document with the style of all pages.
pub(super) fn document(title: &str, body: &Markup) -> String {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " – Entente" }
                style { (PreEscaped(STYLE)) }
            }
            body { (body) }
        }
    }
    .into_string()
}

/// The HTML document of a page.
pub fn html(page: &Page) -> String {
    let body = html! {
        header {
            h1 { (page.title) }
            @if !page.subtitle.is_empty() { p.sub { (page.subtitle) } }
            @if !page.summary.is_empty() { p { (page.summary) } }
            p.caution {
                strong { "A model, not a forecast. " }
                "These are shares of simulated futures under the scenario's inputs and assumptions. Intervals cover the \
                 chance in the simulation, not the doubt about inputs and about the model itself."
            }
            @for warning in &page.warnings { p.caution { (warning) } }
        }
        main {
            (answers(&page.answers))
            @if !page.coalitions.is_empty() { (coalitions(&page.coalitions)) }
            @if !page.lasting.is_empty() || !page.typical.is_empty() { (over_time(&page.lasting, &page.typical)) }
            @if !page.figures.is_empty() {
                section id="charts" {
                    h2 { "Charts" }
                    @for item in &page.figures { (figure(item)) }
                }
            }
            @if !page.assumptions.is_empty() || page.sourced > 0 { (assumptions(&page.assumptions, page.sourced)) }
            (provenance(page))
            (responsible_use())
        }
    };
    document(&page.title, &body)
}

fn answers(answers: &[Answer]) -> Markup {
    html! {
        section id="answers" {
            h2 { "Questions and answers" }
            @if answers.is_empty() { p { "The scenario asks no questions." } } @else {
                p { "Each percentage is the share of simulated futures in which the answer is yes, with its 95% interval." }
            }
            dl.answers {
                @for answer in answers {
                    div {
                        dt { (answer.question) }
                        dd {
                            @for (when, answer) in &answer.replies {
                                div.reply {
                                    @if !when.is_empty() { span.when { (when) } " " }
                                    (reply(answer))
                                }
                            }
                        }
                    }
                }
            }
            @if answers.iter().flat_map(|answer| &answer.replies).any(|(_, reply)| matches!(reply, Reply::Probability { .. })) {
                details {
                    summary { "What the words mean" }
                    p {
                        "A word stands for a range of probabilities, after Intelligence Community Directive 203 (2015):"
                    }
                    ul.scale {
                        @for (position, (word, _)) in words::SCALE.iter().enumerate() {
                            li { strong { (word) } " " (words::range(position)) }
                        }
                    }
                    p {
                        "“12% (10 to 14%)”: of all simulated futures, 12% answer yes; had many more been run, the share would very \
                         likely lie between 10 and 14% (95% interval)."
                    }
                }
            }
        }
    }
}

fn reply(reply: &Reply) -> Markup {
    match reply {
        Reply::Probability { yes, replicates } => html! {
            span.words { (words::answer(yes.middle, yes.low, yes.high, *replicates)) }
            @if yes.middle.is_finite() {
                div.bar aria-hidden="true" {
                    span.range style=(format!("left:{}%;width:{}%", place(yes.low), place(yes.high - yes.low))) {}
                    span.dot style=(format!("left:{}%", place(yes.middle))) {}
                }
            }
        },
        Reply::Amount { amount, share, unit, replicates } => {
            let write = |value: f64| if *share { percent(value) } else { count(value) };
            html! {
                @if amount.middle.is_finite() && *replicates > 0 {
                    span.words { "Median " strong { (write(amount.middle)) } @if !unit.is_empty() { " " (unit) }
                    "; 95% of the simulated futures lie between " (write(amount.low)) " and " (write(amount.high)) }
                } @else {
                    span.words { "Not known: no simulated future gave an answer" }
                }
            }
        }
    }
}

/// A share as a position in percent with two digits, within 0 to 100.
fn place(share: f64) -> String {
    format!("{:.2}", if share.is_finite() { share.clamp(0.0, 1.0) * 100.0 } else { 0.0 })
}

fn coalitions(coalitions: &[Coalition]) -> Markup {
    html! {
        section id="blocs" {
            h2 { "Who is allied at the horizon, most often" }
            div.wide {
                table {
                    thead { tr { th { "Allied" } th.number { "Share of futures" } th.number { "95% interval" } } }
                    tbody {
                        @for coalition in coalitions {
                            tr {
                                td { (coalition.blocs) }
                                td.number { (percent(coalition.frequency.middle)) }
                                td.number { (words::interval(coalition.frequency.low, coalition.frequency.high)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn over_time(lasting: &[Lasting], typical: &[TypicalRun]) -> Markup {
    let weeks = |weeks: Option<f64>| weeks.map_or_else(|| "–".to_owned(), count);
    html! {
        section id="over-time" {
            h2 { "Coalitions over time" }
            @if !lasting.is_empty() {
                p {
                    "How long commitments last, over all runs. One that still stands at the horizon, or whose side merges or is \
                     gone, was not seen to end; where more than half last, there is no median. Intervals take commitments as \
                     independent, so they are somewhat too narrow."
                }
                div.wide {
                    table {
                        thead {
                            tr {
                                th { "Commitments" } th.number { "Number" } th.number { "Median, weeks" }
                                th.number { "95% interval" } th.number { "Last over a year" } th.number { "95% interval" }
                            }
                        }
                        tbody {
                            @for row in lasting {
                                tr {
                                    td { (row.what) }
                                    td.number { (count(row.number as f64)) }
                                    td.number { (weeks(row.median[0])) }
                                    @if row.median[1].is_none() { td.number { "–" } } @else {
                                        td.number { (weeks(row.median[1])) " to " (weeks(row.median[2])) }
                                    }
                                    @match row.after_a_year {
                                        Some(share) => {
                                            td.number { (percent(share.middle)) }
                                            td.number { (words::interval(share.low, share.high)) }
                                        }
                                        None => { td.number { "–" } td.number { "–" } }
                                    }
                                }
                            }
                        }
                    }
                }
            }
            @if !typical.is_empty() {
                p {
                    "Typical outcomes: runs grouped by who is allied with whom at the horizon, each group shown by its most typical \
                     run. " code { "entente replay RESULTS --replicate N" } " shows it."
                }
                div.wide {
                    table {
                        thead {
                            tr { th { "The typical run ends with" } th.number { "Typical replicate" } th.number { "Group's share" } th.number { "95% interval" } }
                        }
                        tbody {
                            @for run in typical {
                                tr {
                                    td { (run.blocs) }
                                    td.number { (run.replicate) }
                                    td.number { (percent(run.frequency.middle)) }
                                    td.number { (words::interval(run.frequency.low, run.frequency.high)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

pub(super) fn figure(figure: &Figure) -> Markup {
    html! {
        figure id=(figure.name) {
            div.chart tabindex="0" { (PreEscaped(&figure.svg)) }
            figcaption { (figure.caption) }
        }
    }
}

fn assumptions(assumptions: &[Assumption], sourced: usize) -> Markup {
    let (unsourced, all) = (assumptions.len(), assumptions.len() + sourced);
    html! {
        section id="assumptions" {
            h2 { "Assumptions" }
            p {
                "Of " (count(all as f64)) " inputs of the scenario, " (count(sourced as f64)) " name a source and "
                strong { (count(unsourced as f64)) } " are assumptions: judgement, not data. Everything above depends on them."
            }
            @if unsourced > 0 {
                details {
                    summary { "The " (count(unsourced as f64)) " assumptions" }
                    div.wide {
                        table {
                            thead { tr { th { "Input" } th { "Value" } th { "Range" } } }
                            tbody {
                                @for assumption in assumptions {
                                    tr { td { code { (assumption.path) } } td { (assumption.value) } td { (assumption.range) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn provenance(page: &Page) -> Markup {
    html! {
        section id="made" {
            h2 { "How it was made" }
            p {
                "An agent-based simulation steps the factions, zones and communities of the scenario week by week, many times \
                 over, each time with other luck. The same command gives the same numbers on any machine:"
            }
            pre { code { (page.command) } }
            dl.facts {
                @for (label, value) in &page.provenance { div { dt { (label) } dd { (value) } } }
            }
        }
    }
}

pub(super) fn responsible_use() -> Markup {
    html! {
        section id="use" {
            h2 { "Use with care" }
            ul {
                li { "It explores what could follow from stated assumptions. It predicts no single future and proves nothing about real people's intentions." }
                li { "Compare scenarios and look for what would change the answer; do not quote one percentage without its assumptions." }
                li { "It stays at the strategic level. It must not be used to select targets or to plan operations." }
                li { "People live in these places. Check conclusions with those who know them before acting on any." }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::Band;

    const HOSTILE: &str = "<script>alert(\"x\")</script> & 'more'";

    fn page() -> Page {
        let name = || HOSTILE.to_owned();
        let yes = Reply::Probability { yes: Band::new(0.12, 0.1, 0.14), replicates: 1000 };
        let unknown = Reply::Probability { yes: Band::new(f64::NAN, f64::NAN, f64::NAN), replicates: 0 };
        let amount =
            Reply::Amount { amount: Band::new(1200.0, 900.0, 3000.0), share: false, unit: name(), replicates: 9 };
        Page {
            title: name(),
            subtitle: name(),
            summary: name(),
            answers: vec![Answer {
                question: name(),
                replies: vec![(name(), yes), (name(), unknown), (name(), amount)],
            }],
            coalitions: vec![Coalition { blocs: name(), frequency: Band::new(0.5, 0.4, 0.6) }],
            lasting: vec![Lasting {
                what: name(),
                number: 7,
                median: [Some(12.0), Some(9.0), None],
                after_a_year: Some(Band::new(0.3, 0.2, 0.4)),
            }],
            typical: vec![TypicalRun { blocs: name(), frequency: Band::new(0.5, 0.4, 0.6), replicate: 3 }],
            figures: vec![Figure { name: "map".into(), title: name(), caption: name(), svg: "<svg></svg>".into() }],
            assumptions: vec![Assumption { path: name(), value: name(), range: name() }],
            sourced: 3,
            provenance: vec![(name(), name())],
            command: name(),
            warnings: vec![name()],
        }
    }

    #[test]
    fn names_are_escaped_and_nothing_is_fetched() {
        let document = html(&page());
        assert!(!document.contains("<script") && document.contains("&lt;script&gt;"));
        for fetching in ["src=", "href=", "@import", "url(", "http:", "https:"] {
            assert!(!document.contains(fetching), "{fetching}");
        }
    }

    #[test]
    fn tags_are_closed_in_order() {
        for page in [Page::default(), page()] {
            let document = html(&page);
            let mut open: Vec<&str> = Vec::new();
            for tag in document.split('<').skip(1) {
                let name = tag.split(['>', ' ', '/']).find(|part| !part.is_empty()).unwrap_or_default();
                match tag.strip_prefix('/') {
                    Some(closed) => assert_eq!(open.pop(), closed.split('>').next(), "in {tag}"),
                    None if ["meta", "!DOCTYPE"].contains(&name) => {}
                    None => open.push(name),
                }
            }
            assert!(open.is_empty(), "{open:?}");
        }
    }
}
