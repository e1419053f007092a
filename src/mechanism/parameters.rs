//! Parameters as data: each with its meaning, unit, range, default and source, so that documents, range checks and the
//! model itself cannot disagree.

/// What is known about one parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameter {
    /// Its name in the scenario file.
    pub name: &'static str,
    /// What it means, and what higher values do.
    pub meaning: &'static str,
    /// Its unit; `share` for 0 to 1, `weight` for the weight of a term in a utility.
    pub unit: &'static str,
    /// The lowest value allowed.
    pub low: f64,
    /// The highest value allowed.
    pub high: f64,
    /// The value unless a scenario says otherwise.
    pub default: f64,
    /// Between which values it plausibly lies: half to double the default within what is allowed, unless fits or other works
    /// say more. What is not known about weights is drawn from here.
    pub plausible: (f64, f64),
    /// Where the default comes from: a work, or `assumption`.
    pub source: &'static str,
}

/// Half to double a value, within what is allowed: how far off an assumption may plausibly be.
pub const fn half_to_double(value: f64, low: f64, high: f64) -> (f64, f64) {
    let (half, double) = (0.5 * value, 2.0 * value);
    let (least, most) = if value < 0.0 { (double, half) } else { (half, double) };
    (if least < low { low } else { least }, if most > high { high } else { most })
}

/// The range that is given, if one is.
macro_rules! plausible {
    ($default:literal in $low:literal to $high:literal, $from:literal to $until:literal) => {
        ($from, $until)
    };
    ($default:literal in $low:literal to $high:literal,) => {
        $crate::mechanism::parameters::half_to_double($default, $low, $high)
    };
}

/// A set of parameters of one mechanism.
pub trait Parameters {
    /// What is known about each.
    const TABLE: &'static [Parameter];

    /// The values, in the order of the table.
    fn values(&self) -> Vec<f64>;

    /// A value by its parameter's name, to change.
    fn value_mut(&mut self, name: &str) -> Option<&mut f64>;
}

macro_rules! parameters {
    (
        $(#[$about:meta])*
        $name:ident {
            $(
                $(#[doc = $meaning:literal])+
                $field:ident = $default:literal in $low:literal to $high:literal, $unit:literal, $source:literal
                $(, plausible $from:literal to $until:literal)?;
            )+
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[serde(default, deny_unknown_fields)]
        pub struct $name {
            $(
                $(#[doc = $meaning])+
                #[doc = concat!(" Unit: ", $unit, "; range ", stringify!($low), " to ", stringify!($high), "; default ", stringify!($default), " (", $source, ").")]
                #[schemars(transform = $crate::base::field::number($unit, $low, $high))]
                pub $field: f64,
            )+
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $($field: $default),+ }
            }
        }

        impl $crate::mechanism::parameters::Parameters for $name {
            const TABLE: &'static [$crate::mechanism::parameters::Parameter] = &[
                $($crate::mechanism::parameters::Parameter {
                    name: stringify!($field),
                    meaning: concat!($($meaning),+),
                    unit: $unit,
                    low: $low,
                    high: $high,
                    default: $default,
                    plausible: $crate::mechanism::parameters::plausible!(
                        $default in $low to $high, $($from to $until)?
                    ),
                    source: $source,
                }),+
            ];

            fn values(&self) -> Vec<f64> {
                vec![$(self.$field),+]
            }

            fn value_mut(&mut self, name: &str) -> Option<&mut f64> {
                match name {
                    $(stringify!($field) => Some(&mut self.$field),)+
                    _ => None,
                }
            }
        }
    };
}

pub(crate) use {parameters, plausible};
