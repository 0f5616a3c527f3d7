#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Disables every rule in turn and runs the tests of the conformance floor: at least one must fail,
# or nothing would notice that the rule is gone.
#
#     tests/mutation/rules.sh BUILD_FOLDER [RULE...]
set -eu
if [ $# -lt 1 ] || [ ! -d "$1" ]; then
    echo "usage: tests/mutation/rules.sh BUILD_FOLDER [RULE...]" >&2
    exit 2
fi
build=$1
shift
# Rules of other floors: files that cannot be opened, and what an import, a store or the life of a
# template version says.
elsewhere="file size import-root import-version-claimed import-exists import-concepts-kept"
elsewhere="$elsewhere gate gate-semantic-id gate-category gate-name gate-number gate-administration"
elsewhere="$elsewhere gate-published-meanwhile gate-approvals immutable transition reason approver"
elsewhere="$elsewhere successor template-kind template-id proposal file-not-kept"

cmake --build "$build" --target mutants_conformance >/dev/null
program=$build/tests/mutants_conformance
rules=${*:-$(JIG_MUTED='?' "$program")}
if ! "$program" --jobs 2 --timeout 300 >/dev/null 2>&1; then
    echo "the tests fail without any mutation" >&2
    exit 2
fi
# What the tests of single rules miss, the corpora may find.
quick='@(rules|constraints|package|others|fix|judge|wrong_file|facets)/*'
missed() {
    JIG_MUTED=$1 "$program" --jobs 2 --fail-fast --timeout 300 --filter "$quick" >/dev/null 2>&1 &&
        JIG_MUTED=$1 "$program" --jobs 2 --fail-fast --timeout 300 >/dev/null 2>&1
}
killed=0
survived=""
for rule in $rules; do
    case " $elsewhere " in *" $rule "*) continue ;; esac
    if missed "$rule"; then
        survived="$survived $rule"
        echo "survives: $rule"
    else
        killed=$((killed + 1))
    fi
done
echo "$killed rules are missed when they are gone, not missed:${survived:- none}"
[ -z "$survived" ]
