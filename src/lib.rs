//! Entente
pub mod analysis;
pub mod base;
pub mod chart;
pub mod cli;
pub mod engine;
pub mod experiment;
pub mod measure;
pub mod mechanism;
pub mod random;
pub mod record;
pub mod report;
pub mod scenario;
pub mod world;
