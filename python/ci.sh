#!/usr/bin/env bash
# Builds the Python package in a virtual environment and runs its tests, doctests and tutorial.
set -euo pipefail
cd "$(dirname "$0")"

python=$(command -v python3 || true)
if [ -z "$python" ] || ! "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))' 2> /dev/null; then
    echo "skipped: the Python package needs Python 3.10 or later with venv, and there is none"
    exit 0
fi
venv=${VENV:-$PWD/.venv}
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
export VIRTUAL_ENV=$venv PATH=$venv/bin:$PATH
pip install --quiet --disable-pip-version-check maturin
maturin develop --quiet --extras test
cargo fmt -- --check
ruff format --check .
ruff check .
mypy
pytest "$@"
