//! Rows of the Armed Conflict Location & Event Data. Notes and sources are never read.

use super::error::ImportError;
use super::event::{Coded, Deed, Events, Exactness, Recorder, Row, Sign};
use super::table::EventTable;
use crate::base::name::folded;

/// The columns by which such a table is told.
pub const TOLD_BY: [&str; 3] = ["event_id_cnty", "sub_event_type", "inter1"];

/// The largest number of deaths that is taken.
const MOST: u32 = 10_000_000;
/// Why a row is passed over: crowds are no factions.
pub const CROWD: &str = "protests and riots";
/// Why a row is passed over: nobody in it is an organised actor.
pub const NOBODY: &str = "events without an organised actor";

/// What a side is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Inter {
    Organised(Coded),
    Crowd,
    Civilians,
    Nobody,
}

/// Reads all rows.
///
/// # Errors
/// Which columns are missing and which cells are wrong.
pub fn read(mut table: EventTable<'_>) -> Result<Events, ImportError> {
    let columns = table.columns(
        [
            "event_id_cnty",
            "event_date",
            "event_type",
            "sub_event_type",
            "actor1",
            "inter1",
            "actor2",
            "inter2",
            "country",
            "admin1",
            "latitude",
            "longitude",
            "geo_precision",
            "fatalities",
        ],
        &[],
    )?;
    let [
        id,
        date,
        kind,
        sub,
        actor1,
        inter1,
        actor2,
        inter2,
        country,
        region,
        latitude,
        longitude,
        precision,
        fatalities,
    ] = columns;
    let mut events = Events::new(Recorder::Acled, table.separator);
    let mut known: Vec<(Vec<u8>, Inter)> = Vec::new();
    while table.next()? {
        events.rows += 1;
        if table.is(kind, &["protests", "riots"]) {
            events.pass(CROWD);
            continue;
        }
        let inter = [inter1, inter2].map(|column| {
            // A handful of words stand in all rows.
            let met = known.iter().find(|(word, _)| word == table.bytes(column)).map(|(_, found)| *found);
            let found = met.or_else(|| {
                let found = inter_of(&table.text(column))?;
                known.push((table.bytes(column).to_owned(), found));
                Some(found)
            });
            if found.is_none() {
                table.refuse(column, "1 to 8, or words such as `State forces`, `Rebel group`, `Civilians`");
            }
            found.unwrap_or(Inter::Nobody)
        });
        let names = [actor1, actor2].map(|column| table.text(column));
        let organised = |side: usize| matches!(inter[side], Inter::Organised(_)) && !names[side].is_empty();
        let by = match (organised(0), organised(1)) {
            (false, false) => {
                events.pass(NOBODY);
                continue;
            }
            (false, true) => 1,
            _ => 0,
        };
        // Who acts on civilians comes first, whichever column they stand in.
        let order = [by, 1 - by];
        let coded = order.map(|side| match inter[side] {
            Inter::Organised(coded) => coded,
            _ => Coded::Group,
        });
        let official = |side: usize| matches!(coded[side], Coded::State | Coded::External) && organised(order[side]);
        let against = inter[order[1]] == Inter::Civilians || table.is(kind, &["violence against civilians"]);
        let deed = if table.is(kind, &["strategic developments"]) {
            Deed::Peaceful
        } else if against {
            Deed::OneSided
        } else if official(0) || official(1) {
            Deed::StateBased
        } else {
            Deed::NonState
        };
        let sign = sign(&table, sub, official);
        let exactness = match table.whole(precision, (1, 3), "1 to 3") {
            1 | 2 => Exactness::Exact,
            _ => Exactness::Region,
        };
        let north = table.number(latitude, (-90.0, 90.0), "degrees of latitude, -90 to 90");
        let east = table.number(longitude, (-180.0, 180.0), "degrees of longitude, -180 to 180");
        let best = table.whole(fatalities, (0, MOST), "a number of deaths, 0 or more");
        let (day, id) = (table.day(date), table.text(id));
        let (region, country) = (table.text(region), table.text(country));
        let Some(day) = day else { continue };
        let name = |side: usize| if organised(order[side]) { names[order[side]].as_str() } else { "" };
        let row = Row {
            id: &id,
            day,
            sides: [name(0), name(1)],
            coded,
            deed,
            sign,
            clear: true,
            deaths: [best; 3],
            point: east.zip(north),
            exactness,
            region: &region,
            country: &country,
        };
        let line = table.line();
        events.add(line, &row);
    }
    table.finish()?;
    Ok(events)
}

/// What a kind of event says of ground or of a deal. Who has overtaken territory is the side that is no state, and who has
/// regained it the one that is; of two such sides the first.
fn sign(table: &EventTable<'_>, sub: super::table::Column, official: impl Fn(usize) -> bool) -> Sign {
    if table.is(sub, &["non-state actor overtakes territory"]) {
        Sign::Taken(u8::from(official(0) && !official(1)))
    } else if table.is(sub, &["government regains territory"]) {
        Sign::Taken(u8::from(official(1) && !official(0)))
    } else if table.is(sub, &["non-violent transfer of territory"]) {
        Sign::Taken(0)
    } else if table.is(sub, &["headquarters or base established"]) {
        Sign::Base
    } else if table.is(sub, &["agreement"]) {
        Sign::Agreement
    } else {
        Sign::None
    }
}

/// What a code says, as a number or in any of its spellings.
fn inter_of(text: &str) -> Option<Inter> {
    let word = folded(text);
    let is = |stems: &[&str]| stems.iter().any(|stem| word.starts_with(stem));
    Some(match word.as_str() {
        "1" => Inter::Organised(Coded::State),
        "2" => Inter::Organised(Coded::Rebels),
        "3" | "4" => Inter::Organised(Coded::Militia),
        "5" | "6" => Inter::Crowd,
        "7" => Inter::Civilians,
        "8" => Inter::Organised(Coded::External),
        "" | "0" | "na" => Inter::Nobody,
        _ if is(&["state"]) => Inter::Organised(Coded::State),
        _ if is(&["rebel"]) => Inter::Organised(Coded::Rebels),
        _ if is(&["political", "identity", "communal", "ethnic"]) => Inter::Organised(Coded::Militia),
        _ if is(&["rioter", "protester"]) => Inter::Crowd,
        _ if is(&["civilian"]) => Inter::Civilians,
        _ if is(&["external", "other", "outside"]) => Inter::Organised(Coded::External),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_sides_are_read_in_every_spelling() {
        let organised = Inter::Organised;
        for (texts, expected) in [
            (["1", "State forces", "State Forces"], organised(Coded::State)),
            (["2", "Rebel Groups", "rebel forces"], organised(Coded::Rebels)),
            (["3", "Political militia", "Identity Militias"], organised(Coded::Militia)),
            (["8", "External/Other forces", "Other Forces"], organised(Coded::External)),
            (["5", "Rioters", "Protesters"], Inter::Crowd),
            (["7", "Civilians", "civilian"], Inter::Civilians),
            (["", "0", " "], Inter::Nobody),
        ] {
            assert!(texts.iter().all(|text| inter_of(text) == Some(expected)), "{texts:?}");
        }
        assert_eq!((inter_of("9"), inter_of("Rabble")), (None, None));
    }
}
