//! What makes a page of results something to play with: the front end, the engine in WebAssembly and what the page knows, all
//! in the one file.

use super::live::PageData;
use crate::record::RecordError;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;

/// The front end, as `web/build.mjs` makes it.
pub const SCRIPT: &str = include_str!("../../web/dist/page.js");
/// Its styles.
pub const STYLE: &str = include_str!("../../web/dist/page.css");

/// The engine in WebAssembly, compressed and in Base64; none where it could not be built.
pub const ENGINE: Option<&str> = include!(concat!(env!("OUT_DIR"), "/engine.rs"));

/// The scripts of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LivePart {
    /// What the page knows, compressed and in Base64.
    pub data: String,
    /// The engine, likewise.
    pub engine: &'static str,
}

impl LivePart {
    /// That of a page; none if this program was built without the engine.
    ///
    /// # Errors
    /// If the data cannot be written as text.
    pub fn of(data: &PageData) -> Result<Option<Self>, RecordError> {
        let Some(engine) = ENGINE else { return Ok(None) };
        let failed = |reason: String| RecordError::Damaged { path: "report.html".into(), reason };
        let text = serde_json::to_vec(data).map_err(|error| failed(error.to_string()))?;
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        let written = packed.write_all(&text).and_then(|()| packed.finish());
        let packed = written.map_err(|error| failed(error.to_string()))?;
        Ok(Some(Self { data: BASE64_STANDARD.encode(packed), engine }))
    }
}
