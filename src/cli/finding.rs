//! A folder of its own, within a results folder, for what was found out about the results: tables, charts, a page.

use super::failure::Failure;
use super::output::print;
use super::summary::OutputFormat;
use crate::chart::Chart;
use crate::record::{Results, make_folder, write_rows, write_whole};
use crate::report::Document;
use crate::report::drawing;
use serde::Serialize;
use serde_json::Value;
use std::io::Write;
use std::path::PathBuf;

/// A folder for findings.
pub struct Finding {
    path: PathBuf,
}

/// How a command is asked to tell what it found.
#[derive(Clone, Copy, Debug)]
pub struct Telling {
    /// As text or as JSON.
    pub format: OutputFormat,
    /// Draw no charts and write no page.
    pub no_charts: bool,
    /// Print no text.
    pub quiet: bool,
}

impl Finding {
    /// Makes a folder, which [`Folder::finding`](crate::record::Folder::finding) names. What the same analysis left there
    /// earlier is replaced file by file.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn create(path: PathBuf) -> Result<Self, Failure> {
        make_folder(&path)?;
        Ok(Self { path })
    }

    /// Writes a table of rows as CSV, with the heads of its columns.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn table<T: Serialize>(&self, name: &str, heads: &[&str], rows: &[T]) -> Result<(), Failure> {
        write_rows(&self.path.join(name), heads, rows)?;
        Ok(())
    }

    /// Draws the charts, writes the page, and prints the document, or instead of it what programs read.
    ///
    /// # Errors
    /// If a chart cannot be drawn, or something cannot be written.
    pub fn tell(
        &self,
        results: &Results,
        (mut document, charts): (Document, Vec<Box<dyn Chart>>),
        mut json: Value,
        how: Telling,
        out: &mut dyn Write,
    ) -> Result<(), Failure> {
        let page = self.path.join("report.html");
        if !how.no_charts {
            document.draw(&drawing::picture(&charts, &self.path, &drawing::notes(results))?);
            write_whole(&page, document.html().as_bytes())?;
        }
        match how.format {
            OutputFormat::Json => {
                json["folder"] = self.path.display().to_string().into();
                writeln!(out, "{json:#}").map_err(Failure::failed)
            }
            OutputFormat::Text if how.quiet => Ok(()),
            OutputFormat::Text if how.no_charts => print(&document, &[("Tables", &self.path)], out),
            OutputFormat::Text => print(&document, &[("Page", &page)], out),
        }
    }
}
