//! Pictures of results.
//!
//! Every chart is a plain struct of labels, colours, dates and numbers, in a file of its own, and knows nothing of how
//! results are stored. It draws itself once on a [`Canvas`], from which [`render`] makes an SVG document and a PNG
//! image through plotters. Whatever the data, a chart draws without panicking: what is not finite is left out, names
//! are cut to fit, and no data gives a drawing that says so.

mod alluvial;
mod amount;
pub mod axis;
mod boxes;
mod canvas;
mod causes;
mod coalitions;
mod deaths;
mod differences;
mod displacement;
mod dots;
mod frame;
mod ground;
mod hegemony;
mod influence;
mod ladder;
mod land;
mod landscape;
mod map;
mod matrix;
mod over_time;
mod overlay;
mod pair_over_time;
pub mod palette;
mod panel;
mod plane;
mod priors;
mod probabilities;
mod raster;
mod reliability;
mod render;
mod series;
mod sharpness;
mod stack;
mod survival;
mod territory;
mod text;
mod theory;
mod timeline;
mod transitions;
mod tree;
mod vector;
mod voronoi;

pub use alluvial::Alluvial;
pub use amount::{AmountCauses, AmountRow};
pub use boxes::{BoxPanel, Boxes};
pub use canvas::{Anchor, Canvas, Mark, Text};
pub use causes::{CauseBars, CauseRow};
pub use coalitions::{CoalitionStructure, Coalitions};
pub use deaths::deaths;
pub use differences::{DifferenceDots, Differences};
pub use displacement::displacement;
pub use frame::{About, Band, Chart, Heading, Party};
pub use ground::{GroundMap, GroundRun, Thrust};
pub use hegemony::hegemony;
pub use influence::{Influence, InfluenceRow};
pub use ladder::{CausalLadder, Tested};
pub use land::MapZone;
pub use landscape::{EnergyBand, EnergyLandscape, StableBlocs};
pub use map::{Holder, MapPanel, ZoneMap};
pub use matrix::{PairTable, RelationMatrix};
pub use over_time::{OverTime, Scaled};
pub use overlay::overlay;
pub use pair_over_time::pair_over_time;
pub use palette::Colour;
pub use plane::{Plane, PlanePoint};
pub use priors::{PriorRow, Priors};
pub use probabilities::{Probabilities, ProbabilityRow};
pub use reliability::ReliabilityCurve;
pub use render::{Picture, render, render_all};
pub use series::{Series, TimePanel};
pub use sharpness::Sharpness;
pub use survival::{SurvivalChart, SurvivalLine, SurvivalPanel};
pub use territory::territory;
pub use theory::{TheoryLine, TheoryPlot};
pub use timeline::{Lane, OffensiveSpan, StanceSpan, Symbol, Timeline, TimelineMoment};
pub use transitions::TransitionTable;
pub use tree::{FutureTree, TreePanel};
pub use vector::svg;
