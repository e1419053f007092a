//! A landscape as people write it.

use super::{Landscape, LandscapeError};
use crate::base::name::{composed, without_mark};
use serde::Deserialize;
use std::collections::BTreeSet;

/// A landscape with names and its source.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedLandscape {
    /// What it is about.
    pub title: String,
    /// Where the numbers come from.
    pub source: String,
    /// The actors' names.
    pub actors: Vec<String>,
    /// The numbers.
    pub landscape: Landscape,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    landscape: CaseTable,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseTable {
    title: String,
    source: String,
    actors: Vec<String>,
    sizes: Vec<f64>,
    /// The rating that means neither for nor against.
    #[serde(default)]
    neutral: f64,
    ratings: Vec<Vec<f64>>,
}

impl NamedLandscape {
    /// Reads a table in TOML: `[landscape]` with `title`, `source`, `actors` (names), `sizes` (one each), `ratings` (one
    /// row each, of one rating per actor; the diagonal is not read) and `neutral`, the rating that stands for a
    /// propensity of 0 (0 unless given).
    ///
    /// # Errors
    /// If the text is no such table or its numbers do not fit.
    pub fn parse(text: &str) -> Result<Self, LandscapeError> {
        let File { landscape: table } =
            toml::from_str(without_mark(text)).map_err(|error| LandscapeError::Table(error.to_string()))?;
        let expected = table.actors.len();
        let shape = |what: String, found: usize| {
            if found == expected { Ok(()) } else { Err(LandscapeError::Shape { what, found, expected }) }
        };
        each_once(&table.actors)?;
        shape("`sizes`".to_owned(), table.sizes.len())?;
        shape("`ratings`".to_owned(), table.ratings.len())?;
        for (actor, row) in table.actors.iter().zip(&table.ratings) {
            shape(format!("the row of `ratings` of {actor}"), row.len())?;
        }
        let propensities: Vec<f64> = table.ratings.iter().flatten().map(|rating| rating - table.neutral).collect();
        let landscape = Landscape::new(&table.sizes, &propensities)?;
        Ok(Self { title: table.title, source: table.source, actors: table.actors, landscape })
    }

    /// Whether a text begins as a matrix in CSV does, whatever parts its columns.
    pub fn is_matrix(text: &str) -> bool {
        first_line(text).split([',', ';', '\t']).take(2).map(|head| head.trim_matches(is_quoting)).eq(HEADS)
    }

    /// Reads a matrix in CSV: a header `actor,size,<name>,<name>,…` and a row per actor in the same order, with its name,
    /// its size and its propensity towards each; the diagonal is not read and may be empty.
    ///
    /// # Errors
    /// If the text is no such matrix or its numbers do not fit.
    pub fn parse_csv(title: &str, text: &str) -> Result<Self, LandscapeError> {
        let wrong = |error: csv::Error| LandscapeError::Table(error.to_string());
        let table = |reason: String| LandscapeError::Table(reason);
        let first = first_line(text);
        for (sign, name) in [(';', "semicolons"), ('\t', "tabs")] {
            if first.contains(sign) && !first.contains(',') {
                return Err(table(format!("{name} part its columns, expected commas (and points in numbers)")));
            }
        }
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(without_mark(text).as_bytes());
        let heads = reader.headers().map_err(wrong)?;
        if !heads.iter().take(2).eq(HEADS) {
            let found = heads.iter().take(2).collect::<Vec<_>>().join(",");
            return Err(table(format!("its first line begins with `{found}`, expected `{},<names>`", HEADS.join(","))));
        }
        let actors: Vec<String> = heads.iter().skip(2).map(composed).collect();
        each_once(&actors)?;
        let (mut sizes, mut propensities) = (Vec::new(), Vec::new());
        for (place, record) in reader.records().enumerate() {
            let record = record.map_err(wrong)?;
            let name = composed(record.get(0).unwrap_or_default());
            let expected = actors.get(place).map_or("no more rows", String::as_str);
            if name != expected {
                return Err(LandscapeError::Table(format!(
                    "row {} is of `{name}`, expected `{expected}`, for rows and columns come in the same order",
                    place + 1
                )));
            }
            for (column, cell) in record.iter().enumerate().skip(1) {
                let number = match cell.parse::<f64>() {
                    Ok(number) if column == place + 2 && number.abs() > 0.0 => {
                        return Err(LandscapeError::Table(format!(
                            "column {} of `{name}` is `{cell}`, expected nothing or 0: nobody has a propensity towards itself",
                            column + 1
                        )));
                    }
                    Ok(number) => number,
                    Err(_) if column == place + 2 => 0.0,
                    Err(_) => {
                        return Err(LandscapeError::Table(format!(
                            "column {} of `{name}` is `{cell}`, expected a number",
                            column + 1
                        )));
                    }
                };
                if column == 1 { sizes.push(number) } else { propensities.push(number) }
            }
        }
        if sizes.len() != actors.len() {
            let what = "the matrix".to_owned();
            return Err(LandscapeError::Shape { what, found: sizes.len(), expected: actors.len() });
        }
        let landscape = Landscape::new(&sizes, &propensities)?;
        Ok(Self { title: title.to_owned(), source: String::new(), actors, landscape })
    }
}

