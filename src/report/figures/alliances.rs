//! Charts of coalitions over time: how long commitments last, where pairs go, which structures there are when.

use super::Actors;
use crate::analysis::alliances::{Alliances, Commitment};
use crate::analysis::survival::Survival;
use crate::chart::{
    Alluvial, Band, Chart, Heading, SurvivalChart, SurvivalLine, SurvivalPanel, TransitionTable, palette,
};
use crate::estimate::CONFIDENCE;
use crate::measure::{coalition_blocs, coalition_words};
use crate::world::Stance;

/// How many kinds of structures are drawn by name.
const KINDS: usize = 10;

/// All charts of the coalitions over time of some variants; transitions and structures are those of the first.
/// `asked` are the factions that questions ask about; `heading` gives the two lines over a chart of a title and what is
/// drawn.
pub fn charts(
    studied: &[Alliances],
    actors: &Actors,
    asked: &[String],
    heading: &dyn Fn(&str, &str) -> Heading,
) -> Vec<Box<dyn Chart>> {
    let Some(first) = studied.first() else { return Vec::new() };
    vec![
        Box::new(durations(studied, heading)),
        Box::new(transitions(first, heading)),
        Box::new(over_time(first, actors, asked, heading)),
    ]
}

fn durations(studied: &[Alliances], heading: &dyn Fn(&str, &str) -> Heading) -> SurvivalChart {
    let line = |label: String, place: usize, survival: &Survival| SurvivalLine {
        label,
        colour: palette::faction(place),
        number: survival.n,
        steps: survival.steps.iter().map(|step| (step.time, step.share.into())).collect(),
        until: survival.longest,
    };
    let panel = |title: &str, made: Commitment, held: Commitment| SurvivalPanel {
        title: title.to_owned(),
        lines: if let [only] = studied {
            let lines = [("made in the run", made), ("held at the start", held)].into_iter().enumerate();
            lines.map(|(place, (label, kind))| line(label.to_owned(), place, only.duration(kind))).collect()
        } else {
            let lines = studied.iter().enumerate();
            lines.map(|(place, one)| line(one.variant.clone(), place, one.duration(made))).collect()
        },
    };
    let what = if studied.len() > 1 { "those made in the run, by variant; 95% intervals" } else { "95% intervals" };
    SurvivalChart {
        name: "pact-survival".into(),
        heading: heading("How long pacts and alliances last", what),
        panels: vec![
            panel("Pact or more", Commitment::PactMade, Commitment::PactHeld),
            panel("Alliance", Commitment::AllianceMade, Commitment::AllianceHeld),
        ],
    }
}

fn transitions(studied: &Alliances, heading: &dyn Fn(&str, &str) -> Heading) -> TransitionTable {
    let rungs = 0..Stance::ALL.len();
    let share = |from: usize, to: usize| {
        let share = studied.transitions.share(from, to, CONFIDENCE);
        share.map_or(Band::new(f64::NAN, f64::NAN, f64::NAN), Band::from)
    };
    TransitionTable {
        name: "stance-transitions".into(),
        heading: heading(
            &format!("Where two stand {:.0} weeks later", studied.lag),
            "pairs that are there at both ends",
        ),
        states: Stance::ALL.iter().map(|stance| stance.word().to_owned()).collect(),
        seen: studied.transitions.counts.iter().map(|row| row.iter().sum()).collect(),
        shares: rungs.clone().flat_map(|from| rungs.clone().map(move |to| share(from, to))).collect(),
    }
}

/// Which of the factions that questions ask about are allied with which, over time; of all factions, if none are.
fn over_time(
    studied: &Alliances,
    actors: &Actors,
    asked: &[String],
    heading: &dyn Fn(&str, &str) -> Heading,
) -> Alluvial {
    let among = |words: &str| {
        let known = |id: &&str| asked.is_empty() || asked.iter().any(|known| known == id);
        coalition_words(coalition_blocs(words).map(|bloc| bloc.into_iter().filter(known).collect()))
    };
    let found = studied.structures.over_time(KINDS, among);
    let none = if asked.is_empty() { "no alliances" } else { "no alliances among these" };
    let words = |kind: &String| if kind.is_empty() { none.to_owned() } else { names(actors, kind) };
    let mut kinds: Vec<String> = found.structures.iter().map(words).collect();
    let named = found.structures.len() as u64;
    kinds.push(format!("any other of {} found", found.distinct.saturating_sub(named)));
    let last = found.dates.len().saturating_sub(1);
    let date = |(place, date): (usize, &crate::base::Date)| {
        let day = crate::base::day(*date);
        match place {
            0 => format!("Start, {day}"),
            _ if place == last => format!("End, {day}"),
            _ => day,
        }
    };
    let shown: Vec<&str> =
        actors.all().iter().filter(|(id, _)| asked.contains(id)).map(|(id, _)| actors.name(id)).collect();
    let among = if asked.is_empty() { "all factions".into() } else { shown.join(", ") };
    Alluvial {
        name: "coalitions-over-time".into(),
        heading: heading("Who is allied with whom over time", &format!("among {among}")),
        dates: found.dates.iter().enumerate().map(date).collect(),
        kinds,
        counts: found.counts,
        moves: found.moves,
    }
}

/// A coalition structure by its members' names: "State + Wagner · MNLA + HCUA".
pub fn names(actors: &Actors, words: &str) -> String {
    let bloc = |ids: Vec<&str>| ids.iter().map(|id| actors.name(id)).collect::<Vec<_>>().join(" + ");
    let blocs: Vec<String> = coalition_blocs(words).map(bloc).collect();
    if blocs.is_empty() { "no alliances".into() } else { blocs.join(" · ") }
}
