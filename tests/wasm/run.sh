#!/usr/bin/env bash
# The engine of pages replies in WebAssembly what it replies natively, byte by byte: 200 runs of the flagship with all answers,
# every variant and every lever.
# Usage: run.sh, after a release build, which leaves the engine.
set -euo pipefail
cd "$(dirname "$0")/../.."
command -v node > /dev/null || { echo "WebAssembly is not tested: there is no node"; exit 0; }
engine=${CARGO_TARGET_DIR:-target}/release/engine/wasm32-unknown-unknown/engine/entente_engine.wasm
[ -f "$engine" ] || { echo "WebAssembly is not tested: the engine could not be built"; exit 0; }
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
cargo run --quiet --release --example requests -- "$out"
node tests/wasm/run.mjs "$engine" "$out/requests.txt" > "$out/wasm.txt"
[ -s "$out/replies.txt" ] && cmp "$out/replies.txt" "$out/wasm.txt"
echo "WebAssembly: $(wc -l < "$out/requests.txt") replies, the same to the byte; $(gzip -9c "$engine" | wc -c) bytes compressed"
