//! Charts of answers and of who is with whom at the horizon.

use super::FigureData;
use crate::analysis::Estimate;
use crate::chart::{
    Band, CoalitionStructure, Coalitions, PairTable, Party, Probabilities, ProbabilityRow, RelationMatrix,
};
use crate::estimate::CONFIDENCE;
use crate::measure::{Group, Measure, Relation, coalition_blocs};
use crate::record::{RecordError, Results};
use crate::report::fill::{moment_words, moments};
use crate::scenario::AnswerAt;
use crate::scenario::file::Observed;

/// How many coalition structures are drawn.
const STRUCTURES: usize = 10;

/// The probabilities of the questions of yes or no, one row each.
pub fn probabilities(subject: &FigureData<'_>) -> Result<Probabilities, RecordError> {
    let rows = subject.runs.results.questions()?;
    let all = || subject.runs.scenario.question_groups().iter().flat_map(|group| &group.questions);
    let yes_no = || all().filter(|question| question.yes_no());
    let horizons = moments(yes_no());
    let probability = |answer: &AnswerAt| {
        let row = rows.iter().find(|row| row.question == answer.id && row.variant == subject.runs.variant)?;
        row.estimate().map(Band::from)
    };
    // With many horizons there is no room for a column each: then every answer has a row of its own.
    let columns = horizons.len() <= Probabilities::MOST_HORIZONS;
    let mut drawn = Vec::new();
    for question in yes_no() {
        if columns {
            let band = |label: &&str| probability(question.answers.iter().find(|answer| answer.label == *label)?);
            drawn.push(ProbabilityRow {
                text: question.with_gap.clone(),
                probabilities: horizons.iter().map(band).collect(),
                observed: question.answers.last().and_then(observed),
            });
        } else {
            drawn.extend(question.answers.iter().map(|answer| ProbabilityRow {
                text: answer.text.clone(),
                probabilities: vec![probability(answer)],
                observed: observed(answer),
            }));
        }
    }
    let horizons = if columns { horizons.into_iter().map(moment_words).collect() } else { vec![String::new()] };
    Ok(Probabilities {
        over_points: false,
        heading: subject.heading("How likely is each?", "95% intervals"),
        horizons,
        rows: drawn,
    })
}

fn observed(answer: &AnswerAt) -> Option<bool> {
    answer.observed.and_then(Observed::is_yes)
}

/// Who with whom at the horizon: those with columns of their own, those that questions ask about, and sponsors without
/// fighters of their own last.
pub fn matrix(subject: &FigureData<'_>) -> RelationMatrix {
    let setting = &subject.runs.scenario.setting;
    let mut actors: Vec<Group> = subject.reported_groups().collect();
    for group in subject.runs.layout.pairs.iter().flatten() {
        if !actors.contains(group) {
            actors.push(*group);
        }
    }
    let mut sponsors: Vec<(usize, usize)> = Vec::new();
    for (sponsor, client) in setting.factions.ids().flat_map(|a| setting.factions.ids().map(move |b| (a, b))) {
        if sponsor == client || setting.initial.dependence[(client, sponsor)] <= 0.0 {
            continue;
        }
        let [from, to] = [sponsor, client].map(|faction| {
            let group = setting.initial.umbrella[faction].map_or(Group::Faction(faction), Group::Umbrella);
            actors.iter().position(|known| *known == group).unwrap_or_else(|| {
                actors.push(group);
                actors.len() - 1
            })
        });
        if from != to && !sponsors.contains(&(from, to)) {
            sponsors.push((from, to));
        }
    }
    let actors = &actors;
    let at_horizon = |a: Group, b: Group, relation: Relation| {
        let one = subject.series(Measure::Stance([a, b], relation));
        let points = if one.is_empty() { subject.series(Measure::Stance([b, a], relation)) } else { one };
        points.last().map_or(f64::NAN, |point| point.mean)
    };
    let relations = [Relation::Alliance, Relation::Pact, Relation::War];
    let is_known = |a: &Group| {
        let with = |b: &Group| a != b && relations.iter().any(|relation| at_horizon(*a, *b, *relation).is_finite());
        actors.iter().any(with)
    };
    let known = actors.iter().filter(|actor| is_known(actor)).count();
    let factions = setting.initial.umbrella.values().iter().take(setting.founding);
    let all = setting.umbrellas.len() + factions.filter(|umbrella| umbrella.is_none()).count();
    let what = match known < all {
        true => format!("probability, in percent; {known} of {all} factions: the strongest, and those asked about"),
        false => "probability, in percent".to_owned(),
    };
    let table = |title: &str, relation: Relation, rung: usize| PairTable {
        title: title.into(),
        values: (actors.iter())
            .flat_map(|a| actors.iter().map(move |b| if a == b { f64::NAN } else { at_horizon(*a, *b, relation) }))
            .collect(),
        rung,
    };
    RelationMatrix {
        heading: subject.heading("Who is with whom at the horizon", &what),
        parties: actors.iter().map(|group| subject.runs.actors.party(group.id(setting))).collect(),
        tables: vec![
            table("Allied", Relation::Alliance, 4),
            table("Pact or more", Relation::Pact, 3),
            table("At war", Relation::War, 0),
        ],
        sponsors,
        umbrellas: actors.iter().any(|group| matches!(group, Group::Umbrella(_))),
    }
}

