//! What to watch for, in words, a chart and tables; and the matrix of competing hypotheses.

use super::{Insight, NumberLines, cell, sheet};
use crate::analysis::Estimate;
use crate::analysis::signposts::{Evidence, FALSE_DISCOVERIES, MatrixRow, Signpost, Signposts, SignpostsAsked, Way};
use crate::base::day;
use crate::base::number::{count, grouped, percent};
use crate::chart::{Chart, Heading, Twofold, TwofoldRow};
use crate::experiment::Target;
use crate::measure::Question;
use crate::report::document::{Block, Document, Table, TableCell};
use crate::report::narrative::{Names, evidence};
use crate::report::words::{self, several};
use serde_json::json;

/// How many signposts a terminal shows beside the short list, and a page.
const SHOWN: (usize, usize) = (6, 40);
/// How many rows the matrix of a page has.
const MATRIX: usize = 30;

struct Told<'a> {
    names: Names<'a>,
    question: &'a Question,
    text: &'a str,
    found: &'a Signposts,
    /// The end of the first weeks, as a day in words.
    date: String,
    weeks: f64,
    run: String,
}

/// Tells what was found of a question, which comes with its text.
pub fn watch(target: &Target, (asked, text): (&SignpostsAsked, &str), found: &Signposts) -> Insight {
    let calendar = target.calendar();
    let told = Told {
        names: Names(&target.scenario.setting),
        question: &asked.question,
        text,
        found,
        date: day(calendar.date_of(found.until)),
        weeks: calendar.week_of(found.until),
        run: format!("seed {}, {}", target.seed(), target.cell_words()),
    };
    let charts: Vec<Box<dyn Chart>> = vec![Box::new(told.chart())];
    let document = told.document(target, asked, &*charts[0]);
    Insight {
        document,
        charts,
        tables: vec![told.signposts(), told.matrix_lines(target)],
        json: told.json(target, asked),
    }
}

