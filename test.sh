#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing (Debian 12), builds Jig with its tests and runs them.
# usage: ./test.sh [release|dev|asan|tsan|clang]
#
# The last line is "N passed, N failed, N skipped". Exit code 0 only when nothing failed.
set -eu
cd "$(dirname "$0")"

preset=${1:-release}
case $preset in
release) folder=build ;;
dev | asan | tsan | clang) folder=build-$preset ;;
*)
    echo "usage: ./test.sh [release|dev|asan|tsan|clang]" >&2
    exit 2
    ;;
esac

if [ "$preset" = clang ]; then
    .ci/packages ci
else
    .ci/packages test
fi
if ! .ci/packages web; then
    echo "test: without Node.js and npm, the tests from outside are skipped" >&2
fi
.ci/build "$preset"

# What a sanitizer finds goes to files: a leak at the end of a test's own process, or in the
# server that a test started, would not fail any assertion.
results=$PWD/$folder/results
rm -rf "$results"
mkdir -p "$results"
rm -f "$folder/Testing/Temporary/LastTestsFailed.log"
export ASAN_OPTIONS="quarantine_size_mb=16:log_path=$results/sanitizer${ASAN_OPTIONS:+:$ASAN_OPTIONS}"
export LSAN_OPTIONS="suppressions=$PWD/.ci/lsan:print_suppressions=0"
export UBSAN_OPTIONS="print_stacktrace=1:log_path=$results/sanitizer"
export TSAN_OPTIONS="suppressions=$PWD/.ci/tsan.supp:print_suppressions=0:log_path=$results/sanitizer${TSAN_OPTIONS:+:$TSAN_OPTIONS}"

# Where the kernel moves mappings about by more bits than this, ThreadSanitizer finds memory in places
# it has no shadow for and ends before main: there, programs are started with nothing moved at all.
tsan_bits=28
run=""
if [ "$preset" = tsan ]; then
    bits=$(cat /proc/sys/vm/mmap_rnd_bits 2>/dev/null || echo "$tsan_bits")
    if [ "$bits" -gt "$tsan_bits" ] && setarch -R true 2>/dev/null; then
        run="setarch -R"
    fi
fi

echo "test: running"
status=0
# shellcheck disable=SC2086 # a list of words
$run ctest --test-dir "$folder" --output-on-failure --timeout 900 --no-tests=error </dev/null || status=$?
if [ -e "$results/web-operations.txt" ]; then
    echo "test: operations and the answers of their cases"
    cat "$results/web-operations.txt"
fi
.ci/counts "$folder" || status=1
exit "$status"
