//! Which program this is.

/// The program's version.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The commit that the program was built from, or `unknown`.
pub fn commit() -> &'static str {
    option_env!("ENTENTE_COMMIT").unwrap_or("unknown")
}
