//! All weights and rates of the model, by mechanism: the `[behaviour]` section of a scenario.

use super::parameters::{Parameter, Parameters};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! behaviour {
    ($($(#[$about:meta])* $section:ident: $params:ty,)+) => {
        /// The model's weights and rates, by mechanism. All have defaults.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(default, deny_unknown_fields)]
        pub struct Behaviour {
            $($(#[$about])* pub $section: $params,)+
        }

        impl Behaviour {
            /// Every mechanism with what is known about its parameters and their values here.
            pub fn sections(&self) -> Vec<(&'static str, &'static [Parameter], Vec<f64>)> {
                vec![$((stringify!($section), <$params as Parameters>::TABLE, self.$section.values())),+]
            }
        }
    };
}

behaviour! {
    /// How secrets leak.
    leak: super::leak::Leak,
}
