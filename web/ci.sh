#!/usr/bin/env bash
# The front end: its types, its committed bundle made anew and compared, and its tests, in a browser where one can be had.
# Usage: ci.sh, after a release build.
set -euo pipefail
cd "$(dirname "$0")"
command -v npm > /dev/null || { echo "The front end is not tested: there is no npm"; exit 0; }
npm ci --no-audit --no-fund --silent
npm run --silent check
npm run --silent build
git diff --exit-code --stat -- dist || { echo "web/dist is not what web/src makes: run \`npm run build\` in web/ and commit it"; exit 1; }
if ! [ -x /usr/bin/chromium ] && [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core; } > /dev/null 2>&1 || true
fi
npm test --silent
