//! How much the server takes on, and for how long.

use super::refusal::Refusal;
use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use serde::de::DeserializeOwned;
use std::time::Duration;
use tokio::time::timeout;

/// The longest text of a scenario that is edited, in bytes.
pub const LONGEST_TEXT: usize = 1 << 20;
/// The longest body of a request that holds such texts.
pub const TEXT_BODY: usize = 4 << 20;
/// The longest body of a request to the engine, in bytes: a million pairs would be too many for a page as well.
pub const ENGINE_BODY: usize = 4 << 20;
/// The longest body of any other request, in bytes.
pub const SMALL_BODY: usize = 16 << 10;
/// The largest report that is handed out, in bytes.
pub const LARGEST_REPORT: u64 = 128 << 20;
/// The largest manifest of results that is read, in bytes.
pub const LARGEST_MANIFEST: u64 = 64 << 20;
/// The head of a request, in bytes, and how many headers it may have.
pub const HEAD: usize = 16 << 10;
pub const HEADERS: usize = 64;
/// How long a client may take to send the head of a request; an idle connection is closed after the same time.
pub const HEAD_TIME: Duration = Duration::from_secs(5);
/// How long it may take to send the body.
pub const BODY_TIME: Duration = Duration::from_secs(20);
/// How long an answer may take to be found.
pub const WORK_TIME: Duration = Duration::from_secs(120);
/// How many connections there may be that have not shown the token; a further one takes the place of the oldest.
pub const STRANGERS: usize = 128;
/// How many connections there may be that have.
pub const KNOWN: usize = 64;
/// How many requests are worked on at a time.
pub const AT_WORK: usize = 2;
/// How many experiments are at work at a time: each takes every thread there is.
pub const EXPERIMENTS: usize = 1;
/// How many experiments are remembered after their end.
pub const REMEMBERED: usize = 32;
/// The most replicates of an experiment; the command line does more.
pub const REPLICATES: u64 = 1_000_000;

/// Reads the body of a request.
///
/// # Errors
/// If it is longer than `most` bytes, does not come in time, or is not the JSON that is expected.
pub async fn body<T: DeserializeOwned>(request: Request, most: usize) -> Result<T, Refusal> {
    let bytes = bytes(request, most).await?;
    serde_json::from_slice(&bytes).map_err(|error| Refusal::wrong(format!("the request cannot be read: {error}")))
}

/// Reads the body of a request as it is.
///
/// # Errors
/// If it is longer than `most` bytes, does not come in time, or is not said to be JSON.
pub async fn bytes(request: Request, most: usize) -> Result<Vec<u8>, Refusal> {
    let (head, body) = request.into_parts();
    let header = |name| head.headers.get(name).and_then(|value| value.to_str().ok());
    let kind = header(header::CONTENT_TYPE).unwrap_or_default();
    if kind.split(';').next().map(str::trim) != Some("application/json") {
        return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "expected a body of application/json"));
    }
    let too_long = || Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, format!("expected a body of at most {most} bytes"));
    // What is said to be too long is refused before any of it is read.
    if header(header::CONTENT_LENGTH)
        .and_then(|length| length.parse().ok())
        .is_some_and(|length: u64| length > most as u64)
    {
        return Err(too_long());
    }
    match timeout(BODY_TIME, to_bytes(body, most)).await {
        Ok(Ok(bytes)) => Ok(bytes.into()),
        Ok(Err(_)) => Err(too_long()),
        Err(_) => Err(Refusal::new(StatusCode::REQUEST_TIMEOUT, "the body of the request did not come in time")),
    }
}
