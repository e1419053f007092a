//! Which differences of two scenarios make that of their answers, in words, a chart and tables.

use super::super::document::{Block, Document, Table};
use super::super::naming::{capital, input, list};
use super::super::words::several;
use super::entries::{VALUES, difference_words, named, ranges};
use super::{Insight, sheet};
use crate::analysis::attribution::{Findings, PartFound};
use crate::base::number::{Format, count, grouped, sign};
use crate::chart::{Band, Heading, Part, Parts};
use crate::scenario::{EntryKey, Scenario, Standing};
use serde_json::json;

/// How many rows of a table a terminal shows.
const PRINTED: usize = 9;
/// How many groups are told in a sentence.
const TOLD: usize = 3;

/// What was found of two scenarios; `names` are those of their files.
pub fn attribution(found: &Findings, scenarios: [&Scenario; 2], names: [&str; 2]) -> Insight {
    let titles = [0, 1].map(|side| found.titles[side].as_str());
    let by = if titles[0] == titles[1] || titles.contains(&"") { names } else { titles };
    let told = Told { found, scenarios, by };
    let how = match found.orders {
        None if found.mixtures == 2 => "each as it is".to_owned(),
        None => format!("all {} mixtures of them", count(found.mixtures as f64)),
        Some(orders) => format!("{} mixtures on {} orders", count(found.mixtures as f64), count(orders as f64)),
    };
    let subtitle = format!(
        "“{}” against “{}” · {}, {how}, {} replicates of each",
        by[0],
        by[1],
        several(found.parts.len(), "group"),
        count(found.replicates as f64)
    );
    let mut page = Document::new(format!("What makes the difference: {}", found.text), subtitle.clone());
    told.answers().into_iter().for_each(|sentence| {
        page.words(sentence);
    });
    told.cautions().into_iter().for_each(|caution| {
        page.caution(caution);
    });
    page.push(Block::Contents);
    page.table(told.parts().printing(PRINTED));
    page.words(
        "Each file begins at rest as it is written. `run --set` of the same number is a push away from that rest, and may do far more or less.",
    );
    page.rest().push(Block::Caution {
        lead: "A model, not a forecast.".into(),
        words: "This says which assumptions make two answers of the model differ, not which of them is right.".into(),
    });
    let chart = told.chart(&subtitle);
    page.heading("Charts").chart(&chart);
    page.heading("What differs").table(told.differences());
    if !found.joined.is_empty() {
        page.heading("What could not be taken apart").list(told.joined());
    }
    page.heading("What the numbers mean").list(told.meaning());
    let mut json = json!(found);
    json["files"] = json!(names);
    json["groups"] = found.parts.iter().map(|part| told.name(part)).collect();
    Insight { document: page, charts: vec![Box::new(chart)], tables: found.tables(), json }
}

