//! What makes a page of results something to play with: the front end, the engine in WebAssembly and what the page knows, all
//! in the one file.

use super::live::PageData;
use crate::base::number::count;
use crate::record::{Folder, RecordError};
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

/// More than so many bytes of what a page knows are slow to open; the scenarios that come with the program have below one million.
const LARGEST: usize = 12_000_000;

impl LivePart {
    /// That of a page; in words why there is none.
    ///
    /// # Errors
    /// If the data cannot be written as text.
    pub fn of(data: &PageData) -> Result<Result<Self, String>, RecordError> {
        let Some(engine) = ENGINE else {
            let how = "`rustup target add wasm32-unknown-unknown`, then a release build, brings it";
            return Ok(Err(format!("this program was built without the engine of pages ({how})")));
        };
        let failed = |reason: String| RecordError::Damaged { path: Folder::REPORT.into(), reason };
        let text = serde_json::to_vec(data).map_err(|error| failed(error.to_string()))?;
        if text.len() > LARGEST {
            let [size, most] = [text.len(), LARGEST].map(|bytes| count((bytes as f64 / 1e6).ceil()));
            return Ok(Err(format!("what it would have to know has {size} MB, and {most} MB are the most")));
        }
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        let written = packed.write_all(&text).and_then(|()| packed.finish());
        let packed = written.map_err(|error| failed(error.to_string()))?;
        Ok(Ok(Self { data: BASE64_STANDARD.encode(packed), engine }))
    }
}
