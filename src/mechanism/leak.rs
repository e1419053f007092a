//! Leaks.
use super::parameters::parameters;

parameters! {
    /// How secrets leak, and what that does.
    Leak {
        /// Chance per week that confidential talks leak, for two sides without discipline. Higher values make secrets
        /// shorter-lived; 0 keeps every secret.
        rate = 0.06 in 0.0 to 1.0, "per week", "assumption";
    }
}
