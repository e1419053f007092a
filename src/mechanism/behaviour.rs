//! All weights and rates of the model, by mechanism: the `[behaviour]` section of a scenario.

use super::accord::Accords;
use super::appraisal::Diplomacy;
use super::clash::Clashes;
use super::cohesion::Cohesion;
use super::contest::Contest;
use super::control::Control;
use super::defection::Defection;
use super::displacement::Displacement;
use super::dissolution::Dissolution;
use super::drift::Drift;
use super::economy::Economy;
use super::histories::Histories;
use super::hostility::Hostility;
use super::ladder::{Asks, Choice};
use super::leak::Leak;
use super::merger::Merger;
use super::offensive::Offensives;
use super::one_sided::OneSidedViolence;
use super::outlook::Weights;
use super::parameters::{Parameter, Parameters};
use super::perception::Perception;
use super::redeployment::Redeployment;
use super::scratch::Scratch;
use super::shock::Shocks;
use super::split::Split;
use super::succession::Succession;
use super::support::Support;
use super::talks::Negotiation;
use super::threat::Threat;
use super::trust::Trust;
use super::ways::Distances;
use crate::world::Setting;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

macro_rules! behaviour {
    ($($(#[$about:meta])* $section:ident: $params:ty,)+) => {
        /// The model's weights and rates, by mechanism. All have defaults.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(default, deny_unknown_fields)]
        pub struct Behaviour {
            $($(#[$about])* pub $section: $params,)+
            /// Which contest law holds where.
            pub contest: Contest,
        }

        impl Behaviour {
            /// Every mechanism with what is known about its parameters and their values here.
            pub fn sections(&self) -> Vec<(&'static str, &'static [Parameter], Vec<f64>)> {
                vec![$((stringify!($section), <$params as Parameters>::TABLE, self.$section.values())),+]
            }

            /// A parameter's value by the names of mechanism and parameter, to change.
            pub fn value_mut(&mut self, mechanism: &str, parameter: &str) -> Option<&mut f64> {
                match mechanism {
                    $(stringify!($section) => self.$section.value_mut(parameter),)+
                    _ => None,
                }
            }
        }
    };
}

impl Behaviour {
    /// Whether histories of pairs depend on a parameter, so that another value of it takes tens of times as
    /// long to set up as one of another parameter.
    pub fn shapes_histories(mechanism: &str, parameter: &str) -> bool {
        match mechanism {
            "choice" => Histories::WEIGHTS.contains(&parameter),
            "succession" => ["fall", "kept"].contains(&parameter),
            _ => false,
        }
    }

    /// The weights of choice.
    pub fn weights(&self) -> Weights<'_> {
        Weights {
            choice: &self.choice,
            diplomacy: &self.diplomacy,
            law: self.contest.coalition,
            spoils: self.offensives.spoils,
            asks: Asks::of(&self.choice),
        }
    }
}

impl Behaviour {
    fn distances(&self) -> Distances {
        Distances {
            threat: self.threat.distance,
            travel: self.redeployment.distance,
            mass: self.offensives.distance,
            farthest: self.offensives.reach,
        }
    }

    fn histories(&self) -> Arc<Histories> {
        let upheaval = self.choice.upheaval + self.succession.upheavals();
        Histories::of(&Choice { upheaval, ..self.choice })
    }
}

impl Scratch {
    /// Memory for runs of a model.
    pub fn new(setting: &Setting, behaviour: &Behaviour) -> Self {
        Self::with(setting, behaviour.distances(), behaviour.histories())
    }

    /// Turns to runs of another model, and keeps its memory if that is as large.
    pub fn turn_to(&mut self, setting: &Setting, behaviour: &Behaviour) {
        if self.has_room_for(setting) {
            self.turn(setting, behaviour.distances(), behaviour.histories());
        } else {
            *self = Self::new(setting, behaviour);
        }
    }
}

behaviour! {
    /// How factions estimate each other's strength.
    perception: Perception,
    /// What makes a threat.
    threat: Threat,
    /// How factions value standing together or apart.
    diplomacy: Diplomacy,
    /// How talks come about, go on and end.
    negotiation: Negotiation,
    /// How secrets leak, and what that does.
    leak: Leak,
    /// How a wish for closeness becomes a stance, and what time makes of it.
    choice: Choice,
    /// How accords live and die.
    accords: Accords,
    /// How factions become one.
    merger: Merger,
    /// How factions and umbrellas come apart.
    split: Split,
    /// How leaders fall and umbrellas change hands.
    succession: Succession,
    /// How commanders change sides.
    defection: Defection,
    /// How forces that have lost give up.
    dissolution: Dissolution,
    /// How forces move.
    redeployment: Redeployment,
    /// How much violence varies beyond what its causes explain.
    shocks: Shocks,
    /// How often armed factions clash, and how deadly.
    clashes: Clashes,
    /// How often factions attack civilians, how deadly, and what becomes known.
    one_sided: OneSidedViolence,
    /// How factions take ground.
    offensives: Offensives,
    /// How control changes hands.
    control: Control,
    /// How people choose sides.
    support: Support,
    /// How people flee and return.
    displacement: Displacement,
    /// How forces are paid, and grow and shrink.
    economy: Economy,
    /// How hostility changes.
    hostility: Hostility,
    /// How trust changes while nothing special happens.
    trust: Trust,
    /// How cohesion changes.
    cohesion: Cohesion,
    /// How positions move.
    drift: Drift,
}
