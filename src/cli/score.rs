//! `entente score`: results against what came to be, and against what one would say without the model.

use super::coalitions::scenarios;
use super::failure::Failure;
use super::finding::Finding;
use super::input;
use super::options::TellArgs;
use super::output::folder_for;
use super::results;
use crate::analysis::score::{Rivals, SEED, ScoredAnswer, Scores, scored, skill};
use crate::experiment::PlannedVariant;
use crate::record::Results;
use crate::report::insight;
use crate::report::words::several;
use crate::report::{provenance, quoted};
use crate::scenario::{Overrides, Scenario, nearest_or_all};
use clap::Args;
use std::io::Write;
use std::path::PathBuf;

/// Options of `score`.
#[derive(Clone, Debug, Args)]
pub struct ScoreArgs {
    /// Results folders, each or `latest`, or `latest:SCENARIO`; several make one table
    #[arg(required = true)]
    pub results: Vec<PathBuf>,
    /// Variant of each [default: the first]
    #[arg(long, value_name = "ID")]
    pub variant: Option<String>,
    /// A scenario file whose outcomes, base rates and histories are used instead of those that results were made with; it
    /// must be the same scenario otherwise. May be given for each scenario
    #[arg(long, value_name = "FILE")]
    pub outcomes: Vec<PathBuf>,
    /// Where tables (CSV), charts and the page go [default: score/ in the first results folder]
    #[arg(long, value_name = "DIR", value_parser = super::options::folders())]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub tell: TellArgs,
}

/// Scores and prints.
///
/// # Errors
/// If there are no finished results, nothing of what they ask is known, or files cannot be read or written.
pub fn score(args: &ScoreArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let mut outcomes = Vec::new();
    for path in &args.outcomes {
        let scenario = input::scenario(path, &Overrides::default()).map_err(super::problems)?;
        outcomes.push((path, scenario, false));
    }
    let mut opened: Vec<Results> = Vec::new();
    let mut answers = Vec::new();
    let mut theories = RivalAnswers::default();
    let (mut silent, mut digests) = (Vec::new(), Vec::new());
    for path in &args.results {
        let results = results::open(path)?;
        let digest = &results.manifest().result_digest;
        if opened.iter().any(|other| other.manifest().result_digest == *digest) {
            return Err(Failure::input(format!("{} is given twice; expected each once", path.display())));
        }
        let (variant, scenario) = chosen(&results, args.variant.as_deref())?;
        let digest = scenario.digest();
        if let Some(place) = digests.iter().position(|known| *known == digest) {
            let before: &Results = &opened[place];
            return Err(Failure::input(format!(
                "{} and {} are runs of one scenario, whose answers would count twice; expected each scenario once",
                before.folder().path().display(),
                path.display()
            )));
        }
        digests.push(digest);
        let known = outcomes.iter_mut().find_map(|(_, known, used)| {
            let known =
                if variant == PlannedVariant::BASELINE { known.clone() } else { known.variant(&variant).ok()? };
            (known.digest() == scenario.digest()).then(|| {
                *used = true;
                known
            })
        });
        let scenario = known.unwrap_or(scenario);
        let known = scored(&results, &scenario, &variant)?;
        if known.is_empty() {
            silent.push(results.folder().path().display().to_string());
        }
        answers.extend(known);
        if args.variant.is_none() {
            theories.add(&results, &scenario)?;
        }
        opened.push(results);
    }
    if let Some((path, scenario, _)) = outcomes.iter().find(|(.., used)| !used) {
        return Err(Failure::input(format!(
            "{} is not what any of these results were made with: its digest is {}; expected the same scenario but for \
             `observed`, `base_rate`, `history` and names",
            path.display(),
            scenario.digest()
        )));
    }
    let Some(first) = opened.first().filter(|_| !answers.is_empty()) else {
        return Err(Failure::input(
            "nothing of what these results ask is known: no question has `observed`; write what came to be into the \
             scenario, or into a file that extends it and give that with --outcomes",
        ));
    };
    if !silent.is_empty() {
        super::tell(&format!("left out, because nothing of what they ask is known: {}", silent.join(", ")));
    }
    let scores = Scores::new(answers, SEED);
    let theories = theories.rivals(&scores.answers);
    let mut found = insight::score(&scores, theories.as_ref(), &subtitle(&scores));
    let page = &mut found.document;
    page.heading("How it was made");
    page.command(super::words().iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" "));
    for results in &opened {
        page.facts(provenance(results.manifest()));
    }
    page.use_with_care();
    let folder = args.out.clone().unwrap_or_else(|| {
        let others = opened.iter().skip(1).map(|results| ("with", results.manifest().experiment.clone()));
        let variant = args.variant.iter().map(|variant| ("variant", variant.clone()));
        // What is known is no part of a scenario's digest.
        let known = outcomes.iter().map(|(_, known, _)| {
            let text = known.resolved_toml();
            ("outcomes", blake3::hash(text.as_bytes()).to_hex()[..8].to_owned())
        });
        first.folder().finding("score", &first.manifest().scenario.id, others.chain(variant).chain(known))
    });
    folder_for(&folder, "forecasts.csv")?;
    let finding = Finding::create(folder)?;
    for (name, lines) in &found.tables {
        let Some((heads, lines)) = lines.split_first() else { continue };
        finding.table(name, &heads.iter().map(String::as_str).collect::<Vec<_>>(), lines)?;
    }
    finding.tell(first, (found.document, found.charts), found.json, args.tell, out)
}