/// The most frequent coalition structures at the horizon.
pub fn coalitions(subject: &FigureData<'_>) -> Result<Coalitions, RecordError> {
    let mut parties: Vec<Party> = subject.runs.actors.all().iter().map(|(_, party)| party.clone()).collect();
    let mut structures = Vec::new();
    for (words, share) in frequent(subject.runs.results, subject.runs.variant, STRUCTURES)? {
        let mut blocs = Vec::new();
        for bloc in coalition_blocs(&words) {
            let mut members = Vec::new();
            for id in bloc {
                members.push(subject.runs.actors.place(id).unwrap_or_else(|| {
                    parties.push(Party::nobody(id));
                    parties.len() - 1
                }));
            }
            blocs.push(members);
        }
        let allied = |id: &str| coalition_blocs(&words).flatten().any(|member| member == id);
        // An umbrella of which a member is allied elsewhere does not stand alone as a whole.
        let torn = |id: &str| {
            let umbrella = subject.runs.scenario.file.umbrella.iter().find(|umbrella| umbrella.id == id);
            umbrella.is_some_and(|umbrella| umbrella.members.iter().any(|member| allied(member)))
        };
        let alone = subject.runs.actors.main().iter().enumerate().filter(|(_, (id, _))| !allied(id) && !torn(id));
        let alone: Vec<Vec<usize>> = alone.map(|(place, _)| vec![place]).collect();
        blocs.extend(alone);
        structures.push(CoalitionStructure { blocs, frequency: share.into() });
    }
    let heading = subject.heading("Coalition structures found most often at the horizon", "95% intervals");
    Ok(Coalitions { heading, parties, structures })
}

/// What is said where no coalition structure is found in two runs.
pub const NONE_TWICE: &str = "No structure was found more than once.";

/// So many coalition structures at the horizon in the words of `runs.parquet`, with their shares of a variant's runs, the most
/// frequent first; none if no two of several runs end in the same.
pub fn frequent(results: &Results, variant: &str, most: usize) -> Result<Vec<(String, Estimate)>, RecordError> {
    let mut found: Vec<(String, Vec<u64>)> =
        results.replicates_by_word("coalitions", 0, variant)?.into_iter().collect();
    let mut all: Vec<u64> = found.iter().flat_map(|(_, replicates)| replicates).copied().collect();
    all.sort_unstable();
    found.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then_with(|| a.0.cmp(&b.0)));
    if all.len() > 1 && found.first().is_some_and(|(_, replicates)| replicates.len() == 1) {
        return Ok(Vec::new());
    }
    found.truncate(most);
    let drawn = results.manifest().drawn_kinds();
    let share = |(words, replicates): (String, Vec<u64>)| {
        let runs = all.iter().map(|replicate| (*replicate, replicates.binary_search(replicate).is_ok()));
        Some((words, Estimate::share_among(runs, drawn, CONFIDENCE)?))
    };
    Ok(found.into_iter().filter_map(share).collect())
}
