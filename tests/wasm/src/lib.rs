//! What a host of WebAssembly calls: it reads [`length`] bytes of text from where [`answers`] points.

mod answers;

use std::sync::OnceLock;

static TEXT: OnceLock<String> = OnceLock::new();

fn text() -> &'static str {
    TEXT.get_or_init(answers::text)
}

/// Where the text begins.
#[unsafe(no_mangle)]
pub extern "C" fn answers() -> *const u8 {
    text().as_ptr()
}

/// How many bytes it has.
#[unsafe(no_mangle)]
pub extern "C" fn length() -> usize {
    text().len()
}