impl Told<'_> {
    fn words(&self, signpost: &Signpost) -> String {
        evidence::sentence(self.names, &signpost.evidence)
    }

    /// What the outcome is, to follow "end with".
    fn outcome(&self) -> String {
        match self.found.above {
            None => "a yes".into(),
            Some(line) => format!("more than {}", words::quantity(self.question.unit(), line)),
        }
    }

    fn overall(&self) -> f64 {
        self.found.yes as f64 / self.found.runs as f64
    }

    fn document(&self, target: &Target, asked: &SignpostsAsked, chart: &dyn Chart) -> Document {
        let found = self.found;
        let subtitle = format!("{} · {}", self.run, target.scenario.file.scenario.title);
        let mut page = Document::new(format!("What to watch: {}", self.text), subtitle);
        page.push(Block::Caution {
            lead: "A model, not a forecast.".into(),
            words: "It says what goes with what in simulated runs. What is seen in the world may have other reasons."
                .into(),
        });
        page.words(self.open()).words(self.looked_at(asked.all));
        let short: Vec<&Signpost> = found.short.iter().map(|place| &found.found[*place]).collect();
        let weeks = match self.leads_differ() {
            true => "; weeks are the median time from when it is seen to the outcome",
            false => "",
        };
        page.table(self.table("Watch for these", &short).noted(format!(
            "The first tells most, each other most beside those before it. “If seen” and “if not” are how likely the outcome is \
             then; the ratio says how many times as often it is seen in runs that end with it{weeks}."
        )));
        page.push(Block::Contents);
        let rest: Vec<&Signpost> = found.found.iter().take(SHOWN.1).collect();
        if found.found.len() > short.len() {
            page.heading("All that tells something");
            let beyond = found.found.len() - rest.len();
            page.table(self.table("", &rest).printing(SHOWN.0).leaving_out(beyond, SIGNPOSTS));
        }
        page.rest();
        page.chart(chart);
        self.hypotheses(&mut page, target);
        page.heading("How it was made").words(format!(
            "Runs are compared at a landmark, {}: those in which the question is open then, by what was seen in them up to then \
             (Anderson, Cain and Gelber 1983). Intervals of likelihood ratios are those of their logarithms (Simel, Samsa and \
             Matchar 1991). Chances are Fisher's, adjusted for all {} things that were looked at, so that at most {} of those \
             that are told are false discoveries (Benjamini and Hochberg 1995). Runs that share inputs count for less. The short \
             list goes on as long as the next tells more within the runs that are alike in those before it (Cochran, Mantel and \
             Haenszel), for as many tries as there were things.",
            self.date,
            count(found.looked_at as f64),
            percent(FALSE_DISCOVERIES),
        ));
        page.use_with_care();
        page
    }

    fn open(&self) -> String {
        let found = self.found;
        let settled = match found.settled {
            0 => String::new(),
            settled => {
                format!(" In {} it was settled before, and they are left out.", several(settled as usize, "other run"))
            }
        };
        let weeks = match grouped(self.weeks, 0) {
            one if one == "1" => "week".to_owned(),
            weeks => format!("{weeks} weeks"),
        };
        format!(
            "After the first {weeks}, on {}, the question is open in {}; {} of them end with {}.{settled}",
            self.date,
            several(found.runs as usize, "run"),
            percent(self.overall()),
            self.outcome(),
        )
    }

    fn looked_at(&self, all: bool) -> String {
        let seen = format!(
            "Of {} that {} seen in these weeks, ",
            several(self.found.looked_at, "thing"),
            if all { "were" } else { "an outsider could have" },
        );
        let tells = match self.found.found.len() {
            0 => format!(
                "none tells anything of how it ends, as far as {} can tell.",
                several(self.found.runs as usize, "run")
            ),
            1 => "1 tells something of how it ends.".to_owned(),
            more => format!("{} tell something of how it ends.", count(more as f64)),
        };
        seen + &tells
    }

    fn table(&self, title: &str, list: &[&Signpost]) -> Table {
        let heads = ["Seen in", "If seen", "If not", "Ratio", "95% interval"];
        let heads = heads.into_iter().chain(self.leads_differ().then_some("Weeks ahead"));
        let mut table = Table::new(["Signpost"], heads).titled(title);
        for signpost in list {
            let Signpost { telling, lead, .. } = signpost;
            let weeks = lead.map_or_else(|| "–".into(), |weeks| grouped(weeks, 0)).into();
            let cells = [
                TableCell::from(self.words(signpost)),
                percent(telling.share).into(),
                TableCell::bar(percent(telling.with.value), telling.with),
                TableCell::bar(percent(telling.without.value), telling.without),
                ratio(telling.ratio.value).into(),
                format!("{} to {}", ratio(telling.ratio.low), ratio(telling.ratio.high)).into(),
            ];
            table.row(cells.into_iter().chain(self.leads_differ().then_some(weeks)));
        }
        table
    }

    /// Whether it differs how long before the outcome signposts are seen: of what is asked of one moment it does not.
    fn leads_differ(&self) -> bool {
        let mut leads = self.found.found.iter().map(|signpost| signpost.lead);
        let first = leads.next().flatten();
        leads.any(|lead| lead != first) || (self.found.found.len() == 1 && first.is_some())
    }

    fn chart(&self) -> Twofold {
        let rows = self.found.found.iter().map(|signpost| TwofoldRow {
            text: self.words(signpost),
            filled: signpost.telling.with.into(),
            hollow: signpost.telling.without.into(),
            note: percent(signpost.telling.share),
        });
        Twofold {
            name: "watch",
            heading: Heading::new(
                format!("What to watch: {}", self.text),
                format!("{} open on {} · {}", several(self.found.runs as usize, "run"), self.date, self.run),
            ),
            caption: "Each row is something that can be seen in the first weeks. The filled dot is how likely the outcome is in \
                      runs in which it was seen, the hollow one below it in those in which it was not, each with its 95% interval; the \
                      line down the chart is the probability in all runs. The further a filled dot lies from that line, the more \
                      it tells that something was seen; the further a hollow one, the more it tells that it was not.",
            labels: ["how likely if it is seen", "how likely if it is not"],
            line: Some((self.overall(), "all runs".into())),
            notes: "seen in",
            nothing: "Nothing that can be seen in these weeks tells how it ends.",
            rows: rows.collect(),
        }
    }

    /// What can be seen, in the order in which it tells hypotheses apart.
    fn matrix(&self) -> Vec<(&Evidence, &MatrixRow)> {
        let found = self.found;
        let evidence = found.found.iter().map(|signpost| &signpost.evidence).chain(&found.idle);
        let mut rows: Vec<_> = evidence.zip(&found.hypotheses.rows).collect();
        rows.sort_by(|(_, a), (_, b)| b.diagnosticity.total_cmp(&a.diagnosticity));
        rows
    }

    fn hypotheses(&self, page: &mut Document, target: &Target) {
        let (told, idle) = (self.found.found.len(), &self.found.idle);
        if told + idle.len() == 0 {
            return;
        }
        page.heading("Competing hypotheses");
        let heads: Vec<String> = self
            .ways(target)
            .into_iter()
            .zip(&self.found.hypotheses.runs)
            .map(|(way, runs)| format!("{way}: {} of runs", percent(*runs as f64 / self.found.runs as f64)))
            .chain(["Tells apart".to_owned()])
            .collect();
        let mut table = sheet("", ["Evidence"].into_iter().chain(heads.iter().map(String::as_str)), "");
        let rows = self.matrix();
        for (seen, row) in rows.iter().take(MATRIX) {
            let signs = row.consistency.iter().zip(&row.shares);
            let signs = signs.map(|(consistency, share)| format!("{} {}", consistency.sign(), percent(share.value)));
            let apart = format!("{}×", grouped(row.diagnosticity, 1));
            table.row([evidence::sentence(self.names, seen)].into_iter().chain(signs).chain([apart]));
        }
        table = table.leaving_out(rows.len().saturating_sub(MATRIX), HYPOTHESES);
        page.table(table.noted(
            "A column for each way in which it may end: the share of its runs in which the evidence is seen, and whether that speaks \
             for it (+, from a quarter more than in all runs on; ++, from twice as much on), against it (−, −−, at the inverse) or neither (·), which \
             is also where the 95% interval of the share holds that of all runs, so that there are too few to tell. The last column is how many times as often it is seen with the hypothesis that it goes best with as with the one that it goes worst \
             with. Rows near 1 are no help, however often they are seen.",
        ));
        // Where the table has them all, each of its rows says so.
        if !idle.is_empty() && rows.len() > MATRIX {
            let list: Vec<String> = idle.iter().map(|seen| evidence::sentence(self.names, seen)).collect();
            page.words("Often seen, and no help in telling them apart:").list(list);
        }
    }

    fn ways(&self, target: &Target) -> Vec<String> {
        let (calendar, unit) = (target.calendar(), self.question.unit());
        let amount = |value: f64| words::quantity(unit, value);
        let words = |(way, before): (&Way, Option<u32>)| match way {
            Way::Yes => "Yes".to_owned(),
            Way::No => "No".to_owned(),
            Way::YesBy(moment) => match before {
                Some(before) => format!("{} to {}", day(calendar.date_of(before)), day(calendar.date_of(*moment))),
                None => format!("By {}", day(calendar.date_of(*moment))),
            },
            Way::NotBy(_) => "Not by then".to_owned(),
            Way::Amount(None, Some(most)) => format!("Up to {}", amount(*most)),
            Way::Amount(Some(least), None) => format!("Above {}", amount(*least)),
            Way::Amount(Some(least), Some(most)) => format!("{} to {}", amount(*least), amount(*most)),
            Way::Amount(None, None) => "Any".to_owned(),
        };
        let ways = &self.found.hypotheses.ways;
        ways.iter().zip(dates_before(ways)).map(words).collect()
    }

    fn signposts(&self) -> NumberLines {
        let heads = [
            "signpost",
            "seen_in",
            "probability_if_seen",
            "if_seen_low",
            "if_seen_high",
            "probability_if_not",
            "if_not_low",
            "if_not_high",
            "likelihood_ratio",
            "ratio_low",
            "ratio_high",
            "information",
            "weeks_ahead",
            "p",
            "adjusted_p",
            "short_list",
        ];
        let mut lines = vec![heads.map(str::to_owned).to_vec()];
        for (place, signpost) in self.found.found.iter().enumerate() {
            let told = &signpost.telling;
            let three = |of: Estimate| [of.value, of.low, of.high];
            let numbers =
                [told.share].into_iter().chain(three(told.with)).chain(three(told.without)).chain(three(told.ratio));
            let numbers =
                numbers.chain([told.information, signpost.lead.unwrap_or(f64::NAN), told.p, signpost.adjusted]);
            let short = self.found.short.iter().position(|known| *known == place).map(|place| (place + 1).to_string());
            let line = [self.words(signpost)].into_iter().chain(numbers.map(cell)).chain([short.unwrap_or_default()]);
            lines.push(line.collect());
        }
        (SIGNPOSTS.to_owned(), lines)
    }

    fn matrix_lines(&self, target: &Target) -> NumberLines {
        let ways = self.ways(target);
        let heads = ways.iter().flat_map(|way| [way.clone(), format!("{way}: share of runs")]);
        let heads = ["evidence".to_owned()].into_iter().chain(heads).chain(["diagnosticity".to_owned()]);
        let mut lines = vec![heads.collect::<Vec<_>>()];
        for (seen, row) in self.matrix() {
            let cells = row.consistency.iter().zip(&row.shares);
            let cells = cells.flat_map(|(consistency, share)| [consistency.sign().to_owned(), cell(share.value)]);
            let line = [evidence::sentence(self.names, seen)].into_iter().chain(cells);
            lines.push(line.chain([cell(row.diagnosticity)]).collect());
        }
        (HYPOTHESES.to_owned(), lines)
    }

    fn json(&self, target: &Target, asked: &SignpostsAsked) -> serde_json::Value {
        let found = self.found;
        let signposts: Vec<_> = found
            .found
            .iter()
            .map(|signpost| {
                json!({
                    "signpost": self.words(signpost), "telling": signpost.telling, "adjusted_p": signpost.adjusted,
                    "weeks_ahead": signpost.lead,
                })
            })
            .collect();
        let matrix: Vec<_> = self
            .matrix()
            .into_iter()
            .map(|(seen, row)| json!({ "evidence": evidence::sentence(self.names, seen), "row": row }))
            .collect();
        json!({
            "question": self.question.id, "text": self.text, "variant": target.variant, "point": target.point,
            "until": target.calendar().date_of(found.until).to_string(), "outsiders_only": !asked.all, "runs": found.runs, "yes": found.yes, "settled_before": found.settled,
            "above": found.above, "looked_at": found.looked_at, "signposts": signposts, "short_list": found.short,
            "hypotheses": { "ways": self.ways(target), "runs": found.hypotheses.runs, "matrix": matrix },
        })
    }
}

/// For each way the date of the one before it, if it has one: a way of a date is that of the runs between the two.
fn dates_before(ways: &[Way]) -> Vec<Option<u32>> {
    let date = |way: &Way| if let Way::YesBy(moment) = way { Some(*moment) } else { None };
    std::iter::once(None).chain(ways.iter().map(date)).take(ways.len()).collect()
}

/// The file of all signposts.
const SIGNPOSTS: &str = "signposts.csv";
/// The file of the matrix.
pub const HYPOTHESES: &str = "hypotheses.csv";

/// A likelihood ratio with the digits that it is read with.
fn ratio(value: f64) -> String {
    match value {
        value if value >= 9.95 => grouped(value, 0),
        value if value >= 0.095 => grouped(value, 1),
        value => grouped(value, 2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_of_a_date_begins_where_the_one_before_ends() {
        assert_eq!(dates_before(&[Way::YesBy(26), Way::YesBy(52), Way::NotBy(52)]), [None, Some(26), Some(52)]);
        assert_eq!(dates_before(&[Way::Yes, Way::No]), [None, None]);
    }
}
