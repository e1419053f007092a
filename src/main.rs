//! Entente
fn main() {}
