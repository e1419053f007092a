//! The ground that every other room stands on: typed identifiers, tables indexed by them, units, dates and the
//! portable mathematics that make a run the same to the bit on every platform.

mod calendar;
pub mod date;
mod elementary;
pub mod field;
pub mod id;
pub mod maths;
pub mod meridian;
pub mod name;
pub mod number;
pub mod program;
pub mod row;
pub mod table;
#[cfg(any(feature = "chart", feature = "import"))]
pub mod triangulation;
pub mod when;

pub use calendar::{Calendar, WEEKS_IN_A_YEAR};
pub use date::{DAYS_IN_A_YEAR, Date, Duration};
pub use id::{AccordId, AxisId, CellId, CommunityId, EventId, FactionId, PairId, UmbrellaId, ZoneId};
pub use table::{Id, Matrix, Table};
pub use when::{day, month};
