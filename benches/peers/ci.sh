#!/usr/bin/env bash
# Entente must keep ahead of, and come to the same worlds as, the port of its reduced model in Numba: README.md.
set -euo pipefail
cd "$(dirname "$0")"

python=$(command -v python3 || true)
if [ -z "$python" ] || ! "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; then
    echo "skipped: the ports need Python 3.11 or later with venv, and there is none"
    exit 0
fi
venv=${VENV:-$PWD/.venv}
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
grep -v '^Mesa' requirements.txt | "$venv/bin/pip" install --quiet --disable-pip-version-check -r /dev/stdin
"$venv/bin/python" compare.py --guard
