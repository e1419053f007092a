//! What there is to say of a static alliance landscape: in plain words, as a chart and as a document.

use super::document::{Block, Document, Table, TableCell};
use super::words;
use crate::analysis::landscape::{Fit, LandscapeStudy, Minimum, NamedLandscape, STARTS, switched};
use crate::base::number::{count, percent, several};
use crate::chart::{Band, Chart, EnergyBand, EnergyLandscape, Heading, Party, StableBlocs};
use crate::world::Stance;

/// What parts blocs in sentences and tables.
const APART: &str = " · ";
/// How many stable configurations of a list are told, and how many of them in a terminal.
const SHOWN: usize = 12;
const PRINTED: usize = 8;

/// A landscape with what was found of it.
#[derive(Clone, Debug)]
pub struct LandscapeFindings<'a> {
    /// The actors and their numbers.
    pub case: &'a NamedLandscape,
    /// What it settles into.
    pub found: &'a LandscapeStudy,
    /// How simulated coalitions fit; empty without a simulation.
    pub fits: &'a [Fit],
    /// How the actors are drawn.
    pub parties: Vec<Party>,
    /// How sizes and propensities came about, a sentence or two each.
    pub method: &'a [String],
}

impl<'a> LandscapeFindings<'a> {
    /// The blocs of a configuration by name, with something between them: "A + B | C".
    pub fn blocs(&self, configuration: &[u32], between: &str) -> String {
        let case = self.case;
        let members = groups(configuration)
            .into_iter()
            .map(|bloc| bloc.into_iter().map(|actor| case.actors[actor].as_str()).collect::<Vec<_>>().join(" + "));
        members.collect::<Vec<_>>().join(between)
    }

    /// The findings in plain words, a sentence or two each.
    pub fn findings(&self) -> Vec<String> {
        let (case, found) = (self.case, self.found);
        let mut said = Vec::new();
        let stable = count(found.two_blocs_count as f64);
        said.push(if !found.exhaustive {
            format!(
                "{} actors have too many ways to take two sides to look at all, so {} random ones were followed: {stable} stable \
                 ones were found, and there may be others.",
                case.landscape.actors(),
                count(f64::from(STARTS))
            )
        } else if found.two_blocs_count == 1 {
            format!("All {} ways to take two sides were looked at; one of them is stable.", count(found.configurations))
        } else {
            format!("All {} ways to take two sides were looked at; {stable} of them are stable.", count(found.configurations))
        });
        let names =
            |side: &[usize]| side.iter().map(|actor| case.actors[*actor].as_str()).collect::<Vec<_>>().join(", ");
        let against = |minimum: &Minimum| match &groups(&minimum.configuration.blocs)[..] {
            [one, other] => format!("{} against {}", names(one), names(other)),
            _ => "all on one side".to_owned(),
        };
        let lead = |minimum: &Minimum| {
            format!("{} of all ways lead there if one actor changes sides at a time", percent(minimum.basin.value))
        };
        match level(&found.two_blocs) {
            [] => {}
            [lowest] => said.push(format!(
                "The lowest: {}. Energy {}; {}.",
                against(lowest),
                count(lowest.configuration.energy),
                lead(lowest)
            )),
            equal => {
                let each: Vec<String> = equal
                    .iter()
                    .map(|minimum| format!("{} ({})", against(minimum), percent(minimum.basin.value)))
                    .collect();
                said.push(format!(
                    "{} are equally low, at energy {}; in brackets how many of all ways lead there if one actor changes sides \
                     at a time: {}.",
                    equal.len(),
                    count(equal[0].configuration.energy),
                    listed(&each)
                ));
            }
        }
        if let Some(lowest) = found.two_blocs.first() {
            let torn = (0..case.actors.len())
                .max_by(|a, b| lowest.configuration.frustration[*a].total_cmp(&lowest.configuration.frustration[*b]));
            let place = if level(&found.two_blocs).len() > 1 { "the first" } else { "it" };
            said.extend(torn.map(|torn| format!("Most torn in {place}: {}.", case.actors[torn])));
        }
        match level(&found.many_blocs) {
            [] => {}
            [lowest] => said.push(format!(
                "With up to {} blocs the lowest found has {}: {}.",
                found.most_blocs,
                groups(&lowest.configuration.blocs).len(),
                self.blocs(&lowest.configuration.blocs, APART)
            )),
            equal => {
                let each: Vec<String> =
                    equal.iter().map(|minimum| self.blocs(&minimum.configuration.blocs, APART)).collect();
                said.push(format!(
                    "With up to {} blocs {} that were found are equally low: {}.",
                    found.most_blocs,
                    equal.len(),
                    listed(&each)
                ));
            }
        }
        said
    }

