//! The page of a static alliance landscape.

use crate::base::number::{count, percent};
use crate::chart::Band;
use crate::report::document::{Block, Document, Figure, Table};
use crate::report::words;

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
    let mut document = Document::new(page.title.clone(), "Static alliance landscape, after Axelrod and Bennett (1993)");
    if !page.source.is_empty() {
        document.words(page.source.clone());
    }
    let words = "It asks which coalitions a table of likes and dislikes would settle into if actors changed sides one at a time. \
                 Nothing happens in it: no talks, no fighting, no time.";
    document.push(Block::Caution { lead: "A theory, not a forecast.".into(), words: words.into() });
    document.heading("What it settles into");
    page.findings.iter().for_each(|finding| {
        document.words(finding.clone());
    });
    let share = |band: &Band| [percent(band.middle), words::interval(band.low, band.high)];
    for (title, rows) in &page.minima {
        let heads = ["Energy", "Leads there", "95% interval"];
        let mut table = Table::new(["Blocs"], heads).titled(title.clone());
        for row in rows {
            let [basin, interval] = share(&row.basin);
            table.row([row.blocs.clone(), count(row.energy), basin, interval]);
        }
        document.table(table);
    }
    if !page.fits.is_empty() {
        document.heading("Do simulated coalitions sit there?").words(
            "Shares of simulated futures at the horizon, and of random structures with blocs of the same sizes among the same \
             factions, 20 for each run: what one would see if sizes were all that mattered.",
        );
    }
    for (title, rows) in &page.fits {
        let heads = ["Simulated", "95% interval", "At random", "95% interval"];
        let mut table = Table::new([""], heads).titled(title.clone());
        for FitRow { what, simulated, random } in rows {
            let ([one, around_one], [other, around_other]) = (share(simulated), share(random));
            table.row([what.clone(), one, around_one, other, around_other]);
        }
        document.table(table);
    }
    if !page.figures.is_empty() {
        document.heading("Chart");
        page.figures.iter().for_each(|figure| {
            document.figure(figure.clone());
        });
    }
    let mut actors = Table::new(["Actor"], ["Size", "Frustration"]);
    for (name, size, frustration) in &page.actors {
        actors.row([name.clone(), count(*size), count(*frustration)]);
    }
    document.heading("Who is torn").words(
        "Frustration in the lowest configuration: the sizes of those on other sides, weighted by how much one would rather be with \
         them. Below zero an actor is well apart from those it dislikes; the higher, the more it is torn.",
    );
    document.table(actors).heading("How it was made");
    page.method.iter().for_each(|sentence| {
        document.words(sentence.clone());
    });
    document.command(page.command.clone()).html()
}
