//! The page that people read: one self-contained HTML file with the answers first, then the charts, the assumptions,
//! how it was made, and how to use it with care.
//!
//! [`Page`] holds what the page says; [`html`] makes the document. Names from a scenario are escaped.

mod html;
mod page;
pub mod words;

pub use html::html;
pub use page::{Answer, Assumption, Coalition, Figure, Page, Reply, how_to_read};
