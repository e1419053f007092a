//! Rows of the UCDP Georeferenced Event Dataset, final and candidate.

use super::error::ImportError;
use super::event::{Coded, Deed, Events, Exactness, Recorder, Row, Sign};
use super::table::EventTable;

/// The columns of the published tables in their order, for those that were published without heads.
pub const COLUMNS: [&str; 49] = [
    "id",
    "relid",
    "year",
    "active_year",
    "code_status",
    "type_of_violence",
    "conflict_dset_id",
    "conflict_new_id",
    "conflict_name",
    "dyad_dset_id",
    "dyad_new_id",
    "dyad_name",
    "side_a_dset_id",
    "side_a_new_id",
    "side_a",
    "side_b_dset_id",
    "side_b_new_id",
    "side_b",
    "number_of_sources",
    "source_article",
    "source_office",
    "source_date",
    "source_headline",
    "source_original",
    "where_prec",
    "where_coordinates",
    "where_description",
    "adm_1",
    "adm_2",
    "latitude",
    "longitude",
    "geom_wkt",
    "priogrid_gid",
    "country",
    "country_id",
    "region",
    "event_clarity",
    "date_prec",
    "date_start",
    "date_end",
    "deaths_a",
    "deaths_b",
    "deaths_civilians",
    "deaths_unknown",
    "best",
    "high",
    "low",
    "gwnoa",
    "gwnob",
];

/// The columns by which such a table is told.
pub const TOLD_BY: [&str; 3] = ["type_of_violence", "side_a_new_id", "best"];

/// The number by which UCDP calls civilians.
const CIVILIANS: &str = "Civilians";
/// The largest number of deaths that is taken.
const MOST: u32 = 10_000_000;
/// Deaths, as they are expected.
const DEATHS: &str = "a number of deaths, 0 or more";
/// Why a row is passed over: its coding is not finished.
pub const UNCLEAR: &str = "not cleared by UCDP yet (`code_status`)";

/// Reads all rows.
///
/// # Errors
/// Which columns are missing and which cells are wrong.
pub fn read(mut table: EventTable<'_>) -> Result<Events, ImportError> {
    let columns = table.columns(
        [
            "id",
            "type_of_violence",
            "side_a",
            "side_b",
            "where_prec",
            "adm_1",
            "latitude",
            "longitude",
            "country",
            "country_id",
            "event_clarity",
            "date_start",
            "date_end",
            "best",
            "high",
            "low",
            "gwnoa",
            "gwnob",
        ],
        &COLUMNS,
    )?;
    let [
        id,
        violence,
        side_a,
        side_b,
        precision,
        region,
        latitude,
        longitude,
        country,
        home,
        clarity,
        first,
        last,
        best,
        high,
        low,
        gwno_a,
        gwno_b,
    ] = columns;
    // Older versions have no such column, and no row that is not cleared.
    let status = table.column_or_order("code_status", &COLUMNS);
    let mut events = Events::new(Recorder::Ged, table.separator);
    while table.next()? {
        events.rows += 1;
        if status.is_some_and(|status| !table.is(status, &["clear", ""])) {
            events.pass(UNCLEAR);
            continue;
        }
        let deed = match table.bytes(violence) {
            b"1" => Deed::StateBased,
            b"2" => Deed::NonState,
            b"3" => Deed::OneSided,
            _ => {
                table.refuse(violence, "1 (state-based), 2 (non-state) or 3 (one-sided)");
                continue;
            }
        };
        let exactness = match table.whole(precision, (1, 7), "1 to 7") {
            1..=3 => Exactness::Exact,
            4 => Exactness::Region,
            5 => Exactness::About,
            _ => Exactness::Vague,
        };
        let placed = exactness != Exactness::Vague || !table.bytes(latitude).is_empty();
        let point = placed.then(|| {
            let north = table.number(latitude, (-90.0, 90.0), "degrees of latitude, -90 to 90");
            let east = table.number(longitude, (-180.0, 180.0), "degrees of longitude, -180 to 180");
            east.zip(north)
        });
        let (begun, ended) = (table.day(first), table.day(last));
        if let (Some(begun), Some(ended)) = (begun, ended)
            && ended < begun
        {
            table.refuse(last, &format!("a day from `date_start` ({begun}) on"));
        }
        let mut deaths = [low, best, high].map(|column| table.whole(column, (0, MOST), DEATHS));
        if deaths[0] > deaths[1] || deaths[1] > deaths[2] {
            events.widened += 1;
            (deaths[0], deaths[2]) = (deaths[0].min(deaths[1]), deaths[2].max(deaths[1]));
        }
        let clear = table.whole(clarity, (1, 2), "1 (clear) or 2 (lower)") == 1;
        let home = table.text(home);
        let coded = [gwno_a, gwno_b].map(|column| {
            // Several governments on one side are written with commas; the first leads.
            let text = table.text(column);
            let number = text.split([',', ';']).next().unwrap_or_default().trim().trim_end_matches(".0").to_owned();
            match number.as_str() {
                "" | "NA" | "-99" => Coded::Group,
                number if number == home.trim_end_matches(".0") => Coded::State,
                _ => Coded::External,
            }
        });
        let (names, region, country) =
            ([side_a, side_b].map(|side| table.text(side)), table.text(region), table.text(country));
        if names[0].is_empty() {
            table.refuse(side_a, "the name of an actor");
        }
        let id = table.text(id);
        let Some(day) = ended else { continue };
        let other = if deed == Deed::OneSided || names[1] == CIVILIANS { "" } else { &names[1] };
        let row = Row {
            id: &id,
            day,
            sides: [&names[0], other],
            coded,
            deed,
            sign: Sign::None,
            clear,
            deaths,
            point: point.flatten(),
            exactness,
            region: region_of(&region),
            country: &country,
        };
        let line = table.line();
        events.add(line, &row);
    }
    table.finish()?;
    Ok(events)
}

/// A region's name; empty where it is said to be none.
fn region_of(text: &str) -> &str {
    if text == "NA" { "" } else { text }
}

/// The cell of the PRIO-GRID (Tollefsen, Strand and Buhaug 2012) that a point lies in: half a degree wide and high, numbered from
/// the south-west by rows of 720.
pub fn prio_grid((longitude, latitude): (f64, f64)) -> i64 {
    let (column, row) = ((2.0 * (longitude + 180.0)).floor() as i64, (2.0 * (latitude + 90.0)).floor() as i64);
    row * 720 + column + 1
}

#[cfg(test)]
mod tests {
    #[test]
    fn grid_cells_are_numbered_from_the_south_west() {
        assert_eq!(super::prio_grid((-180.0, -90.0)), 1);
        assert_eq!(super::prio_grid((179.9, 89.9)), 720 * 360);
        // Gao, 16.27 N 0.05 W: row 212, column 359.
        assert_eq!(super::prio_grid((-0.05, 16.27)), 212 * 720 + 359 + 1);
    }
}
