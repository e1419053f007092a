//! What it would take to change an answer, in words, a chart and tables.

use super::super::document::{Block, Document, Table, TableCell};
use super::super::naming::{capital, input, list};
use super::super::words::{interval, several};
use super::{Insight, sheet};
use crate::analysis::discovery::written;
use crate::analysis::requirement::{Change, Checked, Findings, Side, Swing, Verdict};
use crate::base::number::{Format, count, grouped, percent, sign};
use crate::chart::{Frontier, FrontierPoint, Heading};
use crate::scenario::Scenario;
use serde_json::json;

/// How many rows of a table a terminal shows.
const PRINTED: usize = 5;
/// How many levers are told; all stand in `levers.csv`.
const LEVERS: usize = 30;

/// What was found of a scenario.
pub fn requirement(found: &Findings, scenario: &Scenario) -> Insight {
    let told = Told { found, scenario };
    let subtitle = format!(
        "{} · {}, {} replicates of each change that is looked at closely, checked by {} fresh ones",
        found.title,
        several(found.levers.len(), "lever"),
        count(found.replicates as f64),
        count(found.fresh_replicates as f64)
    );
    let title = told.title();
    let mut page = Document::new(title, subtitle.clone());
    told.answers().into_iter().for_each(|sentence| {
        page.words(sentence);
    });
    told.cautions().into_iter().for_each(|caution| {
        page.caution(caution);
    });
    page.push(Block::Contents);
    let least = told.rows(&found.options);
    let front = "What can be had for how much";
    match least.is_empty() {
        // The one that comes closest, of which the words tell, is among them.
        true => {
            let front = told.changes(front, &told.rows(found.front.iter().chain(&found.furthest)));
            page.table(front.printing(PRINTED)).rest()
        }
        false => {
            let least = told.changes("The least changes", &least);
            page.table(least.printing(PRINTED)).rest().table(told.changes(front, &told.rows(&found.front)))
        }
    };
    page.push(Block::Caution {
        lead: "A model, not a forecast.".into(),
        words: "This says what would move the model's answer, not what would move the world.".into(),
    });
    let chart = told.chart(&subtitle);
    page.heading("Charts").chart(&chart);
    page.heading("Each lever by itself").table(told.swings());
    page.heading("What the numbers mean").list(told.meaning());
    page.heading("How to see a change for yourself");
    for option in told.best().into_iter() {
        let set: String = option.set.iter().map(|set| format!(" --set {}", super::super::quoted(set))).collect();
        page.command(format!("entente run SCENARIO{set}"));
    }
    Insight { document: page, charts: vec![Box::new(chart)], tables: found.tables(), json: json!(found) }
}

struct Told<'a> {
    found: &'a Findings,
    scenario: &'a Scenario,
}

