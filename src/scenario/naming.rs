//! From names as written to what they stand for: one walk through conditions and quantities, which checks of names and
//! their resolution share.

use super::read::tree::Step;
use crate::measure::{Condition, Notation, Quantity, Written};

/// Gives names their meaning. The walk stops at the first error.
pub trait Naming: Sized {
    /// What names become.
    type Names: Notation;
    /// Why a name or condition cannot be taken.
    type Error;

    /// A faction, an umbrella, or the splinters of a faction.
    fn group(&mut self, name: &str) -> Result<<Self::Names as Notation>::Group, Self::Error>;
    /// An umbrella.
    fn umbrella(&mut self, name: &str) -> Result<<Self::Names as Notation>::Umbrella, Self::Error>;
    /// A zone.
    fn zone(&mut self, name: &str) -> Result<<Self::Names as Notation>::Zone, Self::Error>;
    /// A community.
    fn community(&mut self, name: &str) -> Result<<Self::Names as Notation>::Community, Self::Error>;
    /// An accord.
    fn accord(&mut self, name: &str) -> Result<<Self::Names as Notation>::Accord, Self::Error>;
    /// A country.
    fn country(&mut self, name: &str) -> Result<<Self::Names as Notation>::Country, Self::Error>;
    /// A scheduled event.
    fn event(&mut self, name: &str) -> Result<<Self::Names as Notation>::Event, Self::Error>;

