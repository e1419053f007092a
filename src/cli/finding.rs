//! A folder of its own, within a results folder, for what was found out about the results: tables, charts, a page.

use super::failure::Failure;
use crate::base::program;
use crate::chart::{Chart, Picture, render_all};
use crate::record::write_whole;
use crate::record::{RecordError, Results, WholeFile};
use crate::report::{Figure, Narrative, narrative};
use serde::Serialize;
use std::io::Write;
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
        std::fs::create_dir_all(&path).map_err(RecordError::io("make", &path))?;
        Ok(Self { path })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a table of rows as CSV.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn table<T: Serialize>(&self, name: &str, rows: &[T]) -> Result<(), Failure> {
        let path = self.path.join(name);
        let wrong = |error: csv::Error| RecordError::io("write", &path)(error.into());
        let mut content = csv::Writer::from_writer(Vec::new());
        for row in rows {
            content.serialize(row).map_err(wrong)?;
        }
        let bytes = content.into_inner().map_err(|error| RecordError::io("write", &path)(error.into_error()))?;
        let mut file = WholeFile::create(&path)?;
        file.write_all(&bytes).map_err(RecordError::io("write", &path))?;
        file.finish()?;
        Ok(())
    }

    /// Draws charts, as SVG and PNG.
    ///
    /// # Errors
    /// If one cannot be drawn or written.
    pub fn charts(&self, results: &Results, charts: &[Box<dyn Chart>]) -> Result<Vec<Picture>, Failure> {
        let manifest = results.manifest();
        let seed = manifest.seed.to_string();
        let software = format!("entente {}", program::VERSION);
        let notes = [
            ("Software", software.as_str()),
            ("Seed", seed.as_str()),
            ("Experiment", manifest.experiment.as_str()),
            ("Result digest", manifest.result_digest.as_str()),
        ];
        let pictures = render_all(charts, &notes).map_err(Failure::failed)?;
        for picture in &pictures {
            write_whole(&self.path.join(format!("{}.svg", picture.name)), picture.svg.as_bytes())?;
            write_whole(&self.path.join(format!("{}.png", picture.name)), &picture.png)?;
        }
        Ok(pictures)
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
