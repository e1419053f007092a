//! `entente verify`: what theory predicts of parts of the model, and what the code gives.

use super::failure::{FAILED, Failure};
use super::options::PrintArgs;
use crate::analysis::verification::{Chapter, Check, chapters};
use crate::chart::{Chart, Ids, render_all};
use crate::record::{RecordError, write_whole};
use crate::report::{Document, IMAGES, Table, verification_chart, verification_document, verification_figures};
use clap::Args;
use serde_json::json;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Options of `verify`.
#[derive(Clone, Debug, Args)]
pub struct VerifyArgs {
    /// Write the chapter (verification.md) and its pictures (images/verification-*.png) into this folder
    #[arg(long, value_name = "DIR", value_parser = super::options::folders())]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub print: PrintArgs,
}

/// Checks and prints it.
///
/// # Errors
/// If a prediction does not hold (after everything is written), or files cannot be written.
pub fn verify(args: &VerifyArgs, out: &mut dyn Write) -> Result<(), Failure> {
    let chapters = chapters().map_err(Failure::failed)?;
    if let Some(folder) = &args.out {
        write(folder, &chapters)?;
    }
    let json = |chapter: &Chapter| {
        let passes: Vec<bool> = chapter.checks.iter().map(Check::passes).collect();
        json!({ "theory": chapter.title, "source": chapter.source, "checks": chapter.checks, "passes": passes })
    };
    args.print.print(&document(&chapters), &[], || chapters.iter().map(json).collect(), out)?;
    let checks = || chapters.iter().flat_map(|chapter| &chapter.checks);
    match checks().filter(|check| !check.passes()).count() {
        0 => Ok(()),
        wrong => {
            Err(Failure { message: format!("{wrong} of {} predictions do not hold", checks().count()), code: FAILED })
        }
    }
}

fn document(chapters: &[Chapter]) -> Document {
    let mut page = Document::new("What theory predicts of parts of the model, and what the code gives", "");
    for chapter in chapters {
        page.heading(chapter.title).words(chapter.source);
        let mut table = Table::new(["Prediction"], ["Theory", "Code", "May differ by", ""]);
        for check in &chapter.checks {
            let [predicted, measured, _, tolerance] = verification_figures(check);
            let holds = if check.passes() { "holds" } else { "FAILS" };
            table.row([check.what.clone(), predicted, measured, tolerance, holds.into()]);
        }
        page.table(table);
    }
    let checks = || chapters.iter().flat_map(|chapter| &chapter.checks);
    let held = checks().filter(|check| check.passes()).count();
    page.words(format!("{held} of {} predictions hold", checks().count()));
    page
}

fn write(folder: &Path, chapters: &[Chapter]) -> Result<(), Failure> {
    let charts: Vec<Box<dyn Chart>> =
        chapters.iter().filter_map(verification_chart).map(|chart| -> Box<dyn Chart> { Box::new(chart) }).collect();
    let notes = [("Software", concat!("entente ", env!("CARGO_PKG_VERSION")))];
    let images = folder.join(IMAGES);
    std::fs::create_dir_all(&images).map_err(RecordError::io("make", &images))?;
    for picture in render_all(&charts, &notes, &Ids::default()).map_err(Failure::failed)? {
        write_whole(&images.join(format!("{}.png", picture.name)), &picture.png)?;
    }
    write_whole(&folder.join("verification.md"), verification_document(chapters).as_bytes())?;
    Ok(())
}