    /// Does something at a place further in: what follows from here by these steps.
    fn at<T>(
        &mut self,
        _steps: &[Step<'static>],
        inside: impl FnOnce(&mut Self) -> Result<T, Self::Error>,
    ) -> Result<T, Self::Error> {
        inside(self)
    }

    /// Sees a condition before its names and parts.
    fn see(&mut self, _condition: &Condition<Written>) -> Result<(), Self::Error> {
        Ok(())
    }

    /// Sees a quantity before its names.
    fn see_quantity(&mut self, _quantity: &Quantity<Written>) {}
}

type Meaning<M, T> = fn(&mut M, &str) -> Result<T, <M as Naming>::Error>;

/// The name in a field of a kind of condition or quantity.
fn field<M: Naming, T>(m: &mut M, at: [&'static str; 2], name: &str, meaning: Meaning<M, T>) -> Result<T, M::Error> {
    m.at(&at.map(Step::Key), |m| meaning(m, name))
}

fn optional<M: Naming, T>(
    m: &mut M,
    at: [&'static str; 2],
    name: &Option<String>,
    meaning: Meaning<M, T>,
) -> Result<Option<T>, M::Error> {
    name.as_deref().map(|name| field(m, at, name, meaning)).transpose()
}

fn pair<M: Naming>(
    m: &mut M,
    kind: &'static str,
    [a, b]: &[String; 2],
) -> Result<[<M::Names as Notation>::Group; 2], M::Error> {
    let mut one = |index: usize, name: &str| m.at(&[kind.into(), "between".into(), index.into()], |m| m.group(name));
    Ok([one(0, a)?, one(1, b)?])
}

/// A condition with its names in their meaning.
///
/// # Errors
/// The first name or condition that cannot be taken.
pub fn condition<M: Naming>(m: &mut M, written: &Condition<Written>) -> Result<Condition<M::Names>, M::Error> {
    use Condition as C;
    m.see(written)?;
    Ok(match written {
        C::Stance { between, at_least, at_most, public, zone } => C::Stance {
            between: pair(m, "stance", between)?,
            at_least: *at_least,
            at_most: *at_most,
            public: *public,
            zone: optional(m, ["stance", "zone"], zone, M::zone)?,
        },
        C::SameBloc { of } => {
            let group = |(index, name): (usize, &String)| {
                m.at(&["same_bloc".into(), "of".into(), index.into()], |m| m.group(name))
            };
            C::SameBloc { of: of.iter().enumerate().map(group).collect::<Result<_, _>>()? }
        }
        C::LeadsLargestBloc { group } => {
            C::LeadsLargestBloc { group: field(m, ["leads_largest_bloc", "faction"], group, M::group)? }
        }
        C::Merged { umbrella } => C::Merged { umbrella: field(m, ["merged", "umbrella"], umbrella, M::umbrella)? },
        C::Split { of } => C::Split { of: field(m, ["split", "of"], of, M::group)? },
        C::Controls { group, zone, share } => C::Controls {
            group: field(m, ["controls", "faction"], group, M::group)?,
            zone: field(m, ["controls", "zone"], zone, M::zone)?,
            share: *share,
        },
        C::Accord { accord, status, party } => C::Accord {
            accord: field(m, ["accord", "id"], accord, M::accord)?,
            status: *status,
            party: optional(m, ["accord", "party"], party, M::group)?,
        },
        C::Leaked { between } => C::Leaked { between: pair(m, "leaked", between)? },
        C::Talks { between } => C::Talks { between: pair(m, "talks", between)? },
        C::ForcePresent { group, zone } => C::ForcePresent {
            group: field(m, ["force_present", "faction"], group, M::group)?,
            zone: optional(m, ["force_present", "zone"], zone, M::zone)?,
        },
        C::LeaderFell { group } => C::LeaderFell { group: field(m, ["leader_fell", "faction"], group, M::group)? },
        C::Disarmed { group, share } => {
            C::Disarmed { group: field(m, ["disarmed", "faction"], group, M::group)?, share: *share }
        }
        C::ActiveDyad { between, deaths } => {
            C::ActiveDyad { between: pair(m, "active_dyad", between)?, deaths: *deaths }
        }
        C::Event { event } => C::Event { event: field(m, ["event", "id"], event, M::event)? },
        C::Quantity { of, at_least, at_most } => C::Quantity {
            of: m.at(&["quantity".into(), "of".into()], |m| quantity(m, of))?,
            at_least: *at_least,
            at_most: *at_most,
        },
        C::All(parts) => C::All(conditions(m, "all", parts)?),
        C::Any(parts) => C::Any(conditions(m, "any", parts)?),
        C::Not(part) => C::Not(Box::new(m.at(&["not".into()], |m| condition(m, part))?)),
    })
}

fn conditions<M: Naming>(
    m: &mut M,
    word: &'static str,
    parts: &[Condition<Written>],
) -> Result<Vec<Condition<M::Names>>, M::Error> {
    let mut one = |(index, part): (usize, _)| m.at(&[word.into(), index.into()], |m| condition(m, part));
    parts.iter().enumerate().map(&mut one).collect()
}

/// A quantity with its names in their meaning.
///
/// # Errors
/// The first name that cannot be taken.
pub fn quantity<M: Naming>(m: &mut M, written: &Quantity<Written>) -> Result<Quantity<M::Names>, M::Error> {
    use Quantity as Q;
    m.see_quantity(written);
    Ok(match written {
        Q::Deaths { kind, between, zone, country } => Q::Deaths {
            kind: *kind,
            between: between.as_ref().map(|between| pair(m, "deaths", between)).transpose()?,
            zone: optional(m, ["deaths", "zone"], zone, M::zone)?,
            country: optional(m, ["deaths", "country"], country, M::country)?,
        },
        Q::Displaced { country, zone } => Q::Displaced {
            country: optional(m, ["displaced", "country"], country, M::country)?,
            zone: optional(m, ["displaced", "zone"], zone, M::zone)?,
        },
        Q::CivilianDeaths { group, account } => {
            Q::CivilianDeaths { group: field(m, ["civilian_deaths", "faction"], group, M::group)?, account: *account }
        }
        Q::TerritoryShare { group, bloc_of, country, change } => Q::TerritoryShare {
            group: optional(m, ["territory_share", "faction"], group, M::group)?,
            bloc_of: optional(m, ["territory_share", "bloc_of"], bloc_of, M::group)?,
            country: optional(m, ["territory_share", "country"], country, M::country)?,
            change: *change,
        },
        Q::Territory { count, group, bloc_of, country, change } => Q::Territory {
            count: *count,
            group: optional(m, ["territory", "faction"], group, M::group)?,
            bloc_of: optional(m, ["territory", "bloc_of"], bloc_of, M::group)?,
            country: optional(m, ["territory", "country"], country, M::country)?,
            change: *change,
        },
        Q::BlocShare { group } => Q::BlocShare { group: optional(m, ["bloc_share", "faction"], group, M::group)? },
        Q::Hegemony { group } => Q::Hegemony { group: field(m, ["hegemony", "faction"], group, M::group)? },
        Q::Support { group, community } => Q::Support {
            group: field(m, ["support", "faction"], group, M::group)?,
            community: optional(m, ["support", "community"], community, M::community)?,
        },
        Q::Strength { group, zone } => Q::Strength {
            group: field(m, ["strength", "faction"], group, M::group)?,
            zone: optional(m, ["strength", "zone"], zone, M::zone)?,
        },
        Q::AccordHealth { accord } => Q::AccordHealth { accord: field(m, ["accord_health", "id"], accord, M::accord)? },
    })
}
