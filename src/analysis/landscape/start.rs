//! The landscape of a scenario's starting state.

use super::{Landscape, LandscapeError, NamedLandscape};
use crate::analysis::alliances::fighting;
use crate::base::FactionId;
use crate::world::{FactionKind, Setting};

/// How much each part of a propensity counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weights {
    /// Of alignment, `1 − 2 D_ij`.
    pub alignment: f64,
    /// Of hostility, `−h_ij`.
    pub hostility: f64,
    /// Of the stance, `v_ij` from −1 (war) to 1 (alliance).
    pub stance: f64,
}

impl Default for Weights {
    /// All alike, as Axelrod and Bennett (1993) weigh the parts of their propensities.
    fn default() -> Self {
        Self { alignment: 1.0, hostility: 1.0, stance: 1.0 }
    }
}

/// A scenario's starting state as a landscape.
#[derive(Clone, Debug)]
pub struct Start {
    /// The landscape, with names as on charts.
    pub case: NamedLandscape,
    /// Which faction each actor is.
    pub factions: Vec<FactionId>,
    /// Who is left out, and why.
    pub left_out: Vec<(String, &'static str)>,
}

/// The landscape of the start: actors are the factions that have fighters (an umbrella's members each for itself), sizes
/// their fighters, and propensities
///
/// `p_ij = (w_a (1 − 2 D_ij) − w_h h_ij + w_v v_ij) / (w_a + w_h + w_v)`
///
/// with the distance `D_ij` between the two as i weighs the axes, the hostility `h_ij` of i to j and the valence `v_ij` of
/// their stance (war −1, rivalry −½, neutral 0, pact ½, alliance 1): a sum of a pair's ideology, grievances and present
/// relations, as Axelrod and Bennett (1993) form theirs. Mediators, slots for splinters and factions without fighters are
/// left out.
///
/// # Errors
/// If fewer than two factions have fighters.
pub fn start(title: &str, setting: &Setting, weights: Weights) -> Result<Start, LandscapeError> {
    let world = &setting.initial;
    let factions = fighting(setting);
    let sum = weights.alignment + weights.hostility + weights.stance;
    let propensity = |i: FactionId, j: FactionId| {
        if i == j {
            return 0.0;
        }
        let alignment = weights.alignment * (1.0 - 2.0 * world.distance(i, j));
        let hostility = weights.hostility * world.hostility[(i, j)];
        (alignment - hostility + weights.stance * world.stance(i, j).valence()) / sum
    };
    let sizes: Vec<f64> = factions.iter().map(|faction| world.strength[*faction]).collect();
    let propensities: Vec<f64> =
        factions.iter().flat_map(|i| factions.iter().map(move |j| propensity(*i, *j))).collect();
    let label = |faction: FactionId| setting.factions[faction].label.clone();
    let left_out = setting.factions.ids().take(setting.founding).filter(|faction| !factions.contains(faction));
    let why = |faction: FactionId| match world.character[faction].kind {
        FactionKind::Mediator => "only mediates",
        _ => "has no fighters in the theatre",
    };
    Ok(Start {
        case: NamedLandscape {
            title: title.to_owned(),
            source: String::new(),
            actors: factions.iter().map(|faction| label(*faction)).collect(),
            landscape: Landscape::new(&sizes, &propensities)?,
        },
        left_out: left_out.map(|faction| (label(faction), why(faction))).collect(),
        factions,
    })
}
