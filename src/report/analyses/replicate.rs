//! Which replicate is meant: by its number, by its answer or amount, or the typical one.

use super::AnalysisError;
use crate::analysis::why::TypicalAmount;
use crate::analysis::{runs_of, typical_run};
use crate::experiment::Target;
use crate::measure::answer_column;
use std::str::FromStr;

/// A replicate, as `--replicate` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replicate {
    /// Of this number, from 0.
    Number(u64),
    /// The first whose answer to a question is yes, or is no.
    Answering(bool),
    /// The one whose amount lies nearest the 90% quantile over all replicates (true), or the 10% quantile.
    Amount(bool),
    /// The one, ordinary in the headlines, whose answers lie nearest the medians over all replicates.
    Typical,
}

impl FromStr for Replicate {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "yes" | "no" => Ok(Self::Answering(word == "yes")),
            "high" | "low" => Ok(Self::Amount(word == "high")),
            "typical" => Ok(Self::Typical),
            _ => (word.parse().map(Self::Number))
                .map_err(|_| "expected a number from 0, typical, yes, no, high or low".into()),
        }
    }
}

impl Replicate {
    /// Its number among the runs of a target; yes and no, high and low need the question that they answer.
    ///
    /// # Errors
    /// If there is no such replicate, no such question, or no run with that answer, or the results cannot be read.
    pub fn number(self, target: &Target, question: Option<&str>) -> Result<u64, AnalysisError> {
        let results = &target.results;
        match self {
            Self::Number(number) => {
                target.check_replicate(number)?;
                Ok(number)
            }
            Self::Typical => {
                let ids = target.questions.iter().map(|question| question.id.as_str());
                let typical = typical_run(results, (target.point, &target.variant), &target.scenario, ids)?;
                typical.ok_or_else(|| AnalysisError::input("there is no typical replicate: all runs failed"))
            }
            Self::Answering(yes) => {
                let word = if yes { "yes" } else { "no" };
                let id = asked(target, question, (word, true))?;
                let answers = results.run_numbers(&answer_column(id))?;
                let runs = runs_of(results, target.point, &target.variant)?;
                let first = runs.iter().find(|(row, _)| (answers[*row] > 0.5) == yes);
                first.map(|(_, replicate)| *replicate).ok_or_else(|| {
                    let (all, cell) = (runs.len(), target.cell_words());
                    AnalysisError::input(format!("none of the {all} runs of {cell} answers {word} to `{id}`"))
                })
            }
            Self::Amount(high) => {
                let (word, share) = if high { ("high", 0.9) } else { ("low", 0.1) };
                let id = asked(target, question, (word, false))?;
                let answers = results.run_numbers(&answer_column(id))?;
                let runs = runs_of(results, target.point, &target.variant)?.into_iter();
                let (amounts, replicates): (Vec<f64>, Vec<u64>) = runs
                    .map(|(row, replicate)| (answers[row], replicate))
                    .filter(|(amount, _)| amount.is_finite())
                    .unzip();
                let place = TypicalAmount::run_at(&amounts, share);
                place.map(|place| replicates[place]).ok_or_else(|| {
                    AnalysisError::input(format!("no run of {} has an amount for `{id}`", target.cell_words()))
                })
            }
        }
    }
}

/// The question whose answer a word names a run by: one of yes or no, or one of how much.
fn asked<'a>(
    target: &'a Target,
    question: Option<&str>,
    (word, yes_no): (&str, bool),
) -> Result<&'a str, AnalysisError> {
    let id = question.ok_or_else(|| {
        AnalysisError::input(format!("say whose answer is meant: --replicate {word} needs --question ID"))
    })?;
    let question = target.question(id)?;
    if question.yes_no() == yes_no {
        return Ok(&question.id);
    }
    let (is, needs, instead) = match yes_no {
        true => ("how much", "yes or no", "high or low"),
        false => ("for yes or no", "how much", "yes or no"),
    };
    let message = format!(
        "the question `{id}` asks {is}; --replicate {word} needs one of {needs}: here --replicate {instead} would do"
    );
    Err(AnalysisError::input(message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_numbers_name_replicates() {
        assert_eq!("17".parse(), Ok(Replicate::Number(17)));
        assert_eq!("typical".parse(), Ok(Replicate::Typical));
        assert_eq!("no".parse(), Ok(Replicate::Answering(false)));
        assert_eq!("high".parse(), Ok(Replicate::Amount(true)));
        for wrong in ["-1", "1.5", "most", "", "Yes"] {
            assert!(wrong.parse::<Replicate>().unwrap_err().contains("typical, yes, no, high or low"), "{wrong}");
        }
    }
}