impl Told<'_> {
    /// The line, as what the answer is to be: "above 50%".
    fn line(&self) -> String {
        let found = self.found;
        let line = if self.in_shares() { share(found.line) } else { written(found.line) };
        format!("{} {line}", found.side.word())
    }

    fn title(&self) -> String {
        let what = if self.found.yes_no { "it" } else { "the median" };
        format!("What would take {what} {}: {}", self.line(), self.found.text)
    }

    /// Whether the answer is a share of one.
    fn in_shares(&self) -> bool {
        self.found.yes_no || self.found.unit == "share"
    }

    /// What fresh runs say of the answer under a change.
    fn said(&self, checked: &Checked) -> String {
        let Some(median) = self.median(checked) else {
            return format!("the probability of yes is {}", estimate(checked));
        };
        format!("the median is {median}; {} of the runs are {}", estimate(checked), self.line())
    }

    /// The median of an amount under a change.
    fn median(&self, checked: &Checked) -> Option<String> {
        let format = if self.in_shares() { Format::Percent } else { Format::Count };
        checked.median.map(|median| format.estimate(median.value, median.low, median.high))
    }

    /// A change in words: "fighters (JNIM) from 1500 to 2000".
    fn change(&self, change: &Change) -> String {
        let name = input(self.scenario, &change.path);
        let number = |value: f64| written(value);
        match (change.from, change.to.parse::<f64>()) {
            (Some(from), Ok(to)) => {
                let (from, to) = (number(from), number(to));
                if from == to { format!("{name} held at {to}") } else { format!("{name} from {from} to {to}") }
            }
            _ => format!("{name} set to {}", change.to),
        }
    }

    fn changed(&self, checked: &Checked) -> String {
        let all: Vec<String> = checked.changes.iter().map(|change| self.change(change)).collect();
        if all.is_empty() { "as it is".into() } else { list(&all) }
    }

    /// The change that is told: the cheapest that fresh runs find past the line, else the one that gets furthest.
    fn best(&self) -> Option<&Checked> {
        self.found.chosen.as_ref().or(self.found.furthest.as_ref())
    }

    fn answers(&self) -> Vec<String> {
        let found = self.found;
        let mut said = vec![format!("As it is, {}.", self.said(&found.baseline))];
        match (&found.chosen, &found.furthest) {
            (Some(option), _) => {
                let cheaper = found.options.iter().filter(|other| other.cost < option.cost).count();
                said.push(format!(
                    "It would take: {}, all else {}.{}",
                    self.changed(option),
                    if found.drawn { "as unsure as it is" } else { "at its best guess" },
                    match cheaper {
                        0 => String::new(),
                        1 => " The search had taken a cheaper change for enough; it falls short in fresh runs."
                            .to_owned(),
                        more => format!(
                            " The search had taken {more} cheaper changes for enough; they fall short in fresh runs."
                        ),
                    }
                ));
                said.push(format!(
                    "Then {}, in {} fresh runs that the search had not seen; the search itself had {}. {}",
                    self.said(option),
                    count(option.fresh.n as f64),
                    share(option.searched),
                    match option.verdict {
                        Verdict::Past => "The whole interval lies past the line.",
                        _ => "The estimate lies past the line, but the interval does not: more fresh runs would tell.",
                    }
                ));
                said.extend(self.passed_over(option));
            }
            (None, furthest) => {
                said.push(match found.options.is_empty() {
                    true if found.levers.len() == 1 => {
                        "In the search the lever does not take it past the line, anywhere within its range.".into()
                    }
                    true => "In the search nothing that was tried takes it past the line: no lever by itself, and no pair of those \
                             that do most, anywhere within their ranges."
                        .into(),
                    false => "What the search took for enough does not reach the line in fresh runs: it was luck.".into(),
                });
                said.extend(furthest.as_ref().map(|best| {
                    let luck = match best.verdict {
                        Verdict::Short => "",
                        _ => " That is past the line, but the search had not found it so: more runs would tell (--runs, --fresh).",
                    };
                    format!(
                        "Closest comes {}: then {}, in fresh runs.{luck}",
                        self.changed(best),
                        self.said(best)
                    )
                }));
            }
        }
        if let Some(best) = self.best() {
            said.extend(self.mediator(best));
        }
        said
    }

    /// Cheaper changes that fresh runs find past the line and the search did not, in a sentence.
    fn passed_over(&self, told: &Checked) -> Option<String> {
        let found = self.found;
        let is_one = |row: &&&Checked| row.cost < told.cost && row.verdict != Verdict::Short && !row.changes.is_empty();
        let rows = self.rows(found.options.iter().chain(&found.front).chain(&found.furthest));
        let cheaper: Vec<&Checked> = rows.iter().filter(is_one).copied().collect();
        let first = cheaper.first()?;
        let which = match cheaper.len() {
            1 => "One change is cheaper,".to_owned(),
            more => format!("{more} changes are cheaper, such as"),
        };
        Some(format!(
            "{which} {}: past the line by fresh runs ({}), but not by the search ({}). What is told as enough is so by both.",
            self.changed(first),
            estimate(first),
            share(first.searched)
        ))
    }

    /// How far a lever is moved of the way to the end of its range: 0 to 1.
    fn reach(&self, change: &Change) -> f64 {
        let lever = self.found.levers.iter().find(|lever| lever.path == change.path);
        let ends = lever.and_then(|lever| Some((lever.low?, lever.high?)));
        match (ends, change.from, change.to.parse::<f64>()) {
            (Some((low, high)), Some(from), Ok(to)) => {
                let way = if to > from { high - from } else { from - low };
                if way > 0.0 { (to - from).abs() / way } else { 1.0 }
            }
            _ => change.moved,
        }
    }

    /// One sentence for those who do not read tables.
    fn mediator(&self, best: &Checked) -> Option<String> {
        let first = best.changes.first()?;
        let pairs = best.changes.len() > 1;
        let reach = best.changes.iter().map(|change| self.reach(change)).fold(0.0, f64::max);
        let far = match reach {
            reach if reach < 0.15 => "a small part of the way to the end of",
            reach if reach < 0.5 => "less than half of the way to the end of",
            reach if reach < 0.85 => "more than half of the way to the end of",
            reach if reach < 0.995 => "nearly to the end of",
            _ => "to the end of",
        };
        let (enough, both) = match (best.verdict, &self.found.chosen) {
            (Verdict::Past, Some(_)) => ("is enough", "are enough"),
            _ => ("may be enough", "may be enough"),
        };
        let name = input(self.scenario, &first.path);
        let is_name = first.from.is_none();
        Some(match best.verdict {
            Verdict::Short if self.found.is_surely_short(best.fresh) => format!(
                "In plain words: in this model what is asked for is out of reach of {}; look for something that no lever here stands \
                 for.",
                if self.found.levers.len() == 1 { "this lever" } else { "all changes that were tried" }
            ),
            Verdict::Short => "In plain words: the search found no change that is enough, but the closest may be: its interval crosses \
                               the line. More runs would tell (--runs, --fresh)."
                .to_owned(),
            _ if pairs => {
                format!(
                    "In plain words: two levers at once, moved {far} what is thought possible, {both}; one alone is dearer or not \
                     enough."
                )
            }
            _ if is_name => {
                format!("In plain words: {name} is the lever to look at; setting it to {} {enough}.", first.to)
            }
            _ => format!(
                "In plain words: {name} is the lever to look at; moving it {far} what is thought possible {enough}."
            ),
        })
    }

    fn cautions(&self) -> Vec<String> {
        let found = self.found;
        let mut said = Vec::new();
        if found.exhausted {
            said.push(format!(
                "The search stopped after {} runs, which are all that it may do: a cheaper change may have been missed. More with \
                 --runs.",
                count(found.searched_runs as f64)
            ));
        }
        if !found.bumpy.is_empty() {
            let names: Vec<String> = found.bumpy.iter().map(|path| input(self.scenario, path)).collect();
            said.push(format!("Along {} the answer rises and falls again, so that more is not better.", list(&names)));
        }
        let failed = found.swings.iter().filter(|swing| swing.failure.is_some()).count();
        if failed > 0 {
            said.push(format!(
                "{} cannot be run at the end of the range, at least in some runs; levers.csv says why.",
                capital(&several(failed, "way"))
            ));
        }
        said
    }

    /// Some of the changes that were checked, each once, the cheapest first.
    fn rows<'c>(&self, some: impl IntoIterator<Item = &'c Checked>) -> Vec<&'c Checked> {
        let mut rows: Vec<&Checked> = Vec::new();
        for row in some {
            if !rows.iter().any(|known| known.set == row.set) {
                rows.push(row);
            }
        }
        rows.sort_by(|a, b| a.cost.total_cmp(&b.cost));
        rows
    }

    fn changes(&self, title: &str, rows: &[&Checked]) -> Table {
        let note = match self.found.yes_no {
            true => String::new(),
            false => format!("Search and fresh: the share of runs {}.", self.line()),
        };
        let mut heads = vec!["change", "cost", "search", "fresh", "95%"];
        heads.extend((!self.found.yes_no).then_some("median"));
        heads.push("past");
        let mut table = sheet(title, heads, &note);
        for row in rows {
            let past = match row.verdict {
                Verdict::Past => "yes",
                Verdict::Barely => "barely",
                Verdict::Short => "no",
            };
            let mut cells = vec![
                TableCell::from(self.changed(row)),
                grouped(row.cost, 2).into(),
                percent(row.searched).into(),
                TableCell::bar(percent(row.fresh.value), row.fresh),
                interval(row.fresh.low, row.fresh.high).into(),
            ];
            cells.extend((!self.found.yes_no).then(|| self.median(row).unwrap_or_default().into()));
            cells.push(past.into());
            table.row(cells);
        }
        table
    }

    fn swings(&self) -> Table {
        let what = match self.found.yes_no {
            true => "the probability".to_owned(),
            false => format!("the share of runs {}", self.line()),
        };
        let (swings, idle): (Vec<&Swing>, Vec<&Swing>) = most_telling(&self.found.swings)
            .into_iter()
            .partition(|swing| swing.failure.is_some() || swing.gain.abs() > 0.0);
        let left = match swings.len().saturating_sub(LEVERS) {
            0 => String::new(),
            more => format!(
                " The {LEVERS} that do most, either way, of {} that do anything; the other {more} stand in levers.csv.",
                swings.len()
            ),
        };
        let idle = match idle.len() {
            0 => String::new(),
            1 => " 1 more changes nothing in the runs that it was given.".into(),
            more => format!(" {more} more change nothing in the runs that they were given."),
        };
        let note = format!(
            "What the lever does to {what} at the end of its range, all else as it is, in the same replicates. \
             Those first that were given all replicates; of those that the search dropped after few, a run or two are luck.{left}{idle}"
        );
        let mut table = sheet("", ["lever", "held at", "does"], &note);
        for swing in swings.into_iter().take(LEVERS) {
            let to = swing.change.to.parse::<f64>().map_or_else(|_| swing.change.to.clone(), written);
            table.row([input(self.scenario, &swing.change.path), to, does(swing)]);
        }
        table
    }

    fn chart(&self, subtitle: &str) -> Frontier {
        let found = self.found;
        // As it is costs nothing, so it comes first.
        let rows =
            self.rows([&found.baseline].into_iter().chain(&found.options).chain(&found.front).chain(&found.furthest));
        let point = |row: &&Checked| FrontierPoint {
            text: self.changed(row),
            cost: row.cost,
            levers: row.changes.len(),
            searched: row.searched,
            fresh: row.fresh.into(),
            on_front: found.front.iter().any(|other| other.set == row.set),
        };
        Frontier {
            heading: Heading::new(self.title(), subtitle),
            label: if found.yes_no {
                "probability of yes".into()
            } else {
                format!("share of runs in which it is {} {}", found.side.word(), written(found.line))
            },
            line: if found.yes_no { found.line } else { 0.5 },
            points: rows.iter().map(point).collect(),
        }
    }

    fn meaning(&self) -> Vec<String> {
        let found = self.found;
        let drawn = match found.drawn {
            true => {
                "Inputs that are not moved are drawn, as by `entente run`: what is asked is how likely the answer is for somebody who knows no \
                 more than the scenario says. A lever that is moved is held at its value, and no longer unsure."
            }
            false => "Inputs that are not moved are at their best guess.",
        };
        let margin = match found.side {
            Side::Above => "above",
            Side::Below => "below",
        };
        vec![
            drawn.to_owned(),
            "A lever is moved as `--set` moves it: the start is at rest without it, and it counts as a change. All changes share their luck, \
             replicate by replicate."
                .into(),
            "Cost: how far a lever is moved, as a share of its range, times what the file says that the whole range costs (`cost` of an \
             `[[uncertainty]]`; 1 unless given), summed over levers."
                .into(),
            format!(
                "Every way by itself is tried to its end; the half that would take the most, were the answer to move evenly, is dropped again \
                 and again, and the rest have more replicates (sequential halving: Karnin, Koren and Somekh 2013). Along a way the least \
                 change is found by bisection, so the answer is taken to move one way along it. Pairs are those of the ways that are \
                 left. A change counts as enough when the search finds it {margin} the line by a standard error."
            ),
            "The search sees its best change at its luckiest. So each change is run again with other replicates: what is told is theirs, with \
             a 95% interval that allows for what runs share."
                .into(),
        ]
    }
}