/// What a theory says of what is known.
struct RivalTheory {
    id: String,
    title: String,
    answers: Vec<ScoredAnswer>,
    /// Of how many results.
    of: usize,
}

/// What theories say of what is known, by theory.
#[derive(Default)]
struct RivalAnswers {
    by_theory: Vec<RivalTheory>,
    results: usize,
}

impl RivalAnswers {
    /// The answers of those theories that were run, held against what `scenario` knows.
    fn add(&mut self, results: &Results, scenario: &Scenario) -> Result<(), Failure> {
        self.results += 1;
        let stored = results.scenario()?;
        for theory in stored.theories().filter(|theory| results.manifest().variants[1..].contains(&theory.id)) {
            // What is asked and how things stand at the start is the same under every theory.
            let answers = scored(results, scenario, &theory.id)?;
            self.take((&theory.id, &theory.title), answers);
        }
        Ok(())
    }

    /// The answers of a theory in one of the results, by its id: another may have its title too.
    fn take(&mut self, (id, title): (&str, &str), answers: Vec<ScoredAnswer>) {
        match self.by_theory.iter_mut().find(|known| known.id == id) {
            Some(known) => {
                known.answers.extend(answers);
                known.of += 1;
            }
            None => self.by_theory.push(RivalTheory { id: id.to_owned(), title: title.to_owned(), answers, of: 1 }),
        }
    }

    /// The theories that were run in all results, beside the full model; none if there are none.
    fn rivals(self, full: &[ScoredAnswer]) -> Option<Rivals> {
        let (common, others): (Vec<_>, Vec<_>) =
            self.by_theory.into_iter().partition(|theory| theory.of == self.results);
        if !others.is_empty() {
            let names: Vec<&str> = others.iter().map(|theory| theory.title.as_str()).collect();
            super::tell(&format!(
                "left out, because not all of these results have them (`run --theories`): {}",
                names.join(", ")
            ));
        }
        let full = std::iter::once(("Full model".to_owned(), full.to_vec()));
        let shared: Vec<bool> =
            common.iter().map(|one| common.iter().filter(|other| other.title == one.title).count() > 1).collect();
        let named = common.into_iter().zip(shared).map(|(theory, shared)| {
            let title = if shared { format!("{} ({})", theory.title, theory.id) } else { theory.title };
            (title, theory.answers)
        });
        let forecasters: Vec<_> = full.chain(named).collect();
        (forecasters.len() > 1).then(|| Rivals::new(&forecasters, SEED))
    }
}

/// The variant that is scored, and its scenario.
fn chosen(results: &Results, wanted: Option<&str>) -> Result<(String, Scenario), Failure> {
    let variants = &results.manifest().variants;
    let place = wanted.map_or(Some(0), |wanted| variants.iter().position(|id| id == wanted));
    let mut scenarios = scenarios(results)?;
    match place.filter(|place| *place < scenarios.len()) {
        Some(place) => Ok((variants[place].clone(), scenarios.swap_remove(place))),
        None => {
            let wanted = wanted.unwrap_or_default();
            let help = nearest_or_all(wanted, variants.iter().map(String::as_str));
            let folder = results.folder().path().display();
            Err(Failure::input(format!("{folder} has no variant `{wanted}`: {help}")))
        }
    }
}

/// How many answers are known, and what intervals are over.
fn subtitle(scores: &Scores) -> String {
    let conflicts = scores.conflicts().len();
    let mut questions: Vec<_> = scores.answers.iter().map(|answer| answer.cluster()).collect();
    questions.sort_unstable();
    questions.dedup();
    let over = match (conflicts, questions.len()) {
        (1, few) if few < skill::FEWEST => "no intervals",
        (1, _) => "95% intervals over questions",
        (few, _) if few < skill::FEWEST => "no intervals over conflicts",
        _ => "95% intervals over conflicts",
    };
    format!("{} of {}; {over}", several(scores.answers.len(), "scored answer"), several(questions.len(), "question"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn theories_of_one_title_are_two() {
        let mut rivals = RivalAnswers { results: 2, ..RivalAnswers::default() };
        for _ in 0..2 {
            rivals.take(("patrons", "Patrons"), Vec::new());
            rivals.take(("my-patrons", "Patrons"), Vec::new());
        }
        let known: Vec<_> = rivals.by_theory.iter().map(|theory| (theory.id.as_str(), theory.of)).collect();
        assert_eq!(known, [("patrons", 2), ("my-patrons", 2)]);
    }
}
