//! Charts of series: pairs, territory, deaths, displaced people, the largest bloc.

use super::{Actors, Subject, band};
use crate::analysis::answers::CONFIDENCE;
use crate::analysis::interval::wilson;
use crate::base::Date;
use crate::chart::{
    Band, DeathSeries, Deaths, Destination, Displacement, Hegemony, Leader, PairOverTime, PairSeries, Party,
    ShareSeries, Territory, palette,
};
use crate::measure::{Group, Measure, Relation, Slot};
use crate::record::SeriesPoint;
use crate::world::DeathType;

/// The probability of something that is so or not, with its interval.
fn chance(point: &SeriesPoint) -> Band {
    let yes = (point.mean * point.n as f64).round() as u64;
    let interval = wilson(yes.min(point.n), point.n, CONFIDENCE);
    Band::new(point.mean, interval.low, interval.high)
}

fn dates(points: &[SeriesPoint]) -> Vec<Date> {
    points.iter().map(|point| point.date).collect()
}

/// Pact and alliance probability over time for the pairs asked about.
pub fn pairs(subject: &Subject<'_>) -> PairOverTime {
    let series = |pair: &[Group; 2], relation: Relation| -> Vec<Band> {
        subject.series(Measure::Stance(*pair, relation)).iter().map(chance).collect()
    };
    let name = |group: Group| subject.actors.name(group.id(&subject.scenario.setting));
    let first = subject.layout.pairs.first();
    PairOverTime {
        heading: subject.heading("Pacts, alliances and wars over time", "95% intervals"),
        dates: first.map_or_else(Vec::new, |pair| dates(subject.series(Measure::Stance(*pair, Relation::Pact)))),
        pairs: subject
            .layout
            .pairs
            .iter()
            .map(|pair| PairSeries {
                pair: pair.map(name).join(" – "),
                pact: series(pair, Relation::Pact),
                alliance: series(pair, Relation::Alliance),
                war: series(pair, Relation::War),
            })
            .collect(),
    }
}

/// Territory: share per faction over time with band.
pub fn territory(subject: &Subject<'_>) -> Territory {
    let mut parties: Vec<(Slot, Party)> = subject.reported().map(|(slot, party)| (slot, party.clone())).collect();
    parties.push((Slot::Other, Actors::others()));
    parties.push((Slot::Nobody, Party::nobody("ungoverned")));
    let points = |slot: Slot| subject.series(Measure::Territory(slot));
    Territory {
        heading: subject.heading(
            "Territory: share of control over all zones, weighted by strategic value",
            "median, and the range of 95% of the replicates",
        ),
        dates: parties.first().map_or_else(Vec::new, |(slot, _)| dates(points(*slot))),
        series: parties
            .into_iter()
            .map(|(slot, party)| ShareSeries { party, share: points(slot).iter().map(band).collect() })
            .filter(|series| !series.share.is_empty())
            .collect(),
    }
}

/// Deaths per four weeks by type.
pub fn deaths(subject: &Subject<'_>) -> Deaths {
    // Sums over four weeks, taken once in four weeks, so that no death is shown twice.
    let often = subject.layout.lately;
    let points = |kind: DeathType| -> Vec<SeriesPoint> {
        let all = subject.series(Measure::DeathsLately(kind));
        all.iter().skip(often).step_by(often).copied().collect()
    };
    let label = |kind: DeathType| match kind {
        DeathType::StateBased => "State-based",
        DeathType::NonState => "Non-state",
        DeathType::OneSided => "One-sided, against civilians",
    };
    Deaths {
        heading: subject.heading("Deaths per four weeks, by type", "median, and the range of 95% of the replicates"),
        dates: dates(&points(DeathType::StateBased)),
        series: DeathType::ALL
            .into_iter()
            .map(|kind| DeathSeries {
                label: label(kind).into(),
                colour: palette::death(kind as usize),
                deaths: points(kind).iter().map(band).collect(),
            })
            .collect(),
    }
}

/// Displaced people by destination.
pub fn displacement(subject: &Subject<'_>) -> Displacement {
    let setting = &subject.scenario.setting;
    let mut destinations: Vec<Destination> = setting
        .countries
        .iter()
        .enumerate()
        .map(|(place, country)| Destination {
            name: if setting.home_country == Some(place) { format!("within {country}") } else { country.clone() },
            people: subject.series(Measure::DisplacedIn(place)).iter().map(|point| point.mean).collect(),
        })
        .filter(|destination| !destination.people.is_empty())
        .collect();
    let most = |destination: &Destination| destination.people.iter().copied().fold(0.0, f64::max);
    destinations.sort_by(|a, b| most(b).total_cmp(&most(a)));
    let total = subject.series(Measure::Displaced);
    Displacement {
        heading: subject.heading(
            "Displaced people, by where they are",
            "mean by destination; the range of 95% of the replicates in all",
        ),
        dates: dates(total),
        destinations,
        total: total.iter().map(band).collect(),
    }
}

/// The largest bloc's share and leader over time.
pub fn hegemony(subject: &Subject<'_>) -> Hegemony {
    let share = subject.series(Measure::BlocShare);
    let mut leaders: Vec<Leader> = subject
        .reported()
        .map(|(slot, party)| Leader {
            party: party.clone(),
            probability: subject.series(Measure::Leads(slot)).iter().map(|point| point.mean).collect(),
        })
        .filter(|leader| !leader.probability.is_empty())
        .collect();
    let rest = (0..share.len())
        .map(|moment| {
            let known: f64 = leaders.iter().filter_map(|leader| leader.probability.get(moment)).sum();
            (1.0 - known).max(0.0)
        })
        .collect();
    leaders.push(Leader { party: Actors::others(), probability: rest });
    Hegemony {
        heading: subject.heading("The largest bloc", "median, and the range of 95% of the replicates"),
        dates: dates(share),
        share: share.iter().map(band).collect(),
        leaders,
    }
}