    /// The stable configurations, with a title over each list.
    pub fn lists(&self) -> [(String, &'a [Minimum]); 2] {
        [
            ("Stable with two blocs".to_owned(), &self.found.two_blocs),
            (format!("Stable with up to {} blocs", self.found.most_blocs), &self.found.many_blocs),
        ]
    }

    /// How simulated coalitions fit, with a title over each list.
    pub fn by_rung(&self) -> Vec<(String, Vec<&'a Fit>)> {
        [(Stance::Alliance, "blocs linked by alliances"), (Stance::Pact, "camps linked by pacts or more")]
            .into_iter()
            .filter_map(|(rung, words)| {
                let rows: Vec<&Fit> = self.fits.iter().filter(|fit| fit.rung == rung).collect();
                let runs = rows.first()?.simulated.n;
                Some((format!("By {words}, in {} that have any", several(runs as usize, "run")), rows))
            })
            .collect()
    }

    /// All that there is to say. `command` makes it again.
    pub fn document(&self, chart: &dyn Chart, command: String) -> Document {
        let (case, found) = (self.case, self.found);
        let mut page =
            Document::new(format!("{}: static alliance landscape", case.title), "After Axelrod and Bennett (1993)");
        if !case.source.is_empty() {
            page.words(case.source.clone());
        }
        let words = "It asks which coalitions a table of likes and dislikes would settle into if actors changed sides one at a \
                     time. Nothing happens in it: no talks, no fighting, no time.";
        page.push(Block::Caution { lead: "A theory, not a forecast.".into(), words: words.into() });
        page.heading("What it settles into");
        self.findings().into_iter().for_each(|finding| {
            page.words(finding);
        });
        page.chart(chart);
        for (title, minima) in self.lists() {
            // What is counted of all ways has no interval.
            let unsure = minima.iter().any(|minimum| minimum.basin.high > minimum.basin.low);
            let heads = ["Energy", "Leads there"].into_iter().chain(unsure.then_some("95% interval"));
            let mut table = Table::new(["Blocs"], heads).titled(title).printing(PRINTED);
            for minimum in minima.iter().take(SHOWN) {
                let blocs = self.blocs(&minimum.configuration.blocs, APART);
                let what = [blocs, count(minimum.configuration.energy)].map(TableCell::from);
                let [share, interval] = words::share(Some(minimum.basin));
                table.row(what.into_iter().chain([share]).chain(unsure.then_some(interval)));
            }
            page.table(table.leaving_out(minima.len().saturating_sub(SHOWN), "minima.csv"));
        }
        if !self.fits.is_empty() {
            page.heading("Do simulated coalitions sit there?").words(
                "Shares of simulated futures at the horizon, and of random structures with blocs of the same sizes among the \
                 same factions, 20 for each run: what one would see if sizes were all that mattered.",
            );
        }
        for (title, rows) in self.by_rung() {
            let mut table = Table::new([""], ["Simulated", "95% interval", "At random", "95% interval"]).titled(title);
            for fit in rows {
                let what = [TableCell::from(fit.criterion.words())];
                let shares = [fit.simulated, fit.random].into_iter().flat_map(|share| words::share(Some(share)));
                table.row(what.into_iter().chain(shares));
            }
            page.table(table);
        }
        if let Some(lowest) = found.two_blocs.first() {
            page.heading("Who is torn").words(
                "Frustration in the lowest configuration of two blocs: the sizes of those on other sides, weighted by how much \
                 one would rather be with them. Below zero an actor is well apart from those it dislikes; the higher, the more \
                 it is torn.",
            );
            let mut table = Table::new(["Actor"], ["Size", "Frustration"]);
            for (actor, (name, size)) in case.actors.iter().zip(case.landscape.sizes()).enumerate() {
                table.row([name.clone(), count(*size), count(lowest.configuration.frustration[actor])]);
            }
            page.table(table);
        }
        page.heading("How it was made");
        self.method.iter().for_each(|sentence| {
            page.words(sentence.clone());
        });
        page.rest().command(command);
        page
    }

    /// The chart.
    pub fn chart(&self) -> EnergyLandscape {
        let (case, found) = (self.case, self.found);
        let lowest = found.lowest.first().map(|lowest| lowest.blocs.clone());
        let stable = |minimum: &Minimum, two: bool| StableBlocs {
            distance: lowest.as_ref().filter(|_| two).map(|lowest| switched(lowest, &minimum.configuration.blocs)),
            energy: minimum.configuration.energy,
            blocs: groups(&minimum.configuration.blocs),
            basin: minimum.basin.into(),
        };
        let looked = if found.exhaustive { "all of them looked at" } else { "sampled" };
        EnergyLandscape {
            heading: Heading::new(
                format!("{}: static alliance landscape", case.title),
                format!(
                    "{} actors, {} configurations of two blocs, {looked}; energy after Axelrod and Bennett (1993)",
                    case.actors.len(),
                    count(found.configurations)
                ),
            ),
            parties: self.parties.clone(),
            bands: found
                .by_distance
                .iter()
                .map(|band| EnergyBand {
                    distance: band.distance,
                    energy: Band::new(band.mean, band.lowest, band.highest),
                })
                .collect(),
            minima: self
                .lists()
                .into_iter()
                .enumerate()
                .map(|(list, (title, minima))| {
                    (title, minima.iter().map(|minimum| stable(minimum, list == 0)).collect())
                })
                .collect(),
        }
    }
}

/// The members of each bloc of a configuration.
fn groups(configuration: &[u32]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (actor, bloc) in configuration.iter().enumerate() {
        let bloc = *bloc as usize;
        groups.resize(groups.len().max(bloc + 1), Vec::new());
        groups[bloc].push(actor);
    }
    groups
}
/// Those of the lowest energy, of minima in order of energy: more than one where they are equal but for rounding.
fn level(minima: &[Minimum]) -> &[Minimum] {
    let Some(lowest) = minima.first().map(|minimum| minimum.configuration.energy) else { return &[] };
    let higher = |minimum: &Minimum| minimum.configuration.energy - lowest > 1e-9 * lowest.abs();
    &minima[..minima.iter().position(higher).unwrap_or(minima.len())]
}

/// Blocs of several configurations, the first of them.
fn listed(each: &[String]) -> String {
    /// So many are told.
    const TOLD: usize = 4;
    match each.len().checked_sub(TOLD) {
        Some(more) if more > 0 => format!("{}; and {more} more", each[..TOLD].join("; ")),
        _ => each.join("; "),
    }
}
