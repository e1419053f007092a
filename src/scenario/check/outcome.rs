//! Checks of what is known of a question's answers: what came to be, base rates, histories.

use crate::base::Date;
use crate::base::number::brief;
use crate::scenario::file::{BaseRates, Header, History, Moment, Observations, Observed, Quantity, Question};
use crate::scenario::question_groups::is_past;
use crate::scenario::read::report::Report;
use crate::scenario::read::tree::{Step, key_path};
use std::collections::BTreeMap;

/// The fewest rows of a history: differences between two rows are resampled, of which there must be two.
const FEWEST: usize = 3;

pub fn outcome(report: &mut Report, header: Option<&Header>, index: usize, question: &Question) {
    observations(report, header, index, question);
    base_rates(report, index, question);
    if let Some(history) = &question.history {
        series(report, header, index, question, history);
    }
}

/// What came to be: of the kind that is asked for, not after the moment, and by moment where there is a list of them.
fn observations(report: &mut Report, header: Option<&Header>, index: usize, question: &Question) {
    let (list, listed) = question.moments();
    let key_path = key_path!["question", index, "observed"];
    match &question.observed {
        None => {}
        // The day on which something came true says of every moment whether it had by then.
        Some(Observations::One(Observed::On(date))) if listed => {
            let last = list.iter().filter_map(|moment| moment.day(header?.start).ok()).max();
            observation(report, header, key_path, question, (Observed::On(*date), last));
        }
        Some(Observations::One(observed)) if listed => {
            let (message, example) = match observed {
                Observed::Amount(amount) => ("a single number", amount.to_string()),
                _ => ("a single answer", observed.is_yes().unwrap_or_default().to_string()),
            };
            by_moment_expected(report, key_path, list, message, &example);
        }
        Some(Observations::One(observed)) => {
            let moment = list.first().copied().or(header.map(|header| Moment::After(header.horizon)));
            one(report, header, key_path, question, (*observed, moment));
        }
        Some(Observations::ByMoment(_)) if !listed => one_expected(report, key_path, "the answer alone"),
        Some(Observations::ByMoment(known)) => {
            for (written, observed) in known {
                let key_path = key_path!["question", index, "observed", written];
                if let Some(moment) = moment_of(report, key_path, list, written) {
                    one(report, header, key_path, question, (*observed, Some(moment)));
                }
            }
            if let Some(header) = header {
                in_order(report, header, index, question, known);
            }
        }
    }
}

/// What came to be at a moment.
fn one(
    report: &mut Report,
    header: Option<&Header>,
    key_path: &[Step],
    question: &Question,
    (observed, moment): (Observed, Option<Moment>),
) {
    if let (Some(header), Some(moment)) = (header, moment)
        && is_past(moment, header)
    {
        report
            .on(key_path, format!("the question `{}` has no answer {moment} on: it lies past the horizon", question.id))
            .expected("expected outcomes of moments up to the horizon, or a longer `horizon`");
        return;
    }
    let day = header.and_then(|header| moment?.day(header.start).ok());
    observation(report, header, key_path, question, (observed, day));
}

fn observation(
    report: &mut Report,
    header: Option<&Header>,
    key_path: &[Step],
    question: &Question,
    (observed, day): (Observed, Option<Date>),
) {
    let (yes_no, amount) = (question.when.is_some(), question.measure.is_some());
    let dated = question.at.is_none();
    let (message, expected) = match observed {
        Observed::Amount(_) if yes_no && !amount && dated => {
            ("is answered by yes or no", "expected true, false or the day on which it came true")
        }
        Observed::Amount(_) if yes_no && !amount => ("is answered by yes or no", "expected true or false"),
        Observed::Answer(_) | Observed::On(_) if amount && !yes_no => ("is answered by a number", "expected a number"),
        Observed::On(_) if !dated => ("asks what is so at a moment, not when it came true", "expected true or false"),
        Observed::On(date) => {
            let start = header.map(|header| header.start).filter(|start| date < *start);
            let end = day.filter(|end| date > *end);
            if let Some(start) = start {
                let message = format!("{date} lies before the start");
                report.on(key_path, message).expected(&format!("expected a day from {start} on"));
            } else if let Some(end) = end {
                let message = format!("{date} lies after the moment that is asked of, {end}");
                report.on(key_path, message).expected("expected false, or a day up to then");
            }
            return;
        }
        Observed::Amount(observed) => {
            if let Some(measure) = &question.measure {
                possible(report, key_path, measure, ("`observed`", observed));
            }
            return;
        }
        Observed::Answer(_) => return,
    };
    report.on(key_path, format!("the question `{}` {message}", question.id)).expected(expected);
}

/// That a quantity can be so much.
fn possible(report: &mut Report, key_path: &[Step], measure: &Quantity, (what, amount): (&str, f64)) {
    let (least, most) = measure.range();
    // What is not finite is told of any value.
    if amount.is_finite() && !(least..=most).contains(&amount) {
        let expected = match most.is_finite() {
            true => format!("expected a share, {least} to {most}"),
            false => format!("expected {least} or more"),
        };
        report.on(key_path, format!("{what} is {}", brief(amount))).expected(&expected);
    }
}

