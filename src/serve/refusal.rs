//! Why a request is not answered.

use super::page::json;
use crate::experiment::ExperimentError;
use crate::record::RecordError;
use crate::report::drawing::DrawingError;
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use std::fmt::Display;

/// A status and a sentence for the reader, told as `{ "error": … }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// 4xx or 5xx.
    pub status: StatusCode,
    /// What is wrong.
    pub message: String,
}

impl Refusal {
    /// A refusal.
    pub fn new(status: StatusCode, message: impl Display) -> Self {
        Self { status, message: message.to_string() }
    }

    /// What is asked for makes no sense.
    pub fn wrong(message: impl Display) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, message)
    }

    /// There is no such thing.
    pub fn missing(message: impl Display) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    /// The server failed, not who asks.
    pub fn failed(message: impl Display) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, message)
    }
}

/// What an address asks for behind its question mark.
///
/// # Errors
/// If it does not ask so; `expected` says how.
pub fn asked_for<T>(asked: Result<Query<T>, QueryRejection>, expected: &str) -> Result<T, Refusal> {
    let refused =
        |_| Refusal::new(StatusCode::BAD_REQUEST, format!("the address does not say of what: expected {expected}"));
    asked.map(|Query(asked)| asked).map_err(refused)
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, json(&serde_json::json!({ "error": self.message }))).into_response()
    }
}

impl From<RecordError> for Refusal {
    fn from(error: RecordError) -> Self {
        match error {
            error @ RecordError::InUse { .. } => Self::new(StatusCode::CONFLICT, error),
            error @ (RecordError::Damaged { .. } | RecordError::Unlisted { .. }) => Self::wrong(error),
            error if error.is_input() => Self::wrong(error),
            error => Self::failed(error),
        }
    }
}

impl From<ExperimentError> for Refusal {
    fn from(error: ExperimentError) -> Self {
        match error {
            ExperimentError::Record(error) => error.into(),
            error @ ExperimentError::Input(_) => Self::wrong(error),
            error => Self::failed(error),
        }
    }
}

impl From<DrawingError> for Refusal {
    fn from(error: DrawingError) -> Self {
        match error {
            DrawingError::Record(error) => error.into(),
            error => Self::failed(error),
        }
    }
}
