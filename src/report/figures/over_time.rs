//! Charts of series: pairs, territory, deaths, displaced people, the largest bloc.

use super::{Actors, FigureData, band, chance};
use crate::base::Date;
use crate::chart::{self, Band, OverTime, Party, palette};
use crate::measure::{Group, Measure, Relation, Slot};
use crate::record::SeriesPoint;
use crate::report::naming::capital;
use crate::report::words::violence;
use crate::world::DeathType;

fn dates(points: &[SeriesPoint]) -> Vec<Date> {
    points.iter().map(|point| point.date).collect()
}

/// Pact, alliance and war probability over time for the pairs asked about.
pub fn pairs(subject: &FigureData<'_>) -> OverTime {
    let points = |pair: &[Group; 2], relation| subject.series(Measure::Stance(*pair, relation));
    let pairs = &subject.runs.layout.pairs;
    let name = |group: Group| subject.runs.actors.name(group.id(&subject.runs.scenario.setting));
    let relations = [Relation::Pact, Relation::Alliance, Relation::War];
    let bands = |pair| {
        let worth = subject.worth(Some(pair));
        relations.map(|relation| points(pair, relation).iter().map(|point| chance(point, worth)).collect())
    };
    chart::pair_over_time(
        subject.heading("Pacts, alliances and wars over time", "95% intervals"),
        pairs.first().map_or_else(Vec::new, |pair| dates(points(pair, Relation::Pact))),
        pairs.iter().map(|pair| (pair.map(name).join(" – "), bands(pair))).collect(),
        pairs.iter().flatten().any(|group| matches!(group, Group::Umbrella(_))),
    )
}

/// Territory: share per faction over time with band.
pub fn territory(subject: &FigureData<'_>) -> OverTime {
    let mut parties: Vec<(Slot, Party)> = subject.reported().map(|(slot, party)| (slot, party.clone())).collect();
    parties.push((Slot::Other, Actors::others()));
    parties.push((Slot::Nobody, Party::nobody("nobody")));
    let points = |slot: Slot| subject.series(Measure::Territory(slot));
    let heading = subject.heading(
        "Territory: share of control over all zones, weighted by strategic value",
        "median, and the range of 95% of the replicates",
    );
    let dates = parties.first().map_or_else(Vec::new, |(slot, _)| dates(points(*slot)));
    let shares = parties.into_iter().map(|(slot, party)| (party, points(slot).iter().map(band).collect::<Vec<_>>()));
    chart::territory(heading, dates, shares.filter(|(_, share)| !share.is_empty()).collect())
}

/// Deaths per four weeks by type.
pub fn deaths(subject: &FigureData<'_>) -> OverTime {
    // Sums over four weeks, taken once in four weeks, so that no death is shown twice.
    let often = subject.runs.scenario.setting.calendar.steps_between_reviews() as usize;
    let points = |kind: DeathType| -> Vec<SeriesPoint> {
        let all = subject.series(Measure::DeathsLately(kind));
        all.iter().skip(often).step_by(often).copied().collect()
    };
    let of_type = |kind: DeathType| {
        (capital(violence(kind)), palette::death(kind as usize), points(kind).iter().map(band).collect())
    };
    chart::deaths(
        subject.heading("Deaths per four weeks, by type", "median, and the range of 95% of the replicates"),
        dates(&points(DeathType::StateBased)),
        DeathType::ALL.into_iter().map(of_type).collect(),
    )
}

/// Displaced people by destination, at the start and after each review of all that is reviewed every four weeks: people
/// return then only, so that values taken in between rise and fall with the reviews.
pub fn displacement(subject: &FigureData<'_>) -> OverTime {
    let setting = &subject.runs.scenario.setting;
    let often = setting.calendar.steps_between_reviews() as usize;
    let reviewed = |measure: Measure| -> Vec<SeriesPoint> {
        let points = subject.series(measure).iter().enumerate();
        points.filter(|(moment, _)| *moment == 0 || moment % often == 1 % often).map(|(_, point)| *point).collect()
    };
    let destination = |(place, country): (usize, &String)| {
        let name = if setting.home_country == Some(place) { format!("inside {country}") } else { country.clone() };
        (name, reviewed(Measure::DisplacedIn(place)).iter().map(|point| point.mean).collect::<Vec<f64>>())
    };
    let mut destinations: Vec<(String, Vec<f64>)> = setting.countries.iter().enumerate().map(destination).collect();
    destinations.retain(|(_, people)| !people.is_empty());
    let most = |people: &[f64]| people.iter().copied().fold(0.0, f64::max);
    destinations.sort_by(|a, b| most(&b.1).total_cmp(&most(&a.1)));
    let total = reviewed(Measure::Displaced);
    let heading = subject.heading(
        "Displaced people, by where they are, every four weeks",
        "mean by destination; the range of 95% of the replicates in all",
    );
    chart::displacement(heading, dates(&total), destinations, total.iter().map(band).collect())
}

/// The largest bloc's share and leader over time.
pub fn hegemony(subject: &FigureData<'_>) -> OverTime {
    let share = subject.series(Measure::BlocShare);
    let leads = |slot: Slot| subject.series(Measure::Leads(slot));
    let worth = subject.worth(None);
    let chance = |point: &SeriesPoint| chance(point, worth);
    let main: Vec<(Slot, &Party)> = subject.reported().filter(|(slot, _)| !leads(*slot).is_empty()).collect();
    let mut leaders: Vec<(Party, Vec<Band>)> =
        main.iter().map(|(slot, party)| ((*party).clone(), leads(*slot).iter().map(chance).collect())).collect();
    let rest = share.iter().enumerate().map(|(moment, point)| {
        let known: f64 = main.iter().filter_map(|(slot, _)| leads(*slot).get(moment)).map(|point| point.mean).sum();
        chance(&SeriesPoint { mean: (1.0 - known).max(0.0), ..*point })
    });
    leaders.push((Actors::others(), rest.collect()));
    chart::hegemony(
        subject.heading("The largest bloc", "median, and the range of 95% of the replicates"),
        dates(share),
        share.iter().map(band).collect(),
        leaders,
    )
}