/// What came true within a time is true within a longer one, and no more were counted within a time than within a longer one.
fn in_order(
    report: &mut Report,
    header: &Header,
    index: usize,
    question: &Question,
    known: &BTreeMap<String, Observed>,
) {
    let day = |written: &String| Moment::parse(written).ok()?.day(header.start).ok();
    if question.measure.as_ref().is_some_and(Quantity::is_counted) {
        let amounts = known.iter().filter_map(|(written, observed)| match observed {
            Observed::Amount(amount) => Some((day(written)?, *amount, written)),
            _ => None,
        });
        let mut amounts: Vec<(Date, f64, &String)> = amounts.collect();
        amounts.sort_unstable_by_key(|(day, ..)| *day);
        for pair in amounts.windows(2) {
            if let [(_, more, earlier), (_, less, later)] = pair
                && less < more
            {
                let message = format!("{less} within {later} are fewer than {more} within {earlier}");
                let expected = format!("expected {more} or more: what is counted is counted from the start on");
                report.on(key_path!["question", index, "observed", *later], message).expected(&expected);
            }
        }
        return;
    }
    if question.at.is_some() || question.when.is_none() {
        return;
    }
    let dated = known.iter().filter_map(|(written, observed)| Some((day(written)?, observed.is_yes()?, written)));
    let mut dated: Vec<(Date, bool, &String)> = dated.collect();
    dated.sort_unstable();
    for pair in dated.windows(2) {
        if let [(_, true, earlier), (_, false, later)] = pair {
            let message = format!("this did not come true within {later}, but did within {earlier}");
            report.on(key_path!["question", index, "observed", *later], message).expected("expected true");
        }
    }
}

/// Base rates: of questions of yes or no, and by moment where there is a list of them.
fn base_rates(report: &mut Report, index: usize, question: &Question) {
    let (list, listed) = question.moments();
    let key_path = key_path!["question", index, "base_rate"];
    match &question.base_rate {
        None => {}
        Some(_) if question.when.is_none() && question.measure.is_some() => {
            report
                .on_key(
                    key_path,
                    format!("the question `{}` is answered by a number and has no base rate", question.id),
                )
                .expected("expected `history`, from which a baseline for amounts is resampled");
        }
        Some(BaseRates::One(rate)) if listed => {
            by_moment_expected(report, key_path, list, "a single number", &rate.0.to_string());
        }
        Some(BaseRates::One(_)) => {}
        Some(BaseRates::ByMoment(_)) if !listed => one_expected(report, key_path, "the probability alone"),
        Some(BaseRates::ByMoment(known)) => {
            for written in known.keys() {
                moment_of(report, key_path!["question", index, "base_rate", written], list, written);
            }
        }
    }
}

fn by_moment_expected(report: &mut Report, key_path: &[Step], list: &[Moment], message: &str, example: &str) {
    let first = list.first().map_or_else(String::new, Moment::to_string);
    let expected = format!("expected a table by moment, such as `{{ \"{first}\" = {example} }}`");
    report.on(key_path, format!("{message} for a list of moments")).expected(&expected);
}

fn one_expected(report: &mut Report, key_path: &[Step], expected: &str) {
    report
        .on(key_path, "a table by moment, where one moment is asked of".into())
        .expected(&format!("expected {expected}"));
}

/// The moment that a key of a table names, if it is one of the question's.
fn moment_of(report: &mut Report, key_path: &[Step], list: &[Moment], written: &str) -> Option<Moment> {
    let found = Moment::parse(written).ok().filter(|moment| list.contains(moment));
    if found.is_none() {
        let all: Vec<String> = list.iter().map(Moment::to_string).collect();
        report
            .on_key(key_path, format!("`{written}` is not a moment of this question"))
            .expected(&format!("expected one of {}", all.join(", ")));
    }
    found
}

/// A history: of an amount, of enough days, all of them before the start.
fn series(report: &mut Report, header: Option<&Header>, index: usize, question: &Question, history: &History) {
    let key_path = key_path!["question", index, "history"];
    let Some(measure) = &question.measure else {
        if question.when.is_some() {
            report
                .on_key(key_path, format!("the question `{}` is answered by yes or no", question.id))
                .expected("expected `base_rate`, which is the baseline of such questions");
        }
        return;
    };
    let History::Series(values) = history else {
        // A file becomes a table when a scenario is read; only a change can still name one.
        report
            .on(key_path, "a change cannot name a file of a history".into())
            .expected("expected `history` in the scenario itself, or a table of values by date");
        return;
    };
    let mut days = Vec::new();
    for (written, value) in values {
        possible(
            report,
            key_path!["question", index, "history", written],
            measure,
            ("this row of the history", *value),
        );
        match Date::parse(written) {
            Ok(day) => days.push((day, written)),
            Err(message) => drop(report.on_key(key_path!["question", index, "history", written], message)),
        }
    }
    days.sort_unstable();
    let ([(first, _), .., (last, written)], true) = (&days[..], days.len() >= FEWEST) else {
        if days.len() == values.len() {
            let message = format!("this history has {} rows", days.len());
            report.on(key_path, message).expected(&format!("expected at least {FEWEST}"));
        }
        return;
    };
    let Some(header) = header else { return };
    // What is counted from the last row's day on is counted for as long as rows are apart.
    let apart = last.days_since(*first) / (days.len() as i64 - 1);
    // Months differ by up to three days.
    let known = if measure.is_counted() { last.plus_days(apart - (apart / 10).min(3)) } else { *last };
    if known > header.start {
        let message = format!("the last row of this history, {last}, tells of days after the start, {}", header.start);
        report
            .on_key(key_path!["question", index, "history", *written], message)
            .expected("expected nothing that was not known at the start");
    }
}