struct Told<'a> {
    found: &'a Findings,
    scenarios: [&'a Scenario; 2],
    /// What the two are called: by their titles, or by their files where those do not tell them apart.
    by: [&'a str; 2],
}

impl Told<'_> {
    /// An entry in words.
    fn entry(&self, key: &EntryKey) -> String {
        named(self.scenarios, key)
    }

    /// A group in words, as a row begins.
    fn name(&self, part: &PartFound) -> String {
        capital(&self.group(part))
    }

    /// A group in words: its entries, those that stand for most first.
    fn group(&self, part: &PartFound) -> String {
        let keys: Vec<&EntryKey> = part.members.iter().map(|member| &self.found.differences[*member].key).collect();
        if let [first, rest @ ..] = keys.as_slice()
            && rest.len() > 2
        {
            let alike = rest.iter().all(|key| key.section == first.section);
            return match alike {
                true => format!("{} entries of {}", keys.len(), first.section),
                false => {
                    let main = keys.iter().find(|key| key.section == "faction").unwrap_or(first);
                    format!("{} with {} entries that go with it", self.entry(main), keys.len() - 1)
                }
            };
        }
        let each = part.members.iter().map(|member| difference_words(self.scenarios, &self.found.differences[*member]));
        list(&each.collect::<Vec<_>>())
    }

    /// Whether amounts are shares, told in percentage points.
    fn in_points(&self) -> bool {
        self.found.yes_no || self.found.unit == "share"
    }

    /// Amounts rounded so that they sum to the rounded whole: what is left over goes to those that rounding took most from.
    fn rounded(&self) -> (Vec<String>, String) {
        let scale = if self.in_points() { 100.0 } else { 1.0 };
        let size = (scale * self.found.difference.value).abs();
        let decimals = match () {
            () if self.in_points() || (1.0..100.0).contains(&size) => 1,
            () if size < 1.0 => 3,
            () => 0,
        };
        let units = scale * [1.0, 10.0, 100.0, 1000.0][decimals];
        let exact: Vec<f64> = self.found.parts.iter().map(|part| units * part.amount.value).collect();
        let parts = apportioned(&exact, (units * self.found.difference.value).round());
        let words = |units_of: f64| {
            let value = units_of * scale / units;
            sign(value, &grouped(value.abs(), decimals))
        };
        let whole = words((units * self.found.difference.value).round());
        (parts.into_iter().map(words).collect(), whole)
    }

    fn interval(&self, low: f64, high: f64) -> String {
        let end = |value: f64| match self.in_points() {
            true => sign(value, &grouped(100.0 * value.abs(), 1)),
            false => sign(value, &count(value.abs())),
        };
        if low.is_finite() && high.is_finite() { format!("{} to {}", end(low), end(high)) } else { "–".into() }
    }

    fn answers(&self) -> Vec<String> {
        let found = self.found;
        let format = if self.in_points() { Format::Percent } else { Format::Count };
        let [first, second] = found.answers.map(|answer| format.estimate(answer.value, answer.low, answer.high));
        let (parts, whole) = self.rounded();
        let points = if self.in_points() { " points" } else { "" };
        let difference = found.difference;
        let mut said = vec![format!(
            "{} {first} by “{}”, and {second} by “{}”: a difference of {whole}{points} ({}){}.",
            if found.yes_no { "The probability of yes is" } else { "The mean is" },
            self.by[0],
            self.by[1],
            self.interval(difference.low, difference.high),
            if difference.has_sign() { "" } else { ", which is within chance" }
        )];
        let sure = |part: &PartFound| part.amount.has_sign();
        let most: Vec<String> = (found.parts.iter().zip(&parts))
            .filter(|(part, _)| sure(part))
            .take(TOLD)
            .map(|(part, words)| {
                let interval = self.interval(part.amount.low, part.amount.high);
                format!("{} ({words}{points}, {interval})", self.group(part))
            })
            .collect();
        if found.parts.len() == 1 {
            said.push(format!("All of it is one group that cannot be taken apart: {}.", self.group(&found.parts[0])));
        } else if most.is_empty() {
            said.push("No difference by itself does more than chance could.".into());
        } else if difference.has_sign() {
            said.push(format!("What makes it: {}.", list(&most)));
        } else {
            said.push(format!("Of its parts surely not zero: {}.", list(&most)));
        }
        said.extend(self.mediator());
        let rest: Vec<String> =
            found.parts.iter().filter(|part| !sure(part)).map(|part| self.group(part)).take(6).collect();
        if !rest.is_empty() && !most.is_empty() {
            said.push(format!("Not to be told from none: {}.", list(&rest)));
        }
        said
    }

    /// One sentence for those who do not read tables.
    fn mediator(&self) -> Option<String> {
        let found = self.found;
        let first = found.parts.first().filter(|part| part.amount.has_sign() && found.parts.len() > 1)?;
        let name = self.group(first);
        if !found.difference.has_sign() {
            return Some(match work_against_each_other(&found.parts) {
                true => {
                    "In plain words: the two files give about the same answer, but not for the same reasons: what some \
                         differences do, others undo."
                        .into()
                }
                false => {
                    "In plain words: whether the two files give different answers cannot be told from chance; more replicates \
                     would tell."
                        .into()
                }
            });
        }
        let share = first.amount.value / found.difference.value;
        Some(match () {
            () if share > 0.9 => {
                format!(
                    "In plain words: the two analysts would agree on this if they said the same of one thing: {name}."
                )
            }
            () if share > 0.5 => {
                format!(
                    "In plain words: more than half of the disagreement is about one thing: {name}. Talk about that first."
                )
            }
            () if share > 0.0 => format!(
                "In plain words: the disagreement has no single source; {name} is the largest part, a share of {}%.",
                grouped(100.0 * share, 0)
            ),
            () => format!(
                "In plain words: {name} pulls against the difference; without it the two would be further apart."
            ),
        })
    }

    fn cautions(&self) -> Vec<String> {
        let found = self.found;
        let mut said = Vec::new();
        if !found.joined.is_empty() {
            said.push(format!(
                "{} could not be had without {}, so that their parts are one: the page says which.",
                capital(&several(found.joined.len(), "difference")),
                if found.joined.len() == 1 { "another" } else { "others" }
            ));
        }
        if found.failed > 0 {
            said.push(format!(
                "{} of {} replicates failed in a mixture and are left out of all: {}.",
                found.failed,
                found.replicates,
                found.failure.as_deref().unwrap_or_default()
            ));
        }
        let together = found.parts.iter().any(|part| {
            let reach = (part.amount.high - part.amount.low).abs();
            (part.first - part.last).abs() > reach.max(0.03 * f64::from(u8::from(self.in_points())))
        });
        if together {
            said.push(
                "Some differences work together: what one does depends on the others, see the last two columns.".into(),
            );
        }
        said
    }

    fn parts(&self) -> Table {
        let (parts, whole) = self.rounded();
        let does = if self.in_points() { "does, points" } else { "does" };
        let heads = ["what differs", does, "95%", "as first", "as last"];
        let mut table = sheet("What each difference does", heads, "");
        let plain = |value: f64| match self.in_points() {
            true => sign(value, &grouped(100.0 * value.abs(), 1)),
            false => sign(value, &count(value.abs())),
        };
        let difference = self.found.difference;
        let all = [
            "All together".to_owned(),
            whole,
            self.interval(difference.low, difference.high),
            String::new(),
            String::new(),
        ];
        table.row(all);
        for (part, words) in self.found.parts.iter().zip(parts) {
            let interval = self.interval(part.amount.low, part.amount.high);
            table.row([self.name(part), words, interval, plain(part.first), plain(part.last)]);
        }
        table
    }

    fn differences(&self) -> Table {
        let mut table = Table::new(["What differs", "Input"], self.by);
        for difference in &self.found.differences {
            let name = self.entry(&difference.key);
            let stands = |first: &str, second: &str| ["stands in one file".to_owned(), first.into(), second.into()];
            match difference.standing {
                Standing::First => {
                    let [words, first, second] = stands("yes", "no");
                    table.row([name, words, first, second]);
                }
                Standing::Second => {
                    let [words, first, second] = stands("no", "yes");
                    table.row([name, words, first, second]);
                }
                Standing::Both => {
                    for value in difference.values.iter().take(4 * VALUES) {
                        let told = |text: &str| match text.chars().count() {
                            0 => "–".to_owned(),
                            1..=24 => number(text),
                            _ => text.chars().take(23).chain(['…']).collect(),
                        };
                        let path = self.scenarios[0];
                        table.row([name.clone(), input(path, &value.path), told(&value.from), told(&value.to)]);
                    }
                    let ranges = ranges(self.scenarios, difference);
                    // Of choices and shares, and where no value tells it.
                    if difference.ranges && ranges.is_empty() && difference.values.is_empty() {
                        let what = "what is thought possible".to_owned();
                        table.row([name.clone(), what, "–".into(), "differs".into()]);
                    }
                    for (path, [first, second]) in ranges {
                        let what = format!("{}: what is thought possible", input(self.scenarios[0], &path));
                        table.row([name.clone(), what, first, second]);
                    }
                }
            }
        }
        table
    }

    fn joined(&self) -> Vec<String> {
        let names = |members: &[usize]| {
            list(
                &members
                    .iter()
                    .map(|member| difference_words(self.scenarios, &self.found.differences[*member]))
                    .collect::<Vec<_>>(),
            )
        };
        let one = |joined: &crate::analysis::attribution::Joined| {
            format!("{} and {}: {}.", capital(&names(&joined.one)), names(&joined.other), joined.reason)
        };
        self.found.joined.iter().map(one).collect()
    }

    fn chart(&self, subtitle: &str) -> Parts {
        let found = self.found;
        let (told, whole) = self.rounded();
        let row = |(part, told): (&PartFound, String)| Part {
            text: self.name(part),
            amount: Band::from(part.amount),
            told,
            alone: Some([part.first, part.last]),
        };
        Parts {
            heading: Heading::new(format!("What makes the difference: {}", found.text), subtitle),
            rows: found.parts.iter().zip(told).map(row).collect(),
            whole: Part { text: "All together".into(), amount: found.difference.into(), told: whole, alone: None },
            format: if self.in_points() { Format::Percent } else { Format::Count },
        }
    }

    fn meaning(&self) -> Vec<String> {
        let drawn = match self.found.drawn {
            true => {
                "Inputs that are not known are drawn, those of each mixture from what its parts say is possible: a range that differs is a \
                 difference like any other."
            }
            false => "Inputs that are not known are at their best guess.",
        };
        vec![
            "Does: what making the second file's version of the first's does to the answer, averaged over all orders in which the \
             differences could be made one after the other (Shapley 1953). The parts sum to the difference, and are rounded so that \
             they do. As first, as last: what it does before all others, and after them."
                .into(),
            "All mixtures share their luck, replicate by replicate; the 95% intervals are over replicates, and where orders were drawn \
             over orders too."
                .into(),
            drawn.to_owned(),
            "A group is an entry: a faction, a relation, a zone, an accord, the weights of one mechanism. Names, sources, other \
             questions and variants are no differences; seed and replicates are those of the first file unless given."
                .into(),
        ]
    }
}

