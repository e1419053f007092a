#!/usr/bin/env bash
# Builds wheels for manylinux2014, x86-64 and aarch64, into python/dist/. Needs maturin, ziglang and both Rust targets.
set -euo pipefail
cd "$(dirname "$0")"
for target in x86_64-unknown-linux-gnu aarch64-unknown-linux-gnu; do
    maturin build --release --zig --compatibility manylinux2014 --target "$target" --out dist
done
ls -l dist