/// The first two columns of a matrix.
const HEADS: [&str; 2] = ["actor", "size"];

fn first_line(text: &str) -> &str {
    without_mark(text).lines().find(|line| !line.trim().is_empty()).unwrap_or_default()
}

fn is_quoting(letter: char) -> bool {
    letter.is_whitespace() || letter == '"'
}

/// Whether each actor has a name, and one of its own.
fn each_once(actors: &[String]) -> Result<(), LandscapeError> {
    let mut seen = BTreeSet::new();
    for (place, name) in actors.iter().enumerate() {
        if name.trim().is_empty() {
            return Err(LandscapeError::Table(format!("actor {} has no name", place + 1)));
        }
        if !seen.insert(composed(name)) {
            return Err(LandscapeError::Table(format!("the actor `{name}` stands twice, expected each once")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::two_blocs;
    use super::*;

    #[test]
    fn the_syria_case_settles_as_published() {
        let case = NamedLandscape::parse(include_str!("../../../configs/landscape-syria.toml")).unwrap();
        let found = two_blocs(&case.landscape, 2, 1).unwrap();
        assert_eq!((found.configurations, found.minima_count), (1024, 1));
        let minimum = &found.minima[0];
        assert!((minimum.basin.value - 1.0).abs() < 1e-12);
        assert!((minimum.configuration.energy + 83_200.0).abs() < 1e-6);
        assert!((found.lowest[0].energy + 83_200.0).abs() < 1e-6 && (found.lowest[1].energy + 82_400.0).abs() < 1e-6);
        let other_side: Vec<&str> = case
            .actors
            .iter()
            .zip(&minimum.configuration.blocs)
            .filter(|(_, bloc)| **bloc == 1)
            .map(|(actor, _)| actor.as_str())
            .collect();
        assert_eq!(other_side, ["Turkey", "ISIS", "Nusra Front"]);
    }

    #[test]
    fn tables_that_do_not_fit_are_refused_in_words() {
        let refused = |text: &str| NamedLandscape::parse(text).unwrap_err().to_string();
        let table = "[landscape]\ntitle = 't'\nsource = 's'\nactors = ['a', 'b']\n";
        let uneven = format!("{table}sizes = [1, 2]\nratings = [[0, 1], [1]]");
        assert_eq!(refused(&uneven), "the row of `ratings` of b has 1 values, expected 2");
        let negative = format!("{table}sizes = [1, -2]\nratings = [[0, 1], [1, 0]]");
        assert_eq!(refused(&negative), "the size of actor 2 is -2, expected a number of 0 or more");
        assert!(refused("[landscape]\nactor = 3").starts_with("the landscape table cannot be read"));
    }

    #[test]
    fn a_matrix_in_csv_is_the_same_as_its_table() {
        let case = NamedLandscape::parse_csv("t", "actor,size,a,b\na,1,,0.5\nb, 2,-0.5,\n").unwrap();
        assert_eq!(
            (case.actors, case.landscape),
            (vec!["a".to_owned(), "b".to_owned()], Landscape::new(&[1.0, 2.0], &[0.0, 0.5, -0.5, 0.0]).unwrap())
        );
        let refused = |text: &str| NamedLandscape::parse_csv("t", text).unwrap_err().to_string();
        let own = refused("actor,size,a,b\na,1,5,0.5\nb,2,-0.5,\n");
        assert!(own.contains("column 3 of `a` is `5`, expected nothing or 0"), "{own}");
        assert!(refused("actor,size,a,b\nb,1,,0.5\n").contains("row 1 is of `b`, expected `a`"));
        assert!(refused("actor,size,a,b\na,1,,x\nb,1,0,0").contains("column 4 of `a` is `x`, expected a number"));
        assert!(refused("actor,size,a,b\na,1,0,0\n").contains("the matrix has 1 values, expected 2"));
    }
}
