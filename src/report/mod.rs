//! The page that people read: one self-contained HTML file with the answers first, then the charts, the assumptions,
//! how it was made, and how to use it with care.
//!
//! [`drawing::draw`] writes the report of a results folder: [`figures`] makes the charts of a results folder and [`page()`] the [`Document`] of a run, with them in it; [`comparison()`],
//! [`sweep()`], [`explained`] and [`insight`] make those of other results and of [`analyses`]. Names from a scenario are escaped.

mod alive;
mod alliances;
pub mod analyses;
mod comparison;
pub mod document;
pub mod drawing;
mod effects;
pub mod explained;
pub mod figures;
mod fill;
pub mod insight;
mod landscape;
pub mod live;
pub mod naming;
pub mod narrative;
mod shown;
pub mod summary;
mod sweep;
pub mod theories;
mod variance;
mod verification;
pub mod words;

pub use crate::base::{day, month};
pub use alive::{ENGINE, LivePart, SCRIPT, STYLE};
pub use alliances::{alliances_document, runs as alliance_runs};
pub use comparison::comparison;
pub use document::{Block, Document, Figure, ListPoint, Table, TableCell};
pub use effects::{Effects, effects};
pub use fill::{page, provenance, quoted};
pub use landscape::LandscapeFindings;
pub use sweep::sweep;
pub use verification::{IMAGES, figures as verification_figures, verification_chart, verification_document};
