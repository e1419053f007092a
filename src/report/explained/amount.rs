//! What made an amount of one run differ from the typical one, for people.

use super::Told;
use crate::analysis::Estimate;
use crate::analysis::why::{AmountExplanation, Moved, Mover, TypicalAmount};
use crate::base::Date;
use crate::base::number::{percent, points};
use crate::chart::{AmountCauses, AmountRow, Band, Chart, Heading};
use crate::measure::Unit;
use crate::report::narrative::{Names, happening};
use crate::report::words::{several, written};
use crate::report::{Document, Table, day, words};
use crate::world::Setting;

/// All that there is to say of an amount in one run, with its chart.
pub fn document(
    setting: &Setting,
    unit: Unit,
    found: &AmountExplanation,
    told: &Told,
) -> (Document, Vec<Box<dyn Chart>>) {
    let mut page = told.document();
    let more = found.was.answer >= found.typical.middle;
    page.words(format!(
        "{} than in {}.",
        if more { "More" } else { "Less" },
        standing(found.was.answer, found.rank, &found.typical)
    ));
    if let Some((step, leap)) = found.leap {
        page.words(format!(
            "Of the difference, {} came in one step, that of {}.",
            added(unit, leap),
            day(setting.calendar.date_of(step))
        ));
    }
    page.heading("What made the difference").words(format!(
        "In {} this run is unlike most: something happened that fewer than half of all runs have, or did not that most have. Each of \
         them, and what the run was under, was made to be as in most runs, in replays under the same random numbers: those below one \
         after the other. A decision picked at random, turned, moves the amount by {} or less in eight of ten cases; what moves it by \
         no more is not named.",
        several(found.happenings, "thing"),
        added(unit, found.noise).trim_start_matches('+')
    ));
    let chart = chart(setting, unit, found, told);
    page.chart(&chart);
    if found.causes.is_empty() {
        page.words("Nothing that was changed brings it nearer to the typical amount by more than that.");
    }
    page.table(table(setting, unit, &found.causes, "It added"));
    page.facts(sums(unit, found));
    if !found.against.is_empty() {
        page.heading("What worked against it").words("Each made to be as in most runs alone:");
        page.table(table(setting, unit, &found.against, ""));
    }
    page.words(
        "“Alone”: the amount of the run less the amount where this alone is as in most runs. “On average”: the same in futures under other luck, from the \
         step after it on; a dash where they do not agree on more or less.",
    );
    page.rest().use_with_care();
    (page, vec![Box::new(chart)])
}

/// In how much of the runs there is less, or more, and whether the amount is out of the ordinary: "62% of the runs, and still within
/// the range of 80% of them".
fn standing(amount: f64, rank: f64, typical: &TypicalAmount) -> String {
    let TypicalAmount { middle, low, high } = *typical;
    let than = if amount >= middle { rank } else { 1.0 - rank };
    match (low..=high).contains(&amount) {
        // Within four fifths of the runs no more than nine tenths lie to one side, whatever rounding makes of it.
        true if than >= 0.895 => "nearly 90% of the runs, and just within the range of 80% of them".into(),
        true => format!("{} of the runs, and still within the range of 80% of them", percent(than)),
        false => format!("{} of the runs", percent(than)),
    }
}

/// The causes with what they added, if that has a head.
fn table(setting: &Setting, unit: Unit, causes: &[Moved], head: &str) -> Table {
    let heads = [head, "Alone", "On average", "Runs with it"];
    let mut table = Table::new(["As in most runs"], heads.into_iter().filter(|head| !head.is_empty()));
    for cause in causes {
        let surely = cause.on_average.filter(Estimate::has_sign);
        let runs = match &cause.mover {
            Mover::Happening { share, .. } => percent(*share),
            // All runs are under some, and none of them under those of another.
            Mover::Circumstances(_) => "–".into(),
        };
        let words = [
            cause.added.filter(|_| !head.is_empty()).map(|value| added(unit, value)),
            Some(added(unit, cause.alone)),
            Some(surely.map_or_else(|| "–".into(), |found| added(unit, found.value))),
            Some(runs),
        ];
        table.row([taken_away(setting, cause)].into_iter().chain(words.into_iter().flatten()));
    }
    table
}