/// Whether some parts surely raise the answer, and others surely lower it.
fn work_against_each_other(parts: &[PartFound]) -> bool {
    let sure = |up: bool| parts.iter().any(|part| part.amount.has_sign() && (part.amount.value > 0.0) == up);
    sure(true) && sure(false)
}

/// A whole number of a file as people write it, "2500.0" as "2,500"; anything else as it is.
fn number(text: &str) -> String {
    match text.parse::<f64>() {
        Ok(value) if value.fract().abs() <= 0.0 && value.abs() < 1e15 => grouped(value, 0),
        _ => text.to_owned(),
    }
}

/// Whole numbers near to some that sum to a whole.
fn apportioned(exact: &[f64], whole: f64) -> Vec<f64> {
    let mut parts: Vec<f64> = exact.iter().map(|value| value.floor()).collect();
    let left = (whole - parts.iter().sum::<f64>()).max(0.0) as usize;
    let mut places: Vec<usize> = (0..exact.len()).collect();
    let taken = |place: &usize| exact[*place] - exact[*place].floor();
    places.sort_by(|a, b| taken(b).total_cmp(&taken(a)).then(a.cmp(b)));
    places.iter().cycle().take(if places.is_empty() { 0 } else { left }).for_each(|place| parts[*place] += 1.0);
    parts
}

