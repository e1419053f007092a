#!/usr/bin/env bash
# Every answer of 50 replicates of the flagship is the same to the bit in WebAssembly as natively.
# Usage: run.sh [--release]; the option is that of the native build.
set -euo pipefail
cd "$(dirname "$0")/../.."
command -v node > /dev/null || { echo "WebAssembly is not tested: there is no node"; exit 0; }
rustup target add wasm32-unknown-unknown > /dev/null 2>&1 ||
    { echo "WebAssembly is not tested: the target wasm32-unknown-unknown cannot be had"; exit 0; }
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
cp Cargo.lock tests/wasm/Cargo.lock
built=${CARGO_TARGET_DIR:-target}/wasm
cargo build --release --manifest-path tests/wasm/Cargo.toml --target wasm32-unknown-unknown --target-dir "$built"
node tests/wasm/run.mjs "$built/wasm32-unknown-unknown/release/entente_wasm.wasm" > "$out/wasm"
cargo run --quiet "$@" --example answers > "$out/native"
[ -s "$out/native" ] && cmp "$out/native" "$out/wasm"
echo "WebAssembly: $(wc -l < "$out/wasm") answers, the same to the bit"
