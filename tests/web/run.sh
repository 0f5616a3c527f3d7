#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs the npm packages of the tests from outside and runs them; what came of each test is
# written to RESULTS/web.tap. Without Node.js, npm or the packages everything is skipped, told as
# one test.
# usage: tests/web/run.sh JIG SHARED RESULTS [arguments of main.mjs]
set -eu

jig=$(realpath "$1")
shared=$(realpath -m "$2")
results=$(realpath "$3")
shift 3
cd "$(dirname "$0")"

skip() {
    echo "web: skipped: $1"
    printf '1..1\nok - tests from outside # SKIP %s\n' "$1" >"$results/web.tap"
    exit 0
}

if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    skip "Node.js and npm are missing"
fi
if [ "$(node --print 'Number(process.versions.node.split(".")[0]) >= 18')" != true ]; then
    skip "Node.js is older than version 18"
fi

# A copy of the lock file tells which packages are there.
installed=node_modules/.installed
if ! cmp -s package-lock.json "$installed"; then
    if ! npm ci --ignore-scripts --no-audit --no-fund --fetch-retries=1 --fetch-timeout=60000 \
        >"$results/web-npm.log" 2>&1; then
        cat "$results/web-npm.log"
        skip "the npm packages cannot be installed"
    fi
    cp package-lock.json "$installed"
fi
exec node main.mjs --binary "$jig" --shared "$shared" --results "$results" "$@"