#[cfg(test)]
mod tests {
    use super::{PartFound, apportioned, number, work_against_each_other};
    use crate::analysis::Estimate;

    #[test]
    fn what_some_do_others_undo_only_where_both_are_sure() {
        let part = |value: f64, half: f64| PartFound {
            members: Vec::new(),
            amount: Estimate { value, low: value - half, high: value + half, n: 9 },
            first: value,
            last: value,
        };
        assert!(work_against_each_other(&[part(3.0, 1.0), part(-3.0, 1.0)]));
        assert!(!work_against_each_other(&[part(3.0, 1.0), part(-3.0, 4.0)]));
        assert!(!work_against_each_other(&[part(3.0, 1.0), part(2.0, 1.0)]));
    }

    #[test]
    fn numbers_of_a_file_are_told_as_people_write_them() {
        for (text, told) in
            [("2500.0", "2,500"), ("0.75", "0.75"), ("2023-01-02", "2023-01-02"), ("war", "war"), ("-3", "−3")]
        {
            assert_eq!(number(text), told);
        }
    }

    #[test]
    fn rounded_parts_sum_to_the_rounded_whole() {
        for exact in [vec![1.4, 1.4, 1.4], vec![-2.5, 0.6, 7.3], vec![0.5, 0.5], vec![-0.4, -0.4, -0.4, 3.0]] {
            let whole = exact.iter().sum::<f64>().round();
            let parts = apportioned(&exact, whole);
            assert!((parts.iter().sum::<f64>() - whole).abs() < 1e-9, "{exact:?} {parts:?}");
            assert!(parts.iter().zip(&exact).all(|(part, exact)| (part - exact).abs() <= 1.0));
        }
    }
}
