//! What there is to say of a static alliance landscape: in plain words, as a chart and as a page.

mod fill;
mod html;

pub use fill::Told;
pub use html::{FitRow, LandscapePage, MinimumRow, landscape_html};