/// What levers do, those first that were given all replicates, and of these and of the others those that do most, either way.
fn most_telling(swings: &[Swing]) -> Vec<&Swing> {
    let all = swings.iter().map(|swing| swing.n).max().unwrap_or(0);
    let mut order: Vec<&Swing> = swings.iter().collect();
    order.sort_by(|a, b| (b.n == all).cmp(&(a.n == all)).then(b.gain.abs().total_cmp(&a.gain.abs())));
    order
}

/// What a lever does, as so many points and so many of the runs that were looked at: "−6 points (−1 of 16 runs)".
fn does(swing: &Swing) -> String {
    if swing.failure.is_some() {
        return "cannot be run".into();
    }
    let signed = |value: f64| sign(value, &grouped(value.abs(), 0));
    let runs = swing.gain * swing.n as f64;
    format!("{} points ({} of {} runs)", signed(100.0 * swing.gain), signed(runs), count(swing.n as f64))
}

fn share(value: f64) -> String {
    percent(value)
}

fn estimate(checked: &Checked) -> String {
    let fresh = checked.fresh;
    Format::Percent.estimate(fresh.value, fresh.low, fresh.high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_lever_does_is_told_with_the_runs_that_it_rests_on() {
        let change = Change { path: "x".into(), from: Some(0.5), to: "1".into(), moved: 1.0 };
        let swing = |gain, n, failure: Option<String>| does(&Swing { change: change.clone(), gain, n, failure });
        assert_eq!(swing(-0.0625, 16, None), "−6 points (−1 of 16 runs)");
        assert_eq!(swing(0.03125, 64, None), "+3 points (+2 of 64 runs)");
        assert_eq!(swing(0.0, 64, None), "0 points (0 of 64 runs)");
        assert_eq!(swing(0.0, 0, Some("so".into())), "cannot be run");
        let swings = [(0.0, 8), (0.1, 64), (-0.25, 8), (-0.2, 64)].map(|(gain, n)| Swing {
            change: change.clone(),
            gain,
            n,
            failure: None,
        });
        let order: Vec<f64> = most_telling(&swings).iter().map(|swing| swing.gain).collect();
        assert_eq!(order, [-0.2, 0.1, -0.25, 0.0]);
    }
}
