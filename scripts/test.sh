#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# Sets up, builds and runs every test, in stages. Each stage prints its time; the last line sums
# the tests of all of them: "N passed, N failed", and ", N skipped" if any was, which is neither.
#
# usage: scripts/test.sh [--stage debug|asan|tsan|release|ha|web|coverage|check]...     (default: all)
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

jobs=2
coverage_percent_min=95
all_stages=(debug asan tsan release ha web coverage check)
passed=0
failed=0
skipped=0

usage() {
    echo "usage: scripts/test.sh [--stage $(IFS='|' && echo "${all_stages[*]}")]..." >&2
    exit 2
}

# One test that is not ctest's: counts it and prints its outcome.
count() {
    local outcome=$1 what=$2
    if ((outcome == 0)); then
        passed=$((passed + 1))
        echo "-- $what: passed"
    else
        failed=$((failed + 1))
        echo "-- $what: FAILED"
    fi
}

# Configures and builds a preset. A build that fails counts as one failed test.
build() {
    local preset=$1
    if cmake --preset "$preset" >/dev/null && cmake --build --preset "$preset" -- -j$jobs --quiet; then
        return 0
    fi
    count 1 "build of $preset"
    return 1
}

# Runs ctest in a preset, with ctest's own filters, and adds up what it counted.
run_ctest() {
    local preset=$1 report summary without
    shift
    report=$(mktemp)
    ctest --preset "$preset" -j$jobs --no-tests=error "$@" </dev/null 2>&1 | tee "$report"
    summary=$(grep -E 'tests passed, [0-9]+ tests? failed out of [0-9]+' "$report" | tail -n 1)
    # ctest takes a test that says it was skipped for one that passed.
    without=$(grep -cE '^[[:space:]]+[0-9]+ - .* \(Skipped\)' "$report")
    rm -f "$report"
    if [[ $summary =~ ([0-9]+)\ tests?\ failed\ out\ of\ ([0-9]+) ]]; then
        failed=$((failed + BASH_REMATCH[1]))
        passed=$((passed + BASH_REMATCH[2] - BASH_REMATCH[1] - without))
        skipped=$((skipped + without))
    else
        count 1 "ctest of $preset"
    fi
}

# All but the tests of crashes, failovers and the pages, which belong to the build that is shipped.
stage_debug() {
    build debug && run_ctest debug -LE '^(crash|ha|web)$'
}

stage_asan() {
    export UBSAN_OPTIONS=print_stacktrace=1
    build asan && run_ctest asan -L '^(unit|contract|model|fuzz|integration)$'
}

stage_tsan() {
    export TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1
    build tsan && run_ctest tsan -L '^(unit|contract|model|integration)$'
}

stage_release() {
    build release && run_ctest release -L '^crash$'
}

# Faults in a cluster of databases and servers, one test at a time. Needs root; says so where it is not.
stage_ha() {
    build release && run_ctest release -L '^ha$'
}

# The pages: build, type check, unit tests, and in a browser; other people's clients of HTTP.
stage_web() {
    build release && run_ctest release -L '^web$'
}

# Lines of the two pure layers that unit tests alone reach.
stage_coverage() {
    build coverage || return
    find build/coverage -name '*.gcda' -delete
    run_ctest coverage -L '^unit$'
    for module in ledger bank; do
        if compgen -G "server/$module/src/*.c" >/dev/null; then
            gcovr --root . --filter "server/$module/src/" --fail-under-line $coverage_percent_min \
                -j $jobs build/coverage
            count $? "$module: line coverage of at least $coverage_percent_min %"
        fi
    done
}

stage_check() {
    for name in format tidy cppcheck headers links; do
        scripts/check.sh "$name"
        count $? "check $name"
    done
}

stages=()
while (($# > 0)); do
    [[ $1 == --stage && $# -ge 2 && " ${all_stages[*]} " == *" $2 "* ]] || usage
    stages+=("$2")
    shift 2
done
if ((${#stages[@]} == 0)); then
    stages=("${all_stages[@]}")
fi

scripts/setup.sh test || exit 1
for stage in "${stages[@]}"; do
    started=$SECONDS
    echo "== $stage"
    "stage_$stage"
    echo "== $stage: $((SECONDS - started)) s"
done
((skipped > 0)) && without=", $skipped skipped"
echo "$passed passed, $failed failed${without:-}"
((failed == 0 && passed > 0))
