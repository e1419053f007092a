//! What a page calls: it writes a request (JSON, `web/src/contract.ts`) where [`allocate`] says, and reads the reply where
//! [`call`] points: four bytes of its length, the lowest first, and then the text. Both are given back by [`release`].
//!
//! Apart from the root crate, which forbids unsafe code. Its rooms are modules here, so that of them only what a page can reach
//! is made into code. A page has one thread, so there is one engine.

#![allow(dead_code, reason = "a page does not reach all that the program does")]

#[path = "../../../src/base/mod.rs"]
pub mod base;
#[path = "../../../src/engine/mod.rs"]
pub mod engine;
#[path = "../../../src/estimate/mod.rs"]
pub mod estimate;
#[path = "../../../src/live/mod.rs"]
pub mod live;
#[path = "../../../src/measure/mod.rs"]
pub mod measure;
#[path = "../../../src/mechanism/mod.rs"]
pub mod mechanism;
#[path = "../../../src/narrative/mod.rs"]
pub mod narrative;
#[path = "../../../src/random/mod.rs"]
pub mod random;
#[path = "../../../src/scenario/mod.rs"]
pub mod scenario;
#[path = "../../../src/world/mod.rs"]
pub mod world;

use live::{Engine, OpenRequest};
use serde::Deserialize;
use serde_json::json;
use std::cell::RefCell;

thread_local! {
    static ENGINE: RefCell<Option<Engine>> = const { RefCell::new(None) };
}

/// Room for so many bytes.
#[unsafe(no_mangle)]
pub extern "C" fn allocate(length: usize) -> *mut u8 {
    Box::into_raw(vec![0u8; length].into_boxed_slice()).cast()
}

/// Gives back room for so many bytes.
///
/// # Safety
/// It must be room of [`allocate`], or a reply with its four bytes, not given back before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn release(pointer: *mut u8, length: usize) {
    // SAFETY: the caller says that this is a boxed slice of so many bytes.
    drop(unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(pointer, length)) });
}

/// Answers a request.
///
/// # Safety
/// So many bytes must be there to be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn call(pointer: *const u8, length: usize) -> *mut u8 {
    // SAFETY: the caller says that they are there.
    let request = unsafe { std::slice::from_raw_parts(pointer, length) };
    let reply = reply(request);
    let mut bytes = Vec::with_capacity(4 + reply.len());
    bytes.extend((reply.len() as u32).to_le_bytes());
    bytes.extend(reply.as_bytes());
    Box::into_raw(bytes.into_boxed_slice()).cast()
}

/// What is asked of a page's engine, which is opened before all else.
#[derive(Deserialize)]
struct Opening {
    op: String,
    engine: Option<OpenRequest>,
}

fn reply(request: &[u8]) -> String {
    let Ok(request) = std::str::from_utf8(request) else { return refused("the request is no text") };
    ENGINE.with_borrow_mut(|engine| match serde_json::from_str::<Opening>(request) {
        Ok(Opening { op, engine: Some(asked) }) if op == "open" => match Engine::open(asked) {
            Ok(opened) => json!({ "ok": engine.insert(opened).opened() }).to_string(),
            Err(reason) => refused(&reason),
        },
        Err(error) if engine.is_none() => refused(&error.to_string()),
        _ => engine.as_mut().map_or_else(|| refused("no scenario is open"), |engine| engine.reply(request)),
    })
}

fn refused(reason: &str) -> String {
    json!({ "error": reason }).to_string()
}
