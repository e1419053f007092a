//! A folder of its own, within a results folder, for what was found out about the results: tables, charts, a page.

use super::failure::Failure;
use super::options::TellArgs;
use crate::chart::Chart;
use crate::record::{Results, make_folder, write_rows, write_whole};
use crate::report::Document;
use crate::report::drawing;
use crate::report::insight::Insight;
use serde::Serialize;
use serde_json::Value;
use std::io::Write;
use std::path::PathBuf;

/// A folder for findings.
pub struct Finding {
    path: PathBuf,
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

    /// Keeps a text that the finding rests on.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn keep(&self, name: &str, text: &str) -> Result<(), Failure> {
        write_whole(&self.path.join(name), text.as_bytes())?;
        Ok(())
    }

    /// Writes what an analysis found, and tells it.
    ///
    /// # Errors
    /// If a chart cannot be drawn, or something cannot be written.
    pub fn deliver(
        &self,
        results: &Results,
        insight: Insight,
        how: TellArgs,
        out: &mut dyn Write,
    ) -> Result<(), Failure> {
        insight.write_tables(&self.path)?;
        self.tell(results, (insight.document, insight.charts), insight.json, how, out)
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
        how: TellArgs,
        out: &mut dyn Write,
    ) -> Result<(), Failure> {
        let page = self.path.join("report.html");
        if !how.charts.no_charts {
            document.draw(&drawing::picture(&charts, &self.path, &drawing::notes(results, &results.scenario()?))?);
            write_whole(&page, document.html().as_bytes())?;
        }
        json["folder"] = self.path.display().to_string().into();
        let place = if how.charts.no_charts { ("Tables", &*self.path) } else { ("Page", &*page) };
        how.print.print(&document, &[place], || json, out)
    }
}
