//! Where displaced people are from.

use super::event::Event;
use super::formula::rounded;
use super::given::ByZone;
use super::place::Places;

/// Where displaced people are from.
#[derive(Debug, Default)]
pub struct Origins {
    /// People of each zone who are displaced, by the zone where they are.
    pub from: Vec<Vec<(usize, f64)>>,
    /// Zones of whose displaced some are from where people live, for deaths tell too little.
    pub by_people: Vec<usize>,
    /// How many are from nowhere, for all who live elsewhere are displaced already.
    pub lost: f64,
}

/// Where they are from: from every zone in proportion to deaths there in the `year` before the start, none from where they are and
/// no more than its people; who is left, in proportion to people who are not displaced yet.
pub fn origins(displaced: Option<&ByZone>, (year, places): (&[&Event], &Places), people: &[f64]) -> Origins {
    let mut origins = Origins { from: vec![Vec::new(); people.len()], ..Origins::default() };
    let Some(displaced) = displaced else { return origins };
    let mut deaths = vec![0.0; people.len()];
    for (number, event) in year.iter().enumerate() {
        places.shares(number).for_each(|(zone, share)| deaths[zone] += share * f64::from(event.deaths[1]));
    }
    // As the scenario has them, in whole people.
    let mut at_home: Vec<f64> = people.iter().map(|people| people.round()).collect();
    for (to, number) in displaced.numbers.iter().enumerate().filter_map(|(to, number)| Some((to, (*number)?.round()))) {
        let mut flown = vec![0.0; people.len()];
        let by_deaths = flee(number, to, &deaths, (&mut at_home, &mut flown));
        if by_deaths > 0.0 {
            let weights = at_home.clone();
            let left = flee(by_deaths, to, &weights, (&mut at_home, &mut flown));
            if left < by_deaths {
                origins.by_people.push(to);
            }
            origins.lost += left;
        }
        for (zone, number) in flown.into_iter().enumerate().filter(|(_, number)| *number > 0.0) {
            origins.from[zone].push((to, number));
        }
    }
    origins
}

/// Takes people from zones in proportion to weights, from none more than are at home, in whole numbers; how many are left.
fn flee(number: f64, to: usize, weights: &[f64], (at_home, flown): (&mut [f64], &mut [f64])) -> f64 {
    let mut left = number;
    while left > 0.0 {
        let open = |zone: usize| if zone != to && at_home[zone] > 0.0 { weights[zone] } else { 0.0 };
        let open: Vec<f64> = (0..weights.len()).map(open).collect();
        let all: f64 = open.iter().sum();
        if all <= 0.0 {
            break;
        }
        let asked: Vec<f64> = open.iter().map(|weight| left * weight / all).collect();
        let asked = rounded(&asked, 0);
        let before = left;
        for (zone, asked) in asked.into_iter().enumerate() {
            let taken = asked.min(at_home[zone]).max(0.0);
            at_home[zone] -= taken;
            flown[zone] += taken;
            left -= taken;
        }
        if left >= before {
            break;
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fled(number: f64, weights: &[f64], people: &[f64]) -> (f64, Vec<f64>) {
        let (mut at_home, mut flown) = (people.to_vec(), vec![0.0; people.len()]);
        let left = flee(number, 0, weights, (&mut at_home, &mut flown));
        (left, flown)
    }

    #[test]
    fn people_flee_in_proportion_and_no_more_than_there_are() {
        assert_eq!(fled(90.0, &[5.0, 1.0, 2.0], &[500.0; 3]), (0.0, vec![0.0, 30.0, 60.0]));
        // The third has but 40; the others go from the second.
        assert_eq!(fled(90.0, &[5.0, 1.0, 2.0], &[500.0, 500.0, 40.0]), (0.0, vec![0.0, 50.0, 40.0]));
        assert_eq!(fled(90.0, &[5.0, 1.0, 0.0], &[500.0, 20.0, 40.0]), (70.0, vec![0.0, 20.0, 0.0]));
        assert_eq!(fled(90.0, &[5.0, 0.0, 0.0], &[500.0; 3]), (90.0, vec![0.0; 3]));
        // None is lost by rounding.
        assert_eq!(fled(10.0, &[0.0, 1.0, 1.0, 1.0], &[50.0; 4]), (0.0, vec![0.0, 4.0, 3.0, 3.0]));
    }
}
