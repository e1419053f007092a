//! The page of a static alliance landscape.

use crate::chart::Band;
use crate::chart::axis::{count, percent};
use crate::report::document::Figure;
use crate::report::html::{document, figure};
use crate::report::words;
use maud::{Markup, html};

/// What the page says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LandscapePage {
    /// What it is about.
    pub title: String,
    /// Where the numbers come from.
    pub source: String,
    /// The findings in plain words, a sentence or two each.
    pub findings: Vec<String>,
    /// The stable configurations, with a title over each list.
    pub minima: Vec<(String, Vec<MinimumRow>)>,
    /// Actors with their sizes and their frustration in the lowest configuration.
    pub actors: Vec<(String, f64, f64)>,
    /// How often simulated coalitions sit in the minima, with a title over each list. Empty without a simulation.
    pub fits: Vec<(String, Vec<FitRow>)>,
    /// How it was made, a sentence or two each.
    pub method: Vec<String>,
    /// The command that makes it again.
    pub command: String,
    /// The charts.
    pub figures: Vec<Figure>,
}

/// A stable configuration in words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MinimumRow {
    /// "A + B | C + D".
    pub blocs: String,
    /// Its energy.
    pub energy: f64,
    /// The share of all configurations from which descent leads here, with its interval.
    pub basin: Band,
}

/// How often simulated coalitions meet a criterion.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FitRow {
    /// What is asked.
    pub what: String,
    /// The share of the runs with its interval.
    pub simulated: Band,
    /// That of random structures.
    pub random: Band,
}

/// The HTML document of the page.
pub fn landscape_html(page: &LandscapePage) -> String {
    let body = html! {
        header {
            h1 { (page.title) }
            p.sub { "Static alliance landscape, after Axelrod and Bennett (1993)" }
            @if !page.source.is_empty() { p { (page.source) } }
            p.caution {
                strong { "A theory, not a forecast. " }
                "It asks which coalitions a table of likes and dislikes would settle into if actors changed sides one at a time. \
                 Nothing happens in it: no talks, no fighting, no time."
            }
        }
        main {
            section id="findings" {
                h2 { "What it settles into" }
                @for finding in &page.findings { p { (finding) } }
                @for (title, rows) in &page.minima { (minima(title, rows)) }
            }
            @if !page.fits.is_empty() { (fits(&page.fits)) }
            section id="charts" {
                h2 { "Chart" }
                @for item in &page.figures { (figure(item)) }
            }
            section id="actors" {
                h2 { "Who is torn" }
                p {
                    "Frustration in the lowest configuration: the sizes of those on other sides, weighted by how much one would \
                     rather be with them. Below zero an actor is well apart from those it dislikes; the higher, the more it is torn."
                }
                div.wide {
                    table {
                        thead { tr { th { "Actor" } th.number { "Size" } th.number { "Frustration" } } }
                        tbody {
                            @for (name, size, frustration) in &page.actors {
                                tr { td { (name) } td.number { (count(*size)) } td.number { (count(*frustration)) } }
                            }
                        }
                    }
                }
            }
            section id="made" {
                h2 { "How it was made" }
                @for sentence in &page.method { p { (sentence) } }
                pre { code { (page.command) } }
            }
        }
    };
    document(&page.title, &body)
}

fn minima(title: &str, rows: &[MinimumRow]) -> Markup {
    html! {
        h3 { (title) }
        div.wide {
            table {
                thead {
                    tr { th { "Blocs" } th.number { "Energy" } th.number { "Leads there" } th.number { "95% interval" } }
                }
                tbody {
                    @for row in rows {
                        tr {
                            td { (row.blocs) }
                            td.number { (count(row.energy)) }
                            td.number { (percent(row.basin.middle)) }
                            td.number { (words::interval(row.basin.low, row.basin.high)) }
                        }
                    }
                }
            }
        }
    }
}

fn fits(fits: &[(String, Vec<FitRow>)]) -> Markup {
    html! {
        section id="dynamic" {
            h2 { "Do simulated coalitions sit there?" }
            p {
                "Shares of simulated futures at the horizon, and of random structures with blocs of the same sizes among the same \
                 factions, 20 for each run: what one would see if sizes were all that mattered."
            }
            @for (title, rows) in fits {
                h3 { (title) }
                div.wide {
                    table {
                        thead {
                            tr {
                                th { "" } th.number { "Simulated" } th.number { "95% interval" }
                                th.number { "At random" } th.number { "95% interval" }
                            }
                        }
                        tbody {
                            @for FitRow { what, simulated, random } in rows {
                                tr {
                                    td { (what) }
                                    td.number { (percent(simulated.middle)) }
                                    td.number { (words::interval(simulated.low, simulated.high)) }
                                    td.number { (percent(random.middle)) }
                                    td.number { (words::interval(random.low, random.high)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
