//! How a command fails: what to say, and the exit code.

use crate::experiment::ExperimentError;
use crate::record::RecordError;
use crate::report::analyses::AnalysisError;
use crate::report::drawing::DrawingError;
use std::fmt::Display;

/// Exit code when the run failed.
pub const FAILED: u8 = 1;
/// Exit code when the input is wrong.
pub const WRONG_INPUT: u8 = 2;
/// Exit code when another process is in the way, or more is to be done first: the same command may succeed later (as `EX_TEMPFAIL`
/// of sysexits.h).
pub const TRY_AGAIN: u8 = 75;
/// Exit code when interrupted.
pub const INTERRUPTED: u8 = 130;

/// Why a command did not do what it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What to say.
    pub message: String,
    /// The exit code.
    pub code: u8,
}

impl Failure {
    /// The run failed.
    pub fn failed(message: impl Display) -> Self {
        Self { message: message.to_string(), code: FAILED }
    }

    /// It, as a terminal tells it: an interrupt is no error, and problems of a file say themselves what they are, in colour or not.
    pub fn told(&self) -> String {
        let message = self.message.trim_end();
        let mut plain = message;
        while let Some(colour) = plain.strip_prefix('\u{1b}') {
            plain = colour.split_once('m').map_or("", |(_, rest)| rest);
        }
        match self.code == INTERRUPTED || plain.starts_with("error") {
            true => message.to_owned(),
            false => format!("error: {message}"),
        }
    }

    /// The input is wrong.
    pub fn input(message: impl Display) -> Self {
        Self { message: message.to_string(), code: WRONG_INPUT }
    }
}

impl From<RecordError> for Failure {
    fn from(error: RecordError) -> Self {
        match error {
            RecordError::Scenario(problems) => super::problems(problems),
            error @ RecordError::InUse { .. } => Self { code: TRY_AGAIN, ..Self::failed(error) },
            error if error.is_input() => Self::input(error),
            error => Self::failed(error),
        }
    }
}

impl From<DrawingError> for Failure {
    fn from(error: DrawingError) -> Self {
        match error {
            DrawingError::Record(error) => error.into(),
            chart => Self::failed(chart),
        }
    }
}

impl From<ExperimentError> for Failure {
    fn from(error: ExperimentError) -> Self {
        match error {
            ExperimentError::Record(error) => error.into(),
            ExperimentError::Input(message) => Self::input(message),
            error @ ExperimentError::NoChunk { .. } => Self::input(error),
            other => Self::failed(other),
        }
    }
}

impl From<AnalysisError> for Failure {
    fn from(error: AnalysisError) -> Self {
        match error {
            AnalysisError::Experiment(error) => error.into(),
            failed => Self::failed(failed),
        }
    }
}
