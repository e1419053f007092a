//! A folder of its own, within a results folder, for what was found out about the results: tables, charts, a page.

use super::drawing;
use super::failure::Failure;
use crate::chart::{Chart, Picture};
use crate::record::{Results, make_folder, write_rows, write_whole};
use crate::report::{Figure, Narrative, narrative};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// A folder for findings.
pub struct Finding {
    path: PathBuf,
}

impl Finding {
    /// Makes a folder `<kind>/<name>` in a results folder. What an earlier finding of that name left is replaced file by
    /// file.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn create(results: &Results, kind: &str, name: &str) -> Result<Self, Failure> {
        let safe = |c: char| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '-' };
        let path = results.folder().path().join(kind).join(name.chars().map(safe).collect::<String>());
        make_folder(&path)?;
        Ok(Self { path })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a table of rows as CSV, with the heads of its columns.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn table<T: Serialize>(&self, name: &str, heads: &[&str], rows: &[T]) -> Result<(), Failure> {
        write_rows(&self.path.join(name), heads, rows)?;
        Ok(())
    }

    /// Draws charts, as SVG and PNG.
    ///
    /// # Errors
    /// If one cannot be drawn or written.
    pub fn charts(&self, results: &Results, charts: &[Box<dyn Chart>]) -> Result<Vec<Picture>, Failure> {
        drawing::picture(charts, &self.path, &drawing::notes(results))
    }

    /// Writes the page.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn page(&self, page: &Narrative) -> Result<PathBuf, Failure> {
        let path = self.path.join("report.html");
        write_whole(&path, narrative(page).as_bytes())?;
        Ok(path)
    }
}

/// A picture as a figure of a page.
pub fn figure(picture: &Picture, caption: &str) -> Figure {
    Figure {
        name: picture.name.clone(),
        title: picture.title.clone(),
        caption: caption.to_owned(),
        svg: picture.svg.clone(),
    }
}
