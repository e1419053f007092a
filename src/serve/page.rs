//! The page itself, whose script and styles are built from `web/`, and the form of answers.

use crate::report::{SCRIPT, STYLE, document};
use axum::body::Body;
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

const SHELL: &str = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
    <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Entente</title>\n\
    <link rel=\"stylesheet\" href=\"/page.css\">\n<script type=\"module\" src=\"/page.js\"></script>\n</head>\n\
    <body>\n<noscript>This page needs JavaScript. `entente report` writes one that does not.</noscript>\n\
    <div id=\"entente-live\"></div>\n</body>\n</html>\n";

/// The page, without anything of the user's.
pub fn shell() -> Response {
    of_kind("text/html; charset=utf-8", SHELL)
}

/// Its script.
pub fn script() -> Response {
    of_kind("text/javascript; charset=utf-8", SCRIPT)
}

/// Its styles.
pub fn style() -> Response {
    of_kind("text/css; charset=utf-8", [document::STYLE, STYLE].concat())
}

/// An answer as JSON.
pub fn json<T: Serialize>(value: &T) -> Response {
    // What the server tells has no keys that JSON cannot have.
    of_kind("application/json", serde_json::to_vec(value).unwrap_or_default())
}

/// An answer of a kind.
pub fn of_kind(kind: &'static str, content: impl Into<Body>) -> Response {
    let kind: [(HeaderName, &'static str); 1] = [(header::CONTENT_TYPE, kind)];
    (kind, content.into()).into_response()
}
