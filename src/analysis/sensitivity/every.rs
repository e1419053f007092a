//! The measures that a sample allows.

use super::given::{FirstOrder, first_order};
use super::morris::{ElementaryEffects, effects};
use super::pawn::{Pawn, pawn};
use super::sobol::{SobolIndices, indices};
use super::structure::{SampleStructure, independent_rows};
use super::{SensitivityError, Settings};
use serde::Serialize;

/// Parts into which PAWN cuts an input.
const PARTS: usize = 10;

/// What was found, by the kind of sample.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "method")]
pub enum SensitivityIndices {
    /// From a Saltelli sample.
    Sobol {
        /// First, total and second order.
        indices: SobolIndices,
        /// PAWN over the independent rows, if there are enough.
        pawn: Option<Pawn>,
    },
    /// From Morris trajectories.
    Morris {
        /// Per input.
        effects: Vec<ElementaryEffects>,
        /// How many runs failed.
        failed: usize,
    },
    /// From any other sample.
    Given {
        /// First order.
        first: FirstOrder,
        /// PAWN, if there are enough runs.
        pawn: Option<Pawn>,
    },
}

/// Estimates what the structure of a sample allows. `points` are row-major with `columns` inputs: in shares of their
/// ranges, 0–1, for Morris, in any unit for others; `outputs` has one number per row, not finite where a run failed.
///
/// # Errors
/// If the rows are not of that structure, too few, or all failed.
pub fn find(
    points: &[f64],
    columns: usize,
    outputs: &[f64],
    structure: SampleStructure,
    settings: &Settings,
) -> Result<SensitivityIndices, SensitivityError> {
    let pawn_of = |points: &[f64], outputs: &[f64], settings: &Settings| {
        if outputs.len() < 10 * PARTS {
            return Ok(None);
        }
        pawn(points, columns, outputs, PARTS, &affordable(settings, outputs.len() * columns * PARTS)).map(Some)
    };
    match structure {
        SampleStructure::Saltelli { second_order } => {
            let settings = affordable(settings, outputs.len());
            let rows = independent_rows(outputs.len(), columns, second_order);
            let ends: Vec<f64> =
                rows.iter().flat_map(|row| points[row * columns..][..columns].iter().copied()).collect();
            let at_ends = |outputs: &[f64]| -> Vec<f64> { rows.iter().map(|row| outputs[*row]).collect() };
            let of_ends = at_ends(outputs);
            let left_out: Vec<Vec<f64>> = settings.left_out.iter().map(|outputs| at_ends(outputs)).collect();
            let indices = indices(outputs, columns, second_order, &settings)?;
            let known = of_ends.iter().any(|output| output.is_finite());
            let of_ends = |settings: &Settings| pawn_of(&ends, &of_ends, settings);
            let pawn = if known { of_ends(&Settings { left_out: &left_out, ..settings })? } else { None };
            Ok(SensitivityIndices::Sobol { indices, pawn })
        }
        SampleStructure::Morris => {
            let effects = effects(points, columns, outputs, &affordable(settings, outputs.len()))?;
            Ok(SensitivityIndices::Morris {
                effects,
                failed: outputs.iter().filter(|output| !output.is_finite()).count(),
            })
        }
        SampleStructure::Other => {
            let settings = affordable(settings, outputs.len() * columns);
            let first = first_order(points, columns, outputs, &settings)?;
            Ok(SensitivityIndices::Given { first, pawn: pawn_of(points, outputs, &settings)? })
        }
    }
}

/// Fewer resamples where each takes many steps, so that the whole takes seconds; a hundred still give standard errors to
/// a tenth of themselves.
fn affordable<'a>(settings: &Settings<'a>, steps: usize) -> Settings<'a> {
    const MOST: usize = 1_000_000_000;
    let most = (MOST / steps.max(1)).clamp(100, 100_000) as u32;
    Settings { resamples: settings.resamples.min(most), ..*settings }
}