/// What was taken away, with its date.
pub fn taken_away(setting: &Setting, cause: &Moved) -> String {
    match &cause.mover {
        Mover::Happening { happening, lacking, step, .. } => {
            let what = happening::sentence(Names(setting), happening);
            let date = day(setting.calendar.date_of(*step));
            if *lacking { format!("Lacking: {what} (in most runs by {date})") } else { format!("{what} ({date})") }
        }
        Mover::Circumstances(held) if held.inputs => "The inputs and weights that it drew".into(),
        Mover::Circumstances(held) => {
            let how = if cause.alone > 0.0 { "more" } else { "less" };
            match held.common {
                true => format!("Times {how} violent than usual for all"),
                false => format!("Times {how} violent than usual for some pairs and factions"),
            }
        }
    }
}

/// When something that was taken away happened; none of times.
pub fn date(setting: &Setting, cause: &Moved) -> Option<Date> {
    match cause.mover {
        Mover::Happening { step, .. } => Some(setting.calendar.date_of(step)),
        Mover::Circumstances(_) => None,
    }
}

/// The amount in most runs: "7,100 (4,000 to 12,000 in 80% of runs)".
pub fn typical(unit: Unit, typical: &TypicalAmount) -> String {
    let (middle, range) = written(unit).0.range(typical.middle, typical.low, typical.high);
    format!("{middle} ({range} in 80% of runs)")
}

/// [`typical`] with all digits, for an amount of one run that is held against it and for who adds up.
pub fn typical_exactly(unit: Unit, typical: &TypicalAmount) -> String {
    let [middle, low, high] = [typical.middle, typical.low, typical.high].map(|value| words::quantity(unit, value));
    format!("{middle} ({low} to {high} in 80% of runs)")
}

/// What something added, with its sign.
pub(super) fn added(unit: Unit, value: f64) -> String {
    match unit {
        Unit::Share | Unit::Chance => format!("{} points", points(value)),
        Unit::People | Unit::Fighters | Unit::Count => written(unit).0.signed(value),
    }
}

/// From the run's amount to the typical one.
fn sums(unit: Unit, found: &AmountExplanation) -> Vec<(String, String)> {
    let difference = found.was.answer - found.typical.middle;
    let mut list = vec![
        ("This run".to_owned(), words::quantity(unit, found.was.answer)),
        ("Typical".to_owned(), typical_exactly(unit, &found.typical)),
        ("Difference".to_owned(), added(unit, difference)),
    ];
    if !found.causes.is_empty() {
        let explained: f64 = found.causes.iter().filter_map(|cause| cause.added).sum();
        list.push(("Explained".to_owned(), added(unit, explained)));
        list.push(("Not explained".to_owned(), added(unit, found.unexplained())));
    }
    list
}

fn chart(setting: &Setting, unit: Unit, found: &AmountExplanation, told: &Told) -> AmountCauses {
    let row = |cause: &Moved, from: f64, to: f64| AmountRow {
        label: taken_away(setting, cause),
        from,
        to,
        added: added(unit, from - to),
    };
    let mut from = found.was.answer;
    let mut rows = Vec::new();
    for cause in &found.causes {
        let to = cause.without.unwrap_or(from);
        rows.push(row(cause, from, to));
        from = to;
    }
    AmountCauses {
        heading: Heading::new(told.question.clone(), format!("{} · {}", told.answer, told.run)),
        amount: found.was.answer,
        typical: Band::new(found.typical.middle, found.typical.low, found.typical.high),
        rows,
        against: found
            .against
            .iter()
            .map(|cause| row(cause, found.was.answer, found.was.answer - cause.alone))
            .collect(),
        format: written(unit).0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_within_the_range_of_four_fifths_is_not_told_to_be_beyond_it() {
        let typical = TypicalAmount { middle: 7_075.0, low: 4_012.0, high: 11_844.0 };
        let told = |amount, rank| standing(amount, rank, &typical);
        assert_eq!(told(9_000.0, 0.7), "70% of the runs, and still within the range of 80% of them");
        assert_eq!(told(11_816.0, 0.897), "nearly 90% of the runs, and just within the range of 80% of them");
        assert_eq!(told(4_020.0, 0.101), "nearly 90% of the runs, and just within the range of 80% of them");
        assert_eq!(told(11_900.0, 0.903), "90% of the runs");
        assert_eq!(told(2_000.0, 0.02), "98% of the runs");
        // The range stands with digits that leave no doubt on which side of it the amount lies.
        assert_eq!(typical_exactly(Unit::People, &typical), "7,075 (4,012 to 11,844 in 80% of runs)");
    }
}
